"""Stored numbers beside those of now: said where the numbers are, taken as one step, the same words in the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from guided_panel import at_rest, click, shown_panel
from liver_case import liver_document
from pytestqt.qtbot import QtBot

from app.panels.liver import LiverPanel
from app.panels.standing import StandingCard
from app.report.write import report_content, write_report
from planning.by_hand.editing import edit_step
from planning.by_hand.patches import Patch
from planning.case.commands import SetPlan
from planning.case.plans import liver_record
from planning.geometry import Plane
from planning.liver.resection import PlaneResection
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
    session.undo()
    at_rest(qtbot, panel)
    assert not card.isVisible()
