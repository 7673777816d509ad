"""Step 1: what decides whether the scan serves, and its heart phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from app.panels.guide import StepActions
from app.panels.notes import Note, split_sentences
from app.panels.parts import NumberTable, PanelAction
from app.panels.tavr import rows
from app.panels.tavr.names import SCAN
from app.panels.tavr.step import TavrStep
from app.theme.style import set_kind

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel


class ScanStep(TavrStep):
    """Phase, spacing, coverage, noise."""

    number = SCAN

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self._title = QLabel("Phases")
        set_kind(self._title, "heading")
        self._phases = NumberTable()
        self._phases.row_clicked.connect(lambda key: self.session.view.set(phase=int(key.removeprefix("phase_"))))
        self.set_body(below=(self._title, self._phases))

    @property
    def _phase(self) -> int:
        image = self.session.image
        return 0 if image is None else min(self.session.view.state.phase, len(image.phases) - 1)

    def words(self) -> str:
        """The phase."""
        image = self.session.image
        label = image.phases[self._phase] if image is not None else ""
        return label or "phase not stated"

    def refresh(self) -> None:
        """The image and its findings."""
        image = self.session.image
        if image is None:
            self.great.set_text("Heart phase", "–")
            self.table.set_rows(())
            self.say([Note("This case has no image", "Import a CT first.")])
            return
        label = image.phases[self._phase]
        if label.endswith("%"):
            self.great.set_text("Heart phase", label.removesuffix("%").strip(), "% of R–R")
        else:
            self.great.set_text("Heart phase", label or "–", note="" if label else "not stated in the scan")
        self.table.set_rows(rows.scan_rows(image, self._phase, self.work.results), self.work.is_stale)
        self._phases.set_rows(rows.phase_rows(image))
        self._phases.set_selected(f"phase_{self._phase}")
        self._title.setVisible(len(image.phases) > 1)
        notes = [Note(*split_sentences(finding.text)) for finding in image.findings]
        if not label:
            notes.append(Note("The heart phase is not known", "In diastole the annulus reads about 24 mm² smaller."))
        self.say(notes)

    def actions(self) -> StepActions:
        """Use this phase."""
        image = self.session.image
        several = image is not None and len(image.phases) > 1
        blocked = "" if image is not None else "This case has no image"
        text = "Use this phase" if several else "Use this scan"
        use = PanelAction("heart_accept", text, self._use, blocked=blocked, key="Enter")
        return StepActions(use, (), "Enter accepts")

    def _use(self) -> None:
        plan = self.work.plan
        if plan is not None and plan.inputs.get("phase") != self.session.view.state.phase:
            self.work.measure()
        self.panel.accept_step()
