"""The 3D pane under real events: the hand turns, picks, drags and places; content changes cost only what changed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from golden import rgb_array
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from scenes import ball_mask, scene_look, settle, shown_pane, sphere_mesh

from app.theme.tokens import DARK, PLANS, REMOVED
from planning.geometry import Plane
from viewers.overlay import CutItem, DistanceItem, MarginMapItem, PointItem, SceneContent, SurfaceItem, TreeItem
from viewers.scene_pane import TOO_OLD, ScenePane
from viewers.view_state import ViewModel, ViewState

pytestmark = pytest.mark.gui

RED, BLUE, GREEN = "#D04030", "#3B82E0", "#45C48F"
BALL = SurfaceItem(key="ball", mesh=sphere_mesh(40.0), color=RED)
LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier


def drag(
    pane: ScenePane,
    start: tuple[float, float],
    end: tuple[float, float],
    button: Qt.MouseButton = LEFT,
    modifier: Qt.KeyboardModifier = NO_KEY,
    release: bool = True,
) -> None:
    first, last = QPoint(*(round(v) for v in start)), QPoint(*(round(v) for v in end))
    QTest.mousePress(pane, button, modifier, first)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(pane, first + (last - first) * share)
    if release:
        QTest.mouseRelease(pane, button, modifier, last)


def color_at(pane: ScenePane, x: float, y: float) -> np.ndarray:
    image = rgb_array(pane.grab_picture()).astype(int)
    ratio = pane.devicePixelRatioF()
    return image[round(y * ratio), round(x * ratio)]


def counted(pane: ScenePane, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Each frame's quality, as it is drawn."""
    host: Any = pane.stage.host
    frames: list[bool] = []
    render = host.render

    def counting(width: float, height: float, ratio: float, full: bool) -> None:
        frames.append(full)
        render(width, height, ratio, full)

    monkeypatch.setattr(host, "render", counting)
    return frames


def test_nothing_of_vtk_is_loaded_before_the_start(project_root: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests/support')\n"
        "from PySide6.QtWidgets import QApplication; application = QApplication([])\n"
        "from scenes import scene_look\n"
        "from viewers.scene_pane import ScenePane; from viewers.view_state import ViewModel\n"
        "pane = ScenePane(ViewModel(), scene_look()); pane.show(); application.processEvents()\n"
        "assert not pane.is_started and not pane.is_settled()\n"
        "print([name for name in sys.modules if name.startswith(('vtkmodules', 'pyvista', 'torch'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project_root, capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]"


def test_left_drag_orbits_about_the_crosshair_and_never_rolls(qtbot: Any) -> None:
    cross = (10.0, 5.0, -8.0)
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)), ViewState(cross_mm=cross))
    view = pane.view
    before = pane.projection()
    drag(pane, (150, 150), (190, 130), release=False)
    assert view.state.camera is None, "the state is written when the gesture ends"
    QTest.mouseRelease(pane, LEFT, NO_KEY, QPoint(190, 130))
    camera = view.state.camera
    assert camera is not None
    assert camera == pane.camera()
    assert np.degrees(np.arccos(np.dot(camera.direction, before.camera.direction))) == pytest.approx(22.3, abs=0.5)
    assert np.allclose(pane.projection().to_screen(cross), before.to_screen(cross), atol=0.01)
    sideways = np.cross(camera.up, camera.direction)
    assert abs(sideways[2]) < 1e-9
    # what was in front went with the hand
    front = np.array([10.0, -30.0, -8.0])
    went = pane.projection().to_screen(front) - before.to_screen(front)
    assert went[0] > 5
    assert went[1] < -2
    settle(qtbot, pane)


