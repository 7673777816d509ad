"""Folders with a patient's data outside its place, for as long as something is done: what a killed program left of them goes
with the next one."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from planning.running import is_running

NAME = re.compile(r"theatrum-[a-z]+-(\d+)-[^/]+")


def temporary_folder(kind: str) -> tempfile.TemporaryDirectory[str]:
    """A folder of this user alone, which goes when it is cleaned up. kind: small letters, for whoever looks at its name."""
    _sweep(Path(tempfile.gettempdir()))
    return tempfile.TemporaryDirectory(prefix=f"theatrum-{kind}-{os.getpid()}-")


def _sweep(place: Path) -> None:
    if os.name != "posix":
        # which processes run is not known there
        return
    for path in place.glob("theatrum-*"):
        found = NAME.fullmatch(path.name)
        try:
            if found is not None and not is_running(int(found[1])) and path.lstat().st_uid == os.getuid():
                # does not follow links
                shutil.rmtree(path, ignore_errors=True)
        except OSError:
            continue
