"""The root above and below the annulus: wall level by level, sinuses, sinotubular junction, ascending aorta, LVOT.

The wall is followed from the annulus, whose edge is known, plane by plane: in each the closed path of greatest contrast
within a few millimetres of the last one, then the sub-voxel edge. What lies in the middle (a leaflet lying flat, a lump
of calcium) or behind the wall (an atrium) has no say in where the next plane's wall is looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Vector, frozen_array
from planning.section import (
    CURVE_POINTS,
    Contour,
    Frame,
    Measures,
    Sampler,
    equal_angles,
    find_contour,
    fit_periodic,
    fourier_basis,
)

CUSPS = ("ncc", "rcc", "lcc")
PAIRS = (("nr", 0, 1), ("rl", 1, 2), ("ln", 2, 0))
LVOT_DEPTHS_MM = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
LVOT_REPORTED_MM, LVOT_SHAPE_MM = 4.0, 5.0
FLARED, TAPERED = 1.1, 0.9
LEVEL_STEP_MM = 1.0
TOP_MM = 48.0
REACH_MM = 27.0
LEVEL_RAYS = 120
DRAWN_POINTS = 120
BAND_MM, BAND_STEP_MM, INSIDE_MM, OUTSIDE_MM = 2.4, 0.3, 1.2, 1.8
LUMEN_DRIFT = 0.06
GROWTH = (0.72, 1.4)
LOST_LEVELS = 4
LONGEST_SHAPE = 1.7
LEAST_BULGE = 1.06
ASCENDING_MM, MARCH_STEP_MM, MARCH_END_MM = 40.0, 2.0, 62.0
SECTION_KEYS = ("area_mm2", "perimeter_mm", "min_diameter_mm", "max_diameter_mm", "mean_diameter_mm")


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """A section parallel to the annulus, `height_mm` above it."""

    height_mm: float
    contour: Contour
    measures: Measures


@dataclass(frozen=True, slots=True, eq=False)
class Commissure:
    """Where two cusps meet on the wall. angle: about the annulus origin, radians. depth_mm: how far it stands in."""

    angle: float
    position_mm: FloatArray
    depth_mm: float
    confidence: float


def drawn_contour(contour: Contour) -> list[list[float]]:
    """The curve as at most 120 LPS points, for pictures."""
    return contour.points_mm[:: CURVE_POINTS // DRAWN_POINTS].tolist()  # type: ignore[no-any-return]


def follow_wall(sampler: Sampler, last: Contour, frame: Frame) -> Contour:
    """The wall's contour in `frame`, a plane a millimetre or two from the last contour's and with nearly its axes.

    Raises MeasurementError when no closed edge lies within 2.4 mm of the last one.
    """
    section = sampler.known_section(frame)
    if section is not None:
        return section
    angles = equal_angles(LEVEL_RAYS)
    known = fourier_basis(angles) @ last.coefficients
    offsets = np.arange(-BAND_MM - INSIDE_MM - 1.2, BAND_MM + OUTSIDE_MM + 1e-9, BAND_STEP_MM)
    radii = np.maximum(known[:, None] + offsets, 0.3)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    values = sampler.at(frame.to_world(directions[:, None] * radii[..., None]))
    if np.isnan(values).mean() > 0.25:
        raise MeasurementError("The section leaves the scan", "Choose a place farther inside", "outside_scan")
    path, lumen = _band_path(values, offsets, last.lumen_hu, last.noise_hu)
    coefficients, _, _ = fit_periodic(angles, known + path, np.ones(LEVEL_RAYS, dtype=bool))
    start = replace(
        last,
        frame=frame,
        coefficients=coefficients,
        radii_mm=fourier_basis(equal_angles(CURVE_POINTS)) @ coefficients,
        lumen_hu=lumen,
    )
    return find_contour(sampler, frame, REACH_MM, model=last.model, rounds=0, rays=LEVEL_RAYS, follow=start)


def _band_path(values: FloatArray, offsets: FloatArray, lumen: float, noise: float) -> tuple[FloatArray, float]:
    """(R,) offsets of the closed path of greatest fall from inside to outside, and the lumen's brightness inside it."""
    filled = np.where(np.isnan(values), -1024.0, values)
    outside = float(np.median(np.clip(filled.min(axis=1), -200.0, lumen)))
    if lumen - outside < 60.0:
        raise MeasurementError("There is no contrast here", "Choose a place inside the lumen", "no_contrast")
    span = lumen - outside
    clipped = np.clip(filled, outside - 0.25 * span, lumen)
    # calcium at the wall belongs to the wall
    clipped = np.where(filled > lumen + max(60.0, 0.25 * span, 5.0 * noise), outside + 0.35 * span, clipped)
    total = np.cumsum(np.pad(clipped, ((0, 0), (1, 0))), axis=1)
    inner, outer = round(INSIDE_MM / BAND_STEP_MM), round(OUTSIDE_MM / BAND_STEP_MM)
    at = np.flatnonzero(np.abs(offsets) <= BAND_MM + 1e-6)
    inside_mean = (total[:, at + 1] - total[:, at + 1 - inner]) / inner
    outside_mean = (total[:, np.minimum(at + 1 + outer, values.shape[1])] - total[:, at + 1]) / outer
    dark = np.cumsum(filled < outside + 0.25 * span, axis=1)[:, at] * BAND_STEP_MM > 0.8
    cost = (outside_mean - inside_mean) / span + 0.6 * dark
    path = offsets[at][_cyclic_path(cost)]
    ring = (offsets[None] < path[:, None] - 1.2) & (offsets[None] > path[:, None] - 3.6)
    here = float(np.median(filled[ring])) if ring.any() else lumen
    return path, float(np.clip(here, (1.0 - LUMEN_DRIFT) * lumen, (1.0 + LUMEN_DRIFT) * lumen))


