"""Coronary ostia: given rim points are used as they are; others are searched on the unrolled wall of the sinuses.

Behind the wall a coronary is bright at every depth; a chamber has the dark wall in front of it, and a lump of calcium
ends. What is bright at every depth, has an artery's width and goes on as a narrow tube is an ostium. Its lowest rim is
read from the artery's lower edge just outside the wall, carried on to the wall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planning.findings import Finding
from planning.geometry import FloatArray
from planning.section import Frame, Sampler, equal_angles, fourier_basis
from planning.tavr.root import Level

ANGLES = 240
HEIGHT_STEP_MM = 0.4
DEPTHS_MM = np.arange(0.2, 2.61, 0.3)
RIM_DEPTHS_MM = np.arange(0.7, 2.21, 0.25)
LOWEST_MM, ABOVE_JUNCTION_MM, USUAL_TOP_MM = 3.0, 14.0, 20.0
SIZE_MM = (1.1, 9.0)
BRIGHT, CLEARLY_BRIGHT = 0.45, 0.62
CALCIUM_OVER_HU = 120.0
TUBE_STEP_MM, TUBE_REACH_MM = 0.5, 7.0
TUBE_FROM_MM, LEAST_TUBE_MM = 1.2, 4.0
WIDEST_TUBE_MM2, CHAMBER_MM2 = 50.0, 80.0
SURE = 0.6
BRANCH_MM = 2.2
HIGH_OVER_JUNCTION_MM = 0.0
OWN_SPREAD_MM, SPREAD_PER_MM = 0.12, 0.12
WALL_HU = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Ostium:
    """The lowest rim point of an ostium, its height above the annulus plane, and how sure it is.

    uncertainty_mm: 95 % half-width of the height, None for a given point. diameter_mm: of the artery just outside the
    wall, None for a given point. cusp: 0 N, 1 R, 2 L whose sinus it leaves, None when not searched.
    """

    position_mm: FloatArray
    height_mm: float
    confidence: float
    uncertainty_mm: float | None = None
    diameter_mm: float | None = None
    cusp: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class OstiaSearch:
    """The two coronaries' ostia (None where none was found), further openings, and what a person must know."""

    left: Ostium | None
    right: Ostium | None
    others: tuple[Ostium, ...]
    findings: tuple[Finding, ...]


def ostium_height_mm(position_mm: FloatArray, frame: Frame) -> float:
    """Distance along the annulus normal from its plane to the point."""
    return float((np.asarray(position_mm) - frame.origin_mm) @ frame.normal)


def search_ostia(
    sampler: Sampler, frame: Frame, levels: Sequence[Level], hinge_angles: FloatArray, junction_height_mm: float | None
) -> OstiaSearch:
    """Every opening of the sinuses' wall and of the tube up to 14 mm above the junction, named left and right.

    hinge_angles: N, R, L about the frame's origin. An artery belongs to the sinus within 60° of whose hinge it leaves.
    """
    openings = _openings(sampler, frame, levels, hinge_angles, junction_height_mm)
    return _named(openings, junction_height_mm)


