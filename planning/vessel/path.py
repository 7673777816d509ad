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
GAP_COST, DEEPEST_MM, LEAST_DEPTH_MM = 12.0, 12.0, 0.05
"""A millimetre through a thin dark sheet costs like a detour of a hundred millimetres in the middle of an artery."""


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Inside of the vessel near the two points: bool `[k, j, i]` on its own grid, and the lumen's brightness.

    level_hu: above it is inside. is_coarse: voxels were averaged; a narrow vessel may be lost.
    """

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
    return Region(box > level, grid, lumen, level, every > 1)


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

    The cost falls with the distance from the wall, so that the path keeps to the middle. A dark sheet of a millimetre
    (closed valve leaflets) may be crossed at a cost, and that is told.
    Raises MeasurementError when a point is not in the lumen, or no way joins them.
    """
    from scipy import ndimage
    from skimage.graph import MCP_Geometric

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
    depth = ndimage.distance_transform_edt(np.pad(inside, 1), sampling=spacing)[1:-1, 1:-1, 1:-1]
    cost = np.where(inside, 1.0 / (LEAST_DEPTH_MM + np.minimum(depth, DEEPEST_MM)) ** 2, np.where(own, GAP_COST, -1.0))
    finder = MCP_Geometric(cost, sampling=tuple(float(v) for v in spacing))
    first, last = (tuple(int(v) for v in np.array(end) - start) for end in ends)
    finder.find_costs([first], [last])
    way = np.array(finder.traceback(last), dtype=np.int64)
    path = region.grid.to_world((way + start)[:, ::-1])
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


def _with_gaps_closed(region: Region) -> npt.NDArray[np.bool_]:
    """The inside with dark sheets of up to about a millimetre."""
    from scipy import ndimage

    reach = np.clip(np.floor(GAP_MM / region.grid.spacing_mm[::-1] + 0.4).astype(int), 0, 3)
    if not reach.any():
        return region.inside
    box = np.ones(2 * reach + 1, dtype=bool)
    closed = ndimage.binary_erosion(ndimage.binary_dilation(region.inside, box), box, border_value=1)
    return np.asarray(closed | region.inside)


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
