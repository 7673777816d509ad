"""From a case and what a person asked to a finished kidney plan: one way for command line, panels and tours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from planning.case.document import Document
from planning.case.model import Case, PlanRecord
from planning.case.plans import WedgeAsked, find_structures, plan_record, refuse_shared
from planning.case.trust import require_ticked, with_trust_notes
from planning.errors import CaseError, UsageError
from planning.kidney.roles import KidneyRoles, guess_kidney
from planning.progress import CancelToken, Progress, no_progress

if TYPE_CHECKING:
    from planning.kidney.model import KidneyModel
    from planning.liver.resection import Resection

KIND = "kidney"
MOST_MARGIN_MM = 50.0


def kidney_roles(
    case: Case,
    *,
    organ: Sequence[str] | None = None,
    tumors: Sequence[str] | None = None,
    sinus: Sequence[str] | None = None,
    artery: Sequence[str] | None = None,
    vein: Sequence[str] | None = None,
) -> KidneyRoles:
    """The case's structure names for each role; None means those that the names speak of.

    Raises CaseError for unknown structures and where there is no kidney, UsageError for one structure in two roles.
    """
    said = {"organ": organ, "tumors": tumors, "sinus": sinus, "artery": artery, "vein": vein}
    named = {role: find_structures(case, names) for role, names in said.items() if names is not None}
    # a kidney that is named decides the side of what is not
    kidney = named.get("organ", ())
    others = [name for name in case.structures if name not in kidney]
    guessed = guess_kidney([*kidney, *others]).as_mapping()
    roles = KidneyRoles(**{**guessed, **named})
    if not roles.organ:
        known = ", ".join(sorted(case.structures)) or "none"
        raise CaseError("No structure of this case is named as a kidney", f"It has: {known}", "structure")
    refuse_shared(roles.as_mapping(), *combinations(("tumors", "sinus", "artery", "vein"), 2))
    for role in ("sinus", "artery", "vein"):
        refuse_shared(roles.as_mapping(), ("organ", role))
    return roles


def roles_of(plan: PlanRecord) -> KidneyRoles:
    """What a kept plan was made of."""
    return KidneyRoles(**{role: tuple(plan.inputs.get(role) or ()) for role in KidneyRoles().as_mapping()})


def kidney_model(
    document: Document,
    roles: KidneyRoles,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> KidneyModel:
    """The kidney of these structures, made ready. Raises MeasurementError, GeometryError, Cancelled."""
    from planning.kidney.model import KidneyModel

    require_ticked(document.case, [name for names in roles.as_mapping().values() for name in names])
    named = {
        role: [(name, document.mask(name)) for name in names if name in document.case.structures]
        for role, names in roles.as_mapping().items()
    }
    used = {name for names in roles.as_mapping().values() for name in names}
    # what a kidney could enclose
    structures = document.case.structures
    most = sum(structures[name].voxel_count for name in roles.organ if name in structures)
    others = [
        (name, document.mask(name))
        for name, structure in structures.items()
        if name not in used and structure.voxel_count < most
    ]
    return KidneyModel.of(**named, others=others, progress=progress, cancel=cancel)


def kidney_record(
    document: Document,
    name: str,
    roles: KidneyRoles,
    resections: Sequence[Resection] = (),
    *,
    wedges: Sequence[WedgeAsked] = (),
    margin_mm: float | None = None,
    clamp: Sequence[str] | None = None,
    source: str = "command line",
) -> PlanRecord:
    """A kidney plan, with or without resections; wedges are for tumours that are numbered only when they are measured."""
    _check_names(document, roles, resections, wedges)
    checked_margin_mm(margin_mm)
    model = kidney_model(document, roles)
    made = [one for asked in wedges for one in asked.of(model)]
    return kidney_record_of(
        document.case, name, model, roles.as_mapping(), [*resections, *made], margin_mm, clamp, source=source
    )


def checked_margin_mm(margin_mm: float | None) -> float:
    """The margin asked for; None is the usual one. Raises UsageError for one that nobody can mean."""
    from planning.kidney.plan import ASKED_MM

    margin = ASKED_MM if margin_mm is None else margin_mm
    if margin > MOST_MARGIN_MM:
        raise UsageError(f"A margin of {margin:g} mm cannot be used", f"Give 0 to {MOST_MARGIN_MM:g} mm")
    return margin


def _check_names(
    document: Document, roles: KidneyRoles, resections: Sequence[Resection], wedges: Sequence[WedgeAsked]
) -> None:
    """Names that cannot be are refused before the kidney is made ready, which takes its time. Raises MeasurementError."""
    from planning.kidney.clamping import KIND as ARTERY
    from planning.kidney.score import tumors_at
    from planning.liver.asked import check_spared, check_territories, check_tumors
    from planning.liver.resection import TerritoryResection

    trees = [ARTERY] if roles.artery else []
    for asked in wedges:
        check_spared(asked.spare, trees)
    for one in resections:
        if isinstance(one, TerritoryResection):
            check_territories(one.names, trees, segments=False)
    if wedges and roles.tumors:
        own, _ = tumors_at(
            *([(name, document.mask(name)) for name in names] for names in (roles.organ, roles.tumors, roles.sinus))
        )
        check_tumors(own, [asked.tumor for asked in wedges])


def kidney_record_of(
    case: Case,
    name: str,
    model: KidneyModel,
    roles: Mapping[str, Sequence[str]],
    resections: Sequence[Resection],
    margin_mm: float | None = None,
    clamp: Sequence[str] | None = None,
    *,
    source: str = "command line",
    edited: bool = False,
) -> PlanRecord:
    """A kidney plan on a model that was prepared already from the structures of these roles.

    margin_mm: asked for, None for the usual. clamp: names of artery branches, None for the proposed ones.
    """
    from planning.kidney.plan import plan_kidney
    from planning.liver.realise import solved

    margin = checked_margin_mm(margin_mm)
    # what the program decides is kept with the inputs: the plan can be made again exactly
    resections = [solved(model, one) for one in resections]
    used = [named for names in roles.values() for named in names]
    require_ticked(case, used)
    results = with_trust_notes(case, used, plan_kidney(model, resections, margin_mm=margin, clamp=clamp))
    inputs: dict[str, Any] = {
        **{role: list(names) for role, names in roles.items()},
        "resections": [one.as_json() for one in resections],
        "asked_margin_mm": margin,
        "clamp": None if clamp is None else list(clamp),
    }
    return plan_record(case, name, KIND, inputs, results, source, edited)
