"""The window that has the keyboard is the one that Qt holds for active.

Qt takes no notice of a window that gets the keyboard while a list or menu is open, e.g. a dialog on a slow screen whose first
list was opened at once. The window behind then has the dialog's shortcuts, Esc among them, until another window is clicked.
"""

from __future__ import annotations

import warnings

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

LOOK_MS = 50


class ActiveWindow(QObject):
    """Tells Qt of the window that got the keyboard behind a list, once no list is open.

    Whether one was open is asked when Qt has dealt with the change, and by then it may be closed: each change is looked at.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusWindowChanged.connect(self._changed)

    def _changed(self) -> None:
        self._timer.start()

    def _look(self) -> None:
        if QApplication.activePopupWidget() is not None:
            return
        self._timer.stop()
        window = _with_keyboard()
        if window is not None and window is not QApplication.activeWindow():
            with warnings.catch_warnings():
                # the advised `activateWindow` asks the screen, which has nothing to change and so tells nothing
                warnings.simplefilter("ignore", DeprecationWarning)
                QApplication.setActiveWindow(window)


def _with_keyboard() -> QWidget | None:
    focused = QApplication.focusWindow()
    if focused is None:
        return None
    return next((one for one in QApplication.topLevelWidgets() if one.windowHandle() is focused), None)
