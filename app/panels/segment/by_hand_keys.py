"""The keys of the segment editor: they hold in the whole window while it is open, but never where text is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QTextEdit,
    QWidget,
)

from app.keymap import current_keymap

TYPED_INTO = (QLineEdit, QAbstractSpinBox, QTextEdit)


class HandKeys(QObject):
    """Listens to a window. acts: what each id of a key does; leave: Esc, while `can_leave`; focus: the pane to go to.

    holds: whether a key means this now; what is not held goes on to the panes.
    """

    def __init__(
        self,
        acts: Mapping[str, Callable[[], object]],
        leave: Callable[[], object],
        can_leave: Callable[[], bool],
        focus: Callable[[], QWidget | None],
        holds: Callable[[str], bool] = lambda identifier: True,
    ) -> None:
        super().__init__()
        self._acts, self._leave, self._can_leave, self._focus = acts, leave, can_leave, focus
        self._holds = holds
        self._window: QWidget | None = None

    def listen(self, window: QWidget) -> None:
        """The keys hold in this window from now on."""
        self.be_silent()
        self._window = window
        window.installEventFilter(self)

    def be_silent(self) -> None:
        """The keys mean nothing any more."""
        if self._window is not None:
            self._window.removeEventFilter(self)
            self._window = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A key that nobody under the focus took: the editor's before the panes' own."""
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) or not isinstance(event, QKeyEvent):
            return False
        focused = QApplication.focusWidget()
        if isinstance(focused, TYPED_INTO) or QApplication.activePopupWidget() is not None:
            return False
        act = self._act(event)
        if act is None:
            return False
        if kind == QEvent.Type.ShortcutOverride:
            # lists and boxes would search for the letter
            pane = self._focus()
            if isinstance(focused, (QAbstractItemView, QComboBox)) and pane is not None:
                pane.setFocus(Qt.FocusReason.OtherFocusReason)
            event.accept()
            return True
        if not event.isAutoRepeat():
            act()
        return True

    def _act(self, event: QKeyEvent) -> Callable[[], object] | None:
        if event.key() == Qt.Key.Key_Escape:
            return self._leave if self._can_leave() else None
        pressed = QKeySequence(event.keyCombination())
        keymap = current_keymap()
        for identifier, act in self._acts.items():
            if any(QKeySequence(key) == pressed for key in keymap.keys(identifier)):
                return act if self._holds(identifier) else None
        return None
