"""Solids made of surfaces: simplified, hollowed, cut, pegged, set on a base. All by exact booleans, in LPS mm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.filled import filled
from planning.geometry import FloatArray, Grid, Plane, Vector, frozen_array, plane_basis
from planning.mesh import SurfaceMesh
from planning.surface import contour, surface_area_mm2

NUDGE_MM = 0.002
SHORTEST_EDGE_MM = 0.002
CLEARANCE_MM = 0.3
EXTRA_DEPTH_MM = 0.5
PEG_RADII_MM = (3.0, 2.0)
"""Unequal, so that two halves go together in one way only."""
RIM_MM = 2.0
BASE_MM, SUNK_MM, POST_RADIUS_MM = 3.0, 1.0, 5.0
LEAST_CAVITY_MM3 = 50.0
MOST_FIELD_POINTS = 700_000


@dataclass(frozen=True, slots=True, eq=False)
class Peg:
    """A peg on the second half and its socket in the first. at_mm: middle of its foot, axis: out of the second half."""

    at_mm: Vector
    axis: Vector
    radius_mm: float
    length_mm: float


def solid_of(mesh: SurfaceMesh, origin_mm: FloatArray) -> Any:
    """The mesh as a manifold3d solid about `origin_mm` (float32 keeps its digits there).

    Raises MeasurementError when the surface encloses nothing.
    """
    import manifold3d

    solid = manifold3d.Manifold(
        manifold3d.Mesh(
            np.asarray(mesh.points_mm - origin_mm, np.float32),
            np.asarray(mesh.triangles, np.uint32),
        )
    )
    if solid.status() != manifold3d.Error.NoError or solid.is_empty():
        raise MeasurementError("The surface is not a closed solid", "Correct the structure and print it again", "solid")
    return solid


def mesh_of(solid: Any, origin_mm: FloatArray) -> SurfaceMesh:
    """The solid's surface in LPS mm, points that only touch set apart so that every reader keeps them apart.

    Where two sheets meet in a point or an edge, each is drawn inwards by NUDGE_MM: equal coordinates would be merged by
    the reader of the file and the edge would then have four triangles.
    """
    # edges shorter than a printer, a file or a slicer can tell from nothing would become flat triangles when read back
    made = solid.simplify(SHORTEST_EDGE_MM).to_mesh()
    points = np.asarray(made.vert_properties[:, :3], dtype=np.float64)
    triangles = np.asarray(made.tri_verts, dtype=np.int32)
    # tenths of a micrometre, mixed into one number a place; that it may wrap round does no harm
    steps = np.rint((points - points.min(axis=0)) * 10_000.0).astype(np.int64)
    base = steps.max(axis=0) + 1
    _, inverse, counts = np.unique(
        (steps[:, 0] * base[1] + steps[:, 1]) * base[2] + steps[:, 2], return_inverse=True, return_counts=True
    )
    doubled = counts[inverse.reshape(-1)] > 1
    if doubled.any():
        touching = triangles[doubled[triangles].any(axis=1)]
        points[doubled] -= NUDGE_MM * _point_normals(points, touching)[doubled]
    return SurfaceMesh(points + origin_mm, triangles)


def _point_normals(points: FloatArray, triangles: Any) -> FloatArray:
    corners = points[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    total = np.stack(
        [
            np.bincount(triangles.reshape(-1), np.repeat(normals[:, axis], 3), minlength=len(points))
            for axis in range(3)
        ],
        axis=1,
    )
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12))


def hollowed(mesh: SurfaceMesh, wall_mm: float) -> SurfaceMesh:
    """The solid with its inside taken out so that a wall of `wall_mm` is left; the mesh itself where it is thinner.

    The inner surface is the level −wall of the true distance to the outer one, on a grid of at most half the wall.
    """
    inner = _offset_inwards(mesh, wall_mm)
    if inner is None:
        return mesh
    origin = mesh.points_mm.mean(axis=0)
    cavities = [piece for piece in solid_of(inner, origin).decompose() if piece.volume() > LEAST_CAVITY_MM3]
    shell = solid_of(mesh, origin)
    for cavity in cavities:
        shell = shell - cavity
    return mesh_of(shell, origin) if cavities else mesh


def _offset_inwards(mesh: SurfaceMesh, wall_mm: float) -> SurfaceMesh | None:
    low, high = mesh.points_mm.min(axis=0), mesh.points_mm.max(axis=0)
    step = float(np.clip(wall_mm / 2.0, 0.4, 1.5))
    while np.prod((high - low) / step + 3) > MOST_FIELD_POINTS:
        step *= 1.1
    size = np.ceil((high - low) / step).astype(int) + 3
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (step, step, step), low - step)
    depth = _depth_mm(mesh, grid, wall_mm + 4.0 * step)
    if depth.max() <= wall_mm:
        return None
    inner = contour(depth, grid, wall_mm)
    return inner if len(inner.triangles) else None


def _depth_mm(mesh: SurfaceMesh, grid: Grid, most_mm: float) -> npt.NDArray[np.float32]:
    """[k, j, i] distance of the grid points inside a closed surface from it, at most `most_mm`; zero outside.

    Taken to points at most 0.4 mm apart on the surface: at a depth of 2 mm that reads 0.01 mm too much at most.
    """
    from scipy.spatial import cKDTree

    from planning.printing.proof import surface_samples_mm

    inside = filled(mesh, grid)
    depth = np.zeros(grid.shape_kji, dtype=np.float32)
    kji = np.argwhere(inside)
    if not len(kji):
        return depth
    area = surface_area_mm2(mesh)
    tree = cKDTree(surface_samples_mm(mesh, int(np.clip(area / 0.16, 20_000, 900_000))))
    places = grid.to_world(kji[:, ::-1].astype(np.float64))
    found, _ = tree.query(places, distance_upper_bound=most_mm, workers=2)
    depth[inside] = np.minimum(found, most_mm)
    return depth


def halves(mesh: SurfaceMesh, plane: Plane) -> tuple[SurfaceMesh | None, SurfaceMesh | None]:
    """(the part on the side the normal points to, the other one); None where nothing lies there."""
    origin = mesh.points_mm.mean(axis=0)
    solid = solid_of(mesh, origin)
    offset = float((plane.origin_mm - origin) @ plane.normal)
    parts = solid.split_by_plane(tuple(float(v) for v in plane.normal), offset)
    first, second = (None if part.is_empty() or part.volume() < 1e-3 else mesh_of(part, origin) for part in parts)
    return first, second


def place_pegs(first: SurfaceMesh, second: SurfaceMesh, plane: Plane) -> list[Peg]:
    """Up to two places on the cut where a peg and its socket have material all round, thickest and then farthest.

    Fewer than two means that the cut's face is too small or a half too thin there.
    """
    from scipy import ndimage

    axes = _plane_axes(plane)
    face, step, low = _face_mask(second, plane, axes)
    if face is None:
        return []
    depth = ndimage.distance_transform_edt(face) * step
    v, u = np.indices(face.shape)
    places = low + np.stack([u, v], axis=-1) * step
    pegs: list[Peg] = []
    for radius in PEG_RADII_MM:
        allowed = depth >= radius + CLEARANCE_MM + RIM_MM
        score = depth.copy()
        for peg in pegs:
            away = np.linalg.norm(places - (peg.at_mm - plane.origin_mm) @ axes[:, :2], axis=-1)
            allowed &= away >= peg.radius_mm + radius + 2 * CLEARANCE_MM + RIM_MM
            score = away
        found = _first_with_material(np.where(allowed, score, -1.0), places, radius, first, second, plane, axes)
        if found is not None:
            pegs.append(found)
    return pegs


def _plane_axes(plane: Plane) -> FloatArray:
    """(3, 3) with right, up and normal of a plane as columns."""
    right, _ = plane_basis(plane.normal)
    return np.stack([right, np.cross(plane.normal, right), plane.normal], axis=1)


def _face_mask(mesh: SurfaceMesh, plane: Plane, axes: FloatArray) -> tuple[Any, float, FloatArray]:
    """(mask [v, u], step, coordinates of its first pixel) of the cut's face of the half below the plane."""
    turned = SurfaceMesh((mesh.points_mm - plane.origin_mm) @ axes, mesh.triangles)
    section = solid_of(turned, np.zeros(3)).slice(-0.02)
    polygons = section.to_polygons()
    if not polygons:
        return None, 0.0, np.zeros(2)
    points = np.concatenate(polygons)
    low, high = points.min(axis=0) - 1.0, points.max(axis=0) + 1.0
    step = float(max(0.4, np.max(high - low) / 400.0))
    size = np.ceil((high - low) / step).astype(int) + 1
    x = low[0] + np.arange(int(size[0])) * step
    inside = np.zeros((int(size[1]), int(size[0])), dtype=bool)
    for polygon in polygons:
        ends = np.roll(polygon, -1, axis=0)
        for (x0, y0), (x1, y1) in zip(polygon, ends, strict=True):
            first, last = (int(np.floor((value - low[1]) / step)) + 1 for value in sorted((y0, y1)))
            if last > first:
                y = low[1] + np.arange(first, last) * step
                inside[first:last] ^= x[None] < (x0 + (y - y0) * (x1 - x0) / (y1 - y0))[:, None]
    return inside, step, low


