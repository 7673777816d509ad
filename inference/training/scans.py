"""Scans to train with: CT and labels on one isotropic grid, with the structures that need no hand labelled by rule.

Everything is turned to LPS (arrays `[k, j, i]`: k towards the head, j towards the back, i towards the left).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from inference.classical.rules import body, bone, contrast_blood, lungs
from inference.training.classes import CERTAIN_BACKGROUND, CLASSES, IGNORE, INDEX
from inference.training.outlines import drawn

SPACING_MM = 2.5

Hu = npt.NDArray[np.int16]
Labels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scan:
    """A CT on the training grid. `absent`: classes whose voxels lie unlabelled in what is marked 0."""

    name: str
    hu: Hu
    labels: Labels
    absent: tuple[int, ...]
    phase: str
    spacing_mm: float = SPACING_MM


def read_image(path: Path) -> tuple[npt.NDArray[Any], tuple[float, float, float]]:
    """Array `[k, j, i]` in LPS and its spacing `(k, j, i)` in mm, from NIfTI or a folder of DICOM."""
    import SimpleITK

    if path.is_dir():
        image = SimpleITK.ReadImage(SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(path)))
    else:
        image = SimpleITK.ReadImage(str(path))
    image = SimpleITK.DICOMOrient(image, "LPS")
    spacing = image.GetSpacing()
    return SimpleITK.GetArrayFromImage(image), (spacing[2], spacing[1], spacing[0])


def onto_grid(
    array: npt.NDArray[Any], spacing_mm: tuple[float, float, float], to_mm: float, *, labels: bool
) -> npt.NDArray[Any]:
    """Resampled onto isotropic voxels that keep the outer faces; images are smoothed against aliasing first."""
    shape = tuple(max(1, round(n * s / to_mm)) for n, s in zip(array.shape, spacing_mm))
    zoom = [n / m for n, m in zip(array.shape, shape)]
    if labels:
        index = [np.clip(((np.arange(m) + 0.5) * z).astype(int), 0, n - 1) for m, z, n in zip(shape, zoom, array.shape)]
        return np.asarray(array[np.ix_(*index)])
    values = array.astype(np.float32)
    sigma = [0.42 * z if z > 1.2 else 0.0 for z in zoom]
    values = ndimage.gaussian_filter(values, sigma, mode="nearest")
    for axis, (m, z, n) in enumerate(zip(shape, zoom, array.shape)):
        at = np.clip((np.arange(m) + 0.5) * z - 0.5, 0, n - 1)
        low = np.minimum(at.astype(int), n - 2) if n > 1 else np.zeros(m, int)
        part = (at - low).astype(np.float32).reshape([-1 if a == axis else 1 for a in range(3)])
        high = np.minimum(low + 1, n - 1)
        values = np.take(values, low, axis) * (1 - part) + np.take(values, high, axis) * part
    return np.asarray(np.round(values), dtype=np.int16)


def _named(labels: npt.NDArray[Any], names: Mapping[str, int], merge: Mapping[str, str]) -> Labels:
    result = np.zeros(labels.shape, np.uint8)
    for name, value in names.items():
        target = merge.get(name, name)
        if target in INDEX and target != "background":
            result[labels == value] = INDEX[target]
        elif name in ("ignore", "unlabelled_region"):
            result[labels == value] = IGNORE
    return result


MERGE: dict[str, str] = {
    "aorta_descending": "aorta",
    "portal_vein_and_splenic_vein": "portal_and_splenic_vein",
    "colon": "bowel",
    "duodenum": "bowel",
    "small_bowel": "bowel",
}


def _by_rule(hu: Hu, labels: Labels, not_bone: Mask) -> Labels:
    """Lungs, bone and the air outside added where the map is silent (0) or does not know (ignore)."""
    inside = body(hu, SPACING_MM)
    result = labels.copy()
    silent = (labels == 0) | (labels == IGNORE)
    sides = lungs(hu, inside, SPACING_MM)
    result[silent & (sides == 1)] = INDEX["lung_left"]
    result[silent & (sides == 2)] = INDEX["lung_right"]
    result[silent & bone(hu, inside, not_bone, SPACING_MM)] = INDEX["bone"]
    outside = ~ndimage.binary_dilation(inside, iterations=1)
    result[outside] = CERTAIN_BACKGROUND
    return result


def _with_outlines(name: str, hu: Hu, labels: Labels, finished: Mask | None = None) -> tuple[Labels, set[str]]:
    """The outlines laid over what is silent, unknown or bone; not where labels are `finished`. Fat is background for sure."""
    result = labels.copy()
    soft = (labels == 0) | (labels == IGNORE) | (labels == INDEX["bone"])
    if finished is not None:
        soft &= ~finished
    present = set()
    pieces = drawn(name, hu)
    for structure, mask in pieces:
        if structure != "ignore":
            result[mask & soft] = INDEX[structure]
            present.add(structure)
    for structure, mask in pieces:
        if structure == "ignore":
            result[mask & ((result == 0) | (result == INDEX["bone"]))] = IGNORE
    smooth = ndimage.gaussian_filter(hu.astype(np.float32), 0.7)
    fat = ndimage.binary_erosion((smooth > -150) & (smooth < -45))
    result[fat & ((result == 0) | (result == IGNORE))] = CERTAIN_BACKGROUND
    return result, present


def _absent(present: set[str]) -> tuple[int, ...]:
    known = present | {"background", "lung_left", "lung_right", "bone"}
    return tuple(index for index, name in enumerate(CLASSES) if name not in known)


def lidc0001(data: Path) -> Scan:
    """Arterial chest and upper abdomen; contrast that no label names (heart, arch, veins) is left out of the loss."""
    raw, spacing = read_image(data / "lidc0001_dicom")
    marks, _ = read_image(data / "train" / "lidc0001_labels.nii.gz")
    names = json.loads((data / "train" / "lidc0001_labels.json").read_text())
    hu = np.clip(onto_grid(raw, spacing, SPACING_MM, labels=False), -1024, 2000).astype(np.int16)
    labels = _named(onto_grid(marks, spacing, SPACING_MM, labels=True), names, MERGE)
    aorta = labels == INDEX["aorta"]
    blood = contrast_blood(hu, aorta & (hu > 280), 230)
    organs = (labels > 0) & (labels != IGNORE)
    labels[ndimage.binary_dilation(blood, iterations=1) & ~organs] = IGNORE
    labels = _by_rule(hu, labels, organs | ndimage.binary_dilation(blood, iterations=1))
    labels, drawn_too = _with_outlines("lidc0001", hu, labels)
    present = {"liver", "spleen", "kidney_left", "kidney_right", "aorta"} | drawn_too
    return Scan("lidc0001", hu, labels, _absent(present), "arterial")


def ts_abdomen(data: Path) -> Scan:
    """Non-contrast abdomen and pelvis, labelled in its upper 90 mm by another model; lower down only bone by rule."""
    folder = data / "train"
    raw, spacing = read_image(folder / "ts_abdomen_noncontrast.nii.gz")
    marks, _ = read_image(folder / "ts_abdomen_noncontrast_labels.nii.gz")
    names = json.loads((folder / "ts_abdomen_noncontrast_labels.json").read_text())
    hu = onto_grid(raw, spacing, SPACING_MM, labels=False).astype(np.int16)
    fine = onto_grid(marks, spacing, SPACING_MM, labels=True)
    labels = _named(fine, names, MERGE)
    middle = float(np.mean(np.nonzero(hu > -300)[2]))
    lung = fine == names["lung"]
    left = np.broadcast_to(np.arange(hu.shape[2])[None, None] > middle, hu.shape)
    labels[lung & left] = INDEX["lung_left"]
    labels[lung & ~left] = INDEX["lung_right"]
    labelled = fine != names["unlabelled_region"]
    ruled = _by_rule(hu, labels, np.zeros(hu.shape, bool))
    labels = np.where(labelled & (ruled != CERTAIN_BACKGROUND), labels, ruled).astype(np.uint8)
    labels, _ = _with_outlines("ts_abdomen", hu, labels, labelled)
    present = set(CLASSES) - {"bladder", "pulmonary_artery"}
    return Scan("ts_abdomen", hu, labels, _absent(present), "native")


# Below this slice of the training grid there is no lung: what the rule finds there is gas in the gut.
LUNGS_FROM = {"acrin001_torso_noncontrast": 136}


def _unlabelled(data: Path, name: str, phase: str) -> Scan:
    raw, spacing = read_image(data / "train" / f"{name}.nii.gz")
    hu = onto_grid(raw, spacing, SPACING_MM, labels=False).astype(np.int16)
    blood = np.zeros(hu.shape, bool)
    if phase == "arterial":
        smooth = ndimage.gaussian_filter(hu.astype(np.float32), 1.0)
        seeds = ndimage.binary_erosion((smooth > 250) & (smooth < 480), iterations=3)
        blood = ndimage.binary_dilation(contrast_blood(hu, seeds, 180), iterations=1)
    labels = np.zeros(hu.shape, np.uint8)
    labels = _by_rule(hu, labels, blood)
    gut = np.arange(len(hu))[:, None, None] < LUNGS_FROM.get(name, 0)
    labels[gut & ((labels == INDEX["lung_left"]) | (labels == INDEX["lung_right"]))] = 0
    labels, present = _with_outlines(name.split("_")[0], hu, labels)
    return Scan(name.split("_")[0], hu, labels, _absent(present), phase)


def training_scans(data: Path) -> list[Scan]:
    """All scans that may train the shipped model."""
    return [
        lidc0001(data),
        ts_abdomen(data),
        _unlabelled(data, "lidc0002_chest_noncontrast", "native"),
        _unlabelled(data, "cmbcrc01068_chest_arterial", "arterial"),
        _unlabelled(data, "kits00072_dome_arterial", "arterial"),
        _unlabelled(data, "acrin001_torso_noncontrast", "native"),
    ]


def save(scan: Scan, folder: Path) -> Path:
    """One file per scan, so that labels can be looked at and corrected between stages."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{scan.name}.npz"
    np.savez_compressed(
        path,
        hu=scan.hu,
        labels=scan.labels,
        absent=np.array(scan.absent, np.int64),
        phase=scan.phase,
        spacing_mm=scan.spacing_mm,
    )
    return path


def load(path: Path) -> Scan:
    with np.load(path) as held:
        return Scan(
            path.stem,
            held["hu"],
            held["labels"],
            tuple(int(v) for v in held["absent"]),
            str(held["phase"]),
            float(held["spacing_mm"]),
        )