def test_places_come_into_view_from_the_same_side_and_what_is_seen_moves_nothing(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    drag(pane, (150, 150), (190, 130))
    before = pane.camera()
    pane.bring_into_view(())
    pane.bring_into_view([before.focus_mm])
    assert pane.camera() == before
    line = np.linspace((0.0, 0.0, 0.0), (0.0, 40.0, -400.0), 20)
    pane.bring_into_view(line)
    seen = pane.projection().to_screen(line)
    assert (seen > 0).all()
    assert (seen < (pane.width(), pane.height())).all()
    assert pane.camera().direction == pytest.approx(before.direction)
    settle(qtbot, pane)


def test_the_picture_that_is_seen_is_had_without_drawing(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    settle(qtbot, pane)
    assert pane.stage.host is not None
    with monkeypatch.context() as patched:
        patched.setattr(pane.stage.host, "_render", lambda *_, **__: pytest.fail("drawn anew"))
        seen = rgb_array(pane.seen_picture())
    assert seen.max() > 100
    assert np.array_equal(seen, rgb_array(pane.grab_picture()))


def test_a_small_movement_is_a_click_and_does_not_turn(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    camera = pane.camera()
    drag(pane, (150, 150), (152, 151))
    assert pane.camera() == camera
    assert pane.view.state.camera is None
    assert pane.view.state.active == "3d"


@pytest.mark.parametrize(
    ("button", "modifier"),
    [(Qt.MouseButton.MiddleButton, NO_KEY), (LEFT, Qt.KeyboardModifier.ShiftModifier)],
)
def test_pan(qtbot: Any, button: Qt.MouseButton, modifier: Qt.KeyboardModifier) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    before = pane.projection()
    drag(pane, (150, 150), (180, 135), button, modifier)
    went = pane.projection().to_screen((0, 0, 0)) - before.to_screen((0, 0, 0))
    assert np.allclose(went, (30, -15), atol=0.01)


def test_right_drag_zooms_ctrl_drag_rolls_and_the_wheel_zooms_to_the_cursor(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    half = pane.camera().half_height_mm
    drag(pane, (150, 150), (150, 100), Qt.MouseButton.RightButton)
    assert pane.camera().half_height_mm < 0.7 * half
    up = np.array(pane.camera().up)
    drag(pane, (250, 150), (150, 250), LEFT, Qt.KeyboardModifier.ControlModifier)
    assert abs(up @ np.array(pane.camera().up)) < 1e-6
    before, spot = pane.projection(), (220.0, 90.0)
    under = before.to_world(*spot)
    event = QWheelEvent(
        QPointF(*spot), pane.mapToGlobal(QPointF(*spot)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, NO_KEY,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(pane, event)
    assert pane.camera().half_height_mm < before.camera.half_height_mm
    assert np.allclose(pane.projection().to_screen(under), spot, atol=1e-6)


def test_double_click_on_a_surface_moves_the_crosshair_there(qtbot: Any) -> None:
    center = np.array([12.0, -7.0, 30.0])
    item = SurfaceItem(key="ball", mesh=sphere_mesh(40.0, center, rings=96), color=RED)
    pane = shown_pane(qtbot, SceneContent(surfaces=(item,)), ViewState(cross_mm=(0.0, 0.0, 0.0)))
    for lao, cra in ((0.0, 0.0), (-40.0, 20.0)):
        pane.look_from_carm(lao, cra)
        settle(qtbot, pane)
        spot = QPoint(175, 120)
        QTest.mouseDClick(pane, LEFT, NO_KEY, spot)
        cross = np.array(pane.view.state.cross_mm)
        # the sphere itself tells where the ray meets it
        flat = pane.projection().to_world(spot.x(), spot.y()) - center
        back = np.array(pane.camera().direction)
        beside = flat - (flat @ back) * back
        truth = center + beside + np.sqrt(40.0**2 - beside @ beside) * back
        assert np.linalg.norm(cross - truth) < 1.0


def test_double_click_beside_everything_asks_to_maximise(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    cross = pane.view.state.cross_mm
    with qtbot.waitSignal(pane.maximise_asked) as asked:
        QTest.mouseDClick(pane, LEFT, NO_KEY, QPoint(8, 40))
    assert asked.args == ["3d"]
    assert pane.view.state.cross_mm == cross


def test_a_double_click_through_a_faint_surface_means_the_solid_one_behind(qtbot: Any) -> None:
    shell = SurfaceItem(key="shell", mesh=sphere_mesh(40.0), color=BLUE, opacity=0.3)
    core = SurfaceItem(key="core", mesh=sphere_mesh(10.0), color=RED)
    pane = shown_pane(qtbot, SceneContent(surfaces=(shell, core)))
    assert np.linalg.norm(pane.picked(150, 150)) == pytest.approx(10.0, abs=0.3)
    assert np.linalg.norm(pane.picked(150, 70)) == pytest.approx(40.0, abs=0.5)


def test_hidden_keys_switch_actors_and_rebuild_nothing(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)), ViewState(show_crosshair=False))
    scene: Any = pane.stage.scene
    (view,) = scene._views.values()
    actors = view.actors
    assert color_at(pane, 150, 150)[0] > 100
    frames = counted(pane, monkeypatch)
    pane.view.toggle_hidden("ball")
    settle(qtbot, pane)
    # where the processor draws and is busy, a quick picture may come first
    assert frames.count(True) == 1, "one picture in full quality"
    assert frames[-1]
    assert color_at(pane, 150, 150).max() == 0
    pane.view.toggle_hidden("ball")
    settle(qtbot, pane)
    assert color_at(pane, 150, 150)[0] > 100
    assert next(iter(scene._views.values())).actors == actors


def test_what_is_hidden_is_made_when_it_is_first_seen(qtbot: Any) -> None:
    content = SceneContent(surfaces=(replace(BALL, key="part"), replace(BALL, key="ball", color=BLUE)))
    pane = shown_pane(qtbot, content, ViewState(show_crosshair=False, hidden=frozenset({"ball"})))
    scene: Any = pane.stage.scene
    assert [key for _, key in scene._views] == ["part"]
    assert color_at(pane, 150, 150)[0] > color_at(pane, 150, 150)[2], "red"
    pane.view.set(hidden=frozenset({"part"}))
    settle(qtbot, pane)
    assert color_at(pane, 150, 150)[2] > color_at(pane, 150, 150)[0], "blue"
    # what was seen once is at hand
    assert [key for _, key in scene._views] == ["part", "ball"]
    pane.set_content(SceneContent(surfaces=(content.surfaces[0],)))
    settle(qtbot, pane)
    assert [key for _, key in scene._views] == ["part"]
    assert color_at(pane, 150, 150).max() == 0


def test_equal_content_draws_nothing_and_a_new_colour_rebuilds_nothing(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)), ViewState(show_crosshair=False))
    scene: Any = pane.stage.scene
    (view,) = scene._views.values()
    data, frames = view._data, counted(pane, monkeypatch)
    pane.set_content(SceneContent(surfaces=(BALL,)))
    pane.view.set(cross_mm=(1.0, 2.0, 3.0))
    qtbot.wait(30)
    assert frames == []
    pane.set_content(SceneContent(surfaces=(replace(BALL, color=BLUE, opacity=0.9),)))
    settle(qtbot, pane)
    assert frames.count(True) == 1
    assert frames[-1]
    red, _, blue = color_at(pane, 150, 150)
    assert blue > red
    assert view._data is data


def test_a_split_surface_shows_kept_and_removed_in_their_colours(qtbot: Any) -> None:
    plane = Plane(np.zeros(3), np.array([1.0, 0.0, 0.0]))
    item = replace(BALL, color=RED, split=(plane,), split_color=REMOVED)
    pane = shown_pane(qtbot, SceneContent(surfaces=(item,)), ViewState(show_crosshair=False))
    x, y = pane.projection().to_screen((-20.0, 0.0, 0.0))
    kept = color_at(pane, x, y)
    x, y = pane.projection().to_screen((20.0, 0.0, 0.0))
    removed = color_at(pane, x, y)
    assert kept[0] > 2 * kept[2], "red"
    assert removed[2] > removed[0] > 0, "the removed part's grey-blue"
    assert removed.max() < kept.max(), "and see-through"


@pytest.mark.parametrize("count", [2, 7])
def test_several_planes_leave_what_no_plane_removes(qtbot: Any, count: int) -> None:
    planes = [
        Plane(np.array([12.0, 0, 0]), np.array([1.0, 0, 0])),
        Plane(np.array([0, 0, 12.0]), np.array([0, 0, 1.0])),
    ]
    # planes that touch nothing make the list too long for the driver's own clipping
    planes += [Plane(np.array([0, 60.0 + n, 0]), np.array([0, 1.0, 0])) for n in range(count - 2)]
    item = replace(BALL, split=tuple(planes), split_color=BLUE)
    pane = shown_pane(qtbot, SceneContent(surfaces=(item,)), ViewState(show_crosshair=False))
    for place, wanted in (((-15, 0, -15), "kept"), ((25, 0, -10), "cut"), ((-10, 0, 25), "cut"), ((22, 0, 22), "cut")):
        x, y = pane.projection().to_screen(place)
        red, _, blue = color_at(pane, x, y)
        assert (red > blue) == (wanted == "kept"), place


def test_the_margin_map_has_three_hard_bands_and_its_legend(qtbot: Any) -> None:
    steps = np.linspace(-30.0, 30.0, 61)
    x, z = np.meshgrid(steps, steps, indexing="ij")
    points = np.stack([x, np.zeros_like(x), z], axis=-1).reshape(-1, 3)
    a = (np.arange(60)[:, None] * 61 + np.arange(60)[None, :]).reshape(-1)
    triangles = np.concatenate([np.stack([a, a + 61, a + 62], -1), np.stack([a, a + 62, a + 1], -1)])
    mesh = type(BALL.mesh)(points, triangles)
    item = MarginMapItem(key="map", mesh=mesh, values_mm=(points[:, 0] + 30.0) / 4.0, asked_mm=5.0)
    pane = shown_pane(qtbot, SceneContent(items=(item,)), ViewState(show_crosshair=False))
    wanted = [DARK[name] for name in ("bad", "warn", "ok")]
    found = []
    for place in (-29.0, -11.0, -9.0, 9.0, 11.0, 29.0):
        red, green, blue = color_at(pane, *pane.projection().to_screen((place, 0.0, 5.0)))
        share = [
            np.abs(np.array([red, green, blue]) / max(red, green, blue) - rgb / rgb.max()).sum()
            for rgb in (np.array([int(name[n : n + 2], 16) for n in (1, 3, 5)], dtype=float) for name in wanted)
        ]
        found.append(int(np.argmin(share)))
    assert found == [0, 0, 1, 1, 2, 2]
    assert pane._facts().legend_mm == 5.0
    pane.view.toggle_hidden("map")
    assert pane._facts().legend_mm is None


def test_a_plane_is_dragged_along_its_normal_by_its_handle(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    normal = np.array([1.0, 0.0, 0.3])
    cut = CutItem(key="cut", plane=Plane(np.zeros(3), normal), organ=ball_mask(40.0), color=PLANS["a"])
    item = replace(BALL, split=(cut.plane,), split_color=BLUE)
    pane = shown_pane(qtbot, SceneContent(surfaces=(item,), items=(cut,)), ViewState(show_crosshair=False))
    camera = pane.camera()
    (_, corners), *_ = pane.cuts()
    x, y = pane.projection().to_screen(corners).mean(axis=0)
    moved: list[tuple[str, Plane, bool]] = []
    pane.plane_moved.connect(lambda *told: moved.append(told))
    drag(pane, (x, y), (x + 40, y), release=False)
    settle_frame(qtbot, pane)
    # while it is held the organ is already cut at the new place
    place = pane.projection().to_screen((8.0, 0.0, 0.0))
    red, _, blue = color_at(pane, *place)
    assert red > blue
    QTest.mouseRelease(pane, LEFT, NO_KEY, QPoint(round(x) + 40, round(y)))
    assert [finished for *_, finished in moved] == [False] * (len(moved) - 1) + [True]
    key, plane, _ = moved[-1]
    assert key == "cut"
    assert np.allclose(plane.normal, cut.plane.normal)
    shift = plane.origin_mm - cut.plane.origin_mm
    assert np.allclose(np.cross(shift, plane.normal), 0.0, atol=1e-9)
    seen = np.array([plane.normal[0], plane.normal[2]])
    wanted = 40 * pane.projection().mm_per_px * seen[0] / (seen @ seen)
    assert shift @ plane.normal == pytest.approx(wanted, rel=1e-6)
    assert pane.camera() == camera, "the view stays"
    settle(qtbot, pane)


def settle_frame(qtbot: Any, pane: ScenePane) -> None:
    qtbot.waitUntil(lambda: not pane.stage._frame_timer.isActive(), timeout=5000)


def test_escape_gives_a_dragged_plane_back(qtbot: Any) -> None:
    cut = CutItem(key="cut", plane=Plane(np.zeros(3), np.array([1.0, 0, 0])), organ=ball_mask(40.0), color=PLANS["a"])
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,), items=(cut,)))
    moved: list[tuple[str, Plane, bool]] = []
    pane.plane_moved.connect(lambda *told: moved.append(told))
    drag(pane, (150, 150), (190, 150), release=False)
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    QTest.mouseRelease(pane, LEFT, NO_KEY, QPoint(190, 150))
    assert np.allclose(moved[-1][1].origin_mm, 0.0)
    assert not any(finished for *_, finished in moved)
    assert pane._held is None


def test_a_fixed_plane_is_not_dragged(qtbot: Any) -> None:
    cut = CutItem(
        key="cut", plane=Plane(np.zeros(3), np.array([1.0, 0, 0])), organ=None, color=PLANS["a"], movable=False
    )
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,), items=(cut,)))
    camera = pane.camera()
    with qtbot.assertNotEmitted(pane.plane_moved):
        drag(pane, (150, 150), (190, 150))
    assert pane.camera() != camera


