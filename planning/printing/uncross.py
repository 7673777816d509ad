"""The few places where saving triangles made a surface cut itself, drawn apart again."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.crossing import Crossings, crossings
from planning.printing.faults import groups_of

# more triangles than this are no few places: then fewer triangles are saved
MOST_TRIANGLES = 400
ROUNDS = 30
TOGETHER_MM = 2.0


def uncrossed(mesh: SurfaceMesh, found: Crossings, most_mm: float) -> SurfaceMesh | None:
    """The surface with the corners of triangles that cross drawn towards their neighbours, none by more than `most_mm`.

    Triangles and their order stay. None where that does not help, or where too much crosses.
    """
    if len(np.unique(found.pairs)) > MOST_TRIANGLES:
        return None
    points = np.array(mesh.points_mm)
    groups = groups_of(found.at_mm, TOGETHER_MM)
    corners = points[mesh.triangles]
    low, high = corners.min(axis=1), corners.max(axis=1)
    for group in range(int(groups.max(initial=-1)) + 1):
        own = found.pairs[groups == group]
        around = low[own].min(axis=(0, 1)) - 2.0 * most_mm, high[own].max(axis=(0, 1)) + 2.0 * most_mm
        near = np.flatnonzero((low <= around[1]).all(axis=1) & (high >= around[0]).all(axis=1))
        if not _drawn_apart(points, mesh, near, most_mm):
            return None
    return SurfaceMesh(points, mesh.triangles)


def _drawn_apart(points: FloatArray, mesh: SurfaceMesh, near: npt.NDArray[np.intp], most_mm: float) -> bool:
    """Move points in place until the triangles `near` cross no more; whether they do."""
    triangles = mesh.triangles[near]
    used, numbers = np.unique(triangles, return_inverse=True)
    local = numbers.reshape(-1, 3)
    # points of the rim have neighbours that are not seen here: they stay
    edges = np.concatenate([local[:, (0, 1)], local[:, (1, 2)], local[:, (2, 0)]])
    codes = np.sort(edges, axis=1) @ np.array([len(used), 1])
    _, first, count = np.unique(codes, return_index=True, return_counts=True)
    is_free = np.ones(len(used), dtype=bool)
    is_free[edges[first[count == 1]]] = False
    moves = np.zeros(len(used), dtype=bool)
    start = np.array(mesh.points_mm[used])
    for _ in range(ROUNDS):
        here = points[used]
        found = crossings(SurfaceMesh(here, local.astype(np.int32)))
        if not len(found.pairs):
            return True
        moves[local[found.pairs.reshape(-1)]] = True
        moves &= is_free
        sums = np.zeros_like(here)
        np.add.at(sums, edges[:, 0], here[edges[:, 1]])
        times = np.bincount(edges[:, 0], minlength=len(used))
        wanted = here + 0.5 * (sums / np.maximum(times, 1)[:, None] - here)
        away = wanted - start
        length = np.linalg.norm(away, axis=1, keepdims=True)
        wanted = start + away * np.minimum(1.0, most_mm / np.maximum(length, 1e-12))
        points[used[moves]] = wanted[moves]
    return False
