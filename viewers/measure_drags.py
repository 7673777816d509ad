"""The hand with a measuring tool: places are set on release under the magnifier; two may be set by one drag."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt

from planning.geometry import FloatArray, Vector
from viewers.drags import Bench, Drag
from viewers.gestures import DRAG_PX, POINT_HIT_PX
from viewers.language import text_quantity, tr
from viewers.measures import PLACES, boxed, words_of
from viewers.overlay import ValueItem

Places = tuple[Vector, ...]
# a drag sets both ends
BY_DRAG = ("distance", "diameter", "ellipse", "oval", "rectangle", "calliper", "cobb")
# lines of as many places as the hand sets, and how many at least
OPEN_ENDED = {"polyline": 2, "polygon": 3}
# a corner of a box lies on nothing that a magnifier would show
BOXES = ("ellipse", "oval", "rectangle", "freehand")
FREEHAND_STEP_PX = 2.0


class MeasureDrag(Drag):
    """A press with a measuring tool. begun: places set by earlier clicks.

    A line and a box are a drag, or two clicks; an angle between two lines is a drag for each, or four clicks. A circle and
    an angle are three clicks; of an angle the first arm may be a drag. A line of many places and a polygon take a click
    for each and end with a double click, Enter, or on the polygon's first corner. A calliper is a drag from one side to the
    other, or one click inside a vessel, whose edge is then looked for. A freehand outline follows the hand.
    """

    on_slice = True

    def __init__(self, bench: Bench, place: FloatArray, kind: str, begun: Places = ()) -> None:
        super().__init__(bench, place)
        self.kind, self.before_mm = kind, begun
        if kind in BY_DRAG:
            self._two = len(begun) % 2 == 0
        else:
            self._two = kind == "angle" and not begun
        # a place moves under the magnifier before it lands; only a drag that may mean two places must be meant
        self.threshold = DRAG_PX if self._two else 0.0
        # figures typed during the drag are the length of what it draws
        self.amount_unit = "mm" if kind in ("distance", "diameter", "polyline") else ""
        self.first_mm = self.geometry.to_world(place)
        self.here_mm = self.first_mm
        self.line_mm: list[Vector] = [self.first_mm]
        self._last = place

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        self.here_mm = self.geometry.to_world(place)
        if self.kind == "freehand" and float(np.linalg.norm(place - self._last)) >= FREEHAND_STEP_PX:
            self._last = place
            self.line_mm.append(self.here_mm)

    def place_for(self, amount: float) -> FloatArray:
        from_px = self.geometry.to_screen(self.places_mm[-2]) if len(self.places_mm) > 1 else self.start
        way = self.here - from_px
        length = float(np.linalg.norm(way))
        direction = way / length if length > 1e-9 else np.array((1.0, 0.0))
        return np.asarray(from_px + direction * (amount / self.geometry.mm_per_px))

    @property
    def places_mm(self) -> FloatArray:
        """(N, 3) places so far, the hand's own last."""
        if self.kind == "freehand":
            return np.array(self.line_mm)
        if self._two and self.begun:
            return np.array([*self.before_mm, self.first_mm, self.here_mm])
        return np.array([*self.before_mm, self.here_mm])

    @property
    def kept(self) -> Places:
        """The places that wait for more after the release."""
        return () if self._is_whole or self._closes else tuple(self.places_mm)

    @property
    def _closes(self) -> bool:
        """True when the hand is on the first corner of a polygon that has enough of them."""
        if self.kind != "polygon" or len(self.before_mm) < OPEN_ENDED["polygon"]:
            return False
        away = self.geometry.to_screen(self.here_mm) - self.geometry.to_screen(self.before_mm[0])
        return float(np.linalg.norm(away)) <= POINT_HIT_PX

    @property
    def _is_whole(self) -> bool:
        return self.kind in ("calliper", "freehand") or len(self.places_mm) == PLACES[self.kind]

    def finish(self, place: FloatArray) -> None:
        if self._closes:
            self.bench.tell_measured(self.kind, np.array(self.before_mm))
        elif self._is_whole:
            self.bench.tell_measured(self.kind, self.places_mm)

    @property
    def glass_words(self) -> tuple[str, ...]:
        from planning.errors import MeasurementError
        from planning.measure.kinds import readings

        try:
            numbers = readings(self.kind, boxed(self.kind, self.places_mm, self.geometry.right, self.geometry.down))
        except MeasurementError:
            # not enough places yet
            return ()
        return (f"{tr(numbers[0].name)} {text_quantity(numbers[0].value, numbers[0].unit)}",) if numbers else ()

    @property
    def glass_mm(self) -> Vector | None:
        return None if self.kind in BOXES else self.here_mm


class WordsDrag(Drag):
    """Words of a measurement are put aside; a click on them chooses it.

    middle: where they stand, in px. What is told is where they go, and the measurement's own middle for the place that they
    find by themselves.
    """

    cursor = "move"
    threshold = DRAG_PX

    def __init__(self, bench: Bench, place: FloatArray, item: ValueItem, middle: FloatArray) -> None:
        super().__init__(bench, place)
        self.item, self.middle = item, middle
        bench.model.set(selected=words_of(item.key), selected_point="")

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        self.bench.tell_point(self.item.key, self._at(place), False)

    def finish(self, place: FloatArray) -> None:
        if self.begun:
            self.bench.tell_point(self.item.key, self._at(place), True)

    def cancel(self) -> None:
        if self.begun:
            away = np.zeros(3) if self.item.away_mm is None else np.array(self.item.away_mm)
            self.bench.tell_point(self.item.key, np.asarray(self.item.at_mm + away), False)

    def _at(self, place: FloatArray) -> Vector:
        return self.geometry.to_world(self.middle + (place - self.start))
