"""The case files that this process holds open for writing.

POSIX drops all of a process's locks on a file as soon as it closes any handle of it. So a file that is held here must not
even be looked at: whoever wants to know something of it asks here first.
"""

from __future__ import annotations

import errno
from pathlib import Path

Identity = tuple[int, int]
# SQLite's readers lock one of these bytes, its writer all of them
SHARED_FIRST, SHARED_BYTES = 0x40000002, 510
# the file, and the first bytes of an encrypted one (b"" of a plain one)
_held: dict[Identity, bytes] = {}


def identity_of(path: Path) -> Identity | None:
    """Device and inode, None where there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def hold(identity: Identity | None, header: bytes) -> None:
    """This process has the file open from now on. header: of an encrypted one, b"" of a plain one."""
    if identity is not None:
        _held[identity] = header


def let_go(identity: Identity | None) -> None:
    """It is closed."""
    if identity is not None:
        _held.pop(identity, None)


def held_header(path: Path) -> bytes | None:
    """Of a file that is open here: its header where it is encrypted, b"" where it is plain. None: it is not open here."""
    identity = identity_of(path)
    return None if identity is None else _held.get(identity)


def is_locked(path: Path) -> bool:
    """True when another process has the case open for writing. Nothing of the file is read or changed.

    Not for a file that is held here: closing it would let go of this process's own lock.
    """
    try:
        import fcntl
    except ImportError:
        # Windows: who writes keeps others from reading those bytes, which the reader meets itself
        return False
    try:
        with path.open("rb") as file:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB, SHARED_BYTES, SHARED_FIRST)
    except OSError as error:
        return error.errno in (errno.EACCES, errno.EAGAIN)
    return False
