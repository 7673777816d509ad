"""Vessels as a graph: the thinned mask, its branches between forks, and pieces that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Vector
from planning.kept_steps import NOTHING_KEPT, KeptSteps
from planning.liver.distance import distance_to_mm
from planning.liver.upright import upright
from planning.progress import CancelToken, stoppable
from planning.volume import Mask

IntArray = npt.NDArray[np.int64]

STEP_MM = 0.8
GAP_MM = 10.0
SURE_GAP_MM = 2.5
GAP_ANGLE_DEG = 45.0
TIP_MM = 6.0
LEAST_SPUR_MM = 3.0
SPUR_RADII = 1.2
THICKER = 1.3
SMOOTHING_ROUNDS = 3
MOST_SHIFT_MM = 0.4
OPEN_STEPS = 2.0
BACK_STEPS = 12
MENDING_STEPS = 30


@dataclass(frozen=True, slots=True, eq=False)
class VesselGraph:
    """Centre points of vessels and which of them follow each other.

    points_mm: (N, 3) LPS. radius_mm: (N,). edges: (E, 2) point numbers; no two edges join the same points.
    """

    points_mm: FloatArray
    radius_mm: FloatArray
    edges: IntArray

    @property
    def length_mm(self) -> FloatArray:
        """(E,) length of each edge."""
        start, end = self.edges.T
        return np.asarray(np.linalg.norm(self.points_mm[start] - self.points_mm[end], axis=1))

    @property
    def degree(self) -> IntArray:
        """(N,) how many edges each point has."""
        return np.bincount(self.edges.reshape(-1), minlength=len(self.points_mm)).astype(np.int64)

    def pieces(self) -> tuple[int, IntArray]:
        """How many connected pieces there are, and (N,) the piece of each point."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        count = len(self.points_mm)
        matrix = coo_array((np.ones(len(self.edges)), tuple(self.edges.T)), shape=(count, count))
        number, labels = connected_components(matrix, directed=False)
        return int(number), np.asarray(labels, dtype=np.int64)

    def neighbours(self) -> list[list[int]]:
        """The points that follow each point."""
        beside: list[list[int]] = [[] for _ in range(len(self.points_mm))]
        for a, b in self.edges.tolist():
            beside[a].append(b)
            beside[b].append(a)
        return beside

    def part(self, keep: npt.NDArray[np.bool_]) -> VesselGraph:
        """The graph of the (N,) chosen points only."""
        number = np.cumsum(keep) - 1
        kept = self.edges[keep[self.edges].all(axis=1)]
        return VesselGraph(self.points_mm[keep], self.radius_mm[keep], number[kept].reshape(-1, 2))


@dataclass(frozen=True, slots=True)
class Chain:
    """A branch between two nodes (forks or ends), or a ring.

    points: numbers of its points from node to node, both included. In a ring the first is the last, too.
    """

    points: tuple[int, ...]

    @property
    def ends(self) -> tuple[int, int]:
        """The two nodes."""
        return self.points[0], self.points[-1]


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """A gap between two pieces that was bridged, or that was not. from_mm: an end; to_mm: the nearest other point."""

    from_mm: Vector
    to_mm: Vector
    gap_mm: float


def graph_of(mask: Mask, cancel: CancelToken | None = None, kept: KeptSteps = NOTHING_KEPT) -> VesselGraph:
    """The graph of a vessel mask; without points for an empty one.

    The mask is resampled to 0.8 mm through its distance field and thinned (Lee, Kashyap and Chu, CVGIP
    1994;56:462). Forks that the thinning spreads over several points become one; end branches shorter than 3 mm or
    1.2 radii of the vessel that they leave are dropped. Raises Cancelled.
    """

    def make() -> dict[str, npt.NDArray[Any]]:
        graph = stoppable(partial(_graph_of, mask, cancel), cancel)
        return {"points_mm": graph.points_mm, "radius_mm": graph.radius_mm, "edges": graph.edges}

    return VesselGraph(**kept.arrays("vessel graph", (mask,), make))


