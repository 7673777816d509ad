"""A cutting guide: a shell that sits on the liver's capsule along a cut and has a slot where the cut goes.

The shell is a patch of the capsule moved outwards by a clearance, as thick as asked, on both sides of the line where the
cut leaves the organ. It can be laid on from one direction: what that direction does not see of the capsule it does not
cover, and nothing of it lies under an overhang. A hole in one wing tells the side that is removed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError, UsageError
from planning.geometry import FloatArray, Grid, Vector, plane_basis, unit
from planning.liver.regions import Region, gradient
from planning.mesh import SurfaceMesh
from planning.printing.solids import bodies, mesh_of, solid_of
from planning.progress import CancelToken, Progress, no_progress
from planning.surface import closed_contour

STEP_MM = 0.5
LINE_STEP_MM = 1.0
LEAST_RUN_MM = 40.0
# the capsule may lean this much against the way the guide is laid on
LEAST_FACING = 0.30
HIDDEN_MM = 4.0
CELL_MM = 3.0
GAP_POINTS = 6
DIRECTIONS = 80
SIMPLIFY_MM = 0.06
END_MM = 8.0
HOLE_RADIUS_MM = 2.5
HOLE_AT = 0.62
LIFTS_MM = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0)
STUCK_MM3 = 1.0
BAND_MM = 1.2
MOST_POINTS = 90_000_000
ANTERIOR = np.array((0.0, -1.0, 0.0))
# a surgeon lays it on from the front, from above or below: at most 60° from there
PREFERENCE = 0.5
LEAST_ANTERIOR = 0.5
MOST_TOP_POINTS = 40_000


@dataclass(frozen=True, slots=True)
class GuideShape:
    """What a guide is like, mm. slot: its width. clearance: to the capsule. wing: on each side of the cut.

    bridge: length of the bars that hold both wings together across the slot, every: at most so far apart.
    Raises UsageError for a shape that cannot be made.
    """

    slot_mm: float = 1.5
    clearance_mm: float = 0.4
    thickness_mm: float = 3.0
    wing_mm: float = 18.0
    bridge_mm: float = 6.0
    every_mm: float = 45.0

    def __post_init__(self) -> None:
        limits = {
            "slot": (self.slot_mm, 0.8, 6.0),
            "clearance": (self.clearance_mm, 0.0, 2.0),
            "thickness": (self.thickness_mm, 1.5, 8.0),
            "wing": (self.wing_mm, 8.0, 30.0),
            "bridge": (self.bridge_mm, 3.0, 20.0),
            "distance of bridges": (self.every_mm, 20.0, 200.0),
        }
        for name, (value, low, high) in limits.items():
            if not (np.isfinite(value) and low <= value <= high):
                raise UsageError(f"A guide's {name} of {value:g} mm cannot be made", f"Give {low:g} to {high:g} mm")


@dataclass(frozen=True, slots=True, eq=False)
class CutLine:
    """Where a cut leaves the organ: one piece of it. points_mm: (N, 3) about a millimetre apart. normals: (N, 3) of the
    capsule, outwards. is_closed: its last point leads to the first."""

    points_mm: FloatArray
    normals: FloatArray
    is_closed: bool

    @property
    def length_mm(self) -> float:
        """Its length."""
        ends = np.roll(self.points_mm, -1, axis=0) if self.is_closed else self.points_mm[1:]
        return float(np.linalg.norm(ends - self.points_mm[: len(ends)], axis=1).sum())


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CutGuide:
    """A guide and what it is worth; all measured on its own mesh against the organ's surface.

    mesh: closed, LPS mm. run_mm: (N, 3) the part of the cut's line that it follows. direction: (3,) from the organ to where it is
    laid on from. line_mm: the whole line's length, covered_mm: what the slot follows of it. gap_mean_mm, gap_least_mm,
    gap_most_mm: from its inner side to the capsule. resting_share: of the inner side within 0.3 mm of the clearance.
    overlap_mm3: of guide and organ where it sits. stuck_at_mm: how far it can be lifted before it meets the organ, None for freely.
    left_out: loose bits that were not kept.
    """

    mesh: SurfaceMesh
    run_mm: FloatArray
    direction: Vector
    line_mm: float
    covered_mm: float
    gap_mean_mm: float
    gap_least_mm: float
    gap_most_mm: float
    resting_share: float
    overlap_mm3: float
    stuck_at_mm: float | None
    left_out: int

    @property
    def covered_percent(self) -> float:
        """Of the cut's whole line on the capsule."""
        return 100.0 * self.covered_mm / self.line_mm if self.line_mm > 0.0 else 0.0


