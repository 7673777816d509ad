"""The edge of a lumen that is lined by calcium: where blood rises into plaque instead of falling to the wall.

A plaque's outer edge blooms; its inner one, towards the blood, is what narrows the lumen. A thin plaque never reaches
its own brightness in the image, so that half way up its peak lies too far inwards. Here a slab of unknown thickness and
brightness behind the known blur is fitted to each ray.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.edge import EdgeModel
from planning.errors import MeasurementError
from planning.geometry import FloatArray, frozen_array
from planning.section import (
    CURVE_POINTS,
    Contour,
    Frame,
    Sampler,
    equal_angles,
    fit_periodic,
    fourier_basis,
    polar_points,
)

RAYS = 72
STEP_MM = 0.1
OVER_HU, NOISES = 120.0, 5.0
USUAL_PLAQUE_HU, PLAQUE_SPREAD_HU = 750.0, 300.0
PLAIN_TISSUE_HU = 60.0
SHIFTS_MM = np.arange(-1.0, 1.01, 0.05)
THICKNESS_MM = np.array((0.4, 0.7, 1.0, 1.4, 1.9, 2.6, 3.6, 6.0))
BEFORE_MM, BEHIND_MM = 1.6, 0.4
LEAST_SHARE, LEAST_KNOWN = 0.08, 0.6
BESIDE = 1
DEFAULT_SIGMA_MM = 0.6
LEAST_RADIUS_MM = 0.4


def with_calcium(
    sampler: Sampler,
    frame: Frame,
    contour: Contour | None,
    reach_mm: float,
    lumen_hu: float,
    model: EdgeModel | None,
    order: int,
) -> Contour | None:
    """The contour with the rays that end at calcium put where the blood ends; itself where there is no calcium.

    contour: as found without a vote of those rays, None where too few were left; then all rays are read here.
    """
    center = frame if contour is None else contour.frame
    noise = 25.0 if contour is None else contour.noise_hu
    sigma = DEFAULT_SIGMA_MM if model is None else model.sigma_mm
    angles = equal_angles(RAYS)
    radii = np.arange(0.0, reach_mm + 1e-9, STEP_MM)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    values = sampler.at(center.to_world(directions[:, None, :] * radii[None, :, None]))
    values = np.where(np.isfinite(values), values, -1024.0)
    level = 0.5 * (lumen_hu + min(PLAIN_TISSUE_HU, 0.3 * lumen_hu))
    over = lumen_hu + max(OVER_HU, NOISES * noise)
    rise = _first(values > over)
    fall = _first(values < level)
    calcified = rise < fall
    blur = np.sqrt(sigma**2 + sampler.voxel_mm2(center, directions))
    if contour is not None:
        # calcium behind the wall is not the lumen's edge
        own = contour.radius_at_mm(angles)
        calcified &= radii[np.minimum(rise, len(radii) - 1)] < own + 1.2 * blur
    if calcified.mean() < LEAST_SHARE:
        return contour
    inner = np.full(RAYS, np.nan)
    for n in np.flatnonzero(calcified):
        inner[n] = _plaque_edge_mm(values[n], radii, int(rise[n]), lumen_hu, float(blur[n]))
    inner += blur**2 / (2.0 * np.maximum(inner, 1.0))
    spread = calcified.copy()
    for step in range(1, BESIDE + 1):
        spread |= np.roll(calcified, step) | np.roll(calcified, -step)
    if contour is None:
        plain = np.where(fall < len(radii), radii[np.minimum(fall, len(radii) - 1)], np.nan)
    else:
        plain = contour.radius_at_mm(angles)
    edges = np.where(calcified, inner, np.where(spread, np.nan, plain))
    known = np.isfinite(edges)
    if known.mean() < LEAST_KNOWN:
        return contour
    coefficients, covariance, residual = fit_periodic(angles, np.where(known, edges, 0.0), known, order)
    curve = fourier_basis(equal_angles(CURVE_POINTS)) @ coefficients
    if curve.min() < LEAST_RADIUS_MM:
        return contour
    moved, coefficients = _about_its_middle(center, curve)
    found_sigma = float(np.sqrt((blur**2).mean()))
    return Contour(
        moved,
        frozen_array(fourier_basis(equal_angles(CURVE_POINTS)) @ coefficients),
        lumen_hu,
        noise,
        model or EdgeModel(sigma, 0.0, PLAIN_TISSUE_HU),
        found_sigma if contour is None else contour.sigma_mm,
        residual,
        float(known.mean() if contour is None else min(1.0, contour.trusted + calcified.mean())),
        frozen_array(coefficients),
        frozen_array(covariance),
    )


def _first(hit: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """(R,) first sample of each row that is true and whose follower is too; the row's length where there is none."""
    both = hit[:, :-1] & hit[:, 1:]
    return np.asarray(np.where(both.any(axis=1), both.argmax(axis=1), hit.shape[1]), dtype=np.intp)


def _plaque_edge_mm(values: FloatArray, radii: FloatArray, rise: int, lumen_hu: float, blur_mm: float) -> float:
    """Radius at which the slab of plaque begins that explains one ray best, NaN where none does."""
    from scipy.special import ndtr

    window = max(2, round(2.5 * blur_mm / STEP_MM) + 10)
    peak = rise + int(np.argmax(values[rise : rise + window]))
    first, last = max(0, rise - round(BEFORE_MM / STEP_MM)), min(len(values), peak + round(BEHIND_MM / STEP_MM) + 1)
    x, y = radii[first:last], values[first:last] - lumen_hu
    middle = float(np.interp(0.5 * y.max(), np.maximum.accumulate(y[: peak - first + 1]), x[: peak - first + 1]))
    e = middle + SHIFTS_MM[:, None, None]
    template = ndtr((x - e) / blur_mm) - ndtr((x - e - THICKNESS_MM[:, None]) / blur_mm)
    # samples of a ray are alike over a voxel: seven of them count as one
    weight = 1.0 / (7.0 * 30.0**2)
    sure = 1.0 / PLAQUE_SPREAD_HU**2
    tt, ty = weight * (template**2).sum(axis=2), weight * template @ y
    height = (ty + USUAL_PLAQUE_HU * sure) / (tt + sure)
    cost = weight * (y**2).sum() - 2.0 * height * ty + height**2 * tt + (height - USUAL_PLAQUE_HU) ** 2 * sure
    best = np.unravel_index(int(np.argmin(cost)), cost.shape)
    return float(middle + SHIFTS_MM[best[0]])


def _about_its_middle(frame: Frame, curve: FloatArray) -> tuple[Frame, FloatArray]:
    """The curve r(θ) about its own centroid: the frame there and the coefficients."""
    points = polar_points(curve)
    following = np.roll(points, -1, axis=0)
    cross = points[:, 0] * following[:, 1] - following[:, 0] * points[:, 1]
    middle = ((points + following) * cross[:, None]).sum(axis=0) / (3.0 * cross.sum())
    moved = points - middle
    angles = np.unwrap(np.arctan2(moved[:, 1], moved[:, 0]))
    if angles[-1] < angles[0] or np.hypot(*moved.T).min() < 0.3:
        raise MeasurementError(
            "The lumen's edge does not close round this place", "Move the point into the lumen", "not_closed"
        )
    fitted, *_ = np.linalg.lstsq(fourier_basis(angles), np.hypot(moved[:, 0], moved[:, 1]), rcond=None)
    return Frame(frozen_array(frame.to_world(middle[None])[0]), frame.right, frame.up, frame.normal), fitted
