"""Callouts of a guided panel as plain data, and how findings and errors become them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.i18n import said
from app.panels.cards import Callout
from planning.errors import InputError, TheatrumError

LONG_TITLE = 44


@dataclass(frozen=True, slots=True)
class Note:
    """A callout: title, sentence, state, and the word of its link."""

    title: str
    text: str = ""
    state: str = "warn"
    link: str = ""


def split_sentences(text: str) -> tuple[str, str]:
    """The first sentence without its full stop, and the rest; of a long sentence what stands before its colon.

    In the window's language: a translator knows the whole text, not its parts.
    """
    first, dot, rest = said(text).partition(". ")
    if not dot and len(first) > LONG_TITLE and ": " in first:
        first, _, rest = first.partition(": ")
        return first, rest[:1].upper() + rest[1:]
    return first.rstrip("."), rest if dot else ""


def note_of(error: TheatrumError) -> Note:
    """An error as a callout: what, and the way out."""
    if isinstance(error, InputError):
        return Note(error.what, f"{error.hint}." if error.hint else "")
    return Note(str(error))


def show_notes(callouts: Sequence[Callout], notes: Sequence[Note]) -> None:
    """The first notes on a step's callouts; the others are cleared."""
    for n, callout in enumerate(callouts):
        if n < len(notes):
            callout.show_note(notes[n].title, notes[n].text, notes[n].state, notes[n].link)
        else:
            callout.clear()


def problem_words(error: TheatrumError) -> tuple[str, str]:
    """Title and sentence of an error as a callout."""
    from app.texts import error_text

    words = error_text(error)
    return words.title, " ".join(part for part in (words.text, words.hint) if part)
