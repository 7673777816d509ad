"""The printer's plate in 3D: the model as it will lie, with rings round what is not met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.i18n import mark, tr
from app.panels.printing.plate_content import Ring
from planning.geometry import Vector
from viewers.overlay import SceneContent
from viewers.pane_buttons import PaneButton
from viewers.pane_look import PaneLook, TextPainter, TextStyle
from viewers.scene.camera import fitted, make_camera
from viewers.scene.painting import OverlayFacts
from viewers.scene_pane import ScenePane
from viewers.view_state import Camera, ViewModel

TITLE = mark("Plate")
# the viewer stands in front of the printer, a little to the left, and looks down
FROM = (-0.22, -1.0, 0.62)
UP = (0.0, 0.0, 1.0)
RING_PX, HIT_PX, PILL_AWAY_PX = 9.0, 16.0, 34.0


class PlatePane(ScenePane):
    """`place_chosen`: number of a ring that was clicked. `place_asked`: the next (1) or previous (−1) place.
    `page_asked`: the next or previous plate."""

    place_chosen = Signal(int)
    place_asked = Signal(int)
    page_asked = Signal(int)
    # asked while the base is made
    _box: tuple[Vector, Vector] | None = None

    def __init__(self, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__(view, look, parent, name="plate", title=tr(TITLE))
        # the patient's views are turned by themselves
        self.is_linked = False
        self._camera = None
        self._room: tuple[float, float, float] | None = None
        self._rings: tuple[Ring, ...] = ()
        self._in_patient = True
        self._pages = 1
        self._texts = TextPainter(look)
        self._turns = {-1: self._turn("before", -1), 1: self._turn("next", 1)}

    def _turn(self, name: str, step: int) -> PaneButton:
        """A button to another plate."""
        button = PaneButton("chevron-left" if step < 0 else "chevron-right", self._look, self)
        words = tr("Previous plate") if step < 0 else tr("Next plate")
        button.setObjectName(f"plate_{name}")
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(lambda: self.page_asked.emit(step))
        button.hide()
        return button

    def _place_turns(self) -> None:
        """In the middle of the foot, beside each other, while there are several plates."""
        for step, button in self._turns.items():
            button.setVisible(self._pages > 1)
            left = self.width() // 2 + (2 if step > 0 else -2 - button.width())
            button.move(left, self.height() - button.height() - 8)
            button.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The buttons stay at the foot."""
        super().resizeEvent(event)
        self._place_turns()

    def set_look(self, look: PaneLook) -> None:
        """Other colours or text size."""
        super().set_look(look)
        self._texts = TextPainter(look)
        for button in self._turns.values():
            button.set_look(look)

    @property
    def rings(self) -> tuple[Ring, ...]:
        """What is marked."""
        return self._rings

    def show_plate(
        self,
        content: SceneContent,
        rings: tuple[Ring, ...],
        room_mm: tuple[float, float, float] | None,
        box: tuple[Vector, Vector] | None,
        *,
        title: str,
        caption: str,
        in_patient: bool,
        pages: int = 1,
    ) -> None:
        """box: corners of what shall be seen. in_patient: whether the objects stand as in the patient, so that the cube's
        letters are true."""
        if (room_mm, pages) != (self._room, self._pages) or (box is None) != (self._box is None):
            # another plate is seen whole
            self._camera = None
        self._room, self._box, self._rings, self._pages = room_mm, box, rings, pages
        self._in_patient = in_patient
        self.set_plan(title, "", caption)
        self.set_content(content)
        self._place_turns()
        self.overlay.update()

    def camera(self) -> Camera:
        """From the front and above until a hand turns it, everything in the picture."""
        if self._camera is not None or self._box is None:
            return super().camera()
        low, high = self._box
        wanted = make_camera((low + high) / 2.0, FROM, UP, 1.0)
        return fitted(wanted, low, high, self.width() / max(self.height(), 1))

    def pivot(self) -> Vector:
        """The middle of what is on the plate: the crosshair lies in the patient."""
        if self._box is None:
            return np.asarray(self.camera().focus_mm)
        return np.asarray((self._box[0] + self._box[1]) / 2.0)

    def fit(self) -> None:
        """The first view again."""
        self._camera = None
        self.stage.changed()

    def _facts(self) -> OverlayFacts:
        return replace(super()._facts(), cross_mm=None, in_patient=self._in_patient, points=())

    def paint_over(self, painter: QPainter, plain: bool = False) -> None:
        """Sizes of the plate, rings and their values."""
        super().paint_over(painter, plain)
        if self.stage.failed or not self.view.state.show_overlays:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_sizes(painter)
        taken: list[QRectF] = []
        for ring in sorted(self._rings, key=lambda one: one.is_chosen):
            self._paint_ring(painter, ring)
        for ring in sorted(self._rings, key=lambda one: not one.is_chosen):
            self._paint_value(painter, ring, taken)

    def _paint_sizes(self, painter: QPainter) -> None:
        if self._room is None:
            return
        wide, deep, _ = self._room
        style = TextStyle(self._look.text_soft, 11.5, 400)
        space = self.projection()
        for value, place, align, away in (
            (wide, (0.0, -0.5 * deep, 0.0), "center", QPointF(0.0, 14.0)),
            (deep, (0.5 * wide, 0.0, 0.0), "left", QPointF(9.0, 9.0)),
        ):
            x, y = (float(v) for v in space.to_screen(np.array(place)))
            if 0 < x < self.width() - 8 and 0 < y < self.height() - 26:
                self._texts.draw(painter, QPointF(x, y) + away, f"{value:.0f}\u202fmm", style, align)

    def _place(self, ring: Ring) -> QPointF:
        x, y = (float(v) for v in self.projection().to_screen(np.array(ring.at_mm)))
        return QPointF(x, y)

    def _paint_ring(self, painter: QPainter, ring: Ring) -> None:
        at, red = self._place(ring), QColor(self._look.bad or self._look.warn)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._look.halo_color(0.7), 5.0))
        painter.drawEllipse(at, RING_PX, RING_PX)
        painter.setPen(QPen(red, 2.0))
        painter.drawEllipse(at, RING_PX, RING_PX)
        if ring.is_chosen:
            painter.setPen(QPen(QColor(self._look.accent), 2.0))
            painter.drawEllipse(at, RING_PX + 4.0, RING_PX + 4.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(red)
        painter.drawEllipse(at, 2.5, 2.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_value(self, painter: QPainter, ring: Ring, taken: list[QRectF]) -> None:
        """Its value in a dark box, joined by a line; left out where there is no room and it is not the chosen one."""
        at = self._place(ring)
        style = TextStyle(self._look.bad or self._look.warn, 12, 600)
        width, height = self._texts.width(ring.value, style) + 16.0, self._texts.height(style) + 7.0
        for right, down in ((1, -1), (-1, -1), (1, 1), (-1, 1), (1, 0), (-1, 0)):
            x = at.x() + right * PILL_AWAY_PX - (0.0 if right > 0 else width)
            box = QRectF(x, at.y() + down * 0.8 * PILL_AWAY_PX - height / 2.0, width, height)
            inside = QRectF(4.0, 34.0, self.width() - 8.0, self.height() - 66.0).contains(box)
            if inside and not any(box.intersects(other) for other in taken):
                break
        else:
            if not ring.is_chosen:
                return
        taken.append(box)
        near = QPointF(box.left() if box.left() > at.x() else box.right(), box.center().y())
        step = near - at
        length = max(float(np.hypot(step.x(), step.y())), 1e-6)
        painter.setPen(QPen(QColor(style.color), 1.2))
        painter.drawLine(at + step * ((RING_PX + (4.0 if ring.is_chosen else 0.0)) / length), near)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.halo_color(0.85))
        painter.drawRoundedRect(box, 5.0, 5.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._texts.draw(painter, QPointF(box.left() + 8.0, box.center().y()), ring.value, style)

    def ring_at(self, x: float, y: float) -> int:
        """Number of the ring under a logical pixel, −1 for none."""
        for number, ring in enumerate(self._rings):
            at = self._place(ring)
            if np.hypot(at.x() - x, at.y() - y) <= HIT_PX:
                return number
        return -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A ring is chosen."""
        super().mousePressEvent(event)
        number = self.ring_at(event.position().x(), event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and number >= 0:
            self.place_chosen.emit(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """This pane alone, or the others again."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.maximise_asked.emit(self.pane_name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """PgDn and PgUp: the next and the previous place; Home and End: the previous and the next plate."""
        key = event.key()
        if key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.place_asked.emit(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._pages > 1:
            self.page_asked.emit(1 if key == Qt.Key.Key_End else -1)
        else:
            super().keyPressEvent(event)
