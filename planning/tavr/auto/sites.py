"""Where along a great vessel a root could be: three lobes, a bulge between two waists, thin dark leaflets in the lumen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.tavr.auto.tubes import EDGE_SHARE, STEP_MM, Chain
from planning.volume import PADDING_HU, Volume

RAYS = 60
SLICE_MM = 1.0
RAY_STEP_MM, REACH_MM = 0.6, 30.0
SMOOTH_MM = 7.0
LEAST_RISE = -0.1
APART_MM = 9.0
JOIN_MM, JOIN_COS = 14.0, 0.55


def raw_at(volume: Volume, points_mm: FloatArray) -> npt.NDArray[np.float32]:
    """(…,) linear values at (…, 3) LPS points; air outside."""
    from scipy import ndimage

    index = np.moveaxis(volume.grid.to_index(points_mm)[..., ::-1], -1, 0)
    found = ndimage.map_coordinates(
        volume.voxels, index, order=1, mode="constant", cval=float(PADDING_HU), output=np.float32
    )
    return np.asarray(found)


def smooth_line(centers_mm: FloatArray, step_mm: float, sigma_mm: float) -> tuple[FloatArray, FloatArray]:
    """Points every `step_mm` along a smoothed line, and unit tangents there."""
    from scipy import ndimage

    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(centers_mm, axis=0), axis=1))])
    at = np.arange(0.0, along[-1] + 1e-6, step_mm)
    points = np.stack([np.interp(at, along, centers_mm[:, n]) for n in range(3)], axis=1)
    # mirrored about the ends, so that the ends stay in their place
    pad = min(len(points) - 1, int(4 * sigma_mm / step_mm))
    padded = np.concatenate([2 * points[:1] - points[pad:0:-1], points, 2 * points[-1:] - points[-2 : -pad - 2 : -1]])
    smooth = ndimage.gaussian_filter1d(padded, sigma_mm / step_mm, axis=0)
    tangents = np.gradient(smooth, axis=0)[pad : pad + len(points)]
    tangents /= np.maximum(np.linalg.norm(tangents, axis=1), 1e-9)[:, None]
    return smooth[pad : pad + len(points)], tangents


def joined_chains(chains: Sequence[Chain]) -> list[Chain]:
    """Chains whose ends meet and point at each other become one; a stiff valve can stop a section."""
    rest = list(chains)
    merged = True
    while merged:
        merged = False
        for a in range(len(rest)):
            for b in range(a + 1, len(rest)):
                pair = _joined(rest[a], rest[b])
                if pair is not None:
                    rest = [chain for n, chain in enumerate(rest) if n not in (a, b)] + [pair]
                    merged = True
                    break
            if merged:
                break
    return rest


def _joined(one: Chain, two: Chain) -> Chain | None:
    if not 0.8 < one.blood_hu / two.blood_hu < 1.25:
        return None
    best: tuple[float, Chain] | None = None
    for first in (1, -1):
        for second in (1, -1):
            p, q = one.centers_mm[::first], two.centers_mm[::second]
            wide_p, wide_q = one.radii_mm[::first], two.radii_mm[::second]
            gap = q[0] - p[-1]
            away = float(np.linalg.norm(gap))
            out, into = p[-1] - p[-5], q[min(4, len(q) - 1)] - q[0]
            agree = float(out @ into) / max(float(np.linalg.norm(out) * np.linalg.norm(into)), 1e-9)
            ahead = float(gap @ out) / max(float(np.linalg.norm(out)), 1e-9)
            if away > JOIN_MM or agree < JOIN_COS or ahead < -3.0:
                continue
            count = max(int(away / STEP_MM) - 1, 0)
            share = (np.arange(count) + 1.0)[:, None] / (count + 1)
            centers = np.concatenate([p, p[-1] + share * gap, q])
            radii = np.concatenate([wide_p, np.full(count, (wide_p[-1] + wide_q[0]) / 2), wide_q])
            blood = float(np.average([one.blood_hu, two.blood_hu], weights=[len(p), len(q)]))
            if best is None or away < best[0]:
                best = (away, Chain(centers, radii, blood))
    return None if best is None else best[1]


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A place for the sinuses: the centre, the axis from ventricle to aorta, what the shape says, and which chain."""

    center_mm: FloatArray
    axis: FloatArray
    radius_mm: float
    blood_hu: float
    score: float
    parts: dict[str, float]
    chain: Chain
    above_mm: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A chain unrolled: (S, RAYS) radii, (S,) closed share, (S,) dark leaflets, along (S, 3) points and tangents."""

    points_mm: FloatArray
    tangents: FloatArray
    radii_mm: FloatArray
    closed: FloatArray
    dark: FloatArray

    @property
    def area_mm2(self) -> FloatArray:
        """(S,) areas of the sections."""
        return np.asarray(0.5 * (2.0 * np.pi / RAYS) * (self.radii_mm**2).sum(axis=1))

    def harmonic_mm(self, order: int) -> FloatArray:
        """(S,) amplitudes of a harmonic of the radius."""
        turn = 2.0 * np.pi * np.arange(RAYS) / RAYS
        return np.asarray(2.0 / RAYS * np.abs(self.radii_mm @ np.exp(-1j * order * turn)))


def unrolled(volume: Volume, chain: Chain) -> Profile:
    """The chain's sections every millimetre."""
    from scipy import ndimage

    from planning.centerline import rotation_minimising

    points, tangents = smooth_line(chain.centers_mm, SLICE_MM, SMOOTH_MM)
    right = rotation_minimising(points, tangents)
    up = np.cross(tangents, right)
    turn = 2.0 * np.pi * np.arange(RAYS) / RAYS
    ways = np.cos(turn)[None, :, None] * right[:, None, :] + np.sin(turn)[None, :, None] * up[:, None, :]
    reach = np.arange(0.0, REACH_MM, RAY_STEP_MM)
    values = np.concatenate(
        [
            raw_at(volume, points[n : n + 24, None, None] + reach[:, None] * ways[n : n + 24, :, None])
            for n in range(0, len(points), 24)
        ]
    )
    # along the vessel the noise averages out, and so does what only one ray sees
    calm = ndimage.uniform_filter(
        ndimage.gaussian_filter(values, (0.8, 0.7, 0.0), mode=("nearest", "wrap", "nearest")), (0, 0, 3)
    )
    below = calm < EDGE_SHARE * chain.blood_hu
    hit = below.any(axis=2)
    lengths = np.where(hit, reach[np.argmax(below, axis=2)], REACH_MM)
    wrapped = np.concatenate([lengths[:, -4:], lengths, lengths[:, :4]], axis=1)
    lengths = ndimage.median_filter(wrapped, (5, 7), mode="nearest")[:, 4:-4]
    # a leaflet lies across the vessel in a closed valve, along it in an open one
    flat = np.minimum(calm, chain.blood_hu + 60.0)
    thin = np.maximum(ndimage.grey_closing(flat, (7, 1, 1)), ndimage.grey_closing(flat, (1, 1, 7))) - flat
    interior = reach[None, None] < lengths[..., None] - 2.4
    weight = interior * reach
    dark = (np.minimum(thin, 120.0) * weight).sum(axis=(1, 2)) / np.maximum(weight.sum(axis=(1, 2)), 1.0)
    return Profile(points, tangents, lengths, hit.mean(axis=1), dark)


