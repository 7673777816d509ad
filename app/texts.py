"""What a person reads when something cannot be done: what happened, why it matters, what to do. And when things were.

Errors of planning/ speak to the command line too; here their words become the window's: no options, no program names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.i18n import mark, said, tr
from planning.errors import TheatrumError

RESEARCH_ONLY = "Research use only. Not a medical device. Every number must be checked by a physician."


@dataclass(frozen=True, slots=True)
class ErrorText:
    """A dialog's words. title has no full stop; text says what and why; hint what can be done; action is the button."""

    title: str
    text: str = ""
    hint: str = ""
    action: str = "Close"


def error_text(error: TheatrumError) -> ErrorText:
    """The dialog's words for an expected error."""
    what = str(getattr(error, "what", "") or error)
    hint = str(getattr(error, "hint", ""))
    code = str(getattr(error, "code", ""))
    title, _, rest = what.partition(". ")
    plain = ErrorText(_upper(title.rstrip(".")), _sentence(rest), _sentence(window_hint(hint, code)))
    refine = _BY_CODE.get(code)
    words = refine(plain) if refine is not None else plain
    return ErrorText(said(words.title), said(words.text), said(words.hint), said(words.action))


def window_hint(hint: str, code: str = "") -> str:
    """A hint without what only the command line has; "" when nothing is left."""
    if code in _HINTS and _speaks_to_the_console(hint):
        return _HINTS[code]
    if hint in _WHOLE_HINTS:
        return _WHOLE_HINTS[hint]
    parts = [part for part in re.split(r"(?<=[.!?]) |, or | or (?=use )", hint) if not _speaks_to_the_console(part)]
    return ", or ".join(parts) if parts and parts != [hint] else ("" if _speaks_to_the_console(hint) else hint)


def _speaks_to_the_console(text: str) -> bool:
    return bool(re.search(r"--\w|\btheatrum \w", text))


_HINTS: Mapping[str, str] = {
    "not_a_case": "Open the folder with the scan instead",
    "exists": "Choose another name",
    "other_grid": "Take it by nearest neighbour, or bring a label map of this scan",
    "series": "Choose another series",
}
_WHOLE_HINTS: Mapping[str, str] = {
    "Name a .theatrum file": "Choose a .theatrum file",
    "Check the permissions of its folder": "Check who may write in its folder",
    "Add a label map first: theatrum labels CASE add FILE": "Add a label map in Segment first",
    "Plan first: theatrum tavr, vessel or liver": "Make a plan first",
    "Give --structure NAME": "Choose a structure",
    "Leave --series out": "Choose another series",
    "Import a CT first": "Open a CT first",
}


def _series(words: ErrorText) -> ErrorText:
    if not words.text:
        return words
    return replace(words, text=f"{words.text} A volume built from them would be wrong.", action="Choose another series")


def _nothing(words: ErrorText) -> ErrorText:
    found = re.search(r"only (\d+) other files?", words.title)
    if found is None and ":" in words.title:
        reason = words.title.partition(":")[2].strip()
        return replace(words, title="There is no scan here", text=_sentence(_upper(reason)))
    if found is None:
        return words
    count = int(found[1])
    text = "It holds one other file." if count == 1 else f"It holds {count} other files."
    return replace(words, title="This folder has no scans", text=text)


def _newer(words: ErrorText) -> ErrorText:
    if not words.title.startswith("This case was made by a newer Theatrum"):
        return replace(words, hint="Install a newer version of Theatrum.")
    return replace(words, hint="Install that version or ask for an export.")


def _damaged(words: ErrorText) -> ErrorText:
    found = re.fullmatch(r"The case file is damaged(?:: (.+)| \((.+)\))?", words.title)
    if found is None:
        return words
    detail = found[1] or found[2] or ""
    text = f"{_sentence(_upper(detail))} Nothing of it is shown, so that no wrong picture is."
    return ErrorText("The case file is damaged", text.strip(), "Open a copy of it.")


def _disk_full(words: ErrorText) -> ErrorText:
    return ErrorText("The disk is full", "Nothing was lost.", "Free some space and save again.")


def _zip_bomb(words: ErrorText) -> ErrorText:
    return replace(words, hint="Unpack it by hand and look at what is in it.")


def _truncated(words: ErrorText) -> ErrorText:
    return replace(words, text=words.text or "The rest of the scan is missing.")


_BY_CODE: Mapping[str, Callable[[ErrorText], ErrorText]] = {
    "series": _series,
    "nothing": _nothing,
    "newer": _newer,
    "damaged": _damaged,
    "disk_full": _disk_full,
    "zip_bomb": _zip_bomb,
    "truncated": _truncated,
}


def _upper(text: str) -> str:
    # a file's own name keeps its letters
    return text if re.match(r"\S+\.\w", text) else text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?" else f"{text}."


def parse_time(text: str) -> datetime | None:
    """An ISO time in local time; None for anything else."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        return None


def day_and_time(then: datetime) -> str:
    """ "19 Nov 2025 10:42:07"."""
    return f"{day_text(then, with_year=True)} {then:%H:%M:%S}"


def when_text(then: datetime, now: datetime) -> str:
    """ "today 10:42", "yesterday", "19 Nov", "19 Nov 2025"."""
    days = (now.date() - then.date()).days
    if days == 0:
        return tr("today {then:%H:%M}", then=then)
    if days == 1:
        return tr("yesterday")
    return day_text(then, with_year=then.year != now.year)


_MONTHS = (
    *(mark("Jan"), mark("Feb"), mark("Mar"), mark("Apr"), mark("May"), mark("Jun")),
    *(mark("Jul"), mark("Aug"), mark("Sep"), mark("Oct"), mark("Nov"), mark("Dec")),
)


def day_text(then: datetime, *, with_year: bool = False) -> str:
    """ "19 Nov", "19 Nov 2025"."""
    month = tr(_MONTHS[then.month - 1])
    if with_year:
        return tr("{day} {month} {year}", day=then.day, month=month, year=then.year)
    return tr("{day} {month}", day=then.day, month=month)


def remaining_text(seconds: float) -> str:
    """ "14 s" (steps of 2 s below 20 s, of 5 s below a minute), then "3 min"."""
    if seconds < 20:
        return f"{max(2, 2 * round(seconds / 2))}\u202fs"
    if seconds < 60:
        return f"{5 * round(seconds / 5)}\u202fs"
    return f"{max(1, round(seconds / 60))}\u202fmin"


def date_text(date: str) -> str:
    """ "11 Mar 2026" from DICOM's "20260311"; other texts as they are."""
    try:
        then = datetime.strptime(date, "%Y%m%d")
    except ValueError:
        return date
    return day_text(then, with_year=True)


def person_text(facts: Mapping[str, str]) -> str:
    """ "74 y · female" from DICOM's age and sex; "" where neither is known."""
    parts = []
    age = re.fullmatch(r"(\d{3})([YMWD])", facts.get("age", ""))
    if age is not None:
        unit = {"Y": tr("y", "years of age"), "M": tr("months"), "W": tr("weeks"), "D": tr("days")}[age[2]]
        parts.append(f"{int(age[1])}\u202f{unit}")
    sex = {"F": tr("female"), "M": tr("male")}.get(facts.get("sex", ""))
    return " · ".join([*parts, *([sex] if sex else [])])
