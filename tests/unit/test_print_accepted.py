"""What a person let be of a printed model: kept with the case through closing, and held to what was seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.report.describe import HEADS
from planning.case.accepted import AcceptFaults, all_covered, covers
from planning.case.document import Document
from planning.case.model import AcceptedFault, Case, PlanRecord
from planning.case.standing import told_plan
from planning.provenance import Provenance

WALL = AcceptedFault("hepatic_veins", "thin_wall", 0.62, 0.8, (10.0, 20.0, 30.0))


def test_accepted_faults_are_undone_and_stay_after_closing(tmp_path: Path) -> None:
    path = tmp_path / "case.theatrum"
    with Document.create(path) as document:
        document.do(AcceptFaults((WALL,)))
        assert document.undo_text == "Accept as is"
        document.undo()
        assert document.case.accepted == ()
        document.redo()
    with Document.open(path) as document:
        assert document.case.accepted == (WALL,)


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({"measure": 0.61}, True),
        ({"measure": 0.75}, True),
        ({"measure": 0.55}, False),
        ({"at_mm": (10.0, 22.0, 31.0)}, True),
        ({"at_mm": (10.0, 24.0, 30.0)}, False),
        ({"limit": 1.0}, False),
        ({"of": "portal_vein"}, False),
        ({"kind": "thin_edge"}, False),
    ],
)
def test_a_fault_is_accepted_only_as_it_was_seen(change: dict, is_same: bool) -> None:
    assert covers(WALL, replace(WALL, **change)) is is_same


def test_what_was_accepted_is_told_with_the_plans() -> None:
    plan = PlanRecord(
        name="A",
        kind="tavr",
        inputs={},
        results={"warnings": [{"code": "x", "text": "X."}]},
        created="",
        provenance=Provenance("test"),
    )
    loose = replace(WALL, kind="loose", measure=28.66, limit=0.1)
    case = Case(accepted=(WALL, replace(WALL, measure=0.7), loose, replace(WALL, kind="narrow")))
    told = [one["text"] for one in told_plan(case, plan).results["warnings"]]
    assert told[0] == "X."
    assert told[1:] == [
        "Printed model: 2 thin place(s) were accepted as they are, down to 0.62 mm where 0.8 mm are asked.",
        "Printed model: 1 loose part(s) were accepted as they are, 28.7 ml in all.",
        "Printed model: 1 other fault(s) were accepted as they are.",
    ]
    # each kind under a head of its own
    codes = [one["code"] for one in told_plan(case, plan).results["warnings"][1:]]
    assert codes == ["thin_walls_accepted", "loose_parts_accepted", "faults_accepted"]
    assert all(code in HEADS for code in codes)
    assert told_plan(Case(), plan) is plan


def test_of_loose_parts_more_is_worse_and_every_one_must_be_known() -> None:
    loose = AcceptedFault("liver", "loose", 1.0, 0.1, (0.0, 0.0, 0.0))
    assert covers(loose, replace(loose, measure=0.4))
    assert not covers(loose, replace(loose, measure=1.2))
    assert all_covered([WALL, loose], [loose, WALL])
    assert not all_covered([WALL], [WALL, loose])
