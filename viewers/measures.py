"""Measurements by hand as things to draw: their curve, widths with words, jaws, and the handles that the hand takes.

Little new is painted: a measurement is made of contours, lines and points like any plan, and of words that find their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from planning.geometry import FloatArray, Vector, unit
from planning.units import decimals_of
from viewers.language import mark, text_quantity, text_value, tr
from viewers.overlay import ContourItem, DistanceItem, PathItem, PlanItem, PointItem, ValueItem

if TYPE_CHECKING:
    from planning.measure.reading import Reading
    from viewers.view_state import Vec

# in the order of menus
TOOLS = (
    "distance",
    "polyline",
    "diameter",
    "circle",
    "ellipse",
    "calliper",
    "angle",
    "cobb",
    "oval",
    "rectangle",
    "polygon",
    "freehand",
    "probe_point",
)
# also by clicks on surfaces
TOOLS_3D = ("distance", "polyline", "angle", "cobb", "probe_point")
NOT_HERE = mark("Nothing can be measured in this view. Measure in a slice or in 3D.")
# how many places make one; 0 for as many as a hand sets
PLACES = {
    "distance": 2,
    "polyline": 0,
    "diameter": 2,
    "circle": 3,
    "ellipse": 2,
    "calliper": 2,
    "angle": 3,
    "cobb": 4,
    "oval": 2,
    "rectangle": 2,
    "polygon": 0,
    "freehand": 0,
    "probe_point": 1,
}
HANDLE, WORDS = "measure", "words"
# a handle is there only where its measurement is drawn
HANDLE_NEAR_MM, DISTANCE_NEAR_MM, LINE_NEAR_MM = 0.6, 2.0, 5.0
# lines that stay in sight a little off their plane
LINES = ("distance", "diameter", "polyline", "angle", "cobb")
JAW_SHARE, LEAST_JAW_MM, MOST_JAW_MM = 0.3, 2.0, 9.0
LINE_PX, REGION_FILL = 1.6, 0.10
ARC_SHARE, ARC_POINTS = 0.3, 32
# a freehand outline has many corners, and no hand wants each of them
MOST_HANDLES = 24


def handle_key(name: str, index: int) -> str:
    """The key of a measurement's point; an index beyond its points is its middle."""
    return f"{HANDLE}:{index}:{name}"


def handle_of(key: str) -> tuple[str, int] | None:
    """(name, index) of a handle's key, None for other keys."""
    head, _, rest = key.partition(":")
    index, _, name = rest.partition(":")
    return (name, int(index)) if head == HANDLE and name and index.isdigit() else None


def words_key(name: str) -> str:
    """The key of a measurement's words."""
    return f"{HANDLE}:{WORDS}:{name}"


def words_of(key: str) -> str:
    """The measurement whose words have this key, "" for other keys."""
    head, _, rest = key.partition(":")
    part, _, name = rest.partition(":")
    return name if head == HANDLE and part == WORDS else ""


def measure_items(
    name: str,
    kind: str,
    points_mm: FloatArray,
    normal: Vector,
    outline_mm: FloatArray,
    color: str,
    *,
    values: Sequence[Reading] = (),
    away_mm: Vec | None = None,
    handles: bool = True,
    is_free: bool = False,
    source: str = "",
) -> tuple[PlanItem, ...]:
    """What is drawn of a measurement as `planning.measure.kinds` defines it. Raises MeasurementError as it does.

    values: what the image says inside it. away_mm: where a hand has put the words, from the middle. is_free: it was taken
    in no plane, so that panes of every direction show it. source: the image that was measured in, where it is another than
    the first, the phase of a moving one, and whether a slab was shown; it is written below the numbers.
    """
    from planning.measure.kinds import center_mm, check, readings

    check(kind, points_mm)
    along = None if is_free or kind == "probe_point" else normal
    drawn = _drawn(name, kind, points_mm, normal, outline_mm, color, along)
    lines = value_lines(kind, readings(kind, points_mm, outline_mm), values)
    held = measure_handles(name, kind, points_mm, along, color) if handles else ()
    if not lines:
        return (*drawn, *held)
    lines = (*lines, source) if source else lines
    words = ValueItem(
        key=words_key(name),
        at_mm=center_mm(kind, points_mm),
        about_mm=_about(kind, points_mm, normal, outline_mm),
        lines=lines,
        color=color,
        away_mm=away_mm,
        in_plane=kind not in (*LINES, "probe_point"),
        within_mm=DISTANCE_NEAR_MM if kind == "probe_point" else LINE_NEAR_MM,
        # from aside a line looks shorter than its number
        along=along if kind in LINES else None,
        # what lies in a slice is covered by surfaces in 3D, but for a distance, which is drawn over them
        deep=is_free or kind == "distance",
    )
    return (*drawn, words, *held)


