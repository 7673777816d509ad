"""Tumours with their vessels, and plans beside each other: by the hand, in the real case page."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from copied_cases import copied_case
from liver_case import close_session, liver_document, open_session
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.actions import SPECS, ActionBook
from app.case_page import CasePage
from app.panels.liver import COMPARE, REPORT, RESECTION, LiverPanel
from app.panels.liver.panel import TERRITORIES, TUMORS, VESSELS
from app.panels.liver.plan_card import PlanCard
from app.panels.quantities import TableRowButton
from app.panes.compare_pane import ComparePane
from app.panes.pareto_pane import ParetoPane, axis_of
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.plans import liver_record
from planning.geometry import Plane
from planning.liver.resection import PlaneResection, WedgeResection

pytestmark = pytest.mark.gui
LONG_MS = 90_000
TREES = {"portal": ["portal_vein"], "hepatic": ["hepatic_veins"]}


def _planned(path: Path) -> Document:
    """A liver case with two plans: A removes the right side, B both tumours by wedges."""
    document = liver_document(path)
    half = [PlaneResection(Plane((-10.0, 0.0, 0.0), (-1.0, 0.0, 0.0)))]
    document.do(SetPlan(liver_record(document, "A", half, weight_kg=60.0, **TREES)))
    document.do(SetPlan(liver_record(document, "B", [WedgeResection(1, 5.0), WedgeResection(2, 5.0)], **TREES)))
    return document


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path):
    """The page of the planned case."""
    session = open_session(copied_case(_planned, tmp_path / "liver.theatrum", "compared_liver"))
    owner = QWidget()
    qtbot.addWidget(owner)
    actions = ActionBook(owner, owner)
    for spec in SPECS:
        actions.connect(spec.id, lambda: None)
    made = CasePage(session, actions, {"liver": lambda: LiverPanel(session)})
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.show()
    made.show_module("liver")
    made.start_scene()
    _at_rest(qtbot, made)
    yield made
    made.close_case()
    close_session(session)


def _panel(page: CasePage) -> LiverPanel:
    panel = page.panel("liver")
    assert isinstance(panel, LiverPanel)
    return panel


def _at_rest(qtbot: QtBot, page: CasePage) -> None:
    work = _panel(page).work

    def rests() -> bool:
        waits = page.session.jobs.active or work._settle.isActive() or work._rest.isActive()
        return work.model is not None and not waits and page.is_settled

    qtbot.waitUntil(rests, timeout=LONG_MS)


def _click(widget, place: QPoint | None = None) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place or widget.rect().center())


def _compare(qtbot: QtBot, page: CasePage) -> LiverPanel:
    panel = _panel(page)
    panel.go_to(COMPARE)
    _at_rest(qtbot, page)
    return panel


def test_two_plans_stand_beside_each_other_and_the_structures_make_room(qtbot: QtBot, page: CasePage) -> None:
    assert page.structures.isVisible()
    with qtbot.waitSignal(page.session.said) as said:
        panel = _compare(qtbot, page)
    assert "Ctrl+B" in said.args[0]
    assert not page.structures.isVisible()
    assert set(page.grid.shown) == {"plan_0", "plan_1", "flat_0", "flat_1", "compare_table", "pareto"}
    first, second = page.pane("plan_0"), page.pane("plan_1")
    assert (first.title, second.title) == ("Plan A", "Plan B")
    assert second.caption == "Wedges about T1 and T2"
    assert first.stage.host is not None
    # B leaves no tumour and keeps more: it is first, and A says why it is not
    cards = [card for card in panel.findChildren(PlanCard) if card.isVisible()]
    ranks = {card.plan_name: card.accessibleName() for card in cards}
    assert ranks["B"].startswith("1, plan B")
    assert "T2 stays" in ranks["A"]
    # the structures come back with another step
    panel.go_to(RESECTION)
    assert page.structures.isVisible()


def test_pictures_of_a_former_liver_go_with_it(qtbot: QtBot, page: CasePage) -> None:
    panel = _panel(page)
    panel.go_to(COMPARE)
    comparing = panel.step.comparing
    qtbot.waitUntil(lambda: len(comparing._pictures) == 2, timeout=LONG_MS)
    # steps that ask for things of their own, and hear nothing of another liver while they are not shown
    for step in (VESSELS, TUMORS, TERRITORIES, RESECTION):
        panel.go_to(step)
        _at_rest(qtbot, page)
    panel.step.open_form("line")
    panel.step.close_form()
    work = panel.work
    former, voxels = weakref.ref(work.model), weakref.ref(work.model.voxels.places_mm)
    # looked at elsewhere, they would come again by themselves
    work.set_roles(replace(work.draft.roles, hepatic=()))
    assert comparing._model is None
    assert not comparing._pictures
    assert not comparing._contents
    _at_rest(qtbot, page)
    gc.collect()
    assert former() is None
    assert voxels() is None


def test_one_camera_for_all_until_it_is_unlinked(qtbot: QtBot, page: CasePage) -> None:
    _compare(qtbot, page)
    first, second = page.pane("plan_0"), page.pane("plan_1")
    middle = first.rect().center()
    QTest.mousePress(first, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    QTest.mouseMove(first, middle + QPoint(30, 10))
    QTest.mouseMove(first, middle + QPoint(50, 10))
    # while the hand turns one, the other follows
    assert second.camera() == first.camera()
    QTest.mouseRelease(first, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle + QPoint(60, 10))
    assert second.camera() == first.camera()
    page.toggle_links()
    seen = second.camera()
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Left)
    assert first.camera() != seen
    assert second.camera() == seen
    page.toggle_links()
    assert second.camera() == first.camera()


def test_a_plan_is_looked_at_by_card_table_or_plot_and_chosen_as_one_step(qtbot: QtBot, page: CasePage) -> None:
    panel = _compare(qtbot, page)
    _click(panel.findChild(PlanCard, "card_plan_A"))
    assert panel.compare.at == "A"
    table, pareto = page.pane("compare_table"), page.pane("pareto")
    assert isinstance(table, ComparePane)
    assert isinstance(pareto, ParetoPane)
    _click(table, table.column_rect(1).center().toPoint())
    assert panel.compare.at == "B"
    row = {one.name: one for one in panel.compare.ranked()}["A"]
    _click(pareto, pareto.place_of(row.margin_mm, row.remnant_percent).toPoint())
    assert panel.compare.at == "A"
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert panel.compare.at == "B"
    steps = page.session.document.journal_length
    _click(panel.findChild(QAbstractButton, "choose_plan"))
    plans = page.session.case.plans
    assert plans["B"].inputs["chosen"] is True
    assert "chosen" not in plans["A"].inputs
    assert page.session.document.journal_length == steps + 1
    page.session.undo()
    assert not any("chosen" in plan.inputs for plan in page.session.case.plans.values())


def test_a_copy_is_not_chosen_and_a_lone_plan_asks_for_a_second(qtbot: QtBot, page: CasePage) -> None:
    panel = _compare(qtbot, page)
    panel.compare.look_at("B")
    _click(panel.findChild(QAbstractButton, "choose_plan"))
    panel.go_to(COMPARE)
    _click(panel.findChild(QAbstractButton, "compare_copy"))
    assert panel.where.current == RESECTION
    assert "chosen" not in page.session.case.plans["C"].inputs
    _at_rest(qtbot, page)
    panel.work.delete()
    panel.work.delete()
    _at_rest(qtbot, page)
    panel.go_to(COMPARE)
    assert list(page.session.case.plans) == ["A"]
    assert panel.compare._note.title == "Make a second plan to compare"
    assert panel.arrangement() is None
    assert page.structures.isVisible()


def test_each_tumour_tells_its_place_and_its_vessels(qtbot: QtBot, page: CasePage) -> None:
    panel = _panel(page)
    panel.go_to(2)
    _at_rest(qtbot, page)
    step = panel.step
    rows = step._table.rows
    assert [row.name for row in rows] == [f"T{n}" for n in range(1, TUMORS + 1)]
    assert all("%" in row.detail for row in rows)
    step._reach.set_value(30.0)
    step.refresh()
    near = step._vessels.rows
    assert near
    distances = [float(row.value) for row in near]
    assert distances == sorted(distances)
    button = next(b for b in panel.findChildren(TableRowButton) if b.isVisible() and b.row.key == "near_0")
    _click(button)
    place = step._facts[1]["vessels"][0]["at_mm"]
    assert page.session.view.state.cross_mm == pytest.approx(place, abs=1e-6)


def test_growth_and_graft_are_asked_in_the_last_step_and_undone_as_steps(
    qtbot: QtBot, page: CasePage, tmp_path: Path
) -> None:
    with liver_document(tmp_path / "earlier.theatrum") as earlier:
        cut = [PlaneResection(Plane((-8.0, 0.0, 0.0), (-1.0, 0.0, 0.0)))]
        earlier.do(SetPlan(liver_record(earlier, "A", cut)))
    panel = _panel(page)
    panel.go_to(REPORT)
    _at_rest(qtbot, page)
    part = panel.step.asides
    # another cut of the same liver is no earlier study
    assert [part.earlier.box.itemText(n) for n in range(part.earlier.box.count())] == ["None", "Another case…"]
    panel.open_file_asked.connect(lambda title, kinds, use: use(tmp_path / "earlier.theatrum"))
    part.earlier.box.setCurrentIndex(1)
    part.earlier.box.activated.emit(1)
    _at_rest(qtbot, page)
    assert part.earlier.box.currentText() == "Plan A of earlier.theatrum"
    assert "growth" not in page.session.case.plans["B"].inputs
    for field, text in ((part.before, "2026-03-01"), (part.after, "2026-03-2")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert part._after_row.complaint.isVisible()
    QTest.keyClicks(part.after, "2")
    QTest.keyClick(part.after, Qt.Key.Key_Return)
    growth = page.session.case.plans["B"].results["growth"]
    assert growth["days"] == 21
    assert part._growth.row("kinetic").status
    part.recipient.setFocus()
    QTest.keyClicks(part.recipient, "40")
    QTest.keyClick(part.recipient, Qt.Key.Key_Return)
    graft = page.session.case.plans["B"].results["graft"]
    assert graft["recipient_kg"] == 40.0
    assert part._graft.row("grwr").value
    page.session.undo()
    assert "graft" not in page.session.case.plans["B"].results
    assert "growth" in page.session.case.plans["B"].results
    part.earlier.box.setCurrentIndex(0)
    part.earlier.box.activated.emit(0)
    assert "growth" not in page.session.case.plans["B"].results


def test_without_trees_the_tumours_say_what_is_missing(qtbot: QtBot, page: CasePage) -> None:
    panel = _panel(page)
    panel.go_to(1)
    for role, name in (("portal", "portal_vein"), ("hepatic", "hepatic_veins")):
        panel.step.set_role(role, name, False)
    panel.go_to(2)
    _at_rest(qtbot, page)
    assert "No vessel tree" in panel.step._no_vessels.text()
    assert not panel.step._vessels.rows


@pytest.mark.parametrize(("low", "high"), [(0.0, 8.5), (-3.0, 12.0), (31.0, 96.0), (40.0, 40.0)])
def test_axes_hold_their_numbers_with_few_ticks(low: float, high: float) -> None:
    first, last, step = axis_of(low, high)
    assert first <= low
    assert last >= high
    assert 1 <= round((last - first) / step) <= 8


def test_nothing_is_said_twice_of_a_narrow_window(qtbot: QtBot, page: CasePage) -> None:
    panel = _compare(qtbot, page)
    page.resize(1000, 640)
    QApplication.processEvents()
    table = page.pane("compare_table")
    assert table.isVisible()
    assert table.width() > 300
    panel.go_to(RESECTION)
    assert not table.isVisible()
