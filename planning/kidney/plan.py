"""The kidney plan: score, clamps and resections of a prepared kidney as JSON values, by one pure function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planning.findings import Finding
from planning.kidney.clamping import RULE, ClampTerritory, checked_clamps, proposed_clamps
from planning.kidney.model import KidneyFlow, KidneyModel
from planning.kidney.score import KidneyTumor
from planning.liver.plan import counts_json, cut_json, margin_json, resection_findings, resections_json, tumor_facts
from planning.liver.resection import Resection

DEFINITIONS_VERSION = 1
ASKED_MM = 5.0
# of a tumour with its margin: less would bleed
COVERED = 0.9
# what a plan without a resection has nothing to say of
OF_A_CUT = ("no_cut_surface", "nothing_removed", "no_tumor")


def plan_kidney(
    model: KidneyModel,
    resections: Sequence[Resection] = (),
    *,
    margin_mm: float = ASKED_MM,
    clamp: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Score, clamps and what the resections do. margin_mm: asked for, also about the tumours for the clamps.

    clamp: names of artery branches, None for the proposed ones. Raises MeasurementError for a branch that is not there.
    """
    numbers = model.evaluate(resections)
    clamps = model.clamps(margin_mm)
    operated = model.operated(numbers)
    chosen = proposed_clamps(clamps, operated) if clamp is None else checked_clamps(clamps, clamp)
    flow = model.flow(resections, chosen, numbers)
    findings = [
        *model.findings,
        *_score_findings(model.scores),
        *(one for one in resection_findings(model, numbers) if resections or one.code not in OF_A_CUT),
        *_clamp_findings(operated, clamps, chosen),
    ]
    tissue = model.voxels.count - model.tumor_voxels
    return {
        **counts_json(model, numbers),
        "parenchyma_ml": tissue * model.voxel_ml,
        "kept_parenchyma_ml": flow.kept_ml,
        "kept_parenchyma_percent": flow.kept_percent,
        "tumors": [{**tumor_facts(model, one.tumor), **one.score_json()} for one in model.scores],
        "margin": margin_json(model, numbers),
        "clamps": [one.as_json() for one in clamps],
        "clamping": clamping_json(model, clamps, chosen, flow, margin_mm, is_proposed=clamp is None),
        "perfusion": None
        if flow.devascularised_ml is None
        else {
            "fed_ml": flow.kept_ml - flow.devascularised_ml,
            "devascularised_ml": flow.devascularised_ml,
        },
        "vessels_cut": [cut_json(cut) for cut in model.vessel_cuts(resections)],
        "resections": resections_json(model, numbers, resections),
        "definitions_version": DEFINITIONS_VERSION,
        "warnings": [finding.as_json() for finding in findings],
    }


def clamping_json(
    model: KidneyModel,
    clamps: Sequence[ClampTerritory],
    chosen: Sequence[str],
    flow: KidneyFlow,
    margin_mm: float,
    *,
    is_proposed: bool,
) -> dict[str, Any] | None:
    """What clamps on the chosen branches do; None without an artery. Clamping the main artery stops all of it.

    territory_ml counts the tumours in it, as the branches' own volumes do; all that is kept counts parenchyma alone.
    """
    territory, tumor_ml = model.territory_ml(chosen), model.territory_tumor_ml(chosen)
    if territory is None or tumor_ml is None:
        return None
    return {
        "names": list(chosen),
        "is_proposed": is_proposed,
        "rule": RULE,
        "margin_mm": margin_mm,
        "territory_ml": territory,
        "territory_tumor_ml": tumor_ml,
        "territory_parenchyma_ml": territory - tumor_ml,
        "territory_percent": 100.0 * territory / sum(one.volume_ml for one in clamps),
        "ischaemic_kept_ml": flow.ischaemic_ml,
        "ischaemic_kept_percent": flow.ischaemic_percent,
        "main_artery_kept_ml": flow.kept_ml,
        "tumors": [
            {
                "id": tumor.id,
                "margin_region_ml": model.margin_region_ml(tumor, margin_mm),
                "covered_share": covered_share(clamps, chosen, tumor.id),
            }
            for tumor in model.tumors
        ],
    }


def covered_share(clamps: Sequence[ClampTerritory], chosen: Sequence[str], tumor: int) -> float:
    """The share (0 … 1) of a tumour with its margin that the chosen branches feed."""
    return min(sum(one.margins.get(tumor, 0.0) for one in clamps if one.name in chosen), 1.0)


def _score_findings(scores: Sequence[KidneyTumor]) -> list[Finding]:
    return [
        Finding("letter_in_doubt", f"T{score.tumor.id}: {letter.doubt}")
        for score in scores
        for letter in score.letters
        if letter.doubt
    ]


def _clamp_findings(tumors: Sequence[int], clamps: Sequence[ClampTerritory], chosen: Sequence[str]) -> list[Finding]:
    if not clamps or not chosen:
        return []
    shares = {tumor: covered_share(clamps, chosen, tumor) for tumor in tumors}
    short = [f"T{tumor} ({100.0 * share:.0f} %)" for tumor, share in shares.items() if share < COVERED]
    if not short:
        return []
    return [
        Finding(
            "clamp_short", f"The clamped branches do not feed all of {', '.join(short)} and its margin: it would bleed"
        )
    ]
