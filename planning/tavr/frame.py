"""The annulus plane from three hinge points, and what makes them unusable."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Grid
from planning.section import Frame, Sampler

LEAST_HEIGHT_MM = 3.0
SIDE_MM = (8.0, 40.0)


def annulus_frame(hinges_mm: npt.ArrayLike, grid: Grid) -> Frame:
    """The plane through the hinges N, R, L; its normal points from the ventricle to the aorta when they are named right.

    n = (R − N) × (L − N). Raises MeasurementError for points outside the scan, on one line, or impossibly far apart.
    """
    hinges = np.asarray(hinges_mm, dtype=np.float64)
    if hinges.shape != (3, 3) or not np.isfinite(hinges).all():
        raise MeasurementError("Three hinge points are needed", "Place the non-coronary, right and left one", "hinges")
    if not grid.contains(hinges).all():
        raise MeasurementError("A hinge point is outside the scan", "Move it into the scan", "outside_scan")
    sides = np.linalg.norm(hinges - np.roll(hinges, 1, axis=0), axis=1)
    cross = np.cross(hinges[1] - hinges[0], hinges[2] - hinges[0])
    height = float(np.linalg.norm(cross) / max(sides.max(), 1e-9))
    if height < LEAST_HEIGHT_MM:
        raise MeasurementError("Hinge points lie on one line", "Move one by at least 2 mm", "collinear")
    if sides.min() < SIDE_MM[0] or sides.max() > SIDE_MM[1]:
        raise MeasurementError(
            f"Hinge points are {sides.min():.1f} to {sides.max():.1f} mm apart",
            f"They must be {SIDE_MM[0]:.0f} to {SIDE_MM[1]:.0f} mm apart; move them",
            "hinges",
        )
    return Frame.of(hinges.mean(axis=0), cross)


def hinge_angles(frame: Frame, hinges_mm: FloatArray) -> FloatArray:
    """(3,) angles of N, R, L about the frame's origin, radians from `right` to `up`."""
    plane = frame.to_plane(np.asarray(hinges_mm))
    return np.asarray(np.arctan2(plane[:, 1], plane[:, 0]))


def check_order(frame: Frame, sampler: Sampler, lumen_hu: float, area_mm2: float) -> tuple[Finding, ...]:
    """A warning when the image speaks against the naming: the aorta must lie on the normal's side.

    The ventricle's side has muscle or a much wider cavity; the aorta's side stays a tube. Also the normal should not
    point to the feet.
    """
    found = []
    if frame.normal[2] < -0.2:
        found.append(
            Finding("hinge_order", "The normal points to the feet. Hinges may be named in the wrong order: N, R, L.")
        )
        return tuple(found)
    bright = []
    for height in (-25.0, 25.0):
        angles = np.radians(np.arange(0, 360, 10))
        radius = 1.6 * np.sqrt(area_mm2 / np.pi)
        ring = frame.moved(height).to_world(np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=-1))
        values = sampler.at(ring)
        bright.append(
            float(np.mean(values[np.isfinite(values)] > 0.7 * lumen_hu)) if np.isfinite(values).any() else np.nan
        )
    if np.isfinite(bright).all() and bright[1] > bright[0] + 0.35:
        found.append(
            Finding("hinge_order", "The wide chamber lies on the aorta's side. Check the order of the hinges: N, R, L.")
        )
    return tuple(found)
