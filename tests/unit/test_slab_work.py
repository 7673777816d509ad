"""A thick oblique slab is made in slices of time, and is the picture that was made in one go."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planning.geometry import Grid
from planning.volume import Volume
from viewers.cut_values import SLAB_STEP_MM, cut_view, slab_planes
from viewers.image_layer import ImageLayer
from viewers.lut import OUTSIDE
from viewers.over_layer import OverLayer
from viewers.overlay import OverItem
from viewers.pane_geometry import PaneGeometry, pane_geometry
from viewers.reslice import Reslicer, reduced
from viewers.slab_work import SlabWork
from viewers.view_state import ViewState, aligned_frame

SLAB_MM = 9.0
GRID = Grid.from_parts((40, 34, 28), (0.8, 0.9, 1.7), (-12.0, 31.0, -7.0))


def _volume(dtype: type = np.int16) -> Volume:
    random = np.random.default_rng(3)
    return Volume(GRID, random.integers(-900, 900, GRID.shape_kji).astype(dtype))


def _geometry(width: int = 620, height: int = 500) -> PaneGeometry:
    x, y, z = GRID.to_world((20.0, 17.0, 13.0)).tolist()
    state = ViewState(cross_mm=(x, y, z), frame=aligned_frame((0.4, -0.3, 0.86)))
    return pane_geometry(state, "axial", GRID, width, height, 1.0)


def _at_once(volume: Volume, kind: str, smooth: bool = True) -> np.ndarray:
    reslicer = Reslicer.of_volume(volume)
    way = "linear" if smooth else "nearest"
    return reduced((reslicer.cut(at, kind=way) for at in slab_planes(_geometry(), SLAB_MM)), kind)


@pytest.mark.parametrize("kind", ["max", "min", "mean"])
@pytest.mark.parametrize(("dtype", "smooth"), [(np.int16, True), (np.int16, False), (np.float32, True)])
def test_slices_of_time_give_the_same_to_the_bit(kind: str, dtype: type, smooth: bool) -> None:
    volume = _volume(dtype)
    wanted = _at_once(volume, kind, smooth)
    planes = slab_planes(_geometry(), SLAB_MM)
    work = SlabWork(Reslicer.of_volume(volume), planes, "linear" if smooth else "nearest", kind)
    turns = 1
    while not work.go_on(0.0):
        turns += 1
    # no turn is longer than a strip of one plane
    assert turns > 10 * len(planes)
    assert work.values.dtype == wanted.dtype
    assert np.array_equal(work.values, wanted)
    # the pane shows what lies beyond the scan, too
    assert (wanted == OUTSIDE).any()
    assert (wanted != OUTSIDE).any()


def _shown(layer: ImageLayer, *, later: bool, quick: bool = False, geometry: PaneGeometry | None = None) -> np.ndarray:
    image = layer.image(
        geometry or _geometry(), 2000.0, 0.0, smooth=True, slab_mm=SLAB_MM, slab_kind="mean", later=later, quick=quick
    )
    assert image is not None
    return layer.cut.values


def _layer(volume: Volume) -> ImageLayer:
    layer = ImageLayer()
    layer.set_volume(volume)
    return layer


def test_a_picture_of_less_is_shown_until_the_slab_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewers.cut_values.AT_ONCE_S", 0.0)
    volume = _volume()
    layer, wanted = _layer(volume), _at_once(volume, "mean")
    moving = _shown(_layer(volume), later=True, quick=True)
    assert moving.shape == (250, 310)
    assert np.array_equal(_shown(layer, later=True), moving)
    assert layer.cut.is_unfinished
    while not layer.cut.go_on(0.001):
        assert np.array_equal(_shown(layer, later=True), moving)
    assert np.array_equal(_shown(layer, later=True), wanted)
    assert not layer.cut.is_unfinished
    # a picture to be saved waits for the whole
    assert np.array_equal(_shown(_layer(volume), later=False), wanted)


def test_work_on_what_is_not_asked_any_more_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewers.cut_values.AT_ONCE_S", 0.0)
    layer = _layer(_volume())
    _shown(layer, later=True)
    assert layer.cut.is_unfinished
    _shown(layer, later=True, quick=True)
    assert not layer.cut.is_unfinished
    _shown(layer, later=True)
    before = layer.cut._work
    moved = replace(_geometry(), center_mm=_geometry().center_mm + 3.0)
    _shown(layer, later=True, geometry=moved)
    assert layer.cut._work is not before
    layer.set_volume(_volume(np.float32))
    assert not layer.cut.is_unfinished
    assert layer.cut.go_on(0.0)


def test_an_image_over_another_is_finished_later_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewers.cut_values.AT_ONCE_S", 0.0)
    volume = _volume()
    item = OverItem(volume=volume, name="other", colors="grey", opacity=1.0, window=2000.0, level=0.0)
    layer, wanted = OverLayer(), OverLayer().picture(item, _geometry(), SLAB_MM, "min")
    assert layer.picture(item, _geometry(), SLAB_MM, "min", later=True).shape == (250, 310)
    assert layer.cut.ratio == 0.5
    assert layer.cut.go_on(np.inf)
    assert np.array_equal(layer.picture(item, _geometry(), SLAB_MM, "min", later=True), wanted)
    # another image of the same kind is another picture
    darker = replace(item, volume=Volume(GRID, volume.voxels - 300))
    assert not np.array_equal(layer.picture(darker, _geometry(), SLAB_MM, "min"), wanted)


def test_a_small_pane_at_rest_shows_all_planes_of_its_slab() -> None:
    """A picture made while it moved has half of them, at the same pixels."""
    volume, small = _volume(), _geometry(300, 250)
    layer = _layer(volume)
    moving = _shown(layer, later=True, quick=True, geometry=small).copy()
    at_rest = _shown(layer, later=False, geometry=small)
    wanted = cut_view(Reslicer.of_volume(volume), small, "linear", SLAB_MM, "mean", SLAB_STEP_MM)
    assert np.array_equal(at_rest, wanted)
    assert not np.array_equal(moving, wanted)