def test_a_point_moves_only_when_it_was_chosen_before(qtbot: Any) -> None:
    point = PointItem(key="rcc", position_mm=np.array([15.0, -45.0, 10.0]), color=GREEN, label="RCC")
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,), items=(point,)))
    x, y = pane.projection().to_screen(point.position_mm)
    with qtbot.assertNotEmitted(pane.point_moved):
        drag(pane, (x, y), (x + 30, y))
    assert pane.view.state.camera is not None, "the drag turned the scene"
    settle(qtbot, pane)
    x, y = pane.projection().to_screen(point.position_mm)
    QTest.mouseClick(pane, LEFT, NO_KEY, QPoint(round(x), round(y)))
    assert pane.view.state.selected_point == "rcc"
    camera = pane.camera()
    moved: list[Any] = []
    pane.point_moved.connect(lambda *told: moved.append(told))
    drag(pane, (x, y), (x + 30, y - 12))
    key, position, finished = moved[-1]
    assert (key, finished) == ("rcc", True)
    went = pane.projection().to_screen(position) - pane.projection().to_screen(point.position_mm)
    assert np.allclose(went, (30, -12), atol=1.0)
    assert pane.projection().depth_mm(position) == pytest.approx(float(pane.projection().depth_mm(point.position_mm)))
    assert pane.camera() == camera