def _first_with_material(
    score: FloatArray,
    places: FloatArray,
    radius: float,
    first: SurfaceMesh,
    second: SurfaceMesh,
    plane: Plane,
    axes: FloatArray,
) -> Peg | None:
    """The best of a few places where foot and socket are surrounded by material."""
    origin = np.asarray(plane.origin_mm, dtype=np.float64)
    solids = [(solid_of(first, origin), 1.0), (solid_of(second, origin), -1.0)]
    rest = score.copy()
    for _ in range(12):
        best = np.unravel_index(int(rest.argmax()), rest.shape)
        if rest[best] <= 0:
            return None
        at = origin + axes[:, :2] @ places[best]
        for length in (3.0 * radius, 2.0 * radius, 1.4 * radius):
            peg = Peg(frozen_array(at), frozen_array(plane.normal), radius, length)
            if all(_is_inside(solid, peg, side, origin) for solid, side in solids):
                return peg
        near = np.linalg.norm(places - places[best], axis=-1) < 2.0 * radius
        rest[near] = -1.0
    return None


def _is_inside(solid: Any, peg: Peg, side: float, origin_mm: FloatArray) -> bool:
    deep = peg.length_mm + EXTRA_DEPTH_MM + 1.0 if side > 0 else 3.0
    start = peg.at_mm + 0.05 * side * peg.axis
    room = _cylinder(start, side * peg.axis, peg.radius_mm + CLEARANCE_MM + 1.0, deep, origin_mm)
    return bool((solid ^ room).volume() > 0.999 * room.volume())


