"""The image in a 3D pane under real events: drawn by rays, lit, cropped and clipped by the hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from rays_scene import FROM_THE_FRONT, IMAGE, LEFT, NO_KEY, RADIUS, SOLID, ball_image, color_at, colors, drag
from scenes import settle, shown_pane, sphere_mesh

from planning.geometry import Grid, Plane, carm_angles_deg, detector_direction
from planning.volume import Volume
from viewers.overlay import SceneContent, SurfaceItem
from viewers.rendering import Stop, bounds_of
from viewers.scene import host as hosts
from viewers.scene import stage as stages
from viewers.scene.camera import ANTERIOR, HEAD
from viewers.scene.crop_box import face_middle
from viewers.scene.driver import Driver
from viewers.scene_pane import ScenePane
from viewers.view_state import Camera, ViewState

pytestmark = pytest.mark.gui


def test_the_image_is_drawn_where_its_stops_say_with_surfaces_before_and_behind_it(qtbot: Any) -> None:
    near = SurfaceItem(key="near", mesh=sphere_mesh(6.0, (-15.0, -45.0, 15.0)), color="#3B82E0")
    inside = SurfaceItem(key="inside", mesh=sphere_mesh(6.0, (15.0, 0.0, 15.0)), color="#3B82E0")
    pane = shown_pane(qtbot, SceneContent(volume=IMAGE, surfaces=(near, inside)), FROM_THE_FRONT)
    red, _, blue = color_at(pane, (0.0, 0.0, 0.0))
    assert red > blue + 40
    red, _, blue = color_at(pane, (-15.0, 0.0, 15.0))
    assert blue > red + 40, "what lies before the image hides it"
    red, _, blue = color_at(pane, (15.0, 0.0, 15.0))
    assert red > blue + 40, "and the image hides what lies in it"
    assert color_at(pane, (-15.0, 0.0, -29.0)).max() < 10, "air is not drawn"


def test_other_stops_are_shown_at_once_and_the_image_can_go(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(volume=IMAGE), FROM_THE_FRONT)
    green = (SOLID[0], replace(SOLID[1], color="#20F040"))
    pane.set_content(SceneContent(volume=replace(IMAGE, stops=green)))
    settle(qtbot, pane)
    red, high, _ = color_at(pane, (0.0, 0.0, 0.0))
    assert high > red + 60
    none = (Stop(600.0, "#FFFFFF", 0.0), Stop(900.0, "#FFFFFF", 1.0))
    pane.set_content(SceneContent(volume=replace(IMAGE, stops=none)))
    settle(qtbot, pane)
    assert color_at(pane, (0.0, 0.0, 0.0)).max() < 10
    pane.set_content(SceneContent())
    settle(qtbot, pane)
    assert color_at(pane, (0.0, 0.0, 0.0)).max() < 10


def test_an_oblique_image_lies_where_its_grid_says(qtbot: Any) -> None:
    turn = np.radians(35.0)
    axes = np.array([[np.cos(turn), 0.0, np.sin(turn)], [0.0, 1.0, 0.0], [-np.sin(turn), 0.0, np.cos(turn)]])
    grid = Grid.from_parts((60, 30, 30), (1.0, 1.5, 2.0), (-20.0, -20.0, 10.0), axes)
    voxels = np.full(grid.shape_kji, -1000, np.int16)
    voxels[10:16, 8:14, 40:50] = 500
    middle = grid.to_world((44.5, 10.5, 12.5))
    item = replace(IMAGE, volume=Volume(grid, voxels))
    around = SurfaceItem(key="around", mesh=sphere_mesh(3.0, middle + (60.0, 0.0, 0.0)), color="#3B82E0")
    pane = shown_pane(qtbot, SceneContent(volume=item, surfaces=(around,)), FROM_THE_FRONT)
    assert color_at(pane, tuple(middle)).max() > 60
    picture = colors(pane)
    rows, columns = np.nonzero((picture[..., 0] > picture[..., 2] + 30) & (picture.max(axis=-1) > 60))
    x, y = pane.projection().to_screen(middle)
    assert columns.mean() == pytest.approx(x, abs=1.5)
    assert rows.mean() == pytest.approx(y, abs=1.5)


@pytest.mark.parametrize("turn_deg", [0.0, 40.0, 180.0])
def test_the_light_comes_from_the_upper_left_however_the_scan_lies(qtbot: Any, turn_deg: float) -> None:
    turn = np.radians(turn_deg)
    axes = np.array([[np.cos(turn), -np.sin(turn), 0.0], [np.sin(turn), np.cos(turn), 0.0], [0.0, 0.0, 1.0]])
    half = np.array([23.5, 23.5, 23.5]) * 2.0
    volume = ball_image()
    # the ball is the same from all sides, and far from the scan's own origin
    grid = Grid.from_parts((48, 48, 48), (2.0, 2.0, 2.0), np.array([300.0, -200.0, 900.0]) - axes @ half, axes)
    camera = Camera((300.0, -200.0, 900.0), ANTERIOR, HEAD, 80.0)
    item = replace(IMAGE, volume=replace(volume, grid=grid))
    pane = shown_pane(qtbot, SceneContent(volume=item), replace(FROM_THE_FRONT, camera=camera))
    middle, upper, lower = (
        color_at(pane, (300.0 + x, -200.0, 900.0 + z)).max() for x, z in ((0, 0), (-12, 16), (12, -16))
    )
    assert middle > 120
    assert upper > 120
    assert lower < 0.75 * upper


def test_a_double_click_goes_to_what_the_rays_show_first(qtbot: Any) -> None:
    behind = SurfaceItem(key="behind", mesh=sphere_mesh(10.0, (0.0, 70.0, 0.0)), color="#3B82E0")
    pane = shown_pane(qtbot, SceneContent(volume=IMAGE, surfaces=(behind,)))
    x, y = pane.projection().to_screen((5.0, 0.0, 8.0))
    QTest.mouseDClick(pane, LEFT, NO_KEY, QPoint(round(x), round(y)))
    found = np.array(pane.view.state.cross_mm)
    assert found[1] < 0.0
    assert np.linalg.norm(found) == pytest.approx(RADIUS, abs=2.5)
    assert np.allclose(found[[0, 2]], (5.0, 8.0), atol=1.5)


def with_box(qtbot: Any) -> ScenePane:
    """The pane as the window feeds it: the box that the view holds crops the image."""
    pane = shown_pane(qtbot, SceneContent(volume=IMAGE), FROM_THE_FRONT)

    def follow(old: ViewState, new: ViewState) -> None:
        from viewers.rendering import box_planes

        box = new.rendering.box_mm
        if old.rendering != new.rendering:
            keep = () if box is None else box_planes(box)
            pane.set_content(SceneContent(volume=replace(IMAGE, keep=keep, box_mm=box)))

    pane.view.changed.connect(follow)
    pane.view.set(rendering=replace(pane.view.state.rendering, shows_volume=True, shows_box=True))
    settle(qtbot, pane)
    return pane


def test_a_face_of_the_box_is_dragged_and_esc_gives_it_back(qtbot: Any) -> None:
    pane = with_box(qtbot)
    box, camera = pane.box_mm, pane.camera()
    assert box == bounds_of(IMAGE.volume.grid)
    space = pane.projection()
    start = space.to_screen(face_middle(box, "x1"))
    end = space.to_screen((0.0, *face_middle(box, "x1")[1:]))
    drag(pane, tuple(start), tuple(end))
    settle(qtbot, pane)
    assert pane.camera() == camera, "the view did not turn"
    cropped = pane.box_mm
    assert cropped[1][0] == pytest.approx(0.0, abs=space.mm_per_px)
    assert cropped[0] == box[0]
    assert color_at(pane, (15.0, 0.0, 6.0)).max() < 10
    assert color_at(pane, (-15.0, 0.0, 6.0)).max() > 60
    pane.setFocus()
    handle = pane.projection().to_screen(face_middle(cropped, "z0"))
    drag(pane, tuple(handle), (handle[0], handle[1] - 40.0), release=False)
    assert pane.box_mm != cropped
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    assert pane.box_mm == cropped
    QTest.mouseRelease(pane, LEFT, NO_KEY, QPoint(10, 10))
    assert pane.box_mm == cropped


def test_beside_the_handles_the_view_turns_as_ever(qtbot: Any) -> None:
    pane = with_box(qtbot)
    camera, box = pane.camera(), pane.box_mm
    drag(pane, (60.0, 200.0), (100.0, 190.0))
    assert pane.camera() != camera
    assert pane.box_mm == box


def test_a_plane_cuts_image_and_surfaces(qtbot: Any) -> None:
    keep = Plane(np.zeros(3), np.array([1.0, 0.0, 0.0]))
    ball = SurfaceItem(key="ball", mesh=sphere_mesh(12.0, (0.0, 0.0, -45.0)), color="#3B82E0")
    content = SceneContent(volume=replace(IMAGE, keep=(keep,)), surfaces=(ball,), clip=keep)
    pane = shown_pane(qtbot, content, FROM_THE_FRONT)
    assert color_at(pane, (12.0, 0.0, 4.0)).max() > 60
    assert color_at(pane, (-12.0, 0.0, 4.0)).max() < 10
    assert color_at(pane, (6.0, 0.0, -45.0)).max() > 60
    assert color_at(pane, (-6.0, 0.0, -45.0)).max() < 10
    pane.set_content(replace(content, clip=None))
    settle(qtbot, pane)
    assert color_at(pane, (-6.0, 0.0, -45.0)).max() > 60
    # what is cut away is not picked either
    x, y = pane.projection().to_screen((-12.0, 0.0, 4.0))
    assert pane.picked(float(x), float(y)) is None


def test_silhouettes_draw_the_rim_and_come_and_go(qtbot: Any) -> None:
    ball = SurfaceItem(key="ball", mesh=sphere_mesh(40.0), color="#802020", opacity=0.3)
    pane = shown_pane(qtbot, SceneContent(surfaces=(ball,)), FROM_THE_FRONT)
    plain = colors(pane)
    pane.set_content(SceneContent(surfaces=(ball,), silhouettes=True))
    settle(qtbot, pane)
    lined = colors(pane)
    changed = np.abs(lined - plain).max(axis=-1) > 40
    rows, columns = np.nonzero(changed)
    assert len(rows) > 200
    x, y = pane.projection().to_screen((0.0, 0.0, 0.0))
    away_mm = np.hypot(columns - x, rows - y) * pane.projection().mm_per_px
    assert np.percentile(np.abs(away_mm - 40.0), 95) < 3.0, "only at the rim"
    pane.set_content(SceneContent(surfaces=(ball,)))
    settle(qtbot, pane)
    assert np.abs(colors(pane) - plain).max() <= 2


def test_a_light_mesh_is_drawn_only_while_the_view_turns(qtbot: Any) -> None:
    whole, light = sphere_mesh(40.0, rings=48), sphere_mesh(40.0, rings=6)
    ball = SurfaceItem(key="ball", mesh=whole, color="#D04030", light=light)
    pane = shown_pane(qtbot, SceneContent(surfaces=(ball,)))
    (actor,) = pane.stage.scene._views["SurfaceItem", "ball"].actors

    def triangles() -> int:
        return int(actor.GetMapper().GetInput().GetNumberOfPolys())

    assert triangles() == len(whole.triangles)
    drag(pane, (100.0, 100.0), (140.0, 110.0), release=False)
    QApplication.processEvents()
    assert triangles() == len(light.triangles)
    QTest.mouseRelease(pane, LEFT, NO_KEY, QPoint(140, 110))
    settle(qtbot, pane)
    assert triangles() == len(whole.triangles)


def test_the_graphics_cards_rays_show_what_the_processors_do(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(volume=IMAGE), FROM_THE_FRONT)
    by_processor = colors(pane)
    pane.stage.scene.use_gpu(True)
    pane.stage.scene.set_ground((0.0, 0.0, 0.0))
    by_card = colors(pane)
    assert by_card.max() > 100
    assert np.abs(by_card - by_processor).mean() < 8.0


def test_a_picture_drawn_in_tiles_is_the_same(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ball = SurfaceItem(key="ball", mesh=sphere_mesh(20.0, (35.0, 0.0, 20.0)), color="#3B82E0", opacity=0.6)
    pane = shown_pane(qtbot, SceneContent(volume=IMAGE, surfaces=(ball,)), FROM_THE_FRONT)
    whole = colors(pane)
    monkeypatch.setattr(hosts, "MOST_SIDE_PX", 230)
    pane.stage.scene.set_ground((0.0, 0.0, 0.0))
    tiled = colors(pane)
    assert np.abs(tiled - whole).mean() < 0.5
    assert (np.abs(tiled - whole).max(axis=-1) > 24).mean() < 0.002
    x, y = pane.projection().to_screen((35.0, -20.0, 20.0))
    assert pane.picked(float(x), float(y)) is not None


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a graphics card drew, into the child widget."""
    if QGuiApplication.platformName() != "xcb":
        pytest.skip("a QOpenGLWidget needs a display")
    monkeypatch.setattr(stages, "find_driver", lambda: Driver(True, False, "a card"))


