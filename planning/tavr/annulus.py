"""The annulus itself: the lumen's edge in the hinge plane, freed from leaflets and from what blur brings in.

Two things spoil the edge in the one plane through the hinges. The leaflets' bellies lie in it, up to a sixth of a turn
about each hinge, and pull the edge inwards by half a millimetre and more. And a scan's blur mixes the sections above and
below into it: where the walls rise steeply, the waist between the outflow tract and the sinuses reads too wide.

So the edge is followed through a few parallel planes, and one smooth wall is fitted to all of them: r(θ, h) with a curve
of its own at height zero and a few harmonics of slope, kink and bend, blurred along h as the scan is. Where a leaflet
must be (by the hinges and the crown that rises from them) the edge hardly counts; there the wall below the leaflet and
the slope of the sectors beside it tell where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planning.edge import EdgeModel
from planning.errors import MeasurementError
from planning.geometry import FloatArray, frozen_array
from planning.section import (
    CURVE_POINTS,
    FIRST_DOUBTFUL_HARMONIC,
    FOURIER_ORDER,
    Contour,
    Frame,
    Sampler,
    Votes,
    common_edge,
    equal_angles,
    find_contour,
    fourier_basis,
    without_blur,
    without_noise,
)

REACH_MM = 24.0
HEIGHTS_MM = np.array((-2.8, -2.1, -1.4, -0.7, 0.0, 0.7, 1.4, 2.1, 2.8))
FARTHER_MM = np.array((-4.2, -3.5, *HEIGHTS_MM, 3.5, 4.2))
LEAST_PLANES = 7
CROWN_MM = 15.0
"""Height of the leaflets' attachment midway between two hinges; between them it rises with the angle's square."""
LEAFLET_BELOW_MM, LEAFLET_ABOVE_MM, LEAFLET_PER_BLUR, USUAL_BLUR_MM = 1.2, 1.8, 1.5, 0.45
LEAST_VOTE = 0.02
FIELD_ORDER = 3
SLOPE, KINK = (0.0, 0.3, 0.15), (0.0, 1e3, 0.04)
BEND_BELOW_PER_MM, BEND_ABOVE_PER_MM = (0.0, 0.015, 0.018), (0.043, 0.022, 0.018)
"""Mean round the wall, its spread, and how much each harmonic departs. Sinuses bulge by 3 to 5 mm within 9 mm."""
KINKS = ((0.55, 0.0, 0.025), (0.40, 0.10, 0.055), (0.05, 0.10, 0.3))
"""Share, mean and spread of walls that pass smoothly through the annulus, of waists, and of anything."""
SHAPE_MM, SHAPE_FALL = 2.0, 0.4
LEAST_NOISE_MM, CORRELATED = 0.03, 8.0
ROUNDS = 8
LUMEN_HEIGHTS_MM = (-4.2, -3.4, -2.6, -1.8, -1.0, -0.2)
LUMEN_STEP_MM, LUMEN_MARGIN_MM, LUMEN_ROUNDS, LEAST_LUMEN_SAMPLES = 0.9, 2.5, 6, 200
LUMEN_CLIP, CLIPPED_SD = 2.0, 1.137
"""A normal spread cut off at two standard deviations is 1.137 times as wide uncut."""


@dataclass(frozen=True, slots=True, eq=False)
class AnnulusWall:
    """The annulus and the wall that was fitted through it: (5, M) coefficients of its curve and of what height adds.

    heights_mm: how far down and up it was seen.
    """

    contour: Contour
    terms: tuple[FloatArray, ...] = ()
    heights_mm: tuple[float, float] = (0.0, 0.0)

    def row_mm(self, height_mm: float, angles: FloatArray) -> FloatArray:
        """(N, 3) LPS points of the wall, blur taken out, at a height and (N,) angles about the annulus's centroid."""
        radii = fourier_basis(angles) @ self.contour.coefficients
        field = fourier_basis(angles, FIELD_ORDER)
        up, down = (
            _bent(max(side * height_mm, 0.0), max(side * self.heights_mm[n], 0.0)) for n, side in ((1, 1), (0, -1))
        )
        for term, share in zip(self.terms, (height_mm, abs(height_mm), down, up), strict=False):
            radii = radii + share * (field @ term)
        plane = radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        return self.contour.frame.moved(height_mm).to_world(plane)


