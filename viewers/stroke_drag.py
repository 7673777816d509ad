"""The hand that marks what a structure is: a click is a place; a drag a stroke, a straight line, a box or a lasso."""

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

STROKE, LINE, CLICK, BOX, LASSO = "stroke", "line", "click", "box", "lasso"
MARK_TOOLS = (STROKE, LINE, CLICK, BOX, LASSO)
# places of a stroke nearer to each other tell nothing new
STEP_PX = 3.0


class StrokeDrag(Drag):
    """A press with a marking tool. Ctrl at the press turns "this" into "not this".

    kind: STROKE and LASSO follow the hand; LINE is straight from the press to the release and names its length; BOX has
    its corners there; CLICK stays where it was pressed.
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
        if self.kind == CLICK:
            return
        if self.kind in (LINE, BOX):
            self.places_mm[1:] = [here]
        elif float(np.linalg.norm(place - self._last)) >= STEP_PX:
            self._last = place
            self.places_mm.append(here)

    def finish(self, place: FloatArray) -> None:
        self.bench.tell_stroke(np.array(self.places_mm), self.turned)

    def items(self, color: str) -> tuple[PlanItem, ...]:
        """What is drawn while the hand draws."""
        if len(self.places_mm) < 2:
            return ()
        line = np.array(self.places_mm)
        if self.kind == LINE:
            length = text_quantity(float(np.linalg.norm(line[1] - line[0])), "mm")
            return (DistanceItem(key=LINE, ends_mm=line, color=color, text=length),)
        if self.kind == BOX:
            line = self._corners(line[0], line[1])
        elif self.kind == LASSO:
            line = np.concatenate([line, line[:1]])
        return (PathItem(key=STROKE, points_mm=line, color=color, width_px=3.0),)

    def _corners(self, first: Vector, last: Vector) -> FloatArray:
        """(5, 3) round a box that lies along the picture's edges."""
        right = self.geometry.right
        across = float((last - first) @ right) * right
        return np.array([first, first + across, last, last - across, first])
