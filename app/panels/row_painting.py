"""What rows of our lists share: the ground of a picked or touched row, its focus ring, a colour's square, a tick."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle

from app.theme.icons import draw_icon
from app.theme.style import color
from app.theme.tokens import ON_FILL

TICK_PX, SWATCH_PX = 16.0, 10.0
# below this contrast (WCAG 2) a colour's square is lost on its panel: cream on white has 1.1
LEAST_SWATCH_CONTRAST = 1.5


def begin_row(painter: QPainter, option: Any, *, hover: str = "s3", ring_when_picked: bool = False) -> QRectF:
    """Ground and focus ring of an item view's row; gives its rectangle. hover: token under the hand, "" for none."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rect, state = QRectF(option.rect), option.state
    picked = bool(state & QStyle.StateFlag.State_Selected)
    if picked or (hover and state & QStyle.StateFlag.State_MouseOver):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("soft" if picked else hover)))
        painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 6, 6)
    if state & QStyle.StateFlag.State_HasFocus and (picked or not ring_when_picked):
        painter.setPen(QPen(QColor(color("acc")), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(1, 2, -1, -2), 6, 6)
    return rect


def _luminance(value: str) -> float:
    parts = QColor(value).getRgbF()[:3]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def swatch_rim(value: str) -> QPen:
    """The edge of a colour's mark: none where it stands out from a panel of this theme, else a thin grey one."""
    low, high = sorted((_luminance(value), _luminance(color("s1"))))
    if (high + 0.05) / (low + 0.05) >= LEAST_SWATCH_CONTRAST:
        return QPen(Qt.PenStyle.NoPen)
    return QPen(QColor(color("t3")), 1.0)


def draw_swatch(painter: QPainter, left: float, middle: float, value: str) -> None:
    """A structure's colour."""
    painter.setPen(swatch_rim(value))
    painter.setBrush(QColor(value))
    painter.drawRoundedRect(QRectF(left, middle - SWATCH_PX / 2, SWATCH_PX, SWATCH_PX), 3, 3)


def draw_tick(
    painter: QPainter, left: float, middle: float, *, ticked: bool, blocked: bool = False, asks: bool = False
) -> None:
    """A box with or without its tick. asks: it waits for a second word."""
    box = QRectF(left, middle - TICK_PX / 2, TICK_PX, TICK_PX)
    if ticked:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s3" if blocked else "fill")))
        painter.drawRoundedRect(box, 4, 4)
        draw_icon(painter, "check", color("t3") if blocked else ON_FILL, box.adjusted(2, 2, -2, -2))
        return
    painter.setPen(QPen(QColor(color("acc" if asks else "line" if blocked else "line2")), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
