"""How many cusps open, and what a bicuspid valve needs measured: class, raphe and its calcium, intercommissural distance.

Seen from the wall, the cusps' attachment is a crown: low at the hinges, high at the commissures. Between two cusps that
have grown together it stays low (a raphe), or there is none. The attachment is looked for as a dark line just inside
the wall, so that what the scan does not show is not guessed. Classes: Sievers and Schmidtke 2007; distance at 4 mm:
BAVARD.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.findings import Finding
from planning.geometry import FloatArray
from planning.section import Frame, Sampler, equal_angles, fourier_basis
from planning.tavr.root import PAIRS, Commissure, Level, sector_edges

ANGLES = 180
HEIGHT_STEP_MM = 0.5
DEPTHS_MM = np.array((1.5, 2.0, 2.6, 3.2))
LINE_MM = 5.0
WINDOW_DEG = 16.0
LEAST_CONTRAST_HU, LEAST_CONTRAST_SDS = 45.0, 2.6
HALF = 0.5
RUN, GAP = 3, 2
TALL, SHORT_OF_OTHERS, NONE_BELOW = 0.5, 0.66, 0.15
OPEN_CONFIDENCE, PAIR_CONFIDENCE = 0.45, 0.6
LEVEL_MM = 4.0
THICKEST_MM = 1.8
FLARED, TAPERED = 1.1, 0.9
RAPHE_DEG, RAPHE_STEP_MM = 12.0, 0.4
NAMES = ("R-N", "L-R", "N-L")


@dataclass(frozen=True, slots=True, eq=False)
class Bicuspid:
    """cusps: 2 or 3. tops_mm: heights of the crown over the annulus at NR, RL, LN, None where no attachment is seen.

    For three cusps all measures of the bicuspid valve are None.
    """

    cusps: int
    sievers: str | None
    raphe: str | None
    raphe_calcium_mm: float | None
    intercommissural_mm: float | None
    ratio: float | None
    shape: str | None
    confidence: float
    tops_mm: tuple[float | None, float | None, float | None]

    def as_json(self) -> dict[str, Any]:
        """The plan's "bicuspid"."""
        return {
            "cusps": self.cusps,
            "sievers": self.sievers,
            "raphe": self.raphe,
            "raphe_calcium_mm": self.raphe_calcium_mm,
            "intercommissural_mm": self.intercommissural_mm,
            "ratio": self.ratio,
            "shape": self.shape,
            "confidence": self.confidence,
            "uncertainty_mm": None if self.intercommissural_mm is None else 1.5,
            "tops_mm": dict(zip((name for name, _, _ in PAIRS), self.tops_mm, strict=True)),
        }


def find_cusps(
    sampler: Sampler,
    frame: Frame,
    levels: Sequence[Level],
    hinge_angles: FloatArray,
    commissures: Sequence[Commissure | None],
    junction_height_mm: float | None,
    calcium_hu: float,
) -> tuple[Bicuspid | None, tuple[Finding, ...]]:
    """The number of cusps and a bicuspid valve's measures; None with the reason where the attachments are not seen.

    hinge_angles: N, R, L about the frame's origin. calcium_hu: threshold of calcium.
    """
    if junction_height_mm is None or len(levels) < 10:
        return None, (_unclear("the sinotubular junction is not seen"),)
    if sampler.spacing_mm.max() > THICKEST_MM:
        return None, (_unclear(f"leaflets do not show in voxels of {sampler.spacing_mm.max():.1f} mm"),)
    edges = sector_edges(hinge_angles, commissures)
    tops, contrast = _tops(sampler, frame, levels, edges, junction_height_mm)
    if contrast is None:
        return None, (_unclear("the leaflets hardly differ from blood"),)
    share = np.array([0.0 if top is None else top / junction_height_mm for top in tops])
    order = np.argsort(share)
    tall = int((share >= TALL).sum())
    if tall == 0:
        return None, (_unclear("no commissure is seen"),)
    clear = float(np.clip(contrast / 120.0, 0.4, 1.0))
    if not _closed(sampler, frame, levels, junction_height_mm, contrast):
        # an open cusp near the wall looks attached to it
        clear = min(clear, OPEN_CONFIDENCE)
    if tall == 3 and share[order[0]] >= SHORT_OF_OTHERS * share[order[1:]].mean():
        return Bicuspid(3, None, None, None, None, None, None, 0.85 * clear, tops), ()
    if tall == 1:
        return None, (_unclear("only one commissure is seen"),)
    fused = int(order[0])
    if share[fused] >= SHORT_OF_OTHERS * share[order[1:]].mean():
        return None, (_unclear("the commissures' heights do not tell"),)
    seen = share[fused] >= NONE_BELOW
    sievers = "1" if seen else "0"
    first, second = (edges[n] for n in range(3) if n != fused)
    distance = _intercommissural_mm(frame, levels, first, second)
    ratio = distance / levels[0].measures.perimeter_diameter_mm
    shape = "flared" if ratio > FLARED else "tapered" if ratio < TAPERED else "tubular"
    calcified = _calcified_mm(sampler, frame, levels, edges[fused], tops[fused], calcium_hu) if seen else None
    sure = float(np.clip(1.6 - 1.5 * share[fused] / share[order[1:]].mean(), 0.3, 1.0))
    name = NAMES[fused]
    others = share[order[1:]].mean() * junction_height_mm
    text = (
        f"The {name} commissure stays low ({tops[fused] or 0.0:.0f} mm against {others:.0f} mm): "
        f"the valve may be bicuspid, Sievers {sievers}. Check it."
    )
    return (
        Bicuspid(2, sievers, name if seen else None, calcified, distance, ratio, shape, 0.75 * clear * sure, tops),
        (Finding("bicuspid", text),),
    )


