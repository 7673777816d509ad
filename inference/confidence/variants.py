"""Repeated runs with changes that should change nothing: the grid moved by half a voxel, single folds.

How alike their labels are tells of doubt that one run does not know. Nothing is ever mirrored left to right: liver, spleen
and kidneys have sides.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.confidence.measures import dice
from inference.pipeline import RunOptions, Segmentation, segment
from inference.zoo import InstalledModel
from planning.geometry import Grid
from planning.progress import CancelToken, Progress, no_progress, part_of

SHIFT_SHARE = 0.5
MOST_FOLDS = 5

LabelArray = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Repeated:
    """stability: mean Dice over all pairs of runs, by structure; 1.0 where none found anything. runs: with the first one."""

    stability: dict[str, float]
    runs: int


def repeat(
    first: Segmentation,
    volume_hu: npt.NDArray[Any],
    grid: Grid,
    model: InstalledModel,
    options: RunOptions | None = None,
    *,
    shifts: int = 1,
    folds: bool = True,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Repeated:
    """Runs the model again and compares with `first`, the result of `pipeline.segment` on the same image.

    shifts: how many moves of the network's grid (1 … 3: along slices, rows, columns). folds: each fold alone, where the
    model has several. Raises Cancelled, ModelError.
    """
    chosen = options or RunOptions()
    jobs = [*_moves(first, grid, shifts), *_single_folds(model, folds)]
    all_labels = [first.labels]
    for number, job in enumerate(jobs):
        told = part_of(progress, number / len(jobs), (number + 1) / len(jobs))
        all_labels.append(_run(job, volume_hu, grid, model, chosen, told, cancel))
    names = chosen.structures or tuple(label.name for label in model.manifest.labels)
    return Repeated({name: _alike(all_labels, model.manifest.label(name).index) for name in names}, len(all_labels))


@dataclass(frozen=True, slots=True)
class _Job:
    """start_kji: first voxels left out. model: another one than the whole, None for it."""

    start_kji: tuple[int, int, int] = (0, 0, 0)
    model: InstalledModel | None = None


def _moves(first: Segmentation, grid: Grid, count: int) -> Iterator[_Job]:
    """The image without its first voxels: the network's samples then lie about half a sample beside."""
    wanted = [SHIFT_SHARE * max(stage.network_spacing_mm[n] for stage in first.stages) for n in range(3)]
    spacing = [float(grid.spacing_mm[2 - axis]) for axis in range(3)]
    voxels = [
        max(1, round(max(wanted) / step)) if n > 8 * max(1, round(max(wanted) / step)) else 0
        for step, n in zip(spacing, grid.shape_kji, strict=True)
    ]
    steps = [tuple(voxels), (0, 0, voxels[2]), (0, voxels[1], 0)]
    for k, j, i in steps[:count]:
        if k or j or i:
            yield _Job((k, j, i))


def _single_folds(model: InstalledModel, wanted: bool) -> Iterator[_Job]:
    most = max(len(stage.weights) for stage in model.manifest.stages)
    if not wanted or most < 2:
        return
    for number in range(min(most, MOST_FOLDS)):
        stages = tuple(
            stage.model_copy(update={"weights": (stage.weights[min(number, len(stage.weights) - 1)],)})
            for stage in model.manifest.stages
        )
        yield _Job(model=replace(model, manifest=model.manifest.model_copy(update={"stages": stages})))


def _run(
    job: _Job,
    volume_hu: npt.NDArray[Any],
    grid: Grid,
    model: InstalledModel,
    options: RunOptions,
    progress: Progress,
    cancel: CancelToken | None,
) -> LabelArray:
    k, j, i = job.start_kji
    nk, nj, ni = grid.shape_kji
    part = grid.cropped((i, j, k), (ni - i, nj - j, nk - k)) if any(job.start_kji) else grid
    found = segment(
        np.ascontiguousarray(volume_hu[k:, j:, i:]), part, job.model or model, options, progress, cancel
    ).labels
    if part is grid:
        return found
    whole = np.zeros(grid.shape_kji, dtype=found.dtype)
    whole[k:, j:, i:] = found
    return whole


def _alike(runs: Sequence[LabelArray], index: int) -> float:
    # a thinned look is enough: boundaries are everywhere
    masks = [run[:, ::2, ::2] == index for run in runs]
    return float(np.mean([dice(one, two) for one, two in itertools.combinations(masks, 2)]))
