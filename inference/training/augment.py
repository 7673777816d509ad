"""One training patch from a scan: deformed, in another contrast phase, as another scanner would have seen it.

A patch is a pure function of the scans, the recipe and `(seed, step)`, so a run that is resumed sees the same patches.
Left and right are never mirrored: liver, spleen, kidneys and lungs have sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from inference.training.classes import CERTAIN_BACKGROUND, CLASSES, IGNORE, INDEX
from inference.training.scans import Scan

AIR_HU = -1024.0
Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Recipe:
    """Patch and normalisation of one stage; the same numbers stand in the model's manifest."""

    spacing_mm: float = 4.0
    patch: tuple[int, int, int] = (64, 64, 64)
    clip_hu: tuple[float, float] = (-300.0, 500.0)
    mean_hu: float = 50.0
    std_hu: float = 150.0

    def normalise(self, hu: Tensor) -> Tensor:
        return (hu.clamp(*self.clip_hu) - self.mean_hu) / self.std_hu


@dataclass(frozen=True, slots=True)
class Patch:
    """`image` (1, *patch) normalised; `labels` (*patch) uint8; `absent`: classes that 0 may hide."""

    image: Tensor
    labels: Tensor
    absent: tuple[int, ...]


# Mean HU of each structure by phase, as a range between patients.
_VESSELS = ("inferior_vena_cava", "portal_and_splenic_vein")
PHASES: dict[str, dict[str, tuple[float, float]]] = {
    "native": {
        "liver": (40, 68),
        "spleen": (40, 56),
        "kidney_left": (26, 42),
        "aorta": (34, 52),
        "heart": (34, 50),
        "inferior_vena_cava": (34, 52),
        "portal_and_splenic_vein": (34, 50),
        "gallbladder": (-2, 22),
        "stomach": (5, 60),
        "pancreas": (30, 48),
        "bowel": (10, 60),
        "pulmonary_artery": (34, 52),
        "bladder": (-2, 15),
    },
    "arterial": {
        "liver": (52, 88),
        "spleen": (85, 185),
        "kidney_left": (110, 225),
        "aorta": (190, 460),
        "heart": (120, 400),
        "inferior_vena_cava": (45, 180),
        "portal_and_splenic_vein": (50, 140),
        "gallbladder": (-2, 22),
        "stomach": (5, 80),
        "pancreas": (65, 130),
        "bowel": (10, 90),
        "pulmonary_artery": (120, 450),
        "bladder": (-2, 15),
    },
    "portal": {
        "liver": (85, 140),
        "spleen": (95, 150),
        "kidney_left": (135, 235),
        "aorta": (115, 195),
        "heart": (110, 190),
        "inferior_vena_cava": (95, 185),
        "portal_and_splenic_vein": (120, 205),
        "gallbladder": (-2, 26),
        "stomach": (5, 90),
        "pancreas": (65, 115),
        "bowel": (10, 110),
        "pulmonary_artery": (105, 190),
        "bladder": (-2, 20),
    },
    "late": {
        "liver": (72, 105),
        "spleen": (75, 105),
        "kidney_left": (120, 240),
        "aorta": (85, 130),
        "heart": (80, 125),
        "inferior_vena_cava": (85, 130),
        "portal_and_splenic_vein": (85, 130),
        "gallbladder": (-2, 30),
        "stomach": (5, 70),
        "pancreas": (55, 90),
        "bowel": (10, 90),
        "pulmonary_artery": (80, 125),
        "bladder": (0, 250),
    },
}
PHASE_SHARES = {"portal": 0.42, "arterial": 0.24, "native": 0.10, "late": 0.10, "as it is": 0.08, "random": 0.06}
_LIKE = {
    "kidney_right": "kidney_left",
    "iliac_artery_left": "aorta",
    "iliac_artery_right": "aorta",
}
_SCALED = {
    "liver": (0.75, 1.35), "spleen": (0.65, 1.7), "kidney_left": (0.75, 1.3), "kidney_right": (0.75, 1.3),
    "gallbladder": (0.6, 1.7), "stomach": (0.7, 1.4), "aorta": (0.8, 1.35), "heart": (0.8, 1.2),
}  # fmt: skip