def test_a_click_places_the_point_that_waits(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)), ViewState(tool="place", placing="ostium"))
    with qtbot.waitSignal(pane.point_placed) as placed:
        QTest.mouseClick(pane, LEFT, NO_KEY, QPoint(150, 150))
    key, position = placed.args
    assert key == "ostium"
    assert np.allclose(position, (0, -40, 0), atol=1.0)


def test_a_right_click_asks_for_the_menu(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    with qtbot.waitSignal(pane.menu_asked) as asked:
        QTest.mouseClick(pane, Qt.MouseButton.RightButton, NO_KEY, QPoint(150, 150))
    assert np.allclose(asked.args[1], (0, -40, 0), atol=1.0)


@pytest.mark.parametrize(
    ("key", "modifier", "name"),
    [
        (Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier, "Posterior"),
        (Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier, "Left"),
        (Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier, "Feet"),
        (Qt.Key.Key_7, Qt.KeyboardModifier.KeypadModifier, "Head"),
        (Qt.Key.Key_3, Qt.KeyboardModifier.KeypadModifier, "Left"),
    ],
)
def test_keys_turn_to_the_standard_views(qtbot: Any, key: Qt.Key, modifier: Qt.KeyboardModifier, name: str) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    QTest.keyClick(pane, key, modifier)
    assert name in pane.accessibleName()
    assert pane.view.state.camera is not None


def test_arrows_turn_by_five_degrees_and_shift_by_one(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    QTest.keyClick(pane, Qt.Key.Key_Right)
    assert pane.camera().direction[0] == pytest.approx(-np.sin(np.radians(5.0)))
    QTest.keyClick(pane, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert pane.camera().direction[2] == pytest.approx(-np.sin(np.radians(1.0)))


def test_the_camera_comes_back_with_the_view(qtbot: Any) -> None:
    view = ViewModel(ViewState())
    first = shown_pane(qtbot, SceneContent(surfaces=(BALL,)), view.state)
    first.look_from_carm(-35.0, -2.0)
    drag(first, (150, 150), (150, 120), Qt.MouseButton.RightButton)
    state = first.view.state
    second = shown_pane(qtbot, SceneContent(surfaces=(BALL,)), state)
    assert second.camera() == state.camera
    assert "R A O 35 degrees, caudal 2 degrees" in second.accessibleName()


def test_less_is_drawn_while_the_scene_turns_and_all_of_it_at_rest(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(replace(BALL, opacity=0.5),)))
    frames = counted(pane, monkeypatch)
    QTest.mousePress(pane, LEFT, NO_KEY, QPoint(150, 150))
    for step in range(1, 5):
        QTest.mouseMove(pane, QPoint(150 + 10 * step, 150))
        QApplication.processEvents()
    moving = list(frames)
    QTest.mouseRelease(pane, LEFT, NO_KEY, QPoint(190, 150))
    settle(qtbot, pane)
    if pane.stage.host is not None and pane.stage.host.is_slow:
        assert moving
        assert not any(moving)
    assert frames[-1]
    count = len(frames)
    qtbot.wait(200)
    assert len(frames) == count, "a scene at rest costs nothing"


def test_less_is_drawn_while_a_hand_drags_in_another_pane_however_long_its_numbers_take(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    settle(qtbot, pane)
    host: Any = pane.stage.host
    host.is_slow = True
    frames = counted(pane, monkeypatch)
    for expected, colour in ((True, "#112233"), (False, "#445566")):
        # longer ago than what counts as one movement
        pane.stage._last_change = pane.stage._last_frame = 0.0
        frames.clear()
        if expected:
            pane.stage.expect_movement()
        pane.set_content(SceneContent(surfaces=(replace(BALL, color=colour),)))
        qtbot.waitUntil(lambda: bool(frames), timeout=5000)
        assert frames[0] is not expected
        settle(qtbot, pane)
        assert frames[-1] is True


def test_less_is_drawn_while_surfaces_come_and_all_of_it_with_the_last(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = shown_pane(qtbot, SceneContent())
    settle(qtbot, pane)
    host: Any = pane.stage.host
    host.is_slow = True
    frames = counted(pane, monkeypatch)
    balls = tuple(replace(BALL, key=f"ball {n}", color=color) for n, color in enumerate((RED, BLUE, GREEN)))
    for count in (1, 2):
        # longer ago than what counts as one movement
        pane.stage._last_change = pane.stage._last_frame = 0.0
        pane.set_content(SceneContent(surfaces=balls[:count], is_growing=True))
        qtbot.waitUntil(lambda count=count: len(frames) == count, timeout=10_000)
        assert not pane.is_settled()
    assert frames == [False, False]
    pane.set_content(SceneContent(surfaces=balls))
    settle(qtbot, pane)
    assert frames == [False, False, True]


def test_a_full_picture_comes_where_the_next_surface_takes_long(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pane = shown_pane(qtbot, SceneContent())
    settle(qtbot, pane)
    host: Any = pane.stage.host
    host.is_slow = True
    frames = counted(pane, monkeypatch)
    pane.set_content(SceneContent(surfaces=(BALL,), is_growing=True))
    qtbot.waitUntil(lambda: frames == [False, True], timeout=10_000)


def test_where_the_graphics_card_draws_the_camera_flies(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    monkeypatch.setattr(pane.stage.host, "is_slow", False)
    frames = counted(pane, monkeypatch)
    pane.look_from((1.0, 0.0, 0.0), (0.0, 0.0, 1.0))
    assert pane.view.state.camera is not None
    assert pane.view.state.camera.direction == (1.0, 0.0, 0.0), "the state is there at once"
    assert pane.camera().direction != (1.0, 0.0, 0.0)
    settle(qtbot, pane)
    assert pane.camera() == pane.view.state.camera
    assert len(frames) > 1


def test_names_of_points_far_behind_a_surface_are_left_out(qtbot: Any) -> None:
    near = PointItem(key="near", position_mm=np.array([0.0, -38.0, 0.0]), color=GREEN, label="near")
    far = PointItem(key="far", position_mm=np.array([5.0, 20.0, 5.0]), color=GREEN, label="far")
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,), items=(near, far)))
    assert pane._facts().covered == {"far"}
    pane.look_from((0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    settle(qtbot, pane)
    assert "near" in pane._facts().covered


def test_overlays_can_be_switched_off(qtbot: Any) -> None:
    line = DistanceItem(key="d", ends_mm=np.array([[0, -45, -20.0], [0, -45, 20.0]]), color=DARK["bad"], text="40.0 mm")
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,), items=(line,)))
    with_line = color_at(pane, 150, 150)
    pane.view.set(show_overlays=False)
    settle(qtbot, pane)
    assert not np.array_equal(color_at(pane, 150, 150), with_line) or not pane._facts().distances
    assert pane._facts().distances == []


def test_a_driver_that_cannot_draw_is_told_in_the_pane(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THEATRUM_GL", "software")
    monkeypatch.setattr("viewers.scene.offscreen.can_draw", lambda window: False)
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    assert pane._facts().message == TOO_OLD
    assert rgb_array(pane.grab_picture()).max() > 100, "the sentence is painted"


def test_an_empty_picture_of_a_full_scene_is_noticed(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THEATRUM_GL", "software")
    monkeypatch.setattr("viewers.scene.host.ImageHost.is_blank", lambda host: True)
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)))
    qtbot.waitUntil(lambda: pane._facts().message == TOO_OLD, timeout=5000)
    assert pane.is_settled()


def test_the_pane_can_be_hidden_shown_resized_and_closed(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent())
    pane.hide()
    pane.set_content(SceneContent(surfaces=(BALL,)))
    assert pane.is_settled()
    pane.show()
    settle(qtbot, pane)
    pane.resize(420, 260)
    settle(qtbot, pane)
    assert pane.grab_picture().size() == pane.size() * pane.devicePixelRatioF()
    assert color_at(pane, 210, 130)[0] > 100
    pane.close()
    assert not pane.is_started


def test_what_former_pictures_left_in_the_driver_goes_when_nobody_moves_anything(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(replace(BALL, opacity=0.5),)))
    staged = pane.stage
    assert staged.host is not None
    if not staged.host.is_slow:
        pytest.skip("a graphics card keeps its own memory")
    before = rgb_array(pane.grab_picture())
    seen: list[bool] = []
    staged.opened.connect(lambda: seen.append(staged.picture() is not None))
    staged._idle_timer.setInterval(150)
    for times in (1, 3):
        host = staged.host
        staged.changed()
        qtbot.waitUntil(lambda: staged.is_settled, timeout=5000)
        qtbot.waitUntil(lambda host=host: staged.host is not host, timeout=5000)
        assert seen == [True] * times, "the former picture stays until there is a new one"
        assert staged.is_settled
        made = staged.host
        qtbot.wait(400)
        assert staged.host is made, "made once for each time that it was used"
        assert staged.pictures == 1
        # it can be pointed at without waiting, and looks the same; what a saved picture left goes as well
        assert staged.pick(pane.width() / 2, pane.height() / 2) is not None
        assert np.array_equal(rgb_array(pane.grab_picture()), before)
        qtbot.waitUntil(lambda made=made: staged.host is not made, timeout=5000)
    # who hides it and looks again before that time has nothing drawn anew; a hand that holds something only puts it off
    for leaves in (True, False):
        host = staged.host
        staged._idle_timer.setInterval(60_000)
        staged.changed()
        qtbot.waitUntil(lambda: staged.is_settled, timeout=5000)
        staged._idle_timer.setInterval(60)
        if leaves:
            pane.hide()
            pane.show()
        else:
            staged.is_held = True
            qtbot.wait(200)
            assert staged.host is host
            staged.is_held = False
        qtbot.waitUntil(lambda host=host: staged.host is not host, timeout=5000)


