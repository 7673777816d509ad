"""Plane sections through an image and the sub-voxel edge of a bright lumen in them.

The edge is found in three steps: a closed path round the lumen by dynamic programming (topology), a fit of the blurred
step to each ray (place), and a smooth periodic curve through the rays that can be trusted (shape). Calcium and
neighbouring chambers lose their vote; they do not move the curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Vector, frozen_array
from planning.volume import Volume

RAYS = 240
RAY_STEP_MM = 0.1
INSIDE_MM, OUTSIDE_MM = 1.2, 2.0
FIT_INSIDE_MM, FIT_OUTSIDE_MM = 2.0, 0.8
SIGMAS_MM = np.arange(0.20, 1.45, 0.05)
SHIFTS_MM = np.arange(-1.2, 1.21, 0.05)
FOURIER_ORDER = 7
CURVE_POINTS = 360
LEAST_CONTRAST_HU = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Sampler:
    """Cubic-spline access to the part of a volume round a place.

    coefficients: spline coefficients `[k, j, i]` of the crop. index_from_world: (4, 4) into the crop.
    """

    coefficients: npt.NDArray[np.float32]
    index_from_world: FloatArray
    spacing_mm: Vector

    @classmethod
    def around(cls, volume: Volume, points_mm: FloatArray, reach_mm: float) -> Sampler:
        """A sampler that covers `reach_mm` about all points, as far as the volume goes."""
        from scipy import ndimage

        grid = volume.grid
        corners = np.array(np.meshgrid(*[(-reach_mm, reach_mm)] * 3)).reshape(3, -1).T
        index = grid.to_index((np.atleast_2d(points_mm)[:, None, :] + corners[None]).reshape(-1, 3))
        low = np.clip(np.floor(index.min(axis=0)).astype(int) - 2, 0, np.array(grid.size_ijk) - 1)
        high = np.clip(np.ceil(index.max(axis=0)).astype(int) + 3, low + 1, np.array(grid.size_ijk))
        crop = volume.voxels[low[2] : high[2], low[1] : high[1], low[0] : high[0]].astype(np.float32)
        coefficients = (
            ndimage.spline_filter(crop, order=3, output=np.float32, mode="mirror") if min(crop.shape) > 3 else crop
        )
        part = grid.cropped((int(low[0]), int(low[1]), int(low[2])), (crop.shape[2], crop.shape[1], crop.shape[0]))
        return cls(coefficients, part.index_from_world, grid.spacing_mm)

    def at(self, points_mm: FloatArray) -> FloatArray:
        """(…,) values at (…, 3) LPS points; NaN outside the volume."""
        from scipy import ndimage

        index = points_mm @ self.index_from_world[:3, :3].T + self.index_from_world[:3, 3]
        coordinates = np.moveaxis(index[..., ::-1], -1, 0)
        limits = np.array(self.coefficients.shape).reshape((3,) + (1,) * (coordinates.ndim - 1))
        inside = ((coordinates >= -0.5) & (coordinates <= limits - 0.5)).all(axis=0)
        values = ndimage.map_coordinates(
            self.coefficients,
            np.clip(coordinates, 0, limits - 1),
            order=3,
            prefilter=False,
            mode="mirror",
            output=np.float64,
        )
        return np.where(inside, values, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A plane with in-plane axes: `normal` = cross(right, up), all unit, LPS."""

    origin_mm: Vector
    right: Vector
    up: Vector
    normal: Vector

    @classmethod
    def of(cls, origin_mm: Vector, normal: Vector, towards: Vector | None = None) -> Frame:
        """Axes in the plane; `right` points as near as possible to `towards` (default: patient left)."""
        n = normal / np.linalg.norm(normal)
        wanted = np.array((1.0, 0.0, 0.0)) if towards is None else np.asarray(towards, dtype=np.float64)
        right = wanted - (wanted @ n) * n
        if np.linalg.norm(right) < 1e-6:
            right = np.cross(n, (0.0, 1.0, 0.0))
        right = right / np.linalg.norm(right)
        return cls(frozen_array(origin_mm), frozen_array(right), frozen_array(np.cross(n, right)), frozen_array(n))

    def to_world(self, plane_mm: FloatArray) -> FloatArray:
        """(…, 3) LPS points of (…, 2) plane coordinates."""
        return np.asarray(self.origin_mm + plane_mm[..., :1] * self.right + plane_mm[..., 1:2] * self.up)

    def to_plane(self, points_mm: FloatArray) -> FloatArray:
        """(…, 2) plane coordinates of (…, 3) LPS points, dropped along the normal."""
        rest = points_mm - self.origin_mm
        return np.stack([rest @ self.right, rest @ self.up], axis=-1)

    def moved(self, along_normal_mm: float) -> Frame:
        """The parallel plane at this height."""
        return Frame(frozen_array(self.origin_mm + along_normal_mm * self.normal), self.right, self.up, self.normal)


