"""Is a surface printable? Closed, manifold, not crossing itself, thick enough, small enough."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, plane_basis
from planning.mesh import SurfaceMesh

WALL_RAYS = 1500
# a triangle whose box covers more cells of the search grid is looked for in another way
MOST_CELLS = 216


def is_manifold(mesh: SurfaceMesh) -> bool:
    """True when manifold3d takes the surface as a solid without repair."""
    import manifold3d

    solid = manifold3d.Manifold(
        manifold3d.Mesh(
            np.asarray(mesh.points_mm - mesh.points_mm[0], np.float32), np.asarray(mesh.triangles, np.uint32)
        )
    )
    return bool(solid.status() == manifold3d.Error.NoError and not solid.is_empty())


def component_count(mesh: SurfaceMesh) -> int:
    """Separate solids: surface pieces that share no edge, the walls of inner hollows not counted."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    edges = np.concatenate([mesh.triangles[:, (0, 1)], mesh.triangles[:, (1, 2)]])
    graph = coo_matrix((np.ones(len(edges), np.int8), (edges[:, 0], edges[:, 1])), shape=(len(mesh.points_mm),) * 2)
    labels = connected_components(graph, directed=False)[1][mesh.triangles[:, 0]]
    a, b, c = (mesh.points_mm[mesh.triangles[:, n]] - mesh.points_mm[0] for n in range(3))
    volumes = np.bincount(labels, np.einsum("ij,ij->i", a, np.cross(b, c)))
    return int(np.count_nonzero(volumes > 0.0))


def self_intersections(mesh: SurfaceMesh) -> int:
    """How many pairs of triangles cross each other, pairs that share a corner apart.

    Candidates come from a uniform grid of boxes; each pair gets six edge-through-triangle tests.
    """
    pairs = _candidate_pairs(mesh)
    if not len(pairs):
        return 0
    crossing = 0
    for start in range(0, len(pairs), 400_000):
        crossing += int(_cross(mesh, pairs[start : start + 400_000]).sum())
    return crossing


def _candidate_pairs(mesh: SurfaceMesh) -> npt.NDArray[np.int64]:
    """(N, 2) triangle numbers whose boxes meet and that share no corner."""
    corners = mesh.points_mm[mesh.triangles]
    low, high = corners.min(axis=1), corners.max(axis=1)
    cell_mm = float(np.percentile((high - low).max(axis=1), 90)) * 1.2 + 1e-6
    spans = np.floor(high / cell_mm).astype(np.int64) - np.floor(low / cell_mm).astype(np.int64) + 1
    large = spans.prod(axis=1) > MOST_CELLS
    small = np.flatnonzero(~large)
    found = [small[_grid_pairs(low[small], high[small], cell_mm)]]
    found += _large_pairs(corners, np.flatnonzero(large))
    pairs = np.sort(np.concatenate(found), axis=1)
    left, right = mesh.triangles[pairs[:, 0]], mesh.triangles[pairs[:, 1]]
    shared = (left[:, :, None] == right[:, None, :]).any(axis=(1, 2))
    return np.unique(pairs[~shared], axis=0)


def _grid_pairs(low: FloatArray, high: FloatArray, cell_mm: float) -> npt.NDArray[np.int64]:
    """Pairs of boxes that meet, found by the cells of a uniform grid they share."""
    first = np.floor(low / cell_mm).astype(np.int64)
    spans = np.floor(high / cell_mm).astype(np.int64) - first + 1
    counts = spans.prod(axis=1)
    owner = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    step = spans[owner]
    offset = np.stack(
        [within // (step[:, 1] * step[:, 2]), within // step[:, 2] % step[:, 1], within % step[:, 2]], axis=1
    )
    cell = first[owner] + offset
    cell -= cell.min(axis=0)
    extent = cell.max(axis=0) + 1
    key = (cell[:, 0] * extent[1] + cell[:, 1]) * extent[2] + cell[:, 2]
    order = np.argsort(key, kind="stable")
    key, owner = key[order], owner[order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(key)]]))
    found = [np.zeros((0, 2), np.int64)]
    # cells of one size at a time, so that all pairs of a size come from one index table
    for length in np.unique(lengths[lengths > 1]):
        members = owner[starts[lengths == length][:, None] + np.arange(length)]
        a, b = np.triu_indices(int(length), 1)
        pairs = np.stack([members[:, a].ravel(), members[:, b].ravel()], axis=1)
        found.append(pairs[_boxes_meet(low, high, pairs)])
    return np.concatenate(found)


