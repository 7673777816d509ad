"""Where a surface cuts itself: pairs of triangles that cross, or that lie on each other in one plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.faults import Fault, groups_of, place
from planning.printing.pairs import meeting_pairs

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
AT_ONCE = 300_000
# what lies nearer to a plane than this lies in it
IN_PLANE_MM = 1e-7
TOGETHER_MM = 2.0
MOST_CLIPPED = 500


@dataclass(frozen=True, slots=True, eq=False)
class Crossings:
    """pairs: (N, 2) triangle numbers. at_mm: (N, 3) a point that both share, LPS mm."""

    pairs: IntArray
    at_mm: FloatArray


def self_intersections(mesh: SurfaceMesh) -> int:
    """How many pairs of triangles cross each other or overlap in one plane, pairs with a common corner included."""
    return len(crossings(mesh).pairs)


def crossing_faults(mesh: SurfaceMesh, found: Crossings | None = None) -> list[Fault]:
    """One fault for each place where the surface cuts itself; the measure is how many pairs of triangles do there."""
    all_of_them = crossings(mesh) if found is None else found
    groups = groups_of(all_of_them.at_mm, TOGETHER_MM)
    faults = []
    for group in range(int(groups.max(initial=-1)) + 1):
        points = all_of_them.at_mm[groups == group]
        nearest = points[int(np.linalg.norm(points - points.mean(axis=0), axis=1).argmin())]
        faults.append(Fault("crossing", float(len(points)), "pairs", place(nearest), count=len(points), fix="unite"))
    return faults


def crossings(mesh: SurfaceMesh) -> Crossings:
    """All pairs of triangles that have more in common than a corner or an edge of both.

    Edges are tested against faces in both directions, inclusive of the faces' borders and exclusive of the edges' ends, so
    that what merely touches in a point is not counted; triangles of one plane by their overlap, exactly as far as float64
    goes. Candidates come from a uniform grid of boxes.
    """
    pairs = meeting_pairs(mesh)
    kept, places = [np.zeros((0, 2), np.int64)], [np.zeros((0, 3))]
    points = mesh.points_mm - (mesh.points_mm.mean(axis=0) if len(mesh.points_mm) else 0.0)
    shift = mesh.points_mm[0] - points[0] if len(points) else np.zeros(3)
    columns = [np.ascontiguousarray(mesh.triangles[:, n]) for n in range(3)]
    planes = _planes(points, columns)
    for start in range(0, len(pairs), AT_ONCE):
        part = pairs[start : start + AT_ONCE]
        part = part[_may_cross(points, columns, planes, part)]
        hit, at = _crossing(points, mesh.triangles, part)
        kept.append(part[hit])
        places.append(at[hit] + shift)
    return Crossings(np.concatenate(kept), np.concatenate(places))


def _planes(points: FloatArray, columns: list[npt.NDArray[np.int32]]) -> FloatArray:
    """(T, 4): each triangle's unit normal, zero for a flat one, and its plane's distance from the origin."""
    a, b, c = (points[column] for column in columns)
    normal = np.cross(b - a, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-300)
    return np.concatenate([normal, np.einsum("ij,ij->i", a, normal)[:, None]], axis=1)


def _may_cross(
    points: FloatArray, columns: list[npt.NDArray[np.int32]], planes: FloatArray, pairs: IntArray
) -> IntArray:
    """Numbers of the pairs of which no triangle lies wholly on one side of the other's plane, common corners left out.

    Most pairs of neighbours end here.
    """
    rows = np.arange(len(pairs))
    for one, two in ((0, 1), (1, 0)):
        face, other = planes[pairs[rows, one]], pairs[rows, two]
        corners = [column[pairs[rows, one]] for column in columns]
        above, below = np.ones(len(rows), dtype=bool), np.ones(len(rows), dtype=bool)
        alone = np.zeros(len(rows), dtype=bool)
        for column in columns:
            number = column[other]
            shared = (number == corners[0]) | (number == corners[1]) | (number == corners[2])
            away = np.einsum("ni,ni->n", points[number], face[:, :3]) - face[:, 3]
            above &= (away > IN_PLANE_MM) | shared
            below &= (away < -IN_PLANE_MM) | shared
            alone |= ~shared
        # all corners shared: the same triangle twice
        rows = rows[~((above | below) & alone)]
    return rows


def _crossing(points: FloatArray, triangles: npt.NDArray[np.int32], pairs: IntArray) -> tuple[BoolArray, FloatArray]:
    """((N,) whether each pair crosses, (N, 3) where)."""
    numbers = [triangles[pairs[:, n]] for n in (0, 1)]
    hit = np.zeros(len(pairs), dtype=bool)
    total, count = np.zeros((len(pairs), 3)), np.zeros(len(pairs))
    for one, two in ((0, 1), (1, 0)):
        for n in range(3):
            start, end = numbers[one][:, n], numbers[one][:, (n + 1) % 3]
            # an edge that begins or ends in a corner of the face meets it there at most, or lies in its plane
            free = ~((start[:, None] == numbers[two]) | (end[:, None] == numbers[two])).any(axis=1)
            rows = np.flatnonzero(free)
            through, at = _edge_through(points[start[rows]], points[end[rows]], points[numbers[two][rows]])
            hit[rows] |= through
            total[rows[through]] += at[through]
            count[rows[through]] += 1.0
    flat, middle = _overlaps_in_plane(points[numbers[0]], points[numbers[1]], ~hit)
    total[flat], count[flat] = middle[flat], 1.0
    return hit | flat, total / np.maximum(count, 1.0)[:, None]


def _edge_through(start: FloatArray, end: FloatArray, face: FloatArray) -> tuple[BoolArray, FloatArray]:
    """Möller and Trumbore's test (doi 10.1080/10867651.1997.10487468): inclusive of the face's border, strict along the
    edge; and the point."""
    along = end - start
    u, v = face[:, 1] - face[:, 0], face[:, 2] - face[:, 0]
    p = np.cross(along, v)
    det = np.einsum("ij,ij->i", u, p)
    scale = np.linalg.norm(along, axis=1) * np.linalg.norm(np.cross(u, v), axis=1)
    lies_across = np.abs(det) > 1e-9 * np.maximum(scale, 1e-300)
    safe = np.where(lies_across, det, 1.0)
    rest = start - face[:, 0]
    a = np.einsum("ij,ij->i", rest, p) / safe
    q = np.cross(rest, u)
    b = np.einsum("ij,ij->i", along, q) / safe
    t = np.einsum("ij,ij->i", v, q) / safe
    tiny = 1e-9
    # an edge that ends in the face's plane touches it: its end must lie beyond
    ends = IN_PLANE_MM / np.maximum(np.abs(det) / np.maximum(np.linalg.norm(np.cross(u, v), axis=1), 1e-300), 1e-300)
    inside = (a >= -tiny) & (b >= -tiny) & (a + b <= 1 + tiny) & (t > ends) & (t < 1 - ends)
    return np.asarray(lies_across & inside), start + np.clip(t, 0.0, 1.0)[:, None] * along


def _overlaps_in_plane(first: FloatArray, second: FloatArray, ask: BoolArray) -> tuple[BoolArray, FloatArray]:
    """Which pairs of (N, 3, 3) triangles lie in one plane and cover a common area, and the middle of that area."""
    flat, middle = np.zeros(len(first), dtype=bool), np.zeros((len(first), 3))
    normal = np.cross(first[:, 1] - first[:, 0], first[:, 2] - first[:, 0])
    area = np.linalg.norm(normal, axis=1)
    other = np.linalg.norm(np.cross(second[:, 1] - second[:, 0], second[:, 2] - second[:, 0]), axis=1)
    normal /= np.maximum(area, 1e-300)[:, None]
    away = np.abs(np.einsum("nij,nj->ni", second - first[:, :1], normal)).max(axis=1)
    rows = np.flatnonzero(ask & (area > 1e-9) & (other > 1e-9) & (away < IN_PLANE_MM))
    rows = rows[_cover_each_other(first[rows], second[rows], normal[rows])]
    flat[rows] = True
    # where very many lie on each other, the smaller triangle's middle is place enough for the rest
    smaller = np.where((area < other)[:, None, None], first, second)[rows]
    middle[rows] = smaller.mean(axis=1)
    for row in rows[:MOST_CLIPPED].tolist():
        a, b = first[row], second[row]
        right = (a[1] - a[0]) / np.linalg.norm(a[1] - a[0])
        axes = np.stack([right, np.cross(normal[row], right)], axis=1)
        common = _clipped((a - a[0]) @ axes, (b - a[0]) @ axes)
        if common is not None:
            middle[row] = a[0] + axes @ common
    return flat, middle


def _cover_each_other(first: FloatArray, second: FloatArray, normal: FloatArray) -> BoolArray:
    """Whether (N, 3, 3) triangles of one plane share an area: no edge of either parts them."""
    covers = np.ones(len(first), dtype=bool)
    for one, two in ((first, second), (second, first)):
        for n in range(3):
            across = np.cross(normal, one[:, (n + 1) % 3] - one[:, n])
            across /= np.maximum(np.linalg.norm(across, axis=1), 1e-300)[:, None]
            mine = np.einsum("nij,nj->ni", one, across)
            theirs = np.einsum("nij,nj->ni", two, across)
            shared = np.minimum(mine.max(axis=1), theirs.max(axis=1)) - np.maximum(mine.min(axis=1), theirs.min(axis=1))
            covers &= shared > IN_PLANE_MM
    return covers


def _clipped(keep: FloatArray, cut: FloatArray) -> FloatArray | None:
    """Middle of what two triangles of a plane share, None where that has no area (Sutherland and Hodgman)."""
    shape = cut
    if np.cross(*np.append(keep[1:] - keep[0], [[0.0], [0.0]], axis=1))[2] < 0:
        keep = keep[::-1]
    for n in range(3):
        start, along = keep[n], keep[(n + 1) % 3] - keep[n]
        side = (along[0] * (shape[:, 1] - start[1]) - along[1] * (shape[:, 0] - start[0])) / np.linalg.norm(along)
        made = []
        for m in range(len(shape)):
            here, there = side[m], side[(m + 1) % len(shape)]
            if here >= 0:
                made.append(shape[m])
            if (here > 0 > there) or (here < 0 < there):
                made.append(shape[m] + here / (here - there) * (shape[(m + 1) % len(shape)] - shape[m]))
        if len(made) < 3:
            return None
        shape = np.array(made)
    x, y = shape.T
    following = np.roll(np.arange(len(shape)), -1)
    area = 0.5 * abs(float((x * y[following] - x[following] * y).sum()))
    size = float(np.linalg.norm(np.ptp(shape, axis=0)))
    return shape.mean(axis=0) if area > IN_PLANE_MM * max(size, 1e-12) else None
