"""The coloured cut surface and the proposed planes against shapes whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from planning.errors import Cancelled, MeasurementError
from planning.geometry import Grid, Plane, unit
from planning.liver.cut_map import map_cut
from planning.liver.plan import LiverModel, PlaneResection, plan_resections, with_body_size
from planning.liver.proposal import cut_center_mm, plane_beyond, propose_plane, reach_margin
from planning.liver.regions import PlaneRegion
from planning.progress import CancelToken
from planning.surface import surface_area_mm2
from planning.volume import Mask

ORGAN_MM, TUMOR_MM = 50.0, 9.0
CENTER = np.array((-22.0, 4.0, 6.0))


@pytest.fixture(scope="module")
def model() -> LiverModel:
    grid = Grid.from_parts((110, 110, 88), (1.0, 1.0, 1.25), (-54.5, -54.5, -54.4))
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    organ = Mask.from_full(grid, (np.linalg.norm(points, axis=1) <= ORGAN_MM).reshape(grid.shape_kji))
    tumor = Mask.from_full(grid, (np.linalg.norm(points - CENTER, axis=1) <= TUMOR_MM).reshape(grid.shape_kji))
    return LiverModel.prepare(organ=[("liver", organ)], tumors=[("tumor", tumor)])


@pytest.mark.parametrize("normal", [(-1.0, 0.0, 0.0), (-1.0, 0.4, 0.3)])
def test_the_patch_is_the_disc_with_its_distances(model: LiverModel, normal: tuple[float, float, float]) -> None:
    n = unit(np.array(normal))
    plane = Plane(CENTER - 15.0 * n, n)
    cut = map_cut(model.organ, [PlaneRegion(plane)], model.targets)
    height = float(plane.origin_mm @ n)
    assert surface_area_mm2(cut.mesh) == pytest.approx(np.pi * (ORGAN_MM**2 - height**2), rel=0.02)
    true = np.linalg.norm(cut.mesh.points_mm - CENTER, axis=1) - TUMOR_MM
    assert np.abs(cut.values_mm - true).max() < 0.33
    assert cut.values_mm.min() == pytest.approx(6.0, abs=0.2)
    assert np.abs(plane.signed_distance_mm(cut.mesh.points_mm)).max() < 1e-9
    a, b, c = (cut.mesh.points_mm[cut.mesh.triangles[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a) @ n > 0).all()


def test_two_planes_meet_without_overlapping(model: LiverModel) -> None:
    planes = [
        Plane(np.array((-10.0, 0, 0)), np.array((-1.0, 0, 0))),
        Plane(np.array((0, 0, 10.0)), np.array((0, 0, 1.0))),
    ]
    cut = map_cut(model.organ, [PlaneRegion(plane) for plane in planes], model.targets)
    for plane in planes:
        assert plane.signed_distance_mm(cut.mesh.points_mm).max() < 1e-6
    one = map_cut(model.organ, [PlaneRegion(plane) for plane in planes[:1]], model.targets)
    assert surface_area_mm2(one.mesh) < surface_area_mm2(cut.mesh) < 2 * surface_area_mm2(one.mesh)


def test_a_cut_through_the_tumour_is_negative_there(model: LiverModel) -> None:
    cut = map_cut(model.organ, [PlaneRegion(Plane(CENTER, np.array((0.0, 0.0, 1.0))))], model.targets)
    assert cut.values_mm.min() == pytest.approx(-TUMOR_MM, abs=0.4)


def test_no_cut_no_map_and_no_tumour_no_distance(model: LiverModel) -> None:
    outside = Plane(np.array((200.0, 0, 0)), np.array((1.0, 0, 0)))
    assert len(map_cut(model.organ, [PlaneRegion(outside)], model.targets).mesh.points_mm) == 0
    assert cut_center_mm(model, outside) is None
    through = Plane(np.zeros(3), np.array((1.0, 0, 0)))
    assert np.isinf(map_cut(model.organ, [PlaneRegion(through)], ()).values_mm).all()
    stopped = CancelToken()
    stopped.set()
    with pytest.raises(Cancelled):
        map_cut(model.organ, [PlaneRegion(through)], model.targets, cancel=stopped)


@pytest.mark.parametrize("asked", [2.0, 5.0, 10.0])
def test_the_proposal_keeps_the_margin_even_at_its_uncertainty(model: LiverModel, asked: float) -> None:
    plane = propose_plane(model, model.tumors[0], asked)
    numbers = model.evaluate([PlaneResection(plane)])
    assert numbers.minimum is not None
    assert numbers.minimum.minimum_mm - numbers.minimum.uncertainty_mm == pytest.approx(asked, abs=0.02)
    assert numbers.removed_share == (1.0,)
    assert model.voxels.count > numbers.removed_voxels > 0
    # the least that can be removed from a ball is the cap straight beyond the tumour
    straight = model.evaluate([PlaneResection(plane_beyond(model.tumors[0], unit(CENTER), asked + 0.2))])
    assert numbers.removed_voxels <= straight.removed_voxels * 1.02


@pytest.mark.parametrize("start", [-12.0, 4.0, 14.0])
def test_a_plane_moves_until_the_margin_is_reached(model: LiverModel, start: float) -> None:
    n = unit(np.array((-1.0, 0.3, 0.2)))
    first = PlaneResection(Plane(CENTER - start * n, n))
    plane = reach_margin(model, [first], 0, 5.0)
    assert plane.normal == pytest.approx(n)
    least = model.evaluate([PlaneResection(plane)]).minimum
    assert least is not None
    assert least.minimum_mm - least.uncertainty_mm == pytest.approx(5.0, abs=0.02)


def test_what_cannot_be_reached_is_said(model: LiverModel) -> None:
    with pytest.raises(MeasurementError, match="does not meet"):
        reach_margin(model, [PlaneResection(Plane(np.zeros(3), np.array((-1.0, 0, 0))))], 0, 95.0)
    bare = LiverModel.prepare(organ=[("liver", model.organ)])
    with pytest.raises(MeasurementError, match="No tumour"):
        reach_margin(bare, [PlaneResection(Plane(np.zeros(3), np.array((-1.0, 0, 0))))], 0, 5.0)


def test_another_body_size_gives_what_the_whole_plan_would(model: LiverModel) -> None:
    cut = [PlaneResection(Plane(CENTER + (16.0, 0, 0), np.array((-1.0, 0, 0))))]
    for weight, height in ((None, None), (78.0, 178.0), (31.0, 120.0), (62.0, None)):
        bare = plan_resections(model, cut, weight_kg=90.0, height_cm=190.0)
        changed, whole = (
            with_body_size(bare, weight, height),
            plan_resections(model, cut, weight_kg=weight, height_cm=height),
        )
        assert sorted(item["code"] for item in changed.pop("warnings")) == sorted(
            item["code"] for item in whole.pop("warnings")
        )
        assert changed == whole


def test_the_least_margin_alone_is_the_least_of_all() -> None:
    grid = Grid.from_parts((70, 60, 40), (1.5, 1.5, 2.0), (-51.75, -44.25, -39.0))
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)

    def ball(center: tuple[float, float, float], radius: float) -> Mask:
        inside = np.linalg.norm(points - np.array(center), axis=1) <= radius
        return Mask.from_full(grid, inside.reshape(grid.shape_kji))

    model = LiverModel.prepare(
        organ=[("liver", ball((0, 0, 0), 38.0))],
        tumors=[("t1", ball((-20, 0, 0), 8.0)), ("t2", ball((6, 18, 4), 6.0)), ("t3", ball((10, -16, -6), 5.0))],
    )
    generator = np.random.default_rng(3)
    for _ in range(25):
        planes = [
            PlaneResection(Plane(generator.uniform(-25, 25, 3), unit(generator.normal(size=3))))
            for _ in range(int(generator.integers(1, 3)))
        ]
        whole = model.evaluate(planes)
        fast = model.evaluate(planes, alone=False, only_least=True)
        assert (fast.removed_voxels, fast.removed_share) == (whole.removed_voxels, whole.removed_share)
        assert (fast.decisive is None) == (whole.decisive is None)
        if whole.decisive is not None and fast.decisive is not None:
            assert fast.decisive.minimum_mm == whole.decisive.minimum_mm
            assert fast.decisive.tumor_id == whole.decisive.tumor_id
