"""What marks over a picture mean: a few strokes or a square of each colour with their words, at its lower right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from viewers.pane_look import PaneLook, TextPainter, TextStyle

STROKES, STROKE_PX, APART_PX, LINE_PX = 3, 9.0, 4.5, 1.5
WORDS_PX, ROW_PX, SQUARE_PX = 12.0, 17.0, 10.0


def draw_legend(
    painter: QPainter,
    look: PaneLook,
    texts: TextPainter,
    lines: Sequence[tuple[str, str]],
    right: float,
    bottom: float,
    *,
    solid: bool = False,
) -> None:
    """Lines of (colour, words), the last one's middle at `bottom`, words ending at `right`. solid: squares, no strokes."""
    style = TextStyle(look.text, WORDS_PX, 500)
    left = right - max((texts.width(words, style) for _, words in lines), default=0.0)
    row = max(ROW_PX, texts.height(style) + 2.0)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for number, (color, words) in enumerate(reversed(lines)):
        middle = bottom - number * row
        texts.draw(painter, QPointF(left, middle), words, style)
        if solid:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color))
            painter.drawRoundedRect(
                QRectF(left - 8.0 - SQUARE_PX, middle - SQUARE_PX / 2, SQUARE_PX, SQUARE_PX), 2.5, 2.5
            )
            painter.setBrush(Qt.BrushStyle.NoBrush)
            continue
        for ink, wide in ((look.halo_color(), LINE_PX + 2.0), (QColor(color), LINE_PX)):
            painter.setPen(QPen(ink, wide))
            for stroke in range(STROKES):
                foot = left - 9.0 - STROKE_PX - stroke * APART_PX
                painter.drawLine(
                    QPointF(foot, middle + STROKE_PX / 2), QPointF(foot + STROKE_PX, middle - STROKE_PX / 2)
                )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
