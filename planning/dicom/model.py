"""Plain facts about DICOM files, small enough to be sent between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.privacy_profile import PrivacyRequest
from planning.findings import Finding
from planning.geometry import Grid
from planning.volume import Volume


@dataclass(frozen=True, slots=True)
class PixelForm:
    """How a file's pixels are stored."""

    transfer_syntax: str
    rows: int
    columns: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    frames: int
    offset: int
    length: int
    padding: float | None = None
    padding_limit: float | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One slice: a file's only image or one frame of a multi-frame file. Numbers are None where absent or not finite.

    is_hu: False where the file calls its values something else than Hounsfield units.
    """

    file: int
    frame: int
    sop_uid: str
    position: tuple[float, ...] | None
    orientation: tuple[float, ...] | None
    spacing: tuple[float, ...] | None
    slope: float
    intercept: float
    has_rescale: bool
    stack: str
    phase_keys: Mapping[str, float]
    is_hu: bool = True


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What one image file says of itself, with a frame for each slice in it.

    study: facts that a case keeps. shown: facts that only the list of series shows (dates, descriptions).
    """

    path: str
    patient: str
    study_uid: str
    series_uid: str
    frame_of_reference: str
    modality: str
    sop_class: str
    description: str
    image_kind: str
    is_volume_class: bool
    is_lossy: bool
    echo: str
    study: Mapping[str, str]
    shown: Mapping[str, str]
    identifiers: Mapping[str, str]
    pixels: PixelForm | None
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that is no image of a patient, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class MiddleSlice:
    """The slice by which a series is shown, with all that is needed to decode it without another look at the rest.

    name: the file as it is listed; its path may be gone when it was in a zip. number counts from 1.
    """

    name: str
    facts: FileFacts
    frame: Frame
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class SeriesInfo:
    """A series as it is listed: geometry, phases, problems in plain words.

    facts: what a person knows a series by, names of people left out (study_description, study_date, age, sex, kernel,
    phase, gated, contrast, patient_position); absent where the files do not say.
    thumbnail: int16 `[row, col]` of the middle slice, at most 256 pixels a side, HU for CT; None where there is none.
    """

    id: str
    index: int
    modality: str
    description: str
    kind: str
    file_count: int
    size_ijk: tuple[int, int, int]
    spacing_mm: tuple[float, ...] | None
    origin_mm: tuple[float, ...] | None
    direction: tuple[tuple[float, ...], ...] | None
    phases: int
    importable: bool
    problems: tuple[Finding, ...]
    fillable: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    thumbnail: npt.NDArray[np.int16] | None = field(default=None, compare=False, repr=False)
    middle: MiddleSlice | None = field(default=None, compare=False, repr=False)

    def as_json(self) -> dict[str, Any]:
        """The contract's entry of `series`."""
        return {
            "id": self.id,
            "index": self.index,
            "modality": self.modality,
            "description": self.description,
            "kind": self.kind,
            "files": self.file_count,
            "size_ijk": list(self.size_ijk),
            "spacing_mm": None if self.spacing_mm is None else list(self.spacing_mm),
            "origin_mm": None if self.origin_mm is None else list(self.origin_mm),
            "direction": None if self.direction is None else [list(row) for row in self.direction],
            "phases": self.phases,
            "importable": self.importable,
            "problems": [problem.as_json() for problem in self.problems],
            "facts": dict(self.facts),
        }

    @property
    def voxel_count(self) -> int:
        """Voxels of one phase."""
        ni, nj, nk = self.size_ijk
        return ni * nj * nk


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Everything found in a folder, zip or file."""

    series: tuple[SeriesInfo, ...]
    skipped: tuple[SkippedFile, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LoadedImage:
    """A series as volumes, one per phase, with what the import had to say.

    volumes: empty where the voxels were delivered in blocks. series: (study UID, series UID, frame of reference UID, SOP
    class, SOP instance UIDs `[phase][k]`), None unless identifiers are kept and each slice is a file as it is.
    """

    name: str
    modality: str
    grid: Grid
    volumes: tuple[Volume, ...]
    phases: tuple[str, ...]
    quantity: str
    source: str
    filled_slices: tuple[int, ...] = ()
    study: Mapping[str, str] = field(default_factory=dict)
    identifiers: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    series: tuple[str, str, str, str, tuple[tuple[str, ...], ...]] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SeriesPreview:
    """One slice of a series as a picture.

    pixels: int16 `[row, col]`, HU where `quantity` says so, else values stretched to 0 … 4095.
    spacing_mm: (between rows, between columns). right, down: unit LPS directions of rising column and row; None where
    the files do not say. slice_number counts from 1.
    """

    pixels: npt.NDArray[np.int16]
    spacing_mm: tuple[float, float]
    slice_number: int
    slice_count: int
    right: tuple[float, float, float] | None
    down: tuple[float, float, float] | None
    quantity: str


@dataclass(frozen=True, slots=True)
class UnpackRequest:
    """Where to, and in which of the two transfer syntaxes without compression that every program may know."""

    into: str
    syntax: str


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What the disposable child is asked for. `series`: None takes the largest importable one; `load` False only lists.

    files: (path to read, name to show). skip: files not to be read, by number, with the reason.
    block_slices: deliver in blocks of so many slices; 0 delivers whole volumes.
    volume: the one file is NIfTI, NRRD or MHA. labels: it is a label map. thumbnails: list with a small picture each.
    middle: decode this slice only; for a volume file, `picture` asks for its middle slice.
    careful: say which file is read before each one, at once. privacy: write them anew without identifiers.
    unpack: write them anew without compression.
    report: tell what a structured report measured. grid: (size, matrix) of the image that labels belong to, for contours and
    surfaces, which have none of their own; with `resample` these may lie between its slices.
    """

    files: tuple[tuple[str, str], ...]
    load: bool
    series: str | int | None = None
    fill_missing: bool = False
    keep_identifiers: bool = False
    skip: tuple[tuple[int, str], ...] = ()
    block_slices: int = 0
    volume: bool = False
    labels: bool = False
    thumbnails: bool = False
    middle: MiddleSlice | None = None
    picture: bool = False
    careful: bool = False
    privacy: PrivacyRequest | None = None
    report: bool = False
    grid: tuple[tuple[int, int, int], list[list[float]]] | None = None
    resample: bool = False
    unpack: UnpackRequest | None = None