def _graph_of(mask: Mask, cancel: CancelToken | None) -> VesselGraph:
    points, radius = _thinned(mask, cancel)
    if not len(points):
        return VesselGraph(points, radius, np.zeros((0, 2), dtype=np.int64))
    _check(cancel)
    graph = VesselGraph(points, radius, _without_short_cuts(points, _touching(points)))
    _check(cancel)
    graph = _with_single_forks(graph)
    _check(cancel)
    return _smoothed(without_spurs(graph))


def _check(cancel: CancelToken | None) -> None:
    if cancel is not None:
        cancel.raise_if_set()


def _thinned(mask: Mask, cancel: CancelToken | None) -> tuple[FloatArray, FloatArray]:
    """(N, 3) centre points in mm and (N,) radii of a vessel mask."""
    from scipy import ndimage
    from skimage.morphology import skeletonize

    mask = upright(mask)
    spacing = mask.grid.spacing_mm
    pad = 2
    inside = np.pad(mask.voxels, pad)
    if not mask.voxels.any():
        return np.zeros((0, 3)), np.zeros(0)
    field = distance_to_mm(~inside, spacing) - distance_to_mm(inside, spacing)
    _check(cancel)
    start = np.array(mask.start_ijk, dtype=np.float64) - pad
    ratio = STEP_MM / spacing
    shape = np.floor((np.array(inside.shape[::-1]) - 1) / ratio).astype(int)[::-1] + 1
    fine = ndimage.affine_transform(field, ratio[::-1], output_shape=tuple(shape), order=1, output=np.float32)
    _check(cancel)
    thinned = np.argwhere(skeletonize(fine > 0.0))
    _check(cancel)
    thin = _completed(thinned, fine, cancel)
    _check(cancel)
    if not len(thin):
        return np.zeros((0, 3)), np.zeros(0)
    index = thin[:, ::-1] * ratio + start
    least = 0.5 * float(spacing.min())
    return mask.grid.to_world(index), np.maximum(_ridge(fine, thin).astype(np.float64), least)


def _completed(
    thin: npt.NDArray[np.intp], field: npt.NDArray[np.float32], cancel: CancelToken | None
) -> npt.NDArray[np.intp]:
    """The skeleton with the ways to the middles of vessels that the thinning has eaten.

    Lee's thinning, as it is at hand, wears a vessel of even width away from its end. What it left is found as ridges of
    the field farther from the skeleton than their own radius and two steps; from the farthest of them the way back
    along the vessel's middle is added, until none is left (Sato et al., TEASAR, Pacific Graphics 2000).
    """
    from scipy.spatial import cKDTree

    inside = np.argwhere(field > 0.0)
    depth = field[tuple(inside.T)]
    crest = depth >= _ridge(field, inside) - 1e-6
    ridge, depth = inside[crest], depth[crest]
    if len(thin):
        far = STEP_MM * cKDTree(thin).query(ridge)[0] > depth + OPEN_STEPS * STEP_MM
        ridge, depth = ridge[far], depth[far]
    found = thin
    if not len(ridge):
        return _mended(thin, field, cancel)
    pairs = cKDTree(ridge).query_pairs(OPEN_STEPS + 1.0, output_type="ndarray").astype(np.int64)
    _, group = VesselGraph(ridge.astype(np.float64), depth.astype(np.float64), pairs.reshape(-1, 2)).pieces()
    for number in range(int(group.max()) + 1):
        _check(cancel)
        own = group == number
        found = np.concatenate([found, _ways_back(found, ridge[own], depth[own], field)])
    return _mended(np.unique(found, axis=0), field, cancel)


