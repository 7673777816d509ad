"""Measures by hand against shapes that are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.errors import MeasurementError
from planning.section import Frame
from planning.vessel import calipers

ANGLES = st.floats(0.0, 6.28)


def _frame(tilt: float) -> Frame:
    return Frame.of(np.array((10.0, -20.0, 33.0)), np.array((np.sin(tilt), 0.3, np.cos(tilt))))


def _ellipse(frame: Frame, a: float, b: float, turn: float, at: np.ndarray) -> np.ndarray:
    x, y = a * np.cos(at), b * np.sin(at)
    return frame.to_world(np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], 1))


def test_two_points_a_way_and_an_angle() -> None:
    assert calipers.distance_mm((0, 0, 0), (3, 4, 12)) == 13.0
    assert calipers.path_length_mm([(0, 0, 0), (3, 4, 0), (3, 4, 2)]) == 7.0
    assert calipers.angle_deg((1, 0, 0), (0, 0, 0), (0, 5, 0)) == pytest.approx(90.0)
    with pytest.raises(MeasurementError, match="one place"):
        calipers.angle_deg((0, 0, 0), (0, 0, 0), (0, 5, 0))


@given(tilt=ANGLES, radius=st.floats(0.5, 60.0), first=ANGLES)
def test_a_circle_goes_through_its_three_points(tilt: float, radius: float, first: float) -> None:
    frame = _frame(tilt)
    points = _ellipse(frame, radius, radius, 0.0, first + np.array((0.0, 1.9, 4.0)))
    circle = calipers.circle_through(points)
    assert circle.radius_mm == pytest.approx(radius, rel=1e-6)
    assert circle.center_mm == pytest.approx(frame.origin_mm, abs=1e-5)


def test_points_that_make_no_shape_are_refused() -> None:
    line = np.stack([np.arange(6.0), 2 * np.arange(6.0), np.zeros(6)], 1)
    with pytest.raises(MeasurementError, match="one line"):
        calipers.circle_through(line[:3])
    with pytest.raises(MeasurementError, match="at least 3"):
        calipers.circle_through(line[:2])
    with pytest.raises(MeasurementError, match="not finite"):
        calipers.distance_mm((0, 0, np.nan), (1, 1, 1))
