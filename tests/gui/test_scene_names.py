"""Names of points in 3D beside the angles at the foot of the pane."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from app.panes.look import pane_look
from viewers.overlay import PointItem
from viewers.scene.camera import Projection
from viewers.scene.painting import OverlayFacts, OverlayPainter
from viewers.view_state import Camera

pytestmark = pytest.mark.gui


def test_no_name_of_a_point_lies_on_the_angles(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    space = Projection(Camera((0.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0), 100.0), 400.0, 300.0)
    painter = OverlayPainter(pane_look())
    drawn: dict[str, QRectF] = {}
    draw = painter._texts.draw

    def noted(on: QPainter, place: QPointF, text: str, *more: object) -> QRectF:
        drawn[text] = draw(on, place, text, *more)
        return drawn[text]

    monkeypatch.setattr(painter._texts, "draw", noted)
    # a point whose name would stand in the middle of "LAO 0°  CRA 0°"
    at = np.array((-100.0 * 400.0 / 300.0 + 25.0, 0.0, -90.0))
    canvas = QImage(400, 300, QImage.Format.Format_ARGB32_Premultiplied)
    facts = OverlayFacts(space=space, points=[PointItem(key="b", position_mm=at, color="#35D6E6", label="B")])
    on = QPainter(canvas)
    painter.paint(on, facts)
    on.end()
    x, y = space.to_screen(at)
    assert painter.angles_box.contains(QPointF(float(x) + 12.0, float(y)))
    assert not drawn["B"].intersects(painter.angles_box)
