"""A slice pane: one plane of the volume with structures, plan geometry and crosshair, painted in cached layers.

The widget holds what is shown and takes events, `Hands` and `Keyboard` make drags of them, `SlicePicture` draws. Painting
is only ever asked for by `update()`, so that many changes in one turn of the event loop cost one picture; panes that are
not under the hand are asked a turn later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from planning.geometry import FloatArray, Grid, Plane, Vector
from viewers.cursors import pane_cursor
from viewers.curved_cuts import CurvedTrace
from viewers.hands import Hands
from viewers.hits import Hit, find_hit
from viewers.lut import LEAST_WINDOW, least_window
from viewers.overlay import CurvedCutItem, CutItem, LabelItem, PaneContent, PartsItem, PlanItem
from viewers.paint_hand import PAINT, PaintDrag, PaintHand
from viewers.paint_live import Spans
from viewers.pane_buttons import PaneButtons
from viewers.pane_chrome import (
    CrossLine,
    cross_lines,
    spoken,
)
from viewers.pane_geometry import PaneGeometry, fitted, pane_geometry
from viewers.pane_look import PaneLook
from viewers.pane_numbers import PaneNumbers
from viewers.plan_shapes import Preview
from viewers.pointing import Pointing
from viewers.slice_picture import SlicePicture
from viewers.view_state import PaneView, ViewModel, ViewState

__all__ = ["PaneLook", "SlicePane"]

EMPTY_GRID = Grid.from_parts((1, 1, 1))
SPOKEN_AFTER_MS = 150
# the plane is at rest when nothing moved it for this long: then it is drawn in full quality
REST_AFTER_MS = 120
# what takes longer than a turn of the event loop is made in slices of it
SLICE_S = 0.012
# round a brush: its sign stands outside the circle. Above the pane's foot: what is read under the hand
BRUSH_ROOM_PX, FOOT_ROOM_PX = 26.0, 64.0


class SlicePane(QWidget):
    """One of the three slice panes. Signals carry LPS mm; `finished` False while the hand still drags.

    A drag that Esc cancels is told once more with the old place and `finished` False. The pane itself writes crosshair,
    zoom, place, window and level, turning and the selected point into the ViewModel.
    """

    point_moved = Signal(str, object, bool)
    plane_moved = Signal(str, object, bool)
    point_placed = Signal(str, object)
    measured = Signal(str, object)
    # a mark for what ViewState.placing names: (n, 3) places, and whether Ctrl turned it round
    stroke_drawn = Signal(str, object, bool)
    hovered = Signal(object, object)
    # where the hand points to, None when it left
    pointed = Signal(object)
    menu_asked = Signal(object, object)
    maximise_asked = Signal(str)
    activated = Signal(str)
    picture_asked = Signal(str)

    def __init__(self, name: str, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pane_name, self.model = name, view
        self.setObjectName(f"pane_{name}")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(80, 80)
        self._content = PaneContent()
        self._preview: Preview | None = None
        self._is_dirty = False
        self._cursors: dict[tuple[str, float], QCursor] = {}
        self._cursor_key: tuple[str, float] = ("", 0.0)
        self._leave_live: Callable[[], None] | None = None
        self._brush_rect = QRect()
        self._buttons = PaneButtons(name, look, self)
        self._buttons.asked.connect(self._button)
        self.numbers = PaneNumbers(self, look)
        self.picture = SlicePicture(self, look)
        self._geometry: tuple[object, PaneGeometry] | None = None
        self._later, self._speak, self._rest, self._finish = QTimer(self), QTimer(self), QTimer(self), QTimer(self)
        for timer, wait, act in (
            (self._later, 0, self._touch),
            (self._speak, SPOKEN_AFTER_MS, self._describe),
            (self._rest, REST_AFTER_MS, self._touch),
            (self._finish, 0, self._go_on),
        ):
            timer.setSingleShot(True)
            timer.setInterval(wait)
            timer.timeout.connect(act)
        self.hands = Hands(self)
        view.changed.connect(self._on_view)
        self._describe()
        self._show_cursor()

    def set_content(self, content: PaneContent) -> None:
        """Show another volume, structures or plan; equal parts stay cached when they are the same objects."""
        if content.live is not self._content.live:
            if self._leave_live is not None:
                self._leave_live()
                self.picture.live.forget()
            self._leave_live = None if content.live is None else content.live.subscribe(self._live_changed)
        self._content = content
        self.picture.image.set_volume(content.volume)
        self._geometry = None
        self._touch()
        self._speak.start()

    def set_look(self, look: PaneLook) -> None:
        """Other colours or text size."""
        self.picture.set_look(look)
        self._buttons.set_look(look)
        self.numbers.set_look(look)
        self._touch()

    def is_settled(self) -> bool:
        """True when what is on screen is what should be."""
        waits = self._later.isActive() or self._rest.isActive() or self.picture.is_unfinished
        return not self.isVisible() or not (self._is_dirty or waits)

    def grab_picture(self) -> QImage:
        """The pane as an image at the screen's pixel ratio, without buttons, hover and focus ring."""
        geometry = self.geometry_px()
        width, height = geometry.device_size
        picture = QImage(width, height, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(geometry.ratio)
        painter = QPainter(picture)
        self.picture.paint(painter, geometry, bare=True)
        painter.end()
        return picture

    # what drags and hands use

    @property
    def grid(self) -> Grid:
        """The shown volume's grid."""
        return EMPTY_GRID if self._content.volume is None else self._content.volume.grid

    @property
    def least_window(self) -> float:
        """The narrowest window of the shown volume."""
        volume = self._content.volume
        return LEAST_WINDOW if volume is None else least_window(volume.voxels, volume.quantity)

    @property
    def fit_mm_per_px(self) -> float:
        """Scale at which the whole plane fits."""
        right, down, _ = self.model.state.axes(self.pane_name)
        return fitted(self.grid, right, down, self.width(), self.height())[1]

    def geometry_px(self) -> PaneGeometry:
        """Where the pane's pixels lie in the patient now."""
        state, ratio = self.model.state, self.devicePixelRatioF()
        pinned = state.pinned.get(self.pane_name)
        frame = (state.frame, state.turns, state.free, state.cross_mm, pinned, state.pane(self.pane_name))
        key = (frame, self.width(), self.height(), ratio)
        if self._geometry is None or self._geometry[0] != key:
            made = pane_geometry(state, self.pane_name, self.grid, self.width(), self.height(), ratio)
            self._geometry = (key, made)
        return self._geometry[1]

    def place_of(self, position: QPointF) -> FloatArray:
        """(2,) screen place in the middle of the device pixel under a pointer."""
        half = 0.5 / self.devicePixelRatioF()
        return np.array((position.x() + half, position.y() + half))

    @property
    def paint_hand(self) -> PaintHand | None:
        """What edits a structure by the hand's gestures, None while nothing does."""
        return self._content.hand

    def item(self, key: str) -> PlanItem | None:
        """A visible plan item."""
        return next((item for item in self.items() if item.key == key), None)

    @property
    def chosen_cut(self) -> CutItem | None:
        """The visible plane that arrow keys move."""
        cuts = (item for item in self.items() if isinstance(item, CutItem) and item.movable and item.chosen)
        return next(cuts, None)

    def find_hit(self, place: FloatArray, before: Hit | None) -> Hit | None:
        """What a press at a place would take: a point, words of a measurement, then lines."""
        hit = find_hit(
            place,
            self.geometry_px(),
            self.items(),
            self.cross_lines(),
            self.picture.traces,
            self.picture.curved,
            selected=self.model.state.selected_point,
            before=before,
            handles=self.is_active,
        )
        return hit if hit is not None and hit.kind == "point" else self._words_at(place) or hit

    def words_middle(self, key: str) -> FloatArray:
        """(2,) screen place of a measurement's words."""
        left, top, right, bottom = self.picture.words[key]
        return np.array(((left + right) / 2, (top + bottom) / 2))

    def _words_at(self, place: FloatArray) -> Hit | None:
        x, y = place
        found = [
            key
            for key, (left, top, right, bottom) in self.picture.words.items()
            if left <= x <= right and top <= y <= bottom
        ]
        return Hit("words", found[-1]) if found else None

    def curved_trace(self, item: CurvedCutItem) -> CurvedTrace:
        """The line of a curved cut here."""
        return self.picture.curved.trace(item, self.geometry_px())

    def show_preview(self, preview: Preview | None) -> None:
        """Draw an item at the hand before its owner has answered."""
        self._preview = preview
        self._touch()

    def tell_point(self, key: str, position_mm: Vector, finished: bool) -> None:
        """A landmark was moved."""
        self.point_moved.emit(key, np.array(position_mm), finished)

    def tell_plane(self, key: str, plane: Plane, finished: bool) -> None:
        """A cut was moved."""
        self.plane_moved.emit(key, plane, finished)

    def tell_placed(self, position_mm: Vector) -> None:
        """The point that is being placed has its place."""
        self.point_placed.emit(self.model.state.placing, np.array(position_mm))

    def tell_measured(self, kind: str, points_mm: FloatArray) -> None:
        """A measurement has all its places."""
        self.measured.emit(kind, points_mm)

    def tell_stroke(self, points_mm: FloatArray, turned: bool) -> None:
        """A click or stroke that marks something."""
        self.stroke_drawn.emit(self.model.state.placing, points_mm, turned)

    def ask_menu(self, place: FloatArray) -> None:
        """A right click."""
        corner = QPoint(int(place[0]), int(place[1]))
        self.menu_asked.emit(self.mapToGlobal(corner), self.geometry_px().to_world(place))

    def refresh_hand(self) -> None:
        """The hand is elsewhere or holds something else: what is marked, read and pointed with follows."""
        hands = self.hands
        if hands.drag is None:
            free = hands.place is not None and self.model.state.tool == "cross"
            self.numbers.point(hands.place)
            is_free = free and not self.numbers.lit
            hands.hit = self.find_hit(hands.place, hands.hit) if is_free and hands.place is not None else None
        position = None if hands.place is None else self.geometry_px().to_world(hands.place)
        self.hovered.emit(position, None if position is None else self.picture.image.value_at(position))
        self._tell_pointing(position)
        self._show_cursor()
        if not self._touch_brush():
            self._touch()

    def _touch_brush(self) -> bool:
        """While a brush moves, only it and what is read under it are drawn anew. False when all of the pane must be."""
        state, hands = self.model.state, self.hands
        before, self._brush_rect = self._brush_rect, QRect()
        is_brush = (
            state.tool == PAINT and not state.magnifier and (hands.drag is None or isinstance(hands.drag, PaintDrag))
        )
        if not is_brush or hands.place is None or not hands.has_brush:
            return False
        reach = 0.5 * state.brush_mm / self.geometry_px().mm_per_px + BRUSH_ROOM_PX
        x, y = hands.place
        self._brush_rect = QRectF(x - reach, y - reach, 2 * reach, 2 * reach).toAlignedRect()
        if before.isNull():
            return False
        self._is_dirty = True
        self.update(before.united(self._brush_rect))
        if self.is_active:
            high_px = max(FOOT_ROOM_PX, self.picture.chrome.foot_high_px + 2.0)
            self.update(0, round(self.height() - high_px), self.width() // 2, round(high_px))
        return True

    def _live_changed(self, spans: Spans) -> None:
        """The structure under the hand changed in a box: only the pixels that this covers are drawn anew."""
        live = self._content.live
        if live is None or not self.isVisible():
            return
        geometry = self.geometry_px()
        box = self.picture.live.patch(live, geometry, spans)
        if box is not None:
            left, top, right, bottom = (edge / geometry.ratio for edge in box)
            self._is_dirty = True
            self.update(QRectF(left, top, right - left, bottom - top).toAlignedRect())

    def _tell_pointing(self, position: Vector | None) -> None:
        if position is None:
            self.pointed.emit(None)
            return
        geometry = self.geometry_px()
        self.pointed.emit(Pointing(self.pane_name, position, geometry.normal, geometry.mm_per_px))

    # painting

    @property
    def content(self) -> PaneContent:
        """Volume, structures and plan as they were given."""
        return self._content

    @property
    def is_moving(self) -> bool:
        """True until an oblique plane is at rest: then it is drawn in full quality."""
        return self._rest.isActive()

    @property
    def is_active(self) -> bool:
        """True for the pane that keys go to."""
        return self.model.state.active == self.pane_name

    @property
    def buttons_px(self) -> tuple[float, bool]:
        """(width that the buttons take, whether they are there)."""
        return self._buttons.room_px, self._buttons.isVisible()

    def items(self) -> tuple[PlanItem, ...]:
        """The plan's visible items, what the hand drags at its new place."""
        state = self.model.state
        items = self._content.items
        if self._preview is not None:
            items = self._preview.items(items)
        if not state.show_overlays:
            return ()
        return tuple(item for item in items if item.key not in state.hidden)

    def labels(self) -> tuple[LabelItem, ...]:
        """The visible structures, split where a dragged cut is now."""
        state = self.model.state
        if not state.show_overlays:
            return ()
        labels = tuple(label for label in self._content.labels if label.key not in state.hidden)
        return labels if self._preview is None else self._preview.labels(labels, self._content.items)

    def parts(self) -> PartsItem | None:
        """An organ's parts where they are visible."""
        parts, state = self._content.parts, self.model.state
        return parts if parts is not None and state.show_overlays and parts.key not in state.hidden else None

    def cross_lines(self) -> list[CrossLine]:
        """Where the other panes' planes cross this one's."""
        state = self.model.state
        if not state.show_crosshair or self._content.volume is None:
            return []
        return cross_lines(state, self.pane_name, self.geometry_px())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self.picture.paint(painter, self.geometry_px(), bare=False)
        finally:
            # one that lives on makes every later picture of the window fail too
            painter.end()
        self._is_dirty = False
        if self.picture.is_unfinished:
            self._finish.start()

    def _go_on(self) -> None:
        """A slice of time for a thick slab; hands and other panes are answered between two of them."""
        if not self.isVisible():
            # it goes on with the next picture
            return
        if self.picture.go_on(SLICE_S):
            self._touch()
        else:
            self._finish.start()

    def _touch(self) -> None:
        self._is_dirty = True
        self.update()

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if old.tool != new.tool:
            self.hands.forget_line()
        if (old.active, old.is_free) != (new.active, new.is_free):
            self._show_buttons()
        moved = place_key(old) != place_key(new)
        if not moved and replace(old, camera=new.camera, layout=new.layout, maximised=new.maximised) == new:
            return
        reslicer = self.picture.image.reslicer
        if moved and self.isVisible() and reslicer is not None and not reslicer.is_straight(self.geometry_px()):
            self._rest.start()
        # the pane under the hand answers first
        if self.underMouse() or self.hands.drag is not None:
            self._touch()
        elif not self._later.isActive():
            self._later.start()
        self._speak.start()

    def _describe(self) -> None:
        self.setAccessibleName(spoken(self.model.state, self.pane_name))

    def _show_cursor(self) -> None:
        key = (self.hands.cursor, self.devicePixelRatioF())
        if key == self._cursor_key:
            return
        # kept here and not in the module: pictures must not outlive the application
        if key not in self._cursors:
            self._cursors[key] = pane_cursor(*key)
        self._cursor_key = key
        self.setCursor(self._cursors[key])

    def _show_buttons(self) -> None:
        shown = self.is_active and self.underMouse() and self._content.volume is not None
        self._buttons.show_locked(not self.model.state.is_free)
        self._buttons.setVisible(shown)
        self._touch()

    def _button(self, identifier: str) -> None:
        model = self.model
        if identifier == "reset":
            model.set_pane(self.pane_name, PaneView())
            if model.state.turns or model.state.free:
                model.straighten()
        elif identifier == "lock":
            model.set_free(not model.state.is_free)
        elif identifier == "overlays":
            model.set(show_overlays=not model.state.show_overlays)
        elif identifier == "picture":
            self.picture_asked.emit(self.pane_name)
        else:
            self.maximise_asked.emit(self.pane_name)

    # events

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self.hands.keyboard.note(event)
            if self.hands.keyboard.takes(event):
                event.accept()
                return True
        if kind == QEvent.Type.NativeGesture and isinstance(event, QNativeGestureEvent) and self.hands.pinch(event):
            return True
        if kind == QEvent.Type.DevicePixelRatioChange:
            self._show_cursor()
            self._touch()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._buttons.place(self.width())
        self._touch()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show_buttons()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hands.leave()
        self._show_buttons()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._activate()
        if self._content.volume is not None:
            self.hands.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._content.volume is not None:
            self.hands.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.hands.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._content.volume is not None:
            self.hands.double(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        if self._content.volume is not None:
            self.hands.wheel(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._content.volume is None or not self.hands.keyboard.press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.hands.keyboard.release(event):
            super().keyReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # the mouse's menu comes on release, when it is known that no zoom was meant
        if event.reason() != QContextMenuEvent.Reason.Mouse and self._content.volume is not None:
            self.ask_menu(self.geometry_px().to_screen(self.model.state.cross_mm))
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._activate()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hands.lost_focus()

    def _activate(self) -> None:
        self.activated.emit(self.pane_name)
        self.model.set(active=self.pane_name)


def place_key(state: ViewState) -> tuple[object, ...]:
    """Equal for states whose planes lie alike."""
    return state.frame, state.free, state.cross_mm, state.panes, state.pinned
