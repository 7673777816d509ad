"""The resection margin: least distance from a tumour's sub-voxel surface to the cut inside the organ.

Definition: m = min over x in S ∩ O of d(x, ∂T), where S is the boundary of what is removed altogether (parts of one
cut that lie in another's removed region do not count), O the organ and ∂T the tumour's sub-voxel surface. Where S
passes through the tumour the margin is negative: minus the deepest place of the cut inside it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid, Plane, Vector, plane_basis
from planning.liver.margin_spread import (
    Form,
    margin_uncertainty_mm,
    rim_uncertainty_mm,
    wall_uncertainty_mm,
)
from planning.liver.organ import BoolArray, OrganLookup
from planning.liver.regions import SIDE_TOLERANCE_MM, FieldRegion, PlaneRegion, Region, gradient, onto_cut
from planning.liver.subvoxel import SubvoxelSurface
from planning.liver.tumors import Tumor

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

SAMPLE_STEP_MM = 1.0
CELL_MM = 5.0
REFINED_STEPS_MM = (0.35, 0.1)
REFINED_REACH = 3
REFINED_STARTS = 3
NEAREST_VERTICES = 5
ROUGH_MM = 0.5
DEEP_MM = 3.0
# two cuts that meet this closely are asked for what lies beyond them
MEETING_MM = 0.02
KEPT_SIDE_MM = 0.05
# places that are laid onto a cut may stand this far off it
BOUND_SLACK_MM = 0.2
FOLLOWING_KINDS = ("wedge",)
"""Cuts that are laid at a distance along the measured tumour."""


@dataclass(frozen=True, slots=True, eq=False)
class MarginTarget:
    """A tumour's surface made ready for distances.

    tree: over the surface's points. triangles_of, first_of: triangle numbers around each point, CSR.
    reach_mm: greatest distance of a point from `center_mm`. depth_mm: on the surface's grid, how far a sample inside
    lies from the surface within ROUGH_MM, 0 outside: trees are slow for places that many points are equally far from.
    form: what its form says of how well its surface is known. oddness: the form's.
    """

    tumor: Tumor
    tree: cKDTree
    triangles_of: npt.NDArray[np.intp]
    first_of: npt.NDArray[np.intp]
    center_mm: Vector
    reach_mm: float
    depth_mm: npt.NDArray[np.float32]
    form: Form
    oddness: float

    @classmethod
    def of(cls, tumor: Tumor) -> MarginTarget:
        """The target of one tumour."""
        from scipy.spatial import cKDTree

        points, triangles = tumor.surface.mesh.points_mm, tumor.surface.mesh.triangles
        order = np.argsort(triangles.reshape(-1), kind="stable")
        first = np.searchsorted(triangles.reshape(-1)[order], np.arange(len(points) + 1))
        center = points.mean(axis=0)
        reach = float(np.linalg.norm(points - center, axis=1).max())
        depth, form = _depth_mm(tumor.surface), Form.of(tumor.mask, tumor.surface.mesh)
        return cls(tumor, cKDTree(points), order // 3, first, center, reach, depth, form, form.oddness)

    @property
    def surface(self) -> SubvoxelSurface:
        """The tumour's surface."""
        return self.tumor.surface

    def uncertainty_mm(self, ways_mm: FloatArray | None = None, *, follows: bool = False) -> FloatArray:
        """(…,) how much smaller a true margin may be in (…, 3) directions in world; see `margin_uncertainty_mm`."""
        grid = self.tumor.mask.grid
        ways = None if ways_mm is None else ways_mm @ _axes(grid)
        radius_mm = self.form.radius_mm(ways)
        return margin_uncertainty_mm(grid.spacing_mm, radius_mm, ways, oddness=self.oddness, follows=follows)

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
        found = nearest_on_triangles(points_mm[owner], corners)
        squared = ((found - points_mm[owner]) ** 2).sum(axis=1)
        order = np.lexsort((squared, owner))
        best = order[np.searchsorted(owner[order], np.arange(len(points_mm)))]
        sign = np.where(self.surface.is_inside(points_mm), -1.0, 1.0)
        return sign * np.sqrt(squared[best]), found[best]

    def rough_mm(self, points_mm: FloatArray) -> FloatArray:
        """(N,) signed distances within ROUGH_MM where a point lies inside; outside that of the surface's points.

        Where any point lies inside, those outside are infinite: they are not asked for the least.
        """
        from scipy import ndimage

        inside = np.flatnonzero(self.surface.is_inside(points_mm))
        if not inside.size:
            return np.asarray(self.tree.query(points_mm)[0])
        found = np.full(len(points_mm), np.inf)
        index = self.surface.grid.to_index(points_mm[inside])[:, ::-1].T
        found[inside] = -ndimage.map_coordinates(self.depth_mm, index, np.float64, order=1, mode="nearest")
        return found

    def nearest_deep(self, start_mm: Vector, depth_mm: float, points_mm: FloatArray) -> FloatArray:
        """(N,) distances to the surface's points of points near a start that lies `depth_mm` inside."""
        way = float(np.linalg.norm(points_mm - start_mm, axis=1).max(initial=0.0))
        corners = self.surface.mesh.points_mm - start_mm
        length = np.einsum("ij,ij->i", corners, corners)
        near = length <= (depth_mm + 2.0 * way + ROUGH_MM) ** 2
        places = points_mm - start_mm
        squared = length[near] - 2.0 * (places @ corners[near].T)
        return np.asarray(np.sqrt(np.maximum(squared.min(axis=1) + (places**2).sum(axis=1), 0.0)))


