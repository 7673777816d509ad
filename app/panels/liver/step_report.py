"""Step 7 of the liver panel: what the report will hold, and what is missing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.panels.guide import StepActions
from app.panels.liver.asides_part import AsidesPart
from app.panels.liver.draft import liver_plans
from app.panels.liver.pictures_save import PicturesPart
from app.panels.liver.step_parts import LiverStep
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, page
from planning.units import text_quantity

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel


class ReportStep(LiverStep):
    """7: what the report will hold, and what is missing in it."""

    name = "Report and print"

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber()
        self._table = NumberTable()
        self._note = Callout("report")
        self._note.followed.connect(self._enter_weight)
        self.asides = AsidesPart(panel)
        self.pictures = PicturesPart(panel)
        self.body = page(self._table, self._note, self.pictures, self.asides)

    def is_reachable(self) -> bool:
        """There must be a plan to report."""
        return self.work.saved is not None

    def refresh(self) -> None:
        """The plans of this case and what is missing."""
        plans = liver_plans(self.panel.session.case)
        self._hero.set_text("Liver plans in this case", str(len(plans)))
        rows = []
        for name, plan in plans.items():
            margin = plan.results["margin"]["minimum_mm"]
            remnant = text_quantity(plan.results["flr_percent"], "%")
            rows.append(
                TableRow(
                    f"plan_{name}",
                    f"Plan {name}",
                    text_quantity(margin, "mm") if margin is not None else "–",
                    share=remnant,
                    reason="" if margin is not None else "No margin was measured",
                    clickable=False,
                )
            )
        self._table.set_rows(rows)
        self.asides.refresh()
        if self.work.draft.weight_kg is None:
            self._note.show_note("Body weight is missing", "Remnant per weight is left out.", "warn", "Enter")
        else:
            self._note.clear()

    def _enter_weight(self) -> None:
        self.panel.go_to_resection()
        self.panel.resection.ask_body()

    def actions(self) -> StepActions:
        """Write report."""
        return StepActions(
            PanelAction("go_report", "Write report", lambda: self.panel.module_asked.emit("report"), key="Enter"),
            (
                PanelAction(
                    "go_print", "Print model", lambda: self.panel.module_asked.emit("print"), "printer", key="E"
                ),
                PanelAction(
                    "save_pictures",
                    "Save pictures",
                    self.pictures.ask,
                    "image",
                    "Drawing the pictures" if self.pictures.is_writing else "",
                ),
            ),
            "Enter goes to the report",
        )