def _bent(height_mm: float, seen_mm: float) -> float:
    """The height's square as far as the wall was seen, going on straight beyond."""
    inside = min(height_mm, seen_mm)
    return inside * (2.0 * height_mm - inside)


def find_annulus(
    sampler: Sampler, frame: Frame, hinge_angles: FloatArray, *, model: EdgeModel | None = None, quick: bool = False
) -> Contour:
    """The lumen's contour in the hinge plane. hinge_angles: (3,) about the frame's origin. Raises MeasurementError.

    model: blur and wall when known. quick: for a hinge being dragged, reads them from the one plane alone.
    """
    known = sampler.known_section(frame)
    return known or find_annulus_wall(sampler, frame, hinge_angles, model=model, quick=quick).contour


def find_annulus_wall(
    sampler: Sampler, frame: Frame, hinge_angles: FloatArray, *, model: EdgeModel | None = None, quick: bool = False
) -> AnnulusWall:
    """The same with the wall just below and above it."""
    rounds = 0 if quick else 2
    first = _leaflet_votes(hinge_angles, 0.0, USUAL_BLUR_MM)
    contour = find_contour(sampler, frame, REACH_MM, model=model, rounds=rounds, votes=first)
    contour = _with_lumen(sampler, contour)
    angles = _about(contour, frame, hinge_angles)
    alone = model is not None or quick
    planes = _neighbours(sampler, contour, angles, HEIGHTS_MM if alone else FARTHER_MM)
    if len(planes) < LEAST_PLANES:
        return AnnulusWall(contour)
    if not alone:
        # blur and wall are the same some millimetres up or down: more of them tell more
        frames = [contour.frame.moved(height) for height, _ in planes]
        reaches = [REACH_MM] * len(planes)
        model = common_edge(sampler, frames, reaches, follow=[plane for _, plane in planes]) or contour.model
        contour = find_contour(sampler, frame, REACH_MM, model=model, rounds=1, follow=contour, votes=first)
        angles = _about(contour, frame, hinge_angles)
        planes = _neighbours(sampler, contour, angles, HEIGHTS_MM)
        if len(planes) < LEAST_PLANES:
            return AnnulusWall(contour)
    return _of_one_wall(sampler, contour, planes, angles)


def _about(contour: Contour, frame: Frame, hinge_angles: FloatArray) -> FloatArray:
    """The hinges' angles about the contour's centroid instead of the frame's origin."""
    ring = contour.radii_mm.mean() * np.stack([np.cos(hinge_angles), np.sin(hinge_angles)], axis=-1)
    plane = contour.frame.to_plane(frame.to_world(ring))
    return np.asarray(np.arctan2(plane[:, 1], plane[:, 0]))


def _with_lumen(sampler: Sampler, contour: Contour) -> Contour:
    """The contour with blood and noise read from the lumen down to the outflow tract, free of leaflets.

    One plane holds a hundred independent samples of it; their mean's error alone moves the edge by a hundredth of a
    millimetre, the whole way round.
    """
    reach = float(contour.radii_mm.max())
    steps = np.arange(-reach, reach + 1e-9, LUMEN_STEP_MM)
    plane = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    within = contour.radius_at_mm(np.arctan2(plane[:, 1], plane[:, 0])) - LUMEN_MARGIN_MM
    plane = plane[np.hypot(plane[:, 0], plane[:, 1]) < within]
    values = np.concatenate([sampler.at(contour.frame.moved(height).to_world(plane)) for height in LUMEN_HEIGHTS_MM])
    values = values[np.isfinite(values)]
    lumen, noise = contour.lumen_hu, contour.noise_hu
    for _ in range(LUMEN_ROUNDS):
        # what is far off is leaflet, calcium or muscle
        near = values[np.abs(values - lumen) < LUMEN_CLIP * noise]
        if len(near) < LEAST_LUMEN_SAMPLES:
            return contour
        lumen, noise = float(near.mean()), max(float(near.std()) * CLIPPED_SD, 1.0)
    return replace(contour, lumen_hu=lumen, noise_hu=noise)


