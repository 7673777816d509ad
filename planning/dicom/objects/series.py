"""The series that results refer to: the scanner's own where a case kept its identifiers, else one without a name."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from planning.dicom.objects.codes import LOCAL_SCHEME, LOCAL_SCHEME_NAME
from planning.dicom.write import EXPLICIT_LITTLE, number_text
from planning.geometry import Grid
from planning.provenance import APPLICATION_VERSION

MR_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.4"
RESEARCH = "Research use only. Not a medical device."
MANUFACTURER = "Theatrum"
NO_NAME = "Anonymous^"
# of the 2.25 root, so that it needs no registration; the same for every version
IMPLEMENTATION = "2.25.211817364052049512236719826051382160"
POSITION = "HFS"


@dataclass(frozen=True, slots=True)
class Person:
    """Who the patient is, as DICOM writes it; all but number and name may be empty. is_named: identifiers were kept."""

    name: str
    number: str
    birth_date: str = ""
    sex: str = ""
    study_date: str = ""
    accession: str = ""
    is_named: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceSeries:
    """The images that results refer to: slice k of `grid` is `instances[k]`.

    is_source: they are the scanner's own, which the archive has; else they must be written beside the results.
    """

    grid: Grid
    modality: str
    study: str
    series: str
    frame_of_reference: str
    sop_class: str
    instances: tuple[str, ...]
    person: Person
    is_source: bool


def new_uid() -> str:
    """A UID of the 2.25 root that nobody had before."""
    return f"2.25.{uuid.uuid4().int}"


def headers(reference: ReferenceSeries) -> list[Any]:
    """A data set for each slice without its pixels, in rising k, with what objects that refer to it copy from it."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import UID

    grid = reference.grid
    orientation = [number_text(float(v)) for v in np.concatenate([grid.direction[:, 0], grid.direction[:, 1]])]
    spacing = [number_text(float(grid.spacing_mm[1])), number_text(float(grid.spacing_mm[0]))]
    found = []
    for k, uid in enumerate(reference.instances):
        one = Dataset()
        one.file_meta = FileMetaDataset()
        one.file_meta.MediaStorageSOPClassUID = UID(reference.sop_class)
        one.file_meta.MediaStorageSOPInstanceUID = UID(uid)
        one.file_meta.TransferSyntaxUID = UID(EXPLICIT_LITTLE)
        one.SpecificCharacterSet = "ISO_IR 192"
        one.SOPClassUID, one.SOPInstanceUID = reference.sop_class, uid
        one.Modality, one.SeriesInstanceUID, one.SeriesNumber = reference.modality, reference.series, 1
        one.InstanceNumber = k + 1
        put_person(one, reference)
        one.FrameOfReferenceUID, one.PositionReferenceIndicator = reference.frame_of_reference, ""
        one.ImageOrientationPatient = orientation
        one.ImagePositionPatient = [number_text(float(v)) for v in grid.to_world((0, 0, k))]
        one.PixelSpacing, one.SliceThickness = spacing, number_text(float(grid.spacing_mm[2]))
        one.Rows, one.Columns = grid.size_ijk[1], grid.size_ijk[0]
        one.SamplesPerPixel, one.PhotometricInterpretation = 1, "MONOCHROME2"
        one.BitsAllocated, one.BitsStored, one.HighBit, one.PixelRepresentation = 16, 16, 15, 1
        found.append(one)
    return found


def put_person(dataset: Any, reference: ReferenceSeries) -> None:
    """Patient and study into a data set."""
    person = reference.person
    dataset.PatientName, dataset.PatientID = person.name, person.number
    dataset.PatientBirthDate, dataset.PatientSex = person.birth_date, person.sex
    dataset.StudyInstanceUID, dataset.StudyID = reference.study, ""
    dataset.StudyDate, dataset.StudyTime = person.study_date, ""
    dataset.AccessionNumber, dataset.ReferringPhysicianName = person.accession, ""
    if not person.is_named:
        dataset.PatientIdentityRemoved = "YES"
        dataset.DeidentificationMethod = "Theatrum: identifiers left out at import, new UIDs"


def new_object(reference: ReferenceSeries, sop_class: str, modality: str, number: int, description: str) -> Any:
    """An empty object of the reference's patient and study, in a series of its own. number: of the series."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import UID

    from planning.provenance import now_utc

    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.MediaStorageSOPClassUID = UID(sop_class)
    made.file_meta.TransferSyntaxUID = UID(EXPLICIT_LITTLE)
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID, made.SOPInstanceUID = sop_class, new_uid()
    made.file_meta.MediaStorageSOPInstanceUID = UID(made.SOPInstanceUID)
    put_person(made, reference)
    made.Modality, made.SeriesInstanceUID = modality, new_uid()
    made.SeriesNumber, made.InstanceNumber = number, 1
    made.SeriesDescription = line(description)
    made.Manufacturer, made.ManufacturerModelName = MANUFACTURER, MANUFACTURER
    made.DeviceSerialNumber, made.SoftwareVersions = "0", APPLICATION_VERSION
    now = now_utc()
    made.ContentDate, made.ContentTime = now[:10].replace("-", ""), now[11:19].replace(":", "")
    made.InstanceCreationDate, made.InstanceCreationTime = made.ContentDate, made.ContentTime
    made.TimezoneOffsetFromUTC = "+0000"
    return made


def line(text: str, most: int = 64) -> str:
    """One line that a long string of DICOM can hold: no backslash, no control characters, not longer than `most`."""
    words = " ".join("".join(" " if c == "\\" or not c.isprintable() else c for c in text).split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def save(dataset: Any, path: Path, reference: ReferenceSeries) -> Path:
    """Write an object with what all of them say: who made it, that nobody is named, that it is for research."""
    from pydicom.uid import UID

    dataset.file_meta.ImplementationClassUID = UID(IMPLEMENTATION)
    dataset.file_meta.ImplementationVersionName = f"THEATRUM {APPLICATION_VERSION}"[:16]
    if not reference.person.is_named:
        put_person(dataset, reference)
    if has_scheme(dataset, LOCAL_SCHEME):
        put_scheme(dataset)
    dataset.save_as(path, enforce_file_format=True)
    return path


def has_scheme(dataset: Any, scheme: str) -> bool:
    """True where a code of this scheme stands anywhere in the object.

    Elements that were put in as bytes (contours' points) stay as they are.
    """
    for element in dataset.values():
        if element.VR == "SQ":
            if any(has_scheme(item, scheme) for item in element.value):
                return True
        elif element.VR == "SH":
            known = dataset[element.tag]
            if known.keyword == "CodingSchemeDesignator" and known.value == scheme:
                return True
    return False


def put_scheme(dataset: Any) -> None:
    """Say what the local scheme is, as DICOM asks for."""
    from pydicom.dataset import Dataset

    item = Dataset()
    item.CodingSchemeDesignator = LOCAL_SCHEME
    item.CodingSchemeName, item.CodingSchemeResponsibleOrganization = LOCAL_SCHEME_NAME, MANUFACTURER
    dataset.CodingSchemeIdentificationSequence = [item]


def instances_of(objects: Sequence[Any]) -> list[Any]:
    """(SOP class, instance) items of a sequence that refers to these objects."""
    from pydicom.dataset import Dataset

    items = []
    for one in objects:
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = one.SOPClassUID, one.SOPInstanceUID
        items.append(item)
    return items
