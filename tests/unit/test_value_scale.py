"""How finely values are told and typed where an image is no CT, and bands that fit it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from app.panels.segment.by_hand_choices import band_at, band_of, band_words, first_band
from planning.by_hand.rules import Rules
from planning.by_hand.strokes import Brush, Stroke
from planning.by_hand.values import HU, SUV, shown_range, value_scale
from planning.geometry import Grid
from planning.volume import Mask, Volume

GRID = Grid.from_parts((40, 40, 20), (1.0, 1.0, 1.0))


def _volume(quantity: str, most: float, kind: type[np.generic] = np.float32) -> Volume:
    """Empty over the left half, values evenly up to `most` over the right one."""
    voxels = np.zeros(GRID.shape_kji)
    voxels[:, :, 20:] = np.linspace(0.0, most, voxels[:, :, 20:].size).reshape(20, 40, 20)
    return Volume(GRID, voxels.astype(kind), quantity=quantity)


def _of(where: npt.NDArray[np.bool_]) -> Mask:
    return Mask.from_full(GRID, where)


@pytest.mark.parametrize(
    ("quantity", "most", "kind", "fine", "step", "decimals"),
    [
        ("HU", 1500.0, np.int16, 1.0, 5.0, 0),
        ("SUV", 18.0, np.float32, 0.01, 0.1, 2),
        ("", 1800.0, np.int16, 1.0, 10.0, 0),
        ("", 30000.0, np.int16, 1.0, 100.0, 0),
        ("", 0.9, np.float32, 0.0001, 0.001, 4),
        ("", 25.0, np.float32, 0.01, 0.1, 2),
        ("", 25.0, np.int16, 1.0, 1.0, 0),
        ("", 0.0, np.int16, 1.0, 1.0, 0),
    ],
)
def test_steps_fit_what_an_image_holds(
    quantity: str, most: float, kind: type[np.generic], fine: float, step: float, decimals: int
) -> None:
    scale = value_scale(_volume(quantity, most, kind))
    assert (scale.unit, scale.fine, scale.step, scale.decimals) == (
        quantity,
        pytest.approx(fine),
        pytest.approx(step),
        decimals,
    )
    assert scale.rounded(fine * 7.4) == pytest.approx(fine * 7.0)


def test_empty_places_do_not_hide_what_else_an_image_holds() -> None:
    low, high = shown_range(_volume("SUV", 10.0))
    assert low == pytest.approx(0.2, abs=0.1)
    assert high == pytest.approx(10.0, abs=0.1)


def test_bands_have_the_images_own_figures() -> None:
    volume = _volume("SUV", 10.0)
    values = volume.voxels
    band = band_of(volume, _of((values > 4.0) & (values < 6.0)))
    assert band == (pytest.approx(4.06, abs=0.02), pytest.approx(5.94, abs=0.02))
    # one value only: still a band
    flat = Volume(GRID, np.full(GRID.shape_kji, 2.5, dtype=np.float32), quantity="SUV")
    assert band_of(flat, _of(np.ones(GRID.shape_kji, dtype=bool))) == (2.5, 2.51)
    assert band_at(flat, GRID.center_mm) == pytest.approx((2.5 - SUV.about, 2.5 + SUV.about))
    low, high = first_band(volume) or (0.0, 0.0)
    assert 4.5 < low < 5.5 < 9.0 < high <= 10.0
    assert first_band(_volume("HU", 1500.0, np.int16)) is None


def test_only_values_in_hounsfield_units_are_called_so() -> None:
    assert band_words((100.0, 250.0), HU) == ("100", "250\u202fHU")
    assert band_words((2.5, 8.0), SUV) == ("2.50", "8.00\u202fSUV")
    assert band_words((40.0, 95.0), value_scale(_volume("", 1800.0, np.int16))) == ("40", "95")


@pytest.mark.parametrize(("quantity", "inner", "outer"), [("HU", 160.0, 40.0), ("SUV", 8.0, 2.0)])
def test_a_brush_that_stops_at_edges_stops_at_those_of_pet_too(quantity: str, inner: float, outer: float) -> None:
    voxels = np.full(GRID.shape_kji, outer, dtype=np.float32)
    voxels[:, :, :20] = inner
    volume = Volume(GRID, voxels, quantity=quantity)
    empty = _of(np.zeros(GRID.shape_kji, dtype=bool))
    stroke = Stroke(empty, Brush("sphere", 6.0), Rules(), volume=volume, smart=True)
    stroke.move(GRID.to_world((15.0, 20.0, 10.0)))
    assert stroke.box is not None
    painted = np.nonzero(np.array(stroke.changed[stroke.box]))[2] + stroke.box[2].start
    assert painted.min() < 12
    assert painted.max() <= 20
