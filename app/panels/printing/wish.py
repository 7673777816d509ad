"""What a person asked to be printed: plain data, without widgets, and the options that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.i18n import mark, tr
from planning.case.model import Case, PlanRecord
from planning.geometry import Plane
from planning.printing.printers import Material, Printer, Process, catalogue, material_for, printer_named
from planning.registry import structure_style

if TYPE_CHECKING:
    from planning.printing.options import PrintOptions

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
# what is asked first: a plate that most workshops have
FIRST_PRINTER = "fff-256"
# a bed that is no listed printer's
OWN_BED_MM = (200.0, 200.0, 200.0)
LABEL = "Theatrum"


@dataclass(frozen=True, slots=True)
class PrintWish:
    """What the person asked for.

    plan_parts: (plan, name as `planning.case.guiding.printed_parts` takes it). cut: the flat cut (plan, number from 1) that
    parts all. along: the plan whose resections part the ticked structures, "" for none. printer, material: names of the
    data file, "" for none. bed_mm: of a printer that is not listed. fixes: (object, fix) that a person asked for. slot_mm …
    wing_mm: of cut guides, as `planning.liver.guide.GuideShape` has them. The others are those of `PrintOptions`.
    """

    structures: tuple[str, ...] = ()
    plan_parts: tuple[tuple[str, str], ...] = ()
    hollow_mm: float | None = None
    vessel_walls_mm: float | None = None
    drain: bool = False
    shell: bool = False
    cut: tuple[str, int] | None = None
    along: str = ""
    pegs: bool = False
    clearance_mm: float | None = None
    base: bool = False
    label: str = LABEL
    marks: bool = False
    orient: bool = False
    nest: bool = False
    split: bool = False
    printer: str = ""
    material: str = ""
    bed_mm: tuple[float, float, float] | None = None
    tolerance_mm: float = 0.1
    scale: float = 1.0
    ending: str = ".3mf"
    fixes: tuple[tuple[str, str], ...] = ()
    slot_mm: float = 1.5
    guide_gap_mm: float = 0.4
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

    @property
    def is_parted(self) -> bool:
        """Whether pieces come to lie face to face, so that pegs can join them."""
        sides = {part for _, part in self.plan_parts}
        return self.cut is not None or bool(self.along) or self.split or {"kept", "removed"} <= sides

    @property
    def chosen_printer(self) -> Printer | None:
        """The printer of the data file."""
        return printer_named(self.printer) if self.printer else None

    @property
    def process(self) -> Process | None:
        """How it builds."""
        printer = self.chosen_printer
        return None if printer is None else printer.process

    @property
    def room_mm(self) -> tuple[float, float, float] | None:
        """The printer's space."""
        printer = self.chosen_printer
        return self.bed_mm if printer is None else printer.bed_mm

    @property
    def materials(self) -> tuple[Material, ...]:
        """What the printer takes."""
        process = self.process
        return () if process is None else tuple(m for m in catalogue().materials if m.process == process.name)

    @property
    def chosen_material(self) -> Material | None:
        """What it is printed in: the first that the printer takes, unless another was chosen."""
        process = self.process
        if process is None:
            return None
        return next((m for m in self.materials if m.name == self.material), material_for(process.name))


def options_of(wish: PrintWish, case: Case) -> PrintOptions:
    """The wish as planning takes it. Raises UsageError, InputError for what cannot be made."""
    from planning.printing.options import PrintOptions

    return PrintOptions(
        tolerance_mm=wish.tolerance_mm,
        hollow_mm=wish.hollow_mm,
        vessel_walls_mm=wish.vessel_walls_mm,
        drain=wish.drain and wish.hollow_mm is not None,
        shell=wish.shell,
        cut=None if wish.cut is None else plane_cuts(case)[wish.cut],
        pegs=wish.pegs and wish.is_parted,
        clearance_mm=wish.clearance_mm if wish.pegs else None,
        base=wish.base,
        label=wish.label,
        marks=wish.marks,
        orient=wish.orient,
        split=wish.split and wish.room_mm is not None,
        nest=wish.nest and wish.room_mm is not None,
        bed_mm=None if wish.printer else wish.bed_mm,
        printer=wish.printer or None,
        material=None if wish.chosen_material is None else wish.chosen_material.name,
        parted=wish.is_parted,
        scale=wish.scale,
        fixes=wish.fixes,
    )


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
        return PrintWish(structures=shown, printer=FIRST_PRINTER)
    plan = plans[-1]
    inside = {*plan.inputs["portal"], *plan.inputs["hepatic"], *plan.inputs["tumors"]} - set(plan.inputs["organ"])
    return PrintWish(
        structures=tuple(name for name in shown if name in inside),
        plan_parts=((plan.name, "kept"), (plan.name, "removed")),
        printer=FIRST_PRINTER,
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


def liver_plans(case: Case) -> tuple[str, ...]:
    """Names of the plans whose resections part what is printed."""
    return tuple(name for name, plan in case.plans.items() if plan.kind == "liver")