def test_buttons_show_in_the_active_pane_and_act(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,)), ViewState(active="3d"))
    pane.set_look(replace(scene_look(), text_scale=1.5))
    button = pane.findChild(object, "pane_3d_picture")
    with qtbot.waitSignal(pane.picture_asked) as asked:
        button.click()
    assert asked.args == ["3d"]
    pane.set_camera(replace(pane.camera(), half_height_mm=5.0))
    pane.findChild(object, "pane_3d_reset").click()
    assert pane.camera().half_height_mm == pytest.approx(42.4, abs=0.5)
    settle(qtbot, pane)


def test_a_points_name_stands_beside_the_margins_words(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    margin = DistanceItem(
        key="margin", ends_mm=np.array([(-5.0, 0, 0), (5.0, 0, 0)]), color=GREEN, text="8.4 mm", pill=True
    )
    points = tuple(
        PointItem(key=name, position_mm=np.array(at), color=RED, label=name)
        for name, at in (("Target", (9.0, -60.0, 0.0)), ("Entry", (12.0, -60.0, 3.0)))
    )
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,), items=(margin, *points)))
    texts = pane._painter._texts
    drawn: dict[str, Any] = {}
    draw = texts.draw

    def noting(painter: Any, place: QPointF, text: str, *rest: Any) -> Any:
        drawn[text] = draw(painter, place, text, *rest)
        return drawn[text]

    monkeypatch.setattr(texts, "draw", noting)
    pane.grab_picture()
    boxes = [drawn[text] for text in ("8.4 mm", "Target", "Entry")]
    assert not any(one.intersects(other) for n, one in enumerate(boxes) for other in boxes[:n])


