"""What was made once and can be made again: the newest of it is kept, up to a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

import numpy as np

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """A mapping that lets go of what was not asked for longest. Several threads may use it at once.

    most_bytes: of all that is kept beside what is needed. nbytes: the size of a value. needed: keys that are in use now;
    they stay and do not count, since letting them go would free nothing. least: so many of the others stay whatever
    their size.
    """

    def __init__(
        self,
        most_bytes: int,
        nbytes: Callable[[V], int],
        needed: Callable[[], Container[K]] = tuple,
        *,
        least: int = 0,
    ) -> None:
        self._most_bytes, self._nbytes, self._needed, self._least = most_bytes, nbytes, needed, least
        self._values: OrderedDict[K, V] = OrderedDict()
        self._sizes: dict[K, int] = {}
        self._lock = threading.RLock()

    def __contains__(self, key: K) -> bool:
        return key in self._values

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[K]:
        with self._lock:
            return iter(tuple(self._values))

    def __getitem__(self, key: K) -> V:
        with self._lock:
            self._values.move_to_end(key)
            return self._values[key]

    def get(self, key: K) -> V | None:
        """A value, which is the newest from now on; None where it is not kept."""
        with self._lock:
            return self[key] if key in self._values else None

    def __setitem__(self, key: K, value: V) -> None:
        size = self._nbytes(value)
        with self._lock:
            self._values[key], self._sizes[key] = value, size
            self._values.move_to_end(key)
            self.trim()

    def trim(self) -> None:
        """Let go of what is too much, the oldest first; to be called when something is not needed any more."""
        with self._lock:
            needed = self._needed()
            spare = [key for key in self._values if key not in needed]
            held = sum(self._sizes[key] for key in spare)
            for key in spare[: max(len(spare) - self._least, 0)]:
                if held <= self._most_bytes:
                    return
                del self._values[key]
                held -= self._sizes.pop(key)

    def keep_only(self, keys: Container[K]) -> None:
        """Let go of all others, whatever their number and size."""
        with self._lock:
            for key in tuple(self._values):
                if key not in keys:
                    del self._values[key], self._sizes[key]

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._values.clear()
            self._sizes.clear()


def array_bytes(*values: object) -> int:
    """Memory of all arrays that objects of ours hold, in attributes, mappings and sequences, each array once."""
    arrays: dict[int, int] = {}
    seen: set[int] = set()
    ahead = list(values)
    while ahead:
        one = ahead.pop()
        if isinstance(one, np.ndarray):
            while isinstance(one.base, np.ndarray):
                one = one.base
            arrays[id(one)] = one.nbytes
        elif id(one) not in seen:
            seen.add(id(one))
            ahead.extend(_parts(one))
    return sum(arrays.values())


def _parts(one: object) -> Iterable[object]:
    if isinstance(one, Mapping):
        return one.values()
    if isinstance(one, tuple | list):
        return one
    if not type(one).__module__.startswith("planning.") or isinstance(one, type):
        return ()
    slots = [name for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ())]
    return [*getattr(one, "__dict__", {}).values(), *(getattr(one, name, None) for name in slots)]
