"""The sample liver's hepatic veins painted on by hand: for pictures of the segment editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app.panels.segment.by_hand_settings import AND, PAINT
from planning.geometry import Vector
from viewers.paint_hand import Spot

if TYPE_CHECKING:
    from app.case_page import CasePage
    from app.panels.segment import SegmentPanel

NAME, OVER = "hepatic_veins", "liver"
BRUSH_MM, BAND_HU = 12.0, (140.0, 230.0)
STROKE_MM = 5.0
# LPS mm: strokes along branches, from slice to slice, and whether they take away
STROKES: tuple[tuple[tuple[tuple[float, float, float], ...], bool], ...] = (
    (((-60.0, -34.0, 49.4), (-44.0, -30.0, 49.4), (-30.0, -24.0, 49.4)), False),
    (((16.0, -34.0, 51.9), (24.0, -26.0, 51.9)), True),
    (((-62.0, 0.0, 53.1), (-50.0, 1.0, 53.1), (-36.0, -1.0, 53.1), (-24.0, 0.0, 53.1)), False),
)
HAND_MM = np.array([-62.0, 0.0, 53.1])


def paint_veins(page: CasePage, panel: SegmentPanel) -> None:
    """Two strokes and what an eraser takes away again, each a step; the brush stays in the hand."""
    panel.open_by_hand(PAINT, NAME)
    page.set_preset("liver")
    work, pane = panel.hand, page.slices["axial"]
    work.set_brush(STROKE_MM)
    for places, takes in STROKES:
        # a step is called by the slice that it was drawn in
        page.session.view.set(cross_mm=tuple(places[-1]))
        work.set_settings(over=f"{AND}{OVER}")
        spots = [Spot("axial", pane.geometry_px(), np.array(place)) for place in places]
        work.begin(spots[0], takes)
        for spot in spots[1:]:
            work.extend(spot)
        work.finish()
    work.set_brush(BRUSH_MM)
    work.set_settings(banded=True, band_hu=BAND_HU)


def rest_brush(page: CasePage, at_mm: Vector = HAND_MM) -> None:
    """The hand over the axial picture, so that its brush is seen."""
    pane = page.slices["axial"]
    x, y = (float(value) for value in pane.geometry_px().to_screen(at_mm))
    place, none = QPointF(x, y), Qt.MouseButton.NoButton
    QApplication.sendEvent(
        pane,
        QMouseEvent(QEvent.Type.MouseMove, place, pane.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier),
    )
