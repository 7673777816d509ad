"""Triangle surfaces in patient space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import GeometryError
from planning.geometry import FloatArray, frozen_array


@dataclass(frozen=True, slots=True, eq=False)
class SurfaceMesh:
    """Triangles in LPS mm, outward by the right-hand rule.

    points_mm: (V, 3) float64. triangles: (T, 3) int32 rows of point numbers. normals: (V, 3) float32 for shading
    (`planning.shading`), None for a surface whose normals are found when it is drawn.
    """

    points_mm: FloatArray
    triangles: npt.NDArray[np.int32]
    normals: npt.NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        points = frozen_array(self.points_mm).reshape(-1, 3)
        triangles = frozen_array(self.triangles, np.int32).reshape(-1, 3)
        object.__setattr__(self, "points_mm", points)
        object.__setattr__(self, "triangles", triangles)
        if self.normals is not None:
            object.__setattr__(self, "normals", frozen_array(self.normals, np.float32))
            if self.normals.shape != points.shape:
                raise GeometryError("A surface has not one normal for each of its points")
        if not np.isfinite(points).all():
            raise GeometryError("A surface has points that are not finite")
        if triangles.size and (triangles.min() < 0 or triangles.max() >= len(points)):
            raise GeometryError("A surface's triangles name points that do not exist")

    @property
    def nbytes(self) -> int:
        """Memory of points, triangles and normals."""
        normals = 0 if self.normals is None else self.normals.nbytes
        return int(self.points_mm.nbytes + self.triangles.nbytes + normals)

    @property
    def volume_ml(self) -> float:
        """Enclosed volume by the divergence theorem; meaningful for closed surfaces only."""
        a, b, c = (self.points_mm[self.triangles[:, n]] for n in range(3))
        return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6000.0)

    @property
    def is_watertight(self) -> bool:
        """True when every edge is used once in each direction."""
        if not len(self.triangles):
            return False
        t = self.triangles.astype(np.int64)
        edges = np.concatenate([t[:, (0, 1)], t[:, (1, 2)], t[:, (2, 0)]])
        count = np.int64(len(self.points_mm))
        forward, backward = edges[:, 0] * count + edges[:, 1], edges[:, 1] * count + edges[:, 0]
        forward.sort()
        # a hash table of millions of edges takes ten times as long as sorting them
        return bool((forward[1:] != forward[:-1]).all()) and np.array_equal(forward, np.sort(backward))
