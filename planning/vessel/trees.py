"""A vessel tree from one point: its branches with parents, forks, smooth centrelines and rough radii, ends found by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray
from planning.progress import Progress, no_progress
from planning.vessel.path import LEAST_LUMEN_HU, averaged, brightness_at, crop_box
from planning.vessel.tracing import trace
from planning.vessel.tree import Branch, branches_of, lumen_graph
from planning.volume import Volume

REACH_MM = 150.0
MOST_VOXELS, MOST_LUMEN_VOXELS = 30_000_000, 700_000
BONE_OVER_HU, LEAST_BONE_HU = 250.0, 650.0
LEVEL_SHARES = (0.5, 0.6, 0.7, 0.8)
TISSUE_HU, END_MM, CORNER_MM = 60.0, 25.0, 9.0


def find_tree(
    volume: Volume, point_mm: npt.ArrayLike, *, reach_mm: float = REACH_MM, progress: Progress = no_progress
) -> dict[str, Any]:
    """The tree of the lumen that holds a point, within reach of it.

    The root is the widest end. {"branches": [{"id", "parent": id | None, "fork_mm", "end_mm", "length_mm",
    "mean_diameter_mm", "centerline_mm"}], "root_mm", "warnings"}, branches longest first, lengths along the smoothed
    lines. Diameters are rough (half level): for measures make a vessel plan between two of the points.
    Raises MeasurementError when the point holds no contrast or the lumen runs into everything around it.
    """
    point = np.asarray(point_mm, dtype=np.float64)
    if not np.isfinite(point).all() or not volume.grid.contains(point):
        raise MeasurementError("The point is outside the scan", "Choose a point inside the vessel", "outside_scan")
    lumen = brightness_at(volume, point)
    if volume.quantity == "HU" and lumen < LEAST_LUMEN_HU:
        raise MeasurementError(
            f"There is no contrast at this point ({lumen:.0f} HU)", "Choose a point inside the vessel", "no_contrast"
        )
    part = _around(volume, point, reach_mm)
    tissue = TISSUE_HU if volume.quantity == "HU" else 0.3 * lumen
    hard = part.voxels > max(lumen + BONE_OVER_HU, LEAST_BONE_HU if volume.quantity == "HU" else 1.6 * lumen)
    progress(0.1, "Finding the vessel")
    for share in LEVEL_SHARES:
        level = tissue + share * (lumen - tissue)
        inside = (part.voxels > level) & ~hard
        graph = lumen_graph(inside, part.grid, point, largest=MOST_LUMEN_VOXELS)
        if len(graph.points_mm):
            break
    if not len(graph.points_mm):
        raise MeasurementError(
            "The vessel runs into bone or other vessels here", "Measure it between two points", "leak"
        )
    root = _widest_end(branches_of(graph))
    graph = lumen_graph(inside, part.grid, root)
    progress(0.5, "Finding branches")
    branches = branches_of(graph)
    rows, findings = [], []
    for number, branch in enumerate(branches):
        progress(0.5 + 0.5 * number / len(branches), "Following branches")
        line, radii = _smooth(part, branch, lumen, level)
        rows.append(
            {
                "id": number,
                "parent": None if branch.parent < 0 else branch.parent,
                "fork_mm": branch.fork_mm.tolist(),
                "end_mm": branch.points_mm[-1].tolist(),
                "length_mm": float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum()),
                "mean_diameter_mm": float(2.0 * np.median(radii)),
                "centerline_mm": line.tolist(),
            }
        )
    if share > LEVEL_SHARES[0]:
        findings.append(
            Finding("raised_level", "Other bright parts lie close: thin branches may be missing.").as_json()
        )
    return {"branches": rows, "root_mm": root.tolist(), "warnings": findings}


def _around(volume: Volume, point: FloatArray, reach_mm: float) -> Volume:
    low, high = crop_box(volume.grid, point[None], reach_mm)
    box = volume.voxels[low[2] : high[2], low[1] : high[1], low[0] : high[0]]
    start, size = (int(low[0]), int(low[1]), int(low[2])), (box.shape[2], box.shape[1], box.shape[0])
    grid = volume.grid.cropped(start, size)
    every = 1
    while box.size / every**3 > MOST_VOXELS:
        every += 1
    if every > 1:
        box, grid = averaged(box, grid, (every, every, every))
    return Volume(grid, box, quantity=volume.quantity)


def _widest_end(branches: Sequence[Branch]) -> FloatArray:
    """Where to begin: the end, of all, that is widest over its last stretch."""
    widths = []
    for branch in branches:
        along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(branch.points_mm, axis=0), axis=1))])
        last = along >= along[-1] - END_MM
        widths.append(float(np.percentile(branch.depth_mm[last], 75)))
    end = branches[int(np.argmax(widths))]
    # the farthest voxel lies in a corner of the end: the deepest one near it is in its middle
    near = np.flatnonzero(np.linalg.norm(end.points_mm - end.points_mm[-1], axis=1) <= CORNER_MM)
    return np.asarray(end.points_mm[near[int(np.argmax(end.depth_mm[near]))]])


def _smooth(part: Volume, branch: Branch, lumen_hu: float, level_hu: float) -> tuple[FloatArray, FloatArray]:
    """Smooth centreline and radii of a branch; its voxel way where too little of it can be seen closed."""
    try:
        seen = trace(part, branch.points_mm, lumen_hu, level_hu)
    except MeasurementError:
        return branch.points_mm, branch.depth_mm
    return seen.line.points_mm, seen.radii_mm[seen.closed]