def _depth_mm(surface: SubvoxelSurface) -> npt.NDArray[np.float32]:
    """`[k, j, i]` distance of inner samples to the surface: to the nearest outer sample, less what that lies beyond it."""
    from scipy import ndimage

    spacing = surface.grid.spacing_mm
    inside = surface.field_mm < 0.0
    depth, nearest = ndimage.distance_transform_edt(inside, sampling=spacing[::-1], return_indices=True)
    beyond = np.maximum(surface.field_mm[tuple(nearest)], np.float32(0.0))
    return np.asarray(np.where(inside, np.maximum(depth - beyond, 0.0), 0.0), dtype=np.float32)


def nearest_on_triangles(points: FloatArray, corners: FloatArray) -> FloatArray:
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
    """One tumour's margin: the number, its place on the cut, its place on the tumour, and which resection it is.

    uncertainty_mm: how much smaller the true margin may be, one-sided 95 %; it depends on the direction to the cut.
    """

    tumor_id: int
    minimum_mm: float
    at_mm: Vector
    tumor_at_mm: Vector
    cut_index: int
    uncertainty_mm: float


def signed_beside_mm(region: Region, other: Region, points_mm: FloatArray) -> FloatArray:
    """(N,) signed distance of the other region at (N, 3) points of one region's cut; where both cuts lie together, a
    little on the kept side of the first."""
    signed = other.signed_mm(points_mm)
    meets = np.flatnonzero(np.abs(signed) <= MEETING_MM)
    if not meets.size:
        return signed
    slope = gradient(region, points_mm[meets])
    length = np.maximum(np.linalg.norm(slope, axis=1, keepdims=True), 1e-9)
    kept_side = other.signed_mm(points_mm[meets] - KEPT_SIDE_MM * slope / length)
    signed = signed.copy()
    signed[meets] = np.maximum(signed[meets], kept_side)
    return signed