@dataclass(frozen=True, slots=True)
class Measures:
    """Sizes of a closed contour. min/max are caliper (Feret) widths, mean their mean; diameters from area and perimeter."""

    area_mm2: float
    perimeter_mm: float
    min_diameter_mm: float
    max_diameter_mm: float

    @property
    def mean_diameter_mm(self) -> float:
        """(min + max) / 2."""
        return (self.min_diameter_mm + self.max_diameter_mm) / 2.0

    @property
    def area_diameter_mm(self) -> float:
        """2 √(A / π)."""
        return float(2.0 * np.sqrt(self.area_mm2 / np.pi))

    @property
    def perimeter_diameter_mm(self) -> float:
        """P / π."""
        return float(self.perimeter_mm / np.pi)

    @property
    def eccentricity(self) -> float:
        """1 − min / max, 0 for a circle."""
        return 1.0 - self.min_diameter_mm / self.max_diameter_mm

    def as_json(self) -> dict[str, float]:
        """The contract's section numbers."""
        return {
            "area_mm2": self.area_mm2,
            "perimeter_mm": self.perimeter_mm,
            "min_diameter_mm": self.min_diameter_mm,
            "max_diameter_mm": self.max_diameter_mm,
            "mean_diameter_mm": self.mean_diameter_mm,
            "area_diameter_mm": self.area_diameter_mm,
            "perimeter_diameter_mm": self.perimeter_diameter_mm,
        }


def measure_contour(plane_mm: FloatArray, step_deg: float = 0.5) -> Measures:
    """Sizes of a closed curve given as (N, 2) plane points in order, the last not repeated.

    Area by the shoelace sum, perimeter along the points, Feret widths every `step_deg`. The curve must be smooth: the
    perimeter of a voxel or noisy outline is too long.
    """
    following = np.roll(plane_mm, -1, axis=0)
    area = 0.5 * abs(float((plane_mm[:, 0] * following[:, 1] - following[:, 0] * plane_mm[:, 1]).sum()))
    perimeter = float(np.linalg.norm(following - plane_mm, axis=1).sum())
    angles = np.radians(np.arange(0.0, 180.0, step_deg))
    heights = plane_mm @ np.stack([np.cos(angles), np.sin(angles)])
    widths = heights.max(axis=0) - heights.min(axis=0)
    return Measures(area, perimeter, float(widths.min()), float(widths.max()))


@dataclass(frozen=True, slots=True, eq=False)
class Contour:
    """A lumen's smooth edge in a plane.

    frame: the plane, its origin at the contour's centroid. radii_mm: (CURVE_POINTS,) at equal angles from `right` to
    `up`. lumen_hu, noise_hu: inside the lumen. sigma_mm: blur of the edge. residual_mm: spread of the rays about the
    curve. trusted: share of rays with a vote. coefficients, covariance: the Fourier fit, for uncertainty.
    """

    frame: Frame
    radii_mm: FloatArray
    lumen_hu: float
    noise_hu: float
    sigma_mm: float
    residual_mm: float
    trusted: float
    coefficients: FloatArray
    covariance: FloatArray

    @property
    def plane_mm(self) -> FloatArray:
        """(CURVE_POINTS, 2) in the frame."""
        return polar_points(self.radii_mm)

    @property
    def points_mm(self) -> FloatArray:
        """(CURVE_POINTS, 3) LPS."""
        return self.frame.to_world(self.plane_mm)

    def measures(self) -> Measures:
        """Sizes of the curve."""
        return measure_contour(self.plane_mm)

    def radius_at_mm(self, angles: FloatArray) -> FloatArray:
        """Radius at any angle (radians)."""
        return np.asarray(fourier_basis(angles) @ self.coefficients)


