"""Measurements taken by hand in a plane: what their points mean, what they read, and how they follow a dragged point.

| kind | points |
| --- | --- |
| distance | both ends |
| polyline | its corners in order; read along the line |
| angle | end, corner, end |
| cobb | both ends of one line, then of the other; the lesser angle between the lines, 0 … 90° |
| circle | three places on it |
| diameter | both ends of a circle's diameter |
| ellipse, oval | both ends of one axis, then both ends of the other; an oval is a region with values, an ellipse is not |
| calliper | both jaws of one width; where the image gave the edge, those of its least, then of its greatest width |
| polygon, freehand | the outline's corners in order, not crossing itself, dropped onto its plane |
| rectangle | its corners in order |
| probe_point | the place |
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Vector, unit
from planning.measure.outlines import area_vector, crosses_itself
from planning.measure.reading import Reading
from planning.section import Frame, measure_contour
from planning.vessel.calipers import angle_deg, circle_through, distance_mm, path_length_mm

MANY = 100_000
# least and greatest number of points
COUNTS = {
    "distance": (2, 2),
    "polyline": (2, MANY),
    "angle": (3, 3),
    "cobb": (4, 4),
    "circle": (3, 3),
    "diameter": (2, 2),
    "ellipse": (4, 4),
    "calliper": (2, 4),
    "polygon": (3, MANY),
    "freehand": (3, MANY),
    "rectangle": (4, 4),
    "oval": (4, 4),
    "probe_point": (1, 1),
}
KINDS = tuple(COUNTS)
# areas of which the image's values are told
REGIONS = ("polygon", "freehand", "rectangle", "oval")
OUTLINES = ("polygon", "freehand", "rectangle")
# two axes, square to each other
ELLIPTIC = ("ellipse", "oval")
# both ends of one width or of two
_WIDTHS = ("distance", "diameter", "calliper", *ELLIPTIC)
# all points move out of the plane together
_FLAT = ("calliper", "cobb", *ELLIPTIC, *OUTLINES)
CURVE_POINTS = 180
LEAST_MM, LEAST_AREA_MM2 = 0.2, 0.05


def boxed_ellipse(corner_mm: Vector, other_mm: Vector, right: Vector, down: Vector) -> FloatArray:
    """(4, 3) points of the ellipse that fills a box with these opposite corners and these directions of its sides."""
    middle, rest = (np.asarray(corner_mm) + other_mm) / 2.0, np.asarray(other_mm) - corner_mm
    across, along = 0.5 * abs(float(rest @ right)) * right, 0.5 * abs(float(rest @ down)) * down
    return np.array([middle - across, middle + across, middle - along, middle + along])


def boxed_rectangle(corner_mm: Vector, other_mm: Vector, right: Vector) -> FloatArray:
    """(4, 3) corners in order of the rectangle with these opposite corners and one side along `right`."""
    first, last = np.asarray(corner_mm, dtype=np.float64), np.asarray(other_mm, dtype=np.float64)
    across = float((last - first) @ right) * np.asarray(right)
    return np.array([first, first + across, last, last - across])


def check(kind: str, points_mm: npt.ArrayLike) -> FloatArray:
    """The (N, 3) points. Raises MeasurementError for an unknown kind, a wrong count or points that make nothing."""
    points = np.asarray(points_mm, dtype=np.float64)
    least, most = COUNTS.get(kind, (0, 0))
    is_odd = kind == "calliper" and len(points) == 3
    if points.ndim != 2 or points.shape[1] != 3 or not max(least, 1) <= len(points) <= most or is_odd:
        raise MeasurementError(f"A {kind} is not made of {len(points)} points", "Measure it again", "points")
    if not np.isfinite(points).all():
        raise MeasurementError("A point is not finite", "Place it again", "not_finite")
    if kind == "circle":
        circle_through(points)
    elif kind == "angle":
        angle_deg(*points)
    elif kind == "polyline" and path_length_mm(points) < LEAST_MM:
        raise MeasurementError("The places lie at one place", "Click along the way", "one_place")
    elif kind in OUTLINES:
        _check_outline(points)
    elif (kind in _WIDTHS or kind == "cobb") and min(map(_length, _by_two(points))) < LEAST_MM:
        raise MeasurementError("The ends lie at one place", "Drag from one side to the other", "one_place")
    return points


def pairs(kind: str, points_mm: FloatArray) -> list[FloatArray]:
    """(2, 3) ends of each width that is drawn: a circle's diameter runs through its first point; none of a region's."""
    if kind in _WIDTHS:
        return _by_two(points_mm)
    if kind != "circle":
        return []
    circle = circle_through(points_mm)
    return [np.array([points_mm[0], 2.0 * circle.center_mm - points_mm[0]])]


def center_mm(kind: str, points_mm: FloatArray) -> Vector:
    """(3,) middle of what is measured; an angle's is its corner, a line's is half way along it."""
    widths = pairs(kind, points_mm)
    if widths:
        return np.asarray(widths[0].mean(axis=0))
    if kind == "angle":
        return np.asarray(points_mm[1])
    if kind == "polyline":
        steps = np.linalg.norm(np.diff(points_mm, axis=0), axis=1)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        return np.array([np.interp(along[-1] / 2.0, along, points_mm[:, axis]) for axis in range(3)])
    return np.asarray(points_mm.mean(axis=0))


def curve_mm(kind: str, points_mm: FloatArray) -> FloatArray | None:
    """(N, 3) closed curve of what encloses an area, None for the others."""
    if kind in OUTLINES:
        return points_mm
    angles = np.linspace(0.0, 2.0 * np.pi, CURVE_POINTS, endpoint=False)[:, None]
    if kind == "circle":
        circle = circle_through(points_mm)
        first = points_mm[0] - circle.center_mm
        return np.asarray(circle.center_mm + np.cos(angles) * first + np.sin(angles) * np.cross(circle.normal, first))
    if kind in ELLIPTIC:
        half, other = (points_mm[1] - points_mm[0]) / 2.0, (points_mm[3] - points_mm[2]) / 2.0
        return np.asarray(points_mm.mean(axis=0) + np.cos(angles) * half + np.sin(angles) * other)
    return None


def round_curve_mm(points_mm: FloatArray, normal: Vector) -> FloatArray:
    """(N, 3) circle in the plane of `normal` over a diameter with these ends."""
    half = (points_mm[1] - points_mm[0]) / 2.0
    angles = np.linspace(0.0, 2.0 * np.pi, CURVE_POINTS, endpoint=False)[:, None]
    return np.asarray(points_mm.mean(axis=0) + np.cos(angles) * half + np.sin(angles) * np.cross(normal, half))


def plane_normal(kind: str, points_mm: FloatArray, pane_normal: Vector) -> Vector:
    """Unit normal of the plane measured in: the points' own where they make one, else that of the pane."""
    pane = unit(pane_normal)
    own = _own_normal(kind, points_mm)
    if own is None:
        return pane
    return np.asarray(own if own @ pane >= 0 else -own)