def value_lines(kind: str, numbers: Sequence[Reading], values: Sequence[Reading] = ()) -> tuple[str, ...]:
    """The words at a measurement: its number, and below it what the image says."""
    by_name = {number.name: number for number in (*numbers, *values)}
    if kind in ("circle", "diameter"):
        return (f"Ø {_words(by_name['Diameter'])}",)
    if kind in ("ellipse", "calliper"):
        # the widths stand at their lines
        area = by_name.get("Area diameter")
        return () if area is None else (tr("area Ø {width}", width=_words(area)),)
    first = (_words(numbers[0]),) if numbers else ()
    told = by_name.get("Mean") if kind != "probe_point" else by_name.get("Value")
    if told is None:
        return first
    spread = by_name.get("SD")
    beside = ""
    if spread is not None and kind != "probe_point":
        # as finely as the mean: a tracer's uptake varies by less than one
        beside = f"  SD {text_value(spread.value, decimals_of(spread.unit))}"
    return (*first, f"{_words(told)}{beside}")


def measure_handles(
    name: str, kind: str, points_mm: FloatArray, along: Vector | None, color: str
) -> tuple[PointItem, ...]:
    """The points of a measurement as handles; what encloses an area has one in its middle too."""
    from planning.measure.kinds import center_mm

    places = list(enumerate(points_mm)) if len(points_mm) <= MOST_HANDLES else []
    if kind in ("circle", "ellipse", "oval", "rectangle", "polygon", "freehand"):
        places.append((len(points_mm), center_mm(kind, points_mm)))
    return tuple(
        PointItem(
            key=handle_key(name, index),
            position_mm=place,
            color=color,
            label="",
            shape="small",
            flat=kind not in TOOLS_3D,
            within_mm=DISTANCE_NEAR_MM if kind in (*LINES, "probe_point") else HANDLE_NEAR_MM,
            along=along,
        )
        for index, place in places
    )


def begun_items(
    kind: str, points_mm: FloatArray, right: Vector, down: Vector, normal: Vector, color: str
) -> tuple[PlanItem, ...]:
    """A measurement while the hand draws it, from the places that it has so far; without handles."""
    from planning.errors import MeasurementError
    from planning.measure.kinds import plane_normal

    nothing = np.empty((0, 3))
    points = boxed(kind, points_mm, right, down)
    try:
        found = measure_items(HANDLE, kind, points, plane_normal(kind, points, normal), nothing, color, handles=False)
    except MeasurementError:
        # too few places, or all at one
        found = ()
    if not found and len(points_mm) > 1:
        found = (PathItem(key=HANDLE, points_mm=points_mm, color=color, flat=True, width_px=LINE_PX),)
    marks = points_mm if kind in ("circle", "angle", "cobb", "polyline", "polygon") else nothing
    return (
        *found,
        *(
            PointItem(key=handle_key(HANDLE, n), position_mm=place, color=color, label="", shape="small", movable=False)
            for n, place in enumerate(marks)
        ),
    )


def boxed(kind: str, places_mm: FloatArray, right: Vector, down: Vector) -> FloatArray:
    """(N, 3) points of a measurement from the places that a hand set; a box of two corners becomes what fills it."""
    from planning.measure.kinds import ELLIPTIC, boxed_ellipse, boxed_rectangle

    if len(places_mm) != 2:
        return places_mm
    if kind in ELLIPTIC:
        return boxed_ellipse(places_mm[0], places_mm[1], right, down)
    return boxed_rectangle(places_mm[0], places_mm[1], right) if kind == "rectangle" else places_mm


def _drawn(
    name: str, kind: str, points: FloatArray, normal: Vector, outline: FloatArray, color: str, along: Vector | None
) -> tuple[PlanItem, ...]:
    """Lines and curves, without words of their own but those of two widths."""
    if kind == "probe_point":
        from planning.measure.regions import disc_mm

        return (_contour(name, disc_mm(points[0], normal), color, fill=0.0, width_px=1.0),)
    if kind == "distance":
        return (DistanceItem(key=name, ends_mm=points, color=color, text="", along=along),)
    if kind in LINES and kind != "diameter":
        return _lines(name, kind, points, color)
    if kind == "diameter":
        from planning.measure.kinds import round_curve_mm

        line = DistanceItem(key=f"{name} line", ends_mm=points, color=color, text="", along=normal, flat=True)
        return _contour(name, round_curve_mm(points, normal), color, fill=0.0), line
    return _curved(name, kind, points, normal, outline, color)