def _openings(
    sampler: Sampler, frame: Frame, levels: Sequence[Level], hinge_angles: FloatArray, junction_height_mm: float | None
) -> list[Ostium]:
    from scipy import ndimage

    top = (junction_height_mm or USUAL_TOP_MM) + ABOVE_JUNCTION_MM
    use = [level for level in levels if LOWEST_MM - 1.0 <= level.height_mm <= top + 1.0]
    if len(use) < 6:
        return []
    heights = np.arange(LOWEST_MM, min(use[-1].height_mm, top), HEIGHT_STEP_MM)
    wall = _Wall.of(use, heights, frame)
    values = np.stack([sampler.at(wall.points + depth * wall.outward) for depth in DEPTHS_MM])
    values = np.where(np.isnan(values), -1024.0, values)
    least = values.min(axis=0)
    lumen = use[0].contour.lumen_hu
    rest = max(float(np.median(least)), -100.0)
    bright = least > rest + BRIGHT * (lumen - rest)
    # the seam lies where it cuts nothing, if there is such a place
    seam = int(np.argmin(bright.sum(axis=0)))
    labels, count = ndimage.label(np.roll(bright, -seam, axis=1))
    noise = use[0].contour.noise_hu
    found = []
    for number in range(1, count + 1):
        rows, columns = np.nonzero(labels == number)
        arc = 2.0 * np.pi / ANGLES * float(wall.radius[rows, (columns + seam) % ANGLES].mean())
        high, wide = (np.ptp(rows) + 1) * HEIGHT_STEP_MM, (np.ptp(columns) + 1) * arc
        if not (SIZE_MM[0] <= high <= SIZE_MM[1] and SIZE_MM[0] <= wide <= SIZE_MM[1]):
            continue
        if rows.max() == len(heights) - 1 or rows.min() == 0:
            continue
        columns = (columns + seam) % ANGLES
        clear = (least[rows, columns].max() - rest) / (lumen - rest)
        # the brightest part of the patch is the artery's middle
        weights = np.clip(least[rows, columns] - rest - BRIGHT * (lumen - rest), 1.0, 0.5 * (lumen - rest))
        row = int(np.rint(np.average(rows, weights=weights)))
        turn = np.exp(2j * np.pi * columns / ANGLES)
        column = int(np.rint(np.angle((weights * turn).sum()) * ANGLES / (2.0 * np.pi))) % ANGLES
        calcified = float(np.percentile(values[:, rows, columns], 95)) > lumen + max(CALCIUM_OVER_HU, 5.0 * noise)
        level = rest + min(CLEARLY_BRIGHT, 0.85 * clear) * (lumen - rest)
        tube = _tube(sampler, wall.points[row, column], wall.outward[row, column], level)
        if tube.length_mm < LEAST_TUBE_MM:
            continue
        if tube.widest_mm2 > WIDEST_TUBE_MM2 and clear < 0.8:
            continue
        rim = _rim(sampler, frame, wall, row, column, lumen, max(high, 2.0))
        if rim is None:
            continue
        position, spread, diameter = rim
        confidence = 0.95 if clear > CLEARLY_BRIGHT else 0.6
        # a chamber that touches the wall is wider than any artery
        confidence *= 0.7 if tube.widest_mm2 > WIDEST_TUBE_MM2 else 1.0
        confidence *= 0.65 if tube.widest_mm2 > CHAMBER_MM2 else 1.0
        confidence *= 0.7 if calcified else 1.0
        confidence *= float(np.clip(1.1 - 0.5 * spread, 0.4, 1.0))
        plane = frame.to_plane(position)
        angle = float(np.arctan2(plane[1], plane[0]))
        away = np.abs(np.angle(np.exp(1j * (angle - hinge_angles))))
        height = ostium_height_mm(position, frame)
        found.append(Ostium(position, height, confidence, 2.0 * spread, diameter, int(np.argmin(away))))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Wall:
    """The lumen's surface on `[height, angle]`: points, outward unit normals, radius."""

    points: FloatArray
    outward: FloatArray
    radius: FloatArray

    @classmethod
    def of(cls, levels: Sequence[Level], heights: FloatArray, frame: Frame) -> _Wall:
        """Interpolated between the levels."""
        angles = equal_angles(ANGLES)
        known = np.array([level.height_mm for level in levels])
        radii = np.stack([fourier_basis(angles) @ level.contour.coefficients for level in levels])
        origins = np.stack([level.contour.frame.origin_mm for level in levels])
        radius = np.stack([np.interp(heights, known, radii[:, n]) for n in range(len(angles))], axis=1)
        origin = np.stack([np.interp(heights, known, origins[:, n]) for n in range(3)], axis=1)
        out = np.cos(angles)[:, None] * frame.right + np.sin(angles)[:, None] * frame.up
        points = origin[:, None, :] + radius[..., None] * out[None]
        along = np.roll(points, -1, axis=1) - np.roll(points, 1, axis=1)
        normals = np.cross(along, np.gradient(points, axis=0))
        normals /= np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-9)
        return cls(points, normals, radius)


@dataclass(frozen=True, slots=True)
class _Tube:
    """How far the bright part outside an opening goes on, and its greatest section 3 to 5 mm out."""

    length_mm: float
    widest_mm2: float


