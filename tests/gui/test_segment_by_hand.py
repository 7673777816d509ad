"""The segment editor in the real window: strokes, scissors, previews, undo and reload, locks and keys, by real events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cases import add_structures
from guided_scene import LIVER_AT, NEIGHBOUR_AT, GuidedScene, guided_document
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyleOptionFrame,
)
from pytestqt.qtbot import QtBot
from segment_window import panel_of, press, shown_window, shut

from app.dialogs.palette import CommandPalette
from app.palette_entries import palette_entries
from app.panels.segment.by_hand_pages import BandRow
from app.panels.segment.by_hand_parts import BandView
from app.panels.segment.by_hand_settings import TOOLS
from app.panels.segment.by_hand_step import ByHandStep
from app.panels.segment.by_hand_words import volume_words
from app.panels.segment.by_hand_work import HandWork
from app.workstation import Workstation
from planning.by_hand import boxes
from planning.by_hand.editing import edit_step, new_structure
from planning.by_hand.patches import Patch
from planning.by_hand.values import HU, SUV, ValueScale
from planning.case.commands import LockStructure
from planning.case.document import Document
from planning.case.manifest import case_json
from planning.geometry import Grid
from planning.volume import Mask

pytestmark = pytest.mark.gui
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LONG_MS = 60_000
X, Y, Z = LIVER_AT
NX, NY, NZ = NEIGHBOUR_AT
Place = tuple[float, float]


@pytest.fixture(scope="module")
def scene() -> GuidedScene:
    return GuidedScene()


@pytest.fixture
def path(tmp_path: Path, scene: GuidedScene) -> Path:
    file = tmp_path / "case.theatrum"
    with guided_document(file, scene) as document:
        masks = {"liver": scene.liver, "portal_vein": scene.portal}
        add_structures(document, {name: Mask.from_full(scene.grid, voxels) for name, voxels in masks.items()})
    return file


@pytest.fixture
def window(qtbot: QtBot, path: Path) -> Iterator[Workstation]:
    made = shown_window(qtbot, path)
    made.page.session.view.set(selected="liver")
    yield made
    shut(made)


def hand(window: Workstation) -> HandWork:
    return panel_of(window).hand


def editor(window: Workstation) -> ByHandStep:
    return panel_of(window).by_hand


def at(window: Workstation, place: Place, pane: str = "axial") -> QPoint:
    """Screen place of (x, y) at the crosshair's height."""
    x, y = window.page.slices[pane].geometry_px().to_screen(np.array((*place, Z)))
    return QPoint(round(x), round(y))


def stroke(window: Workstation, *places: Place, keys: Qt.KeyboardModifier = NONE, release: bool = True) -> None:
    pane = window.page.slices["axial"]
    QTest.mousePress(pane, LEFT, keys, at(window, places[0]))
    for place in places[1:]:
        QTest.mouseMove(pane, at(window, place))
        QTest.qWait(1)
    if release:
        QTest.mouseRelease(pane, LEFT, keys, at(window, places[-1]))


