"""Diameters along a vessel: least, greatest and the band between, with the station that the panes show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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

from app.i18n import text_value, tr
from app.panels.chart_words import free_box
from app.panels.labels import text_font
from app.theme.style import color, current_look
from app.theme.tokens import LIGHT_PLANS, PLANES, PLANS
from planning.geometry import FloatArray
from planning.registry import structure_style

LEGEND_PX, BOTTOM_PX, LEFT_PX, RIGHT_PX = 20, 22, 26, 10
NICE = (1.0, 2.0, 5.0)
LEAST_ARC_DEG = 20.0
SQUARE_PX = 7.0
BREAK_MM, BEFORE_WORDS = 3.0, "before"


class StationChart(QWidget):
    """x: mm along the vessel, y: diameters in mm. `station_chosen`: index of the station under the hand or keys.

    Stations whose section is not closed leave a hatched gap.
    """

    station_chosen = Signal(int)
    other_asked = Signal()
    pressed = Signal()

    def __init__(self, parent: QWidget | None = None, *, insets_px: tuple[float, float] | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("station_chart")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # in a pane of its own the plot shares its axis with the strip above
        self._insets = insets_px
        policy = QSizePolicy.Policy.Fixed if insets_px is None else QSizePolicy.Policy.Expanding
        self.setSizePolicy(QSizePolicy.Policy.Expanding, policy)
        self._calcium: FloatArray = np.empty(0)
        self._limits: tuple[tuple[str, float, str], ...] = ()
        self._length = 0.0
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._along: FloatArray = np.empty(0)
        self._least: FloatArray = np.empty(0)
        self._greatest: FloatArray = np.empty(0)
        # sections that a hand drew, and (N,) least widths as the image told them where a hand changed them
        self._drawn: list[int] = []
        self._told: FloatArray = np.empty(0)
        # another study's widths at places of this one: (N, 3) along, least, greatest
        self._before: FloatArray = np.empty((0, 3))
        self._at = -1

    def set_before(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Another study's lumen in the same axis: rows of a comparison, each at "s_mm" of this one; none for no other."""
        self._before = np.array(
            [(row["s_mm"], row["before"]["min_diameter_mm"], row["before"]["max_diameter_mm"]) for row in rows],
            dtype=np.float64,
        ).reshape(-1, 3)
        self.update()

    def set_limits(self, limits: Sequence[tuple[str, float, str]]) -> None:
        """Lines across the plot: words, mm, and the colour's token; "t1" is dashed (a sheath), others are drawn whole."""
        self._limits = tuple(limits)
        self.update()

    def set_stations(self, stations: Sequence[Mapping[str, Any]], length_mm: float | None = None) -> None:
        """The contract's stations: "s_mm", "min_diameter_mm", "max_diameter_mm" (None where not closed).

        length_mm: the whole vessel, where stations do not reach its end.
        """
        self._calcium = np.array([station.get("calcium_arc_deg") or 0.0 for station in stations], dtype=np.float64)
        self._length = length_mm or (float(stations[-1]["s_mm"]) if stations else 0.0)
        self._along = np.array([station["s_mm"] for station in stations], dtype=np.float64)
        self._least, self._greatest = (
            np.array([np.nan if station[key] is None else station[key] for station in stations], dtype=np.float64)
            for key in ("min_diameter_mm", "max_diameter_mm")
        )
        self._drawn = [n for n, station in enumerate(stations) if station.get("edited") == "here"]
        told = [(station.get("automatic") or {}).get("min_diameter_mm") for station in stations]
        self._told = np.array([np.nan if width is None else width for width in told], dtype=np.float64)
        self._at = min(self._at, len(stations) - 1)
        self._describe()
        self.update()

    def set_station(self, index: int) -> None:
        """Where the panes are; −1 for nowhere."""
        self._at = index
        self._describe()
        self.update()

    def _describe(self) -> None:
        words = tr("Diameter along the vessel")
        if 0 <= self._at < len(self._along):
            words += tr(", at {along:.0f} millimetres", along=self._along[self._at])
            if np.isfinite(self._least[self._at]):
                words += tr(
                    ": least {least:.1f}, greatest {greatest:.1f} millimetres",
                    least=self._least[self._at],
                    greatest=self._greatest[self._at],
                )
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        """As in the pictures: about 156 px high."""
        return QSize(240, current_look().px(170 if self._insets is None else 60))

    def minimumSizeHint(self) -> QSize:
        """The curve must stay readable."""
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Fly there."""
        self.pressed.emit()
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The position line follows the hand."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One station with the arrows, ten with Shift, ends with Home and End."""
        if event.key() == Qt.Key.Key_X and self._insets is not None:
            self.other_asked.emit()
            return
        count = len(self._along)
        step = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        targets = {
            Qt.Key.Key_Left: self._at - step,
            Qt.Key.Key_Right: self._at + step,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: count - 1,
        }
        if not count or event.key() not in targets:
            super().keyPressEvent(event)
            return
        self.station_chosen.emit(int(np.clip(targets[Qt.Key(event.key())], 0, count - 1)))

    def _choose(self, x: float) -> None:
        if not len(self._along):
            return
        plot = self._plot()
        span = max(self._last - self._first, 1e-9)
        at = self._first + (x - plot.left()) / max(plot.width(), 1.0) * span
        self.station_chosen.emit(int(np.argmin(np.abs(self._along - at))))

    def _plot(self) -> QRectF:
        px = current_look().px
        left, right = (px(LEFT_PX), RIGHT_PX) if self._insets is None else self._insets
        # a chart in a pane lies two pixels inside its ring
        shift = 0.0 if self._insets is None else -2.0
        return QRectF(
            left + shift,
            px(LEGEND_PX) + 4,
            self.width() - left - right - 2.0 * shift,
            self.height() - px(LEGEND_PX) - 4 - px(BOTTOM_PX),
        )

    @property
    def _first(self) -> float:
        return 0.0 if self._insets is not None else float(self._along[0])

    @property
    def _last(self) -> float:
        return self._length if self._insets is not None else float(self._along[-1])

    def _top_mm(self) -> float:
        finite = self._greatest[np.isfinite(self._greatest)]
        highest = max([*finite, *self._before[:, 2], *(value for _, value, _ in self._limits), 0.0])
        return _rounded_up(float(highest) * 1.05) if highest > 0 else 10.0

    def _x(self, along: float) -> float:
        plot = self._plot()
        span = max(self._last - self._first, 1e-9)
        return plot.left() + (along - self._first) / span * plot.width()

    def _y(self, diameter: float) -> float:
        plot = self._plot()
        return plot.bottom() - diameter / self._top_mm() * plot.height()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grid, gaps, band, curves, position."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plan = (LIGHT_PLANS if current_look().theme == "light" else PLANS)["a"]
        self._paint_legend(painter, plan)
        if len(self._along) < 2:
            return
        self._paint_grid(painter)
        self._paint_gaps(painter)
        for part in _runs(np.isfinite(self._least)):
            low = [QPointF(self._x(self._along[n]), self._y(self._least[n])) for n in part]
            high = [QPointF(self._x(self._along[n]), self._y(self._greatest[n])) for n in part]
            band = QColor(plan)
            band.setAlphaF(0.22)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(band)
            painter.drawPolygon(QPolygonF([*low, *reversed(high)]))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            thin = QColor(plan)
            thin.setAlphaF(0.6)
            painter.setPen(QPen(thin, 1.0))
            painter.drawPolyline(QPolygonF(high))
            painter.setPen(QPen(QColor(plan), 1.8))
            painter.drawPolyline(QPolygonF(low))
        self._paint_before(painter)
        self._paint_edits(painter, plan)
        self._paint_calcium(painter)
        self._paint_limits(painter)
        self._paint_position(painter, plan)

    def _paint_before(self, painter: QPainter) -> None:
        """The other study's least and greatest, dashed, so that they differ without colour too."""
        if not len(self._before):
            return
        ink = QColor(_other_color())
        # where a stretch is missing in either study the curve is broken
        breaks = np.flatnonzero(np.diff(self._before[:, 0]) > BREAK_MM) + 1
        for column, width in ((1, 1.8), (2, 1.0)):
            pen = QPen(ink, width)
            pen.setDashPattern([3.0, 2.0])
            painter.setPen(pen)
            for part in np.split(self._before[:, [0, column]], breaks):
                painter.drawPolyline(QPolygonF([QPointF(self._x(s), self._y(mm)) for s, mm in part]))

    def _paint_edits(self, painter: QPainter, plan: str) -> None:
        """What the image told, dashed, where a hand changed it; squares on the sections that it drew."""
        pen = QPen(QColor(color("t2")), 1.2)
        pen.setDashPattern([3.0, 2.0])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for part in _runs(np.isfinite(self._told)):
            painter.drawPolyline(QPolygonF([QPointF(self._x(self._along[n]), self._y(self._told[n])) for n in part]))
        painter.setPen(QPen(QColor(color("s1")), 1.0))
        painter.setBrush(QColor(plan))
        for n in self._drawn:
            if np.isfinite(self._least[n]):
                x, y = self._x(self._along[n]), self._y(self._least[n])
                painter.drawRect(QRectF(x - SQUARE_PX / 2, y - SQUARE_PX / 2, SQUARE_PX, SQUARE_PX))

    def _paint_calcium(self, painter: QPainter) -> None:
        """Bars at the foot where the wall is calcified."""
        if self._insets is None:
            return
        plot = self._plot()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(_calcium_color()))
        for part in _runs(self._calcium >= LEAST_ARC_DEG):
            left = self._x(self._along[max(part[0] - 1, 0)]) if len(part) == 1 else self._x(self._along[part[0]])
            right = self._x(self._along[part[-1]])
            painter.drawRect(QRectF(left, plot.bottom() - 3.0, max(right - left, 3.0), 3.0))

    def _paint_limits(self, painter: QPainter) -> None:
        if not self._limits:
            return
        plot, taken, curves = self._plot(), self._taken(), self._curves_px()
        painter.setFont(text_font(11))
        metrics = painter.fontMetrics()
        for number, (words, value, token) in enumerate(self._limits):
            y = self._y(value)
            is_sheath = token == "t1"
            pen = QPen(QColor(color("t2" if is_sheath else token)), 1.4 if is_sheath else 1.0)
            pen.setStyle(Qt.PenStyle.DashLine if is_sheath else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(color(token)))
            # above the line, or below it when the next line is too near
            near = [abs(self._y(other) - y) for n, (_, other, _) in enumerate(self._limits) if n != number]
            below = any(away < metrics.height() for away in near) and value == min(v for _, v, _ in self._limits)
            text_y = y + metrics.ascent() + 2 if below else y - 3
            x = plot.left() + (plot.width() * 0.28 if is_sheath else 26)
            wanted = QRectF(x, text_y - metrics.ascent(), metrics.horizontalAdvance(words), metrics.height())
            box = free_box(wanted, plot, taken, curves)
            taken.append(box)
            painter.drawText(QPointF(box.left(), text_y), words)

    def _taken(self) -> list[QRectF]:
        """Where the shown station's line and words lie."""
        if not 0 <= self._at < len(self._along):
            return []
        plot, x = self._plot(), self._x(self._along[self._at])
        return [self._pill()[0], QRectF(x - 5.0, plot.top(), 10.0, plot.height())]

    def _curves_px(self) -> list[FloatArray]:
        """Least and greatest, as far as they are drawn without a break, in pixels."""
        return [
            np.array([(self._x(self._along[n]), self._y(values[n])) for n in part])
            for part in _runs(np.isfinite(self._least))
            for values in (self._least, self._greatest)
        ]

    def _paint_legend(self, painter: QPainter, plan: str) -> None:
        painter.setFont(text_font(11))
        metrics = painter.fontMetrics()
        y = current_look().px(LEGEND_PX) / 2
        painter.setPen(QColor(color("t2")))
        baseline = y + metrics.capHeight() / 2
        if self._insets is not None:
            self._paint_pane_legend(painter, plan, baseline, y)
            return
        painter.drawText(QPointF(0, baseline), tr("Diameter, mm"))
        x = float(self.width() - RIGHT_PX)
        for word, width in ((tr("greatest"), 1.0), (tr("least"), 2.0)):
            x -= metrics.horizontalAdvance(word)
            painter.setPen(QColor(color("t3")))
            painter.drawText(QPointF(x, baseline), word)
            line = QColor(plan)
            line.setAlphaF(0.6 if width == 1.0 else 1.0)
            painter.setPen(QPen(line, width))
            painter.drawLine(QPointF(x - 18, y), QPointF(x - 5, y))
            x -= 28

    def _paint_pane_legend(self, painter: QPainter, plan: str, baseline: float, y: float) -> None:
        """Title and legend in one line, from the left as titles stand."""
        painter.setFont(text_font(12, 600))
        painter.setPen(QColor(color("t1")))
        painter.drawText(QPointF(8, baseline), tr("Diameter, mm"))
        x = 8.0 + painter.fontMetrics().horizontalAdvance(tr("Diameter, mm")) + 26
        painter.setFont(text_font(11))
        metrics = painter.fontMetrics()
        entries = [(tr("least"), plan, 2.0, 1.0), (tr("greatest"), plan, 1.0, 0.6)]
        if len(self._before):
            entries += [(BEFORE_WORDS, _other_color(), 2.0, 1.0)]
        for word, ink, width, share in (*entries, (tr("calcium"), _calcium_color(), 3.0, 1.0)):
            line = QColor(ink)
            line.setAlphaF(share)
            pen = QPen(line, width)
            if word == BEFORE_WORDS:
                pen.setDashPattern([3.0, 2.0])
            painter.setPen(pen)
            painter.drawLine(QPointF(x, y), QPointF(x + 14, y))
            painter.setPen(QColor(color("t2")))
            painter.drawText(QPointF(x + 20, baseline), word)
            x += 20 + metrics.horizontalAdvance(word) + 18

    def _paint_grid(self, painter: QPainter) -> None:
        painter.setFont(text_font(11))
        metrics = painter.fontMetrics()
        plot, top = self._plot(), self._top_mm()
        step = nice_step(top / 4)
        for number in range(int(top / step + 1e-6) + 1):
            value = number * step
            y = self._y(value)
            painter.setPen(QPen(QColor(color("line")), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(color("t3")))
            label = f"{value:g}"
            at = QPointF(plot.left() - 6 - metrics.horizontalAdvance(label), y + metrics.capHeight() / 2)
            painter.drawText(at, label)
        first, last = self._first, self._last
        step = nice_step((last - first) / max(plot.width() / (metrics.horizontalAdvance("000 mm") + 14), 1.0))
        # + 0.0 turns −0 into 0
        value = float(np.ceil(first / step - 1e-9)) * step + 0.0
        while value <= last + 1e-9:
            x = self._x(value)
            painter.setPen(QPen(QColor(color("line")), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            painter.setPen(QColor(color("t3")))
            label = f"{value:g}" if value + step <= last else f"{value:g} mm"
            width = metrics.horizontalAdvance(label)
            left = min(max(x - width / 2, plot.left() - 4), self.width() - width - 1.0)
            painter.drawText(QPointF(left, plot.bottom() + 5 + metrics.ascent()), label)
            value += step

    def _paint_gaps(self, painter: QPainter) -> None:
        plot = self._plot()
        for part in _runs(~np.isfinite(self._least)):
            left = self._x(self._along[max(part[0] - 1, 0)])
            right = self._x(self._along[min(part[-1] + 1, len(self._along) - 1)])
            painter.save()
            painter.setClipRect(QRectF(left, plot.top(), right - left, plot.height()))
            painter.setPen(QPen(QColor(color("line2")), 1))
            x = left - plot.height()
            while x < right:
                painter.drawLine(QPointF(x, plot.bottom()), QPointF(x + plot.height(), plot.top()))
                x += 6
            painter.restore()

    def _paint_position(self, painter: QPainter, plan: str) -> None:
        if not 0 <= self._at < len(self._along):
            return
        plot = self._plot()
        x = self._x(self._along[self._at])
        in_pane = self._insets is not None
        painter.setPen(QPen(QColor(PLANES["axial"] if in_pane else color("acc")), 1.4))
        painter.drawLine(QPointF(x, 0.0 if in_pane else plot.top()), QPointF(x, plot.bottom()))
        least = float(self._least[self._at])
        if np.isfinite(least):
            painter.setPen(QPen(QColor(color("s1")), 1.4))
            painter.setBrush(QColor(plan))
            painter.drawEllipse(QPointF(x, self._y(least)), 4.5, 4.5)
        pill, label = self._pill()
        painter.setFont(text_font(11, 600))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s3")))
        path = QPainterPath()
        path.addRoundedRect(pill, 5, 5)
        painter.drawPath(path)
        painter.setPen(QColor(color("t1")))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, label)

    def _pill(self) -> tuple[QRectF, str]:
        """Where the shown station's words lie, and what they are."""
        plot, least = self._plot(), float(self._least[self._at])
        label = tr("not closed")
        if np.isfinite(least):
            greatest = text_value(float(self._greatest[self._at]), 1)
            label = tr("least {least}  greatest {greatest} mm", least=text_value(least, 1), greatest=greatest)
        metrics = QFontMetrics(text_font(11, 600))
        x, width = self._x(self._along[self._at]), metrics.horizontalAdvance(label) + 14
        left = min(max(x + 7, plot.left()), plot.right() - width)
        if left < x + 7:
            left = max(x - 7 - width, plot.left())
        # in a pane the limits lie at the foot, so the pill stands at the head
        top = plot.top() + 6 if self._insets is not None else plot.bottom() - metrics.height() - 9
        return QRectF(left, top, width, metrics.height() + 5), label


def _other_color() -> str:
    return (LIGHT_PLANS if current_look().theme == "light" else PLANS)["b"]


def _calcium_color() -> str:
    """Cream where the ground is dark; it would vanish on white."""
    return color("warn") if current_look().theme == "light" else structure_style("calcium").color


def _runs(wanted: np.ndarray[Any, np.dtype[np.bool_]]) -> list[list[int]]:
    """Numbers of neighbouring True entries."""
    found: list[list[int]] = []
    for n in np.flatnonzero(wanted):
        if found and found[-1][-1] == n - 1:
            found[-1].append(int(n))
        else:
            found.append([int(n)])
    return found


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 × 10ⁿ that is not below `least`."""
    power = 10.0 ** np.floor(np.log10(max(least, 1e-6)))
    return float(next((factor * power for factor in NICE if factor * power >= least), 10.0 * power))


def _rounded_up(value: float) -> float:
    step = nice_step(value / 4)
    return float(np.ceil(value / step) * step)
