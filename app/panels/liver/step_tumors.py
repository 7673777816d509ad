"""Step 3 of the liver panel: each tumour with its size, where it lies, and the vessels near it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import mark, text_quantity, tr
from app.jobs import Job
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.liver.cuts import branch_label
from app.panels.liver.made_of import MadeOf
from app.panels.liver.step_parts import LiverStep, StructureChoice
from app.panels.parts import (
    Callout,
    HeroNumber,
    NumberField,
    NumberTable,
    PanelAction,
    TableRow,
    page,
    paragraph,
    plain,
)
from app.panels.rows import FieldRow, Heading
from planning.progress import CancelToken, Progress
from planning.registry import structure_style
from planning.units import THIN_SPACE
from viewers.overlay import NoteItem, PlanItem, PointItem

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.model import LiverModel
    from planning.liver.tumors import Tumor

TREES = ("couinaud", "portal", "hepatic")
LEAST_SHARE = 0.02
MOST_SHARES, MOST_VESSELS = 3, 8
REACH_MM = (1.0, 30.0)
LEAST_CONTACT_CM2 = 0.05


def share_words(territories: Mapping[str, Mapping[str, float]]) -> str:
    """ "VII 82 %, VIII 18 %" of the first tree that is there; segments before branches."""
    tree = next((tree for tree in TREES if territories.get(tree)), None)
    if tree is None:
        return ""
    shares = [(name, share) for name, share in territories[tree].items() if share >= LEAST_SHARE][:MOST_SHARES]
    words = [
        f"{name if tree == 'couinaud' else branch_label(name)} {100 * share:.0f}{THIN_SPACE}%" for name, share in shares
    ]
    return f"{'Segment ' if tree == 'couinaud' else ''}{', '.join(words)}"


class TumorStep(LiverStep):
    """3: the tumours one by one; the chosen one's vessels below."""

    name = mark("Tumours")

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber(definitions.TUMOR_COUNT)
        self._table, self._vessels = NumberTable(definitions.LIVER_TUMORS), NumberTable(definitions.LIVER_NEAR)
        self._table.setObjectName("tumors_table")
        self._vessels.setObjectName("tumor_vessels")
        self._table.row_clicked.connect(self._choose)
        self._table.row_hovered.connect(self._hover)
        self._vessels.row_clicked.connect(self._fly_to_vessel)
        self._waiting = paragraph("", "hint")
        self._choice = StructureChoice("liver_tumors", tr("Tumours are"), ("lesion",))
        self._choice.list.ticked.connect(lambda name, on: self.set_role("tumors", name, on))
        self._note = Callout("tumors")
        self._head = Heading(tr("Longest diameter, volume and place"))
        self._reach = NumberField("tumor_reach", tr("Vessels within"), "mm", *REACH_MM, 1.0)
        self._reach.entered.connect(lambda _: self.refresh())
        self._reach_row = FieldRow(tr("Vessels within"), self._reach)
        self._no_vessels = paragraph("", "hint")
        self.body = page(
            self._waiting,
            self._head,
            self._table,
            self._note,
            self._reach_row,
            self._vessels,
            self._no_vessels,
            self._choice,
        )
        self._at = 1
        # of this model: what lies about each tumour, by its number
        self._of = MadeOf()
        self._facts: dict[int, dict[str, Any]] = {}

    def result(self) -> str:
        """How many."""
        model = self.work.model
        if model is None:
            return ""
        return tr("%n tumour(s)", "", len(model.tumors)) if model.tumors else tr("none")

    @property
    def reach_mm(self) -> float:
        """How near a vessel has to be: the margin asked for, unless a person says otherwise."""
        value = self._reach.value
        return self.work.draft.asked_mm if value is None else value

    def entered(self) -> None:
        """What lies about the tumours is measured once for each liver."""
        if self._reach.value is None:
            self._reach.set_value(self.work.draft.asked_mm)
        self._ask()

    def refresh(self) -> None:
        """Sizes of each, and the vessels of the chosen one."""
        roles, model = self.work.draft.roles, self.work.model
        self._choice.show_choices(self.choices(roles.tumors), self.of_kind("lesion"))
        self._waiting.setText(self.waiting_words())
        self._waiting.setVisible(bool(self.waiting_words()))
        has_any = model is not None and bool(model.tumors)
        self._head.setVisible(has_any)
        self._reach_row.setVisible(has_any)
        if model is None:
            self._hero.set_text(tr("Tumours"), "–", stale=True)
            self._table.set_rows([])
            self._vessels.set_rows([])
            self._no_vessels.setVisible(False)
            self._note.clear()
            return
        if self.panel.step is self:
            self._ask()
        self._at = self._at if any(t.id == self._at for t in model.tumors) else 1
        largest = max((t.longest_diameter_mm for t in model.tumors), default=None)
        note = "" if largest is None else tr("largest {largest}", largest=text_quantity(largest, "mm"))
        self._hero.set_text(tr("Tumours"), str(len(model.tumors)), note=note)
        self._table.set_rows([self._row(tumor) for tumor in model.tumors])
        self._table.set_selected(f"tumor_{self._at}")
        self._show_vessels(model)
        self._show_note(model)

    def _row(self, tumor: Tumor) -> TableRow:
        facts = self._facts.get(tumor.id)
        return TableRow(
            f"tumor_{tumor.id}",
            f"T{tumor.id}",
            plain(tumor.longest_diameter_mm, "mm"),
            "mm",
            share=text_quantity(tumor.volume_ml, "ml"),
            swatch=self._color(tumor),
            detail="" if facts is None else share_words(facts["territories"]),
        )

    def _show_vessels(self, model: LiverModel) -> None:
        facts = self._facts.get(self._at)
        near = [] if facts is None else [one for one in facts["vessels"] if one["distance_mm"] <= self.reach_mm]
        self._vessels.set_rows([_vessel_row(number, one) for number, one in enumerate(near[:MOST_VESSELS])])
        words = ""
        if not model.tumors:
            words = ""
        elif model.portal is None and model.hepatic is None:
            words = tr("No vessel tree is chosen: name the portal or hepatic veins in step 2.")
        elif facts is None:
            words = tr("Measuring the vessels near each tumour…")
        elif not near:
            nearest = facts["vessels"][0]["distance_mm"] if facts["vessels"] else None
            beyond = (
                tr("none within 30 mm")
                if nearest is None
                else tr("the nearest is {nearest} away", nearest=text_quantity(nearest, "mm"))
            )
            words = tr(
                "No vessel within {reach_mm:g} mm of T{at}: {beyond}.",
                reach_mm=self.reach_mm,
                at=self._at,
                beyond=beyond,
            )
        elif len(near) > MOST_VESSELS:
            words = tr("{near} more are farther away.", near=len(near) - MOST_VESSELS)
        if words == "" and near and (model.portal is None or model.hepatic is None):
            words = (
                tr("The portal veins are not chosen: they are not looked at.")
                if model.portal is None
                else tr("The hepatic veins are not chosen: they are not looked at.")
            )
        self._no_vessels.setText(words)
        self._no_vessels.setVisible(bool(words))

    def _show_note(self, model: LiverModel) -> None:
        words = self.finding_words("tumor_at_edge", "tumor_specks", "empty_tumor")
        if not model.tumors:
            self._note.show_note(tr("No tumour is chosen"), tr("Volumes are planned; there is no margin to measure."))
        elif words:
            title, _, rest = words[0].partition(": ")
            self._note.show_note(
                title if rest else tr("Look at the tumours"), f"{rest[:1].upper()}{rest[1:] or words[0]}."
            )
        else:
            self._note.clear()

    def items(self) -> tuple[PlanItem, ...]:
        """Each tumour's number: at its middle in the planes that meet it there, and in 3D."""
        model = self.work.model
        if model is None:
            return ()
        drawn: list[PlanItem] = []
        for tumor in model.tumors:
            key, name, color = f"tumor_{tumor.id}", f"T{tumor.id}", self._color(tumor)
            drawn.append(NoteItem(key=key, position_mm=tumor.centroid_mm, text=name, color=color, pill=False))
            drawn.append(
                PointItem(
                    key=key,
                    position_mm=tumor.centroid_mm,
                    color=color,
                    label=name,
                    movable=False,
                    shape="small",
                    deep=True,
                )
            )
        return tuple(drawn)

    def _color(self, tumor: Tumor) -> str:
        structures = self.panel.session.case.structures
        known = structures.get(tumor.structure)
        return structure_style("tumor").color if known is None else known.color

    # what lies about the tumours

    def _ask(self) -> None:
        model = self.work.model
        if model is None or self._of.is_(model):
            return
        self._of, self._facts = MadeOf(model), {}
        if not model.tumors:
            return
        self.panel.session.jobs.submit(
            Job(
                key="tumour neighbours",
                title=tr("Measuring vessels near the tumours"),
                work=partial(_measured, model),
                done=partial(self._take, model),
                still_wanted=lambda: self.work.model is model,
                subject=self.panel.session.label,
                quiet=True,
            )
        )

    def _take(self, model: LiverModel, facts: dict[int, dict[str, Any]]) -> None:
        if self._of.is_(model):
            self._facts = facts
            self.refresh()

    # the hand

    def _tumor(self, key: str) -> Tumor | None:
        model = self.work.model
        tumors: Sequence[Tumor] = model.tumors if model is not None else ()
        return next((t for t in tumors if key == f"tumor_{t.id}"), None)

    def _choose(self, key: str) -> None:
        tumor = self._tumor(key)
        if tumor is not None:
            self._at = tumor.id
            self.refresh()
            self.panel.fly_asked.emit(tumor.centroid_mm)

    def _fly_to_vessel(self, key: str) -> None:
        facts = self._facts.get(self._at)
        if facts is None:
            return
        near = [one for one in facts["vessels"] if one["distance_mm"] <= self.reach_mm]
        self.panel.fly_asked.emit(np.array(near[int(key.removeprefix("near_"))]["at_mm"]))

    def _hover(self, key: str) -> None:
        tumor = self._tumor(key)
        self.panel.session.view.set(selected=tumor.structure if tumor is not None else "")

    def left(self) -> None:
        """Nothing stays marked."""
        self._hover("")

    def actions(self) -> StepActions:
        """Accept tumours."""
        blocked = "" if self.work.model is not None or self.work.problem is not None else tr("Preparing the liver")
        return StepActions(
            PanelAction("accept_tumors", tr("Accept tumours"), self.panel.accept_step, blocked=blocked, key="Enter"),
            hint=tr("Enter accepts"),
        )


