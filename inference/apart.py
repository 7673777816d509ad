"""Voxels that the window's process and one beside it both map."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inference import memory


@dataclass(frozen=True, slots=True)
class Shared:
    """An array in a file that several processes map."""

    name: str
    dtype: str
    shape: tuple[int, int, int]

    def open(self, mode: Any) -> npt.NDArray[Any]:
        array: npt.NDArray[Any] = np.memmap(self.name, dtype=np.dtype(self.dtype), mode=mode, shape=self.shape)
        return array


@contextlib.contextmanager
def share(dtype: str, shape: tuple[int, ...]) -> Iterator[Shared]:
    """Room for an array that the worker can map too, gone afterwards.

    On Linux memory without a name, so that nothing is left behind whatever happens to either side; elsewhere, and where
    memory is short, a file.
    """
    needed = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    size = (shape[0], shape[1], shape[2])
    if sys.platform == "linux" and needed < 0.8 * memory.free_bytes():
        descriptor = os.memfd_create("theatrum-voxels")
        try:
            os.truncate(descriptor, needed)
            yield Shared(f"/proc/{os.getpid()}/fd/{descriptor}", dtype, size)
        finally:
            os.close(descriptor)
        return
    with tempfile.TemporaryDirectory(prefix="theatrum-", ignore_cleanup_errors=True) as folder:
        name = Path(folder) / "voxels"
        with name.open("wb") as file:
            file.truncate(needed)
        yield Shared(str(name), dtype, size)
