"""Planes turned about the crosshair, slabs, numbers typed in panes and during drags, probe, magnifier and the view's history."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from functools import partial
from types import MappingProxyType

import numpy as np
import pytest
from pane_hands import (
    CTRL,
    HEIGHT,
    LEFT,
    NONE,
    SHIFT,
    WIDTH,
    drag,
    grey,
    mouse,
    settle,
    shown_pane,
    wheel,
)
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from planning.geometry import Grid, Plane
from planning.units import THIN_SPACE
from planning.volume import Mask, Volume
from viewers.measures import TOOLS
from viewers.overlay import CutItem, OverItem, PaneContent, PointItem
from viewers.pane_chrome import PaneField, cross_lines, title_fields
from viewers.pane_fields import field_value
from viewers.probe import probe_reading
from viewers.slice_pane import SlicePane
from viewers.view_memory import view_as_text, view_from_text
from viewers.view_state import SLICES, STRAIGHT, PaneView, PinnedPlane, ViewModel, ViewState, aligned_frame

pytestmark = pytest.mark.gui

SCHEMES = ("planning", "radiology")
MIDDLE_PX = np.array((WIDTH, HEIGHT)) / 2
# on the horizontal line (the coronal plane in the axial pane): outer third, inner third, slab square
TURN_AT, LINE_AT, SLAB_AT = (130.0, 0.0), (30.0, 0.0), (106.0, 0.0)


@pytest.fixture
def make_pane(qtbot) -> Callable[..., SlicePane]:
    """Panes of a scan whose middle, and the crosshair with it, stands in the pane's middle."""

    def make(name: str = "axial", state: ViewState | None = None, content: PaneContent | None = None) -> SlicePane:
        grid = Grid.from_parts((101, 91, 60), (1.0, 1.0, 2.0), (-50.0, -45.0, -60.0))
        volume = Volume(grid, np.full(grid.shape_kji, 40, dtype=np.int16))
        return shown_pane(qtbot, name, state, content or PaneContent(volume=volume))

    return make


def at(offset: tuple[float, float], turned_deg: float = 0.0) -> tuple[float, float]:
    """An event place this far from the crosshair, turned about it (down is positive)."""
    turn = np.radians(turned_deg)
    x, y = offset
    rest = np.array((np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y))
    place = MIDDLE_PX + rest - 0.5
    return float(place[0]), float(place[1])


def click(pane: SlicePane, place: tuple[float, float]) -> None:
    mouse(pane, QEvent.Type.MouseMove, *place, buttons=Qt.MouseButton.NoButton)
    mouse(pane, QEvent.Type.MouseButtonPress, *place, LEFT)
    mouse(pane, QEvent.Type.MouseButtonRelease, *place, LEFT, buttons=Qt.MouseButton.NoButton)


def double_click(pane: SlicePane, place: tuple[float, float]) -> None:
    click(pane, place)
    mouse(pane, QEvent.Type.MouseButtonDblClick, *place, LEFT)
    mouse(pane, QEvent.Type.MouseButtonRelease, *place, LEFT, buttons=Qt.MouseButton.NoButton)


def angle_between(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(abs(one @ other), 0, 1))))


def are_square(state: ViewState) -> bool:
    normals = [state.axes(name)[2] for name in SLICES]
    return all(abs(a @ b) < 1e-9 for a, b in itertools.combinations(normals, 2))


