"""The annulus itself: the lumen's edge in the hinge plane, freed from what blur brings in from above and below.

The annulus is the waist between the flare of the LVOT and the bulge of the sinuses. A scan's blur mixes the wider
sections above and below into the plane and makes the waist too wide, by up to 2 % of area where the walls rise steeply.
So the edge is followed through a few parallel planes; the walls below and above are taken as two smooth curves that
meet in the plane, blurred as the scan is, and fitted to what was followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planning.edge import EdgeModel
from planning.errors import MeasurementError
from planning.geometry import FloatArray, frozen_array
from planning.section import (
    CURVE_POINTS,
    Contour,
    Frame,
    Sampler,
    common_edge,
    equal_angles,
    find_contour,
    fourier_basis,
)

REACH_MM = 24.0
HEIGHTS_MM = np.array((-2.8, -2.1, -1.4, -0.7, 0.0, 0.7, 1.4, 2.1, 2.8))
LEAST_PLANES = 7
KNOWN_HARMONICS = 3
KINK_SPREAD, BEND_SPREAD_PER_MM = 0.15, 0.15
LEAST_NOISE_MM, NOISE_GAIN = 0.06, 4.0


def find_annulus(
    sampler: Sampler, frame: Frame, hinge_angles: FloatArray, *, model: EdgeModel | None = None, quick: bool = False
) -> Contour:
    """The lumen's contour in the hinge plane. hinge_angles: (3,) about the frame's origin. Raises MeasurementError.

    model: blur and wall when known. quick: for a hinge being dragged, reads them from the one plane alone.
    """
    rounds = 0 if quick else 2
    contour = find_contour(sampler, frame, REACH_MM, model=model, rounds=rounds, doubtful_angles=hinge_angles)
    planes = _neighbours(sampler, contour)
    if len(planes) < LEAST_PLANES:
        return contour
    if model is None and not quick:
        # blur and wall are the same a millimetre up or down: more of them tell more
        frames = [contour.frame.moved(height) for height, _ in planes]
        reaches = [REACH_MM] * len(planes)
        model = common_edge(sampler, frames, reaches, follow=[plane for _, plane in planes]) or contour.model
        contour = find_contour(
            sampler, frame, REACH_MM, model=model, rounds=1, follow=contour, doubtful_angles=hinge_angles
        )
        planes = _neighbours(sampler, contour)
        if len(planes) < LEAST_PLANES:
            return contour
    return _without_neighbours(sampler, contour, planes)


def _neighbours(sampler: Sampler, contour: Contour) -> list[tuple[float, Contour]]:
    """(height, contour) of the parallel planes up and down as far as the edge can be followed, the own one among them."""
    planes = [(0.0, contour)]
    for heights in (HEIGHTS_MM[HEIGHTS_MM < 0][::-1], HEIGHTS_MM[HEIGHTS_MM > 0]):
        here = contour
        for height in heights:
            frame = contour.frame.moved(float(height))
            try:
                here = find_contour(sampler, frame, REACH_MM, model=contour.model, rounds=0, follow=here)
            except MeasurementError:
                break
            planes.append((float(height), here))
    return planes


def _without_neighbours(sampler: Sampler, contour: Contour, planes: Sequence[tuple[float, Contour]]) -> Contour:
    """The same contour with the blur along the normal taken out of its lowest harmonics."""
    heights = np.array([height for height, _ in planes])
    curves = np.stack([plane.about(contour.frame.moved(height)) for height, plane in planes])
    blur_mm2 = contour.model.sigma_mm**2 + float(sampler.voxel_along_mm2(contour.frame.normal[None])[0])
    noise_mm = max(LEAST_NOISE_MM, NOISE_GAIN * float(np.sqrt(np.diag(contour.covariance)[1:7].mean())))
    count = 2 * KNOWN_HARMONICS + 1
    coefficients = contour.about(contour.frame)
    coefficients[:count] += waist_shift(heights, curves, float(np.sqrt(blur_mm2)), noise_mm)[:count]
    radii = fourier_basis(equal_angles(CURVE_POINTS)) @ coefficients
    return replace(contour, coefficients=frozen_array(coefficients), radii_mm=frozen_array(radii))


def waist_shift(heights_mm: FloatArray, curves: FloatArray, blur_mm: float, noise_mm: float) -> FloatArray:
    """(M,) what to add to the values at height 0 so that the blur along the heights is out of them.

    heights_mm: (N,). curves: (N, M) blurred values. Model: a + s·h + k·|h| + parabolas of their own below and above,
    each blurred by a Gaussian; kink and bends are held small by how large walls' are, so that noise makes none.
    """
    h = heights_mm / blur_mm
    from scipy.special import ndtr

    density = np.exp(-0.5 * h**2) / np.sqrt(2.0 * np.pi)
    above = ndtr(h)
    # means of max(z, 0) and max(z, 0)² for z normal about h
    ramp = (h * above + density) * blur_mm
    square = ((h**2 + 1.0) * above + h * density) * blur_mm**2
    both = heights_mm**2 + blur_mm**2
    design = np.stack([np.ones_like(h), heights_mm, 2.0 * ramp - heights_mm, square, both - square], axis=1)
    precision = np.array((0.0, 0.0, 1.0 / KINK_SPREAD**2, 1.0 / BEND_SPREAD_PER_MM**2, 1.0 / BEND_SPREAD_PER_MM**2))
    normal = design.T @ design / noise_mm**2 + np.diag(precision)
    fitted = np.linalg.solve(normal, design.T @ curves / noise_mm**2)
    at = np.array((0.0, 0.0, 2.0 * blur_mm / np.sqrt(2.0 * np.pi), 0.5 * blur_mm**2, 0.5 * blur_mm**2))
    return -(at @ fitted)
