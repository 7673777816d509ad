"""Tools for segmenting by hand, against what geometry says."""

from __future__ import annotations

import numpy as np
import pytest

from planning.by_hand import (
    between,
    boxes,
    growing,
    holes,
    islands,
    logic,
    patches,
    scissors,
    seeds,
    smoothing,
    strokes,
)
from planning.by_hand.patches import Patch, patched
from planning.by_hand.rules import Rules
from planning.by_hand.strokes import Brush, Stroke
from planning.by_hand.threshold import threshold
from planning.errors import Cancelled, InputError
from planning.geometry import Grid
from planning.progress import CancelToken
from planning.volume import Mask, Volume
from viewers.paint_live import LiveLabel

GRID = Grid.from_parts((60, 56, 44), (0.8, 0.9, 1.3), (-20, 13, 5))
TILT = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def places(grid: Grid = GRID) -> np.ndarray:
    """(k, j, i, 3) voxel centres."""
    k, j, i = np.indices(grid.shape_kji)
    return grid.to_world(np.stack([i, j, k], axis=-1))


def ball(radius_mm: float, center_mm: np.ndarray | None = None, grid: Grid = GRID) -> Mask:
    center = grid.center_mm if center_mm is None else center_mm
    return Mask.from_full(grid, np.linalg.norm(places(grid) - center, axis=-1) <= radius_mm)


def empty(grid: Grid = GRID) -> Mask:
    return Mask.from_full(grid, np.zeros(grid.shape_kji, dtype=bool))


def box_mask(box: tuple[slice, slice, slice], grid: Grid = GRID) -> Mask:
    whole = np.zeros(grid.shape_kji, dtype=bool)
    whole[box] = True
    return Mask.from_full(grid, whole)


def ball_ml(radius_mm: float) -> float:
    return 4 / 3 * np.pi * radius_mm**3 / 1000


# strokes


def _asked(brush: Brush, start: np.ndarray, end: np.ndarray, grid: Grid) -> np.ndarray:
    """Every voxel asked for its distance to the stroke."""
    away, way = places(grid) - start, end - start
    if brush.normal is not None:
        flat = np.eye(3) - np.outer(brush.normal, brush.normal)
        height = away @ brush.normal
        away, way = away @ flat, way @ flat
        axes = np.abs(grid.direction.T @ brush.normal) * grid.spacing_mm
        near = np.abs(height) <= max(brush.thickness_mm, axes.max()) / 2
    else:
        near = np.ones(grid.shape_kji, dtype=bool)
    share = np.clip(away @ way / max(way @ way, 1e-12), 0, 1)
    return near & (np.linalg.norm(away - share[..., None] * way, axis=-1) <= brush.radius_mm)


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("turned", [False, True])
def test_a_stroke_covers_what_lies_within_its_radius(
    is_large: bool, turned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strokes, "LARGE_SWEEP", 0 if is_large else 1 << 40)
    grid = Grid.from_parts((40, 36, 30), (0.7, 1.1, 1.6), (3, -8, 40), TILT if turned else None)
    random = np.random.default_rng(3)
    for trial in range(12):
        normal = random.normal(size=3)
        normal = np.eye(3)[trial % 3] if trial < 3 else normal / np.linalg.norm(normal)
        points = grid.to_world(random.uniform(-3, 40, (3, 3)))
        for brush in (Brush("sphere", random.uniform(0.8, 11)), Brush("disc", 7.0, normal, random.uniform(0, 6))):
            if brush.normal is not None:
                points = points - np.outer((points - points[0]) @ normal, normal)
            stroke = Stroke(empty(grid), brush)
            for point in points:
                stroke.move(point)
            wanted = _asked(brush, points[0], points[1], grid) | _asked(brush, points[1], points[2], grid)
            # a plane midway between two slices paints one of them: there the definition knows both
            assert np.count_nonzero(wanted ^ stroke.changed) <= 2


def test_a_disc_at_any_height_paints_one_slice() -> None:
    for height in (10.0, 10.3, 10.5, 10.5 + 1e-9, 10.9):
        stroke = Stroke(empty(), Brush("disc", 6.0, np.array((0.0, 0.0, 1.0))))
        stroke.move(GRID.to_world((30, 28, height)))
        assert np.count_nonzero(stroke.changed.any(axis=(1, 2))) == 1


def test_a_fast_stroke_has_no_gaps() -> None:
    stroke = Stroke(empty(), Brush("sphere", 2.5))
    for i in (5, 50):
        stroke.move(GRID.to_world((i, 28, 22)))
    assert stroke.changed[22, 28, 5:51].all()


def test_a_sphere_has_its_volume() -> None:
    fine = Grid.from_parts((80, 80, 80), (0.25, 0.25, 0.25))
    stroke = Stroke(empty(fine), Brush("sphere", 8.0))
    stroke.move(fine.center_mm)
    patch = stroke.patch()
    assert patch is not None
    assert patch.gained * fine.voxel_mm3 / 1000 == pytest.approx(ball_ml(8.0), rel=0.01)


