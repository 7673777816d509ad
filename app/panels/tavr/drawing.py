"""Plan geometry of the TAVR steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.panels.quantities import plain
from app.theme.tokens import PLANS
from planning.geometry import FloatArray, unit
from planning.units import text_quantity
from viewers.overlay import ContourItem, DistanceItem, PlanItem


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
            DistanceItem(key=f"height_{side}", ends_mm=ends, color=PLANS["a"], text=text_quantity(height, "mm"))
        )
    return drawn
