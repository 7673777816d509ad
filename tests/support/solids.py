"""Solids of known shape as surfaces: what checks of printed parts are held against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.mesh import SurfaceMesh


def of_manifold(solid, at_mm: Sequence[float] = (0.0, 0.0, 0.0)) -> SurfaceMesh:
    """A manifold3d solid moved by `at_mm`."""
    made = solid.to_mesh()
    return SurfaceMesh(np.asarray(made.vert_properties[:, :3], float) + at_mm, np.asarray(made.tri_verts, np.int32))


def box(low: Sequence[float], high: Sequence[float]) -> SurfaceMesh:
    """A box of twelve triangles."""
    import manifold3d

    low = np.asarray(low, float)
    return of_manifold(manifold3d.Manifold.cube(tuple(np.asarray(high, float) - low)), low)


def ball(radius: float, at_mm: Sequence[float] = (0.0, 0.0, 0.0), sides: int = 64) -> SurfaceMesh:
    """A ball whose corners lie on the true sphere."""
    import manifold3d

    return of_manifold(manifold3d.Manifold.sphere(radius, sides), at_mm)


def joined(*meshes: SurfaceMesh) -> SurfaceMesh:
    """Several surfaces as one, nothing merged."""
    shift = np.cumsum([0, *(len(mesh.points_mm) for mesh in meshes)])
    return SurfaceMesh(
        np.concatenate([mesh.points_mm for mesh in meshes]),
        np.concatenate([mesh.triangles + start for mesh, start in zip(meshes, shift)]),
    )


def inside_out(mesh: SurfaceMesh) -> SurfaceMesh:
    """The surface facing the other way, as the wall of a hollow does."""
    return SurfaceMesh(mesh.points_mm, mesh.triangles[:, ::-1])
