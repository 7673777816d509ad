"""Plane sections through an image and the sub-voxel edge of a bright lumen in them.

The edge is found in three steps: a closed path round the lumen by dynamic programming (topology, `planning.outline`), a
fit of blurred lumen, wall and surroundings across it (place, `planning.edge`), and a smooth periodic curve through the
sectors that can be trusted (shape). Calcium and neighbouring chambers lose their vote; they do not move the curve.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from planning.edge import LEAST_CONTRAST_HU, EdgeFit, EdgeModel, Sectors, fit_edge, fit_model, profile_offsets_mm
from planning.errors import MeasurementError
from planning.geometry import FloatArray, Vector, frozen_array
from planning.outline import RAY_STEP_MM, closed_path, lumen_level, whole_lumen_level
from planning.volume import Volume

RAYS = 240
SECTOR_MM, ARC_MM, LONG_ARC_MM, CORRELATED_MM = 0.75, 0.8, 2.5, 1.0
LEAST_TRUSTED = 0.35
LEAST_BEND = 0.35
FIRST_DOUBTFUL_HARMONIC = 3
FOURIER_ORDER = 7
CURVE_POINTS = 360

Votes = Callable[[FloatArray], FloatArray]


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

    def known_section(self, frame: Frame) -> Contour | None:
        """A contour in this plane that is known without looking at the image; see `planning.tavr.wall`."""
        return None

    def voxel_mm2(self, frame: Frame, directions: FloatArray) -> FloatArray:
        """(N,) variance of a voxel's box along (N, 2) unit directions of the frame: its share of the blur."""
        return self.voxel_along_mm2(directions[:, :1] * frame.right + directions[:, 1:] * frame.up)

    def voxel_along_mm2(self, directions: FloatArray) -> FloatArray:
        """(N,) the same along (N, 3) unit directions in space."""
        along = directions @ self.index_from_world[:3, :3].T
        return np.asarray(((along * self.spacing_mm**2) ** 2).sum(axis=1) / 12.0)


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
    heights = plane_mm @ _calipers(step_deg)
    widths = heights.max(axis=0) - heights.min(axis=0)
    return Measures(area, perimeter, float(widths.min()), float(widths.max()))


@functools.lru_cache(maxsize=8)
def _calipers(step_deg: float) -> FloatArray:
    """(2, N) directions of a half turn."""
    angles = np.radians(np.arange(0.0, 180.0, step_deg))
    return frozen_array(np.stack([np.cos(angles), np.sin(angles)]))


@dataclass(frozen=True, slots=True, eq=False)
class Contour:
    """A lumen's smooth edge in a plane.

    frame: the plane, its origin at the contour's centroid. radii_mm: (CURVE_POINTS,) at equal angles from `right` to
    `up`. lumen_hu, noise_hu: inside the lumen. sigma_mm: blur of the edge. residual_mm: spread of the rays about the
    curve. trusted: share of rays with a vote. coefficients, covariance: the Fourier fit, for uncertainty. edge_mm: (S, 2)
    where the sectors found the edge, before any smoothing, about the centroid. clear: (S,) which of them had a vote.
    """

    frame: Frame
    radii_mm: FloatArray
    lumen_hu: float
    noise_hu: float
    model: EdgeModel
    sigma_mm: float
    residual_mm: float
    trusted: float
    coefficients: FloatArray
    covariance: FloatArray
    edge_mm: FloatArray = field(default_factory=lambda: np.empty((0, 2)))
    clear: npt.NDArray[np.bool_] = field(default_factory=lambda: np.ones(0, dtype=bool))
    _measured: list[Measures] = field(default_factory=list, init=False, repr=False)

    @property
    def plane_mm(self) -> FloatArray:
        """(CURVE_POINTS, 2) in the frame."""
        return polar_points(self.radii_mm)

    @property
    def points_mm(self) -> FloatArray:
        """(CURVE_POINTS, 3) LPS."""
        return self.frame.to_world(self.plane_mm)

    def measures(self) -> Measures:
        """Sizes of the curve; measured at the first question, asked many times while a hand drags."""
        if not self._measured:
            self._measured.append(measure_contour(self.plane_mm))
        return self._measured[0]

    def about(self, frame: Frame) -> FloatArray:
        """Coefficients of r(θ) about the origin of a parallel or nearly parallel frame with the same axes."""
        plane = frame.to_plane(self.points_mm)
        angles, radii = np.arctan2(plane[:, 1], plane[:, 0]), np.hypot(plane[:, 0], plane[:, 1])
        fitted, *_ = np.linalg.lstsq(fourier_basis(angles), radii, rcond=None)
        return np.asarray(fitted)

    @property
    def unclear_deg(self) -> tuple[tuple[float, float], ...]:
        """Arcs (from, to) without a vote: angles about the centroid from `right` to `up`; `to` may exceed 360."""
        if self.clear.all():
            return ()
        if not self.clear.any():
            return ((0.0, 360.0),)
        angles = np.degrees(np.unwrap(np.arctan2(self.edge_mm[:, 1], self.edge_mm[:, 0])))
        steps = np.diff(np.append(angles, angles[0] + 360.0))
        first = int(np.flatnonzero(self.clear)[0])
        arcs: list[tuple[float, float]] = []
        run: list[int] = []
        for n in [*np.roll(np.arange(len(angles)), -first), first]:
            if not self.clear[n]:
                run.append(int(n))
            elif run:
                start = float(angles[run[0]] - 0.5 * steps[run[0]]) % 360.0
                arcs.append((start, start + float(steps[run].sum())))
                run = []
        return tuple(arcs)

    def radius_at_mm(self, angles: FloatArray) -> FloatArray:
        """Radius at any angle (radians)."""
        return np.asarray(fourier_basis(angles) @ self.coefficients)


