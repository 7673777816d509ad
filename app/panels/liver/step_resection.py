"""The liver panel's resection step: cards against their limits, the cuts, volumes, vessels met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.panels.guide import StepActions
from app.panels.labels import ElidedLabel
from app.panels.liver.step_parts import LiverStep, branch_name
from app.panels.notes import problem_words
from app.panels.parts import (
    Callout,
    CardState,
    IconButton,
    NumberField,
    NumberTable,
    PanelAction,
    StateCard,
    TableRow,
    judge_least,
    number_row,
    page,
    paragraph,
    plain,
)
from app.panels.rows import FieldRow, Heading, choice_box
from app.theme.style import set_kind
from planning.errors import TheatrumError
from planning.liver.volumetry import HEIGHT_RANGE_CM, WEIGHT_RANGE_KG
from planning.units import text_quantity

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel

# sources of the limits: Kishi (normal, 20 %), Shindoh (chemotherapy, 30 %), Azoulay and Kubota (cirrhosis, 40 %)
CONDITIONS: Mapping[str, float] = MappingProxyType(
    {
        "Not described, 40 %": 40.0,
        "Normal liver, 20 %": 20.0,
        "After chemotherapy, 30 %": 30.0,
        "Cirrhosis, 40 %": 40.0,
    }
)
MARGIN_RANGE_MM = (0.0, 50.0)


@dataclass(frozen=True, slots=True)
class CutNumbers:
    """What the cards and the table show, from the numbers of a draft."""

    removed_ml: float
    kept_ml: float
    kept_tumor_ml: float
    removed_percent: float
    kept_percent: float
    flr_ml: float
    flr_percent: float | None
    viable_percent: float | None
    congested_ml: float | None
    without_inflow_ml: float | None


def cut_numbers(model: object, numbers: object) -> CutNumbers:
    """Volumes and shares; the same formulas as the plan's results."""
    from planning.liver.model import LiverModel, LiverNumbers

    assert isinstance(model, LiverModel)
    assert isinstance(numbers, LiverNumbers)
    ml, organ = model.voxel_ml, model.voxels.count
    tissue = organ - model.tumor_voxels
    remnant = numbers.kept_voxels - numbers.kept_tumor_voxels
    perfusion = numbers.perfusion
    return CutNumbers(
        removed_ml=numbers.removed_voxels * ml,
        kept_ml=numbers.kept_voxels * ml,
        kept_tumor_ml=numbers.kept_tumor_voxels * ml,
        removed_percent=100.0 * numbers.removed_voxels / organ,
        kept_percent=100.0 * numbers.kept_voxels / organ,
        flr_ml=remnant * ml,
        flr_percent=100.0 * remnant / tissue if tissue else None,
        viable_percent=100.0 * perfusion.viable_ml / (tissue * ml) if tissue and perfusion is not None else None,
        congested_ml=None if perfusion is None else perfusion.congested_ml,
        without_inflow_ml=None if perfusion is None else perfusion.devascularised_ml,
    )


def limit_words(value: float, state: str, limit: float) -> str:
    """ "0.3 short of 5", "close to 40", "above 40"."""
    if state == "bad":
        return f"{plain(limit - value, 'mm')} short of {limit:g}"
    return f"close to {limit:g}" if state == "warn" else f"above {limit:g}"


