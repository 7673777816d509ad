"""How thick a part is: along rays through its material and by the largest balls that fit into it, with the places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.checks import locator_of
from planning.printing.faults import Fault, Place, groups_of, place

MOST_SAMPLES, MOST_MIDDLES = 15_000, 8_000
MOST_SPREAD, MOST_MIDDLES_OF_THIN = 1_000_000, 200_000
FINEST_STEP_MM = 0.5
# balls are tried up to this; thicker walls are measured by rays alone
MOST_BALL_MM = 6.0
# two faces bound a wall where their normals are at least 120 degrees apart, and more than an edge where at least 150
BOUNDS, FACES = 0.5, 0.87
# rays and balls begin this far under the surface
SKIN_MM = 1e-3
# a triangle less high than this has no direction to rely on
FLAT_MM = 2e-3
MOST_REGIONS = 20
CLOSER_LOOKS, CLOSER_POINTS, CLOSER_MM = 12, 200, 0.8
SHARE_STEP_MM, SHARE_STEPS = 0.1, 60


@dataclass(frozen=True, slots=True, eq=False)
class Thickness:
    """(N,) thicknesses. at_mm: (N, 3) the middle of the wall, LPS mm. facing: (N,) minus the cosine between the two faces'
    normals, 1 for a plate. area_mm2: (N,) of the surface that each stands for, 0 for those that only look closer.
    """

    mm: FloatArray
    at_mm: FloatArray
    facing: FloatArray
    area_mm2: FloatArray

    def chosen(self, rows: npt.NDArray[Any]) -> Thickness:
        """Some of them."""
        return Thickness(self.mm[rows], self.at_mm[rows], self.facing[rows], self.area_mm2[rows])


@dataclass(frozen=True, slots=True)
class Walls:
    """What a part's walls are. The least and the 1st percentile of its surface, with places; the area of the wall under the
    limit (half of its two faces); and the thin places one by one, the largest first. shares: of the measured surface, per
    tenth of a millimetre from 0 to 6 mm; what is missing to 1 is thicker.
    """

    least_mm: float
    least_at: Place
    percentile_mm: float
    percentile_at: Place
    limit_mm: float
    thin_mm2: float
    faults: tuple[Fault, ...]
    shares: tuple[float, ...] = ()


def walls(mesh: SurfaceMesh, limit_mm: float) -> Walls | None:
    """The walls of a closed surface; None where no ray meets a far side.

    The thickness at a point of the surface is the smaller of two: the length of the ray inwards to the next face, and the
    diameter of the largest ball inside that touches the surface there. Both count only where the face on the other side
    looks away by 120° or more, so that a convex edge is no thin wall. `least_mm` leaves out what is under 150°: the rim
    of a wedge over 30° runs out to nothing and is an edge, not a wall; such places are faults of the kind "thin_edge".
    """
    if not len(mesh.triangles):
        return None
    probe = _Probe(mesh)
    if not probe.is_good.any():
        return None
    points, normals, area = _samples(mesh, probe)
    found = probe.thickness(points, normals, area, limit_mm)
    if not len(found.mm):
        return None
    found = _joined(found, _closer(probe, found, limit_mm))
    wall = found.facing >= FACES
    least = found.chosen(wall if wall.any() else np.ones(len(wall), dtype=bool))
    lowest = int(least.mm.argmin())
    # of a large part without walls, with a crumb beside it, only the crumb's triangles were met
    even = found.chosen(found.area_mm2 > 0.0) if found.area_mm2.any() else found
    order = np.argsort(even.mm)
    share = np.cumsum(even.area_mm2[order]) / max(float(even.area_mm2.sum()), 1e-12)
    first = int(order[min(int(np.searchsorted(share, 0.01)), len(order) - 1)])
    faults = _thin(found, limit_mm)
    return Walls(
        float(least.mm[lowest]),
        place(least.at_mm[lowest]),
        float(even.mm[first]),
        place(even.at_mm[first]),
        limit_mm,
        float(0.5 * even.area_mm2[(even.mm < limit_mm) & (even.facing >= FACES)].sum()),
        faults,
        _shares(even),
    )


def _shares(even: Thickness) -> tuple[float, ...]:
    numbers = np.floor(even.mm / SHARE_STEP_MM + 1e-9).astype(np.int64)
    areas = np.bincount(np.minimum(numbers, SHARE_STEPS), even.area_mm2, minlength=SHARE_STEPS + 1)
    return tuple(float(value) for value in areas[:SHARE_STEPS] / max(float(areas.sum()), 1e-12))


def thin_middles(mesh: SurfaceMesh, limit_mm: float) -> tuple[FloatArray, float]:
    """((N, 3) middles of the walls under the limit, a sixth of the limit apart or nearer, the least thickness).

    Of walls only: what runs out to an edge is left out. Very large thin areas have their middles farther apart.
    """
    from scipy.spatial import cKDTree

    probe = _Probe(mesh)
    points, normals, area = _samples(mesh, probe)
    found = probe.thickness(points, normals, area, limit_mm)
    found = _joined(found, _closer(probe, found, limit_mm)) if len(found.mm) else found
    thin = found.chosen((found.mm < limit_mm) & (found.facing >= FACES))
    if not len(thin.mm):
        return np.zeros((0, 3)), limit_mm
    # all triangles that may bound a thin wall: those that reach within a few samples of one that was met
    reach = limit_mm + 2.0 * float(np.sqrt(found.area_mm2.max(initial=0.0)))
    corners = mesh.points_mm[mesh.triangles]
    middle = corners.mean(axis=1)
    size = np.linalg.norm(corners - middle[:, None], axis=2).max(axis=1)
    away, _ = cKDTree(thin.at_mm).query(middle)
    near = np.flatnonzero((away < reach + size) & probe.is_good)
    count = int(np.clip(probe.areas[near].sum() / (limit_mm / 6.0) ** 2, 500, MOST_SPREAD))
    generator = np.random.default_rng(17)
    chosen, at = _spread(corners[near], probe.areas[near], count, generator)
    # of a cut's face one triangle reaches far beyond what is thin
    own = np.flatnonzero(cKDTree(thin.at_mm).query(at, distance_upper_bound=reach)[0] < reach)
    own = own[:: max(1, -(-len(own) // MOST_MIDDLES_OF_THIN))]
    dense = probe.thickness(at[own], probe.normals[near[chosen[own]]], np.zeros(len(own)), limit_mm)
    dense = dense.chosen((dense.mm < limit_mm) & (dense.facing >= FACES))
    return np.concatenate([thin.at_mm, dense.at_mm]), float(np.concatenate([thin.mm, dense.mm]).min())


def _spread(
    corners: FloatArray, areas: FloatArray, count: int, generator: np.random.Generator
) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """((N,) triangle numbers, (N, 3) points) evenly over the area of (T, 3, 3) triangles."""
    total = float(areas.sum())
    marks = (np.arange(count) + generator.random(count)) * (total / count)
    chosen = np.minimum(np.searchsorted(np.cumsum(areas), marks), len(areas) - 1)
    a, b = np.sqrt(generator.random(count)), generator.random(count)
    weights = np.stack([1 - a, a * (1 - b), a * b], axis=1)
    return chosen, np.einsum("ij,ijk->ik", weights, corners[chosen])


def _thin(found: Thickness, limit_mm: float) -> tuple[Fault, ...]:
    """Each place under the limit, by its least, the largest areas first."""
    thin = found.chosen(found.mm < limit_mm)
    if not len(thin.mm):
        return ()
    step = float(np.sqrt(thin.area_mm2.max(initial=1.0)))
    groups = groups_of(thin.at_mm, max(2.0 * limit_mm, 1.5 * step))
    faults = []
    for group in range(int(groups.max()) + 1):
        mine = thin.chosen(groups == group)
        wall = mine.facing >= FACES
        kind = "thin_wall" if wall.mean() >= 0.5 else "thin_edge"
        told = mine.chosen(wall) if kind == "thin_wall" else mine
        lowest = int(told.mm.argmin())
        area = 0.5 * float(mine.area_mm2.sum())
        fix = "thicken" if kind == "thin_wall" else ""
        faults.append(
            Fault(kind, float(told.mm[lowest]), "mm", place(told.at_mm[lowest]), limit_mm, len(mine.mm), area, fix)
        )
    return tuple(sorted(faults, key=lambda fault: (fault.kind != "thin_wall", -(fault.area_mm2 or 0.0)))[:MOST_REGIONS])


def _samples(mesh: SurfaceMesh, probe: _Probe) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(points, outward normals, area each stands for): evenly over the area, and the middle of triangles besides."""
    generator = np.random.default_rng(11)
    corners = mesh.points_mm[mesh.triangles]
    areas = np.where(probe.is_good, probe.areas, 0.0)
    total = float(areas.sum())
    count = int(np.clip(total / FINEST_STEP_MM**2, 500, MOST_SAMPLES))
    chosen, even = _spread(corners, areas, count, generator)
    good = np.flatnonzero(probe.is_good)
    middle = good[np.linspace(0, len(good) - 1, min(MOST_MIDDLES, len(good))).astype(int)] if len(good) else good
    points = np.concatenate([even, corners[middle].mean(axis=1)])
    stands = np.concatenate([np.full(count, total / count), np.zeros(len(middle))])
    return points, probe.normals[np.concatenate([chosen, middle])], stands


