"""The liver plan: the contract's numbers from structures and resections, by one pure function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planning.findings import Finding
from planning.liver.corrections import TreeCorrection
from planning.liver.couinaud import CouinaudInputs
from planning.liver.limit import RemnantLimit, measure_limit, remnant_findings
from planning.liver.margin import TumorMargin
from planning.liver.model import LiverModel, LiverNumbers, removed_mask
from planning.liver.organ import NamedMask
from planning.liver.regions import PlaneRegion, Region
from planning.liver.resection import AblationResection, PlaneResection, Resection
from planning.liver.stages import StagedNumbers, StepNumbers, evaluate_stages, occluded_points, stage_findings
from planning.liver.staging import Staging
from planning.liver.territories import TreeTerritories, VesselCut
from planning.liver.territory_losses import territory_losses
from planning.liver.tumors import Tumor
from planning.liver.volumetry import BODY_SIZE_CODES, DEFAULT_FORMULAS, SizeFormulas, measure_remnant_ratios
from planning.progress import CancelToken, Progress, no_progress

__all__ = ["LiverModel", "PlaneResection", "make_liver_plan", "plan_resections", "removed_mask", "with_body_size"]

DEFINITIONS_VERSION = 1
CAVA_MM = 10.0
"""A shorter stretch of the vena cava beside a cut is no news."""


def make_liver_plan(
    *,
    organ: Sequence[NamedMask],
    tumors: Sequence[NamedMask] = (),
    portal: Sequence[NamedMask] = (),
    hepatic: Sequence[NamedMask] = (),
    others: Sequence[NamedMask] = (),
    corrections: Sequence[TreeCorrection] = (),
    segments: CouinaudInputs | None = None,
    resections: Sequence[Resection],
    weight_kg: float | None = None,
    height_cm: float | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """A liver plan as JSON values with the contract's keys (without "schema" and "plan").

    organ, tumors, portal, hepatic, others: (name, mask) on one grid. others: the case's unnamed structures, for the
    warning about enclosed ones. corrections, segments: see `LiverModel.prepare`.
    Raises MeasurementError, GeometryError, UsageError (body size), Cancelled.
    """
    model = LiverModel.prepare(
        organ=organ,
        tumors=tumors,
        portal=portal,
        hepatic=hepatic,
        others=others,
        corrections=corrections,
        segments=segments,
        progress=progress,
        cancel=cancel,
    )
    return plan_resections(model, resections, weight_kg=weight_kg, height_cm=height_cm, cancel=cancel)


def plan_resections(
    model: LiverModel,
    resections: Sequence[Resection],
    *,
    weight_kg: float | None = None,
    height_cm: float | None = None,
    formulas: SizeFormulas = DEFAULT_FORMULAS,
    limit: RemnantLimit | None = None,
    staging: Staging | None = None,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """The plan of a prepared model; see `make_liver_plan`. formulas: of the standard liver volume; limit: the least
    remnant that is asked for. staging: the steps of a plan that has several; the plan's own numbers are those after
    the last one."""
    if staging is None or not staging.is_staged:
        staging = None
    occlusion = None if staging is None else staging.occlusion
    occluded = None if occlusion is None else occluded_points(model, occlusion.branches)
    numbers = model.evaluate(resections, occluded=occluded, cancel=cancel)
    cancel = cancel or CancelToken()
    voxel_ml = model.voxel_ml
    parenchyma_voxels = model.voxels.count - model.tumor_voxels
    remnant_voxels = numbers.kept_voxels - numbers.kept_tumor_voxels
    findings = [*model.findings, *resection_findings(model, numbers, staging)]
    flr = viable = None
    if parenchyma_voxels > 0:
        flr = 100.0 * remnant_voxels / parenchyma_voxels
        if numbers.perfusion is not None:
            viable = 100.0 * numbers.perfusion.viable_ml / (parenchyma_voxels * voxel_ml)
    else:
        findings.append(Finding("no_parenchyma", "The organ is tumour throughout: there is no remnant to speak of"))
    if numbers.perfusion is None:
        findings.append(Finding("no_viable_remnant", "The viable remnant needs a portal and a hepatic vein tree"))
    findings += cava_findings(model, resections)
    cancel.raise_if_set()
    steps: dict[str, Any] = {}
    if staging is not None:
        staged = evaluate_stages(model, resections, staging, whole=numbers)
        steps["stages"] = _stages_json(model, staging, staged)
        findings += stage_findings(model, staging, staged)
    tumors = []
    for tumor in model.tumors:
        cancel.raise_if_set()
        tumors.append(tumor_facts(model, tumor, cancel))
    cancel.raise_if_set()
    losses = territory_losses(model, resections, occluded)
    results = {
        **counts_json(model, numbers),
        "tumors": tumors,
        "flr_ml": remnant_voxels * voxel_ml,
        "flr_percent": flr,
        "viable_flr_percent": viable,
        "perfusion": None
        if numbers.perfusion is None
        else {
            "viable_ml": numbers.perfusion.viable_ml,
            "devascularised_ml": numbers.perfusion.devascularised_ml,
            "congested_ml": numbers.perfusion.congested_ml,
        },
        "margin": margin_json(model, numbers),
        "territories": [
            {**row, **losses[row["name"]]}
            for row in (
                *(row for part in (model.portal, model.hepatic) if part is not None for row in _territories_json(part)),
                *(model.couinaud.as_json() if model.couinaud is not None else ()),
            )
        ],
        "vessels_cut": [cut_json(cut) for cut in model.vessel_cuts(resections)],
        "resections": resections_json(model, numbers, resections),
        **steps,
        "definitions_version": DEFINITIONS_VERSION,
        "warnings": [finding.as_json() for finding in findings],
    }
    return with_body_size(results, weight_kg, height_cm, formulas, limit)


def with_body_size(
    results: Mapping[str, Any],
    weight_kg: float | None,
    height_cm: float | None,
    formulas: SizeFormulas = DEFAULT_FORMULAS,
    limit: RemnantLimit | None = None,
) -> dict[str, Any]:
    """The same plan's results for another body, formula or limit: only what depends on these is made again."""
    ratios = measure_remnant_ratios(float(results["flr_ml"]), weight_kg, height_cm, formulas)
    sizes = ratios.as_json()
    found = {**results, "sflr_percent": sizes.pop("sflr_percent"), "body_size": sizes}
    found.pop("remnant_limit", None)
    findings = ratios.findings
    if limit is not None:
        found["remnant_limit"], about_limit = measure_limit(limit, found)
        findings += about_limit
    findings += remnant_findings(found, limit)
    kept = [item for item in results["warnings"] if item["code"] not in BODY_SIZE_CODES]
    return {**found, "warnings": [*kept, *(finding.as_json() for finding in findings)]}