def _tube(sampler: Sampler, point: FloatArray, outward: FloatArray, level_hu: float) -> _Tube:
    """The bright component through the opening within 7 mm of it, outside the wall's own surface."""
    from scipy import ndimage

    local = Frame.of(point, outward)
    side = np.arange(-TUBE_REACH_MM, TUBE_REACH_MM + 1e-9, TUBE_STEP_MM)
    ahead = np.arange(0.0, TUBE_REACH_MM + 1e-9, TUBE_STEP_MM)
    a, u, v = np.meshgrid(ahead, side, side, indexing="ij")
    places = local.to_world(np.stack([u, v], axis=-1)) + a[..., None] * local.normal
    values = np.nan_to_num(sampler.at(places), nan=-1024.0)
    # the sinus curves back behind the opening's plane: there the block lies in the lumen's own wall
    bright = (values > level_hu) & (a >= TUBE_FROM_MM - 1e-9)
    bright &= np.hypot(u, v) <= 1.5 + a
    labels, _ = ndimage.label(bright)
    first = int(np.ceil(TUBE_FROM_MM / TUBE_STEP_MM))
    near = labels[first : first + 3][np.hypot(u, v)[first : first + 3] <= 1.6]
    seeds = np.bincount(near[near > 0]) if (near > 0).any() else np.zeros(0)
    if not len(seeds):
        return _Tube(0.0, 0.0)
    own = labels == int(np.argmax(seeds))
    away = np.sqrt(a**2 + u**2 + v**2)
    areas = own.sum(axis=(1, 2)) * TUBE_STEP_MM**2
    window = (ahead >= 3.0) & (ahead <= 5.0)
    return _Tube(float(away[own].max()), float(areas[window].max()))


def _rim(
    sampler: Sampler, frame: Frame, wall: _Wall, row: int, column: int, lumen: float, high_mm: float
) -> tuple[FloatArray, float, float] | None:
    """(lowest rim point on the lumen's edge, spread of its height at k = 1, artery's diameter); None without an edge.

    The lower edge at half level on surfaces 0.9 to 2.7 mm outside the wall, fitted by a plane in depth and a parabola
    along the wall, read at the wall.
    """
    arc = 2.0 * np.pi / ANGLES * float(wall.radius[row, column])
    width = max(2, round(0.8 / arc))
    columns = (column + np.arange(-width, width + 1)) % ANGLES
    lowest = max(0, row - round((0.5 * high_mm + 3.0) / HEIGHT_STEP_MM))
    highest = min(len(wall.points), row + round((0.5 * high_mm + 3.0) / HEIGHT_STEP_MM) + 1)
    points, outward = wall.points[lowest:highest, columns], wall.outward[lowest:highest, columns]
    known = np.arange(lowest, highest, dtype=np.float64)
    fine = np.arange(lowest, highest - 1 + 1e-9, 0.1 / HEIGHT_STEP_MM)
    points, outward = _refined(points, known, fine), _refined(outward, known, fine)
    middle = int(np.argmin(np.abs(fine - row)))
    places = points[None] + RIM_DEPTHS_MM[:, None, None, None] * outward[None]
    values = np.nan_to_num(sampler.at(places), nan=-1024.0)
    z = (places - frame.origin_mm) @ frame.normal
    # the artery's own wall, not the fat or the chamber behind it, is what its edge is seen against
    base = float(np.median(np.clip(values[:, :middle].min(axis=1), WALL_HU, 0.4 * lumen)))
    rows: list[tuple[float, float, float, float]] = []
    for at_depth, depth in enumerate(RIM_DEPTHS_MM):
        for n in range(len(columns)):
            edges = _edges(values[at_depth, :, n], z[at_depth, :, n], middle, lumen, base)
            if edges is not None:
                rows.append((float(depth), (n - width) * arc, edges[0], edges[1]))
    if len(rows) < 8:
        return None
    depth, side, low, high = np.array(rows).T
    upper = np.isfinite(high) & (np.abs(side) < 0.5)
    diameter = float(np.median((high - low)[upper])) if upper.sum() >= 4 else high_mm
    # blur draws a round bright edge in by σ²/2r
    blur = 0.5 * (0.45**2 + float(sampler.voxel_along_mm2(frame.normal[None])[0])) / max(0.5 * diameter, 0.8)
    low = low - blur
    design = np.stack([np.ones_like(depth), depth, side, side**2], axis=1)
    weights = np.ones(len(low))
    # a lower edge bends up to both sides and leaves at no more than 45°
    precision = np.diag((0.0, 0.02, 0.02, 0.5)) * len(low) ** 0.5
    wanted = np.array((0.0, 0.0, 0.0, 1.0 / max(diameter, 1.5)))
    for _ in range(8):
        normal = design.T @ (weights[:, None] * design) + precision
        fitted = np.linalg.solve(normal, design.T @ (weights * low) + precision @ wanted)
        away = low - design @ fitted
        scale = max(1.4826 * float(np.median(np.abs(away))), 0.03)
        weights = 1.0 / (1.0 + (away / (2.4 * scale)) ** 2)
    slope = float(np.clip(fitted[1], -1.0, 1.0))
    height = float(np.average(low - slope * depth - fitted[2] * side - fitted[3] * side**2, weights=weights))
    over = np.arange(-width, width + 1) * arc
    height += float(np.min(fitted[2] * over + max(fitted[3], 0.0) * over**2))
    at = int(np.argmin(fitted[2] * over + max(fitted[3], 0.0) * over**2))
    line = points[:, at]
    z = (line - frame.origin_mm) @ frame.normal
    position = np.array([np.interp(height, z, line[:, axis]) for axis in range(3)])
    position = position + (height - ostium_height_mm(position, frame)) * frame.normal
    voxel = np.sqrt(12.0 * float(sampler.voxel_along_mm2(frame.normal[None])[0]))
    spread = float(np.sqrt(OWN_SPREAD_MM**2 + (SPREAD_PER_MM * voxel) ** 2 + (2.0 * scale) ** 2 / max(len(low) / 7, 1)))
    return position, spread, diameter


