"""What a case holds. Immutable and small: pixels stay in the store, named by their hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from planning.case.trust import Trust
from planning.findings import Finding
from planning.geometry import Grid
from planning.measure.reading import Reading
from planning.provenance import Provenance


@dataclass(frozen=True, slots=True)
class ArrayRef:
    """An array in the case file. sha256 is over its little-endian bytes; dtype is numpy's name; shape is [k, j, i]."""

    sha256: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SourceSeries:
    """The DICOM series that an image came from, slice by slice, kept on purpose so that results can refer to it.

    instances: SOP instance UIDs `[phase][k]`, one file for each slice of the image's grid.
    """

    study: str
    series: str
    frame_of_reference: str
    sop_class: str
    instances: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Image:
    """A volume or a series of phases on one grid.

    arrays: one per phase. phases: their labels ("35 %"), "" for the only one.
    quantity: "HU", "SUV" or "". study: kept facts without identifiers (kernel, slice thickness, age, sex …).
    findings: what the import had to say; they follow the image into every report. series: where it came from, None where
    identifiers were dropped or slices were made (filled, straightened).
    """

    name: str
    modality: str
    grid: Grid
    arrays: tuple[ArrayRef, ...]
    phases: tuple[str, ...] = ("",)
    quantity: str = "HU"
    minimum: float | None = None
    maximum: float | None = None
    filled_slices: tuple[int, ...] = ()
    study: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    findings: tuple[Finding, ...] = ()
    provenance: Provenance
    series: SourceSeries | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Where the model that found a structure is not sure of its boundary: uint8 0/1 voxels of a box on its grid."""

    start_ijk: tuple[int, int, int]
    array: ArrayRef


@dataclass(frozen=True, slots=True)
class StoredPatch:
    """An edit by hand in the file: which voxels of a box changed, as bits of `planning.by_hand.patches.Patch`."""

    start_ijk: tuple[int, int, int]
    size_ijk: tuple[int, int, int]
    sha256: str

    @property
    def array(self) -> ArrayRef:
        """The packed bits."""
        ni, nj, nk = self.size_ijk
        return ArrayRef(self.sha256, "uint8", (nk, nj, -(-ni // 8)))


@dataclass(frozen=True, slots=True)
class Edits:
    """What was edited by hand since a shape was stored whole: the shape with its box, and patches, newest last."""

    base: ArrayRef
    base_start_ijk: tuple[int, int, int]
    patches: tuple[StoredPatch, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Structure:
    """A segmented part of the body: a mask cropped to its box on an image's grid.

    array: uint8 0/1 voxels of the box. start_ijk: the box's first voxel on `grid`.
    edits: where it was edited by hand; `array` then names what came of them (`manifest.shape_names`) and its box, which
    lies nowhere whole. locked: a person wants it left alone.
    source: "imported", "automatic", "painted", "edited". confidence: 0 … 1 or None. trust: of a model's, else None.
    doubt: of a model's, None where it is sure everywhere. phase: of a moving scan, in words, in which it was made.
    """

    name: str
    grid: Grid
    start_ijk: tuple[int, int, int]
    array: ArrayRef
    voxel_count: int
    color: str
    source: str = "imported"
    confidence: float | None = None
    provenance: Provenance
    trust: Trust | None = None
    doubt: Doubt | None = None
    locked: bool = False
    edits: Edits | None = None
    phase: str = ""

    @property
    def arrays(self) -> tuple[ArrayRef, ...]:
        """All that lies in the file of it."""
        doubt = () if self.doubt is None else (self.doubt.array,)
        if self.edits is None:
            return (self.array, *doubt)
        return (self.edits.base, *(patch.array for patch in self.edits.patches), *doubt)

    @property
    def volume_ml(self) -> float:
        """Voxel count times voxel volume."""
        return self.voxel_count * self.grid.voxel_mm3 / 1000.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PlanRecord:
    """A plan: what was asked (`inputs`) and what came out (`results`, the contract's JSON keys).

    kind: "tavr", "vessel", "liver" or "kidney". edited: a person changed an automatic input.
    Both mappings hold JSON values only; results follow from inputs by one pure function.
    """

    name: str
    kind: str
    inputs: Mapping[str, Any]
    results: Mapping[str, Any]
    created: str
    edited: bool = False
    definitions_version: int = 1
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Measurement:
    """A measurement taken by hand: kind and points in LPS mm as in `planning.measure.kinds`, value with unit.

    normal: of the plane it was taken in, None where that was not kept. outline_mm: the edge found in that plane, if any.
    unclear: share of that edge without a clear place in the image, None where no edge stands behind the points as they are.
    area_unclear: that share once a hand has moved the points: the area is of the edge all the same.
    readings: what the image says inside a region or at a place, as it was when the points were put. image, phase: which
    image that was, and which of its phases in words. color: "#RRGGBB", "" for the common one. label_mm: from its middle to
    where a hand has put its words, None where they find their own place. slab_mm: thickness of the slab that the pane
    showed when it was drawn, 0 for plain slices; numbers are of the plane all the same.
    """

    name: str
    kind: str
    points_mm: tuple[tuple[float, float, float], ...]
    value: float
    unit: str
    normal: tuple[float, float, float] | None = None
    outline_mm: tuple[tuple[float, float, float], ...] = ()
    unclear: float | None = None
    readings: tuple[Reading, ...] = ()
    image: str = ""
    phase: str = ""
    color: str = ""
    label_mm: tuple[float, float, float] | None = None
    slab_mm: float = 0.0
    area_unclear: float = 0.0


@dataclass(frozen=True, slots=True)
class AcceptedFault:
    """A fault of a printed model that a person saw and let be. of: the object. kind, measure, limit: as of
    `planning.printing.faults`. at_mm: LPS."""

    of: str
    kind: str
    measure: float
    limit: float | None
    at_mm: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class InVain:
    """A model's run that found none of what was asked for. names: the model's own. weights_sha256: which network it was."""

    model: str
    version: str
    weights_sha256: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Case:
    """All of one patient's images, structures, plans and measurements, by name, in insertion order.

    accepted: faults of printed models that were let be. in_vain: runs of models that found nothing.
    """

    images: Mapping[str, Image] = field(default_factory=lambda: MappingProxyType({}))
    structures: Mapping[str, Structure] = field(default_factory=lambda: MappingProxyType({}))
    plans: Mapping[str, PlanRecord] = field(default_factory=lambda: MappingProxyType({}))
    measurements: Mapping[str, Measurement] = field(default_factory=lambda: MappingProxyType({}))
    identifiers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    label: str = ""
    accepted: tuple[AcceptedFault, ...] = ()
    in_vain: tuple[InVain, ...] = ()

    @property
    def identifiers_kept(self) -> bool:
        """True when the import was told to keep the patient's identity."""
        return bool(self.identifiers) or any(image.series is not None for image in self.images.values())
