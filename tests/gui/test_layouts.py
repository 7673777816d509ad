"""Where panes lie, two images beside and over each other, panes in windows, the drawer, the list; by real events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cases import add_structures, make_case, make_moving_case
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.case_page import CasePage
from app.launch import make_application
from app.pane_grid import pane_places
from app.settings import Settings, load_settings
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.case.commands import AddImage
from planning.case.model import Image
from planning.dicom.write import write_ct_series
from planning.geometry import Grid
from planning.provenance import Provenance
from planning.volume import Mask, Volume
from viewers.view_state import PaneView, ViewState

pytestmark = pytest.mark.gui
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HOT_MM = np.array((12.0, -9.0, 6.0))
SIZE = (1400, 900)


def _points(grid: Grid) -> np.ndarray:
    return grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T).reshape(*grid.shape_kji, 3)


def _body(shift: float = 0.0) -> Volume:
    grid = Grid.from_parts((64, 60, 40), (1.5, 1.5, 2.0), (-48.0, -45.0, -40.0))
    inside = np.linalg.norm((_points(grid) - (shift, 0, 0)) / (40, 36, 36), axis=-1) <= 1
    voxels = np.where(inside, 60, -1000) + np.random.default_rng(1).normal(0, 10, inside.shape)
    return Volume(grid, voxels.astype(np.int16))


def _tracer() -> Volume:
    """Another grid: coarser, turned about its axis and shifted; one hot spot at HOT_MM."""
    turn = np.radians(20.0)
    direction = np.array(((np.cos(turn), -np.sin(turn), 0), (np.sin(turn), np.cos(turn), 0), (0, 0, 1.0)))
    matrix = np.eye(4)
    matrix[:3, :3] = direction * 3.0
    matrix[:3, 3] = -direction @ (13 * 3.0, 12 * 3.0, 11 * 3.0) + (2.2, 1.1, -0.7)
    grid = Grid((27, 25, 23), matrix)
    values = 9.0 * np.exp(-((np.linalg.norm(_points(grid) - HOT_MM, axis=-1) / 6.0) ** 2))
    return Volume(grid, values.astype(np.float32))


def _ball(grid: Grid, center: tuple[float, float, float], radius: float) -> Mask:
    return Mask.from_full(grid, np.linalg.norm(_points(grid) - center, axis=-1) <= radius)


def _image(reference: object, name: str, modality: str, volume: Volume, quantity: str, **study: str) -> Image:
    return Image(
        name=name,
        modality=modality,
        grid=volume.grid,
        arrays=(reference,),
        quantity=quantity,
        study=study,
        provenance=Provenance("test"),
    )


def two_series_case(path: Path) -> Path:
    first, second, tracer = _body(), _body(4.0), _tracer()
    with make_case(path, first) as document:
        balls = {"liver": ((0, 0, 0), 24.0), "spleen": ((20, 10, 0), 8.0), "tumor_1": ((-8, 2, 3), 6.0)}
        add_structures(document, {name: _ball(first.grid, *ball) for name, ball in balls.items()})
        for name, modality, volume, quantity in (("CT 2", "CT", second, "HU"), ("PT", "PT", tracer, "")):
            document.do(
                AddImage(_image(document.store.put_array(volume.voxels), name, modality, volume, quantity, frame="ab"))
            )
    return path


def _opened(
    qtbot: QtBot | None,
    path: Path,
    settings: Settings | None = None,
    *,
    attended: bool = False,
    module: str = "study",
) -> Workstation:
    make_application(Settings())
    made = Workstation(settings or Settings())
    made.is_attended = attended
    made.resize(*SIZE)
    made.show()
    made.open_paths([path], module=module)
    end = 400
    while made.place != "case" and end:
        QTest.qWait(25)
        end -= 1
    wait_settled(made)
    return made


def _shut(window: Workstation) -> None:
    window.jobs.shutdown()
    window.close_case(show_start=False)
    window.hide()
    window.deleteLater()


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workstation]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THEATRUM_HOME", str(tmp_path_factory.mktemp("layouts")))
        made = _opened(None, two_series_case(tmp_path_factory.mktemp("case") / "two.theatrum"))
        yield made
        _shut(made)


@pytest.fixture(scope="module")
def _begin(window: Workstation) -> tuple[ViewState, int]:
    assert window.page is not None
    return window.page.session.view.state, window.page.session.document.journal_length


@pytest.fixture
def page(window: Workstation, _begin: tuple[ViewState, int]) -> CasePage:
    page = window.page
    assert page is not None
    page.windows.close_all()
    window.windowHandle().requestActivate()
    assert QTest.qWaitForWindowActive(window)
    window.resize(*SIZE)
    while page.session.can_undo and page.session.document.undo_text not in ("Import PT",):
        page.session.undo()
    page.structures.find.clear()
    page.session.view.become(replace(_begin[0], layout="2x2"))
    wait_settled(window)
    return page


def _pixels(picture: QImage) -> np.ndarray:
    shown = picture.convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(shown.constBits(), dtype=np.uint8)
    rows = data.reshape(shown.height(), shown.bytesPerLine())[:, : 4 * shown.width()]
    return rows.reshape(shown.height(), -1, 4).copy()


def _wheel(pane: QWidget, steps: int, keys: Qt.KeyboardModifier = NONE) -> None:
    place = QPointF(pane.rect().center())
    event = QWheelEvent(
        place, pane.mapToGlobal(place), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(pane, event)


def _drag(widget: QWidget, start: QPoint, end: QPoint, button: Qt.MouseButton = LEFT) -> None:
    QTest.mousePress(widget, button, NONE, start)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(widget, start + (end - start) * share)
        QTest.qWait(5)
    QTest.mouseRelease(widget, button, NONE, end)


def _button(parent: QWidget, name: str) -> QAbstractButton:
    found = parent.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


# two series beside each other


@pytest.fixture
def compared(page: CasePage, window: Workstation) -> CasePage:
    page.second.choose("CT 2")
    window.actions_["layout_compare"].trigger()
    wait_settled(window)
    return page


def test_two_columns_show_both_series_with_before_and_after(compared: CasePage) -> None:
    assert compared.grid.shown == ("axial", "second_axial", "coronal", "second_coronal")
    first, second = compared.slices["axial"], compared.compare.panes["second_axial"]
    assert first.geometry().right() < second.geometry().left()
    assert first.geometry().top() == second.geometry().top()
    assert first._content.heading.startswith("Before")
    assert second._content.heading == "After  CT 2"
    assert second.grid is not None
    assert "After" not in first._content.heading
    # drawn on the second too: both lie in one frame of reference
    assert bool(second._content.labels) == (compared.second.note == "")


@pytest.mark.parametrize("name", ["axial", "second_axial"])
def test_slices_of_both_follow_by_place(compared: CasePage, window: Workstation, name: str) -> None:
    view, other = compared.session.view, compared.compare.view
    before = view.state.cross_mm
    _wheel(compared.pane(name), 2)
    assert view.state.cross_mm != before
    assert view.state.cross_mm == other.state.cross_mm
    pane = compared.pane(name)
    _wheel(pane, 1, CONTROL)
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
    _wheel(compared.compare.panes["second_axial"], 3)
    assert compared.session.view.state.cross_mm == before
    assert compared.compare.view.state.cross_mm != before
    QTest.mouseClick(compared.compare_bar.link, LEFT)
    assert compared.compare.view.state.cross_mm == before
    window.actions_["link_views"].trigger()
    assert not compared.compare.linked


def test_sides_are_swapped_and_the_left_one_is_before(compared: CasePage, window: Workstation) -> None:
    QTest.mouseClick(compared.compare_bar.swap, LEFT)
    wait_settled(window)
    assert compared.grid.shown[:2] == ("second_axial", "axial")
    assert compared.slices["axial"].x() > compared.compare.panes["second_axial"].x()
    assert compared.compare.panes["second_axial"]._content.heading == "Before  CT 2"


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


def test_a_measure_tool_never_lands_on_the_second_image(compared: CasePage, window: Workstation) -> None:
    window.actions_["distance"].trigger()
    before = len(compared.session.case.measurements)
    pane = compared.compare.panes["second_axial"]
    _drag(pane, QPoint(80, 150), QPoint(150, 190))
    assert len(compared.session.case.measurements) == before
    compared.session.view.set(tool="cross")


def test_what_needs_a_second_series_says_so_where_there_is_one_only(qtbot: QtBot, tmp_path: Path) -> None:
    with make_case(tmp_path / "one.theatrum", _body()):
        pass
    window = _opened(qtbot, tmp_path / "one.theatrum")
    try:
        action = window.actions_["layout_compare"]
        assert not action.isEnabled()
        assert "one series" in action.toolTip()
        assert not window.page.structures.findChild(QWidget, "second_card").isVisible()
    finally:
        _shut(window)


def test_two_phases_of_one_moving_scan_are_compared(qtbot: QtBot, tmp_path: Path) -> None:
    labels = ("0 %", "25 %", "50 %", "75 %")
    with make_moving_case(tmp_path / "beat.theatrum", [_body(2.0 * n) for n in range(4)], labels):
        pass
    window = _opened(qtbot, tmp_path / "beat.theatrum")
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
    finally:
        _shut(window)


# over each other


def test_a_second_image_lies_over_the_first_where_it_lies_in_the_patient(page: CasePage, window: Workstation) -> None:
    view, pane = page.session.view, page.slices["axial"]
    view.set(cross_mm=tuple(HOT_MM), show_crosshair=False, hidden=frozenset(page.session.case.structures))
    wait_settled(window)
    plain = _pixels(pane.grab_picture())
    page.second.choose("PT")
    wait_settled(window)
    page.second.show_over(True)
    wait_settled(window)
    over = _pixels(pane.grab_picture())
    redder = over[..., 2].astype(int) - over[..., 0] - (plain[..., 2].astype(int) - plain[..., 0])
    rows, columns = np.nonzero(redder > 60)
    assert rows.size
    middle = np.array((columns.mean(), rows.mean())) + 0.5
    assert middle == pytest.approx(pane.geometry_px().to_screen(HOT_MM) * pane.devicePixelRatioF(), abs=2.0)
    page.second.change(opacity=0.0)
    wait_settled(window)
    quiet = _pixels(pane.grab_picture())
    # only its name is written beside the window
    assert np.array_equal(quiet[60:-60], plain[60:-60])


def test_the_cards_slider_map_and_number_change_the_overlay(page: CasePage, window: Workstation) -> None:
    page.second.choose("PT")
    wait_settled(window)
    card = page.structures.findChild(QWidget, "second_card")
    QTest.mouseClick(_button(card, "second_eye"), LEFT)
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
    first = _pixels(page.slices["axial"].grab_picture())
    page.second.change(colors="cool", opacity=0.9)
    wait_settled(window)
    assert not np.array_equal(first, _pixels(page.slices["axial"].grab_picture()))
    page.second.change(smooth=False)
    item = page.second.item()
    assert item is not None
    assert not item.smooth


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
    window = _opened(qtbot, path)
    page = window.page
    assert page is not None
    page.second.choose("PT")
    wait_settled(window)
    page.second.change(is_over=True, opacity=0.7, colors="cool", window=5.0, level=2.5)
    page.session.view.set_opacity(("liver",), 0.25)
    _shut(window)
    again = _opened(qtbot, path, module="")
    try:
        assert again.page is not None
        second = again.page.second
        assert (second.state.image, second.state.opacity, second.state.colors) == ("PT", 0.7, "cool")
        assert (second.state.window, second.state.level) == (5.0, 2.5)
        assert second.item() is not None
        assert dict(again.page.session.view.state.opacities) == {"liver": 0.25}
    finally:
        _shut(again)


# panes in windows of their own


def test_a_pane_goes_into_a_window_and_esc_brings_it_back_as_it_was(page: CasePage, window: Workstation) -> None:
    view = page.session.view
    view.set(active="coronal", cross_mm=(3.0, 4.0, 2.0))
    page.slices["coronal"].setFocus()
    window.actions_["pane_window"].trigger()
    wait_settled(window)
    out = page.windows.window_of("coronal")
    assert out is not None
    assert page.slices["coronal"].window() is out
    assert out.isVisible()
    assert "coronal" not in page.grid.shown
    assert page.grid.shown == ("axial", "3d", "sagittal")
    assert "Theatrum" in out.windowTitle()
    # the hand and the keys work there
    _wheel(page.slices["coronal"], 1)
    moved = view.state.cross_mm
    assert moved != (3.0, 4.0, 2.0)
    QTest.keyClick(page.slices["coronal"], Qt.Key.Key_Escape)
    wait_settled(window)
    assert page.slices["coronal"].window() is window
    assert page.grid.shown == ("axial", "3d", "coronal", "sagittal")
    assert view.state.cross_mm == moved


def test_the_3d_pane_goes_out_and_back_and_still_draws(page: CasePage, window: Workstation) -> None:
    page.windows.take_out("3d")
    wait_settled(window)
    assert _pixels(page.scene.grab_picture())[..., :3].std() > 5
    out = page.windows.window_of("3d")
    assert out is not None
    out.close()
    wait_settled(window)
    assert page.scene.window() is window
    assert _pixels(page.scene.grab_picture())[..., :3].std() > 5


def test_a_drag_of_the_title_out_of_the_pane_takes_it_out_and_a_click_there_does_not(
    page: CasePage, window: Workstation
) -> None:
    pane = page.slices["sagittal"]
    title = QPoint(40, 14)
    QTest.mouseClick(pane, LEFT, NONE, title)
    _drag(pane, title, QPoint(60, 20))
    assert page.windows.out == ()
    before = page.session.view.state.cross_mm
    _drag(pane, title, QPoint(-200, 14))
    assert page.windows.out == ("sagittal",)
    assert page.session.view.state.cross_mm == before


def test_where_a_window_stood_is_where_it_opens_again(page: CasePage, window: Workstation) -> None:
    page.windows.take_out("axial")
    out = page.windows.window_of("axial")
    assert out is not None
    out.setGeometry(300, 200, 640, 500)
    QTest.qWait(50)
    place = page.windows.places["axial"]
    out.close()
    page.windows.take_out("axial")
    assert page.windows.places["axial"] == place


def test_all_panes_out_leaves_words_and_not_a_hole(page: CasePage, window: Workstation) -> None:
    for name in ("axial", "coronal", "sagittal", "3d"):
        page.windows.take_out(name)
    assert page.grid.shown == ()
    assert page.grid._nothing.isVisible()


def test_esc_in_a_panes_window_leaves_the_tool_first(page: CasePage, window: Workstation) -> None:
    page.windows.take_out("axial")
    out = page.windows.window_of("axial")
    assert out is not None
    QTest.qWait(100)
    out.windowHandle().requestActivate()
    qtbot_wait(lambda: QApplication.activeWindow() is out)
    page.slices["axial"].setFocus()
    # keys of the window's actions work there too
    QTest.keyClick(page.slices["axial"], Qt.Key.Key_D)
    assert page.session.view.state.tool == "distance"
    QTest.keyClick(page.slices["axial"], Qt.Key.Key_Escape)
    assert page.session.view.state.tool == "cross"
    assert page.windows.out == ("axial",)
    QTest.keyClick(page.slices["axial"], Qt.Key.Key_Escape)
    assert page.windows.out == ()


def test_where_a_compared_pane_would_stand_are_words(compared: CasePage, window: Workstation) -> None:
    place = compared.slices["coronal"].geometry()
    compared.windows.take_out("coronal")
    assert "coronal" not in compared.grid.shown
    assert compared.grid._nothing.isVisible()
    assert place.contains(compared.grid._nothing.geometry())


def test_places_fill_the_grid_whatever_is_out() -> None:
    state = ViewState()
    for away in ((), ("axial",), ("axial", "3d"), ("axial", "3d", "coronal")):
        for layout in ("2x2", "1+3"):
            places = pane_places(replace(state, layout=layout), 900, 700, away=frozenset(away))
            assert len(places) == 4 - len(away)
            area = sum(rect.width() * rect.height() for rect in places.values())
            assert area > 0.98 * 900 * 700


# maximising


@pytest.mark.parametrize("name", ["axial", "sagittal", "3d"])
def test_planes_crosshair_and_tool_survive_one_up(page: CasePage, window: Workstation, name: str) -> None:
    view = page.session.view
    view.become(view.state.with_turn("axial", np.radians(12.0)))
    view.set(cross_mm=(5.0, -3.0, 4.0), show_crosshair=True, panes={"coronal": PaneView((5.0, -3.0, 4.0), 0.3)})
    before = view.state
    page.toggle_maximised(name)
    wait_settled(window)
    assert page.grid.shown == (name,)
    page.toggle_maximised(name)
    wait_settled(window)
    after = view.state
    assert (after.frame, after.turns, after.cross_mm, after.panes) == (
        before.frame,
        before.turns,
        before.cross_mm,
        before.panes,
    )
    assert after.show_crosshair
    assert after.tool == before.tool
    for pane in page.slices.values():
        assert pane._cross_lines()


# the drawer


def test_a_narrow_window_has_its_list_in_a_drawer_over_the_panes(page: CasePage, window: Workstation) -> None:
    window.resize(1150, 760)
    wait_settled(window)
    assert not page.left.isVisible()
    panes = page.grid.geometry(), page.grid.mapToGlobal(QPoint())
    window.actions_["left_panel"].trigger()
    QTest.qWait(20)
    assert page.left.isVisible()
    assert (page.grid.geometry(), page.grid.mapToGlobal(QPoint())) == panes
    assert page.left.mapToGlobal(QPoint()).x() == panes[1].x()
    assert window.focusWidget() is page.structures.list
    QTest.mouseClick(page.slices["sagittal"], LEFT, NONE, page.slices["sagittal"].rect().center())
    assert not page.left.isVisible()
    window.actions_["left_panel"].trigger()
    QTest.keyClick(page.structures.list, Qt.Key.Key_Escape)
    assert not page.left.isVisible()
    window.resize(*SIZE)
    wait_settled(window)
    assert page.left.isVisible()
    assert page.left.geometry().right() < page.grid.mapTo(page, QPoint()).x()


def test_panels_are_hidden_and_shown_by_their_actions(page: CasePage, window: Workstation) -> None:
    width = page.grid.width()
    window.actions_["left_panel"].trigger()
    QTest.qWait(20)
    assert page.grid.width() > width
    window.actions_["right_panel"].trigger()
    QTest.qWait(20)
    assert not page.right.isVisible()
    for name in ("left_panel", "right_panel"):
        window.actions_[name].trigger()
    QTest.qWait(20)
    assert page.grid.width() == width
    window.actions_["image_only"].trigger()
    assert not page.rail.isVisible()
    assert not window.top.isVisible()
    window.actions_["image_only"].trigger()
    assert page.rail.isVisible()


def test_with_every_pane_in_a_window_keys_and_steps_find_nothing_to_go_to(
    page: CasePage, window: Workstation, qtbot: QtBot
) -> None:
    for name in tuple(page.grid.shown):
        page.windows.take_out(name)
    assert page.grid.shown == ()
    active = page.session.view.state.active
    window.actions_["next_pane"].trigger()
    page._scene_changed(page.module)
    assert page.session.view.state.active == active
    page.windows.close_all()
    qtbot.waitUntil(lambda: len(page.grid.shown) == 4)


# what is remembered


def test_layout_widths_place_and_panes_in_windows_are_there_again(qtbot: QtBot, tmp_path: Path) -> None:
    path = two_series_case(tmp_path / "kept.theatrum")
    window = _opened(qtbot, path, attended=True)
    page = window.page
    assert page is not None
    window.setGeometry(60, 40, 1300, 860)
    window.actions_["layout_1+3"].trigger()
    handle = page.sides.splitter.handle(1)
    _drag(handle, QPoint(0, 200), QPoint(60, 200))
    widths = page.sides.widths
    assert widths is not None
    assert widths[0] > 256
    page.windows.take_out("3d")
    QTest.qWait(50)
    place = window.geometry()
    window.close()
    window.deleteLater()
    kept = load_settings()
    assert kept.window.layout == "1+3"
    again = _opened(qtbot, path, kept, attended=True)
    try:
        assert again.page is not None
        assert again.page.session.view.state.layout == "1+3"
        assert again.page.sides.widths == widths
        assert abs(again.page.left.width() - widths[0]) <= 1
        assert again.page.windows.out == ("3d",)
        again.put_back()
        assert again.geometry() == place
    finally:
        _shut(again)


def test_a_window_is_never_put_where_no_screen_shows_it(qtbot: QtBot) -> None:
    make_application(Settings())
    settings = Settings.model_validate({"window": {"place": (90_000, 90_000, 900, 700)}})
    window = Workstation(settings)
    qtbot.addWidget(window)
    before = window.geometry()
    window.put_back()
    assert window.geometry() == before
    window.jobs.shutdown()


# the list


def _row(page: CasePage, key: str) -> QPoint:
    rows = page.structures.list
    number = next(n for n, row in enumerate(rows.rows.rows) if row.key == key)
    return rows.visualRect(rows.rows.index(number)).center() + QPoint(20, 0)


def _click(page: CasePage, key: str, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(page.structures.list.viewport(), LEFT, keys, _row(page, key))


def test_several_are_chosen_hidden_made_clear_and_deleted_in_one_step(page: CasePage, window: Workstation) -> None:
    _click(page, "liver")
    _click(page, "spleen", CONTROL)
    assert set(page.structures.chosen) == {"liver", "spleen"}
    QTest.keyClick(page.structures.list, Qt.Key.Key_Space)
    assert page.session.view.state.hidden == {"liver", "spleen"}
    assert set(page.structures.chosen) == {"liver", "spleen"}
    QTest.keyClick(page.structures.list, Qt.Key.Key_Space)
    assert not page.session.view.state.hidden
    page.structures.bar.slider.setValue(40)
    assert dict(page.session.view.state.opacities) == {"liver": 0.4, "spleen": 0.4}
    wait_settled(window)
    surfaces = {item.key: item.opacity for item in page.scene._content.surfaces}
    assert surfaces["liver"] == pytest.approx(0.4)
    assert surfaces["tumor_1"] == 1.0
    page.structures.list.setFocus()
    QTest.keyClick(page.structures.list, Qt.Key.Key_Delete)
    assert set(page.session.case.structures) == {"tumor_1"}
    page.session.undo()
    assert set(page.session.case.structures) == {"liver", "spleen", "tumor_1"}


def test_a_locked_structure_shows_its_lock_and_is_not_deleted(page: CasePage, window: Workstation) -> None:
    _click(page, "spleen")
    QTest.mouseClick(page.structures.bar.lock, LEFT)
    assert page.session.case.structures["spleen"].locked
    assert next(row for row in page.structures.list.rows.rows if row.key == "spleen").locked
    assert not page.structures.bar.delete.isEnabled()
    assert "unlock" in page.structures.bar.delete.toolTip().lower()
    window.actions_["delete"].trigger()
    assert "spleen" in page.session.case.structures
    assert "locked" in window.strip._text.text()
    window.actions_["lock"].trigger()
    assert not page.session.case.structures["spleen"].locked


def test_f2_names_a_structure_in_its_row(page: CasePage, window: Workstation) -> None:
    _click(page, "spleen")
    page.structures.list.setFocus()
    window.actions_["rename"].trigger()
    editor = page.structures.list.findChild(QLineEdit, "row_name")
    assert editor is not None
    assert editor.text() == "spleen"
    QTest.keyClicks(editor, "left one")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot_wait(lambda: "left one" in page.session.case.structures)
    assert "left one" in page.session.case.structures
    assert page.session.view.state.selected == "left one"
    window.actions_["rename"].trigger()
    editor = page.structures.list.findChild(QLineEdit, "row_name")
    QTest.keyClicks(editor, "never")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    QTest.qWait(20)
    assert "left one" in page.session.case.structures
    assert "never" not in page.session.case.structures


def test_solo_is_for_all_chosen_and_brings_the_others_back(page: CasePage, window: Workstation) -> None:
    _click(page, "liver")
    _click(page, "tumor_1", CONTROL)
    QTest.mouseClick(page.structures.bar.solo, LEFT)
    assert page.session.view.state.hidden == {"spleen"}
    window.actions_["solo"].trigger()
    assert not page.session.view.state.hidden


def test_solo_shows_what_was_hidden_and_gives_back_what_was_hidden_before(page: CasePage, window: Workstation) -> None:
    view, solo = page.session.view, window.actions_["solo"]
    view.set(hidden=frozenset({"spleen"}))
    for name in ("spleen", "liver", "tumor_1"):
        _click(page, name)
        solo.trigger()
        assert view.state.hidden == {"liver", "spleen", "tumor_1"} - {name}
    solo.trigger()
    assert view.state.hidden == {"spleen"}


def test_the_search_field_leads_into_the_list_by_keys(page: CasePage, window: Workstation) -> None:
    field = page.structures.find
    field.setFocus()
    QTest.keyClicks(field, "spl")
    assert [row.key for row in page.structures.list.rows.rows if row.kind == "structure"] == ["spleen"]
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert window.focusWidget() is page.structures.list
    assert page.session.view.state.selected == "spleen"
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_showing_and_hiding_meshes_nothing_and_what_is_hidden_is_never_meshed(qtbot: QtBot, tmp_path: Path) -> None:
    path = two_series_case(tmp_path / "mesh.theatrum")
    window = _opened(qtbot, path)
    try:
        page = window.page
        assert page is not None
        meshed: list[str] = []
        window.jobs.finished.connect(lambda state: meshed.append(state.job.key) if "mesh" in state.job.key else None)
        page.session.view.set(hidden=frozenset({"spleen"}))
        wait_settled(window)
        for _ in range(3):
            page.session.view.toggle_hidden("liver")
            wait_settled(window)
        assert meshed == []
        # one that is hidden when it comes waits for the eye
        page.session.view.set(hidden=frozenset({"spleen", "late"}))
        grid = page.session.case.images["CT"].grid
        add_structures(page.session.document, {"late": _ball(grid, (10, 0, 5), 7.0)})
        wait_settled(window)
        assert meshed == []
        page.session.view.toggle_hidden("late")
        wait_settled(window)
        assert len(meshed) == 1
    finally:
        _shut(window)


def test_an_empty_list_offers_ways_to_begin(qtbot: QtBot, tmp_path: Path) -> None:
    with make_case(tmp_path / "bare.theatrum", _body()):
        pass
    window = _opened(qtbot, tmp_path / "bare.theatrum")
    try:
        page = window.page
        assert page is not None
        buttons = [_button(page.structures, name) for name in ("empty_find_structures", "empty_paint")]
        assert all(button.isVisible() for button in buttons)
        QTest.mouseClick(buttons[1], LEFT)
        assert page.module == "segment"
        page.show_module("study")
        QTest.mouseClick(_button(page.structures, "empty_find_structures"), LEFT)
        assert page.module == "segment"
        page.structures.find.setText("xyz")
        assert page.structures._empty_text.text() == "Nothing matches “xyz”."
    finally:
        _shut(window)


# one more series


def _drop(widget: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place, copy = QPointF(widget.rect().center()), Qt.DropAction.CopyAction
    entering = QDragEnterEvent(place.toPoint(), copy, data, LEFT, NONE)
    QApplication.sendEvent(widget, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(place, copy, data, LEFT, NONE))


def test_a_folder_dropped_on_an_open_case_can_join_it(page: CasePage, window: Workstation, tmp_path: Path) -> None:
    write_ct_series(_body(9.0), tmp_path / "scan", description="late", label="DOE JANE")
    page.windows.take_out("axial")
    out = page.windows.window_of("axial")
    assert out is not None
    # wherever it is dropped
    _drop(out, tmp_path / "scan")
    qtbot_wait(lambda: window.browser.has_scan and not window.jobs.active)
    button = _button(window.browser, "add_to_case")
    assert button.isVisible()
    assert button.text() == f"Add to {page.session.label}"
    QTest.mouseClick(button, LEFT)
    qtbot_wait(lambda: window.place == "case" and "CT 3" in page.session.case.images)
    assert page.second.state.image == "CT 3"
    assert next(iter(page.session.case.images)) == "CT"
    assert b"DOE" not in page.session.path.read_bytes()
    QTest.mouseClick(window.strip._action, LEFT)
    wait_settled(window)
    assert page.session.view.state.layout == "compare"
    page.session.undo()
    assert "CT 3" not in page.session.case.images


def test_a_field_never_takes_the_files_that_are_dropped_on_it(page: CasePage, window: Workstation) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/scan")])
    page.structures.find.setAcceptDrops(True)
    entering = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, LEFT, NONE)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    assert not page.structures.find.acceptDrops()


def test_adding_offers_only_to_add_and_enter_does_it(page: CasePage, window: Workstation, tmp_path: Path) -> None:
    write_ct_series(_body(7.0), tmp_path / "scan", description="late")
    window.look_for_series([tmp_path / "scan"], adding=True)
    qtbot_wait(lambda: window.browser.has_scan and not window.jobs.active)
    assert not _button(window.browser, "open_series").isVisible()
    QTest.keyClick(window.browser.list, Qt.Key.Key_Return)
    qtbot_wait(lambda: window.place == "case" and "CT 3" in page.session.case.images)
    page.session.undo()


def qtbot_wait(done, tries: int = 800) -> None:
    while not done():
        QTest.qWait(25)
        tries -= 1
        assert tries, "nothing happened"