def cut_lines(organ: SurfaceMesh, region: Region) -> tuple[CutLine, ...]:
    """The lines where a region's border meets the organ's surface, longest first."""
    signed = region.signed_mm(organ.points_mm)
    side = signed > 0.0
    crossing = organ.triangles[side[organ.triangles].any(axis=1) & ~side[organ.triangles].all(axis=1)].astype(np.int64)
    if not len(crossing):
        return ()
    edges = np.sort(np.stack([crossing[:, (0, 1)], crossing[:, (1, 2)], crossing[:, (2, 0)]], axis=1), axis=2)
    cut = side[edges[..., 0]] != side[edges[..., 1]]
    pairs = edges[cut].reshape(-1, 2, 2)
    unique, number = np.unique(pairs.reshape(-1, 2), axis=0, return_inverse=True)
    share = signed[unique[:, 0]] / (signed[unique[:, 0]] - signed[unique[:, 1]])
    points = organ.points_mm[unique[:, 0]] + share[:, None] * (
        organ.points_mm[unique[:, 1]] - organ.points_mm[unique[:, 0]]
    )
    normals = _smooth_normals(organ)
    facing = normals[unique[:, 0]] + share[:, None] * (normals[unique[:, 1]] - normals[unique[:, 0]])
    lines = [
        _line(points[chain], facing[chain], closed) for chain, closed in _chains(number.reshape(-1, 2), len(unique))
    ]
    return tuple(sorted((line for line in lines if line is not None), key=lambda line: -line.length_mm))


def _chains(links: npt.NDArray[np.int64], count: int) -> list[tuple[npt.NDArray[np.int64], bool]]:
    """Points in order along each line of (M, 2) links, and whether it is closed."""
    beside: list[list[int]] = [[] for _ in range(count)]
    for a, b in links.tolist():
        beside[a].append(b)
        beside[b].append(a)
    used = np.zeros(count, dtype=bool)
    chains = []
    starts = [n for n in range(count) if len(beside[n]) == 1] + list(range(count))
    for start in starts:
        if used[start]:
            continue
        chain = [start]
        used[start] = True
        while (following := next((n for n in beside[chain[-1]] if not used[n]), None)) is not None:
            used[following] = True
            chain.append(following)
        chains.append((np.array(chain), len(chain) > 2 and start in beside[chain[-1]]))
    return chains


def _line(points: FloatArray, normals: FloatArray, closed: bool) -> CutLine | None:
    """A line with points a millimetre apart; None for a shorter one than a guide can follow."""
    whole = np.concatenate([points, points[:1]]) if closed else points
    facing = np.concatenate([normals, normals[:1]]) if closed else normals
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(whole, axis=0), axis=1))])
    if along[-1] < LEAST_RUN_MM:
        return None
    places = np.arange(0.0, along[-1], LINE_STEP_MM)
    at = np.stack([np.interp(places, along, whole[:, axis]) for axis in range(3)], axis=1)
    out = np.stack([np.interp(places, along, facing[:, axis]) for axis in range(3)], axis=1)
    return CutLine(at, out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), closed)


def _smooth_normals(mesh: SurfaceMesh) -> FloatArray:
    """(V, 3) outward unit normals, evened between neighbours some rounds: the capsule's shape, not its voxels'."""
    a, b, c = (mesh.points_mm[mesh.triangles[:, n]] for n in range(3))
    normals = _spread(mesh, np.cross(b - a, c - a))
    for _ in range(12):
        normals = _spread(mesh, normals[mesh.triangles].sum(axis=1))
    return normals


def _spread(mesh: SurfaceMesh, of_triangles: FloatArray) -> FloatArray:
    corners = mesh.triangles.T.reshape(-1)
    sums = np.stack(
        [np.bincount(corners, np.tile(of_triangles[:, axis], 3), minlength=len(mesh.points_mm)) for axis in range(3)],
        axis=1,
    )
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12))


