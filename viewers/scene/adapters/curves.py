"""Curves as tubes: contours with a thin disc in them, and centrelines."""

from __future__ import annotations

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkAppendPolyData, vtkTubeFilter
from vtkmodules.vtkRenderingCore import vtkRenderer

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from viewers.overlay import ContourItem, PathItem, WireItem
from viewers.scene.adapters.base import ActorGroup, Box, box_of
from viewers.scene.adapters.mesh import paint, shaded_actor, surface_data

CONTOUR_RADIUS_MM, PATH_RADIUS_MM = 0.7, 0.9
SIDES = 14
WIRE_RADIUS_MM, WIRE_SIDES = 0.28, 6
# the picture behind an annulus must stay readable, and the disc must not vanish
LEAST_DISC, MOST_DISC = 0.10, 0.45


def line_data(points_mm: FloatArray, closed: bool = False) -> vtkPolyData:
    """A curve as one polyline; a closed one repeats its first point."""
    shown = np.concatenate([points_mm, points_mm[:1]]) if closed else points_mm
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(shown, dtype=np.float32), deep=True))
    cells = vtkCellArray()
    cells.InsertNextCell(len(shown))
    for number in range(len(shown)):
        cells.InsertCellPoint(number)
    data = vtkPolyData()
    data.SetPoints(points)
    data.SetLines(cells)
    return data


def tube_data(points_mm: FloatArray, radius_mm: float, closed: bool = False) -> vtkPolyData:
    """A round tube along a curve; points that coincide are dropped, a closed tube overlaps itself at its seam."""
    steps = np.linalg.norm(np.diff(points_mm, axis=0), axis=1)
    kept = points_mm[np.concatenate([[True], steps > 1e-6])]
    if closed:
        kept = np.concatenate([kept, kept[:2]])
    tube = vtkTubeFilter()
    tube.SetInputData(line_data(kept))
    tube.SetRadius(radius_mm)
    tube.SetNumberOfSides(SIDES)
    tube.SetCapping(not closed)
    tube.Update()
    return tube.GetOutput()


def dashed_tube_data(points_mm: FloatArray, radius_mm: float, dash_mm: float, gap_mm: float) -> vtkPolyData:
    """Round tubes along a closed curve, about dash_mm long with gaps between them."""
    ring = np.concatenate([points_mm, points_mm[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))])
    count = max(int(along[-1] / (dash_mm + gap_mm)), 1)
    step = along[-1] / count
    joined = vtkAppendPolyData()
    for number in range(count):
        start, end = number * step, number * step + step * dash_mm / (dash_mm + gap_mm)
        corners = along[(along > start) & (along < end)]
        places = np.concatenate([[start], corners, [end]])
        line = np.stack([np.interp(places, along, ring[:, axis]) for axis in range(3)], axis=1)
        joined.AddInputData(tube_data(line, radius_mm))
    joined.Update()
    return joined.GetOutput()


def disc_mesh(points_mm: FloatArray) -> SurfaceMesh:
    """A fan from the middle of a closed curve."""
    count = len(points_mm)
    rim = np.arange(count)
    triangles = np.stack([np.full(count, count), rim, (rim + 1) % count], axis=1)
    return SurfaceMesh(np.concatenate([points_mm, points_mm.mean(axis=0, keepdims=True)]), triangles)


class ContourView(ActorGroup):
    """A closed planar curve and what it encloses."""

    def __init__(self, renderer: vtkRenderer, item: ContourItem) -> None:
        super().__init__(renderer)
        self._build(item)

    @property
    def box(self) -> Box | None:
        """Lowest and highest corner."""
        return box_of(self._item.points_mm)

    def update(self, item: ContourItem) -> None:
        """Take the changed item over."""
        if item.points_mm is not self._item.points_mm:
            self.remove()
            self._build(item)
            return
        self._item = item
        self._paint()

    def _build(self, item: ContourItem) -> None:
        self._item = item
        self._add(shaded_actor(tube_data(item.points_mm, CONTOUR_RADIUS_MM, closed=True), item.color))
        if item.solid:
            disc = self._add(shaded_actor(surface_data(disc_mesh(item.points_mm)), item.color))
            disc.GetProperty().LightingOff()
        self._paint()

    def _paint(self) -> None:
        tube, *discs = self._actors
        paint(tube, self._item.color, 1.0)
        for disc in discs:
            paint(disc, self._item.color, min(max(self._item.fill_opacity, LEAST_DISC), MOST_DISC))


class PathView(ActorGroup):
    """An open curve."""

    def __init__(self, renderer: vtkRenderer, item: PathItem) -> None:
        super().__init__(renderer)
        self._build(item)

    @property
    def box(self) -> Box | None:
        """Lowest and highest corner."""
        return box_of(self._item.points_mm)

    def update(self, item: PathItem) -> None:
        """Take the changed item over."""
        if item.points_mm is not self._item.points_mm:
            self.remove()
            self._build(item)
            return
        self._item = item
        paint(self._actors[0], item.color, 1.0)

    def _build(self, item: PathItem) -> None:
        self._item = item
        self._add(shaded_actor(tube_data(item.points_mm, PATH_RADIUS_MM), item.color))


class WireView(ActorGroup):
    """Many lines as thin tubes of one surface."""

    def __init__(self, renderer: vtkRenderer, item: WireItem) -> None:
        super().__init__(renderer)
        self._build(item)

    @property
    def box(self) -> Box | None:
        """Lowest and highest corner."""
        return box_of(np.concatenate(self._item.lines_mm))

    def update(self, item: WireItem) -> None:
        """Take the changed item over."""
        if item.lines_mm is not self._item.lines_mm:
            self.remove()
            self._build(item)
            return
        self._item = item
        paint(self._actors[0], item.color, 1.0)

    def _build(self, item: WireItem) -> None:
        self._item = item
        points, cells = vtkPoints(), vtkCellArray()
        points.SetData(numpy_to_vtk(np.concatenate(item.lines_mm).astype(np.float32), deep=True))
        start = 0
        for line in item.lines_mm:
            cells.InsertNextCell(len(line))
            for number in range(len(line)):
                cells.InsertCellPoint(start + number)
            start += len(line)
        data = vtkPolyData()
        data.SetPoints(points)
        data.SetLines(cells)
        tube = vtkTubeFilter()
        tube.SetInputData(data)
        tube.SetRadius(WIRE_RADIUS_MM)
        tube.SetNumberOfSides(WIRE_SIDES)
        tube.Update()
        self._add(shaded_actor(tube.GetOutput(), item.color))
