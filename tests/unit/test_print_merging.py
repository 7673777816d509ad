"""Equal points of a file are joined again, and only equal ones."""

from __future__ import annotations

import numpy as np

from planning.mesh import SurfaceMesh
from planning.printing.files import _merged


def test_points_that_mirror_each_other_stay_apart() -> None:
    steps = np.array([-2.5, -0.1, 0.1, 2.5])
    points = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
    twice = SurfaceMesh(np.concatenate([points, points]), np.arange(126, dtype=np.int32).reshape(-1, 3))
    merged = _merged(twice)
    assert len(merged.points_mm) == len(points)
    assert np.array_equal(merged.points_mm[merged.triangles], twice.points_mm[twice.triangles])
