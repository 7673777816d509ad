"""A cut that is no plane: the part of it that lies inside the organ, as a thin sheet."""

from __future__ import annotations

from vtkmodules.vtkRenderingCore import vtkRenderer

from viewers.overlay import CurvedCutItem
from viewers.scene.adapters.base import ActorGroup, Box, box_of
from viewers.scene.adapters.mesh import paint, shaded_actor, surface_data

SHEET_OPACITY = 0.55


class CurvedCutView(ActorGroup):
    """One sheet; it gives way to the margin map that lies in it."""

    def __init__(self, renderer: vtkRenderer, item: CurvedCutItem) -> None:
        super().__init__(renderer)
        self._sheet_shown = True
        self._build(item)

    @property
    def box(self) -> Box | None:
        """Lowest and highest corner of the sheet."""
        return None if self._item.mesh is None else box_of(self._item.mesh.points_mm)

    def update(self, item: CurvedCutItem) -> None:
        """Take the changed item over."""
        if item.mesh is not self._item.mesh:
            self.remove()
            self._build(item)
            return
        self._item = item
        for actor in self._actors:
            paint(actor, item.color, SHEET_OPACITY)

    def show_sheet(self, shown: bool) -> None:
        """Show the sheet or nothing."""
        self._sheet_shown = shown
        self.set_visible(self._visible)

    def set_visible(self, visible: bool) -> None:
        """Show or hide; the sheet only when it may."""
        super().set_visible(visible)
        for actor in self._actors:
            actor.SetVisibility(visible and self._sheet_shown)

    def _build(self, item: CurvedCutItem) -> None:
        self._item = item
        if item.mesh is None or not len(item.mesh.triangles):
            return
        self._add(shaded_actor(surface_data(item.mesh), item.color, SHEET_OPACITY))
        self.set_visible(self._visible)
