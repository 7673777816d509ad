"""What `theatrum tavr` adds to a plan that is there: calcium score, and the neo-LVOT of a mitral valve."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from planning.errors import UsageError

if TYPE_CHECKING:
    from planning.case.document import Document
    from planning.case.model import PlanRecord

NOT_BESIDE = ("hinges", "ostia", "calcium_hu", "valve", "inner_diameter_mm", "sheath", "routes")


def tell_agatston(arguments: argparse.Namespace) -> int:
    """The score of a scan without contrast; kept in the TAVR plan where the case has one."""
    from app.console import print_json, print_rows, print_warnings, text_number
    from planning.case.document import Document
    from planning.case.plans import planning_image
    from planning.case.tavr_asides import score_of

    _check_beside(arguments, "--agatston", (*NOT_BESIDE, "mitral", "mitral_annulus"))
    phase = arguments.phase or 0
    with Document.open(arguments.case) as document:
        image = arguments.agatston_image or planning_image(document.case).name
        plan = _tavr_plan(document, arguments.plan)
        asked = {"image": image, "phase": phase, "center_mm": list(arguments.agatston)}
        if plan is None:
            score = score_of(document, image, phase, arguments.agatston)
        else:
            plan = _measured_with(document, plan, agatston=asked)
            score = plan.results["agatston"]
            _keep(document, plan)
    warnings = score["warnings"]
    told = {key: value for key, value in score.items() if key != "warnings"}
    if arguments.json:
        print_json("tavr", {"plan": None if plan is None else plan.name, "agatston": told, "warnings": warnings})
        return 0
    print("Agatston score of the aortic valve (research use only, not a medical device)")
    limits = ", ".join(f"{sex} {limit:.0f}" for sex, limit in score["severe_likely_from"].items())
    print_rows(
        [
            ("Score", text_number(score["score"], "", 0)),
            ("Volume above 130 HU", text_number(score["volume_mm3"], "mm³", 0)),
            ("Severe stenosis likely from", limits),
            *(() if plan is None else (("Kept in", plan.name),)),
        ]
    )
    print_warnings(warnings)
    return 0


def tell_neo_lvot(arguments: argparse.Namespace) -> int:
    """What a mitral valve leaves of the outflow tract of a TAVR plan, in which it is kept."""
    from app.console import print_json, print_rows, print_warnings, text_number
    from planning.case.document import Document
    from planning.errors import MeasurementError
    from planning.tavr.mitral import find_mitral_device

    _check_beside(arguments, "--mitral", (*NOT_BESIDE, "phase"))
    if arguments.mitral is None or arguments.mitral_annulus is None:
        raise UsageError("--mitral and --mitral-annulus belong together", "Give both")
    model, _, size = arguments.mitral.strip().rpartition(" ")
    device = find_mitral_device(model, size)
    asked = {"model": device.model, "size": device.size, "annulus_mm": [list(p) for p in arguments.mitral_annulus]}
    with Document.open(arguments.case) as document:
        before = _tavr_plan(document, arguments.plan)
        if before is None:
            raise UsageError("A mitral valve is held against a TAVR plan", "Make one first: theatrum tavr CASE")
        plan = _measured_with(document, before, mitral=asked)
        found = plan.results["mitral"]
        if found is None:
            # nothing is kept that could not be measured
            reason = next(said["text"] for said in plan.results["warnings"] if said["code"] == "mitral")
            raise MeasurementError(reason.rstrip("."), "Check the points of the mitral annulus", "mitral")
        _keep(document, plan)
    warnings = [*found["warnings"], *(found["phases"] or {}).get("warnings", ())]
    if arguments.json:
        told = {key: value for key, value in found.items() if key != "warnings"}
        print_json("tavr", {"plan": plan.name, "neo_lvot": told, "warnings": warnings})
        return 0
    print(f"Neo-LVOT with {device.model} {device.size} (research use only, not a medical device)")
    through = found["phases"] or {"rows": ()}
    print_rows(
        [
            ("Least area left", text_number(found["area_mm2"], "mm²", 0, found["uncertainty_mm2"])),
            ("Outflow tract there", text_number(found["lvot_mm2"], "mm²", 0)),
            *((f"Limit {row['limit_mm2']:g} mm²", row["text"]) for row in found["thresholds"]),
            *((f"At {row['label']}", text_number(row["area_mm2"], "mm²", 0)) for row in through["rows"]),
            ("Kept in", plan.name),
        ]
    )
    print_warnings(warnings)
    return 0


def _tavr_plan(document: Document, name: str | None) -> PlanRecord | None:
    """The plan of that name, else the first; raises UsageError for a name that no TAVR plan has."""
    plans = [plan for plan in document.case.plans.values() if plan.kind == "tavr" and name in (None, plan.name)]
    if not plans and name is not None:
        raise UsageError(f"There is no TAVR plan '{name}'", "Make it first: theatrum tavr CASE")
    return plans[0] if plans else None


def _measured_with(document: Document, plan: PlanRecord, **decided: Any) -> PlanRecord:
    """The plan with something more decided; its routes and phases are taken over."""
    from dataclasses import replace

    from planning.case.tavr_plans import tavr_record
    from planning.tavr.inputs import TavrInputs

    inputs = replace(TavrInputs.from_json(plan.inputs), **decided)
    return tavr_record(document, plan.name, inputs, parts=frozenset(("phases",)), before=plan)


def _keep(document: Document, plan: PlanRecord) -> None:
    from app.console import keep
    from planning.case.commands import SetPlan

    keep(document, SetPlan(plan))


def _check_beside(arguments: argparse.Namespace, option: str, others: tuple[str, ...]) -> None:
    if any(getattr(arguments, name) is not None for name in others):
        raise UsageError(f"{option} makes no plan", "Leave the options of a plan out")
