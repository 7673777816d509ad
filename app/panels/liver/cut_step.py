"""The step in which an organ is cut: its resections, what they divide, the forms that ask for another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.i18n import mark, text_quantity, tr
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.labels import judge_least
from app.panels.liver.add_menu import AddMenu
from app.panels.liver.chosen_cut import ChosenCut
from app.panels.liver.cut_list import CutList
from app.panels.liver.cut_numbers import limit_words
from app.panels.liver.cuts import cut_key, cut_name
from app.panels.liver.forms import AddForm
from app.panels.liver.made_of import MadeOf
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
    paragraph,
    plain,
)
from app.panels.rows import Heading
from planning.errors import TheatrumError
from planning.geometry import FloatArray
from viewers.keys import key_hint, keys_line
from viewers.overlay import PlanItem

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.model import LiverModel, LiverNumbers
    from planning.liver.resection import Resection

MARGIN_RANGE_MM = (0.0, 50.0)
MOST_VESSELS = 6


class CutStep(LiverStep):
    """What is the same for every organ. Subclasses lay the widgets out in `body` and show their own cards.

    tree_words: how a branch of each tree is called.
    """

    tree_words: Mapping[str, str] = MappingProxyType({"portal": mark("Portal branch"), "hepatic": mark("Hepatic vein")})

    def __init__(self, panel: LiverPanel, forms: Sequence[type[AddForm]]) -> None:
        super().__init__(panel)
        self.margin_card = StateCard("margin", definitions.MARGIN)
        self.table = NumberTable(definitions.LIVER_CUT)
        self.waiting = paragraph("", "hint")
        self.notes = (Callout("cut"), Callout("cut_2"))
        self._links = ["", ""]
        for n, note in enumerate(self.notes):
            note.followed.connect(partial(self._follow, n))
        self._trouble: TheatrumError | None = None
        self.work.failed.connect(self._failed)
        self.margin_field = NumberField("asked_margin", tr("Margin asked for"), "mm", *MARGIN_RANGE_MM, 1.0)
        self.margin_field.entered.connect(lambda value: self.work.set_limits(asked_mm=value))
        self.cuts_head = Heading(tr("Resections"), "flat_map", tr("Flat map"))
        self.cuts_head.followed.connect(panel.toggle_flat_map)
        self.cuts = CutList(self.work, panel.plan_color)
        self.cuts.hide_asked.connect(self._toggle_hidden)
        self.cuts.edit_asked.connect(self.edit_cut)
        self.chosen_facts = ChosenCut(self.work)
        self.vessels_head = Heading(tr("Vessels cut"))
        self.vessels = NumberTable(definitions.CUT_VESSELS)
        self.vessels.row_clicked.connect(self._fly_vessel)
        self._vessel_places: dict[str, FloatArray] = {}
        self.form: AddForm | None = None
        self._form_model = MadeOf()
        self._form_about: object = None
        # forms that were left with what a hand put down in them, and the organ that they are about
        self._waiting: list[tuple[AddForm, object]] = []
        self._asked_kept = False
        self.forms: dict[str, AddForm] = {kind.key: kind(panel) for kind in forms}
        for form in self.forms.values():
            form.changed.connect(self._form_changed)
            form.closed.connect(self.drop_form)
        self.menu = AddMenu(panel, self)

    def is_reachable(self) -> bool:
        """With an organ there is something to cut."""
        return bool(self.work.draft.roles.organ)

    def result(self) -> str:
        """The least margin."""
        numbers = self.work.numbers
        least = numbers.decisive if numbers is not None else None
        return text_quantity(least.minimum_mm, "mm") if least is not None else ""

    def entered(self) -> None:
        """Bring the crosshair to the place that decides."""
        self._trouble = None
        self.panel.show_cut()
        self._bring_form_back()

    def left(self) -> None:
        """A form that is open is closed; what a hand put down in it waits."""
        form = self.form
        self.close_form()
        if form is not None and form.held():
            self._waiting.append((form, self._form_about))

    def _bring_form_back(self) -> None:
        """The form that was left half filled, or whose places were kept when the case was last open."""
        if self.work.model is None or self.form is not None or self.panel.session.document.read_only:
            return
        if not self._asked_kept:
            self._asked_kept = True
            self._waiting += [(form, None) for form in self.forms.values() if form.bring_back()]
        while self._waiting:
            form, about = self._waiting.pop()
            # places of the capsule are places of the patient, whatever the organ is made of
            if form.kept() or (about == self.work.model_key() and not self._is_gone(form)):
                self._show_form(form)
                form.resumed()
                self._form_changed()
                return

    def refresh(self) -> None:
        """What every organ's step shows, from the numbers of now."""
        if self.form is not None and self._is_form_over(self.form):
            self.left()
        if self.panel.step is self and self.panel.isVisible():
            self._bring_form_back()
        model, numbers = self.work.model, self.work.numbers
        words = self.waiting_words() or (self.doing_words() if model is not None and numbers is None else "")
        self.waiting.setText(words)
        self.waiting.setVisible(bool(words))
        for widget in (self.margin_card, self.table):
            widget.setVisible(numbers is not None)
        self.show_notes()
        self.margin_field.set_value(self.work.draft.asked_mm)
        self.cuts.refresh()
        self.chosen_facts.refresh()
        self.cuts_head.set_link(tr("Slices") if self.panel.shows_flat_map else tr("Flat map"))
        self._show_vessels()

    def doing_words(self) -> str:
        """What is being done while a ready organ has no numbers yet."""
        return tr("Building the resections…") if self.work.draft.resections else tr("Placing the first cut…")

    def _is_form_over(self, form: AddForm) -> bool:
        """Whether it asked about another organ, or about a resection that is gone."""
        return self._is_gone(form) or not self._form_model.is_(self.work.model)

    def _is_gone(self, form: AddForm) -> bool:
        """Whether the resection that it asks about is in the plan no more."""
        return form.edited is not None and not any(cut is form.edited for cut in self.work.draft.resections)

    def show_margin(self, model: LiverModel, numbers: LiverNumbers) -> None:
        """The card of the least margin."""
        asked, least = self.work.draft.asked_mm, numbers.decisive
        if least is None:
            reason = (
                tr("No tumour is chosen")
                if not model.tumors
                else tr("The cut does not meet the {kind}", kind=self.work.kind)
            )
            self.margin_card.show_state(CardState(tr("Smallest margin"), None, "mm", reason=reason, words=reason))
            return
        spread = least.uncertainty_mm
        state = judge_least(least.minimum_mm, spread, asked)
        words = limit_words(least.minimum_mm, state, asked)
        if least.minimum_mm < 0.0:
            words = tr("through T{tumor_id}", tumor_id=least.tumor_id)
        stay = [t.id for t, part in zip(model.tumors, numbers.removed_share, strict=True) if part < 1.0]
        if stay and state != "bad":
            # a wide margin to a tumour that is left behind is no good news
            state, words = (
                "bad",
                tr("T{stay} stays", stay=stay[0]) if len(stay) == 1 else tr("{stay} tumours stay", stay=len(stay)),
            )
        top = max(2.4 * asked, 1.0)
        name = tr("Smallest margin, T{tumor_id} to cut", tumor_id=least.tumor_id)
        self.margin_card.show_state(CardState(name, least.minimum_mm, "mm", spread, state, words, asked, top))

    # what can be wrong

    def show_notes(self) -> None:
        """At most two callouts, the gravest first."""
        notes = self.note_texts()[: len(self.notes)]
        self._links = [text[3] for text in notes] + [""] * (len(self.notes) - len(notes))
        for n, note in enumerate(self.notes):
            if n < len(notes):
                note.show_note(*notes[n])
            else:
                note.clear()

    def note_texts(self) -> list[tuple[str, str, str, str]]:
        """(title, text, state, link) of what can be wrong."""
        model, numbers, organ = self.work.model, self.work.numbers, self.work.kind
        found: list[tuple[str, str, str, str]] = []
        if self.work.problem is not None:
            found.append((*problem_words(self.work.problem), "bad", ""))
        if self._trouble is not None:
            found.append((*problem_words(self._trouble), "warn", ""))
        if model is None or numbers is None:
            return found
        if numbers.removed_voxels == 0 or (model.tumors and numbers.decisive is None):
            title, text = (
                tr("The cut does not meet the {organ}", organ=organ),
                tr("Drag it onto the {organ}, or start again.", organ=organ),
            )
            found.append((title, text, "bad", tr("Start again")))
        if numbers.kept_voxels == 0:
            found.append(
                (tr("Nothing is kept"), tr("The cut removes the whole {organ}.", organ=organ), "bad", tr("Other side"))
            )
        left = [t.id for t, part in zip(model.tumors, numbers.removed_share, strict=True) if part < 1.0]
        if left and numbers.removed_voxels:
            names = (
                ", ".join(f"T{number}" for number in left) if len(left) <= 3 else tr("{left} tumours", left=len(left))
            )
            is_one = len(left) == 1
            title = (
                tr("{names} stays in the remnant", names=names)
                if is_one
                else tr("{names} stay in the remnant", names=names)
            )
            text = tr("Another cut can remove it.") if is_one else tr("Another cut can remove them.")
            found.append((title, text, "warn", tr("Add")))
        return found

    def _failed(self, error: TheatrumError) -> None:
        self._trouble = error
        if self.panel.step is self:
            self.show_notes()

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
            self.work.hand.flip(0)

    # vessels

    def _show_vessels(self) -> None:
        # the widest ones matter; the report lists them all
        cuts = sorted(self.work.vessel_cuts, key=lambda cut: -cut.diameter_mm)
        colors = self.panel.tree_colors()
        self.vessels_head.setVisible(bool(cuts))
        self.vessels.setVisible(bool(cuts))
        self.vessels.set_rows(
            [
                TableRow(
                    f"cut_{n}",
                    branch_name(cut.name, self.tree_words.get(cut.tree, "Branch")),
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

    # forms

    def edit_cut(self, number: int) -> None:
        """Ask anew for a resection that is there."""
        cut = self.work.draft.resections[number]
        if cut.kind in self.forms:
            self.open_form(cut.kind, cut)

    def open_form(self, key: str, edited: Resection | None = None) -> None:
        """Ask for what a new resection needs, or for another one in the place of `edited`."""
        self.left()
        form = self.forms[key]
        waits = [one for one in self._waiting if one[0] is form]
        if waits and edited is form.edited:
            self._waiting = [one for one in self._waiting if one[0] is not form] + waits
            self._bring_form_back()
            if self.form is form:
                return
        self._waiting = [one for one in self._waiting if one[0] is not form]
        form.edited = edited
        self._show_form(form)
        form.opened()
        self._form_changed()

    def _show_form(self, form: AddForm) -> None:
        self.form, self._form_model, self._form_about = form, MadeOf(self.work.model), self.work.model_key()
        form.setVisible(True)
        self.panel.frame.show_widget(form)

    def drop_form(self) -> None:
        """Back to the numbers: what the form held is used, or not wanted."""
        form = self.form
        self.close_form()
        if form is not None:
            form.forget()
        self._bring_form_back()

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

    def unkept(self) -> str:
        """What closing the case would lose of the open or the waiting form."""
        forms = ([] if self.form is None else [self.form]) + [form for form, _ in self._waiting]
        return next((form.held() for form in forms if form.held() and not form.kept()), "")

    def take_back(self) -> None:
        """Take it back."""
        if self.form is not None:
            self.form.take_back()

    # the footer

    def actions(self) -> StepActions:
        """Keep as plan A; or what the open form is for."""
        if self.form is not None:
            cancel = PanelAction("cancel_form", tr("Cancel"), self.drop_form, key="E")
            return StepActions(
                self.form.main(), (cancel,), keys_line(tr(self.form.hint), key_hint(tr("{key} cancels"), "edit_step"))
            )
        draft, numbers = self.work.draft, self.work.numbers
        not_ready = tr("Preparing the {kind}", kind=self.work.kind) if self.work.model is None else ""
        waiting = not_ready or ("" if numbers is not None else tr("No cut yet"))
        return StepActions(
            PanelAction(
                "keep_plan",
                tr("Keep as plan {name}", name=draft.name),
                self.panel.keep_plan,
                blocked=waiting if self.work.needs_cut else not_ready,
                key="Enter",
            ),
            (
                PanelAction(
                    "reach_margin",
                    tr("Reach {asked_mm:g} mm", asked_mm=draft.asked_mm),
                    self._reach,
                    "wand-sparkles",
                    waiting or self._cannot_reach(),
                    "E",
                ),
                PanelAction(
                    "add_cut", tr("Add"), self.menu.open, "plus", waiting if self.work.needs_cut else not_ready
                ),
            ),
            tr("Enter keeps · drag the handles"),
        )

    def _cannot_reach(self) -> str:
        """Why the nearest cut cannot be moved to the margin, "" when it can."""
        if self.work.model is None or not self.work.model.tumors:
            return tr("No tumour is chosen")
        cut = self.work.draft.resections[self.work.hand.nearest_cut]
        return (
            ""
            if cut.kind in ("plane", "sheet")
            else tr("{cut_name} comes nearest; it cannot be moved", cut_name=cut_name(cut))
        )

    def _reach(self) -> None:
        self._trouble = None
        self.work.hand.reach_margin()

    def _toggle_hidden(self, number: int) -> None:
        self.panel.session.view.toggle_hidden(cut_key(number))
        self.cuts.refresh()