def _mended(
    thin: npt.NDArray[np.intp], field: npt.NDArray[np.float32], cancel: CancelToken | None
) -> npt.NDArray[np.intp]:
    """The skeleton whose pieces, where they lie in one vessel, are joined along its middle, smallest first."""
    from skimage.graph import MCP_Geometric

    if not len(thin):
        return thin
    found = thin
    count, piece = _skeleton_pieces(thin)
    for number in np.argsort(np.bincount(piece, minlength=count), kind="stable")[:-1].tolist():
        _check(cancel)
        own = found[: len(piece)][piece == number]
        low = np.maximum(own.min(axis=0) - MENDING_STEPS, 0)
        high = np.minimum(own.max(axis=0) + MENDING_STEPS + 1, field.shape)
        near = ((thin >= low) & (thin < high)).all(axis=1) & (piece != number)
        if not near.any():
            continue
        part = field[tuple(slice(a, b) for a, b in zip(low, high, strict=True))]
        cost = MCP_Geometric(np.where(part > 0.0, 1.0 / (np.maximum(part, 0.0) + 0.3) ** 2, -1.0))
        away = cost.find_costs((own - low).tolist())[0][tuple((thin[near] - low).T)]
        if np.isfinite(away).any():
            target = int(np.flatnonzero(near)[int(np.argmin(away))])
            found = np.concatenate([found, np.array(cost.traceback(thin[target] - low), dtype=np.intp) + low])
            piece[piece == number] = piece[target]
    return np.unique(found, axis=0) if len(found) > len(thin) else thin


def _skeleton_pieces(thin: npt.NDArray[np.intp]) -> tuple[int, IntArray]:
    """How many pieces skeleton voxels make that touch by face, edge or corner, and (N,) the piece of each."""
    from scipy.spatial import cKDTree

    pairs = np.asarray(cKDTree(thin).query_pairs(1.8, output_type="ndarray"), dtype=np.int64).reshape(-1, 2)
    return VesselGraph(thin.astype(np.float64), np.ones(len(thin)), pairs).pieces()


def _ways_back(
    thin: npt.NDArray[np.intp],
    ridge: npt.NDArray[np.intp],
    depth: npt.NDArray[np.float32],
    field: npt.NDArray[np.float32],
) -> npt.NDArray[np.intp]:
    """Points from a stretch of ridge that the skeleton does not reach back to it, along the middle of the vessel."""
    from scipy.spatial import cKDTree
    from skimage.graph import MCP_Geometric

    low = np.maximum(ridge.min(axis=0) - BACK_STEPS, 0)
    high = np.minimum(ridge.max(axis=0) + BACK_STEPS + 1, field.shape)
    part = field[tuple(slice(a, b) for a, b in zip(low, high, strict=True))]
    cost = MCP_Geometric(np.where(part > 0.0, 1.0 / (np.maximum(part, 0.0) + 0.3) ** 2, -1.0))
    starts = thin[((thin >= low) & (thin < high)).all(axis=1)]
    if len(starts):
        away = cost.find_costs((starts - low).tolist())[0][tuple((ridge - low).T)]
    if not len(starts) or not np.isfinite(away).any():
        # a vessel of which nothing is left begins at its thickest place
        starts = ridge[[int(depth.argmax())]]
        away = cost.find_costs((starts - low).tolist())[0][tuple((ridge - low).T)]
    left = np.isfinite(away)
    ways = [starts[:1]]
    while left.any():
        target = int(np.where(left, away, -1.0).argmax())
        way = np.array(cost.traceback(ridge[target] - low), dtype=np.intp) + low
        ways.append(way)
        left &= STEP_MM * cKDTree(way).query(ridge)[0] > depth + OPEN_STEPS * STEP_MM
        left[target] = False
    return np.concatenate(ways)


