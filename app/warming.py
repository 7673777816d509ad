"""The window's own code for what is opened next is loaded while nobody waits for the window.

On the window's thread, since it defines widgets; one place of work for each turn, after the first frame, until a case is
shown; and without the large libraries, which are loaded when they are used.
"""

from __future__ import annotations

import gc
import importlib
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

# what most cases open with comes first
MODULES = (
    "numpy.ma",
    "app.panels.study",
    "planning.liver.resection",
    "planning.liver.anatomy",
    "app.panels.liver",
    "app.panels.tavr.work",
    "app.panels.heart",
    "app.panels.vessel",
    "app.panels.segment",
    "app.panels.printing",
    "app.panels.report",
    "app.panels.kidney",
)


class Warming(QObject):
    """Begins when `window` has painted for the first time; goes on while `is_wanted`."""

    def __init__(self, window: QWidget, is_wanted: Callable[[], bool]) -> None:
        super().__init__(window)
        self._is_wanted = is_wanted
        self._ahead = list(MODULES)
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._load_next)
        window.installEventFilter(self)

    @property
    def is_done(self) -> bool:
        """True when everything is there or is not wanted any more."""
        return not self._ahead

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._timer.start()
        return False

    def _load_next(self) -> None:
        if not self._is_wanted():
            # what belongs to a case must stay collectable
            self._ahead = []
            self._timer.stop()
            return
        importlib.import_module(self._ahead.pop(0))
        if self.is_done:
            self._timer.stop()
            # all that is there now stays until the program ends: the collector need not look through it each time
            gc.freeze()
