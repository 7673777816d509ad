"""Larger and smaller by millimetres, and shells: Euclidean, exact for voxel centres, whatever the voxels' shape."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from planning.by_hand import boxes
from planning.by_hand.blocks import by_blocks, grown_mask_box
from planning.by_hand.logic import combine
from planning.errors import InputError
from planning.geometry import Grid, Vector
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.volume import Mask

MOST_MM = 100.0
# float32 distances of equal voxels must not fall on both sides of a limit
_EPS_MM = 1e-4
Where = Literal["inside", "outside", "centred"]


def grow(mask: Mask, mm: float, *, progress: Progress = no_progress, cancel: CancelToken | None = None) -> Mask:
    """All voxels whose centre is within `mm` of a centre inside; mm < 0: those farther than that from all outside.

    The image's edge is no edge of the structure: what it cuts off does not shrink from there. Raises InputError for more
    than 100 mm, Cancelled.
    """
    if not abs(mm) <= MOST_MM:
        raise InputError(f"A structure can grow by at most {MOST_MM:.0f} mm", "Use a smaller number", "size")
    if mm == 0 or not mask.voxels.any():
        return mask
    reach, spacing = abs(mm), mask.grid.spacing_mm
    halo = boxes.margin_voxels(mask.grid, reach)

    def larger(inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        return _within(inside, spacing, reach)

    def smaller(inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        return ~_within(~inside, spacing, reach)

    if mm > 0:
        return by_blocks(mask, grown_mask_box(mask, reach, mask.grid), halo, larger, progress, cancel)
    return by_blocks(mask, mask.box_kji, halo, smaller, progress, cancel)


def hollow(
    mask: Mask,
    wall_mm: float,
    where: Where = "inside",
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Mask:
    """A shell along the structure's surface: inside it, outside it, or half each; closed, so nowhere thinner than a voxel.

    Raises InputError for no wall, Cancelled.
    """
    if wall_mm <= 0:
        raise InputError("A wall needs a thickness above 0 mm", "Use a larger number", "size")
    out_mm, in_mm = {"inside": (0.0, wall_mm), "outside": (wall_mm, 0.0), "centred": (wall_mm / 2, wall_mm / 2)}[where]
    outer = grow(mask, out_mm, progress=part_of(progress, 0.0, 0.5), cancel=cancel)
    inner = grow(mask, -in_mm, progress=part_of(progress, 0.5, 1.0), cancel=cancel)
    # across slices that lie further apart than the wall is thick there would be none
    if where == "outside":
        return combine("subtract", combine("add", outer, _by_faces(mask, np.logical_or)), mask)
    return combine("subtract", outer, combine("intersect", inner, _by_faces(mask, np.logical_and)))


def reached_mm(grid: Grid, mm: float) -> Vector:
    """(3,) how far `grow` by `mm` goes along i, j and k: whole voxels, never more than asked."""
    return np.asarray(np.floor((abs(mm) + _EPS_MM) / grid.spacing_mm) * grid.spacing_mm)


def wall_reached_mm(grid: Grid, wall_mm: float, where: Where) -> Vector:
    """(3,) thickness of the wall that `hollow` leaves across faces that look along i, j and k."""
    parts = (wall_mm / 2, wall_mm / 2) if where == "centred" else (wall_mm,)
    whole: Vector = np.sum([reached_mm(grid, part) for part in parts], axis=0)
    return np.asarray(np.maximum(whole, grid.spacing_mm))


def _by_faces(mask: Mask, join: np.ufunc) -> Mask:
    """Each voxel joined with those that share a face with it: `logical_or` adds a layer, `logical_and` takes one off. Beyond the
    image's edge there is none to join."""
    box = boxes.grown_by(mask.box_kji, (1, 1, 1), mask.grid)
    inside = boxes.read(mask, box)
    made = inside.copy()
    for axis in range(3):
        here, there = np.moveaxis(made, axis, 0), np.moveaxis(inside, axis, 0)
        join(here[1:], there[:-1], out=here[1:])
        join(here[:-1], there[1:], out=here[:-1])
    return boxes.made(mask.grid, made, box)


def _within(inside: npt.NDArray[np.bool_], spacing_mm: Vector, mm: float) -> npt.NDArray[np.bool_]:
    from planning.liver.distance import distance_to_mm

    return np.asarray(distance_to_mm(inside, spacing_mm) <= mm + _EPS_MM)
