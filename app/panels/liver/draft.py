"""A liver plan as it is being made, before the case holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.i18n import tr
from app.panels.liver.cuts import CutStore
from planning.case.liver_asides import asides_of, is_same_liver
from planning.case.model import Case, PlanRecord
from planning.liver.limit import UNSAID_PERCENT, RemnantLimit
from planning.liver.roles import LiverRoles
from planning.liver.staging import Occlusion, Staging
from planning.liver.volumetry import SizeFormulas

if TYPE_CHECKING:
    from planning.liver.resection import Resection

ASKED_MM = 5.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LiverDraft:
    """A liver plan as it is being made. stages: of the resections, 1 where none is said."""

    name: str
    roles: LiverRoles
    resections: tuple[Resection, ...] = ()
    weight_kg: float | None = None
    height_cm: float | None = None
    asked_mm: float = ASKED_MM
    remnant_percent: float = UNSAID_PERCENT
    # name of the liver's condition, as `planning.liver.limit` keeps it
    condition: str = ""
    formulas: SizeFormulas = field(default_factory=SizeFormulas)
    stages: tuple[int, ...] = ()
    occlusion: Occlusion | None = None
    # growth, graft and choice, as `planning.case.liver_asides` keeps them
    asides: Mapping[str, Any] = field(default_factory=dict)
    # what was said of trees and segments, as `planning.liver.anatomy` keeps it
    anatomy: Mapping[str, Any] | None = None

    @property
    def limit(self) -> RemnantLimit:
        """The least remnant."""
        return RemnantLimit(self.remnant_percent, self.condition)

    @property
    def staging(self) -> Staging:
        """The steps of the plan."""
        return Staging(tuple(self.stage_of(number) for number in range(len(self.resections))), self.occlusion)

    def beside_cuts(self) -> tuple[Any, ...]:
        """All but the resections, for comparison."""
        limits = (self.asked_mm, self.limit, self.formulas, self.staging)
        said = (dict(self.asides), dict(self.anatomy or {}))
        return (self.name, self.roles, self.weight_kg, self.height_cm, *limits, *said)

    def stage_of(self, number: int) -> int:
        """At which stage a resection is done."""
        return self.stages[number] if number < len(self.stages) else 1


def draft_of(plan: PlanRecord, cuts: CutStore | None = None) -> LiverDraft:
    """The draft that gives this plan; resections that `cuts` knows stay the same objects."""
    inputs = plan.inputs
    staging = Staging.from_json(inputs)
    return LiverDraft(
        name=plan.name,
        roles=LiverRoles(*(tuple(inputs[role]) for role in ("organ", "tumors", "portal", "hepatic"))),
        resections=(cuts or CutStore()).read(inputs["resections"]),
        weight_kg=inputs.get("weight_kg"),
        height_cm=inputs.get("height_cm"),
        asked_mm=float(inputs.get("asked_margin_mm") or ASKED_MM),
        remnant_percent=float(inputs.get("least_remnant_percent") or UNSAID_PERCENT),
        condition=str(inputs.get("condition", "")),
        formulas=SizeFormulas.from_json(inputs),
        stages=staging.of_resection,
        occlusion=staging.occlusion,
        asides=asides_of(plan),
        anatomy=inputs.get("anatomy"),
    )


def plans_of(case: Case, kind: str) -> dict[str, PlanRecord]:
    """The case's plans of a kind by name, in their order."""
    return {name: plan for name, plan in case.plans.items() if plan.kind == kind}


def liver_plans(case: Case) -> dict[str, PlanRecord]:
    """The case's liver plans by name, in their order."""
    return plans_of(case, "liver")


def other_studies(case: Case, draft: LiverDraft) -> dict[str, PlanRecord]:
    """The case's liver plans that growth can be told against: those on another liver than the draft's."""
    return {name: plan for name, plan in liver_plans(case).items() if not is_same_liver(draft.roles.organ, plan)}


def free_letter(case: Case) -> str:
    """ "A", "B", …: the first letter that no plan has."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return next(
        (letter for letter in letters if letter not in case.plans), tr("Plan {plans}", plans=len(case.plans) + 1)
    )


def unchosen(asides: Mapping[str, Any]) -> dict[str, Any]:
    """A new plan is not the chosen one."""
    return {key: value for key, value in asides.items() if key != "chosen"}
