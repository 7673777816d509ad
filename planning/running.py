"""Whether a process is there: for what a killed program left behind."""

from __future__ import annotations

import os


def is_running(number: int) -> bool:
    """True for a process of this computer that goes on. On Windows only this one is known to."""
    if number == os.getpid():
        return True
    if os.name != "posix":
        # a signal of 0 would end a process there
        return False
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
