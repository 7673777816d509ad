"""Fewer triangles for a printed solid: as few as a tolerance that is measured allows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.checks import component_count
from planning.printing.edges import EdgeTable
from planning.printing.proof import distances_mm
from planning.printing.solids import remade
from planning.simplify import simplified
from planning.surface_pieces import beside_each_other

BoolArray = npt.NDArray[np.bool_]
# what is tried first: a surface of voxels mostly allows it at 0.1 mm
FIRST_SHARE, LARGEST_SHARE = 0.3, 0.8
# a sheet of fewer triangles stays as it is: it could vanish, and there is little to save
LEAST_TRIANGLES = 2_000
TRIES = 4
# the next try leaves so many times the triangles at least, and at most
LEAST_MORE, MOST_MORE = 1.2, 2.0
# of the corners that are looked at the farthest may lie this share of the tolerance away: others lie a little farther
OF_TOLERANCE = 0.9
LOOKED_AT = 15_000
# a needle may be drawn along itself without an error that a quadric knows, until it is gone: where the normals round a corner
# cancel each other so far, its triangles and those near it stay as they are
TIP, ROUND_MM = 0.6, 1.0


def fewer_triangles(mesh: SurfaceMesh, tolerance_mm: float) -> SurfaceMesh | None:
    """A closed surface with fewer triangles and as many pieces, by quadric edge collapse: evenly chosen corners of both lie
    within `tolerance_mm` of the other. It may cross itself. None where little would be saved."""
    large, solids = _large_sheets(mesh)
    if not large.any():
        return None
    # the library reckons with single precision
    origin = mesh.points_mm.mean(axis=0)
    whole = _part(SurfaceMesh(mesh.points_mm - origin, mesh.triangles), large)
    rest = _part(mesh, ~large)
    kept = _round(whole, _tips_mm(whole))
    share, most_mm = FIRST_SHARE, OF_TOLERANCE * tolerance_mm
    for _ in range(TRIES):
        slim = _collapsed(whole, kept, share)
        away_mm = _farthest_mm(whole, slim)
        if away_mm <= most_mm:
            made = remade(slim)
            if component_count(made) == solids:
                return beside_each_other([SurfaceMesh(made.points_mm + origin, made.triangles), rest])
        else:
            # the distance grows about as triangles get fewer; one place that is far off says little of the rest
            share *= min(max(LEAST_MORE, away_mm / most_mm), MOST_MORE)
            if share > LARGEST_SHARE:
                return None
        # a thin bridge that was drawn together to an edge parts in two there
        kept |= _round(whole, _pinched_mm(slim))
    return None


def _collapsed(whole: SurfaceMesh, kept: BoolArray, share: float) -> SurfaceMesh:
    """The surface with a share of its triangles; (T,) those `kept` stay as they are."""
    if not kept.any():
        return simplified(whole, int(share * len(whole.triangles)))
    is_kept, is_other = np.zeros((2, len(whole.points_mm)), dtype=bool)
    is_kept[whole.triangles[kept]] = True
    is_other[whole.triangles[~kept]] = True
    seam = np.flatnonzero(is_kept & is_other)
    # points of the seam first: they stay and keep their order, so that both sides join again without a search
    others, own = np.flatnonzero(is_other & ~is_kept), np.flatnonzero(is_kept & ~is_other)
    number = np.empty(len(whole.points_mm), dtype=np.int32)
    number[seam] = np.arange(len(seam))
    number[others] = len(seam) + np.arange(len(others))
    loose = SurfaceMesh(whole.points_mm[np.concatenate([seam, others])], number[whole.triangles[~kept]])
    slim = simplified(loose, int(share * len(loose.triangles)), keep_rims=True)
    number[own] = len(slim.points_mm) + np.arange(len(own))
    return SurfaceMesh(
        np.concatenate([whole.points_mm[seam], slim.points_mm[len(seam) :], whole.points_mm[own]]),
        np.concatenate([slim.triangles, number[whole.triangles[kept]]]).astype(np.int32),
    )


def _tips_mm(mesh: SurfaceMesh) -> FloatArray:
    """(N, 3) corners at the ends of needles."""
    a, b, c = (mesh.points_mm[mesh.triangles[:, n]] for n in range(3))
    normals = np.cross(b - a, c - a)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    count = len(mesh.points_mm)
    corners = mesh.triangles.reshape(-1)
    total = np.stack([np.bincount(corners, np.repeat(normals[:, axis], 3), minlength=count) for axis in range(3)])
    agree = np.linalg.norm(total, axis=0) / np.maximum(np.bincount(corners, minlength=count), 1)
    return np.asarray(mesh.points_mm[agree < TIP])


def _pinched_mm(mesh: SurfaceMesh) -> FloatArray:
    """(N, 3) middles of edges that more than two triangles share."""
    table = EdgeTable.of(mesh)
    many = table.count > 2
    return np.asarray(0.5 * (mesh.points_mm[table.low[many]] + mesh.points_mm[table.high[many]]))


def _round(mesh: SurfaceMesh, places_mm: FloatArray) -> BoolArray:
    """(T,) True for triangles with a corner near one of the (N, 3) places."""
    from scipy.spatial import cKDTree

    if not len(places_mm):
        return np.zeros(len(mesh.triangles), dtype=bool)
    away, _ = cKDTree(places_mm).query(mesh.points_mm, distance_upper_bound=ROUND_MM)
    return np.asarray(np.isfinite(away)[mesh.triangles].any(axis=1))


def _large_sheets(mesh: SurfaceMesh) -> tuple[BoolArray, int]:
    """((T,) True for triangles of sheets with many of them, how many of these sheets bound a solid)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    edges = np.concatenate([mesh.triangles[:, (0, 1)], mesh.triangles[:, (1, 2)]])
    graph = coo_matrix((np.ones(len(edges), np.int8), (edges[:, 0], edges[:, 1])), shape=(len(mesh.points_mm),) * 2)
    labels = connected_components(graph, directed=False)[1][mesh.triangles[:, 0]]
    is_large = np.bincount(labels) >= LEAST_TRIANGLES
    a, b, c = (mesh.points_mm[mesh.triangles[:, n]] - mesh.points_mm[0] for n in range(3))
    volumes = np.bincount(labels, np.einsum("ij,ij->i", a, np.cross(b, c)))
    return np.asarray(is_large[labels]), int(np.count_nonzero(is_large & (volumes > 0.0)))


def _part(mesh: SurfaceMesh, chosen: BoolArray) -> SurfaceMesh:
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
