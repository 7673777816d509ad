"""Words of a chart's limits stand where no curve, no line and no other words are."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from app.panels.chart_words import free_box

PLOT = QRectF(20.0, 10.0, 400.0, 100.0)
WANTED = QRectF(46.0, 50.0, 80.0, 14.0)


def test_words_that_touch_nothing_stay() -> None:
    low = np.array(((20.0, 90.0), (420.0, 90.0)))
    assert free_box(WANTED, PLOT, [QRectF(200.0, 50.0, 90.0, 20.0)], [low]) == WANTED


def test_words_leave_a_curve_and_other_words_by_the_shortest_way() -> None:
    pill = QRectF(60.0, 45.0, 90.0, 20.0)
    moved = free_box(WANTED, PLOT, [pill], [])
    assert moved.top() == WANTED.top()
    assert not moved.intersects(pill)
    assert moved.left() == pytest.approx(pill.right(), abs=14.0)
    # a curve of two points far apart runs through all that lies between them, up to x = 300
    curve = np.array(((20.0, 57.0), (300.0, 57.0)))
    beyond = free_box(WANTED, PLOT, [pill], [curve])
    assert 300.0 < beyond.left() < 316.0


def test_where_nothing_is_free_words_stay_where_they_are_best() -> None:
    assert free_box(WANTED, PLOT, [PLOT], []) == WANTED
    # a curve along all of the line: the words leave other words at least
    everywhere = np.array(((0.0, 57.0), (440.0, 57.0)))
    moved = free_box(WANTED, PLOT, [QRectF(60.0, 45.0, 90.0, 20.0)], [everywhere])
    assert moved.left() > 150.0
