"""The automatic window shows a scan, however small or flat it is."""

from __future__ import annotations

import numpy as np
import pytest

from app.presets import automatic_window
from planning.geometry import Grid
from planning.volume import Volume


def _volume(voxels: np.ndarray) -> Volume:
    return Volume(Grid.from_parts(voxels.shape[::-1], (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)), voxels.astype(np.int16))


def test_a_tiny_scan_is_seen_with_its_contrast() -> None:
    voxels = np.full((6, 6, 6), -1000)
    voxels[3, 3, 3] = 300
    window, level = automatic_window(_volume(voxels))
    assert (window, level) == (1300.0, -350.0)


def test_a_scan_of_one_value_gets_the_window_of_soft_tissue_about_it() -> None:
    assert automatic_window(_volume(np.full((20, 20, 20), 55))) == (400.0, 55.0)


def test_a_body_is_seen_from_its_first_to_its_last_hundredth() -> None:
    voxels = np.full((60, 80, 80), -1000)
    voxels[:, 20:60, 20:60] = np.random.default_rng(0).normal(50.0, 20.0, (60, 40, 40))
    window, level = automatic_window(_volume(voxels))
    assert window == pytest.approx(2 * 2.33 * 20.0, rel=0.1)
    assert level == pytest.approx(50.0, abs=2.0)
