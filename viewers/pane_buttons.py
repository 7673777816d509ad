"""The few buttons in a pane's upper right corner; panes show them while the mouse is over the active pane."""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from viewers.pane_look import PaneLook

SIZE, ICON, EDGE, RADIUS = 26, 16, 6, 6.0
STROKE = "1.75"

# (name, icon, tooltip, what it does)
ButtonEntry = tuple[str, str, str, Callable[[], object]]


@functools.lru_cache(maxsize=64)
def _svg(name: str, color: str) -> QSvgRenderer:
    text = importlib.resources.files("assets").joinpath(f"icons/{name}.svg").read_text(encoding="utf-8")
    drawn = text.replace('stroke-width="2"', f'stroke-width="{STROKE}"').replace("currentColor", color)
    return QSvgRenderer(QByteArray(drawn.encode()))


class PaneButton(QAbstractButton):
    """One icon; the ring shows keyboard focus only."""

    def __init__(self, icon: str, look: PaneLook, parent: QWidget) -> None:
        super().__init__(parent)
        self.icon_name = icon
        self.look = look
        self.setFixedSize(SIZE, SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(SIZE, SIZE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = QRectF(self.rect()).adjusted(1.0, 1.0, -1.0, -1.0)
        if self.underMouse() or self.isDown() or self.isChecked():
            ground = QColor(self.look.plane_colors["3d"])
            ground.setAlphaF(0.4 if self.isDown() else 0.25)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(inner, RADIUS - 1.0, RADIUS - 1.0)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(self.look.accent))
            painter.drawRoundedRect(inner, RADIUS - 1.0, RADIUS - 1.0)
        margin = (SIZE - ICON) / 2.0
        _svg(self.icon_name, self.look.text).render(painter, QRectF(margin, margin, ICON, ICON))
        painter.end()


class PaneButtons(QWidget):
    """A row of buttons on a dark ground. Object names are "pane_<pane>_<name>"."""

    def __init__(self, pane: str, entries: Sequence[ButtonEntry], look: PaneLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._all: list[PaneButton] = []
        for name, icon, tooltip, act in entries:
            button = PaneButton(icon, look, self)
            button.setObjectName(f"pane_{pane}_{name}")
            button.setToolTip(tooltip)
            button.setAccessibleName(tooltip)
            button.clicked.connect(lambda _checked=False, act=act: act())
            row.addWidget(button)
            self._all.append(button)

    def set_look(self, look: PaneLook) -> None:
        """Other colours."""
        self._look = look
        for button in self._all:
            button.look = look
            button.update()
        self.update()

    def place(self, upper_right: QPointF) -> None:
        """Into a pane's corner."""
        size = self.sizeHint()
        self.setGeometry(round(upper_right.x()) - size.width() - EDGE, EDGE - 1, size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.halo_color(0.75))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.end()
