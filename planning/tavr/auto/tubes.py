"""Great vessels as tubes: seeds with a round section, followed both ways by sections across them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.progress import CancelToken
from planning.tavr.auto.coarse import Coarse

SEED_STEP_MM = 6.0
BLOOD_HU = (140.0, 1000.0)
RADIUS_MM = (8.0, 24.0)
EDGE_SHARE, DENSE_SHARE = 0.72, 1.7
RAY_STEP_MM, RAY_MM = 1.5, 36.0
RING_RAYS = 36
STEP_MM = 2.0
MOST_CHAINS, MOST_TRIES = 14, 60
ROUND = 0.14
LONGEST_MM = 420.0
BONE_SPREAD, BONE_RIM, BONE_STRIDE = 0.18, 0.18, 2
"""Blood is even and darker at its edge; bone is uneven and has a bright shell. Measured over eight scans: blood's spread is
at most 0.2 of its HU and 0.1 of its edge is bright, in bone from 0.2 and 0.2 on; both are asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """A vessel: (M, 3) centres every `STEP_MM`, (M,) mean radii, its blood's HU; in no order of flow."""

    centers_mm: FloatArray
    radii_mm: FloatArray
    blood_hu: float

    @property
    def length_mm(self) -> float:
        """Along the centres."""
        return float(np.linalg.norm(np.diff(self.centers_mm, axis=0), axis=1).sum())


def sphere_directions(count: int) -> FloatArray:
    """(count, 3) unit vectors evenly over the sphere."""
    n = np.arange(count) + 0.5
    z = 1.0 - 2.0 * n / count
    turn = np.pi * (1.0 + np.sqrt(5.0)) * n
    flat = np.sqrt(1.0 - z**2)
    return np.stack([flat * np.cos(turn), flat * np.sin(turn), z], axis=-1)


def _lengths(coarse: Coarse, starts: FloatArray, directions: FloatArray, edge_hu: FloatArray) -> FloatArray:
    """(N, D) how far one can go from (N, 3) starts along (N or 1, D, 3) directions before it gets darker than edge."""
    reach = np.arange(RAY_STEP_MM, RAY_MM + 1e-6, RAY_STEP_MM, dtype=np.float32)
    length = np.full((len(starts), directions.shape[1]), RAY_MM, dtype=np.float32)
    for first in range(0, len(starts), 1024):
        part = slice(first, first + 1024)
        ways = directions if len(directions) == 1 else directions[part]
        points = starts[part, None, None, :] + reach[:, None] * ways[:, :, None, :]
        values = coarse.nearest(points.astype(np.float32))
        edge = edge_hu[part, None, None]
        dark = (values < edge) | (values > DENSE_SHARE / EDGE_SHARE * edge)
        hit = dark.any(axis=-1)
        length[part][hit] = reach[np.argmax(dark, axis=-1)][hit] - RAY_STEP_MM / 2
    return length.astype(np.float64)


