"""Ablation zones against analytic ellipsoids, and needle ways in a phantom body."""

from __future__ import annotations

import numpy as np
import pytest

from planning.errors import MeasurementError, UsageError
from planning.geometry import Grid
from planning.liver.ablation import (
    NeedleError,
    _to_surface_mm,
    body_mask,
    find_ways,
    find_zone,
    measure_ablation,
    zones,
)
from planning.liver.model import LiverModel
from planning.liver.resection import AblationResection
from planning.volume import Mask, Volume

GRID = Grid.from_parts((90, 80, 70), (1.5, 1.5, 1.5), (-66.75, -59.25, -51.75))
PLACES = GRID.to_world(np.indices(GRID.shape_kji).reshape(3, -1)[::-1].T)


def _mask(inside: np.ndarray) -> Mask:
    return Mask.from_full(GRID, inside.reshape(GRID.shape_kji))


def _model(center: tuple[float, float, float], radius: float) -> LiverModel:
    return LiverModel.prepare(
        organ=[("liver", _mask((PLACES**2).sum(axis=1) <= 45.0**2))],
        tumors=[("tumor", _mask(((PLACES - center) ** 2).sum(axis=1) <= radius**2))],
    )


def test_distances_to_a_zone_are_those_of_its_nearest_surface_point() -> None:
    zone = AblationResection(np.zeros(3), np.array((60.0, 0, 0)), 22.0, 15.0)
    generator = np.random.default_rng(4)
    points = generator.uniform(-30, 30, (200, 3))
    turn = generator.uniform(0, 2 * np.pi, 400_000)
    along = generator.uniform(-1, 1, 400_000)
    across = np.sqrt(1 - along**2)
    surface = np.stack([22.0 * along, 15.0 * across * np.cos(turn), 15.0 * across * np.sin(turn)], axis=1)
    from scipy.spatial import cKDTree

    brute, _ = cKDTree(surface).query(points)
    found = _to_surface_mm(zone, points)
    np.testing.assert_allclose(np.abs(found), brute, atol=0.2)
    inside = (points[:, 0] / 22) ** 2 + (points[:, 1] ** 2 + points[:, 2] ** 2) / 15**2 <= 1
    np.testing.assert_array_equal(found > 0, inside)
    assert _to_surface_mm(zone, np.zeros((1, 3)))[0] == pytest.approx(15.0, abs=1e-6)


def test_a_ball_in_a_ball_has_its_margin_and_the_probability_of_a_sphere_model() -> None:
    model = _model((0.0, 0.0, 0.0), 9.0)
    zone = AblationResection(np.zeros(3), np.array((80.0, 0, 0)), 18.0, 18.0)
    found = measure_ablation(
        zone, model.targets[0], model.lookup, error=NeedleError(lateral_mm=3.0, depth_mm=3.0, zone_share=0.0)
    )
    assert found.minimum_mm == pytest.approx(9.0, abs=0.45)
    # 5 mm are left while the needle is off by less than 18 − 9 − 5 = 4 mm: Maxwell with sigma 3 at 4
    from scipy.stats import maxwell

    assert found.probability == pytest.approx(float(maxwell.cdf(4.0, scale=3.0)), abs=0.06)
    assert found.at_capsule_share == 0.0
    sure = measure_ablation(zone, model.targets[0], model.lookup, wanted_mm=2.0)
    assert sure.probability is not None
    assert found.probability is not None
    assert sure.probability > found.probability
    assert measure_ablation(zone, model.targets[0], model.lookup) == measure_ablation(
        zone, model.targets[0], model.lookup
    )


def test_at_the_capsule_only_the_side_within_the_liver_counts() -> None:
    model = _model((38.0, 0.0, 0.0), 6.0)
    zone = AblationResection(np.array((36.0, 0, 0)), np.array((-60.0, 0, 0)), 12.0, 12.0)
    found = measure_ablation(zone, model.targets[0], model.lookup)
    assert 0.1 < found.at_capsule_share < 0.9
    assert found.minimum_mm is not None
    whole = float(_to_surface_mm(zone, model.tumors[0].surface.mesh.points_mm).min())
    assert found.minimum_mm > whole


def test_the_catalogue_says_where_each_zone_comes_from() -> None:
    assert len(zones()) >= 8
    assert all(row.source and row.long_mm >= row.short_mm > 0 for row in zones())
    assert find_zone("sphere 30 mm").short_mm == 30.0
    assert any(not row.checked for row in zones())
    with pytest.raises(UsageError, match="no ablation zone"):
        find_zone("Laser 9000")


def test_ways_keep_clear_of_ribs_and_vessels_and_are_the_shortest() -> None:
    body = (PLACES[:, 0] / 60) ** 2 + (PLACES[:, 1] / 50) ** 2 <= 1
    volume = Volume(GRID, np.where(body, 40, -1000).astype(np.int16).reshape(GRID.shape_kji))
    found = body_mask(volume)
    assert found.voxel_count * found.grid.voxel_mm3 == pytest.approx(int(body.sum()) * GRID.voxel_mm3, rel=0.05)
    target = np.array((38.0, 0.0, 0.0))
    free = find_ways(target, found, [])
    assert free[0].length_mm < 30.0
    # a plate of bone between the target and the near skin
    bone = _mask(body & (PLACES[:, 0] > 44) & (PLACES[:, 0] < 49) & (np.abs(PLACES[:, 1]) < 25))
    round_it = find_ways(target, found, [("bone", bone)])
    assert round_it[0].least_mm >= 5.0
    assert round_it[0].length_mm > free[0].length_mm
    with pytest.raises(MeasurementError, match="outside the body"):
        find_ways(np.array((400.0, 0, 0)), found, [])
    shell = _mask(np.abs(np.linalg.norm(PLACES - target, axis=1) - 9.0) < 2.5)
    with pytest.raises(MeasurementError, match="No way is 5 mm clear"):
        find_ways(target, found, [("vessel", shell)])
