"""Slices of a volume at the pixels of a pane: every value where the geometry says, on straight and oblique planes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planning.geometry import Grid, Plane, unit
from planning.volume import Mask, Volume
from viewers.label_layer import LabelLayer, cut_mask, over
from viewers.lut import OUTSIDE, windowed
from viewers.over_layer import OverLayer
from viewers.overlay import ContourItem, LabelItem, OverItem
from viewers.pane_geometry import PaneGeometry, moved_by_slices, pane_geometry, slice_step_mm
from viewers.plan_shapes import chords, crossings, cut_trace, near_pieces
from viewers.reslice import Reslicer
from viewers.sagittal import BLOCK_SLICES, SagittalSlices
from viewers.turning import turned
from viewers.view_state import SLICES, PaneView, ViewState, aligned_frame, vec

SIZE = (40, 34, 28)
SLOPES = np.array((7.0, -5.0, 11.0))


def feet_first_direction() -> np.ndarray:
    """Feet first (i to the right side, k to the feet) and turned about an odd axis."""
    feet_first = np.diag((-1.0, 1.0, -1.0))
    axis = unit((0.3, -0.5, 0.8))
    return np.stack([turned(feet_first[:, n], axis, 0.4) for n in range(3)], axis=1)


def make_grid(kind: str) -> Grid:
    direction = np.eye(3) if kind == "straight" else feet_first_direction()
    return Grid.from_parts(SIZE, (0.8, 0.9, 1.7), (-12.0, 31.0, -7.0), direction)


def ramp(grid: Grid, dtype: type = np.int16) -> Volume:
    k, j, i = np.indices(grid.shape_kji)
    return Volume(grid, (SLOPES[0] * i + SLOPES[1] * j + SLOPES[2] * k).astype(dtype))


def view_of(grid: Grid, frame: str, **changes: object) -> ViewState:
    state = ViewState(cross_mm=vec(grid.to_world((18.3, 16.8, 13.4))), **changes)  # type: ignore[arg-type]
    if frame == "along the grid":
        axes = grid.direction
        return ViewState(cross_mm=state.cross_mm, frame=tuple(vec(axes[:, n]) for n in range(3)))  # type: ignore[arg-type]
    if frame == "tilted":
        return ViewState(cross_mm=state.cross_mm, frame=aligned_frame((0.4, -0.3, 0.86)))
    return state


def pixel_centres(geometry: PaneGeometry) -> np.ndarray:
    width, height = geometry.device_size
    y, x = np.mgrid[:height, :width]
    return geometry.to_world(np.stack([x + 0.5, y + 0.5], axis=-1) / geometry.ratio)


@pytest.mark.parametrize("pane", SLICES)
@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("frame", ["patient", "along the grid", "tilted"])
@pytest.mark.parametrize("grid_kind", ["straight", "feet first"])
def test_a_smooth_slice_holds_the_value_of_each_pixels_place(
    grid_kind: str, frame: str, ratio: float, pane: str
) -> None:
    grid = make_grid(grid_kind)
    geometry = pane_geometry(view_of(grid, frame), pane, grid, 61, 47, ratio)
    cut = Reslicer.of_volume(ramp(grid)).cut(geometry)
    index = grid.to_index(pixel_centres(geometry))
    within = ((index >= 0.01) & (index <= np.array(SIZE) - 1.01)).all(axis=-1)
    assert within.mean() > 0.15
    assert np.abs(cut[within] - (index @ SLOPES)[within]).max() <= 0.52
    outside = ((index < -0.51) | (index > np.array(SIZE) - 0.49)).any(axis=-1)
    assert (cut[outside] == OUTSIDE).all()
    assert (cut[~outside & within] != OUTSIDE).all()


@pytest.mark.parametrize("grid_kind", ["straight", "feet first"])
def test_a_plain_slice_holds_the_nearest_voxel(grid_kind: str) -> None:
    grid = make_grid(grid_kind)
    geometry = pane_geometry(view_of(grid, "patient"), "coronal", grid, 61, 47, 1.0)
    cut = Reslicer.of_volume(ramp(grid)).cut(geometry, kind="nearest")
    index = grid.to_index(pixel_centres(geometry))
    clear = (np.abs(index - np.floor(index) - 0.5) > 0.02).all(axis=-1)
    within = ((index >= 0) & (index <= np.array(SIZE) - 1)).all(axis=-1) & clear
    assert np.array_equal(cut[within], (np.rint(index) @ SLOPES)[within].astype(np.int16))


def test_floating_point_images_stay_floating_point() -> None:
    grid = make_grid("feet first")
    geometry = pane_geometry(view_of(grid, "patient"), "axial", grid, 40, 40, 1.0)
    cut = Reslicer.of_volume(ramp(grid, np.float32)).cut(geometry)
    index = grid.to_index(pixel_centres(geometry))
    within = ((index >= 0.01) & (index <= np.array(SIZE) - 1.01)).all(axis=-1)
    assert cut.dtype == np.float32
    # VTK interpolates in 1/256 steps of a voxel at worst
    assert np.abs(cut[within] - (index @ SLOPES)[within]).max() < 0.1


def test_screen_and_world_are_inverse_and_pixels_have_their_middle_at_a_half() -> None:
    grid = make_grid("feet first")
    geometry = pane_geometry(view_of(grid, "tilted"), "sagittal", grid, 333, 217, 1.5)
    places = np.array([[0.0, 0.0], [12.5, 99.0], [333.0, 217.0]])
    assert np.allclose(geometry.to_screen(geometry.to_world(places)), places, atol=1e-9)
    first, column, row = geometry.pixel_steps()
    assert np.allclose(geometry.to_screen(first) * 1.5, 0.5)
    assert np.allclose(geometry.to_screen(first + 3 * column + 5 * row) * 1.5, (3.5, 5.5))
    assert geometry.device_size == (500, 326)


@pytest.mark.parametrize("pane", SLICES)
def test_fit_shows_the_whole_image_and_touches_two_edges(pane: str) -> None:
    grid = make_grid("straight")
    geometry = pane_geometry(view_of(grid, "patient"), pane, grid, 300, 200, 1.0)
    corners = np.array(np.meshgrid(*[(-0.5, n - 0.5) for n in SIZE])).reshape(3, -1).T
    places = geometry.to_screen(grid.to_world(corners))
    spare = np.array((300.0, 200.0)) - np.ptp(places, axis=0)
    assert (spare >= -1e-6).all()
    assert spare.min() == pytest.approx(0.0, abs=1e-6)


def test_the_windows_table_is_black_below_white_above_and_grey_between() -> None:
    values = np.array([[-200, -160, 40, 240, 300, OUTSIDE]], dtype=np.int16)
    grey = windowed(values, 400, 40) & 255
    assert grey[0].tolist() == [0, 0, 128, 255, 255, 0]
    assert np.array_equal(windowed(values.astype(np.float32), 400, 40), windowed(values, 400, 40))
    assert (windowed(values, 400, 40) >> 24 == 255).all()
    assert windowed(np.array([[OUTSIDE]], dtype=np.int16), 65_000, -32_000)[0, 0] & 255 == 0


def test_slices_step_from_voxel_to_voxel_and_stop_at_the_last() -> None:
    grid = make_grid("straight")
    between = grid.to_world((10.0, 11.0, 12.4))
    up = np.array((0.0, 0.0, 1.0))
    assert np.allclose(grid.to_index(moved_by_slices(grid, between, up, 1)), (10, 11, 13))
    assert np.allclose(grid.to_index(moved_by_slices(grid, between, up, -1)), (10, 11, 12))
    assert np.allclose(grid.to_index(moved_by_slices(grid, between, up, 999)), (10, 11, SIZE[2] - 1))
    assert np.allclose(grid.to_index(moved_by_slices(grid, between, up, -999)), (10, 11, 0))
    assert slice_step_mm(grid, up) == pytest.approx(1.7)


def test_oblique_slices_step_by_the_voxel_size_along_the_normal() -> None:
    grid = make_grid("straight")
    normal = unit((0.5, 0.0, 1.0))
    start = grid.center_mm
    step = slice_step_mm(grid, normal)
    assert 0.8 < step < 1.7
    assert np.allclose(moved_by_slices(grid, start, normal, 2), start + 2 * step * normal)
    end = moved_by_slices(grid, start, normal, 999)
    assert bool(grid.contains(end, 1e-6))
    assert not bool(grid.contains(end + 0.01 * normal, 0.0))


def ball(grid: Grid, radius_mm: float) -> Mask:
    k, j, i = np.indices(grid.shape_kji)
    places = grid.to_world(np.stack([i, j, k], axis=-1))
    return Mask.from_full(grid, np.linalg.norm(places - grid.center_mm, axis=-1) < radius_mm)


@pytest.mark.parametrize("grid_kind", ["straight", "feet first"])
def test_a_structures_slice_covers_its_area_and_its_outline_lies_on_its_edge(grid_kind: str) -> None:
    grid = Grid.from_parts((60, 60, 60), (0.5, 0.5, 0.5), direction=make_grid(grid_kind).direction)
    mask = ball(grid, 10.0)
    state = ViewState(cross_mm=vec(grid.center_mm)).with_pane("axial", PaneView(mm_per_px=0.1))
    geometry = pane_geometry(state, "axial", grid, 260, 260, 1.0)
    cut = cut_mask(Reslicer.of_mask(mask), mask, geometry, 1.4, True)
    assert cut is not None
    assert np.count_nonzero(cut.inside) * 0.01 == pytest.approx(np.pi * 100, rel=0.02)
    rows, columns = np.divmod(cut.edge_index, geometry.device_size[0])
    radius_mm = np.hypot(columns + 0.5 - 130, rows + 0.5 - 130) * 0.1
    assert np.abs(radius_mm - 10.0).max() < 0.6
    # 1.4 px round the whole circle, a staircase is a little longer than the circle
    assert cut.edge_cover.sum() / (2 * np.pi * 100 * 1.4) == pytest.approx(1.0, abs=0.25)


def test_a_plane_that_misses_a_structure_draws_nothing() -> None:
    grid = Grid.from_parts((60, 60, 60), (0.5, 0.5, 0.5))
    mask = ball(grid, 5.0)
    geometry = pane_geometry(ViewState(cross_mm=(0.0, 0.0, 1.0)), "axial", grid, 100, 100, 1.0)
    assert cut_mask(Reslicer.of_mask(mask), mask, geometry, 1.4, True) is None
    item = LabelItem(key="a", mask=mask, color="#FF0000")
    assert LabelLayer().picture((item,), geometry, fill=True, smooth=True, selected="") is None


def test_in_a_slab_a_projected_structure_is_drawn_wherever_it_lies_in_it() -> None:
    grid = Grid.from_parts((60, 60, 60), (0.5, 0.5, 0.5))
    mask = ball(grid, 4.0)
    above = vec(grid.center_mm + (0.0, 0.0, 5.0))
    state = ViewState(cross_mm=above).with_pane("axial", PaneView(mm_per_px=0.1))
    geometry = pane_geometry(state, "axial", grid, 260, 260, 1.0)
    reslicer = Reslicer.of_mask(mask)
    assert cut_mask(reslicer, mask, geometry, 1.4, True) is None
    # 12 mm about a plane 5 mm above its middle hold the widest section
    cut = cut_mask(reslicer, mask, geometry, 1.4, True, slab_mm=12.0)
    assert cut is not None
    assert np.count_nonzero(cut.inside) * 0.01 == pytest.approx(np.pi * 16.0, rel=0.05)
    # a slab that ends above it shows nothing, and what is not projected stays cut by the plane
    assert cut_mask(reslicer, mask, geometry, 1.4, True, slab_mm=1.6) is None
    for projected in (True, False):
        item = LabelItem(key="a", mask=mask, color="#FF0000", projected=projected)
        picture = LabelLayer().picture((item,), geometry, fill=True, smooth=True, selected="", slab_mm=12.0)
        assert (picture is not None) == projected


def test_the_removed_side_has_the_other_colour() -> None:
    grid = Grid.from_parts((60, 60, 60), (0.5, 0.5, 0.5))
    plane = Plane(grid.center_mm, np.array((1.0, 0.0, 0.0)))
    item = LabelItem(
        key="liver", mask=ball(grid, 10.0), color="#FF0000", fill_opacity=0.2, split=(plane,), split_color="#0000FF"
    )
    geometry = pane_geometry(ViewState(cross_mm=vec(grid.center_mm)), "axial", grid, 300, 300, 1.0)
    picture = LabelLayer().picture((item,), geometry, fill=True, smooth=True, selected="")
    assert picture is not None
    left, right = picture[150, 120], picture[150, 180]
    assert (left >> 16 & 255, left & 255, left >> 24) == (51, 0, 51)
    assert (right >> 16 & 255, right & 255, right >> 24) == (0, 102, 102)
    outline_only = LabelLayer().picture((item,), geometry, fill=False, smooth=True, selected="")
    assert outline_only is not None
    assert outline_only[150, 120] == 0


def test_many_overlapping_structures_blend_like_painters_do() -> None:
    grid = Grid.from_parts((30, 30, 30), (1.0, 1.0, 1.0))
    whole = Mask.from_full(grid, np.ones(grid.shape_kji, dtype=bool))
    colors = [f"#{n * 20:02X}{255 - n * 20:02X}40" for n in range(11)]
    items = tuple(LabelItem(key=c, mask=whole, color=c, fill_opacity=0.3) for c in colors)
    geometry = pane_geometry(ViewState(cross_mm=vec(grid.center_mm)), "axial", grid, 90, 90, 1.0)
    picture = LabelLayer().picture(items, geometry, fill=True, smooth=True, selected="")
    assert picture is not None
    wanted = np.zeros(4)
    for color in colors:
        rgb = [int(color[n : n + 2], 16) for n in (1, 3, 5)]
        wanted = np.append(np.array(rgb) * 0.3, 255 * 0.3) + wanted * 0.7
    got = [int(picture[45, 45]) >> shift & 255 for shift in (16, 8, 0, 24)]
    assert np.abs(np.array(got) - wanted).max() <= 2


def test_over_leaves_lone_pixels_alone() -> None:
    upper, lower = np.array([0x80400000, 0], dtype=np.uint32), np.array([0, 0xFF00FF00], dtype=np.uint32)
    assert over(upper, lower).tolist() == [0x80400000, 0xFF00FF00]


def circle(radius_mm: float, height_mm: float = 0.0) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    return np.stack([radius_mm * np.cos(angle), radius_mm * np.sin(angle), np.full(360, height_mm)], axis=1)


def test_a_contour_shows_as_a_chord_in_the_planes_across_it() -> None:
    grid = Grid.from_parts((60, 60, 60), (1.0, 1.0, 1.0), (-30, -30, -30))
    item = ContourItem(key="annulus", points_mm=circle(10.0), color="#00FFFF")
    geometry = pane_geometry(ViewState(cross_mm=(0.0, 6.0, 0.0)), "coronal", grid, 200, 200, 1.0)
    (chord,) = chords(item, geometry)
    assert np.linalg.norm(chord[1] - chord[0]) * geometry.mm_per_px == pytest.approx(16.0, abs=0.05)
    beside = pane_geometry(ViewState(cross_mm=(0.0, 12.0, 0.0)), "coronal", grid, 200, 200, 1.0)
    assert len(chords(item, beside)) == 0


def test_a_path_shows_where_it_is_near_and_as_a_dot_where_it_crosses() -> None:
    grid = Grid.from_parts((60, 60, 60), (1.0, 1.0, 1.0), (-30, -30, -30))
    geometry = pane_geometry(ViewState(), "axial", grid, 200, 200, 1.0)
    path = np.stack([np.linspace(-20, 20, 81), np.zeros(81), np.linspace(-10, 10, 81)], axis=1)
    assert np.allclose(crossings(path, geometry, closed=False), 0.0, atol=1e-9)
    (piece,) = near_pieces(path, geometry)
    assert np.ptp(piece[:, 0]) * geometry.mm_per_px == pytest.approx(8.0, abs=1.1)


def test_a_cuts_trace_ends_where_the_organ_ends() -> None:
    grid = Grid.from_parts((80, 80, 80), (0.5, 0.5, 0.5))
    organ = ball(grid, 15.0)
    plane = Plane(grid.center_mm + (9.0, 0.0, 0.0), unit((1.0, 0.0, 0.3)))
    geometry = pane_geometry(ViewState(cross_mm=vec(grid.center_mm)), "axial", grid, 400, 400, 1.0)
    trace = cut_trace(plane, organ, geometry)
    assert trace is not None
    assert np.linalg.norm(trace.ends[1] - trace.ends[0]) * geometry.mm_per_px == pytest.approx(24.0, abs=0.8)
    on_plane = plane.signed_distance_mm(geometry.to_world(trace.ends))
    assert np.abs(on_plane).max() < 1e-9
    assert trace.part_at(trace.handles[1])[1] == pytest.approx(0.5)
    parallel = Plane(grid.center_mm, np.array((0.0, 0.0, 1.0)))
    assert cut_trace(parallel, organ, geometry) is None
    assert cut_trace(Plane(grid.center_mm + (18.0, 0, 0), np.array((1.0, 0, 0))), organ, geometry) is None


def test_turning_in_a_pane_moves_the_other_planes_and_keeps_its_picture() -> None:
    state = ViewState(cross_mm=(1.0, 2.0, 3.0))
    after = state.with_turn("axial", 0.3).with_turn("coronal", -0.2)
    for pane in SLICES:
        right, down, normal = after.axes(pane)
        assert np.allclose([right @ down, right @ normal, down @ normal], 0.0, atol=1e-12)
    once = state.with_turn("sagittal", 0.3)
    assert np.allclose(once.axes("sagittal")[0], state.axes("sagittal")[0])
    assert np.allclose(once.axes("sagittal")[1], state.axes("sagittal")[1])
    assert float(once.axes("axial")[2] @ state.axes("axial")[2]) == pytest.approx(np.cos(0.3))
    back = once.with_turn("sagittal", -0.3)
    assert np.allclose(back.frame, state.frame)


def test_specks_of_one_voxel_are_seen_on_oblique_planes() -> None:
    grid = Grid.from_parts((60, 60, 60), (0.5, 0.5, 0.5))
    voxels = np.zeros(grid.shape_kji, dtype=bool)
    voxels[30, 30, 30] = voxels[30, 40, 40] = True
    mask = Mask.from_full(grid, voxels)
    state = ViewState(cross_mm=vec(grid.to_world((30, 30, 30))), frame=aligned_frame((0.3, -0.3, 0.9)))
    geometry = pane_geometry(state.with_pane("axial", PaneView(mm_per_px=0.1)), "axial", grid, 300, 300, 1.0)
    cut = cut_mask(Reslicer.of_mask(mask), mask, geometry, 1.4, True)
    assert cut is not None
    assert np.count_nonzero(cut.inside) * 0.01 > 0.15


def test_a_coarse_slice_lies_where_the_fine_one_lies() -> None:
    grid = make_grid("feet first")
    geometry = pane_geometry(view_of(grid, "tilted"), "axial", grid, 61, 47, 2.0)
    reslicer = Reslicer.of_volume(ramp(grid, np.float32))
    box = (31, 22, 98, 77)
    fine, coarse = reslicer.cut(geometry, box=box), reslicer.cut_coarse(geometry, box)
    assert fine.shape == coarse.shape
    width, height = geometry.device_size
    assert box[2] < width
    assert box[3] < height
    left, top, right, bottom = box
    index = grid.to_index(pixel_centres(geometry)[top:bottom, left:right])
    # two coarse pixels from the border all four neighbours lie inside
    within = ((index > 2.5) & (index < np.array(SIZE) - 3.5)).all(axis=-1)
    assert within.mean() > 0.3
    assert np.abs(fine - coarse)[within].max() < 0.2


@pytest.mark.parametrize("kind", ["max", "min", "mean"])
@pytest.mark.parametrize("frame", ["straight", "tilted"])
def test_a_slab_of_an_image_laid_over_another_counts_only_what_lies_inside_it(kind: str, frame: str) -> None:
    """One value everywhere stays that value to the image's very edge, whatever of the slab lies outside."""
    grid = make_grid("straight")
    even = Volume(grid, np.full(grid.shape_kji, 100, dtype=np.int16))
    item = OverItem(volume=even, name="even", colors="grey", opacity=1.0, window=400.0, level=100.0)
    edge = replace(view_of(grid, frame), cross_mm=vec(grid.to_world((18.0, 16.0, 0.6))))
    picture = OverLayer().picture(item, pane_geometry(edge, "axial", grid, 160, 120, 1.0), 9.0, kind)
    shown = picture[picture >> np.uint32(24) > 0]
    assert shown.size > 1000
    assert len(np.unique(shown)) == 1


