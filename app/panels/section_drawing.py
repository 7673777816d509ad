"""A section of a vessel drawn: contour and widths, calcium, sheath, what the image told before a hand, and handles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.i18n import tr
from app.panels.quantities import plain
from app.panels.tavr.drawing import caliper_ends
from app.theme.tokens import DARK, PLANS
from planning.geometry import FloatArray
from planning.registry import structure_style
from planning.vessel.edits import FARTHEST_MM, Handle, is_edited
from viewers.overlay import ContourItem, NoteItem, PathItem, PlanItem, PointItem
from viewers.tracks import RayTrack

LEAST_ARC_DEG = 20.0
SHEATH_POINTS = 72
ARC_AWAY_MM, ARC_STEP_DEG = 1.0, 3.0
HANDLE_KEY = "lumen_handle_"
LEAST_HANDLE_MM, STILL_MM, HANDLE_NEAR_DEG = 0.6, 1e-6, 1.0

Station = Mapping[str, Any]


def contour_items(station: Station, sheath_mm: float | None) -> list[PlanItem]:
    """Contour with its widths, calcium in degrees, and the sheath in its true size."""
    points = np.asarray(station["contour_mm"], dtype=np.float64).reshape(-1, 3)
    if len(points) < 3:
        return []
    normal = np.asarray(station["tangent"], dtype=np.float64)
    diameters = []
    for longest, key in ((False, "min_diameter_mm"), (True, "max_diameter_mm")):
        ends = caliper_ends(points, normal, longest=longest)
        # the table's number, which is steadied along the vessel: the contour's own may be a tenth beside it
        told = station.get(key)
        width = float(np.linalg.norm(ends[1] - ends[0])) if told is None else float(told)
        diameters.append((ends, plain(width, "mm")))
    drawn: list[PlanItem] = [
        ContourItem(key="section", points_mm=points, color=PLANS["a"], diameters=tuple(diameters), dots=False)
    ]
    middle = points.mean(axis=0)
    if sheath_mm is not None:
        circle = _circle(middle, normal, sheath_mm / 2.0)
        drawn.append(PathItem(key="sheath", points_mm=circle, color=DARK["t1"], width_px=1.6, dashed=True, flat=True))
    arc = station["calcium_arc_deg"]
    if arc is not None and arc >= LEAST_ARC_DEG:
        drawn += _calcium_items(points, station.get("calcium_arcs_deg") or ())
        drawn.append(
            NoteItem(
                key="section",
                position_mm=middle,
                text=tr("calcium {arc:.0f}°", arc=arc),
                color=structure_style("calcium").color,
                pill=False,
                away_px=(96.0, -38.0),
                along=normal,
            )
        )
    return drawn


def hand_items(station: Station, found: tuple[FloatArray, tuple[Handle, ...]] | None) -> list[PlanItem]:
    """What the image told where a hand changed it, and the handles found, while a hand may pull."""
    drawn: list[PlanItem] = []
    if is_edited(station):
        told = np.asarray(station["automatic"]["contour_mm"], dtype=np.float64).reshape(-1, 3)
        if len(told) >= 3:
            closed = np.concatenate([told, told[:1]])
            drawn.append(
                PathItem(
                    key="section_automatic",
                    points_mm=closed,
                    color=DARK["t2"],
                    width_px=1.2,
                    dashed=True,
                    flat=True,
                )
            )
        place = np.asarray(station["position_mm"], dtype=np.float64)
        drawn.append(
            NoteItem(
                key="section_edited", position_mm=place, text=_edited_words(station), color=PLANS["a"], corner=True
            )
        )
    if found is None:
        return drawn
    middle, handles = found
    normal = np.asarray(station["tangent"], dtype=np.float64)
    for handle in handles:
        out = handle.place_mm - middle
        far = float(np.linalg.norm(out)) + FARTHEST_MM
        drawn.append(
            PointItem(
                key=handle_key(handle),
                position_mm=handle.place_mm,
                color=PLANS["a"],
                label="",
                shape="square" if handle.is_pulled else "small",
                track=RayTrack(middle, out / max(float(np.linalg.norm(out)), STILL_MM), (LEAST_HANDLE_MM, far)),
                flat=True,
                along=normal,
            )
        )
    return drawn


def handle_key(handle: Handle) -> str:
    """Of a handle's point."""
    return f"{HANDLE_KEY}{handle.angle_deg:.1f}"


def is_handle(key: str, handle: Handle) -> bool:
    """Whether a point's key is this handle's."""
    return abs((float(key.removeprefix(HANDLE_KEY)) - handle.angle_deg + 180.0) % 360.0 - 180.0) < HANDLE_NEAR_DEG


def _edited_words(station: Mapping[str, Any]) -> str:
    """ "Edited; automatic 5.4 × 6.0 mm"."""
    told, how = station["automatic"], tr("Edited") if station["edited"] == "here" else tr("Near an edit")
    if not told["closed"]:
        return tr("{how}; automatic not closed", how=how)
    least, greatest = (plain(told[key], "mm") for key in ("min_diameter_mm", "max_diameter_mm"))
    return tr("{how}; automatic {least} × {greatest} mm", how=how, least=least, greatest=greatest)


def _calcium_items(points_mm: FloatArray, arcs_deg: Sequence[Sequence[float]]) -> list[PlanItem]:
    """Calcium as arcs outside the contour, where it lies; 0° is the contour's first point."""
    middle, count = points_mm.mean(axis=0), len(points_mm)
    drawn: list[PlanItem] = []
    for number, (start, end) in enumerate(arcs_deg):
        at = np.linspace(start, end, max(int((end - start) / ARC_STEP_DEG), 1) + 1) / 360.0 * count
        before, share = np.floor(at).astype(int), (at % 1.0)[:, None]
        edge = points_mm[before % count] * (1.0 - share) + points_mm[(before + 1) % count] * share
        out = edge - middle
        out *= 1.0 + ARC_AWAY_MM / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), ARC_AWAY_MM)
        drawn.append(
            PathItem(
                key=f"calcium_{number}",
                points_mm=middle + out,
                color=structure_style("calcium").color,
                width_px=3.0,
                flat=True,
            )
        )
    return drawn


def _circle(middle: FloatArray, normal: FloatArray, radius_mm: float) -> FloatArray:
    side = np.cross(normal, np.eye(3)[int(np.argmin(np.abs(normal)))])
    side /= np.linalg.norm(side)
    angles = np.linspace(0.0, 2.0 * np.pi, SHEATH_POINTS)
    return np.asarray(
        middle + radius_mm * (np.cos(angles)[:, None] * side + np.sin(angles)[:, None] * np.cross(normal, side))
    )
