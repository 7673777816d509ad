"""The branches of a measured vessel as its plan keeps them: found, named, measured, added at a click, taken away.

A kept tree is plain data: {"branches": [row…], "warnings"}. A row is {"id", "parent": id | None, "fork_mm", "end_mm",
"length_mm", "mean_diameter_mm", "centerline_mm", "name", "source": "automatic" | "by hand", "is_main": it is the vessel
that the plan measures, "measured", "reason"}. "measured" is the contract's vessel numbers of the branch, or None while
nobody asked for them; "reason" says why they cannot be had. Of a branch that runs along the plan's vessel first, the row
is what lies beyond; "whole_mm" keeps all of its line. A row that leaves the plan's vessel has no parent;
"mean_diameter_mm" is None while nothing is known of the width.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.vessel.offshoots import find_offshoots
from planning.vessel.plan import make_vessel_plan
from planning.vessel.steady import steady_widths
from planning.volume import Volume

ALONG_MM, ON_LINE_MM, LEAST_OWN_MM, MOST_CUT = 5.0, 2.0, 12.0, 0.3
LEAST_BRANCH_MM = 6.0
LEAST_SECTIONS = 5
KEPT_DECIMALS = 3
SECTION_KEYS = ("area_mm2", "perimeter_mm", "area_diameter_mm", "min_diameter_mm", "max_diameter_mm", "calcium_arc_deg")
Tree = Mapping[str, Any]
Row = Mapping[str, Any]


def found_tree(
    volume: Volume,
    results: Mapping[str, Any],
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """What leaves a measured vessel (the contract's numbers), not measured yet, longest first.

    Raises MeasurementError as `find_offshoots`, Cancelled when asked to stop.
    """
    found, findings = find_offshoots(volume, results, progress=stoppable(progress, cancel))
    lengths = [float(np.linalg.norm(np.diff(one.line_mm, axis=0), axis=1).sum()) for one in found]
    order = [int(n) for n in np.argsort([-length for length in lengths], kind="stable")]
    rows = [
        {
            "id": number,
            "parent": None if found[n].parent < 0 else order.index(found[n].parent) + 1,
            "fork_mm": found[n].line_mm[0].tolist(),
            "end_mm": found[n].line_mm[-1].tolist(),
            "length_mm": lengths[n],
            "mean_diameter_mm": found[n].mean_diameter_mm,
            "centerline_mm": _rounded(found[n].line_mm),
            "name": f"Branch {number}",
            "source": "automatic",
            "is_main": False,
            "measured": None,
            "reason": "",
        }
        for number, n in enumerate(order, 1)
    ]
    return {"branches": rows, "warnings": [finding.as_json() for finding in findings]}


def with_main(tree: Tree, line_mm: npt.ArrayLike) -> dict[str, Any]:
    """The same tree beside a main vessel that runs along this line: what of it lies along the line is that vessel."""
    line = np.asarray(line_mm, dtype=np.float64)
    rows = [_beside(row, line) for row in tree["branches"]]
    for row in rows:
        fork = np.asarray(row["fork_mm"], dtype=np.float64)
        if float(np.linalg.norm(line - fork, axis=1).min()) <= ALONG_MM:
            row["parent"] = None
        if not row["name"] and not row["is_main"]:
            row["name"] = _free_name(rows)
    return {**tree, "branches": rows}


def grown(
    volume: Volume,
    tree: Tree | None,
    results: Mapping[str, Any],
    point_mm: npt.ArrayLike,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """The tree with a branch from the nearest known vessel to a clicked point (3,) LPS, measured.

    Raises MeasurementError where no contrast leads there, or the point lies in a vessel that is known already.
    """
    point = np.asarray(point_mm, dtype=np.float64)
    main = np.asarray(results["centerline_mm"], dtype=np.float64)
    rows = [] if tree is None else list(tree["branches"])
    known: list[tuple[int | None, FloatArray]] = [(None, main)]
    known += [(row["id"], np.asarray(row["centerline_mm"], dtype=np.float64)) for row in rows if not row["is_main"]]
    away = [float(np.linalg.norm(line - point, axis=1).min()) for _, line in known]
    parent, line = known[int(np.argmin(away))]
    # from upstream, so that the way comes out of the parent as blood does
    near = int(np.argmin(np.linalg.norm(line - point, axis=1)))
    fork = line[max(near - 1, 0)]
    if np.linalg.norm(fork - point) < LEAST_BRANCH_MM:
        raise MeasurementError(
            "This place lies in a vessel that is known already", "Click farther out in the branch", "known_vessel"
        )
    way = make_vessel_plan(volume, fork, point, progress=part_of(progress, 0.0, 0.5), cancel=cancel)
    middle = np.asarray(way["centerline_mm"], dtype=np.float64)
    beside = np.array([float(np.linalg.norm(line - place, axis=1).min()) for place in middle])
    touching = np.flatnonzero(beside <= 1.5)
    first = middle[int(touching[-1])] if len(touching) else middle[0]
    if len(touching) and touching[-1] > 3:
        # it ran along the parent first: the branch begins where it leaves
        way = make_vessel_plan(volume, first, point, progress=part_of(progress, 0.5, 1.0), cancel=cancel)
    number = max((row["id"] for row in rows), default=0) + 1
    row: dict[str, Any] = {
        "id": number,
        "parent": parent,
        "fork_mm": np.asarray(first).tolist(),
        "end_mm": point.tolist(),
        "length_mm": way["length_mm"],
        "centerline_mm": _rounded(way["centerline_mm"]),
        "name": _free_name(rows),
        "source": "by hand",
        "is_main": False,
        "measured": None,
        "reason": "",
    }
    row["measured"] = slim(_beyond(way, _radius_at_fork(row, tree, results)))
    row["mean_diameter_mm"] = _mean_diameter_mm(row["measured"])
    if tree is None:
        return {
            "seed_mm": main[len(main) // 2].tolist(),
            "root_mm": main[0].tolist(),
            "branches": [row],
            "warnings": [],
        }
    return {**tree, "branches": [*rows, row]}


def with_measures(
    volume: Volume,
    tree: Tree,
    results: Mapping[str, Any],
    numbers: Sequence[int],
    *,
    step_mm: float = 1.0,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """The tree with these branches measured from their fork to their end; one that cannot be keeps the reason.

    results: the plan's own vessel. Sections nearer to the fork than the parent's radius there are the parent's, not the
    branch's: they count as not closed. Raises Cancelled when asked to stop.
    """
    rows, wanted = [], [row["id"] for row in tree["branches"] if row["id"] in numbers]
    for row in tree["branches"]:
        if row["id"] not in wanted:
            rows.append(row)
            continue
        place = wanted.index(row["id"])
        own = part_of(progress, place / len(wanted), (place + 1) / len(wanted))
        rows.append(_measured(volume, row, _radius_at_fork(row, tree, results), step_mm, own, cancel))
    return {**tree, "branches": rows}


def renamed(tree: Tree, number: int, name: str) -> dict[str, Any]:
    """The tree with another name of a branch."""
    return _changed(tree, number, lambda row: {**row, "name": name})


def without(tree: Tree, number: int) -> dict[str, Any]:
    """The tree without a branch; what left it belongs to its parent."""
    gone = next(row for row in tree["branches"] if row["id"] == number)
    rest = [row for row in tree["branches"] if row["id"] != number]
    kept = [{**row, "parent": gone["parent"]} if row["parent"] == number else row for row in rest]
    return {**tree, "branches": kept}


def others(tree: Tree | None) -> list[Row]:
    """The branches beside the vessel that the plan measures."""
    return [] if tree is None else [row for row in tree["branches"] if not row["is_main"]]


def slim(results: Mapping[str, Any]) -> dict[str, Any]:
    """A branch's numbers with every other point of its contours, which are for drawing: a plan holds many branches."""
    stations = [{**row, "contour_mm": _rounded((row["contour_mm"] or [])[::2])} for row in results["stations"]]
    return {**results, "stations": stations, "centerline_mm": _rounded(results["centerline_mm"])}


def stoppable(progress: Progress, cancel: CancelToken | None) -> Progress:
    """A Progress that raises Cancelled once somebody asked to stop, for work that only tells how far it is."""

    def told(fraction: float, text: str = "") -> None:
        if cancel is not None:
            cancel.raise_if_set()
        progress(fraction, text)

    return told


def _measured(
    volume: Volume, row: Row, shared_mm: float, step_mm: float, progress: Progress, cancel: CancelToken | None
) -> dict[str, Any]:
    line = row["centerline_mm"]
    try:
        found = make_vessel_plan(volume, line[0], line[-1], step_mm=step_mm, progress=progress, cancel=cancel)
        own = _beyond(found, shared_mm)
    except MeasurementError as error:
        return {**row, "measured": None, "reason": error.what}
    width = _mean_diameter_mm(own)
    return {**row, "measured": slim(own), "length_mm": found["length_mm"], "mean_diameter_mm": width, "reason": ""}


def _radius_at_fork(row: Row, tree: Tree | None, results: Mapping[str, Any]) -> float:
    """Half the parent's width where a branch leaves it; of the parent's whole length where it was not measured."""
    parent = None if tree is None else next((one for one in tree["branches"] if one["id"] == row["parent"]), None)
    own = results if parent is None or parent["is_main"] else parent["measured"]
    closed = [] if own is None else [station for station in own["stations"] if station["closed"]]
    if not closed:
        return 0.0 if parent is None else 0.5 * float(parent["mean_diameter_mm"] or 0.0)
    places = np.array([station["position_mm"] for station in closed], dtype=np.float64)
    away = np.linalg.norm(places - np.asarray(row["fork_mm"], dtype=np.float64), axis=1)
    return 0.5 * float(closed[int(np.argmin(away))]["area_diameter_mm"])


def _beyond(results: Mapping[str, Any], shared_mm: float) -> dict[str, Any]:
    """The branch's numbers without the sections that belong to its parent."""
    stations = [
        {**row, **dict.fromkeys(SECTION_KEYS), "closed": False, "contour_mm": []}
        if row["closed"] and row["s_mm"] < shared_mm
        else row
        for row in results["stations"]
    ]
    closed = [row for row in stations if row["closed"]]
    if len(closed) < LEAST_SECTIONS:
        raise MeasurementError(
            "Too little of this branch lies apart from its parent", "Click farther out", "not_closed"
        )
    along = np.array([row["s_mm"] for row in closed])
    least, most, by_area = (
        steady_widths(along, np.array([row[key] for row in closed]))
        for key in ("min_diameter_mm", "max_diameter_mm", "area_diameter_mm")
    )
    low, high = int(np.argmin(least)), int(np.argmax(most))
    extremes: dict[str, dict[str, float | None]] = {
        "minimum": {"s_mm": float(along[low]), "min_diameter_mm": float(least[low])},
        "maximum": {"s_mm": float(along[high]), "max_diameter_mm": float(most[high])},
    }
    for key, at in (("minimum", low), ("maximum", high)):
        extremes[key]["area_diameter_mm"] = float(by_area[at])
        extremes[key]["uncertainty_mm"] = closed[at].get("uncertainty_mm")
    return {**results, "stations": stations, **extremes}


def _changed(tree: Tree, number: int, change: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
    return {**tree, "branches": [change(row) if row["id"] == number else row for row in tree["branches"]]}


def _beside(row: Row, line_mm: FloatArray) -> dict[str, Any]:
    """The row as what lies beyond the main vessel; the main vessel itself where next to nothing does."""
    from scipy.spatial import cKDTree

    whole = np.asarray(row.get("whole_mm") or row["centerline_mm"], dtype=np.float64)
    away, _ = cKDTree(line_mm).query(whole)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(whole, axis=0), axis=1))])
    inside = np.flatnonzero(away <= max(ALONG_MM, 0.5 * float(row["mean_diameter_mm"] or 0.0)))
    kept = {key: value for key, value in row.items() if key != "whole_mm"}
    if not len(inside) or along[inside[0]] >= LEAST_OWN_MM:
        # it comes from elsewhere, or the main vessel is a part of it
        return _with_line({**kept, "is_main": False}, whole, row)
    if along[-1] - along[inside[-1]] < LEAST_OWN_MM:
        is_stub = along[-1] - along[inside[0]] < LEAST_OWN_MM
        return _with_line({**kept, "is_main": not is_stub}, whole, row)
    middle = np.flatnonzero(away <= ON_LINE_MM)
    first = int(middle[-1]) if len(middle) else int(inside[-1])
    if first == 0:
        return _with_line({**kept, "is_main": False}, whole, row)
    cut = {**kept, "is_main": False, "whole_mm": _rounded(whole)}
    if along[first] > MOST_CUT * along[-1] and row["measured"] is None:
        # the width was that of another vessel
        cut["mean_diameter_mm"] = None
    return _with_line(cut, whole[first:], row)


