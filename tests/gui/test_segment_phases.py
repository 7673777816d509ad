"""Tools on a moving scan: they act on the phase that is shown, and what they say names it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from beating import BeatingRoot, make_beating_root
from cases import add_structures, make_moving_case
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot
from segment_window import panel_of, press, shown_window, shut

from app.measure_words import long_text
from app.structures_panel import source_text
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.case.manifest import structure_json
from planning.case.reading import structure_from_json
from planning.volume import Mask
from viewers.overlay import ValueItem

pytestmark = pytest.mark.gui
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
LONG_MS = 40_000
LOW, HIGH = 250.0, 900.0


@pytest.fixture(scope="module")
def root() -> BeatingRoot:
    return make_beating_root(phases=3, spacing_mm=(1.2, 1.2, 1.2), seed=3, size_mm=50.0)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, root: BeatingRoot) -> Iterator[Workstation]:
    file = tmp_path / "beating.theatrum"
    with make_moving_case(file, root.volumes, root.labels) as document:
        voxels = root.volumes[0].voxels > LOW
        add_structures(document, {"aorta": Mask.from_full(root.volumes[0].grid, voxels)})
    made = shown_window(qtbot, file)
    made.page.session.view.set(selected="aorta", cross_mm=(0.0, 0.0, 0.0))
    yield made
    shut(made)


def test_a_preview_is_of_the_phase_that_is_shown(qtbot: QtBot, window: Workstation, root: BeatingRoot) -> None:
    view = window.page.session.view
    press(window, "list_tool_threshold")
    work = panel_of(window).hand
    work.set_settings(threshold_hu=(LOW, HIGH))
    for phase in (1, 2):
        view.set(phase=phase)
        # nothing of the phase before can be applied meanwhile
        assert work.is_awaited
        assert not window.findChild(QAbstractButton, "apply_tool").isEnabled()
        qtbot.waitUntil(lambda: work.outcome is not None and not work.is_awaited, timeout=LONG_MS)
        values = root.volumes[phase].voxels
        assert np.array_equal(work.outcome.after.full(), (values >= LOW) & (values <= HIGH))
        assert not np.array_equal(work.outcome.after.full(), root.volumes[0].voxels > LOW)
    press(window, "apply_tool")
    qtbot.waitUntil(lambda: window.page.session.can_undo, timeout=LONG_MS)
    ((command, _),) = window.page.session.document.newest_steps(1)
    assert command.title == f"Threshold on aorta, in the phase of {root.labels[2]}"


def test_a_structure_says_in_which_phase_it_was_made(window: Workstation, root: BeatingRoot) -> None:
    session = window.page.session
    session.view.set(phase=1)
    wait_settled(window)
    session.view.set(selected="")
    press(window, "list_tool_paint")
    field = window.findChild(QLineEdit, "new_structure_name")
    field.selectAll()
    QTest.keyClicks(field, "left_atrium")
    QTest.keyClick(field, Qt.Key.Key_Return)
    made = session.case.structures["left_atrium"]
    assert made.phase == root.labels[1]
    assert f"Made at {root.labels[1]}" in source_text(made)
    assert structure_from_json(structure_json(made)).phase == made.phase
    before = session.case.structures["aorta"]
    assert "Made at" not in source_text(before), "nobody knows it of what came from a file"
    assert "phase" not in structure_json(before)


def test_a_region_says_at_which_phase_its_values_were_read(window: Workstation, root: BeatingRoot) -> None:
    page = window.page
    page.session.view.set(phase=1)
    wait_settled(window)
    window.actions_["oval"].trigger()
    pane = page.slices["axial"]
    QTest.qWait(20)
    x, y = pane.geometry_px().to_screen(np.zeros(3))
    QTest.mousePress(pane, LEFT, NONE, QPoint(round(x) - 30, round(y) - 30))
    QTest.mouseMove(pane, QPoint(round(x), round(y)))
    QTest.mouseMove(pane, QPoint(round(x) + 30, round(y) + 30))
    QTest.mouseRelease(pane, LEFT, NONE, QPoint(round(x) + 30, round(y) + 30))
    wait_settled(window)
    (item,) = page.session.case.measurements.values()
    assert item.phase == root.labels[1]
    page.session.view.set(phase=2)
    wait_settled(window)
    (words,) = (part for part in page.measuring.items() if isinstance(part, ValueItem))
    assert words.lines[-1] == root.labels[1]
    assert f"Measured at {root.labels[1]}." in long_text(page.session.case, item)


def test_the_heart_stands_still_while_a_hand_draws(qtbot: QtBot, window: Workstation) -> None:
    page = window.page
    pane = page.slices["axial"]
    press(window, "list_tool_paint")
    page.cine.set_rate(30.0)
    page.cine.play()
    seen = {page.session.view.state.phase}
    page.session.view.changed.connect(lambda old, new: seen.add(new.phase))
    qtbot.waitUntil(lambda: len(seen) == 3, timeout=LONG_MS)
    x, y = pane.geometry_px().to_screen(np.zeros(3))
    QTest.mousePress(pane, LEFT, NONE, QPoint(round(x), round(y) - 60))
    held = page.session.view.state.phase
    seen.clear()
    QTest.qWait(200)
    assert seen <= {held}
    QTest.mouseRelease(pane, LEFT, NONE, QPoint(round(x) + 20, round(y) - 60))
    # and goes on beating
    qtbot.waitUntil(lambda: len(seen) == 3, timeout=LONG_MS)
    page.cine.pause()