def _cylinder(foot_mm: FloatArray, axis: FloatArray, radius: float, length: float, origin_mm: FloatArray) -> Any:
    import manifold3d

    right, _ = plane_basis(axis)
    turn = np.stack([right, np.cross(axis, right), axis], axis=1)
    matrix = np.concatenate([turn, (foot_mm - origin_mm)[:, None]], axis=1)
    return manifold3d.Manifold.cylinder(length, radius, radius, 48).transform(matrix)


def with_pegs(first: SurfaceMesh, second: SurfaceMesh, pegs: Sequence[Peg]) -> tuple[SurfaceMesh, SurfaceMesh]:
    """(first with sockets, second with pegs): sockets are wider by the clearance and deeper by 0.5 mm."""
    origin = first.points_mm.mean(axis=0)
    sockets, plugs = solid_of(first, origin), solid_of(second, origin)
    for peg in pegs:
        # both begin within the other half, so that no film of material is left in the plane of the cut
        sockets = sockets - _cylinder(
            peg.at_mm - 0.5 * peg.axis,
            peg.axis,
            peg.radius_mm + CLEARANCE_MM,
            peg.length_mm + EXTRA_DEPTH_MM + 0.5,
            origin,
        )
        plugs = plugs + _cylinder(peg.at_mm - 1.0 * peg.axis, peg.axis, peg.radius_mm, peg.length_mm + 1.0, origin)
    return mesh_of(sockets, origin), mesh_of(plugs, origin)


def with_base(meshes: Sequence[SurfaceMesh]) -> tuple[int, SurfaceMesh]:
    """(number of the part that gets it, that part with a base): a plate under all parts, joined to the largest.

    The plate is 3 mm thick and horizontal (patient's feet down); the part is sunk in by 1 mm, or stands on a post where
    another part reaches lower.
    """
    import manifold3d

    number = max(range(len(meshes)), key=lambda n: meshes[n].volume_ml)
    mesh = meshes[number]
    origin = mesh.points_mm.mean(axis=0)
    floor = min(float(other.points_mm[:, 2].min()) for other in meshes)
    low, high = mesh.points_mm.min(axis=0), mesh.points_mm.max(axis=0)
    bottom = mesh.points_mm[int(mesh.points_mm[:, 2].argmin())]
    half = np.maximum(0.35 * (high - low)[:2], 10.0)
    plate = manifold3d.Manifold.cylinder(BASE_MM, 1.0, 1.0, 96).scale((float(half[0]), float(half[1]), 1.0))
    top = floor + SUNK_MM
    plate = plate.translate(
        tuple(float(v) for v in (bottom[0] - origin[0], bottom[1] - origin[1], top - BASE_MM - origin[2]))
    )
    joined = solid_of(mesh, origin) + plate
    if bottom[2] + SUNK_MM > top + 1e-6:
        length = float(bottom[2] - top + BASE_MM / 2.0 + SUNK_MM)
        foot = np.array([bottom[0], bottom[1], top - BASE_MM / 2.0])
        joined = joined + _cylinder(foot, np.array([0.0, 0.0, 1.0]), POST_RADIUS_MM, length, origin)
    return number, mesh_of(joined, origin)
