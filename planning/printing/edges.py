"""Is a surface one closed solid? Its edges, corners and triangles, and where they are not as a solid's are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.faults import Fault, groups_of, place

IntArray = npt.NDArray[np.int64]
# a triangle flatter than this is a line to every printer and every file
FLAT_MM = 1e-6
# faults of triangles and edges nearer than this are told as one place
TOGETHER_MM = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class EdgeTable:
    """All edges of a surface, each once.

    half: (3T,) half-edge numbers in the order of their edges; half-edge h runs from corner h % 3 of triangle h // 3 to the
    next corner. first: (E,) where each edge's half-edges begin in `half`. count: (E,) how many there are. turn: (E,) how
    many run upwards (from the lower to the higher point number) less how many run downwards. low, high: (E,) its points.
    """

    half: IntArray
    first: IntArray
    count: IntArray
    turn: IntArray
    low: IntArray
    high: IntArray

    @classmethod
    def of(cls, mesh: SurfaceMesh) -> EdgeTable:
        """The table of a surface."""
        start = mesh.triangles.astype(np.int64)
        end = np.roll(start, -1, axis=1)
        start, end = start.reshape(-1), end.reshape(-1)
        low, high = np.minimum(start, end), np.maximum(start, end)
        key = low * np.int64(len(mesh.points_mm)) + high
        half = np.argsort(key, kind="stable")
        key = key[half]
        first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.zeros(0, np.int64)
        count = np.diff(np.concatenate([first, [len(key)]]))
        way = np.where(start < end, 1, -1)[half]
        turn = np.add.reduceat(way, first) if len(first) else np.zeros(0, np.int64)
        return cls(half, first, count, turn, low[half[first]], high[half[first]])


def edge_faults(mesh: SurfaceMesh, edges: EdgeTable | None = None) -> list[Fault]:
    """Holes, edges of more than two triangles, corners where fans only touch, triangles turned against their neighbours,
    and triangles without area. None of them: the surface is closed, manifold and oriented."""
    if not len(mesh.triangles):
        return []
    table = EdgeTable.of(mesh) if edges is None else edges
    return [
        *_holes(mesh, table),
        *_shared_edges(mesh, table),
        *_bow_ties(mesh, table),
        *_turned(mesh, table),
        *_flat(mesh),
    ]


def boundary_loops(mesh: SurfaceMesh, edges: EdgeTable | None = None) -> list[IntArray]:
    """The open rims of a surface: point numbers in the order in which a lid's edges would run (against the surface's own).

    A rim that touches itself in a point becomes two.
    """
    table = EdgeTable.of(mesh) if edges is None else edges
    half = table.half[table.first[table.count == 1]]
    tri, corner = half // 3, half % 3
    start, end = mesh.triangles[tri, corner], mesh.triangles[tri, (corner + 1) % 3]
    onward: dict[int, list[int]] = {}
    for a, b in zip(end.tolist(), start.tolist()):
        onward.setdefault(a, []).append(b)
    loops: list[IntArray] = []
    while onward:
        path = [next(iter(onward))]
        at = {path[0]: 0}
        while True:
            here = path[-1]
            if here not in onward:
                # triangles turned against each other: the rim does not run round
                break
            following = onward[here].pop()
            if not onward[here]:
                del onward[here]
            if following in at:
                loop = path[at[following] :]
                loops.append(np.array(loop, dtype=np.int64))
                for point in loop[1:]:
                    del at[point]
                del path[at[following] + 1 :]
                if len(path) == 1:
                    break
            else:
                at[following] = len(path)
                path.append(following)
    return loops


def _holes(mesh: SurfaceMesh, table: EdgeTable) -> list[Fault]:
    """One fault a rim; the measure is the rim's largest width."""
    found = []
    left = np.count_nonzero(table.count == 1)
    for loop in boundary_loops(mesh, table):
        left -= len(loop)
        points = mesh.points_mm[loop]
        lengths = np.linalg.norm(np.roll(points, -1, axis=0) - points, axis=1)
        middle = 0.5 * (np.roll(points, -1, axis=0) + points)
        at = (middle * lengths[:, None]).sum(axis=0) / max(float(lengths.sum()), 1e-12)
        found.append(Fault("hole", _width_mm(points), "mm", place(at), count=len(loop), fix="fill_holes"))
    if left > 0 and not found:
        ends = table.count == 1
        points = 0.5 * (mesh.points_mm[table.low[ends]] + mesh.points_mm[table.high[ends]])
        found += _by_place("hole", points, "edges", "")
    return found