def _closer(probe: _Probe, found: Thickness, limit_mm: float) -> Thickness:
    """More points round the lowest places, so that the least is not one that the samples happened to miss."""
    order = np.argsort(np.where(found.facing >= FACES, found.mm, found.mm + 1e6))
    looks: list[FloatArray] = []
    for n in order[:4000].tolist():
        if all(np.linalg.norm(found.at_mm[n] - other) > CLOSER_MM for other in looks):
            looks.append(found.at_mm[n])
        if len(looks) == CLOSER_LOOKS:
            break
    generator = np.random.default_rng(13)
    away = generator.normal(size=(CLOSER_POINTS, 3))
    away *= CLOSER_MM * generator.random((CLOSER_POINTS, 1)) ** (1 / 3) / np.linalg.norm(away, axis=1, keepdims=True)
    points, cells = probe.on_surface(np.concatenate([look + away for look in looks]))
    good = probe.is_good[cells]
    return probe.thickness(points[good], probe.normals[cells[good]], np.zeros(int(good.sum())), limit_mm)


def _joined(one: Thickness, two: Thickness) -> Thickness:
    return Thickness(
        np.concatenate([one.mm, two.mm]),
        np.concatenate([one.at_mm, two.at_mm]),
        np.concatenate([one.facing, two.facing]),
        np.concatenate([one.area_mm2, two.area_mm2]),
    )


