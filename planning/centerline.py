"""Curves through vessels: smoothing, arc length, and frames that do not twist."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray, frozen_array, unit


@dataclass(frozen=True, slots=True, eq=False)
class Centerline:
    """A smooth curve in LPS mm.

    points_mm: (N, 3). arc_length_mm: (N,) rising from 0. tangents, normals: (N, 3) unit; normals are rotation-minimising.
    """

    points_mm: FloatArray
    arc_length_mm: FloatArray
    tangents: FloatArray
    normals: FloatArray

    @classmethod
    def through(
        cls, points_mm: FloatArray, step_mm: float, smoothing_mm: float = 0.15, weights: FloatArray | None = None
    ) -> Centerline:
        """A smoothing spline through points, sampled about every `step_mm` from the first to the last.

        smoothing_mm: typical distance of a point from the curve. weights: (N,) how much each
        point counts. Raises MeasurementError for fewer than two places.
        """
        from scipy.interpolate import splev, splprep

        apart = np.concatenate([[True], np.linalg.norm(np.diff(points_mm, axis=0), axis=1) > 1e-6])
        kept = points_mm[apart]
        if len(kept) < 2:
            raise MeasurementError("The two points lie at one place", "Move them apart", "one_place")
        degree = min(3, len(kept) - 1)
        # the ends are where a person put them: they weigh enough not to be smoothed away
        if weights is None:
            weights = np.ones(len(kept))
            weights[[0, -1]] = 20.0
        else:
            weights = weights[apart]
        spline, _ = splprep(kept.T, w=weights, k=degree, s=len(kept) * smoothing_mm**2)
        fine = np.array(splev(np.linspace(0, 1, max(400, 20 * len(kept))), spline)).T
        length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(fine, axis=0), axis=1))])
        count = max(2, round(length[-1] / step_mm) + 1)
        at = np.linspace(0.0, length[-1], count)
        points = np.stack([np.interp(at, length, fine[:, n]) for n in range(3)], axis=1)
        directions = np.gradient(fine, axis=0)
        tangents = np.stack([np.interp(at, length, directions[:, n]) for n in range(3)], axis=1)
        tangents /= np.linalg.norm(tangents, axis=1)[:, None]
        return cls(
            frozen_array(points),
            frozen_array(at),
            frozen_array(tangents),
            frozen_array(rotation_minimising(points, tangents)),
        )

    @property
    def length_mm(self) -> float:
        """Arc length."""
        return float(self.arc_length_mm[-1])

    @property
    def chord_mm(self) -> float:
        """Straight distance between the ends."""
        return float(np.linalg.norm(self.points_mm[-1] - self.points_mm[0]))


def rotation_minimising(points_mm: FloatArray, tangents: FloatArray) -> FloatArray:
    """(N, 3) normals carried along without twist, by double reflection.

    Source: W. Wang et al., "Computation of rotation minimizing frames", ACM Trans. Graph. 27(1), 2008.
    """
    first = np.array((1.0, 0.0, 0.0)) if abs(tangents[0][0]) < 0.9 else np.array((0.0, 1.0, 0.0))
    normals = [unit(first - (first @ tangents[0]) * tangents[0])]
    for n in range(len(points_mm) - 1):
        step = points_mm[n + 1] - points_mm[n]
        squared = max(float(step @ step), 1e-12)
        reflected = normals[-1] - 2.0 / squared * (step @ normals[-1]) * step
        tangent = tangents[n] - 2.0 / squared * (step @ tangents[n]) * step
        second = tangents[n + 1] - tangent
        length = max(float(second @ second), 1e-12)
        normals.append(reflected - 2.0 / length * (second @ reflected) * second)
    return np.array([unit(normal - (normal @ tangent) * tangent) for normal, tangent in zip(normals, tangents)])