def test_erasing_what_was_painted_leaves_nothing() -> None:
    mask, path = empty(), [GRID.to_world((i, 20 + i / 3, 20)) for i in range(10, 40, 6)]
    brush = Brush("sphere", 5.0)
    painting = Stroke(mask, brush)
    for point in path:
        painting.move(point)
    painted = patched(mask, painting.patch())
    erasing = Stroke(painted, brush, erase=True)
    for point in path:
        erasing.move(point)
    assert patched(painted, erasing.patch()).voxel_count == 0
    assert Stroke(painted, brush).move(path[0]) is None, "what is painted already changes nothing"


def test_what_a_stroke_tells_is_what_changes() -> None:
    mask = ball(9.0)
    stroke = Stroke(mask, Brush("sphere", 4.0))
    told = stroke.move(GRID.center_mm + (9.0, 0, 0))
    assert told is not None
    assert stroke.box == told
    after = patched(mask, stroke.patch())
    whole = boxes.whole(GRID)
    assert np.array_equal(stroke.after(whole), after.full())
    assert np.array_equal(after.full() ^ mask.full(), stroke.changed)
    outside = stroke.changed.copy()
    outside[told] = False
    assert not outside.any()


def test_a_stroke_beyond_the_image_changes_nothing() -> None:
    stroke = Stroke(empty(), Brush("sphere", 4.0))
    assert stroke.move(GRID.to_world((-30, 5, 5))) is None
    assert stroke.move(GRID.to_world((-40, 5, 5))) is None
    assert stroke.patch() is None


def _two_tissues(noise: float = 8.0) -> Volume:
    values = np.where(places()[..., 0] < GRID.center_mm[0], 110.0, 180.0)
    values += np.random.default_rng(0).normal(0, noise, GRID.shape_kji)
    return Volume(GRID, values.astype(np.int16))


def test_a_smart_stroke_stays_on_its_side_of_an_edge() -> None:
    edge_mm = GRID.center_mm[0]
    stroke = Stroke(empty(), Brush("sphere", 9.0), volume=_two_tissues(), smart=True)
    stroke.move(GRID.center_mm - (4.0, 0, 0))
    x = places()[..., 0]
    covered = np.linalg.norm(places() - (GRID.center_mm - (4.0, 0, 0)), axis=-1) <= 9.0
    own, other = covered & (x < edge_mm - 1.0), covered & (x > edge_mm + 1.0)
    assert stroke.changed[own].mean() > 0.97
    assert stroke.changed[other].mean() < 0.01


def test_a_smart_brush_wider_than_a_vessel_means_the_vessel_it_was_put_on() -> None:
    away = np.linalg.norm((places() - GRID.center_mm)[..., :2], axis=-1)
    values = np.where(away < 3.0, 220.0, 110.0) + np.random.default_rng(0).normal(0, 8.0, GRID.shape_kji)
    stroke = Stroke(empty(), Brush("sphere", 10.0), volume=Volume(GRID, values.astype(np.int16)), smart=True)
    stroke.move(GRID.center_mm)
    covered = np.linalg.norm(places() - GRID.center_mm, axis=-1) <= 10.0
    assert stroke.changed[covered & (away < 1.5)].mean() > 0.97
    assert stroke.changed[covered & (away > 4.5)].mean() < 0.01


