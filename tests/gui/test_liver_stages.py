"""Two-stage plans in the liver panel: stages of resections, occluded branches, the table of steps, limits and formulas."""

from __future__ import annotations

from pathlib import Path

import pytest
from guided_panel import at_rest, click, shown_panel
from liver_case import liver_document
from pytestqt.qtbot import QtBot

from app.panels.liver import RESECTION, LiverPanel
from app.panels.liver.cut_numbers import OWN_LIMIT, judge_remnant
from app.panels.liver.panel import REPORT
from planning.geometry import Plane
from viewers.overlay import CutItem

pytestmark = pytest.mark.gui


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path):
    with shown_panel(qtbot, liver_document(tmp_path / "liver.theatrum"), LiverPanel) as made:
        made.go_to(RESECTION)
        yield made


def test_a_click_moves_a_resection_to_the_second_stage_and_undo_back(qtbot: QtBot, panel: LiverPanel) -> None:
    step, work = panel.resection, panel.work
    work.propose()
    at_rest(qtbot, panel)
    assert len(work.draft.resections) == 2
    assert not step.stages.isVisible()
    click(panel, "stage_cut_2")
    at_rest(qtbot, panel)
    assert work.draft.staging.of_resection == (1, 2)
    assert work.saved is not None
    assert [row.get("stage", 1) for row in work.saved.inputs["resections"]] == [1, 2]
    assert step.stages.isVisible()
    assert step.stages.table.heads == ("stage 1", "stage 2")
    rows = {row.name: [cell.text for cell in row.cells] for row in step.stages.table.rows}
    assert len(rows["Removed, ml"]) == 2
    assert "Growth is not measured" in step.stages.measured.text()
    assert "stage 2" in step.cuts.rows[1].name.accessibleName()
    drawn = [item for item in panel.items() if isinstance(item, CutItem)]
    assert [item.dashed for item in drawn] == [False, True]
    panel.session.undo()
    at_rest(qtbot, panel)
    assert work.draft.staging.of_resection == (1, 1)
    assert not step.stages.isVisible()


def test_portal_branches_are_occluded_by_a_form_and_not_any_more(qtbot: QtBot, panel: LiverPanel) -> None:
    step, work = panel.resection, panel.work
    work.hand.move_plane(0, Plane((34.0, 0.0, 0.0), (1.0, 0.0, 0.0)), finished=True)
    at_rest(qtbot, panel)
    before = work.numbers.perfusion
    step.open_form("occlusion")
    form = step.form
    assert form is not None
    form.names.ticked.emit("portal_1", True)
    assert "keep their portal flow" in form._sum.text()
    form.main().run()
    at_rest(qtbot, panel)
    assert step.form is None
    assert work.draft.occlusion is not None
    assert work.draft.occlusion.way == "before"
    assert before is not None
    assert work.numbers.perfusion.viable_ml < before.viable_ml
    assert step.stages.table.heads == ("occluded", "stage 1")
    assert "Portal branch 1" in step.stages.occluded.text()
    assert work.saved is not None
    assert work.saved.results["stages"]["occlusion"]["branches"] == ["portal_1"]
    assert work.saved.results["perfusion"]["viable_ml"] == pytest.approx(work.numbers.perfusion.viable_ml)
    click(panel, "end_occlusion")
    at_rest(qtbot, panel)
    assert work.draft.occlusion is None
    assert "stages" not in work.saved.results


def test_condition_own_limit_and_formulas_stay_with_the_plan(qtbot: QtBot, panel: LiverPanel) -> None:
    step, work = panel.resection, panel.work
    work.commit()
    at_rest(qtbot, panel)
    work.set_body(60.0, 165.0)
    at_rest(qtbot, panel)
    step.condition.setCurrentIndex(2)
    step.condition.activated.emit(2)
    at_rest(qtbot, panel)
    assert work.saved is not None
    assert work.saved.results["remnant_limit"]["condition"] == "chemotherapy"
    assert "Shindoh" in step._limit_words.text()
    last = step.condition.count() - 1
    assert step.condition.itemText(last) == OWN_LIMIT
    step.condition.setCurrentIndex(last)
    step.condition.activated.emit(last)
    step.own_limit.entered.emit(35.0)
    at_rest(qtbot, panel)
    assert work.saved.inputs["condition"] == "own"
    assert work.saved.inputs["least_remnant_percent"] == 35.0
    step._row_clicked("sflr_urata")
    step._row_clicked("surface")
    at_rest(qtbot, panel)
    assert work.saved.inputs["standard_formula"] == "urata"
    assert work.saved.inputs["surface_formula"] == "dubois"
    assert step.table.row("sflr_urata").state
    assert not step.table.row("sflr_vauthey").state
    assert "Du Bois" in step.table.row("surface").name


def test_a_remnant_measured_later_is_entered_at_the_report_and_told_with_the_stages(
    qtbot: QtBot, panel: LiverPanel
) -> None:
    work = panel.work
    work.propose()
    at_rest(qtbot, panel)
    click(panel, "stage_cut_2")
    at_rest(qtbot, panel)
    panel.go_to(REPORT)
    later = panel.step.asides.later
    later.remnant.entered.emit(200.0)
    assert "remnant_after" not in work.draft.asides
    for field, day in ((later.before, "2026-03-01"), (later.after, "2026-03-15")):
        field.setText(day)
        field.entered.emit(day)
    at_rest(qtbot, panel)
    assert work.saved is not None
    assert work.saved.results["remnant_after"]["flr_ml"] == 200.0
    assert later.numbers.row("measured").value == "200.0"
    panel.go_to(RESECTION)
    assert any(row.name == "Measured, %" for row in panel.resection.stages.table.rows)
    later.source.box.activated.emit(0)
    at_rest(qtbot, panel)
    assert "remnant_after" not in work.saved.results


def test_a_limit_of_the_standard_volume_decides_by_it_and_says_so() -> None:
    assert judge_remnant(31.0, None, 30.0) == ("ok", "above 30")
    assert judge_remnant(31.0, 0.99, 30.0) == ("ok", "above 30")
    assert judge_remnant(31.0, 0.9, 30.0) == ("bad", "sFLR 27.9, under 30")
    assert judge_remnant(28.0, 1.2, 30.0) == ("ok", "sFLR 33.6, above 30")
