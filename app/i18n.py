"""The window's language, and the border where texts of planning/ and inference/ become its words.

Texts of the program itself are said with `tr` where they are shown (see docs/translating.md). What planning/ and
inference/ say stays English data, in cases, JSON and on the command line; `said` puts it into the window's language by
the templates of `app/planner_words.py`, `app/plan_words.py` and `app/more_words.py`, `structure_name` does so for structures.
"""

from __future__ import annotations

import importlib.resources
import locale
import logging
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from planning.registry import structure_style
from viewers.language import (
    SOURCE,
    in_source,
    language,
    local,
    lookup,
    mark,
    speak,
    text_direction,
    text_place,
    text_position,
    text_quantity,
    text_value,
    tr,
    word,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

__all__ = [
    "LANGUAGES",
    "SOURCE",
    "display_name",
    "in_source",
    "inside",
    "language",
    "local",
    "lookup",
    "mark",
    "said",
    "spoken_language",
    "structure_name",
    "text_direction",
    "text_place",
    "text_position",
    "text_quantity",
    "text_value",
    "tr",
    "use_language",
    "word",
]

logger = logging.getLogger(__name__)

# each language under its own name, so that whoever cannot read the others finds it
LANGUAGES = {"en": "English", "de": "Deutsch"}
_HOLE = re.compile(r"\{(\w+)\}")
_LETTERS = re.compile(r"[A-Za-z]")
FEW_LETTERS, FEW_WORDS = 10, 2
# holes inside holes: a sentence, its part, a list in it, the list's rest and the rest of that
MOST_DEEP = 4


def system_language() -> str:
    """The language of the desktop when there is a catalogue for it, else English."""
    from PySide6.QtCore import QLocale

    for name in QLocale.system().uiLanguages() or [locale.getlocale()[0] or ""]:
        code = name.replace("_", "-").split("-")[0].lower()
        if code in LANGUAGES:
            return code
    return SOURCE


def spoken_language(wanted: str) -> str:
    """The language that a setting means: "en", "de", or for "system" what the desktop speaks."""
    return wanted if wanted in LANGUAGES else system_language()


def use_language(wanted: str, application: QApplication | None = None) -> str:
    """Say everything from now on in "en", "de" or what the desktop speaks ("system"); returns the language used.

    With the application Qt's own words (of file dialogs, of menus in text fields) follow.
    """
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    code = spoken_language(wanted)
    catalogue: QTranslator | None = None
    if code != SOURCE:
        catalogue = QTranslator()
        file = importlib.resources.files("assets").joinpath("i18n", f"theatrum_{code}.qm")
        if not catalogue.load(str(file)):
            logger.warning("the texts of language %s cannot be read; English is used", code)
            code, catalogue = SOURCE, None
    speak(code, catalogue)
    _said_whole.cache_clear()
    if application is not None:
        for old in application.findChildren(QTranslator, "qt_words"):
            application.removeTranslator(old)
            old.deleteLater()
        words = QTranslator(application)
        words.setObjectName("qt_words")
        if code != SOURCE and words.load(
            f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        ):
            application.installTranslator(words)
        QLocale.setDefault(QLocale(code) if code != SOURCE else QLocale.c())
    return code


def said(text: str) -> str:
    """A text of planning/ or inference/ in the window's language; unknown texts stay as they are.

    A whole text is looked up first, then the templates with their holes; what fills a hole is said too ("liver" inside
    a warning), and numbers get the language's decimal mark. Several sentences may each be a template of its own.
    """
    if language() == SOURCE or not text:
        return text
    return _said_whole(text)


@lru_cache(maxsize=4096)
def _said_whole(text: str) -> str:
    return _said(text) or text


def _said(text: str, depth: int = 0) -> str | None:
    whole = _known(text)
    if whole is not None:
        return whole
    if depth > MOST_DEEP:
        return None
    # sentences that are each known go before a template whose hole would swallow one of them
    apart = _by_sentences(text, depth, whole=True)
    if apart is not None:
        return apart
    for pattern, template in _candidates(text):
        found = pattern.fullmatch(text)
        translated = lookup(template) if found else None
        if found and translated and _fits(template, found.groupdict(), depth):
            return _fill(translated, {name: _filling(value, depth) for name, value in found.groupdict().items()})
    parts = _by_sentences(text, depth, whole=False)
    if parts is None and text.endswith("."):
        # a finding that was made a sentence of its own
        bare = _said(text[:-1], depth + 1)
        return None if bare is None else f"{bare.removesuffix('.')}."
    return parts


def _known(text: str) -> str | None:
    """A whole text's translation; a reason that was made a sentence of its own is known without capital and full stop."""
    whole = lookup(text)
    if whole is not None:
        return whole
    bare = text.removesuffix(".")
    stop = text[len(bare) :]
    if stop and (whole := lookup(bare)) is not None:
        return whole + stop
    reason = lookup(bare[:1].lower() + bare[1:]) if " " in bare else None
    return None if reason is None else f"{reason[:1].upper()}{reason[1:]}{stop}"


def _fits(template: str, holes: Mapping[str, str], depth: int) -> bool:
    """False where a template of a word or two ("{what} below {low}") would take a whole sentence into its holes, unless
    what is in them is known by itself ("crosses {join}" with "portal branch 1")."""
    own = _LETTERS.findall(_HOLE.sub("", template))
    if len(own) >= FEW_LETTERS:
        return True
    return all(value.count(" ") < FEW_WORDS or _known_filling(value, depth) is not None for value in holes.values())


def _fill(template: str, filled: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: filled.get(hole[1], hole[0]), template)


def _filling(value: str, depth: int) -> str:
    return _known_filling(value, depth) or local(value)


def _known_filling(value: str, depth: int) -> str | None:
    whole = value[:1].upper() + value[1:]
    for known in (value, whole):
        found = lookup(known, "word") or lookup(known, "structure") or _said(known, depth + 1)
        if found:
            return found
    return None


def _by_sentences(text: str, depth: int, *, whole: bool) -> str | None:
    """The parts between full stops, each by its own. whole: only where every part is known."""
    parts = re.split(r"(?<=[.:;]) (?=[A-Z0-9])", text)
    if len(parts) < 2:
        return None
    translated = [_said(part, depth + 1) or _said(part.rstrip("."), depth + 1) for part in parts]
    if not (all(translated) if whole else any(translated)):
        return None
    joined = [
        part if new is None else new + "." * (part.endswith(".") and not new.endswith("."))
        for part, new in zip(parts, translated, strict=True)
    ]
    return " ".join(joined)


@lru_cache(maxsize=1)
def _templates() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    """Patterns of all templates by their first word ("" where a hole comes first), the longest literal text first."""
    from app import more_words, plan_words, planner_words

    return _by_first_word((*planner_words.TEMPLATES, *more_words.TEMPLATES, *plan_words.TEMPLATES))


def _by_first_word(templates: Iterable[str]) -> dict[str, list[tuple[re.Pattern[str], str]]]:
    by_word: dict[str, list[tuple[int, re.Pattern[str], str]]] = {}
    for template in templates:
        if not _HOLE.search(template):
            continue
        parts = _HOLE.split(template)
        literal = parts[::2]
        seen: set[str] = set()
        pattern = re.escape(literal[0])
        for name, after in zip(parts[1::2], parts[2::2], strict=True):
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
            pattern += re.escape(after)
            seen.add(name)
        first = literal[0].split(" ")[0] if " " in literal[0] else ""
        length = sum(len(text) for text in literal)
        by_word.setdefault(first, []).append((-length, re.compile(pattern), template))
    return {
        word: [(pattern, template) for _, pattern, template in sorted(rows, key=lambda row: row[0])]
        for word, rows in by_word.items()
    }


def _candidates(text: str) -> list[tuple[re.Pattern[str], str]]:
    table = _templates()
    first = text.split(" ")[0]
    return [*table.get(first, []), *(table.get("", []) if first else [])]


def structure_name(name: str) -> str:
    """A structure as it is called on screen in this language: "portal_vein" → "Portal vein", "Pfortader"."""
    display = structure_style(name).display
    return display_name(display)


def inside(words: str) -> str:
    """A name within a sentence: English writes its first letter small, German keeps it."""
    return words[:1].lower() + words[1:] if language() == SOURCE and not words[1:2].isupper() else words


def begun(words: str) -> str:
    """Words that also stand within sentences, where they stand alone: the first letter large."""
    return words[:1].upper() + words[1:]


def display_name(display: str) -> str:
    """A structure's English display name ("Tumor 2") in this language; a name that a person gave stays."""
    if language() == SOURCE:
        return display
    whole = lookup(display, "structure")
    if whole is not None:
        return whole
    stem, _, number = display.rpartition(" ")
    known = lookup(stem, "structure") if number.isdigit() else None
    return f"{known} {number}" if known else display
