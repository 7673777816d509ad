"""A head with a face whose shape is known: skull, brain, nose, eyes, chin and neck from ellipsoids. LPS mm, front is -y."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import Grid
from planning.volume import Volume

CROWN_MM = 110.0
NOSE_MM = (0.0, -108.0, -8.0)


def head(spacing_mm: float = 3.0, top_mm: float = 124.0) -> tuple[Volume, npt.NDArray[np.bool_]]:
    """(CT, brain `[k, j, i]`). The skull is 190 mm long, 150 mm wide, its crown at z 110; below z -110 is neck."""
    low, high = np.array([-90.0, -130.0, -140.0]), np.array([90.0, 120.0, top_mm])
    size = tuple(int(n) for n in np.floor((high - low) / spacing_mm) + 1)
    grid = Grid.from_parts(size, (spacing_mm,) * 3, tuple(low))
    z, y, x = np.meshgrid(*(low[n] + spacing_mm * np.arange(size[n]) for n in (2, 1, 0)), indexing="ij")

    def inside(center: tuple[float, float, float], radii: tuple[float, float, float]) -> npt.NDArray[np.bool_]:
        return sum(((p - c) / r) ** 2 for p, c, r in zip((x, y, z), center, radii)) <= 1

    skull = inside((0, 0, 20), (75, 95, 90))
    face = inside((0, -35, -45), (60, 58, 75))
    nose = inside((0, -98, -8), (14, 16, 20))
    chin = inside((0, -78, -98), (22, 20, 16))
    eyes = inside((-32, -84, 12), (14, 14, 12)) | inside((32, -84, 12), (14, 14, 12))
    neck = ((x / 55) ** 2 + ((y - 15) / 60) ** 2 <= 1) & (z < -20)
    brain = inside((0, 2, 32), (62, 80, 70)) & (z > 22)
    body = (skull | face | nose | chin | neck) & ~(eyes & ~inside((0, 0, 20), (75, 78, 90)))
    voxels = np.full(body.shape, -1000, dtype=np.int16)
    voxels[body] = 40
    voxels[skull & ~inside((0, 0, 20), (69, 89, 84))] = 900
    voxels[brain] = 35
    return Volume(grid, voxels), brain
