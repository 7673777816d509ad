"""A case as JSON. Reading it back, which is strict, is in `reading`; it is loaded only when something is read."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from planning.case.model import (
    AcceptedFault,
    ArrayRef,
    Case,
    Edits,
    Image,
    InVain,
    Measurement,
    PlanRecord,
    SourceSeries,
    StoredPatch,
    Structure,
)
from planning.case.trust import Trust
from planning.geometry import Grid
from planning.provenance import Provenance


def plain(value: Any) -> Any:
    """JSON values only: mappings, lists, numbers, text. NaN and Infinity become null."""
    kind = type(value)
    # a plan is made of tens of thousands of numbers: the usual ones first
    if kind is float:
        return value if math.isfinite(value) else None
    if kind is int or kind is str or kind is bool or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def dumps(value: Any) -> str:
    """Canonical JSON: what is hashed must have one form."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def text_sha256(text: str) -> str:
    """Hex SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def grid_json(grid: Grid) -> dict[str, Any]:
    """A grid as JSON."""
    return {"size_ijk": list(grid.size_ijk), "world_from_index": grid.world_from_index.reshape(-1).tolist()}


def array_json(reference: ArrayRef) -> dict[str, Any]:
    """An array's name as JSON."""
    return {"sha256": reference.sha256, "dtype": reference.dtype, "shape": list(reference.shape)}


def _provenance_json(provenance: Provenance) -> dict[str, Any]:
    return {
        "source": provenance.source,
        "inputs": list(provenance.inputs),
        "application_version": provenance.application_version,
        "created": provenance.created,
    }


def series_json(series: SourceSeries) -> dict[str, Any]:
    """A source series as JSON; the UIDs of a series begin alike, which is written once."""
    uids = sorted(uid for phase in series.instances for uid in phase)
    # what the first and the last in order share, all share
    alike = next((n for n, (one, other) in enumerate(zip(uids[0], uids[-1])) if one != other), len(uids[0]))
    shared = uids[0][:alike]
    return {
        "study": series.study,
        "series": series.series,
        "frame_of_reference": series.frame_of_reference,
        "sop_class": series.sop_class,
        "shared": shared,
        "instances": [[uid.removeprefix(shared) for uid in phase] for phase in series.instances],
    }


def image_json(image: Image) -> dict[str, Any]:
    """An image as JSON; without identifiers it has no series, as in cases of before."""
    return ({} if image.series is None else {"series": series_json(image.series)}) | {
        "name": image.name,
        "modality": image.modality,
        "grid": grid_json(image.grid),
        "arrays": [array_json(item) for item in image.arrays],
        "phases": list(image.phases),
        "quantity": image.quantity,
        "minimum": image.minimum,
        "maximum": image.maximum,
        "filled_slices": list(image.filled_slices),
        "study": dict(image.study),
        "findings": [item.as_json() for item in image.findings],
        "provenance": _provenance_json(image.provenance),
    }


def trust_json(trust: Trust) -> dict[str, Any]:
    """A model's trust in a structure as JSON."""
    return {
        "light": trust.light,
        "confidence": trust.confidence,
        "interval_ml": None if trust.interval_ml is None else list(trust.interval_ml),
        "reasons": [reason.as_json() for reason in trust.reasons],
        "model": trust.model,
        "version": trust.version,
        "licence": trust.licence,
        "weights_sha256": trust.weights_sha256,
        "checked": trust.checked,
    }


def shape_name(array: ArrayRef, start_ijk: tuple[int, int, int]) -> str:
    """Hex SHA-256 that names a stored shape in its place."""
    return text_sha256(f"{array.sha256} {array.shape} {start_ijk}")


def shape_names(edits: Edits) -> list[str]:
    """Names of the stored shape and of what each patch made of it, in order.

    What patches made lies nowhere whole: a hash over the shape's name and the patches', one after another, names it, so
    that equal edits of an equal shape have one name.
    """
    names = [shape_name(edits.base, edits.base_start_ijk)]
    for patch in edits.patches:
        names.append(text_sha256(f"{names[-1]} {patch.sha256} {patch.start_ijk} {patch.size_ijk}"))
    return names


