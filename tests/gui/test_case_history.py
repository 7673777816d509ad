"""The list of what was done to a case: all steps, the newest first, searched and copied."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from app.dialogs.case_history import CaseHistoryDialog
from app.jobs import JobRunner
from app.session import Session
from planning.case.commands import SetLabel
from planning.geometry import Grid
from planning.volume import Volume


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path):  # type: ignore[no-untyped-def]
    volume = Volume(Grid.from_parts((8, 7, 6), (0.7, 0.7, 1.0)), np.zeros((6, 7, 8), dtype=np.int16))
    runner = JobRunner()
    opened = Session(make_case(tmp_path / "case-0007.theatrum", volume), runner)
    yield opened
    opened.close()
    runner.shutdown()


def test_steps_are_listed_searched_and_copied(qtbot: QtBot, session: Session) -> None:
    window = QMainWindow()
    window.resize(1280, 800)
    qtbot.addWidget(window)
    window.show()
    session.do(SetLabel("One"))
    session.do(SetLabel("Two"))
    session.undo()
    dialog = CaseHistoryDialog(session, window)
    dialog.open()
    qtbot.waitExposed(dialog)
    listed = dialog.findChild(QListView, "case_history_list")
    assert listed is not None
    count = session.document.journal_length
    qtbot.waitUntil(lambda: listed.model().rowCount() == count)
    lines = [str(listed.model().index(row, 0).data()) for row in range(3)]
    assert lines[0].split("\t")[0] == str(count)
    assert "Undone:" in lines[0]
    assert "(undone later)" in lines[1]
    assert "(undone later)" not in lines[2]
    search = dialog.findChild(QLineEdit, "case_history_search")
    assert search is not None
    search.setFocus()
    QTest.keyClicks(search, "undone:")
    assert listed.model().rowCount() == 1
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert dialog.isVisible()
    copy = dialog.findChild(QPushButton, "case_history_copy")
    assert copy is not None
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == lines[0]
    # a step that comes later is not mixed in
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
