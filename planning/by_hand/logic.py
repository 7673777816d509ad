"""Two structures combined."""

from __future__ import annotations

from typing import Literal

from planning.by_hand import boxes
from planning.volume import Mask

How = Literal["add", "subtract", "intersect", "invert"]


def combine(how: How, mask: Mask, other: Mask) -> Mask:
    """ "add": either; "subtract": mask without other; "intersect": both; "invert": what of `other` is not in `mask`.

    Raises GeometryError when they lie on different grids.
    """
    boxes.require_same_grid(mask.grid, other.grid)
    if how == "add":
        box = boxes.joined(mask.box_kji, other.box_kji)
        return boxes.made(mask.grid, boxes.read(mask, box) | boxes.read(other, box), box)
    if how == "subtract":
        box = mask.box_kji
        return boxes.made(mask.grid, mask.voxels & ~boxes.read(other, box), box)
    if how == "invert":
        box = other.box_kji
        return boxes.made(mask.grid, other.voxels & ~boxes.read(mask, box), box)
    box = boxes.common(mask.box_kji, other.box_kji)
    if boxes.is_empty(box):
        box = boxes.box_of((0, 0, 0), (1, 1, 1))
    return boxes.made(mask.grid, boxes.read(mask, box) & boxes.read(other, box), box)
