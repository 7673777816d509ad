"""Tools of a navigation system over a pane: a transparent widget of its own, so that the picture under it is not made anew.

It is no part of a pane's content: saved pictures, films and reports never show a tool.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from planning.geometry import FloatArray, Vector
from viewers.language import local, tr
from viewers.pane_look import PaneLook, TextPainter, TextStyle
from viewers.scene_pane import ScenePane

if TYPE_CHECKING:
    from viewers.slice_pane import SlicePane

# a slice shows a tip as being in it up to this distance
NEAR_MM = 5.0
AXIS_MM = 60.0
RING_PX, DOT_PX, LINE_PX, RIM_PX = 9.0, 2.6, 2.0, 2.0
LABEL_GAP_PX, LABEL_PX = 8.0, 12.5
FAINT, STALE_OPACITY = 0.5, 0.85
SIDES = ("RL", "AP", "FH")
# a direction is called after a side of the patient up to some 8 degrees off it
STRAIGHT_SHARE = 0.99


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ToolMark:
    """A tool as it is drawn. tip_mm: (3,) LPS. axis: unit, LPS, from the tip to the hand; None where it is not known.

    stale_s: age of a place that may not hold any more, to 0.1 s; None for a fresh one. color: its own, while it is fresh.
    """

    name: str
    tip_mm: Vector
    color: str
    axis: Vector | None = None
    stale_s: float | None = None

    def words(self) -> str:
        """Its name, and since when it may be elsewhere."""
        if self.stale_s is None:
            return self.name
        return local(tr("{name}: stale, {seconds} s", name=self.name, seconds=f"{self.stale_s:.1f}"))

    def is_drawn_as(self, other: ToolMark) -> bool:
        """True where a picture of either is a picture of both."""
        if (self.name, self.color, self.stale_s) != (other.name, other.color, other.stale_s):
            return False
        return _same(self.axis, other.axis) and bool(np.array_equal(self.tip_mm, other.tip_mm))


def _same(one: Vector | None, other: Vector | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.array_equal(one, other))


def away_words(height_mm: float, normal: Vector) -> str:
    """How far a tip lies from a plane, and to which side of the patient where the plane is nearly straight: "12.3 mm H"."""
    words = local(f"{abs(height_mm):.1f} mm")
    axis = int(np.argmax(np.abs(normal)))
    if abs(float(normal[axis])) < STRAIGHT_SHARE:
        return words
    return f"{words} {SIDES[axis][int(height_mm * float(normal[axis]) > 0)]}"


class ToolLayer(QWidget):
    """Draws tools over one pane; sees no mouse and no keys."""

    def __init__(self, pane: SlicePane | ScenePane, look: PaneLook) -> None:
        super().__init__(pane)
        self._pane = pane
        self.setObjectName("tool_layer")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.marks: tuple[ToolMark, ...] = ()
        self.words: tuple[str, ...] = ()
        self.set_look(look)
        pane.installEventFilter(self)
        self.setGeometry(pane.rect())
        self.raise_()
        self.show()

    def set_look(self, look: PaneLook) -> None:
        """Other colours or text size."""
        self._look, self._texts = look, TextPainter(look)
        self.update()

    def set_marks(self, marks: Sequence[ToolMark]) -> bool:
        """Draw these from now on; False where they are drawn already."""
        if len(marks) == len(self.marks) and all(map(ToolMark.is_drawn_as, marks, self.marks)):
            return False
        self.marks = tuple(marks)
        self.update()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the pane's size, over what it shows."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._pane.rect())
            self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.words = tuple(words for mark in self.marks if (words := self._draw(painter, mark)))
        finally:
            painter.end()

    def _draw(self, painter: QPainter, mark: ToolMark) -> str:
        """A tool's mark; gives the words beside it, "" where the pane does not show the place."""
        reach = mark.tip_mm if mark.axis is None else mark.tip_mm + AXIS_MM * mark.axis
        ends = np.stack([mark.tip_mm, reach])
        words, is_near = mark.words(), True
        if isinstance(self._pane, ScenePane):
            if not self._pane.is_started:
                return ""
            places = self._pane.projection().to_screen(ends)
        else:
            geometry = self._pane.geometry_px()
            places = geometry.to_screen(ends)
            height_mm = float(geometry.distance_mm(mark.tip_mm))
            is_near = abs(height_mm) <= NEAR_MM
            if not is_near:
                words = f"{words}  {away_words(height_mm, geometry.normal)}"
        if not self.rect().contains(QPointF(*places[0].tolist()).toPoint()):
            return ""
        is_stale = mark.stale_s is not None
        color = QColor(self._look.text_soft if is_stale else mark.color)
        painter.setOpacity((STALE_OPACITY if is_stale else 1.0) if is_near else FAINT)
        self._shape(painter, places, color, is_near=is_near, is_stale=is_stale, has_axis=mark.axis is not None)
        style = TextStyle(color.name(), LABEL_PX, 600)
        self._words(painter, places[0], words, style)
        painter.setOpacity(1.0)
        return words

    def _shape(
        self, painter: QPainter, places: FloatArray, color: QColor, *, is_near: bool, is_stale: bool, has_axis: bool
    ) -> None:
        """Ring and dot at the tip and a line along the axis; broken lines for what is not here or not now."""
        tip, end = (QPointF(*place.tolist()) for place in places)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(self._look.halo_color(), LINE_PX + RIM_PX), QPen(color, LINE_PX)):
            if is_stale or not is_near:
                # in widths of the line
                pen.setDashPattern([2.0, 1.6] if pen.widthF() == LINE_PX else [1.0, 0.8])
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawEllipse(tip, RING_PX, RING_PX)
            if has_axis and is_near:
                painter.drawLine(tip, end)
        if is_near:
            painter.setPen(QPen(self._look.halo_color(), 1.2))
            painter.setBrush(color)
            painter.drawEllipse(tip, DOT_PX, DOT_PX)

    def _words(self, painter: QPainter, place: FloatArray, words: str, style: TextStyle) -> None:
        """Beside the ring, on the side that has room."""
        gap = RING_PX + LABEL_GAP_PX
        right = float(place[0]) + gap
        if right + self._texts.width(words, style) > self.width():
            self._texts.draw(painter, QPointF(float(place[0]) - gap, float(place[1])), words, style, "right")
        else:
            self._texts.draw(painter, QPointF(right, float(place[1])), words, style)
