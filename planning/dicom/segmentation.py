"""DICOM SEG as a label map. Runs in the disposable child."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.header import quiet_pydicom
from planning.dicom.quick import DEFLATED_FRAME, EXPLICIT
from planning.errors import DicomError, GeometryError, InputError
from planning.files.volumes import straight
from planning.geometry import Grid

SEGMENTATION_CLASSES = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")
RLE = "1.2.840.10008.1.2.5"
HALF = 0.5
MOST_FRAME_BYTES = 1 << 26


def read_segmentation(path: Path, name: str) -> tuple[npt.NDArray[Any], Grid, dict[int, str]]:
    """(labels `[k, j, i]`, grid, names). Where segments overlap the later one wins; fractions count from one half.

    Frames that are left out are background. Raises InputError, DicomError or GeometryError.
    """
    import highdicom

    pydicom = quiet_pydicom()
    from pydicom.errors import InvalidDicomError

    try:
        dataset = pydicom.dcmread(path)
        sop_class, syntax = str(dataset.get("SOPClassUID")), str(dataset.file_meta.get("TransferSyntaxUID", ""))
    except (InvalidDicomError, OSError, EOFError, ValueError, AttributeError, NotImplementedError) as error:
        raise InputError(
            f"{name} is no label map that can be read", "Use NIfTI, NRRD, MHA or DICOM SEG", "labels"
        ) from error
    if sop_class not in SEGMENTATION_CLASSES:
        raise InputError(f"{name} is a DICOM file, but no segmentation", "Name a DICOM SEG file", "labels")
    try:
        if syntax in (DEFLATED_FRAME, RLE):
            _unpack_frames(dataset, syntax)
        dataset.pixel_array  # noqa: B018 - decodes all frames; what fails here is the packing, not the geometry
    except (ValueError, RuntimeError, AttributeError, TypeError, LookupError, NotImplementedError, zlib.error) as error:
        raise DicomError(
            f"{name} is packed in a way that cannot be decoded (transfer syntax {syntax})",
            "Write it uncompressed",
            "not_decodable",
        ) from error
    try:
        segmentation = highdicom.seg.Segmentation.from_dataset(dataset, copy=False)
        names = {int(number): _name(segmentation, int(number)) for number in segmentation.segment_numbers}
        voxels, affine = _labels(segmentation, str(dataset.get("SegmentationType", "")))
    except (ValueError, RuntimeError, AttributeError, TypeError, LookupError, NotImplementedError) as error:
        raise GeometryError(
            f"{name} does not lie on one straight grid", "Write it on the image's grid", "no_geometry"
        ) from error
    # highdicom's array is [slice, row, column] and its affine takes (slice, row, column, 1) to LPS
    matrix = np.eye(4)
    matrix[:, 0], matrix[:, 1], matrix[:, 2], matrix[:, 3] = affine[:, 2], affine[:, 1], affine[:, 0], affine[:, 3]
    labels, grid = straight(voxels.astype(np.uint16 if voxels.max() > 255 else np.uint8), matrix, name)
    return labels, grid, names


def _labels(segmentation: Any, kind: str) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64]]:
    if kind != "FRACTIONAL":
        volume = segmentation.get_volume(combine_segments=True, skip_overlap_checks=True)
        return np.asarray(volume.array), np.asarray(volume.affine)
    volume = segmentation.get_volume(combine_segments=False, rescale_fractional=True)
    shares = np.asarray(volume.array)
    voxels = np.zeros(shares.shape[:3], dtype=np.uint16)
    for column, number in enumerate(segmentation.segment_numbers):
        voxels[shares[..., column] >= HALF] = int(number)
    return voxels, np.asarray(volume.affine)


def _unpack_frames(dataset: Any, syntax: str) -> None:
    """Packings that pydicom does not know for segmentations become plain pixels. Raises ValueError when damaged."""
    from pydicom.encaps import generate_frames
    from pydicom.uid import UID

    count, pixels = int(dataset.NumberOfFrames), int(dataset.Rows) * int(dataset.Columns)
    frames = []
    for code in generate_frames(dataset.PixelData, number_of_frames=count):
        raw = (
            zlib.decompressobj(-zlib.MAX_WBITS).decompress(code, MOST_FRAME_BYTES)
            if syntax != RLE
            else _run_lengths(code)
        )
        values = np.frombuffer(raw, dtype=np.uint8)
        if int(dataset.BitsAllocated) == 1 and len(values) < pixels:
            values = np.unpackbits(values, bitorder="little")
        if len(values) < pixels:
            raise ValueError("a frame is cut off")
        frames.append(values[:pixels])
    whole = np.concatenate(frames)
    plain = np.packbits(whole, bitorder="little") if int(dataset.BitsAllocated) == 1 else whole
    dataset.PixelData = plain.tobytes() + b"\0" * (len(plain) % 2)
    dataset["PixelData"].VR = "OB"
    dataset.file_meta.TransferSyntaxUID = UID(EXPLICIT)


def _run_lengths(code: bytes) -> bytes:
    """The first segment of an RLE frame (PS3.5 annex G)."""
    at, out = int.from_bytes(code[4:8], "little"), bytearray()
    while at + 1 < len(code) and len(out) < MOST_FRAME_BYTES:
        head = code[at]
        if head < 128:
            out += code[at + 1 : at + 2 + head]
            at += 2 + head
        else:
            out += code[at + 1 : at + 2] * (257 - head if head > 128 else 0)
            at += 2 if head > 128 else 1
    return bytes(out)


def _name(segmentation: Any, number: int) -> str:
    return str(segmentation.get_segment_description(number).segment_label).strip() or f"segment {number}"
