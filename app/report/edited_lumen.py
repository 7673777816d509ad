"""What a report says of a lumen that a person corrected: sections drawn, ways led through places, routes excluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.i18n import inside, said, text_position, text_quantity, text_value, tr
from app.report.content import Change
from planning.case.model import PlanRecord

Row = Mapping[str, Any]


def vessel_edits(plan: PlanRecord) -> list[tuple[str, str]]:
    """Lines of a vessel's report: where its way was led through, and which sections were drawn."""
    lines = [
        (tr("Through {number}", number=number), text_position(place))
        for number, place in enumerate(plan.inputs.get("via_mm") or (), start=1)
    ]
    drawn = _drawn(plan.results["stations"])
    if drawn:
        before, now = part_of(plan.results, "automatic", "minimum"), plan.results["minimum"]
        lines.append((tr("Sections drawn by hand"), tr("at {places}", places=drawn)))
        lines.append((tr("Least diameter"), _from_to(before, now)))
    return lines


def route_changes(plan: PlanRecord) -> list[Change]:
    """What a person changed of each access route."""
    found = []
    routes = {str(row["key"]): row for row in part_of(plan.results, "access").get("routes") or ()}
    for key, ends in (plan.inputs.get("access") or {}).items():
        via = len(ends.get("via_mm") or ())
        led = tr("ends placed by hand, led through %n place(s)", "", via) if via else tr("ends placed by hand")
        found.append(Change(_name(key), led))
    for key in plan.inputs.get("lumen_edits") or ():
        route = routes.get(key)
        if route is not None and (drawn := _drawn(route["stations"])):
            effect = tr("least {change}", change=_from_to(part_of(route, "automatic", "minimum"), route["minimum"]))
            found.append(Change(_name(key), tr("sections drawn at {places}", places=drawn), effect))
    for key, why in (plan.inputs.get("excluded") or {}).items():
        found.append(Change(_name(key), tr("excluded: {why}", why=why) if why else tr("excluded")))
    return found


def part_of(row: Row, *keys: str) -> Row:
    """A part by its path; empty where there is none."""
    found: Any = row
    for key in keys:
        found = found.get(key) if hasattr(found, "get") else None
    return found if hasattr(found, "get") else {}


def _drawn(stations: Sequence[Row]) -> str:
    places = [text_value(station["s_mm"], 0) for station in stations if station.get("edited") == "here"]
    return f"{', '.join(places)} mm" if places else ""


def _from_to(before: Row, now: Row | None) -> str:
    first, second = (text_quantity((row or {}).get("min_diameter_mm"), "mm") for row in (before, now))
    return tr("{first} to {second}", first=first, second=second)


def _name(key: str) -> str:
    return inside(said(str(key).replace("_", " ").capitalize()))
