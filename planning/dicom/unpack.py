"""Objects written anew without compression, for partners that do not take it. The parent's side; `unpack_file` is the child's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planning.dicom.model import ReadRequest, UnpackRequest
from planning.dicom.quick import DEFLATED, EXPLICIT, IMPLICIT
from planning.progress import CancelToken

AS_THEY_ARE = (IMPLICIT, EXPLICIT, DEFLATED)
MOST_BYTES = 2 << 30
GREY = ("MONOCHROME1", "MONOCHROME2")


def unpacked(
    files: Sequence[Path], into: Path, syntax: str, cancel: CancelToken | None = None
) -> tuple[dict[int, Path], dict[int, str]]:
    """Files in explicit or implicit little endian, by their place in `files`; and why others are none, by place.

    Every object keeps its numbers and all its attributes; what a decoder gave is read back from the new file and compared.
    Raises DicomError where the reader cannot go on, Cancelled.
    """
    from planning.dicom.child import run_child

    made: dict[int, Path] = {}
    refused: dict[int, str] = {}

    def receive(message: tuple[Any, ...]) -> None:
        if message[0] != "unpacked":
            return
        _, place, why = message
        if why:
            refused[place] = why
        else:
            made[place] = into / f"{place}.dcm"

    names = tuple((str(path), path.name) for path in files)
    run_child(ReadRequest(names, load=False, unpack=UnpackRequest(str(into), syntax)), receive, cancel)
    return made, refused


def unpack_file(path: str, into: Path, syntax: str) -> None:
    """Write one object anew. Runs in the disposable child; raises whatever a damaged file does to its reader."""
    from pydicom.dataset import Dataset
    from pydicom.uid import UID

    from planning.dicom.header import inflate, quiet_pydicom

    dataset: Dataset = quiet_pydicom().dcmread(path, stop_before_pixels=True)
    former = str(dataset.file_meta.TransferSyntaxUID)
    if former == DEFLATED:
        # bounded, before the library unpacks the whole
        inflate(Path(path).read_bytes())
    dataset = quiet_pydicom().dcmread(path)
    frames = None
    if former not in AS_THEY_ARE and "PixelData" in dataset:
        frames = _frames(path, dataset)
        dataset.PixelData = frames.tobytes() + b"\0" * (frames.nbytes & 1)
        dataset["PixelData"].VR = "OB" if frames.itemsize == 1 and syntax == EXPLICIT else "OW"
        dataset["PixelData"].is_undefined_length = False
        dataset.HighBit = dataset.BitsStored - 1
        for name in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
            if name in dataset:
                del dataset[name]
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset.save_as(into, implicit_vr=syntax == IMPLICIT, little_endian=True, enforce_file_format=True)
    if frames is not None and not np.array_equal(_frames(str(into), dataset), frames):
        raise ValueError("read back otherwise than written")


def _frames(path: str, dataset: Any) -> Any:
    """(frames, rows, columns) stored values in the file's own width. Raises ValueError for colours and other widths."""
    from planning.dicom.decode import FrameReader
    from planning.dicom.header import read_facts

    facts = read_facts(path, 0)
    form = facts.pixels
    if form is None or int(dataset.get("SamplesPerPixel", 1)) != 1 or dataset.PhotometricInterpretation not in GREY:
        raise ValueError("pixels that are no grey values")
    kind = np.dtype(f"<{'i' if form.is_signed else 'u'}{form.bits_allocated // 8}")
    if form.bits_allocated not in (8, 16, 32) or form.frames * form.rows * form.columns * kind.itemsize > MOST_BYTES:
        raise ValueError("pixels of an unusual width or without an end")
    whole = np.empty((form.frames, form.rows, form.columns), kind)
    reader = FrameReader()
    for number in range(form.frames):
        values = reader.read(facts, number)
        whole[number] = values
        if not np.array_equal(whole[number], values):
            raise ValueError("values that do not fit")
    return whole


def answer_unpack(request: ReadRequest, send: Any) -> None:
    """Answer with ("unpacked", place, "" or why not) for each file."""
    from planning.errors import DicomError

    assert request.unpack is not None
    into, known_bad = Path(request.unpack.into), dict(request.skip)
    for place, (path, _) in enumerate(request.files):
        if place in known_bad:
            send(("unpacked", place, "is not taken in its compression, and cannot be unpacked"))
            continue
        send(("file", place))
        why = ""
        try:
            unpack_file(path, into / f"{place}.dcm", request.unpack.syntax)
        except OSError as error:
            if error.errno:
                # of the disk: none of the others could be written either
                raise DicomError(
                    f"Objects cannot be unpacked ({error.strerror})", "Check the disk for temporary files", "unreadable"
                ) from error
            why = "is not taken in its compression, and cannot be unpacked"
        except Exception:
            # what a partner or a person brought may break a decoder in any way
            why = "is not taken in its compression, and cannot be unpacked"
        send(("unpacked", place, why))
