"""Colours and type of a pane, given from outside, and text that stays readable on any image."""

from __future__ import annotations

import math
import re
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPixmap

Cover = npt.NDArray[np.uint8]
HALO_PX, HALO_OPACITY = 3.0, 0.75
WEIGHTS = {400: QFont.Weight.Normal, 500: QFont.Weight.Medium, 600: QFont.Weight.DemiBold}
CACHED_TEXTS, CACHED_PIECES, CACHED_WIDTHS = 256, 1024, 512
# a figure (all are equally wide), or what stands between figures; placed to a quarter of a device pixel
PIECES, SHIFTS = re.compile(r"\d|\D+"), 4


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
    """Draws texts with a halo; each is kept as a small picture, and the figures it is made of too (strokes are dear)."""

    def __init__(self, look: PaneLook) -> None:
        self.look = look
        self._kept: dict[tuple[str, TextStyle, float], QPixmap] = {}
        self._pieces: dict[tuple[str, float, int, float, int], tuple[Cover, Cover]] = {}
        self._metrics: dict[tuple[float, int], QFontMetricsF] = {}
        self._widths: dict[tuple[str, float, int], float] = {}
        _painters.add(self)

    def forget(self) -> None:
        """Let go of the texts' pictures, not of what they are put together from: the next paint has them in a moment."""
        self._kept.clear()

    def _measures(self, style: TextStyle) -> QFontMetricsF:
        """A font's measures, kept: a font is dearer to make than a text is to draw."""
        key = (style.size_px, style.weight)
        if key not in self._metrics:
            self._metrics[key] = QFontMetricsF(self.look.font(*key))
        return self._metrics[key]

    def width(self, text: str, style: TextStyle) -> float:
        """Advance in logical pixels."""
        key = (text, style.size_px, style.weight)
        found = self._widths.get(key)
        if found is None:
            while len(self._widths) >= CACHED_WIDTHS:
                del self._widths[next(iter(self._widths))]
            found = self._widths[key] = self._measures(style).horizontalAdvance(text)
        return found

    def height(self, style: TextStyle) -> float:
        """Line height in logical pixels."""
        return self._measures(style).height()

    def elided(self, text: str, style: TextStyle, width: float) -> str:
        """The text, shortened with an ellipsis to fit a width."""
        if self.width(text, style) <= width:
            return text
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
        """The text put together of its pieces: figures change at every move of a hand, their shapes do not."""
        height, width = self._pixels(text, style, ratio)
        halo, letters = np.zeros((2, height, width), dtype=np.uint8)
        place = 0.0
        for piece in PIECES.findall(text):
            left, shift = divmod(round(place * ratio * SHIFTS), SHIFTS)
            part_halo, part_letters = self._piece(piece, style, ratio, shift)
            right = min(left + part_halo.shape[1], width)
            for whole, part in ((halo, part_halo), (letters, part_letters)):
                # where rims of neighbours meet they are one rim
                np.maximum(whole[:, left:right], part[:, : right - left], out=whole[:, left:right])
            place += self.width(piece, style)
        return _colored(halo, letters, self.look.halo_color(HALO_OPACITY), QColor(style.color), ratio)

    def _pixels(self, text: str, style: TextStyle, ratio: float) -> tuple[int, int]:
        """(height, width) of a text with its halo in device pixels."""
        sides = self.height(style), self.width(text, style)
        high, wide = (max(1, math.ceil((side + 2 * HALO_PX) * ratio)) for side in sides)
        return high, wide

    def _piece(self, piece: str, style: TextStyle, ratio: float, shift: int) -> tuple[Cover, Cover]:
        """How much halo and letters cover the pixels of a piece that stands `shift` parts of a pixel to the right."""
        key = (piece, style.size_px, style.weight, ratio, shift)
        if key not in self._pieces:
            while len(self._pieces) >= CACHED_PIECES:
                del self._pieces[next(iter(self._pieces))]
            height, width = self._pixels(piece, style, ratio)
            path = QPainterPath()
            # letters cut from a variable font overlap themselves; the default rule would leave holes there
            path.setFillRule(Qt.FillRule.WindingFill)
            start = QPointF(HALO_PX + shift / SHIFTS / ratio, HALO_PX + self._measures(style).ascent())
            path.addText(start, self.look.font(style.size_px, style.weight), piece)
            pen = QPen(Qt.GlobalColor.black, HALO_PX)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            size = QSize(width + 1, height)
            self._pieces[key] = (
                _cover(size, ratio, lambda painter: painter.strokePath(path, pen)),
                _cover(size, ratio, lambda painter: painter.fillPath(path, Qt.GlobalColor.black)),
            )
        return self._pieces[key]


_painters: weakref.WeakSet[TextPainter] = weakref.WeakSet()


def forget_texts() -> None:
    """Let go of the texts that any pane ever showed: 2.5 MB of numbers under a hand in each pane that one moved in."""
    for painter in tuple(_painters):
        painter.forget()


def _cover(size: QSize, ratio: float, draw: Callable[[QPainter], None]) -> Cover:
    """How much of each pixel is drawn on."""
    picture = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    pixels = np.frombuffer(picture.constBits(), dtype=np.uint32).reshape(size.height(), size.width())
    return (pixels >> 24).astype(np.uint8)


def _colored(halo: Cover, letters: Cover, under: QColor, over: QColor, ratio: float) -> QPixmap:
    """Letters of one colour over a halo of another."""
    cover = letters[..., None] / np.float32(255.0)
    rim = halo[..., None] * np.float32(under.alphaF() / 255.0)
    below, above = (np.array((c.blueF(), c.greenF(), c.redF(), 1.0), dtype=np.float32) for c in (under, over))
    # premultiplied, as bytes from blue to opacity
    pixels = np.rint(255.0 * (above * cover + below * rim * (1.0 - cover))).astype(np.uint8)
    height, width = halo.shape
    picture = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(picture)
