"""Step 3: the annulus and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.panels.guide import StepActions
from app.panels.tavr import rows
from app.panels.tavr.names import ANNULUS
from app.panels.tavr.step import TavrStep
from planning.units import text_quantity

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel


class AnnulusStep(TavrStep):
    """Area, diameters, eccentricity, angle."""

    number = ANNULUS

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self.hovered = ""
        self.set_body()
        self.table.row_hovered.connect(self._row_hovered)

    def words(self) -> str:
        """The area."""
        results = self.work.results
        return "" if results is None else text_quantity(results["annulus"]["area_mm2"], "mm²")

    def entered(self) -> None:
        """Look at the annulus plane."""
        self.panel.align()

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """The annulus, live while a hinge is dragged."""
        annulus, is_old = numbers["annulus"], self.work.is_old("annulus")
        spread = None if is_old else annulus["uncertainty"]["area_mm2"]
        # the hinges were set by hand, so nothing that follows from them is wholly automatic
        origin = "accepted" if self.is_accepted else "edited"
        self.great.set_number("Annulus area", annulus["area_mm2"], "mm²", spread, origin=origin, stale=is_old)
        self.table.set_rows(rows.annulus_rows(annulus, numbers["angulation_deg"]), is_old)
        notes = [self.work.problem] if self.work.problem is not None else []
        self.say(notes + ([] if self.work.is_stale else rows.step_notes(numbers, ANNULUS)))

    def _row_hovered(self, key: str) -> None:
        if key != self.hovered:
            self.hovered = key
            self.panel.scene_changed.emit()

    @property
    def annulus_shown(self) -> str:
        """The hovered diameter alone."""
        return self.hovered

    def row_chosen(self, key: str) -> None:
        """All of them lie in the annulus plane."""
        self.panel.align()

    def actions(self) -> StepActions:
        """Accept annulus."""
        return self.done("Accept annulus", self.hinges_action, self.align_action)
