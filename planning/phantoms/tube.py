"""A straight contrast-filled vessel with analytic truth, for quick checks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid, frozen_array
from planning.phantoms.shapes import Canvas, smooth_noise
from planning.volume import Volume


@dataclass(frozen=True, slots=True, eq=False)
class TubeTruth:
    """Two points on the axis, the length between them, the diameter."""

    start_mm: FloatArray
    end_mm: FloatArray
    length_mm: float
    min_diameter_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class TubePhantom:
    """The CT and its truth."""

    volume: Volume
    truth: TubeTruth


def smooth_line(points: FloatArray, radii: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """A curve through (N, 3) points in steps of about 3 mm, and its radii."""
    from scipy.interpolate import PchipInterpolator

    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    steps = np.linspace(0.0, along[-1], max(int(along[-1] / 3.0), 2))
    return PchipInterpolator(along, points)(steps), PchipInterpolator(along, np.asarray(radii, dtype=np.float64))(steps)


def tube_phantom(
    *, diameter_mm: float = 8.0, length_mm: float = 40.0, spacing_mm: float = 0.6, noise_hu: float = 12.0, seed: int = 0
) -> TubePhantom:
    """A slanting vessel of 380 HU with a 1.5 mm wall in fat."""
    from scipy import ndimage

    generator = np.random.default_rng(seed)
    size = np.rint(np.array((44.0, 44.0, length_mm + 16.0)) / spacing_mm).astype(int)
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (spacing_mm,) * 3)
    canvas = Canvas(grid, -90.0)
    middle, axis = grid.center_mm, np.array((0.2, -0.12, 0.972))
    axis = axis / np.linalg.norm(axis)
    ends = np.array([middle - 0.9 * length_mm * axis, middle + 0.9 * length_mm * axis])
    radius = np.full(1, diameter_mm / 2.0)
    field, where = canvas.tube_distance(ends[:1], ends[1:], radius, radius, reach_mm=5.0)
    canvas.paint_distance(field - np.float32(1.5), where, 60.0)
    canvas.paint_distance(field, where, 380.0)
    image = ndimage.gaussian_filter(canvas.hu, 0.4 / spacing_mm)
    image = image + noise_hu * smooth_noise(grid.shape_kji, (0.5, 0.7, 0.7), generator)
    start, end = middle - 0.5 * length_mm * axis, middle + 0.5 * length_mm * axis
    return TubePhantom(
        Volume(grid, np.rint(image).astype(np.int16)),
        TubeTruth(frozen_array(start), frozen_array(end), length_mm, diameter_mm),
    )
