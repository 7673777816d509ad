"""What the steps of a vessel plan share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PySide6.QtWidgets import QWidget

from app.i18n import mark, tr
from app.pane_grid import Arrangement
from app.panels import definitions
from app.panels.base import PlanRow
from app.panels.guide import Step
from app.panels.notes import Note, show_notes
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, page, plain
from app.panels.vessels.names import ENDS, NAMES
from planning.geometry import FloatArray
from viewers.overlay import PlanItem

if TYPE_CHECKING:
    from app.panels.vessel import VesselPanel

READ_ONLY = mark("This case is open to read")


class VesselStep(Step):
    """A step with a great number, a table and at most two callouts."""

    number = 0

    def __init__(self, panel: VesselPanel) -> None:
        super().__init__(panel)
        self.panel, self.work, self.session = panel, panel.work, panel.session
        self.name = NAMES[self.number]
        self.hero = self.great = HeroNumber(definitions.VESSEL_HEROES[self.number])
        self.table = NumberTable(definitions.VESSEL)
        self.callouts = [Callout(f"vessel_{self.number}_{n}") for n in range(2)]
        self.table.row_clicked.connect(self.row_chosen)

    def set_body(self, *above: QWidget, below: Sequence[QWidget] = ()) -> None:
        """The scrolling part: what stands above the table, the table, callouts, the rest."""
        self.body = page(*above, self.table, *self.callouts, *below)

    def say(self, notes: Sequence[Note]) -> None:
        """The step's callouts."""
        show_notes(self.callouts, notes)

    def is_reachable(self) -> bool:
        """Ends always, the rest once there is a lumen."""
        return self.number == ENDS or self.work.results is not None

    def row_chosen(self, key: str) -> None:
        """A number was clicked."""

    def arrangement(self) -> Arrangement | None:
        """Section, 3D, strip and chart once there is a lumen."""
        return self.panel.views.arrangement() if self.work.results is not None else None

    def items(self) -> list[PlanItem]:
        """What this step draws beside centreline, section and ends."""
        return []

    def rows(self) -> list[PlanRow]:
        """Lines of the structures panel for what this step adds."""
        return []

    def point_placed(self, key: str, position_mm: FloatArray) -> bool:
        """A click placed a point; True when it was this step's."""
        return False

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """A movable point is dragged; True when it was this step's."""
        return False

    def point_reset(self, key: str) -> bool:
        """Delete on a point; True when it was this step's."""
        return False

    @property
    def write_action(self) -> PanelAction:
        """On to the report."""
        ask = partial(self.panel.module_asked.emit, "report")
        return PanelAction("vessel_write_report", tr("Write report"), ask, key="Enter")

    @property
    def stop_action(self) -> PanelAction:
        """Stop what is measured."""
        return PanelAction("vessel_stop", tr("Stop"), self.work.stop, "x")


def value_row(
    key: str,
    name: str,
    value: float | None,
    unit: str,
    *,
    meaning: str = "",
    reason: str = "",
    share: str = "",
    detail: str = "",
    state: str = "",
    spread: float | None = None,
    clickable: bool = True,
    decimals: int | None = None,
) -> TableRow:
    """A row whose tooltip says what the number means, or why there is none."""
    missing = value is None
    tip = reason if missing else meaning
    return TableRow(
        key,
        name,
        plain(value, unit, decimals),
        "" if missing else unit,
        "" if missing or spread is None else plain(spread, unit),
        "" if missing else state,
        share="" if missing else share,
        detail="" if missing else detail,
        reason=tip,
        clickable=clickable and not missing,
    )


def nearest_station(stations: Sequence[Mapping[str, Any]], place_mm: npt.ArrayLike) -> int:
    """The station nearest to a place in space (3,)."""
    places = np.array([station["position_mm"] for station in stations], dtype=np.float64)
    return int(np.argmin(np.linalg.norm(places - np.asarray(place_mm, dtype=np.float64), axis=1)))
