"""The numbers behind the image in 3D: transfer functions, crop box, fewer voxels, rays, presets, typed C-arm angles."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render_presets import (
    OWN,
    RenderPreset,
    built_in,
    find_preset,
    fitting_preset,
    own_file,
    own_presets,
    remove_own,
    save_own,
)
from planning.errors import UsageError
from planning.geometry import Grid, Plane
from planning.volume import Volume
from viewers.rendering import (
    HU_SCALE,
    LEAST_BOX_MM,
    LEAST_STOPS,
    MOST_STOPS,
    Rendering,
    Stop,
    automatic_stops,
    bounds_of,
    box_planes,
    color_at,
    curve_scale,
    histogram,
    opacity_at,
    plain_box,
    reduced,
    reduction,
    seen_along,
    shifted,
    with_added,
    with_stop,
    without,
)
from viewers.scene.angle_edit import parse_angles
from viewers.scene.camera import ANTERIOR, HEAD, Projection, make_camera
from viewers.scene.crop_box import FACES, dragged_face_mm, face_at, face_middle
from viewers.scene.patch import RIM_PX, tiles_of
from viewers.view_memory import view_as_text, view_from_text
from viewers.view_state import ViewState

STOPS = (Stop(100.0, "#000000", 0.0), Stop(200.0, "#FF0000", 0.5), Stop(400.0, "#FFFFFF", 0.9))
# of voxels below, colour, opacity
SHARES = ((0.6, "#502010", 0.0), (0.9, "#804030", 0.002), (0.98, "#D08050", 0.01), (0.998, "#FFFFFF", 0.5))


def test_between_stops_lines_are_straight_and_the_ends_go_on() -> None:
    assert np.allclose(opacity_at(STOPS, [0.0, 150.0, 300.0, 5000.0]), [0.0, 0.25, 0.7, 0.9])
    assert color_at(STOPS, 140.0) == "#660000"
    assert color_at(STOPS, -900.0) == "#000000"


def test_a_stop_stays_between_its_neighbours_and_within_what_can_be() -> None:
    moved = with_stop(STOPS, 1, Stop(900.0, "#00FF00", 1.7))
    assert moved[1] == Stop(399.0, "#00FF00", 1.0)
    assert moved[0] is STOPS[0]
    assert with_stop(STOPS, 1, Stop(-900.0, "#00FF00", -1.0))[1] == Stop(101.0, "#00FF00", 0.0)


def test_a_new_stop_changes_nothing_that_is_seen_unless_its_opacity_is_given() -> None:
    stops, number = with_added(STOPS, 300.0)
    assert number == 2
    values = np.linspace(0.0, 500.0, 101)
    assert np.allclose(opacity_at(stops, values), opacity_at(STOPS, values))
    assert with_added(STOPS, 300.0, 0.1)[0][2].opacity == 0.1
    # no room beside another stop: that one is meant
    assert with_added(STOPS, 200.5) == (STOPS, 1)


def test_two_stops_always_stay_and_there_are_never_too_many() -> None:
    two = without(STOPS, 1)
    assert two == (STOPS[0], STOPS[2])
    assert without(two, 0) == two
    assert len(two) == LEAST_STOPS
    many = STOPS
    for hu in np.linspace(-1000.0, 3000.0, 40):
        many, _ = with_added(many, float(hu))
    assert len(many) == MOST_STOPS


@given(
    st.lists(st.tuples(st.integers(-1100, 4000), st.floats(-0.5, 1.5), st.integers(0, 3)), max_size=25),
)
def test_whatever_the_hand_does_the_stops_go_up(moves: list[tuple[int, float, int]]) -> None:
    stops = STOPS
    for hu, opacity, number in moves:
        if number == 3:
            stops, _ = with_added(stops, float(hu))
        else:
            at = number % len(stops)
            stops = with_stop(stops, at, Stop(float(hu), "#123456", opacity))
    values = [stop.hu for stop in stops]
    assert all(after > before for before, after in pairwise(values))
    assert all(0.0 <= stop.opacity <= 1.0 for stop in stops)


def test_all_stops_move_together_and_stop_at_the_range() -> None:
    assert [stop.hu for stop in shifted(STOPS, 50.0)] == [150.0, 250.0, 450.0]
    assert shifted(STOPS, 9999.0)[-1].hu == 4000.0
    assert shifted(STOPS, 9999.0)[0].hu == 3700.0


def _ramp(quantity: str, most: float, kind: type[np.generic]) -> Volume:
    """Empty in its first half, values evenly up to `most` in the other."""
    values = np.concatenate([np.zeros(32000), np.linspace(0.0, most, 32000)]).reshape(40, 40, 40)
    return Volume(Grid.from_parts((40, 40, 40)), values.astype(kind), quantity=quantity)


@pytest.mark.parametrize(
    ("quantity", "most", "kind"),
    [("SUV", 12.0, np.float32), ("", 30000.0, np.int16), ("", 0.8, np.float32), ("", 900.0, np.int16)],
)
def test_the_curve_of_pet_and_mr_reaches_as_far_and_moves_as_finely_as_their_values(
    quantity: str, most: float, kind: type[np.generic]
) -> None:
    volume = _ramp(quantity, most, kind)
    edges, counts = histogram(volume)
    assert edges[-1] == pytest.approx(most, rel=0.01)
    assert counts.sum() == pytest.approx(volume.voxels.size, rel=0.001)
    scale = curve_scale(quantity, float(edges[0]), float(edges[-1]))
    # at least some hundred places for a stop, each told apart
    assert 0.0 < scale.fine < most / 100.0
    stops = automatic_stops(volume, SHARES)
    assert all(after.hu - before.hu >= 9.9 * scale.fine for before, after in pairwise(stops))
    assert stops[0].opacity == 0.0
    # 0.6 and 0.998 of what is not empty
    assert (stops[0].hu, stops[-1].hu) == pytest.approx((0.608 * most, 0.998 * most), rel=0.02)
    # empty places are clear, the brightest are not
    assert opacity_at(stops, [0.0, most])[1] > opacity_at(stops, [0.0, most])[0] == 0.0
    moved = with_stop(stops, 1, Stop(2.0 * most, "#00FF00", 0.1), scale)
    assert moved[1].hu == pytest.approx(stops[2].hu - scale.fine)
    added, number = with_added(stops, stops[1].hu + 3.0 * scale.fine, scale=scale)
    assert (len(added), number) == (5, 2)


def test_the_curve_of_a_ct_is_as_it_was() -> None:
    assert curve_scale("HU", -1000.0, 30000.0) is HU_SCALE
    assert (HU_SCALE.least, HU_SCALE.most, HU_SCALE.fine, HU_SCALE.step) == (-1100.0, 4000.0, 1.0, 5.0)


def test_an_even_image_has_stops_that_go_up_too() -> None:
    for quantity in ("SUV", ""):
        even = Volume(Grid.from_parts((4, 4, 4)), np.full((4, 4, 4), 3.0, dtype=np.float32), quantity=quantity)
        stops = automatic_stops(even, SHARES)
        assert all(after.hu > before.hu for before, after in pairwise(stops))


def oblique_grid(size: tuple[int, int, int], spacing: tuple[float, float, float]) -> Grid:
    turn = np.radians(20.0)
    axes = np.array([[np.cos(turn), -np.sin(turn), 0.0], [np.sin(turn), np.cos(turn), 0.0], [0.0, 0.0, 1.0]])
    return Grid.from_parts(size, spacing, (5.0, -7.0, 11.0), axes)


def test_fewer_voxels_show_the_same_places() -> None:
    grid = oblique_grid((40, 44, 21), (0.5, 0.5, 2.0))
    k, j, i = np.indices(grid.shape_kji)
    x, y, z = grid.to_world(np.stack([i, j, k], axis=-1)).transpose(3, 0, 1, 2)
    volume = Volume(grid, np.rint(10.0 * (x + 2.0 * y - z)).astype(np.int16))
    small = reduced(volume, 9300)
    assert small.voxels.size <= 9300
    # the finest axes give first
    assert reduction(grid, 9300) == (2, 2, 1)
    kk, jj, ii = np.indices(small.grid.shape_kji)
    x, y, z = small.grid.to_world(np.stack([ii, jj, kk], axis=-1)).transpose(3, 0, 1, 2)
    # the mean of a linear function is its value in the block's middle
    assert np.abs(small.voxels - 10.0 * (x + 2.0 * y - z)).max() <= 1.0
    assert reduced(volume, 10**9) is volume


def test_a_histogram_counts_every_voxel_once_within_its_range() -> None:
    voxels = np.full((20, 20, 20), -1024, np.int16)
    voxels[:10] = 300
    edges, counts = histogram(Volume(Grid.from_parts((20, 20, 20)), voxels))
    assert counts.sum() == 8000
    assert counts[np.searchsorted(edges, 300.0, side="right") - 2 :].sum() == 4000
    assert edges[0] <= -1024
    assert edges[-1] >= 300


def test_a_flat_image_has_a_histogram_too() -> None:
    edges, counts = histogram(Volume(Grid.from_parts((4, 4, 4)), np.zeros((4, 4, 4), np.int16)))
    assert (np.diff(edges) > 0).all()
    assert counts.sum() == 64


def ball(radius_mm: float, grid: Grid) -> Volume:
    k, j, i = np.indices(grid.shape_kji)
    places = grid.to_world(np.stack([i, j, k], axis=-1))
    far = np.linalg.norm(places - grid.center_mm, axis=-1)
    return Volume(grid, np.where(far <= radius_mm, 500, -1000).astype(np.int16))


def test_a_ray_ends_where_half_its_light_is_gone() -> None:
    grid = oblique_grid((60, 60, 60), (1.0, 1.0, 1.0))
    volume, middle = ball(20.0, grid), grid.center_mm
    solid = (Stop(100.0, "#FFFFFF", 0.0), Stop(300.0, "#FFFFFF", 0.98))
    direction = np.array([0.0, 1.0, 0.0])
    hit = seen_along(volume, solid, middle - 500.0 * direction, direction)
    assert hit is not None
    assert np.linalg.norm(hit - (middle - 20.0 * direction)) < 1.2
    # 10 % for 1 mm: half is gone after ln 0.5 / ln 0.9 = 6.6 mm
    faint = (Stop(100.0, "#FFFFFF", 0.0), Stop(300.0, "#FFFFFF", 0.1))
    hit = seen_along(volume, faint, middle - 500.0 * direction, direction)
    assert hit is not None
    assert (hit - middle) @ direction == pytest.approx(-20.0 + 6.6, abs=1.2)
    # beside the ball, outside the image, and what a surface hides
    across = np.array([26.0, 0.0, 0.0])
    assert seen_along(volume, solid, middle + across - 500.0 * direction, direction) is None
    assert seen_along(volume, solid, middle + 10.0 * across - 500.0 * direction, direction) is None
    assert seen_along(volume, solid, middle - 500.0 * direction, direction, most_mm=470.0) is None
    # a plane that leaves only the far half
    half = Plane(middle, direction)
    hit = seen_along(volume, solid, middle - 500.0 * direction, direction, keep=(half,))
    assert hit is not None
    assert (hit - middle) @ direction == pytest.approx(0.0, abs=1.2)
    assert seen_along(volume, solid, middle - 500.0 * direction, direction, keep=(Plane(middle, -across),)) is not None


def test_a_box_keeps_its_thickness_and_stays_in_the_image() -> None:
    within = ((-50.0, -40.0, -30.0), (50.0, 40.0, 30.0))
    assert plain_box(within, "x", 0, -10.0, within) == ((-10.0, -40.0, -30.0), (50.0, 40.0, 30.0))
    assert plain_box(within, "x", 0, 500.0, within)[0][0] == 50.0 - LEAST_BOX_MM
    assert plain_box(within, "z", 1, 999.0, within) == within
    inside = np.array([0.0, 0.0, 0.0])
    assert all(plane.signed_distance_mm(inside) > 0 for plane in box_planes(within))
    outside = np.array([60.0, 0.0, 0.0])
    assert sum(plane.signed_distance_mm(outside) < 0 for plane in box_planes(within)) == 1


def test_the_bounds_hold_every_voxel() -> None:
    grid = oblique_grid((10, 20, 30), (1.0, 1.0, 1.0))
    low, high = (np.array(corner) for corner in bounds_of(grid))
    corners = grid.to_world([[0, 0, 0], [9, 19, 29], [9, 0, 0], [0, 19, 0]])
    assert (corners >= low).all()
    assert (corners <= high).all()


def test_a_face_follows_the_hand_along_its_normal() -> None:
    box = ((-50.0, -40.0, -30.0), (50.0, 40.0, 30.0))
    space = Projection(make_camera((0, 0, 0), ANTERIOR, HEAD, 100.0), 400.0, 400.0)
    x, y = space.to_screen(face_middle(box, "x1"))
    assert face_at(box, x, y, space) == "x1"
    assert dragged_face_mm(box, "x1", -30.0, 0.0, space) == pytest.approx(50.0 - 30.0 * space.mm_per_px)
    # the front face lies before the back one in this view
    x, y = space.to_screen(face_middle(box, "y0"))
    assert face_at(box, x, y, space) == "y0"
    assert face_at(box, 1.0, 1.0, space) == ""
    assert len(FACES) == 6


@pytest.mark.parametrize("size", [(4096, 4096), (5000, 300), (9000, 9001), (4100, 4100)])
def test_tiles_without_their_rims_cover_a_frame(size: tuple[int, int]) -> None:
    seen = np.zeros((size[1] // 10 + 1, size[0] // 10 + 1), bool)
    for tile in tiles_of(size, 4096):
        assert tile.wide <= 4096
        assert tile.tall <= 4096
        (rows, columns), (own_rows, own_columns) = tile.kept(size)
        assert rows.stop - rows.start == own_rows.stop - own_rows.start
        assert columns.stop - columns.start == own_columns.stop - own_columns.start
        assert own_rows.start in (0, RIM_PX)
        seen[
            -(-rows.start // 10) : (rows.stop - 1) // 10 + 1, -(-columns.start // 10) : (columns.stop - 1) // 10 + 1
        ] = 1
    assert seen[: (size[1] - 1) // 10 + 1, : (size[0] - 1) // 10 + 1].all()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("RAO 35 CAU 2", (-35.0, -2.0)),
        ("RAO 35°  CAU 2°", (-35.0, -2.0)),
        ("13 lao", (13.0, 7.0)),
        ("-13", (-13.0, 7.0)),
        ("−13,5 4", (-13.5, 4.0)),
        ("CRA 4,5", (1.0, 4.5)),
        ("5 CRA, 10 LAO", (10.0, 5.0)),
    ],
)
def test_angles_are_read_as_people_write_them(text: str, wanted: tuple[float, float]) -> None:
    assert parse_angles(text, (1.0, 7.0)) == wanted


@pytest.mark.parametrize("text", ["", "front", "RAO -3", "LAO 3 RAO 4", "1 2 3", "190", "CRA 95", "LAO", "3 CRA CRA"])
def test_what_is_no_angle_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_angles(text, (1.0, 7.0))


def test_presets_that_ship_are_whole() -> None:
    assert [preset.id for preset in built_in()] == ["heart_cta", "vessels", "liver", "bone", "lung"]
    for preset in built_in():
        assert preset.stops[0].opacity == 0.0, "air around the patient must not be drawn"
        assert opacity_at(preset.stops, -1000.0) == 0.0
        assert max(stop.opacity for stop in preset.stops) > 0.0
    assert fitting_preset("heart", ()).id == "heart_cta"
    assert fitting_preset("study", ("liver_tumor",)).id == "liver"
    assert fitting_preset("study", ("aorta",)).id == "heart_cta"


def test_a_persons_presets_are_kept_replaced_and_removed() -> None:
    save_own("My valve", STOPS, True)
    save_own("Other", STOPS, False)
    changed = with_stop(STOPS, 1, Stop(250.0, "#00FF00", 0.4))
    save_own("My valve", changed, True)
    assert [(one.id, one.stops) for one in own_presets()] == [(OWN + "Other", STOPS), (OWN + "My valve", changed)]
    assert find_preset(OWN + "Other") is not None
    remove_own(OWN + "Other")
    assert [one.name for one in own_presets()] == ["My valve"]
    assert find_preset(OWN + "Other") is None


def test_a_broken_file_of_presets_leaves_what_can_be_read() -> None:
    save_own("Good", STOPS, True)
    raw = json.loads(own_file().read_text(encoding="utf-8"))
    raw["presets"] += [{"id": "own:x", "name": "x", "stops": [[1, "red", 2]]}, 7, {"id": "own:y"}]
    own_file().write_text(json.dumps(raw), encoding="utf-8")
    assert [one.name for one in own_presets()] == ["Good"]
    own_file().write_text("{", encoding="utf-8")
    assert own_presets() == ()


def test_the_settings_come_back_with_the_view() -> None:
    wanted = Rendering(
        shows_volume=True,
        preset="bone",
        stops=STOPS,
        shaded=False,
        box_mm=((-1.0, -2.0, -3.0), (4.0, 5.0, 6.0)),
        clip="slice:axial",
        flipped=True,
        silhouettes=True,
    )
    text = view_as_text(ViewState(rendering=wanted))
    assert view_from_text(text, ViewState()).rendering == wanted
    assert view_from_text(view_as_text(ViewState()), ViewState()).rendering == Rendering()
    kept = json.loads(text)
    del kept["rendering"]
    assert view_from_text(json.dumps(kept), ViewState()).rendering == Rendering()
    for name, value in (("stops", [[1, "red", 2]]), ("box_mm", [[0, 0, 0], [0, 1, 1]]), ("stops", [[0, "#000000", 0]])):
        bad = json.loads(text)
        bad["rendering"][name] = value
        assert view_from_text(json.dumps(bad), ViewState()) is None


@pytest.mark.parametrize(
    "stops",
    [
        [],
        [[0, "#000000", 0.0]],
        [[0, "#000000", 0.0], [0, "#000000", 1.0]],
        [[0, "#000000", 0.0], [10, "black", 1.0]],
        [[0, "#000000", 0.0], [10, "#000000", 1.5]],
        [[-5000000, "#000000", 0.0], [10, "#000000", 1.0]],
    ],
)
def test_stops_that_cannot_be_are_refused(stops: list[list[object]]) -> None:
    with pytest.raises(ValueError):
        RenderPreset.model_validate({"id": "x", "name": "x", "stops": stops})