def equal_angles(count: int) -> FloatArray:
    """(count,) angles from 0 to 2π, the end not repeated."""
    return np.asarray(np.arange(count) * (2.0 * np.pi / count), dtype=np.float64)


def polar_points(radii_mm: FloatArray) -> FloatArray:
    """(N, 2) points of N radii at equal angles."""
    return radii_mm[:, None] * _circle(len(radii_mm))


@functools.lru_cache(maxsize=16)
def _circle(count: int) -> FloatArray:
    """(N, 2) points of the unit circle."""
    angles = equal_angles(count)
    return frozen_array(np.stack([np.cos(angles), np.sin(angles)], axis=-1))


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
    model: EdgeModel | None = None,
    lumen_hu: float | None = None,
    rounds: int = 2,
    order: int = FOURIER_ORDER,
    rays: int = RAYS,
    follow: Contour | None = None,
    votes: Votes | None = None,
) -> Contour:
    """The edge of the lumen that holds the frame's origin.

    reach_mm: how far from the origin it may lie. model: blur and wall when known, else fitted. lumen_hu: when known; a
    narrow lumen does not show it. order: of the curve's harmonics; fewer for small round vessels, whose noise would
    else be read as shape. rays: as many as the circumference is worth. follow: the contour of a plane close by with the
    same axes, from which the search starts. votes: how much an edge counts at (N,) angles about the frame's origin, 0…1:
    little where something joins the wall (a cusp).
    Raises MeasurementError when there is no bright lumen here, its edge is not closed, or the scan ends.
    """
    if follow is None:
        start = _first_curve(sampler, frame, reach_mm, lumen_hu, order, rays)
    else:
        start = _Start.on(follow, frame, rays)
    coefficients = start.coefficients
    found = model
    for number in range(rounds + 1):
        # blur and wall are fitted once the path lies on the edge, and again at the end
        known = found if model is not None or number == 1 else None
        step = _straighten(sampler, start, coefficients, found)
        fit, found = fit_edge(step.sectors, step.coarse, known)
        coefficients, covariance, residual, trusted = _moved_curve(step, fit, order, votes)
    assert found is not None
    shift = np.where(np.isfinite(fit.shift_mm), fit.shift_mm, 0.0)
    dense = equal_angles(CURVE_POINTS)
    coefficients = without_noise(coefficients, np.diag(covariance), FIRST_DOUBTFUL_HARMONIC)
    coefficients = without_blur(sampler, frame, coefficients, found.sigma_mm)
    curve = fourier_basis(dense) @ coefficients
    if curve.min() <= 0.4:
        raise _not_closed()
    centered, coefficients = _recentred(frame, curve, coefficients)
    return Contour(
        centered,
        frozen_array(fourier_basis(dense) @ coefficients),
        start.lumen_hu,
        start.noise_hu,
        found,
        float(np.sqrt(found.sigma_mm**2 + step.sectors.voxel_mm2.mean())),
        residual,
        float(trusted.mean()),
        frozen_array(coefficients),
        frozen_array(covariance),
        frozen_array(centered.to_plane(frame.to_world(step.points + shift[:, None] * step.normals))),
        frozen_array(trusted),
    )