def best_run(
    organ: SurfaceMesh, lines: tuple[CutLine, ...], direction: Vector | None = None
) -> tuple[Vector, FloatArray]:
    """(direction, (N, 3) run): the longest stretch of the cut's lines that one direction sees.

    direction: laid on from there; None tries those up to 60° from the front. Raises MeasurementError where
    no stretch is long enough for a guide.
    """
    tried = [unit(direction)] if direction is not None else _directions()
    best: tuple[float, Vector, FloatArray] | None = None
    for way in tried:
        tops = _tops(organ, way)
        for line in lines:
            run = _longest_seen(line, _seen(line, way, tops))
            length = LINE_STEP_MM * (len(run) - 1)
            score = length * (1.0 + PREFERENCE * float(way @ ANTERIOR))
            if length >= LEAST_RUN_MM and (best is None or score > best[0]):
                best = (score, way, run)
    if best is None:
        where = "from there" if direction is not None else "from the front"
        raise MeasurementError(
            f"No {LEAST_RUN_MM:.0f} mm of this cut's line on the capsule can be reached {where}",
            "Choose another direction or another cut",
            "no_guide",
        )
    return best[1], best[2]


def _directions() -> list[Vector]:
    number = np.arange(2 * DIRECTIONS) + 0.5
    polar, turn = np.arccos(1.0 - number / DIRECTIONS), np.pi * (1.0 + 5.0**0.5) * number
    ways = np.stack([np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)], axis=1)
    return list(ways[ways @ ANTERIOR >= LEAST_ANTERIOR])


@dataclass(frozen=True, slots=True, eq=False)
class _Tops:
    """How far out the organ reaches along a direction, over cells of the plane across it."""

    across: FloatArray
    low: FloatArray
    heights: FloatArray

    def over(self, points_mm: FloatArray) -> FloatArray:
        """(N,) height of the organ's outermost point in the cells of (N, 3) places, −inf beside it."""
        cell = np.rint((points_mm @ self.across.T - self.low) / CELL_MM).astype(np.intp)
        inside = ((cell >= 0) & (cell < self.heights.shape)).all(axis=1)
        found = np.full(len(points_mm), -np.inf)
        found[inside] = self.heights[cell[inside, 0], cell[inside, 1]]
        return found


def _tops(organ: SurfaceMesh, way: Vector) -> _Tops:
    across = np.stack(plane_basis(way))
    # a cell holds several of the surface's points
    points = organ.points_mm[:: max(1, len(organ.points_mm) // MOST_TOP_POINTS)]
    flat, height = points @ across.T, points @ way
    low = flat.min(axis=0)
    cell = np.rint((flat - low) / CELL_MM).astype(np.intp)
    heights = np.full(tuple(cell.max(axis=0) + 1), -np.inf)
    np.maximum.at(heights, (cell[:, 0], cell[:, 1]), height)
    return _Tops(across, low, heights)


def _seen(line: CutLine, way: Vector, tops: _Tops) -> npt.NDArray[np.bool_]:
    leaning = line.normals @ way
    # a cell's top is higher than its middle where the capsule leans
    slack = HIDDEN_MM + CELL_MM * np.sqrt(np.maximum(1.0 - leaning**2, 0.0)) / np.maximum(leaning, LEAST_FACING)
    return np.asarray((leaning >= LEAST_FACING) & (tops.over(line.points_mm) <= line.points_mm @ way + slack))


def _longest_seen(line: CutLine, seen: npt.NDArray[np.bool_]) -> FloatArray:
    """The longest stretch, gaps of a few points passed over."""
    from scipy import ndimage

    if line.is_closed and not seen.all():
        start = int(np.flatnonzero(~seen)[0])
        points, seen = np.roll(line.points_mm, -start, axis=0), np.roll(seen, -start)
    else:
        points = line.points_mm
    bridged = ndimage.binary_closing(np.pad(seen, GAP_POINTS), np.ones(GAP_POINTS))[GAP_POINTS:-GAP_POINTS] | seen
    labels, pieces = ndimage.label(bridged)
    if not pieces:
        return np.zeros((0, 3))
    sizes = np.bincount(labels, minlength=pieces + 1)[1:]
    own = np.flatnonzero(labels == int(sizes.argmax()) + 1)
    return np.asarray(points[own])


def make_guide(
    organ: SurfaceMesh,
    region: Region,
    shape: GuideShape | None = None,
    *,
    direction: Vector | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> CutGuide:
    """The guide for one cut on a closed organ surface (LPS mm).

    Raises MeasurementError where the cut does not leave the capsule or nothing of its line can be reached, Cancelled.
    """
    shape = shape or GuideShape()

    def step(fraction: float, words: str) -> None:
        progress(fraction, words)
        if cancel is not None:
            cancel.raise_if_set()

    step(0.0, "Following the cut on the capsule")
    lines = cut_lines(organ, region)
    if not lines:
        raise MeasurementError("The cut does not meet the capsule", "Choose another cut", "no_guide")
    way, run = best_run(organ, lines, direction)
    step(0.2, "Laying the shell on")
    run = _evened(run)
    grid = _grid(run, way, shape)
    field = _guide_field(organ, region, run, way, shape, grid, cancel)
    step(0.6, "Meshing the guide")
    mesh, left_out = _largest(closed_contour(field, grid, 0.0), run.mean(axis=0))
    step(0.75, "Trying the guide on")
    gaps = _gaps(mesh, organ, shape)
    overlap, stuck = _tried_on(mesh, organ, way)
    return CutGuide(
        mesh=mesh,
        run_mm=run,
        direction=way,
        line_mm=sum(line.length_mm for line in lines),
        covered_mm=_length(run),
        gap_mean_mm=float(gaps.mean()),
        gap_least_mm=float(gaps.min()),
        gap_most_mm=float(gaps.max()),
        resting_share=float((gaps <= shape.clearance_mm + 0.3).mean()),
        overlap_mm3=overlap,
        stuck_at_mm=stuck,
        left_out=left_out,
    )


def _length(points: FloatArray) -> float:
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())


def _evened(run: FloatArray) -> FloatArray:
    from scipy import ndimage

    even = ndimage.gaussian_filter1d(run, 2.0, axis=0, mode="nearest")
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(even, axis=0), axis=1))])
    places = np.linspace(0.0, along[-1], max(int(along[-1] / LINE_STEP_MM), 2) + 1)
    return np.stack([np.interp(places, along, even[:, axis]) for axis in range(3)], axis=1)


