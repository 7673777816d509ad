"""Step 4 of the kidney panel: what is cut, the margin, what is kept and what of it keeps its blood."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from app.i18n import mark, text_quantity, tr
from app.panels import definitions
from app.panels.kidney.step import KidneyStep
from app.panels.liver.cut_numbers import place_row
from app.panels.liver.cut_step import CutStep
from app.panels.liver.form_territory import TerritoryForm
from app.panels.liver.form_wedge import WedgeForm
from app.panels.parts import CardState, StateCard, TableRow, page, paragraph, plain
from app.panels.rows import FieldRow, Heading
from viewers.overlay import PlanItem

if TYPE_CHECKING:
    from app.panels.kidney.panel import KidneyPanel
    from planning.liver.model import LiverNumbers


class ResectionStep(CutStep, KidneyStep):
    """4: partial nephrectomy."""

    name = mark("Resection")
    tree_words = MappingProxyType({"artery": mark("Artery branch")})

    def __init__(self, panel: KidneyPanel) -> None:
        super().__init__(panel, (WedgeForm, TerritoryForm))
        self.kept_card = StateCard("kept_parenchyma", definitions.KEPT_PARENCHYMA)
        self._none = paragraph(tr("No cut yet: the score and the clamps can be kept alone, or add a cut."), "hint")
        self.body = page(
            self.waiting,
            *self.forms.values(),
            self._none,
            self.margin_card,
            self.kept_card,
            *self.notes,
            self.table,
            self.cuts_head,
            self.cuts,
            self.chosen_facts,
            self.vessels_head,
            self.vessels,
            Heading(tr("Asked for")),
            FieldRow(tr("Margin"), self.margin_field),
            spacing=8,
        )

    def doing_words(self) -> str:
        """Without a cut nothing is awaited."""
        return tr("Building the resections…") if self.work.draft.resections else ""

    def refresh(self) -> None:
        """The cards and the volumes."""
        super().refresh()
        model, numbers, flow = self.work.model, self.work.numbers, self.work.flow
        self._none.setVisible(model is not None and not self.work.draft.resections)
        self.cuts_head.setVisible(bool(self.work.draft.resections))
        is_there = model is not None and numbers is not None and flow is not None
        self.kept_card.setVisible(is_there)
        if model is None or numbers is None or flow is None:
            return
        self.show_margin(model, numbers)
        reason = "" if flow.kept_percent is not None else tr("The kidney is tumour throughout")
        self.kept_card.show_state(
            CardState(
                tr("Kept parenchyma"), flow.kept_percent, "%", words=text_quantity(flow.kept_ml, "ml"), reason=reason
            )
        )
        self._show_table(numbers)

    def _show_table(self, numbers: LiverNumbers) -> None:
        model, flow = self.work.model, self.work.flow
        assert model is not None
        assert flow is not None
        least = numbers.decisive
        whole = model.voxels.count
        rows = [
            *place_row(None if least is None else least.at_mm),
            TableRow(
                "removed_ml",
                tr("Removed"),
                plain(numbers.removed_voxels * model.voxel_ml, "ml"),
                "ml",
                share=text_quantity(100.0 * numbers.removed_voxels / whole, "%"),
                clickable=False,
            ),
            TableRow(
                "kept_ml",
                tr("Kept"),
                plain(numbers.kept_voxels * model.voxel_ml, "ml"),
                "ml",
                share=text_quantity(100.0 * numbers.kept_voxels / whole, "%"),
                clickable=False,
            ),
        ]
        missing = tr("Choose the kidney's artery in step 1")
        for key, name, value in (
            ("devascularised", tr("Kept, its artery cut"), flow.devascularised_ml),
            ("ischaemic", tr("Kept, clamped"), flow.ischaemic_ml),
        ):
            unit = "ml" if value is not None else ""
            reason = missing if value is None else ""
            rows.append(TableRow(key, name, plain(value, "ml"), unit, reason=reason, clickable=False))
        self.table.set_rows(rows)

    def items(self) -> tuple[PlanItem, ...]:
        """What the open form draws."""
        return self.form_items()
