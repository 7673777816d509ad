"""Step 2 of the liver panel: the portal and the hepatic venous tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.panels.guide import StepActions
from app.panels.liver.step_parts import LiverStep, StructureChoice
from app.panels.parts import Callout, HeroNumber, PanelAction, page
from planning.registry import canonical_name

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel


class VesselStep(LiverStep):
    """2: the portal and the hepatic venous tree, both optional."""

    name = "Vessels"

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber()
        self._portal = StructureChoice("liver_portal", "Portal vein", ("vessel",))
        self._hepatic = StructureChoice("liver_hepatic", "Hepatic veins", ("vessel",))
        self._portal.list.ticked.connect(lambda name, on: self.set_role("portal", name, on))
        self._hepatic.list.ticked.connect(lambda name, on: self.set_role("hepatic", name, on))
        self._note = Callout("trees")
        self.body = page(self._note, self._portal, self._hepatic)

    def _trees(self) -> int:
        model = self.work.model
        if model is not None:
            return sum(part is not None for part in (model.portal, model.hepatic))
        return sum(bool(names) for names in (self.work.draft.roles.portal, self.work.draft.roles.hepatic))

    def result(self) -> str:
        """How many trees."""
        count = self._trees()
        return f"{count} tree{'' if count == 1 else 's'}" if count else "none"

    def refresh(self) -> None:
        """The trees and what is missing."""
        roles, count = self.work.draft.roles, self._trees()
        self._hero.set_text("Vessel trees", str(count), "tree" if count == 1 else "trees", stale=self.work.is_preparing)
        vessels = self.of_kind("vessel")
        self._portal.show_choices(
            self.choices(roles.portal), [n for n in vessels if "hepatic" not in canonical_name(n)]
        )
        self._hepatic.show_choices(
            self.choices(roles.hepatic), [n for n in vessels if "portal" not in canonical_name(n)]
        )
        if not (roles.portal and roles.hepatic):
            missing = [w for w, names in (("portal", roles.portal), ("hepatic venous", roles.hepatic)) if not names]
            self._note.show_note(
                f"No {' and no '.join(missing)} tree", "The viable remnant needs both; the plan can go on without."
            )
            return
        words = self.finding_words("no_portal_tree", "no_hepatic_tree", "portal_pieces", "hepatic_pieces")
        if words:
            self._note.show_note("Look at the vessels", f"{words[0]}.")
        else:
            self._note.clear()

    def actions(self) -> StepActions:
        """Accept vessels."""
        word = "Accept vessels" if self._trees() else "Go on without vessels"
        return StepActions(
            PanelAction("accept_vessels", word, self.panel.accept_step, key="Enter"), hint="Enter accepts"
        )
