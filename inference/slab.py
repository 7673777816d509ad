"""Sums of overlapping tiles, kept only for the planes that a coming tile can still reach.

Tiles come ordered by their first axis. A ring of one plane more than a tile has holds the sums; when a row of tiles is done,
the planes that the next row does not reach are final and are handed on. What each voxel's weights sum to is known before the first
tile (the starts form a grid), so every tile's weight is divided beforehand and no second map and no division remain.
A plane's channels lie together, so that it is handed on as it is; the one plane too many is the last one given, which
whoever took it may still be looking at.

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

        self._plan, self._half, self._members = plan, half, members
        self._slots = ring_planes(plan)
        self._kept = [dict(zip(*pair, strict=True)) for pair in zip(plan.starts, plan.kept, strict=True)]
        size = (self._slots, channels * members, *plan.shape[1:])
        self._sums = torch.zeros(size, dtype=torch.float16 if half else torch.float32, device=device)
        self._weights = torch.from_numpy(tile_weights(plan.tiling)).to(device)
        self._row = -1
        self._given: int | None = None
        if half:
            self._weights = self._weights.half()
            self._counts = torch.zeros((self._slots, *size[2:]), dtype=torch.float16, device=device)
        else:
            self._row_total = self._total_of_one_row()
            self._share = self._row_total

    def begin_row(self, row: int) -> None:
        """The tiles of this row (index into `plan.rows()`) come now."""
        self._row = row
        if self._half:
            return
        first, end = self._reach(row)
        total = self._row_total.new_zeros((end - first, *self._row_total.shape[1:]))
        for other, start in enumerate(self._plan.rows()):
            a, b = self._reach(other)
            a, b = max(a, first), min(b, end)
            if a < b:
                total[a - first : b - first] += self._row_total[a - start : b - start]
        self._share = total.reciprocal_()

    def add(self, start: tuple[int, int], logits: torch.Tensor) -> None:
        """A tile of the current row. start: along axes 1 and 2; logits: (channels, *patch)."""
        inner = [slice(*self._kept[axis][at]) for axis, at in enumerate((self._plan.rows()[self._row], *start))]
        rows, columns = [slice(at + part.start, at + part.stop) for at, part in zip(start, inner[1:], strict=True)]
        weights = self._weights[tuple(inner)]
        logits = logits[(slice(None), *inner)].float().to(self._sums.device).transpose(0, 1)
        if self._half:
            # in this order the source program rounds
            logits = logits * weights[:, None]
            for planes, slots in self._segments():
                self._sums[slots, :, rows, columns] += logits[planes]
                self._counts[slots, rows, columns] += weights[planes]
            return
        weights = weights * self._share[:, rows, columns]
        for planes, slots in self._segments():
            self._sums[slots, :, rows, columns].addcmul_(logits[planes], weights[planes, None])

    def finish_row(self) -> Iterator[tuple[int, Plane]]:
        """(index in the field, (channels, n1, n2) values) of every plane that is final now.

        The arrays may be views into the ring: each stays as it is until the next one has been taken.
        """
        plan = self._plan
        first = self._reach(self._row)[0]
        end = self._reach(self._row + 1)[0] if self._row + 1 < len(plan.rows()) else plan.shape[0]
        crop = [slice(b, b + n) for b, n in zip(plan.before[1:], plan.field_shape[1:], strict=True)]
        for z in range(first, end):
            slot = z % self._slots
            plane = self._sums[slot]
            if self._half:
                plane /= self._counts[slot]
            if 0 <= z - plan.before[0] < plan.field_shape[0]:
                yield z - plan.before[0], self._mean(plane[:, crop[0], crop[1]]).float().cpu().numpy()
            self._clear(self._given)
            self._given = slot

    def _clear(self, slot: int | None) -> None:
        """Nobody looks at this plane any more."""
        if slot is None:
            return
        self._sums[slot].zero_()
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

        total = torch.zeros(
            (self._plan.patch[0], *self._plan.shape[1:]), dtype=torch.float32, device=self._weights.device
        )
        for b, c in self._plan.in_row():
            rows, columns = slice(*self._kept[1][b]), slice(*self._kept[2][c])
            here = np.s_[:, b + rows.start : b + rows.stop, c + columns.start : c + columns.stop]
            total[here] += self._weights[:, rows, columns]
        return total

    def _reach(self, row: int) -> tuple[int, int]:
        """The planes that a row's tiles count in."""
        start = self._plan.rows()[row]
        first, end = self._plan.kept[0][row]
        return start + first, start + end

    def _segments(self) -> Iterator[tuple[slice, slice]]:
        """(planes of the tile that count, slots of the ring): the ring's end cuts a tile into two at most."""
        first, end = self._reach(self._row)
        depth, first = end - first, first % self._slots
        before_end = min(self._slots - first, depth)
        yield slice(0, before_end), slice(first, first + before_end)
        if before_end < depth:
            yield slice(before_end, depth), slice(0, depth - before_end)


def ring_planes(plan: TilePlan) -> int:
    """Planes of sums that are held at a time."""
    return max(end - first for first, end in plan.kept[0]) + 1


def slab_bytes(plan: TilePlan, channels: int, *, half: bool) -> int:
    """What a RollingSlab takes: sums, and counts or weights."""
    plane: int = plan.shape[1] * plan.shape[2]
    return ring_planes(plan) * plane * (channels * (2 if half else 4) + (2 if half else 8))
