"""The aorta in a contrast scan: a long chain of bright round discs, slice by slice, without any model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.access.scene import Coarse
from planning.errors import MeasurementError
from planning.geometry import FloatArray

LEVELS_HU = (260.0, 190.0, 140.0, 115.0)
LEAST_AREA_MM2, MOST_AREA_MM2 = 75.0, 1500.0
MOST_AXIS_RATIO, LEAST_FILL = 1.55, 0.86
SHIFT_PER_MM, SHIFT_MM, RADIUS_CHANGE, HU_CHANGE = 1.0, 2.5, 1.4, 0.25
GAP_MM = 9.0
LEAST_CHAIN_MM = 40.0
SPINE_WITHIN_MM = 60.0
ROW_FLOATS = 6


@dataclass(frozen=True, slots=True, eq=False)
class AortaChain:
    """Centres of the descending aorta from head to feet: (N, 3) LPS, (N,) radii, the lumen's HU and its noise."""

    points_mm: FloatArray
    radii_mm: FloatArray
    lumen_hu: float
    tissue_hu: float


def find_aorta(coarse: Coarse, hint_mm: FloatArray | None = None) -> AortaChain:
    """The longest chain of discs that can be a descending aorta.

    hint_mm: (M, 3) points known to lie in the aorta; a chain of another brightness is not it.
    Raises MeasurementError "no_contrast" when nothing bright is found, "no_aorta" when no chain is long enough.
    """
    hint_hu = None if hint_mm is None else _hu_at(coarse, np.atleast_2d(hint_mm))
    best: tuple[float, FloatArray] | None = None
    any_bright = False
    for level in LEVELS_HU:
        if hint_hu is not None and level > 0.8 * hint_hu:
            continue
        rows = _discs(coarse, level)
        any_bright |= bool(len(rows))
        for chain in _chains(rows, float(coarse.grid.spacing_mm[2])):
            score = _score(coarse, chain, hint_hu)
            if score > 0 and (best is None or score > 1.15 * best[0]):
                best = score, chain
    if best is None:
        raise MeasurementError(
            "No contrast-filled aorta was found in this scan",
            "Use a scan with contrast in the arteries, or place the ends of the vessel by hand",
            "no_aorta" if any_bright else "no_contrast",
        )
    chain = best[1][np.argsort(-best[1][:, 2])]
    lumen = float(np.median(chain[:, 4]))
    around = coarse.hu[::3, ::3, ::3]
    tissue = float(np.median(around[(around > -20.0) & (around < min(130.0, 0.6 * lumen))])) if lumen > 60 else 0.0
    return AortaChain(chain[:, :3].copy(), chain[:, 3].copy(), lumen, tissue if np.isfinite(tissue) else 50.0)


def _hu_at(coarse: Coarse, points_mm: FloatArray) -> float:
    index = np.rint(coarse.grid.to_index(points_mm)).astype(int)
    index = np.clip(index, 0, np.array(coarse.grid.size_ijk) - 1)
    return float(np.median(coarse.hu[index[:, 2], index[:, 1], index[:, 0]]))


def _discs(coarse: Coarse, level_hu: float) -> FloatArray:
    """(N, 6) rows of x, y, z, radius, median HU, slice number of the round bright areas of all slices."""
    from scipy import ndimage

    pixel = float(np.prod(coarse.grid.spacing_mm[:2]))
    sx, sy = (float(v) for v in coarse.grid.spacing_mm[:2])
    # three slices together are one disc where the vessel runs along the body; labels stay within a slice
    inside = coarse.hu > level_hu
    flat = np.zeros((3, 3, 3), dtype=bool)
    flat[1] = True
    labels, count = ndimage.label(inside, structure=flat)
    if not count:
        return np.zeros((0, ROW_FLOATS))
    area = np.bincount(labels.ravel(), minlength=count + 1) * pixel
    wanted = (area >= LEAST_AREA_MM2) & (area <= MOST_AREA_MM2)
    wanted[0] = False
    k, j, i = np.nonzero(wanted[labels])
    own = labels[k, j, i]
    number = np.cumsum(wanted) - 1
    at, n = number[own], int(wanted.sum())
    if not n:
        return np.zeros((0, ROW_FLOATS))
    total = np.bincount(at, minlength=n).astype(float)
    x, y = i * sx, j * sy
    mx, my = np.bincount(at, x, n) / total, np.bincount(at, y, n) / total
    xx, yy, xy = (
        np.bincount(at, values, n) / total
        for values in ((x - mx[at]) ** 2 + sx**2 / 12, (y - my[at]) ** 2 + sy**2 / 12, (x - mx[at]) * (y - my[at]))
    )
    root = np.sqrt(np.maximum(0.25 * (xx - yy) ** 2 + xy**2, 0.0))
    long, short = np.sqrt(0.5 * (xx + yy) + root), np.sqrt(np.maximum(0.5 * (xx + yy) - root, 1e-6))
    size = total * pixel
    # a full ellipse has second moments of a quarter of its squared half axes
    fill = size / (4.0 * np.pi * long * short)
    values = coarse.hu[k, j, i]
    mean = np.bincount(at, values, n) / total
    inner = values >= mean[at]
    bright = np.bincount(at, values * inner, n) / np.maximum(np.bincount(at, inner, n), 1.0)
    good = (long / short < MOST_AXIS_RATIO) & (fill > LEAST_FILL)
    slices = np.zeros(n)
    slices[at] = k
    world = coarse.grid.to_world(np.stack([mx / sx, my / sy, slices], axis=1))
    rows = np.concatenate([world, np.sqrt(size / np.pi)[:, None], bright[:, None], slices[:, None]], axis=1)
    return np.asarray(rows[good])


