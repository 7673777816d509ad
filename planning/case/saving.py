"""A whole copy of an open case under another name; the open one stays as it is."""

from __future__ import annotations

import os
from pathlib import Path

from planning.case.copying import copy_rows
from planning.case.document import Document
from planning.case.parts_left import written_aside
from planning.case.store import CaseStore, put_in_place
from planning.errors import CaseError
from planning.files.place import exists, writing


def save_copy(document: Document, target: Path, *, force: bool = False) -> Path:
    """Write everything of the case, its journal too, to `target`; the file appears whole or not at all. The copy of an
    encrypted case is encrypted with the same key.

    Raises CaseError when the target exists (without `force`), is this or another open case, or cannot be written.
    """
    target = Path(target)
    if exists(target) and document.path.exists() and target.samefile(document.path):
        raise CaseError("This is the open case itself", "Choose another name", "exists")
    if target.exists() and not force:
        raise CaseError(f"{target.name} exists already", "Choose another name", "exists")
    if not target.parent.is_dir():
        raise CaseError(f"The folder of {target.name} does not exist", "Make it first", "no_folder")
    try:
        with writing(target), written_aside(target) as part:
            part.unlink(missing_ok=True)
            if document.encrypted:
                _copy_sealed(document, part)
            else:
                document.store.rows("VACUUM INTO ?", (str(part),))
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            put_in_place(part, target)
    except CaseError as error:
        # the database names the open case; it is the copy that finds no place
        what = error.what.removeprefix(document.path.name)
        raise CaseError(error.what if what == error.what else target.name + what, error.hint, error.code) from error
    return target


def _copy_sealed(document: Document, part: Path) -> None:
    """SQLCipher's own copy has pages of another size, which no other place expects."""
    with document.store.still() as store, CaseStore.create(part, draft=True, key=store.key) as made:
        copy_rows(store, made)
