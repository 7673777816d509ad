"""What the liver panel has done in jobs: each a function of plain data that reports progress and can be cancelled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.i18n import tr
from app.panels.liver.cuts import needs_building
from app.panels.liver.draft import LiverDraft
from planning.case.document import Document
from planning.case.model import Case, PlanRecord
from planning.case.trust import require_ticked
from planning.errors import TheatrumError
from planning.geometry import Plane
from planning.kept_steps import KeptSteps
from planning.progress import CancelToken, Progress
from planning.volume import Mask

if TYPE_CHECKING:
    from app.kept_files import KeptFiles
    from planning.liver.model import LiverModel, LiverNumbers
    from planning.liver.regions import Region
    from planning.liver.resection import Resection
    from planning.liver.staging import Occlusion
    from planning.liver.territories import VesselCut


def prepared(
    document: Document,
    roles: Mapping[str, tuple[str, ...]],
    said: Mapping[str, Any] | None,
    before: LiverModel | None,
    files: KeptFiles,
    progress: Progress,
    cancel: CancelToken,
) -> LiverModel:
    """The liver of these structures. before: the same one with other anatomy. files: where slow steps are kept."""
    from planning.liver.anatomy import LiverAnatomy
    from planning.liver.model import LiverModel

    anatomy, steps = LiverAnatomy.from_json(said), KeptSteps(files)
    if before is not None:
        return before.with_anatomy(anatomy.corrections, anatomy.segments, progress=progress, cancel=cancel, steps=steps)

    def masks(names: Iterable[str]) -> list[tuple[str, Mask]]:
        return [(name, document.mask(name)) for name in names if name in document.case.structures]

    used = {name for names in roles.values() for name in names}
    require_ticked(document.case, [name for names in roles.values() for name in names])
    return LiverModel.prepare(
        organ=masks(roles["organ"]),
        tumors=masks(roles["tumors"]),
        portal=masks(roles["portal"]),
        hepatic=masks(roles["hepatic"]),
        others=masks(name for name in document.case.structures if name not in used),
        corrections=anatomy.corrections,
        segments=anatomy.segments,
        progress=progress,
        cancel=cancel,
        steps=steps,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What these resections do on a model, as a hand is told it."""

    cuts: tuple[Resection, ...]
    occlusion: Occlusion | None
    numbers: LiverNumbers
    regions: tuple[Region, ...]
    vessel_cuts: tuple[VesselCut, ...]


def measured(
    prepare: Callable[[Progress, CancelToken], LiverModel],
    cuts: tuple[Resection, ...],
    occlusion: Occlusion | None,
    progress: Progress,
    cancel: CancelToken,
) -> tuple[LiverModel, Measured | None]:
    """The organ made ready and what the draft's resections do on it; None where they must be built first."""
    model = prepare(progress, cancel)
    cancel.raise_if_set()
    if not cuts or needs_building(model, cuts):
        return model, None
    return model, _measured_on(model, cuts, occlusion)


def _measured_on(model: LiverModel, cuts: tuple[Resection, ...], occlusion: Occlusion | None) -> Measured | None:
    try:
        numbers = numbers_of(model, cuts, occlusion)
        return Measured(cuts, occlusion, numbers, model.regions(cuts), model.vessel_cuts(cuts))
    except TheatrumError:
        # said when it is asked for again, where a person can be told
        return None


def numbers_of(model: LiverModel, cuts: tuple[Resection, ...], occlusion: Occlusion | None) -> LiverNumbers:
    """The live numbers. Raises TheatrumError where a resection cannot be made."""
    from planning.liver.stages import occluded_points

    flow = None if occlusion is None else occluded_points(model, occlusion.branches)
    return model.evaluate(cuts, alone=False, only_least=True, occluded=flow)


def proposed(
    model: LiverModel,
    tumor: Any,
    asked_mm: float,
    others: tuple[Resection, ...],
    progress: Progress,
    cancel: CancelToken,
) -> Plane:
    """A plane beyond a tumour with the margin asked for."""
    from planning.liver.proposal import propose_plane

    return propose_plane(model, tumor, asked_mm, others, progress=progress, cancel=cancel)


def built(
    model: LiverModel,
    cuts: tuple[Resection, ...],
    occlusion: Occlusion | None,
    progress: Progress,
    cancel: CancelToken,
) -> Measured | None:
    """Make each resection's region, which the model then keeps, and measure what they do; None where that fails."""
    for number, cut in enumerate(cuts):
        cancel.raise_if_set()
        progress(number / len(cuts), tr("Building the resections"))
        model.regions([cut], cancel)
    cancel.raise_if_set()
    return _measured_on(model, cuts, occlusion)


def recorded(
    case: Case, model: LiverModel, draft: LiverDraft, by_hand: bool, progress: Progress, cancel: CancelToken
) -> PlanRecord:
    """The whole plan, measured."""
    from planning.case.plans import liver_record_of
    from planning.liver.anatomy import LiverAnatomy

    cancel.raise_if_set()
    return liver_record_of(
        case,
        draft.name,
        model,
        draft.roles.as_mapping(),
        draft.resections,
        weight_kg=draft.weight_kg,
        height_cm=draft.height_cm,
        asked_margin_mm=draft.asked_mm,
        limit=draft.limit,
        formulas=draft.formulas,
        staging=draft.staging,
        anatomy=LiverAnatomy.from_json(draft.anatomy),
        asides=draft.asides,
        source="window",
        edited=by_hand,
        cancel=cancel,
    )
