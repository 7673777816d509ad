"""What is printed and what a draft of it is worth: plain data and functions of the print panel, without widgets."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.i18n import mark, structure_name, text_value, tr
from planning.case.document import Document
from planning.case.model import Case, PlanRecord
from planning.case.trust import require_ticked
from planning.errors import CaseError
from planning.findings import Finding
from planning.geometry import Plane
from planning.printing.parts import PrintPart
from planning.progress import CancelToken, Progress, no_progress
from planning.registry import canonical_name, structure_style

MEAN_DEVIATION_MM, LARGEST_DEVIATION_MM = 0.1, 0.5

PRINTERS: Mapping[str, tuple[float, float, float] | None] = MappingProxyType(
    {
        mark("Not chosen"): None,
        "256 × 256 × 256 mm": (256.0, 256.0, 256.0),
        "220 × 220 × 250 mm": (220.0, 220.0, 250.0),
        "300 × 300 × 300 mm": (300.0, 300.0, 300.0),
        "145 × 145 × 185 mm": (145.0, 145.0, 185.0),
        "335 × 200 × 300 mm": (335.0, 200.0, 300.0),
    }
)
FINENESS: Mapping[str, float] = MappingProxyType({"0.05 mm": 0.05, "0.10 mm": 0.1, "0.20 mm": 0.2, "0.50 mm": 0.5})
FILES: Mapping[str, str] = MappingProxyType(
    {
        mark("3MF, one file"): ".3mf",
        mark("STL, a file each"): ".stl",
        mark("OBJ, one file"): ".obj",
        mark("PLY, a file each"): ".ply",
        mark("GLB, one file"): ".glb",
        mark("USDZ, one file"): ".usdz",
    }
)


@dataclass(frozen=True, slots=True)
class PrintWish:
    """What the person asked for. plan_parts: (plan, name as `planning.case.guiding.printed_parts` takes it). cut: the
    flat cut (plan, number from 1) that parts all. slot_mm … wing_mm: of cut guides, as `planning.liver.guide.GuideShape` has them.
    """

    structures: tuple[str, ...] = ()
    plan_parts: tuple[tuple[str, str], ...] = ()
    hollow_mm: float | None = None
    cut: tuple[str, int] | None = None
    pegs: bool = False
    base: bool = False
    tolerance_mm: float = 0.1
    bed_mm: tuple[float, float, float] | None = None
    ending: str = ".3mf"
    slot_mm: float = 1.5
    clearance_mm: float = 0.4
    thickness_mm: float = 3.0
    wing_mm: float = 18.0

    @property
    def has_guide(self) -> bool:
        """Whether a cut guide is among the parts."""
        return any(part.startswith("guide") for _, part in self.plan_parts)

    @property
    def part_count(self) -> int:
        """Ticked parts."""
        return len(self.structures) + len(self.plan_parts)


def first_wish(case: Case, hidden: frozenset[str]) -> PrintWish:
    """What a person most likely prints: the newest liver plan's parts with vessels and tumours, else what is shown.

    Of what a model found only what is sure or was looked at.
    """
    plans = [plan for plan in case.plans.values() if plan.kind == "liver"]
    shown = tuple(
        name
        for name, item in case.structures.items()
        if name not in hidden and item.voxel_count and (item.trust is None or item.trust.is_ticked)
    )
    if not plans:
        return PrintWish(structures=shown)
    plan = plans[-1]
    inside = {*plan.inputs["portal"], *plan.inputs["hepatic"], *plan.inputs["tumors"]} - set(plan.inputs["organ"])
    return PrintWish(
        structures=tuple(name for name in shown if name in inside),
        plan_parts=((plan.name, "kept"), (plan.name, "removed")),
    )


def plan_choices(plan: PlanRecord) -> list[tuple[str, str, str]]:
    """(name, words, colour) of what can be printed of a liver plan."""
    from planning.case.guiding import GUIDE_KINDS, guide_name
    from planning.case.printing import GUIDE_COLOR, KEPT_COLOR, REMOVED_COLOR

    kinds = [row["kind"] for row in plan.inputs["resections"]]
    rows = [("kept", tr("Kept"), KEPT_COLOR), ("removed", tr("Removed"), REMOVED_COLOR)]
    if len(kinds) > 1:
        rows += [(f"removed_{n}", tr("Removed by cut {n}", n=n), REMOVED_COLOR) for n in range(1, len(kinds) + 1)]
    if plan.inputs["portal"] or plan.inputs["hepatic"]:
        color = structure_style("portal_vein").color
        rows += [
            ("vessels_kept", tr("Vessels of the kept part"), color),
            ("vessels_removed", tr("Vessels removed"), color),
        ]
    if plan.results["tumors"]:
        color = structure_style("tumor").color
        rows += [("tumors_removed", tr("Tumours removed"), color)]
        if plan.results["kept_tumor_ml"] > 0.0:
            rows.append(("tumors_kept", tr("Tumours kept"), color))
    for number, kind in enumerate(kinds, start=1):
        if kind in GUIDE_KINDS:
            words = tr("Cut guide") if len(kinds) == 1 else tr("Cut guide {number}", number=number)
            rows.append((guide_name(number, len(kinds)), words, GUIDE_COLOR))
    return rows


def plan_part_ml(plan: PlanRecord, part: str) -> float | None:
    """What the plan tells of a part's volume, None where it tells nothing."""
    known = {"tumors_kept": "kept_tumor_ml", "tumors_removed": "removed_tumor_ml"}.get(part, f"{part}_ml")
    value = plan.results.get(known)
    return None if value is None else float(value)


