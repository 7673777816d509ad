"""Simulated fluoroscopy with the plan drawn over it: cusp arcs, annulus edge and valve where a C-arm would see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from planning.geometry import FloatArray
from planning.tavr.fluoroscopy import CArm, project_points
from planning.units import text_carm
from viewers.language import tr
from viewers.pane_look import PaneLook, TextStyle
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewModel

DEG_PER_PX, SHIFT_STEP_DEG = 0.25, 5.0
TAG_AWAY_PX, TAG_PX, TAG_GAP_PX = 26.0, 24.0, 3.0
MOST_PICTURE_PX = 460
GREY_TABLE = np.rint(12.0 + np.arange(256) * (170.0 / 255.0)).astype(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class DrawnLine:
    """A polyline of the plan: points_mm (N, 3), colour, width in px."""

    points_mm: FloatArray
    color: str
    width_px: float = 1.8


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """A letter beside its point."""

    letter: str
    position_mm: FloatArray
    color: str


class FluoroscopyPane(PlanPane):
    """Shows the newest picture it was given, and the plan always at the angles asked for.

    `angle_asked`: a drag turns the C-arm (LAO, CRA in degrees). `resized`: another picture is wanted.
    """

    angle_asked = Signal(float, float)
    resized = Signal()
    on_panel = False

    def __init__(self, name: str, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__(name, view, look, tr("Fluoroscopy"), parent)
        self.carm: CArm | None = None
        self.view_name = ""
        self._picture: QImage | None = None
        self._pixels: npt.NDArray[np.uint8] | None = None
        self._lines: tuple[DrawnLine, ...] = ()
        self._tags: tuple[Tag, ...] = ()
        self._press: tuple[QPointF, float, float] | None = None
        self.is_waiting = False
        self.setCursor(Qt.CursorShape.SizeAllCursor)

    @property
    def picture_size(self) -> tuple[int, int]:
        """(width, height) of the picture to compute: as the pane is formed, no finer than is worth it."""
        share = min(1.0, MOST_PICTURE_PX / max(self.width(), self.height(), 1))
        return max(round(self.width() * share), 2), max(round(self.height() * share), 2)

    def look_from(self, carm: CArm, view_name: str = "") -> None:
        """The C-arm stands there now; the picture of it follows by `show_picture`."""
        self.carm, self.view_name = carm, view_name
        self.is_waiting = True
        self.set_detail(text_carm(carm.lao_deg, carm.cra_deg).replace("° ", "°  "))
        self.update()

    def show_picture(self, carm: CArm, pixels: npt.NDArray[np.uint8]) -> None:
        """The (H, W) grey picture of a view."""
        self.is_waiting = self.carm is not carm
        # no glare beside dark panes: white becomes a light grey
        self._pixels = np.ascontiguousarray(GREY_TABLE[pixels])
        height, width = self._pixels.shape
        self._picture = QImage(self._pixels.data, width, height, width, QImage.Format.Format_Grayscale8)
        self.update()

    def show_plan(self, lines: Mapping[str, DrawnLine], tags: tuple[Tag, ...]) -> None:
        """What is drawn over the picture."""
        self._lines, self._tags = tuple(lines.values()), tags
        self.update()

    def is_settled(self) -> bool:
        return not self.isVisible() or not self.is_waiting

    def to_pane(self, points_mm: npt.ArrayLike) -> FloatArray:
        """(…, 2) places in this pane of (…, 3) points at the C-arm's angles of now."""
        assert self.carm is not None
        shown = replace(self.carm, size_px=(max(self.width(), 2), max(self.height(), 2)))
        return project_points(points_mm, shown)

    def paint_content(self, painter: QPainter) -> None:
        if self.carm is None:
            return
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), self._picture)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        if self.model.state.show_overlays:
            self._paint_plan(painter)
        style, low, told = TextStyle(self.look.text, 12.0, 500), self.height() - 15.0, tr("simulated from the CT")
        self.texts.draw(painter, QPointF(self.width() - 10.0, low), told, style, "right")
        if self.texts.width(self.view_name, style) + self.texts.width(told, style) > self.width() - 36.0:
            # large text, or a narrow pane: one above the other
            low -= self.texts.height(style) + 2.0
        self.texts.draw(painter, QPointF(10.0, low), self.view_name, style)

    def _paint_plan(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in self._lines:
            places = QPolygonF([QPointF(float(x), float(y)) for x, y in self.to_pane(line.points_mm)])
            for color, width in ((self.look.halo_color(0.5), line.width_px + 1.6), (QColor(line.color), line.width_px)):
                pen = QPen(color, width)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
                painter.setPen(pen)
                painter.drawPolyline(places)
        if not self._tags:
            return
        places = self.to_pane(np.stack([tag.position_mm for tag in self._tags]))
        for tag, place, away in zip(self._tags, places, _apart(places, max(self.look.text_scale, 1.0)), strict=True):
            painter.setPen(QPen(self.look.halo_color(1.0), 1.5))
            painter.setBrush(QColor(tag.color))
            painter.drawEllipse(QPointF(*place.tolist()), 5.0, 5.0)
            if self.model.state.show_labels:
                self._paint_tag(painter, tag, place + away)

    def _paint_tag(self, painter: QPainter, tag: Tag, middle: FloatArray) -> None:
        half = TAG_PX * max(self.look.text_scale, 1.0) / 2
        x = min(max(float(middle[0]), half + 2), self.width() - half - 2)
        y = min(max(float(middle[1]), self.title_px + half), self.height() - half - 24)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.halo_color(0.75))
        painter.drawRoundedRect(QRectF(x - half, y - half, 2 * half, 2 * half), 5, 5)
        self.texts.draw(painter, QPointF(x, y), tag.letter, TextStyle(tag.color, 12.0, 600), "center")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.carm is not None:
            self._press = (event.position(), self.carm.lao_deg, self.carm.cra_deg)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        start, lao, cra = self._press
        moved = event.position() - start
        lao, cra = lao + moved.x() * DEG_PER_PX, cra + moved.y() * DEG_PER_PX
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            lao, cra = (SHIFT_STEP_DEG * round(angle / SHIFT_STEP_DEG) for angle in (lao, cra))
        self.angle_asked.emit(float(np.clip(lao, -90.0, 90.0)), float(np.clip(cra, -60.0, 60.0)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


def _apart(places: FloatArray, scale: float = 1.0) -> FloatArray:
    """(N, 2) ways from the points to their tags: outwards along the line they make, apart where tags would meet.

    scale: of the text, and so of the tags.
    """
    middle, size = places.mean(axis=0), scale * TAG_PX
    away = np.zeros_like(places)
    for n, place in enumerate(places):
        rest = place - middle
        length = float(np.linalg.norm(rest))
        others = np.delete(places, n, axis=0)
        is_inner = len(others) >= 2 and length < np.linalg.norm(others - middle, axis=1).min()
        direction = np.array((0.0, 1.0)) if is_inner or length < 1.0 else rest / length
        away[n] = scale * TAG_AWAY_PX * direction
    pairs = [(first, second) for first in range(len(places)) for second in range(first + 1, len(places))]
    for first, second in pairs:
        if np.linalg.norm(places[first] + away[first] - places[second] - away[second]) < size / 2:
            # two hinges behind one another: one tag above, one below
            away[first], away[second] = scale * np.array((14.0, -20.0)), scale * np.array((14.0, 20.0))
    for first, second in pairs * 2:
        between = places[second] + away[second] - places[first] - away[first]
        overlap = size + TAG_GAP_PX - np.abs(between)
        if overlap.min() > 0:
            # both give way, to the side where they have to go least
            axis = int(np.argmin(overlap))
            step = np.zeros(2)
            step[axis] = (overlap[axis] / 2) * (1.0 if between[axis] >= 0 else -1.0)
            away[first], away[second] = away[first] - step, away[second] + step
    return away
