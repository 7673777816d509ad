"""Where a blurred bright lumen ends: lumen, wall and what lies behind it, fitted together.

A thin wall in fat is not a step. Fitted as one, it puts the edge outwards by up to half a millimetre, the more the
wider the blur. Here each sector of a section is fitted by three layers (lumen, wall, outside) behind one Gaussian blur;
blur, wall thickness and wall brightness are shared by all sectors, because one sector alone cannot tell them apart.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray

LEAST_CONTRAST_HU = 60.0
STEP_MM = 0.1
INSIDE_MM = 2.0
OUTSIDE_MM = 1.3
OUTSIDE_BLURS = 1.8
SHIFTS_MM = np.arange(-0.72, 0.721, 0.06)
WALLS_MM = np.array((0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.1, 2.5, 3.1, 5.0))
SIGMAS_MM = np.geomspace(0.18, 1.45, 22)
SIGMA_STEP_MM = 0.02
WALL_HU, ANY_WALL_HU = 70.0, 40.0
SPREAD_HU, SPREAD_MM, NO_WALL_SPREAD_MM, ANY_MM = 6.0, 0.35, 0.1, 1e3
LOCAL_MM, LOCAL_HU, LOCAL_OUTSIDE_HU = 0.1, 2.0, 15.0
WALL_GAIN, WALL_GAIN_SHARE = 6.0, 0.006
CORRELATED_SAMPLES = 7.0
LEAST_NOISE_HU = 6.0
ROUNDS = 2
ROWS_AT_ONCE = 24
"""Few enough that the linear algebra stays on one thread: handing out such small work costs more than doing it."""


@dataclass(frozen=True, slots=True)
class EdgeModel:
    """What the edge of one vessel has in common all round.

    sigma_mm: standard deviation of the point spread without the voxels' share. wall_mm, wall_hu: the typical wall.
    """

    sigma_mm: float
    wall_mm: float
    wall_hu: float


@dataclass(frozen=True, slots=True, eq=False)
class Sectors:
    """Mean profiles across the edge, straightened along the path and averaged over short arcs.

    offsets_mm: (X,) along the outward normal from the path. values: (S, X) HU. trust: (S, X) how many independent rays
    stand behind a sample, 0 for none. lumen_hu, noise_hu: (S,) of the section each belongs to. voxel_mm2: (S,) variance
    that the voxels add to the blur in this direction.
    """

    offsets_mm: FloatArray
    values: FloatArray
    trust: FloatArray
    lumen_hu: FloatArray
    noise_hu: FloatArray
    voxel_mm2: FloatArray

    @classmethod
    def joined(cls, parts: Sequence[Sectors]) -> Sectors:
        """The sectors of several sections as one set; their offsets must be the same."""
        return cls(
            parts[0].offsets_mm,
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("values", "trust", "lumen_hu", "noise_hu", "voxel_mm2")
            ),
        )


@dataclass(frozen=True, slots=True, eq=False)
class EdgeFit:
    """(S,) shift of the half-way place of the lumen's edge from the path, NaN where it cannot be told; the wall; cost.

    cost_by_wall: (S, T) least cost for each thickness of WALLS_MM, the prior taken off.
    """

    shift_mm: FloatArray
    spread_mm: FloatArray
    wall_mm: FloatArray
    wall_hu: FloatArray
    outside_hu: FloatArray
    cost: FloatArray
    cost_by_wall: FloatArray

    def part(self, rows: slice) -> EdgeFit:
        """The same for some of the sectors."""
        return EdgeFit(*(getattr(self, name)[rows] for name in self.__slots__))


def profile_offsets_mm(sigma_mm: float) -> FloatArray:
    """(X,) where profiles are sampled: farther out for a wider blur, to see behind the wall."""
    return np.arange(-INSIDE_MM, OUTSIDE_MM + OUTSIDE_BLURS * sigma_mm + 1e-9, STEP_MM)


def fit_edge(fine: Sectors, coarse: Sectors, model: EdgeModel | None) -> tuple[EdgeFit, EdgeModel]:
    """The edge of every fine sector of one section, and the model: fitted to the coarse ones where it is not given.

    fine, coarse: the same section's sectors at equal angles from 0, over short and over long arcs. What lies behind the
    lumen changes slowly round it and is read from the long arcs; the short ones then tell only where the edge is.
    Raises MeasurementError when no sector shows an edge.
    """
    if model is None:
        model = fit_model(coarse)
    layers = _fit(coarse, _Layers.common(model, len(coarse.values)))
    seen = np.isfinite(layers.shift_mm)
    if not seen.any():
        raise _unclear()
    at = np.arange(len(seen)) * (2.0 * np.pi / len(seen))
    angles = np.arange(len(fine.values)) * (2.0 * np.pi / len(fine.values))
    wall_mm, wall_hu, outside_hu = (
        np.interp(angles, at[seen], values[seen], period=2.0 * np.pi)
        for values in (layers.wall_mm, layers.wall_hu, layers.outside_hu)
    )
    local = _Layers(model.sigma_mm, wall_mm, wall_hu, outside_hu, LOCAL_MM, LOCAL_HU, LOCAL_OUTSIDE_HU)
    return _fit(fine, local), model


def fit_model(coarse: Sectors) -> EdgeModel:
    """Blur and wall of sectors over long arcs, of one section or of several. Raises MeasurementError without an edge."""
    if not (coarse.trust.sum(axis=1) > 0).any():
        raise _unclear()
    wall_hu = WALL_HU
    for number in range(ROUNDS):
        model = _common_model(coarse, wall_hu)
        if number < ROUNDS - 1:
            layers = _Layers.common(model, len(coarse.values))
            wall_hu = _usual_wall_hu(_fit(coarse, replace(layers, spread_hu=ANY_WALL_HU)), model)
    return model


def _unclear() -> MeasurementError:
    return MeasurementError("The lumen has no edge that can be measured here", "Check the contrast", "unclear_edge")


@dataclass(frozen=True, slots=True, eq=False)
class _Layers:
    """What is expected of each sector's layers, (S,) each, and how far it may be from that."""

    sigma_mm: float
    wall_mm: FloatArray
    wall_hu: FloatArray
    outside_hu: FloatArray
    spread_mm: float
    spread_hu: float
    outside_spread_hu: float

    @classmethod
    def common(cls, model: EdgeModel, count: int, spread_mm: float | None = None) -> _Layers:
        """The model's wall for every sector; anything behind it."""
        if spread_mm is None:
            spread_mm = SPREAD_MM if model.wall_mm > 0 else NO_WALL_SPREAD_MM
        ones = np.ones(count)
        return cls(model.sigma_mm, model.wall_mm * ones, model.wall_hu * ones, 0.0 * ones, spread_mm, SPREAD_HU, 1e3)


