"""Surfaces as solids and back, without edges that a file's reader would join. By exact booleans, in LPS mm."""

from __future__ import annotations

from typing import Any

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Plane
from planning.mesh import SurfaceMesh

NUDGE_MM = 0.002
SHORTEST_EDGE_MM = 0.002
WAYS_MM, MEETS_MM = (0.0, 0.013, -0.013, 0.027, -0.027), 0.006


def solid_of(mesh: SurfaceMesh, origin_mm: FloatArray) -> Any:
    """The mesh as a manifold3d solid about `origin_mm` (float32 keeps its digits there).

    Raises MeasurementError when the surface encloses nothing.
    """
    import manifold3d

    solid = manifold3d.Manifold(
        manifold3d.Mesh(
            np.asarray(mesh.points_mm - origin_mm, np.float32),
            np.asarray(mesh.triangles, np.uint32),
        )
    )
    if solid.status() != manifold3d.Error.NoError or solid.is_empty():
        raise MeasurementError("The surface is not a closed solid", "Correct the structure and print it again", "solid")
    return solid


def mesh_of(solid: Any, origin_mm: FloatArray) -> SurfaceMesh:
    """The solid's surface in LPS mm, points that only touch set apart so that every reader keeps them apart.

    Where two sheets meet in a point or an edge, each is drawn inwards by NUDGE_MM: equal coordinates would be merged by
    the reader of the file and the edge would then have four triangles.
    """
    # edges shorter than a printer, a file or a slicer can tell from nothing would become flat triangles when read back
    made = solid.simplify(SHORTEST_EDGE_MM).to_mesh()
    points = np.asarray(made.vert_properties[:, :3], dtype=np.float64)
    triangles = np.asarray(made.tri_verts, dtype=np.int32)
    # tenths of a micrometre, mixed into one number a place; that it may wrap round does no harm
    steps = np.rint((points - points.min(axis=0)) * 10_000.0).astype(np.int64)
    base = steps.max(axis=0) + 1
    _, inverse, counts = np.unique(
        (steps[:, 0] * base[1] + steps[:, 1]) * base[2] + steps[:, 2], return_inverse=True, return_counts=True
    )
    doubled = counts[inverse.reshape(-1)] > 1
    if doubled.any():
        touching = triangles[doubled[triangles].any(axis=1)]
        points[doubled] -= NUDGE_MM * _point_normals(points, touching)[doubled]
    return SurfaceMesh(points + origin_mm, triangles)


def remade(mesh: SurfaceMesh) -> SurfaceMesh:
    """The same solid without edges that a file's reader would join; the mesh itself where it is no solid."""
    origin = mesh.points_mm.mean(axis=0)
    try:
        return mesh_of(solid_of(mesh, origin), origin)
    except MeasurementError:
        return mesh


def bodies(solid: Any, least_mm3: float = 0.0) -> list[Any]:
    """The separate solids of one, each with its hollows; solids and hollows of `least_mm3` and less are left out.

    manifold3d's own `decompose` gives hollows as pieces with a negative volume, and without them they would be filled.
    """
    import manifold3d

    full, hollows = [], []
    for piece in solid.decompose():
        if piece.volume() > least_mm3:
            full.append([piece])
        elif piece.volume() < -least_mm3:
            hollows.append(piece)
    # a hollow belongs to the smallest solid round it
    full.sort(key=lambda own: float(own[0].volume()))
    for hollow in hollows:
        made = hollow.to_mesh()
        corners = np.array(made.vert_properties, np.float32, order="C")
        turned = np.array(made.tri_verts[:, ::-1], np.uint32, order="C")
        filled = manifold3d.Manifold(manifold3d.Mesh(corners, turned))
        for own in full:
            if own[0].volume() > filled.volume() and (own[0] ^ filled).volume() > 0.5 * filled.volume():
                own.append(filled)
                break
    return [
        own[0] if len(own) == 1 else manifold3d.Manifold.batch_boolean(own, manifold3d.OpType.Subtract)
        for own in reversed(full)
    ]


def _point_normals(points: FloatArray, triangles: Any) -> FloatArray:
    corners = points[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    total = np.stack(
        [
            np.bincount(triangles.reshape(-1), np.repeat(normals[:, axis], 3), minlength=len(points))
            for axis in range(3)
        ],
        axis=1,
    )
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12))


def halves(mesh: SurfaceMesh, plane: Plane) -> tuple[SurfaceMesh | None, SurfaceMesh | None]:
    """(the part on the side the normal points to, the other one); None where nothing lies there.

    The plane makes way, by some hundredths of a millimetre, where the surface has points in it: a plane through the
    middles of voxels meets hundreds, and pieces would touch themselves in them.
    """
    origin = mesh.points_mm.mean(axis=0)
    solid = solid_of(mesh, origin)
    along = (mesh.points_mm - origin) @ plane.normal
    offset = float((plane.origin_mm - origin) @ plane.normal)
    offset += min(WAYS_MM, key=lambda way: int(np.count_nonzero(np.abs(along - offset - way) < MEETS_MM)))
    parts = solid.split_by_plane(tuple(float(v) for v in plane.normal), offset)
    first, second = (None if part.is_empty() or part.volume() < 1e-3 else mesh_of(part, origin) for part in parts)
    return first, second
