"""The outline that a kidney had before a tumour grew through it: where it is not seen any more, it is continued.

Where the parenchyma is whole, its convex hull is the outline (the hilum is filled). Over a tumour's crater the hull is
a flat lid and calls too much of the tumour exophytic (up to 20 points of 100 on phantoms). There a quadric is fitted to
the wall around the crater, by its places and its normals, and closes the gap with the wall's own curvature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planning.geometry import FloatArray
from planning.liver.organ import BoolArray

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

HULL_POINTS = 220
RING_MM = 26.0
CRATER_MM = 2.5
DEEP_MM = 3.0
BIN_MM = 4.0
LEAST_RING = 24
NEIGHBOURS = 10
SCALE_MM = 20.0
NORMAL_WEIGHT = 0.1
LEAST_SLOPE = 0.3
# the lid over a crater cannot rise above the hull by more than this share of the tumour's radius
MOST_RISE = 0.6
QUERY = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Hull:
    """planes: (F, 4) of a convex hull, outward normals and offsets, mm."""

    planes: FloatArray

    @classmethod
    def of(cls, points_mm: FloatArray) -> Hull:
        """The hull of (N, 3) points, of at most about HULL_POINTS corners."""
        from scipy.spatial import ConvexHull

        corners = points_mm[ConvexHull(points_mm).vertices]
        return cls(ConvexHull(corners[:: max(1, len(corners) // HULL_POINTS)]).equations)

    def height_mm(self, points_mm: FloatArray) -> FloatArray:
        """(N,) height over the nearest plane: negative inside."""
        found = np.empty(len(points_mm))
        for start in range(0, len(points_mm), QUERY):
            part = slice(start, start + QUERY)
            found[part] = (points_mm[part] @ self.planes[:, :3].T + self.planes[:, 3]).max(axis=1)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Quadric:
    """weights: (10,) of x², y², z², xy, xz, yz, x, y, z, 1 about `middle_mm` in units of SCALE_MM; negative inside."""

    middle_mm: FloatArray
    weights: FloatArray

    @classmethod
    def through(cls, places_mm: FloatArray, normals: FloatArray) -> Quadric:
        """Least squares through (N, 3) places with (N, 3) outward unit normals as the gradient."""
        middle = places_mm.mean(axis=0)
        scaled = (places_mm - middle) / SCALE_MM
        slopes = _slopes(scaled)
        rows = np.concatenate([_terms(scaled), *(NORMAL_WEIGHT * part for part in slopes)])
        wanted = np.concatenate([np.zeros(len(scaled)), *(NORMAL_WEIGHT * part for part in normals.T)])
        return cls(middle, np.linalg.lstsq(rows, wanted, rcond=None)[0])

    def height_mm(self, points_mm: FloatArray) -> FloatArray:
        """(N,) of (N, 3) points: about mm near the surface."""
        scaled = (points_mm - self.middle_mm) / SCALE_MM
        slope = np.linalg.norm([part @ self.weights for part in _slopes(scaled)], axis=0)
        return np.asarray(_terms(scaled) @ self.weights / np.maximum(slope, LEAST_SLOPE) * SCALE_MM)


def _terms(points: FloatArray) -> FloatArray:
    x, y, z = points.T
    return np.stack([x * x, y * y, z * z, x * y, x * z, y * z, x, y, z, np.ones_like(x)], axis=1)


def _slopes(points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The derivatives of the terms along x, y and z."""
    x, y, z = points.T
    no, one = np.zeros_like(x), np.ones_like(x)
    return (
        np.stack([2 * x, no, no, y, z, no, one, no, no, no], axis=1),
        np.stack([no, 2 * y, no, x, no, z, no, one, no, no], axis=1),
        np.stack([no, no, 2 * z, no, x, y, no, no, one, no], axis=1),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The hull, and over one tumour's crater the continued wall (None where the wall about it is not seen)."""

    hull: Hull
    lid: Quadric | None
    most_rise_mm: float

    def height_mm(self, points_mm: FloatArray) -> FloatArray:
        """(N,) of (N, 3) points: negative inside the outline, about mm near it."""
        height = self.hull.height_mm(points_mm)
        if self.lid is not None:
            near = np.flatnonzero(np.abs(height) < self.most_rise_mm)
            height[near] = np.minimum(height[near], self.lid.height_mm(points_mm[near]))
        return height

    def contains(self, points_mm: FloatArray) -> BoolArray:
        """(N,) True inside the outline."""
        return np.asarray(self.height_mm(points_mm) <= 0.0)


def continue_outline(
    hull: Hull, wall_mm: FloatArray, tumor_points: cKDTree, tumor_radius_mm: float, slice_mm: float
) -> Outline:
    """The outline about one tumour. wall_mm: (N, 3) of the parenchyma; tumor_points: of the tumour's surface."""
    ring = _ring(hull, wall_mm, tumor_points, slice_mm)
    if len(ring) < LEAST_RING:
        return Outline(hull, None, 0.0)
    return Outline(hull, Quadric.through(ring, _normals(hull, ring)), MOST_RISE * tumor_radius_mm)


def _ring(hull: Hull, wall_mm: FloatArray, tumor_points: cKDTree, slice_mm: float) -> FloatArray:
    """(N, 3) places of the outer wall about the tumour but not in its crater, thinned by averaging."""
    away = np.asarray(tumor_points.query(wall_mm, distance_upper_bound=RING_MM)[0])
    wall = wall_mm[np.isfinite(away) & (away > CRATER_MM + 0.5 * slice_mm)]
    wall = wall[hull.height_mm(wall) > -DEEP_MM]
    if not len(wall):
        return np.zeros((0, 3))
    _, group = np.unique(np.floor(wall / max(BIN_MM, slice_mm)).astype(np.int64), axis=0, return_inverse=True)
    group = group.reshape(-1)
    count = np.bincount(group)
    return np.asarray(np.stack([np.bincount(group, wall[:, axis]) / count for axis in range(3)], axis=1))


def _normals(hull: Hull, ring: FloatArray) -> FloatArray:
    """(N, 3) outward unit normals of the wall, each from its neighbours."""
    from scipy.spatial import cKDTree

    _, around = cKDTree(ring).query(ring, k=NEIGHBOURS)
    local = ring[around]
    local = local - local.mean(axis=1, keepdims=True)
    normal = np.linalg.svd(local, full_matrices=False)[2][:, 2]
    facet = hull.planes[(ring @ hull.planes[:, :3].T + hull.planes[:, 3]).argmax(axis=1), :3]
    return np.asarray(np.where((normal * facet).sum(axis=1, keepdims=True) < 0.0, -normal, normal))
