"""Which samples of a grid lie inside a closed surface."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import Grid
from planning.mesh import SurfaceMesh


def filled(mesh: SurfaceMesh, grid: Grid) -> npt.NDArray[np.bool_]:
    """bool `[k, j, i]`, True inside a closed surface; the grid's axes are the patient's (its direction is not used)."""
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkImagingStencil import vtkImageStencilToImage, vtkPolyDataToImageStencil

    from planning.files.meshes import vtk_surface

    stencil = vtkPolyDataToImageStencil()
    stencil.SetTolerance(0.0)
    stencil.SetInputData(vtk_surface(mesh))
    stencil.SetOutputOrigin(*grid.origin_mm)
    stencil.SetOutputSpacing(*grid.spacing_mm)
    ni, nj, nk = grid.size_ijk
    stencil.SetOutputWholeExtent(0, ni - 1, 0, nj - 1, 0, nk - 1)
    image = vtkImageStencilToImage()
    image.SetInputConnection(stencil.GetOutputPort())
    image.SetInsideValue(1)
    image.SetOutsideValue(0)
    image.Update()
    return np.asarray(vtk_to_numpy(image.GetOutput().GetPointData().GetScalars()).reshape(nk, nj, ni) > 0)
