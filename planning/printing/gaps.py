"""How near two printed objects come to each other, and whether one fits the printer's room, turned if need be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.faults import Fault, Place, place
from planning.printing.proof import distances_mm
from planning.printing.shells import inside_of, part_of, sheets_of
from planning.printing.solids import solid_of
from planning.progress import CancelToken

# objects that share more than this stand in each other; less is rounding between faces that touch
OVERLAP_MM3 = 0.05
NEAR_POINTS = 4000


@dataclass(frozen=True, slots=True)
class Gap:
    """The least distance of two objects and its place. overlap_ml: what both claim, then the distance is 0."""

    mm: float
    at_mm: Place
    overlap_ml: float = 0.0


def _are_near(one: SurfaceMesh, two: SurfaceMesh, search_mm: float) -> bool:
    low = np.maximum(one.points_mm.min(axis=0), two.points_mm.min(axis=0))
    high = np.minimum(one.points_mm.max(axis=0), two.points_mm.max(axis=0))
    return float(np.linalg.norm(np.maximum(low - high, 0.0))) <= search_mm


def _gap(
    one: SurfaceMesh, two: SurfaceMesh, solids: tuple[Any, Any], origin: FloatArray, search_mm: float, film_mm: float
) -> Gap | None:
    first, second = solids
    common = first ^ second
    volume = 0.0 if common.is_empty() else float(common.volume())
    if volume > max(OVERLAP_MM3, 0.5 * film_mm * float(common.surface_area() if volume else 0.0)):
        return Gap(0.0, inside_of(_largest_sheet(common, origin)), volume / 1000.0)
    if volume > 0.0:
        points = np.asarray(common.to_mesh().vert_properties[:, :3], dtype=np.float64)
        return Gap(0.0, place(points[len(points) // 2] + origin))
    least = float(first.min_gap(second, search_mm))
    if least >= search_mm:
        return None
    return Gap(least, _nearest(one, two, search_mm))


def _largest_sheet(solid: Any, origin: FloatArray) -> SurfaceMesh:
    """The surface of the largest of a solid's pieces. Two surfaces of one edge have thousands of films in common, and
    manifold3d's own `decompose` makes a solid of each."""
    made = solid.to_mesh()
    points = np.asarray(made.vert_properties[:, :3], dtype=np.float64) + origin
    mesh = SurfaceMesh(points, np.asarray(made.tri_verts, dtype=np.int32))
    sheets = sheets_of(mesh)
    return part_of(mesh, max(sheets, key=lambda sheet: sheet[1])[0]) if sheets else mesh


