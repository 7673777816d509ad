"""The 3D pane: surfaces and plan, turned by the hand; the picture comes from one of two hosts (viewers/scene/host.py).

Nothing of VTK is loaded before `start`. The hand acts on our own camera, never through VTK's interactor styles.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QRectF,
    Qt,
    QThreadPool,
    QTimer,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QStyle, QWidget

from planning.geometry import Plane, Vector, detector_direction
from viewers.overlay import CutItem, DistanceItem, MarginMapItem, PlanItem, PointItem, SceneContent, SurfaceItem
from viewers.pane_buttons import PaneButtons
from viewers.pane_look import PaneLook
from viewers.scene.camera import (
    ANTERIOR,
    HEAD,
    STANDARD_VIEWS,
    Projection,
    between,
    fitted,
    level_up,
    make_camera,
    orbited,
    turned_to,
    view_name,
    zoomed,
)
from viewers.scene.drags import (
    CAMERA_KINDS,
    WHEEL_ZOOM,
    Drag,
    cut_at,
    dragged_camera,
    dragged_plane,
    dragged_point,
    point_at,
)
from viewers.scene.driver import Driver, NoOpenGLError, find_driver
from viewers.scene.painting import TOO_OLD, OverlayFacts, OverlayPainter, carm_text, margin_bands
from viewers.view_state import Camera, ViewModel, ViewState, vec

if TYPE_CHECKING:
    from viewers.scene.host import SceneHost
    from viewers.scene.scene import Scene

REST_MS, FLY_MS = 120, 220
# what comes faster than this is a movement, and moving things are drawn at most at this rate on slow drivers
MOVEMENT_S, SLOW_FRAME_MS = 0.2, 66
KEY_DEG, FINE_KEY_DEG = 5.0, 1.0
# a name is left out when its point lies this far behind the surface that covers it
COVERED_MM = 15.0
EMPTY_HALF_MM = 100.0
NUMPAD = {Qt.Key.Key_1: "A", Qt.Key.Key_3: "L", Qt.Key.Key_7: "H"}
LETTERS = {
    Qt.Key.Key_A: "A",
    Qt.Key.Key_P: "P",
    Qt.Key.Key_L: "L",
    Qt.Key.Key_R: "R",
    Qt.Key.Key_H: "H",
    Qt.Key.Key_F: "F",
}
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}


class _Loader(QObject):
    """Imports VTK beside the event loop; the window answers meanwhile."""

    loaded = Signal(object)

    def load(self, driver: Driver) -> None:
        import viewers.scene.host  # noqa: F401

        if driver.use_widget:
            try:
                import pyvistaqt  # noqa: F401
            except ImportError:
                driver = Driver(False, driver.is_software, driver.renderer)
        self.loaded.emit(driver)


class _Overlay(QWidget):
    """Text and handles over whichever host draws; sees no mouse."""

    def __init__(self, pane: ScenePane) -> None:
        super().__init__(pane)
        self._pane = pane
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._pane.paint_over(painter)
        painter.end()


class ScenePane(QWidget):
    """Shows a SceneContent. Call `start` once the window is on the screen."""

    point_moved = Signal(str, object, bool)
    plane_moved = Signal(str, object, bool)
    point_placed = Signal(str, object)
    maximise_asked = Signal(str)
    activated = Signal(str)
    picture_asked = Signal(str)
    menu_asked = Signal(object, object)

    def __init__(self, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane_3d")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(120, 120)
        self._view = view
        self._look = look
        self._content = SceneContent()
        self._camera: Camera | None = view.state.camera
        self._scene: Scene | None = None
        self._host: SceneHost | None = None
        self._started = False
        self._closed = False
        self._dirty = True
        self._reduced = False
        self._checked = False
        self._failed = False
        self._drag: Drag | None = None
        self._far = False
        self._held: PlanItem | None = None
        self._hovered = ""
        self._covered: frozenset[str] = frozenset()
        self._last_change = self._last_frame = 0.0
        self._overlay = _Overlay(self)
        self._painter = OverlayPainter(look)
        self._buttons = PaneButtons("pane_3d", look, self)
        self._buttons.asked.connect(self._on_button)
        self._frame_timer = QTimer(self, singleShot=True)
        self._frame_timer.timeout.connect(self._draw)
        self._rest_timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest_timer.timeout.connect(self._draw_full)
        self._flight = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=FLY_MS)
        self._flight.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._flight.valueChanged.connect(self._on_flight)
        self._flight_ends = (self.camera(), self.camera())
        self._loader = _Loader()
        self._loader.loaded.connect(self._open)
        view.changed.connect(self._on_view)
        self._describe()

    # --- what the workstation asks -------------------------------------------------------------------------------

    @property
    def is_started(self) -> bool:
        """Whether 3D is there to draw."""
        return self._host is not None

    def start(self) -> None:
        """Load VTK and draw, as soon as the pane is shown."""
        self._started = True
        self._load_when_shown()

    def set_content(self, content: SceneContent) -> None:
        """Show this. Items that are the same objects as before cost nothing."""
        if content is self._content:
            return
        self._content = content
        if self._held is not None and not self._is_dragging_item():
            self._held = None
        self._show_content()

    def set_look(self, look: PaneLook) -> None:
        """Other colours or text size."""
        self._look = look
        self._painter = OverlayPainter(look)
        self._buttons.set_look(look)
        if self._scene is not None:
            self._scene.set_bands(margin_bands(look))
        self._changed()

    def is_settled(self) -> bool:
        """Whether the picture shows everything in full quality, or nothing is to be seen."""
        if not self.isVisible() or self._failed:
            return True
        flying = self._flight.state() == QVariantAnimation.State.Running
        waiting = self._frame_timer.isActive() or self._rest_timer.isActive() or flying
        return self._host is not None and not self._dirty and not self._reduced and not waiting

    def grab_picture(self) -> QImage:
        """The pane as a picture in full quality, without buttons and focus ring."""
        ratio = self.devicePixelRatioF()
        size = (max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1))
        image = QImage(*size, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(self._look.halo))
        painter = QPainter(image)
        if self._host is not None and self._scene is not None:
            self._scene.set_camera(self.camera(), self.projection().mm_per_px)
            self._paint_picture(painter, self._host.grab(self.width(), self.height(), ratio))
        self._painter.paint(painter, replace(self._facts(), active=False, hovered=""))
        painter.end()
        return image

    def look_from(self, direction: npt.ArrayLike, up: npt.ArrayLike) -> None:
        """Turn to a side (patient to viewer), about the crosshair."""
        self._fly(turned_to(self.camera(), direction, up, self._pivot()))

    def look_from_carm(self, lao_deg: float, cra_deg: float) -> None:
        """Turn to where a C-arm's detector would be; RAO and CAU are negative."""
        direction = detector_direction(lao_deg, cra_deg)
        self.look_from(direction, level_up(direction))

    def fit(self) -> None:
        """Everything in the picture, from the same side."""
        box = self._box()
        if box is not None:
            self._fly(fitted(self.camera(), *box, self._aspect()))

    def close(self) -> bool:
        """Let go of the graphics memory for good."""
        self._closed = True
        self._flight.stop()
        self._frame_timer.stop()
        self._rest_timer.stop()
        if self._host is not None:
            self._host.close()
            self._host = self._scene = None
        return super().close()

    def camera(self) -> Camera:
        """Where the pane looks from now."""
        if self._camera is not None:
            return self._camera
        box = self._box()
        if box is None:
            return make_camera(self._view.state.cross_mm, ANTERIOR, HEAD, EMPTY_HALF_MM)
        return fitted(None, *box, self._aspect())

    def projection(self) -> Projection:
        """Patient to logical pixels and back."""
        return Projection(self.camera(), float(self.width()), float(self.height()))

    # --- drawing -------------------------------------------------------------------------------------------------

    def _load_when_shown(self) -> None:
        if self._started and self._host is None and not self._closed and self.isVisible():
            self._started = False
            driver, loader = find_driver(), self._loader
            QThreadPool.globalInstance().start(lambda: loader.load(driver))

    def _open(self, driver: Driver) -> None:
        if self._closed:
            return
        from viewers.scene.host import ImageHost, InteractorHost
        from viewers.scene.scene import Scene

        self._scene = Scene(margin_bands(self._look))
        self._hide()
        if driver.use_widget:
            self._host = InteractorHost(self._scene, self._after_frame, self, driver.is_software)
            self._place_children()
            assert self._host.widget is not None
            self._host.widget.show()
        else:
            try:
                self._host = ImageHost(self._scene, self._after_frame)
            except NoOpenGLError:
                self._give_up()
                return
        self._scene.set_content(self._shown_content())
        self._changed()

    def _show_content(self) -> None:
        if self._scene is not None and self._scene.set_content(self._shown_content()):
            self._changed()
        else:
            self._overlay.update()

    def _shown_content(self) -> SceneContent:
        """The content with what the hand holds at its new place."""
        held = self._held
        if held is None:
            return self._content
        items = tuple(
            held if item.key == held.key and type(item) is type(held) else item for item in self._content.items
        )
        surfaces = self._content.surfaces
        if isinstance(held, CutItem):
            before = next((item for item in self._content.items if item.key == held.key), None)
            if isinstance(before, CutItem):
                surfaces = tuple(_with_plane(item, before.plane, held.plane) for item in surfaces)
        return SceneContent(surfaces=surfaces, items=items)

    def _changed(self, by_hand: bool = False) -> None:
        """Something that VTK draws is different; drawn once for each turn of the event loop."""
        now = time.monotonic()
        moving = by_hand or now - self._last_change < MOVEMENT_S
        self._last_change = now
        self._dirty = True
        self._reduced = moving and self._host is not None and self._host.is_slow
        self._overlay.update()
        if self._host is None or self._frame_timer.isActive():
            return
        wait = 0.0
        if self._reduced and not by_hand:
            wait = SLOW_FRAME_MS - (now - self._last_frame) * 1000.0
        self._frame_timer.start(max(round(wait), 0))

    def _draw(self) -> None:
        if self._host is None or self._scene is None or not self.isVisible() or self._failed:
            return
        space = self.projection()
        self._scene.set_camera(space.camera, space.mm_per_px)
        self._dirty = False
        self._host.render(space.width, space.height, self.devicePixelRatioF(), not self._reduced)
        self._last_frame = time.monotonic()
        if self._reduced:
            self._rest_timer.start()
        else:
            self._rest_timer.stop()
        self.update()

    def _draw_full(self) -> None:
        if self._drag is not None and self._far:
            # the hand rests but still holds; the better picture comes when it lets go
            self._rest_timer.start()
            return
        self._reduced = False
        self._dirty = True
        self._draw()

    def _after_frame(self) -> None:
        """After each frame, while its depth can still be read: which names lie behind surfaces."""
        host, scene = self._host, self._scene
        if host is None or scene is None:
            return
        covered = frozenset(item.key for item in self._points() if self._is_covered(item))
        if covered != self._covered:
            self._covered = covered
            self._overlay.update()
        if not self._checked and scene.has_surface():
            self._checked = True
            QTimer.singleShot(0, self._check_pixels)

    def _check_pixels(self) -> None:
        """A driver that fails leaves an empty picture and no error, so the pixels are read back once."""
        host, scene, box = self._host, self._scene, self._box()
        if host is None or scene is None or box is None or not host.is_blank():
            return
        x, y = self.projection().to_screen((box[0] + box[1]) / 2.0)
        if not (0 <= x < self.width() and 0 <= y < self.height()):
            self._checked = False
            return
        host.close()
        self._host = self._scene = None
        if host.widget is not None:
            host.widget.hide()
            self._checked = False
            self._open(Driver(False, True))
            return
        self._give_up()

    def _give_up(self) -> None:
        """Nothing can be drawn; the pane says so."""
        self._scene = None
        self._failed = True
        self.update()
        self._overlay.update()

    def _is_covered(self, item: PointItem) -> bool:
        assert self._host is not None
        assert self._scene is not None
        x, y = self.projection().to_screen(item.position_mm)
        seen = self._host.depth_at(float(x) / max(self.width(), 1), float(y) / max(self.height(), 1))
        if seen >= 1.0:
            return False
        camera = self._scene.renderer.GetActiveCamera()
        near, far = camera.GetClippingRange()
        offset = np.asarray(camera.GetPosition()) - np.asarray(item.position_mm)
        distance = float(offset @ np.asarray(self.camera().direction))
        return distance - (near + seen * (far - near)) > COVERED_MM

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._look.halo))
        picture = self._host.picture() if self._host is not None and not self._failed else None
        if picture is not None:
            self._paint_picture(painter, picture)
        painter.end()

    def _paint_picture(self, painter: QPainter, picture: QImage) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(0.0, 0.0, self.width(), self.height()), picture)

    def paint_over(self, painter: QPainter) -> None:
        """Paint title, names and handles."""
        self._painter.paint(painter, self._facts())

    def _facts(self) -> OverlayFacts:
        state, items = self._view.state, self._shown_items()
        maps = [item for item in items if isinstance(item, MarginMapItem)]
        return OverlayFacts(
            space=self.projection(),
            cross_mm=state.cross_mm if state.show_crosshair and self._box() is not None else None,
            frame=state.frame,
            points=[item for item in items if isinstance(item, PointItem)],
            covered=self._covered,
            show_names=state.show_labels,
            selected_point=state.selected_point,
            distances=[item for item in items if isinstance(item, DistanceItem)],
            cuts=self._cuts(),
            hovered=self._hovered,
            legend_mm=maps[0].asked_mm if maps else None,
            active=state.active == "3d",
            message=TOO_OLD if self._failed else "",
        )

    def _cuts(self) -> list[tuple[CutItem, np.ndarray]]:
        if self._scene is None:
            return []
        found = []
        for item in self._shown_items():
            corners = self._scene.sheet_corners(item.key) if isinstance(item, CutItem) else None
            if corners is not None:
                found.append((item, corners))
        return found

    def _points(self) -> list[PointItem]:
        return [item for item in self._shown_items() if isinstance(item, PointItem)]

    def _shown_items(self) -> list[PlanItem]:
        state = self._view.state
        if not state.show_overlays:
            return []
        return [item for item in self._shown_content().items if item.key not in state.hidden]

    # --- the camera ----------------------------------------------------------------------------------------------

    def _box(self) -> tuple[Vector, Vector] | None:
        return self._scene.box() if self._scene is not None else None

    def _aspect(self) -> float:
        return self.width() / max(self.height(), 1)

    def _pivot(self) -> Vector:
        """The crosshair when it lies in the scene, else the scene's middle."""
        cross, box = np.asarray(self._view.state.cross_mm), self._box()
        if box is None:
            return np.asarray(self.camera().focus_mm)
        inside = bool((cross >= box[0]).all() and (cross <= box[1]).all())
        return cross if inside else np.asarray((box[0] + box[1]) / 2.0)

    def _fly(self, camera: Camera) -> None:
        """Go to a camera: at once where the processor draws or motion is not wanted."""
        start = self.camera()
        self._set_camera(camera)
        wanted = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
        if self._host is None or self._host.is_slow or not wanted or not self.isVisible():
            return
        self._flight_ends = (start, camera)
        self._camera = start
        self._flight.start()

    def _on_flight(self, share: float) -> None:
        self._camera = between(*self._flight_ends, share)
        self._changed(by_hand=True)

    def _set_camera(self, camera: Camera, finished: bool = True) -> None:
        self._flight.stop()
        self._camera = camera
        self._changed(by_hand=True)
        if finished:
            self._view.set(camera=camera)
            self._describe()

    def _describe(self) -> None:
        camera = self.camera()
        words = {"RAO": "R A O", "LAO": "L A O", "CRA": "cranial", "CAU": "caudal", "°": " degrees", "  ": ", "}
        angles = carm_text(camera)
        for short, long in words.items():
            angles = angles.replace(short, long)
        self.setAccessibleName(f"3D, {view_name(camera)}, {angles}")

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if new.camera is not old.camera and new.camera != self._camera:
            self._flight.stop()
            self._camera = new.camera
            self._changed()
            self._describe()
        if (new.hidden, new.show_overlays) != (old.hidden, old.show_overlays):
            self._hide()
        self._overlay.update()
        if new.active != old.active:
            self._show_buttons()

    def _hide(self) -> None:
        state = self._view.state
        if self._scene is not None and self._scene.set_hidden(state.hidden, state.show_overlays):
            self._changed()

    def _on_button(self, name: str) -> None:
        if name == "reset":
            self.fit()
        elif name == "overlays":
            self._view.set(show_overlays=not self._view.state.show_overlays)
        elif name == "picture":
            self.picture_asked.emit("3d")
        else:
            self.maximise_asked.emit("3d")

    # --- the hand ------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._view.set(active="3d")
        self.activated.emit("3d")
        if self._drag is not None:
            return
        place, button, held = event.position(), event.button(), event.modifiers()
        kind = None
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
        start = (place.x(), place.y())
        self._far = False
        self._drag = Drag(kind, start, self.camera())
        item = self._movable_at(*start) if kind == "orbit" else None
        if isinstance(item, PointItem):
            self._drag = Drag("point", start, self.camera(), item.key, np.asarray(item.position_mm))
        elif isinstance(item, CutItem):
            self._drag = Drag("plane", start, self.camera(), item.key, item.plane)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x, y = event.position().x(), event.position().y()
        drag = self._drag
        if drag is None:
            self._hover(x, y)
            return
        if not self._far and not drag.is_far(x, y):
            return
        if not self._far:
            self._far = True
            if drag.kind == "pan":
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if drag.kind in CAMERA_KINDS:
            self._set_camera(dragged_camera(drag, x, y, self.projection(), self._pivot()), finished=False)
        else:
            self._move_item(x, y)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, far = self._drag, self._far
        self._drag, self._far = None, False
        self.unsetCursor()
        x, y = event.position().x(), event.position().y()
        if drag is None:
            return
        if not far:
            self._click(event.button(), x, y, event.globalPosition().toPoint())
        elif drag.kind in CAMERA_KINDS:
            self._set_camera(self.camera())
        else:
            self._drag = drag
            self._move_item(x, y, finished=True)
            self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._drag = None
        place = self.picked(event.position().x(), event.position().y())
        if place is None:
            self.maximise_asked.emit("3d")
        else:
            self._view.set(cross_mm=vec(place))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_asked.emit(self.mapToGlobal(self.rect().center()), np.asarray(self._view.state.cross_mm))

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        steps = (delta.y() or delta.x()) / 120.0
        if steps:
            fixed = self.projection().to_world(event.position().x(), event.position().y())
            self._set_camera(zoomed(self.camera(), WHEEL_ZOOM**steps, fixed))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = Qt.Key(event.key()), event.modifiers()
        shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Escape and self._drag is not None:
            self._cancel()
        elif key in ARROWS:
            step = FINE_KEY_DEG if shift else KEY_DEG
            right, up = ARROWS[key]
            self._set_camera(orbited(self.camera(), right * step, up * step, self._pivot()))
        elif shift and key in LETTERS:
            self._stand(LETTERS[key])
        elif held & Qt.KeyboardModifier.KeypadModifier and key in NUMPAD:
            self._stand(NUMPAD[key])
        else:
            super().keyPressEvent(event)

    def picked(self, x: float, y: float) -> Vector | None:
        """The place on the nearest surface under a logical pixel, or None."""
        if self._host is None or self._scene is None:
            return None
        space = self.projection()
        self._scene.set_camera(space.camera, space.mm_per_px)
        wide, tall = self._host.window_size()
        return self._scene.pick(x / max(space.width, 1.0) * wide, (1.0 - y / max(space.height, 1.0)) * tall)

    def _stand(self, side: str) -> None:
        _, direction, up = STANDARD_VIEWS[side]
        self.look_from(direction, up)

    def _movable_at(self, x: float, y: float) -> PointItem | CutItem | None:
        """What a left drag would move: the chosen landmark, else a plane's handle or edge."""
        space, chosen = self.projection(), self._view.state.selected_point
        point = point_at([item for item in self._points() if item.movable and item.key == chosen], x, y, space)
        if point is not None:
            return point
        cut = cut_at(self._cuts(), x, y, space)
        return None if cut is None else cut[0]

    def _hover(self, x: float, y: float) -> None:
        movable = self._movable_at(x, y)
        under = movable or point_at(self._points(), x, y, self.projection())
        hovered = "" if under is None else under.key
        if movable is not None:
            self.setCursor(Qt.CursorShape.SizeAllCursor)
        elif under is not None or (self._view.state.tool == "place" and self._view.state.placing):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()
        if hovered != self._hovered:
            self._hovered = hovered
            self._overlay.update()

    def _click(self, button: Qt.MouseButton, x: float, y: float, place: QPoint) -> None:
        state = self._view.state
        if button == Qt.MouseButton.RightButton:
            self.menu_asked.emit(place, self.picked(x, y))
        elif button == Qt.MouseButton.LeftButton and state.tool == "place" and state.placing:
            position = self.picked(x, y)
            if position is not None:
                self.point_placed.emit(state.placing, position)
        elif button == Qt.MouseButton.LeftButton:
            point = point_at(self._points(), x, y, self.projection())
            if point is not None:
                self._view.set(selected_point=point.key)

    def _is_dragging_item(self) -> bool:
        return self._drag is not None and self._far and self._drag.kind not in CAMERA_KINDS

    def _move_item(self, x: float, y: float, finished: bool = False) -> None:
        drag = self._drag
        assert drag is not None
        item = next((item for item in self._content.items if item.key == drag.key), None)
        dx, dy, space = x - drag.start[0], y - drag.start[1], self.projection()
        if isinstance(item, CutItem) and isinstance(drag.value, Plane):
            plane = dragged_plane(drag.value, dx, dy, space)
            self._held = replace(item, plane=plane)
            self._show_content()
            self.plane_moved.emit(drag.key, plane, finished)
        elif isinstance(item, PointItem) and isinstance(drag.value, np.ndarray):
            position = dragged_point(drag.value, dx, dy, space)
            self._held = replace(item, position_mm=position)
            self._show_content()
            self.point_moved.emit(drag.key, position, finished)

    def _cancel(self) -> None:
        """Esc: as it was before the hand took hold."""
        drag, far = self._drag, self._far
        self._drag, self._far = None, False
        self.unsetCursor()
        if drag is None or not far:
            return
        if drag.kind in CAMERA_KINDS:
            self._set_camera(drag.camera)
            return
        self._held = None
        self._show_content()
        if isinstance(drag.value, Plane):
            self.plane_moved.emit(drag.key, drag.value, False)
        else:
            self.point_moved.emit(drag.key, drag.value, False)

    # --- the widget ----------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_children()
        self._changed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load_when_shown()
        if self._dirty:
            self._changed()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest_timer.stop()
        self._dirty = self._dirty or self._reduced

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show_buttons()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = ""
        self._overlay.update()
        self._show_buttons()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._view.set(active="3d")
        self.activated.emit("3d")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._changed()
        return super().event(event)

    def _show_buttons(self) -> None:
        over = self.rect().contains(self.mapFromGlobal(self.cursor().pos())) and self.underMouse()
        self._buttons.setVisible(over and self._view.state.active == "3d")

    def _place_children(self) -> None:
        if self._host is not None and self._host.widget is not None:
            self._host.widget.setGeometry(self.rect())
        self._overlay.setGeometry(self.rect())
        self._overlay.raise_()
        self._buttons.place(self.width())
        self._buttons.raise_()


def _with_plane(item: SurfaceItem, before: Plane, after: Plane) -> SurfaceItem:
    """A structure cut by a moved plane."""

    def same(plane: Plane) -> bool:
        return np.array_equal(plane.origin_mm, before.origin_mm) and np.array_equal(plane.normal, before.normal)

    if not any(same(plane) for plane in item.split):
        return item
    return replace(item, split=tuple(after if same(plane) else plane for plane in item.split))
