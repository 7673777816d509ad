"""Resection volumes and margins against analytic truth."""

from __future__ import annotations

import numpy as np
import pytest

from planning.errors import MeasurementError
from planning.geometry import Grid, Plane
from planning.liver.margin_spread import margin_uncertainty_mm
from planning.liver.model import LiverModel
from planning.liver.plan import PlaneResection, make_liver_plan
from planning.volume import Mask

ORGAN_RADII = np.array((60.0, 45.0, 40.0))


def _case(
    spacing: tuple[float, float, float], tumor_mm: tuple[float, float, float], radius: float, turn_deg: float = 0.0
):
    turn = np.radians(turn_deg)
    direction = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
    size = tuple(int(134 / s) for s in spacing)
    grid = Grid.from_parts(size, spacing, direction=direction)
    points = (
        grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T).reshape(*grid.shape_kji, 3) - grid.center_mm
    )
    organ = Mask.from_full(grid, ((points / ORGAN_RADII) ** 2).sum(-1) <= 1)
    tumor = Mask.from_full(grid, ((points - np.array(tumor_mm)) ** 2).sum(-1) <= radius**2)
    return grid.center_mm, organ, tumor


@pytest.mark.parametrize("turn", [0.0, 20.0])
@pytest.mark.parametrize("gap", [3.0, 7.5, 12.0])
def test_margin_to_a_plane_is_the_gap_left_by_the_tumour(gap: float, turn: float) -> None:
    center, organ, tumor = _case((0.9, 0.9, 1.0), (-20.0, 3.0, -2.0), 11.0, turn)
    normal = np.array((-1.0, 0.15, 0.1)) / np.linalg.norm((-1.0, 0.15, 0.1))
    origin = center + np.array((-20.0, 3.0, -2.0)) - normal * (11.0 + gap)
    plan = make_liver_plan(
        organ=[("liver", organ)], tumors=[("tumor", tumor)], resections=[PlaneResection(Plane(origin, normal))]
    )
    assert plan["margin"]["minimum_mm"] == pytest.approx(gap, abs=0.2)
    assert plan["margin"]["uncertainty_mm"] > 0
    assert plan["kept_tumor_ml"] == 0


def test_removed_volume_is_the_caps_and_adds_up() -> None:
    center, organ, tumor = _case((1.0, 1.0, 1.0), (-30.0, 0.0, 0.0), 8.0)
    plan = make_liver_plan(
        organ=[("liver", organ)],
        tumors=[("tumor", tumor)],
        resections=[PlaneResection(Plane(center + (-10.0, 0, 0), np.array((-1.0, 0, 0))))],
    )
    a, b, c = ORGAN_RADII
    x = 10.0 / a
    cap_ml = np.pi * a * b * c * (2 / 3 - x + x**3 / 3) / 1000
    assert plan["removed_ml"] == pytest.approx(cap_ml, rel=0.005)
    assert round(plan["removed_ml"] / plan["voxel_ml"]) + round(plan["kept_ml"] / plan["voxel_ml"]) == organ.voxel_count


def test_a_cut_through_the_tumour_is_negative_and_said() -> None:
    center, organ, tumor = _case((1.5, 1.5, 1.5), (-20.0, 0.0, 0.0), 10.0)
    plan = make_liver_plan(
        organ=[("liver", organ)],
        tumors=[("tumor", tumor)],
        resections=[PlaneResection(Plane(center + (-18.0, 0, 0), np.array((-1.0, 0, 0))))],
    )
    assert plan["margin"]["minimum_mm"] < 0
    assert plan["kept_tumor_ml"] > 0
    assert plan["warnings"]


def test_remove_tumor_takes_the_side_that_holds_it() -> None:
    center, organ, tumor = _case((1.5, 1.5, 1.5), (-25.0, 0.0, 0.0), 8.0)
    for sign in (1.0, -1.0):
        plan = make_liver_plan(
            organ=[("liver", organ)],
            tumors=[("tumor", tumor)],
            resections=[PlaneResection(Plane(center, np.array((sign, 0, 0))), remove="tumor")],
        )
        assert plan["removed_tumor_ml"] == pytest.approx(tumor.volume_ml)