def _grid(run: FloatArray, way: Vector, shape: GuideShape) -> Grid:
    """Samples about the run, their last axis along the way the guide is laid on."""
    right, _ = plane_basis(way)
    axes = np.stack([right, np.cross(way, right), way], axis=1)
    reach = shape.wing_mm + shape.thickness_mm + shape.clearance_mm + 2.0
    flat = run @ axes
    low, high = flat.min(axis=0) - reach, flat.max(axis=0) + reach
    step = STEP_MM
    while np.prod((high - low) / step) > MOST_POINTS:
        step *= 1.1
    size = np.ceil((high - low) / step).astype(int) + 1
    return Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (step,) * 3, axes @ low, axes)


def _guide_field(
    organ: SurfaceMesh,
    region: Region,
    run: FloatArray,
    way: Vector,
    shape: GuideShape,
    grid: Grid,
    cancel: CancelToken | None,
) -> npt.NDArray[np.float32]:
    """float32 `[k, j, i]`: above zero in the guide, in mm near its surface."""
    flat, places, to_run, nearest = _band(organ, run, shape, grid, cancel)
    away = signed_distance_mm(organ, places)
    if cancel is not None:
        cancel.raise_if_set()
    outside = np.full(grid.shape_kji, np.inf, dtype=np.float32)
    outside.reshape(-1)[flat] = away
    # nothing may lie below a place where the organ comes nearer than the clearance, seen along the way
    least = np.minimum.accumulate(outside[::-1], axis=0)[::-1].reshape(-1)[flat]
    tops = _tops(organ, way)
    hidden = tops.over(places) > places @ way + shape.thickness_mm + HIDDEN_MM + 2.0 * CELL_MM
    value = np.minimum(least - shape.clearance_mm, shape.clearance_mm + shape.thickness_mm - away)
    value = np.minimum(value, shape.wing_mm - to_run)
    beyond, along = _along(run, places, nearest)
    value = np.minimum(value, END_MM - beyond)
    value[hidden] = -1.0
    slot = _slot(region, places, along, _length(run), shape)
    value = np.minimum(value, -slot)
    value = np.minimum(value, _hole(organ, region, run, places, shape))
    field = np.full(grid.shape_kji, -1.0, dtype=np.float32)
    field.reshape(-1)[flat] = np.clip(value, -1.0, 1.0)
    field[[0, -1]] = field[:, [0, -1]] = -1.0
    field[:, :, [0, -1]] = -1.0
    return field


