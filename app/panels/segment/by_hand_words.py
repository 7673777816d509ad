"""Words and names of the segment editor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from app.i18n import SOURCE, language, structure_name, text_quantity, tr
from app.panels.segment.by_hand_choices import band_words
from app.panels.segment.by_hand_settings import AND, EMPTY, EVERYWHERE, GIVE_WAY, INSIDE
from planning.by_hand.values import HU, value_scale

if TYPE_CHECKING:
    from app.panels.segment.by_hand_compute import Outcome
    from planning.by_hand.strokes import Stroke
    from planning.volume import Mask, Volume

# less would be rounded to 0.0 ml
LEAST_IN_ML = 0.05
MINUS = "\u2212"


def small(words: str) -> str:
    """Words within a sentence: "Liver" becomes "liver", "T1" and "IVC" stay."""
    if language() != SOURCE:
        return words
    return words if words[1:2].isupper() or words[1:2].isdigit() else f"{words[:1].lower()}{words[1:]}"


def free_name(base: str, taken: Iterable[str]) -> str:
    """ "liver", "liver_2": a name that nothing has yet."""
    names, number = set(taken), 2
    if base not in names:
        return base
    while f"{base}_{number}" in names:
        number += 1
    return f"{base}_{number}"


def new_name(taken: Iterable[str]) -> str:
    """ "Structure 1" in the window's language: what a new structure is called until a person names it."""
    # an older case has "structure_1", which reads the same
    shown = {structure_name(name).casefold() for name in taken} | {name.casefold() for name in taken}
    number = 1
    while (name := tr("Structure {number}", number=number)).casefold() in shown:
        number += 1
    return name


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


def held_up_words(stroke: Stroke, over: str, locked: Mapping[str, Mask], volume: Volume | None) -> str:
    """Why nothing came of a stroke, by the rules that hold it up; "" where none of them does.

    over: the choice of "Paint over". locked: structures that no tool may change, by name.
    """
    from planning.by_hand import boxes

    box, rules, reasons = stroke.held_up, stroke.rules, []
    if box is None:
        return ""
    places = replace(rules, band_hu=None).allowed(box, volume, stroke.erase)
    if places is not None and not places.all():
        kept_out = {id(mask) for mask in rules.keep_out}
        shut = [
            name
            for name, mask in locked.items()
            if over == GIVE_WAY and id(mask) in kept_out and boxes.read(mask, box).any()
        ]
        reasons += [tr("{display} is locked", display=structure_name(name)) for name in shut] or [
            tr("paint over: {over}", over=over_words(over))
        ]
    values = replace(rules, inside=(), keep_out=()).allowed(box, volume, stroke.erase)
    if rules.band_hu is not None and values is not None and not values.all():
        low, high = band_words(rules.band_hu, HU if volume is None else value_scale(volume))
        reasons.append(tr("only values from {low} to {high}", low=low, high=high))
    why = ", ".join(reasons)
    if stroke.erase:
        return tr("Nothing here may be erased: {why}.", why=why)
    return tr("Nothing here may be painted: {why}.", why=why)


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
