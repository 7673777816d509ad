"""Mouse pointers over an image: drawn at the screen's pixel ratio; none hides the pixel under it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPainterPath, QPen, QPixmap

SIZE_PX = 32
MIDDLE = SIZE_PX / 2
OPEN_PX = 2.5
READY_MADE = {
    "hand": Qt.CursorShape.OpenHandCursor,
    "grab": Qt.CursorShape.ClosedHandCursor,
    "move": Qt.CursorShape.SizeAllCursor,
    "type": Qt.CursorShape.IBeamCursor,
}


def pane_cursor(kind: str, ratio: float) -> QCursor:
    """The pointer "cross" (hollow), "hand", "grab", "zoom", "window", "move", "type" or "turn" for a device pixel ratio."""
    if kind in READY_MADE:
        return QCursor(READY_MADE[kind])
    side = math.ceil(SIZE_PX * ratio)
    picture = QPixmap(side, side)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline, solid = _SHAPES[kind]()
    for color, width in ((QColor(Qt.GlobalColor.black), 3.0), (QColor(Qt.GlobalColor.white), 1.4)):
        pen = QPen(color, width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if kind == "cross" else Qt.PenCapStyle.RoundCap)
        painter.strokePath(outline, pen)
    painter.fillPath(solid, QColor(Qt.GlobalColor.white))
    painter.end()
    return QCursor(picture, round(MIDDLE), round(MIDDLE))


def _cross() -> tuple[QPainterPath, QPainterPath]:
    path = QPainterPath()
    # the hot spot is the corner of a pixel; its middle is half a pixel further
    middle = MIDDLE + 0.5
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        path.moveTo(middle + dx * OPEN_PX, middle + dy * OPEN_PX)
        path.lineTo(middle + dx * 9.0, middle + dy * 9.0)
    return path, QPainterPath()


def _zoom() -> tuple[QPainterPath, QPainterPath]:
    path = QPainterPath()
    path.addEllipse(QPointF(MIDDLE - 1, MIDDLE - 1), 6.0, 6.0)
    path.moveTo(MIDDLE + 4.0, MIDDLE + 4.0)
    path.lineTo(MIDDLE + 9.0, MIDDLE + 9.0)
    return path, QPainterPath()


def _window() -> tuple[QPainterPath, QPainterPath]:
    path, half = QPainterPath(), QPainterPath()
    circle = QRectF(MIDDLE - 7, MIDDLE - 7, 14, 14)
    path.addEllipse(circle)
    half.moveTo(MIDDLE, MIDDLE - 7)
    half.arcTo(circle, 90, 180)
    half.closeSubpath()
    return path, half


def _turn() -> tuple[QPainterPath, QPainterPath]:
    path = QPainterPath()
    circle = QRectF(MIDDLE - 8, MIDDLE - 8, 16, 16)
    path.arcMoveTo(circle, 30)
    path.arcTo(circle, 30, 120)
    for side in (1, -1):
        tip = QPointF(MIDDLE + side * 8 * math.cos(math.radians(30)), MIDDLE - 8 * math.sin(math.radians(30)))
        path.moveTo(tip + QPointF(side * 2.5, -4.0))
        path.lineTo(tip)
        path.lineTo(tip + QPointF(-side * 4.5, -1.0))
    return path, QPainterPath()


_SHAPES = {"cross": _cross, "zoom": _zoom, "window": _window, "turn": _turn}
