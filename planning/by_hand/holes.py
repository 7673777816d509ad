"""Holes: what the outside cannot reach without crossing the structure."""

from __future__ import annotations

from typing import Literal

import numpy as np

from planning.by_hand import boxes
from planning.by_hand.pieces import Pieces
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Mask

Axis = Literal["i", "j", "k"]
AXES: dict[Axis, int] = {"k": 0, "j": 1, "i": 2}


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