def _cyclic_path(cost: FloatArray) -> npt.NDArray[np.intp]:
    """(R,) columns of the least-cost closed path over (R, C), at most one column a row; run round three times."""
    rows, count = cost.shape
    total = np.full(count + 2, np.inf)
    total[1:-1] = 0.0
    windows = np.lib.stride_tricks.sliding_window_view(total, count)
    smooth = 0.03 * np.array((1.0, 0.0, 1.0))[:, None]
    back = np.empty((3 * rows, count), dtype=np.intp)
    for n in range(3 * rows):
        options = windows + smooth
        np.argmin(options, axis=0, out=back[n])
        total[1:-1] = options.min(axis=0) + cost[n % rows]
    at = int(np.argmin(total[1:-1]))
    path = np.empty(3 * rows, dtype=np.intp)
    for n in range(3 * rows - 1, -1, -1):
        path[n] = at
        at = int(np.clip(at + int(back[n, at]) - 1, 0, count - 1))
    return path[rows : 2 * rows]


def _walk(sampler: Sampler, frame: Frame, annulus: Contour, heights: FloatArray) -> list[Level]:
    """Levels at these heights, in order away from the annulus, until the wall is lost or the shape is no root's."""
    found: list[Level] = []
    last, area, drift, lost = annulus, annulus.measures().area_mm2, np.zeros(3), 0
    before = 0.0
    for height in heights:
        center = last.frame.origin_mm + drift * abs(height - before)
        at = center + (height - float((center - frame.origin_mm) @ frame.normal)) * frame.normal
        plane = Frame(frozen_array(at), frame.right, frame.up, frame.normal)
        try:
            contour = follow_wall(sampler, last, plane)
        except MeasurementError:
            lost += 1
            if lost > LOST_LEVELS:
                break
            continue
        measures = contour.measures()
        allowed = np.asarray(GROWTH) ** max(1.0, abs(height - before))
        if not allowed[0] * area <= measures.area_mm2 <= allowed[1] * area:
            lost += 1
            if lost > LOST_LEVELS:
                break
            continue
        if measures.max_diameter_mm > LONGEST_SHAPE * measures.min_diameter_mm:
            break
        step = (contour.frame.origin_mm - last.frame.origin_mm) / abs(height - before)
        step = step - (step @ frame.normal) * frame.normal
        drift = 0.75 * drift + 0.25 * np.clip(step, -0.8, 0.8)
        last, area, before, lost = contour, measures.area_mm2, float(height), 0
        found.append(Level(float(height), contour, measures))
    return found


def find_levels(sampler: Sampler, frame: Frame, annulus: Contour) -> list[Level]:
    """Sections upwards from the annulus, each millimetre, until the edge is lost."""
    heights = np.arange(LEVEL_STEP_MM, TOP_MM + 1e-9, LEVEL_STEP_MM)
    return [Level(0.0, annulus, annulus.measures()), *_walk(sampler, frame, annulus, heights)]


