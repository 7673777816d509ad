"""Whether a process is there: for what a killed program left behind.

A folder on a share holds what processes of other computers are writing, and their numbers say nothing here. So files that
are being written bear a mark of their computer beside the process's number; of another one only the age is known.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# what `writer` gives, for names of files: the process's number, and its computer's mark, which earlier versions did not write
WRITER = r"(\d+)(?:-([0-9a-f]{8}))?"
STALE_S = 86400.0
# Windows: the least that may be asked of another's process, and what its answers mean
QUERY_LIMITED, STILL_ACTIVE, NO_SUCH_PROCESS = 0x1000, 259, 87


def is_running(number: int) -> bool:
    """True for a process of this computer that goes on, and where that cannot be told."""
    if number == os.getpid():
        return True
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        return runs_in_windows(number, kernel, ctypes.get_last_error)
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def runs_in_windows(number: int, kernel: Any, last_error: Callable[[], int]) -> bool:
    """The same, asked of Windows. kernel: its kernel32; last_error: why its last call failed."""
    if not 0 < number < 1 << 32:
        return False
    # a handle is as wide as an address
    kernel.OpenProcess.argtypes = (ctypes.c_uint32, ctypes.c_int, ctypes.c_uint32)
    kernel.OpenProcess.restype = ctypes.c_void_p
    kernel.GetExitCodeProcess.argtypes = (ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint32))
    kernel.CloseHandle.argtypes = (ctypes.c_void_p,)
    handle = kernel.OpenProcess(QUERY_LIMITED, 0, number)
    if not handle:
        # one of another user is there and may not be asked
        return last_error() != NO_SUCH_PROCESS
    try:
        code = ctypes.c_uint32()
        # one that ended may be held by whoever started it, and is found all the same
        return not kernel.GetExitCodeProcess(handle, ctypes.byref(code)) or code.value == STILL_ACTIVE
    finally:
        kernel.CloseHandle(handle)


@functools.cache
def this_computer() -> str:
    """Eight letters that tell this computer from others and say nothing of it."""
    known = platform.node()
    with contextlib.suppress(OSError):
        # many computers that were set up from one picture are called the same
        known += Path("/etc/machine-id").read_text(encoding="ascii", errors="replace")
    return hashlib.sha256(f"theatrum|{known}".encode()).hexdigest()[:8]


def writer(number: int | None = None) -> str:
    """Who writes a file, for its name. number: of the process, None for this one."""
    return f"{os.getpid() if number is None else number}-{this_computer()}"


def is_left(path: Path, number: str, computer: str | None) -> bool:
    """Whether nobody goes on with this file, whose name says who writes it (see WRITER). Raises OSError.

    Of another computer's process, and of one that is not said to be this one's, a day without a word is waited for.
    """
    if computer == this_computer():
        return not is_running(int(number))
    return time.time() - path.stat().st_mtime > STALE_S and (computer is not None or not is_running(int(number)))
