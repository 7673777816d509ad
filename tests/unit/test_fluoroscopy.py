"""Simulated fluoroscopy against geometry and Beer–Lambert's law."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from planning.errors import MeasurementError, UsageError
from planning.geometry import Grid
from planning.section import Frame
from planning.tavr.fluoroscopy import (
    WATER_PER_MM,
    CArm,
    plan_lines_mm,
    prepare_fluoroscopy,
    project_points,
    simulate_fluoroscopy,
)
from planning.tavr.projections import s_circle
from planning.volume import Mask, Volume

ANGLES = [(0, 0), (13, -5), (-16, -18), (36, 6), (-45, 30), (60, -40), (90, 0), (-100, 10), (5, 60), (0, 85)]


def _turned(seed: int = 3) -> np.ndarray:
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return turn * np.sign(np.linalg.det(turn))


def _bead(at_mm, grid: Grid, radius: float = 1.4) -> Volume:
    index = np.stack(np.meshgrid(*[np.arange(n) for n in grid.size_ijk], indexing="ij"), -1)
    distance = np.linalg.norm(grid.to_world(index) - at_mm, axis=-1)
    hounsfield = -1000.0 + 4000.0 * np.clip((radius - distance) / 0.8 + 0.5, 0.0, 1.0)
    return Volume(grid, hounsfield.transpose(2, 1, 0).astype(np.int16))


GRIDS = {
    "axial": Grid.from_parts((100, 96, 90), (0.9, 0.9, 1.0), (-45, -40, -45)),
    "thick": Grid.from_parts((100, 96, 36), (0.9, 0.9, 2.5), (-45, -40, -45)),
    "oblique": Grid.from_parts((100, 96, 90), (0.9, 0.9, 1.0), _turned() @ (-45.0, -43.0, -45.0), _turned()),
}


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS.keys())
@pytest.mark.parametrize("sod_mm", [750.0, None])
@pytest.mark.parametrize("voxel_mm", [0.5, 1.8])
def test_a_bead_is_dark_where_it_projects(grid, sod_mm, voxel_mm) -> None:
    at = grid.center_mm + (17.0, -12.0, 14.0)
    bead = _bead(at, grid)
    # where the voxels have it: thick slices move a bead that lies between two of them
    at = grid.to_world(np.array(ndimage.center_of_mass(bead.voxels + 1000.0))[::-1])
    prepared = prepare_fluoroscopy(bead, voxel_mm=voxel_mm)
    for lao, cra in ANGLES:
        carm = CArm(lao, cra, grid.center_mm, sod_mm=sod_mm, field_mm=120.0, size_px=(240, 200))
        path = simulate_fluoroscopy(prepared, carm).path
        row, column = ndimage.center_of_mass(path)
        expected = project_points(at, carm)
        assert np.hypot(column + 0.5 - expected[0], row + 0.5 - expected[1]) < 0.5, (lao, cra)


def test_a_ball_of_water_attenuates_as_its_diameter() -> None:
    grid = Grid.from_parts((120, 120, 120), (0.7, 0.7, 0.7), (-41.65,) * 3)
    index = np.stack(np.meshgrid(*[np.arange(120)] * 3, indexing="ij"), -1)
    distance = np.linalg.norm(grid.to_world(index), axis=-1)
    hounsfield = -1000.0 + 1000.0 * np.clip((30.0 - distance) / 0.7 + 0.5, 0.0, 1.0)
    volume = Volume(grid, hounsfield.transpose(2, 1, 0).astype(np.int16))
    for sod in (750.0, None):
        for lao, cra in ANGLES[:6]:
            carm = CArm(lao, cra, np.zeros(3), sod_mm=sod, field_mm=100.0, size_px=(101, 101))
            shown = simulate_fluoroscopy(prepare_fluoroscopy(volume, voxel_mm=0.7), carm)
            assert shown.path[50, 50] == pytest.approx(60.0 * WATER_PER_MM, rel=0.005)
            assert shown.transmission[50, 50] == pytest.approx(np.exp(-60.0 * WATER_PER_MM), rel=0.01)
            # 20 mm beside the middle the chord is 2 √(30² − 20²)
            if sod is None:
                beside = shown.path[50, 70] + (shown.path[50, 71] - shown.path[50, 70]) * (20.0 / carm.pixel_mm - 20.0)
                assert beside == pytest.approx(2.0 * np.sqrt(900.0 - 400.0) * WATER_PER_MM, rel=0.01)


def test_frontal_view_is_seen_from_the_front() -> None:
    carm = CArm(0.0, 0.0, np.zeros(3), sod_mm=None, field_mm=100.0, size_px=(200, 200))
    left, head = project_points([(10.0, 0.0, 0.0), (0.0, 0.0, 10.0)], carm)
    np.testing.assert_allclose(left, (120.0, 100.0), atol=1e-9)
    np.testing.assert_allclose(head, (100.0, 80.0), atol=1e-9)
    # what lies nearer to the source is shown larger
    magnified = CArm(0.0, 0.0, np.zeros(3), field_mm=100.0, size_px=(200, 200))
    behind = project_points((10.0, 100.0, 0.0), magnified)
    assert behind[0] == pytest.approx(100.0 + 20.0 * 750.0 / 650.0)
    assert np.isnan(project_points((0.0, 800.0, 0.0), magnified)).all()


def test_an_annulus_is_a_line_on_every_view_of_its_s_curve() -> None:
    normal = np.array((-0.60, -0.12, 0.79))
    frame = Frame.of(np.array((5.0, -20.0, 30.0)), normal)
    around = np.radians(np.arange(0, 360, 4))
    contour = frame.to_world(np.stack([13.0 * np.cos(around), 10.5 * np.sin(around)], -1))
    for lao, cra in s_circle(frame.normal, 40):
        for sod, widest in ((None, 1e-9), (750.0, 1e-9)):
            carm = CArm(lao, cra, frame.origin_mm, sod_mm=sod)
            drawn = project_points(contour, carm)
            drawn = drawn - drawn.mean(axis=0)
            _, size, _ = np.linalg.svd(drawn, full_matrices=False)
            # the isocentre lies in the plane, so does the source: the line is one even magnified
            assert size[1] < max(widest, 1e-6 * size[0])
            assert size[0] > 10.0


def test_contrast_in_the_lumen_can_be_taken_out_and_added() -> None:
    grid = Grid.from_parts((60, 60, 60), (1.0, 1.0, 1.0), (-29.5,) * 3)
    inside = np.zeros((60, 60, 60), dtype=bool)
    inside[20:40, 20:40, 20:40] = True
    voxels = np.where(inside, 400, 45).astype(np.int16)
    prepared = prepare_fluoroscopy(Volume(grid, voxels), voxel_mm=1.0, lumen=Mask.from_full(grid, inside))
    carm = CArm(0.0, 0.0, np.zeros(3), sod_mm=None, field_mm=40.0, size_px=(40, 40))
    paths = {level: simulate_fluoroscopy(prepared, carm, contrast=level).path[20, 20] for level in (-1.0, 0.0, 1.0)}
    added = 20.0 * 355.0 / 1000.0 * WATER_PER_MM
    assert paths[0.0] - paths[-1.0] == pytest.approx(added, rel=0.03)
    assert paths[1.0] - paths[0.0] == pytest.approx(added, rel=0.03)
    assert paths[-1.0] == pytest.approx(60.0 * 1.045 * WATER_PER_MM, rel=0.03)
    bare = prepare_fluoroscopy(Volume(grid, voxels), voxel_mm=1.0)
    with pytest.raises(UsageError):
        simulate_fluoroscopy(bare, carm, contrast=1.0)


def test_dense_is_dark_and_what_misses_the_scan_is_said() -> None:
    grid = GRIDS["axial"]
    at = grid.center_mm
    volume = Volume(grid, np.maximum(_bead(at, grid, 4.0).voxels, 0))
    carm = CArm(0.0, 0.0, at, field_mm=300.0, size_px=(150, 150))
    shown = simulate_fluoroscopy(prepare_fluoroscopy(volume), carm)
    picture = shown.picture()
    assert picture.dtype == np.uint8
    assert picture[75, 75] < picture[75, 85]
    assert not shown.inside[2, 2]
    assert shown.inside[75, 75]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError):
        CArm(0.0, 0.0, np.zeros(3), sod_mm=1200.0)
    with pytest.raises(UsageError):
        CArm(float("nan"), 0.0, np.zeros(3))
    with pytest.raises(MeasurementError):
        prepare_fluoroscopy(Volume(GRIDS["axial"], np.zeros((90, 96, 100), np.int16), quantity="SUV"))


def test_lines_of_a_plan_run_through_its_landmarks() -> None:
    ring = [[np.cos(a) * 12, np.sin(a) * 12, 0.0] for a in np.radians(np.arange(0, 360, 10))]
    places = {
        **{f"hinge_{k}": (12 * np.cos(a), 12 * np.sin(a), 0) for k, a in (("ncc", 0.0), ("rcc", 2.1), ("lcc", 4.2))},
        **{f"commissure_{k}": (12 * np.cos(a), 12 * np.sin(a), 15) for k, a in (("nr", 1), ("rl", 3.1), ("ln", 5.2))},
    }
    results = {
        "annulus": {"contour_mm": ring},
        "landmarks": {key: {"position_mm": list(map(float, value))} for key, value in places.items()},
        "valve": None,
    }
    lines = plan_lines_mm(results)
    assert set(lines) == {"annulus", "cusp_ncc", "cusp_rcc", "cusp_lcc"}
    np.testing.assert_allclose(lines["annulus"][0], lines["annulus"][-1])
    np.testing.assert_allclose(lines["cusp_rcc"][0], places["commissure_nr"])
    np.testing.assert_allclose(lines["cusp_rcc"][-1], places["commissure_rl"])
    assert np.linalg.norm(lines["cusp_rcc"] - np.array(places["hinge_rcc"]), axis=1).min() < 1.0
