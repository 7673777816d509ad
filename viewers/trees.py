"""Vessel trees on a picture, in slices and over 3D: short lines over their halo, and marks of what the hand changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from planning.geometry import FloatArray
from viewers.overlay import IntArray, TreeMarkItem
from viewers.pane_geometry import PaneGeometry
from viewers.pane_look import PaneLook, TextPainter, TextStyle

HALO_PX = 2.0
MARK_PX, DISC_PX = 5.0, 4.0
WORDS_PX, WORDS_GAP_PX = 12.0, 12.0


def steps_of(lines: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """(M,) point numbers at which each step from point to point begins and ends."""
    if not lines:
        none = np.zeros(0, dtype=np.int64)
        return none, none
    return np.concatenate([line[:-1] for line in lines]), np.concatenate([line[1:] for line in lines])


def near_steps(
    points_mm: FloatArray, lines: Sequence[IntArray], geometry: PaneGeometry, within_mm: float
) -> FloatArray:
    """(M, 2, 2) screen ends of a tree's steps that lie within a distance of the pane's plane."""
    starts, ends = steps_of(lines)
    near = np.abs(geometry.distance_mm(points_mm)) <= within_mm
    shown = near[starts] & near[ends]
    places = geometry.to_screen(points_mm)
    return np.stack([places[starts[shown]], places[ends[shown]]], axis=1)


def draw_steps(
    painter: QPainter, look: PaneLook, ends: FloatArray, color: QColor, width_px: float, *, dashed: bool = False
) -> None:
    """(M, 2, 2) short lines over their halo."""
    lines = [QLineF(*step) for step in ends.reshape(-1, 4).tolist()]
    for ink, width in ((look.halo_color(0.6), width_px + HALO_PX), (color, width_px)):
        pen = QPen(ink, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if dashed and ink is color:
            pen.setDashPattern([3.0, 2.5])
        painter.setPen(pen)
        painter.drawLines(lines)


def draw_mark(
    painter: QPainter,
    look: PaneLook,
    texts: TextPainter,
    item: TreeMarkItem,
    ends: FloatArray,
    place: FloatArray | None,
    width: float,
) -> None:
    """What the hand is about to change. ends: (M, 2, 2) of its lines; place: of the disc, None where it is not seen.

    width: of the pane, in which the words stay.
    """
    draw_steps(painter, look, ends, QColor(item.color), MARK_PX)
    if place is None:
        return
    x, y = float(place[0]), float(place[1])
    painter.setPen(QPen(look.halo_color(1.0), 1.5))
    painter.setBrush(QColor(look.text))
    painter.drawEllipse(QPointF(x, y), DISC_PX, DISC_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    style = TextStyle(look.text, WORDS_PX, 600)
    goes_over = x + WORDS_GAP_PX + texts.width(item.words, style) > width - 4.0
    side = QPointF(x - WORDS_GAP_PX if goes_over else x + WORDS_GAP_PX, y - WORDS_GAP_PX)
    texts.draw(painter, side, item.words, style, "right" if goes_over else "left")