def test_a_stroke_knows_where_the_rules_hold_all_of_it_up() -> None:
    grid = Grid.from_parts((20, 20, 20), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
    empty = Mask.from_full(grid, np.zeros(grid.shape_kji, dtype=bool))
    half = np.zeros(grid.shape_kji, dtype=bool)
    half[..., :10] = True
    stroke = Stroke(empty, Brush("sphere", 2.0), Rules(keep_out=(Mask.from_full(grid, half),)))
    assert stroke.move((5.0, 10.0, 10.0)) is None
    assert stroke.held_up is not None
    stroke.move((15.0, 10.0, 10.0))
    assert stroke.held_up is None, "a part of it was painted"
    again = Stroke(Mask.from_full(grid, half), Brush("sphere", 2.0), Rules())
    assert again.move((5.0, 10.0, 10.0)) is None
    assert again.held_up is None, "it was painted before"


def test_a_range_is_obeyed() -> None:
    volume = _two_tissues(0.0)
    stroke = Stroke(empty(), Brush("sphere", 9.0), Rules(band_hu=(150, 200)), volume=volume)
    stroke.move(GRID.center_mm)
    assert stroke.changed.any()
    assert (volume.voxels[stroke.changed] >= 150).all()
    with pytest.raises(InputError, match="image"):
        Stroke(empty(), Brush("sphere", 9.0), Rules(band_hu=(150, 200)))


@pytest.mark.parametrize("large", [0, 1 << 40])
def test_rules_hold_for_every_kind_of_sweep(large: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strokes, "LARGE_SWEEP", large)
    liver, vein = ball(14.0), ball(5.0)
    rules = Rules.over(
        "tumor", {"liver": liver, "vein": vein, "tumor": empty()}, paint_over=("liver",), only_inside=["liver"]
    )
    stroke = Stroke(empty(), Brush("sphere", 8.0), rules)
    for away in (10.0, 6.0, 0.0):
        stroke.move(GRID.center_mm + (away, 0, 0))
    assert stroke.changed.any()
    assert not (stroke.changed & vein.full()).any()
    assert not (stroke.changed & ~liver.full()).any()


def test_others_lose_what_is_painted_over_but_locked_ones_do_not() -> None:
    masks = {"a": empty(), "b": ball(6.0), "c": ball(6.0, GRID.center_mm + (10.0, 0, 0))}
    rules = Rules.over("a", masks, take=True, locked=["c"])
    stroke = Stroke(masks["a"], Brush("sphere", 8.0), rules)
    stroke.move(GRID.center_mm + (5.0, 0, 0))
    patch = stroke.patch()
    spread = rules.spread("a", patch, masks["a"])
    assert set(spread) == {"a", "b"}
    painted, left = patched(masks["a"], patch).full(), patched(masks["b"], spread["b"]).full()
    assert not (painted & left).any()
    assert np.array_equal(painted | left, painted | masks["b"].full())
    assert not (painted & masks["c"].full()).any()


def test_rules_refuse_what_cannot_be() -> None:
    with pytest.raises(InputError, match="upper"):
        Rules.over("a", {"a": empty()}, band_hu=(5, 1))
    with pytest.raises(InputError, match="spleen"):
        Rules.over("a", {"a": empty()}, only_inside=["spleen"])


def test_a_tools_answer_is_limited_by_the_rules() -> None:
    old, shut = ball(8.0), ball(6.0, GRID.center_mm + (8.0, 0, 0))
    patch = Rules(keep_out=(shut,)).limit(old, growing.grow(old, 3.0))
    new = patched(old, patch).full()
    assert not (new & shut.full() & ~old.full()).any()
    assert new.sum() > old.voxel_count
    assert Rules().limit(old, old) is None


# patches


def test_an_edit_shares_pages_and_changes_no_earlier_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "SHARED_FROM_BYTES", 0)
    monkeypatch.setattr("planning.by_hand.pages.MOST_OWN_PAGES", 6)
    random = np.random.default_rng(1)
    masks = [Mask(GRID, (0, 0, 0), random.random(GRID.shape_kji) < 0.5)]
    fulls = [masks[0].full()]
    for turn in range(40):
        # some go on from an earlier mask, and some masks are let go of
        before = int(random.integers(max(0, len(masks) - 5), len(masks)))
        start = random.integers(0, (40, 40, 30))
        bits = random.random(random.integers(1, 12, 3)) < 0.5
        bits.flat[0] = True
        box = boxes.box_of(tuple(int(n) for n in start), tuple(bits.shape[::-1]))
        new = patched(masks[before], Patch.of(bits, box, masks[before]))
        full = fulls[before].copy()
        full[box] ^= bits
        masks.append(new)
        fulls.append(full)
        if turn % 10 == 9:
            del masks[:4], fulls[:4]
        for mask, wanted in zip(masks, fulls, strict=True):
            assert np.array_equal(mask.full(), wanted)


def test_masks_tell_where_they_differ() -> None:
    first = ball(9.0)
    stroke = Stroke(first, Brush("sphere", 3.0))
    stroke.move(GRID.center_mm + (9.0, 0, 0))
    second = patched(first, stroke.patch())
    stroke = Stroke(second, Brush("sphere", 3.0), erase=True)
    stroke.move(GRID.center_mm - (9.0, 0, 0))
    third = patched(second, stroke.patch())
    for new, old in ((third, first), (first, third), (third, second)):
        box = new.changed_box(old)
        assert box is not None
        differ = new.full() ^ old.full()
        assert differ[box].sum() == differ.sum() > 0
    assert boxes.is_empty(third.changed_box(third))
    assert third.changed_box(ball(9.0)) is None


def test_a_mask_counts_its_voxels_along() -> None:
    mask = Mask(GRID, (0, 0, 0), ball(9.0).full(), count=ball(9.0).voxel_count)
    stroke = Stroke(mask, Brush("sphere", 3.0))
    stroke.move(GRID.center_mm + (9.0, 0, 0))
    new = patched(mask, stroke.patch())
    assert new.count == np.count_nonzero(new.voxels) > mask.count


# growing, hollow, smoothing


