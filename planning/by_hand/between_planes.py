"""Slices between painted ones that lie in planes turned against the scan's own slices: filled along the planes' normal.

A plane that is turned by a few degrees cuts many of the scan's slices: looked at slice by slice, a painted disc is slivers,
and what would be filled between them is no shape that anybody painted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from planning.by_hand import boxes
from planning.by_hand.between import least_move, no_gap, signed_mm
from planning.by_hand.holes import AXES, Axis
from planning.geometry import FloatArray, Grid, Vector, unit
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Mask

# normals that differ by less are those of the scan's own slices
SAME = 1.0 - 1e-6
# heights are told to this part of a voxel; those of one plane's voxels have no gap wider than a voxel
STEPS, GAP_SHARE = 200, 1.03
# normals whose shares differ by less tell the same: the one that is named first is taken
LEAST_BETTER = 0.02
# of a plane's picture in voxels' least edges
PIXEL_SHARE, RIM_PX = 0.5, 4


@dataclass(frozen=True, slots=True)
class _Layer:
    """Voxels of one painted plane, or of several that touch: heights along the normal in mm."""

    low_mm: float
    high_mm: float

    def face_mm(self, half_mm: float, *, upper: bool) -> float:
        """The height of the plane that a gap begins at."""
        middle = (self.low_mm + self.high_mm) / 2.0
        return max(middle, self.high_mm - half_mm) if upper else min(middle, self.low_mm + half_mm)


def painted_normal(mask: Mask, axis: Axis, normals: Iterable[Vector]) -> Vector | None:
    """Which of these LPS normals the painted planes have; None for the scan's own slices across `axis`.

    Along their own normal no plane is thicker than a voxel reaches; of normals that tell the same the first one, the
    scan's own last.
    """
    own = mask.grid.direction[:, _column(axis)]
    tried = [*map(unit, normals), own]
    is_own = [abs(float(normal @ own)) > SAME for normal in tried]
    thick = [_thick_share(mask, normal, same) for normal, same in zip(tried, is_own, strict=True)]
    first = next(number for number, share in enumerate(thick) if share <= min(thick) + LEAST_BETTER)
    return None if is_own[first] else tried[first]


def fill_between_planes(
    mask: Mask, normal: Vector, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> Mask:
    """The structure with what lies between painted planes filled; normal: (3,) LPS, across the planes.

    Painted voxels stay. Raises InputError with fewer than two planes (code "no_gap"), Cancelled.
    """
    normal = unit(normal)
    half = _support_mm(mask.grid, normal) / 2.0
    layers = _layers(mask, normal)
    if len(layers) < 2:
        raise no_gap()
    right = unit(np.cross(normal, np.eye(3)[int(np.argmin(np.abs(normal)))]))
    axes = np.stack([right, np.cross(normal, right), normal])
    answer = mask.voxels.copy()
    for count, (first, second) in enumerate(pairwise(layers)):
        if cancel is not None:
            cancel.raise_if_set()
        progress(count / (len(layers) - 1))
        ends = first.face_mm(half, upper=True), second.face_mm(half, upper=False)
        _fill(answer, mask, axes, ends, cancel)
    progress(1.0)
    return boxes.made(mask.grid, answer, mask.box_kji)


def _column(axis: Axis) -> int:
    return 2 - AXES[axis]


def _support_mm(grid: Grid, normal: Vector) -> float:
    """How far a voxel reaches along the normal, which is how thick a painted plane is."""
    return float(np.abs(normal @ grid.direction) @ grid.spacing_mm)


def _heights(mask: Mask, axes: FloatArray, k: int) -> tuple[FloatArray, FloatArray]:
    """(len(axes),) places of the first voxel of the box's k-th slice along the axes, and what a step in i and j adds."""
    steps = axes @ mask.grid.world_from_index[:3, :3]
    start = np.array([span.start for span in mask.box_kji[::-1]], dtype=np.float64) + (0, 0, k)
    return axes @ mask.grid.to_world(start), steps[:, :2]


def _layers(mask: Mask, normal: Vector) -> list[_Layer]:
    """The painted planes from the lowest to the highest."""
    step = _support_mm(mask.grid, normal) / STEPS
    ends = _corners(mask) @ normal
    is_painted = np.zeros(int(np.ceil(np.ptp(ends) / step)) + 1, dtype=bool)
    for k in range(len(mask.voxels)):
        j, i = np.nonzero(mask.voxels[k])
        (start,), ((di, dj),) = _heights(mask, normal[None], k)
        is_painted[((start - ends.min() + i * di + j * dj) / step).astype(np.intp)] = True
    heights = ends.min() + (np.flatnonzero(is_painted) + 0.5) * step
    if not heights.size:
        return []
    cuts = np.flatnonzero(np.diff(heights) > GAP_SHARE * _support_mm(mask.grid, normal)) + 1
    return [_Layer(float(part[0]), float(part[-1])) for part in np.split(heights, cuts)]


