"""Words and names of the segment editor."""

from __future__ import annotations

from collections.abc import Iterable

from app.i18n import SOURCE, language, text_quantity

# less would be rounded to 0.0 ml
LEAST_IN_ML = 0.05


def small(words: str) -> str:
    """Words within a sentence: "Liver" becomes "liver", "T1" and "IVC" stay."""
    if language() != SOURCE:
        return words
    return words if words[1:2].isupper() or words[1:2].isdigit() else f"{words[:1].lower()}{words[1:]}"


def free_name(base: str, taken: Iterable[str]) -> str:
    """ "liver_2", "structure_1": a name that nothing has yet."""
    names, number = set(taken), 1 if base == "structure" else 2
    if base != "structure" and base not in names:
        return base
    while f"{base}_{number}" in names:
        number += 1
    return f"{base}_{number}"


def volume_words(volume_ml: float) -> str:
    """ "2.1 ml", and "18 mm³" of what would be read as nothing."""
    if 0.0 < volume_ml < LEAST_IN_ML:
        return text_quantity(volume_ml * 1000.0, "mm³")
    return text_quantity(volume_ml, "ml")
