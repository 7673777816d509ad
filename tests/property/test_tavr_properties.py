"""What must hold for every root: mirrors, rigid motion, other voxels, the order of input, the isoperimetric inequality."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from roots_b import make_root_b

from planning.geometry import Grid
from planning.section import Sampler, measure_contour, polar_points
from planning.tavr.annulus import find_annulus
from planning.tavr.frame import annulus_frame, hinge_angles
from planning.tavr.inputs import TavrInputs
from planning.tavr.plan import LIVE_REACH_MM, annulus_json, make_tavr_plan
from planning.volume import Volume

SIZES = ("area_mm2", "perimeter_mm", "min_diameter_mm", "max_diameter_mm")
slow = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@pytest.fixture(scope="module")
def root():
    return make_root_b(2, 0.9, 10.0, pixel_mm=0.9)


@pytest.fixture(scope="module")
def annulus(root):
    return _annulus(root.volume, root.hinges_mm)


def _annulus(volume: Volume, hinges_mm):
    frame = annulus_frame(hinges_mm, volume.grid)
    sampler = Sampler.around(volume, frame.origin_mm[None], LIVE_REACH_MM)
    return annulus_json(frame, find_annulus(sampler, frame, hinge_angles(frame, np.asarray(hinges_mm))))


def _turned(root, rotation: np.ndarray, shift: np.ndarray):
    """The same scan, patient and points moved as one."""
    motion = np.eye(4)
    motion[:3, :3], motion[:3, 3] = rotation, shift
    grid = root.volume.grid
    moved = Grid(grid.size_ijk, motion @ grid.world_from_index)
    return Volume(moved, root.volume.voxels), root.hinges_mm @ rotation.T + shift


def _rotation(axis: tuple[float, float, float], degrees: float) -> np.ndarray:
    from scipy.spatial.transform import Rotation

    unit = np.array(axis) / np.linalg.norm(axis)
    return np.asarray(Rotation.from_rotvec(np.radians(degrees) * unit).as_matrix())


@slow
@given(
    axis=st.tuples(*[st.floats(0.1, 1.0)] * 3),
    degrees=st.floats(-40.0, 40.0),
    shift=st.tuples(*[st.floats(-200.0, 200.0)] * 3),
)
def test_a_scan_moved_as_a_whole_has_the_same_annulus(root, annulus, axis, degrees, shift) -> None:
    rotation = _rotation(axis, degrees)
    volume, hinges = _turned(root, rotation, np.array(shift))
    found = _annulus(volume, hinges)
    for key in SIZES:
        # the rays begin at another angle, nothing else differs
        assert found[key] == pytest.approx(annulus[key], rel=1.5e-3)
    np.testing.assert_allclose(found["normal"], rotation @ annulus["normal"], atol=1e-9)


def test_a_mirrored_scan_swaps_the_sense_and_keeps_the_sizes(root, annulus) -> None:
    """Left to right: N, R, L must be named anew for the normal to point to the aorta again."""
    mirror = np.diag((-1.0, 1.0, 1.0))
    grid = root.volume.grid
    axes = np.diag((-1.0, 1.0, 1.0, 1.0)) @ grid.world_from_index
    axes[:3, 3] += axes[:3, 0] * (grid.size_ijk[0] - 1)
    axes[:3, 0] *= -1.0
    volume = Volume(Grid(grid.size_ijk, axes), np.ascontiguousarray(root.volume.voxels[:, :, ::-1]))
    same_names = _annulus(volume, root.hinges_mm @ mirror)
    renamed = _annulus(volume, (root.hinges_mm @ mirror)[[0, 2, 1]])
    np.testing.assert_allclose(same_names["normal"], -np.array(renamed["normal"]), atol=1e-9)
    np.testing.assert_allclose(renamed["normal"], mirror @ annulus["normal"], atol=1e-9)
    for key in SIZES:
        assert renamed[key] == pytest.approx(annulus[key], rel=1.5e-3)


@pytest.mark.parametrize(("pixel_mm", "slice_mm"), [(0.6, 0.6), (0.7, 1.0), (0.9, 0.6)])
def test_other_voxels_of_the_same_root_give_nearly_the_same(root, pixel_mm: float, slice_mm: float) -> None:
    other = make_root_b(2, slice_mm, 10.0, pixel_mm=pixel_mm)
    found = _annulus(other.volume, other.hinges_mm)
    assert found["area_mm2"] == pytest.approx(root.truth.area_mm2, rel=0.01)
    for key in SIZES[2:]:
        assert found[key] == pytest.approx(getattr(root.truth, key), abs=0.2)


@slow
@given(order=st.permutations((0, 1, 2)))
def test_the_order_in_which_named_hinges_come_does_not_matter(root, annulus, order) -> None:
    named = dict(zip("NRL", root.hinges_mm, strict=True))
    keys = list(named)
    shuffled = {keys[n]: named[keys[n]] for n in order}
    found = _annulus(root.volume, [shuffled[key] for key in "NRL"])
    for key in SIZES:
        assert found[key] == pytest.approx(annulus[key], rel=1e-9)


@slow
@given(turn=st.sampled_from((1, 2)))
def test_turning_the_names_round_keeps_plane_and_sizes(root, annulus, turn: int) -> None:
    """N, R, L and R, L, N are one triangle: the views differ, the annulus does not."""
    found = _annulus(root.volume, np.roll(root.hinges_mm, turn, axis=0))
    np.testing.assert_allclose(found["normal"], annulus["normal"], atol=1e-9)
    for key in SIZES:
        assert found[key] == pytest.approx(annulus[key], rel=1e-9)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(mean=st.floats(3.0, 20.0), shares=st.lists(st.floats(-0.05, 0.05), min_size=4, max_size=12))
def test_no_contour_has_a_perimeter_diameter_under_its_area_diameter(mean: float, shares: list[float]) -> None:
    angles = np.arange(720) * (2.0 * np.pi / 720)
    radii = mean * (1.0 + sum(share * np.cos((n + 1) * angles + n) for n, share in enumerate(shares)))
    measures = measure_contour(polar_points(np.maximum(radii, 0.1)))
    assert measures.perimeter_diameter_mm >= measures.area_diameter_mm * (1.0 - 1e-4)
    assert measures.min_diameter_mm <= measures.max_diameter_mm


def test_a_plan_is_a_pure_function_of_image_and_inputs(root) -> None:
    first = make_tavr_plan(root.volume, TavrInputs(hinges_mm=root.hinges_mm))
    assert make_tavr_plan(root.volume, TavrInputs(hinges_mm=root.hinges_mm)) == first
