"""Where an aortic stent graft could end below: both common iliac arteries, from the fork of the aorta to the internal iliac.

Widths are of the lumen, from measured sections; a side whose artery was not measured says so. The fork of the aorta is
where the longest branch leaves the vessel downwards that is at least 0.4 times as wide as the aorta above it. The internal
iliac is the first branch of at least 3 mm that leaves 15 … 110 mm below the fork. The landing zone is the last 15 mm
before the upper edge of its origin, half its width above where the lines part. Which lengths and widths a graft needs
is in its instructions for use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.errors import MeasurementError
from planning.vessel.curves import Profile

ILIAC_SHARE, ABOVE_FORK_MM = 0.4, 12.0
LEAST_INTERNAL_MM, INTERNAL_FROM_MM, INTERNAL_TO_MM = 3.0, 15.0, 110.0
LANDING_MM, BELOW_FORK_MM = 15.0, 12.0
ON_LINE_MM = 4.0
SIDES = ("right", "left")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """One side's artery below the fork. branch: id in the tree, None for the plan's own vessel."""

    branch: int | None
    profile: Profile
    from_s_mm: float


def iliac_landing(results: Mapping[str, Any], tree: Mapping[str, Any] | None) -> dict[str, Any]:
    """Both sides from a vessel plan down the aorta (its numbers) and its tree, see `branches`.

    {"fork_mm": (3,) | None, "fork_s_mm", "right": side, "left": side}; a side is {"branch", "length_mm",
    "internal_mm", "landing_mm": middle of the landing zone, "min_diameter_mm", "mean_diameter_mm", "max_diameter_mm",
    "greatest_mm", "greatest_at_mm", "reason"}: diameters of the landing zone, the greatest of the whole common iliac;
    None with a reason where it cannot be measured. Sides are told by where they end: LPS x of the two.
    """
    if tree is None or not tree["branches"]:
        return _nothing("The branches were not looked for")
    main = Profile.of(results, reverse=_runs_up(results))
    other = _iliac(main, tree["branches"])
    if other is None:
        return _nothing("No fork of the aorta lies on this vessel")
    fork_s = main.s_of(np.asarray(other["fork_mm"], dtype=np.float64))
    found: dict[str, Any] = {"fork_mm": main.place(fork_s).tolist(), "fork_s_mm": fork_s}
    own_side = "right" if main.line_mm[-1][0] < float(other["end_mm"][0]) else "left"
    other_side = SIDES[1 - SIDES.index(own_side)]
    found[own_side] = _side(_Way(None, main, fork_s), tree["branches"])
    found[other_side] = _other_side(other, tree["branches"])
    return found


def _other_side(row: Row, rows: Sequence[Row]) -> dict[str, Any]:
    if row["measured"] is None:
        return _empty(row["reason"] or f"{row['name']} was not measured", row["id"])
    try:
        profile = Profile.of(row["measured"])
    except MeasurementError as error:
        return _empty(error.what, row["id"])
    return _side(_Way(row["id"], profile, 0.0), rows)


def _iliac(main: Profile, rows: Sequence[Row]) -> Row | None:
    """The branch that makes the fork of the aorta: the longest one downwards that is wide enough."""
    best: Row | None = None
    for row in rows:
        fork = np.asarray(row["fork_mm"], dtype=np.float64)
        s = main.s_of(fork)
        if row["is_main"]:
            continue
        above = main.at(max(s - ABOVE_FORK_MM, float(main.s_mm[0])), main.mean_mm, 15.0)
        if above is None or np.linalg.norm(main.place(s) - fork) > 0.5 * above + ON_LINE_MM:
            continue
        is_wide = float(row["mean_diameter_mm"] or 0.0) >= ILIAC_SHARE * above
        is_down = float(row["end_mm"][2]) < float(fork[2]) - INTERNAL_FROM_MM
        if is_wide and is_down and (best is None or row["length_mm"] > best["length_mm"]):
            best = row
    return best


def _side(way: _Way, rows: Sequence[Row]) -> dict[str, Any]:
    profile = way.profile
    internal_s: float | None = None
    for row in rows:
        own_mm = float(row["mean_diameter_mm"] or LEAST_INTERNAL_MM)
        if row["is_main"] or row["id"] == way.branch or own_mm < LEAST_INTERNAL_MM:
            continue
        fork = np.asarray(row["fork_mm"], dtype=np.float64)
        s = profile.s_of(fork)
        away = float(np.linalg.norm(profile.place(s) - fork))
        width = profile.at(s, profile.mean_mm, 25.0) or 8.0
        below = s - way.from_s_mm
        if away <= 0.5 * width + ON_LINE_MM and INTERNAL_FROM_MM <= below <= INTERNAL_TO_MM:
            # the lines part in the middle of the origin; the landing zone ends at its upper edge
            edge = s - 0.5 * own_mm
            internal_s = edge if internal_s is None else min(internal_s, edge)
    if internal_s is None:
        return _empty("No internal iliac artery was found on this side", way.branch)
    landing = (profile.s_mm >= internal_s - LANDING_MM) & (profile.s_mm <= internal_s)
    # sections at the fork are the aorta's
    common = (profile.s_mm >= way.from_s_mm + BELOW_FORK_MM) & (profile.s_mm <= internal_s)
    if not landing.any() or not common.any():
        return _empty("No closed section lies in the landing zone", way.branch)
    widest = int(np.flatnonzero(common)[np.argmax(profile.max_mm[common])])
    return {
        "branch": way.branch,
        "length_mm": float(internal_s - way.from_s_mm),
        "internal_mm": profile.place(internal_s).tolist(),
        "landing_mm": profile.place(internal_s - 0.5 * LANDING_MM).tolist(),
        "min_diameter_mm": float(profile.min_mm[landing].min()),
        "mean_diameter_mm": float(profile.mean_mm[landing].mean()),
        "max_diameter_mm": float(profile.max_mm[landing].max()),
        "greatest_mm": float(profile.max_mm[widest]),
        "greatest_at_mm": profile.place(float(profile.s_mm[widest])).tolist(),
        "reason": "",
    }


def _runs_up(results: Mapping[str, Any]) -> bool:
    line = results["centerline_mm"]
    return bool(line[-1][2] > line[0][2])


def _nothing(reason: str) -> dict[str, Any]:
    return {"fork_mm": None, "fork_s_mm": None, **{side: _empty(reason, None) for side in SIDES}}


def _empty(reason: str, branch: int | None) -> dict[str, Any]:
    keys = (
        "length_mm",
        "internal_mm",
        "landing_mm",
        "min_diameter_mm",
        "mean_diameter_mm",
        "max_diameter_mm",
        "greatest_mm",
        "greatest_at_mm",
    )
    return {"branch": branch, **dict.fromkeys(keys), "reason": reason}
