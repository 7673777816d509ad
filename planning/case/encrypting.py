"""A case's file encrypted, decrypted, or encrypted under another pass-phrase; what lies in it stays the same to the byte.

How a window or a command uses it:

    key = encrypt_case(path, "correct horse battery")       # in its place; the case must not be open
    decrypt_case(path)                                      # asks `planning.case.keys` for the key
    change_passphrase(path, "another pass-phrase")

Each writes the new file beside the old one, brings it to the disk, opens it again and compares it with the old one, and
only then gives it the old one's name: whatever happens meanwhile, one of the two is there whole. No other copy is left.
What the old file's blocks held stays readable on most disks until something else is written there: `LEFT_BEHIND` says so.
"""

from __future__ import annotations

import os
from pathlib import Path

from planning.case.copying import compare_rows, copy_rows
from planning.case.keys import CaseKey, is_encrypted, new_key
from planning.case.parts_left import written_aside
from planning.case.store import CaseStore, put_in_place, sync_folder
from planning.errors import CaseError
from planning.files.place import exists, writing
from planning.progress import CancelToken, Progress, no_progress

LEFT_BEHIND = (
    "The unencrypted file was removed, but what its blocks on the disk held may be readable until they are written over; "
    "copies and backups of it stay as they are"
)


def encrypt_case(
    path: Path,
    passphrase: str = "",
    *,
    key: CaseKey | None = None,
    out: Path | None = None,
    force: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> CaseKey:
    """Encrypt a case in its place, or into `out`; returns the key, which this process knows from now on.

    key: from `new_key`, instead of a pass-phrase. Raises CaseError (code "encrypted_already", "locked", "short", …);
    Cancelled when asked to stop, with nothing changed.
    """
    if is_encrypted(path):
        raise CaseError(f"{path.name} is encrypted already", "Change its pass-phrase instead", "encrypted_already")
    made = key or new_key(passphrase)
    _rewritten(path, made, out, force, progress, cancel)
    return made


def decrypt_case(
    path: Path,
    *,
    key: CaseKey | None = None,
    out: Path | None = None,
    force: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> None:
    """Take the encryption off a case, in its place or into `out`. Raises as `encrypt_case`, and what `CaseStore.open` does."""
    if not is_encrypted(path):
        raise CaseError(f"{path.name} is not encrypted", "Nothing needs to be done", "plain")
    _rewritten(path, None, out, force, progress, cancel, old_key=key)


def change_passphrase(
    path: Path,
    passphrase: str = "",
    *,
    new: CaseKey | None = None,
    key: CaseKey | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> CaseKey:
    """Encrypt a case anew under another pass-phrase. key: the old one, where it is not known. Raises as `decrypt_case`."""
    if not is_encrypted(path):
        raise CaseError(f"{path.name} is not encrypted", "Encrypt it first", "plain")
    made = new or new_key(passphrase)
    _rewritten(path, made, None, False, progress, cancel, old_key=key)
    return made


def _rewritten(
    path: Path,
    new: CaseKey | None,
    out: Path | None,
    force: bool,
    progress: Progress,
    cancel: CancelToken | None,
    old_key: CaseKey | None = None,
) -> None:
    target = path if out is None else Path(out)
    if out is not None:
        _check_out(path, target, force)
    with written_aside(target) as part:
        if out is None:
            # folds a log that an interrupted session left: the file alone is then the whole case
            CaseStore.open(path, key=old_key).close()
        with CaseStore.open(path, read_only=out is not None, key=old_key) as source:
            with writing(target), CaseStore.create(part, force=True, draft=True, key=new) as made:
                copy_rows(source, made, progress, cancel)
            compare_rows(source, part, new)
            if cancel is not None:
                cancel.raise_if_set()
            if out is None and os.name == "posix":
                # under the lock of the old one, so that nobody can write to it between
                with writing(target):
                    os.replace(part, target)
                sync_folder(target.parent)
        if part.exists():
            # Windows renames onto no file that is open
            put_in_place(part, target)
    progress(1.0, "")


def _check_out(path: Path, target: Path, force: bool) -> None:
    if exists(target) and target.samefile(path):
        raise CaseError("This is the case itself", "Leave the name out to change it in its place", "exists")
    if target.exists() and not force:
        raise CaseError(f"{target.name} exists already", "Choose another name or use --force", "exists")
    if not target.parent.is_dir():
        raise CaseError(f"The folder of {target.name} does not exist", "Make it first", "no_folder")
