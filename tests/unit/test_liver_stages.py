"""Plans in steps on a block: what goes, what stays between and at the end, held against hand-computed truth."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from block_livers import FORK_MM, SPACING_MM, beyond, block_liver
from hypothesis import given, settings
from hypothesis import strategies as st
from liver_case import liver_document

from app.cli import main
from planning.case.commands import SetPlan
from planning.case.liver_asides import remnant_after_asked, with_asides
from planning.case.plans import liver_record, with_body_size
from planning.errors import MeasurementError, UsageError
from planning.geometry import Plane
from planning.liver.limit import OWN, RemnantLimit, remnant_findings
from planning.liver.model import LiverModel
from planning.liver.plan import plan_resections
from planning.liver.plan import with_body_size as resized
from planning.liver.resection import PlaneResection, TerritoryResection
from planning.liver.stages import evaluate_stages, occluded_points
from planning.liver.staging import Occlusion, Staging
from planning.liver.volumetry import SizeFormulas, measure_remnant_ratios

MM_ML = 60.0 * 42.0 / 1000.0
"""Millilitres for each mm along the block."""
LAYER_ML = SPACING_MM * MM_ML
LEFT, RIGHT = beyond(21.0, left=True), beyond(60.0)


@pytest.fixture(scope="module")
def model() -> LiverModel:
    return block_liver()


def _tumor_ml(model: LiverModel, number: int) -> float:
    return float(model.tumors[number - 1].mask.voxel_count * model.voxel_ml)


def test_two_stages_remove_keep_and_leave_what_the_hand_computes(model: LiverModel) -> None:
    """Tumour 1 (the larger) lies at the right end, tumour 2 at the left: the left end goes first."""
    plan = plan_resections(model, [LEFT, RIGHT], staging=Staging((1, 2)))
    first, second = plan["stages"]["steps"]
    right_ml, left_ml = _tumor_ml(model, 1), _tumor_ml(model, 2)
    assert first["removed_ml"] == pytest.approx(21 * MM_ML)
    assert first["kept_ml"] == pytest.approx(84 * MM_ML)
    assert first["flr_ml"] == pytest.approx(84 * MM_ML - right_ml)
    assert first["tumors_left"] == [1]
    assert second["removed_ml"] == pytest.approx(45 * MM_ML)
    assert second["kept_ml"] == pytest.approx(39 * MM_ML)
    assert second["tumors_left"] == []
    tissue = 105 * MM_ML - right_ml - left_ml
    assert second["flr_percent"] == pytest.approx(100 * 39 * MM_ML / tissue)
    # the left end cuts the ends of the left branches alone: all that stays is fed and drained, but for a layer
    assert first["viable_ml"] == pytest.approx(84 * MM_ML - right_ml, abs=2 * LAYER_ML)
    assert second["viable_ml"] == pytest.approx(39 * MM_ML, abs=4 * LAYER_ML)
    assert {cut["name"] for cut in first["vessels_cut"]} == {"portal_2", "hepatic_2"}
    assert {cut["name"] for cut in second["vessels_cut"]} == {"portal_1", "hepatic_1"}
    # tumour 2 ends at x = 18, tumour 1 begins at 80.5
    by_tumor = [{row["id"]: row["minimum_mm"] for row in step["margin"]["by_tumor"]} for step in (first, second)]
    assert by_tumor[0][2] == pytest.approx(3.0, abs=0.3)
    assert by_tumor[1] == pytest.approx({1: 20.5, 2: 3.0}, abs=0.4)
    assert plan["removed_ml"] == pytest.approx(66 * MM_ML)
    assert plan["margin"] == second["margin"]
    assert "stages" not in plan_resections(model, [LEFT, RIGHT])


def test_occluded_liver_has_no_inflow_and_the_rest_is_the_future_remnant(model: LiverModel) -> None:
    staging = Staging((2,), Occlusion(("portal_1",), "before"))
    plan = plan_resections(model, [beyond(66.0)], staging=staging)
    occlusion, (before, first, second) = plan["stages"]["occlusion"], plan["stages"]["steps"]
    right_mm = 105 - FORK_MM
    assert occlusion["occluded_ml"] == pytest.approx(right_mm * MM_ML, abs=LAYER_ML)
    assert occlusion["supplied_ml"] == pytest.approx(FORK_MM * MM_ML - _tumor_ml(model, 2), abs=LAYER_ML)
    # the cut keeps 21 mm of the occluded branch's liver
    assert occlusion["kept_occluded_ml"] == pytest.approx((66 - FORK_MM) * MM_ML, abs=LAYER_ML)
    assert occlusion["removed_supplied_ml"] == 0.0
    assert before["kept_ml"] == first["kept_ml"] == pytest.approx(105 * MM_ML)
    assert before["viable_ml"] == first["viable_ml"] == pytest.approx(occlusion["supplied_ml"])
    assert second["viable_ml"] == pytest.approx(occlusion["supplied_ml"])
    assert plan["perfusion"]["viable_ml"] == second["viable_ml"]
    codes = {warning["code"] for warning in plan["warnings"]}
    assert "occluded_remnant" in codes
    assert "tumor_left" in codes
    said = next(warning["text"] for warning in plan["warnings"] if warning["code"] == "tumor_left")
    assert said == "Tumour 2 stays after stage 2, wholly or in part"


def test_a_tumour_that_stays_near_the_cut_decides_no_margin(model: LiverModel) -> None:
    """The right end goes with tumour 1, 12.5 mm off; the cut at the left passes 5 mm beside tumour 2, which stays."""
    cuts = [beyond(68.0), beyond(1.0, left=True)]
    whole, dragged = model.evaluate(cuts), model.evaluate(cuts, alone=False, only_least=True)
    assert whole.minimum is not None
    assert whole.minimum.tumor_id == 2
    for numbers in (whole, dragged):
        assert numbers.decisive is not None
        assert numbers.decisive.tumor_id == 1
        assert numbers.decisive.minimum_mm == pytest.approx(12.5, abs=0.5)
    # where none goes, the nearest is told
    assert model.evaluate([beyond(100.0)], only_least=True).decisive is not None


def test_each_territory_tells_what_it_loses(model: LiverModel) -> None:
    """The right end goes, so the veins and arteries beyond it; the left branch's liver is embolised."""
    plan = plan_resections(model, [beyond(66.0)], staging=Staging((1,), Occlusion(("portal_2",), "before")))
    rows = {row["name"]: row for row in plan["territories"]}
    right, left = rows["portal_1"], rows["portal_2"]
    assert right["removed_ml"] == pytest.approx(39 * MM_ML)
    assert left["removed_ml"] == 0.0
    assert left["devascularised_ml"] == pytest.approx(FORK_MM * MM_ML - _tumor_ml(model, 2), abs=LAYER_ML)
    assert rows["hepatic_2"]["congested_ml"] == 0.0
    for tree in ("portal", "hepatic"):
        own = [row for row in plan["territories"] if row["tree"] == tree]
        assert sum(row["removed_ml"] for row in own) == pytest.approx(plan["removed_ml"])
        for key in ("devascularised_ml", "congested_ml"):
            assert sum(row[key] for row in own) == pytest.approx(plan["perfusion"][key])


