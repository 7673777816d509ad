"""Neck, sac and growth read off plans whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from roots import make_tube

from planning.errors import MeasurementError
from planning.vessel.compare import compare_plans
from planning.vessel.evar import check_renal, evar_measures

NECK_MM = 22.0


def _plan(
    diameters: np.ndarray, s: np.ndarray, curve: np.ndarray, noise: float = 0.0, seed: int = 0, arc: float = 0.0
) -> dict:
    shaken = diameters + np.random.default_rng(seed).normal(0.0, noise, len(diameters))
    stations = [
        {
            "s_mm": float(at),
            "position_mm": point.tolist(),
            "closed": True,
            "area_mm2": float(np.pi * d * d / 4),
            "min_diameter_mm": float(0.97 * d),
            "max_diameter_mm": float(1.03 * d),
            "calcium_arc_deg": arc,
        }
        for at, d, point in zip(s, shaken, curve)
    ]
    return {"stations": stations, "centerline_mm": curve.tolist(), "length_mm": float(s[-1])}


def _aneurysm(
    suprarenal_deg: float = 20.0, infrarenal_deg: float = 50.0, taper: float = 0.0
) -> tuple[dict, np.ndarray]:
    """30 mm above the renal artery, a neck of 22 mm, then a sac; straight pieces at known angles, running down."""
    s = np.arange(0.0, 131.0)
    renal = 30.0
    turn = np.where(s < renal, 0.0, suprarenal_deg) - np.where(s < renal + NECK_MM, 0.0, infrarenal_deg)
    direction = np.stack([np.sin(np.radians(turn)), 0 * s, -np.cos(np.radians(turn))], 1)
    curve = np.concatenate(
        [[[0.0, 0.0, 300.0]], np.cumsum(0.5 * (direction[1:] + direction[:-1]), axis=0) + (0, 0, 300)]
    )
    neck = 22.0 + taper * np.clip(s - renal, 0.0, NECK_MM)
    sac = np.clip((s - renal - NECK_MM) / 20.0, 0.0, None)
    bulge = 34.0 * np.exp(-(((s - 90.0) / 22.0) ** 2)) * np.clip(sac, 0.0, 1.0)
    # 10 % over at the end of the neck
    diameters = neck + bulge + np.where(s > renal + NECK_MM, 2.2, 0.0)
    return _plan(diameters, s, curve), curve


def test_a_neck_is_as_long_wide_and_angled_as_it_was_built() -> None:
    plan, curve = _aneurysm()
    found = evar_measures(plan, curve[30] + np.array((0.0, 10.0, 0.0)))
    neck = found["neck"]
    assert neck["length_mm"] == pytest.approx(NECK_MM, abs=1.5)
    assert neck["d0_mm"] == pytest.approx(22.0, abs=0.1)
    assert neck["d15_mm"] == pytest.approx(22.0, abs=0.1)
    assert neck["shape"] == "straight"
    assert found["suprarenal_deg"] == pytest.approx(20.0, abs=3.0)
    assert found["infrarenal_deg"] == pytest.approx(50.0, abs=4.0)
    assert found["aneurysm"]["max_diameter_mm"] > 50.0
    assert found["limits"]["usual"]["held"] == {
        "length": True,
        "infrarenal": True,
        "suprarenal": True,
        "diameter": True,
    }
    assert {warning["code"] for warning in found["warnings"]} == {"lumen_only"}


def test_direction_of_the_plan_does_not_matter() -> None:
    plan, curve = _aneurysm()
    length = plan["length_mm"]
    turned = {
        **plan,
        "centerline_mm": plan["centerline_mm"][::-1],
        "stations": [{**row, "s_mm": length - row["s_mm"]} for row in plan["stations"][::-1]],
    }
    one, other = (evar_measures(p, curve[30]) for p in (plan, turned))
    assert other["neck"]["length_mm"] == pytest.approx(one["neck"]["length_mm"], abs=0.6)
    assert other["infrarenal_deg"] == pytest.approx(one["infrarenal_deg"], abs=1.5)


def test_a_conical_neck_and_sharp_angles_are_outside_the_limits() -> None:
    plan, curve = _aneurysm(suprarenal_deg=65.0, infrarenal_deg=80.0, taper=0.05)
    plan = {**plan, "stations": [{**row, "calcium_arc_deg": 200.0} for row in plan["stations"]]}
    found = evar_measures(plan, curve[30])
    assert found["limits"]["extended"]["held"]["infrarenal"] is False
    assert found["limits"]["extended"]["held"]["suprarenal"] is False
    assert found["neck"]["calcium_over_half"] is True


def test_a_plain_aorta_has_no_neck_and_a_far_point_is_refused() -> None:
    s = np.arange(0.0, 100.0)
    curve = np.stack([0 * s, 0 * s, 200.0 - s], 1)
    plan = _plan(20.0 + 0 * s, s, curve)
    found = evar_measures(plan)
    assert found["neck"]["length_mm"] is None
    assert found["aneurysm"] is None
    assert {"no_renal", "no_neck_end"} <= {warning["code"] for warning in found["warnings"]}
    with pytest.raises(MeasurementError, match="not at this vessel"):
        evar_measures(plan, (90.0, 0.0, 150.0))


def test_a_renal_point_that_cannot_be_one_is_told_before_the_vessel_is_measured() -> None:
    turn = np.linspace(0.0, 1.8, 1500)
    curve = np.stack([60.0 * np.cos(turn), 0.0 * turn, 60.0 * np.sin(turn)], 1)
    volume = make_tube(curve, np.full(len(curve), 6.0), spacing=1.5)
    ends = curve[100], curve[-100]
    check_renal(volume, *ends, curve[500] * 1.2)
    with pytest.raises(MeasurementError, match="not at this vessel"):
        check_renal(volume, *ends, (5.0, 0.0, 5.0))
    with pytest.raises(MeasurementError, match="outside the scan"):
        check_renal(volume, *ends, (500.0, 0.0, 5.0))


def test_growth_is_found_at_its_place_in_the_same_and_in_another_position() -> None:
    s = np.arange(0.0, 120.0)
    curve = np.stack([5 * np.sin(s / 30), 0 * s, -s], 1)
    shape = 22.0 + 12.0 * np.exp(-(((s - 60.0) / 15.0) ** 2))
    grown = shape + 4.0 * np.exp(-(((s - 70.0) / 10.0) ** 2))
    before = _plan(shape, s, curve, 0.1, 1)
    for moved, late in ((np.zeros(3), 0), (np.array((40.0, 25.0, -12.0)), 9)):
        after = _plan(grown[late:], s[late:] - late, curve[late:] + moved, 0.1, 2)
        found = compare_plans(before, after, years=2.0)
        assert found["method"] == ("widths" if late else "place")
        growth = found["greatest_growth"]
        assert growth["growth_mm"] == pytest.approx(4.0, abs=0.5)
        assert growth["s_mm"] + late == pytest.approx(70.0, abs=5.0)
        assert growth["per_year_mm"] == pytest.approx(growth["growth_mm"] / 2.0)
        assert growth["is_certain"]


def test_no_growth_is_not_called_growth_and_little_overlap_is_refused() -> None:
    s = np.arange(0.0, 80.0)
    curve = np.stack([0 * s, 0 * s, -s], 1)
    found = compare_plans(_plan(20 + 0 * s, s, curve, 0.1, 3), _plan(20 + 0 * s, s, curve, 0.1, 4))
    assert not found["greatest_growth"]["is_certain"]
    with pytest.raises(MeasurementError, match="share less than"):
        compare_plans(_plan(20 + 0 * s, s, curve), _plan(20 + 0 * s[:12], s[:12], curve[:12]))
