"""The least resection that keeps a margin: the tumour's core and its shadow towards the capsule, best direction first.

Given a margin x, the core is all of space within x of the tumour. What is reachable without undercut from a direction
u is the core and everything behind it along u; of all directions the one is taken that removes least of the organ. The
envelope is the minimum: every voxel costs, and each column must be free from the core outwards. The solid is kept as a
field (running minimum of the distance along u), so its surface is smooth and the margin is measured on that surface.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid, Vector, plane_basis, unit
from planning.liver.margin import MarginTarget
from planning.liver.regions import FieldRegion
from planning.naming import known_names
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Mask

if TYPE_CHECKING:
    from planning.liver.model import LiverModel
    from planning.liver.territories import TreeTerritories

DIRECTIONS = 200
COARSE_MM = 2.5
REFINED = 5
TURNS_DEG = (8.0, 4.0, 2.0)
FIELD_MM = 1.0
AROUND_MM = 3.0
GUARD_MM = 0.025
MOST_CORE_POINTS = 4000
HALVINGS = 14


@dataclass(frozen=True, slots=True, eq=False)
class VesselToSpare:
    """A named vessel that must stay whole: (N, 3) centreline points and (N,) radii."""

    name: str
    points_mm: FloatArray
    radius_mm: FloatArray


def vessels_to_spare(model: LiverModel, names: Sequence[str]) -> tuple[VesselToSpare, ...]:
    """The named branches of a model's trees, in the organ. Raises MeasurementError for a name that no branch has."""
    found = []
    for name in names:
        for part in (model.portal, model.hepatic):
            if part is not None and name in part.names:
                own = part.in_organ & (part.branch == part.names.index(name))
                found.append(VesselToSpare(name, part.tree.points_mm[own], part.tree.radius_mm[own]))
                break
        else:
            known = [one for part in (model.portal, model.hepatic) if part is not None for one in part.names]
            hint = known_names(name, known, "The branches are") if known else "Name the vessel trees as well"
            raise MeasurementError(f"There is no branch '{name}' to spare", hint, "no_branch")
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class KeptMargin:
    """How far a wedge's cut stays from a tumour: what is asked for, its ± in each direction, what samples may hide.

    Between samples 1 mm apart a distance d to an end of radius r is over-read by at most h²/(4 (d + r)); the measured
    surface is sharper in places than the form's most pointed end, and half of that end's radius is taken. least_mm,
    most_mm: over all directions.
    """

    asked_mm: float
    target: MarginTarget
    least_mm: float
    most_mm: float

    @classmethod
    def of(cls, asked_mm: float, target: MarginTarget) -> KeptMargin:
        """For a margin asked about one tumour."""
        every = _kept_mm(asked_mm, target, _sphere(DIRECTIONS))
        worst = _kept_mm(asked_mm, target, target.tumor.mask.grid.world_from_index[:3, :3].T)
        return cls(asked_mm, target, float(every.min()), float(max(every.max(), worst.max())))

    def toward_mm(self, ways_mm: FloatArray) -> FloatArray:
        """(N,) in (N, 3) directions from the tumour."""
        return _kept_mm(self.asked_mm, self.target, ways_mm)


def _kept_mm(asked_mm: float, target: MarginTarget, ways_mm: FloatArray) -> FloatArray:
    wanted = asked_mm + target.uncertainty_mm(ways_mm, follows=True)
    radius = np.maximum(wanted, FIELD_MM) + 0.5 * target.form.radius_mm()
    return np.asarray(wanted + FIELD_MM**2 / (4.0 * radius) + GUARD_MM)


def wedge_region(organ: Mask, kept: KeptMargin, direction: Vector, cancel: CancelToken | None = None) -> FieldRegion:
    """The region of a wedge in one direction: everything nearer to the tumour than is kept, and what lies behind it."""
    grid = _frame(organ, kept, direction)
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    if cancel is not None:
        cancel.raise_if_set()
    beyond = _beyond_mm(kept, points).reshape(grid.shape_kji)
    # k runs along the way out
    return FieldRegion.of("wedge", grid, np.asarray(-np.minimum.accumulate(beyond, axis=0), dtype=np.float32))