# turning


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_outer_third_turns_both_other_planes_about_the_crosshair_and_the_picture_stays(
    make_pane: Callable[..., SlicePane], scheme: str
) -> None:
    pane = make_pane(state=ViewState(mouse_scheme=scheme, active="axial"))
    before = pane.model.state
    drag(pane, at(TURN_AT), at(TURN_AT, 20.0))
    after = pane.model.state
    assert after.cross_mm == before.cross_mm
    assert all(np.allclose(after.axes("axial")[n], before.axes("axial")[n]) for n in range(3))
    assert after.turns["axial"] == pytest.approx(20.0, abs=0.3)
    assert are_square(after)
    assert np.allclose(pane.geometry_px().to_screen(after.cross_mm), MIDDLE_PX)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_with_the_padlock_open_one_plane_turns_alone_and_closing_it_makes_all_square(
    make_pane: Callable[..., SlicePane], scheme: str
) -> None:
    pane = make_pane(state=ViewState(mouse_scheme=scheme, active="axial"))
    pane.model.set_free(True)
    before = pane.model.state
    drag(pane, at(TURN_AT), at(TURN_AT, 25.0))
    after = pane.model.state
    assert angle_between(after.axes("coronal")[2], before.axes("coronal")[2]) == pytest.approx(25.0, abs=0.3)
    assert np.allclose(after.axes("sagittal")[2], before.axes("sagittal")[2])
    assert not are_square(after)
    # a turn of the rest takes the free plane along
    QTest.keyClick(pane, Qt.Key.Key_Comma, SHIFT)
    pane.model.set_free(False)
    assert are_square(pane.model.state)
    assert not pane.model.state.free


