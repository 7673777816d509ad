"""The way through a lumen from one point to another: minimal path that keeps to the middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Grid
from planning.volume import Volume

MARGINS_MM = (25.0, 60.0, 140.0)
SNAP_MM = 3.0
MOST_VOXELS, MOST_FINE_VOXELS = 3_000_000, 40_000_000
LEAST_LUMEN_HU = 100.0
GAP_MM = 1.0
CORE_SHARE = 0.75
DARK_COST, DIM_COST, DEEPEST_MM, LEAST_DEPTH_MM = 36.0, 8.0, 12.0, 0.05
"""A millimetre through a thin dark sheet costs like a detour of some hundred millimetres in the middle of an artery."""
TUBE_SHARES, MOST_CLIMB = (0.85, 0.7, 0.55, 0.4), 12
BLOCKED_MM, AS_GOOD, APART_MM = 3.0, 1.35, 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Inside of the vessel near the two points: values `[k, j, i]` on their own grid, and the lumen's brightness.

    level_hu: above it is inside. is_coarse: voxels were averaged; a narrow vessel may be lost.
    """

    voxels: npt.NDArray[Any]
    inside: npt.NDArray[np.bool_]
    grid: Grid
    lumen_hu: float
    level_hu: float
    is_coarse: bool


def check_points(points_mm: FloatArray, grid: Grid) -> None:
    """Raise MeasurementError for points outside the scan or at one place."""
    if not np.isfinite(points_mm).all() or not grid.contains(points_mm).all():
        raise MeasurementError("The point is outside the scan", "Choose points inside the vessel", "outside_scan")
    if (np.linalg.norm(np.diff(points_mm, axis=0), axis=1) < 2.0).any():
        raise MeasurementError("Two points are less than 2 mm apart", "Choose the two ends of the vessel", "one_place")


def crop_box(grid: Grid, points_mm: FloatArray, margin_mm: float) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]:
    """(low, high) indices (i, j, k) of the box round the points."""
    corners = np.array(np.meshgrid(*[(-margin_mm, margin_mm)] * 3)).reshape(3, -1).T
    index = grid.to_index((points_mm[:, None, :] + corners[None]).reshape(-1, 3))
    size = np.array(grid.size_ijk)
    low = np.clip(np.floor(index.min(axis=0)).astype(int), 0, size - 1)
    return low, np.clip(np.ceil(index.max(axis=0)).astype(int) + 1, low + 1, size)


def _ball(volume: Volume, point_mm: FloatArray, radius_mm: float) -> npt.NDArray[Any]:
    """Values of the voxels within the radius; of the nearest one where there are none."""
    low, high = crop_box(volume.grid, point_mm[None], radius_mm)
    block = volume.voxels[low[2] : high[2], low[1] : high[1], low[0] : high[0]]
    index = np.indices(block.shape).reshape(3, -1)[::-1].T + low
    away = np.linalg.norm(volume.grid.to_world(index) - point_mm, axis=1)
    return np.asarray(block.reshape(-1)[away <= max(radius_mm, float(away.min()))])


def brightness_at(volume: Volume, point_mm: FloatArray, radius_mm: float = 1.2) -> float:
    """Median value within a small ball."""
    return float(np.median(_ball(volume, point_mm, radius_mm)))


