"""Which text may stay: only what is made of words that are known to name nobody."""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from typing import Any

from planning.dicom.clean import DESCRIPTION_WORDS, KERNEL_WORDS, SCANNER_WORDS, clean_description, clean_kernel

LONGEST_TEXT = 64
MOST_DIGITS = 4
_HEADS = """
head brain skull cranial cranium cerebral cerebrum neuro face facial sinus sinuses orbit orbits iac sella jaw mandible dental
kopf schädel schaedel gehirn hirn nnh tete tête crane crâne headneck neck wb wholebody whole
"""
HEAD_WORDS = frozenset(_HEADS.split())
# a number with its unit, or what a kernel, a phase or a software's version is called by: "70", "5mm", "B30", "TP0"
PLAIN = r"\d{1,4}(mm|ms|kv|s)?|[A-Za-z]{1,2}\d{1,2}"
KERNEL_TAG = 0x00181210


@functools.cache
def words() -> frozenset[str]:
    """All of them, in small letters."""
    assets = importlib.resources.files("assets")
    terms = json.loads(assets.joinpath("confidentiality_words.json").read_text(encoding="utf-8"))["words"]
    rows = json.loads(assets.joinpath("structures.json").read_text(encoding="utf-8"))["structures"]
    structures = {part for row in rows for name in (row["name"], row["display"]) for part in _parts(name)}
    return frozenset(terms) | DESCRIPTION_WORDS | SCANNER_WORDS | KERNEL_WORDS | {one.lower() for one in structures}


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[^\w]|_", text) if part]


def is_known(text: str) -> bool:
    """True when every word of it is known and its numbers are too few to be a date or a record's number."""
    if len(text) > LONGEST_TEXT or sum(letter.isdigit() for letter in text) > MOST_DIGITS:
        return False
    return all(part.lower() in words() or re.fullmatch(PLAIN, part, re.ASCII) for part in _parts(text))


def kept_text(tag: int, values: list[str]) -> list[str]:
    """The values of an attribute that the profile does not name; one that is not known is emptied."""
    if tag == KERNEL_TAG:
        whole = clean_kernel("\\".join(values))
        return whole.split("\\") if whole else []
    kept = [value if is_known(value) else "" for value in values]
    return kept if any(kept) else []


def cleaned_text(values: list[str]) -> list[str]:
    """The known words of descriptions; names of people and places fall out."""
    kept = [clean_description(value) for value in values]
    return kept if any(kept) else []


def names_head(text: str) -> bool:
    """True when a description speaks of something that shows a face."""
    return any(part in HEAD_WORDS for part in re.split(r"[^\w]|_|\d", text.lower()))


@functools.cache
def _concepts() -> Any:
    from pydicom.sr._concepts_dict import concepts

    return concepts


def code_meaning(scheme: str, value: str) -> str:
    """What a code of a public vocabulary means, in the vocabulary's own words; "" for one that is not known."""
    if scheme in ("SRT", "SNM3", "99SDM"):
        from pydicom.sr._snomed_dict import mapping

        scheme, value = "SCT", mapping["SRT"].get(value, "")
    return _by_value(scheme).get(value, "")


@functools.cache
def _by_value(scheme: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for codes in _concepts().get(scheme, {}).values():
        for value, (meaning, _) in codes.items():
            # of several names for one thing the shortest is the one that people say
            found[str(value)] = min(found.get(str(value), str(meaning)), str(meaning), key=len)
    return found
