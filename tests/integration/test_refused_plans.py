"""Plans that cannot be made: one plain line, the exit code of the contract, and the case untouched to the byte."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from beating import make_beating_root
from cases import make_moving_case

from app.cli import main
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.tavr_plans import tavr_record
from planning.errors import MeasurementError
from planning.provenance import Provenance
from planning.tavr.inputs import TavrInputs

HINGES = "--hinges=-3,10,2 -9,-7,-5 9,-6,7"
MITRAL = ("--mitral", "SAPIEN M3 29")
RING = "--mitral-annulus=0,0,0 9,0,0 9,9,0 0,9,0 4,10,0 4,-1,0"
VALVE = ("--valve", "sapien 3  23")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("refused") / "root.theatrum"
    root = make_beating_root(phases=1, spacing_mm=(1.2, 1.2, 1.2), size_mm=48.0)
    with make_moving_case(path, root.volumes, root.labels) as document:
        plan = PlanRecord(name="A", kind="liver", inputs={}, results={}, created="", provenance=Provenance("test"))
        document.do(SetPlan(plan))
    return path


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["tavr", "--hinges=0,0,0 5,0,0 10,0,0"], 3, "one line"),
        (["tavr", HINGES, "--plan", "A"], 3, "'A' is a liver plan"),
        (["vessel", "--from=0,0,0", "--to=0,0,9", "--plan", "A"], 3, "'A' is a liver plan"),
        (["vessel", "--from=0,0,0"], 2, "needs --from and --to"),
        (["vessel", "--auto", "--from=0,0,0", "--to=0,0,9"], 2, "finds both ends"),
        (["vessel", "--auto", "--branches", "--structure", "aorta"], 2, "found in the image"),
        (["tavr", HINGES, "--plan", " "], 2, "printable"),
        (["tavr", HINGES, "--plan", "a\nb"], 2, "printable"),
        (["tavr", HINGES, *VALVE, "--rotation-deg", "inf"], 2, "a number is needed"),
        (["tavr", HINGES, *VALVE, "--depth-mm", "300"], 2, "more than the whole frame"),
        (["tavr", HINGES, "--depth-mm", "3"], 2, "belongs to --valve"),
        (["tavr", HINGES, "--agatston=0,0,0"], 2, "makes no plan"),
        (["tavr", HINGES, *MITRAL, RING], 2, "makes no plan"),
        (["tavr", *MITRAL], 2, "belong together"),
        (["tavr", *MITRAL, RING], 2, "Make one first"),
        (["tavr", *MITRAL, RING, "--plan", "B"], 2, "no TAVR plan 'B'"),
        (["tavr", HINGES, "--inner-diameter-mm", "60"], 3, "inner diameter of 60 mm"),
        (["tavr", "--mitral", "Nothing 3", RING], 3, "no mitral valve Nothing 3"),
    ],
)
def test_a_refusal_is_one_line_and_changes_nothing(
    case: Path, options: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = case.read_bytes()
    assert main([options[0], str(case), *options[1:], "--quiet", "--json"]) == code
    told = capsys.readouterr()
    assert not told.out
    assert told.err.count("\n") == 1
    assert words in told.err
    assert case.read_bytes() == before


def test_a_root_that_was_found_but_cannot_be_measured_is_not_blamed_on_points(case: Path) -> None:
    line = np.array([[0.0, 0.0, 0.0], [5.0, 0.0, 0.0], [10.0, 0.0, 0.0]])
    with Document.open(case, read_only=True) as document:
        with pytest.raises(MeasurementError, match="one line") as given:
            tavr_record(document, "x", TavrInputs(hinges_mm=line))
        with pytest.raises(MeasurementError, match="A root was found but cannot be measured") as found:
            tavr_record(document, "x", TavrInputs(hinges_mm=line, hinge_sources=("automatic",) * 3))
    assert "Move" in given.value.hint
    assert found.value.hint == "Place the hinges by hand"


@pytest.mark.parametrize(
    "content",
    [
        [1],
        {"stations": [], "centerline_mm": [], "length_mm": None},
        {"stations": [{"s_mm": "x"}], "centerline_mm": [1], "length_mm": 3},
        {"stations": [{"closed": True, "s_mm": "x"}], "centerline_mm": [[0, 0, 0], [1, 0, 0]], "length_mm": 3},
    ],
)
def test_a_file_that_is_no_vessel_plan_is_refused(
    case: Path, tmp_path: Path, content: object, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps(content), encoding="utf-8")
    assert main(["vessel", str(case), "--from=0,0,0", "--to=0,0,9", "--compare", str(other), "--quiet"]) == 3
    assert "holds no vessel plan" in capsys.readouterr().err


def test_routes_that_were_not_followed_are_named_in_the_summary() -> None:
    from app.commands.tavr import _access_rows

    missing = [
        {"key": "left_carotid", "text": "not followed for sure"},
        {"key": "right_femoral", "text": "Right femoral: The point is outside the scan."},
        {"key": "all", "text": "Access was not measured."},
    ]
    assert _access_rows({"access": {"routes": [], "missing": missing}}) == [
        ("Left carotid", "not followed for sure"),
        ("Right femoral", "The point is outside the scan."),
        ("Access", "Access was not measured."),
    ]


@pytest.mark.parametrize("command", ["tavr", "vessel", "liver", "report", "export", "info"])
def test_every_command_on_a_case_takes_quiet(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert "--quiet" in capsys.readouterr().out