def _ridge(field: npt.NDArray[np.float32], places: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
    """(N,) greatest value about each place: the skeleton may lie half a step beside the axis."""
    whole = np.pad(field, 1, constant_values=-1.0)
    around = np.array(np.meshgrid((0, 1, 2), (0, 1, 2), (0, 1, 2))).reshape(3, -1).T
    return np.asarray(np.max([whole[tuple((places + shift).T)] for shift in around], axis=0))


def _touching(points: FloatArray) -> IntArray:
    """(E, 2) pairs of skeleton voxels that touch by face, edge or corner."""
    from scipy.spatial import cKDTree

    pairs = cKDTree(points).query_pairs(STEP_MM * np.sqrt(3.0) * 1.01, output_type="ndarray")
    return np.asarray(pairs, dtype=np.int64).reshape(-1, 2)


def _without_short_cuts(points: FloatArray, edges: IntArray) -> IntArray:
    """The edges without those that a way over a third point, by shorter edges, makes needless."""
    length = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
    # equal lengths are told apart by their number, so that no ring loses two edges
    rank = np.empty(len(edges), dtype=np.int64)
    rank[np.lexsort((np.arange(len(edges)), np.round(length, 6)))] = np.arange(len(edges))
    beside: dict[int, dict[int, int]] = {}
    for (a, b), order in zip(edges.tolist(), rank.tolist(), strict=True):
        beside.setdefault(a, {})[b] = order
        beside.setdefault(b, {})[a] = order
    keep = np.ones(len(edges), dtype=bool)
    for number, ((a, b), order) in enumerate(zip(edges.tolist(), rank.tolist(), strict=True)):
        keep[number] = not any(max(beside[a][c], beside[b][c]) < order for c in beside[a].keys() & beside[b].keys())
    return edges[keep]


def _with_single_forks(graph: VesselGraph) -> VesselGraph:
    """The graph in which forks that touch each other are one point in their middle, with the greatest radius."""
    forks = graph.degree >= 3
    between = forks[graph.edges].all(axis=1)
    _, group = replace(graph, edges=graph.edges[between]).pieces()
    count = int(group.max(initial=-1)) + 1
    size = np.bincount(group, minlength=count)
    points = np.stack([np.bincount(group, graph.points_mm[:, axis], count) / size for axis in range(3)], axis=1)
    radius = np.zeros(count)
    np.maximum.at(radius, group, graph.radius_mm)
    edges = np.sort(group[graph.edges[~between]], axis=1)
    edges = np.unique(edges[edges[:, 0] != edges[:, 1]], axis=0)
    return VesselGraph(points, radius, edges.reshape(-1, 2))


def chains_of(graph: VesselGraph) -> tuple[Chain, ...]:
    """The branches: chains of points between nodes; every edge lies in exactly one."""
    beside = graph.neighbours()
    nodes = [n for n, near in enumerate(beside) if len(near) not in (0, 2)]
    seen: set[tuple[int, int]] = set()
    found = []

    def follow(first: int, second: int) -> None:
        line = [first, second]
        while len(beside[line[-1]]) == 2 and line[-1] != first:
            one, other = beside[line[-1]]
            line.append(other if one == line[-2] else one)
        seen.add((line[0], line[1]))
        seen.add((line[-1], line[-2]))
        found.append(Chain(tuple(line)))

    for node in nodes:
        for near in beside[node]:
            if (node, near) not in seen:
                follow(node, near)
    passed = {point for chain in found for point in chain.points}
    for point, others in enumerate(beside):
        if len(others) == 2 and point not in passed:
            follow(point, others[0])
            passed.update(found[-1].points)
    return tuple(found)


def chain_length_mm(graph: VesselGraph, chain: Chain) -> float:
    """The way along the chain."""
    line = graph.points_mm[list(chain.points)]
    return float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())


def without_spurs(graph: VesselGraph) -> VesselGraph:
    """The graph without end branches shorter than 3 mm or 1.2 radii at their fork, shortest first."""
    while True:
        degree = graph.degree
        left = degree.copy()
        short = []
        for chain in chains_of(graph):
            line = chain.points if degree[chain.points[0]] == 1 else chain.points[::-1]
            if degree[line[0]] != 1 or degree[line[-1]] < 3:
                continue
            length = chain_length_mm(graph, chain)
            if length < max(LEAST_SPUR_MM, SPUR_RADII * graph.radius_mm[line[-1]]):
                short.append((length, line))
        keep = np.ones(len(degree), dtype=bool)
        for _, line in sorted(short):
            if left[line[-1]] >= 3:
                keep[list(line[:-1])] = False
                left[line[-1]] -= 1
        if keep.all():
            return graph
        graph = graph.part(keep)


