"""Access found and measured without a click: from the fork of the aorta to both groins, ranked for a sheath."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.access.aorta import find_aorta
from planning.access.arch import find_arch_vessels, scan_reaches_neck
from planning.access.iliacs import Iliacs, find_iliacs
from planning.access.measure import Measured, check_length, closed_from_mm, measure_route
from planning.access.scene import Coarse, along_patient, bone_of, hip_heads
from planning.access.sheaths import Sheath, catalogue, choose_sheath
from planning.centerline import Centerline
from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress, no_progress
from planning.vessel.lumen import Station
from planning.vessel.path import check_points
from planning.vessel.plan import find_way, line_between, way_points
from planning.vessel.tracing import Traced, linear_values, trace
from planning.vessel.via import check_via
from planning.vessel.widths import contrast_to_noise, width_uncertainty_mm
from planning.volume import Volume

NAMES = {
    "right_femoral": "Right femoral",
    "left_femoral": "Left femoral",
    "right_subclavian": "Right subclavian",
    "left_subclavian": "Left subclavian",
    "right_carotid": "Right carotid",
    "left_carotid": "Left carotid",
}
ROW_KEYS = [
    "to_mm",
    "chord_mm",
    "tortuosity",
    "minimum",
    "sharpest_bend_deg",
    "angle_sum_deg",
    "sheath_ratio",
    "sheath",
]
FEMORAL = ("right_femoral", "left_femoral")
ORDER = {"ok": 0, "warn": 1, "bad": 2, "missing": 3, "excluded": 4}
WIDEST_MM, ARM_WIDEST_MM = 22.0, 14.0
TOGETHER_MM, APART_MM = 2.5, 1.0
CLOSED_BACK_MM, CLOSED_ON_MM = 3.0, 20.0
LEAST_ROUTE_MM, MOST_SHARE, MOST_RISE_MM, LEAST_ALIKE = 15.0, 0.88, 25.0, 0.55
THICK_MM, DARK_HU = 1.55, 200.0
NO_LUMEN = "No open lumen leaves the aorta towards this side."


@dataclass(frozen=True, slots=True, eq=False)
class _Route:
    """A way before it is measured: the traced line and the part of it that counts."""

    key: str
    line: Centerline
    nearest: npt.NDArray[np.intp]
    seen: Traced
    closed_at_mm: float | None
    reach: str
    shared: npt.NDArray[np.bool_] | None


def find_access(
    volume: Volume,
    *,
    aorta_hint_mm: npt.ArrayLike | None = None,
    sheath: str | None = None,
    valve: Mapping[str, Any] | None = None,
    ends: Mapping[str, Mapping[str, Any]] | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Routes for a sheath: what the contract calls a plan's `access`.

    aorta_hint_mm: (M, 3) points known to lie in the aorta. sheath: name in the catalogue; else the one for `valve`
    {"model", "size"}. ends: {route key: {"from_mm", "to_mm"}} placed by hand, which replace what would be found; with
    "via_mm" the way between them is led through these places.
    A route that is not in the scan, or a scan without contrast, is told under "missing", not raised.
    Raises InputError for an unknown sheath, Cancelled when asked to stop.
    """
    chosen = choose_sheath(sheath, valve)
    placed = dict(ends or {})
    missing: list[dict[str, str]] = []
    warnings: list[dict[str, str]] = []
    routes: list[_Route] = []
    around = along_patient(volume)
    level, fork, aorta_line = None, None, None
    closed_rows: list[dict[str, Any]] = []
    wanted = [key for key in FEMORAL if key not in placed]
    if wanted:
        progress(0.02, "Finding the aorta")
        try:
            coarse = Coarse.of(around)
            aorta = find_aorta(coarse, None if aorta_hint_mm is None else np.asarray(aorta_hint_mm, dtype=np.float64))
        except MeasurementError as error:
            missing += [{"key": key, "text": f"{error.what}."} for key in wanted]
        else:
            _stop(cancel)
            progress(0.1, "Finding the iliac arteries")
            middle = coarse.middle_mm()
            bone = bone_of(around, coarse, aorta.lumen_hu)
            heads = hip_heads(coarse, bone, middle, float(aorta.points_mm[0, 2]) - 60.0)
            iliacs = find_iliacs(around, coarse, aorta, bone, heads, middle)
            aorta_line = aorta.points_mm
            level = iliacs.level_hu
            if aorta.lumen_hu < DARK_HU:
                warnings.append(
                    {
                        "code": "dim_contrast",
                        "text": f"The arteries hold little contrast ({aorta.lumen_hu:.0f} HU): diameters are less sure.",
                    }
                )
            _stop(cancel)
            progress(0.25, "Following the arteries")
            found, fork = _followed(around, iliacs, aorta.lumen_hu, wanted)
            routes += found
            upper = [key for key in NAMES if key not in (*FEMORAL, *placed)]
            ways = find_arch_vessels(around, coarse, aorta, bone, middle)
            followed, unsure = _from_arch(around, ways, aorta.lumen_hu, level, upper)
            routes += followed
            missing += unsure if scan_reaches_neck(around, aorta) else []
            lost, closed_rows = _not_found(wanted, found)
            missing += lost
    routes += _placed(around, placed, missing)
    thickest = float(volume.grid.spacing_mm.max())
    if thickest > THICK_MM:
        warnings.append(
            {
                "code": "thick_slices",
                "text": f"Voxels are {thickest:.1f} mm; diameters can be off by half a millimetre.",
            }
        )
    measured: list[tuple[_Route, Measured]] = []
    for number, route in enumerate(routes):
        _stop(cancel)
        low, high = (0.3 + 0.7 * n / len(routes) for n in (number, number + 1))
        result = _measured(
            around,
            route,
            lambda part, low=low, high=high: progress(low + part * (high - low), "Measuring sections"),  # type: ignore[misc]
            cancel,
        )
        measured.append((route, result))
    spacing = float(around.grid.spacing_mm.max())
    found_rows = [judge_route(_as_json(route, result, spacing), chosen) for route, result in measured]
    rows = ranked([*found_rows, *closed_rows])
    return {
        "routes": rows,
        "missing": missing + [{"key": key, "text": "not in scan"} for key in NAMES if not _told(key, rows, missing)],
        "sheath": None if chosen is None else chosen.as_json(),
        "sheath_table": sheath_table(rows),
        "fork_mm": None if fork is None else fork.tolist(),
        "aorta_mm": None if aorta_line is None else aorta_line.tolist(),
        "lumen_level_hu": level,
        "warnings": warnings,
    }


