"""Distances near and inside a mask are those of asking every voxel of the other side."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.ndimage import distance_transform_edt

from planning.distances import MAP_VOXELS, depth_mm, distance_to_mm, near_mm
from planning.geometry import Grid
from planning.surface import distance_field
from planning.volume import Mask

SPACING_KJI = np.array([1.25, 0.8, 0.85])


def _tube(shape: tuple[int, int, int]) -> npt.NDArray[np.bool_]:
    """A slanted thin tube and a lone voxel, neither at the array's border."""
    k, j, i = np.indices(shape)
    wide = np.hypot((j - 0.4 * k - 6) * 0.8, (i - 0.3 * k - 9) * 0.85) < 1.7
    wide &= (k > 2) & (k < shape[0] - 3)
    wide[4, 3, shape[2] - 4] = True
    return wide


def _to_all(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """By another library's exact transform in double precision."""
    return np.asarray(distance_transform_edt(~mask, sampling=SPACING_KJI))


@pytest.mark.parametrize("reach_mm", [0.5, 3.0, 6.4, 60.0])
def test_distances_are_exact_within_the_reach_and_no_larger_beyond(reach_mm: float) -> None:
    tube = _tube((20, 24, 28))
    found, truth = near_mm(tube, SPACING_KJI, reach_mm), _to_all(tube)
    np.testing.assert_allclose(found, np.minimum(truth, reach_mm), atol=2e-6 * reach_mm + 1e-6)


@pytest.mark.parametrize(("size", "is_sparse"), [((20, 16, 20), False), ((20, 40, 60), True)])
def test_depths_are_exact_whether_asked_alone_or_as_a_map(size: tuple[int, int, int], is_sparse: bool) -> None:
    tube = _tube(size)
    assert (np.count_nonzero(tube) * MAP_VOXELS <= tube.size) == is_sparse
    np.testing.assert_allclose(depth_mm(tube, SPACING_KJI), _to_all(~tube), atol=2e-5)


def test_a_whole_map_is_exact() -> None:
    tube = _tube((20, 24, 28))
    np.testing.assert_allclose(distance_to_mm(tube, SPACING_KJI), _to_all(tube), atol=2e-5)


@pytest.mark.parametrize("kind", ["vessel", "organ"])
def test_the_field_of_a_surface_is_the_exact_one_as_far_as_its_smoothing_sees(kind: str) -> None:
    voxels = _tube((20, 40, 60))
    matrix = np.eye(4)
    matrix[:3, :3] = np.diag(SPACING_KJI[::-1])
    field, padded, sigma_mm = distance_field(Mask(Grid((60, 40, 20), matrix), (0, 0, 0), voxels), kind)
    inside = np.pad(voxels, 4)
    exact = _to_all(~inside) - _to_all(inside)
    assert padded.size_ijk == field.shape[::-1] == inside.shape[::-1]
    most = 6.0 * sigma_mm + 4.0
    np.testing.assert_allclose(np.clip(field, -most, most), np.clip(exact, -most, most), atol=2e-5)
