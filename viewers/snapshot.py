"""Surfaces as a picture, without a window or a display: for reports and for the self-test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import unit
from planning.mesh import SurfaceMesh

AMBIENT, DIFFUSE, SPECULAR = 0.22, 0.78, 0.12


@dataclass(frozen=True, slots=True, eq=False)
class SurfaceItem:
    """A surface to draw: LPS mm, "#RRGGBB", opacity 0 … 1."""

    mesh: SurfaceMesh
    color: str
    opacity: float = 1.0


def _rgb(color: str) -> tuple[float, float, float]:
    return int(color[1:3], 16) / 255, int(color[3:5], 16) / 255, int(color[5:7], 16) / 255


def render_surfaces(
    items: Sequence[SurfaceItem],
    *,
    size_px: tuple[int, int],
    background: str,
    from_direction: npt.ArrayLike = (0.0, -1.0, 0.0),
    up: npt.ArrayLike = (0.0, 0.0, 1.0),
) -> npt.NDArray[np.uint8]:
    """(height, width, 3) picture of all surfaces as seen from a direction (patient to viewer, LPS).

    Pixels are read back from the off-screen window: a driver that fails leaves the background, never an error.
    """
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow, vtkWindowToImageFilter

    import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  isort: skip  (registers the window that draws)

    renderer = vtkRenderer()
    renderer.SetBackground(*_rgb(background))
    for item in items:
        renderer.AddActor(_actor(item))
    window = vtkRenderWindow()
    window.SetOffScreenRendering(1)
    # eight samples are the default and cost a factor of four on software drivers
    window.SetMultiSamples(0)
    window.SetAlphaBitPlanes(1)
    window.SetSize(2 * size_px[0], 2 * size_px[1])
    renderer.SetUseDepthPeeling(1)
    renderer.SetMaximumNumberOfPeels(4)
    window.AddRenderer(renderer)
    camera = renderer.GetActiveCamera()
    points = np.concatenate([item.mesh.points_mm for item in items])
    middle = (points.min(axis=0) + points.max(axis=0)) / 2.0
    camera.SetFocalPoint(*middle)
    camera.SetPosition(*(middle + 600.0 * unit(from_direction)))
    camera.SetViewUp(*np.asarray(up, dtype=np.float64))
    camera.ParallelProjectionOn()
    renderer.ResetCamera()
    camera.Zoom(1.25)
    window.Render()
    grab = vtkWindowToImageFilter()
    grab.SetInput(window)
    grab.ReadFrontBufferOff()
    grab.Update()
    image = grab.GetOutput()
    width, height, _ = image.GetDimensions()
    pixels = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, -1)[::-1, :, :3]
    window.Finalize()
    # drawn at twice the size and averaged: smooth edges without multi-sampling
    halves = pixels[: height // 2 * 2, : width // 2 * 2].reshape(height // 2, 2, width // 2, 2, 3).astype(np.float32)
    return np.asarray(np.rint(halves.mean(axis=(1, 3))), dtype=np.uint8)


def _actor(item: SurfaceItem) -> Any:
    from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
    from vtkmodules.vtkFiltersCore import vtkPolyDataNormals
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(item.mesh.points_mm), deep=True))
    cells = vtkCellArray()
    cells.SetData(3, numpy_to_vtkIdTypeArray(item.mesh.triangles.astype(np.int64).reshape(-1), deep=True))
    surface = vtkPolyData()
    surface.SetPoints(points)
    surface.SetPolys(cells)
    normals = vtkPolyDataNormals()
    normals.SetInputData(surface)
    normals.SplittingOff()
    mapper = vtkPolyDataMapper()
    mapper.SetInputConnection(normals.GetOutputPort())
    mapper.ScalarVisibilityOff()
    actor = vtkActor()
    actor.SetMapper(mapper)
    shown = actor.GetProperty()
    shown.SetColor(*_rgb(item.color))
    shown.SetOpacity(item.opacity)
    shown.SetAmbient(AMBIENT)
    shown.SetDiffuse(DIFFUSE)
    shown.SetSpecular(SPECULAR)
    return actor
