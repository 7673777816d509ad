"""A heart drawn by strokes in the sample liver's scan, which no structure of it has: for pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from planning.geometry import FloatArray

if TYPE_CHECKING:
    from app.case_page import CasePage
    from app.panels.segment import SegmentPanel

NAME = "heart"
# LPS mm: middle of the heart in an upper and in a lower slice, and how far it reaches there
UPPER_MM, UPPER_REACH_MM = np.array([27.0, -36.0, 104.0]), (40.0, 22.0)
LOWER_MM, LOWER_REACH_MM = np.array([30.0, -38.0, 86.0]), (20.0, 10.0)
GAP_MM = 16.0
# where the hand stands
HAND_MM = np.array([52.0, -18.0, 104.0])


def draw_heart(panel: SegmentPanel) -> Iterator[None]:
    """A cross through it and a ring round it, in two slices; after each stroke the caller lets the window answer."""
    panel.open_strokes()
    panel.strokes.rename(NAME)
    for middle, (right, front) in ((LOWER_MM, LOWER_REACH_MM), (UPPER_MM, UPPER_REACH_MM)):
        for reach in (np.array([right, 0.0, 0.0]), np.array([0.0, front, 0.0])):
            panel.strokes.mark("scribble", True, middle + np.linspace(-1.0, 1.0, 12)[:, None] * reach)
            yield
        panel.strokes.mark("scribble", False, _ring(middle, right + GAP_MM, front + GAP_MM))
        yield
    panel.fly_asked.emit(UPPER_MM)


def rest_hand(page: CasePage) -> None:
    """The hand over the axial picture, so that its brush is seen."""
    pane = page.slices["axial"]
    x, y = (float(value) for value in pane.geometry_px().to_screen(HAND_MM))
    place, none = QPointF(x, y), Qt.MouseButton.NoButton
    QApplication.sendEvent(
        pane,
        QMouseEvent(QEvent.Type.MouseMove, place, pane.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier),
    )


def _ring(middle: FloatArray, right: float, front: float) -> FloatArray:
    angles = np.linspace(0.0, 2.0 * np.pi, 40)
    return middle + np.stack([right * np.cos(angles), front * np.sin(angles), 0.0 * angles], axis=-1)
