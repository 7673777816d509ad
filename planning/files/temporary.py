"""Folders with a patient's data outside its place, for as long as something is done: what a killed program left of them goes
with the next one."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from planning.running import is_running

NAME = re.compile(r"theatrum-[a-z]+-(\d+)-[^/]+")


def temporary_folder(kind: str) -> tempfile.TemporaryDirectory[str]:
    """A folder of this user alone, which goes when it is cleaned up. kind: small letters, for whoever looks at its name."""
    _sweep(Path(tempfile.gettempdir()))
    return tempfile.TemporaryDirectory(prefix=f"theatrum-{kind}-{os.getpid()}-")


def _sweep(place: Path) -> None:
    # the place is this computer's own, so every number in it is too
    for path in place.glob("theatrum-*"):
        found = NAME.fullmatch(path.name)
        try:
            if found is not None and not is_running(int(found[1])) and _is_own(path):
                # does not follow links
                shutil.rmtree(path, ignore_errors=True)
        except OSError:
            continue


def _is_own(path: Path) -> bool:
    """Whether this user made it. On Windows each user has a place of their own for such files."""
    return sys.platform == "win32" or path.lstat().st_uid == os.getuid()
