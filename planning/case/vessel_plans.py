"""A vessel plan beyond its two points: ends found, branches, aneurysm, growth. One way for command line, panel, tours.

Every function takes the plan as it is and gives the plan as it shall be; `SetPlan` puts it into the case. The lumen is
`plans.vessel_record`'s; what is read off it is `planning.vessel.beside`'s and is read again after every change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy.typing as npt

from planning.case.document import Document
from planning.case.model import Case, PlanRecord
from planning.case.plans import planning_image, vessel_record, with_edited_lumen
from planning.errors import CaseError, InputError
from planning.files.json_text import parsed_json
from planning.naming import known_names
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.vessel.beside import is_vessel, slim_before, with_readings
from planning.vessel.branches import found_tree, grown, renamed, with_main, with_measures, without
from planning.vessel.edits import LumenEdit
from planning.vessel.ends import Ends, find_ends
from planning.volume import Volume

CORRECTIONS = ("via_mm", "lumen_edits")
CASE_SUFFIX = ".theatrum"
KEPT_INPUTS = ("evar", "comparison", "tree")


def vessel_volume(document: Document, plan: PlanRecord | None = None) -> Volume:
    """The image that a vessel plan was made on; for a new plan the case's first one."""
    name = "" if plan is None else str(plan.inputs.get("image"))
    return document.volume(name if name in document.case.images else planning_image(document.case).name)


