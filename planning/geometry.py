"""Grids, planes and angles in patient space.

World is DICOM patient LPS in millimetres, float64. An index (i, j, k) is (column, row,
slice); arrays are `[k, j, i]`; an integer index is the centre of its voxel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import GeometryError

FloatArray = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]

ORTHOGONALITY = 1e-4
# share of a direction across head and feet below which it has no LAO
POLE = 1e-9


def frozen_array(values: Any, dtype: npt.DTypeLike = np.float64) -> npt.NDArray[Any]:
    """A read-only, C-contiguous copy of `values`."""
    array = np.array(values, dtype=dtype, order="C", copy=True)
    array.flags.writeable = False
    return array


def unit(vector: npt.ArrayLike) -> Vector:
    """The vector of length 1 in the same direction. Raises GeometryError for a zero or non-finite one."""
    array = np.asarray(vector, dtype=np.float64)
    length = float(np.linalg.norm(array))
    if not np.isfinite(length) or length < 1e-12:
        raise GeometryError(f"A direction must not be zero, got {array.tolist()}", "Give a vector with a length")
    return array / length


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Where the voxels of a volume lie.

    size_ijk: numbers of columns, rows and slices, each >= 1.
    world_from_index: (4, 4), takes (i, j, k, 1) to LPS mm; columns orthogonal, determinant > 0.
    """

    size_ijk: tuple[int, int, int]
    world_from_index: FloatArray

    def __post_init__(self) -> None:
        size = tuple(int(n) for n in self.size_ijk)
        matrix = frozen_array(self.world_from_index)
        object.__setattr__(self, "size_ijk", size)
        object.__setattr__(self, "world_from_index", matrix)
        if len(size) != 3 or min(size) < 1:
            raise GeometryError(f"A volume needs at least one voxel on each axis, got {size}")
        if matrix.shape != (4, 4) or not np.isfinite(matrix).all() or not np.array_equal(matrix[3], (0, 0, 0, 1)):
            raise GeometryError("The position of the volume is not a finite affine matrix")
        axes = matrix[:3, :3]
        lengths = np.linalg.norm(axes, axis=0)
        if lengths.min() < 1e-6:
            raise GeometryError(f"Voxel spacing must be above zero, got {lengths.tolist()}")
        directions = axes / lengths
        if np.abs(directions.T @ directions - np.eye(3)).max() > ORTHOGONALITY:
            raise GeometryError("The axes of the volume are not perpendicular", "Import it resampled")
        if np.linalg.det(directions) <= 0:
            raise GeometryError("The axes of the volume are left-handed", "Flip the slice order")

    @classmethod
    def from_parts(
        cls,
        size_ijk: tuple[int, int, int],
        spacing_mm: npt.ArrayLike = (1.0, 1.0, 1.0),
        origin_mm: npt.ArrayLike = (0.0, 0.0, 0.0),
        direction: npt.ArrayLike | None = None,
    ) -> Grid:
        """A grid from spacing, centre of voxel (0, 0, 0) and a (3, 3) matrix with unit axes as columns."""
        matrix = np.eye(4)
        axes = np.eye(3) if direction is None else np.asarray(direction, dtype=np.float64)
        matrix[:3, :3] = axes * np.asarray(spacing_mm, dtype=np.float64)
        matrix[:3, 3] = np.asarray(origin_mm, dtype=np.float64)
        return cls(size_ijk, matrix)

    @property
    def shape_kji(self) -> tuple[int, int, int]:
        """Shape of the voxel array."""
        ni, nj, nk = self.size_ijk
        return nk, nj, ni

    @property
    def spacing_mm(self) -> Vector:
        """(3,) distances between voxel centres along i, j, k."""
        return np.asarray(np.linalg.norm(self.world_from_index[:3, :3], axis=0))

    @property
    def origin_mm(self) -> Vector:
        """(3,) centre of voxel (0, 0, 0)."""
        return self.world_from_index[:3, 3]

    @property
    def direction(self) -> FloatArray:
        """(3, 3) unit vectors of i, j, k as columns."""
        return np.asarray(self.world_from_index[:3, :3] / self.spacing_mm)

    @property
    def voxel_mm3(self) -> float:
        """Volume of one voxel."""
        return float(np.linalg.det(self.world_from_index[:3, :3]))

    @property
    def index_from_world(self) -> FloatArray:
        """(4, 4) inverse of world_from_index."""
        return np.asarray(np.linalg.inv(self.world_from_index))

    @property
    def center_mm(self) -> Vector:
        """(3,) middle of the volume."""
        return self.to_world((np.array(self.size_ijk, dtype=np.float64) - 1.0) / 2.0)

    def to_world(self, index_ijk: npt.ArrayLike) -> FloatArray:
        """(…, 3) positions in mm of (…, 3) indices (i, j, k)."""
        index = np.asarray(index_ijk, dtype=np.float64)
        return np.asarray(index @ self.world_from_index[:3, :3].T + self.world_from_index[:3, 3])

    def to_index(self, position_mm: npt.ArrayLike) -> FloatArray:
        """(…, 3) fractional indices (i, j, k) of (…, 3) positions."""
        position = np.asarray(position_mm, dtype=np.float64)
        return np.asarray((position - self.world_from_index[:3, 3]) @ np.linalg.inv(self.world_from_index[:3, :3]).T)

    def contains(self, position_mm: npt.ArrayLike, margin_voxels: float = 0.5) -> npt.NDArray[np.bool_]:
        """(…,) True where a position lies in the volume, whose voxels reach ±0.5 about their centres."""
        index = self.to_index(position_mm)
        upper = np.array(self.size_ijk) - 1 + margin_voxels
        return np.asarray(((index >= -margin_voxels) & (index <= upper)).all(axis=-1))

    def is_same(self, other: Grid, tolerance_mm: float = 1e-3) -> bool:
        """True when both grids put every voxel at the same place within the tolerance."""
        if self.size_ijk != other.size_ijk:
            return False
        is_equal = np.array_equal(self.world_from_index, other.world_from_index)
        return is_equal or self.corner_distance_mm(other) <= tolerance_mm

    def corner_distance_mm(self, other: Grid) -> float:
        """Greatest distance between the corners of two grids of one size, in mm."""
        corners = np.array(np.meshgrid(*[(0, n - 1) for n in self.size_ijk])).reshape(3, -1).T
        return float(np.linalg.norm(self.to_world(corners) - other.to_world(corners), axis=1).max())

    def cropped(self, start_ijk: tuple[int, int, int], size_ijk: tuple[int, int, int]) -> Grid:
        """The part of this grid that begins at voxel `start_ijk`."""
        matrix = self.world_from_index.copy()
        matrix[:3, 3] = self.to_world(start_ijk)
        return Grid(size_ijk, matrix)


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """An oriented plane in patient space (LPS, mm); `normal` is made unit."""

    origin_mm: Vector
    normal: Vector

    def __post_init__(self) -> None:
        origin = frozen_array(self.origin_mm)
        if origin.shape != (3,) or not np.isfinite(origin).all():
            raise GeometryError(f"A plane needs a finite point, got {origin.tolist()}")
        object.__setattr__(self, "origin_mm", origin)
        object.__setattr__(self, "normal", frozen_array(unit(self.normal)))

    def signed_distance_mm(self, points_mm: npt.ArrayLike) -> FloatArray:
        """(…,) distances of (…, 3) points, positive on the normal's side."""
        return np.asarray((np.asarray(points_mm, dtype=np.float64) - self.origin_mm) @ self.normal)

    def project(self, points_mm: npt.ArrayLike) -> FloatArray:
        """(…, 3) feet of the perpendiculars from the points onto the plane."""
        points = np.asarray(points_mm, dtype=np.float64)
        return np.asarray(points - self.signed_distance_mm(points)[..., None] * self.normal)


