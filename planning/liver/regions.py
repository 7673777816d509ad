"""What one resection removes, as a region of space that counts, margins, vessels and pictures ask in the same way.

A region answers `signed_mm`: positive in what is removed, zero on the cut. The value changes by at most `steepness` mm
per mm, so that whole blocks of voxels far from the cut are decided by one question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid, Plane, Vector, plane_basis
from planning.liver.organ import BoolArray
from planning.mesh import SurfaceMesh

SIDE_TOLERANCE_MM = 1e-6
"""A centre nearer to the cut than this lies on it, and is kept: rounding must not choose a side."""
LATTICE_MM = 1.0
GRADIENT_STEP_MM = 0.2
PROJECTIONS = 3
FIELD_STEEPNESS = 3.0**0.5
"""Samples of a distance that are interpolated linearly change by at most this much per mm."""


class Region(Protocol):
    """One resection's removed side of space.

    kind: the resection's. branches: names of vessel branches that are removed with all of themselves, whatever the
    place of their centrelines. voxels: bool `[k, j, i]` of the organ's box where the region is voxels of the organ (its
    signed distance is then only for places between them), else None.
    """

    @property
    def kind(self) -> str: ...

    @property
    def steepness(self) -> float: ...

    @property
    def voxels(self) -> BoolArray | None: ...

    @property
    def branches(self) -> frozenset[str]: ...

    def signed_mm(self, points_mm: FloatArray) -> FloatArray:
        """(N,) of (N, 3) points: positive where removed, zero on the cut."""

    def surface(self, corners_mm: FloatArray, step_mm: float) -> SurfaceMesh:
        """The cut as triangles, front towards what is removed, as far as the (8, 3) corners of a box reach."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaneRegion:
    """The normal's side of a plane."""

    plane: Plane
    kind: str = "plane"
    steepness: float = 1.0
    voxels: BoolArray | None = None
    branches: frozenset[str] = frozenset()

    def signed_mm(self, points_mm: FloatArray) -> FloatArray:
        """Distance to the plane."""
        return self.plane.signed_distance_mm(points_mm)

    def turned(self) -> PlaneRegion:
        """The other side."""
        return PlaneRegion(Plane(self.plane.origin_mm, -self.plane.normal))

    def surface(self, corners_mm: FloatArray, step_mm: float) -> SurfaceMesh:
        """A square net."""
        right, down = _facing_basis(self.plane.normal)
        across, along = _reach(corners_mm, self.plane.origin_mm, right, down, step_mm)
        points = (self.plane.origin_mm + across[:, None, None] * right + along[:, None] * down).reshape(-1, 3)
        return SurfaceMesh(points, net_triangles(len(across), len(along)))


@dataclass(frozen=True, slots=True, eq=False)
class SheetRegion:
    """The normal's side of a height field over a base plane.

    right, down: (3,) unit vectors of the base, right × down = normal. first_mm: (2,) place of the lattice's first point
    along them. heights_mm: (A, B) heights above the base on a 1 mm lattice, bilinear between, constant beyond.
    """

    base: Plane
    right: Vector
    down: Vector
    first_mm: tuple[float, float]
    heights_mm: FloatArray
    steepness: float
    kind: str = "sheet"
    voxels: BoolArray | None = None
    branches: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, base: Plane, right: Vector, down: Vector, first_mm: tuple[float, float], heights_mm: FloatArray
    ) -> SheetRegion:
        """The region of a lattice; its steepness is that of the steepest cell."""
        slopes = [np.abs(np.diff(heights_mm, axis=axis)).max(initial=0.0) / LATTICE_MM for axis in (0, 1)]
        return cls(base, right, down, first_mm, heights_mm, float(np.sqrt(1.0 + slopes[0] ** 2 + slopes[1] ** 2)))

    def height_mm(self, across_mm: FloatArray, along_mm: FloatArray) -> FloatArray:
        """Height of the sheet over places of the base."""
        rows, columns = self.heights_mm.shape
        a = np.clip((across_mm - self.first_mm[0]) / LATTICE_MM, 0.0, rows - 1.0)
        b = np.clip((along_mm - self.first_mm[1]) / LATTICE_MM, 0.0, columns - 1.0)
        i, j = (np.minimum(x.astype(np.intp), n - 2) for x, n in ((a, rows), (b, columns)))
        a, b = a - i, b - j
        flat, at = self.heights_mm.reshape(-1), i * columns + j
        low = flat[at] * (1.0 - b) + flat[at + 1] * b
        high = flat[at + columns] * (1.0 - b) + flat[at + columns + 1] * b
        return np.asarray(low * (1.0 - a) + high * a)

    def signed_mm(self, points_mm: FloatArray) -> FloatArray:
        """Height above the sheet along the base's normal."""
        away = points_mm - self.base.origin_mm
        return np.asarray(away @ self.base.normal - self.height_mm(away @ self.right, away @ self.down))

    def turned(self) -> SheetRegion:
        """The other side."""
        base = Plane(self.base.origin_mm, -self.base.normal)
        # right and down change places: their cross product is the turned normal
        first = (self.first_mm[1], self.first_mm[0])
        return SheetRegion(base, self.down, self.right, first, -self.heights_mm.T, self.steepness)

    def surface(self, corners_mm: FloatArray, step_mm: float) -> SurfaceMesh:
        """A net that is square seen along the base's normal."""
        across, along = _reach(corners_mm, self.base.origin_mm, self.right, self.down, step_mm)
        a, b = (part.reshape(-1) for part in np.meshgrid(across, along, indexing="ij"))
        height = self.height_mm(a, b)
        points = self.base.origin_mm + a[:, None] * self.right + b[:, None] * self.down
        points += height[:, None] * self.base.normal
        return SurfaceMesh(points, net_triangles(len(across), len(along)))