def _band(
    organ: SurfaceMesh, run: FloatArray, shape: GuideShape, grid: Grid, cancel: CancelToken | None
) -> tuple[npt.NDArray[np.intp], FloatArray, FloatArray, npt.NDArray[np.intp]]:
    """Samples near the shell: their numbers, places (N, 3), distance to the run, and its nearest point."""
    from scipy.spatial import cKDTree

    reach = shape.clearance_mm + shape.thickness_mm + BAND_MM
    run_tree = cKDTree(run)
    near = np.flatnonzero(run_tree.query(organ.points_mm, distance_upper_bound=shape.wing_mm + reach + 6.0)[0] < np.inf)
    surface_tree = cKDTree(organ.points_mm[near])
    block = 4
    coarse = [np.arange(0, n, block) + (block - 1) / 2.0 for n in grid.size_ijk]
    k, j, i = np.meshgrid(coarse[2], coarse[1], coarse[0], indexing="ij")
    middles = grid.to_world(np.stack([i, j, k], axis=-1).reshape(-1, 3))
    half = 0.9 * block * float(grid.spacing_mm[0])
    close, _ = surface_tree.query(middles, distance_upper_bound=reach + half + 1.0)
    chosen = np.flatnonzero(close < np.inf)
    to_run, _ = run_tree.query(middles[chosen], distance_upper_bound=shape.wing_mm + half + 1.0)
    chosen = chosen[to_run < np.inf]
    if cancel is not None:
        cancel.raise_if_set()
    first = np.stack(np.unravel_index(chosen, k.shape), axis=1) * block
    inner = np.indices((block,) * 3).reshape(3, -1).T
    kji = (first[:, None] + inner[None]).reshape(-1, 3)
    kji = kji[(kji < np.array(grid.shape_kji)).all(axis=1)]
    places = grid.to_world(kji[:, ::-1].astype(np.float64))
    gap, _ = surface_tree.query(places, distance_upper_bound=reach + 0.5, workers=2)
    kept = gap < np.inf
    kji, places = kji[kept], places[kept]
    to_run, nearest = run_tree.query(places, workers=2)
    kept = to_run < shape.wing_mm + 1.5
    kji, places, to_run, nearest = kji[kept], places[kept], to_run[kept], nearest[kept]
    flat = np.ravel_multi_index((kji[:, 0], kji[:, 1], kji[:, 2]), grid.shape_kji)
    return flat, places, to_run, nearest


