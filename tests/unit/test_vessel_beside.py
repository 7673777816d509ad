"""Ends, branches, landing zones and growth of a vessel plan, against an aorta whose truth is known."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from aneurysms import NECK_MM, RENAL_S_MM, SAC_RADIUS_MM, make_aneurysm, renal_mm
from arteries import Pelvis
from cases import make_case

from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.vessel_plans import (
    automatic_ends,
    measured_again,
    vessels_of_file,
    with_branch_name,
    with_branch_to,
    with_branches_measured,
    with_comparison,
    with_evar,
    with_tree,
    without_branch,
    without_comparison,
    without_evar,
)
from planning.errors import Cancelled, InputError, MeasurementError
from planning.progress import CancelToken
from planning.units import text_position
from planning.vessel.branches import others, with_main
from planning.vessel.landing import iliac_landing
from planning.vessel.offshoots import find_offshoots
from planning.volume import Volume

LOW_Z_MM = -100.0


@pytest.fixture(scope="module")
def pelvis() -> Pelvis:
    return make_aneurysm(low_z_mm=LOW_Z_MM)


@pytest.fixture(scope="module")
def document(pelvis: Pelvis, tmp_path_factory: pytest.TempPathFactory):
    with make_case(tmp_path_factory.mktemp("aorta") / "aorta.theatrum", pelvis.volume) as opened:
        yield opened


@pytest.fixture(scope="module")
def plan(document: Document) -> PlanRecord:
    """The aorta into one iliac artery by itself, with its branches found."""
    ends = automatic_ends(document)
    record = measured_again(document, None, "vessel", ends.start_mm.tolist(), ends.end_mm.tolist(), ends="automatic")
    return with_tree(document, record)


@pytest.fixture(scope="module")
def measured(document: Document, plan: PlanRecord) -> PlanRecord:
    """The other iliac artery measured too."""
    other = max(others(plan.results["tree"]), key=lambda row: row["length_mm"])
    return with_branches_measured(document, plan, [other["id"]])


def test_ends_are_found_at_the_ends_of_the_artery(plan: PlanRecord, pelvis: Pelvis) -> None:
    assert plan.inputs["ends"] == "automatic"
    top, bottom = np.array(plan.inputs["from_mm"]), np.array(plan.inputs["to_mm"])
    assert top[2] == pytest.approx(124.0, abs=8.0)
    assert bottom[2] == pytest.approx(LOW_Z_MM + 4.0, abs=8.0)
    aorta, iliacs = pelvis.arteries["aorta"].curve_mm, [pelvis.arteries[side].curve_mm for side in ("right", "left")]
    assert np.linalg.norm(aorta - top, axis=1).min() < 2.0
    # inside the lumen, 3.8 mm in radius there
    assert min(np.linalg.norm(curve - bottom, axis=1).min() for curve in iliacs) < 3.5


def test_the_branches_are_those_that_were_built(plan: PlanRecord, pelvis: Pelvis) -> None:
    tree = plan.results["tree"]
    assert not any(row["is_main"] for row in tree["branches"])
    assert len(tree["branches"]) == 5
    ends = np.array([row["end_mm"] for row in others(tree)])
    for name in ("right_internal", "left_internal", "right_renal", "left_renal"):
        truth = pelvis.arteries[name].curve_mm
        assert np.linalg.norm(truth[:, None] - ends[None], axis=2).min() < 6.0, name
    assert all(row["name"] and row["measured"] is None for row in others(tree))


def test_what_runs_along_the_measured_vessel_is_no_branch_of_it(plan: PlanRecord) -> None:
    # other ends: into the other iliac artery, which is no branch any more then
    tree = plan.results["tree"]
    other = max(others(tree), key=lambda row: row["length_mm"])
    shared = np.array(plan.results["centerline_mm"])
    fork = int(np.argmin(np.linalg.norm(shared - np.array(other["fork_mm"]), axis=1)))
    line = np.concatenate([shared[:fork], np.array(other["centerline_mm"])])
    changed = with_main(tree, line)
    (main,) = [row for row in changed["branches"] if row["is_main"]]
    assert main["id"] == other["id"]
    # and back again
    back = with_main(changed, plan.results["centerline_mm"])
    assert [row["is_main"] for row in back["branches"]] == [row["is_main"] for row in tree["branches"]]
    for before, after in zip(others(tree), others(back), strict=True):
        assert after["length_mm"] == pytest.approx(before["length_mm"], abs=3.0)


def test_a_branch_has_the_sections_of_its_own_lumen(measured: PlanRecord, pelvis: Pelvis) -> None:
    (row,) = [row for row in measured.results["tree"]["branches"] if row["measured"] is not None]
    found = row["measured"]
    # the first sections are the aorta's and do not count
    assert not any(station["closed"] for station in found["stations"] if station["s_mm"] < 7.0)
    side = "left" if row["end_mm"][0] > 0 else "right"
    truth = pelvis.arteries[side]
    for station in found["stations"][20:-6]:
        if station["closed"]:
            at = int(np.argmin(np.linalg.norm(truth.curve_mm - np.array(station["position_mm"]), axis=1)))
            assert station["area_diameter_mm"] == pytest.approx(2 * truth.radius_mm[at], abs=0.5)


def test_neck_sac_and_landing_zones_are_as_built(measured: PlanRecord, pelvis: Pelvis) -> None:
    evar = with_evar(measured, renal_mm(pelvis)).results["evar"]
    # the sac begins NECK_MM below and has widened by 10 % a little lower
    assert NECK_MM < evar["neck"]["length_mm"] < NECK_MM + 14.0
    assert evar["neck"]["d0_mm"] == pytest.approx(18.0, abs=0.5)
    assert evar["aneurysm"]["max_diameter_mm"] == pytest.approx(2 * SAC_RADIUS_MM, abs=0.5)
    assert len(evar["neck_places_mm"]) == 4
    assert np.allclose(evar["neck_places_mm"][0], evar["lowest_renal"]["position_mm"])
    fork = np.array(evar["iliac"]["fork_mm"])
    assert np.linalg.norm(fork - pelvis.fork_mm) < 3.0
    for side in ("right", "left"):
        found = evar["iliac"][side]
        assert found["reason"] == ""
        # the internal iliac leaves 62 mm below the fork; its origin is 6 mm wide
        assert found["length_mm"] == pytest.approx(60.0, abs=7.0)
        truth = pelvis.arteries[side]
        at = int(np.argmin(np.linalg.norm(truth.curve_mm - np.array(found["landing_mm"]), axis=1)))
        assert found["mean_diameter_mm"] == pytest.approx(2 * truth.radius_mm[at], abs=0.5)
    assert json.loads(json.dumps(evar)) == evar


def test_branches_end_where_they_open_and_what_lies_beside_is_none() -> None:
    """A kidney at a renal artery's end, and a vein of the same brightness that touches the aorta along 60 mm."""
    pelvis = make_aneurysm((1.4, 1.4, 1.8), low_z_mm=-30.0)
    volume, end = pelvis.volume, pelvis.arteries["left_renal"].curve_mm[-1]
    k, j, i = np.meshgrid(*[np.arange(n) for n in volume.voxels.shape], indexing="ij")
    places = volume.grid.to_world(np.stack([i, j, k], axis=-1).reshape(-1, 3))
    voxels = volume.voxels.copy().reshape(-1)
    voxels[np.linalg.norm(places - (end + (16.0, 0.0, 0.0)), axis=1) < 24.0] = 340
    aorta = pelvis.arteries["aorta"]
    beside = np.abs(places[:, 2] - 40.0) < 30.0
    radii = np.interp(-places[:, 2], -aorta.curve_mm[:, 2], aorta.radius_mm)
    middle = np.stack([np.interp(-places[:, 2], -aorta.curve_mm[:, 2], aorta.curve_mm[:, n]) for n in (0, 1)], axis=1)
    away = np.hypot(places[:, 0] - middle[:, 0] + radii + 4.0, places[:, 1] - middle[:, 1])
    voxels[beside & (away < 5.0)] = 350
    changed = Volume(volume.grid, voxels.reshape(volume.voxels.shape))
    line = aorta.curve_mm[(aorta.curve_mm[:, 2] < 122.0) & (aorta.curve_mm[:, 2] > 6.0)][::4]
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    stations = [
        {
            "s_mm": float(s),
            "closed": True,
            "max_diameter_mm": 2.0 * float(np.interp(-place[2], -aorta.curve_mm[:, 2], aorta.radius_mm)),
        }
        for s, place in zip(along, line, strict=True)
    ]
    found, _ = find_offshoots(changed, {"centerline_mm": line.tolist(), "stations": stations})
    ends = np.array([one.line_mm[-1] for one in found])
    assert len(found) == 2
    # to the kidney and not through it
    assert np.linalg.norm(ends - end, axis=1).min() < 14.0
    assert np.linalg.norm(ends - pelvis.arteries["right_renal"].curve_mm[-1], axis=1).min() < 6.0


