"""Measuring by hand in the real window: each tool by real events, in straight and turned planes, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from measure_window import (
    AXIS,
    CONTROL,
    LEFT,
    NONE,
    SHIFT,
    click,
    drag,
    measure_window,
    numbers,
    only,
    place_of,
    press_key,
    rim,
    untouched,
    wheel,
)
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.case_page import CasePage
from app.measure_words import short_text
from app.window_states import wait_settled, wait_until
from app.workstation import Workstation
from viewers.measures import TOOLS, handle_key
from viewers.overlay import ValueItem
from viewers.view_state import SLICES, ViewState

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workstation]:
    with measure_window(tmp_path_factory.mktemp("measure")) as made:
        yield made


@pytest.fixture
def page(window: Workstation) -> CasePage:
    return untouched(window)


@pytest.mark.parametrize("name", SLICES)
def test_a_circle_goes_through_three_clicks_in_any_pane(page: CasePage, name: str) -> None:
    pane = page.slices[name]
    press_key(pane, Qt.Key.Key_D, SHIFT)
    assert page.session.view.state.tool == "circle"
    for number, degrees in enumerate((0, 130, 240)):
        assert len(pane.hands.begun) == number
        QTest.mouseClick(pane, LEFT, NONE, rim(pane, degrees, 9.0))
    item = only(page)
    assert item.name == "Circle 1"
    assert item.kind == "circle"
    assert item.unit == "mm"
    assert item.value == pytest.approx(18.0, abs=2.0 * pane.geometry_px().mm_per_px)
    assert abs(np.array(item.normal) @ pane.geometry_px().normal) == pytest.approx(1.0, abs=1e-9)
    assert page.session.view.state.tool == "cross"


def test_a_pan_between_two_clicks_keeps_the_first(page: CasePage) -> None:
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_D, SHIFT)
    QTest.mouseClick(pane, LEFT, NONE, rim(pane, 0, 9.0))
    start = pane.rect().center()
    QTest.mousePress(pane, Qt.MouseButton.MiddleButton, NONE, start)
    here = QPointF(start + QPoint(20, 10))
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        here,
        pane.mapToGlobal(here),
        Qt.MouseButton.MiddleButton,
        Qt.MouseButton.MiddleButton,
        NONE,
    )
    QApplication.sendEvent(pane, move)
    QTest.mouseRelease(pane, Qt.MouseButton.MiddleButton, NONE, start + QPoint(20, 10))
    assert len(pane.hands.begun) == 1
    for degrees in (120, 240):
        QTest.mouseClick(pane, LEFT, NONE, rim(pane, degrees, 9.0))
    assert only(page).value == pytest.approx(18.0, abs=2.0 * pane.geometry_px().mm_per_px)


def test_an_ellipse_fills_a_dragged_box_and_follows_its_handles(page: CasePage) -> None:
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_D, CONTROL)
    drag(pane, place_of(pane, (-10, -6, 0)), place_of(pane, (10, 6, 0)))
    item, px = only(page), pane.geometry_px().mm_per_px
    assert numbers(item)["Greatest"] == pytest.approx(20.0, abs=2 * px)
    assert numbers(item)["Least"] == pytest.approx(12.0, abs=2 * px)
    assert item.value == pytest.approx(np.sqrt(240.0), abs=2 * px)
    steps = page.session.document.journal_length
    # the end of the short axis further down
    drag(pane, place_of(pane, item.points_mm[3]), place_of(pane, (0, 10, 0)))
    longer = only(page)
    assert numbers(longer)["Least"] == pytest.approx(16.0, abs=3 * px)
    assert numbers(longer)["Greatest"] == pytest.approx(20.0, abs=2 * px)
    assert page.session.document.journal_length == steps + 1
    # the middle takes all along
    drag(pane, place_of(pane, np.mean(longer.points_mm, axis=0)), place_of(pane, (5, 2, 0)))
    assert np.mean(only(page).points_mm, axis=0) == pytest.approx((5, 2, 0), abs=2 * px)
    page.undo()
    page.undo()
    assert only(page).points_mm == item.points_mm


def test_a_click_inside_a_vessel_finds_its_widths_in_a_turned_plane(window: Workstation, page: CasePage) -> None:
    view = page.session.view
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_D, CONTROL | SHIFT)
    QTest.mouseClick(pane, LEFT, NONE, place_of(pane, (3, 1, 0)))
    wait_until(lambda: bool(page.session.case.measurements), "the edge")
    straight = only(page)
    # the tube leans, so that its axial section is an ellipse
    slope = float(1.0 / (AXIS @ (0.0, 0.0, 1.0)))
    assert numbers(straight)["Least"] == pytest.approx(18.0, abs=0.3)
    assert numbers(straight)["Greatest"] == pytest.approx(18.0 * slope, abs=0.3)
    view.align("vessel", (0.0, 0.0, 0.0), AXIS)
    wait_settled(window)
    press_key(pane, Qt.Key.Key_D, CONTROL | SHIFT)
    QTest.mouseClick(pane, LEFT, NONE, place_of(pane, 4.0 * pane.geometry_px().right))
    wait_until(lambda: len(page.session.case.measurements) == 2, "the edge")
    across = page.session.case.measurements["Calliper 2"]
    assert numbers(across)["Least"] == pytest.approx(18.0, abs=0.3)
    assert numbers(across)["Greatest"] == pytest.approx(18.0, abs=0.3)
    assert numbers(across)["Area diameter"] == pytest.approx(18.0, abs=0.2)
    assert abs(np.array(across.normal) @ AXIS) == pytest.approx(1.0, abs=1e-6)
    assert view.state.tool == "cross"


def test_a_click_beside_the_vessel_says_why_and_keeps_the_tool(window: Workstation, page: CasePage) -> None:
    pane = page.slices["axial"]
    said: list[str] = []
    page.session.said.connect(said.append)
    press_key(pane, Qt.Key.Key_D, CONTROL | SHIFT)
    QTest.mouseClick(pane, LEFT, NONE, place_of(pane, (25, 20, 0)))
    wait_until(lambda: bool(said), "an answer")
    assert said[0].startswith("No contrast here")
    assert not page.session.case.measurements
    assert page.session.view.state.tool == "calliper"
    # a drag places both jaws by hand
    drag(pane, place_of(pane, (20, 0, 0)), place_of(pane, (26, 0, 0)))
    assert only(page).value == pytest.approx(6.0, abs=2 * pane.geometry_px().mm_per_px)


def test_arrows_nudge_in_one_step_and_delete_takes_away(window: Workstation, page: CasePage, qtbot: QtBot) -> None:
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_D)
    drag(pane, place_of(pane, (-9, 0, 0)), place_of(pane, (9, 0, 0)))
    before = only(page)
    assert page.session.view.state.selected_point == handle_key("Distance 1", 1)
    steps = page.session.document.journal_length
    wait_settled(window)
    for _ in range(4):
        QTest.keyClick(pane, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: page.session.document.journal_length == steps + 1, timeout=3000)
    assert only(page).value == pytest.approx(before.value + 1.0, abs=0.02)
    page.undo()
    assert only(page).value == pytest.approx(before.value)
    press_key(pane, Qt.Key.Key_Delete)
    assert not page.session.case.measurements
    page.undo()
    assert only(page).name == "Distance 1"


def test_escape_drops_what_is_begun_and_then_the_tool(page: CasePage) -> None:
    pane = page.slices["coronal"]
    press_key(pane, Qt.Key.Key_D, SHIFT)
    QTest.mouseClick(pane, LEFT, NONE, rim(pane, 0, 9.0))
    QTest.mouseClick(pane, LEFT, NONE, rim(pane, 90, 9.0))
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    assert pane.hands.begun == ()
    assert page.session.view.state.tool == "circle"
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    assert page.session.view.state.tool == "cross"
    press_key(pane, Qt.Key.Key_D, CONTROL)
    drag(pane, rim(pane, 0, 9.0), rim(pane, 180, 9.0), release=False)
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    QTest.mouseRelease(pane, LEFT, NONE, rim(pane, 180, 9.0))
    assert not page.session.case.measurements


def test_escape_during_a_handles_drag_leaves_the_measurement(page: CasePage) -> None:
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_D)
    drag(pane, place_of(pane, (-9, 0, 0)), place_of(pane, (9, 0, 0)))
    before, steps = only(page), page.session.document.journal_length
    drag(pane, place_of(pane, before.points_mm[0]), place_of(pane, (-20, 8, 0)), release=False)
    words = page.measuring.items()[1]
    assert isinstance(words, ValueItem)
    assert words.lines != (short_text(page.session.case, before),)
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    QTest.mouseRelease(pane, LEFT, NONE, place_of(pane, (-20, 8, 0)))
    assert only(page) is before
    assert page.session.document.journal_length == steps


def test_an_angle_is_three_clicks_and_two_lines_are_two_drags(page: CasePage) -> None:
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_G)
    for place in ((12, 0, 0), (0, 0, 0), (0, 12, 0)):
        click(pane, place)
    item = only(page)
    assert (item.name, item.unit) == ("Angle 1", "°")
    assert item.value == pytest.approx(90.0, abs=3.0)
    page.undo()
    press_key(pane, Qt.Key.Key_G, SHIFT)
    drag(pane, place_of(pane, (-10, -10, 0)), place_of(pane, (10, -10, 0)))
    assert len(pane.hands.begun) == 2
    drag(pane, place_of(pane, (-10, 4, 0)), place_of(pane, (10, 14, 0)))
    lines = only(page)
    assert lines.kind == "cobb"
    assert lines.value == pytest.approx(np.degrees(np.arctan2(10, 20)), abs=3.0)
    assert page.session.view.state.tool == "cross"


def test_a_path_ends_with_a_double_click_and_takes_a_place_back(page: CasePage) -> None:
    pane = page.slices["coronal"]
    press_key(pane, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    for place in ((-12, 0, 0), (0, 0, 0), (0, 0, 20)):
        click(pane, place)
    QTest.keyClick(pane, Qt.Key.Key_Backspace)
    assert len(pane.hands.begun) == 2
    end = place_of(pane, (0, 0, 9))
    QTest.mouseClick(pane, LEFT, NONE, end)
    QTest.mouseDClick(pane, LEFT, NONE, end)
    item = only(page)
    assert len(item.points_mm) == 3
    assert item.value == pytest.approx(21.0, abs=3.0 * pane.geometry_px().mm_per_px)
    assert page.session.view.state.maximised == ""


def test_a_polygon_closes_on_its_first_corner_and_never_crosses_itself(page: CasePage) -> None:
    pane = page.slices["axial"]
    corners = [(-8, -8, 0), (8, -8, 0), (8, 8, 0), (-8, 8, 0)]
    press_key(pane, Qt.Key.Key_U, CONTROL)
    for place in (corners[0], corners[2], corners[1], corners[3]):
        click(pane, place)
    said: list[str] = []
    page.session.said.connect(said.append)
    QTest.keyClick(pane, Qt.Key.Key_Return)
    assert "crosses itself" in said[-1]
    assert len(pane.hands.begun) == 4
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    for place in (*corners, corners[0]):
        click(pane, place)
    item, px = only(page), pane.geometry_px().mm_per_px
    assert len(item.points_mm) == 4
    assert item.value == pytest.approx(256.0, abs=64 * px)
    told = {reading.name: reading for reading in item.readings}
    # 18 mm of contrast fill it but for its corners
    assert told["Median"].value == pytest.approx(350.0, abs=6.0)
    assert told["Mean"].plus_minus == pytest.approx(10.0, abs=8.0)
    # a corner across the opposite side is refused, and the outline stays
    drag(pane, place_of(pane, item.points_mm[0]), place_of(pane, (4, 14, 0)))
    assert only(page) is item
    drag(pane, place_of(pane, item.points_mm[0]), place_of(pane, (-14, -8, 0)))
    assert only(page).value > item.value
    page.undo()
    assert only(page).points_mm == item.points_mm


def test_regions_tell_the_images_values_in_a_turned_plane(window: Workstation, page: CasePage) -> None:
    view = page.session.view
    view.align("vessel", (0.0, 0.0, 0.0), AXIS)
    wait_settled(window)
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_U)
    drag(pane, rim(pane, 225, 8.0), rim(pane, 45, 8.0))
    item = only(page)
    told = {reading.name: reading for reading in item.readings}
    assert told["Mean"].value == pytest.approx(350.0, abs=3.0)
    assert told["SD"].value == pytest.approx(8.0, rel=0.15)
    assert item.image
    row = page.structures.measurements.rows.rows[0]
    assert "mm² · 35" in row.value
    tip = page.structures.measurements.model().data(
        page.structures.measurements.rows.index(0), Qt.ItemDataRole.ToolTipRole
    )
    for words in ("Area", "±", "Median", "Voxels", "by its area in the region"):
        assert words in tip
    steps = page.session.document.journal_length
    # out of the vessel: the values are those of the new place, in one step
    middle = place_of(pane, np.mean(item.points_mm, axis=0))
    drag(pane, middle, middle + QPoint(round(20.0 / pane.geometry_px().mm_per_px), 0))
    away = {reading.name: reading.value for reading in only(page).readings}
    assert away["Mean"] == pytest.approx(40.0, abs=4.0)
    assert page.session.document.journal_length == steps + 1
    view.straighten()
    view.set(cross_mm=(10.0, 5.0, -6.0))
    page.measuring.fly_to(item.name)
    geometry = page.slices["axial"].geometry_px()
    assert np.abs(geometry.distance_mm(np.array(only(page).points_mm))).max() < 1e-6


def test_a_rectangle_keeps_its_sides_and_a_freehand_line_its_greater_loop(page: CasePage) -> None:
    pane = page.slices["sagittal"]
    press_key(pane, Qt.Key.Key_U, SHIFT)
    drag(pane, place_of(pane, (0, -5, -4)), place_of(pane, (0, 5, 4)))
    box, px = only(page), pane.geometry_px().mm_per_px
    assert box.value == pytest.approx(80.0, abs=40 * px)
    drag(pane, place_of(pane, box.points_mm[2]), place_of(pane, (0, 9, 8)))
    corners = np.array(only(page).points_mm)
    assert corners[0] == pytest.approx(box.points_mm[0])
    assert (corners[1] - corners[0]) @ (corners[3] - corners[0]) == pytest.approx(0.0, abs=1e-6)
    page.undo()
    page.undo()
    press_key(pane, Qt.Key.Key_U, CONTROL | SHIFT)
    angles = np.radians(np.arange(0, 375, 5))
    track = [place_of(pane, (0, 7 * np.cos(a), 7 * np.sin(a))) for a in angles]
    QTest.mousePress(pane, LEFT, NONE, track[0])
    for here in map(QPointF, track[1:]):
        QApplication.sendEvent(pane, QMouseEvent(QEvent.Type.MouseMove, here, pane.mapToGlobal(here), LEFT, LEFT, NONE))
    QTest.mouseRelease(pane, LEFT, NONE, track[-1])
    loop = only(page)
    assert loop.value == pytest.approx(np.pi * 49.0, rel=0.06)
    assert {reading.name for reading in loop.readings} >= {"Mean", "SD", "Median", "Min", "Max", "Voxels"}


def test_a_probe_is_kept_and_reads_again_where_it_is_put(page: CasePage) -> None:
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_V, SHIFT)
    click(pane, (2, 1, 0))
    item = only(page)
    assert item.kind == "probe_point"
    assert item.value == pytest.approx(350.0, abs=40.0)
    assert page.structures.measurements.rows.rows[0].value.endswith("HU")
    drag(pane, place_of(pane, item.points_mm[0]), place_of(pane, (22, 15, 0)))
    assert only(page).value == pytest.approx(40.0, abs=40.0)
    page.undo()
    assert only(page).value == item.value


def test_values_over_a_slab_s_picture_say_that_they_are_of_the_plane(page: CasePage) -> None:
    pane = page.slices["axial"]
    page.session.view.become(page.session.view.state.with_slab("axial", 20.0))
    page.measuring.take(pane.geometry_px(), "distance", np.array([(-6.0, 0.0, 0.0), (6.0, 0.0, 0.0)]))
    assert "slab" not in short_text(page.session.case, only(page)), "a length is the same in both"
    page.session.undo()
    press_key(pane, Qt.Key.Key_V, SHIFT)
    click(pane, (0, 0, 0))
    item = only(page)
    assert item.slab_mm == 20.0
    assert "of the plane, not of the slab" in short_text(page.session.case, item)
    (words,) = [part for part in page.measuring.items() if isinstance(part, ValueItem)]
    assert words.lines[-1] == "of the plane, not of the slab"
    wait_until(lambda: bool(page.structures.measurements.rows.rows), "the list")
    assert (
        page.structures.measurements.rows.rows[0].warning == "Values are of the plane, not of the slab that was shown."
    )
    page.session.undo()
    page.session.view.become(page.session.view.state.with_slab("axial", 0.0))
    press_key(pane, Qt.Key.Key_V, SHIFT)
    click(pane, (0, 0, 0))
    assert "slab" not in short_text(page.session.case, only(page))


def test_places_are_set_by_keys_alone(window: Workstation, page: CasePage) -> None:
    pane, view = page.slices["axial"], page.session.view
    press_key(pane, Qt.Key.Key_U, CONTROL)
    for cross in ((-6.0, -6.0, 0.0), (6.0, -6.0, 0.0), (6.0, 6.0, 0.0)):
        view.set(cross_mm=cross)
        QTest.keyClick(pane, Qt.Key.Key_Return)
    assert len(pane.hands.begun) == 3
    # twice at one place closes it
    QTest.keyClick(pane, Qt.Key.Key_Return)
    assert only(page).value == pytest.approx(72.0)


# what users of other programs complain of, tried on ours


@pytest.mark.parametrize("tool", TOOLS)
def test_navigation_works_in_every_tool_and_no_tool_moves_the_view(page: CasePage, tool: str) -> None:
    pane, view = page.slices["axial"], page.session.view
    # the middle of a voxel, so that a slice forth and back is where it was
    view.set(tool=tool, cross_mm=(0.5, 0.5, 0.5))
    if tool not in ("calliper", "freehand", "probe_point"):
        click(pane, (-6, 0, 0))
        assert len(pane.hands.begun) == 1
    begun, before = pane.hands.begun, view.state
    wheel(pane, 1)
    assert view.state.cross_mm != before.cross_mm
    wheel(pane, -1)
    assert view.state.cross_mm == pytest.approx(before.cross_mm)
    wheel(pane, 2, CONTROL)
    zoomed = view.state.pane("axial").mm_per_px
    assert zoomed is not None
    start = pane.rect().center()
    for button, way in ((Qt.MouseButton.RightButton, QPoint(0, 40)), (Qt.MouseButton.MiddleButton, QPoint(25, 10))):
        was = view.state.pane("axial")
        QTest.mousePress(pane, button, NONE, start)
        here = QPointF(start + way)
        QApplication.sendEvent(
            pane, QMouseEvent(QEvent.Type.MouseMove, here, pane.mapToGlobal(here), button, button, NONE)
        )
        QTest.mouseRelease(pane, button, NONE, start + way)
        assert view.state.pane("axial") != was
    assert pane.hands.begun == begun
    assert view.state.tool == tool
    # the crosshair is a layer: still shown, whatever is in the hand
    assert view.state.show_crosshair
    assert pane.cross_lines()
    # and its own gesture leaves slice, planes, zoom and camera as they are
    seen = view.state
    drag(pane, place_of(pane, (-6, -5, 0)), place_of(pane, (6, 5, 0)))
    after = view.state
    kept = (
        "cross_mm",
        "frame",
        "turns",
        "pinned",
        "panes",
        "camera",
        "layout",
        "maximised",
        "show_crosshair",
        "window",
        "level",
    )
    for field in kept:
        assert getattr(after, field) == getattr(seen, field), field


def test_a_turn_is_about_the_crosshair_and_leaves_measurements_where_they_are(
    window: Workstation, page: CasePage
) -> None:
    pane, view = page.slices["axial"], page.session.view
    press_key(pane, Qt.Key.Key_D)
    drag(pane, place_of(pane, (4, -12, 0)), place_of(pane, (20, -12, 0)))
    item = only(page)
    view.set(cross_mm=(12.0, 9.0, 0.0), active="axial", selected="", selected_point="")
    wait_settled(window)
    line = next(line for line in pane.cross_lines() if line.handles(pane.geometry_px()) is not None)
    handle = np.asarray(line.handles(pane.geometry_px())[0])
    cross_px = pane.geometry_px().to_screen(view.state.cross_mm)
    start = QPoint(round(handle[0] - 0.5), round(handle[1] - 0.5))
    QTest.mouseMove(pane, start)
    drag(pane, start, start + QPoint(28, 22))
    assert view.state.turns or view.state.frame_name or view.state.frame != ViewState().frame
    assert view.state.cross_mm == (12.0, 9.0, 0.0)
    assert pane.geometry_px().to_screen(view.state.cross_mm) == pytest.approx(cross_px, abs=1e-6)
    assert only(page) is item
    frame = view.state.frame
    press_key(pane, Qt.Key.Key_F)
    assert view.state.maximised == "axial"
    assert (view.state.frame, view.state.cross_mm, view.state.show_crosshair) == (frame, (12.0, 9.0, 0.0), True)
    press_key(pane, Qt.Key.Key_F)
    assert view.state.frame == frame
    assert pane.cross_lines()


def test_a_drag_in_3d_turns_the_view_and_never_a_point_that_is_not_chosen(window: Workstation, page: CasePage) -> None:
    pane, view = page.slices["axial"], page.session.view
    press_key(pane, Qt.Key.Key_D)
    drag(pane, place_of(pane, (-12, 0, 0)), place_of(pane, (12, 0, 0)))
    item, scene = only(page), page.scene
    view.set(selected="", selected_point="")
    wait_settled(window)
    x, y = scene.projection().to_screen(np.array(item.points_mm[0]))
    start, before = QPoint(round(x), round(y)), scene.camera()
    QTest.mousePress(scene, LEFT, NONE, start)
    for step in (8, 30, 60):
        QTest.mouseMove(scene, start + QPoint(step, step // 3))
    QTest.mouseRelease(scene, LEFT, NONE, start + QPoint(60, 20))
    assert scene.camera() != before
    assert only(page) is item
