"""Measurements taken by hand in a plane: what their points mean, what they read, and how they follow a dragged point.

| kind | points |
| --- | --- |
| distance | both ends |
| circle | three places on it |
| ellipse | both ends of one axis, then both ends of the other |
| calliper | both jaws of one width; where the image gave the edge, those of its least, then of its greatest width |
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Vector, frozen_array, unit
from planning.section import FOURIER_ORDER, Frame, Sampler, find_contour, measure_contour
from planning.vessel.calipers import circle_through, distance_mm
from planning.volume import Volume

KINDS = ("distance", "circle", "ellipse", "calliper")
COUNTS = {"distance": (2,), "circle": (3,), "ellipse": (4,), "calliper": (2, 4)}
CURVE_POINTS, OUTLINE_POINTS = 180, 120
LEAST_MM = 0.2
# the widest lumen looked for, and how bright it must be
REACH_MM, CORE_MM, LEAST_LUMEN_HU = 45.0, 1.2, 80.0
UNCLEAR_SHARE = 0.2
TIP_STEP_MM, TIP_RAYS = 0.25, 72
SMALL_RADIUS_MM, SMALL_ORDER = 7.0, 4


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of a measurement, by name."""

    name: str
    value: float
    unit: str = "mm"


@dataclass(frozen=True, slots=True, eq=False)
class LumenWidths:
    """A lumen's edge in a plane with its least and greatest width.

    points_mm: (4, 3) ends of the least, then of the greatest width. outline_mm: (N, 3). unclear: share of the edge
    without a clear place in the image.
    """

    points_mm: FloatArray
    outline_mm: FloatArray
    unclear: float


def boxed_ellipse(corner_mm: Vector, other_mm: Vector, right: Vector, down: Vector) -> FloatArray:
    """(4, 3) points of the ellipse that fills a box with these opposite corners and these directions of its sides."""
    middle, rest = (np.asarray(corner_mm) + other_mm) / 2.0, np.asarray(other_mm) - corner_mm
    across, along = 0.5 * abs(float(rest @ right)) * right, 0.5 * abs(float(rest @ down)) * down
    return np.array([middle - across, middle + across, middle - along, middle + along])


def check(kind: str, points_mm: npt.ArrayLike) -> FloatArray:
    """The (N, 3) points. Raises MeasurementError for an unknown kind, a wrong count or points that make nothing."""
    points = np.asarray(points_mm, dtype=np.float64)
    if kind not in COUNTS or points.ndim != 2 or points.shape[1] != 3 or len(points) not in COUNTS[kind]:
        raise MeasurementError(f"A {kind} is not made of {len(points)} points", "Measure it again", "points")
    if not np.isfinite(points).all():
        raise MeasurementError("A point is not finite", "Place it again", "not_finite")
    if kind == "circle":
        circle_through(points)
    elif min(np.linalg.norm(ends[1] - ends[0]) for ends in pairs(kind, points)) < LEAST_MM:
        raise MeasurementError("The ends lie at one place", "Drag from one side to the other", "one_place")
    return points


def pairs(kind: str, points_mm: FloatArray) -> list[FloatArray]:
    """(2, 3) ends of each width that is drawn: a circle's diameter runs through its first point."""
    if kind != "circle":
        return [points_mm[n : n + 2] for n in range(0, len(points_mm), 2)]
    circle = circle_through(points_mm)
    return [np.array([points_mm[0], 2.0 * circle.center_mm - points_mm[0]])]


def center_mm(kind: str, points_mm: FloatArray) -> Vector:
    """(3,) middle of what is measured."""
    return np.asarray(pairs(kind, points_mm)[0].mean(axis=0))


def curve_mm(kind: str, points_mm: FloatArray) -> FloatArray | None:
    """(N, 3) closed curve of a circle or an ellipse, None for the others."""
    angles = np.linspace(0.0, 2.0 * np.pi, CURVE_POINTS, endpoint=False)[:, None]
    if kind == "circle":
        circle = circle_through(points_mm)
        first = points_mm[0] - circle.center_mm
        return np.asarray(circle.center_mm + np.cos(angles) * first + np.sin(angles) * np.cross(circle.normal, first))
    if kind == "ellipse":
        half, other = (points_mm[1] - points_mm[0]) / 2.0, (points_mm[3] - points_mm[2]) / 2.0
        return np.asarray(points_mm.mean(axis=0) + np.cos(angles) * half + np.sin(angles) * other)
    return None


def plane_normal(kind: str, points_mm: FloatArray, pane_normal: Vector) -> Vector:
    """Unit normal of the plane measured in: the points' own where they make one, else that of the pane."""
    if kind == "circle":
        own = circle_through(points_mm).normal
    elif len(points_mm) == 4:
        own = np.cross(points_mm[1] - points_mm[0], points_mm[3] - points_mm[2])
        own = unit(own) if np.linalg.norm(own) > 1e-6 else unit(pane_normal)
    else:
        return unit(pane_normal)
    return np.asarray(own if own @ pane_normal >= 0 else -own)


