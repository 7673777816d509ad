"""Measuring by clicks on surfaces in the 3D pane: places are picked, drags still turn the view, words keep clear."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scenes import scene_look, settle, shown_pane, sphere_mesh

from app.structure_rows import fitting_value
from planning.geometry import FloatArray
from viewers.key_hand import ARROWS
from viewers.measures import measure_items
from viewers.overlay import DistanceItem, SceneContent, SurfaceItem, ValueItem
from viewers.paint_scene import SceneScissors
from viewers.scene.painting import OverlayFacts, OverlayPainter
from viewers.scene_pane import ScenePane
from viewers.strip_pane import StripPane
from viewers.value_layout import is_in_sight

pytestmark = pytest.mark.gui
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
BALL = SurfaceItem(key="ball", mesh=sphere_mesh(40.0), color="#D04030")
NOTHING = np.empty((0, 3))


@pytest.fixture
def pane(qtbot: QtBot) -> ScenePane:
    return shown_pane(qtbot, SceneContent(surfaces=(BALL,)))


def place(pane: ScenePane, right: float, up: float) -> QPoint:
    """A place on the screen, in mm from the ball's middle as it is seen."""
    space = pane.projection()
    x, y = space.to_screen(np.zeros(3))
    return QPoint(round(x + right / space.mm_per_px), round(y - up / space.mm_per_px))


def told(pane: ScenePane) -> list[tuple[str, FloatArray]]:
    found: list[tuple[str, FloatArray]] = []
    pane.measured.connect(lambda kind, places, towards: found.append((kind, places)))
    return found


def test_two_clicks_on_a_surface_are_a_distance_and_a_drag_between_them_turns_the_view(
    pane: ScenePane, qtbot: QtBot
) -> None:
    found, view = told(pane), pane.view
    view.set(tool="distance")
    camera = pane.camera()
    QTest.mouseClick(pane, LEFT, NONE, place(pane, -20, 0))
    assert len(pane.hand.begun) == 1
    assert pane.camera() == camera
    assert view.state.cross_mm == (0.0, 0.0, 0.0)
    start = place(pane, 0, 0)
    QTest.mousePress(pane, LEFT, NONE, start)
    QTest.mouseMove(pane, start + QPoint(30, 0))
    QTest.mouseRelease(pane, LEFT, NONE, start + QPoint(30, 0))
    assert pane.camera() != camera
    assert len(pane.hand.begun) == 1
    first = pane.hand.begun[0]
    settle(qtbot, pane)
    QTest.mouseClick(pane, LEFT, NONE, place(pane, 15, 10))
    ((kind, places),) = found
    assert kind == "distance"
    assert places[0] == pytest.approx(first)
    assert np.linalg.norm(places, axis=1) == pytest.approx((40.0, 40.0), abs=0.6)
    assert pane.hand.begun == ()


def test_a_click_that_measures_nothing_says_why(pane: ScenePane, qtbot: QtBot) -> None:
    words: list[str] = []
    pane.said.connect(words.append)
    found = told(pane)
    pane.view.set(tool="oval")
    QTest.mouseClick(pane, LEFT, NONE, place(pane, 0, 0))
    pane.view.set(tool="distance")
    QTest.mouseClick(pane, LEFT, NONE, place(pane, 60, 0))
    # beside other plans measurements are not drawn
    pane.measures = False
    for right in (-10, 10):
        QTest.mouseClick(pane, LEFT, NONE, place(pane, right, 0))
    assert words == [
        "This is measured in a slice, not in 3D.",
        "No surface lies there. Choose a place on one.",
        *["Nothing can be measured in this view. Measure in a slice or in 3D."] * 2,
    ]
    assert not found
    assert pane.hand.begun == ()
    # a picture that is not drawn to one scale
    strip = StripPane("strip", pane.view, scene_look(), "#35D6E6")
    qtbot.addWidget(strip)
    strip.said.connect(words.append)
    strip.resize(300, 120)
    strip.show()
    QTest.mouseClick(strip, LEFT, NONE, strip.rect().center())
    pane.view.set(tool="cross")
    QTest.mouseClick(strip, LEFT, NONE, strip.rect().center())
    assert words[4:] == ["Nothing can be measured in this view. Measure in a slice or in 3D."]


