"""A forest that learns this patient's tissue from the strokes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.interactive.image import GRADIENT, STILL, PreparedImage
from inference.interactive.prior import Prior
from inference.interactive.seeds import Seeds
from planning.geometry import Vector
from planning.liver.segment.working import BoolArray, FieldArray, onto

TREES, DEPTH, LEAST_LEAF, MOST_PER_TREE = 40, 12, 4, 1500
# the structure's own HU drifts across it as slowly as this
DRIFT_MM = 20.0
LEAST_SD_HU = 5.0
ALIKE_SD = 2.5
ALIKE_MM = 4.0
# without a "not this" the structure's own HU alone say what is alike
LIKE_SD = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Tissue:
    """The structure's own HU as the strokes show it, on the coarse box.

    mean_hu: drifting. alike: 0 … 1, how much of the surroundings (4 mm) has it. sd_hu: of the strokes about their middle.
    own_gradient: HU/mm, the texture inside that is no edge.
    """

    mean_hu: FieldArray
    alike: FieldArray
    sd_hu: float
    own_gradient: float


class Classifier:
    """How likely voxels belong to the structure by what they look like."""

    def __init__(self, image: PreparedImage, seeds: Seeds, prior: Prior | None, threads: int = 1) -> None:
        self._image, self._seeds = image, seeds
        self._part = (slice(None), *seeds.box)
        self.tissue = _tissue(image, seeds)
        self.prior = None if prior is None or not prior.helps(seeds.inside, seeds.outside) else prior
        self._forest = self._grown(threads) if len(seeds.outside) else None

    def on_coarse(self, where: BoolArray) -> FieldArray:
        """0 … 1, float32, on the coarse box; 0 outside `where`."""
        features = self._image.coarse_features[self._part][:, where]
        columns = [*features, np.abs(features[STILL] - self.tissue.mean_hu[where]), self.tissue.alike[where]]
        if self.prior is not None:
            columns.append(self.prior.coarse[self._seeds.box][where])
        found = np.zeros(where.shape, dtype=np.float32)
        found[where] = self._asked(np.stack(columns, axis=-1))
        return found

    def on_fine(self, box: tuple[slice, slice, slice], where: BoolArray) -> FieldArray:
        """(n,) for the voxels `where` (bool) of a box of the fine grid."""
        first = np.array([part.start for part in box], dtype=np.int64)
        return self._asked(self._rows(np.argwhere(where) + first))

    def _asked(self, rows: FieldArray) -> FieldArray:
        if self._forest is None:
            off = rows[:, len(self._image.features)] / (LIKE_SD * self.tissue.sd_hu)
            return np.asarray(np.exp(-0.5 * off**2), dtype=np.float32)
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        with _in_threads():
            return np.asarray(self._forest.predict_proba(rows)[:, 1], dtype=np.float32)

    def _grown(self, threads: int) -> Any:
        from sklearn.ensemble import RandomForestClassifier

        inside, outside = self._rows(self._seeds.inside), self._rows(self._seeds.outside)
        rows = np.concatenate([outside, inside])
        answers = np.concatenate([np.zeros(len(outside)), np.ones(len(inside))])
        forest = RandomForestClassifier(
            TREES,
            max_depth=DEPTH,
            min_samples_leaf=LEAST_LEAF if len(rows) > 20 * LEAST_LEAF else 1,
            class_weight="balanced",
            max_samples=min(len(rows), MOST_PER_TREE),
            random_state=0,
            n_jobs=threads,
        )
        with _in_threads():
            return forest.fit(rows, answers)

    def _rows(self, index: npt.NDArray[np.int64]) -> FieldArray:
        features = self._image.features[:, index[:, 0], index[:, 1], index[:, 2]]
        coarse = self._image.coarse_of(index) - self._seeds.low
        held = tuple(np.clip(coarse, 0, np.array(self.tissue.mean_hu.shape) - 1).T)
        columns = [*features, np.abs(features[STILL] - self.tissue.mean_hu[held]), self.tissue.alike[held]]
        if self.prior is not None:
            columns.append(self.prior.fine[tuple(index.T)])
        return np.stack(columns, axis=-1).astype(np.float32)


def _tissue(image: PreparedImage, seeds: Seeds) -> Tissue:
    from scipy import ndimage

    values = image.features[:, seeds.inside[:, 0], seeds.inside[:, 1], seeds.inside[:, 2]]
    hu, spacing = values[STILL], image.coarse_mm
    still = image.coarse_features[STILL][seeds.box]
    middle = float(np.median(hu)) if len(hu) else 0.0
    sd = max(1.4826 * float(np.median(np.abs(hu - middle))) if len(hu) else 0.0, LEAST_SD_HU)
    usual = np.abs(hu - middle) < ALIKE_SD * sd
    at = tuple(np.clip(image.coarse_of(seeds.inside[usual]) - seeds.low, 0, np.array(still.shape) - 1).T)
    mean = _drifting(still.shape, at, hu[usual], middle, spacing)
    alike = ndimage.gaussian_filter((np.abs(still - mean) < ALIKE_SD * sd).astype(np.float32), ALIKE_MM / spacing)
    own = float(np.median(values[GRADIENT])) if len(hu) else 0.0
    return Tissue(mean, np.asarray(alike, dtype=np.float32), sd, own)


def _drifting(
    shape: tuple[int, ...], at: tuple[Any, ...], hu: FieldArray, middle: float, spacing: Vector
) -> FieldArray:
    """Mean HU of the strokes near each voxel; their middle far away."""
    from scipy import ndimage

    weight, total = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    np.add.at(weight, at, 1.0)
    np.add.at(total, at, hu)
    weight = ndimage.gaussian_filter(weight, DRIFT_MM / spacing, truncate=3.0)
    total = ndimage.gaussian_filter(total, DRIFT_MM / spacing, truncate=3.0)
    least = max(0.01 * float(weight.max()), 1e-9)
    return np.asarray((total + least * middle) / (weight + least), dtype=np.float32)


def _in_threads() -> Any:
    """A forest's trees in threads: a process that answers beside the window may start no others."""
    import joblib

    return joblib.parallel_config(backend="threading")


def on_fine_box(field: FieldArray, image: PreparedImage, low: npt.NDArray[np.int64]) -> FieldArray:
    """A coarse box's field, linearly on the fine voxels of the same box; low: its first coarse voxel."""
    nk, nj, ni = field.shape
    source = image.coarse.cropped((int(low[2]), int(low[1]), int(low[0])), (ni, nj, nk))
    fk, fj, fi = image.coarser.factors_kji
    start = (int(low[2]) * fi, int(low[1]) * fj, int(low[0]) * fk)
    return onto(field, source, image.fine.cropped(start, (ni * fi, nj * fj, nk * fk)))
