"""Which voxels a flat region takes part in and with how much of its area, exactly, in any plane.

A voxel counts as a box of one value. The region is cut into layers of voxels along the grid axis that the plane leans
on least; in each layer it is a polygon over a grid of unit squares, whose cover follows from its sides alone: each piece
of a side within one square adds to that square and to all squares beyond it in the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid, Vector, unit

IntArray = npt.NDArray[np.intp]
# as steep as a plane may lie to a layer and still count as in it, in voxels across the whole region
STRAIGHT_VOXELS = 1e-6
LEAST_SHARE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """Voxels that a region touches. index_ijk: (M, 3), also outside the grid. area_mm2: (M,) of the region in each.

    share: (M,) of the voxel's own section with the plane that the region takes, 0 … 1.
    """

    index_ijk: IntArray
    area_mm2: FloatArray
    share: FloatArray


def cover(grid: Grid, outline_mm: FloatArray, normal: Vector) -> Cover:
    """The exact cover of a flat region. outline_mm: (N, 3) corners in order, dropped onto the plane of `normal` through
    their mean; it must not cross itself.
    """
    axis = unit(normal)
    flat = outline_mm - ((outline_mm - outline_mm.mean(axis=0)) @ axis)[:, None] * axis
    to_world = grid.world_from_index[:3, :3]
    lean = to_world.T @ axis
    deep = int(np.argmax(np.abs(lean)))
    a, b = (n for n in range(3) if n != deep)
    slope = -lean[[a, b]] / lean[deep]
    # a voxel reaches from its number to the next
    corners = grid.to_index(flat)[:, [a, b, deep]] + 0.5
    level = float((corners[:, 2] - corners[:, :2] @ slope).mean())
    corners[:, 2] = level + corners[:, :2] @ slope
    across = to_world[:, [a, b]] + np.outer(to_world[:, deep], slope)
    square_mm2 = float(np.linalg.norm(np.cross(across[:, 0], across[:, 1])))
    squares, shares, own = [], [], []
    for layer, part in _layers(corners):
        origin = np.floor(part[:, :2].min(axis=0)).astype(np.intp)
        size = np.ceil(part[:, :2].max(axis=0)).astype(np.intp) - origin
        taken = covered(part[:, :2] - origin, (int(size[0]), int(size[1])))
        y, x = np.nonzero(taken > LEAST_SHARE)
        if not len(x):
            continue
        squares.append(np.stack([x + origin[0], y + origin[1], np.full(len(x), layer)], axis=1))
        shares.append(taken[y, x])
        own.append(_sections(origin, size, slope, level, layer)[y, x])
    index = np.empty((sum(map(len, squares)), 3), dtype=np.intp)
    index[:, [a, b, deep]] = np.concatenate(squares)
    share = np.concatenate(shares)
    return Cover(index, share * square_mm2, np.minimum(share / np.maximum(np.concatenate(own), LEAST_SHARE), 1.0))


def covered(polygon: FloatArray, size: tuple[int, int]) -> FloatArray:
    """(rows, columns) share of each unit square that a polygon covers. polygon: (N, 2) as (x, y) within (columns, rows)."""
    columns, rows = size
    start, edge = _pieces(polygon)
    end = start + edge
    middle = start + edge / 2.0
    column = np.clip(np.floor(middle[:, 0]).astype(np.intp), 0, columns - 1)
    row = np.clip(np.floor(middle[:, 1]).astype(np.intp), 0, rows - 1)
    rise = end[:, 1] - start[:, 1]
    beside = rise * (middle[:, 0] - column)
    wide = columns + 1
    flat = np.bincount(row * wide + column, rise - beside, rows * wide)
    flat += np.bincount(row * wide + column + 1, beside, rows * wide)
    return np.abs(np.cumsum(flat.reshape(rows, wide), axis=1)[:, :columns])


def _pieces(polygon: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(P, 2) starts and steps of the sides of a polygon, parted where they cross whole numbers."""
    step = np.roll(polygon, -1, axis=0) - polygon
    sides = np.arange(len(polygon))
    number, share = [sides, sides], [np.zeros(len(sides)), np.ones(len(sides))]
    for axis in (0, 1):
        low = np.minimum(polygon[:, axis], polygon[:, axis] + step[:, axis])
        first = np.floor(low) + 1.0
        last = np.ceil(np.maximum(polygon[:, axis], polygon[:, axis] + step[:, axis])) - 1.0
        count = np.maximum(last - first + 1.0, 0.0).astype(np.intp)
        side = np.repeat(sides, count)
        place = first[side] + (np.arange(len(side)) - np.repeat(np.cumsum(count) - count, count))
        number.append(side)
        share.append((place - polygon[side, axis]) / step[side, axis])
    side, part = np.concatenate(number), np.clip(np.concatenate(share), 0.0, 1.0)
    order = np.lexsort((part, side))
    side, part = side[order], part[order]
    same = side[1:] == side[:-1]
    side, begin, end = side[1:][same], part[:-1][same], part[1:][same]
    return polygon[side] + begin[:, None] * step[side], (end - begin)[:, None] * step[side]


def _layers(corners: FloatArray) -> Iterator[tuple[int, FloatArray]]:
    """The parts of a region (N, 3) in each layer of voxels, the third coordinate counted in layers."""
    heights = corners[:, 2]
    if float(np.ptp(heights)) < STRAIGHT_VOXELS:
        yield int(np.floor(heights.mean() + STRAIGHT_VOXELS)), corners
        return
    rest = corners
    for layer in range(int(np.floor(heights.min())), int(np.floor(heights.max())) + 1):
        part, rest = clipped(rest, layer + 1.0, below=True), clipped(rest, layer + 1.0, below=False)
        if len(part) > 2:
            yield layer, part
        if len(rest) < 3:
            return


def clipped(polygon: FloatArray, height: float, *, below: bool) -> FloatArray:
    """The part of a polygon (N, 3) whose third coordinate is below a height, or above it.

    Parts that hang together only along the cut stay one polygon with sides that run along it both ways: their areas add
    up all the same (Sutherland and Hodgman 1974).
    """
    if not len(polygon):
        return polygon
    rest = polygon[:, 2] - height
    inside = rest <= 0.0 if below else rest >= 0.0
    following = np.roll(np.arange(len(polygon)), -1)
    crosses = inside != inside[following]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(crosses, rest / (rest - rest[following]), 0.0)
    places = polygon + share[:, None] * (polygon[following] - polygon)
    both = np.stack([places, polygon[following]], axis=1).reshape(-1, 3)
    return np.asarray(both[np.stack([crosses, inside[following]], axis=1).reshape(-1)])


def _sections(origin: IntArray, size: IntArray, slope: FloatArray, level: float, layer: int) -> FloatArray:
    """(rows, columns) share of each unit square above which the plane runs in this layer."""
    low, high = origin.astype(np.float64), (origin + size).astype(np.float64)
    box = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
    heights = level + box @ slope
    shape = (int(size[0]), int(size[1]))
    if heights.min() >= layer and heights.max() <= layer + 1:
        return np.ones(shape[::-1])
    whole = np.column_stack([box - origin, heights])
    part = clipped(clipped(whole, layer + 1.0, below=True), float(layer), below=False)
    return covered(part[:, :2], shape) if len(part) > 2 else np.zeros(shape[::-1])
