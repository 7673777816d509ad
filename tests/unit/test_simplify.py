"""Simplified surfaces keep their shape, also when two threads simplify at once, and large ones piece by piece."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import fast_simplification
import numpy as np
import pytest

from planning import simplify
from planning.geometry import Grid
from planning.mesh import SurfaceMesh
from planning.printing.edges import EdgeTable
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


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many triangles the library was given each time; pieces are small here."""
    asked: list[int] = []
    collapse = fast_simplification.simplify

    def spied(points: np.ndarray, triangles: np.ndarray, **wishes: object) -> tuple[np.ndarray, np.ndarray]:
        asked.append(len(triangles))
        made: tuple[np.ndarray, np.ndarray] = collapse(points, triangles, **wishes)
        return made

    monkeypatch.setattr(fast_simplification, "simplify", spied)
    monkeypatch.setattr(simplify, "PIECE_TRIANGLES", 3000)
    return asked


@pytest.mark.parametrize("most", [1500, 6000])
def test_a_large_surface_is_simplified_in_pieces_and_stays_closed(sizes: list[int], most: int) -> None:
    ball = _ball(28.0)
    assert len(ball.triangles) > 5 * 3000
    slim = simplified(ball, most)
    # what is kept between two calls grows with the largest mesh ever given
    assert max(sizes) <= 3000
    assert 0.9 * most <= len(slim.triangles) <= 1.1 * most
    assert (EdgeTable.of(slim).count == 2).all()
    assert slim.volume_ml == pytest.approx(ball.volume_ml, rel=0.004)
    away = np.abs(np.linalg.norm(slim.points_mm, axis=1) - 28.0)
    assert away.max() < 0.35
    # no seam is left denser than the rest
    edges = EdgeTable.of(slim)
    lengths = np.linalg.norm(slim.points_mm[edges.low] - slim.points_mm[edges.high], axis=1)
    assert np.quantile(lengths, 0.02) > 0.3 * np.median(lengths)


def test_rims_of_a_large_open_surface_stay_first_and_where_they_are(sizes: list[int]) -> None:
    ball = _ball(28.0)
    upper = ball.points_mm[:, 2][ball.triangles].min(axis=1) > 0.0
    used, numbers = np.unique(ball.triangles[upper], return_inverse=True)
    half = SurfaceMesh(ball.points_mm[used], numbers.reshape(-1, 3).astype(np.int32))
    edges = EdgeTable.of(half)
    rim = np.unique([edges.low[edges.count == 1], edges.high[edges.count == 1]])
    inner = np.setdiff1d(np.arange(len(half.points_mm)), rim)
    order = np.concatenate([rim, inner])
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    half = SurfaceMesh(half.points_mm[order], place[half.triangles].astype(np.int32))
    assert len(half.triangles) > 2 * 3000
    slim = simplified(half, 4000, keep_rims=True)
    assert max(sizes) <= 3000
    np.testing.assert_array_equal(slim.points_mm[: len(rim)], half.points_mm[: len(rim)].astype(np.float32))
    edges = EdgeTable.of(slim)
    found = np.unique([edges.low[edges.count == 1], edges.high[edges.count == 1]])
    np.testing.assert_array_equal(found, np.arange(len(rim)))
    assert len(slim.triangles) < 4800


def test_sheets_that_touch_in_one_point_stay_joined(sizes: list[int]) -> None:
    ball = _ball(20.0)
    far = int(np.argmax(ball.points_mm[:, 0]))
    other = ball.points_mm * (-1.0, 1.0, 1.0) + (2.0 * ball.points_mm[far, 0], 0.0, 0.0)
    triangles = ball.triangles[:, ::-1] + len(other)
    triangles[triangles == far + len(other)] = far
    both = SurfaceMesh(
        np.concatenate([ball.points_mm, other]), np.concatenate([ball.triangles, triangles]).astype(np.int32)
    )
    slim = simplified(both, 3000)
    assert (EdgeTable.of(slim).count == 2).all()
    assert slim.volume_ml == pytest.approx(2.0 * ball.volume_ml, rel=0.01)
