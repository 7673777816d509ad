"""The neck and sac of an abdominal aortic aneurysm, read off a vessel plan that runs down the aorta.

All widths are of the lumen (inner to inner): thrombus and wall are not in them. Definitions: neck length from the lowest
renal artery to where the mean diameter stays 10 % above that at the artery; conicity 100·(D15 − D0)/D0; suprarenal and
infrarenal angles between the axes of the aorta above, the neck, and the sac. Usual limits of instructions for use:
doi 10.5758/vsi.200016.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray
from planning.vessel.curves import Profile
from planning.vessel.plan import find_centerline
from planning.volume import Volume

DIAMETERS_AT_MM = (0.0, 5.0, 10.0, 15.0)
NECK_GROWTH, KEPT_MM = 1.10, 4.0
CONICAL_PERCENT = 10.0
ABOVE_MM, SAC_MM = 25.0, 45.0
ANEURYSM_SHARE = 1.5
WIDEST_MM = 30.0
OVERSIZING = (1.10, 1.20)
HALF_DEG = 180.0
LIMITS = {
    "usual": {"length_mm": 15.0, "infrarenal_deg": 60.0, "suprarenal_deg": 45.0, "diameter_mm": (18.0, 32.0)},
    "extended": {"length_mm": 10.0, "infrarenal_deg": 75.0, "suprarenal_deg": 60.0, "diameter_mm": (17.0, 32.0)},
}
SOURCE = "doi 10.5758/vsi.200016; verify against the IFU"


def evar_measures(plan: Mapping[str, Any], lowest_renal_mm: npt.ArrayLike | None = None) -> dict[str, Any]:
    """Neck and sac from a vessel plan along the aorta; `lowest_renal_mm` (3,) LPS, the plan's upper end without it.

    Raises MeasurementError when the place is not on the plan's vessel or has no section.
    """
    line = np.asarray(plan["centerline_mm"], dtype=np.float64)
    profile = Profile.of(plan, reverse=bool(line[-1, 2] > line[0, 2]))
    findings: list[Finding] = []
    if lowest_renal_mm is None:
        start = float(profile.s_mm[0])
        findings.append(
            Finding("no_renal", "The lowest renal artery was not given: the neck is counted from the plan's upper end.")
        )
    else:
        point = np.asarray(lowest_renal_mm, dtype=np.float64)
        start = profile.s_of(point)
        width = profile.at(start, profile.max_mm, 15.0) or WIDEST_MM
        if np.linalg.norm(profile.place(start) - point) > width:
            raise _off_vessel()
    mean = profile.mean_mm
    first = profile.at(start, mean, 15.0)
    if first is None:
        raise MeasurementError(
            "There is no closed section at the lowest renal artery", "Choose a place a little lower", "not_closed"
        )
    end = _neck_end(profile, start, first)
    if end is None:
        findings.append(
            Finding("no_neck_end", "The lumen widens by 10 % nowhere below: no aneurysm, or it lies lower.")
        )
    greatest = _greatest(profile, start)
    diameters = {f"d{at:.0f}_mm": profile.at(start + at, mean, 8.0) for at in DIAMETERS_AT_MM}
    last = diameters["d15_mm"]
    conicity = None if last is None else 100.0 * (last - first) / first
    neck_s = end if end is not None else float(profile.s_mm[-1])
    length = neck_s - start
    inside = (profile.s_mm >= start) & (profile.s_mm <= neck_s)
    arcs = profile.arc_deg[inside]
    calcium = float(np.nanmax(arcs)) if np.isfinite(arcs).any() else None
    above = _axis(profile, start - ABOVE_MM, start)
    neck = _axis(profile, start, max(neck_s, start + 8.0)) if length >= 3.0 else None
    sac = None if end is None else _axis(profile, end, min(end + SAC_MM, float(profile.line_s_mm[-1])))
    widths = [value for value in (*diameters.values(), profile.at(neck_s, mean, 8.0)) if value is not None]
    result: dict[str, Any] = {
        "definition": "lumen, inner to inner",
        "lowest_renal": {"s_mm": start, "position_mm": profile.place(start).tolist()},
        "neck": {
            "length_mm": length if end is not None else None,
            "to_mm": profile.place(neck_s).tolist() if end is not None else None,
            **diameters,
            "conicity_percent": conicity,
            "shape": None if conicity is None else "conical" if conicity > CONICAL_PERCENT else "straight",
            "calcium_arc_deg": calcium,
            "calcium_over_half": None if calcium is None else calcium > HALF_DEG,
            "thrombus_over_half": None,
        },
        "suprarenal_deg": _between(above, neck),
        "infrarenal_deg": _between(neck, sac),
        "aneurysm": greatest if end is not None else None,
        "graft_mm": {"low_mm": OVERSIZING[0] * max(widths), "high_mm": OVERSIZING[1] * max(widths)},
        "limits_source": SOURCE,
    }
    result["limits"] = {name: _against(result, limits, widths) for name, limits in LIMITS.items()}
    findings.append(Finding("lumen_only", "Thrombus and wall are not measured: diameters are of the open lumen."))
    result["warnings"] = [finding.as_json() for finding in findings]
    return result


def check_renal(volume: Volume, start_mm: npt.ArrayLike, end_mm: npt.ArrayLike, lowest_renal_mm: npt.ArrayLike) -> None:
    """Raise MeasurementError for a renal point that cannot be at the vessel between two points, before it is measured.

    All (3,) LPS. Only the quick centreline is found: `evar_measures` looks closer once the widths are known.
    """
    renal = np.asarray(lowest_renal_mm, dtype=np.float64)
    if not np.isfinite(renal).all() or not volume.grid.contains(renal):
        raise MeasurementError(
            "The renal artery's place is outside the scan", "Give a point where it leaves the aorta", "outside_scan"
        )
    line = find_centerline(volume, np.array([start_mm, end_mm], dtype=np.float64))
    if np.linalg.norm(line.points_mm - renal, axis=1).min() > WIDEST_MM:
        raise _off_vessel()


def _off_vessel() -> MeasurementError:
    return MeasurementError(
        "The renal artery's place is not at this vessel", "Give a point where it leaves the aorta", "off_vessel"
    )


def _neck_end(profile: Profile, start: float, first_mm: float) -> float | None:
    """Where the mean diameter goes 10 % above that at the renal artery and stays there for some millimetres."""
    below = profile.s_mm >= start
    s, wide = profile.s_mm[below], profile.mean_mm[below]
    limit = NECK_GROWTH * first_mm
    over = wide >= limit
    for n in np.flatnonzero(over):
        following = (s >= s[n]) & (s <= s[n] + KEPT_MM)
        if over[following].all() and s[-1] - s[n] >= 0.5 * KEPT_MM:
            if n == 0:
                return float(s[0])
            share = (limit - wide[n - 1]) / max(wide[n] - wide[n - 1], 1e-9)
            return float(s[n - 1] + np.clip(share, 0.0, 1.0) * (s[n] - s[n - 1]))
    return None


def _greatest(profile: Profile, start: float) -> dict[str, Any]:
    below = np.flatnonzero(profile.s_mm >= start)
    n = int(below[np.argmax(profile.max_mm[below])])
    reference = float(np.interp(start, profile.s_mm, profile.mean_mm))
    wide = below[profile.mean_mm[below] >= ANEURYSM_SHARE * reference]
    return {
        "max_diameter_mm": float(profile.max_mm[n]),
        "min_diameter_mm": float(profile.min_mm[n]),
        "area_mm2": float(profile.area_mm2[n]),
        "s_mm": float(profile.s_mm[n]),
        "position_mm": profile.place(float(profile.s_mm[n])).tolist(),
        "length_over_1_5_mm": float(profile.s_mm[wide[-1]] - profile.s_mm[wide[0]]) if len(wide) > 1 else 0.0,
    }


def _axis(profile: Profile, from_mm: float, to_mm: float) -> FloatArray | None:
    """Unit direction of the straight line through a stretch of the centreline; None for less than 5 mm of it."""
    inside = (profile.line_s_mm >= from_mm - 1e-6) & (profile.line_s_mm <= to_mm + 1e-6)
    points = profile.line_mm[inside]
    if len(points) < 4 or to_mm - max(from_mm, 0.0) < 5.0:
        return None
    direction = np.linalg.svd(points - points.mean(axis=0))[2][0]
    return np.asarray(direction if direction @ (points[-1] - points[0]) > 0 else -direction)


def _between(a: FloatArray | None, b: FloatArray | None) -> float | None:
    if a is None or b is None:
        return None
    return float(np.degrees(np.arccos(np.clip(a @ b, -1.0, 1.0))))


def _against(result: Mapping[str, Any], limits: Mapping[str, Any], widths: list[float]) -> dict[str, Any]:
    """Which of a set of limits hold: True, False, or None where the measure is missing."""
    neck = result["neck"]
    low, high = limits["diameter_mm"]
    held = {
        "length": None if neck["length_mm"] is None else neck["length_mm"] >= limits["length_mm"],
        "infrarenal": None
        if result["infrarenal_deg"] is None
        else result["infrarenal_deg"] <= limits["infrarenal_deg"],
        "suprarenal": None
        if result["suprarenal_deg"] is None
        else result["suprarenal_deg"] <= limits["suprarenal_deg"],
        "diameter": bool(low <= min(widths) and max(widths) <= high) if widths else None,
    }
    return {
        "length_mm": limits["length_mm"],
        "infrarenal_deg": limits["infrarenal_deg"],
        "suprarenal_deg": limits["suprarenal_deg"],
        "diameter_mm": [low, high],
        "held": held,
    }
