"""Plans as CSV: one line a number, plain decimal points, so that any table program reads it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.report.content import DISCLAIMER, Definition, ReportContent
from app.report.describe import spread_of
from planning.case.model import PlanRecord

UNITS = {"mm": "mm", "mm2": "mm²", "mm3": "mm³", "ml": "ml", "deg": "°", "hu": "HU", "percent": "%"}
HEADER = ("plan", "kind", "number", "value", "unit", "uncertainty_95", "origin", "name", "definition", "place")
# curves, outlines and what says how sure a number is: not numbers of their own
LEFT_OUT = (
    "contour",
    "greatest_contour",
    "centerline",
    "s_curve",
    "circle",
    "band_deg",
    "uncertainty",
    "handles",
    "axes",
    "profile",
    "line_mm",
)

# a longer list of places is a curve
MOST_POINTS = 4


@dataclass(frozen=True, slots=True)
class NumberFact:
    """A number of a plan under its path in the results, with what the report says of it."""

    number: str
    value: Any
    unit: str
    uncertainty_95: float | None
    origin: str
    name: str
    definition: str
    place: str


def number_facts(plan: PlanRecord, content: ReportContent) -> list[NumberFact]:
    """Every number of the plan's results; those of the report's second page with origin, definition and place."""
    known = {key: row for row in content.definitions for key in row.keys}
    facts = []
    for path, value, holder in _leaves(plan.results):
        key = path.rsplit(".", 1)[-1]
        row = _definition(known, path)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        facts.append(
            NumberFact(
                path,
                value,
                UNITS.get(key.rsplit("_", 1)[-1], ""),
                spread_of(holder, key) if is_number else None,
                row.origin if row else "",
                row.name if row else "",
                row.definition if row else "",
                row.place if row else "",
            )
        )
    return facts


def write_csv(
    plans: Sequence[PlanRecord], contents: Sequence[ReportContent], path: Path, by_hand: Sequence[Sequence[str]] = ()
) -> None:
    """One row a number: path, value, unit, ± (95 % half-width), origin, definition, place. Curves stay in the JSON.

    by_hand: rows of what was measured by hand, in the same columns.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for plan, content in zip(plans, contents, strict=True):
            for fact in number_facts(plan, content):
                writer.writerow(
                    (
                        plan.name,
                        plan.kind,
                        fact.number,
                        _plain(fact.value),
                        fact.unit,
                        _plain(fact.uncertainty_95),
                        fact.origin,
                        fact.name,
                        fact.definition,
                        fact.place,
                    )
                )
        writer.writerows(by_hand)
        writer.writerow(("", "", DISCLAIMER, *[""] * (len(HEADER) - 3)))


def _definition(known: Mapping[str, Definition], path: str) -> Definition | None:
    """The definition of a number or of the list it belongs to."""
    return known.get(path) or known.get(path.rpartition(".")[0])


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return repr(float(value)) if isinstance(value, float) else str(value)


def _leaves(value: Any, path: str = "", holder: Mapping[str, Any] | None = None) -> Iterator[tuple[str, Any, Any]]:
    """(path, value, the mapping that holds it) of everything that is no curve."""
    if hasattr(value, "items"):
        for key, item in value.items():
            if key.startswith(LEFT_OUT) and not isinstance(item, (int, float)):
                continue
            yield from _leaves(item, f"{path}.{key}" if path else str(key), value)
    elif isinstance(value, (list, tuple)):
        if len(value) > MOST_POINTS and isinstance(value[0], (list, tuple)):
            return
        for number, item in enumerate(value):
            yield from _leaves(item, f"{path}.{number}", {})
    else:
        yield path, value, holder or {}
