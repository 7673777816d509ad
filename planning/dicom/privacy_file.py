"""One DICOM file in, one without identifiers out, or the reason why it is left out. Runs in the disposable child."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planning.dicom.elements import text
from planning.dicom.header import NATIVE, VOLUME_CLASSES, inflate, open_dataset, quiet_pydicom
from planning.dicom.model import ReadRequest
from planning.dicom.privacy_keys import Pseudonyms, file_name
from planning.dicom.privacy_pixels import plain_pixels, quiet_streams
from planning.dicom.privacy_profile import CODES, PROFILE_CODE, PrivacyOptions, PrivacyRequest, profile
from planning.dicom.privacy_walk import FAULTS, Walk, is_standard_uid
from planning.dicom.privacy_words import names_head
from planning.dicom.quick import BIG, DEFLATED, DEFLATED_FRAME, IMPLICIT
from planning.errors import DicomError

MOST_BYTES = 2 << 30
MOST_TWINS = 99
IMPLEMENTATION_UID = "2.25.155846129117906532905434091421373415261"
DIRECTORY = "1.2.840.10008.1.3.10"
STORAGE = "1.2.840.10008.5.1.4.1.1."
STORAGES = (STORAGE, "1.2.840.10008.5.1.4.34.")
# reports and key objects; documents; raw data, which nobody can look into
# curves of an ECG or a voice, and surfaces: bytes whose sense is not checked here
UNCHECKED = (f"{STORAGE}9.", f"{STORAGE}66.5", f"{STORAGE}68.")
REPORTS, DOCUMENTS, RAW = f"{STORAGE}88.", f"{STORAGE}104.", f"{STORAGE}66"
CAPTURES = f"{STORAGE}7"
# ultrasound, and pictures by visible light: words are drawn into them, and some show faces
DRAWN_ON = (f"{STORAGE}3.", f"{STORAGE}6.", f"{STORAGE}77.")
SCREEN_WORDS = ("SCREEN", "SAVE", "CAPTURE", "DOSE", "REPORT", "SECRT", "TEXT", "PROTOCOL")
HEAD_TEXTS = ("BodyPartExamined", "SeriesDescription", "StudyDescription", "ProtocolName")

LEFT_OUT = {
    "not_dicom": "not DICOM, or damaged",
    "directory": "a DICOMDIR, which names every file",
    "class": "of a kind that the standard does not name",
    "no_uid": "without a number of its own",
    "report": "a structured report; --clean-structured keeps its codes and numbers",
    "document": "a document within DICOM",
    "raw": "raw data of a scanner",
    "unchecked": "curves, sounds or surfaces, whose bytes cannot be checked",
    "burned_in": "a picture that may have a name drawn into it; --keep-burned-in keeps it",
    "packed": "in a compression whose bytes cannot be checked",
    "too_large": f"larger than {MOST_BYTES >> 30} GB",
    "twin": "the same again",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was made. path: below the request's folder. may_show_face: a scan of a head, or of a whole body.

    may_have_words: a picture into which words may be drawn.
    """

    path: str
    modality: str
    may_show_face: bool
    counts: tuple[tuple[int, str, int], ...]
    may_have_words: bool = False


def answer_privacy(request: ReadRequest, send: Callable[[tuple[Any, ...]], None]) -> None:
    """Answer with ("written", number, Written) or ("left out", number, reason) for every file."""
    task = request.privacy
    assert task is not None
    pydicom = quiet_pydicom()
    pydicom.config.settings.writing_validation_mode = pydicom.config.IGNORE
    if task.face:
        from planning.dicom.privacy_face import answer_face

        answer_face(request, send)
        return
    known_bad = dict(request.skip)
    for number, (path, _) in enumerate(request.files):
        if number in known_bad:
            send(("left out", number, "not_dicom"))
            continue
        send(("file", number))
        try:
            send(("written", number, _one(path, task)))
        except DicomError as error:
            send(("left out", number, error.code if error.code in LEFT_OUT else "not_dicom"))
        except (*FAULTS, MemoryError, RecursionError):
            send(("left out", number, "not_dicom"))