def counts_json(model: LiverModel, numbers: LiverNumbers) -> dict[str, Any]:
    """Voxels and volumes of the organ, of what goes and of what stays."""
    ml = model.voxel_ml
    return {
        # the sum of the parts as written: a rounding in the last digit must not look like a lost voxel
        "organ_ml": numbers.removed_voxels * ml + numbers.kept_voxels * ml,
        "voxel_ml": ml,
        "organ_voxels": model.voxels.count,
        "removed_voxels": numbers.removed_voxels,
        "kept_voxels": numbers.kept_voxels,
        "removed_ml": numbers.removed_voxels * ml,
        "kept_ml": numbers.kept_voxels * ml,
        "removed_tumor_ml": numbers.removed_tumor_voxels * ml,
        "kept_tumor_ml": numbers.kept_tumor_voxels * ml,
    }


def resections_json(model: LiverModel, numbers: LiverNumbers, resections: Sequence[Resection]) -> list[dict[str, Any]]:
    """Each resection taken alone."""
    return [
        {
            "kind": one.kind,
            "removed_ml": one.removed_voxels * model.voxel_ml,
            "only_ml": one.only_voxels * model.voxel_ml,
            "margin_mm": one.margin_mm,
            "uncertainty_mm": one.uncertainty_mm,
            **_place_json(region),
            **_ablation_json(model, asked),
        }
        for one, region, asked in zip(numbers.resections, model.regions(resections), resections, strict=True)
    ]


