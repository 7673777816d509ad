"""The first step of printing: which parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.i18n import mark, text_quantity, tr
from app.panels.guide import Step, StepActions
from app.panels.parts import HeroNumber, PanelAction, page, paragraph
from app.panels.printing.parts_list import PartsList
from app.panels.printing.wish import first_wish, liver_plans, plan_part_ml

if TYPE_CHECKING:
    from app.panels.printing.panel import PrintPanel


class PartsStep(Step):
    """1: tick what is printed. The list stands here only while the column at the left is not seen."""

    name = mark("Parts")

    def __init__(self, panel: PrintPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.hero = self._hero = HeroNumber()
        self.list = PartsList()
        self.list.asked.connect(panel.ask)
        self.list.picked.connect(panel.show_row)
        self._words = paragraph(tr("Tick at the left what shall be printed."), "label")
        self._more = paragraph("", "hint")
        self.body = page(self._words, self._more, self.list, spacing=6)

    @property
    def plans(self) -> object:
        """The list of plans' parts."""
        return self.list.plans

    @property
    def structures(self) -> object:
        """The list of structures."""
        return self.list.structures

    def _chosen_ml(self) -> float:
        wish, case = self.panel.wish, self.panel.session.case
        total = sum(case.structures[name].volume_ml for name in wish.structures)
        return total + sum(plan_part_ml(case.plans[plan], part) or 0.0 for plan, part in wish.plan_parts)

    def result(self) -> str:
        """How many parts."""
        count = self.panel.wish.part_count
        return tr("%n part(s)", "", count) if count else ""

    def refresh(self) -> None:
        """Everything that could be printed."""
        wish, case = self.panel.wish, self.panel.session.case
        count = wish.part_count
        self._hero.set_text(
            tr("Chosen"),
            str(count),
            tr("part") if count == 1 else tr("parts"),
            note=text_quantity(self._chosen_ml(), "ml"),
        )
        has_column = self.panel.shows_column
        self._words.setVisible(has_column and bool(case.structures))
        self.list.setVisible(not has_column)
        if not has_column:
            self.list.show_parts(self.panel.parts_seen())
        words = tr("Ticked first: the plan's kept and removed part with its vessels and tumours.")
        if not liver_plans(case):
            words = tr("Without a plan whole structures are printed. A liver plan adds its kept and removed part.")
        self._more.setText(words if case.structures else "")

    def usual(self) -> None:
        """What is ticked first, again."""
        panel = self.panel
        first = first_wish(panel.session.case, panel.session.view.state.hidden)
        panel.ask(replace(panel.wish, structures=first.structures, plan_parts=first.plan_parts, fixes=()))

    def actions(self) -> StepActions:
        """Next: shape."""
        panel = self.panel
        blocked = "" if panel.wish.part_count else tr("Tick a part first")
        first = first_wish(panel.session.case, panel.session.view.state.hidden)
        is_usual = (first.structures, first.plan_parts) == (panel.wish.structures, panel.wish.plan_parts)
        usual = PanelAction("print_usual", tr("Tick as at first"), self.usual, "rotate-ccw")
        return StepActions(
            PanelAction("print_shape", tr("Next: shape"), panel.accept_step, blocked=blocked, key="Enter"),
            () if is_usual else (usual,),
            hint=tr("Space ticks · Enter goes on"),
        )
