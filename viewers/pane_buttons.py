"""The small buttons in the corner of the active pane while the mouse is over it."""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from viewers.keys import show_key
from viewers.language import mark, tr
from viewers.pane_look import PaneLook

BUTTON_PX, GAP_PX, TOP_PX, RIGHT_PX, ICON_PX = 24, 2, 6, 6, 15
STROKE = "1.75"
LOCKED, UNLOCKED = mark("Planes turn together"), mark("Each plane turns by itself")
BUTTONS = (
    ("lock", "lock", LOCKED, "Ctrl+R"),
    ("reset", "rotate-ccw", mark("Reset view"), "Z"),
    ("overlays", "layers", mark("Overlays"), "H"),
    ("picture", "camera", mark("Save picture"), "P"),
    ("maximise", "maximize-2", mark("Maximise pane"), "F"),
)

# 3D has no planes to unlock, but settings of its own
SCENE_BUTTONS = (("rendering", "sliders-horizontal", mark("3D view settings"), "Ctrl+Shift+V"), *BUTTONS[1:])


class PaneButton(QAbstractButton):
    """An icon on a dark square."""

    def __init__(self, icon: str, look: PaneLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon, self._look = icon, look
        self._drawn: tuple[tuple[str, bool, bool, float], QPixmap] | None = None
        self.setFixedSize(BUTTON_PX, BUTTON_PX)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def set_look(self, look: PaneLook) -> None:
        """Other colours."""
        self._look, self._drawn = look, None
        self.update()

    def set_icon(self, icon: str) -> None:
        """Another picture."""
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(BUTTON_PX, BUTTON_PX)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        key = (self._icon, self.underMouse() or self.isDown(), self.isDown(), self.devicePixelRatioF())
        # kept: every picture of the pane below asks for it again
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._draw(*key))
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn[1])
        painter.end()

    def _draw(self, icon: str, lit: bool, down: bool, ratio: float) -> QPixmap:
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.halo_color(0.75))
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        tint = QColor(self._look.text_soft)
        tint.setAlphaF(0.30 if down else 0.20 if lit else 0.08)
        painter.setBrush(tint)
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        inset = (BUTTON_PX - ICON_PX) / 2
        color = self._look.text if lit else self._look.text_soft
        _icon(icon, color).render(painter, QRectF(inset, inset, ICON_PX, ICON_PX))
        painter.end()
        return picture


class PaneButtons(QWidget):
    """Padlock, reset, overlays, picture, maximise. `asked`: the id of the one that was clicked."""

    asked = Signal(str)

    def __init__(
        self,
        pane: str,
        look: PaneLook,
        parent: QWidget,
        buttons: Sequence[tuple[str, str, str, str]] = BUTTONS,
    ) -> None:
        super().__init__(parent)
        self._buttons: list[PaneButton] = []
        self._is_locked = True
        for number, (identifier, icon, words, key) in enumerate(buttons):
            button = PaneButton(icon, look, self)
            button.setObjectName(f"{pane}_{identifier}")
            button.setToolTip(f"{tr(words)} ({key})")
            button.setAccessibleName(f"{tr(words)}, {key}")
            button.move(number * (BUTTON_PX + GAP_PX), 0)
            button.clicked.connect(lambda _=False, identifier=identifier: self.asked.emit(identifier))
            self._buttons.append(button)
        self.setFixedSize(len(buttons) * (BUTTON_PX + GAP_PX) - GAP_PX, BUTTON_PX)
        self.hide()

    def show_locked(self, locked: bool) -> None:
        """The padlock says whether the planes keep their right angles."""
        if locked == self._is_locked:
            return
        self._is_locked = locked
        words = tr(LOCKED if locked else UNLOCKED)
        lock = self._buttons[0]
        lock.set_icon("lock" if locked else "lock-open")
        show_key(lock, words, "free_planes", name=words)

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
