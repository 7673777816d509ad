"""From a moving scan to a plan by the command line: every phase's area against the truth, systole found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from beating import BeatingRoot, make_beating_root
from cases import make_moving_case

from app.cli import main
from planning.case.document import Document

PHASES = 5


def _words(hinges_mm: np.ndarray) -> str:
    return " ".join(",".join(f"{value:.3f}" for value in hinge) for hinge in hinges_mm)


@pytest.fixture(scope="module")
def root() -> BeatingRoot:
    return make_beating_root(phases=PHASES, spacing_mm=(0.8, 0.8, 0.8), seed=5, size_mm=58.0)


def test_areas_through_the_heartbeat_by_the_command_line(
    tmp_path: Path, root: BeatingRoot, capfd: pytest.CaptureFixture[str]
) -> None:
    case, start = tmp_path / "beating.theatrum", 4
    make_moving_case(case, root.volumes, root.labels).close()
    given = f"--hinges={_words(root.hinges_mm[start])}"
    assert main(["tavr", str(case), given, "--phase", str(start), "--no-access", "--quiet", "--json"]) == 0
    plan = json.loads(capfd.readouterr().out)
    phases = plan["phases"]
    areas = np.array([row["area_mm2"] for row in phases["curve"]])
    assert np.abs(areas / root.areas_mm2 - 1.0).max() < 0.015
    places = np.array([row["hinges_mm"] for row in phases["curve"]])
    assert np.linalg.norm(places - root.hinges_mm, axis=2).max() < 0.6
    assert phases["systole"] == phases["proposed"] == int(np.argmax(root.areas_mm2))
    assert phases["measured_phase"] == start
    assert plan["phase"] == root.labels[start]
    assert "widest at 20 %" in phases["text"]
    with Document.open(case, read_only=True) as document:
        assert document.case.plans[plan["plan"]].results["phases"] == phases


def test_the_summary_tells_the_curve_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    from app.commands.tavr import _phase_rows

    curve = [
        {"phase": 0, "label": "20 % of R–R", "area_mm2": 466.4, "uncertainty_mm2": 5.6, "reason": ""},
        {"phase": 1, "label": "70 % of R–R", "area_mm2": None, "uncertainty_mm2": None, "reason": "no closed edge"},
    ]
    rows = dict(_phase_rows({"phases": {"curve": curve, "measured_phase": 1, "systole": 0}}))
    assert rows["Area by phase, mm²"] == "20 % 466, 70 % –"
    assert rows["Widest"] == "20 % of R–R, 466 mm² ± 6"
    assert rows["Not measured"] == "70 % of R–R: no closed edge"
    assert _phase_rows({"phases": None}) == []