def outflow_levels(sampler: Sampler, frame: Frame, annulus: Contour, deepest_mm: float) -> list[Level]:
    """Sections downwards from the annulus, each millimetre, until the edge is lost."""
    return _walk(sampler, frame, annulus, -np.arange(LEVEL_STEP_MM, deepest_mm + 1e-9, LEVEL_STEP_MM))


def measure_lvot(levels: Sequence[Level]) -> tuple[list[dict[str, Any]], tuple[Finding, ...]]:
    """Sections parallel to the annulus at 2 … 10 mm below it; levels without a closed edge are left out and said.

    levels: as from `outflow_levels`.
    """
    known = {round(-level.height_mm): level for level in levels}
    rows: list[dict[str, Any]] = []
    lost: list[str] = []
    for depth in LVOT_DEPTHS_MM:
        level = known.get(round(depth))
        if level is None:
            lost.append(f"{depth:.0f}")
            continue
        rows.append({"depth_mm": depth, **level.measures.as_json(), "contour_mm": drawn_contour(level.contour)})
    findings = (
        (Finding("lvot_missing", f"The LVOT has no closed edge at {', '.join(lost)} mm below the annulus."),)
        if lost
        else ()
    )
    return rows, findings


def lvot_report(rows: Sequence[dict[str, Any]], annulus_area_mm2: float) -> dict[str, Any]:
    """The LVOT's one line: its size 4 mm below the annulus, and its shape by area 5 mm below over the annulus's.

    Above 1.1 flared, below 0.9 tapered, else tubular; null where that level has no closed edge.
    """
    by_depth = {row["depth_mm"]: row for row in rows}
    reported, shaped = by_depth.get(LVOT_REPORTED_MM), by_depth.get(LVOT_SHAPE_MM)
    ratio = None if shaped is None else shaped["area_mm2"] / annulus_area_mm2
    shape = None if ratio is None else "flared" if ratio > FLARED else "tapered" if ratio < TAPERED else "tubular"
    return {
        "depth_mm": LVOT_REPORTED_MM,
        "area_mm2": None if reported is None else reported["area_mm2"],
        "mean_diameter_mm": None if reported is None else reported["mean_diameter_mm"],
        "shape": shape,
        "ratio": ratio,
    }


def _smooth(values: FloatArray) -> FloatArray:
    padded = np.concatenate([values[:1], values, values[-1:]])
    return np.asarray(np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0))


def find_sinus_and_junction(levels: Sequence[Level]) -> tuple[int | None, int | None]:
    """Numbers of the level of greatest area (sinuses) and of where the narrowing above it ends (sinotubular junction).

    None where the root shows no bulge, or the scan ends before the tube.
    """
    sinus, height = _sinus_and_junction_height(levels)
    if sinus is None or height is None:
        return sinus, None
    heights = np.array([level.height_mm for level in levels])
    return sinus, int(np.argmin(np.abs(heights - height)))


def _sinus_and_junction_height(levels: Sequence[Level]) -> tuple[int | None, float | None]:
    if len(levels) < 10:
        return None, None
    areas = _smooth(np.array([level.measures.area_mm2 for level in levels]))
    heights = np.array([level.height_mm for level in levels])
    window = (heights >= 4.0) & (heights <= 24.0)
    if not window.any():
        return None, None
    sinus = int(np.flatnonzero(window)[np.argmax(areas[window])])
    if areas[sinus] < LEAST_BULGE * areas[0]:
        return None, None
    above = np.flatnonzero((heights > heights[sinus] + 2.0) & (heights <= heights[sinus] + 18.0))
    if len(above) < 4:
        return sinus, None
    # where the fast narrowing ends: farthest below the chord from the sinuses to the last level. The least area itself
    # wanders along a tube that goes on at almost one width
    last = above[-1]
    rise = (areas[last] - areas[sinus]) / (heights[last] - heights[sinus])
    below = areas[sinus] + rise * (heights[above] - heights[sinus]) - areas[above]
    best = int(np.argmax(below))
    if areas[above[best]] >= 0.97 * areas[sinus]:
        return sinus, None
    height = float(heights[above[best]])
    if 0 < best < len(above) - 1:
        left, middle, right = below[best - 1 : best + 2]
        bend = left - 2.0 * middle + right
        if bend < 0.0:
            height += float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) * LEVEL_STEP_MM
    return sinus, height


