"""Hollow solids, walls round a lumen, and the holes that let resin and powder out. All in LPS mm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.filled import filled
from planning.geometry import FloatArray, Grid, Vector
from planning.mesh import SurfaceMesh
from planning.printing.pegs import cylinder
from planning.printing.proof import surface_samples_mm
from planning.printing.solids import bodies, mesh_of, solid_of
from planning.surface import closed_contour, surface_area_mm2
from planning.volume import Mask

LEAST_CAVITY_MM3 = 50.0
MOST_FIELD_POINTS, MOST_WALL_POINTS = 700_000, 9_000_000
# surface points stand for the surface: on a flat one a distance of 2 mm then reads 0.01 mm too much at most
SAMPLE_MM2 = 0.16
MOST_SAMPLES = 900_000
# a hole begins this far inside the hollow
INSIDE_MM = 1.0
NEAR_END_MM = 30.0
BORDER_VOXELS, BESIDE = 4, 0.12


@dataclass(frozen=True, slots=True, eq=False)
class Hollow:
    """A solid with its inside taken out. cavities: closed surfaces of the hollows, outward as solids of their own."""

    shell: SurfaceMesh
    cavities: tuple[SurfaceMesh, ...]


def hollowed(mesh: SurfaceMesh, wall_mm: float) -> Hollow:
    """The solid with a wall of `wall_mm` left; without cavities where it is thinner.

    The inner surface is the level −wall of the true distance to the outer one, on a grid of at most half the wall.
    """
    inner = _offset_inwards(mesh, wall_mm)
    if inner is None:
        return Hollow(mesh, ())
    origin = mesh.points_mm.mean(axis=0)
    cavities = bodies(solid_of(inner, origin), LEAST_CAVITY_MM3)
    if not cavities:
        return Hollow(mesh, ())
    shell = solid_of(mesh, origin)
    for cavity in cavities:
        shell = shell - cavity
    return Hollow(mesh_of(shell, origin), tuple(mesh_of(cavity, origin) for cavity in cavities))


def _offset_inwards(mesh: SurfaceMesh, wall_mm: float) -> SurfaceMesh | None:
    grid = _grid_about(mesh, float(np.clip(wall_mm / 2.0, 0.4, 1.5)), 0.0, MOST_FIELD_POINTS)
    step = float(grid.spacing_mm[0])
    depth = _depth_mm(mesh, grid, wall_mm + 4.0 * step)
    if depth.max() <= wall_mm:
        return None
    inner = closed_contour(depth, grid, wall_mm)
    return inner if len(inner.triangles) else None


def _grid_about(mesh: SurfaceMesh, step: float, margin_mm: float, most_points: int) -> Grid:
    low, high = mesh.points_mm.min(axis=0) - margin_mm, mesh.points_mm.max(axis=0) + margin_mm
    while np.prod((high - low) / step + 3) > most_points:
        step *= 1.1
    size = np.ceil((high - low) / step).astype(int) + 3
    return Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (step, step, step), low - step)


def _distances_to(mesh: SurfaceMesh, places: FloatArray, most_mm: float) -> FloatArray:
    from scipy.spatial import cKDTree

    count = int(np.clip(surface_area_mm2(mesh) / SAMPLE_MM2, 20_000, MOST_SAMPLES))
    tree = cKDTree(surface_samples_mm(mesh, count))
    found, _ = tree.query(places, distance_upper_bound=most_mm, workers=2)
    return np.asarray(np.minimum(found, most_mm))


def _depth_mm(mesh: SurfaceMesh, grid: Grid, most_mm: float) -> npt.NDArray[np.float32]:
    """[k, j, i] distance of the grid points inside a closed surface from it, at most `most_mm`; zero outside."""
    inside = filled(mesh, grid)
    depth = np.zeros(grid.shape_kji, dtype=np.float32)
    kji = np.argwhere(inside)
    if len(kji):
        depth[inside] = _distances_to(mesh, grid.to_world(kji[:, ::-1].astype(np.float64)), most_mm)
    return depth


def outer_wall(mesh: SurfaceMesh, wall_mm: float) -> SurfaceMesh:
    """The surface `wall_mm` outside a closed one. Raises MeasurementError where it encloses nothing."""
    from scipy import ndimage

    grid = _grid_about(mesh, float(np.clip(wall_mm / 3.0, 0.35, 0.8)), wall_mm + 2.0, MOST_WALL_POINTS)
    step = float(grid.spacing_mm[0])
    inside = filled(mesh, grid)
    # how far outside, counted from samples: exact only in a band about the wall's outer side
    field = -ndimage.distance_transform_edt(~inside).astype(np.float32) * np.float32(step)
    band = np.abs(field + wall_mm) < 2.5 * step
    kji = np.argwhere(band)
    field[band] = -_distances_to(mesh, grid.to_world(kji[:, ::-1].astype(np.float64)), wall_mm + 6.0 * step)
    return closed_contour(field, grid, -wall_mm)


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """A wall round a lumen. openings: how many ends are open. missed: places that were named and lie near no end."""

    mesh: SurfaceMesh
    openings: int
    missed: tuple[tuple[float, float, float], ...] = ()


def walled(mesh: SurfaceMesh, mask: Mask, wall_mm: float, open_at_mm: Sequence[Sequence[float]] = ()) -> Wall:
    """A wall of `wall_mm` outside the closed surface of a lumen, open where the mask meets the scan's border and at the
    ends nearest to `open_at_mm` (LPS); what lies farther than 30 mm from a lumen is no end of it."""
    origin = mesh.points_mm.mean(axis=0)
    lumen = solid_of(mesh, origin)
    tube = solid_of(outer_wall(mesh, wall_mm), origin) - lumen
    cutters = border_cutters(mask, wall_mm, origin)
    missed = []
    for place in open_at_mm:
        cutter = _end_cutter(mesh, mask, np.asarray(place, dtype=np.float64), wall_mm, origin)
        if cutter is None:
            missed.append((float(place[0]), float(place[1]), float(place[2])))
        else:
            cutters.append(cutter)
    for cutter in cutters:
        tube = tube - cutter
    return Wall(mesh_of(tube, origin), len(cutters), tuple(missed))


def border_cutters(mask: Mask, wall_mm: float, origin_mm: Vector) -> list[Any]:
    """Boxes that cut off what a wall has beyond the scan's border: one for each place where the mask meets it."""
    import manifold3d
    from scipy import ndimage

    found = []
    margin = wall_mm + 3.0
    spacing = mask.grid.spacing_mm
    for axis in range(3):
        for end, index in ((0, 0), (1, mask.grid.size_ijk[axis] - 1)):
            at = index - mask.start_ijk[axis]
            kji = 2 - axis
            if not 0 <= at < mask.voxels.shape[kji]:
                continue
            labels, count = ndimage.label(np.take(mask.voxels, at, axis=kji), np.ones((3, 3)))
            for number, box in enumerate(ndimage.find_objects(labels), start=1):
                del number
                low, high = np.zeros(3), np.zeros(3)
                others = [other for other in (2, 1, 0) if other != axis]
                for other, part in zip(others, box, strict=True):
                    low[other] = part.start + mask.start_ijk[other] - 0.5 - margin / spacing[other]
                    high[other] = part.stop - 1 + mask.start_ijk[other] + 0.5 + margin / spacing[other]
                away = BORDER_VOXELS + margin / spacing[axis]
                # not through the middles of voxels, where the surface has its points
                low[axis], high[axis] = (index - away, index + BESIDE) if end == 0 else (index - BESIDE, index + away)
                corners = np.array(np.meshgrid(*zip(low, high, strict=True))).reshape(3, -1).T
                found.append(manifold3d.Manifold.hull_points(mask.grid.to_world(corners) - origin_mm))
            del count
    return found


