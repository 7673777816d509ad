"""Smoother surfaces: of one structure, or of neighbours together so that no gap opens between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt

from planning.by_hand import boxes
from planning.by_hand.blocks import by_blocks, sides_for, split
from planning.by_hand.growing import MOST_MM, grow
from planning.errors import InputError
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.volume import Box, Mask

How = Literal["median", "gaussian", "open", "close"]
# a Gaussian is cut off where it has fallen to 1 %
REACH = 3.0


def smooth(
    mask: Mask, mm: float, how: How = "median", *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> Mask:
    """A smoother structure; how much its volume changed is the difference of `volume_ml`.

    "median": what most voxels within ±mm along each axis are. "gaussian": where a Gaussian of standard deviation `mm` is
    above a half. "open": what is thinner than twice `mm` goes; "close": gaps thinner than that fill. Raises InputError for a
    size that is not above 0, Cancelled.
    """
    _require_size(mm)
    if how == "open" or how == "close":
        first = -mm if how == "open" else mm
        half = grow(mask, first, progress=part_of(progress, 0.0, 0.5), cancel=cancel)
        return grow(half, -first, progress=part_of(progress, 0.5, 1.0), cancel=cancel)
    spacing = mask.grid.spacing_mm[::-1]
    reach = mm if how == "median" else REACH * mm

    def work(inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        from scipy import ndimage

        if how == "median":
            sizes = [2 * int(mm / step + 1e-6) + 1 for step in spacing]
            # counted as means: exactly a half cannot be, the number of voxels is odd
            return np.asarray(ndimage.uniform_filter(inside.astype(np.float32), sizes, mode="nearest") > 0.5)
        return np.asarray(_blurred(inside, mm, spacing) > 0.5)

    box = boxes.grown_by(mask.box_kji, boxes.margin_voxels(mask.grid, reach), mask.grid)
    return by_blocks(mask, box, boxes.margin_voxels(mask.grid, reach), work, progress, cancel)


def smooth_together(
    masks: Mapping[str, Mask], mm: float, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> dict[str, Mask]:
    """Structures that share borders, by a Gaussian of standard deviation `mm`: each voxel to who has most of it there.

    Where only structures meet none of it becomes empty, so no gap opens. Raises InputError when two of them overlap
    (code "overlap"), Cancelled.
    """
    _require_size(mm)
    if not masks:
        raise InputError("No structure was named", "Choose at least one", "none")
    names, some = list(masks), next(iter(masks.values()))
    grid, halo = some.grid, boxes.margin_voxels(some.grid, REACH * mm)
    box: Box = some.box_kji
    for mask in masks.values():
        boxes.require_same_grid(grid, mask.grid)
        box = boxes.joined(box, mask.box_kji)
    box = boxes.grown_by(box, halo, grid)
    answer = {name: np.zeros(boxes.shape_of(box), dtype=bool) for name in names}
    parts = list(split(box, sides_for(halo)))
    for number, part in enumerate(parts):
        if cancel is not None:
            cancel.raise_if_set()
        progress(number / len(parts))
        around = boxes.grown_by(part, halo, grid)
        inner, there = boxes.inside_of(part, around), boxes.inside_of(part, box)
        here = {name: boxes.read(mask, around) for name, mask in masks.items()}
        here = {name: inside for name, inside in here.items() if inside.any()}
        if not here:
            continue
        total = np.add.reduce([inside.view(np.uint8) for inside in here.values()])
        if total.max() > 1:
            _refuse_overlap(here)
        fields = [_blurred(total == 0, mm, grid.spacing_mm[::-1])[inner]]
        fields += [_blurred(inside, mm, grid.spacing_mm[::-1])[inner] for inside in here.values()]
        winner = np.argmax(fields, axis=0)
        for place, name in enumerate(here, start=1):
            answer[name][there] = winner == place
    progress(1.0)
    return {name: boxes.made(grid, voxels, box) for name, voxels in answer.items()}


def _blurred(inside: npt.NDArray[np.bool_], mm: float, spacing_kji: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    from scipy import ndimage

    sigma = [mm / step for step in spacing_kji]
    return np.asarray(ndimage.gaussian_filter(inside.astype(np.float32), sigma, mode="nearest", truncate=REACH))


def _refuse_overlap(inside: Mapping[str, npt.NDArray[np.bool_]]) -> None:
    names = list(inside)
    for n, first in enumerate(names):
        for second in names[n + 1 :]:
            if (inside[first] & inside[second]).any():
                raise InputError(
                    f"'{first}' and '{second}' overlap", "Smooth them one by one, or subtract one first", "overlap"
                )


def _require_size(mm: float) -> None:
    if not 0 < mm <= MOST_MM:
        raise InputError(f"Smoothing needs a size above 0 and up to {MOST_MM:.0f} mm", "Use another number", "size")
