"""The guided kidney plan: kidney and tumours, score, clamps, resection, report."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.panels.base import PlanRow
from app.panels.kidney.drawing import KEY
from app.panels.kidney.step import KidneyStep
from app.panels.kidney.step_clamp import ClampStep
from app.panels.kidney.step_report import ReportStep
from app.panels.kidney.step_resection import ResectionStep
from app.panels.kidney.step_scan import ScanStep
from app.panels.kidney.step_score import ScoreStep
from app.panels.kidney.work import KidneyWork
from app.panels.liver.cut_panel import CutPanel
from app.session import Session
from app.theme.tokens import PLANS
from planning.registry import structure_style
from viewers.overlay import PartsItem, PlanItem
from viewers.view_state import SLICES, PaneView, Vec, vec

SCAN, SCORE, CLAMP, RESECTION, REPORT = range(5)
# without a tumour only branches lie inside, and so clear a kidney is dark
OPACITY, WHOLE_OPACITY, OTHER_OPACITY = 0.45, 0.85, 0.1
BESIDE_MM = 30.0


class KidneyPanel(CutPanel):
    """Module "kidney"."""

    module = "kidney"
    preset = "soft"
    cut_number = RESECTION
    resection: ResectionStep
    work: KidneyWork

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, KidneyWork(session), parent)
        self._has_looked = False
        self.score, self.clamp = ScoreStep(self), ClampStep(self)
        self.resection = ResectionStep(self)
        self.start_plan((ScanStep(self), self.score, self.clamp, self.resection, ReportStep(self)))

    def entered(self) -> None:
        """The kidney ready, and large in the panes at the first time."""
        super().entered()
        self._look_at_kidney()

    def work_changed(self) -> None:
        """The same once it is ready."""
        super().work_changed()
        self._look_at_kidney()

    def _look_at_kidney(self) -> None:
        if not self._has_looked and self.work.model is not None and self.isVisible():
            self._has_looked = True
            # a letter's slice is there already
            if self.session.view.state.frame_name != KEY:
                self.look_at_kidney()

    def look_at_kidney(self) -> None:
        """Straight slices, as large as the kidney."""
        model, view = self.work.model, self.session.view
        view.straighten()
        if model is None:
            return
        for name in SLICES:
            view.set_pane(name, PaneView(self.middle_mm(), reach_mm=self.reach_mm()))
        low, high = model.organ.bounds_mm()
        place = np.array(view.state.cross_mm)
        if not ((place >= low) & (place <= high)).all():
            view.set(cross_mm=vec(model.tumors[0].centroid_mm) if model.tumors else self.middle_mm())

    def middle_mm(self) -> Vec:
        """The middle of the kidney's box."""
        return vec(np.mean(self.work.model.organ.bounds_mm(), axis=0) if self.work.model is not None else np.zeros(3))

    def reach_mm(self) -> float:
        """What a pane has to show of it."""
        if self.work.model is None:
            return BESIDE_MM
        return float(np.ptp(self.work.model.organ.bounds_mm(), axis=0).max()) + BESIDE_MM

    @property
    def open_step(self) -> KidneyStep:
        """The open step."""
        step = self.step
        assert isinstance(step, KidneyStep)
        return step

    def items(self) -> tuple[PlanItem, ...]:
        """What proves a letter, where the clamps sit, or the cut."""
        if self.where.current >= RESECTION:
            return self.cut_items()
        return self.open_step.items() if self.work.model is not None else ()

    def rows(self) -> tuple[str, tuple[PlanRow, ...]]:
        """The lines of the open step; each can be hidden."""
        heading, cuts = self.cut_rows()
        if self.work.model is None or self.where.current == SCAN:
            return heading, ()
        if self.where.current == SCORE:
            letter = self.score.letter
            return heading, () if letter is None else (
                PlanRow(KEY, tr("Letter {letter}", letter=letter.letter), PLANS["a"]),
            )
        if self.where.current == CLAMP:
            return heading, self.clamp.rows()
        return heading, cuts

    def parts(self) -> PartsItem | None:
        """What the branches feed, while they are clamped."""
        return self.clamp.parts() if self.where.current == CLAMP else None

    def parted(self) -> Mapping[str, npt.NDArray[np.uint8]]:
        """The kidney wears its branches' colours."""
        return self.clamp.parted() if self.where.current == CLAMP else {}

    def opacities(self) -> Mapping[str, float]:
        """One looks into a kidney with a tumour, and past what lies before it."""
        roles = self.work.draft.roles
        used = {name for names in roles.as_mapping().values() for name in names}
        others = [name for name in self.session.case.structures if name not in used]
        opacity = OPACITY if roles.tumors else WHOLE_OPACITY
        return {**dict.fromkeys(others, OTHER_OPACITY), **dict.fromkeys(roles.organ, opacity)}

    def organ_color(self) -> str:
        """The kidney's own colour."""
        structures = self.session.case.structures
        for name in self.work.draft.roles.organ:
            if name in structures:
                return structures[name].color
        return structure_style("kidney").color

    def tree_colors(self) -> dict[str, str]:
        """The artery's colour."""
        structures = self.session.case.structures
        names = [name for name in self.work.draft.kidney_roles.artery if name in structures]
        return {"artery": structures[names[0]].color} if names else {}
