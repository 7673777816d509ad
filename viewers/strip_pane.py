"""A straightened vessel as a strip: one axis with the chart below, the edges as found, a line where the section is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from planning.centerline import Centerline
from planning.geometry import FloatArray
from planning.volume import Volume
from viewers.language import tr
from viewers.lut import windowed
from viewers.pane_chrome import window_text
from viewers.pane_look import PaneLook, TextStyle
from viewers.plan_pane import PlanPane
from viewers.straight import line_through, strip_edges, strip_picture
from viewers.view_state import ViewModel, ViewState

# strip and chart share these, so that their axes stand below each other
LEFT_PX, RIGHT_PX = 46.0, 14.0
MOST_SCALE_WITH_UNIT = 1.15
# half of what is shown across, at least, and of the greatest lumen
LEAST_HALF_MM, HALF_SHARE, TICK_MM = 15.0, 0.8, 10.0
TURN_DEG_PER_PX, NEAR_LINE_PX, HATCH_PX = 0.7, 10.0, 6.0


def runs(wanted: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last number of each run of True."""
    bounds = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    return [(int(a), int(b) - 1) for a, b in zip(bounds[::2], bounds[1::2], strict=True)]


class StripPane(PlanPane):
    """`station_chosen`: the station under the hand or keys. `other_asked`: X was pressed."""

    station_chosen = Signal(int)
    other_asked = Signal()
    on_panel = False

    def __init__(
        self, name: str, view: ViewModel, look: PaneLook, plan_color: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, view, look, tr("Straightened"), parent)
        self._plan_color = plan_color
        self._vessel: Centerline | None = None
        self._volume: Volume | None = None
        self._stations: Sequence[Mapping[str, Any]] = ()
        self._edges: FloatArray = np.empty((0, 3))
        self._at = -1
        self._half_mm = LEAST_HALF_MM
        self.turn_deg = 0.0
        self._press: tuple[QPointF, float, bool] | None = None
        self._values: tuple[object, npt.NDArray[np.int16]] | None = None
        self._note = ""
        self.square = look.plane_colors["coronal"]
        self.setCursor(Qt.CursorShape.CrossCursor)

    def set_look(self, look: PaneLook) -> None:
        super().set_look(look)
        self.square = look.plane_colors["coronal"]

    def show_vessel(
        self, volume: Volume | None, line_mm: npt.ArrayLike, stations: Sequence[Mapping[str, Any]], note: str = ""
    ) -> None:
        """Another vessel. stations: the contract's. note: what lies at its beginning ("fork")."""
        self._vessel = line_through(line_mm)
        self._volume, self._note = volume, note
        self._values = None
        widest = max((station["max_diameter_mm"] or 0.0 for station in stations), default=0.0)
        self._half_mm = max(LEAST_HALF_MM, HALF_SHARE * widest)
        self.set_stations(stations)

    def set_stations(self, stations: Sequence[Mapping[str, Any]]) -> None:
        """The same vessel with other sections; the picture stays."""
        self._stations = stations
        self._find_edges()
        self.update()

    def set_station(self, number: int) -> None:
        """Where the section is; −1 for nowhere."""
        self._at = number
        self.update()

    def _find_edges(self) -> None:
        self._edges = np.empty((0, 3))
        if self._vessel is not None and len(self._stations):
            self._edges = strip_edges(self._vessel, self._stations, self.turn_deg)

    @property
    def _plot(self) -> QRectF:
        return QRectF(LEFT_PX, 0.0, max(self.width() - LEFT_PX - RIGHT_PX, 1.0), float(self.height()))

    def _x(self, along_mm: float) -> float:
        assert self._vessel is not None
        return self._plot.left() + along_mm / max(self._vessel.length_mm, 1e-9) * self._plot.width()

    def _y(self, across_mm: float) -> float:
        return self.height() / 2 - across_mm / self._half_mm * self.height() / 2

    # painting

    def paint_content(self, painter: QPainter) -> None:
        if self._vessel is None or self._volume is None:
            return
        plot = self._plot
        self._paint_image(painter, plot)
        painter.setClipRect(plot)
        middle = self._y(0.0)
        painter.setPen(QPen(self.look.halo_color(0.0), 1))
        pen = QPen(QColor(self.look.text_soft), 1.0, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(plot.left(), middle), QPointF(plot.right(), middle))
        self._paint_edges(painter)
        self._paint_gaps(painter, plot)
        painter.setClipping(False)
        self._paint_axis(painter)
        self._paint_position(painter, plot)
        self._paint_words(painter, plot)

    def _paint_image(self, painter: QPainter, plot: QRectF) -> None:
        ratio = self.devicePixelRatioF()
        size = (max(round(plot.width() * ratio), 2), max(round(plot.height() * ratio), 2))
        key = (size, self.turn_deg)
        if self._values is None or self._values[0] != key:
            assert self._vessel is not None
            assert self._volume is not None
            self._values = (key, strip_picture(self._volume, self._vessel, *size, self._half_mm, self.turn_deg))
        pixels = np.ascontiguousarray(windowed(self._values[1], self.model.state.window, self.model.state.level))
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        painter.drawImage(plot, image)

    def _paint_edges(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for first, last in runs(np.isfinite(self._edges[:, 1])):
            part = self._edges[first : last + 1]
            for sign, column in ((1.0, 1), (-1.0, 2)):
                line = QPolygonF([QPointF(self._x(s), self._y(sign * r)) for s, r in part[:, [0, column]]])
                for color, width in ((self.look.halo_color(0.5), 3.0), (QColor(self._plan_color), 1.4)):
                    painter.setPen(QPen(color, width))
                    painter.drawPolyline(line)

    def _paint_gaps(self, painter: QPainter, plot: QRectF) -> None:
        """Sections that are not closed, and the fork, are hatched."""
        if not len(self._edges):
            return
        for first, last in runs(~np.isfinite(self._edges[:, 1])):
            left, right = self._x(self._edges[first, 0]), self._x(self._edges[last, 0])
            box = QRectF(left, plot.top(), max(right - left, 2.0), plot.height())
            painter.save()
            painter.setClipRect(box)
            painter.fillRect(box, self.look.halo_color(0.55))
            painter.setPen(QPen(QColor(self.look.plane_colors["3d"]), 1))
            x = box.left() - box.height()
            while x < box.right():
                painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()))
                x += HATCH_PX
            painter.restore()
        if self._note and not np.isfinite(self._edges[0, 1]):
            style = TextStyle(self.look.text, 11.5, 500)
            self.texts.draw(painter, QPointF(plot.left() + 20, 36.0), self._note, style)

    def _paint_axis(self, painter: QPainter) -> None:
        style = TextStyle(self.look.text, 11.5, 500)
        # large text has no room for the unit; the chart below names it
        last = "10 mm" if self.look.text_scale <= MOST_SCALE_WITH_UNIT else "10"
        for value, words in ((TICK_MM, "10"), (0.0, "0"), (-TICK_MM, last)):
            self.texts.draw(painter, QPointF(LEFT_PX - 8, self._y(value)), words, style, "right")

    def _paint_position(self, painter: QPainter, plot: QRectF) -> None:
        if not 0 <= self._at < len(self._stations):
            return
        x = self._x(float(self._stations[self._at]["s_mm"]))
        color = QColor(self.look.plane_colors["axial"])
        painter.setPen(QPen(color, 1.4))
        painter.drawLine(QPointF(x, self.title_px), QPointF(x, plot.bottom()))
        painter.setBrush(QColor(self.look.halo))
        painter.setPen(QPen(color, 2.0))
        painter.drawEllipse(QPointF(x, self._y(0.0)), 5.0, 5.0)

    def _paint_words(self, painter: QPainter, plot: QRectF) -> None:
        assert self._vessel is not None
        style, low = TextStyle(self.look.text, 12.0, 500), self.height() - 13.0
        state = self.model.state
        self.texts.draw(painter, QPointF(plot.left() + 8, low), window_text(state.window, state.level), style)
        scale = (self.height() / (2 * self._half_mm)) / (plot.width() / max(self._vessel.length_mm, 1e-9))
        self.texts.draw(
            painter, QPointF(plot.right() - 6, low), tr("across × {scale:.1f}", scale=scale), style, "right"
        )
        turned = tr("turned {turn_deg:.0f}°", turn_deg=self.turn_deg % 360.0)
        self.texts.draw(painter, QPointF(plot.right() - 6, 16.0), turned, style, "right")

    # the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton or self._vessel is None:
            return
        self._press = (event.position(), self.turn_deg, False)
        self._choose(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        start, before, is_turning = self._press
        moved = event.position() - start
        if is_turning or abs(moved.y()) > max(4.0, 1.5 * abs(moved.x())):
            # up and down turns the strip about the vessel
            self._press = (start, before, True)
            self.turn_deg = (before + moved.y() * TURN_DEG_PER_PX) % 360.0
            self._find_edges()
            self.update()
        else:
            self._choose(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None

    def _choose(self, x: float) -> None:
        if self._vessel is None or not len(self._stations):
            return
        along = (x - self._plot.left()) / self._plot.width() * self._vessel.length_mm
        places = np.array([station["s_mm"] for station in self._stations])
        self.station_chosen.emit(int(np.argmin(np.abs(places - along))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        ways = {Qt.Key.Key_Left: -step, Qt.Key.Key_Right: step}
        if event.key() in ways and len(self._stations):
            number = int(np.clip(self._at + ways[Qt.Key(event.key())], 0, len(self._stations) - 1))
            self.station_chosen.emit(number)
        elif event.key() == Qt.Key.Key_X:
            self.other_asked.emit()
        else:
            super().keyPressEvent(event)

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        super()._on_view(old, new)
        if (old.window, old.level) != (new.window, new.level):
            self.update()
