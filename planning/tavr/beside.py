"""Two TAVR plans beside each other: their numbers, and what lies between them, from their results alone.

A difference is the second plan's number less the first's. Its ± is that of two readings which are independent of each other,
√(u₁² + u₂²); what both share (the same voxels) makes the true one smaller, so that a difference is rather not told than
told too soon. Where either number has no ± nothing is said of the difference's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Results = Mapping[str, Any]
# depth below the annulus at which the outflow tract is told
LVOT_MM = 4.0


@dataclass(frozen=True, slots=True)
class Number:
    """A plan's number with the 95 % half-width that belongs to it; None where it was not measured or not estimated."""

    value: float | None
    plus_minus: float | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One quantity of both plans. key: as in QUANTITIES."""

    key: str
    unit: str
    first: Number
    second: Number

    @property
    def value(self) -> float | None:
        """Second less first."""
        one, two = self.first.value, self.second.value
        return None if one is None or two is None else two - one

    @property
    def plus_minus(self) -> float | None:
        """95 % half-width of the difference of two independent readings."""
        one, two = self.first.plus_minus, self.second.plus_minus
        return None if self.value is None or one is None or two is None else math.hypot(one, two)

    @property
    def is_told(self) -> bool | None:
        """Whether the plans differ by more than their ±; None where nobody can say."""
        value, spread = self.value, self.plus_minus
        return None if value is None or spread is None else abs(value) > spread


def _of(part: str, key: str, spread: str = "", group: str = "") -> Callable[[Results], Number]:
    """A number of one part of the results, and its ± beside it or in a mapping of the part."""

    def read(results: Results) -> Number:
        found = results.get(part) or {}
        spreads = (found.get(group) or {}) if group else found
        return Number(found.get(key), spreads.get(spread) if spread else None)

    return read


def _annulus(key: str, spread: str) -> Callable[[Results], Number]:
    return _of("annulus", key, spread, "uncertainty")


def _lvot(key: str) -> Callable[[Results], Number]:
    def read(results: Results) -> Number:
        rows = results.get("lvot") or ()
        nearest = min(rows, key=lambda row: abs(float(row["depth_mm"]) - LVOT_MM), default=None)
        return Number(None if nearest is None else nearest[key])

    return read


def _region(key: str) -> Callable[[Results], Number]:
    def read(results: Results) -> Number:
        return Number(((results.get("calcium") or {}).get("by_region") or {}).get(key))

    return read


# in the order of the plan's steps: key, unit, and how it is read from the results
QUANTITIES: tuple[tuple[str, str, Callable[[Results], Number]], ...] = (
    ("area", "mm²", _annulus("area_mm2", "area_mm2")),
    ("perimeter", "mm", _annulus("perimeter_mm", "perimeter_mm")),
    ("longest", "mm", _annulus("max_diameter_mm", "max_diameter_mm")),
    ("shortest", "mm", _annulus("min_diameter_mm", "min_diameter_mm")),
    ("lvot", "mm²", _lvot("area_mm2")),
    ("sinus_ncc", "mm", _of("sinuses", "ncc_mm")),
    ("sinus_rcc", "mm", _of("sinuses", "rcc_mm")),
    ("sinus_lcc", "mm", _of("sinuses", "lcc_mm")),
    ("stj", "mm", _of("stj", "mean_diameter_mm")),
    ("stj_height", "mm", _of("stj", "height_mm")),
    ("ascending", "mm", _of("ascending_aorta", "mean_diameter_mm")),
    ("ostium_left", "mm", _of("coronaries", "left_height_mm", "left_uncertainty_mm")),
    ("ostium_right", "mm", _of("coronaries", "right_height_mm", "right_uncertainty_mm")),
    ("septum", "mm", _of("septum", "membranous_mm", "uncertainty_mm")),
    ("calcium", "mm³", _of("calcium", "total_mm3", "uncertainty_mm3")),
    ("calcium_lvot", "mm³", _region("lvot_mm3")),
    ("oversizing", "%", _of("valve", "oversizing_percent")),
    ("depth", "mm", _of("valve", "depth_mm")),
)


def differences(first: Results, second: Results) -> tuple[Difference, ...]:
    """Every quantity that at least one of the plans has, in the order of QUANTITIES."""
    made = (Difference(key, unit, read(first), read(second)) for key, unit, read in QUANTITIES)
    return tuple(one for one in made if one.first.value is not None or one.second.value is not None)
