"""A part cut by a plane through a place, laid flat: what a close look at a thin wall shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.geometry import FloatArray, Vector, unit
from planning.mesh import SurfaceMesh

# what lies this near to the place tells which way the part runs there
NEAR_MM, SPREAD = 4.0, 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """The plane of a close look: at_mm its middle, along the way the part runs, across the way through its wall. LPS mm."""

    at_mm: Vector
    along: Vector
    across: Vector

    @property
    def normal(self) -> Vector:
        """Of the plane."""
        return np.cross(self.along, self.across)

    def flat_mm(self, points_mm: FloatArray) -> FloatArray:
        """(..., 2) along and across of (..., 3) points."""
        away = np.asarray(points_mm) - self.at_mm
        return np.stack([away @ self.along, away @ self.across], axis=-1)


def look_at(mesh: SurfaceMesh, at_mm: FloatArray) -> Looked:
    """The plane through a place that holds the shortest way out of the part and the way the part runs there."""
    at = np.asarray(at_mm, dtype=np.float64)
    points, normals = _round(mesh, at)
    away = np.linalg.norm(points - at, axis=1)
    across = unit(normals[int(away.argmin())])
    near = points[away < max(NEAR_MM, 1.5 * float(away.min()))]
    spread = near - near.mean(axis=0)
    spread -= np.outer(spread @ across, across)
    _, _, ways = np.linalg.svd(spread, full_matrices=False)
    along = ways[0] - (ways[0] @ across) * across
    along = unit(along) if np.linalg.norm(along) > 1e-6 else _beside(across)
    # the thicker side to the left, so that tips point to the right
    if float((near - at).mean(axis=0) @ along) > 0.0:
        along = -along
    return Looked(at, along, across)


def _round(mesh: SurfaceMesh, at: FloatArray) -> tuple[FloatArray, FloatArray]:
    """((N, 3) points spread by area over the triangles round a place, (N, 3) their normals)."""
    corners = mesh.points_mm[mesh.triangles]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(cross, axis=1)
    middles = corners.mean(axis=1)
    reach = np.linalg.norm(corners - middles[:, None], axis=2).max(axis=1)
    away = np.linalg.norm(middles - at, axis=1) - reach
    own = np.flatnonzero((away < max(NEAR_MM, float(away.min()) + NEAR_MM)) & (areas > 0.0))
    generator = np.random.default_rng(5)
    chosen = generator.choice(own, size=SPREAD, p=areas[own] / areas[own].sum())
    one, two = np.sqrt(generator.random(SPREAD)), generator.random(SPREAD)
    weights = np.stack([1.0 - one, one * (1.0 - two), one * two], axis=1)
    return np.einsum("ij,ijk->ik", weights, corners[chosen]), cross[chosen]


def _beside(direction: Vector) -> Vector:
    """A direction square to another."""
    other = np.eye(3)[int(np.abs(direction).argmin())]
    return unit(other - (other @ direction) * direction)


def sliced(mesh: SurfaceMesh, looked: Looked) -> FloatArray:
    """(N, 2, 2) ends of the straight pieces where the plane crosses the surface, along and across in mm; the solid lies to
    the left of each from its first to its second end, as seen with `along` to the right and `across` upwards."""
    normal = looked.normal
    heights = (mesh.points_mm - looked.at_mm) @ normal
    # a corner in the plane itself belongs to one side, so that every crossing has two ends
    above = heights[mesh.triangles] >= 0.0
    crossed = np.flatnonzero(above.any(axis=1) & ~above.all(axis=1))
    if not len(crossed):
        return np.zeros((0, 2, 2))
    triangles, above = mesh.triangles[crossed], above[crossed]
    # turned so that the corner that is alone on its side comes first
    alone = np.where(above.sum(axis=1, keepdims=True) == 1, above, ~above).argmax(axis=1)
    order = (alone[:, None] + np.arange(3)) % 3
    a, b, c = np.take_along_axis(triangles, order, axis=1).T
    first = _crossing(mesh.points_mm, heights, a, b)
    second = _crossing(mesh.points_mm, heights, a, c)
    is_up = np.take_along_axis(above, alone[:, None], axis=1)[:, 0]
    flat = looked.flat_mm(np.stack([first, second], axis=1))
    flat[~is_up] = flat[~is_up][:, ::-1]
    # one that only touches the plane with a corner has no length
    return np.asarray(flat[np.linalg.norm(flat[:, 1] - flat[:, 0], axis=1) > 1e-9])


def _crossing(points: FloatArray, heights: FloatArray, one: FloatArray, two: FloatArray) -> FloatArray:
    share = heights[one] / (heights[one] - heights[two])
    return np.asarray(points[one] + share[:, None] * (points[two] - points[one]))


def outlines(pieces: FloatArray) -> list[FloatArray]:
    """Closed curves (N, 2) of the straight pieces, each piece's second end being the next one's first; open ends are left
    as they are."""
    if not len(pieces):
        return []
    keys = np.round(pieces, 6)
    starts: dict[tuple[float, float], list[int]] = {}
    for number, (x, y) in enumerate(keys[:, 0].tolist()):
        starts.setdefault((x, y), []).append(number)
    used = np.zeros(len(pieces), dtype=bool)
    found = []
    for number in range(len(pieces)):
        if used[number]:
            continue
        curve, at = [pieces[number, 0]], number
        while not used[at]:
            used[at] = True
            curve.append(pieces[at, 1])
            x, y = keys[at, 1].tolist()
            after = [other for other in starts.get((x, y), ()) if not used[other]]
            if not after:
                break
            at = after[0]
        found.append(np.array(curve))
    return found
