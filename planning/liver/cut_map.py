"""The cut surface as triangles with its distance to the nearest tumour: the coloured map in 3D.

A picture, not a measurement: the plan's margin comes from `planning.liver.margin`. The patch is the part of each cut
that lies inside the organ and that no other resection removes, its rim drawn smoothly between voxels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.liver.margin import MarginTarget, signed_beside_mm
from planning.liver.regions import Region
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken
from planning.volume import Mask

STEP_MM = 1.5
RIM_ROUNDS = 3
EXACT_BELOW_MM = 12.0
"""Farther away the distance to the surface's points is the distance to the surface within 0.1 mm."""

IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class CutMap:
    """The cut inside the organ: mesh in LPS mm, its front towards what is removed; values_mm (V,), negative in tumour;
    cut_of (V,): number of the resection that each point belongs to.

    With no tumour all values are infinite; with no cut in the organ the mesh is empty.
    """

    mesh: SurfaceMesh
    values_mm: FloatArray
    cut_of: IntArray


def map_cut(
    organ: Mask,
    regions: Sequence[Region],
    targets: Sequence[MarginTarget],
    *,
    step_mm: float = STEP_MM,
    cancel: CancelToken | None = None,
) -> CutMap:
    """The boundary of what the regions remove together, inside the organ, with its margin everywhere.

    step_mm: distance of the net's points. Raises Cancelled.
    """
    points, triangles = np.zeros((0, 3)), np.zeros((0, 3), dtype=np.intp)
    cut_of = np.zeros(0, dtype=np.intp)
    for number, region in enumerate(regions):
        others = [other for n, other in enumerate(regions) if n != number]
        own_points, own_triangles = _patch(organ, region, others, step_mm)
        triangles = np.concatenate([triangles, own_triangles + len(points)])
        points = np.concatenate([points, own_points])
        cut_of = np.concatenate([cut_of, np.full(len(own_points), number, dtype=np.intp)])
    values = np.full(len(points), np.inf)
    for target in targets:
        if cancel is not None:
            cancel.raise_if_set()
        values = np.minimum(values, _distance_mm(target, points))
    return CutMap(SurfaceMesh(points, triangles.astype(np.int32)), values, cut_of)


def _patch(organ: Mask, region: Region, others: Sequence[Region], step_mm: float) -> tuple[FloatArray, IntArray]:
    """One region's share of the cut; its rim is where the organ, evened a little, is half full."""
    from scipy import ndimage

    nk, nj, ni = organ.voxels.shape
    corners = np.array(np.meshgrid((-0.5, ni - 0.5), (-0.5, nj - 0.5), (-0.5, nk - 0.5))).reshape(3, -1).T
    mesh = region.surface(organ.box_grid.to_world(corners), step_mm)
    points = mesh.points_mm
    index = organ.box_grid.to_index(points)[:, ::-1].T
    occupied = ndimage.map_coordinates(organ.voxels.view(np.uint8), index, np.float64, order=1, mode="constant")
    inside = _evened(occupied, mesh.triangles) - 0.5
    for other in others:
        inside = np.minimum(inside, -signed_beside_mm(region, other, points) / step_mm)
    return clipped(points, mesh.triangles.astype(np.intp), inside)


def _evened(values: FloatArray, triangles: npt.NDArray[np.int32]) -> FloatArray:
    """Values of a net's points averaged with their neighbours', so that a rim does not show the voxels' steps."""
    for _ in range(RIM_ROUNDS):
        total, weight = values.copy(), np.ones(len(values))
        means = values[triangles].mean(axis=1)
        for corner in range(3):
            total += np.bincount(triangles[:, corner], weights=means, minlength=len(values))
            weight += np.bincount(triangles[:, corner], minlength=len(values))
        values = total / weight
    return values


def clipped(points: FloatArray, triangles: IntArray, inside: FloatArray) -> tuple[FloatArray, IntArray]:
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