def test_an_empty_organ_is_refused() -> None:
    _, organ, _ = _case((3.0, 3.0, 3.0), (0, 0, 0), 5.0)
    empty = Mask(organ.grid, (0, 0, 0), np.zeros((1, 1, 1), bool))
    with pytest.raises(MeasurementError):
        make_liver_plan(
            organ=[("liver", empty)], resections=[PlaneResection(Plane(np.zeros(3), np.array((1.0, 0, 0))))]
        )


def test_a_cut_that_misses_the_organ_has_no_margin_and_says_why() -> None:
    center, organ, tumor = _case((1.5, 1.5, 1.5), (-20.0, 0.0, 0.0), 10.0)
    for away, code in ((300.0, "nothing_removed"), (-300.0, "nothing_kept")):
        plan = make_liver_plan(
            organ=[("liver", organ)],
            tumors=[("tumor", tumor)],
            resections=[PlaneResection(Plane(center + (away, 0, 0), np.array((1.0, 0, 0))))],
        )
        assert plan["margin"]["minimum_mm"] is None
        assert {"no_cut_surface", code} <= {warning["code"] for warning in plan["warnings"]}
        assert plan["removed_ml"] + plan["kept_ml"] == plan["organ_ml"]


def test_removing_the_tumours_side_needs_a_tumour() -> None:
    center, organ, _ = _case((3.0, 3.0, 3.0), (0, 0, 0), 5.0)
    with pytest.raises(MeasurementError, match="no tumour"):
        make_liver_plan(
            organ=[("liver", organ)], resections=[PlaneResection(Plane(center, np.array((1.0, 0, 0))), remove="tumor")]
        )


def test_the_uncertainty_grows_with_thick_slices_and_small_tumours() -> None:
    fine, thick = margin_uncertainty_mm((0.8, 0.8, 1.0), 10.0), margin_uncertainty_mm((0.8, 0.8, 5.0), 10.0)
    # half a slice at worst: a plane along the slices
    assert 0.3 < fine < 0.5 < 1.5 < thick
    assert margin_uncertainty_mm((0.8, 0.8, 2.5), 5.0) > margin_uncertainty_mm((0.8, 0.8, 2.5), 15.0)


def _box_mask(grid: Grid, *boxes: tuple[slice, slice, slice]) -> Mask:
    voxels = np.zeros(grid.shape_kji, dtype=bool)
    for box in boxes:
        voxels[box] = True
    return Mask.from_full(grid, voxels)


def test_what_is_odd_about_an_organ_is_told() -> None:
    grid = Grid.from_parts((40, 30, 30), (1.0, 1.0, 1.0))
    middle = (slice(8, 22), slice(8, 22), slice(5, 20))
    organ = _box_mask(grid, middle)
    tumor = _box_mask(grid, (slice(10, 14), slice(10, 14), slice(8, 12)))
    codes = [one.code for one in LiverModel.prepare(organ=[("liver", organ)], tumors=[("tumor", tumor)]).findings]
    assert not {"organ_pieces", "organ_at_edge", "tumor_outside"} & set(codes)
    apart = _box_mask(grid, middle, (slice(8, 22), slice(8, 22), slice(26, 40)))
    away = _box_mask(grid, (slice(1, 5), slice(1, 5), slice(1, 4)))
    found = LiverModel.prepare(organ=[("liver", apart)], tumors=[("tumor", away)]).findings
    words = {one.code: one.text for one in found}
    assert words["organ_pieces"] == "The organ is in 2 pieces that do not touch (2.9, 2.7 ml)"
    assert "edge" in words["organ_at_edge"]
    assert words["tumor_outside"].startswith("T1 lies outside the organ")
