"""Memory that pictures are made in stays with the program between two of them.

glibc gives freed memory back to the system and fetches it again for the next slice: about a thousand page faults a pane,
a tenth of its time. Blocks above 8 MB (volumes, masks) still go back at once.
"""

from __future__ import annotations

import sys

# of malloc.h
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3
KEPT_BYTES, PAD_BYTES, LARGE_BYTES = 32 << 20, 4 << 20, 8 << 20


def keep_picture_memory() -> None:
    """Tell the allocator once; other systems and other C libraries are left as they are."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    for option, value in ((M_TRIM_THRESHOLD, KEPT_BYTES), (M_TOP_PAD, PAD_BYTES), (M_MMAP_THRESHOLD, LARGE_BYTES)):
        mallopt(option, value)
