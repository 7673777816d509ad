"""A case that is open to read: what would write is off and says why; one that another window has offers to be read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import add_structures, make_case
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot
from segment_window import shown_window, shut

from app.palette_entries import palette_entries
from app.read_only import WRITES
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.case.commands import AddMeasurement
from planning.case.model import Measurement
from planning.geometry import Grid
from planning.volume import Mask, Volume
from viewers.measures import handle_key

pytestmark = pytest.mark.gui
Key, NONE = Qt.Key, Qt.KeyboardModifier.NoModifier
GRID = Grid.from_parts((60, 50, 30), (1.0, 1.0, 2.0))
REASON = "This case is open to read"
LONG_MS = 30_000
HOLDER = """
import sys
from planning.case.document import Document

with Document.open(sys.argv[1]) as document:
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "case.theatrum"
    with make_case(file, Volume(GRID, np.full(GRID.shape_kji, 40, dtype=np.int16))) as document:
        voxels = np.zeros(GRID.shape_kji, dtype=bool)
        voxels[8:20, 10:30, 12:40] = True
        add_structures(document, {"liver": Mask.from_full(GRID, voxels)})
        ends = ((10.0, 10.0, 28.0), (30.0, 10.0, 28.0))
        length = Measurement(
            name="Distance 1", kind="distance", points_mm=ends, value=20.0, unit="mm", normal=(0.0, 0.0, 1.0)
        )
        document.do(AddMeasurement(length))
    return file


@pytest.fixture
def window(qtbot: QtBot, path: Path) -> Iterator[Workstation]:
    made = shown_window(qtbot, path, read_only=True)
    yield made
    shut(made)


def said(window: Workstation) -> str:
    return window.strip.findChild(QLabel, "strip_text").text()


def test_what_would_write_says_why_before_anything_is_drawn(window: Workstation) -> None:
    page, book = window.page, window.actions_
    pane = page.slices["axial"]
    for key, keys in ((Key.Key_D, NONE), (Key.Key_U, NONE), (Key.Key_Delete, NONE), (Key.Key_F2, NONE)):
        window.strip.say("")
        pane.setFocus()
        QTest.keyClick(pane, key, keys)
        assert said(window) == f"{REASON}."
        assert page.session.view.state.tool == "cross"
    assert {name: book[name].isEnabled() for name in WRITES} == dict.fromkeys(WRITES, False)
    assert all(REASON in book[name].toolTip() for name in WRITES)
    entries = {entry.title: entry for entry in palette_entries(window)}
    assert entries["Measure distance"].reason == REASON
    # what is only looked at goes on
    QTest.keyClick(pane, Key.Key_C)
    assert not page.session.view.state.show_crosshair


def test_a_measurement_has_no_handles_to_take_hold_of(window: Workstation) -> None:
    pane = window.page.slices["axial"]
    window.page.session.view.set(cross_mm=(20.0, 10.0, 28.0), selected_point=handle_key("Distance 1", 1))
    wait_settled(window)
    handle = pane.item(handle_key("Distance 1", 1))
    assert handle is None or not handle.movable
    steps = window.page.session.document.journal_length
    x, y = pane.geometry_px().to_screen((30.0, 10.0, 28.0))
    start = QPoint(round(x), round(y))
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, NONE, start)
    QTest.mouseMove(pane, start + QPoint(30, 20))
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, NONE, start + QPoint(30, 20))
    assert window.page.session.document.journal_length == steps


@pytest.mark.parametrize("reads", [True, False])
def test_a_case_that_another_window_has_offers_to_be_read(
    qtbot: QtBot, tmp_path: Path, path: Path, reads: bool
) -> None:
    other = tmp_path / "other.theatrum"
    make_case(other, Volume(GRID, np.full(GRID.shape_kji, 40, dtype=np.int16))).close()
    window = shown_window(qtbot, other)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        seen: list[str] = []

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                QTimer.singleShot(50, answer)
                return
            seen.append(dialog.findChild(QLabel, "confirm_dialog_title").text())
            name = "confirm_dialog_danger" if reads else "confirm_dialog_safe"
            button = dialog.findChild(QAbstractButton, name)
            seen.append(button.text().strip())
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

        window.is_attended = True
        QTimer.singleShot(50, answer)
        window.open_paths([path])
        qtbot.waitUntil(lambda: len(seen) == 2, timeout=LONG_MS)
        assert seen == ["This case is open in another window", "Open to read" if reads else "Close"]
        if reads:
            qtbot.waitUntil(lambda: window.session is not None and window.session.path == path, timeout=LONG_MS)
            assert window.session.document.read_only
            assert "liver" in window.session.case.structures
        else:
            wait_settled(window)
            assert window.session.path == other
    finally:
        window.is_attended = False
        holder.communicate("")
        shut(window)
