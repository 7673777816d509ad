"""Turning about an axis, and what stands upright on two."""

from __future__ import annotations

import numpy as np

from planning.geometry import Plane, Vector


def crossed(first: Vector, second: Vector) -> Vector:
    """The cross product of two vectors (3,); np.cross takes twenty times as long for one pair."""
    a, b, c = first.tolist()
    x, y, z = second.tolist()
    return np.array((b * z - c * y, c * x - a * z, a * y - b * x))


def turned(vector: Vector, axis: Vector, angle_rad: float) -> Vector:
    """A vector turned about a unit axis by the right-hand rule (Rodrigues)."""
    return np.asarray(
        vector * np.cos(angle_rad)
        + np.cross(axis, vector) * np.sin(angle_rad)
        + axis * (axis @ vector) * (1.0 - np.cos(angle_rad))
    )


def turned_plane(plane: Plane, pivot_mm: Vector, axis: Vector, angle_rad: float) -> Plane:
    """A plane turned about an axis through a point."""
    origin = pivot_mm + turned(plane.origin_mm - pivot_mm, axis, angle_rad)
    return Plane(origin, turned(plane.normal, axis, angle_rad))
