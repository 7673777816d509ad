"""Step 7: valve sizes against this annulus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.panels.guide import StepActions
from app.panels.parts import paragraph, plain
from app.panels.tavr import rows, valves
from app.panels.tavr.names import VALVE
from app.panels.tavr.step import TavrStep

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel


SIZES_SHOWN = 6


class ValveStep(TavrStep):
    """Sizes that fit, and why others do not."""

    number = VALVE

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self._note = paragraph("")
        self.set_body(below=(self._note,))

    def words(self) -> str:
        """How many fit."""
        results = self.work.results
        return "" if results is None else valves.fitting_row(results).value

    def entered(self) -> None:
        """Look at the annulus plane."""
        self.panel.align()

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """The nearest sizes."""
        fitting, is_old = valves.fitting_devices(numbers), self.work.is_old("devices")
        if not fitting:
            is_good = numbers["quality"]["ok"]
            caption = "Oversizing" if is_good else "The scan is not good enough to choose a size"
            self.great.set_text(caption, "–", note="no size fits" if is_good else "")
        elif len(fitting) > 1:
            self.great.set_text("Sizes that fit", str(len(fitting)), note="none is preferred", stale=is_old)
        else:
            value, basis = valves.oversizing(fitting[0])
            figures = "–" if value is None else f"{'+' if value >= 0 else ''}{plain(value, '%')}"
            name = valves.device_name(fitting[0])
            self.great.set_text(f"Oversizing by {basis}", figures, "%", note=name, stale=is_old)
        self.table.set_rows(valves.device_rows(numbers, SIZES_SHOWN), is_old)
        self._note.setText(
            f"The {SIZES_SHOWN} nearest of {len(numbers['devices'])} sizes. "
            "Verify sizes against the maker’s instructions."
        )
        self.say(rows.step_notes(numbers, VALVE))

    def actions(self) -> StepActions:
        """Accept sizes."""
        return self.done("Accept sizes", self.align_action)
