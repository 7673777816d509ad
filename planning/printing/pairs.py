"""Pairs of triangles whose boxes meet: the candidates of every exact test between triangles."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, plane_basis
from planning.mesh import SurfaceMesh

# a triangle whose box covers more cells of the search grid is looked for in another way
MOST_CELLS = 216
# turning a corner rounds it by less than this, one time as among many others and another time alone
ROUNDING_MM = 1e-9


def meeting_pairs(mesh: SurfaceMesh) -> npt.NDArray[np.int64]:
    """(N, 2) numbers of triangles whose boxes meet and that do not share an edge and lie open to each other.

    Pairs that share one corner are in, those that share an edge only where they are folded onto each other, and the same
    triangle twice.
    """
    if not len(mesh.triangles):
        return np.zeros((0, 2), np.int64)
    corners = mesh.points_mm[mesh.triangles]
    low, high = corners.min(axis=1), corners.max(axis=1)
    cell_mm = float(np.percentile((high - low).max(axis=1), 90)) * 1.2 + 1e-6
    spans = np.floor(high / cell_mm).astype(np.int64) - np.floor(low / cell_mm).astype(np.int64) + 1
    large = spans.prod(axis=1) > MOST_CELLS
    small = np.flatnonzero(~large)
    found = [small[_grid_pairs(low[small], high[small], cell_mm)]]
    found += _large_pairs(corners, low, high, np.flatnonzero(large))
    pairs = np.concatenate(found)
    return pairs[~_neighbours(mesh, pairs)]


def _neighbours(mesh: SurfaceMesh, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """True for pairs with exactly two common corners whose angle is not closed."""
    columns = [np.ascontiguousarray(mesh.triangles[:, n]) for n in range(3)]
    a, b = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    right = [column[b] for column in columns]
    same = np.zeros(len(pairs), dtype=np.int8)
    for column in columns:
        left = column[a]
        same += (left == right[0]) | (left == right[1]) | (left == right[2])
    # a triangle that names a point twice has no edge to share
    whole = (columns[0] != columns[1]) & (columns[1] != columns[2]) & (columns[2] != columns[0])
    two = np.flatnonzero((same == 2) & whole[a] & whole[b])
    one, other = mesh.triangles[a[two]], mesh.triangles[b[two]]
    tip = one[~(one[:, :, None] == other[:, None, :]).any(axis=2)]
    far = other[~(other[:, :, None] == one[:, None, :]).any(axis=2)]
    edge = one[(one[:, :, None] == other[:, None, :]).any(axis=2)].reshape(-1, 2)
    start = mesh.points_mm[edge[:, 0]]
    along = mesh.points_mm[edge[:, 1]] - start
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-300)
    first, second = mesh.points_mm[tip] - start, mesh.points_mm[far] - start
    first -= np.einsum("ij,ij->i", first, along)[:, None] * along
    second -= np.einsum("ij,ij->i", second, along)[:, None] * along
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    closed = (np.einsum("ij,ij->i", first, second) > 0.0) & (
        np.linalg.norm(np.cross(first, second), axis=1) <= 1e-7 * lengths
    )
    open_pairs = np.zeros(len(pairs), dtype=bool)
    open_pairs[two] = ~closed
    return open_pairs


def _grid_pairs(low: FloatArray, high: FloatArray, cell_mm: float) -> npt.NDArray[np.int64]:
    """Pairs of boxes that meet, found by the cells of a uniform grid they share."""
    first = np.floor(low / cell_mm).astype(np.int64)
    spans = np.floor(high / cell_mm).astype(np.int64) - first + 1
    counts = spans.prod(axis=1)
    owner = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    step = spans[owner]
    offset = np.stack(
        [within // (step[:, 1] * step[:, 2]), within // step[:, 2] % step[:, 1], within % step[:, 2]], axis=1
    )
    first -= first.min(axis=0) if len(first) else 0
    cell = first[owner] + offset
    extent = (first + spans).max(axis=0, initial=1)
    key = (cell[:, 0] * extent[1] + cell[:, 1]) * extent[2] + cell[:, 2]
    order = np.argsort(key, kind="stable")
    key, owner = key[order], owner[order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(key)]]))
    cells = key[starts]
    found = [np.zeros((0, 2), np.int64)]
    # cells of one size at a time, so that all pairs of a size come from one index table
    for length in np.unique(lengths[lengths > 1]):
        members = owner[starts[lengths == length][:, None] + np.arange(length)]
        a, b = np.triu_indices(int(length), 1)
        pairs = np.stack([members[:, a].ravel(), members[:, b].ravel()], axis=1)
        met = _boxes_meet(low, high, pairs)
        pairs = pairs[met]
        # of all cells that a pair shares only the first counts, so that no pair comes twice
        home = np.repeat(cells[lengths == length], len(a))[met]
        at = np.maximum(first[pairs[:, 0]], first[pairs[:, 1]])
        found.append(pairs[(at[:, 0] * extent[1] + at[:, 1]) * extent[2] + at[:, 2] == home])
    return np.concatenate(found)


def _boxes_meet(low: FloatArray, high: FloatArray, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    a, b = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    meet = np.ones(len(pairs), dtype=bool)
    for axis in range(3):
        below, above = np.ascontiguousarray(low[:, axis]), np.ascontiguousarray(high[:, axis])
        meet &= (below[a] <= above[b]) & (below[b] <= above[a])
    return meet


def _large_pairs(
    corners: FloatArray, low: FloatArray, high: FloatArray, large: npt.NDArray[np.int64]
) -> list[npt.NDArray[np.int64]]:
    """Pairs of the few large triangles with all others.

    The face of a cut is a fan of long slivers: in axes of its own their boxes are flat, in any others they would hold
    half the model. Triangles that face the same way are therefore taken together, in axes along their normal.
    """
    found = []
    normals = np.cross(corners[large, 1] - corners[large, 0], corners[large, 2] - corners[large, 0])
    areas = np.linalg.norm(normals, axis=1)
    normals /= np.maximum(areas, 1e-12)[:, None]
    waiting = np.ones(len(large), dtype=bool)
    while waiting.any():
        leader = normals[int(np.where(waiting, areas, -1.0).argmax())]
        group = waiting & (np.abs(normals @ leader) > 0.9999)
        group |= waiting & (areas <= 1e-12)
        group[int(np.where(waiting, areas, -1.0).argmax())] = True
        waiting &= ~group
        right, down = plane_basis(leader if np.linalg.norm(leader) > 0.5 else np.array((0.0, 0.0, 1.0)))
        axes = np.stack([right, down, np.cross(right, down)], axis=1)
        members = large[group]
        # first by boxes as they lie, then along the normal, so that few are turned
        reach = low[members].min(axis=0) - ROUNDING_MM, high[members].max(axis=0) + ROUNDING_MM
        near = np.flatnonzero((low <= reach[1]).all(axis=1) & (high >= reach[0]).all(axis=1))
        along = corners[near] @ axes[:, 2]
        own = corners[members] @ axes[:, 2]
        near = near[(along.min(axis=1) <= own.max() + ROUNDING_MM) & (along.max(axis=1) >= own.min() - ROUNDING_MM)]
        turned, turned_members = corners[near] @ axes, corners[members] @ axes
        near_low, near_high = turned.min(axis=1), turned.max(axis=1)
        own_low, own_high = turned_members.min(axis=1), turned_members.max(axis=1)
        for start in range(0, len(members), 200):
            part = slice(start, start + 200)
            meets = np.ones((len(own_low[part]), len(near)), dtype=bool)
            for axis in range(3):
                meets &= own_low[part, axis][:, None] <= near_high[:, axis][None] + ROUNDING_MM
                meets &= near_low[:, axis][None] <= own_high[part, axis][:, None] + ROUNDING_MM
            a, b = np.nonzero(meets)
            pairs = np.stack([members[part][a], near[b]], axis=1)
            # two large ones meet twice here
            is_second = np.isin(pairs[:, 1], large) & (pairs[:, 1] <= pairs[:, 0])
            found.append(pairs[~is_second & (pairs[:, 0] != pairs[:, 1])])
    return found
