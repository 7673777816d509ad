"""A guided panel of the cutting engine (liver, kidney) in a window of its own, tried by real events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from liver_case import close_session, open_session
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.panels.liver.cut_panel import CutPanel
from planning.case.document import Document

LONG_MS = 120_000


@contextmanager
def shown_panel(
    qtbot: QtBot, document: Document, kind: type[CutPanel], *, height: int = 900, surfaces: bool = False
) -> Iterator[CutPanel]:
    """The panel entered and at rest. surfaces: with the structures' surfaces for 3D."""
    session = open_session(document)
    made = kind(session)
    session.changed.connect(lambda change: made.case_changed())
    qtbot.addWidget(made)
    made.resize(312, height)
    made.show()
    if surfaces:
        session.request_surfaces()
    made.entered()
    at_rest(qtbot, made)
    yield made
    close_session(session)


def at_rest(qtbot: QtBot, panel: CutPanel) -> None:
    """Until nothing is computed and the organ is ready."""

    def rests() -> bool:
        work = panel.work
        return not (panel.session.jobs.active or work._settle.isActive() or work._rest.isActive())

    qtbot.waitUntil(lambda: rests() and panel.work.model is not None, timeout=LONG_MS)


def click(panel: CutPanel, name: str, kind: type[QAbstractButton] = QAbstractButton) -> None:
    """A click on a button that can be clicked."""
    button = panel.findChild(kind, name)
    assert button is not None, name
    assert button.isEnabled(), button.toolTip()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
