"""A coarse copy of a CT along the patient's axes, whatever the axes of the scan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.volume import PADDING_HU, Volume

COARSE_MM = 1.5
GREATEST_CELLS = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Coarse:
    """Means over cells of `step_mm`: float32 HU `[k, j, i]`, axes along LPS; low_mm: centre of cell (0, 0, 0)."""

    values: npt.NDArray[np.float32]
    low_mm: FloatArray
    step_mm: float

    @property
    def high_mm(self) -> FloatArray:
        """Centre of the last cell."""
        return np.asarray(self.low_mm + self.step_mm * (np.array(self.values.shape[::-1]) - 1))

    def at(self, points_mm: FloatArray) -> FloatArray:
        """(…,) values at (…, 3) LPS points between the cells; air outside."""
        from scipy import ndimage

        index = np.moveaxis(((points_mm - self.low_mm) / self.step_mm)[..., ::-1], -1, 0)
        found = ndimage.map_coordinates(
            self.values, index, order=1, mode="constant", cval=PADDING_HU, output=np.float32
        )
        return np.asarray(found)

    def nearest(self, points_mm: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """(…,) values of the cells that hold (…, 3) LPS points; air outside."""
        index = np.rint((points_mm - self.low_mm.astype(points_mm.dtype)) / points_mm.dtype.type(self.step_mm))
        cells = index.astype(np.int32)
        limit = np.array(self.values.shape[::-1], dtype=np.int32) - 1
        inside = ((cells >= 0) & (cells <= limit)).all(axis=-1)
        np.clip(cells, 0, limit, out=cells)
        found = self.values[cells[..., 2], cells[..., 1], cells[..., 0]]
        return np.where(inside, found, np.float32(PADDING_HU))


def _block_means(volume: Volume, step_mm: float) -> tuple[npt.NDArray[np.float32], FloatArray]:
    """Means over whole blocks of voxels no wider than the step, and (4, 4) world from index of the blocks."""
    factors = np.maximum(np.floor(step_mm / volume.grid.spacing_mm + 1e-6).astype(int), 1)
    fi, fj, fk = np.minimum(factors, volume.grid.size_ijk)
    ni, nj, nk = (n // f for n, f in zip(volume.grid.size_ijk, (fi, fj, fk)))
    means = np.empty((nk, nj, ni), dtype=np.float32)
    # slab by slab: a whole scan in float would not fit small machines
    for k in range(nk):
        slab = volume.voxels[k * fk : (k + 1) * fk, : nj * fj, : ni * fi]
        rows = slab.reshape(fk, nj, fj, ni, fi)
        total = np.zeros((nj, ni), dtype=np.float32)
        for dk in range(fk):
            for dj in range(fj):
                for di in range(fi):
                    total += rows[dk, :, dj, :, di]
        means[k] = total / np.float32(fi * fj * fk)
    matrix = volume.grid.world_from_index.copy()
    shift = (np.array((fi, fj, fk)) - 1) / 2.0
    matrix[:3, 3] = volume.grid.to_world(shift)
    matrix[:3, :3] = matrix[:3, :3] * np.array((fi, fj, fk))
    return means, matrix


def make_coarse(volume: Volume, step_mm: float = COARSE_MM) -> Coarse:
    """The volume averaged to about `step_mm` along patient axes; coarser when it would have too many cells."""
    from scipy import ndimage

    size = np.array(volume.grid.size_ijk)
    corners = np.array(np.meshgrid(*[(0.0, n - 1.0) for n in size])).reshape(3, -1).T
    world = volume.grid.to_world(corners)
    low, high = world.min(axis=0), world.max(axis=0)
    step = max(step_mm, float(np.cbrt(np.prod(np.maximum(high - low, 1.0)) / GREATEST_CELLS)))
    means, matrix = _block_means(volume, step)
    shape = np.maximum(np.floor((high - low) / step).astype(int) + 1, 1)
    to_index = np.linalg.inv(matrix)
    turn = to_index[:3, :3] * step
    offset = to_index[:3, :3] @ low + to_index[:3, 3]
    # affine_transform works on [k, j, i] of both: reverse rows and columns
    values = ndimage.affine_transform(
        means,
        turn[::-1, ::-1],
        offset=offset[::-1],
        output_shape=tuple(int(n) for n in shape[::-1]),
        order=1,
        mode="constant",
        cval=float(PADDING_HU),
        output=np.float32,
    )
    return Coarse(values, low, step)
