"""Vessel trees: centre points with radius, each with its parent towards the root; and their branches."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from planning.findings import Finding
from planning.geometry import FloatArray, Grid, Vector
from planning.kept_steps import NOTHING_KEPT, KeptSteps
from planning.liver.graph import GAP_MM, IntArray, Joint, VesselGraph, chains_of, graph_of, joined
from planning.liver.organ import OrganLookup
from planning.volume import Mask

LEAST_PIECE_MM = 15.0
LEAST_LOOSE_MM = 4.0
ROOT_WINDOW_MM = 15.0
INNER_ROOT = 0.6
AS_THICK = 0.6
RADIUS_WINDOW_MM = 6.0
MOST_SWELLING = 1.6


@dataclass(frozen=True, eq=False)
class VesselTree:
    """One tree, or several where pieces stay apart.

    kind: "portal", "hepatic" or "loose". points_mm: (N, 3) LPS. radius_mm: (N,). parent: (N,) point towards the root,
    −1 at a root; a parent's number is always smaller than its children's. step_mm: (N,) length of the way to the
    parent. confidence: (N,) 0…1 that the point belongs to this tree.
    """

    kind: str
    points_mm: FloatArray
    radius_mm: FloatArray
    parent: IntArray
    step_mm: FloatArray
    confidence: FloatArray

    @property
    def roots(self) -> IntArray:
        """The points without parent."""
        return np.flatnonzero(self.parent < 0).astype(np.int64)

    def sum_below(self, values: FloatArray) -> FloatArray:
        """(N,) sum of (N,) values over each point and everything beyond it."""
        # plain numbers: an array's are dear one by one
        total = np.asarray(values, dtype=np.float64).tolist()
        parents = self.parent.tolist()
        for point in range(len(total) - 1, -1, -1):
            if parents[point] >= 0:
                total[parents[point]] += total[point]
        return np.array(total, dtype=np.float64)

    @functools.cached_property
    def _row(self) -> tuple[IntArray, IntArray]:
        """All points in a row in which everything beyond a point follows it: (N,) place there, (N,) end of what follows.

        Made once: while a cut is dragged many questions are asked of one tree.
        """
        parents = self.parent.tolist()
        beyond = [1] * len(parents)
        for point in range(len(parents) - 1, -1, -1):
            if parents[point] >= 0:
                beyond[parents[point]] += beyond[point]
        place, free, first = [0] * len(parents), [0] * len(parents), 0
        for point, parent in enumerate(parents):
            if parent < 0:
                place[point], first = first, first + beyond[point]
            else:
                place[point], free[parent] = free[parent], free[parent] + beyond[point]
            free[point] = place[point] + 1
        start = np.array(place, dtype=np.int64)
        return start, start + np.array(beyond, dtype=np.int64)

    def count_below(self, flags: npt.NDArray[np.bool_]) -> IntArray:
        """(N,) how many flags are set at each point and everything beyond it."""
        start, end = self._row
        sums = np.zeros(len(flags) + 1, dtype=np.int64)
        sums[start + 1] = flags
        sums = np.cumsum(sums)
        return np.asarray(sums[end] - sums[start])

    def any_above(self, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """(N,) True where the flag is set at the point or anywhere on its way to the root."""
        start, end = self._row
        # how many flagged points' rows reach over each place
        steps = np.bincount(start[flags], minlength=len(flags) + 1) - np.bincount(end[flags], minlength=len(flags) + 1)
        return np.asarray(np.cumsum(steps)[start] > 0)

    def children(self) -> list[list[int]]:
        """The points whose parent is each point."""
        below: list[list[int]] = [[] for _ in range(len(self.parent))]
        for point, parent in enumerate(self.parent.tolist()):
            if parent >= 0:
                below[parent].append(point)
        return below

    def below(self, point: int) -> npt.NDArray[np.bool_]:
        """(N,) True for the point and everything beyond it."""
        start, end = self._row
        return np.asarray((start >= start[point]) & (start < end[point]))

    def graph(self) -> VesselGraph:
        """The same points, without direction."""
        child = np.flatnonzero(self.parent >= 0)
        return VesselGraph(self.points_mm, self.radius_mm, np.stack([child, self.parent[child]], axis=1))

    def part(self, keep: npt.NDArray[np.bool_]) -> VesselTree:
        """The chosen points only; those whose parent goes become roots."""
        number = np.where(keep, np.cumsum(keep) - 1, -1)
        parent = np.where(self.parent[keep] < 0, -1, number[self.parent[keep]])
        return VesselTree(
            self.kind,
            self.points_mm[keep],
            self.radius_mm[keep],
            parent,
            np.where(parent < 0, 0.0, self.step_mm[keep]),
            self.confidence[keep],
        )


@dataclass(frozen=True, slots=True, eq=False)
class TreeBranch:
    """The vessel from one fork, or the root, to the next fork or its end.

    points: (P,) point numbers from the proximal to the distal end; the fork that it leaves is not one of them.
    parent: number of the branch that it leaves, −1 at a root. order: forks between it and the root.
    length_mm: with the way from the fork. radius_mm: median. confidence: least.
    """

    points: IntArray
    parent: int
    order: int
    length_mm: float
    radius_mm: float
    confidence: float


def branches_of(tree: VesselTree) -> tuple[TreeBranch, ...]:
    """All branches, parents before children."""
    below = tree.children()
    found: list[TreeBranch] = []
    waiting = [(int(root), -1, 0) for root in tree.roots]
    for first, parent, order in waiting:
        line = [first]
        while len(below[line[-1]]) == 1:
            line.append(below[line[-1]][0])
        points = np.array(line, dtype=np.int64)
        waiting += [(child, len(found), order + 1) for child in below[line[-1]]]
        found.append(
            TreeBranch(
                points,
                parent,
                order,
                float(tree.step_mm[points].sum()),
                float(np.median(tree.radius_mm[points])),
                float(tree.confidence[points].min()),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class FoundTree:
    """A tree, None where there is no vessel long enough; pieces that stay apart and belong to nothing; bridged gaps."""

    tree: VesselTree | None
    loose: VesselTree | None
    joints: tuple[Joint, ...]
    findings: tuple[Finding, ...]


def find_tree(mask: Mask, kind: str, organ: OrganLookup | None = None, kept: KeptSteps = NOTHING_KEPT) -> FoundTree:
    """The tree of a vessel mask, with warnings where pieces are left out or there is no vessel long enough.

    Pieces are joined as `graph.joined` says; each other piece of 15 mm or more has its own root, shorter ones are
    loose. The root is the thickest end, rather outside the organ; ways to it are shortest under length/radius², so that
    they follow the trunk.
    """
    graph, joints = joined(graph_of(mask, kept=kept))
    graph = with_volume_radii(graph, mask, kept)
    confidence = np.ones(len(graph.points_mm))
    for joint in joints:
        near = np.linalg.norm(graph.points_mm - joint.from_mm, axis=1) < 1e-6
        confidence[near] = 1.0 - joint.gap_mm / GAP_MM
    return grown_tree(kind, graph, confidence, joints, organ=organ)


def grown_tree(
    kind: str,
    graph: VesselGraph,
    confidence: FloatArray,
    joints: tuple[Joint, ...] = (),
    roots: Sequence[int] = (),
    organ: OrganLookup | None = None,
) -> FoundTree:
    """The tree of a graph. confidence: (N,) of its points. roots: points that are roots whatever their thickness."""
    none = Finding(f"no_{kind}_tree", f"The {kind} structures hold no vessel that a tree can be made of")
    if len(graph.edges) < 2:
        return FoundTree(None, None, joints, (none,))
    count, piece = graph.pieces()
    lengths = np.bincount(piece[graph.edges[:, 0]], graph.length_mm, count)
    rooted_pieces = np.isin(np.arange(count), piece[np.array(roots, dtype=np.int64)])
    large = (lengths >= LEAST_PIECE_MM) | rooted_pieces
    known = np.zeros(len(piece), dtype=bool)
    known[np.array(roots, dtype=np.int64)] = True
    small = (lengths >= LEAST_LOOSE_MM) & ~large
    loose = _part_tree("loose", graph, small[piece], confidence, known, organ)
    findings = []
    left = int(np.count_nonzero(~large))
    if left:
        findings.append(
            Finding(
                f"{kind}_pieces",
                f"{left} loose pieces of the {kind} tree shorter than {LEAST_PIECE_MM:.0f} mm are left out",
            )
        )
    tree = _part_tree(kind, graph, large[piece], confidence, known, organ)
    if tree is None:
        findings.append(
            Finding(f"no_{kind}_tree", f"The {kind} structures hold no connected vessel of {LEAST_PIECE_MM:.0f} mm")
        )
    return FoundTree(tree, loose, joints, tuple(findings))


def _part_tree(
    kind: str,
    graph: VesselGraph,
    keep: npt.NDArray[np.bool_],
    confidence: FloatArray,
    known: npt.NDArray[np.bool_],
    organ: OrganLookup | None,
) -> VesselTree | None:
    if not keep.any():
        return None
    part = graph.part(keep)
    outside = None if organ is None else ~organ.contains(part.points_mm)
    roots = find_roots(part, np.flatnonzero(known[keep]).tolist(), outside, toward_head=kind == "hepatic")
    return rooted(kind, part, roots, confidence[keep])


def find_roots(
    graph: VesselGraph,
    known: Sequence[int] = (),
    outside: npt.NDArray[np.bool_] | None = None,
    *,
    toward_head: bool = False,
) -> list[int]:
    """For each piece its known roots, else the end at which the vessel is thickest; in a ring, its thickest point.

    toward_head: of ends nearly as thick as the thickest the one nearest to the head, where hepatic blood leaves: a
    vena cava has two thick ends.

    An end's thickness is the median radius over its last 15 mm up to its fork; a stump shorter than that counts less,
    and so does an end that lies in the organ (`outside`: (N,) True for points that do not).
    """
    count, piece = graph.pieces()
    degree = graph.degree
    thickness = np.zeros(len(piece))
    for chain in chains_of(graph):
        for line in (chain.points, chain.points[::-1]):
            if degree[line[0]] == 1:
                points = np.array(line)
                along = np.cumsum(np.linalg.norm(np.diff(graph.points_mm[points], axis=0), axis=1))
                last = points[: 1 + int(np.searchsorted(along, ROOT_WINDOW_MM))]
                whole = min(1.0, float(along[-1]) / ROOT_WINDOW_MM)
                thickness[line[0]] = whole * float(np.median(graph.radius_mm[last]))
    if outside is not None:
        thickness[~outside] *= INNER_ROOT
    roots = list(known)
    for number in set(range(count)) - set(piece[list(known)].tolist()):
        own = np.flatnonzero(piece == number)
        best = thickness[own] if thickness[own].any() else graph.radius_mm[own]
        if toward_head:
            best = np.where(best >= AS_THICK * best.max(), graph.points_mm[own, 2], -np.inf)
        roots.append(int(own[int(np.argmax(best))]))
    return sorted(roots)


def rooted(kind: str, graph: VesselGraph, roots: Sequence[int], confidence: FloatArray) -> VesselTree:
    """The graph as a tree from its roots, of which every piece has at least one; rings are opened where they meet."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    count = len(graph.points_mm)
    start, end = graph.edges.T
    cost = np.maximum(graph.length_mm, 1e-6) / np.minimum(graph.radius_mm[start], graph.radius_mm[end]) ** 2
    matrix = coo_array((cost, (start, end)), shape=(count, count)).tocsr()
    distance, parent, _ = dijkstra(matrix, directed=False, indices=list(roots), return_predecessors=True, min_only=True)
    order = np.argsort(distance, kind="stable")
    number = np.empty(count, dtype=np.int64)
    number[order] = np.arange(count)
    parents = np.where(parent[order] < 0, -1, number[np.maximum(parent[order], 0)])
    points = graph.points_mm[order]
    step = np.where(parents < 0, 0.0, np.linalg.norm(points - points[parents], axis=1))
    return VesselTree(kind, points, graph.radius_mm[order], parents, step, confidence[order])