@dataclass(frozen=True, slots=True, eq=False)
class FieldRegion:
    """Where a sampled field is positive.

    field_mm: float32 `[k, j, i]` on `grid`, linear between samples and constant beyond. mesh: its zero surface.
    """

    kind: str
    grid: Grid
    field_mm: npt.NDArray[np.float32]
    mesh: SurfaceMesh
    voxels: BoolArray | None = None
    branches: frozenset[str] = frozenset()
    steepness: float = FIELD_STEEPNESS

    @classmethod
    def of(
        cls,
        kind: str,
        grid: Grid,
        field_mm: npt.NDArray[np.float32],
        voxels: BoolArray | None = None,
        branches: frozenset[str] = frozenset(),
    ) -> FieldRegion:
        """The region of a field; its surface is contoured here, once."""
        return cls(kind, grid, field_mm, _zero_surface(grid, field_mm), voxels, branches)

    def signed_mm(self, points_mm: FloatArray) -> FloatArray:
        """The field between its samples."""
        from scipy import ndimage

        index = self.grid.to_index(points_mm)[:, ::-1].T
        return np.asarray(
            ndimage.map_coordinates(self.field_mm, index, np.float64, order=1, mode="nearest"), dtype=np.float64
        )

    def surface(self, corners_mm: FloatArray, step_mm: float) -> SurfaceMesh:
        """As it was contoured."""
        return self.mesh


@dataclass(frozen=True, slots=True, eq=False)
class EllipsoidRegion:
    """The inside of an ellipsoid of revolution, as an ablation leaves it.

    long_axis: (3,) unit. long_mm, short_mm: semi-axes.
    """

    center_mm: Vector
    long_axis: Vector
    long_mm: float
    short_mm: float
    kind: str = "ablation"
    steepness: float = 1.0
    voxels: BoolArray | None = None
    branches: frozenset[str] = frozenset()

    def signed_mm(self, points_mm: FloatArray) -> FloatArray:
        """(1 − |q|) times the least semi-axis, |q| the place in semi-axes: zero on the surface, never too large."""
        away = points_mm - self.center_mm
        along = away @ self.long_axis
        across_squared = np.maximum((away**2).sum(axis=-1) - along**2, 0.0)
        q = np.sqrt((along / self.long_mm) ** 2 + across_squared / self.short_mm**2)
        return np.asarray((1.0 - q) * min(self.long_mm, self.short_mm))

    def surface(self, corners_mm: FloatArray, step_mm: float) -> SurfaceMesh:
        """Rings about the long axis; the front looks inwards, to what is removed."""
        rings = max(int(np.ceil(np.pi * max(self.long_mm, self.short_mm) / step_mm)), 8)
        around = max(int(np.ceil(2.0 * np.pi * self.short_mm / step_mm)), 12)
        u, v = plane_basis(self.long_axis)
        if np.cross(u, v) @ self.long_axis < 0.0:
            u, v = v, u
        polar = np.pi * np.arange(1, rings) / rings
        turn = 2.0 * np.pi * np.arange(around) / around
        radial = np.cos(turn)[:, None] * u + np.sin(turn)[:, None] * v
        body = self.long_mm * np.cos(polar)[:, None, None] * self.long_axis
        body = body + self.short_mm * np.sin(polar)[:, None, None] * radial
        poles = self.long_mm * np.array([1.0, -1.0])[:, None] * self.long_axis
        points = self.center_mm + np.concatenate([body.reshape(-1, 3), poles])
        row, column = np.meshgrid(np.arange(rings - 2), np.arange(around), indexing="ij")
        a, b = row * around + column, row * around + (column + 1) % around
        c, d = a + around, b + around
        side = np.concatenate([np.stack([a, d, c], -1).reshape(-1, 3), np.stack([a, b, d], -1).reshape(-1, 3)])
        first, last, count = np.arange(around), np.arange(around) + (rings - 2) * around, len(points)
        following = (np.arange(around) + 1) % around
        caps = [
            np.stack([first, np.full(around, count - 2), following], -1),
            np.stack([last, following + (rings - 2) * around, np.full(around, count - 1)], -1),
        ]
        return SurfaceMesh(points, np.concatenate([side, *caps]).astype(np.int32))