def _stop(cancel: CancelToken | None) -> None:
    if cancel is not None:
        cancel.raise_if_set()


def _told(key: str, rows: Sequence[Mapping[str, Any]], missing: Sequence[Mapping[str, str]]) -> bool:
    return any(row["key"] == key for row in [*rows, *missing])


def _followed(
    volume: Volume, iliacs: Iliacs, lumen_hu: float, wanted: Sequence[str]
) -> tuple[list[_Route], FloatArray | None]:
    """Traced lines of both sides and the fork where they part."""
    seen: dict[str, Traced] = {}
    for side, way in iliacs.ways.items():
        try:
            seen[side] = trace(volume, way.points_mm, lumen_hu, iliacs.level_hu, widest_mm=WIDEST_MM)
        except MeasurementError:
            continue
    starts = fork_lines({side: traced.line for side, traced in seen.items()})
    fork = None if starts is None else np.asarray(0.5 * (starts["right"] + starts["left"]))
    seen = _plausible(seen, iliacs, fork)
    routes = []
    for side, traced in seen.items():
        key = f"{side}_femoral"
        if key not in wanted:
            continue
        start = fork if fork is not None else _narrowing(traced)
        end = traced.line.points_mm[-1]
        closed_at = closed_from_mm(traced, iliacs.level_hu)
        reach = iliacs.ways[side].reach
        own = traced
        if closed_at is not None or reach == "closed":
            reach = "closed"
            own, end = _to_closed_end(volume, traced, closed_at, iliacs.level_hu)
        try:
            line, nearest = line_between(own, np.array([start, end]), 1.0, on_mm=CLOSED_ON_MM)
            check_length(line)
        except MeasurementError:
            continue
        other = seen.get("left" if side == "right" else "right")
        shared = None if other is None else _shared(line, traced, nearest, other)
        closed_mm = line.length_mm if reach == "closed" else None
        routes.append(_Route(key, line, nearest, traced, closed_mm, reach, shared))
    return routes, fork if len(seen) == 2 else None


