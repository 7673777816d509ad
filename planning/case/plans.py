"""From a case and what a person asked to a finished plan: one way for command line, panels and tours.

Each `…_record` computes the plan from the case's images and structures and returns the PlanRecord that
`SetPlan` puts into the case. Nothing here changes the case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from planning.case.document import Document
from planning.case.model import Case, Image, PlanRecord
from planning.case.standing import measured_on
from planning.case.trust import require_ticked, with_trust_notes
from planning.case.untrue_slices import refuse_lost
from planning.errors import CaseError, MeasurementError, UsageError
from planning.mesh import SurfaceMesh
from planning.naming import known_names
from planning.progress import CancelToken, Progress, no_progress, stoppable
from planning.provenance import Provenance, now_utc
from planning.registry import canonical_name
from planning.volume import Mask

if TYPE_CHECKING:
    from planning.liver.anatomy import LiverAnatomy
    from planning.liver.limit import RemnantLimit
    from planning.liver.model import LiverModel
    from planning.liver.resection import Resection, WedgeResection
    from planning.liver.staging import Occlusion, Staging
    from planning.liver.volumetry import SizeFormulas
    from planning.vessel.edits import LumenEdit


def planning_image(case: Case) -> Image:
    """The image that plans are made on: the first one. Raises CaseError for a case without images."""
    for image in case.images.values():
        return image
    raise CaseError("This case has no image", "Import a CT first")


def free_plan_name(case: Case, kind: str) -> str:
    """ "tavr", "tavr 2", … : the first name of this kind that no plan has."""
    number = 1
    while (name := kind if number == 1 else f"{kind} {number}") in case.plans:
        number += 1
    return name


def check_plan_kind(case: Case, name: str, kind: str) -> None:
    """Raises CaseError when the plan of that name is of another kind: it is never written over."""
    before = case.plans.get(name)
    if before is not None and before.kind != kind:
        raise CaseError(f"The plan '{name}' is a {before.kind} plan", "Choose another name for this one")


def find_structures(case: Case, names: Sequence[str]) -> tuple[str, ...]:
    """The case's own names of the structures asked for, matched without regard to case, blanks and underscores.

    A name that is written just so goes first. Raises CaseError naming the unknown one and what there is.
    """
    found = []
    for name in names:
        key = canonical_name(name)
        # a name in another script has no letters in its key: it must be written just so
        alike = [one for one in case.structures if key and canonical_name(one) == key]
        if name not in case.structures and len(alike) != 1:
            known = known_names(name, sorted(case.structures))
            raise CaseError(f"There is no structure named '{name}' in this case", known, "structure")
        found.append(name if name in case.structures else alike[0])
    return tuple(dict.fromkeys(found))


def default_tumors(case: Case) -> tuple[str, ...]:
    """Every structure named "tumor…" or "…_tumor" (both spellings)."""

    def is_tumor(name: str) -> bool:
        key = canonical_name(name).replace("tumour", "tumor")
        return key.startswith("tumor") or key.endswith("_tumor")

    return tuple(name for name in case.structures if is_tumor(name))


def plan_record(
    case: Case,
    name: str,
    kind: str,
    inputs: Mapping[str, Any],
    results: Mapping[str, Any],
    source: str,
    edited: bool,
) -> PlanRecord:
    """The record that `SetPlan` takes; it keeps the date of the plan of that name. Raises CaseError for another kind,
    MeasurementError where it was measured in slices that were lost."""
    check_plan_kind(case, name, kind)
    before = case.plans.get(name)
    image = planning_image(case)
    refuse_lost(case, image, inputs, results)
    return PlanRecord(
        name=name,
        kind=kind,
        inputs=inputs,
        results=results,
        created=before.created if before is not None else now_utc(),
        edited=edited,
        provenance=Provenance(source, inputs=measured_on(case, image, inputs)),
    )


def vessel_record(
    document: Document,
    name: str,
    start_mm: Sequence[float],
    end_mm: Sequence[float],
    *,
    structure: str | None = None,
    mesh: SurfaceMesh | None = None,
    via_mm: Sequence[Sequence[float]] = (),
    lumen_edits: Sequence[Mapping[str, Any]] = (),
    step_mm: float = 1.0,
    source: str = "command line",
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> PlanRecord:
    """A vessel plan between two points (LPS mm), in the image, in a structure or in a surface mesh.

    via_mm: places that the way is led through. lumen_edits: sections pulled by hand (`planning.vessel.edits`); those
    that the vessel does not go through any more are left out of the plan, which says so.
    """
    from planning.vessel.edits import edits_of
    from planning.vessel.plan import make_vessel_plan

    edits = edits_of(lumen_edits)

    image = planning_image(document.case)
    inside = None
    if structure is not None:
        (found,) = find_structures(document.case, [structure])
        require_ticked(document.case, [found])
        inside = document.mask(found)
    results = make_vessel_plan(
        document.volume(image.name),
        np.asarray(start_mm, dtype=np.float64),
        np.asarray(end_mm, dtype=np.float64),
        mask=inside,
        mesh=mesh,
        via_mm=via_mm,
        step_mm=step_mm,
        progress=progress,
        cancel=cancel,
    )
    if structure is not None:
        results = with_trust_notes(document.case, [found], results)
    inputs = {
        "from_mm": [float(v) for v in start_mm],
        "to_mm": [float(v) for v in end_mm],
        "structure": structure,
        "mesh": mesh is not None,
        "via_mm": [[float(v) for v in place] for place in via_mm],
        "step_mm": step_mm,
        "image": image.name,
    }
    return with_edited_lumen(plan_record(document.case, name, "vessel", inputs, results, source, False), edits)


def with_edited_lumen(plan: PlanRecord, edits: Sequence[LumenEdit]) -> PlanRecord:
    """A vessel plan with these sections pulled by hand and no others; the image is not measured again."""
    from planning.vessel.edits import with_lumen_edits

    results, lumen = with_lumen_edits(plan.results, edits)
    inputs = {**plan.inputs, "lumen_edits": [edit.as_json() for edit in lumen.edits]}
    is_edited = bool(lumen.edits) or bool((plan.inputs.get("tree") or {}).get("edits"))
    return replace(plan, inputs=inputs, results=results, edited=is_edited)


def _named_masks(document: Document, names: Sequence[str]) -> list[tuple[str, Mask]]:
    return [(name, document.mask(name)) for name in names]


def liver_names(
    case: Case,
    *,
    organ: Sequence[str] = ("liver",),
    tumors: Sequence[str] | None = None,
    portal: Sequence[str] = (),
    hepatic: Sequence[str] = (),
) -> dict[str, tuple[str, ...]]:
    """The case's structure names for each role; `tumors` None means every tumour of the case.

    Raises CaseError for an unknown structure, UsageError for a vessel tree that is the tumour or the whole organ, and for
    a tumour that is.
    """
    roles = {
        "organ": find_structures(case, organ),
        "tumors": default_tumors(case) if tumors is None else find_structures(case, tumors),
        "portal": find_structures(case, portal),
        "hepatic": find_structures(case, hepatic),
    }
    refuse_shared(roles, ("tumors", "portal"), ("tumors", "hepatic"))
    for tree in ("portal", "hepatic"):
        if roles["organ"] and set(roles["organ"]) <= set(roles[tree]):
            raise UsageError(f"The whole organ is named as the {tree} tree", "Name the vessels apart from the organ")
    if roles["organ"] and set(roles["organ"]) <= set(roles["tumors"]):
        raise UsageError("The whole organ is named as tumour", "Name the tumours apart from the organ")
    return roles


def refuse_shared(roles: Mapping[str, Sequence[str]], *pairs: tuple[str, str]) -> None:
    """Raises UsageError where one structure is named for both roles of a pair."""
    for one, other in pairs:
        shared = [name for name in roles[one] if name in roles[other]]
        if shared:
            raise UsageError(f"'{shared[0]}' is named under {one} and under {other}", "Name it once")


@dataclass(frozen=True, slots=True)
class WedgeAsked:
    """A wedge of this margin for one tumour, or for each (tumor None). spare: branches it must not hit. stage: 1 or 2."""

    margin_mm: float
    tumor: int | None = None
    spare: tuple[str, ...] = ()
    stage: int = 1

    def __post_init__(self) -> None:
        from planning.liver.resection import WedgeResection

        # a margin that no wedge can have is refused before anything is measured
        WedgeResection(self.tumor or 1, self.margin_mm)

    def of(self, model: LiverModel) -> list[WedgeResection]:
        """One wedge for each tumour meant. Raises MeasurementError where there is none."""
        from planning.liver.resection import WedgeResection

        numbers = [tumor.id for tumor in model.tumors] if self.tumor is None else [self.tumor]
        if not numbers and any(one.code in ("empty_tumor", "tumor_specks") for one in model.findings):
            raise MeasurementError(
                "A wedge needs a tumour, and those named are empty or too small to measure", "Name others", "no_tumor"
            )
        if not numbers:
            raise MeasurementError("A wedge needs a tumour and none is named", "Name the tumours", "no_tumor")
        return [WedgeResection(number, self.margin_mm, spare=self.spare) for number in numbers]


def liver_record(
    document: Document,
    name: str,
    resections: Sequence[Resection],
    *,
    wedges: Sequence[WedgeAsked] = (),
    organ: Sequence[str] = ("liver",),
    tumors: Sequence[str] | None = None,
    portal: Sequence[str] = (),
    hepatic: Sequence[str] = (),
    weight_kg: float | None = None,
    height_cm: float | None = None,
    formulas: SizeFormulas | None = None,
    limit: RemnantLimit | None = None,
    stages: Sequence[int] = (),
    occlusion: Occlusion | None = None,
    anatomy: LiverAnatomy | None = None,
    asides: Mapping[str, Any] | None = None,
    source: str = "command line",
    edited: bool = False,
) -> PlanRecord:
    """A liver plan from resections, and wedges for tumours that are numbered only when they are measured.

    formulas, limit: see `liver_record_of`. stages: of each resection, all 1 when left out; occlusion: of portal branches.
    Raises CaseError for unknown structures, MeasurementError when nothing can be measured.
    """
    from planning.liver.plan import LiverModel
    from planning.liver.staging import Staging
    from planning.liver.volumetry import measure_remnant_ratios

    if not resections and not wedges:
        raise MeasurementError("A liver plan needs at least one resection", "Give a plane")
    roles = liver_names(document.case, organ=organ, tumors=tumors, portal=portal, hepatic=hepatic)
    measure_remnant_ratios(0.0, weight_kg, height_cm)  # a size that no person has is refused before the minutes of work
    used = {name for names in roles.values() for name in names}
    require_ticked(document.case, [named for names in roles.values() for named in names])
    others = [name for name in document.case.structures if name not in used]
    tumor_masks = _named_masks(document, roles["tumors"])
    _check_names(resections, wedges, occlusion, roles, tumor_masks)
    model = LiverModel.prepare(
        organ=_named_masks(document, roles["organ"]),
        tumors=tumor_masks,
        portal=_named_masks(document, roles["portal"]),
        hepatic=_named_masks(document, roles["hepatic"]),
        others=_named_masks(document, others),
        corrections=() if anatomy is None else anatomy.corrections,
        segments=None if anatomy is None else anatomy.segments,
    )
    made = [(one, asked.stage) for asked in wedges for one in asked.of(model)]
    of_resection = (*(stages or [1] * len(resections)), *(stage for _, stage in made))
    return liver_record_of(
        document.case,
        name,
        model,
        roles,
        [*resections, *(one for one, _ in made)],
        weight_kg=weight_kg,
        height_cm=height_cm,
        formulas=formulas,
        limit=limit,
        staging=Staging(of_resection, occlusion),
        anatomy=anatomy,
        asides=asides,
        source=source,
        edited=edited,
    )


def _check_names(
    resections: Sequence[Resection],
    wedges: Sequence[WedgeAsked],
    occlusion: Occlusion | None,
    roles: Mapping[str, Sequence[str]],
    tumors: Sequence[tuple[str, Mask]],
) -> None:
    """Names that cannot be are refused before the organ is made ready, which takes its time. Raises MeasurementError."""
    from planning.liver.asked import check_spared, check_territories, check_tumors
    from planning.liver.resection import TerritoryResection

    trees = [kind for kind in ("portal", "hepatic") if roles[kind]]
    check_tumors(tumors, [asked.tumor for asked in wedges])
    for asked in wedges:
        check_spared(asked.spare, trees)
    for one in resections:
        if isinstance(one, TerritoryResection):
            check_territories(one.names, trees)
    if occlusion is not None and roles["portal"]:
        check_territories(occlusion.branches, ["portal"])


def liver_record_of(
    case: Case,
    name: str,
    model: LiverModel,
    roles: Mapping[str, Sequence[str]],
    resections: Sequence[Resection],
    *,
    weight_kg: float | None = None,
    height_cm: float | None = None,
    asked_margin_mm: float | None = None,
    limit: RemnantLimit | None = None,
    formulas: SizeFormulas | None = None,
    staging: Staging | None = None,
    anatomy: LiverAnatomy | None = None,
    asides: Mapping[str, Any] | None = None,
    source: str = "command line",
    edited: bool = False,
    cancel: CancelToken | None = None,
) -> PlanRecord:
    """A liver plan on a model that was prepared already from the structures of these roles (see `liver_names`).

    asked_margin_mm, limit: what the plan is held against, kept beside the inputs. formulas: of the standard liver
    volume. staging: the steps of a plan that has several. anatomy: what the model was prepared with. asides: what else
    is asked of it, as `planning.case.liver_asides` makes it.
    """
    from planning.case.liver_asides import with_asides
    from planning.liver.plan import plan_resections
    from planning.liver.realise import solved
    from planning.liver.volumetry import DEFAULT_FORMULAS

    # what the program decides is kept with the inputs: the plan can be made again exactly
    resections = [stoppable(partial(solved, model, one), cancel) for one in resections]
    results = plan_resections(
        model,
        resections,
        weight_kg=weight_kg,
        height_cm=height_cm,
        formulas=formulas or DEFAULT_FORMULAS,
        limit=limit,
        staging=staging,
        cancel=cancel,
    )
    used = [named for names in roles.values() for named in names]
    require_ticked(case, used)
    results = with_trust_notes(case, used, results)
    rows = [one.as_json() for one in resections]
    # a plan of one stage says nothing of stages
    for number, stage in enumerate(() if staging is None else staging.of_resection):
        if stage != 1:
            rows[number]["stage"] = stage
    inputs: dict[str, Any] = {
        **{role: list(names) for role, names in roles.items()},
        "resections": rows,
        "weight_kg": weight_kg,
        "height_cm": height_cm,
        **({} if formulas is None else formulas.as_json()),
        **({} if limit is None else limit.as_json()),
    }
    if staging is not None and staging.occlusion is not None:
        inputs["occlusion"] = staging.occlusion.as_json()
    if asked_margin_mm is not None:
        inputs["asked_margin_mm"] = asked_margin_mm
    if anatomy is not None and anatomy.is_said:
        inputs["anatomy"] = anatomy.as_json()
    return with_asides(plan_record(case, name, "liver", inputs, results, source, edited), asides or {})


def with_body_size(
    plan: PlanRecord, weight_kg: float | None, height_cm: float | None, formulas: SizeFormulas | None = None
) -> PlanRecord:
    """The liver plan for another body weight and height; what the resection does stays as it was measured.

    formulas: others than the plan has; None keeps its own. Raises UsageError for a weight or height that no person has.
    """
    from planning.case.liver_asides import asides_of, with_asides
    from planning.liver.limit import RemnantLimit
    from planning.liver.plan import with_body_size as changed
    from planning.liver.volumetry import SizeFormulas

    chosen = formulas or SizeFormulas.from_json(plan.inputs)
    results = changed(plan.results, weight_kg, height_cm, chosen, RemnantLimit.from_json(plan.inputs))
    kept = {key: value for key, value in plan.inputs.items() if key not in ("standard_formula", "surface_formula")}
    inputs = {**kept, "weight_kg": weight_kg, "height_cm": height_cm, **chosen.as_json()}
    return with_asides(replace(plan, inputs=inputs, results=results), asides_of(plan))
