"""Step 1 of the liver panel: which structures are the liver, and what the scan allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n import local, mark, text_quantity, tr
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.liver.step_parts import LiverStep, StructureChoice
from app.panels.notes import problem_words
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, number_row, page, plain

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel

THICK_SLICE_MM = 2.5
# a tumour for which the scan's own limit is told
TYPICAL_RADIUS_MM = 10.0
IN_PLANE = (1.0, 1.0, 0.0)


class ScanStep(LiverStep):
    """1: which structures are the liver, and what the scan allows."""

    name = mark("Scan and liver")

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber(definitions.LIVER_VOLUME)
        self._facts = NumberTable(definitions.LIVER_SCAN)
        self._choice = StructureChoice("liver_organ", tr("The liver is"), ("organ",))
        self._choice.list.ticked.connect(lambda name, on: self.set_role("organ", name, on))
        self._note = Callout("scan")
        self._missing = Callout("organ")
        self._missing.followed.connect(lambda: panel.module_asked.emit("segment"))
        self.body = page(self._facts, self._missing, self._note, self._choice)

    def _volume_ml(self) -> float | None:
        if self.work.model is not None:
            return self.work.model.voxels.count * self.work.model.voxel_ml
        structures = self.panel.session.case.structures
        found = [structures[name].volume_ml for name in self.work.draft.roles.organ if name in structures]
        # the union of several is only known when the liver is ready
        return found[0] if len(found) == 1 else None

    def result(self) -> str:
        """The liver's volume."""
        volume = self._volume_ml()
        return "" if volume is None else text_quantity(volume, "ml")

    def refresh(self) -> None:
        """Facts of the scan, the chosen structures, what can be wrong."""
        from planning.liver.margin_spread import margin_uncertainty_mm

        session, roles = self.panel.session, self.work.draft.roles
        volume = self._volume_ml()
        caption = tr("Liver with tumours") if roles.tumors and self.work.model is not None else tr("Liver")
        self._hero.set_text(caption, plain(volume, "ml"), "ml" if volume is not None else "")
        image = session.image
        if image is None:
            return
        spacing = image.grid.spacing_mm
        phase = image.phases[min(session.view.state.phase, len(image.phases) - 1)]
        rows = [
            TableRow("voxel", tr("Voxel"), local(f"{spacing[0]:.2f} × {spacing[1]:.2f}"), "mm", clickable=False),
            number_row("slice", tr("Between slices"), float(spacing[2]), "mm", decimals=2, clickable=False),
        ]
        if phase:
            rows.append(TableRow("phase", tr("Phase"), phase, clickable=False))
        self._facts.set_rows(rows)
        self._choice.show_choices(self.choices(roles.organ), self.of_kind("organ"))
        if not roles.organ:
            self._missing.show_note(
                tr("No liver in this case"),
                tr("Find it by a click in the scan, or add a label map."),
                "warn",
                tr("Segment"),
            )
        elif self.work.problem is not None:
            self._missing.show_note(*problem_words(self.work.problem))
        else:
            self._missing.clear()
        step = float(spacing.max())
        if step >= THICK_SLICE_MM:
            best = float(margin_uncertainty_mm(spacing, TYPICAL_RADIUS_MM, IN_PLANE))
            self._note.show_note(
                tr("Slices are {step:g} mm", step=step),
                tr("Margins are ± {plain} mm at best.", plain=plain(best, "mm")).replace(" mm at", "\u202fmm at"),
            )
        else:
            words = self.finding_words("enclosed_structure")
            if words:
                self._note.show_note(tr("Look inside the liver"), f"{words[0]}.")
            else:
                self._note.clear()

    def actions(self) -> StepActions:
        """Accept liver."""
        blocked = "" if self.work.draft.roles.organ else tr("Choose the liver first")
        return StepActions(
            PanelAction("accept_liver", tr("Accept liver"), self.panel.accept_step, blocked=blocked, key="Enter"),
            hint=tr("Enter accepts"),
        )