@pytest.mark.usefixtures("card")
def test_a_card_goes_on_drawing_a_patient_who_lies_far_from_the_origin(qtbot: Any) -> None:
    ball = SurfaceItem(key="ball", mesh=sphere_mesh(40.0, (45.0, -310.0, 410.0)), color="#D04030")
    pane = shown_pane(qtbot, SceneContent(surfaces=(ball,)), ViewState(cross_mm=(45.0, -310.0, 410.0)))
    qtbot.wait(200)
    assert type(pane.stage.host).__name__ == "InteractorHost"
    assert not pane.is_slow
    assert color_at(pane, (45.0, -310.0, 420.0)).max() > 60
    pane.close()


@pytest.mark.usefixtures("card")
def test_on_a_card_hollows_are_darker_and_rays_are_its_own(qtbot: Any) -> None:
    wall = SurfaceItem(key="wall", mesh=sphere_mesh(40.0, (0.0, 60.0, 0.0)), color="#D0D0D0")
    lump = SurfaceItem(key="lump", mesh=sphere_mesh(12.0, (0.0, 18.0, 0.0)), color="#D0D0D0")
    content = SceneContent(surfaces=(wall, lump))
    pane = shown_pane(qtbot, content, FROM_THE_FRONT)
    plain = colors(pane)
    pane.set_content(replace(content, occlusion=True))
    settle(qtbot, pane)
    x, y = pane.projection().to_screen((0.0, 0.0, 0.0))
    px = pane.projection().mm_per_px
    across, above = np.meshgrid(np.arange(plain.shape[1]) - x, np.arange(plain.shape[0]) - y)
    away_mm = px * np.hypot(across, above)
    darker = plain.mean(axis=-1) - colors(pane).mean(axis=-1)
    beside_lump, far_off = (away_mm > 12.5) & (away_mm < 15.0), (away_mm > 24.0) & (away_mm < 30.0)
    assert darker[beside_lump].mean() > darker[far_off].mean() + 5.0
    # the camera stands nearer now, and nothing else changes its place
    assert np.allclose(pane.picked(float(x), float(y)), (0.0, 6.0, 0.0), atol=0.5)
    pane.set_content(SceneContent(volume=IMAGE))
    settle(qtbot, pane)
    red, _, blue = color_at(pane, (0.0, 0.0, 0.0))
    assert red > blue + 40
    pane.close()