def gradient(region: Region, points_mm: FloatArray) -> FloatArray:
    """(N, 3) how the signed distance changes at points, per mm; it points into what is removed."""
    if isinstance(region, PlaneRegion):
        return np.broadcast_to(region.plane.normal, points_mm.shape)
    steps = GRADIENT_STEP_MM * np.eye(3)
    around = (points_mm[:, None, None] + np.stack([steps, -steps], axis=1)).reshape(-1, 3)
    values = region.signed_mm(around).reshape(len(points_mm), 3, 2)
    return np.asarray((values[..., 0] - values[..., 1]) / (2.0 * GRADIENT_STEP_MM))


def onto_cut(region: Region, points_mm: FloatArray) -> FloatArray:
    """(N, 3) points near the cut brought onto it by Newton's steps."""
    if isinstance(region, PlaneRegion):
        return region.plane.project(points_mm)
    for _ in range(PROJECTIONS):
        slope = gradient(region, points_mm)
        squared = np.maximum((slope**2).sum(axis=1), 1e-6)
        step = np.clip(region.signed_mm(points_mm) / squared, -2.0, 2.0)
        points_mm = points_mm - step[:, None] * slope
    return points_mm


def net_triangles(rows: int, columns: int) -> npt.NDArray[np.int32]:
    """Two triangles for each cell of a net of points numbered row by row."""
    number = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    a, b, c, d = (part.reshape(-1) for part in (number[:-1, :-1], number[1:, :-1], number[:-1, 1:], number[1:, 1:]))
    return np.concatenate([np.stack([a, b, d], axis=1), np.stack([a, d, c], axis=1)])


def _facing_basis(normal: Vector) -> tuple[Vector, Vector]:
    """In-plane unit vectors whose cross product is the normal."""
    right, down = plane_basis(normal)
    return (right, down) if np.cross(right, down) @ normal > 0.0 else (down, right)


def _reach(
    corners_mm: FloatArray, origin_mm: Vector, right: Vector, down: Vector, step_mm: float
) -> tuple[FloatArray, FloatArray]:
    """Places along both in-plane axes, multiples of the step, that cover a box."""
    places = []
    for axis in (right, down):
        along = (corners_mm - origin_mm) @ axis / step_mm
        places.append(step_mm * np.arange(np.floor(along.min()) - 2.0, np.ceil(along.max()) + 3.0))
    return places[0], places[1]


def _zero_surface(grid: Grid, field_mm: npt.NDArray[np.float32]) -> SurfaceMesh:
    """The zero contour, its front towards the positive side."""
    from scipy import ndimage

    from planning.liver.subvoxel import contour

    points, triangles, _ = contour(field_mm, 0.0)
    if not len(triangles):
        return SurfaceMesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int32))
    corners = grid.to_world(points)[triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(normal, axis=1)
    ahead = grid.to_index(corners.mean(axis=1) + 0.5 * normal / np.maximum(length, 1e-12)[:, None])
    values = ndimage.map_coordinates(field_mm, ahead[:, ::-1].T, order=1, mode="nearest")
    if float((values * length).sum()) < 0.0:
        triangles = triangles[:, ::-1]
    return SurfaceMesh(grid.to_world(points), np.ascontiguousarray(triangles, dtype=np.int32))
