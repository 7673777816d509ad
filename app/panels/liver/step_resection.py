"""Step 5 of the liver panel: cards against their limits, the resections, volumes, vessels met."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.i18n import mark, tr
from app.panels import definitions
from app.panels.liver.cut_numbers import (
    FORMULAS,
    OWN_LIMIT,
    CutNumbers,
    body_rows,
    cut_numbers,
    entry_of,
    judge_remnant,
    limit_entries,
    limit_words_of,
    perfusion_rows,
    place_row,
    standard_factor,
    volume_rows,
)
from app.panels.liver.cut_step import CutStep
from app.panels.liver.form_ablation import AblationForm
from app.panels.liver.form_line import LineForm
from app.panels.liver.form_occlusion import OcclusionForm
from app.panels.liver.form_territory import TerritoryForm
from app.panels.liver.form_wedge import WedgeForm
from app.panels.liver.pictures_apart import PictureRows
from app.panels.liver.stages_part import StagesPart
from app.panels.parts import (
    CardState,
    NumberField,
    StateCard,
    page,
    paragraph,
)
from app.panels.rows import FieldRow, Heading, choice_box
from planning.liver.limit import OWN, OWN_RANGE_PERCENT, RemnantLimit
from planning.liver.volumetry import HEIGHT_RANGE_CM, SURFACE_NAMES, WEIGHT_RANGE_KG

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel

MARGIN_RANGE_MM = (0.0, 50.0)
MOST_VESSELS = 6


class ResectionStep(CutStep):
    """5: drag the cut, read the numbers."""

    name = mark("Resection")

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel, (WedgeForm, TerritoryForm, LineForm, AblationForm, OcclusionForm))
        self.viable_card, self.flr_card = StateCard("viable", definitions.VIABLE), StateCard("flr", definitions.REMNANT)
        self.table.row_clicked.connect(self._row_clicked)
        self._entries = limit_entries()
        self.condition = choice_box("liver_condition", tr("Least remnant"), tuple(self._entries))
        self.condition.activated.connect(self._condition_chosen)
        self.own_limit = NumberField("own_limit", tr("Least remnant"), "%", *OWN_RANGE_PERCENT, 1.0)
        self.own_limit.entered.connect(self._own_limit_entered)
        self._own_row = FieldRow(tr("Least remnant"), self.own_limit)
        self._limit_words = paragraph("", "hint")
        self.weight_field = NumberField("body_weight", tr("Body weight"), "kg", *WEIGHT_RANGE_KG, 1.0)
        self.height_field = NumberField("body_height", tr("Body height"), "cm", *HEIGHT_RANGE_CM, 1.0)
        self.weight_field.entered.connect(lambda kg: self.work.set_body(kg, self.work.draft.height_cm))
        self.height_field.entered.connect(lambda cm: self.work.set_body(self.work.draft.weight_kg, cm))
        self._body = page(
            FieldRow(tr("Body weight"), self.weight_field), FieldRow(tr("Body height"), self.height_field), spacing=6
        )
        self._body.setVisible(False)
        self.stages = StagesPart(self.work)
        self.stages.occlusion_asked.connect(lambda: self.open_form("occlusion"))
        self.pictures = PictureRows(lambda: panel.session.view.state, panel.show_picture)
        self.body = page(
            self.waiting,
            *self.forms.values(),
            self.margin_card,
            self.viable_card,
            self.flr_card,
            *self.notes,
            self.table,
            self._body,
            self.cuts_head,
            self.cuts,
            self.chosen_facts,
            self.stages,
            self.vessels_head,
            self.vessels,
            Heading(tr("Asked for")),
            FieldRow(tr("Margin"), self.margin_field),
            # a line of its own: its words must not be cut
            paragraph(tr("Remnant"), "label"),
            self.condition,
            self._own_row,
            self._limit_words,
            self.pictures,
            spacing=8,
        )

    def refresh(self) -> None:
        """Everything from the numbers of now."""
        super().refresh()
        draft, model, numbers = self.work.draft, self.work.model, self.work.numbers
        for widget in (self.viable_card, self.flr_card):
            widget.setVisible(numbers is not None)
        if model is not None and numbers is not None:
            self.show_margin(model, numbers)
            self._show_cards(cut_numbers(model, numbers))
        self._show_condition()
        self.weight_field.set_value(draft.weight_kg)
        self.height_field.set_value(draft.height_cm)
        self.stages.refresh()

    def _show_cards(self, cut: CutNumbers) -> None:
        draft, model = self.work.draft, self.work.model
        limit = draft.remnant_percent
        factor = None if model is None else standard_factor(model, draft)
        for card, name, value, reason in (
            (self.viable_card, tr("Viable remnant"), cut.viable_percent, tr("Needs both vessel trees")),
            (self.flr_card, tr("Future liver remnant"), cut.flr_percent, tr("The liver is tumour throughout")),
        ):
            if value is None:
                card.show_state(CardState(name, None, "%", words=reason, reason=reason))
                continue
            state, words = judge_remnant(value, factor, limit)
            card.show_state(CardState(name, value, "%", None, state, words, limit, 100.0))
        self._show_table(cut)

    def _show_table(self, cut: CutNumbers) -> None:
        draft = self.work.draft
        least = self.work.numbers.decisive if self.work.numbers is not None else None
        self.table.set_rows(
            [
                *place_row(None if least is None else least.at_mm),
                *volume_rows(cut),
                *body_rows(cut.flr_ml, draft.weight_kg, draft.height_cm, draft.formulas, draft.remnant_percent),
                *perfusion_rows(cut),
            ]
        )

    def _show_condition(self) -> None:
        limit = self.work.draft.limit
        self.condition.setCurrentIndex(entry_of(limit, self._entries))
        is_own = self.condition.currentText() == tr(OWN_LIMIT)
        self.own_limit.set_value(limit.least_percent)
        self._own_row.setVisible(is_own)
        entry = list(self._entries.values())[self.condition.currentIndex()]
        self._limit_words.setText(limit_words_of(limit if entry is None else entry))

    def _row_clicked(self, key: str) -> None:
        formula = key.removeprefix("sflr_")
        if key == "place":
            self.panel.show_cut()
        elif key == "weight" or self.table.row(key).value == "–":
            self.ask_body()
        elif formula in FORMULAS:
            self.work.set_formulas(replace(self.work.draft.formulas, standard=formula))
        elif key == "surface":
            names = list(SURFACE_NAMES)
            other = names[(names.index(self.work.draft.formulas.surface) + 1) % len(names)]
            self.work.set_formulas(replace(self.work.draft.formulas, surface=other))

    def ask_body(self) -> None:
        """Show the fields for the patient's size and put the keyboard there."""
        self._body.setVisible(True)
        field = self.weight_field if self.work.draft.weight_kg is None else self.height_field
        field.setFocus()
        self.panel.frame.show_widget(self._body)

    def _condition_chosen(self, number: int) -> None:
        chosen = list(self._entries.values())[number]
        self.work.set_limits(limit=chosen or RemnantLimit(self.work.draft.remnant_percent, OWN))
        self._show_condition()

    def _own_limit_entered(self, percent: float | None) -> None:
        if percent is not None:
            self.work.set_limits(limit=RemnantLimit(percent, OWN))
