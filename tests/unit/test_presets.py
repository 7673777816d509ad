"""The automatic window shows a scan, however small or flat it is."""

from __future__ import annotations

import numpy as np
import pytest

from app.presets import automatic_window
from planning.geometry import Grid
from planning.volume import Volume
from viewers.gestures import dragged_window
from viewers.lut import least_window, window_decimals, windowed


def _volume(voxels: np.ndarray) -> Volume:
    return Volume(Grid.from_parts(voxels.shape[::-1], (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)), voxels.astype(np.int16))


def test_a_tiny_scan_is_seen_with_its_contrast() -> None:
    voxels = np.full((6, 6, 6), -1000)
    voxels[3, 3, 3] = 300
    window, level = automatic_window(_volume(voxels))
    assert (window, level) == (1300.0, -350.0)


def test_an_image_of_small_values_is_seen_and_windowed_within_them() -> None:
    values = np.linspace(0.0, 0.4, 24**3, dtype=np.float32).reshape(24, 24, 24)
    tracer = Volume(Grid.from_parts((24, 24, 24), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)), values, quantity="SUV")
    window, level = automatic_window(tracer)
    assert window == pytest.approx(0.392, abs=0.01)
    least = least_window(tracer.voxels, tracer.quantity)
    assert least == pytest.approx(0.0004, rel=0.01)
    assert dragged_window(window, level, -1000.0, 0.0, least)[0] == least
    assert dragged_window(window, level, 40.0, 0.0, least)[0] == pytest.approx(1.1 * window, abs=0.01)
    grey = windowed(tracer.voxels[:, :, 0], 0.1, 0.05) & 0xFF
    assert len(np.unique(grey)) > 20, "a narrow window is drawn as narrow as it is"
    assert [window_decimals(width) for width in (400.0, 5.0, 0.5, 0.05)] == [0, 1, 2, 3]
    assert least_window(np.zeros((9, 9, 9), np.int16), "HU") == 1.0


def test_a_scan_of_one_value_gets_the_window_of_soft_tissue_about_it() -> None:
    assert automatic_window(_volume(np.full((20, 20, 20), 55))) == (400.0, 55.0)


def test_a_body_is_seen_from_its_first_to_its_last_hundredth() -> None:
    voxels = np.full((60, 80, 80), -1000)
    voxels[:, 20:60, 20:60] = np.random.default_rng(0).normal(50.0, 20.0, (60, 40, 40))
    window, level = automatic_window(_volume(voxels))
    assert window == pytest.approx(2 * 2.33 * 20.0, rel=0.1)
    assert level == pytest.approx(50.0, abs=2.0)
