"""A vessel tree as tubes of its own radii, all branches in one surface."""

from __future__ import annotations

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkTubeFilter
from vtkmodules.vtkRenderingCore import vtkRenderer

from planning.geometry import FloatArray
from viewers.overlay import TreeItem
from viewers.scene.adapters.base import ActorGroup, Box, box_of
from viewers.scene.adapters.mesh import paint, shaded_actor

SIDES = 12
# a marked branch keeps its place before the tree that it is part of
LEAST_RADIUS_MM = 0.4


def tree_data(item: TreeItem) -> vtkPolyData:
    """The branches as polylines with their radii, made into tubes."""
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(item.points_mm, dtype=np.float32), deep=True))
    cells = vtkCellArray()
    offsets = np.concatenate([[0], np.cumsum([len(line) for line in item.lines])])
    numbers = np.concatenate(item.lines) if item.lines else np.zeros(0, dtype=np.int64)
    cells.SetData(numpy_to_vtkIdTypeArray(offsets, deep=True), numpy_to_vtkIdTypeArray(numbers, deep=True))
    data = vtkPolyData()
    data.SetPoints(points)
    data.SetLines(cells)
    radii = np.maximum(item.radius_mm * item.swell, LEAST_RADIUS_MM)
    data.GetPointData().SetScalars(numpy_to_vtk(radii.astype(np.float32), deep=True))
    tube = vtkTubeFilter()
    tube.SetInputData(data)
    tube.SetVaryRadiusToVaryRadiusByAbsoluteScalar()
    tube.SetNumberOfSides(SIDES)
    tube.CappingOn()
    tube.Update()
    return tube.GetOutput()


class TreeView(ActorGroup):
    """The tubes of one tree."""

    def __init__(self, renderer: vtkRenderer, item: TreeItem) -> None:
        super().__init__(renderer)
        self._build(item)

    @property
    def box(self) -> Box | None:
        """Lowest and highest corner."""
        return box_of(self._item.points_mm)

    @property
    def opacity(self) -> float:
        """Of the tubes."""
        return 1.0

    @property
    def moved_mm(self) -> FloatArray:
        """(3,) how far from its true place it is drawn: not at all."""
        return np.zeros(3)

    def update(self, item: TreeItem) -> None:
        """Take the changed item over."""
        old = self._item
        if item.points_mm is not old.points_mm or item.lines is not old.lines or item.swell != old.swell:
            self.remove()
            self._build(item)
            return
        self._item = item
        paint(self._actors[0], item.color, 1.0)

    def _build(self, item: TreeItem) -> None:
        self._item = item
        self._add(shaded_actor(tree_data(item), item.color))
