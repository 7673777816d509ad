"""The cut surface coloured by its margin in three bands with hard edges."""

from __future__ import annotations

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkLookupTable
from vtkmodules.vtkRenderingCore import vtkRenderer

from planning.geometry import FloatArray
from viewers.overlay import MarginMapItem
from viewers.scene.adapters.base import ActorGroup, Box, box_of
from viewers.scene.adapters.mesh import rgb, shaded_actor, surface_data

Bands = tuple[str, str, str, str]
MAP_AMBIENT = 0.5


def band_table(asked_mm: float, bands: Bands) -> vtkLookupTable:
    """Colours of below asked, below twice asked, above, and not measured."""
    table = vtkLookupTable()
    table.SetNumberOfTableValues(3)
    table.SetTableRange(0.0, 3.0 * asked_mm)
    for number, color in enumerate(bands[:3]):
        table.SetTableValue(number, *rgb(color), 1.0)
    table.SetNanColor(*rgb(bands[3]), 1.0)
    return table


class MarginView(ActorGroup):
    """One margin map."""

    opacity = 1.0

    def __init__(self, renderer: vtkRenderer, item: MarginMapItem, bands: Bands) -> None:
        super().__init__(renderer)
        self._bands = bands
        self._build(item)

    @property
    def box(self) -> Box | None:
        """Lowest and highest corner."""
        return box_of(self._item.mesh.points_mm + self.moved_mm)

    @property
    def moved_mm(self) -> FloatArray:
        """(3,) how far from its true place it is drawn."""
        return np.array(self._item.moved_mm)

    def update(self, item: MarginMapItem) -> None:
        """Take the changed item over; the same mesh with other values only changes colours."""
        if item.mesh is not self._item.mesh:
            self.remove()
            self._build(item)
            return
        self._item = item
        self._paint()

    def set_bands(self, bands: Bands) -> None:
        """Other colours."""
        self._bands = bands
        self._paint()

    def _build(self, item: MarginMapItem) -> None:
        self._item = item
        actor = self._add(shaded_actor(surface_data(item.mesh), self._bands[2]))
        actor.GetProperty().SetAmbient(MAP_AMBIENT)
        actor.GetProperty().SetDiffuse(1.0 - MAP_AMBIENT)
        actor.GetProperty().SetSpecular(0.0)
        mapper = actor.GetMapper()
        mapper.ScalarVisibilityOn()
        # values are looked up for each pixel, so that the bands end exactly at the limits
        mapper.InterpolateScalarsBeforeMappingOn()
        mapper.UseLookupTableScalarRangeOn()
        self._paint()

    def _paint(self) -> None:
        mapper = self._actors[0].GetMapper()
        values = np.ascontiguousarray(self._item.values_mm, dtype=np.float32)
        mapper.GetInput().GetPointData().SetScalars(numpy_to_vtk(values, deep=True))
        mapper.SetLookupTable(band_table(self._item.asked_mm, self._bands))
        self._actors[0].SetPosition(*self._item.moved_mm)
