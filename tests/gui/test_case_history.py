"""The list of what was done to a case: all steps, the newest first, searched and copied."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView, QMainWindow, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.dialogs import case_history
from app.dialogs.case_history import CaseHistoryDialog, line_of, step_words
from app.i18n import use_language
from app.jobs import JobRunner
from app.session import Session
from planning.case.commands import SetLabel
from planning.case.outgoing import STOPPED, note_outgoing
from planning.case.trail import TrailStep, trail
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


def test_looking_for_a_step_puts_none_into_words_again(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(number: int) -> TrailStep:
        return TrailStep(
            number, "2026-11-19T10:42:07Z", "1.0", "done", f"Brush stroke on liver, {number} mm", None, False
        )

    steps, holder = [step(number) for number in range(30)], QWidget()
    qtbot.addWidget(holder)
    model = case_history._Steps(holder)
    model.show_steps(steps, [case_history.searched_text(one) for one in steps])
    monkeypatch.delattr(case_history, "step_words")
    model.find(" LIVER, 2")
    assert [one.number for one in model.shown] == [*range(29, 19, -1), 2]


def test_what_went_out_is_listed_in_the_windows_language(qtbot: QtBot, session: Session) -> None:
    note_outgoing(session.document, "report (.pdf)")
    note_outgoing(session.document, f"results (SEG, SR){STOPPED}", "Ward 7")
    note_outgoing(session.document, "DICOM objects (folder)")
    note_outgoing(session.document, "plan", "a navigation system")
    english, german = [], []
    for language, words in (("en", english), ("de", german)):
        use_language(language)
        try:
            words += [step_words(step) for step in trail(session.document)[-4:]]
        finally:
            use_language("en")
    assert english == [
        "Written out: report (.pdf)",
        "Sent: results (SEG, SR), stopped on the way, to Ward 7",
        "Written out: DICOM objects (folder)",
        "Sent: plan, to a navigation system",
    ]
    assert german == [
        "Ausgegeben: Bericht (.pdf)",
        "Gesendet: Ergebnisse (SEG, SR), unterwegs angehalten, an Ward 7",
        "Ausgegeben: DICOM-Objekte (Ordner)",
        "Gesendet: Plan, an ein Navigationssystem",
    ]
    lines = [line_of(step).split("\t")[0] for step in trail(session.document)[-5:]]
    assert lines == [str(session.document.journal_length), "", "", "", ""]
