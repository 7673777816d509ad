"""Step 5 of the kidney panel: what the report will hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n import mark, text_quantity, tr
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.kidney.step import KidneyStep
from app.panels.parts import HeroNumber, NumberTable, PanelAction, TableRow, page, paragraph
from planning.liver.compare import least_margin

if TYPE_CHECKING:
    from app.panels.kidney.panel import KidneyPanel


class ReportStep(KidneyStep):
    """5: the plans of this kidney."""

    name = mark("Report")

    def __init__(self, panel: KidneyPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber(definitions.PLAN_COUNT)
        self._table = NumberTable(definitions.KIDNEY_PLANS)
        self.body = page(
            self._table,
            paragraph(
                tr("The report shows the slice that proves each letter, the clamps, and what the cut leaves."), "hint"
            ),
        )

    def is_reachable(self) -> bool:
        """There must be a plan to report."""
        return self.work.saved is not None

    def refresh(self) -> None:
        """The plans of this case."""
        plans = self.work.plans()
        self._hero.set_text(tr("Kidney plans in this case"), str(len(plans)), note=tr("score and least margin of each"))
        rows = []
        for name, plan in plans.items():
            tumors, margin = plan.results["tumors"], least_margin(plan.results["margin"])[0]
            renal = tumors[0]["renal"] if tumors else None
            score = "–" if renal is None or renal["total"] is None else f"{renal['total']}{renal['suffix']}"
            rows.append(
                TableRow(
                    f"plan_{name}",
                    tr("Plan {value}", value=name.removeprefix("kidney").strip() or name),
                    score,
                    share=text_quantity(margin, "mm") if margin is not None else tr("no cut"),
                    reason="" if score != "–" else tr("A letter is not known"),
                    clickable=False,
                )
            )
        self._table.set_rows(rows)

    def actions(self) -> StepActions:
        """Write report."""
        return StepActions(
            PanelAction("go_report", tr("Write report"), lambda: self.panel.module_asked.emit("report"), key="Enter"),
            hint=tr("Enter goes to the report"),
        )
