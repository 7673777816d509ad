"""What mends a fault of a printed part: each fix takes a surface, gives one, and says what it changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Grid
from planning.mesh import SurfaceMesh
from planning.printing.edges import EdgeTable, boundary_loops
from planning.printing.shells import LEAST_LOOSE_ML, shells_of
from planning.printing.solids import bodies, mesh_of, solid_of
from planning.printing.walls import thin_middles

IntArray = npt.NDArray[np.int64]
# rims of more points are parted in two before they are closed by the least area
MOST_RIM = 160
NOT_AGAIN_MM2 = 1e9
DRAIN_SIDES = 32
BEYOND_MM = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Mended:
    """The surface after a fix and what was changed, in words with figures. changed: False where there was nothing to do."""

    mesh: SurfaceMesh
    finding: Finding
    changed: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What a fix has to reach: the least wall and the way out of a hollow that the process needs, both in mm."""

    least_wall_mm: float = 0.8
    hole_mm: float = 3.5
    holes: int = 2


def fill_holes(mesh: SurfaceMesh, wish: Wish | None = None) -> Mended:
    """Every open rim closed by the lid of least area that uses the rim's own points."""
    table = EdgeTable.of(mesh)
    taken = set(zip(table.low.tolist(), table.high.tolist(), strict=True))
    loops = boundary_loops(mesh, table)
    lids = [_lid(mesh.points_mm, loop, taken) for loop in loops if len(loop) >= 3]
    if not lids:
        return _nothing(mesh, "filled", "There is no hole to fill.")
    triangles = np.concatenate([mesh.triangles, *lids])
    area = sum(_area_mm2(mesh.points_mm, lid) for lid in lids)
    return Mended(
        SurfaceMesh(mesh.points_mm, triangles.astype(np.int32)),
        Finding("filled", f"{len(lids)} hole(s) filled with {area:.1f} mm² of new surface."),
        True,
    )


