"""Step 5 of the liver panel: cards against their limits, the resections, volumes, vessels met."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from app.panels.guide import StepActions
from app.panels.labels import judge_least
from app.panels.liver.add_menu import AddMenu
from app.panels.liver.chosen_cut import ChosenCut
from app.panels.liver.cut_list import CutList
from app.panels.liver.cut_numbers import (
    FORMULAS,
    OWN_LIMIT,
    CutNumbers,
    body_rows,
    cut_numbers,
    entry_of,
    limit_entries,
    limit_words,
    limit_words_of,
    perfusion_rows,
    place_row,
    volume_rows,
)
from app.panels.liver.cuts import cut_key, cut_name
from app.panels.liver.form_ablation import AblationForm
from app.panels.liver.form_line import LineForm
from app.panels.liver.form_occlusion import OcclusionForm
from app.panels.liver.form_territory import TerritoryForm
from app.panels.liver.form_wedge import WedgeForm
from app.panels.liver.forms import AddForm
from app.panels.liver.pictures_apart import PictureRows
from app.panels.liver.stages_part import StagesPart
from app.panels.liver.step_parts import LiverStep, branch_name
from app.panels.notes import problem_words
from app.panels.parts import (
    Callout,
    CardState,
    NumberField,
    NumberTable,
    PanelAction,
    StateCard,
    TableRow,
    page,
    paragraph,
    plain,
)
from app.panels.rows import FieldRow, Heading, choice_box
from planning.errors import TheatrumError
from planning.geometry import FloatArray
from planning.liver.limit import OWN, OWN_RANGE_PERCENT, RemnantLimit
from planning.liver.volumetry import HEIGHT_RANGE_CM, SURFACE_NAMES, WEIGHT_RANGE_KG
from planning.units import text_quantity
from viewers.overlay import PlanItem

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.model import LiverModel
    from planning.liver.resection import Resection

MARGIN_RANGE_MM = (0.0, 50.0)
MOST_VESSELS = 6


class ResectionStep(LiverStep):
    """5: drag the cut, read the numbers."""

    name = "Resection"

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.margin_card, self.viable_card, self.flr_card = StateCard("margin"), StateCard("viable"), StateCard("flr")
        self.table = NumberTable()
        self.table.row_clicked.connect(self._row_clicked)
        self._waiting = paragraph("", "hint")
        self._notes = (Callout("cut"), Callout("cut_2"))
        self._links = ["", ""]
        for n, note in enumerate(self._notes):
            note.followed.connect(partial(self._follow, n))
        self._trouble: TheatrumError | None = None
        self.work.failed.connect(self._failed)
        low, high = MARGIN_RANGE_MM
        self.margin_field = NumberField("asked_margin", "Margin asked for", "mm", low, high, 1.0)
        self.margin_field.entered.connect(lambda value: self.work.set_limits(asked_mm=value))
        self._entries = limit_entries()
        self.condition = choice_box("liver_condition", "Least remnant", tuple(self._entries))
        self.condition.activated.connect(self._condition_chosen)
        self.own_limit = NumberField("own_limit", "Least remnant", "%", *OWN_RANGE_PERCENT, 1.0)
        self.own_limit.entered.connect(self._own_limit_entered)
        self._own_row = FieldRow("Least remnant", self.own_limit)
        self._limit_words = paragraph("", "hint")
        self.weight_field = NumberField("body_weight", "Body weight", "kg", *WEIGHT_RANGE_KG, 1.0)
        self.height_field = NumberField("body_height", "Body height", "cm", *HEIGHT_RANGE_CM, 1.0)
        self.weight_field.entered.connect(lambda kg: self.work.set_body(kg, self.work.draft.height_cm))
        self.height_field.entered.connect(lambda cm: self.work.set_body(self.work.draft.weight_kg, cm))
        self._body = page(
            FieldRow("Body weight", self.weight_field), FieldRow("Body height", self.height_field), spacing=6
        )
        self._body.setVisible(False)
        self._cuts_head = Heading("Resections", "flat_map", "Flat map")
        self._cuts_head.followed.connect(panel.toggle_flat_map)
        self.cuts = CutList(self.work, panel.plan_color)
        self.cuts.hide_asked.connect(self._toggle_hidden)
        self.cuts.edit_asked.connect(self.edit_cut)
        self.chosen_facts = ChosenCut(self.work)
        self.stages = StagesPart(self.work)
        self.stages.occlusion_asked.connect(lambda: self.open_form("occlusion"))
        self._vessels_head = Heading("Vessels cut")
        self.vessels = NumberTable()
        self.vessels.row_clicked.connect(self._fly_vessel)
        self._vessel_places: dict[str, FloatArray] = {}
        self.form: AddForm | None = None
        self._form_model: LiverModel | None = None
        kinds = (WedgeForm, TerritoryForm, LineForm, AblationForm, OcclusionForm)
        self._forms: dict[str, AddForm] = {kind.key: kind(panel) for kind in kinds}
        for form in self._forms.values():
            form.changed.connect(self._form_changed)
            form.closed.connect(self.close_form)
        self.menu = AddMenu(panel, self)
        self.pictures = PictureRows(lambda: panel.session.view.state, panel.show_picture)
        self.body = page(
            self._waiting,
            *self._forms.values(),
            self.margin_card,
            self.viable_card,
            self.flr_card,
            *self._notes,
            self.table,
            self._body,
            self._cuts_head,
            self.cuts,
            self.chosen_facts,
            self.stages,
            self._vessels_head,
            self.vessels,
            Heading("Asked for"),
            FieldRow("Margin", self.margin_field),
            FieldRow("Remnant", self.condition, wide=True),
            self._own_row,
            self._limit_words,
            self.pictures,
            spacing=8,
        )

    def is_reachable(self) -> bool:
        """With a liver there is something to cut."""
        return bool(self.work.draft.roles.organ)

    def result(self) -> str:
        """The least margin."""
        numbers = self.work.numbers
        if numbers is None:
            return ""
        least = numbers.minimum
        return text_quantity(least.minimum_mm, "mm") if least is not None else ""

    def entered(self) -> None:
        """Bring the crosshair to the place that decides."""
        self._trouble = None
        self.panel.show_cut()

    def left(self) -> None:
        """A form that is open is closed."""
        self.close_form()

    def refresh(self) -> None:
        """Everything from the numbers of now."""
        if self.form is not None and self._is_form_over(self.form):
            self.close_form()
        draft, model, numbers = self.work.draft, self.work.model, self.work.numbers
        doing = "Building the resections…" if draft.resections else "Placing the first cut…"
        words = self.waiting_words() or (doing if model is not None and numbers is None else "")
        self._waiting.setText(words)
        self._waiting.setVisible(bool(words))
        for widget in (self.margin_card, self.viable_card, self.flr_card, self.table):
            widget.setVisible(numbers is not None)
        if model is not None and numbers is not None:
            self._show_cards(cut_numbers(model, numbers))
        self._show_notes()
        self.margin_field.set_value(draft.asked_mm)
        self._show_condition()
        self.weight_field.set_value(draft.weight_kg)
        self.height_field.set_value(draft.height_cm)
        self.cuts.refresh()
        self.chosen_facts.refresh()
        self.stages.refresh()
        self._cuts_head.set_link("Slices" if self.panel.shows_flat_map else "Flat map")
        self._show_vessels()

    def _is_form_over(self, form: AddForm) -> bool:
        """Whether it asked about another liver, or about a resection that is gone."""
        is_gone = form.edited is not None and not any(cut is form.edited for cut in self.work.draft.resections)
        return is_gone or self.work.model is not self._form_model

    def _show_cards(self, cut: CutNumbers) -> None:
        draft, model, numbers = self.work.draft, self.work.model, self.work.numbers
        assert model is not None
        assert numbers is not None
        least = numbers.minimum
        if least is None:
            reason = "No tumour is chosen" if not model.tumors else "The cut does not meet the liver"
            self.margin_card.show_state(CardState("Smallest margin", None, "mm", reason=reason, words=reason))
        else:
            tumor = next(t for t in model.tumors if t.id == least.tumor_id)
            spread = model.uncertainty_mm(tumor)
            state = judge_least(least.minimum_mm, spread, draft.asked_mm)
            words = limit_words(least.minimum_mm, state, draft.asked_mm)
            if least.minimum_mm < 0.0:
                words = f"through T{least.tumor_id}"
            stay = [t.id for t, part in zip(model.tumors, numbers.removed_share, strict=True) if part < 1.0]
            if stay and state != "bad":
                # a wide margin to a tumour that is left behind is no good news
                state, words = "bad", f"T{stay[0]} stays" if len(stay) == 1 else f"{len(stay)} tumours stay"
            top = max(2.4 * draft.asked_mm, 1.0)
            name = f"Smallest margin, T{least.tumor_id} to cut"
            self.margin_card.show_state(
                CardState(name, least.minimum_mm, "mm", spread, state, words, draft.asked_mm, top)
            )
        limit = draft.remnant_percent
        for card, name, value, reason in (
            (self.viable_card, "Viable remnant", cut.viable_percent, "Needs both vessel trees"),
            (self.flr_card, "Future liver remnant", cut.flr_percent, "The liver is tumour throughout"),
        ):
            if value is None:
                card.show_state(CardState(name, None, "%", words=reason, reason=reason))
                continue
            state = judge_least(value, None, limit)
            card.show_state(CardState(name, value, "%", None, state, limit_words(value, state, limit), limit, 100.0))
        self._show_table(cut)

    def _show_table(self, cut: CutNumbers) -> None:
        draft = self.work.draft
        least = self.work.numbers.minimum if self.work.numbers is not None else None
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
        is_own = self.condition.currentText() == OWN_LIMIT
        self.own_limit.set_value(limit.least_percent)
        self._own_row.setVisible(is_own)
        entry = list(self._entries.values())[self.condition.currentIndex()]
        self._limit_words.setText(limit_words_of(limit if entry is None else entry))

    def _show_notes(self) -> None:
        notes = self._note_texts()[: len(self._notes)]
        self._links = [text[3] for text in notes] + [""] * (len(self._notes) - len(notes))
        for n, note in enumerate(self._notes):
            if n < len(notes):
                note.show_note(*notes[n])
            else:
                note.clear()

    def _note_texts(self) -> list[tuple[str, str, str, str]]:
        """(title, text, state, link) of what can be wrong, the gravest first."""
        model, numbers = self.work.model, self.work.numbers
        found: list[tuple[str, str, str, str]] = []
        if self.work.problem is not None:
            found.append((*problem_words(self.work.problem), "bad", ""))
        if self._trouble is not None:
            found.append((*problem_words(self._trouble), "warn", ""))
        if model is None or numbers is None:
            return found
        if numbers.removed_voxels == 0 or (model.tumors and numbers.minimum is None):
            found.append(
                ("The cut does not meet the liver", "Drag it onto the liver, or start again.", "bad", "Start again")
            )
        if numbers.kept_voxels == 0:
            found.append(("Nothing is kept", "The cut removes the whole liver.", "bad", "Other side"))
        left = [t.id for t, part in zip(model.tumors, numbers.removed_share, strict=True) if part < 1.0]
        if left and numbers.removed_voxels:
            names = ", ".join(f"T{number}" for number in left) if len(left) <= 3 else f"{len(left)} tumours"
            stays, them = ("stays", "it") if len(left) == 1 else ("stay", "them")
            found.append((f"{names} {stays} in the remnant", f"Another cut can remove {them}.", "warn", "Add"))
        return found

    def _show_vessels(self) -> None:
        # the widest ones matter; the report lists them all
        cuts = sorted(self.work.vessel_cuts, key=lambda cut: -cut.diameter_mm)
        colors = self.panel.tree_colors()
        self._vessels_head.setVisible(bool(cuts))
        self.vessels.setVisible(bool(cuts))
        self.vessels.set_rows(
            [
                TableRow(
                    f"cut_{n}",
                    branch_name(cut.name, "Portal branch" if cut.tree == "portal" else "Hepatic vein"),
                    plain(cut.diameter_mm, "mm"),
                    "mm",
                    swatch=colors.get(cut.tree, ""),
                )
                for n, cut in enumerate(cuts[:MOST_VESSELS])
            ]
        )
        self._vessel_places = {f"cut_{n}": cut.at_mm for n, cut in enumerate(cuts[:MOST_VESSELS])}

    def _fly_vessel(self, key: str) -> None:
        if key in self._vessel_places:
            self.panel.fly_asked.emit(self._vessel_places[key])

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

    def _failed(self, error: TheatrumError) -> None:
        self._trouble = error
        if self.panel.step is self:
            self._show_notes()

    def forget_trouble(self) -> None:
        """What could not be done is over once something else was done."""
        self._trouble = None

    def _follow(self, number: int) -> None:
        link = self._links[number]
        if link == "Add":
            self.menu.open()
        elif link == "Start again":
            self.work.start_again()
        elif link == "Other side":
            self.work.flip(0)

    # forms

    def edit_cut(self, number: int) -> None:
        """Ask anew for a resection that is there."""
        cut = self.work.draft.resections[number]
        if cut.kind in self._forms:
            self.open_form(cut.kind, cut)

    def open_form(self, key: str, edited: Resection | None = None) -> None:
        """Ask for what a new resection needs, or for another one in the place of `edited`."""
        self.close_form()
        self.form, self._form_model = self._forms[key], self.work.model
        self.form.edited = edited
        self.form.setVisible(True)
        self.form.opened()
        self.panel.frame.show_widget(self.form)
        self._form_changed()

    def close_form(self) -> None:
        """Back to the numbers."""
        form, self.form = self.form, None
        if form is not None:
            form.left()
            form.setVisible(False)
            self._form_changed()

    def _form_changed(self) -> None:
        self.panel.show_actions()
        self.panel.scene_changed.emit()

    def form_items(self) -> tuple[PlanItem, ...]:
        """What the open form draws."""
        return self.form.items() if self.form is not None else ()

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """A point that the open form asked for."""
        if self.form is not None:
            self.form.point_placed(key, position_mm)

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """True for a point of the open form."""
        return self.form is not None and self.form.point_moved(key, position_mm, finished)

    def drafted(self) -> str:
        """What undo takes back of the open form."""
        return self.form.drafted() if self.form is not None else ""

    def take_back(self) -> None:
        """Take it back."""
        if self.form is not None:
            self.form.take_back()

    # the footer

    def actions(self) -> StepActions:
        """Keep as plan A; or what the open form is for."""
        if self.form is not None:
            cancel = PanelAction("cancel_form", "Cancel", self.close_form, key="E")
            return StepActions(self.form.main(), (cancel,), self.form.hint)
        draft, numbers = self.work.draft, self.work.numbers
        waiting = "" if numbers is not None else "Preparing the liver" if self.work.model is None else "No cut yet"
        return StepActions(
            PanelAction("keep_plan", f"Keep as plan {draft.name}", self.panel.keep_plan, blocked=waiting, key="Enter"),
            (
                PanelAction(
                    "reach_margin",
                    f"Reach {draft.asked_mm:g}\u202fmm",
                    self._reach,
                    "wand-sparkles",
                    waiting or self._cannot_reach(),
                    "E",
                ),
                PanelAction("add_cut", "Add", self.menu.open, "plus", waiting),
            ),
            "Enter keeps · drag the handles",
        )

    def _cannot_reach(self) -> str:
        """Why the nearest cut cannot be moved to the margin, "" when it can."""
        if self.work.model is None or not self.work.model.tumors:
            return "No tumour is chosen"
        cut = self.work.draft.resections[self.work.nearest_cut]
        return "" if cut.kind in ("plane", "sheet") else f"{cut_name(cut)} comes nearest; it cannot be moved"

    def _reach(self) -> None:
        self._trouble = None
        self.work.reach_margin()

    def _toggle_hidden(self, number: int) -> None:
        self.panel.session.view.toggle_hidden(cut_key(number))
        self.cuts.refresh()
