"""Pictures in colour, packed in every way: the same pixels without the words beside them, or left out; never passed on unread."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydicom
import pytest
from byte_search import found_in
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from planning.dicom.model import ReadRequest
from planning.dicom.privacy import Made, _add, deidentify
from planning.dicom.privacy_file import answer_privacy
from planning.dicom.privacy_pixels import quiet_streams
from planning.dicom.privacy_profile import PrivacyOptions, PrivacyRequest
from planning.dicom.privacy_report import told
from planning.errors import DicomError, InputError

pytestmark = pytest.mark.filterwarnings("ignore")
WORD = b"QXZVKWPLMR"
CAPTURE, ULTRASOUND = "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.6.1"
JPEG, JPEG_LS, WAVELETS, RLE = (f"1.2.840.10008.1.2.{n}" for n in ("4.50", "4.80", "4.90", "5"))
MPEG4, DEFLATED_FRAMES = "1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.8.1"


def _pixels() -> npt.NDArray[np.uint8]:
    """(2, 72, 64, 3): two frames of runs and of noise."""
    made = np.random.default_rng(4).integers(0, 256, (2, 72, 64, 3)).astype(np.uint8)
    made[:, :30] = 90
    return made


def _items(contents: list[bytes]) -> bytes:
    return b"".join(
        b"\xfe\xff\x00\xe0" + struct.pack("<I", len(one) + len(one) % 2) + one + b"\0" * (len(one) % 2)
        for one in contents
    )


def _jpeg() -> list[bytes]:
    frames = []
    for frame in _pixels():
        made = io.BytesIO()
        Image.fromarray(frame).save(made, "JPEG", quality=90, comment=WORD)
        code = made.getvalue()
        # a small picture within JFIF's own part, an application's part, and bytes behind the end
        size = struct.unpack(">H", code[4:6])[0]
        code = code[:4] + struct.pack(">H", size + len(WORD)) + code[6 : 4 + size] + WORD + code[4 + size :]
        other = b"\xff\xed" + struct.pack(">H", 2 + len(WORD)) + WORD
        frames.append(code[:2] + code[2 : 4 + size + len(WORD)] + other + code[4 + size + len(WORD) :] + WORD)
    return frames


def _encoded(syntax: str) -> list[bytes]:
    """The frames as pydicom packs them."""
    dataset = _object(b"", syntax, CAPTURE)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.PixelData = _pixels().tobytes()
    dataset["PixelData"].VR = "OB"
    dataset.compress(UID(syntax), encoding_plugin="", generate_instance_uid=False)
    return list(pydicom.encaps.generate_frames(dataset.PixelData, number_of_frames=2))


def _object(data: bytes, syntax: str, sop_class: str) -> Dataset:
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = UID(syntax)
    made.file_meta.MediaStorageSOPClassUID, made.file_meta.MediaStorageSOPInstanceUID = UID(sop_class), UID("1.2.3.4")
    made.SOPClassUID, made.SOPInstanceUID, made.Modality = sop_class, "1.2.3.4", "US"
    made.StudyInstanceUID, made.SeriesInstanceUID, made.PatientID = "1.2.3.1", "1.2.3.2", "17"
    made.Rows, made.Columns, made.SamplesPerPixel, made.NumberOfFrames = 72, 64, 3, 2
    made.PhotometricInterpretation = "YBR_FULL_422" if syntax == JPEG else "RGB"
    made.PlanarConfiguration, made.BitsAllocated, made.BitsStored, made.HighBit = 0, 8, 8, 7
    made.PixelRepresentation = 0
    made.PixelData = data
    made["PixelData"].VR, made["PixelData"].is_undefined_length = "OB", True
    return made


PACKED: dict[str, tuple[str, Callable[[], list[bytes]]]] = {
    "JPEG": (JPEG, _jpeg),
    "JPEG 2000": (WAVELETS, lambda: [code + WORD for code in _encoded(WAVELETS)]),
    "JPEG-LS": (JPEG_LS, lambda: [code + WORD for code in _encoded(JPEG_LS)]),
    "RLE": (RLE, lambda: [code + WORD for code in _encoded(RLE)]),
}
REFUSED: dict[str, tuple[str, bytes]] = {
    "a film": (MPEG4, b"\0\0\0\x18ftypmp42" + WORD * 9),
    "a file of JPEG 2000 instead of a stream": (WAVELETS, b"\0\0\0\x0cjP  \r\n\x87\n" + WORD),
    "words instead of JPEG": (JPEG, b"\xff\xd8" + WORD),
    "words instead of a scan": (JPEG, b"\xff\xd8\xff\xdb\x00\x04ab" + WORD),
    "words instead of runs": (RLE, WORD * 9),
    "a compression that no reader here knows": ("1.2.840.10008.1.2.4.92", b"\xff\x0a" + WORD),
}


def _answers(path: Path, into: Path, **options: bool) -> tuple[str, Any]:
    found: list[tuple[Any, ...]] = []
    task = PrivacyRequest(PrivacyOptions(**options), bytes(32), str(into), "0")
    answer_privacy(ReadRequest(((str(path), path.name),), load=False, privacy=task), found.append)
    (answer,) = (message for message in found if message[0] != "file")
    return answer[0], answer[2]


@pytest.mark.parametrize("sop_class", [CAPTURE, ULTRASOUND], ids=["capture", "ultrasound"])
@pytest.mark.parametrize("kind", PACKED)
def test_pixels_stay_and_words_beside_them_go(tmp_path: Path, kind: str, sop_class: str) -> None:
    syntax, frames = PACKED[kind]
    path = tmp_path / "in.dcm"
    # a table of places that is none, and bytes behind the last fragment
    data = _items([WORD + b"\0\0", *frames()])
    _object(data, syntax, sop_class).save_as(path, enforce_file_format=True)
    assert found_in([path], {"word": WORD.decode()})
    # a name may be drawn into it: left out unless it is asked for, and then said of its series
    assert _answers(path, tmp_path / "plain") == ("left out", "burned_in")
    how, written = _answers(path, tmp_path / "out", burned_in=True)
    assert how == "written"
    assert written.may_have_words
    assert found_in([tmp_path / "out"], {"word": WORD.decode()}) == {}
    true, new = _object(_items([b"", *frames()]), syntax, sop_class), pydicom.dcmread(tmp_path / "out" / written.path)
    assert new.file_meta.TransferSyntaxUID == syntax
    assert np.array_equal(new.pixel_array, true.pixel_array)
    assert new.pixel_array.shape == (2, 72, 64, 3)


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_checked_is_left_out_in_words(tmp_path: Path, kind: str) -> None:
    syntax, code = REFUSED[kind]
    path = tmp_path / "in.dcm"
    _object(_items([b"", code, code]), syntax, CAPTURE).save_as(path, enforce_file_format=True)
    assert _answers(path, tmp_path / "out", burned_in=True) == ("left out", "packed")
    assert not list(tmp_path.rglob("out/**/*.dcm"))


def test_a_person_is_told_why_and_what_to_look_at(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    _object(_items([b"", REFUSED["a film"][1]]), MPEG4, CAPTURE).save_as(folder / "film.dcm", enforce_file_format=True)
    with pytest.raises(InputError, match="1 in a compression whose bytes cannot be checked"):
        deidentify([folder], tmp_path / "none", PrivacyOptions(burned_in=True))
    _object(_items([b"", *_jpeg()]), JPEG, ULTRASOUND).save_as(folder / "us.dcm", enforce_file_format=True)
    made = deidentify([folder], tmp_path / "out", PrivacyOptions(burned_in=True))
    content = told(made, PrivacyOptions(burned_in=True))
    assert content["left_out"] == [
        {"code": "packed", "files": 1, "text": "in a compression whose bytes cannot be checked"}
    ]
    assert [series["may_have_words"] for series in content["series"]] == [True]
    assert [row["code"] for row in content["warnings"]] == ["burned_in"]


def test_a_ct_has_no_words_drawn_into_it(shared_data: Path, tmp_path: Path) -> None:
    _, written = _answers(shared_data / "dicom_robustness" / "ct_3slice" / "01.dcm", tmp_path)
    made = Made()
    _add(made, {0: written})
    assert [series.may_have_words for series in made.series.values()] == [False]


def test_deflated_frames_are_packed_anew_without_what_is_behind(shared_data: Path) -> None:
    pixels = bytes(range(256)) * 3
    packer = zlib.compressobj(wbits=-15)
    code = packer.compress(pixels + WORD) + packer.flush() + WORD
    made = quiet_streams(_items([b"", code]), DEFLATED_FRAMES, len(pixels))
    assert zlib.decompressobj(-15).decompress(made[16:]) == pixels
    assert WORD not in made
    # single bits, of which some writers make a byte each
    for name, bits in (("liver_deflate", 512 * 512), ("liver_rle", 512 * 512)):
        old = pydicom.dcmread(shared_data / "dicom_robustness" / "pydicom_data" / f"{name}.dcm")
        syntax = str(old.file_meta.TransferSyntaxUID)
        again = quiet_streams(old.PixelData, syntax, bits // 8, bits)
        old.PixelData, was = again, old.PixelData
        from planning.dicom.segmentation import _unpack_frames

        _unpack_frames(old, syntax)
        other = pydicom.dcmread(shared_data / "dicom_robustness" / "pydicom_data" / "liver.dcm")
        assert was
        assert old.PixelData == other.PixelData
    with pytest.raises(DicomError):
        quiet_streams(_items([b"", b"\xff\xff" + WORD]), DEFLATED_FRAMES, 100)
