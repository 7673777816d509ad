"""Saving triangles of a rough surface: needles and thin bridges stay, and the rest is not kept finer for their sake."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from planning.geometry import Grid
from planning.mesh import SurfaceMesh
from planning.printing.checks import component_count
from planning.printing.fewer import _collapsed, _pinched_mm, _round, _tips_mm, fewer_triangles
from planning.printing.proof import distances_mm
from planning.surface import surface_from_mask
from planning.volume import Mask
from tests.support.solids import ball

FAR = np.array([120.0, -340.0, 800.0])


def _rough() -> SurfaceMesh:
    """A ball of voxels with a boundary as rough as a person's outline that was drawn slice by slice."""
    count = 56
    k, j, i = np.mgrid[:count, :count, :count] - count / 2.0
    noise = ndimage.gaussian_filter(np.random.default_rng(2).normal(size=(count,) * 3), 0.8)
    inside = np.sqrt(i * i + j * j + k * k) + 2.0 * noise / noise.std() < 19.0
    labels, _ = ndimage.label(inside)
    whole = ndimage.binary_fill_holes(labels == labels[count // 2, count // 2, count // 2])
    grid = Grid.from_parts((count,) * 3, (0.75,) * 3, (0.0, 0.0, 0.0))
    return surface_from_mask(Mask.from_full(grid, whole), kind="organ")


def test_needles_of_a_rough_surface_stay_and_the_rest_is_saved() -> None:
    planned = _rough()
    tips = _tips_mm(planned)
    assert 0 < len(tips) < 0.02 * len(planned.points_mm)
    slim = fewer_triangles(planned, 0.1)
    assert slim is not None
    assert slim.is_watertight
    assert component_count(slim) == component_count(planned)
    assert len(slim.triangles) < 0.8 * len(planned.triangles)
    assert distances_mm(planned.points_mm, slim).max() < 0.1
    # the needles' ends are the very same corners, up to what the library's single precision rounds
    assert distances_mm(tips, slim).max() < 1e-3


def test_what_is_kept_is_joined_to_what_is_saved_without_a_gap() -> None:
    round_ball = ball(10.0, FAR, 60)
    assert not len(_tips_mm(round_ball))
    kept = _round(round_ball, round_ball.points_mm[:1])
    assert 0 < kept.sum() < 0.1 * len(kept)
    slim = _collapsed(round_ball, kept, 0.3)
    assert len(slim.triangles) < 0.4 * len(round_ball.triangles)
    assert slim.is_watertight
    before = {corners.tobytes() for corners in round_ball.points_mm[round_ball.triangles[kept]]}
    after = {corners.tobytes() for corners in slim.points_mm[slim.triangles]}
    assert before <= after


def test_an_edge_of_four_triangles_is_a_pinched_bridge() -> None:
    edge = [(0.0, 0.0, 0.0), (0.0, 0.0, 2.0)]
    points = np.array([*edge, (3.0, 1.0, 1.0), (3.0, -1.0, 1.0), (-3.0, -1.0, 1.0), (-3.0, 1.0, 1.0)])
    both = [(0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3), (0, 4, 1), (0, 1, 5), (0, 5, 4), (1, 4, 5)]
    found = _pinched_mm(SurfaceMesh(points, np.array(both, dtype=np.int32)))
    assert found.tolist() == [[0.0, 0.0, 1.0]]
    assert not len(_pinched_mm(SurfaceMesh(points[:4], np.array(both[:4], dtype=np.int32))))