def automatic_ends(
    document: Document,
    point_mm: npt.ArrayLike | None = None,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Ends:
    """Both ends of the vessel that holds a point, of the aorta without one."""
    return find_ends(vessel_volume(document), point_mm, progress=progress, cancel=cancel)


def measured_again(
    document: Document,
    plan: PlanRecord | None,
    name: str,
    start_mm: Sequence[float],
    end_mm: Sequence[float],
    *,
    ends: str = "by hand",
    source: str = "command line",
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    **others: Any,
) -> PlanRecord:
    """The plan between two points; what an older `plan` of that name was asked beside is asked of the new sections.

    ends: "automatic" or "by hand", kept beside the points. others: as `vessel_record`; places on the way and edited
    sections are those of the older plan unless they are among them.
    """
    before = {} if plan is None else {key: plan.inputs.get(key) or () for key in CORRECTIONS}
    others = {**before, **others}
    record = vessel_record(document, name, start_mm, end_mm, source=source, progress=progress, cancel=cancel, **others)
    kept = {} if plan is None else {key: plan.inputs[key] for key in KEPT_INPUTS if key in plan.inputs}
    results = dict(record.results)
    if plan is not None and plan.results.get("tree") is not None:
        results["tree"] = with_main(plan.results["tree"], results["centerline_mm"])
    return _read(replace(record, inputs={**record.inputs, "ends": ends, **kept}), results)


def measured_anew(
    document: Document, plan: PlanRecord, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> PlanRecord:
    """The plan with everything measured again from its inputs: the vessel, and sections of the branches that have some.

    Raises CaseError for a plan in a surface from a file, which the case does not hold.
    """
    inputs = plan.inputs
    if inputs.get("mesh"):
        raise CaseError("This plan was measured in a surface from a file", "Measure it again with that file")
    rows = (plan.results.get("tree") or {}).get("branches") or ()
    numbers = [row["id"] for row in rows if row["measured"] is not None and not row["is_main"]]
    record = measured_again(
        document,
        plan,
        plan.name,
        inputs["from_mm"],
        inputs["to_mm"],
        ends=inputs.get("ends", "by hand"),
        structure=inputs.get("structure"),
        step_mm=inputs.get("step_mm", 1.0),
        source=plan.provenance.source,
        progress=part_of(progress, 0.0, 0.5) if numbers else progress,
        cancel=cancel,
    )
    if numbers:
        rest = part_of(progress, 0.5, 1.0)
        record = with_branches_measured(document, record, numbers, progress=rest, cancel=cancel)
    return compared_again(document.case, record)


def with_tree(
    document: Document,
    plan: PlanRecord,
    *,
    measure: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> PlanRecord:
    """The plan with the branches of its vessel, looked for again. measure: sections of each of them too."""
    volume = vessel_volume(document, plan)
    looked = part_of(progress, 0.0, 0.3) if measure else progress
    tree = found_tree(volume, plan.results, progress=looked, cancel=cancel)
    if measure:
        numbers = [row["id"] for row in tree["branches"] if not row["is_main"]]
        step, rest = plan.inputs["step_mm"], part_of(progress, 0.3, 1.0)
        tree = with_measures(volume, tree, plan.results, numbers, step_mm=step, progress=rest, cancel=cancel)
    inputs = {**plan.inputs, "tree": {"edits": []}}
    return _read(replace(plan, inputs=inputs), {**plan.results, "tree": tree})


def with_branches_measured(
    document: Document,
    plan: PlanRecord,
    numbers: Sequence[int],
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> PlanRecord:
    """The plan with sections of these branches."""
    tree = with_measures(
        vessel_volume(document, plan),
        plan.results["tree"],
        plan.results,
        numbers,
        step_mm=plan.inputs["step_mm"],
        progress=progress,
        cancel=cancel,
    )
    return _read(plan, {**plan.results, "tree": tree})


def with_branch_to(
    document: Document,
    plan: PlanRecord,
    point_mm: npt.ArrayLike,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> PlanRecord:
    """The plan with a branch to a clicked point, measured."""
    volume, tree = vessel_volume(document, plan), plan.results.get("tree")
    more = grown(volume, tree, plan.results, point_mm, progress=progress, cancel=cancel)
    end = more["branches"][-1]["end_mm"]
    return _edited(plan, more, {"kind": "add", "branch": more["branches"][-1]["id"], "to_mm": end})


def with_branch_name(plan: PlanRecord, number: int, name: str) -> PlanRecord:
    """The plan with another name of a branch."""
    tree = renamed(plan.results["tree"], number, name)
    return _edited(plan, tree, {"kind": "name", "branch": number, "name": name})


def without_branch(plan: PlanRecord, number: int) -> PlanRecord:
    """The plan without a branch."""
    return _edited(plan, without(plan.results["tree"], number), {"kind": "remove", "branch": number})


def with_lumen_edits(plan: PlanRecord, edits: Sequence[LumenEdit]) -> PlanRecord:
    """The plan with these sections pulled by hand and no others, and all that is read off them."""
    edited = with_edited_lumen(plan, edits)
    return _read(edited, edited.results)


def with_evar(plan: PlanRecord, lowest_renal_mm: Sequence[float] | None) -> PlanRecord:
    """The plan with neck, sac and landing zones below the lowest renal artery; None: from the upper end."""
    place = None if lowest_renal_mm is None else [float(value) for value in lowest_renal_mm]
    return _read(replace(plan, inputs={**plan.inputs, "evar": {"lowest_renal_mm": place}}), plan.results)


def without_evar(plan: PlanRecord) -> PlanRecord:
    """The plan without them."""
    return _without(plan, "evar")


def with_comparison(plan: PlanRecord, label: str, before: Mapping[str, Any], years: float | None) -> PlanRecord:
    """The plan compared with an older vessel's numbers. Raises InputError for what is no vessel plan's numbers."""
    asked = {"with": label, "years": years, "before": slim_before(before)}
    return _read(replace(plan, inputs={**plan.inputs, "comparison": asked}), plan.results)


def with_years(plan: PlanRecord, years: float | None) -> PlanRecord:
    """The same comparison over another time."""
    asked = {**plan.inputs["comparison"], "years": years}
    return _read(replace(plan, inputs={**plan.inputs, "comparison": asked}), plan.results)


def compared_with(case: Case, plan: PlanRecord) -> str:
    """The plan of this case whose numbers a comparison keeps though that plan has others now; "" where it is up to date."""
    asked = plan.inputs.get("comparison") or {}
    other = case.plans.get(str(asked.get("with")))
    if other is None or other.kind != "vessel" or other.name == plan.name:
        return ""
    return "" if slim_before(other.results) == asked["before"] else other.name


def compared_again(case: Case, plan: PlanRecord) -> PlanRecord:
    """The plan compared with the numbers that the case's other plan has now; itself where they are the same."""
    name, asked = compared_with(case, plan), plan.inputs.get("comparison") or {}
    return with_comparison(plan, name, case.plans[name].results, asked["years"]) if name else plan


def without_comparison(plan: PlanRecord) -> PlanRecord:
    """The plan without it."""
    return _without(plan, "comparison")


def vessel_of_case(case: Case, name: str) -> Mapping[str, Any]:
    """The numbers of a vessel plan of this case. Raises CaseError for another or none."""
    plan = case.plans.get(name)
    if plan is None:
        raise CaseError(f"There is no plan named '{name}' in this case", known_names(name, sorted(case.plans)))
    if plan.kind != "vessel":
        raise CaseError(f"The plan '{name}' is a {plan.kind} plan", "Compare with a vessel plan")
    return plan.results


def vessels_of_file(path: Path) -> dict[str, Mapping[str, Any]]:
    """Vessel plans of another study by name: of a .theatrum case, or the one of a .json that --json or export wrote.

    Raises InputError for a file that has none.
    """
    if path.suffix.lower() == CASE_SUFFIX:
        with Document.open(path, read_only=True) as other:
            found = {name: plan.results for name, plan in other.case.plans.items() if plan.kind == "vessel"}
        if not found:
            raise InputError(f"{path.name} has no vessel plan", "Measure the vessel in that case first")
        return found
    try:
        content = parsed_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as a plan", "Write one with --json or export") from error
    results = content.get("results", content) if isinstance(content, dict) else None
    if results is None or not is_vessel(results):
        raise InputError(f"{path} holds no vessel plan", "Write one with --json or export")
    return {str(content.get("plan") or path.stem): dict(results)}


def study_date(path: Path) -> str:
    """The date of the first image of another case as DICOM writes it, "" where there is none. Raises CaseError."""
    with Document.open(path, read_only=True) as other:
        return planning_image(other.case).study.get("study_date", "")


def _read(plan: PlanRecord, results: Mapping[str, Any]) -> PlanRecord:
    return replace(plan, results=with_readings(results, plan.inputs))


def _edited(plan: PlanRecord, tree: Mapping[str, Any], edit: Mapping[str, Any]) -> PlanRecord:
    """The plan with a changed tree; what a person changed is kept beside."""
    asked = plan.inputs.get("tree") or {"edits": []}
    inputs = {**plan.inputs, "tree": {**asked, "edits": [*asked["edits"], dict(edit)]}}
    return _read(replace(plan, inputs=inputs, edited=True), {**plan.results, "tree": tree})


def _without(plan: PlanRecord, key: str) -> PlanRecord:
    inputs = {name: value for name, value in plan.inputs.items() if name != key}
    results = {name: value for name, value in plan.results.items() if name != key}
    return _read(replace(plan, inputs=inputs), results)