def test_a_territory_cut_off_from_its_vein_is_congested(model: LiverModel) -> None:
    """A slab across the left branches: what lies beyond it stays, without flow."""
    slab = [beyond(21.0, left=True), beyond(60.0)]
    plan = plan_resections(model, slab)
    assert model.hepatic is not None
    for row in plan["territories"]:
        assert row["removed_ml"] > 0.0
        assert row["congested_ml"] is not None
    bare = plan_resections(replace(model, branching=replace(model.branching, hepatic=None)), slab)
    assert {row["congested_ml"] for row in bare["territories"]} == {None}


def test_all_of_the_occluded_side_removed_leaves_nothing_without_inflow(model: LiverModel) -> None:
    staging = Staging((1, 2), Occlusion(("portal_1",), "ligate"))
    plan = plan_resections(model, [LEFT, TerritoryResection(("portal_1",))], staging=staging)
    occlusion, (first, second) = plan["stages"]["occlusion"], plan["stages"]["steps"]
    assert occlusion["kept_occluded_ml"] == 0.0
    assert not {"occluded_remnant", "empty_stage"} & {warning["code"] for warning in plan["warnings"]}
    between_ml = (FORK_MM - 21) * MM_ML
    assert first["viable_ml"] == pytest.approx(between_ml, abs=3 * LAYER_ML)
    assert second["kept_ml"] == pytest.approx(between_ml, abs=LAYER_ML)
    assert first["viable_flr_percent"] < first["flr_percent"]


