"""The S-curve: all C-arm views that see the annulus edge on, with the named ones and what the room allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import tr
from app.panels.labels import text_font
from app.theme.style import color, current_look
from app.theme.tokens import LIGHT_PLANS, PLANS
from planning.geometry import FloatArray
from planning.units import text_carm

LAO_DEG, CRA_DEG = 60.0, 40.0
HIT_PX, ON_CURVE_PX, RING_PX = 12.0, 10.0, 9.0
LEAST_WITH_ANGLES_PX = 220


@dataclass(frozen=True, slots=True)
class NamedView:
    """A point on the curve: key, name, angles in degrees (LAO and CRA positive), colour.

    spread_deg: 95 % half-width by which the view may miss the edge. reachable: the room's nearest view instead, None
    where the room reaches this one.
    """

    key: str
    name: str
    lao_deg: float
    cra_deg: float
    color: str
    spread_deg: float | None = None
    reachable: tuple[float, float] | None = None


class SCurveChart(QWidget):
    """LAO along x, CRA along y. `view_chosen`: a named point was clicked. `angle_asked`: another place was (degrees)."""

    view_chosen = Signal(str)
    angle_asked = Signal(float, float)
    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("s_curve")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._curve: FloatArray = np.empty((0, 2))
        self._band: FloatArray = np.empty(0)
        self._note = ""
        self._views: tuple[NamedView, ...] = ()
        self._limits = (LAO_DEG, CRA_DEG)
        self._at: tuple[float, float] | None = None
        self._reach = (LAO_DEG, CRA_DEG)

    def set_curve(
        self,
        curve_deg: FloatArray,
        views: Sequence[NamedView],
        limits_deg: tuple[float, float],
        band_deg: Sequence[float] | None = None,
    ) -> None:
        """curve_deg: (N, 2) LAO and CRA in rising LAO. limits_deg: what the room reaches, LAO/RAO and CRA/CAU.

        band_deg: (N,) half-width of the curve in CRA, None for no band.
        """
        self._band = np.empty(0) if band_deg is None else np.asarray(band_deg, dtype=np.float64)
        self._curve, self._views, self._limits = np.asarray(curve_deg, dtype=np.float64), tuple(views), limits_deg
        # a named view is never outside the chart
        farthest = [(abs(view.lao_deg), abs(view.cra_deg)) for view in views]
        self._reach = (
            _rounded_up(max([LAO_DEG, *(lao for lao, _ in farthest)])),
            _rounded_up(max([CRA_DEG, *(cra for _, cra in farthest)])),
        )
        words = "; ".join(f"{tr(view.name)} {text_carm(view.lao_deg, view.cra_deg)}" for view in views)
        self.setAccessibleName(tr("S-curve, views with the annulus edge on. {words}", words=words))
        self.update()

    def set_angle(self, angle_deg: tuple[float, float] | None, note: str = "") -> None:
        """Where the C-arm stands now (LAO, CRA), and words beside it; None for nowhere."""
        self._at, self._note = angle_deg, note
        self.update()

    def sizeHint(self) -> QSize:
        """Room for two axes."""
        return QSize(240, current_look().px(196))

    def minimumSizeHint(self) -> QSize:
        """Axes and points must stay apart."""
        return self.sizeHint()

    def _plot(self) -> QRectF:
        look = current_look()
        return QRectF(look.px(31), 8, self.width() - look.px(31) - 8.0, self.height() - 8.0 - look.px(22))

    def _to_px(self, lao: float, cra: float) -> QPointF:
        plot = self._plot()
        x = plot.center().x() + lao / self._reach[0] * plot.width() / 2
        y = plot.center().y() - cra / self._reach[1] * plot.height() / 2
        return QPointF(x, y)

    def _to_deg(self, place: QPointF) -> tuple[float, float]:
        plot = self._plot()
        lao = (place.x() - plot.center().x()) / plot.width() * 2 * self._reach[0]
        cra = (plot.center().y() - place.y()) / plot.height() * 2 * self._reach[1]
        return float(np.clip(lao, -self._reach[0], self._reach[0])), float(
            np.clip(cra, -self._reach[1], self._reach[1])
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A named point, or another place on the curve or beside it."""
        self.pressed.emit()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place = event.position()
        for view in self._views:
            away = self._to_px(view.lao_deg, view.cra_deg) - place
            if np.hypot(away.x(), away.y()) <= HIT_PX:
                self.view_chosen.emit(view.key)
                return
        self._ask(place, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag along the curve; Shift in steps of 5°."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask(event.position(), event.modifiers())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right along the curve, 1° (Shift 5°)."""
        if event.key() not in (Qt.Key.Key_Left, Qt.Key.Key_Right) or not len(self._curve):
            super().keyPressEvent(event)
            return
        step = 5.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        start = self._at[0] if self._at is not None else 0.0
        lao = float(
            np.clip(start + (step if event.key() == Qt.Key.Key_Right else -step), *(-self._reach[0], self._reach[0]))
        )
        self.angle_asked.emit(lao, self._on_curve(lao))

    def _on_curve(self, lao_deg: float) -> float:
        return float(np.interp(lao_deg, self._curve[:, 0], self._curve[:, 1]))

    def _ask(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        if not len(self._curve):
            return
        lao, cra = self._to_deg(place)
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            lao = round(lao / 5.0) * 5.0
        on_curve = self._on_curve(lao)
        if abs(self._to_px(lao, on_curve).y() - place.y()) <= ON_CURVE_PX:
            cra = on_curve
        self.angle_asked.emit(lao, cra)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grid, what the room does not allow, curve, points."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = self._plot()
        self._paint_grid(painter, plot)
        painter.setClipRect(plot.adjusted(-1, -1, 1, 1))
        self._paint_limits(painter, plot)
        if len(self._curve):
            self._paint_band(painter)
            path = QPainterPath(self._to_px(*self._curve[0]))
            for lao, cra in self._curve[1:]:
                path.lineTo(self._to_px(float(lao), float(cra)))
            painter.setPen(QPen(QColor(color("t1")), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
        if self._at is not None:
            painter.setPen(QPen(QColor(color("acc")), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self._to_px(*self._at), RING_PX, RING_PX)
        for view in self._views:
            if view.reachable is not None:
                painter.setPen(QPen(QColor(color("warn")), 1.5, Qt.PenStyle.DashLine))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(self._to_px(*view.reachable), 8, 8)
        for view in self._views:
            place = self._to_px(view.lao_deg, view.cra_deg)
            painter.setPen(QPen(QColor(color("s1")), 1.5))
            painter.setBrush(QColor(view.color))
            painter.drawEllipse(place, 5.5, 5.5)
        self._paint_names(painter, plot)
        self._paint_note(painter, plot)

    def _paint_band(self, painter: QPainter) -> None:
        """The curve's uncertainty, cut at the chart's reach where the curve is steep."""
        if len(self._band) != len(self._curve):
            return
        upper = [self._to_px(lao, cra + half) for (lao, cra), half in zip(self._curve, self._band, strict=True)]
        lower = [self._to_px(lao, cra - half) for (lao, cra), half in zip(self._curve, self._band, strict=True)]
        filling = QColor((LIGHT_PLANS if current_look().theme == "light" else PLANS)["a"])
        filling.setAlphaF(0.22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(filling)
        painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))

    def _paint_note(self, painter: QPainter, plot: QRectF) -> None:
        if self._at is None or not self._note:
            return
        painter.setFont(text_font(11, 600))
        metrics = painter.fontMetrics()
        width, height = metrics.horizontalAdvance(self._note) + 16.0, metrics.height() + 6.0
        place = self._to_px(*self._at)
        x = min(max(place.x() - width / 2, plot.left() + 3), plot.right() - width - 3)
        y = place.y() + 14 if place.y() + 14 + height < plot.bottom() else place.y() - 14 - height
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s3")))
        painter.drawRoundedRect(QRectF(x, y, width, height), 5, 5)
        painter.setPen(QColor(color("t1")))
        painter.drawText(QRectF(x, y, width, height), Qt.AlignmentFlag.AlignCenter, self._note)

    def _paint_grid(self, painter: QPainter, plot: QRectF) -> None:
        """Lines every 20°; the words stand one tick (LAO) or half a tick (CRA) inside, where nothing else is written."""
        painter.setFont(text_font(11))
        metrics = painter.fontMetrics()
        lao, cra = int(self._reach[0]), int(self._reach[1])
        # large text leaves no room for the number between a word and its neighbour
        needed = (metrics.horizontalAdvance(tr("LAO {lao}", lao=lao - 20)) + metrics.horizontalAdvance("20")) / 2 + 6
        has_room = needed <= 20.0 / lao * plot.width() / 2
        for value in range(-lao, lao + 1, 20):
            x = self._to_px(value, 0).x()
            painter.setPen(QPen(QColor(color("line")), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            is_word = abs(value) == lao - 20
            if abs(value) == lao or not (is_word or value == 0 or has_room):
                continue
            label = f"{'LAO' if value > 0 else 'RAO'} {abs(value)}" if is_word else str(abs(value))
            painter.setPen(QColor(color("t3")))
            left = x - metrics.horizontalAdvance(label) / 2
            painter.drawText(QPointF(left, plot.bottom() + 4 + metrics.ascent()), label)
        ticks = [(float(value), str(abs(value))) for value in range(-cra, cra + 1, 20)]
        for height, label in (*ticks, (cra - 10.0, "CRA"), (10.0 - cra, "CAU")):
            y = self._to_px(0, height).y()
            if label.isdigit():
                painter.setPen(QPen(QColor(color("line")), 1))
                painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(color("t3")))
            at = QPointF(plot.left() - 6 - metrics.horizontalAdvance(label), y + metrics.capHeight() / 2)
            painter.drawText(at, label)

    def _paint_limits(self, painter: QPainter, plot: QRectF) -> None:
        lao, cra = self._limits
        inner = QRectF(self._to_px(-lao, cra), self._to_px(lao, -cra))
        if inner.contains(plot):
            return
        outside = QPainterPath()
        outside.addRect(plot)
        hole = QPainterPath()
        hole.addRect(inner)
        outside = outside.subtracted(hole)
        painter.save()
        painter.setClipPath(outside, Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(QColor(color("line2")), 1))
        x = plot.left() - plot.height()
        while x < plot.right():
            painter.drawLine(QPointF(x, plot.bottom()), QPointF(x + plot.height(), plot.top()))
            x += 7
        painter.restore()
        painter.setPen(QColor(color("t3")))
        painter.setFont(text_font(11))
        corner = inner.intersected(plot).topLeft() + QPointF(5, 3 + painter.fontMetrics().ascent())
        painter.drawText(corner, tr("room limit"))

    def _paint_names(self, painter: QPainter, plot: QRectF) -> None:
        """Name and angles beside each point, on the side of the curve where there is room; the angles give way."""
        strong, plain = QFontMetrics(text_font(11, 600)), QFontMetrics(text_font(11))
        has_angles = plot.width() >= current_look().px(LEAST_WITH_ANGLES_PX)
        taken: list[QRectF] = []
        for view in self._views:
            words = text_carm(view.lao_deg, view.cra_deg).replace("° ", "°  ") if has_angles else ""
            width = max(strong.horizontalAdvance(tr(view.name)), plain.horizontalAdvance(words)) + 2.0
            height = strong.height() + (plain.height() if words else 0)
            place = self._to_px(view.lao_deg, view.cra_deg)
            # the curve rises to the right: above left and below right of a point are free
            # clear of the ring round the view that is looked at
            gap = RING_PX + 4.0
            corners = (
                QPointF(place.x() - width - gap, place.y() - height - 3),
                QPointF(place.x() + gap, place.y() + 6),
                QPointF(place.x() - width / 2, place.y() + gap + 1),
                QPointF(place.x() - width / 2, place.y() - height - gap - 1),
                QPointF(place.x() + gap, place.y() - height - 3),
            )
            boxes = [_inside(QRectF(corner.x(), corner.y(), width, height), plot) for corner in corners]
            box = min(boxes, key=lambda box: self._cost(box, taken))
            taken.append(box)
            painter.setFont(text_font(11, 600))
            painter.setPen(QColor(color("t1")))
            painter.drawText(QPointF(box.left(), box.top() + strong.ascent()), tr(view.name))
            painter.setFont(text_font(11))
            painter.setPen(QColor(color("t2")))
            painter.drawText(QPointF(box.left(), box.top() + strong.height() + plain.ascent()), words)

    def _cost(self, box: QRectF, taken: Sequence[QRectF]) -> float:
        """How much a name would cover: other names, points and the curve."""
        cost = sum(50.0 for other in taken if box.intersects(other.adjusted(-3, -2, 3, 2)))
        near = box.adjusted(-5, -4, 5, 4)
        cost += sum(20.0 for view in self._views if near.contains(self._to_px(view.lao_deg, view.cra_deg)))
        return cost + sum(1.0 for lao, cra in self._curve if box.contains(self._to_px(float(lao), float(cra))))


def _inside(box: QRectF, plot: QRectF) -> QRectF:
    x = min(max(box.left(), plot.left() + 3), plot.right() - box.width() - 3)
    y = min(max(box.top(), plot.top() + 2), plot.bottom() - box.height() - 2)
    return QRectF(x, y, box.width(), box.height())


def _rounded_up(value: float) -> float:
    return float(np.ceil(value / 20.0 - 1e-9) * 20.0)
