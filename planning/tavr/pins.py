"""The annulus's contour pulled by hand: smooth, local, exactly through the points that were placed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, frozen_array
from planning.section import CURVE_POINTS, Contour, equal_angles, fourier_basis

HANDLES = 12
SOFT_RAD = 0.25
FARTHEST_MM = 8.0
PIN_SIGMA_MM, PIN_EXACT_MM = 0.3, 0.01


def pull_contour(contour: Contour, pins_mm: npt.ArrayLike | None) -> Contour:
    """The contour drawn through (N, 3) LPS pins, each dropped onto the plane along its normal.

    A pull fades out within about 15° on either side. Near a pin the edge is as sure as a hand is: 0.3 mm.
    Raises MeasurementError for a pin more than 8 mm from the contour.
    """
    if pins_mm is None:
        return contour
    pins = np.asarray(pins_mm, dtype=np.float64).reshape(-1, 3)
    if not len(pins):
        return contour
    plane = contour.frame.to_plane(pins)
    angles, radii = np.arctan2(plane[:, 1], plane[:, 0]), np.hypot(plane[:, 0], plane[:, 1])
    basis = fourier_basis(angles)
    pull = radii - basis @ contour.coefficients
    if not np.isfinite(pull).all() or np.abs(pull).max() > FARTHEST_MM:
        raise MeasurementError("A point of the contour is too far from the edge", "Pull it less far", "pin")
    m = np.concatenate([[0], np.repeat(np.arange(1, contour.coefficients.shape[0] // 2 + 1), 2)])
    # a band-limited bell: what a Gaussian of this width has in each harmonic
    bell = np.exp(-0.5 * (m * SOFT_RAD) ** 2)
    bell[0] *= 0.5
    gain = (bell[:, None] * basis.T) @ np.linalg.inv(
        basis @ (bell[:, None] * basis.T) + PIN_EXACT_MM**2 * np.eye(len(pins))
    )
    coefficients = contour.coefficients + gain @ pull
    curve = fourier_basis(equal_angles(CURVE_POINTS)) @ coefficients
    if curve.min() <= 0.4:
        raise MeasurementError("The pulled contour crosses itself", "Pull it less far", "pin")
    left = np.eye(len(coefficients)) - gain @ basis
    covariance = left @ contour.covariance @ left.T + PIN_SIGMA_MM**2 * gain @ gain.T
    return replace(
        contour,
        coefficients=frozen_array(coefficients),
        radii_mm=frozen_array(curve),
        covariance=frozen_array(covariance),
    )


def handles_mm(contour: Contour) -> FloatArray:
    """(12, 3) LPS points on the contour, where a hand may pull."""
    return np.asarray(contour.points_mm[:: CURVE_POINTS // HANDLES])
