"""Whether a plan's numbers are still those that its case would give: measured by this version, on these structures.

A plan keeps in its provenance what its numbers were measured on: the image's voxels, then the shapes of the structures
that it names (`measured_on`). Nothing is measured here; a plan that does not stand any more says so wherever its numbers
are told, and they stay as they were stored until a person takes new ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from planning.case.accepted import accepted_findings
from planning.case.commands import STRUCTURE_LISTS, STRUCTURE_NAMES
from planning.case.manifest import shape_name
from planning.case.model import Case, Image, PlanRecord
from planning.case.told_names import without_file_names
from planning.case.untrue_slices import untrue_findings
from planning.findings import Finding
from planning.provenance import APPLICATION_VERSION

CODE = "stored_earlier"


@dataclass(frozen=True, slots=True)
class Standing:
    """What came between a plan's numbers and now.

    version: of the program that measured them, "" for this one. changed: the plan's structures that were edited or found
    anew since. gone: those that the case has no more. is_early: by a state of this version that did not yet keep what it
    measured on. outdated: other plans of the case that it is told against by numbers that these have no more.
    """

    version: str = ""
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    is_early: bool = False
    outdated: tuple[str, ...] = ()

    @property
    def is_current(self) -> bool:
        """True where nothing came between."""
        return self == Standing()

    def findings(self) -> tuple[Finding, ...]:
        """The same in sentences, for whoever tells the plan's numbers."""
        found = []
        if self.version:
            text = f"These numbers were measured by version {self.version}; measured again they may differ"
            found.append(Finding(CODE, text))
        elif self.is_early:
            text = "These numbers were measured by an earlier state of this version; measured again they may differ"
            found.append(Finding(CODE, text))
        if self.changed:
            changed = ", ".join(self.changed)
            found.append(Finding(CODE, f"These numbers were measured before a change of: {changed}"))
        if self.gone:
            gone = ", ".join(self.gone)
            found.append(Finding(CODE, f"These numbers were measured on what the case has no more: {gone}"))
        if self.outdated:
            outdated = ", ".join(self.outdated)
            found.append(Finding(CODE, f"These numbers are told against what another plan has no more: {outdated}"))
        return tuple(found)


def structure_names(inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """The structures that a plan of these inputs is measured on, each once."""
    listed = [name for role in STRUCTURE_LISTS for name in inputs.get(role) or ()]
    single = [inputs[role] for role in STRUCTURE_NAMES if inputs.get(role)]
    return tuple(dict.fromkeys((*listed, *single)))


def measured_on(case: Case, image: Image, inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """What names the voxels that a plan follows from: hex SHA-256 of the image's phases, then of each structure's shape."""
    shapes = (_shape(case, name) for name in structure_names(inputs) if name in case.structures)
    return (*(array.sha256 for array in image.arrays), *shapes)


def standing_of(case: Case, plan: PlanRecord) -> Standing:
    """What came between a plan's numbers and its case as it is now."""
    kept = plan.provenance
    version = "" if kept.application_version == APPLICATION_VERSION else kept.application_version
    names = structure_names(plan.inputs)
    there = [name for name in names if name in case.structures]
    voxels = {array.sha256 for image in case.images.values() for array in image.arrays}
    knows_shapes = any(name not in voxels for name in kept.inputs)
    if knows_shapes:
        changed = [name for name in there if _shape(case, name) not in kept.inputs]
    else:
        # plans of before know no shapes: a structure that came to be later than the numbers is another one
        changed = [name for name in there if case.structures[name].provenance.created > kept.created]
    gone = tuple(name for name in names if name not in there)
    return Standing(
        version, tuple(changed), gone, is_early=bool(there) and not knows_shapes, outdated=_outdated(case, plan)
    )


def with_findings(case: Case, plan: PlanRecord) -> PlanRecord:
    """The plan with what came between and slices that are not the scanner's among its warnings, first, and what was let be
    of printed models, last."""
    image = next(iter(case.images.values()), None)
    untrue = () if image is None else untrue_findings(case, image, plan)
    findings = [one.as_json() for one in (*untrue, *standing_of(case, plan).findings())]
    accepted = [one.as_json() for one in accepted_findings(case)]
    if not findings and not accepted:
        return plan
    told = [*findings, *plan.results.get("warnings", ()), *accepted]
    return replace(plan, results={**plan.results, "warnings": told})


def told_plan(case: Case, plan: PlanRecord) -> PlanRecord:
    """The same as it is told to others: other studies' files are not named where no identifier is kept."""
    return without_file_names(case, with_findings(case, plan))


def _outdated(case: Case, plan: PlanRecord) -> tuple[str, ...]:
    if plan.kind == "liver":
        from planning.case.liver_asides import outdated

        return outdated(case, plan)
    if plan.kind == "vessel" and plan.inputs.get("comparison"):
        from planning.case.vessel_plans import compared_with

        name = compared_with(case, plan)
        return (name,) if name else ()
    return ()


def _shape(case: Case, name: str) -> str:
    structure = case.structures[name]
    return shape_name(structure.array, structure.start_ijk)