def _boxes_meet(low: FloatArray, high: FloatArray, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    a, b = pairs[:, 0], pairs[:, 1]
    return np.asarray(((low[a] <= high[b]) & (low[b] <= high[a])).all(axis=1))


def _large_pairs(corners: FloatArray, large: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Pairs of the few large triangles with all others.

    The face of a cut is a fan of long slivers: in axes of its own their boxes are flat, in any others they would hold
    half the model. Triangles that face the same way are therefore taken together, in axes along their normal.
    """
    found = []
    normals = np.cross(corners[large, 1] - corners[large, 0], corners[large, 2] - corners[large, 0])
    areas = np.linalg.norm(normals, axis=1)
    normals /= np.maximum(areas, 1e-12)[:, None]
    waiting = np.ones(len(large), dtype=bool)
    while waiting.any():
        leader = normals[int(np.where(waiting, areas, -1.0).argmax())]
        group = waiting & (np.abs(normals @ leader) > 0.9999)
        group |= waiting & (areas <= 1e-12)
        group[int(np.where(waiting, areas, -1.0).argmax())] = True
        waiting &= ~group
        right, down = plane_basis(leader if np.linalg.norm(leader) > 0.5 else np.array((0.0, 0.0, 1.0)))
        turned = corners @ np.stack([right, down, np.cross(right, down)], axis=1)
        low, high = turned.min(axis=1), turned.max(axis=1)
        members = large[group]
        near = np.flatnonzero((low[:, 2] <= high[members, 2].max()) & (high[:, 2] >= low[members, 2].min()))
        for start in range(0, len(members), 200):
            part = members[start : start + 200]
            meets = np.ones((len(part), len(near)), dtype=bool)
            for axis in range(3):
                meets &= low[part, axis][:, None] <= high[near, axis][None]
                meets &= low[near, axis][None] <= high[part, axis][:, None]
            a, b = np.nonzero(meets)
            pairs = np.stack([part[a], near[b]], axis=1)
            found.append(pairs[pairs[:, 0] != pairs[:, 1]])
    return found


def _cross(mesh: SurfaceMesh, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    first, second = (mesh.points_mm[mesh.triangles[pairs[:, n]]] for n in (0, 1))
    hit = np.zeros(len(pairs), dtype=bool)
    for edges, faces in ((first, second), (second, first)):
        for n in range(3):
            hit |= _edge_through(edges[:, n], edges[:, (n + 1) % 3], faces)
    return hit


def _edge_through(start: FloatArray, end: FloatArray, face: FloatArray) -> npt.NDArray[np.bool_]:
    """Möller and Trumbore's test, strict inside (doi 10.1080/10867651.1997.10487468)."""
    along = end - start
    u, v = face[:, 1] - face[:, 0], face[:, 2] - face[:, 0]
    p = np.cross(along, v)
    det = np.einsum("ij,ij->i", u, p)
    safe = np.where(np.abs(det) > 1e-15, det, 1.0)
    rest = start - face[:, 0]
    a = np.einsum("ij,ij->i", rest, p) / safe
    q = np.cross(rest, u)
    b = np.einsum("ij,ij->i", along, q) / safe
    t = np.einsum("ij,ij->i", v, q) / safe
    tiny = 1e-9
    inside = (a > tiny) & (b > tiny) & (a + b < 1 - tiny) & (t > tiny) & (t < 1 - tiny)
    return np.asarray((np.abs(det) > 1e-15) & inside)


def locator_of(mesh: SurfaceMesh) -> tuple[Any, Any]:
    """(cell locator, surface): the surface must be kept alive as long as the locator."""
    from vtkmodules.vtkCommonDataModel import vtkStaticCellLocator

    from planning.files.meshes import vtk_surface

    surface = vtk_surface(mesh)
    locator = vtkStaticCellLocator()
    locator.SetDataSet(surface)
    locator.BuildLocator()
    return locator, surface


def min_wall_mm(mesh: SurfaceMesh) -> float | None:
    """First percentile of the thickness along inward rays from evenly chosen faces; None where no ray meets a far side."""
    found = walls_mm(mesh)
    return float(np.percentile(found, 1)) if len(found) else None


def walls_mm(mesh: SurfaceMesh) -> FloatArray:
    """(N,) thickness along inward rays from evenly chosen faces, as far as they meet a far side."""
    from vtkmodules.vtkCommonCore import mutable

    corners = mesh.points_mm[mesh.triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1)
    good = np.flatnonzero(lengths > 1e-9)
    chosen = good[np.linspace(0, len(good) - 1, min(WALL_RAYS, len(good))).astype(int)]
    locator, surface = locator_of(mesh)
    reach = float(np.linalg.norm(np.ptp(mesh.points_mm, axis=0)))
    found = []
    t, where, local, sub, cell = mutable(0.0), [0.0] * 3, [0.0] * 3, mutable(0), mutable(0)
    for n in chosen:
        inward = -normals[n] / lengths[n]
        start = corners[n].mean(axis=0) + 1e-3 * inward
        if locator.IntersectWithLine(start, start + reach * inward, 1e-6, t, where, local, sub, cell):
            other = normals[int(cell)] / max(lengths[int(cell)], 1e-12)
            if other @ inward > 0.5:
                found.append(float(np.linalg.norm(np.array(where) - start)))
    del surface
    return np.asarray(found, dtype=np.float64)
