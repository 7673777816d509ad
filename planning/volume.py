"""Voxel arrays with their place in the patient."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import GeometryError
from planning.geometry import FloatArray, Grid

# the code of findings on images whose values may be no Hounsfield units
NOT_HU = "not_hu"
PADDING_HU = -1024
Box = tuple[slice, slice, slice]
# what scanners write outside their circle lies far below air
CT_PADDING_BELOW_HU = -1500


def _frozen(voxels: npt.NDArray[Any], grid: Grid) -> npt.NDArray[Any]:
    if voxels.shape != grid.shape_kji:
        raise GeometryError(f"Voxels of shape {voxels.shape} do not fit a grid of {grid.shape_kji}")
    array = np.ascontiguousarray(voxels)
    if array.flags.writeable:
        array = array.view()
        array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """An image: int16 or float32 voxels `[k, j, i]` on a grid.

    quantity: "HU", "SUV" or "" when the values have no known unit.
    phase: e.g. "35 %" of the R-R interval, "" when there is one.
    """

    grid: Grid
    voxels: npt.NDArray[Any]
    quantity: str = field(default="HU", kw_only=True)
    phase: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        if self.voxels.dtype not in (np.dtype(np.int16), np.dtype(np.float32)):
            raise GeometryError(f"Image voxels must be int16 or float32, got {self.voxels.dtype}")
        object.__setattr__(self, "voxels", _frozen(self.voxels, self.grid))

    def value_at(self, position_mm: npt.ArrayLike) -> float | None:
        """The value of the voxel that holds a place (LPS mm), None outside the image."""
        index = np.floor(self.grid.to_index(position_mm) + 0.5).astype(np.intp)
        if (index < 0).any() or (index >= self.grid.size_ijk).any():
            return None
        i, j, k = index.tolist()
        return float(self.voxels[k, j, i])


@dataclass(frozen=True, slots=True, eq=False)
class LabelMap:
    """Integer labels `[k, j, i]` on a grid; 0 is background; `names` names every other value."""

    grid: Grid
    voxels: npt.NDArray[Any]
    names: Mapping[int, str]

    def __post_init__(self) -> None:
        if self.voxels.dtype not in (np.dtype(np.uint8), np.dtype(np.uint16)):
            raise GeometryError(f"Label voxels must be uint8 or uint16, got {self.voxels.dtype}")
        object.__setattr__(self, "voxels", _frozen(self.voxels, self.grid))


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Mask:
    """A structure's voxels: bool `[k, j, i]` in a box of a larger grid.

    grid: the whole image's grid. start_ijk: first voxel of the box. voxels: bool, the box only.
    Outside the box nothing belongs to the structure. count: the voxels inside where that is known, else -1.
    """

    grid: Grid
    start_ijk: tuple[int, int, int]
    voxels: npt.NDArray[np.bool_]
    count: int = field(default=-1, kw_only=True, repr=False)
    # which masks an edited one came from, newest first, and where it differs from each
    lineage: tuple[tuple[object, Box], ...] = field(default=(), kw_only=True, repr=False)
    token: object = field(default_factory=object, init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start_ijk", tuple(int(n) for n in self.start_ijk))
        array = np.ascontiguousarray(self.voxels, dtype=bool)
        if array.flags.writeable:
            array = array.view()
            array.flags.writeable = False
        object.__setattr__(self, "voxels", array)
        size = array.shape[::-1]
        if any(s < 0 or s + n > whole for s, n, whole in zip(self.start_ijk, size, self.grid.size_ijk, strict=True)):
            raise GeometryError(f"A structure's box {self.start_ijk} + {size} leaves its grid {self.grid.size_ijk}")

    @classmethod
    def from_full(cls, grid: Grid, voxels: npt.NDArray[Any]) -> Mask:
        """Crop a full-size array (non-zero = inside) to its bounding box; an empty one keeps one voxel's box."""
        inside = np.asarray(voxels) != 0
        if inside.shape != grid.shape_kji:
            raise GeometryError(f"Voxels of shape {inside.shape} do not fit a grid of {grid.shape_kji}")
        spans = []
        for axis in range(3):
            other = tuple(a for a in range(3) if a != axis)
            hit = np.flatnonzero(inside.any(axis=other))
            spans.append((int(hit[0]), int(hit[-1]) + 1) if hit.size else (0, 1))
        (k0, k1), (j0, j1), (i0, i1) = spans
        return cls(grid, (i0, j0, k0), inside[k0:k1, j0:j1, i0:i1].copy())

    @property
    def box_kji(self) -> tuple[slice, slice, slice]:
        """Slices that cut the box out of a full array."""
        i, j, k = self.start_ijk
        nk, nj, ni = self.voxels.shape
        return slice(k, k + nk), slice(j, j + nj), slice(i, i + ni)

    @property
    def box_grid(self) -> Grid:
        """The grid of the box alone."""
        nk, nj, ni = self.voxels.shape
        return self.grid.cropped(self.start_ijk, (ni, nj, nk))

    @property
    def voxel_count(self) -> int:
        """How many voxels belong to the structure."""
        return self.count if self.count >= 0 else int(np.count_nonzero(self.voxels))

    def changed_box(self, other: Mask) -> Box | None:
        """Where this mask and another version of it may differ, as slices of the whole grid; None when nothing is known.

        Known between a mask and what edits made of it (`planning.by_hand`), in either order, some dozens of edits apart.
        """
        if other is self:
            return slice(0, 0), slice(0, 0), slice(0, 0)
        for newer, older in ((self, other), (other, self)):
            for token, box in newer.lineage:
                if token is older.token:
                    return box
        return None

    @property
    def volume_ml(self) -> float:
        """Voxel count times voxel volume."""
        return self.voxel_count * self.grid.voxel_mm3 / 1000.0

    def full(self) -> npt.NDArray[np.bool_]:
        """The structure on the whole grid, bool `[k, j, i]`."""
        whole = np.zeros(self.grid.shape_kji, dtype=bool)
        whole[self.box_kji] = self.voxels
        return whole

    def centroid_mm(self) -> FloatArray:
        """(3,) mean of the voxel centres; the box's middle for an empty structure."""
        if not self.voxels.any():
            return self.box_grid.center_mm
        kji = np.array([np.mean(axis) for axis in np.nonzero(self.voxels)])
        return self.box_grid.to_world(kji[::-1])

    def bounds_mm(self) -> FloatArray:
        """(2, 3) least and greatest LPS coordinates of the box's voxel corners."""
        nk, nj, ni = self.voxels.shape
        corners = np.array(np.meshgrid((-0.5, ni - 0.5), (-0.5, nj - 0.5), (-0.5, nk - 0.5))).reshape(3, -1).T
        world = self.box_grid.to_world(corners)
        return np.array([world.min(axis=0), world.max(axis=0)])


def union(masks: list[Mask]) -> Mask:
    """The voxels that belong to any of the masks; all must lie on one grid."""
    if not masks:
        raise GeometryError("No structure was named")
    whole = np.zeros(masks[0].grid.shape_kji, dtype=bool)
    for mask in masks:
        if not mask.grid.is_same(masks[0].grid):
            raise GeometryError("The structures lie on different grids", "Resample them to the image's grid")
        whole[mask.box_kji] |= mask.voxels
    return Mask.from_full(masks[0].grid, whole)


def array_sha256(voxels: npt.NDArray[Any]) -> str:
    """Hex SHA-256 of the array's little-endian bytes in C order `[k, j, i]`."""
    array = np.ascontiguousarray(voxels)
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return hashlib.sha256(little.data.cast("B")).hexdigest()
