"""What must always hold, whatever the numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.case import codec
from planning.geometry import Grid, Plane, detector_direction
from planning.liver.plan import PlaneResection, make_liver_plan
from planning.section import measure_contour, polar_points
from planning.tavr.projections import s_curve
from planning.volume import Mask

finite = st.floats(-1.0, 1.0, allow_nan=False)


@settings(max_examples=25, deadline=None)
@given(st.lists(finite, min_size=8, max_size=8), st.floats(3.0, 20.0))
def test_perimeter_diameter_is_never_below_area_diameter(wobble: list[float], radius: float) -> None:
    angles = np.arange(360) * (2 * np.pi / 360)
    radii = radius * (1 + 0.05 * sum(w / (m + 1) * np.cos((m + 1) * angles + w) for m, w in enumerate(wobble)))
    found = measure_contour(polar_points(radii))
    assert found.perimeter_diameter_mm >= found.area_diameter_mm - 1e-9
    assert found.min_diameter_mm <= found.max_diameter_mm


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["int16", "uint8", "float32", "uint16"]))
def test_packed_voxels_come_back_to_the_bit(seed: int, kind: str) -> None:
    generator = np.random.default_rng(seed)
    shape = tuple(generator.integers(1, 9, 3))
    voxels = generator.integers(0, 255, shape).astype(kind)
    if kind == "int16":
        voxels = generator.integers(-32768, 32767, shape).astype(np.int16)
    name, packed = codec.encode(voxels)
    back = np.empty_like(voxels)
    codec.decode(name, packed, back)
    assert np.array_equal(back, voxels)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_removed_and_kept_add_up_to_the_organ_to_the_voxel(seed: int, cuts: int) -> None:
    generator = np.random.default_rng(seed)
    turn = generator.uniform(0, np.pi)
    direction = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
    grid = Grid.from_parts((26, 24, 22), generator.uniform(0.6, 2.5, 3), generator.uniform(-50, 50, 3), direction)
    organ = Mask.from_full(grid, generator.random(grid.shape_kji) < 0.5)
    resections = [
        PlaneResection(Plane(grid.center_mm + generator.normal(size=3) * 5, generator.normal(size=3)))
        for _ in range(cuts)
    ]
    plan = make_liver_plan(organ=[("liver", organ)], resections=resections)
    removed, kept = round(plan["removed_ml"] / plan["voxel_ml"]), round(plan["kept_ml"] / plan["voxel_ml"])
    assert removed + kept == organ.voxel_count
    assert plan["removed_ml"] + plan["kept_ml"] == plan["organ_ml"]
    points = grid.to_world(np.argwhere(organ.full())[:, ::-1])
    by_hand = np.any([item.plane.signed_distance_mm(points) > 1e-6 for item in resections], axis=0)
    assert abs(removed - int(by_hand.sum())) == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1.0, 1.0), min_size=3, max_size=3).filter(lambda v: np.linalg.norm(v) > 0.1))
def test_every_view_of_any_s_curve_is_finite_and_edge_on(direction: list[float]) -> None:
    normal = np.array(direction) / np.linalg.norm(direction)
    curve = s_curve(normal)
    laos = [view["lao_deg"] for view in curve]
    assert laos[0] == -90.0
    assert laos[-1] == 90.0
    assert max(np.diff(laos)) <= 5.0
    for view in curve:
        assert np.isfinite(view["cra_deg"])
        assert abs(detector_direction(view["lao_deg"], view["cra_deg"]) @ normal) < 1e-9


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 2 * np.pi))
def test_sizes_of_a_contour_do_not_depend_on_where_it_is_turned(seed: int, turn: float) -> None:
    generator = np.random.default_rng(seed)
    angles = np.arange(720) * (2 * np.pi / 720)
    radii = 12 + generator.uniform(0, 2) * np.cos(2 * angles) + generator.uniform(0, 0.5) * np.cos(3 * angles)
    plane = polar_points(radii)
    turned = plane @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    own, other = measure_contour(plane), measure_contour(turned)
    assert abs(own.area_mm2 - other.area_mm2) < 1e-9 * own.area_mm2
    assert abs(own.min_diameter_mm - other.min_diameter_mm) < 1e-3
    assert abs(own.max_diameter_mm - other.max_diameter_mm) < 1e-3
