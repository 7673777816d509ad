"""All that is found without a network, on the image's own voxels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.classical import rules
from inference.classical.aorta import ContrastAorta, find_contrast_aorta
from inference.classical.coarse import Coarse
from planning.geometry import Grid
from planning.progress import CancelToken, Progress, no_progress

STRUCTURES = ("body", "lung_left", "lung_right", "bone", "aorta")
LUNG_EDGE_HU, BODY_EDGE_HU, BONE_EDGE_HU = -400.0, -300.0, 150.0
CALM_MM = 0.8

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Classical:
    """masks: bool (k, j, i) on the image's grid by name; a structure that was looked for and not found has no entry.

    coarse: the scan in the voxels that all of it was made in.
    """

    masks: dict[str, Mask] = field(default_factory=dict)
    aorta: ContrastAorta | None = None
    coarse: Coarse | None = None


def find_classical(
    volume_hu: npt.NDArray[Any],
    grid: Grid,
    wanted: Collection[str] = STRUCTURES,
    labels: npt.NDArray[Any] | None = None,
    bone_index: int | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Classical:
    """volume_hu: (k, j, i) HU. labels: a network's, of the same shape; what they call otherwise than 0 and `bone_index` is
    no bone. Raises Cancelled.
    """

    def told(share: float, text: str) -> None:
        if cancel is not None:
            cancel.raise_if_set()
        progress(share, text)

    told(0.0, "Looking at body, lungs and bone")
    coarse = Coarse.of(volume_hu, grid, cancel=cancel)
    step = coarse.mean_spacing_mm
    inside = rules.body(coarse.hu, step)
    found = Classical(coarse=coarse)
    if not inside.any():
        return found
    if "body" in wanted:
        found.masks["body"] = coarse.with_edges(inside, volume_hu, lambda hu: hu > BODY_EDGE_HU)
    told(0.2, "Looking at the lungs")
    if {"lung_left", "lung_right"} & set(wanted):
        _lungs(found, coarse, volume_hu, inside, wanted)
    told(0.4, "Looking for an aorta with contrast")
    aorta = find_contrast_aorta(volume_hu, grid, coarse, cancel) if {"aorta", "bone"} & set(wanted) else None
    if aorta is not None and "aorta" in wanted:
        found.masks["aorta"] = coarse.with_edges(aorta.mask, volume_hu, lambda hu: _calm(coarse, hu) > aorta.level_hu)
    told(0.8, "Looking at the bones")
    if "bone" in wanted:
        blocked = _no_bone(coarse, labels, bone_index, aorta)
        hard = rules.bone(coarse.hu, inside, blocked, step)
        if hard.any():
            found.masks["bone"] = coarse.with_edges(hard, volume_hu, lambda hu: hu > BONE_EDGE_HU, ~blocked)
    told(1.0, "")
    return Classical(found.masks, aorta, coarse)


def _calm(coarse: Coarse, hu: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Planes without their finest noise, which frays a vessel's wall; a straight wall's half height stays in its place."""
    from scipy import ndimage

    sigma = [CALM_MM * factor / step for factor, step in zip(coarse.factors, coarse.spacing_mm, strict=True)]
    return np.asarray(ndimage.gaussian_filter(hu.astype(np.float32), (0.0, sigma[1], sigma[2]), mode="nearest"))


def _lungs(
    found: Classical, coarse: Coarse, volume_hu: npt.NDArray[Any], inside: Mask, wanted: Collection[str]
) -> None:
    sides = rules.lungs(coarse.hu, inside, coarse.mean_spacing_mm)
    for value, name in ((1, "lung_left"), (2, "lung_right")):
        side = sides == value
        if name in wanted and side.any():
            within = inside & (sides != 3 - value)
            found.masks[name] = coarse.with_edges(side, volume_hu, lambda hu: hu < LUNG_EDGE_HU, within)


def _no_bone(
    coarse: Coarse, labels: npt.NDArray[Any] | None, bone_index: int | None, aorta: ContrastAorta | None
) -> Mask:
    from scipy import ndimage

    blocked = np.zeros(coarse.hu.shape, dtype=bool)
    if labels is not None:
        named = coarse.sampled(labels)
        blocked |= (named != 0) & (named != (0 if bone_index is None else bone_index))
    if aorta is None:
        return blocked
    # every vessel and chamber that the contrast of this aorta reaches
    seeds = aorta.mask & (coarse.hu > 0.75 * aorta.lumen_hu)
    low = max(0.6 * aorta.lumen_hu, 180.0)
    if seeds.any() and aorta.lumen_hu > 200.0:
        blocked |= ndimage.binary_dilation(rules.contrast_blood(coarse.hu, seeds, low))
    blocked |= ndimage.binary_dilation(aorta.mask)
    return blocked