@dataclass(frozen=True, slots=True, eq=False)
class CutSurface:
    """The boundary of what several regions remove, inside the organ. corners_mm: (8, 3) of the organ's box."""

    regions: tuple[Region, ...]
    organ: OrganLookup
    corners_mm: FloatArray

    def holds(self, cut_index: int, points_mm: FloatArray) -> BoolArray:
        """(N,) True for points of one region's cut that lie in the organ and that no other region removes.

        Where two cuts share a face it is a boundary only if something is kept beyond it: two neighbouring territories
        that are both removed have none between them.
        """
        held = self.organ.contains(points_mm)
        region = self.regions[cut_index]
        for number, other in enumerate(self.regions):
            if number == cut_index:
                continue
            there = np.flatnonzero(held)
            held[there] = signed_beside_mm(region, other, points_mm[there]) <= SIDE_TOLERANCE_MM
        return held

    def samples(self, cut_index: int) -> CutSamples:
        """One region's share of the surface, about a point a millimetre."""
        points = self.regions[cut_index].surface(self.corners_mm, SAMPLE_STEP_MM).points_mm
        points = points[self.holds(cut_index, points)]
        cell = np.floor(points / CELL_MM).astype(np.int64)
        low = cell.min(axis=0, initial=0)
        size = cell.max(axis=0, initial=0) - low + 1
        number = ((cell[:, 2] - low[2]) * size[1] + cell[:, 1] - low[1]) * size[0] + cell[:, 0] - low[0]
        numbers, cell_of = np.unique(number, return_inverse=True)
        place = np.stack([numbers % size[0], numbers // size[0] % size[1], numbers // (size[0] * size[1])], axis=1)
        return CutSamples(points, cell_of, CELL_MM * (place + low + 0.5))


@dataclass(frozen=True, slots=True, eq=False)
class CutSamples:
    """Points of a cut surface, grouped in cubes.

    points_mm: (N, 3). cell_of: (N,) cube of each point. centers_mm: (C, 3) cubes' middles, off the surface.
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
    indices = range(len(cut.regions))
    bounds = [[_least_possible_mm(region, target) for region in cut.regions] for target in targets]
    margins: list[TumorMargin | None] = [None] * len(targets)
    least_mm = np.inf
    for number in sorted(range(len(targets)), key=lambda number: min(bounds[number], default=np.inf)):
        ways = bounds[number]
        if only_least and min(ways, default=np.inf) > least_mm:
            break
        best: TumorMargin | None = None
        for index in sorted(indices, key=ways.__getitem__):
            # a cut that cannot come as near as another one did is not asked
            if best is not None and ways[index] > best.minimum_mm + BOUND_SLACK_MM:
                break
            margin = _cut_margin(cut, index, targets[number], samples)
            if margin is not None and (best is None or _order(margin) < _order(best)):
                best = margin
        margins[number] = best
        if best is not None:
            least_mm = min(least_mm, best.minimum_mm)
    return tuple(margins)


def _order(margin: TumorMargin) -> tuple[float, int]:
    """Of two cuts that are equally near the first is told."""
    return margin.minimum_mm, margin.cut_index


def _least_possible_mm(region: Region, target: MarginTarget) -> float:
    """No margin is smaller than the way to the endless cut; no bound where it passes through the tumour."""
    signed = region.signed_mm(target.surface.mesh.points_mm)
    crosses = signed.min() < 0.0 < signed.max()
    return -np.inf if crosses else float(np.abs(signed).min()) / region.steepness


def _cut_margin(
    cut: CutSurface, cut_index: int, target: MarginTarget, samples: Callable[[int], CutSamples]
) -> TumorMargin | None:
    """The margin against one region's share of the cut."""
    region = cut.regions[cut_index]
    if not isinstance(region, PlaneRegion):
        return _sampled_margin(cut, cut_index, target, lambda: samples(cut_index))
    return _plane_margin(cut, cut_index, region.plane, target, samples)


def _plane_margin(
    cut: CutSurface,
    cut_index: int,
    plane: Plane,
    target: MarginTarget,
    samples: Callable[[int], CutSamples],
) -> TumorMargin | None:
    """Against a plane: closed form where the nearest point's foot lies on its share of the cut, else sampled."""
    points = target.surface.mesh.points_mm
    heights = plane.signed_distance_mm(points)
    crosses = heights.min() < 0.0 < heights.max()
    nearest = int(np.abs(heights).argmin())
    foot = plane.project(points[nearest])
    if not crosses and cut.holds(cut_index, foot[None])[0]:
        return _margin(cut, cut_index, target, float(abs(heights[nearest])), foot, points[nearest])
    found = _sampled_margin(cut, cut_index, target, lambda: samples(cut_index))
    if crosses:
        return found
    feet = plane.project(points)
    held = np.flatnonzero(cut.holds(cut_index, feet))
    if held.size:
        best = int(held[np.abs(heights[held]).argmin()])
        if found is None or abs(heights[best]) < found.minimum_mm:
            return _margin(cut, cut_index, target, float(abs(heights[best])), feet[best], points[best])
    return found


def _sampled_margin(
    cut: CutSurface, cut_index: int, target: MarginTarget, samples: Callable[[], CutSamples]
) -> TumorMargin | None:
    """The least signed distance over a net of points of the cut, refined about the best of them."""
    starts = _inner_starts(cut, cut_index, target)
    if not len(starts):
        starts = _outer_starts(target, samples())
    if not len(starts):
        return None
    region = cut.regions[cut_index]
    steps = np.arange(-REFINED_REACH, REFINED_REACH + 1)
    for step_mm in REFINED_STEPS_MM:
        nets = [start + step_mm * net for start, net in zip(starts, _tangent_nets(region, starts, steps), strict=True)]
        around = onto_cut(region, np.concatenate(nets))
        around = np.concatenate([starts, around[cut.holds(cut_index, around)]])
        around = _deepest(target, starts, around)
        distance, on_tumor = target.nearest(around)
        best = int(distance.argmin())
        starts = around[best][None]
    return _margin(cut, cut_index, target, float(distance[best]), around[best], on_tumor[best])


def _margin(
    cut: CutSurface, cut_index: int, target: MarginTarget, minimum_mm: float, at_mm: Vector, tumor_at_mm: Vector
) -> TumorMargin:
    spread = _spread_mm(cut, cut_index, target, at_mm, tumor_at_mm, minimum_mm)
    return TumorMargin(target.tumor.id, minimum_mm, at_mm, tumor_at_mm, cut_index, spread)


def _spread_mm(
    cut: CutSurface, cut_index: int, target: MarginTarget, at_mm: Vector, tumor_at_mm: Vector, minimum_mm: float
) -> float:
    """The margin's ±: that of the tumour's surface, of a cut that is itself made of voxels, and of the cut's rim.

    They come about independently of each other, so that their squares add. A wedge's place is exact: it is laid by the
    same distances, and no place of it is nearer than its least. Inside the tumour the deepest place leans without
    being at a rim. At the organ's border a wall between voxels has some on one side only, since those of a sliver
    are missing: it is off by as much as its longest step hides.
    """
    region = cut.regions[cut_index]
    way, follows = at_mm - tumor_at_mm, region.kind in FOLLOWING_KINDS
    spreads = [float(target.uncertainty_mm(way, follows=follows))]
    if isinstance(region, FieldRegion) and region.voxels is not None:
        steps_mm = region.grid.spacing_mm * _axes(region.grid)
        inner = cut.organ.contains(at_mm + np.concatenate([steps_mm.T, -steps_mm.T])).all()
        spreads.append(wall_uncertainty_mm(region.grid.spacing_mm, way @ _axes(region.grid) if inner else np.zeros(3)))
    if minimum_mm > 0.0 and not follows:
        grid = target.tumor.mask.grid
        (normal,) = gradient(region, at_mm[None]) @ _axes(grid)
        spreads.append(rim_uncertainty_mm(grid.spacing_mm, way @ _axes(grid), normal))
    return float(np.linalg.norm(spreads))


def _axes(grid: Grid) -> FloatArray:
    """(3, 3) unit vectors of a grid's axes, as columns: world @ axes are places along them."""
    return np.asarray(grid.world_from_index[:3, :3] / grid.spacing_mm)


def _inner_starts(cut: CutSurface, cut_index: int, target: MarginTarget) -> FloatArray:
    """The deepest of a net of places where the cut passes through the tumour; none where it does not."""
    points = target.surface.mesh.points_mm
    sides = np.stack([points.min(axis=0), points.max(axis=0)])
    corners = np.array(np.meshgrid(*sides.T)).reshape(3, -1).T
    net = cut.regions[cut_index].surface(corners, SAMPLE_STEP_MM).points_mm
    net = net[((net >= sides[0]) & (net <= sides[1])).all(axis=1)]
    net = net[target.surface.is_inside(net)]
    net = net[cut.holds(cut_index, net)]
    return np.asarray(net[np.argsort(target.rough_mm(net), kind="stable")[:REFINED_STARTS]])


def _outer_starts(target: MarginTarget, samples: CutSamples) -> FloatArray:
    """The nearest of a cut's samples. Distances change by no more than the way: far cells are left out unseen."""
    if not len(samples.points_mm):
        return samples.points_mm
    reach = CELL_MM * np.sqrt(3.0) / 2.0
    from_center = np.linalg.norm(samples.centers_mm - target.center_mm, axis=1)
    cells = np.flatnonzero(from_center <= from_center.min() + 2.0 * (target.reach_mm + reach))
    # one that is near says how far the others are worth asking
    bound_mm = float(target.tree.query(samples.centers_mm[from_center.argmin()])[0]) + 2.0 * reach
    distance = _within(target, samples.centers_mm[cells], bound_mm)
    promising = np.zeros(len(samples.centers_mm), dtype=bool)
    promising[cells[distance <= distance.min() + 2.0 * reach]] = True
    near = samples.points_mm[promising[samples.cell_of]]
    some = near[samples.cell_of[promising[samples.cell_of]] == cells[distance.argmin()]][:REFINED_STARTS]
    bound_mm = float(target.tree.query(some)[0].max()) if len(some) == REFINED_STARTS else np.inf
    return near[np.argsort(_within(target, near, bound_mm), kind="stable")[:REFINED_STARTS]]


def _within(target: MarginTarget, places_mm: FloatArray, bound_mm: float) -> FloatArray:
    """(N,) distance of (N, 3) places to the tumour's points, infinite where it is greater than the bound."""
    distance, _ = target.tree.query(places_mm, distance_upper_bound=bound_mm + 1e-6)
    return np.asarray(distance)


def _tangent_nets(region: Region, places_mm: FloatArray, steps: npt.NDArray[np.intp]) -> list[FloatArray]:
    """For each place (S², 3) steps along the cut there."""
    nets = []
    for normal in gradient(region, places_mm):
        length = float(np.linalg.norm(normal))
        right, down = plane_basis(normal / length if length > 1e-6 else (0.0, 0.0, 1.0))
        nets.append((steps[:, None, None] * right + steps[:, None] * down).reshape(-1, 3))
    return nets


def _deepest(target: MarginTarget, starts: FloatArray, around: FloatArray) -> FloatArray:
    """Of places about starts that lie deep inside the few deepest; else all of them.

    Deep inside the distance to the surface's points is that to the surface within 0.01 mm.
    """
    rough = -target.rough_mm(starts)
    deepest = int(rough.argmax())
    if rough[deepest] < DEEP_MM:
        return around
    inner = around[target.surface.is_inside(around)]
    distance = np.zeros(len(inner))
    owner = np.linalg.norm(inner[:, None] - starts, axis=2).argmin(axis=1)
    for number, start in enumerate(starts):
        own = owner == number
        distance[own] = target.nearest_deep(start, float(rough[number]), inner[own])
    return inner[np.argsort(-distance, kind="stable")[:REFINED_STARTS]]
