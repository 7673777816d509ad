"""Triangle surfaces for VTK, and structures cut in two by planes. Reports and the window draw with the same builder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkLookupTable, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPlane, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkMapper, vtkPolyDataMapper, vtkRenderer

from planning.geometry import FloatArray, Plane
from planning.mesh import SurfaceMesh
from planning.shading import vertex_normals
from viewers.overlay import Split, SurfaceItem
from viewers.scene.adapters.base import ActorGroup, Box, box_of

AMBIENT, DIFFUSE, SPECULAR, SPECULAR_POWER = 0.10, 0.90, 0.14, 24.0
# how much of the removed part is left to see
REMOVED_OPACITY = 0.42
# the driver clips by six planes at once, one of which may be the view's own; longer lists and curved cuts colour the
# surface instead
MOST_CLIPS = 5
# outlines: how much lighter than their surface, how wide
OUTLINE_LIGHT, OUTLINE_PX, OUTLINE_BEFORE_PX = 0.55, 1.5, 2.0
TINT_REACH_MM = 50.0


def rgb(color: str) -> tuple[float, float, float]:
    """ "#RRGGBB" as three numbers of 0 … 1."""
    return int(color[1:3], 16) / 255, int(color[3:5], 16) / 255, int(color[5:7], 16) / 255


def surface_data(mesh: SurfaceMesh, normals: bool = True) -> vtkPolyData:
    """A mesh as VTK's own data, with normals at its points."""
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(mesh.points_mm, dtype=np.float32), deep=True))
    cells = vtkCellArray()
    cells.SetData(3, numpy_to_vtk(np.ascontiguousarray(mesh.triangles, dtype=np.int32).reshape(-1), deep=True))
    data = vtkPolyData()
    data.SetPoints(points)
    data.SetPolys(cells)
    if normals:
        found = vertex_normals(mesh) if mesh.normals is None else mesh.normals
        data.GetPointData().SetNormals(numpy_to_vtk(found, deep=True))
    return data


def shaded_actor(data: vtkPolyData, color: str, opacity: float = 1.0) -> vtkActor:
    """An actor with the house's soft shading."""
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    mapper.ScalarVisibilityOff()
    actor = vtkActor()
    actor.SetMapper(mapper)
    shown = actor.GetProperty()
    shown.SetAmbient(AMBIENT)
    shown.SetDiffuse(DIFFUSE)
    shown.SetSpecular(SPECULAR)
    shown.SetSpecularPower(SPECULAR_POWER)
    paint(actor, color, opacity)
    return actor


def surface_actor(mesh: SurfaceMesh, color: str, opacity: float = 1.0) -> vtkActor:
    """A whole surface, LPS mm."""
    return shaded_actor(surface_data(mesh), color, opacity)


def paint(actor: vtkActor, color: str, opacity: float) -> None:
    """Another colour or opacity; nothing is rebuilt."""
    shown = actor.GetProperty()
    shown.SetColor(*rgb(color))
    shown.SetOpacity(opacity)


