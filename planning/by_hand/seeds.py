"""Several structures grown from what was painted of each, until they meet where the image has its edges.

Seeded watershed on the gradient's size (Meyer, Signal Processing 1994;38:113). What is large is flooded on coarser voxels,
told by `is_coarse`, and brought back smoothly; seeds are kept to the voxel.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from planning.by_hand import boxes
from planning.errors import InputError
from planning.progress import CancelToken, Progress, no_progress, stoppable
from planning.volume import Box, Mask, Volume

# flooded in about four seconds
MOST_VOXELS = 4_000_000
# around the seeds, where no box is given
MARGIN_SHARE, MARGIN_MM = 0.1, 5.0


def default_roi(seeds: Mapping[str, Mask], margin_mm: float = MARGIN_MM) -> Box:
    """The seeds' common box, a tenth (and at least `margin_mm`) wider on all sides."""
    some = next(iter(seeds.values()))
    box = some.box_kji
    for mask in seeds.values():
        box = boxes.joined(box, mask.box_kji)
    least = boxes.margin_voxels(some.grid, margin_mm)
    more = [max(math.ceil(MARGIN_SHARE * n), low) for n, low in zip(boxes.shape_of(box), least, strict=True)]
    return boxes.grown_by(box, more, some.grid)


def is_coarse(roi: Box) -> bool:
    """Whether a box is so large that it is flooded on coarser voxels."""
    return max(_steps(roi)) > 1


def grow_from_seeds(
    volume: Volume,
    seeds: Mapping[str, Mask],
    roi: Box | None = None,
    smooth_mm: float = 1.0,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Mask]:
    """Each structure grown from its seeds over all of `roi`; one of them should be what is not wanted.

    smooth_mm: standard deviation of the Gaussian over the image, so that noise is no edge. Raises InputError with fewer
    than two seeds that are not empty, or where seeds overlap, Cancelled.
    """
    seeds = {name: mask for name, mask in seeds.items() if mask.voxels.any()}
    if len(seeds) < 2:
        raise InputError(
            "Growing needs seeds of at least two structures", "Paint some of what is not wanted too", "seeds"
        )
    for mask in seeds.values():
        boxes.require_same_grid(volume.grid, mask.grid)
    box = default_roi(seeds) if roi is None else boxes.common(roi, boxes.whole(volume.grid))
    if boxes.is_empty(box):
        raise InputError("The box to grow in is empty", "Choose a larger one", "roi")
    marks = _marks(seeds, box)
    step = _steps(box)
    progress(0.1, "Finding edges")
    labels = stoppable(lambda: _flooded(volume, box, marks, step, smooth_mm), cancel)
    progress(0.9, "")
    answer = {}
    for number, (name, mask) in enumerate(seeds.items(), start=1):
        whole = boxes.joined(box, mask.box_kji)
        # seeds outside the box stay what they were
        voxels = boxes.read(mask, whole).copy()
        voxels[boxes.inside_of(box, whole)] = labels == number
        answer[name] = boxes.made(mask.grid, voxels, whole)
    progress(1.0)
    return answer


def _marks(seeds: Mapping[str, Mask], box: Box) -> npt.NDArray[np.int32]:
    marks = np.zeros(boxes.shape_of(box), dtype=np.int32)
    for number, (name, mask) in enumerate(seeds.items(), start=1):
        inside = boxes.read(mask, box)
        if marks[inside].any():
            other = list(seeds)[int(marks[inside].max()) - 1]
            raise InputError(
                f"The seeds of '{other}' and '{name}' overlap", "Erase one of them where they do", "overlap"
            )
        marks[inside] = number
    return marks


def _steps(box: Box) -> tuple[int, int, int]:
    """Voxels to a coarse one along k, j, i."""
    shape = boxes.shape_of(box)
    step = max(1, math.ceil((np.prod(shape, dtype=float) / MOST_VOXELS) ** (1 / 3)))
    k, j, i = (min(step, n) for n in shape)
    return k, j, i


def _flooded(
    volume: Volume, box: Box, marks: npt.NDArray[np.int32], step: tuple[int, int, int], smooth_mm: float
) -> npt.NDArray[np.int32]:
    from scipy import ndimage
    from skimage.segmentation import watershed

    spacing = volume.grid.spacing_mm[::-1] * step
    values = volume.voxels[box][tuple(slice(n // 2, None, n) for n in step)].astype(np.float32)
    sigma = np.maximum(smooth_mm / spacing, 0.5)
    slopes = [
        ndimage.gaussian_filter(values, sigma, order=[int(n == axis) for n in range(3)], mode="nearest") / spacing[axis]
        for axis in range(3)
    ]
    steepness = np.sqrt(np.add.reduce([slope**2 for slope in slopes]))
    if max(step) == 1:
        return np.asarray(watershed(steepness, marks))
    coarse = watershed(steepness, _coarse_marks(marks, step, values.shape))
    return np.where(marks > 0, marks, _stretched(coarse, marks.shape, step))


def _coarse_marks(
    marks: npt.NDArray[np.int32], step: tuple[int, int, int], shape: tuple[int, ...]
) -> npt.NDArray[np.int32]:
    """The seed of each coarse voxel: any that lies in it, the last structure's where several do.

    Voxels beyond the last whole one belong to it: a seed at the box's edge floods as any other.
    """
    coarse = np.zeros(shape, dtype=np.int32)
    at = np.nonzero(marks)
    places = (np.minimum(index // s, n - 1) for index, s, n in zip(at, step, shape, strict=True))
    np.maximum.at(coarse, tuple(places), marks[at])
    return coarse


def _stretched(
    coarse: npt.NDArray[np.int32], shape: tuple[int, ...], step: tuple[int, int, int]
) -> npt.NDArray[np.int32]:
    """Labels on fine voxels: the one with the greatest share of the linear interpolation there."""
    # the middle of a coarse voxel lies where it was sampled: step // 2
    places = [(np.arange(n) - s // 2) / s for n, s in zip(shape, step, strict=True)]
    best = np.zeros(shape, dtype=np.float32)
    answer = np.zeros(shape, dtype=np.int32)
    for number in np.unique(coarse):
        share = (coarse == number).astype(np.float32)
        for axis, place in enumerate(places):
            low = np.clip(np.floor(place).astype(int), 0, share.shape[axis] - 1)
            high = np.minimum(low + 1, share.shape[axis] - 1)
            along = [1, 1, 1]
            along[axis] = -1
            weight = np.clip(place - low, 0.0, 1.0).astype(np.float32).reshape(along)
            share = share.take(low, axis=axis) * (1 - weight) + share.take(high, axis=axis) * weight
        is_better = share > best
        best[is_better], answer[is_better] = share[is_better], number
    return answer