def best_direction(
    model: LiverModel,
    kept: KeptMargin,
    spare: Sequence[VesselToSpare] = (),
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Vector:
    """The way out that costs the organ least and hits no vessel that is to be spared.

    The cost is what is removed and, where both trees are known, what is kept without inflow or drainage.

    Raises MeasurementError where such a vessel lies within the margin itself (with the largest margin that spares it)
    or where every direction hits one; Cancelled.
    """
    _check_possible(kept, spare)
    search = _Search.of(model, kept, spare)
    directions = _sphere(DIRECTIONS)
    costs = []
    for number, direction in enumerate(directions):
        if cancel is not None and number % 10 == 0:
            cancel.raise_if_set()
        progress(0.7 * number / len(directions), "Finding the way out")
        costs.append(search.cost(direction))
    order = np.argsort(costs, kind="stable")[:REFINED]
    best = min(((costs[n], tuple(directions[n])) for n in order), key=lambda pair: pair[0])
    for n in order:
        cost, direction = costs[n], directions[n]
        for turn in TURNS_DEG:
            for other in _around(direction, turn):
                other_cost = search.cost(other)
                if other_cost < cost:
                    cost, direction = other_cost, other
        best = min(best, (cost, tuple(direction)), key=lambda pair: pair[0])
    progress(1.0, "")
    if not np.isfinite(best[0]):
        names = ", ".join(one.name for one in spare)
        raise MeasurementError(
            f"No way out spares {names} at this margin", "Ask for less margin, or give that vessel up", "spare"
        )
    return np.array(best[1])


def _check_possible(kept: KeptMargin, spare: Sequence[VesselToSpare]) -> None:
    for vessel in spare:
        largest = kept.asked_mm + _free_mm(kept, vessel)
        if largest < kept.asked_mm:
            what = f"The margin is not possible without {vessel.name}"
            words = (
                f"the largest margin that spares it is {largest:.1f} mm"
                if largest > 0.0
                else "it touches the tumour, or nearly"
            )
            raise MeasurementError(f"{what}: {words}", "Ask for less margin, or give that vessel up", "spare")


def _free_mm(kept: KeptMargin, vessel: VesselToSpare) -> float:
    """How much farther than is kept the vessel's wall lies, at its nearest place."""
    distance, on_tumor = kept.target.nearest(vessel.points_mm)
    return float((distance - vessel.radius_mm - kept.toward_mm(vessel.points_mm - on_tumor)).min(initial=np.inf))


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """What a direction costs, on a coarse net of organ points about the tumour's middle.

    points_mm: (N, 3) relative to `center_mm`. core_mm: (C, 3) points of the core, relative too.
    vessels_mm: (V, 3), vessel_radius_mm: (V,) what must not be hit. trees: portal and hepatic, or none; feeding: for
    each of them (N,) nearest tree point of each organ point.
    """

    points_mm: npt.NDArray[np.float32]
    core_mm: npt.NDArray[np.float32]
    vessels_mm: FloatArray
    vessel_radius_mm: FloatArray
    trees: tuple[TreeTerritories, ...]
    feeding: tuple[npt.NDArray[np.int32], ...]
    center_mm: Vector

    @classmethod
    def of(cls, model: LiverModel, kept: KeptMargin, spare: Sequence[VesselToSpare]) -> _Search:
        organ, target = model.organ, kept.target
        grid = organ.box_grid
        stride = np.maximum(np.rint(COARSE_MM / grid.spacing_mm), 1).astype(int)
        k, j, i = np.nonzero(organ.voxels[:: stride[2], :: stride[1], :: stride[0]])
        points = grid.to_world(np.stack([i, j, k], axis=1) * stride)
        core = _core(kept)
        trees = [] if model.portal is None or model.hepatic is None else [model.portal, model.hepatic]
        feeding = []
        for tree in trees:
            there = np.full(organ.voxels.shape, -1, dtype=np.int32)
            there[organ.voxels] = tree.nearest
            feeding.append(there[:: stride[2], :: stride[1], :: stride[0]][k, j, i])
        vessels = [one.points_mm for one in spare]
        radii = [one.radius_mm for one in spare]
        return cls(
            (points - target.center_mm).astype(np.float32),
            (core - target.center_mm).astype(np.float32),
            np.concatenate(vessels) - target.center_mm if vessels else np.zeros((0, 3)),
            np.concatenate(radii) if radii else np.zeros(0),
            tuple(trees),
            tuple(feeding),
            target.center_mm,
        )

    def cost(self, direction: Vector) -> float:
        """Organ points removed or without a vessel after it; infinite where a vessel to spare is hit."""
        u, v = plane_basis(direction)
        axes = np.stack([u, v, direction], axis=1)
        core = self.core_mm @ axes.astype(np.float32)
        corner = core[:, :2].min(axis=0) - COARSE_MM
        size = np.ceil((core[:, :2].max(axis=0) - corner) / COARSE_MM).astype(int) + 2
        cell = ((core[:, :2] - corner) / COARSE_MM).astype(int)
        depth = np.full(int(size[0] * size[1]), np.inf)
        np.minimum.at(depth, cell[:, 0] * size[1] + cell[:, 1], core[:, 2])
        if len(self.vessels_mm):
            # a vessel is hit where its wall comes into the shadow of any column
            place = self.vessels_mm @ axes
            near = np.abs(place[:, None, :2] - core[None, ::4, :2]).max(axis=2) < self.vessel_radius_mm[:, None]
            if (near & (place[:, 2:] > core[None, ::4, 2])).any():
                return float("inf")

        def shadowed(places: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
            at = np.floor((places[:, :2] - corner) / COARSE_MM)
            held = np.flatnonzero(((at >= 0) & (at < size)).all(axis=1))
            cells = at[held].astype(int)
            gone = np.zeros(len(places), dtype=bool)
            gone[held] = places[held, 2] > depth[cells[:, 0] * size[1] + cells[:, 1]]
            return gone

        lost = shadowed(self.points_mm @ axes.astype(np.float32))
        for tree, nearest in zip(self.trees, self.feeding, strict=True):
            cut = shadowed((tree.tree.points_mm - self.center_mm) @ axes) & tree.in_organ
            lost |= tree.tree.any_above(cut)[nearest]
        return float(np.count_nonzero(lost))


def _core(kept: KeptMargin) -> FloatArray:
    """Points on the core's surface, dense enough that each coarse column meets one."""
    target = kept.target
    mesh = target.surface.mesh
    corners = mesh.points_mm[mesh.triangles]
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(mesh.points_mm)
    for n in range(3):
        np.add.at(normals, mesh.triangles[:, n], face)
    outward = normals / np.maximum(np.linalg.norm(normals, axis=1), 1e-12)[:, None]
    step = len(mesh.points_mm) // MOST_CORE_POINTS + 1
    points, outward = mesh.points_mm[::step], outward[::step]
    reach = kept.toward_mm(outward)[:, None] * outward
    # between the offsets of neighbouring vertices of a small tumour a ball's own points fill the gaps
    ball = target.center_mm + kept.most_mm * _sphere(600)
    distance, on_tumor = target.nearest(ball)
    near = distance <= kept.toward_mm(ball - on_tumor)
    return np.concatenate([points + reach, points + 0.5 * reach, points, ball[near]])


def _frame(organ: Mask, kept: KeptMargin, direction: Vector) -> Grid:
    """A grid whose k runs along the way out, from below the core to beyond the organ."""
    w = unit(direction)
    u, v = plane_basis(w)
    if np.cross(u, v) @ w < 0.0:
        u, v = v, u
    surface = kept.target.surface.mesh.points_mm
    nk, nj, ni = organ.voxels.shape
    corners = np.array(np.meshgrid((-0.5, ni - 0.5), (-0.5, nj - 0.5), (-0.5, nk - 0.5))).reshape(3, -1).T
    box = organ.box_grid.to_world(corners)
    pad = kept.most_mm + AROUND_MM
    low = np.array([(surface @ axis).min() - pad for axis in (u, v, w)])
    high = np.array([(surface @ u).max() + pad, (surface @ v).max() + pad, 0.0])
    high[2] = max(float((box @ w).max()) + AROUND_MM, float((surface @ w).max()) + pad)
    size = np.ceil((high - low) / FIELD_MM).astype(int) + 1
    axes = np.stack([u, v, w], axis=1)
    matrix = np.eye(4)
    matrix[:3, :3] = FIELD_MM * axes
    matrix[:3, 3] = axes @ low
    return Grid((int(size[0]), int(size[1]), int(size[2])), matrix)


def _beyond_mm(kept: KeptMargin, points_mm: FloatArray) -> FloatArray:
    """(N,) how much farther than is kept points lie from the tumour: exact where the wedge's surface may lie."""
    target, reach = kept.target, kept.most_mm + AROUND_MM
    beyond = np.full(len(points_mm), AROUND_MM)
    away = np.linalg.norm(points_mm - target.center_mm, axis=1)
    close = np.flatnonzero(away < target.reach_mm + reach)
    distance, _ = target.tree.query(points_mm[close], distance_upper_bound=reach)
    distance = np.minimum(distance, reach)
    open_mm = 1.5 * FIELD_MM
    near = np.flatnonzero((distance > kept.least_mm - open_mm) & (distance < kept.most_mm + open_mm))
    found = np.where(target.surface.is_inside(points_mm[close]), -distance, distance)
    found = np.where(found < kept.least_mm, found - kept.least_mm, np.maximum(found - kept.most_mm, 0.0))
    places = points_mm[close[near]]
    exact, on_tumor = target.nearest(places)
    found[near] = exact - kept.toward_mm(places - on_tumor)
    beyond[close] = found
    return beyond


def _sphere(count: int) -> FloatArray:
    """Unit vectors spread evenly over the sphere (a Fibonacci lattice)."""
    numbers = np.arange(count)
    along = 1.0 - 2.0 * (numbers + 0.5) / count
    turn = numbers * np.pi * (3.0 - np.sqrt(5.0))
    beside = np.sqrt(1.0 - along**2)
    return np.stack([beside * np.cos(turn), beside * np.sin(turn), along], axis=1)


def _around(direction: Vector, turn_deg: float) -> FloatArray:
    """Six directions turned by an angle about the first."""
    u, v = plane_basis(direction)
    angle = np.radians(turn_deg)
    turns = np.pi / 3.0 * np.arange(6)
    ring = np.cos(turns)[:, None] * u + np.sin(turns)[:, None] * v
    return np.asarray(np.cos(angle) * direction + np.sin(angle) * ring)


def largest_margin_mm(model: LiverModel, tumor: int, spare: Sequence[str]) -> float | None:
    """The largest margin that can be asked for a tumour without touching these branches; None where one touches it.

    What `KeptMargin` adds to a margin is taken off again, by halving.
    """
    target = model.target(tumor)
    vessels = vessels_to_spare(model, spare)

    def is_free(margin_mm: float) -> bool:
        kept = KeptMargin.of(margin_mm, target)
        return all(_free_mm(kept, vessel) >= 0.0 for vessel in vessels)

    low, high = 0.0, 50.0
    if not is_free(low):
        return None
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if is_free(middle) else (low, middle)
    return low
