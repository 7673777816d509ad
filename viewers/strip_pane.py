"""A vessel as a strip, straightened (one axis with the chart below, edges as found) or curved as it runs.

The crosshair of the other views stands in it, faint where it lies off the sheet, and a click in it puts the crosshair there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from planning.centerline import Centerline
from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.units import THIN_SPACE
from planning.volume import Volume
from viewers.gestures import WheelSteps
from viewers.language import tr
from viewers.lut import windowed
from viewers.pane_buttons import PaneButton
from viewers.pane_chrome import hand_text, window_text
from viewers.pane_look import PaneLook, TextStyle
from viewers.plan_pane import TITLE_Y, PlanPane
from viewers.straight import line_through, strip_edges
from viewers.strip_sheet import CurvedSheet, Sheet, StraightSheet
from viewers.view_state import ViewModel, ViewState, vec

# strip and chart share these, so that their axes stand below each other
LEFT_PX, RIGHT_PX = 46.0, 14.0
MOST_SCALE_WITH_UNIT = 1.15
# half of what is shown across, at least, and of the greatest lumen
LEAST_HALF_MM, HALF_SHARE, TICK_MM = 15.0, 0.8, 10.0
TURN_DEG_PER_PX, NEAR_LINE_PX, HATCH_PX = 0.7, 10.0, 6.0
# the crosshair in the strip: arms, and how far off the sheet it is still seen
CROSS_ARM_PX, CROSS_OPEN_PX, CROSS_FAR_MM = 8.0, 3.0, 25.0
BUTTON_TOP_PX, BUTTON_RIGHT_PX = 4, 18
WHEEL_STEPS, FAST_STATIONS = 120, 10


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
        self._kept_sheet: tuple[object, Sheet | None] | None = None
        self.is_curved = False
        self._under: FloatArray | None = None
        self._wheel = WheelSteps(WHEEL_STEPS)
        self.setMouseTracking(True)
        self._button = PaneButton("spline", look, self)
        self._button.setObjectName(f"{name}_curved")
        self._button.clicked.connect(self.toggle_curved)
        self._name_button()
        self._note = ""
        self.square = look.plane_colors["coronal"]
        self.setCursor(Qt.CursorShape.CrossCursor)

    def set_look(self, look: PaneLook) -> None:
        super().set_look(look)
        self.square = look.plane_colors["coronal"]
        self._button.set_look(look)

    def toggle_curved(self) -> None:
        """The vessel with its bends, or straight again."""
        self.is_curved = not self.is_curved
        self.title = tr("Curved") if self.is_curved else tr("Straightened")
        self._name_button()
        self.update()

    def _name_button(self) -> None:
        words = tr("Show the vessel straightened") if self.is_curved else tr("Show the vessel with its bends")
        self._button.setToolTip(f"{words} (S)")
        self._button.setAccessibleName(f"{words}, S")

    def place_children(self) -> None:
        self._button.move(self.width() - BUTTON_RIGHT_PX - self._button.width(), BUTTON_TOP_PX)

    def show_vessel(
        self, volume: Volume | None, line_mm: npt.ArrayLike, stations: Sequence[Mapping[str, Any]], note: str = ""
    ) -> None:
        """Another vessel. stations: the contract's. note: what lies at its beginning ("fork")."""
        self._vessel = line_through(line_mm)
        self._volume, self._note = volume, note
        self._values = self._kept_sheet = None
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

    @property
    def _sheet(self) -> Sheet | None:
        """What maps pixels to the patient now; None without a vessel, or where it runs straight away from this view."""
        if self._vessel is None:
            return None
        plot, ratio = self._plot, self.devicePixelRatioF()
        key = (self.is_curved, plot.width(), plot.height(), self.turn_deg, ratio)
        if self._kept_sheet is None or self._kept_sheet[0] != key:
            self._kept_sheet = (key, self._make_sheet(plot, ratio))
        return self._kept_sheet[1]

    def _make_sheet(self, plot: QRectF, ratio: float) -> Sheet | None:
        assert self._vessel is not None
        if not self.is_curved:
            return StraightSheet(self._vessel, plot, self._half_mm, self.turn_deg, ratio)
        room = plot.adjusted(0.0, self.title_px, 0.0, 0.0)
        try:
            return CurvedSheet(self._vessel, room, self._half_mm, self.turn_deg, ratio)
        except MeasurementError:
            return None

    # painting

    def paint_content(self, painter: QPainter) -> None:
        if self._vessel is None or self._volume is None:
            return
        plot, sheet = self._plot, self._sheet
        if sheet is None:
            style = TextStyle(self.look.text, 12.0, 500)
            words = tr("The vessel runs straight away from this view. Turn it.")
            self.texts.draw(painter, plot.center(), words, style, "center")
            return
        self._paint_image(painter, sheet)
        painter.setClipRect(plot)
        self._paint_line(painter, plot, sheet)
        if not self.is_curved:
            self._paint_edges(painter)
            self._paint_gaps(painter, plot)
        self._paint_cross(painter, sheet)
        painter.setClipping(False)
        if self.is_curved:
            self._paint_curved_position(painter, sheet)
        else:
            self._paint_axis(painter)
            self._paint_position(painter, plot)
        self._paint_words(painter, plot)

    def _paint_line(self, painter: QPainter, plot: QRectF, sheet: Sheet) -> None:
        """The centreline, dashed."""
        assert self._vessel is not None
        painter.setPen(QPen(QColor(self.look.text_soft), 1.0, Qt.PenStyle.DashLine))
        if not self.is_curved:
            middle = self._y(0.0)
            painter.drawLine(QPointF(plot.left(), middle), QPointF(plot.right(), middle))
            return
        places, _ = sheet.to_screen(self._vessel.points_mm)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in places.tolist()]))

    def _paint_cross(self, painter: QPainter, sheet: Sheet) -> None:
        """Where the other views' crosshair stands."""
        ((x, y),), (off,) = sheet.to_screen(self.model.state.cross_mm)
        seen = 1.0 - min(float(off) / CROSS_FAR_MM, 1.0)
        if not self.model.state.show_crosshair or seen <= 0.0:
            return
        color = QColor(self.look.text)
        color.setAlphaF(0.25 + 0.75 * seen if off < CROSS_FAR_MM else 0.0)
        for shade, width in ((self.look.halo_color(0.6 * seen), 3.0), (color, 1.4)):
            painter.setPen(QPen(shade, width))
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                painter.drawLine(
                    QPointF(x + dx * CROSS_OPEN_PX, y + dy * CROSS_OPEN_PX),
                    QPointF(x + dx * CROSS_ARM_PX, y + dy * CROSS_ARM_PX),
                )

    def _section_at(self) -> FloatArray | None:
        """(3,) where the section stands on the vessel; a section pane that was scrolled along takes it with it."""
        if not 0 <= self._at < len(self._stations):
            return None
        station = self._stations[self._at]
        return np.asarray(station["position_mm"], dtype=np.float64) + self._scrolled_mm * np.asarray(
            station["tangent"], dtype=np.float64
        )

    @property
    def _scrolled_mm(self) -> float:
        state = self.model.state
        plane = state.pinned.get("axial") if state.frame_name == "vessel" else None
        return 0.0 if plane is None else plane.offset_mm

    def _paint_curved_position(self, painter: QPainter, sheet: Sheet) -> None:
        place = self._section_at()
        if place is None:
            return
        tangent = np.asarray(self._stations[self._at]["tangent"], dtype=np.float64)
        ends, _ = sheet.to_screen(np.array([place - tangent, place, place + tangent]))
        way = ends[2] - ends[0]
        length = float(np.linalg.norm(way))
        across = np.array((-way[1], way[0])) / max(length, 1e-9) * 18.0 if length > 1e-3 else np.array((0.0, 18.0))
        color = QColor(self.look.plane_colors["axial"])
        painter.setPen(QPen(color, 1.4))
        painter.drawLine(QPointF(*(ends[1] - across).tolist()), QPointF(*(ends[1] + across).tolist()))
        painter.setBrush(QColor(self.look.halo))
        painter.setPen(QPen(color, 2.0))
        painter.drawEllipse(QPointF(*ends[1].tolist()), 5.0, 5.0)

    def _paint_image(self, painter: QPainter, sheet: Sheet) -> None:
        assert self._volume is not None
        if self._values is None or self._values[0] is not sheet:
            self._values = (sheet, sheet.picture(self._volume))
        pixels = np.ascontiguousarray(windowed(self._values[1], self.model.state.window, self.model.state.level))
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        painter.drawImage(sheet.rect, image)

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
        style = TextStyle(self.look.text, 11.0, 500)
        # large text has no room for the unit; the chart below names it
        last = f"10{THIN_SPACE}mm" if self.look.text_scale <= MOST_SCALE_WITH_UNIT else "10"
        for value, words in ((TICK_MM, "10"), (0.0, "0"), (-TICK_MM, last)):
            self.texts.draw(painter, QPointF(LEFT_PX - 8, self._y(value)), words, style, "right")

    def _paint_position(self, painter: QPainter, plot: QRectF) -> None:
        if not 0 <= self._at < len(self._stations):
            return
        x = self._x(float(self._stations[self._at]["s_mm"]) + self._scrolled_mm)
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
        words = window_text(state.window, state.level)
        if self._under is not None and self._volume is not None:
            words = f"{hand_text(self._under, self._volume.value_at(self._under), self._volume.quantity)}   {words}"
        self.texts.draw(painter, QPointF(plot.left() + 8, low), words, style)
        scale = (self.height() / (2 * self._half_mm)) / (plot.width() / max(self._vessel.length_mm, 1e-9))
        across = tr("one scale both ways") if self.is_curved else tr("across × {scale:.1f}", scale=scale)
        self.texts.draw(painter, QPointF(plot.right() - 6, low), across, style, "right")
        turned = tr("turned {turn_deg:.0f}°", turn_deg=self.turn_deg % 360.0)
        middle = TITLE_Y * max(self.look.text_scale, 1.0)
        self.texts.draw(painter, QPointF(float(self._button.x()) - 8, middle), turned, style, "right")

    # the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton or self._vessel is None:
            return
        self._press = (event.position(), self.turn_deg, False)
        self._choose(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event.position(), follow=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
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
            self._choose(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._under = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Stations; with Shift ten at a time."""
        event.accept()
        steps = self._wheel.add(event.angleDelta().y() or event.angleDelta().x())
        if steps:
            self._step(steps * (FAST_STATIONS if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1))

    def _place_mm(self, position: QPointF) -> FloatArray | None:
        """(3,) the place in the patient under a pointer, None outside the picture."""
        sheet = self._sheet
        if sheet is None or not sheet.rect.contains(position):
            return None
        return sheet.to_world(position.x(), position.y())

    def _point(self, position: QPointF, *, follow: bool) -> None:
        """What lies under the hand is read; with Shift the crosshair of all views follows."""
        self._under = self._place_mm(position)
        if follow and self._press is None:
            self._put_cross(self._under)
        self.update()

    def _choose(self, position: QPointF) -> None:
        """The section nearest to the hand, and the crosshair of all views at the hand's own place."""
        sheet = self._sheet
        if self._vessel is None or sheet is None or not len(self._stations):
            return
        if self.is_curved:
            places, _ = sheet.to_screen(np.array([station["position_mm"] for station in self._stations]))
            number = int(np.argmin(np.hypot(places[:, 0] - position.x(), places[:, 1] - position.y())))
        else:
            along = (position.x() - self._plot.left()) / self._plot.width() * self._vessel.length_mm
            number = int(np.argmin(np.abs(np.array([station["s_mm"] for station in self._stations]) - along)))
        self.station_chosen.emit(number)
        self._put_cross(self._place_mm(position))

    def _put_cross(self, place_mm: FloatArray | None) -> None:
        """The crosshair of all views to a place within the scan."""
        if place_mm is not None and self._volume is not None and bool(self._volume.grid.contains(place_mm)):
            self.model.set(cross_mm=vec(place_mm))

    def _step(self, by: int) -> None:
        if len(self._stations):
            self.station_chosen.emit(int(np.clip(self._at + by, 0, len(self._stations) - 1)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        ways = {Qt.Key.Key_Left: -step, Qt.Key.Key_Right: step}
        if event.key() in ways:
            self._step(ways[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_S and not event.modifiers():
            self.toggle_curved()
        elif event.key() == Qt.Key.Key_X:
            self.other_asked.emit()
        else:
            super().keyPressEvent(event)

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        super()._on_view(old, new)
        if _shown(old) != _shown(new):
            self.update()


def _shown(state: ViewState) -> tuple[object, ...]:
    return state.window, state.level, state.cross_mm, state.pinned, state.show_crosshair