def test_a_stem_is_occluded_where_all_beyond_it_is(model: LiverModel) -> None:
    assert model.portal is not None
    segments = replace(model.portal, segment_names=("V", "II"), segment=model.portal.branch)
    named = replace(model, branching=replace(model.branching, portal=segments))
    stem = model.portal.branch < 0
    assert stem.any()
    one, both = occluded_points(named, ["V"]), occluded_points(named, ["V", "II"])
    assert (one == (model.portal.branch == 0)).all()
    assert both.all()
    assert (occluded_points(model, ["portal_1"]) == one).all()


@settings(max_examples=15, deadline=None)
@given(
    places=st.lists(st.tuples(st.floats(-10.0, 115.0), st.booleans(), st.sampled_from((1, 2))), min_size=1, max_size=4),
    occluded=st.sampled_from(((), ("portal_1",), ("portal_2",), ("portal_1", "portal_2"))),
)
def test_what_goes_at_each_step_and_what_stays_is_the_organ(
    places: list[tuple[float, bool, int]], occluded: tuple[str, ...]
) -> None:
    model = _kept_model()
    cuts = [beyond(at, left=left) for at, left, _ in places]
    staging = Staging(tuple(stage for _, _, stage in places), Occlusion(occluded, "before") if occluded else None)
    steps = evaluate_stages(model, cuts, staging).steps
    assert sum(step.removed_voxels for step in steps) + steps[-1].numbers.kept_voxels == model.voxels.count
    flags = [cut.plane.signed_distance_mm(model.voxels.places_mm) > 1e-6 for cut in cuts]
    done = np.zeros(model.voxels.count, dtype=bool)
    for stage, step in ((1, next(s for s in steps if s.name == "stage_1")), (2, steps[-1])):
        before = int(done.sum())
        for own, (_, _, at) in zip(flags, places, strict=True):
            if at <= stage:
                done = done | own
        if stage == 1 or step.name == "stage_2":
            assert step.removed_voxels == int(done.sum()) - before
        tissue = step.numbers.kept_voxels - step.numbers.kept_tumor_voxels
        assert step.numbers.perfusion is not None
        assert step.numbers.perfusion.viable_ml <= tissue * model.voxel_ml + 1e-9
    numbers = sorted(number for step in steps for number in step.resections)
    assert numbers == list(range(len(cuts)))


def _kept_model(kept: dict[str, LiverModel] = {}) -> LiverModel:  # noqa: B006
    """Hypothesis runs without fixtures."""
    if not kept:
        kept["one"] = block_liver()
    return kept["one"]


def test_questions_that_cannot_be_answered_are_refused(model: LiverModel) -> None:
    with pytest.raises(MeasurementError, match="no portal branch 'hepatic_1'"):
        plan_resections(model, [RIGHT], staging=Staging((1,), Occlusion(("hepatic_1",))))
    bare = LiverModel.prepare(organ=[("liver", model.organ)])
    with pytest.raises(MeasurementError, match="without a portal tree"):
        plan_resections(bare, [RIGHT], staging=Staging((1,), Occlusion(("portal_1",))))
    for wrong in (lambda: Staging((3,)), lambda: Occlusion(()), lambda: Occlusion(("portal_1",), "tied")):
        with pytest.raises(UsageError):
            wrong()
    empty = plan_resections(model, [RIGHT], staging=Staging((2,)))
    assert "empty_stage" in {warning["code"] for warning in empty["warnings"]}
    assert empty["stages"]["steps"][0]["removed_ml"] == 0.0


