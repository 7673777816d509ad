"""Plan geometry of the TAVR steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import text_quantity
from app.panels.quantities import plain
from app.panels.tavr.names import HINGES, OSTIA
from app.panels.tavr.rows import look_here
from app.theme.tokens import DARK, PLANS
from app.theme.tokens import HINGES as HINGE_COLORS
from planning.geometry import FloatArray, unit
from viewers.overlay import ContourItem, DistanceItem, PathItem, PlanItem, PointItem
from viewers.tracks import RayTrack

if TYPE_CHECKING:
    from app.panels.tavr.work import TavrWork

HANDLE_KEY = "annulus_handle_"
HANDLE_REACH_MM = (4.0, 26.0)
PULLED_MM = 1.0


def caliper_ends(points_mm: FloatArray, normal: FloatArray, *, longest: bool) -> FloatArray:
    """(2, 3) ends of the greatest or least caliper width of a closed planar curve (N, 3), drawn through its middle."""
    points = np.asarray(points_mm, dtype=np.float64)
    center = points.mean(axis=0)
    flat = points - center
    right = flat[0] - (flat[0] @ normal) * normal
    right = unit(right)
    down = np.cross(normal, right)
    angles = np.radians(np.arange(0.0, 180.0, 1.0))
    directions = np.cos(angles)[:, None] * right + np.sin(angles)[:, None] * down
    along = flat @ directions.T
    widths = along.max(axis=0) - along.min(axis=0)
    chosen = int(np.argmax(widths) if longest else np.argmin(widths))
    direction = directions[chosen]
    first, last = flat[int(np.argmin(along[:, chosen]))], flat[int(np.argmax(along[:, chosen]))]
    # a caliper's jaws touch at two points that need not lie opposite: the line runs between the jaws
    middle = (first + last) / 2.0
    half = float(widths[chosen]) / 2.0
    middle = middle - (middle @ direction) * direction + direction * (along[:, chosen].min() + half)
    return np.stack([center + middle - half * direction, center + middle + half * direction])


def annulus_item(annulus: Mapping[str, Any], only: str = "") -> ContourItem:
    """The annulus with its longest and shortest diameter; only: "longest" or "shortest" draws one of them.

    "none": a bare curve, where something else is drawn into it.
    """
    points, normal = np.asarray(annulus["contour_mm"]), np.asarray(annulus["normal"])
    if only == "none":
        return ContourItem(key="annulus", points_mm=points, color=PLANS["a"], fill_opacity=0.0, dots=False)
    wanted = [True, False] if only not in ("longest", "shortest") else [only == "longest"]
    diameters = []
    for longest in wanted:
        ends = caliper_ends(points, normal, longest=longest)
        diameters.append((ends, plain(float(np.linalg.norm(ends[1] - ends[0])), "mm")))
    return ContourItem(key="annulus", points_mm=points, color=PLANS["a"], diameters=tuple(diameters))


def height_items(results: Mapping[str, Any]) -> list[PlanItem]:
    """Coronary heights, from the ostium down to the annulus plane."""
    origin, normal = (np.asarray(results["annulus"][key]) for key in ("origin_mm", "normal"))
    drawn: list[PlanItem] = []
    for side in ("left", "right"):
        place, height = results["landmarks"].get(f"ostium_{side}"), results["coronaries"][f"{side}_height_mm"]
        if place is None or height is None:
            continue
        top = np.asarray(place["position_mm"])
        ends = np.stack([top, top - float((top - origin) @ normal) * normal])
        drawn.append(
            DistanceItem(
                key=f"height_{side}", ends_mm=ends, color=PLANS["a"], text=text_quantity(height, "mm"), across=normal
            )
        )
    return drawn


def handle_items(annulus: Mapping[str, Any], pins_mm: Sequence[FloatArray]) -> list[PlanItem]:
    """Handles on the contour, each to be pulled in or out; those that were pulled are squares."""
    center, normal = np.asarray(annulus["centroid_mm"]), np.asarray(annulus["normal"])
    drawn: list[PlanItem] = []
    for number, place in enumerate(np.asarray(annulus["handles_mm"])):
        pulled = any(np.linalg.norm(place - pin) < PULLED_MM for pin in pins_mm)
        drawn.append(
            PointItem(
                key=f"{HANDLE_KEY}{number}",
                position_mm=place,
                color=PLANS["a"],
                label="",
                shape="square" if pulled else "small",
                track=RayTrack(center, unit(place - center), HANDLE_REACH_MM),
                flat=True,
                along=normal,
            )
        )
    return drawn


def unclear_items(annulus: Mapping[str, Any]) -> list[PlanItem]:
    """The arcs of the contour whose edge is unclear, in the colour that asks for a look."""
    arcs = annulus.get("unclear_arcs_deg") or ()
    if not arcs:
        return []
    points = np.asarray(annulus["contour_mm"])
    rest = points - np.asarray(annulus["centroid_mm"])
    right, up = (np.asarray(axis) for axis in annulus["axes"])
    angles = np.degrees(np.arctan2(rest @ up, rest @ right)) % 360.0
    order = np.argsort(angles)
    points, angles = points[order], angles[order]
    drawn: list[PlanItem] = []
    for number, (start, end) in enumerate(arcs):
        width = (end - start) % 360.0 or 360.0
        inside = np.flatnonzero((angles - start) % 360.0 <= width)
        if len(inside) < 2:
            continue
        along = inside[np.argsort((angles[inside] - start) % 360.0)]
        key = f"unclear_{number}"
        drawn.append(PathItem(key=key, points_mm=points[along], color=DARK["warn"], width_px=3.5, flat=True))
    return drawn


def estimate_items(work: TavrWork, colors: Mapping[str, str]) -> list[PlanItem]:
    """Beside a point: its automatic place once it was moved, and a second estimate that disagrees."""
    drawn: list[PlanItem] = []
    results = work.results
    look = {} if results is None else {one["landmark"]: one for one in look_here(results)}
    for key in (*HINGES, *OSTIA):
        places = []
        automatic = work.edits.automatic_mm(key)
        if work.source_of(key) == "edited" and automatic is not None:
            places.append(("automatic", automatic))
        if key in look and not work.is_stale:
            places.append(("second", np.asarray(look[key]["second_mm"])))
        for what, place in places:
            drawn.append(
                PointItem(
                    key=f"{what}_{key}",
                    position_mm=place,
                    color=colors[key],
                    label="",
                    movable=False,
                    shape="ring",
                    flat=True,
                )
            )
    return drawn


def root_items(work: TavrWork) -> list[PlanItem]:
    """The root's line and its commissures, as they were found."""
    results = work.results
    if results is None:
        return []
    drawn: list[PlanItem] = []
    line = (results.get("root") or {}).get("centerline_mm")
    if line is not None and len(line) > 1:
        points = np.asarray(line, dtype=np.float64)
        drawn.append(
            PathItem(key="root_line", points_mm=points, color=DARK["t2"], width_px=1.2, dashed=True, flat=True)
        )
    for key, name in (("commissure_nr", "N\u2013R"), ("commissure_rl", "R\u2013L"), ("commissure_ln", "L\u2013N")):
        found = results["landmarks"].get(key)
        if found is not None:
            place = np.asarray(found["position_mm"])
            drawn.append(
                PointItem(
                    key=key, position_mm=place, color=DARK["t2"], label=name, movable=False, shape="small", flat=True
                )
            )
    return drawn


