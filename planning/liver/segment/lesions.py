"""Darker tissue that belongs to the organ: lesions in its holes and bays, and those a stroke names."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import Vector
from planning.liver.segment.beyond import beyond, closed_mm, wall_depth_mm
from planning.liver.segment.lesion import grow_lesion
from planning.liver.segment.working import BoolArray, FieldArray, away_mm, bounds_of, check, depth_mm
from planning.progress import CancelToken

BAY_MM = 18.0
ALIKE_SD = 4.0
DARKER_SD = 2.0
# below this it is bile, water or bowel unless the liver is all round it
FLUID_HU = 25.0
LEAST_CONTACT = 0.6
ENCLOSED = 0.85
LEAST_DEPTH_MM = 3.0
# no lesion reaches farther from its click
LARGEST_MM = 90.0


def find_lesions(
    organ: BoolArray,
    still: FieldArray,
    mean: FieldArray,
    sd_hu: float,
    *,
    allowed: BoolArray,
    under_skin_mm: FieldArray,
    inside: npt.NDArray[np.int64],
    outside: npt.NDArray[np.int64],
    spacing_kji_mm: Vector,
    cancel: CancelToken | None = None,
) -> BoolArray:
    """Voxels of other tissue that count to the organ.

    organ: bright liver. still, mean: denoised HU and the liver's own. allowed: soft tissue that is no neighbour.
    A dark piece in a bay (an 18 mm closing of the organ) counts when the organ touches 0.6 of its surface, fluid when
    0.85. inside, outside: (n, 3) voxels `[k, j, i]` of strokes: the piece under an inside mark counts anyway, one under
    an outside mark never. Raises Cancelled.
    """
    found = _in_bays(organ, still, mean - DARKER_SD * sd_hu, allowed, outside, spacing_kji_mm, cancel)
    for mark in inside:
        if not found[tuple(mark)]:
            found |= _under_mark(
                organ, still, mean, sd_hu, allowed, under_skin_mm, mark, outside, spacing_kji_mm, cancel
            )
    return found


def _in_bays(
    organ: BoolArray,
    still: FieldArray,
    below: FieldArray,
    allowed: BoolArray,
    outside: npt.NDArray[np.int64],
    spacing_kji_mm: Vector,
    cancel: CancelToken | None,
) -> BoolArray:
    from scipy import ndimage

    bays = closed_mm(organ, BAY_MM, spacing_kji_mm) & ~organ & allowed
    check(cancel)
    dark = ndimage.binary_opening(bays & (still < below))
    pieces, _ = ndimage.label(dark)
    found = np.zeros(organ.shape, dtype=bool)
    for number, box in enumerate(ndimage.find_objects(pieces), start=1):
        wide = tuple(slice(max(part.start - 2, 0), part.stop + 2) for part in box)
        piece = pieces[wide] == number
        if depth_mm(np.pad(piece, 1), spacing_kji_mm).max() < LEAST_DEPTH_MM:
            continue
        marks = pieces[tuple(outside.T)] if len(outside) else np.zeros(0)
        if (marks == number).any():
            continue
        shell = ndimage.binary_dilation(piece) & ~piece
        contact = float(np.mean(organ[wide][shell]))
        needed = LEAST_CONTACT if float(still[wide][piece].mean()) > FLUID_HU else ENCLOSED
        if contact >= needed:
            found[wide] |= piece
    return found


def _under_mark(
    organ: BoolArray,
    still: FieldArray,
    mean: FieldArray,
    sd_hu: float,
    allowed: BoolArray,
    under_skin_mm: FieldArray,
    mark: npt.NDArray[np.int64],
    outside: npt.NDArray[np.int64],
    spacing_kji_mm: Vector,
    cancel: CancelToken | None,
) -> BoolArray:
    """The lesion that grows from the mark, no nearer to the skin than the organ itself comes about there."""
    check(cancel)
    away = away_mm(organ.shape, mark, spacing_kji_mm)
    wall_mm = wall_depth_mm(organ, under_skin_mm, away)
    free = allowed & ~organ & (under_skin_mm >= wall_mm)
    own_hu = float(np.median(still[tuple(slice(max(int(at) - 1, 0), int(at) + 2) for at in mark)]))
    alike = free & (np.abs(still - own_hu) < ALIKE_SD * sd_hu)
    ball = away <= max(float(depth_mm(alike, spacing_kji_mm)[tuple(mark)]), 4.0)
    check(cancel)
    free &= beyond(organ | ball, under_skin_mm, wall_mm, spacing_kji_mm)
    box = bounds_of(free & (away < LARGEST_MM), 2)
    low = np.array([part.start for part in box])
    marks = np.concatenate([mark[None], outside]) - low
    here = ((marks >= 0) & (marks < np.array(free[box].shape))).all(axis=1)
    if not here[0]:
        return np.zeros_like(organ)
    lesion = grow_lesion(
        np.ascontiguousarray(still[box]),
        float(mean[tuple(mark)]),
        sd_hu,
        allowed=np.ascontiguousarray(free[box]),
        marks=marks[:1],
        outside=marks[1:][here[1:]],
        line=None,
        spacing_kji_mm=spacing_kji_mm,
        cancel=cancel,
    )
    found = np.zeros_like(organ)
    found[box] = lesion.mask
    return found & ~organ