def test_growth_between_is_measured_or_not_told(tmp_path: Path) -> None:
    with liver_document(tmp_path / "case.theatrum") as document:
        cuts = [PlaneResection(Plane((34.0, 0, 0), (1.0, 0, 0))), PlaneResection(Plane((-14.0, 0, 0), (-1.0, 0, 0)))]
        plan = liver_record(
            document, "A", cuts, stages=[1, 2], weight_kg=60.0, height_cm=165.0,
            limit=RemnantLimit.of_condition("chemotherapy"),
        )  # fmt: skip
        assert plan.inputs["resections"][1]["stage"] == 2
        assert "stage" not in plan.inputs["resections"][0]
        assert "remnant_after" not in plan.results
        before_ml = plan.results["flr_ml"]
        asked = remnant_after_asked(1.2 * before_ml, date(2026, 3, 1), date(2026, 3, 22))
        grown = with_asides(plan, {"remnant_after": asked})
        after = grown.results["remnant_after"]
        assert after["sflr_percent"] == pytest.approx(1.2 * plan.results["sflr_percent"])
        assert after["flr_percent"] == pytest.approx(1.2 * plan.results["flr_percent"])
        assert after["growth"]["degree_of_hypertrophy_points"] == pytest.approx(0.2 * plan.results["sflr_percent"])
        rate = after["growth"]["kinetic_growth_percent_per_week"]
        assert rate == pytest.approx(0.2 * plan.results["sflr_percent"] / 3.0)
        assert after["enough"] == (after["sflr_percent"] >= 30.0)
        # the plan's own numbers stay those of its own study
        assert grown.results["flr_percent"] == plan.results["flr_percent"]
        other = with_body_size(grown, 90.0, 185.0)
        assert other.results["remnant_after"]["sflr_percent"] < after["sflr_percent"]
        assert other.results["stages"] == grown.results["stages"]
        for wrong in ((5.0, 1, 22), (300.0, 22, 1)):
            with pytest.raises(UsageError):
                remnant_after_asked(wrong[0], date(2026, 3, wrong[1]), date(2026, 3, wrong[2]))
        document.do(SetPlan(grown))
        assert document.case.plans["A"].results == grown.results


def test_the_formula_that_is_chosen_leads_and_all_are_told() -> None:
    usual = measure_remnant_ratios(400.0, 70.0, 175.0)
    chosen = measure_remnant_ratios(400.0, 70.0, 175.0, SizeFormulas("urata", "dubois"))
    surface = 0.007184 * 70.0**0.425 * 175.0**0.725
    assert chosen.body_surface_m2 == pytest.approx(surface)
    assert chosen.sflr_percent == pytest.approx(100 * 400.0 / (706.2 * surface + 2.4))
    assert usual.sflr_percent == pytest.approx(100 * 400.0 / (-794.41 + 1267.28 * (70.0 * 175.0 / 3600.0) ** 0.5))
    assert set(chosen.sflr_by_formula_percent) == {"vauthey", "urata", "vauthey_weight"}
    assert chosen.as_json()["sflr_formula"] == "Urata (BSA by Du Bois)"
    by_weight = measure_remnant_ratios(400.0, 70.0, None, SizeFormulas("vauthey_weight"))
    assert by_weight.sflr_percent == pytest.approx(100 * 400.0 / (18.51 * 70.0 + 191.8))
    assert not by_weight.findings
    assert measure_remnant_ratios(100.0, 30.0, 120.0).findings[0].code == "body_surface_range"
    with pytest.raises(UsageError, match="not known"):
        SizeFormulas("mine")


def test_a_limit_is_held_against_its_own_denominator(model: LiverModel) -> None:
    limit = RemnantLimit.of_condition("chemotherapy")
    sized = plan_resections(model, [RIGHT], weight_kg=40.0, height_cm=140.0, limit=limit)
    found = sized["remnant_limit"]
    assert found["of"] == "sflr_percent"
    assert found["measured_percent"] == sized["sflr_percent"]
    assert found["viable_percent"] == pytest.approx(
        sized["sflr_percent"] * sized["perfusion"]["viable_ml"] / sized["flr_ml"]
    )
    assert "Shindoh" in found["source"]
    bare = plan_resections(model, [RIGHT], limit=limit)
    assert bare["remnant_limit"]["of"] == "flr_percent"
    assert "limit_denominator" in {warning["code"] for warning in bare["warnings"]}
    hepatitis = plan_resections(model, [RIGHT], limit=RemnantLimit.of_condition("hepatitis"))["remnant_limit"]
    assert (hepatitis["condition"], hepatitis["least_percent"]) == ("cirrhosis", 40.0)
    assert hepatitis["of"] == "flr_percent"
    assert plan_resections(model, [RIGHT], limit=RemnantLimit(33.0, OWN))["remnant_limit"]["least_percent"] == 33.0
    with pytest.raises(UsageError):
        RemnantLimit(3.0, OWN)


def _below(plan: dict) -> list[str]:
    return [warning["text"] for warning in plan["warnings"] if warning["code"].endswith("_below_limit")]