def _nearest(one: SurfaceMesh, two: SurfaceMesh, search_mm: float) -> Place:
    """Where they come nearest, from the corners of both and points between them near the other."""
    best, at = np.inf, np.zeros(3)
    for here, there in ((one, two), (two, one)):
        low, high = there.points_mm.min(axis=0) - search_mm, there.points_mm.max(axis=0) + search_mm
        points = here.points_mm[((here.points_mm >= low) & (here.points_mm <= high)).all(axis=1)]
        corners = here.points_mm[here.triangles]
        near = ((corners.max(axis=1) >= low) & (corners.min(axis=1) <= high)).all(axis=1)
        chosen = corners[near][:: max(1, int(near.sum()) // NEAR_POINTS)]
        points = np.concatenate([points, chosen.mean(axis=1), 0.5 * (chosen[:, 0] + chosen[:, 1])])
        if len(points):
            away = distances_mm(points, there)
            nearest = int(away.argmin())
            if away[nearest] < best:
                best, at = float(away[nearest]), points[nearest]
    return place(at)


def clearance_faults(
    named: Sequence[tuple[str, SurfaceMesh]],
    least_mm: float,
    *,
    film_mm: float = 0.0,
    meant: Collection[tuple[int, int]] = (),
    apart: Collection[tuple[int, int]] = (),
    cancel: CancelToken | None = None,
) -> list[Fault]:
    """Pairs of objects nearer than `least_mm`, or standing in each other. What is no closed solid is told by other checks.

    film_mm: what both claim counts as touching up to this thickness. meant: pairs (lower number first) that shall lie face
    to face, of which only what both claim is told. apart: pairs that are printed apart, of which nothing is.
    """
    if len(named) < 2:
        return []
    origin = named[0][1].points_mm.mean(axis=0)
    solids: dict[int, Any] = {}
    faults = []
    for n, (name, mesh) in enumerate(named):
        for m in range(n + 1, len(named)):
            other_name, other = named[m]
            search_mm = 0.0 if (n, m) in meant else least_mm
            if (n, m) in apart or not _are_near(mesh, other, search_mm):
                continue
            if cancel is not None:
                cancel.raise_if_set()
            try:
                for number in (n, m):
                    if number not in solids:
                        solids[number] = solid_of(named[number][1], origin)
            except MeasurementError:
                continue
            gap = _gap(mesh, other, (solids[n], solids[m]), origin, search_mm, film_mm)
            if gap is None or (gap.overlap_ml == 0.0 and (n, m) in meant):
                continue
            both = f"{name}, {other_name}"
            if gap.overlap_ml > 0.0:
                faults.append(Fault("overlap", gap.overlap_ml, "ml", gap.at_mm, 0.0, of=both))
            else:
                faults.append(Fault("clearance", gap.mm, "mm", gap.at_mm, least_mm, of=both))
    return faults


@dataclass(frozen=True, slots=True, eq=False)
class BedFit:
    """Whether an object fits a room, and how. turn: (3, 3) that turns it so that it needs the least over the room.

    as_it_is: no turn is needed. flat: a turn about the vertical is enough. over_mm: by how much the best turn is too large
    on one side at least, 0 where it fits.
    """

    fits: bool
    as_it_is: bool
    flat: bool
    over_mm: float
    turn: FloatArray
    size_mm: FloatArray


def bed_fit(mesh: SurfaceMesh, bed_mm: Sequence[float]) -> BedFit:
    """How an object fits a room of x × y × z mm: as it lies, turned about the vertical, or laid on a side of its hull.

    For each side of the convex hull below, the footprint's smallest turn is sought among the directions of the footprint's
    own edges and 1° steps.
    """
    from scipy.spatial import ConvexHull, QhullError

    room = np.asarray(bed_mm, dtype=np.float64)
    try:
        hull = ConvexHull(mesh.points_mm)
        points, normals = mesh.points_mm[hull.vertices], np.unique(np.round(hull.equations[:, :3], 2), axis=0)
    except QhullError:
        # without a volume it has no sides to lie on
        points, normals = mesh.points_mm, np.zeros((0, 3))
    size = np.ptp(points, axis=0)
    if (size <= room).all():
        return BedFit(True, True, True, 0.0, np.eye(3), size)
    over, turn, size = _flat_turn(points, room)
    if over <= 0.0:
        return BedFit(True, False, True, 0.0, turn, size)
    normals = normals[:: max(1, len(normals) // 300)]
    best = (over, turn, size)
    for normal in normals / np.linalg.norm(normals, axis=1, keepdims=True):
        laid = _down(normal)
        found, about, extent = _flat_turn(points @ laid.T, room)
        if found < best[0]:
            best = (found, about @ laid, extent)
        if found <= 0.0:
            break
    over, turn, size = best
    return BedFit(over <= 0.0, False, False, max(over, 0.0), turn, size)


def _flat_turn(points: FloatArray, room: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """(by how much it is too large, the turn about z, the size then) of the best turn about the vertical."""
    angles = np.radians(np.arange(0.0, 180.0, 0.5))
    cos, sin = np.cos(angles), np.sin(angles)
    x = np.ptp(points[:, :1] * cos - points[:, 1:2] * sin, axis=0)
    y = np.ptp(points[:, :1] * sin + points[:, 1:2] * cos, axis=0)
    height = float(np.ptp(points[:, 2]))
    over = np.maximum(np.maximum(x - room[0], y - room[1]), height - room[2])
    best = int(over.argmin())
    turn = np.array([[cos[best], -sin[best], 0.0], [sin[best], cos[best], 0.0], [0.0, 0.0, 1.0]])
    return float(over[best]), turn, np.array([x[best], y[best], height])


def _down(normal: FloatArray) -> FloatArray:
    """(3, 3) that turns an outward normal to −z."""
    to = np.array([0.0, 0.0, -1.0])
    axis, cos = np.cross(normal, to), float(normal @ to)
    if cos < -0.999999:
        return np.diag([1.0, -1.0, -1.0])
    skew = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.asarray(np.eye(3) + skew + skew @ skew / (1.0 + cos))


def bed_faults(mesh: SurfaceMesh, bed_mm: Sequence[float], fit: BedFit | None = None) -> list[Fault]:
    """What is larger than the room: by how much, and whether a turn mends it."""
    found = bed_fit(mesh, bed_mm) if fit is None else fit
    if found.as_it_is:
        return []
    size = np.ptp(mesh.points_mm, axis=0)
    over = float((size - np.asarray(bed_mm)).max())
    low, high = mesh.points_mm.min(axis=0), mesh.points_mm.max(axis=0)
    fix = "turn_to_fit" if found.fits else ""
    return [Fault("bed", over if found.fits else found.over_mm, "mm", place(0.5 * (low + high)), 0.0, fix=fix)]
