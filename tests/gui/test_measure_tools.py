"""Diameters by hand in the real window: each tool by real events, in straight, turned and pinned planes, kept and found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from app.case_page import CasePage
from app.launch import make_application
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
from viewers.measures import TOOLS, handle_key
from viewers.overlay import ValueItem
from viewers.slice_pane import SlicePane
from viewers.view_state import SLICES, PinnedPlane, aligned_frame

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


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Workstation]:
    path = tmp_path / "case.theatrum"
    make_case(path, _volume()).close()
    make_application(Settings())
    made = Workstation(Settings())
    made.show()
    qtbot.waitExposed(made)
    made.windowHandle().requestActivate()
    qtbot.waitActive(made)
    made.open_paths([path], module="study")
    wait_until(lambda: made.place == "case", "opening")
    wait_settled(made)
    yield made
    made.jobs.shutdown()
    made.close_case(show_start=False)
    made.close()


@pytest.fixture
def page(window: Workstation) -> CasePage:
    assert window.page is not None
    window.page.session.view.set(cross_mm=(0.0, 0.0, 0.0))
    wait_settled(window)
    return window.page


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

    def name_it() -> None:
        dialog = QApplication.activeModalWidget()
        field = dialog.findChild(QLineEdit) if dialog is not None else None
        if field is not None:
            field.selectAll()
            QTest.keyClicks(field, "Neck")
            QTest.keyClick(field, Qt.Key.Key_Return)

    from PySide6.QtCore import QTimer

    QTimer.singleShot(300, name_it)
    window.actions_["rename"].trigger()
    assert list(page.session.case.measurements) == ["Neck"]
    path = page.session.path
    window.close_case()
    with Document.open(path) as document:
        again = document.case.measurements["Neck"]
    assert again.points_mm == pytest.approx(np.array(kept.points_mm))
    assert again.normal == pytest.approx(kept.normal)
    assert len(again.outline_mm) == len(kept.outline_mm)
    assert again.value == kept.value
