"""Who looks through the window keeps nothing of what goes before it."""

from __future__ import annotations

import gc

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QComboBox, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from viewers.below import below

pytestmark = pytest.mark.gui


def _deleted() -> int:
    gc.collect()
    return sum(isinstance(one, QObject) and not shiboken6.isValid(one) for one in gc.get_objects())


def _page(window: QMainWindow) -> None:
    page = QWidget()
    rows = QVBoxLayout(page)
    for _ in range(20):
        rows.addWidget(QComboBox())
    window.setCentralWidget(page)


def test_all_of_a_kind_are_found_in_their_order(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    _page(window)
    for kind in (QObject, QWidget, QComboBox):
        assert below(window, kind) == window.findChildren(kind)


def test_what_was_found_in_a_window_goes_with_its_page(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    before = _deleted()
    _page(window)
    assert len(below(window, QComboBox)) == 20
    assert len(below(window, QObject)) > 40
    window.takeCentralWidget().deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert _deleted() == before
