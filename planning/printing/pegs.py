"""Pegs and sockets that join the pieces of a cut part one way: two D-shaped pegs of unequal size, all in LPS mm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Plane, Vector, frozen_array, plane_basis, unit
from planning.mesh import SurfaceMesh
from planning.printing.proof import distances_mm
from planning.printing.solids import mesh_of, solid_of

EXTRA_DEPTH_MM = 0.5
PEG_RADII_MM = (3.0, 2.0)
"""Unequal, so that two halves go together in one way only."""
FLAT = 0.7
"""The flat side of a D lies at this share of its radius."""
RIM_MM = 2.0
SIDES = 64
# two faces of a cut are the same where points spread over them lie this near and look against each other; a face follows
# a plane within this angle
SAME_MM, OPPOSITE_COS, FACE_COS = 1.2, 0.985, 0.94
SPREAD_MM2, MOST_SPREAD, LEAST_SHARED = 0.25, 400_000, 50
PIXEL_MM = 0.4
# a flat cut makes way a little (`halves`): its face is looked at this far below
BELOW_MM = 0.06
LEAST_FACE_MM2 = 20.0
TRIES = 12


@dataclass(frozen=True, slots=True, eq=False)
class Peg:
    """A peg on the second half and its socket in the first. at_mm: middle of its foot, axis: out of the second half.

    sunk_mm: how far it begins below its foot, where the cut is not flat.
    """

    at_mm: Vector
    axis: Vector
    radius_mm: float
    length_mm: float
    clearance_mm: float
    sunk_mm: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Face:
    """A cut's face on pixels of its plane: inside `[v, u]`, heights over the plane, and the first pixel's coordinates."""

    origin_mm: Vector
    axes: FloatArray
    inside: npt.NDArray[np.bool_]
    heights_mm: FloatArray
    step_mm: float
    low: FloatArray


def place_pegs(
    first: SurfaceMesh, second: SurfaceMesh, plane: Plane | None, clearance_mm: float, most_radius_mm: float = 3.0
) -> list[Peg]:
    """Up to two places on the cut where a peg and its socket have material all round, thickest and then farthest.

    plane: of a flat cut, its normal into `first`; None finds the flattest part of the face that both share. Fewer than
    two means that the face is too small or a half too thin there.
    """
    from scipy import ndimage

    face = _flat_face(first, second, plane) if plane is not None else _shared_face(first, second)
    if face is None:
        return []
    depth = ndimage.distance_transform_edt(face.inside) * face.step_mm
    v, u = np.indices(face.inside.shape)
    places = face.low + np.stack([u, v], axis=-1) * face.step_mm
    origin = np.asarray(face.origin_mm, dtype=np.float64)
    solids = solid_of(first, origin), solid_of(second, origin)
    pegs: list[Peg] = []
    for radius in PEG_RADII_MM:
        radius = min(radius, most_radius_mm)
        allowed = depth >= radius + clearance_mm + RIM_MM
        score = depth.copy()
        for peg in pegs:
            away = np.linalg.norm(places - (peg.at_mm - face.origin_mm) @ face.axes[:, :2], axis=-1)
            allowed &= away >= peg.radius_mm + radius + 2 * clearance_mm + RIM_MM
            score = away
        found = _first_with_material(np.where(allowed, score, -1.0), places, face, radius, clearance_mm, solids)
        if found is not None:
            pegs.append(found)
    return pegs


def _axes(normal: Vector) -> FloatArray:
    """(3, 3) with right, up and normal of a plane as columns."""
    right, _ = plane_basis(normal)
    return np.stack([right, np.cross(normal, right), normal], axis=1)


def share_face(first: SurfaceMesh, second: SurfaceMesh, plane: Plane) -> bool:
    """Whether two pieces on both sides of a plane (its normal into `first`) lie face to face anywhere."""
    return bool(_common(first, second, plane, _axes(plane.normal)).area() > LEAST_FACE_MM2)


def _common(first: SurfaceMesh, second: SurfaceMesh, plane: Plane, axes: FloatArray) -> Any:
    """What both pieces have of a plane, in its own axes."""
    sections = []
    for mesh, height in ((first, BELOW_MM), (second, -BELOW_MM)):
        turned = SurfaceMesh((mesh.points_mm - plane.origin_mm) @ axes, mesh.triangles)
        sections.append(solid_of(turned, np.zeros(3)).slice(height))
    return sections[0] ^ sections[1]


def _flat_face(first: SurfaceMesh, second: SurfaceMesh, plane: Plane) -> _Face | None:
    """The face that the half below a plane shares with the one above."""
    axes = _axes(plane.normal)
    polygons = _common(first, second, plane, axes).to_polygons()
    if not polygons:
        return None
    points = np.concatenate(polygons)
    low, high = points.min(axis=0) - 1.0, points.max(axis=0) + 1.0
    step = float(max(PIXEL_MM, np.max(high - low) / 400.0))
    size = np.ceil((high - low) / step).astype(int) + 1
    x = low[0] + np.arange(int(size[0])) * step
    inside = np.zeros((int(size[1]), int(size[0])), dtype=bool)
    for polygon in polygons:
        ends = np.roll(polygon, -1, axis=0)
        for (x0, y0), (x1, y1) in zip(polygon, ends, strict=True):
            start, last = (int(np.floor((value - low[1]) / step)) + 1 for value in sorted((y0, y1)))
            if last > start:
                y = low[1] + np.arange(start, last) * step
                inside[start:last] ^= x[None] < (x0 + (y - y0) * (x1 - x0) / (y1 - y0))[:, None]
    return _Face(np.asarray(plane.origin_mm), axes, inside, np.zeros(inside.shape), step, low)


def _shared_face(first: SurfaceMesh, second: SurfaceMesh) -> _Face | None:
    """The flattest part of the face that two pieces share, seen along its mean normal into `first`.

    Points spread over `second` lie on it where points of `first` are near and look the other way.
    """
    from scipy import ndimage
    from scipy.spatial import cKDTree

    there, facing = _spread(first)
    points, normals = _spread(second)
    away, nearest = cKDTree(there).query(points, distance_upper_bound=SAME_MM)
    near = np.flatnonzero(away < SAME_MM)
    near = near[np.einsum("ij,ij->i", normals[near], facing[nearest[near]]) < -OPPOSITE_COS]
    if len(near) < LEAST_SHARED:
        return None
    points, normals = points[near], normals[near]
    leaders = normals[:: max(1, len(normals) // 60)]
    best = leaders[int((normals @ leaders.T > FACE_COS).sum(axis=0).argmax())]
    own = normals @ best > FACE_COS
    points, normal = points[own], unit(normals[own].mean(axis=0))
    origin, axes = points.mean(axis=0), _axes(normal)
    flat = (points - origin) @ axes
    step = float(max(2.0 * PIXEL_MM, np.ptp(flat[:, :2], axis=0).max() / 400.0))
    start = flat[:, :2].min(axis=0) - 2.0 * step
    pixel = np.rint((flat[:, :2] - start) / step).astype(int)
    shape = tuple(int(n) for n in pixel.max(axis=0)[::-1] + 3)
    number = pixel[:, 1] * shape[1] + pixel[:, 0]
    hits = np.bincount(number, minlength=shape[0] * shape[1]).reshape(shape)
    sums = np.bincount(number, flat[:, 2], minlength=shape[0] * shape[1]).reshape(shape)
    inside = ndimage.binary_closing(hits > 0, iterations=2)
    known = ndimage.distance_transform_edt(hits == 0, return_distances=False, return_indices=True)
    heights = (sums / np.maximum(hits, 1))[tuple(known)]
    return _Face(origin, axes, inside, heights, step, start)


def _spread(mesh: SurfaceMesh) -> tuple[FloatArray, FloatArray]:
    """(N, 3) points spread over a surface by area, about one each SPREAD_MM2, and its unit normals there."""
    generator = np.random.default_rng(3)
    corners = mesh.points_mm[mesh.triangles]
    facing = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(facing, axis=1)
    count = int(np.clip(lengths.sum() / 2.0 / SPREAD_MM2, 2_000, MOST_SPREAD))
    chosen = generator.choice(len(lengths), size=count, p=lengths / lengths.sum())
    a, b = np.sqrt(generator.random(count)), generator.random(count)
    weights = np.stack([1 - a, a * (1 - b), a * b], axis=1)
    return np.einsum("ij,ijk->ik", weights, corners[chosen]), facing[chosen] / lengths[chosen, None]


def _first_with_material(
    score: FloatArray,
    places: FloatArray,
    face: _Face,
    radius: float,
    clearance: float,
    solids: tuple[Any, Any],
) -> Peg | None:
    """The best of a few places where foot and socket are surrounded by material; solids: of both pieces, about the face's
    origin."""
    origin, normal = np.asarray(face.origin_mm, dtype=np.float64), face.axes[:, 2]
    rest = score.copy()
    for _ in range(TRIES):
        best = np.unravel_index(int(rest.argmax()), rest.shape)
        if rest[best] <= 0:
            return None
        beside = np.linalg.norm(places - places[best], axis=-1)
        heights = face.heights_mm[(beside <= radius + clearance + face.step_mm) & face.inside]
        at = origin + face.axes[:, :2] @ places[best] + float(heights.max()) * normal
        drop = float(np.ptp(heights))
        for length in (3.0 * radius, 2.0 * radius, 1.4 * radius):
            peg = Peg(frozen_array(at), frozen_array(normal), radius, length, clearance, 1.0 + drop)
            if all(_is_inside(solid, peg, side, origin) for solid, side in zip(solids, (1.0, -1.0), strict=True)):
                return peg
        rest[beside < 2.0 * radius] = -1.0
    return None


def _is_inside(solid: Any, peg: Peg, side: float, origin_mm: FloatArray) -> bool:
    deep = peg.length_mm + EXTRA_DEPTH_MM + 1.0 if side > 0 else 2.0
    # on a cut that is not flat the second half begins below the foot
    start = peg.at_mm + (0.05 if side > 0 else -(peg.sunk_mm - 1.0) - 0.05) * peg.axis
    room = cylinder(start, side * peg.axis, peg.radius_mm + peg.clearance_mm + 1.0, deep, origin_mm)
    return bool((solid ^ room).volume() > 0.999 * room.volume())


def cylinder(foot_mm: FloatArray, axis: FloatArray, radius: float, length: float, origin_mm: FloatArray) -> Any:
    """A round bar from `foot_mm` along `axis`, about `origin_mm`."""
    import manifold3d

    return manifold3d.Manifold.cylinder(length, radius, radius, SIDES).transform(_matrix(foot_mm, axis, origin_mm))


def _matrix(foot_mm: FloatArray, axis: FloatArray, origin_mm: FloatArray) -> FloatArray:
    return np.concatenate([_axes(axis), (foot_mm - origin_mm)[:, None]], axis=1)


def _d_bar(peg: Peg, below_mm: float, above_mm: float, wider_mm: float, origin_mm: FloatArray) -> Any:
    """The peg's D, wider on all sides, from below its foot to above it."""
    import manifold3d

    round_one = manifold3d.CrossSection.circle(peg.radius_mm, SIDES)
    width = 4.0 * peg.radius_mm
    outline = round_one ^ manifold3d.CrossSection.square((width, width), True).translate(
        (FLAT * peg.radius_mm - width / 2.0, 0.0)
    )
    if wider_mm > 0.0:
        # mitred: every side is just so far away, and no arcs of micrometres are left at the corners
        outline = outline.offset(wider_mm, manifold3d.JoinType.Miter)
    bar = outline.extrude(below_mm + above_mm)
    return bar.transform(_matrix(peg.at_mm - below_mm * peg.axis, peg.axis, origin_mm))


