"""The hand that marks what a structure is: a click is a place, a drag a stroke or a straight line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt

from planning.geometry import FloatArray, Vector
from planning.units import text_quantity
from viewers.drags import Bench, Drag
from viewers.gestures import DRAG_PX
from viewers.overlay import DistanceItem, PathItem

if TYPE_CHECKING:
    from viewers.overlay import PlanItem

STROKE, LINE = "stroke", "line"
MARK_TOOLS = (STROKE, LINE)
# places of a stroke nearer to each other tell nothing new
STEP_PX = 3.0


class StrokeDrag(Drag):
    """A press with a marking tool. Ctrl at the press turns "this" into "not this".

    kind: STROKE follows the hand, LINE is straight from the press to the release and names its length.
    """

    on_slice = True
    threshold = DRAG_PX

    def __init__(self, bench: Bench, place: FloatArray, kind: str, keys: Qt.KeyboardModifier) -> None:
        super().__init__(bench, place)
        self.kind = kind
        self.turned = bool(keys & Qt.KeyboardModifier.ControlModifier)
        self.places_mm: list[Vector] = [self.geometry.to_world(place)]
        self._last = place

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        here = self.geometry.to_world(place)
        if self.kind == LINE:
            self.places_mm[1:] = [here]
        elif float(np.linalg.norm(place - self._last)) >= STEP_PX:
            self._last = place
            self.places_mm.append(here)

    def finish(self, place: FloatArray) -> None:
        self.bench.tell_stroke(np.array(self.places_mm), self.turned)

    def items(self, color: str, turned_color: str) -> tuple[PlanItem, ...]:
        """What is drawn while the hand draws."""
        if len(self.places_mm) < 2:
            return ()
        drawn, line = turned_color if self.turned else color, np.array(self.places_mm)
        if self.kind == LINE:
            length = text_quantity(float(np.linalg.norm(line[1] - line[0])), "mm")
            return (DistanceItem(key=LINE, ends_mm=line, color=drawn, text=length),)
        return (PathItem(key=STROKE, points_mm=line, color=drawn, width_px=3.0),)