def find_commissures(
    levels: Sequence[Level], sinus: int | None, junction_height_mm: float | None, angles: FloatArray, frame: Frame
) -> tuple[Commissure | None, Commissure | None, Commissure | None]:
    """NR, RL, LN: where the sinuses' wall stands in between two cusps. angles: hinges N, R, L about the frame's origin.

    Read from the wall's mean shape over the upper sinuses; a dent shallower than its scatter is not believed.
    """
    if sinus is None:
        return None, None, None
    middle = levels[sinus].height_mm
    top = junction_height_mm if junction_height_mm is not None else middle + 8.0
    use = [level for level in levels if 0.35 * top <= level.height_mm <= max(0.8 * top, middle)]
    dense = equal_angles(CURVE_POINTS)
    # about one axis through the levels, else their centroids' wander turns the lobes
    curves = np.stack([fourier_basis(dense) @ level.contour.coefficients for level in use])
    curve = np.median(curves, axis=0)
    found: list[Commissure | None] = []
    for _, first, second in PAIRS:
        gap = float((angles[second] - angles[first]) % (2.0 * np.pi))
        inside = _around(dense, float(angles[first]) + 0.5 * gap, 0.28 * gap)
        lowest = int(inside[np.argmin(curve[inside])])
        sides = [_around(dense, float(angles[n]), 0.3 * gap) for n in (first, second)]
        depth = float(min(curve[side].max() for side in sides) - curve[lowest])
        scatter = float(np.std(curves[:, lowest])) / np.sqrt(len(use)) + 0.05
        if depth < 3.0 * scatter or lowest in (inside[0], inside[-1]):
            found.append(None)
            continue
        level = levels[sinus].contour
        point = level.frame.to_world(
            level.radius_at_mm(dense[lowest : lowest + 1])[:, None]
            * np.array([[np.cos(dense[lowest]), np.sin(dense[lowest])]])
        )[0]
        plane = frame.to_plane(point)
        angle = float(np.arctan2(plane[1], plane[0]))
        found.append(Commissure(angle, point, depth, float(np.clip(0.3 + 0.25 * depth, 0.3, 0.9))))
    return found[0], found[1], found[2]


def sector_edges(angles: FloatArray, commissures: Sequence[Commissure | None]) -> tuple[float, float, float]:
    """(3,) angles of the borders NR, RL, LN: the commissures where they were found, else midway between the hinges."""
    edges = []
    for (_, first, second), found in zip(PAIRS, commissures, strict=True):
        gap = float((angles[second] - angles[first]) % (2.0 * np.pi))
        edges.append(float(angles[first]) + 0.5 * gap if found is None else found.angle)
    return edges[0], edges[1], edges[2]


def sector_of(angle: FloatArray, edges: Sequence[float]) -> npt.NDArray[np.intp]:
    """(N,) cusp N 0, R 1, L 2 of (N,) angles about the annulus origin, between the borders NR, RL, LN."""
    # N lies between LN and NR, R between NR and RL, L between RL and LN
    turn = 2.0 * np.pi
    away = (angle - edges[2]) % turn
    first, second = (edges[0] - edges[2]) % turn, (edges[1] - edges[2]) % turn
    return np.asarray(np.where(away < first, 0, np.where(away < second, 1, 2)))


def _around(dense: FloatArray, middle: float, spread: float) -> npt.NDArray[np.intp]:
    """Numbers of the dense angles within `spread` of the middle, in order of angle."""
    away = np.angle(np.exp(1j * (dense - middle)))
    near = np.flatnonzero(np.abs(away) <= spread)
    return near[np.argsort(away[near])]


