"""Between points: distance, length of a way, angle, and the circle through three."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, frozen_array, unit

LEAST_TRIANGLE_MM = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Circle:
    """A circle in space. normal: unit; center_mm: (3,)."""

    center_mm: FloatArray
    normal: FloatArray
    radius_mm: float

    @property
    def diameter_mm(self) -> float:
        """Twice the radius."""
        return 2.0 * self.radius_mm


def distance_mm(a_mm: npt.ArrayLike, b_mm: npt.ArrayLike) -> float:
    """Straight distance between two (3,) LPS points. Raises MeasurementError for points that are not finite."""
    a, b = _points(np.array([a_mm, b_mm], dtype=np.float64), 2)
    return float(np.linalg.norm(b - a))


def path_length_mm(points_mm: npt.ArrayLike) -> float:
    """Sum of the distances along (N, 3) points, N ≥ 2."""
    return float(np.linalg.norm(np.diff(_points(points_mm, 2), axis=0), axis=1).sum())


def angle_deg(a_mm: npt.ArrayLike, corner_mm: npt.ArrayLike, b_mm: npt.ArrayLike) -> float:
    """Angle at a corner between the directions to two points, 0 … 180°. Raises MeasurementError where two coincide."""
    a, corner, b = _points(np.array([a_mm, corner_mm, b_mm], dtype=np.float64), 3)
    if min(np.linalg.norm(a - corner), np.linalg.norm(b - corner)) < LEAST_TRIANGLE_MM:
        raise MeasurementError("Two of the points lie at one place", "Move them apart", "one_place")
    u, v = unit(a - corner), unit(b - corner)
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(u, v)), u @ v)))


def circle_through(points_mm: npt.ArrayLike) -> Circle:
    """The circle through three (3, 3) points. Raises MeasurementError when they lie on one line."""
    a, b, c = _points(points_mm, 3)[:3]
    ab, ac = b - a, c - a
    cross = np.cross(ab, ac)
    longest = max(float(np.linalg.norm(v)) for v in (ab, ac, c - b))
    if np.linalg.norm(cross) < LEAST_TRIANGLE_MM * longest:
        raise MeasurementError("The three points lie on one line", "Move one of them aside", "collinear")
    squared = 2.0 * float(cross @ cross)
    to_center = (float(ac @ ac) * np.cross(cross, ab) + float(ab @ ab) * np.cross(ac, cross)) / squared
    return Circle(frozen_array(a + to_center), frozen_array(unit(cross)), float(np.linalg.norm(to_center)))


def _points(points_mm: npt.ArrayLike, least: int) -> FloatArray:
    points = np.asarray(points_mm, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 3 or len(points) < least:
        raise MeasurementError(f"This measure needs at least {least} points", "Place more points", "too_few")
    if not np.isfinite(points).all():
        raise MeasurementError("A point is not finite", "Place it again", "not_finite")
    return points
