"""The program's one window, made anew when its language changes: the case stays where it was, at the same step and view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from app.i18n import use_language
from app.panels.guide import GuidedPlanner
from app.settings import Settings
from app.workstation import Workstation


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a person is in a case. step: of the module's guided panel, counted from 0."""

    path: Path
    read_only: bool
    module: str
    step: int


def whereabouts(window: Workstation) -> Whereabouts | None:
    """Where a window is; None without a case."""
    page, session = window.page, window.session
    if page is None or session is None:
        return None
    planner = page.planner
    step = planner.where.current if isinstance(planner, GuidedPlanner) else 0
    return Whereabouts(session.path, session.document.read_only, page.module, step)


class WindowHolder(QObject):
    """Holds the window, and makes the next one. made: told of each window, before it is shown."""

    def __init__(self, settings: Settings, made: Callable[[Workstation], object] = lambda _: None) -> None:
        super().__init__()
        self._made = made
        self.window = self._make(settings)

    def _make(self, settings: Settings) -> Workstation:
        window = Workstation(settings)
        # the sheet in which it was asked for ends its click first
        window.language_asked.connect(lambda: QTimer.singleShot(0, self._speak_anew))
        self._made(window)
        return window

    def _speak_anew(self) -> None:
        """The same place in another language. Where something would be lost the language waits for the next start."""
        application, old = QApplication.instance(), self.window
        if not isinstance(application, QApplication) or not old.can_begin_anew:
            return
        where = whereabouts(old)
        for sheet in old.findChildren(QDialog):
            sheet.reject()
        # one window at a time may have the case; its view is kept with it
        old.close_case(show_start=False)
        use_language(old.settings.language, application)
        new = self.window = self._make(old.settings)
        new.is_attended = old.is_attended
        new.setGeometry(old.geometry())
        new.setWindowState(old.windowState() & ~Qt.WindowState.WindowMinimized)
        # the program ends with its last window, so the old one goes second
        new.show()
        old.close()
        old.deleteLater()
        if where is None:
            new.actions_["settings"].trigger()
            return
        new.opened.connect(lambda: self._go_back(new, where), Qt.ConnectionType.SingleShotConnection)
        new.open_case(where.path, read_only=where.read_only)

    @staticmethod
    def _go_back(window: Workstation, where: Whereabouts) -> None:
        if window.page is None:
            return
        planner = window.page.panel(where.module)
        if isinstance(planner, GuidedPlanner):
            planner.go_to(where.step)
        if window.session is not None:
            # a place of work brings its own window values; the person's own come back
            window.session.restore_view()
        window.actions_["settings"].trigger()