def common_edge(
    sampler: Sampler,
    frames: Sequence[Frame],
    reaches_mm: Sequence[float],
    *,
    order: int = FOURIER_ORDER,
    rays: int = RAYS,
    follow: Sequence[Contour] | None = None,
) -> EdgeModel | None:
    """Blur and wall fitted to several sections of one vessel at once; None when fewer than three have an edge.

    follow: contours in these frames' planes where they are known already.
    """
    starts = []
    for n, (frame, reach_mm) in enumerate(zip(frames, reaches_mm, strict=True)):
        try:
            starts.append(
                _first_curve(sampler, frame, reach_mm, None, order, rays)
                if follow is None
                else _Start.on(follow[n], frame, rays)
            )
        except MeasurementError:
            continue
    starts = _evenly_bright(starts)
    curves = [start.coefficients for start in starts]
    model: EdgeModel | None = None
    # curves that are known lie on the edge already
    for _ in range(2 if follow is None else 1):
        steps = [_straighten(sampler, start, curve, model) for start, curve in zip(starts, curves, strict=True)]
        if len(steps) < 3:
            return None
        try:
            model = fit_model(Sectors.joined([step.coarse for step in steps]))
        except MeasurementError:
            return None
        kept, curves = [], []
        for start, step in zip(starts, steps, strict=True):
            try:
                moved, *_ = _moved_curve(step, fit_edge(step.sectors, step.coarse, model)[0], order)
            except MeasurementError:
                continue
            kept.append(start)
            curves.append(moved)
        starts = kept
    return model


@dataclass(frozen=True, slots=True, eq=False)
class _Start:
    """A first closed curve in a plane, and the lumen's brightness and noise there."""

    frame: Frame
    angles: FloatArray
    coefficients: FloatArray
    lumen_hu: float
    noise_hu: float

    @classmethod
    def on(cls, contour: Contour, frame: Frame, rays: int) -> _Start:
        """A known contour, laid into a plane close by with the same axes."""
        return cls(frame, equal_angles(rays), contour.about(frame), contour.lumen_hu, contour.noise_hu)


def _evenly_bright(starts: Sequence[_Start]) -> list[_Start]:
    """The same with the median brightness of five neighbours: one small section tells its own only roughly."""
    lumen = np.array([start.lumen_hu for start in starts])
    return [replace(start, lumen_hu=float(np.median(lumen[max(0, n - 2) : n + 3]))) for n, start in enumerate(starts)]


def _first_curve(
    sampler: Sampler, frame: Frame, reach_mm: float, lumen_hu: float | None, order: int, rays: int
) -> _Start:
    profiles, angles, radii = ray_profiles(sampler, frame, reach_mm, rays)
    lumen, noise = lumen_level(profiles, radii)
    if lumen_hu is not None:
        lumen = lumen_hu
    path = closed_path(profiles, radii, lumen)
    coefficients, _, _ = fit_periodic(angles, path, np.ones(rays, dtype=bool), order)
    if lumen_hu is None:
        inside = np.clip(fourier_basis(angles) @ coefficients, 1.0, radii[-1])
        lumen = whole_lumen_level(profiles, radii, inside, lumen, noise)
    return _Start(frame, angles, coefficients, lumen, noise)


