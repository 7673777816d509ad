"""Words and names of the segment editor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.i18n import SOURCE, language, structure_name, text_quantity, tr
from app.panels.segment.by_hand_settings import AND, EMPTY, EVERYWHERE, GIVE_WAY, INSIDE

if TYPE_CHECKING:
    from app.panels.segment.by_hand_compute import Outcome

# less would be rounded to 0.0 ml
LEAST_IN_ML = 0.05
MINUS = "\u2212"


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


def over_words(over: str) -> str:
    """A choice of "Paint over" as it stands in the box: "only inside liver"."""
    if over.startswith(AND):
        return tr("empty and {small}", small=small(structure_name(over.removeprefix(AND))))
    if over.startswith(INSIDE):
        return tr("only inside {small}", small=small(structure_name(over.removeprefix(INSIDE))))
    words = {EVERYWHERE: tr("everything"), GIVE_WAY: tr("everything, it gives way"), EMPTY: tr("empty places")}
    return words.get(over, over)


def outcome_words(outcome: Outcome) -> str:
    """What a tool would change: "+2.1 ml, −0.3 ml", of others by name, and what "Paint over" keeps it from."""
    parts = [
        f"{sign}{volume_words(mask.volume_ml)}"
        for sign, mask in (("+", outcome.gained), (MINUS, outcome.lost))
        if mask is not None
    ]
    if outcome.parts:
        parts.append(tr("{parts} new", parts=len(outcome.parts)))
    for name, mask in outcome.others.items():
        change = mask.volume_ml - outcome.task.masks[name].volume_ml
        parts.append(f"{structure_name(name)} {'+' if change >= 0 else MINUS}{volume_words(abs(change))}")
    words = ", ".join(parts) or tr("Nothing would change")
    over = outcome.task.settings.over
    return words if over == EVERYWHERE else tr("{words} (paint over: {over})", words=words, over=over_words(over))
