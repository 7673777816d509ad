"""Where Tab goes in a page or a dialog: for tests of the order in which hands without a mouse reach everything."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.window_states import turn

MOST_STOPS = 80


def focused() -> QWidget:
    """The widget that has the keys."""
    found = QApplication.focusWidget()
    assert found is not None, "nothing has the keys"
    return found


def tab_walk(root: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[str]:
    """Names of the widgets of `root` that Tab reaches from the one that has the keys on, up to where it comes to one again."""
    stops: list[QWidget] = []
    for _ in range(MOST_STOPS):
        here = focused()
        if here in stops:
            return [widget.objectName() for widget in stops]
        if root.isAncestorOf(here):
            stops.append(here)
        QTest.keyClick(here, key)
        turn(1)
    raise AssertionError(f"Tab never comes back: {[widget.objectName() for widget in stops]}")


def unreached(root: QWidget, walked: list[str]) -> list[str]:
    """Buttons that a mouse can press and the walk does not come to. Of buttons that are one choice, one is enough."""
    left = []
    for button in root.findChildren(QAbstractButton):
        group = button.group()
        same = [button] if group is None else group.buttons()
        if button.isVisible() and button.isEnabled() and not {one.objectName() for one in same} & set(walked):
            left.append(button.objectName() or type(button).__name__)
    return left