def _one(path: str, task: PrivacyRequest) -> Written:
    import pydicom

    if os.path.getsize(path) > MOST_BYTES:
        raise DicomError("it is too large", code="too_large")
    _, _, _, syntax = open_dataset(path)
    if syntax == DEFLATED:
        import io

        source: Any = io.BytesIO(inflate(Path(path).read_bytes()))
    else:
        source = path
    old = pydicom.dcmread(source, force=True)
    judge(old, task.options)
    names = Pseudonyms(task.key)
    patient = next(filter(None, (_said(old, word) for word in ("PatientID", "PatientName", "StudyInstanceUID"))), "")
    walk = Walk(task.options, names, patient)
    new = walk.walked(old)
    may_show_face = any(names_head(_said(old, keyword)) for keyword in HEAD_TEXTS)
    words = may_have_words(old, text(old, "SOPClassUID"))
    # a file of gigabytes must not be held twice
    del old
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
        if not str(new.get(keyword) or ""):
            raise DicomError("it has no number of its own", code="no_uid")
    _pixels(new, syntax)
    _say_what_was_done(new, task)
    made = encoded(new, syntax)
    folders = [
        names.patient(patient),
        file_name(str(new.StudyInstanceUID)),
        file_name(str(new.SeriesInstanceUID)),
    ]
    folder = Path(task.into).joinpath(*folders)
    folder.mkdir(parents=True, exist_ok=True)
    name = _keep(folder, file_name(str(new.SOPInstanceUID)), made)
    # PET is too coarse to know anybody by
    is_volume = VOLUME_CLASSES.get(str(new.SOPClassUID)) in ("CT", "MR")
    return Written(
        path="/".join((*folders, name)),
        modality=str(new.get("Modality") or "OT"),
        may_show_face=is_volume and may_show_face,
        counts=tuple((tag, done, count) for (tag, done), count in walk.counts.items()),
        may_have_words=words,
    )


def _said(dataset: Any, keyword: str) -> str:
    try:
        return text(dataset, keyword)
    except FAULTS:
        return ""


def judge(dataset: Any, options: PrivacyOptions) -> None:
    """Raise DicomError with the reason, a key of LEFT_OUT, for a file that is left out as a whole."""
    sop_class = text(dataset, "SOPClassUID")
    if sop_class == DIRECTORY or "DirectoryRecordSequence" in dataset:
        raise DicomError("it is a directory", code="directory")
    if not is_standard_uid(sop_class) or not sop_class.startswith(STORAGES):
        raise DicomError("its kind is not known", code="class")
    if sop_class == RAW:
        raise DicomError("it is raw data", code="raw")
    if sop_class.startswith(UNCHECKED):
        raise DicomError("its bytes cannot be checked", code="unchecked")
    if sop_class.startswith(DOCUMENTS) or "EncapsulatedDocument" in dataset:
        raise DicomError("it is a document", code="document")
    if sop_class.startswith(REPORTS) and not options.structured:
        raise DicomError("it is a report", code="report")
    if not options.burned_in and may_have_words(dataset, sop_class):
        raise DicomError("words may be drawn into it", code="burned_in")


def may_have_words(dataset: Any, sop_class: str) -> bool:
    """True for pictures into which scanners and people draw words: captures of screens, what says so itself, and, unless
    it says that it has none, ultrasound, photographs and pictures in colour."""
    said = text(dataset, "BurnedInAnnotation").upper()
    if said == "YES" or sop_class == CAPTURES or sop_class.startswith(f"{CAPTURES}."):
        return True
    kinds = text(dataset, "ImageType").upper()
    if any(word in kinds for word in SCREEN_WORDS) or text(dataset, "ConversionType"):
        return True
    samples = dataset.get("SamplesPerPixel")
    return said != "NO" and (sop_class.startswith(DRAWN_ON) or (samples is not None and samples != 1))


