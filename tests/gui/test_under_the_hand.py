"""What the hand is over is drawn so that it is seen: a step, an eye, in both themes, by the pixels on the screen."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QEnterEvent, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.launch import make_application
from app.panels.stepper import StepInfo, Stepper
from app.settings import Settings
from app.structure_rows import ListRow, RowList
from app.theme.style import Look, apply_look, color

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
from test_contrast import contrast

pytestmark = pytest.mark.gui


@pytest.fixture(params=["dark", "light"])
def theme(request: pytest.FixtureRequest) -> str:
    make_application(Settings())
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply_look(application, Look(request.param))
    return str(request.param)


def _inks(widget: QWidget, box: QRect) -> tuple[str, float]:
    """The ground's colour, and the greatest contrast that anything drawn in a box has against it."""
    image = widget.grab(box).toImage().convertToFormat(QImage.Format.Format_RGB32)
    names = [QColor(image.pixel(x, y)).name() for y in range(image.height()) for x in range(image.width())]
    ground = max(set(names), key=names.count)
    return ground, max(contrast(name, ground) for name in set(names))


def _over(widget: QWidget, place: QPoint) -> None:
    at = QPointF(place)
    everywhere = QPointF(widget.mapToGlobal(place))
    QApplication.sendEvent(widget, QEnterEvent(at, at, everywhere))
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    none = Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, at, everywhere, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, moved)


@pytest.mark.parametrize("tall", [False, True])
def test_a_step_under_the_hand(qtbot: QtBot, theme: str, tall: bool) -> None:
    stepper = Stepper()
    qtbot.addWidget(stepper)
    stepper.set_steps(
        [StepInfo("Scan"), StepInfo("Root", done=True), StepInfo("Annulus"), StepInfo("Valve", reachable=False)], 0
    )
    stepper.set_tall(tall)
    stepper.resize(280, 130 if tall else 24)
    stepper.show()
    qtbot.waitExposed(stepper)
    for number, button in enumerate(stepper.buttons):
        # a number or a name, between the rounded corners
        box = QRect(36, 3, 60, button.height() - 6) if tall else button.rect().adjusted(6, 3, -6, -3)
        ground, _ = _inks(button, box)
        _over(button, button.rect().center())
        touched, touched_ink = _inks(button, box)
        button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
        if number in (0, 3):
            # the open step and one that cannot be gone to
            assert touched == ground
            continue
        assert contrast(ground, touched) >= 1.1
        is_sign = number == 1 and not tall
        assert touched_ink >= (3.0 if is_sign else 4.5)


def test_an_eye_under_the_hand(qtbot: QtBot, theme: str) -> None:
    rows = RowList("rows")
    qtbot.addWidget(rows)
    rows.show_rows(
        (
            ListRow("structure", "liver", "Liver", color="#DD8265", value="1 ml"),
            ListRow("structure", "spleen", "Spleen", color="#9D6CA2", value="2 ml"),
        )
    )
    rows.resize(220, 90)
    rows.show()
    qtbot.waitExposed(rows)
    view, row = rows.viewport(), rows.visualRect(rows.rows.index(0))
    eye = QRect(8, row.center().y() - 8, 16, 16)
    _, resting = _inks(view, eye)
    _over(view, eye.center())
    _, touched = _inks(view, eye)
    assert rows.touched_eye == "liver"
    assert resting >= 3.0
    assert touched >= 4.5
    assert touched > resting + 1.0
    _over(view, QPoint(120, eye.center().y()))
    assert rows.touched_eye == ""
    ground, _ = _inks(view, QRect(90, eye.y(), 40, 16))
    assert contrast(ground, color("s1")) >= 1.1
