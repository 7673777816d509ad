"""Tools without a mouse: the crosshair moved in the plane by keys, brush, scissors, marks and outlines used at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import add_structures
from guided_scene import LIVER_AT, GuidedScene, guided_document
from keys_only import Keyboard
from pane_hands import Signals, mouse, shown_pane
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from segment_window import panel_of, shown_window, shut

from app.panels.segment.by_hand_work import HandWork
from app.workstation import Workstation
from planning.by_hand.strokes import Brush, Stroke
from planning.geometry import Vector
from planning.volume import Mask
from viewers.view_state import ViewState

pytestmark = pytest.mark.gui
Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
LONG_MS = 60_000
X, Y, Z = LIVER_AT


@pytest.fixture(scope="module")
def scene() -> GuidedScene:
    return GuidedScene()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, scene: GuidedScene) -> Iterator[Workstation]:
    file = tmp_path / "case.theatrum"
    with guided_document(file, scene) as document:
        masks = {"liver": scene.liver, "portal_vein": scene.portal}
        add_structures(document, {name: Mask.from_full(scene.grid, voxels) for name, voxels in masks.items()})
    made = shown_window(qtbot, file)
    made.page.session.view.set(selected="liver", cross_mm=(float(X), float(Y), float(Z)), active="axial")
    made.page.slices["axial"].setFocus()
    QTest.qWait(20)
    yield made
    shut(made)


@pytest.fixture
def keys(window: Workstation) -> Iterator[Keyboard]:
    made = Keyboard(window)
    yield made
    made.stop()
    assert made.mouse == 0


def hand(window: Workstation) -> HandWork:
    return panel_of(window).hand


def cross(window: Workstation) -> Vector:
    return np.array(window.page.session.view.state.cross_mm)


def voxels(window: Workstation) -> np.ndarray:
    return window.page.session.mask("liver").full()


def shown(window: Workstation) -> np.ndarray:
    return window.page.slices["axial"]._content.live.mask().full()


def put_and_lift(keys: Keyboard) -> None:
    keys.tap(Key.Key_Return, SHIFT)


def test_a_brush_stroke_by_keys_is_the_stroke_that_a_mouse_would_draw(window: Workstation, keys: Keyboard) -> None:
    session = window.page.session
    keys.press(Key.Key_P, CONTROL | SHIFT)
    keys.press(Key.Key_B)
    assert hand(window).tool == "paint"
    before, steps = session.mask("liver"), session.document.journal_length
    keys.press(Key.Key_Right, CONTROL | SHIFT, times=7)
    keys.press(Key.Key_Up, CONTROL)
    places = [cross(window)]
    assert places[0] == pytest.approx((X + 70, Y - 1, Z))
    put_and_lift(keys)
    for _ in range(12):
        keys.tap(Key.Key_Right, CONTROL)
        places.append(cross(window))
    keys.tap(Key.Key_PageUp)
    places.append(cross(window))
    wanted = Stroke(before, Brush("sphere", hand(window).brush_mm / 2))
    for place in places:
        wanted.move(place)
    # seen at once, kept when the brush is lifted
    assert session.document.journal_length == steps
    assert np.count_nonzero(shown(window) ^ before.full()) > 500
    put_and_lift(keys)
    assert session.document.journal_length == steps + 1
    changed = voxels(window) ^ before.full()
    # only what the way of a place to the screen and back rounds away
    assert np.count_nonzero(changed ^ wanted.changed) <= 0.002 * np.count_nonzero(changed)
    keys.press(Key.Key_Z, CONTROL)
    assert np.array_equal(voxels(window), before.full())


@pytest.mark.parametrize("way_out", ["escape", "eraser", "undo"])
def test_a_stroke_that_is_left_is_as_if_it_had_never_been(window: Workstation, keys: Keyboard, way_out: str) -> None:
    session = window.page.session
    keys.press(Key.Key_P, CONTROL | SHIFT)
    keys.press(Key.Key_B)
    keys.press(Key.Key_Right, CONTROL | SHIFT, times=7)
    put_and_lift(keys)
    keys.tap(Key.Key_Right, CONTROL)
    put_and_lift(keys)
    kept, steps = voxels(window), session.document.journal_length
    keys.press(Key.Key_Right, CONTROL | SHIFT, times=2)
    put_and_lift(keys)
    keys.tap(Key.Key_Right, CONTROL | SHIFT)
    assert not np.array_equal(shown(window), kept)
    if way_out == "undo":
        # what is being drawn goes alone; asked once more, the stroke before
        keys.press(Key.Key_Z, CONTROL)
        assert session.document.journal_length == steps
        assert np.array_equal(voxels(window), kept)
        assert not hand(window).is_drawing
        keys.press(Key.Key_Z, CONTROL)
        assert session.document.journal_length == steps + 1
        assert not np.array_equal(voxels(window), kept)
    else:
        keys.press(*((Key.Key_Escape,) if way_out == "escape" else (Key.Key_B, SHIFT)))
        assert session.document.journal_length == steps
        assert np.array_equal(voxels(window), kept)
        # the tool is where it was: the next press begins anew
        assert hand(window).tool == ("paint" if way_out == "escape" else "erase")
        put_and_lift(keys)
        assert hand(window).is_drawing
        keys.press(Key.Key_Escape)
        assert not hand(window).is_drawing
    assert np.array_equal(shown(window), voxels(window))


@pytest.mark.parametrize("by_corners", [False, True])
def test_scissors_cut_along_the_crosshairs_way(
    qtbot: QtBot, window: Workstation, keys: Keyboard, by_corners: bool
) -> None:
    session = window.page.session
    keys.press(Key.Key_P, CONTROL | SHIFT)
    keys.press(Key.Key_Y)
    hand(window).set_settings(by_corners=by_corners)
    before, middle = voxels(window), cross(window)
    put_and_lift(keys)
    for way in (Key.Key_Right, Key.Key_Down, Key.Key_Left):
        keys.tap(way, CONTROL | SHIFT)
        keys.tap(way, CONTROL | SHIFT)
        if by_corners:
            put_and_lift(keys)
    if by_corners:
        keys.tap(Key.Key_Return)
    else:
        put_and_lift(keys)
    qtbot.waitUntil(lambda: not hand(window).is_computing, timeout=LONG_MS)
    gone = before & ~voxels(window)
    where = session.mask("liver").grid.to_world(np.argwhere(gone)[:, ::-1]) - middle
    assert len(where)
    assert not (voxels(window) & ~before).any()
    assert where[:, :2].min() > -1.5
    assert where[:, :2].max() < 21.5


def test_a_click_and_a_value_are_taken_at_the_crosshair(qtbot: QtBot, window: Workstation, keys: Keyboard) -> None:
    work = hand(window)
    keys.press(Key.Key_P, CONTROL | SHIFT)
    work.take("islands")
    work.set_settings(islands="keep")
    QTest.qWait(20)
    assert work.lacks()
    put_and_lift(keys)
    qtbot.waitUntil(lambda: not work.is_awaited, timeout=LONG_MS)
    assert work.at_mm == pytest.approx(cross(window))
    assert work.outcome is not None
    keys.press(Key.Key_B)
    keys.tap(Key.Key_Return, CONTROL | SHIFT)
    low, high = work.settings.band_hu
    volume = window.page.session.volume()
    i, j, k = np.rint(volume.grid.to_index(cross(window))).astype(int)
    assert work.settings.banded
    assert low < np.median(volume.voxels[k - 1 : k + 2, j - 1 : j + 2, i - 1 : i + 2]) < high


def test_enter_accepts_and_draws_nothing_with_a_brush_in_the_hand(window: Workstation, keys: Keyboard) -> None:
    keys.press(Key.Key_P, CONTROL | SHIFT)
    keys.press(Key.Key_B)
    steps = window.page.session.document.journal_length
    keys.press(Key.Key_Return)
    assert hand(window).tool == ""
    assert window.page.session.document.journal_length == steps


def test_marks_and_a_freehand_outline_follow_the_crosshair(qtbot: QtBot) -> None:
    pane = shown_pane(qtbot, state=ViewState(active="axial", cross_mm=(0.0, 0.0, 0.0), tool="stroke", placing="liver"))
    drawn, measured = Signals(pane.stroke_drawn), Signals(pane.measured)

    def press(key: Qt.Key, keys: Qt.KeyboardModifier) -> None:
        QTest.keyClick(pane, key, keys)

    press(Key.Key_Return, SHIFT)
    press(Key.Key_Right, CONTROL | SHIFT)
    # a mouse that happens to move draws nothing of its own
    mouse(pane, QEvent.Type.MouseMove, 20, 20)
    press(Key.Key_Down, CONTROL | SHIFT)
    press(Key.Key_Return, SHIFT)
    (_, line, turned) = drawn.got[0]
    assert not turned
    assert np.allclose(line, [(0, 0, 0), (10, 0, 0), (10, 10, 0)], atol=0.01)
    pane.model.set(tool="freehand", cross_mm=(0.0, 0.0, 0.0))
    press(Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    for way in (Key.Key_Right, Key.Key_Down, Key.Key_Left):
        press(way, CONTROL | SHIFT)
    press(Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    (kind, points) = measured.got[0]
    assert kind == "freehand"
    assert np.allclose(points[-1], (0, 10, 0), atol=0.01)


def test_arrows_with_ctrl_stay_in_the_scan(qtbot: QtBot) -> None:
    pane = shown_pane(qtbot, state=ViewState(active="axial", cross_mm=(0.0, 0.0, 0.0)))
    for _ in range(20):
        QTest.keyClick(pane, Key.Key_Left, CONTROL | SHIFT)
    assert pane.model.state.cross_mm == pytest.approx((-50.0, 0.0, 0.0))


def test_a_tools_keys_hold_in_a_panes_own_window(window: Workstation, keys: Keyboard) -> None:
    keys.press(Key.Key_P, CONTROL | SHIFT)
    window.actions_["pane_window"].trigger()
    pane = window.page.slices["axial"]
    QTest.qWait(50)
    assert pane.window() is not window
    pane.setFocus()
    before = voxels(window)
    for code, modifiers in ((Key.Key_X, NONE), (Key.Key_D, NONE), (Key.Key_X, NONE)):
        QTest.keyClick(pane, code, modifiers)
    work = hand(window)
    assert work.tool == "paint"
    # D is the brush's shape while a brush is in the hand, and no measuring tool
    assert not work.settings.ball
    QTest.keyClick(pane, Key.Key_X)
    assert work.tool == "erase"
    QTest.keyClick(pane, Key.Key_Return, SHIFT)
    QTest.keyClick(pane, Key.Key_Right, CONTROL | SHIFT)
    QTest.keyClick(pane, Key.Key_Return, SHIFT)
    assert np.count_nonzero(before & ~voxels(window)) > 50
    QTest.keyClick(pane, Key.Key_Escape)
    assert work.tool == ""
    assert pane.window() is not window