def margin_json(model: LiverModel, numbers: LiverNumbers) -> dict[str, Any]:
    """The least margin of all tumours, and each tumour's own.

    "side" tells where a tumour lies: "removed", "kept" or "both" (the cut divides its voxels).
    """
    by_tumor = []
    for tumor, margin, share in zip(model.tumors, numbers.margins, numbers.removed_share, strict=True):
        side = "removed" if share == 1.0 else "kept" if share == 0.0 else "both"
        by_tumor.append(
            {
                "id": tumor.id,
                "minimum_mm": None if margin is None else margin.minimum_mm,
                "uncertainty_mm": None if margin is None else margin.uncertainty_mm,
                "at_mm": None if margin is None else margin.at_mm.tolist(),
                "tumor_at_mm": None if margin is None else margin.tumor_at_mm.tolist(),
                "side": side,
            }
        )
    least: TumorMargin | None = numbers.minimum
    if least is None:
        return {
            "minimum_mm": None,
            "uncertainty_mm": None,
            "tumor_id": None,
            "at_mm": None,
            "tumor_at_mm": None,
            "by_tumor": by_tumor,
        }
    return {
        "minimum_mm": least.minimum_mm,
        "uncertainty_mm": least.uncertainty_mm,
        "tumor_id": least.tumor_id,
        "at_mm": least.at_mm.tolist(),
        "tumor_at_mm": least.tumor_at_mm.tolist(),
        "by_tumor": by_tumor,
    }


def _stages_json(model: LiverModel, staging: Staging, staged: StagedNumbers) -> dict[str, Any]:
    """The occlusion, None without one, and each step."""
    ml = model.voxel_ml
    tissue = model.voxels.count - model.tumor_voxels
    occlusion = None
    if staging.occlusion is not None and staged.occluded is not None:
        counts = staged.occluded
        occlusion = {
            **staging.occlusion.as_json(),
            "occluded_ml": counts.voxels * ml,
            "occluded_percent": _percent(counts.tissue_voxels, tissue),
            "supplied_ml": (tissue - counts.tissue_voxels) * ml,
            "supplied_percent": _percent(tissue - counts.tissue_voxels, tissue),
            "kept_occluded_ml": counts.kept_voxels * ml,
            "removed_supplied_ml": counts.removed_supplied_voxels * ml,
        }
    return {"occlusion": occlusion, "steps": [_step_json(model, step, tissue) for step in staged.steps]}


def _step_json(model: LiverModel, step: StepNumbers, tissue: int) -> dict[str, Any]:
    ml, numbers = model.voxel_ml, step.numbers
    remnant = numbers.kept_voxels - numbers.kept_tumor_voxels
    flow = numbers.perfusion
    shares = zip(model.tumors, numbers.removed_share, strict=True)
    return {
        "name": step.name,
        "resections": [number + 1 for number in step.resections],
        "removed_voxels": step.removed_voxels,
        "removed_ml": step.removed_voxels * ml,
        "removed_tumor_ml": step.removed_tumor_voxels * ml,
        "kept_voxels": numbers.kept_voxels,
        "kept_ml": numbers.kept_voxels * ml,
        "kept_tumor_ml": numbers.kept_tumor_voxels * ml,
        "tumors_left": [tumor.id for tumor, share in shares if share < 1.0],
        "flr_ml": remnant * ml,
        "flr_percent": _percent(remnant, tissue),
        "viable_ml": None if flow is None else flow.viable_ml,
        "viable_flr_percent": None if flow is None else _percent(flow.viable_ml / ml, tissue),
        "devascularised_ml": None if flow is None else flow.devascularised_ml,
        "congested_ml": None if flow is None else flow.congested_ml,
        "margin": margin_json(model, numbers),
        "vessels_cut": [cut_json(cut) for cut in step.vessel_cuts],
    }


def _percent(part: float, whole: int) -> float | None:
    return 100.0 * part / whole if whole else None


