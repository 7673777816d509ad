"""A cut guide for a case's liver plan, as a part to print, with what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from planning.case.document import Document
from planning.case.printing import GUIDE_COLOR
from planning.errors import UsageError
from planning.findings import Finding
from planning.geometry import FloatArray, Grid, Vector
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Mask

if TYPE_CHECKING:
    from planning.case.plan_parts import PlanSolids
    from planning.liver.guide import CutGuide, GuideShape
    from planning.liver.parts import PlanPart
    from planning.printing.parts import PrintPart

GRID_MM = 0.5
TOLERANCE_MM = 0.06
GUIDE_KINDS = ("plane", "sheet", "wedge", "territory", "surface")
GAP_OFF_MM = 0.15
LEAST_RESTING = 0.9
THIN_SHARE = 0.8
RESEARCH = "For research and teaching only: a printed guide is no medical device, and nobody has tested it on a liver."


def guide_name(number: int, count: int) -> str:
    """ "guide", or "guide_2" of several cuts."""
    return "guide" if count == 1 else f"guide_{number}"


def make_guide_part(
    solids: PlanSolids,
    number: int = 1,
    shape: GuideShape | None = None,
    direction: Vector | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> tuple[PrintPart, CutGuide]:
    """The guide of a plan's cut, counted from 1. Raises UsageError for a cut that there is not or that has no line to
    follow, MeasurementError where no guide fits."""
    from planning.liver.guide import make_guide
    from planning.printing.parts import PrintPart, simplified
    from planning.printing.solids import mesh_of

    cutter = solids.cutter
    if not 1 <= number <= len(cutter.regions):
        raise UsageError(f"The plan has no cut {number}", f"It has {len(cutter.regions)}; they are counted from 1")
    region = cutter.regions[number - 1]
    if region.kind not in GUIDE_KINDS:
        raise UsageError(f"No guide is made for a resection of the kind '{region.kind}'", "Name a cut")
    organ = simplified(mesh_of(cutter.organ, cutter.origin_mm), TOLERANCE_MM)
    guide = make_guide(organ, region, shape, direction=direction, progress=progress, cancel=cancel)
    part = PrintPart(guide_name(number, len(cutter.regions)), filled_mask(guide.mesh), GUIDE_COLOR, "guide", guide.mesh)
    return part, guide


def printed_parts(
    solids: PlanSolids,
    names: Sequence[str],
    shape: GuideShape | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> tuple[list[PrintPart], list[Finding]]:
    """Parts of a plan by name, ready to print, and what must be known of guides among them.

    names: "kept", "removed", "removed_2" of several resections, "vessels_kept" and "vessels_removed", "tumors_kept" and
    "tumors_removed", "guide" or "guide_2". What a plan does not have is left out.
    """
    from planning.case.plan_parts import KEPT, REMOVED, part_colors
    from planning.liver.guide import GuideShape
    from planning.printing.parts import PrintPart

    chosen: list[PlanPart] = []
    for name in dict.fromkeys(names):
        group, _, side = name.partition("_")
        if name == REMOVED:
            whole = solids.removed_whole()
            chosen += [] if whole is None else [whole]
        elif name == KEPT or group == REMOVED:
            chosen += [part for part in solids.organ if part.name == name]
        elif group in ("vessels", "tumors"):
            own = solids.vessels if group == "vessels" else solids.tumors
            chosen += [part for part in own if (part.of == 0) == (side == KEPT)]
    kinds = {"portal": "vessel", "hepatic": "vessel", "tumor": "lesion"}
    organ = (KEPT, REMOVED)
    parts = [
        PrintPart(
            part.name, part.mask, color, kinds.get(part.role, "organ"), part.mesh, "organ" if part.role in organ else ""
        )
        for part, color in zip(chosen, part_colors(chosen), strict=True)
    ]
    findings: list[Finding] = []
    count = len(solids.cutter.regions)
    for number in range(1, count + 1):
        if guide_name(number, count) in names:
            part, guide = make_guide_part(solids, number, shape, None, progress, cancel)
            parts.append(part)
            findings += guide_findings(part.name, guide, shape or GuideShape())
    return parts, findings


def filled_mask(mesh: SurfaceMesh) -> Mask:
    """The voxels inside a closed surface, on a grid of its own."""
    from planning.filled import filled

    low, high = mesh.points_mm.min(axis=0) - 2 * GRID_MM, mesh.points_mm.max(axis=0) + 2 * GRID_MM
    size = np.ceil((high - low) / GRID_MM).astype(int) + 1
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (GRID_MM,) * 3, low)
    return Mask.from_full(grid, filled(mesh, grid))


def guide_json(guide: CutGuide, shape: GuideShape) -> dict[str, Any]:
    """What is told of a guide."""
    return {
        "slot_mm": shape.slot_mm,
        "clearance_mm": shape.clearance_mm,
        "thickness_mm": shape.thickness_mm,
        "wing_mm": shape.wing_mm,
        "bridge_mm": shape.bridge_mm,
        "laid_on_from": [float(value) for value in guide.direction],
        "line_mm": guide.line_mm,
        "covered_mm": guide.covered_mm,
        "covered_percent": guide.covered_percent,
        "gap_mean_mm": guide.gap_mean_mm,
        "gap_least_mm": guide.gap_least_mm,
        "gap_most_mm": guide.gap_most_mm,
        "resting_percent": 100.0 * guide.resting_share,
        "overlap_mm3": guide.overlap_mm3,
        "stuck_at_mm": guide.stuck_at_mm,
        "removed_side": "the wing with the hole",
    }


def guide_findings(name: str, guide: CutGuide, shape: GuideShape) -> list[Finding]:
    """What must be known of a guide, the gravest first."""
    found = [Finding("research", f"{name}: {RESEARCH}")]
    if guide.stuck_at_mm is not None:
        found.append(Finding("stuck", f"{name}: lifted by {guide.stuck_at_mm:g} mm it meets the liver."))
    if guide.gap_least_mm < shape.clearance_mm - GAP_OFF_MM or guide.overlap_mm3 > 1.0:
        found.append(Finding("gap", f"{name}: its inner side comes within {guide.gap_least_mm:.2f} mm of the capsule."))
    if guide.resting_share < LEAST_RESTING:
        found.append(
            Finding("resting", f"{name}: {100.0 * guide.resting_share:.0f} % of its inner side lies on the capsule.")
        )
    if guide.covered_percent < 99.0:
        found.append(
            Finding(
                "covered",
                f"{name}: it follows {guide.covered_mm:.0f} of {guide.line_mm:.0f} mm of the cut's line on the capsule "
                f"({guide.covered_percent:.0f} %); the rest cannot be reached from where it is laid on.",
            )
        )
    return found


def wall_findings(name: str, walls: FloatArray, shape: GuideShape) -> list[Finding]:
    """How much of a guide is thinner than asked. walls: (N,) mm, as they were looked through."""
    percent = _thin_percent(walls, shape)
    if percent is None or percent < 1.0:
        return []
    return [
        Finding(
            "thin",
            f"{name}: of the places looked through {percent:.0f} % are thinner than {THIN_SHARE * shape.thickness_mm:.1f} mm "
            f"where {shape.thickness_mm:g} are asked; the thinnest hundredth has {np.percentile(walls, 1):.1f} mm: "
            "look there before it is printed.",
        )
    ]


def _thin_percent(walls: FloatArray, shape: GuideShape) -> float | None:
    return 100.0 * float(np.mean(walls < THIN_SHARE * shape.thickness_mm)) if len(walls) else None


def print_guides(
    document: Document,
    plan: str,
    numbers: Sequence[int],
    out_path: Any,
    shape: GuideShape,
    *,
    direction: Vector | None = None,
    bed_mm: Sequence[float] | None = None,
    tolerance_mm: float = 0.1,
    force: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Guides of a plan's cuts (all that can have one for no numbers) as a file, read back and compared.

    As `make_print` answers, with "guides". Raises what that and `make_guide_part` raise.
    """
    from planning.case.plan_parts import PlanSolids
    from planning.case.printing import liver_plan
    from planning.printing.checks import walls_mm
    from planning.printing.options import PrintOptions
    from planning.printing.plan import check_print_place, make_print

    liver_plan(document, plan)
    check_print_place(Path(out_path), force)
    solids = PlanSolids(document, plan, progress=lambda f, w="": progress(0.3 * f, w), cancel=cancel)
    regions = solids.cutter.regions
    chosen = list(numbers) or [n for n, region in enumerate(regions, start=1) if region.kind in GUIDE_KINDS]
    if not chosen:
        raise UsageError("No guide is made for the resections of this plan", "Name a plan with a cut")
    made = [
        make_guide_part(solids, number, shape, direction, lambda f, w="": progress(0.3 + 0.4 * f, w), cancel)
        for number in chosen
    ]
    content = make_print(
        [part for part, _ in made],
        out_path,
        PrintOptions(tolerance_mm=tolerance_mm, bed_mm=None if bed_mm is None else (bed_mm[0], bed_mm[1], bed_mm[2])),
        force=force,
        progress=lambda f, w="": progress(0.7 + 0.3 * f, w),
        cancel=cancel,
    )
    walls = [walls_mm(guide.mesh) for _, guide in made]
    told = [
        finding.as_json()
        for (part, guide), wall in zip(made, walls, strict=True)
        for finding in (*guide_findings(part.name, guide, shape), *wall_findings(part.name, wall, shape))
    ]
    guides = [
        {"name": part.name, "cut": number, **guide_json(guide, shape), "thin_percent": _thin_percent(wall, shape)}
        for number, (part, guide), wall in zip(chosen, made, walls, strict=True)
    ]
    return {**content, "plan": plan, "guides": guides, "warnings": [*told, *content["warnings"]]}