def cube_middle(pane: ScenePane) -> QPoint:
    return QPoint(pane.width() - 34, pane.height() - 36)


def test_a_click_on_the_cube_turns_to_that_side(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(volume=IMAGE))
    pane.look_from(detector_direction(60.0, 20.0), (0.0, 0.0, 1.0))
    settle(qtbot, pane)
    # the left side faces the viewer most, the front stands beside it
    QTest.mouseClick(pane, LEFT, NO_KEY, cube_middle(pane))
    assert np.allclose(pane.camera().direction, (1.0, 0.0, 0.0))
    camera = pane.camera()
    maximised: list[str] = []
    pane.maximise_asked.connect(maximised.append)
    QTest.mouseDClick(pane, LEFT, NO_KEY, cube_middle(pane))
    assert not maximised
    assert pane.camera() == camera


def test_the_c_arms_angles_are_typed_where_they_stand(qtbot: Any) -> None:
    pane = shown_pane(qtbot, SceneContent(volume=IMAGE))
    pane.activateWindow()
    QTest.mouseClick(pane, LEFT, NO_KEY, QPoint(30, pane.height() - 15))
    field = pane.findChild(QLineEdit, "pane_3d_angles")
    assert field is not None
    assert field.isVisible()
    field.selectAll()
    QTest.keyClicks(field, "RAO 35 CAU 2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not field.isVisible()
    assert np.allclose(carm_angles_deg(pane.camera().direction), (-35.0, -2.0))
    QTest.mouseClick(pane, LEFT, NO_KEY, QPoint(30, pane.height() - 15))
    assert field.text() == "RAO 35°  CAU 2°"
    field.selectAll()
    QTest.keyClicks(field, "sideways")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.isVisible(), "what cannot be read stays to be mended"
    assert field.text() == "sideways"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert np.allclose(carm_angles_deg(pane.camera().direction), (-35.0, -2.0))


BALL = SurfaceItem(key="ball", mesh=sphere_mesh(40.0), color="#D04030")


@pytest.mark.parametrize(
    "content",
    [
        SceneContent(volume=replace(IMAGE, stops=(Stop(2000.0, "#FFFFFF", 0.0), Stop(3000.0, "#FFFFFF", 0.9)))),
        SceneContent(surfaces=(BALL,), clip=Plane((0.0, 0.0, 90.0), (0.0, 0.0, 1.0))),
        SceneContent(surfaces=(replace(BALL, opacity=0.001),)),
    ],
    ids=["values that nothing shows", "all cut away", "seen through"],
)
def test_a_scene_that_shows_nothing_is_no_driver_that_cannot_draw(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch, content: SceneContent
) -> None:
    monkeypatch.setenv("THEATRUM_GL", "software")
    pane = shown_pane(qtbot, content, FROM_THE_FRONT)
    qtbot.wait(50)
    assert pane._facts().message == ""
    pane.set_content(SceneContent(surfaces=(BALL,)))
    settle(qtbot, pane)
    assert color_at(pane, (0.0, 0.0, 0.0))[0] > 100, "the next thing is drawn"
