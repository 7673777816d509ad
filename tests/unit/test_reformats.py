"""Straightened and stretched pictures of analytic tubes: what lies where, how fast, and both ways of the mapping."""

from __future__ import annotations

import time

import numpy as np
import pytest
from roots import make_tube

from planning.centerline import Centerline
from planning.errors import MeasurementError
from planning.vessel.reformat import Straightened, Stretched
from planning.volume import Volume

T = np.linspace(0.0, 1.0, 3000)


@pytest.fixture(scope="module")
def helix() -> tuple[Volume, Centerline]:
    angle = 6.0 * T
    curve = np.stack([16 * np.cos(angle), 16 * np.sin(angle), 38 * T], 1)
    return make_tube(curve, np.full(len(T), 3.5), noise_hu=5.0), Centerline.through(curve[::20], 0.5, 0.01)


def _width_mm(column: np.ndarray, step: float) -> float:
    return float((column > 220.0).sum() * step)


@pytest.mark.parametrize("turn", [0.0, 37.0, 90.0, 200.0])
def test_a_straightened_tube_is_a_band_of_its_width_whatever_the_turn(
    helix: tuple[Volume, Centerline], turn: float
) -> None:
    volume, line = helix
    strip = Straightened.of(line, 300, 161, half_width_mm=8.0, turn_deg=turn)
    picture = strip.sampled(volume)
    assert picture.shape == (161, 300)
    widths = [_width_mm(picture[:, n], 0.1) for n in range(20, 280)]
    assert np.mean(widths) == pytest.approx(7.0, abs=0.35)
    assert np.std(widths) < 0.3
    middles = [np.mean(strip.across_mm[picture[:, n] > 220.0]) for n in range(20, 280)]
    assert np.abs(middles).max() < 0.4


def test_a_pixel_and_its_place_name_each_other(helix: tuple[Volume, Centerline]) -> None:
    _, line = helix
    for strip in (
        Straightened.of(line, 700, 200, half_width_mm=7.0, turn_deg=52.0),
        Stretched.of(line, turn_deg=20.0, pixel_mm=0.25, margin_mm=8.0),
    ):
        pixels = np.array([[90.0, 100.0], [110.0, 233.3], [100.0, 60.5]])
        places = strip.to_world(pixels)
        again, off = strip.to_pixel(places)
        assert np.abs(again - pixels).max() < 0.6
        assert off.max() < 0.05
        on_line, _ = strip.to_pixel(line.points_mm[40:-40:10])
        assert np.linalg.norm(strip.to_world(on_line) - line.points_mm[40:-40:10], axis=1).max() < 0.1


def test_a_turn_of_ninety_degrees_shows_what_lay_across(helix: tuple[Volume, Centerline]) -> None:
    _, line = helix
    flat, upright = (Straightened.of(line, 50, 21, half_width_mm=5.0, turn_deg=turn) for turn in (0.0, 90.0))
    assert np.abs((flat.across * upright.across).sum(axis=1)).max() < 1e-6
    assert np.cross(flat.tangents, flat.across) == pytest.approx(upright.across, abs=1e-9)


def test_frames_do_not_twist(helix: tuple[Volume, Centerline]) -> None:
    strip = Straightened.of(helix[1], 400, 21)
    turning = np.einsum("ij,ij->i", np.diff(strip.across, axis=0), np.cross(strip.tangents, strip.across)[:-1])
    assert np.abs(turning).max() < 2e-3


def test_a_stretched_picture_keeps_the_vessels_length(helix: tuple[Volume, Centerline]) -> None:
    volume, line = helix
    sheet = Stretched.of(line, turn_deg=30.0, pixel_mm=0.3, margin_mm=10.0)
    picture = sheet.sampled(volume)
    pixels, off = sheet.to_pixel(line.points_mm[2:-2])
    assert off.max() < 0.1
    length = np.linalg.norm(np.diff(pixels, axis=0), axis=1).sum() * sheet.pixel_mm
    assert length == pytest.approx(line.length_mm - 4 * 0.5, rel=0.02)
    rows, columns = np.rint(pixels[10:-10]).astype(int).T
    assert np.median(picture[rows, columns]) > 350.0


def test_a_strip_of_a_pane_is_quick(helix: tuple[Volume, Centerline]) -> None:
    volume, line = helix
    best = np.inf
    for _ in range(5):
        start = time.process_time()
        Straightened.of(line, 700, 200, half_width_mm=10.0).sampled(volume)
        best = min(best, time.process_time() - start)
    assert best < 0.05


def test_a_strip_without_pixels_is_refused(helix: tuple[Volume, Centerline]) -> None:
    with pytest.raises(MeasurementError, match="two pixels"):
        Straightened.of(helix[1], 1, 200)
