"""Results of a TAVR plan in which every part is there, for the layout of reports and panels.

Made from the results that a plan of a phantom really has, so that places lie in its image; numbers that the phantom does
not have are plausible and nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import numpy as np

Results = dict[str, Any]


def plain(value: Any) -> Any:
    """Mappings and sequences as dicts and lists that a test may change."""
    if hasattr(value, "items"):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def full_results(measured: Mapping[str, Any]) -> Results:
    """The measured results with every part of the agreed shapes filled in."""
    results = plain(measured)
    annulus = results["annulus"]
    origin, normal = np.array(annulus["centroid_mm"]), np.array(annulus["normal"])
    _spread_out(results)
    annulus["uncertainty_parts"] = {
        "hinges_mm2": 7.7,
        "edge_mm2": 3.7,
        "spacing_mm2": 1.4,
        "phase_mm2": 0.0,
        "reader_mm2": 13.2,
    }
    results["lvot_report"] = {
        "depth_mm": 4,
        "area_mm2": 471.0,
        "mean_diameter_mm": 24.5,
        "shape": "tubular",
        "ratio": 1.02,
    }
    results["leaflets"] = {"ncc_mm": 14.8, "rcc_mm": 15.1, "lcc_mm": 14.2, "uncertainty_mm": 0.9}
    results["septum"] = {
        "membranous_mm": 5.1,
        "anterior_mm": 3.4,
        "posterior_mm": 7.0,
        "uncertainty_mm": 0.8,
        "confidence": 0.7,
        "line_mm": [origin.tolist(), (origin - 5.1 * normal).tolist()],
        "source": "automatic",
    }
    results["bicuspid"] = {
        "cusps": 3,
        "sievers": None,
        "raphe": None,
        "raphe_calcium_mm": None,
        "intercommissural_mm": 25.8,
        "ratio": 1.04,
        "shape": "tubular",
        "confidence": 0.93,
    }
    results["calcium"] |= _calcium(origin)
    results["obstruction"] = _obstruction()
    results["root"] = _root(results, normal)
    results["landmarks"]["ostium_left"] |= {
        "source": "edited",
        "automatic_mm": (np.array(results["landmarks"]["ostium_left"]["position_mm"]) - 0.9 * normal).tolist(),
    }
    results["access"] = _access()
    results["phases"] = {
        "curve": [
            {
                "phase": n,
                "label": f"{5 * n} %",
                "area_mm2": 452.0 + 24.0 * float(np.exp(-((n - 6) ** 2) / 12.0)),
                "perimeter_mm": 77.1,
                "min_diameter_mm": 21.4,
                "max_diameter_mm": 27.1,
                "uncertainty_mm2": 9.0,
                "hinges_mm": None,
            }
            for n in range(0, 20, 2)
        ],
        "systole": 6,
        "proposed": 6,
        "text": "The annulus is largest at 30 %, 24 mm² more than in diastole.",
    }
    results["warnings"] = [{"code": "coronary_low", "text": "The left coronary height 9.6 mm is below 10."}]
    return results


def _spread_out(results: Results) -> None:
    """A ± beside everything that a plan may hold one for."""
    for row in results["lvot"]:
        row["uncertainty"] = {"area_mm2": 11.0, "perimeter_mm": 0.9, "min_diameter_mm": 0.5, "max_diameter_mm": 0.5}
    for key in ("sinuses", "stj", "ascending_aorta"):
        results[key] = {**(results.get(key) or {}), "uncertainty_mm": 0.5}
    results["coronaries"] |= {"left_uncertainty_mm": 0.6, "right_uncertainty_mm": 0.6, "findings": []}
    results["angulation_uncertainty_deg"] = 1.0


def _calcium(origin: np.ndarray) -> Results:
    regions = {"ncc_mm3": 92.0, "rcc_mm3": 81.0, "lcc_mm3": 118.0, "lvot_mm3": 19.0}
    return {
        "total_mm3": 310.0,
        "by_region": regions,
        "by_region_850": {key: 0.4 * value for key, value in regions.items()},
        "above_850_mm3": 124.0,
        "uncertainty_mm3": 48.0,
        "threshold_hu": 539.0,
        "method": "relative",
        "lumen_hu": 431.0,
        "noise_hu": 21.0,
        "nodules": [
            {
                "region": region,
                "volume_mm3": volume,
                "center_mm": origin.tolist(),
                "protrusion_mm": 1.4,
                "hu_max": 1210.0,
            }
            for region, volume in (("lcc", 74.0), ("ncc", 51.0), ("rcc", 40.0), ("lvot", 19.0))
        ],
    }


def _obstruction() -> Results:
    text = "Cusp 14.2 mm is above the ostium 13.6 mm, but VTC 5.8 is over 4 mm and calcium 118 is under 600 mm³."
    left = {"predicted": False, "text": text, "cusp_mm": 14.2, "coronary_mm": 13.6, "vtc_mm": 5.8, "calcium_mm3": 118.0}
    right = {**left, "text": "Cusp 15.1 mm is below the ostium 16.2 mm.", "cusp_mm": 15.1, "coronary_mm": 16.2}
    return {"left": left, "right": right}


def _root(results: Results, normal: np.ndarray) -> Results:
    landmark = results["landmarks"]["hinge_ncc"]
    second = (np.array(landmark["position_mm"]) + 1.8 * normal).tolist()
    for key, away in (("hinge_ncc", 1.8), ("hinge_rcc", 0.6), ("hinge_lcc", 0.4)):
        results["landmarks"][key] |= {"source": "automatic", "second_mm": second, "disagreement_mm": away}
    text = "Two estimates are 1.8 mm apart."
    return {
        "found": "automatic",
        "confidence": 0.86,
        "centerline_mm": None,
        "second": {
            "normal": normal.tolist(),
            "origin_mm": results["annulus"]["origin_mm"],
            "tilt_deg": 2.8,
            "offset_mm": 0.7,
            "area_mm2": 1.015 * results["annulus"]["area_mm2"],
        },
        "look_here": [
            {
                "landmark": "hinge_ncc",
                "text": text,
                "distance_mm": 1.8,
                "position_mm": landmark["position_mm"],
                "second_mm": second,
                "area_if_second_mm2": 483.0,
            }
        ],
    }


def _access() -> Results:
    sheath = {
        "name": "14F-E",
        "outer_mm": 6.0,
        "least_vessel_mm": 5.5,
        "checked": False,
        "date": "2026-01-10",
        "source": "general knowledge",
    }
    routes = [
        _route("right_femoral", "Right femoral", 1, "ok", "over 5.5", 270.8, 163.0, 5.8, 0.4),
        _route("left_femoral", "Left femoral", 2, "bad", "0.3 under 5.5", 289.4, 149.0, 5.2, 1.1),
        _route("right_subclavian", "Right subclavian", 3, "warn", "close to 5.5", 182.0, 60.0, 5.6, 2.0),
    ]
    keys = [route["key"] for route in routes]
    return {
        "routes": routes,
        "missing": [{"key": "left_carotid", "text": "The scan ends below the left carotid artery."}],
        "sheath": sheath,
        "sheath_table": [
            {"name": name, "outer_mm": outer, "least_vessel_mm": least, "ratio": dict.fromkeys(keys, outer / 5.8)}
            for name, outer, least in (("14F-E", 6.0, 5.5), ("16F-E", 6.7, 6.0), ("In-line 14F", 6.0, 5.0))
        ],
    }


def _route(
    key: str, name: str, rank: int, state: str, text: str, length: float, at: float, least: float, turn: float
) -> Results:
    s = np.arange(8.0, length - 10.0, 1.0)
    widths = 7.4 + 3.2 * np.exp(-s / 30.0) + 0.35 * np.sin(s / 9.0 + turn)
    widths = np.minimum(widths, least + ((s - at) / 9.0) ** 2 + 0.02)
    stations = [
        {
            "s_mm": float(along),
            "position_mm": [12.0 + along / 5.0, -20.0, -along],
            "tangent": [0.0, 0.0, -1.0],
            "area_mm2": float(np.pi * width**2 / 4.0 * 1.08),
            "perimeter_mm": float(np.pi * width),
            "area_diameter_mm": float(width * 1.04),
            "min_diameter_mm": None if 100 < along < 106 else float(width),
            "max_diameter_mm": None if 100 < along < 106 else float(width * 1.08),
            "closed": not 100 < along < 106,
            "calcium_arc_deg": float(max(0.0, 155.0 - abs(along - at))),
        }
        for along, width in zip(s, widths)
    ]
    return {
        "key": key,
        "name": name,
        "rank": rank,
        "state": state,
        "text": text,
        "length_mm": length,
        "chord_mm": 247.4,
        "tortuosity": length / 247.4,
        "minimum": {
            "s_mm": at,
            "min_diameter_mm": least,
            "uncertainty_mm": 0.3,
            "position_mm": [40.0, -20.0, -at],
            "calcium_arc_deg": 155.0,
            "area_diameter_mm": least * 1.05,
        },
        "bends_deg": [33.0, 41.0],
        "sharpest_bend_deg": 41.0,
        "angle_sum_deg": 74.0,
        "sheath_ratio": 6.0 / least,
        "stations": stations,
        "centerline_mm": [],
        "closed_at_mm": None,
        "calcium": {"greatest_arc_deg": 204.0, "circumferential_mm": 3.0},
        "reason": None,
    }


def poor_results(measured: Mapping[str, Any]) -> Results:
    """The same plan on a scan that is not good enough: widened, nothing proposed, most parts missing."""
    results = plain(measured)
    results["quality"] = {
        "ok": False,
        "reasons": [
            "The edge is blurred (1.4 mm): motion or thick slices. Sizes can be off by 2 mm or more.",
            "Voxels are 2.5 mm; sizing wants 1 mm or less.",
        ],
    }
    results["annulus"]["uncertainty"] = {
        key: 3.0 * value for key, value in results["annulus"]["uncertainty"].items() if value is not None
    }
    for key in ("valve", "septum", "leaflets", "bicuspid", "obstruction", "phases", "lvot_report"):
        results[key] = None
    results["matrix"] = []
    results["access"] = {
        "routes": [],
        "missing": [{"key": "femoral", "text": "The scan ends above the groin. Left and right below L5 are missing."}],
        "sheath": None,
        "sheath_table": [],
    }
    return deepcopy(results)