def _across(axes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Two unit vectors across each of (N, 3) axes."""
    helper = np.where(np.abs(axes[:, :1]) < 0.8, np.array([[1.0, 0.0, 0.0]]), np.array([[0.0, 1.0, 0.0]]))
    right = np.cross(axes, helper)
    right /= np.linalg.norm(right, axis=1)[:, None]
    return right, np.cross(axes, right)


def _rings(axes: FloatArray, rays: int) -> FloatArray:
    """(N, rays, 3) directions round (N, 3) axes."""
    right, up = _across(axes)
    turn = 2.0 * np.pi * np.arange(rays) / rays
    return np.asarray(np.cos(turn)[:, None] * right[:, None, :] + np.sin(turn)[:, None] * up[:, None, :])


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """Places in round vessels: (N, 3) centres and axes, (N,) radii, blood HU, and spread of the radius over the radius."""

    centers_mm: FloatArray
    axes: FloatArray
    radii_mm: FloatArray
    blood_hu: FloatArray
    unround: FloatArray


def find_seeds(coarse: Coarse) -> Seeds:
    """Bright places with a round section of a great vessel's size."""
    from scipy import ndimage

    stride = max(1, round(SEED_STEP_MM / coarse.step_mm))
    mean = ndimage.uniform_filter(coarse.values, 3)[::stride, ::stride, ::stride]
    inside = (mean > BLOOD_HU[0]) & (mean < BLOOD_HU[1])
    kji = np.argwhere(inside)
    starts = coarse.low_mm + kji[:, ::-1] * (stride * coarse.step_mm)
    blood = mean[inside].astype(np.float64)
    ways = sphere_directions(42)[None]
    length = _lengths(coarse, starts, ways, EDGE_SHARE * blood)
    wide = (np.quantile(length, 0.15, axis=1) > 0.45 * RADIUS_MM[0]) & (np.median(length, axis=1) < 30.0)
    starts, blood, length = starts[wide], blood[wide], length[wide]
    ends = length[:, :, None] * ways
    spread = np.einsum("ndi,ndj->nij", ends, ends)
    if not len(starts):
        empty = np.zeros((0, 3))
        return Seeds(empty, empty, np.zeros(0), np.zeros(0), np.zeros(0))
    axes = np.linalg.eigh(spread)[1][:, :, 2]
    unround, radius = np.ones(len(starts)), np.zeros(len(starts))
    for _ in range(3):
        rings = _rings(axes, 24)
        length = _lengths(coarse, starts, rings, EDGE_SHARE * blood)
        radius = np.median(length, axis=1)
        unround = 1.4826 * np.median(np.abs(length - radius[:, None]), axis=1) / np.maximum(radius, 1.0)
        starts = starts + 2.0 * np.mean(np.minimum(length, 1.6 * radius[:, None])[:, :, None] * rings, axis=1)
        blood = np.where(unround < 0.3, ball_median(coarse, starts), blood)
    good = (unround < ROUND) & (radius > RADIUS_MM[0]) & (radius < RADIUS_MM[1])
    good &= (blood > BLOOD_HU[0]) & (blood < BLOOD_HU[1])
    return Seeds(starts[good], axes[good], radius[good], blood[good], unround[good])


def ball_median(coarse: Coarse, points_mm: FloatArray) -> FloatArray:
    """(N,) median over a small ball about each point."""
    ball = 3.0 * sphere_directions(18)
    return np.asarray(np.median(coarse.at(points_mm[:, None] + ball), axis=1), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Ring:
    """One section: centre, (RING_RAYS,) lengths, share of the rays that met an edge."""

    center_mm: FloatArray
    lengths_mm: FloatArray
    closed: float


def section_ring(coarse: Coarse, center_mm: FloatArray, axis: FloatArray, edge_hu: float, reach_mm: float) -> Ring:
    """The section across `axis`; the centre is moved to the middle of what is seen."""
    center = center_mm
    rings = _rings(axis[None], RING_RAYS)[0]
    reach = np.arange(0.0, reach_mm, 1.0)
    lengths, closed = np.zeros(RING_RAYS), 0.0
    for _ in range(2):
        values = coarse.at(center + reach[:, None] * rings[:, None, :])
        # undiluted contrast in a vein next door is no part of the vessel either
        dark = (values < edge_hu) | (values > DENSE_SHARE / EDGE_SHARE * edge_hu)
        hit = dark.any(axis=1)
        first = np.maximum(np.argmax(dark, axis=1), 1)
        row = np.arange(RING_RAYS)
        above, below = values[row, first - 1], values[row, first]
        share = np.clip((above - edge_hu) / np.maximum(above - below, 1.0), 0.0, 1.0)
        lengths = np.where(hit, reach[first - 1] + share, reach_mm)
        closed = float(hit.mean())
        # a ray stopped by a leaflet or let out by an opening is no wall
        near = np.median(np.stack([np.roll(lengths, n) for n in (-3, -2, -1, 0, 1, 2, 3)]), axis=0)
        lengths = np.clip(lengths, near - 2.5, near + 2.5)
        center = center + 2.0 * np.mean(lengths[:, None] * rings, axis=0) * 0.8
    return Ring(center, lengths, closed)


def _follow(
    coarse: Coarse, center: FloatArray, axis: FloatArray, radius: float, blood: float, cancel: CancelToken | None
) -> tuple[list[FloatArray], list[float]]:
    """Centres and radii from a seed along `axis` until the tube ends."""
    centers, radii = [center], [radius]
    while len(centers) * STEP_MM < LONGEST_MM:
        if cancel is not None:
            cancel.raise_if_set()
        width = float(np.median(radii[-5:]))
        ahead = centers[-1] + STEP_MM * axis
        ring = section_ring(coarse, ahead, axis, EDGE_SHARE * blood, 1.7 * width + 4.0)
        mean = float(np.median(ring.lengths_mm))
        here = float(ball_median(coarse, ring.center_mm[None])[0])
        uneven = float(ring.lengths_mm.std()) / max(mean, 1.0)
        if ring.closed < 0.7 or not 0.55 * width < mean < 1.5 * width or uneven > 0.3:
            break
        if abs(here - blood) > 0.25 * blood or mean < 0.75 * RADIUS_MM[0] or mean > 1.1 * RADIUS_MM[1]:
            break
        step = ring.center_mm - centers[-1]
        if np.linalg.norm(step - (step @ axis) * axis) > 0.4 * width:
            break
        centers.append(ring.center_mm)
        radii.append(mean)
        recent = np.array(centers[-7:])
        if len(recent) >= 3:
            line = np.linalg.svd(recent - recent.mean(axis=0))[2][0]
            line = line if line @ axis > 0 else -line
            axis = 0.6 * axis + 0.4 * line
            axis = axis / np.linalg.norm(axis)
    return centers, radii


def find_chains(coarse: Coarse, cancel: CancelToken | None = None) -> list[Chain]:
    """The great vessels, each found from its roundest seed."""
    seeds = find_seeds(coarse)
    free: npt.NDArray[np.bool_] = np.ones(len(seeds.radii_mm), dtype=bool)
    chains: list[Chain] = []
    tries = 0
    for number in np.argsort(seeds.unround):
        if len(chains) >= MOST_CHAINS or tries >= MOST_TRIES:
            break
        if not free[number]:
            continue
        tries += 1
        start, axis = seeds.centers_mm[number], seeds.axes[number]
        radius, blood = float(seeds.radii_mm[number]), float(seeds.blood_hu[number])
        one, wide_one = _follow(coarse, start, axis, radius, blood, cancel)
        two, wide_two = _follow(coarse, start, -axis, radius, blood, cancel)
        centers = np.array(two[:0:-1] + one)
        radii = np.array(wide_two[:0:-1] + wide_one)
        free[number] = False
        if len(centers) < 6:
            continue
        away = np.linalg.norm(seeds.centers_mm[:, None] - centers[None], axis=2)
        near = np.argmin(away, axis=1)
        free &= away[np.arange(len(away)), near] > 1.1 * radii[near]
        chain = Chain(centers, radii, blood)
        if not is_bone(coarse, chain):
            chains.append(chain)
    return chains


def is_bone(coarse: Coarse, chain: Chain) -> bool:
    """A row of vertebrae or a limb's bone followed like a vessel, as scans without contrast have it."""
    centers, radii = chain.centers_mm[::BONE_STRIDE], chain.radii_mm[::BONE_STRIDE]
    along = np.gradient(chain.centers_mm, axis=0)[::BONE_STRIDE]
    rings = _rings(along / np.maximum(np.linalg.norm(along, axis=1), 1e-9)[:, None], 24)

    def shells(shares: tuple[float, ...]) -> FloatArray:
        places = [centers[:, None] + share * radii[:, None, None] * rings for share in shares]
        return np.stack([coarse.at(place) for place in places], axis=-1)

    inner = shells((0.2, 0.4, 0.6)).reshape(len(centers), -1)
    low, middle, high = np.quantile(inner, (0.1, 0.5, 0.9), axis=1)
    rim = shells((0.75, 0.9, 1.0, 1.1, 1.25)).max(axis=-1)
    spread = float(np.median(high - low)) / chain.blood_hu
    return spread > BONE_SPREAD and float((rim > 1.2 * middle[:, None]).mean()) > BONE_RIM
