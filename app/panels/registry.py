"""Which guided panel belongs to which place of work."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from app.panels.base import Planner
from app.session import Session


class FileDialogs(Protocol):
    """What the window does for panels."""

    def save_asked(self, name: str, kinds: str, use: Callable[[Path], None]) -> None:
        """Ask where to save and call `use` with the place."""

    def open_file_asked(self, title: str, kinds: str, use: Callable[[Path], None]) -> None:
        """Ask for a file and call `use` with it."""

    def open_folder_asked(self, title: str, use: Callable[[Path], None]) -> None:
        """Ask for a folder and call `use` with it."""

    def module_asked(self, module: str) -> None:
        """Go to another place of work."""


def panel_makers(session: Session, dialogs: FileDialogs) -> dict[str, Callable[[], Planner]]:
    """For each module a function that makes its panel, wired to the window's dialogs."""
    return {module: partial(_made, module, session, dialogs) for module in _CLASSES}


def _made(module: str, session: Session, dialogs: FileDialogs) -> Planner:
    planner = _CLASSES[module]()(session)
    planner.save_asked.connect(dialogs.save_asked)
    planner.open_file_asked.connect(dialogs.open_file_asked)
    planner.open_folder_asked.connect(dialogs.open_folder_asked)
    planner.module_asked.connect(dialogs.module_asked)
    return planner


def _study() -> type[Planner]:
    from app.panels.study import StudyPanel

    return StudyPanel


def _segment() -> type[Planner]:
    from app.panels.segment import SegmentPanel

    return SegmentPanel


def _heart() -> type[Planner]:
    from app.panels.heart import HeartPanel

    return HeartPanel


def _liver() -> type[Planner]:
    from app.panels.liver import LiverPanel

    return LiverPanel


def _kidney() -> type[Planner]:
    from app.panels.kidney import KidneyPanel

    return KidneyPanel


def _vessel() -> type[Planner]:
    from app.panels.vessel import VesselPanel

    return VesselPanel


def _print() -> type[Planner]:
    from app.panels.printing import PrintPanel

    return PrintPanel


def _report() -> type[Planner]:
    from app.panels.report import ReportPanel

    return ReportPanel


_CLASSES: dict[str, Callable[[], type[Planner]]] = {
    "study": _study,
    "segment": _segment,
    "heart": _heart,
    "liver": _liver,
    "kidney": _kidney,
    "vessel": _vessel,
    "print": _print,
    "report": _report,
}
