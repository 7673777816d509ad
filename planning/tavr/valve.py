"""The chosen valve in the root: where its frame stands, how near it comes to what it must not touch, and how it looks.

The virtual valve is coaxial with the annulus normal through the annulus contour's centroid. Its outer surface turns the
catalogue's outer diameters about that axis. Distances to ostia and sinotubular junction are radial, at the height of
the point: the frame's surface is thought to go on above its top, as the leaflets pinned by it do. That is never less
careful than a cylinder that ends. Depth is how far the inflow end lies below the annulus plane.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.geometry import FloatArray
from planning.section import Measures
from planning.tavr.devices import DEPTHS_MM, Device, devices, find_device
from planning.tavr.in_valve import VTC_MM, VTSTJ_MM
from planning.tavr.obstruction import obstruction_of
from planning.tavr.space import BIN_MM, LOWEST_MM, RootSpace, annulus_measures

TOUCH_MM, TOUCH_SPREAD_MM = 0.5, 0.5
CENTER_SIGMA_MM, POINT_SIGMA_MM, JUNCTION_SIGMA_MM, UNCHECKED_RADIUS_SIGMA_MM = 0.25, 0.5, 0.25, 0.25
LEAST_SPREAD_MM = 0.1
POSTS = 3
# which of two cells is drawn first
STATE_RANK = {"ok": 0, "warn": 1, "unknown": 1, "bad": 2}
DEFAULT_DEPTH_MM = 4.0
NAMES = ("septum_minus_depth_mm", "vtc_left_mm", "vtc_right_mm", "vtstj_mm", "calcium_contact_mm3")
LIMITS_MM = {"vtc_left_mm": VTC_MM, "vtc_right_mm": VTC_MM, "vtstj_mm": VTSTJ_MM, "septum_minus_depth_mm": 0.0}
SHOWN = {"vtc_left_mm": "VTC", "vtc_right_mm": "VTC", "vtstj_mm": "VTSTJ", "septum_minus_depth_mm": "Septum"}


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """Of one device at D depths: quantity → (D,) values, None where the root does not show it; and 95 % half-widths."""

    values: Mapping[str, FloatArray | None]
    spreads: Mapping[str, FloatArray | None]


def distances(space: RootSpace, device: Device, depths_mm: Sequence[float] | FloatArray) -> Distances:
    """The distances of a device at every depth; see the module's text for how they are defined."""
    return distances_of_all(space, (device,), depths_mm)[0]


def distances_of_all(
    space: RootSpace, catalogue: Sequence[Device], depths_mm: Sequence[float] | FloatArray
) -> list[Distances]:
    """The same for many devices at once, which costs little more than for one."""
    depths = np.asarray(depths_mm, dtype=np.float64)
    sigma = np.array(
        [UNCHECKED_RADIUS_SIGMA_MM if "outer_diameter_mm" in device.unchecked else 0.0 for device in catalogue]
    )
    left, right = space.ostia
    gaps = {
        "vtc_left_mm": _least_gap(
            space, catalogue, depths, None if left is None else left[None], POINT_SIGMA_MM, sigma
        ),
        "vtc_right_mm": _least_gap(
            space, catalogue, depths, None if right is None else right[None], POINT_SIGMA_MM, sigma
        ),
        "vtstj_mm": _least_gap(space, catalogue, depths, space.junction, JUNCTION_SIGMA_MM, sigma),
    }
    touched, touched_spread = _calcium_touched(space, catalogue, depths)
    septum = None if space.septum_mm is None else space.septum_mm - depths
    septum_spread = None if septum is None else np.full(len(depths), space.septum_spread_mm)
    return [
        Distances(
            {key: None if found is None else found[0][n] for key, found in gaps.items()}
            | {"septum_minus_depth_mm": septum, "calcium_contact_mm3": touched[n]},
            {key: None if found is None else found[1][n] for key, found in gaps.items()}
            | {"septum_minus_depth_mm": septum_spread, "calcium_contact_mm3": touched_spread[n]},
        )
        for n in range(len(catalogue))
    ]


