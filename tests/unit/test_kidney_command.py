"""`theatrum kidney` on a kidney of ellipsoids with an artery of two branches."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from cases import make_case

from app.cli import main
from planning.case.commands import AddStructure, Batch
from planning.case.model import Structure
from planning.geometry import Grid
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


def test_letters_contact_and_clamps_are_told_and_the_case_stays(case: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = case.read_bytes()
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
    assert feeding["tumors"] == [{"id": 1, "share": pytest.approx(1.0, abs=0.05)}]
    assert feeding["clamp_mm"] == pytest.approx([14.0, 0.0, 0.0], abs=6.0)
    assert case.read_bytes() == before
    assert main(["kidney", str(case), *roles]) == 0
    words = capfd.readouterr().out
    assert "R.E.N.A.L." in words
    assert "Clamp artery_1" in words


def test_what_is_not_named_is_said_and_wrong_names_are_refused(case: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["kidney", str(case), "--kidney", "kidney", "--tumors", "mass", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert {"sinus_guessed", "no_artery"} <= {item["code"] for item in told["warnings"]}
    assert told["clamps"] == []
    assert main(["kidney", str(case), "--kidney", "spleen", "--tumors", "mass"]) == 3