def _plausible(seen: Mapping[str, Traced], iliacs: Iliacs, fork: FloatArray | None) -> dict[str, Traced]:
    """The sides that can be iliac arteries.

    Where the scan ends above the fork, the aorta itself leaves the scan on one side of the middle and some small branch
    of it on the other. Iliac arteries are narrower than the aorta, like each other, and go down.
    """
    found: dict[str, Traced] = {}
    radii: dict[str, float] = {}
    for side, traced in seen.items():
        start = fork if fork is not None else _narrowing(traced)
        s = traced.line.arc_length_mm
        at = float(s[int(np.argmin(np.linalg.norm(traced.line.points_mm - start, axis=1)))])
        first = (s >= at + 5.0) & (s <= at + 45.0) & traced.closed
        reaches_groin = iliacs.ways[side].reach == "groin"
        if not first.any() or s[-1] - at < (0.0 if iliacs.ways[side].reach == "closed" else LEAST_ROUTE_MM):
            continue
        own, aorta = float(np.median(traced.radii_mm[first])), float(np.median(traced.radii_mm[s <= 15.0]))
        heights = traced.line.points_mm[s >= at, 2]
        rise = float(np.maximum(np.diff(heights), 0.0).sum())
        if reaches_groin or (own <= MOST_SHARE * aorta and rise <= MOST_RISE_MM):
            found[side], radii[side] = traced, own
    if any(iliacs.ways[side].reach == "groin" for side in found):
        return found
    if len(found) < 2 or min(radii.values()) < LEAST_ALIKE * max(radii.values()):
        return {}
    return found


def _to_closed_end(
    volume: Volume, traced: Traced, closed_at_mm: float | None, level_hu: float
) -> tuple[Traced, FloatArray]:
    """The line without its last stretch, and where the blood ends straight on from there.

    The way to the last bright voxel ends in a corner of the lumen: its last millimetres lead to the wall.
    """
    s = traced.line.arc_length_mm
    last_mm = traced.line.length_mm if closed_at_mm is None else closed_at_mm
    usual = float(np.median(traced.radii_mm[(s >= last_mm - 25.0) & (s <= last_mm)]))
    n = int(np.clip(np.searchsorted(s, last_mm - 1.3 * usual - CLOSED_BACK_MM), 8, len(s) - 1))
    short = replace(traced, closed=traced.closed & (s <= s[n]))
    direction = traced.line.points_mm[n] - traced.line.points_mm[n - 4]
    steps = np.arange(0.0, CLOSED_ON_MM, 0.25)
    points = traced.line.points_mm[n] + steps[:, None] * direction / np.linalg.norm(direction)
    around = np.array([(x, y, z) for x in (-0.8, 0.0, 0.8) for y in (-0.8, 0.0, 0.8) for z in (-0.8, 0.0, 0.8)])
    values = np.median(linear_values(volume, points[:, None] + around), axis=1)
    bright = float(traced.lumen_hu[n]) + 0.9 * (float(traced.lumen_hu[n]) - level_hu) + 100.0
    ends = (values < level_hu) | (values > bright)
    return short, np.asarray(points[int(np.argmax(ends)) if ends.any() else -1])


def _closed_at_origin(key: str, fork: FloatArray) -> dict[str, Any]:
    """A route that has no lumen at all."""
    return {
        **dict.fromkeys(ROW_KEYS),
        "key": key,
        "name": NAMES[key],
        "rank": 0,
        "state": "bad",
        "text": "closed at 0 mm",
        "from_mm": fork.tolist(),
        "source": "automatic",
        "reaches_groin": False,
        "length_mm": 0.0,
        "bends_deg": [],
        "bends_at_mm": [],
        "stations": [],
        "centerline_mm": [],
        "closed_at_mm": 0.0,
        "calcium": {"greatest_arc_deg": None, "circumferential_mm": 0.0},
        "reason": NO_LUMEN,
    }