def _along(run: FloatArray, places: FloatArray, nearest: npt.NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
    """(N,) how far places lie beyond the run's ends, and (N,) their place along it, mm."""
    tangents = np.gradient(run, axis=0)
    tangents /= np.maximum(np.linalg.norm(tangents, axis=1, keepdims=True), 1e-9)
    step = _length(run) / (len(run) - 1)
    ahead = ((places - run[nearest]) * tangents[nearest]).sum(axis=1)
    last = len(run) - 1
    beyond = np.where(nearest == 0, -ahead, np.where(nearest == last, ahead, -1.0))
    ends = (nearest == 0) | (nearest == last)
    return np.maximum(beyond, -1.0), step * nearest + np.where(ends, ahead, np.clip(ahead, -step, step))


def _slot(region: Region, places: FloatArray, along: FloatArray, length: float, shape: GuideShape) -> FloatArray:
    """(N,) above zero in the slot."""
    signed = region.signed_mm(places)
    near = np.flatnonzero(np.abs(signed) < 3.0 * region.steepness + shape.slot_mm)
    slot = np.full(len(places), -1.0)
    slope = np.linalg.norm(gradient(region, places[near]), axis=1)
    across = shape.slot_mm / 2.0 - np.abs(signed[near]) / np.maximum(slope, 1e-6)
    open_here = np.minimum(along[near], length - along[near])
    for middle in bridges_mm(length, shape):
        open_here = np.minimum(open_here, np.abs(along[near] - middle) - shape.bridge_mm / 2.0)
    slot[near] = np.minimum(across, open_here)
    return slot


def bridges_mm(length_mm: float, shape: GuideShape) -> FloatArray:
    """Middles of the bars across the slot, along a run of this length."""
    count = max(int(np.ceil(length_mm / shape.every_mm)) - 1, 0)
    return np.asarray(length_mm * np.arange(1, count + 1) / (count + 1))


def _hole(organ: SurfaceMesh, region: Region, run: FloatArray, places: FloatArray, shape: GuideShape) -> FloatArray:
    """(N,) below zero in the hole through the wing on the removed side, half-way along the run between two bridges."""
    bars = bridges_mm(_length(run), shape)
    ends = np.concatenate([[0.0], bars, [_length(run)]])
    widest = int(np.diff(ends).argmax()) if len(bars) else 0
    at = run[int(np.clip(round((ends[widest] + ends[widest + 1]) / 2.0), 0, len(run) - 1))]
    close = np.flatnonzero(np.linalg.norm(organ.points_mm - at, axis=1) < shape.wing_mm + 2.0)
    signed = region.signed_mm(organ.points_mm[close])
    beside = np.linalg.norm(organ.points_mm[close] - at, axis=1)
    wanted = HOLE_AT * shape.wing_mm
    cost = np.where(signed > 0.0, np.abs(beside - wanted) + 0.3 * (beside - signed), np.inf)
    if not len(close) or not np.isfinite(cost).any():
        return np.full(len(places), 1.0)
    foot = organ.points_mm[close[int(cost.argmin())]]
    near = np.flatnonzero(np.linalg.norm(organ.points_mm - foot, axis=1) < 5.0)
    _, _, axes = np.linalg.svd(organ.points_mm[near] - organ.points_mm[near].mean(axis=0))
    rest = places - foot
    radial = np.linalg.norm(rest - (rest @ axes[2])[:, None] * axes[2], axis=1)
    inside = np.linalg.norm(rest, axis=1) < shape.thickness_mm + shape.clearance_mm + 4.0
    return np.asarray(np.where(inside, radial - HOLE_RADIUS_MM, 1.0))


def signed_distance_mm(mesh: SurfaceMesh, points_mm: FloatArray) -> FloatArray:
    """(N,) exact distances of (N, 3) points from a closed surface, negative inside."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkDoubleArray
    from vtkmodules.vtkFiltersCore import vtkImplicitPolyDataDistance

    from planning.files.meshes import vtk_surface

    distance = vtkImplicitPolyDataDistance()
    distance.SetInput(vtk_surface(mesh))
    found = vtkDoubleArray()
    distance.FunctionValue(numpy_to_vtk(np.ascontiguousarray(points_mm), deep=True), found)
    return np.array(vtk_to_numpy(found), dtype=np.float64)


def _largest(mesh: SurfaceMesh, origin_mm: Vector) -> tuple[SurfaceMesh, int]:
    """The guide's largest piece with fewer triangles, its hollows as they are, and how many bits were left out."""
    from planning.printing.checks import self_intersections

    pieces = bodies(solid_of(mesh, origin_mm)) if len(mesh.triangles) else []
    if not pieces:
        raise MeasurementError(
            "No guide fits on the capsule here", "Choose another direction or smaller wings", "no_guide"
        )
    pieces.sort(key=lambda piece: -float(piece.volume()))
    for tolerance in (SIMPLIFY_MM, SIMPLIFY_MM / 4.0):
        made = mesh_of(pieces[0].simplify(tolerance), origin_mm)
        if made.is_watertight and not self_intersections(made):
            return made, len(pieces) - 1
    return mesh_of(pieces[0], origin_mm), len(pieces) - 1


def _gaps(mesh: SurfaceMesh, organ: SurfaceMesh, shape: GuideShape) -> FloatArray:
    """(N,) distances to the capsule of places on the guide's inner side, evenly spread."""
    # the walls of slot and rim cross the whole thickness: they are no inner side
    corners = mesh.points_mm[mesh.triangles]
    facing = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    middles = corners.mean(axis=1)
    at_middles = signed_distance_mm(organ, middles)
    ahead = signed_distance_mm(
        organ, middles + 0.2 * facing / np.maximum(np.linalg.norm(facing, axis=1), 1e-12)[:, None]
    )
    looks_in = (ahead < at_middles - 0.12) & (at_middles < shape.clearance_mm + 0.5 * shape.thickness_mm)
    areas = np.linalg.norm(facing, axis=1)
    if not looks_in.any():
        return at_middles
    generator = np.random.default_rng(5)
    chosen = generator.choice(np.flatnonzero(looks_in), size=8000, p=areas[looks_in] / areas[looks_in].sum())
    return np.asarray(at_middles[chosen])


def _tried_on(mesh: SurfaceMesh, organ: SurfaceMesh, way: Vector) -> tuple[float, float | None]:
    """(overlap where it sits in mm³, how far it is lifted when it first meets the organ, None for never)."""
    origin = mesh.points_mm.mean(axis=0)
    guide, body = solid_of(mesh, origin), solid_of(organ, origin)
    overlap = float((guide ^ body).volume())
    for lift in LIFTS_MM:
        moved = guide.translate(tuple(float(value) for value in lift * way))
        if float((moved ^ body).volume()) > max(STUCK_MM3, 2.0 * overlap):
            return overlap, lift
    return overlap, None