def _not_closed() -> MeasurementError:
    return MeasurementError(
        "The lumen's edge does not close round this place", "Move the point into the lumen", "not_closed"
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Straightened:
    """Profiles across a curve, over short arcs and over long ones; (S, 2) points and normals of the short ones."""

    points: FloatArray
    normals: FloatArray
    sectors: Sectors
    coarse: Sectors
    clear: npt.NDArray[np.bool_]


def _curve_and_normals(coefficients: FloatArray, angles: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(N, 2) points, (N, 2) outward unit normals and (N,) curvature of r(θ) in the plane."""
    order = (len(coefficients) - 1) // 2
    m = np.concatenate([[0], np.repeat(np.arange(1, order + 1), 2)])
    turned = np.zeros_like(coefficients)
    turned[1::2], turned[2::2] = coefficients[2::2], -coefficients[1::2]
    basis = fourier_basis(angles)
    r, first, second = basis @ coefficients, basis @ (m * turned), -basis @ (m**2 * coefficients)
    across = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    along = np.stack([-np.sin(angles), np.cos(angles)], axis=-1)
    length = np.maximum(np.hypot(r, first), 1e-6)
    normals = (r[:, None] * across - first[:, None] * along) / length[:, None]
    curvature = (r**2 + 2.0 * first**2 - r * second) / length**3
    return r[:, None] * across, normals, curvature


def _straighten(sampler: Sampler, start: _Start, coefficients: FloatArray, model: EdgeModel | None) -> _Straightened:
    """Profiles along the curve's normals, averaged over short arcs; rays at calcium or at a neighbour do not count."""
    frame, angles, lumen, noise = start.frame, start.angles, start.lumen_hu, start.noise_hu
    points, normals, curvature = _curve_and_normals(coefficients, angles)
    sigma = 0.6 if model is None else model.sigma_mm
    offsets = profile_offsets_mm(sigma)
    blur_mm2 = sigma**2 + sampler.voxel_mm2(frame, normals)
    plane = points[:, None] + _straightened(offsets, curvature, blur_mm2)[..., None] * normals[:, None]
    values = sampler.at(frame.to_world(plane))
    clear = _clear_rays(values, offsets, lumen, noise)
    bright = values > lumen + max(150.0, 5.0 * noise)
    known = np.isfinite(values) & clear[:, None] & ~bright
    whole = float(np.linalg.norm(np.roll(points, -1, axis=0) - points, axis=1).sum())

    def averaged(count: int, arc_mm: float) -> Sectors:
        at = equal_angles(count)
        apart = np.abs(np.angle(np.exp(1j * (at[:, None] - angles[None])))) * whole / (2.0 * np.pi)
        kernel = np.exp(-0.5 * (apart / arc_mm) ** 2)
        kernel[apart > 3.0 * arc_mm] = 0.0
        weights = kernel @ known
        mean = (kernel @ np.where(known, values, 0.0)) / np.maximum(weights, 1e-9)
        independent = weights**2 / np.maximum((kernel**2) @ known, 1e-9) * (whole / len(angles)) / CORRELATED_MM
        trust = np.where(weights > 0.15 * kernel.sum(axis=1)[:, None], independent, 0.0)
        ones = np.ones(count)
        _, outward, _ = _curve_and_normals(coefficients, at)
        return Sectors(offsets, mean, trust, lumen * ones, noise * ones, sampler.voxel_mm2(frame, outward))

    fine = averaged(int(np.clip(np.rint(whole / SECTOR_MM), 24, 96)), ARC_MM)
    coarse = averaged(int(np.clip(np.rint(whole / LONG_ARC_MM), 8, 36)), LONG_ARC_MM)
    own_points, own_normals, _ = _curve_and_normals(coefficients, equal_angles(len(fine.values)))
    clear = (fine.trust[:, offsets <= 0.5] > 0).mean(axis=1) > 0.7
    return _Straightened(own_points, own_normals, fine, coarse, clear)


def _straightened(offsets: FloatArray, curvature: FloatArray, blur_mm2: FloatArray) -> FloatArray:
    """(R, X) places on each normal at which a curved blurred edge reads what a straight one does at the offsets.

    Blur pulls a level of a convex edge in by σ²κ/2 on the edge, by more inside and by less outside: about
    σ²κ/(2 + κx), within a hundredth of a millimetre of a disc's exact blur. The part on the edge is left for
    `without_blur`.
    """
    bent = np.maximum(1.0 + 0.5 * curvature[:, None] * offsets, LEAST_BEND)
    return np.asarray(offsets - 0.5 * (blur_mm2 * curvature)[:, None] * (1.0 / bent - 1.0))


def _clear_rays(values: FloatArray, offsets: FloatArray, lumen: float, noise: float) -> npt.NDArray[np.bool_]:
    """(R,) rays without calcium near the edge and with something darker behind it; a bad ray's neighbours go too."""
    filled = np.where(np.isfinite(values), values, -np.inf)
    near = (offsets >= -1.5) & (offsets <= 1.0)
    calcified = filled[:, near].max(axis=1) > lumen + max(150.0, 5.0 * noise)
    width = 2 * max(1, round(len(values) * 4 / RAYS)) + 1
    pad = width // 2
    spread = np.convolve(
        np.concatenate([calcified[-pad:], calcified, calcified[:pad]]).astype(float), np.ones(width), "same"
    )
    calcified = spread[pad : len(spread) - pad] > 0
    behind = np.where(np.isfinite(values), values, -1024.0)[:, offsets >= -0.5]
    least = _least_behind(behind)
    typical = float(np.median(least))
    joined = least > lumen - max(LEAST_CONTRAST_HU, 0.35 * (lumen - typical))
    return np.asarray(~calcified & ~joined)


def _least_behind(values: FloatArray) -> FloatArray:
    """(R,) least of each row's running mean over five samples: noise alone is no wall."""
    total = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    return np.asarray(((total[:, 5:] - total[:, :-5]) / 5.0).min(axis=1))


def without_noise(coefficients: FloatArray, variances: FloatArray, first: int) -> FloatArray:
    """The curve with each harmonic from `first` on shrunk by how much of it is noise (positive-part James-Stein)."""
    kept = np.array(coefficients)
    for m in range(first, (len(kept) - 1) // 2 + 1):
        pair = slice(2 * m - 1, 2 * m + 1)
        power = float((kept[pair] ** 2).sum())
        kept[pair] *= max(0.0, 1.0 - float(variances[pair].sum()) / power) if power > 0 else 0.0
    return kept


def _moved_curve(
    step: _Straightened, fit: EdgeFit, order: int, votes: Votes | None = None
) -> tuple[FloatArray, FloatArray, float, npt.NDArray[np.bool_]]:
    """The curve through the fitted places: coefficients, covariance, spread of the sectors, which are trusted."""
    trusted = step.clear & np.isfinite(fit.shift_mm)
    if trusted.mean() < LEAST_TRUSTED:
        raise MeasurementError(
            "The edge of the lumen is unclear over most of the contour",
            "Check the place and the contrast",
            "unclear_edge",
        )
    moved = step.points + np.where(trusted, fit.shift_mm, 0.0)[:, None] * step.normals
    angles, radii = np.arctan2(moved[:, 1], moved[:, 0]), np.hypot(moved[:, 0], moved[:, 1])
    counts = None if votes is None else votes(angles)
    coefficients, covariance, residual = fit_periodic(angles, radii, trusted, order, votes=counts)
    return coefficients, covariance, residual, trusted


def without_blur(sampler: Sampler, frame: Frame, coefficients: FloatArray, sigma_mm: float) -> FloatArray:
    """The curve moved out by σ²κ/2: blur pulls the half-way place of a convex bright edge inwards by that much."""
    dense = equal_angles(CURVE_POINTS)
    points, normals, curvature = _curve_and_normals(coefficients, dense)
    blur = sigma_mm**2 + sampler.voxel_mm2(frame, normals)
    shift = np.clip(0.5 * blur * curvature, -0.3, 0.3)
    moved = points + shift[:, None] * normals
    angles, radii = np.arctan2(moved[:, 1], moved[:, 0]), np.hypot(moved[:, 0], moved[:, 1])
    order = (len(coefficients) - 1) // 2
    fitted, *_ = np.linalg.lstsq(fourier_basis(angles, order), radii, rcond=None)
    return np.asarray(fitted)


def ray_profiles(
    sampler: Sampler, frame: Frame, reach_mm: float, rays: int = RAYS
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(RAYS, N) values, (RAYS,) angles, (N,) radii of rays from the frame's origin; NaN beyond the scan."""
    angles = equal_angles(rays)
    radii = np.arange(0.0, reach_mm + 1e-9, RAY_STEP_MM)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    values = sampler.at(frame.to_world(directions[:, None, :] * radii[None, :, None]))
    if np.isnan(values[:, : int(2.0 / RAY_STEP_MM)]).any():
        raise MeasurementError("The section leaves the scan", "Choose a place farther inside", "outside_scan")
    return values, angles, radii


def fit_periodic(
    angles: FloatArray,
    edges: FloatArray,
    trusted: npt.NDArray[np.bool_],
    order: int = FOURIER_ORDER,
    rounds: int = 8,
    votes: FloatArray | None = None,
) -> tuple[FloatArray, FloatArray, float]:
    """Smooth periodic curve through the trusted rays: Fourier series, m⁴ penalty, Cauchy weights.

    Returns coefficients of FOURIER_ORDER (those above `order` zero), their covariance (times 4: neighbouring rays share
    voxels), and the spread of the rays in mm.
    """
    use = trusted & np.isfinite(edges)
    basis, values = fourier_basis(angles[use], order), edges[use]
    harmonics = np.concatenate([[0], np.repeat(np.arange(1, order + 1), 2)])
    penalty = np.diag(2e-5 * len(values) * harmonics.astype(float) ** 4 / 10.0)
    votes = np.ones(len(values)) if votes is None else votes[use]
    weights = np.array(votes)
    for _ in range(rounds):
        normal = basis.T @ (weights[:, None] * basis) + penalty
        coefficients = np.linalg.solve(normal, basis.T @ (weights * values))
        residuals = values - basis @ coefficients
        scale = max(1.4826 * float(np.median(np.abs(residuals))), 0.02)
        weights = votes / (1.0 + (residuals / (2.385 * scale)) ** 2)
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
