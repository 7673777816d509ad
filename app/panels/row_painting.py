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


def draw_swatch(painter: QPainter, left: float, middle: float, value: str) -> None:
    """A structure's colour."""
    painter.setPen(Qt.PenStyle.NoPen)
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
