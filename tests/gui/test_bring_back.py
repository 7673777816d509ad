"""A damaged case offers to bring back what is whole, says what is lost, and leaves the damaged file alone."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import add_structures, make_case
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from segment_window import shown_window, shut

import app.bring_back as bring_back_module
from app.workstation import Workstation
from planning.case.recovered import Recovered
from planning.geometry import Grid
from planning.progress import CancelToken, Progress
from planning.volume import Mask, Volume

pytestmark = pytest.mark.gui
GRID = Grid.from_parts((24, 20, 40), (1.0, 1.0, 1.0))
LONG_MS = 30_000


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A case whose middle slices lost their block."""
    made = tmp_path / "case-0004.theatrum"
    voxels = np.arange(np.prod(GRID.shape_kji), dtype=np.int16).reshape(GRID.shape_kji)
    with make_case(made, Volume(GRID, voxels)) as document:
        inside = np.zeros(GRID.shape_kji, dtype=bool)
        inside[2:6, 3:9, 3:9] = True
        add_structures(document, {"liver": Mask.from_full(GRID, inside)})
    with sqlite3.connect(made) as connection:
        rows = connection.execute("SELECT sha256, length(data) FROM chunk ORDER BY length(data) DESC").fetchall()
        connection.execute("UPDATE chunk SET data=zeroblob(?) WHERE sha256=?", (rows[0][1], rows[0][0]))
    connection.close()
    return made


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Workstation]:
    other = tmp_path / "other.theatrum"
    make_case(other, Volume(GRID, np.full(GRID.shape_kji, 40, dtype=np.int16))).close()
    made = shown_window(qtbot, other)
    made.is_attended = True
    yield made
    made.is_attended = False
    shut(made)


def _answers(window: QWidget, *buttons: str) -> list[str]:
    """Press a button in each dialog that comes; the sentences that were there."""
    said: list[str] = []
    left = list(buttons)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is not None and dialog.findChild(QAbstractButton, left[0]) is not None:
            said.append(" ".join(label.text() for label in dialog.findChildren(QLabel)))
            QTest.mouseClick(dialog.findChild(QAbstractButton, left.pop(0)), Qt.MouseButton.LeftButton)
        if left:
            QTimer.singleShot(50, window, look)

    QTimer.singleShot(50, window, look)
    return said


def test_what_is_whole_comes_back_in_a_new_case(qtbot: QtBot, window: Workstation, damaged: Path) -> None:
    before = damaged.read_bytes()
    said = _answers(window, "choice_dialog_bring_back", "choice_dialog_open")
    window.open_paths([damaged])
    target = damaged.with_name("case-0004-recovered.theatrum")
    qtbot.waitUntil(lambda: window.session is not None and window.session.path == target, timeout=LONG_MS)
    assert damaged.read_bytes() == before
    assert "damaged" in said[0]
    assert "theatrum case" not in said[0]
    assert "are lost and filled with air" in said[1]
    assert "liver" in window.session.case.structures
    # a second time nothing is replaced
    kept = target.read_bytes()
    said = _answers(window, "choice_dialog_bring_back", "choice_dialog_safe")
    window.open_paths([damaged])
    qtbot.waitUntil(lambda: len(said) == 2, timeout=LONG_MS)
    assert damaged.with_name("case-0004-recovered-2.theatrum").exists()
    assert target.read_bytes()[:100] == kept[:100]


def test_leaving_writes_nothing(qtbot: QtBot, window: Workstation, damaged: Path) -> None:
    said = _answers(window, "choice_dialog_safe")
    window.open_paths([damaged])
    qtbot.waitUntil(lambda: len(said) == 1, timeout=LONG_MS)
    assert sorted(path.name for path in damaged.parent.glob("*.theatrum")) == ["case-0004.theatrum", "other.theatrum"]


def test_it_goes_on_when_the_open_case_is_closed_and_opens_nothing_unasked(
    qtbot: QtBot, window: Workstation, damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, output = threading.Event(), damaged.with_name("case-0004-recovered.theatrum")
    began = threading.Event()

    def slow(path: Path, progress: Progress, cancel: CancelToken) -> Recovered:
        began.set()
        may_end.wait(LONG_MS / 1000)
        cancel.raise_if_set()
        return Recovered(output, 3, 0, True, (), (), (), (), (), (), (), 0)

    monkeypatch.setattr(bring_back_module, "_work", slow)
    _answers(window, "choice_dialog_bring_back")
    window.open_paths([damaged])
    qtbot.waitUntil(began.is_set, timeout=LONG_MS)
    window.close_case()
    may_end.set()
    qtbot.waitUntil(lambda: not window.jobs.active, timeout=LONG_MS)
    assert window.strip.findChild(QLabel, "strip_text").text() == f"Everything came back, as {output.name}"
    assert not window.has_case
