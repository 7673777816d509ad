"""An organ's territories as one array of codes, and how they hang together: what feeds and what drains each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid

if TYPE_CHECKING:
    from planning.liver.model import LiverModel
    from planning.liver.territories import TreeTerritories

KINDS = ("couinaud", "portal", "hepatic")
MIDDLE_STEP_MM = 4.0
AROUND = np.array([(i, j, k) for i in (-1, 0, 1) for j in (-1, 0, 1) for k in (-1, 0, 1)])


@dataclass(frozen=True, slots=True, eq=False)
class TerritoryField:
    """Territories of one kind of `KINDS`.

    names, volumes_ml: of each. codes: uint8 `[k, j, i]` on `grid`, 0 beside the organ, else 1 + the number in `names`.
    middles_mm: (P, 3) the place deep in each. feeds, drains: (P, B) share of each one's voxels that hang on each portal
    branch and each hepatic vein; None without that tree, and of a tree on itself.
    """

    kind: str
    names: tuple[str, ...]
    volumes_ml: tuple[float, ...]
    codes: npt.NDArray[np.uint8]
    grid: Grid
    middles_mm: FloatArray
    feeds: FloatArray | None
    drains: FloatArray | None

    def codes_at(self, points_mm: FloatArray) -> npt.NDArray[np.uint8]:
        """(N,) code of the voxel that each of (N, 3) points lies in, or of one beside it that has one; 0 for none."""
        index = np.rint(self.grid.to_index(points_mm)).astype(np.int64)
        found = self._codes_in(index)
        # a surface runs along the outer faces of the organ's voxels
        for step in AROUND[np.argsort(np.abs(AROUND).sum(axis=1), kind="stable")]:
            empty = np.flatnonzero(found == 0)
            if not empty.size:
                break
            found[empty] = self._codes_in(index[empty] + step)
        return found

    def _codes_in(self, index: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
        size = np.array(self.grid.size_ijk)
        inside = ((index >= 0) & (index < size)).all(axis=1)
        i, j, k = np.clip(index, 0, size - 1).T
        return np.where(inside, self.codes[k, j, i], np.uint8(0))


def territory_field(model: LiverModel, kind: str) -> TerritoryField | None:
    """The territories of "couinaud" segments, "portal" branches or "hepatic" veins; None where there are none."""
    if kind == "couinaud":
        if model.couinaud is None:
            return None
        names, volumes, of_voxel = model.couinaud.names, model.couinaud.volumes_ml, model.couinaud.of_voxel
    else:
        part = model.portal if kind == "portal" else model.hepatic
        if part is None:
            return None
        names, volumes, of_voxel = part.names, part.volumes_ml, part.branch[part.nearest].astype(np.uint8)
    codes = np.zeros(model.organ.voxels.shape, dtype=np.uint8)
    codes[model.organ.voxels] = of_voxel + np.uint8(1)
    grid = model.organ.box_grid
    return TerritoryField(
        kind=kind,
        names=names,
        volumes_ml=volumes,
        codes=codes,
        grid=grid,
        middles_mm=_middles(codes, grid, len(names)),
        feeds=None if kind == "portal" else _shares(of_voxel, len(names), model.portal),
        drains=None if kind == "hepatic" else _shares(of_voxel, len(names), model.hepatic),
    )


def _shares(of_voxel: npt.NDArray[np.uint8], count: int, part: TreeTerritories | None) -> FloatArray | None:
    """(P, B) share of each territory's voxels on each branch of a tree."""
    if part is None:
        return None
    width = len(part.names)
    both = np.bincount(of_voxel.astype(np.int64) * width + part.branch[part.nearest], minlength=count * width)
    table = both.reshape(count, width).astype(np.float64)
    return np.asarray(table / np.maximum(table.sum(axis=1, keepdims=True), 1.0))


def _middles(codes: npt.NDArray[np.uint8], grid: Grid, count: int) -> FloatArray:
    """(P, 3) the place of each code with most room to all sides, asked on voxels a few mm apart."""
    from scipy import ndimage

    step = np.maximum(np.floor(MIDDLE_STEP_MM / grid.spacing_mm), 1).astype(np.int64)
    coarse = codes[:: step[2], :: step[1], :: step[0]]
    middles = np.empty((count, 3))
    for number in range(count):
        own = coarse == number + 1
        if own.any():
            room = ndimage.distance_transform_edt(np.pad(own, 1), sampling=(grid.spacing_mm * step)[::-1])
            k, j, i = np.unravel_index(int(room[1:-1, 1:-1, 1:-1].argmax()), own.shape)
            index = np.array((i, j, k)) * step
        else:
            index = np.argwhere(codes == number + 1)[0][::-1]
        middles[number] = grid.to_world(index)
    return middles
