"""What the patient's page says, in plain words; `assets/patient/words.json` holds them in every language of the program."""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from collections.abc import Mapping
from typing import Any

from planning.registry import canonical_name, structure_style

LANGUAGES = ("en", "de")


@functools.cache
def _table() -> Mapping[str, Any]:
    text = importlib.resources.files("assets").joinpath("patient", "words.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def page_words(language: str) -> dict[str, str]:
    """Every text of the page itself by its key."""
    return {key: row[language] for key, row in _table()["page"].items() if key != "organ_title"}


def title(organ: str, language: str) -> str:
    """The page's title for an organ of the table, "other" for everything else."""
    titles = _table()["page"]["organ_title"]
    return str(titles.get(organ, titles["other"])[language])


def is_own_name(name: str) -> bool:
    """Whether the page calls a structure as a person named it, for want of words of its own."""
    return not name_and_note(name, LANGUAGES[0])[1] and canonical_name(name) not in _table()["structures"]


def name_and_note(name: str, language: str) -> tuple[str, str]:
    """A structure as a patient would call it, and what it does in one sentence, "" where the table has none.

    Numbered ones ("tumor_2") take their stem's words with the number behind the name. One that is not in the table keeps
    the name it has in the program.
    """
    rows = _table()["structures"]
    key = canonical_name(name)
    numbered = re.fullmatch(r"(.+?)_?(\d+)", key)
    if key in rows:
        words, note = rows[key][language]
    elif numbered and numbered[1] in rows:
        words, note = rows[numbered[1]][language]
        words = f"{words} {int(numbered[2])}"
    elif re.search(r"(tumou?r|lesion|metastas[ei]s)", key):
        words, note = rows["tumor"][language]
        if numbered:
            words = f"{words} {int(numbered[2])}"
    else:
        words, note = structure_style(name).display, ""
    return words, note
