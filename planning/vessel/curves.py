"""A vessel plan's sections as curves over its length, for what is read off them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray

LEAST_SECTIONS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Closed sections only. s_mm: (N,) rising; widths in mm, area in mm²; arc_deg: NaN where calcium was not looked for.

    line_mm: (M, 3) the whole centreline, line_s_mm: (M,) arc length along it.
    """

    s_mm: FloatArray
    min_mm: FloatArray
    max_mm: FloatArray
    area_mm2: FloatArray
    arc_deg: FloatArray
    line_mm: FloatArray
    line_s_mm: FloatArray

    @classmethod
    def of(cls, plan: Mapping[str, Any], *, reverse: bool = False) -> Profile:
        """From a vessel plan's results. reverse: count from its other end.

        Raises MeasurementError for a plan with hardly any closed section.
        """
        rows = [row for row in plan["stations"] if row["closed"]]
        if len(rows) < LEAST_SECTIONS:
            raise MeasurementError("The plan has hardly any closed section", "Measure the vessel again", "too_few")
        line = np.asarray(plan["centerline_mm"], dtype=np.float64)
        line_s = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
        arc = [np.nan if row["calcium_arc_deg"] is None else row["calcium_arc_deg"] for row in rows]
        columns = [
            np.array([row[key] for row in rows], dtype=np.float64)
            for key in ("s_mm", "min_diameter_mm", "max_diameter_mm", "area_mm2")
        ]
        columns.append(np.array(arc, dtype=np.float64))
        if reverse:
            line = line[::-1]
            line_s = line_s[-1] - line_s[::-1]
            columns = [column[::-1] for column in columns]
            columns[0] = line_s[-1] - columns[0]
        s, least, most, area, arcs = columns
        return cls(s, least, most, area, arcs, line, line_s)

    @property
    def mean_mm(self) -> FloatArray:
        """(N,) means of least and greatest width."""
        return np.asarray(0.5 * (self.min_mm + self.max_mm))

    @property
    def area_diameter_mm(self) -> FloatArray:
        """(N,) 2 √(A / π)."""
        return np.asarray(2.0 * np.sqrt(self.area_mm2 / np.pi))

    def at(self, s_mm: float, values: FloatArray, gap_mm: float = 6.0) -> float | None:
        """A value between sections; None beyond the first and last and in gaps of more than `gap_mm`."""
        n = int(np.searchsorted(self.s_mm, s_mm))
        low, high = max(n - 1, 0), min(n, len(self.s_mm) - 1)
        inside = self.s_mm[0] - 1.0 <= s_mm <= self.s_mm[-1] + 1.0
        if not inside or self.s_mm[high] - self.s_mm[low] > gap_mm:
            return None
        return float(np.interp(s_mm, self.s_mm, values))

    def place(self, s_mm: float) -> FloatArray:
        """(3,) LPS on the centreline."""
        return np.array([np.interp(s_mm, self.line_s_mm, self.line_mm[:, n]) for n in range(3)])

    def s_of(self, point_mm: FloatArray) -> float:
        """Arc length of the nearest place of the centreline."""
        return float(self.line_s_mm[int(np.argmin(np.linalg.norm(self.line_mm - point_mm, axis=1)))])
