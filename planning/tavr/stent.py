"""How a placed valve is drawn: its struts, posts and circles from a plan's "valve" alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from planning.geometry import FloatArray, frozen_array

COLUMNS, CELL_MM, LEAST_ROWS, MOST_ROWS = 12, 4.5, 3, 6


def ring_mm(valve: Mapping[str, Any], above_annulus_mm: float, count: int = 96) -> FloatArray:
    """(count, 3) LPS: the frame's outer circle at a height along its axis from the annulus plane."""
    frame, depth = valve["frame"], float(valve["depth_mm"])
    angles = np.asarray(np.arange(count) * (2.0 * np.pi / count), dtype=np.float64)
    return _on_frame(frame, angles, np.full(count, above_annulus_mm + depth))


def frame_lines_mm(valve: Mapping[str, Any]) -> tuple[list[FloatArray], list[FloatArray]]:
    """Struts and commissure posts of a plan's "valve" as (N, 3) LPS polylines for drawing in 2D and 3D.

    A lattice of diamonds on the outer surface: a picture of a stent, not the maker's cells.
    """
    frame = valve["frame"]
    height = float(frame["height_mm"])
    rows = min(max(LEAST_ROWS, round(height / CELL_MM)), MOST_ROWS)
    angles = np.asarray(np.arange(2 * COLUMNS + 1) * (np.pi / COLUMNS), dtype=np.float64)
    first = np.radians(frame["posts_deg"][0])
    struts = []
    for row in range(rows):
        for start in (0, 1):
            zigzag = (row + (np.arange(len(angles)) + start) % 2) * height / rows
            struts.append(_on_frame(frame, first + angles, zigzag))
    low, high = frame["posts_mm"]
    along = np.linspace(low, high, 8)
    posts = [_on_frame(frame, np.full(8, np.radians(angle)), along) for angle in frame["posts_deg"]]
    return struts, posts


def _on_frame(frame: Mapping[str, Any], angles: FloatArray, above_inflow_mm: FloatArray) -> FloatArray:
    """(N, 3) LPS points on the frame's outer surface."""
    heights, diameters = np.array(frame["profile_mm"], dtype=np.float64).T
    radii = np.interp(above_inflow_mm, heights, diameters) / 2.0
    axis, right = np.asarray(frame["axis"]), np.asarray(frame["right"])
    outward = np.cos(angles)[:, None] * right + np.sin(angles)[:, None] * np.cross(axis, right)
    bottom = np.asarray(frame["bottom_mm"], dtype=np.float64)
    return frozen_array(bottom + above_inflow_mm[:, None] * axis + radii[:, None] * outward)