def test_beside_all_surfaces_nothing_is_set_and_escape_drops_what_was(pane: ScenePane) -> None:
    found = told(pane)
    pane.view.set(tool="angle")
    QTest.mouseClick(pane, LEFT, NONE, QPoint(6, pane.height() // 2))
    assert pane.hand.begun == ()
    QTest.mouseClick(pane, LEFT, NONE, place(pane, 10, 0))
    QTest.mouseClick(pane, LEFT, NONE, place(pane, 0, 0))
    QTest.keyClick(pane, Qt.Key.Key_Backspace)
    assert len(pane.hand.begun) == 1
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    assert pane.hand.begun == ()
    for right, up in ((20, 0), (0, 0), (0, 20)):
        QTest.mouseClick(pane, LEFT, NONE, place(pane, right, up))
    assert [kind for kind, _ in found] == ["angle"]
    # another tool forgets a place that was set
    QTest.mouseClick(pane, LEFT, NONE, place(pane, 10, 0))
    pane.view.set(tool="cross")
    assert pane.hand.begun == ()


def test_a_path_over_a_surface_ends_with_a_double_click_or_enter(pane: ScenePane) -> None:
    found = told(pane)
    pane.view.set(tool="polyline")
    for right in (-20, 0):
        QTest.mouseClick(pane, LEFT, NONE, place(pane, right, 0))
    end = place(pane, 20, 5)
    QTest.mouseClick(pane, LEFT, NONE, end)
    QTest.mouseDClick(pane, LEFT, NONE, end)
    assert len(found[0][1]) == 3
    for right in (-20, 0):
        QTest.mouseClick(pane, LEFT, NONE, place(pane, right, -10))
    QTest.keyClick(pane, Qt.Key.Key_Return)
    assert len(found[1][1]) == 2


def _go(pane: ScenePane, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(pane, key, CONTROL | SHIFT if key in ARROWS else NONE)


def test_places_on_a_surface_are_taken_at_the_crosshair_by_keys(pane: ScenePane) -> None:
    found, view, key = told(pane), pane.view, Qt.Key
    pane.setFocus()
    view.set(tool="distance")
    camera = pane.camera()
    _go(pane, key.Key_Left, key.Key_Left, key.Key_Return, key.Key_Right, key.Key_Right, key.Key_Right, key.Key_Up)
    assert pane.camera() == camera, "the view stays"
    assert view.state.cross_mm == pytest.approx((10.0, 0.0, 10.0), abs=1e-6)
    assert len(pane.hand.begun) == 1
    _go(pane, key.Key_Return)
    ((kind, places),) = found
    assert kind == "distance"
    # seen from the front: the ball's near side, under the crosshair
    assert places[0] == pytest.approx((-20.0, -np.sqrt(40.0**2 - 20.0**2), 0.0), abs=0.7)
    assert places[1] == pytest.approx((10.0, -np.sqrt(40.0**2 - 200.0), 10.0), abs=0.7)
    # a line of many ends where Enter comes twice at one place
    view.set(tool="polyline")
    _go(pane, key.Key_Return, key.Key_Left, key.Key_Return, key.Key_Down, key.Key_Return)
    assert len(pane.hand.begun) == 3
    _go(pane, key.Key_Return)
    assert [len(places) for _, places in found] == [2, 3]
    # beside all surfaces nothing is taken, and the crosshair stays in what is shown
    _go(pane, *[key.Key_Up] * 9, *[key.Key_Left] * 9, key.Key_Return)
    assert view.state.cross_mm[2] <= 40.5
    assert pane.hand.begun == ()
    # a point that is asked for
    placed: list[tuple[str, FloatArray]] = []
    pane.point_placed.connect(lambda name, where: placed.append((name, where)))
    view.set(tool="place", placing="tip", cross_mm=(0.0, 0.0, 0.0))
    _go(pane, key.Key_Return)
    assert placed[0][0] == "tip"
    assert placed[0][1] == pytest.approx((0.0, -40.0, 0.0), abs=0.7)


@pytest.mark.parametrize("keeps", [False, True])
def test_scissors_in_3d_go_round_a_part_by_keys(pane: ScenePane, keeps: bool) -> None:
    cuts: list[tuple[FloatArray, FloatArray, bool]] = []
    scissors = SceneScissors(pane, lambda *cut: cuts.append(cut), "#FF0000", "#00FF00")
    scissors.take()
    pane.setFocus()
    pane.view.set(cross_mm=(-10.0, 0.0, -10.0))
    key = Qt.Key
    QTest.keyClick(pane, key.Key_Return)
    assert not scissors._places, "Enter alone accepts a step"
    QTest.keyClick(pane, key.Key_Return, CONTROL | SHIFT if keeps else SHIFT)
    way = (key.Key_Right, key.Key_Right, key.Key_Up, key.Key_Up, key.Key_Left, key.Key_Left)
    _go(pane, *way)
    QTest.keyClick(pane, key.Key_Escape)
    _go(pane, key.Key_Return)
    assert not cuts, "Esc drops an outline"
    pane.view.set(cross_mm=(-10.0, 0.0, -10.0))
    QTest.keyClick(pane, key.Key_Return, CONTROL | SHIFT if keeps else SHIFT)
    _go(pane, *way)
    QTest.keyClick(pane, key.Key_Return, SHIFT)
    ((outline, matrix, kept),) = cuts
    assert kept == keeps
    x, y = outline.T
    area = abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2.0
    assert area == pytest.approx(20.0 * 20.0, rel=0.01)
    middle = (matrix @ (0.0, 0.0, 0.0, 1.0))[:2]
    assert outline.min(axis=0) == pytest.approx(middle - 10.0, abs=0.3)


def test_words_of_distances_stand_clear_of_each_other(pane: ScenePane) -> None:
    items = []
    for number in range(5):
        ends = np.array([(-20.0, -40.0, 2.0 * number), (20.0, -40.0, 2.0 * number)])
        items += measure_items(f"Distance {number}", "distance", ends, np.eye(3)[2], NOTHING, "#FFFFFF", is_free=True)
    words = [item for item in items if isinstance(item, ValueItem)]
    assert len(words) == 5
    assert all(item.deep for item in words)
    picture, taken = QPixmap(pane.size()), []
    painter = QPainter(picture)
    OverlayPainter(scene_look())._values(painter, words, pane.projection(), taken)
    painter.end()
    assert len(taken) == 5
    for n, one in enumerate(taken):
        for other in taken[n + 1 :]:
            shared = one.intersected(other)
            assert shared.isEmpty() or min(shared.width(), shared.height()) < 0.01


def test_a_number_is_not_written_where_its_distance_is_out_of_sight() -> None:
    def seen(ends: list[list[float]]) -> bool:
        return is_in_sight(np.array(ends, float), 200.0, 100.0)

    assert seen([[10, 10], [60, 40]])
    # one end in sight, and a line that crosses the whole pane
    assert seen([[-50, 50], [20, 50]])
    assert seen([[-50, 50], [400, 60]])
    for beside in ([[-50, 50], [-3, 50]], [[201, 50], [300, 50]], [[50, -9], [80, -2]], [[50, 101], [80, 130]]):
        assert not seen(beside)


def test_the_3d_view_drops_the_number_that_the_camera_left(pane: ScenePane) -> None:
    def written(height_mm: float) -> int:
        ends, taken = np.array([(-20.0, -40.0, height_mm), (20.0, -40.0, height_mm)]), []
        items = measure_items("Distance 1", "distance", ends, np.eye(3)[2], NOTHING, "#FFFFFF", is_free=True)
        picture = QPixmap(pane.size())
        painter = QPainter(picture)
        words = [item for item in items if isinstance(item, ValueItem)]
        OverlayPainter(scene_look())._values(painter, words, pane.projection(), taken)
        painter.end()
        return len(taken)

    assert [written(height_mm) for height_mm in (-5000.0, 0.0, 5000.0)] == [0, 1, 0]


def test_no_line_strikes_out_the_number_of_another(pane: ScenePane) -> None:
    """What a later line crosses is drawn over it: nearly the same picture with the line and without."""
    number = DistanceItem(
        key="a", ends_mm=np.array(((-9.0, -40.0, 0.0), (-4.0, -40.0, 0.0))), color="#FF0000", text="-18.1 mm", pill=True
    )
    across = DistanceItem(
        key="b", ends_mm=np.array(((-40.0, -40.0, 0.0), (40.0, -40.0, 0.0))), color="#FFFFFF", text=""
    )
    space, painted = pane.projection(), OverlayPainter(scene_look())

    def drawn(*items: DistanceItem) -> QImage:
        picture = QPixmap(pane.size())
        picture.fill(Qt.GlobalColor.black)
        painter = QPainter(picture)
        painted.paint(painter, OverlayFacts(space=space, distances=items))
        painter.end()
        return picture.toImage()

    first, second = space.to_screen(number.ends_mm)
    # inside the number's dark box
    words = QRect(round((first[0] + second[0]) / 2.0) + 17, round(first[1]) - 6, 40, 12)
    without, crossed = drawn(number), drawn(number, across)
    assert crossed != without
    reds = [
        [
            one.pixelColor(x, y).red()
            for y in range(words.top(), words.bottom())
            for x in range(words.left(), words.right())
        ]
        for one in (without, crossed)
    ]
    assert max(reds[0]) > 150
    assert np.abs(np.subtract(*reds)).max() < 48


def test_a_long_value_leaves_its_rows_name() -> None:
    value = "1 615 mm² · 117 HU"
    assert fitting_value(value, 300.0, 60.0, lambda text: 7.0 * len(text)) == value
    assert fitting_value(value, 160.0, 60.0, lambda text: 7.0 * len(text)) == "1 615 mm²"
    # a long name takes half of the room, the first number stays whatever is left
    assert fitting_value(value, 300.0, 900.0, lambda text: 7.0 * len(text)) == value
    assert fitting_value(value, 40.0, 900.0, lambda text: 7.0 * len(text)) == "1 615 mm²"