@pytest.mark.parametrize("count", [1, 7, 9, 40])
def test_sagittal_slices_are_the_arrays_own_wherever_the_hand_goes(count: int) -> None:
    random = np.random.default_rng(count)
    voxels = random.integers(0, 999, (11, 7, count))
    slices, at = SagittalSlices(voxels), 0
    for step in [*random.choice((1, 1, -1, 3, -5, 20), 400), *(1,) * count, *(-1,) * count]:
        at = int(np.clip(at + step, 0, count - 1))
        wanted = min(2, count - at)
        assert np.array_equal(slices.pair(at, wanted), voxels[:, :, at : at + wanted])


@pytest.mark.parametrize("way", [1, -1])
def test_a_hand_that_goes_on_finds_the_next_sagittal_slices_fetched_in_equal_parts(way: int) -> None:
    class Counted(np.ndarray):
        """Counts the rows that are read."""

        rows = 0

        def __getitem__(self, key):  # type: ignore[no-untyped-def]
            Counted.rows += key[0].stop - key[0].start
            return np.asarray(self)[key]

    slices = SagittalSlices(np.zeros((80, 3, 200), dtype=np.int16).view(Counted))
    places = range(96, 160) if way > 0 else range(103, 39, -1)
    read = []
    for place in places:
        Counted.rows = 0
        slices.pair(place, 1)
        read.append(Counted.rows)
    assert read[0] == 80
    assert max(read[1:]) <= 80 / BLOCK_SLICES + 2
