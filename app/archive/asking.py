"""Questions to an archive, in the calling thread: is it there, which studies, which series. No answer is ever logged."""

from __future__ import annotations

import contextlib
import itertools
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.i18n import mark
from planning.errors import InputError, TheatrumError
from planning.pacs.association import Association, Context, associate
from planning.pacs.node import Node, Own, WebNode
from planning.pacs.query import FIND, RETURNED, Wish, as_row, find_series
from planning.pacs.services import PLAIN, VERIFICATION, echo, find, identifier
from planning.pacs.web import find_rows

ANSWER_S = 30.0
MOST_STUDIES = 200
"""Shown at first; each "show more" asks for five times as many."""


class _Enough(Exception):
    """More matches are not wanted: the line is ended at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of an archive, by the names of `query.RETURNED`; whether it has more; or why it did not answer."""

    rows: tuple[dict[str, str], ...] = ()
    has_more: bool = False
    error: TheatrumError | None = None


def ask_studies(node: Node | WebNode, own: Own, wish: Wish, most: int, answer_s: float = ANSWER_S) -> Answer:
    """The first `most` studies that match, newest first."""
    try:
        if isinstance(node, WebNode):
            rows = find_rows(node, "STUDY", wish, answer_s, most + 1)
        else:
            rows = _some_studies(node, own, wish, most + 1, answer_s)
    except TheatrumError as error:
        return Answer(error=error)
    shown = sorted(rows[:most], key=lambda row: (row["StudyDate"], row["StudyTime"]), reverse=True)
    return Answer(tuple(shown), len(rows) > most)


def _some_studies(node: Node, own: Own, wish: Wish, most: int, answer_s: float) -> list[dict[str, str]]:
    names = RETURNED["STUDY"]
    keys = {
        "PatientID": wish.patient_id, "PatientName": wish.patient_name, "AccessionNumber": wish.accession,
        "StudyDate": wish.date, "ModalitiesInStudy": wish.modality, "StudyDescription": wish.description,
        "StudyInstanceUID": wish.study,
    }  # fmt: skip
    asked = identifier("STUDY", {name: keys.get(name, "") for name in names})
    rows: list[dict[str, str]] = []
    with contextlib.suppress(_Enough), _line(node, own, answer_s) as association:
        rows += [as_row(match, names) for match in itertools.islice(find(association, asked), most)]
        if len(rows) >= most:
            raise _Enough
    return rows


@contextlib.contextmanager
def _line(node: Node, own: Own, answer_s: float) -> Iterator[Association]:
    with associate(node, own, [FIND], answer_s) as association:
        yield association


def ask_series(node: Node | WebNode, own: Own, study: str, answer_s: float = ANSWER_S) -> Answer:
    """The series of a study, by their numbers."""
    wish = Wish(study=study)
    try:
        if isinstance(node, WebNode):
            rows = find_rows(node, "SERIES", wish, answer_s)
        else:
            with _line(node, own, answer_s) as association:
                rows = find_series(association, wish)
    except TheatrumError as error:
        return Answer(error=error)
    return Answer(tuple(rows))


def time_to_answer(node: Node | WebNode, own: Own, answer_s: float = 10.0) -> float:
    """Seconds until the archive says that it is there. Raises NetworkError, InputError."""
    begun = time.monotonic()
    if isinstance(node, WebNode):
        # there is no echo: one study, or none, is an answer
        find_rows(node, "STUDY", Wish(), answer_s, 1)
    else:
        with associate(node, own, [Context(VERIFICATION, PLAIN)], answer_s) as association:
            echo(association)
    return time.monotonic() - begun


def name_wish(typed: str) -> str:
    """A patient's name as archives match it: "Muster, Anna" is Muster^Anna, and what follows may be anything."""
    name = "^".join(part.strip() for part in typed.strip().split(",") if part.strip())
    return name if not name or "*" in name or "?" in name else f"{name}*"


def text_wish(typed: str) -> str:
    """Words anywhere in a text, unless * or ? say where."""
    text = typed.strip()
    return text if not text or "*" in text or "?" in text else f"*{text}*"


def date_wish(begin: str, end: str) -> str:
    """Two typed dates, either may be empty, as a range of DICOM. Raises InputError."""
    first, last = _date(begin), _date(end)
    if first and last and first > last:
        raise InputError(mark("The first day is after the last"), mark("Exchange them"), "query")
    if not first and not last:
        return ""
    return first if first == last else f"{first}-{last}"


def days_wish(days: int) -> str:
    """The last `days` days and today as a range."""
    return f"{date.today() - timedelta(days=days):%Y%m%d}-"


def _date(typed: str) -> str:
    """ "2026-03-11", "20260311" or "11.3.2026" as DICOM writes it."""
    text = typed.strip()
    if not text:
        return ""
    found = re.fullmatch(r"(\d{4})[-./ ]?(\d{1,2})[-./ ]?(\d{1,2})", text)
    year, month, day = found.groups() if found else (0, 0, 0)
    if found is None and (german := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)):
        day, month, year = german.groups()
    try:
        return f"{date(int(year), int(month), int(day)):%Y%m%d}"
    except ValueError:
        raise InputError(f"'{text[:20]}' is no date", mark("Write it like 2026-03-11"), "query") from None
