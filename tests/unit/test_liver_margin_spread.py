"""What a margin's ± is made of: pointed ends, walls between voxels, and the rim of the cut."""

from __future__ import annotations

import numpy as np
import pytest

from planning.errors import Cancelled
from planning.geometry import Grid, Plane, unit
from planning.kept_steps import KeptSteps
from planning.liver.margin import CutSurface, MarginTarget, measure_margins
from planning.liver.margin_spread import (
    HALF_STEP,
    Form,
    margin_uncertainty_mm,
    rim_uncertainty_mm,
    wall_uncertainty_mm,
)
from planning.liver.organ import OrganLookup
from planning.liver.realise import between
from planning.liver.regions import FieldRegion, PlaneRegion
from planning.liver.subvoxel import fit_subvoxel_surface
from planning.liver.tumors import find_tumors
from planning.progress import CancelToken
from planning.volume import Mask

AXES_MM = np.array((16.0, 5.0, 5.0))
THIN = np.array((0.7, 0.7, 1.0))


def _ellipsoid(axes_mm: np.ndarray, spacing: np.ndarray) -> Mask:
    half = axes_mm.max() + 4.0
    size = np.ceil(2.0 * half / spacing).astype(int)
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), spacing, np.full(3, -half) + 1.0)
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    return Mask.from_full(grid, ((places / axes_mm) ** 2).sum(axis=1).reshape(grid.shape_kji) <= 1.0)


def _form(mask: Mask) -> Form:
    return Form.of(mask, fit_subvoxel_surface(mask).mesh)


def test_a_long_tumour_is_blunt_at_its_waist_and_pointed_at_its_ends() -> None:
    form = _form(_ellipsoid(AXES_MM, THIN))
    assert form.radius_mm(np.array((1.0, 0.0, 0.0))) == pytest.approx(25.0 / 16.0, rel=0.02)
    # at most the ball's of the same volume: at the waist it would be 16 mm
    assert form.radius_mm(np.array((0.0, 1.0, 0.0))) == pytest.approx(np.cbrt(16.0 * 25.0), rel=0.01)
    assert form.radius_mm() == pytest.approx(form.radius_mm(np.array((2.0, 0.0, 0.0))))
    assert form.radius_mm(np.zeros(3)) == pytest.approx(form.radius_mm())
    ball = _form(_ellipsoid(np.full(3, 8.0), THIN))
    ways = np.random.default_rng(3).normal(size=(50, 3))
    assert np.abs(ball.radius_mm(ways) - 8.0).max() < 0.1


def test_a_pointed_end_has_a_larger_uncertainty_that_does_not_explode() -> None:
    way = np.array((1.0, 0.0, 0.0))
    for slice_mm in (1.0, 2.5, 5.0):
        spacing = (0.7, 0.7, slice_mm)
        blunt, pointed, needle = (float(margin_uncertainty_mm(spacing, radius, way)) for radius in (7.0, 1.5, 0.5))
        assert 0.05 <= blunt < pointed < needle
        assert pointed < 0.2 * slice_mm + 0.4
        assert needle < 0.3 * slice_mm + 0.8


def test_a_ball_is_not_odd_and_flat_long_and_creased_tumours_are() -> None:
    ball, disc, needle = (
        _ellipsoid(np.array(axes), THIN) for axes in ((8.0, 8.0, 8.0), (16.0, 16.0, 3.0), (16.0, 4.0, 4.0))
    )
    assert _form(ball).oddness < 0.01
    assert _form(disc).oddness == pytest.approx((1.0 - 3.0 / 16.0) ** 2, abs=0.05)
    assert _form(needle).oddness == pytest.approx((1.0 - 4.0 / 16.0) ** 2, abs=0.05)
    grid = ball.grid
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    touching = np.minimum(*(np.linalg.norm(places - np.array((x, 0.0, 0.0)), axis=1) for x in (-4.0, 4.0))) <= 4.5
    assert _form(Mask.from_full(grid, touching.reshape(grid.shape_kji))).oddness == 1.0


def test_a_voxels_form_is_told_without_a_hull() -> None:
    grid = Grid.from_parts((7, 7, 7), THIN, np.zeros(3))
    voxels = np.zeros(grid.shape_kji, dtype=bool)
    voxels[3, 3, 3] = True
    assert 0.0 <= _form(Mask.from_full(grid, voxels)).oddness < 0.2


def test_an_odd_tumour_is_known_less_well_and_most_where_a_cut_follows_it() -> None:
    way = np.array((1.0, 1.0, 1.0))
    for slice_mm in (1.0, 2.5, 5.0):
        spacing = (0.7, 0.7, slice_mm)
        round_mm, odd_mm, round_followed, odd_followed = (
            float(margin_uncertainty_mm(spacing, 8.0, way, oddness=oddness, follows=follows))
            for follows in (False, True)
            for oddness in (0.0, 1.0)
        )
        assert round_mm < odd_mm < round_mm + 0.1 * slice_mm
        assert round_mm < round_followed < round_mm + 0.1 * slice_mm
        assert odd_followed - round_followed > odd_mm - round_mm + 0.08


def test_a_wall_between_voxels_is_known_to_half_a_step_along_their_faces() -> None:
    spacing = np.array((0.7, 0.7, 5.0))
    along_slices = wall_uncertainty_mm(spacing, np.array((0.0, 0.0, 3.0)))
    assert HALF_STEP * 5.0 <= along_slices < 2.5
    assert 0.2 < wall_uncertainty_mm(spacing, np.array((1.0, 0.0, 0.0))) < 0.45
    assert wall_uncertainty_mm(spacing, unit((1.0, 1.0, 1.0))) < 0.3
    assert wall_uncertainty_mm(spacing, np.zeros(3)) == HALF_STEP * 5.0