def _common_model(sectors: Sectors, wall_hu: float) -> EdgeModel:
    """The blur and the wall thickness that explain all sectors best with one wall brightness.

    A wall is only believed where it explains clearly more than none does: noise likes layers.
    """

    def totals(sigma: float) -> FloatArray:
        over = _fit(sectors, _Layers.common(EdgeModel(sigma, 0.0, wall_hu), len(sectors.values), ANY_MM)).cost_by_wall
        over = over[np.isfinite(over).any(axis=1)]
        if not len(over):
            return np.full(len(WALLS_MM), np.inf)
        # a sector that no layer explains must not choose for all
        return np.asarray(np.minimum(over, 10.0 + 6.0 * np.median(over.min(axis=1))).sum(axis=0))

    coarse = np.array([totals(float(sigma)) for sigma in SIGMAS_MM[::3]])
    if not np.isfinite(coarse).any():
        raise _unclear()
    rows = {3 * n: row for n, row in enumerate(coarse)}
    # without and with a wall the best blur differs: both are looked at closely
    for best in {int(np.argmin(coarse[:, 0])), int(np.argmin(coarse[:, 1:].min(axis=1)))}:
        for n in range(3 * best - 2, 3 * best + 3):
            if 0 <= n < len(SIGMAS_MM) and n not in rows:
                rows[n] = totals(float(SIGMAS_MM[n]))
    numbers = sorted(rows)
    logs = np.log(SIGMAS_MM[numbers])
    table = np.array([rows[n] for n in numbers])
    none = _bottom(logs, table[:, 0], int(np.argmin(table[:, 0])))
    wall = 1 + int(np.argmin(table[:, 1:].min(axis=0)))
    at = int(np.argmin(table[:, wall]))
    some = _bottom(logs, table[:, wall], at)
    if none[1] - some[1] < max(WALL_GAIN, WALL_GAIN_SHARE * none[1]):
        return EdgeModel(float(np.exp(none[0])), 0.0, wall_hu)
    thickness = _bottom(WALLS_MM, table[at], wall)[0] if wall < len(WALLS_MM) - 2 else float(WALLS_MM[wall])
    return EdgeModel(float(np.exp(some[0])), thickness, wall_hu)


