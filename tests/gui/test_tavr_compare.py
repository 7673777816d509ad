"""Two TAVR plans beside each other in the real window: both drawn, their differences, rows that lead there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from two_series import LEFT, NONE, opened, shut

from app.case_page import CasePage
from app.panels.heart import HeartPanel
from app.panels.liver.plan_card import PlanCard
from app.panes.compare_pane import ComparePane
from app.theme.tokens import PLANS
from app.window_states import wait_settled
from app.workstation import Workstation
from planning.case.commands import SetPlan
from planning.case.tavr_plans import tavr_record
from planning.phantoms.cardiac import cardiac_phantom
from planning.tavr.inputs import TavrInputs
from viewers.overlay import ContourItem

pytestmark = pytest.mark.gui


def _case(path: Path) -> Path:
    phantom = cardiac_phantom(root_only=True)
    with make_case(path, phantom.volume) as document:
        true = phantom.truth.hinges_mm
        tilted = np.array(true)
        tilted[0] += (0.0, 0.0, 3.0)
        for name, hinges in (("tavr", true), ("tavr 2", tilted)):
            document.do(SetPlan(tavr_record(document, name, TavrInputs(hinges_mm=hinges), parts=frozenset())))
    return path


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workstation]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THEATRUM_HOME", str(tmp_path_factory.mktemp("home")))
        made = opened(None, _case(tmp_path_factory.mktemp("case") / "heart.theatrum"), module="heart")
        yield made
        shut(made)


@pytest.fixture
def page(window: Workstation) -> CasePage:
    """The comparison, by its button."""
    page = window.page
    assert page is not None
    _panel(page).compare_plans(False)
    _panel(page).choose_plan("tavr")
    window.actions_["layout_compare"].trigger()
    wait_settled(window)
    return page


def _panel(page: CasePage) -> HeartPanel:
    panel = page.panel("heart")
    assert isinstance(panel, HeartPanel)
    return panel


def _table(page: CasePage) -> ComparePane:
    table = page.plan_panes["tavr_table"]
    assert isinstance(table, ComparePane)
    return table


def _click_row(page: CasePage, key: str, column: int | None = None) -> None:
    table = _table(page)
    number = next(n for n, name in enumerate(table._names) if name.startswith(key))
    table._mark_row(number)
    place = table.row_rect(number).center()
    x = 40.0 if column is None else table.column_rect(column).center().x()
    QTest.mouseClick(table, LEFT, NONE, QPoint(round(x), round(place.y())))


def test_both_plans_are_drawn_in_one_slice_and_their_numbers_stand_below(page: CasePage, window: Workstation) -> None:
    assert page.grid.shown == ("axial", "3d", "tavr_table")
    lit = [name for name in ("2x2", "1+3", "3d", "compare") if window.actions_[f"layout_{name}"].isChecked()]
    assert lit == ["compare"]
    rings = {item.key: item.color for item in _panel(page).items() if isinstance(item, ContourItem)}
    assert rings == {"tavr annulus": PLANS["a"], "tavr 2 annulus": PLANS["b"]}
    first, second, between = _table(page)._columns
    assert (first.name, second.name, between.is_plan) == ("tavr", "tavr 2", False)
    plans = page.session.case.plans
    by_hand = plans["tavr 2"].results["annulus"]["area_mm2"] - plans["tavr"].results["annulus"]["area_mm2"]
    assert between.cells[0].text.lstrip("+−") == f"{abs(by_hand):.0f}"
    assert between.cells[0].spread
    # nothing here moves a point of either plan
    before = page.session.document.journal_length
    _panel(page).point_moved("hinge_ncc", np.zeros(3), True)
    assert page.session.document.journal_length == before


def test_a_row_leads_to_where_it_was_taken_in_the_plan_that_is_looked_at(page: CasePage) -> None:
    view, plans = page.session.view, page.session.case.plans
    _click_row(page, "STJ diameter")
    for name, column in (("tavr", 0), ("tavr 2", 1)):
        _click_row(page, "STJ diameter", column)
        assert _panel(page).compare.at == name
        plane = view.state.pinned["axial"]
        assert plane.title == "STJ"
        assert plane.origin_mm == pytest.approx(plans[name].results["stj"]["position_mm"])
        rings = {item.key for item in _panel(page).items() if isinstance(item, ContourItem)}
        assert {"tavr stj", "tavr 2 stj"} <= rings
    _click_row(page, "Annulus area", 0)
    normal = np.array(view.state.pinned["axial"].frame[2])
    assert abs(normal @ plans["tavr"].results["annulus"]["normal"]) == pytest.approx(1.0, abs=1e-6)


def test_keys_go_along_rows_and_plans_and_what_has_no_room_is_scrolled_to(page: CasePage, window: Workstation) -> None:
    table = _table(page)
    table.setFocus()
    window.resize(1120, 700)
    wait_settled(window)
    assert not table.row_rect(len(table._names) - 1).intersects(table.rect())
    for _ in range(len(table._names)):
        QTest.keyClick(table, Qt.Key.Key_Down)
    assert table._row == len(table._names) - 1
    assert table.rect().toRectF().contains(table.row_rect(table._row).center())
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert _panel(page).compare.at == "tavr 2"
    window.resize(1400, 900)


def test_a_card_and_the_main_button_go_on_with_that_plan(page: CasePage, window: Workstation) -> None:
    cards = {card.plan_name: card for card in _panel(page).findChildren(PlanCard) if card.isVisible()}
    QTest.mouseClick(cards["tavr 2"], LEFT)
    wait_settled(window)
    go_on = next(b for b in _panel(page).findChildren(QPushButton, "compare_go_on") if b.isVisible())
    assert go_on.text().strip().endswith("tavr 2")
    QTest.mouseClick(go_on, LEFT)
    wait_settled(window)
    assert _panel(page).work.name == "tavr 2"
    assert "tavr_table" not in page.grid.shown
    assert "axial" not in page.session.view.state.pinned
    assert window.actions_["layout_2x2"].isChecked()


def test_another_plan_of_the_menu_and_undo_of_the_open_plan_leave_the_comparison(
    page: CasePage, window: Workstation
) -> None:
    panel = _panel(page)
    panel.head.fill()
    next(action for action in panel.head.menu.actions() if action.text() == "TAVR plan 2").trigger()
    wait_settled(window)
    assert panel.work.name == "tavr 2"
    assert not page.grid.compares_plans
    assert not panel.compare.body.isVisible()
    panel.head.fill()
    next(action for action in panel.head.menu.actions() if action.objectName() == "compare_plans").trigger()
    assert page.grid.compares_plans
    # the open plan is the last that was made: undo takes it, and a step is shown again
    page.session.undo()
    wait_settled(window)
    assert not page.grid.compares_plans
    assert panel.step.body.isVisible()
    page.session.redo()
    wait_settled(window)


def test_delete_means_no_hinge_while_plans_are_compared(page: CasePage) -> None:
    before = page.session.document.journal_length
    _panel(page).reset_point("hinge_ncc")
    assert page.session.document.journal_length == before
    assert page.grid.compares_plans


def test_another_layout_a_step_and_the_loss_of_a_plan_end_it(page: CasePage, window: Workstation) -> None:
    window.actions_["layout_2x2"].trigger()
    wait_settled(window)
    assert len(page.grid.shown) == 4
    assert not page.grid.compares_plans
    window.actions_["layout_compare"].trigger()
    _panel(page).go_to(1)
    assert not page.grid.compares_plans
    window.actions_["layout_compare"].trigger()
    assert page.grid.compares_plans
    # the last command brought the second plan
    page.session.undo()
    wait_settled(window)
    assert not page.grid.compares_plans
    assert not window.actions_["layout_compare"].isEnabled()
    page.session.redo()
    wait_settled(window)
    assert window.actions_["layout_compare"].isEnabled()