def patch_json(patch: StoredPatch) -> dict[str, Any]:
    """An edit by hand as JSON."""
    return {"start_ijk": list(patch.start_ijk), "size_ijk": list(patch.size_ijk), "sha256": patch.sha256}


def structure_json(structure: Structure) -> dict[str, Any]:
    """A structure as JSON; one that no model found has no trust and no doubt, as in cases of before."""
    found: dict[str, Any] = {} if structure.trust is None else {"trust": trust_json(structure.trust)}
    if structure.doubt is not None:
        found["doubt"] = {
            "start_ijk": list(structure.doubt.start_ijk),
            "array": array_json(structure.doubt.array),
        }
    if structure.locked:
        found["locked"] = True
    if structure.phase:
        found["phase"] = structure.phase
    if structure.edits is not None:
        found["edits"] = {
            "base": array_json(structure.edits.base),
            "base_start_ijk": list(structure.edits.base_start_ijk),
            "patches": [patch_json(patch) for patch in structure.edits.patches],
        }
    return found | {
        "name": structure.name,
        "grid": grid_json(structure.grid),
        "start_ijk": list(structure.start_ijk),
        "array": array_json(structure.array),
        "voxel_count": structure.voxel_count,
        "color": structure.color,
        "source": structure.source,
        "confidence": structure.confidence,
        "provenance": _provenance_json(structure.provenance),
    }


def plan_json(plan: PlanRecord) -> dict[str, Any]:
    """A plan as JSON."""
    return {
        "name": plan.name,
        "kind": plan.kind,
        "inputs": plain(plan.inputs),
        "results": plain(plan.results),
        "created": plan.created,
        "edited": plan.edited,
        "definitions_version": plan.definitions_version,
        "provenance": _provenance_json(plan.provenance),
    }


def measurement_json(measurement: Measurement) -> dict[str, Any]:
    """A measurement as JSON; what only some have is left out of the others, which stay as earlier versions wrote them."""
    content: dict[str, Any] = {
        "name": measurement.name,
        "kind": measurement.kind,
        "points_mm": [list(point) for point in measurement.points_mm],
        "value": measurement.value,
        "unit": measurement.unit,
        "normal": None if measurement.normal is None else list(measurement.normal),
        "outline_mm": [list(point) for point in measurement.outline_mm],
        "unclear": measurement.unclear,
    }
    if measurement.readings:
        content["readings"] = [
            {"name": one.name, "value": one.value, "unit": one.unit, "plus_minus": one.plus_minus}
            for one in measurement.readings
        ]
    for key in ("image", "phase", "color", "slab_mm", "area_unclear"):
        if getattr(measurement, key):
            content[key] = getattr(measurement, key)
    if measurement.label_mm is not None:
        content["label_mm"] = list(measurement.label_mm)
    return content


def accepted_json(fault: AcceptedFault) -> dict[str, Any]:
    """A fault that was let be, as JSON."""
    return {
        "of": fault.of,
        "kind": fault.kind,
        "measure": fault.measure,
        "limit": fault.limit,
        "at_mm": list(fault.at_mm),
    }


def in_vain_json(run: InVain) -> dict[str, Any]:
    """A run that found nothing, as JSON."""
    return {
        "model": run.model,
        "version": run.version,
        "weights_sha256": run.weights_sha256,
        "names": list(run.names),
    }


def case_json(case: Case) -> dict[str, Any]:
    """A case as JSON; what only some have is left out of the others, which stay as earlier versions wrote them."""
    content: dict[str, Any] = {
        "images": [image_json(item) for item in case.images.values()],
        "structures": [structure_json(item) for item in case.structures.values()],
        "plans": [plan_json(item) for item in case.plans.values()],
        "measurements": [measurement_json(item) for item in case.measurements.values()],
        "identifiers": dict(case.identifiers),
        "label": case.label,
    }
    if case.accepted:
        content["accepted"] = [accepted_json(fault) for fault in case.accepted]
    if case.in_vain:
        content["in_vain"] = [in_vain_json(run) for run in case.in_vain]
    return content
