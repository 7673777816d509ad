"""Everything about an image that needs no stroke: computed once, in the background.

Two working grids, whole blocks of voxels near 2 and 4 mm: on the coarser one the fronts run, on the finer one the edge is set.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import InputError
from planning.geometry import Grid, Vector
from planning.liver.segment.neighbours import find_neighbours
from planning.liver.segment.working import Blocks, BoolArray, FieldArray, check, denoised
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Volume

FINE_MM, COARSE_MM = 2.0, 4.0
SOFT_HU = (-200.0, 400.0)
WIDE_HU = (-1000.0, 1500.0)
SCALES_MM = (2.0, 4.0, 8.0)
DEEPEST_MM = 150.0
BAND_SIGMA_MM = 0.8

# places in the features that others ask for by name
STILL, GRADIENT, UNDER_SKIN = 0, 4, 6


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PreparedImage:
    """What every stroke uses again.

    blocks: the image's voxels to the fine working grid; coarser: that one's to the coarse one. features, coarse_features:
    float32 (n, k, j, i): denoised HU, Gaussian HU at 2, 4 and 8 mm, gradient (HU/mm), spread at 4 mm, depth under the skin,
    plain block means. smooth: fine HU whose steps stop the band's walker. soft, coarse_soft: tissue of the body that is no
    chest wall.
    """

    volume: Volume
    blocks: Blocks
    coarser: Blocks
    features: FieldArray
    coarse_features: FieldArray
    smooth: FieldArray
    soft: BoolArray
    coarse_soft: BoolArray

    @property
    def fine(self) -> Grid:
        """The grid near 2 mm."""
        return self.blocks.coarse

    @property
    def coarse(self) -> Grid:
        """The grid near 4 mm."""
        return self.coarser.coarse

    @property
    def fine_mm(self) -> Vector:
        """Fine voxel, mm along k, j, i."""
        return self.fine.spacing_mm[::-1]

    @property
    def coarse_mm(self) -> Vector:
        """Coarse voxel, mm along k, j, i."""
        return self.coarse.spacing_mm[::-1]

    def coarse_of(self, index: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Coarse voxels that hold fine ones, (n, 3) `[k, j, i]`."""
        inside = np.minimum(index // np.array(self.coarser.factors_kji), np.array(self.coarse.shape_kji) - 1)
        return np.asarray(inside)


def prepare_image(
    volume: Volume, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> PreparedImage:
    """Features of a CT. About 3 s for an abdomen of 512×512×130. Raises InputError, Cancelled."""
    if volume.quantity != "HU":
        raise InputError("The image is no CT: its values are not HU", "Choose a CT")
    check(cancel)
    progress(0.0, "averaging voxels")
    blocks = Blocks.near(volume.grid, FINE_MM)
    coarser = Blocks.near(blocks.coarse, COARSE_MM)
    spacing = blocks.coarse.spacing_mm[::-1]
    image = blocks.down(volume.voxels)
    check(cancel)
    progress(0.2, "removing noise")
    still = denoised(image, spacing)
    check(cancel)
    progress(0.4, "finding the body")
    neighbours = find_neighbours(image, still, spacing, cancel)
    progress(0.7, "computing features")
    features = _features(image, still, neighbours.under_skin_mm, spacing, cancel)
    soft = neighbours.soft
    smooth = _gaussian(np.clip(image, *SOFT_HU), BAND_SIGMA_MM, spacing)
    coarse_features = np.stack([coarser.down(one) for one in features])
    _load_libraries()
    progress(1.0)
    return PreparedImage(
        volume=volume,
        blocks=blocks,
        coarser=coarser,
        features=features,
        coarse_features=coarse_features,
        smooth=smooth,
        soft=soft,
        coarse_soft=coarser.down(soft) > 0.5,
    )


def _load_libraries() -> None:
    """What the first stroke would otherwise wait for."""
    for name in ("sklearn.ensemble", "skimage.graph"):
        importlib.import_module(name)


def _features(
    image: FieldArray, still: FieldArray, under_skin_mm: FieldArray, spacing: Vector, cancel: CancelToken | None
) -> FieldArray:
    held = np.clip(image, *SOFT_HU)
    blurred = []
    for sigma in SCALES_MM:
        check(cancel)
        blurred.append(_gaussian(held, sigma, spacing))
    gradient = np.sqrt(sum((np.gradient(blurred[0], axis=a) / spacing[a]) ** 2 for a in range(3)))
    check(cancel)
    squares = _gaussian(held * held, SCALES_MM[1], spacing)
    spread = np.sqrt(np.maximum(squares - blurred[1] ** 2, 0.0))
    deep = np.minimum(under_skin_mm, DEEPEST_MM)
    return np.stack([still, *blurred, gradient, spread, deep, np.clip(image, *WIDE_HU)]).astype(np.float32)


def _gaussian(field: FieldArray, sigma_mm: float, spacing: Vector) -> FieldArray:
    from scipy import ndimage

    return np.asarray(ndimage.gaussian_filter(field, sigma_mm / spacing, truncate=3.0), dtype=np.float32)
