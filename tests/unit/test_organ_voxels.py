"""What makes a liver ready quicker gives what the plain way gives: voxels by blocks, joined masks, numbered codes."""

from __future__ import annotations

import numpy as np
import pytest

from planning.geometry import Grid, unit
from planning.liver.model import _numbered
from planning.liver.tree import merged_mask
from planning.liver.voxels import BLOCK_MM, OrganVoxels
from planning.volume import Mask
from viewers.turning import turned

TURNED = np.stack([turned(np.eye(3)[:, n], unit((0.3, -0.5, 0.8)), 0.4) for n in range(3)], axis=1)
PERMUTED = np.array([(0.0, 0.0, -1.0), (1.0, 0.0, 0.0), (0.0, -1.0, 0.0)])


def _blob(grid: Grid) -> Mask:
    inside = np.random.default_rng(4).random(grid.shape_kji) > 0.6
    inside[:3] = inside[:, :, 15:] = False
    return Mask.from_full(grid, inside)


@pytest.mark.parametrize("direction", [np.eye(3), PERMUTED, TURNED], ids=["straight", "permuted", "turned"])
@pytest.mark.parametrize("spacing", [(0.8, 0.7, 1.5), (1.2, 1.1, 5.0)])
def test_voxels_lie_block_by_block_at_their_places(direction: np.ndarray, spacing: tuple[float, float, float]) -> None:
    grid = Grid.from_parts((23, 19, 17), spacing, (3.3, -7.1, 9.7), direction)
    organ = _blob(grid)
    found = OrganVoxels.of(organ)

    size = np.maximum(np.rint(BLOCK_MM / np.array(spacing)), 1).astype(int)
    index = np.argwhere(organ.voxels)[:, ::-1]
    block = index // size
    order = np.lexsort((block[:, 0], block[:, 1], block[:, 2]))
    of_block, first = np.unique(block[order][:, ::-1], axis=0, return_index=True)
    places = organ.box_grid.to_world(index[order])
    assert np.array_equal(found.places_mm, places)
    assert np.array_equal(found.first, [*first, len(index)])
    assert np.array_equal(found.flat, np.ravel_multi_index(index[order][:, ::-1].T, organ.voxels.shape))
    assert np.array_equal(found.centers_mm, organ.box_grid.to_world(of_block[:, ::-1] * size + (size - 1) / 2.0))
    middle = np.repeat(found.centers_mm, np.diff(found.first), axis=0)
    assert np.linalg.norm(places - middle, axis=1).max() <= found.reach_mm + 1e-9


def test_joined_vessels_are_what_the_whole_scan_says() -> None:
    grid = Grid.from_parts((20, 18, 16))
    one = Mask(grid, (2, 3, 4), np.pad(np.ones((2, 3, 4), dtype=bool), 1))
    other = Mask(grid, (11, 9, 1), np.ones((3, 2, 5), dtype=bool))
    nothing = Mask(grid, (0, 0, 0), np.zeros((2, 2, 2), dtype=bool))
    for masks in ([one], [other, one], [nothing, one, one], [nothing], []):
        whole = np.zeros(grid.shape_kji, dtype=bool)
        for mask in masks:
            whole[mask.box_kji] |= mask.voxels
        wanted, found = Mask.from_full(grid, whole), merged_mask(masks, grid)
        assert found.start_ijk == wanted.start_ijk
        assert found.grid is grid
        assert np.array_equal(found.voxels, wanted.voxels)


@pytest.mark.parametrize("most", [50, 10**9])
def test_numbers_near_each_other_and_far_apart_are_numbered_alike(most: int) -> None:
    values = np.random.default_rng(5).integers(-40, most, 900)
    keys, which, count = np.unique(values, return_inverse=True, return_counts=True)
    found = _numbered(values)
    for one, other in zip(found, (keys, which, count), strict=True):
        assert one.dtype == np.int64
        assert np.array_equal(one, other)
