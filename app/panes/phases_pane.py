"""The annulus's area through the heartbeat: value with its ±, systole, the phase planned in and the one shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.i18n import text_quantity, text_value, tr
from app.panels.labels import text_font
from app.panels.station_chart import nice_step
from app.panes.phase_axis import PhaseAxis, phase_name
from app.theme.style import color, current_look
from app.theme.tokens import LIGHT_PLANS, PLANS
from viewers.pane_look import PaneLook
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewModel, ViewState

LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 46.0, 18.0, 26.0, 40.0
LEAST_SPAN_MM2 = 40.0


class PhasesPane(PlanPane):
    """`phase_chosen`: a click or the keys took a phase. Phases that could not be measured leave a hatched gap."""

    phase_chosen = Signal(int)

    def __init__(self, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__("phases", view, look, tr("Annulus area, mm²"), parent)
        self.setMouseTracking(True)
        self.set_detail(tr("through the heartbeat"))
        self._labels: tuple[str, ...] = ()
        self._curve: tuple[Mapping[str, Any], ...] = ()
        self._systole: int | None = None
        self._planned: int | None = None
        self._message = ""
        self._hovered = -1

    def show_phases(self, labels: Sequence[str], phases: Mapping[str, Any] | None, message: str) -> None:
        """A plan's "phases"; message: what is said where there is no curve."""
        self._labels, self._message = tuple(labels), message
        curve = () if phases is None else tuple(phases["curve"])
        self._curve = curve if len(curve) == len(self._labels) else ()
        self._systole = phases["systole"] if phases is not None and self._curve else None
        self._planned = phases["measured_phase"] if phases is not None and self._curve else None
        self._describe()
        self.update()

    def _describe(self) -> None:
        words = [f"{self.title}, {self.detail}", self._message if not self._curve else ""]
        shown = self._shown
        if self._curve and 0 <= shown < len(self._curve):
            words.append(f"{phase_name(self._labels, shown)}: {self._value_words(shown)}")
        self.setAccessibleName(". ".join(word for word in words if word))

    @property
    def _shown(self) -> int:
        return min(self.model.state.phase, len(self._labels) - 1)

    def _value_words(self, phase: int) -> str:
        row = self._curve[phase]
        if row["area_mm2"] is None:
            return str(row["reason"]) or tr("not measured")
        return text_quantity(row["area_mm2"], "mm²", row["uncertainty_mm2"])

    # places

    def _plot(self) -> QRectF:
        px, box = current_look().px, self.content_rect
        return QRectF(
            box.left() + px(LEFT_PX),
            box.top() + px(TOP_PX),
            max(box.width() - px(LEFT_PX) - RIGHT_PX, 10.0),
            max(box.height() - px(TOP_PX) - px(BOTTOM_PX), 10.0),
        )

    @property
    def axis(self) -> PhaseAxis:
        """The heartbeat along the plot."""
        plot = self._plot()
        return PhaseAxis(self._labels, plot.left(), plot.width())

    def x_of(self, phase: int) -> float:
        """Where a phase stands, in logical pixels."""
        return self.axis.x_of(phase)

    def _range_mm2(self) -> tuple[float, float, float]:
        """Least and greatest value of the axis, and its step."""
        edges = []
        for row in self._curve:
            if row["area_mm2"] is not None:
                spread = row["uncertainty_mm2"] or 0.0
                edges += [row["area_mm2"] - spread, row["area_mm2"] + spread]
        middle, half = (min(edges) + max(edges)) / 2.0, max((max(edges) - min(edges)) / 2.0, LEAST_SPAN_MM2 / 2.0)
        step = nice_step(2.0 * half / 4.0)
        return float(np.floor((middle - half) / step) * step), float(np.ceil((middle + half) / step) * step), step

    def _y(self, area_mm2: float) -> float:
        plot, (low, high, _) = self._plot(), self._range_mm2()
        return plot.bottom() - (area_mm2 - low) / (high - low) * plot.height()

    # the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the phase under the hand."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self._curve and event.position().y() > self.title_px:
            self.phase_chosen.emit(self.axis.at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the value under the hand; a drag runs through the phases."""
        at = self.axis.at(event.position().x()) if self._curve and event.position().y() > self.title_px else -1
        if event.buttons() & Qt.MouseButton.LeftButton and at >= 0 and at != self._shown:
            self.phase_chosen.emit(at)
        if at != self._hovered:
            self._hovered = at
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the hand."""
        self._hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One phase with the arrows, the ends with Home and End."""
        target = self.axis.after_key(event, self._shown)
        if target is None:
            super().keyPressEvent(event)
        else:
            self.phase_chosen.emit(target)

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        super()._on_view(old, new)
        if old.phase != new.phase:
            self._describe()
            self.update()

    # painting

    def paint_content(self, painter: QPainter) -> None:
        plan = (LIGHT_PLANS if current_look().theme == "light" else PLANS)["a"]
        measured = [n for n, row in enumerate(self._curve) if row["area_mm2"] is not None]
        if not measured:
            painter.setFont(text_font(13))
            painter.setPen(QColor(self.look.text_soft))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.content_rect.adjusted(24, 0, -24, 0), flags, self._message)
            return
        self._paint_grid(painter)
        self._paint_gaps(painter)
        self._paint_curve(painter, plan, measured)
        self._paint_line(painter, self._shown, color("acc"), 1.4)
        if self._hovered >= 0 and self._hovered != self._shown:
            self._paint_line(painter, self._hovered, color("line2"), 1.0)
        self._paint_marks(painter, plan)
        self._paint_pill(painter, self._hovered if self._hovered >= 0 else self._shown)

    def _paint_grid(self, painter: QPainter) -> None:
        painter.setFont(text_font(11))
        metrics = QFontMetricsF(painter.font())
        plot, (low, high, step) = self._plot(), self._range_mm2()
        for n in range(round((high - low) / step) + 1):
            y = self._y(low + n * step)
            painter.setPen(QPen(QColor(color("line")), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(color("t3")))
            figures = text_value(low + n * step, 0)
            x = plot.left() - 7 - metrics.horizontalAdvance(figures)
            painter.drawText(QPointF(x, y + metrics.capHeight() / 2), figures)
        for n, text, left in self.axis.tick_words(metrics, self._shown):
            painter.setPen(QColor(color("t1" if n == self._shown else "t3")))
            painter.drawText(QPointF(left, plot.bottom() + 5 + metrics.ascent()), text)
        unit = self.axis.unit
        painter.setPen(QColor(color("t3")))
        width = metrics.horizontalAdvance(unit)
        painter.drawText(QPointF(plot.right() - width, plot.bottom() + 8 + 2 * metrics.ascent()), unit)

    def _paint_gaps(self, painter: QPainter) -> None:
        """Hatched from neighbour to neighbour where a phase could not be measured."""
        plot, count = self._plot(), len(self._curve)
        for n, row in enumerate(self._curve):
            if row["area_mm2"] is not None:
                continue
            left = self.x_of(n - 1) if n > 0 else plot.left()
            right = self.x_of(n + 1) if n + 1 < count else plot.right()
            painter.save()
            painter.setClipRect(QRectF(left, plot.top(), right - left, plot.height()))
            painter.setPen(QPen(QColor(color("line2")), 1))
            x = left - plot.height()
            while x < right:
                painter.drawLine(QPointF(x, plot.bottom()), QPointF(x + plot.height(), plot.top()))
                x += 6
            painter.restore()

    def _paint_curve(self, painter: QPainter, plan: str, measured: Sequence[int]) -> None:
        runs: list[list[int]] = []
        for n in measured:
            if runs and runs[-1][-1] == n - 1:
                runs[-1].append(n)
            else:
                runs.append([n])
        for run in runs:
            rows = [(n, self._curve[n]["area_mm2"], self._curve[n]["uncertainty_mm2"] or 0.0) for n in run]
            low = [QPointF(self.x_of(n), self._y(area - spread)) for n, area, spread in rows]
            high = [QPointF(self.x_of(n), self._y(area + spread)) for n, area, spread in rows]
            band = QColor(plan)
            band.setAlphaF(0.22)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(band)
            painter.drawPolygon(QPolygonF([*low, *reversed(high)]))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(plan), 1.8))
            painter.drawPolyline(QPolygonF([QPointF(self.x_of(n), self._y(area)) for n, area, _ in rows]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(plan))
        for n in measured:
            painter.drawEllipse(QPointF(self.x_of(n), self._y(self._curve[n]["area_mm2"])), 3.0, 3.0)

    def _paint_line(self, painter: QPainter, phase: int, ink: str, width: float) -> None:
        plot, x = self._plot(), self.x_of(phase)
        painter.setPen(QPen(QColor(ink), width))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))

    def _paint_marks(self, painter: QPainter, plan: str) -> None:
        """Words above the curve: systole, and the phase of the plan with a ring."""
        painter.setFont(text_font(11, 600))
        metrics = QFontMetricsF(painter.font())
        words: dict[int, list[str]] = {}
        for phase, word in ((self._planned, tr("plan", "word")), (self._systole, tr("systole"))):
            if phase is not None and self._curve[phase]["area_mm2"] is not None:
                words.setdefault(phase, []).append(word)
        for phase, spoken in words.items():
            place = QPointF(self.x_of(phase), self._y(self._curve[phase]["area_mm2"]))
            if phase == self._planned:
                painter.setBrush(QColor(color("s1")))
                painter.setPen(QPen(QColor(plan), 2.0))
                painter.drawEllipse(place, 5.5, 5.5)
            if phase == self._systole:
                painter.setBrush(QColor(color("ok")))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawEllipse(place, 3.5, 3.5)
            text = ", ".join(spoken)
            width, plot = metrics.horizontalAdvance(text), self._plot()
            # beside the line of the phase shown, not on it
            left = place.x() + 6 if phase == self._shown else place.x() - width / 2
            x = min(max(left, plot.left() + 2), plot.right() - width)
            path = QPainterPath()
            path.addText(QPointF(x, place.y() - 12), painter.font(), text)
            painter.setPen(QPen(QColor(self.look.halo), 3))
            painter.drawPath(path)
            painter.setPen(QColor(self.look.text))
            painter.drawText(QPointF(x, place.y() - 12), text)

    def _paint_pill(self, painter: QPainter, phase: int) -> None:
        """The phase under the hand or shown with its value, beside its line above the plot."""
        painter.setFont(text_font(11, 600))
        metrics, plot, x = QFontMetricsF(painter.font()), self._plot(), self.x_of(phase)
        text = f"{phase_name(self._labels, phase)}   {self._value_words(phase)}"
        width = min(metrics.horizontalAdvance(text) + 14, self.width() - 8.0)
        left = min(max(x - width / 2, 4.0), self.width() - width - 4.0)
        pill = QRectF(left, plot.top() - metrics.height() - 9, width, metrics.height() + 5)
        path = QPainterPath()
        path.addRoundedRect(pill, 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s3")))
        painter.drawPath(path)
        painter.setPen(QColor(color("t1")))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 8)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, shown)
