"""Fewer triangles for drawing; never for measuring or printing."""

from __future__ import annotations

import threading

import numpy as np

from planning.mesh import SurfaceMesh

# the library keeps its mesh in one global place and lets other threads run meanwhile
_ONE_AT_A_TIME = threading.Lock()


def simplified(mesh: SurfaceMesh, most_triangles: int, *, keep_rims: bool = False) -> SurfaceMesh:
    """The surface with at most about `most_triangles` by quadric edge collapse; itself when it has no more.

    keep_rims: points of open rims stay where they are. The points that are left keep their order.
    Source: M. Garland, P. Heckbert, "Surface simplification using quadric error metrics", SIGGRAPH 1997.
    """
    count = len(mesh.triangles)
    if count <= most_triangles:
        return mesh
    import fast_simplification

    with _ONE_AT_A_TIME:
        points, triangles = fast_simplification.simplify(
            mesh.points_mm.astype(np.float32),
            mesh.triangles.astype(np.int32),
            target_count=most_triangles,
            preserve_border=keep_rims,
        )
    return SurfaceMesh(points.astype(np.float64), triangles)
