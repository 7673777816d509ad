"""Sagittal slices of an array `[k, j, i]` that nothing writes into: each voxel of one lies in a cache line of its own.

So neighbours are fetched together, and while the hand goes on in one direction the next ones little by little: no slice
waits for all of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

# slices that are fetched together; a pair needs the next one too
BLOCK_SLICES = 8
# the block in sight, and the one before it for a hand that turns back
KEPT_BLOCKS = 2


class SagittalSlices:
    """Blocks of neighbouring slices as arrays of their own."""

    def __init__(self, voxels: npt.NDArray[Any]) -> None:
        self._voxels = voxels
        self._kept: dict[int, npt.NDArray[Any]] = {}
        # the next block as far as it is fetched: its first slice, its array, and how many rows of it are there
        self._coming: tuple[int, npt.NDArray[Any], int] | None = None
        self._last = 0

    def pair(self, first: int, count: int) -> npt.NDArray[Any]:
        """(k, j, count) slices from `first`, at most two, as a view."""
        start = first // BLOCK_SLICES * BLOCK_SLICES
        block = self._kept.pop(start, None)
        if block is None:
            block = self._fetched(start, self._voxels.shape[0])
            self._coming = None
        self._kept[start] = block
        while len(self._kept) > KEPT_BLOCKS:
            del self._kept[next(iter(self._kept))]
        self._look_ahead(first, start)
        return block[:, :, first - start : first - start + count]

    def _look_ahead(self, first: int, start: int) -> None:
        """As much of the next block as lets it be whole when the hand arrives there."""
        way, self._last = first - self._last, first
        then = start + BLOCK_SLICES if way > 0 else start - BLOCK_SLICES
        if abs(way) not in range(1, BLOCK_SLICES) or then in self._kept or not 0 <= then < self._voxels.shape[2]:
            return
        steps = start + BLOCK_SLICES - first if way > 0 else first - start + 1
        done = self._coming[2] if self._coming is not None and self._coming[0] == then else 0
        self._fetched(then, done - (done - self._voxels.shape[0]) // steps)

    def _fetched(self, start: int, rows: int) -> npt.NDArray[Any]:
        """A block with at least so many of its rows (k)."""
        if self._coming is None or self._coming[0] != start:
            shape = (*self._voxels.shape[:2], min(BLOCK_SLICES + 1, self._voxels.shape[2] - start))
            self._coming = (start, np.empty(shape, dtype=self._voxels.dtype), 0)
        _, block, done = self._coming
        block[done:rows] = self._voxels[done:rows, :, start : start + block.shape[2]]
        self._coming = (start, block, max(rows, done))
        return block
