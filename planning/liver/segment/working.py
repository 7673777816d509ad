"""A coarser copy of the image to work on, and the way back to the image's own voxels.

Blocks of whole voxels are averaged, so nothing is interpolated on the way down and noise falls with the block's size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import Grid, Vector
from planning.progress import CancelToken

BoolArray = npt.NDArray[np.bool_]
FieldArray = npt.NDArray[np.float32]

SLAB = 8


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """How a coarse grid's voxels are made of a fine one's.

    fine: the image's grid. factors_kji: voxels averaged along each axis, >= 1. coarse: the grid of the averages; a rest
    at the far end, shorter than one block, is left out.
    """

    fine: Grid
    factors_kji: tuple[int, int, int]
    coarse: Grid

    @classmethod
    def near(cls, fine: Grid, voxel_mm: float) -> Blocks:
        """Whole blocks whose edges come nearest to voxel_mm; an axis that is coarser already stays as it is."""
        spacing = fine.spacing_mm[::-1]
        factors = [
            min(max(int(np.rint(voxel_mm / step)), 1), size) for step, size in zip(spacing, fine.shape_kji, strict=True)
        ]
        fk, fj, fi = factors
        matrix = fine.world_from_index.copy()
        matrix[:3, :3] = matrix[:3, :3] * np.array((fi, fj, fk), dtype=np.float64)
        matrix[:3, 3] = fine.to_world((np.array((fi, fj, fk), dtype=np.float64) - 1.0) / 2.0)
        nk, nj, ni = fine.shape_kji
        return cls(fine, (fk, fj, fi), Grid((ni // fi, nj // fj, nk // fk), matrix))

    def down(self, voxels: npt.NDArray[Any]) -> FieldArray:
        """Means of whole blocks, float32 `[k, j, i]` on the coarse grid; voxels lie on the fine grid."""
        averaged = voxels
        for axis, factor in enumerate(self.factors_kji):
            averaged = _mean_along(averaged, axis, factor)
        return np.ascontiguousarray(averaged, dtype=np.float32)


def _mean_along(array: npt.NDArray[Any], axis: int, factor: int) -> npt.NDArray[Any]:
    if factor == 1:
        return array
    count = array.shape[axis] // factor
    cut = np.moveaxis(array, axis, 0)[: count * factor]
    total = cut[0::factor].astype(np.float32)
    for part in range(1, factor):
        total += cut[part::factor]
    return np.moveaxis(total / np.float32(factor), 0, axis)


def onto(field: FieldArray, source: Grid, target: Grid) -> FieldArray:
    """Linear values of a field on another grid whose axes are parallel; the border's values continue outside.

    field: `[k, j, i]` on source. Returns float32 on target.
    """
    start = source.to_index(target.to_world((0.0, 0.0, 0.0)))[::-1]
    step = (target.spacing_mm / source.spacing_mm)[::-1]
    places = [
        np.clip(start[axis] + step[axis] * np.arange(target.shape_kji[axis]), 0.0, field.shape[axis] - 1.0)
        for axis in range(3)
    ]
    # the axis that grows least comes first: the following ones have less to do
    order = np.argsort(np.array(target.shape_kji) / np.array(field.shape))
    values = np.empty(target.shape_kji, dtype=np.float32)
    # slab by slab, for what stays in the processor's cache is several times faster
    for first in range(0, len(places[0]), SLAB):
        here = slice(first, first + SLAB)
        low = int(places[0][here].min())
        part = field[low : int(places[0][here].max()) + 2]
        for axis in order:
            part = _linear_along(part, int(axis), places[0][here] - low if axis == 0 else places[axis])
        values[here] = part
    return values


def _linear_along(field: FieldArray, axis: int, places: npt.NDArray[np.float64]) -> FieldArray:
    low = np.minimum(places.astype(np.int64), max(field.shape[axis] - 2, 0))
    shape = [1, 1, 1]
    shape[axis] = len(places)
    weight = (places - low).astype(np.float32).reshape(shape)
    values = np.take(field, low, axis=axis)
    if weight.any():
        after = np.take(field, np.minimum(low + 1, field.shape[axis] - 1), axis=axis)
        after -= values
        after *= weight
        values += after
    return np.asarray(values, dtype=np.float32)


def denoised(image: FieldArray, spacing_kji_mm: npt.ArrayLike) -> FieldArray:
    """Median over the 3 nearest voxels of each axis finer than 3.5 mm, HU clipped to −200 … 400."""
    from scipy import ndimage

    size = tuple(3 if step <= 3.5 else 1 for step in np.asarray(spacing_kji_mm))
    held = np.clip(image, -200.0, 400.0).astype(np.float32)
    return np.asarray(ndimage.median_filter(held, size=size), dtype=np.float32)


def depth_mm(inside: BoolArray, spacing_kji_mm: npt.ArrayLike) -> FieldArray:
    """Distance of every inside voxel's centre from the nearest outside one's, mm; 0 outside.

    The image's border counts as inside: an organ cut off by it is not made thin there.
    """
    from scipy import ndimage

    if inside.all():
        return np.full(inside.shape, 1e3, dtype=np.float32)
    depth = np.zeros(inside.shape, dtype=np.float32)
    # nothing outside is nearer than the layer round the mask's own box
    box = bounds_of(inside, 1)
    depth[box] = ndimage.distance_transform_edt(inside[box], sampling=np.asarray(spacing_kji_mm))
    return depth


def outside_mm(inside: BoolArray, reach_mm: float, spacing_kji_mm: npt.ArrayLike) -> FieldArray:
    """Distance of every outside voxel's centre from the nearest inside one's, as far as reach_mm; larger beyond. 0 inside."""
    away = np.full(inside.shape, 1e3, dtype=np.float32)
    if inside.any():
        box = bounds_of(inside, np.ceil(reach_mm / np.asarray(spacing_kji_mm)).astype(int))
        away[box] = depth_mm(~inside[box], spacing_kji_mm)
    return away


def within_mm(inside: BoolArray, reach_mm: float, spacing_kji_mm: npt.ArrayLike) -> BoolArray:
    """Voxels no farther than reach_mm from the mask (the mask included)."""
    return outside_mm(inside, reach_mm, spacing_kji_mm) <= reach_mm


def check(cancel: CancelToken | None) -> None:
    """Raises Cancelled once somebody asked to stop."""
    if cancel is not None:
        cancel.raise_if_set()


def away_mm(shape: tuple[int, ...], mark: npt.NDArray[np.int64], spacing_kji_mm: Vector) -> FieldArray:
    """Distance of every voxel's centre from a voxel's, mm."""
    axes = np.ogrid[tuple(slice(0, size) for size in shape)]
    squares = sum(((axis - at) * step) ** 2 for axis, at, step in zip(axes, mark, spacing_kji_mm, strict=True))
    return np.asarray(np.sqrt(squares), dtype=np.float32)


def bounds_of(inside: BoolArray, pad: npt.ArrayLike) -> tuple[slice, slice, slice]:
    """Slices of the mask's bounding box, padded by voxels per axis, held inside the array."""
    pads = np.broadcast_to(np.asarray(pad, dtype=np.int64), (3,))
    found = []
    for axis in range(3):
        hit = np.flatnonzero(inside.any(axis=tuple(a for a in range(3) if a != axis)))
        first, last = (int(hit[0]), int(hit[-1])) if hit.size else (0, inside.shape[axis] - 1)
        found.append(slice(max(first - int(pads[axis]), 0), min(last + int(pads[axis]) + 1, inside.shape[axis])))
    return found[0], found[1], found[2]