def readings(kind: str, points_mm: npt.ArrayLike, outline_mm: npt.ArrayLike = ()) -> tuple[Reading, ...]:
    """Every number of a measurement that follows from its points, the one it is known by first; none of a probe.

    Lengths in mm, areas in mm², angles in degrees. An ellipse is known by its area diameter, a calliper by its least
    width, a region by its area. Raises MeasurementError as `check`.
    """
    points = check(kind, points_mm)
    return _READ[kind](points, np.asarray(outline_mm, dtype=np.float64))


def moved(kind: str, points_mm: FloatArray, index: int, position_mm: Vector) -> FloatArray:
    """(N, 3) points after one of them was moved; an index beyond them is the middle, which takes all along.

    The end of an ellipse's axis turns and stretches that axis about its other end; the other axis keeps its length and
    stays square to it. A rectangle's corner stretches it about the opposite one. A move out of the plane takes all of
    what is flat along.
    """
    points, place = np.array(points_mm, dtype=np.float64), np.asarray(position_mm, dtype=np.float64)
    if index >= len(points):
        return np.asarray(points + (place - center_mm(kind, points)))
    if kind in _FLAT and len(points) > 2:
        normal = plane_normal(kind, points, np.eye(3)[2])
        points = points + float((place - points[index]) @ normal) * normal
    if kind == "rectangle":
        return _stretched(points, index, place)
    points[index] = place
    if kind not in ELLIPTIC:
        return points
    first = index // 2 * 2
    last = 2 - first
    along = points[first + 1] - points[first]
    length = float(np.linalg.norm(along))
    if length < LEAST_MM:
        return np.array(points_mm)
    half = 0.5 * float(np.linalg.norm(points[last + 1] - points[last]))
    # square to the moved axis, on the sides where its ends were
    square = np.cross(normal, along / length)
    square = square if square @ (points[last + 1] - points[last]) >= 0 else -square
    middle = (points[first] + points[first + 1]) / 2.0
    points[last], points[last + 1] = middle - half * square, middle + half * square
    return points


def cobb_deg(points_mm: FloatArray) -> float:
    """The lesser angle between the lines through the first two and the last two of (4, 3) points, 0 … 90°."""
    one, other = unit(points_mm[1] - points_mm[0]), unit(points_mm[3] - points_mm[2])
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(one, other)), abs(one @ other))))


def _length(ends: FloatArray) -> float:
    return float(np.linalg.norm(ends[1] - ends[0]))


def _by_two(points: FloatArray) -> list[FloatArray]:
    return [points[n : n + 2] for n in range(0, len(points), 2)]


def _check_outline(points: FloatArray) -> None:
    # a bow crosses itself and encloses nothing; the crossing is what a hand can mend
    if crosses_itself(points):
        raise MeasurementError("The outline crosses itself", "Move one of its corners", "crossing")
    if float(np.linalg.norm(area_vector(points))) < LEAST_AREA_MM2:
        raise MeasurementError("The outline encloses nothing", "Draw round what is to be measured", "no_area")


