"""Neighbourhood operations block by block: memory of one block, progress and cancelling between them.

A block whose surroundings are all inside or all outside stays as it is, so the work is that of the surface.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from planning.by_hand import boxes
from planning.geometry import Grid
from planning.progress import CancelToken, Progress
from planning.volume import Box, Mask

BLOCK, HALOS = 64, 4
Work = Callable[[npt.NDArray[np.bool_]], npt.NDArray[np.bool_]]


def split(box: Box, sides_kji: tuple[int, int, int]) -> Iterator[Box]:
    """The blocks of a box, the last ones smaller."""
    for k in range(box[0].start, box[0].stop, sides_kji[0]):
        for j in range(box[1].start, box[1].stop, sides_kji[1]):
            for i in range(box[2].start, box[2].stop, sides_kji[2]):
                stops = (min(at + side, span.stop) for at, side, span in zip((k, j, i), sides_kji, box, strict=True))
                yield slice(k, next(stops)), slice(j, next(stops)), slice(i, next(stops))


def sides_for(halo_kji: tuple[int, int, int]) -> tuple[int, int, int]:
    """Blocks large enough that their surroundings cost little."""
    k, j, i = (max(BLOCK, HALOS * halo) for halo in halo_kji)
    return k, j, i


def by_blocks(
    mask: Mask, box: Box, halo_kji: tuple[int, int, int], work: Work, progress: Progress, cancel: CancelToken | None
) -> Mask:
    """A mask in `box` made by `work` of what was inside, with `halo_kji` voxels around each block where the grid has them.

    work: bool of a block with its surroundings -> bool of the same shape. Raises Cancelled.
    """
    answer = np.zeros(boxes.shape_of(box), dtype=bool)
    parts = list(split(box, sides_for(halo_kji)))
    for number, part in enumerate(parts):
        if cancel is not None:
            cancel.raise_if_set()
        progress(number / len(parts))
        around = boxes.grown_by(part, halo_kji, mask.grid)
        inside = boxes.read(mask, around)
        count = int(np.count_nonzero(inside))
        if count == 0:
            continue
        there = boxes.inside_of(part, box)
        answer[there] = True if count == inside.size else work(inside)[boxes.inside_of(part, around)]
    progress(1.0)
    return boxes.made(mask.grid, answer, box)


def grown_mask_box(mask: Mask, mm: float, grid: Grid) -> Box:
    """The mask's box, `mm` wider on all sides."""
    return boxes.grown_by(mask.box_kji, boxes.margin_voxels(grid, mm), grid)
