"""Places that a way through a vessel is led through: drawn, listed, and put into the order in which the way comes by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.i18n import mark, text_position, tr
from app.panels.base import as_list
from app.panels.parts import TableRow
from app.theme.tokens import PLANS
from planning.geometry import FloatArray
from planning.vessel.via import in_order
from viewers.overlay import PlanItem, PointItem

Places = list[list[float]]
HELP = mark("Click inside the vessel where its centreline shall go through.")


class WayPoints:
    """The points of one way. `key`: what the next click is called, and how the points' keys begin."""

    def __init__(self, key: str) -> None:
        self.key = key

    def point_key(self, number: int) -> str:
        """Of the point of this number, from 0."""
        return f"{self.key}_{number}"

    def number(self, key: str, places_mm: Sequence[npt.ArrayLike]) -> int | None:
        """The number in a point's key; None for another point."""
        tail = key.removeprefix(f"{self.key}_")
        return int(tail) if tail != key and tail.isdecimal() and int(tail) < len(places_mm) else None

    def items(self, places_mm: Sequence[npt.ArrayLike], *, movable: bool) -> list[PlanItem]:
        """The points, numbered along the way."""
        return [
            PointItem(
                key=self.point_key(number),
                position_mm=np.asarray(place, dtype=np.float64),
                color=PLANS["a"],
                label=str(number + 1),
                movable=movable,
            )
            for number, place in enumerate(places_mm)
        ]

    def rows(self, places_mm: Sequence[npt.ArrayLike]) -> list[TableRow]:
        """The same as a table."""
        return [
            TableRow(
                self.point_key(number),
                tr("Through {number}", number=number + 1),
                "",
                swatch=PLANS["a"],
                detail=text_position(np.asarray(place, dtype=np.float64)),
                status=tr("by hand"),
            )
            for number, place in enumerate(places_mm)
        ]


def with_place(line_mm: npt.ArrayLike, places_mm: Sequence[npt.ArrayLike], place_mm: FloatArray) -> Places:
    """The places with one more, in the order in which the (N, 3) line of now comes by."""
    points = [np.asarray(place, dtype=np.float64) for place in (*places_mm, place_mm)]
    return [as_list(place) for place in in_order(np.asarray(line_mm, dtype=np.float64), points)]


def moved_place(places_mm: Sequence[npt.ArrayLike], number: int, place_mm: FloatArray | None) -> Places:
    """The places with this one elsewhere; None: without it."""
    kept = [as_list(np.asarray(place, dtype=np.float64)) for place in places_mm]
    kept[number : number + 1] = [] if place_mm is None else [as_list(place_mm)]
    return kept
