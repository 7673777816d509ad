"""The 3D camera as numbers: it turns about what it should, never rolls by itself, and maps there and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.geometry import Plane, carm_angles_deg, detector_direction
from viewers.scene.camera import (
    STANDARD_VIEWS,
    Projection,
    axes,
    between,
    fitted,
    level_up,
    make_camera,
    orbited,
    panned,
    rolled,
    turned_to,
    view_name,
    zoomed,
)
from viewers.scene.drags import dragged_plane, dragged_point, polygon_distance
from viewers.scene.driver import is_software_driver
from viewers.view_state import Camera

FRONT = make_camera((0, 0, 0), (0, -1, 0), (0, 0, 1), 50.0)
degrees = st.floats(-170.0, 170.0)
places = st.tuples(*(st.floats(-80.0, 80.0) for _ in range(3)))


def on_screen(camera: Camera, point: object) -> np.ndarray:
    return Projection(camera, 400.0, 300.0).to_screen(np.asarray(point, dtype=np.float64))


@settings(max_examples=60, deadline=None)
@given(right=degrees, up=degrees, more=degrees, pivot=places)
def test_orbit_keeps_the_pivot_on_its_pixel_and_the_picture_level(
    right: float, up: float, more: float, pivot: tuple[float, float, float]
) -> None:
    camera = orbited(orbited(FRONT, right, up, pivot), more, -up / 2.0, pivot)
    assert np.allclose(on_screen(camera, pivot), on_screen(FRONT, pivot), atol=1e-6)
    sideways, _, _ = axes(camera)
    assert abs(sideways[2]) < 1e-6, "the body axis stays upright in the picture"


@settings(max_examples=60, deadline=None)
@given(lao=degrees, cra=st.floats(-80.0, 80.0), tilt=degrees)
def test_a_small_drag_moves_the_near_side_with_the_hand(lao: float, cra: float, tilt: float) -> None:
    direction = detector_direction(lao, cra)
    camera = rolled(make_camera((0, 0, 0), direction, level_up(direction), 50.0), tilt)
    near = 20.0 * direction
    up = on_screen(orbited(camera, 0.0, 0.2, (0, 0, 0)), near) - on_screen(camera, near)
    assert up[1] < 0.0 or abs(tilt) > 1.0
    turned = on_screen(orbited(camera, 0.2, 0.0, (0, 0, 0)), near) - on_screen(camera, near)
    assert turned[0] > 0.0


def test_orbit_stops_over_the_head() -> None:
    camera = orbited(FRONT, 0.0, -500.0, (0, 0, 0))
    assert np.allclose(camera.direction, (0, 0, 1), atol=1e-9)
    back = orbited(camera, 0.0, 90.0, (0, 0, 0))
    assert np.allclose(back.direction, FRONT.direction, atol=1e-9)
    assert np.allclose(back.up, FRONT.up, atol=1e-9)


@pytest.mark.parametrize(
    ("side", "left_hand"), [("A", "R"), ("P", "L"), ("L", "A"), ("R", "P"), ("H", "L"), ("F", "R")]
)
def test_standard_views_show_the_patient_as_anatomists_draw_him(side: str, left_hand: str) -> None:
    name, direction, up = STANDARD_VIEWS[side]
    camera = turned_to(FRONT, direction, up, (0, 0, 0))
    outward = {"R": (-1, 0, 0), "L": (1, 0, 0), "A": (0, -1, 0), "P": (0, 1, 0)}[left_hand]
    assert on_screen(camera, outward)[0] < on_screen(camera, (0, 0, 0))[0]
    assert view_name(camera) == name


def test_carm_pictures_are_level_and_at_their_angles() -> None:
    direction = detector_direction(-35.0, -2.0)
    camera = turned_to(FRONT, direction, level_up(direction), (0, 0, 0))
    assert carm_angles_deg(camera.direction) == pytest.approx((-35.0, -2.0))
    assert abs(axes(camera)[0][2]) < 1e-12


def test_zoom_keeps_the_place_under_the_cursor_and_pan_follows_the_hand() -> None:
    space = Projection(FRONT, 400.0, 300.0)
    under = space.to_world(310.0, 40.0)
    assert np.allclose(on_screen(zoomed(FRONT, 1.7, under), under), (310.0, 40.0))
    moved = on_screen(panned(FRONT, 12.0 * space.mm_per_px, -5.0 * space.mm_per_px), (0, 0, 0))
    assert np.allclose(moved - on_screen(FRONT, (0, 0, 0)), (12.0, 5.0))


@settings(max_examples=60, deadline=None)
@given(point=places, lao=degrees, cra=degrees)
def test_screen_and_back(point: tuple[float, float, float], lao: float, cra: float) -> None:
    direction = detector_direction(lao, cra)
    space = Projection(make_camera((3, -4, 5), direction, level_up(direction), 70.0), 512.0, 300.0)
    x, y = space.to_screen(point)
    assert np.allclose(space.to_world(float(x), float(y), float(space.depth_mm(point))), point, atol=1e-6)


def test_fitting_shows_the_whole_box_in_wide_and_tall_panes() -> None:
    low, high = np.array([-40.0, -10.0, 0.0]), np.array([60.0, 30.0, 20.0])
    corners = np.array([(x, y, z) for x in (-40, 60) for y in (-10, 30) for z in (0, 20)])
    for width, height in ((600.0, 200.0), (200.0, 600.0)):
        seen = Projection(fitted(None, low, high, width / height), width, height).to_screen(corners)
        assert (seen >= 0).all()
        assert (seen <= (width, height)).all()


def test_a_plane_follows_the_hand_along_its_normal_only() -> None:
    space = Projection(FRONT, 300.0, 300.0)
    start = Plane(np.zeros(3), np.array([1.0, 0.0, 1.0]))
    moved = dragged_plane(start, 30.0, 0.0, space)
    # 30 px are 10 mm; the plane goes to the foot of the hand's place on its normal
    assert np.allclose(moved.origin_mm, (5.0, 0.0, 5.0))
    face_on = dragged_plane(Plane(np.zeros(3), np.array([0.0, -1.0, 0.0])), 0.0, -30.0, space)
    assert np.allclose(face_on.origin_mm, (0.0, -10.0, 0.0))


def test_a_point_keeps_its_depth() -> None:
    space = Projection(FRONT, 300.0, 300.0)
    assert np.allclose(dragged_point(np.array([1.0, 7.0, 2.0]), 3.0, -6.0, space), (2.0, 7.0, 4.0))


def test_distance_to_an_outline() -> None:
    square = np.array([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)])
    assert polygon_distance(square, 5.0, 5.0) == pytest.approx(5.0)
    assert polygon_distance(square, 13.0, 14.0) == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("name", "is_software"),
    [
        ("llvmpipe (LLVM 15.0.6, 256 bits)", True),
        ("SWR (LLVM 9.0)", True),
        ("softpipe", True),
        ("", True),
        ("NVIDIA GeForce RTX 3060/PCIe/SSE2", False),
        ("Mesa Intel(R) UHD Graphics 620 (KBL GT2)", False),
    ],
)
def test_software_drivers_are_known_by_name(name: str, is_software: bool) -> None:
    assert is_software_driver(name) == is_software


@settings(max_examples=60, deadline=None)
@given(lao=degrees, cra=st.floats(-90.0, 90.0), roll=degrees, share=st.floats(0.0, 1.0))
def test_a_flight_goes_the_short_way_and_arrives(lao: float, cra: float, roll: float, share: float) -> None:
    direction = detector_direction(lao, cra)
    end = rolled(make_camera((10, 20, 30), direction, level_up(direction), 80.0), roll)
    assert between(FRONT, end, 1.0) == end
    here = between(FRONT, end, share)
    whole = angle_between(FRONT, end)
    assert angle_between(FRONT, here) == pytest.approx(share * whole, abs=1e-4)
    assert angle_between(here, end) == pytest.approx((1.0 - share) * whole, abs=1e-4)
    assert 50.0 <= here.half_height_mm <= 80.0 + 1e-9


def test_a_flight_of_half_a_turn_has_a_way() -> None:
    back = turned_to(FRONT, (0, 1, 0), (0, 0, 1), (0, 0, 0))
    half = between(FRONT, back, 0.5)
    assert angle_between(FRONT, half) == pytest.approx(np.pi / 2.0)
    assert np.allclose(half.up, (0, 0, 1))


def angle_between(first: Camera, second: Camera) -> float:
    turn = np.stack(axes(first)) @ np.stack(axes(second)).T
    return float(np.arccos(np.clip((np.trace(turn) - 1.0) / 2.0, -1.0, 1.0)))
