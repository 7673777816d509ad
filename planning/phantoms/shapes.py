"""Solids as signed distances, and a canvas that paints them with the partial volume of a CT.

Distances are in mm, negative inside, exact near the surface to first order. Coordinates are LPS mm in broadcast
arrays x (1, 1, ni), y (1, nj, 1), z (nk, 1, 1), so that a shape is written as its formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid
from planning.volume import Mask

Field = npt.NDArray[np.float32]
Shape = Callable[[Field, Field, Field], Field]
Box = tuple[Sequence[float], Sequence[float]]
# a voxel near a tube counts for so many painted ones
TUBE_WORK = 3.0


def ellipsoid(center: npt.ArrayLike, radii: npt.ArrayLike, axes: FloatArray | None = None) -> Shape:
    """An ellipsoid; axes: (3, 3) with its unit axes as columns."""
    c = np.asarray(center, dtype=np.float32)
    r = np.asarray(radii, dtype=np.float32)
    turn = np.eye(3, dtype=np.float32) if axes is None else np.asarray(axes, dtype=np.float32)

    def distance(x: Field, y: Field, z: Field) -> Field:
        dx, dy, dz = x - c[0], y - c[1], z - c[2]
        scaled = np.float32(0.0)
        steep = np.float32(0.0)
        for axis in range(3):
            u = (dx * turn[0, axis] + dy * turn[1, axis] + dz * turn[2, axis]) / r[axis]
            scaled = scaled + u * u
            steep = steep + (u / r[axis]) ** 2
        k0, k1 = np.sqrt(scaled), np.sqrt(steep)
        return np.asarray(k0 * (k0 - 1.0) / np.maximum(k1, np.float32(1e-6)))

    return distance


def half_space(point: npt.ArrayLike, normal: npt.ArrayLike) -> Shape:
    """Everything on the side that the normal points away from."""
    p, n = np.asarray(point, dtype=np.float32), np.asarray(normal, dtype=np.float32)
    n = n / np.linalg.norm(n)

    def distance(x: Field, y: Field, z: Field) -> Field:
        return np.asarray((x - p[0]) * n[0] + (y - p[1]) * n[1] + (z - p[2]) * n[2])

    return distance


def column(center_xy: Sequence[float], radii_xy: Sequence[float], tilt: Sequence[float] = (0.0, 0.0)) -> Shape:
    """An endless elliptic column along z; tilt: mm that the axis moves in x and y per mm of z."""

    def distance(x: Field, y: Field, z: Field) -> Field:
        u = (x - np.float32(center_xy[0]) - np.float32(tilt[0]) * z) / np.float32(radii_xy[0])
        v = (y - np.float32(center_xy[1]) - np.float32(tilt[1]) * z) / np.float32(radii_xy[1])
        k0 = np.sqrt(u * u + v * v)
        k1 = np.sqrt((u / np.float32(radii_xy[0])) ** 2 + (v / np.float32(radii_xy[1])) ** 2)
        return np.asarray(k0 * (k0 - 1.0) / np.maximum(k1, np.float32(1e-6)))

    return distance


def joined(first: Shape, second: Shape, blend_mm: float = 0.0) -> Shape:
    """The union, its crease rounded over `blend_mm`."""

    def distance(x: Field, y: Field, z: Field) -> Field:
        a, b = first(x, y, z), second(x, y, z)
        low = np.minimum(a, b)
        if blend_mm > 0.0:
            h = np.maximum(np.float32(blend_mm) - np.abs(a - b), 0.0)
            low = low - h * h / np.float32(4.0 * blend_mm)
        return np.asarray(low)

    return distance


def common(first: Shape, second: Shape, blend_mm: float = 0.0) -> Shape:
    """The intersection, its edge rounded over `blend_mm`."""
    return outside_of(joined(outside_of(first), outside_of(second), blend_mm))


def without(first: Shape, second: Shape, blend_mm: float = 0.0) -> Shape:
    """The first less the second."""
    return common(first, outside_of(second), blend_mm)


def outside_of(shape: Shape) -> Shape:
    """The complement."""
    return lambda x, y, z: np.asarray(-shape(x, y, z))


def grown(shape: Shape, by_mm: float) -> Shape:
    """The shape offset outwards."""
    return lambda x, y, z: np.asarray(shape(x, y, z) - np.float32(by_mm))


class Canvas:
    """A CT in the making: float32 HU on a straight grid (axes along LPS).

    told: hears after each step how much work is done, in voxels reckoned for each voxel of the grid; what it raises stops
    the work.
    """

    def __init__(self, grid: Grid, background_hu: float = -1000.0, told: Callable[[float], None] | None = None) -> None:
        self.grid = grid
        self._told, self._worked = told, 0.0
        self.hu = np.full(grid.shape_kji, background_hu, dtype=np.float32)
        spacing, origin = grid.spacing_mm, grid.origin_mm
        ni, nj, nk = grid.size_ijk
        self._x = (origin[0] + spacing[0] * np.arange(ni)).astype(np.float32)
        self._y = (origin[1] + spacing[1] * np.arange(nj)).astype(np.float32)
        self._z = (origin[2] + spacing[2] * np.arange(nk)).astype(np.float32)
        self._edge_mm = np.float32(np.cbrt(np.prod(spacing)))

    def worked(self, voxels: float) -> None:
        """So many voxels more are reckoned."""
        self._worked += voxels
        if self._told is not None:
            self._told(self._worked / self.hu.size)

    def region(self, box: Box | None) -> tuple[slice, slice, slice]:
        """Slices (k, j, i) of the voxels in a box of LPS mm, or of all."""
        if box is None:
            return slice(None), slice(None), slice(None)
        spans = []
        for axis, coordinates in enumerate((self._x, self._y, self._z)):
            first = int(np.searchsorted(coordinates, box[0][axis]))
            spans.append(slice(first, max(int(np.searchsorted(coordinates, box[1][axis])), first)))
        return spans[2], spans[1], spans[0]

    def coordinates(self, where: tuple[slice, slice, slice]) -> tuple[Field, Field, Field]:
        """x, y, z of a region, for broadcasting."""
        return self._x[where[2]][None, None, :], self._y[where[1]][None, :, None], self._z[where[0]][:, None, None]

    def distance(self, shape: Shape, box: Box | None = None) -> tuple[Field, tuple[slice, slice, slice]]:
        """The shape's signed distance at the voxel centres of a box, and the box's slices."""
        where = self.region(box)
        x, y, z = self.coordinates(where)
        size = tuple(len(axis.reshape(-1)) for axis in (z, y, x))
        return np.broadcast_to(shape(x, y, z), size), where

    def paint_distance(self, distance: Field, where: tuple[slice, slice, slice], hu: Any) -> None:
        """Mix `hu` (a number or an array) in by the share of each voxel that lies inside."""
        share = np.clip(np.float32(0.5) - distance / self._edge_mm, 0.0, 1.0)
        here = self.hu[where]
        here += share * (hu - here)
        self.worked(here.size)

    def paint(self, shape: Shape, hu: Any, box: Box | None = None) -> None:
        """Paint a shape; hu: a number or an array of the whole canvas. box: LPS mm that holds it, for speed."""
        distance, where = self.distance(shape, box)
        self.paint_distance(distance, where, hu[where] if isinstance(hu, np.ndarray) else hu)

    def mask(self, distance: Field, where: tuple[slice, slice, slice]) -> Mask:
        """The voxels of a region whose centre lies inside."""
        whole = np.zeros(self.grid.shape_kji, dtype=bool)
        whole[where] = distance <= 0.0
        return Mask.from_full(self.grid, whole)

    def tube_distance(
        self,
        starts: FloatArray,
        ends: FloatArray,
        start_radii: FloatArray,
        end_radii: FloatArray,
        reach_mm: float = 3.0,
    ) -> tuple[Field, tuple[slice, slice, slice]]:
        """Signed distance to tapering tubes (N segments with round ends), right within `reach_mm` of them."""
        margin = float(max(start_radii.max(), end_radii.max())) + reach_mm
        low = np.minimum(starts, ends).min(axis=0) - margin
        high = np.maximum(starts, ends).max(axis=0) + margin
        where = self.region((low.tolist(), high.tolist()))
        offset = [side.start for side in where]
        field = np.full(self.hu[where].shape, np.float32(reach_mm), dtype=np.float32)
        for a, b, ra, rb in zip(starts, ends, start_radii, end_radii, strict=True):
            thick = max(ra, rb) + reach_mm
            part = self.region(((np.minimum(a, b) - thick).tolist(), (np.maximum(a, b) + thick).tolist()))
            x, y, z = self.coordinates(part)
            here = tuple(slice(side.start - o, side.stop - o) for side, o in zip(part, offset, strict=True))
            along = (b - a).astype(np.float32)
            length = np.float32(max(float(along @ along), 1e-6))
            a32 = a.astype(np.float32)
            dx, dy, dz = x - a32[0], y - a32[1], z - a32[2]
            share = np.clip((dx * along[0] + dy * along[1] + dz * along[2]) / length, 0.0, 1.0)
            squared = (dx - share * along[0]) ** 2 + (dy - share * along[1]) ** 2 + (dz - share * along[2]) ** 2
            field[here] = np.minimum(field[here], np.sqrt(squared) - (np.float32(ra) + share * np.float32(rb - ra)))
            self.worked(TUBE_WORK * squared.size)
        return field, where


def smooth_noise(
    shape_kji: tuple[int, int, int], sigma_voxels: Sequence[float], generator: np.random.Generator
) -> Field:
    """Gaussian noise of standard deviation 1, correlated over sigma (k, j, i) voxels."""
    from scipy import ndimage

    noise = generator.standard_normal(shape_kji, dtype=np.float32)
    noise = ndimage.gaussian_filter(noise, sigma_voxels, mode="wrap", truncate=3.0)
    return np.asarray(noise / np.float32(noise.std()))
