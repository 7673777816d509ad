"""Holes: what the outside cannot reach without crossing the structure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Literal, get_args

import numpy as np

from planning.by_hand import boxes
from planning.by_hand.pieces import Pieces
from planning.geometry import Grid, Vector
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Mask

Axis = Literal["i", "j", "k"]
AXES: dict[Axis, int] = {"k": 0, "j": 1, "i": 2}
# anatomical slices by the axis of the patient that they lie across: LPS x, y, z
Slices = Literal["sagittal", "coronal", "axial"]
_INDEX: tuple[Axis, Axis, Axis] = ("i", "j", "k")


def slice_axes(grid: Grid) -> Mapping[Slices, Axis]:
    """The grid's axis across its axial, coronal and sagittal slices, however the scan stores them: each axis once.

    Of a tilted grid the slices that come nearest.
    """
    along = np.abs(grid.direction)
    best = max(permutations(range(3)), key=lambda order: sum(along[world, order[world]] for world in range(3)))
    return {name: _INDEX[number] for name, number in zip(get_args(Slices), best, strict=True)}


def patient_normal(slices: Slices) -> Vector:
    """(3,) LPS normal of the patient's slices of this name."""
    return np.asarray(np.eye(3)[get_args(Slices).index(slices)])


def slices_facing(grid: Grid, normal: Vector) -> Slices:
    """Which of the grid's slices lie most nearly in a plane with this LPS normal."""
    facing = _INDEX[int(np.argmax(np.abs(normal @ grid.direction)))]
    return next(name for name, axis in slice_axes(grid).items() if axis == facing)


def fill_holes(
    mask: Mask, axis: Axis | None = None, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> Mask:
    """The structure with its holes. axis: of the slices that are looked at one by one; None: holes in all directions.

    What is open to the image's edge is no hole. Raises Cancelled.
    """
    flat = None if axis is None else AXES[axis]
    pads = [(0, 0) if number == flat else (1, 1) for number in range(3)]
    around = np.pad(~mask.voxels, pads, constant_values=True)
    pieces = Pieces(around, flat=flat, progress=progress, cancel=cancel)
    outside = np.zeros(pieces.count + 1, dtype=bool)
    # the frame around the box, one piece in 3D, one a slice else
    for start, labels, numbers in pieces.slabs():
        if flat is None:
            outside[numbers[labels[0, 0, 0]]] |= start == 0
        else:
            corner = tuple(slice(None) if number == flat else 0 for number in range(3))
            outside[numbers[labels[corner]]] = True
    outside[0] = False
    inner = tuple(slice(low, size - high) for (low, high), size in zip(pads, around.shape, strict=True))
    return boxes.made(mask.grid, ~pieces.select(outside)[inner], mask.box_kji)
