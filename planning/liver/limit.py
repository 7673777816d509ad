"""What a plan's remnant is held against: the least percentage for the liver's condition, of its own denominator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planning.errors import UsageError
from planning.findings import Finding
from planning.liver.growth import CONDITIONS, LiverCondition, find_condition

OWN = "own"
OWN_RANGE_PERCENT = (5.0, 90.0)
WHOLE = "liver without tumour"
STANDARD = "standard liver volume"
UNSAID_PERCENT = 40.0
"""Asked where nobody says the liver's condition: the most that any condition asks."""
NOTHING_PERCENT = 0.05
"""A share that would be printed as 0.0 %."""


@dataclass(frozen=True, slots=True)
class RemnantLimit:
    """The least remnant asked for. condition: name of a `LiverCondition`, "own" for a percentage that a person chose,
    "" where the liver is not described. Raises UsageError for a percentage that cannot be meant.
    """

    least_percent: float
    condition: str = ""

    def __post_init__(self) -> None:
        low, high = OWN_RANGE_PERCENT
        if not low <= self.least_percent <= high:
            raise UsageError(
                f"A least remnant of {self.least_percent:g} % cannot be used", f"Give {low:g} to {high:g} %"
            )

    @classmethod
    def of_condition(cls, name: str) -> RemnantLimit:
        """The limit of a condition; hepatitis counts as cirrhosis. Raises UsageError for one that is not known."""
        key = name.strip().lower()
        found = find_condition("cirrhosis" if key == "hepatitis" else key)
        return cls(found.least_percent, found.name)

    @classmethod
    def from_json(cls, inputs: Mapping[str, Any]) -> RemnantLimit | None:
        """Of a plan's inputs; None where nothing was asked."""
        percent = inputs.get("least_remnant_percent")
        return None if percent is None else cls(float(percent), str(inputs.get("condition", "")))

    def as_json(self) -> dict[str, Any]:
        """As the plan's inputs keep it."""
        said = {"condition": self.condition} if self.condition else {}
        return {"least_remnant_percent": self.least_percent, **said}

    @property
    def described(self) -> LiverCondition | None:
        """The condition with its source; None for a percentage of one's own."""
        return next((one for one in CONDITIONS if one.name == self.condition), None)

    @property
    def denominator(self) -> str:
        """What the percentage is of."""
        return WHOLE if self.described is None else self.described.denominator


def measure_limit(limit: RemnantLimit, results: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The remnant of a plan's results against the limit, by the limit's own denominator.

    Where that is the standard liver volume and the body size is not known, the share of the liver without tumour stands
    in for it, and a finding says so. Viable: kept with inflow and drainage, of the same denominator.
    """
    described = limit.described
    wants_standard = limit.denominator == STANDARD
    is_standard = wants_standard and results.get("sflr_percent") is not None
    measured = results["sflr_percent"] if is_standard else results["flr_percent"]
    viable = results["viable_flr_percent"]
    if viable is not None and is_standard:
        # both are shares of the same millilitres: FLR and sFLR differ by their denominators alone
        standard_ml = results["body_size"]["standard_liver_ml"][results["body_size"]["standard_formula"]]
        viable = 100.0 * results["perfusion"]["viable_ml"] / standard_ml
    found = {
        "condition": limit.condition or None,
        "least_percent": limit.least_percent,
        "denominator": limit.denominator,
        "source": None if described is None else described.source,
        "of": "sflr_percent" if is_standard else "flr_percent",
        "measured_percent": measured,
        "viable_percent": viable,
        "enough": None if measured is None else measured >= limit.least_percent,
        "enough_viable": None if viable is None else viable >= limit.least_percent,
    }
    if wants_standard and not is_standard:
        words = (
            f"The {limit.least_percent:g} % asked are of the {STANDARD}, which is not known: the {WHOLE} stands for it"
        )
        return found, (Finding("limit_denominator", words),)
    return found, ()


def remnant_findings(results: Mapping[str, Any], limit: RemnantLimit | None) -> tuple[Finding, ...]:
    """A warning where less stays than is asked for: by the viable remnant where it is known, else by all that is kept.

    results: of a plan, its standardised remnant included. limit: None where the liver is not described.
    """
    if not results["kept_voxels"]:
        return ()  # "nothing_kept" says it
    asked = RemnantLimit(UNSAID_PERCENT) if limit is None else limit
    judged, _ = measure_limit(asked, results)
    kept, viable = judged["measured_percent"], judged["viable_percent"]
    of = STANDARD if judged["of"] == "sflr_percent" else WHOLE
    whose = "" if limit is not None and limit.condition else " where the liver's condition is not said"
    when = ", before any growth" if "stages" in results else ""
    words = f"less than the {asked.least_percent:g} % asked{whose}{when}"
    if judged["enough_viable"] is False:
        much = f"only {viable:.1f} %" if viable >= NOTHING_PERCENT else "nothing"
        text = f"Of the {of} {much} keeps both inflow and drainage ({kept:.1f} % is kept): {words}"
        return (Finding("viable_below_limit", text),)
    if viable is None and judged["enough"] is False:
        return (Finding("remnant_below_limit", f"The remnant is {kept:.1f} % of the {of}: {words}"),)
    return ()
