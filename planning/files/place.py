"""A place that cannot be written, in plain words."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from planning.errors import InputError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """What the system says against writing `path` becomes an InputError that names it, never its draft."""
    try:
        yield
    except OSError as error:
        raise refusal(path, error) from error


def refusal(path: Path, error: OSError) -> InputError:
    """The error for a file that cannot be written."""
    name = path.name if len(path.name) <= 60 else f"{path.name[:57]}…"
    if error.errno in FULL:
        return InputError(f"{name} cannot be written: the disk is full", "Free some space and try again", "disk_full")
    if error.errno == errno.ENAMETOOLONG:
        return InputError(f"The name {name} is too long", "Choose a shorter one", "name")
    if error.errno == errno.EISDIR:
        return InputError(f"{name} is a folder", "Choose another name", "exists")
    return InputError(
        f"{name} cannot be written ({error.strerror or error})",
        "Choose another folder or check its permissions",
        "place",
    )


def system_refusal(error: OSError, output: Path | None = None) -> InputError | None:
    """The error to tell for what the system refused; None when it is not the system's but ours, a bug.

    output: the file or folder that was asked for, so that its name is told and not its draft's.
    """
    place = Path(os.fsdecode(error.filename)).absolute() if error.filename else None
    if output is not None and _belongs(place, output.absolute()):
        return refusal(output, error)
    if error.errno not in (*FULL, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.ENAMETOOLONG):
        return None
    return refusal(place or Path("A file"), error)


def _belongs(place: Path | None, output: Path) -> bool:
    if place is None:
        # a write to an open file tells no name
        return True
    is_draft = place.parent == output.parent and place.name.startswith((".theatrum-", f".{output.name}"))
    return is_draft or output in (place, *place.parents)


def copy_into_place(source: Path, target: Path) -> None:
    """A copy that appears whole or not at all. Raises InputError that names `target` where it cannot be written."""
    part = target.with_name(f".{target.name}.part")
    try:
        with writing(target):
            shutil.copyfile(source, part)
            part.replace(target)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def exists(path: Path) -> bool:
    """True when something is there. Raises InputError for a name that no file can have."""
    with writing(path):
        return path.exists()
