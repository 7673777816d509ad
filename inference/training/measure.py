"""A network on a whole scan, and what its labels are worth."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from inference.classical.rules import largest
from inference.training.augment import AIR_HU, Recipe
from inference.training.scans import onto_grid, read_image


@dataclass(frozen=True, slots=True)
class Case:
    """A scan with reference masks, on the recipe's grid."""

    name: str
    hu: npt.NDArray[np.int16]
    truth: Mapping[str, npt.NDArray[np.bool_]]


def ircad01(data: Path, spacing_mm: float) -> Case:
    """The test scan: portal-venous, another hospital. It never trains."""
    raw, spacing = read_image(data / "ircad01" / "ct.nii.gz")
    marks, _ = read_image(data / "ircad01" / "labels.nii.gz")
    names = json.loads((data / "ircad01" / "labels.json").read_text())
    hu = onto_grid(raw, spacing, spacing_mm, labels=False)
    fine = onto_grid(marks, spacing, spacing_mm, labels=True)
    value = {name: fine == number for name, number in names.items()}
    liver = ("liver", "liver_tumor", "liver_lesion_other", "portal_vein_in_liver", "venous_system_in_liver")
    truth = {
        "liver": np.any([value[name] for name in liver], 0),
        "spleen": value["spleen"],
        "kidney_left": value["kidney_left"],
        "kidney_right": value["kidney_right"],
        "aorta": value["artery"],
        "inferior_vena_cava": value["venous_system"],
        "portal_and_splenic_vein": value["portal_vein"],
        "lung_left": value["lung_left"],
        "lung_right": value["lung_right"],
        "bone": value["bone"],
    }
    return Case("ircad01", hu, truth)


def cmbcrc01068(scans: Path, spacing_mm: float) -> Case:
    """The scan that is kept for validation: arterial chest, its aorta outlined by a tube. It never trains."""
    from inference.training.classes import INDEX
    from inference.training.scans import load

    scan = load(scans / "cmbcrc01068.npz")
    spacing = (scan.spacing_mm,) * 3
    hu = onto_grid(scan.hu, spacing, spacing_mm, labels=False)
    labels = onto_grid(scan.labels, spacing, spacing_mm, labels=True)
    return Case(scan.name, hu, {name: labels == INDEX[name] for name in ("aorta", "lung_left", "lung_right", "bone")})


def _starts(size: int, patch: int, step: float) -> list[int]:
    if size <= patch:
        return [0]
    count = int(np.ceil((size - patch) / (patch * step))) + 1
    return [round(n * (size - patch) / (count - 1)) for n in range(count)]


def _bell(patch: Sequence[int]) -> Tensor:
    axes = [torch.exp(-0.5 * ((torch.arange(n) - (n - 1) / 2) / (n / 8)) ** 2) for n in patch]
    bell = axes[0][:, None, None] * axes[1][None, :, None] * axes[2][None, None]
    return bell.clamp_min(float(bell.max()) * 1e-3)


def logits_of(network: nn.Module, hu: npt.NDArray[Any], recipe: Recipe, step: float = 0.5) -> Tensor:
    """`(classes, *shape)` float32: tiles of the training patch under a Gaussian."""
    image = torch.from_numpy(hu.astype(np.float32))
    patch = recipe.patch
    missing = [max(0, p - n) for p, n in zip(patch, hu.shape)]
    pad = [v for m in reversed(missing) for v in (m // 2, m - m // 2)]
    image = recipe.normalise(torch.nn.functional.pad(image, pad, value=AIR_HU))
    bell = _bell(patch)
    total: Tensor | None = None
    weight = torch.zeros(image.shape)
    for k in _starts(image.shape[0], patch[0], step):
        for j in _starts(image.shape[1], patch[1], step):
            for i in _starts(image.shape[2], patch[2], step):
                at = (slice(k, k + patch[0]), slice(j, j + patch[1]), slice(i, i + patch[2]))
                with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
                    out = network(image[at][None, None])[0].float()
                if total is None:
                    total = torch.zeros(out.shape[0], *image.shape)
                total[(slice(None), *at)] += out * bell
                weight[at] += bell
    assert total is not None
    inner = tuple(slice(m // 2, m // 2 + n) for m, n in zip(missing, hu.shape))
    return (total / weight)[(slice(None), *inner)]


def dice(a: npt.NDArray[np.bool_], b: npt.NDArray[np.bool_]) -> float:
    total = int(a.sum()) + int(b.sum())
    return 2.0 * int((a & b).sum()) / total if total else 1.0


def dice_of(
    labels: npt.NDArray[np.integer[Any]], case: Case, index: Mapping[str, int], spacing_mm: float = 4.0
) -> dict[str, float]:
    """Dice per structure, largest piece only (bone: all pieces).

    The aorta is scored within 12 mm of what was found, since the reference also holds its branches.
    """
    from scipy import ndimage

    result = {}
    for name, truth in case.truth.items():
        found = labels == index[name]
        if name != "bone":
            found = largest(found)
        if name == "aorta" and case.name == "ircad01" and found.any():
            near = ndimage.distance_transform_edt(~found) * spacing_mm <= 12
            rows = found.any((1, 2))
            result["aorta_trunk"] = dice(found, truth & near & rows[:, None, None])
        result[name] = dice(found, truth)
    return result
