"""The scan without contrast where its calcium is scored: the brightest through the ball, what was counted, its rim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.i18n import text_quantity, tr
from app.theme.tokens import DARK, PLANS
from planning.geometry import FloatArray
from planning.tavr.agatston import ScoredPicture
from viewers.pane_look import PaneLook, TextStyle
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewModel

LOW_HU, HIGH_HU = -160.0, 400.0
PAINT_SHARE = 0.6


class ScorePane(PlanPane):
    """`place_asked`: a click put the ball's middle elsewhere, LPS mm."""

    place_asked = Signal(object)
    on_panel = False

    def __init__(self, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__("score", view, look, tr("Without contrast"), parent)
        self._seen: ScoredPicture | None = None
        self._image: QImage | None = None
        self._score: Mapping[str, Any] | None = None
        self.setCursor(Qt.CursorShape.CrossCursor)

    def show_score(self, score: Mapping[str, Any] | None, seen: ScoredPicture | None) -> None:
        """A plan's "agatston" and its picture; None while it is read."""
        self._score = score
        if seen is not self._seen:
            self._seen = seen
            self._image = None if seen is None else _painted(seen)
        self.set_detail(
            ""
            if score is None
            else tr("{image}, brightest in {value:.0f} mm", image=score["image"], value=2 * score["reach_mm"])
        )
        if score is not None:
            self.setAccessibleName(
                tr(
                    "{title}, {detail}. Agatston score {score:.0f}",
                    title=self.title,
                    detail=self.detail,
                    score=score["score"],
                )
            )
        self.update()

    def _scale(self) -> tuple[float, QPointF]:
        """Logical pixels a mm, and where pixel (0, 0)'s middle lies."""
        seen = self._seen
        assert seen is not None
        rows, columns = seen.hu.shape
        wide, high = columns * float(np.linalg.norm(seen.right_mm)), rows * float(np.linalg.norm(seen.down_mm))
        box = self.content_rect
        scale = min(box.width() / wide, box.height() / high)
        left, top = box.center().x() - scale * wide / 2, box.center().y() - scale * high / 2
        half = QPointF(float(np.linalg.norm(seen.right_mm)), float(np.linalg.norm(seen.down_mm))) * (scale / 2)
        return scale, QPointF(left, top) + half

    def place_at(self, at: QPointF) -> FloatArray:
        """LPS mm of a place on screen, at the height of the ball's middle."""
        seen = self._seen
        assert seen is not None
        scale, origin = self._scale()
        columns = (at.x() - origin.x()) / scale / float(np.linalg.norm(seen.right_mm))
        rows = (at.y() - origin.y()) / scale / float(np.linalg.norm(seen.down_mm))
        return np.asarray(seen.corner_mm + columns * seen.right_mm + rows * seen.down_mm)

    def screen_of(self, place_mm: FloatArray) -> QPointF:
        """Where a place lies on screen."""
        seen = self._seen
        assert seen is not None
        scale, origin = self._scale()
        rest = np.asarray(place_mm) - seen.corner_mm
        x = float(rest @ seen.right_mm) / float(np.linalg.norm(seen.right_mm))
        y = float(rest @ seen.down_mm) / float(np.linalg.norm(seen.down_mm))
        return QPointF(origin.x() + scale * x, origin.y() + scale * y)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Score round the place under the hand."""
        super().mousePressEvent(event)
        is_picture = self._seen is not None and event.position().y() > self.title_px
        if is_picture and event.button() == Qt.MouseButton.LeftButton:
            self.place_asked.emit(self.place_at(event.position()))

    def paint_content(self, painter: QPainter) -> None:
        if self._seen is None or self._image is None or self._score is None:
            return
        scale, origin = self._scale()
        right, down = (float(np.linalg.norm(step)) for step in (self._seen.right_mm, self._seen.down_mm))
        rows, columns = self._seen.hu.shape
        corner = origin - QPointF(right, down) * (scale / 2)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(corner.x(), corner.y(), columns * right * scale, rows * down * scale), self._image)
        middle = self.screen_of(np.asarray(self._score["center_mm"]))
        radius = float(self._score["reach_mm"]) * scale
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in ((self.look.halo, 4.0), (PLANS["a"], 2.0)):
            painter.setPen(QPen(QColor(ink), width))
            painter.drawEllipse(middle, radius, radius)
        words = tr(
            "{volume_mm3} over 130 HU · click moves the ring",
            volume_mm3=text_quantity(self._score["volume_mm3"], "mm³"),
        )
        self.texts.draw(painter, QPointF(10.0, self.height() - 15.0), words, TextStyle(self.look.text, 12.0, 500))


def _painted(seen: ScoredPicture) -> QImage:
    """Grey values with what was counted in calcium's colour."""
    grey = np.clip((seen.hu - LOW_HU) / (HIGH_HU - LOW_HU), 0.0, 1.0) * 255.0
    pixels = np.repeat(grey[..., None], 3, axis=2)
    ink = QColor(DARK["warn"])
    tint = np.array([ink.red(), ink.green(), ink.blue()], dtype=np.float64)
    pixels[seen.counted] = (1.0 - PAINT_SHARE) * pixels[seen.counted] + PAINT_SHARE * tint
    data = np.ascontiguousarray(pixels.round().astype(np.uint8))
    rows, columns, _ = data.shape
    return QImage(data.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
