"""Step 8: the access, and the report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from app.panels.guide import StepActions
from app.panels.parts import PanelAction
from app.panels.tavr import rows
from app.panels.tavr.names import REPORT
from app.panels.tavr.step import TavrStep

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel


class AccessStep(TavrStep):
    """What the report leads with, and the least diameter of the way in."""

    number = REPORT

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self.set_body()

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """The summary."""
        vessels = [plan for plan in self.session.case.plans.values() if plan.kind == "vessel"]
        if vessels:
            least = min(plan.results["minimum"]["min_diameter_mm"] for plan in vessels)
            self.great.set_number("Smallest diameter of the access", least, "mm", origin="automatic")
        else:
            self.great.set_text("Smallest diameter of the access", "–", note="no vessel measured")
        self.table.set_rows(rows.summary_rows(numbers), self.work.is_stale)
        self.say(rows.step_notes(numbers, REPORT) if not vessels else [])

    def actions(self) -> StepActions:
        """Write report."""
        ask = self.panel.module_asked.emit
        vessel = PanelAction("heart_measure_vessel", "Measure a vessel", partial(ask, "vessel"), "route")
        write = PanelAction("heart_write_report", "Write report", partial(ask, "report"), key="Enter")
        return StepActions(write, (vessel,), "Enter writes")