@pytest.mark.parametrize("mm", [3.0, -3.0, 6.5, -7.0])
def test_a_ball_grows_and_shrinks_by_millimetres(mm: float) -> None:
    grid = Grid.from_parts((110, 90, 80), (0.5, 0.6, 0.8))
    grown = growing.grow(ball(12.0, grid=grid), mm)
    radius = np.cbrt(grown.volume_ml * 1000 * 3 / 4 / np.pi)
    assert radius == pytest.approx(12.0 + mm, abs=0.25)
    away = np.linalg.norm(places(grid)[grown.full()] - grid.center_mm, axis=-1)
    # what is left of a ball may be a part of a voxel further out than the ball's edge would be
    assert away.max() <= 12.0 + mm + (1e-6 if mm > 0 else 0.5)


def test_growing_is_exact_and_knows_no_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planning.by_hand.blocks.BLOCK", 8)
    random = np.random.default_rng(0)
    inside = random.random(GRID.shape_kji) < 0.0005
    mask = Mask.from_full(GRID, inside)
    at_voxels = places()
    wanted = np.zeros(GRID.shape_kji, dtype=bool)
    for point in at_voxels[inside]:
        wanted |= np.linalg.norm(at_voxels - point, axis=-1) <= 4.03
    grown = growing.grow(mask, 4.03)
    assert np.array_equal(grown.full(), wanted)
    # shrinking is growing of the outside
    back = growing.grow(grown, -4.03).full()
    assert (back >= inside).all()
    assert (back <= wanted).all()
    for point in at_voxels[wanted & ~back][::50]:
        assert np.linalg.norm(at_voxels[~wanted] - point, axis=-1).min() <= 4.03 + 1e-4
    for point in at_voxels[back][::50]:
        assert np.linalg.norm(at_voxels[~wanted] - point, axis=-1).min() > 4.03


def test_what_the_images_edge_cuts_does_not_shrink_from_there() -> None:
    half = box_mask((slice(0, 20), slice(0, 56), slice(0, 60)))
    shrunk = growing.grow(half, -2.0 * 1.3).full()
    assert shrunk[:17].all()
    assert not shrunk[18:].any()


@pytest.mark.parametrize(("where", "outer", "inner"), [("inside", 10, 7), ("outside", 13, 10), ("centred", 11.5, 8.5)])
def test_a_shell_has_its_wall(where: str, outer: float, inner: float) -> None:
    grid = Grid.from_parts((100, 100, 100), (0.4, 0.4, 0.4))
    shell = growing.hollow(ball(10.0, grid=grid), 3.0, where)  # type: ignore[arg-type]
    assert shell.volume_ml == pytest.approx(ball_ml(outer) - ball_ml(inner), rel=0.06)
    away = np.linalg.norm(places(grid)[shell.full()] - grid.center_mm, axis=-1)
    assert away.min() >= inner - 0.3
    with pytest.raises(InputError, match="wall"):
        growing.hollow(shell, 0.0)