def _smoothed(graph: VesselGraph) -> VesselGraph:
    """Points moved to the mean of themselves and their neighbours, by at most half a step; ends stay."""
    start, end = graph.edges.T
    degree = graph.degree
    points = graph.points_mm
    for _ in range(SMOOTHING_ROUNDS):
        total = points.copy()
        np.add.at(total, start, points[end])
        np.add.at(total, end, points[start])
        points = np.where((degree >= 2)[:, None], total / (degree + 1)[:, None], points)
    shift = points - graph.points_mm
    size = np.linalg.norm(shift, axis=1, keepdims=True)
    return replace(graph, points_mm=graph.points_mm + shift * np.minimum(1.0, MOST_SHIFT_MM / np.maximum(size, 1e-9)))


def joined(graph: VesselGraph) -> tuple[VesselGraph, tuple[Joint, ...]]:
    """The graph with pieces joined, and where.

    From the shortest gap on, an end is joined to the nearest point of another piece within 10 mm if the vessel points
    there within 45° and does not grow thicker away from the larger piece. Gaps up to 2.5 mm, or that the two radii
    span, need neither.
    """
    from scipy.spatial import cKDTree

    count, piece = graph.pieces()
    if count == 1:
        return graph, ()
    points, radius = graph.points_mm, graph.radius_mm
    beside = graph.neighbours()
    size = np.bincount(piece[graph.edges[:, 0]], graph.length_mm, count)
    tree = cKDTree(points)
    offers = []
    for end in np.flatnonzero(graph.degree <= 1).tolist():
        close = np.array(tree.query_ball_point(points[end], GAP_MM), dtype=np.int64)
        close = close[piece[close] != piece[end]]
        outward = _outward(points, beside, end)
        for owner in np.unique(piece[close]).tolist():
            own = close[piece[close] == owner]
            gaps = np.linalg.norm(points[own] - points[end], axis=1)
            target, gap = int(own[gaps.argmin()]), float(gaps.min())
            sure = gap <= max(SURE_GAP_MM, radius[end] + radius[target])
            ahead = outward is None or _cosine(outward, points[target] - points[end]) >= np.cos(
                np.radians(GAP_ANGLE_DEG)
            )
            child, trunk = (end, target) if size[piece[end]] <= size[owner] else (target, end)
            if sure or (ahead and radius[child] <= THICKER * radius[trunk]):
                offers.append((gap, end, target))
    group = list(range(count))

    def leader(n: int) -> int:
        while group[n] != n:
            n = group[n]
        return n

    added, joints = [], []
    for gap, a, b in sorted(offers):
        first, second = leader(int(piece[a])), leader(int(piece[b]))
        if first != second:
            group[first] = second
            added.append((a, b))
            joints.append(Joint(points[a], points[b], gap))
    edges = np.concatenate([graph.edges, np.array(added, dtype=np.int64).reshape(-1, 2)])
    return replace(graph, edges=edges), tuple(joints)


def _outward(points: FloatArray, beside: Sequence[Sequence[int]], end: int) -> Vector | None:
    """The direction in which the vessel leaves its end, from its last 6 mm; None for a single point."""
    before, point = -1, end
    length = 0.0
    while length < TIP_MM:
        onward = [n for n in beside[point] if n != before]
        if not onward or (point != end and len(onward) > 1):
            break
        length += float(np.linalg.norm(points[onward[0]] - points[point]))
        before, point = point, onward[0]
    return None if point == end else points[end] - points[point]


def _cosine(a: Vector, b: Vector) -> float:
    return float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-12))
