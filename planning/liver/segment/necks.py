"""Pieces that hang on an organ by a neck fall off there: the shape term."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import Vector
from planning.liver.segment.working import (
    BoolArray,
    FieldArray,
    balls_within,
    bounds_of,
    check,
    deepest_about,
    depth_mm,
    within_mm,
)
from planning.progress import CancelToken

# an organ's parts hang together through at least this half width
NECK_MM = 8.0
# a piece is one of its own when it grows thicker again by this much beyond its neck
SWELL_MM = 1.5
# thin lips of the organ reach this far from its thick part
LIP_MM = 28.0
WIDEST_NECK_MM = 40.0
ALONG_MM = 50.0
ALONG_PART = 0.07


def fallen_off(
    held: BoolArray,
    liver: npt.NDArray[np.int64],
    outside: npt.NDArray[np.int64],
    spacing_kji_mm: Vector,
    cancel: CancelToken | None = None,
) -> tuple[BoolArray, BoolArray]:
    """The part of `held` that belongs to the liver's marks, and what fell off.

    The depth under the surface is flooded from its tops (a watershed): the liver's thick core with everything that only
    tapers from it is one basin; a piece that swells again behind a neck narrower than 16 mm is another and falls off,
    and so does every basin with a mark of `outside`, whose border then lies at the neck, however wide.
    liver, outside: (n, 3) voxels `[k, j, i]`. Raises Cancelled.
    """
    marked = held.copy()
    marked[tuple(liver.T)] = True
    box = bounds_of(marked, 1)
    low = np.array([part.start for part in box])
    outside = outside[held[tuple(outside.T)]]
    ours = np.zeros(held.shape, dtype=bool)
    ours[box] = _flooded(held[box], liver - low, outside - low, spacing_kji_mm, cancel)
    return ours, held & ~ours


def _flooded(
    held: BoolArray,
    liver: npt.NDArray[np.int64],
    outside: npt.NDArray[np.int64],
    spacing_kji_mm: Vector,
    cancel: CancelToken | None,
) -> BoolArray:
    from skimage.segmentation import watershed

    depth = depth_mm(held, spacing_kji_mm)
    wide = _pieces_with(depth > NECK_MM, liver)
    tops = deepest_about(depth, outside, spacing_kji_mm)
    core, level = _apart(depth, liver, tops) if wide[tuple(tops.T)].any() else (wide, NECK_MM)
    check(cancel)
    markers = _tops(depth, wide)
    markers[_comes_along(depth > level, core, outside, spacing_kji_mm)] = 2
    markers[core] = 1
    markers[balls_within(depth, outside, spacing_kji_mm)] = 2
    markers[tuple(tops.T)] = 2
    markers[tuple(liver.T)] = 1
    check(cancel)
    flooded = watershed(-depth, markers, mask=held & within_mm(wide | core, LIP_MM, spacing_kji_mm))
    return np.asarray(flooded == 1)


def _pieces_with(mask: BoolArray, marks: npt.NDArray[np.int64]) -> BoolArray:
    """The connected pieces of a mask that hold a mark; a mark on no piece stands for itself."""
    from scipy import ndimage

    pieces, _ = ndimage.label(mask)
    held = np.unique(pieces[tuple(marks.T)])
    found = np.isin(pieces, held[held > 0])
    found[tuple(marks.T)] = True
    return found


def _apart(depth: FieldArray, liver: npt.NDArray[np.int64], outside: npt.NDArray[np.int64]) -> tuple[BoolArray, float]:
    """The liver's core at the least depth at which no "not this" mark hangs together with it, and that depth."""
    for level in np.arange(NECK_MM, WIDEST_NECK_MM, 1.0):
        core = _pieces_with(depth > level, liver)
        if not core[tuple(outside.T)].any():
            return core, float(level)
    alone = np.zeros(depth.shape, dtype=bool)
    alone[tuple(liver.T)] = True
    return alone, WIDEST_NECK_MM


def _comes_along(
    thick: BoolArray, core: BoolArray, outside: npt.NDArray[np.int64], spacing_kji_mm: Vector
) -> BoolArray:
    """Small thick pieces near a "not this" mark that come off the liver at the same depth: loops of the same bowel."""
    from scipy import ndimage

    along = np.zeros(thick.shape, dtype=bool)
    if not len(outside):
        return along
    marked = np.ones(thick.shape, dtype=bool)
    marked[tuple(outside.T)] = False
    near = depth_mm(marked, spacing_kji_mm) < ALONG_MM
    pieces, _ = ndimage.label(thick & ~core)
    sizes = np.bincount(pieces.ravel())
    small = np.flatnonzero(sizes < ALONG_PART * np.count_nonzero(core))
    numbers = np.intersect1d(small, np.unique(pieces[near]))
    return np.isin(pieces, numbers[numbers > 0])


def _tops(depth: FieldArray, core: BoolArray) -> npt.NDArray[np.int32]:
    """Places, numbered from 3, where the depth swells by SWELL_MM above every way to the core."""
    from scipy import ndimage
    from skimage.morphology import reconstruction

    held = np.minimum(depth, NECK_MM + 2.0 * SWELL_MM)
    lowered = reconstruction(np.maximum(held - SWELL_MM, 0.0), held, method="dilation")
    numbered, _ = ndimage.label((held - lowered >= SWELL_MM - 1e-3) & (held > SWELL_MM))
    ours = np.unique(numbered[core])
    tops = np.where(np.isin(numbered, ours), 0, numbered + 2)
    tops[numbered == 0] = 0
    return np.asarray(tops, dtype=np.int32)
