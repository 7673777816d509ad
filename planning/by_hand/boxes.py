"""Boxes of a grid: three slices `(k, j, i)` of the whole array, and masks read by them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from planning.errors import GeometryError
from planning.geometry import FloatArray, Grid
from planning.volume import Box, Mask

Index = tuple[int, int, int]


def require_same_grid(first: Grid, second: Grid) -> None:
    """Raises GeometryError when two things do not lie voxel on voxel."""
    if first is not second and not first.is_same(second):
        raise GeometryError("The structures lie on different grids", "Resample them to the image's grid")


def box_of(start_ijk: Index, size_ijk: Index) -> Box:
    """The box that begins at a voxel."""
    (i, j, k), (ni, nj, nk) = start_ijk, size_ijk
    return slice(k, k + nk), slice(j, j + nj), slice(i, i + ni)


def whole(grid: Grid) -> Box:
    """All of a grid."""
    return box_of((0, 0, 0), grid.size_ijk)


def start_of(box: Box) -> Index:
    """(i, j, k) of the first voxel."""
    return box[2].start, box[1].start, box[0].start


def shape_of(box: Box) -> Index:
    """Voxels along (k, j, i)."""
    return box[0].stop - box[0].start, box[1].stop - box[1].start, box[2].stop - box[2].start


def is_empty(box: Box) -> bool:
    """True when no voxel lies in it."""
    return min(shape_of(box)) <= 0


def joined(first: Box, second: Box) -> Box:
    """The least box that holds both; an empty one adds nothing."""
    if is_empty(first):
        return second
    if is_empty(second):
        return first
    k, j, i = (slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in zip(first, second, strict=True))
    return k, j, i


def common(first: Box, second: Box) -> Box:
    """What lies in both; empty when nothing does."""
    k, j, i = (
        slice(max(a.start, b.start), max(max(a.start, b.start), min(a.stop, b.stop)))
        for a, b in zip(first, second, strict=True)
    )
    return k, j, i


def inside_of(box: Box, outer: Box) -> Box:
    """The box counted from the first voxel of `outer`."""
    k, j, i = (slice(a.start - b.start, a.stop - b.start) for a, b in zip(box, outer, strict=True))
    return k, j, i


def grown_by(box: Box, voxels_kji: Iterable[int], grid: Grid) -> Box:
    """Wider on all sides by so many voxels along k, j and i, but not beyond the grid."""
    k, j, i = (
        slice(max(span.start - more, 0), min(span.stop + more, size))
        for span, more, size in zip(box, voxels_kji, grid.shape_kji, strict=True)
    )
    return k, j, i


def margin_voxels(grid: Grid, mm: float) -> Index:
    """How many voxels along (k, j, i) reach `mm` and one more."""
    i, j, k = (math.ceil(mm / step) + 1 for step in grid.spacing_mm)
    return k, j, i


def box_about(points_mm: FloatArray, reach_mm: float, grid: Grid) -> Box:
    """Voxels whose centres may lie within `reach_mm` of any of (N, 3) points or between them; may be empty."""
    index = grid.to_index(points_mm)
    reach = reach_mm / grid.spacing_mm
    low = np.maximum(np.ceil(index.min(axis=0) - reach - 1e-9), 0).astype(int)
    high = np.minimum(np.floor(index.max(axis=0) + reach + 1e-9) + 1, grid.size_ijk).astype(int)
    high = np.maximum(high, low)
    return slice(int(low[2]), int(high[2])), slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))


def tight(inside: npt.NDArray[np.bool_], box: Box) -> Box | None:
    """The least box of the True voxels of `inside`, which lies at `box`; None when there are none."""
    spans: list[slice] = []
    # slice by slice first: most of a large box is often empty
    part = inside
    for axis in range(3):
        other = tuple(n for n in range(3) if n != axis)
        hit = np.flatnonzero(part.any(axis=other))
        if not hit.size:
            return None
        first, last = int(hit[0]), int(hit[-1]) + 1
        part = part[(slice(None),) * axis + (slice(first, last),)]
        spans.append(slice(box[axis].start + first, box[axis].start + last))
    return spans[0], spans[1], spans[2]


def read(mask: Mask, box: Box) -> npt.NDArray[np.bool_]:
    """The mask in any box of its grid, bool `[k, j, i]`; a view where the box lies in the mask's own."""
    own = mask.box_kji
    shared = common(own, box)
    if shared == box:
        return mask.voxels[inside_of(box, own)]
    answer = np.zeros(shape_of(box), dtype=bool)
    if not is_empty(shared):
        answer[inside_of(shared, box)] = mask.voxels[inside_of(shared, own)]
    return answer


def made(grid: Grid, voxels: npt.NDArray[np.bool_], box: Box) -> Mask:
    """A mask of the voxels that lie at `box`, cropped; the grid's first voxel, empty, when there are none."""
    if voxels.shape != shape_of(box):
        raise GeometryError(f"Voxels of shape {voxels.shape} do not fit a box of {shape_of(box)}")
    found = tight(voxels, box)
    if found is None:
        return Mask(grid, (0, 0, 0), np.zeros((1, 1, 1), dtype=bool), count=0)
    if found == box:
        return Mask(grid, start_of(box), voxels)
    return Mask(grid, start_of(found), voxels[inside_of(found, box)].copy())
