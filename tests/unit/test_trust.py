"""What a model says of its own structures lives in the case, and only a person lets a red one be used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planning.case.commands import ReplaceStructure, SetPlan, TickStructure, load_command
from planning.case.document import Document
from planning.case.importing import case_info
from planning.case.kidney_plans import kidney_record
from planning.case.model import PlanRecord
from planning.case.plan_parts import PlanSolids
from planning.case.plans import liver_record, vessel_record
from planning.case.printing import print_parts
from planning.case.trust import Trust, require_ticked, trust_notes, unticked
from planning.errors import CaseError, InputError
from planning.findings import Finding
from planning.geometry import Grid, Plane
from planning.kidney.roles import KidneyRoles
from planning.liver.resection import PlaneResection
from planning.provenance import Provenance
from planning.volume import Mask, Volume
from tests.support.cases import add_structures, make_case

RED = Trust(light="red", reasons=(Finding("empty", "It was not found"),), model="small", version="1.0")


@pytest.fixture
def document(tmp_path: Path) -> Document:
    grid = Grid((6, 5, 4), np.diag([1.0, 1.0, 2.0, 1.0]))
    voxels = np.zeros((4, 5, 6), dtype=np.int16)
    with make_case(tmp_path / "c.theatrum", Volume(grid, voxels)) as opened:
        add_structures(opened, {"liver": Mask.from_full(grid, voxels[:] == 0)})
        name = "liver"
        opened.do(ReplaceStructure(replace(opened.case.structures[name], trust=RED)))
        yield opened


def name_of(document: Document) -> str:
    return next(iter(document.case.structures))


def test_trust_survives_closing(document: Document) -> None:
    name = name_of(document)
    document.do(ReplaceStructure(replace(document.case.structures[name], trust=replace(RED, interval_ml=(1.0, 2.0)))))
    document.close()
    with Document.open(document.path) as again:
        assert again.case.structures[name].trust == replace(RED, interval_ml=(1.0, 2.0))
        assert case_info(again)["structures"][0]["trust"]["light"] == "red"


def test_a_person_ticks_and_takes_it_back(document: Document) -> None:
    name = name_of(document)
    assert unticked(document.case, [name]) == (name,)
    with pytest.raises(InputError, match="do not use") as refused:
        require_ticked(document.case, [name])
    assert refused.value.code == "unticked"
    document.do(TickStructure(name))
    require_ticked(document.case, [name])
    assert "checked by a person" in trust_notes(document.case, [name])[0].text
    document.undo()
    assert unticked(document.case, [name]) == (name,)
    document.redo()
    assert unticked(document.case, [name]) == ()


def test_only_a_models_structure_is_ticked(document: Document) -> None:
    name = name_of(document)
    document.do(ReplaceStructure(replace(document.case.structures[name], trust=None)))
    assert unticked(document.case, [name]) == ()
    assert trust_notes(document.case, [name]) == ()
    with pytest.raises(CaseError, match="No model found"):
        document.do(TickStructure(name))


def test_the_window_asks_about_all_that_is_not_sure() -> None:
    amber = Trust(light="amber")
    assert [one.is_ticked for one in (Trust(light="green"), amber, RED)] == [True, False, False]
    assert replace(amber, checked=True).is_ticked
    refused = replace(Trust(light="green"), checked=False)
    assert (refused.is_ticked, refused.may_be_used) == (False, False)


def test_green_and_amber_need_no_tick() -> None:
    usable = [Trust(light="green"), Trust(light="amber"), replace(RED, checked=True)]
    assert all(trust.may_be_used for trust in usable)
    assert not RED.may_be_used


def test_the_step_is_data() -> None:
    step = TickStructure("liver", False)
    assert load_command(step.op, step.op_version, step.parameters()).parameters() == step.parameters()


def test_voxels_stay_what_they_were(document: Document) -> None:
    name = name_of(document)
    before = document.mask(name).voxels.copy()
    document.do(TickStructure(name))
    assert np.array_equal(document.mask(name).voxels, before)


def test_nothing_is_planned_or_printed_with_what_only_a_person_may_let_be_used(document: Document) -> None:
    name = name_of(document)
    plane = PlaneResection(Plane(np.zeros(3), np.array([1.0, 0.0, 0.0])))
    ways = (
        lambda: liver_record(document, "A", [plane], organ=[name]),
        lambda: kidney_record(document, "K", KidneyRoles(organ=(name,)), [plane]),
        lambda: vessel_record(document, "V", (0, 0, 0), (1, 1, 1), structure=name),
        lambda: print_parts(document, [name]),
        lambda: print_parts(document),
    )
    for way in ways:
        with pytest.raises(InputError, match="do not use") as refused:
            way()
        assert refused.value.code == "unticked"
    document.do(TickStructure(name))
    assert [part.name for part in print_parts(document, [name])] == [name]


def test_a_plan_is_not_printed_once_a_person_refused_its_structure(document: Document) -> None:
    name = name_of(document)
    inputs = {"organ": [name], "tumors": [], "portal": [], "hepatic": [], "resections": [], "anatomy": None}
    record = PlanRecord(name="A", kind="liver", inputs=inputs, results={}, created="", provenance=Provenance("test"))
    document.do(SetPlan(record))
    document.do(TickStructure(name, False))
    with pytest.raises(InputError, match="A person said not to use"):
        _ = PlanSolids(document, "A").model