def _end_cutter(mesh: SurfaceMesh, mask: Mask, place_mm: Vector, wall_mm: float, origin_mm: Vector) -> Any | None:
    """A round bar that cuts off a vessel's end: its face lies across the vessel, just inside the lumen."""
    from scipy import ndimage
    from scipy.spatial import cKDTree

    away, nearest = cKDTree(mesh.points_mm).query(place_mm)
    if away > NEAR_END_MM:
        return None
    depth = ndimage.distance_transform_edt(np.pad(mask.voxels, 1), sampling=mask.grid.spacing_mm[::-1])[
        1:-1, 1:-1, 1:-1
    ]
    kji = np.argwhere(mask.voxels)
    centers = mask.box_grid.to_world(kji[:, ::-1].astype(np.float64))
    start = mesh.points_mm[nearest]
    close = np.linalg.norm(centers - start, axis=1) < 12.0
    radius = float(depth[tuple(kji[close].T)].max(initial=1.0))
    local = centers[np.linalg.norm(centers - start, axis=1) < 3.0 * radius + 2.0]
    # the vessel's own way there, out of it
    way = np.linalg.svd(local - local.mean(axis=0), full_matrices=False)[2][0]
    way = way if (start - local.mean(axis=0)) @ way > 0.0 else -way
    # the end is where the lumen reaches farthest that way near the place
    ahead = (mesh.points_mm[np.linalg.norm(mesh.points_mm - start, axis=1) < 2.0 * radius + 2.0] - start) @ way
    middle = local[(local - start) @ way > -radius - 1.0].mean(axis=0)
    foot = middle + (float(ahead.max()) + (start - middle) @ way - max(0.35 * radius, 0.6)) * way
    return cylinder(foot, way, radius + wall_mm + 2.0, 2.0 * radius + wall_mm + 6.0, origin_mm)


def drained(hollow: Hollow, up: Vector, holes: int, diameter_mm: float) -> tuple[SurfaceMesh, int]:
    """(the shell with holes from each hollow's lowest and highest point straight out, how many there are).

    up: the way the part is printed, unit.
    """
    origin = hollow.shell.points_mm.mean(axis=0)
    shell, made = solid_of(hollow.shell, origin), 0
    reach = float(np.linalg.norm(np.ptp(hollow.shell.points_mm, axis=0)))
    for cavity in hollow.cavities:
        heights = cavity.points_mm @ up
        ends = [(cavity.points_mm[int(heights.argmin())], -up), (cavity.points_mm[int(heights.argmax())], up)]
        for foot, way in ends[:holes]:
            start = foot - INSIDE_MM * way
            length = _way_out_mm(shell, start - origin, way, reach) + 1.0
            shell = shell - cylinder(start, way, diameter_mm / 2.0, length, origin)
            made += 1
    return mesh_of(shell, origin), made


def _way_out_mm(shell: Any, start: Vector, way: Vector, reach: float) -> float:
    """How far from a place in a hollow until the wall in that direction is behind."""
    hits = shell.ray_cast(tuple(start), tuple(start + reach * way))
    along = sorted(float(np.linalg.norm(np.asarray(hit.position) - start)) for hit in hits)
    if len(along) < 2:
        raise MeasurementError("No hole can be made here", "Leave the part closed or solid", "no_drain")
    return along[1]
