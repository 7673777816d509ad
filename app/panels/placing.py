"""Points that a person puts down one after another: which are there, which one is asked for next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from app.panels.base import as_list
from app.session import Session
from planning.geometry import FloatArray


class PointPlacer:
    """The points of one plan by their keys, LPS mm, and the round of keys that clicks fill in order."""

    def __init__(self, session: Session) -> None:
        self._view = session.view
        self._document = session.document
        self.points: dict[str, FloatArray] = {}
        self.round: tuple[str, ...] = ()
        self.last = ""

    @property
    def is_read_only(self) -> bool:
        """True where nothing may be placed or moved."""
        return self._document.read_only

    @property
    def asked(self) -> str:
        """The point that the next click places, "" for none."""
        state = self._view.state
        return state.placing if state.tool == "place" else ""

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Those of the keys that are not placed yet."""
        return [key for key in keys if key not in self.points]

    def has(self, keys: Sequence[str]) -> bool:
        """True when all of them are placed."""
        return not self.missing(keys)

    def places(self, keys: Sequence[str]) -> list[list[float]]:
        """Their places as JSON floats; all must be there."""
        return [as_list(self.points[key]) for key in keys]

    def put(self, key: str, position_mm: npt.ArrayLike) -> None:
        """A click put a point down; the next of the round is asked for."""
        self.points[key] = np.asarray(position_mm, dtype=np.float64)
        self.last = key
        self._view.set(selected_point=key)
        self.ask_next()

    def take_last(self) -> None:
        """Undo the newest point."""
        if self.points:
            self.points.popitem()

    def begin(self, points: Mapping[str, npt.ArrayLike]) -> None:
        """Other points; nothing was placed last."""
        self.points = {key: np.asarray(place, dtype=np.float64) for key, place in points.items()}
        self.last = ""

    def ask(self, *keys: str) -> None:
        """Ask for these in order, as far as they are missing."""
        if not self.is_read_only:
            self.round = keys
            self.ask_next()

    def ask_from(self, key: str, keys: Sequence[str]) -> None:
        """Ask for one of a round now, then for the rest."""
        if not self.is_read_only:
            self.round = tuple(keys)
            self._view.set(tool="place", placing=key)

    def ask_next(self) -> None:
        """Ask for the first point of the round that is missing; none left ends it."""
        missing = self.missing(self.round)
        if missing:
            self._view.set(tool="place", placing=missing[0])
        else:
            self.stop()

    def stop(self) -> None:
        """Ask for nothing."""
        self.round = ()
        if self._view.state.tool == "place":
            self._view.set(tool="cross", placing="")
