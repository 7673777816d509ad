"""What the steps of the kidney panel share."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from app.i18n import tr
from app.panels.liver.step_parts import LiverStep
from planning.kidney.roles import guess_kidney
from viewers.overlay import PlanItem

if TYPE_CHECKING:
    from app.panels.kidney.panel import KidneyPanel
    from app.panels.kidney.work import KidneyWork


class KidneyStep(LiverStep):
    """A step of the kidney panel."""

    panel: KidneyPanel
    work: KidneyWork
    shared_roles = MappingProxyType({"sinus": ("organ",), "organ": ("sinus",)})

    def fitting(self, role: str) -> list[str]:
        """Names of the structures that speak of this role, of either side."""
        structures = self.panel.session.case.structures
        return [name for name in structures if guess_kidney([name]).as_mapping()[role]]

    def items(self) -> tuple[PlanItem, ...]:
        """What the step draws."""
        return ()


def branch_words(name: str) -> str:
    """ "Branch 2" from "artery_2"."""
    number = name.rpartition("_")[2]
    return (
        tr("Branch {number}", number=number)
        if number.isdigit()
        else tr("Trunk")
        if number == "trunk"
        else tr("Side branch")
    )
