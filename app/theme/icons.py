"""Lucide icons, drawn from SVG at every size and pixel ratio, coloured by token."""

from __future__ import annotations

import functools
import importlib.resources

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

STROKE = "1.75"


@functools.cache
def _svg(name: str) -> str:
    path = importlib.resources.files("assets").joinpath(f"icons/{name}.svg")
    return path.read_text(encoding="utf-8").replace('stroke-width="2"', f'stroke-width="{STROKE}"')


@functools.lru_cache(maxsize=512)
def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_svg(name).replace("currentColor", color).encode()))


def draw_icon(painter: QPainter, name: str, color: str, rectangle: QRectF) -> None:
    """Paint an icon into a rectangle of logical pixels."""
    _renderer(name, color).render(painter, rectangle)


class _Engine(QIconEngine):
    """Draws the icon in the colour of the widget's state."""

    def __init__(self, name: str, color: str, on_color: str, off_color: str) -> None:
        super().__init__()
        self._name = name
        self._colors = (color, on_color, off_color)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        color, on_color, off_color = self._colors
        if mode == QIcon.Mode.Disabled:
            color = off_color
        elif state == QIcon.State.On:
            color = on_color
        draw_icon(painter, self._name, color, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixels = QPixmap(size)
        if pixels.isNull():
            # a button without room asks too
            return pixels
        pixels.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixels)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixels

    def clone(self) -> QIconEngine:
        return _Engine(self._name, *self._colors)


def icon(name: str, color: str, on_color: str | None = None, off_color: str | None = None) -> QIcon:
    """A QIcon; `on_color` when checked, `off_color` when disabled."""
    return QIcon(_Engine(name, color, on_color or color, off_color or color))
