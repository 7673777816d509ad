"""Access routes as a person corrected them: sections drawn by hand, routes excluded, all of it judged and ranked again.

A pure function of what was measured; the image is not needed again. What the image told stays in each route.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.access.measure import least_place
from planning.access.plan import NAMES, judge_route, ranked, sheath_table
from planning.access.sheaths import choose_sheath
from planning.errors import InputError
from planning.vessel.edits import (
    DROPPED,
    HELD_MM,
    WIDTH_UNCERTAINTY_MM,
    EditedLumen,
    LumenEdit,
    edit_stations,
    edited_widths,
    edits_of,
    is_edited,
)

DECIDED = ("access", "lumen_edits", "excluded")
ALIKE_MM = 0.05
LumenEdits = Mapping[str, Sequence[Mapping[str, Any]]]


def decided_routes(content: Any) -> dict[str, Any]:
    """What a person decided about routes, of a file's content: "access", "lumen_edits", "excluded", None without.

    content: a plan's inputs, or an exported plan that holds them. Raises InputError for what is not understood.
    """
    inputs = content.get("inputs", content) if isinstance(content, dict) else None
    if not isinstance(inputs, dict) or not any(inputs.get(key) for key in DECIDED):
        raise InputError("This holds nothing about access routes", f"Give {', '.join(DECIDED)}, or an exported plan")
    decided = {key: inputs.get(key) or None for key in DECIDED}
    for key, rows in decided.items():
        if rows is not None and not isinstance(rows, dict):
            raise InputError(f"'{key}' is not by route", f"Name the routes: {', '.join(NAMES)}")
        unknown = [name for name in rows or {} if name not in NAMES]
        if unknown:
            raise InputError(f"There is no route '{unknown[0]}'", f"It is one of: {', '.join(NAMES)}")
    for name, ends in (decided["access"] or {}).items():
        _check_ends(name, ends)
    for rows in (decided["lumen_edits"] or {}).values():
        edits_of(rows)
    if not all(isinstance(why, str) for why in (decided["excluded"] or {}).values()):
        raise InputError("A route is excluded without words", "Say why, or give an empty text")
    return decided


def _check_ends(name: str, ends: Any) -> None:
    try:
        points = np.array([ends["from_mm"], ends["to_mm"], *(ends.get("via_mm") or ())], dtype=np.float64)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"The ends of {NAMES[name]} are not understood", "Give from_mm and to_mm in LPS mm") from error
    if points.shape[1:] != (3,) or not np.isfinite(points).all():
        raise InputError(f"The ends of {NAMES[name]} are no points", "Give x, y and z in mm")


@dataclass(frozen=True, slots=True, eq=False)
class Corrected:
    """A plan's `access` as corrected, and the edits that still hold, by route, as inputs keep them."""

    access: dict[str, Any]
    lumen_edits: dict[str, list[dict[str, Any]]]


def corrected(
    access: Mapping[str, Any],
    *,
    lumen_edits: LumenEdits | None = None,
    excluded: Mapping[str, str] | None = None,
    sheath: str | None = None,
    valve: Mapping[str, Any] | None = None,
) -> Corrected:
    """The routes with these edits and exclusions and no others.

    lumen_edits: by route key, as `planning.vessel.edits` has them. excluded: route key to why. sheath, valve: as of
    `find_access`. An edit that a route does not go through any more is dropped, and a warning says so.
    Raises InputError for what is no edit and for an unknown sheath.
    """
    chosen = choose_sheath(sheath, valve)
    rows, kept = [], {}
    warnings = [one for one in access.get("warnings") or () if one["code"] != DROPPED]
    for row in access.get("routes") or ():
        key = str(row["key"])
        found, lumen = with_route_edits(row, edits_of((lumen_edits or {}).get(key)))
        found.pop("excluded", None)
        if key in (excluded or {}):
            found["excluded"] = (excluded or {})[key]
        rows.append(judge_route(found, chosen))
        warnings += [one.as_json() for one in lumen.findings]
        if lumen.edits:
            kept[key] = [edit.as_json() for edit in lumen.edits]
    rows = ranked(rows)
    whole = {**access, "routes": rows, "sheath": None if chosen is None else chosen.as_json(), "warnings": warnings}
    if rows:
        whole["sheath_table"] = sheath_table(rows)
    return Corrected(whole, kept)


def with_route_edits(row: Mapping[str, Any], edits: Sequence[LumenEdit]) -> tuple[dict[str, Any], EditedLumen]:
    """A route with these edits and no others; its least lumen is found again, what the image told is "automatic".

    State and words are `judge_route`'s.
    """
    lumen = edit_stations(row["stations"], edits)
    told = row.get("automatic") or {"minimum": row["minimum"]}
    plain = {key: value for key, value in row.items() if key != "automatic"}
    plain |= {**told, "stations": list(lumen.stations)}
    if not lumen.edits:
        return plain, lumen
    return {**plain, "minimum": _least(lumen.stations, told["minimum"]), "automatic": dict(told)}, lumen


def _least(stations: Sequence[Mapping[str, Any]], told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    along, widths = edited_widths(stations, "min_diameter_mm")
    found = least_place(along, widths)
    if found is None:
        return None
    n, least_mm = found
    at = np.array([station["s_mm"] for station in stations], dtype=np.float64)
    own = _drawn_beside(stations, stations[int(np.argmin(np.abs(at - along[n])))], least_mm)
    if told is not None and not is_edited(own) and abs(told["s_mm"] - own["s_mm"]) < 1e-6:
        return {**told, "min_diameter_mm": least_mm, "edited": False}
    unsure = WIDTH_UNCERTAINTY_MM if is_edited(own) else own.get("uncertainty_mm")
    return {
        "s_mm": own["s_mm"],
        "min_diameter_mm": least_mm,
        # of a plan that was made before each section had its own
        "uncertainty_mm": (told or {}).get("uncertainty_mm", WIDTH_UNCERTAINTY_MM) if unsure is None else unsure,
        "position_mm": own["position_mm"],
        "calcium_arc_deg": own["calcium_arc_deg"],
        "area_diameter_mm": own["area_diameter_mm"],
        "edited": is_edited(own),
    }


def _drawn_beside(stations: Sequence[Mapping[str, Any]], own: Mapping[str, Any], least_mm: float) -> Mapping[str, Any]:
    """The section that a hand drew, where a pull that reaches beyond it made the ones beside it as narrow."""
    drawn = [
        station
        for station in stations
        if station.get("edited") == "here"
        and abs(station["s_mm"] - own["s_mm"]) <= HELD_MM
        and station["min_diameter_mm"] <= least_mm + ALIKE_MM
    ]
    return drawn[0] if drawn else own
