"""What a TAVR plan tells beside the root, where a person asked for it: a mitral valve's neo-LVOT, the Agatston score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planning.case.document import Document
from planning.case.model import Image, PlanRecord
from planning.errors import CaseError, MeasurementError
from planning.findings import Finding
from planning.progress import CancelToken, Progress, no_progress
from planning.tavr.inputs import TavrInputs


def mitral_of(
    document: Document,
    image: Image,
    inputs: TavrInputs,
    results: Mapping[str, Any],
    *,
    before: PlanRecord | None = None,
    through_beat: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The plan's "mitral" and what has to be said of it; None where no mitral valve was asked for or none can be told.

    before: the plan until now, whose phases are taken over where device, points and annulus are the same. through_beat:
    measures the other phases of a moving scan too. Raises InputError for a device that is not in the catalogue.
    """
    from planning.tavr.mitral_plan import PlanTract, mitral_through_beat

    asked = inputs.mitral
    if asked is None:
        return None, []
    known = None if before is None else before.results.get("mitral")
    if before is not None and known and before.inputs.get("mitral") == dict(asked) and _same_root(before, results):
        found = dict(known)
    else:
        volume = document.volume(image.name, inputs.phase)
        try:
            found = PlanTract.of(volume, results, image.phases[inputs.phase]).neo_lvot(asked)
        except MeasurementError as error:
            text = f"The neo-LVOT was not measured: {error.what[:1].lower()}{error.what[1:]}."
            return None, [Finding("mitral", text).as_json()]
    if through_beat and found["phases"] is None and len(image.phases) > 1 and results.get("phases"):
        found["phases"] = mitral_through_beat(
            lambda phase: document.volume(image.name, phase),
            image.phases,
            inputs.phase,
            asked,
            {**results, "mitral": found},
            progress=progress,
            cancel=cancel,
        )
    through = found["phases"] or {}
    return found, [*found["warnings"], *through.get("warnings", ())]


def _same_root(before: PlanRecord, results: Mapping[str, Any]) -> bool:
    """Whether the tract is the same: annulus and outflow tract as they were."""
    return all(before.results.get(key) == results[key] for key in ("annulus", "lvot"))


def agatston_of(
    document: Document, inputs: TavrInputs, before: PlanRecord | None = None
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The plan's "agatston" and what has to be said of it: the score of a series without contrast, with its place.

    None where nobody asked for it. Raises CaseError for an image that is not in the case, MeasurementError where the
    place or the image cannot be scored.
    """
    asked = inputs.agatston
    if asked is None:
        return None, []
    known = None if before is None else before.results.get("agatston")
    if before is not None and known and before.inputs.get("agatston") == dict(asked):
        return dict(known), list(known["warnings"])
    found = score_of(document, str(asked["image"]), int(asked.get("phase") or 0), asked["center_mm"])
    return found, list(found["warnings"])


def score_of(document: Document, image_name: str, phase: int, center_mm: Any) -> dict[str, Any]:
    """The Agatston score round a point (3,) of an image of the case, with the image that it was read in."""
    from planning.tavr.agatston import agatston_score

    image = document.case.images.get(image_name)
    if image is None or not 0 <= phase < len(image.arrays):
        raise CaseError("The series that calcium is scored in is not in the case", "Choose another series")
    return {
        "image": image_name,
        "phase": phase,
        **agatston_score(document.volume(image_name, phase), center_mm).as_json(),
    }
