"""The transfer function drawn over the image's histogram: points are dragged, added by a double click and removed.

What is changed here is undone here (Ctrl+Z while it has the focus); a gesture is one step.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import text_value, tr
from app.panels.labels import text_font
from app.theme.style import color, current_look
from planning.geometry import FloatArray
from viewers.rendering import HU_SCALE, LEAST_HU, Stop, Stops, curve_scale, shifted, with_added, with_stop, without

HEIGHT_PX, STRIP_PX, FOOT_PX, EDGE_PX = 168, 10, 18, 9
REACH_PX, POINT_PX = 12.0, 4.5
# opacity below 0.1 decides most pictures, so the scale opens up there
CURVE = 0.5
STEP_SHARE = 0.01
MOST_STEPS_BACK = 100
# beside the histogram, in steps of the keys
MARGIN_STEPS = 8.0


class TransferEditor(QWidget):
    """`edited`: other stops. `chosen_changed`: another point is chosen, −1 for none. `history_changed`: of undo and redo."""

    edited = Signal(object)
    chosen_changed = Signal(int)
    history_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("render_transfer")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            tr("Drag points, double-click adds one, Delete removes it. Shift+drag moves all. Ctrl+Z takes back.")
        )
        self._stops: Stops = ()
        self._chosen = -1
        self._edges: FloatArray = np.array([LEAST_HU, 2000.0])
        self._heights: FloatArray = np.zeros(1)
        self.scale = HU_SCALE
        self._back: list[Stops] = []
        self._forth: list[Stops] = []
        self._before: Stops | None = None
        self._start = QPointF()
        self._is_shifting = False
        self._say()

    # what the panel asks

    @property
    def stops(self) -> Stops:
        """As they stand."""
        return self._stops

    @property
    def chosen(self) -> int:
        """Number of the chosen point, −1 for none."""
        return self._chosen

    @property
    def can_undo(self) -> bool:
        """Whether a change can be taken back."""
        return bool(self._back)

    @property
    def can_redo(self) -> bool:
        """Whether a change that was taken back can come again."""
        return bool(self._forth)

    def show_stops(self, stops: Stops, *, forget: bool) -> None:
        """Other stops from outside. forget: they are another preset, and what was done before is no longer taken back."""
        if forget:
            self._back, self._forth = [], []
            self.history_changed.emit()
        if stops != self._stops:
            self._stops = stops
            self._choose(min(self._chosen, len(stops) - 1))
            self.update()

    def show_histogram(self, edges_hu: FloatArray, counts: FloatArray, unit: str = "HU") -> None:
        """(N + 1,) edges and (N,) counts; drawn by their logarithm, air without its peak. unit: of the values, "" for none."""
        self.scale = curve_scale(unit, float(edges_hu[0]), float(edges_hu[-1]))
        self._say()
        heights = np.log1p(counts)
        most = float(np.partition(heights, -2)[-2]) if heights.size > 2 else 1.0
        self._edges, self._heights = edges_hu, np.clip(heights / max(most, 1e-9), 0.0, 1.0)
        self.update()

    def put(self, stops: Stops) -> None:
        """One step: these stops, as if the hand had made them."""
        if stops != self._stops:
            self._back = [*self._back, self._stops][-MOST_STEPS_BACK:]
            self._forth = []
            self._take(stops)
            self.history_changed.emit()

    def put_chosen(self, stop: Stop) -> None:
        """One step: the chosen point elsewhere or in another colour."""
        if self._chosen >= 0:
            self.put(with_stop(self._stops, self._chosen, stop, self.scale))

    def undo(self) -> None:
        """Take the last change back."""
        if self._back:
            self._forth.append(self._stops)
            self._take(self._back.pop())
            self.history_changed.emit()

    def redo(self) -> None:
        """Bring it again."""
        if self._forth:
            self._back.append(self._stops)
            self._take(self._forth.pop())
            self.history_changed.emit()

    def remove_chosen(self) -> None:
        """One point less."""
        if self._chosen >= 0:
            self.put(without(self._stops, self._chosen))

    def _take(self, stops: Stops) -> None:
        self._stops = stops
        self._choose(min(self._chosen, len(stops) - 1))
        self.edited.emit(stops)
        self.update()

    def _choose(self, number: int) -> None:
        if number != self._chosen:
            self._chosen = number
        self.chosen_changed.emit(number)
        self._say()
        self.update()

    def _say(self) -> None:
        words = tr("Transfer function")
        if 0 <= self._chosen < len(self._stops):
            stop = self._stops[self._chosen]
            words = tr(
                "Transfer function, point {number} of {count}: {value}, opacity {opacity} percent",
                number=self._chosen + 1,
                count=len(self._stops),
                value=f"{text_value(stop.hu, self.scale.decimals)} {self.scale.unit}".strip(),
                opacity=text_value(100.0 * stop.opacity, 1),
            )
        self.setAccessibleName(words)

    # places

    def _span(self) -> tuple[float, float]:
        values = [stop.hu for stop in self._stops] or [0.0]
        low = min(float(self._edges[0]), min(values)) - MARGIN_STEPS * self.scale.step
        high = max(float(self._edges[-1]), max(values)) + MARGIN_STEPS * self.scale.step
        return max(low, self.scale.least), min(high, self.scale.most)

    def _plot(self) -> QRectF:
        foot = current_look().px(FOOT_PX) + STRIP_PX + 4
        return QRectF(EDGE_PX, EDGE_PX, max(self.width() - 2 * EDGE_PX, 1), max(self.height() - EDGE_PX - foot, 1))

    def place_of(self, stop: Stop) -> QPointF:
        """Where a point is drawn, in logical pixels."""
        box, (low, high) = self._plot(), self._span()
        share = (stop.hu - low) / (high - low)
        return QPointF(box.left() + share * box.width(), box.bottom() - stop.opacity**CURVE * box.height())

    def _stop_at(self, place: QPointF) -> tuple[float, float]:
        """(HU, opacity) of a place."""
        box, (low, high) = self._plot(), self._span()
        hu = low + (place.x() - box.left()) / box.width() * (high - low)
        share = min(max((box.bottom() - place.y()) / box.height(), 0.0), 1.0)
        return min(max(hu, self.scale.least), self.scale.most), float(share ** (1.0 / CURVE))

    def _near(self, place: QPointF) -> int:
        best, reach = -1, REACH_PX
        for number, stop in enumerate(self._stops):
            there = self.place_of(stop) - place
            distance = float(np.hypot(there.x(), there.y()))
            if distance < reach or (distance == reach and number == self._chosen):
                best, reach = number, distance
        return best

    # the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._stops:
            return
        number = self._near(event.position())
        self._start, self._before = event.position(), self._stops
        self._is_shifting = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._choose(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._before is None:
            near = self._near(event.position()) >= 0
            self.setCursor(Qt.CursorShape.SizeAllCursor if near else Qt.CursorShape.CrossCursor)
            return
        hu, opacity = self._stop_at(event.position())
        if self._is_shifting:
            moved = shifted(self._before, self.scale.rounded(hu - self._stop_at(self._start)[0]), self.scale)
        elif self._chosen >= 0:
            stop = self._before[self._chosen]
            stop = replace(stop, hu=self.scale.rounded(hu), opacity=opacity)
            moved = with_stop(self._before, self._chosen, stop, self.scale)
        else:
            return
        if moved != self._stops:
            self._take(moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        before, self._before = self._before, None
        if before is not None and before != self._stops:
            self._back = [*self._back, before][-MOST_STEPS_BACK:]
            self._forth = []
            self.history_changed.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._stops:
            return
        self._before = None
        if self._near(event.position()) >= 0:
            return
        hu, opacity = self._stop_at(event.position())
        stops, number = with_added(self._stops, self.scale.rounded(hu), opacity, self.scale)
        self.put(stops)
        self._choose(number)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z and Delete are the editor's while it has the focus, before they are the case's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own(event):
            event.accept()
            return True
        return super().event(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        held = event.modifiers()
        if held & Qt.KeyboardModifier.ControlModifier:
            return event.key() in (Qt.Key.Key_Z, Qt.Key.Key_Y)
        keys = (
            Qt.Key.Key_Delete,
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_PageUp,
            Qt.Key.Key_PageDown,
            Qt.Key.Key_Insert,
        )
        return event.key() in keys or (event.key() == Qt.Key.Key_Escape and self._before is not None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the chosen point, PgUp/PgDn choose, Insert adds one after it, Delete removes it."""
        if not self._is_own(event) or not self._stops:
            super().keyPressEvent(event)
            return
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        if key == Qt.Key.Key_Z and not shift:
            self.undo()
        elif key in (Qt.Key.Key_Z, Qt.Key.Key_Y):
            self.redo()
        elif key == Qt.Key.Key_Escape and self._before is not None:
            stops, self._before = self._before, None
            self._take(stops)
        elif key == Qt.Key.Key_Delete:
            self.remove_chosen()
        elif key == Qt.Key.Key_PageUp:
            self._choose((self._chosen + 1) % len(self._stops))
        elif key == Qt.Key.Key_PageDown:
            self._choose((self._chosen - 1) % len(self._stops))
        elif key == Qt.Key.Key_Insert:
            self._add_beside()
        elif self._chosen >= 0 and key in steps:
            right, up = steps[Qt.Key(key)]
            factor = 10.0 if shift else 1.0
            stop = self._stops[self._chosen]
            self.put_chosen(
                replace(
                    stop,
                    hu=self.scale.rounded(stop.hu + right * factor * self.scale.step),
                    opacity=stop.opacity + up * factor * STEP_SHARE,
                )
            )
        elif key in steps:
            self._choose(0)

    def _add_beside(self) -> None:
        """A point between the chosen one and the next."""
        number = min(max(self._chosen, 0), len(self._stops) - 2)
        middle = (self._stops[number].hu + self._stops[number + 1].hu) / 2.0
        stops, added = with_added(self._stops, self.scale.rounded(middle), scale=self.scale)
        self.put(stops)
        self._choose(added)

    # the picture

    def sizeHint(self) -> QSize:
        return QSize(240, current_look().px(HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, current_look().px(HEIGHT_PX))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(color("acc")), 2.0) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s2")))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        if not self._stops:
            painter.setPen(QColor(color("t3")))
            painter.setFont(text_font(12))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), tr("Show the image to edit its look"))
            painter.end()
            return
        box, (low, high) = self._plot(), self._span()
        self._paint_histogram(painter, box, low, high)
        self._paint_strip(painter, box, low, high)
        self._paint_axis(painter, box, low, high)
        self._paint_curve(painter, box)
        painter.end()

    def _paint_histogram(self, painter: QPainter, box: QRectF, low: float, high: float) -> None:
        path = QPainterPath(QPointF(box.left() + (self._edges[0] - low) / (high - low) * box.width(), box.bottom()))
        for edge, height in zip(self._edges[:-1], self._heights, strict=True):
            path.lineTo(box.left() + (edge - low) / (high - low) * box.width(), box.bottom() - height * box.height())
        path.lineTo(box.left() + (self._edges[-1] - low) / (high - low) * box.width(), box.bottom())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("line2")))
        painter.drawPath(path)

    def _paint_strip(self, painter: QPainter, box: QRectF, low: float, high: float) -> None:
        """What the values look like: colour over black, as dense as the opacity."""
        strip = QRectF(box.left(), box.bottom() + 3, box.width(), STRIP_PX)
        ramp = QLinearGradient(strip.topLeft(), strip.topRight())
        for stop in self._stops:
            ramp.setColorAt(min(max((stop.hu - low) / (high - low), 0.0), 1.0), QColor(stop.color))
        painter.setBrush(ramp)
        painter.drawRoundedRect(strip, 2, 2)

    def _paint_axis(self, painter: QPainter, box: QRectF, low: float, high: float) -> None:
        painter.setFont(text_font(11))
        painter.setPen(QColor(color("t3")))
        metrics = QFontMetricsF(painter.font())
        baseline = self.height() - 4.0
        for value, flag in ((low, "left"), ((low + high) / 2.0, "middle"), (high, "right")):
            # by whole steps of the keys, a CT's by tens
            step, unit = max(self.scale.step, 10.0 * self.scale.fine), self.scale.unit
            text = text_value(round(value / step) * step, max(0, self.scale.decimals - 1))
            text += f" {unit}" if flag == "right" and unit else ""
            width = metrics.horizontalAdvance(text)
            x = box.left() + (value - low) / (high - low) * box.width()
            x -= {"left": 0.0, "middle": width / 2.0, "right": width}[flag]
            painter.drawText(QPointF(x, baseline), text)

    def _paint_curve(self, painter: QPainter, box: QRectF) -> None:
        places = [self.place_of(stop) for stop in self._stops]
        path = QPainterPath(QPointF(box.left(), places[0].y()))
        path.lineTo(places[0])
        for before, after in pairwise(self._stops):
            # straight in opacity, and so bent on this scale
            for share in np.linspace(0.0, 1.0, 13)[1:]:
                opacity = before.opacity + float(share) * (after.opacity - before.opacity)
                path.lineTo(
                    self.place_of(Stop(before.hu + float(share) * (after.hu - before.hu), before.color, opacity))
                )
        path.lineTo(box.right(), places[-1].y())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(color("t1")), 1.5))
        painter.drawPath(path)
        for number, (place, stop) in enumerate(zip(places, self._stops, strict=True)):
            is_chosen = number == self._chosen
            painter.setPen(QPen(QColor(color("acc" if is_chosen else "t1")), 2.0 if is_chosen else 1.5))
            painter.setBrush(QColor(stop.color))
            half = POINT_PX + (1.5 if is_chosen else 0.0)
            painter.drawEllipse(place, half, half)
