"""Kidneys of ellipsoids, tilted or straight, whose R.E.N.A.L. letters are known exactly."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from planning.geometry import FloatArray, Grid
from planning.volume import Mask

KIDNEY_MM = np.array((26.0, 22.0, 52.0))
SINUS_AT, SINUS_MM = np.array((16.0, 0.0, 0.0)), np.array((14.0, 9.0, 20.0))
SAMPLES = 100_000


def turned(axis: int, degrees: float) -> FloatArray:
    """(3, 3) rotation about one axis."""
    angle = np.radians(degrees)
    a, b = [n for n in range(3) if n != axis]
    matrix = np.eye(3)
    matrix[a, a] = matrix[b, b] = np.cos(angle)
    matrix[a, b], matrix[b, a] = -np.sin(angle), np.sin(angle)
    return matrix


def _ellipsoid(points: FloatArray, center: FloatArray, radii: FloatArray, axes: FloatArray) -> FloatArray:
    """(N,) below 1 inside."""
    return np.asarray(((((points - center) @ axes) / radii) ** 2).sum(axis=1))


def _sphere(count: int) -> FloatArray:
    """(N, 3) evenly spread unit vectors."""
    n = np.arange(count) + 0.5
    polar, turn = np.arccos(1.0 - 2.0 * n / count), np.pi * (1.0 + np.sqrt(5.0)) * n
    return np.stack([np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)], axis=1)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class KnownKidney:
    """An ellipsoid with a sinus in its medial side (the patient's left, so a right kidney) and one tumour ellipsoid.

    at_mm, radii_mm, tumor_axes: of the tumour. axes: columns are the kidney's own axes. origin_mm: where its middle is.
    bend_mm: how far the poles lean towards the sinus; fullness: exponent of the outline, 2 for an ellipsoid.
    """

    at_mm: FloatArray
    radii_mm: FloatArray
    tumor_axes: FloatArray = field(default_factory=lambda: np.eye(3))
    axes: FloatArray = field(default_factory=lambda: np.eye(3))
    origin_mm: FloatArray = field(default_factory=lambda: np.zeros(3))
    bend_mm: float = 0.0
    fullness: float = 2.0

    # where points lie

    def in_outline(self, points: FloatArray) -> FloatArray:
        """The kidney as it was without the tumour, its sinus filled."""
        own = (points - self.origin_mm) @ self.axes
        own[:, 0] -= self.bend_mm * ((own[:, 2] / KIDNEY_MM[2]) ** 2 - 0.3)
        return np.asarray((np.abs(own / KIDNEY_MM) ** self.fullness).sum(axis=1) <= 1.0)

    def in_sinus(self, points: FloatArray) -> FloatArray:
        """Sinus within the outline and off the tumour."""
        own = _ellipsoid(points, self.origin_mm + self.axes @ SINUS_AT, SINUS_MM, self.axes) <= 1.0
        return np.asarray(own & self.in_outline(points) & ~self.in_tumor(points))

    def in_tumor(self, points: FloatArray) -> FloatArray:
        """The tumour."""
        return np.asarray(_ellipsoid(points, self.at_mm, self.radii_mm, self.tumor_axes) <= 1.0)

    def masks(self, spacing_mm: tuple[float, float, float], shift: float = 0.0) -> dict[str, Mask]:
        """kidney (parenchyma), tumor, sinus; a voxel belongs to what its centre lies in."""
        reach = np.array((62.0, 58.0, 74.0)) + np.abs(self.origin_mm)
        spacing = np.array(spacing_mm)
        size = np.ceil(2.0 * reach / spacing).astype(int)
        grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), spacing, shift - spacing * (size - 1) / 2.0)
        places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
        tumor, sinus = self.in_tumor(places), self.in_sinus(places)
        kidney = self.in_outline(places) & ~tumor & ~sinus
        return {
            name: Mask.from_full(grid, inside.reshape(grid.shape_kji))
            for name, inside in (("kidney", kidney), ("tumor", tumor), ("sinus", sinus))
        }

    # what is true of it

    @property
    def diameter_cm(self) -> float:
        """The greatest diameter."""
        return float(2.0 * self.radii_mm.max() / 10.0)

    def inside_mm(self) -> FloatArray:
        """(N, 3) places spread evenly in the tumour."""
        generator = np.random.default_rng(0)
        ball = _sphere(SAMPLES) * np.cbrt(generator.random(SAMPLES))[:, None]
        return np.asarray(self.at_mm + (ball * self.radii_mm) @ self.tumor_axes.T)

    def exophytic_percent(self) -> float:
        """The share of the tumour's volume outside the outline."""
        return float(100.0 * (1.0 - self.in_outline(self.inside_mm()).mean()))

    def sinus_mm(self) -> float:
        """The least distance between tumour and sinus; 0 where they touch."""
        from scipy.spatial import cKDTree

        surface = self.at_mm + (_sphere(40_000) * self.radii_mm) @ self.tumor_axes.T
        sinus = self.origin_mm + (SINUS_AT + _sphere(40_000) * SINUS_MM) @ self.axes.T
        sinus = sinus[self.in_outline(sinus)]
        if self.in_tumor(sinus).any():
            return 0.0
        return float(cKDTree(sinus).query(surface)[0].min())

    def polar_lines_mm(self) -> tuple[float, float]:
        """(low, high) levels at which the sinus ends."""
        sinus = self.origin_mm + (SINUS_AT + _sphere(100_000) * SINUS_MM) @ self.axes.T
        sinus = sinus[self.in_outline(sinus) & ~self.in_tumor(sinus)]
        return float(sinus[:, 2].min()), float(sinus[:, 2].max())

    def between_percent(self) -> float:
        """The share of the tumour's volume between the polar lines."""
        low, high = self.polar_lines_mm()
        height = self.inside_mm()[:, 2]
        return float(100.0 * ((height > low) & (height < high)).mean())

    def contact_cm2(self) -> float:
        """The area of the tumour's surface inside the outline and off the sinus."""
        unit = _sphere(200_000)
        points = self.at_mm + (unit * self.radii_mm) @ self.tumor_axes.T
        normal = (unit / self.radii_mm) @ self.tumor_axes.T
        stretch = np.prod(self.radii_mm) * np.linalg.norm(normal, axis=1)
        normal /= np.linalg.norm(normal, axis=1)[:, None]
        beyond = points + 0.5 * normal
        in_sinus = _ellipsoid(beyond, self.origin_mm + self.axes @ SINUS_AT, SINUS_MM, self.axes) <= 1.0
        touching = self.in_outline(beyond) & ~in_sinus
        return float((4.0 * np.pi / len(unit)) * stretch[touching].sum() / 100.0)


def random_kidney(seed: int) -> KnownKidney:
    """A tilted kidney with a tilted tumour anywhere in or on it."""
    generator = np.random.default_rng(seed)
    axes = (
        turned(0, generator.uniform(-25, 25))
        @ turned(1, generator.uniform(-25, 25))
        @ turned(2, generator.uniform(-30, 30))
    )
    own = turned(0, generator.uniform(0, 180)) @ turned(2, generator.uniform(0, 180))
    way = generator.normal(size=3) * (1.0, 1.0, 1.2)
    way[0] = -abs(way[0])
    way /= np.linalg.norm(way)
    # between deep in the parenchyma and hardly attached
    depth = generator.uniform(0.55, 1.12)
    at = axes @ (way * KIDNEY_MM * depth)
    radius = generator.uniform(7.0, 26.0)
    radii = radius * np.exp(generator.uniform(-0.18, 0.18, size=3))
    return KnownKidney(
        at_mm=at,
        radii_mm=radii,
        tumor_axes=own,
        axes=axes,
        bend_mm=generator.uniform(0.0, 10.0),
        fullness=generator.uniform(2.0, 2.5),
    )
