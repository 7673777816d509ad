"""Values inside a flat region: the exact cover of voxels in any plane, weighted numbers, and how sure a mean is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid, unit
from planning.measure.cover import cover, covered
from planning.measure.kinds import boxed_rectangle, curve_mm
from planning.measure.outlines import area_vector
from planning.measure.reading import Reading
from planning.measure.regions import (
    disc_mm,
    probe_glance,
    probe_readings,
    region_mean,
    region_readings,
    region_values,
)
from planning.volume import Volume
from viewers.measures import value_lines
from viewers.probe import probe_reading

HEAD = np.array((0.0, 0.0, 1.0))
GRID = Grid.from_parts((60, 54, 48), (0.7, 0.6, 0.9), (-20.0, -16.0, -21.0))
RIGHT, DOWN = np.eye(3)[0], np.eye(3)[1]


def _oval(normal: FloatArray, long_mm: float = 9.0, short_mm: float = 6.0) -> FloatArray:
    axis = unit(normal)
    along = unit(np.cross(axis, (0.2, 0.5, 0.7)))
    across = np.cross(axis, along)
    ends = np.array([-long_mm * along, long_mm * along, -short_mm * across, short_mm * across]) + (0.4, 0.2, -0.3)
    found = curve_mm("oval", ends)
    assert found is not None
    return found


def _values(grid: Grid, seed: int = 0, mean: float = 100.0, sd: float = 20.0) -> Volume:
    noise = np.random.default_rng(seed).normal(mean, sd, grid.shape_kji)
    return Volume(grid, np.rint(noise).astype(np.int16))


def test_a_square_over_voxel_edges_takes_a_share_of_each() -> None:
    grid = Grid.from_parts((4, 4, 3), (1.0, 1.0, 2.0))
    square = boxed_rectangle(np.array((0.75, 1.0, 2.0)), np.array((2.0, 2.25, 2.0)), RIGHT)
    found = cover(grid, square, HEAD)
    areas = {tuple(index): area for index, area in zip(found.index_ijk.tolist(), found.area_mm2, strict=True)}
    assert areas == pytest.approx({(1, 1, 1): 0.375, (1, 2, 1): 0.5625, (2, 1, 1): 0.25, (2, 2, 1): 0.375})
    assert found.area_mm2.sum() == pytest.approx(1.25**2)


@pytest.mark.parametrize("normal", [(0, 0, 1), (1, 0, 0), (0, 1, 0), (0.3, -0.4, 1.0), (1, 1, 1), (0.9, 0.1, 0.4)])
def test_the_cover_is_that_of_very_many_places_in_any_plane(normal: tuple[float, float, float]) -> None:
    axis = unit(normal)
    outline = _oval(axis)
    found = cover(GRID, outline, axis)
    assert found.area_mm2.sum() == pytest.approx(float(np.linalg.norm(area_vector(outline))), rel=1e-9)
    assert len(np.unique(found.index_ijk, axis=0)) == len(found.index_ijk)
    along = unit(np.cross(axis, (0.2, 0.5, 0.7)))
    across = np.cross(axis, along)
    places = (np.arange(500) + 0.5) / 500 * 20.0 - 10.0
    u, v = (each.ravel() for each in np.meshgrid(places, places))
    inside = (u / 9.0) ** 2 + (v / 6.0) ** 2 <= 1.0
    points = (0.4, 0.2, -0.3) + u[inside, None] * along + v[inside, None] * across
    index, count = np.unique(np.floor(GRID.to_index(points) + 0.5).astype(int), axis=0, return_counts=True)
    sampled = {tuple(key): 0.0016 * number for key, number in zip(index.tolist(), count, strict=True)}
    exact = {tuple(key): area for key, area in zip(found.index_ijk.tolist(), found.area_mm2, strict=True)}
    assert max(abs(exact.get(key, 0.0) - sampled.get(key, 0.0)) for key in {*exact, *sampled}) < 0.04
    assert found.share.max() <= 1.0
    assert (found.share > 0.999).sum() > 0.5 * len(found.share)


@settings(max_examples=40, deadline=None)
@given(
    radii=st.lists(st.floats(0.5, 6.0), min_size=3, max_size=20),
    normal=st.tuples(*[st.floats(-1.0, 1.0)] * 3).filter(lambda n: np.linalg.norm(n) > 0.2),
    middle=st.tuples(*[st.floats(-5.0, 5.0)] * 3),
)
def test_a_regions_area_is_shared_out_without_loss(
    radii: list[float], normal: tuple[float, float, float], middle: tuple[float, float, float]
) -> None:
    axis = unit(normal)
    along = unit(np.cross(axis, np.eye(3)[int(np.argmin(np.abs(axis)))]))
    angles = np.linspace(0.0, 2.0 * np.pi, len(radii), endpoint=False)[:, None]
    across = np.cross(axis, along)
    outline = np.array(middle) + np.array(radii)[:, None] * (np.cos(angles) * along + np.sin(angles) * across)
    found = cover(GRID, outline, axis)
    assert found.area_mm2.sum() == pytest.approx(float(np.linalg.norm(area_vector(outline))), rel=1e-6)
    assert (found.area_mm2 > 0).all()


def test_a_hole_between_two_arms_is_not_covered() -> None:
    arms = np.array([(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)], dtype=float)
    assert covered(arms, (3, 3)) == pytest.approx(np.array([[1, 1, 1], [1, 0, 1], [1, 0, 1]], dtype=float))


def test_numbers_are_weighted_by_area() -> None:
    grid = Grid.from_parts((4, 1, 1))
    volume = Volume(grid, np.array([[[0, 100, 200, 900]]], dtype=np.int16))
    # a quarter of the first voxel, all of the second, half of the third, none of the last
    box = boxed_rectangle(np.array((0.25, -0.5, 0.0)), np.array((2.0, 0.5, 0.0)), RIGHT)
    found = region_values(volume, box, HEAD)
    # the first voxel is too little inside to take part in any number
    assert found.mean == pytest.approx((1.0 * 100 + 0.5 * 200) / 1.5)
    assert found.median == 100
    assert found.voxels == 2
    assert (found.least, found.greatest) == (100, 200)
    assert found.outside == pytest.approx(0.0)
    weights, values = np.array([1.0, 0.5]), np.array([100.0, 200.0])
    spread = np.sqrt(weights @ (values - found.mean) ** 2 / (1.5 - (weights @ weights) / 1.5))
    assert found.sd == pytest.approx(spread)
    assert region_mean(volume, box, HEAD) == found.mean


def test_a_neighbour_that_is_only_grazed_pulls_no_number_and_a_mean_lies_within_its_ends() -> None:
    voxels = np.full(GRID.shape_kji, 50, dtype=np.int16)
    # a hard edge: air beside an even organ
    voxels[:, :, :30] = -1000
    face = float(GRID.to_world((29.5, 0, 0))[0])
    for into_air, mean in ((0.2, 50.0), (0.6, (0.6 * -1000 + 4.0 * 50) / 4.6)):
        low = np.array((face - into_air * 0.7, -3.0, 0.0))
        found = region_values(
            Volume(GRID, voxels), boxed_rectangle(low, np.array((face + 4.0 * 0.7, 3.0, 0.0)), RIGHT), HEAD
        )
        assert found.mean == pytest.approx(mean)
        assert (found.least, found.greatest) == (50 if into_air < 0.5 else -1000, 50)


def test_a_region_smaller_than_its_voxels_takes_all_that_it_touches() -> None:
    volume = Volume(Grid.from_parts((2, 2, 1)), np.array([[[0, 10], [20, 30]]], dtype=np.int16))
    # a corner of four voxels in its middle, none half inside
    box = boxed_rectangle(np.array((0.2, 0.3, 0.0)), np.array((0.8, 0.7, 0.0)), RIGHT)
    found = region_values(volume, box, HEAD)
    assert (found.mean, found.least, found.greatest, found.voxels) == (pytest.approx(15.0), 0, 30, 4)


@settings(max_examples=30, deadline=None)
@given(
    sizes=st.tuples(st.floats(0.2, 4.0), st.floats(0.2, 4.0)),
    normal=st.tuples(*[st.floats(-1.0, 1.0)] * 3).filter(lambda n: np.linalg.norm(n) > 0.2),
    seed=st.integers(0, 9),
)
def test_no_number_of_a_region_contradicts_another(
    sizes: tuple[float, float], normal: tuple[float, float, float], seed: int
) -> None:
    # each voxel is either air or metal: the hardest edges there are
    voxels = np.random.default_rng(seed).choice(np.array((-1000, 3000), dtype=np.int16), (20, 20, 20))
    grid = Grid.from_parts((20, 20, 20), (0.7, 0.6, 0.9), (-6.6, -5.7, -8.5))
    found = region_values(Volume(grid, voxels), _oval(unit(normal), *sizes), unit(normal))
    assert found.least <= found.mean <= found.greatest
    assert found.least <= found.median <= found.greatest
    assert found.sd is None or found.voxels > 1
    assert (found.sd or 0.0) > 0.0 or found.least == found.greatest


def test_the_spread_of_noise_is_the_images_own_in_every_plane() -> None:
    volume = _values(GRID)
    for normal in ((0, 0, 1), (0.3, -0.4, 1.0), (1, 1, 1)):
        found = region_values(volume, _oval(unit(normal), 12.0, 9.0), unit(normal))
        assert found.sd == pytest.approx(20.0, rel=0.08)
        assert found.mean == pytest.approx(100.0, abs=3.0)


@pytest.mark.parametrize("blur", [0.0, 0.6, 1.2])
def test_the_plus_minus_of_a_mean_holds_what_other_scans_give(blur: float) -> None:
    held, widths = 0, []
    for seed in range(60):
        rough = np.random.default_rng(seed).normal(0.0, 20.0, GRID.shape_kji)
        noise = ndimage.gaussian_filter(rough, blur) if blur else rough
        noise *= 20.0 / noise.std()
        found = region_values(Volume(GRID, np.rint(100 + noise).astype(np.int16)), _oval(HEAD), HEAD)
        held += abs(found.mean - 100.0) <= found.mean_plus_minus
        widths.append(found.mean_plus_minus)
    assert held >= 53
    # neither is it so wide that it says nothing
    reach = 4.0 * np.pi * blur**2
    assert np.mean(widths) < 2.2 * 1.96 * 20.0 / np.sqrt(400.0 / max(reach, 1.0))


def test_what_a_region_holds_is_not_taken_for_noise() -> None:
    voxels = np.random.default_rng(2).normal(0.0, 8.0, GRID.shape_kji)
    voxels[:, 20:34, 24:36] += 400.0
    found = region_values(Volume(GRID, np.rint(voxels).astype(np.int16)), _oval(HEAD, 14.0, 12.0), HEAD)
    assert found.sd is not None
    assert found.sd > 100.0
    # its border is well inside the region: only the noise of some thousand voxels is left, and a shifted outline
    assert found.mean_plus_minus < 8.0


def test_a_region_across_a_step_says_how_much_its_place_matters() -> None:
    voxels = np.zeros(GRID.shape_kji, dtype=np.int16)
    voxels[:, :, 30:] = 1000
    on_the_step = boxed_rectangle(np.array((-1.0, -6.0, 0.0)), np.array((2.0, 6.0, 0.0)), RIGHT)
    beside = on_the_step + (8.0, 0.0, 0.0)
    assert region_values(Volume(GRID, voxels), on_the_step, HEAD).mean_plus_minus > 100.0
    assert region_values(Volume(GRID, voxels), beside, HEAD).mean_plus_minus == pytest.approx(0.0, abs=1e-9)


def test_what_leaves_the_scan_is_told_and_what_misses_it_refused() -> None:
    volume = _values(GRID)
    edge = float(GRID.to_world((-0.5, 0, 0))[0])
    half_out = boxed_rectangle(np.array((edge - 4.0, -4.0, 0.0)), np.array((edge + 4.0, 4.0, 0.0)), RIGHT)
    told = {reading.name: reading for reading in region_readings(volume, half_out, HEAD)}
    assert told["Outside the scan"].value == pytest.approx(50.0, abs=1e-6)
    assert told["Voxels"].unit == ""
    with pytest.raises(MeasurementError, match="outside the scan"):
        region_readings(volume, half_out + (-20.0, 0.0, 0.0), HEAD)


def test_a_probe_tells_the_voxel_and_what_lies_round_it() -> None:
    volume = _values(GRID)
    told = {reading.name: reading for reading in probe_readings(volume, (0.2, 0.3, 0.1), unit((0.2, 0.1, 1.0)))}
    i, j, k = np.floor(GRID.to_index((0.2, 0.3, 0.1)) + 0.5).astype(int)
    assert told["Value"].value == volume.voxels[k, j, i]
    assert told["Mean"].value == pytest.approx(100.0, abs=15.0)
    assert told["SD"].value == pytest.approx(20.0, rel=0.4)
    assert float(np.linalg.norm(area_vector(disc_mm((1, 2, 3), HEAD)))) == pytest.approx(4.0 * np.pi)
    # the hand that only points reads the same numbers
    assert probe_glance(volume, (0.2, 0.3, 0.1), unit((0.2, 0.1, 1.0)))[:2] == pytest.approx(
        (told["Mean"].value, told["SD"].value)
    )
    assert probe_glance(volume, (500.0, 0.0, 0.0), HEAD) is None
    with pytest.raises(MeasurementError, match="outside the scan"):
        probe_readings(volume, (500.0, 0.0, 0.0), HEAD)


def test_a_spread_is_told_as_finely_as_its_mean() -> None:
    area = Reading("Area", 113.1, "mm²", 4.0)
    for unit_of, mean, sd, words in (
        ("SUV", 4.95, 0.42, "5.0\u202fSUV  SD 0.4"),
        ("HU", 103.4, 21.7, "103\u202fHU  SD 22"),
        ("", 0.31, 0.042, "0.31  SD 0.04"),
    ):
        told = value_lines("oval", (area,), (Reading("Mean", mean, unit_of), Reading("SD", sd, unit_of)))
        assert told == ("113\u202fmm²", words)
    grid = Grid.from_parts((40, 40, 3))
    values = np.random.default_rng(0).normal(0.31, 0.042, grid.shape_kji).astype(np.float32)
    for quantity, words in (("", "SD 0.04"), ("SUV", "SD 0.0")):
        assert probe_reading(Volume(grid, values, quantity=quantity), grid.center_mm, HEAD)[0].endswith(words)
