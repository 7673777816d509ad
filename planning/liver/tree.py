"""A vessel tree from a mask: skeleton points with radius, each with its parent towards the root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.findings import Finding
from planning.geometry import FloatArray, Grid
from planning.liver.distance import distance_to_mm
from planning.volume import Mask

IntArray = npt.NDArray[np.int64]

STEP_MM = 0.8
GAP_MM = 10.0
LEAST_PIECE_MM = 15.0
LEAST_SPUR_MM = 3.0
SPUR_RADII = 1.2
ROOT_WINDOW_MM = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class VesselTree:
    """One tree, or several where pieces stay apart.

    kind: "portal" or "hepatic". points_mm: (N, 3) LPS. radius_mm: (N,). parent: (N,) point towards the root, −1 at
    a root; a parent's number is always smaller than its children's. step_mm: (N,) length of the way to the parent.
    """

    kind: str
    points_mm: FloatArray
    radius_mm: FloatArray
    parent: IntArray
    step_mm: FloatArray

    def sum_below(self, values: FloatArray) -> FloatArray:
        """(N,) sum of (N,) values over each point and everything beyond it."""
        total = np.array(values, dtype=np.float64)
        for point in range(len(total) - 1, -1, -1):
            if self.parent[point] >= 0:
                total[self.parent[point]] += total[point]
        return total

    def any_above(self, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """(N,) True where the flag is set at the point or anywhere on its way to the root."""
        found = flags.tolist()
        for point, parent in enumerate(self.parent.tolist()):
            if parent >= 0 and found[parent]:
                found[point] = True
        return np.array(found, dtype=bool)

    def children(self) -> list[list[int]]:
        """The points whose parent is each point."""
        below: list[list[int]] = [[] for _ in range(len(self.parent))]
        for point, parent in enumerate(self.parent.tolist()):
            if parent >= 0:
                below[parent].append(point)
        return below


def find_tree(mask: Mask, kind: str) -> tuple[VesselTree | None, tuple[Finding, ...]]:
    """The tree of a vessel mask; None with a warning when there is no vessel long enough.

    The mask is resampled to 0.8 mm through its distance field and thinned (Lee, Kashyap and Chu, CVGIP 1994;56:462).
    Pieces up to 10 mm apart are joined; each remaining piece of 15 mm or more has its own root, shorter ones are left
    out. The root is the thickest end; ways to it are shortest under length/radius², so that they follow the trunk.
    """
    points, radius = _skeleton(mask)
    if len(points) < 3:
        return None, (Finding(f"no_{kind}_tree", f"The {kind} structures hold no vessel that a tree can be made of"),)
    edges = _joined(points, _neighbours(points))
    points, radius, edges, dropped = _without_small_pieces(points, radius, edges)
    findings = []
    if dropped:
        findings.append(
            Finding(
                f"{kind}_pieces",
                f"{dropped} loose pieces of the {kind} tree shorter than {LEAST_PIECE_MM:.0f} mm are left out",
            )
        )
    if len(points) < 3:
        return None, (
            *findings,
            Finding(f"no_{kind}_tree", f"The {kind} structures hold no connected vessel of {LEAST_PIECE_MM:.0f} mm"),
        )
    tree = _rooted(kind, points, radius, edges)
    return _pruned(tree), tuple(findings)


def _skeleton(mask: Mask) -> tuple[FloatArray, FloatArray]:
    """(N, 3) centre points in mm and (N,) radii of a vessel mask."""
    from scipy import ndimage
    from skimage.morphology import skeletonize

    spacing = mask.grid.spacing_mm
    pad = 2
    inside = np.pad(mask.voxels, pad)
    if not mask.voxels.any():
        return np.zeros((0, 3)), np.zeros(0)
    field = distance_to_mm(~inside, spacing) - distance_to_mm(inside, spacing)
    start = np.array(mask.start_ijk, dtype=np.float64) - pad
    ratio = STEP_MM / spacing
    shape = np.floor((np.array(inside.shape[::-1]) - 1) / ratio).astype(int)[::-1] + 1
    fine = ndimage.affine_transform(field, ratio[::-1], output_shape=tuple(shape), order=1, output=np.float32)
    thin = np.argwhere(skeletonize(fine > 0.0))
    if not len(thin):
        return np.zeros((0, 3)), np.zeros(0)
    index = thin[:, ::-1] * ratio + start
    # The skeleton may lie half a step beside the axis: the ridge next to it tells the radius.
    ridge = ndimage.maximum_filter(fine, size=3)[tuple(thin.T)]
    half_voxel = 0.5 * float(np.cbrt(np.prod(spacing)))
    return mask.grid.to_world(index), np.maximum(ridge.astype(np.float64) - half_voxel, half_voxel)


def _neighbours(points: FloatArray) -> IntArray:
    """(E, 2) pairs of skeleton voxels that touch by face, edge or corner."""
    from scipy.spatial import cKDTree

    pairs = cKDTree(points).query_pairs(STEP_MM * np.sqrt(3.0) * 1.01, output_type="ndarray")
    return np.asarray(pairs, dtype=np.int64).reshape(-1, 2)


def _pieces(count: int, edges: IntArray) -> tuple[int, IntArray]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    number, labels = connected_components(graph, directed=False)
    return int(number), np.asarray(labels, dtype=np.int64)


def _joined(points: FloatArray, edges: IntArray) -> IntArray:
    """The edges and, from shortest to longest, one bridge between pieces whose ends come within 10 mm of another."""
    from scipy.spatial import cKDTree

    count, piece = _pieces(len(points), edges)
    if count == 1:
        return edges
    degree = np.bincount(edges.reshape(-1), minlength=len(points))
    ends = np.flatnonzero(degree <= 1)
    tree = cKDTree(points)
    bridges = []
    for end, close in zip(ends.tolist(), tree.query_ball_point(points[ends], GAP_MM), strict=True):
        others = np.array([n for n in close if piece[n] != piece[end]], dtype=np.int64)
        if others.size:
            gaps = np.linalg.norm(points[others] - points[end], axis=1)
            for owner in np.unique(piece[others]):
                own = np.flatnonzero(piece[others] == owner)
                best = own[gaps[own].argmin()]
                bridges.append((float(gaps[best]), end, int(others[best])))
    group = list(range(count))

    def leader(n: int) -> int:
        while group[n] != n:
            n = group[n]
        return n

    added = []
    for _, a, b in sorted(bridges):
        first, second = leader(int(piece[a])), leader(int(piece[b]))
        if first != second:
            group[first] = second
            added.append((a, b))
    return np.concatenate([edges, np.array(added, dtype=np.int64).reshape(-1, 2)])


def _without_small_pieces(
    points: FloatArray,
    radius: FloatArray,
    edges: IntArray,
) -> tuple[FloatArray, FloatArray, IntArray, int]:
    count, piece = _pieces(len(points), edges)
    lengths = np.bincount(
        piece[edges[:, 0]], minlength=count, weights=np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
    )
    long_enough = lengths >= LEAST_PIECE_MM
    keep = long_enough[piece]
    new_number = np.cumsum(keep) - 1
    kept_edges = new_number[edges[keep[edges[:, 0]]]]
    return points[keep], radius[keep], kept_edges, int(count - np.count_nonzero(long_enough))


def _find_roots(points: FloatArray, radius: FloatArray, edges: IntArray) -> list[int]:
    """For each piece the end (or, in a ring, the point) about which the vessel is thickest."""
    from scipy.spatial import cKDTree

    count, piece = _pieces(len(points), edges)
    degree = np.bincount(edges.reshape(-1), minlength=len(points))
    roots = []
    for number in range(count):
        own = np.flatnonzero(piece == number)
        ends = own[degree[own] == 1]
        ends = ends if ends.size else own
        tree = cKDTree(points[own])
        around = tree.query_ball_point(points[ends], ROOT_WINDOW_MM)
        thickness = [float(np.mean(radius[own[close]])) for close in around]
        roots.append(int(ends[int(np.argmax(thickness))]))
    return roots


def _rooted(kind: str, points: FloatArray, radius: FloatArray, edges: IntArray) -> VesselTree:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    length = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
    cost = length / np.minimum(radius[edges[:, 0]], radius[edges[:, 1]]) ** 2
    graph = coo_array((cost, (edges[:, 0], edges[:, 1])), shape=(len(points), len(points))).tocsr()
    distance, parent, _ = dijkstra(
        graph, directed=False, indices=_find_roots(points, radius, edges), return_predecessors=True, min_only=True
    )
    return _renumbered(kind, points, radius, np.where(parent < 0, -1, parent), distance)


def _renumbered(kind: str, points: FloatArray, radius: FloatArray, parent: IntArray, rank: FloatArray) -> VesselTree:
    """The tree with points sorted by rank, in which every parent comes before its children."""
    order = np.argsort(rank, kind="stable")
    new_number = np.empty(len(order), dtype=np.int64)
    new_number[order] = np.arange(len(order))
    sorted_parent = parent[order]
    parents = np.where(sorted_parent < 0, -1, new_number[sorted_parent])
    sorted_points = points[order]
    step = np.where(parents < 0, 0.0, np.linalg.norm(sorted_points - sorted_points[parents], axis=1))
    return VesselTree(kind, sorted_points, radius[order], parents, step)


def _pruned(tree: VesselTree) -> VesselTree:
    """The tree without spurs shorter than 3 mm or 1.2 radii of the vessel that they leave; the longest way stays."""
    count = len(tree.parent)
    reach = np.zeros(count)
    for point in range(count - 1, -1, -1):
        above = tree.parent[point]
        if above >= 0:
            reach[above] = max(reach[above], reach[point] + tree.step_mm[point])
    keep = np.ones(count, dtype=bool)
    for point, below in enumerate(tree.children()):
        if not keep[point]:
            keep[below] = False
            continue
        ways = [reach[child] + tree.step_mm[child] for child in below]
        least = max(LEAST_SPUR_MM, SPUR_RADII * tree.radius_mm[point])
        for child, way in zip(below, ways, strict=True):
            if way < least and way < max(ways):
                keep[child] = False
    rank = np.flatnonzero(keep)
    new_number = np.cumsum(keep) - 1
    parent = np.where(tree.parent[rank] < 0, -1, new_number[tree.parent[rank]])
    return _renumbered(
        tree.kind, _smoothed(tree, keep)[rank], tree.radius_mm[rank], parent, np.arange(len(rank), dtype=np.float64)
    )


def _smoothed(tree: VesselTree, keep: npt.NDArray[np.bool_]) -> FloatArray:
    """Points moved to the mean of themselves, their parent and their children; ends and roots stay."""
    points = tree.points_mm.copy()
    has_parent = keep & (tree.parent >= 0)
    child, above = np.flatnonzero(has_parent), tree.parent[has_parent]
    for _ in range(2):
        total, weight = points.copy(), np.ones(len(points))
        children = np.bincount(above, minlength=len(points))
        np.add.at(total, above, points[child])
        weight += children
        total[child] += points[above]
        weight[child] += 1.0
        inner = has_parent & (children > 0)
        points[inner] = (total / weight[:, None])[inner]
    return points


def merged_mask(masks: Sequence[Mask], grid: Grid) -> Mask:
    """The union of vessel masks as one cropped mask on `grid`; empty when there is none."""
    whole = np.zeros(grid.shape_kji, dtype=bool)
    for mask in masks:
        whole[mask.box_kji] |= mask.voxels
    return Mask.from_full(grid, whole)
