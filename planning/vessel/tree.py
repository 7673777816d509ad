"""The tree of a lumen: every voxel's cheapest way to one root, and the branches those ways make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid

LEAST_DEPTH_MM, DEEPEST_MM = 0.05, 12.0
CALCIUM_COST = 4.0
COVER, COVER_MM = 1.35, 2.5
LEAST_BRANCH_MM = 12.0
MOST_BRANCHES = 40
FORK_SHARE, FORK_BEYOND, FORK_APART_MM = 0.5, 1.6, 0.3


@dataclass(frozen=True, slots=True, eq=False)
class LumenGraph:
    """Ways from one voxel to all others of the same lumen, kept to the middle.

    index_kji: (N, 3) voxels. points_mm: (N, 3). depth_mm: (N,) distance from the wall, 0 in calcium. before: (N,) number
    of the voxel before on the way from the root, −1 for the root. along_mm: (N,) length of the way.
    """

    index_kji: npt.NDArray[np.int32]
    points_mm: FloatArray
    depth_mm: FloatArray
    before: npt.NDArray[np.int32]
    along_mm: FloatArray
    root: int

    def way(self, number: int) -> npt.NDArray[np.int32]:
        """Numbers of the voxels from the root to one."""
        way = [number]
        while self.before[way[-1]] >= 0:
            way.append(int(self.before[way[-1]]))
        return np.array(way[::-1], dtype=np.int32)

    def nearest(self, point_mm: FloatArray) -> int:
        """Number of the voxel nearest to a point."""
        return int(np.argmin(np.linalg.norm(self.points_mm - point_mm, axis=1)))


def lumen_graph(
    inside: npt.NDArray[np.bool_],
    grid: Grid,
    root_mm: FloatArray,
    calcium: npt.NDArray[np.bool_] | None = None,
    largest: int | None = None,
) -> LumenGraph:
    """The graph of the component of `inside` `[k, j, i]` that is nearest to the root.

    calcium: voxels that may be passed but are not lumen. An empty `inside`, or a component of more than `largest`
    voxels, gives a graph without voxels.
    """
    from scipy import ndimage
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    labels, count = ndimage.label(inside, structure=np.ones((3, 3, 3)))
    own = _component_at(labels, grid, root_mm) if count else 0
    if not own or (largest is not None and np.count_nonzero(labels == own) > largest):
        empty = np.zeros(0)
        return LumenGraph(np.zeros((0, 3), np.int32), empty.reshape(0, 3), empty, np.zeros(0, np.int32), empty, -1)
    box = ndimage.find_objects(labels, max_label=own)[own - 1]
    part = labels[box] == own
    lumen = part if calcium is None else part & ~calcium[box]
    spacing = tuple(float(v) for v in grid.spacing_mm[::-1])
    depth = ndimage.distance_transform_edt(np.pad(lumen, 1), sampling=spacing)[1:-1, 1:-1, 1:-1][part]
    index = np.argwhere(part).astype(np.int32)
    numbers = np.full(np.array(part.shape) + 2, -1, dtype=np.int32)
    numbers[1:-1, 1:-1, 1:-1][part] = np.arange(len(index), dtype=np.int32)
    cost = 1.0 / (LEAST_DEPTH_MM + np.minimum(depth, DEEPEST_MM)) ** 2
    cost[depth == 0] = CALCIUM_COST
    rows, columns, weights = [], [], []
    for step in [(a, b, c) for a in (0, 1) for b in (-1, 0, 1) for c in (-1, 0, 1) if (a, b, c) > (0, 0, 0)]:
        k, j, i = (index + 1 + np.array(step)).T
        other = numbers[k, j, i]
        have = other >= 0
        length = float(np.linalg.norm(np.array(step) * spacing))
        rows.append(np.flatnonzero(have).astype(np.int32))
        columns.append(other[have])
        weights.append(length * 0.5 * (cost[rows[-1]] + cost[columns[-1]]))
    graph = coo_matrix(
        (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), shape=(len(index),) * 2
    ).tocsr()
    offset = np.array([part_slice.start for part_slice in box])
    points = grid.to_world((index + offset)[:, ::-1])
    root = int(np.argmin(np.linalg.norm(points - root_mm, axis=1)))
    costs, before = dijkstra(graph, directed=False, indices=root, return_predecessors=True)
    before = np.where(before < 0, -1, before).astype(np.int32)
    steps = np.where(before >= 0, np.linalg.norm(points - points[before], axis=1), 0.0)
    along = np.zeros(len(points))
    for number in np.argsort(costs):
        if before[number] >= 0:
            along[number] = along[before[number]] + steps[number]
    return LumenGraph(index + offset.astype(np.int32), points, depth, before, along, root)


def _component_at(labels: npt.NDArray[np.int32], grid: Grid, root_mm: FloatArray) -> int:
    """Label at the root, else of the nearest voxel that has one."""
    at = np.rint(grid.to_index(root_mm)).astype(int)[::-1]
    for reach in (0, 1, 2, 4, 8, 16):
        low = np.clip(at - reach, 0, np.array(labels.shape) - 1)
        block = labels[tuple(slice(int(a), int(b) + reach + 1) for a, b in zip(low, np.maximum(at, low)))]
        found = np.argwhere(block > 0)
        if len(found):
            away = np.linalg.norm((found + low - at) * grid.spacing_mm[::-1], axis=1)
            return int(block[tuple(found[int(np.argmin(away))])])
    k, j, i = np.argwhere(labels > 0)[0]
    return int(labels[k, j, i])


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """One branch from where it leaves its parent to its end.

    parent: number of the branch it leaves, −1 for the trunk. points_mm: (N, 3) voxel way. depth_mm: (N,) distances from
    the wall. fork_mm: where it leaves. length_mm: along the voxel way.
    """

    parent: int
    points_mm: FloatArray
    depth_mm: FloatArray
    fork_mm: FloatArray
    length_mm: float


def branches_of(graph: LumenGraph, least_mm: float = LEAST_BRANCH_MM, most: int = MOST_BRANCHES) -> list[Branch]:
    """The trunk (the longest way from the root), then its branches, longest first.

    A branch counts when it reaches at least `least_mm` beyond the wall of what it leaves.
    """
    from scipy.spatial import cKDTree

    if not len(graph.points_mm):
        return []
    open_ = np.ones(len(graph.points_mm), dtype=bool)
    owner = np.full(len(graph.points_mm), -1, dtype=np.int32)
    found: list[Branch] = []
    while open_.any() and len(found) < most:
        rest = np.flatnonzero(open_)
        end = int(rest[np.argmax(graph.along_mm[rest])])
        way = graph.way(end)
        taken = owner[way] >= 0
        first = int(np.flatnonzero(taken)[-1]) if taken.any() else 0
        own = way[first:]
        parent = int(owner[own[0]]) if taken.any() else -1
        length = float(graph.along_mm[end] - graph.along_mm[own[0]])
        beyond = length - float(graph.depth_mm[own[0]]) if found else length
        tube = cKDTree(graph.points_mm[own])
        away, near = tube.query(graph.points_mm[rest])
        covered = rest[away <= COVER * graph.depth_mm[own][near] + COVER_MM]
        open_[covered] = False
        open_[own] = False
        if beyond < least_mm:
            continue
        owner[own[1:] if found else own] = len(found)
        fork = graph.points_mm[own[0]]
        found.append(Branch(parent, graph.points_mm[own], graph.depth_mm[own], fork, length))
    return found


def near_forks(
    graph: LumenGraph, line_mm: FloatArray, along_mm: FloatArray, radii_mm: FloatArray
) -> npt.NDArray[np.bool_]:
    """(N,) points of a line through the tree at which a section belongs to no single vessel.

    From one radius before a fork until the lumens lie apart. A branch of less than half the width is an opening in the
    wall, not a fork.
    """
    from scipy.spatial import cKDTree

    shared = np.zeros(len(line_mm), dtype=bool)
    tree = cKDTree(line_mm)
    for branch in branches_of(graph):
        way = graph.way(graph.nearest(branch.points_mm[-1]))
        away, near = tree.query(graph.points_mm[way])
        on_line = np.flatnonzero(away <= 0.3 * radii_mm[near] + 0.7)
        if not len(on_line) or on_line[-1] >= len(way) - 3:
            continue
        first = int(on_line[-1])
        fork = int(near[first])
        own = graph.points_mm[way[first + 1 :]]
        width = float(np.median(graph.depth_mm[way[first + 1 :]]))
        if away[-1] < FORK_BEYOND * radii_mm[fork] or width < FORK_SHARE * radii_mm[fork]:
            continue
        apart, _ = cKDTree(own).query(line_mm)
        joined = apart < radii_mm + width + FORK_APART_MM
        after = along_mm >= along_mm[fork]
        last = np.flatnonzero(~joined & after)
        end = along_mm[last[0]] if len(last) else along_mm[-1]
        shared |= (along_mm >= along_mm[fork] - radii_mm[fork]) & (along_mm < end)
    return shared
