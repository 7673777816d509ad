"""The case file's tables, and the checks a file must pass before anything in it is believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planning.case.keys import MAGIC
from planning.errors import CaseError

APPLICATION_ID = 0x54485452
FORMAT_VERSION = 1
HEADER = b"SQLite format 3\x00"

TABLES = {
    "meta": "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "chunk": "CREATE TABLE chunk (sha256 TEXT PRIMARY KEY, codec TEXT NOT NULL, raw_bytes INTEGER NOT NULL, "
    "data BLOB NOT NULL)",
    "array": "CREATE TABLE array (id TEXT PRIMARY KEY, dtype TEXT NOT NULL, shape TEXT NOT NULL, "
    "chunk_slices INTEGER NOT NULL)",
    "array_chunk": "CREATE TABLE array_chunk (array_id TEXT NOT NULL, n INTEGER NOT NULL, sha256 TEXT NOT NULL, "
    "PRIMARY KEY (array_id, n)) WITHOUT ROWID",
    "snapshot": "CREATE TABLE snapshot (seq INTEGER PRIMARY KEY, manifest_json TEXT NOT NULL, sha256 TEXT NOT NULL)",
    "journal": "CREATE TABLE journal (seq INTEGER PRIMARY KEY, time_utc TEXT NOT NULL, application_version TEXT NOT NULL, "
    "op TEXT NOT NULL, op_version INTEGER NOT NULL, parameters_json TEXT NOT NULL, array_ids TEXT NOT NULL, "
    "previous_sha256 TEXT NOT NULL, sha256 TEXT NOT NULL)",
}


def damaged(detail: str = "") -> CaseError:
    """The error of a file that is ours and broken."""
    return CaseError(
        f"The case file is damaged{f' ({detail})' if detail else ''}",
        "Use a copy of it, or bring back what can be: theatrum case recover",
        "damaged",
    )


def check_header(path: Path) -> None:
    """Refuse what is not there, not a file, or not SQLite. Raises CaseError."""
    if not path.exists():
        raise CaseError(f"{path.name} is not there", "Check the name of the case", "not_there")
    if path.is_dir():
        # "." has no name of its own
        name = path.absolute().name or str(path)
        raise CaseError(f"{name} is a folder, not a case", "Name a .theatrum file", "not_a_case")
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise CaseError(
            f"{path.name} cannot be read ({error.strerror})", "Check its permissions", "unreadable"
        ) from error
    if header.startswith(MAGIC):
        if len(header) < 100:
            raise damaged("cut off")
        return
    if not header.startswith(HEADER):
        raise CaseError(f"{path.name} is not a Theatrum case", "Import a scan into a case first", "not_a_case")
    if len(header) < 100:
        raise damaged("cut off")


def create_tables(connection: Any) -> None:
    """Make an empty case."""
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={FORMAT_VERSION}")
    for statement in TABLES.values():
        connection.execute(statement)


def check_schema(connection: Any, name: str, *, sealed: bool = False) -> None:
    """Application id, format version, table text, SQLite's own check: in this order, each with its message.

    sealed: of an encrypted case. Each of its pages is checked against its seal when it is read, and only who has the key
    can make one, so that pages are not read twice.
    """
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise CaseError(f"{name} is a database of another program", "Name a .theatrum file", "not_a_case")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > FORMAT_VERSION:
        raise CaseError(
            f"This case was made by a newer Theatrum (format {version})", "Update Theatrum to open it", "newer"
        )
    if version != FORMAT_VERSION:
        raise damaged(f"format {version}")
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    found = {row[1]: row[2] for row in rows if row[0] == "table"}
    if len(rows) != len(TABLES) or found != TABLES:
        raise CaseError(
            f"{name} holds tables that are not a case's", "Do not open it; ask where it comes from", "foreign"
        )
    if not sealed and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise damaged("its pages do not fit together")
