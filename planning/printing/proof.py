"""How far a file's surface, as read back, is from what was planned: distances both ways, volume, and overlap of voxels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.checks import locator_of
from planning.printing.faults import Place, place
from planning.printing.scanfill import scan_filled
from planning.volume import Mask

SAMPLES = 20_000
MEAN_LIMIT_MM, LARGEST_LIMIT_MM = 0.1, 0.5
LEAST_DICE = {"vessel": 0.97}
LEAST_DICE_OTHER = 0.995
# points of a grid that are filled at once
AT_ONCE = 40_000_000
MARGIN_VOXELS = 3
BEGINS_STEPS = 1.61803
# a file rounds the points of a surface by less than this
SAME_MM = 2e-4


@dataclass(frozen=True, slots=True)
class Deviation:
    """Unsigned distances of two surfaces, the greater of both directions each; at_mm: where the largest is."""

    mean_mm: float
    largest_mm: float
    at_mm: Place
    samples: int


def surface_samples_mm(mesh: SurfaceMesh, count: int = SAMPLES) -> FloatArray:
    """Area-weighted points on the surface (fixed seed) and all its vertices."""
    generator = np.random.default_rng(7)
    corners = mesh.points_mm[mesh.triangles]
    areas = 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    chosen = generator.choice(len(areas), size=count, p=areas / areas.sum())
    a, b = np.sqrt(generator.random(count)), generator.random(count)
    weights = np.stack([1 - a, a * (1 - b), a * b], axis=1)
    return np.concatenate([np.einsum("ij,ijk->ik", weights, corners[chosen]), mesh.points_mm])


def apart_mm(points_mm: FloatArray, mesh: SurfaceMesh) -> FloatArray:
    """As `distances_mm`, faster where many points are corners of the surface too: for one that lies within SAME_MM of a
    corner, the distance from the corner."""
    from scipy.spatial import cKDTree

    # a balanced tree takes four times as long to make and is no faster here
    away, _ = cKDTree(mesh.points_mm, balanced_tree=False).query(points_mm, distance_upper_bound=SAME_MM)
    rest = ~np.isfinite(away)
    away[rest] = distances_mm(points_mm[rest], mesh)
    return np.asarray(away)


def distances_mm(points_mm: FloatArray, mesh: SurfaceMesh) -> FloatArray:
    """(N,) unsigned distances of (N, 3) points from a surface."""
    from vtkmodules.vtkCommonCore import mutable
    from vtkmodules.vtkCommonDataModel import vtkGenericCell

    # a locator of another kind answers all points at once, but takes minutes over the long slivers of a cut's face
    locator, surface = locator_of(mesh)
    cell, number, part, squared, nearest = vtkGenericCell(), mutable(0), mutable(0), mutable(0.0), [0.0] * 3
    found = np.empty(len(points_mm))
    closest = locator.FindClosestPoint
    for n, point in enumerate(np.asarray(points_mm).tolist()):
        closest(point, nearest, cell, number, part, squared)
        found[n] = float(squared)
    del surface
    return np.asarray(np.sqrt(np.maximum(found, 0.0)))


def signed_distances_mm(points_mm: FloatArray, mesh: SurfaceMesh) -> FloatArray:
    """(N,) distances of (N, 3) points from a closed surface, negative inside."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkDoubleArray
    from vtkmodules.vtkFiltersCore import vtkImplicitPolyDataDistance

    from planning.files.meshes import vtk_surface

    if not len(points_mm):
        return np.zeros(0)
    surface = vtk_surface(mesh)
    function = vtkImplicitPolyDataDistance()
    function.SetInput(surface)
    points = np.ascontiguousarray(points_mm, dtype=np.float64)
    found = vtkDoubleArray()
    found.SetNumberOfTuples(len(points))
    function.FunctionValue(numpy_to_vtk(points), found)
    del surface
    return np.array(vtk_to_numpy(found), dtype=np.float64)


def one_way(from_here: SurfaceMesh, there: SurfaceMesh) -> Deviation:
    """How far at least 20,000 points of one surface, spread by area, and all its vertices lie from another."""
    points = surface_samples_mm(from_here)
    away = apart_mm(points, there)
    farthest = int(away.argmax())
    return Deviation(float(away.mean()), float(away[farthest]), place(points[farthest]), len(points))