def plane_cuts(case: Case) -> dict[tuple[str, int], Plane]:
    """The flat cuts of liver plans by (plan, number from 1), their normals to the removed side."""
    return {
        (name, number): Plane(row["origin_mm"], row["normal"])
        for name, plan in case.plans.items()
        if plan.kind == "liver"
        for number, row in enumerate(plan.results.get("resections", ()), start=1)
        # other kinds have none
        if "normal" in row
    }


def gather_parts(
    document: Document, wish: PrintWish, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> tuple[list[PrintPart], list[Finding]]:
    """The parts of a wish, and what must be known of them. Raises CaseError when nothing is left to print, InputError for
    what only a person may let be used."""
    from planning.case.guiding import printed_parts
    from planning.case.plan_parts import PlanSolids
    from planning.case.printing import part_name
    from planning.liver.guide import GuideShape

    parts: list[PrintPart] = []
    findings: list[Finding] = []
    plans = tuple(dict.fromkeys(plan for plan, _ in wish.plan_parts))
    shape = GuideShape(wish.slot_mm, wish.clearance_mm, wish.thickness_mm, wish.wing_mm)
    for plan in plans:
        before = f"{canonical_name(plan)}_" if len(plans) > 1 else ""
        solids = PlanSolids(document, plan, progress=progress, cancel=cancel)
        made, told = printed_parts(
            solids, [part for own, part in wish.plan_parts if own == plan], shape, progress, cancel
        )
        parts += [replace(part, name=f"{before}{part.name}") for part in made]
        findings += told
    taken = {part.name for part in parts}
    require_ticked(document.case, wish.structures)
    for name in wish.structures:
        key, color = part_name(name, taken), document.case.structures[name].color
        parts.append(PrintPart(key, document.mask(name), color, structure_style(name).kind))
    parts = [part for part in parts if part.mask.voxel_count]
    if not parts:
        raise CaseError("Nothing is chosen to print", "Tick a part first")
    return parts, findings


def make_draft(
    document: Document, wish: PrintWish, target: Path, progress: Progress, cancel: CancelToken
) -> dict[str, Any]:
    """The wish as a file at `target`, read back and compared: `make_print`'s answer with the parts' places.

    "places": object name → centre of its structure in LPS mm. "model": its whole size in mm.
    """
    from planning.printing.options import PrintOptions
    from planning.printing.plan import make_print

    progress(0.0, tr("Gathering the parts"))
    parts, findings = gather_parts(document, wish, lambda f, words="": progress(0.3 * f, words), cancel)

    def told(fraction: float, text: str = "") -> None:
        progress(0.3 + 0.7 * fraction, text)

    result = make_print(
        parts,
        target,
        PrintOptions(
            tolerance_mm=wish.tolerance_mm,
            hollow_mm=wish.hollow_mm,
            cut=None if wish.cut is None else plane_cuts(document.case)[wish.cut],
            pegs=wish.pegs and wish.cut is not None,
            base=wish.base,
            bed_mm=wish.bed_mm,
        ),
        force=True,
        progress=told,
        cancel=cancel,
    )
    places = {part.name: part.mask.centroid_mm().tolist() for part in parts}
    return {
        **result,
        "warnings": [*(finding.as_json() for finding in findings), *result["warnings"]],
        "places": {row["name"]: _place(row["name"], places) for row in result["objects"]},
    }


def _place(name: str, places: Mapping[str, list[float]]) -> list[float] | None:
    """The part's own place; a cut part's pieces are called NAME_1 and NAME_2."""
    return places.get(name) or places.get(name.rpartition("_")[0])


def draft_targets(files: Sequence[str], draft_stem: str, target: Path) -> list[Path]:
    """Where each of a draft's files goes under the chosen name: several objects may be a file each."""
    return [
        target.with_name(target.stem + source.stem.removeprefix(draft_stem) + source.suffix)
        for source in map(Path, files)
    ]


def copy_draft(files: Sequence[str], draft_stem: str, target: Path) -> list[str]:
    """The draft's files under the chosen name; each appears whole or not at all."""
    written = []
    for source, wanted in zip(files, draft_targets(files, draft_stem, target), strict=True):
        part = wanted.with_name(f".{wanted.name}.part")
        shutil.copyfile(source, part)
        part.replace(wanted)
        written.append(str(wanted))
    return written


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the check list. at: the object it points to, "" for none."""

    key: str
    name: str
    value: str = ""
    state: str = "ok"
    at: str = ""


def checks_of(result: Mapping[str, Any], wish: PrintWish) -> list[Check]:
    """The list of checks of a draft, worst object first named."""
    rows = result["objects"]
    count = len(rows)
    open_ones = [row["name"] for row in rows if not row["watertight"]]
    loose_edges = [row["name"] for row in rows if not row["manifold"]]
    crossing = [row["name"] for row in rows if row["self_intersections"]]
    pieces = [row for row in rows if row["components"] > 1]
    walls = [row for row in rows if row["min_wall_mm"] is not None]
    thinnest = min(walls, key=lambda row: row["min_wall_mm"], default=None)
    checks = [
        Check(
            "closed",
            tr("Closed, {count} of {count2} objects", count=count - len(open_ones), count2=count),
            "",
            _state(open_ones),
            _first(open_ones),
        ),
        Check(
            "edges",
            tr("Edges not used twice") if loose_edges else tr("Every edge used twice"),
            "",
            _state(loose_edges),
            _first(loose_edges),
        ),
        Check(
            "crossing",
            tr("A surface cuts itself") if crossing else tr("No surface cuts itself"),
            "",
            _state(crossing),
            _first(crossing),
        ),
    ]
    if thinnest is not None:
        checks.append(_wall_check(walls, thinnest))
    worst = max(pieces, key=lambda row: row["components"], default=None)
    total = sum(row["components"] - 1 for row in pieces)
    checks.append(
        Check("loose", tr("No loose part"), "", "ok")
        if worst is None
        else Check("loose", tr("Loose parts"), str(total), "warn", worst["name"])
    )
    for peg in result.get("pegs", [])[:1]:
        gaps = [item["gap_mm"] for item in result["pegs"] if item["gap_mm"] is not None]
        least = min(gaps, default=None)
        asked = peg["asked_gap_mm"]
        state = "warn" if least is None or abs(least - asked) > 0.1 else "ok"
        checks.append(
            Check(
                "pegs", tr("Pegs, gap on each side"), "–" if least is None else f"{text_value(least, 2)}\u202fmm", state
            )
        )
    largest = max(rows, key=lambda row: max(row["size_mm"]))
    size = " × ".join(f"{value:.0f}" for value in largest["size_mm"])
    if wish.bed_mm is None:
        checks.append(Check("size", tr("Largest part"), f"{size}\u202fmm", "", largest["name"]))
    else:
        too_large = [row["name"] for row in rows if row["fits_bed"] is False]
        name = tr("Fits the plate") if not too_large else tr("Too large")
        checks.append(Check("size", name, size, _state(too_large), _first(too_large) or largest["name"]))
    return checks


def _wall_check(walls: Sequence[Mapping[str, Any]], thinnest: Mapping[str, Any]) -> Check:
    """Not met where more than a hundredth of a part is too thin, told by that; else the least wall anywhere."""
    thin = [row for row in walls if row["wall_percentile_mm"] < row["wall_limit_mm"]]
    worst = min(thin, key=lambda row: row["wall_percentile_mm"], default=None)
    if worst is not None:
        value = f"{text_value(worst['wall_percentile_mm'], 2)}\u202fmm"
        return Check("wall", tr("Thinnest wall"), value, "bad", worst["name"])
    value = f"{text_value(thinnest['min_wall_mm'], 2)}\u202fmm"
    state = "warn" if thinnest["min_wall_mm"] < thinnest["wall_limit_mm"] else "ok"
    return Check("wall", tr("Thinnest wall"), value, state, thinnest["name"])


def _state(names: Sequence[str]) -> str:
    return "bad" if names else "ok"


def _first(names: Sequence[str]) -> str:
    return names[0] if names else ""


@dataclass(frozen=True, slots=True)
class Proof:
    """How far the file as read back lies from what was planned, over all objects."""

    mean_mm: float
    largest_mm: float
    volume_percent: float
    volume_of: str

    @property
    def words(self) -> str:
        """ "0.04 mm mean, 0.31 mm largest"."""
        return tr(
            "{mean_mm:.2f} mm mean, {largest_mm:.2f} mm largest", mean_mm=self.mean_mm, largest_mm=self.largest_mm
        )

    @property
    def state(self) -> str:
        """ok within 0.1 mm mean and 0.5 mm largest."""
        return "ok" if self.mean_mm <= MEAN_DEVIATION_MM and self.largest_mm <= LARGEST_DEVIATION_MM else "warn"


def proof_of(result: Mapping[str, Any]) -> Proof:
    """The worst of all objects."""
    rows = result["objects"]

    def off(row: Mapping[str, Any]) -> float:
        planned = row.get("planned_volume_ml") or row["structure_volume_ml"]
        return 100.0 * (row["volume_ml"] / planned - 1.0) if planned else 0.0

    worst = max(rows, key=lambda row: abs(off(row)))
    return Proof(
        max(row["deviation_mean_mm"] for row in rows),
        max(row["deviation_max_mm"] for row in rows),
        off(worst),
        worst["name"],
    )


def spoken_part(name: str) -> str:
    """ "Portal vein" from an object's name in the file."""
    return structure_name(name)