def with_volume_radii(graph: VesselGraph, mask: Mask, kept: KeptSteps = NOTHING_KEPT) -> VesselGraph:
    """The graph with radii that give the vessel its volume: √(V/πL) of the voxels nearest to 6 mm of its centreline.

    About forks, where volume is shared, the radius is that of the branch outside them. Distance fields alone read
    0.1 to 0.4 mm too little; they remain the lower bound, and the upper one at 1.6 times, where vessels touch.
    """
    if len(graph.edges) < 2:
        return graph
    given = (graph.points_mm, graph.radius_mm, graph.edges, mask)
    found = kept.arrays("vessel radii", given, lambda: {"radius_mm": _volume_radii(graph, mask)})
    return replace(graph, radius_mm=found["radius_mm"])


def _volume_radii(graph: VesselGraph, mask: Mask) -> FloatArray:
    from scipy.spatial import cKDTree

    k, j, i = np.nonzero(mask.voxels)
    places = mask.box_grid.to_world(np.stack([i, j, k], axis=1))
    _, nearest = cKDTree(graph.points_mm).query(places)
    volume = np.bincount(nearest, minlength=len(graph.points_mm)) * mask.grid.voxel_mm3
    radius = graph.radius_mm.copy()
    for chain in chains_of(graph):
        points = np.array(chain.points)
        line = graph.points_mm[points]
        step = np.linalg.norm(np.diff(line, axis=0), axis=1)
        # each point stands for half of the way to both its neighbours
        share = np.concatenate([[0.0], step / 2.0]) + np.concatenate([step / 2.0, [0.0]])
        along = np.concatenate([[0.0], np.cumsum(step)])
        reach = along[-1]
        ends = [min(float(graph.radius_mm[points[end]]) + 1.0, 0.35 * reach) for end in (0, -1)]
        clear = (along >= ends[0]) & (along <= reach - ends[1])
        clear[[0, -1]] = False
        if np.count_nonzero(clear) < 3:
            continue
        inner = np.flatnonzero(clear)
        sums_volume = np.concatenate([[0.0], np.cumsum(volume[points[inner]])])
        sums_length = np.concatenate([[0.0], np.cumsum(share[inner])])
        first = np.searchsorted(along[inner], along - RADIUS_WINDOW_MM / 2.0)
        last = np.searchsorted(along[inner], along + RADIUS_WINDOW_MM / 2.0, side="right")
        first = np.minimum(first, len(inner) - 3)
        last = np.maximum(last, first + 3)
        last = np.minimum(last, len(inner))
        area = (sums_volume[last] - sums_volume[first]) / (sums_length[last] - sums_length[first])
        found = np.sqrt(area / np.pi)
        edt = graph.radius_mm[points]
        bounded = np.clip(found, edt, MOST_SWELLING * edt)
        radius[points[1:-1]] = bounded[1:-1]
    return radius