def test_the_free_plane_goes_on_through_the_crosshair(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane("coronal", ViewState(active="coronal", is_free=True, cross_mm=(4.0, 5.0, 6.0)))
    pane.model.become(pane.model.state.with_plane_turned("coronal", "axial", 0.4))
    assert float(pane.geometry_px().distance_mm((4.0, 5.0, 6.0))) == pytest.approx(0.0, abs=1e-9)
    wheel(pane, 120)
    assert float(pane.geometry_px().distance_mm(pane.model.state.cross_mm)) == pytest.approx(0.0, abs=1e-9)
    assert pane.model.state.cross_mm != (4.0, 5.0, 6.0), "a slice on"
    assert pane.accessibleName().startswith("Coronal"), pane.accessibleName()
    assert title_fields(pane.model.state, "coronal")[0].letters == ""


def test_shift_snaps_a_turn_to_five_degrees_and_ctrl_takes_a_tenth(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    for keys, wanted in ((SHIFT, 25.0), (CTRL, 2.3)):
        drag(pane, at(TURN_AT), at(TURN_AT, 23.0), release=False)
        mouse(pane, QEvent.Type.MouseMove, *at(TURN_AT, 23.0), buttons=LEFT, keys=keys)
        assert pane.model.state.turns["axial"] == pytest.approx(wanted, abs=0.05)
        QTest.keyClick(pane, Qt.Key.Key_Escape)
        assert not pane.model.state.turns
        mouse(pane, QEvent.Type.MouseButtonRelease, *at(TURN_AT), LEFT, buttons=Qt.MouseButton.NoButton)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_inner_third_moves_one_plane_and_ctrl_takes_a_tenth(
    make_pane: Callable[..., SlicePane], scheme: str
) -> None:
    pane = make_pane(state=ViewState(mouse_scheme=scheme, active="axial"))
    scale = pane.geometry_px().mm_per_px
    drag(pane, at(LINE_AT), at((40.0, 30.0)))
    assert pane.model.state.cross_mm == pytest.approx((0.0, 30 * scale, 0.0))
    pane.model.set(cross_mm=(0.0, 0.0, 0.0))
    drag(pane, at(LINE_AT), at((40.0, 30.0)), keys=CTRL)
    assert pane.model.state.cross_mm == pytest.approx((0.0, 3 * scale, 0.0))


def test_keys_turn_by_one_five_and_a_tenth_of_a_degree(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    turned = 0.0
    for keys, step in ((NONE, 1.0), (SHIFT, 5.0), (CTRL, 0.1)):
        QTest.keyClick(pane, Qt.Key.Key_Comma, keys)
        turned += step
        assert pane.model.state.turns["axial"] == pytest.approx(turned)
    QTest.keyClick(pane, Qt.Key.Key_Period, SHIFT)
    assert pane.model.state.turns["axial"] == pytest.approx(1.1)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_double_click_on_a_line_resets_that_plane(make_pane: Callable[..., SlicePane], scheme: str) -> None:
    pane = make_pane(state=ViewState(mouse_scheme=scheme, active="axial"))
    asked: list[str] = []
    pane.maximise_asked.connect(asked.append)
    drag(pane, at(TURN_AT), at(TURN_AT, 20.0))
    line = next(one for one in cross_lines(pane.model.state, "axial", pane.geometry_px()) if one.plane == "coronal")
    place = line.center + 30.0 * line.direction - 0.5
    double_click(pane, (float(place[0]), float(place[1])))
    assert pane.model.state.frame == STRAIGHT
    assert not pane.model.state.turns
    assert not asked
    assert pane.model.state.cross_mm == (0.0, 0.0, 0.0)


def test_a_reset_brings_back_what_the_last_alignment_set() -> None:
    model = ViewModel()
    model.align("annulus", (1.0, 2.0, 3.0), (0.3, 0.1, 0.9))
    aligned = model.state.frame
    model.become(model.state.with_turn("coronal", 0.4))
    assert model.state.frame_name == ""
    model.become(model.state.with_plane_reset("axial", "coronal"))
    assert np.allclose(model.state.frame, aligned)
    assert model.state.frame_name == "annulus"
    # with the padlock open the turned plane alone goes back
    model.set_free(True)
    model.become(model.state.with_plane_turned("sagittal", "axial", 0.3).with_plane_turned("coronal", "axial", -0.2))
    model.become(model.state.with_plane_reset("sagittal", "axial"))
    assert tuple(model.state.free) == ("coronal",)


def test_two_turns_in_different_panes_are_reset_plane_by_plane() -> None:
    state = ViewState().with_turn("axial", 0.3).with_turn("coronal", -0.5)
    state = state.with_plane_reset("axial", "sagittal")
    assert angle_between(state.axes("axial")[2], np.eye(3)[2]) < 1e-6
    assert are_square(state)
    state = state.with_plane_reset("coronal", "axial").with_plane_reset("sagittal", "axial")
    assert state.frame == STRAIGHT


# slabs


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_square_near_a_lines_end_sets_that_panes_slab(make_pane: Callable[..., SlicePane], scheme: str) -> None:
    pane = make_pane(state=ViewState(mouse_scheme=scheme, active="axial"))
    scale = pane.geometry_px().mm_per_px
    before = pane.model.state.cross_mm
    drag(pane, at(SLAB_AT), at((106.0, 16.0)))
    assert pane.model.state.slab_mm("coronal") == pytest.approx(32 * scale)
    assert pane.model.state.slab_mm("axial") == pane.model.state.slab_mm("sagittal") == 0.0
    assert pane.model.state.cross_mm == before
    # the square stands on the slab's face now; back on the line there is none
    drag(pane, at((106.0, 16.0)), at((106.0, 0.0)))
    assert pane.model.state.slab_mm("coronal") == 0.0
    drag(pane, at(SLAB_AT), at((106.0, 16.0)))
    double_click(pane, at((106.0, 16.0)))
    assert pane.model.state.slab_mm("coronal") == 0.0


@pytest.mark.parametrize("frame", ["straight", "oblique"])
def test_a_slab_shows_greatest_least_or_mean_of_the_voxels_in_it(
    make_pane: Callable[..., SlicePane], frame: str
) -> None:
    grid = Grid.from_parts((60, 60, 60), (1.0, 1.0, 1.0), (-30.0, -30.0, -30.0))
    voxels = np.full(grid.shape_kji, 100, dtype=np.int16)
    voxels[32:35], voxels[26:29] = 900, -500
    axes = STRAIGHT if frame == "straight" else aligned_frame((0.0, 0.02, 1.0))
    state = ViewState(
        active="3d", frame=axes, window=2000, level=0, show_crosshair=False, slabs=MappingProxyType({"axial": 9.0})
    )
    pane = make_pane("axial", state, PaneContent(volume=Volume(grid, voxels)))

    def shown() -> float:
        settle(pane)
        pane.grab_picture()
        value = pane.picture.image.shown_at(MIDDLE_PX)
        assert value is not None
        return value

    assert shown() == pytest.approx(900, abs=1)
    pane.model.set(slab_kind="min")
    assert shown() == pytest.approx(-500, abs=1)
    pane.model.set(slab_kind="mean")
    assert shown() == pytest.approx((900 - 500 + 100) / 3, abs=1 if frame == "straight" else 40)
    pane.model.toggle_slab("axial")
    assert shown() == pytest.approx(100, abs=1)
    pane.model.toggle_slab("axial")
    assert pane.model.state.slab_mm("axial") == 9.0


@pytest.mark.parametrize("frame", ["straight", "oblique"])
def test_a_second_image_shows_its_slab_as_the_first_does(make_pane: Callable[..., SlicePane], frame: str) -> None:
    grid = Grid.from_parts((60, 60, 60), (1.0, 1.0, 1.0), (-30.0, -30.0, -30.0))
    voxels = np.full(grid.shape_kji, 100, dtype=np.int16)
    voxels[32:35], voxels[26:29] = 900, -500
    volume = Volume(grid, voxels)
    over = OverItem(
        volume=Volume(grid, voxels.copy()), name="other", colors="grey", opacity=0.5, window=2000.0, level=0.0
    )
    axes = STRAIGHT if frame == "straight" else aligned_frame((0.0, 0.02, 1.0))
    state = ViewState(active="3d", frame=axes, show_crosshair=False, slabs=MappingProxyType({"axial": 9.0}))
    pane = make_pane("axial", state, PaneContent(volume=volume, over=over))
    for kind in ("max", "min", "mean"):
        pane.model.set(slab_kind=kind)
        settle(pane)
        assert np.array_equal(pane.picture.over.cut.values, pane.picture.image.cut.values), kind


def test_a_slab_at_the_scans_edge_leaves_out_what_is_not_there(make_pane: Callable[..., SlicePane]) -> None:
    grid = Grid.from_parts((40, 40, 40), (1.0, 1.0, 1.0), (-20.0, -20.0, -20.0))
    volume = Volume(grid, np.full(grid.shape_kji, 50, dtype=np.int16))
    for kind, axes in itertools.product(("max", "min", "mean"), (STRAIGHT, aligned_frame((0.0, 0.05, 1.0)))):
        state = ViewState(
            active="3d", cross_mm=(0.0, 0.0, 18.0), frame=axes, slab_kind=kind, slabs=MappingProxyType({"axial": 20.0})
        )
        pane = make_pane("axial", state, PaneContent(volume=volume))
        settle(pane)
        pane.grab_picture()
        assert pane.picture.image.shown_at(MIDDLE_PX) == 50, (kind, axes)


def test_a_slab_that_takes_long_is_finished_in_turns_of_the_event_loop(
    make_pane: Callable[..., SlicePane], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewers.cut_values.AT_ONCE_S", 0.0)
    monkeypatch.setattr("viewers.slice_pane.SLICE_S", 0.0)
    random = np.random.default_rng(2)
    grid = Grid.from_parts((40, 40, 40), (1.0, 1.0, 1.0), (-20.0, -20.0, -20.0))
    volume = Volume(grid, random.integers(-900, 900, grid.shape_kji).astype(np.int16))
    state = ViewState(active="3d", frame=aligned_frame((0.1, 0.3, 1.0)), slabs=MappingProxyType({"axial": 30.0}))
    pane = make_pane("axial", state, PaneContent(volume=volume))
    turns = []
    go_on = pane.picture.go_on

    def counted(for_s: float) -> bool:
        assert not pane.is_settled()
        turns.append(for_s)
        return go_on(for_s)

    monkeypatch.setattr(pane.picture, "go_on", counted)
    pane.model.set(slab_kind="mean")
    settle(pane)
    assert len(turns) > 20
    assert not pane.picture.is_unfinished
    shown = pane.picture.image.cut.values.copy()
    pane.picture.image.set_volume(None)
    pane.picture.image.set_volume(volume)
    pane.grab_picture()
    assert np.array_equal(shown, pane.picture.image.cut.values)


# numbers


def open_number(pane: SlicePane, identifier: str) -> None:
    settle(pane)
    box, _ = pane.numbers._fields[identifier]
    click(pane, (box.center().x(), box.center().y()))
    assert pane.numbers.entry.isVisible(), identifier
    assert pane.numbers.entry.field_id == identifier


def type_in(pane: SlicePane, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    entry = pane.numbers.entry
    entry.selectAll()
    QTest.keyClicks(entry, text)
    QTest.keyClick(entry, key)


@pytest.mark.parametrize("tool", ["cross", *TOOLS])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_position_window_and_level_are_typed_where_they_stand(
    make_pane: Callable[..., SlicePane], tool: str, scheme: str
) -> None:
    pane = make_pane(state=ViewState(active="axial", cross_mm=(0.0, 0.0, -10.0), tool=tool, mouse_scheme=scheme))
    for text, wanted in (("12,5", -12.5), ("F 20", -20.0), ("H 1.4 cm", 14.0), ("+2", 16.0), ("-3", -3.0)):
        open_number(pane, "position")
        type_in(pane, text)
        assert not pane.numbers.entry.isVisible()
        assert pane.model.state.cross_mm == pytest.approx((0.0, 0.0, wanted)), text
    open_number(pane, "window")
    type_in(pane, "850")
    open_number(pane, "level")
    type_in(pane, "-120")
    assert (pane.model.state.window, pane.model.state.level) == (850.0, -120.0)
    assert pane.model.state.tool == tool
    assert not pane.numbers.entry.hasFocus()


def test_what_cannot_be_keeps_its_text_and_says_the_limit(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    open_number(pane, "position")
    entry = pane.numbers.entry
    for text, words in (("500", "The scan reaches from F 60.0 to H 58.0 mm"), ("abc", "Type a number in mm")):
        type_in(pane, text)
        assert entry.isVisible()
        assert entry.text() == text
        assert entry._complaint.isVisible()
        assert entry._complaint.text() == words
        assert pane.rect().contains(entry._complaint.geometry())
    pane.resize(180, HEIGHT)
    type_in(pane, "700")
    assert pane.rect().contains(entry._complaint.geometry())
    assert pane.model.state.cross_mm == (0.0, 0.0, 0.0)
    QTest.keyClick(entry, Qt.Key.Key_Escape)
    assert not entry.isVisible()
    assert not entry._complaint.isVisible()


def test_up_and_down_step_tab_goes_on_and_esc_leaves_the_rest(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    open_number(pane, "position")
    entry = pane.numbers.entry
    for key, keys, height in (
        (Qt.Key.Key_Up, NONE, 1.0),
        (Qt.Key.Key_Up, SHIFT, 11.0),
        (Qt.Key.Key_Down, CTRL, 10.9),
    ):
        QTest.keyClick(entry, key, keys)
        assert pane.model.state.cross_mm[2] == pytest.approx(height)
    QTest.keyClick(entry, Qt.Key.Key_Tab)
    assert entry.field_id == "window"
    QTest.keyClick(entry, Qt.Key.Key_Backtab)
    assert entry.field_id == "position"
    QTest.keyClicks(entry, "9")
    QTest.keyClick(entry, Qt.Key.Key_Escape)
    assert pane.model.state.cross_mm[2] == pytest.approx(10.9)


def test_slab_and_angle_can_be_typed_once_they_are_there(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    pane.model.become(pane.model.state.with_turn("axial", np.radians(10.0)).with_slab("axial", 8.0))
    open_number(pane, "slab")
    type_in(pane, "1.2 cm")
    assert pane.model.state.slab_mm("axial") == pytest.approx(12.0)
    open_number(pane, "slab")
    type_in(pane, "400")
    assert pane.numbers.entry._complaint.text().startswith("0 to 200")
    QTest.keyClick(pane.numbers.entry, Qt.Key.Key_Escape)
    open_number(pane, "angle")
    type_in(pane, "-30")
    assert pane.model.state.turns["axial"] == pytest.approx(-30.0)
    assert [field.text for field in title_fields(pane.model.state, "axial")][1:] == [f"MIP 12{THIN_SPACE}mm", "−30°"]


def test_a_pinned_planes_height_is_typed_too() -> None:
    plane = PinnedPlane(title="Section", origin_mm=(0.0, 0.0, 0.0), frame=STRAIGHT, height_mm=12.0)
    state = ViewState(pinned=MappingProxyType({"axial": plane}))
    (field,) = title_fields(state, "axial")
    assert (field.value, field.letters) == (12.0, "")


def test_a_bare_number_stays_on_the_side_that_is_shown() -> None:
    field = PaneField("position", "", -30.0, "mm", "Position", "HF")
    read = partial(field_value, field)
    assert [read(text) for text in ("40", "h 5", "F5", "+2", "−1", "4 kg", "H")] == [-40, 5, -5, -32, 1, None, None]


def test_a_number_under_the_hand_is_underlined_and_the_pointer_says_that_it_can_be_typed(
    make_pane: Callable[..., SlicePane],
) -> None:
    pane = make_pane()
    settle(pane)
    box, _ = pane.numbers._fields["window"]
    mouse(pane, QEvent.Type.MouseMove, box.center().x(), box.center().y(), buttons=Qt.MouseButton.NoButton)
    assert pane.numbers.lit == "window"
    assert pane.hands.cursor == "type"
    mouse(pane, QEvent.Type.MouseMove, 250, 60, buttons=Qt.MouseButton.NoButton)
    assert pane.hands.cursor == "cross"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_figures_typed_during_a_drag_fix_its_amount(make_pane: Callable[..., SlicePane], scheme: str) -> None:
    pane = make_pane(state=ViewState(mouse_scheme=scheme, active="axial"))
    drag(pane, at(TURN_AT), at(TURN_AT, 8.0), release=False)
    QTest.keyClicks(pane, "37.5")
    assert pane.model.state.turns["axial"] == pytest.approx(37.5)
    assert pane.hands.amount_text == "37.5°"
    # the hand does not move it any more
    mouse(pane, QEvent.Type.MouseMove, *at(TURN_AT, 15.0), buttons=LEFT)
    assert pane.model.state.turns["axial"] == pytest.approx(37.5)
    QTest.keyClick(pane, Qt.Key.Key_Return)
    assert pane.hands.drag is None
    mouse(pane, QEvent.Type.MouseButtonRelease, *at(TURN_AT, 15.0), LEFT, buttons=Qt.MouseButton.NoButton)
    assert pane.model.state.turns["axial"] == pytest.approx(37.5)
    pane.model.straighten()
    # upwards, so that the amount goes up too
    drag(pane, at(LINE_AT), at((30.0, -12.0)), release=False)
    QTest.keyClicks(pane, "14")
    assert pane.model.state.cross_mm == pytest.approx((0.0, -14.0, 0.0))
    QTest.keyClick(pane, Qt.Key.Key_Backspace)
    assert pane.model.state.cross_mm == pytest.approx((0.0, -1.0, 0.0))
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    assert pane.model.state.cross_mm == (0.0, 0.0, 0.0)
    mouse(pane, QEvent.Type.MouseButtonRelease, *at(LINE_AT), LEFT, buttons=Qt.MouseButton.NoButton)
    drag(pane, at(SLAB_AT), at((106.0, 9.0)), release=False)
    QTest.keyClicks(pane, "6,5")
    mouse(pane, QEvent.Type.MouseButtonRelease, *at(SLAB_AT), LEFT, buttons=Qt.MouseButton.NoButton)
    assert pane.model.state.slab_mm("coronal") == pytest.approx(6.5)


# reading without taking


@pytest.mark.parametrize("tool", ["cross", "place", *TOOLS])
def test_the_probe_reads_mean_and_spread_in_every_tool_and_takes_nothing(
    make_pane: Callable[..., SlicePane], tool: str
) -> None:
    grid = Grid.from_parts((80, 80, 10), (0.5, 0.5, 2.0), (-20.0, -20.0, -9.0))
    voxels = np.random.default_rng(3).normal(200, 30, grid.shape_kji).astype(np.int16)
    pane = make_pane(
        state=ViewState(active="axial", tool=tool, cross_mm=(0.0, 0.0, 1.0)),
        content=PaneContent(volume=Volume(grid, voxels)),
    )
    before = pane.model.state.cross_mm
    mouse(pane, QEvent.Type.MouseMove, *at((0.0, 40.0)), buttons=Qt.MouseButton.NoButton)
    position = pane.geometry_px().to_world(pane.hands.place)
    k = int(np.rint(grid.to_index(position)[2]))
    # the disc of 4 mm in the image itself, by a fine raster
    fine = np.linspace(-2.0, 2.0, 161)
    offsets = np.array([(x, y, 0.0) for x in fine for y in fine if x * x + y * y <= 4.0])
    i, j, _ = np.rint(grid.to_index(position + offsets)).astype(int).T
    wanted = voxels[k, j, i].astype(float)
    told, size = probe_reading(Volume(grid, voxels), position, pane.geometry_px().normal)
    mean, spread = (float(part.replace("HU", "").strip()) for part in told.split("SD"))
    assert mean == pytest.approx(wanted.mean(), abs=1.0)
    assert spread == pytest.approx(wanted.std(), abs=2.0)
    assert size.startswith("Ø 4")
    plain = grey(pane.grab_picture())
    pane.model.set(probe=True)
    settle(pane)
    shown = grey(pane.grab().toImage())
    pane.model.set(probe=False)
    settle(pane)
    assert np.abs(shown - grey(pane.grab().toImage())).max() > 100
    assert np.array_equal(plain, grey(pane.grab_picture()))
    assert pane.model.state.cross_mm == before
    assert pane.model.state.tool == tool


def test_the_magnifier_shows_the_place_under_the_hand(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane(state=ViewState(active="axial", magnifier=True))
    settle(pane)
    without = grey(pane.grab().toImage())
    mouse(pane, QEvent.Type.MouseMove, 230, 200, buttons=Qt.MouseButton.NoButton)
    settle(pane)
    assert np.abs(grey(pane.grab().toImage()) - without).max() > 100
    pane.model.set(magnifier=False)


# history and memory


def test_each_alignment_and_flight_is_an_entry_that_backspace_walks() -> None:
    model = ViewModel(ViewState(cross_mm=(1.0, 2.0, 3.0)))
    model.set_pane("axial", PaneView((1.0, 2.0, 3.0), 0.3))
    start = model.state
    model.align("annulus", (10.0, 0.0, 0.0), (0.2, 0.1, 0.9), 60.0)
    annulus = model.state
    model.fly_to((20.0, 5.0, 5.0))
    model.set(window=77.0)
    assert model.back()
    assert (model.state.cross_mm, model.state.frame) == (annulus.cross_mm, annulus.frame)
    # the window is no place
    assert model.state.window == 77.0
    assert model.back()
    assert (model.state.cross_mm, model.state.frame, model.state.panes) == (start.cross_mm, STRAIGHT, start.panes)
    assert not model.back()
    assert model.forward()
    assert model.state.frame_name == "annulus"


def test_a_hand_that_drags_along_a_vessel_leaves_one_entry() -> None:
    model = ViewModel()
    for step in range(20):
        model.align("vessel", (0.0, 0.0, float(step)), (0.0, 0.0, 1.0))
    assert model.back()
    assert model.state.frame_name == ""
    assert not model.back()


def test_a_view_is_read_as_it_was_kept_and_a_broken_note_is_none() -> None:
    state = ViewState(cross_mm=(1.5, 2.0, -3.0), window=333.0, level=11.0, is_free=True, hidden=frozenset({"liver"}))
    state = state.with_turn("coronal", 0.3).with_plane_turned("sagittal", "axial", 0.2).with_slab("axial", 7.0)
    state = state.with_pane("axial", PaneView((1.0, 2.0, 3.0), 0.2))
    text = view_as_text(state)
    assert view_from_text(text, ViewState()) == state
    assert text.isascii()
    for broken in (
        "",
        "{}",
        "[]",
        text[:-5],
        text.replace('"mean"', '"x"').replace('"max"', '"x"'),
        text.replace("333.0", "NaN"),
    ):
        assert view_from_text(broken, ViewState()) is None
    kept = json.loads(text)
    for name in kept:
        for junk in (None, [], {}, "x", [1], 10**400, {"axial": None}):
            # whatever stands there, the case opens
            view_from_text(json.dumps({**kept, name: junk}), ViewState())
    mirrored = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, -1.0]]
    assert view_from_text(json.dumps({**kept, "frame": mirrored}), ViewState()) is None


def test_turning_survives_one_up_and_other_layouts(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    drag(pane, at(TURN_AT), at(TURN_AT, 20.0))
    turned = pane.model.state
    for changes in ({"maximised": "axial"}, {"maximised": ""}, {"layout": "1+3"}, {"layout": "2x2"}):
        pane.model.set(**changes)
        assert pane.model.state.frame == turned.frame
        assert pane.model.state.turns == turned.turns


def test_shift_f10_asks_for_the_menu(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    asked: list[object] = []
    pane.menu_asked.connect(lambda *values: asked.append(values))
    QTest.keyClick(pane, Qt.Key.Key_F10, SHIFT)
    QApplication.processEvents()
    assert len(asked) == 1


def test_a_double_click_maximises_in_measuring_tools_too(make_pane: Callable[..., SlicePane]) -> None:
    for tool in TOOLS:
        pane = make_pane(state=ViewState(active="axial", tool=tool))
        asked: list[str] = []
        told: list[object] = []
        pane.maximise_asked.connect(asked.append)
        pane.measured.connect(lambda *values, told=told: told.append(values))
        QTest.mouseDClick(pane, LEFT, NONE, QPoint(240, 60))
        assert asked == ["axial"], tool
        assert not told
        assert pane.hands.begun == ()


@pytest.mark.parametrize("width", [180, 240, 340, 700])
def test_a_slab_and_a_turn_are_told_however_narrow_the_pane_is(make_pane: Callable[..., SlicePane], width: int) -> None:
    pane = make_pane()
    pane.resize(width, HEIGHT)
    pane.model.become(pane.model.state.with_turn("axial", 0.3).with_slab("axial", 12.0))
    settle(pane)
    boxes = {name: box for name, (box, _) in pane.numbers._fields.items()}
    assert set(boxes) == {"position", "slab", "angle", "window", "level"}
    for one, other in itertools.combinations(boxes.values(), 2):
        assert not one.intersects(other)
    for box in boxes.values():
        assert box.right() <= width


def test_figures_fix_how_far_a_cut_is_moved_or_turned_and_a_point_too(make_pane: Callable[..., SlicePane]) -> None:
    grid = Grid.from_parts((101, 91, 60), (1.0, 1.0, 2.0), (-50.0, -45.0, -60.0))
    k, j, i = np.indices(grid.shape_kji)
    inside = np.linalg.norm(grid.to_world(np.stack([i, j, k], axis=-1)), axis=-1) < 30.0
    plane = Plane(np.array((10.0, 0.0, 0.0)), np.array((1.0, 0.0, 0.0)))
    cut = CutItem(key="cut", plane=plane, organ=Mask.from_full(grid, inside), color="#35D6E6")
    hinge = PointItem(key="ncc", position_mm=np.array((-20.0, 15.0, 0.0)), color="#FFC02E", label="NCC")
    volume = Volume(grid, np.full(grid.shape_kji, 40, dtype=np.int16))
    pane = make_pane(content=PaneContent(volume=volume, items=(cut, hinge)))
    told: list[tuple[str, object, bool]] = []
    for signal in (pane.plane_moved, pane.point_moved):
        signal.connect(lambda key, place, finished: told.append((key, place, finished)))

    def hold(place_mm: tuple[float, float, float], by: tuple[float, float], figures: str) -> object:
        x, y = pane.geometry_px().to_screen(place_mm) - 0.5
        drag(pane, (x, y), (x + by[0], y + by[1]), release=False)
        QTest.keyClicks(pane, figures)
        mouse(pane, QEvent.Type.MouseButtonRelease, x, y, LEFT, buttons=Qt.MouseButton.NoButton)
        assert told[-1][2]
        return told[-1][1]

    moved = hold((10.0, 2.0, 0.0), (-9.0, 3.0), "7.5")
    assert isinstance(moved, Plane)
    assert moved.origin_mm[0] == pytest.approx(2.5)
    turned = hold((10.0, 20.0, 0.0), (8.0, 1.0), "12")
    assert isinstance(turned, Plane)
    assert angle_between(turned.normal, plane.normal) == pytest.approx(12.0)
    place = hold((-20.0, 15.0, 0.0), (20.0, 0.0), "4,25")
    assert np.allclose(place, (-15.75, 15.0, 0.0), atol=0.02)
