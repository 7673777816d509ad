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
from planning.mesh import SurfaceMesh
from planning.volume import Mask

CALIBRATION = "liver_margin_calibration.json"
AXIS_POWER = 8
CREASED_MM = 0.2
"""A mean depth of creases at which a tumour is as odd as any."""
HULL_POINTS = 4000
SMOOTHED_MM2 = 6.0
SATURATION = 0.25
"""The steps that are added to a radius of curvature: an end is not lost by more than about two of the steps it hides in."""
HALF_STEP = 0.45
"""One-sided 95 % of a place that is equally likely anywhere between two neighbouring voxel centres, in steps."""
LEAST_WAY_MM = 1e-6
LEAST_UNCERTAINTY_MM = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """What a tumour's form says of how well its surface is known: its ends' sharpness and its oddness.

    The measured surface cannot tell how sharp an end is: it is smoothed by more than a pointed end's own radius. The
    ellipsoid that has the mask's second moments tells. Where lobes or touching pieces meet, the smoothed surface fills
    the crease and sinks on both its shoulders; thin and long tumours are off as a whole.

    squared_mm: (3, 3) A along the grid's axes; the ellipsoid is xᵀA⁻¹x = 1. ball_mm: radius of the ball of the
    tumour's volume. crease_mm: what its convex hull holds beside it, spread over that ball's surface.
    """

    squared_mm: FloatArray
    ball_mm: float
    crease_mm: float

    @classmethod
    def of(cls, mask: Mask, surface: SurfaceMesh) -> Form:
        """Of a mask of at least one voxel. The second moments of a solid ellipsoid are a fifth of its squared axes."""
        spacing = mask.grid.spacing_mm
        k, j, i = np.nonzero(mask.voxels)
        places = np.stack([i, j, k], axis=1) * spacing
        away = places - places.mean(axis=0)
        moments = away.T @ away / len(away) + np.diag(spacing**2 / 12.0)
        ball = float(np.cbrt(0.75 * len(away) * mask.grid.voxel_mm3 / np.pi))
        beside_mm3 = 1000.0 * max(_hull_ml(surface) - surface.volume_ml, 0.0)
        return cls(5.0 * moments, ball, beside_mm3 / (4.0 * np.pi * ball**2))

    @property
    def oddness(self) -> float:
        """0 for a ball to 1 for a creased, a very flat or a very long tumour."""
        squared = np.linalg.eigvalsh(self.squared_mm)
        stretch = (1.0 - np.sqrt(max(squared[0], 0.0) / squared[-1])) ** 2
        return float(max(min(self.crease_mm / CREASED_MM, 1.0), stretch))

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


def _hull_ml(surface: SurfaceMesh) -> float:
    """Volume of a closed surface's convex hull; the surface's own where it has fewer points than a body."""
    from scipy.spatial import ConvexHull, QhullError

    points = surface.points_mm
    try:
        return float(ConvexHull(points[:: len(points) // HULL_POINTS + 1]).volume) / 1000.0
    except (QhullError, ValueError):
        return surface.volume_ml


@functools.cache
def _calibration() -> dict[str, float]:
    text = importlib.resources.files("assets").joinpath(CALIBRATION).read_text(encoding="utf-8")
    return {key: float(value) for key, value in json.loads(text)["fit"].items()}


def margin_terms(
    spacing_mm: FloatArray, radius_mm: npt.ArrayLike, ways: FloatArray, oddness: float = 0.0
) -> FloatArray:
    """(…, 4) what a, cap, bend and odd are multiplied with; see `margin_uncertainty_mm`. ways: (…, 3) unit."""
    steps = ways**2 @ spacing_mm
    radius = np.asarray(radius_mm, dtype=np.float64)
    angle = np.arccos(np.clip(np.abs(ways), 0.0, 1.0))
    wide = np.sqrt(2.0 * spacing_mm / np.maximum(radius, LEAST_WAY_MM)[..., None])
    cap = (spacing_mm * np.maximum(1.0 - angle / wide, 0.0) ** 2).max(axis=-1)
    bend = steps * np.sqrt(steps / (radius + SATURATION * steps))
    odd = oddness * float(spacing_mm.max())
    return np.stack(np.broadcast_arrays(np.ones_like(cap), cap, bend, odd), axis=-1)


def following_terms(spacing_mm: FloatArray, oddness: float) -> FloatArray:
    """(2,) what following and following_odd are multiplied with; see `margin_uncertainty_mm`.

    Beside a crease the surface sinks by what it is smoothed at thin slices, by what these hide at thick ones.
    """
    most = float(spacing_mm.max())
    return np.array([most, oddness * (1.0 + most**2 / SMOOTHED_MM2)])


def margin_uncertainty_mm(
    spacing_mm: npt.ArrayLike,
    radius_mm: npt.ArrayLike,
    ways: npt.ArrayLike | None = None,
    *,
    oddness: float = 0.0,
    follows: bool = False,
) -> FloatArray:
    """One-sided 95 %: how much smaller the true margin may be for what is not known of the tumour's surface,
    u = a + cap·max hᵢ(1 − θᵢ/√(2hᵢ/r))²₊ + bend·s√(s/(r + s/4)) + odd·o·h, s = Σ hᵢnᵢ², by the direction n of the
    margin, θᵢ its angle to each of the grid's axes; with following·h + following_odd·o·(1 + h²/6) where a cut follows.

    A ball's cap that lies between two slices is in neither: a step high and √(2hᵢ/r) wide at most, so that a plane along
    the slices is off by up to half a step and one beside that angle is not (cap). Elsewhere an end is placed by the
    voxels of the cap that is a step high, about r/s of them, each to within a step: s/√(r/s) (bend). Creased, flat and
    long tumours are off in all directions (odd).

    spacing_mm: (3,) hᵢ of the segmentation, h its greatest. radius_mm: r, (…,) of the tumour's end in that direction
    (`Form.radius_mm`) or of the ball of its volume. ways: (…, 3) directions along the grid's axes, of any length; None,
    and a length of 0, is the worst of the axes. oddness: o (`Form.oddness`). follows: the cut was laid along the
    tumour's measured surface, so that the worst of all places counts. Answers (…,).
    The fit is made on voxelised tumours by tests/benchmarks/bench_margin.py; errors of the segmentation itself are
    not in it. It is never less than LEAST_UNCERTAINTY_MM: no distance is known better than it is printed.
    """
    step_mm = np.asarray(spacing_mm, dtype=np.float64)
    worst = np.eye(3)[int(step_mm.argmax())]
    way = worst if ways is None else np.asarray(ways, dtype=np.float64)
    length = np.linalg.norm(way, axis=-1, keepdims=True)
    way = np.where(length > LEAST_WAY_MM, way / np.maximum(length, LEAST_WAY_MM), worst)
    fit = _calibration()
    terms = margin_terms(step_mm, radius_mm, way, oddness)
    spread = terms @ np.array([fit[key] for key in ("a_mm", "cap", "bend", "odd")])
    spread = np.maximum(spread, LEAST_UNCERTAINTY_MM)
    if follows:
        spread = spread + following_terms(step_mm, oddness) @ np.array([fit["following"], fit["following_odd"]])
    return np.asarray(spread)


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
