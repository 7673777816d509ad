"""Scissors over the 3D pane: an outline drawn round a part of the picture. All other buttons and Space+drag turn, move and
zoom the view as ever.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from planning.geometry import FloatArray
from viewers.cursors import pane_cursor
from viewers.gestures import DRAG_PX
from viewers.key_hand import ENTER
from viewers.paint_hand import OUTLINE_STEP_PX
from viewers.scene.camera import Projection, axes
from viewers.scene_pane import ScenePane

Cut = Callable[[FloatArray, FloatArray, bool], None]


def picture_matrix(space: Projection) -> FloatArray:
    """(4, 4) from LPS mm to the picture: mm to the right and downwards from its middle, and towards the viewer."""
    right, up, back = axes(space.camera)
    focus = np.asarray(space.camera.focus_mm, dtype=np.float64)
    matrix = np.eye(4)
    for row, axis in enumerate((right, -up, back)):
        matrix[row, :3] = axis
        matrix[row, 3] = -float(axis @ focus)
    return matrix


class SceneScissors(QWidget):
    """Lies over a 3D pane while scissors are in the hand. cut: told (polygon mm (N, 2), matrix (4, 4), keeps inside)."""

    def __init__(self, pane: ScenePane, cut: Cut, color: str, keep_color: str) -> None:
        super().__init__(pane)
        self._pane, self._cut = pane, cut
        self._color, self._keep_color = color, keep_color
        self._places: list[tuple[float, float]] = []
        self._keeps = self._has_space = self._by_keys = False
        self.setObjectName("scene_scissors")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setVisible(False)

    def take(self) -> None:
        """Scissors are in the hand."""
        if self.isVisible():
            return
        self._pane.installEventFilter(self)
        self.setGeometry(self._pane.rect())
        self.setCursor(pane_cursor("cross", self.devicePixelRatioF()))
        self.raise_()
        self.show()

    def put_away(self) -> None:
        """Another tool."""
        self._pane.removeEventFilter(self)
        self._places, self._by_keys = [], False
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As large as the pane; Space gives the left button back to the view; Esc drops an outline."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._pane.rect())
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            if event.type() == QEvent.Type.KeyPress:
                self._has_space = True
            elif event.type() == QEvent.Type.KeyRelease:
                self._has_space = False
        if isinstance(event, QKeyEvent) and self._takes_key(event):
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._press_key(event)
            return event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and self._places and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._places = []
                self.update()
            return True
        return False

    def _takes_key(self, event: QKeyEvent) -> bool:
        """Without a mouse, as in slices: Shift+Enter begins and ends at the crosshair, which Ctrl and arrows move."""
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        if self._places and not self._by_keys:
            return False
        if event.key() in ENTER:
            return bool(self._places) or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return bool(self._places) and self._pane.hand.keys.moves(event.key(), event.modifiers())

    def _press_key(self, event: QKeyEvent) -> None:
        keys, held = self._pane.hand.keys, event.modifiers()
        if event.key() not in ENTER:
            keys.move(event.key(), held)
            self._places.append(keys.cross_px)
        elif event.isAutoRepeat():
            return
        elif self._places:
            self._end()
        else:
            self._places, self._by_keys = [keys.cross_px], True
            # as Shift while a mouse draws
            self._keeps = bool(held & Qt.KeyboardModifier.ControlModifier)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        held = event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
        if event.button() != Qt.MouseButton.LeftButton or held or self._has_space:
            event.ignore()
            return
        self._pane.setFocus(Qt.FocusReason.MouseFocusReason)
        self._places = [(event.position().x(), event.position().y())]
        self._keeps = self._by_keys = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._places or self._by_keys:
            event.ignore()
            return
        self._keeps = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        place = (event.position().x(), event.position().y())
        if np.hypot(place[0] - self._places[-1][0], place[1] - self._places[-1][1]) >= OUTLINE_STEP_PX:
            self._places.append(place)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._places or self._by_keys or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._end()

    def _end(self) -> None:
        """The outline is whole: tell the cut."""
        self._by_keys = False
        outline, self._places = np.array(self._places), []
        self.update()
        if len(outline) < 3 or float(np.ptp(outline, axis=0).max()) < DRAG_PX:
            return
        space = self._pane.projection()
        middle = np.array((space.width / 2.0, space.height / 2.0))
        self._cut((outline - middle) * space.mm_per_px, picture_matrix(space), self._keeps)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The outline, with a thin line back to its beginning."""
        if len(self._places) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QPolygonF([QPointF(x, y) for x, y in self._places])
        color = QColor(self._keep_color if self._keeps else self._color)
        for tone, width in ((QColor(0, 0, 0, 150), 4.0), (color, 2.0)):
            painter.setPen(QPen(tone, width))
            painter.drawPolyline(line)
        painter.setPen(QPen(color, 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(line.last(), line.first())
        painter.end()
