"""The window and panes on other screens stand where they stood the last time, if a screen still shows them there."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from app.pane_window import on_a_screen
from app.settings import Place, WindowPlace


def put_back(window: QWidget, kept: WindowPlace) -> bool:
    """Give a window its old place; False where no screen would show it there."""
    if kept.place is None:
        return False
    place = QRect(*kept.place)
    if place.width() < 200 or place.height() < 200 or not on_a_screen(place):
        return False
    window.setGeometry(place)
    return True


def place_of(window: QWidget) -> Place:
    """Where a window stands when it is not maximised."""
    place = window.normalGeometry() if window.isMaximized() or window.isFullScreen() else window.geometry()
    return place.x(), place.y(), place.width(), place.height()