def test_a_remnant_below_what_is_asked_is_a_warning_of_the_plan(model: LiverModel) -> None:
    bare = plan_resections(model, [RIGHT])
    viable, kept = bare["viable_flr_percent"], bare["flr_percent"]
    (said,) = _below(plan_resections(model, [RIGHT], limit=RemnantLimit(min(kept + 5.0, 90.0), OWN)))
    assert f"only {viable:.1f} % keeps both inflow and drainage ({kept:.1f} % is kept)" in said
    assert _below(plan_resections(model, [RIGHT], limit=RemnantLimit(5.0, OWN))) == []
    # without a word of the liver's condition the most that any condition asks is held against it, and that is said
    for found in remnant_findings({**bare, "viable_flr_percent": 0.0}, None):
        assert "nothing keeps" in found.text
        assert "40 % asked where the liver's condition is not said" in found.text
    (short,) = remnant_findings({**bare, "viable_flr_percent": None, "flr_percent": 12.0}, None)
    assert (short.code, "12.0 %" in short.text) == ("remnant_below_limit", True)
    assert remnant_findings({**bare, "kept_voxels": 0, "flr_percent": 0.0}, None) == ()
    # another limit takes the old words away
    changed = resized(bare, None, None, limit=RemnantLimit(5.0, OWN))
    assert _below(changed) == []


def _told(capfd: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(["liver", *arguments, "--json", "--quiet"]) == 0
    return json.loads(capfd.readouterr().out)


def test_the_command_says_stages_in_front_of_what_follows(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    case = str(tmp_path / "case.theatrum")
    liver_document(Path(case)).close()
    trees = ["--portal", "portal_vein", "--hepatic", "hepatic_veins"]
    told = _told(
        capfd, case, *trees, "--wedge-mm", "5", "--tumor", "2", "--stage", "2", "--plane=-14,0,0,-1,0,0", "--occlude",
        "portal_1", "--occlusion", "ligate", "--remnant-after-ml", "160", "--dates", "2026-03-01,2026-03-15",
        "--weight-kg", "60", "--height-cm", "165", "--slv", "urata", "--bsa", "dubois", "--condition", "cirrhosis",
    )  # fmt: skip
    steps = told["stages"]["steps"]
    # planes come first among the plan's resections, whatever their place in the line
    assert [step["resections"] for step in steps] == [[2], [1]]
    assert told["stages"]["occlusion"]["way"] == "ligate"
    assert told["remnant_after"]["flr_ml"] == 160.0
    assert told["body_size"]["standard_formula"] == "urata"
    assert told["remnant_limit"]["condition"] == "cirrhosis"
    assert steps[0]["removed_voxels"] + steps[1]["removed_voxels"] + told["kept_voxels"] == told["organ_voxels"]
    assert main(["liver", case, *trees, "--territory", "portal_1", "--stage", "2", "--territory", "portal_2"]) == 0
    words = capfd.readouterr().out
    assert "After stage 1" in words
    assert "After stage 2" in words


def test_a_remnant_is_taken_from_a_plan_on_a_later_study(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    case, later = (str(tmp_path / f"{name}.theatrum") for name in ("case", "later"))
    for path in (case, later):
        liver_document(Path(path)).close()
    planned = _told(capfd, later, "--plane=-10,0,0,-1,0,0", "--plan", "grown")
    days = ["--dates", "2026-03-01,2026-03-29"]
    told = _told(capfd, case, "--plane=-14,0,0,-1,0,0", "--plan", "A", "--remnant-after", later, *days)
    after = told["remnant_after"]
    assert (after["plan"], after["case"]) == ("grown", "later.theatrum")
    assert after["flr_ml"] == planned["flr_ml"]
    assert after["planned_ml"] == told["flr_ml"]
    # no body size is known: growth is told of the liver without tumour
    points = (
        100.0 * (planned["flr_ml"] - told["flr_ml"]) / (told["organ_ml"] - sum(t["volume_ml"] for t in told["tumors"]))
    )
    assert after["growth"]["of"] == "flr_percent"
    assert after["growth"]["degree_of_hypertrophy_points"] == pytest.approx(points, rel=0.01)


@pytest.mark.parametrize(
    "words",
    [
        ["--occlusion", "ligate"],
        ["--remnant-after-ml", "300"],
        ["--remnant-after-ml", "300", "--before", "A", "--dates", "2026-03-01,2026-03-08"],
        ["--condition", "tired"],
        ["--condition", "2"],
    ],
)
def test_half_a_question_is_refused(tmp_path: Path, words: list[str]) -> None:
    case = tmp_path / "case.theatrum"
    liver_document(case).close()
    assert main(["liver", str(case), "--plane=-14,0,0,-1,0,0", *words]) == 2
