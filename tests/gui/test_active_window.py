"""A dialog that gets the keyboard while its first list is open is left by Esc, as any other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from front_window import window_in_front
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QVBoxLayout

from app.window_states import turn, wait_until
from app.workstation import Workstation

pytestmark = pytest.mark.gui


@pytest.fixture
def window() -> Iterator[Workstation]:
    with window_in_front(is_attended=True) as made:
        yield made


def test_a_dialog_that_comes_to_the_front_behind_its_list_has_its_keys(window: Workstation) -> None:
    dialog = QDialog(window, modal=True)
    choice = QComboBox()
    choice.addItems(["one", "two"])
    QVBoxLayout(dialog).addWidget(choice)
    dialog.show()
    choice.showPopup()
    wait_until(lambda: QApplication.focusWindow() is dialog.windowHandle(), "the screen giving the keyboard", 10.0)
    # what Qt does not notice by itself
    assert not dialog.isActiveWindow()
    choice.hidePopup()
    wait_until(dialog.isActiveWindow, "the dialog being active", 10.0)
    QTest.keyClick(choice, Qt.Key.Key_Escape)
    turn(20)
    assert not dialog.isVisible()


def test_a_list_that_is_closed_before_the_change_is_told_makes_no_difference(window: Workstation) -> None:
    dialog = QDialog(window, modal=True)
    QVBoxLayout(dialog).addWidget(QComboBox())
    dialog.show()
    wait_until(dialog.isActiveWindow, "the dialog being active", 10.0)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    with pytest.warns(DeprecationWarning, match="setActiveWindow"):
        # as Qt leaves it when the list was there while it dealt with the change
        QApplication.setActiveWindow(window)
    application.focusWindowChanged.emit(dialog.windowHandle())
    wait_until(dialog.isActiveWindow, "the dialog being active", 10.0)
    dialog.close()
