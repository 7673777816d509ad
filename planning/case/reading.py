"""JSON as a case. Strict: an unknown or missing field is a damaged or newer file, never a guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, ValidationError

from planning.case.model import (
    AcceptedFault,
    ArrayRef,
    Case,
    Doubt,
    Edits,
    Image,
    InVain,
    Measurement,
    PlanRecord,
    SourceSeries,
    StoredPatch,
    Structure,
)
from planning.case.schema import damaged
from planning.case.trust import Trust
from planning.errors import GeometryError
from planning.findings import Finding
from planning.geometry import Grid
from planning.measure.reading import Reading
from planning.provenance import Provenance

Built = TypeVar("Built")
Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
UID_FORM = r"[0-9][0-9.]{0,63}"
Uid = Annotated[str, Field(pattern=rf"^{UID_FORM}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArrayJson(_Strict):
    """An array in the file."""

    sha256: Hex
    dtype: Literal["int16", "uint16", "float32", "uint8"]
    shape: tuple[int, int, int]


class GridJson(_Strict):
    """A grid; the matrix row by row."""

    size_ijk: tuple[int, int, int]
    world_from_index: tuple[float, ...] = Field(min_length=16, max_length=16)


class FindingJson(_Strict):
    """A warning that stays with what it is about."""

    code: str
    text: str


class ProvenanceJson(_Strict):
    """Where something came from."""

    source: str
    inputs: tuple[str, ...]
    application_version: str
    created: str


class SeriesJson(_Strict):
    """The DICOM series of an image; `shared` begins each of the instances."""

    study: Uid
    series: Uid
    frame_of_reference: Uid
    sop_class: Uid
    shared: str = Field(max_length=64)
    instances: tuple[tuple[str, ...], ...]


class ImageJson(_Strict):
    """An image and its phases."""

    name: str
    modality: str
    grid: GridJson
    arrays: tuple[ArrayJson, ...] = Field(min_length=1)
    phases: tuple[str, ...]
    quantity: str
    minimum: float | None
    maximum: float | None
    filled_slices: tuple[int, ...]
    study: dict[str, str]
    findings: tuple[FindingJson, ...]
    provenance: ProvenanceJson
    series: SeriesJson | None = None


class TrustJson(_Strict):
    """How far a model's structure can be believed."""

    light: Literal["green", "amber", "red"]
    confidence: float | None
    interval_ml: tuple[float, float] | None
    reasons: tuple[FindingJson, ...]
    model: str
    version: str
    licence: str
    weights_sha256: str
    checked: bool | None


class DoubtJson(_Strict):
    """Where a model is not sure of a structure."""

    start_ijk: tuple[int, int, int]
    array: ArrayJson


class PatchJson(_Strict):
    """An edit by hand."""

    start_ijk: tuple[NonNegativeInt, NonNegativeInt, NonNegativeInt]
    size_ijk: tuple[PositiveInt, PositiveInt, PositiveInt]
    sha256: Hex


class EditsJson(_Strict):
    """What was edited by hand since a shape was stored whole."""

    base: ArrayJson
    base_start_ijk: tuple[NonNegativeInt, NonNegativeInt, NonNegativeInt]
    patches: tuple[PatchJson, ...] = Field(min_length=1)


class EditJson(_Strict):
    """The parameters of a step that edits a structure by hand."""

    name: str
    patch: PatchJson
    array: ArrayJson
    start_ijk: tuple[NonNegativeInt, NonNegativeInt, NonNegativeInt]
    voxel_count: NonNegativeInt
    source: str
    said: str


class StructureJson(_Strict):
    """A structure's mask in its box."""

    name: str
    grid: GridJson
    start_ijk: tuple[int, int, int]
    array: ArrayJson
    voxel_count: int
    color: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$")
    source: str
    confidence: float | None
    provenance: ProvenanceJson
    trust: TrustJson | None = None
    doubt: DoubtJson | None = None
    locked: bool = False
    edits: EditsJson | None = None
    phase: str = ""


class PlanJson(_Strict):
    """A plan's inputs and results."""

    name: str
    kind: str
    inputs: dict[str, Any]
    results: dict[str, Any]
    created: str
    edited: bool
    definitions_version: int
    provenance: ProvenanceJson


