"""DICOM SEG as label maps. Runs in the disposable child."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.damaged import refused_as
from planning.dicom.quick import DEFLATED_FRAME, EXPLICIT
from planning.errors import DicomError, GeometryError
from planning.files.volumes import straight
from planning.geometry import Grid

SEGMENTATION_CLASSES = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")
RLE = "1.2.840.10008.1.2.5"
HALF = 0.5
MOST_FRAME_BYTES = 1 << 26


def read_segmentation(dataset: Any, name: str) -> tuple[list[npt.NDArray[Any]], Grid, dict[int, str]]:
    """(layers of labels `[k, j, i]`, grid, names). Segments that overlap lie in different layers; fractions count from one half.

    Frames that are left out are background. Raises DicomError or GeometryError.
    """
    import highdicom

    syntax = str(dataset.file_meta.get("TransferSyntaxUID", ""))
    packed = f"{name} is packed in a way that cannot be decoded (transfer syntax {syntax})"
    with refused_as(DicomError(packed, "Write it uncompressed", "not_decodable")):
        if syntax in (DEFLATED_FRAME, RLE):
            _unpack_frames(dataset, syntax)
        dataset.pixel_array  # noqa: B018 - decodes all frames; what fails here is the packing, not the geometry
    crooked = GeometryError(f"{name} does not lie on one straight grid", "Write it on the image's grid", "no_geometry")
    with refused_as(crooked):
        segmentation = highdicom.seg.Segmentation.from_dataset(dataset, copy=False)
        names = {int(number): _name(segmentation, int(number)) for number in segmentation.segment_numbers}
        volumes, affine = _labels(segmentation, str(dataset.get("SegmentationType", "")))
    # highdicom's array is [slice, row, column] and its affine takes (slice, row, column, 1) to LPS
    matrix = np.eye(4)
    matrix[:, 0], matrix[:, 1], matrix[:, 2], matrix[:, 3] = affine[:, 2], affine[:, 1], affine[:, 0], affine[:, 3]
    straightened = [straight(one, matrix, name) for one in volumes]
    return [labels for labels, _ in straightened], straightened[0][1], names


def into_layers(layers: list[npt.NDArray[Any]], inside: npt.NDArray[np.bool_], value: int) -> None:
    """Put a structure into the first of the label arrays where nothing of it is taken, or into a new one."""
    for layer in layers:
        if not layer[inside].any():
            layer[inside] = value
            return
    layers.append(np.where(inside, value, 0).astype(np.uint16 if value > 255 else np.uint8))


def _labels(segmentation: Any, kind: str) -> tuple[list[npt.NDArray[Any]], npt.NDArray[np.float64]]:
    numbers = [int(number) for number in segmentation.segment_numbers]
    small = np.uint16 if max(numbers) > 255 else np.uint8
    layers: list[npt.NDArray[Any]] = []
    if kind == "FRACTIONAL":
        volume = segmentation.get_volume(combine_segments=False, rescale_fractional=True)
        for column, number in enumerate(numbers):
            into_layers(layers, np.asarray(volume.array[..., column] >= HALF), number)
        return [layer.astype(small) for layer in layers], np.asarray(volume.affine)
    try:
        volume = segmentation.get_volume(combine_segments=True)
        return [np.asarray(volume.array).astype(small)], np.asarray(volume.affine)
    except RuntimeError:
        # segments overlap: each by itself, on the place of all of them
        place = segmentation.get_volume_geometry()
    for number in numbers:
        own = segmentation.get_volume(segment_numbers=[number], combine_segments=True)
        into_layers(layers, np.asarray(own.match_geometry(place).array) != 0, number)
    return [layer.astype(small) for layer in layers], np.asarray(place.affine)


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