def test_a_plane_along_the_slices_may_be_half_a_slice_off_and_one_that_slants_is_not() -> None:
    for slice_mm in (1.0, 2.5, 5.0):
        spacing, radius = (0.7, 0.7, slice_mm), 12.0
        along, slanting = (float(margin_uncertainty_mm(spacing, radius, way)) for way in ((0, 0, 1), (1, 1, 1)))
        assert 0.35 * slice_mm < along < 0.6 * slice_mm
        assert slanting < 0.3 * slice_mm


def test_the_rim_of_a_cut_counts_as_far_as_the_way_leans() -> None:
    spacing = np.array((0.7, 0.7, 5.0))
    upright = rim_uncertainty_mm(spacing, np.array((0.0, 2.0, 0.0)), np.array((0.0, 1.0, 0.0)))
    assert upright == pytest.approx(0.0)
    leaning = rim_uncertainty_mm(spacing, np.array((0.0, 1.0, 1.0)), np.array((0.0, 1.0, 0.0)))
    assert leaning == pytest.approx(HALF_STEP * 5.0 / np.sqrt(2.0))
    assert rim_uncertainty_mm(spacing, np.zeros(3), np.array((0.0, 1.0, 0.0))) == 0.0


def test_a_territorys_margin_is_known_less_well_than_a_planes_in_the_same_place() -> None:
    mask = _ellipsoid(np.full(3, 8.0), np.array((0.7, 0.7, 2.5)))
    grid = mask.grid
    organ = Mask.from_full(grid, np.ones(grid.shape_kji, dtype=bool))
    tumors, _ = find_tumors([("tumor", mask)])
    target = MarginTarget.of(tumors[0])
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    removed = (places[:, 2] > 9.5).reshape(grid.shape_kji)
    plane = PlaneRegion(Plane(np.array((0.0, 0.0, 9.5)), np.array((0.0, 0.0, 1.0))))
    wall = FieldRegion.of("territory", grid, between(removed, ~removed, grid.spacing_mm), removed)
    box = np.array(np.meshgrid(*np.stack([places.min(axis=0), places.max(axis=0)]).T)).reshape(3, -1).T
    spreads = []
    for region in (plane, wall):
        (margin,) = measure_margins(CutSurface((region,), OrganLookup.of(organ), box), [target])
        assert margin is not None
        assert abs(margin.minimum_mm - 1.5) <= margin.uncertainty_mm
        spreads.append(margin.uncertainty_mm)
    # along the slices a plane is known to about half a slice, a wall between voxels less well
    assert 0.5 < spreads[0] < 1.25
    assert spreads[1] >= np.hypot(spreads[0], HALF_STEP * 2.5) - 0.05


def test_the_margin_of_several_cuts_is_the_least_of_each_and_those_that_cannot_have_it_are_not_asked() -> None:
    mask = _ellipsoid(np.full(3, 8.0), np.array((1.0, 1.0, 1.0)))
    grid = mask.grid
    organ = OrganLookup.of(Mask.from_full(grid, np.ones(grid.shape_kji, dtype=bool)))
    tumors, _ = find_tumors([("tumor", mask)])
    target = MarginTarget.of(tumors[0])
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    box = np.array(np.meshgrid(*np.stack([places.min(axis=0), places.max(axis=0)]).T)).reshape(3, -1).T
    ways = (np.array((1.0, 0.0, 0.0)), unit((0.0, 1.0, 0.3)), np.array((0.0, 0.0, 1.0)))
    asked: list[int] = []

    class Listed(CutSurface):
        def holds(self, cut_index: int, points_mm: np.ndarray) -> np.ndarray:
            asked.append(cut_index)
            return super().holds(cut_index, points_mm)

    for reaches in ((11.0, 9.5, 10.5), (9.0, 11.5, 9.05), (7.0, 9.5, 6.0)):
        planes = tuple(PlaneRegion(Plane(reach * way, way)) for reach, way in zip(reaches, ways, strict=True))
        alone = [measure_margins(CutSurface((plane,), organ, box), [target])[0] for plane in planes]
        least = min(range(3), key=lambda n: alone[n].minimum_mm)  # type: ignore[union-attr]
        asked.clear()
        (margin,) = measure_margins(Listed(planes, organ, box), [target])
        assert margin is not None
        assert margin.cut_index == least
        # another cut may take the very place: then the rest of this one is farther
        assert margin.minimum_mm >= alone[least].minimum_mm - 1e-9  # type: ignore[union-attr]
        if reaches[0] == 11.0:
            assert set(asked) == {least}
            assert margin.minimum_mm == pytest.approx(alone[least].minimum_mm)  # type: ignore[union-attr]


def test_measuring_tumours_is_left_before_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = np.zeros((24, 24, 24), dtype=bool)
    for place in (4, 12, 20):
        inside[place - 2 : place + 2, 4:8, 4:8] = True
    cancel, fitted = CancelToken(), []

    def fit(mask: Mask, kept: KeptSteps) -> object:
        fitted.append(mask)
        cancel.set()
        return fit_subvoxel_surface(mask, kept)

    monkeypatch.setattr("planning.liver.tumors.fit_subvoxel_surface", fit)
    mask = Mask.from_full(Grid.from_parts((24, 24, 24), (1.0, 1.0, 1.0)), inside)
    with pytest.raises(Cancelled):
        find_tumors([("tumor", mask)], cancel)
    assert len(fitted) == 1
