"""All voxels in a range of values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.by_hand import boxes
from planning.by_hand.rules import Rules
from planning.errors import InputError
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Box, Mask, Volume

SLICES = 16


def threshold(
    volume: Volume,
    low_hu: float,
    high_hu: float,
    within: Sequence[Mask] = (),
    roi: Box | None = None,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Mask:
    """Voxels from `low_hu` to `high_hu`, ends included, in any of the masks `within` (empty: anywhere) and in `roi`.

    Raises InputError when the range is upside down (code "band"), Cancelled.
    """
    if not low_hu <= high_hu:
        raise InputError("The lower value lies above the upper one", "Swap the two", "band")
    grid = volume.grid
    box = boxes.whole(grid) if roi is None else boxes.common(roi, boxes.whole(grid))
    for mask in within:
        boxes.require_same_grid(grid, mask.grid)
    if within:
        held = within[0].box_kji
        for mask in within[1:]:
            held = boxes.joined(held, mask.box_kji)
        box = boxes.common(box, held)
    if boxes.is_empty(box):
        return Mask(grid, (0, 0, 0), np.zeros((1, 1, 1), dtype=bool), count=0)
    rules = Rules(band_hu=(low_hu, high_hu), inside=tuple(within))
    answer = np.zeros(boxes.shape_of(box), dtype=bool)
    for k in range(box[0].start, box[0].stop, SLICES):
        if cancel is not None:
            cancel.raise_if_set()
        progress((k - box[0].start) / answer.shape[0])
        slab = (slice(k, min(k + SLICES, box[0].stop)), box[1], box[2])
        answer[boxes.inside_of(slab, box)] = rules.allowed(slab, volume)
    progress(1.0)
    return boxes.made(grid, answer, box)
