"""Step 5: calcium by cusp and in the LVOT, and the threshold it was counted over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.panels.guide import StepActions
from app.panels.parts import NumberField, PanelAction
from app.panels.rows import FieldRow
from app.panels.tavr import rows
from app.panels.tavr.names import CALCIUM
from app.panels.tavr.step import TavrStep
from planning.units import text_quantity

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel


THRESHOLD_HU = (150.0, 2500.0)


class CalciumStep(TavrStep):
    """Volumes over a threshold that may be typed."""

    number = CALCIUM

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self._threshold = NumberField("calcium_threshold", "Threshold", "HU", *THRESHOLD_HU, 10.0)
        self._threshold.entered.connect(self._set_threshold)
        self.set_body(below=(FieldRow("Threshold", self._threshold),))

    def words(self) -> str:
        """The volume."""
        results = self.work.results
        return "" if results is None else text_quantity(results["calcium"]["total_mm3"], "mm³")

    def entered(self) -> None:
        """Look at the annulus plane."""
        self.panel.align()

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """Total, regions, threshold."""
        calcium, is_old = numbers["calcium"], self.work.is_old("calcium")
        self.great.set_number(
            "Calcium of root and LVOT",
            calcium["total_mm3"],
            "mm³",
            calcium.get("uncertainty_mm3"),
            origin="automatic",
            stale=is_old,
        )
        self.table.set_rows(rows.calcium_rows(calcium), is_old)
        self._threshold.set_value(calcium["threshold_hu"])
        self._threshold.setEnabled(not self.work.is_read_only)
        self.say(rows.calcium_notes(calcium))

    def _set_threshold(self, value: float) -> None:
        if self.work.results is not None and self.work.has_hinges:
            self.work.measure_with(value)
            self.work.changed.emit()

    def _relative(self) -> None:
        self.work.measure_with(None)
        self.work.changed.emit()

    def actions(self) -> StepActions:
        """Accept calcium."""
        results = self.work.results
        others: tuple[PanelAction, ...] = ()
        if results is not None and results["calcium"]["method"] == "fixed" and not self.work.is_read_only:
            others = (PanelAction("heart_calcium_relative", "Use the lumen’s threshold", self._relative, "rotate-ccw"),)
        return self.done("Accept calcium", *others)
