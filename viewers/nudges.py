"""What arrow keys move in a slice pane: the chosen point, or the chosen cut."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, QTimer

from planning.geometry import Plane, Vector
from viewers.drags import cut_pivot
from viewers.gestures import NUDGE_BURST_MS, NUDGE_FAST_MM, NUDGE_FINE_MM, NUDGE_MM
from viewers.overlay import CutItem, PointItem
from viewers.plan_shapes import Preview, is_seen_from, nearness
from viewers.turning import turned_plane

if TYPE_CHECKING:
    from viewers.slice_pane import SlicePane

Modifier, Key = Qt.KeyboardModifier, Qt.Key
# (right, up, along the normal)
NUDGE_KEYS = {
    Key.Key_Left: (-1, 0, 0),
    Key.Key_Right: (1, 0, 0),
    Key.Key_Up: (0, 1, 0),
    Key.Key_Down: (0, -1, 0),
    Key.Key_PageUp: (0, 0, 1),
    Key.Key_PageDown: (0, 0, -1),
}
# a chosen cut goes this way over the screen
CUT_KEYS = {Key.Key_Left: -1, Key.Key_Right: 1}
NUDGES = (Modifier.NoModifier, Modifier.ShiftModifier, Modifier.ControlModifier)
# and turns by so many degrees in the pane, the left arrow against the clock
CUT_TURNS = {
    Modifier.AltModifier: 1.0,
    Modifier.AltModifier | Modifier.ShiftModifier: 5.0,
    Modifier.AltModifier | Modifier.ControlModifier: 0.1,
}


class Nudges:
    """Arrow nudges of one point or cut; those within 800 ms of each other are told as one finished move."""

    def __init__(self, pane: SlicePane) -> None:
        self._pane = pane
        self.key, self.position_mm = "", np.zeros(3)
        self._plane: Plane | None = None
        self._timer = QTimer(pane)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NUDGE_BURST_MS)
        self._timer.timeout.connect(self.finish)

    @property
    def is_on(self) -> bool:
        """True while nudges are collected."""
        return bool(self.key)

    def move(self, item: PointItem, by_mm: Vector, *, fine: bool = False) -> None:
        """One nudge, along the item's track where it has one."""
        if self.key != item.key:
            self.finish()
            self.key, self.position_mm, self._plane = item.key, np.array(item.position_mm, dtype=np.float64), None
        if item.track is None:
            self.position_mm = self.position_mm + by_mm
        else:
            self.position_mm = item.track.nudged(self.position_mm, by_mm, fine=fine)
        self._pane.show_preview(Preview(self.key, self.position_mm))
        self._pane.tell_point(self.key, self.position_mm, False)
        self._timer.start()

    def move_cut(self, item: CutItem, by_mm: float) -> None:
        """One nudge of a cut along its normal."""
        plane = self._cut_of(item)
        self._tell_cut(item, Plane(plane.origin_mm + by_mm * plane.normal, plane.normal))

    def turn_cut(self, item: CutItem, axis: Vector, angle_rad: float) -> None:
        """One turn of a cut about the axis that a pane looks along."""
        plane = self._cut_of(item)
        pivot = cut_pivot(plane, np.array(self._pane.model.state.cross_mm))
        self._tell_cut(item, turned_plane(plane, pivot, axis, angle_rad))

    def _cut_of(self, item: CutItem) -> Plane:
        """The cut as the burst has left it, or as it begins."""
        if self.key != item.key or self._plane is None:
            self.finish()
            self.key = item.key
            return item.plane
        return self._plane

    def _tell_cut(self, item: CutItem, plane: Plane) -> None:
        self.key, self._plane = item.key, plane
        self._pane.show_preview(Preview(self.key, plane))
        self._pane.tell_plane(self.key, plane, False)
        self._timer.start()

    def finish(self) -> None:
        """The burst is over."""
        self._timer.stop()
        if not self.key:
            return
        (key, self.key), (plane, self._plane) = (self.key, ""), (self._plane, None)
        self._pane.show_preview(None)
        if plane is not None:
            self._pane.tell_plane(key, plane, True)
        else:
            self._pane.tell_point(key, self.position_mm, True)

    def takes(self, key: int, keys: Qt.KeyboardModifier) -> bool | None:
        """Whether an arrow moves what is chosen; None where nothing is, or another key is meant."""
        if key in NUDGE_KEYS and self._point() is not None:
            # Ctrl+PgUp and PgDn go from step to step
            is_step = keys == Modifier.ControlModifier and key in (Key.Key_PageUp, Key.Key_PageDown)
            return keys in NUDGES and not is_step
        if key in CUT_KEYS and self._cut() is not None:
            return keys in NUDGES or keys in CUT_TURNS
        return None

    def press(self, key: int, keys: Qt.KeyboardModifier) -> bool:
        """Move what is chosen; False where nothing is."""
        item, cut = self._point(), self._cut()
        if key in NUDGE_KEYS and item is not None:
            self._nudge(item, NUDGE_KEYS[Key(key)], keys)
            return True
        if key not in CUT_KEYS or cut is None:
            return False
        way = CUT_KEYS[Key(key)]
        if keys in CUT_TURNS:
            self.turn_cut(cut, self._pane.geometry_px().normal, way * math.radians(CUT_TURNS[keys]))
        else:
            self._nudge_cut(cut, way, keys)
        return True

    def _point(self) -> PointItem | None:
        pane = self._pane
        item = pane.item(pane.model.state.selected_point)
        if not isinstance(item, PointItem) or not item.movable:
            return None
        geometry = pane.geometry_px()
        is_here = nearness(float(geometry.distance_mm(item.position_mm))) > 0 and is_seen_from(item, geometry)
        return item if is_here else None

    def _cut(self) -> CutItem | None:
        return self._pane.chosen_cut if self._pane.model.state.tool == "cross" else None

    def _nudge_cut(self, item: CutItem, way: int, keys: Qt.KeyboardModifier) -> None:
        """The cut's line goes to the side of the arrow; one that lies across the screen, down for right."""
        geometry, normal = self._pane.geometry_px(), item.plane.normal
        across, along = float(normal @ geometry.right), float(normal @ geometry.down)
        side = across if abs(across) > 0.1 else along
        self.move_cut(item, (way if side >= 0 else -way) * _nudge_mm(keys))

    def _nudge(self, item: PointItem, way: tuple[int, int, int], keys: Qt.KeyboardModifier) -> None:
        step = _nudge_mm(keys)
        geometry = self._pane.geometry_px()
        by_mm = step * (way[0] * geometry.right - way[1] * geometry.down + way[2] * geometry.normal)
        self.move(item, by_mm, fine=bool(keys & Qt.KeyboardModifier.ControlModifier))


def _nudge_mm(keys: Qt.KeyboardModifier) -> float:
    """How far one arrow moves."""
    if keys & Modifier.ShiftModifier:
        return NUDGE_FAST_MM
    return NUDGE_FINE_MM if keys & Modifier.ControlModifier else NUDGE_MM
