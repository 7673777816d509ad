"""One slice of a series as a picture, without reading the rest of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.model import MiddleSlice, ReadRequest, ScanResult, SeriesInfo, SeriesPreview
from planning.errors import DicomError, InputError
from planning.progress import CancelToken

THUMBNAIL_PIXELS = 256
STRETCHED_TO = 4095.0


def read_preview(
    paths: Sequence[Path],
    series: str | int | None = None,
    cancel: CancelToken | None = None,
    *,
    found: ScanResult | None = None,
) -> SeriesPreview:
    """The middle slice of a series (id or index; None takes the first), decoded alone in the disposable child.

    `found` is what `scan` gave for the same paths; without it they are scanned first. Raises InputError for an unknown
    series, DicomError when it has no picture or the slice cannot be decoded.
    """
    from planning.dicom.scan import scan

    paths = [Path(path) for path in paths]
    found = scan(paths, cancel=cancel, thumbnails=False) if found is None else found
    info = _named(found, series)
    if info.middle is None and info.kind != "volume":
        raise DicomError("This series holds no picture that can be shown", "Choose another one", "no_picture")
    pixels = _picture(paths, info, cancel)
    right, down, spacing = _axes(info)
    middle = info.middle
    return SeriesPreview(
        pixels=pixels,
        spacing_mm=spacing,
        slice_number=middle.number if middle else info.size_ijk[2] // 2 + 1,
        slice_count=middle.count if middle else info.size_ijk[2],
        right=right,
        down=down,
        quantity="HU" if info.modality == "CT" else "",
    )


def _named(found: ScanResult, series: str | int | None) -> SeriesInfo:
    for info in found.series:
        if series is None or series in (info.id, info.index, str(info.index)):
            return info
    raise InputError(f"There is no series '{series}' here", "Choose one of the list", "series")


def _picture(paths: Sequence[Path], info: SeriesInfo, cancel: CancelToken | None) -> npt.NDArray[np.int16]:
    from planning.dicom.child import run_child
    from planning.dicom.sources import open_sources

    pictures: list[npt.NDArray[np.int16]] = []

    def receive(message: tuple[Any, ...]) -> None:
        if message[0] == "picture":
            pictures.append(message[1])

    middle = info.middle
    if middle is not None and Path(middle.facts.path).exists():
        run_child(ReadRequest((), load=False, middle=middle), receive, cancel)
    else:
        with open_sources(paths, cancel) as files:
            if middle is None:
                run_child(ReadRequest(tuple(files), load=False, volume=True, picture=True), receive, cancel)
            else:
                path = next((path for path, name in files if name == middle.name), "")
                moved = replace(middle, facts=replace(middle.facts, path=path))
                run_child(ReadRequest((), load=False, middle=moved), receive, cancel)
    if not pictures:
        raise DicomError("The picture of this series cannot be read", "Ask for a new copy of the scan", "not_decodable")
    return pictures[0]


Axis = tuple[float, float, float]


def _axes(info: SeriesInfo) -> tuple[Axis | None, Axis | None, tuple[float, float]]:
    """Right, down and (row, column) spacing; a series without a volume's geometry has its slice's own."""
    if info.direction is not None and info.spacing_mm is not None:
        columns = list(zip(*info.direction))
        return columns[0], columns[1], (info.spacing_mm[1], info.spacing_mm[0])
    frame = info.middle.frame if info.middle is not None else None
    spacing = frame.spacing if frame is not None and frame.spacing and min(frame.spacing) > 0 else (1.0, 1.0)
    if frame is None or frame.orientation is None:
        return None, None, (spacing[0], spacing[1])
    x = frame.orientation
    return (x[0], x[1], x[2]), (x[3], x[4], x[5]), (spacing[0], spacing[1])


def slice_pixels(middle: MiddleSlice) -> npt.NDArray[np.int16]:
    """Decode the slice. Runs in the child. Raises DicomError when it cannot be decoded."""
    from planning.dicom.build import frame_values
    from planning.dicom.decode import FrameReader

    is_ct = middle.facts.modality == "CT"
    try:
        values = frame_values(FrameReader(), middle.facts, middle.frame, is_ct, np.dtype(np.float32))
    except OSError as error:
        raise DicomError(f"{middle.name} cannot be read any more", "Look at the folder again", "not_there") from error
    return to_picture(values, is_ct)


def to_picture(values: npt.NDArray[Any], is_ct: bool) -> npt.NDArray[np.int16]:
    """Values as int16: HU as they are, anything else stretched to 0 … 4095."""
    numbers = np.nan_to_num(np.asarray(values, dtype=np.float32))
    if not is_ct:
        low, high = float(numbers.min()), float(np.percentile(numbers, 99.9))
        numbers = (numbers - low) * (STRETCHED_TO / max(high - low, 1e-6))
    return np.clip(np.round(numbers), -32768, 32767).astype(np.int16)


def thumbnail(pixels: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """At most 256 pixels a side, by the mean of whole blocks so that noise does not flicker."""
    factor = -(-max(pixels.shape) // THUMBNAIL_PIXELS)
    rows, columns = pixels.shape[0] // factor, pixels.shape[1] // factor
    if factor == 1 or not rows or not columns:
        return pixels[:THUMBNAIL_PIXELS, :THUMBNAIL_PIXELS].copy()
    blocks = pixels[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor)
    return np.asarray(np.round(blocks.mean(axis=(1, 3))), dtype=np.int16)
