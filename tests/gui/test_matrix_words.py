"""The table of sizes keeps its units where it is narrow, in German and with large text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.i18n import use_language
from app.launch import make_application
from app.panels.labels import STATE_ICONS
from app.panes import matrix_pane
from app.panes.look import panel_look
from app.panes.matrix_pane import ROW_PX, MatrixPane
from app.settings import Settings
from app.theme.style import Look, apply_look, current_look
from viewers.view_state import ViewModel

pytestmark = pytest.mark.gui


class Recording(QPainter):
    """What is written, with the width that it takes."""

    def __init__(self, device: QImage) -> None:
        super().__init__(device)
        self.written: list[tuple[str, float]] = []

    def drawText(self, *given: Any) -> Any:
        self.written.append((str(given[-1]), self.fontMetrics().horizontalAdvance(str(given[-1]))))


@pytest.fixture
def german() -> Iterator[None]:
    make_application(Settings())
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply_look(application, Look("dark", 150))
    use_language("de", application)
    yield
    use_language("en", application)
    apply_look(application, Look())


@pytest.mark.parametrize(("width", "said"), [(430, "mm unter Anulus"), (250, "mm"), (200, "mm")])
def test_the_title_keeps_its_unit(qtbot: QtBot, german: None, width: int, said: str) -> None:
    pane = MatrixPane(ViewModel(), panel_look())
    qtbot.addWidget(pane)
    pane.resize(width, 300)
    drawn: list[tuple[str, float]] = []

    def draw(painter: QPainter, place: Any, text: str, style: Any, align: str = "left") -> QRectF:
        drawn.append((text, place.x() + pane.texts.width(text, style)))
        return QRectF(place.x(), place.y(), pane.texts.width(text, style), 10.0)

    pane.texts.draw = draw  # type: ignore[method-assign]
    pane.grab()
    assert drawn[-1][0] == said
    assert drawn[-1][1] <= width
    assert drawn[-2][0].startswith("Größe")


def test_a_reason_is_rather_small_than_without_its_unit(qtbot: QtBot, german: None) -> None:
    pane = MatrixPane(ViewModel(), panel_look())
    qtbot.addWidget(pane)
    image = QImage(400, 60, QImage.Format.Format_ARGB32)
    painter = Recording(image)
    pane.table._paint_reason(painter, "Umfang unter 81,7 mm", QRectF(0, 0, 215, 50), "bad")
    painter.end()
    ((words, wide),) = painter.written
    assert words == "Umfang unter 81,7 mm"
    assert wide < 215


@pytest.mark.parametrize("state", ["ok", "warn", "bad"])
def test_a_narrow_cell_tells_its_state_by_a_sign_too(
    qtbot: QtBot, german: None, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    signs: list[tuple[str, QRectF]] = []
    monkeypatch.setattr(matrix_pane, "draw_icon", lambda painter, name, ink, at: signs.append((name, at)))
    pane = MatrixPane(ViewModel(), panel_look())
    qtbot.addWidget(pane)
    image = QImage(60, 60, QImage.Format.Format_ARGB32)
    painter = Recording(image)
    box = QRectF(0, 0, 39, current_look().px(ROW_PX) - 2)
    pane.table._paint_cell(painter, {"value_mm": 2.4, "nearest": "VTSTJ", "state": state}, box, False)
    painter.end()
    ((name, at),) = signs
    assert name == STATE_ICONS[state]
    assert box.contains(at)
    assert [words for words, _ in painter.written] == ["2,4", "VTSTJ"]


DEPTHS_MM = (2.0, 3.0, 4.0, 5.0, 6.0)
CELLS = [{"depth_mm": depth, "value_mm": 0.9, "nearest": "VTSTJ", "state": "bad"} for depth in DEPTHS_MM]
SIZES = (
    {"model": "SAPIEN 3", "size": "26", "basis": "area", "oversizing_percent": 17.8, "fits": True, "cells": CELLS},
    {
        "model": "Evolut FX",
        "size": "23",
        "basis": "perimeter",
        "oversizing_percent": -3.6,
        "fits": False,
        "reason": "perimeter above 62.8 mm",
        "cells": CELLS,
    },
)


@pytest.mark.parametrize(
    ("depth_mm", "shown_mm"), [(2.0, (2.0, 3.0, 4.0)), (4.0, (3.0, 4.0, 5.0)), (6.0, (4.0, 5.0, 6.0))]
)
def test_a_narrow_table_shows_the_depths_about_the_chosen_one_whole(
    qtbot: QtBot, depth_mm: float, shown_mm: tuple[float, ...]
) -> None:
    make_application(Settings())
    pane = MatrixPane(ViewModel(), panel_look())
    qtbot.addWidget(pane)
    table = pane.table
    table.resize(430, 100)
    table.show_rows(SIZES, ("SAPIEN 3", "26", depth_mm), True)
    assert not table.is_narrow
    assert [cell["depth_mm"] for _, cell in table.columns(CELLS)] == list(DEPTHS_MM)
    tall = table.wanted_height()
    table.resize(196, 100)
    assert table.is_narrow
    assert table.wanted_height() > tall
    columns = table.columns(CELLS)
    assert tuple(cell["depth_mm"] for _, cell in columns) == shown_mm
    assert columns[-1][0].right() <= table.width()
    image = QImage(196, 120, QImage.Format.Format_ARGB32)
    painter = Recording(image)
    for column, cell in columns:
        table._paint_cell(painter, cell, QRectF(column.left(), 0, column.width(), 34), False)
    assert [words for words, _ in painter.written] == ["0.9", "VTSTJ"] * 3
    assert all(wide <= columns[0][0].width() + 4 for _, wide in painter.written)
    painter.written.clear()
    whole = QRectF(columns[0][0].left(), 0, columns[-1][0].right() - columns[0][0].left(), 34)
    table._paint_reason(painter, "perimeter above 62.8 mm", whole, "bad")
    painter.end()
    assert [words for words, _ in painter.written] == ["perimeter above 62.8 mm"]
    # a click on the middle column chooses the depth that stands over it
    found = table.cell_at(QPointF(columns[1][0].center().x(), table._tops()[0] + 5))
    assert found is not None
    assert found[1] is not None
    assert found[1]["depth_mm"] == shown_mm[1]
