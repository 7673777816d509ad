"""Where words stand in a chart so that they cover no curve and nothing covers them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from planning.geometry import FloatArray

STEP_PX, EDGE_PX, AWAY_PX = 12.0, 4.0, 2.0


def free_box(wanted: QRectF, plot: QRectF, taken: Sequence[QRectF], curves: Sequence[FloatArray]) -> QRectF:
    """A box of words moved along its line, as little as possible, to where it touches nothing.

    wanted: where they stand best, logical pixels. taken: what lies in the chart already. curves: (n, 2) points each, in
    pixels, along x. Where no place is free they leave other words only, and where that cannot be they stay.
    """
    lefts = np.arange(plot.left() + EDGE_PX, plot.right() - EDGE_PX - wanted.width(), STEP_PX)
    lefts = np.concatenate([[wanted.left()], lefts[np.argsort(np.abs(lefts - wanted.left()), kind="stable")]])
    # where a curve runs along all of the line, words on it are still better than words under other words
    for avoided in (curves, ()):
        for left in lefts:
            box = QRectF(QPointF(float(left), wanted.top()), wanted.size())
            room = box.adjusted(-AWAY_PX, -AWAY_PX, AWAY_PX, AWAY_PX)
            if not any(room.intersects(one) for one in taken) and not any(_meets(room, curve) for curve in avoided):
                return box
    return wanted


def _meets(box: QRectF, curve: FloatArray) -> bool:
    """Whether a curve runs through a box; between its points it is straight."""
    if not len(curve):
        return False
    first, last = max(box.left(), float(curve[0, 0])), min(box.right(), float(curve[-1, 0]))
    if first > last:
        return False
    inside = curve[(curve[:, 0] >= first) & (curve[:, 0] <= last), 1]
    heights = np.concatenate([np.interp([first, last], curve[:, 0], curve[:, 1]), inside])
    return bool(heights.max() >= box.top() and heights.min() <= box.bottom())
