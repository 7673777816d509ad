"""The annulus plane from three hinge points, and what makes them unusable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Grid
from planning.section import Contour, Frame, Sampler
from planning.tavr.root import Level

LEAST_HEIGHT_MM = 3.0
SIDE_MM = (8.0, 40.0)
LOBES_MM, TUBE_MM, UP_AXIS, UP_WEIGHT, WIDEST_TUBE = 0.5, 8.0, 0.3, 1.0, 2.2
METAL_HU, METAL_SECTORS, METAL_REACH_MM = 1500.0, 24, 18.0


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


def check_order(frame: Frame, annulus: Contour, above: Sequence[Level], below: Sequence[Level]) -> tuple[Finding, ...]:
    """A warning when the image speaks against the naming: the aorta must lie on the normal's side.

    Its sinuses make the wall three-lobed; the outflow tract below soon opens into the ventricle, and its wall is lost;
    and in a patient the aorta goes up. above, below: levels as from `find_levels` and `outflow_levels`. Two hinges
    swapped turn all three round.
    """
    lobes = (_lobes_mm(above) - _lobes_mm(below)) / LOBES_MM
    ways = (_tube_mm(above, annulus) - _tube_mm(below, annulus)) / TUBE_MM
    up = UP_WEIGHT * float(np.clip(frame.normal[2] / UP_AXIS, -1.0, 1.0))
    if np.clip(lobes, -2.0, 2.0) + np.clip(ways, -1.5, 1.5) + up >= 0.0:
        return ()
    text = "The aorta seems to lie below this plane. Hinges may be named in the wrong order: N, R, L."
    return (Finding("hinge_order", text),)


def _lobes_mm(levels: Sequence[Level]) -> float:
    """Greatest third harmonic of the wall within 16 mm of the annulus, median of three levels."""
    thirds = [
        float(np.hypot(*level.contour.coefficients[5:7])) for level in levels if 3.0 <= abs(level.height_mm) <= 16.0
    ]
    return max((float(np.median(thirds[n : n + 3])) for n in range(max(len(thirds) - 2, 0))), default=0.0)


def _tube_mm(levels: Sequence[Level], annulus: Contour) -> float:
    """How far, up to 16 mm, the section stays a tube's: not more than 2.2 times the annulus."""
    area = annulus.measures().area_mm2
    kept = [abs(level.height_mm) for level in levels if level.measures.area_mm2 < WIDEST_TUBE * area]
    return min(max(kept, default=0.0), 16.0)


def metal_ring(sampler: Sampler, about: Frame | Contour) -> bool:
    """Whether metal (> 1500 HU) stands round more than half of the annulus, as a prosthesis's frame or ring does."""
    frame = about if isinstance(about, Frame) else about.frame
    reach = METAL_REACH_MM if isinstance(about, Frame) else float(about.radii_mm.max()) + 3.0
    angles = np.arange(METAL_SECTORS * 3) * (2.0 * np.pi / (METAL_SECTORS * 3))
    radii, heights = np.arange(5.0, reach, 0.7), np.arange(-6.0, 14.1, 1.0)
    plane = radii[:, None, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    values = sampler.at(frame.to_world(plane) + heights[:, None, None, None] * frame.normal)
    bright = np.nan_to_num(values, nan=-1024.0).max(axis=(0, 1)) > METAL_HU
    return float(bright.reshape(METAL_SECTORS, 3).any(axis=1).mean()) > 0.5
