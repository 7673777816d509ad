"""Step 1: what decides whether the scan serves, and its heart phase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from app.i18n import tr
from app.pane_grid import Arrangement
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.notes import Note, split_sentences
from app.panels.parts import NumberTable, PanelAction
from app.panels.tavr import rows
from app.panels.tavr.names import SCAN
from app.panels.tavr.step import TavrStep
from app.panes.look import panel_look
from app.panes.phases_pane import PhasesPane
from app.theme.style import set_kind
from viewers.plan_pane import PlanPane

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel


class ScanStep(TavrStep):
    """Phase, spacing, coverage, noise."""

    number = SCAN

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self._title = QLabel(tr("Phases"))
        set_kind(self._title, "heading")
        self._phases = NumberTable(definitions.TAVR_PHASES)
        self._phases.row_clicked.connect(lambda key: self.session.phases.show(int(key.removeprefix("phase_"))))
        self.set_body(below=(self._title, self._phases))
        self.pane = PhasesPane(self.session.view, panel_look())
        self.pane.phase_chosen.connect(self.session.phases.show)
        self.callouts[0].followed.connect(self.work.beat.follow_note)

    def arrangement(self) -> Arrangement | None:
        """Three planes and the curve on a moving scan."""
        return Arrangement(("axial", "phases", "coronal", "sagittal")) if self.work.beat.is_moving else None

    def panes(self) -> Mapping[str, PlanPane]:
        """The curve."""
        return {"phases": self.pane} if self.work.beat.is_moving else {}

    @property
    def _phase(self) -> int:
        image = self.session.image
        return 0 if image is None else min(self.session.view.state.phase, len(image.phases) - 1)

    def words(self) -> str:
        """The phase."""
        image = self.session.image
        label = image.phases[self._phase] if image is not None else ""
        return label or tr("phase not stated")

    def refresh(self) -> None:
        """The image and its findings."""
        image = self.session.image
        if image is None:
            self.great.set_text(tr("Heart phase"), "–")
            self.table.set_rows(())
            self.say([Note(tr("This case has no image"), tr("Import a CT first."))])
            return
        label = image.phases[self._phase]
        if label.endswith("%"):
            self.great.set_text(tr("Heart phase"), label.removesuffix("%").strip(), tr("% of R–R"))
        else:
            self.great.set_text(tr("Heart phase"), label or "–", note="" if label else tr("not stated in the scan"))
        self.table.set_rows(rows.scan_rows(image, self._phase, self.work.results), self.work.is_stale)
        beat = self.work.beat
        self.pane.show_phases(image.phases, beat.phases, beat.message())
        self._phases.set_rows(beat.table(), self.work.is_stale)
        self._phases.set_selected(f"phase_{self._phase}")
        self._title.setVisible(len(image.phases) > 1)
        notes = [*beat.notes(), *(Note(*split_sentences(finding.text)) for finding in image.findings)]
        if not label:
            notes.append(
                Note(tr("The heart phase is not known"), tr("In diastole the annulus reads about 24 mm² smaller."))
            )
        self.say(notes)

    def actions(self) -> StepActions:
        """Use this phase."""
        image = self.session.image
        several = image is not None and len(image.phases) > 1
        beat = self.work.beat
        blocked = beat.blocked if image is not None else tr("This case has no image")
        text = tr("Use this phase") if several else tr("Use this scan")
        use = PanelAction("heart_accept", text, self._use, blocked=blocked, key="Enter")
        others: tuple[PanelAction, ...] = ()
        if beat.is_following:
            others = (PanelAction("heart_stop_following", tr("Stop following"), beat.stop, "x"),)
        elif beat.is_moving and beat.phases is None and self.work.plan is not None and not self.work.is_read_only:
            others = (PanelAction("heart_follow", tr("Follow annulus"), beat.follow, "activity"),)
        elif beat.is_moving and self.work.plan is not None:
            others = (self.align_action,)
        return StepActions(use, others, tr("Enter accepts"))

    def _use(self) -> None:
        if self.work.beat.is_elsewhere:
            self.work.beat.use(self.work.beat.shown_phase)
        self.panel.accept_step()