class CutRow(QWidget):
    """One of several cuts: what it is called, and what can be done with it."""

    def __init__(self, number: int, step: ResectionStep) -> None:
        super().__init__()
        set_kind(self, "clear")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self.name = ElidedLabel(f"Cut {number + 1}", "label")
        self.flip = IconButton(f"flip_cut_{number + 1}", "Other side", kind="inline")
        self.remove = IconButton(f"remove_cut_{number + 1}", "Remove", kind="inline")
        self.flip.setToolTip("Remove the other side of this cut")
        self.remove.setToolTip("Take this cut out of the plan")
        self.flip.clicked.connect(lambda: step.work.flip(number))
        self.remove.clicked.connect(lambda: step.work.remove_plane(number))
        line.addWidget(self.name, 1)
        line.addWidget(self.flip)
        line.addWidget(self.remove)


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
        self.condition = choice_box("liver_condition", "Least remnant", tuple(CONDITIONS))
        self.condition.activated.connect(self._condition_chosen)
        self.weight_field = NumberField("body_weight", "Body weight", "kg", *WEIGHT_RANGE_KG, 1.0)
        self.height_field = NumberField("body_height", "Body height", "cm", *HEIGHT_RANGE_CM, 1.0)
        self.weight_field.entered.connect(lambda kg: self.work.set_body(kg, self.work.draft.height_cm))
        self.height_field.entered.connect(lambda cm: self.work.set_body(self.work.draft.weight_kg, cm))
        self._body = page(
            FieldRow("Body weight", self.weight_field), FieldRow("Body height", self.height_field), spacing=6
        )
        self._body.setVisible(False)
        self._cuts_head = Heading("Cuts")
        self._cuts_box = QVBoxLayout()
        self._cuts_box.setSpacing(2)
        cuts = QWidget()
        set_kind(cuts, "clear")
        cuts.setLayout(self._cuts_box)
        self._cuts_box.setContentsMargins(0, 0, 0, 0)
        self._cut_rows: list[CutRow] = []
        self._vessels_head = Heading("Vessels cut")
        self.vessels = NumberTable()
        self.vessels.row_clicked.connect(self._fly_vessel)
        self.body = page(
            self._waiting,
            self.margin_card,
            self.viable_card,
            self.flr_card,
            *self._notes,
            self.table,
            self._body,
            Heading("Asked for"),
            FieldRow("Margin", self.margin_field),
            FieldRow("Remnant", self.condition, wide=True),
            self._cuts_head,
            cuts,
            self._vessels_head,
            self.vessels,
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

    def refresh(self) -> None:
        """Everything from the numbers of now."""
        draft, model, numbers = self.work.draft, self.work.model, self.work.numbers
        words = self.waiting_words() or ("Placing the first cut…" if model is not None and numbers is None else "")
        self._waiting.setText(words)
        self._waiting.setVisible(bool(words))
        ready = model is not None and numbers is not None
        for widget in (self.margin_card, self.viable_card, self.flr_card, self.table):
            widget.setVisible(ready)
        if ready:
            self._show_cards(cut_numbers(model, numbers))
        self._show_notes()
        self.margin_field.set_value(draft.asked_mm)
        if draft.remnant_percent != list(CONDITIONS.values())[max(self.condition.currentIndex(), 0)]:
            self.condition.setCurrentIndex(list(CONDITIONS.values()).index(draft.remnant_percent))
        self.weight_field.set_value(draft.weight_kg)
        self.height_field.set_value(draft.height_cm)
        self._show_cuts()
        self._show_vessels()

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
        weight = self.work.draft.weight_kg
        ratio = None if weight is None else 100.0 * cut.flr_ml / (1000.0 * weight)
        rows = [
            TableRow(
                "removed",
                "Removed",
                plain(cut.removed_ml, "ml"),
                "ml",
                share=share(cut.removed_percent),
                clickable=False,
            ),
            TableRow("kept", "Kept", plain(cut.kept_ml, "ml"), "ml", share=share(cut.kept_percent), clickable=False),
        ]
        if cut.kept_tumor_ml > 0.0:
            rows.append(number_row("tumor_kept", "Tumour kept", cut.kept_tumor_ml, "ml", state="bad", clickable=False))
        if weight is None:
            rows.append(
                TableRow("weight", "Remnant / body weight", "–", share="Enter", reason="Body weight is missing")
            )
        else:
            rows.append(number_row("weight", "Remnant / body weight", ratio, "%", decimals=2))
        if cut.congested_ml is not None:
            rows.append(number_row("congested", "Congested", cut.congested_ml, "ml", clickable=False))
            rows.append(number_row("inflow", "Without inflow", cut.without_inflow_ml, "ml", clickable=False))
        self.table.set_rows(rows)

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

    def _show_cuts(self) -> None:
        count = len(self.work.draft.resections)
        while len(self._cut_rows) < count:
            row = CutRow(len(self._cut_rows), self)
            self._cut_rows.append(row)
            self._cuts_box.addWidget(row)
        for n, row in enumerate(self._cut_rows):
            row.setVisible(n < count)
            row.remove.setVisible(count > 1)
        self._cuts_head.setVisible(count > 0)

    def _show_vessels(self) -> None:
        saved = self.work.saved if self.work.is_saved else None
        cuts = [] if saved is None else list(saved.results.get("vessels_cut", []))
        # the widest ones matter; the report lists them all
        cuts.sort(key=lambda item: -float(item["diameter_mm"]))
        colors = self.panel.tree_colors()
        self._vessels_head.setVisible(bool(cuts))
        self.vessels.set_rows(
            [
                TableRow(
                    f"cut_{n}",
                    branch_name(item["name"], "Portal branch" if item["tree"] == "portal" else "Hepatic vein"),
                    plain(item["diameter_mm"], "mm"),
                    "mm",
                    swatch=colors.get(item["tree"], ""),
                )
                for n, item in enumerate(cuts[:6])
            ]
        )
        self._vessel_places = {f"cut_{n}": item["at_mm"] for n, item in enumerate(cuts[:6])}

    def _fly_vessel(self, key: str) -> None:
        if key in self._vessel_places:
            self.panel.fly_asked.emit(self._vessel_places[key])

    def _row_clicked(self, key: str) -> None:
        if key == "weight":
            self.ask_body()

    def ask_body(self) -> None:
        """Show the fields for the patient's size and put the keyboard there."""
        self._body.setVisible(True)
        field = self.weight_field if self.work.draft.weight_kg is None else self.height_field
        field.setFocus()
        self.panel.frame.show_widget(self._body)

    def _condition_chosen(self, number: int) -> None:
        self.work.set_limits(remnant_percent=list(CONDITIONS.values())[number])

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
            self.work.propose()
        elif link == "Start again":
            self.work.start_again()
        elif link == "Other side":
            self.work.flip(0)

    def actions(self) -> StepActions:
        """Keep as plan A."""
        draft, numbers = self.work.draft, self.work.numbers
        waiting = "" if numbers is not None else "Preparing the liver" if self.work.model is None else "No cut yet"
        tumors = self.work.model.tumors if self.work.model is not None else ()
        no_margin = waiting or ("" if tumors else "No tumour is chosen")
        return StepActions(
            PanelAction("keep_plan", f"Keep as plan {draft.name}", self.panel.keep_plan, blocked=waiting, key="Enter"),
            (
                PanelAction(
                    "reach_margin",
                    f"Reach {draft.asked_mm:g}\u202fmm",
                    self._reach,
                    "wand-sparkles",
                    no_margin,
                    "E",
                ),
                PanelAction("add_cut", "Add a cut", self.work.propose, "plus", waiting),
            ),
            "Enter keeps · drag the handles",
        )

    def _reach(self) -> None:
        self._trouble = None
        self.work.reach_margin()


def share(percent: float) -> str:
    """ "46.5 %"."""
    return text_quantity(percent, "%")
