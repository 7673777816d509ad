"""Words of a slice pane that would stand over others: dark boxes beside the sides' letters, the magnifier's readings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from app.panes.look import pane_look
from viewers.curved_cuts import CurvedTraces
from viewers.magnifier import Magnifier
from viewers.overlay import NoteItem, PointItem
from viewers.pane_chrome import ChromePainter, window_fields
from viewers.pane_geometry import PaneGeometry
from viewers.pane_look import TextPainter
from viewers.plan_painter import LETTERS_PX, PlanPainter
from viewers.plan_shapes import TraceCache
from viewers.view_state import ViewState

pytestmark = pytest.mark.gui


class Boxes(QPainter):
    """Where rounded boxes are drawn."""

    def __init__(self, device: QImage) -> None:
        super().__init__(device)
        self.boxes: list[QRectF] = []

    def drawRoundedRect(self, *given: Any) -> Any:
        self.boxes.append(QRectF(given[0]))


def narrow_pane() -> PaneGeometry:
    return PaneGeometry(
        center_mm=np.zeros(3),
        right=np.array((1.0, 0.0, 0.0)),
        down=np.array((0.0, 1.0, 0.0)),
        normal=np.array((0.0, 0.0, 1.0)),
        mm_per_px=0.5,
        width=206.0,
        height=240.0,
        ratio=1.0,
    )


@pytest.mark.parametrize("x_mm", [-48.0, 0.0, 48.0])
@pytest.mark.parametrize("y_mm", [0.0, 40.0])
def test_a_box_of_words_keeps_off_the_sides_letters(qtbot: QtBot, x_mm: float, y_mm: float) -> None:
    look, pane = pane_look(), narrow_pane()
    texts = TextPainter(look)
    plan = PlanPainter(look, texts, TraceCache(), CurvedTraces())
    image = QImage(206, 240, QImage.Format.Format_ARGB32)
    painter = Boxes(image)
    note = NoteItem(key="vtc", position_mm=np.array((x_mm, y_mm, 0.0)), text="VTC left 6.0", color="#45C48F")
    plan._note(painter, note, pane)
    painter.end()
    (box,) = painter.boxes
    assert 0 <= box.left() < box.right() <= pane.width
    if y_mm == 0.0:
        assert LETTERS_PX <= box.left() < box.right() <= pane.width - LETTERS_PX
    else:
        # away from the letters the words stand where they belong, up to the pane's edge
        assert box.center().x() == pytest.approx(
            np.clip(103.0 + x_mm / 0.5, box.width() / 2 + 4, pane.width - box.width() / 2 - 4)
        )


@pytest.mark.parametrize("x_px", [20.0, 103.0, 190.0])
def test_the_magnifiers_readings_have_a_ground_of_their_own(qtbot: QtBot, x_px: float) -> None:
    look, pane = pane_look(), narrow_pane()
    texts = TextPainter(look)
    image = QImage(206, 240, QImage.Format.Format_ARGB32)
    painter = Boxes(image)
    glass = QRectF(30.0, 40.0, 60.0, 60.0)
    position = pane.center_mm + np.array(((x_px - 103.0) * 0.5, 0.0, 0.0))
    drawn: list[QRectF] = []
    draw = texts.draw
    texts.draw = lambda *given: drawn.append(draw(*given)) or drawn[-1]  # type: ignore[method-assign,func-returns-value]
    Magnifier(look, texts)._texts(painter, glass, pane, position, ("4 ×", "412 HU"), ("Esc leaves",))
    painter.end()
    assert len(painter.boxes) == 2
    assert len(drawn) == 3
    for words in drawn:
        assert any(box.contains(words.center()) and box.left() <= words.left() for box in painter.boxes)
        assert any(box.contains(words.center()) and words.right() <= box.right() for box in painter.boxes)


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("beside", ["", "PT over"])
def test_what_is_read_under_the_hand_stands_above_words_at_the_foot(qtbot: QtBot, scale: float, beside: str) -> None:
    look, pane = replace(pane_look(), text_scale=scale), replace(narrow_pane(), width=390.0, height=356.0)
    texts = TextPainter(look)
    plan, chrome = PlanPainter(look, texts, TraceCache(), CurvedTraces()), ChromePainter(look, texts)
    image = QImage(390, 356, QImage.Format.Format_ARGB32)
    painter = Boxes(image)
    note = NoteItem(
        key="valve", position_mm=np.zeros(3), text="0° zur Kommissur RCC\u2013LCC", color="#FFFFFF", corner=True
    )
    # a cusp's name where the words would stand below the title
    cusp = PointItem(
        key="rcc", position_mm=np.array((-60.0, (62.0 * scale - 178.0) / 2.0, 0.0)), color="#45C48F", label="RCC"
    )
    seen: list[tuple[QRectF, dict[str, QRectF], float | None, float]] = []
    draw = texts.draw
    for items in ([note], [cusp, note]):
        painter.boxes.clear()
        plan.draw(painter, items, pane, selected_point="", hovered="", names=True)
        (box,) = [one for one in painter.boxes if one.width() > 100.0]
        drawn: dict[str, QRectF] = {}
        texts.draw = lambda p, at, words, *rest: drawn.setdefault(words, draw(p, at, words, *rest))  # type: ignore[method-assign]  # noqa: B023
        chrome.foot(painter, pane, window_fields(ViewState()), beside, "55 HU", "", note_px=plan.foot_note_px)
        texts.draw = draw  # type: ignore[method-assign]
        seen.append((box, drawn, plan.foot_note_px, chrome.foot_high_px))
    # a painter that is still at work when a test fails takes the process down
    painter.end()
    for is_low, (box, drawn, note_px, high_px) in enumerate(seen):
        for words in ("55 HU", beside):
            assert not words or not drawn[words].adjusted(0, 2, 0, -2).intersects(box), (words, drawn[words], box)
        assert (note_px is not None) == bool(is_low) == (box.top() > 178.0)
        # what is drawn anew as the hand moves holds the line
        assert pane.height - high_px <= drawn["55 HU"].top() + 2.0
    assert seen[1][1]["55 HU"].bottom() < seen[0][1]["55 HU"].top() + 2.0