class Source:
    """A scan made ready for sampling: tensors, where each class lies, and its mean HU."""

    def __init__(self, scan: Scan, share: float) -> None:
        self.scan = scan
        self.share = share
        self.image = torch.from_numpy(scan.hu.astype(np.float32))[None, None]
        self.labels = torch.from_numpy(scan.labels.astype(np.float32))[None, None]
        self.places: dict[int, npt.NDArray[np.int64]] = {}
        self.mean_hu: dict[int, float] = {}
        self.centre: dict[int, npt.NDArray[np.float64]] = {}
        self.radius_mm: dict[int, float] = {}
        flat = scan.labels.ravel()
        for index in range(1, len(CLASSES)):
            found = np.flatnonzero(flat == index)
            if len(found) < 20:
                continue
            self.places[index] = found
            self.mean_hu[index] = float(np.median(scan.hu.ravel()[found]))
            self.centre[index] = np.array(np.unravel_index(found, scan.labels.shape)).mean(1)
            self.radius_mm[index] = float((len(found) * scan.spacing_mm**3 * 3 / 4 / np.pi) ** (1 / 3))
        self.anywhere = np.flatnonzero((flat != CERTAIN_BACKGROUND) & (flat != IGNORE))


# How often a patch is centred on a class, relative to the others that the scan holds.
CENTRED = {
    "liver": 2.0, "spleen": 2.5, "kidney_left": 2.0, "kidney_right": 2.0, "aorta": 2.5, "heart": 1.0,
    "inferior_vena_cava": 1.5, "portal_and_splenic_vein": 1.5, "gallbladder": 1.0, "stomach": 0.7, "pancreas": 0.7,
    "iliac_artery_left": 1.5, "iliac_artery_right": 1.5, "pulmonary_artery": 0.7, "bladder": 0.4, "bowel": 0.3,
    "lung_left": 0.2, "lung_right": 0.2, "bone": 0.7,
}  # fmt: skip


def _pick(rng: Rng, shares: dict[str, float]) -> str:
    names = list(shares)
    weights = np.array([shares[name] for name in names])
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def _centre(rng: Rng, source: Source, recipe: Recipe) -> npt.NDArray[np.float64]:
    shape, scan_mm = source.scan.labels.shape, source.scan.spacing_mm
    shares = {CLASSES[index]: CENTRED[CLASSES[index]] for index in source.places}
    if not shares or rng.random() < 0.25:
        place = rng.choice(source.anywhere)
    else:
        place = rng.choice(source.places[INDEX[_pick(rng, shares)]])
    found = np.array(np.unravel_index(place, shape), dtype=np.float64)
    half = np.array(recipe.patch) * recipe.spacing_mm / scan_mm / 2  # a patch beyond the scan teaches nothing
    moved = found + rng.uniform(-0.6, 0.6, 3) * half
    low = np.minimum(half * 0.75, np.array(shape) / 2)
    return np.clip(moved, low, np.array(shape) - low)


def _rotation(rng: Rng, sigma_deg: float) -> npt.NDArray[np.float64]:
    result = np.eye(3)
    for axis, angle in enumerate(np.radians(rng.normal(0, sigma_deg, 3).clip(-20, 20))):
        a, b = [n for n in range(3) if n != axis]
        turn = np.eye(3)
        turn[a, a] = turn[b, b] = np.cos(angle)
        turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
        result = result @ turn
    return result


def _spline(n: int, cell: float) -> Tensor:
    """`(n, controls)`: cubic B-spline weights of n samples over controls `cell` samples apart."""
    controls = int(np.ceil(n / cell)) + 3
    away = (np.arange(n)[:, None] / cell) - (np.arange(controls)[None] - 1)
    d = np.abs(away)
    inner = 2 / 3 - d**2 + d**3 / 2
    outer = np.clip(2 - d, 0, None) ** 3 / 6
    return torch.from_numpy(np.where(d < 1, inner, outer).astype(np.float32))


def smooth_noise(rng: Rng, shape: Sequence[int], cell: float, channels: int = 1) -> Tensor:
    """`(channels, *shape)`: unit-variance noise that varies over `cell` voxels (a cubic B-spline of white noise)."""
    basis = [_spline(n, cell) for n in shape]
    made = torch.from_numpy(rng.standard_normal((channels, *(b.shape[1] for b in basis))).astype(np.float32))
    for b in reversed(basis):
        made = torch.movedim(made @ b.T, -1, 1)
    return made / made.std().clamp_min(1e-3)


