"""Pixels of one frame as stored numbers. Runs in the disposable child.

Native pixels are read straight from their place in the file. Compressed ones go through pydicom's decoders where one
is installed, else (JPEG lossless, 12-bit JPEG) through the GDCM inside SimpleITK: for pixels only, never for geometry.
"""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.header import NATIVE, inflate, quiet_pydicom
from planning.dicom.model import FileFacts, PixelForm
from planning.dicom.quick import BIG, DEFLATED, EXPLICIT, IMPLICIT
from planning.errors import DicomError

BY_GDCM = (
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.53",
    "1.2.840.10008.1.2.4.55",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
)
JPEG_LS = ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81")
# of the processor, for one frame: decoders take a thirtieth of it
LEAST_SECONDS, SECONDS_PER_PIXEL = 2.0, 4e-6
ITEM = b"\xfe\xff\x00\xe0"
SYNTAX_NAMES: Mapping[str, str] = {
    "1.2.840.10008.1.2.4.53": "JPEG spectral selection",
    "1.2.840.10008.1.2.4.55": "JPEG full progression",
    "1.2.840.10008.1.2.8.1": "deflated image frames",
}


class FrameReader:
    """Reads frames of one file after another, keeping the last compressed file in memory."""

    def __init__(self) -> None:
        self._path = ""
        self._dataset: Any = None
        self._encoded: list[bytes] = []

    def read(self, facts: FileFacts, frame: int, into: npt.NDArray[np.int16] | None = None) -> npt.NDArray[Any]:
        """(rows, columns) stored values, sign and overlay bits settled. Raises DicomError with a plain reason.

        Where it can, the pixels are read straight into `into`, which is then the answer.
        """
        form = facts.pixels
        assert form is not None
        try:
            if form.transfer_syntax in (IMPLICIT, EXPLICIT) and form.bits_allocated == 16 and into is not None:
                direct = _read_into(facts.path, form, frame, into)
                if direct is not None:
                    return direct
            if form.transfer_syntax in NATIVE:
                return stored_values(_native(facts.path, form, frame), form)
            return self._compressed(facts, form, frame)
        except DicomError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno:
                raise DicomError(
                    f"it cannot be read any more ({error.strerror})",
                    "Check that its folder or drive is still there",
                    "unreadable",
                ) from error
            # decoders meet damaged streams with errors of every kind
            name = SYNTAX_NAMES.get(form.transfer_syntax, form.transfer_syntax)
            raise DicomError(f"its pixels cannot be decoded (transfer syntax {name})", code="not_decodable") from error

    def _compressed(self, facts: FileFacts, form: PixelForm, frame: int) -> npt.NDArray[Any]:
        if form.transfer_syntax in JPEG_LS and form.frames == 1 and form.length == -1:
            with _in_time(form):
                direct = _jpeg_ls(facts.path, form)
            if direct is not None:
                return direct
        if facts.path != self._path:
            pydicom = quiet_pydicom()
            from pydicom.encaps import generate_frames

            self._dataset = pydicom.dcmread(facts.path, force=True)
            count = form.frames
            self._encoded = list(generate_frames(self._dataset.PixelData, number_of_frames=count))
            if len(self._encoded) != count:
                raise ValueError("frames are missing")
            self._path = facts.path
        code = self._encoded[frame]
        _check_stream_size(code, form)
        # not the reading of a file: one of a thousand frames may be gigabytes, and is counted with its first
        with _in_time(form):
            return self._decoded(code, form, frame)

    def _decoded(self, code: bytes, form: PixelForm, frame: int) -> npt.NDArray[Any]:
        if form.transfer_syntax in BY_GDCM:
            return _by_gdcm(code, form)
        from pydicom.pixels import get_decoder

        decoder = get_decoder(form.transfer_syntax)
        if not decoder.is_available:
            raise NotImplementedError(form.transfer_syntax)
        array, _ = decoder.as_array(self._dataset, index=frame, raw=True)
        if array.shape != (form.rows, form.columns):
            raise ValueError("frame of another size")
        return np.ascontiguousarray(array)


@contextmanager
def _in_time(form: PixelForm) -> Iterator[None]:
    """A hostile stream can keep a decoder busy for minutes: the system ends this process, which is a disposable one."""
    if not hasattr(signal, "setitimer"):
        # the parent's clock still holds
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, LEAST_SECONDS + form.rows * form.columns * SECONDS_PER_PIXEL)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def _jpeg_ls(path: str, form: PixelForm) -> npt.NDArray[Any] | None:
    """The only frame of a file, without parsing its header again; None when pydicom had better look at it."""
    from jpeg_ls import decode_buffer

    with open(path, "rb") as file:
        file.seek(form.offset)
        code = _first_frame(file.read())
    if not code.startswith(b"\xff\xd8"):
        return None
    _check_stream_size(code, form)
    raw, facts = decode_buffer(code)
    is_plain = facts["bits_per_sample"] == form.bits_stored and facts["components"] == 1 and form.bits_stored > 8
    if not is_plain or len(raw) != 2 * form.rows * form.columns or form.high_bit != form.bits_stored - 1:
        return None
    words = np.frombuffer(raw, dtype="<u2").reshape(form.rows, form.columns)
    return stored_values(words, replace(form, bits_allocated=16))


