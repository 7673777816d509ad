"""Measurements that a case keeps, in the real window: listed, flown to, typed, renamed, undone after a reload; their words."""

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
    drag,
    measure_window,
    numbers,
    only,
    open_again,
    place_of,
    press_key,
    untouched,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolButton

from app import measuring
from app.case_page import CasePage
from app.measure_menu import add_entries, type_number
from app.measure_words import doubt
from app.palette_entries import palette_entries
from app.window_states import wait_settled, wait_until
from app.workstation import Workstation
from planning.case.commands import AddStructure
from planning.case.document import Document
from planning.case.manifest import measurement_json
from planning.case.model import Structure
from planning.case.reading import measurement_from_json
from planning.provenance import Provenance
from planning.volume import Mask
from viewers.measures import TOOLS, words_key
from viewers.overlay import ContourItem, DistanceItem
from viewers.slice_pane import SlicePane
from viewers.value_layout import overlap_px2
from viewers.view_state import PinnedPlane, aligned_frame

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workstation]:
    with measure_window(tmp_path_factory.mktemp("measure")) as made:
        yield made


@pytest.fixture
def page(window: Workstation) -> CasePage:
    return untouched(window)


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


def test_3d_shows_those_of_a_plane_with_their_plane_and_those_in_space_always(
    window: Workstation, page: CasePage
) -> None:
    view, measuring = page.session.view, page.measuring

    def in_3d() -> set[str]:
        wait_settled(window)
        items = page.scene.content.items
        return {item.key for item in items if isinstance(item, DistanceItem)} & set(page.session.case.measurements)

    pane = page.slices["axial"]
    ends = np.array(((-10.0, 0.0, 0.0), (10.0, 0.0, 0.0)))
    assert measuring.take(pane.geometry_px(), "distance", ends)
    assert measuring.take_in_space("distance", ends + (0.0, 5.0, 3.0), np.eye(3)[1])
    first, second = page.session.case.measurements
    view.set(selected="", selected_point="")
    assert in_3d() == {first, second}
    view.set(cross_mm=(0.0, 0.0, 20.0))
    assert in_3d() == {second}, "its slice is out of sight"
    view.set(selected=first)
    assert in_3d() == {first, second}, "a chosen one is seen wherever it lies"
    view.set(selected="", cross_mm=(0.0, 0.0, 2.0))
    assert in_3d() == {first, second}
    view.align("vessel", (0.0, 0.0, 0.0), AXIS)
    assert in_3d() == {second}, "no pane looks at its plane"


def test_a_measurement_on_a_surface_leaves_3d_with_it(window: Workstation, page: CasePage) -> None:
    session, measuring = page.session, page.measuring
    image = session.image
    assert image is not None
    k, j, i = np.indices(image.grid.shape_kji)
    places = np.moveaxis(image.grid.to_world(np.stack([i, j, k], -1).reshape(-1, 3)).reshape(*i.shape, 3), -1, 0)
    balls = {
        name: Mask.from_full(image.grid, (places[0] - x) ** 2 + places[1] ** 2 + places[2] ** 2 <= 8.0**2)
        for name, x in (("spleen", -12.0), ("stomach", 12.0))
    }
    for name, mask in balls.items():
        start, reference = session.document.put_mask(mask)
        session.do(
            AddStructure(
                Structure(
                    name=name,
                    grid=mask.grid,
                    start_ijk=start,
                    array=reference,
                    voxel_count=mask.voxel_count,
                    color="#3B82E0",
                    source="manual",
                    provenance=Provenance("test"),
                )
            )
        )
    session.request_surfaces()
    wait_until(lambda: all(session.surface(name) is not None for name in balls), "the surfaces")
    # of the same voxels, each in its own place
    for name, x in (("spleen", -12.0), ("stomach", 12.0)):
        mesh = session.surface(name)
        assert mesh is not None
        assert mesh.points_mm[:, 0].mean() == pytest.approx(x, abs=0.3)
        assert session.mask(name).start_ijk == session.case.structures[name].start_ijk
    between = np.array(((-20.0, 0.0, 0.0), (20.0, 0.0, 0.0)))
    assert measuring.take_in_space("distance", between, np.eye(3)[1])
    free = np.array(((0.0, 20.0, 0.0), (5.0, 20.0, 0.0)))
    assert measuring.take_in_space("distance", free, np.eye(3)[1])
    on_both, on_none = session.case.measurements
    session.view.set(selected="", selected_point="")
    assert measuring.in_space() == {on_both, on_none}
    session.view.set(hidden=frozenset({"stomach"}))
    assert measuring.in_space() == {on_none}, "one of its ends would float"
    session.view.set(selected=on_both)
    assert measuring.in_space() == {on_both, on_none}, "a chosen one is seen wherever it lies"
    session.view.set(selected="", hidden=frozenset())
    assert measuring.in_space() == {on_both, on_none}


def test_a_plane_that_a_panes_own_window_shows_counts_as_shown_in_3d(window: Workstation, page: CasePage) -> None:
    view, measuring = page.session.view, page.measuring
    pane = page.slices["axial"]
    ends = np.array(((-10.0, 0.0, 0.0), (10.0, 0.0, 0.0)))
    assert measuring.take(pane.geometry_px(), "distance", ends)
    (name,) = page.session.case.measurements
    view.set(selected="", selected_point="")
    page.windows.take_out("axial")
    try:
        wait_settled(window)
        assert "axial" not in page.grid.shown
        assert measuring.in_space() == {name}
        view.set(cross_mm=(0.0, 0.0, 20.0))
        assert measuring.in_space() == set(), "its slice is out of sight in that window, too"
    finally:
        page.windows.close_all()
        # without a window manager nobody gives the keys back to the main window
        window.activateWindow()
        wait_settled(window)


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
    # the widths are the hand's now, the area is still of that edge
    assert page.structures.measurements.rows.rows[0].warning == said[-1].replace("widths", "area")
    kept = measurement_from_json(measurement_json(only(page)))
    assert doubt(page.session.case, kept) == said[-1].replace("widths", "area")
    assert doubt(page.session.case, replace(kept, area_unclear=0.0)) == ""


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
    return dict(pane.picture.words)


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


def test_regions_whose_values_are_read_in_jobs_are_all_kept(page: CasePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SOON_VOXELS", 0)
    pane, session = page.slices["axial"], page.session
    for shift in (0.0, 3.0):
        # both are drawn before anything comes back
        page.measuring.take(pane.geometry_px(), "oval", np.array([(-6.0 + shift, -5.0, 0.0), (6.0, 5.0, 0.0)]))
    wait_until(lambda: len(session.case.measurements) == 2, "both regions")
    first, second = session.case.measurements.values()
    assert first.name != second.name
    assert sorted((first.value, second.value)) == pytest.approx([np.pi * 4.5 * 5.0, np.pi * 6.0 * 5.0])
    assert all(item.readings for item in (first, second))
