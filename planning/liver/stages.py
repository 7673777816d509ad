"""Plans in steps: portal branches occluded, a first and a second resection; what goes and what stays at each.

Every step is the union of all that was resected up to it: margins of stage 2 are those of the union, and what stage 2
removes is what stage 1 had left. Occluded liver has no portal inflow and is not viable in this sense. Growth between
the stages is measured on a later study or not told at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.liver.model import NO_TUMOR, LiverModel, LiverNumbers
from planning.liver.resection import Resection
from planning.liver.staging import Staging
from planning.liver.territories import VesselCut
from planning.naming import known_names

# less of the remnant than this in occluded territory is the border of two branches
OCCLUDED_SHARE = 0.01


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StepNumbers:
    """A liver after one step.

    name: "before" (the occlusion alone), "stage_1" or "stage_2". resections: numbers of those done at this step.
    removed_voxels, removed_tumor_voxels: at this step. numbers: of everything done so far. vessel_cuts: new ones.
    """

    name: str
    resections: tuple[int, ...]
    removed_voxels: int
    removed_tumor_voxels: int
    numbers: LiverNumbers
    vessel_cuts: tuple[VesselCut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OccludedVoxels:
    """voxels: the territory of the occluded branches, tumours counted in. tissue_voxels: its parenchyma; the last step
    keeps `kept_voxels` of it. removed_supplied_voxels: parenchyma that the steps remove though it had portal flow.
    """

    voxels: int
    tissue_voxels: int
    kept_voxels: int
    removed_supplied_voxels: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StagedNumbers:
    """All steps in their order. occluded: None without an occlusion."""

    steps: tuple[StepNumbers, ...]
    occluded: OccludedVoxels | None


def occluded_points(model: LiverModel, branches: Sequence[str]) -> npt.NDArray[np.bool_]:
    """(N,) True for the points of the portal tree in these branches, or segments, and beyond them.

    A stem is occluded where all named branches beyond it are; one that still leads to an open branch feeds what lies
    about it. Raises MeasurementError without a portal tree, and for a name that no branch of it has.
    """
    part = model.portal
    if part is None:
        raise MeasurementError("Nothing can be occluded without a portal tree", "Name the portal vein", "no_portal")
    flags = np.zeros(len(part.branch), dtype=bool)
    by_segment = False
    for name in branches:
        if name in part.names:
            flags |= part.branch == part.names.index(name)
        elif part.segment is not None and name in part.segment_names:
            flags |= part.segment == part.segment_names.index(name)
            by_segment = True
        else:
            known = (*part.names, *(part.segment_names if part.segment is not None else ()))
            hint = known_names(name, known, "The branches are")
            raise MeasurementError(f"There is no portal branch '{name}'", hint, "no_territory")
    named = part.segment if by_segment and part.segment is not None else part.branch
    beyond = part.tree.count_below(named >= 0)
    open_beyond = part.tree.count_below((named >= 0) & ~flags)
    return part.tree.any_above(flags | ((beyond > 0) & (open_beyond == 0)))


def evaluate_stages(
    model: LiverModel, resections: Sequence[Resection], staging: Staging, *, whole: LiverNumbers | None = None
) -> StagedNumbers:
    """The steps of a plan. whole: the numbers of all resections with the occlusion, where they are known already.

    Raises MeasurementError as `occluded_points` and `LiverModel.evaluate` do.
    """
    occlusion = staging.occlusion
    occluded = None if occlusion is None else occluded_points(model, occlusion.branches)
    asked = [("stage_1", staging.up_to(1))]
    if any(stage == 2 for stage in staging.of_resection):
        asked.append(("stage_2", staging.up_to(2)))
    if occlusion is not None and occlusion.way == "before":
        asked.insert(0, ("before", ()))
    steps: list[StepNumbers] = []
    done: tuple[int, ...] = ()
    removed = removed_tumor = 0
    cuts: tuple[VesselCut, ...] = ()
    for name, numbers in asked:
        chosen = [resections[number] for number in numbers]
        found = whole if len(chosen) == len(resections) else None
        found = found or model.evaluate(chosen, alone=False, occluded=occluded)
        met = model.vessel_cuts(chosen)
        steps.append(
            StepNumbers(
                name=name,
                resections=tuple(number for number in numbers if number not in done),
                removed_voxels=found.removed_voxels - removed,
                removed_tumor_voxels=found.removed_tumor_voxels - removed_tumor,
                numbers=found,
                vessel_cuts=tuple(cut for cut in met if not any(_is_same(cut, before) for before in cuts)),
            )
        )
        done, removed, removed_tumor = numbers, found.removed_voxels, found.removed_tumor_voxels
        cuts = (*cuts, *met)
    return StagedNumbers(steps=tuple(steps), occluded=_count_occluded(model, resections, occluded))


def _is_same(cut: VesselCut, before: VesselCut) -> bool:
    """Whether a vessel was cut at this place already."""
    near_mm = max(4.0, before.diameter_mm)
    return cut.name == before.name and float(np.linalg.norm(cut.at_mm - before.at_mm)) <= near_mm


def _count_occluded(
    model: LiverModel, resections: Sequence[Resection], occluded: npt.NDArray[np.bool_] | None
) -> OccludedVoxels | None:
    if occluded is None or model.portal is None:
        return None
    codes = model.codes
    tissue = codes.tumor == NO_TUMOR
    removed = codes.removed(model.voxels.removed(model.regions(resections)))
    closed = tissue & occluded[codes.portal_point]
    return OccludedVoxels(
        voxels=int(np.count_nonzero(occluded[model.portal.nearest])),
        tissue_voxels=int(codes.count[closed].sum()),
        kept_voxels=int((codes.count - removed)[closed].sum()),
        removed_supplied_voxels=int(removed[tissue & ~closed].sum()),
    )


def stage_findings(model: LiverModel, staging: Staging, staged: StagedNumbers) -> tuple[Finding, ...]:
    """What a person must know of the steps beside their numbers."""
    found = []
    if staging.occlusion is None and not staging.up_to(1):
        found.append(Finding("empty_stage", "Nothing is done at stage 1"))
    tissue = model.voxels.count - model.tumor_voxels
    left = 0 if staged.occluded is None else staged.occluded.kept_voxels
    if left > OCCLUDED_SHARE * tissue:
        text = (
            f"{left * model.voxel_ml:.0f} ml of the final remnant lie in the occluded territory: without portal inflow"
        )
        found.append(Finding("occluded_remnant", text))
    return tuple(found)
