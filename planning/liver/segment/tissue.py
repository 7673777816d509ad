"""The liver's own HU, place by place: a mean that drifts slowly, grown outwards from the click."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import Vector
from planning.liver.segment.working import BoolArray, FieldArray, check
from planning.progress import CancelToken

COARSE_MM = 4.0
DRIFT_SIGMA_MM = 16.0
MOST_DRIFT_HU = 20.0
STEP_MM = 12.0
START_SD_HU = 6.0
LEAST_SD_HU = 5.0
TURNS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Tissue:
    """mean_hu: float32 and grown: bool, `[k, j, i]` on the working grid; sd_hu: of the denoised image about mean_hu
    (5 at least); first_hu: at the click.
    """

    mean_hu: FieldArray
    grown: BoolArray
    sd_hu: float
    first_hu: float


def grow_tissue(
    still: FieldArray,
    soft: BoolArray,
    seeds: npt.NDArray[np.int64],
    spacing_kji_mm: Vector,
    cancel: CancelToken | None = None,
) -> Tissue:
    """Grow from seeds (n, 3) `[k, j, i]` through tissue near its own running mean, 12 mm a turn. Raises Cancelled."""
    from scipy import ndimage

    factors = np.maximum(np.rint(COARSE_MM / spacing_kji_mm), 1).astype(int)
    coarse = _averaged(still, factors)
    open_ = _averaged(soft.astype(np.float32), factors) > 0.5
    spacing = spacing_kji_mm * factors
    at = np.minimum(seeds // factors, np.array(coarse.shape) - 1)
    first_hu = _first_hu(still, seeds)
    grown = np.zeros(coarse.shape, dtype=bool)
    grown[tuple(at.T)] = True
    grown = ndimage.binary_dilation(grown, iterations=2) & (np.abs(coarse - first_hu) < 2.5 * START_SD_HU)
    grown[tuple(at.T)] = True
    full = np.ones((3, 3, 3), dtype=bool)
    sigma = DRIFT_SIGMA_MM / spacing
    for _ in range(TURNS):
        check(cancel)
        mean = _running_mean(coarse, grown, first_hu, sigma)
        alike = (np.abs(coarse - mean) < 2.5 * START_SD_HU) & open_
        alike = ndimage.binary_opening(alike, structure=ndimage.generate_binary_structure(3, 1), iterations=1)
        near = ndimage.binary_dilation(grown, structure=full, iterations=max(int(STEP_MM / spacing.max()), 1))
        pieces, _count = ndimage.label((near & alike) | _at(at, coarse.shape))
        after = np.isin(pieces, np.unique(pieces[tuple(at.T)]))
        changed = int(np.count_nonzero(after != grown))
        grown = after
        if changed < 0.003 * np.count_nonzero(grown):
            break
    mean = _running_mean(coarse, grown, first_hu, sigma)
    rest = (coarse - mean)[grown]
    sd = 1.4826 * float(np.median(np.abs(rest - np.median(rest))))
    return Tissue(
        _stretched(mean, factors, still.shape),
        _stretched(grown.astype(np.float32), factors, still.shape) > 0.5,
        max(sd, LEAST_SD_HU),
        first_hu,
    )


def _first_hu(still: FieldArray, seeds: npt.NDArray[np.int64]) -> float:
    low = np.maximum(seeds - 3, 0)
    values = [
        still[tuple(slice(first, at + 4) for first, at in zip(start, seed, strict=True))]
        for start, seed in zip(low, seeds, strict=True)
    ]
    around = np.concatenate([part.ravel() for part in values])
    middle = float(np.median(still[tuple(seeds.T)]))
    return float(np.median(around[np.abs(around - middle) < 4.0 * START_SD_HU]))


def _at(index: npt.NDArray[np.int64], shape: tuple[int, ...]) -> BoolArray:
    marked = np.zeros(shape, dtype=bool)
    marked[tuple(index.T)] = True
    return marked


def _running_mean(coarse: FieldArray, grown: BoolArray, first_hu: float, sigma: Vector) -> FieldArray:
    from scipy import ndimage

    weight = ndimage.gaussian_filter(grown.astype(np.float32), sigma)
    total = ndimage.gaussian_filter(np.where(grown, coarse, 0.0).astype(np.float32), sigma)
    mean = (total + 1e-3 * first_hu) / (weight + 1e-3)
    return np.asarray(np.clip(mean, first_hu - MOST_DRIFT_HU, first_hu + MOST_DRIFT_HU), dtype=np.float32)


def _averaged(field: FieldArray, factors: npt.NDArray[np.int_]) -> FieldArray:
    """Block means; the rest at the far ends is padded with the border's values."""
    rest = [(0, int(-size % factor)) for size, factor in zip(field.shape, factors, strict=True)]
    padded = np.pad(field, rest, mode="edge")
    fk, fj, fi = (int(f) for f in factors)
    nk, nj, ni = padded.shape
    return np.asarray(padded.reshape(nk // fk, fk, nj // fj, fj, ni // fi, fi).mean(axis=(1, 3, 5)), dtype=np.float32)


def _stretched(field: FieldArray, factors: npt.NDArray[np.int_], shape: tuple[int, ...]) -> FieldArray:
    """Linear values on the blocks' own voxels."""
    values = field
    for axis in range(3):
        factor = int(factors[axis])
        places = (np.arange(shape[axis]) - (factor - 1) / 2.0) / factor
        held = np.clip(places, 0.0, values.shape[axis] - 1.0)
        low = np.minimum(held.astype(np.int64), max(values.shape[axis] - 2, 0))
        form = [1, 1, 1]
        form[axis] = shape[axis]
        weight = (held - low).astype(np.float32).reshape(form)
        first = np.take(values, low, axis=axis)
        values = first + weight * (np.take(values, np.minimum(low + 1, values.shape[axis] - 1), axis=axis) - first)
    return np.asarray(values, dtype=np.float32)
