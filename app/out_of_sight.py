"""Memory of what is not looked at: large things that can be made again are let go some time after they left the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.allocator import give_back

# who only looks for something in another place finds all as it was
AFTER_MS = 60_000


class OutOfSight(QObject):
    """Calls `forget` once all of these widgets were hidden for a minute; again after each time they were seen.

    What is made while none of them is in sight, by a job that ends late or by redo, goes a minute after `made` told it.
    """

    def __init__(
        self, owner: QObject, widgets: Sequence[QWidget], forget: Callable[[], None], after_ms: int | None = None
    ) -> None:
        super().__init__(owner)
        self._widgets, self._forget = tuple(widgets), forget
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS if after_ms is None else after_ms)
        self._timer.timeout.connect(self._let_go)
        for widget in widgets:
            widget.installEventFilter(self)

    def made(self) -> None:
        """Something large is there now."""
        if not self._timer.isActive() and not self._is_seen():
            self._timer.start()

    def _let_go(self) -> None:
        self._forget()
        give_back()

    def _is_seen(self) -> bool:
        return any(widget.isVisible() for widget in self._widgets)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count from when the last one is hidden."""
        if event.type() == QEvent.Type.Show:
            self._timer.stop()
        elif event.type() == QEvent.Type.Hide and not self._is_seen():
            self._timer.start()
        return False