def with_joints(mesh: SurfaceMesh, sockets: Sequence[Peg], plugs: Sequence[Peg]) -> SurfaceMesh:
    """A piece with the sockets of some pegs, wider by the clearance and deeper by 0.5 mm, and with others standing out."""
    origin = mesh.points_mm.mean(axis=0)
    solid = solid_of(mesh, origin)
    for peg in sockets:
        # both begin within the other half, so that no film of material is left in the plane of the cut
        solid = solid - _d_bar(peg, peg.sunk_mm, peg.length_mm + EXTRA_DEPTH_MM, peg.clearance_mm, origin)
    for peg in plugs:
        solid = solid + _d_bar(peg, peg.sunk_mm, peg.length_mm, 0.0, origin)
    return mesh_of(solid, origin)


def measured_gap_mm(peg: Peg, socket_piece: SurfaceMesh, peg_piece: SurfaceMesh) -> float | None:
    """The least gap on the sides of a peg, between two surfaces as read back; None where nothing of it is found."""
    rest = peg_piece.points_mm - peg.at_mm
    height = rest @ peg.axis
    radius = np.linalg.norm(rest - height[:, None] * peg.axis, axis=1)
    # beyond its end the piece may go on: a cut that is not flat comes back there
    on_peg = (height > 0.5 * peg.length_mm) & (height < 1.05 * peg.length_mm)
    rim = peg_piece.points_mm[(radius < 1.05 * peg.radius_mm) & on_peg]
    return float(distances_mm(rim, socket_piece).min()) if len(rim) else None
