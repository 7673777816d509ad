"""Fewer triangles for a printed solid: as few as a tolerance that is measured allows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.proof import distances_mm
from planning.simplify import simplified

# what is tried first: a surface of voxels mostly allows it at 0.1 mm
FIRST_SHARE, LARGEST_SHARE = 0.3, 0.8
# a sheet of fewer triangles stays as it is: it could vanish, and there is little to save
LEAST_TRIANGLES = 2_000
TRIES = 3
# of the corners that are looked at the farthest may lie this share of the tolerance away: others lie a little farther
OF_TOLERANCE = 0.9
LOOKED_AT = 15_000


def fewer_triangles(mesh: SurfaceMesh, tolerance_mm: float) -> SurfaceMesh | None:
    """A closed surface with fewer triangles, by quadric edge collapse: evenly chosen corners of both lie within
    `tolerance_mm` of the other. It may cross itself. None where little would be saved."""
    large = _large_sheets(mesh)
    if not large.any():
        return None
    # the library reckons with single precision
    origin = mesh.points_mm.mean(axis=0)
    whole = _part(SurfaceMesh(mesh.points_mm - origin, mesh.triangles), large)
    rest = _part(mesh, ~large)
    share = FIRST_SHARE
    for _ in range(TRIES):
        slim = simplified(whole, int(share * len(whole.triangles)))
        away_mm = _farthest_mm(whole, slim)
        if away_mm <= OF_TOLERANCE * tolerance_mm:
            return SurfaceMesh(
                np.concatenate([slim.points_mm + origin, rest.points_mm]),
                np.concatenate([slim.triangles, rest.triangles + np.int32(len(slim.points_mm))]),
            )
        # the distance grows about as triangles get fewer
        share *= max(1.2, away_mm / (0.9 * OF_TOLERANCE * tolerance_mm))
        if share > LARGEST_SHARE:
            return None
    return None


def _large_sheets(mesh: SurfaceMesh) -> npt.NDArray[np.bool_]:
    """(T,) True for triangles of sheets with many of them."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    edges = np.concatenate([mesh.triangles[:, (0, 1)], mesh.triangles[:, (1, 2)]])
    graph = coo_matrix((np.ones(len(edges), np.int8), (edges[:, 0], edges[:, 1])), shape=(len(mesh.points_mm),) * 2)
    labels = connected_components(graph, directed=False)[1][mesh.triangles[:, 0]]
    return np.asarray((np.bincount(labels) >= LEAST_TRIANGLES)[labels])


def _part(mesh: SurfaceMesh, chosen: npt.NDArray[np.bool_]) -> SurfaceMesh:
    if chosen.all():
        return mesh
    used, numbers = np.unique(mesh.triangles[chosen], return_inverse=True)
    return SurfaceMesh(mesh.points_mm[used], numbers.reshape(-1, 3).astype(np.int32))


def _farthest_mm(mesh: SurfaceMesh, slim: SurfaceMesh) -> float:
    if not len(slim.triangles):
        return float("inf")
    there = distances_mm(_some(mesh.points_mm), slim)
    back = distances_mm(_some(slim.points_mm), mesh)
    return max(float(there.max()), float(back.max()))


def _some(points_mm: FloatArray) -> FloatArray:
    return points_mm[:: max(1, len(points_mm) // LOOKED_AT)]