def two_leaflets(
    frame: Frame, levels: Sequence[Level], angles: FloatArray
) -> tuple[Bicuspid | None, tuple[Finding, ...]]:
    """A bicuspid valve without a raphe that the search for the root has seen as such: its commissures lie between hinges.

    angles: of the three hinges about the frame's origin, of which the two most opposite ones are the cusps' lowest points.
    """
    if len(levels) < 2:
        return None, (_unclear("no section above the annulus is seen"),)
    apart = [abs(float(np.angle(np.exp(1j * (angles[n - 1] - angles[n]))))) for n in range(3)]
    last = int(np.argmax(apart))
    half = 0.5 * float(np.mod(angles[last - 1] - angles[last], 2.0 * np.pi))
    first = float(angles[last]) + half
    distance = _intercommissural_mm(frame, levels, first, first + np.pi)
    ratio = distance / levels[0].measures.perimeter_diameter_mm
    shape = "flared" if ratio > FLARED else "tapered" if ratio < TAPERED else "tubular"
    text = "Two leaflets in two sinuses are seen: the valve looks bicuspid, Sievers 0. Check it."
    found = Bicuspid(2, "0", None, None, distance, ratio, shape, PAIR_CONFIDENCE, (None, None, None))
    return found, (Finding("bicuspid", text),)


def _unclear(reason: str) -> Finding:
    return Finding("cusps_unclear", f"The number of cusps is not told: {reason}.")


