"""A whole TAVR and a whole liver plan by keys alone: from opening the case to the report, not one mouse event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from front_window import window_in_front
from keys_only import CONTROL, SHIFT, Key, Keyboard
from liver_case import liver_document
from PySide6.QtWidgets import QAbstractButton

from app.window_states import turn, wait_settled, wait_until
from app.workstation import Workstation
from planning.geometry import FloatArray
from planning.phantoms.cardiac import cardiac_phantom
from viewers.gestures import NUDGE_BURST_MS
from viewers.view_state import SLICES

pytestmark = pytest.mark.gui


@pytest.fixture
def window() -> Iterator[Workstation]:
    with window_in_front(is_attended=False) as made:
        yield made


@pytest.fixture
def keys(window: Workstation) -> Iterator[Keyboard]:
    made = Keyboard(window)
    yield made
    made.stop()


def _main(window: Workstation) -> QAbstractButton:
    assert window.page is not None
    assert window.page.planner is not None
    button = window.page.planner.frame.footer.main_button  # type: ignore[attr-defined]
    assert button is not None
    return button


def _step(window: Workstation) -> int:
    assert window.page is not None
    return window.page.planner.where.current  # type: ignore[union-attr]


def _to_pane(keys: Keyboard, name: str) -> None:
    """F6 to the panes, Ctrl+Tab to the one."""
    view = keys.window.session.view  # type: ignore[union-attr]
    keys.panes()
    for _ in range(8):
        if view.state.active == name:
            break
        keys.press(Key.Key_Tab, CONTROL)
    assert view.state.active == name
    assert keys.focus.objectName() == f"pane_{name}"


def _walk_to(keys: Keyboard, position_mm: FloatArray) -> None:
    """The crosshair to a place: slice by slice in each of the three panes, ten at a time while it is far."""
    view = keys.window.session.view  # type: ignore[union-attr]
    for name in SLICES:
        _to_pane(keys, name)
        for far, near in ((Key.Key_PageUp, Key.Key_PageDown), (Key.Key_Up, Key.Key_Down)):
            best = np.inf
            for _ in range(200):
                off = float((position_mm - np.array(view.state.cross_mm)) @ view.state.axes(name)[2])
                if abs(off) >= best:
                    break
                best = abs(off)
                before = view.state
                keys.tap(far if off > 0 else near)
                after = float((position_mm - np.array(view.state.cross_mm)) @ view.state.axes(name)[2])
                if abs(after) > best:
                    # one too far: back again
                    keys.tap(near if off > 0 else far)
                    break
                assert view.state != before
    wait_settled(keys.window)


def _write_report(keys: Keyboard, target: Path) -> None:
    """The report's place by its key, its main action by Enter; the system's chooser answers with the target."""
    keys.window.files.choose_save = lambda title, name, kinds: target  # type: ignore[method-assign]
    keys.press(Key.Key_6, CONTROL)
    assert keys.window.page.module == "report"  # type: ignore[union-attr]
    keys.panel()
    keys.tab_to("write_report")
    keys.press(Key.Key_Space)
    wait_until(target.exists, "the report", 120.0)
    wait_settled(keys.window)


@pytest.mark.slow
def test_a_whole_tavr_plan(window: Workstation, keys: Keyboard, tmp_path: Path) -> None:
    phantom = cardiac_phantom(root_only=True)
    make_case(tmp_path / "heart.theatrum", phantom.volume).close()
    keys.open_case(tmp_path / "heart.theatrum")
    assert window.session is not None
    session, view = window.session, window.session.view
    keys.press(Key.Key_3, CONTROL)
    assert _step(window) == 0
    keys.press(Key.Key_Return)
    # three hinges at the crosshair
    assert _step(window) == 1
    for hinge in phantom.truth.hinges_mm:
        assert view.state.tool == "place"
        _walk_to(keys, hinge)
        keys.press(Key.Key_Return)
    wait_until(lambda: bool(session.case.plans), "measuring", 120.0)
    wait_settled(window)
    placed = np.array(session.case.plans["tavr"].inputs["hinges_mm"])
    assert np.abs(placed - phantom.truth.hinges_mm).max() < 1.0
    # one of them is chosen in the panel and moved by arrows: one step, undone and done again
    keys.panel()
    keys.tab_to("row_hinge_rcc")
    keys.press(Key.Key_Space)
    assert view.state.selected_point == "hinge_rcc"
    _to_pane(keys, "axial")
    steps = session.document.journal_length
    for _ in range(3):
        keys.tap(Key.Key_Right)
    keys.tap(Key.Key_Up, SHIFT)
    turn(NUDGE_BURST_MS + 100)
    wait_settled(window)
    moved = np.array(session.case.plans["tavr"].inputs["hinges_mm"])
    assert np.linalg.norm(moved[1] - placed[1]) == pytest.approx(np.hypot(0.75, 1.0), abs=1e-6)
    assert session.document.journal_length == steps + 1
    keys.press(Key.Key_Z, CONTROL)
    assert np.array(session.case.plans["tavr"].inputs["hinges_mm"]) == pytest.approx(placed)
    keys.press(Key.Key_Z, CONTROL | SHIFT)
    # accepted one after another, each time by Enter on what has the keyboard
    for number in range(1, 7):
        assert _step(window) == number
        assert _main(window).isEnabled(), _main(window).toolTip()
        keys.press(Key.Key_Return)
        if number > 1:
            assert keys.focus is _main(window), f"step {number + 1}: {keys.focus.objectName()}"
    assert _step(window) == 7
    keys.press(Key.Key_PageUp, CONTROL)
    assert _step(window) == 6
    keys.press(Key.Key_PageDown, CONTROL)
    _write_report(keys, tmp_path / "tavr.pdf")
    assert session.case.plans["tavr"].results
    assert keys.mouse == 0


@pytest.mark.slow
def test_a_whole_liver_plan(window: Workstation, keys: Keyboard, tmp_path: Path) -> None:
    liver_document(tmp_path / "liver.theatrum").close()
    keys.open_case(tmp_path / "liver.theatrum")
    assert window.session is not None
    session = window.session
    keys.press(Key.Key_4, CONTROL)
    for number in range(4):
        assert _step(window) == number
        assert _main(window).isEnabled(), _main(window).toolTip()
        keys.press(Key.Key_Return)
        assert keys.focus is _main(window), f"step {number + 1}: {keys.focus.objectName()}"
    # the proposed cut is moved by arrows along its normal, and bent at one of its handles
    work = window.page.planner.work  # type: ignore[union-attr]
    plane = work.hand.plane_of(0)
    assert plane is not None
    _to_pane(keys, "axial")
    keys.tap(Key.Key_Left, SHIFT)
    keys.tap(Key.Key_Left, SHIFT)
    keys.tap(Key.Key_Right)
    turn(NUDGE_BURST_MS + 100)
    wait_settled(window)
    other = work.hand.plane_of(0)
    assert other is not None
    assert abs(plane.signed_distance_mm(other.origin_mm)) == pytest.approx(1.75, abs=1e-6)
    assert other.normal == pytest.approx(plane.normal)
    keys.panel()
    keys.tab_to("keep_plan")
    keys.press(Key.Key_Return)
    assert list(session.case.plans) == ["A"]
    assert _step(window) == 5
    keys.press(Key.Key_Return)
    assert _step(window) == 6
    _write_report(keys, tmp_path / "liver.pdf")
    assert keys.mouse == 0


def test_tab_goes_down_the_window_and_round_again(window: Workstation, keys: Keyboard, tmp_path: Path) -> None:
    liver_document(tmp_path / "liver.theatrum").close()
    keys.open_case(tmp_path / "liver.theatrum")
    keys.press(Key.Key_4, CONTROL)
    page = window.page
    assert page is not None
    regions = (
        ("top", window.top),
        ("rail", page.rail),
        ("left", page.left),
        ("panes", page.grid),
        ("panel", page.right),
        ("strip", window.strip),
    )
    keys.region(window.top.isAncestorOf)
    gone: list[str] = []
    names: list[str] = []
    for _ in range(120):
        names.append(keys.focus.objectName() or type(keys.focus).__name__)
        now = next(name for name, region in regions if region.isAncestorOf(keys.focus))
        if now != (gone[-1] if gone else ""):
            gone.append(now)
        if gone.count("top") > 1:
            break
        keys.tap(Key.Key_Tab)
    assert gone == ["top", "rail", "left", "panes", "panel", "strip", "top"]
    panel = [name for name in names if name.startswith(("step_", "accept_"))]
    assert panel == sorted(panel, key=lambda name: name.startswith("accept_"))
    assert len(names) == len(set(names)) + 1
