"""`theatrum kidney` on a kidney of ellipsoids with an artery of two branches."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from cases import make_case

from app.cli import main
from planning.case.commands import AddStructure, Batch
from planning.case.document import Document
from planning.case.kidney_plans import kidney_record
from planning.case.model import Structure
from planning.geometry import Grid
from planning.kidney.roles import KidneyRoles
from planning.liver.resection import resection_from_json
from planning.provenance import Provenance
from planning.registry import structure_style
from planning.volume import Mask, Volume

GRID = Grid.from_parts((85, 62, 106), (1.2, 1.2, 1.2), (-40.0, -37.0, -64.0))
PLACES = GRID.to_world(np.indices(GRID.shape_kji).reshape(3, -1)[::-1].T)


def _tube(start: tuple[float, ...], end: tuple[float, ...], radius: float) -> np.ndarray:
    a, along = np.array(start), np.array(end) - np.array(start)
    share = np.clip(((PLACES - a) @ along) / (along @ along), 0.0, 1.0)
    return np.linalg.norm(PLACES - a - share[:, None] * along, axis=1) <= radius


@pytest.fixture
def case(tmp_path: Path) -> Path:
    kidney = ((PLACES / (26.0, 22.0, 52.0)) ** 2).sum(axis=1) <= 1.0
    sinus = (((PLACES - (16.0, 0, 0)) / (14.0, 9.0, 20.0)) ** 2).sum(axis=1) <= 1.0
    tumor = np.linalg.norm(PLACES - (-10.0, 0.0, 38.0), axis=1) <= 9.0
    artery = (
        _tube((58, 0, 0), (14, 0, 0), 3.5) | _tube((14, 0, 0), (-2, 0, 34), 2.2) | _tube((14, 0, 0), (-2, 0, -34), 2.2)
    )
    masks = {"kidney": kidney & ~sinus & ~tumor, "mass": tumor, "sinus": sinus & kidney, "artery": artery}
    path = tmp_path / "kidney.theatrum"
    document = make_case(path, Volume(GRID, np.where(kidney, 120, -80).astype(np.int16).reshape(GRID.shape_kji)))
    commands = []
    for name, inside in masks.items():
        mask = Mask.from_full(GRID, inside.reshape(GRID.shape_kji))
        start, reference = document.put_mask(mask)
        commands.append(
            AddStructure(
                Structure(
                    name=name,
                    grid=GRID,
                    start_ijk=start,
                    array=reference,
                    voxel_count=mask.voxel_count,
                    color=structure_style(name).color,
                    provenance=Provenance("test"),
                )
            )
        )
    document.do(Batch(tuple(commands), "structures"))
    document.close()
    return path


def test_letters_contact_and_clamps_are_told_and_kept(case: Path, capfd: pytest.CaptureFixture[str]) -> None:
    roles = ["--kidney", "kidney", "--tumors", "mass", "--sinus", "sinus", "--artery", "artery"]
    assert main(["kidney", str(case), *roles, "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["schema"] == "theatrum.kidney/1"
    (tumor,) = told["tumors"]
    letters = {row["letter"]: row for row in tumor["renal"]["letters"]}
    assert letters["R"]["points"] == 1
    assert letters["L"]["points"] == 1
    assert all(len(row["at_mm"][0]) == 3 for row in letters.values())
    assert tumor["contact_cm2"] > 1.0
    clamps = told["clamps"]
    assert len(clamps) == 2
    assert sum(row["share_percent"] for row in clamps) == pytest.approx(100.0)
    assert all(40.0 < row["share_percent"] < 60.0 for row in clamps)
    feeding = max(clamps, key=lambda row: sum(one["share"] for one in row["tumors"]))
    # the upper branch feeds the upper tumour, and is clamped where it leaves the trunk
    (fed,) = feeding["tumors"]
    assert fed["id"] == 1
    assert fed["share"] > 0.95
    assert fed["margin_share"] > 0.9
    assert feeding["clamp_mm"] == pytest.approx([14.0, 0.0, 0.0], abs=6.0)
    assert told["plan"] == "kidney"
    with Document.open(case, read_only=True) as document:
        plan = document.case.plans["kidney"]
    assert plan.kind == "kidney"
    assert plan.inputs["organ"] == ["kidney"]
    assert plan.results["clamping"]["names"] == [feeding["name"]]
    assert main(["kidney", str(case), *roles]) == 0
    words = capfd.readouterr().out
    assert "R.E.N.A.L." in words
    assert "Clamp artery_1" in words


def test_a_wedge_keeps_its_margin_and_counts_what_it_leaves(case: Path, capfd: pytest.CaptureFixture[str]) -> None:
    roles = ["--kidney", "kidney", "--tumors", "mass", "--sinus", "sinus", "--artery", "artery"]
    assert main(["kidney", str(case), *roles, "--wedge-mm", "4", "--plan", "A", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["margin"]["minimum_mm"] - told["margin"]["uncertainty_mm"] == pytest.approx(4.0, abs=0.15)
    assert told["removed_voxels"] + told["kept_voxels"] == told["organ_voxels"]
    assert told["kept_tumor_ml"] == 0.0
    parts = told["perfusion"]["fed_ml"] + told["perfusion"]["devascularised_ml"]
    assert parts == pytest.approx(told["kept_parenchyma_ml"])
    clamping = told["clamping"]
    assert clamping["is_proposed"]
    # what lies behind the clamps is parenchyma and tumour, told apart; what is kept counts parenchyma alone
    assert clamping["territory_parenchyma_ml"] + clamping["territory_tumor_ml"] == pytest.approx(
        clamping["territory_ml"]
    )
    assert clamping["territory_tumor_ml"] == pytest.approx(told["removed_tumor_ml"], rel=0.1)
    assert clamping["ischaemic_kept_ml"] <= clamping["territory_parenchyma_ml"]
    # only the clamped half of what is kept is without blood, against all of it with the main artery
    assert clamping["ischaemic_kept_ml"] < 0.7 * clamping["main_artery_kept_ml"]
    assert clamping["tumors"][0]["covered_share"] > 0.9
    # the same plan from its own inputs
    with Document.open(case) as document:
        plan = document.case.plans["A"]
        again = kidney_record(
            document,
            "A",
            KidneyRoles(**{role: tuple(plan.inputs[role]) for role in KidneyRoles().as_mapping()}),
            [resection_from_json(row) for row in plan.inputs["resections"]],
        )
    assert again.results == plan.results
    assert main(["kidney", str(case), *roles, "--wedge-mm", "4"]) == 0
    assert "Kept, its artery cut" in capfd.readouterr().out


def test_other_clamps_can_be_chosen_and_are_checked(case: Path, capfd: pytest.CaptureFixture[str]) -> None:
    roles = ["--kidney", "kidney", "--tumors", "mass", "--sinus", "sinus", "--artery", "artery"]
    assert main(["kidney", str(case), *roles, "--clamp", "artery_1,artery_2", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["clamping"]["territory_percent"] == pytest.approx(100.0)
    assert told["clamping"]["ischaemic_kept_ml"] == pytest.approx(told["clamping"]["main_artery_kept_ml"])
    assert main(["kidney", str(case), *roles, "--clamp", "artery_9"]) != 0
    assert "artery_1" in capfd.readouterr().err


def test_what_is_not_named_is_said_and_wrong_names_are_refused(case: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("sinus", "artery"):
        assert main(["labels", str(case), "remove", name]) == 0
    capfd.readouterr()
    assert main(["kidney", str(case), "--kidney", "kidney", "--tumors", "mass", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert {"sinus_guessed", "no_artery"} <= {item["code"] for item in told["warnings"]}
    assert told["clamps"] == []
    assert main(["kidney", str(case), "--kidney", "spleen", "--tumors", "mass"]) == 3
