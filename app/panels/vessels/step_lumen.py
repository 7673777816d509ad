"""Step 2: the lumen along the vessel, its least and greatest place, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from app.panels.guide import StepActions
from app.panels.notes import Note, split_sentences
from app.panels.parts import NumberTable, PanelAction, TableRow, number_row
from app.panels.vessel_views import nearest
from app.panels.vessels.names import ENDS, LUMEN
from app.panels.vessels.step import VesselStep, value_row
from planning.units import text_quantity

if TYPE_CHECKING:
    from app.panels.vessel import VesselPanel

NOT_CLOSED = "The lumen is not closed here: branch or edge of the scan"
MEANINGS: Mapping[str, str] = {
    "minimum": "Least distance between parallel jaws about the lumen, steadied along the vessel",
    "maximum": "Greatest distance between parallel jaws about the lumen, steadied along the vessel",
    "length": "Along the smoothed line of the sections’ middles",
    "chord": "From the first point straight to the second",
    "tortuosity": "Length over straight distance",
}


class LumenStep(VesselStep):
    """What the vessel measures."""

    number = LUMEN

    def __init__(self, panel: VesselPanel) -> None:
        super().__init__(panel)
        self.here = NumberTable()
        self.set_body(below=(self.here,))

    def result(self) -> str:
        """The least diameter."""
        results = self.work.results
        return "" if results is None else text_quantity(results["minimum"]["min_diameter_mm"], "mm")

    def entered(self) -> None:
        """The whole vessel at its station."""
        self.panel.show_part(None)
        self.panel.views.look()

    def refresh(self) -> None:
        """Numbers of the vessel and of the section shown."""
        results = self.work.results
        if results is None:
            return
        is_stale = self.work.is_dirty
        least, greatest = results["minimum"], results["maximum"]
        self.great.set_number("Least diameter", least["min_diameter_mm"], "mm", origin="automatic", stale=is_stale)
        rows = [
            value_row(key, name, found[width], "mm", meaning=MEANINGS[key], share=f"at {found['s_mm']:.0f}\u202fmm")
            for key, name, found, width in (
                ("minimum", "Least diameter", least, "min_diameter_mm"),
                ("maximum", "Greatest diameter", greatest, "max_diameter_mm"),
            )
        ]
        rows += [
            value_row(key, name, value, unit, meaning=MEANINGS[key], clickable=False)
            for key, name, value, unit in (
                ("length", "Length", results["length_mm"], "mm"),
                ("chord", "Straight distance", results["chord_mm"], "mm"),
                ("tortuosity", "Tortuosity", results["tortuosity"], ""),
            )
        ]
        self.table.set_rows(rows, is_stale)
        self.here.set_rows(station_rows(self.panel.views.station), is_stale)
        self.say([Note(*split_sentences(finding["text"])) for finding in results["warnings"]])

    def row_chosen(self, key: str) -> None:
        """Fly to the narrowest or the widest place."""
        results = self.work.results
        if results is None or key not in ("minimum", "maximum"):
            return
        self.table.set_selected(key)
        self.panel.views.go_to(nearest(results["stations"], results[key]["s_mm"]))

    def actions(self) -> StepActions:
        """The report, or other ends."""
        if self.work.is_read_only:
            return StepActions(self.write_action, (), "← → station")
        move = PanelAction("vessel_move_ends", "Move ends", partial(self.panel.go_to, ENDS), "waypoints", key="E")
        new = PanelAction("vessel_new", "Another vessel", partial(self.panel.open_plan, ""), "plus")
        return StepActions(self.write_action, (move, new), "← → station · E moves")


def station_rows(station: Mapping[str, Any] | None) -> list[TableRow]:
    """The numbers of one section."""
    if station is None:
        return []
    rows = [number_row("here", "Section at", station["s_mm"], "mm", clickable=False)]
    rows += [
        number_row(key, name, station[width], unit, reason=NOT_CLOSED, clickable=False)
        for key, name, width, unit in (
            ("here_least", "Least", "min_diameter_mm", "mm"),
            ("here_greatest", "Greatest", "max_diameter_mm", "mm"),
            ("here_area", "Area", "area_mm2", "mm²"),
        )
    ]
    if station["calcium_arc_deg"] is not None:
        rows.append(number_row("here_calcium", "Calcium arc", station["calcium_arc_deg"], "°", clickable=False))
    return rows
