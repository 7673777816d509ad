"""A route that was not found, or only as closed: its two ends are clicked, and the way between them is measured."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.i18n import tr
from app.panels.base import as_list
from app.panels.placing import PointPlacer
from app.theme.tokens import PLANS
from planning.access.plan import FEMORAL, NAMES
from planning.geometry import FloatArray
from viewers.overlay import PlanItem, PointItem

BEGIN, END = "route_begin", "route_end"
KEYS = (BEGIN, END)
Ends = Mapping[str, list[float]]


class RouteEnds:
    """Asks for both ends of one route after another. route: its key, "" while none is asked for."""

    def __init__(self, placer: PointPlacer) -> None:
        self._placer = placer
        self.route = ""
        self._begin: FloatArray | None = None

    @property
    def is_asked(self) -> bool:
        """True while the next click is an end."""
        return self._placer.asked in KEYS

    def ask(self, route: str) -> None:
        """The next two clicks are the ends of this route."""
        self.route, self._begin = route, None
        self._placer.ask_from(BEGIN, (BEGIN,))

    def placed(self, key: str, position_mm: FloatArray) -> Ends | None:
        """An end was clicked; both ends with the second one."""
        if key == BEGIN:
            self._begin = np.asarray(position_mm, dtype=np.float64)
            self._placer.ask_from(END, (END,))
            return None
        begin, self._begin = self._begin, None
        self._placer.stop()
        return None if begin is None else {"from_mm": as_list(begin), "to_mm": as_list(position_mm)}

    def words(self) -> str:
        """What the next click is."""
        name = NAMES.get(self.route, self.route)
        where = tr("leaves the aorta") if self.route in FEMORAL else tr("leaves the arch")
        last = tr("in the groin") if self.route in FEMORAL else tr("where the sheath would go in")
        if self._placer.asked == BEGIN:
            return tr("{name}: click inside it where it {where}.", name=name, where=where)
        return tr("{name}: click inside it {last}.", name=name, last=last) if self._placer.asked == END else ""

    def items(self) -> list[PlanItem]:
        """The first end while the second is asked for."""
        if self._begin is None or self._placer.asked != END:
            return []
        return [PointItem(key=BEGIN, position_mm=self._begin, color=PLANS["a"], label="A", movable=False)]
