"""A measurement of a moving scan stays one of the phase that was measured in, whatever phase is shown when it is moved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cases import make_moving_case
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from two_series import opened, shut

from app.measure_words import short_text
from app.structure_rows import fitting_value
from app.window_states import wait_settled
from planning.geometry import Grid
from planning.volume import Volume

pytestmark = pytest.mark.gui
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
LABELS = ("5 % of R–R", "40 % of R–R", "75 % of R–R")


def flat(value_hu: int) -> Volume:
    grid = Grid.from_parts((60, 60, 40), (1.0, 1.0, 1.0), (-30.0, -30.0, -20.0))
    return Volume(grid, np.full(grid.shape_kji, value_hu, dtype=np.int16))


def test_a_region_moved_in_another_phase_stays_of_its_own(qtbot: QtBot, tmp_path: Path) -> None:
    with make_moving_case(tmp_path / "beat.theatrum", [flat(value) for value in (100, 200, 300)], LABELS):
        pass
    window = opened(qtbot, tmp_path / "beat.theatrum")
    try:
        page = window.page
        session, pane = page.session, page.slices["axial"]
        session.phases.show(1)
        wait_settled(window)
        geometry = pane.geometry_px()
        places = geometry.center_mm + np.array([[-8.0, -6.0, 0.0], [8.0, 6.0, 0.0]])
        assert page.measuring.take(geometry, "rectangle", places)
        qtbot.waitUntil(lambda: len(session.case.measurements) == 1, timeout=20_000)
        (name,) = session.case.measurements
        session.phases.show(2)
        wait_settled(window)
        before = session.case.measurements[name]
        x, y = geometry.to_screen(np.array(before.points_mm[0]))
        start = QPoint(round(x), round(y))
        session.view.set(selected=name)
        wait_settled(window)
        QTest.mousePress(pane, LEFT, NONE, start)
        for step in (4, 8, 12, 16):
            QTest.mouseMove(pane, start - QPoint(step, step))
            QTest.qWait(1)
        QTest.mouseRelease(pane, LEFT, NONE, start - QPoint(16, 16))
        qtbot.waitUntil(lambda: session.case.measurements[name] != before, timeout=20_000)
        after = session.case.measurements[name]
        mean = next(reading.value for reading in after.readings if reading.name == "Mean")
        assert (after.phase, round(mean, 6)) == ("40 % of R–R", 200.0)
        value = short_text(session.case, after)
        assert value.startswith("40\u202f%: "), "the whole label left a row no room for the name"
        assert value.endswith("200\u202fHU")
        # what does not fit into a narrow row is left out from its end
        assert fitting_value(value, 60.0, 60.0, lambda words: 8.0 * len(words)).startswith("40\u202f%: ")
        told = window.strip.findChild(QLabel, "strip_text").text()
        assert told == f"{name} stays a measurement of 40 % of R–R; 75 % of R–R is shown."
    finally:
        shut(window)
