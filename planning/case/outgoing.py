"""What of a case was written out or sent, when, by which version and where to: kept in the case's file beside the journal.

Each note holds the hash of the one before and of the journal's newest step, so that a note that was changed, left out or moved
is found. A destination is the kind of a file or the name that a person gave an archive: no path, no file's name, no address,
for these may name a patient. Notes are no steps: undo knows nothing of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planning.case import journal
from planning.case.manifest import dumps
from planning.case.schema import damaged
from planning.files.json_text import parsed_json
from planning.provenance import APPLICATION_VERSION, now_utc

if TYPE_CHECKING:
    from planning.case.document import Document

# keys of the meta table: the prefix and a number; what no key of a note comes after
PREFIX, BEHIND = "outgoing ", "outgoing!"
HEAD, FIRST = "outgoing-head", "0" * 64
LONGEST_NAME = 200
# at the end of `what`, where not all of it arrived
STOPPED = ", stopped on the way"
FIELDS = ("number", "time_utc", "version", "what", "to", "step", "head", "before")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One note. what: "report (.pdf)"; to: an archive's name, "" for files. step: the journal's newest one then."""

    number: int
    time_utc: str
    version: str
    what: str
    to: str
    step: int


def note_outgoing(document: Document, what: str, to: str = "") -> None:
    """Write down that something left the case; on the disk when this returns. Raises CaseError where it cannot be written."""
    with document.store.transaction() as connection:
        newest = document.store.rows("SELECT max(value) FROM meta WHERE key=(SELECT max(key) FROM meta WHERE key >= ? "
                                     "AND key < ?)", (PREFIX, BEHIND))[0][0]  # fmt: skip
        last: dict[str, Any] = _read(newest) if newest is not None else {"number": 0, "sha256": FIRST}
        note = {
            "number": last["number"] + 1,
            "time_utc": now_utc(),
            "version": APPLICATION_VERSION,
            "what": what[:LONGEST_NAME],
            "to": to[:LONGEST_NAME],
            "step": document.journal_length,
            "head": document.head_sha256,
            "before": last["sha256"],
        }
        digest = _sha256(note)
        row = (f"{PREFIX}{note['number']:08d}", dumps({**note, "sha256": digest}))
        connection.execute("INSERT INTO meta VALUES (?, ?)", row)
        # a chain cannot tell that its end was cut off; the head beside it can
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (HEAD, f"{note['number']} {digest}"))


def outgoings(document: Document) -> tuple[Outgoing, ...]:
    """All notes, the oldest first, up to the step that the document stands on. Raises CaseError where they do not fit."""
    rows = document.store.rows("SELECT key, value FROM meta WHERE key >= ? AND key < ? ORDER BY key", (PREFIX, BEHIND))
    found, before, heads = list[Outgoing](), FIRST, {0: journal.GENESIS}
    for at, (key, value) in enumerate(rows, start=1):
        note = _read(value)
        step = note["step"]
        if step not in heads:
            hashes = document.store.rows("SELECT sha256 FROM journal WHERE seq=?", (step,))
            heads[step] = hashes[0][0] if hashes else ""
        if key != f"{PREFIX}{at:08d}" or (note["number"], note["before"], note["head"]) != (at, before, heads[step]):
            raise damaged("what went out of it was changed")
        before = note["sha256"]
        if step <= document.journal_length:
            found.append(Outgoing(at, note["time_utc"], note["version"], note["what"], note["to"], step))
    if (document.store.meta(HEAD) or f"0 {FIRST}") != f"{len(rows)} {before}":
        raise damaged("what went out of it was changed")
    return tuple(found)


def _read(value: object) -> dict[str, Any]:
    """One note whose own hash fits. Raises CaseError."""
    try:
        note = dict(parsed_json(str(value)))
        whole = note["sha256"] == _sha256(note)
    except (ValueError, KeyError, TypeError) as error:
        raise damaged("what went out of it cannot be read") from error
    numbers, words = (note["number"], note["step"]), [note[name] for name in FIELDS if name not in ("number", "step")]
    if not whole or not all(type(one) is int for one in numbers) or not all(isinstance(one, str) for one in words):
        raise damaged("what went out of it was changed")
    return note


def _sha256(note: Mapping[str, object]) -> str:
    return hashlib.sha256(dumps({name: note[name] for name in FIELDS}).encode("utf-8")).hexdigest()
