"""The audit trail of a case: every step of its journal in words, and what was written out or sent, with when and by which
version.

The journal is only ever appended to and each step holds the hash of the one before, so that what is read here is what was
done: a step that was changed, left out or cut off makes the case unreadable instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning.case import journal
from planning.case.outgoing import Outgoing, outgoings

if TYPE_CHECKING:
    from planning.case.document import Document


WRITTEN, SENT = "written out", "sent"
OUT = (WRITTEN, SENT)


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One step. number: from 1. time_utc: ISO 8601, as the computer's clock had it. version: of the program.

    what: "done", "undone", "done again", "written out" or "sent". text: the step in words; of the step that was undone or done
    again, number `of`. is_undone: whether it stands no longer. What went out is no step: its number is that of the newest one
    then, and stands after it; to: where it was sent, by the name that the archive has here.
    """

    number: int
    time_utc: str
    version: str
    what: str
    text: str
    of: int | None
    is_undone: bool
    to: str = ""


def trail(document: Document) -> tuple[TrailStep, ...]:
    """All steps and what went out, the oldest first. Raises CaseError when one cannot be read."""
    standing, found = set[int](), list[TrailStep]()
    texts: dict[int, str] = {}
    for number, time_utc, version, step in _rows(document):
        op, _, _ = step
        if op in (journal.UNDO, journal.REDO):
            of = journal.moved_step(step)
            (standing.discard if op == journal.UNDO else standing.add)(of)
            what = "undone" if op == journal.UNDO else "done again"
            found.append(TrailStep(number, time_utc, version, what, texts.get(of, ""), of, False))
            continue
        texts[number] = journal.command_of(step).title
        standing.add(number)
        found.append(TrailStep(number, time_utc, version, "done", texts[number], None, False))
    steps = tuple(
        step
        if step.what != "done" or step.number in standing
        else TrailStep(step.number, step.time_utc, step.version, step.what, step.text, step.of, True)
        for step in found
    )
    out = tuple(_went_out(one) for one in outgoings(document))
    # both are in order, and sorting keeps what it finds so
    return tuple(sorted((*steps, *out), key=lambda step: (step.number, step.what in OUT))) if out else steps


def _went_out(one: Outgoing) -> TrailStep:
    what = SENT if one.to else WRITTEN
    return TrailStep(one.step, one.time_utc, one.version, what, one.what, None, False, one.to)


def _rows(document: Document) -> Iterator[tuple[int, str, str, journal.Step]]:
    rows = document.store.rows("SELECT seq, time_utc, application_version FROM journal ORDER BY seq")
    # the commands one by one: those of a long plan are large
    for seq, time_utc, version in rows:
        if seq > document.journal_length:
            return
        yield int(seq), str(time_utc), str(version), journal.read_step(document.store, int(seq))
