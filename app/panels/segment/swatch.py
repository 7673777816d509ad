"""A colour that can be chosen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.i18n import tr
from app.theme.style import color


class Swatch(QAbstractButton):
    """A colour to choose; the present one is ringed."""

    def __init__(self, value: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value, self.is_current = value, False
        self.setObjectName(f"color_{value.lstrip('#').lower()}")
        self.setAccessibleName(tr("Colour of {name}", name=name))
        self.setToolTip(name)
        self.setFixedSize(20, 20)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """A small square."""
        return QSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Square and ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.value))
        painter.drawRoundedRect(self.rect().adjusted(3, 3, -3, -3), 4, 4)
        if self.is_current or self.hasFocus():
            painter.setPen(QPen(QColor(color("acc" if self.hasFocus() else "t1")), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 5, 5)