def plane_basis(normal: npt.ArrayLike) -> tuple[Vector, Vector]:
    """Right and down unit vectors of a picture of the plane, as heart and liver teams read it.

    Right is the in-plane direction nearest patient left; for planes that face left or right
    (sagittal-like) nearest posterior. Down is perpendicular, towards posterior or feet.
    """
    n = unit(normal)
    left, posterior, feet = np.eye(3)[0], np.eye(3)[1], -np.eye(3)[2]
    wanted_right = posterior if abs(n[0]) > max(abs(n[1]), abs(n[2])) else left
    right = unit(wanted_right - (wanted_right @ n) * n)
    down = np.cross(n, right)
    wanted_down = posterior if abs(n[2]) >= max(abs(n[0]), abs(n[1])) else feet
    if down @ wanted_down < 0:
        down = -down
    return right, unit(down)


def detector_direction(lao_deg: float, cra_deg: float) -> Vector:
    """(3,) unit direction from patient to detector for a C-arm at LAO and CRA (RAO and CAU negative)."""
    a, c = np.radians([lao_deg, cra_deg])
    return np.array([np.sin(a) * np.cos(c), -np.cos(a) * np.cos(c), np.sin(c)])


def carm_angles_deg(direction: npt.ArrayLike) -> tuple[float, float]:
    """(LAO, CRA) in degrees of a detector direction; the inverse of `detector_direction`.

    Straight along head and feet, where every LAO is the same place, LAO is 0.
    """
    d = unit(direction)
    lao = np.degrees(np.arctan2(d[0], -d[1])) if np.hypot(d[0], d[1]) > POLE else 0.0
    return float(lao), float(np.degrees(np.arcsin(np.clip(d[2], -1.0, 1.0))))


def orientation_letters(direction: npt.ArrayLike, second_above: float = 0.38) -> str:
    """Letters of the patient's side a direction points to, e.g. "L" or "LH" when oblique."""
    d = unit(direction)
    named = [(abs(v), "LPH"[axis] if v > 0 else "RAF"[axis]) for axis, v in enumerate(d)]
    named.sort(key=lambda pair: -pair[0])
    return named[0][1] + (named[1][1] if named[1][0] > second_above else "")