def _width_mm(points: FloatArray) -> float:
    from scipy.spatial.distance import pdist

    some = points[:: max(1, len(points) // 500)]
    return float(pdist(some).max()) if len(some) > 1 else 0.0


def _shared_edges(mesh: SurfaceMesh, table: EdgeTable) -> list[Fault]:
    many = table.count > 2
    middle = 0.5 * (mesh.points_mm[table.low[many]] + mesh.points_mm[table.high[many]])
    return _by_place("edge", middle, "triangles", "", table.count[many])


def _bow_ties(mesh: SurfaceMesh, table: EdgeTable) -> list[Fault]:
    """Points where two or more fans of triangles only touch. Fans hang together over edges of exactly two triangles."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    twice = table.first[table.count == 2]
    one, two = table.half[twice], table.half[twice + 1]
    triangles = mesh.triangles.reshape(-1)

    def after(half: IntArray) -> IntArray:
        return np.asarray(half - half % 3 + (half % 3 + 1) % 3)

    # corners are numbered as half-edges are; an edge joins the corners at its two points
    same = triangles[one] == triangles[two]
    left = np.concatenate([one, after(one)])
    right = np.concatenate([np.where(same, two, after(two)), np.where(same, after(two), two)])
    graph = coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(len(triangles),) * 2)
    count, labels = connected_components(graph, directed=False)
    point_of_fan = np.empty(count, dtype=np.int64)
    point_of_fan[labels] = triangles
    fans = np.bincount(point_of_fan, minlength=len(mesh.points_mm))
    # where an edge is shared by many or open, its points have several fans for that reason, told already
    odd = table.count != 2
    fans[table.low[odd]] = fans[table.high[odd]] = 1
    bad = np.flatnonzero(fans > 1)
    return [Fault("bow_tie", float(fans[point]), "fans", place(mesh.points_mm[point])) for point in bad.tolist()]


def _turned(mesh: SurfaceMesh, table: EdgeTable) -> list[Fault]:
    """Edges that two triangles run along in the same direction: one of them faces inward."""
    bad = (table.count == 2) & (table.turn != 0)
    middle = 0.5 * (mesh.points_mm[table.low[bad]] + mesh.points_mm[table.high[bad]])
    return _by_place("orientation", middle, "edges", "turn_triangles")


def _flat(mesh: SurfaceMesh) -> list[Fault]:
    corners = mesh.points_mm[mesh.triangles]
    sides = np.roll(corners, -1, axis=1) - corners
    double = np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1)
    longest = np.linalg.norm(sides, axis=2).max(axis=1)
    flat = double <= FLAT_MM * longest
    return _by_place("zero_area", corners[flat].mean(axis=1), "triangles", "drop_flat")


def _by_place(
    kind: str, points_mm: FloatArray, unit: str, fix: str, numbers: npt.NDArray[np.int64] | None = None
) -> list[Fault]:
    """One fault for each group of points; measure: how many, or the greatest of `numbers`. at_mm is one of the points."""
    groups = groups_of(points_mm, TOGETHER_MM)
    found = []
    for group in range(int(groups.max(initial=-1)) + 1):
        mine = np.flatnonzero(groups == group)
        middle = points_mm[mine].mean(axis=0)
        nearest = mine[int(np.linalg.norm(points_mm[mine] - middle, axis=1).argmin())]
        measure = float(len(mine) if numbers is None else numbers[mine].max())
        found.append(Fault(kind, measure, unit, place(points_mm[nearest]), count=len(mine), fix=fix))
    return found
