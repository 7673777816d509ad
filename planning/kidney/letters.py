"""The five letters of R.E.N.A.L.: their limits, what was measured, the doubt near a limit, and the slice that proves it.

Kutikov and Uzzo, J Urol 2009;182:844: Radius (greatest diameter), Exophytic share, Nearness to sinus or collecting system,
Anterior or posterior, Location against the polar lines; suffix h where the tumour touches the main artery or vein.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from planning.geometry import FloatArray, Plane, Vector
from planning.units import text_value

SOURCE = "Kutikov and Uzzo, J Urol 2009;182:844"
NAMES = MappingProxyType(
    {
        "R": "Greatest diameter",
        "E": "Outside the outline",
        "N": "To the sinus",
        "A": "Front or back",
        "L": "Polar lines",
    }
)
LIMITS = MappingProxyType(
    {
        "R": "1 up to 4 cm, 2 below 7 cm, 3 from 7 cm",
        "E": "1 from 50 % outside, 2 below, 3 wholly inside",
        "N": "1 from 7 mm, 2 above 4 mm, 3 up to 4 mm",
        "A": "a before, p behind, x neither; no points",
        "L": "1 beyond a line, 2 crosses one, 3 more than half between the lines or across the middle",
    }
)
RADIUS_CM, NEAR_MM = (4.0, 7.0), (7.0, 4.0)
HALF_PERCENT, INSIDE_PERCENT = 50.0, 1.0
LEVELS = ((4, 6, "low"), (7, 9, "moderate"), (10, 12, "high"))


def radius_points(cm: float) -> int:
    """R."""
    return 1 if cm <= RADIUS_CM[0] else 2 if cm < RADIUS_CM[1] else 3


def exophytic_points(percent: float) -> int:
    """E. Up to 1 % of its volume outside is taken for none: that much is the voxels' own."""
    return 1 if percent >= HALF_PERCENT else 2 if percent > INSIDE_PERCENT else 3


def nearness_points(mm: float) -> int:
    """N."""
    return 1 if mm >= NEAR_MM[0] else 2 if mm > NEAR_MM[1] else 3


def location_points(heights: FloatArray, low: float, high: float) -> int:
    """L. heights: (N,) levels of the tumour's voxels, mm; low, high: the polar lines."""
    above, below = bool((heights >= high).all()), bool((heights <= low).all())
    if above or below:
        return 1
    between = float(((heights > low) & (heights < high)).mean())
    middle = 0.5 * (low + high)
    return 3 if between > 0.5 or bool(heights.min() < middle < heights.max()) else 2


def level_of(total: int | None) -> str:
    """ "low", "moderate", "high"; "not known" without a total."""
    return next((name for low, high, name in LEVELS if total is not None and low <= total <= high), "not known")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Letter:
    """One letter: its points (None for A, or where it is not known), what was measured, and where it is seen.

    uncertainty: 95 % half-width in the value's unit, None where it was not estimated. possible: the points that the
    value's ± leaves open, for A the sides. at_mm: places, lines_mm: (N, 3) curves, both in the plane of `slice`.
    """

    letter: str
    points: int | None
    value: float | str | None
    unit: str
    text: str
    at_mm: tuple[Vector, ...]
    slice: Plane | None
    uncertainty: float | None = None
    possible: tuple[int | str, ...] = ()
    lines_mm: tuple[FloatArray, ...] = ()

    @property
    def doubt(self) -> str:
        """ "3.9 ± 0.3 cm: R is 1 or 2"; "" where the ± leaves no choice."""
        if len(self.possible) < 2:
            return ""
        what = f"{self.letter} is {' or '.join(str(one) for one in self.possible)}"
        if not isinstance(self.value, float):
            return what
        spread = "" if self.uncertainty is None else f" ± {self.number(self.uncertainty)}"
        return f"{self.number(self.value)}{spread} {self.unit}: {what}"

    def number(self, value: float) -> str:
        """A value of this letter as it is written."""
        return text_value(value, {"cm": 2, "mm": 1}.get(self.unit, 0))

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "letter": self.letter,
            "points": self.points,
            "possible_points": list(self.possible),
            "value": self.value,
            "uncertainty": self.uncertainty,
            "unit": self.unit,
            "text": self.text,
            "limits": LIMITS[self.letter],
            "doubt": self.doubt,
            "at_mm": [place.tolist() for place in self.at_mm],
            "slice": None
            if self.slice is None
            else {"origin_mm": self.slice.origin_mm.tolist(), "normal": self.slice.normal.tolist()},
            "lines_mm": [line.tolist() for line in self.lines_mm],
        }


def possible_points(points: Sequence[int]) -> tuple[int, ...]:
    """All points from the least to the most."""
    return tuple(range(min(points), max(points) + 1))


def flat_plane(ends_mm: Sequence[Vector]) -> Plane:
    """The plane through a line that lies as near to axial as it can."""
    start, end = ends_mm
    along = end - start
    length = float(np.linalg.norm(along))
    middle = 0.5 * (start + end)
    if length < 1e-6:
        return Plane(middle, np.array((0.0, 0.0, 1.0)))
    along = along / length
    up = np.array((0.0, 0.0, 1.0))
    # a line that stands upright is shown in a coronal plane
    wanted = up if abs(float(along[2])) < 0.8 else np.array((0.0, 1.0, 0.0))
    return Plane(middle, wanted - float(wanted @ along) * along)