def _pixels(dataset: Any, syntax: str) -> None:
    for tag in (0x7FE00008, 0x7FE00009):
        if tag in dataset:
            _cut_floats(dataset, tag)
    if "PixelData" not in dataset:
        return
    from pydicom.dataelem import DataElement

    data = dataset.get_item("PixelData").value
    if not isinstance(data, bytes):
        raise DicomError("its pixels are no bytes", code="not_dicom")
    allocated = int(dataset.get("BitsAllocated") or 16)
    if allocated not in (1, 8, 16, 32, 64):
        raise DicomError("its pixels are of no usual size", code="not_dicom")
    values = int(dataset.Rows) * int(dataset.Columns) * int(dataset.get("SamplesPerPixel") or 1)
    if syntax in NATIVE:
        if str(dataset.get("PhotometricInterpretation")) == "YBR_FULL_422":
            values = values * 2 // 3
        values *= max(1, int(dataset.get("NumberOfFrames") or 1))
        if len(data) < values * allocated // 8:
            raise DicomError("its pixels are shorter than it claims", code="not_dicom")
        stored = int(dataset.get("BitsStored") or allocated)
        high = dataset.get("HighBit")
        data = plain_pixels(
            data,
            bits_allocated=allocated,
            bits_stored=stored,
            high_bit=stored - 1 if high is None else int(high),
            is_signed=bool(dataset.get("PixelRepresentation") or 0),
            values=values,
            big=syntax == BIG,
        )
        made = DataElement(0x7FE00010, "OW" if allocated > 8 or syntax == IMPLICIT else "OB", data)
    else:
        frame_bytes = (values * allocated + 7) // 8
        made = DataElement(0x7FE00010, "OB", quiet_streams(data, syntax, frame_bytes, values if allocated == 1 else 0))
        made.is_undefined_length = True
        for tag in (0x7FE00001, 0x7FE00002):
            # places in frames that were packed anew
            if syntax == DEFLATED_FRAME and tag in dataset:
                del dataset[tag]
    dataset["PixelData"] = made


def _cut_floats(dataset: Any, tag: int) -> None:
    from pydicom.dataelem import DataElement

    kind, width = ("OF", 4) if tag == 0x7FE00008 else ("OD", 8)
    length = int(dataset.Rows) * int(dataset.Columns) * max(1, int(dataset.get("NumberOfFrames") or 1)) * width
    dataset[tag] = DataElement(tag, kind, bytes(dataset.get_item(tag).value)[:length])


def _say_what_was_done(dataset: Any, task: PrivacyRequest) -> None:
    options = task.options
    dataset.SpecificCharacterSet = "ISO_IR 192"
    if not dataset.get("Modality"):
        dataset.Modality = "OT"
    for number, segment in enumerate(dataset.get("SegmentSequence") or (), start=1):
        if not segment.get("SegmentLabel"):
            # its code says what it is; a segment must have a name
            types = segment.get("SegmentedPropertyTypeCodeSequence") or ()
            segment.SegmentLabel = str(types[0].CodeMeaning) if types else f"Segment {number}"
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = [
        f"Theatrum {task.version}",
        f"DICOM PS3.15 {profile().edition} basic profile",
        *(f"with {name}" for name in options.named() if name != "deface"),
    ]
    codes = [PROFILE_CODE, *(CODES[name] for name in options.named() if name in CODES)]
    dataset.DeidentificationMethodCodeSequence = [coded(code) for code in codes]
    dataset.LongitudinalTemporalInformationModified = (
        "UNMODIFIED" if options.dates else "MODIFIED" if options.shifted else "REMOVED"
    )


def coded(code: tuple[str, str]) -> Any:
    """A code of DICOM's own as an item."""
    from pydicom.dataset import Dataset

    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code[0], "DCM", code[1]
    return item


def encoded(dataset: Any, syntax: str) -> bytes:
    """The whole file: an empty preamble, new meta information, the data set in its own transfer syntax."""
    import io

    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import UID

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(str(dataset.SOPClassUID))
    meta.MediaStorageSOPInstanceUID = UID(str(dataset.SOPInstanceUID))
    meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.1" if syntax == DEFLATED else syntax)
    meta.ImplementationClassUID = UID(IMPLEMENTATION_UID)
    meta.ImplementationVersionName = "THEATRUM"
    buffer = io.BytesIO()
    whole = FileDataset(
        buffer,
        dataset,
        file_meta=meta,
        preamble=b"\0" * 128,
        is_implicit_VR=syntax == IMPLICIT,
        is_little_endian=syntax != BIG,
    )
    whole.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _keep(folder: Path, stem: str, content: bytes) -> str:
    """The name under which it lies there now; another file of the same number gets a number of its own."""
    for twin in range(1, MOST_TWINS):
        name = f"{stem}.dcm" if twin == 1 else f"{stem}-{twin}.dcm"
        target = folder / name
        if not target.exists():
            part = folder / f"{name}.part"
            part.write_bytes(content)
            part.replace(target)
            return name
        if target.read_bytes() == content:
            return name
    raise DicomError("too many files have its number", code="not_dicom")


def total(counts: Counter[tuple[int, str]], written: Written) -> None:
    """Add what was done in one file."""
    for tag, done, count in written.counts:
        counts[tag, done] += count