def resection_findings(model: LiverModel, numbers: LiverNumbers, staging: Staging | None = None) -> list[Finding]:
    """What has to be said of a resection: what it cuts, leaves or does not meet."""
    findings = []
    if not model.tumors:
        why = "No tumour is large enough to measure" if model.tumor_voxels else "No tumour is named"
        findings.append(Finding("no_tumor", f"{why}: there is no margin"))
    elif numbers.minimum is None:
        findings.append(Finding("no_cut_surface", "The resection leaves no cut surface in the organ: no margin"))
    elif numbers.minimum.minimum_mm < 0.0:
        findings.append(
            Finding(
                "cut_through_tumor",
                f"The cut goes through tumour {numbers.minimum.tumor_id}, {-numbers.minimum.minimum_mm:.1f} mm deep",
            )
        )
    left = [str(tumor.id) for tumor, share in zip(model.tumors, numbers.removed_share, strict=True) if share < 1.0]
    if left and numbers.removed_voxels:
        where = "in the remnant" if staging is None else f"after stage {max(staging.of_resection, default=1)}"
        which = f"Tumour {left[0]} stays" if len(left) == 1 else f"Tumours {', '.join(left)} stay"
        findings.append(Finding("tumor_left", f"{which} {where}, wholly or in part"))
    if numbers.removed_voxels == 0:
        findings.append(Finding("nothing_removed", "The resection removes no voxel of the organ"))
    if numbers.kept_voxels == 0:
        findings.append(Finding("nothing_kept", "The resection removes the whole organ"))
    return findings


def cava_findings(model: LiverModel, resections: Sequence[Resection]) -> list[Finding]:
    """A warning where the cut takes the vena cava's bed: the remnant is counted as if the cava itself stays."""
    if model.hepatic is None or not resections:
        return []
    length_mm = model.hepatic.meets_cava(model.regions(resections))
    if length_mm < CAVA_MM:
        return []
    return [
        Finding(
            "cava",
            f"The vena cava runs through what is removed over {length_mm:.0f} mm: the remnant is counted as if it stays",
        )
    ]


def _territories_json(part: TreeTerritories) -> list[dict[str, Any]]:
    return [
        {"name": name, "tree": part.tree.kind, "volume_ml": volume}
        for name, volume in zip(part.names, part.volumes_ml, strict=True)
    ]


def tumor_facts(model: LiverModel, tumor: Tumor, cancel: CancelToken | None = None) -> dict[str, Any]:
    """A tumour as the plan has it: the contract's keys, its shares in territories by tree, and the vessels near it.

    Raises Cancelled.
    """
    from planning.liver.neighbours import owner_shares

    parts = [part for part in (model.portal, model.hepatic) if part is not None]
    return {
        **tumor.as_json(),
        "territories": {
            **{part.tree.kind: owner_shares(part, model.organ, tumor.mask) for part in parts},
            **({"couinaud": model.couinaud.shares(model.organ, tumor.mask)} if model.couinaud is not None else {}),
        },
        "vessels": [vessel.as_json() for vessel in model.near_vessels(tumor, cancel)],
    }


def _ablation_json(model: LiverModel, resection: Resection) -> dict[str, Any]:
    """For an ablation zone its margin about each tumour that it touches, with the probability of enough."""
    if not isinstance(resection, AblationResection):
        return {}
    from planning.liver.ablation import measure_ablation

    (region,) = model.regions([resection])
    rows = []
    for target in model.targets:
        # a zone that lies wholly inside a tumour holds no place of its surface
        holds = target.surface.is_inside(resection.target_mm[None])[0]
        if holds or region.signed_mm(target.surface.mesh.points_mm).max() > 0.0:
            margin = measure_ablation(resection, target, model.lookup)
            rows.append({"tumor_id": target.tumor.id, **margin.as_json()})
    return {"device": resection.device, "ablative_margin": rows}


def _place_json(region: Region) -> dict[str, Any]:
    """Where a plane lies, with its normal towards what is removed; other kinds say it in the plan's inputs."""
    if not isinstance(region, PlaneRegion):
        return {}
    return {"origin_mm": region.plane.origin_mm.tolist(), "normal": region.plane.normal.tolist()}


def cut_json(cut: VesselCut) -> dict[str, Any]:
    """A vessel that the cut divides."""
    return {"name": cut.name, "tree": cut.tree, "diameter_mm": cut.diameter_mm, "at_mm": cut.at_mm.tolist()}
