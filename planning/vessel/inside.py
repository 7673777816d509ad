"""A structure or a surface as a lumen of its own, so that both are measured like an image."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid
from planning.mesh import SurfaceMesh
from planning.volume import Mask, Volume

BRIGHT_HU, BLUR_VOXELS = 400.0, 0.8
PADDING_MM = 6.0
FINEST_MM, MOST_VOXELS, EVERY = 0.5, 3e6, 4
TANH_PER_SIGMA = 0.8
"""tanh(0.8 x) is close to the error function of a blur of one."""


def mask_volume(mask: Mask) -> Volume:
    """The mask as a softly bright lumen on its own box, widened by a dark border."""
    from scipy import ndimage

    if not mask.voxel_count:
        raise MeasurementError("The structure is empty", "Choose another one", "empty")
    pad = np.ceil(PADDING_MM / mask.grid.spacing_mm).astype(int)
    start = np.maximum(np.array(mask.start_ijk) - pad, 0)
    stop = np.minimum(np.array(mask.start_ijk) + np.array(mask.voxels.shape[::-1]) + pad, mask.grid.size_ijk)
    size = stop - start
    whole = np.zeros(size[::-1], dtype=np.float32)
    at = np.array(mask.start_ijk) - start
    nk, nj, ni = mask.voxels.shape
    whole[at[2] : at[2] + nk, at[1] : at[1] + nj, at[0] : at[0] + ni][mask.voxels] = BRIGHT_HU
    soft = ndimage.gaussian_filter(whole, BLUR_VOXELS)
    grid = mask.grid.cropped((int(start[0]), int(start[1]), int(start[2])), (int(size[0]), int(size[1]), int(size[2])))
    return Volume(grid, soft)


def mesh_volume(mesh: SurfaceMesh) -> Volume:
    """The inside of a closed or open surface as a softly bright lumen on a fine grid of its own.

    Open ends are closed by the surface's own extent: a place counts as inside by the winding of the nearest triangle.
    Raises MeasurementError when nothing lies inside.
    """
    low, high = mesh.points_mm.min(axis=0) - PADDING_MM, mesh.points_mm.max(axis=0) + PADDING_MM
    fine = max(FINEST_MM, float(np.cbrt(np.prod(high - low) / MOST_VOXELS)))
    size = np.maximum(np.ceil((high - low) / fine).astype(int), 4)
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (fine, fine, fine), low)
    distance = _signed_distance_mm(mesh, grid)
    if (distance < 0).mean() > 0.5:
        distance = -distance
    if not (distance < -0.5 * fine).any():
        raise MeasurementError("The surface encloses nothing", "Check that it is in LPS millimetres", "empty")
    soft = 0.5 * BRIGHT_HU * (1.0 - np.tanh(distance / (BLUR_VOXELS * fine) * TANH_PER_SIGMA))
    return Volume(grid, soft.astype(np.float32))


def _signed_distance_mm(mesh: SurfaceMesh, grid: Grid) -> npt.NDArray[np.float64]:
    """`[k, j, i]` distances to the surface, negative inside: exact near it, interpolated from every fourth far from it."""
    from scipy import ndimage

    measure = _distance_to(mesh)
    coarse = np.stack(np.meshgrid(*[np.arange(0, n + EVERY, EVERY) for n in grid.size_ijk], indexing="ij"), axis=-1)
    known = measure(grid.to_world(coarse.reshape(-1, 3))).reshape(coarse.shape[:3])
    kji = np.indices(grid.shape_kji, dtype=np.float32)
    distance = ndimage.map_coordinates(known, kji[::-1].reshape(3, -1) / EVERY, order=1, mode="nearest")
    near = np.flatnonzero(np.abs(distance) < 1.2 * EVERY * grid.spacing_mm[0])
    k, j, i = np.unravel_index(near, grid.shape_kji)
    distance[near] = measure(grid.to_world(np.stack([i, j, k], axis=1)))
    return np.asarray(distance.reshape(grid.shape_kji), dtype=np.float64)


def _distance_to(mesh: SurfaceMesh) -> Callable[[FloatArray], FloatArray]:
    from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
    from vtkmodules.vtkFiltersCore import vtkImplicitPolyDataDistance

    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(mesh.points_mm), deep=True))
    cells = vtkCellArray()
    cells.SetData(3, numpy_to_vtkIdTypeArray(mesh.triangles.astype(np.int64).reshape(-1), deep=True))
    surface = vtkPolyData()
    surface.SetPoints(points)
    surface.SetPolys(cells)
    distance = vtkImplicitPolyDataDistance()
    distance.SetInput(surface)

    def measure(points_mm: FloatArray) -> FloatArray:
        answer = numpy_to_vtk(np.zeros(len(points_mm)), deep=True)
        distance.FunctionValue(numpy_to_vtk(np.ascontiguousarray(points_mm), deep=True), answer)
        return np.array(vtk_to_numpy(answer))

    return measure