def _lines(name: str, kind: str, points: FloatArray, color: str) -> tuple[PlanItem, ...]:
    """Open lines: in slices near their plane, in 3D as they run."""
    runs: list[tuple[FloatArray, bool]] = [(points, False)]
    if kind == "cobb":
        runs = [(points[:2], False), (points[2:], False)]
        runs.append((np.array([points[:2].mean(axis=0), points[2:].mean(axis=0)]), True))
    elif kind == "angle":
        runs.append((_arc(points), False))
    items: list[PlanItem] = []
    for number, (line, dashed) in enumerate(runs):
        key = name if number == 0 else f"{name} {number}"
        items.append(
            PathItem(
                key=key, points_mm=line, color=color, flat=True, width_px=1.0 if dashed else LINE_PX, dashed=dashed
            )
        )
        items.append(PathItem(key=f"{key} deep", points_mm=line, color=color, deep=True, dashed=dashed))
    return tuple(items)


def _arc(points: FloatArray) -> FloatArray:
    """(N, 3) the arc between an angle's arms."""
    corner = points[1]
    arms = points[0] - corner, points[2] - corner
    radius = ARC_SHARE * min(float(np.linalg.norm(arm)) for arm in arms)
    first, last = unit(arms[0]), unit(arms[1])
    angle = float(np.arccos(np.clip(first @ last, -1.0, 1.0)))
    across = last - (last @ first) * first
    length = float(np.linalg.norm(across))
    if length < 1e-6:
        return np.array([corner, corner])
    steps = np.linspace(0.0, angle, ARC_POINTS)[:, None]
    return np.asarray(corner + radius * (np.cos(steps) * first + np.sin(steps) * across / length))


def _curved(
    name: str, kind: str, points: FloatArray, normal: Vector, outline: FloatArray, color: str
) -> tuple[PlanItem, ...]:
    from planning.measure.kinds import REGIONS, curve_mm, pairs

    ends = pairs(kind, points) if kind != "oval" else []
    curve = curve_mm(kind, points)
    if curve is None and len(outline) > 2:
        curve = outline
    jaws = tuple(_jaw(pair, side, normal) for pair in ends for side in (0, 1)) if kind == "calliper" else ()
    if curve is not None:
        # a circle's number stands above it, clear of the handle in its middle
        widths = tuple((pair, "" if kind == "circle" else _length(pair)) for pair in ends)
        fill = REGION_FILL if kind in REGIONS else 0.0
        return (_contour(name, curve, color, fill=fill, diameters=widths, marks=jaws),)
    # from aside a line looks shorter than its number
    lines = [
        DistanceItem(key=name if n == 0 else f"{name} {n}", ends_mm=pair, color=color, text=_length(pair), along=normal)
        for n, pair in enumerate(ends)
    ]
    marks = [
        PathItem(key=f"{name} jaw {n}", points_mm=jaw, color=color, flat=True, width_px=LINE_PX)
        for n, jaw in enumerate(jaws)
    ]
    return (*lines, *marks)


def _contour(
    name: str,
    curve: FloatArray,
    color: str,
    *,
    fill: float,
    width_px: float = LINE_PX,
    diameters: tuple[tuple[FloatArray, str], ...] = (),
    marks: tuple[FloatArray, ...] = (),
) -> ContourItem:
    return ContourItem(
        key=name,
        points_mm=curve,
        color=color,
        fill_opacity=fill,
        diameters=diameters,
        dots=False,
        chord=False,
        width_px=width_px,
        marks=marks,
        solid=False,
    )


def _about(kind: str, points: FloatArray, normal: Vector, outline: FloatArray) -> FloatArray:
    """(N, 3) places that the words stay clear of."""
    from planning.measure.kinds import curve_mm, round_curve_mm
    from planning.measure.regions import disc_mm

    if kind == "probe_point":
        return disc_mm(points[0], normal)
    if kind == "diameter":
        return round_curve_mm(points, normal)
    if kind == "angle":
        return _arc(points)
    if kind == "cobb":
        return np.array([points[:2].mean(axis=0), points[2:].mean(axis=0)])
    if kind == "calliper" and len(outline) > 2:
        return outline
    curve = curve_mm(kind, points)
    return points if curve is None else curve


def _words(reading: Reading) -> str:
    return text_quantity(reading.value, reading.unit)


def _length(pair: FloatArray) -> str:
    return text_quantity(float(np.linalg.norm(pair[1] - pair[0])), "mm")


def _jaw(pair: FloatArray, side: int, normal: Vector) -> FloatArray:
    """(2, 3) ends of the line through one end of a width, square to it in the plane."""
    along = pair[1] - pair[0]
    half = float(np.clip(JAW_SHARE * np.linalg.norm(along), LEAST_JAW_MM, MOST_JAW_MM))
    across = half * unit(np.cross(normal, along))
    return np.array([pair[side] - across, pair[side] + across])
