"""The brush at the hand: a circle of the true size of what a mark names, and whether it says "this" or "not this"."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from planning.geometry import FloatArray

# a brush that would be smaller than this on screen is drawn so large, to be seen
LEAST_RADIUS_PX = 4.0
SIGN_PX, SIGN_AWAY_PX = 4.0, 9.0


def draw_brush(painter: QPainter, place: FloatArray, radius_px: float, color: str, *, refuses: bool) -> None:
    """A black and white circle about a screen place, its sign at the lower right."""
    radius = max(radius_px, LEAST_RADIUS_PX)
    middle = QPointF(float(place[0]), float(place[1]))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for tone, size in ((QColor(Qt.GlobalColor.black), radius + 1.0), (QColor(Qt.GlobalColor.white), radius)):
        painter.setPen(QPen(tone, 1.0))
        painter.drawEllipse(middle, size, size)
    away = 0.7 * radius + SIGN_AWAY_PX
    sign = middle + QPointF(away, away)
    for tone, width in ((QColor(Qt.GlobalColor.black), 4.5), (QColor(color), 2.2)):
        pen = QPen(tone, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(sign - QPointF(SIGN_PX, 0.0), sign + QPointF(SIGN_PX, 0.0))
        if not refuses:
            painter.drawLine(sign - QPointF(0.0, SIGN_PX), sign + QPointF(0.0, SIGN_PX))
    painter.restore()
