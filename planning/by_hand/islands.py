"""Pieces of a structure that hang together: keep, remove, part. Voxels are joined where they share a face."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.by_hand import boxes
from planning.by_hand.pieces import Pieces
from planning.errors import InputError
from planning.geometry import Vector
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Box, Mask

# a structure each of more would drown the list
MOST_PIECES = 100


def largest(mask: Mask, count: int = 1, *, progress: Progress = no_progress, cancel: CancelToken | None = None) -> Mask:
    """The `count` largest pieces."""
    pieces = Pieces(mask.voxels, progress=progress, cancel=cancel)
    return _kept(mask, pieces, np.arange(pieces.count + 1) <= count)


def clicked(
    mask: Mask, point_mm: Vector, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> Mask:
    """The piece at a place, LPS mm. Raises InputError when the structure is not there (code "not_inside")."""
    i, j, k = (int(n) for n in np.rint(mask.grid.to_index(point_mm)) - np.array(mask.start_ijk))
    nk, nj, ni = mask.voxels.shape
    if not (0 <= i < ni and 0 <= j < nj and 0 <= k < nk and mask.voxels[k, j, i]):
        raise InputError("The structure is not there", "Click on a piece of it", "not_inside")
    pieces = Pieces(mask.voxels, progress=progress, cancel=cancel)
    return _kept(mask, pieces, np.arange(pieces.count + 1) == pieces.number_at(k, j, i))


def without_small(
    mask: Mask, least_ml: float, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> Mask:
    """The pieces of at least so many ml."""
    pieces = Pieces(mask.voxels, progress=progress, cancel=cancel)
    return _kept(mask, pieces, _large(pieces, mask, least_ml))


def split(
    mask: Mask, least_ml: float = 0.0, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> tuple[Mask, ...]:
    """Each piece of at least so many ml, largest first. Raises InputError for more than 100 (code "many")."""
    pieces = Pieces(mask.voxels, progress=progress, cancel=cancel)
    count = int(_large(pieces, mask, least_ml).sum())
    if count > MOST_PIECES:
        raise InputError(
            f"There are {count} pieces, more than {MOST_PIECES}", "Leave out the small ones by their volume", "many"
        )
    from scipy import ndimage

    # where each piece lies, first; then its voxels in that box alone
    spans: dict[int, Box] = {}
    for start, labels, own in pieces.slabs():
        numbers = own[labels]
        found = ndimage.find_objects(np.where(numbers <= count, numbers, 0).astype(np.int32), count)
        for number, place in enumerate(found, start=1):
            if place is not None:
                here = (slice(place[0].start + start, place[0].stop + start), place[1], place[2])
                spans[number] = boxes.joined(spans[number], here) if number in spans else here
    parts = {number: np.zeros(boxes.shape_of(box), dtype=bool) for number, box in spans.items()}
    for start, labels, own in pieces.slabs():
        numbers = own[labels]
        for number, box in spans.items():
            slab = boxes.box_of((0, 0, start), numbers.shape[::-1])  # type: ignore[arg-type]
            shared = boxes.common(box, slab)
            if not boxes.is_empty(shared):
                parts[number][boxes.inside_of(shared, box)] = numbers[boxes.inside_of(shared, slab)] == number
    i, j, k = mask.start_ijk
    return tuple(
        Mask(
            mask.grid,
            (box[2].start + i, box[1].start + j, box[0].start + k),
            parts[number],
            count=int(pieces.sizes[number]),
        )
        for number, box in sorted(spans.items())
    )


def _large(pieces: Pieces, mask: Mask, least_ml: float) -> npt.NDArray[np.bool_]:
    answer = pieces.sizes * mask.grid.voxel_mm3 / 1000.0 >= least_ml * (1 - 1e-9)
    answer[0] = False
    return np.asarray(answer)


def _kept(mask: Mask, pieces: Pieces, chosen: npt.NDArray[np.bool_]) -> Mask:
    chosen = chosen.copy()
    chosen[0] = False
    return boxes.made(mask.grid, pieces.select(chosen), mask.box_kji)
