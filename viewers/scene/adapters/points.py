"""Landmarks: small spheres of one size on the screen. Their names are painted over the picture, not drawn here."""

from __future__ import annotations

import functools

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkRenderer

from planning.mesh import SurfaceMesh
from viewers.overlay import PointItem
from viewers.scene.adapters.base import ActorGroup, Box, grown
from viewers.scene.adapters.mesh import paint, shaded_actor, surface_data

RADIUS_PX = 5.0
ROUND, TALL = 28, 14


@functools.cache
def unit_sphere() -> vtkPolyData:
    """A sphere of radius 1 about the origin."""
    tilt = np.linspace(0.0, np.pi, TALL + 1)
    turn = np.linspace(0.0, 2.0 * np.pi, ROUND, endpoint=False)
    rings = np.stack(
        [
            np.outer(np.sin(tilt), np.cos(turn)),
            np.outer(np.sin(tilt), np.sin(turn)),
            np.outer(np.cos(tilt), np.ones(ROUND)),
        ],
        axis=-1,
    )
    row, column = np.meshgrid(np.arange(TALL), np.arange(ROUND), indexing="ij")
    a, b = row * ROUND + column, row * ROUND + (column + 1) % ROUND
    c, d = a + ROUND, b + ROUND
    triangles = np.concatenate([np.stack([a, c, d], -1).reshape(-1, 3), np.stack([a, d, b], -1).reshape(-1, 3)])
    return surface_data(SurfaceMesh(rings.reshape(-1, 3), triangles))


class PointView(ActorGroup):
    """One landmark."""

    def __init__(self, renderer: vtkRenderer, item: PointItem) -> None:
        super().__init__(renderer)
        self._radius_mm = RADIUS_PX
        self._add(shaded_actor(unit_sphere(), item.color))
        self.update(item)

    @property
    def box(self) -> Box | None:
        """Its place twice."""
        return self._item.position_mm, self._item.position_mm

    @property
    def extent(self) -> Box | None:
        """With the sphere's size on the screen."""
        return grown(self.box, self._radius_mm)

    def changes(self, item: PointItem) -> list[Box] | None:
        """Here and there."""
        before, after = (grown((at, at), self._radius_mm) for at in (self._item.position_mm, item.position_mm))
        return [box for box in (before, after) if box is not None]

    def update(self, item: PointItem) -> None:
        """Take the changed item over."""
        self._item = item
        self._actors[0].SetPosition(*item.position_mm)
        paint(self._actors[0], item.color, 1.0)

    def scale(self, mm_per_px: float) -> None:
        """Keep the size on the screen."""
        self._radius_mm = RADIUS_PX * mm_per_px
        self._actors[0].SetScale(self._radius_mm)
