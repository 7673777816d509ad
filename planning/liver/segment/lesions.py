"""Darker tissue that belongs to the organ: lesions in its holes and bays, and those a stroke names."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import Vector
from planning.liver.segment.settle import settle
from planning.liver.segment.working import BoolArray, FieldArray, depth_mm, within_mm

BAY_MM = 18.0
WIDE_BAY_MM = 32.0
DARKER_SD = 2.0
# below this it is bile, water or bowel unless the liver is all round it
FLUID_HU = 25.0
LEAST_CONTACT = 0.6
ENCLOSED = 0.85
LEAST_DEPTH_MM = 3.0


def find_lesions(
    organ: BoolArray,
    still: FieldArray,
    mean: FieldArray,
    sd_hu: float,
    *,
    allowed: BoolArray,
    inside: npt.NDArray[np.int64],
    outside: npt.NDArray[np.int64],
    spacing_kji_mm: Vector,
) -> BoolArray:
    """Voxels of other tissue that count to the organ.

    organ: bright liver. still, mean: denoised HU and the liver's own. allowed: soft tissue that is no neighbour.
    A dark piece in a bay (an 18 mm closing of the organ) counts when the organ touches 0.6 of its surface, fluid when
    0.85. inside, outside: (n, 3) voxels `[k, j, i]` of strokes: the piece under an inside mark counts anyway, one under
    an outside mark never.
    """
    found = _in_bays(organ, still, mean - DARKER_SD * sd_hu, allowed, outside, spacing_kji_mm)
    for mark in inside:
        if not found[tuple(mark)]:
            found |= _under_mark(organ, still, mean, sd_hu, allowed, mark, spacing_kji_mm)
    return found


def closed_mm(mask: BoolArray, radius_mm: float, spacing_kji_mm: Vector) -> BoolArray:
    """Morphological closing by a ball."""
    return depth_mm(within_mm(mask, radius_mm, spacing_kji_mm), spacing_kji_mm) > radius_mm


def _in_bays(
    organ: BoolArray,
    still: FieldArray,
    below: FieldArray,
    allowed: BoolArray,
    outside: npt.NDArray[np.int64],
    spacing_kji_mm: Vector,
) -> BoolArray:
    from scipy import ndimage

    bays = closed_mm(organ, BAY_MM, spacing_kji_mm) & ~organ & allowed
    dark = ndimage.binary_opening(bays & (still < below))
    pieces, count = ndimage.label(dark)
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
    mark: npt.NDArray[np.int64],
    spacing_kji_mm: Vector,
) -> BoolArray:
    """Tissue like that under the mark, nearer to its HU than to the liver's, within a wide closing of the organ."""
    from scipy import ndimage

    around = tuple(slice(max(int(at) - 1, 0), int(at) + 2) for at in mark)
    own_hu = float(np.median(still[around]))
    gap = own_hu - float(mean[tuple(mark)])
    marked = organ.copy()
    marked[tuple(mark)] = True
    bay = closed_mm(marked, WIDE_BAY_MM, spacing_kji_mm) & allowed
    width = max(4.0 * sd_hu, 0.6 * abs(gap))
    lean = 2.0 * (still - (own_hu + 0.5 * -gap)) / (-gap if abs(gap) > sd_hu else -sd_hu)
    evidence = np.clip(np.maximum(lean, ((still - own_hu) / width) ** 2 - 1.0), -1.0, 1.0).astype(np.float32)
    evidence[~bay | organ] = 2.0
    alike = evidence < 0.0
    alike = settle(
        alike, evidence, sigma_voxels=2.4 / spacing_kji_mm, weight=0.3, turns=12, still_below=10, may_change=bay & ~organ
    )
    pieces, _ = ndimage.label(alike)
    number = pieces[tuple(mark)]
    return np.asarray(pieces == number) if number else np.zeros(organ.shape, dtype=bool)
