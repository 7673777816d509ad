"""No text names a key that is not bound: tooltips, footers and sentences follow when a person binds another one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot
from spoken import visible_texts

from app.actions import BINDINGS, SPECS, ActionBook
from app.keymap import Keymap
from app.launch import make_application
from app.panels.segment.step_strokes import TOOLS
from app.panels.tool_row import ToolRow
from app.settings import Settings
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.geometry import Grid
from planning.volume import Volume
from viewers.keys import show_keys_again

pytestmark = pytest.mark.gui


def test_texts_follow_the_keys_that_are_bound(qtbot: QtBot, tmp_path: Path) -> None:
    grid = Grid.from_parts((24, 22, 20), (2.0, 2.0, 2.0), (0.0, 0.0, 0.0))
    make_case(tmp_path / "case.theatrum", Volume(grid, np.zeros(grid.shape_kji, np.int16))).close()
    window = Workstation(Settings())
    window.is_attended = False
    window.resize(1280, 800)
    window.show()
    try:
        with qtbot.waitSignal(window.opened, timeout=20000):
            window.open_paths([tmp_path / "case.theatrum"])
        wait_settled(window)
        assert window.page is not None
        assert "Press D to measure a distance." in visible_texts(window)
        assert window.strip._keys.text() == "F1"
        keys = {"distance": ("Q",), "shortcuts": ("F8",), "hand_tool:paint": ("F7",), "previous_step": ("F4",)}
        window.apply_settings(Settings(keys=keys))
        assert "Press Q to measure a distance." in visible_texts(window)
        assert window.strip._keys.text() == "F8"
        assert window.strip._keys.toolTip() == "Shortcuts (F8)"
        window.page.show_module("heart")
        wait_settled(window)
        assert "Previous step (F4)" in [window.page.panel("heart").frame.footer._back.toolTip()]  # type: ignore[attr-defined]
        # without a key no text names one
        window.apply_settings(Settings(keys={"distance": (), "shortcuts": ()}))
        assert "Nothing measured yet." in visible_texts(window)
        assert window.strip._keys.toolTip() == "Shortcuts"
    finally:
        window.jobs.shutdown()
        window.close_case(show_start=False)
        window.close()


def test_a_row_of_tools_takes_a_new_key_at_once_and_gives_back_what_is_bound_now(qtbot: QtBot) -> None:
    make_application(Settings())
    window = QMainWindow()
    qtbot.addWidget(window)
    book = ActionBook(window, window)
    for spec in SPECS:
        book.connect(spec.id, lambda: None)
    asked: list[str] = []
    row = ToolRow("stroke_tool", TOOLS)
    row.chosen.connect(asked.append)
    window.setCentralWidget(row)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    swapped: list[int] = []
    row.listen(window, {"swap": lambda: swapped.append(1)})
    row.show_tool("", "")
    probe = next(spec.id for spec in SPECS if "V" in book.keymap.keys(spec.id))
    try:
        assert not book[probe].shortcuts(), "lent to the box"
        QTest.keyClick(window, Qt.Key.Key_V)
        assert asked == ["box"]
        book.bind(Keymap(BINDINGS, {"stroke_tool:box": ("F7",), "stroke_tool:swap": ("F8",), probe: ("F9",)}))
        show_keys_again(window)
        for key in (Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_F7, Qt.Key.Key_F8):
            QTest.keyClick(window, key)
        assert asked == ["box", "box"]
        assert swapped == [1]
        assert row.buttons["box"].toolTip().endswith("(F7)")
        row.be_silent()
        assert [key.toString() for key in book[probe].shortcuts()] == ["F9"]
        QTest.keyClick(window, Qt.Key.Key_F7)
        assert asked == ["box", "box"]
    finally:
        book.bind(Keymap(BINDINGS, {}))
