"""The text form of quantities, the same on screen and paper. Exports use plain numbers instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

MINUS = "\u2212"
THIN_SPACE = "\u202f"

DECIMALS = {"mm": 1, "mm²": 0, "mm³": 0, "ml": 1, "%": 1, "°": 0, "HU": 0, "": 2}


def decimals_of(unit: str) -> int:
    """How finely a value of this unit is told."""
    return DECIMALS.get(unit, 1)


def text_value(value: float, decimals: int) -> str:
    """Rounded, with the true minus sign and a thin no-break space between thousands."""
    rounded = f"{abs(value):,.{decimals}f}".replace(",", THIN_SPACE)
    is_negative = value < 0 and float(f"{abs(value):.{decimals}f}") != 0.0
    return (MINUS if is_negative else "") + rounded


def text_quantity(value: float | None, unit: str, plus_minus: float | None = None) -> str:
    """ "476 mm² ± 9"; "–" for a value that was not measured; no ± where the uncertainty was not estimated."""
    if value is None:
        return "–"
    decimals = decimals_of(unit)
    text = text_value(value, decimals)
    if unit:
        text += unit if unit == "°" else f"{THIN_SPACE}{unit}"
    if plus_minus is not None:
        text += f" ± {text_value(plus_minus, decimals)}"
    return text


def text_position(position_mm: npt.ArrayLike) -> str:
    """LPS mm as a person reads it: "R 56.4  P 12.4  H 27.8"."""
    x, y, z = (float(v) for v in np.asarray(position_mm, dtype=np.float64))
    sides = (("L", "R", x), ("P", "A", y), ("H", "F", z))
    return "  ".join(f"{plus if value >= 0 else minus} {abs(value):.1f}" for plus, minus, value in sides)


def text_place(position_mm: npt.ArrayLike) -> str:
    """The same within a sentence, to the millimetre: "R 56, P 12, H 28 mm"."""
    x, y, z = (round(float(v)) for v in np.asarray(position_mm, dtype=np.float64))
    sides = (("L", "R", x), ("P", "A", y), ("H", "F", z))
    return ", ".join(f"{plus if value >= 0 else minus} {abs(value)}" for plus, minus, value in sides) + " mm"


def text_direction(direction: npt.ArrayLike) -> str:
    """A unit vector by its shares to the patient's sides, what is nothing left out: "R 0.91, F 0.41"."""
    x, y, z = (float(v) for v in np.asarray(direction, dtype=np.float64))
    sides = (("L", "R", x), ("P", "A", y), ("H", "F", z))
    said = [f"{plus if value >= 0 else minus} {abs(value):.2f}" for plus, minus, value in sides if abs(value) >= 0.005]
    return ", ".join(said)


def text_carm(lao_deg: float, cra_deg: float) -> str:
    """ "LAO 12° CAU 4°"."""
    side, tilt = "LAO" if lao_deg >= 0 else "RAO", "CRA" if cra_deg >= 0 else "CAU"
    return f"{side} {abs(lao_deg):.0f}° {tilt} {abs(cra_deg):.0f}°"


_NUMBER = re.compile(r"^\s*([+\-\u2212]?)\s*(\d+(?:[.,]\d*)?|[.,]\d+)\s*([^\d\s]*)\s*$")
_FACTORS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "mm": MappingProxyType({"": 1.0, "mm": 1.0, "cm": 10.0}),
        "ml": MappingProxyType({"": 1.0, "ml": 1.0, "l": 1000.0, "cm³": 1.0}),
        "kg": MappingProxyType({"": 1.0, "kg": 1.0, "g": 0.001}),
        "cm": MappingProxyType({"": 1.0, "cm": 1.0, "m": 100.0, "mm": 0.1}),
    }
)


def parse_number(text: str, unit: str, now: float | None = None) -> float | None:
    """ "4.7", "4,7", "4.7 mm", "0.47 cm" or "+2" (added to `now`) in `unit`; None when it is no number of this unit."""
    # as `text_value` writes it
    match = _NUMBER.match(text.replace(THIN_SPACE, ""))
    if match is None:
        return None
    sign, figures, tail = match.groups()
    factor = _FACTORS.get(unit, {"": 1.0, unit.lower(): 1.0}).get(tail.lower())
    if factor is None:
        return None
    value = float(figures.replace(",", ".")) * factor
    if sign == "+" and now is not None:
        return now + value
    return value if sign in ("", "+") else -value
