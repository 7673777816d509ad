"""A CT series with a word of its own in every place of a DICOM file that can hold one."""

from __future__ import annotations

import random
import string
from pathlib import Path
from typing import Any

import numpy as np

from planning.dicom.write import write_ct_series
from planning.geometry import Grid
from planning.volume import Volume

KEYWORDS = (
    "PatientName PatientID OtherPatientNames PatientComments PatientAge PatientSex StudyDescription SeriesDescription "
    "InstitutionName InstitutionAddress OperatorsName StationName ProtocolName AccessionNumber StudyID ImageComments "
    "ConvolutionKernel Manufacturer ManufacturerModelName ContrastBolusAgent ScanOptions BodyPartExamined PatientPosition "
    "FilterType RescaleType TextValue RetrieveURL RetrieveAETitle StackID WindowCenterWidthExplanation "
    "DeidentificationMethod Modality DerivationDescription ImageType"
)
# (tag, VR) of values that are written as they are, right or wrong for their kind
RAW = {
    "decimal": (0x00180050, "DS"), "integer": (0x00200012, "IS"), "date": (0x00080021, "DA"), "time": (0x00080031, "TM"),
    "moment": (0x0008002A, "DT"), "bytes": (0x00282000, "OB"), "words": (0x00283006, "OW"), "unknown_kind": (0x00180060, "UN"),
    "unknown_tag": (0x0018FFF0, "LO"), "wrong_kind": (0x00181405, "OB"), "long_code": (0x00080119, "UC"),
    "overlay_text": (0x60000022, "LO"), "overlay_comment": (0x60004000, "LT"), "overlay_bits": (0x60003000, "OW"),
    "curve": (0x50003000, "OW"), "encrypted": (0x04000520, "OB"), "padding": (0xFFFCFFFC, "OB"), "uid": (0x00209161, "UI"),
    "group_length": (0x00080001, "LO"), "person": (0x00700084, "PN"),
}  # fmt: skip
BIRTH, STUDY, UID_ROOT = "19470219", "20211123", "1.2.826.0.1.3680043.8.498.47110815"
JAPANESE = "山田太郎"


def planted_series(folder: Path, volume: Volume | None = None) -> tuple[Path, dict[str, str]]:
    """(the series' folder, word by the place where it was planted). volume: None makes a small one of noise."""
    import pydicom
    from pydicom.dataelem import RawDataElement
    from pydicom.dataset import Dataset
    from pydicom.tag import Tag

    letters = random.Random(7)
    words: dict[str, str] = {}

    def word(place: str) -> str:
        words[place] = "".join(letters.choice(string.ascii_uppercase) for _ in range(10))
        return words[place]

    def raw(dataset: Any, place: str, tag: int, kind: str) -> None:
        dataset[tag] = RawDataElement(Tag(tag), kind, 10, words[place].encode(), 0, False, True, True)

    values = {keyword: word(keyword) for keyword in KEYWORDS.split()}
    for place in (*RAW, "private", "nested", "nested_private", "code", "code_meaning", "item_text", "preamble", "title",
                  "meta_private", "behind_pixels", "file", "folder"):  # fmt: skip
        word(place)
    target = folder / words["folder"]
    if volume is None:
        grid = Grid.from_parts((20, 18, 6), (1.5, 1.5, 2.0))
        volume = Volume(grid, np.random.default_rng(0).normal(70, 18, grid.shape_kji).astype(np.int16))
    for number, path in enumerate(write_ct_series(volume, target)):
        with pydicom.config.disable_value_validation():
            data = pydicom.dcmread(path)
            data.SpecificCharacterSet = ["", "ISO 2022 IR 87"] if number == 0 else "ISO_IR 192"
            for keyword, value in values.items():
                setattr(data, keyword, value)
            data.PatientName = f"{values['PatientName']}^A={JAPANESE}"
            data.PatientBirthDate, data.StudyDate, data.StudyInstanceUID = BIRTH, STUDY, f"{UID_ROOT}.1"
            data.SeriesInstanceUID, data.FrameOfReferenceUID = f"{UID_ROOT}.2", f"{UID_ROOT}.3"
            data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = f"{UID_ROOT}.4.{number}"
            for place, (tag, kind) in RAW.items():
                raw(data, place, tag, kind)
            data.private_block(0x0045, "ACME", create=True).add_new(1, "LO", words["private"])
            inner, coded, outer, item = Dataset(), Dataset(), Dataset(), Dataset()
            inner.PersonName = words["nested"]
            inner.private_block(0x0045, "ACME", create=True).add_new(1, "LO", words["nested_private"])
            inner.ReferencedSOPInstanceUID = f"{UID_ROOT}.4.{(number + 1) % 6}"
            coded.CodeValue, coded.CodingSchemeDesignator, coded.CodeMeaning = (
                words["code"],
                "99X",
                words["code_meaning"],
            )
            outer.ReferencedImageSequence, outer.AnatomicRegionSequence = [inner], [coded]
            data.RequestAttributesSequence, data.SourceImageSequence = [outer], [inner]
            data.AnatomicRegionSequence = [coded]
            item.TextValue, item.ReferencedImageSequence = words["item_text"], [inner]
            data.ReferencedSeriesSequence = [item]
            data.PixelData = data.PixelData + words["behind_pixels"].encode()
            data.preamble = words["preamble"].encode().ljust(128, b"\0")
            data.file_meta.SourceApplicationEntityTitle = words["title"]
            data.file_meta.PrivateInformationCreatorUID = "1.2.3"
            data.file_meta.PrivateInformation = words["meta_private"].encode()
            data.save_as(target / f"{words['file']}{number}.dcm")
        path.unlink()
    words |= {"birth date": BIRTH, "study date": STUDY, "old UID": UID_ROOT, "japanese": JAPANESE}
    return target, words
