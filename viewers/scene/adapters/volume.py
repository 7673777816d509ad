"""The image itself in 3D. The processor casts rays where it draws all else, the graphics card where there is one.

The light that a ray has left after 1 mm is what the stops say, so a picture does not change with the length of a step.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import vtkmodules.vtkRenderingVolumeOpenGL2  # noqa: F401  (registers what draws)
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPiecewiseFunction, vtkPlane
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import vtkColorTransferFunction, vtkRenderer, vtkVolume, vtkVolumeProperty
from vtkmodules.vtkRenderingVolume import vtkFixedPointVolumeRayCastMapper
from vtkmodules.vtkRenderingVolumeOpenGL2 import vtkOpenGLGPUVolumeRayCastMapper

from planning.geometry import FloatArray, Plane
from planning.volume import Volume
from viewers.overlay import VolumeItem
from viewers.rendering import bounds_of
from viewers.scene.adapters.base import Box
from viewers.scene.adapters.mesh import rgb
from viewers.scene.offscreen import offscreen_window

AMBIENT, DIFFUSE, SPECULAR, SPECULAR_POWER = 0.20, 0.95, 0.20, 16.0
# steps along a ray and rays beside each other: in finest spacings and in pixels drawn
REST_STEP, MOVING_STEP = 1.0, 2.0
MOVING_RAYS_PX = 2.0
PREPARED_PX = 4


class VolumeView:
    """One image, cut by planes. The voxels are shared, not copied."""

    def __init__(self, renderer: vtkRenderer, item: VolumeItem) -> None:
        self._renderer, self._item = renderer, item
        self._volume = vtkVolume()
        self._look = vtkVolumeProperty()
        self._look.SetInterpolationTypeToLinear()
        self._look.SetScalarOpacityUnitDistance(1.0)
        self._look.SetAmbient(AMBIENT)
        self._look.SetDiffuse(DIFFUSE)
        self._look.SetSpecular(SPECULAR)
        self._look.SetSpecularPower(SPECULAR_POWER)
        self._volume.SetProperty(self._look)
        self._uses_gpu = False
        self._mapper: Any = None
        self._build()
        renderer.AddVolume(self._volume)

    @property
    def item(self) -> VolumeItem:
        """What is drawn."""
        return self._item

    @property
    def box(self) -> Box | None:
        """Lowest and highest corner of what is drawn of it."""
        low, high = (np.array(corner) for corner in bounds_of(self._item.volume.grid))
        if self._item.box_mm is not None:
            low, high = np.maximum(low, self._item.box_mm[0]), np.minimum(high, self._item.box_mm[1])
        return low, high

    def remove(self) -> None:
        """Take it out of the scene."""
        self._renderer.RemoveVolume(self._volume)

    def update(self, item: VolumeItem) -> None:
        """Another look, other planes, or another image."""
        old, self._item = self._item, item
        if item.volume is not old.volume:
            self._build()
            return
        self._paint()
        self._clip()

    def use_gpu(self, uses: bool) -> None:
        """Who casts the rays."""
        if uses != self._uses_gpu:
            self._uses_gpu = uses
            self._build()

    def set_quality(self, full: bool, pixels: int, rays_px: float | None = None) -> None:
        """full: every step and ray. pixels: how many drawn ones make one of the picture, along a side.

        rays_px: of a card, how far apart its rays are while things move, None at rest; the rest is the processor's.
        """
        if self._uses_gpu:
            full = rays_px is None
        finest = float(self._item.volume.grid.spacing_mm.min())
        step = finest * (REST_STEP if full else MOVING_STEP)
        self._mapper.SetSampleDistance(step)
        if self._uses_gpu:
            self._mapper.SetImageSampleDistance(1.0 if rays_px is None else rays_px)
            return
        self._mapper.SetInteractiveSampleDistance(step)
        self._mapper.SetImageSampleDistance(float(pixels) if full else MOVING_RAYS_PX)

    def _build(self) -> None:
        grid = self._item.volume.grid
        if self._uses_gpu:
            self._mapper = vtkOpenGLGPUVolumeRayCastMapper()
            self._mapper.SetUseJittering(True)
            # left to itself the card takes fewer steps and rays where it thinks that it has no time
            self._mapper.AutoAdjustSampleDistancesOff()
            self._mapper.SetSampleDistance(REST_STEP * float(grid.spacing_mm.min()))
            self._mapper.SetInputData(image_data(self._item.volume))
        else:
            self._mapper = self._item.caster or _caster(self._item.volume)
        self._volume.SetMapper(self._mapper)
        # a pure turn: VTK's rays take the light's direction through this matrix as if it were a place
        matrix = vtkMatrix4x4()
        turn = np.eye(4)
        turn[:3, :3] = grid.direction
        matrix.DeepCopy(turn.reshape(-1).tolist())
        self._volume.SetUserMatrix(matrix)
        self._paint()
        self._clip()

    def _paint(self) -> None:
        colors, opacities = vtkColorTransferFunction(), vtkPiecewiseFunction()
        for stop in self._item.stops:
            colors.AddRGBPoint(stop.hu, *rgb(stop.color))
            opacities.AddPoint(stop.hu, stop.opacity)
        self._look.SetColor(colors)
        self._look.SetScalarOpacity(opacities)
        self._look.SetShade(self._item.shaded)

    def _clip(self) -> None:
        self._mapper.RemoveAllClippingPlanes()
        for plane in self._item.keep:
            self._mapper.AddClippingPlane(_vtk_plane(plane))


def prepared_caster(volume: Volume) -> object | None:
    """What casts rays through an image on the processor, with the slopes of all voxels found: call it beside the window.

    VTK finds the slopes when it draws first, so it draws a few pixels here, in a window of this thread's own. None where
    nothing can be drawn.
    """
    window = offscreen_window()
    if window is None:
        return None
    caster, drawn, look, renderer = _caster(volume), vtkVolume(), vtkVolumeProperty(), vtkRenderer()
    look.ShadeOn()
    drawn.SetMapper(caster)
    drawn.SetProperty(look)
    renderer.AddVolume(drawn)
    window.AddRenderer(renderer)
    window.SetSize(PREPARED_PX, PREPARED_PX)
    window.Render()
    renderer.RemoveVolume(drawn)
    window.RemoveRenderer(renderer)
    window.Finalize()
    return caster


def _caster(volume: Volume) -> vtkFixedPointVolumeRayCastMapper:
    made = vtkFixedPointVolumeRayCastMapper()
    made.AutoAdjustSampleDistancesOff()
    made.SetInputData(image_data(volume))
    return made


def image_data(volume: Volume) -> vtkImageData:
    """The voxels for VTK: their spacing and place, seen along their own axes."""
    data = vtkImageData()
    data.SetOrigin(*(volume.grid.direction.T @ volume.grid.origin_mm))
    data.SetDimensions(*volume.grid.size_ijk)
    data.SetSpacing(*volume.grid.spacing_mm)
    flat: FloatArray = np.ascontiguousarray(volume.voxels).reshape(-1)
    data.GetPointData().SetScalars(numpy_to_vtk(flat, deep=False))
    return data


def _vtk_plane(plane: Plane) -> vtkPlane:
    made = vtkPlane()
    made.SetOrigin(*plane.origin_mm)
    made.SetNormal(*plane.normal)
    return made
