"""A structure or a surface as a lumen of its own, so that both are measured like an image."""

from __future__ import annotations

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import Grid
from planning.mesh import SurfaceMesh
from planning.volume import Mask, Volume

BRIGHT_HU, BLUR_VOXELS = 400.0, 0.8
PADDING_MM = 6.0


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


def mask_from_mesh(mesh: SurfaceMesh) -> Mask:
    """Voxels of a fine grid inside a closed or open surface. Raises MeasurementError when nothing lies inside.

    Open ends are closed by the surface's own extent: a voxel counts as inside by the winding of the nearest triangle.
    """
    from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
    from vtkmodules.vtkFiltersCore import vtkImplicitPolyDataDistance

    low, high = mesh.points_mm.min(axis=0) - 3.0, mesh.points_mm.max(axis=0) + 3.0
    fine = max(0.5, float(np.cbrt(np.prod(high - low) / 3e6)))
    size = np.maximum(np.ceil((high - low) / fine).astype(int), 4)
    own = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (fine, fine, fine), low)
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(mesh.points_mm), deep=True))
    cells = vtkCellArray()
    cells.SetData(3, numpy_to_vtkIdTypeArray(mesh.triangles.astype(np.int64).reshape(-1), deep=True))
    surface = vtkPolyData()
    surface.SetPoints(points)
    surface.SetPolys(cells)
    distance = vtkImplicitPolyDataDistance()
    distance.SetInput(surface)
    index = np.indices(own.shape_kji).reshape(3, -1)[::-1].T
    world = own.to_world(index)
    answer = numpy_to_vtk(np.zeros(len(world)), deep=True)
    distance.FunctionValue(numpy_to_vtk(np.ascontiguousarray(world), deep=True), answer)
    inside = vtk_to_numpy(answer).reshape(own.shape_kji) < 0
    if inside.mean() > 0.5:
        inside = ~inside
    if not inside.any():
        raise MeasurementError("The surface encloses nothing", "Check that it is in LPS millimetres", "empty")
    return Mask.from_full(own, inside)