def _corners(mask: Mask) -> FloatArray:
    """(8, 3) LPS mm of the outer corners of the mask's box."""
    spans = [(span.start - 0.5, span.stop - 0.5) for span in mask.box_kji[::-1]]
    return mask.grid.to_world(np.stack(np.meshgrid(*spans, indexing="ij"), axis=-1).reshape(-1, 3))


def _thick_share(mask: Mask, normal: Vector, is_own: bool) -> float:
    """How much of the way is taken by planes that are thicker than one stroke makes them; 1 without a gap.

    is_own: the scan's own slices, whose voxels have one height each.
    """
    layers = _layers(mask, normal)
    if len(layers) < 2:
        return 1.0
    may_be = 0.0 if is_own else GAP_SHARE * _support_mm(mask.grid, normal)
    thicker = sum(max(layer.high_mm - layer.low_mm - may_be, 0.0) for layer in layers)
    return thicker / (layers[-1].high_mm - layers[0].low_mm)


def _fill(
    answer: npt.NDArray[np.bool_],
    mask: Mask,
    axes: FloatArray,
    ends_mm: tuple[float, float],
    cancel: CancelToken | None,
) -> None:
    """Fill between two planes at these heights."""
    from scipy import ndimage

    pixel = float(mask.grid.spacing_mm.min()) * PIXEL_SHARE
    low, size = _frame(mask, axes, pixel)
    shapes = [_shape(mask, axes, low, size, pixel, height) for height in ends_mm]
    if not all(shape.any() for shape in shapes):
        return
    first, second = (signed_mm(shape, np.full(2, pixel)) for shape in shapes)
    move = least_move(*shapes)
    for k in range(len(answer)):
        if cancel is not None:
            cancel.raise_if_set()
        start, steps = _heights(mask, axes, k)
        rows, columns = np.arange(answer.shape[1]), np.arange(answer.shape[2])
        height = start[2] + rows[:, None] * steps[2, 1] + columns[None, :] * steps[2, 0]
        j, i = np.nonzero((height > ends_mm[0]) & (height < ends_mm[1]))
        if not j.size:
            continue
        share = (height[j, i] - ends_mm[0]) / (ends_mm[1] - ends_mm[0])
        at = (start[:2, None] + steps[:2, :1] * i + steps[:2, 1:] * j - low[:, None]) / pixel
        here, there = (
            ndimage.map_coordinates(field, at - along * move[:, None], order=1, mode="nearest")
            for field, along in ((first, share), (second, share - 1.0))
        )
        inside = (1.0 - share) * here + share * there < 0.0
        answer[k, j[inside], i[inside]] = True


def _frame(mask: Mask, axes: FloatArray, pixel_mm: float) -> tuple[FloatArray, tuple[int, int]]:
    """(2,) mm of the first pixel along the two axes in the plane, and numbers of pixels that hold the mask's box."""
    places = _corners(mask) @ axes[:2].T
    low = places.min(axis=0) - RIM_PX * pixel_mm
    rows, columns = (int(n) for n in np.ceil((places.max(axis=0) - low) / pixel_mm) + RIM_PX)
    return low, (rows, columns)


def _shape(
    mask: Mask, axes: FloatArray, low_mm: FloatArray, size: tuple[int, int], pixel_mm: float, height_mm: float
) -> npt.NDArray[np.bool_]:
    """(rows, columns) what is painted in the plane at a height."""
    from scipy import ndimage

    start = np.array([span.start for span in mask.box_kji[::-1]])
    corner = mask.grid.to_index(np.append(low_mm, height_mm) @ axes) - start
    steps = mask.grid.index_from_world[:3, :3] @ axes[:2].T * pixel_mm
    rows, columns = np.arange(size[0]), np.arange(size[1])
    index = (
        corner[:, None, None] + steps[:, :1, None] * rows[None, :, None] + steps[:, 1:, None] * columns[None, None, :]
    )
    found = ndimage.map_coordinates(mask.voxels, index[::-1], order=0, mode="grid-constant", cval=0, output=np.uint8)
    # heights are known to a part of a voxel: what is left out by that is a thin stripe
    around = 2 * int(np.ceil(1.0 / PIXEL_SHARE)) + 1
    return np.asarray(ndimage.binary_closing(found > 0, np.ones((around, around), dtype=bool)))
