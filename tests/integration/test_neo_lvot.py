"""The neo-LVOT by the command line: told of a plan and kept in it, to be undone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from cases import make_case

from app.cli import main
from planning.case.document import Document
from planning.geometry import unit
from planning.phantoms.cardiac import cardiac_phantom
from planning.phantoms.cardiac_anatomy import APEX, MITRAL_MM


def _ring(radius_mm: float = 14.0) -> str:
    axis = unit(np.array(APEX))
    first = unit(np.cross(axis, (0.0, 0.0, 1.0)))
    second = np.cross(axis, first)
    around = np.radians(np.arange(0, 360, 45))[:, None]
    points = np.array(MITRAL_MM) + radius_mm * (np.cos(around) * first + np.sin(around) * second)
    return " ".join(",".join(f"{v:.3f}" for v in point) for point in points)


def test_what_a_mitral_valve_leaves_is_told_and_kept_in_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phantom = cardiac_phantom(root_only=True, spacing_mm=(0.9, 0.9, 0.9))
    path = tmp_path / "heart.theatrum"
    with make_case(path, phantom.volume):
        pass
    hinges = " ".join(",".join(f"{v:.3f}" for v in point) for point in phantom.truth.hinges_mm)
    assert main(["tavr", str(path), f"--hinges={hinges}", "--no-access", "--quiet", "--json"]) == 0
    capsys.readouterr()
    asked = ["tavr", str(path), "--mitral", "Intrepid 48", f"--mitral-annulus={_ring()}", "--quiet", "--json"]
    assert main(asked) == 0
    found = json.loads(capsys.readouterr().out)["neo_lvot"]
    assert 0.0 < found["area_mm2"] <= found["lvot_mm2"]
    assert found["uncertainty_mm2"] > 0.0
    assert [row["limit_mm2"] for row in found["thresholds"]] == [170.0, 189.4]
    # the device stands beside the tract: below the annulus it takes some of it
    assert any(row["area_mm2"] < row["lvot_mm2"] - 5.0 for row in found["sections"])
    with Document.open(path) as document:
        plan = document.case.plans["tavr"]
        assert plan.inputs["mitral"]["model"] == "Intrepid"
        assert plan.results["mitral"]["area_mm2"] == pytest.approx(found["area_mm2"])
        document.undo()
        assert document.case.plans["tavr"].inputs["mitral"] is None