def _tops(
    sampler: Sampler, frame: Frame, levels: Sequence[Level], edges: Sequence[float], junction_mm: float
) -> tuple[tuple[float | None, float | None, float | None], float | None]:
    """Heights to which a dark line inside the wall rises at NR, RL, LN; the line's contrast, None without one."""
    from scipy import ndimage

    heights = np.arange(1.0, min(junction_mm + 4.0, levels[-1].height_mm), HEIGHT_STEP_MM)
    angles = equal_angles(ANGLES)
    known = np.array([level.height_mm for level in levels])
    use = [level.contour.about(frame.moved(level.height_mm)) for level in levels if level.height_mm <= heights[-1] + 2]
    radii = fourier_basis(angles) @ np.stack(use).T
    radius = np.stack([np.interp(heights, known[: len(use)], row) for row in radii], axis=1)
    out = np.cos(angles)[:, None] * frame.right + np.sin(angles)[:, None] * frame.up
    base = frame.origin_mm + heights[:, None, None] * frame.normal
    noise = levels[0].contour.noise_hu
    lumen = levels[0].contour.lumen_hu
    arc = 2.0 * np.pi / ANGLES * float(radius.mean())
    size = (round(LINE_MM / HEIGHT_STEP_MM) | 1, round(LINE_MM / arc) | 1)
    darkest = np.zeros(radius.shape)
    for depth in DEPTHS_MM:
        values = np.nan_to_num(sampler.at(base + (radius - depth)[..., None] * out[None]), nan=-1024.0)
        # calcium on a line is part of it
        values = np.where(values > lumen + 100.0, lumen - 150.0, np.minimum(values, lumen))
        values = ndimage.gaussian_filter(values, (0.8, 0.5 / arc), mode=("nearest", "wrap"))
        closed = ndimage.grey_closing(values, size=size, mode="wrap")
        darkest = np.maximum(darkest, closed - values)
    windows = [np.abs(np.angle(np.exp(1j * (angles - edge)))) <= np.radians(WINDOW_DEG) for edge in edges]
    rows = [darkest[:, window].max(axis=1) for window in windows]
    contrast = float(np.median(np.sort([np.percentile(row, 80) for row in rows])[-2:]))
    if contrast < max(LEAST_CONTRAST_HU, LEAST_CONTRAST_SDS * noise):
        return (None, None, None), None
    tops: list[float | None] = []
    for row in rows:
        # one dark line from below, small gaps in it; noise higher up does not lengthen it
        dark = ndimage.binary_closing(np.pad(row > HALF * contrast, GAP), np.ones(GAP + 1))[GAP:-GAP]
        labels, count = ndimage.label(dark)
        sizes = np.bincount(labels)[1:] if count else np.zeros(0)
        if not count or sizes.max() < RUN:
            tops.append(None)
            continue
        end = int(np.flatnonzero(labels == 1 + int(np.argmax(sizes)))[-1])
        # a line that does not end is no attachment
        tops.append(None if end >= len(heights) - RUN else float(heights[end]))
    return (tops[0], tops[1], tops[2]), contrast


def _closed(sampler: Sampler, frame: Frame, levels: Sequence[Level], junction_mm: float, contrast_hu: float) -> bool:
    """Whether something dark lies across the root's middle: the closed cusps."""
    turn = equal_angles(12)
    ring = np.concatenate([[[0.0, 0.0]], np.stack([np.cos(turn), np.sin(turn)], axis=-1)])
    darkness = []
    for level in levels:
        if 2.0 <= level.height_mm <= junction_mm:
            values = sampler.at(level.contour.frame.to_world(ring))
            darkness.append(level.contour.lumen_hu - float(np.nanmean(np.minimum(values, level.contour.lumen_hu + 60))))
    return bool(darkness) and max(darkness) > HALF * contrast_hu


def _intercommissural_mm(frame: Frame, levels: Sequence[Level], first: float, second: float) -> float:
    """Between the wall's points at two commissures, 4 mm above the annulus."""
    known = [level.height_mm for level in levels]
    level = levels[int(np.argmin(np.abs(np.array(known) - LEVEL_MM)))]
    coefficients = level.contour.about(frame.moved(level.height_mm))
    angles = np.array((first, second))
    radius = fourier_basis(angles) @ coefficients
    points = np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=-1)
    return float(np.linalg.norm(points[0] - points[1]))


def _calcified_mm(
    sampler: Sampler, frame: Frame, levels: Sequence[Level], angle: float, top: float | None, calcium_hu: float
) -> float:
    """How much of the raphe's way from the wall towards the middle carries calcium."""
    height = min(top or 0.0, levels[-1].height_mm)
    level = levels[int(np.argmin(np.abs(np.array([level.height_mm for level in levels]) - height)))]
    wall = float((fourier_basis(np.array([angle])) @ level.contour.about(frame.moved(level.height_mm)))[0])
    radii = np.arange(0.0, wall + 1e-9, RAPHE_STEP_MM)
    turned = angle + np.radians(np.arange(-RAPHE_DEG, RAPHE_DEG + 0.1, 2.0))
    heights = np.arange(0.5, height + 4.0, RAPHE_STEP_MM)
    r, a, h = np.meshgrid(radii, turned, heights, indexing="ij")
    places = frame.to_world(np.stack([r * np.cos(a), r * np.sin(a)], axis=-1)) + h[..., None] * frame.normal
    hit = np.nan_to_num(sampler.at(places), nan=-1024.0) > calcium_hu
    return float(hit.any(axis=(1, 2)).sum() * RAPHE_STEP_MM)
