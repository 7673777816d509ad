"""Scissors: what lies behind a polygon, seen in a plane or through a camera, is cut off or kept.

The polygon is drawn once into a picture of 4096 cells along its longer side, so that its edge is right to that cell (0.07 mm
of 300 mm); blocks of voxels that lie wholly inside or outside of it are never looked at voxel by voxel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.by_hand import boxes
from planning.by_hand.blocks import split
from planning.errors import InputError
from planning.geometry import FloatArray, Grid, Vector
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Box, Mask

CELLS, COARSE, BRICK = 4096, 16, 32
OUTSIDE, INSIDE, MIXED = 0, 1, 2
# cells: a brick's corners are taken this much wider, for rounding
_SLACK = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """How the patient is seen. matrix: (4, 4), LPS mm to (u w, v w, depth w, w); what has w <= 0 is behind the eye."""

    matrix: FloatArray

    @classmethod
    def of_plane(cls, origin_mm: Vector, right: Vector, down: Vector) -> Projection:
        """Straight onto a plane: u and v in mm along two perpendicular directions, depth in mm from the plane."""
        right, down = (np.asarray(v, dtype=np.float64) / np.linalg.norm(v) for v in (right, down))
        rows = np.array([right, down, np.cross(right, down)])
        matrix = np.eye(4)
        matrix[:3, :3] = rows
        matrix[:3, 3] = -rows @ np.asarray(origin_mm, dtype=np.float64)
        return cls(matrix)

    @classmethod
    def of_camera(cls, matrix: npt.ArrayLike) -> Projection:
        """Through a camera: its (4, 4) matrix from LPS mm to homogeneous view coordinates; the polygon is in the same."""
        return cls(np.asarray(matrix, dtype=np.float64).reshape(4, 4))


def cut(
    mask: Mask,
    polygon: npt.ArrayLike,
    projection: Projection,
    keep_inside: bool = False,
    depth_mm: float | None = None,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Mask:
    """The structure without what lies in the polygon (N, 2), or with nothing else when `keep_inside`.

    depth_mm: only so far on either side of the plane, None: through all; with `keep_inside` what lies beyond stays. Where a
    polygon crosses itself all that it goes round is inside. Raises InputError for a polygon without an area, Cancelled.
    """
    box, voxels, touched = mask.box_kji, mask.voxels.copy(), []
    for part, taken in _taken(mask.grid, box, _Shape(polygon), projection, keep_inside, depth_mm, progress, cancel):
        there = voxels[boxes.inside_of(part, box)]
        if not there.any():
            continue
        touched.append(part)
        there &= ~taken
    return _version(mask, box, voxels, touched)


def fill(
    mask: Mask,
    polygon: npt.ArrayLike,
    projection: Projection,
    depth_mm: float | None,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Mask:
    """The structure with all that lies in the polygon, `depth_mm` on either side of the plane; as `cut` for the rest."""
    box, touched = boxes.whole(mask.grid), []
    voxels = boxes.read(mask, box).copy()
    for part, taken in _taken(mask.grid, box, _Shape(polygon), projection, False, depth_mm, progress, cancel):
        touched.append(part)
        voxels[boxes.inside_of(part, box)] |= taken
    return _version(mask, box, voxels, touched)


def _version(mask: Mask, box: Box, voxels: npt.NDArray[np.bool_], touched: list[Box]) -> Mask:
    """The answer, which knows where it differs: of a large structure only that is looked at again."""
    changed = boxes.box_of((0, 0, 0), (0, 0, 0))
    for part in touched:
        changed = boxes.joined(changed, part)
    return Mask(mask.grid, boxes.start_of(box), voxels, lineage=((mask.token, changed),))


class _Shape:
    """A polygon as a picture of cells, and how full squares of cells are."""

    def __init__(self, polygon: npt.ArrayLike) -> None:
        points = np.asarray(polygon, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != 2 or len(points) < 3 or not np.isfinite(points).all():
            raise InputError("A cut needs at least three points", "Draw round what is to be cut", "polygon")
        self.low = points.min(axis=0)
        size = points.max(axis=0) - self.low
        if size.min() <= 0:
            raise InputError("The cut has no area", "Draw round what is to be cut", "polygon")
        self.cell = float(size.max()) / CELLS
        self.shape = tuple(int(n) for n in np.maximum(np.ceil(size / self.cell), 1)[::-1])
        # a frame of empty cells: what lies beyond the polygon is looked up there
        self.cells = np.pad(_filled((points - self.low) / self.cell, (self.shape[0], self.shape[1])), 1)
        self._any, self._holes = (_sums(_coarse(part)) for part in (self.cells, ~self.cells))

    def in_cells(self, seen: FloatArray) -> FloatArray:
        """A projection into the polygon's coordinates, as one into cells."""
        cells = np.eye(4)
        cells[:2, :2] /= self.cell
        cells[:2, 3] = 1.0 - self.low / self.cell
        return cells @ seen

    def at(self, x: npt.NDArray[Any], y: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """bool: inside, at places in cells."""
        rows, columns = self.cells.shape
        column = np.clip(x, 0, columns - 1).astype(np.int32)
        row = np.clip(y, 0, rows - 1).astype(np.int32)
        return np.asarray(self.cells.reshape(-1).take(row * np.int32(columns) + column))

    def states(self, low: FloatArray, high: FloatArray) -> npt.NDArray[np.int8]:
        """INSIDE, OUTSIDE or MIXED of rectangles (N, 2) … (N, 2) in cells."""
        rows, columns = self.cells.shape
        first, last = np.floor(low - _SLACK), np.ceil(high + _SLACK)
        is_whole = (first >= 0).all(axis=1) & (last[:, 0] <= columns) & (last[:, 1] <= rows)
        x0, y0 = (np.clip(first[:, n], 0, size).astype(int) // COARSE for n, size in ((0, columns), (1, rows)))
        x1, y1 = (-(-np.clip(last[:, n], 0, size).astype(int) // COARSE) for n, size in ((0, columns), (1, rows)))
        some = _window(self._any, x0, y0, x1, y1) > 0
        holes = _window(self._holes, x0, y0, x1, y1) > 0
        return np.where(~some, OUTSIDE, np.where(is_whole & ~holes, INSIDE, MIXED)).astype(np.int8)


def _filled(points: FloatArray, shape: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Cells whose middle a closed polygon goes round, by its winding number."""
    ends = np.roll(points, -1, axis=0)
    is_up = ends[:, 1] > points[:, 1]
    top, bottom = np.where(is_up[:, None], points, ends), np.where(is_up[:, None], ends, points)
    first = np.clip(np.ceil(top[:, 1] - 0.5), 0, shape[0]).astype(int)
    stop = np.clip(np.ceil(bottom[:, 1] - 0.5), 0, shape[0]).astype(int)
    count = np.maximum(stop - first, 0)
    edge = np.repeat(np.arange(len(points)), count)
    row = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + first[edge]
    slope = (bottom[:, 0] - top[:, 0]) / np.maximum(bottom[:, 1] - top[:, 1], 1e-12)
    x = top[edge, 0] + (row + 0.5 - top[edge, 1]) * slope[edge]
    column = np.clip(np.ceil(x - 0.5), 0, shape[1]).astype(int)
    turns = np.zeros((shape[0], shape[1] + 1), dtype=np.int16)
    np.add.at(turns, (row, column), np.where(is_up, 1, -1).astype(np.int16)[edge])
    return np.asarray(np.cumsum(turns, axis=1, dtype=np.int16)[:, :-1] != 0)


def _coarse(cells: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    rows, columns = (-(-n // COARSE) * COARSE for n in cells.shape)
    padded = np.zeros((rows, columns), dtype=bool)
    padded[: cells.shape[0], : cells.shape[1]] = cells
    return np.asarray(padded.reshape(rows // COARSE, COARSE, columns // COARSE, COARSE).any(axis=(1, 3)))


def _sums(cells: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    return np.pad(cells.cumsum(axis=0, dtype=np.int64).cumsum(axis=1), ((1, 0), (1, 0)))


def _window(
    sums: npt.NDArray[np.int64],
    x0: npt.NDArray[np.intp],
    y0: npt.NDArray[np.intp],
    x1: npt.NDArray[np.intp],
    y1: npt.NDArray[np.intp],
) -> npt.NDArray[np.int64]:
    rows, columns = sums.shape[0] - 1, sums.shape[1] - 1
    x0, x1, y0, y1 = (np.minimum(n, most) for n, most in ((x0, columns), (x1, columns), (y0, rows), (y1, rows)))
    return np.asarray(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0])


def _taken(
    grid: Grid,
    box: Box,
    shape: _Shape,
    projection: Projection,
    keep_inside: bool,
    depth_mm: float | None,
    progress: Progress,
    cancel: CancelToken | None,
) -> Iterator[tuple[Box, npt.NDArray[np.bool_]]]:
    """Blocks of which the scissors take anything, with what they take, as small as it can be broadcast from."""
    seen = shape.in_cells(projection.matrix @ grid.world_from_index)
    parts = _blocks(seen, box)
    low, high, is_seen = _corners(seen, parts)
    states = np.where(is_seen == INSIDE, shape.states(low[:, :2], high[:, :2]), is_seen)
    depths = np.full(len(parts), INSIDE)
    if depth_mm is not None:
        is_off = (low[:, 2] > depth_mm) | (high[:, 2] < -depth_mm)
        is_in = (low[:, 2] >= -depth_mm) & (high[:, 2] <= depth_mm)
        depths = np.where(is_off, OUTSIDE, np.where(is_in, INSIDE, MIXED))
    left_alone = INSIDE if keep_inside else OUTSIDE
    wanted = np.flatnonzero((states != left_alone) & (depths != OUTSIDE))
    for count, number in enumerate(wanted):
        if count % 64 == 0:
            if cancel is not None:
                cancel.raise_if_set()
            progress(count / len(wanted))
        taken: npt.NDArray[np.bool_] = np.ones((1, 1, 1), dtype=bool)
        if states[number] == MIXED or depths[number] == MIXED:
            x, y, depth, is_front = _places(seen, parts[number])
            if states[number] == MIXED:
                inside = shape.at(x, y) & is_front
                taken = ~inside if keep_inside else inside
            if depths[number] == MIXED:
                taken = taken & (np.abs(depth) <= depth_mm)
        yield parts[number], taken
    progress(1.0)


def _blocks(seen: FloatArray, box: Box) -> list[Box]:
    """Bricks; along an axis that is looked along exactly they are as long as the box: what is inside is the same there."""
    sides = [BRICK] * 3
    is_straight = not seen[3, :3].any()
    for axis in range(3):
        if is_straight and np.abs(seen[:2, 2 - axis]).max() * (box[axis].stop - box[axis].start) < 1e-6:
            sides[axis] = max(box[axis].stop - box[axis].start, 1)
    return list(split(box, (sides[0], sides[1], sides[2])))


def _corners(seen: FloatArray, parts: list[Box]) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int8]]:
    """Least and greatest (u, v, depth) of the voxel centres of each block, and INSIDE where all lie before the eye."""
    spans = np.array([[(span.start, span.stop - 1) for span in part[::-1]] for part in parts], dtype=np.float64)
    choice = np.array(np.meshgrid((0, 1), (0, 1), (0, 1))).reshape(3, -1).T
    corners = np.take_along_axis(spans[:, None, :, :], choice[None, :, :, None], axis=3)[..., 0]
    places = corners @ seen[:, :3].T + seen[:, 3]
    w = places[..., 3]
    is_seen = np.where((w > 0).all(axis=1), INSIDE, np.where((w <= 0).all(axis=1), OUTSIDE, MIXED)).astype(np.int8)
    flat = places[..., :3] / np.where(w > 0, w, 1.0)[..., None]
    return flat.min(axis=1), flat.max(axis=1), is_seen


def _places(
    seen: FloatArray, part: Box
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[np.bool_] | bool]:
    """x, y in cells and the depth of a block's voxels (as small as they can be broadcast from); which lie before the eye.

    As float32 about the block's first voxel: right to a thousandth of a cell.
    """
    k, j, i = (np.arange(span.stop - span.start, dtype=np.float64) for span in part)
    start = seen @ (part[2].start, part[1].start, part[0].start, 1.0)

    def row(number: int) -> npt.NDArray[Any]:
        a, b, c = seen[number, :3]
        flat = start[number] + c * k[:, None, None] + b * j[None, :, None]
        if abs(b) * j.size < 1e-9:
            flat = flat[:, :1]
        if abs(c) * k.size < 1e-9:
            flat = flat[:1]
        along = (a * i).astype(np.float32) if abs(a) * i.size >= 1e-9 else np.zeros(1, dtype=np.float32)
        return np.asarray(flat.astype(np.float32) + along)

    w = row(3)
    if w.size == 1 and w.item() == 1.0:
        return row(0), row(1), row(2), True
    is_front = w > 0
    w = np.where(is_front, w, np.float32(1.0))
    return row(0) / w, row(1) / w, row(2) / w, is_front
