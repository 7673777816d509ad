"""What a liver plan tells beside its resection, where a person asked: growth of the remnant, a living donor's graft.

Asked for in the plan's inputs ("growth": since an earlier study; "remnant_after": the remnant as a later study measured
it; "graft") and measured from its results alone, so that they follow every change of the cut. The other study's numbers
are kept with the question: its case need not be there again.
Beside them stands whether a person chose this plan among the case's ("chosen").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from planning.case.commands import Batch, SetPlan
from planning.case.document import Document
from planning.case.model import Case, PlanRecord
from planning.errors import CaseError, UsageError
from planning.liver.growth import measure_graft, measure_growth

ASIDES = ("growth", "remnant_after", "graft", "chosen")
COMPARED = ("flr_ml", "flr_percent", "sflr_percent")
REMNANT_RANGE_ML = (20.0, 5000.0)


def growth_asked(before: PlanRecord, before_on: date, after_on: date, source: str = "") -> dict[str, Any]:
    """The inputs' "growth": the earlier plan's numbers and both dates. source: the case it lies in, "" for the same.

    Raises CaseError for a plan of another kind, UsageError for dates in the wrong order.
    """
    if before.kind != "liver":
        raise CaseError(f"The plan '{before.name}' is a {before.kind} plan", "Choose a liver plan as the earlier one")
    measured = {key: before.results.get(key) for key in COMPARED}
    measure_growth(measured, measured, before_on, after_on)
    return {
        "plan": before.name,
        "case": source,
        "before": measured,
        "before_on": before_on.isoformat(),
        "after_on": after_on.isoformat(),
    }


def remnant_after_asked(
    remnant_ml: float, before_on: date, after_on: date, *, plan: str = "", case: str = ""
) -> dict[str, Any]:
    """The inputs' "remnant_after": the plan's remnant as a later study measured it, and the days of both studies.

    remnant_ml: without tumour. plan, case: where it was measured, "" where it was entered. Raises UsageError for a volume
    that cannot be, and for dates in the wrong order.
    """
    low, high = REMNANT_RANGE_ML
    if not low <= remnant_ml <= high:
        raise UsageError(f"A remnant of {remnant_ml:g} ml cannot be used", f"Give {low:g} to {high:g} ml")
    if after_on <= before_on:
        raise UsageError("The later study is not later than the first", "Give their dates in order")
    return {
        "ml": remnant_ml,
        "before_on": before_on.isoformat(),
        "after_on": after_on.isoformat(),
        "plan": plan,
        "case": case,
    }


def _after_results(asked: Mapping[str, Any], results: Mapping[str, Any]) -> dict[str, Any]:
    """The remnant as it was measured, of the denominators of the plan's own study, and how it grew to that.

    The liver without tumour of the plan's study stays the denominator: what it would be after growth is not known.
    """
    tissue_ml = float(results["organ_ml"]) - float(results["removed_tumor_ml"]) - float(results["kept_tumor_ml"])
    planned_ml, after_ml = float(results["flr_ml"]), float(asked["ml"])
    standardised = results.get("sflr_percent")
    share = after_ml / planned_ml if planned_ml > 0.0 else None
    after = {
        "flr_ml": after_ml,
        "flr_percent": 100.0 * after_ml / tissue_ml if tissue_ml > 0.0 else None,
        "sflr_percent": None if standardised is None or share is None else standardised * share,
    }
    days = [date.fromisoformat(asked[key]) for key in ("before_on", "after_on")]
    found = {
        **after,
        "planned_ml": planned_ml,
        "growth": measure_growth({key: results.get(key) for key in COMPARED}, after, days[0], days[1]),
        **{key: asked[key] for key in ("before_on", "after_on", "plan", "case")},
    }
    limit = results.get("remnant_limit")
    if limit is not None and after[limit["of"]] is not None:
        found["enough"] = after[limit["of"]] >= limit["least_percent"]
    return found


def asked_again(case: Case, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The same questions with the numbers that this case's other plans have now; those of other cases stay as they were."""

    def of(question: str) -> PlanRecord | None:
        said = asked.get(question)
        other = None if said is None or said.get("case") else case.plans.get(str(said.get("plan")))
        return other if other is not None and other.kind == "liver" else None

    found, before, after = dict(asked), of("growth"), of("remnant_after")
    if before is not None:
        found["growth"] = {**asked["growth"], "before": {key: before.results.get(key) for key in COMPARED}}
    if after is not None:
        found["remnant_after"] = {**asked["remnant_after"], "ml": float(after.results["flr_ml"])}
    return found


def outdated(case: Case, plan: PlanRecord) -> tuple[str, ...]:
    """Names of the case's plans that a plan is told against by numbers that they have no more."""
    asked = asides_of(plan)
    now = asked_again(case, asked)
    return tuple(
        dict.fromkeys(str(asked[key]["plan"]) for key in ("growth", "remnant_after") if now.get(key) != asked.get(key))
    )


