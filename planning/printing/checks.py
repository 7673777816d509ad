"""Is a surface printable? Closed, manifold, not crossing itself, thick enough, small enough."""

from __future__ import annotations

from typing import Any

import numpy as np

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.crossing import self_intersections as self_intersections

TRIANGLES_PER_CELL = 2
WALL_RAYS = 1500


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


def locator_of(mesh: SurfaceMesh) -> tuple[Any, Any]:
    """(cell locator, surface): the surface must be kept alive as long as the locator."""
    from vtkmodules.vtkCommonDataModel import vtkStaticCellLocator

    from planning.files.meshes import vtk_surface

    surface = vtk_surface(mesh)
    locator = vtkStaticCellLocator()
    locator.SetDataSet(surface)
    # a nearest point takes three quarters of the time that it takes with VTK's own number
    locator.SetNumberOfCellsPerNode(TRIANGLES_PER_CELL)
    locator.BuildLocator()
    return locator, surface


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
