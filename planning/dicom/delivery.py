"""How voxels come from the disposable child to the parent: in memory that both map, whole or in blocks.

Whole: the parent gets the volume. In blocks: a ring of a few blocks is filled again and again, so that neither side
ever holds the volume; the child waits until the parent has given a block back.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

RING_BLOCKS = 5
Send = Callable[[tuple[Any, ...]], None]
Wait = Callable[[], Any]
Shape = tuple[int, int, int]


class Delivery(Protocol):
    """Where the child puts slices."""

    def place(self, phase: int, k: int) -> int:
        """Where slice k goes in the first axis of `array(phase)`; slices are placed in order."""

    def array(self, phase: int) -> npt.NDArray[Any]:
        """The shared memory of a phase, once a slice of it was placed."""

    def done(self, phase: int, k: int) -> None:
        """Slice k is filled; slices come in order."""


class WholeDelivery:
    """Every phase in an array of its own."""

    def __init__(self, dtype: np.dtype[Any], shape: Shape, send: Send) -> None:
        self._dtype, self._shape, self._send = dtype, shape, send
        self._arrays: dict[int, npt.NDArray[Any]] = {}

    def place(self, phase: int, k: int) -> int:
        """See Delivery."""
        if phase not in self._arrays:
            self._arrays[phase] = share(self._dtype, self._shape, phase, self._send)
        return k

    def array(self, phase: int) -> npt.NDArray[Any]:
        """See Delivery."""
        return np.asarray(self._arrays[phase])

    def done(self, phase: int, k: int) -> None:
        """See Delivery."""
        self._send(("ready", phase, k + 1))


class RingDelivery:
    """Blocks of slices in a ring; each is used again only after the parent has given it back."""

    def __init__(self, dtype: np.dtype[Any], shape: Shape, block_slices: int, send: Send, wait: Wait) -> None:
        self._shape, self._slices, self._send, self._wait = shape, block_slices, send, wait
        self._ring = share(dtype, (RING_BLOCKS * block_slices, *shape[1:]), 0, send)
        self._begun, self._back = 0, 0

    def place(self, phase: int, k: int) -> int:
        """See Delivery."""
        if k % self._slices == 0:
            while self._begun - self._back >= RING_BLOCKS:
                self._wait()
                self._back += 1
            self._begun += 1
        return self._start + k % self._slices

    def array(self, phase: int) -> npt.NDArray[Any]:
        """See Delivery."""
        return np.asarray(self._ring)

    @property
    def _start(self) -> int:
        return (self._begun - 1) % RING_BLOCKS * self._slices

    def done(self, phase: int, k: int) -> None:
        """See Delivery."""
        if k % self._slices == self._slices - 1 or k == self._shape[0] - 1:
            count = k % self._slices + 1
            self._send(("block", phase, k + 1 - count, self._start, count))


def share(dtype: np.dtype[Any], shape: Shape, number: int, send: Send) -> npt.NDArray[Any]:
    """An array that the parent is told to map too. Runs in the child."""
    needed = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    if sys.platform == "linux" and needed < 0.8 * _free_memory():
        # memory without a name: whatever happens to either side, nothing is left behind
        name = f"/proc/{os.getpid()}/fd/{os.memfd_create('theatrum-voxels')}"
    else:
        handle, name = tempfile.mkstemp(prefix="theatrum-voxels-")
        os.close(handle)
    array: npt.NDArray[Any] = np.memmap(name, dtype=dtype, mode="w+", shape=shape)
    send(("mapped", number, name, dtype.name, shape))
    return array


def open_shared(message: tuple[Any, ...]) -> npt.NDArray[Any]:
    """The array of a "mapped" message, to be read. Runs in the parent."""
    _, _, name, dtype, shape = message
    array: npt.NDArray[Any] = np.memmap(name, dtype=np.dtype(dtype), mode="r", shape=shape)
    if not name.startswith("/proc/"):
        # mapped memory outlives its name: nothing is left behind even when this process is killed later
        os.unlink(name)
    return array


def _free_memory() -> int:
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0
