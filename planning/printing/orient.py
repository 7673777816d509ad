"""Which way up a part is printed: the direction that asks for the least supports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.geometry import FloatArray, Vector, unit
from planning.mesh import SurfaceMesh

STEEPEST_COS = 0.7071
"""Surfaces that look down more than this, 45° from the wall, are printed on supports."""
ON_PLATE_MM = 0.4
MOST_FACES, MOST_DIRECTIONS = 30_000, 160
SAME_COS = 0.98
HEIGHT_WEIGHT_ML = 0.02
"""What a millimetre of height counts like, in ml of supports: height is time."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How a part stands. turn: (3, 3) rotation from LPS to the plate. overhang_cm2: area that looks down by more than 45°
    and does not lie on the plate; support_ml: under it down to the plate, seen from below; height_mm: of the part."""

    turn: FloatArray
    overhang_cm2: float
    support_ml: float
    height_mm: float


def least_supports(mesh: SurfaceMesh) -> Standing:
    """The best of the directions of the convex hull's faces and of the patient's axes and diagonals."""
    middles, normals, areas = _faces(mesh)
    downs = _directions(mesh)
    best, cost = None, np.inf
    for down in downs:
        standing = _standing(mesh, down, middles, normals, areas)
        own = standing.support_ml + HEIGHT_WEIGHT_ML * standing.height_mm
        if own < cost - 1e-9:
            best, cost = standing, own
    assert best is not None
    return best


def standing_of(mesh: SurfaceMesh, turn: FloatArray) -> Standing:
    """What a given rotation asks for."""
    found = _standing(mesh, -turn[2], *_faces(mesh))
    return Standing(turn, found.overhang_cm2, found.support_ml, found.height_mm)


def _faces(mesh: SurfaceMesh) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Middles, unit normals and areas of triangles; of very many a fixed choice that stands for all."""
    corners = mesh.points_mm[mesh.triangles]
    facing = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(facing, axis=1)
    chosen = np.flatnonzero(lengths > 1e-9)
    whole = float(lengths[chosen].sum())
    if len(chosen) > MOST_FACES:
        picked = np.random.default_rng(11).choice(chosen, MOST_FACES, p=lengths[chosen] / whole)
        areas = np.full(MOST_FACES, whole / 2.0 / MOST_FACES)
    else:
        picked, areas = chosen, lengths[chosen] / 2.0
    return corners[picked].mean(axis=1), facing[picked] / lengths[picked, None], areas


def _directions(mesh: SurfaceMesh) -> list[Vector]:
    """Unit vectors that could look down, the hull's largest faces first after the patient's own axes."""
    from scipy.spatial import ConvexHull

    grid = [np.array((x, y, z), dtype=np.float64) for z in (-1, 0, 1) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    wanted = [np.array((0.0, 0.0, -1.0)), *(unit(one) for one in grid if one.any())]
    points = mesh.points_mm[:: max(1, len(mesh.points_mm) // 20_000)]
    hull = ConvexHull(points)
    corners = points[hull.simplices]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    normals = hull.equations[:, :3]
    flat: list[Vector] = []
    for number in np.argsort(-areas):
        if len(wanted) + len(flat) >= MOST_DIRECTIONS:
            break
        if all(float(normals[number] @ other) < SAME_COS for other in flat):
            # neighbours of one flat side together, so that it lies flat
            own = normals @ normals[number] > SAME_COS
            flat.append(unit((normals[own] * areas[own, None]).sum(axis=0)))
    return [*wanted, *flat]


def _standing(mesh: SurfaceMesh, down: Vector, middles: FloatArray, normals: FloatArray, areas: FloatArray) -> Standing:
    heights = -(mesh.points_mm @ down)
    floor, height = float(heights.min()), float(np.ptp(heights))
    above = -(middles @ down) - floor
    looking = normals @ down
    over = (looking > STEEPEST_COS) & (above > ON_PLATE_MM)
    support = float((areas[over] * looking[over] * above[over]).sum()) / 1000.0
    return Standing(turn_down(down), float(areas[over].sum()) / 100.0, support, height)


def turn_down(down: Vector) -> FloatArray:
    """(3, 3) the least rotation that brings a unit direction to −z: a part that stands well already is not turned."""
    goal = np.array((0.0, 0.0, -1.0))
    cosine = float(down @ goal)
    if cosine > 1.0 - 1e-12:
        return np.eye(3)
    if cosine < -1.0 + 1e-12:
        return np.diag((1.0, -1.0, -1.0))
    axis = np.cross(down, goal)
    skew = np.array(((0.0, -axis[2], axis[1]), (axis[2], 0.0, -axis[0]), (-axis[1], axis[0], 0.0)))
    return np.asarray(np.eye(3) + skew + skew @ skew / (1.0 + cosine))
