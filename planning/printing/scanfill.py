"""A closed surface filled on a grid by its own scan lines: fast for the many small triangles of a segmentation's surface."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.filled import filled
from planning.geometry import FloatArray, Grid
from planning.mesh import SurfaceMesh

Columns = tuple[FloatArray, FloatArray, FloatArray]
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
    # columns of their own: picking numbers out of one takes a fifth of the time of picking whole points
    x, y, z = (np.ascontiguousarray(mesh.points_mm[:, axis] / step_mm[axis]) for axis in range(3))
    points = (x - BESIDE[0], y - BESIDE[1], z)
    numbers = tuple(np.ascontiguousarray(mesh.triangles[:, n]) for n in range(3))
    corners = np.stack([np.stack([axis[column] for column in numbers]) for axis in points[:2]])
    low = np.maximum(np.ceil(corners.min(axis=1)).astype(np.int64), 0)
    high = np.minimum(np.floor(corners.max(axis=1)).astype(np.int64), np.array([[ni - 1], [nj - 1]]))
    span = np.maximum(high - low + 1, 0)
    counts = span[0] * span[1]
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
        places, change = _cuts(points, numbers, rows[start:stop], low, span, (ni, nj, nk))
        # several sheets may cut a column between the same two samples
        np.add.at(flat, places, change)
        start = stop
    np.cumsum(depth, axis=0, dtype=np.int8, out=depth)
    return depth[:nk] > 0


def _cuts(
    points: Columns,
    numbers: tuple[npt.NDArray[np.int32], ...],
    rows: npt.NDArray[np.int64],
    low: npt.NDArray[np.int64],
    span: npt.NDArray[np.int64],
    size_ijk: tuple[int, int, int],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]]:
    """(flat numbers of the first sample above each cut, +1 where a column enters the solid there or −1 where it leaves)."""
    ni, nj, nk = size_ijk
    x, y, z = points
    corners = [column[rows] for column in numbers]
    wide, counts = span[0, rows], span[0, rows] * span[1, rows]
    owner = np.repeat(np.arange(len(rows)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    across = wide[owner]
    down = within // across
    i, j = low[0, rows][owner] + within - down * across, low[1, rows][owner] + down
    inside_up, inside_down = np.ones(len(owner), dtype=bool), np.ones(len(owner), dtype=bool)
    for n in range(3):
        a, b = corners[n], corners[(n + 1) % 3]
        one, two = np.minimum(a, b), np.maximum(a, b)
        from_x, from_y = x[one], y[one]
        along_x, along_y = x[two] - from_x, y[two] - from_y
        side = along_x[owner] * (j - from_y[owner]) - along_y[owner] * (i - from_x[owner])
        left = (side > 0.0) ^ (a > b)[owner]
        inside_up &= left
        inside_down &= ~left
    hit = np.flatnonzero(inside_up | inside_down)
    of, up, i, j = owner[hit], inside_up[hit], i[hit], j[hit]
    # the plane of each triangle: its normal by the two sides from its first corner
    a, b, c = corners
    ux, uy, uz = (axis[b] - axis[a] for axis in points)
    vx, vy, vz = (axis[c] - axis[a] for axis in points)
    normal_z = ux * vy - uy * vx
    flat = np.where(np.abs(normal_z) > 1e-12, normal_z, 1e-12)
    slope_x, slope_y = (uy * vz - uz * vy) / flat, (uz * vx - ux * vz) / flat
    height = z[a][of] - slope_x[of] * (i - x[a][of]) - slope_y[of] * (j - y[a][of])
    k = np.clip(np.ceil(height), 0, nk).astype(np.int64)
    return (k * nj + j) * ni + i, np.where(up, -1, 1).astype(np.int8)
