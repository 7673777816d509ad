"""Tensors that still lie in their file: where, of what kind, how many. Their numbers are read when they are asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.errors import ModelError


@dataclass(frozen=True)
class Tensor:
    """A tensor that still lies in its file. `shape` and `strides` in elements."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def count(self) -> int:
        return math.prod(self.shape)

    def array(self) -> NDArray[Any]:
        """Its numbers, contiguous; bfloat16 as float32. Raises ModelError when the record is damaged."""
        flat = self.storage.numbers()
        item = flat.itemsize
        steps = tuple(stride * item for stride in self.strides)
        view = np.lib.stride_tricks.as_strided(flat[self.offset :], self.shape, steps, writeable=False)
        numbers = np.ascontiguousarray(view).reshape(self.shape)
        if self.storage.type == "bf16":
            return (numbers.astype(np.uint32) << 16).view(np.float32)
        return numbers


@dataclass(frozen=True)
class Storage:
    """A row of numbers in the file; several tensors may look at one."""

    type: str
    key: str
    count: int
    read: Callable[[], bytes] = field(compare=False, repr=False)

    @property
    def bytes(self) -> int:
        return self.count * item_bytes(self.type)

    def numbers(self) -> NDArray[Any]:
        raw = self.read()
        if len(raw) != self.bytes:
            raise untrusted(f"storage {self.key} has {len(raw)} bytes, {self.bytes} are asked of it")
        return np.frombuffer(raw, "<u2" if self.type == "bf16" else self.type)


def held(name: str, array: NDArray[Any]) -> Tensor:
    """Numbers that are in memory, in the form of those in a file."""
    flat = np.ascontiguousarray(array)
    strides = tuple(step // max(flat.itemsize, 1) for step in flat.strides)
    kind = flat.dtype.newbyteorder("<").str.replace("|b1", "?").replace("|u1", "<u1").replace("|i1", "<i1")
    return Tensor(Storage(kind, name, flat.size, flat.tobytes), 0, flat.shape, strides)


def item_bytes(type_: str) -> int:
    return 2 if type_ == "bf16" else np.dtype(type_).itemsize


def untrusted(why: str) -> ModelError:
    return ModelError(f"The weights file cannot be trusted: {why}", "Get it again from where it came", "hostile")
