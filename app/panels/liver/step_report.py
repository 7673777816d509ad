"""Step 7 of the liver panel: what the report will hold, and what is missing in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.i18n import mark, text_quantity, tr
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.liver.asides_part import AsidesPart
from app.panels.liver.draft import liver_plans
from app.panels.liver.pictures_save import PicturesPart
from app.panels.liver.step_parts import LiverStep
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, page, plain
from planning.liver.compare import Limits, compare_plans, judge_plan

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel


def _left_words(left: Sequence[int]) -> str:
    """ "T1, T4 stay": why a wide margin may still be red."""
    names = ", ".join(f"T{number}" for number in left)
    if not left:
        return ""
    return tr("{tumors} stays", tumors=names) if len(left) == 1 else tr("{tumors} stay", tumors=names)


class ReportStep(LiverStep):
    """7: what the report will hold, and what is missing in it."""

    name = mark("Report and print")

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber(definitions.PLAN_COUNT)
        self._table = NumberTable(definitions.LIVER_PLANS)
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
        self._hero.set_text(tr("Liver plans in this case"), str(len(plans)), note=tr("least margin and FLR of each"))
        draft, rows = self.work.draft, []
        limits = Limits(draft.asked_mm, draft.remnant_percent)
        for row in compare_plans([(name, plan.results) for name, plan in plans.items()]):
            known = row.margin_mm is not None
            rows.append(
                TableRow(
                    f"plan_{row.name}",
                    tr("Plan {name}", name=row.name),
                    plain(row.margin_mm, "mm") if known else "–",
                    "mm" if known else "",
                    share=text_quantity(plans[row.name].results["flr_percent"], "%"),
                    state=judge_plan(row, limits)[0],
                    reason=_left_words(row.left) if known else tr("No margin was measured"),
                    clickable=False,
                )
            )
        self._table.set_rows(rows)
        self.asides.refresh()
        if self.work.draft.weight_kg is None:
            self._note.show_note(tr("Body weight is missing"), tr("Remnant per weight is left out."), "warn", "Enter")
        else:
            self._note.clear()

    def _enter_weight(self) -> None:
        self.panel.go_to_resection()
        self.panel.resection.ask_body()

    def actions(self) -> StepActions:
        """Write report."""
        return StepActions(
            PanelAction("go_report", tr("Write report"), lambda: self.panel.module_asked.emit("report"), key="Enter"),
            (
                PanelAction(
                    "go_print", tr("Print model"), lambda: self.panel.module_asked.emit("print"), "printer", key="E"
                ),
                PanelAction(
                    "save_pictures",
                    tr("Save pictures"),
                    self.pictures.ask,
                    "image",
                    tr("Drawing the pictures") if self.pictures.is_writing else "",
                ),
            ),
            tr("Enter goes to the report"),
        )
