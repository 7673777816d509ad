"""A case that another process holds open, read as it is on the disk: the file and its write-ahead log are copied aside.

Its owner locks the file as long as it has it, so that nobody else can read it through SQLite. What was committed is in the
file or in the log; the log's header changes whenever frames may have left it, so a copy made between two equal headers
is whole.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from planning.errors import CaseError
from planning.files.temporary import temporary_folder

TRIES = 5
HEADER_BYTES = 32
# what a rollback journal begins with while it holds something; zeros, or no journal, otherwise
JOURNAL_MARK, PAUSE_S = 8, 0.1


def copied_aside(path: Path) -> tuple[tempfile.TemporaryDirectory[str], Path]:
    """(the folder, which goes when it is cleaned up; the copy in it). Raises CaseError where there is never a quiet moment,
    or no room."""
    folder = temporary_folder("read")
    target = Path(folder.name) / path.name
    log, copied_log = _log_of(path), _log_of(target)
    try:
        for _ in range(TRIES):
            if _is_changing(path):
                time.sleep(PAUSE_S)
                continue
            before = _state(path, log)
            shutil.copyfile(path, target)
            copied_log.unlink(missing_ok=True)
            if log.exists():
                shutil.copyfile(log, copied_log)
            if _state(path, log) == before and not _is_changing(path):
                return folder, target
    except OSError as error:
        folder.cleanup()
        raise CaseError("This case is open in another window", "Close it there and try again", "locked") from error
    folder.cleanup()
    raise CaseError("This case is open in another window, which is saving", "Try again in a moment", "locked")


def _is_changing(path: Path) -> bool:
    """True while a change is being written where there is a rollback journal instead of a log, as on a share."""
    try:
        with path.with_name(path.name + "-journal").open("rb") as stream:
            return any(stream.read(JOURNAL_MARK))
    except FileNotFoundError:
        return False


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _state(path: Path, log: Path) -> tuple[bytes, bytes | int]:
    """What tells whether anything but new frames was written: the log's header; without a log the file's own time."""
    try:
        with log.open("rb") as stream:
            header = stream.read(HEADER_BYTES)
    except FileNotFoundError:
        header = b""
    with path.open("rb") as stream:
        first = stream.read(100)
    return header, first if header else path.stat().st_mtime_ns
