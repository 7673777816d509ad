"""Simplified surfaces keep their shape, also when two threads simplify at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from planning.geometry import Grid
from planning.mesh import SurfaceMesh
from planning.simplify import simplified
from planning.surface import contour


def _ball(radius: float) -> SurfaceMesh:
    grid = Grid.from_parts((64, 64, 64), (1.0, 1.0, 1.0), (-31.5, -31.5, -31.5))
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T).reshape(*grid.shape_kji, 3)
    return contour((radius - np.linalg.norm(points, axis=-1)).astype(np.float32), grid, 0.0)


def test_a_surface_with_few_triangles_stays_itself() -> None:
    ball = _ball(10.0)
    assert simplified(ball, 10**6) is ball


def test_surfaces_simplified_at_once_do_not_mix() -> None:
    balls = [_ball(radius) for radius in (12.0, 28.0, 18.0, 24.0)] * 3
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda ball: simplified(ball, 1500), balls))
    for before, after in zip(balls, made, strict=True):
        assert len(after.triangles) <= 1600
        assert after.volume_ml == pytest.approx(before.volume_ml, rel=0.01)