def _chains(rows: FloatArray, slice_mm: float) -> list[FloatArray]:
    """Discs joined from slice to slice, head to feet; a few slices without one are passed over."""
    order = np.argsort(-rows[:, 5], kind="stable")
    open_: list[list[FloatArray]] = []
    done: list[list[FloatArray]] = []
    for number in np.unique(rows[order, 5])[::-1]:
        here = rows[rows[:, 5] == number]
        still: list[list[FloatArray]] = []
        for chain in open_:
            (still if (chain[-1][5] - number) * slice_mm <= GAP_MM else done).append(chain)
        open_ = still
        taken: set[int] = set()
        for row in here:
            options = []
            for n, chain in enumerate(open_):
                last = chain[-1]
                gap = (last[5] - number) * slice_mm
                shift = float(np.linalg.norm(row[:2] - last[:2]))
                alike = max(row[3] / last[3], last[3] / row[3])
                if (
                    n not in taken
                    and gap > 0
                    and shift <= SHIFT_MM + SHIFT_PER_MM * gap
                    and alike <= RADIUS_CHANGE
                    and abs(row[4] / last[4] - 1.0) <= HU_CHANGE
                ):
                    options.append((shift, n))
            if options:
                n = min(options)[1]
                open_[n].append(row)
                taken.add(n)
            else:
                open_.append([row])
                taken.add(len(open_) - 1)
    return [np.array(chain) for chain in [*done, *open_] if (chain[0][5] - chain[-1][5]) * slice_mm >= LEAST_CHAIN_MM]


def _score(coarse: Coarse, chain: FloatArray, hint_hu: float | None) -> float:
    """Length of the chain in mm, less where it is not like an aorta; 0 when it cannot be one."""
    radius, bright = float(np.median(chain[:, 3])), float(np.median(chain[:, 4]))
    if not 4.5 <= radius <= 20.0 or (hint_hu is not None and abs(bright / hint_hu - 1.0) > 0.3):
        return 0.0
    length = float(chain[:, 2].max() - chain[:, 2].min())
    behind = _bone_behind(coarse, chain, bright)
    steady = 1.0 - min(0.5, float(np.std(chain[:, 4])) / max(bright, 1.0))
    return length * (0.35 + 0.65 * behind) * steady * min(1.5, float(np.sqrt(bright / 200.0)))


def _bone_behind(coarse: Coarse, chain: FloatArray, bright_hu: float) -> float:
    """Share of the discs with bone behind them (marrow is brighter than muscle on the whole, cortex than anything)."""
    hit = 0
    sx, sy = (float(v) for v in coarse.grid.spacing_mm[:2])
    for row in chain[:: max(1, len(chain) // 25)]:
        i, j, k = np.rint(coarse.grid.to_index(row[:3])).astype(int)
        half, gap, deep = int(25 / sx), int(row[3] / sy) + 1, int(SPINE_WITHIN_MM / sy)
        block: npt.NDArray[np.float32] = coarse.hu[k, j + gap : j + deep, max(i - half, 0) : i + half + 1]
        hit += bool(block.size and (block > max(180.0, min(350.0, 1.1 * bright_hu))).sum() * sx * sy > 60.0)
    return hit / len(chain[:: max(1, len(chain) // 25)])