def readings(kind: str, points_mm: npt.ArrayLike, outline_mm: npt.ArrayLike = ()) -> tuple[Reading, ...]:
    """Every number of a measurement, the one it is known by first. Lengths in mm, areas in mm².

    An ellipse is known by its area diameter, a calliper by its least width. Raises MeasurementError as `check`.
    """
    points = check(kind, points_mm)
    widths = sorted(distance_mm(*ends) for ends in pairs(kind, points))
    if kind == "distance":
        return (Reading("Distance", widths[0]),)
    if kind == "circle":
        return Reading("Diameter", widths[0]), Reading("Area", float(np.pi * widths[0] ** 2 / 4.0), "mm²")
    least_greatest = (Reading("Least", widths[0]), Reading("Greatest", widths[-1]))
    if kind == "ellipse":
        area = float(np.pi * widths[0] * widths[1] / 4.0)
        diameter = float(np.sqrt(widths[0] * widths[1]))
        return Reading("Area diameter", diameter), *least_greatest, Reading("Area", area, "mm²")
    outline = np.asarray(outline_mm, dtype=np.float64)
    if len(widths) == 1:
        return (Reading("Width", widths[0]),)
    if len(outline) < 3:
        return least_greatest
    sizes = measure_contour(Frame.of(outline.mean(axis=0), plane_normal(kind, points, np.eye(3)[2])).to_plane(outline))
    return *least_greatest, Reading("Area diameter", sizes.area_diameter_mm), Reading("Area", sizes.area_mm2, "mm²")


def moved(kind: str, points_mm: FloatArray, index: int, position_mm: Vector) -> FloatArray:
    """(N, 3) points after one of them was moved; an index beyond them is the middle, which takes all along.

    The end of an ellipse's axis turns and stretches that axis about its other end; the other axis keeps its length and
    stays square to it. A move out of the plane takes the whole ellipse or calliper along.
    """
    points, place = np.array(points_mm, dtype=np.float64), np.asarray(position_mm, dtype=np.float64)
    if index >= len(points):
        return np.asarray(points + (place - center_mm(kind, points)))
    if len(points) == 4:
        normal = plane_normal(kind, points, np.eye(3)[2])
        points = points + float((place - points[index]) @ normal) * normal
    points[index] = place
    if kind != "ellipse":
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


def lumen_widths(volume: Volume, place_mm: npt.ArrayLike, normal: npt.ArrayLike) -> LumenWidths:
    """Least and greatest width of the bright lumen at a place, in the plane of this normal.

    The edge is `planning.section`'s; widths are its extents between parallel jaws. Raises MeasurementError where nothing
    bright is there, the edge is not closed, or the scan ends.
    """
    place, axis = np.asarray(place_mm, dtype=np.float64), unit(normal)
    sampler = Sampler.around(volume, place, REACH_MM)
    frame = Frame.of(place, axis)
    for _ in range(2):
        # the hand is seldom in the middle; the second look from there is even in all directions
        frame, radius_mm = _rough(sampler, frame)
    # a small section's higher harmonics are noise
    order = FOURIER_ORDER if radius_mm > SMALL_RADIUS_MM else SMALL_ORDER
    contour = find_contour(sampler, frame, min(REACH_MM, 1.9 * radius_mm + 3.0), order=order)
    plane, frame = contour.plane_mm, contour.frame
    angles = np.radians(np.arange(0.0, 180.0, 0.5))
    directions = np.stack([np.cos(angles), np.sin(angles)])
    heights = plane @ directions
    high, low = heights.max(axis=0), heights.min(axis=0)
    ends = []
    for chosen in (int(np.argmin(high - low)), int(np.argmax(high - low))):
        ends += [low[chosen] * directions[:, chosen], high[chosen] * directions[:, chosen]]
    every = len(plane) // OUTLINE_POINTS
    return LumenWidths(
        frozen_array(frame.to_world(np.array(ends))),
        frozen_array(contour.points_mm[::every]),
        1.0 - contour.trusted,
    )


def _rough(sampler: Sampler, frame: Frame) -> tuple[Frame, float]:
    """The frame moved to the middle of the lumen that holds its origin, and the lumen's rough radius in mm."""
    angles = np.linspace(0.0, 2.0 * np.pi, TIP_RAYS, endpoint=False)
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    radii = np.arange(0.0, REACH_MM, TIP_STEP_MM)
    values = sampler.at(frame.to_world(rays[:, None] * radii[None, :, None]))
    core = values[:, radii <= CORE_MM]
    if np.isnan(core).any():
        raise MeasurementError("The point is outside the scan", "Click inside a vessel", "outside_scan")
    lumen = float(np.median(core))
    if lumen < LEAST_LUMEN_HU:
        raise MeasurementError(
            f"No contrast here ({lumen:.0f} HU)",
            "Click inside a bright vessel, or drag between two sides",
            "no_contrast",
        )
    around = max(float(np.nanpercentile(values, 25.0)), 0.0)
    inside = (values > 0.5 * (lumen + min(around, 0.6 * lumen))) & np.isfinite(values)
    first = np.where(inside.all(axis=1), len(radii), np.argmin(inside, axis=1))
    typical = float(np.median(first)) * TIP_STEP_MM
    edges = np.minimum(first * TIP_STEP_MM, 2.0 * typical)
    plane = rays * edges[:, None]
    following = np.roll(plane, -1, axis=0)
    cross = plane[:, 0] * following[:, 1] - plane[:, 1] * following[:, 0]
    middle = ((plane + following) * cross[:, None]).sum(axis=0) / (3.0 * max(float(cross.sum()), 1e-6))
    return Frame(frozen_array(frame.to_world(middle)), frame.right, frame.up, frame.normal), max(typical, 1.0)
