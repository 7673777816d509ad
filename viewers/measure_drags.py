"""The hand with a measuring tool: places are set on release under the magnifier; two may be set by one drag."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt

from planning.geometry import FloatArray, Vector
from planning.units import text_quantity
from viewers.drags import Bench, Drag
from viewers.gestures import DRAG_PX

Places = tuple[Vector, ...]


class MeasureDrag(Drag):
    """A press with a measuring tool. begun: places set by earlier clicks.

    A distance and an ellipse's box are a drag, or two clicks. A circle is three clicks. A calliper is a drag from one
    side to the other, or one click inside a vessel, whose edge is then looked for.
    """

    on_slice = True

    def __init__(self, bench: Bench, place: FloatArray, kind: str, begun: Places = ()) -> None:
        super().__init__(bench, place)
        self.kind, self.before_mm = kind, begun
        # a place moves under the magnifier before it lands; only a drag that may mean two places must be meant
        self.threshold = 0.0 if kind == "circle" or begun else DRAG_PX
        self.first_mm = self.geometry.to_world(place)
        self.here_mm = self.first_mm

    def follow(self, place: FloatArray, keys: Qt.KeyboardModifier) -> None:
        self.here_mm = self.geometry.to_world(place)

    @property
    def places_mm(self) -> FloatArray:
        """(N, 3) places so far, the hand's own last."""
        if self.kind != "circle" and not self.before_mm and self.begun:
            return np.array([self.first_mm, self.here_mm])
        return np.array([*self.before_mm, self.here_mm])

    @property
    def kept(self) -> Places:
        """The places that wait for more after the release."""
        return () if self._is_whole else tuple(self.places_mm)

    @property
    def _is_whole(self) -> bool:
        if self.kind == "calliper":
            return True
        return len(self.places_mm) == (3 if self.kind == "circle" else 2)

    def finish(self, place: FloatArray) -> None:
        if self._is_whole:
            self.bench.tell_measured(self.kind, self.places_mm)

    @property
    def glass_words(self) -> tuple[str, ...]:
        from planning.errors import MeasurementError
        from planning.measure.kinds import readings

        try:
            first = readings(self.kind, self.places_mm)[0]
        except MeasurementError:
            # not enough places yet
            return ()
        return (f"{first.name} {text_quantity(first.value, first.unit)}",)

    @property
    def glass_mm(self) -> Vector | None:
        # the corner of an ellipse's box lies on nothing
        return None if self.kind == "ellipse" else self.here_mm
