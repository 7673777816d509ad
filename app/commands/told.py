"""What `theatrum tavr` measures and tells without making a plan: calcium score, and the neo-LVOT of a mitral valve."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from planning.errors import UsageError

if TYPE_CHECKING:
    from planning.case.document import Document
    from planning.case.model import PlanRecord

NOT_BESIDE = ("hinges", "ostia", "calcium_hu", "valve", "sheath")
TRACT_BELOW_MM, TRACT_ABOVE_MM = 25.0, 4.0


def tell_agatston(arguments: argparse.Namespace) -> int:
    """The score is told, not kept: it belongs to a scan that no annulus is measured in."""
    from app.console import print_json, print_rows, print_warnings, text_number
    from planning.case.document import Document
    from planning.case.tavr_plans import phase_image
    from planning.tavr.agatston import agatston_score

    _check_beside(arguments, "--agatston", (*NOT_BESIDE, "plan", "mitral", "mitral_annulus"))
    phase = arguments.phase or 0
    with Document.open(arguments.case, read_only=True) as document:
        volume = document.volume(phase_image(document, phase).name, phase)
        score = agatston_score(volume, arguments.agatston).as_json()
    warnings = score.pop("warnings")
    if arguments.json:
        print_json("tavr", {"agatston": score, "warnings": warnings})
        return 0
    print("Agatston score of the aortic valve (research use only, not a medical device)")
    limits = ", ".join(f"{sex} {limit:.0f}" for sex, limit in score["severe_likely_from"].items())
    print_rows(
        [
            ("Score", text_number(score["score"], "", 0)),
            ("Volume above 130 HU", text_number(score["volume_mm3"], "mm³", 0)),
            ("Severe stenosis likely from", limits),
        ]
    )
    print_warnings(warnings)
    return 0


def tell_neo_lvot(arguments: argparse.Namespace) -> int:
    """What a mitral valve leaves of the outflow tract: needs a TAVR plan, whose root's centreline is the tract's."""
    import numpy as np

    from app.console import print_json, print_rows, print_warnings, text_number
    from planning.case.document import Document
    from planning.case.tavr_plans import phase_image
    from planning.tavr.mitral import find_mitral_device, measure_neo_lvot

    _check_beside(arguments, "--mitral", NOT_BESIDE)
    if arguments.mitral is None or arguments.mitral_annulus is None:
        raise UsageError("--mitral and --mitral-annulus belong together", "Give both")
    model, _, size = arguments.mitral.strip().rpartition(" ")
    device = find_mitral_device(model, size)
    with Document.open(arguments.case, read_only=True) as document:
        plan = _tavr_plan(document, arguments.plan)
        phase = int(plan.inputs.get("phase") or 0) if arguments.phase is None else arguments.phase
        image = phase_image(document, phase)
        volume = document.volume(image.name, phase)
    annulus = plan.results["annulus"]
    origin, normal = np.asarray(annulus["origin_mm"]), np.asarray(annulus["normal"])
    # straight on below the annulus: a plan's own centreline may end where the levels of its root do
    heights = np.arange(-TRACT_BELOW_MM, TRACT_ABOVE_MM + 1e-9, 1.0)
    lowest = plan.results["lvot"][-1] if plan.results["lvot"] else None
    middle = np.asarray(annulus["centroid_mm"])
    along = normal
    if lowest is not None and lowest.get("contour_mm"):
        low = np.asarray(lowest["contour_mm"]).mean(axis=0)
        along = (middle - low) / np.linalg.norm(middle - low)
    line = middle + heights[:, None] * along
    found = measure_neo_lvot(
        volume,
        device,
        annulus_mm=np.array(arguments.mitral_annulus),
        ventricle_mm=origin - 2.0 * TRACT_BELOW_MM * normal,
        centerline_mm=line,
        phase=image.phases[phase],
    )
    warnings = found.pop("warnings")
    if arguments.json:
        print_json("tavr", {"plan": plan.name, "neo_lvot": found, "warnings": warnings})
        return 0
    print(f"Neo-LVOT with {device.model} {device.size} (research use only, not a medical device)")
    print_rows(
        [
            ("Least area left", text_number(found["area_mm2"], "mm²", 0, found["uncertainty_mm2"])),
            ("Outflow tract there", text_number(found["lvot_mm2"], "mm²", 0)),
            *((f"Limit {row['limit_mm2']:g} mm²", row["text"]) for row in found["thresholds"]),
        ]
    )
    print_warnings(warnings)
    return 0


def _tavr_plan(document: Document, name: str | None) -> PlanRecord:
    plans = [plan for plan in document.case.plans.values() if plan.kind == "tavr" and name in (None, plan.name)]
    if not plans:
        raise UsageError("A mitral valve is held against a TAVR plan", "Make one first: theatrum tavr CASE")
    return plans[0]


def _check_beside(arguments: argparse.Namespace, option: str, others: tuple[str, ...]) -> None:
    if any(getattr(arguments, name) is not None for name in others):
        raise UsageError(f"{option} makes no plan", "Leave the options of a plan out")