def _tree(*ends: tuple[float, float, float]) -> TreeItem:
    """Branches from the middle to these ends."""
    along = np.linspace(0.0, 1.0, 20)[:, None]
    points = np.concatenate([along * np.array(end) for end in ends])
    lines = tuple(np.arange(20 * number, 20 * number + 20) for number in range(len(ends)))
    return TreeItem(key="tree", points_mm=points, radius_mm=np.full(len(points), 2.0), lines=lines, color=BLUE)


def _sizes(pane: ScenePane, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Columns and rows of everything that the window draws from now on."""
    host: Any = pane.stage.host
    sizes: list[tuple[int, int]] = []
    drawn = host._drawn_pixels

    def noting(wide: int, tall: int) -> np.ndarray:
        sizes.append((wide, tall))
        return np.asarray(drawn(wide, tall))

    monkeypatch.setattr(host, "_drawn_pixels", noting)
    return sizes


@pytest.mark.parametrize("size", [(300, 300), (700, 620)])
def test_another_branch_draws_only_its_part_again(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """In a small pane pixels are averaged, in a large one edges are filtered: the picture is that of drawing all."""
    monkeypatch.setenv("THEATRUM_GL", "software")
    organ = replace(BALL, opacity=0.4)
    stays, goes, comes = (25.0, 0.0, 20.0), (-25.0, 0.0, 18.0), (-22.0, 4.0, -20.0)
    pane = shown_pane(qtbot, SceneContent(surfaces=(organ,), items=(_tree(stays, goes),)), size=size)
    host: Any = pane.stage.host
    sizes = _sizes(pane, monkeypatch)
    qtbot.wait(250)
    pane.set_content(SceneContent(surfaces=(organ,), items=(_tree(stays, comes),)))
    qtbot.waitUntil(pane.is_settled, timeout=30_000)
    assert len(sizes) == 1
    whole = host.window_size()
    assert sizes[0][0] * sizes[0][1] < 0.4 * whole[0] * whole[1]
    partly, covered = rgb_array(host.picture()).astype(int), host.depth_at(0.4, 0.4)
    pane.grab_picture()
    assert sizes[-1] == whole
    wholly = rgb_array(host.picture()).astype(int)
    assert np.abs(partly - wholly).max() <= 2
    assert host.depth_at(0.4, 0.4) == pytest.approx(covered, abs=1e-5)
    assert pane.stage.pick(size[0] / 2, size[1] / 2) is not None


def test_a_tree_that_is_drawn_the_same_draws_nothing(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THEATRUM_GL", "software")
    ends = ((25.0, 0.0, 20.0), (-25.0, 0.0, 18.0))
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,), items=(_tree(*ends),)))
    frames = counted(pane, monkeypatch)
    pane.set_content(SceneContent(surfaces=(BALL,), items=(_tree(*ends),)))
    qtbot.waitUntil(pane.is_settled, timeout=30_000)
    assert frames == []
    pane.set_content(SceneContent(surfaces=(BALL,), items=(replace(_tree(*ends), color=GREEN),)))
    qtbot.waitUntil(pane.is_settled, timeout=30_000)
    assert frames


def test_a_turned_view_is_drawn_wholly(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THEATRUM_GL", "software")
    pane = shown_pane(qtbot, SceneContent(surfaces=(BALL,), items=(_tree((25.0, 0.0, 20.0)),)))
    sizes = _sizes(pane, monkeypatch)
    pane.set_camera(replace(pane.camera(), half_height_mm=60.0))
    pane.set_content(SceneContent(surfaces=(BALL,), items=(_tree((25.0, 0.0, -20.0)),)))
    qtbot.waitUntil(pane.is_settled, timeout=30_000)
    assert sizes[-1] == pane.stage.host.window_size()


@pytest.mark.skipif(sys.platform != "linux", reason="the forced road is tried under Xvfb")
def test_the_interactor_host_draws_the_same_picture(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if QGuiApplication.platformName() != "xcb":
        pytest.skip("a QOpenGLWidget needs a display")
    content = SceneContent(
        surfaces=(replace(BALL, split=(Plane(np.zeros(3), np.array([1.0, 0, 0])),), split_color=BLUE),)
    )
    monkeypatch.setenv("THEATRUM_GL", "software")
    painted = rgb_array(shown_pane(qtbot, content).grab_picture()).astype(int)
    monkeypatch.setenv("THEATRUM_GL", "hardware")
    pane = shown_pane(qtbot, content)
    host: Any = pane.stage.host
    assert type(host).__name__ == "InteractorHost"
    drawn = rgb_array(pane.grab_picture()).astype(int)
    assert np.abs(painted - drawn).mean() < 3.0
    camera = pane.camera()
    drag(pane, (150, 150), (190, 150))
    assert pane.camera() != camera, "the hand reaches the pane through the child"
    QTest.mouseDClick(pane, LEFT, NO_KEY, QPoint(150, 150))
    assert np.linalg.norm(pane.view.state.cross_mm) == pytest.approx(40.0, abs=1.0)
    pane.close()
