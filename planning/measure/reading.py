"""One number of a measurement, by name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """A number with its unit. plus_minus: 95 % half-width, None where it was not estimated."""

    name: str
    value: float
    unit: str = "mm"
    plus_minus: float | None = None
