"""The four small buttons in the corner of the active pane while the mouse is over it."""

from __future__ import annotations

import functools
import importlib.resources

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from viewers.pane_look import PaneLook

BUTTON_PX, GAP_PX, TOP_PX, RIGHT_PX, ICON_PX = 24, 2, 6, 6, 15
STROKE = "1.75"
BUTTONS = (
    ("reset", "rotate-ccw", "Reset view", "Z"),
    ("overlays", "layers", "Overlays", "H"),
    ("picture", "camera", "Save picture", "P"),
    ("maximise", "maximize-2", "Maximise pane", "F"),
)


class PaneButton(QAbstractButton):
    """An icon on a dark square."""

    def __init__(self, icon: str, look: PaneLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon, self._look = icon, look
        self.setFixedSize(BUTTON_PX, BUTTON_PX)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def set_look(self, look: PaneLook) -> None:
        """Other colours."""
        self._look = look
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(BUTTON_PX, BUTTON_PX)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        lit = self.underMouse() or self.isDown()
        painter.setBrush(self._look.halo_color(0.75))
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        tint = QColor(self._look.text_soft)
        tint.setAlphaF(0.30 if self.isDown() else 0.20 if lit else 0.08)
        painter.setBrush(tint)
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        color = self._look.text if lit else self._look.text_soft
        inset = (BUTTON_PX - ICON_PX) / 2
        _icon(self._icon, color).render(painter, QRectF(inset, inset, ICON_PX, ICON_PX))
        painter.end()


class PaneButtons(QWidget):
    """Reset, overlays, picture, maximise. `asked`: the id of the one that was clicked."""

    asked = Signal(str)

    def __init__(self, pane: str, look: PaneLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._buttons = []
        for number, (identifier, icon, words, key) in enumerate(BUTTONS):
            button = PaneButton(icon, look, self)
            button.setObjectName(f"{pane}_{identifier}")
            button.setToolTip(f"{words} ({key})")
            button.setAccessibleName(f"{words}, {key}")
            button.move(number * (BUTTON_PX + GAP_PX), 0)
            button.clicked.connect(lambda _=False, identifier=identifier: self.asked.emit(identifier))
            self._buttons.append(button)
        self.setFixedSize(len(BUTTONS) * (BUTTON_PX + GAP_PX) - GAP_PX, BUTTON_PX)
        self.hide()

    def set_look(self, look: PaneLook) -> None:
        """Other colours."""
        for button in self._buttons:
            button.set_look(look)

    def place(self, pane_width: int) -> None:
        """Stand in the pane's upper right corner."""
        self.move(pane_width - RIGHT_PX - self.width(), TOP_PX)

    @property
    def room_px(self) -> int:
        """Width that the title must leave free."""
        return self.width() + RIGHT_PX + GAP_PX


@functools.lru_cache(maxsize=32)
def _icon(name: str, color: str) -> QSvgRenderer:
    text = importlib.resources.files("assets").joinpath(f"icons/{name}.svg").read_text(encoding="utf-8")
    drawn = text.replace('stroke-width="2"', f'stroke-width="{STROKE}"').replace("currentColor", color)
    return QSvgRenderer(QByteArray(drawn.encode()))
