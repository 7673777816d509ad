"""Colours and type of a pane, given from outside, and text that stays readable on any image."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

HALO_PX = 3.0
WEIGHTS = {400: QFont.Weight.Normal, 500: QFont.Weight.Medium, 600: QFont.Weight.DemiBold}
CACHED_TEXTS = 256


@dataclass(frozen=True, slots=True)
class PaneLook:
    """Colours ("#RRGGBB") and font of a pane; panes lie on black in every theme.

    ok, bad: of the margin map, with `warn` between them; "" takes the green and red of the planes. plan: of what is being
    edited; "" takes the accent.
    """

    accent: str
    text: str
    text_soft: str
    halo: str
    warn: str
    plane_colors: Mapping[str, str]
    font_family: str
    text_scale: float = 1.0
    ok: str = ""
    bad: str = ""
    plan: str = ""

    def font(self, size_px: float, weight: int = 400) -> QFont:
        """The pane's font at a size scaled by the text scale, figures of equal width."""
        made = QFont(self.font_family)
        made.setPixelSize(max(1, round(size_px * self.text_scale)))
        made.setWeight(WEIGHTS[weight])
        made.setFeature(QFont.Tag("tnum"), 1)
        return made

    def halo_color(self, opacity: float = 0.6) -> QColor:
        """The dark rim round lines and letters."""
        color = QColor(self.halo)
        color.setAlphaF(opacity)
        return color


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How one text is drawn."""

    color: str
    size_px: float = 12.0
    weight: int = 500


class TextPainter:
    """Draws texts with a halo; each is stroked once and then kept as a small picture (strokes are dear)."""

    def __init__(self, look: PaneLook) -> None:
        self.look = look
        self._kept: dict[tuple[str, TextStyle, float], QPixmap] = {}
        self._metrics: dict[tuple[float, int], QFontMetricsF] = {}

    def _measures(self, style: TextStyle) -> QFontMetricsF:
        """A font's measures, kept: a font is dearer to make than a text is to draw."""
        key = (style.size_px, style.weight)
        if key not in self._metrics:
            self._metrics[key] = QFontMetricsF(self.look.font(*key))
        return self._metrics[key]

    def width(self, text: str, style: TextStyle) -> float:
        """Advance in logical pixels."""
        return self._measures(style).horizontalAdvance(text)

    def height(self, style: TextStyle) -> float:
        """Line height in logical pixels."""
        return self._measures(style).height()

    def elided(self, text: str, style: TextStyle, width: float) -> str:
        """The text, shortened with an ellipsis to fit a width."""
        return self._measures(style).elidedText(text, Qt.TextElideMode.ElideRight, width)

    def draw(self, painter: QPainter, place: QPointF, text: str, style: TextStyle, align: str = "left") -> QRectF:
        """Draw beside a place: `align` left, center or right of it, vertically centred. Gives the text's rectangle."""
        width, height = self.width(text, style), self.height(style)
        left = place.x() - {"left": 0.0, "center": width / 2, "right": width}[align]
        top = place.y() - height / 2
        picture = self._picture(text, style, painter.device().devicePixelRatioF())
        ratio = picture.devicePixelRatio()
        # whole device pixels, or the kept letters blur
        corner = QPointF(round((left - HALO_PX) * ratio) / ratio, round((top - HALO_PX) * ratio) / ratio)
        painter.drawPixmap(corner, picture)
        return QRectF(left, top, width, height)

    def _picture(self, text: str, style: TextStyle, ratio: float) -> QPixmap:
        key = (text, style, ratio)
        found = self._kept.pop(key, None)
        if found is None:
            found = self._make(text, style, ratio)
        self._kept[key] = found
        while len(self._kept) > CACHED_TEXTS:
            del self._kept[next(iter(self._kept))]
        return found

    def _make(self, text: str, style: TextStyle, ratio: float) -> QPixmap:
        font = self.look.font(style.size_px, style.weight)
        metrics = QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(text), metrics.height()
        picture = QPixmap(
            max(1, math.ceil((width + 2 * HALO_PX) * ratio)), max(1, math.ceil((height + 2 * HALO_PX) * ratio))
        )
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        path = QPainterPath()
        # letters cut from a variable font overlap themselves; the default rule would leave holes there
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addText(QPointF(HALO_PX, HALO_PX + metrics.ascent()), font, text)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self.look.halo_color(0.75), HALO_PX)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
        painter.fillPath(path, QColor(style.color))
        painter.end()
        return picture
