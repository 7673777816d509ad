"""Calcium by cusp: its words lie within their rings, however large the text."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.panes.look import panel_look
from app.panes.sectors_pane import INNER_SHARE, SectorsPane
from app.theme.fonts import load_fonts
from app.theme.style import Look, apply_look
from viewers.view_state import ViewModel

pytestmark = pytest.mark.gui


@pytest.fixture(params=[100, 150])
def look(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[int]:
    load_fonts()
    apply_look(qapp, Look("dark", request.param))
    yield request.param
    apply_look(qapp, Look("dark", 100))


def _numbers() -> dict[str, object]:
    angles = {"nr": np.radians(150.0), "rl": np.radians(30.0), "ln": np.radians(270.0)}
    return {
        "calcium": {
            "by_region": {"ncc_mm3": 96.0, "rcc_mm3": 81.0, "lcc_mm3": 1118.0, "lvot_mm3": 96.0},
            "threshold_hu": 539.0,
        },
        "annulus": {"normal": (0.0, 0.0, 1.0), "centroid_mm": (0.0, 0.0, 0.0)},
        "landmarks": {
            f"commissure_{key}": {"position_mm": (10.0 * np.cos(angle), 10.0 * np.sin(angle), 0.0)}
            for key, angle in angles.items()
        },
    }


@pytest.mark.parametrize("size", [(390, 300), (300, 300), (520, 420)])
def test_words_of_the_outflow_tract_stay_within_its_ring(qtbot: QtBot, look: int, size: tuple[int, int]) -> None:
    pane = SectorsPane(ViewModel(), panel_look())
    qtbot.addWidget(pane)
    pane.resize(*size)
    pane.show_numbers(_numbers())
    written: list[tuple[QPointF, str, QFontMetricsF]] = []

    class Noting(QPainter):
        def drawText(self, *parts: object) -> None:
            if isinstance(parts[0], QPointF):
                written.append((QPointF(parts[0]), str(parts[1]), QFontMetricsF(self.font())))

    picture = QPixmap(*size)
    painter = Noting(picture)
    pane.paint_content(painter)
    painter.end()
    at = next(n for n, (_, text, _) in enumerate(written) if text == "LVOT")
    box = pane.content_rect.adjusted(40, 6, -40, -30)
    middle, ring = QPointF(box.center().x(), box.top() + box.height() / 2), min(box.width(), box.height()) / 2
    for place, text, metrics in written[at : at + 2]:
        for x in (place.x(), place.x() + metrics.horizontalAdvance(text)):
            for y in (place.y(), place.y() - metrics.capHeight()):
                assert np.hypot(x - middle.x(), y - middle.y()) < ring * INNER_SHARE - 3.5, text
