"""The hand in a slice pane: every gesture by real events, in both mouse schemes."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from pane_hands import (
    ALT,
    CTRL,
    HEIGHT,
    LEFT,
    MIDDLE,
    NONE,
    RIGHT,
    SHIFT,
    WIDTH,
    Signals,
    drag,
    grey,
    mouse,
    on_screen,
    plain_volume,
    settle,
    shown_pane,
    wheel,
)
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from planning.geometry import Grid, Plane, unit
from planning.volume import Mask, Volume
from viewers.gestures import dragged_window
from viewers.magnifier import SIZE_PX, glass_center
from viewers.measures import TOOLS
from viewers.overlay import ContourItem, CutItem, DistanceItem, LabelItem, PaneContent, PointItem
from viewers.paint_hand import PAINT_TOOLS
from viewers.paint_live import LiveLabel
from viewers.slice_pane import SlicePane
from viewers.stroke_drag import MARK_TOOLS
from viewers.turning import turned
from viewers.view_state import SLICES, PaneView, ViewState, aligned_frame, vec

pytestmark = pytest.mark.gui


@pytest.fixture
def make_pane(qtbot) -> Callable[..., SlicePane]:
    return partial(shown_pane, qtbot)


def oblique_feet_first() -> Grid:
    axis = unit((0.3, -0.5, 0.8))
    feet_first = np.diag((-1.0, 1.0, -1.0))
    direction = np.stack([turned(feet_first[:, n], axis, 0.4) for n in range(3)], axis=1)
    return Grid.from_parts((48, 44, 36), (0.9, 0.9, 1.4), (20.0, -31.0, 44.0), direction)


@pytest.mark.parametrize("pane_name", SLICES)
@pytest.mark.parametrize("frame", ["patient", "tilted", "turned"])
def test_a_marked_voxel_of_an_oblique_feet_first_grid_is_drawn_and_taken_where_it_is(
    make_pane: Callable[..., SlicePane], pane_name: str, frame: str
) -> None:
    grid = oblique_feet_first()
    voxels = np.full(grid.shape_kji, -1000, dtype=np.int16)
    voxels[13, 25, 31] = 1000
    marked = grid.to_world((31, 25, 13))
    state = ViewState(cross_mm=vec(marked), window=2000, level=0, show_crosshair=False, active="3d")
    if frame == "tilted":
        state = ViewState(**{**fields(state), "frame": aligned_frame((0.4, -0.3, 0.86))})
    elif frame == "turned":
        state = state.with_turn("coronal", 0.3).with_turn("axial", -0.5)
    state = state.with_pane(pane_name, PaneView(center_mm=vec(marked + (3.0, -2.0, 1.5)), mm_per_px=0.11))
    pane = make_pane(pane_name, state, PaneContent(volume=Volume(grid, voxels)))
    settle(pane)
    wanted = pane.geometry_px().to_screen(marked)
    near = grey(pane.grab_picture())
    rows, columns = np.mgrid[: near.shape[0], : near.shape[1]]
    around = (np.abs(columns + 0.5 - wanted[0]) < 25) & (np.abs(rows + 0.5 - wanted[1]) < 25)
    weight = np.where(around & (near > 20), near, 0.0)
    drawn = np.array(((weight * (columns + 0.5)).sum(), (weight * (rows + 0.5)).sum())) / weight.sum()
    assert np.linalg.norm(drawn - wanted) <= 0.5
    pane.model.set(cross_mm=vec(marked))
    QTest.mouseClick(pane, LEFT, NONE, QPoint(int(wanted[0]), int(wanted[1])))
    crossed = np.array(pane.model.state.cross_mm)
    assert np.linalg.norm(crossed - marked) <= 0.5 * np.sqrt(2) * 0.11 + 1e-6
    assert np.rint(grid.to_index(crossed)).tolist() == [31, 25, 13]


def fields(state: ViewState) -> dict[str, object]:
    return {name: getattr(state, name) for name in state.__dataclass_fields__}


def test_the_wheel_goes_through_slices(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    wheel(pane, 120)
    assert pane.model.state.cross_mm == (0.0, 0.0, 2.0)
    wheel(pane, -60)
    assert pane.model.state.cross_mm == (0.0, 0.0, 2.0)
    wheel(pane, -60)
    assert pane.model.state.cross_mm == (0.0, 0.0, 0.0)
    wheel(pane, 120, SHIFT)
    assert pane.model.state.cross_mm == (0.0, 0.0, 20.0)


def test_a_trackpad_scrolls_24_pixels_a_slice(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    wheel(pane, 40, pixels=20)
    assert pane.model.state.cross_mm[2] == 0.0
    wheel(pane, 40, pixels=30)
    assert pane.model.state.cross_mm[2] == 4.0


def test_two_fingers_zoom_about_their_place(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    place = QPointF(250, 60)
    before, scale = pane.geometry_px().to_world(pane.place_of(place)), pane.geometry_px().mm_per_px
    device = QPointingDevice.primaryPointingDevice()
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, device, 2, place, place, pane.mapToGlobal(place), 0.25, QPointF()
    )
    QApplication.sendEvent(pane, event)
    assert pane.geometry_px().mm_per_px == pytest.approx(scale / 1.25)
    assert np.allclose(pane.geometry_px().to_world(pane.place_of(place)), before)


def test_a_trackpads_momentum_ends_where_its_pane_ends(make_pane: Callable[..., SlicePane]) -> None:
    pane, other = make_pane(), make_pane("coronal")

    def scroll(to: SlicePane, phase: Qt.ScrollPhase) -> None:
        place = QPointF(170, 150)
        event = QWheelEvent(
            place,
            to.mapToGlobal(place),
            QPoint(0, 24),
            QPoint(0, 30),
            Qt.MouseButton.NoButton,
            NONE,
            phase,
            False,
        )
        QApplication.sendEvent(to, event)

    scroll(pane, Qt.ScrollPhase.ScrollBegin)
    scroll(pane, Qt.ScrollPhase.ScrollMomentum)
    assert pane.model.state.cross_mm[2] == 4.0
    before = other.model.state.cross_mm
    scroll(other, Qt.ScrollPhase.ScrollMomentum)
    assert other.model.state.cross_mm == before
    # a hand that left and came back has not begun anew
    QApplication.sendEvent(pane, QEvent(QEvent.Type.Leave))
    scroll(pane, Qt.ScrollPhase.ScrollMomentum)
    assert pane.model.state.cross_mm[2] == 4.0


def test_ctrl_and_wheel_zoom_about_the_cursor(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    place = pane.place_of(QPointF(250, 60))
    before, scale = pane.geometry_px().to_world(place), pane.geometry_px().mm_per_px
    wheel(pane, 240, CTRL, 250, 60)
    assert pane.geometry_px().mm_per_px == pytest.approx(scale / 1.15**2)
    assert np.allclose(pane.geometry_px().to_world(place), before)


def test_right_drag_zooms_and_a_right_click_asks_for_the_menu(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    asked = Signals(pane.menu_asked)
    scale = pane.geometry_px().mm_per_px
    drag(pane, (100, 150), (100, 100), RIGHT)
    assert pane.geometry_px().mm_per_px < 0.7 * scale
    assert not asked.got
    drag(pane, (100, 150), (102, 151), RIGHT)
    ((place, position),) = asked.got
    assert place == pane.mapToGlobal(QPoint(100, 150))
    assert np.allclose(position, pane.geometry_px().to_world((100.5, 150.5)))


def test_the_menu_key_asks_for_the_menu_at_the_crosshair(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    asked = Signals(pane.menu_asked)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), pane.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(pane, event)
    assert np.allclose(asked.got[0][1], (0.0, 0.0, 0.0))


@pytest.mark.parametrize("tool", ["cross", "place", *TOOLS, *MARK_TOOLS, *sorted(PAINT_TOOLS)])
@pytest.mark.parametrize("scheme", ["planning", "radiology"])
def test_navigation_is_the_same_in_every_tool_and_scheme(
    make_pane: Callable[..., SlicePane], tool: str, scheme: str
) -> None:
    pane = make_pane(state=ViewState(tool=tool, mouse_scheme=scheme, active="axial"))
    start = pane.geometry_px().to_world((100.0, 100.0))

    def shifted() -> tuple[float, float]:
        x, y = pane.geometry_px().to_screen(start)
        return round(float(x), 3), round(float(y), 3)

    drag(pane, (150, 150), (170, 140), MIDDLE)
    assert shifted() == (120, 90)
    drag(pane, (150, 150), (140, 165), LEFT, SHIFT)
    assert shifted() == (110, 105)
    QTest.keyPress(pane, Qt.Key.Key_Space)
    drag(pane, (150, 150), (160, 150))
    QTest.keyRelease(pane, Qt.Key.Key_Space)
    assert shifted() == (120, 105)
    QTest.keyPress(pane, Qt.Key.Key_W)
    drag(pane, (150, 150), (190, 130))
    QTest.keyRelease(pane, Qt.Key.Key_W)
    assert (pane.model.state.window, pane.model.state.level) == dragged_window(400, 40, 40, -20)
    wheel(pane, 120)
    assert pane.model.state.cross_mm[2] == 2.0
    scale = pane.geometry_px().mm_per_px
    drag(pane, (150, 150), (150, 110), RIGHT)
    assert pane.geometry_px().mm_per_px == pytest.approx(scale * np.exp(-0.4))
    wheel(pane, -120, CTRL)
    assert pane.geometry_px().mm_per_px == pytest.approx(scale * np.exp(-0.4) * 1.15)
    mouse(pane, QEvent.Type.MouseMove, 222, 111, buttons=Qt.MouseButton.NoButton, keys=SHIFT)
    assert np.allclose(pane.model.state.cross_mm, pane.geometry_px().to_world((222.5, 111.5)))
    mouse(pane, QEvent.Type.MouseButtonPress, 100, 100, LEFT)
    mouse(pane, QEvent.Type.MouseButtonPress, 100, 100, RIGHT, buttons=LEFT | RIGHT)
    window = pane.model.state.window
    mouse(pane, QEvent.Type.MouseMove, 180, 100, buttons=LEFT | RIGHT)
    assert pane.model.state.window == dragged_window(window, 0, 80, 0)[0]
    mouse(pane, QEvent.Type.MouseButtonRelease, 180, 100, LEFT, buttons=RIGHT)
    mouse(pane, QEvent.Type.MouseButtonRelease, 180, 100, RIGHT, buttons=Qt.MouseButton.NoButton)
    assert pane.model.state.tool == tool


def test_both_buttons_drag_window_and_level(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    mouse(pane, QEvent.Type.MouseButtonPress, 100, 100, LEFT)
    cross_before_second = pane.model.state.cross_mm
    mouse(pane, QEvent.Type.MouseButtonPress, 100, 100, RIGHT, buttons=LEFT | RIGHT)
    mouse(pane, QEvent.Type.MouseMove, 180, 90, buttons=LEFT | RIGHT)
    assert (pane.model.state.window, pane.model.state.level) == (480.0, 30.0)
    mouse(pane, QEvent.Type.MouseButtonRelease, 180, 90, LEFT, buttons=RIGHT)
    mouse(pane, QEvent.Type.MouseButtonRelease, 180, 90, RIGHT, buttons=Qt.MouseButton.NoButton)
    # the first button's crosshair jump was not meant
    assert pane.model.state.cross_mm == (0.0, 0.0, 0.0) != cross_before_second
    mouse(pane, QEvent.Type.MouseMove, 250, 20, buttons=Qt.MouseButton.NoButton)
    assert pane.model.state.window == 480.0


def test_left_drag_moves_the_crosshair_or_the_window_by_scheme(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    drag(pane, (200, 60), (230, 90))
    assert np.allclose(pane.model.state.cross_mm, pane.geometry_px().to_world((230.5, 90.5)))
    assert pane.model.state.window == 400
    other = make_pane(state=ViewState(mouse_scheme="radiology", active="axial"))
    drag(other, (200, 60), (230, 90))
    assert other.model.state.cross_mm == (0.0, 0.0, 0.0)
    assert (other.model.state.window, other.model.state.level) == dragged_window(400, 40, 30, 30)


def test_the_wheel_turns_slices_during_a_drag(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    drag(pane, (200, 60), (230, 90), release=False)
    wheel(pane, 120)
    assert pane.model.state.cross_mm[2] == 2.0
    mouse(pane, QEvent.Type.MouseMove, 232, 90, buttons=LEFT)
    assert pane.model.state.cross_mm[2] == 2.0
    mouse(pane, QEvent.Type.MouseButtonRelease, 232, 90, LEFT, buttons=Qt.MouseButton.NoButton)
    pane.model.set(tool="distance")
    told = Signals(pane.measured)
    drag(pane, (200, 60), (230, 100), release=False)
    wheel(pane, 120)
    mouse(pane, QEvent.Type.MouseButtonRelease, 230, 100, LEFT, buttons=Qt.MouseButton.NoButton)
    assert np.ptp(told.got[-1][1], axis=0)[2] == pytest.approx(2.0)


def test_pointers_say_what_the_hand_would_do(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane(content=with_points(hinge(), cut(offset=-30.0)))
    for place, wanted in (
        (on_screen(pane, (20.0, 10.0, 1.0)), "move"),
        (on_screen(pane, (30.0, 30.0, 0.0)), "cross"),
    ):
        mouse(pane, QEvent.Type.MouseMove, *place, buttons=Qt.MouseButton.NoButton)
        assert pane.hands.cursor == wanted
    mouse(pane, QEvent.Type.MouseMove, WIDTH / 2 + 130, HEIGHT / 2, buttons=Qt.MouseButton.NoButton)
    assert pane.hands.cursor == "turn"
    for key, wanted in ((Qt.Key.Key_W, "window"), (Qt.Key.Key_Space, "hand")):
        QTest.keyPress(pane, key)
        assert pane.hands.cursor == wanted
        QTest.keyRelease(pane, key)
    mouse(pane, QEvent.Type.MouseButtonPress, 100, 100, MIDDLE)
    assert pane.hands.cursor == "grab"


def test_the_crosshair_stays_inside_the_scan(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane("coronal")
    QTest.mouseClick(pane, LEFT, NONE, QPoint(2, 2))
    assert bool(pane.grid.contains(pane.model.state.cross_mm))


def test_shift_and_move_lets_the_crosshair_follow(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    mouse(pane, QEvent.Type.MouseMove, 222, 111, buttons=Qt.MouseButton.NoButton, keys=SHIFT)
    assert np.allclose(pane.model.state.cross_mm, pane.geometry_px().to_world((222.5, 111.5)))


def test_a_double_click_on_the_image_maximises(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    asked = Signals(pane.maximise_asked)
    QTest.mouseDClick(pane, LEFT, NONE, QPoint(240, 60))
    assert asked.got == [("axial",)]


def test_a_press_makes_the_pane_active(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane(state=ViewState(active="3d"))
    told = Signals(pane.activated)
    QTest.mouseClick(pane, MIDDLE, NONE, QPoint(100, 100))
    assert pane.model.state.active == "axial"
    assert ("axial",) in told.got


def test_values_under_the_hand_are_told(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    told = Signals(pane.hovered)
    mouse(pane, QEvent.Type.MouseMove, 170, 150, buttons=Qt.MouseButton.NoButton)
    assert told.got[-1][1] == 40.0
    assert np.allclose(told.got[-1][0], pane.geometry_px().to_world((170.5, 150.5)))
    mouse(pane, QEvent.Type.MouseMove, 1, 150, buttons=Qt.MouseButton.NoButton)
    assert told.got[-1][1] is None


def with_points(*items: object) -> PaneContent:
    return PaneContent(volume=plain_volume(), items=items)  # type: ignore[arg-type]


def hinge(key: str = "ncc", place: tuple[float, float, float] = (20.0, 10.0, 1.0), movable: bool = True) -> PointItem:
    return PointItem(key=key, position_mm=np.array(place), color="#FFC02E", label=key.upper(), movable=movable)


def test_a_point_is_taken_with_its_depth_and_lands_on_release(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane(content=with_points(hinge()))
    told = Signals(pane.point_moved)
    x, y = on_screen(pane, (20.0, 10.0, 1.0))
    # eight pixels beside it is near enough, three of movement are none
    drag(pane, (x + 6, y + 5), (x + 8, y + 7))
    assert pane.model.state.selected_point == "ncc"
    assert told.got == []
    drag(pane, (x, y), (x + 30, y - 12))
    step = pane.geometry_px().mm_per_px
    key, position, finished = told.got[-1]
    assert (key, finished) == ("ncc", True)
    assert np.allclose(position, (20 + 30 * step, 10 - 12 * step, 1.0))
    assert [entry[2] for entry in told.got[:-1]] == [False] * (len(told.got) - 1)
    assert len(told.got) > 2
    assert pane.model.state.cross_mm == (0.0, 0.0, 0.0)


def test_escape_puts_a_dragged_point_back(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane(content=with_points(hinge()))
    told = Signals(pane.point_moved)
    start = on_screen(pane, (20.0, 10.0, 1.0))
    drag(pane, start, (start[0] + 40, start[1]), release=False)
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    mouse(pane, QEvent.Type.MouseMove, 300, 20, buttons=LEFT)
    mouse(pane, QEvent.Type.MouseButtonRelease, 300, 20, LEFT, buttons=Qt.MouseButton.NoButton)
    assert np.allclose(told.got[-1][1], (20.0, 10.0, 1.0))
    assert not any(entry[2] for entry in told.got)
    assert np.allclose(pane.item("ncc").position_mm, (20.0, 10.0, 1.0))  # type: ignore[union-attr]


def test_points_far_from_the_plane_or_not_movable_are_not_taken(make_pane: Callable[..., SlicePane]) -> None:
    far, fixed = hinge("far", (20.0, 10.0, 16.0)), hinge("fixed", (-20.0, 10.0, 0.0), movable=False)
    pane = make_pane(content=with_points(far, fixed))
    told = Signals(pane.point_moved)
    for place in ((20.0, 10.0, 0.0), (-20.0, 10.0, 0.0)):
        start = on_screen(pane, place)
        drag(pane, start, (start[0] + 20, start[1]))
    assert told.got == []


def test_the_selected_point_wins_over_a_nearer_one(make_pane: Callable[..., SlicePane]) -> None:
    near, chosen = hinge("near", (20.0, 10.0, 0.0)), hinge("chosen", (22.0, 10.0, 0.0))
    pane = make_pane(state=ViewState(selected_point="chosen", active="axial"), content=with_points(near, chosen))
    told = Signals(pane.point_moved)
    start = on_screen(pane, (20.0, 10.0, 0.0))
    drag(pane, start, (start[0] + 20, start[1]))
    assert told.got[-1][0] == "chosen"


def test_arrows_nudge_the_selected_point_and_a_burst_is_one_step(make_pane: Callable[..., SlicePane], qtbot) -> None:
    pane = make_pane(state=ViewState(selected_point="ncc", active="axial"), content=with_points(hinge()))
    told = Signals(pane.point_moved)
    QTest.keyClick(pane, Qt.Key.Key_Right)
    QTest.keyClick(pane, Qt.Key.Key_Up, SHIFT)
    QTest.keyClick(pane, Qt.Key.Key_Left, CTRL)
    QTest.keyClick(pane, Qt.Key.Key_PageUp)
    assert [entry[2] for entry in told.got] == [False] * 4
    qtbot.waitUntil(lambda: told.got[-1][2], timeout=3000)
    assert [entry[2] for entry in told.got] == [False] * 4 + [True]
    assert np.allclose(told.got[-1][1], (20.0 + 0.25 - 0.05, 10.0 - 1.0, 1.0 + 0.25))
    assert pane.model.state.cross_mm == (0.0, 0.0, 0.0)


def test_alt_arrows_turn_the_chosen_cut_about_the_crosshair_and_a_burst_is_one_step(
    make_pane: Callable[..., SlicePane], qtbot
) -> None:
    pane = make_pane(state=ViewState(cross_mm=(10.0, 4.0, 0.0), active="axial"), content=with_points(cut()))
    told = Signals(pane.plane_moved)
    QTest.keyClick(pane, Qt.Key.Key_Left, ALT)
    QTest.keyClick(pane, Qt.Key.Key_Left, ALT | SHIFT)
    QTest.keyClick(pane, Qt.Key.Key_Right, ALT | CTRL)
    assert [entry[2] for entry in told.got] == [False] * 3
    qtbot.waitUntil(lambda: told.got[-1][2], timeout=3000)
    key, plane, _ = told.got[-1]
    assert key == "cut"
    # 1° and 5° against the clock and a tenth back; on an axial picture left is at the right and the back below
    assert np.degrees(np.arctan2(plane.normal[1], plane.normal[0])) == pytest.approx(-5.9, abs=1e-6)
    assert plane.signed_distance_mm(np.array((10.0, 4.0, 0.0))) == pytest.approx(0.0, abs=1e-9)
    assert pane.model.state.cross_mm == (10.0, 4.0, 0.0)


def test_keys_go_through_slices_when_no_point_is_chosen(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    for key, height in (
        (Qt.Key.Key_Up, 2.0),
        (Qt.Key.Key_PageUp, 22.0),
        (Qt.Key.Key_Down, 20.0),
        (Qt.Key.Key_Home, 58.0),
        (Qt.Key.Key_End, -60.0),
        (Qt.Key.Key_PageDown, -60.0),
    ):
        QTest.keyClick(pane, key)
        assert pane.model.state.cross_mm[2] == height


def test_letters_and_step_keys_are_left_to_the_window(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane(state=ViewState(selected_point="ncc", active="axial"), content=with_points(hinge()))
    for key, keys in (
        (Qt.Key.Key_D, NONE),
        (Qt.Key.Key_Delete, NONE),
        (Qt.Key.Key_Escape, NONE),
        (Qt.Key.Key_Return, NONE),
        (Qt.Key.Key_PageDown, CTRL),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier),
    ):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, keys)
        event.ignore()
        QApplication.sendEvent(pane, event)
        assert not event.isAccepted(), key


def ball(radius_mm: float) -> Mask:
    grid = plain_volume().grid
    k, j, i = np.indices(grid.shape_kji)
    places = grid.to_world(np.stack([i, j, k], axis=-1))
    return Mask.from_full(grid, np.linalg.norm(places, axis=-1) < radius_mm)


def cut(normal: tuple[float, float, float] = (1.0, 0.0, 0.0), offset: float = 10.0) -> CutItem:
    direction = unit(normal)
    return CutItem(key="cut", plane=Plane(offset * direction, direction), organ=ball(30.0), color="#35D6E6")


def test_the_middle_of_a_cut_moves_it_along_its_normal(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane(content=with_points(cut()))
    told = Signals(pane.plane_moved)
    start = on_screen(pane, (10.0, 2.0, 0.0))
    drag(pane, start, (start[0] - 21, start[1] + 9))
    key, plane, finished = told.got[-1]
    assert (key, finished) == ("cut", True)
    assert np.allclose(plane.normal, (1.0, 0.0, 0.0))
    assert plane.origin_mm[0] == pytest.approx(10.0 - 21 * pane.geometry_px().mm_per_px)


def test_the_end_of_a_cut_turns_it_about_its_origin(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane(content=with_points(cut()))
    told = Signals(pane.plane_moved)
    start = on_screen(pane, (10.0, 20.0, 0.0))
    end = on_screen(pane, 10.0 * np.array((1.0, 0.0, 0.0)) + 20.0 * np.array((np.sin(0.2), np.cos(0.2), 0.0)))
    drag(pane, start, end)
    plane = told.got[-1][1]
    assert np.allclose(plane.origin_mm, (10.0, 0.0, 0.0), atol=1e-9)
    assert abs(float(plane.normal @ (np.cos(0.2), -np.sin(0.2), 0.0))) == pytest.approx(1.0, abs=1e-6)


def test_the_removed_side_follows_the_dragged_cut_at_once(make_pane: Callable[..., SlicePane]) -> None:
    item = cut()
    liver = LabelItem(
        key="liver", mask=ball(30.0), color="#FF0000", fill_opacity=0.3, split=(item.plane,), split_color="#0000FF"
    )
    pane = make_pane(content=PaneContent(volume=plain_volume(-1000), labels=(liver,), items=(item,)))
    start = on_screen(pane, (10.0, 2.0, 0.0))
    probe = pane.geometry_px().to_screen((-5.0, -20.0, 0.0)).astype(int)
    before = pane.grab_picture().pixelColor(*probe.tolist())
    drag(pane, start, (start[0] - 60, start[1]), release=False)
    settle(pane)
    during = pane.grab_picture().pixelColor(*probe.tolist())
    assert before.red() > before.blue()
    assert during.blue() > during.red()
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    assert pane.grab_picture().pixelColor(*probe.tolist()) == before


def test_the_inner_part_of_a_crosshair_line_moves_one_plane(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    drag(pane, (170 + 30, 150), (210, 180))
    x, y, z = pane.model.state.cross_mm
    assert (x, z) == (0.0, 0.0)
    assert y == pytest.approx(30 * pane.geometry_px().mm_per_px)


def test_the_outer_part_of_a_crosshair_line_turns_the_other_planes(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    before = pane.model.state
    center = np.array((WIDTH, HEIGHT)) / 2
    handle = center + (130.0, 0.0)
    angle = np.radians(23.0)
    end = center + 130.0 * np.array((np.cos(angle), np.sin(angle)))
    drag(pane, tuple(handle - 0.5), tuple(end - 0.5))
    after = pane.model.state
    assert after.cross_mm == before.cross_mm
    for number in (0, 1):
        assert np.allclose(after.axes("axial")[number], before.axes("axial")[number])
    assert float(after.axes("coronal")[2] @ before.axes("coronal")[2]) == pytest.approx(np.cos(angle), abs=0.01)
    # shift snaps to whole fives of degrees
    pane.model.straighten()
    drag(pane, tuple(handle - 0.5), tuple(end - 0.5), release=False)
    mouse(pane, QEvent.Type.MouseMove, *(end - 0.5), buttons=LEFT, keys=SHIFT)
    assert pane.model.state.turns["axial"] == pytest.approx(25.0)
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    assert not pane.model.state.turns


def test_a_point_is_placed_on_release(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane(state=ViewState(tool="place", placing="rcc", active="axial"))
    told = Signals(pane.point_placed)
    drag(pane, (100, 100), (120, 130), release=False)
    assert told.got == []
    assert pane.hands.drag is not None
    assert pane.hands.drag.glass_mm is not None
    mouse(pane, QEvent.Type.MouseButtonRelease, 120, 130, LEFT, buttons=Qt.MouseButton.NoButton)
    ((key, position),) = told.got
    assert key == "rcc"
    assert np.allclose(position, pane.geometry_px().to_world((120.5, 130.5)))
    QTest.keyClick(pane, Qt.Key.Key_Return)
    assert np.allclose(told.got[-1][1], pane.model.state.cross_mm)


def test_a_distance_is_a_drag_or_two_clicks(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane(state=ViewState(tool="distance", active="axial"))
    told = Signals(pane.measured)
    drag(pane, (100, 100), (160, 180))
    kind, points = told.got[-1]
    assert kind == "distance"
    assert np.linalg.norm(points[1] - points[0]) == pytest.approx(100 * pane.geometry_px().mm_per_px)
    QTest.mouseClick(pane, LEFT, NONE, QPoint(50, 60))
    mouse(pane, QEvent.Type.MouseMove, 80, 100, buttons=Qt.MouseButton.NoButton)
    assert len(told.got) == 1
    assert pane.hands.live_line_mm is not None
    QTest.mouseClick(pane, LEFT, NONE, QPoint(110, 140))
    assert np.linalg.norm(told.got[-1][1][1] - told.got[-1][1][0]) == pytest.approx(100 * pane.geometry_px().mm_per_px)
    QTest.mouseClick(pane, LEFT, NONE, QPoint(50, 60))
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    assert pane.hands.live_line_mm is None
    assert len(told.got) == 2


def test_the_glass_flips_at_the_edges_and_never_covers_its_point() -> None:
    for x in (5.0, 100.0, 200.0, 335.0):
        for y in (5.0, 120.0, 295.0):
            center = glass_center(np.array((x, y)), WIDTH, HEIGHT)
            assert (center - SIZE_PX / 2 >= 0).all()
            assert (center + SIZE_PX / 2 <= (WIDTH, HEIGHT)).all()
    middle = glass_center(np.array((250.0, 250.0)), WIDTH, HEIGHT)
    assert (middle < 250).all()


def test_fit_follows_the_windows_size_until_the_user_zoomed(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    fit = pane.geometry_px().mm_per_px
    pane.resize(2 * WIDTH, 2 * HEIGHT)
    assert pane.geometry_px().mm_per_px == pytest.approx(fit / 2)
    wheel(pane, 120, CTRL)
    zoomed = pane.geometry_px().mm_per_px
    pane.resize(WIDTH, HEIGHT)
    assert pane.geometry_px().mm_per_px == zoomed


def test_the_pane_describes_itself(make_pane: Callable[..., SlicePane], qtbot) -> None:
    pane = make_pane()
    pane.model.set(cross_mm=(-56.4, 12.4, 27.8))
    words = "Axial, H 27.8 millimetres, crosshair at R 56.4  P 12.4  H 27.8"
    qtbot.waitUntil(lambda: pane.accessibleName() == words, timeout=2000)
    pane.model.align("annulus", (1.0, 2.0, 3.0), (0.0, 0.3, 0.9))
    qtbot.waitUntil(lambda: pane.accessibleName().startswith("Annulus plane, 0.0 millimetres"), timeout=2000)
    pane.model.straighten()
    pane.model.become(pane.model.state.with_turn("sagittal", 0.2))
    qtbot.waitUntil(lambda: pane.accessibleName().startswith("Axial, turned"), timeout=2000)


def test_other_panes_follow_the_shared_view_and_settle(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    settle(pane)
    before = pane.grab_picture()
    pane.model.set(window=50, level=300)
    assert not pane.is_settled()
    settle(pane)
    assert grey(pane.grab_picture()).sum() < grey(before).sum()


def test_hidden_items_and_hidden_overlays_are_not_drawn_nor_taken(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane(content=with_points(hinge()))
    assert pane.item("ncc") is not None
    pane.model.toggle_hidden("ncc")
    assert pane.item("ncc") is None
    pane.model.set(hidden=frozenset(), show_overlays=False)
    assert pane.item("ncc") is None


def test_buttons_act_on_the_view_and_ask_the_window(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane()
    pictures, maximised = Signals(pane.picture_asked), Signals(pane.maximise_asked)
    pane.model.set_pane("axial", PaneView(center_mm=(1.0, 2.0, 3.0), mm_per_px=0.1))
    buttons = {child.objectName(): child for child in pane.findChildren(QAbstractButton)}
    for name in ("reset", "overlays", "picture", "maximise"):
        button = buttons[f"axial_{name}"]
        assert button.accessibleName()
        assert button.toolTip().endswith(")")
        button.click()
    assert pane.model.state.pane("axial") == PaneView()
    assert not pane.model.state.show_overlays
    assert pictures.got == maximised.got == [("axial",)]


def test_an_empty_pane_takes_every_event_calmly(make_pane: Callable[..., SlicePane]) -> None:
    pane = make_pane(content=PaneContent())
    drag(pane, (100, 100), (150, 150))
    drag(pane, (100, 100), (150, 150), RIGHT)
    wheel(pane, 120)
    QTest.keyClick(pane, Qt.Key.Key_Up)
    QTest.mouseDClick(pane, LEFT, NONE, QPoint(100, 100))
    settle(pane)
    assert pane.model.state.cross_mm == (0.0, 0.0, 0.0)
    assert grey(pane.grab_picture()).mean() < 5


def test_contours_and_all_items_draw_at_a_fractional_ratio(make_pane: Callable[..., SlicePane]) -> None:
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    ring = np.stack([20 * np.cos(angle), 15 * np.sin(angle), np.zeros(90)], axis=1)
    item = ContourItem(
        key="annulus", points_mm=ring, color="#35D6E6", diameters=((ring[[0, 45]], "40.0"), (ring[[22, 67]], "30.0"))
    )
    pane = make_pane(content=with_points(item, hinge(), cut()))
    geometry = pane.geometry_px()
    edge = geometry.to_screen((20.0, 0.3, 0.0)).astype(int)
    color = pane.grab_picture().pixelColor(*edge.tolist())
    assert color.green() > 150 > color.red()


def test_no_line_strikes_out_the_number_of_another(make_pane: Callable[..., SlicePane]) -> None:
    number = DistanceItem(
        key="a", ends_mm=np.array(((-30.0, 5.0, 0.0), (-20.0, 5.0, 0.0))), color="#FF0000", text="-18.1 mm", pill=True
    )
    across = DistanceItem(key="b", ends_mm=np.array(((-19.0, 5.0, 0.0), (30.0, 5.0, 0.0))), color="#FFFFFF", text="")
    pictures = [make_pane(content=with_points(*items)) for items in ((number,), (number, across))]
    x, y = pictures[0].geometry_px().to_screen((-20.0, 5.0, 0.0)).round().astype(int).tolist()
    words = [grey(pane.grab_picture())[y - 5 : y + 5, x + 22 : x + 60] for pane in pictures]
    assert np.abs(words[0].astype(float) - words[1]).max() < 40
    far = [grey(pane.grab_picture())[y - 5 : y + 5, x + 120 : x + 140] for pane in pictures]
    assert np.abs(far[0].astype(float) - far[1]).max() > 90


def test_a_structure_that_left_the_hand_leaves_nothing_in_its_panes(make_pane: Callable[..., SlicePane]) -> None:
    live = LiveLabel("ball", ball(20.0), "#FF0000")
    pane = make_pane(content=PaneContent(volume=plain_volume(), live=live))
    x, y = pane.geometry_px().to_screen((5.0, 5.0, 0.0)).round().astype(int).tolist()
    drawn = pane.grab_picture().pixelColor(x, y)
    assert drawn.red() > drawn.blue() + 20
    known = weakref.ref(live)
    pane.set_content(PaneContent(volume=plain_volume()))
    pane.grab_picture()
    del live
    gc.collect()
    assert known() is None, "its voxels would stay for as long as the pane"
