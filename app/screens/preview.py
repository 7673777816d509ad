"""One slice of a series as a picture: letters at the edges, ruler, window and level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import text_value, tr
from app.panels.labels import text_font
from app.theme.tokens import DARK, PLANES
from app.thumbnails import grey_image
from planning.dicom.fitness import Fitness, has_contrast
from planning.units import THIN_SPACE

Axis = Sequence[float]
RULERS_MM = (5, 10, 20, 50, 100, 200)
WINDOWS = {
    "tavr": (900.0, 260.0),
    "access": (900.0, 260.0),
    "moving": (900.0, 260.0),
    "liver": (360.0, 70.0),
    "contrast": (600.0, 140.0),
    "plain": (400.0, 40.0),
}
# a second letter where a direction is that oblique
OBLIQUE = 0.38


def direction_letters(direction: Axis) -> str:
    """ "L", "R", "P", "A", "H", "F", or two of them, the larger first, for a unit direction in LPS."""
    order = np.argsort(-np.abs(np.asarray(direction, dtype=np.float64)))
    letters = ""
    for axis in order[:2]:
        value = float(direction[axis])
        if not letters or abs(value) > OBLIQUE:
            letters += ("LPH" if value > 0 else "RAF")[axis]
    return letters


def opposite_letters(letters: str) -> str:
    """The letters of the other edge."""
    return letters.translate(str.maketrans("LRPAHF", "RLAPFH"))


def plane_name(right: Axis, down: Axis) -> str:
    """ "axial", "coronal" or "sagittal", by the axis that the picture looks along most."""
    normal = np.abs(np.cross(right, down))
    return ("sagittal", "coronal", "axial")[int(normal.argmax())]


def ruler_mm(mm_per_px: float, room_px: float) -> int:
    """The longest of 5, 10, 20, 50, 100, 200 mm that fits into the room."""
    fitting = [length for length in RULERS_MM if length / mm_per_px <= room_px]
    return fitting[-1] if fitting else RULERS_MM[0]


def series_window(fitness: Fitness, pixels: npt.NDArray[Any]) -> tuple[float, float]:
    """(window, level) that shows a series for what it serves: HU for CT, else by the picture's own values."""
    if fitness.series.modality != "CT":
        low, high = np.percentile(pixels, (1, 99))
        return max(float(high - low), 1.0), float(high + low) / 2.0
    plain = WINDOWS["contrast"] if has_contrast(fitness.series) else WINDOWS["plain"]
    return next((WINDOWS[badge] for badge in fitness.badges), plain)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """pixels `[row, col]`; spacing_mm between rows and between columns; right, down: unit LPS or None; W and L."""

    pixels: npt.NDArray[Any]
    spacing_mm: tuple[float, float]
    right: Axis | None
    down: Axis | None
    window: float
    level: float
    place: str = ""