class ReadingJson(_Strict):
    """A number that the image gave a measurement."""

    name: str
    value: float
    unit: str
    plus_minus: float | None = None


class MeasurementJson(_Strict):
    """A measurement taken by hand."""

    name: str
    kind: str
    points_mm: tuple[tuple[float, float, float], ...]
    value: float
    unit: str
    # cases of earlier versions have no planes
    normal: tuple[float, float, float] | None = None
    outline_mm: tuple[tuple[float, float, float], ...] = ()
    unclear: float | None = None
    readings: tuple[ReadingJson, ...] = ()
    image: str = ""
    phase: str = ""
    color: str = ""
    label_mm: tuple[float, float, float] | None = None
    slab_mm: float = 0.0
    area_unclear: float = 0.0


class AcceptedJson(_Strict):
    """A fault of a printed model that was let be."""

    of: str
    kind: str
    measure: float
    limit: float | None
    at_mm: tuple[float, float, float]


class InVainJson(_Strict):
    """A model's run that found nothing."""

    model: str
    version: str
    weights_sha256: str
    names: tuple[str, ...]


class CaseJson(_Strict):
    """A whole case; lists keep the order of the case."""

    images: tuple[ImageJson, ...]
    structures: tuple[StructureJson, ...]
    plans: tuple[PlanJson, ...]
    measurements: tuple[MeasurementJson, ...]
    identifiers: dict[str, str]
    label: str
    accepted: tuple[AcceptedJson, ...] = ()
    in_vain: tuple[InVainJson, ...] = ()


def _grid(value: GridJson) -> Grid:
    return Grid(value.size_ijk, np.array(value.world_from_index).reshape(4, 4))


def _array(value: ArrayJson) -> ArrayRef:
    return ArrayRef(value.sha256, value.dtype, value.shape)


def _provenance(value: ProvenanceJson) -> Provenance:
    return Provenance(value.source, value.inputs, value.application_version, value.created)


def _series(value: SeriesJson, image: ImageJson) -> SourceSeries:
    instances = tuple(tuple(f"{value.shared}{end}" for end in phase) for phase in value.instances)
    if [len(phase) for phase in instances] != [image.grid.size_ijk[2]] * len(image.arrays):
        raise damaged("slices and the files they came from differ in number")
    if not all(re.fullmatch(UID_FORM, uid) for phase in instances for uid in phase):
        raise damaged("a file that a slice came from is not named as DICOM does")
    return SourceSeries(value.study, value.series, value.frame_of_reference, value.sop_class, instances)


def _image(value: ImageJson) -> Image:
    if len(value.arrays) != len(value.phases):
        raise damaged("phases and voxels differ in number")
    return Image(
        name=value.name,
        modality=value.modality,
        grid=_grid(value.grid),
        arrays=tuple(map(_array, value.arrays)),
        phases=value.phases,
        quantity=value.quantity,
        minimum=value.minimum,
        maximum=value.maximum,
        filled_slices=value.filled_slices,
        study=MappingProxyType(dict(value.study)),
        findings=tuple(Finding(item.code, item.text) for item in value.findings),
        provenance=_provenance(value.provenance),
        series=None if value.series is None else _series(value.series, value),
    )


def _structure(value: StructureJson) -> Structure:
    return Structure(
        name=value.name,
        grid=_grid(value.grid),
        start_ijk=value.start_ijk,
        array=_array(value.array),
        voxel_count=value.voxel_count,
        color=value.color,
        source=value.source,
        confidence=value.confidence,
        provenance=_provenance(value.provenance),
        trust=None if value.trust is None else _trust(value.trust),
        doubt=None if value.doubt is None else Doubt(value.doubt.start_ijk, _array(value.doubt.array)),
        locked=value.locked,
        edits=None if value.edits is None else _edits(value.edits),
        phase=value.phase,
    )


def _edits(value: EditsJson) -> Edits:
    return Edits(_array(value.base), value.base_start_ijk, tuple(map(_patch, value.patches)))


def _patch(value: PatchJson) -> StoredPatch:
    return StoredPatch(value.start_ijk, value.size_ijk, value.sha256)


