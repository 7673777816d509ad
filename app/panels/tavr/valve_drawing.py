"""The chosen valve in slices and 3D: frame, ring, posts to turn it by, a square to move it by, and its distances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.i18n import text_value, tr
from app.theme.tokens import DARK, PLANS
from planning.geometry import FloatArray, unit
from planning.tavr.devices import DEPTHS_MM
from planning.tavr.stent import frame_lines_mm, ring_mm
from viewers.overlay import ContourItem, DistanceItem, NoteItem, PathItem, PlanItem, PointItem, WireItem
from viewers.tracks import CircleTrack, LineTrack

DEPTH_KEY, POST_KEY = "valve_depth", "valve_post_"
LEAST_DEPTH_MM, MOST_DEPTH_MM = 0.0, 12.0
STEP_MM, FINE_STEP_MM = 0.5, 0.05
WORDS_AWAY_MM, WORDS_BELOW_PX = 9.0, 26.0


def valve_items(numbers: Mapping[str, Any], *, movable: bool) -> list[PlanItem]:
    """Everything of the valve, where it stands."""
    valve, annulus = numbers["valve"], numbers["annulus"]
    center, axis = np.asarray(annulus["centroid_mm"]), np.asarray(valve["frame"]["axis"])
    struts, posts = frame_lines_mm(valve)
    white = DARK["t1"]
    ring = ring_mm(valve, 0.0)
    drawn: list[PlanItem] = [
        WireItem(key="valve", lines_mm=(*struts, *posts), color=white, axis=axis),
        ContourItem(key="valve", points_mm=ring, color=white, fill_opacity=0.0, chord=False, dots=False),
    ]
    drawn += _post_items(valve, center, axis, movable)
    bottom = np.asarray(valve["frame"]["bottom_mm"])
    drawn.append(
        PointItem(
            key=DEPTH_KEY,
            position_mm=bottom,
            color=PLANS["a"],
            label="",
            movable=movable,
            shape="square",
            track=LineTrack(center, -axis, STEP_MM, FINE_STEP_MM, (LEAST_DEPTH_MM, MOST_DEPTH_MM)),
            flat=True,
            across=axis,
        )
    )
    words = tr("depth {depth_mm} mm", depth_mm=text_value(valve["depth_mm"], 1))
    drawn.append(NoteItem(key="valve", position_mm=bottom, text=words, color=white, away_px=(-92.0, 6.0), across=axis))
    drawn.append(
        NoteItem(key="valve", position_mm=center, text=turn_words(valve), color=white, corner=True, along=axis)
    )
    return drawn


def turn_words(valve: Mapping[str, Any]) -> str:
    """ "turned 12° from the RCC–LCC commissure"."""
    if valve["commissure_deg"] is None:
        return tr("turned {rotation_deg:.0f}°", rotation_deg=valve["rotation_deg"])
    return tr("turned {rotation_deg}° from the RCC–LCC commissure", rotation_deg=text_value(valve["rotation_deg"], 0))


def _post_items(valve: Mapping[str, Any], center: FloatArray, axis: FloatArray, movable: bool) -> list[PlanItem]:
    frame = valve["frame"]
    right = np.asarray(frame["right"])
    radius = float(frame["outer_diameter_mm"]) / 2.0
    drawn: list[PlanItem] = []
    for number, degrees in enumerate(frame["posts_deg"]):
        angle = np.radians(degrees)
        outward = np.cos(angle) * right + np.sin(angle) * np.cross(axis, right)
        place = center + radius * outward
        spoke = np.stack([center, place])
        drawn.append(PathItem(key="valve", points_mm=spoke, color=DARK["t1"], width_px=1.2, dashed=True, flat=True))
        drawn.append(
            PointItem(
                key=f"{POST_KEY}{number}",
                position_mm=place,
                color=DARK["t1"],
                label="",
                movable=movable,
                shape="square",
                track=CircleTrack(center, axis, radius),
                flat=True,
                along=axis,
            )
        )
    return drawn


def turned_deg(valve: Mapping[str, Any], annulus: Mapping[str, Any], post: int, place_mm: FloatArray) -> float:
    """The rotation, within ±60°, that puts a post at a place."""
    axis, right = np.asarray(valve["frame"]["axis"]), np.asarray(valve["frame"]["right"])
    rest = np.asarray(place_mm) - np.asarray(annulus["centroid_mm"])
    angle = float(np.degrees(np.arctan2(rest @ np.cross(axis, right), rest @ right)))
    moved = float(valve["rotation_deg"]) + angle - float(valve["frame"]["posts_deg"][post])
    return (moved + 60.0) % 120.0 - 60.0


def depth_at(annulus: Mapping[str, Any], place_mm: FloatArray) -> float:
    """How far below the annulus a place lies, within what a valve may."""
    below = -float((np.asarray(place_mm) - np.asarray(annulus["centroid_mm"])) @ np.asarray(annulus["normal"]))
    return round(float(np.clip(below, LEAST_DEPTH_MM, MOST_DEPTH_MM)), 2)


def distance_items(numbers: Mapping[str, Any]) -> list[PlanItem]:
    """VTC to both ostia, VTSTJ and the junction's level, in their states' colours."""
    valve, annulus, landmarks = numbers["valve"], numbers["annulus"], numbers["landmarks"]
    center, axis = np.asarray(annulus["centroid_mm"]), np.asarray(annulus["normal"])
    profile = np.array(valve["frame"]["profile_mm"])
    depth = float(valve["depth_mm"])
    drawn: list[PlanItem] = []
    for side in ("left", "right"):
        key, place = f"vtc_{side}_mm", landmarks.get(f"ostium_{side}")
        if place is None or valve[key] is None:
            continue
        ends = _gap(np.asarray(place["position_mm"]), center, axis, profile, depth)
        text = tr("VTC {side} {valve}", side=side, valve=text_value(valve[key], 1))
        drawn += _gap_items(f"vtc_{side}", ends, text, valve["states"][key], axis)
    contour = (numbers.get("stj") or {}).get("contour_mm")
    if contour and valve["vtstj_mm"] is not None:
        wall = np.asarray(contour)
        rest = wall - center
        heights = rest @ axis
        radii = np.linalg.norm(rest - heights[:, None] * axis, axis=1)
        gaps = radii - np.interp(heights + depth, profile[:, 0], profile[:, 1]) / 2.0
        nearest = int(np.argmin(gaps))
        ends = _gap(wall[nearest], center, axis, profile, depth)
        text = tr("VTSTJ {vtstj_mm}", vtstj_mm=text_value(valve["vtstj_mm"], 1))
        drawn += _gap_items("vtstj", ends, text, valve["states"]["vtstj_mm"], axis)
        drawn.append(
            ContourItem(key="stj", points_mm=wall, color=DARK["t3"], fill_opacity=0.0, dots=False, width_px=1.2)
        )
    return drawn


def _gap(place: FloatArray, center: FloatArray, axis: FloatArray, profile: FloatArray, depth: float) -> FloatArray:
    """(2, 3) from a place straight in to the frame's surface at its height."""
    rest = place - center
    height = float(rest @ axis)
    outward = unit(rest - height * axis)
    radius = float(np.interp(height + depth, profile[:, 0], profile[:, 1])) / 2.0
    return np.stack([center + height * axis + radius * outward, place])


def _gap_items(key: str, ends: FloatArray, text: str, state: str, axis: FloatArray) -> list[PlanItem]:
    """The gap from frame to wall, its words outside the root where nothing else is."""
    color = DARK[state] if state in ("ok", "warn", "bad") else DARK["t2"]
    outward = ends[1] - ends[0]
    words = ends[1] + WORDS_AWAY_MM * outward / max(float(np.linalg.norm(outward)), 1e-9)
    below = WORDS_BELOW_PX if key.startswith("vtc") else -WORDS_BELOW_PX
    return [
        DistanceItem(key=key, ends_mm=ends, color=color, text="", flat=True, across=axis),
        NoteItem(key=key, position_mm=words, text=text, color=color, away_px=(0.0, below), across=axis),
    ]


def nearest_column(depth_mm: float) -> float:
    """The matrix's depth that stands for a depth."""
    return min(DEPTHS_MM, key=lambda column: abs(column - depth_mm))
