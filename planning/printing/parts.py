"""The parts of a printed model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.mesh import SurfaceMesh
from planning.volume import Mask


@dataclass(frozen=True, slots=True, eq=False)
class PrintPart:
    """A structure to print: name without identifiers, mask, colour, and kind (see the registry)."""

    name: str
    mask: Mask
    color: str
    kind: str = "other"


def simplified(mesh: SurfaceMesh, tolerance_mm: float) -> SurfaceMesh:
    """Fewer triangles, no point moved by more than half the tolerance; the mesh itself where that is not possible."""
    import manifold3d

    solid = manifold3d.Manifold(
        manifold3d.Mesh(
            np.asarray(mesh.points_mm - mesh.points_mm[0], np.float32), np.asarray(mesh.triangles, np.uint32)
        )
    )
    if solid.status() != manifold3d.Error.NoError or solid.is_empty():
        return mesh
    slim = solid.simplify(tolerance_mm / 2.0).to_mesh()
    points = np.asarray(slim.vert_properties[:, :3], dtype=np.float64) + mesh.points_mm[0]
    return SurfaceMesh(points, np.asarray(slim.tri_verts, dtype=np.int32))
