"""The box that the image is cropped to, in the hand and in the picture: a handle on each face, dragged along its normal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from planning.geometry import FloatArray, Vector
from viewers.pane_look import PaneLook
from viewers.rendering import Corners
from viewers.scene.camera import Projection
from viewers.scene.drags import POINT_PX, along_mm

# "x0" is the face at the least x (patient right), "x1" the one at the greatest
FACES = tuple(f"{axis}{side}" for axis in "xyz" for side in (0, 1))
HANDLE_PX, HOVERED_PX = 4.5, 6.0
EDGE_PX, HALO_PX = 1.2, 2.0
FAR_OPACITY = 0.45


def face_middle(box_mm: Corners, face: str) -> FloatArray:
    """(3,) middle of a face."""
    low, high = np.array(box_mm[0]), np.array(box_mm[1])
    middle, axis = (low + high) / 2.0, "xyz".index(face[0])
    middle[axis] = (low, high)[int(face[1])][axis]
    return middle


def face_at(box_mm: Corners, x: float, y: float, space: Projection) -> str:
    """The face whose handle lies under the hand, the nearest one to the viewer first; "" for none."""
    near = []
    for face in FACES:
        middle = face_middle(box_mm, face)
        px, py = space.to_screen(middle)
        if np.hypot(px - x, py - y) <= POINT_PX:
            near.append((-float(space.depth_mm(middle)), face))
    return min(near)[1] if near else ""


def dragged_face_mm(box_mm: Corners, face: str, dx: float, dy: float, space: Projection) -> float:
    """Where along its axis a face lies after a drag."""
    axis = "xyz".index(face[0])
    normal: Vector = np.eye(3)[axis]
    return box_mm[int(face[1])][axis] + along_mm(normal, dx, dy, space)


def draw_box(painter: QPainter, look: PaneLook, box_mm: Corners, color: str, space: Projection, hovered: str) -> None:
    """The twelve edges, the far ones fainter, and the handles."""
    depth = float(space.depth_mm((np.array(box_mm[0]) + np.array(box_mm[1])) / 2.0))
    for start, end in _edges(box_mm):
        far = float(space.depth_mm((start + end) / 2.0)) < depth
        ends = [QPointF(*space.to_screen(place)) for place in (start, end)]
        tint = QColor(color)
        tint.setAlphaF(FAR_OPACITY if far else 1.0)
        for pen in (QPen(look.halo_color(0.3 if far else 0.6), EDGE_PX + HALO_PX), QPen(tint, EDGE_PX)):
            painter.setPen(pen)
            painter.drawLine(*ends)
    painter.setPen(QPen(look.halo_color(1.0), 1.5))
    painter.setBrush(QColor(color))
    for face in FACES:
        half = HOVERED_PX if face == hovered else HANDLE_PX
        painter.drawEllipse(QPointF(*space.to_screen(face_middle(box_mm, face))), half, half)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _edges(box_mm: Corners) -> Iterator[tuple[FloatArray, FloatArray]]:
    for axis in range(3):
        others = [other for other in range(3) if other != axis]
        for sides in product((0, 1), repeat=2):
            start = np.array(box_mm[0])
            for other, side in zip(others, sides, strict=True):
                start[other] = box_mm[side][other]
            end = start.copy()
            end[axis] = box_mm[1][axis]
            yield start, end
