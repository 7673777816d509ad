"""Tools of a navigation system over a pane: a transparent widget of its own, so that the picture under it is not made anew.

It is no part of a pane's content: saved pictures, films and reports never show a tool.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from planning.geometry import FloatArray, Vector
from viewers.language import local, tr
from viewers.pane_look import PaneLook, TextPainter, TextStyle
from viewers.scene_pane import ScenePane
from viewers.value_layout import Box, free_box

if TYPE_CHECKING:
    from viewers.slice_pane import SlicePane

# a slice shows a tip as being in it up to this distance
NEAR_MM = 5.0
AXIS_MM = 60.0
RING_PX, DOT_PX, LINE_PX, RIM_PX = 9.0, 2.6, 2.0, 2.0
LABEL_PX, PAD_PX, BOX_OPACITY = 12.0, 5.0, 0.72
FAINT, WORDS_FAINT = 0.75, 0.85
AXIS_BOXES = 16
CORNERS = np.array(((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)))
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


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A tool on the screen. places_px: (1, 2) tip, or (2, 2) tip and the axis's end. lines: of its words."""

    places_px: FloatArray
    lines: tuple[str, ...]
    color: str
    is_near: bool
    is_stale: bool

    def boxes(self) -> list[Box]:
        """What words must leave free: the ring, and the axis in steps."""
        parts = np.linspace(0.0, 1.0, AXIS_BOXES if len(self.places_px) > 1 else 1)[:, None]
        middles = self.places_px[0] + parts * (self.places_px[-1] - self.places_px[0])
        halves = [RING_PX, *([LINE_PX] * (len(middles) - 1))]
        return [(x - half, y - half, x + half, y + half) for (x, y), half in zip(middles.tolist(), halves, strict=True)]


def _point(place_px: FloatArray) -> QPointF:
    return QPointF(float(place_px[0]), float(place_px[1]))


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
            seen = [one for mark in self.marks if (one := self._place(mark)) is not None]
            for one in seen:
                self._shape(painter, one)
            # words cover no tool, and no other words where there is room
            taken = [box for one in seen for box in one.boxes()]
            for one in seen:
                taken.append(self._write(painter, one, taken))
            self.words = tuple("  ".join(one.lines) for one in seen)
        finally:
            painter.end()

    def _place(self, mark: ToolMark) -> _Placed | None:
        """Where a tool is drawn; None where the pane does not show the place of its tip."""
        reach = mark.tip_mm if mark.axis is None else mark.tip_mm + AXIS_MM * mark.axis
        ends = np.stack([mark.tip_mm, reach])
        lines, is_near = (mark.words(),), True
        if isinstance(self._pane, ScenePane):
            if not self._pane.is_started:
                return None
            places = self._pane.projection().to_screen(ends)
        else:
            geometry = self._pane.geometry_px()
            places = geometry.to_screen(ends)
            height_mm = float(geometry.distance_mm(mark.tip_mm))
            is_near = abs(height_mm) <= NEAR_MM
            if not is_near:
                lines, places = (*lines, away_words(height_mm, geometry.normal)), places[:1]
        if not QRectF(self.rect()).contains(_point(places[0])):
            return None
        color = self._look.text_soft if mark.stale_s is not None else mark.color
        return _Placed(places if mark.axis is not None else places[:1], lines, color, is_near, mark.stale_s is not None)

    def _shape(self, painter: QPainter, one: _Placed) -> None:
        """Ring and dot at the tip and a line along the axis; broken lines for what is not here or not now."""
        tip, color = _point(one.places_px[0]), QColor(one.color)
        painter.setOpacity(1.0 if one.is_near else FAINT)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(self._look.halo_color(), LINE_PX + RIM_PX), QPen(color, LINE_PX)):
            if one.is_stale or not one.is_near:
                # in widths of the line
                pen.setDashPattern([2.0, 1.6] if pen.widthF() == LINE_PX else [1.0, 0.8])
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawEllipse(tip, RING_PX, RING_PX)
            if len(one.places_px) > 1:
                painter.drawLine(tip, _point(one.places_px[1]))
        if one.is_near:
            painter.setPen(QPen(self._look.halo_color(), 1.2))
            painter.setBrush(color)
            painter.drawEllipse(tip, DOT_PX, DOT_PX)
        painter.setOpacity(1.0)

    def _write(self, painter: QPainter, one: _Placed, taken: Sequence[Box]) -> Box:
        """Name, age and distance in a dark box beside the ring; gives where it stands."""
        style = TextStyle(one.color, LABEL_PX, 600)
        line_px = self._texts.height(style)
        wide = max(self._texts.width(line, style) for line in one.lines)
        size = wide + 2 * PAD_PX, line_px * len(one.lines) + PAD_PX
        box = free_box(one.places_px[0] + RING_PX * CORNERS, size, taken, self.width(), self.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.halo_color(BOX_OPACITY))
        painter.drawRoundedRect(QRectF(box[0], box[1], size[0], size[1]), 5, 5)
        painter.setOpacity(1.0 if one.is_near else WORDS_FAINT)
        for number, line in enumerate(one.lines):
            y = box[1] + PAD_PX / 2 + (number + 0.5) * line_px
            self._texts.draw(painter, QPointF(box[0] + PAD_PX, y), line, style)
        painter.setOpacity(1.0)
        return box
