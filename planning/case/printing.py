"""Which parts of a case are printed: structures, or the two parts of a liver plan."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import find_structures
from planning.case.trust import require_ticked
from planning.errors import CaseError
from planning.naming import known_names
from planning.progress import no_progress
from planning.registry import canonical_name, structure_style
from planning.volume import Mask

if TYPE_CHECKING:
    from planning.liver.model import LiverModel
    from planning.liver.resection import Resection
    from planning.printing.parts import PrintPart

LIVER_ROLES = ("organ", "tumors", "portal", "hepatic")
REMOVED_COLOR, KEPT_COLOR, GUIDE_COLOR = "#9FB0C4", "#DD8265", "#F2EFE2"


def print_parts(
    document: Document,
    structures: Sequence[str] | None = None,
    plan: str | None = None,
    *,
    along_plan: bool = False,
) -> list[PrintPart]:
    """The parts to print: the named structures (None: all that have voxels), or a liver plan's removed and kept part.

    With both, the plan's parts come first. along_plan: the named structures are cut along the plan's resections instead,
    into NAME_removed and NAME_kept. Raises CaseError for unknown names or when nothing is left, InputError for what
    only a person may let be used.
    """
    from planning.printing.parts import PrintPart

    parts: list[PrintPart] = []
    if along_plan and plan is not None and structures is not None:
        return _cut_along(document, structures, plan)
    if plan is not None:
        from planning.case.plan_parts import PlanSolids

        liver_plan(document, plan)
        solids = PlanSolids(document, plan)
        for part, color in ((solids.removed_whole(), REMOVED_COLOR), (solids.kept_whole(), KEPT_COLOR)):
            if part is not None:
                parts.append(PrintPart(part.name, part.mask, color, "organ", part.mesh, whole="organ"))
    if structures is not None or plan is None:
        names = (
            find_structures(document.case, structures) if structures is not None else tuple(document.case.structures)
        )
        require_ticked(document.case, names)
        styles = {name: structure_style(name) for name in names}
        taken = {part.name for part in parts}
        parts += [
            PrintPart(part_name(name, taken), document.mask(name), styles[name].color, styles[name].kind)
            for name in names
        ]
    parts = [part for part in parts if part.mask.voxel_count]
    if not parts:
        raise CaseError("There is nothing to print in this case", "Segment or import a structure first")
    return parts


def _cut_along(document: Document, structures: Sequence[str], plan: str) -> list[PrintPart]:
    from planning.case.plan_parts import PlanSolids
    from planning.liver.parts import parted_in_two
    from planning.printing.hands import Hands, Job
    from planning.printing.parts import PrintPart

    liver_plan(document, plan)
    names = find_structures(document.case, structures)
    require_ticked(document.case, names)
    cutter = PlanSolids(document, plan).bare_cutter
    parts: list[PrintPart] = []
    taken: set[str] = set()
    masks = {name: mask for name in names if (mask := document.mask(name)).voxel_count}
    kinds = {name: structure_style(name).kind for name in masks}
    # what cuts them cannot be sent to another process
    jobs = [
        Job(parted_in_two, (cutter, masks[name], kinds[name]), float(masks[name].voxels.size), "") for name in masks
    ]
    both = Hands(large=False).all_of(jobs, no_progress, None)
    for name, pieces in zip(masks, both, strict=True):
        style, key = structure_style(name), part_name(name, taken)
        for side, mesh, own in pieces:
            color = style.color if side == "kept" else REMOVED_COLOR
            label = key if len(pieces) == 1 else f"{key}_{side}"
            parts.append(PrintPart(label, own, color, style.kind, mesh, whole=key))
    if not parts:
        raise CaseError("There is nothing to print in this case", "Segment or import a structure first")
    return parts


def part_name(name: str, taken: set[str]) -> str:
    """A structure's name in a printed file, a-z, 0-9 and _ only; the name joins `taken`, so that none comes twice.

    Parts are read back by their names: two of the same would be compared with each other's shape.
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    key = canonical_name("".join(letter for letter in plain if not unicodedata.combining(letter))) or "part"
    unique, number = key, 2
    while unique in taken:
        unique, number = f"{key}_{number}", number + 1
    taken.add(unique)
    return unique


def liver_plan(document: Document, name: str) -> PlanRecord:
    """The liver plan of this name. Raises CaseError for another kind or an unknown name."""
    plan = document.case.plans.get(name)
    if plan is None:
        raise CaseError(f"There is no plan named '{name}'", known_names(name, document.case.plans))
    if plan.kind != "liver":
        raise CaseError(f"The plan '{name}' is a {plan.kind} plan", "Name a liver plan")
    return plan


def structures_of(plan: PlanRecord) -> tuple[str, ...]:
    """Structures that a liver plan is made of."""
    return tuple(name for role in LIVER_ROLES for name in plan.inputs[role])


def liver_cut(
    document: Document, name: str, *, trees: bool = False, tumors: bool = True
) -> tuple[LiverModel, list[Resection]]:
    """A liver plan's organ with its tumours, and its resections; its vessel trees where a resection needs them, or asked for.

    tumors: whether each is asked about; else they are only tissue of the organ, where no resection needs them.
    """
    from planning.liver.anatomy import LiverAnatomy
    from planning.liver.model import LiverModel
    from planning.liver.resection import resection_from_json

    inputs = liver_plan(document, name).inputs
    anatomy = LiverAnatomy.from_json(inputs.get("anatomy"))

    def named(role: str) -> list[tuple[str, Mask]]:
        return [(part, document.mask(part)) for part in find_structures(document.case, inputs[role])]

    resections = [resection_from_json(row) for row in inputs["resections"]]
    # trees cost seconds and only territories and spared branches ask for them
    trees = trees or any(one.kind in ("territory", "wedge") for one in resections)
    # measuring them takes seconds
    tumors = tumors or any(one.kind == "wedge" or getattr(one, "remove", "side") == "tumor" for one in resections)
    model = LiverModel.prepare(
        organ=named("organ") if tumors else [*named("organ"), *named("tumors")],
        tumors=named("tumors") if tumors else (),
        portal=named("portal") if trees else (),
        hepatic=named("hepatic") if trees else (),
        corrections=anatomy.corrections,
        segments=anatomy.segments,
    )
    return model, resections


def liver_parts(document: Document, name: str) -> tuple[Mask, Mask]:
    """(removed, kept) of a liver plan, computed again from its inputs by the function that counted its volumes."""
    return parts_of(*liver_cut(document, name))


def parts_of(model: LiverModel, resections: Sequence[Resection]) -> tuple[Mask, Mask]:
    """(removed, kept) of an organ and the resections of `liver_cut`."""
    from planning.liver.model import removed_mask

    parts = removed_mask(model, resections)
    grid = model.organ.grid
    return Mask.from_full(grid, parts == 1), Mask.from_full(grid, parts == 2)