def test_a_side_that_was_not_measured_says_so(plan: PlanRecord) -> None:
    found = iliac_landing(plan.results, plan.results["tree"])
    sides = [found["right"], found["left"]]
    assert sorted(bool(side["reason"]) for side in sides) == [False, True]
    missing = next(side for side in sides if side["reason"])
    assert "was not measured" in missing["reason"]
    assert missing["length_mm"] is None
    nothing = iliac_landing(plan.results, None)
    assert nothing["right"]["reason"] == nothing["left"]["reason"] == "The branches were not looked for"


def test_a_branch_is_named_removed_and_added_at_a_click(document: Document, plan: PlanRecord, pelvis: Pelvis) -> None:
    rows = others(plan.results["tree"])
    end = pelvis.arteries["right_renal"].curve_mm[-1]
    renal = min(rows, key=lambda row: float(np.linalg.norm(np.array(row["end_mm"]) - end)))
    named = with_branch_name(plan, renal["id"], "Right renal")
    assert {row["name"] for row in others(named.results["tree"])} >= {"Right renal"}
    assert named.inputs["tree"]["edits"] == [{"kind": "name", "branch": renal["id"], "name": "Right renal"}]
    assert named.edited
    bare = without_branch(plan, renal["id"])
    assert len(others(bare.results["tree"])) == len(rows) - 1
    point = pelvis.arteries["right_renal"].curve_mm[-12]
    again = with_branch_to(document, bare, point)
    added = again.results["tree"]["branches"][-1]
    assert added["source"] == "by hand"
    assert added["measured"] is not None
    truth = pelvis.arteries["right_renal"]
    assert added["length_mm"] == pytest.approx(float(truth.along_mm[-12]), abs=2.0)
    assert np.linalg.norm(np.array(added["fork_mm"]) - renal_mm(pelvis)) < 6.0
    with pytest.raises(MeasurementError, match="known already"):
        with_branch_to(document, plan, np.array(plan.results["centerline_mm"][40]))
    with pytest.raises(MeasurementError):
        with_branch_to(document, plan, (90.0, 40.0, 60.0))


