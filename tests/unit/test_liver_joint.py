"""Several resections are their union: counts, margins, vessels and the coloured cut, against counting everything."""

from __future__ import annotations

import numpy as np
import pytest
from block_livers import beyond, block_liver
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.geometry import Plane
from planning.liver.cut_map import map_cut
from planning.liver.model import LiverModel
from planning.liver.plan import plan_resections
from planning.liver.resection import PlaneResection, TerritoryResection

BALL_AT, BALL_MM = np.array((30.0, 30.0, 21.0)), 7.5


@pytest.fixture(scope="module")
def model() -> LiverModel:
    return block_liver([((30.0, 30.0, 21.0), BALL_MM)])


def _least_of_all_places(model: LiverModel, cuts: list[PlaneResection]) -> float | None:
    """Least distance from the ball to the union's boundary, over places 0.25 mm apart of every plane."""
    least = None
    steps = np.arange(-90.0, 90.0, 0.25)
    for cut in cuts:
        u = np.linalg.svd(cut.plane.normal[None])[2][1:]
        near = cut.plane.project(BALL_AT)
        places = near + steps[:, None, None] * u[0] + steps[:, None] * u[1]
        places = places.reshape(-1, 3)
        held = model.lookup.contains(places)
        for other in cuts:
            if other is not cut:
                held &= other.plane.signed_distance_mm(places) <= 0.0
        if held.any():
            found = float(np.linalg.norm(places[held] - BALL_AT, axis=1).min()) - BALL_MM
            least = found if least is None else min(least, found)
    return least


@settings(max_examples=12, deadline=None)
@given(
    shifts=st.lists(st.floats(-14.0, 14.0), min_size=2, max_size=3),
    turns=st.lists(st.floats(-1.0, 1.0), min_size=6, max_size=6),
)
def test_a_joint_plan_is_the_union_of_its_planes(shifts: list[float], turns: list[float]) -> None:
    model = block_liver_once()
    cuts = []
    for number, shift in enumerate(shifts):
        normal = np.array((1.0, turns[2 * number], turns[2 * number + 1])) * (-1.0) ** number
        normal /= np.linalg.norm(normal)
        cuts.append(PlaneResection(Plane(BALL_AT + (BALL_MM + 4.0 + shift) * normal, normal)))
    numbers = model.evaluate(cuts)
    every = [cut.plane.signed_distance_mm(model.voxels.places_mm) > 1e-6 for cut in cuts]
    removed = np.logical_or.reduce(every)
    assert numbers.removed_voxels == int(removed.sum())
    assert numbers.removed_voxels + numbers.kept_voxels == model.voxels.count
    for one, own in zip(numbers.resections, every, strict=True):
        others = np.logical_or.reduce([flags for flags in every if flags is not own])
        assert one.removed_voxels == int(own.sum())
        assert one.only_voxels == int((own & ~others).sum())
    expected = _least_of_all_places(model, cuts)
    margin = numbers.margins[0]
    if expected is None:
        assert margin is None
    elif expected > 0.5:
        assert margin is not None
        assert margin.minimum_mm == pytest.approx(expected, abs=0.35)


def block_liver_once(kept: dict[str, LiverModel] = {}) -> LiverModel:  # noqa: B006
    """Hypothesis runs without fixtures."""
    if not kept:
        kept["one"] = block_liver([((30.0, 30.0, 21.0), BALL_MM)])
    return kept["one"]


def test_a_cut_inside_anothers_removed_part_gives_no_margin(model: LiverModel) -> None:
    near, far = beyond(39.0), beyond(45.0)
    assert model.evaluate([near]).margins[0].minimum_mm == pytest.approx(1.5, abs=0.2)  # type: ignore[union-attr]
    # the farther plane removes less: its cut lies in what the nearer one removes
    assert model.evaluate([far, near]).margins[0].minimum_mm == pytest.approx(1.5, abs=0.2)  # type: ignore[union-attr]
    inside = beyond(18.0)
    joint = model.evaluate([inside, near])
    assert joint.margins[0].minimum_mm == pytest.approx(4.5, abs=0.2)  # type: ignore[union-attr]
    assert joint.removed_share == (1.0,)


def test_neighbouring_territories_that_are_both_removed_have_no_cut_between_them(model: LiverModel) -> None:
    one, other = TerritoryResection(("portal_1",)), TerritoryResection(("portal_2",))
    assert model.evaluate([one]).minimum is not None
    both = model.evaluate([one, other])
    assert both.kept_voxels == 0
    assert both.minimum is None
    assert not len(map_cut(model.organ, model.regions([one, other]), model.targets).mesh.triangles)
    left, right = beyond(45.0, left=True), beyond(45.0)
    assert model.evaluate([left, right]).minimum is None


def test_vessels_are_cut_once_and_not_where_both_sides_go(model: LiverModel) -> None:
    def names(*cuts: PlaneResection) -> list[str]:
        return sorted(cut.name for cut in model.vessel_cuts(cuts))

    assert names(beyond(60.0)) == ["hepatic_1", "portal_1"]
    assert names(beyond(60.0), beyond(75.0)) == ["hepatic_1", "portal_1"]
    assert names(beyond(60.0), beyond(60.0)) == ["hepatic_1", "portal_1"]
    assert names(beyond(21.0, left=True), beyond(60.0)) == ["hepatic_1", "hepatic_2", "portal_1", "portal_2"]


def test_each_resection_tells_what_it_removes_alone_and_what_no_other_does(model: LiverModel) -> None:
    plan = plan_resections(model, [beyond(60.0), beyond(75.0), beyond(9.0, left=True)])
    slice_ml = 60.0 * 42.0 / 1000.0
    assert [row["removed_ml"] for row in plan["resections"]] == pytest.approx(
        [45 * slice_ml, 30 * slice_ml, 9 * slice_ml]
    )
    assert [row["only_ml"] for row in plan["resections"]] == pytest.approx([15 * slice_ml, 0.0, 9 * slice_ml])
    assert plan["removed_ml"] == pytest.approx(54 * slice_ml)
    assert plan["flr_ml"] == pytest.approx(plan["kept_ml"] - plan["kept_tumor_ml"])
