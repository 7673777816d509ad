"""The steps of a plan as columns: what goes, what stays, what of it is viable, tumours left, margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.panels.labels import STATE_ICONS, state_token, text_font
from app.theme.icons import draw_icon
from app.theme.style import color, current_look

ROW_PX, PAD_PX, ICON_PX, COLUMN_GAP_PX = 24, 8.0, 13.0, 11.0
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class StageCell:
    """A figure as text, with its state."""

    text: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class StageRow:
    """A name with its unit, and a cell for each step."""

    name: str
    cells: tuple[StageCell, ...]


class StageTable(QWidget):
    """Names at the left, a right-aligned column for each step."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stage_table")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.heads: tuple[str, ...] = ()
        self.rows: tuple[StageRow, ...] = ()

    def show_steps(self, heads: Sequence[str], rows: Sequence[StageRow]) -> None:
        """Other steps, or other numbers."""
        self.heads, self.rows = tuple(heads), tuple(rows)
        said = [
            f"{row.name} {head}: {cell.text}{', ' + cell.state if cell.state else ''}"
            for row in rows
            for head, cell in zip(heads, row.cells, strict=True)
        ]
        self.setAccessibleName("; ".join(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, current_look().px(ROW_PX) * (len(self.rows) + 1) if self.rows else 0)

    minimumSizeHint = sizeHint  # noqa: N815

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = float(current_look().px(ROW_PX))
        small, figures = text_font(12), text_font(13, 600)
        metrics = QFontMetricsF(figures)
        widths = [
            max(
                QFontMetricsF(small).horizontalAdvance(head),
                *(
                    metrics.horizontalAdvance(row.cells[n].text) + (ICON_PX + 4.0 if row.cells[n].state else 0.0)
                    for row in self.rows
                ),
            )
            + COLUMN_GAP_PX
            for n, head in enumerate(self.heads)
        ]
        rights = [self.width() - PAD_PX - sum(widths[n + 1 :]) for n in range(len(widths))]
        room = self.width() - PAD_PX * 2 - sum(widths)
        painter.setFont(small)
        painter.setPen(QColor(color("t3")))
        for head, width, right in zip(self.heads, widths, rights, strict=True):
            painter.drawText(QRectF(right - width, 0.0, width, height), RIGHT, head)
        painter.setPen(QPen(QColor(color("line")), 1))
        painter.drawLine(round(PAD_PX), round(height), round(self.width() - PAD_PX), round(height))
        for number, row in enumerate(self.rows, 1):
            top = number * height
            painter.setFont(text_font(13))
            painter.setPen(QColor(color("t2")))
            name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, max(int(room), 30))
            painter.drawText(QRectF(PAD_PX, top, max(room, 30.0), height), LEFT, name)
            painter.setFont(figures)
            for cell, width, right in zip(row.cells, widths, rights, strict=True):
                painter.setPen(QColor(color(state_token(cell.state))))
                painter.drawText(QRectF(right - width, top, width, height), RIGHT, cell.text)
                if cell.state:
                    left = right - metrics.horizontalAdvance(cell.text) - ICON_PX - 4.0
                    place = QRectF(left, top + (height - ICON_PX) / 2, ICON_PX, ICON_PX)
                    draw_icon(painter, STATE_ICONS[cell.state], color(cell.state), place)
