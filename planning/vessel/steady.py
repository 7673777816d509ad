"""Sections steadied along the vessel: noise out, the depth of a short narrowing kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.section import CURVE_POINTS, Contour, equal_angles, fourier_basis, without_noise

SIZE_REACHES_MM, SHAPE_REACHES_MM = (2.1, 3.1, 4.2, 6.3, 9.5), (4.2, 6.3, 9.5, 14.2, 20.2)
LEAST_SECTIONS = 5
SIZE_AGREES, SHAPE_AGREES = 3.0, 2.0
"""How far a longer stretch may be from a shorter one, in variances of the shorter: of one number, of the mean of eight."""
LEAST_RADIUS_MM = 0.3
SHAPE_DOUBT = 2.0
ALIKE = 0.12
LEAST_NOISE_MM = 0.004
WIDTH_REACHES_MM = (2.1, 3.1, 5.1, 8.1, 13.1, 20.1)
LEAST_SCATTER_MM, MOST_SCATTER_MM, NOISE_OVER_MM = 0.02, 0.12, 8.1
MEDIAN_REACH_MM, NEAR_END_MM, EXPLAINED = 5.1, 3.1, 1.6


def steadied(along_mm: FloatArray, contours: Sequence[Contour | None], blur_mm: float) -> list[Contour | None]:
    """Each curve from parabolas along the vessel through its neighbours, whose frames do not twist.

    The least width of a noisy curve is too small, and the least of many such widths more so. A parabola leaves the
    depth of a short narrowing as it is, and tells its curvature: the blur along the vessel, which fills a narrowing by
    σ²/2 of it, is taken out. Each section is read from the longest stretch about it that tells the same as the shorter
    ones do (Lepski's rule): its size from 2 to 9 mm on either side, its shape from 4 to 20 mm. What of a shape is no more
    than noise is dropped. A stretch of other width tells nothing of shape: a shoulder is not shaped like the throat.
    """
    closed = np.array([n for n, contour in enumerate(contours) if contour is not None], dtype=int)
    smooth: list[Contour | None] = [None] * len(contours)
    if not len(closed):
        return smooth
    curves = np.stack([contours[n].coefficients for n in closed])  # type: ignore[union-attr]
    at = along_mm[closed]
    size, bend, _ = _smooth(at, curves[:, :1], SIZE_REACHES_MM, SIZE_AGREES)
    shape, _, variance = _smooth(at, curves[:, 1:], SHAPE_REACHES_MM, SHAPE_AGREES, curves[:, 0])
    dense = equal_angles(CURVE_POINTS)
    for row, n in enumerate(closed):
        contour = contours[n]
        assert contour is not None
        coefficients = np.concatenate([size[row] - 0.5 * blur_mm**2 * bend[row], shape[row]])
        coefficients = without_noise(coefficients, np.concatenate([[0.0], SHAPE_DOUBT * variance[row]]), 2)
        radii = fourier_basis(dense) @ coefficients
        if radii.min() > LEAST_RADIUS_MM:
            contour = replace(contour, coefficients=coefficients, radii_mm=radii)
        smooth[n] = contour
    return smooth


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """A polynomial at 0: (M,) values, (M,) second derivatives, and how much of one section's variance is left."""

    values: FloatArray
    bend: FloatArray
    gain: float


def _fit_at(away_mm: FloatArray, values: FloatArray) -> _Fit | None:
    """The parabola through (N, M) values at (N,) places, a line where all lie on one side; None for too few."""
    if len(away_mm) < LEAST_SECTIONS:
        return None
    inner = min((away_mm < -1e-9).sum(), (away_mm > 1e-9).sum()) > 0
    basis = np.stack([away_mm**power for power in range(3 if inner else 2)], axis=1)
    solver = np.linalg.pinv(basis)
    fitted = solver @ values
    bend = 2.0 * fitted[2] if inner else np.zeros(values.shape[1])
    return _Fit(fitted[0], bend, float((solver[0] ** 2).sum()))


def _smooth(
    at_mm: FloatArray,
    values: FloatArray,
    reaches_mm: Sequence[float],
    agrees: float,
    sizes: FloatArray | None = None,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(N, M) values, their second derivatives, and the variances that are left in them.

    sizes: (N,) when given, only sections of like size are looked at.
    """
    fits: list[list[_Fit]] = []
    for n, s in enumerate(at_mm):
        alike = np.ones(len(at_mm), dtype=bool) if sizes is None else np.abs(sizes / sizes[n] - 1.0) <= ALIKE
        near = [(np.abs(at_mm - s) <= reach) & alike for reach in reaches_mm]
        found = [_fit_at(at_mm[own] - s, values[own]) for own in near]
        fits.append([fit for fit in found if fit is not None])
    first = np.array([own[0].values if own else values[n] for n, own in enumerate(fits)])
    gain = float(np.median([own[0].gain if own else 1.0 for own in fits]))
    # the scatter about the smooth course is the noise of one section
    noise = (1.4826 * np.median(np.abs(values - first), axis=0)) ** 2 / max(1.0 - gain, 0.2)
    smooth, bend, variance = np.array(values), np.zeros_like(values), np.tile(noise, (len(values), 1))
    for n, own in enumerate(fits):
        if own:
            best = _longest(own, np.maximum(noise, LEAST_NOISE_MM**2), agrees, noise > 0)
            smooth[n], bend[n], variance[n] = best.values, best.bend, best.gain * noise
    return smooth, bend, variance


def _longest(fits: Sequence[_Fit], noise: FloatArray, agrees: float, counted: npt.NDArray[np.bool_]) -> _Fit:
    """The fit over the longest stretch that agrees with those over all shorter ones within their noise."""
    best = fits[0]
    for m, longer in enumerate(fits[1:], 1):
        for shorter in fits[:m]:
            apart = (longer.values - shorter.values)[counted] ** 2 / (noise[counted] * max(shorter.gain, 1e-3))
            if len(apart) and float(apart.mean()) > agrees:
                return best
        if longer.gain < best.gain:
            best = longer
    return best


def steady_widths(along_mm: FloatArray, values: FloatArray) -> FloatArray:
    """(N,) values from parabolas through their neighbours, each from the longest stretch that a parabola explains.

    The least of many noisy values would be too small. Where the vessel changes, the stretch is short. Near an end there
    is next to nothing on one side to lay a parabola through: the median takes its place.
    """
    steady, noise = _parabolas(along_mm, values, WIDTH_REACHES_MM[0], np.inf)
    # neighbouring sections share voxels and were steadied: a short stretch shows less noise than there is
    noise = max(noise, min(_parabolas(along_mm, values, NOISE_OVER_MM, np.inf)[1], MOST_SCATTER_MM))
    for reach in WIDTH_REACHES_MM[1:]:
        found = _parabolas(along_mm, values, reach, noise)[0]
        steady = np.where(np.isfinite(found), found, steady)
    from_end = np.minimum(along_mm - along_mm[0], along_mm[-1] - along_mm)
    middles = np.array([np.median(values[np.abs(along_mm - s) <= MEDIAN_REACH_MM]) for s in along_mm])
    return np.where(np.isfinite(steady) & (from_end > NEAR_END_MM), steady, middles)


def _parabolas(along_mm: FloatArray, values: FloatArray, reach_mm: float, noise: float) -> tuple[FloatArray, float]:
    """(N,) middles of parabolas, NaN where they leave more than the noise unexplained, and the scatter about them."""
    middles, scatter = np.full(len(values), np.nan), []
    for n, s in enumerate(along_mm):
        near = np.abs(along_mm - s) <= reach_mm
        if near.sum() < LEAST_SECTIONS or along_mm[near][0] == s or along_mm[near][-1] == s:
            continue
        away = along_mm[near] - s
        curve = np.polyfit(away, values[near], 2)
        rest = values[near] - np.polyval(curve, away)
        own = float(np.sqrt((rest**2).sum() / (near.sum() - 3)))
        scatter.append(own)
        if own <= EXPLAINED * noise:
            middles[n] = curve[2]
    return middles, max(float(np.median(scatter)), LEAST_SCATTER_MM) if scatter else np.inf
