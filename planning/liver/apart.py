"""The parts of a liver for a picture in which they are moved apart: surfaces cut along the plan, and where each part goes.

A picture, not a measurement: surfaces are cut triangle by triangle and stay open, the cut's patches close them. No number
of a plan comes from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planning.geometry import FloatArray, Vector, unit
from planning.liver.cut_map import CutMap, clipped
from planning.liver.held import HeldVessels
from planning.liver.regions import Region
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken

# a cut whose normals cancel out to less than this closes round what it takes: there is no way its front looks
ONE_SIDED = 0.15
BESIDE_MM = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class PartsApart:
    """Surfaces by structure and part, and the way of each part.

    pieces: for each name the pieces by number of their part, 0 kept, else the resection's from 1; empty ones are left
    out. faces: the cut's patches by part, from 1, with their values (V,), their front towards the part. ways: (3,) unit
    vectors by part, from 1.
    """

    pieces: Mapping[str, Mapping[int, SurfaceMesh]]
    faces: Mapping[int, tuple[SurfaceMesh, FloatArray]]
    ways: Mapping[int, Vector]


def parts_apart(
    surfaces: Mapping[str, SurfaceMesh],
    regions: Sequence[Region],
    cut: CutMap,
    middle_mm: Vector,
    *,
    held: Mapping[str, HeldVessels] | None = None,
    cancel: CancelToken | None = None,
) -> PartsApart:
    """Cut surfaces (closed or open, LPS mm) by regions; what several take belongs to the first.

    cut: the patches of the same regions. middle_mm: (3,) of the organ, that a part goes away from where its cut has no
    side. held: of surfaces that reach out of the organ, by name: what of them goes with a part.
    Raises Cancelled.
    """
    pieces: dict[str, dict[int, SurfaceMesh]] = {}
    for name, mesh in surfaces.items():
        if cancel is not None:
            cancel.raise_if_set()
        pieces[name] = split_surface(mesh, regions, None if held is None else held.get(name))
    faces = {number + 1: face for number in range(len(regions)) if (face := _face(cut, number)) is not None}
    ways = {number + 1: _way(faces.get(number + 1), pieces, number + 1, middle_mm) for number in range(len(regions))}
    return PartsApart(pieces, faces, ways)


def split_surface(
    mesh: SurfaceMesh, regions: Sequence[Region], held: HeldVessels | None = None
) -> dict[int, SurfaceMesh]:
    """A surface's pieces: 0 what no region takes, n what the n-th takes first. Pieces without triangles are left out.

    held: nothing beyond it is taken.
    """
    rest_points, rest = mesh.points_mm, mesh.triangles.astype(np.intp)
    found: dict[int, SurfaceMesh] = {}
    for number, region in enumerate(regions, start=1):
        if not len(rest):
            break
        signed = region.signed_mm(rest_points)
        if held is not None:
            signed = np.where(held.contains(rest_points), signed, np.minimum(signed, -BESIDE_MM))
        taken_points, taken = clipped(rest_points, rest, signed)
        if len(taken):
            found[number] = SurfaceMesh(taken_points, taken.astype(np.int32))
        rest_points, rest = clipped(rest_points, rest, np.where(signed > 0.0, -signed, np.maximum(-signed, 1e-9)))
    if len(rest):
        found[0] = SurfaceMesh(rest_points, rest.astype(np.int32))
    return found


def _face(cut: CutMap, number: int) -> tuple[SurfaceMesh, FloatArray] | None:
    own = cut.mesh.triangles[(cut.cut_of[cut.mesh.triangles] == number).all(axis=1)]
    if not len(own):
        return None
    used, renumbered = np.unique(own, return_inverse=True)
    mesh = SurfaceMesh(cut.mesh.points_mm[used], renumbered.reshape(-1, 3).astype(np.int32))
    return mesh, cut.values_mm[used]


def _way(
    face: tuple[SurfaceMesh, FloatArray] | None,
    pieces: Mapping[str, Mapping[int, SurfaceMesh]],
    part: int,
    middle_mm: Vector,
) -> Vector:
    """The mean way the cut's front looks, weighted by area; away from the organ's middle where it looks all round."""
    if face is not None:
        corners = face[0].points_mm[face[0].triangles]
        normals = 0.5 * np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        total = normals.sum(axis=0)
        if np.linalg.norm(total) > ONE_SIDED * np.linalg.norm(normals, axis=1).sum():
            return unit(total)
    largest = max(
        (own[part] for own in pieces.values() if part in own), key=lambda one: len(one.triangles), default=None
    )
    away = np.zeros(3) if largest is None else largest.points_mm.mean(axis=0) - middle_mm
    return unit(away) if float(np.linalg.norm(away)) > 1.0 else np.array((-1.0, 0.0, 0.0))