def equal_angles(count: int) -> FloatArray:
    """(count,) angles from 0 to 2π, the end not repeated."""
    return np.asarray(np.arange(count) * (2.0 * np.pi / count), dtype=np.float64)


def polar_points(radii_mm: FloatArray) -> FloatArray:
    """(N, 2) points of N radii at equal angles."""
    angles = equal_angles(len(radii_mm))
    return np.stack([radii_mm * np.cos(angles), radii_mm * np.sin(angles)], axis=-1)


def fourier_basis(angles: FloatArray, order: int = FOURIER_ORDER) -> FloatArray:
    """(N, 2·order + 1): 1, cos θ, sin θ, cos 2θ, …"""
    columns = [np.ones_like(angles)]
    for m in range(1, order + 1):
        columns += [np.cos(m * angles), np.sin(m * angles)]
    return np.stack(columns, axis=-1)


def find_contour(
    sampler: Sampler,
    frame: Frame,
    reach_mm: float,
    *,
    sigma_mm: float | None = None,
    rounds: int = 2,
    order: int = FOURIER_ORDER,
) -> Contour:
    """The edge of the lumen that holds the frame's origin.

    reach_mm: how far from the origin it may lie. sigma_mm: the blur when known, else fitted. order: of the curve's
    harmonics; fewer for small round vessels, whose noise would else be read as shape.
    Raises MeasurementError when there is no bright lumen here, its edge is not closed, or the scan ends.
    """
    contour: Contour | None = None
    for _ in range(rounds):
        contour = _one_round(sampler, frame, reach_mm, sigma_mm, order)
        frame = contour.frame
    assert contour is not None
    return contour


def _one_round(sampler: Sampler, frame: Frame, reach_mm: float, sigma_mm: float | None, order: int) -> Contour:
    profiles, angles, radii = ray_profiles(sampler, frame, reach_mm)
    lumen, noise = _lumen(profiles, radii)
    path = closed_path(profiles, radii, lumen)
    sigma = 0.5 if sigma_mm is None else sigma_mm
    # the second fit has its window centred on the edge itself, so that what lies behind the wall stays out of it
    for known_sigma in (sigma, sigma_mm):
        edges, outside, sigma = fit_edges(profiles, radii, path, lumen, known_sigma)
        trusted = _trusted_rays(profiles, radii, path, lumen, noise, outside) & np.isfinite(edges)
        if trusted.mean() < 0.35:
            raise MeasurementError(
                "The edge of the lumen is unclear over most of the contour",
                "Check the place and the contrast",
                "unclear_edge",
            )
        # blur pulls the edge of a convex bright disc inwards
        edges = edges + sigma**2 / (2.0 * np.maximum(path, 1.0))
        coefficients, covariance, residual = fit_periodic(angles, edges, trusted, order)
        path = np.clip(fourier_basis(angles) @ coefficients, 1.0, radii[-1])
        lumen = _whole_lumen(profiles, radii, path, lumen, noise)
    dense = equal_angles(CURVE_POINTS)
    curve = fourier_basis(dense) @ coefficients
    if curve.min() <= 0.5:
        raise MeasurementError(
            "The lumen's edge does not close round this place", "Move the point into the lumen", "not_closed"
        )
    centered, coefficients = _recentred(frame, curve, coefficients)
    return Contour(
        centered,
        frozen_array(fourier_basis(dense) @ coefficients),
        lumen,
        noise,
        sigma,
        residual,
        float(trusted.mean()),
        frozen_array(coefficients),
        frozen_array(covariance),
    )


