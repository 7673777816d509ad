"""Files that are still being written beside their place, and those that a killed program left there."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path


def part_name(target: Path) -> Path:
    """Where this process writes what will be `target`."""
    return target.with_name(f".{target.name}.{os.getpid()}.part")


def sweep_parts(target: Path) -> None:
    """Take away what processes that are gone were writing for this name: it may be half a case, unencrypted."""
    pattern = re.compile(re.escape(f".{target.name}.") + r"(\d+)\.part(-wal|-journal|-shm)?")
    with contextlib.suppress(OSError):
        for path in target.parent.iterdir():
            found = pattern.fullmatch(path.name)
            if found is not None and not _is_running(int(found[1])):
                path.unlink(missing_ok=True)


def _is_running(number: int) -> bool:
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