def _bottom(places: FloatArray, values: FloatArray, at: int) -> tuple[float, float]:
    """Place and value of the bottom of the parabola through the three values about the least."""
    here = float(places[at]), float(values[at])
    if not 0 < at < len(places) - 1 or not np.isfinite(values[at - 1 : at + 2]).all():
        return here
    bend, slope, level = np.polyfit(places[at - 1 : at + 2] - places[at], values[at - 1 : at + 2], 2)
    if bend <= 0:
        return here
    step = float(np.clip(-0.5 * slope / bend, places[at - 1] - places[at], places[at + 1] - places[at]))
    return float(places[at]) + step, float(level + slope * step + bend * step**2)


def _usual_wall_hu(fit: EdgeFit, model: EdgeModel) -> float:
    """Median brightness of the walls thick enough to show it; the model's where there are few."""
    plain = np.isfinite(fit.shift_mm) & (fit.wall_mm > 1.2 * model.sigma_mm)
    return float(np.median(fit.wall_hu[plain])) if plain.sum() >= 5 else model.wall_hu


def _fit(sectors: Sectors, layers: _Layers) -> EdgeFit:
    """Best shift and layers of every sector; sectors with the same blur share one net."""
    blur = np.sqrt(layers.sigma_mm**2 + sectors.voxel_mm2)
    steps = np.maximum(np.rint(blur / SIGMA_STEP_MM).astype(int), 4)
    count = len(blur)
    shift, spread, wall, wall_hu, outside, cost = (np.full(count, np.nan) for _ in range(6))
    found = EdgeFit(shift, spread, wall, wall_hu, outside, cost, np.full((count, len(WALLS_MM)), np.nan))
    for step in np.unique(steps):
        alike = np.flatnonzero(steps == step)
        net = _net(int(step), len(sectors.offsets_mm))
        for first in range(0, len(alike), ROWS_AT_ONCE):
            rows = alike[first : first + ROWS_AT_ONCE]
            part = _fit_rows(sectors, rows, net, layers)
            for name in EdgeFit.__slots__:
                getattr(found, name)[rows] = getattr(part, name)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Net:
    """The three layers' shares at every offset, for every shift and wall thickness, and their products, `[X, …]`.

    lumen: (X, D) over shifts. wall, rest: (X, D·T) over shifts and thicknesses.
    """

    blur_mm: float
    offsets_mm: FloatArray
    lumen: FloatArray
    wall: FloatArray
    rest: FloatArray
    lumen_wall: FloatArray
    lumen_rest: FloatArray
    wall_rest: FloatArray


@functools.lru_cache(maxsize=96)
def _net(step: int, count: int) -> _Net:
    from scipy.special import ndtr

    blur = step * SIGMA_STEP_MM
    x = -INSIDE_MM + STEP_MM * np.arange(count)
    lumen = ndtr((SHIFTS_MM - x[:, None]) / blur)
    outer = ndtr((SHIFTS_MM[:, None] + WALLS_MM - x[:, None, None]) / blur)
    wall = (outer - lumen[:, :, None]).reshape(count, -1)
    rest = (1.0 - outer).reshape(count, -1)
    every = np.repeat(lumen, len(WALLS_MM), axis=1)
    return _Net(blur, np.asarray(x, dtype=np.float64), lumen, wall, rest, every * wall, every * rest, wall * rest)


def forget_nets() -> None:
    """Let go of the layers' shares: 0.7 MB for each blur, of which a heart's plan asks for some 35. Each is made in 0.5 ms."""
    _net.cache_clear()


