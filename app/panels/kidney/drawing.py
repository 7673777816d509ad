"""What proves a letter, drawn: the diameter, the outline, the way to the sinus, the dividing line, the polar lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.i18n import mark, text_quantity, tr
from app.theme.tokens import DARK, PLANS
from planning.geometry import FloatArray, unit
from viewers.overlay import DistanceItem, NoteItem, PathItem, PlanItem

if TYPE_CHECKING:
    from planning.kidney.letters import Letter

POLAR_WORDS = (mark("Upper polar line"), mark("Middle"), mark("Lower polar line"))
SIDE_WORDS = {"a": mark("in front"), "p": "behind", "x": mark("on the line")}
STEP_MM = 1.0
KEY = "renal"
WORDS_AT_MM = 20.0


def letter_items(letter: Letter) -> tuple[PlanItem, ...]:
    """The lines of one letter."""
    if not letter.at_mm:
        return ()
    draw = {"R": _distance, "N": _distance, "E": _outline, "A": _side, "L": _levels}[letter.letter]
    return draw(letter)


def _distance(letter: Letter) -> tuple[PlanItem, ...]:
    assert isinstance(letter.value, float)
    text = f"{letter.letter} {text_quantity(letter.value, letter.unit)}"
    return (DistanceItem(key=KEY, ends_mm=np.array(letter.at_mm), color=PLANS["a"], text=text, pill=True),)


def _outline(letter: Letter) -> tuple[PlanItem, ...]:
    assert isinstance(letter.value, float)
    return _lines(letter, tr("E {number} % outside", number=letter.number(letter.value)))


def _side(letter: Letter) -> tuple[PlanItem, ...]:
    return _lines(letter, f"A: {SIDE_WORDS[str(letter.value)]}")


def _lines(letter: Letter, words: str) -> tuple[PlanItem, ...]:
    """The letter's curves, with words in the pane that shows its slice."""
    assert letter.slice is not None
    note = NoteItem(
        key=f"{KEY}_note",
        position_mm=letter.at_mm[0],
        text=words,
        color=PLANS["a"],
        corner=True,
        along=letter.slice.normal,
    )
    paths = (PathItem(key=KEY, points_mm=_dense(line), color=PLANS["a"], dashed=True) for line in letter.lines_mm)
    return (*paths, note)


def _levels(letter: Letter) -> tuple[PlanItem, ...]:
    items: list[PlanItem] = []
    for number, (line, words) in enumerate(zip(letter.lines_mm, POLAR_WORDS, strict=True)):
        is_middle = words == "Middle"
        color = DARK["t2"] if is_middle else PLANS["a"]
        key = f"{KEY}_{number}"
        items.append(PathItem(key=key, points_mm=_dense(line), color=color, dashed=is_middle, width_px=1.5))
        items.append(
            NoteItem(
                key=f"{key}_note",
                position_mm=line[0] + WORDS_AT_MM * unit(line[1] - line[0]),
                text=words,
                color=color,
                pill=False,
                away_px=(0.0, -12.0),
                along=np.array((0.0, 1.0, 0.0)),
            )
        )
    return tuple(items)


def _dense(line_mm: FloatArray) -> FloatArray:
    """A curve's places a millimetre apart, so that a pane shows the part that is near it."""
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line_mm, axis=0), axis=1))])
    at = np.linspace(0.0, way[-1], max(int(way[-1] / STEP_MM), 1) + 1)
    return np.stack([np.interp(at, way, line_mm[:, axis]) for axis in range(3)], axis=1)