def fork_lines(lines: Mapping[str, Centerline]) -> dict[str, FloatArray] | None:
    """Where two lines from one root part: the last place of each at which they run together. None with one line only."""
    from scipy.spatial import cKDTree

    if len(lines) < 2:
        return None
    right, left = lines["right"], lines["left"]
    away, near = cKDTree(left.points_mm).query(right.points_mm)
    together = np.flatnonzero(away <= TOGETHER_MM)
    n = int(together[-1]) if len(together) else 0
    return {"right": right.points_mm[n], "left": left.points_mm[int(near[n])]}


def _narrowing(traced: Traced) -> FloatArray:
    """Where the aorta becomes an iliac artery when only one is open: the first place that stays below 0.75 of it."""
    usual = float(np.median(traced.radii_mm[:10]))
    narrow = traced.radii_mm < 0.75 * usual
    first = int(np.argmax(narrow)) if narrow.any() else 0
    return np.asarray(traced.line.points_mm[first])


def _shared(line: Centerline, traced: Traced, nearest: npt.NDArray[np.intp], other: Traced) -> npt.NDArray[np.bool_]:
    """(N,) sections within reach of the other side's lumen: near the fork no section is one vessel's."""
    from scipy.spatial import cKDTree

    away, near = cKDTree(other.line.points_mm).query(line.points_mm)
    touching = away < traced.radii_mm[nearest] + other.radii_mm[near] + APART_MM
    # only from the fork on: farther down the two sides do not meet
    last = int(np.argmin(touching)) if not touching.all() else len(touching)
    return np.arange(len(touching)) < last


