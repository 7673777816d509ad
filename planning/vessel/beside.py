"""What is read off a vessel's sections beside the contract's numbers: neck and sac, landing zones, growth.

One pure function of a plan's inputs and sections, called again whenever a section changes, so that command line, panel
and report never show a reading of older sections. Inputs that ask for it:
"evar": {"lowest_renal_mm": (3,) LPS | None}; "comparison": {"with": what it is called, "years": years | None,
"before": the older vessel's numbers as `slim_before` keeps them}; "tree": what a person changed of the branches.
"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np

from planning.errors import InputError, MeasurementError
from planning.findings import Finding
from planning.vessel.compare import compare_plans
from planning.vessel.curves import Profile
from planning.vessel.evar import DIAMETERS_AT_MM, evar_measures
from planning.vessel.landing import iliac_landing

KEPT_DECIMALS = 4
STATION_KEYS = ("s_mm", "min_diameter_mm", "max_diameter_mm", "area_mm2")
KEPT_KEYS = (*STATION_KEYS, "closed", "calcium_arc_deg")
LOST = ("evar_lost", "comparison_lost")


def with_readings(results: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of a vessel plan with "evar" and "comparison" as its inputs ask for.

    A reading that these sections do not allow is None, and a warning says why.
    """
    read = {key: value for key, value in results.items() if key not in ("evar", "comparison")}
    lost: list[Finding] = []
    evar, comparison = inputs.get("evar"), inputs.get("comparison")
    if evar is not None:
        try:
            measured = evar_measures(read, evar["lowest_renal_mm"])
            places = _below(read, measured["lowest_renal"]["s_mm"])
            read["evar"] = {**measured, "neck_places_mm": places, "iliac": iliac_landing(read, read.get("tree"))}
        except MeasurementError as error:
            read["evar"] = None
            lost.append(
                Finding("evar_lost", f"The aneurysm cannot be measured: {error.what[0].lower()}{error.what[1:]}.")
            )
    if comparison is not None:
        try:
            compared = compare_plans(comparison["before"], read, years=comparison["years"])
            read["comparison"] = {"with": comparison["with"], **compared}
        except MeasurementError as error:
            read["comparison"] = None
            lost.append(
                Finding("comparison_lost", f"Growth cannot be measured: {error.what[0].lower()}{error.what[1:]}.")
            )
    kept = [one for one in read["warnings"] if one["code"] not in LOST]
    return {**read, "warnings": [*kept, *(finding.as_json() for finding in lost)]}


def _below(results: Mapping[str, Any], start_mm: float) -> list[list[float]]:
    """Where the neck's diameters are taken, LPS."""
    line = results["centerline_mm"]
    profile = Profile.of(results, reverse=bool(line[-1][2] > line[0][2]))
    return [profile.place(start_mm + at).tolist() for at in DIAMETERS_AT_MM]


def slim_before(results: Mapping[str, Any]) -> dict[str, Any]:
    """What a comparison reads of the older vessel. Raises InputError for what is no vessel plan's numbers."""
    if not is_vessel(results):
        raise InputError("This holds no vessel plan", "Choose a vessel plan, or a .json that --json or export wrote")
    line = np.round(np.asarray(results["centerline_mm"], dtype=np.float64), KEPT_DECIMALS)
    return {
        "length_mm": float(results["length_mm"]),
        "centerline_mm": line.tolist(),
        "stations": [{key: row[key] for key in KEPT_KEYS} for row in results["stations"]],
    }


def is_vessel(found: Any) -> bool:
    """Whether data have the numbers that a comparison reads."""
    try:
        line, length = [[*point] for point in found["centerline_mm"]], found["length_mm"]
        closed = [row for row in found["stations"] if row["closed"]]
        arcs = [row["calcium_arc_deg"] for row in closed]
        values = [row[key] for row in closed for key in STATION_KEYS]
    except (TypeError, KeyError):
        return False
    numbers = [length, *values, *(arc for arc in arcs if arc is not None), *(x for point in line for x in point)]
    return len(line) > 1 and {len(point) for point in line} == {3} and all(isinstance(x, Real) for x in numbers)
