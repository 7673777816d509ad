"""Length and least diameter of tubes against their truth."""

from __future__ import annotations

import numpy as np
import pytest
from roots import make_tube

from planning.errors import MeasurementError
from planning.vessel.plan import make_vessel_plan

T = np.linspace(0, 1, 2000)


def _straight(radius: float) -> tuple[np.ndarray, np.ndarray]:
    return np.stack([0 * T + 0.2, 0 * T - 0.1, 45 * T], 1), np.full(2000, radius)


def _stenosed_arc() -> tuple[np.ndarray, np.ndarray]:
    angle = 1.5 * T
    curve = np.stack([35 * np.cos(angle), 35 * np.sin(angle), 0 * T + 0.13], 1)
    return curve, 3.5 * (1 - 0.45 * np.exp(-(((T - 0.5) * 52 / 5) ** 2)))


@pytest.mark.parametrize(
    ("curve", "radius"), [_straight(4.0), _stenosed_arc(), _straight(2.0)], ids=["8mm", "stenosis", "4mm"]
)
def test_length_and_least_diameter_are_the_tubes(curve: np.ndarray, radius: np.ndarray) -> None:
    volume = make_tube(curve, radius)
    start, end = curve[200], curve[-200]
    plan = make_vessel_plan(volume, start, end, step_mm=2.0)
    true_length = np.linalg.norm(np.diff(curve[200:-200], axis=0), axis=1).sum()
    assert plan["length_mm"] == pytest.approx(true_length, rel=0.01)
    assert plan["minimum"]["min_diameter_mm"] == pytest.approx(2 * radius[200:-200].min(), abs=0.3)
    assert all(
        station["min_diameter_mm"] <= station["max_diameter_mm"] for station in plan["stations"] if station["closed"]
    )
    assert plan["tortuosity"] >= 1.0


def test_points_outside_a_vessel_are_refused() -> None:
    curve, radius = _straight(4.0)
    volume = make_tube(curve, radius)
    with pytest.raises(MeasurementError, match=r"contrast|vessel"):
        make_vessel_plan(volume, curve[200] + (14, 0, 0), curve[-200] + (14, 0, 0))
    with pytest.raises(MeasurementError, match="outside the scan"):
        make_vessel_plan(volume, curve[200], curve[-200] + (0, 0, 500))
