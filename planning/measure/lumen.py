"""Least and greatest width of a bright vessel about a place, in the plane of any normal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, frozen_array, unit
from planning.section import FOURIER_ORDER, Frame, Sampler, find_contour
from planning.volume import Volume

# the widest lumen looked for, and how bright it must be
REACH_MM, CORE_MM, LEAST_LUMEN_HU = 45.0, 1.2, 80.0
UNCLEAR_SHARE = 0.2
TIP_STEP_MM, TIP_RAYS = 0.25, 72
SMALL_RADIUS_MM, SMALL_ORDER = 7.0, 4
OUTLINE_POINTS = 120


@dataclass(frozen=True, slots=True, eq=False)
class LumenWidths:
    """A lumen's edge in a plane with its least and greatest width.

    points_mm: (4, 3) ends of the least, then of the greatest width. outline_mm: (N, 3). unclear: share of the edge
    without a clear place in the image.
    """

    points_mm: FloatArray
    outline_mm: FloatArray
    unclear: float


def lumen_widths(volume: Volume, place_mm: npt.ArrayLike, normal: npt.ArrayLike) -> LumenWidths:
    """Least and greatest width of the bright lumen at a place, in the plane of this normal.

    The edge is `planning.section`'s; widths are its extents between parallel jaws. Raises MeasurementError where nothing
    bright is there, the edge is not closed, or the scan ends.
    """
    place, axis = np.asarray(place_mm, dtype=np.float64), unit(normal)
    sampler = Sampler.around(volume, place, REACH_MM)
    frame = Frame.of(place, axis)
    for _ in range(2):
        # the hand is seldom in the middle; the second look from there is even in all directions
        frame, radius_mm = _rough(sampler, frame)
    # a small section's higher harmonics are noise
    order = FOURIER_ORDER if radius_mm > SMALL_RADIUS_MM else SMALL_ORDER
    contour = find_contour(sampler, frame, min(REACH_MM, 1.9 * radius_mm + 3.0), order=order)
    plane, frame = contour.plane_mm, contour.frame
    angles = np.radians(np.arange(0.0, 180.0, 0.5))
    directions = np.stack([np.cos(angles), np.sin(angles)])
    heights = plane @ directions
    high, low = heights.max(axis=0), heights.min(axis=0)
    ends = []
    for chosen in (int(np.argmin(high - low)), int(np.argmax(high - low))):
        ends += [low[chosen] * directions[:, chosen], high[chosen] * directions[:, chosen]]
    every = len(plane) // OUTLINE_POINTS
    return LumenWidths(
        frozen_array(frame.to_world(np.array(ends))),
        frozen_array(contour.points_mm[::every]),
        1.0 - contour.trusted,
    )


def _rough(sampler: Sampler, frame: Frame) -> tuple[Frame, float]:
    """The frame moved to the middle of the lumen that holds its origin, and the lumen's rough radius in mm."""
    angles = np.linspace(0.0, 2.0 * np.pi, TIP_RAYS, endpoint=False)
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    radii = np.arange(0.0, REACH_MM, TIP_STEP_MM)
    values = sampler.at(frame.to_world(rays[:, None] * radii[None, :, None]))
    core = values[:, radii <= CORE_MM]
    if np.isnan(core).any():
        raise MeasurementError("The point is outside the scan", "Click inside a vessel", "outside_scan")
    lumen = float(np.median(core))
    if lumen < LEAST_LUMEN_HU:
        raise MeasurementError(
            f"No contrast here ({lumen:.0f} HU)",
            "Click inside a bright vessel, or drag between two sides",
            "no_contrast",
        )
    around = max(float(np.nanpercentile(values, 25.0)), 0.0)
    inside = (values > 0.5 * (lumen + min(around, 0.6 * lumen))) & np.isfinite(values)
    first = np.where(inside.all(axis=1), len(radii), np.argmin(inside, axis=1))
    typical = float(np.median(first)) * TIP_STEP_MM
    edges = np.minimum(first * TIP_STEP_MM, 2.0 * typical)
    plane = rays * edges[:, None]
    following = np.roll(plane, -1, axis=0)
    cross = plane[:, 0] * following[:, 1] - plane[:, 1] * following[:, 0]
    middle = ((plane + following) * cross[:, None]).sum(axis=0) / (3.0 * max(float(cross.sum()), 1e-6))
    return Frame(frozen_array(frame.to_world(middle)), frame.right, frame.up, frame.normal), max(typical, 1.0)
