"""Two TAVR plans beside each other: differences, their ±, and what is told of them."""

from __future__ import annotations

import math

import pytest

from planning.tavr.beside import Difference, Number, differences


def _results(area: float, spread: float | None, height: float | None) -> dict[str, object]:
    return {
        "annulus": {
            "area_mm2": area,
            "perimeter_mm": 75.0,
            "max_diameter_mm": 26.0,
            "min_diameter_mm": 21.0,
            "uncertainty": {"area_mm2": spread, "perimeter_mm": 1.0},
        },
        "lvot": [{"depth_mm": 2.0, "area_mm2": 400.0}, {"depth_mm": 4.0, "area_mm2": 390.0}],
        "coronaries": {"left_height_mm": height, "left_uncertainty_mm": 1.2, "right_height_mm": None},
        "septum": None,
        "valve": None,
    }


def test_a_difference_has_the_spread_of_two_readings() -> None:
    found = {one.key: one for one in differences(_results(440.0, 9.0, 12.0), _results(470.0, 12.0, 13.0))}
    area = found["area"]
    assert area.value == pytest.approx(30.0)
    assert area.plus_minus == pytest.approx(15.0)
    assert area.is_told is True
    # 1.0 mm against ± 1.7: nobody could tell them apart
    left = found["ostium_left"]
    assert left.plus_minus == pytest.approx(math.hypot(1.2, 1.2))
    assert left.is_told is False
    # no ± was estimated: nothing is said of it
    assert found["lvot"].value == 0.0
    assert (found["lvot"].first.value, found["lvot"].is_told) == (390.0, None)


def test_what_only_one_plan_has_is_listed_without_a_difference_and_what_none_has_is_not() -> None:
    found = {one.key: one for one in differences(_results(440.0, None, None), _results(470.0, 12.0, 13.0))}
    assert found["ostium_left"].value is None
    assert found["ostium_left"].is_told is None
    assert found["ostium_left"].second == Number(13.0, 1.2)
    assert found["area"].is_told is None
    assert not {"ostium_right", "septum", "oversizing"} & set(found)


def test_a_difference_turns_its_sign_with_the_plans() -> None:
    one = Difference("area", "mm²", Number(440.0, 9.0), Number(470.0, 12.0))
    other = Difference("area", "mm²", Number(470.0, 12.0), Number(440.0, 9.0))
    assert one.value is not None
    assert other.value == -one.value
    assert one.plus_minus == other.plus_minus
