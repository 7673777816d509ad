"""Tiles, rolling sums, exact upsampling and clean-up, against the same thing done the long way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from small_models import upsampled

from inference.cleanup import box_of, clean
from inference.grid import axis_map
from inference.manifest import CleanupRule, Tiling
from inference.slab import RollingSlab, slab_bytes
from inference.tiles import monai_starts, nnunet_starts, plan_tiles, tile_weights
from inference.upsample import Boundary, Decision, Taps, Upsampler, greatest


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 400), st.integers(1, 160), st.sampled_from([0.25, 0.3, 0.5, 0.75, 0.8, 1.0]))
def test_tiles_cover_every_voxel_and_stay_inside(n: int, patch: int, step: float) -> None:
    n = max(n, patch)
    for rule in (nnunet_starts, monai_starts):
        starts = rule(n, patch, step)
        covered = np.zeros(n, dtype=bool)
        for start in starts:
            assert 0 <= start <= n - patch
            covered[start : start + patch] = True
        assert covered.all()
        assert list(starts) == sorted(starts)


def test_positions_known_from_the_sources() -> None:
    # nnU-Net's own example: 110 voxels, patch 64, half steps
    assert nnunet_starts(110, 64, 0.5) == (0, 23, 46)
    assert nnunet_starts(64, 64, 0.5) == (0,)
    # MONAI: interval 48, the last window shifted inside
    assert monai_starts(110, 64, 0.75) == (0, 46)
    assert monai_starts(200, 64, 0.75) == (0, 48, 96, 136)


def test_a_field_smaller_than_the_patch_is_padded_with_the_odd_voxel_behind() -> None:
    plan = plan_tiles((5, 40, 32), Tiling(patch=(8, 32, 32), pad_value=-3.0))
    padded = plan.padded(np.ones((1, 5, 40, 32), dtype=np.float32))
    assert padded.shape == (1, 8, 40, 32)
    assert padded[0, :, 0, 0].tolist() == [-3.0, 1, 1, 1, 1, 1, -3.0, -3.0]


def test_weights_are_greatest_in_the_middle_and_never_zero() -> None:
    for rule, top in (("nnunet", 10.0), ("monai", None)):
        weights = tile_weights(Tiling(patch=(64, 48, 96), rule=rule))
        assert weights.min() > 0
        assert weights.argmax() in (
            np.ravel_multi_index((32, 24, 48), weights.shape),
            np.ravel_multi_index((31, 23, 47), weights.shape),
        )
        if top is not None:
            assert weights.max() == pytest.approx(top)
    assert tile_weights(Tiling(patch=(9, 9, 9), rule="monai")).min() >= 1e-3
    assert (tile_weights(Tiling(patch=(4, 4, 4), weight="constant")) == 1).all()


@settings(max_examples=25, deadline=None)
@given(
    st.tuples(st.integers(1, 60), st.integers(1, 30), st.integers(1, 30)),
    st.tuples(st.integers(2, 20), st.integers(2, 16), st.integers(2, 16)),
    st.sampled_from(["nnunet", "monai"]),
    st.sampled_from(["gaussian", "constant"]),
    st.sampled_from([0.4, 0.5, 0.75]),
    st.sampled_from([0.0, 0.01, 0.2]),
)
def test_the_rolling_slab_is_the_weighted_mean_of_all_tiles(
    shape: tuple[int, int, int], patch: tuple[int, int, int], rule: str, weight: str, step: float, least: float
) -> None:
    import torch

    plan = plan_tiles(shape, Tiling(patch=patch, rule=rule, weight=weight, step=step), least_share=least)
    generator = np.random.default_rng(0)
    slab = RollingSlab(plan, 2)
    kept = [dict(zip(*pair, strict=True)) for pair in zip(plan.starts, plan.kept, strict=True)]
    sums, counts = np.zeros((2, *plan.shape)), np.zeros(plan.shape)
    weights = tile_weights(plan.tiling).astype(np.float64)
    found = np.full((2, *shape), np.nan)
    for row, z in enumerate(plan.rows()):
        slab.begin_row(row)
        for b, c in plan.in_row():
            tile = generator.normal(size=(2, *patch)).astype(np.float32)
            box = (slice(z, z + patch[0]), slice(b, b + patch[1]), slice(c, c + patch[2]))
            counted = np.zeros_like(weights)
            inner = tuple(slice(*kept[axis][at]) for axis, at in enumerate((z, b, c)))
            counted[inner] = weights[inner]
            sums[(slice(None), *box)] += tile * counted
            counts[box] += counted
            slab.add((b, c), torch.from_numpy(tile))
        last: list[tuple[int, np.ndarray]] = []
        for at, plane in slab.finish_row():
            assert np.isnan(found[:, at]).all()
            # a plane stays as it is until the next one was taken
            for before, values in last:
                assert np.array_equal(found[:, before], values)
            found[:, at], last = plane, [(at, plane)]
    inner = tuple(slice(b, b + n) for b, n in zip(plan.before, shape, strict=True))
    assert np.allclose(found, (sums / counts)[(slice(None), *inner)], atol=2e-5)
    assert slab_bytes(plan, 2, half=False) >= 2 * 4 * patch[0] * plan.shape[1] * plan.shape[2]


def test_only_what_a_neighbour_outweighs_is_left_out() -> None:
    tiling = Tiling(patch=(64, 64, 64))
    whole, less = plan_tiles((64, 128, 200), tiling), plan_tiles((64, 128, 200), tiling, least_share=0.01)
    assert whole.kept == (((0, 64),), ((0, 64),) * 3, ((0, 64),) * 6)
    # the scan's own edges stay, and so does every voxel
    assert less.kept[0] == ((0, 64),)
    assert (less.kept[1][0][0], less.kept[1][-1][1]) == (0, 64)
    assert all(first > 0 and last < 64 for first, last in less.kept[2][1:-1])
    constant = Tiling(patch=(64, 64, 64), weight="constant")
    assert plan_tiles((64, 128, 200), constant, least_share=0.01).kept == plan_tiles((64, 128, 200), constant).kept


def random_fields(seed: int, channels: int, shape: tuple[int, int, int], sigma: float) -> np.ndarray:
    generator = np.random.default_rng(seed)
    fields = np.stack([ndimage.gaussian_filter(generator.normal(size=shape), sigma) for _ in range(channels)])
    return (fields / fields.std() * 3).astype(np.float32)


def labels_of(values: np.ndarray, out: tuple[int, int, int], decision: Decision) -> tuple[np.ndarray, Upsampler]:
    taps = []
    for n, m in zip(values.shape[1:], out, strict=True):
        axis = axis_map(0, m, 1.0, m / n, "edge")
        assert axis.n_net == n
        taps.append(Taps.linear(axis.network_positions(), n))
    upsampler = Upsampler(values.shape[1:], (taps[0], taps[1], taps[2]), decision, len(values))
    found, seen = np.full(out, 65535, dtype=np.uint16), 0
    for z in range(values.shape[1]):
        for planes, numbers in upsampler.take(z, values[:, z]):
            assert planes.start == seen
            seen = planes.stop
            found[planes.start : planes.stop] = numbers
    assert seen == out[0]
    return found, upsampler


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from([2, 3, 5, 9, 25]),
    st.tuples(st.integers(1, 14), st.integers(1, 14), st.integers(1, 14)),
    st.tuples(st.floats(0.4, 4.0), st.floats(0.4, 4.0), st.floats(0.4, 4.0)),
    st.sampled_from([0.5, 1.5, 3.0]),
    st.booleans(),
)
def test_upsampled_labels_are_those_of_full_interpolation(
    seed: int,
    channels: int,
    shape: tuple[int, int, int],
    factors: tuple[float, float, float],
    sigma: float,
    regions: bool,
) -> None:
    values = random_fields(seed, channels, shape, sigma)
    # image sizes whose network grid is exactly `shape`
    out = tuple(max(int(round(n * f)), 1) for n, f in zip(shape, factors, strict=True))
    decision = Decision(thresholds=(0.3,) * channels) if regions else Decision()
    found, _ = labels_of(values, (out[0], out[1], out[2]), decision)
    full = upsampled(values, (out[0], out[1], out[2]))
    if regions:
        truth = np.zeros(out, dtype=np.uint16)
        for channel in range(channels):
            truth[full[channel] > 0.3] = channel + 1
        doubtful = (np.abs(full - 0.3) < 1e-5).any(axis=0)
    else:
        truth = full.argmax(axis=0)
        top = np.sort(full, axis=0)[-2:]
        doubtful = top[1] - top[0] < 1e-5
    assert np.array_equal(found[~doubtful], truth[~doubtful])


def test_ties_go_to_the_lowest_channel() -> None:
    assert greatest(np.array([[1.0, 2.0], [1.0, 3.0], [0.0, 3.0]], dtype=np.float32)).tolist() == [0, 1]
    values = np.zeros((4, 3, 3, 3), dtype=np.float32)
    values[1:3] = 1.0
    found, _ = labels_of(values, (9, 9, 9), Decision())
    assert (found == 1).all()


def test_a_winner_that_wins_at_no_corner_is_found() -> None:
    values = np.zeros((3, 1, 1, 2), dtype=np.float32)
    values[0, 0, 0], values[1, 0, 0], values[2, 0, 0] = (4, 0), (0, 4), (2.5, 2.5)
    found, _ = labels_of(values, (1, 1, 10), Decision())
    assert found[0, 0].tolist() == [0, 0, 0, 0, 2, 2, 1, 1, 1, 1]


def test_time_stays_bounded_where_fields_wiggle() -> None:
    values = random_fields(1, 8, (12, 12, 12), 0.4)
    found, upsampler = labels_of(values, (30, 30, 30), Decision())
    assert upsampler.full_planes > 0
    assert np.array_equal(found, upsampled(values, (30, 30, 30)).argmax(axis=0))


def test_evidence_tells_how_sure_the_boundary_is() -> None:
    ramp = np.linspace(-1, 1, 40, dtype=np.float32)
    evidence = []
    for steepness in (2.0, 40.0):
        values = np.zeros((2, 6, 6, 40), dtype=np.float32)
        values[1] = steepness * ramp
        _, upsampler = labels_of(values, (12, 12, 80), Decision())
        evidence.append(upsampler.boundary)
    soft, sharp = evidence
    assert soft.cells[1] == sharp.cells[1] > 0
    assert soft.margin[1] <= sharp.margin[1]
    assert soft.entropy[1] >= sharp.entropy[1]
    # half of all cells, as sums of probability; the border's own cells make them uneven
    for told in evidence:
        assert told.whole[1] + told.expected[1] == pytest.approx(told.whole[0] + told.expected[0], rel=0.1)
    total = Boundary.empty(2)
    total.add(soft)
    total.add(sharp)
    assert total.cells[1] == 2 * soft.cells[1]


def test_nearest_labels_take_the_nearest_plane() -> None:
    values = random_fields(2, 3, (5, 6, 7), 1.0)
    taps = [Taps.nearest(axis_map(0, 3 * n, 1.0, 3.0, "edge").network_positions(), n) for n in (5, 6, 7)]
    upsampler = Upsampler((5, 6, 7), (taps[0], taps[1], taps[2]), Decision(), 3)
    planes = [numbers for z in range(5) for _, numbers in upsampler.take(z, values[:, z])]
    truth = values.argmax(axis=0).repeat(3, 0).repeat(3, 1).repeat(3, 2)
    assert np.array_equal(np.concatenate(planes), truth)


def tidied(rule: CleanupRule, labels: np.ndarray) -> tuple[np.ndarray, list[str]]:
    before = labels.copy()
    changes = clean(labels, {"a": 1, "b": 2}, [rule], (2.0, 1.0, 1.0))
    after = labels.copy()
    for change in reversed(changes):
        change.take_back(labels)
    assert np.array_equal(labels, before)
    return after, [change.in_words() for change in changes]


def two_pieces() -> np.ndarray:
    labels = np.zeros((12, 20, 20), dtype=np.uint8)
    labels[1:8, 2:12, 2:12] = 1
    labels[3:5, 5:7, 5:7] = 0
    labels[4, 5, 5] = 2
    labels[9:11, 16:18, 16:18] = 1
    return labels


def test_only_the_largest_piece_stays_and_comes_back() -> None:
    after, words = tidied(CleanupRule(rule="keep_largest", labels=("a",)), two_pieces())
    assert not after[9:].any()
    assert words == ["a: 0.0 ml removed (keep largest)"]


def test_small_pieces_go_by_their_volume() -> None:
    after, _ = tidied(CleanupRule(rule="remove_smaller", labels=("a",), volume_ml=0.017), two_pieces())
    assert not after[9:].any()
    after, words = tidied(CleanupRule(rule="remove_smaller", labels=("a",), volume_ml=0.015), two_pieces())
    assert after[9:].any()
    assert words == []


def test_holes_are_filled_but_other_labels_stay() -> None:
    after, _ = tidied(CleanupRule(rule="fill_holes", labels=("a",)), two_pieces())
    assert after[4, 5, 5] == 2
    assert np.count_nonzero(after == 1) == np.count_nonzero(two_pieces() == 1) + 7


def test_inside_and_outside_another_label() -> None:
    after, _ = tidied(CleanupRule(rule="inside", labels=("a",), of=("b",), margin_mm=3.0), two_pieces())
    kept = np.argwhere(after == 1) - (4, 5, 5)
    assert (np.linalg.norm(kept * (2.0, 1.0, 1.0), axis=1) <= 3.0).all()
    assert len(kept)
    after, _ = tidied(CleanupRule(rule="outside", labels=("a",), of=("b",), margin_mm=3.0), two_pieces())
    away = np.argwhere(after == 1) - (4, 5, 5)
    assert (np.linalg.norm(away * (2.0, 1.0, 1.0), axis=1) > 3.0).all()


def test_near_what_a_stage_found_that_is_no_result() -> None:
    rule = CleanupRule(rule="inside", labels=("a",), stage="rough", values=(7,), margin_mm=5.0, grown="steps")
    rough = np.zeros((12, 20, 20), dtype=np.uint16)
    rough[4, 5, 5], rough[10, 17, 17] = 7, 6
    labels = two_pieces()
    clean(labels, {"a": 1, "b": 2}, [rule], (2.0, 1.0, 1.0), found={"rough": rough})
    steps = np.abs(np.argwhere(two_pieces() == 1) - (4, 5, 5)).sum(axis=1)
    # 5 mm are three whole steps of the mean spacing, along faces
    assert np.count_nonzero(labels == 1) == np.count_nonzero(steps <= 3) > 0
    left_out = two_pieces()
    assert clean(left_out, {"a": 1, "b": 2}, [rule], (2.0, 1.0, 1.0)) == []
    with pytest.raises(ValueError, match="of labels or of a stage"):
        CleanupRule(rule="inside", labels=("a",))


def test_a_label_that_is_nowhere_has_no_box() -> None:
    labels = np.zeros((3, 4, 5), dtype=np.uint8)
    assert box_of(labels, 1) is None
    labels[1, 2, 3] = 1
    assert box_of(labels, 1) == (slice(1, 2), slice(2, 3), slice(3, 4))
    assert clean(labels, {"a": 1}, [CleanupRule(rule="keep_largest", labels=("a",))], (1, 1, 1), only=("b",)) == []
