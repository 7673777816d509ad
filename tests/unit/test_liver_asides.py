"""Growth since an earlier study and a donor's graft stay with a plan and follow it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from liver_case import liver_document

from app.cli import main
from planning.case.commands import SetPlan
from planning.case.liver_asides import find_other, graft_asked, growth_asked, with_asides
from planning.case.plans import liver_record, with_body_size
from planning.errors import CaseError, UsageError
from planning.geometry import Plane
from planning.liver.resection import PlaneResection

CUT = "--plane=-14,0,0,-1,0,0"
TREES = ["--portal", "portal_vein", "--hepatic", "hepatic_veins"]


def _told(capfd: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main([*arguments, "--json", "--quiet"]) == 0
    return json.loads(capfd.readouterr().out)


def test_the_commands_questions_are_answered_and_kept(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    case, earlier = (str(tmp_path / f"{name}.theatrum") for name in ("case", "earlier"))
    for path in (case, earlier):
        liver_document(Path(path)).close()
    before = _told(capfd, "liver", earlier, "--plane=-8,0,0,-1,0,0", "--plan", "before")
    after = _told(
        capfd, "liver", case, CUT, "--before", earlier, "--dates", "2026-03-01,2026-03-22", "--recipient-kg", "20",
        "--graft-factor", "0.9", "--plan", "after",
    )  # fmt: skip
    growth, graft = after["growth"], after["graft"]
    points = after["flr_percent"] - before["flr_percent"]
    assert growth["degree_of_hypertrophy_points"] == pytest.approx(points)
    assert growth["kinetic_growth_percent_per_week"] == pytest.approx(points / 3.0)
    assert growth["plan"] == "before"
    assert graft["grwr_percent"] == pytest.approx(100.0 * 0.9 * after["removed_ml"] / 20_000.0)
    assert graft["donor_remnant_percent"] == pytest.approx(100.0 * after["kept_ml"] / after["organ_ml"])


def test_another_case_file_gives_its_plan(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    first, second = (str(tmp_path / f"{name}.theatrum") for name in ("first", "second"))
    for case in (first, second):
        liver_document(Path(case)).close()
    _told(capfd, "liver", first, CUT, "--plan", "A")
    told = _told(capfd, "liver", second, CUT, "--plan", "A", "--before", first, "--dates", "2026-03-01,2026-03-08")
    assert told["growth"]["case"] == "first.theatrum"
    assert told["growth"]["relative_growth_percent"] == pytest.approx(0.0, abs=1e-9)


def test_another_cut_of_the_same_liver_is_no_growth(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    case = str(tmp_path / "case.theatrum")
    liver_document(Path(case)).close()
    _told(capfd, "liver", case, "--plane=-8,0,0,-1,0,0", "--plan", "A")
    days = ["--dates", "2026-03-01,2026-03-22"]
    assert main(["liver", case, CUT, "--before", "A", *days, "--plan", "B"]) == 2
    assert "same liver" in capfd.readouterr().err
    assert main(["liver", case, CUT, "--remnant-after", "A", *days, "--plan", "B"]) == 2


@pytest.mark.parametrize("content", ["{}", '{"plan": "A"}', "[]", "none"])
def test_a_file_that_says_nothing_of_the_anatomy_is_refused(tmp_path: Path, content: str) -> None:
    liver_document(tmp_path / "case.theatrum").close()
    (tmp_path / "said.json").write_text(content)
    assert main(["liver", str(tmp_path / "case.theatrum"), CUT, "--anatomy", str(tmp_path / "said.json")]) == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--stage", "2", CUT], 2),
        (["--before", "A"], 2),
        (["--graft-factor", "0.9"], 2),
        (["--before", "nothing", "--dates", "2026-03-01,2026-03-08"], 3),
        (["--before", "A", "--dates", "yesterday,today"], 2),
    ],
)
def test_half_a_question_is_refused_and_nothing_is_kept(tmp_path: Path, words: list[str], code: int) -> None:
    case = tmp_path / "case.theatrum"
    liver_document(case).close()
    before = case.read_bytes()
    try:
        found = main(["liver", str(case), *([] if CUT in words else [CUT]), *words])
    except SystemExit as ended:
        found = int(ended.code or 0)
    assert found == code
    assert case.read_bytes() == before


def test_other_body_size_makes_the_growth_again(tmp_path: Path) -> None:
    with liver_document(tmp_path / "case.theatrum") as document:
        cut = [PlaneResection(Plane((-14.0, 0.0, 0.0), (-1.0, 0.0, 0.0)))]
        plan = liver_record(document, "A", cut, weight_kg=60.0, height_cm=165.0)
        asked = {"growth": growth_asked(plan, date(2026, 3, 1), date(2026, 3, 15)), "graft": graft_asked(50.0)}
        plan = with_asides(plan, asked)
        assert plan.results["growth"]["degree_of_hypertrophy_points"] == pytest.approx(0.0)
        smaller = with_body_size(plan, 50.0, 150.0)
        assert smaller.results["growth"]["degree_of_hypertrophy_points"] > 0.0
        assert "graft" in smaller.results
        assert "growth" not in with_asides(smaller, {}).results
        with pytest.raises(UsageError):
            growth_asked(plan, date(2026, 3, 15), date(2026, 3, 1))
        document.do(SetPlan(plan))
        with pytest.raises(UsageError):
            find_other(document, "A", "A", ["liver"])
        with pytest.raises(CaseError):
            find_other(document, "B", "C", ["liver"])
        with pytest.raises(UsageError, match="same liver"):
            find_other(document, "B", "A", ["liver"])
        assert find_other(document, "B", "A", ["another liver"])[0].name == "A"
