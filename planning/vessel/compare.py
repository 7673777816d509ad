"""The same vessel in two studies: diameters along it side by side, and where it grew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray
from planning.vessel.curves import Profile

STEP_MM = 1.0
SAME_PLACE_MM = 6.0
MOST_SHIFT_MM, SHIFT_STEP_MM = 40.0, 0.5
LEAST_OVERLAP_MM, LEAST_OVERLAP_SHARE = 20.0, 0.5
LEAST_GAIN, MOST_DIFFERENCE_MM = 0.8, 0.6
OVER_MM = 5.0
EDGE_MM, PLACE_MM = 0.15, 0.5


def compare_plans(before: Mapping[str, Any], after: Mapping[str, Any], *, years: float | None = None) -> dict[str, Any]:
    """Diameters of two vessel plans at the same places along the vessel, and the growth of each.

    Lines that lie together in space are laid on each other there; else both are counted from their first point, moved
    along by the shift at which their widths agree best, where that is clearly better than none. years: time between the
    studies, for growth a year. Raises MeasurementError when they share less than 20 mm.
    """
    old, new = Profile.of(before), Profile.of(after)
    findings: list[Finding] = []
    together = _distance_mm(old, new)
    if together <= SAME_PLACE_MM:
        method, shift = "place", 0.0
        matched = np.array([old.s_of(new.place(float(s))) for s in new.s_mm])
    else:
        shift, method = _best_shift(old, new)
        matched = new.s_mm + shift
        if method == "start":
            findings.append(
                Finding(
                    "by_start", "The vessels are laid together at their first points: these must be the same place."
                )
            )
    at = np.arange(float(new.s_mm[0]), float(new.s_mm[-1]) + 1e-6, STEP_MM)
    rows: list[dict[str, Any]] = []
    for s in at:
        own = float(np.interp(s, new.s_mm, matched))
        pair = [
            (profile.at(place, values))
            for profile, place in ((old, own), (new, float(s)))
            for values in (profile.area_diameter_mm, profile.min_mm, profile.max_mm)
        ]
        if any(value is None for value in pair):
            continue
        d0, least0, most0, d1, least1, most1 = (float(value) for value in pair if value is not None)
        rows.append(
            {
                "s_mm": float(s),
                "before_s_mm": own,
                "position_mm": new.place(float(s)).tolist(),
                "before": {"area_diameter_mm": d0, "min_diameter_mm": least0, "max_diameter_mm": most0},
                "after": {"area_diameter_mm": d1, "min_diameter_mm": least1, "max_diameter_mm": most1},
                "growth_mm": d1 - d0,
                "growth_max_mm": most1 - most0,
            }
        )
    if len(rows) * STEP_MM < LEAST_OVERLAP_MM:
        raise MeasurementError(
            "The two plans share less than 20 mm of vessel", "Measure both between the same places", "no_overlap"
        )
    growth = _median_over(np.array([row["s_mm"] for row in rows]), np.array([row["growth_mm"] for row in rows]))
    noise = float(1.4826 * np.median(np.abs(np.diff(growth)))) if len(growth) > 3 else 0.0
    # where the vessel widens quickly, at a fork, a place that is a little off makes a difference by itself
    slopes = np.abs(np.gradient(np.array([row["after"]["area_diameter_mm"] for row in rows]), STEP_MM))
    unsure = 2.0 * np.sqrt(2.0 * EDGE_MM**2 + noise**2 + (PLACE_MM * slopes) ** 2)
    # of all places the one that grew for sure: the greatest number alone would be the least sure one
    rows = [{**row, "uncertainty_mm": float(one)} for row, one in zip(rows, unsure, strict=True)]
    high, low = int(np.argmax(growth - unsure)), int(np.argmin(growth + unsure))
    return {
        "method": method,
        "shift_mm": shift,
        "distance_mm": together,
        "stations": rows,
        "greatest_growth": _extreme(rows[high], float(growth[high]), float(unsure[high]), years),
        "greatest_shrinkage": _extreme(rows[low], float(growth[low]), float(unsure[low]), years),
        "mean_growth_mm": float(np.mean(growth)),
        "length_before_mm": float(before["length_mm"]),
        "length_after_mm": float(after["length_mm"]),
        "years": years,
        "warnings": [finding.as_json() for finding in findings],
    }


def _distance_mm(old: Profile, new: Profile) -> float:
    """Median distance of the new line from the old one where they run side by side."""
    from scipy.spatial import cKDTree

    away, _ = cKDTree(old.line_mm).query(new.line_mm)
    return float(np.median(away))


def _best_shift(old: Profile, new: Profile) -> tuple[float, str]:
    least = max(LEAST_OVERLAP_MM, LEAST_OVERLAP_SHARE * min(old.s_mm[-1] - old.s_mm[0], new.s_mm[-1] - new.s_mm[0]))
    shifts = np.arange(-MOST_SHIFT_MM, MOST_SHIFT_MM + 1e-9, SHIFT_STEP_MM)
    costs = np.full(len(shifts), np.inf)
    for n, shift in enumerate(shifts):
        at = new.s_mm + shift
        inside = (at >= old.s_mm[0]) & (at <= old.s_mm[-1])
        if not inside.any() or float(np.ptp(new.s_mm[inside])) < least:
            continue
        difference = np.interp(at[inside], old.s_mm, old.area_diameter_mm) - new.area_diameter_mm[inside]
        # a vessel that grew evenly still matches itself, and one that grew at a place does so elsewhere
        rest = np.abs(difference - np.median(difference))
        costs[n] = float(np.mean(np.minimum(rest, MOST_DIFFERENCE_MM))) + 1e-3 * abs(shift)
    none = costs[int(np.argmin(np.abs(shifts)))]
    best = int(np.argmin(costs))
    if np.isfinite(costs[best]) and (not np.isfinite(none) or costs[best] < LEAST_GAIN * none):
        return float(shifts[best]), "widths"
    return 0.0, "start"


def _median_over(s_mm: FloatArray, values: FloatArray) -> FloatArray:
    return np.array([np.median(values[np.abs(s_mm - s) <= 0.5 * OVER_MM]) for s in s_mm])


def _extreme(row: Mapping[str, Any], growth: float, unsure: float, years: float | None) -> dict[str, Any]:
    return {
        "s_mm": row["s_mm"],
        "position_mm": row["position_mm"],
        "growth_mm": growth,
        "uncertainty_mm": unsure,
        "is_certain": abs(growth) > unsure,
        "per_year_mm": None if not years else growth / years,
        "before_mm": row["before"]["area_diameter_mm"],
        "after_mm": row["after"]["area_diameter_mm"],
    }