def _first_frame(data: bytes) -> bytes:
    """All fragments after the offset table, up to the delimiter. Raises ValueError when they do not fit."""
    at, fragments = 0, []
    while data[at : at + 4] == ITEM:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + length > len(data):
            raise ValueError("a fragment is cut off")
        fragments.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    return b"".join(fragments[1:])


def _read_into(path: str, form: PixelForm, frame: int, into: npt.NDArray[np.int16]) -> npt.NDArray[np.int16] | None:
    """Signed or fewer than sixteen bits fit as they are; None where they do not."""
    if sys.byteorder != "little" or not into.flags.c_contiguous or (not form.is_signed and form.bits_stored == 16):
        return None
    with open(path, "rb", buffering=0) as file:
        file.seek(form.offset + frame * into.nbytes)
        if file.readinto(into.data.cast("B")) != into.nbytes:
            raise DicomError("the file is cut off in its pixels", code="truncated")
    if form.bits_stored < 16:
        up, down = 15 - form.high_bit, 16 - form.bits_stored
        words = into if form.is_signed else into.view(np.uint16)
        np.left_shift(words, up, out=words)
        np.right_shift(words, down, out=words)
    return into


def _native(path: str, form: PixelForm, frame: int) -> npt.NDArray[Any]:
    dtype = np.dtype(f"u{form.bits_allocated // 8}").newbyteorder(">" if form.transfer_syntax == BIG else "<")
    count = form.rows * form.columns
    offset = form.offset + frame * count * dtype.itemsize
    if form.transfer_syntax == DEFLATED:
        raw = inflate(Path(path).read_bytes())[offset : offset + count * dtype.itemsize]
        array = np.frombuffer(raw, dtype=dtype)
    else:
        array = np.fromfile(path, dtype=dtype, count=count, offset=offset)
    if len(array) != count:
        raise DicomError("the file is cut off in its pixels", code="truncated")
    return array.reshape(form.rows, form.columns)


def stored_values(raw: npt.NDArray[Any], form: PixelForm) -> npt.NDArray[Any]:
    """Unsigned words to stored values: overlay bits cut away, the sign taken from the highest stored bit."""
    words = raw.astype(raw.dtype.newbyteorder("="), copy=False)
    low = form.high_bit + 1 - form.bits_stored
    if form.bits_stored == form.bits_allocated:
        return np.asarray(words.view(np.dtype(f"i{words.dtype.itemsize}")) if form.is_signed else words)
    signed = np.dtype(f"i{words.dtype.itemsize}")
    up = form.bits_allocated - 1 - form.high_bit
    shifted = np.left_shift(words, up)
    if form.is_signed:
        return np.asarray(np.right_shift(shifted.view(signed), up + low))
    return np.asarray(np.right_shift(shifted, up + low))


def _check_stream_size(code: bytes, form: PixelForm) -> None:
    """The stream's own size, before a decoder trusts it with memory."""
    if code[:2] != b"\xff\xd8":
        return
    at = 2
    while at + 9 < len(code) and code[at] == 0xFF:
        marker, length = code[at + 1], int.from_bytes(code[at + 2 : at + 4], "big")
        if marker in (0xC0, 0xC1, 0xC2, 0xC3, 0xF7):
            rows, columns = int.from_bytes(code[at + 5 : at + 7], "big"), int.from_bytes(code[at + 7 : at + 9], "big")
            if (rows, columns) != (form.rows, form.columns):
                raise ValueError(f"stream of {columns}×{rows}")
            return
        at += 2 + max(length, 2)


def _by_gdcm(code: bytes, form: PixelForm) -> npt.NDArray[Any]:
    import SimpleITK
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.uid import UID

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(form.transfer_syntax)
    meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.2")
    meta.MediaStorageSOPInstanceUID = UID("2.25.1")
    single = Dataset()
    single.file_meta = meta
    single.SOPClassUID, single.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    single.Modality, single.SamplesPerPixel, single.PhotometricInterpretation = "CT", 1, "MONOCHROME2"
    single.Rows, single.Columns = form.rows, form.columns
    single.BitsAllocated, single.BitsStored, single.HighBit = form.bits_allocated, form.bits_stored, form.high_bit
    single.PixelRepresentation = int(form.is_signed)
    single.PixelData = encapsulate([code])
    single["PixelData"].VR = "OB"
    with tempfile.TemporaryDirectory(prefix="theatrum-decode-") as folder:
        path = Path(folder) / "frame.dcm"
        single.save_as(path, enforce_file_format=True)
        reader = SimpleITK.ImageFileReader()
        reader.SetImageIO("GDCMImageIO")
        reader.SetFileName(str(path))
        array = SimpleITK.GetArrayFromImage(reader.Execute())
    values = array.reshape(array.shape[-2:])
    if values.shape != (form.rows, form.columns):
        raise ValueError("frame of another size")
    return np.ascontiguousarray(values)
