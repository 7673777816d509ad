"""The aorta full of contrast: a chain of round bright discs in the abdomen and chest, continued as a tube over the arch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.classical.coarse import Coarse
from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid
from planning.progress import CancelToken
from planning.volume import Volume

WIDER, SPARE_MM = 1.25, 1.5
ARCH_MM = 2.0
LEAST_SHARED = 0.4
LEAST_LUMEN_HU = 110.0
ARCH_RISE_MM = 20.0
LEAST_ROWS, SECTION, SAME_HU, SAME_PLACE = 6, (0.5, 1.7), 0.12, 0.65


@dataclass(frozen=True, slots=True, eq=False)
class ContrastAorta:
    """points_mm, radii_mm: (N, 3) LPS and (N,), in no order. mask: coarse voxels. level_hu: half way to the tissue.

    over_arch: it was followed up, over the arch and down again on the other side.
    """

    points_mm: FloatArray
    radii_mm: FloatArray
    mask: npt.NDArray[np.bool_]
    lumen_hu: float
    level_hu: float
    over_arch: bool = False


def find_contrast_aorta(
    volume_hu: npt.NDArray[Any], grid: Grid, coarse: Coarse, cancel: CancelToken | None = None
) -> ContrastAorta | None:
    """None where no artery full of contrast is seen. volume_hu: (k, j, i) on `grid`."""
    from planning.access.aorta import find_aorta
    from planning.access.scene import Coarse as Along
    from planning.access.scene import along_patient

    voxels = (
        volume_hu if volume_hu.dtype in (np.dtype(np.int16), np.dtype(np.float32)) else volume_hu.astype(np.float32)
    )
    volume = Volume(grid, voxels)
    try:
        chain = find_aorta(Along.of(along_patient(volume)))
    except MeasurementError:
        return None
    if chain.lumen_hu < LEAST_LUMEN_HU:
        return None
    level = 0.5 * (chain.lumen_hu + max(chain.tissue_hu, 20.0))
    points, radii = chain.points_mm, chain.radii_mm
    arch = _over_the_arch(volume, points, radii, cancel)
    over = False
    if arch is not None:
        heights = arch[0][:, 2]
        over = bool(min(heights.max() - heights[0], heights.max() - heights[-1]) > ARCH_RISE_MM)
        points, radii = np.concatenate([points, arch[0]]), np.concatenate([radii, arch[1]])
    mask = _tube(coarse, grid, points, radii, level)
    return ContrastAorta(points, radii, mask, chain.lumen_hu, level, over) if mask.any() else None


def _over_the_arch(
    volume: Volume, points: FloatArray, radii: FloatArray, cancel: CancelToken | None
) -> tuple[FloatArray, FloatArray] | None:
    """The tube that follows the same vessel across slices, where there is one."""
    from planning.tavr.auto.coarse import make_coarse
    from planning.tavr.auto.sites import joined_chains
    from planning.tavr.auto.tubes import find_chains

    best, most = None, LEAST_SHARED
    for chain in joined_chains(find_chains(make_coarse(volume, ARCH_MM), cancel)):
        away = np.linalg.norm(chain.centers_mm[:, None] - points[None], axis=2)
        # how much of the round chain lies in this tube, or of this tube in the chain
        on_tube = float(np.mean(away.min(axis=0) < radii))
        on_chain = float(np.mean(away.min(axis=1) < radii[away.argmin(axis=1)]))
        if max(on_tube, on_chain) > most:
            best, most = chain, max(on_tube, on_chain)
    return None if best is None else (best.centers_mm, best.radii_mm)


def _tube(coarse: Coarse, grid: Grid, points: FloatArray, radii: FloatArray, level_hu: float) -> npt.NDArray[np.bool_]:
    """Coarse voxels within the tube that are brighter than the level, joined to its middle."""
    from scipy import ndimage

    index = _coarse_index(coarse, grid, points)
    reach = np.zeros(coarse.hu.shape, dtype=bool)
    middle = np.zeros(coarse.hu.shape, dtype=bool)
    step = np.array(coarse.spacing_mm)
    for centre, radius in zip(index, radii, strict=True):
        wide = WIDER * radius + SPARE_MM
        low = np.maximum(np.floor(centre - wide / step).astype(int), 0)
        high = np.minimum(np.ceil(centre + wide / step).astype(int) + 1, reach.shape)
        if (high <= low).any():
            continue
        axes = [(np.arange(a, b) - c) * s for a, b, c, s in zip(low, high, centre, step, strict=True)]
        away = axes[0][:, None, None] ** 2 + axes[1][None, :, None] ** 2 + axes[2][None, None] ** 2
        part = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
        reach[part] |= away <= wide**2
        middle[part] |= away <= max(0.5 * radius, 0.6 * float(step.max())) ** 2
    bright = reach & (coarse.hu > level_hu)
    found = np.asarray(ndimage.binary_propagation(middle & bright, mask=bright))
    return _continued(coarse, found, level_hu)


def _continued(coarse: Coarse, mask: npt.NDArray[np.bool_], level_hu: float) -> npt.NDArray[np.bool_]:
    """Slice by slice on from both ends while the section stays as large and as bright as the vessel's own.

    The chain of discs ends where a branch or the diaphragm makes one section unround.
    """
    from scipy import ndimage

    areas = np.count_nonzero(mask, axis=(1, 2))
    rows = np.flatnonzero(areas)
    if len(rows) < LEAST_ROWS:
        return mask
    usual = float(np.median(areas[rows]))
    lumen = float(np.median(coarse.hu[mask]))
    for first, step in ((int(rows[0]), -1), (int(rows[-1]), 1)):
        # the very end may be half a section
        last, k = mask[first - step], first
        while 0 <= k < len(mask):
            near = ndimage.binary_dilation(last)
            here = near & (coarse.hu[k] > level_hu)
            pieces, count = ndimage.label(here)
            if not count:
                break
            sizes = np.bincount(pieces[last & here], minlength=count + 1)
            sizes[0] = 0
            here = pieces == int(sizes.argmax())
            area = int(np.count_nonzero(here))
            bright = float(np.median(coarse.hu[k][here])) if area else 0.0
            if area and np.count_nonzero(here & last) < SAME_PLACE * min(area, int(np.count_nonzero(last))):
                break
            if not SECTION[0] * usual <= area <= SECTION[1] * usual or abs(bright - lumen) > SAME_HU * lumen:
                break
            mask[k] |= here
            last, k = here, k + step
    return mask


def _coarse_index(coarse: Coarse, grid: Grid, points_mm: FloatArray) -> FloatArray:
    """(N, 3) fractional coarse indices (k, j, i) of LPS points."""
    fine = grid.to_index(points_mm)[:, ::-1]
    shape = grid.shape_kji
    turned = np.empty_like(fine)
    for n, (axis, flipped) in enumerate(zip(coarse.axes.order, coarse.axes.flipped, strict=True)):
        turned[:, n] = shape[axis] - 1 - fine[:, axis] if flipped else fine[:, axis]
    factors = np.array(coarse.factors, dtype=np.float64)
    return np.asarray((turned + 0.5) / factors - 0.5)
