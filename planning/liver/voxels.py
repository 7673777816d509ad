"""The organ's voxels, block by block: exact counts of what any regions remove, while a hand drags.

Definition: a voxel is removed when its centre lies strictly on the removed side of a region. A block whose middle is
farther from the cut than its corners are from its middle is decided as a whole; only the others are asked one by one,
by the same function in float64. So the result is that of asking every voxel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid
from planning.liver.organ import BoolArray
from planning.liver.regions import SIDE_TOLERANCE_MM, Region
from planning.volume import Mask

BLOCK_MM = 3.2


@dataclass(frozen=True, slots=True, eq=False)
class OrganVoxels:
    """Every voxel of an organ, those of one block after another.

    grid: of the organ's box. places_mm: (M, 3) voxel centres. flat: (M,) numbers of the voxels in the box, C order.
    first: (B + 1,) where each block begins. centers_mm: (B, 3). reach_mm: farthest a voxel centre is from its block's.
    """

    grid: Grid
    places_mm: FloatArray
    flat: npt.NDArray[np.int32]
    first: npt.NDArray[np.intp]
    centers_mm: FloatArray
    reach_mm: float

    @classmethod
    def of(cls, organ: Mask) -> OrganVoxels:
        """The voxels of an organ's mask."""
        grid = organ.box_grid
        size = np.maximum(np.rint(BLOCK_MM / grid.spacing_mm), 1).astype(np.intp)
        count = -(-np.array(organ.voxels.shape[::-1]) // size)
        flat, held = _by_block(organ.voxels, size[::-1])
        numbers = np.flatnonzero(held)
        first = np.append(0, np.cumsum(held[numbers])).astype(np.intp)
        corner = np.stack([numbers % count[0], numbers // count[0] % count[1], numbers // (count[0] * count[1])], 1)
        half = (size - 1) / 2.0
        reach = float(np.linalg.norm(half * grid.spacing_mm))
        return cls(grid, _places(grid, flat), flat, first, grid.to_world(corner * size + half), reach)

    @property
    def count(self) -> int:
        """How many voxels the organ has."""
        return len(self.flat)

    def removed(self, regions: Sequence[Region]) -> BoolArray:
        """(M,) True for the voxels that any of the regions removes."""
        found = np.zeros(self.count, dtype=bool)
        for region in regions:
            found |= self._removed_by(region)
        return found

    def _removed_by(self, region: Region) -> BoolArray:
        if region.voxels is not None:
            return np.asarray(region.voxels.reshape(-1)[self.flat])
        signed = region.signed_mm(self.centers_mm)
        # a little more than the proof needs: rounding must not decide a block
        sure = region.steepness * self.reach_mm + 1e-3
        removed = np.repeat(signed > sure, np.diff(self.first))
        open_blocks = np.flatnonzero(np.abs(signed) <= sure)
        chosen = ranges(self.first[open_blocks], self.first[open_blocks + 1])
        removed[chosen] = region.signed_mm(self.places_mm[chosen]) > SIDE_TOLERANCE_MM
        return removed

    def box(self, values: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """`[k, j, i]` of the organ's box with each voxel's (M,) value, 0 outside the organ."""
        whole = np.zeros(self.grid.shape_kji, dtype=np.uint8)
        whole.reshape(-1)[self.flat] = values
        return whole


def _by_block(voxels: BoolArray, size_kji: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.intp]]:
    """(M,) numbers in C order of the voxels inside, one block after another, and how many each of all blocks holds.

    The box is laid out anew block by block: that is quicker than to sort millions of voxels.
    """
    count = -(-np.array(voxels.shape) // size_kji)
    parts = np.stack([count, size_kji], axis=1).reshape(-1)
    before = tuple(slice(n) for n in voxels.shape)

    def laid_out(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        wide = np.zeros(count * size_kji, dtype=values.dtype)
        wide[before] = values
        return wide.reshape(parts).transpose(0, 2, 4, 1, 3, 5).reshape(-1, int(size_kji.prod()))

    inside = laid_out(voxels)
    number = laid_out(np.arange(voxels.size, dtype=np.int32).reshape(voxels.shape))
    return number[inside], np.count_nonzero(inside, axis=1)


def _places(grid: Grid, flat: npt.NDArray[np.int32]) -> FloatArray:
    """(M, 3) centres of the voxels of these numbers, as `Grid.to_world` gives them."""
    ni, nj, _ = grid.size_ijk
    rows, i = np.divmod(flat, np.int32(ni))
    k, j = np.divmod(rows, np.int32(nj))
    index = (i, j, k)
    leads = grid.world_from_index[:3, :3] != 0.0
    if not ((leads.sum(axis=0) == 1).all() and (leads.sum(axis=1) == 1).all()):
        return grid.to_world(np.stack(index, axis=1))
    # of a grid along the patient's axes each coordinate hangs on one index: it is looked up
    places = np.empty((len(flat), 3))
    for axis in range(3):
        lead = int(leads[axis].argmax())
        line = np.zeros((grid.size_ijk[lead], 3))
        line[:, lead] = np.arange(len(line))
        places[:, axis] = grid.to_world(line)[:, axis].take(index[lead])
    return places


def ranges(start: npt.NDArray[np.intp], stop: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """All numbers from each start to before each stop, one range after another."""
    length = stop - start
    if not length.sum():
        return np.zeros(0, dtype=np.intp)
    begin = np.cumsum(length) - length
    return np.asarray(np.arange(int(length.sum())) + np.repeat(start - begin, length), dtype=np.intp)
