"""The image in 3D under real events: drawn by rays, cropped and clipped by the hand, and its settings in the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from golden import rgb_array
from liver_case import liver_document
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QMenu
from pytestqt.qtbot import QtBot
from scenes import settle, shown_pane, sphere_mesh

from app.dialogs.message import TextDialog
from app.launch import make_application
from app.panels.base import PlanRow
from app.panels.render import RenderPanel
from app.panels.transfer_editor import TransferEditor
from app.render_presets import OWN, find_preset, own_presets
from app.rendering import SceneRendering
from app.scene_content import ContentBuilder
from app.settings import Settings
from app.studio import Film, make, shot_of
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.errors import Cancelled, InputError
from planning.geometry import Grid, Plane, carm_angles_deg, detector_direction
from planning.progress import CancelToken
from planning.volume import Volume
from viewers.overlay import ContourItem, CutItem, SceneContent, SurfaceItem, VolumeItem
from viewers.rendering import Rendering, Stop, bounds_of, opacity_at
from viewers.scene import host as hosts
from viewers.scene import stage as stages
from viewers.scene.camera import ANTERIOR, HEAD
from viewers.scene.crop_box import face_middle
from viewers.scene.driver import Driver
from viewers.scene.painting import OverlayPainter
from viewers.scene_pane import ScenePane
from viewers.view_state import Camera, ViewState

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier
SOLID = (Stop(100.0, "#F0D080", 0.0), Stop(300.0, "#F0D080", 0.98))
RADIUS = 30.0


def ball_image(radius_mm: float = RADIUS, center_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Volume:
    """500 HU in a ball, 200 HU on its surface, air around it, 2 mm voxels."""
    grid = Grid.from_parts((48, 48, 48), (2.0, 2.0, 2.0), (-47.0, -47.0, -47.0))
    k, j, i = np.indices(grid.shape_kji)
    far = np.linalg.norm(grid.to_world(np.stack([i, j, k], axis=-1)) - center_mm, axis=-1)
    # the edge is as soft as a scan's
    return Volume(grid, np.clip(200.0 - 250.0 * (far - radius_mm), -1000.0, 500.0).astype(np.int16))


# 160 mm high
FROM_THE_FRONT = ViewState(show_crosshair=False, camera=Camera((0.0, 0.0, 0.0), ANTERIOR, HEAD, 80.0))
IMAGE = VolumeItem(key="image", volume=ball_image(), stops=SOLID)


def colors(pane: ScenePane) -> np.ndarray:
    return rgb_array(pane.grab_picture()).astype(int)


def color_at(pane: ScenePane, place_mm: tuple[float, float, float]) -> np.ndarray:
    x, y = pane.projection().to_screen(place_mm)
    return colors(pane)[round(y), round(x)]


def drag(pane: ScenePane, start: tuple[float, float], end: tuple[float, float], release: bool = True) -> None:
    first, last = QPoint(*(round(v) for v in start)), QPoint(*(round(v) for v in end))
    QTest.mousePress(pane, LEFT, NO_KEY, first)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(pane, first + (last - first) * share)
    if release:
        QTest.mouseRelease(pane, LEFT, NO_KEY, last)


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


# the editor


@pytest.fixture
def editor(qtbot: QtBot) -> TransferEditor:
    made = TransferEditor()
    qtbot.addWidget(made)
    made.resize(280, 168)
    made.show_histogram(np.linspace(-1000.0, 1000.0, 257), np.ones(256))
    made.show_stops((Stop(0.0, "#000000", 0.0), Stop(200.0, "#FF0000", 0.3), Stop(600.0, "#FFFFFF", 0.9)), forget=True)
    made.show()
    return made


def pull(editor: TransferEditor, start: QPointF, end: QPointF, held: Qt.KeyboardModifier = NO_KEY) -> None:
    QTest.mousePress(editor, LEFT, held, start.toPoint())
    for share in (0.5, 1.0):
        event = QMouseEvent(QEvent.Type.MouseMove, start + share * (end - start), start, LEFT, LEFT, held)
        QApplication.sendEvent(editor, event)
    QTest.mouseRelease(editor, LEFT, held, end.toPoint())


def test_points_are_dragged_added_removed_and_all_of_it_is_taken_back(editor: TransferEditor) -> None:
    first = editor.stops
    told: list[Any] = []
    editor.edited.connect(told.append)
    there = editor.place_of(first[1])
    pull(editor, there, there + QPointF(20.0, -30.0))
    moved = editor.stops
    assert moved[1].hu > 250.0
    assert moved[1].opacity > 0.35
    assert (moved[0], moved[2]) == (first[0], first[2])
    assert editor.chosen == 1
    assert told[-1] == moved
    place = editor.place_of(Stop(-500.0, "#000000", 0.5))
    QTest.mouseDClick(editor, LEFT, NO_KEY, place.toPoint())
    assert len(editor.stops) == 4
    assert editor.stops[0].hu == pytest.approx(-500.0, abs=12.0)
    assert editor.chosen == 0
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    assert editor.stops == moved
    for _ in range(2):
        QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.stops == moved
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.stops == first
    assert not editor.can_undo
    QTest.keyClick(editor, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert editor.stops == moved


def test_a_point_cannot_pass_its_neighbours_and_shift_moves_all(editor: TransferEditor) -> None:
    there = editor.place_of(editor.stops[1])
    pull(editor, there, there + QPointF(400.0, 0.0))
    assert editor.stops[1].hu == editor.stops[2].hu - 1.0
    editor.undo()
    before = editor.stops
    pull(editor, there, there + QPointF(20.0, 0.0), Qt.KeyboardModifier.ShiftModifier)
    steps = {round(after.hu - stop.hu, 6) for stop, after in zip(before, editor.stops, strict=True)}
    assert len(steps) == 1
    assert steps.pop() > 50.0
    assert [stop.opacity for stop in editor.stops] == [stop.opacity for stop in before]


def test_the_editor_works_by_keys_alone(editor: TransferEditor) -> None:
    first = editor.stops
    QTest.keyClick(editor, Qt.Key.Key_PageUp)
    QTest.keyClick(editor, Qt.Key.Key_PageUp)
    assert editor.chosen == 1
    QTest.keyClick(editor, Qt.Key.Key_Right)
    QTest.keyClick(editor, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert editor.stops[1].hu == first[1].hu + 5.0
    assert editor.stops[1].opacity == pytest.approx(first[1].opacity + 0.1)
    QTest.keyClick(editor, Qt.Key.Key_Insert)
    assert len(editor.stops) == 4
    values = np.linspace(-1000.0, 1000.0, 50)
    assert np.allclose(opacity_at(editor.stops, values), opacity_at((*first[:1], editor.stops[1], first[2]), values))
    assert "point 3 of 4" in editor.accessibleName()


# in the window


@pytest.fixture(scope="module")
def case_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("case") / "case.theatrum"
    liver_document(path).close()
    return path


@pytest.fixture(scope="module")
def window(qapp: QApplication, case_path: Path) -> Iterator[Workstation]:
    make_application(Settings())
    made = Workstation(Settings())
    made.is_attended = False
    made.resize(1280, 800)
    made.show()
    made.open_paths([case_path])
    end = 400
    while made.place != "case" and end:
        QTest.qWait(50)
        end -= 1
    wait_settled(made)
    yield made
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.close()


@pytest.fixture
def panel(window: Workstation) -> Iterator[RenderPanel]:
    page = window.page
    assert page is not None
    page.session.view.set(rendering=type(page.session.view.state.rendering)())
    window.actions_["rendering"].trigger()
    found = page.findChild(RenderPanel)
    assert found is not None
    assert page.right.currentWidget() is found
    yield found
    if page.right.currentWidget() is found:
        window.actions_["rendering"].trigger()


def click(panel: RenderPanel, name: str) -> None:
    button = panel.findChild(QAbstractButton, name)
    assert button is not None, name
    assert button.isEnabled(), f"{name}: {button.toolTip()}"
    QTest.mouseClick(button, LEFT, NO_KEY, QPoint(10, button.height() // 2))


def choose(panel: RenderPanel, name: str, data: str) -> None:
    box = panel.findChild(QComboBox, name)
    assert box is not None
    number = box.findData(data)
    assert number >= 0, data
    box.setCurrentIndex(number)
    box.activated.emit(number)


def typed(panel: RenderPanel, name: str, text: str) -> None:
    field = panel.findChild(QLineEdit, name)
    assert field is not None
    assert field.isEnabled(), name
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_the_image_comes_from_a_job_and_the_case_stays_as_it_is(window: Workstation, panel: RenderPanel) -> None:
    page = window.page
    before, steps = page.session.case, page.session.document.can_undo
    assert "image" not in page.scene.accessibleName()
    assert page.scene.content.volume is None
    click(panel, "render_shows")
    wait_settled(window)
    state = page.session.view.state.rendering
    assert state.preset == "liver", "a case with a liver starts with the liver's preset"
    item = page.scene.content.volume
    assert item is not None
    assert item.stops == find_preset("liver").stops
    assert page.session.case is before
    assert page.session.document.can_undo == steps
    made = [job for job in window.jobs.states if job.job.key == "3d image"]
    assert len(made) == 1
    # another look takes nothing but the look
    choose(panel, "render_preset", "bone")
    wait_settled(window)
    assert page.scene.content.volume.volume is item.volume
    assert page.scene.content.volume.stops == find_preset("bone").stops
    assert len([job for job in window.jobs.states if job.job.key == "3d image"]) == 1
    click(panel, "render_shows")
    assert page.session.view.state.rendering.stops, "the look is kept for the next time"
    wait_settled(window)
    assert page.scene.content.volume is None


def test_hiding_and_showing_a_structure_meshes_nothing(window: Workstation) -> None:
    page = window.page
    count = len([job for job in window.jobs.states if job.job.key.startswith("mesh")])
    for _ in range(2):
        page.session.view.toggle_hidden("liver")
        wait_settled(window)
    assert len([job for job in window.jobs.states if job.job.key.startswith("mesh")]) == count
    assert page.session.light_surface("liver") is not None


def test_a_box_is_typed_and_reset(window: Workstation, panel: RenderPanel) -> None:
    page = window.page
    field = panel.findChild(QLineEdit, "render_box_x0")
    assert not field.isEnabled()
    click(panel, "render_shows")
    wait_settled(window)
    typed(panel, "render_box_x0", "-1,5 cm")
    assert page.session.view.state.rendering.box_mm[0][0] == -15.0
    wait_settled(window)
    assert page.scene.content.volume.box_mm[0][0] == -15.0
    typed(panel, "render_box_z1", "9999")
    assert field.text().startswith("−15.0")
    click(panel, "render_box")
    assert page.scene.box_mm is not None
    click(panel, "render_box_reset")
    assert page.session.view.state.rendering.box_mm is None


def test_the_chosen_points_numbers_are_typed_and_kept_as_a_preset(
    window: Workstation, panel: RenderPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = window.page
    click(panel, "render_shows")
    choose(panel, "render_preset", "bone")
    wait_settled(window)
    assert not panel.image.hu.isEnabled()
    assert "Choose a point" in panel.image.hu.toolTip()
    QTest.keyClick(panel.image.editor, Qt.Key.Key_PageUp)
    QTest.keyClick(panel.image.editor, Qt.Key.Key_PageUp)
    typed(panel, "render_hu", "350")
    typed(panel, "render_opacity", "12.5")
    stop = page.session.view.state.rendering.stops[1]
    assert (stop.hu, stop.opacity) == (350.0, 0.125)
    typed(panel, "render_opacity", "140")
    assert panel.image.opacity.property("state") == "bad", "what is not possible stays to be mended"
    assert page.session.view.state.rendering.stops[1] == stop
    QTest.keyClick(panel.image.opacity, Qt.Key.Key_Escape)
    monkeypatch.setattr(TextDialog, "ask", lambda self: "  Skull ")
    click(panel, "render_keep")
    (kept,) = own_presets()
    assert (kept.id, kept.stops[1]) == (OWN + "Skull", stop)
    assert page.session.view.state.rendering.preset == kept.id
    click(panel, "render_undo")
    assert page.session.view.state.rendering.stops[1].opacity != 0.125
    click(panel, "render_reset")
    assert page.session.view.state.rendering.stops == kept.stops
    click(panel, "render_forget")
    assert own_presets() == ()


def test_a_slices_plane_cuts_the_view_and_goes_with_the_slice(window: Workstation, panel: RenderPanel) -> None:
    page = window.page
    flip = panel.look.flip
    assert not flip.isEnabled()
    assert "Choose a clip plane" in flip.toolTip()
    choose(panel, "render_clip", "slice:coronal")
    wait_settled(window)
    clip = page.scene.content.clip
    assert np.allclose(clip.normal, (0.0, 1.0, 0.0))
    x, y, z = page.session.view.state.cross_mm
    page.session.view.set(cross_mm=(x, y + 8.0, z))
    wait_settled(window)
    assert page.scene.content.clip.origin_mm[1] == pytest.approx(clip.origin_mm[1] + 8.0), "it goes with the slice"
    click(panel, "render_flip")
    wait_settled(window)
    assert np.allclose(page.scene.content.clip.normal, (0.0, -1.0, 0.0))
    click(panel, "render_clip_surfaces")
    wait_settled(window)
    assert page.scene.content.clip is None
    assert not panel.look.occlusion.isEnabled()
    assert "graphics card" in panel.look.occlusion.toolTip()


def test_a_plans_planes_cut_with_what_is_kept_on_their_side(window: Workstation) -> None:
    cut = Plane(np.array([5.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0]))
    turn = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)
    rim = np.stack([12.0 * np.cos(turn), 10.0 * np.sin(turn), np.full(40, 7.0)], axis=1)
    items = (
        CutItem(key="cut", plane=cut, organ=None, color="#35D6E6"),
        ContourItem(key="annulus", points_mm=rim, color="#35D6E6"),
    )
    rows = (PlanRow("cut", "Plane 1", "#35D6E6"),)
    planner = SimpleNamespace(items=lambda: items, rows=lambda: ("Plan A", rows))
    session = window.page.session
    made = SceneRendering(session, lambda: planner, lambda: True)
    found = made.clips()
    assert found["cut"][0] == "Plane 1"
    assert np.allclose(found["cut"][1].normal, (-1.0, 0.0, 0.0)), "what is removed goes"
    assert np.allclose(found["annulus"][1].normal, (0.0, 0.0, 1.0))
    assert found["annulus"][1].origin_mm[2] == pytest.approx(7.0)
    session.view.set(rendering=Rendering(clip="annulus", flipped=True))
    clip = made.decorated(SceneContent()).clip
    assert np.allclose(clip.normal, (0.0, 0.0, -1.0))
    assert made.decorated(SceneContent()).clip is clip, "the same plane is the same object"
    session.view.set(rendering=Rendering(clip="gone"))
    assert made.decorated(SceneContent()).clip is None, "a plane that is not there any more cuts nothing"
    made.deleteLater()


def test_the_views_own_menu_turns_it(window: Workstation, qtbot: QtBot) -> None:
    page = window.page
    QTest.mouseClick(page.scene, LEFT, NO_KEY, QPoint(20, 60))
    seen: list[str] = []

    def look() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        seen.extend(action.text() for action in menu.actions())
        (sides,) = [action.menu() for action in menu.actions() if action.menu() is not None]
        next(action for action in sides.actions() if action.text().endswith("Shift+H")).trigger()
        menu.close()

    QTimer.singleShot(200, look)
    page.pane_menu_asked.emit(page.scene.mapToGlobal(QPoint(20, 60)))
    assert "3D view settings" in seen
    assert len(seen) <= 8
    assert np.allclose(page.scene.camera().direction, (0.0, 0.0, 1.0))


def test_the_panel_reads_and_sets_the_c_arm_and_esc_leaves_it(window: Workstation, panel: RenderPanel) -> None:
    page = window.page
    typed(panel, "render_lao", "RAO 30")
    typed(panel, "render_cra", "-12")
    assert np.allclose(carm_angles_deg(page.scene.camera().direction), (-30.0, -12.0), atol=1e-6)
    click(panel, "render_side_L")
    assert panel.side.lao.text() == "LAO 90°"
    drag(page.scene, (60.0, 150.0), (100.0, 150.0))
    assert panel.side.lao.text() != "LAO 90°", "read out while the hand turns"
    panel.close_button.setFocus()
    QTest.keyClick(panel.close_button, Qt.Key.Key_Escape)
    assert page.right.currentWidget() is page.planner


def test_a_scan_without_structures_says_how_to_see_it_in_3d(
    window: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = window.page
    assert ContentBuilder(page.session, tuple).scene(None).hint == "", "there are structures"
    empty = SimpleNamespace(
        case=replace(page.session.case, structures={}), view=page.session.view, phases=page.session.phases
    )
    content = ContentBuilder(empty, tuple).scene(None)
    assert "3D view settings" in content.hint
    page.session.view.set(rendering=Rendering(silhouettes=True))
    assert page.rendering.decorated(content).hint == content.hint
    page.session.view.set(rendering=Rendering(shows_volume=True))
    assert page.rendering.decorated(content).hint == ""
    said: list[str] = []
    page.scene.set_content(content)
    monkeypatch.setattr(OverlayPainter, "_message", lambda painter, on, text, space: said.append(text))
    page.scene.overlay.grab()
    assert said == [content.hint]
    page.scene.grab_picture()
    assert said == [content.hint], "a picture for a letter has no hints"


def test_enter_takes_a_typed_angle_and_accepts_no_step(
    window: Workstation, panel: RenderPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, accepted = window.page, []
    monkeypatch.setattr(page.planner, "accept", lambda: accepted.append(1))
    # keys of the window act in an active one only
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    typed(panel, "render_lao", "RAO 30")
    assert not accepted
    panel.side.lao.selectAll()
    QTest.keyClicks(panel.side.lao, "400")
    QTest.keyClick(panel.side.lao, Qt.Key.Key_Return)
    assert not accepted, "what cannot be taken is said, and the step stays"
    QTest.keyClick(panel.side.lao, Qt.Key.Key_Escape)
    assert panel.side.lao.text() == "RAO 30°"
    page.scene.edit_angles()
    field = page.scene.findChild(QLineEdit, "pane_3d_angles")
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, "LAO 20 CRA 5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not accepted
    assert np.allclose(carm_angles_deg(page.scene.camera().direction), (20.0, 5.0), atol=1e-6)
    page.scene.setFocus()
    QTest.keyClick(page.scene, Qt.Key.Key_Return)
    assert accepted, "with the focus in a pane Enter accepts the step"


def test_the_window_saves_a_large_picture_beside_its_work(
    window: Workstation, panel: RenderPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, offered = tmp_path / "large.png", []

    def choose_save(title: str, name: str, kinds: str) -> Path:
        offered.append(name)
        return out

    monkeypatch.setattr(window.files, "choose_save", choose_save)
    scene = window.page.scene
    click(panel, "render_picture")
    assert [job.title for job in window.jobs.active], "it is a job, with progress and cancel"
    wait_settled(window)
    with Image.open(out) as picture:
        assert picture.width == round(2 * scene.devicePixelRatioF() * scene.width())
        assert np.array(picture).max() > 100
    assert window.session.label not in offered[0]
    assert window.session.label.encode() not in out.read_bytes()


def test_every_control_has_a_name_and_a_tooltip(panel: RenderPanel) -> None:
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in panel.findChildren(kind):
            if widget.isVisibleTo(panel):
                assert widget.objectName(), widget
                assert widget.accessibleName() or getattr(widget, "text", lambda: "")(), widget.objectName()


# pictures and films


@pytest.fixture
def small_pane(qtbot: QtBot) -> ScenePane:
    ball = SurfaceItem(key="ball", mesh=sphere_mesh(20.0, (35.0, 0.0, 20.0)), color="#3B82E0", opacity=0.5)
    return shown_pane(qtbot, SceneContent(surfaces=(ball,)), ViewState(show_crosshair=False), (160, 120))


def nothing(fraction: float, text: str = "") -> None:
    """Progress that nobody looks at."""


def test_a_large_picture_without_a_ground_tells_nothing_of_the_patient(small_pane: ScenePane, tmp_path: Path) -> None:
    made = make(shot_of(small_pane, 4.0, True), None, tmp_path / "large.png", nothing, CancelToken())
    with Image.open(made) as picture:
        assert picture.mode == "RGBA"
        assert picture.width == 640
        assert picture.height >= 480
        assert not picture.info.get("Title")
        pixels = np.array(picture)
    assert pixels[240, 8, 3] == 0, "nothing there, nothing drawn"
    x, y = 4.0 * small_pane.projection().to_screen((35.0, 0.0, 20.0))
    red, _, blue, opacity = (int(v) for v in pixels[round(y), round(x)])
    assert blue > red
    assert 90 < opacity < 170, "a translucent body lets half of the ground through"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["large.png"]


def test_a_film_turns_once_and_comes_whole_or_not_at_all(small_pane: ScenePane, tmp_path: Path) -> None:
    shares: list[float] = []

    def told(fraction: float, text: str = "") -> None:
        shares.append(fraction)

    made = make(shot_of(small_pane, 1.0), Film(0.4), tmp_path / "turn.gif", told, CancelToken())
    with Image.open(made) as film:
        assert film.n_frames == 8
        frames = []
        for number in range(8):
            film.seek(number)
            frames.append(np.array(film.convert("RGB")).astype(int))
    assert shares[-1] == 1.0
    # the body goes from the left of the picture's middle to its other side in half a turn
    assert np.abs(frames[0] - frames[4]).mean() > 3.0

    def columns(frame: np.ndarray) -> float:
        blue = frame[: small_pane.height() - 50, :, 2] - frame[: small_pane.height() - 50, :, 0]
        return float(np.nonzero(blue > 40)[1].mean())

    assert columns(frames[0]) == pytest.approx(columns(frames[4]), abs=3.0), "about its own middle"
    cancel = CancelToken()

    def stop(fraction: float, text: str = "") -> None:
        cancel.set()

    with pytest.raises(Cancelled):
        make(shot_of(small_pane, 1.0), Film(20.0), tmp_path / "long.gif", stop, cancel)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["turn.gif"]


def test_a_place_that_cannot_be_written_is_said(small_pane: ScenePane, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        make(shot_of(small_pane, 1.0), None, tmp_path / "nowhere" / "a.png", nothing, CancelToken())
