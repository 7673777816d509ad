"""The cut surface as triangles with its distance to the nearest tumour: the coloured map in 3D.

A picture, not a measurement: the plan's margin comes from `planning.liver.margin`. The patch is the part of each plane
that lies inside the organ and that no other plane removes, its rim drawn smoothly between voxels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Plane, plane_basis
from planning.liver.margin import MarginTarget
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken
from planning.volume import Mask

STEP_MM = 1.5
RIM_SMOOTHING_STEPS = 0.8
EXACT_BELOW_MM = 12.0
"""Farther away the distance to the surface's points is the distance to the surface within 0.1 mm."""

IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class CutMap:
    """The cut inside the organ: mesh in LPS mm, its front towards what is removed; values_mm (V,), negative in tumour.

    With no tumour all values are infinite; with no cut in the organ the mesh is empty.
    """

    mesh: SurfaceMesh
    values_mm: FloatArray


def map_cut(
    organ: Mask,
    planes: Sequence[Plane],
    targets: Sequence[MarginTarget],
    *,
    step_mm: float = STEP_MM,
    cancel: CancelToken | None = None,
) -> CutMap:
    """The boundary of what the planes remove together, inside the organ, with its margin everywhere.

    planes: normals towards the removed side. step_mm: distance of the net's points. Raises Cancelled.
    """
    points, triangles = np.zeros((0, 3)), np.zeros((0, 3), dtype=np.intp)
    for number, plane in enumerate(planes):
        others = [other for n, other in enumerate(planes) if n != number]
        own_points, own_triangles = _patch(organ, plane, others, step_mm)
        triangles = np.concatenate([triangles, own_triangles + len(points)])
        points = np.concatenate([points, own_points])
    values = np.full(len(points), np.inf)
    for target in targets:
        if cancel is not None:
            cancel.raise_if_set()
        values = np.minimum(values, _distance_mm(target, points))
    return CutMap(SurfaceMesh(points, triangles.astype(np.int32)), values)


def _patch(organ: Mask, plane: Plane, others: Sequence[Plane], step_mm: float) -> tuple[FloatArray, IntArray]:
    from scipy import ndimage

    right, down = plane_basis(plane.normal)
    if np.cross(right, down) @ plane.normal < 0.0:
        right, down = down, right
    nk, nj, ni = organ.voxels.shape
    corners = np.array(np.meshgrid((-0.5, ni - 0.5), (-0.5, nj - 0.5), (-0.5, nk - 0.5))).reshape(3, -1).T
    offsets = organ.box_grid.to_world(corners) - plane.origin_mm
    first = np.floor([(offsets @ right).min() / step_mm, (offsets @ down).min() / step_mm]) - 2
    last = np.ceil([(offsets @ right).max() / step_mm, (offsets @ down).max() / step_mm]) + 2
    across, along = (np.arange(int(n)) for n in last - first + 1)
    corner = plane.origin_mm + step_mm * (first[0] * right + first[1] * down)
    points = (corner + step_mm * (across[:, None, None] * right + along[:, None] * down)).reshape(-1, 3)
    index = organ.box_grid.to_index(points)[:, ::-1].T
    occupied = ndimage.map_coordinates(organ.voxels.view(np.uint8), index, np.float32, order=1, mode="constant")
    smooth = ndimage.gaussian_filter(occupied.reshape(len(across), len(along)), RIM_SMOOTHING_STEPS)
    inside = smooth.reshape(-1).astype(np.float64) - 0.5
    for other in others:
        inside = np.minimum(inside, -other.signed_distance_mm(points) / step_mm)
    return _clipped(points, _net(len(across), len(along)), inside)


def _net(rows: int, columns: int) -> IntArray:
    """Two triangles for each cell of a net of points numbered row by row."""
    number = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (part.reshape(-1) for part in (number[:-1, :-1], number[1:, :-1], number[:-1, 1:], number[1:, 1:]))
    return np.concatenate([np.stack([a, b, d], axis=1), np.stack([a, d, c], axis=1)])


def _clipped(points: FloatArray, triangles: IntArray, inside: FloatArray) -> tuple[FloatArray, IntArray]:
    """The part of a triangle net where `inside` (linear on each triangle) is above zero; shared points stay shared."""
    held = inside > 0.0
    count = held[triangles].sum(axis=1)
    whole = triangles[count == 3]
    one = _turned(triangles[count == 1], held, True)
    two = _turned(triangles[count == 2], held, False)
    edges = np.concatenate([one[:, (0, 1)], one[:, (0, 2)], two[:, (0, 1)], two[:, (0, 2)]])
    unique, inverse = np.unique(np.sort(edges, axis=1), axis=0, return_inverse=True)
    start, end = inside[unique[:, 0]], inside[unique[:, 1]]
    share = start / (start - end)
    rim = points[unique[:, 0]] + share[:, None] * (points[unique[:, 1]] - points[unique[:, 0]])
    number = inverse.reshape(-1) + len(points)
    n1, n2 = len(one), len(two)
    left, right = number[:n1], number[n1 : 2 * n1]
    tip, other_tip = number[2 * n1 : 2 * n1 + n2], number[2 * n1 + n2 :]
    cut = np.concatenate(
        [
            whole,
            np.stack([one[:, 0], left, right], axis=1),
            np.stack([tip, two[:, 1], two[:, 2]], axis=1),
            np.stack([tip, two[:, 2], other_tip], axis=1),
        ]
    )
    used, renumbered = np.unique(cut, return_inverse=True)
    return np.concatenate([points, rim])[used], renumbered.reshape(-1, 3)


def _turned(triangles: IntArray, held: npt.NDArray[np.bool_], which: bool) -> IntArray:
    """Each triangle with its one corner that is (`which` True) or is not held in front, the winding kept."""
    front = (held[triangles] == which).argmax(axis=1)
    return np.take_along_axis(triangles, (front[:, None] + np.arange(3)) % 3, axis=1)


def _distance_mm(target: MarginTarget, points_mm: FloatArray) -> FloatArray:
    """(N,) signed distances of the points to one tumour; exact near it."""
    if not len(points_mm):
        return np.zeros(0)
    distance = np.asarray(target.tree.query(points_mm)[0], dtype=np.float64)
    near = np.flatnonzero(distance < EXACT_BELOW_MM)
    if near.size:
        distance[near] = target.nearest(points_mm[near])[0]
    inner = np.flatnonzero((distance >= EXACT_BELOW_MM) & (distance < target.reach_mm))
    if inner.size:
        distance[inner] *= np.where(target.surface.is_inside(points_mm[inner]), -1.0, 1.0)
    return distance
