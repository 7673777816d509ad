"""The resection margin: least distance from a tumour's sub-voxel surface to the cut inside the organ.

Definition: m = min over x in S ∩ O of d(x, ∂T), where S is the boundary of what is removed altogether (parts of one
plane that lie in another's removed region do not count), O the organ and ∂T the tumour's sub-voxel surface. Where S
passes through the tumour the margin is negative: minus the deepest place of the cut inside it.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Plane, Vector, plane_basis
from planning.liver.organ import BoolArray, OrganLookup
from planning.liver.resection import SIDE_TOLERANCE_MM
from planning.liver.subvoxel import SubvoxelSurface
from planning.liver.tumors import Tumor

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

SAMPLE_STEP_MM = 1.0
CELL_STEPS = 5
REFINED_STEPS_MM = (0.35, 0.1)
REFINED_REACH = 3
REFINED_STARTS = 3
NEAREST_VERTICES = 5
CALIBRATION = "liver_margin_calibration.json"


@dataclass(frozen=True, slots=True, eq=False)
class MarginTarget:
    """A tumour's surface made ready for distances.

    tree: over the surface's points. triangles_of, first_of: triangle numbers around each point, CSR.
    reach_mm: greatest distance of a point from `center_mm`.
    """

    tumor: Tumor
    tree: cKDTree
    triangles_of: npt.NDArray[np.intp]
    first_of: npt.NDArray[np.intp]
    center_mm: Vector
    reach_mm: float

    @classmethod
    def of(cls, tumor: Tumor) -> MarginTarget:
        """The target of one tumour."""
        from scipy.spatial import cKDTree

        points, triangles = tumor.surface.mesh.points_mm, tumor.surface.mesh.triangles
        order = np.argsort(triangles.reshape(-1), kind="stable")
        first = np.searchsorted(triangles.reshape(-1)[order], np.arange(len(points) + 1))
        center = points.mean(axis=0)
        return cls(
            tumor, cKDTree(points), order // 3, first, center, float(np.linalg.norm(points - center, axis=1).max())
        )

    @property
    def surface(self) -> SubvoxelSurface:
        """The tumour's surface."""
        return self.tumor.surface

    def nearest(self, points_mm: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(N,) signed distances of (N, 3) points to the surface (negative inside), (N, 3) nearest surface points."""
        _, vertices = self.tree.query(points_mm, k=min(NEAREST_VERTICES, len(self.surface.mesh.points_mm)))
        vertices = np.asarray(vertices).reshape(len(points_mm), -1)
        owner = np.repeat(np.arange(len(points_mm)), vertices.shape[1])
        counts = (self.first_of[1:] - self.first_of[:-1])[vertices.reshape(-1)]
        within_group = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        rows = np.repeat(self.first_of[vertices.reshape(-1)], counts) + within_group
        owner = np.repeat(owner, counts)
        corners = self.surface.mesh.points_mm[self.surface.mesh.triangles[self.triangles_of[rows]]]
        found = _nearest_on_triangles(points_mm[owner], corners)
        squared = ((found - points_mm[owner]) ** 2).sum(axis=1)
        order = np.lexsort((squared, owner))
        best = order[np.searchsorted(owner[order], np.arange(len(points_mm)))]
        sign = np.where(self.surface.is_inside(points_mm), -1.0, 1.0)
        return sign * np.sqrt(squared[best]), found[best]


def _nearest_on_triangles(points: FloatArray, corners: FloatArray) -> FloatArray:
    """(N, 3) nearest point of each triangle (N, 3, 3) to each of (N, 3) points."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    normal = np.cross(b - a, c - a)
    area = np.maximum((normal**2).sum(axis=1), 1e-30)
    foot = points - (((points - a) * normal).sum(axis=1) / area)[:, None] * normal
    inside = np.ones(len(points), dtype=bool)
    best = foot
    best_squared = np.full(len(points), np.inf)
    for start, end in ((a, b), (b, c), (c, a)):
        edge = end - start
        inside &= (np.cross(edge, foot - start) * normal).sum(axis=1) >= 0.0
        along = ((points - start) * edge).sum(axis=1) / np.maximum((edge**2).sum(axis=1), 1e-30)
        on_edge = start + np.clip(along, 0.0, 1.0)[:, None] * edge
        squared = ((on_edge - points) ** 2).sum(axis=1)
        best = np.where((squared < best_squared)[:, None], on_edge, best)
        best_squared = np.minimum(best_squared, squared)
    return np.asarray(np.where(inside[:, None], foot, best))


@dataclass(frozen=True, slots=True, eq=False)
class TumorMargin:
    """One tumour's margin: the number, its place on the cut, its place on the tumour, and which plane it is."""

    tumor_id: int
    minimum_mm: float
    at_mm: Vector
    tumor_at_mm: Vector
    plane_index: int


@dataclass(frozen=True, slots=True, eq=False)
class CutSurface:
    """The boundary of what several planes remove, inside the organ. Normals point to the removed sides."""

    planes: tuple[Plane, ...]
    organ: OrganLookup
    corners_mm: FloatArray

    def holds(self, plane_index: int, points_mm: FloatArray) -> BoolArray:
        """(N,) True for points of one plane that lie in the organ and that no other plane removes."""
        held = self.organ.contains(points_mm)
        for number, other in enumerate(self.planes):
            if number != plane_index:
                held &= other.signed_distance_mm(points_mm) <= SIDE_TOLERANCE_MM
        return held

    def samples(self, plane_index: int) -> PlaneSamples:
        """One plane's share of the surface on a 1 mm net."""
        plane = self.planes[plane_index]
        right, down = plane_basis(plane.normal)
        offsets = self.corners_mm - plane.origin_mm
        first = np.floor([(offsets @ right).min(), (offsets @ down).min()])
        count = np.ceil([(offsets @ right).max(), (offsets @ down).max()]) - first + 1
        across, along = (np.arange(int(n)) for n in count)
        corner = plane.origin_mm + first[0] * right + first[1] * down
        points = corner + SAMPLE_STEP_MM * (across[:, None, None] * right + along[:, None] * down).reshape(-1, 3)
        held = self.holds(plane_index, points)
        width = int(along[-1]) // CELL_STEPS + 1
        cell = ((across // CELL_STEPS)[:, None] * width + along // CELL_STEPS).reshape(-1)[held]
        cells, cell_of = np.unique(cell, return_inverse=True)
        middle = SAMPLE_STEP_MM * (CELL_STEPS - 1) / 2.0
        centers = corner + (SAMPLE_STEP_MM * CELL_STEPS * (cells // width) + middle)[:, None] * right
        centers += (SAMPLE_STEP_MM * CELL_STEPS * (cells % width) + middle)[:, None] * down
        return PlaneSamples(points[held], cell_of, centers)


@dataclass(frozen=True, slots=True, eq=False)
class PlaneSamples:
    """Points of a cut surface, grouped in square cells.

    points_mm: (N, 3). cell_of: (N,) cell of each point. centers_mm: (C, 3) cells' middles, maybe off the surface.
    """

    points_mm: FloatArray
    cell_of: npt.NDArray[np.intp]
    centers_mm: FloatArray


def measure_margins(
    cut: CutSurface, targets: Sequence[MarginTarget], *, only_least: bool = False
) -> tuple[TumorMargin | None, ...]:
    """Each tumour's margin against the cut; None where the cut leaves no surface inside the organ.

    only_least: tumours that cannot have the least margin of all are left out (None), for speed.
    """
    samples = functools.cache(cut.samples)
    bounds = [_least_possible_mm(cut, target) if only_least else -np.inf for target in targets]
    margins: list[TumorMargin | None] = [None] * len(targets)
    least_mm = np.inf
    for number in sorted(range(len(targets)), key=bounds.__getitem__):
        if bounds[number] > least_mm:
            break
        found = [_plane_margin(cut, plane, targets[number], samples) for plane in range(len(cut.planes))]
        margin = min((m for m in found if m is not None), key=lambda m: m.minimum_mm, default=None)
        margins[number] = margin
        if margin is not None:
            least_mm = min(least_mm, margin.minimum_mm)
    return tuple(margins)


def _least_possible_mm(cut: CutSurface, target: MarginTarget) -> float:
    """No margin is smaller than the distance to the endless planes; no bound where one passes through the tumour."""
    bound = np.inf
    for plane in cut.planes:
        heights = plane.signed_distance_mm(target.surface.mesh.points_mm)
        bound = min(bound, -np.inf if heights.min() < 0.0 < heights.max() else float(np.abs(heights).min()))
    return float(bound)


def _plane_margin(
    cut: CutSurface, plane_index: int, target: MarginTarget, samples: Callable[[int], PlaneSamples]
) -> TumorMargin | None:
    """The margin against one plane's share: closed form where the nearest point's foot lies on it, else sampled."""
    plane = cut.planes[plane_index]
    points = target.surface.mesh.points_mm
    heights = plane.signed_distance_mm(points)
    crosses = heights.min() < 0.0 < heights.max()
    nearest = int(np.abs(heights).argmin())
    foot = plane.project(points[nearest])
    if not crosses and cut.holds(plane_index, foot[None])[0]:
        return TumorMargin(target.tumor.id, float(abs(heights[nearest])), foot, points[nearest], plane_index)
    found = _sampled_margin(cut, plane_index, target, samples(plane_index))
    if crosses:
        return found
    feet = plane.project(points)
    held = np.flatnonzero(cut.holds(plane_index, feet))
    if held.size:
        best = int(held[np.abs(heights[held]).argmin()])
        if found is None or abs(heights[best]) < found.minimum_mm:
            return TumorMargin(target.tumor.id, float(abs(heights[best])), feet[best], points[best], plane_index)
    return found


def _sampled_margin(
    cut: CutSurface, plane_index: int, target: MarginTarget, samples: PlaneSamples
) -> TumorMargin | None:
    """The least signed distance over a net of points of the cut, refined about the best of them.

    A signed distance changes by no more than the way: cells that cannot hold the least are left out unseen.
    """
    if not len(samples.points_mm):
        return None
    reach = SAMPLE_STEP_MM * (CELL_STEPS - 1) / np.sqrt(2.0)
    from_center = np.linalg.norm(samples.centers_mm - target.center_mm, axis=1)
    cells = np.flatnonzero(from_center <= from_center.min() + 2.0 * (target.reach_mm + reach))
    signed = _signed_to_points(target, samples.centers_mm[cells])
    promising = np.zeros(len(samples.centers_mm), dtype=bool)
    promising[cells[signed <= signed.min() + 2.0 * reach]] = True
    near = samples.points_mm[promising[samples.cell_of]]
    starts = near[np.argsort(_signed_to_points(target, near), kind="stable")[:REFINED_STARTS]]
    right, down = plane_basis(cut.planes[plane_index].normal)
    steps = np.arange(-REFINED_REACH, REFINED_REACH + 1)
    net = (steps[:, None, None] * right + steps[:, None] * down).reshape(-1, 3)
    for step_mm in REFINED_STEPS_MM:
        around = (starts[:, None] + step_mm * net).reshape(-1, 3)
        around = np.concatenate([starts, around[cut.holds(plane_index, around)]])
        distance, on_tumor = target.nearest(around)
        best = int(distance.argmin())
        starts = around[best][None]
    return TumorMargin(target.tumor.id, float(distance[best]), around[best], on_tumor[best], plane_index)


def _signed_to_points(target: MarginTarget, points_mm: FloatArray) -> FloatArray:
    """(N,) signed distances to the surface's points: a little more than to the surface itself."""
    distance, _ = target.tree.query(points_mm)
    return np.asarray(np.where(target.surface.is_inside(points_mm), -distance, distance))


@functools.cache
def _calibration() -> dict[str, float]:
    text = importlib.resources.files("assets").joinpath(CALIBRATION).read_text(encoding="utf-8")
    return {key: float(value) for key, value in json.loads(text)["fit"].items()}


def margin_uncertainty_mm(spacing_mm: npt.ArrayLike, radius_mm: float) -> float:
    """One-sided 95 %: how much smaller the true margin may be, u = a + b·h + c·h²/r.

    spacing_mm: (3,) of the segmentation, h its greatest. radius_mm: r of the ball of the tumour's volume.
    The fit is made on voxelised ellipsoids by tests/benchmarks/bench_margin.py; errors of the segmentation
    itself are not in it.
    """
    step_mm = float(np.max(np.asarray(spacing_mm, dtype=np.float64)))
    fit = _calibration()
    return fit["a_mm"] + fit["b"] * step_mm + fit["c"] * step_mm**2 / radius_mm