def _vessel_row(number: int, vessel: Mapping[str, Any]) -> TableRow:
    """A vessel: how far, how much of the tumour touches it, how wide."""
    touches = vessel["contact_cm2"] >= LEAST_CONTACT_CM2
    inside = vessel["distance_mm"] < 0.0
    return TableRow(
        f"near_{number}",
        branch_label(vessel["name"]),
        plain(max(vessel["distance_mm"], 0.0), "mm"),
        "mm",
        detail=tr(
            "± {plain}, {diameter_mm} wide",
            plain=plain(vessel["uncertainty_mm"], "mm"),
            diameter_mm=text_quantity(vessel["diameter_mm"], "mm"),
        ),
        status=tr("runs into it, {contact_cm2:.1f} cm²", contact_cm2=vessel["contact_cm2"])
        if inside
        else tr("touches, {contact_cm2:.1f} cm²", contact_cm2=vessel["contact_cm2"])
        if touches
        else "",
        state="warn" if touches or inside else "",
    )


def _measured(model: LiverModel, progress: Progress, cancel: CancelToken) -> dict[int, dict[str, Any]]:
    from planning.liver.plan import tumor_facts

    found = {}
    for number, tumor in enumerate(model.tumors):
        cancel.raise_if_set()
        progress(number / len(model.tumors), tr("Measuring vessels near T{id}", id=tumor.id))
        found[tumor.id] = tumor_facts(model, tumor, cancel)
    return found