def key(window: Workstation, code: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    pane = window.page.slices["axial"]
    pane.setFocus()
    QTest.keyClick(pane, code, keys)


def take(window: Workstation, tool: str) -> None:
    """A tool by its button."""
    press(window, f"hand_tool_{tool}" if panel_of(window).is_by_hand else f"list_tool_{tool}")
    assert hand(window).tool == tool
    # panes are told a turn later
    QTest.qWait(20)


def previewed(qtbot: QtBot, window: Workstation) -> None:
    qtbot.waitUntil(lambda: hand(window).outcome is not None and not hand(window).is_computing, timeout=LONG_MS)


def voxels(window: Workstation, name: str = "liver") -> np.ndarray:
    return window.page.session.mask(name).full()


def shown(window: Workstation) -> np.ndarray:
    """The structure as panes draw it."""
    live = window.page.slices["axial"]._content.live
    return live.mask().full()


def state_of(window: Workstation) -> str:
    return str(case_json(window.page.session.case))


def step_words(window: Workstation) -> list[str]:
    return [line.words for line in editor(window).list.lines]


def said(window: Workstation) -> str:
    return window.strip.findChild(QLabel, "strip_text").text()


def test_a_stroke_is_one_step_and_undo_to_the_start_is_the_same_case(
    qtbot: QtBot, window: Workstation, scene: GuidedScene
) -> None:
    session, pane = window.page.session, window.page.slices["axial"]
    start, first = session.document.journal_length, state_of(window)
    take(window, "paint")
    before = voxels(window)
    view = session.view.state
    geometry = pane.geometry_px().key
    stroke(window, (X + 70, Y), (X + 95, Y), release=False)
    # drawn at once, and not in the case before the button is released
    assert np.count_nonzero(shown(window) & ~before) > 500
    assert session.document.journal_length == start
    QTest.mouseRelease(pane, LEFT, NONE, at(window, (X + 95, Y)))
    assert session.document.journal_length == start + 1
    after = voxels(window)
    assert np.array_equal(after, shown(window))
    # all of the way between two events is painted: a ball of 12 mm along 25 mm
    added = np.count_nonzero(after & ~before) * scene.grid.voxel_mm3
    whole = np.pi * 6**2 * 25 + 4 / 3 * np.pi * 6**3
    outside = after & ~before & ~scene.liver
    assert added == pytest.approx(np.count_nonzero(outside) * scene.grid.voxel_mm3)
    assert 0.75 * whole < added < 1.1 * whole
    # no tool moves the view, the crosshair or the slice
    assert pane.geometry_px().key == geometry
    assert session.view.state.cross_mm == view.cross_mm
    assert session.view.state.show_crosshair == view.show_crosshair
    assert step_words(window)[0].startswith("Brush stroke, axial H 80.0")
    assert editor(window).list.lines[0].change.startswith("+")
    # Ctrl inverts
    stroke(window, (X + 70, Y), (X + 95, Y), keys=CONTROL)
    assert np.array_equal(voxels(window), before & ~(after & ~before))
    assert step_words(window)[0].startswith("Eraser stroke")
    stroke(window, (X, Y + 62), (X + 20, Y + 62))
    assert session.document.journal_length == start + 3
    for _ in range(3):
        key(window, Qt.Key.Key_Z, CONTROL)
    assert state_of(window) == first
    assert np.array_equal(voxels(window), before)
    assert np.array_equal(shown(window), before)
    for _ in range(3):
        key(window, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert np.array_equal(shown(window), voxels(window))
    assert not np.array_equal(voxels(window), before)


def test_undo_with_the_button_held_takes_the_stroke_alone(window: Workstation) -> None:
    session, pane = window.page.session, window.page.slices["axial"]
    take(window, "paint")
    stroke(window, (X + 70, Y), (X + 95, Y))
    kept, length = voxels(window), session.document.journal_length
    stroke(window, (X, Y + 62), (X + 20, Y + 62), release=False)
    assert not np.array_equal(shown(window), kept)
    key(window, Qt.Key.Key_Z, CONTROL)
    assert said(window) == "Undone: stroke"
    QTest.mouseRelease(pane, LEFT, NONE, at(window, (X + 20, Y + 62)))
    assert session.document.journal_length == length
    assert np.array_equal(voxels(window), kept)
    assert np.array_equal(shown(window), kept)
    # the next one takes back what was kept
    key(window, Qt.Key.Key_Z, CONTROL)
    assert not np.array_equal(voxels(window), kept)


def test_undo_after_a_reload_takes_strokes_back_and_shows_where(qtbot: QtBot, path: Path) -> None:
    window = shown_window(qtbot, path)
    window.page.session.view.set(selected="liver")
    before, first = voxels(window), state_of(window)
    take(window, "erase")
    stroke(window, (X, Y), (X + 20, Y))
    stroke(window, (X, Y + 20), (X + 20, Y + 20))
    edited = voxels(window)
    assert np.count_nonzero(before & ~edited) > 500
    shut(window)
    again = shown_window(qtbot, path)
    session = again.page.session
    session.view.set(selected="liver")
    assert np.array_equal(voxels(again), edited)
    take(again, "paint")
    assert [words[:13] for words in step_words(again)[:2]] == ["Eraser stroke"] * 2
    press(again, "hand_step_0")
    assert said(again).startswith("Undone: Eraser stroke on liver")
    session.view.set(cross_mm=(100.0, 60.0, 120.0))
    link = again.strip.findChild(QPushButton, "strip_action")
    assert (link.text(), link.isVisible()) == ("Show", True)
    QTest.mouseClick(link, LEFT)
    assert np.linalg.norm(np.array(session.view.state.cross_mm) - (X + 10, Y + 20, Z)) < 4.0
    key(again, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(voxels(again), before)
    assert state_of(again) == first
    shut(again)
    with Document.open(path, read_only=True) as document:
        assert np.array_equal(document.mask("liver").full(), before)


def test_esc_cancels_a_stroke_and_then_leaves_the_tool(qtbot: QtBot, window: Workstation) -> None:
    take(window, "paint")
    steps, before = window.page.session.document.journal_length, voxels(window)
    stroke(window, (X + 70, Y), (X + 90, Y), release=False)
    assert not np.array_equal(shown(window), before)
    key(window, Qt.Key.Key_Escape)
    assert np.array_equal(shown(window), before)
    QTest.mouseRelease(window.page.slices["axial"], LEFT, NONE, at(window, (X + 90, Y)))
    assert window.page.session.document.journal_length == steps
    assert hand(window).tool == "paint"
    key(window, Qt.Key.Key_Escape)
    assert hand(window).tool == ""
    assert window.page.session.view.state.tool == "cross"
    # the structure stays chosen
    assert window.page.session.view.state.selected == "liver"


def test_the_editors_keys_win_while_it_is_open_and_not_where_text_is_typed(qtbot: QtBot, window: Workstation) -> None:
    panel_of(window).open_by_hand()
    view, work = window.page.session.view, hand(window)
    key(window, Qt.Key.Key_B)
    assert (work.tool, view.state.tool, view.state.refuses) == ("paint", "paint", False)
    key(window, Qt.Key.Key_X)
    assert (work.tool, view.state.refuses) == ("erase", True)
    key(window, Qt.Key.Key_B, SHIFT)
    assert work.tool == "" or work.tool == "erase"
    key(window, Qt.Key.Key_B)
    ball = work.settings.ball
    # D is the distance elsewhere, F maximises
    key(window, Qt.Key.Key_D)
    assert (work.settings.ball, view.state.tool) == (not ball, "paint")
    key(window, Qt.Key.Key_K)
    assert work.settings.banded
    key(window, Qt.Key.Key_K)
    size, voxel = view.state.brush_mm, float(window.page.slices["axial"].grid.spacing_mm.min())
    key(window, Qt.Key.Key_Period)
    assert view.state.brush_mm == pytest.approx(size + voxel)
    key(window, Qt.Key.Key_Comma)
    assert view.state.brush_mm == pytest.approx(size)
    field = window.findChild(QLineEdit, "brush_size")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0.8 cm")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (view.state.brush_mm, work.tool) == (8.0, "paint")
    pane = window.page.slices["axial"]
    middle = QPointF(at(window, (X, Y)))
    crosshair = view.state.cross_mm
    wheel = QWheelEvent(
        middle,
        QPointF(pane.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        SHIFT,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pane, wheel)
    assert view.state.brush_mm == pytest.approx(8.0 + voxel)
    assert view.state.cross_mm == crosshair
    # with nothing but the image on screen the hand works on
    window.actions_["image_only"].trigger()
    key(window, Qt.Key.Key_Period)
    assert work.brush_mm == pytest.approx(view.state.brush_mm) == pytest.approx(8.0 + 2 * voxel)
    window.actions_["image_only"].trigger()
    key(window, Qt.Key.Key_F)
    assert (work.tool, view.state.maximised) == ("fill_holes", "")
    key(window, Qt.Key.Key_Y)
    assert (work.tool, view.state.tool) == ("scissors", "scissors")
    key(window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert (view.state.selected, work.name, work.tool) == ("portal_vein", "portal_vein", "scissors")
    # without a brush in the hand D measures here too, as the list says
    key(window, Qt.Key.Key_Escape)
    ball = work.settings.ball
    key(window, Qt.Key.Key_D)
    assert (work.tool, work.settings.ball, view.state.tool) == ("", ball, "distance")
    key(window, Qt.Key.Key_Escape)
    window.page.show_module("study")
    key(window, Qt.Key.Key_D)
    assert view.state.tool == "distance"


def test_navigation_works_with_the_brush_in_the_hand(qtbot: QtBot, window: Workstation) -> None:
    take(window, "paint")
    session, pane = window.page.session, window.page.slices["axial"]
    steps = session.document.journal_length
    scale = pane.geometry_px().mm_per_px
    middle = at(window, (X, Y))
    QTest.mousePress(pane, Qt.MouseButton.RightButton, NONE, middle)
    QTest.mouseMove(pane, middle - QPoint(0, 60))
    QTest.mouseRelease(pane, Qt.MouseButton.RightButton, NONE, middle - QPoint(0, 60))
    assert pane.geometry_px().mm_per_px < scale
    center = pane.geometry_px().center_mm.copy()
    for button, keys in ((Qt.MouseButton.MiddleButton, NONE), (LEFT, SHIFT)):
        QTest.mousePress(pane, button, keys, middle)
        QTest.mouseMove(pane, middle + QPoint(30, 10))
        QTest.mouseRelease(pane, button, keys, middle + QPoint(30, 10))
        assert np.linalg.norm(pane.geometry_px().center_mm - center) > 1.0
        center = pane.geometry_px().center_mm.copy()
    key(window, Qt.Key.Key_Up)
    assert session.view.state.cross_mm[2] != Z
    assert session.document.journal_length == steps
    assert hand(window).tool == "paint"


def test_the_brush_takes_only_the_chosen_values_and_places(
    qtbot: QtBot, window: Workstation, scene: GuidedScene
) -> None:
    take(window, "paint")
    before = voxels(window)
    pane = window.page.slices["axial"]
    # the values of the organ beside the liver, picked there
    QTest.mouseClick(pane, LEFT, CONTROL | SHIFT, at(window, (NX, NY)))
    assert hand(window).settings.banded
    low, high = hand(window).settings.band_hu
    assert low < 110.0 < high
    assert low > -60.0
    stroke(window, (NX - 28, NY + 20), (NX + 28, NY + 20))
    added = voxels(window) & ~before
    values = scene.volume.voxels[added]
    assert np.count_nonzero(added) > 200
    assert values.min() >= low
    assert values.max() <= high
    # nothing where another structure is
    session = window.page.session
    session.view.set(selected="portal_vein")
    hand(window).set_settings(banded=False, over="empty")
    vein = voxels(window, "portal_vein")
    stroke(window, (X + 40, Y), (X + 75, Y))
    grown = voxels(window, "portal_vein") & ~vein
    assert grown.any()
    assert not (grown & voxels(window)).any()
    # others give way
    hand(window).set_settings(over="give_way")
    liver = voxels(window)
    steps = session.document.journal_length
    stroke(window, (X, Y + 20), (X + 20, Y + 20))
    taken = liver & ~voxels(window)
    assert taken.any()
    assert not (voxels(window) & voxels(window, "portal_vein") & taken).any()
    assert session.document.journal_length == steps + 1


def test_a_stroke_that_the_rules_refuse_says_why(window: Workstation) -> None:
    take(window, "paint")
    session = window.page.session
    steps = session.document.journal_length
    hand(window).set_settings(banded=True, band_hu=(700.0, 800.0))
    stroke(window, (NX, NY), (NX + 4, NY))
    assert said(window) == "Nothing here may be painted: only values from 700 to 800\u202fHU."
    session.view.set(selected="portal_vein")
    hand(window).set_settings(banded=False, over="empty")
    stroke(window, (X + 40, Y), (X + 42, Y))
    assert said(window) == "Nothing here may be painted: paint over: empty places."
    session.do(LockStructure("liver"))
    hand(window).set_settings(over="give_way")
    stroke(window, (X + 40, Y), (X + 42, Y))
    assert said(window) == "Nothing here may be painted: Liver is locked."
    assert session.document.journal_length == steps + 1, "the lock alone"


def test_a_preview_that_takes_from_another_follows_when_that_one_changes(qtbot: QtBot, window: Workstation) -> None:
    session, hands = window.page.session, hand(window)
    session.view.set(selected="portal_vein")
    hands.set_settings(over="give_way", grow_mm=5.0)
    take(window, "grow")
    previewed(qtbot, window)
    first = hands.outcome
    assert "liver" in first.patches
    # as undo does, or another window: the liver loses much of what the preview would take
    rows = np.zeros_like(voxels(window))
    rows[:, : rows.shape[1] // 2] = True
    patch = Patch.of(voxels(window) & rows, boxes.whole(session.mask("liver").grid), session.mask("liver"))
    session.do(edit_step(session.document, {"liver": patch}, "Half of it"))
    assert hands.is_awaited
    hands.apply()
    assert session.document.undo_text == "Half of it"
    qtbot.waitUntil(lambda: hands.outcome is not None and hands.outcome is not first, timeout=LONG_MS)
    half, vein = voxels(window), voxels(window, "portal_vein")
    hands.apply()
    qtbot.waitUntil(lambda: session.document.undo_text != "Half of it", timeout=LONG_MS)
    assert np.array_equal(voxels(window), half & ~(voxels(window, "portal_vein") & ~vein))


def test_scissors_cut_through_all_or_near_and_shift_keeps(
    qtbot: QtBot, window: Workstation, scene: GuidedScene
) -> None:
    take(window, "scissors")
    session, before = window.page.session, voxels(window)
    ring = [(X + 30 + 22 * np.cos(a), Y + 22 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 25)]
    steps = session.document.journal_length

    def cut() -> None:
        qtbot.waitUntil(lambda: session.document.journal_length > steps, timeout=LONG_MS)

    stroke(window, *ring)
    cut()
    assert session.document.journal_length == steps + 1
    gone = before & ~voxels(window)
    index = scene.grid.to_world(np.argwhere(gone)[:, ::-1].astype(float))
    away = np.hypot(index[:, 0] - X - 30, index[:, 1] - Y)
    assert away.max() < 24.5
    # through all slices
    assert np.ptp(index[:, 2]) > 70.0
    column = before[:, round((Y) / 1.6), round((X + 30) / 1.6)]
    assert not voxels(window)[:, round(Y / 1.6), round((X + 30) / 1.6)][column].any()
    assert step_words(window)[0].startswith("Scissors, axial")
    key(window, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(voxels(window), before)
    steps = session.document.journal_length
    hand(window).set_settings(cut_depth_mm=8.0)
    stroke(window, *ring)
    cut()
    heights = scene.grid.to_world(np.argwhere(before & ~voxels(window))[:, ::-1].astype(float))[:, 2]
    assert abs(heights - Z).max() <= 8.1
    key(window, Qt.Key.Key_Z, CONTROL)
    # corners, closed by Enter, what lies outside goes
    hand(window).set_settings(cut_depth_mm=None, by_corners=True, cut_does="keep")
    pane = window.page.slices["axial"]
    for corner in ((X - 20, Y - 20), (X + 20, Y - 20), (X + 20, Y + 20), (X - 20, Y + 20)):
        QTest.mouseClick(pane, LEFT, NONE, at(window, corner))
    steps = session.document.journal_length
    key(window, Qt.Key.Key_Return)
    cut()
    left = scene.grid.to_world(np.argwhere(voxels(window))[:, ::-1].astype(float))
    assert np.abs(left[:, 0] - X).max() < 21.5
    assert np.abs(left[:, 1] - Y).max() < 21.5


def test_a_cut_in_3d_is_red_until_enter(qtbot: QtBot, window: Workstation) -> None:
    qtbot.waitUntil(lambda: window.page.session.surface("liver") is not None, timeout=LONG_MS)
    take(window, "scissors")
    session, panel = window.page.session, panel_of(window)
    before, steps = voxels(window), session.document.journal_length
    over = editor(window).scissors
    assert over is not None
    assert over.isVisible()
    middle = over.rect().center()
    size = min(over.width(), over.height()) // 5
    box = [(0, 0), (size, 0), (size, size), (0, size)]
    QTest.mousePress(over, LEFT, NONE, middle)
    for x, y in box:
        QTest.mouseMove(over, middle + QPoint(x, y))
        QTest.qWait(1)
    QTest.mouseRelease(over, LEFT, NONE, middle + QPoint(0, size))
    previewed(qtbot, window)
    assert session.document.journal_length == steps
    assert panel.replaced() == {"liver"}
    (surface,) = panel.surfaces()
    assert 0 < np.count_nonzero(surface.codes) < len(surface.codes)
    key(window, Qt.Key.Key_Escape)
    assert np.array_equal(shown(window), before)
    # what was taken back is not kept: it holds whole images
    qtbot.waitUntil(lambda: panel.by_hand._drawn[0] is None)
    assert hand(window).tool == "scissors"
    QTest.mousePress(over, LEFT, NONE, middle)
    for x, y in box:
        QTest.mouseMove(over, middle + QPoint(x, y))
        QTest.qWait(1)
    QTest.mouseRelease(over, LEFT, NONE, middle + QPoint(0, size))
    previewed(qtbot, window)
    key(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.document.journal_length == steps + 1, timeout=LONG_MS)
    gone = before & ~voxels(window)
    assert 0 < np.count_nonzero(gone) < np.count_nonzero(before)
    # the view still zooms with the right button
    half = window.page.scene.camera().half_height_mm
    QTest.mousePress(over, Qt.MouseButton.RightButton, NONE, middle)
    QTest.mouseMove(over, middle - QPoint(0, 50))
    QTest.mouseRelease(over, Qt.MouseButton.RightButton, NONE, middle - QPoint(0, 50))
    assert window.page.scene.camera().half_height_mm < half
    key(window, Qt.Key.Key_Escape)
    assert not over.isVisible()


def test_a_threshold_is_shown_before_it_is_applied(qtbot: QtBot, window: Workstation, scene: GuidedScene) -> None:
    take(window, "threshold")
    session, before = window.page.session, voxels(window)
    steps = session.document.journal_length
    previewed(qtbot, window)
    low = window.findChild(QLineEdit, "threshold_low")
    low.setFocus()
    low.selectAll()
    QTest.keyClicks(low, "150")
    QTest.keyClick(low, Qt.Key.Key_Return)
    high = window.findChild(QLineEdit, "threshold_high")
    high.setFocus()
    high.selectAll()
    QTest.keyClicks(high, "260 HU")
    QTest.keyClick(high, Qt.Key.Key_Return)
    assert hand(window).settings.threshold_hu == (150.0, 260.0)
    qtbot.waitUntil(
        lambda: (found := hand(window).outcome) is not None and found.task.settings.threshold_hu == (150.0, 260.0),
        timeout=LONG_MS,
    )
    wanted = (scene.volume.voxels >= 150) & (scene.volume.voxels <= 260)
    assert np.array_equal(shown(window), wanted)
    assert session.document.journal_length == steps
    assert np.array_equal(voxels(window), before)
    assert window.findChild(QAbstractButton, "apply_tool").isEnabled()
    # the band is dragged in the histogram, and moved by keys
    band = window.findChild(BandView, "threshold_band")
    edge = round(band._x(260.0))
    QTest.mousePress(band, LEFT, NONE, QPoint(edge, 20))
    QTest.mouseMove(band, QPoint(edge - 20, 20))
    QTest.mouseRelease(band, LEFT, NONE, QPoint(edge - 20, 20))
    assert hand(window).settings.threshold_hu[0] == 150.0
    assert 150.0 < hand(window).settings.threshold_hu[1] < 260.0
    band.setFocus()
    QTest.keyClick(band, Qt.Key.Key_Left)
    assert hand(window).settings.threshold_hu[0] == 145.0
    QTest.keyClick(band, Qt.Key.Key_Right)
    hand(window).set_settings(threshold_hu=(150.0, 260.0))
    key(window, Qt.Key.Key_Escape)
    assert np.array_equal(shown(window), before)
    take(window, "threshold")
    previewed(qtbot, window)
    press(window, "apply_tool")
    assert session.document.journal_length == steps + 1
    assert np.array_equal(voxels(window), wanted)
    assert hand(window).tool == ""
    key(window, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(shown(window), before)


@pytest.mark.parametrize("tool", ["grow", "hollow", "islands", "combine"])
def test_a_computing_tool_shows_what_it_would_do(qtbot: QtBot, window: Workstation, tool: str) -> None:
    take(window, tool)
    work, before = hand(window), voxels(window)
    if tool == "combine":
        qtbot.waitUntil(lambda: not work.is_awaited, timeout=LONG_MS)
        button = window.findChild(QAbstractButton, "apply_tool")
        assert (button.isEnabled(), button.toolTip()) == (False, "Choose the other structure")
        work.set_settings(combine_how="subtract", with_other="portal_vein")
    previewed(qtbot, window)
    if tool == "islands":
        assert work.preview_words == "Nothing would change"
        assert not window.findChild(QAbstractButton, "apply_tool").isEnabled()
        return
    if tool == "combine":
        assert np.array_equal(shown(window), before & ~voxels(window, "portal_vein"))
    press(window, "apply_tool")
    after = voxels(window)
    if tool == "grow":
        assert not (before & ~after).any()
        assert np.count_nonzero(after) > 1.05 * np.count_nonzero(before)
    else:
        assert not (after & ~before).any()
        assert 0 < np.count_nonzero(after) < np.count_nonzero(before)
    assert editor(window).list.lines[0].newest


def test_a_locked_structure_is_refused_in_words(qtbot: QtBot, window: Workstation) -> None:
    panel_of(window).open_by_hand()
    editor(window).lock()
    assert window.page.session.case.structures["liver"].locked
    for name, button in editor(window).grid.buttons.items():
        assert not button.isEnabled(), name
        assert "locked" in button.toolTip()
    key(window, Qt.Key.Key_B)
    assert hand(window).tool == ""
    assert said(window) == "Liver is locked. Unlock it to change it."
    editor(window).lock()
    assert not window.page.session.case.structures["liver"].locked
    take(window, "paint")
    editor(window).lock()
    assert hand(window).tool == ""


def test_a_new_structure_is_made_painted_copied_and_accepted(qtbot: QtBot, window: Workstation) -> None:
    session = window.page.session
    session.view.set(selected="")
    press(window, "list_tool_paint")
    # nothing is chosen: a new one is asked for
    assert editor(window).is_making
    field = window.findChild(QLineEdit, "new_structure_name")
    assert field.hasFocus()
    field.selectAll()
    QTest.keyClicks(field, "liver")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "Liver" in editor(window)._name_row.complaint.text()
    field.selectAll()
    QTest.keyClicks(field, "spleen")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert session.case.structures["spleen"].voxel_count == 0
    assert (hand(window).name, hand(window).tool) == ("spleen", "paint")
    QTest.qWait(20)
    for tool in ("grow", "islands", "scissors"):
        assert "empty" in editor(window).grid.buttons[tool].toolTip()
    stroke(window, (NX - 10, NY), (NX + 10, NY))
    painted = voxels(window, "spleen")
    assert painted.any()
    assert session.case.structures["spleen"].source == "painted"
    editor(window).copy()
    assert np.array_equal(voxels(window, "spleen_copy"), painted)
    assert hand(window).name == "spleen_copy"
    key(window, Qt.Key.Key_Escape)
    press(window, "accept_structure")
    QTest.qWait(20)
    assert not panel_of(window).is_by_hand
    assert window.page.slices["axial"]._content.live is None


def test_a_case_open_to_read_says_why_no_tool_can_be_taken(qtbot: QtBot, path: Path) -> None:
    window = shown_window(qtbot, path, read_only=True)
    window.page.session.view.set(selected="liver")
    panel_of(window).open_by_hand()
    assert all(b.toolTip() == "This case is open to read" for b in editor(window).grid.buttons.values())
    key(window, Qt.Key.Key_B)
    assert hand(window).tool == ""
    shut(window)


def test_panes_draw_only_what_a_stroke_changed_and_draw_it_right(qtbot: QtBot, window: Workstation) -> None:
    take(window, "paint")
    pane = window.page.slices["axial"]
    QTest.mouseMove(pane, at(window, (X + 60, Y)))
    QTest.qWait(30)
    stroke(window, (X + 60, Y), (X + 66, Y), (X + 72, Y - 6), release=False)
    QTest.qWait(30)
    assert pane.picture.live._version == pane._content.live.version
    patched = pane.picture.live._pixels.copy()
    # all of it drawn anew is the same picture
    pane.picture.live._version = -1
    pane.picture.live.picture(pane._content.live, pane.geometry_px(), fill=True, smooth=True)
    assert np.array_equal(patched, pane.picture.live._pixels)
    QTest.mouseRelease(pane, LEFT, NONE, at(window, (X + 72, Y - 6)))


def test_only_the_edited_structure_is_meshed_again_and_the_old_surface_stays_meanwhile(
    qtbot: QtBot, window: Workstation
) -> None:
    session = window.page.session
    qtbot.waitUntil(lambda: not window.jobs.active and session.surface("liver") is not None, timeout=LONG_MS)
    started: list[str] = []
    submit = window.jobs.submit
    window.jobs.submit = lambda job: (started.append(job.key), submit(job))[1]
    vein, old = session.surface("portal_vein"), session.surface("liver")
    take(window, "erase")
    stroke(window, (X, Y), (X + 20, Y))
    stroke(window, (X, Y + 10), (X + 20, Y + 10))
    assert session.surface("liver") is None
    assert session.former_surface("liver") is old
    QTest.qWait(30)
    assert any(item.key == "liver" and item.mesh is old for item in window.page.scene._content.surfaces)
    qtbot.waitUntil(lambda: session.surface("liver") is not None, timeout=LONG_MS)
    meshed = [name for name in started if name.startswith("mesh ")]
    # once, after the hand came to rest
    array = session.case.structures["liver"].array
    assert [name.split(" at ")[0] for name in meshed] == [f"mesh {array.sha256}"]
    assert session.surface("portal_vein") is vein
    window.jobs.submit = submit


def test_enter_applies_nothing_that_other_settings_gave(qtbot: QtBot, window: Workstation) -> None:
    before, work = voxels(window), hand(window)
    take(window, "threshold")
    work.set_settings(threshold_hu=(40.0, 400.0))
    qtbot.waitUntil(lambda: work.outcome is not None and not work.is_awaited, timeout=LONG_MS)
    assert not np.array_equal(shown(window), before)
    # what is shown is of the settings before, until the new ones are computed
    work.set_settings(threshold_hu=(400.0, 40.0))
    key(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: work.problem is not None, timeout=LONG_MS)
    key(window, Qt.Key.Key_Return)
    QTest.qWait(50)
    assert work.preview_words == ""
    assert np.array_equal(voxels(window), before)
    assert np.array_equal(shown(window), before)


@pytest.mark.parametrize(
    ("volume_ml", "words"), [(0.018, "18 mm³"), (0.05, "0.1 ml"), (2.14, "2.1 ml"), (0.0, "0.0 ml")]
)
def test_a_small_change_is_not_told_as_none(volume_ml: float, words: str) -> None:
    assert volume_words(volume_ml).replace("\u2009", " ").replace("\u202f", " ") == words


def test_the_palette_finds_every_tool_and_takes_it(qtbot: QtBot, window: Workstation) -> None:
    window.page.show_module("study")
    found = {entry.id: entry for entry in palette_entries(window) if entry.id.startswith("hand_tool ")}
    assert [entry.title for entry in found.values()] == [tool.word for tool in TOOLS]
    assert (found["hand_tool erase"].keys, found["hand_tool grow"].keys) == (("Shift", "B"), ())
    window.actions_["palette"].trigger()
    palette = window.findChild(CommandPalette)
    QTest.keyClicks(palette.field, "grow")
    assert "Grow" in palette.titles()[0]
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.module == "segment" and panel_of(window).is_by_hand, timeout=LONG_MS)
    assert (hand(window).name, hand(window).tool) == ("liver", "grow")
    # one that cannot be taken says why
    session = window.page.session
    session.do(new_structure(session.document, "empty", "#DD8265", session.image.grid))
    session.view.set(selected="empty")
    found["hand_tool hollow"].run()
    assert hand(window).tool != "hollow"
    assert "is empty" in said(window)


def test_nothing_is_left_in_3d_of_a_structure_that_became_empty(qtbot: QtBot, window: Workstation) -> None:
    session = window.page.session
    qtbot.waitUntil(lambda: not window.jobs.active and session.surface("liver") is not None, timeout=LONG_MS)
    assert any(item.key == "liver" for item in window.page.scene._content.surfaces)
    take(window, "combine")
    hand(window).set_settings(combine_how="intersect", with_other="empty")
    session.do(new_structure(session.document, "empty", "#DD8265", session.image.grid))
    hand(window).ask_preview()
    previewed(qtbot, window)
    key(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.case.structures["liver"].voxel_count == 0, timeout=LONG_MS)
    QTest.qWait(50)
    assert not any(item.key == "liver" for item in window.page.scene._content.surfaces)
    key(window, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: session.surface("liver") is not None, timeout=LONG_MS)
    qtbot.waitUntil(lambda: any(item.key == "liver" for item in window.page.scene._content.surfaces), timeout=LONG_MS)


def test_random_hands_in_the_editor_find_the_way_back(qtbot: QtBot, window: Workstation) -> None:
    session, panel, random = window.page.session, panel_of(window), np.random.default_rng(7)
    panel.open_by_hand()
    first, steps, masks = state_of(window), session.document.journal_length, {}
    for name in session.case.structures:
        masks[name] = voxels(window, name)
    keys = [Qt.Key.Key_X, Qt.Key.Key_D, Qt.Key.Key_K, Qt.Key.Key_B, Qt.Key.Key_Y, Qt.Key.Key_F, Qt.Key.Key_Escape]
    keys += [Qt.Key.Key_Comma, Qt.Key.Key_Period, Qt.Key.Key_Up, Qt.Key.Key_Return]
    tools = list(editor(window).grid.buttons)
    for _ in range(140):
        act = random.integers(0, 10)
        if not panel.is_by_hand:
            panel.open_by_hand("paint", str(random.choice(list(session.case.structures))))
            QTest.qWait(10)
        if act < 4:
            if random.uniform() < 0.6:
                hand(window).take("erase" if random.uniform() < 0.4 else "paint")
                QTest.qWait(10)
            start = random.uniform((X - 60, Y - 50), (X + 60, Y + 50))
            places = [tuple(start + random.uniform(-20, 20, 2)) for _ in range(4)]
            held = [NONE, CONTROL, SHIFT][random.integers(0, 3)]
            stroke(window, *places, keys=held, release=random.uniform() < 0.9)
        elif act < 6:
            key(window, keys[random.integers(0, len(keys))])
        elif act == 6:
            button = editor(window).grid.buttons[tools[random.integers(0, len(tools))]]
            QTest.mouseClick(button, LEFT)
        elif act == 7:
            key(window, Qt.Key.Key_Z, CONTROL if random.uniform() < 0.6 else CONTROL | SHIFT)
        elif act == 8:
            key(window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        else:
            QTest.qWait(150)
        QTest.qWait(3)
    QTest.mouseRelease(window.page.slices["axial"], LEFT)
    qtbot.waitUntil(lambda: not window.jobs.active and not hand(window).is_awaited, timeout=LONG_MS)
    assert session.document.journal_length > steps + 10
    # what panes show is what the case holds, unless a preview stands there
    hand(window).take("")
    if hand(window).live is not None:
        assert np.array_equal(hand(window).live.mask().full(), voxels(window, hand(window).name))
    while session.can_undo and state_of(window) != first:
        window.page.undo()
    assert state_of(window) == first
    for name, before in masks.items():
        assert np.array_equal(voxels(window, name), before)


def test_growing_in_a_large_part_says_that_it_will_be_coarse(
    window: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(window, "seeds")
    (coarse,) = [one for one in editor(window).body.findChildren(QLabel) if "coarser voxels" in one.text()]
    hand(window).settings = replace(hand(window).settings, seeds_with=frozenset({"portal_vein"}))
    hand(window).changed.emit()
    assert coarse.isHidden()
    monkeypatch.setattr("planning.by_hand.seeds.MOST_VOXELS", 1000)
    hand(window).changed.emit()
    assert not coarse.isHidden()


@pytest.mark.parametrize(("words", "has_chip"), [("Only between", True), ("Nur zwischen zwei Werten", False)])
def test_words_of_a_band_are_whole_and_come_before_the_sign_of_its_key(
    qtbot: QtBot, window: Workstation, words: str, has_chip: bool
) -> None:
    band = BandRow("band", words, lambda low, high: None, "K")
    qtbot.addWidget(band)
    # the panel's inside in a window of 1280 px
    band.resize(280, 120)
    band.show()
    qtbot.waitExposed(band)
    assert band.switch is not None
    assert band.chip is not None
    assert band.chip.isVisible() == has_chip
    if has_chip:
        assert band.switch.width() >= band.switch.sizeHint().width()


def test_the_values_of_a_band_keep_their_signs(qtbot: QtBot, window: Workstation) -> None:
    band = BandRow("band", "Only between", lambda low, high: None, "K")
    qtbot.addWidget(band)
    band.resize(280, 120)
    band.show()
    qtbot.waitExposed(band)
    # air in a scan; of a scanner that says −3024 outside its circle
    for values in ((-1024.0, -1000.0), (-3024.0, -2000.0), (40.0, 90.0)):
        band.show_band(values)
        QTest.qWait(10)
        for field in (band.low, band.high):
            option = QStyleOptionFrame()
            field.initStyleOption(option)
            inside = field.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, field)
            # two pixels at each side and the cursor are the field's own; what does not fit is scrolled out, sign first
            assert field.fontMetrics().horizontalAdvance(field.text()) + 5 <= inside.width(), field.text()


@pytest.mark.parametrize(
    ("scale", "texts", "up", "key"),
    [
        (HU, ("100", "250\u202fHU"), 105.0, 105.0),
        (SUV, ("2.50", "8.00\u202fSUV"), 2.6, 2.6),
        (ValueScale("", 1.0, 10.0, 30.0, 40.0, -1.0, 9999.0), ("400", "900"), 410.0, 410.0),
    ],
)
def test_a_band_is_told_typed_and_moved_as_its_image_is(
    qtbot: QtBot, window: Workstation, scale: ValueScale, texts: tuple[str, str], up: float, key: float
) -> None:
    told: list[tuple[float, float]] = []
    band = BandRow("band", "Between", lambda low, high: told.append((low, high)))
    qtbot.addWidget(band)
    low, high = (float(text.split("\u202f")[0]) for text in texts)
    # the band first, then an image of another kind
    band.show_band((low, high))
    band.show_values(scale, np.ones(96), 0.0, 2.0 * high)
    assert (band.low.text(), band.high.text()) == texts
    assert ("HU" in band.high.text() + band.high.accessibleName() + band.high.placeholderText()) is (scale is HU)
    QTest.keyClick(band.low, Qt.Key.Key_Up)
    assert told.pop() == (pytest.approx(up), high)
    band.show_band((low, high))
    QTest.keyClick(band.view, Qt.Key.Key_Right)
    assert told.pop() == (pytest.approx(key), high)
    # in a picture of 120 pixels a hand moves an edge to what the image has there
    band.view.resize(120, 40)
    qtbot.mousePress(band.view, Qt.MouseButton.LeftButton, pos=QPoint(60, 20))
    assert told.pop() == (pytest.approx(key), high)


def test_a_structure_of_another_grid_is_refused_where_it_would_be_ignored(
    qtbot: QtBot, window: Workstation, scene: GuidedScene
) -> None:
    session = window.page.session
    moved = Grid.from_parts(scene.grid.size_ijk, scene.grid.spacing_mm, scene.grid.origin_mm + 0.4)
    add_structures(session.document, {"spleen": Mask.from_full(moved, scene.liver)})
    session.view.set(selected="liver")
    take(window, "paint")
    hand(window).set_settings(over="inside:spleen")
    before, steps = voxels(window).copy(), session.document.journal_length
    stroke(window, (NX, NY), (NX + 4, NY))
    assert said(window) == "Spleen lies on another image's grid."
    # empty places are those of this image, which is said as long as that stands
    note = panel_of(window).by_hand._note
    for over, is_told in (("everywhere", False), ("empty", True), ("give_way", True), ("inside:liver", False)):
        hand(window).set_settings(over=over)
        QTest.qWait(10)
        assert note.isVisible() == is_told, over
    hand(window).set_settings(over="empty")
    assert note.title == "Not known here: Spleen"
    hand(window).set_settings(over="inside:kidney_left")
    stroke(window, (NX, NY), (NX + 4, NY))
    assert said(window) == "There is no structure named 'kidney_left'."
    assert session.document.journal_length == steps
    assert np.array_equal(voxels(window), before)
    hand(window).set_settings(over="everywhere", with_other="spleen", threshold_in="spleen", seeds_with={"spleen"})
    for tool in ("combine", "threshold"):
        hand(window).take(tool)
        qtbot.waitUntil(lambda: hand(window).problem is not None, timeout=LONG_MS)
        assert hand(window).problem.what == "Spleen lies on another image's grid", tool
        assert hand(window).outcome is None
    hand(window).take("seeds")
    assert hand(window).lacks() == "Tick the structures that grow with it"
