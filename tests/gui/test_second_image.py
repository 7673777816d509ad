"""Two images of a case beside each other, and one over the other; by real events."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cases import make_case, make_moving_case
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from two_series import (
    CONTROL,
    HOT_MM,
    LEFT,
    NONE,
    SIZE,
    body_volume,
    button_of,
    drag,
    opened,
    pixels,
    shut,
    two_series_case,
    wheel,
)

from app.at_rest import AtRest
from app.case_page import CasePage
from app.jobs import Job
from app.measure_words import long_text, short_text
from app.out_of_sight import OutOfSight
from app.panes.look import pane_look
from app.report.by_hand import measurement_rows
from app.second_image import is_earlier
from app.window_states import wait_settled
from app.workstation import Workstation
from planning import edge
from planning.case.commands import RemoveImage
from viewers.measures import handle_key
from viewers.over_legend import draw_over_legend, ends_text
from viewers.overlay import ValueItem
from viewers.pane_look import TextPainter, TextStyle

pytestmark = pytest.mark.gui


@pytest.fixture
def compared(page: CasePage, window: Workstation) -> CasePage:
    page.second.choose("CT 2")
    window.actions_["layout_compare"].trigger()
    wait_settled(window)
    return page


def test_two_columns_show_both_series_by_name(compared: CasePage) -> None:
    assert compared.grid.shown == ("axial", "second_axial", "coronal", "second_coronal")
    first, second = compared.slices["axial"], compared.compare.panes["second_axial"]
    assert first.geometry().right() < second.geometry().left()
    assert first.geometry().top() == second.geometry().top()
    # nothing is said of which came first where the files do not tell: both may be of one day
    assert (first._content.heading, second._content.heading) == ("CT", "CT 2")
    assert second.grid is not None
    # drawn on the second too: both lie in one frame of reference
    assert bool(second._content.labels) == (compared.second.note == "")


@pytest.mark.parametrize("name", ["axial", "second_axial"])
def test_slices_of_both_follow_by_place(compared: CasePage, window: Workstation, name: str) -> None:
    view, other = compared.session.view, compared.compare.view
    before = view.state.cross_mm
    wheel(compared.pane(name), 2)
    assert view.state.cross_mm != before
    assert view.state.cross_mm == other.state.cross_mm
    pane = compared.pane(name)
    wheel(pane, 1, CONTROL)
    wait_settled(window)
    one = compared.slices["axial"].geometry_px()
    two = compared.compare.panes["second_axial"].geometry_px()
    assert one.mm_per_px == pytest.approx(two.mm_per_px)
    assert one.center_mm == pytest.approx(two.center_mm)
    assert view.state.pane("axial").mm_per_px is not None


def test_a_fitted_pane_shows_both_at_one_scale(compared: CasePage, window: Workstation) -> None:
    compared.second.choose("PT")
    wait_settled(window)
    one, two = (pane.geometry_px() for pane in (compared.slices["axial"], compared.compare.panes["second_axial"]))
    assert one.mm_per_px == pytest.approx(two.mm_per_px)
    window.resize(SIZE[0] - 140, SIZE[1])
    wait_settled(window)
    one, two = (pane.geometry_px() for pane in (compared.slices["axial"], compared.compare.panes["second_axial"]))
    assert one.mm_per_px == pytest.approx(two.mm_per_px)


def test_unlinked_panes_move_by_themselves_until_they_are_linked_again(compared: CasePage, window: Workstation) -> None:
    QTest.mouseClick(compared.compare_bar.link, LEFT)
    assert not compared.session.view.state.second.linked
    before = compared.session.view.state.cross_mm
    wheel(compared.compare.panes["second_axial"], 3)
    assert compared.session.view.state.cross_mm == before
    assert compared.compare.view.state.cross_mm != before
    QTest.mouseClick(compared.compare_bar.link, LEFT)
    assert compared.compare.view.state.cross_mm == before
    window.actions_["link_views"].trigger()
    assert not compared.compare.linked


def test_an_image_that_is_taken_out_of_the_case_leaves_no_empty_column(compared: CasePage, window: Workstation) -> None:
    compared.session.do(RemoveImage("CT 2"))
    wait_settled(window)
    assert compared.second.state.image == "PT"
    assert compared.compare.panes["second_axial"]._content.heading == "PT"
    compared.session.do(RemoveImage("PT"))
    wait_settled(window)
    assert compared.session.view.state.layout == "2x2"
    assert "second_axial" not in compared.grid.shown
    compared.session.undo()
    compared.session.undo()


def test_sides_are_swapped(compared: CasePage, window: Workstation) -> None:
    QTest.mouseClick(compared.compare_bar.swap, LEFT)
    wait_settled(window)
    assert compared.grid.shown[:2] == ("second_axial", "axial")
    assert compared.slices["axial"].x() > compared.compare.panes["second_axial"].x()
    assert compared.compare.panes["second_axial"]._content.heading == "CT 2"


@pytest.mark.parametrize(("year", "words", "is_left"), [("2021", "Before", True), ("2025", "After", False)])
def test_before_and_after_are_what_the_files_say_whichever_side_they_stand_on(
    compared: CasePage, monkeypatch: pytest.MonkeyPatch, year: str, words: str, is_left: bool
) -> None:
    images = compared.session.case.images
    first, second = replace(images["CT"], study={"year": "2023"}), replace(images["CT 2"], study={"year": year})
    monkeypatch.setattr(type(compared.session), "image", property(lambda _: first))
    monkeypatch.setattr(type(compared.second), "image", property(lambda _: second))
    assert is_earlier(second, first) is is_left
    for _ in range(2):
        assert compared.compare.heading(second=True) == f"{words}  CT 2"
        assert compared.compare.heading(second=False).startswith("After" if is_left else "Before")
        QTest.mouseClick(compared.compare_bar.swap, LEFT)


def test_two_scans_in_hounsfield_units_share_their_window_a_tracer_keeps_its_own(
    compared: CasePage, window: Workstation
) -> None:
    compared.session.view.set(window=350.0, level=70.0)
    assert (compared.compare.view.state.window, compared.compare.view.state.level) == (350.0, 70.0)
    compared.second.choose("PT")
    wait_settled(window)
    own = compared.compare.view.state.window
    assert own < 20.0
    compared.session.view.set(window=900.0)
    assert compared.compare.view.state.window == own


def test_maximising_one_shows_the_pair_and_the_crosshair_stays(compared: CasePage, window: Workstation) -> None:
    state = compared.session.view.state
    QTest.mouseDClick(compared.compare.panes["second_coronal"], LEFT, NONE, QPoint(40, 120))
    assert compared.grid.shown == ("coronal", "second_coronal")
    QTest.mouseDClick(compared.slices["coronal"], LEFT, NONE, QPoint(40, 120))
    assert compared.grid.shown == ("axial", "second_axial", "coronal", "second_coronal")
    assert compared.session.view.state.frame == state.frame


def test_a_region_on_the_second_image_reads_that_images_values_and_says_so(
    compared: CasePage, window: Workstation
) -> None:
    compared.second.choose("PT")
    compared.session.view.set(cross_mm=tuple(HOT_MM))
    wait_settled(window)
    window.actions_["oval"].trigger()
    pane = compared.compare.slices["second_axial"]
    middle = pane.geometry_px().to_screen(HOT_MM)
    corners = [QPoint(*(round(float(v)) for v in middle + away)) for away in (-30.0, 30.0)]
    drag(pane, *corners)
    wait_settled(window)
    item = compared.session.case.measurements["Region 1"]
    assert item.image == "PT"
    # a tracer's uptake, not the 60 HU of the body below it
    mean = next(reading for reading in item.readings if reading.name == "Mean")
    assert mean.unit == ""
    assert 1.0 < mean.value < 9.0
    assert "PT" in short_text(compared.session.case, item)
    assert "Measured in PT." in long_text(compared.session.case, item)
    words = next(part for part in compared.measuring.items(second=True) if isinstance(part, ValueItem))
    assert words.lines[-1] == "PT"
    # nobody knows whether both lie together: it is not drawn over the first image
    assert compared.second.note != ""
    assert not any(isinstance(part, ValueItem) for part in compared.slices["axial"]._content.items)
    # the hand moves it where it is, and the same image is read again
    handle = handle_key("Region 1", 4)
    place = next(part.position_mm for part in compared.measuring.items(second=True) if part.key == handle)
    start = QPoint(*(round(float(v)) for v in pane.geometry_px().to_screen(place)))
    drag(pane, start, start + QPoint(60, 0))
    wait_settled(window)
    moved = compared.session.case.measurements["Region 1"]
    assert moved.image == "PT"
    assert next(reading.value for reading in moved.readings if reading.name == "Mean") < mean.value
    # from the list it is found again, beside the first image
    window.actions_["layout_2x2"].trigger()
    compared.measuring.fly_to("Region 1")
    assert compared.session.view.state.layout == "compare"
    table = {row[2]: row[9] for row in measurement_rows(compared.session.case)}
    assert table["Region 1.mean"].endswith(", PT")


def test_esc_and_the_end_of_a_measurement_put_the_tool_down_on_both_sides(
    compared: CasePage, window: Workstation
) -> None:
    window.actions_["distance"].trigger()
    assert compared.compare.view.state.tool == "distance"
    pane = compared.compare.slices["second_coronal"]
    drag(pane, QPoint(80, 150), QPoint(150, 190))
    assert compared.session.case.measurements["Distance 1"].image == "CT 2"
    assert (compared.session.view.state.tool, compared.compare.view.state.tool) == ("cross", "cross")
    # a brush means the first image only
    compared.session.view.set(tool="mark")
    assert compared.compare.view.state.tool == "cross"
    compared.session.view.set(tool="cross")


def test_no_image_lies_below_the_bar(compared: CasePage, window: Workstation) -> None:
    bar, grid = compared.compare_bar, compared.grid
    for large in (False, True):
        if large:
            compared.session.view.set(maximised="axial")
            wait_settled(window)
        panes = [grid.pane(name).geometry() for name in grid.shown]
        assert len(panes) == (2 if large else 4)
        assert not any(bar.geometry().intersects(place) for place in panes)
        buttons = [*bar.rows.values(), bar.swap, bar.link]
        assert all(bar.rect().contains(button.geometry()) for button in buttons)
        # over the seam between the sides
        assert abs(buttons[0].geometry().united(buttons[-1].geometry()).center().x() - bar.rect().center().x()) <= 2
    compared.session.view.set(maximised="")


def test_rows_are_chosen_sagittal_and_3d_too(compared: CasePage, window: Workstation) -> None:
    bar = compared.compare_bar
    QTest.mouseClick(bar.rows["sagittal"], LEFT)
    QTest.mouseClick(bar.rows["coronal"], LEFT)
    wait_settled(window)
    assert compared.grid.shown == ("axial", "second_axial", "sagittal", "second_sagittal")
    assert compared.compare.slices["second_sagittal"]._content.heading == "CT 2"
    wheel(compared.compare.slices["second_sagittal"], 2)
    assert compared.compare.view.state.cross_mm == compared.session.view.state.cross_mm
    QTest.mouseClick(bar.rows["3d"], LEFT)
    QTest.mouseClick(bar.rows["axial"], LEFT)
    QTest.mouseClick(bar.rows["sagittal"], LEFT)
    wait_settled(window)
    assert compared.grid.shown == ("3d", "second_3d")
    # the last row stays
    assert not bar.rows["3d"].isEnabled()
    scene = compared.compare.scene
    assert scene.content.volume is not None
    assert scene.content.volume.volume.grid.shape_kji == compared.second.volume.grid.shape_kji
    assert (compared.scene.title, scene.title) == ("CT  3D", "CT 2  3D")
    # one camera, from whichever side the hand turns
    for turned, other in ((compared.scene, scene), (scene, compared.scene)):
        before = other.camera()
        drag(turned, turned.rect().center(), turned.rect().center() + QPoint(60, 20))
        wait_settled(window)
        assert other.camera() != before
        assert np.allclose(other.camera().direction, turned.camera().direction)
    QTest.mouseClick(bar.link, LEFT)
    before = scene.camera()
    drag(compared.scene, compared.scene.rect().center(), compared.scene.rect().center() + QPoint(-50, 0))
    assert scene.camera() == before
    window.actions_["layout_2x2"].trigger()
    wait_settled(window)
    assert compared.scene.title == "3D"


def test_the_image_for_3d_goes_when_nobody_looks_at_it_and_comes_back(
    qtbot: QtBot, compared: CasePage, window: Workstation
) -> None:
    (away,) = compared.compare.scene.findChildren(OutOfSight)
    away._timer.setInterval(50)
    QTest.mouseClick(compared.compare_bar.rows["3d"], LEFT)
    wait_settled(window)
    scene = compared.compare.scene
    assert scene.content.volume is not None
    window.actions_["layout_2x2"].trigger()
    wait_settled(window)
    qtbot.waitUntil(lambda: compared.compare._reduced.image is None, timeout=5000)
    assert scene.content.volume is None
    window.actions_["layout_compare"].trigger()
    qtbot.waitUntil(lambda: scene.content.volume is not None, timeout=5000)
    # one that is hidden while the layout stays has it again too
    away._timer.setInterval(0)
    scene.hide()
    qtbot.waitUntil(lambda: scene.content.volume is None, timeout=5000)
    scene.show()
    qtbot.waitUntil(lambda: scene.content.volume is not None, timeout=5000)
    wait_settled(window)


def test_the_second_images_voxels_go_when_no_pane_shows_them_and_come_back(
    qtbot: QtBot, compared: CasePage, window: Workstation
) -> None:
    second, pane = compared.second, compared.compare.slices["second_axial"]
    second._away.setInterval(50)
    assert pane._content.volume is second.volume is not None
    voxels = weakref.ref(second.volume.voxels)
    window.actions_["layout_2x2"].trigger()
    wait_settled(window)
    qtbot.waitUntil(lambda: second.volume is None, timeout=5000)
    compared.compare._reduced.forget()
    gc.collect()
    assert voxels() is None
    window.actions_["layout_compare"].trigger()
    qtbot.waitUntil(lambda: pane._content.volume is not None, timeout=5000)
    wait_settled(window)
    # shown over the first one they stay
    window.actions_["layout_2x2"].trigger()
    second.show_over(True)
    assert not second._away.isActive()
    second.show_over(False)
    assert second._away.isActive()


def test_at_rest_a_case_lets_go_of_what_it_read_and_nobody_holds(
    qtbot: QtBot, page: CasePage, window: Workstation
) -> None:
    (rest,) = page.findChildren(AtRest)
    voxels = weakref.ref(page.session.document.volume("CT 2").voxels)
    gc.collect()
    assert voxels() is not None
    # of a measured vessel
    edge._net(20, 50)
    rest._timer.setInterval(50)
    window.jobs.submit(Job(key="none", title="none", work=lambda progress, cancel: None))
    qtbot.waitUntil(lambda: voxels() is None, timeout=5000)
    assert edge._net.cache_info().currsize == 0


def test_a_while_after_the_last_look_panes_let_go_of_texts_and_draw_them_as_before(
    qtbot: QtBot, page: CasePage, window: Workstation
) -> None:
    (rest,) = page.findChildren(AtRest)
    wait_settled(window)
    pane = page.slices["axial"]
    before, texts = pixels(pane.grab_picture()), pane.picture.texts
    assert texts._kept
    rest._texts.setInterval(50)
    state = page.session.view.state
    page.session.view.set(cross_mm=(state.cross_mm[0] + 5.0, *state.cross_mm[1:]))
    page.session.view.set(cross_mm=state.cross_mm)
    qtbot.waitUntil(lambda: not texts._kept, timeout=5000)
    assert np.array_equal(pixels(pane.grab_picture()), before)


def test_no_timer_of_the_page_lives_as_long_as_the_session(compared: CasePage) -> None:
    """One that did would find a deleted pane a minute after the page went."""
    assert compared.findChildren(OutOfSight)
    assert not compared.session.findChildren(OutOfSight)


def test_what_needs_a_second_series_says_so_where_there_is_one_only(qtbot: QtBot, tmp_path: Path) -> None:
    with make_case(tmp_path / "one.theatrum", body_volume()):
        pass
    window = opened(qtbot, tmp_path / "one.theatrum")
    try:
        action = window.actions_["layout_compare"]
        assert not action.isEnabled()
        assert "one series" in action.toolTip()
        assert not window.page.structures.findChild(QWidget, "second_card").isVisible()
    finally:
        shut(window)


def test_two_phases_of_one_moving_scan_are_compared(qtbot: QtBot, tmp_path: Path) -> None:
    labels = ("0 %", "25 %", "50 %", "75 %")
    with make_moving_case(tmp_path / "beat.theatrum", [body_volume(2.0 * n) for n in range(4)], labels):
        pass
    window = opened(qtbot, tmp_path / "beat.theatrum")
    try:
        page = window.page
        assert page is not None
        assert not page.structures.findChild(QWidget, "second_card").isVisible()
        window.actions_["layout_compare"].trigger()
        wait_settled(window)
        shown = page.compare.panes["second_axial"]._content
        assert shown.volume is not None
        assert shown.volume.phase == "50 %"
        assert page.second.note == ""
        page.second.change(phase=3)
        wait_settled(window)
        assert page.compare.panes["second_axial"]._content.volume.phase == "75 %"
        # the first one's phase is the bar's
        assert page.slices["axial"]._content.volume.phase == "0 %"
        # keys mean the image whose pane the hand is in
        for name, there in (("second_axial", (0, 0)), ("axial", (1, 0))):
            QTest.mouseClick(page.pane(name), LEFT, NONE, page.pane(name).rect().center())
            window.actions_["next_phase"].trigger()
            wait_settled(window)
            assert (page.session.view.state.phase, page.second.state.phase) == there
    finally:
        shut(window)


# over each other


def test_a_second_image_lies_over_the_first_where_it_lies_in_the_patient(page: CasePage, window: Workstation) -> None:
    view, pane = page.session.view, page.slices["axial"]
    view.set(cross_mm=tuple(HOT_MM), show_crosshair=False, hidden=frozenset(page.session.case.structures))
    wait_settled(window)
    plain = pixels(pane.grab_picture())
    page.second.choose("PT")
    wait_settled(window)
    page.second.show_over(True)
    wait_settled(window)
    over = pixels(pane.grab_picture())
    redder = over[..., 2].astype(int) - over[..., 0] - (plain[..., 2].astype(int) - plain[..., 0])
    # the legend of its colours stands at the foot
    rows, columns = np.nonzero(redder[:-60] > 60)
    assert rows.size
    middle = np.array((columns.mean(), rows.mean())) + 0.5
    assert middle == pytest.approx(pane.geometry_px().to_screen(HOT_MM) * pane.devicePixelRatioF(), abs=2.0)
    page.second.change(opacity=0.0)
    wait_settled(window)
    quiet = pixels(pane.grab_picture())
    # only its name is written beside the window
    assert np.array_equal(quiet[60:-60], plain[60:-60])


def test_an_overlay_explains_its_colours_where_there_is_room(page: CasePage, window: Workstation) -> None:
    page.second.choose("PT")
    page.second.show_over(True)
    wait_settled(window)
    page.second.change(window=9.0, level=4.5)
    wait_settled(window)
    over, pane = page.second.item(), page.slices["axial"]
    assert over is not None
    assert ends_text(over) == ("0.0", "9.0")
    picture = QImage(400, 40, QImage.Format.Format_RGB32)
    picture.fill(0)
    painter = QPainter(picture)
    texts, style = TextPainter(pane_look()), TextStyle("#FFFFFF")
    box = draw_over_legend(painter, texts, style, QPointF(10, 20), 300.0, over)
    assert draw_over_legend(painter, texts, style, QPointF(10, 20), 40.0, over) is None
    painter.end()
    assert box is not None
    # from nothing to the map's upper end
    row = [QColor(picture.pixel(round(x), 20)).lightness() for x in (box.left() + 2, box.left() + 32, box.left() + 62)]
    assert row[0] < row[1] < row[2]
    # the pane draws it: without overlays it is gone
    with_it = pixels(pane.grab_picture())
    page.second.change(colors="cool")
    wait_settled(window)
    other = pixels(pane.grab_picture())
    low = slice(with_it.shape[0] - 50, None)
    assert np.any(with_it[low, :200] != other[low, :200])


def test_the_cards_slider_map_and_number_change_the_overlay(page: CasePage, window: Workstation) -> None:
    page.second.choose("PT")
    wait_settled(window)
    card = page.structures.findChild(QWidget, "second_card")
    QTest.mouseClick(button_of(card, "second_eye"), LEFT)
    assert page.second.state.is_over
    QTest.keyClick(card.slider, Qt.Key.Key_Right)
    assert page.second.state.opacity == pytest.approx(0.55)
    field = card.number
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "30")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert page.second.state.opacity == pytest.approx(0.3)
    wait_settled(window)
    first = pixels(page.slices["axial"].grab_picture())
    page.second.change(colors="cool", opacity=0.9)
    wait_settled(window)
    assert not np.array_equal(first, pixels(page.slices["axial"].grab_picture()))
    page.second.change(smooth=False)
    item = page.second.item()
    assert item is not None
    assert not item.smooth


def test_beside_the_first_the_second_image_is_not_said_to_lie_over_it(page: CasePage, window: Workstation) -> None:
    page.second.choose("PT")
    page.second.show_over(True)
    wait_settled(window)
    card, strip = page.structures.findChild(QWidget, "second_card"), window.strip
    assert card._body.isVisible()
    window.actions_["layout_compare"].trigger()
    wait_settled(window)
    assert page.second.item() is None
    assert not page.second.is_over
    eye = button_of(card, "second_eye")
    assert not eye.isEnabled()
    assert "beside each other" in eye.toolTip()
    assert not card._body.isVisible()
    window.actions_["second_over"].trigger()
    assert "beside each other" in strip._text.text()
    # what was over it before is so again
    page.session.view.set(layout="2x2")
    wait_settled(window)
    assert page.second.item() is not None
    assert eye.isEnabled()
    assert "Shift+O" in eye.toolTip()


def test_an_overlay_whose_frame_is_another_says_that_it_is_not_registered(page: CasePage, window: Workstation) -> None:
    page.second.choose("PT")
    page.second.show_over(True)
    wait_settled(window)
    # the first image names no frame of reference
    assert page.second.note == "frame unknown"
    card = page.structures.findChild(QWidget, "second_card")
    assert card._doubt.isVisible()
    assert "coordinates" in card._doubt.toolTip()
    item = page.second.item()
    assert item is not None
    assert item.note == "frame unknown"


def test_a_second_image_leaves_with_undo_and_its_view_with_it(page: CasePage, window: Workstation) -> None:
    page.second.choose("PT")
    page.second.show_over(True)
    wait_settled(window)
    page.second._session.document.undo()
    assert "PT" not in page.session.case.images
    assert page.second.state.image == ""
    assert not page.second.state.is_over
    page.session.document.redo()
    assert "PT" in page.session.case.images


def test_overlay_and_opacities_are_there_when_the_case_is_opened_again(qtbot: QtBot, tmp_path: Path) -> None:
    path = two_series_case(tmp_path / "seen.theatrum")
    window = opened(qtbot, path)
    page = window.page
    assert page is not None
    page.second.choose("PT")
    wait_settled(window)
    page.second.change(is_over=True, opacity=0.7, colors="cool", window=5.0, level=2.5)
    page.session.view.set_opacity(("liver",), 0.25)
    shut(window)
    again = opened(qtbot, path, module="")
    try:
        assert again.page is not None
        second = again.page.second
        assert (second.state.image, second.state.opacity, second.state.colors) == ("PT", 0.7, "cool")
        assert (second.state.window, second.state.level) == (5.0, 2.5)
        assert second.item() is not None
        assert dict(again.page.session.view.state.opacities) == {"liver": 0.25}
    finally:
        shut(again)
