"""What lies about a tumour: its segment, the vessels near it, and how much of its surface touches them.

Vessel contact and the resection margin are two numbers and are never merged: the margin is parenchyma to the cut, the
contact is the distance from the tumour's sub-voxel surface to a vessel's wall, half-way between its voxels and the
others: smoothing would take thin vessels away. Of a vessel few voxels wide the wall is known to about 0.4 steps of the
grid in the direction asked, measured by tests/benchmarks/bench_contact.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.geometry import FloatArray, Vector
from planning.liver.distance import distance_to_mm
from planning.liver.margin import MarginTarget
from planning.liver.territories import TreeTerritories
from planning.volume import Mask

REACH_MM = 30.0
CONTACT_MM = 1.0
WALL_PAD = 2
SURE_MM = 0.8
MOST_CANDIDATES = 200
MOST_SPREAD_MM = 4.0
WALL_STEPS = 0.42
"""95 % of walls lie this share of the grid's step from the true one; measured on tubes of 1.5 to 5 mm radius."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NearVessel:
    """A branch near a tumour. distance_mm: surface to wall, negative where the vessel runs into the tumour.

    uncertainty_mm: how far the true distance may be off, either way, 95 %. contact_cm2: tumour surface within 1 mm of the
    branch's wall; contact_uncertainty_cm2: how much that changes where the distance is off by its ±. at_mm: the nearest
    place of the wall.
    """

    name: str
    tree: str
    distance_mm: float
    uncertainty_mm: float
    contact_cm2: float
    contact_uncertainty_cm2: float
    diameter_mm: float
    at_mm: Vector

    def as_json(self) -> dict[str, Any]:
        """Plain values for the plan."""
        return {
            "name": self.name,
            "tree": self.tree,
            "distance_mm": self.distance_mm,
            "uncertainty_mm": self.uncertainty_mm,
            "contact_cm2": self.contact_cm2,
            "contact_uncertainty_cm2": self.contact_uncertainty_cm2,
            "diameter_mm": self.diameter_mm,
            "at_mm": self.at_mm.tolist(),
        }


def near_vessels(target: MarginTarget, trees: Sequence[tuple[TreeTerritories, FloatArray]]) -> tuple[NearVessel, ...]:
    """The branches within 30 mm of a tumour, nearest first. trees: each with `wall_mm` of its mask."""
    found: list[NearVessel] = []
    for tree, wall in trees:
        found += _near_of(target, tree, wall)
    return tuple(sorted(found, key=lambda one: one.distance_mm))


def _near_of(target: MarginTarget, tree: TreeTerritories, wall: FloatArray) -> list[NearVessel]:
    from scipy.spatial import cKDTree

    wall = wall[np.linalg.norm(wall - target.center_mm, axis=1) <= target.reach_mm + REACH_MM]
    if not len(wall):
        return []
    # to the surface's points first: only what may be nearest of its branch is measured to the triangles
    rough = np.asarray(target.tree.query(wall)[0])
    rough = np.where(target.surface.is_inside(wall), -rough, rough)
    close = rough <= REACH_MM + SURE_MM
    wall, rough = wall[close], rough[close]
    if not len(wall):
        return []
    _, point = cKDTree(tree.tree.points_mm).query(wall)
    branch = tree.branch[np.asarray(point)]
    centers, areas = _faces(target)
    away, nearest_wall = cKDTree(wall).query(centers, distance_upper_bound=CONTACT_MM + MOST_SPREAD_MM)
    rows = []
    for number in np.unique(branch):
        own = np.flatnonzero(branch == number)
        own = own[rough[own] <= rough[own].min() + SURE_MM]
        own = own[np.argsort(rough[own], kind="stable")[:MOST_CANDIDATES]]
        distance, on_tumor = target.nearest(wall[own])
        nearest = int(distance.argmin())
        best = own[nearest]
        spread = contact_uncertainty_mm(target, wall[best] - on_tumor[nearest])
        faces = np.flatnonzero(np.isfinite(away))
        faces = faces[branch[nearest_wall[faces]] == number]
        less, contact, more = (
            float(areas[faces[away[faces] <= CONTACT_MM + change]].sum()) / 100.0 for change in (-spread, 0.0, spread)
        )
        nearest_point = int(point[best])
        rows.append(
            NearVessel(
                name=tree.names[number] if number >= 0 else f"{tree.tree.kind}_trunk",
                tree=tree.tree.kind,
                distance_mm=float(distance[nearest]),
                uncertainty_mm=spread,
                contact_cm2=contact,
                contact_uncertainty_cm2=max(more - contact, contact - less),
                diameter_mm=2.0 * float(tree.tree.radius_mm[nearest_point]),
                at_mm=wall[best],
            )
        )
    return rows


def contact_uncertainty_mm(target: MarginTarget, way_mm: Vector) -> float:
    """How far a distance between tumour and vessel may be off in a direction, 95 %: both surfaces' errors together."""
    grid = target.tumor.mask.grid
    length = max(float(np.linalg.norm(way_mm)), 1e-9)
    along = way_mm @ (grid.world_from_index[:3, :3] / grid.spacing_mm) / length
    # where both touch there is no direction: the longest step counts
    step = float(np.linalg.norm(along * grid.spacing_mm)) if length > 1e-6 else float(grid.spacing_mm.max())
    return float(np.hypot(float(target.uncertainty_mm(way_mm)), WALL_STEPS * step))


def wall_mm(mask: Mask) -> FloatArray:
    """(N, 3) points on a vessel's wall: half-way between its voxels and the others."""
    from planning.liver.subvoxel import contour

    if not mask.voxel_count:
        return np.zeros((0, 3))
    spacing = mask.grid.spacing_mm
    inside = np.pad(mask.voxels, WALL_PAD)
    field = distance_to_mm(inside, spacing) - distance_to_mm(~inside, spacing)
    points, _, _ = contour(field, 0.0)
    return mask.grid.to_world(points - WALL_PAD + np.array(mask.start_ijk))


def _faces(target: MarginTarget) -> tuple[FloatArray, FloatArray]:
    """Middles (T, 3) and areas (T,) of the tumour's triangles."""
    corners = target.surface.mesh.points_mm[target.surface.mesh.triangles]
    areas = 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    return np.asarray(corners.mean(axis=1)), np.asarray(areas)


def owner_shares(tree: TreeTerritories, organ: Mask, tumor: Mask) -> dict[str, float]:
    """Share of a tumour's voxels in each territory that has any, largest first."""
    from planning.liver.organ import within

    inside = within(tumor, organ)[organ.voxels]
    counts = np.bincount(tree.branch[tree.nearest[inside]], minlength=len(tree.names))
    total = int(counts.sum())
    order = np.argsort(-counts, kind="stable")
    return {tree.names[n]: float(counts[n] / total) for n in order if counts[n]} if total else {}
