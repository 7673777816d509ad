"""Memory that pictures are made in stays with the program between two of them; what was let go for good goes back.

glibc gives freed memory back to the system and fetches it again for the next slice: about a thousand page faults a pane,
a tenth of its time. Large blocks (volumes, masks) go back at once, all others where `give_back` asks for it.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from pathlib import Path
from typing import Any

# of malloc.h
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -2, -3, -8
# numpy asks for huge pages under arrays of 4 MB and more: in the heap, what is written there later would bring back two
# megabytes for each word
KEPT_BYTES, PAD_BYTES, LARGE_BYTES = 32 << 20, 4 << 20, 4 << 20
# of mman.h
MADV_NOHUGEPAGE = 15
# a heap for each thread that ever worked keeps KEPT_BYTES at its end and pages between what stays: in a long run of the
# window these were some 300 MB
HEAPS = 1


def keep_picture_memory() -> None:
    """Tell the allocator, once and before there are threads; other systems and C libraries are left as they are."""
    mallopt = _of_libc("mallopt")
    if mallopt is None:
        return
    for option, value in (
        (M_TRIM_THRESHOLD, KEPT_BYTES),
        (M_TOP_PAD, PAD_BYTES),
        (M_MMAP_THRESHOLD, LARGE_BYTES),
        (M_ARENA_MAX, HEAPS),
    ):
        mallopt(option, value)


def give_back() -> None:
    """Whole pages of freed memory go back to the system; takes milliseconds, so at a time when nothing moves."""
    _end_huge_pages()
    trim = _of_libc("malloc_trim")
    if trim is not None:
        trim(0)


def _end_huge_pages() -> None:
    """The heap is made of small pages again.

    A large array that malloc found room for in the heap leaves numpy's wish for huge pages there. The system then makes two
    megabytes whole again wherever one small thing stayed, at a time of its own choosing: 120 and 182 MB of the heap were
    such pages after some hundred acts of random hands on the sample liver.
    """
    advise, end_of_heap = _of_libc("madvise"), _of_libc("sbrk")
    start = _heap_start()
    if advise is None or end_of_heap is None or not start:
        return
    end_of_heap.restype = ctypes.c_void_p
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    end = int(end_of_heap(0) or 0)
    if end > start:
        # a system without huge pages refuses, and has none to end
        advise(start, end - start, MADV_NOHUGEPAGE)


@cache
def _heap_start() -> int:
    """Where the heap that grows with `sbrk` begins, 0 where none is told of."""
    maps = Path("/proc/self/maps")
    if not maps.exists():
        return 0
    lines = maps.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((int(line.split("-")[0], 16) for line in lines if line.endswith("[heap]")), 0)


def _of_libc(name: str) -> Any:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
