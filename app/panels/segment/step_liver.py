"""Guided segmentation, first step: the liver."""

from __future__ import annotations

from app.i18n import mark, tr
from app.panels.parts import PanelAction
from app.panels.segment.draft import LIVER
from app.panels.segment.guided_step import GuidedStep


class LiverStep(GuidedStep):
    """One click into plain liver, then more where it is wrong."""

    name = mark("Liver")
    target = LIVER

    def guidance(self) -> str:
        """What to do now."""
        if self.work.is_running(self.target):
            return tr("Finding the liver. It is drawn as soon as it is there.")
        if not self.draft.marks:
            return tr("Click once into plain liver, away from vessels and tumours.")
        return tr("Look at the border in all planes. Click or paint what is missing; with Ctrl, what is too much.")

    def kept_names(self) -> tuple[str, ...]:
        """The liver of the case."""
        names = self.work.liver_names()
        return names[:1]

    def main(self) -> PanelAction:
        """On to the vessels."""
        blocked = "" if self.work.is_done(LIVER) else tr("Click into the liver first")
        return PanelAction("next_vessels", tr("Next: vessels"), self.panel.accept_step, blocked=blocked, key="Enter")
