"""From a case to a TAVR plan: the root is found, measured, followed through the phases, and its access measured.

One way for command line, panel, samples and tours. `automatic_inputs` decides what the image tells by itself;
`tavr_record` is the pure road from inputs to numbers. Nothing here changes the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planning.case.commands import AddStructure, Command
from planning.case.document import Document
from planning.case.model import Image, PlanRecord, Structure
from planning.case.plans import plan_record, planning_image
from planning.case.tavr_asides import agatston_of, mitral_of
from planning.errors import CaseError, MeasurementError
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.provenance import Provenance
from planning.registry import canonical_name, structure_style
from planning.tavr.auto.estimate import RootEstimate
from planning.tavr.inputs import TavrInputs
from planning.tavr.phases import SYSTOLE_PERCENT, carried, measure_phases, percent_of
from planning.volume import Volume

if TYPE_CHECKING:
    from planning.access.corrections import Corrected

ROOT_NAME = "aortic_root"
EVERYTHING = frozenset(("access", "phases"))


@dataclass(frozen=True, slots=True, eq=False)
class AutomaticStart:
    """What the image tells by itself. phases: the plan's "phases" where they were followed on the way."""

    inputs: TavrInputs
    estimate: RootEstimate
    phases: Mapping[str, Any] | None


def phase_image(document: Document, phase: int) -> Image:
    """The image that plans are made on. Raises CaseError when it has no such phase."""
    image = planning_image(document.case)
    if not 0 <= phase < len(image.arrays):
        raise CaseError(f"The image has no phase {phase}", f"It has {len(image.arrays)}, counted from 0")
    return image


def likely_systole(labels: tuple[str, ...]) -> int:
    """The phase to begin with: nearest to the middle of systole where labels say percentages, else the first."""
    middle = sum(SYSTOLE_PERCENT) / 2.0
    known = [(abs(percent - middle), n) for n, label in enumerate(labels) if (percent := percent_of(label)) is not None]
    return min(known)[1] if known else 0


