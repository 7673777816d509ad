"""Guided segmentation: small scenes of known truth, and what must always hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from planning.errors import Cancelled, InputError
from planning.geometry import Grid
from planning.liver.graph import graph_of
from planning.liver.segment.ellipsoid import Ellipsoid
from planning.liver.segment.lesion import grow_lesion
from planning.liver.segment.liver import PreparedScan, prepare_scan, segment_liver
from planning.liver.segment.necks import fallen_off
from planning.liver.segment.rim import falls_short, out_to_line, out_to_marks
from planning.liver.segment.settle import settle
from planning.liver.segment.strokes import Stroke, click, stroke_indices
from planning.liver.segment.tumors import segment_tumor
from planning.liver.segment.vessels import segment_vessels
from planning.liver.segment.working import Blocks, onto
from planning.progress import CancelToken
from planning.volume import Mask, Volume
from tests.support.abdomens import abdomen

SPACING = (1.6, 1.6, 2.0)
SIZE = (140, 110, 80)
LIVER_HU, NEIGHBOUR_HU, LESION_HU, VESSEL_HU = 110.0, 110.0, 70.0, 170.0
LIVER_AT, LESION_AT, NEIGHBOUR_AT = (80.0, 85.0, 80.0), (60.0, 75.0, 80.0), (170.0, 85.0, 80.0)


def _ball(grid: Grid, center: tuple[float, float, float], radii: tuple[float, float, float]) -> np.ndarray:
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    return (((points - center) / radii) ** 2).sum(axis=1).reshape(grid.shape_kji) <= 1.0


class Scene:
    """A body with a liver, a lesion in it, a vessel, and an organ of the same HU that hangs on by a neck."""

    def __init__(self) -> None:
        self.grid = Grid.from_parts(SIZE, SPACING)
        hu = np.full(self.grid.shape_kji, -1000.0)
        hu[_ball(self.grid, (112.0, 88.0, 80.0), (108.0, 84.0, 400.0))] = -90.0
        self.liver = _ball(self.grid, LIVER_AT, (52.0, 45.0, 50.0))
        self.neighbour = _ball(self.grid, NEIGHBOUR_AT, (27.0, 30.0, 30.0))
        neck = _ball(self.grid, (136.0, 85.0, 80.0), (16.0, 7.0, 7.0))
        hu[self.neighbour | neck] = NEIGHBOUR_HU
        hu[self.liver] = LIVER_HU
        self.lesion = _ball(self.grid, LESION_AT, (14.0, 12.0, 13.0))
        self.vessel = _ball(self.grid, (80.0, 105.0, 80.0), (38.0, 3.4, 3.4))
        hu[self.vessel] = VESSEL_HU
        hu[self.lesion] = LESION_HU
        hu += np.random.default_rng(5).normal(0.0, 12.0, hu.shape)
        self.volume = Volume(self.grid, hu.astype(np.int16))
        self.scan: PreparedScan = prepare_scan(self.volume)


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene()


def _dice(first: np.ndarray, second: np.ndarray) -> float:
    return 2.0 * np.count_nonzero(first & second) / (np.count_nonzero(first) + np.count_nonzero(second))


def test_one_click_finds_the_liver_with_lesion_and_vessel_and_not_what_hangs_on(scene: Scene) -> None:
    found = segment_liver(scene.scan, [click((95.0, 85.0, 95.0))])
    assert _dice(found.mask.full(), scene.liver) > 0.96
    assert np.mean(found.mask.full()[scene.neighbour]) < 0.02
    assert np.mean(found.mask.full()[scene.lesion]) > 0.98
    assert found.mean_hu == pytest.approx(LIVER_HU, abs=3.0)
    assert found.strokes == 1
    assert not found.findings


def test_the_volume_is_within_three_percent(scene: Scene) -> None:
    found = segment_liver(scene.scan, [click((95.0, 85.0, 95.0))])
    assert found.mask.voxel_count == pytest.approx(np.count_nonzero(scene.liver), rel=0.03)


def test_a_second_inside_click_takes_the_other_organ_and_an_outside_one_leaves_it(scene: Scene) -> None:
    first, second = click((95.0, 85.0, 95.0)), (170.0, 85.0, 80.0)
    with_it = segment_liver(scene.scan, [first, click(second)])
    assert np.mean(with_it.mask.full()[scene.neighbour]) > 0.9
    without = segment_liver(scene.scan, [first, click(second, False)])
    assert np.mean(without.mask.full()[scene.neighbour]) < 0.02
    assert _dice(without.mask.full(), scene.liver) > 0.96


def test_the_same_strokes_give_the_same_mask(scene: Scene) -> None:
    strokes = [click((95.0, 85.0, 95.0))]
    first, again = (segment_liver(scene.scan, strokes).mask for _ in range(2))
    assert first.start_ijk == again.start_ijk
    assert np.array_equal(first.voxels, again.voxels)


@pytest.mark.parametrize("first", ["click", "line"])
def test_a_lesion_from_one_stroke(scene: Scene, first: str) -> None:
    x, y, z = LESION_AT
    stroke = click(LESION_AT) if first == "click" else Stroke(np.array([(x - 14.0, y, z), (x + 14.0, y, z)]))
    for liver in (None, Mask.from_full(scene.grid, scene.liver)):
        found = segment_tumor(scene.scan, [stroke], liver=liver)
        assert _dice(found.mask.full(), scene.lesion) > 0.88
        assert found.mean_hu == pytest.approx(LESION_HU, abs=6.0)
        assert found.liver_hu == pytest.approx(LIVER_HU, abs=6.0)


def test_a_line_on_nothing_to_see_gives_its_ellipsoid_and_says_so(scene: Scene) -> None:
    stroke = Stroke(np.array([(95.0, 75.0, 90.0), (115.0, 75.0, 90.0)]))
    found = segment_tumor(scene.scan, [stroke], liver=Mask.from_full(scene.grid, scene.liver))
    assert 1.0 < found.mask.volume_ml < 6.0
    assert [finding.code for finding in found.findings] == ["tumor_pale"]


def test_the_vessel_is_found_and_the_lesion_is_not(scene: Scene) -> None:
    liver = Mask.from_full(scene.grid, scene.liver)
    found = segment_vessels(scene.scan, liver, [click((80.0, 105.0, 80.0))])
    full = found.mask.full()
    assert np.mean(full[scene.vessel]) > 0.7
    assert not full[scene.lesion].any()
    refused = segment_vessels(scene.scan, liver, [click((80.0, 105.0, 80.0), False)])
    assert not refused.mask.full()[scene.vessel].any()


def test_strokes_that_cannot_be_used_are_refused_in_words(scene: Scene) -> None:
    with pytest.raises(InputError, match="No stroke"):
        segment_liver(scene.scan, [])
    with pytest.raises(InputError, match="outside the image"):
        segment_liver(scene.scan, [click((-500.0, 0.0, 0.0))])
    with pytest.raises(InputError, match="no liver"):
        segment_liver(scene.scan, [click((1.0, 1.0, 80.0))])
    with pytest.raises(InputError, match="No stroke"):
        segment_tumor(scene.scan, [click(LESION_AT, False)])
    with pytest.raises(InputError, match="finite"):
        click((np.nan, 0.0, 0.0))


def test_a_tumour_cut_off_by_the_given_liver_goes_on_beyond_it(scene: Scene) -> None:
    first = int(np.ceil(55.0 / SPACING[0]))
    cut = scene.liver.copy()
    cut[:, :, :first] = False
    assert 0.1 < np.mean(~cut[scene.lesion]) < 0.5
    found = segment_tumor(scene.scan, [click((62.0, 75.0, 80.0))], liver=Mask.from_full(scene.grid, cut))
    full = found.mask.full()
    assert _dice(full, scene.lesion) > 0.88
    assert np.mean(full[scene.lesion & ~cut]) > 0.8


def test_two_clicks_where_nothing_is_seen_mean_a_small_ellipsoid_and_nothing_spills(scene: Scene) -> None:
    liver = Mask.from_full(scene.grid, scene.liver)
    one = segment_tumor(scene.scan, [click((100.0, 80.0, 90.0))], liver=liver)
    two = segment_tumor(scene.scan, [click((100.0, 80.0, 90.0)), click((108.0, 80.0, 90.0))], liver=liver)
    assert one.mask.volume_ml < 3.0
    assert two.mask.volume_ml < 6.0


def test_a_stroke_more_gives_what_a_fresh_scan_gives(scene: Scene) -> None:
    first, second = click((95.0, 85.0, 95.0)), click((170.0, 85.0, 80.0), False)
    segment_liver(scene.scan, [first])
    after = segment_liver(scene.scan, [first, second]).mask
    fresh = segment_liver(replace(scene.scan, last_ground={}, last_held={}), [first, second]).mask
    assert np.array_equal(after.full(), fresh.full())


def test_a_click_moves_an_ellipsoid_to_twice_its_distance_from_the_rim() -> None:
    ball = Ellipsoid.ball(np.zeros(3), 10.0)
    longer = ball.moved_to(np.array((0.0, 0.0, 13.0)), True)
    assert np.sort(longer.radii) == pytest.approx((10.0, 10.0, 13.0))
    assert longer.center == pytest.approx((0.0, 0.0, 3.0))
    shorter = ball.moved_to(np.array((0.0, 0.0, 8.0)), False)
    assert np.sort(shorter.radii) == pytest.approx((8.0, 10.0, 10.0))
    assert shorter.center == pytest.approx((0.0, 0.0, -2.0))
    assert ball.moved_to(np.array((0.0, 0.0, 8.0)), True) is ball
    assert ball.moved_to(np.array((0.0, 0.0, 13.0)), False) is ball


def test_a_lesion_does_not_go_through_a_thin_neck() -> None:
    grid = Grid.from_parts((80, 44, 44), (1.0, 1.0, 1.0))
    first, second = _ball(grid, (22.0, 22.0, 22.0), (12.0,) * 3), _ball(grid, (52.0, 22.0, 22.0), (14.0,) * 3)
    image = np.full(grid.shape_kji, 110.0, dtype=np.float32)
    image[first | second | _ball(grid, (36.0, 22.0, 22.0), (12.0, 2.5, 2.5))] = 60.0
    lesion = grow_lesion(
        image,
        110.0,
        5.0,
        allowed=np.ones(image.shape, dtype=bool),
        marks=np.array([[22, 22, 22]]),
        outside=np.zeros((0, 3), dtype=np.int64),
        line=None,
        spacing_kji_mm=np.ones(3),
    )
    assert _dice(lesion.mask, first) > 0.9
    assert np.mean(lesion.mask[second]) < 0.02


def test_a_liver_between_neighbours_without_fat_is_found_by_one_click() -> None:
    made = abdomen(1, spacing_mm=(2.0, 2.0, 3.0))
    depth = ndimage.distance_transform_edt(made.organ & ~np.logical_or.reduce(made.tumors))
    at = made.volume.grid.to_world(np.array(np.unravel_index(int(depth.argmax()), depth.shape))[::-1])
    found = segment_liver(prepare_scan(made.volume), [click(at)])
    assert _dice(found.mask.full(), made.organ) > 0.9


def test_cancelling_stops(scene: Scene) -> None:
    token = CancelToken()
    token.set()
    with pytest.raises(Cancelled):
        segment_liver(scene.scan, [click((95.0, 85.0, 95.0))], cancel=token)


def test_work_on_vessels_stops_too(scene: Scene) -> None:
    token = CancelToken()
    token.set()
    liver = Mask.from_full(scene.grid, scene.liver)
    for work in (
        lambda: segment_vessels(scene.scan, liver, cancel=token),
        lambda: graph_of(Mask.from_full(scene.grid, scene.vessel), token),
        lambda: segment_tumor(scene.scan, [click(LESION_AT)], liver=liver, cancel=token),
        lambda: prepare_scan(scene.volume, cancel=token),
    ):
        with pytest.raises(Cancelled):
            work()


def test_a_volume_without_hu_is_refused(scene: Scene) -> None:
    with pytest.raises(InputError, match="no CT"):
        prepare_scan(Volume(scene.grid, scene.volume.voxels, quantity=""))


def test_a_not_this_mark_takes_a_piece_off_at_its_neck() -> None:
    grid = Grid.from_parts((70, 40, 40), (2.0, 2.0, 2.0))
    first, second = _ball(grid, (40.0, 40.0, 40.0), (30.0, 30.0, 30.0)), _ball(grid, (100.0, 40.0, 40.0), (32.0,) * 3)
    held, spacing = first | second, np.full(3, 2.0)
    liver, other = np.array([[20, 20, 20]]), np.array([[20, 20, 50]])
    both, _ = fallen_off(held, liver, other[:0], spacing)
    assert np.array_equal(both, held)
    ours, fell = fallen_off(held, liver, other, spacing)
    assert _dice(ours, first & ~second) > 0.95
    assert np.array_equal(ours | fell, held)


def test_settling_keeps_a_smooth_mask_and_drops_specks() -> None:
    grid = Grid.from_parts((40, 40, 40))
    ball = _ball(grid, (20.0, 20.0, 20.0), (12.0,) * 3)
    evidence = np.where(ball, -1.0, 1.0).astype(np.float32)
    evidence[2, 2, 2] = -1.0
    start = ball.copy()
    start[2, 2, 2] = True
    rest = settle(start, evidence, sigma_voxels=1.2, weight=0.3, turns=10, still_below=1)
    assert np.array_equal(rest, ball)


def test_blocks_average_and_lie_where_their_voxels_lie() -> None:
    fine = Grid.from_parts((9, 8, 7), (0.7, 0.9, 2.5), (3.0, -4.0, 5.0))
    blocks = Blocks.near(fine, 2.0)
    assert blocks.factors_kji == (1, 2, 3)
    i, j, k = np.meshgrid(*(np.arange(n) for n in fine.size_ijk), indexing="ij")
    world = fine.to_world(np.stack([i, j, k], axis=-1))
    ramp = np.moveaxis(world @ (1.0, 2.0, 3.0), (0, 1, 2), (2, 1, 0)).astype(np.float32)
    coarse = blocks.down(ramp)
    at = blocks.coarse.to_world((1.0, 2.0, 3.0))
    assert coarse[3, 2, 1] == pytest.approx(float(at @ (1.0, 2.0, 3.0)), abs=1e-4)
    back = onto(coarse, blocks.coarse, fine)
    assert back[3, 3:5, 4:5] == pytest.approx(ramp[3, 3:5, 4:5], abs=1e-4)


def test_an_ellipsoid_is_fitted_to_its_own_voxels() -> None:
    grid = Grid.from_parts((50, 44, 40), (1.0, 1.0, 1.5))
    mask = _ball(grid, (25.0, 20.0, 30.0), (15.0, 10.0, 12.0))
    fitted = Ellipsoid.fitted(mask, grid.spacing_mm[::-1])
    assert np.sort(fitted.radii) == pytest.approx((10.0, 12.0, 15.0), rel=0.04)
    assert fitted.center == pytest.approx((30.0, 20.0, 25.0), abs=0.1)
    assert _dice(fitted.level(mask.shape, grid.spacing_mm[::-1]) <= 1.0, mask) > 0.97


def test_a_line_is_spread_over_every_voxel_it_crosses() -> None:
    grid = Grid.from_parts((30, 30, 30))
    index = stroke_indices(Stroke(np.array([(1.0, 1.0, 1.0), (20.0, 1.0, 1.0)])), grid, grid)
    assert index[:, 2].tolist() == list(range(1, 21))


def _ringed(ring_hu: float) -> tuple[Grid, np.ndarray, np.ndarray, np.ndarray]:
    """A ball of 10 mm whose core of 7 mm is 35 HU darker than the liver and whose ring differs by ring_hu: grid, HU as
    `grow_lesion` takes them, lesion, core."""
    grid = Grid.from_parts((70, 70, 60), (1.1, 1.1, 1.3))
    center = np.array(grid.to_world((35.0, 35.0, 30.0)))
    lesion, core = (_ball(grid, tuple(center), (radius,) * 3) for radius in (10.0, 7.0))
    hu = np.random.default_rng(3).normal(110.0, 5.0, grid.shape_kji).astype(np.float32)
    hu[lesion & ~core] += ring_hu
    hu[core] -= 35.0
    return grid, ndimage.gaussian_filter(hu, 1.0), lesion, core


def _grown(
    image: np.ndarray, marks: list[tuple[int, int, int]], line: Ellipsoid | None, step: np.ndarray
) -> np.ndarray:
    found = grow_lesion(
        image,
        110.0,
        3.0,
        allowed=np.ones(image.shape, dtype=bool),
        marks=np.array(marks),
        outside=np.zeros((0, 3), dtype=np.int64),
        line=line,
        spacing_kji_mm=step,
    )
    return found.mask


def test_a_line_across_a_lesion_with_a_ring_takes_the_ring_too() -> None:
    grid, image, lesion, core = _ringed(12.0)
    step = grid.spacing_mm[::-1]
    at, reach = np.array((30.0, 35.0, 35.0)), np.array((0.0, 0.0, 10.0))
    line = Ellipsoid.across(at * step - reach, at * step + reach)
    assert _dice(_grown(image, [(30, 35, i) for i in range(26, 45)], line, step), lesion) > 0.9
    assert _dice(core, lesion) < 0.6


@pytest.mark.parametrize("ring_hu", [12.0, 40.0])
def test_a_second_click_beyond_the_core_takes_the_ring_too(ring_hu: float) -> None:
    grid, image, lesion, _ = _ringed(ring_hu)
    step = grid.spacing_mm[::-1]
    assert _dice(_grown(image, [(30, 35, 35)], None, step), lesion) < 0.7
    assert _dice(_grown(image, [(30, 35, 35), (30, 35, 43)], None, step), lesion) > 0.8


def test_clicks_beyond_a_core_let_it_grow_most_towards_them() -> None:
    ball = Ellipsoid.ball(np.zeros(3), 5.0)
    grown = out_to_marks(ball, np.array([(0.0, 0.0, 8.0)]))
    assert grown is not None
    assert grown.center[2] > 0.0
    assert np.sort(grown.radii)[:2] == pytest.approx(5.0 + 0.7 * 5.3)
    assert out_to_marks(ball, np.zeros((0, 3))) is None


def test_a_plain_lesion_is_not_filled_out_to_a_line_that_scatters() -> None:
    step = np.ones(3)
    ball = np.linalg.norm(np.indices((41, 41, 41)) - 20.0, axis=0) <= 9.0
    near = Ellipsoid.across(np.array((20.0, 20.0, 9.5)), np.array((20.0, 20.0, 30.0)))
    far = Ellipsoid.across(np.array((20.0, 20.0, 6.0)), np.array((20.0, 20.0, 34.0)))
    beside = Ellipsoid.across(np.array((20.0, 20.0, 11.0)), np.array((20.0, 20.0, 38.0)))
    assert [falls_short(ball, line, step) for line in (near, far, beside)] == [False, True, False]
    grown = out_to_line(Ellipsoid.ball(np.full(3, 20.0), 9.0), far)
    assert grown.radii == pytest.approx(14.0, abs=1e-6)


def test_a_lesion_that_may_take_no_voxel_is_empty() -> None:
    image = np.full((20, 20, 20), LIVER_HU, dtype=np.float32)
    image[8:12, 8:12, 8:12] = LESION_HU
    for line in (None, Ellipsoid.across(np.array((16.0, 20.0, 20.0)), np.array((24.0, 20.0, 20.0)))):
        found = grow_lesion(
            image,
            LIVER_HU,
            8.0,
            allowed=np.zeros(image.shape, dtype=bool),
            marks=np.array([[10, 10, 10]]),
            outside=np.zeros((0, 3), dtype=np.int64),
            line=line,
            spacing_kji_mm=np.full(3, 2.0),
        )
        assert not found.mask.any()
        assert (found.own_hu, found.around_hu) == (LESION_HU, LIVER_HU)
