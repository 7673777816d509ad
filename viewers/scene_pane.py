"""The 3D pane: surfaces and plan, turned by the hand; the picture comes from one of two hosts (viewers/scene/host.py).

Nothing of VTK is loaded before `start`. The hand acts on our own camera, never through VTK's interactor styles.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QRectF,
    Qt,
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

from planning.geometry import Plane, Vector, carm_angles_deg, detector_direction
from viewers.language import tr
from viewers.overlay import (
    CutItem,
    DistanceItem,
    MarginMapItem,
    PartsItem,
    PlanItem,
    PointItem,
    SceneContent,
    Split,
    SurfaceItem,
    TreeMarkItem,
    ValueItem,
)
from viewers.pane_buttons import SCENE_BUTTONS, PaneButtons
from viewers.pane_look import PaneLook
from viewers.rendering import Corners, bounds_of
from viewers.scene.angle_edit import AngleEdit
from viewers.scene.camera import (
    ANTERIOR,
    HEAD,
    STANDARD_VIEWS,
    Projection,
    between,
    fitted,
    level_up,
    make_camera,
    turned_to,
    view_name,
)
from viewers.scene.hand import SceneHand
from viewers.scene.painting import TOO_OLD, OverlayFacts, OverlayPainter, carm_text, cube_face_at, margin_bands
from viewers.scene.stage import Stage
from viewers.view_state import Camera, ViewModel, ViewState

FLY_MS = 220
EMPTY_HALF_MM = 100.0
# what is brought into view: nearer to the edge than this share of the picture it is not seen; room about it, of its size
SEEN_EDGE, SEEN_ROOM = 0.03, 0.15


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
    # a measurement's kind, its (N, 3) places on surfaces, and the direction to the viewer
    measured = Signal(str, object, object)
    maximise_asked = Signal(str)
    activated = Signal(str)
    picture_asked = Signal(str)
    menu_asked = Signal(object, object)
    # why nothing came of a hand's wish, for the strip
    said = Signal(str)
    # the view's own settings
    rendering_asked = Signal()
    # where the hand points to, None when it left
    pointed = Signal(object)

    # what a camera that moves under the hand is told to other 3D panes by
    camera_moved = Signal(object)
    # like every picture it lies on black
    on_panel = False
    # False where measurements are not drawn, as beside other plans: none is taken there
    measures = True

    def __init__(
        self, view: ViewModel, look: PaneLook, parent: QWidget | None = None, *, name: str = "3d", title: str = "3D"
    ) -> None:
        super().__init__(parent)
        self.pane_name, self.title = name, title
        # a plan's pane: its colour, and words at its foot in place of the angles
        self.tint, self.caption = "", ""
        # an unlinked pane keeps its camera to itself
        self.is_linked = True
        self.setObjectName(f"pane_{name}")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(120, 120)
        self.view = view
        self._look = look
        self._content = SceneContent()
        self._camera: Camera | None = view.state.camera
        self._held: PlanItem | None = None
        self._covered: frozenset[str] = frozenset()
        self.overlay = _Overlay(self)
        self._painter = OverlayPainter(look)
        self._buttons = PaneButtons(f"pane_{name}", look, self, SCENE_BUTTONS if name == "3d" else SCENE_BUTTONS[1:])
        self._buttons.asked.connect(self._on_button)
        self.stage = Stage(self, self.projection, margin_bands(look))
        self.stage.opened.connect(self._place_children)
        self.stage.drawn.connect(self._find_covered)
        self.stage.overlay_stale.connect(self.overlay.update)
        self.stage.hide(view.state.hidden, view.state.show_overlays)
        self.hand = SceneHand(self)
        self._angles = AngleEdit(self, f"pane_{name}")
        self._angles.entered.connect(self.look_from_carm)
        self._flight = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=FLY_MS)
        self._flight.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._flight.valueChanged.connect(self._on_flight)
        self._flight_ends = (self.camera(), self.camera())
        view.changed.connect(self._on_view)
        self._describe()

    # --- what the workstation asks -------------------------------------------------------------------------------

    @property
    def line_color(self) -> str:
        """Of a measurement that is being drawn."""
        return self._look.accent

    @property
    def content(self) -> SceneContent:
        """What is shown."""
        return self._content

    @property
    def is_started(self) -> bool:
        """Whether 3D is there to draw."""
        return self.stage.host is not None

    @property
    def is_slow(self) -> bool:
        """Whether the processor draws, as long as nothing else is known."""
        return self.stage.host is None or self.stage.host.is_slow

    def start(self) -> None:
        """Load VTK and draw, as soon as the pane is shown."""
        self.stage.start()

    def set_content(self, content: SceneContent) -> None:
        """Show this. Items that are the same objects as before cost nothing."""
        if content is self._content:
            return
        self._content = content
        if not self.hand.is_dragging_item:
            self._held = None
        self._show_content()

    @property
    def look(self) -> PaneLook:
        """Its colours and type."""
        return self._look

    def set_look(self, look: PaneLook) -> None:
        """Other colours or text size."""
        self._look = look
        self._painter = OverlayPainter(look)
        self._buttons.set_look(look)
        self.stage.set_bands(margin_bands(look))

    def is_settled(self) -> bool:
        """Whether the picture shows everything in full quality, or nothing is to be seen."""
        if not self.isVisible():
            return True
        return self.stage.is_settled and self._flight.state() != QVariantAnimation.State.Running

    def grab_picture(self, *, for_film: bool = False) -> QImage:
        """The pane as a picture in full quality, without buttons and focus ring. for_film: as one of many."""
        return self._with_words(self.stage.grab(for_film=for_film))

    def seen_picture(self) -> QImage:
        """The same of what was drawn last, which costs nothing; drawn now only where the pane keeps no picture."""
        return self._with_words(self.stage.picture() or self.stage.grab())

    def _with_words(self, picture: QImage | None) -> QImage:
        ratio = self.devicePixelRatioF()
        size = (max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1))
        image = QImage(*size, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(self._look.halo))
        painter = QPainter(image)
        if picture is not None:
            self._paint_picture(painter, picture)
        self.paint_over(painter, plain=True)
        painter.end()
        return image

    def look_from(self, direction: npt.ArrayLike, up: npt.ArrayLike) -> None:
        """Turn to a side (patient to viewer), about the crosshair."""
        self._fly(turned_to(self.camera(), direction, up, self.pivot()))

    def look_from_carm(self, lao_deg: float, cra_deg: float) -> None:
        """Turn to where a C-arm's detector would be; RAO and CAU are negative."""
        direction = detector_direction(lao_deg, cra_deg)
        self.look_from(direction, level_up(direction))

    def fit(self) -> None:
        """Everything in the picture, from the same side."""
        box = self.stage.box()
        if box is not None:
            self._fly(fitted(self.camera(), *box, self._aspect()))

    def bring_into_view(self, places_mm: npt.ArrayLike) -> None:
        """Move, from the same side, so that (n, 3) places are in the picture; where all are, nothing moves."""
        places = np.asarray(places_mm, dtype=np.float64).reshape(-1, 3)
        if not len(places) or self._camera is None:
            return
        seen = self.projection().to_screen(places) / (max(self.width(), 1), max(self.height(), 1))
        if ((seen > SEEN_EDGE) & (seen < 1.0 - SEEN_EDGE)).all():
            return
        low, high = places.min(axis=0), places.max(axis=0)
        room = SEEN_ROOM * max(float((high - low).max()), 1.0)
        self._fly(fitted(self.camera(), low - room, high + room, self._aspect()))

    def close(self) -> bool:
        """Let go of the graphics memory for good."""
        self._flight.stop()
        self.stage.close()
        return super().close()

    def camera(self) -> Camera:
        """Where the pane looks from now."""
        if self._camera is not None:
            return self._camera
        box = self.stage.box()
        if box is None:
            return make_camera(self.view.state.cross_mm, ANTERIOR, HEAD, EMPTY_HALF_MM)
        return fitted(None, *box, self._aspect())

    def projection(self) -> Projection:
        """Patient to logical pixels and back."""
        return Projection(self.camera(), float(self.width()), float(self.height()))

    # --- drawing -------------------------------------------------------------------------------------------------

    def _show_content(self) -> None:
        self.stage.show(self.shown_content())
        self.overlay.update()

    def shown_content(self) -> SceneContent:
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
        return replace(self._content, surfaces=surfaces, items=items)

    def _find_covered(self) -> None:
        covered = frozenset(item.key for item in self.points() if self.stage.is_covered(item.position_mm))
        if covered != self._covered:
            self._covered = covered
            self.overlay.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._look.halo))
        picture = self.stage.picture()
        if picture is not None:
            self._paint_picture(painter, picture)
        painter.end()

    def _paint_picture(self, painter: QPainter, picture: QImage) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(0.0, 0.0, self.width(), self.height()), picture)

    def paint_over(self, painter: QPainter, plain: bool = False) -> None:
        """Paint title, names and handles. plain: nothing that is only for the hand."""
        facts = self._facts()
        self._painter.paint(painter, replace(facts, active=False, hovered="", box_mm=None, hint="") if plain else facts)

    def _facts(self) -> OverlayFacts:
        state, items = self.view.state, self._shown_items()
        maps = [item for item in items if isinstance(item, MarginMapItem)]
        return OverlayFacts(
            space=self.projection(),
            cross_mm=state.cross_mm if state.show_crosshair and self.stage.box() is not None else None,
            frame=state.frame,
            points=[item for item in items if isinstance(item, PointItem) and not item.flat],
            parts=self._shown_parts(),
            covered=self._covered,
            show_names=state.show_labels,
            selected_point=state.selected_point,
            distances=[
                *(item for item in items if isinstance(item, DistanceItem) and not item.flat),
                *self.hand.begun_lines,
            ],
            values=[item for item in items if isinstance(item, ValueItem) and item.deep],
            cuts=self.cuts(),
            marks=[item for item in items if isinstance(item, TreeMarkItem)],
            hovered=self.hand.hovered,
            legend_mm=maps[0].asked_mm if maps else None,
            active=state.active == self.pane_name,
            title=self.title,
            tint=self.tint,
            caption=self.caption,
            box_mm=self.box_mm,
            phase=self._content.phase,
            note=self._content.note,
            marks_legend=self._content.legend,
            message=tr(TOO_OLD) if self.stage.failed else "",
            hint=self._content.hint,
        )

    def cuts(self) -> list[tuple[CutItem, np.ndarray]]:
        """The planes that are drawn, with the corners of their sheets."""
        found = []
        for item in self._shown_items():
            corners = self.stage.sheet_corners(item.key) if isinstance(item, CutItem) else None
            if corners is not None:
                found.append((item, corners))
        return found

    def _shown_parts(self) -> PartsItem | None:
        parts, state = self._content.parts, self.view.state
        return parts if parts is not None and state.show_overlays and parts.key not in state.hidden else None

    def points(self) -> list[PointItem]:
        """The landmarks that are drawn."""
        return [item for item in self._shown_items() if isinstance(item, PointItem) and not item.flat]

    def _shown_items(self) -> list[PlanItem]:
        state = self.view.state
        if not state.show_overlays:
            return []
        return [item for item in self.shown_content().items if item.key not in state.hidden]

    # --- the camera ----------------------------------------------------------------------------------------------

    def _aspect(self) -> float:
        return self.width() / max(self.height(), 1)

    def pivot(self) -> Vector:
        """The crosshair when it lies in the scene, else the scene's middle."""
        cross, box = np.asarray(self.view.state.cross_mm), self.stage.box()
        if box is None:
            return np.asarray(self.camera().focus_mm)
        inside = bool((cross >= box[0]).all() and (cross <= box[1]).all())
        return cross if inside else np.asarray((box[0] + box[1]) / 2.0)

    def _fly(self, camera: Camera) -> None:
        """Go to a camera: at once where the processor draws or motion is not wanted."""
        start = self.camera()
        self.set_camera(camera)
        wanted = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
        if self.stage.host is None or self.stage.host.is_slow or not wanted or not self.isVisible():
            return
        self._flight_ends = (start, camera)
        self._camera = start
        self._flight.start()

    def _on_flight(self, share: float) -> None:
        self._camera = between(*self._flight_ends, share)
        self.stage.changed(by_hand=True)

    def set_camera(self, camera: Camera, finished: bool = True) -> None:
        """Look from there; `finished`: the gesture is over and the view keeps it."""
        self._flight.stop()
        self._camera = camera
        self.stage.changed(by_hand=True)
        if self.is_linked:
            self.camera_moved.emit(camera)
        if finished:
            if self.is_linked:
                self.view.set(camera=camera)
            self._describe()

    def follow(self, camera: Camera) -> None:
        """Look from where another pane looks while the hand turns that one."""
        if self.is_linked and camera != self._camera:
            self._flight.stop()
            self._camera = camera
            self.stage.changed(by_hand=True)

    def set_plan(self, title: str, tint: str, caption: str) -> None:
        """The plan that this pane shows: its name and colour, and what it does in a few words."""
        if (title, tint, caption) != (self.title, self.tint, self.caption):
            self.title, self.tint, self.caption = title, tint, caption
            self._describe()
            self.overlay.update()

    def _describe(self) -> None:
        camera = self.camera()
        words = {
            "RAO": "R A O",
            "LAO": "L A O",
            "CRA": tr("cranial"),
            "CAU": tr("caudal"),
            "°": " " + tr("degrees"),
            "  ": ", ",
        }
        angles = carm_text(camera)
        for short, long in words.items():
            angles = angles.replace(short, long)
        self.setAccessibleName(f"{self.title}, {tr(view_name(camera))}, {angles}")

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if self.is_linked and new.camera is not old.camera and new.camera != self._camera:
            self._flight.stop()
            self._camera = new.camera
            self.stage.changed()
            self._describe()
        if (new.hidden, new.show_overlays) != (old.hidden, old.show_overlays):
            self.stage.hide(new.hidden, new.show_overlays)
        if new.tool != old.tool:
            self.hand.forget_line()
        self.overlay.update()
        if new.active != old.active:
            self._show_buttons()

    def _on_button(self, name: str) -> None:
        if name == "reset":
            self.fit()
        elif name == "overlays":
            self.view.set(show_overlays=not self.view.state.show_overlays)
        elif name == "rendering":
            self.rendering_asked.emit()
        elif name == "picture":
            self.picture_asked.emit(self.pane_name)
        else:
            self.maximise_asked.emit(self.pane_name)

    # --- the hand ------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.view.set(active=self.pane_name)
        self.activated.emit(self.pane_name)
        self.hand.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hand.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.hand.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.hand.double_click(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_asked.emit(self.mapToGlobal(self.rect().center()), np.asarray(self.view.state.cross_mm))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.hand.wheel(event)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.hand.key(event):
            super().keyPressEvent(event)

    @property
    def box_mm(self) -> Corners | None:
        """The crop box while it has handles."""
        wanted, seen = self.view.state.rendering, self._content.volume
        if seen is None or not wanted.shows_box:
            return None
        return wanted.box_mm or bounds_of(seen.volume.grid)

    def set_box(self, box_mm: Corners) -> None:
        """Crop the image to this box."""
        self.view.set(rendering=replace(self.view.state.rendering, box_mm=box_mm))

    def cube_face_at(self, x: float, y: float) -> str:
        """The letter of the cube's face at a logical pixel, "" where there is none."""
        return cube_face_at(self.projection(), x, y) if self._painter.has_cube else ""

    def is_on_angles(self, x: float, y: float) -> bool:
        """Whether a place lies on the C-arm's angles."""
        return self._painter.angles_box.adjusted(-4.0, -4.0, 4.0, 4.0).contains(x, y)

    def edit_angles(self) -> None:
        """Let a person type the C-arm's angles where they are written."""
        camera = self.camera()
        lao, cra = carm_angles_deg(camera.direction)
        self._angles.ask(carm_text(camera), (lao, cra), self._painter.angles_box, self._look)

    def picked(self, x: float, y: float) -> Vector | None:
        """The place on the nearest surface under a logical pixel, or None."""
        return self.stage.pick(x, y)

    def stand(self, side: str) -> None:
        """Turn to a standard view by its letter."""
        _, direction, up = STANDARD_VIEWS[side]
        self.look_from(direction, up)

    def hold(self, item: PlanItem | None) -> None:
        """Draw this item where the hand holds it; None: as the content says."""
        self._held = item
        self._show_content()

    # --- the widget ----------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_children()
        self.stage.changed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.stage.pane_shown()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.stage.pane_hidden()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show_buttons()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)
        self.hand.leave()
        self._show_buttons()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.view.set(active=self.pane_name)
        self.activated.emit(self.pane_name)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.stage.changed()
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.hand.takes(event):
            event.accept()
            return True
        return super().event(event)

    def _show_buttons(self) -> None:
        over = self.rect().contains(self.mapFromGlobal(self.cursor().pos())) and self.underMouse()
        self._buttons.setVisible(over and self.view.state.active == self.pane_name)

    def _place_children(self) -> None:
        self.stage.place(self.rect())
        self.overlay.setGeometry(self.rect())
        self.overlay.raise_()
        self._buttons.place(self.width())
        self._buttons.raise_()


def _with_plane(item: SurfaceItem, before: Plane, after: Plane) -> SurfaceItem:
    """A structure cut by a moved plane."""

    def same(split: Split) -> bool:
        return isinstance(split, Plane) and (
            np.array_equal(split.origin_mm, before.origin_mm) and np.array_equal(split.normal, before.normal)
        )

    if not any(same(split) for split in item.split):
        return item
    return replace(item, split=tuple(after if same(split) else split for split in item.split))
