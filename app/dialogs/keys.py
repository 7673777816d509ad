"""Keys as little caps: in the command palette, in the shortcut sheet and beside fields."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.panels.labels import text_font
from app.theme.style import color

CAP_GAP, CAP_PADDING, CAP_RADIUS = 4.0, 9.0, 4.0


def keys_width(caps: Sequence[str]) -> float:
    """Width in px that `draw_keys` takes."""
    widths = _widths(caps)
    return sum(widths) + CAP_GAP * max(0, len(widths) - 1)


def draw_keys(painter: QPainter, right: float, middle: float, caps: Sequence[str]) -> float:
    """Paint the caps of one combination ("Ctrl", "3") ending at `right`; returns where they begin."""
    letters = text_font(11, 500)
    height = QFontMetricsF(letters).height() + 6
    left = right - keys_width(caps)
    x = left
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(letters)
    for cap, width in zip(caps, _widths(caps)):
        box = QRectF(x, middle - height / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s3")))
        painter.drawRoundedRect(box, CAP_RADIUS, CAP_RADIUS)
        painter.setPen(QColor(color("t2")))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap)
        x += width + CAP_GAP
    painter.restore()
    return left


def _widths(caps: Sequence[str]) -> list[float]:
    metrics = QFontMetricsF(text_font(11, 500))
    return [max(metrics.horizontalAdvance(cap) + 2 * CAP_PADDING, metrics.height() + 10) for cap in caps]


class KeyRow(QWidget):
    """Caps as a widget."""

    def __init__(self, caps: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_caps(caps)

    def show_caps(self, caps: Sequence[str]) -> None:
        """Other keys."""
        self._caps = tuple(caps)
        self.setAccessibleName("+".join(self._caps))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As large as the caps."""
        height = QFontMetricsF(text_font(11, 500)).height() + 6
        return QSize(int(keys_width(self._caps)) + 1, int(height) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them flush right."""
        draw_keys(QPainter(self), self.width(), self.height() / 2, self._caps)
