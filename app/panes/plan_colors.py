"""The colour of a plan: cyan for A, pink for B, green for C and so on to H; darker on light panels; and its dot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.theme.style import current_look
from app.theme.tokens import LIGHT_PLANS, PLANS

RING_WIDTH = 2.0


def plan_color(name: str, names: Sequence[str], *, on_panel: bool = False) -> str:
    """Of a plan among all of its kind. on_panel: it lies on a panel, not on a black pane."""
    shown = LIGHT_PLANS if on_panel and current_look().theme == "light" else PLANS
    if name.lower() in shown:
        return shown[name.lower()]
    # names of a person's own take the colours that no letter holds, as far as they go
    free = [key for key in shown if key not in {other.lower() for other in names}] or list(shown)
    own = [other for other in names if other.lower() not in shown]
    return shown[free[(own.index(name) if name in own else len(own)) % len(free)]]


def paint_plan_dot(
    painter: QPainter, middle: QPointF, radius_px: float, ink: QColor, ground: QColor, *, is_beaten: bool = False
) -> None:
    """A plan's dot with a rim of the ground's colour; hollow for one that another plan beats: the colour stays its own."""
    painter.setPen(QPen(ground, 1.5))
    painter.setBrush(ground if is_beaten else ink)
    painter.drawEllipse(middle, radius_px, radius_px)
    if is_beaten:
        painter.setPen(QPen(ink, RING_WIDTH))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, radius_px - RING_WIDTH / 2.0, radius_px - RING_WIDTH / 2.0)
