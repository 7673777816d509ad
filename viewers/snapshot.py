"""Surfaces as a picture, without a window or a display: for reports and for the self-test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, unit
from viewers.overlay import SurfaceItem


def render_surfaces(
    items: Sequence[SurfaceItem],
    *,
    size_px: tuple[int, int],
    background: str,
    from_direction: npt.ArrayLike = (0.0, -1.0, 0.0),
    up: npt.ArrayLike = (0.0, 0.0, 1.0),
    within_mm: tuple[FloatArray, float] | None = None,
) -> npt.NDArray[np.uint8]:
    """(height, width, 3) picture of all surfaces as seen from a direction (patient to viewer, LPS).

    within_mm: middle (3,) and half height of what is shown; None: everything. Pixels are read back from the off-screen
    window: a driver that fails leaves the background, never an error.
    """
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkRenderingCore import vtkRenderer, vtkWindowToImageFilter

    from viewers.scene.adapters.mesh import rgb, surface_actor
    from viewers.scene.offscreen import add_lights, offscreen_window

    window = offscreen_window()
    if window is None:
        plain = np.rint(255.0 * np.array(rgb(background))).astype(np.uint8)
        return np.tile(plain, (size_px[1], size_px[0], 1))
    renderer = vtkRenderer()
    add_lights(renderer)
    renderer.SetBackground(*rgb(background))
    for item in items:
        renderer.AddActor(surface_actor(item.mesh, item.color, item.opacity))
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
    if within_mm is not None:
        center, half_height = within_mm
        camera.SetFocalPoint(*center)
        camera.SetPosition(*(center + 600.0 * unit(from_direction)))
        camera.SetParallelScale(half_height)
        renderer.ResetCameraClippingRange()
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
