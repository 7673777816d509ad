"""Step 1 of the kidney panel: which structures are the kidney, its tumours, its sinus and its vessels."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.i18n import mark, text_quantity, tr
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.kidney.step import KidneyStep
from app.panels.liver.step_parts import StructureChoice
from app.panels.notes import problem_words
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, page, plain

if TYPE_CHECKING:
    from app.panels.kidney.panel import KidneyPanel

ROLES = {
    "organ": mark("The kidney is"),
    "tumors": mark("Tumours are"),
    "sinus": mark("Sinus or collecting system"),
    "artery": mark("Artery"),
    "vein": mark("Vein"),
}
SAID = ("tumor_elsewhere", "tumor_at_edge", "sinus_outside", "sinus_guessed", "no_sinus", "tumor_specks", "empty_tumor")
TITLES = {
    "tumor_elsewhere": mark("A tumour lies elsewhere"),
    "sinus_guessed": mark("No sinus is named"),
    "no_sinus": mark("No sinus is seen"),
    "sinus_outside": mark("The sinus lies outside"),
    "tumor_at_edge": mark("The scan ends in a tumour"),
}


class ScanStep(KidneyStep):
    """1: the kidney and its tumours."""

    name = mark("Kidney and tumours")

    def __init__(self, panel: KidneyPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber(definitions.KIDNEY_VOLUME)
        self._table = NumberTable(definitions.LIVER_TUMORS)
        self._table.setObjectName("kidney_tumors_table")
        self._table.row_clicked.connect(self._fly)
        self._missing = Callout("kidney")
        self._missing.followed.connect(lambda: panel.module_asked.emit("segment"))
        self._note = Callout("kidney_doubt")
        self._choices = {role: StructureChoice(f"kidney_{role}", tr(words), ()) for role, words in ROLES.items()}
        for role, choice in self._choices.items():
            choice.list.ticked.connect(partial(self.set_role, role))
        self.body = page(self._missing, self._note, self._table, *self._choices.values())

    def result(self) -> str:
        """The kidney's volume."""
        model = self.work.model
        return "" if model is None else text_quantity(model.voxels.count * model.voxel_ml, "ml")

    def refresh(self) -> None:
        """Volume, tumours, the chosen structures, what can be wrong."""
        model, roles = self.work.model, self.work.draft.roles
        volume = None if model is None else model.voxels.count * model.voxel_ml
        caption = tr("Kidney with tumours") if roles.tumors else tr("Kidney")
        self._hero.set_text(caption, plain(volume, "ml"), "ml" if volume is not None else "", note=self.waiting_words())
        for role, choice in self._choices.items():
            choice.show_choices(self.choices(roles.as_mapping()[role]), self.fitting(role))
        structures = self.panel.session.case.structures
        self._table.set_rows(
            [
                TableRow(
                    f"tumor_{tumor.id}",
                    f"T{tumor.id}",
                    plain(tumor.longest_diameter_mm, "mm"),
                    "mm",
                    share=text_quantity(tumor.volume_ml, "ml"),
                    swatch=structures[tumor.structure].color if tumor.structure in structures else "",
                )
                for tumor in (model.tumors if model is not None else ())
            ]
        )
        self._table.setVisible(model is not None and bool(model.tumors))
        if not roles.organ:
            self._missing.show_note(
                tr("No kidney in this case"), tr("Find it by a model, or add a label map."), "warn", tr("Segment")
            )
        elif self.work.problem is not None:
            self._missing.show_note(*problem_words(self.work.problem))
        elif model is not None and not model.tumors:
            self._missing.show_note(
                tr("No tumour is chosen"), tr("Choose one below: there is nothing to score without.")
            )
        else:
            self._missing.clear()
        found = [one for one in model.findings if one.code in SAID] if model is not None else []
        if found:
            self._note.show_note(TITLES.get(found[0].code, "Look at the tumours"), f"{found[0].text}.")
        else:
            self._note.clear()

    def _fly(self, key: str) -> None:
        model = self.work.model
        tumor = next((t for t in model.tumors if key == f"tumor_{t.id}"), None) if model is not None else None
        if tumor is not None:
            self.panel.fly_asked.emit(tumor.centroid_mm)

    def actions(self) -> StepActions:
        """Accept kidney."""
        blocked = "" if self.work.draft.roles.organ else tr("Choose the kidney first")
        return StepActions(
            PanelAction("accept_kidney", tr("Accept kidney"), self.panel.accept_step, blocked=blocked, key="Enter"),
            hint=tr("Enter accepts"),
        )
