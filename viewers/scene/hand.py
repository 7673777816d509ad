"""The hand in a 3D pane: what a button, a key or the wheel does to the camera, to landmarks and to planes.

The camera is our own; VTK's interactor styles are never asked.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from planning.geometry import FloatArray, Plane, Vector
from viewers.key_hand import ARROWS, ENTER
from viewers.language import tr
from viewers.measure_drags import OPEN_ENDED
from viewers.measures import NOT_HERE, PLACES, TOOLS, TOOLS_3D
from viewers.overlay import CutItem, DistanceItem, PointItem
from viewers.pointing import Pointing
from viewers.rendering import Corners, bounds_of, plain_box
from viewers.scene.camera import orbited, zoomed
from viewers.scene.crop_box import dragged_face_mm, face_at
from viewers.scene.drags import (
    CAMERA_KINDS,
    WHEEL_ZOOM,
    Drag,
    Kind,
    along_mm,
    cut_at,
    dragged_camera,
    dragged_plane,
    dragged_point,
    point_at,
)
from viewers.scene.keys import SceneKeys
from viewers.tracks import LineTrack
from viewers.view_state import vec

if TYPE_CHECKING:
    from viewers.scene_pane import ScenePane

KEY_DEG, FINE_KEY_DEG = 5.0, 1.0
NUMPAD = {Qt.Key.Key_1: "A", Qt.Key.Key_3: "L", Qt.Key.Key_7: "H"}
LETTERS = {
    Qt.Key.Key_A: "A",
    Qt.Key.Key_P: "P",
    Qt.Key.Key_L: "L",
    Qt.Key.Key_R: "R",
    Qt.Key.Key_H: "H",
    Qt.Key.Key_F: "F",
}


class SceneHand:
    """One pane's hand: what it holds, and what lies under it."""

    def __init__(self, pane: ScenePane) -> None:
        self._pane = pane
        self._drag: Drag | None = None
        self._far = False
        # key of what lies under the hand
        self.hovered = ""
        # places on surfaces of a measurement that waits for more
        self.begun: tuple[Vector, ...] = ()
        self.keys = SceneKeys(pane)

    @property
    def is_dragging_item(self) -> bool:
        """Whether it holds a landmark or a plane, not the camera."""
        return self._drag is not None and self._far and self._drag.kind not in CAMERA_KINDS

    def press(self, event: QMouseEvent) -> None:
        """A button went down: what a drag from here would do."""
        if self._drag is not None:
            return
        place, button, held = event.position(), event.button(), event.modifiers()
        kind: Kind | None = None
        if button == Qt.MouseButton.MiddleButton:
            kind = "pan"
        elif button == Qt.MouseButton.RightButton:
            kind = "zoom"
        elif button == Qt.MouseButton.LeftButton:
            kind = "orbit"
            if held & Qt.KeyboardModifier.ControlModifier:
                kind = "roll"
            elif held & Qt.KeyboardModifier.ShiftModifier:
                kind = "pan"
        if kind is None:
            return
        pane = self._pane
        start, camera = (place.x(), place.y()), pane.camera()
        self._far = False
        self._drag = Drag(kind, start, camera)
        face = self._face_at(*start) if kind == "orbit" else ""
        if face:
            self._drag = Drag("box", start, camera, face, pane.box_mm)
            return
        item = self._movable_at(*start) if kind == "orbit" else None
        if isinstance(item, PointItem):
            self._drag = Drag("point", start, camera, item.key, np.asarray(item.position_mm))
        elif isinstance(item, CutItem):
            self._drag = Drag("plane", start, camera, item.key, item.plane)

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved, with a button down or without."""
        pane, drag = self._pane, self._drag
        x, y = event.position().x(), event.position().y()
        if drag is None:
            self._hover(x, y)
            return
        if not self._far and not drag.is_far(x, y):
            return
        if not self._far:
            self._far = pane.stage.is_held = True
            if drag.kind == "pan":
                pane.setCursor(Qt.CursorShape.ClosedHandCursor)
        if drag.kind in CAMERA_KINDS:
            pane.set_camera(dragged_camera(drag, x, y, pane.projection(), pane.pivot()), finished=False)
        else:
            self._move_item(drag, x, y)

    def release(self, event: QMouseEvent) -> None:
        """A button went up: a click, or the end of a drag."""
        pane, drag, far = self._pane, self._drag, self._far
        x, y = event.position().x(), event.position().y()
        self._let_go()
        pane.unsetCursor()
        if drag is None:
            return
        if not far:
            self._click(event.button(), x, y, event.globalPosition().toPoint())
        elif drag.kind in CAMERA_KINDS:
            pane.set_camera(pane.camera())
        else:
            self._move_item(drag, x, y, finished=True)

    def double_click(self, event: QMouseEvent) -> None:
        """The crosshair to the surface, or the pane alone where there is none."""
        pane = self._pane
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._drag = None
        x, y = event.position().x(), event.position().y()
        if self._is_clickable(x, y):
            return
        if pane.view.state.tool in TOOLS_3D:
            # its first click has set a place already
            self._end_line()
            return
        place = pane.picked(x, y)
        if place is None:
            pane.maximise_asked.emit(pane.pane_name)
        else:
            pane.view.set(cross_mm=vec(place))

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom to what lies under the hand."""
        pane, delta = self._pane, event.angleDelta()
        steps = (delta.y() or delta.x()) / 120.0
        if steps:
            fixed = pane.projection().to_world(event.position().x(), event.position().y())
            pane.set_camera(zoomed(pane.camera(), WHEEL_ZOOM**steps, fixed))

    def key(self, event: QKeyEvent) -> bool:
        """True when the key was one of the view's."""
        pane, key, held = self._pane, Qt.Key(event.key()), event.modifiers()
        shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Escape and self._drag is not None:
            self._cancel()
        elif key == Qt.Key.Key_Escape and self.begun:
            self.forget_line()
        elif self.keys.moves(key, held):
            self.keys.move(key, held)
        elif key in ENTER and self._is_open_line and not self.keys.has_gone_on:
            self._end_line()
        elif self.keys.places(key, held):
            # a key that is held means one press
            if not event.isAutoRepeat():
                self._place_by_key()
        elif key == Qt.Key.Key_Backspace and self.begun:
            self.begun = self.begun[:-1]
            pane.overlay.update()
        elif key in ARROWS:
            step = FINE_KEY_DEG if shift else KEY_DEG
            right, up = ARROWS[key]
            pane.set_camera(orbited(pane.camera(), right * step, up * step, pane.pivot()))
        elif shift and key in LETTERS:
            pane.stand(LETTERS[key])
        elif held & Qt.KeyboardModifier.KeypadModifier and key in NUMPAD:
            pane.stand(NUMPAD[key])
        else:
            return False
        return True

    def leave(self) -> None:
        """The mouse left the pane."""
        self.hovered = ""
        self._pane.overlay.update()

    def _movable_at(self, x: float, y: float) -> PointItem | CutItem | None:
        """What a left drag would move: the chosen landmark, else a plane's handle or edge."""
        pane, chosen = self._pane, self._pane.view.state.selected_point
        space = pane.projection()
        point = point_at([item for item in pane.points() if item.movable and item.key == chosen], x, y, space)
        if point is not None:
            return point
        cut = cut_at(pane.cuts(), x, y, space)
        return None if cut is None else cut[0]

    def _tell_pointing(self, x: float, y: float) -> None:
        pane, space = self._pane, self._pane.projection()
        pane.pointed.emit(
            Pointing(pane.pane_name, space.to_world(x, y), np.asarray(space.camera.direction), space.mm_per_px)
        )

    def _hover(self, x: float, y: float) -> None:
        pane, state = self._pane, self._pane.view.state
        self._tell_pointing(x, y)
        movable = self._movable_at(x, y)
        under = movable or point_at(pane.points(), x, y, pane.projection())
        face = self._face_at(x, y)
        hovered = face or ("" if under is None else under.key)
        if face or movable is not None:
            pane.setCursor(Qt.CursorShape.SizeAllCursor)
        elif self._is_clickable(x, y) or under is not None or (state.tool == "place" and state.placing):
            pane.setCursor(Qt.CursorShape.PointingHandCursor)
        elif state.tool in TOOLS_3D:
            pane.setCursor(Qt.CursorShape.CrossCursor)
        else:
            pane.unsetCursor()
        if hovered != self.hovered:
            self.hovered = hovered
            pane.overlay.update()

    def _click(self, button: Qt.MouseButton, x: float, y: float, place: QPoint) -> None:
        pane, state = self._pane, self._pane.view.state
        side = pane.cube_face_at(x, y)
        if button == Qt.MouseButton.RightButton:
            pane.menu_asked.emit(place, pane.picked(x, y))
        elif button == Qt.MouseButton.LeftButton and side:
            pane.stand(side)
        elif button == Qt.MouseButton.LeftButton and pane.is_on_angles(x, y):
            pane.edit_angles()
        elif button == Qt.MouseButton.LeftButton and state.tool == "place" and state.placing:
            self._place(x, y)
        elif button == Qt.MouseButton.LeftButton and state.tool in TOOLS and not pane.measures:
            pane.said.emit(tr(NOT_HERE))
        elif button == Qt.MouseButton.LeftButton and state.tool in TOOLS_3D:
            self.keys.took_by_mouse()
            self._measure(pane.picked(x, y))
        elif button == Qt.MouseButton.LeftButton and state.tool in TOOLS:
            pane.said.emit(tr("This is measured in a slice, not in 3D."))
        elif button == Qt.MouseButton.LeftButton:
            point = point_at(pane.points(), x, y, pane.projection())
            if point is not None:
                pane.view.set(selected_point=point.key)

    def _place(self, x: float, y: float) -> None:
        """The point that is asked for, on the surface under a place on the screen."""
        self._tell_pointing(x, y)
        position = self._pane.picked(x, y)
        if position is not None:
            self._pane.point_placed.emit(self._pane.view.state.placing, position)

    def _place_by_key(self) -> None:
        x, y = self.keys.cross_px
        if self._pane.view.state.tool == "place":
            self._place(x, y)
            return
        if not self._pane.measures:
            self._pane.said.emit(tr(NOT_HERE))
            return
        self.keys.took_by_key()
        self._measure(self._pane.picked(x, y))

    def takes(self, event: QKeyEvent) -> bool:
        """True for keys that belong to the hand at the crosshair, or to a measurement that was begun, rather than to a
        shortcut of the window."""
        key, held = event.key(), event.modifiers()
        if self.keys.moves(key, held) or self.keys.places(key, held):
            return True
        if key in ENTER:
            return self._is_open_line
        return bool(self.begun) and key in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace)

    def forget_line(self) -> None:
        """A measurement that was begun is dropped."""
        self.begun = ()
        self._pane.overlay.update()

    @property
    def begun_lines(self) -> tuple[DistanceItem, ...]:
        """The places that were set and the lines between them."""
        # the first by itself, as a dot
        places = (*self.begun[:1], *self.begun)
        color = self._pane.line_color
        return tuple(
            DistanceItem(key="measure", ends_mm=np.array(ends), color=color, text="") for ends in pairwise(places)
        )

    @property
    def _is_open_line(self) -> bool:
        tool = self._pane.view.state.tool
        return tool in TOOLS_3D and len(self.begun) >= OPEN_ENDED.get(tool, len(self.begun) + 1)

    def _measure(self, place: Vector | None) -> None:
        """One more place on a surface; beside all of them it says so."""
        if place is None:
            self._pane.said.emit(tr("No surface lies there. Choose a place on one."))
            return
        self.begun = (*self.begun, place)
        if len(self.begun) == PLACES[self._pane.view.state.tool]:
            self._tell_measured()
        self._pane.overlay.update()

    def _end_line(self) -> None:
        if self._is_open_line:
            self._tell_measured()
        self._pane.overlay.update()

    def _tell_measured(self) -> None:
        places: FloatArray = np.array(self.begun)
        self.begun = ()
        pane = self._pane
        pane.measured.emit(pane.view.state.tool, places, np.asarray(pane.camera().direction))

    def _is_clickable(self, x: float, y: float) -> bool:
        """Whether the cube or the angles lie there."""
        return bool(self._pane.cube_face_at(x, y)) or self._pane.is_on_angles(x, y)

    def _face_at(self, x: float, y: float) -> str:
        box = self._pane.box_mm
        return "" if box is None else face_at(box, x, y, self._pane.projection())

    def _move_box(self, drag: Drag, box: Corners, x: float, y: float) -> None:
        pane, seen = self._pane, self._pane.content.volume
        if seen is not None:
            value = dragged_face_mm(box, drag.key, x - drag.start[0], y - drag.start[1], pane.projection())
            pane.set_box(plain_box(box, drag.key[0], int(drag.key[1]), value, bounds_of(seen.volume.grid)))

    def _move_item(self, drag: Drag, x: float, y: float, finished: bool = False) -> None:
        pane = self._pane
        if drag.kind == "box" and isinstance(drag.value, tuple):
            self._move_box(drag, drag.value, x, y)
            return
        item = next((item for item in pane.content.items if item.key == drag.key), None)
        dx, dy, space = x - drag.start[0], y - drag.start[1], pane.projection()
        if isinstance(item, CutItem) and isinstance(drag.value, Plane):
            plane = dragged_plane(drag.value, dx, dy, space)
            pane.hold(replace(item, plane=plane))
            pane.plane_moved.emit(drag.key, plane, finished)
        elif isinstance(item, PointItem) and isinstance(drag.value, np.ndarray):
            position = dragged_point(drag.value, dx, dy, space)
            if isinstance(item.track, LineTrack):
                direction = item.track.direction
                position = item.track.nearest(drag.value + along_mm(direction, dx, dy, space) * direction)
            elif item.track is not None:
                position = item.track.nearest(position)
            pane.hold(replace(item, position_mm=position))
            pane.point_moved.emit(drag.key, position, finished)

    def _let_go(self) -> None:
        self._drag, self._far, self._pane.stage.is_held = None, False, False

    def _cancel(self) -> None:
        """Esc: as it was before the hand took hold."""
        pane, drag, far = self._pane, self._drag, self._far
        self._let_go()
        pane.unsetCursor()
        if drag is None or not far:
            return
        if drag.kind in CAMERA_KINDS:
            pane.set_camera(drag.camera)
            return
        if isinstance(drag.value, tuple):
            pane.set_box(drag.value)
            return
        pane.hold(None)
        if isinstance(drag.value, Plane):
            pane.plane_moved.emit(drag.key, drag.value, False)
        else:
            pane.point_moved.emit(drag.key, drag.value, False)
