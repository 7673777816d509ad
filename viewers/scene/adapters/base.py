"""What all adapters share: a handful of actors that come, hide and go together."""

from __future__ import annotations

from typing import Any

from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer

from planning.geometry import FloatArray, Vector

Box = tuple[Vector, Vector]


class ActorGroup:
    """The actors of one item."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._renderer = renderer
        self._actors: list[vtkActor] = []
        self._visible = True

    @property
    def actors(self) -> tuple[vtkActor, ...]:
        """All of them, in the order they were made."""
        return tuple(self._actors)

    @property
    def visible(self) -> bool:
        """Whether the item is shown."""
        return self._visible

    def set_visible(self, visible: bool) -> None:
        """Show or hide; nothing is forgotten."""
        self._visible = visible
        for actor in self._actors:
            actor.SetVisibility(visible)

    def remove(self) -> None:
        """Take everything out of the scene."""
        for actor in self._actors:
            self._renderer.RemoveActor(actor)
        self._actors = []

    @property
    def extent(self) -> Box | None:
        """Lowest and highest corner of all that is drawn; None where that is not known."""
        return None

    def changes(self, item: Any) -> list[Box] | None:
        """Where another item of this kind would be drawn otherwise; None where that is not known."""
        return None

    def scale(self, mm_per_px: float) -> None:
        """The size of a logical pixel changed; things of a fixed size on the screen follow."""

    def _add(self, actor: vtkActor) -> vtkActor:
        actor.SetVisibility(self._visible)
        self._renderer.AddActor(actor)
        self._actors.append(actor)
        return actor


def grown(box: Box | None, by_mm: float) -> Box | None:
    """A box that is larger to all sides."""
    return None if box is None else (box[0] - by_mm, box[1] + by_mm)


def box_of(points_mm: FloatArray) -> Box | None:
    """Lowest and highest corner of (N, 3) points, None of none."""
    if not len(points_mm):
        return None
    return points_mm.min(axis=0), points_mm.max(axis=0)
