"""Valve sizes of the catalogue against an annulus. The catalogue is data with source and date, never code."""

from __future__ import annotations

import functools
import importlib.resources
import json
import math
from typing import Any

import numpy as np

from planning.section import Measures

VERIFY = "verify against the IFU"


@functools.cache
def catalogue() -> dict[str, Any]:
    """The versioned valve catalogue."""
    text = importlib.resources.files("assets").joinpath("devices.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _probability(value: float, half_width: float | None, low: float, high: float) -> float:
    """Share of a normal distribution (95 % half-width given) inside the range."""
    if not half_width:
        return 1.0 if low <= value <= high else 0.0
    scale = half_width / 1.96 * math.sqrt(2.0)
    return 0.5 * (math.erf((high - value) / scale) - math.erf((low - value) / scale))


def size_devices(annulus: Measures, uncertainty: dict[str, float | None], quality_ok: bool) -> list[dict[str, Any]]:
    """Every catalogue row with its oversizing, whether it fits, how probable that is, and why.

    Ranges are by area, perimeter or diameter as the maker states them. Nothing fits while the scan's quality is not ok.
    """
    rows = []
    for device in catalogue()["valves"]:
        by = device["by"]
        value = {
            "area_mm2": annulus.area_mm2,
            "perimeter_mm": annulus.perimeter_mm,
            "perimeter_diameter_mm": annulus.perimeter_diameter_mm,
        }[by]
        spread = uncertainty.get("area_mm2" if by == "area_mm2" else "perimeter_mm")
        if by == "perimeter_diameter_mm" and spread is not None:
            spread = spread / math.pi
        low, high = device["range"]
        fits = bool(low <= value <= high) and quality_ok
        nominal_area = device.get("nominal_area_mm2")
        nominal = device.get("nominal_diameter_mm")
        rows.append(
            {
                "model": device["model"],
                "size": device["size"],
                "oversizing_area_percent": None
                if nominal_area is None
                else 100.0 * (nominal_area / annulus.area_mm2 - 1.0),
                "oversizing_perimeter_percent": None
                if nominal is None
                else 100.0 * (math.pi * nominal / annulus.perimeter_mm - 1.0),
                "fits": fits,
                "probability": float(np.clip(_probability(value, spread, low, high), 0.0, 1.0)) if quality_ok else 0.0,
                "reason": _reason(value, low, high, by, quality_ok),
                "source": device["source"],
            }
        )
    return rows


def _reason(value: float, low: float, high: float, by: str, quality_ok: bool) -> str:
    unit = "mm²" if by == "area_mm2" else "mm"
    if not quality_ok:
        return "the scan is not good enough to choose a size"
    if value < low:
        return f"annulus {low - value:.1f} {unit} under {low:g} {unit}"
    if value > high:
        return f"annulus {value - high:.1f} {unit} over {high:g} {unit}"
    return f"within {low:g} to {high:g} {unit}"