def level_item(key: str, contour_mm: Any, normal: Any) -> ContourItem:
    """A level of the root; with its longest and shortest diameter where its normal is known."""
    points = np.asarray(contour_mm, dtype=np.float64)
    diameters = []
    if normal is not None:
        for longest in (True, False):
            ends = caliper_ends(points, np.asarray(normal), longest=longest)
            diameters.append((ends, plain(float(np.linalg.norm(ends[1] - ends[0])), "mm")))
    return ContourItem(
        key=key, points_mm=points, color=PLANS["a"], fill_opacity=0.08, diameters=tuple(diameters), dots=False
    )


def leaflet_items(leaflets: Mapping[str, Any] | None) -> list[PlanItem]:
    """Each leaflet's profile from its hinge to its free edge."""
    drawn: list[PlanItem] = []
    for cusp, profile in ((leaflets or {}).get("profile_mm") or {}).items():
        if profile is not None and len(profile) > 1:
            points = np.asarray(profile, dtype=np.float64)
            drawn.append(PathItem(key=f"leaflet_{cusp}", points_mm=points, color=HINGE_COLORS[cusp], flat=True))
    return drawn


def septum_items(septum: Mapping[str, Any] | None, *, movable: bool) -> list[PlanItem]:
    """The membranous septum as a line between two ends that can be moved."""
    if not septum or septum.get("line_mm") is None:
        return []
    ends = np.asarray(septum["line_mm"], dtype=np.float64)
    text = text_quantity(septum["membranous_mm"], "mm")
    drawn: list[PlanItem] = [DistanceItem(key="septum", ends_mm=ends, color=PLANS["b"], text=text, flat=True)]
    for name, end in zip(("top", "bottom"), ends, strict=True):
        drawn.append(
            PointItem(
                key=f"septum_{name}",
                position_mm=end,
                color=PLANS["b"],
                label="",
                movable=movable,
                shape="small",
                flat=True,
            )
        )
    return drawn
