"""What this computer keeps beside a case, for one that is encrypted: nothing of it lies on a disk plain unasked."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path

from app.panels.drafts import take_drafts_in
from app.paths import cache_folder, thumbnail_folder

MEMORY = Path("/dev/shm")
# of what a folder of drafts may need
LEAST_FREE_BYTES = 1 << 30


def take_in(path: Path) -> None:
    """After a case was encrypted in its place: what this computer kept beside it goes into it, or away. Its key is known.
    Raises CaseError, OSError."""
    forget_plain()
    take_drafts_in(path)


def forget_plain() -> None:
    """Take away kept surfaces, cuts and small pictures, of all cases: those of one cannot be told from their names. They
    are made again when they are needed."""
    for folder, ending in ((cache_folder(), ".npz"), (thumbnail_folder(), ".png")):
        for path in folder.glob(f"*{ending}"):
            with contextlib.suppress(OSError):
                path.unlink()


def drafts_place(encrypted: bool) -> str | None:
    """Where temporary files may lie that show a case: None for the system's place; of an encrypted one in memory, where the
    system has such a place (Linux)."""
    if not encrypted or sys.platform != "linux" or not os.access(MEMORY, os.W_OK):
        return None
    return str(MEMORY) if shutil.disk_usage(MEMORY).free > LEAST_FREE_BYTES else None