def both_ways(there: Deviation, back: Deviation) -> Deviation:
    """The greater of both directions each."""
    return Deviation(
        max(there.mean_mm, back.mean_mm),
        max(there.largest_mm, back.largest_mm),
        there.at_mm if there.largest_mm >= back.largest_mm else back.at_mm,
        min(there.samples, back.samples),
    )


def deviation(written: SurfaceMesh, reference: SurfaceMesh) -> Deviation:
    """How far two surfaces in LPS mm are apart: at least 20,000 points of each, spread by area, and all their vertices.

    The mean is that of the area samples and vertices together, as they are spread over the surface.
    """
    return both_ways(one_way(written, reference), one_way(reference, written))


def deviation_mm(written: SurfaceMesh, reference: SurfaceMesh) -> tuple[float, float]:
    """(mean, largest) distance, the greater of both directions each. Both surfaces in LPS mm."""
    found = deviation(written, reference)
    return found.mean_mm, found.largest_mm


def dice_with_voxels(written: SurfaceMesh, mask: Mask) -> float:
    """Dice coefficient of a closed surface with the structure's voxels: which of the scan's voxel centres it holds.

    On finer grids the voxels' own steps would count as errors, which the surface is there to smooth.
    """
    start, shape = np.asarray(mask.start_ijk), np.asarray(mask.voxels.shape[::-1])
    first = start - MARGIN_VOXELS
    size = shape + 2 * MARGIN_VOXELS
    local = SurfaceMesh((mask.grid.to_index(written.points_mm) - first) * mask.grid.spacing_mm, written.triangles)
    inside = np.pad(mask.voxels, MARGIN_VOXELS)
    common = whole = 0
    for k, (ours,) in _slabs(size, mask.grid.spacing_mm, [local]):
        common += int(np.count_nonzero(ours & inside[k : k + len(ours)]))
        whole += int(np.count_nonzero(ours))
    return 2.0 * common / max(whole + mask.voxel_count, 1)


def dice_of_surfaces(written: SurfaceMesh, reference: SurfaceMesh, voxel_mm: FloatArray) -> float:
    """Dice coefficient of two closed surfaces in LPS mm, both filled on a grid of half the voxel's size."""
    step = 0.5 * np.asarray(voxel_mm, dtype=np.float64)
    # beside whole steps: the flat bottom of a base would lie in a plane of samples, and a file's rounding would decide on it
    low = np.minimum(written.points_mm.min(axis=0), reference.points_mm.min(axis=0)) - BEGINS_STEPS * step
    high = np.maximum(written.points_mm.max(axis=0), reference.points_mm.max(axis=0)) + 2.0 * step
    size = np.ceil((high - low) / step).astype(int)
    moved = [SurfaceMesh(mesh.points_mm - low, mesh.triangles) for mesh in (written, reference)]
    common = whole = 0
    for _, (ours, theirs) in _slabs(size, step, moved):
        common += int(np.count_nonzero(ours & theirs))
        whole += int(np.count_nonzero(ours)) + int(np.count_nonzero(theirs))
    return 2.0 * common / max(whole, 1)


def _slabs(
    size_ijk: npt.NDArray[np.int64], step_mm: FloatArray, meshes: list[SurfaceMesh]
) -> Iterator[tuple[int, list[npt.NDArray[np.bool_]]]]:
    """(first slice, each mesh filled `[k, j, i]`) slab by slab; sample (0, 0, 0) lies on the origin."""
    ni, nj, nk = (int(n) for n in size_ijk)
    deep = max(1, AT_ONCE // max(ni * nj, 1))
    for k in range(0, nk, deep):
        down = np.array((0.0, 0.0, k * step_mm[2]))
        size = (ni, nj, min(deep, nk - k))
        yield k, [scan_filled(SurfaceMesh(mesh.points_mm - down, mesh.triangles), step_mm, size) for mesh in meshes]


def sha256_of(path: Path) -> str:
    """Hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