def _own_normal(kind: str, points: FloatArray) -> Vector | None:
    if kind == "circle":
        return np.asarray(circle_through(points).normal)
    if kind == "angle" and len(points) == 3:
        across = np.cross(points[0] - points[1], points[2] - points[1])
    elif kind in OUTLINES:
        across = area_vector(points)
    elif len(points) == 4 and kind in ("calliper", "cobb", *ELLIPTIC):
        across = np.cross(points[1] - points[0], points[3] - points[2])
    else:
        return None
    size = float(np.linalg.norm(across))
    # arms that nearly lie on one line make no plane
    return across / size if size > 1e-6 else None


def _stretched(points: FloatArray, index: int, place: Vector) -> FloatArray:
    """A rectangle with one corner moved; the opposite one and the directions of the sides stay."""
    opposite, following, before = (index + 2) % 4, (index + 1) % 4, (index + 3) % 4
    fixed = points[opposite]
    sides = [points[n] - fixed for n in (following, before)]
    lengths = [float(np.linalg.norm(side)) for side in sides]
    if min(lengths) < 1e-9:
        return points
    rest = place - fixed
    # never through the opposite corner, or the rectangle has no sides to keep
    steps = [
        max(float(rest @ side) / length, LEAST_MM) * side / length for side, length in zip(sides, lengths, strict=True)
    ]
    stretched = points.copy()
    stretched[following], stretched[before] = fixed + steps[0], fixed + steps[1]
    stretched[index] = fixed + steps[0] + steps[1]
    return stretched


def _read_distance(points: FloatArray, outline: FloatArray) -> tuple[Reading, ...]:
    return (Reading("Distance", distance_mm(*points)),)


def _read_polyline(points: FloatArray, outline: FloatArray) -> tuple[Reading, ...]:
    return Reading("Length", path_length_mm(points)), Reading("Straight", distance_mm(points[0], points[-1]))


def _read_angle(points: FloatArray, outline: FloatArray) -> tuple[Reading, ...]:
    return (Reading("Angle", angle_deg(*points), "°"),)


def _read_cobb(points: FloatArray, outline: FloatArray) -> tuple[Reading, ...]:
    return (Reading("Angle", cobb_deg(points), "°"),)


def _read_round(points: FloatArray, outline: FloatArray) -> tuple[Reading, ...]:
    width = distance_mm(*points) if len(points) == 2 else circle_through(points).diameter_mm
    return Reading("Diameter", width), Reading("Area", float(np.pi * width**2 / 4.0), "mm²")


def _read_ellipse(points: FloatArray, outline: FloatArray) -> tuple[Reading, ...]:
    least, greatest = sorted(map(_length, _by_two(points)))
    area, diameter = float(np.pi * least * greatest / 4.0), float(np.sqrt(least * greatest))
    widths = Reading("Least", least), Reading("Greatest", greatest)
    return Reading("Area diameter", diameter), *widths, Reading("Area", area, "mm²")


def _read_oval(points: FloatArray, outline: FloatArray) -> tuple[Reading, ...]:
    diameter, least, greatest, area = _read_ellipse(points, outline)
    return area, least, greatest, diameter


def _read_calliper(points: FloatArray, outline: FloatArray) -> tuple[Reading, ...]:
    widths = sorted(map(_length, _by_two(points)))
    if len(widths) == 1:
        return (Reading("Width", widths[0]),)
    least_greatest = (Reading("Least", widths[0]), Reading("Greatest", widths[-1]))
    if len(outline) < 3:
        return least_greatest
    normal = plane_normal("calliper", points, np.eye(3)[2])
    sizes = measure_contour(Frame.of(outline.mean(axis=0), normal).to_plane(outline))
    return *least_greatest, Reading("Area diameter", sizes.area_diameter_mm), Reading("Area", sizes.area_mm2, "mm²")


def _read_outline(points: FloatArray, outline: FloatArray) -> tuple[Reading, ...]:
    area_mm2 = float(np.linalg.norm(area_vector(points)))
    return Reading("Area", area_mm2, "mm²"), Reading("Perimeter", path_length_mm(np.concatenate([points, points[:1]])))


def _read_rectangle(points: FloatArray, outline: FloatArray) -> tuple[Reading, ...]:
    sides = sorted((distance_mm(points[0], points[1]), distance_mm(points[1], points[2])))
    return Reading("Area", sides[0] * sides[1], "mm²"), Reading("Least", sides[0]), Reading("Greatest", sides[1])


def _read_nothing(points: FloatArray, outline: FloatArray) -> tuple[Reading, ...]:
    return ()


_READ: dict[str, Callable[[FloatArray, FloatArray], tuple[Reading, ...]]] = {
    "distance": _read_distance,
    "polyline": _read_polyline,
    "angle": _read_angle,
    "cobb": _read_cobb,
    "circle": _read_round,
    "diameter": _read_round,
    "ellipse": _read_ellipse,
    "oval": _read_oval,
    "calliper": _read_calliper,
    "polygon": _read_outline,
    "freehand": _read_outline,
    "rectangle": _read_rectangle,
    "probe_point": _read_nothing,
}
