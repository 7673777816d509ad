"""A closed case's page goes with everything it held, whoever still knows one of its parts.

Panels, works and the session know each other, so one of them that something still refers to (the binding keeps some deleted
widgets, a late call of a job another) would keep the case with all its voxels until the window closes. What Qt has deleted
can do nothing any more: its attributes are dropped.
"""

from __future__ import annotations

from collections.abc import Iterable

import shiboken6
from PySide6.QtCore import QObject, QTimer

from app.allocator import give_back
from app.jobs import JobState

LOOK_EVERY_MS = 250


class LettingGo(QObject):
    """Empties the objects under `roots` once these are deleted and no job that began for them is at work any more.

    working: those jobs, each asked to stop already. To be made while the roots are still there; it ends by itself.
    """

    def __init__(self, roots: Iterable[QObject], working: Iterable[JobState], parent: QObject) -> None:
        super().__init__(parent)
        self._roots, self._working = tuple(roots), tuple(working)
        known = (one for root in self._roots for one in (root, *root.findChildren(QObject)))
        self._parts = [one for one in known if getattr(one, "__dict__", None)]
        timer = QTimer(self)
        timer.timeout.connect(self._look)
        timer.start(LOOK_EVERY_MS)

    def _look(self) -> None:
        at_work = any(state.status in ("waiting", "running") for state in self._working)
        if at_work or any(shiboken6.isValid(root) for root in self._roots):
            return
        for part in self._parts:
            # one that found another parent meanwhile lives on
            if not shiboken6.isValid(part):
                vars(part).clear()
        self._parts, self._roots, self._working = [], (), ()
        self.deleteLater()
        give_back()