def _least_gap(
    space: RootSpace,
    catalogue: Sequence[Device],
    depths: FloatArray,
    points: FloatArray | None,
    sigma_mm: float,
    unchecked_mm: FloatArray,
) -> tuple[FloatArray, FloatArray] | None:
    """(V, D) least radial distance from each frame's outer surface to the points, and its 95 % half-width."""
    if points is None:
        return None
    radii = np.hypot(points[:, 0], points[:, 1])
    above = points[None, :, 2] + depths[:, None]
    gaps = radii - np.stack([device.outer_radius_mm(above) for device in catalogue])
    nearest = np.argmin(gaps, axis=2)
    outward = np.column_stack([points[:, :2] / np.maximum(radii, 1e-9)[:, None], np.zeros(len(points))])
    # a tilted axis passes the point at another distance, the more the higher it lies
    tilted = points[:, 2] ** 2 * np.einsum("ni,ij,nj->n", outward, space.tilt, outward)
    variance = tilted[nearest] + CENTER_SIGMA_MM**2 + sigma_mm**2 + unchecked_mm[:, None] ** 2
    return np.take_along_axis(gaps, nearest[..., None], axis=2)[..., 0], 2.0 * np.sqrt(variance)


def _calcium_touched(
    space: RootSpace, catalogue: Sequence[Device], depths: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(V, D) mm³ of calcium between each frame's ends and within its outer surface + 0.5 mm, and the 95 % half-width.

    What lies further inside is touched too: the frame pushes it to its surface. The half-width is what another 0.5 mm
    to either side makes, and what the whole calcium's volume is unsure by.
    """
    edges = space.calcium_mm3.shape[1]
    filled = np.flatnonzero(space.calcium_mm3[:, -1] > 0)
    if not len(filled):
        return np.zeros((len(catalogue), len(depths))), np.zeros((len(catalogue), len(depths)))
    rows = np.arange(filled[0], filled[-1] + 1)
    above = LOWEST_MM + (rows + 0.5) * BIN_MM + depths[:, None]
    radii = np.stack([device.outer_radius_mm(above) for device in catalogue])
    within = np.stack([(above >= 0.0) & (above <= device.frame_height_mm) for device in catalogue])
    totals = []
    for margin in (TOUCH_MM, TOUCH_MM - TOUCH_SPREAD_MM, TOUCH_MM + TOUCH_SPREAD_MM):
        reach = np.clip((radii + margin) / BIN_MM, 0.0, edges - 1.001)
        low = reach.astype(np.intp)
        below = space.calcium_mm3[rows, low]
        inside = below + (space.calcium_mm3[rows, low + 1] - below) * (reach - low)
        totals.append(np.where(within, inside, 0.0).sum(axis=2))
    return totals[0], np.hypot((totals[2] - totals[1]) / 2.0, space.calcium_share * totals[0])


def state_of(value: float | None, spread: float | None, limit: float) -> str:
    """ "ok" with all of its uncertainty above the limit, "warn" above it, "bad" below, "unknown" when not measured."""
    if value is None:
        return "unknown"
    return "bad" if value < limit else "warn" if value - (spread or 0.0) < limit else "ok"


def size_matrix(
    space: RootSpace,
    rows: Sequence[Mapping[str, Any]],
    annulus: Measures,
    depths_mm: Sequence[float] = DEPTHS_MM,
    rotation_deg: float = 0.0,
) -> list[dict[str, Any]]:
    """Every size of the catalogue at every depth: the quantity nearest its limit, its name and state.

    rows: the plan's "devices". Nearest is the one whose distance to its limit is least in units of its uncertainty.
    A cell is "unknown" when nothing known is short of its limit and something was not measured: missing is never green.
    """
    fits = {(row["model"], row["size"]): row for row in rows}
    matrix = []
    turned = misalignment_deg(space, rotation_deg)
    for device, found in zip(devices(), distances_of_all(space, devices(), depths_mm), strict=True):
        row = fits[(device.model, device.size)]
        matrix.append(
            {
                "model": device.model,
                "size": device.size,
                "maker": device.maker,
                "basis": device.basis,
                "oversizing_percent": device.oversizing_percent(annulus),
                "fits": row["fits"],
                "probability": row["probability"],
                "borderline": row["borderline"],
                "reason": "" if row["fits"] else _short_reason(device, annulus, row),
                # in range and nothing against it: only the scan is too poor to propose it
                "judged": row["fits"]
                or bool(row["unmet"])
                or not device.low <= device.value_of(annulus) <= device.high,
                "commissure_deg": turned,
                "cells": [_cell(device, found, n, float(depth)) for n, depth in enumerate(depths_mm)],
            }
        )
    return matrix


def _short_reason(device: Device, annulus: Measures, row: Mapping[str, Any]) -> str:
    """ "31.1 % under", "perimeter above 72.3 mm"; the whole reason where the annulus is in range."""
    value = device.value_of(annulus)
    if device.low <= value <= device.high:
        return str(row["reason"])
    if device.basis == "area":
        percent = device.oversizing_percent(annulus)
        return f"{abs(percent):.1f} % {'over' if percent > 0 else 'under'}"
    what = "diameter" if device.by == "perimeter_diameter_mm" else "perimeter"
    return f"{what} below {device.low:g} mm" if value < device.low else f"{what} above {device.high:g} mm"


def _cell(device: Device, found: Distances, number: int, depth_mm: float) -> dict[str, Any]:
    values = {key: _one(found.values[key], number) for key in NAMES}
    spreads = {key: _one(found.spreads[key], number) for key in NAMES}
    margins = {
        key: (value - LIMITS_MM[key]) / max(spreads[key] or 0.0, LEAST_SPREAD_MM)
        for key, value in values.items()
        if key in LIMITS_MM and value is not None
    }
    missing = [key for key in LIMITS_MM if values[key] is None]
    nearest = min(margins, key=lambda key: margins[key], default=None)
    state = "unknown" if nearest is None else state_of(values[nearest], spreads[nearest], LIMITS_MM[nearest])
    if state == "ok" and missing:
        nearest, state = missing[0], "unknown"
    advised = device.depth is None or device.depth.low_mm - 0.5 <= depth_mm <= device.depth.high_mm + 0.5
    return {
        "depth_mm": depth_mm,
        "nearest": None if nearest is None else SHOWN[nearest],
        "side": nearest.split("_")[1] if nearest is not None and nearest.startswith("vtc") else None,
        "value_mm": None if nearest is None else values[nearest],
        "uncertainty_mm": None if nearest is None else spreads[nearest],
        "state": state,
        "advised_depth": advised,
        **values,
    }


def _one(values: FloatArray | None, number: int) -> float | None:
    return None if values is None else float(values[number])


def post_angles_rad(space: RootSpace, rotation_deg: float) -> FloatArray:
    """(3,) angles of the commissure posts about the normal; at rotation 0 the first stands at the RCC–LCC commissure."""
    first = 0.0 if space.commissures_rad is None else float(space.commissures_rad[1])
    return np.asarray(first + np.radians(rotation_deg) + np.arange(POSTS) * (2.0 * np.pi / POSTS))


def misalignment_deg(space: RootSpace, rotation_deg: float) -> float | None:
    """Mean angle between the posts and the commissures they stand nearest to as a set, degrees; None without those."""
    if space.commissures_rad is None:
        return None
    posts = post_angles_rad(space, rotation_deg)
    means = [
        float(np.degrees(np.abs(np.angle(np.exp(1j * (np.roll(posts, turn) - space.commissures_rad)))).mean()))
        for turn in range(POSTS)
    ]
    return min(means)


def aligned_rotation_deg(space: RootSpace) -> float | None:
    """The rotation, within ±60°, that puts the posts nearest to the commissures; None without those."""
    if space.commissures_rad is None:
        return None
    tries = np.arange(-60.0, 60.0, 0.5)
    return float(tries[int(np.argmin([misalignment_deg(space, float(angle)) or 0.0 for angle in tries]))])


def place_valve(
    space: RootSpace, device: Device, depth_mm: float, rotation_deg: float, annulus: Measures, *, chosen: bool = True
) -> dict[str, Any]:
    """The plan's "valve": frame, oversizing and distances with their 95 % half-widths. Positions LPS mm.

    posts_deg are angles about "axis" from "right" towards cross(axis, right).
    """
    found = distances(space, device, [depth_mm])
    values = {key: _one(found.values[key], 0) for key in NAMES}
    spreads: dict[str, float | None] = {key: _one(found.spreads[key], 0) for key in NAMES}
    frame = space.frame
    bottom = frame.origin_mm - depth_mm * frame.normal
    posts = np.degrees(post_angles_rad(space, rotation_deg)) % 360.0
    levels = np.array(device.outer_diameter_mm)
    return {
        "model": device.model,
        "size": device.size,
        "depth_mm": float(depth_mm),
        "rotation_deg": float(rotation_deg),
        "chosen": chosen,
        "advised_depth_mm": None if device.depth is None else [device.depth.low_mm, device.depth.high_mm],
        "frame": {
            "outer_diameter_mm": float(2.0 * device.outer_radius_mm(depth_mm)),
            "height_mm": device.frame_height_mm,
            "bottom_mm": bottom.tolist(),
            "top_mm": (bottom + device.frame_height_mm * frame.normal).tolist(),
            "axis": frame.normal.tolist(),
            "right": frame.right.tolist(),
            "posts_deg": posts.tolist(),
            "posts_mm": list(device.posts_mm or (0.0, device.frame_height_mm)),
            "profile_mm": levels.tolist(),
            "checked": not {"outer_diameter_mm", "frame_height_mm"} & set(device.unchecked),
        },
        "oversizing_percent": device.oversizing_percent(annulus),
        "oversizing_basis": device.basis,
        **values,
        "commissure_deg": misalignment_deg(space, rotation_deg),
        "uncertainty": spreads,
        "states": {key: state_of(values[key], spreads[key], limit) for key, limit in LIMITS_MM.items()},
        "checked": device.checked,
        "source": device.source,
    }


def proposed_valve(
    rows: Sequence[Mapping[str, Any]], matrix: Sequence[Mapping[str, Any]]
) -> tuple[Device, float] | None:
    """A fitting size and its depth to draw before one is chosen; None when nothing fits.

    The best cell of the matrix among advised depths: none of its distances under its limit comes first, then sizes that
    are no close call, then the catalogue's order and the depth nearest the maker's target. Which of the fitting makers
    is implanted is not the program's to say. rows: the plan's "devices". matrix: `size_matrix` of them.
    """
    order = {(row["model"], row["size"]): n for n, row in enumerate(rows)}
    best: tuple[tuple[float, ...], Device, float] | None = None
    for row in matrix:
        if not row["fits"]:
            continue
        device = find_device(row["model"], row["size"])
        target = DEFAULT_DEPTH_MM if device.depth is None else device.depth.target_mm
        place = order[(row["model"], row["size"])]
        # of two close calls the more probable one
        unlikely = 1.0 - float(row["probability"]) if row["borderline"] else 0.0
        for cell in row["cells"]:
            depth = float(cell["depth_mm"])
            rank = (STATE_RANK[cell["state"]], float(not cell["advised_depth"]), unlikely, place, abs(depth - target))
            if best is None or rank < best[0]:
                best = rank, device, depth
    return None if best is None else best[1:]


def valve_results(
    results: Mapping[str, Any],
    space: RootSpace,
    valve: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """ "valve", "matrix" and "obstruction" of a plan whose other results are there; quick enough to follow a drag.

    valve: {"model", "size", "depth_mm", "rotation_deg"} as chosen by a person; None draws a fitting size
    as a proposal, or nothing when none fits or the scan is not good enough. Raises InputError for an unknown size.
    """
    rows, annulus = results["devices"], annulus_measures(results)
    turn = float((valve or {}).get("rotation_deg") or 0.0)
    matrix = size_matrix(space, rows, annulus, rotation_deg=turn)
    found = proposed_valve(rows, matrix) if valve is None else _asked_valve(valve)
    placed = None
    if found is not None:
        device, depth = found
        placed = place_valve(space, device, depth, turn, annulus, chosen=valve is not None)
    return {"valve": placed, "matrix": matrix, "obstruction": obstruction_of({**results, "valve": placed})}


def _asked_valve(valve: Mapping[str, Any]) -> tuple[Device, float]:
    """Device and depth that a person chose; without a depth the maker's target."""
    device = find_device(str(valve["model"]), str(valve["size"]))
    if valve.get("depth_mm") is not None:
        return device, float(valve["depth_mm"])
    target = DEFAULT_DEPTH_MM if device.depth is None else device.depth.target_mm
    return device, float(np.clip(round(2.0 * target) / 2.0, DEPTHS_MM[0], DEPTHS_MM[-1]))
