"""A closed surface filled on a grid by its own scan lines: fast for the many small triangles of a segmentation's surface."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.filled import filled
from planning.geometry import FloatArray, Grid
from planning.mesh import SurfaceMesh

# samples under triangles that are looked at together
AT_ONCE = 4_000_000
MOST_SAMPLES = 12_000_000
# columns lie this share of a step beside their place, so that none meets a corner or an edge exactly
BESIDE = np.array((1.2345e-5, 2.3456e-5))


def scan_filled(mesh: SurfaceMesh, step_mm: FloatArray, size_ijk: tuple[int, int, int]) -> npt.NDArray[np.bool_]:
    """bool `[k, j, i]`, True where a sample lies in a closed surface; sample (0, 0, 0) lies on the origin.

    Every column of samples along k is cut by the triangles over it; a sample is inside where more sheets that face down lie
    below it than ones that face up. Which side of an edge a column lies on is computed from the edge's points in one order
    for both of its triangles, so that a closed surface leaves no column open.
    """
    ni, nj, nk = size_ijk
    points = mesh.points_mm / step_mm
    points = np.concatenate([points[:, :2] - BESIDE, points[:, 2:]], axis=1)
    corners = points[mesh.triangles]
    low = np.maximum(np.ceil(corners[:, :, :2].min(axis=1)).astype(np.int64), 0)
    high = np.minimum(np.floor(corners[:, :, :2].max(axis=1)).astype(np.int64), (ni - 1, nj - 1))
    span = np.maximum(high - low + 1, 0)
    counts = span.prod(axis=1)
    if counts.sum() > MOST_SAMPLES:
        # the long slivers of a cut's face cover boxes of far more samples than triangles
        step = (float(step_mm[0]), float(step_mm[1]), float(step_mm[2]))
        return filled(mesh, Grid.from_parts(size_ijk, step, (0.0, 0.0, 0.0)))
    depth = np.zeros((nk + 1, nj, ni), dtype=np.int8)
    flat = depth.reshape(-1)
    rows = np.flatnonzero(counts)
    ends = np.cumsum(counts[rows])
    start = 0
    while start < len(rows):
        done = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + AT_ONCE, side="right")))
        places, change = _cuts(points, mesh.triangles, rows[start:stop], low, span, counts, (ni, nj, nk))
        # several sheets may cut a column between the same two samples
        np.add.at(flat, places, change)
        start = stop
    np.cumsum(depth, axis=0, dtype=np.int8, out=depth)
    return depth[:nk] > 0


def _cuts(
    points: FloatArray,
    triangles: npt.NDArray[np.int32],
    rows: npt.NDArray[np.int64],
    low: npt.NDArray[np.int64],
    span: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int64],
    size_ijk: tuple[int, int, int],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]]:
    """(flat numbers of the first sample above each cut, +1 where a column enters the solid there or −1 where it leaves)."""
    ni, nj, nk = size_ijk
    owner = np.repeat(rows, counts[rows])
    first = np.cumsum(counts[rows]) - counts[rows]
    within = np.arange(len(owner)) - np.repeat(first, counts[rows])
    wide = span[owner, 0]
    i, j = low[owner, 0] + within % wide, low[owner, 1] + within // wide
    inside_up, inside_down = np.ones(len(owner), dtype=bool), np.ones(len(owner), dtype=bool)
    for n in range(3):
        a, b = triangles[owner, n], triangles[owner, (n + 1) % 3]
        swapped = a > b
        one, two = points[np.where(swapped, b, a)], points[np.where(swapped, a, b)]
        side = (two[:, 0] - one[:, 0]) * (j - one[:, 1]) - (two[:, 1] - one[:, 1]) * (i - one[:, 0])
        left = (side > 0.0) ^ swapped
        inside_up &= left
        inside_down &= ~left
    hit = np.flatnonzero(inside_up | inside_down)
    a, b, c = (points[triangles[owner[hit], n]] for n in range(3))
    normal = np.cross(b - a, c - a)
    up = inside_up[hit]
    i, j = i[hit], j[hit]
    flat = np.where(np.abs(normal[:, 2]) > 1e-12, normal[:, 2], 1e-12)
    z = a[:, 2] - (normal[:, 0] * (i - a[:, 0]) + normal[:, 1] * (j - a[:, 1])) / flat
    k = np.clip(np.ceil(z), 0, nk).astype(np.int64)
    return (k * nj + j) * ni + i, np.where(up, -1, 1).astype(np.int8)