def _refined(values: FloatArray, known: FloatArray, fine: FloatArray) -> FloatArray:
    """(F, C, 3) rows of (K, C, 3) at fractional row numbers."""
    below = np.clip(np.floor(fine - known[0]).astype(int), 0, len(known) - 2)
    part = (fine - known[0] - below)[:, None, None]
    return np.asarray((1.0 - part) * values[below] + part * values[below + 1])


def _edges(values: FloatArray, z: FloatArray, middle: int, lumen: float, base: float) -> tuple[float, float] | None:
    """(lower, upper) half-level heights about the peak next to the middle; upper NaN where there is none."""
    near = slice(max(0, middle - 8), middle + 9)
    top = near.start + int(np.argmax(values[near]))
    peak = min(float(values[near].max()), 1.1 * lumen)
    level = 0.5 * (peak + base)
    below = np.flatnonzero(values[:top] < level)
    if not len(below) or peak < 0.6 * lumen:
        return None
    n = int(below[-1])
    part = (level - values[n]) / max(values[n + 1] - values[n], 1e-6)
    low = float(z[n] + part * (z[n + 1] - z[n]))
    above = np.flatnonzero(values[top:] < level)
    return low, float(z[top + int(above[0])]) if len(above) else np.nan


def _named(openings: Sequence[Ostium], junction_height_mm: float | None) -> OstiaSearch:
    """Left and right out of all openings; what is unusual is said."""

    def size(ostium: Ostium) -> float:
        return ostium.confidence * min(ostium.diameter_mm or 0.0, 4.0)

    rest = sorted(openings, key=size, reverse=True)
    chosen: dict[str, Ostium] = {}
    findings = []
    for side, cusp in (("left", 2), ("right", 1)):
        own = [ostium for ostium in rest if ostium.cusp == cusp]
        if own:
            chosen[side] = own[0]
            rest.remove(own[0])
    names = dict(zip(range(3), ("non-coronary", "right", "left"), strict=True))
    for side in ("left", "right"):
        if side in chosen:
            continue
        wide = [ostium for ostium in rest if (ostium.diameter_mm or 0.0) >= BRANCH_MM and ostium.confidence >= SURE]
        if wide:
            chosen[side] = replace(wide[0], confidence=0.5 * wide[0].confidence)
            rest.remove(wide[0])
            findings.append(
                Finding(
                    "coronary_anomalous",
                    f"No opening was found in the {side} sinus. The {side} coronary seems to leave the "
                    f"{names[wide[0].cusp or 0]} sinus. Check it.",
                )
            )
        else:
            findings.append(
                Finding(
                    "coronary_missing", f"The {side} coronary ostium was not found. Place its lowest rim point by hand."
                )
            )
    for side, ostium in chosen.items():
        if junction_height_mm is not None and ostium.height_mm > junction_height_mm + HIGH_OVER_JUNCTION_MM:
            findings.append(
                Finding(
                    "coronary_high",
                    f"The {side} coronary leaves {ostium.height_mm - junction_height_mm:.1f} mm above the "
                    "sinotubular junction (high take-off).",
                )
            )
    rest = [ostium for ostium in rest if ostium.confidence >= SURE]
    for ostium in rest:
        kind = "conus branch" if ostium.cusp == 1 else "separate branch"
        findings.append(
            Finding(
                "coronary_extra",
                f"A further opening in the {names[ostium.cusp or 0]} sinus {ostium.height_mm:.1f} mm above the annulus: "
                f"{kind}?",
            )
        )
    return OstiaSearch(chosen.get("left"), chosen.get("right"), tuple(rest), tuple(findings))
