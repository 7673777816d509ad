"""A person at the window with a keyboard and nothing else: every key goes where the keyboard is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.window_states import turn, wait_settled, wait_until
from app.workstation import Workstation

Key = Qt.Key
NONE, SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
MOUSE = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
)
MOST_TABS = 90


class Keyboard(QObject):
    """Presses keys; `mouse` counts mouse events that reached the window meanwhile."""

    def __init__(self, window: Workstation) -> None:
        super().__init__()
        self.window = window
        self.mouse = 0
        QApplication.instance().installEventFilter(self)

    def stop(self) -> None:
        QApplication.instance().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count what no keyboard makes."""
        if event.type() in MOUSE:
            self.mouse += 1
        return False

    @property
    def focus(self) -> QWidget:
        """Where the keyboard is; something always has it."""
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if over is not None:
            return over.focusWidget() or over
        focused = QApplication.focusWidget()
        assert focused is not None, "nothing has the keyboard"
        return focused

    def press(self, key: Key, keys: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self.focus, key, keys)
            turn(5)
        wait_settled(self.window)

    def tap(self, key: Key, keys: Qt.KeyboardModifier = NONE) -> None:
        """A key without waiting for what it starts."""
        QTest.keyClick(self.focus, key, keys)
        turn(2)

    def type(self, text: str) -> None:
        for letter in text:
            QTest.keyClick(self.focus, letter)
        turn(5)

    def tab_to(self, name: str) -> QWidget:
        """Tab until a widget of this name has the keyboard, as a person would; F6 first jumps between regions."""
        seen: list[str] = []
        for _ in range(MOST_TABS):
            focused = self.focus
            if focused.objectName() == name:
                return focused
            seen.append(focused.objectName() or type(focused).__name__)
            QTest.keyClick(focused, Key.Key_Tab)
            turn(5)
        raise AssertionError(f"Tab does not come to {name}: {' → '.join(seen)}")

    def region(self, wanted: Callable[[QWidget], bool]) -> QWidget:
        """F6 until the keyboard is in a region."""
        seen: list[str] = []
        for _ in range(9):
            self.press(Key.Key_F6)
            if wanted(self.focus):
                return self.focus
            seen.append(self.focus.objectName() or type(self.focus).__name__)
        raise AssertionError(f"F6 does not come there: {' → '.join(seen)}")

    def panes(self) -> QWidget:
        """F6 until a pane has the keyboard."""
        page = self.window.page
        assert page is not None
        return self.region(lambda widget: widget is page.grid or page.grid.isAncestorOf(widget))

    def panel(self) -> QWidget:
        """F6 until the guided panel has the keyboard."""
        page = self.window.page
        assert page is not None
        return self.region(page.right.isAncestorOf)

    def open_case(self, path: Path) -> None:
        """Ctrl+O; the system's own chooser answers with the path."""
        self.window.files.choose_open = lambda title, kinds: path  # type: ignore[method-assign]
        opened: list[bool] = []
        self.window.opened.connect(lambda: opened.append(True))
        QTest.keyClick(QApplication.focusWidget() or self.window, Key.Key_O, CONTROL)
        wait_until(lambda: bool(opened), "opening", 60.0)
        wait_settled(self.window)

    def is_alive(self, widget: QWidget) -> bool:
        return shiboken6.isValid(widget)