def _blur_mm(sampler: Sampler, contour: Contour) -> float:
    """Standard deviation of point spread and voxel along the plane's normal."""
    voxel = float(sampler.voxel_along_mm2(contour.frame.normal[None])[0])
    return float(np.sqrt(contour.model.sigma_mm**2 + voxel))


def _leaflet_votes(hinge_angles: FloatArray, height_mm: float, blur_mm: float) -> Votes:
    """How much an edge at these angles and this height counts: little as far as a leaflet's blur reaches.

    Below its attachment a leaflet is left soon; above it the narrow pocket behind the leaflet is not yet a lumen.
    """
    wider = LEAFLET_PER_BLUR * (blur_mm - USUAL_BLUR_MM)

    def votes(angles: FloatArray) -> FloatArray:
        away = np.abs(np.angle(np.exp(1j * (angles[:, None] - hinge_angles[None])))).min(axis=1)
        over = height_mm - CROWN_MM * (away / (np.pi / 3.0)) ** 2
        reach = np.where(over < 0.0, LEAFLET_BELOW_MM, LEAFLET_ABOVE_MM) + wider
        return np.asarray(np.maximum(1.0 - np.exp(-((over / reach) ** 6)), LEAST_VOTE))

    return votes


def _neighbours(
    sampler: Sampler, contour: Contour, hinge_angles: FloatArray, heights_mm: FloatArray
) -> list[tuple[float, Contour]]:
    """(height, contour) of the parallel planes up and down as far as the edge can be followed, the own one among them."""
    blur = _blur_mm(sampler, contour)
    planes = [(0.0, contour)]
    for heights in (heights_mm[heights_mm < 0][::-1], heights_mm[heights_mm > 0]):
        here = contour
        for height in heights:
            frame = contour.frame.moved(float(height))
            votes = _leaflet_votes(hinge_angles, float(height), blur)
            try:
                here = find_contour(sampler, frame, REACH_MM, model=contour.model, rounds=0, follow=here, votes=votes)
            except MeasurementError:
                break
            planes.append((float(height), here))
    return planes


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Places on the wall about the annulus's axis, (N,) each: angle, height, radius, and how much each counts."""

    angles: FloatArray
    heights_mm: FloatArray
    radii_mm: FloatArray
    votes: FloatArray

    @classmethod
    def of(
        cls, contour: Contour, planes: Sequence[tuple[float, Contour]], hinge_angles: FloatArray, blur_mm: float
    ) -> _Edges:
        rows = []
        for height, plane in planes:
            points = contour.frame.to_plane(plane.frame.to_world(plane.edge_mm))
            angles = np.arctan2(points[:, 1], points[:, 0])
            votes = np.where(plane.clear, _leaflet_votes(hinge_angles, height, blur_mm)(angles), 0.0)
            rows.append(np.stack([angles, np.full(len(angles), height), np.hypot(points[:, 0], points[:, 1]), votes]))
        return cls(*np.concatenate(rows, axis=1))


def _of_one_wall(
    sampler: Sampler, contour: Contour, planes: Sequence[tuple[float, Contour]], hinge_angles: FloatArray
) -> AnnulusWall:
    """The one wall fitted to all planes, and its contour at height zero."""
    blur_mm = _blur_mm(sampler, contour)
    edges = _Edges.of(contour, planes, hinge_angles, blur_mm)
    coefficients, covariance, residual, terms = fit_wall(
        edges.angles, edges.heights_mm, edges.radii_mm, edges.votes, blur_mm
    )
    coefficients = without_noise(coefficients, np.diag(covariance), FIRST_DOUBTFUL_HARMONIC)
    coefficients = without_blur(sampler, contour.frame, coefficients, contour.model.sigma_mm)
    radii = fourier_basis(equal_angles(CURVE_POINTS)) @ coefficients
    annulus = replace(
        contour,
        coefficients=frozen_array(coefficients),
        covariance=frozen_array(covariance),
        radii_mm=frozen_array(radii),
        residual_mm=residual,
    )
    heights = [height for height, _ in planes]
    return AnnulusWall(annulus, terms, (min(heights), max(heights)))


