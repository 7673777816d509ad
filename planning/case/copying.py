"""Everything of a case copied into another file, row by row, and compared: between plain and encrypted ones too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from planning.case.document import Document
from planning.case.keys import CaseKey
from planning.case.schema import TABLES, damaged
from planning.case.store import CaseStore
from planning.errors import CaseError
from planning.progress import CancelToken, Progress, no_progress


def copy_rows(
    source: CaseStore, made: CaseStore, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> None:
    """Every row of every table into an empty case, in the same order of columns, one at a time: a large case needs no
    more memory.

    What lay in free pages of the old file is left behind. Raises CaseError where a block of voxels is damaged; Cancelled.
    """
    total = int(source.rows("SELECT coalesce(sum(length(data)), 0) FROM chunk")[0][0]) or 1
    done = 0
    with made.transaction() as connection:
        for table in TABLES:
            for row in source.each(f"SELECT * FROM {table}"):
                if table == "chunk":
                    if cancel is not None:
                        cancel.raise_if_set()
                    if hashlib.sha256(row[3]).hexdigest() != row[0]:
                        raise damaged("a block of voxels differs from its hash")
                    done += len(row[3])
                    progress(0.8 * done / total, "Writing the case anew")
                connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def compare_rows(source: CaseStore, part: Path, key: CaseKey | None) -> None:
    """Read the new file back from the disk: its journal, and every value of every table. Raises CaseError (code "differs")."""
    with Document.open(part, read_only=True, key=key) as written:
        for table in TABLES:
            if _table_sha256(source.each, table) != _table_sha256(written.store.each, table):
                raise CaseError(
                    "The new file differs from the case, which stays as it was",
                    "Check the disk and try again",
                    "differs",
                )


def _table_sha256(each: Callable[[str], Iterator[tuple[Any, ...]]], table: str) -> str:
    whole = hashlib.sha256()
    order = "1, 2" if table == "array_chunk" else "1"
    for row in each(f"SELECT * FROM {table} ORDER BY {order}"):
        for value in row:
            if isinstance(value, bytes):
                whole.update(b"b" + hashlib.sha256(value).digest())
            else:
                whole.update(f"{type(value).__name__} {value}\0".encode("utf-8", "surrogatepass"))
    return whole.hexdigest()