class SurfaceView(ActorGroup):
    """One structure: a single actor, or with planes to split by one for what is kept and one for each removed part.

    The parts share the triangles; the driver clips them, so a dragged plane rebuilds nothing. Curved cuts colour the
    one actor by the side of its points. While things move on a slow driver each actor has its light mesh; either keeps
    its own buffers, so that changing over costs nothing.
    """

    def __init__(self, renderer: vtkRenderer, item: SurfaceItem) -> None:
        super().__init__(renderer)
        self._item = item
        self._clip_plane: Plane | None = None
        self._mappers: list[tuple[vtkPolyDataMapper, vtkPolyDataMapper | None]] = []
        self._is_light = False
        self._outline: vtkActor | None = None
        self._is_outlined = False
        self._before_mm = np.zeros(3)
        self._data = surface_data(item.mesh)
        self._light = _light_data(item)
        self._color()
        self._box = box_of(item.mesh.points_mm)
        self._build()

    @property
    def opacity(self) -> float:
        """Of the kept part."""
        return self._item.opacity

    @property
    def box(self) -> Box | None:
        """Lowest and highest corner as drawn, None without triangles."""
        if self._box is None:
            return None
        moved = np.array(self._item.moved_mm)
        return self._box[0] + moved, self._box[1] + moved

    @property
    def extent(self) -> Box | None:
        """All of it is within its box."""
        return self.box

    @property
    def moved_mm(self) -> FloatArray:
        """(3,) how far from its true place it is drawn."""
        return np.array(self._item.moved_mm)

    def update(self, item: SurfaceItem) -> None:
        """Take the changed item over; only another mesh is built anew."""
        old, self._item = self._item, item
        if item.mesh is not old.mesh:
            self._data = surface_data(item.mesh)
            self._box = box_of(item.mesh.points_mm)
        if item.light is not old.light:
            self._light = _light_data(item)
        if item.mesh is not old.mesh or item.codes is not old.codes or item.colors != old.colors:
            self._color()
        rebuilt = not (_by_planes(item.split) and _by_planes(old.split)) and not (_tinted(item) and _tinted(old))
        counted = _by_planes(item.split) and len(item.split) != len(old.split)
        if item.mesh is not old.mesh or item.light is not old.light or rebuilt or counted:
            self._build()
            return
        self._paint()
        if item.split is not old.split:
            self._clip()

    def set_clip(self, plane: Plane | None) -> None:
        """Only what lies on the plane's side is drawn; None: all of it."""
        if plane is not self._clip_plane:
            self._clip_plane = plane
            self._clip()

    def use_light(self, wanted: bool) -> None:
        """The light mesh in the place of the whole one, where there is one that looks the same."""
        is_light = wanted and self._light is not None and self._item.codes is None and not _tinted(self._item)
        if is_light != self._is_light:
            self._is_light = is_light
            for actor, (whole, light) in zip(self._actors, self._mappers, strict=True):
                actor.SetMapper(light if is_light and light is not None else whole)

    def show_outline(self, wanted: bool) -> None:
        """The line where the surface turns away from the viewer; found anew for each camera that it is drawn from."""
        self._is_outlined = wanted
        if wanted and self._outline is None:
            self._outline = self._make_outline()
            self._renderer.AddActor(self._outline)
            self._paint_outline()
            self._clip()
        if self._outline is not None:
            self._outline.SetVisibility(wanted and self._visible)

    def look_from(self, direction: FloatArray, mm_per_px: float) -> None:
        """The line comes a little nearer to the viewer than the surface that it lies on."""
        self._before_mm = OUTLINE_BEFORE_PX * mm_per_px * direction
        self._paint_outline()

    def set_visible(self, visible: bool) -> None:
        """Show or hide; nothing is forgotten."""
        super().set_visible(visible)
        self.show_outline(self._is_outlined)

    def remove(self) -> None:
        """Take everything out of the scene."""
        super().remove()
        if self._outline is not None:
            self._renderer.RemoveActor(self._outline)
            self._outline = None

    def _make_outline(self) -> vtkActor:
        from vtkmodules.vtkFiltersHybrid import vtkPolyDataSilhouette

        found = vtkPolyDataSilhouette()
        found.SetInputData(self._data)
        found.SetCamera(self._renderer.GetActiveCamera())
        found.SetDirectionToCameraVector()
        found.SetEnableFeatureAngle(0)
        found.BorderEdgesOff()
        mapper = vtkPolyDataMapper()
        mapper.SetInputConnection(found.GetOutputPort())
        mapper.ScalarVisibilityOff()
        actor = vtkActor()
        actor.SetMapper(mapper)
        actor.PickableOff()
        actor.GetProperty().LightingOff()
        actor.GetProperty().SetLineWidth(OUTLINE_PX)
        return actor

    def _paint_outline(self) -> None:
        if self._outline is not None:
            color = np.array(rgb(self._item.color))
            self._outline.GetProperty().SetColor(*(color + OUTLINE_LIGHT * (1.0 - color)))
            self._outline.SetPosition(*(np.array(self._item.moved_mm) + self._before_mm))

    def _build(self) -> None:
        self.remove()
        self._mappers, self._is_light = [], False
        count = 1 + len(self._item.split) if _by_planes(self._item.split) else 1
        for _ in range(count):
            actor = self._add(shaded_actor(self._data, self._item.color))
            light = None
            if self._light is not None:
                light = vtkPolyDataMapper()
                light.SetInputData(self._light)
                light.ScalarVisibilityOff()
            self._mappers.append((actor.GetMapper(), light))
        self.show_outline(self._is_outlined)
        self._paint()
        self._clip()

    def _paint(self) -> None:
        item = self._item
        self._paint_outline()
        self.use_light(self._is_light)
        paint(self._actors[0], item.color, item.opacity)
        mapper = self._mappers[0][0]
        if item.codes is not None:
            mapper.SetInputData(self._colored)
            mapper.ScalarVisibilityOn()
            mapper.InterpolateScalarsBeforeMappingOff()
            mapper.SetColorModeToDirectScalars()
        elif not _tinted(item):
            mapper.SetInputData(self._data)
            mapper.ScalarVisibilityOff()
        if _tinted(item):
            self._tint()
        for actor in self._actors[1:]:
            paint(actor, item.split_color or item.color, min(item.opacity, REMOVED_OPACITY))
        for actor in self._actors:
            # the far wall seen through the near one makes a cloud of an organ; an open cut needs it
            actor.GetProperty().SetBackfaceCulling(actor.GetProperty().GetOpacity() < 1.0 and not item.two_sided)
            actor.SetPosition(*item.moved_mm)

    def _color(self) -> None:
        """The points in the colours of the parts that they belong to; the triangles stay those of the whole."""
        item = self._item
        self._colored = vtkPolyData()
        self._colored.ShallowCopy(self._data)
        if item.codes is not None:
            table = np.array([rgb(color) for color in (item.color, *item.colors)])
            colors = np.rint(255.0 * table).astype(np.uint8)[item.codes]
            self._colored.GetPointData().SetScalars(numpy_to_vtk(colors, deep=True))

    def _tint(self) -> None:
        """The removed part in its colour, the border looked up for each pixel; no triangle is cut."""
        item, mapper = self._item, self._mappers[0][0]
        scalars = numpy_to_vtk(removed_side(item.mesh, item.split), deep=True)
        data = vtkPolyData()
        data.ShallowCopy(self._data)
        data.GetPointData().SetScalars(scalars)
        table = vtkLookupTable()
        table.SetNumberOfTableValues(2)
        table.SetTableRange(-TINT_REACH_MM, TINT_REACH_MM)
        table.SetTableValue(0, *rgb(item.color), 1.0)
        table.SetTableValue(1, *rgb(item.split_color or item.color), min(REMOVED_OPACITY / item.opacity, 1.0))
        mapper.SetInputData(data)
        mapper.ScalarVisibilityOn()
        mapper.SetColorModeToDefault()
        mapper.InterpolateScalarsBeforeMappingOn()
        mapper.UseLookupTableScalarRangeOn()
        mapper.SetLookupTable(table)

    def _clip(self) -> None:
        planes = [split for split in self._item.split if isinstance(split, Plane)] if not _tinted(self._item) else []
        for number, mappers in enumerate(self._mappers):
            # the kept part lies on no plane's removed side; removed part n on that of n and of none before it
            sides = [(plane, -1.0) for plane in (planes if number == 0 else planes[: number - 1])]
            if number > 0:
                sides.append((planes[number - 1], 1.0))
            if self._clip_plane is not None:
                sides.append((self._clip_plane, 1.0))
            self._clip_mappers([mapper for mapper in mappers if mapper is not None], sides)
        if self._outline is not None:
            outlined = [(plane, -1.0) for plane in planes]
            if self._clip_plane is not None:
                outlined.append((self._clip_plane, 1.0))
            self._clip_mappers([self._outline.GetMapper()], outlined)

    def _clip_mappers(self, mappers: Sequence[vtkMapper], sides: Sequence[tuple[Plane, float]]) -> None:
        for mapper in mappers:
            mapper.RemoveAllClippingPlanes()
            for plane, facing in sides:
                mapper.AddClippingPlane(_vtk_plane(plane, facing))


def _light_data(item: SurfaceItem) -> vtkPolyData | None:
    return None if item.light is None or item.light is item.mesh else surface_data(item.light)


def _by_planes(split: Sequence[Split]) -> bool:
    """Whether the driver can clip by all of them."""
    return len(split) <= MOST_CLIPS and all(isinstance(one, Plane) for one in split)


def _tinted(item: SurfaceItem) -> bool:
    return not _by_planes(item.split)


def removed_side(mesh: SurfaceMesh, splits: Sequence[Split]) -> npt.NDArray[np.float32]:
    """(V,) of a mesh's points: above zero where any of the planes or sides removes."""
    points = mesh.points_mm
    depths = [one.signed_distance_mm(points) if isinstance(one, Plane) else one.signed_mm(points) for one in splits]
    return np.clip(np.max(depths, axis=0), -TINT_REACH_MM, TINT_REACH_MM).astype(np.float32)


def _vtk_plane(plane: Plane, facing: float) -> vtkPlane:
    # VTK keeps what lies on the normal's side: +1 leaves the plan's removed side, -1 the kept one
    made = vtkPlane()
    made.SetOrigin(*plane.origin_mm)
    made.SetNormal(*(facing * plane.normal))
    return made
