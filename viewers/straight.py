"""A vessel laid straight: its picture, and where its edges lie in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.centerline import Centerline, rotation_minimising
from planning.geometry import FloatArray


def line_through(points_mm: npt.ArrayLike) -> Centerline | None:
    """A plan's centreline (N, 3) as it is, with frames that do not twist; None for fewer than two places."""
    points = np.asarray(points_mm, dtype=np.float64).reshape(-1, 3)
    if len(points) < 2:
        return None
    points = points[np.concatenate([[True], np.linalg.norm(np.diff(points, axis=0), axis=1) > 1e-6])]
    if len(points) < 2:
        return None
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    tangents = np.gradient(points, along, axis=0)
    tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
    return Centerline(points, along, tangents, rotation_minimising(points, tangents))


def strip_edges(line: Centerline, stations: Sequence[Mapping[str, Any]], turn_deg: float) -> FloatArray:
    """(S, 3): place along the vessel, and how far the contour reaches up and down there; NaN where not closed."""
    at = np.array([station["s_mm"] for station in stations], dtype=np.float64)
    normals = np.stack([np.interp(at, line.arc_length_mm, line.normals[:, n]) for n in range(3)], axis=1)
    turn = np.radians(turn_deg)
    found = np.full((len(at), 3), np.nan)
    found[:, 0] = at
    for n, station in enumerate(stations):
        contour = np.asarray(station["contour_mm"], dtype=np.float64).reshape(-1, 3)
        if len(contour) < 3:
            continue
        tangent = np.asarray(station["tangent"], dtype=np.float64)
        normal = normals[n] - (normals[n] @ tangent) * tangent
        normal /= np.linalg.norm(normal)
        across = np.cos(turn) * normal + np.sin(turn) * np.cross(tangent, normal)
        rest = contour - np.asarray(station["position_mm"])
        x, y = rest @ across, rest @ np.cross(tangent, across)
        angle = np.arctan2(y, x)
        order = np.argsort(angle)
        found[n, 1:] = np.interp([0.0, np.pi], angle[order], np.hypot(x, y)[order], period=2.0 * np.pi)
    return found
