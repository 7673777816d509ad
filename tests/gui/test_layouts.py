"""Where panes and panels lie, what survives one-up, the drawer, and what is remembered; by real events."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot
from two_series import LEFT, NONE, SIZE, drag, opened, shut, two_series_case

from app.case_page import CasePage
from app.launch import make_application
from app.pane_grid import LEAST_MAP_PX, Arrangement, pane_places
from app.panes.look import pane_look
from app.settings import Settings, load_settings
from app.window_states import wait_settled, wait_until
from app.workstation import Workstation
from viewers.pane_look import TextPainter
from viewers.slice_pane import SlicePane
from viewers.view_state import PaneView, ViewModel, ViewState

pytestmark = pytest.mark.gui


def test_places_fill_the_grid_whatever_is_out() -> None:
    state = ViewState()
    every = ("axial", "3d", "coronal", "sagittal")
    for layout in ("2x2", "1+3", "3d"):
        assert pane_places(replace(state, layout=layout), 900, 700, away=frozenset(every)) == {}
    for away in ((), ("axial",), ("axial", "3d"), ("axial", "3d", "coronal")):
        for layout in ("2x2", "1+3"):
            places = pane_places(replace(state, layout=layout), 900, 700, away=frozenset(away))
            assert len(places) == 4 - len(away)
            area = sum(rect.width() * rect.height() for rect in places.values())
            assert area > 0.98 * 900 * 700


@pytest.mark.parametrize(("width", "seen"), [(900, ("table", "chart")), (700, ("table",))])
def test_table_and_chart_of_compared_plans_are_tabs_where_it_is_narrow(width: int, seen: tuple[str, ...]) -> None:
    panes = ("plan_0", "plan_1", "flat_0", "flat_1", "table", "chart")
    compared = Arrangement(panes, "compare")
    places = pane_places(ViewState(), width, 620, compared)
    assert tuple(name for name in ("table", "chart") if name in places) == seen
    for one, other in itertools.combinations(places.values(), 2):
        assert not one.intersects(other)
    chosen = pane_places(ViewState(), width, 620, compared, tab="chart")
    assert "chart" in chosen
    assert (chosen["chart"] == places["table"]) == (len(seen) == 1)


def test_maps_too_low_to_show_anything_are_a_tab_with_the_height_of_the_table() -> None:
    panes = ("plan_0", "plan_1", "plan_2", "flat_0", "flat_1", "flat_2", "table", "chart")
    compared = Arrangement(panes, "compare")
    table = pane_places(ViewState(), 700, 620, compared)
    assert tuple(table) == ("plan_0", "plan_1", "plan_2", "table")
    maps = pane_places(ViewState(), 700, 620, compared, tab="flat_0")
    assert tuple(name for name in maps if not name.startswith("plan")) == ("flat_0", "flat_1", "flat_2")
    for name in ("flat_0", "flat_1", "flat_2"):
        assert maps[name].height() == table["table"].height() > 2 * LEAST_MAP_PX
        assert maps[name].top() == table["table"].top()
    high = pane_places(ViewState(), 700, 900, compared)
    assert {"flat_0", "flat_1", "flat_2", "table"} <= set(high)
    assert high["flat_0"].height() >= LEAST_MAP_PX


def _words_of(pane: SlicePane, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, QRectF]]:
    """What a pane writes round its image, and where."""
    written: list[tuple[str, QRectF]] = []
    draw = TextPainter.draw

    def noted(self: TextPainter, painter: QPainter, place: QPointF, text: str, *rest: object) -> QRectF:
        box = draw(self, painter, place, text, *rest)
        written.append((text, box))
        return box

    with monkeypatch.context() as patch:
        patch.setattr(TextPainter, "draw", noted)
        pane.grab_picture()
    return written


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("size", [(180, 190), (230, 220), (340, 340)])
def test_words_round_a_small_turned_pane_keep_clear_of_each_other(
    page: CasePage, window: Workstation, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], scale: float
) -> None:
    page.second.choose("PT")
    page.second.show_over(True)
    wait_settled(window)
    state = page.session.view.state.with_turn("axial", np.radians(30.0)).with_slab("axial", 10.0)
    pane = SlicePane("axial", ViewModel(state), replace(pane_look(), text_scale=scale))
    pane.resize(*size)
    pane.set_content(page.slices["axial"]._content)
    pane.show()
    written = _words_of(pane, monkeypatch)
    # numbers, ruler, window and all four sides of the patient
    assert len(written) >= 8
    for (one, box), (other, beside) in itertools.combinations(written, 2):
        shared = box.adjusted(1, 2, -1, -2).intersected(beside.adjusted(1, 2, -1, -2))
        assert not shared.isValid() or shared.isEmpty(), (one, box, other, beside)
    pane.close()


def test_a_turned_panes_cube_leaves_small_panes_and_handles_alone(page: CasePage) -> None:
    view = ViewModel(page.session.view.state.with_turn("axial", np.radians(30.0)))
    pane = SlicePane("coronal", view, pane_look())
    pane.set_content(page.slices["coronal"]._content)
    pane.resize(500, 500)
    large = pane.geometry_px()
    place = pane.picture.chrome.cube_place(large, [])
    assert place is not None
    assert pane.picture.chrome.cube_place(large, [place + 12.0]) is None
    assert pane.picture.chrome.cube_place(large, [place - 60.0]) is not None
    pane.resize(200, 500)
    assert pane.picture.chrome.cube_place(pane.geometry_px(), []) is None


def test_a_table_below_panes_obeys_the_layout() -> None:
    listed = Arrangement(("axial", "3d", "found"), "table")
    assert tuple(pane_places(ViewState(layout="3d"), 900, 700, listed)) == ("3d",)
    # two compared plans leave that layout by its button
    assert set(pane_places(ViewState(layout="3d"), 900, 700, replace(listed, kind="pair"))) == set(listed.panes)


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
        assert pane.cross_lines()


def test_a_double_tap_after_a_turn_maximises_and_the_turn_stays(page: CasePage, window: Workstation) -> None:
    pane = page.slices["axial"]
    pane.setFocus()
    handle = next(place for line in pane.cross_lines() for place in line.handles(pane.geometry_px()))
    start = QPoint(*(round(float(v)) for v in handle))
    drag(pane, start, start + QPoint(60, 40))
    turns = dict(page.session.view.state.turns)
    assert turns
    # a finger comes down elsewhere without having pointed there: what it held before is not meant
    QTest.mouseDClick(pane, LEFT, NONE, QPoint(25, pane.height() // 3))
    assert page.session.view.state.maximised == "axial"
    assert dict(page.session.view.state.turns) == turns


def test_a_presets_name_gives_way_to_its_sign(page: CasePage, window: Workstation) -> None:
    button = window.top.preset
    button.show_name("Automatic")
    button.resize(button.sizeHint())
    assert button.text().strip() == "Automatic"
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    button.resize(button.sizeHint().width() - 24, button.height())
    assert button.text().strip().startswith("Aut")
    assert button.text().endswith("\u2026")
    button.resize(button.minimumSizeHint())
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly


def test_the_list_is_as_wide_as_before_once_the_text_is_small_again(page: CasePage, window: Workstation) -> None:
    before = window.settings
    try:
        window.resize(1280, 800)
        wait_settled(window)
        widths = page.left.width(), page.right.width()
        window.apply_settings(before.model_copy(update={"text_scale_percent": 150}))
        wait_settled(window)
        assert page.sides.drawer.is_over, "else nothing comes back"
        window.apply_settings(before)
        wait_settled(window)
        assert (page.left.width(), page.right.width()) == widths
    finally:
        window.apply_settings(before)
        window.resize(*SIZE)


def test_the_top_bars_buttons_keep_apart_at_large_text_in_the_least_window(page: CasePage, window: Workstation) -> None:
    before = window.settings
    window.apply_settings(before.model_copy(update={"text_scale_percent": 150}))
    try:
        window.resize(1120, 700)
        wait_settled(window)
        shown = [button for button in window.top.findChildren(QAbstractButton) if button.isVisible()]
        places = {button.objectName(): QRect(button.mapTo(window.top, QPoint()), button.size()) for button in shown}
        assert {"layout_compare", "search_field", "preset_button"} <= {name.removeprefix("button_") for name in places}
        for (one, place), (other, beside) in itertools.combinations(places.items(), 2):
            assert not place.intersects(beside), (one, other)
        assert all(window.top.rect().contains(place) for place in places.values())
        research = window.top.findChild(QWidget, "research_use_only")
        assert research.width() >= research.sizeHint().width()
    finally:
        window.apply_settings(before)


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
    # no number is shown without its "Research use only"
    assert window.foot.isVisible()
    assert window.foot.words.text().startswith("Research use only")
    window.actions_["image_only"].trigger()
    assert page.rail.isVisible()
    assert not window.foot.isVisible()


def test_who_closes_a_case_that_showed_only_images_finds_the_bar_at_the_top_again(
    page: CasePage, window: Workstation
) -> None:
    path = page.session.path
    window.actions_["image_only"].trigger()
    assert not window.top.isVisible()
    window.close_case()
    assert window.top.isVisible()
    assert window.strip.isVisible()
    assert not window.foot.isVisible()
    window.open_paths([path])
    wait_until(lambda: window.page is not None and window.place == "case", "opening", 20.0)
    wait_settled(window)
    assert window.page is not None
    assert window.page.rail.isVisible()
    # the first time that it is asked for it does what it says
    window.actions_["image_only"].trigger()
    assert not window.top.isVisible()
    window.actions_["image_only"].trigger()


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
    window = opened(qtbot, path, attended=True)
    page = window.page
    assert page is not None
    window.setGeometry(60, 40, 1300, 860)
    window.actions_["layout_1+3"].trigger()
    handle = page.sides.splitter.handle(1)
    drag(handle, QPoint(0, 200), QPoint(60, 200))
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
    again = opened(qtbot, path, kept, attended=True)
    try:
        assert again.page is not None
        assert again.page.session.view.state.layout == "1+3"
        assert again.page.sides.widths == widths
        assert abs(again.page.left.width() - widths[0]) <= 1
        assert again.page.windows.out == ("3d",)
        again.put_back()
        assert again.geometry() == place
    finally:
        shut(again)


def test_a_window_is_never_put_where_no_screen_shows_it(qtbot: QtBot) -> None:
    make_application(Settings())
    settings = Settings.model_validate({"window": {"place": (90_000, 90_000, 900, 700)}})
    window = Workstation(settings)
    qtbot.addWidget(window)
    before = window.geometry()
    window.put_back()
    assert window.geometry() == before
    window.jobs.shutdown()
