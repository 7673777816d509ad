"""Memory that pictures are made in stays with the program between two of them; what was let go for good goes back.

glibc gives freed memory back to the system and fetches it again for the next slice: about a thousand page faults a pane,
a tenth of its time. Large blocks (volumes, masks) go back at once, all others where `give_back` asks for it.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

# of malloc.h
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -2, -3, -8
# numpy asks for huge pages under arrays of 4 MB and more: in the heap, what is written there later would bring back two
# megabytes for each word
KEPT_BYTES, PAD_BYTES, LARGE_BYTES = 32 << 20, 4 << 20, 4 << 20
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
    trim = _of_libc("malloc_trim")
    if trim is not None:
        trim(0)


def _of_libc(name: str) -> Any:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
