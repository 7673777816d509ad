"""Coloured parts of an organ over a slice: colours, smooth borders, names in the middle."""

from __future__ import annotations

import numpy as np
import pytest

from planning.geometry import Grid
from viewers.overlay import PartsItem
from viewers.pane_geometry import PaneGeometry, pane_geometry
from viewers.parts_layer import PartsLayer
from viewers.view_state import ViewState

SPACING = (2.0, 2.0, 3.0)
COLORS = ("#FF0000", "#00FF00", "#0000FF")


def _item(**changes: object) -> PartsItem:
    """A block of 80 × 60 × 60 mm in three: right and left of x = y, and a lowest part."""
    size = (40, 30, 20)
    grid = Grid.from_parts(size, SPACING, -(np.array(size) - 1) / 2.0 * SPACING)
    x, y, z = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T).T
    codes = np.where(z < -20.0, 3, np.where(x > y, 2, 1)).astype(np.uint8).reshape(grid.shape_kji)
    values: dict[str, object] = {
        "key": "parts",
        "codes": codes,
        "grid": grid,
        "colors": COLORS,
        "names": ("A", "B", "C"),
        "middles_mm": np.zeros((3, 3)),
        "fill_opacity": 1.0,
    }
    return PartsItem(**{**values, **changes})  # type: ignore[arg-type]


def _geometry(
    pane: str = "axial", at: tuple[float, float, float] = (0.0, 0.0, 0.0), ratio: float = 1.0
) -> PaneGeometry:
    return pane_geometry(ViewState(cross_mm=at), pane, _item().grid, 300, 300, ratio)


def _color(pixel: int) -> str:
    return f"#{int(pixel) & 0xFFFFFF:06X}"


@pytest.mark.parametrize("pane", ["axial", "coronal", "sagittal"])
@pytest.mark.parametrize("quick", [False, True])
def test_every_place_has_its_parts_colour(pane: str, quick: bool) -> None:
    geometry = _geometry(pane, (3.0, -5.0, 2.0))
    drawn = PartsLayer().picture(_item(), geometry, fill=True, smooth=True, quick=quick)
    assert drawn is not None
    for place in ((20.0, -5.0, 2.0), (-25.0, -5.0, 2.0), (3.0, 20.0, 2.0), (3.0, -25.0, 2.0), (3.0, -5.0, -25.0)):
        if abs(geometry.distance_mm(np.array([place]))[0]) > 0.1:
            continue
        x, y = np.rint(geometry.to_screen(np.array(place))).astype(int)
        x_mm, y_mm, z_mm = place
        wanted = COLORS[2] if z_mm < -20.0 else COLORS[1] if x_mm > y_mm else COLORS[0]
        assert _color(drawn.pixels[y, x]) == wanted


def test_a_slanting_border_is_no_stair() -> None:
    """Pixels along the border stray from the true line less than a voxel's own corners do."""
    geometry = _geometry()
    stray = {}
    for quick in (True, False):
        drawn = PartsLayer().picture(_item(), geometry, fill=True, smooth=True, quick=quick)
        assert drawn is not None
        rows = range(90, 210)
        first = [int(np.flatnonzero((drawn.pixels[row] & 0xFF00) == 0xFF00)[0]) for row in rows]
        stray[quick] = float(np.abs(np.diff(first, 2)).max())
    assert stray[False] <= 2.0 < stray[True]


def test_nothing_is_drawn_beyond_the_organ() -> None:
    geometry = _geometry()
    smooth = PartsLayer().picture(_item(), geometry, fill=True, smooth=True)
    plain = PartsLayer().picture(_item(), geometry, fill=True, smooth=False)
    assert smooth is not None
    assert plain is not None
    assert np.array_equal(smooth.pixels != 0, plain.pixels != 0)


def test_names_stand_where_a_part_has_room_and_not_in_slivers() -> None:
    geometry = _geometry()
    drawn = PartsLayer().picture(_item(), geometry, fill=True, smooth=True)
    assert drawn is not None
    assert {number for _, number in drawn.names} == {0, 1}
    for place, number in drawn.names:
        x_mm, y_mm, _ = geometry.to_world(place)
        assert (x_mm > y_mm) == (number == 1)
    low = PartsLayer().picture(_item(), _geometry(at=(0.0, 0.0, -24.0)), fill=True, smooth=True)
    assert low is not None
    assert [number for _, number in low.names] == [2]


def test_a_chosen_part_is_filled_more_strongly_and_a_plane_beside_it_draws_nothing() -> None:
    geometry = _geometry()
    plain = PartsLayer().picture(_item(fill_opacity=0.2), geometry, fill=True, smooth=True)
    chosen = PartsLayer().picture(_item(fill_opacity=0.2, chosen=1), geometry, fill=True, smooth=True)
    assert plain is not None
    assert chosen is not None
    x, y = np.rint(geometry.to_screen(np.array((20.0, -5.0, 0.0)))).astype(int)
    assert int(chosen.pixels[y, x]) >> 24 > int(plain.pixels[y, x]) >> 24
    assert PartsLayer().picture(_item(), _geometry(at=(0.0, 0.0, 90.0)), fill=True, smooth=True) is None
