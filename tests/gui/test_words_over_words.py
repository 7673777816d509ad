"""Words of a slice pane that would stand over others: dark boxes beside the sides' letters, the magnifier's readings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from app.panes.look import pane_look
from viewers.curved_cuts import CurvedTraces
from viewers.magnifier import Magnifier
from viewers.overlay import NoteItem
from viewers.pane_geometry import PaneGeometry
from viewers.pane_look import TextPainter
from viewers.plan_painter import LETTERS_PX, PlanPainter
from viewers.plan_shapes import TraceCache

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