def _with_line(row: dict[str, Any], line_mm: FloatArray, before: Row) -> dict[str, Any]:
    """The row along this line; where it begins elsewhere than before, its sections are gone."""
    begin = np.asarray(before["centerline_mm"][0], dtype=np.float64)
    if len(before["centerline_mm"]) == len(line_mm) and np.linalg.norm(begin - line_mm[0]) < 1e-6:
        return row
    length = float(np.linalg.norm(np.diff(line_mm, axis=0), axis=1).sum())
    return {
        **row,
        "centerline_mm": _rounded(line_mm),
        "fork_mm": line_mm[0].tolist(),
        "length_mm": length,
        "measured": None,
        "reason": "",
    }


def _mean_diameter_mm(results: Mapping[str, Any]) -> float:
    """Median area diameter of the closed sections."""
    return float(np.median([row["area_diameter_mm"] for row in results["stations"] if row["closed"]]))


def _free_name(rows: Sequence[Row]) -> str:
    names, number = {row["name"] for row in rows}, 1
    while f"Branch {number}" in names:
        number += 1
    return f"Branch {number}"


def _rounded(points: Any) -> list[list[float]]:
    rounded: list[list[float]] = np.round(np.asarray(points, dtype=np.float64).reshape(-1, 3), KEPT_DECIMALS).tolist()
    return rounded
