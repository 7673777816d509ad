"""A vessel tree as tubes of its own radii, all branches in one surface."""

from __future__ import annotations

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkTubeFilter
from vtkmodules.vtkRenderingCore import vtkRenderer

from planning.geometry import FloatArray
from viewers.overlay import IntArray, TreeItem
from viewers.scene.adapters.base import ActorGroup, Box, box_of, grown
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


def _drawn_lines(item: TreeItem) -> dict[bytes, IntArray]:
    """The lines by what a tube is made of: two of the same bytes are the same tube."""
    rows = np.column_stack([item.points_mm, item.radius_mm])
    return {rows[line].tobytes(): line for line in item.lines}


def _line_box(item: TreeItem, line: IntArray) -> Box:
    reach = max(float(item.radius_mm[line].max() * item.swell), LEAST_RADIUS_MM)
    points = item.points_mm[line]
    return points.min(axis=0) - reach, points.max(axis=0) + reach


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
    def extent(self) -> Box | None:
        """With the tubes' radii."""
        item = self._item
        reach = max(float(item.radius_mm.max(initial=0.0) * item.swell), LEAST_RADIUS_MM)
        return grown(self.box, reach)

    def changes(self, item: TreeItem) -> list[Box] | None:
        """The lines that only one of both has."""
        old = self._item
        if item.swell != old.swell or item.color != old.color:
            return [box for box in (self.extent,) if box is not None]
        before, after = _drawn_lines(old), _drawn_lines(item)
        return [
            *(_line_box(old, line) for drawn, line in before.items() if drawn not in after),
            *(_line_box(item, line) for drawn, line in after.items() if drawn not in before),
        ]

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