def turn_triangles(mesh: SurfaceMesh, wish: Wish | None = None) -> Mended:
    """Triangles turned so that neighbours agree and each sheet faces outward, hollows inward."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    table = EdgeTable.of(mesh)
    twice = np.flatnonzero(table.count == 2)
    first = table.first[twice]
    one, two = table.half[first] // 3, table.half[first + 1] // 3
    against = table.turn[twice] != 0
    count = len(mesh.triangles)
    # 1: agree, 2: one of both is turned; a pair of triangles has one edge in a sound surface
    graph = coo_matrix((np.where(against, 2, 1), (one, two)), shape=(count, count)).tocsr()
    flip = np.zeros(count, dtype=bool)
    number, labels = connected_components(graph, directed=False)
    both = (graph + graph.T).tocsr()
    for label in range(number):
        start = int(np.flatnonzero(labels == label)[0])
        order, before = breadth_first_order(both, start, directed=False)
        if len(order) > 1:
            steps = np.asarray(both[before[order[1:]], order[1:]]).reshape(-1) == 2
            for node, step in zip(order[1:].tolist(), steps.tolist()):
                flip[node] = flip[before[node]] ^ step
    triangles = mesh.triangles.copy()
    triangles[flip] = triangles[flip][:, ::-1]
    turned = turn_shells(SurfaceMesh(mesh.points_mm, triangles))
    changed = int((turned.mesh.triangles != mesh.triangles).any(axis=1).sum())
    if not changed:
        return _nothing(mesh, "turned", "All triangles face outward already.")
    return Mended(turned.mesh, Finding("turned", f"{changed} triangle(s) turned to face outward."), True)


def turn_shells(mesh: SurfaceMesh, wish: Wish | None = None) -> Mended:
    """Whole sheets turned: outer ones outward, those of hollows inward."""
    triangles = mesh.triangles.copy()
    count = 0
    for shell in shells_of(mesh):
        if (shell.volume_mm3 < 0.0) is not (shell.depth % 2 == 1):
            triangles[shell.triangles] = triangles[shell.triangles][:, ::-1]
            count += 1
    if not count:
        return _nothing(mesh, "turned", "All sheets face outward already.")
    return Mended(
        SurfaceMesh(mesh.points_mm, triangles), Finding("turned", f"{count} sheet(s) turned to face outward."), True
    )


def drop_flat(mesh: SurfaceMesh, wish: Wish | None = None) -> Mended:
    """Triangles without area and edges shorter than 2 µm taken out, the surface kept closed."""
    origin = mesh.points_mm.mean(axis=0)
    made = mesh_of(solid_of(mesh, origin), origin)
    gone = len(mesh.triangles) - len(made.triangles)
    return Mended(made, Finding("flat_dropped", f"{gone} triangle(s) without area taken out."), gone > 0)


def unite(mesh: SurfaceMesh, wish: Wish | None = None) -> Mended:
    """Sheets that stand in each other made one solid; a sheet that crosses itself stays as it is."""
    origin = mesh.points_mm.mean(axis=0)
    solids = bodies(solid_of(mesh, origin))
    if len(solids) < 2:
        return _nothing(mesh, "united", "The surface cuts itself within one sheet. Correct the structure.")
    import manifold3d

    made = mesh_of(manifold3d.Manifold.batch_boolean(solids, manifold3d.OpType.Add), origin)
    off = made.volume_ml - mesh.volume_ml
    return Mended(made, Finding("united", f"{len(solids)} solids made one, {off:+.2f} ml where they overlapped."), True)


def drop_loose(mesh: SurfaceMesh, wish: Wish | None = None) -> Mended:
    """Only the largest solid kept, with its hollows."""
    return _without_solids(mesh, np.inf)


def drop_crumbs(mesh: SurfaceMesh, wish: Wish | None = None) -> Mended:
    """Loose pieces under 0.1 ml taken away."""
    return _without_solids(mesh, LEAST_LOOSE_ML * 1000.0)


def _without_solids(mesh: SurfaceMesh, below_mm3: float) -> Mended:
    shells = shells_of(mesh)
    gone = {
        number
        for number, shell in enumerate(shells)
        if number > 0 and shell.depth % 2 == 0 and abs(shell.volume_mm3) < below_mm3
    }
    # a hollow goes with the solid round it
    gone |= {number for number, shell in enumerate(shells) if shell.depth % 2 == 1 and shell.parent in gone}
    if not gone:
        return _nothing(mesh, "dropped", "There is no loose piece.")
    solids = [number for number in gone if shells[number].depth % 2 == 0]
    made = _without(mesh, [shells[number].triangles for number in sorted(gone)])
    lost = mesh.volume_ml - made.volume_ml
    return Mended(made, Finding("dropped", f"{len(solids)} loose piece(s) taken away, {lost:.2f} ml."), True)


def fill_voids(mesh: SurfaceMesh, wish: Wish | None = None) -> Mended:
    """Closed hollows made solid, with all that lies in them."""
    shells = shells_of(mesh)
    gone = [shell for shell in shells if shell.depth >= 1]
    if not gone:
        return _nothing(mesh, "voids_filled", "There is no closed hollow.")
    made = _without(mesh, [shell.triangles for shell in gone])
    hollows = sum(shell.depth == 1 for shell in gone)
    more = made.volume_ml - mesh.volume_ml
    return Mended(made, Finding("voids_filled", f"{hollows} hollow(s) filled, {more:.2f} ml more material."), True)


def add_drains(mesh: SurfaceMesh, wish: Wish | None = None) -> Mended:
    """Round holes from each closed hollow straight down and up to the outside, at its lowest and highest place.

    As wide and as many as the process needs; a hollow narrower than a hole is filled instead of bored. Raises
    MeasurementError where the surface is no closed solid.
    """
    import manifold3d

    asked = wish or Wish()
    origin = mesh.points_mm.mean(axis=0)
    shells = shells_of(mesh)
    made = solid_of(mesh, origin)
    bores, hollows = 0, 0
    radius = 0.5 * asked.hole_mm
    top, bottom = float(mesh.points_mm[:, 2].max()), float(mesh.points_mm[:, 2].min())
    for shell in shells:
        if shell.depth % 2 == 0:
            continue
        hollows += 1
        points = mesh.points_mm[np.unique(mesh.triangles[shell.triangles])]
        for is_upward in (False, True)[: max(1, asked.holes)]:
            at = points[int(points[:, 2].argmax() if is_upward else points[:, 2].argmin())]
            # the bore begins within the hollow, so that no film is left at its curved end
            start = float(
                np.clip(at[2] - radius if is_upward else at[2] + radius, points[:, 2].min(), points[:, 2].max())
            )
            end = _first_outside(mesh, at, is_upward, top + BEYOND_MM, bottom - BEYOND_MM)
            low, high = min(start, end), max(start, end)
            bore = manifold3d.Manifold.cylinder(high - low, radius, radius, DRAIN_SIDES)
            made = made - bore.translate((float(at[0] - origin[0]), float(at[1] - origin[1]), low - float(origin[2])))
            bores += 1
    if not bores:
        return _nothing(mesh, "drained", "There is no closed hollow.")
    drained = mesh_of(made, origin)
    lost = mesh.volume_ml - drained.volume_ml
    words = f"{bores} hole(s) of {asked.hole_mm:g} mm into {hollows} hollow(s), {lost:.2f} ml of material gone."
    return Mended(drained, Finding("drained", words), True)


def _first_outside(mesh: SurfaceMesh, at: FloatArray, is_upward: bool, top: float, bottom: float) -> float:
    """Height just outside the wall that lies above (or below) a place in the wall of a hollow."""
    from vtkmodules.vtkCommonCore import mutable

    from planning.printing.checks import locator_of

    locator, surface = locator_of(mesh)
    step = 0.01 if is_upward else -0.01
    start = (float(at[0]), float(at[1]), float(at[2]) + step)
    end = (start[0], start[1], top if is_upward else bottom)
    t, where, local, sub, cell = mutable(0.0), [0.0] * 3, [0.0] * 3, mutable(0), mutable(0)
    met = locator.IntersectWithLine(start, end, 1e-9, t, where, local, sub, cell)
    del surface
    return float(where[2]) + (BEYOND_MM if is_upward else -BEYOND_MM) if met else float(end[2])


def thicken(mesh: SurfaceMesh, wish: Wish | None = None) -> Mended:
    """Walls under the least made as thick, evenly to both sides, where they are thin and nowhere else.

    The middle of each thin wall is grown to a sheet of the least thickness (a distance field on a fine grid) and joined to
    the solid by an exact boolean, so that the rest of the surface stays as it was. Raises MeasurementError where the surface
    is no closed solid.
    """
    from scipy.spatial import cKDTree

    from planning.surface import closed_contour

    asked = wish or Wish()
    limit = asked.least_wall_mm
    middles, least = thin_middles(mesh, limit)
    if not len(middles):
        return _nothing(mesh, "thickened", f"No wall is thinner than {limit:g} mm.")
    origin = mesh.points_mm.mean(axis=0)
    made = solid_of(mesh, origin)
    step = limit / 6.0
    radius = 0.5 * limit + 0.25 * step
    for box_low, box_high, own in _boxes(middles, limit):
        low, high = box_low - radius - 2.0 * step, box_high + radius + 2.0 * step
        size = np.ceil((high - low) / step).astype(int) + 1
        grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (step,) * 3, low)
        i, j, k = (low[axis] + step * np.arange(int(size[axis])) for axis in range(3))
        places = np.stack(np.meshgrid(k, j, i, indexing="ij"), axis=-1).reshape(-1, 3)[:, ::-1]
        away, _ = cKDTree(middles[own]).query(places, distance_upper_bound=radius + 3.0 * step)
        field = (radius - np.minimum(away, radius + 3.0 * step)).reshape(grid.shape_kji).astype(np.float32)
        made = made + solid_of(closed_contour(field, grid, 0.0), origin)
    grown = mesh_of(made, origin)
    more = grown.volume_ml - mesh.volume_ml
    words = f"Walls down to {least:.2f} mm made {limit:g} mm thick, {more:.2f} ml more material."
    return Mended(grown, Finding("thickened", words), True)


def _boxes(points: FloatArray, limit_mm: float) -> list[tuple[FloatArray, FloatArray, IntArray]]:
    """Points by cubes of forty walls' width, each with those that reach into it: (low, high, numbers) of each cube."""
    edge = 40.0 * limit_mm
    cells = np.floor((points - points.min(axis=0)) / edge).astype(np.int64)
    boxes = []
    for cell in np.unique(cells, axis=0):
        own = np.flatnonzero((cells == cell).all(axis=1))
        boxes.append((points[own].min(axis=0), points[own].max(axis=0), own))
    return boxes


