"""Boundaries moved to where the image has its edge, only where that edge is clear.

A network of 4 mm voxels knows where an organ is, not to a fraction of a millimetre where it ends. In a band about its
boundary the values inside and outside are modelled locally (means and deviations in a window of about 15 mm, taken a little
away from the boundary). Where the two differ by more than twice their deviation the boundary goes to the half height
between them; elsewhere it stays. Only background is taken, and only what hangs together with the organ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.cleanup import box_of
from inference.resample import linear_taps
from planning.geometry import Grid
from planning.progress import CancelToken

BAND_MM = 3.0
AWAY_MM, REACH_MM = 1.5, 10.0
WINDOW_SIGMA_MM = 4.5
STEP_MM = 1.7
CLEAR = 2.0
CLIP_HU, HEIGHT_HU = 150.0, 320.0
LEAST_WEIGHT = 0.02
LEAST_DEPTH_MM = 5.0
SMOOTH_MM = 0.7
ROUNDS = 2
STILL_SHARE = 0.05

Values = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
LabelArray = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Refined:
    """clear_share: of the boundary band, where the image told. moved_ml: voxels that changed sides; volume_ml: before."""

    clear_share: float
    moved_ml: float
    volume_ml: float


def refine(
    labels: LabelArray,
    index: int,
    volume_hu: npt.NDArray[Any],
    grid: Grid,
    takes: Sequence[int] = (0,),
    cancel: CancelToken | None = None,
) -> Refined:
    """Move the boundary of label `index` in place. labels, volume_hu: (k, j, i) on `grid`.

    takes: labels whose voxels it may take. Thin structures (no place 5 mm deep) are left as they are.
    """
    spacing = (float(grid.spacing_mm[2]), float(grid.spacing_mm[1]), float(grid.spacing_mm[0]))
    told = Refined(0.0, 0.0, 0.0)
    for _ in range(ROUNDS):
        if cancel is not None:
            cancel.raise_if_set()
        box = box_of(labels, index)
        if box is None:
            return told
        wide = _wider(box, labels.shape, spacing, BAND_MM + AWAY_MM + REACH_MM)
        once = _refine_box(labels[wide], index, volume_hu[wide], spacing, takes)
        told = Refined(once.clear_share, told.moved_ml + once.moved_ml, once.volume_ml)
        if once.moved_ml < STILL_SHARE * once.volume_ml:
            break
    return told


def _wider(box: tuple[slice, ...], shape: Sequence[int], spacing: Sequence[float], by_mm: float) -> tuple[slice, ...]:
    return tuple(
        slice(max(part.start - int(np.ceil(by_mm / step)), 0), min(part.stop + int(np.ceil(by_mm / step)), n))
        for part, n, step in zip(box, shape, spacing, strict=True)
    )


def _refine_box(
    labels: LabelArray,
    index: int,
    volume_hu: npt.NDArray[Any],
    spacing: tuple[float, float, float],
    takes: Sequence[int],
) -> Refined:
    from scipy import ndimage

    own = np.asarray(labels == index)
    values = volume_hu.astype(np.float32)
    ndimage.gaussian_filter(
        values, [SMOOTH_MM / step if step < 2 * SMOOTH_MM else 0.0 for step in spacing], output=values
    )
    model = _local_model(own, values, spacing)
    if model is None:
        return Refined(0.0, 0.0, 0.0)
    may = own | np.isin(labels, takes)
    decided = own.copy()
    core = np.zeros(own.shape, dtype=bool)
    band_voxels = clear_voxels = 0
    for k in range(own.shape[0]):
        depth, level, sharp, sign = model.plane(k)
        band = np.abs(depth) <= BAND_MM
        core[k] = (depth > BAND_MM) & own[k]
        clear = band & (sharp > 0.5)
        band_voxels += int(np.count_nonzero(band))
        clear_voxels += int(np.count_nonzero(clear))
        decided[k][clear] = (((values[k] - level) * sign > 0) & may[k])[clear]
    # a lone voxel is noise
    share = ndimage.uniform_filter(decided.astype(np.float32), 3, mode="nearest")
    decided = np.where(share > 0.6, True, np.where(share < 0.4, False, decided)) & may
    decided |= core
    pieces, count = ndimage.label(decided)
    held = np.zeros(count + 1, dtype=bool)
    held[np.unique(pieces[core])] = True
    held[0] = False
    decided = held[pieces]
    taken, given = decided & ~own, own & ~decided
    moved = int(np.count_nonzero(taken)) + int(np.count_nonzero(given))
    labels[given] = 0
    labels[taken] = index
    voxel_ml = float(np.prod(spacing)) / 1000.0
    volume_ml = int(np.count_nonzero(own)) * voxel_ml
    return Refined(clear_voxels / max(band_voxels, 1), moved * voxel_ml, volume_ml)


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """On coarse voxels: depth (mm, inside positive), half height, whether the edge is clear, sign of inside − outside."""

    depth: Values
    level: Values
    sharp: Values
    sign: Values
    factors: tuple[int, int, int]
    shape: tuple[int, int, int]

    def plane(self, k: int) -> tuple[Values, Values, Values, Values]:
        """All four on the pixels of image plane k."""
        low, high, weight = linear_taps(self._at(0)[k : k + 1], self.depth.shape[0])
        a, b, w = int(low[0]), int(high[0]), np.float32(weight[0])
        found = [self._spread(one[a] * (1 - w) + one[b] * w) for one in (self.depth, self.level, self.sharp, self.sign)]
        return found[0], found[1], found[2], found[3]

    def _at(self, axis: int) -> npt.NDArray[np.float64]:
        n, f = self.shape[axis], self.factors[axis]
        return np.clip((np.arange(n) + 0.5) / f - 0.5, 0, self.depth.shape[axis] - 1.0)

    def _spread(self, plane: Values) -> Values:
        low, high, weight = linear_taps(self._at(1), plane.shape[0])
        w = weight.astype(np.float32)[:, None]
        rows = plane[low] * (1 - w) + plane[high] * w
        low, high, weight = linear_taps(self._at(2), plane.shape[1])
        w = weight.astype(np.float32)[None]
        return np.asarray(rows[:, low] * (1 - w) + rows[:, high] * w)


def _local_model(own: Mask, values: Values, spacing: tuple[float, float, float]) -> _Model | None:
    from scipy import ndimage

    factors = tuple(max(1, min(int(STEP_MM / step + 0.5), n)) for step, n in zip(spacing, own.shape, strict=True))
    step = [f * s for f, s in zip(factors, spacing, strict=True)]
    share, hu = _blocks(own.astype(np.float32), factors), _blocks(values, factors)
    inside = share >= 0.5
    if not inside.any() or inside.all():
        return None
    depth_in = ndimage.distance_transform_edt(inside, sampling=step)
    if depth_in.max() < LEAST_DEPTH_MM:
        return None
    depth_out = ndimage.distance_transform_edt(~inside, sampling=step)
    half = 0.5 * min(step)
    depth = np.where(inside, depth_in - half, half - depth_out).astype(np.float32)
    sigma = [WINDOW_SIGMA_MM / s for s in step]
    # lung and fat outside are both dark, ribs and vessels both bright: how much does not matter
    middle = float(np.median(hu[depth > AWAY_MM])) if (depth > AWAY_MM).any() else float(np.median(hu[inside]))
    shifted = np.clip(hu - middle, -CLIP_HU, CLIP_HU).astype(np.float32)
    # deviations are those of the voxels that are decided on, their noise included
    squares = _blocks(np.clip(values - middle, -CLIP_HU, CLIP_HU) ** 2, factors)
    heights = np.clip(hu - middle, -HEIGHT_HU, HEIGHT_HU).astype(np.float32)
    means, deviations, weights, levels = [], [], [], []
    for zone in ((depth > AWAY_MM) & (depth < REACH_MM), (depth < -AWAY_MM) & (depth > -REACH_MM)):
        weight = ndimage.gaussian_filter(zone.astype(np.float32), sigma, mode="constant")
        safe = np.maximum(weight, 1e-6)
        mean = ndimage.gaussian_filter(shifted * zone, sigma, mode="constant") / safe
        square = ndimage.gaussian_filter(squares * zone, sigma, mode="constant") / safe
        levels.append(ndimage.gaussian_filter(heights * zone, sigma, mode="constant") / safe)
        means.append(mean)
        deviations.append(np.sqrt(np.maximum(square - mean**2, 0.0)))
        weights.append(weight)
    known = (weights[0] > LEAST_WEIGHT) & (weights[1] > LEAST_WEIGHT)
    apart = means[0] - means[1]
    clear = known & (np.abs(apart) > CLEAR * np.maximum(deviations[0], deviations[1]))
    return _Model(
        depth=depth,
        level=((levels[0] + levels[1]) / 2 + middle).astype(np.float32),
        sharp=clear.astype(np.float32),
        sign=np.sign(apart).astype(np.float32),
        factors=(factors[0], factors[1], factors[2]),
        shape=(own.shape[0], own.shape[1], own.shape[2]),
    )


def _blocks(array: npt.NDArray[Any], factors: Sequence[int]) -> Values:
    """Means of blocks; the last block of an axis may be smaller."""
    out: npt.NDArray[Any] = array
    for axis, f in enumerate(factors):
        if f > 1:
            starts = np.arange(0, out.shape[axis], f)
            counts = np.diff(np.append(starts, out.shape[axis])).astype(np.float32)
            out = np.add.reduceat(out, starts, axis=axis) / counts.reshape([-1 if a == axis else 1 for a in range(3)])
    return np.asarray(out, dtype=np.float32)
