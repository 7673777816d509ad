"""Writes a volume as a classic CT series: for samples, the self-test and tests. Never for patients' own exports."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from planning.volume import Volume

CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"


def made_uid(text: str) -> str:
    """A UID of the 2.25 root that the same text always gives."""
    return f"2.25.{int(hashlib.sha256(text.encode()).hexdigest()[:31], 16)}"


def number_text(value: float) -> str:
    """A decimal string of at most sixteen characters."""
    for digits in range(12, 0, -1):
        text = f"{value:.{digits}g}"
        if len(text) <= 16:
            return text
    return f"{value:.6g}"


def write_ct_series(
    volume: Volume,
    folder: Path,
    *,
    description: str = "",
    label: str = "SAMPLE",
    patient_position: str = "HFS",
    transfer_syntax: str = EXPLICIT_LITTLE,
) -> list[Path]:
    """One file a slice in `folder` (made when absent), named by number. Voxels must be int16 HU.

    Positions carry nine decimals and more, so that the geometry comes back within a micrometre. `transfer_syntax` may
    be explicit or implicit little endian, or RLE.
    """
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import UID

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    key = f"{label}|{description}|{volume.grid.size_ijk}|{volume.grid.world_from_index.tolist()}"
    series, study, frame_of_reference = (made_uid(f"{key}|{part}") for part in ("series", "study", "frame"))
    grid = volume.grid
    orientation = [number_text(float(v)) for v in np.concatenate([grid.direction[:, 0], grid.direction[:, 1]])]
    voxels = np.asarray(volume.voxels, dtype=np.int16)
    paths = []
    for k in range(grid.size_ijk[2]):
        path = folder / f"{k + 1:05d}.dcm"
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = UID(CT_IMAGE_STORAGE)
        meta.MediaStorageSOPInstanceUID = UID(made_uid(f"{key}|{k}"))
        meta.TransferSyntaxUID = UID(EXPLICIT_LITTLE if transfer_syntax.endswith(".5") else transfer_syntax)
        dataset = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
        dataset.SOPClassUID, dataset.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
        dataset.PatientName, dataset.PatientID, dataset.PatientPosition = label, label, patient_position
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study, series
        dataset.FrameOfReferenceUID = frame_of_reference
        dataset.Modality, dataset.SeriesDescription = "CT", description
        dataset.ImageType = ["DERIVED", "SECONDARY", "AXIAL"]
        dataset.SeriesNumber, dataset.InstanceNumber = 1, k + 1
        dataset.ImageOrientationPatient = orientation
        dataset.ImagePositionPatient = [number_text(float(v)) for v in grid.to_world((0, 0, k))]
        dataset.PixelSpacing = [number_text(float(grid.spacing_mm[1])), number_text(float(grid.spacing_mm[0]))]
        dataset.SliceThickness = number_text(float(grid.spacing_mm[2]))
        dataset.Rows, dataset.Columns = grid.size_ijk[1], grid.size_ijk[0]
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 1
        dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = "1", "0", "HU"
        dataset.PixelData = np.ascontiguousarray(voxels[k], dtype="<i2").tobytes()
        if transfer_syntax.endswith(".1.2.5"):
            dataset.compress(UID(transfer_syntax))
        dataset.save_as(path, enforce_file_format=True)
        paths.append(path)
    return paths
