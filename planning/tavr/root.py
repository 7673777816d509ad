"""The root above the annulus: wall level by level, sinuses, sinotubular junction, ascending aorta; and LVOT below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.edge import EdgeModel
from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray
from planning.section import CURVE_POINTS, Contour, Frame, Measures, Sampler, equal_angles, find_contour

LVOT_DEPTHS_MM = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
LEVEL_STEP_MM = 1.0
TOP_MM = 48.0
REACH_MM = 27.0
LEVEL_RAYS = 120
LEAST_BULGE = 1.06
ASCENDING_MM = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """A section parallel to the annulus, `height_mm` above it."""

    height_mm: float
    contour: Contour
    measures: Measures


def measure_lvot(
    sampler: Sampler, frame: Frame, annulus: Contour
) -> tuple[list[dict[str, float]], tuple[Finding, ...]]:
    """Sections parallel to the annulus at 2 … 10 mm below it; levels without a closed edge are left out and said."""
    rows: list[dict[str, float]] = []
    lost: list[str] = []
    center = annulus.frame.origin_mm
    for depth in LVOT_DEPTHS_MM:
        try:
            contour = _level(sampler, frame, center, -depth, annulus.model)
        except MeasurementError:
            lost.append(f"{depth:.0f}")
            continue
        center = contour.frame.origin_mm
        rows.append({"depth_mm": depth, **contour.measures().as_json()})
    findings = (
        (Finding("lvot_missing", f"The LVOT has no closed edge at {', '.join(lost)} mm below the annulus."),)
        if lost
        else ()
    )
    return rows, findings


def _level(sampler: Sampler, frame: Frame, center_mm: FloatArray, height_mm: float, model: EdgeModel) -> Contour:
    """The contour at a height, searched from above the last centre."""
    at = center_mm + (height_mm - float((center_mm - frame.origin_mm) @ frame.normal)) * frame.normal
    start = Frame(at, frame.right, frame.up, frame.normal)
    return find_contour(sampler, start, REACH_MM, model=model, rounds=0, rays=LEVEL_RAYS)


def find_levels(sampler: Sampler, frame: Frame, annulus: Contour) -> list[Level]:
    """Sections upwards from the annulus, each millimetre, until the edge is lost."""
    levels = [Level(0.0, annulus, annulus.measures())]
    center, missed = annulus.frame.origin_mm, 0
    for height in np.arange(LEVEL_STEP_MM, TOP_MM + 1e-9, LEVEL_STEP_MM):
        try:
            contour = _level(sampler, frame, center, float(height), annulus.model)
        except MeasurementError:
            missed += 1
            if missed > 3:
                break
            continue
        measures = contour.measures()
        if measures.area_mm2 > 2.2 * levels[-1].measures.area_mm2:
            break
        missed, center = 0, contour.frame.origin_mm
        levels.append(Level(float(height), contour, measures))
    return levels


def _smooth(values: FloatArray) -> FloatArray:
    padded = np.concatenate([values[:1], values, values[-1:]])
    return np.asarray(np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0))


def find_sinus_and_junction(levels: Sequence[Level]) -> tuple[int | None, int | None]:
    """Numbers of the level of greatest area (sinuses) and of where the narrowing above it ends (sinotubular junction).

    None where the root shows no bulge, or the scan ends before the tube.
    """
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
    chord = areas[sinus] + rise * (heights[above] - heights[sinus])
    junction = int(above[np.argmax(chord - areas[above])])
    return sinus, junction if areas[junction] < 0.97 * areas[sinus] else None


def measure_sinuses(
    levels: Sequence[Level], sinus: int | None, junction_height_mm: float | None, angles: FloatArray
) -> dict[str, float | None]:
    """Each cusp's sinus: from its deepest point to the opposite commissure, on the level of greatest area.

    angles: hinges N, R, L about the annulus origin. Heights run from the hinge plane to the junction along the normal.
    """
    names = ("ncc", "rcc", "lcc")
    if sinus is None:
        keys = [*(f"{key}_mm" for key in names), *(f"height_{key}_mm" for key in names)]
        return dict.fromkeys(keys)
    contour = levels[sinus].contour
    dense = equal_angles(CURVE_POINTS)
    result: dict[str, float | None] = {}
    for number, key in enumerate(names):
        deepest = _extreme_near(contour.radii_mm, dense, float(angles[number]), 40.0, greatest=True)
        others = np.delete(angles, number)
        opposite = float(np.angle(np.exp(1j * others).sum()))
        commissure = _extreme_near(contour.radii_mm, dense, opposite, 30.0, greatest=False)
        points = contour.plane_mm
        result[f"{key}_mm"] = float(np.linalg.norm(points[deepest] - points[commissure]))
    result |= {f"height_{key}_mm": junction_height_mm for key in names}
    return result


def _extreme_near(radii: FloatArray, angles: FloatArray, middle: float, spread_deg: float, *, greatest: bool) -> int:
    away = np.abs(np.angle(np.exp(1j * (angles - middle))))
    near = np.flatnonzero(away <= np.radians(spread_deg))
    return int(near[np.argmax(radii[near]) if greatest else np.argmin(radii[near])])


def measure_junction(sampler: Sampler, frame: Frame, levels: Sequence[Level], junction: int | None) -> dict[str, Any]:
    """The sinotubular junction perpendicular to the root's own centreline; height along the annulus normal."""
    empty: dict[str, Any] = {
        "height_mm": None,
        "area_mm2": None,
        "perimeter_mm": None,
        "min_diameter_mm": None,
        "max_diameter_mm": None,
        "mean_diameter_mm": None,
    }
    if junction is None:
        return empty
    contour = _perpendicular(sampler, levels, junction)
    if contour is None:
        return empty
    height = float((contour.frame.origin_mm - frame.origin_mm) @ frame.normal)
    return {"height_mm": height, **contour.measures().as_json(), "position_mm": contour.frame.origin_mm.tolist()}


def measure_ascending(sampler: Sampler, levels: Sequence[Level], junction: int | None) -> dict[str, Any]:
    """The section 40 mm above the annulus along the centreline; null when the scan or the tube ends before."""
    empty: dict[str, Any] = {
        "distance_mm": ASCENDING_MM,
        "area_mm2": None,
        "perimeter_mm": None,
        "min_diameter_mm": None,
        "max_diameter_mm": None,
        "mean_diameter_mm": None,
    }
    if junction is None:
        return empty
    centers = np.array([level.contour.frame.origin_mm for level in levels])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(centers, axis=0), axis=1))])
    if along[-1] < ASCENDING_MM:
        return empty
    contour = _perpendicular(sampler, levels, int(np.searchsorted(along, ASCENDING_MM)))
    if contour is None:
        return empty
    return {
        "distance_mm": ASCENDING_MM,
        **contour.measures().as_json(),
        "position_mm": contour.frame.origin_mm.tolist(),
    }


def _perpendicular(sampler: Sampler, levels: Sequence[Level], number: int) -> Contour | None:
    around = levels[max(0, number - 5) : number + 6]
    centers = np.array([level.contour.frame.origin_mm for level in around])
    _, _, axes = np.linalg.svd(centers - centers.mean(axis=0))
    tangent = axes[0] if axes[0] @ levels[0].contour.frame.normal > 0 else -axes[0]
    level = levels[number].contour
    try:
        return find_contour(sampler, Frame.of(level.frame.origin_mm, tangent), REACH_MM, model=level.model, rounds=1)
    except MeasurementError:
        return None