class SlicePreview(QWidget):
    """Shows a Picture on black, in both themes. A note stands in its middle where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._image = QImage()
        self._note = ""
        self.setObjectName("series_preview")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def picture(self) -> Picture | None:
        """What is shown."""
        return self._picture

    def sizeHint(self) -> QSize:
        """As in the panel."""
        return QSize(368, 300)

    def show_picture(self, picture: Picture) -> None:
        """Show a slice."""
        self._picture, self._note = picture, ""
        self._image = grey_image(picture.pixels, picture.window, picture.level)
        plane = tr("Slice")
        if picture.right is not None and picture.down is not None:
            plane = plane_name(picture.right, picture.down).capitalize()
        self.setAccessibleName(f"{plane} {picture.place}".strip())
        self.update()

    def show_note(self, text: str) -> None:
        """Show nothing but a sentence."""
        self._picture, self._note = None, text
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The slice in its true proportions, then what is written on it."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(DARK["pane"]))
        picture = self._picture
        if picture is None:
            painter.setFont(text_font(12))
            painter.setPen(QColor(DARK["t3"]))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(20, 20, -20, -20), int(flags), self._note)
            return
        height_mm = self._image.height() * picture.spacing_mm[0]
        width_mm = self._image.width() * picture.spacing_mm[1]
        mm_per_px = max(height_mm / self.height(), width_mm / self.width())
        size = QPointF(width_mm / mm_per_px, height_mm / mm_per_px)
        box = QRectF((self.width() - size.x()) / 2, (self.height() - size.y()) / 2, size.x(), size.y())
        painter.drawImage(box, self._image)
        self._paint_words(painter, picture, mm_per_px)

    def _paint_words(self, painter: QPainter, picture: Picture, mm_per_px: float) -> None:
        width, height = float(self.width()), float(self.height())
        x = 10.0
        if picture.right is not None and picture.down is not None:
            plane = plane_name(picture.right, picture.down)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(PLANES[plane]))
            painter.drawRoundedRect(QRectF(x, 11, 10, 10), 2.5, 2.5)
            x = self._text(painter, x + 17, 16, plane.capitalize(), 12, 600, "t1") + 10
            right, down = direction_letters(picture.right), direction_letters(picture.down)
            middle = QFontMetricsF(text_font(13, 600)).height() / 2
            for text, place in (
                (right, QPointF(width - 14, height / 2)),
                (opposite_letters(right), QPointF(14, height / 2)),
                (down, QPointF(width / 2, height - 5 - middle)),
                (opposite_letters(down), QPointF(width / 2, 31 + middle)),
            ):
                self._letter(painter, text, place)
        self._text(painter, x, 16, picture.place, 12, 400, "t2")
        words = f"W {text_value(picture.window, 0)}  L {text_value(picture.level, 0)}"
        self._text(painter, 10, height - 15, words, 11, 500, "t2")
        self._ruler(painter, mm_per_px)

    def _text(self, painter: QPainter, x: float, middle: float, text: str, size: int, weight: int, token: str) -> float:
        painter.setFont(text_font(size, weight))
        metrics = QFontMetricsF(painter.font())
        at = QPointF(x, middle + (metrics.ascent() - metrics.descent()) / 2)
        self._haloed(painter, at, text, token)
        return x + metrics.horizontalAdvance(text)

    def _letter(self, painter: QPainter, text: str, place: QPointF) -> None:
        painter.setFont(text_font(13, 600))
        metrics = QFontMetricsF(painter.font())
        left = place.x() - metrics.horizontalAdvance(text) / 2
        left = min(max(left, 6.0), self.width() - 6.0 - metrics.horizontalAdvance(text))
        self._haloed(painter, QPointF(left, place.y() + (metrics.ascent() - metrics.descent()) / 2), text, "t1")

    @staticmethod
    def _haloed(painter: QPainter, at: QPointF, text: str, token: str) -> None:
        halo = QColor(DARK["pane"])
        halo.setAlphaF(0.35)
        painter.setPen(halo)
        for x, y in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1), (-1, 1), (1, -1)):
            painter.drawText(at + QPointF(x, y), text)
        painter.setPen(QColor(DARK[token]))
        painter.drawText(at, text)

    def _ruler(self, painter: QPainter, mm_per_px: float) -> None:
        length_mm = ruler_mm(mm_per_px, 0.22 * self.width())
        right, y = self.width() - 12.0, self.height() - 14.0
        left = right - length_mm / mm_per_px
        for token, width in (("pane", 3.5), ("t1", 1.5)):
            painter.setPen(QPen(QColor(DARK[token]), width))
            painter.drawLine(QPointF(left, y), QPointF(right, y))
            painter.drawLine(QPointF(left, y - 4), QPointF(left, y))
            painter.drawLine(QPointF(right, y - 4), QPointF(right, y))
        painter.setFont(text_font(11, 500))
        metrics = QFontMetricsF(painter.font())
        text = f"{length_mm}{THIN_SPACE}mm"
        x = min(
            (left + right) / 2 - metrics.horizontalAdvance(text) / 2, self.width() - 8 - metrics.horizontalAdvance(text)
        )
        self._haloed(painter, QPointF(x, y - 6 - metrics.descent()), text, "t1")
