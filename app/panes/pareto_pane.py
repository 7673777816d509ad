"""Plans by what they trade: least margin to the right, remnant upwards; a click chooses a plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.i18n import text_value, tr
from app.panels.labels import text_font
from app.panes.plan_colors import paint_plan_dot
from app.theme.style import color
from viewers.pane_look import PaneLook
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewModel

DOT_PX, RING_PX, NEAR_PX = 6.5, 11.0, 16.0
STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class ParetoDot:
    """A plan. minus_mm: how much smaller its true margin may be; is_beaten: another is no worse in anything."""

    name: str
    color: str
    margin_mm: float
    remnant_percent: float
    minus_mm: float = 0.0
    is_beaten: bool = False


def axis_of(low: float, high: float) -> tuple[float, float, float]:
    """(first, last, step) of an axis with at most six ticks that holds low … high."""
    span = max(high - low, 1e-6)
    step = next((one for one in STEPS if span / one <= MOST_TICKS), STEPS[-1])
    first = math.floor(low / step)
    return first * step, max(math.ceil(high / step - 1e-9), first + 1) * step, step


class ParetoPane(PlanPane):
    """`chosen`: a plan's name."""

    chosen = Signal(str)

    def __init__(self, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__("pareto", view, look, tr("Margin against remnant"), parent)
        self._dots: tuple[ParetoDot, ...] = ()
        self._at, self._remnant = "", ""
        self._asked = (5.0, 40.0)
        self._left_out: tuple[str, ...] = ()
        self.setMouseTracking(True)

    def show_plans(
        self,
        dots: Sequence[ParetoDot],
        at: str,
        *,
        asked: tuple[float, float],
        remnant: str,
        left_out: Sequence[str] = (),
    ) -> None:
        """asked: mm and %. remnant: "viable remnant" or what stands for it. left_out: plans without one of both."""
        shown = (tuple(dots), at, asked, remnant, tuple(left_out))
        if shown == (self._dots, self._at, self._asked, self._remnant, self._left_out):
            return
        self._dots, self._at, self._asked, self._remnant, self._left_out = shown
        self.title = tr("Margin against {remnant}", remnant=remnant)
        words = ", ".join(
            tr(
                "plan {name} {margin_mm} millimetres and {remnant_percent} percent",
                name=dot.name,
                margin_mm=text_value(dot.margin_mm, 1),
                remnant_percent=text_value(dot.remnant_percent, 1),
            )
            + (tr(", beaten") if dot.is_beaten else "")
            for dot in dots
        )
        self.setAccessibleName(f"{self.title}: {words}" if words else tr("{title}: nothing to show", title=self.title))
        self.update()

    # places

    def _plot(self) -> QRectF:
        scale = max(self.look.text_scale, 1.0)
        box = self.content_rect
        return box.adjusted(34.0 * scale, 6.0, -14.0, -36.0 * scale)

    def _axes(self) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        margins = [dot.margin_mm - dot.minus_mm for dot in self._dots] + [dot.margin_mm for dot in self._dots]
        remnants = [dot.remnant_percent for dot in self._dots]
        across = axis_of(min(0.0, *margins, self._asked[0]), max(*margins, 1.6 * self._asked[0]) * 1.06)
        return across, axis_of(
            max(min(*remnants, self._asked[1]) - 8.0, 0.0), min(max(*remnants, self._asked[1]) + 6.0, 100.0)
        )

    def place_of(self, margin_mm: float, remnant_percent: float) -> QPointF:
        """Where a plan of these numbers lies."""
        plot = self._plot()
        (x0, x1, _), (y0, y1, _) = self._axes()
        return QPointF(
            plot.left() + plot.width() * (margin_mm - x0) / (x1 - x0),
            plot.bottom() - plot.height() * (remnant_percent - y0) / (y1 - y0),
        )

    def _place(self, dot: ParetoDot) -> QPointF:
        return self.place_of(dot.margin_mm, dot.remnant_percent)

    def dot_at(self, place: QPointF) -> ParetoDot | None:
        """The plan under the hand."""
        near = [(self._away(dot, place), dot) for dot in self._dots]
        best = min(near, key=lambda one: one[0], default=None)
        return best[1] if best is not None and best[0] <= NEAR_PX else None

    def _away(self, dot: ParetoDot, place: QPointF) -> float:
        step = self._place(dot) - place
        return math.hypot(step.x(), step.y())

    # drawing

    def paint_content(self, painter: QPainter) -> None:
        small = text_font(11)
        painter.setFont(small)
        if not self._dots:
            painter.setPen(QColor(self.look.text_soft))
            words = tr("No plan has both numbers yet")
            painter.drawText(self.content_rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
            return
        plot = self._plot()
        self._grid(painter, plot)
        self._asked_lines(painter, plot)
        for dot in sorted(self._dots, key=lambda one: not one.is_beaten):
            self._dot(painter, dot)
        # names stand beside each other, dots and the lines of what is asked
        asked = self.place_of(*self._asked)
        taken = [
            QRectF(asked.x() - 2.0, plot.top(), 4.0, plot.height()),
            QRectF(plot.left(), asked.y() - 2.0, plot.width(), 4.0),
        ]
        for dot in self._dots:
            place = self._place(dot)
            taken.append(QRectF(place.x() - DOT_PX, place.y() - DOT_PX, 2.0 * DOT_PX, 2.0 * DOT_PX))
        for dot in sorted(self._dots, key=lambda one: one.is_beaten):
            self._name(painter, dot, taken)
        painter.setFont(small)
        if self._left_out:
            painter.setFont(small)
            painter.setPen(QColor(self.look.text_soft))
            words = tr("no margin: {join}", join=", ".join(self._left_out))
            painter.drawText(QPointF(plot.left(), self.height() - 6.0), words)

    def _grid(self, painter: QPainter, plot: QRectF) -> None:
        metrics = QFontMetricsF(painter.font())
        (x0, x1, x_step), (y0, y1, y_step) = self._axes()
        value = x0
        while value <= x1 + 1e-9:
            x = self.place_of(value, y0).x()
            painter.setPen(QPen(QColor(color("line")), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            painter.setPen(QColor(self.look.text_soft))
            text = text_value(value, 0)
            painter.drawText(QPointF(x - metrics.horizontalAdvance(text) / 2, plot.bottom() + metrics.height()), text)
            value += x_step
        value = y0
        while value <= y1 + 1e-9:
            y = self.place_of(x0, value).y()
            painter.setPen(QPen(QColor(color("line")), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(self.look.text_soft))
            text = text_value(value, 0)
            left = plot.left() - 8.0 - metrics.horizontalAdvance(text)
            painter.drawText(QPointF(left, y + metrics.capHeight() / 2), text)
            value += y_step
        words = tr("least margin, mm")
        right = plot.right() - metrics.horizontalAdvance(words)
        painter.drawText(QPointF(right, plot.bottom() + 2.0 * metrics.height() + 1.0), words)
        words = tr("up: {remnant}, %", remnant=self._remnant)
        left = plot.right() - metrics.horizontalAdvance(words)
        # the title says it too where there is no room
        if left > QFontMetricsF(text_font(13, 600)).horizontalAdvance(self.title) + 36.0:
            painter.drawText(QPointF(left, self.title_px / 2 + 4.0), words)

    def _asked_lines(self, painter: QPainter, plot: QRectF) -> None:
        asked = self.place_of(*self._asked)
        hatch = QBrush(QColor(color("line2")), Qt.BrushStyle.BDiagPattern)
        painter.setClipRect(plot)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(QRectF(plot.topLeft(), QPointF(asked.x(), plot.bottom())), hatch)
        painter.fillRect(QRectF(QPointF(asked.x(), asked.y()), plot.bottomRight()), hatch)
        painter.setPen(QPen(QColor(self.look.text_soft), 1.2))
        painter.drawLine(QPointF(asked.x(), plot.top()), QPointF(asked.x(), plot.bottom()))
        painter.drawLine(QPointF(plot.left(), asked.y()), QPointF(plot.right(), asked.y()))
        painter.setClipping(False)
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QColor(self.look.text_soft))
        words = tr("{asked:g} asked", asked=self._asked[0])
        low = QRectF(asked.x() + 5.0, plot.bottom() - 5.0 - metrics.ascent(), metrics.horizontalAdvance(words), 16.0)
        is_taken = any(
            low.adjusted(-RING_PX, -RING_PX, RING_PX, RING_PX).contains(self._place(dot)) for dot in self._dots
        )
        y = plot.top() + metrics.ascent() + 3.0 if is_taken else plot.bottom() - 5.0
        self._on_ground(painter, QPointF(asked.x() + 5.0, y), words)
        words = tr("{asked:g} asked", asked=self._asked[1])
        self._on_ground(painter, QPointF(plot.right() - metrics.horizontalAdvance(words) - 3.0, asked.y() - 5.0), words)

    def _on_ground(self, painter: QPainter, place: QPointF, text: str) -> None:
        """Words over the hatching."""
        metrics = QFontMetricsF(painter.font())
        box = QRectF(
            place.x() - 2.0, place.y() - metrics.ascent(), metrics.horizontalAdvance(text) + 4.0, metrics.height()
        )
        painter.fillRect(box, QColor(self.look.halo))
        painter.drawText(place, text)

    def _dot(self, painter: QPainter, dot: ParetoDot) -> None:
        place = self._place(dot)
        ink = QColor(dot.color)
        if dot.minus_mm > 0.0:
            low = self.place_of(dot.margin_mm - dot.minus_mm, dot.remnant_percent)
            painter.setPen(QPen(ink, 1.6))
            painter.drawLine(low, place)
            painter.drawLine(low + QPointF(0, -4), low + QPointF(0, 4))
        if dot.name == self._at:
            painter.setPen(QPen(QColor(self.look.accent), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(place, RING_PX, RING_PX)
        paint_plan_dot(painter, place, DOT_PX, ink, QColor(self.look.halo), is_beaten=dot.is_beaten)

    def _name(self, painter: QPainter, dot: ParetoDot, taken: list[QRectF]) -> None:
        """A plan's name beside its dot, where nothing else stands."""
        place = self._place(dot)
        font = text_font(12, 600)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(self.look.text_soft if dot.is_beaten else self.look.text))
        words = tr("{name}, beaten", name=dot.name) if dot.is_beaten else dot.name
        width = metrics.horizontalAdvance(words)
        beyond = place.x() + 16.0 + width > self._plot().right()
        sides = [place.x() - 14.0 - width, place.x() + 14.0] if beyond else [place.x() + 14.0, place.x() - 14.0 - width]
        high = metrics.height()
        y = max(place.y() - 7.0, self._plot().top() + metrics.ascent())
        steps = sorted(range(-len(self._dots), len(self._dots) + 1), key=lambda step: (abs(step), step < 0))
        boxes = [QRectF(x, y - metrics.ascent() + step * high, width, high - 1.0) for step in steps for x in sides]
        inside = [box for box in boxes if self._plot().contains(box)]
        box = next((one for one in inside if not any(one.intersects(other) for other in taken)), boxes[0])
        taken.append(box)
        painter.drawText(QPointF(box.left(), box.top() + metrics.ascent()), words)

    # the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        dot = self.dot_at(event.position()) if self._dots else None
        if event.button() == Qt.MouseButton.LeftButton and dot is not None:
            self.chosen.emit(dot.name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = bool(self._dots) and self.dot_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
