"""No text names a key that is not bound: tooltips, footers and sentences follow when a person binds another one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from pytestqt.qtbot import QtBot
from spoken import visible_texts

from app.settings import Settings
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.geometry import Grid
from planning.volume import Volume

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
