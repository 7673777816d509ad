"""What prompts and a given structure say about single voxels, on both working grids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.interactive.image import PreparedImage
from inference.interactive.prompts import Prompt, named_voxels
from planning.liver.segment.working import BoolArray, away_mm, bounds_of, depth_mm
from planning.volume import Mask

Index = npt.NDArray[np.int64]

# how far beyond the strokes a structure is looked for; a correction stays nearer
REACH_MM, CORRECTION_MM = 60.0, 45.0
# this deep in a given structure, and this far from it, it is believed
SURE_MM = 5.0
# a stroke that says otherwise makes it doubted this far about, and farther where the stroke is deeper inside
DOUBT_MM, DOUBT_DEPTHS, MOST_DOUBT_MM = 12.0, 1.5, 25.0
MOST_SAMPLES = 1500


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """Voxels (n, 3) `[k, j, i]`.

    inside, outside: on the fine grid, named by strokes and, of a given structure, a sample of what is believed. coarse_*: on
    the coarse grid, within the box. box: the part of the coarse grid that is looked at. strokes: the coarse voxels that
    prompts name, of either side.
    """

    inside: Index
    outside: Index
    coarse_inside: Index
    coarse_outside: Index
    box: tuple[slice, slice, slice]
    strokes: Index

    @property
    def low(self) -> Index:
        """First voxel of the box."""
        return np.array([part.start for part in self.box], dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Initial:
    """A given structure on both working grids."""

    mask: Mask
    fine: BoolArray
    coarse: BoolArray

    @classmethod
    def of(cls, mask: Mask, image: PreparedImage) -> Initial:
        """Where at least half of a working voxel belongs to it."""
        share = image.blocks.down(mask.full())
        return cls(mask, share >= 0.5, image.coarser.down(share) >= 0.5)


def read_seeds(image: PreparedImage, prompts: Sequence[Prompt], initial: Initial | None) -> Seeds | None:
    """None while nothing says where the structure is."""
    named = [named_voxels(prompt, image.fine) for prompt in prompts]
    inside = _joined([one.inside for one in named])
    outside = _joined([one.outside for one in named])
    if not len(inside) and initial is None:
        return None
    marked = _joined([inside, outside])
    if not len(marked):
        return None
    # a voxel that both sides name belongs to the side named last
    inside, outside = _settled([(one.inside, one.outside) for one in named])
    strokes = _coarse(image, marked)
    reach = np.ceil((REACH_MM if initial is None else CORRECTION_MM) / image.coarse_mm).astype(np.int64)
    low = np.maximum(strokes.min(axis=0) - reach, 0)
    high = np.minimum(strokes.max(axis=0) + reach + 1, image.coarse.shape_kji)
    box = (slice(int(low[0]), int(high[0])), slice(int(low[1]), int(high[1])), slice(int(low[2]), int(high[2])))
    coarse_inside, coarse_outside = _coarse(image, inside), _coarse(image, outside)
    if initial is not None:
        sure_inside, sure_outside = _believed(image, initial, box, coarse_inside, coarse_outside)
        inside = _joined([inside, _sample(image, sure_inside)])
        outside = _joined([outside, _sample(image, sure_outside)])
        coarse_inside, coarse_outside = _joined([coarse_inside, sure_inside]), _joined([coarse_outside, sure_outside])
    return Seeds(inside, outside, coarse_inside, coarse_outside, box, strokes)


def _believed(
    image: PreparedImage, initial: Initial, box: tuple[slice, slice, slice], inside: Index, outside: Index
) -> tuple[Index, Index]:
    """What stays of a given structure and of its surroundings, but near strokes that say otherwise."""
    part = initial.coarse[box]
    low = np.array([one.start for one in box])
    found = []
    for here, against in ((part, outside), (~part, inside)):
        depth = depth_mm(here, image.coarse_mm)
        sure = depth > SURE_MM
        for mark in against - low:
            deep = float(depth[tuple(mark)])
            if deep > 0.0:
                reach_mm = float(np.clip(DOUBT_DEPTHS * deep, DOUBT_MM, MOST_DOUBT_MM))
                ball = tuple(
                    slice(max(int(at - n), 0), int(at + n) + 1)
                    for at, n in zip(mark, np.ceil(reach_mm / image.coarse_mm), strict=True)
                )
                first = np.array([one.start for one in ball])
                sure[ball] &= away_mm(sure[ball].shape, mark - first, image.coarse_mm) > reach_mm
        found.append(np.argwhere(sure) + low)
    return found[0], found[1]


def _sample(image: PreparedImage, coarse: Index) -> Index:
    """Fine voxels in the middle of coarse ones, MOST_SAMPLES at most, always the same."""
    some = coarse[:: max(len(coarse) // MOST_SAMPLES, 1)]
    factors = np.array(image.coarser.factors_kji)
    return np.asarray(np.minimum(some * factors + factors // 2, np.array(image.fine.shape_kji) - 1))


def _settled(named: Sequence[tuple[Index, Index]]) -> tuple[Index, Index]:
    every = [(index, side) for pair in named for side, index in enumerate(pair) if len(index)]
    index = np.concatenate([one for one, _ in every])[::-1]
    sides = np.concatenate([np.full(len(one), side) for one, side in every])[::-1]
    _, first = np.unique(index, axis=0, return_index=True)
    index, sides = index[first], sides[first]
    return index[sides == 0], index[sides == 1]


def _coarse(image: PreparedImage, index: Index) -> Index:
    return np.unique(image.coarse_of(index), axis=0)


def _joined(parts: Sequence[Index]) -> Index:
    return np.concatenate([np.zeros((0, 3), dtype=np.int64), *parts])


def near_strokes(image: PreparedImage, seeds: Seeds, reach_mm: float) -> BoolArray:
    """Coarse voxels of the box within reach of what was drawn."""
    marked = np.zeros([part.stop - part.start for part in seeds.box], dtype=bool)
    marked[tuple((seeds.strokes - seeds.low).T)] = True
    box = bounds_of(marked, np.ceil(reach_mm / image.coarse_mm).astype(int))
    near = np.zeros_like(marked)
    near[box] = depth_mm(~marked[box], image.coarse_mm) <= reach_mm
    return near