def find_sites(volume: Volume, chain: Chain, count: int = 2) -> list[Site]:
    """The best places for a root on a chain, both ways of flow looked at as far as the blood may rise."""
    from scipy import ndimage

    profile = unrolled(volume, chain)
    length = len(profile.points_mm)
    if length < 24:
        return []
    area = ndimage.gaussian_filter1d(profile.area_mm2, 1.5)
    lobes = (
        profile.harmonic_mm(3)
        - 0.5 * profile.harmonic_mm(4)
        - 0.3 * profile.harmonic_mm(5)
        - 0.2 * profile.harmonic_mm(2)
    )
    lobes = ndimage.gaussian_filter1d(lobes, 2.0)
    dark = ndimage.gaussian_filter1d(profile.dark, 2.0)
    uneven = ndimage.gaussian_filter1d(
        profile.radii_mm.std(axis=1) / np.maximum(profile.radii_mm.mean(axis=1), 1.0), 1.0
    )
    rest = float(np.quantile(dark, 0.3))
    sites = []
    for way in (1, -1):
        for s in range(4, length - 4):
            if way * profile.tangents[s, 2] < LEAST_RISE:
                continue
            upper = s + way * np.arange(8, 17)
            lower = s - way * np.arange(7, 17)
            upper, lower = (side[(side >= 0) & (side < length)] for side in (upper, lower))
            if len(upper) < 3 or len(lower) < 3:
                continue
            waist, junction = float(area[lower].min()), float(area[upper].min())
            radius = float(np.sqrt(area[s] / np.pi))
            if not 9.0 < radius < 26.0 or profile.closed[s] < 0.75 or profile.closed[upper].mean() < 0.75:
                continue
            near = s - way * np.arange(-3, 9)
            near = near[(near >= 0) & (near < length)]
            parts = {
                "lobes": float(np.clip(lobes[s], -0.5, 1.0)),
                "waist": float(np.clip(np.log(area[s] / waist), -0.5, 0.4)),
                "uneven": float(np.clip(12.0 * (uneven[upper].mean() - 0.04), 0.0, 1.5)),
                "junction": float(np.clip(np.log(area[s] / junction), -0.3, 0.5)),
                "dark": float(np.clip((dark[near].mean() - rest) / 12.0, -0.5, 1.5)),
            }
            score = parts["lobes"] + 1.2 * parts["waist"] + 1.2 * parts["junction"] + parts["dark"] - parts["uneven"]
            above = profile.points_mm[s::way] if way > 0 else profile.points_mm[s::-1]
            sites.append(
                Site(
                    profile.points_mm[s], way * profile.tangents[s], radius, chain.blood_hu, score, parts, chain, above
                )
            )
    sites.sort(key=lambda site: -site.score)
    kept: list[Site] = []
    for site in sites:
        if all(np.linalg.norm(site.center_mm - other.center_mm) > APART_MM for other in kept):
            kept.append(site)
        if len(kept) >= count:
            break
    return kept