def automatic_inputs(
    document: Document,
    phase: int | None = None,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> AutomaticStart:
    """What the image tells by itself; `phase` None takes the one of greatest annulus in systole.

    Raises MeasurementError in plain words when the root is not found.
    """
    from planning.tavr.auto.find import find_root

    labels = planning_image(document.case).phases
    start = likely_systole(labels) if phase is None else phase
    image = phase_image(document, start)
    many = phase is None and len(labels) > 1
    curve = None
    estimate = find_root(
        document.volume(image.name, start), progress=part_of(progress, 0.0, 0.4 if many else 1.0), cancel=cancel
    )
    if many:
        curve = _phases(document, image, start, estimate.hinges_mm, part_of(progress, 0.4, 0.6), cancel)
        if curve["systole"] not in (None, start):
            start = int(curve["systole"])
            volume = document.volume(image.name, start)
            estimate = find_root(volume, progress=part_of(progress, 0.6, 1.0), cancel=cancel)
    inputs = TavrInputs(
        hinges_mm=estimate.hinges_mm,
        hinge_sources=("automatic", "automatic", "automatic"),
        phase=start,
        automatic=estimate.as_json(),
    )
    return AutomaticStart(inputs, estimate, curve)


def tavr_record(
    document: Document,
    name: str,
    inputs: TavrInputs,
    *,
    parts: frozenset[str] = EVERYTHING,
    before: PlanRecord | None = None,
    phases: Mapping[str, Any] | None = None,
    source: str = "command line",
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> PlanRecord:
    """A TAVR plan from what was decided.

    parts: "access" measures the routes, "phases" the annulus in every phase of a moving scan. before: the plan until
    now; parts that do not follow from what changed are taken over from it. phases: as `automatic_inputs` followed them.
    Raises MeasurementError when the points or the image do not allow a measurement.
    """
    image = phase_image(document, inputs.phase)
    progress(0.0, "Measuring the root")
    results = _results(document.volume(image.name, inputs.phase), inputs, image.phases[inputs.phase])
    found = _access(document, inputs, results, parts, before, part_of(progress, 0.2, 0.7), cancel)
    results["access"] = found.access
    results["warnings"] = [*results["warnings"], *found.access.get("warnings", ())]
    known = phases if before is None else before.results.get("phases")
    results["phases"] = carried(known, inputs.phase, inputs.hinges_mm)
    if "phases" in parts and results["phases"] is None and len(image.phases) > 1:
        results["phases"] = measure_beat(document, inputs, progress=part_of(progress, 0.7, 1.0), cancel=cancel)
    through = "phases" in parts
    results["mitral"], of_mitral = mitral_of(
        document, image, inputs, results, before=before, through_beat=through, progress=progress, cancel=cancel
    )
    results["agatston"], of_score = agatston_of(document, inputs, before)
    results["warnings"] = [*results["warnings"], *of_mitral, *of_score]
    kept = {**inputs.as_json(), "lumen_edits": found.lumen_edits or None, "image": image.name}
    return plan_record(document.case, name, "tavr", kept, results, source, inputs.is_edited)


def _results(volume: Volume, inputs: TavrInputs, phase: str) -> dict[str, Any]:
    """The plan's numbers; a refusal of points that nobody placed says so."""
    from planning.tavr.plan import make_tavr_plan

    try:
        return make_tavr_plan(volume, inputs, phase)
    except MeasurementError as error:
        if set(inputs.hinge_sources) != {"automatic"}:
            raise
        what = f"A root was found but cannot be measured: {error.what[:1].lower()}{error.what[1:]}"
        raise MeasurementError(what, "Place the hinges by hand", error.code) from error


def measure_access(
    document: Document,
    inputs: TavrInputs,
    results: Mapping[str, Any],
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Corrected:
    """The access routes on the plan's image: the plan's "access". results: the plan's, for where the aorta begins."""
    from planning.access.plan import find_access

    image = phase_image(document, inputs.phase)
    ascending = results["ascending_aorta"].get("position_mm")
    found = find_access(
        document.volume(image.name, inputs.phase),
        aorta_hint_mm=np.array([results["annulus"]["origin_mm"] if ascending is None else ascending]),
        sheath=inputs.sheath,
        valve=inputs.valve,
        ends=inputs.access,
        progress=progress,
        cancel=cancel,
    )
    return corrected_access(found, inputs)


def measure_route(
    document: Document,
    inputs: TavrInputs,
    access: Mapping[str, Any],
    key: str,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Corrected:
    """The plan's "access" with one route measured again between the ends of `inputs.access`; the others stay.

    Raises MeasurementError where there is no way between them.
    """
    from planning.access.plan import with_route

    volume = document.volume(phase_image(document, inputs.phase).name, inputs.phase)
    ends = (inputs.access or {})[key]
    return corrected_access(with_route(access, volume, key, ends, progress=progress, cancel=cancel), inputs)


def corrected_access(access: Mapping[str, Any], inputs: TavrInputs) -> Corrected:
    """The routes that were measured, with everything that a person decided about them; nothing is measured again."""
    from planning.access.corrections import corrected

    return corrected(
        access, lumen_edits=inputs.lumen_edits, excluded=inputs.excluded, sheath=inputs.sheath, valve=inputs.valve
    )


def measure_beat(
    document: Document, inputs: TavrInputs, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> dict[str, Any]:
    """The annulus in every phase of the plan's image, followed from its hinges: the plan's "phases"."""
    return _phases(document, phase_image(document, inputs.phase), inputs.phase, inputs.hinges_mm, progress, cancel)


def _access(
    document: Document,
    inputs: TavrInputs,
    results: Mapping[str, Any],
    parts: frozenset[str],
    before: PlanRecord | None,
    progress: Progress,
    cancel: CancelToken | None,
) -> Corrected:
    from planning.access.corrections import Corrected

    kept = inputs.as_json()
    known = None if before is None else before.results.get("access")
    # routes do not follow from hinges; another sheath, valve or contour only judges them anew
    if before is not None and known and known.get("sheath_table") is not None and _same_ends(before.inputs, kept):
        return corrected_access(known, inputs)
    if "access" not in parts:
        nothing = {"routes": [], "missing": [{"key": "all", "text": "Access was not measured."}], "sheath": None}
        return Corrected(nothing, kept["lumen_edits"] or {})
    return measure_access(document, inputs, results, progress=progress, cancel=cancel)


def _same_ends(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return all(before.get(key) == now[key] for key in ("phase", "access"))


def _phases(
    document: Document,
    image: Image,
    start: int,
    hinges_mm: FloatArray,
    progress: Progress,
    cancel: CancelToken | None,
) -> dict[str, Any]:
    return measure_phases(
        lambda phase: document.volume(image.name, phase),
        image.phases,
        start,
        hinges_mm,
        _annulus,
        progress=progress,
        cancel=cancel,
    )


def _annulus(volume: Volume, hinges_mm: FloatArray) -> dict[str, Any]:
    """The contract's annulus of hinges that were followed into a phase."""
    from planning.section import Sampler
    from planning.tavr.annulus import find_annulus_wall
    from planning.tavr.frame import annulus_frame, hinge_angles
    from planning.tavr.plan import LIVE_REACH_MM, annulus_json, scan_quality
    from planning.tavr.uncertainty import annulus_uncertainty

    frame = annulus_frame(hinges_mm, volume.grid)
    sampler = Sampler.around(volume, frame.origin_mm[None], LIVE_REACH_MM)
    found = find_annulus_wall(sampler, frame, hinge_angles(frame, hinges_mm))
    contour = found.contour
    poor = bool(scan_quality(contour, volume.grid))
    spread = annulus_uncertainty(found, contour, volume.grid, hinges_mm, ("automatic",) * 3, poor=poor)
    return {**annulus_json(frame, contour), "uncertainty": spread.half_widths}


def root_structure(document: Document, estimate: RootEstimate) -> Command | None:
    """The command that puts the lumen found into the case as "aortic root"; None where the case shows an aorta already."""
    names = {canonical_name(name) for name in document.case.structures}
    if estimate.aorta is None or names & {canonical_name("aorta"), canonical_name(ROOT_NAME)}:
        return None
    start_ijk, array = document.put_mask(estimate.aorta)
    return AddStructure(
        Structure(
            name=ROOT_NAME,
            grid=estimate.aorta.grid,
            start_ijk=start_ijk,
            array=array,
            voxel_count=estimate.aorta.voxel_count,
            color=structure_style("aorta").color,
            source="automatic",
            confidence=estimate.confidence,
            provenance=Provenance(
                "root search", inputs=tuple(array.sha256 for array in planning_image(document.case).arrays)
            ),
        )
    )