def ray_profiles(sampler: Sampler, frame: Frame, reach_mm: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(RAYS, N) values, (RAYS,) angles, (N,) radii of rays from the frame's origin; NaN beyond the scan."""
    angles = equal_angles(RAYS)
    radii = np.arange(0.0, reach_mm + 1e-9, RAY_STEP_MM)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    values = sampler.at(frame.to_world(directions[:, None, :] * radii[None, :, None]))
    if np.isnan(values[:, : int(2.0 / RAY_STEP_MM)]).any():
        raise MeasurementError("The section leaves the scan", "Choose a place farther inside", "outside_scan")
    return values, angles, radii


def _lumen(profiles: FloatArray, radii: FloatArray) -> tuple[float, float]:
    """Median and robust spread near the middle: leaflets and specks of calcium do not move a median."""
    for reach in (5.0, 3.0, 1.5, 0.8):
        inner = profiles[:, radii < reach]
        weights_rows = inner[:, 1:].ravel()
        median = float(np.nanmedian(weights_rows))
        spread = float(1.4826 * np.nanmedian(np.abs(weights_rows - median)))
        low = float(np.nanpercentile(weights_rows, 20))
        if median - low < max(4.0 * spread, 40.0) and low > 0.75 * median:
            break
    return median, max(spread, 1.0)


def _whole_lumen(profiles: FloatArray, radii: FloatArray, path: FloatArray, lumen: float, noise: float) -> float:
    """Median of the whole lumen away from its edge, once that is known: less noisy than its middle alone."""
    inner = profiles[(radii[None, :] < path[:, None] - 2.0) & (radii[None, :] > 0.5)]
    inner = inner[np.abs(inner - lumen) < 4.0 * noise + 20.0]
    return float(np.median(inner)) if inner.size > 500 else lumen


def _below(profiles: FloatArray, lumen: float) -> tuple[float, FloatArray]:
    """A value typical of what surrounds the lumen, and each ray's profile with the scan's end as dark."""
    filled = np.where(np.isnan(profiles), -1024.0, profiles)
    least = np.minimum.accumulate(filled, axis=1)[:, -1]
    outside = float(np.median(np.clip(least, -200.0, lumen)))
    return outside, filled


def closed_path(profiles: FloatArray, radii: FloatArray, lumen: float) -> FloatArray:
    """(RAYS,) radii of the closed path of greatest contrast between 1.2 mm inside and 2 mm outside.

    A leaflet in the lumen is a sharper step than the wall but is bright again behind: the wide outer mean passes it by.
    """
    outside, filled = _below(profiles, lumen)
    if lumen - outside < LEAST_CONTRAST_HU:
        raise MeasurementError(
            f"There is no contrast here ({lumen:.0f} HU in the middle, {outside:.0f} HU around)",
            "Choose a place inside the lumen",
            "no_contrast",
        )
    # calcium at the blood counts as outside as soon as it is clearly brighter than blood
    bright = filled > lumen + max(60.0, 0.25 * (lumen - outside))
    clipped = np.clip(filled, outside - 0.25 * (lumen - outside), lumen)
    clipped = np.where(bright & (np.cumsum(bright, axis=1) > 2), outside + 0.35 * (lumen - outside), clipped)
    inside_mean = _running(clipped, round(INSIDE_MM / RAY_STEP_MM), before=True)
    outside_mean = _running(clipped, round(OUTSIDE_MM / RAY_STEP_MM), before=False)
    score = (inside_mean - outside_mean) / (lumen - outside)
    # once the ray has been in the wall, a later edge belongs to a neighbour
    quarter = outside + 0.25 * (lumen - outside)
    settled = np.cumsum(filled < quarter, axis=1) * RAY_STEP_MM > 0.8
    cost = -score + 0.6 * settled
    cost[:, radii < 1.0] = 2.0
    start = int(np.nanargmin(cost.mean(axis=0)))
    return np.asarray(radii[_cyclic_path(cost, start)])


def _running(values: FloatArray, count: int, *, before: bool) -> FloatArray:
    padded = np.concatenate(
        [np.repeat(values[:, :1], count, axis=1), values, np.repeat(values[:, -1:], count, axis=1)], axis=1
    )
    total = np.cumsum(padded, axis=1)
    means = (total[:, count:] - total[:, :-count]) / count
    return np.asarray(means[:, : values.shape[1]] if before else means[:, count : count + values.shape[1]])


def _cyclic_path(cost: FloatArray, start: int, step: int = 3) -> npt.NDArray[np.intp]:
    """Least-cost closed path over (ray, radius), run round three times; the middle turn is kept."""
    rays, count = cost.shape
    smooth = 0.02 * np.abs(np.arange(-step, step + 1))
    total = np.full(count, np.inf)
    total[max(0, start - 40) : start + 41] = 0.0
    back = np.empty((3 * rays, count), dtype=np.int8)
    for n in range(3 * rays):
        padded = np.pad(total, step, constant_values=np.inf)
        options = np.stack([padded[s : s + count] + smooth[s] for s in range(2 * step + 1)])
        choice = np.argmin(options, axis=0)
        back[n] = choice - step
        total = options[choice, np.arange(count)] + cost[n % rays]
    at = int(np.argmin(total))
    path = np.empty(3 * rays, dtype=np.intp)
    for n in range(3 * rays - 1, -1, -1):
        path[n] = at
        at = int(np.clip(at + int(back[n, at]), 0, count - 1))
    return path[rays : 2 * rays]


def fit_edges(
    profiles: FloatArray, radii: FloatArray, path: FloatArray, lumen: float, sigma_mm: float | None
) -> tuple[FloatArray, FloatArray, float]:
    """Fit wall + (lumen − wall) · Φ((edge − r) / σ) to each ray near the path: wall free per ray, one σ for the section.

    Returns (RAYS,) edges, (RAYS,) wall values, σ.
    """
    offsets = np.arange(-FIT_INSIDE_MM, FIT_OUTSIDE_MM + 1e-9, RAY_STEP_MM)
    at = np.clip(np.rint((path[:, None] + offsets) / RAY_STEP_MM).astype(int), 0, len(radii) - 1)
    window = np.take_along_axis(profiles, at, axis=1)
    valid = np.isfinite(window)
    values = np.where(valid, window, lumen)
    exact = radii[at] - path[:, None]
    sigma = sigma_mm
    if sigma is None:
        # one blur for the section; a third of the rays is enough to find it
        few = slice(None, None, 3)
        totals = []
        for candidate in SIGMAS_MM:
            misfit, _ = _step_misfits(values[few], valid[few], exact[few], lumen, float(candidate))
            least = misfit.min(axis=1)
            totals.append(float(np.median(least[np.isfinite(least)])) if np.isfinite(least).any() else np.inf)
        at = int(np.argmin(totals))
        sigma = float(SIGMAS_MM[at])
        if 0 < at < len(totals) - 1 and np.isfinite(totals[at - 1 : at + 2]).all():
            bend = totals[at - 1] - 2 * totals[at] + totals[at + 1]
            sigma += 0.05 * 0.5 * (totals[at - 1] - totals[at + 1]) / bend if bend > 0 else 0.0
    misfit, wall = _step_misfits(values, valid, exact, lumen, sigma)
    if not np.isfinite(misfit).any():
        raise MeasurementError("The lumen has no edge that can be measured here", "Check the contrast", "unclear_edge")
    chosen = np.argmin(misfit, axis=1)
    rays = np.arange(len(path))
    shift = SHIFTS_MM[chosen] + _parabola(misfit, chosen)
    edges = np.where(np.isfinite(misfit[rays, chosen]), path + shift, np.nan)
    edges[(chosen == 0) | (chosen == len(SHIFTS_MM) - 1)] = np.nan
    return edges, wall[rays, chosen], sigma


def _step_misfits(
    values: FloatArray, valid: npt.NDArray[np.bool_], exact: FloatArray, lumen: float, sigma: float
) -> tuple[FloatArray, FloatArray]:
    """(rays, shifts) squared misfits and best wall values of a blurred step at every shift."""
    from scipy.special import ndtr

    step = ndtr((SHIFTS_MM[None, :, None] - exact[:, None, :]) / sigma)
    rest = np.where(valid[:, None, :], 1.0 - step, 0.0)
    excess = np.where(valid[:, None, :], values[:, None, :] - lumen * step, 0.0)
    wall = (excess * rest).sum(axis=2) / np.maximum((rest**2).sum(axis=2), 1e-6)
    misfit = ((excess - wall[..., None] * rest) ** 2).sum(axis=2)
    misfit[wall > lumen - LEAST_CONTRAST_HU] = np.inf
    return misfit, wall


def _parabola(misfit: FloatArray, chosen: npt.NDArray[np.intp]) -> FloatArray:
    rays = np.arange(len(chosen))
    inner = np.clip(chosen, 1, misfit.shape[1] - 2)
    left, middle, right = (misfit[rays, inner + n] for n in (-1, 0, 1))
    with np.errstate(invalid="ignore"):
        bend = left - 2 * middle + right
        shift = np.where(np.isfinite(bend) & (bend > 0), 0.5 * (left - right) / np.where(bend > 0, bend, 1.0), 0.0)
    return np.asarray(np.clip(shift, -0.5, 0.5) * (SHIFTS_MM[1] - SHIFTS_MM[0]))


def _trusted_rays(
    profiles: FloatArray, radii: FloatArray, path: FloatArray, lumen: float, noise: float, outside: FloatArray
) -> npt.NDArray[np.bool_]:
    """Rays without calcium near the edge and with a wall behind it; the neighbours of a bad ray lose their vote too."""
    near = np.abs(radii[None, :] - path[:, None] + 0.25) <= 1.25
    values = np.where(near & np.isfinite(profiles), profiles, -np.inf)
    calcified = values.max(axis=1) > lumen + max(150.0, 5.0 * noise)
    spread = (
        np.convolve(np.concatenate([calcified[-4:], calcified, calcified[:4]]).astype(float), np.ones(9), "same")[4:-4]
        > 0
    )
    typical = np.median(outside[np.isfinite(outside)]) if np.isfinite(outside).any() else 0.0
    joined = outside > lumen - max(LEAST_CONTRAST_HU, 0.35 * (lumen - typical))
    return np.asarray(~spread & ~joined)


def fit_periodic(
    angles: FloatArray, edges: FloatArray, trusted: npt.NDArray[np.bool_], order: int = FOURIER_ORDER, rounds: int = 8
) -> tuple[FloatArray, FloatArray, float]:
    """Smooth periodic curve through the trusted rays: Fourier series, m⁴ penalty, Cauchy weights.

    Returns coefficients of FOURIER_ORDER (those above `order` zero), their covariance (times 4: neighbouring rays share
    voxels), and the spread of the rays in mm.
    """
    use = trusted & np.isfinite(edges)
    basis, values = fourier_basis(angles[use], order), edges[use]
    harmonics = np.concatenate([[0], np.repeat(np.arange(1, order + 1), 2)])
    penalty = np.diag(2e-5 * len(values) * harmonics.astype(float) ** 4 / 10.0)
    weights = np.ones(len(values))
    for _ in range(rounds):
        normal = basis.T @ (weights[:, None] * basis) + penalty
        coefficients = np.linalg.solve(normal, basis.T @ (weights * values))
        residuals = values - basis @ coefficients
        scale = max(1.4826 * float(np.median(np.abs(residuals))), 0.02)
        weights = 1.0 / (1.0 + (residuals / (2.385 * scale)) ** 2)
    spread = float(np.sqrt((weights * residuals**2).sum() / max(weights.sum(), 1.0)))
    covariance = 4.0 * spread**2 * np.linalg.inv(normal)
    whole = 2 * FOURIER_ORDER + 1
    padded, spread_matrix = np.zeros(whole), np.zeros((whole, whole))
    padded[: len(coefficients)] = coefficients
    spread_matrix[: len(coefficients), : len(coefficients)] = covariance
    return padded, spread_matrix, scale


def _recentred(frame: Frame, curve: FloatArray, coefficients: FloatArray) -> tuple[Frame, FloatArray]:
    """The same curve about its own centroid."""
    points = polar_points(curve)
    following = np.roll(points, -1, axis=0)
    cross = points[:, 0] * following[:, 1] - following[:, 0] * points[:, 1]
    centroid = ((points + following) * cross[:, None]).sum(axis=0) / (3.0 * cross.sum())
    moved = points - centroid
    angles = np.unwrap(np.arctan2(moved[:, 1], moved[:, 0]))
    if angles[-1] < angles[0]:
        raise MeasurementError(
            "The lumen's edge does not close round this place", "Move the point into the lumen", "not_closed"
        )
    basis = fourier_basis(angles)
    fitted, *_ = np.linalg.lstsq(basis, np.linalg.norm(moved, axis=1), rcond=None)
    origin = frame.to_world(centroid[None])[0]
    return Frame(frozen_array(origin), frame.right, frame.up, frame.normal), fitted