def edit_from_json(value: Any) -> dict[str, Any]:
    """What a step that edits a structure is made of, by its fields. Raises CaseError when it does not have the form."""

    def build() -> dict[str, Any]:
        read = EditJson.model_validate(value)
        plain = read.model_dump(exclude={"patch", "array"})
        return {**plain, "patch": _patch(read.patch), "array": _array(read.array)}

    return _checked(build)


def _trust(value: TrustJson) -> Trust:
    return Trust(
        light=value.light,
        confidence=value.confidence,
        interval_ml=value.interval_ml,
        reasons=tuple(Finding(item.code, item.text) for item in value.reasons),
        model=value.model,
        version=value.version,
        licence=value.licence,
        weights_sha256=value.weights_sha256,
        checked=value.checked,
    )


def _plan(value: PlanJson) -> PlanRecord:
    return PlanRecord(
        name=value.name,
        kind=value.kind,
        inputs=value.inputs,
        results=value.results,
        created=value.created,
        edited=value.edited,
        definitions_version=value.definitions_version,
        provenance=_provenance(value.provenance),
    )


def _measurement(value: MeasurementJson) -> Measurement:
    return Measurement(
        name=value.name,
        kind=value.kind,
        points_mm=value.points_mm,
        value=value.value,
        unit=value.unit,
        normal=value.normal,
        outline_mm=value.outline_mm,
        unclear=value.unclear,
        readings=tuple(Reading(one.name, one.value, one.unit, one.plus_minus) for one in value.readings),
        image=value.image,
        phase=value.phase,
        color=value.color,
        label_mm=value.label_mm,
        slab_mm=value.slab_mm,
        area_unclear=value.area_unclear,
    )


def image_from_json(value: Any) -> Image:
    """An image from JSON. Raises CaseError when it does not have the form."""
    return _checked(lambda: _image(ImageJson.model_validate(value)))


def structure_from_json(value: Any) -> Structure:
    """A structure from JSON. Raises CaseError when it does not have the form."""
    return _checked(lambda: _structure(StructureJson.model_validate(value)))


def plan_from_json(value: Any) -> PlanRecord:
    """A plan from JSON. Raises CaseError when it does not have the form."""
    return _checked(lambda: _plan(PlanJson.model_validate(value)))


def measurement_from_json(value: Any) -> Measurement:
    """A measurement from JSON. Raises CaseError when it does not have the form."""
    return _checked(lambda: _measurement(MeasurementJson.model_validate(value)))


def accepted_from_json(value: Any) -> AcceptedFault:
    """A fault that was let be, from JSON. Raises CaseError when it does not have the form."""
    return _checked(lambda: _accepted(AcceptedJson.model_validate(value)))


def _accepted(row: AcceptedJson) -> AcceptedFault:
    return AcceptedFault(row.of, row.kind, row.measure, row.limit, row.at_mm)


def in_vain_from_json(value: Any) -> InVain:
    """A run that found nothing, from JSON. Raises CaseError when it does not have the form."""
    return _checked(lambda: _in_vain(InVainJson.model_validate(value)))


def _in_vain(row: InVainJson) -> InVain:
    return InVain(row.model, row.version, row.weights_sha256, row.names)


def case_from_json(value: Any) -> Case:
    """A case from JSON. Raises CaseError when it does not have the form or two things share a name."""

    def build() -> Case:
        whole = CaseJson.model_validate(value)
        return Case(
            images=_by_name([_image(item) for item in whole.images]),
            structures=_by_name([_structure(item) for item in whole.structures]),
            plans=_by_name([_plan(item) for item in whole.plans]),
            measurements=_by_name([_measurement(item) for item in whole.measurements]),
            identifiers=MappingProxyType(dict(whole.identifiers)),
            label=whole.label,
            accepted=tuple(map(_accepted, whole.accepted)),
            in_vain=tuple(map(_in_vain, whole.in_vain)),
        )

    return _checked(build)


def _by_name(items: list[Any]) -> Mapping[str, Any]:
    named = {item.name: item for item in items}
    if len(named) != len(items):
        raise damaged("two things share a name")
    return MappingProxyType(named)


def _checked(build: Callable[[], Built]) -> Built:
    try:
        return build()
    except (ValidationError, GeometryError, ValueError) as error:
        raise damaged("its contents do not have the form of a case") from error