def _coordinates(rng: Rng, source: Source, recipe: Recipe) -> Tensor:
    """`(*patch, 3)` positions in the scan, in voxels (k, j, i)."""
    scan = source.scan
    patch = recipe.patch
    centre = _centre(rng, source, recipe)
    scale = np.exp(rng.normal(0, 0.11)) * np.exp(rng.normal(0, 0.05, 3))
    axes = [(torch.arange(n, dtype=torch.float32) - (n - 1) / 2) * recipe.spacing_mm for n in patch]
    grid = torch.stack(torch.meshgrid(*axes, indexing="ij"), -1)
    matrix = torch.from_numpy((_rotation(rng, 6.0) * scale).astype(np.float32))
    if rng.random() < 0.75:
        wide = rng.uniform(30, 70) / recipe.spacing_mm
        grid = grid + smooth_noise(rng, patch, wide, 3).permute(1, 2, 3, 0) * float(rng.uniform(3, 11))
    at = grid @ matrix.T / scan.spacing_mm + torch.from_numpy(centre.astype(np.float32))
    for name, (low, high) in _SCALED.items():
        index = INDEX[name]
        if index not in source.centre or rng.random() > 0.35:
            continue
        factor = float(np.exp(rng.uniform(np.log(low), np.log(high))))
        middle = torch.from_numpy(source.centre[index].astype(np.float32))
        if name == "aorta":  # a tube: widened about its axis, which is near its own centroid only in the plane
            continue
        away = at - middle
        reach = source.radius_mm[index] * 1.6 / scan.spacing_mm
        near = torch.exp(-(((away**2).sum(-1, keepdim=True) / reach**2) ** 2))
        at = at + away * near * (1 / factor - 1)
    return at


def _sampled(source: Source, at: Tensor) -> tuple[Tensor, Tensor]:
    shape = torch.tensor(source.scan.hu.shape, dtype=torch.float32)
    unit = ((at + 0.5) * 2 / shape - 1).flip(-1)[None]
    outside = ((unit.abs() > 1).any(-1))[0]
    hu = functional.grid_sample(source.image, unit, mode="bilinear", padding_mode="border", align_corners=False)[0, 0]
    labels = functional.grid_sample(source.labels, unit, mode="nearest", padding_mode="border", align_corners=False)[
        0, 0
    ]
    return hu.masked_fill(outside, AIR_HU), labels.to(torch.uint8).masked_fill(outside, CERTAIN_BACKGROUND)


def _blur(values: Tensor, sigma: Sequence[float]) -> Tensor:
    """Separable Gaussian over `(*space)`."""
    out = values[None, None]
    for axis, s in enumerate(sigma):
        if s < 0.2:
            continue
        radius = max(1, int(np.ceil(2.5 * s)))
        x = torch.arange(-radius, radius + 1, dtype=torch.float32)
        kernel = torch.exp(-0.5 * (x / s) ** 2)
        kernel = (kernel / kernel.sum()).reshape([1, 1] + [-1 if a == axis else 1 for a in range(3)])
        pad = [0] * 6
        pad[2 * (2 - axis)] = pad[2 * (2 - axis) + 1] = radius
        out = functional.conv3d(functional.pad(out, pad, mode="replicate"), kernel)
    return out[0, 0]


def _tubes(rng: Rng, shape: Sequence[int], cell: float, radius: float) -> Tensor:
    """Soft mask of winding tubes: where two smooth noises are both near 0."""
    two = smooth_noise(rng, shape, cell, 2)
    distance = (two**2).sum(0).sqrt() * cell * 0.7
    return ((radius - distance) + 0.5).clamp(0, 1)


def _blobs(rng: Rng, inside: Tensor, count: int, radius_mm: tuple[float, float], spacing_mm: float) -> Tensor:
    """Soft mask of round lesions with centres inside the mask."""
    result = torch.zeros(inside.shape)
    places = torch.nonzero(inside)
    if len(places) == 0:
        return result
    axes = torch.meshgrid(*(torch.arange(n, dtype=torch.float32) for n in inside.shape), indexing="ij")
    for _ in range(count):
        middle = places[int(rng.integers(len(places)))]
        radius = float(np.exp(rng.uniform(*np.log(radius_mm)))) / spacing_mm
        squash = rng.uniform(0.75, 1.3, 3)
        distance = sum(((a - m) * float(s)) ** 2 for a, m, s in zip(axes, middle, squash)) ** 0.5
        result = torch.maximum(result, (radius - distance + 0.5).clamp(0, 1))
    return result


