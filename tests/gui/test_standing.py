"""Stored numbers beside those of now: said where the numbers are, taken as one step, the same words in the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from guided_panel import at_rest, click, shown_panel
from liver_case import close_session, liver_document, open_session
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from roots import make_tube

from app.panels.guide import GuidedPlanner
from app.panels.heart import HeartPanel
from app.panels.liver import COMPARE, LiverPanel
from app.panels.standing import StandingCard
from app.panels.study import plan_choice
from app.panels.vessel import VesselPanel
from app.report.write import report_content, write_report
from planning.by_hand.editing import edit_step
from planning.by_hand.patches import Patch
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import liver_record, vessel_record
from planning.case.standing import standing_of
from planning.case.tavr_plans import tavr_record
from planning.case.vessel_plans import measured_anew, with_comparison
from planning.geometry import Plane
from planning.liver.resection import PlaneResection
from planning.phantoms.cardiac import cardiac_phantom
from planning.tavr.inputs import TavrInputs
from planning.volume import Mask

pytestmark = pytest.mark.gui


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path) -> Iterator[LiverPanel]:
    document = liver_document(tmp_path / "liver.theatrum")
    plane = Plane(np.array((-18.0, 0.0, 0.0)), np.array((1.0, 0.0, 0.0)))
    document.do(SetPlan(liver_record(document, "A", [PlaneResection(plane)], portal=["portal_vein"])))
    with shown_panel(qtbot, document, LiverPanel) as made:
        yield made


def _card(panel: LiverPanel) -> StandingCard | None:
    return panel.findChild(StandingCard, "standing")


def test_numbers_of_an_earlier_version_are_told_beside_those_of_now_and_taken_as_one_step(
    qtbot: QtBot, panel: LiverPanel, tmp_path: Path
) -> None:
    session = panel.session
    assert panel.work.is_saved
    assert panel.work.numbers is not None
    assert _card(panel) is None
    plan = session.case.plans["A"]
    rows = [{**one, "minimum_mm": one["minimum_mm"] + 1.0} for one in plan.results["margin"]["by_tumor"]]
    margin = {**plan.results["margin"], "minimum_mm": min(one["minimum_mm"] for one in rows), "by_tumor": rows}
    (gone_mm,) = [one["minimum_mm"] for one in rows if one["side"] != "kept"]
    old = replace(
        plan,
        results={**plan.results, "margin": margin, "removed_ml": plan.results["removed_ml"] + 3.0},
        provenance=replace(plan.provenance, application_version="0.0.9"),
    )
    session.do(SetPlan(old))
    at_rest(qtbot, panel)
    card = _card(panel)
    assert card is not None
    assert card.isVisible()
    assert f"Margin {gone_mm:.1f} → {gone_mm - 1.0:.1f}\u202fmm" in card.words
    assert "Removed" in card.words
    assert "version 0.0.9" in card.words
    # the same is told by the report, with the stored numbers
    content = report_content(session.document, session.case.plans["A"], pictures=False)
    assert any("version 0.0.9" in note.text for note in content.notes)
    assert ("Measured by", "version 0.0.9") in content.program
    warnings = write_report(session.document, ["A"], tmp_path / "a.json")["warnings"]
    assert [one["code"] for one in warnings].count("stored_earlier") == 1
    # both stay until a person decides, and one step takes the new ones
    steps = session.document.journal_length
    click(panel, "take_new_numbers")
    at_rest(qtbot, panel)
    assert session.document.journal_length == steps + 1
    taken = session.case.plans["A"].results
    assert taken["removed_ml"] == pytest.approx(plan.results["removed_ml"])
    assert taken["margin"]["minimum_mm"] == pytest.approx(plan.results["margin"]["minimum_mm"])
    assert not card.isVisible()
    session.undo()
    at_rest(qtbot, panel)
    assert session.case.plans["A"].results["removed_ml"] == pytest.approx(plan.results["removed_ml"] + 3.0)
    assert card.isVisible()
    session.redo()
    at_rest(qtbot, panel)
    assert not card.isVisible()


def test_a_structure_edited_after_the_plan_is_named(qtbot: QtBot, panel: LiverPanel) -> None:
    session = panel.session
    mask = session.document.mask("liver")
    voxels = mask.full().copy()
    voxels[:, :, : voxels.shape[2] // 4] = False
    patch = Patch.between(mask, Mask.from_full(mask.grid, voxels))
    assert patch is not None
    session.do(edit_step(session.document, {"liver": patch}, "cut"))
    at_rest(qtbot, panel)
    card = _card(panel)
    assert card is not None
    assert card.isVisible()
    assert "Changed since: liver" in card.words or "Changed since: Liver" in card.words
    assert "Kept" in card.words or "Future liver remnant" in card.words
    content = report_content(session.document, session.case.plans["A"], pictures=False)
    assert any("before a change of: liver" in note.text for note in content.notes)
    # wherever the plan is listed the same is said
    choice = plan_choice(session.case, session.case.plans["A"])
    assert choice.state == "warn"
    assert "Changed since" in choice.note
    panel.go_to(COMPARE)
    assert "Changed since" in panel.compare._cards["A"]._words
    session.undo()
    at_rest(qtbot, panel)
    assert not card.isVisible()


def _shown(qtbot: QtBot, document: Document, kind: type[GuidedPlanner]) -> GuidedPlanner:
    session = open_session(document)
    made = kind(session)
    session.changed.connect(lambda change: made.case_changed())
    qtbot.addWidget(made)
    made.resize(312, 900)
    made.show()
    made.entered()
    return made


def _is_quiet(panel: GuidedPlanner) -> bool:
    return not panel.session.jobs.active


def _of_before(plan: PlanRecord, **results: object) -> PlanRecord:
    provenance = replace(plan.provenance, application_version="0.0.9")
    return replace(plan, results={**plan.results, **results}, provenance=provenance)


def test_a_vessel_plan_of_an_earlier_version_is_measured_again_as_one_step(qtbot: QtBot, tmp_path: Path) -> None:
    along = np.linspace(0, 1, 400)
    curve = np.stack([0 * along + 0.2, 0 * along - 0.1, 30 * along], 1)
    document = make_case(tmp_path / "vessel.theatrum", make_tube(curve, np.full(400, 3.5)))
    plan = vessel_record(document, "vessel", curve[60].tolist(), curve[-60].tolist(), via_mm=[curve[200].tolist()])
    document.do(SetPlan(_of_before(plan, length_mm=99.0)))
    panel = _shown(qtbot, document, VesselPanel)
    card = panel.findChild(StandingCard, "standing")
    assert "version 0.0.9" in card.words
    steps = document.journal_length
    qtbot.mouseClick(card.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _is_quiet(panel), timeout=120_000)
    assert document.journal_length == steps + 1
    taken = document.case.plans["vessel"]
    assert taken.results["length_mm"] == pytest.approx(plan.results["length_mm"])
    assert taken.inputs["via_mm"] == plan.inputs["via_mm"]
    assert not card.isVisible()
    close_session(panel.session)


def test_a_tavr_plan_of_an_earlier_version_is_measured_again_as_one_step(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the root alone: routes of a scan that ends below it take long to be missed
    root_alone = partial(tavr_record, parts=frozenset())
    monkeypatch.setattr("app.panels.tavr.work.tavr_record", root_alone)
    phantom = cardiac_phantom(root_only=True)
    document = make_case(tmp_path / "heart.theatrum", phantom.volume)
    views = ({"name": "mine", "lao_deg": 10.0, "cra_deg": 5.0},)
    inputs = TavrInputs(hinges_mm=phantom.truth.hinges_mm, views=views, accepted=("annulus",))
    plan = root_alone(document, "tavr", inputs)
    old = {**plan.results["annulus"], "area_mm2": 999.0}
    document.do(SetPlan(_of_before(plan, annulus=old)))
    panel = _shown(qtbot, document, HeartPanel)
    card = panel.findChild(StandingCard, "standing")
    assert "version 0.0.9" in card.words
    content = report_content(document, document.case.plans["tavr"], pictures=False)
    assert any("version 0.0.9" in note.text for note in content.notes)
    steps = document.journal_length
    qtbot.mouseClick(card.button, Qt.MouseButton.LeftButton)
    assert not card.button.isEnabled()
    qtbot.waitUntil(lambda: _is_quiet(panel), timeout=120_000)
    assert document.journal_length == steps + 1
    taken = document.case.plans["tavr"]
    assert taken.results["annulus"]["area_mm2"] == pytest.approx(plan.results["annulus"]["area_mm2"])
    assert taken.inputs["views"] == [dict(view) for view in views]
    # nobody has looked at the new numbers
    assert not taken.inputs["accepted"]
    assert not card.isVisible()
    close_session(panel.session)


def test_growth_of_a_vessel_told_against_old_numbers_is_compared_again(tmp_path: Path) -> None:
    along = np.linspace(0, 1, 400)
    curve = np.stack([0 * along + 0.2, 0 * along - 0.1, 30 * along], 1)
    document = make_case(tmp_path / "vessel.theatrum", make_tube(curve, np.full(400, 3.5)))
    first, second = (
        vessel_record(document, name, curve[60].tolist(), curve[-60].tolist()) for name in ("first", "second")
    )
    document.do(SetPlan(first))
    document.do(SetPlan(with_comparison(second, "first", first.results, 2.0)))
    assert standing_of(document.case, document.case.plans["second"]).is_current
    shorter = {**first.results, "length_mm": first.results["length_mm"] - 1.0}
    document.do(SetPlan(replace(first, results=shorter)))
    assert standing_of(document.case, document.case.plans["second"]).outdated == ("first",)
    again = measured_anew(document, document.case.plans["second"])
    assert again.inputs["comparison"]["before"]["length_mm"] == shorter["length_mm"]
    assert again.inputs["comparison"]["years"] == 2.0
    document.do(SetPlan(again))
    assert standing_of(document.case, document.case.plans["second"]).is_current
    document.close()