def test_growth_is_the_truth_of_two_scans_and_can_be_taken_away(
    plan: PlanRecord, document: Document, tmp_path: Path
) -> None:
    smaller = replace(plan, results=_narrowed(plan.results, 2.0))
    path = tmp_path / "before.json"
    path.write_text(json.dumps({"plan": "vessel", **smaller.results}))
    (name, before), *_ = vessels_of_file(path).items()
    compared = with_comparison(plan, name, before, 2.0)
    found = compared.results["comparison"]
    assert found["with"] == "vessel"
    assert found["greatest_growth"]["growth_mm"] == pytest.approx(2.0, abs=0.1)
    assert found["greatest_growth"]["is_certain"]
    assert found["greatest_growth"]["per_year_mm"] == pytest.approx(1.0, abs=0.05)
    same = with_comparison(plan, "vessel", plan.results, None).results["comparison"]
    assert not same["greatest_growth"]["is_certain"]
    assert "comparison" not in without_comparison(compared).results
    with pytest.raises(InputError, match="no vessel plan"):
        with_comparison(plan, "nothing", {"stations": []}, None)
    other = make_case(tmp_path / "other.theatrum", document.volume("CT"))
    other.do(SetPlan(plan))
    other.close()
    assert list(vessels_of_file(tmp_path / "other.theatrum")) == ["vessel"]


