"""Copies of large arrays that share every memory page nobody wrote to: a stroke on 512 x 512 x 1093 copies kilobytes.

The content lies in memory that the system maps many times; each copy is a private mapping, in which the system itself
copies a page at its first write (`mmap.ACCESS_COPY`). A copy knows which pages are its own. No file has a name: the memory
is the system's own, on macOS an unlinked file's.
"""

from __future__ import annotations

import contextlib
import itertools
import mmap
import os
import sys
import threading
import weakref
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

PAGE_BYTES = mmap.PAGESIZE
# own pages are copied from version to version; this many (4 MiB) take about 2 ms, then they become everybody's
MOST_OWN_PAGES = 1024
_numbers = itertools.count()
Mapped = TypeVar("Mapped", bound=mmap.mmap)


class SharedPages:
    """The content that copies begin from; none of them ever sees it change."""

    def __init__(self, content: npt.NDArray[Any]) -> None:
        raw = np.ascontiguousarray(content).reshape(-1).view(np.uint8)
        self.nbytes = raw.nbytes
        self.lock = threading.RLock()
        self.copies: weakref.WeakSet[PrivateCopy] = weakref.WeakSet()
        self.mapped_bytes = -(-raw.nbytes // PAGE_BYTES) * PAGE_BYTES
        self.name = f"theatrum {os.getpid()} {next(_numbers)}"
        self.file = -1 if sys.platform == "win32" else _memory_file(self.name)
        if self.file >= 0:
            weakref.finalize(self, os.close, self.file)
            os.ftruncate(self.file, self.mapped_bytes)
        self._content = np.frombuffer(_mapping(mmap.mmap, self, mmap.ACCESS_WRITE), dtype=np.uint8)
        self._content[: raw.nbytes] = raw

    def copy(self, own: npt.NDArray[np.intp], pages: npt.NDArray[np.uint8]) -> PrivateCopy:
        """A copy whose pages with the numbers `own` are `pages` (N, PAGE_BYTES) instead."""
        copy = _mapping(PrivateCopy, self, mmap.ACCESS_COPY)
        copy.source, copy.is_own = self, np.zeros(self.mapped_bytes // PAGE_BYTES, dtype=bool)
        copy.pages()[own] = pages
        copy.is_own[own] = True
        self.copies.add(copy)
        return copy

    def take_in(self, newest: PrivateCopy) -> None:
        """Make the newest copy's own pages the content: every other copy keeps what it had as its own."""
        taken = np.flatnonzero(newest.is_own)
        for copy in list(self.copies):
            _keep(copy, taken[~copy.is_own[taken]])
        self._content.reshape(-1, PAGE_BYTES)[taken] = newest.pages()[taken]
        newest.is_own[:] = False


class PrivateCopy(mmap.mmap):
    """One version. It lives as long as any array on it does; whoever writes says so first by `owned`.

    It holds no array of itself: NumPy's arrays take no part in the search for circles, it would never be freed.
    """

    source: SharedPages
    is_own: npt.NDArray[np.bool_]

    def bytes_(self) -> npt.NDArray[np.uint8]:
        """The content, writable."""
        return np.frombuffer(self, dtype=np.uint8, count=self.source.nbytes)

    def pages(self) -> npt.NDArray[np.uint8]:
        """The content by pages."""
        return np.frombuffer(self, dtype=np.uint8).reshape(-1, PAGE_BYTES)

    def version(self) -> PrivateCopy | None:
        """Another version of the same content; costs as much as this one has pages of its own.

        None where the system has no more such memory (each version takes a file handle).
        """
        with self.source.lock, contextlib.suppress(OSError):
            own = np.flatnonzero(self.is_own)
            if len(own) > MOST_OWN_PAGES:
                self.source.take_in(self)
                # they stay private here, but equal the content now
                own = own[:0]
            return self.source.copy(own, self.pages()[own])
        return None

    def owned(self, first_bytes: npt.NDArray[np.intp], length: int) -> None:
        """Make the pages of `length` bytes (at most a page) from each of the places this version's own."""
        with self.source.lock:
            mine = np.zeros_like(self.is_own)
            mine[first_bytes // PAGE_BYTES] = True
            mine[(first_bytes + max(length - 1, 0)) // PAGE_BYTES] = True
            _keep(self, np.flatnonzero(mine & ~self.is_own))


def _keep(copy: PrivateCopy, pages: npt.NDArray[np.intp]) -> None:
    # a write, though of the same byte, makes the system copy the page
    copy.pages()[pages, 0] |= 0
    copy.is_own[pages] = True


def _mapping(kind: type[Mapped], source: SharedPages, access: int) -> Mapped:
    if sys.platform == "win32":
        return kind(-1, source.mapped_bytes, tagname=source.name, access=access)
    return kind(source.file, source.mapped_bytes, access=access)


def shared(content: npt.NDArray[Any]) -> PrivateCopy | None:
    """A first copy of an array; None where the system gives no such memory, a plain copy does then."""
    with contextlib.suppress(OSError, ValueError):
        source = SharedPages(content)
        none = np.empty(0, dtype=np.intp)
        return source.copy(none, np.empty((0, PAGE_BYTES), dtype=np.uint8))
    return None


def _memory_file(name: str) -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create(name)
    import tempfile

    # macOS has no nameless memory; an unlinked file is the nearest
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
