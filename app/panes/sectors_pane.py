"""Calcium by cusp and outflow tract: the annulus from above, each sector as full as it is calcified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from app.i18n import text_quantity, tr
from app.panels.labels import text_font
from app.theme.style import color
from app.theme.tokens import HINGES as HINGE_COLORS
from planning.geometry import plane_basis
from viewers.pane_look import PaneLook
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewModel

CUSPS = (
    ("ncc", "commissure_ln", "commissure_nr"),
    ("rcc", "commissure_nr", "commissure_rl"),
    ("lcc", "commissure_rl", "commissure_ln"),
)
INNER_SHARE = 0.36
LEAST_SCALE_MM3 = 100.0
LEAST_TEXT_PX = 11
# of the lines of words from the middle between them, and of words from a ring's line
SHIFT_PX, APART_PX = 8.0, 6.0


class SectorsPane(PlanPane):
    """Drawn as heart teams read it: right cusp on top, left at the lower right, non-coronary at the lower left."""

    def __init__(self, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__("sectors", view, look, tr("Sectors"), parent)
        self._calcium: Mapping[str, Any] | None = None
        self._borders: dict[str, float] = {}
        self.set_detail(tr("calcium by cusp"))

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """The plan's calcium between its commissures."""
        self._calcium = numbers["calcium"]
        annulus, landmarks = numbers["annulus"], numbers["landmarks"]
        right, down = plane_basis(annulus["normal"])
        center = np.asarray(annulus["centroid_mm"])
        self._borders = {}
        for key in ("commissure_nr", "commissure_rl", "commissure_ln"):
            if key in landmarks:
                rest = np.asarray(landmarks[key]["position_mm"]) - center
                # degrees anticlockwise from the right, as Qt counts them
                self._borders[key] = float(np.degrees(np.arctan2(-(rest @ down), rest @ right)))
        regions = self._calcium["by_region"]
        words = ", ".join(f"{key.upper()} {regions[f'{key}_mm3']:.0f}" for key in ("ncc", "rcc", "lcc", "lvot"))
        self.setAccessibleName(tr("Calcium by cusp in cubic millimetres: {words}", words=words))
        self.update()

    def paint_content(self, painter: QPainter) -> None:
        if self._calcium is None:
            return
        box = self.content_rect.adjusted(40, 6, -40, -30)
        radius = min(box.width(), box.height()) / 2
        middle = QPointF(box.center().x(), box.top() + box.height() / 2)
        if len(self._borders) < len(CUSPS):
            painter.setFont(text_font(13))
            painter.setPen(QColor(self.look.text_soft))
            painter.drawText(self.content_rect, Qt.AlignmentFlag.AlignCenter, tr("The commissures were not found"))
            return
        regions = self._calcium["by_region"]
        top = max(LEAST_SCALE_MM3, *(regions[f"{key}_mm3"] for key, _, _ in CUSPS))
        for key, first, last in CUSPS:
            self._sector(painter, middle, radius, key, self._borders[first], self._borders[last], regions, top)
        self._outflow(painter, middle, radius * INNER_SHARE, regions["lvot_mm3"])
        painter.setFont(text_font(11))
        painter.setPen(QColor(self.look.text_soft))
        words = tr(
            "over {threshold_hu}; full = {top}",
            threshold_hu=text_quantity(self._calcium["threshold_hu"], "HU"),
            top=text_quantity(top, "mm³"),
        )
        painter.drawText(QPointF(10, self.height() - 12), words)

    def _sector(
        self,
        painter: QPainter,
        middle: QPointF,
        radius: float,
        key: str,
        start: float,
        end: float,
        regions: Mapping[str, float],
        top: float,
    ) -> None:
        # from above the cusps follow one another anticlockwise: non-coronary, right, left; on screen clockwise
        span = -((start - end) % 360.0)
        inner, volume = radius * INNER_SHARE, regions[f"{key}_mm3"]
        ink = QColor(HINGE_COLORS[key])
        painter.setPen(QPen(QColor(self.look.halo), 3))
        painter.setBrush(QColor(color("s3")))
        painter.drawPath(_ring(middle, inner, radius, start, span))
        ink.setAlphaF(0.55)
        filled = inner + (radius - inner) * min(volume / top, 1.0)
        if filled > inner + 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawPath(_ring(middle, inner + 1.5, filled, start - 1.0, span + 2.0))
        angle = np.radians(start + span / 2)
        away = (inner + radius) / 2
        place = QPointF(middle.x() + away * np.cos(angle), middle.y() - away * np.sin(angle))
        self._words(painter, place, key.upper(), text_quantity(volume, "mm³"), radius - inner - 2.0 * APART_PX)

    def _outflow(self, painter: QPainter, middle: QPointF, radius: float, volume: float) -> None:
        painter.setPen(QPen(QColor(self.look.halo), 3))
        painter.setBrush(QColor(color("warns" if volume > 0 else "s2")))
        painter.drawEllipse(middle, radius - 2, radius - 2)
        # the lower line ends where the ring is narrower than at its middle
        down = min(SHIFT_PX * self.look.text_scale + QFontMetricsF(text_font(13, 600)).capHeight() / 2.0, radius - 2.0)
        chord = 2.0 * float(np.sqrt((radius - 2.0) ** 2 - down**2))
        self._words(painter, middle, "LVOT", text_quantity(volume, "mm³"), chord - 2.0 * APART_PX)

    def _words(self, painter: QPainter, place: QPointF, name: str, figures: str, room_px: float) -> None:
        """Name over figures, smaller where they would stand out of their sector."""
        width = QFontMetricsF(text_font(13, 600)).horizontalAdvance(figures)
        share = min(1.0, max(room_px, 1.0) / max(width, 1.0))
        least = text_font(13, 600)
        least.setPixelSize(LEAST_TEXT_PX)
        if QFontMetricsF(least).horizontalAdvance(figures) > room_px:
            # the line below the ring says the unit
            figures = figures.removesuffix("mm³").rstrip()
            share = min(1.0, max(room_px, 1.0) / QFontMetricsF(text_font(13, 600)).horizontalAdvance(figures))
        for text, font, shift, ink in (
            (name, text_font(11, 600), -SHIFT_PX * share, self.look.text),
            (figures, text_font(13, 600), SHIFT_PX * share, self.look.text),
        ):
            font.setPixelSize(max(round(font.pixelSize() * share), LEAST_TEXT_PX))
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            at = QPointF(
                place.x() - metrics.horizontalAdvance(text) / 2,
                place.y() + shift * self.look.text_scale + metrics.capHeight() / 2,
            )
            painter.setPen(QColor(ink))
            painter.drawText(at, text)


def _ring(middle: QPointF, inner: float, outer: float, start_deg: float, span_deg: float) -> QPainterPath:
    """A sector of a ring; Qt's degrees, anticlockwise from the right."""
    path = QPainterPath()
    big = QRectF(middle.x() - outer, middle.y() - outer, 2 * outer, 2 * outer)
    small = QRectF(middle.x() - inner, middle.y() - inner, 2 * inner, 2 * inner)
    path.arcMoveTo(big, start_deg)
    path.arcTo(big, start_deg, span_deg)
    path.arcTo(small, start_deg + span_deg, -span_deg)
    path.closeSubpath()
    return path