def test_what_was_asked_beside_follows_new_ends_or_says_why_not(
    document: Document, measured: PlanRecord, pelvis: Pelvis
) -> None:
    asked = with_evar(measured, renal_mm(pelvis))
    aorta = pelvis.arteries["aorta"]
    # the new ends lie below the renal arteries
    low, high = (int(np.searchsorted(aorta.along_mm, RENAL_S_MM + at)) for at in (40.0, 80.0))
    moved = measured_again(document, asked, "vessel", aorta.curve_mm[low].tolist(), aorta.curve_mm[high].tolist())
    assert moved.inputs["evar"] == asked.inputs["evar"]
    assert moved.inputs["ends"] == "by hand"
    assert moved.results["evar"] is None
    assert "evar_lost" in {warning["code"] for warning in moved.results["warnings"]}
    assert len(moved.results["tree"]["branches"]) == len(asked.results["tree"]["branches"])
    without = without_evar(moved)
    assert "evar" not in without.results
    assert "evar_lost" not in {warning["code"] for warning in without.results["warnings"]}


def test_the_report_says_all_of_it_with_places(document: Document, measured: PlanRecord, pelvis: Pelvis) -> None:
    from app.report.rows import number_facts
    from app.report.vessel_content import vessel_content

    plan = with_comparison(with_evar(measured, renal_mm(pelvis)), "before", _narrowed(measured.results, 0.1), None)
    content = vessel_content(document, plan, [])
    titles = [numbers.title for numbers in content.numbers]
    assert titles == ["Vessel", "Aneurysm", "Growth since “before”"]
    assert "no change that the measurement can tell" in content.numbers[2].note
    assert [section.title for section in content.sections] == [
        "Neck and landing zones",
        "Growth since “before”",
        "Branches",
    ]
    (branches,) = content.sections[2].rows[0]
    assert len(branches.rows) == len(others(plan.results["tree"]))  # type: ignore[union-attr]
    assert ("Renal artery", text_position(renal_mm(pelvis))) in content.edits
    facts = {fact.number: fact for fact in number_facts(plan, content)}
    neck = facts["evar.neck.length_mm"]
    assert neck.value == plan.results["evar"]["neck"]["length_mm"]
    assert neck.definition
    assert neck.place
    assert facts["comparison.greatest_growth.before_mm"].uncertainty_95 is None
    assert facts["comparison.greatest_growth.growth_mm"].uncertainty_95 > 0
    bare = vessel_content(document, without_evar(without_comparison(plan)), [])
    assert [numbers.title for numbers in bare.numbers] == ["Vessel"]


def test_the_search_for_branches_stops_when_asked(document: Document, plan: PlanRecord) -> None:
    cancel = CancelToken()
    cancel.set()
    with pytest.raises(Cancelled):
        with_tree(document, plan, cancel=cancel)
    with pytest.raises(Cancelled):
        automatic_ends(document, cancel=cancel)


def _narrowed(results: dict, by_mm: float) -> dict:
    """The same plan with every width smaller."""
    rows = []
    for row in results["stations"]:
        if not row["closed"]:
            rows.append(row)
            continue
        width = row["area_diameter_mm"] - by_mm
        widths = {key: row[key] - by_mm for key in ("min_diameter_mm", "max_diameter_mm")}
        rows.append({**row, **widths, "area_diameter_mm": width, "area_mm2": float(np.pi * width**2 / 4.0)})
    return {**results, "stations": rows}