def merged_mask(masks: Sequence[Mask], grid: Grid) -> Mask:
    """The union of vessel masks as one cropped mask on `grid`; empty when there is none."""
    given = [mask for mask in masks if mask.voxels.any()]
    if not given:
        return Mask(grid, (0, 0, 0), np.zeros((1, 1, 1), dtype=bool))
    boxes = np.array([[(side.start, side.stop) for side in mask.box_kji[::-1]] for mask in given])
    low, high = boxes[..., 0].min(axis=0), boxes[..., 1].max(axis=0)
    # asked in the box that holds them all: the whole scan is mostly empty
    whole = np.zeros((high - low)[::-1], dtype=bool)
    for mask in given:
        k, j, i = (slice(side.start - n, side.stop - n) for side, n in zip(mask.box_kji, low[::-1], strict=True))
        whole[k, j, i] |= mask.voxels
    found = Mask.from_full(grid.cropped(tuple(low), tuple(high - low)), whole)
    start = low + found.start_ijk
    return Mask(grid, (int(start[0]), int(start[1]), int(start[2])), found.voxels)


def nearest_point(tree: VesselTree, at_mm: Vector) -> tuple[int, float]:
    """The tree point nearest to a place, and how far it is."""
    gaps = np.linalg.norm(tree.points_mm - np.asarray(at_mm), axis=1)
    return int(gaps.argmin()), float(gaps.min())