def measure_sinuses(
    levels: Sequence[Level],
    sinus: int | None,
    junction: dict[str, Any],
    angles: FloatArray,
    commissures: Sequence[Commissure | None] = (None, None, None),
) -> dict[str, Any]:
    """Each cusp's sinus: from its deepest point to the opposite commissure, on the level of greatest area.

    angles: hinges N, R, L about the annulus origin. junction: as from `measure_junction`. mean_mm: of the three.
    cusp_to_cusp_mm: between deepest points. A height runs from the hinge plane along the normal to the junction's rim
    over that cusp.
    """
    heights = junction.get("rim_heights_mm") or dict.fromkeys(CUSPS)
    result: dict[str, Any] = {f"height_{key}_mm": heights[key] for key in CUSPS}
    if sinus is None:
        empty = dict.fromkeys([*(f"{key}_mm" for key in CUSPS), "mean_mm", "level_mm", "cusp_to_cusp_mm", "contour_mm"])
        return {**empty, **dict.fromkeys(result)}
    contour = levels[sinus].contour
    dense = equal_angles(CURVE_POINTS)
    points = contour.plane_mm
    edges = sector_edges(angles, commissures)
    deepest = [_extreme_near(contour.radii_mm, dense, float(angle), 40.0, greatest=True) for angle in angles]
    for number, key in enumerate(CUSPS):
        edge = (number + 1) % 3
        spread = 30.0 if commissures[edge] is None else 12.0
        opposite = _extreme_near(contour.radii_mm, dense, edges[edge], spread, greatest=False)
        result[f"{key}_mm"] = float(np.linalg.norm(points[deepest[number]] - points[opposite]))
    result["mean_mm"] = float(np.mean([result[f"{key}_mm"] for key in CUSPS]))
    result["level_mm"] = levels[sinus].height_mm
    result["cusp_to_cusp_mm"] = {
        name: float(np.linalg.norm(points[deepest[first]] - points[deepest[second]])) for name, first, second in PAIRS
    }
    result["contour_mm"] = drawn_contour(contour)
    return result


def _extreme_near(radii: FloatArray, angles: FloatArray, middle: float, spread_deg: float, *, greatest: bool) -> int:
    near = _around(angles, middle, float(np.radians(spread_deg)))
    return int(near[np.argmax(radii[near]) if greatest else np.argmin(radii[near])])


def measure_junction(
    sampler: Sampler, frame: Frame, levels: Sequence[Level], junction: int | None, angles: FloatArray | None = None
) -> dict[str, Any]:
    """The sinotubular junction perpendicular to the root's own centreline; height along the annulus normal.

    angles: hinges N, R, L; then also "rim_heights_mm", of the junction's rim over each cusp.
    """
    empty: dict[str, Any] = {
        "height_mm": None,
        **dict.fromkeys(SECTION_KEYS),
        "position_mm": None,
        "normal": None,
        "contour_mm": None,
        "rim_heights_mm": None,
    }
    if junction is None:
        return empty
    _, exact = _sinus_and_junction_height(levels)
    contour = _perpendicular(sampler, levels, junction, exact)
    if contour is None:
        return empty
    height = float((contour.frame.origin_mm - frame.origin_mm) @ frame.normal)
    rims: dict[str, float] | None = None
    if angles is not None:
        points = contour.points_mm
        plane = frame.to_plane(points)
        around = np.arctan2(plane[:, 1], plane[:, 0])
        over = [int(np.argmin(np.abs(np.angle(np.exp(1j * (around - angle)))))) for angle in angles]
        rims = {key: float((points[at] - frame.origin_mm) @ frame.normal) for key, at in zip(CUSPS, over, strict=True)}
    return {
        "height_mm": height,
        **contour.measures().as_json(),
        "position_mm": contour.frame.origin_mm.tolist(),
        "normal": contour.frame.normal.tolist(),
        "contour_mm": drawn_contour(contour),
        "rim_heights_mm": rims,
    }


