"""Calcium of root and LVOT: volume above a threshold, by cusp between the commissures.

Thresholds: fixed where given; else relative, the greatest of lumen + 4 SD, lumen + 100 and lumen × 1.25 HU. The volume
by any threshold depends on blooming, kernel and slices, so threshold and lumen are part of the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from planning.geometry import FloatArray
from planning.section import Frame, Sampler, fourier_basis
from planning.tavr.root import Level

LOWEST_MM, LVOT_TOP_MM = -10.0, -2.0
WALL_MM = 3.0
STEP_MM = 0.4
ALWAYS_HU = 850.0


def calcium_threshold(lumen_hu: float, noise_hu: float, given_hu: float | None) -> tuple[float, str]:
    """(threshold in HU, "fixed" or "relative")."""
    if given_hu is not None:
        return float(given_hu), "fixed"
    return max(lumen_hu + 4.0 * noise_hu, lumen_hu + 100.0, 1.25 * lumen_hu), "relative"


def measure_calcium(
    sampler: Sampler,
    frame: Frame,
    levels: Sequence[Level],
    hinge_angles: FloatArray,
    top_mm: float,
    lumen_hu: float,
    noise_hu: float,
    given_hu: float | None,
) -> dict[str, Any]:
    """Calcium volumes in mm³, the contract's keys. Points every 0.4 mm within the wall + 3 mm, −10 mm to the junction."""
    threshold, method = calcium_threshold(lumen_hu, noise_hu, given_hu)
    known = np.array([level.height_mm for level in levels])
    reach = max(float(level.contour.radii_mm.max()) for level in levels) + WALL_MM
    side = np.arange(-reach, reach + 1e-9, STEP_MM)
    heights = np.arange(LOWEST_MM, top_mm, STEP_MM)
    x, y = np.meshgrid(side, side, indexing="ij")
    cell = STEP_MM**3
    totals = {"ncc_mm3": 0.0, "rcc_mm3": 0.0, "lcc_mm3": 0.0, "lvot_mm3": 0.0}
    always = 0.0
    for height in heights:
        level = levels[int(np.argmin(np.abs(known - max(height, 0.0))))].contour
        plane = Frame(
            level.frame.origin_mm + (height - max(height, 0.0)) * frame.normal, frame.right, frame.up, frame.normal
        )
        angle = np.arctan2(y, x)
        inside = np.hypot(x, y) <= (fourier_basis(angle.ravel()) @ level.coefficients).reshape(x.shape) + WALL_MM
        points = plane.to_world(np.stack([x[inside], y[inside]], axis=-1))
        values = sampler.at(points)
        hit = np.nan_to_num(values, nan=-1024.0)
        always += float((hit > ALWAYS_HU).sum()) * cell
        above = hit > threshold
        if height < LVOT_TOP_MM:
            totals["lvot_mm3"] += float(above.sum()) * cell
            continue
        around = frame.to_plane(points[above])
        sector = _sector(np.arctan2(around[:, 1], around[:, 0]), hinge_angles)
        for number, key in enumerate(("ncc_mm3", "rcc_mm3", "lcc_mm3")):
            totals[key] += float((sector == number).sum()) * cell
    return {
        "threshold_hu": threshold,
        "method": method,
        "total_mm3": sum(totals.values()),
        "by_region": totals,
        "above_850_mm3": always,
        "lumen_hu": lumen_hu,
        "noise_hu": noise_hu,
    }


def _sector(angles: FloatArray, hinge_angles: FloatArray) -> FloatArray:
    """The cusp whose hinge is nearest in angle: its borders are the commissures midway between the hinges."""
    away = np.abs(np.angle(np.exp(1j * (angles[:, None] - hinge_angles[None, :]))))
    return np.asarray(np.argmin(away, axis=1))
