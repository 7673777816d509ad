"""What the colours of an image that lies over another mean: its map as a bar between the ends of its window, with numbers."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from viewers.color_maps import color_maps
from viewers.language import text_value
from viewers.lut import window_decimals
from viewers.overlay import OverItem
from viewers.pane_look import TextPainter, TextStyle

BAR_PX, HIGH_PX, GAP_PX = 64.0, 7.0, 6.0
LEAST_BAR_PX = 28.0


def ends_text(over: OverItem) -> tuple[str, str]:
    """The ends of its window in its own values, the upper one with the unit."""
    decimals = window_decimals(over.window)
    low, high = (text_value(over.level + side * over.window / 2.0, decimals) for side in (-1.0, 1.0))
    unit = over.volume.quantity
    return low, f"{high} {unit}" if unit else high


def draw_over_legend(
    painter: QPainter, texts: TextPainter, style: TextStyle, place: QPointF, room_px: float, over: OverItem
) -> QRectF | None:
    """At a place whose y is the line's middle; gives bar and upper end, None where there is no room for it."""
    low, high = ends_text(over)
    low_px, high_px = texts.width(low, style), texts.width(high, style)
    bar = min(BAR_PX, room_px - low_px - high_px - 2 * GAP_PX)
    if bar < LEAST_BAR_PX:
        return None
    texts.draw(painter, place, low, style)
    box = QRectF(place.x() + low_px + GAP_PX, place.y() - HIGH_PX / 2, bar, HIGH_PX)
    painter.fillRect(box, Qt.GlobalColor.black)
    # as it is drawn, so that what lets the image through does so here too
    colors = color_maps()[over.colors].colors(1.0)
    painter.drawImage(box, QImage(colors.data, len(colors), 1, QImage.Format.Format_ARGB32_Premultiplied))
    painter.setPen(QColor(style.color))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    return box.united(texts.draw(painter, QPointF(box.right() + GAP_PX, place.y()), high, style))
