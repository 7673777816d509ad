"""Ellipsoids as shapes a lesion is held to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Vector
from planning.liver.segment.working import BoolArray, FieldArray

LEAST_RADIUS_MM = 2.5
# flatter or longer lesions than this are not believed
MOST_RATIO = 2.2


@dataclass(frozen=True, slots=True, eq=False)
class Ellipsoid:
    """center: (3,) mm, radii: (3,) mm along the unit columns of axes (3, 3); all in k, j, i order from voxel 0."""

    center: Vector
    radii: Vector
    axes: FloatArray

    @classmethod
    def ball(cls, center: Vector, radius_mm: float) -> Ellipsoid:
        """Equal radii."""
        return cls(center, np.full(3, radius_mm), np.eye(3))

    @classmethod
    def across(cls, first: Vector, last: Vector, ratio: float = 0.85) -> Ellipsoid:
        """Round one whose long diameter runs from rim to rim; the other two are `ratio` of it."""
        along = last - first
        length = float(np.linalg.norm(along))
        axes = np.linalg.svd((along / length)[:, None])[0]
        return cls(0.5 * (first + last), 0.5 * length * np.array((1.0, ratio, ratio)), axes)

    @classmethod
    def fitted(cls, mask: BoolArray, spacing_kji_mm: Vector) -> Ellipsoid:
        """Same centre, volume and second moments as the mask's voxels, at least one."""
        points = np.argwhere(mask) * spacing_kji_mm
        center = points.mean(axis=0)
        spread = np.cov((points - center).T) if len(points) > 3 else np.zeros((3, 3))
        values, axes = np.linalg.eigh(spread + np.diag(spacing_kji_mm**2 / 12.0))
        radii = np.sqrt(5.0 * values)
        radii *= (len(points) * float(np.prod(spacing_kji_mm)) * 0.75 / np.pi / float(np.prod(radii))) ** (1.0 / 3.0)
        middle = float(np.median(radii))
        return cls(center, np.clip(radii, max(middle / MOST_RATIO, LEAST_RADIUS_MM), middle * MOST_RATIO), axes)

    def moved_to(self, point: Vector, is_inside: bool) -> Ellipsoid:
        """Its surface goes as far beyond a point of its own outside it as that lies outside, or as far back behind a
        point that is not its own inside it: a click is put into the middle of what is missing, or too much. The far side
        stays. Itself where the point lies on its right side already, or at its centre.
        """
        ray = point - self.center
        away = float(np.linalg.norm(ray))
        if away < 1e-6:
            return self
        rim_mm = away / float(np.linalg.norm((ray @ self.axes) / self.radii))
        grown_mm = 2.0 * (away - rim_mm)
        if (grown_mm > 0.0) != is_inside:
            return self
        along = ray / away
        grown_mm = float(max(grown_mm, -rim_mm))
        scale = 1.0 + 0.5 * grown_mm / rim_mm
        half_axes = (np.eye(3) + (scale - 1.0) * np.outer(along, along)) @ (self.axes * self.radii)
        axes, radii, _ = np.linalg.svd(half_axes)
        return Ellipsoid(self.center + 0.5 * grown_mm * along, np.maximum(radii, LEAST_RADIUS_MM), axes)

    @property
    def volume_mm3(self) -> float:
        """4/3·π·abc."""
        return float(4.0 / 3.0 * np.pi * np.prod(self.radii))

    def alike(self, mask: BoolArray, spacing_kji_mm: Vector) -> float:
        """Dice of its own voxels with a mask's; 0 for an empty one."""
        within = self.level(mask.shape, spacing_kji_mm) < 1.0
        both = int(np.count_nonzero(within)) + int(np.count_nonzero(mask))
        return 2.0 * int(np.count_nonzero(within & mask)) / max(both, 1)

    def level(self, shape: tuple[int, ...], spacing_kji_mm: Vector) -> FieldArray:
        """1 on the surface, 0 at the centre, growing linearly along each ray."""
        to_unit: npt.NDArray[np.float64] = self.axes / self.radii
        total = np.zeros(shape, dtype=np.float32)
        grids = [
            (np.arange(size) * step - at).astype(np.float32)
            for size, step, at in zip(shape, spacing_kji_mm, self.center, strict=True)
        ]
        for axis in range(3):
            k, j, i = (grid * np.float32(to_unit[n, axis]) for n, grid in enumerate(grids))
            total += (k[:, None, None] + j[None, :, None] + i[None, None, :]) ** 2
        return np.asarray(np.sqrt(total), dtype=np.float32)


def roundness(mask: BoolArray, spacing_kji_mm: Vector) -> float:
    """Dice of a mask with the ellipsoid of its own moments; 0 for none."""
    return Ellipsoid.fitted(mask, spacing_kji_mm).alike(mask, spacing_kji_mm) if mask.any() else 0.0