def _without(mesh: SurfaceMesh, dropped: Sequence[IntArray]) -> SurfaceMesh:
    keep = np.ones(len(mesh.triangles), dtype=bool)
    keep[np.concatenate(list(dropped))] = False
    used, numbers = np.unique(mesh.triangles[keep], return_inverse=True)
    return SurfaceMesh(mesh.points_mm[used], numbers.reshape(-1, 3).astype(np.int32))


def _nothing(mesh: SurfaceMesh, code: str, words: str) -> Mended:
    return Mended(mesh, Finding(code, words), False)


def _area_mm2(points: FloatArray, triangles: IntArray) -> float:
    a, b, c = (points[triangles[:, n]] for n in range(3))
    return float(0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1).sum())


def _lid(points: FloatArray, loop: IntArray, taken: set[tuple[int, int]]) -> IntArray:
    """(M, 3) triangles over a rim, of the least area (dynamic programming over its chords); long rims are parted first.

    taken: edges that the surface has already, as (lower, higher) point; a chord on one would give it four triangles.
    """

    def is_taken(a: int, b: int) -> bool:
        one, two = int(loop[a]), int(loop[b])
        return (min(one, two), max(one, two)) in taken

    if len(loop) > MOST_RIM:
        half = len(loop) // 2
        ring = points[loop]
        across = [
            np.inf if is_taken(n, n + half) else float(np.linalg.norm(ring[n] - ring[n + half])) for n in range(half)
        ]
        start = int(np.argmin(across))
        turned = np.roll(loop, -start)
        parts = (turned[: half + 1], np.append(turned[half:], turned[0]))
        return np.concatenate([_lid(points, part, taken) for part in parts])
    ring = points[loop]
    count = len(loop)
    cost, split = np.zeros((count, count)), np.zeros((count, count), dtype=int)
    for length in range(2, count):
        for i in range(count - length):
            k = i + length
            between = np.arange(i + 1, k)
            area = 0.5 * np.linalg.norm(np.cross(ring[between] - ring[i], ring[k] - ring[i]), axis=1)
            total = cost[i, between] + cost[between, k] + area
            best = int(total.argmin())
            is_chord = length < count - 1
            cost[i, k] = total[best] + (NOT_AGAIN_MM2 if is_chord and is_taken(i, k) else 0.0)
            split[i, k] = between[best]
    made, waiting = [], [(0, count - 1)]
    while waiting:
        i, k = waiting.pop()
        if k - i < 2:
            continue
        j = int(split[i, k])
        made.append((loop[i], loop[j], loop[k]))
        waiting += [(i, j), (j, k)]
    return np.array(made, dtype=np.int64)


Fix = Callable[[SurfaceMesh, Wish | None], Mended]
FIXES: Mapping[str, Fix] = MappingProxyType(
    {
        "fill_holes": fill_holes,
        "turn_triangles": turn_triangles,
        "turn_shells": turn_shells,
        "drop_flat": drop_flat,
        "unite": unite,
        "drop_loose": drop_loose,
        "drop_crumbs": drop_crumbs,
        "fill_voids": fill_voids,
        "add_drains": add_drains,
        "thicken": thicken,
    }
)


def mended(mesh: SurfaceMesh, fix: str, wish: Wish | None = None) -> Mended:
    """A fix by the name that a fault tells. Raises MeasurementError for what no fix of a surface mends."""
    made = FIXES.get(fix)
    if made is None:
        raise MeasurementError("This fault is not mended by itself", "Correct the structure and print it again", "fix")
    return made(mesh, wish)
