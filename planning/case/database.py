"""How the case's database is opened: plain ones by SQLite, encrypted ones by SQLCipher; what either says, in plain words."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

from planning.case.keys import CaseKey
from planning.case.places import is_network
from planning.case.schema import damaged
from planning.errors import CaseError

MOST_VALUE_BYTES = 1 << 30
MOST_COLUMNS = 32
PAGE_BYTES = 16384
# sqlite3's, or the same of SQLCipher
Connection = Any


def sqlite_errors() -> tuple[type[BaseException], ...]:
    """What may be raised by a database: for `except`. In a damaged file even the text of an error may be no text."""
    sealed = sys.modules.get("sqlcipher3.dbapi2")
    more = () if sealed is None else (sealed.Error,)
    return (sqlite3.Error, UnicodeDecodeError, *more)


def disk_error(error: BaseException, name: str) -> CaseError:
    """What SQLite met, in plain words."""
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return CaseError("This case is open in another window", "Close it there and try again", "locked")
    if "full" in text:
        return CaseError("The disk is full. Nothing was lost", "Free some space and try again", "disk_full")
    if "readonly" in text or "unable to open" in text:
        return CaseError(f"{name} cannot be written", "Check the permissions of its folder", "read_only")
    if "disk i/o" in text:
        return CaseError(
            f"{name} cannot be read: the file is damaged, or its disk is full or failing",
            "Look at the disk first; then bring back what can be: theatrum case recover",
            "damaged",
        )
    return damaged(str(error))


def locked(name: str) -> CaseError:
    """Of a case that is open elsewhere."""
    return disk_error(sqlite3.OperationalError("locked"), name)


def connect(path: Path, read_only: bool, draft: bool = False, key: CaseKey | None = None) -> Connection:
    """A connection with all its limits set; one to write holds the file's lock until it is closed.

    A wrong key is noticed at the first read. Raises `sqlite_errors()`.
    """
    mode = "ro" if read_only else "rwc"
    uri = f"file:{_quoted(path)}?mode={mode}"
    if read_only and not has_pending_log(path) and not os.access(path.parent, os.W_OK):
        # read-only media: nobody can write beside us, so no lock and no shared memory are needed
        uri += "&immutable=1"
    connection = _opened(uri, key)
    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
        connection.execute("PRAGMA mmap_size=0")
        if not read_only:
            _prepare_to_write(connection, draft)
    except sqlite_errors():
        connection.close()
        raise
    return connection


def _opened(uri: str, key: CaseKey | None) -> Connection:
    if key is None:
        plain = sqlite3.connect(uri, uri=True, check_same_thread=False, timeout=0.2, isolation_level=None)
        plain.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_VALUE_BYTES)
        plain.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, MOST_COLUMNS)
        return plain
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise CaseError(
            "This installation of Theatrum cannot open encrypted cases", "Install it anew, whole", "no_cipher"
        ) from error
    # it has no limits to set: its own longest value is a gigabyte, and who writes pages that it believes has the key
    sealed = dbapi2.connect(uri, uri=True, check_same_thread=False, timeout=0.2, isolation_level=None)
    # what it meets is raised; it would write a line of its own to the terminal besides
    sealed.execute("PRAGMA cipher_log_level=NONE").fetchall()
    sealed.execute(f'PRAGMA key="{key.text}"').fetchall()
    sealed.execute(f"PRAGMA cipher_page_size={PAGE_BYTES}").fetchall()
    # processors have instructions for it: opening takes two thirds of the time that its default takes
    sealed.execute("PRAGMA cipher_hmac_algorithm=HMAC_SHA256").fetchall()
    return sealed


def _prepare_to_write(connection: Connection, draft: bool) -> None:
    # exclusive before the first read: then no shared-memory file is made, and a second window is told so
    connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
    # larger pages than SQLite's own: a case of 100 MB is written a tenth faster, an edit costs 0.1 ms more
    connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
    if draft:
        # no journal and no waiting for the disk: a draft that is not closed is thrown away
        connection.execute("PRAGMA journal_mode=OFF").fetchall()
        connection.execute("PRAGMA synchronous=OFF")
        return
    connection.execute("PRAGMA synchronous=FULL")
    # takes the lock, which stays until the file is closed
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("COMMIT")


def begin_log(connection: Connection, path: Path) -> bool:
    """Write ahead from now on; False where the place allows only a rollback journal, which is as safe and slower."""
    if is_network(path):
        # two machines would not see the same log
        connection.execute("PRAGMA synchronous=EXTRA")
        return False
    mode = str(connection.execute("PRAGMA journal_mode=WAL").fetchone()[0])
    if mode != "wal":
        connection.execute("PRAGMA synchronous=EXTRA")
    return mode == "wal"


def has_pending_log(path: Path) -> bool:
    """True when steps lie in a log beside the file."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def remove_logs(path: Path) -> None:
    """Take away what a file of the same name left."""
    for name in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-journal")):
        name.unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path.resolve()))
