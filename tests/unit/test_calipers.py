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
    assert calipers.circle_measures(circle).area_diameter_mm == pytest.approx(circle.diameter_mm, rel=1e-4)


@given(tilt=ANGLES, a=st.floats(4.0, 40.0), share=st.floats(0.35, 0.97), turn=ANGLES)
def test_an_ellipse_is_found_again_in_any_plane(tilt: float, a: float, share: float, turn: float) -> None:
    points = _ellipse(_frame(tilt), a, share * a, turn, np.array((0.1, 1.0, 2.2, 3.1, 4.4, 5.6)))
    found = calipers.ellipse_through(points)
    assert found.half_major_mm == pytest.approx(a, rel=1e-4)
    assert found.half_minor_mm == pytest.approx(share * a, rel=1e-4)
    assert found.residual_mm < 0.01 * a
    assert found.area_diameter_mm <= found.perimeter_mm / np.pi + 1e-9


def test_a_hand_that_shakes_changes_an_ellipse_little() -> None:
    generator = np.random.default_rng(4)
    points = _ellipse(_frame(0.7), 13.0, 10.5, 0.4, np.linspace(0, 6.0, 9)) + generator.normal(0, 0.2, (9, 3))
    found = calipers.ellipse_through(points)
    assert 2 * found.half_major_mm == pytest.approx(26.0, abs=0.6)
    assert 2 * found.half_minor_mm == pytest.approx(21.0, abs=0.6)


def test_a_calliper_measures_along_its_direction_in_the_plane() -> None:
    frame = _frame(0.3)
    points = _ellipse(frame, 8.0, 5.0, 0.0, np.linspace(0, 2 * np.pi, 721))
    tilted = frame.right + 0.5 * frame.normal
    assert calipers.calliper_mm(points, frame.normal, tilted) == pytest.approx(16.0, abs=1e-6)
    assert calipers.calliper_mm(points, frame.normal, frame.up) == pytest.approx(10.0, abs=1e-3)
    assert calipers.polygon_measures(points[:-1]).area_mm2 == pytest.approx(np.pi * 40.0, rel=1e-4)
    with pytest.raises(MeasurementError, match="across the plane"):
        calipers.calliper_mm(points, frame.normal, frame.normal)


def test_points_that_make_no_shape_are_refused() -> None:
    line = np.stack([np.arange(6.0), 2 * np.arange(6.0), np.zeros(6)], 1)
    with pytest.raises(MeasurementError, match="one line"):
        calipers.circle_through(line[:3])
    with pytest.raises(MeasurementError, match="one line"):
        calipers.ellipse_through(line)
    with pytest.raises(MeasurementError, match="at least 5"):
        calipers.ellipse_through(line[:4])
    with pytest.raises(MeasurementError, match="not finite"):
        calipers.distance_mm((0, 0, np.nan), (1, 1, 1))