def find_region(volume: Volume, points_mm: FloatArray, margin_mm: float, most_voxels: int = MOST_VOXELS) -> Region:
    """Voxels above half way between tissue and lumen near the points. Raises MeasurementError without contrast."""
    lumen = min(_brightest_near(volume, point) for point in points_mm)
    if volume.quantity == "HU" and lumen < LEAST_LUMEN_HU:
        raise MeasurementError(
            f"There is no contrast between these two points ({lumen:.0f} HU)",
            "Choose points inside the vessel",
            "no_contrast",
        )
    low, high = crop_box(volume.grid, points_mm, margin_mm)
    box = volume.voxels[low[2] : high[2], low[1] : high[1], low[0] : high[0]]
    every = 1
    while (box.size // every**3) > most_voxels:
        every += 1
    grid = volume.grid.cropped((int(low[0]), int(low[1]), int(low[2])), (box.shape[2], box.shape[1], box.shape[0]))
    if every > 1:
        box, grid = averaged(box, grid, (every, every, every))
    tissue = min(float(np.median(box[box > -300])) if (box > -300).any() else 0.0, 0.3 * lumen)
    level = max(tissue + 0.5 * (lumen - tissue), 0.5 * lumen)
    return Region(box, box > level, grid, lumen, level, every > 1)


def averaged(
    box: npt.NDArray[Any], grid: Grid, every_ijk: tuple[int, int, int]
) -> tuple[npt.NDArray[np.float32], Grid]:
    """Means of blocks of voxels and their grid; what is left over at the end is dropped where a whole block exists."""
    count = [max(1, n // every) for n, every in zip(box.shape, every_ijk[::-1], strict=True)]
    blocks = [min(every, n) for n, every in zip(box.shape, every_ijk[::-1], strict=True)]
    total = np.zeros(count, dtype=np.float32)
    for k, j, i in np.ndindex(*blocks):
        total += box[
            k : k + count[0] * blocks[0] : blocks[0],
            j : j + count[1] * blocks[1] : blocks[1],
            i : i + count[2] * blocks[2] : blocks[2],
        ]
    total /= float(np.prod(blocks))
    matrix = grid.world_from_index.copy()
    matrix[:3, 3] = grid.to_world((np.array(blocks[::-1]) - 1.0) / 2.0)
    matrix[:3, :3] *= np.array(blocks[::-1], dtype=np.float64)
    return total, Grid((count[2], count[1], count[0]), matrix)


def _brightest_near(volume: Volume, point_mm: FloatArray) -> float:
    own = brightness_at(volume, point_mm)
    near = float(np.percentile(_ball(volume, point_mm, SNAP_MM), 80))
    return max(own, min(near, 2.0 * max(own, 1.0)) if own > 0 else near)


def find_path(region: Region, points_mm: FloatArray, past_mm: float = 0.0) -> tuple[FloatArray, tuple[Finding, ...]]:
    """(N, 3) LPS points of the least-cost way, and what was done on the way; past_mm: of a longer way, what lies before.

    The cost falls with the distance from the wall, so that the path keeps to the middle. What is dimmer than blood in
    the middle of a vessel is dear: between an artery and a vein that touches it the blur leaves a dim sheet, and a way
    through it would be a shorter or wider one. A dark sheet of a millimetre (closed valve leaflets) may be crossed, and
    that is told; so is another way of about the same cost.
    Raises MeasurementError when a point is not in the lumen, or no way joins them.
    """
    from scipy import ndimage

    spacing = region.grid.spacing_mm[::-1]
    ends, findings = [], []
    for point in points_mm:
        end, moved = _inside_voxel(region, point)
        ends.append(end)
        if moved > 0.5:
            findings.append(
                Finding("point_moved", f"A point was {moved:.1f} mm outside the lumen and was moved into it.")
            )
    passable = _with_gaps_closed(region)
    labels, _ = ndimage.label(passable, structure=np.ones((3, 3, 3)))
    if labels[ends[0]] != labels[ends[1]]:
        raise MeasurementError(
            "No contrast-filled way joins these two points", "Choose points inside one vessel", "no_way"
        )
    box = ndimage.find_objects(labels, max_label=int(labels[ends[0]]))[int(labels[ends[0]]) - 1]
    start = np.array([part.start for part in box])
    own = labels[box] == labels[ends[0]]
    inside = own & region.inside[box]
    core = _core(region, box) & inside
    depth = ndimage.distance_transform_edt(np.pad(core, 1), sampling=spacing)[1:-1, 1:-1, 1:-1]
    cost = np.where(own, DARK_COST, -1.0)
    dim = inside & ~core
    share = (region.voxels[box][dim] - region.level_hu) / (region.lumen_hu - region.level_hu)
    cost[dim] = DARK_COST - (DARK_COST - DIM_COST) * np.clip(share / (2.0 * CORE_SHARE - 1.0), 0.0, 1.0)
    cost[core] = 1.0 / (LEAST_DEPTH_MM + np.minimum(depth[core], DEEPEST_MM)) ** 2
    first, last = (tuple(int(v) for v in np.array(end) - start) for end in ends)
    tube = _one_tube(depth, first, last)
    if tube is not None:
        cost[~tube] = -1.0
    way, dear = _cheapest(cost, spacing, first, last)
    path = region.grid.to_world((way + start)[:, ::-1])
    other = _another_way(cost, core, spacing, way, dear)
    if other is not None:
        from scipy.spatial import cKDTree

        away = cKDTree(region.grid.to_world((other + start)[:, ::-1])).query(path)[0]
        if away.max() > APART_MM:
            n = int(np.argmax(away > APART_MM))
            at = past_mm + float(np.linalg.norm(np.diff(path[: n + 1], axis=0), axis=1).sum())
            findings.append(
                Finding(
                    "two_ways",
                    f"Another way, up to {away.max():.0f} mm beside this one, is about as good, from {at:.0f} mm on: a "
                    "vessel that touches it. Lead the way through a point in between.",
                )
            )
    gap = ~inside[tuple(way.T)]
    if gap.any():
        steps = np.concatenate([[0.0], np.linalg.norm(np.diff(path, axis=0), axis=1)])
        at = past_mm + float(np.cumsum(steps)[int(gap.argmax())])
        findings.append(
            Finding(
                "gap_crossed",
                f"The way crosses a dark gap of {steps[gap].sum():.1f} mm, {at:.0f} mm from its start: closed leaflets, "
                "or a vessel that is closed there.",
            )
        )
    return path, tuple(findings)


def _one_tube(depth: FloatArray, first: tuple[int, ...], last: tuple[int, ...]) -> npt.NDArray[np.bool_] | None:
    """The part of the lumen that joins both ends and is nowhere much narrower than they are; None where nothing does.

    A vein that lies against the artery is joined to it by a neck: a way through there and back is ruled out as long as
    the artery itself is wider than the neck all along.
    """
    from scipy import ndimage

    ways = [_climb(depth, end) for end in (first, last)]
    own = min(float(depth[way[-1]]) for way in ways)
    for share in TUBE_SHARES:
        wide = depth >= share * own
        labels, _ = ndimage.label(wide, structure=np.ones((3, 3, 3)))
        if own > 0 and labels[ways[0][-1]] == labels[ways[1][-1]]:
            tube = labels == labels[ways[0][-1]]
            for way in ways:
                tube[tuple(np.array(way).T)] = True
            return np.asarray(tube)
    return None


def _climb(depth: FloatArray, end: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Voxels from an end to the middle of the vessel there: always to the deepest neighbour."""
    way = [end]
    while len(way) < MOST_CLIMB:
        low = np.maximum(np.array(way[-1]) - 1, 0)
        block = depth[tuple(slice(int(n), int(m) + 2) for n, m in zip(low, way[-1], strict=True))]
        best = np.array(np.unravel_index(int(np.argmax(block)), block.shape)) + low
        if depth[tuple(best)] <= depth[way[-1]]:
            break
        way.append(tuple(int(n) for n in best))
    return way


def _cheapest(
    cost: FloatArray, spacing: FloatArray, first: tuple[int, ...], last: tuple[int, ...]
) -> tuple[npt.NDArray[np.int64], float]:
    """(N, 3) voxels of the cheapest way, and what it costs: infinite where there is none."""
    from skimage.graph import MCP_Geometric

    finder = MCP_Geometric(cost, sampling=tuple(float(v) for v in spacing))
    costs, _ = finder.find_costs([first], [last])
    dear = float(costs[last])
    way = finder.traceback(last) if np.isfinite(dear) else []
    return np.array(way, dtype=np.int64).reshape(-1, 3), dear


def _another_way(
    cost: FloatArray, core: npt.NDArray[np.bool_], spacing: FloatArray, way: npt.NDArray[np.int64], dear: float
) -> npt.NDArray[np.int64] | None:
    """A way of about the same cost that does not go through the dim places of this one; None where there is none."""
    from scipy.spatial import cKDTree

    off = ~core[tuple(way.T)]
    if not off.any() or off.all():
        return None
    low = np.maximum(way[off].min(axis=0) - np.ceil(BLOCKED_MM / spacing).astype(int), 0)
    high = way[off].max(axis=0) + np.ceil(BLOCKED_MM / spacing).astype(int) + 1
    box = tuple(slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    index = np.argwhere(~core[box] & (cost[box] > 0)) + low
    away = cKDTree(way[off] * spacing).query(index * spacing)[0]
    blocked = index[(away <= BLOCKED_MM) & (index != way[0]).any(axis=1) & (index != way[-1]).any(axis=1)]
    without = np.array(cost)
    without[tuple(blocked.T)] = -1.0
    other, price = _cheapest(without, spacing, tuple(way[0]), tuple(way[-1]))
    return other if price <= AS_GOOD * dear else None


def _core(region: Region, box: tuple[slice, ...]) -> npt.NDArray[np.bool_]:
    """Voxels as bright as blood in the middle of a vessel; one dimmer voxel between brighter ones is noise."""
    level = region.level_hu + (2.0 * CORE_SHARE - 1.0) * (region.lumen_hu - region.level_hu)
    bright = np.pad(region.voxels[box] > level, 1).view(np.uint8)
    around = np.zeros_like(bright)
    for axis in range(3):
        around += np.roll(bright, 1, axis) + np.roll(bright, -1, axis)
    return np.asarray(((bright > 0) | (around >= 5))[1:-1, 1:-1, 1:-1])


def _with_gaps_closed(region: Region) -> npt.NDArray[np.bool_]:
    """The inside with dark sheets of up to about a millimetre."""
    from scipy import ndimage

    reach = np.clip(np.floor(GAP_MM / region.grid.spacing_mm[::-1] + 0.4).astype(int), 0, 3)
    if not reach.any():
        return region.inside
    size = tuple(int(n) for n in 2 * reach + 1)
    wide = ndimage.maximum_filter(region.inside.view(np.uint8), size, mode="constant", cval=0)
    closed = ndimage.minimum_filter(wide, size, mode="constant", cval=1)
    return np.asarray((closed > 0) | region.inside)


def _inside_voxel(region: Region, point_mm: FloatArray) -> tuple[tuple[int, int, int], float]:
    index = region.grid.to_index(point_mm)
    reach = np.ceil(SNAP_MM / region.grid.spacing_mm).astype(int) + 1
    low = np.maximum(np.rint(index).astype(int) - reach, 0)
    high = np.minimum(np.rint(index).astype(int) + reach + 1, region.grid.size_ijk)
    block: npt.NDArray[Any] = region.inside[low[2] : high[2], low[1] : high[1], low[0] : high[0]]
    candidates = np.argwhere(block)
    if len(candidates):
        world = region.grid.to_world(candidates[:, ::-1] + low)
        away = np.linalg.norm(world - point_mm, axis=1)
        best = int(np.argmin(away))
        if away[best] <= SNAP_MM + float(region.grid.spacing_mm.max()):
            k, j, i = candidates[best] + low[::-1]
            return (int(k), int(j), int(i)), max(0.0, float(away[best]) - float(region.grid.spacing_mm.max()))
    raise MeasurementError(
        "A point is not inside a contrast-filled vessel", "Choose points inside the vessel", "no_contrast"
    )