def graft_asked(recipient_kg: float, factor: float = 1.0) -> dict[str, Any]:
    """The inputs' "graft". recipient_kg: body weight of who receives what the plan removes; factor: g of graft per ml.

    Raises UsageError for a weight or factor that cannot be.
    """
    measure_graft({"removed_ml": 0.0, "kept_ml": 1.0, "organ_ml": 1.0}, recipient_kg, factor=factor)
    return {"recipient_kg": recipient_kg, "factor_g_per_ml": factor}


def aside_results(inputs: Mapping[str, Any], results: Mapping[str, Any]) -> dict[str, Any]:
    """ "growth", "remnant_after" and "graft" of these results, as far as the inputs ask for them."""
    found: dict[str, Any] = {}
    growth, graft, later = inputs.get("growth"), inputs.get("graft"), inputs.get("remnant_after")
    if growth is not None:
        dates = [date.fromisoformat(growth[key]) for key in ("before_on", "after_on")]
        found["growth"] = {
            **measure_growth(growth["before"], results, dates[0], dates[1]),
            **{key: growth[key] for key in ("plan", "case", "before_on", "after_on")},
        }
    if later is not None:
        found["remnant_after"] = _after_results(later, results)
    if graft is not None:
        found["graft"] = measure_graft(results, graft["recipient_kg"], factor=graft["factor_g_per_ml"])
    return found


def with_asides(plan: PlanRecord, asked: Mapping[str, Any]) -> PlanRecord:
    """The plan with these questions and no others; the resection is not measured again."""
    inputs = {key: value for key, value in plan.inputs.items() if key not in ASIDES}
    inputs |= {key: asked[key] for key in ASIDES if asked.get(key) is not None}
    results = {key: value for key, value in plan.results.items() if key not in ASIDES}
    return replace(plan, inputs=inputs, results={**results, **aside_results(inputs, results)})


def asides_of(plan: PlanRecord) -> dict[str, Any]:
    """The questions of a plan, for `with_asides`."""
    return {key: plan.inputs[key] for key in ASIDES if plan.inputs.get(key) is not None}


def is_chosen(plan: PlanRecord) -> bool:
    """Whether a person chose this plan among the liver plans of its case."""
    return bool(plan.inputs.get("chosen"))


def choose_plan(case: Case, name: str) -> Batch | None:
    """The step that makes this liver plan the chosen one and no other; None where it is already.

    Raises CaseError where there is no such plan.
    """
    plans = {key: plan for key, plan in case.plans.items() if plan.kind == "liver"}
    if name not in plans:
        raise CaseError(f"There is no liver plan named '{name}'", f"It has: {', '.join(plans) or 'none'}")
    changed = [
        SetPlan(with_asides(plan, {**asides_of(plan), "chosen": True if key == name else None}))
        for key, plan in plans.items()
        if is_chosen(plan) != (key == name)
    ]
    return Batch(tuple(changed), f"Choose plan {name}") if changed else None


def is_same_liver(organ: Sequence[str], other: PlanRecord) -> bool:
    """Whether a plan of the same case was measured on the same liver: what differs is then the cut, never growth.

    organ: structures of the plan that it shall be compared with.
    """
    return bool(set(organ) & set(other.inputs["organ"]))


def find_other(document: Document, name: str, wanted: str, organ: Sequence[str]) -> tuple[PlanRecord, str]:
    """The plan on another study and its case's file name: a plan of this case, or of another case file.

    name: of the plan that it is compared with; wanted: a plan's name or a case file, of which the plan of that name, or
    the newest liver plan, is taken. organ: the structures of this plan's liver. Raises CaseError where there is none,
    UsageError where it is no other study.
    """
    if wanted in document.case.plans:
        if wanted == name:
            raise UsageError("A plan cannot be compared with itself", "Name another plan or case")
        found = document.case.plans[wanted]
        if found.kind != "liver":
            raise CaseError(f"The plan '{wanted}' is a {found.kind} plan", "Choose a liver plan of the other study")
        if is_same_liver(organ, found):
            raise UsageError(
                f"The plan '{wanted}' was measured on the same liver, so what differs is the cut and not growth",
                "Name the case of the other study, or a plan on its liver",
            )
        return found, ""
    path = Path(wanted)
    if not path.is_file():
        known = ", ".join(plan for plan in document.case.plans if plan != name) or "none"
        raise CaseError(f"There is no plan and no case named '{wanted}'", f"This case has the plans: {known}")
    with Document.open(path, read_only=True) as other:
        return newest_liver_plan(other, name, path.name), path.name


def newest_liver_plan(document: Document, name: str, file_name: str) -> PlanRecord:
    """The liver plan of this name, else the newest one. Raises CaseError for a case without any."""
    plans = [plan for plan in document.case.plans.values() if plan.kind == "liver"]
    if not plans:
        raise CaseError(f"{file_name} has no liver plan", "Plan the same cut on the earlier study first")
    return next((plan for plan in plans if plan.name == name), plans[-1])
