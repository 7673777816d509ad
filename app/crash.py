"""What is left of a program that was brought down: where its threads were, written by Python in its last moment.

Each running window keeps one file in the state folder, empty while all is well and gone after an orderly end. The next
start puts what it finds into the log, without paths, and tells the person.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import re
from pathlib import Path
from typing import IO

from app.paths import state_folder
from planning.running import is_running

logger = logging.getLogger(__name__)

MOST_LINES = 400


class CrashWatch:
    """Holds this process's file. Call `start` once, `end` when the program ends in order."""

    def __init__(self) -> None:
        self._file: IO[str] | None = None
        self._path: Path | None = None

    def start(self) -> bool:
        """Begin to watch. True where an earlier run was brought down; what it left is in the log then."""
        folder = state_folder()
        found = _take_left(folder)
        path = folder / f"crash-{os.getpid()}.txt"
        try:
            self._file = path.open("w", encoding="utf-8")
        except OSError:
            # a full disk: the window works without being watched
            return found
        self._path = path
        faulthandler.enable(self._file)
        return found

    def end(self) -> None:
        """The program ends as it should."""
        if self._file is None or self._path is None:
            return
        faulthandler.disable()
        self._file.close()
        with contextlib.suppress(OSError):
            self._path.unlink()
        self._file = self._path = None


def _take_left(folder: Path) -> bool:
    """Put what dead processes wrote into the log and remove it. Whether one was brought down."""
    found = False
    for path in sorted(folder.glob("crash-*.txt")):
        number = path.stem.partition("-")[2]
        if not number.isdigit() or (int(number) != os.getpid() and is_running(int(number))):
            continue
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
            path.unlink()
        except OSError:
            continue
        if text.strip():
            found = True
            logger.error("the program was brought down; its threads were at:")
            for line in text.splitlines()[:MOST_LINES]:
                logger.error("%s", short_place(line))
    return found


def short_place(line: str) -> str:
    """A line of a trace whose file is told as `package.module`, since the log's filter drops whole paths."""
    return re.sub(r'File "([^"]+)"', lambda found: f'File "{_last_names(found[1])}"', line)


def _last_names(place: str) -> str:
    return ".".join(re.split(r"[\\/]", place.removesuffix(".py"))[-2:])