def _other_phase(rng: Rng, source: Source, hu: Tensor, labels: Tensor, spacing_mm: float) -> Tensor:
    phase = _pick(rng, PHASE_SHARES)
    if phase == "as it is":
        return hu
    table = PHASES.get(phase, {})
    result = hu
    level = float(rng.random())  # one injection: vessels of a patient are bright together
    repaint = rng.random() < 0.2
    for index, mean in source.mean_hu.items():
        name = CLASSES[index]
        like = _LIKE.get(name, name)
        mask = labels == index
        if name in ("bone", "lung_left", "lung_right", "bowel") or not bool(mask.any()):
            continue
        if phase == "random":
            target = float(rng.uniform(0, 260))
        elif like in table:
            low, high = table[like]
            share = 0.65 * level + 0.35 * float(rng.random())
            target = low + (high - low) * share
        else:
            continue
        soft = _blur(mask.float(), (0.6, 0.6, 0.6))
        result = result + soft * (target - mean)
        if repaint and name in ("liver", "spleen", "kidney_left", "kidney_right", "aorta", "heart"):
            texture = smooth_noise(rng, hu.shape, float(rng.uniform(1, 4)))[0] * float(rng.uniform(4, 18))
            result = torch.where(mask, (target + texture) * soft + result * (1 - soft), result)
    liver = labels == INDEX["liver"]
    if bool(liver.any()) and rng.random() < 0.7:
        gain = {"portal": (15, 75), "arterial": (-15, 25), "native": (-15, 10), "late": (5, 30)}.get(phase, (-50, 80))
        tubes = _tubes(rng, hu.shape, float(rng.uniform(7, 14)), float(rng.uniform(0.3, 1.4)))
        result = result + tubes * liver * float(rng.uniform(*gain))
    for name, chance in (("liver", 0.5), ("spleen", 0.08), ("kidney_left", 0.2), ("kidney_right", 0.2)):
        mask = labels == INDEX[name]
        if rng.random() < chance and bool(mask.any()):
            lesions = _blobs(rng, mask, int(rng.integers(1, 5)), (3, 40), spacing_mm) * mask
            result = result + lesions * float(rng.choice([-1, -1, -1, 1]) * rng.uniform(10, 80))
    for name in ("kidney_left", "kidney_right"):
        mask = labels == INDEX[name]
        if phase == "arterial" and rng.random() < 0.5 and bool(mask.any()):  # cortex before medulla
            core = _blur(mask.float(), (1.6, 1.6, 1.6))
            result = result - ((core - 0.55).clamp(0, 0.3) / 0.3) * mask * float(rng.uniform(20, 110))
    gut = (labels == INDEX["bowel"]) | (labels == INDEX["stomach"])
    if bool(gut.any()) and rng.random() < 0.3:
        filled = gut & (result > -200)
        target = float(rng.choice([10.0, 20.0, 180.0, 300.0]))
        share = float(rng.uniform(0.3, 0.9))
        result = torch.where(filled, result * (1 - share) + target * share, result)
    unnamed = (labels == 0) | (labels == IGNORE)
    if rng.random() < 0.6:  # what has no label enhances too
        tissue = ((result > 0) & (result < 150) & unnamed).float()
        wobble = smooth_noise(rng, hu.shape, float(rng.uniform(4, 12)))[0]
        result = result + _blur(tissue, (0.6, 0.6, 0.6)) * (wobble * 14 + float(rng.uniform(-5, 20)))
    return result


def _other_scanner(rng: Rng, hu: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    if rng.random() < 0.35:  # thick slices
        hu = _blur(hu, (float(rng.uniform(0.3, 1.1)), 0, 0))
    if rng.random() < 0.3:
        hu = _blur(hu, (float(rng.uniform(0.2, 0.7)),) * 3)
    if rng.random() < 0.2:  # a sharp kernel
        hu = hu + (hu - _blur(hu, (0.8,) * 3)) * float(rng.uniform(0.2, 0.8))
    if rng.random() < 0.7:
        sigma = float(rng.uniform(2, 30))
        noise = torch.from_numpy(rng.standard_normal(hu.shape).astype(np.float32))
        if rng.random() < 0.5:
            noise = _blur(noise, (0.45,) * 3)
            noise = noise / noise.std()
        hu = hu + noise * sigma
    if rng.random() < 0.5:
        hu = (hu + 1000) * float(rng.uniform(0.97, 1.03)) - 1000 + float(rng.uniform(-10, 10))
    return hu, labels


def _other_field(rng: Rng, hu: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """The scan ends inside the patch, at the head or at the feet, as chest-only and abdomen-only scans do."""
    if rng.random() < 0.25:
        cut = int(rng.integers(2, max(3, hu.shape[0] // 2)))
        rows = slice(0, cut) if rng.random() < 0.5 else slice(hu.shape[0] - cut, None)
        hu, labels = hu.clone(), labels.clone()
        hu[rows] = AIR_HU
        labels[rows] = CERTAIN_BACKGROUND
    return hu, labels


def patch_of(sources: Sequence[Source], recipe: Recipe, seed: int, step: int, item: int = 0) -> Patch:
    """The patch of this seed and step."""
    rng = np.random.default_rng([seed, step, item])
    shares = np.array([source.share for source in sources])
    source = sources[int(rng.choice(len(sources), p=shares / shares.sum()))]
    hu, labels = _sampled(source, _coordinates(rng, source, recipe))
    hu = _other_phase(rng, source, hu, labels, recipe.spacing_mm)
    hu, labels = _other_scanner(rng, hu, labels)
    hu, labels = _other_field(rng, hu, labels)
    return Patch(recipe.normalise(hu)[None], labels, source.scan.absent)
