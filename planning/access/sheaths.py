"""Sheaths of the catalogue. The catalogue is data with source and date, never code."""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planning.errors import InputError

VERIFY = "verify against the IFU"
CLASSIC_LIMIT, LATER_LIMIT = 1.05, 1.45


@dataclass(frozen=True, slots=True)
class Sheath:
    """One sheath. outer_mm: unexpanded outer diameter. least_vessel_mm: the least lumen its source asks for."""

    name: str
    maker: str
    outer_mm: float
    expanded_outer_mm: float | None
    least_vessel_mm: float
    expandable: bool
    valves: tuple[tuple[str, str], ...]
    source: str
    checked: bool

    def ratio(self, lumen_mm: float | None) -> float | None:
        """Sheath-to-artery ratio: outer diameter over least lumen diameter. None where that is not known."""
        return None if not lumen_mm else self.outer_mm / lumen_mm

    def as_json(self) -> dict[str, Any]:
        """The row, with what a person must do about an unchecked one."""
        return {
            "name": self.name,
            "maker": self.maker,
            "outer_mm": self.outer_mm,
            "expanded_outer_mm": self.expanded_outer_mm,
            "least_vessel_mm": self.least_vessel_mm,
            "expandable": self.expandable,
            "source": self.source,
            "checked": self.checked,
            "note": "" if self.checked else VERIFY,
        }


@functools.cache
def catalogue() -> tuple[Sheath, ...]:
    """All sheaths in the order of the data file."""
    text = importlib.resources.files("assets").joinpath("sheaths.json").read_text(encoding="utf-8")
    return tuple(
        Sheath(**{**row, "valves": tuple((model, size) for model, size in row["valves"])})
        for row in json.loads(text)["sheaths"]
    )


def choose_sheath(name: str | None, valve: Mapping[str, Any] | None) -> Sheath | None:
    """The sheath of this name, else the one for this valve {"model", "size"}; None without either.

    Raises InputError for a name that is not in the catalogue.
    """
    if name is not None:
        for sheath in catalogue():
            if sheath.name.casefold() == name.casefold():
                return sheath
        raise InputError(
            f"There is no sheath named '{name}'", f"It is one of: {', '.join(s.name for s in catalogue())}"
        )
    if valve is not None:
        wanted = (str(valve.get("model", "")), str(valve.get("size", "")))
        return next((sheath for sheath in catalogue() if wanted in sheath.valves), None)
    return None
