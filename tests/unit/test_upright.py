"""The same vessel has the same graph however the axes of its scan are stored."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from planning.geometry import Grid
from planning.liver.graph import graph_of
from planning.liver.upright import upright
from planning.volume import Mask


def _vessel() -> Mask:
    """A fork of two tubes off the grid's axes, in voxels of three sizes."""
    grid = Grid.from_parts((60, 56, 44), (0.8, 0.9, 1.25), (-20.0, 31.0, 7.0))
    k, j, i = np.indices(grid.shape_kji)
    points = grid.to_world(np.stack([i, j, k], axis=-1).reshape(-1, 3)).reshape(*grid.shape_kji, 3)
    inside = np.zeros(grid.shape_kji, dtype=bool)
    fork = np.array((2.0, 55.0, 30.0))
    for end, radius in (((0.0, 52.0, 12.0), 4.0), ((20.0, 66.0, 55.0), 3.0), ((-14.0, 44.0, 56.0), 2.2)):
        way = np.array(end) - fork
        along = np.clip(((points - fork) @ way) / (way @ way), 0.0, 1.0)
        inside |= np.linalg.norm(points - fork - along[..., None] * way, axis=-1) < radius
    return Mask.from_full(grid, inside)


def _stored(mask: Mask, order: tuple[int, ...], signs: tuple[int, ...]) -> Mask | None:
    """The same voxels stored with other axes; None for a left-handed order."""
    whole = np.zeros(mask.grid.shape_kji, dtype=bool)
    (i, j, k), (nk, nj, ni) = mask.start_ijk, mask.voxels.shape
    whole[k : k + nk, j : j + nj, i : i + ni] = mask.voxels
    turn, size = np.zeros((4, 4)), np.array(mask.grid.size_ijk)
    turn[3, 3] = 1.0
    for axis, (source, sign) in enumerate(zip(order, signs, strict=True)):
        turn[source, axis] = sign
        turn[source, 3] += 0 if sign > 0 else size[source] - 1
    matrix = mask.grid.world_from_index @ turn
    if np.linalg.det(matrix[:3, :3]) < 0:
        return None
    voxels = whole.transpose([2 - source for source in order[::-1]])
    voxels = voxels[tuple(slice(None, None, sign) for sign in signs[::-1])]
    return Mask.from_full(Grid(tuple(int(n) for n in size[list(order)]), matrix), voxels)


STORED = [
    (order, signs)
    for order in itertools.permutations(range(3))
    for signs in itertools.product((1, -1), repeat=3)
    if _stored(_vessel(), order, signs) is not None
]


def test_every_order_of_axes_comes_back_as_one() -> None:
    own = _vessel()
    assert len(STORED) == 24
    for order, signs in STORED:
        turned = _stored(own, order, signs)
        assert turned is not None
        back = upright(turned)
        assert np.array_equal(back.voxels, own.voxels)
        assert back.start_ijk == own.start_ijk
        assert np.allclose(back.grid.world_from_index, own.grid.world_from_index, atol=1e-9)


@pytest.mark.parametrize("number", [5, 11, 17, 23])
def test_a_graph_does_not_depend_on_the_order_of_axes(number: int) -> None:
    own = _vessel()
    turned = _stored(own, *STORED[number])
    assert turned is not None
    here, there = graph_of(own), graph_of(turned)
    assert np.allclose(here.points_mm, there.points_mm, atol=1e-6)
    assert np.allclose(here.radius_mm, there.radius_mm, atol=1e-5)
    assert np.array_equal(here.edges, there.edges)


def test_an_oblique_mask_keeps_its_places() -> None:
    from scipy.spatial.transform import Rotation

    own = _vessel()
    for angles in ((20, -15, 10), (100, 40, -30), (45, 45, 45)):
        matrix = np.eye(4)
        matrix[:3, :3] = Rotation.from_euler("xyz", angles, degrees=True).as_matrix()
        mask = Mask(Grid(own.grid.size_ijk, matrix @ own.grid.world_from_index), own.start_ijk, own.voxels)
        back = upright(mask)
        both = [
            np.unique(one.grid.to_world(np.argwhere(one.voxels)[:, ::-1] + one.start_ijk).round(4), axis=0)
            for one in (mask, back)
        ]
        assert np.array_equal(*both)
