"""The ± of a margin: how much smaller the true one may be, one-sided 95 %, of the tumour's surface and of the cut.

Three things are not known better than their voxels, and each has its own place here: where a tumour ends (worst at
pointed ends and between thick slices), where a cut lies that is itself a wall between voxels, and where the organ ends
when the margin is met at the cut's rim. Errors of the segmentation itself are in none of them.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Vector
from planning.volume import Mask

CALIBRATION = "liver_margin_calibration.json"
AXIS_POWER = 8
FOLLOWING_POWER = 1.25
SATURATION = 0.25
"""The steps that are added to a radius of curvature: an end is not lost by more than about two of the steps it hides in."""
HALF_STEP = 0.45
"""One-sided 95 % of a place that is equally likely anywhere between two neighbouring voxel centres, in steps."""
LEAST_WAY_MM = 1e-6
LEAST_UNCERTAINTY_MM = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Bluntness:
    """How sharply a tumour ends in each direction: the curvature of the ellipsoid that has its second moments.

    The measured surface cannot tell: it is smoothed by more than a pointed end's own radius.

    squared_mm: (3, 3) A along the grid's axes; the ellipsoid is xᵀA⁻¹x = 1. ball_mm: radius of the ball of the
    tumour's volume.
    """

    squared_mm: FloatArray
    ball_mm: float

    @classmethod
    def of(cls, mask: Mask) -> Bluntness:
        """Of a mask of at least one voxel. The second moments of a solid ellipsoid are a fifth of its squared axes."""
        spacing = mask.grid.spacing_mm
        k, j, i = np.nonzero(mask.voxels)
        places = np.stack([i, j, k], axis=1) * spacing
        away = places - places.mean(axis=0)
        moments = away.T @ away / len(away) + np.diag(spacing**2 / 12.0)
        return cls(5.0 * moments, float(np.cbrt(0.75 * len(away) * mask.grid.voxel_mm3 / np.pi)))

    def radius_mm(self, ways: FloatArray | None = None) -> FloatArray:
        """(…,) radius of curvature where the tumour ends in (…, 3) directions along the grid's axes, at most the ball's.

        It is 1/√(Gaussian curvature), abc/h² with h the ellipsoid's half-width along the direction. None, and a length
        of 0, is the most pointed end.
        """
        product = float(np.sqrt(max(np.linalg.det(self.squared_mm), 0.0)))
        most = float(np.linalg.eigvalsh(self.squared_mm)[-1])
        if ways is None:
            return np.asarray(min(product / most, self.ball_mm))
        length = (ways**2).sum(axis=-1)
        half = np.einsum("...i,ij,...j->...", ways, self.squared_mm, ways) / np.maximum(length, LEAST_WAY_MM**2)
        half = np.where(length > LEAST_WAY_MM**2, half, most)
        return np.asarray(np.minimum(product / half, self.ball_mm))

    def across_mm(self, ways: FloatArray | None = None) -> FloatArray:
        """(…, 3) radius of curvature of the same end across the direction, along each axis of the grid.

        A thin edge is bent sharply towards its faces and hardly along itself: of a normal n and a tangent t of length 1
        the ellipsoid has 1/(h·tᵀA⁻¹t).
        """
        way = self._most_pointed if ways is None else ways
        length = np.linalg.norm(way, axis=-1, keepdims=True)
        way = np.where(length > LEAST_WAY_MM, way / np.maximum(length, LEAST_WAY_MM), self._most_pointed)
        half = np.sqrt(np.einsum("...i,ij,...j->...", way, self.squared_mm, way))
        tangents = np.eye(3) - way[..., :, None] * way[..., None, :]
        bent = np.einsum("...ai,ij,...aj->...a", tangents, np.linalg.inv(self.squared_mm), tangents)
        squared = np.maximum((tangents**2).sum(axis=-1), LEAST_WAY_MM**2)
        return np.asarray(squared / np.maximum(bent * half[..., None], LEAST_WAY_MM**3))

    @property
    def _most_pointed(self) -> FloatArray:
        return np.asarray(np.linalg.eigh(self.squared_mm)[1][:, -1])


@functools.cache
def _calibration() -> dict[str, float]:
    text = importlib.resources.files("assets").joinpath(CALIBRATION).read_text(encoding="utf-8")
    return {key: float(value) for key, value in json.loads(text)["fit"].items()}


def margin_terms(
    spacing_mm: FloatArray, radius_mm: npt.ArrayLike, ways: FloatArray, across_mm: FloatArray | None = None
) -> FloatArray:
    """(…, 4) what a, cap, bend and edge are multiplied with; see `margin_uncertainty_mm`. ways: (…, 3) unit."""
    steps = ways**2 @ spacing_mm
    radius = np.asarray(radius_mm, dtype=np.float64)
    angle = np.arccos(np.clip(np.abs(ways), 0.0, 1.0))
    wide = np.sqrt(2.0 * spacing_mm / np.maximum(radius, LEAST_WAY_MM)[..., None])
    cap = (spacing_mm * np.maximum(1.0 - angle / wide, 0.0) ** 2).max(axis=-1)
    bend = steps * np.sqrt(steps / (radius + SATURATION * steps))
    # a step of each axis as far as it runs along the tumour's end
    along = spacing_mm * np.sqrt(np.maximum(1.0 - ways**2, 0.0))
    edge = (along**2 / ((radius[..., None] if across_mm is None else across_mm) + SATURATION * along)).max(axis=-1)
    return np.stack(np.broadcast_arrays(np.ones_like(cap), cap, bend, edge), axis=-1)


def margin_uncertainty_mm(
    spacing_mm: npt.ArrayLike,
    radius_mm: npt.ArrayLike,
    ways: npt.ArrayLike | None = None,
    *,
    across_mm: FloatArray | None = None,
    follows: bool = False,
) -> FloatArray:
    """One-sided 95 %: how much smaller the true margin may be for what is not known of the tumour's surface,
    u = a + cap·max hᵢ(1 − θᵢ/√(2hᵢ/r))²₊ + bend·s√(s/(r + s/4)) + edge·max lᵢ²/(rᵢ + lᵢ/4) (+ following·h^1.25),
    s = Σ hᵢnᵢ², lᵢ = hᵢ√(1 − nᵢ²), by the direction n of the margin, θᵢ its angle to each of the grid's axes.

    A ball's cap that lies between two slices is in neither: a step high and √(2hᵢ/r) wide at most, so that a plane along
    the slices is off by up to half a step and one beside that angle is not (cap). Elsewhere an end is placed by the
    voxels of the cap that is a step high, about r/s of them, each to within a step: s/√(r/s) (bend). A thin edge that
    lies between two slices is cut short by the sagitta of half a step, lᵢ²/8rᵢ (edge).

    spacing_mm: (3,) hᵢ of the segmentation, h its greatest. radius_mm: r, (…,) of the tumour's end in that direction
    (`Bluntness.radius_mm`) or of the ball of its volume. across_mm: rᵢ, (…, 3) (`Bluntness.across_mm`); None is r.
    ways: (…, 3) directions along the grid's axes, of any length; None, and a length of 0, is the worst of the axes.
    follows: the cut was laid along the tumour's measured surface, so that the worst of all places counts. Answers (…,).
    The fit is made on voxelised tumours by tests/benchmarks/bench_margin.py; errors of the segmentation itself are
    not in it. It is never less than LEAST_UNCERTAINTY_MM: no distance is known better than it is printed.
    """
    step_mm = np.asarray(spacing_mm, dtype=np.float64)
    worst = np.eye(3)[int(step_mm.argmax())]
    way = worst if ways is None else np.asarray(ways, dtype=np.float64)
    length = np.linalg.norm(way, axis=-1, keepdims=True)
    way = np.where(length > LEAST_WAY_MM, way / np.maximum(length, LEAST_WAY_MM), worst)
    fit = _calibration()
    terms = margin_terms(step_mm, radius_mm, way, across_mm)
    spread = terms @ np.array([fit[key] for key in ("a_mm", "cap", "bend", "edge")])
    spread = np.maximum(spread, LEAST_UNCERTAINTY_MM)
    return np.asarray(spread + (fit["following"] * step_mm.max() ** FOLLOWING_POWER if follows else 0.0))


def wall_uncertainty_mm(spacing_mm: FloatArray, way: Vector) -> float:
    """One-sided 95 % of where a cut lies that is a wall between the voxels removed and kept, as a territory's is.

    The wall may lie anywhere between the last centre removed and the first one kept: half a step either way where it
    lies along the voxels' faces (HALF_STEP·hᵢ|nᵢ|⁸). A slanting wall crosses many voxels and is known better by its
    staircase; a share of the step is left (`wall` of the fit).

    spacing_mm: (3,) of the organ's voxels. way: (3,) along the grid's axes, of any length; 0 is the worst of the axes.
    """
    length = float(np.linalg.norm(way))
    if length <= LEAST_WAY_MM:
        return HALF_STEP * float(spacing_mm.max())
    unit = way / length
    return float(
        HALF_STEP * (np.abs(unit) ** AXIS_POWER @ spacing_mm) + _calibration()["wall"] * (unit**2 @ spacing_mm)
    )


def rim_uncertainty_mm(spacing_mm: FloatArray, way: Vector, normal: Vector) -> float:
    """One-sided 95 % of a margin that is met at the rim of the cut, where the organ's last voxel is, or another cut.

    At the rim the shortest way does not stand on the cut. The rim lies anywhere within half a step, which changes the
    margin by as much as the way leans along the cut; elsewhere the way stands upright and nothing is added.

    way: (3,), normal: (3,) of the cut there, along the grid's axes, of any length.
    """
    length, across = float(np.linalg.norm(way)), float(np.linalg.norm(normal))
    if min(length, across) <= LEAST_WAY_MM:
        return 0.0
    leaning = way / length - (way @ normal) * normal / (length * across**2)
    return float(HALF_STEP * np.linalg.norm(leaning * spacing_mm))
