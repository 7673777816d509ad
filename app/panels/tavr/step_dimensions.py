"""Step 4: LVOT, sinuses, junction, ascending aorta, coronary heights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.panels.guide import StepActions
from app.panels.parts import PanelAction
from app.panels.tavr import rows
from app.panels.tavr.drawing import height_items
from app.panels.tavr.names import DIMENSIONS, ROOT
from app.panels.tavr.step import TavrStep
from planning.units import text_quantity
from viewers.overlay import PlanItem

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel


class DimensionsStep(TavrStep):
    """Sizes and heights of the root."""

    number = DIMENSIONS

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self.set_body()

    def words(self) -> str:
        """The left coronary height."""
        results = self.work.results
        return "" if results is None else f"LCA {text_quantity(results['coronaries']['left_height_mm'], 'mm')}"

    def entered(self) -> None:
        """Look at the annulus plane."""
        self.panel.align()

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """Heights first, then the levels."""
        height = numbers["coronaries"]["left_height_mm"]
        low = height is not None and height < rows.LOW_CORONARY_MM
        found = numbers["landmarks"].get("ostium_left", {}).get("source", "")
        self.great.set_number(
            "LCA height",
            height,
            "mm",
            origin="automatic" if found == "automatic" else "edited" if found else "",
            state="warn" if low else "",
            stale=self.work.is_old("coronaries"),
        )
        listed = [row for row in rows.root_rows(numbers) if row.key != "ostium_left"]
        self.table.set_rows(listed, self.work.is_old("sinuses", "stj", "lvot"))
        self.say(rows.step_notes(numbers, DIMENSIONS))

    def row_chosen(self, key: str) -> None:
        """Fly to where the number was taken."""
        place = rows.root_place(self.numbers, key) if self.numbers is not None else None
        if place is not None:
            self.panel.fly_root(*place)

    def items(self) -> list[PlanItem]:
        """Coronary heights."""
        results = self.work.results
        return height_items(results) if results is not None and not self.work.is_stale else []

    def actions(self) -> StepActions:
        """Accept dimensions."""
        blocked = "This case is open to read" if self.work.is_read_only else ""
        ostia = PanelAction("heart_place_ostia", "Place ostia", self._place_ostia, "circle-dot", blocked, "E")
        return self.done("Accept dimensions", ostia, self.align_action)

    def _place_ostia(self) -> None:
        self.panel.go_to(ROOT)
        self.panel.root.place_ostia()