class _Probe:
    """A surface that answers rays and balls."""

    def __init__(self, mesh: SurfaceMesh) -> None:
        corners = mesh.points_mm[mesh.triangles]
        sides = np.roll(corners, -1, axis=1) - corners
        cross = np.cross(sides[:, 0], sides[:, 1])
        double = np.linalg.norm(cross, axis=1)
        self.areas = 0.5 * double
        self.normals = cross / np.maximum(double, 1e-300)[:, None]
        self.is_good = double > FLAT_MM * np.linalg.norm(sides, axis=2).max(axis=1)
        self.reach_mm = float(np.linalg.norm(np.ptp(mesh.points_mm, axis=0))) + 1.0
        self._locator, self._surface = locator_of(mesh)

    def on_surface(self, points_mm: FloatArray) -> tuple[FloatArray, npt.NDArray[np.int64]]:
        """((N, 3) nearest points, (N,) their triangles)."""
        from vtkmodules.vtkCommonCore import mutable
        from vtkmodules.vtkCommonDataModel import vtkGenericCell

        cell, number, part, squared, nearest = vtkGenericCell(), mutable(0), mutable(0), mutable(0.0), [0.0] * 3
        places, numbers = np.empty_like(points_mm), np.empty(len(points_mm), dtype=np.int64)
        for n, point in enumerate(points_mm.tolist()):
            self._locator.FindClosestPoint(point, nearest, cell, number, part, squared)
            places[n], numbers[n] = nearest, int(number)
        return places, numbers

    def thickness(self, points: FloatArray, normals: FloatArray, area: FloatArray, limit_mm: float) -> Thickness:
        """What can be measured at points of the surface with outward normals; the others are left out."""
        rays, far = self._rays(points, normals)
        facing = np.where(far >= 0, -np.einsum("ij,ij->i", normals, self.normals[far]), 0.0)
        by_ray = np.where((far >= 0) & (facing > BOUNDS), rays, np.inf)
        most = float(np.clip(2.0 * limit_mm, 3.0, MOST_BALL_MM))
        by_ball, ball_facing = self._balls(points, normals, np.minimum(np.where(far >= 0, rays, np.inf), most))
        # a ball as large as it was tried says nothing
        by_ball = np.where(by_ball < most - 1e-9, by_ball, np.inf)
        mm = np.minimum(by_ray, by_ball)
        facing = np.where(by_ball < by_ray, ball_facing, facing)
        rows = np.isfinite(mm)
        at = points[rows] - 0.5 * mm[rows, None] * normals[rows]
        return Thickness(mm[rows], at, facing[rows], area[rows])

    def _rays(self, points: FloatArray, normals: FloatArray) -> tuple[FloatArray, npt.NDArray[np.int64]]:
        """((N,) lengths to the next face inwards, (N,) its triangle or −1)."""
        from vtkmodules.vtkCommonCore import mutable

        t, where, local, sub, cell = mutable(0.0), [0.0] * 3, [0.0] * 3, mutable(0), mutable(0)
        length, far = np.full(len(points), np.inf), np.full(len(points), -1, dtype=np.int64)
        starts, ends = points - SKIN_MM * normals, points - self.reach_mm * normals
        cross = self._locator.IntersectWithLine
        for n, (start, end) in enumerate(zip(starts.tolist(), ends.tolist())):
            if cross(start, end, 1e-6, t, where, local, sub, cell):
                length[n] = float(t) * (self.reach_mm - SKIN_MM) + SKIN_MM
                far[n] = int(cell)
        return length, far

    def _balls(self, points: FloatArray, normals: FloatArray, most_mm: FloatArray) -> tuple[FloatArray, FloatArray]:
        """((N,) diameters of the largest inner balls of at most `most_mm` that touch the surface in the points, (N,) how
        squarely the other side faces); infinite where an edge stops the ball before another side does.

        The ball shrinks until no face lies in it: a face met in the ball at q with normal m leaves the radius
        m·(q − p) / (1 − m·n), the ball that touches its plane.
        """
        from vtkmodules.vtkCommonCore import mutable
        from vtkmodules.vtkCommonDataModel import vtkGenericCell

        cell, number, part, squared, nearest = vtkGenericCell(), mutable(0), mutable(0), mutable(0.0), [0.0] * 3
        diameters, faces = np.full(len(points), np.inf), np.zeros(len(points))
        inside = self._locator.FindClosestPointWithinRadius
        towards = self.normals
        rows = zip(points.tolist(), normals.tolist(), (0.5 * most_mm).tolist())
        for n, ((px, py, pz), (nx, ny, nz), radius) in enumerate(rows):
            facing = 0.0
            for _ in range(20):
                center = (px - radius * nx, py - radius * ny, pz - radius * nz)
                if not inside(center, 0.999 * radius, nearest, cell, number, part, squared):
                    diameters[n], faces[n] = 2.0 * radius, facing
                    break
                mx, my, mz = towards[int(number)].tolist()
                facing = -(mx * nx + my * ny + mz * nz)
                if facing <= BOUNDS:
                    break
                qx, qy, qz = nearest[0] - px, nearest[1] - py, nearest[2] - pz
                smaller = (mx * qx + my * qy + mz * qz) / (1.0 + facing)
                radius = min(0.999 * radius, smaller) if smaller > 0.0 else 0.5 * radius
        return diameters, faces