def _not_found(wanted: Sequence[str], routes: Sequence[_Route]) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Rows for the sides that were not followed: not in the scan, or closed where they begin."""
    found = [route for route in routes if route.key in FEMORAL]
    lost = [key for key in wanted if key not in {route.key for route in found}]
    if found and any(route.reach in ("groin", "closed") for route in found):
        return [], [_closed_at_origin(key, found[0].line.points_mm[0]) for key in lost]
    text = "The scan ends above the groin: the iliac arteries are not in it."
    return [{"key": key, "text": text} for key in lost], []


def _from_arch(
    volume: Volume, ways: Mapping[str, FloatArray], lumen_hu: float, level_hu: float, wanted: Sequence[str]
) -> tuple[list[_Route], list[dict[str, str]]]:
    """Routes from the arch outwards, and rows for those that were not followed."""
    routes: list[_Route] = []
    for key in wanted:
        if key not in ways:
            continue
        try:
            seen = trace(volume, ways[key], lumen_hu, level_hu, widest_mm=ARM_WIDEST_MM)
            # the way ends in a corner of the lumen
            line, nearest = line_between(seen, seen.line.points_mm[[0, -5]], 1.0)
            check_length(line)
        except MeasurementError:
            continue
        closed = closed_from_mm(seen, level_hu)
        if closed is None:
            routes.append(_Route(key, line, nearest, seen, None, "part", None))
    found = {route.key for route in routes}
    return routes, [
        {"key": key, "text": "not followed for sure; place its ends by hand"} for key in wanted if key not in found
    ]


def _placed(volume: Volume, placed: Mapping[str, Mapping[str, Any]], missing: list[dict[str, str]]) -> list[_Route]:
    """Routes between ends that a person placed."""
    routes = []
    for key, pair in placed.items():
        try:
            routes.append(_between(volume, key, pair))
        except MeasurementError as error:
            missing.append({"key": key, "text": f"{NAMES.get(key, key)}: {error.what}."})
    return routes


def _between(volume: Volume, key: str, pair: Mapping[str, Any]) -> _Route:
    """The route between two ends, led through the places between them."""
    points = way_points(pair["from_mm"], pair["to_mm"], pair.get("via_mm"))
    check_points(points, volume.grid)
    path, level, lumen, _ = find_way(volume, points)
    traced = trace(volume, path, lumen, level, widest_mm=WIDEST_MM)
    check_via(traced.line.points_mm, traced.radii_mm, points[1:-1])
    line, nearest = line_between(traced, points[[0, -1]], 1.0)
    check_length(line)
    closed = closed_from_mm(traced, level)
    return _Route(key, line, nearest, traced, closed, "given" if closed is None else "closed", None)


def with_route(
    access: Mapping[str, Any],
    volume: Volume,
    key: str,
    ends: Mapping[str, Any],
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """The routes of before with one of them measured again between ends placed by hand, as `find_access` would.

    Raises MeasurementError where there is no way between them.
    """
    around = along_patient(volume)
    progress(0.05, "Following the artery")
    route = _between(around, key, ends)
    result = _measured(around, route, lambda part: progress(0.2 + 0.8 * part, "Measuring sections"), cancel)
    spacing = float(around.grid.spacing_mm.max())
    name = (access.get("sheath") or {}).get("name")
    row = judge_route(_as_json(route, result, spacing), choose_sheath(name, None))
    rows = ranked([*[other for other in access["routes"] if other["key"] != key], row])
    missing = [one for one in access["missing"] if one["key"] not in (key, "all")]
    return {**access, "routes": rows, "missing": missing, "sheath_table": sheath_table(rows)}


def _measured(volume: Volume, route: _Route, told: Callable[[float], None], cancel: CancelToken | None) -> Measured:
    return measure_route(
        volume,
        route.line,
        route.seen.radii_mm[route.nearest],
        route.seen.lumen_hu[route.nearest],
        shared=route.shared,
        closed_at_mm=route.closed_at_mm,
        told=told,
        cancel=cancel,
    )


def _as_json(route: _Route, result: Measured, spacing_mm: float) -> dict[str, Any]:
    """What was measured; `judge_route` adds what it means for a sheath."""
    least, line, contrast = result.least, result.line, contrast_to_noise(result.stations)
    return {
        "key": route.key,
        "name": NAMES.get(route.key, route.key),
        "rank": 0,
        "from_mm": line.points_mm[0].tolist(),
        "to_mm": line.points_mm[-1].tolist(),
        "source": "given" if route.reach == "given" else "automatic",
        "reaches_groin": route.reach in ("groin", "given", "part"),
        "length_mm": line.length_mm,
        "chord_mm": line.chord_mm,
        "tortuosity": line.length_mm / max(line.chord_mm, 1e-9),
        "minimum": None
        if least is None
        else {
            "s_mm": least.s_mm,
            "min_diameter_mm": least.min_diameter_mm,
            "uncertainty_mm": least.uncertainty_mm,
            "position_mm": list(least.position_mm),
            "calcium_arc_deg": least.calcium_arc_deg,
            "area_diameter_mm": least.area_diameter_mm,
        },
        "bends_deg": list(result.bends.angles_deg),
        "bends_at_mm": list(result.bends.at_mm),
        "sharpest_bend_deg": result.bends.sharpest_deg,
        "angle_sum_deg": result.bends.sum_deg,
        "stations": [_slim(station, spacing_mm, contrast) for station in result.stations],
        "centerline_mm": line.points_mm.tolist(),
        "closed_at_mm": result.closed_at_mm,
        "calcium": {"greatest_arc_deg": result.greatest_arc_deg, "circumferential_mm": result.circumferential_mm},
    }


def _slim(station: Station, spacing_mm: float, contrast: float) -> dict[str, Any]:
    """A station whose contour is for drawing only: a plan holds some hundred of them and is written at every edit."""
    row = station.as_json()
    contour = np.round(np.array(row["contour_mm"]).reshape(-1, 3)[::2], 3)
    unsure = width_uncertainty_mm(station, spacing_mm, contrast)
    return {**row, "uncertainty_mm": None if unsure is None else round(unsure, 3), "contour_mm": contour.tolist()}


def judge_route(row: Mapping[str, Any], sheath: Sheath | None) -> dict[str, Any]:
    """A measured route with what it means for a sheath: ratio, state and words.

    A route that a person excluded ("excluded": why) is last in any ranking, whatever its lumen.
    """
    least, excluded = row["minimum"], row.get("excluded")
    width, unsure = (None, 0.0) if least is None else (least["min_diameter_mm"], least["uncertainty_mm"])
    ratio = None if sheath is None else sheath.ratio(width)
    state, text = judged(row["closed_at_mm"], width, unsure, sheath, is_whole=row["reaches_groin"])
    if excluded is not None:
        state, text = "excluded", f"excluded: {excluded}" if excluded else "excluded by hand"
    return {
        **row,
        "sheath": None if sheath is None else sheath.as_json(),
        "sheath_ratio": ratio,
        "state": state,
        "text": text,
        "reason": _reason(row, sheath, ratio),
    }


def judged(
    closed_at_mm: float | None,
    least_mm: float | None,
    uncertainty_mm: float,
    sheath: Sheath | None,
    *,
    is_whole: bool = True,
) -> tuple[str, str]:
    """State and words for a route: "over 5.5", "0.3 under 5.5", "closed at 84 mm".

    Without a sheath the least vessel of any sheath in the catalogue is the limit, and the words say so.
    """
    if closed_at_mm is not None:
        return "bad", f"closed at {closed_at_mm:.0f} mm"
    if least_mm is None:
        return "warn", "no section could be measured"
    limit = sheath.least_vessel_mm if sheath is not None else min(row.least_vessel_mm for row in catalogue())
    over = least_mm - limit
    whose = "" if sheath is not None else ", the least any sheath listed asks for"
    if over < 0:
        return ("bad" if sheath is not None else "warn"), f"{-over:.1f} under {limit:.1f}{whose}"
    if over < uncertainty_mm:
        return "warn", f"{over:.1f} over {limit:.1f}, within the uncertainty{whose}"
    if not is_whole:
        return "warn", f"over {limit:.1f} as far as the scan goes{whose}"
    return "ok", f"over {limit:.1f}{whose}"


def _reason(row: Mapping[str, Any], sheath: Sheath | None, ratio: float | None) -> str:
    if not row["stations"]:
        return NO_LUMEN
    parts, least, calcium = [], row["minimum"], row["calcium"]
    if least is not None:
        parts.append(f"Least lumen {least['min_diameter_mm']:.1f} mm at {least['s_mm']:.0f} mm.")
    edited = [f"{station['s_mm']:.0f}" for station in row["stations"] if station.get("edited") == "here"]
    if edited:
        told = row["automatic"]["minimum"]
        before = "" if told is None else f" (least {told['min_diameter_mm']:.1f} mm before)"
        parts.append(f"Edited by hand at {', '.join(edited)} mm{before}.")
    if ratio is not None and sheath is not None:
        parts.append(f"Sheath to artery {ratio:.2f} with {sheath.name}.")
    parts.append(f"Tortuosity {row['tortuosity']:.2f}, sharpest bend {row['sharpest_bend_deg']:.0f}°.")
    if calcium["greatest_arc_deg"] and calcium["greatest_arc_deg"] >= 90.0:
        parts.append(f"Calcium up to {calcium['greatest_arc_deg']:.0f}° of the wall.")
    if calcium["circumferential_mm"]:
        parts.append(f"Circumferential calcium over {calcium['circumferential_mm']:.0f} mm.")
    if row["closed_at_mm"] is not None:
        parts.append("The lumen ends there; what lies beyond was not measured.")
    elif not row["reaches_groin"]:
        parts.append("The scan ends above the groin; the rest is not measured.")
    return " ".join(parts)


def ranked(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows by state, then ratio (the lesser lumen last where there is none), then tortuosity, with their ranks."""

    def key(row: Mapping[str, Any]) -> tuple[int, bool, float, float]:
        least = row["minimum"]["min_diameter_mm"] if row["minimum"] else 0.0
        ratio = row["sheath_ratio"] if row["sheath_ratio"] is not None else 1.0 / max(least, 0.1)
        return ORDER[row["state"]], row["closed_at_mm"] is not None, ratio, row["tortuosity"] or 0.0

    return [{**row, "rank": n + 1} for n, row in enumerate(sorted(rows, key=key))]


def sheath_table(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every sheath of the catalogue with its ratio on every route; None where the route is closed or not measured."""

    def width(row: Mapping[str, Any]) -> float | None:
        if row["closed_at_mm"] is not None or row["minimum"] is None:
            return None
        return float(row["minimum"]["min_diameter_mm"])

    return [
        {
            "name": sheath.name,
            "outer_mm": sheath.outer_mm,
            "least_vessel_mm": sheath.least_vessel_mm,
            "ratio": {row["key"]: sheath.ratio(width(row)) for row in rows},
            "source": sheath.source,
            "checked": sheath.checked,
        }
        for sheath in catalogue()
    ]
