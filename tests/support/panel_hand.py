"""A panel alone on the screen, and a hand on it: shown as its page shows it, buttons clicked, lists ticked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.panels.base import Planner
from app.panels.choices import ChoiceList


def shown(qtbot: QtBot, panel: Planner) -> None:
    panel.session.changed.connect(lambda change: panel.case_changed())
    qtbot.addWidget(panel)
    panel.resize(312, 720)
    panel.show()
    panel.entered()


def click(panel: QWidget, name: str) -> None:
    button = panel.findChild(QAbstractButton, name)
    assert button is not None, name
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def tick(choices: ChoiceList, key: str) -> None:
    row = [row.key for row in choices.rows].index(key)
    place = choices.visualRect(choices.model().index(row, 0)).center()
    QTest.mouseClick(choices.viewport(), Qt.MouseButton.LeftButton, pos=place)
