"""Analytic test images, written apart from the product's own phantoms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from planning.geometry import Grid
from planning.section import Frame, Measures, measure_contour
from planning.volume import Volume


@dataclass(frozen=True)
class TestRoot:
    """A tilted tube of elliptic section with its truth."""

    __test__ = False
    volume: Volume
    normal: np.ndarray
    hinges_mm: np.ndarray
    truth: Measures


def make_root(
    a_mm: float,
    b_mm: float,
    spacing_mm: tuple[float, float, float],
    noise_hu: float,
    *,
    seed: int = 0,
    tilt_deg: float = 40.0,
    lumen_hu: float = 380.0,
    wall_hu: float = 70.0,
    wall_mm: float = 1.7,
    outside_hu: float = -85.0,
    blur_mm: float = 0.4,
    dent: float = 0.01,
) -> TestRoot:
    """Lumen, wall and surroundings with partial volume by super-sampling, a Gaussian blur and correlated noise."""
    spacing = np.array(spacing_mm)
    normal = np.array((-np.sin(np.radians(tilt_deg)), -0.1, np.cos(np.radians(tilt_deg))))
    normal /= np.linalg.norm(normal)
    size = tuple(int(56 / s) for s in spacing)
    grid = Grid.from_parts(size, spacing, (-28, -28, -28))
    frame = Frame.of(np.zeros(3), normal)
    index = np.stack(np.meshgrid(*[np.arange(n) for n in size], indexing="ij"), -1)

    def values(offset: np.ndarray) -> np.ndarray:
        plane = frame.to_plane(grid.to_world(index + offset))
        angle = np.arctan2(plane[..., 1] / b_mm, plane[..., 0] / a_mm)
        inside = np.hypot(plane[..., 0] / a_mm, plane[..., 1] / b_mm) / (1 + dent * np.cos(3 * angle + 0.4))
        radius = np.hypot(plane[..., 0], plane[..., 1])
        beyond = radius - radius / np.maximum(inside, 1e-6)
        return np.where(inside <= 1, lumen_hu, np.where(beyond <= wall_mm, wall_hu, outside_hu))

    offsets = [(np.array(o) + 0.5) / 2 - 0.5 for o in np.ndindex(2, 2, 2)]
    voxels = sum(values(offset) for offset in offsets) / len(offsets)
    voxels = ndimage.gaussian_filter(voxels, blur_mm / spacing)
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=voxels.shape), 0.6)
    voxels = voxels + noise / noise.std() * noise_hu
    around = np.linspace(0, 2 * np.pi, 3600, endpoint=False)
    stretch = 1 + dent * np.cos(3 * around + 0.4)
    curve = np.stack([a_mm * stretch * np.cos(around), b_mm * stretch * np.sin(around)], -1)
    angles = np.radians((90.0, 210.0, 330.0))
    hinges = frame.to_world(np.stack([0.95 * a_mm * np.cos(angles), 0.95 * b_mm * np.sin(angles)], -1))
    if np.cross(hinges[1] - hinges[0], hinges[2] - hinges[0]) @ normal < 0:
        hinges = hinges[[0, 2, 1]]
    volume = Volume(grid, np.round(voxels).transpose(2, 1, 0).astype(np.int16))
    return TestRoot(volume, normal, hinges, measure_contour(curve))


def make_tube(
    curve_mm: np.ndarray, radius_mm: np.ndarray, *, spacing: float = 0.6, noise_hu: float = 15.0, seed: int = 0
) -> Volume:
    """A contrast-filled tube of varying radius round a curve, with a wall and fat behind it."""
    from scipy.spatial import cKDTree

    low, high = curve_mm.min(0) - 18, curve_mm.max(0) + 18
    size = np.ceil((high - low) / spacing).astype(int)
    grid = Grid.from_parts(tuple(size), (spacing,) * 3, low)
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    away, nearest = cKDTree(curve_mm).query(points)
    soft = 0.25 * spacing

    def cover(distance: np.ndarray) -> np.ndarray:
        return 0.5 * (1 - np.tanh(distance / soft))

    rim = away - radius_mm[nearest]
    voxels = (-90 + 150 * cover(rim - 1.5) + 320 * cover(rim)).reshape(grid.shape_kji)
    voxels = ndimage.gaussian_filter(voxels, 0.4 / spacing)
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=voxels.shape), 0.6)
    return Volume(grid, np.round(voxels + noise / noise.std() * noise_hu).astype(np.int16))
