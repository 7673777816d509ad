"""A round glass beside a point while it is placed: four times the pane's scale, its own slice of the image."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from planning.geometry import FloatArray, Vector
from planning.units import THIN_SPACE, text_value
from viewers.image_layer import shared_image
from viewers.lut import windowed
from viewers.pane_geometry import PaneGeometry
from viewers.pane_look import PaneLook, TextPainter, TextStyle
from viewers.reslice import Reslicer

SIZE_PX, FACTOR = 144.0, 4.0
AWAY_PX, EDGE_PX = 18.0, 6.0
TEXT_GAP_PX = 10.0
# of the dark ground round the readings
GROUND_EDGE_PX = 4.0
MARK_PX, MARK_OPEN_PX = 15.0, 3.0


def glass_center(place: FloatArray, width: float, height: float) -> FloatArray:
    """Middle of the glass: up-left of the point; it flips to the other side at the pane's edges."""
    away = SIZE_PX / 2 + AWAY_PX * 0.7
    x = place[0] - away if place[0] - away - SIZE_PX / 2 >= EDGE_PX else place[0] + away
    y = place[1] - away if place[1] - away - SIZE_PX / 2 >= EDGE_PX else place[1] + away
    low = SIZE_PX / 2 + EDGE_PX
    return np.array((min(max(x, low), max(width - low, low)), min(max(y, low), max(height - low, low))))


class Magnifier:
    """Draws the glass with its readings."""

    def __init__(self, look: PaneLook, texts: TextPainter) -> None:
        self.look, self.texts = look, texts

    def draw(
        self,
        painter: QPainter,
        geometry: PaneGeometry,
        reslicer: Reslicer,
        *,
        position_mm: Vector,
        color: str,
        window: float,
        level: float,
        readings: tuple[str, ...],
        hints: tuple[str, ...],
    ) -> None:
        """The glass for a point at a position; readings beside its top, hints beside its foot."""
        glass = geometry.parallel(position_mm, size_px=SIZE_PX, mm_per_px=geometry.mm_per_px / FACTOR)
        pixels = windowed(reslicer.cut(glass, kind="cubic"), window, level)
        center = glass_center(geometry.to_screen(position_mm), geometry.width, geometry.height)
        box = QRectF(center[0] - SIZE_PX / 2, center[1] - SIZE_PX / 2, SIZE_PX, SIZE_PX)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QPainterPath()
        circle.addEllipse(box)
        painter.setClipPath(circle)
        painter.drawImage(box.topLeft(), shared_image(pixels, geometry.ratio, QImage.Format.Format_RGB32))
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.look.halo_color(), 4.0))
        painter.drawEllipse(box)
        painter.setPen(QPen(QColor(self.look.accent), 2.0))
        painter.drawEllipse(box)
        self._mark(painter, center, color)
        painter.restore()
        self._texts(painter, box, geometry, position_mm, readings, hints)

    def _mark(self, painter: QPainter, center: FloatArray, color: str) -> None:
        for shade, width in ((self.look.halo_color(0.9), 4.0), (QColor(color), 2.0)):
            pen = QPen(shade, width)
            pen.setCapStyle(Qt.PenCapStyle.SquareCap)
            painter.setPen(pen)
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                painter.drawLine(
                    QPointF(center[0] + dx * MARK_OPEN_PX, center[1] + dy * MARK_OPEN_PX),
                    QPointF(center[0] + dx * MARK_PX, center[1] + dy * MARK_PX),
                )

    def _texts(
        self,
        painter: QPainter,
        box: QRectF,
        geometry: PaneGeometry,
        position_mm: Vector,
        readings: tuple[str, ...],
        hints: tuple[str, ...],
    ) -> None:
        strong, soft = TextStyle(self.look.text, 12.0, 600), TextStyle(self.look.text_soft, 12.0, 600)
        wide = max(self.texts.width(text, strong) for text in (*readings, *hints))
        room_left, room_right = box.left() - EDGE_PX, geometry.width - EDGE_PX - box.right()
        at_right = room_right >= min(wide + TEXT_GAP_PX, room_left)
        if at_right:
            x, align = min(box.right() + TEXT_GAP_PX, geometry.width - EDGE_PX - wide), "left"
        else:
            x, align = max(box.left() - TEXT_GAP_PX, EDGE_PX + wide), "right"
        line = self.texts.height(strong) + 5
        y = box.top() + 20
        self._ground(painter, x, y, wide, line, len(readings), at_right=align == "left")
        for number, text in enumerate(readings):
            self.texts.draw(painter, QPointF(x, y), text, strong if number < 2 else soft, align)
            y += line
        is_beside_point = at_right == bool(geometry.to_screen(position_mm)[0] > box.center().x())
        # at the glass's foot, unless the point is there
        y = y + 6 if is_beside_point else box.bottom() - 8 - line * (len(hints) - 1)
        self._ground(painter, x, y, wide, line, len(hints), at_right=align == "left")
        for text in hints:
            self.texts.draw(painter, QPointF(x, y), text, soft, align)
            y += line

    def _ground(
        self, painter: QPainter, x: float, y: float, wide: float, line: float, count: int, *, at_right: bool
    ) -> None:
        """Dark under the lines from y on: they may stand over words of the pane."""
        if not count:
            return
        left = (x if at_right else x - wide) - GROUND_EDGE_PX
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.halo_color(0.85))
        ground = QRectF(left, y - line / 2 - 2, wide + 2 * GROUND_EDGE_PX, line * count + 4)
        painter.drawRoundedRect(ground, 4, 4)
        painter.restore()


def glass_readings(value: float | None, quantity: str, moved_mm: float | None) -> tuple[str, ...]:
    """ "4 ×", "412 HU", "moved 0.6 mm"."""
    lines = [f"{FACTOR:g}{THIN_SPACE}×"]
    if value is not None:
        lines.append(f"{text_value(value, 0)}{THIN_SPACE}{quantity}" if quantity else text_value(value, 0))
    if moved_mm is not None:
        lines.append(f"moved {text_value(moved_mm, 1)}{THIN_SPACE}mm")
    return tuple(lines)
