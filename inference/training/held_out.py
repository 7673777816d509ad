"""What the card prints: a finished model, run as the program runs it, against scans that never trained.

Full resolution, the model's own clean-up, nothing else. Every row names its set and its number of patients.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from inference.pipeline import RunOptions, segment
from inference.training.classes import INDEX
from inference.training.scans import load, read_image
from inference.zoo import InstalledModel
from planning.geometry import Grid

Mask = npt.NDArray[np.bool_]
NSD_MM = 2.0
# What the test scan's reference holds beside the structure, so that its Dice cannot reach 1.
NOTES = {
    "aorta": "; the reference holds all arteries",
    "inferior_vena_cava": "; the reference holds iliac and renal veins too",
    "portal_and_splenic_vein": "; the reference holds mesenteric veins too",
}


def _surface_distances(a: Mask, b: Mask, spacing: tuple[float, float, float]) -> npt.NDArray[np.float64]:
    """From each surface voxel of a to the nearest of b, mm."""
    edge_a = a & ~ndimage.binary_erosion(a)
    edge_b = b & ~ndimage.binary_erosion(b)
    return np.asarray(ndimage.distance_transform_edt(~edge_b, sampling=spacing)[edge_a], dtype=np.float64)


def compare(found: Mask, truth: Mask, spacing: tuple[float, float, float]) -> dict[str, float | None]:
    """Dice, surface Dice within 2 mm, 95th percentile of surface distances (mm), error of volume (%)."""
    if not truth.any():
        return {}
    total = int(found.sum()) + int(truth.sum())
    result: dict[str, float | None] = {"dice": round(2.0 * int((found & truth).sum()) / total, 4)}
    result["volume_error_pct"] = round(100.0 * (int(found.sum()) / int(truth.sum()) - 1), 1)
    if not found.any():
        return result
    box = ndimage.find_objects((found | truth).astype(np.uint8))[0]
    wide = tuple(slice(max(0, s.start - 2), s.stop + 2) for s in box)
    there = _surface_distances(found[wide], truth[wide], spacing)
    back = _surface_distances(truth[wide], found[wide], spacing)
    both = np.concatenate([there, back])
    result["nsd"] = round(float((both <= NSD_MM).mean()), 4)
    result["hd95_mm"] = round(float(max(np.percentile(there, 95), np.percentile(back, 95))), 2)
    return result


def _grid(shape: tuple[int, ...], spacing: tuple[float, float, float]) -> Grid:
    matrix = np.diag([spacing[2], spacing[1], spacing[0], 1.0])
    return Grid((shape[2], shape[1], shape[0]), matrix)


def _rows(
    model: InstalledModel,
    hu: npt.NDArray[Any],
    truth: Mapping[str, Mask],
    spacing: tuple[float, float, float],
    said: str,
) -> list[dict[str, Any]]:
    result = segment(hu, _grid(hu.shape, spacing), model, RunOptions(device="cpu", threads=1))
    index = {label.name: label.index for label in model.manifest.labels}
    rows = []
    for name, mask in truth.items():
        if name in index:
            numbers = compare(result.labels == index[name], mask, spacing)
            rows.append({"structure": name, "n": 1, "set": said, "nsd_mm": NSD_MM, **numbers})
    return rows


def ircad01_rows(model: InstalledModel, data: Path) -> list[dict[str, Any]]:
    """3D-IRCADb-01 case 1: test only. Its liver holds tumours and vessels, its `artery` the aorta's branches too."""
    raw, spacing = read_image(data / "ircad01" / "ct.nii.gz")
    marks, _ = read_image(data / "ircad01" / "labels.nii.gz")
    value = json.loads((data / "ircad01" / "labels.json").read_text())
    parts = {
        "liver": ("liver", "liver_tumor", "liver_lesion_other", "portal_vein_in_liver", "venous_system_in_liver"),
        "spleen": ("spleen",),
        "kidney_left": ("kidney_left",),
        "kidney_right": ("kidney_right",),
        "lung_left": ("lung_left",),
        "lung_right": ("lung_right",),
        "bone": ("bone",),
        "aorta": ("artery",),
        "inferior_vena_cava": ("venous_system",),
        "portal_and_splenic_vein": ("portal_vein",),
    }
    truth = {name: np.isin(marks, [value[p] for p in of]) for name, of in parts.items()}
    rows = _rows(model, raw, truth, spacing, "3D-IRCADb-01 case 1, portal-venous, test only")
    for row in rows:
        row["set"] += NOTES.get(row["structure"], "")
    return rows


def cmbcrc01068_rows(model: InstalledModel, scans: Path) -> list[dict[str, Any]]:
    """The validation scan on the training grid (2.5 mm): its aorta was outlined by this program's authors."""
    scan = load(scans / "cmbcrc01068.npz")
    truth = {"aorta": scan.labels == INDEX["aorta"]}
    spacing = (scan.spacing_mm,) * 3
    return _rows(model, scan.hu, truth, spacing, "CMB-CRC-MSB-01068, arterial chest, validation, our own outline")
