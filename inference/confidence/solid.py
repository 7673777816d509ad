"""On which side the liver lies, from the image alone: a network finds it where it learned that livers lie."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from inference.classical.coarse import Coarse
from planning.geometry import Grid

SOLID_HU = (15.0, 200.0)
SMOOTH_MM, EVERY_MM, DEEP_MM, MIDDLE_MM = 3.0, 5.0, 15.0, 10.0


def solid_by_side(
    coarse: Coarse, grid: Grid, spine_mm: float, without: npt.NDArray[np.bool_] | None = None
) -> tuple[float, float]:
    """Tissue of organs' density with 15 mm of the same round it, right and left of the spine, ml.

    Little but liver and heart is as thick. spine_mm: LPS x. without: coarse voxels left out (the heart).
    """
    from scipy import ndimage

    smooth = ndimage.gaussian_filter(coarse.hu, [SMOOTH_MM / step for step in coarse.spacing_mm])
    every = [max(1, round(EVERY_MM / step)) for step in coarse.spacing_mm]
    part = tuple(slice(None, None, step) for step in every)
    spacing = [step * by for step, by in zip(coarse.spacing_mm, every, strict=True)]
    solid = (smooth[part] > SOLID_HU[0]) & (smooth[part] < SOLID_HU[1])
    deep = np.asarray(ndimage.distance_transform_edt(solid, sampling=spacing) > DEEP_MM)
    if without is not None:
        deep &= ~without[part]
    away = _columns_mm(coarse, grid)[part[2]] - spine_mm
    per_column = deep.sum(axis=(0, 1)) * float(np.prod(spacing)) / 1000.0
    return float(per_column[away < -MIDDLE_MM].sum()), float(per_column[away > MIDDLE_MM].sum())


def _columns_mm(coarse: Coarse, grid: Grid) -> npt.NDArray[Any]:
    """LPS x of the coarse columns in the middle of the scan."""
    order, flipped = coarse.axes.order, coarse.axes.flipped
    shape = grid.shape_kji
    n = coarse.hu.shape[2]
    along = (np.arange(n) + 0.5) * coarse.factors[2] - 0.5
    kji = np.tile([(size - 1) / 2 for size in shape], (n, 1))
    kji[:, order[2]] = shape[order[2]] - 1 - along if flipped[2] else along
    return np.asarray(grid.to_world(kji[:, ::-1])[:, 0])