def fit_wall(
    angles: FloatArray, heights_mm: FloatArray, radii_mm: FloatArray, votes: FloatArray, blur_mm: float
) -> tuple[FloatArray, FloatArray, float, tuple[FloatArray, ...]]:
    """Coefficients of r(θ) at height zero, their covariance, the edges' spread in mm; those of s, k and both bends.

    All (N,). Model: r = a(θ) + s(θ)·h + k(θ)·|h| + parabolas of their own below and above, the last three blurred along
    h by a Gaussian of `blur_mm`. The planes hold too few independent edges to tell a kink from a bend once there is
    noise, and a twentieth of a millimetre hangs on it: all are held by how walls are, the mean kink by two kinds of them
    (`KINKS`), so that the curve lies between both where the image cannot decide. Cauchy weights. Neighbouring edges
    share voxels: covariance × 8.
    """
    along = _height_terms(heights_mm, blur_mm)
    own, field = fourier_basis(angles), fourier_basis(angles, FIELD_ORDER)
    design = np.concatenate([own, *(column[:, None] * field for column in along)], axis=1)
    usual, precision = _usual_wall()
    first, kink = own.shape[1], own.shape[1] + field.shape[1]
    keep = votes > 0
    design, values, votes = design[keep], radii_mm[keep], votes[keep]
    weights, noise = votes, 0.1
    for _ in range(ROUNDS):
        scale = CORRELATED * noise**2
        covariance = np.linalg.inv(design.T @ (weights[:, None] * design) / scale + np.diag(precision))
        solution = covariance @ (design.T @ (weights * values) / scale + precision * usual)
        solution, covariance = _with_usual_kink(solution, covariance, kink)
        residuals = values - design @ solution
        noise = max(1.4826 * _weighted_median(np.abs(residuals), votes), LEAST_NOISE_MM)
        weights = votes / (1.0 + (residuals / (2.385 * noise)) ** 2)
    return solution[:first], covariance[:first, :first], noise, tuple(solution[first:].reshape(4, -1))


def _with_usual_kink(solution: FloatArray, covariance: FloatArray, kink: int) -> tuple[FloatArray, FloatArray]:
    """Mean and covariance once the kink, so far told by the image alone, is also held by the usual ones of `KINKS`."""
    told, variance = float(solution[kink]), float(covariance[kink, kink])
    share, usual, spread = np.array(KINKS).T
    both = variance + spread**2
    odds = share * np.exp(-0.5 * (told - usual) ** 2 / both) / np.sqrt(both)
    odds = odds / odds.sum()
    means, variances = (told * spread**2 + usual * variance) / both, variance * spread**2 / both
    mean = float(odds @ means)
    left = float(odds @ (variances + means**2)) - mean**2
    column = covariance[:, kink] / variance
    return solution + column * (mean - told), covariance - np.outer(column, column) * (variance - left)


def _height_terms(heights_mm: FloatArray, blur_mm: float) -> tuple[FloatArray, ...]:
    """What slope, kink, bend below and bend above add at each height: the mean under the blur."""
    from scipy.special import ndtr

    h = heights_mm / blur_mm
    density, above = np.exp(-0.5 * h**2) / np.sqrt(2.0 * np.pi), ndtr(h)
    # means of max(z, 0) and max(z, 0)² for z normal about h
    ramp = (h * above + density) * blur_mm
    square = ((h**2 + 1.0) * above + h * density) * blur_mm**2
    both = heights_mm**2 + blur_mm**2
    return heights_mm, 2.0 * ramp - heights_mm, both - square, square


def _usual_wall() -> tuple[FloatArray, FloatArray]:
    """What each coefficient of the wall usually is, and how surely (1 / variance); nothing yet of the mean kink."""
    m = np.concatenate([[0], np.repeat(np.arange(1, FOURIER_ORDER + 1), 2)])
    shape = np.where(m < FIRST_DOUBTFUL_HARMONIC, 1e3, SHAPE_MM * np.exp(-SHAPE_FALL * m))
    means, spreads = [np.zeros(len(shape))], [shape]
    for usual, spread, around in (SLOPE, KINK, BEND_BELOW_PER_MM, BEND_ABOVE_PER_MM):
        means.append(np.append(usual, np.zeros(2 * FIELD_ORDER)))
        spreads.append(np.append(spread, np.full(2 * FIELD_ORDER, around)))
    return np.concatenate(means), 1.0 / np.concatenate(spreads) ** 2


def _weighted_median(values: FloatArray, weights: FloatArray) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, 0.5 * total[-1])])