def _fit_rows(sectors: Sectors, rows: npt.NDArray[np.intp], net: _Net, layers: _Layers) -> EdgeFit:
    """Least squares over a net of shifts and wall thicknesses; wall and outside brightness in closed form."""
    trust = sectors.trust[rows]
    values = np.where(trust > 0, sectors.values[rows], 0.0)
    level, noise = sectors.lumen_hu[rows, None], np.maximum(sectors.noise_hu[rows, None], LEAST_NOISE_HU)
    # samples far outside may belong to a neighbour: they count less
    weight = trust / (noise**2 * CORRELATED_SAMPLES) * np.clip(1.35 - (net.offsets_mm - net.blur_mm) / 2.0, 0.25, 1.0)
    walls = len(WALLS_MM)
    prior = ((WALLS_MM - layers.wall_mm[rows, None]) / layers.spread_mm) ** 2
    usual, behind = layers.wall_hu[rows, None], layers.outside_hu[rows, None]
    sure, behind_sure = 1.0 / layers.spread_hu**2, 1.0 / layers.outside_spread_hu**2
    n = np.arange(len(rows))
    for attempt in range(2):
        weighted = weight * values
        ww, wo, oo = weight @ net.wall**2, weight @ net.wall_rest, weight @ net.rest**2
        yw = weighted @ net.wall - level * (weight @ net.lumen_wall)
        yo = weighted @ net.rest - level * (weight @ net.lumen_rest)
        yy = (weighted * values).sum(axis=1, keepdims=True) - 2.0 * level * (weighted @ net.lumen)
        yy = np.repeat(yy + level**2 * (weight @ net.lumen**2), walls, axis=1)
        a, c = ww + sure, oo + behind_sure
        p, q = yw + usual * sure, yo + behind * behind_sure
        det = a * c - wo**2
        wall_hu, outside_hu = (p * c - q * wo) / det, (q * a - p * wo) / det
        cost = yy - wall_hu * p - outside_hu * q + usual**2 * sure + behind**2 * behind_sure
        cost += np.tile(prior, (1, len(SHIFTS_MM)))
        cost[wall_hu > level - LEAST_CONTRAST_HU] = np.inf
        if attempt == 0:
            best = np.argmin(cost, axis=1)
            fitted = level * net.lumen[:, best // walls].T + wall_hu[n, best, None] * net.wall[:, best].T
            fitted += outside_hu[n, best, None] * net.rest[:, best].T
            # a leaflet inside or a neighbour outside is no part of the three layers
            away = np.abs(values - fitted) / (4.0 * noise / np.sqrt(np.maximum(trust, 1.0)) + 8.0)
            weight = weight / (1.0 + away**2)
    return _most_probable(cost, prior, wall_hu, outside_hu)


def _most_probable(cost: FloatArray, prior: FloatArray, wall_hu: FloatArray, outside_hu: FloatArray) -> EdgeFit:
    """The thickness of least cost, and the bottom of the parabola over the shifts at that thickness."""
    shifts, walls = len(SHIFTS_MM), len(WALLS_MM)
    n = np.arange(len(cost))
    net = cost.reshape(-1, shifts, walls)
    at = np.argmin(net, axis=1)
    inner = np.clip(at, 1, shifts - 2)
    left, middle, right = (np.take_along_axis(net, (inner + step)[:, None], axis=1)[:, 0] for step in (-1, 0, 1))
    with np.errstate(invalid="ignore"):
        bend, slope = left - 2.0 * middle + right, right - left
        good = np.isfinite(bend) & (bend > 1e-9) & (at == inner)
        bend = np.where(good, bend, 1.0)
        step = np.where(good, np.clip(-0.5 * slope / bend, -0.5, 0.5), 0.0)
        least = np.where(good, middle + 0.5 * slope * step + 0.5 * bend * step**2, net.min(axis=1))
    thickness = np.argmin(least, axis=1)
    at, step, bend = at[n, thickness], step[n, thickness], bend[n, thickness]
    best = at * walls + thickness
    ok = np.isfinite(least[n, thickness])
    lost = ~ok | (at == 0) | (at == shifts - 1)
    grain = float(SHIFTS_MM[1] - SHIFTS_MM[0])
    return EdgeFit(
        np.where(lost, np.nan, SHIFTS_MM[at] + grain * step),
        grain * np.sqrt(2.0 / bend),
        WALLS_MM[thickness],
        wall_hu[n, best],
        outside_hu[n, best],
        np.where(ok, least[n, thickness], np.inf),
        least - prior,
    )
