"""The window's language: `tr` says a text in it, `mark` only marks one, numbers get its decimal mark.

English is the source and needs no Qt, so the command line loads nothing. Another language is a compiled Qt catalogue,
`assets/i18n/theatrum_<code>.qm`; all texts lie in its empty context, a second argument tells two meanings apart.
"""

from __future__ import annotations

import contextlib
import contextvars
import re
import string
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from planning import units

if TYPE_CHECKING:
    from PySide6.QtCore import QTranslator

SOURCE = "en"
# the decimal mark of each language that is not written with a point
DECIMAL_MARK = {"de": ","}
# answers of the catalogue that are kept
MOST_KNOWN = 20_000
_POINT = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?![\d.])")
_PLURAL = re.compile(r"\(([^()|]*)(?:\|([^()|]*))?\)")


class _Speech:
    """Which language is spoken now."""

    code: str = SOURCE
    catalogue: QTranslator | None = None
    known: dict[tuple[str, str, int | None], str]

    def __init__(self) -> None:
        self.known = {}


_speech = _Speech()
# what is written for other programs is said in English, also while the window speaks another language
_in_source: contextvars.ContextVar[bool] = contextvars.ContextVar("in_source", default=False)


class _LocalFormatter(string.Formatter):
    """str.format whose floating-point numbers have the language's decimal mark and the true minus sign's place kept."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value."""
        said = str(format(value, format_spec))
        return local(said) if isinstance(value, float) else said


_formatter = _LocalFormatter()


def language() -> str:
    """The code of the language spoken now: "en", "de"."""
    return SOURCE if _in_source.get() else _speech.code


@contextlib.contextmanager
def in_source() -> Iterator[None]:
    """Say everything inside in English with a decimal point: what goes into tables and files for programs."""
    token = _in_source.set(True)
    try:
        yield
    finally:
        _in_source.reset(token)


def speak(code: str, catalogue: QTranslator | None) -> None:
    """Say everything in this language from now on; what is on the screen already stays as it is."""
    _speech.code, _speech.catalogue = code, catalogue
    _speech.known.clear()


def lookup(text: str, comment: str = "", count: int | None = None) -> str | None:
    """A text's translation, None where there is none (always in English)."""
    catalogue = _speech.catalogue
    if catalogue is None or not text or _in_source.get():
        return None
    key = (text, comment, count)
    said = _speech.known.get(key)
    if said is None:
        if len(_speech.known) >= MOST_KNOWN:
            # holes are asked for too, and each place under the hand is another text
            _speech.known.clear()
        found = catalogue.translate("", text, comment or None, -1 if count is None else count)  # type: ignore[call-overload]
        said = _speech.known[key] = str(found or "")
    return said or None


def tr(text: str, comment: str = "", count: int | None = None, /, **values: object) -> str:
    """A text in the window's language with its {placeholders} filled.

    comment: which meaning ("of a page"), only where one English text means two things. count: fills %n; the English
    text writes its plural as "%n slice(s)" or "%n (branch|branches)". values fill the placeholders as str.format does;
    floating-point numbers get the language's decimal mark. Text and comment must be literals: lupdate reads them.
    """
    said = lookup(text, comment, count)
    if said is None:
        said = text if count is None else _english_plural(text, count)
    if count is not None:
        said = said.replace("%n", units.text_value(count, 0))
    return _formatter.vformat(said, (), _in_words(values)) if values else said


def _in_words(values: dict[str, object]) -> dict[str, object]:
    """A hole's bare word ("liver", "left") in the language, too; all else as it is."""
    if _speech.catalogue is None:
        return values
    return {key: word(value) if isinstance(value, str) else value for key, value in values.items()}


def word(text: str) -> str:
    """A bare word that fills a hole or follows a number ("liver", "trees"), where the catalogue has it as such."""
    return lookup(text, "word") or text


def mark(text: str, comment: str = "") -> str:
    """A literal in a table that is said later with tr(...); this only makes it known to lupdate."""
    return text


def _english_plural(text: str, count: int) -> str:
    def chosen(found: re.Match[str]) -> str:
        one, many = ("", found[1]) if found[2] is None else (found[1], found[2])
        return one if count == 1 else many

    return _PLURAL.sub(chosen, text)


def local(text: str) -> str:
    """A text whose numbers are written with a point, with this language's decimal mark: "4.7 mm" → "4,7 mm".

    Version numbers and other figures with two points ("1.2.3") stay.
    """
    decimal = DECIMAL_MARK.get(language())
    return _POINT.sub(rf"\1{decimal}\2", text) if decimal else text


def text_value(value: float, decimals: int) -> str:
    """`planning.units.text_value` in this language."""
    return local(units.text_value(value, decimals))


def text_quantity(value: float | None, unit: str, plus_minus: float | None = None) -> str:
    """`planning.units.text_quantity` in this language."""
    return local(units.text_quantity(value, unit, plus_minus))


def text_position(position_mm: npt.ArrayLike) -> str:
    """`planning.units.text_position` in this language."""
    return local(units.text_position(position_mm))


def text_place(position_mm: npt.ArrayLike) -> str:
    """`planning.units.text_place` in this language."""
    return local(units.text_place(position_mm))


def text_direction(direction: npt.ArrayLike) -> str:
    """`planning.units.text_direction` in this language."""
    return local(units.text_direction(direction))
