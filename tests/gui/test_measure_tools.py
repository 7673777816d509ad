"""Diameters by hand in the real window: each tool by real events, in straight, turned and pinned planes, kept and found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from app.case_page import CasePage
from app.launch import make_application
from app.measure_menu import add_entries, type_number
from app.measuring import short_text
from app.palette_entries import palette_entries
from app.settings import Settings
from app.window_states import wait_settled, wait_until
from app.workstation import Workstation
from planning.case.document import Document
from planning.case.model import Measurement
from planning.geometry import Grid, unit
from planning.measure.kinds import readings
from planning.volume import Volume
from viewers.measures import TOOLS, handle_key, words_key
from viewers.overlay import ContourItem, ValueItem
from viewers.slice_pane import SlicePane
from viewers.value_layout import overlap_px2
from viewers.view_state import SLICES, PinnedPlane, ViewState, aligned_frame

pytestmark = pytest.mark.gui
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
AXIS = unit((0.3, -0.2, 1.0))
RADIUS_MM = 9.0


def _volume() -> Volume:
    """A tube of contrast 18 mm wide that leans in a block of tissue."""
    grid = Grid.from_parts((72, 66, 54), (1.0, 1.0, 1.0), (-35.5, -32.5, -26.5))
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T).reshape(*grid.shape_kji, 3)
    away = np.linalg.norm(points - (points @ AXIS)[..., None] * AXIS, axis=-1)
    edge = 1.0 / (1.0 + np.exp((away - RADIUS_MM) / 0.35))
    noise = np.random.default_rng(1).normal(0, 8, away.shape)
    return Volume(grid, np.rint(40 + 310 * edge + noise).astype(np.int16))


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workstation]:
    path = tmp_path_factory.mktemp("measure") / "case.theatrum"
    make_case(path, _volume()).close()
    make_application(Settings())
    made = Workstation(Settings())
    made.show()
    made.windowHandle().requestActivate()
    open_again(made, path)
    yield made
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.close()


def open_again(window: Workstation, path: Path) -> None:
    window.open_paths([path], module="study")
    wait_until(lambda: window.place == "case", "opening")
    wait_settled(window)


@pytest.fixture
def page(window: Workstation) -> CasePage:
    """The case as it was opened, straight planes through its middle."""
    page = window.page
    assert page is not None
    wait_settled(window)
    while page.session.can_undo:
        page.session.undo()
    plain = ViewState(show_crosshair=True, camera=page.session.view.state.camera)
    page.session.view.become(plain)
    for pane in page.slices.values():
        pane.hands.cancel()
    wait_settled(window)
    return page


def place_of(pane: SlicePane, point_mm: object) -> QPoint:
    x, y = pane.geometry_px().to_screen(point_mm)
    return QPoint(round(x - 0.5), round(y - 0.5))


def press_key(pane: SlicePane, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    pane.setFocus()
    QTest.keyClick(pane, key, keys)


def drag(pane: SlicePane, start: QPoint, end: QPoint, *, release: bool = True) -> None:
    # a hand is never as quick as the next turn, in which panes are told what the case has
    QApplication.processEvents()
    QTest.mousePress(pane, LEFT, NONE, start)
    for step in range(1, 9):
        here = QPointF(start + (end - start) * step / 8)
        moved = QMouseEvent(QEvent.Type.MouseMove, here, pane.mapToGlobal(here), LEFT, LEFT, NONE)
        QApplication.sendEvent(pane, moved)
    if release:
        QTest.mouseRelease(pane, LEFT, NONE, end)


def only(page: CasePage) -> Measurement:
    (item,) = page.session.case.measurements.values()
    return item


def numbers(item: Measurement) -> dict[str, float]:
    return {reading.name: reading.value for reading in readings(item.kind, item.points_mm, item.outline_mm)}


def rim(pane: SlicePane, degrees: float, radius_mm: float) -> QPoint:
    geometry = pane.geometry_px()
    angle = np.radians(degrees)
    return place_of(pane, radius_mm * (np.cos(angle) * geometry.right + np.sin(angle) * geometry.down))


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


def test_a_click_in_the_list_flies_there_and_turns_a_pane_into_the_plane(window: Workstation, page: CasePage) -> None:
    view = page.session.view
    view.align("vessel", (0.0, 0.0, 4.0), AXIS)
    wait_settled(window)
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_D, CONTROL)
    middle = pane.geometry_px().to_screen((0.0, 0.0, 4.0))
    corner = QPoint(round(middle[0]), round(middle[1]))
    drag(pane, corner - QPoint(30, 20), corner + QPoint(30, 20))
    item = only(page)
    view.straighten()
    view.set(cross_mm=(10.0, 10.0, -10.0), selected="")
    wait_settled(window)
    rows = page.structures.measurements
    assert rows.rows.rows[0].value.endswith("mm")
    assert "Area diameter" in rows.model().data(rows.rows.index(0), Qt.ItemDataRole.ToolTipRole)
    QTest.mouseClick(rows.viewport(), LEFT, NONE, rows.visualRect(rows.rows.index(0)).center())
    wait_settled(window)
    geometry = page.slices["axial"].geometry_px()
    assert abs(geometry.normal @ np.array(item.normal)) == pytest.approx(1.0, abs=1e-9)
    assert np.abs(geometry.distance_mm(np.array(item.points_mm))).max() < 1e-6
    assert view.state.active == "axial"
    assert view.state.selected == "Ellipse 1"
    # a second click on the row that is chosen already leads there too
    view.set(cross_mm=(10.0, 10.0, -10.0))
    QTest.mouseClick(rows.viewport(), LEFT, NONE, rows.visualRect(rows.rows.index(0)).center())
    assert page.slices["axial"].geometry_px().distance_mm(np.array(item.points_mm[0])) == pytest.approx(0, abs=1e-6)


def test_a_plan_plane_that_is_shown_already_is_scrolled_there(window: Workstation, page: CasePage) -> None:
    view = page.session.view
    plane = PinnedPlane(title="STJ", origin_mm=(0.0, 0.0, 0.0), frame=aligned_frame(AXIS))
    view.pin({"sagittal": plane}, reach_mm=60.0)
    wait_settled(window)
    pane = page.slices["sagittal"]
    press_key(pane, Qt.Key.Key_D, CONTROL | SHIFT)
    QTest.mouseClick(pane, LEFT, NONE, place_of(pane, (0.0, 0.0, 0.0)))
    wait_until(lambda: bool(page.session.case.measurements), "the edge")
    assert numbers(only(page))["Area diameter"] == pytest.approx(18.0, abs=0.2)
    view.scroll_pinned("sagittal", 7.0)
    view.set(active="axial")
    page.measuring.fly_to("Calliper 1")
    assert view.state.pinned["sagittal"].offset_mm == pytest.approx(0.0, abs=1e-6)
    assert view.state.active == "sagittal"


def test_the_menu_button_the_palette_and_the_pane_menu_offer_all_tools(window: Workstation, page: CasePage) -> None:
    button = window.findChild(QToolButton, "button_measure")
    assert button is not None
    assert button.isVisible()
    offered = [action.objectName() for action in button.menu().actions()]
    assert offered == list(TOOLS)
    for action in button.menu().actions():
        assert action.toolTip().endswith(("D)", "G)", "U)", "V)"))
        assert not action.icon().isNull()
    titles = {entry.title for entry in palette_entries(window)}
    assert {"Measure distance", "Measure ellipse", "Measure circle by three points"} <= titles
    window.actions_["ellipse"].trigger()
    assert page.session.view.state.tool == "ellipse"
    assert window.actions_["ellipse"].isChecked()
    window.actions_["circle"].trigger()
    assert page.session.view.state.tool == "circle"
    assert not window.actions_["ellipse"].isChecked()


def test_a_doubtful_edge_is_marked_in_the_list_until_a_hand_has_moved_it(
    page: CasePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from app import measuring

    find = measuring.lumen_widths
    monkeypatch.setattr(measuring, "lumen_widths", lambda *given: replace(find(*given), unclear=0.29))
    said: list[str] = []
    page.session.said.connect(said.append)
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_D, CONTROL | SHIFT)
    QTest.mouseClick(pane, LEFT, NONE, place_of(pane, (0, 0, 0)))
    wait_until(lambda: bool(page.session.case.measurements), "the edge")
    assert said[-1] == "The edge is unclear over 29 % of the contour. Check the widths."
    assert page.structures.measurements.rows.rows[0].warning == said[-1]
    drag(pane, place_of(pane, only(page).points_mm[1]), place_of(pane, 1.4 * np.array(only(page).points_mm[1])))
    assert only(page).unclear is None
    assert len(only(page).outline_mm) > 60
    assert page.structures.measurements.rows.rows[0].warning == ""


def test_they_are_renamed_and_survive_closing(window: Workstation, page: CasePage) -> None:
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_D, CONTROL | SHIFT)
    QTest.mouseClick(pane, LEFT, NONE, place_of(pane, (0, 0, 0)))
    wait_until(lambda: bool(page.session.case.measurements), "the edge")
    kept = only(page)

    window.actions_["rename"].trigger()
    # its name is typed in its row
    field = page.structures.measurements.findChild(QLineEdit, "row_name")
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, "Neck")
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait_until(lambda: list(page.session.case.measurements) == ["Neck"], "the name", 5.0)
    path = page.session.path
    window.close_case()
    with Document.open(path) as document:
        again = document.case.measurements["Neck"]
    assert again.points_mm == pytest.approx(np.array(kept.points_mm))
    assert again.normal == pytest.approx(kept.normal)
    assert len(again.outline_mm) == len(kept.outline_mm)
    assert again.value == kept.value
    open_again(window, path)


def wheel(pane: SlicePane, notches: int, keys: Qt.KeyboardModifier = NONE) -> None:
    place = QPointF(pane.rect().center())
    delta = QPoint(0, 120 * notches)
    event = QWheelEvent(
        place,
        pane.mapToGlobal(place),
        QPoint(),
        delta,
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pane, event)


def click(pane: SlicePane, point_mm: object) -> None:
    QTest.mouseClick(pane, LEFT, NONE, place_of(pane, point_mm))


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


def test_numbers_are_typed_and_what_cannot_be_is_said(window: Workstation, page: CasePage) -> None:
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_D)
    drag(pane, place_of(pane, (-9, 0, 0)), place_of(pane, (9, 0, 0)))
    before, steps = only(page), page.session.document.journal_length
    reasons: list[str] = []
    answers = iter(("none", "3000", "2,5 cm"))

    def ask(question: str, reason: str, text: str) -> str:
        reasons.append(reason)
        return next(answers)

    type_number(page, "Distance 1", "Distance", window, ask)
    assert only(page).value == pytest.approx(25.0)
    assert only(page).points_mm[0] == before.points_mm[0]
    assert page.session.document.journal_length == steps + 1
    assert reasons[0] == ""
    assert "no number" in reasons[1]
    assert "lies between" in reasons[2]
    page.undo()
    assert only(page).value == pytest.approx(before.value)
    # figures typed during the drag are the length
    page.undo()
    press_key(pane, Qt.Key.Key_D)
    drag(pane, place_of(pane, (-9, 0, 0)), place_of(pane, (5, 0, 0)), release=False)
    QTest.keyClicks(pane, "12.5")
    QTest.keyClick(pane, Qt.Key.Key_Return)
    QTest.mouseRelease(pane, LEFT, NONE, place_of(pane, (5, 0, 0)))
    assert only(page).value == pytest.approx(12.5, abs=1e-6)


def boxes_of(pane: SlicePane) -> dict[str, tuple[float, float, float, float]]:
    pane.grab_picture()
    return dict(pane._words)


def test_words_stay_clear_of_each_other_and_go_where_a_hand_puts_them(window: Workstation, page: CasePage) -> None:
    pane = page.slices["axial"]
    for shift in range(5):
        press_key(pane, Qt.Key.Key_D)
        drag(pane, place_of(pane, (-14, 2 * shift - 4, 0)), place_of(pane, (14, 2 * shift - 4, 0)))
        wait_settled(window)
    boxes = list(boxes_of(pane).items())
    assert len(boxes) == 5
    for number, (_, one) in enumerate(boxes):
        for _, other in boxes[number + 1 :]:
            assert overlap_px2(one, other) == 0.0
    name, steps = "Distance 2", page.session.document.journal_length
    left, top, right, bottom = boxes_of(pane)[words_key(name)]
    grip = QPoint(round((left + right) / 2), round((top + bottom) / 2))
    QTest.mouseMove(pane, grip)
    drag(pane, grip, grip + QPoint(-30, 90))
    assert page.session.document.journal_length == steps + 1
    assert page.session.view.state.selected == name
    wait_settled(window)
    there = boxes_of(pane)[words_key(name)]
    assert (there[0] + there[2]) / 2 == pytest.approx(grip.x() - 30, abs=2.0)
    assert (there[1] + there[3]) / 2 == pytest.approx(grip.y() + 90, abs=2.0)
    # Esc leaves them where they are
    grip = QPoint(round((there[0] + there[2]) / 2), round((there[1] + there[3]) / 2))
    drag(pane, grip, grip + QPoint(40, 0), release=False)
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    QTest.mouseRelease(pane, LEFT, NONE, grip)
    wait_settled(window)
    assert boxes_of(pane)[words_key(name)] == pytest.approx(there, abs=1.0)
    assert page.session.document.journal_length == steps + 1
    page.measuring.words_home(name)
    assert page.session.case.measurements[name].label_mm is None
    page.undo()
    page.undo()
    assert page.session.case.measurements[name].label_mm is None


def test_the_menu_copies_and_recolours(window: Workstation, page: CasePage) -> None:
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_D)
    drag(pane, place_of(pane, (-9, 0, 0)), place_of(pane, (9, 0, 0)))
    window.actions_["copy_measurements"].trigger()
    words = QApplication.clipboard().text()
    assert words.startswith("Distance 1: Distance 18.")
    assert "±" in words
    page.measuring.recolour("Distance 1", "#FFD65C")
    assert page.session.document.undo_text == "Recolour Distance 1"
    assert {item.color for item in page.measuring.items()} == {"#FFD65C"}
    menu = QMenu()
    add_entries(menu, page, "Distance 1", window)
    entries = [action.text() for action in menu.actions() if action.text()]
    assert entries == ["Go there", "Copy", "Type distance…", "Colour…", "Common colour"]


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
    assert pane._cross_lines()
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
    line = next(line for line in pane._cross_lines() if line.handles(pane.geometry_px()) is not None)
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
    assert pane._cross_lines()


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


def test_undo_works_after_closing_and_opening_again(window: Workstation, page: CasePage) -> None:
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_U)
    drag(pane, place_of(pane, (-6, -5, 0)), place_of(pane, (6, 5, 0)))
    first = only(page)
    drag(pane, place_of(pane, np.mean(first.points_mm, axis=0)), place_of(pane, (6, 4, 0)))
    moved = only(page)
    path = page.session.path
    window.close_case()
    open_again(window, path)
    assert window.page is not None
    page = window.page
    assert only(page).points_mm == pytest.approx(np.array(moved.points_mm))
    assert window.actions_["undo"].isEnabled()
    window.actions_["undo"].trigger()
    assert only(page).points_mm == pytest.approx(np.array(first.points_mm))
    assert [reading.value for reading in only(page).readings] == [reading.value for reading in first.readings]
    window.actions_["undo"].trigger()
    assert not page.session.case.measurements
    window.actions_["redo"].trigger()
    assert only(page).name == first.name


def test_a_region_that_is_dragged_out_of_the_scan_goes_back(window: Workstation, page: CasePage) -> None:
    pane = page.slices["axial"]
    press_key(pane, Qt.Key.Key_U)
    drag(pane, place_of(pane, (-6, -5, 0)), place_of(pane, (6, 5, 0)))
    item, steps = only(page), page.session.document.journal_length
    said: list[str] = []
    page.session.said.connect(said.append)
    drag(pane, place_of(pane, np.mean(item.points_mm, axis=0)), place_of(pane, (70, 5, 0)))
    assert "outside the scan" in said[-1]
    assert only(page) is item
    assert page.session.document.journal_length == steps
    contour = next(part for part in page.measuring.items() if part.key == item.name)
    assert isinstance(contour, ContourItem)
    assert np.abs(contour.points_mm).max() < 10.0
    # half of it outside is measured, and marked in the list
    drag(pane, place_of(pane, np.mean(item.points_mm, axis=0)), place_of(pane, (36, 0, 0)))
    assert "lie outside the scan" in page.structures.measurements.rows.rows[0].warning