@pytest.mark.parametrize("where", ["inside", "outside", "centred"])
def test_a_shell_is_closed_where_slices_are_thicker_than_its_wall(where: growing.Where) -> None:
    from scipy import ndimage

    grid = Grid.from_parts((90, 90, 24), (0.4, 0.4, 2.5))
    solid = ball(12.0, grid=grid)
    shell = growing.hollow(solid, 2.0, where)
    # what lies within cannot reach the outside through faces: one way round, one within, and no others
    pieces, count = ndimage.label(~shell.full())
    assert count == 2
    middle = tuple(size // 2 for size in grid.shape_kji)
    assert pieces[middle] != pieces[0, 0, 0]
    # as far as the column through the middle meets the wall
    column = shell.full()[:, middle[1], middle[2]]
    told = growing.wall_reached_mm(grid, 2.0, where)
    assert 2.5 * np.count_nonzero(column) == pytest.approx(2 * told[2])
    row = shell.full()[middle[0], middle[1]]
    assert 0.4 * np.count_nonzero(row) == pytest.approx(2 * told[0])
    # a wall in the very edge of the image is none, as for what the edge cuts
    cut = growing.hollow(box_mask((slice(0, 20), slice(10, 40), slice(10, 40))), 1.0, "inside")
    assert not cut.full()[0, 20, 20]


@pytest.mark.parametrize("how", ["median", "gaussian", "open", "close"])
def test_smoothing_takes_noise_and_leaves_the_ball(how: str) -> None:
    clean = ball(13.0)
    noise = np.random.default_rng(0).random(GRID.shape_kji)
    # specks for what takes away, pits for what fills
    rough = clean.full() & (noise > 0.02) if how == "close" else clean.full() | (noise > 0.995)
    if how in ("median", "gaussian"):
        rough &= noise > 0.02
    smoothed = smoothing.smooth(Mask.from_full(GRID, rough), 1.4, how)  # type: ignore[arg-type]
    left = np.count_nonzero(smoothed.full() ^ clean.full())
    assert left < 0.4 * np.count_nonzero(rough ^ clean.full())
    assert smoothed.volume_ml == pytest.approx(clean.volume_ml, rel=0.04)


def test_neighbours_are_smoothed_without_gaps() -> None:
    inside, x = ball(14.0).full(), places()[..., 0]
    zigzag = GRID.center_mm[0] + 1.6 * ((places()[..., 1] // 1.8) % 2)
    masks = {"a": Mask.from_full(GRID, inside & (x < zigzag)), "b": Mask.from_full(GRID, inside & (x >= zigzag))}
    smoothed = smoothing.smooth_together(masks, 1.5)
    a, b = smoothed["a"].full(), smoothed["b"].full()
    assert not (a & b).any()
    core = ball(10.0).full()
    assert (a | b)[core].all()

    def border(one: np.ndarray, two: np.ndarray) -> int:
        return int((one[:, 1:] & two[:, :-1]).sum() + (two[:, 1:] & one[:, :-1]).sum())

    assert border(a & core, b & core) < 0.3 * border(masks["a"].full() & core, masks["b"].full() & core)
    with pytest.raises(InputError, match="overlap"):
        smoothing.smooth_together({"a": masks["a"], "c": ball(5.0)}, 1.0)


# islands and holes


@pytest.mark.parametrize("slab", [1, 1 << 20])
def test_islands(slab: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planning.by_hand.pieces.SLAB_VOXELS", slab)
    monkeypatch.setattr("planning.by_hand.pieces.KEPT_SLABS", 3)
    center = GRID.center_mm
    balls = [ball(8.0, center - (12.0, 0, 0)), ball(5.0, center + (8.0, 0, 0)), ball(2.0, center + (0, 15.0, 0))]
    mask = Mask.from_full(GRID, np.logical_or.reduce([one.full() for one in balls]))
    assert np.array_equal(islands.largest(mask).full(), balls[0].full())
    assert islands.largest(mask, 2).voxel_count == balls[0].voxel_count + balls[1].voxel_count
    assert np.array_equal(islands.clicked(mask, center + (8.0, 0, 0)).full(), balls[1].full())
    kept = islands.without_small(mask, ball_ml(3.0))
    assert kept.voxel_count == balls[0].voxel_count + balls[1].voxel_count
    parts = islands.split(mask)
    assert [np.array_equal(part.full(), one.full()) for part, one in zip(parts, balls, strict=True)] == [True] * 3
    assert len(islands.split(mask, ball_ml(3.0))) == 2
    with pytest.raises(InputError, match="not there"):
        islands.clicked(mask, center + (0, -20.0, 0))


def test_pieces_wind_through_slabs_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planning.by_hand.pieces.SLAB_VOXELS", 1)
    whole = np.zeros(GRID.shape_kji, dtype=bool)
    whole[5:30, 10, 10] = whole[5:30, 10, 20] = True
    whole[29, 10, 10:21] = True
    assert islands.largest(Mask.from_full(GRID, whole)).voxel_count == whole.sum()


def test_too_many_pieces_are_refused() -> None:
    whole = np.zeros(GRID.shape_kji, dtype=bool)
    whole[::2, ::4, ::4] = True
    with pytest.raises(InputError, match="pieces"):
        islands.split(Mask.from_full(GRID, whole))


@pytest.mark.parametrize("slab", [1, 1 << 20])
def test_holes_are_filled_in_2d_and_in_3d(slab: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planning.by_hand.pieces.SLAB_VOXELS", slab)
    outer = ball(12.0).full()
    hole = ball(5.0).full()
    closed = Mask.from_full(GRID, outer & ~hole)
    assert np.array_equal(holes.fill_holes(closed).full(), outer)
    # a canal along k makes it a hole in slices across k only
    canal = np.zeros_like(outer)
    canal[:, 26:30, 28:32] = True
    open_ = Mask.from_full(GRID, outer & ~hole & ~canal)
    assert np.array_equal(holes.fill_holes(open_).full(), open_.full())
    assert np.array_equal(holes.fill_holes(open_, "k").full(), outer & (holes.fill_holes(open_, "k").full() | ~canal))
    assert holes.fill_holes(open_, "k").voxel_count > 0.97 * outer.sum()
    for axis, canal_axis in (("i", 2), ("j", 1)):
        along = Mask.from_full(GRID, np.moveaxis(np.moveaxis(outer & ~hole, canal_axis, 0), 0, canal_axis))
        assert np.array_equal(holes.fill_holes(along, axis).full(), outer)  # type: ignore[arg-type]


# between slices


@pytest.mark.parametrize(("axis", "number"), [("k", 0), ("j", 1), ("i", 2)])
def test_a_cone_grows_between_two_circles(axis: str, number: int) -> None:
    grid = Grid.from_parts((70, 70, 70), (0.8, 0.8, 0.8))
    k, j, i = (np.moveaxis(np.indices(grid.shape_kji), number + 1, 1))[[number, *[n for n in range(3) if n != number]]]
    away = np.hypot(j - 34.5, i - 34.5)
    cone = away <= 8 + (k - 20) * (24 - 8) / 30
    painted = np.where((k == 20) | (k == 50), cone, False)
    painted, cone = (np.moveaxis(part, 0, number) for part in (painted, cone & (k >= 20) & (k <= 50)))
    filled = between.fill_between(Mask.from_full(grid, painted), axis).full()  # type: ignore[arg-type]
    assert np.count_nonzero(filled ^ cone) < 0.02 * cone.sum()
    assert np.array_equal(filled & painted, painted)


def test_shapes_that_do_not_overlap_are_joined_by_a_leaning_tube() -> None:
    grid = Grid.from_parts((60, 30, 21), (1.0, 1.0, 1.0))
    k, j, i = np.indices(grid.shape_kji)
    tube = np.hypot(j - 15, i - (8 + 2 * k)) <= 5.2
    painted = tube & np.isin(k, (0, 20))
    filled = between.fill_between(Mask.from_full(grid, painted), "k").full()
    assert np.count_nonzero(filled ^ tube) < 0.06 * tube.sum()


def test_no_gap_is_told() -> None:
    with pytest.raises(InputError, match="empty slices"):
        between.fill_between(ball(8.0), "k")


# scissors


def _square(middle: tuple[float, float], half: float) -> np.ndarray:
    return np.array(middle) + half * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])


def test_scissors_cut_straight_through_in_any_plane() -> None:
    mask = ball(14.0)
    away = places() - GRID.center_mm
    for right, down in (((1, 0, 0), (0, 1, 0)), ((0, 1, 0), (0, 0, -1)), ((0.8, 0.6, 0), (-0.36, 0.48, 0.8))):
        right, down = np.array(right, float), np.array(down, float)
        view = scissors.Projection.of_plane(GRID.center_mm, right, down)
        u, v, height = away @ right, away @ down, away @ np.cross(right, down)
        # not at voxel centres, where rounding decides
        inside = (np.abs(u - 2.03) <= 5.013) & (np.abs(v - 1.07) <= 5.013)
        polygon = _square((2.03, 1.07), 5.013)
        assert np.array_equal(scissors.cut(mask, polygon, view).full(), mask.full() & ~inside)
        assert np.array_equal(scissors.cut(mask, polygon, view, keep_inside=True).full(), mask.full() & inside)
        near = np.abs(height) <= 3.33
        assert np.array_equal(scissors.cut(mask, polygon, view, depth_mm=3.33).full(), mask.full() & ~(inside & near))
        assert np.array_equal(scissors.fill(mask, polygon, view, 3.33).full(), mask.full() | (inside & near))


def test_scissors_follow_a_freehand_line_and_count_crossings_as_inside() -> None:
    turns = np.linspace(0, 4 * np.pi, 400, endpoint=False)
    twice_round = 9.0 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    view = scissors.Projection.of_plane(GRID.center_mm, np.array((1.0, 0, 0)), np.array((0, 1.0, 0)))
    mask = ball(14.0)
    left = scissors.cut(mask, twice_round, view).full()
    radius = np.linalg.norm((places() - GRID.center_mm)[..., :2], axis=-1)
    assert not left[radius < 8.95].any()
    assert np.array_equal(left[radius > 9.05], mask.full()[radius > 9.05])


def test_scissors_cut_through_a_camera() -> None:
    mask = ball(13.0)
    eye = GRID.center_mm + (15.0, -80.0, 20.0)
    forward = (GRID.center_mm - eye) / np.linalg.norm(GRID.center_mm - eye)
    right = np.cross(forward, (0, 0, 1.0))
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = [right, up, forward], -np.array([right, up, forward]) @ eye
    matrix[3] = matrix[2]
    polygon = _square((0.03, 0.02), 0.061)
    away = places() - eye
    x, y = away @ right / (away @ forward), away @ up / (away @ forward)
    inside = (np.abs(x - 0.03) < 0.061) & (np.abs(y - 0.02) < 0.061)
    got = scissors.cut(mask, polygon, scissors.Projection.of_camera(matrix)).full()
    assert np.count_nonzero(got ^ (mask.full() & ~inside)) <= 0.001 * mask.voxel_count
    assert 0 < got.sum() < mask.voxel_count
    # from within: what lies behind the eye is never cut
    inner = matrix.copy()
    inner[:3, 3] = -np.array([right, up, forward]) @ GRID.center_mm
    inner[3] = inner[2]
    got = scissors.cut(mask, _square((0, 0), 50.0), scissors.Projection.of_camera(inner)).full()
    behind = (places() - GRID.center_mm) @ forward < 0
    assert np.array_equal(got & behind, mask.full() & behind)
    assert got.sum() < 0.6 * mask.voxel_count


@pytest.mark.parametrize(
    "polygon", [[(0, 0), (1, 1)], [(0, 0), (1, 1), (2, 2), (0, 0)][:2] * 2, [(0, 0), (1, 0), (2, 0)]]
)
def test_a_cut_without_an_area_is_refused(polygon: list) -> None:
    view = scissors.Projection.of_plane(GRID.center_mm, np.array((1.0, 0, 0)), np.array((0, 1.0, 0)))
    if np.ptp(np.array(polygon), axis=0).min() > 0 and len(polygon) > 2:
        assert scissors.cut(ball(5.0), polygon, view).voxel_count == ball(5.0).voxel_count
        return
    with pytest.raises(InputError):
        scissors.cut(ball(5.0), polygon, view)


# threshold, logic, seeds


def test_a_threshold_obeys_box_and_masks() -> None:
    volume = _two_tissues(0.0)
    bright = volume.voxels > 150
    assert np.array_equal(threshold(volume, 150, 250).full(), bright)
    liver = ball(9.0)
    assert np.array_equal(threshold(volume, 150, 250, within=[liver]).full(), bright & liver.full())
    roi = (slice(3, 9), slice(0, 20), slice(10, 60))
    wanted = np.zeros_like(bright)
    wanted[roi] = bright[roi]
    assert np.array_equal(threshold(volume, 150, 250, roi=roi).full(), wanted)
    assert threshold(volume, 900, 1000).voxel_count == 0
    with pytest.raises(InputError, match="upper"):
        threshold(volume, 2, 1)


def test_logic() -> None:
    a, b = ball(8.0), ball(8.0, GRID.center_mm + (7.0, 0, 0))
    for how, wanted in (
        ("add", a.full() | b.full()),
        ("subtract", a.full() & ~b.full()),
        ("intersect", a.full() & b.full()),
        ("invert", b.full() & ~a.full()),
    ):
        assert np.array_equal(logic.combine(how, a, b).full(), wanted)  # type: ignore[arg-type]
    far = box_mask((slice(0, 2), slice(0, 2), slice(0, 2)))
    assert logic.combine("intersect", a, far).voxel_count == 0


@pytest.mark.parametrize("most", [4_000_000, 20_000])
def test_seeds_grow_to_the_images_edges(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeds, "MOST_VOXELS", most)
    truth = ball(11.0).full()
    values = np.where(truth, 140.0, 60.0) + np.random.default_rng(0).normal(0, 12, GRID.shape_kji)
    volume = Volume(GRID, values.astype(np.int16))
    frame = np.ones(GRID.shape_kji, dtype=bool)
    frame[2:-2, 2:-2, 2:-2] = False
    marks = {"tumor": ball(3.0), "rest": Mask.from_full(GRID, frame)}
    grown = seeds.grow_from_seeds(volume, marks)
    got = grown["tumor"].full()
    assert 2 * np.count_nonzero(got & truth) / (got.sum() + truth.sum()) > (0.95 if most > 100_000 else 0.9)
    assert not (got & grown["rest"].full()).any()
    assert (got >= marks["tumor"].full()).all()
    with pytest.raises(InputError, match="two"):
        seeds.grow_from_seeds(volume, {"tumor": marks["tumor"], "rest": empty()})
    with pytest.raises(InputError, match="overlap"):
        seeds.grow_from_seeds(volume, {"tumor": marks["tumor"], "rest": ball(4.0)})


def test_a_seed_in_the_boxs_last_voxels_grows_on_coarse_ones_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeds, "MOST_VOXELS", 2000)
    grid = Grid.from_parts((41, 41, 41), (1.0, 1.0, 1.0))
    bright = np.zeros(grid.shape_kji, dtype=bool)
    bright[:, :, 21:] = True
    first, last = np.zeros_like(bright), np.zeros_like(bright)
    first[20, 20, 2], last[20, 20, 40] = True, True
    grown = seeds.grow_from_seeds(
        Volume(grid, np.where(bright, 500, 0).astype(np.int16)),
        {"a": Mask.from_full(grid, first), "b": Mask.from_full(grid, last)},
        (slice(0, 41), slice(0, 41), slice(0, 41)),
    )
    assert grown["b"].voxel_count == pytest.approx(int(bright.sum()), rel=0.05)


def test_tools_stop_when_asked() -> None:
    cancel = CancelToken()
    cancel.set()
    view = scissors.Projection.of_plane(GRID.center_mm, np.array((1.0, 0, 0)), np.array((0, 1.0, 0)))
    mask = ball(10.0)
    for work in (
        lambda: growing.grow(mask, 2.0, cancel=cancel),
        lambda: smoothing.smooth(mask, 2.0, cancel=cancel),
        lambda: smoothing.smooth_together({"a": mask}, 2.0, cancel=cancel),
        lambda: islands.largest(mask, cancel=cancel),
        lambda: holes.fill_holes(mask, cancel=cancel),
        lambda: threshold(_two_tissues(), 0, 100, cancel=cancel),
        lambda: scissors.cut(mask, _square((0, 0), 3.0), view, cancel=cancel),
        lambda: between.fill_between(box_mask((slice(0, 9, 4), slice(3, 9), slice(3, 9))), "k", cancel=cancel),
        lambda: seeds.grow_from_seeds(
            _two_tissues(), {"a": ball(2.0), "b": ball(2.0, GRID.center_mm + (9.0, 0, 0))}, cancel=cancel
        ),
    ):
        with pytest.raises(Cancelled):
            work()


def test_what_lies_on_another_grid_is_refused() -> None:
    moved = Grid.from_parts(GRID.size_ijk, GRID.spacing_mm, (0.0, 0.0, 0.0))
    volume, mask = Volume(moved, np.zeros(GRID.shape_kji, dtype=np.int16)), ball(6.0)
    for work in (
        lambda: Stroke(mask, Brush("sphere", 3.0), volume=volume),
        lambda: Rules(band_hu=(0, 1)).limit(mask, ball(7.0), volume),
        lambda: logic.combine("add", mask, ball(6.0, grid=moved)),
        lambda: threshold(volume, 0, 1, within=[mask]),
        lambda: smoothing.smooth_together({"a": mask, "b": ball(1.0, grid=moved)}, 1.0),
        lambda: seeds.grow_from_seeds(volume, {"a": mask, "b": ball(1.0, GRID.center_mm + (12.0, 0, 0))}),
        lambda: Patch.between(mask, ball(6.0, grid=moved)),
    ):
        with pytest.raises(InputError, match="grid"):
            work()


def test_a_system_without_shared_memory_copies_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no more handles")

    monkeypatch.setattr(patches, "SHARED_FROM_BYTES", 0)
    mask = ball(9.0)
    erasing = Stroke(mask, Brush("sphere", 3.0), erase=True)
    erasing.move(GRID.center_mm)
    patch = erasing.patch()
    first = patched(mask, patch)
    monkeypatch.setattr("planning.by_hand.pages._mapping", refuse)
    for before, wanted in ((ball(9.0), first.full()), (first, mask.full())):
        assert np.array_equal(patched(before, patch).full(), wanted)


def test_threads_that_read_a_mask_never_see_an_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    monkeypatch.setattr(patches, "SHARED_FROM_BYTES", 0)
    monkeypatch.setattr("planning.by_hand.pages.MOST_OWN_PAGES", 3)
    random = np.random.default_rng(2)
    voxels = random.random(GRID.shape_kji) < 0.5
    first = Mask(GRID, (0, 0, 0), voxels, count=np.count_nonzero(voxels))
    mask = patched(first, Patch.of(np.ones((1, 1, 1), dtype=bool), boxes.box_of((0, 0, 0), (1, 1, 1)), first))
    wanted, torn, stop = mask.voxels.copy(), [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            if not np.array_equal(mask.voxels, wanted):
                torn.append(True)

    def edit(seed: int) -> None:
        own, newest = np.random.default_rng(seed), mask
        for _ in range(150):
            bits = own.random((6, 8, 9)) < 0.7
            start = tuple(int(n) for n in own.integers(0, (50, 46, 36)))
            newest = patched(newest, Patch.of(bits, boxes.box_of(start, (9, 8, 6)), newest))
        if np.count_nonzero(newest.voxels) != newest.voxel_count:
            torn.append(True)

    reader = threading.Thread(target=read)
    editors = [threading.Thread(target=edit, args=(seed,)) for seed in range(2)]
    for thread in (reader, *editors):
        thread.start()
    for thread in editors:
        thread.join()
    stop.set()
    reader.join()
    assert not torn


@pytest.mark.parametrize("erase", [False, True])
def test_a_large_brush_shows_all_that_it_changes_and_nothing_else(erase: bool) -> None:
    grid = Grid.from_parts((150, 140, 90), (0.8, 0.8, 1.0))
    k, j, i = np.ogrid[:90, :140, :150]
    mask = Mask.from_full(grid, (k - 45) ** 2 + (j - 50) ** 2 + 0 * i < 30**2)
    stroke, live = Stroke(mask, Brush("sphere", 35.0), erase=erase), LiveLabel("organ", mask, "#E0503F")
    whole, told, by_voxel = boxes.whole(grid), [], 0
    live.subscribe(told.append)
    for place in ((52, 52, 45), (55, 54, 45), (60, 54, 47), (66, 60, 47)):
        before = live.inside(whole)
        box = stroke.move(grid.to_world(place))
        assert box is not None
        live.follow(stroke, box)
        by_voxel += stroke.fresh is not None
        after = live.inside(whole)
        assert np.array_equal(after, stroke.after(whole))
        changed = before ^ after
        assert told[-1] == box
        assert changed[box].sum() == changed.sum()
    assert by_voxel == 3, "the brush is large enough to be followed by voxels"