def measure_ascending(sampler: Sampler, levels: Sequence[Level], junction: int | None) -> dict[str, Any]:
    """The section 40 mm above the annulus along the centreline, and the widest from the junction up.

    Sections are perpendicular to the centreline, each 2 mm. Null when the scan or the tube ends before.
    greatest_diameter_mm: greatest mean diameter, at greatest_at_mm along the centreline; its section as the other's.
    """
    empty: dict[str, Any] = {
        "distance_mm": ASCENDING_MM,
        **dict.fromkeys(SECTION_KEYS),
        "position_mm": None,
        "normal": None,
        "contour_mm": None,
        "greatest_diameter_mm": None,
        "greatest_at_mm": None,
        "greatest_position_mm": None,
        "greatest_normal": None,
        "greatest_contour_mm": None,
    }
    if junction is None:
        return empty
    sections = march_sections(sampler, levels, junction)
    if not sections:
        return empty
    widest = max(sections, key=lambda section: section[1].measures().mean_diameter_mm)
    result = {
        **empty,
        "greatest_diameter_mm": widest[1].measures().mean_diameter_mm,
        "greatest_at_mm": widest[0],
        "greatest_position_mm": widest[1].frame.origin_mm.tolist(),
        "greatest_normal": widest[1].frame.normal.tolist(),
        "greatest_contour_mm": drawn_contour(widest[1]),
    }
    along = np.array([s for s, _ in sections])
    near = int(np.argmin(np.abs(along - ASCENDING_MM)))
    if abs(along[near] - ASCENDING_MM) > 0.75 * MARCH_STEP_MM:
        return result
    base = sections[near][1]
    at = base.frame.origin_mm + (ASCENDING_MM - along[near]) * base.frame.normal
    try:
        contour = follow_wall(sampler, base, replace(base.frame, origin_mm=frozen_array(at)))
    except MeasurementError:
        return result
    return {
        **result,
        **contour.measures().as_json(),
        "position_mm": contour.frame.origin_mm.tolist(),
        "normal": contour.frame.normal.tolist(),
        "contour_mm": drawn_contour(contour),
    }


def march_sections(sampler: Sampler, levels: Sequence[Level], junction: int) -> list[tuple[float, Contour]]:
    """(way along the centreline from the annulus, contour) of sections across the aorta from the junction up."""
    first = min(junction + 1, len(levels) - 1)
    centers = _even_centers(levels)[: first + 1]
    start = float(np.linalg.norm(np.diff(centers, axis=0), axis=1).sum())
    return _march(sampler, levels, first, start)


def _even_centers(levels: Sequence[Level]) -> FloatArray:
    """(N, 3) centres of the levels, their jitter smoothed: it would lengthen the way."""
    from scipy import ndimage

    centers = np.array([level.contour.frame.origin_mm for level in levels])
    return np.asarray(ndimage.gaussian_filter1d(centers, 2.0, axis=0, mode="nearest"))


def _tangent(points: FloatArray, towards: Vector) -> FloatArray:
    _, _, axes = np.linalg.svd(points - points.mean(axis=0))
    return np.asarray(axes[0] if axes[0] @ towards > 0 else -axes[0])


def _march(sampler: Sampler, levels: Sequence[Level], first: int, start_mm: float) -> list[tuple[float, Contour]]:
    """(way from the annulus, contour) of sections across the aorta from a level up, as far as the wall is closed."""
    around = levels[max(0, first - 3) : first + 6]
    centers = [level.contour.frame.origin_mm for level in around]
    tangent = _tangent(np.array(centers), levels[first].contour.frame.normal)
    last = levels[first].contour
    at, along, trail = last.frame.origin_mm, start_mm, [last.frame.origin_mm]
    found: list[tuple[float, Contour]] = []
    while along <= MARCH_END_MM:
        plane = Frame.of(at, tangent, towards=last.frame.right)
        try:
            contour = follow_wall(sampler, last, plane)
        except MeasurementError:
            break
        measures, before = contour.measures(), last.measures()
        if not GROWTH[0] * before.area_mm2 <= measures.area_mm2 <= GROWTH[1] * before.area_mm2:
            break
        trail.append(contour.frame.origin_mm)
        if len(trail) > 3:
            tangent = 0.6 * tangent + 0.4 * _tangent(np.array(trail[-5:]), tangent)
            tangent = tangent / np.linalg.norm(tangent)
        found.append((along, contour))
        last = contour
        at, along = contour.frame.origin_mm + MARCH_STEP_MM * tangent, along + MARCH_STEP_MM
    return found


def _perpendicular(
    sampler: Sampler, levels: Sequence[Level], number: int, height_mm: float | None = None
) -> Contour | None:
    """The section across the root's own centreline at a level, or at a height next to it."""
    # mostly from above: the unequal sinuses below draw the centre to and fro
    around = levels[max(0, number - 3) : number + 7]
    tangent = _tangent(np.array([level.contour.frame.origin_mm for level in around]), levels[0].contour.frame.normal)
    level = levels[number].contour
    at = level.frame.origin_mm
    if height_mm is not None:
        at = at + (height_mm - levels[number].height_mm) / float(tangent @ level.frame.normal) * tangent
    try:
        return follow_wall(sampler, level, Frame.of(at, tangent, towards=level.frame.right))
    except MeasurementError:
        return None
