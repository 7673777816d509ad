"""Where a file's coordinates lie: what takes LPS millimetres into each format, never mirrored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh

# LPS (x left, y back, z head) to GLB's (x, y up, z to the viewer): a rotation, so that left stays left
GLB_FROM_LPS = np.array([[0.001, 0, 0, 0], [0, 0, 0.001, 0], [0, -0.001, 0, 0], [0, 0, 0, 1.0]])


def file_placement(ending: str, meshes: Sequence[SurfaceMesh]) -> FloatArray:
    """(4, 4) that takes the coordinates of a file with this ending to LPS mm."""
    low = np.min([mesh.points_mm.min(axis=0) for mesh in meshes], axis=0)
    high = np.max([mesh.points_mm.max(axis=0) for mesh in meshes], axis=0)
    placement = np.eye(4)
    if ending == ".3mf":
        # the plate is the positive octant: slicers do not move parts themselves
        placement[:3, 3] = low
    if ending in (".glb", ".usdz"):
        placement = np.linalg.inv(GLB_FROM_LPS)
    if ending == ".usdz":
        # what is put on a table by a phone stands on its own floor, over the place that was touched
        placement[:3, 3] = [(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0, low[2]]
    return np.asarray(placement)


def moved(mesh: SurfaceMesh, matrix: FloatArray) -> SurfaceMesh:
    """The surface under a (4, 4) matrix; one that mirrors turns its triangles round."""
    points = mesh.points_mm @ matrix[:3, :3].T + matrix[:3, 3]
    mirrors = np.linalg.det(matrix[:3, :3]) < 0
    return SurfaceMesh(points, mesh.triangles[:, ::-1] if mirrors else mesh.triangles)
