"""Measurements by hand as things to draw: their curve, widths with words, jaws, and the handles that the hand takes.

Nothing new is painted: a measurement is made of contours, lines, points and notes like any plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from planning.geometry import FloatArray, Vector, unit
from planning.units import text_quantity
from viewers.overlay import ContourItem, DistanceItem, PathItem, PlanItem, PointItem

if TYPE_CHECKING:
    from planning.measure.reading import Reading

TOOLS = ("distance", "circle", "ellipse", "calliper")
HANDLE = "measure"
# a handle is there only where its measurement is drawn
HANDLE_NEAR_MM, DISTANCE_NEAR_MM = 0.6, 2.0
JAW_SHARE, LEAST_JAW_MM, MOST_JAW_MM = 0.3, 2.0, 9.0
LINE_PX = 1.6


def handle_key(name: str, index: int) -> str:
    """The key of a measurement's point; an index beyond its points is its middle."""
    return f"{HANDLE}:{index}:{name}"


def handle_of(key: str) -> tuple[str, int] | None:
    """(name, index) of a handle's key, None for other keys."""
    head, _, rest = key.partition(":")
    index, _, name = rest.partition(":")
    return (name, int(index)) if head == HANDLE and name and index.isdigit() else None


def measure_items(
    name: str,
    kind: str,
    points_mm: FloatArray,
    normal: Vector,
    outline_mm: FloatArray,
    color: str,
    *,
    handles: bool = True,
) -> tuple[PlanItem, ...]:
    """What is drawn of a measurement as `planning.measure.kinds` defines it. Raises MeasurementError as it does."""
    from planning.measure.kinds import check, curve_mm, pairs, readings

    check(kind, points_mm)
    ends = pairs(kind, points_mm)
    items: list[PlanItem] = []
    curve = curve_mm(kind, points_mm)
    if curve is None and len(outline_mm) > 2:
        curve = outline_mm
    jaws = tuple(_jaw(pair, side, normal) for pair in ends for side in (0, 1)) if kind == "calliper" else ()
    if curve is not None:
        items.append(
            ContourItem(
                key=name,
                points_mm=curve,
                color=color,
                fill_opacity=0.0,
                # a circle's number stands above it, clear of the handle in its middle
                diameters=tuple((pair, "" if kind == "circle" else _length(pair)) for pair in ends),
                dots=False,
                chord=False,
                width_px=LINE_PX,
                marks=jaws,
                caption=_caption(kind, readings(kind, points_mm, outline_mm)),
                solid=False,
            )
        )
    else:
        # from aside a line looks shorter than its number
        items += [
            DistanceItem(
                key=name if n == 0 else f"{name} {n}", ends_mm=pair, color=color, text=_length(pair), along=normal
            )
            for n, pair in enumerate(ends)
        ]
        items += [
            PathItem(key=f"{name} jaw {n}", points_mm=jaw, color=color, flat=True, width_px=LINE_PX)
            for n, jaw in enumerate(jaws)
        ]
    return (*items, *(measure_handles(name, kind, points_mm, normal, color) if handles else ()))


def measure_handles(name: str, kind: str, points_mm: FloatArray, normal: Vector, color: str) -> tuple[PointItem, ...]:
    """The points of a measurement as handles; a circle and an ellipse have one in their middle too."""
    from planning.measure.kinds import center_mm

    places = [*points_mm]
    if kind in ("circle", "ellipse"):
        places.append(center_mm(kind, points_mm))
    return tuple(
        PointItem(
            key=handle_key(name, index),
            position_mm=place,
            color=color,
            label="",
            shape="small",
            flat=True,
            within_mm=DISTANCE_NEAR_MM if kind == "distance" else HANDLE_NEAR_MM,
            along=normal,
        )
        for index, place in enumerate(places)
    )


def begun_items(
    kind: str, points_mm: FloatArray, right: Vector, down: Vector, normal: Vector, color: str
) -> tuple[PlanItem, ...]:
    """A measurement while the hand draws it, from the places that it has so far; without handles."""
    from planning.errors import MeasurementError
    from planning.measure.kinds import boxed_ellipse, plane_normal

    nothing = np.empty((0, 3))
    points = points_mm
    if kind == "ellipse" and len(points_mm) == 2:
        points = boxed_ellipse(points_mm[0], points_mm[1], right, down)
    try:
        found = measure_items(HANDLE, kind, points, plane_normal(kind, points, normal), nothing, color, handles=False)
    except MeasurementError:
        # too few places, or all at one
        found = ()
    marks = points_mm if kind == "circle" else nothing
    return (
        *found,
        *(
            PointItem(key=handle_key(HANDLE, n), position_mm=place, color=color, label="", shape="small", movable=False)
            for n, place in enumerate(marks)
        ),
    )


def _caption(kind: str, numbers: Sequence[Reading]) -> str:
    """The number above a curve: its diameter, or that of a circle of its area."""
    wanted, sign = ("Diameter", "Ø") if kind == "circle" else ("Area diameter", "area Ø")
    return next((f"{sign} {text_quantity(n.value, n.unit)}" for n in numbers if n.name == wanted), "")


def _length(pair: FloatArray) -> str:
    return text_quantity(float(np.linalg.norm(pair[1] - pair[0])), "mm")


def _jaw(pair: FloatArray, side: int, normal: Vector) -> FloatArray:
    """(2, 3) ends of the line through one end of a width, square to it in the plane."""
    along = pair[1] - pair[0]
    half = float(np.clip(JAW_SHARE * np.linalg.norm(along), LEAST_JAW_MM, MOST_JAW_MM))
    across = half * unit(np.cross(normal, along))
    return np.array([pair[side] - across, pair[side] + across])
