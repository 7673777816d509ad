"""The real window at Segment, for tests by its widgets."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.launch import make_application
from app.panels.segment import SegmentPanel
from app.settings import Settings
from app.window_states import wait_settled
from app.workstation import Workstation


def shown_window(qtbot: QtBot, path: Path, *, read_only: bool = False) -> Workstation:
    make_application(Settings())
    made = Workstation(Settings())
    made.is_attended = False
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    made.windowHandle().requestActivate()
    qtbot.waitActive(made)
    with qtbot.waitSignal(made.opened, timeout=20000):
        made.open_paths([path], module="segment", read_only=read_only)
    wait_settled(made)
    return made


def shut(window: Workstation) -> None:
    """Without the question that a person is asked while work is running."""
    window.jobs.shutdown()
    window.close_case(show_start=False)
    window.hide()
    window.deleteLater()


def panel_of(window: Workstation) -> SegmentPanel:
    panel = window.page.planner
    assert isinstance(panel, SegmentPanel)
    return panel


def press(window: Workstation, name: str) -> None:
    # a layout shows new buttons a turn later
    QTest.qWait(20)
    button = next(b for b in window.findChildren(QAbstractButton, name) if b.isVisible())
    assert button.isEnabled(), button.toolTip()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
