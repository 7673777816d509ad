"""Guided segmentation, second step: portal vein and hepatic veins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from app.i18n import mark, structure_name, text_value, tr
from app.panels.notes import Note
from app.panels.parts import PanelAction, TableRow
from app.panels.segment.draft import LIVER, TUMOR, VESSELS, Draft
from app.panels.segment.guided_step import GuidedStep
from app.theme.tokens import DARK
from planning.case.guided import HEPATIC, HEPATIC_VEINS, NOT, PORTAL, PORTAL_VEIN
from planning.geometry import FloatArray
from planning.liver.roles import guess_roles
from planning.units import MINUS
from viewers.overlay import LabelItem

ALL_FILL = 0.1


class VesselStep(GuidedStep):
    """All vessels are found without a click; clicks say which are which."""

    name = mark("Vessels")
    target = VESSELS
    kinds = ((PORTAL, mark("Portal")), (HEPATIC, mark("Hepatic")), (NOT, mark("Neither")))
    words: ClassVar[Mapping[str, str]] = {PORTAL: "portal", HEPATIC: "hepatic", NOT: "neither"}
    signs: ClassVar[Mapping[str, str]] = {PORTAL: "P", HEPATIC: "H", NOT: MINUS}
    _all: tuple[object, LabelItem] | None = None

    def guidance(self) -> str:
        """What to do now."""
        if self.work.is_preparing() and self.work.all_vessels() is None:
            return tr(
                "Finding the vessels of the liver. Click already: into the portal trunk, then into each hepatic vein."
            )
        kinds = {mark.kind for mark in self.draft.marks}
        if PORTAL not in kinds:
            return tr("Click into the portal trunk.")
        if HEPATIC not in kinds:
            return tr("Now click into the hepatic veins, each once.")
        return tr("A branch on the wrong side turns by a click on it. Neither takes away what is no vein of the liver.")

    def blocked(self) -> str:
        """Vessels are looked for in a liver."""
        return super().blocked() or ("" if self.work.is_done(LIVER) else tr("Find the liver first"))

    def notes(self) -> list[Note]:
        """Without a liver there is one way only."""
        found = super().notes()
        if not self.work.is_done(LIVER):
            found.insert(
                0, Note(tr("No liver in this case"), tr("Vessels are looked for in it."), "warn", tr("Find the liver"))
            )
        return found

    def follow(self) -> None:
        """To the liver's step."""
        self.panel.find_by_clicks(LIVER)

    def kept_names(self) -> tuple[str, ...]:
        """Vessels of the case."""
        roles = guess_roles(list(self.panel.session.case.structures))
        return (*roles.portal, *roles.hepatic)

    def main(self) -> PanelAction:
        """On to the tumours; vessels may be left out."""
        words = tr("Next: tumours") if self.work.is_done(VESSELS) else tr("Go on without vessels")
        blocked = "" if self.work.is_done(LIVER) else tr("Find the liver first")
        return PanelAction(f"next_{TUMOR}", words, self.panel.accept_step, blocked=blocked, key="Enter")

    def entered(self) -> None:
        """All vessels are looked for while the person looks for the trunk."""
        super().entered()
        if not self.blocked():
            self.work.find_vessels()

    def marked(self, points_mm: FloatArray, turned: bool) -> None:
        """After the first click on the portal vein the next is for the hepatic veins."""
        super().marked(points_mm, turned)
        kinds = {mark.kind for mark in self.draft.marks}
        if kinds == {PORTAL} and self.kind == PORTAL:
            self.take_tool(HEPATIC)

    def fact_rows(self, draft: Draft) -> list[TableRow]:
        """Each tree's volume first."""
        masks = draft.found.masks if draft.found is not None else {}
        return [
            *(
                TableRow(
                    f"volume_{name}",
                    structure_name(name),
                    text_value(mask.volume_ml, 1),
                    "ml",
                    swatch=self.color_of(name),
                    clickable=False,
                )
                for name, mask in masks.items()
            ),
            *super().fact_rows(draft),
        ]

    def mark_color(self, kind: str) -> str:
        """As the vessel itself."""
        names = {PORTAL: PORTAL_VEIN, HEPATIC: HEPATIC_VEINS}
        return self.color_of(names[kind]) if kind in names else super().mark_color(kind)

    def labels(self) -> tuple[LabelItem, ...]:
        """What was parted, and behind it everything that was found."""
        found = self.work.all_vessels()
        if found is None or not (self.is_open or not self.work.is_done(VESSELS)):
            return super().labels()
        if self._all is None or self._all[0] is not found:
            grey = LabelItem(key="guide_all_vessels", mask=found.mask, color=DARK["t2"], fill_opacity=ALL_FILL)
            self._all = (found, grey)
        return (self._all[1], *super().labels())
