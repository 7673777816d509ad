"""The image itself as a classic CT or MR series, for results whose source nobody may know or has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.objects.series import MANUFACTURER, RESEARCH, ReferenceSeries, headers, save
from planning.dicom.write import number_text
from planning.errors import InputError
from planning.progress import CancelToken, Progress, no_progress

MOST_STEPS = 65535


def write_images(
    reference: ReferenceSeries,
    voxels: npt.NDArray[Any],
    folder: Path,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> tuple[list[Path], float]:
    """One file a slice into `folder` (made), and the step between two stored values: 1 for whole numbers.

    voxels: int16 or float32 `[k, j, i]` on the reference's grid. Raises InputError for a modality without such images,
    Cancelled when asked to stop.
    """
    if reference.modality not in ("CT", "MR"):
        raise InputError(
            f"The image is neither CT nor MR ({reference.modality or 'unknown'}), so no series of it can be written",
            "Import the scan as DICOM with --keep-identifiers, so that results refer to it",
            "modality",
        )
    folder.mkdir(parents=True)
    slope, intercept = _scale(voxels)
    paths = []
    for k, one in enumerate(headers(reference)):
        if cancel is not None:
            cancel.raise_if_set()
        progress(k / len(reference.instances), "Writing the image")
        one.SeriesDescription = f"Image. {RESEARCH}"
        one.Manufacturer, one.ManufacturerModelName = MANUFACTURER, MANUFACTURER
        one.ImageType = ["DERIVED", "SECONDARY", "AXIAL" if reference.modality == "CT" else "OTHER"]
        one.PatientPosition, one.AcquisitionNumber, one.Laterality = "", "", ""
        one.RescaleSlope, one.RescaleIntercept = number_text(slope), number_text(intercept)
        one.SeriesDate, one.SeriesTime, one.ContentDate, one.ContentTime = "", "", "", ""
        if reference.modality == "CT":
            one.RescaleType, one.KVP = "HU", ""
        else:
            one.ScanningSequence, one.SequenceVariant, one.ScanOptions = "RM", "NONE", ""
            one.MRAcquisitionType, one.EchoTime, one.EchoTrainLength = "3D", "", ""
            one.RepetitionTime = ""
        stored = voxels[k] if voxels.dtype == np.int16 else np.rint((voxels[k] - intercept) / slope)
        one.PixelData = np.ascontiguousarray(stored, dtype="<i2").tobytes()
        one["PixelData"].VR = "OW"
        paths.append(save(one, folder / f"{k + 1:05d}.dcm", reference))
    return paths, slope


def _scale(voxels: npt.NDArray[Any]) -> tuple[float, float]:
    """(slope, intercept) that bring all values into sixteen bits; values are told anew from the written digits."""
    if voxels.dtype == np.int16:
        return 1.0, 0.0
    low, high = float(voxels.min()), float(voxels.max())
    slope = float(number_text(max(high - low, 1e-6) / (MOST_STEPS - 4)))
    return slope, float(number_text((low + high) / 2.0))