def deepest_about(depth: FieldArray, marks: npt.NDArray[np.int64], spacing_kji_mm: Vector) -> npt.NDArray[np.int64]:
    """Each mark moved to the deepest voxel within its own depth: a click beside a piece's middle means the piece."""
    moved = marks.copy()
    for number, mark in enumerate(marks):
        box, inside = _ball(depth, mark, spacing_kji_mm)
        if inside.any():
            low = [part.start for part in box]
            moved[number] = low + np.array(
                np.unravel_index(int(np.where(inside, depth[box], 0.0).argmax()), inside.shape)
            )
    return moved


def balls_within(depth: FieldArray, marks: npt.NDArray[np.int64], spacing_kji_mm: Vector) -> BoolArray:
    """For each mark the largest ball about it that fits into the organ: all of it is meant."""
    inside = np.zeros(depth.shape, dtype=bool)
    for mark in marks:
        box, ball = _ball(depth, mark, spacing_kji_mm)
        inside[box] |= ball
    return inside


def _ball(
    depth: FieldArray, mark: npt.NDArray[np.int64], spacing_kji_mm: Vector
) -> tuple[tuple[slice, ...], BoolArray]:
    """The box of the ball about a mark that the depth there allows, and the ball in it."""
    radius = float(depth[tuple(mark)])
    reach = np.ceil(radius / spacing_kji_mm).astype(int)
    box = tuple(
        slice(max(int(at - r), 0), min(int(at + r) + 1, size))
        for at, r, size in zip(mark, reach, depth.shape, strict=True)
    )
    axes = np.ogrid[box]
    away = sum(((axis - at) * step) ** 2 for axis, at, step in zip(axes, mark, spacing_kji_mm, strict=True))
    return box, np.asarray(away < radius**2)
