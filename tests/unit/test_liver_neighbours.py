"""A tumour's vessels, growth between studies, a donor's graft and plans beside each other, against worked truth."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from planning.errors import UsageError
from planning.geometry import Grid
from planning.liver.compare import Limits, compare_plans, judge_plan, rank_plans, say_difference, say_place
from planning.liver.growth import CONDITIONS, find_condition, measure_graft, measure_growth
from planning.liver.model import LiverModel
from planning.liver.neighbours import owner_shares
from planning.volume import Mask

GRID = Grid.from_parts((140, 128, 112), (0.7, 0.7, 0.7), (-48.6, -44.4, -38.9))
PLACES = GRID.to_world(np.indices(GRID.shape_kji).reshape(3, -1)[::-1].T)


def _mask(inside: np.ndarray) -> Mask:
    return Mask.from_full(GRID, inside.reshape(GRID.shape_kji))


def _tube(start: tuple[float, ...], end: tuple[float, ...], radius: float) -> np.ndarray:
    a, along = np.array(start), np.subtract(end, start)
    share = np.clip(((PLACES - a) @ along) / (along @ along), 0.0, 1.0)
    return np.linalg.norm(PLACES - a - share[:, None] * along, axis=1) <= radius


@pytest.fixture(scope="module")
def model() -> LiverModel:
    """Two straight portal branches from a trunk; a ball 4 mm beside the left one and one that touches the right."""
    portal = _tube((0, 40, 0), (0, 0, 0), 3.0) | _tube((0, 0, 0), (36, 0, 0), 2.5) | _tube((0, 0, 0), (-36, 0, 0), 2.5)
    tumors = [((20.0, 0.0, 14.5), 8.0), ((-20.0, 0.0, 10.0), 8.0)]
    return LiverModel.prepare(
        organ=[("liver", _mask(((PLACES / (46.0, 42.0, 36.0)) ** 2).sum(axis=1) <= 1.0))],
        tumors=[
            (f"tumor_{n}", _mask(np.linalg.norm(PLACES - center, axis=1) <= radius))
            for n, (center, radius) in enumerate(tumors)
        ],
        portal=[("portal_vein", _mask(portal))],
    )


def test_distance_and_contact_are_those_of_balls_beside_a_tube(model: LiverModel) -> None:
    left = min(model.tumors, key=lambda tumor: -tumor.centroid_mm[0])
    right = min(model.tumors, key=lambda tumor: tumor.centroid_mm[0])
    beside, touching = model.near_vessels(left)[0], model.near_vessels(right)[0]
    # 14.5 − 8 − 2.5 = 4 mm of parenchyma; 10 − 8 − 2.5 = −0.5: it runs into the tumour
    assert beside.distance_mm == pytest.approx(4.0, abs=0.35)
    assert touching.distance_mm == pytest.approx(-0.5, abs=0.35)
    # straight along the voxels' rows, where both a ball's cap and a wall may lie between two of them
    assert abs(beside.distance_mm - 4.0) <= beside.uncertainty_mm < 0.45
    assert abs(touching.distance_mm + 0.5) <= touching.uncertainty_mm < 0.45
    assert beside.contact_cm2 == beside.contact_uncertainty_cm2 == 0.0
    assert 0.0 < touching.contact_uncertainty_cm2 < touching.contact_cm2
    assert 0.1 < touching.contact_cm2 < 1.5
    assert beside.name != touching.name
    assert abs(float(beside.at_mm[0]) - 20.0) < 3.0
    rows = [vessel.distance_mm for vessel in model.near_vessels(left)]
    assert rows == sorted(rows)


def test_a_tumour_lies_in_the_territory_of_its_branch(model: LiverModel) -> None:
    assert model.portal is not None
    left = min(model.tumors, key=lambda tumor: -tumor.centroid_mm[0])
    shares = owner_shares(model.portal, model.organ, left.mask)
    assert next(iter(shares)) == model.near_vessels(left)[0].name
    assert sum(shares.values()) == pytest.approx(1.0)


def test_growth_is_in_points_and_points_a_week_and_never_confused_with_the_relative_one() -> None:
    before = {"sflr_percent": 22.0, "flr_percent": 24.0, "flr_ml": 330.0}
    after = {"sflr_percent": 31.0, "flr_percent": 33.0, "flr_ml": 465.0}
    growth = measure_growth(before, after, date(2026, 3, 2), date(2026, 3, 23))
    assert growth["degree_of_hypertrophy_points"] == pytest.approx(9.0)
    assert growth["kinetic_growth_percent_per_week"] == pytest.approx(3.0)
    assert growth["relative_growth_percent"] == pytest.approx(100.0 * (465 / 330 - 1))
    assert growth["enough_kinetic_growth"]
    assert growth["enough_hypertrophy"]
    slow = measure_growth(before, after | {"sflr_percent": 24.0}, date(2026, 3, 2), date(2026, 3, 23))
    assert not slow["enough_kinetic_growth"]
    without = measure_growth(before | {"sflr_percent": None}, after, date(2026, 3, 2), date(2026, 3, 23))
    assert without["of"] == "flr_percent"
    with pytest.raises(UsageError, match="not later"):
        measure_growth(before, after, date(2026, 3, 23), date(2026, 3, 2))


def test_a_graft_is_held_against_the_recipient_and_the_donors_remnant() -> None:
    plan = {"removed_ml": 720.0, "kept_ml": 480.0, "organ_ml": 1200.0}
    graft = measure_graft(plan, 70.0)
    assert graft["grwr_percent"] == pytest.approx(100 * 720 / 70_000)
    assert graft["donor_remnant_percent"] == pytest.approx(40.0)
    assert graft["enough_graft"]
    assert graft["enough_donor_remnant"]
    assert measure_graft(plan, 70.0, factor=0.75)["grwr_percent"] < graft["grwr_percent"]
    for bad in ({"recipient_kg": 0.5}, {"recipient_kg": 70.0, "factor": 3.0}):
        with pytest.raises(UsageError):
            measure_graft(plan, **bad)


def test_each_condition_has_its_limit_and_source() -> None:
    assert [one.least_percent for one in CONDITIONS] == [20.0, 30.0, 40.0]
    assert all(one.source and one.denominator for one in CONDITIONS)
    assert find_condition("cirrhosis").least_percent == 40.0
    with pytest.raises(UsageError, match="not known"):
        find_condition("tired")


def _plan(margin: float | None, viable: float, left: tuple[int, ...] = (), cut: tuple[str, ...] = ()) -> dict:
    by_tumor = [{"id": 1, "minimum_mm": margin, "uncertainty_mm": 0.1, "side": "removed"}]
    by_tumor += [{"id": n, "minimum_mm": 1.0, "uncertainty_mm": 0.1, "side": "kept"} for n in left]
    return {
        "margin": {"by_tumor": by_tumor},
        "viable_flr_percent": viable,
        "flr_percent": viable + 3.0,
        "removed_ml": 300.0,
        "vessels_cut": [{"name": name} for name in cut],
    }


def test_a_plan_is_beaten_only_by_one_that_is_no_worse_in_anything() -> None:
    rows = compare_plans(
        [
            ("A", _plan(5.0, 40.0)),
            ("B", _plan(4.0, 50.0)),
            ("C", _plan(4.0, 38.0)),
            ("D", _plan(9.0, 60.0, left=(2,))),
            ("E", _plan(None, 70.0)),
        ]
    )
    by_name = {row.name: row for row in rows}
    assert by_name["C"].beaten_by == ("A", "B")
    # a plan that leaves a tumour does not beat one that takes all
    assert all(not by_name[name].beaten_by for name in "ABDE")
    assert by_name["D"].left == (2,)
    assert by_name["E"].margin_mm is None


def test_a_difference_is_one_sentence() -> None:
    rows = compare_plans([("A", _plan(5.0, 40.0)), ("B", _plan(4.5, 46.0, cut=("hepatic_2",)))])
    assert (
        say_difference(rows[1], rows[0])
        == "Plan B keeps 6 % more of the liver, has 0.5 mm less margin and crosses hepatic_2."
    )
    assert say_difference(rows[0], rows[0]) == "Plan A is like plan A."


def test_plans_are_ranked_by_limits_then_remnant_and_each_says_why() -> None:
    limits = Limits(5.0, 40.0)
    rows = compare_plans(
        [
            ("A", _plan(5.05, 41.0)),
            ("B", _plan(30.0, 30.4)),
            ("C", _plan(6.2, 77.1, cut=("hepatic_1",))),
            ("D", _plan(9.0, 80.0, left=(2,))),
        ]
    )
    ranked = rank_plans(rows, limits)
    assert [row.name for row in ranked] == ["C", "A", "B", "D"]
    assert [judge_plan(row, limits) for row in ranked] == [("ok", "ok"), ("warn", "ok"), ("ok", "bad"), ("bad", "ok")]
    said = {row.name: say_place(row, ranked, limits) for row in ranked}
    assert said["C"] == (
        "Meets both limits. Beside plan A it keeps 36 % more of the liver, has 1.2 mm more margin and crosses hepatic_1."
    )
    assert said["A"].startswith("Margin meets 5 mm only without its ±. Plan C is no worse")
    assert said["B"].startswith("Viable remnant 30.4 %, 40 % asked.")
    assert said["D"].startswith("T2 stays.")


def test_a_divided_tumour_counts_with_its_negative_margin() -> None:
    plan = _plan(6.0, 60.0)
    plan["margin"]["by_tumor"].append({"id": 2, "minimum_mm": -2.0, "uncertainty_mm": 0.1, "side": "both"})
    (row,) = compare_plans([("A", plan)])
    assert row.margin_mm == -2.0
    assert row.left == (2,)


def test_a_limit_of_the_standard_volume_is_judged_by_it() -> None:
    plan = {**_plan(6.0, 41.0), "flr_percent": 41.0, "sflr_percent": 37.0, "remnant_limit": {"of": "sflr_percent"}}
    (row,) = compare_plans([("A", plan)])
    limits = Limits(5.0, 40.0)
    assert row.remnant_percent == 41.0
    assert judge_plan(row, limits) == ("ok", "bad")
    assert say_place(row, [row], limits) == "Viable remnant 37.0 % of the standard volume, 40 % asked."
