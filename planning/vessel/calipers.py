"""Measures by hand: between two points, a circle through three, an ellipse through many, a calliper in any plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, frozen_array, unit
from planning.section import Frame, Measures, measure_contour, polar_points

LEAST_TRIANGLE_MM, FLAT_SHARE = 0.05, 0.2
DENSE = 720


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

    @property
    def area_mm2(self) -> float:
        """π r²."""
        return float(np.pi * self.radius_mm**2)


@dataclass(frozen=True, slots=True, eq=False)
class Ellipse:
    """An ellipse in space. major, minor: unit axes; half axes in mm; residual_mm: RMS distance of the points from it."""

    center_mm: FloatArray
    major: FloatArray
    minor: FloatArray
    half_major_mm: float
    half_minor_mm: float
    residual_mm: float
    off_plane_mm: float

    @property
    def area_mm2(self) -> float:
        """π a b."""
        return float(np.pi * self.half_major_mm * self.half_minor_mm)

    @property
    def area_diameter_mm(self) -> float:
        """2 √(A / π)."""
        return float(2.0 * np.sqrt(self.half_major_mm * self.half_minor_mm))

    @property
    def perimeter_mm(self) -> float:
        """By its complete elliptic integral."""
        from scipy.special import ellipe

        return float(4.0 * self.half_major_mm * ellipe(1.0 - (self.half_minor_mm / self.half_major_mm) ** 2))


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


def ellipse_through(points_mm: npt.ArrayLike) -> Ellipse:
    """The ellipse nearest to (N, 3) points, N ≥ 5, in the plane nearest to them.

    Direct least squares on the conic that must be an ellipse. Source: A. Fitzgibbon, M. Pilu, R. Fisher, "Direct least
    square fitting of ellipses", IEEE PAMI 21(5), 1999, in the stable form of R. Halíř, J. Flusser, WSCG 1998.
    Raises MeasurementError when the points do not lie on any ellipse.
    """
    points = _points(points_mm, 5)
    middle = points.mean(axis=0)
    _, spread, axes = np.linalg.svd(points - middle)
    if spread[1] < FLAT_SHARE * 0.1 * spread[0]:
        raise MeasurementError("The points lie on one line", "Place them round the vessel", "collinear")
    frame = Frame.of(middle, axes[2], axes[0])
    plane = frame.to_plane(points)
    scale = float(np.abs(plane).max())
    x, y = (plane / scale).T
    quadratic, linear = np.stack([x * x, x * y, y * y], axis=1), np.stack([x, y, np.ones_like(x)], axis=1)
    s1, s2, s3 = quadratic.T @ quadratic, quadratic.T @ linear, linear.T @ linear
    try:
        other = -np.linalg.solve(s3, s2.T)
    except np.linalg.LinAlgError:
        raise MeasurementError(
            "The points do not lie on an ellipse", "Place them round the vessel", "no_ellipse"
        ) from None
    reduced = s1 + s2 @ other
    reduced = np.array([reduced[2] / 2.0, -reduced[1], reduced[0] / 2.0])
    _, vectors = np.linalg.eig(reduced)
    vectors = np.real(vectors)
    condition = 4.0 * vectors[0] * vectors[2] - vectors[1] ** 2
    if not (condition > 0).any():
        raise MeasurementError("The points do not lie on an ellipse", "Place them round the vessel", "no_ellipse")
    first = vectors[:, int(np.argmax(condition))]
    a, b, c, d, e, f = np.concatenate([first, other @ first])
    center = np.linalg.solve(np.array([[2 * a, b], [b, 2 * c]]), np.array([-d, -e]))
    level = f + 0.5 * (d * center[0] + e * center[1])
    values, directions = np.linalg.eigh(np.array([[a, b / 2], [b / 2, c]]))
    halves = np.sqrt(np.abs(level / values)) * scale
    order = np.argsort(-halves)
    major, minor = (directions[0, n] * frame.right + directions[1, n] * frame.up for n in order)
    place = frame.to_world((center * scale)[None])[0]
    long, short = float(halves[order[0]]), float(halves[order[1]])
    rest = points - place
    dense = np.linspace(0.0, 2.0 * np.pi, DENSE, endpoint=False)
    curve = np.stack([long * np.cos(dense), short * np.sin(dense)], axis=1)
    flat = np.stack([rest @ major, rest @ minor], axis=1)
    away = np.linalg.norm(flat[:, None] - curve[None], axis=2).min(axis=1)
    off = (points - middle) @ frame.normal
    return Ellipse(
        frozen_array(place),
        frozen_array(major),
        frozen_array(minor),
        long,
        short,
        float(np.sqrt((away**2).mean())),
        float(np.sqrt((off**2).mean())),
    )


def calliper_mm(points_mm: npt.ArrayLike, normal: npt.ArrayLike, direction: npt.ArrayLike) -> float:
    """Width of (N, 3) points between two jaws in a plane: their extent along `direction`, made to lie in the plane.

    Raises MeasurementError for a direction across the plane.
    """
    points = _points(points_mm, 2)
    n, wanted = unit(normal), unit(direction)
    along = wanted - (wanted @ n) * n
    if np.linalg.norm(along) < 1e-6:
        raise MeasurementError("The calliper's direction runs across the plane", "Turn it into the plane", "direction")
    heights = points @ unit(along)
    return float(heights.max() - heights.min())


def polygon_measures(points_mm: npt.ArrayLike, normal: npt.ArrayLike | None = None) -> Measures:
    """Sizes of a closed outline drawn by hand as (N, 3) points in order, N ≥ 3, dropped onto its plane.

    normal: the plane the points were placed in; the plane nearest to them without it.
    """
    points = _points(points_mm, 3)
    middle = points.mean(axis=0)
    axis = np.linalg.svd(points - middle)[2][2] if normal is None else unit(normal)
    return measure_contour(Frame.of(middle, axis).to_plane(points))


def circle_measures(circle: Circle) -> Measures:
    """A circle's sizes in the same form as a section's."""
    return measure_contour(polar_points(np.full(DENSE, circle.radius_mm)))


def _points(points_mm: npt.ArrayLike, least: int) -> FloatArray:
    points = np.asarray(points_mm, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 3 or len(points) < least:
        raise MeasurementError(f"This measure needs at least {least} points", "Place more points", "too_few")
    if not np.isfinite(points).all():
        raise MeasurementError("A point is not finite", "Place it again", "not_finite")
    return points
