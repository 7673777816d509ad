"""Sums of overlapping tiles, kept only for the planes that a coming tile can still reach.

Tiles come ordered by their first axis. A ring of `patch[0]` planes holds the sums; when a row of tiles is done, the planes
below the next row's start are final and are handed on. What each voxel's weights sum to is known before the first tile
(the starts form a grid), so every tile's weight is divided beforehand and no second map and no division remain.

In half precision the sums are kept as nnU-Net keeps them: rounded after every tile, divided at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from inference.tiles import TilePlan, tile_weights

if TYPE_CHECKING:
    import torch

Plane = npt.NDArray[np.float32]


class RollingSlab:
    """The sums of one field's tiles, on the device that makes them.

    channels: of the network's output. half: sums in fp16, rounded as the source program rounds. members: networks whose
    tiles come behind each other along the channels; each has its own sums, and the mean is of the divided ones.
    """

    def __init__(
        self, plan: TilePlan, channels: int, *, half: bool = False, device: str = "cpu", members: int = 1
    ) -> None:
        import torch

        self._plan, self._half, self._depth, self._members = plan, half, plan.patch[0], members
        size = (channels * members, self._depth, *plan.shape[1:])
        self._sums = torch.zeros(size, dtype=torch.float16 if half else torch.float32, device=device)
        self._weights = torch.from_numpy(tile_weights(plan.tiling)).to(device)
        self._row = -1
        if half:
            self._weights = self._weights.half()
            self._counts = torch.zeros(size[1:], dtype=torch.float16, device=device)
        else:
            self._row_total = self._total_of_one_row()
            self._share = self._row_total

    def begin_row(self, row: int) -> None:
        """The tiles of this row (index into `plan.rows()`) come now."""
        self._row = row
        if self._half:
            return
        rows = self._plan.rows()
        total = self._row_total.clone()
        for other, start in enumerate(rows):
            shift = start - rows[row]
            if other == row or abs(shift) >= self._depth:
                continue
            here = slice(max(shift, 0), self._depth + min(shift, 0))
            there = slice(max(-shift, 0), self._depth + min(-shift, 0))
            total[here] += self._row_total[there]
        self._share = total.reciprocal_()

    def add(self, start: tuple[int, int], logits: torch.Tensor) -> None:
        """A tile of the current row. start: along axes 1 and 2; logits: (channels, *patch)."""
        _, p1, p2 = self._plan.patch
        rows, columns = slice(start[0], start[0] + p1), slice(start[1], start[1] + p2)
        logits = logits.float().to(self._sums.device)
        if self._half:
            # in this order the source program rounds
            logits = logits * self._weights
            for planes, slots in self._segments():
                self._sums[:, slots, rows, columns] += logits[:, planes]
                self._counts[slots, rows, columns] += self._weights[planes]
            return
        weights = self._weights * self._share[:, rows, columns]
        for planes, slots in self._segments():
            self._sums[:, slots, rows, columns].addcmul_(logits[:, planes], weights[planes])

    def finish_row(self) -> Iterator[tuple[int, Plane]]:
        """(index in the field, (channels, n1, n2) values) of every plane that is final now.

        The arrays may be views into the ring, which is zeroed after their turn: copy what is kept.
        """
        plan = self._plan
        rows = plan.rows()
        end = rows[self._row + 1] if self._row + 1 < len(rows) else plan.shape[0]
        crop = [slice(b, b + n) for b, n in zip(plan.before[1:], plan.field_shape[1:], strict=True)]
        for z in range(rows[self._row], end):
            slot = z % self._depth
            plane = self._sums[:, slot]
            if self._half:
                plane /= self._counts[slot]
            if 0 <= z - plan.before[0] < plan.field_shape[0]:
                yield z - plan.before[0], self._mean(plane[:, crop[0], crop[1]]).float().cpu().numpy()
            plane.zero_()
            if self._half:
                self._counts[slot].zero_()

    def _mean(self, plane: torch.Tensor) -> torch.Tensor:
        """Of the networks, one after the other in the sums' own precision, as nnU-Net adds its folds."""
        if self._members == 1:
            return plane
        each = plane.chunk(self._members)
        total = each[0].clone()
        for other in each[1:]:
            total += other
        return total.div_(self._members)

    def _total_of_one_row(self) -> torch.Tensor:
        import torch

        total = torch.zeros((self._depth, *self._plan.shape[1:]), dtype=torch.float32, device=self._weights.device)
        _, p1, p2 = self._plan.patch
        for b, c in self._plan.in_row():
            total[:, b : b + p1, c : c + p2] += self._weights
        return total

    def _segments(self) -> Iterator[tuple[slice, slice]]:
        """(planes of the tile, slots of the ring): the ring's end cuts a tile into two at most."""
        first = self._plan.rows()[self._row] % self._depth
        yield slice(0, self._depth - first), slice(first, self._depth)
        if first:
            yield slice(self._depth - first, self._depth), slice(0, first)


def slab_bytes(plan: TilePlan, channels: int, *, half: bool) -> int:
    """What a RollingSlab takes: sums, and counts or weights."""
    plane: int = plan.shape[1] * plan.shape[2]
    return plan.patch[0] * plane * (channels * (2 if half else 4) + (2 if half else 8))
