"""The remnant against what a liver needs: limits by its condition, growth between two studies, a donor's graft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from planning.errors import UsageError
from planning.naming import known_names

LEAST_KINETIC_PERCENT_PER_WEEK = 2.0
LEAST_HYPERTROPHY_POINTS = 7.5
LEAST_GRWR_PERCENT = 0.8
LEAST_DONOR_REMNANT_PERCENT = 35.0
GROWTH_SOURCE = "Shindoh et al., J Am Coll Surg 2013;216:201"
DENSITY_G_PER_ML = 1.0


@dataclass(frozen=True, slots=True)
class LiverCondition:
    """A least remnant and where it comes from. denominator: what the percentage is of."""

    name: str
    least_percent: float
    denominator: str
    source: str


CONDITIONS = (
    LiverCondition("normal", 20.0, "standard liver volume", "Kishi et al., Ann Surg 2009;250:540"),
    LiverCondition("chemotherapy", 30.0, "standard liver volume", "Shindoh et al., Ann Surg Oncol 2013;20:2493"),
    LiverCondition("cirrhosis", 40.0, "liver without tumour", "Azoulay et al., Ann Surg 2000;231:480"),
)


def find_condition(name: str) -> LiverCondition:
    """The condition of this name. Raises UsageError for another."""
    for one in CONDITIONS:
        if one.name == name:
            return one
    known = (*(one.name for one in CONDITIONS), "hepatitis")
    raise UsageError(f"A liver condition '{name}' is not known", known_names(name, known, "Choose one of"))


def measure_growth(
    before: Mapping[str, Any], after: Mapping[str, Any], before_on: date, after_on: date
) -> dict[str, Any]:
    """Growth of the remnant between two plans of the same cut on two dated studies.

    before, after: results of liver plans. Degree of hypertrophy: sFLR after − sFLR before, percentage points (of the
    FLR against liver without tumour where no body size is known). Kinetic growth rate: that per week. The relative
    growth of the remnant in ml is another number and beside it. Raises UsageError for dates in the wrong order.
    """
    days = (after_on - before_on).days
    if days <= 0:
        raise UsageError("The second study is not later than the first", "Give their dates in order")
    standardised = before.get("sflr_percent") is not None and after.get("sflr_percent") is not None
    key = "sflr_percent" if standardised else "flr_percent"
    weeks = days / 7.0
    points = None
    if before.get(key) is not None and after.get(key) is not None:
        points = float(after[key]) - float(before[key])
    relative = None
    if float(before["flr_ml"]) > 0.0:
        relative = 100.0 * (float(after["flr_ml"]) / float(before["flr_ml"]) - 1.0)
    rate = None if points is None else points / weeks
    return {
        "days": days,
        "of": key,
        "before_percent": before.get(key),
        "after_percent": after.get(key),
        "degree_of_hypertrophy_points": points,
        "kinetic_growth_percent_per_week": rate,
        "relative_growth_percent": relative,
        "enough_kinetic_growth": None if rate is None else rate >= LEAST_KINETIC_PERCENT_PER_WEEK,
        "enough_hypertrophy": None if points is None else points >= LEAST_HYPERTROPHY_POINTS,
        "limits": {
            "kinetic_growth_percent_per_week": LEAST_KINETIC_PERCENT_PER_WEEK,
            "degree_of_hypertrophy_points": LEAST_HYPERTROPHY_POINTS,
            "source": GROWTH_SOURCE,
        },
    }


def measure_graft(results: Mapping[str, Any], recipient_kg: float, *, factor: float = 1.0) -> dict[str, Any]:
    """A living donor's graft: what the plan removes, against the recipient; and what the donor keeps.

    factor: graft weight over CT volume (blood leaves the graft: 0.8 to 0.95 in many series); 1.0 unless chosen.
    GRWR % = 100 · graft g / (1000 · recipient kg). Raises UsageError for a weight or factor that cannot be.
    """
    if not 2.0 <= recipient_kg <= 400.0:
        raise UsageError(f"A recipient of {recipient_kg:g} kg cannot be used", "Give 2 to 400 kg")
    if not 0.5 <= factor <= 1.2:
        raise UsageError(f"A factor of {factor:g} cannot be used", "Give 0.5 to 1.2 g/ml")
    graft_g = float(results["removed_ml"]) * DENSITY_G_PER_ML * factor
    organ_ml = float(results["organ_ml"])
    grwr = 100.0 * graft_g / (1000.0 * recipient_kg)
    remnant = 100.0 * float(results["kept_ml"]) / organ_ml if organ_ml > 0.0 else None
    return {
        "graft_ml": float(results["removed_ml"]),
        "graft_g": graft_g,
        "factor_g_per_ml": factor,
        "recipient_kg": recipient_kg,
        "grwr_percent": grwr,
        "donor_remnant_percent": remnant,
        "enough_graft": grwr >= LEAST_GRWR_PERCENT,
        "enough_donor_remnant": None if remnant is None else remnant >= LEAST_DONOR_REMNANT_PERCENT,
        "limits": {"grwr_percent": LEAST_GRWR_PERCENT, "donor_remnant_percent": LEAST_DONOR_REMNANT_PERCENT},
    }
