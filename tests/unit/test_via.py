"""A way led through places: of two ways round the one that was asked for, and calm words where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from roots import make_tube

from planning.errors import MeasurementError
from planning.vessel.plan import find_centerline, make_vessel_plan
from planning.vessel.via import in_order, joined
from planning.volume import Volume

T = np.linspace(0.0, 1.0, 1200)
HALF = np.pi * T
# two ways from bottom to top: a short bow to the left and a long one to the right; the long one has a spur
SHORT = np.stack([-9.0 * np.sin(HALF), 0.0 * T, 40.0 * T], 1)
LONG = np.stack([24.0 * np.sin(HALF), 0.0 * T, 40.0 * T], 1)
SPUR = np.stack([24.0 + 26.0 * T, 0.0 * T, 20.0 + 0.0 * T], 1)
STEM = np.stack([0.0 * T, 0.0 * T, -15.0 + 15.0 * T], 1)
HEAD = np.stack([0.0 * T, 0.0 * T, 40.0 + 15.0 * T], 1)
START, END = np.array((0.0, 0.0, -12.0)), np.array((0.0, 0.0, 52.0))


@pytest.fixture(scope="module")
def ring() -> Volume:
    curve = np.concatenate([SHORT, LONG, SPUR, STEM, HEAD])
    radius = np.concatenate([np.full(4800, 3.0), np.full(1200, 3.0)])
    return make_tube(curve, radius, spacing=0.8)


def test_the_way_goes_through_the_place_that_was_asked_for(ring: Volume) -> None:
    short = find_centerline(ring, np.array([START, END]))
    assert short.points_mm[:, 0].min() < -7.0
    long = find_centerline(ring, np.array([START, LONG[600], END]))
    assert long.points_mm[:, 0].max() == pytest.approx(24.0, abs=1.5)
    true = 27.0 - 3.0 + np.linalg.norm(np.diff(LONG, axis=0), axis=1).sum()
    assert long.length_mm == pytest.approx(true, rel=0.05)
    # it runs in the middle, whatever side of the lumen the place lies at
    beside = find_centerline(ring, np.array([START, LONG[300] + (0.0, 2.0, 0.0), END]))
    away = np.linalg.norm(beside.points_mm[:, None] - long.points_mm[None], axis=2).min(axis=1)
    assert away.max() < 0.6


def test_a_plan_has_its_sections_along_the_way_that_was_led(ring: Volume) -> None:
    plan = make_vessel_plan(ring, START, END, via_mm=[LONG[600]], step_mm=3.0)
    assert max(station["position_mm"][0] for station in plan["stations"]) > 20.0
    assert plan["tortuosity"] > 1.2


@pytest.mark.parametrize(
    ("via", "words"),
    [
        ([SPUR[1000]], "side branch"),
        ([LONG[600] + (0.0, 14.0, 0.0)], "not inside|no contrast"),
        ([LONG[600] + (0.0, 500.0, 0.0)], "outside the scan"),
        ([START + (0.0, 0.0, 1.0)], "2 mm apart"),
        ([[1.0, 2.0]], "three numbers"),
    ],
)
def test_a_place_that_cannot_be_gone_through_is_refused(ring: Volume, via: Any, words: str) -> None:
    with pytest.raises(MeasurementError, match=words):
        make_vessel_plan(ring, START, END, via_mm=via)


def test_legs_are_joined_without_the_stretch_gone_twice() -> None:
    there = np.stack([np.arange(0.0, 21.0), np.zeros(21)], 1)
    there = np.concatenate([there, np.stack([np.full(8, 20.0), np.arange(1.0, 9.0)], 1)])
    back = np.concatenate([there[::-1][:9], np.stack([np.arange(21.0, 41.0), np.zeros(20)], 1)])
    way = joined([np.pad(there, ((0, 0), (0, 1))), np.pad(back, ((0, 0), (0, 1)))])
    assert way[:, 1].max() <= 3.0
    assert way[-1, 0] == 40.0


def test_places_are_put_into_the_order_of_the_line() -> None:
    line = np.stack([np.arange(0.0, 50.0), np.zeros(50), np.zeros(50)], 1)
    first, second = np.array((10.0, 3.0, 0.0)), np.array((30.0, -3.0, 0.0))
    assert [place[0] for place in in_order(line, [second, first])] == [10.0, 30.0]
