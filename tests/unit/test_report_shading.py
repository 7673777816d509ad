"""Shaded rows of a report's tables, and labels of a chart beside its curve."""

from __future__ import annotations

import numpy as np

from app.report.blocks import shading
from app.report.chart import _label_place
from app.report.content import Cell, Table


def _table(*firsts: str) -> Table:
    return Table("", ("", "Why"), [(Cell(first), Cell("words")) for first in firsts])


def test_every_other_row_is_shaded_and_what_goes_on_below_a_row_stays_with_it() -> None:
    assert shading(_table("1", "2", "3")) == [True, False, True]
    assert shading(_table("1", "2", "", "3", "")) == [True, False, False, True, True]
    assert shading(_table("", "", "")) == [True, False, True]
    assert shading(_table()) == []


def test_a_label_stands_off_a_curve_that_passes_its_mark() -> None:
    # a line through the mark from lower left to upper right; what is left of it above is taken
    x, y, wide = 100.0, 60.0, 40.0
    path = [(float(a), float(160.0 - a)) for a in np.linspace(20.0, 140.0, 400)]
    taken = [(40.0, 30.0, 99.0, 58.0)]
    tx, ty = _label_place(x, y, wide, (0.0, 130.0, 0.0, 160.0), taken, path)
    assert not any(tx - 1 < a < tx + wide + 1 and ty - 7 < b < ty + 2 for a, b in path)
