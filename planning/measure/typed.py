"""A number that a person typed: how a measurement's points change so that it reads that."""

from __future__ import annotations

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray, unit
from planning.measure.kinds import LEAST_MM, center_mm, check, plane_normal, readings

# the numbers that may be typed, by kind
TYPED: dict[str, tuple[str, ...]] = {
    "distance": ("Distance",),
    "angle": ("Angle",),
    "circle": ("Diameter",),
    "diameter": ("Diameter",),
    "ellipse": ("Area diameter", "Least", "Greatest"),
    "oval": ("Area", "Least", "Greatest"),
    "rectangle": ("Area", "Least", "Greatest"),
    "calliper": ("Width",),
}
MOST_MM, MOST_DEG = 2000.0, 180.0


def with_typed(kind: str, points_mm: FloatArray, name: str, value: float) -> FloatArray:
    """(N, 3) points that read `value` for the number of this name.

    A distance and a width keep their first end and their direction, an angle its corner and first arm, all others their
    middle. Raises MeasurementError for a number that cannot be typed or a value out of range.
    """
    points = check(kind, points_mm)
    numbers = {number.name: number.value for number in readings(kind, points)}
    if name not in TYPED.get(kind, ()) or name not in numbers:
        raise MeasurementError(f"{name} follows from the points", "Move the points", "not_typed")
    low, high, of = (1.0, MOST_DEG, "°") if name == "Angle" else (LEAST_MM, MOST_MM, " mm")
    if name == "Area":
        low, high, of = LEAST_MM**2, MOST_MM**2, " mm²"
    if not low <= value <= high:
        raise MeasurementError(f"{name} lies between {low:g} and {high:g}{of}", "Type another number", "out_of_range")
    if kind == "angle":
        return _opened(points, value)
    if kind in ("distance", "calliper"):
        return np.array([points[0], points[0] + value * unit(points[1] - points[0])])
    middle = points.mean(axis=0) if kind == "rectangle" else center_mm(kind, points)
    if name in ("Least", "Greatest"):
        least, greatest = (value if width == name else numbers[width] for width in ("Least", "Greatest"))
        if least > greatest:
            raise MeasurementError("The least width is above the greatest", "Type the other one first", "out_of_range")
        return _one_way(kind, points, middle, value / numbers[name], name)
    factor = value / numbers[name]
    factor = float(np.sqrt(factor)) if name == "Area" else factor
    return np.asarray(middle + factor * (points - middle))


def _opened(points: FloatArray, angle_deg: float) -> FloatArray:
    """The second arm turned about the corner, in the plane of both."""
    normal = plane_normal("angle", points, np.eye(3)[2])
    first, arm = unit(points[0] - points[1]), float(np.linalg.norm(points[2] - points[1]))
    square = np.cross(normal, first)
    square = square if square @ (points[2] - points[1]) >= 0 else -square
    angle = np.radians(angle_deg)
    return np.array([points[0], points[1], points[1] + arm * (np.cos(angle) * first + np.sin(angle) * square)])


def _one_way(kind: str, points: FloatArray, middle: FloatArray, factor: float, name: str) -> FloatArray:
    """Stretched along the lesser or the greater of its two directions."""
    sides = [points[1] - points[0], points[2] - points[1] if kind == "rectangle" else points[3] - points[2]]
    lengths = [float(np.linalg.norm(side)) for side in sides]
    chosen = int(np.argmin(lengths)) if name == "Least" else int(np.argmax(lengths))
    if lengths[0] == lengths[1]:
        chosen = 0 if name == "Least" else 1
    along = unit(sides[chosen])
    rest = points - middle
    return np.asarray(middle + rest + ((factor - 1.0) * (rest @ along))[:, None] * along)
