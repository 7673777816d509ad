"""DICOM SEG as a label map. Runs in the disposable child."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import DicomError, GeometryError, InputError
from planning.files.volumes import straight
from planning.geometry import Grid

SEGMENTATION_CLASSES = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")


def read_segmentation(path: Path) -> tuple[npt.NDArray[Any], Grid, dict[int, str]]:
    """(labels `[k, j, i]`, grid, names). Where segments overlap the later one wins. Raises InputError or DicomError."""
    import highdicom
    import pydicom
    from pydicom.errors import InvalidDicomError

    try:
        dataset = pydicom.dcmread(path)
    except (InvalidDicomError, OSError, EOFError, ValueError) as error:
        raise InputError(
            f"{path.name} is no label map that can be read", "Use NIfTI, NRRD, MHA or DICOM SEG", "labels"
        ) from error
    if dataset.get("SOPClassUID") not in SEGMENTATION_CLASSES:
        raise InputError(f"{path.name} is a DICOM file, but no segmentation", "Name a DICOM SEG file", "labels")
    try:
        segmentation = highdicom.seg.Segmentation.from_dataset(dataset, copy=False)
        names = {int(number): _name(segmentation, int(number)) for number in segmentation.segment_numbers}
        volume = segmentation.get_volume(combine_segments=True, skip_overlap_checks=True)
    except NotImplementedError as error:
        raise DicomError(
            f"{path.name} is packed in a way that cannot be decoded", "Write it uncompressed", "not_decodable"
        ) from error
    except (ValueError, RuntimeError, AttributeError, TypeError, KeyError, IndexError) as error:
        raise GeometryError(
            f"{path.name} does not lie on one straight grid", "Write it on the image's grid", "no_geometry"
        ) from error
    voxels = np.asarray(volume.array)
    # highdicom's array is [slice, row, column] and its affine takes (slice, row, column, 1) to LPS
    affine = np.asarray(volume.affine)
    matrix = np.eye(4)
    matrix[:, 0], matrix[:, 1], matrix[:, 2], matrix[:, 3] = affine[:, 2], affine[:, 1], affine[:, 0], affine[:, 3]
    labels, grid = straight(voxels.astype(np.uint16 if voxels.max() > 255 else np.uint8), matrix, path.name)
    return labels, grid, names


def _name(segmentation: Any, number: int) -> str:
    return str(segmentation.get_segment_description(number).segment_label).strip() or f"segment {number}"
