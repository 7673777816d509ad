"""A slice pane's numbers that are typed over: where they stand, which lies under the hand, and what a typed one does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from planning.geometry import FloatArray, Grid, Vector
from viewers.gestures import MOST_LEVEL, MOST_WINDOW
from viewers.language import text_value, tr
from viewers.lut import LEAST_WINDOW, window_decimals
from viewers.pane_chrome import PaneField, title_fields, window_fields
from viewers.pane_fields import PaneEntry
from viewers.pane_geometry import clamped_along
from viewers.pane_look import PaneLook
from viewers.view_state import MOST_SLAB_MM, vec

if TYPE_CHECKING:
    from viewers.slice_pane import SlicePane

MOST_TURN_DEG = 180.0
# a position that the scan ends before by less than this is taken
REACH_MM = 0.05
FAR_MM = 1e6


class PaneNumbers:
    """`lit`: id of the number under the hand, "" for none."""

    def __init__(self, pane: SlicePane, look: PaneLook) -> None:
        self._pane = pane
        self._fields: dict[str, tuple[QRectF, PaneField]] = {}
        self.lit = ""
        self.entry = PaneEntry(pane.pane_name, look, pane)
        self.entry.left_by_tab.connect(self._next)

    def set_look(self, look: PaneLook) -> None:
        """Other colours or text size."""
        self.entry.set_look(look)

    def stand(self, fields: Iterable[PaneField], places: Mapping[str, QRectF]) -> None:
        """Where the numbers were drawn; those that had no room cannot be typed."""
        self._fields = {field.id: (places[field.id], field) for field in fields if field.id in places}

    def point(self, place: FloatArray | None) -> None:
        """The hand is here now."""
        self.lit = "" if place is None else self._at(place)

    def _at(self, place: FloatArray) -> str:
        point = QPointF(float(place[0]), float(place[1]))
        for identifier, (box, _) in self._fields.items():
            if box.adjusted(-3.0, -2.0, 3.0, 2.0).contains(point):
                return identifier
        return ""

    def open_at(self, place: FloatArray) -> bool:
        """Type over the number at a screen place; False where there is none."""
        identifier = self._at(place)
        return bool(identifier) and self.open(identifier)

    def open(self, identifier: str = "") -> bool:
        """Type over a number, the first one without a name; False when it is not shown."""
        found = self._fields.get(identifier or next(iter(self._fields), ""))
        if found is None:
            return False
        box, field = found
        self.entry.open(field, box, self._take)
        return True

    def _next(self, identifier: str, way: int) -> None:
        names = list(self._fields)
        if names:
            at = names.index(identifier) if identifier in names else -1
            self.open(names[(at + way) % len(names)])

    def _take(self, field: PaneField, value: float) -> str:
        """A typed number becomes the view's; why not, or "" when it did."""
        model, name = self._pane.model, self._pane.pane_name
        state = model.state
        now = next((n.value for n in (*title_fields(state, name), *window_fields(state)) if n.id == field.id), 0.0)
        if field.id == "position":
            return self._take_position(field, value, now)
        low, high = LIMITS[field.id]
        if field.id == "window":
            low = self._pane.least_window
        if not low <= value <= high:
            unit = field.unit if field.unit == "°" else f" {field.unit}"
            lowest = text_value(low, window_decimals(low) if 0.0 < low < 1.0 else 0)
            return tr("{low} to {high}{unit} are possible", low=lowest, high=text_value(high, 0), unit=unit)
        if field.id == "slab":
            model.become(state.with_slab(name, value))
        elif field.id == "angle":
            model.become(state.with_turn(name, float(np.radians(value - now))))
        else:
            model.set(**{field.id: value}, preset="")
        return ""

    def _take_position(self, field: PaneField, value: float, now: float) -> str:
        model, name, grid = self._pane.model, self._pane.pane_name, self._pane.grid
        state = model.state
        if name in state.pinned:
            model.scroll_pinned(name, value - now)
            return ""
        way = np.asarray(state.axes(name)[2])
        if field.letters:
            # letters count along the patient's axes, whichever way the pane looks
            way = np.eye(3)[int(np.argmax(np.abs(way)))]
        here = np.array(state.cross_mm)
        low, high = (now + _reach(grid, here, way, far) for far in (-FAR_MM, FAR_MM))
        if not low - REACH_MM <= value <= high + REACH_MM:
            return tr(
                "The scan reaches from {words} to {words2} mm", words=_words(field, low), words2=_words(field, high)
            )
        model.set(cross_mm=vec(clamped_along(grid, here, way, value - now)))
        return ""


LIMITS = {
    "slab": (0.0, MOST_SLAB_MM),
    "angle": (-MOST_TURN_DEG, MOST_TURN_DEG),
    "window": (LEAST_WINDOW, MOST_WINDOW),
    "level": (-MOST_LEVEL, MOST_LEVEL),
}


def _reach(grid: Grid, here: Vector, way: Vector, far_mm: float) -> float:
    """How far the scan goes on along a direction, with the sign of `far_mm`."""
    return float((clamped_along(grid, here, way, far_mm) - here) @ way)


def _words(field: PaneField, value: float) -> str:
    if not field.letters:
        return text_value(value, 1)
    return f"{field.letters[0 if value >= 0 else 1]} {text_value(abs(value), 1)}"
