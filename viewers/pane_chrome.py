"""What every slice pane writes round its image: title, letters, ruler, window, values under the hand, crosshair, cube."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from planning.geometry import FloatArray, Vector, orientation_letters
from planning.units import THIN_SPACE
from viewers.hatch_legend import draw_legend
from viewers.language import mark, text_position, text_value, tr
from viewers.lut import window_decimals
from viewers.over_legend import draw_over_legend
from viewers.overlay import OverItem
from viewers.pane_geometry import PaneGeometry
from viewers.pane_look import PaneLook, TextPainter, TextStyle
from viewers.turning import crossed
from viewers.view_state import SLICES, ViewState

MARGIN_PX = 10.0
TITLE_Y, LETTER_TOP_Y, LETTER_EDGE_PX, LETTER_BOTTOM_PX = 16.0, 40.0, 13.0, 14.0
SQUARE_PX = 10.0
FOOT_PX, LINE_PX, LETTER_ROOM_PX = 15.0, 16.0, 14.0
RULER_LENGTHS_MM = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
RULER_MOST_PX = 84.0
CROSS_PX, CROSS_OPACITY, CROSS_GAP_PX, CROSS_HANDLE_PX = 1.2, 0.8, 16.0, 4.5
# clear of the letters: the upper one stands below the title
HANDLE_INSET_PX, HANDLE_TOP_INSET_PX = 38.0, 60.0
LEAST_ARM_PX = 90.0
# the slab's square lies further in than the turning handle, which stays clear of the letters
SLAB_INSET_PX, SLAB_SQUARE_PX, LEAST_SLAB_ARM_PX = 26.0, 3.5, 110.0
CUBE_PX = 15.0
# half of its diagonal, and the least pane that has room for it beside its numbers
CUBE_REACH_PX, CUBE_LEAST_PANE_PX = 27.0, 230.0
# values without a unit have more decimals below this
FINE_BELOW = 20.0
RULER_ROOM_PX, CUBE_ROOM_PX = 50.0, 112.0

TITLES = {
    ("", "axial"): mark("Axial"),
    ("", "coronal"): mark("Coronal"),
    ("", "sagittal"): mark("Sagittal"),
    ("annulus", "axial"): mark("Annulus plane"),
    ("annulus", "coronal"): mark("Long axis 1"),
    ("annulus", "sagittal"): mark("Long axis 2"),
    ("cut", "axial"): mark("Cut plane"),
    ("cut", "coronal"): mark("Across 1"),
    ("cut", "sagittal"): mark("Across 2"),
    ("measure", "axial"): mark("Measured plane"),
    ("measure", "coronal"): mark("Across 1"),
    ("measure", "sagittal"): mark("Across 2"),
    ("root", "axial"): mark("Cusp level"),
    ("root", "coronal"): mark("Root axis 1"),
    ("root", "sagittal"): mark("Root axis 2"),
    ("vessel", "axial"): mark("Section"),
    ("vessel", "coronal"): mark("Along 1"),
    ("vessel", "sagittal"): mark("Along 2"),
}
AXES = {"axial": ("H", "F", 2), "coronal": ("P", "A", 1), "sagittal": ("L", "R", 0)}
SLAB_WORDS = {"max": "MIP", "min": mark("MinIP"), "mean": mark("Mean")}


@dataclass(frozen=True, slots=True)
class PaneField:
    """A number in a pane's chrome that can be typed over: what it is, its words on screen, and its value and unit now.

    letters: which sides of the patient stand for plus and minus, "" where the number has a sign.
    """

    id: str
    text: str
    value: float
    unit: str
    name: str
    letters: str = ""


def pane_title(state: ViewState, name: str) -> tuple[str, str]:
    """(name, position) of a pane, e.g. ("Axial", "H 27.8 mm") or ("Annulus plane", "0.0 mm")."""
    if name in state.pinned:
        plane = state.pinned[name]
        return tr(plane.title), f"{text_value(plane.height_mm + plane.offset_mm, 1)}{THIN_SPACE}mm{plane.since}"
    straight = _is_straight_plane(state, name)
    known = TITLES.get((state.frame_name, name))
    title = tr(known) if known else f"{tr(TITLES['', name])}, {tr(state.frame_name)}"
    if straight:
        plus, minus, axis = AXES[name]
        value = state.cross_mm[axis]
        return title, f"{plus if value >= 0 else minus} {text_value(abs(value), 1)}{THIN_SPACE}mm"
    if not state.frame_name or name in state.free:
        title = tr("{title}, turned", title=title)
    return title, f"{text_value(_height_mm(state, name), 1)}{THIN_SPACE}mm"


def _is_straight_plane(state: ViewState, name: str) -> bool:
    """True where a pane shows its own plane of the patient, whatever the others do."""
    return not state.frame_name and abs(float(state.axes(name)[2][AXES[name][2]])) > 1.0 - 1e-9


def _height_mm(state: ViewState, name: str) -> float:
    """How far the crosshair is from the frame's origin, across a pane's plane."""
    return float((np.array(state.cross_mm) - np.array(state.frame_origin_mm)) @ state.axes(name)[2])


def title_fields(state: ViewState, name: str) -> list[PaneField]:
    """Beside a pane's name: its position, its slab, and by how much the other planes are turned in its picture."""
    _, position = pane_title(state, name)
    if name in state.pinned:
        plane = state.pinned[name]
        value, letters = plane.height_mm + plane.offset_mm, ""
    elif _is_straight_plane(state, name):
        plus, minus, axis = AXES[name]
        value, letters = state.cross_mm[axis], f"{plus}{minus}"
    else:
        value, letters = _height_mm(state, name), ""
    found = [PaneField("position", position, value, "mm", tr("Position"), letters)]
    thickness = state.slab_mm(name)
    if thickness > 0:
        words = f"{tr(SLAB_WORDS[state.slab_kind_of(name)])} {text_value(thickness, 0 if thickness >= 10 else 1)}"
        found.append(PaneField("slab", f"{words}{THIN_SPACE}mm", thickness, "mm", tr("Slab")))
    turn = _whole_turn(state.turns.get(name, 0.0))
    if abs(turn) >= 0.05 and name not in state.pinned:
        found.append(PaneField("angle", f"{text_value(turn, 0 if abs(turn) >= 10 else 1)}°", turn, "°", tr("Angle")))
    return found


def window_fields(state: ViewState) -> list[PaneField]:
    """Window and level."""
    decimals = window_decimals(state.window)
    return [
        PaneField("window", f"W {text_value(state.window, decimals)}", state.window, "HU", tr("Window")),
        PaneField("level", f"L {text_value(state.level, decimals)}", state.level, "HU", tr("Level")),
    ]


def _whole_turn(angle_deg: float) -> float:
    """The same turn between −180° and 180°."""
    return (angle_deg + 180.0) % 360.0 - 180.0


@dataclass(frozen=True, slots=True, eq=False)
class CrossLine:
    """Where another pane's plane crosses this one. center: the crosshair, direction: (2,) unit, both on screen.

    half_px: half the thickness of that pane's slab.
    """

    plane: str
    center: FloatArray
    direction: FloatArray
    half_px: float = 0.0

    def arms(self, geometry: PaneGeometry) -> tuple[float, float]:
        """Lengths in px from the crosshair to the pane's edge, along and against the direction."""
        return self._arm(self.direction, geometry), self._arm(-self.direction, geometry)

    def _arm(self, direction: FloatArray, geometry: PaneGeometry) -> float:
        length = math.inf
        sizes = (geometry.width, geometry.height)
        # plain numbers: an array's are dear one by one
        for here, speed, size in zip(self.center.tolist(), direction.tolist(), sizes, strict=True):
            if abs(speed) > 1e-9:
                length = min(length, ((size if speed > 0 else 0.0) - here) / speed)
        return max(length, 0.0)

    def handles(self, geometry: PaneGeometry) -> list[FloatArray]:
        """(2,) screen places of the turning handles, a little inside the pane's edges."""
        return [self.center + reach * direction for reach, direction in self._ends(geometry, LEAST_ARM_PX, 0.0)]

    def slab_handles(self, geometry: PaneGeometry) -> list[FloatArray]:
        """(2,) screen places of the squares that set the slab: on its faces, or on the line while there is none."""
        across = np.array((-self.direction[1], self.direction[0])) * self.half_px
        return [
            self.center + reach * direction + (across if direction @ self.direction > 0 else -across)
            for reach, direction in self._ends(geometry, LEAST_SLAB_ARM_PX, SLAB_INSET_PX)
        ]

    def _ends(self, geometry: PaneGeometry, least_px: float, further_in_px: float) -> list[tuple[float, FloatArray]]:
        """(distance from the crosshair, direction) of what stands near the ends of both arms that are long enough."""
        forward, backward = self.arms(geometry)
        found = []
        for arm, direction in ((forward, self.direction), (backward, -self.direction)):
            inset = HANDLE_TOP_INSET_PX if direction[1] < -0.7 else HANDLE_INSET_PX
            if arm >= least_px:
                found.append((arm - inset - further_in_px, direction))
        return found


def cross_lines(state: ViewState, name: str, geometry: PaneGeometry) -> list[CrossLine]:
    """The other two panes' planes in this pane; none where planes are pinned apart from the crosshair."""
    if name in state.pinned:
        return []
    center = geometry.to_screen(state.cross_mm)
    lines = []
    for other in SLICES:
        if other == name or other in state.pinned:
            continue
        direction = crossed(geometry.normal, state.axes(other)[2])
        flat = np.array((direction @ geometry.right, direction @ geometry.down))
        length = float(np.linalg.norm(flat))
        if length > 1e-6:
            half_px = 0.5 * state.slab_mm(other) / geometry.mm_per_px / length
            lines.append(CrossLine(other, center, flat / length, half_px))
    return lines


class ChromePainter:
    """Draws a pane's own marks."""

    def __init__(self, look: PaneLook, texts: TextPainter) -> None:
        self.look, self.texts = look, texts
        self._ruler_px = RULER_MOST_PX
        # how far up the ruler with its number reaches
        self._ruler_high_px = 0.0
        # how far down the title reaches past the middle, and how far right the two lines at the foot reach, lowest first
        self._title_low_px = 0.0
        self._foot_px = (0.0, 0.0)
        # from the lower edge to the top of what is read under the hand
        self.foot_high_px = 0.0

    def crosshair(
        self, painter: QPainter, lines: list[CrossLine], geometry: PaneGeometry, *, handles: bool, hovered: str
    ) -> None:
        """Two lines with a gap round their meeting; handles in the active pane only."""
        for line in lines:
            color = QColor(self.look.plane_colors[line.plane])
            color.setAlphaF(CROSS_OPACITY)
            wide = CROSS_PX + (1.0 if hovered == line.plane else 0.0)
            painter.setPen(QPen(color, wide))
            upright = min(abs(line.direction)) < 1e-9
            # upright lines lie on whole pixels, turned ones need smoothing
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            center = np.floor(line.center * geometry.ratio) / geometry.ratio + 0.5 / geometry.ratio
            center = center if upright else line.center
            # no longer than what is seen: a long smooth line is dear
            for side, arm in zip((1.0, -1.0), line.arms(geometry), strict=True):
                if arm > CROSS_GAP_PX:
                    near_end = center + side * CROSS_GAP_PX * line.direction
                    far_end = center + side * (arm + 1.0) * line.direction
                    painter.drawLine(QPointF(*near_end.tolist()), QPointF(*far_end.tolist()))
            if handles and line.half_px > 0:
                self._slab_faces(painter, line, color, geometry)
        if handles:
            painter.setBrush(QColor(self.look.halo))
            for line in lines:
                painter.setPen(QPen(QColor(self.look.plane_colors[line.plane]), 2.0))
                radius = CROSS_HANDLE_PX + (1.0 if hovered == f"turn {line.plane}" else 0.0)
                for place in line.handles(geometry):
                    painter.drawEllipse(QPointF(*place.tolist()), radius - 0.5, radius - 0.5)
                half = SLAB_SQUARE_PX + (1.0 if hovered == f"slab {line.plane}" else 0.0)
                for x, y in (place.tolist() for place in line.slab_handles(geometry)):
                    painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    @staticmethod
    def _slab_faces(painter: QPainter, line: CrossLine, color: QColor, geometry: PaneGeometry) -> None:
        """Both faces of a crossing pane's slab, dashed."""
        pen = QPen(color, 1.0)
        pen.setDashPattern((5.0, 5.0))
        painter.setPen(pen)
        across = np.array((-line.direction[1], line.direction[0])) * line.half_px
        for face in (line.center + across, line.center - across):
            ends = CrossLine(line.plane, face, line.direction).arms(geometry)
            one, other = face - ends[1] * line.direction, face + ends[0] * line.direction
            painter.drawLine(QPointF(*one.tolist()), QPointF(*other.tolist()))

    def title(
        self,
        painter: QPainter,
        geometry: PaneGeometry,
        color: str,
        name: str,
        fields: Sequence[PaneField],
        phase: str,
        *,
        room: float,
        free: float,
        lit: str,
    ) -> dict[str, QRectF]:
        """Square, name, numbers and phase; gives the rectangle of each number that has room. lit: the one under the hand.

        room: width for the name. free: width that buttons never take; what does not fit into it stands in a second line,
        so that no number moves when they come.
        """
        middle = TITLE_Y * max(self.look.text_scale, 1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawRoundedRect(QRectF(MARGIN_PX, middle - SQUARE_PX / 2, SQUARE_PX, SQUARE_PX), 2.5, 2.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        strong, soft = TextStyle(self.look.text, 12.5, 600), TextStyle(self.look.text_soft, 12.5, 400)
        left = MARGIN_PX + SQUARE_PX + 7
        name = self.texts.elided(name, strong, room - left)
        taken = self.texts.draw(painter, QPointF(left, middle), name, strong)
        places: dict[str, QRectF] = {}
        x, y, limit = taken.right() + 10, middle, free
        # the patient's letter stands in the middle of the second line
        line, half = self.texts.height(soft) + 1, geometry.width / 2 - LETTER_ROOM_PX
        self._title_low_px = 0.0
        for identifier, text in (*((field.id, field.text) for field in fields), ("", phase)):
            wide = self.texts.width(text, soft)
            if text and x > left and x + wide > limit:
                limit = half if y == middle else free
                x, y = left, y + line
            if text:
                taken = self.texts.draw(painter, QPointF(x, y), text, soft)
                x = taken.right() + 10
                if y > middle and taken.right() > half:
                    self._title_low_px = y + line / 2
                if identifier:
                    places[identifier] = taken
        self._underline(painter, places.get(lit))
        return places

    def _underline(self, painter: QPainter, box: QRectF | None) -> None:
        """What can be typed over is told so under the hand."""
        if box is not None:
            painter.setPen(QPen(QColor(self.look.accent), 1.0))
            y = np.floor(box.bottom()) - 1.5
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    def at_hand(self, painter: QPainter, geometry: PaneGeometry, place: FloatArray, text: str, *, typed: bool) -> None:
        """How far a drag has come, beside the hand; figures that were typed stand in the accent."""
        style = TextStyle(self.look.accent if typed else self.look.text, 13.0, 600)
        width = self.texts.width(text, style)
        x = place[0] + 18 if place[0] + 24 + width <= geometry.width else place[0] - 18 - width
        y = place[1] - 16 if place[1] >= 60 else place[1] + 22
        self.texts.draw(painter, QPointF(float(x), float(y)), text, style)

    def letters(self, painter: QPainter, geometry: PaneGeometry) -> None:
        """The patient's sides at the four edges; call it last. In a narrow pane they make way for title, window and ruler."""
        style = TextStyle(self.look.text, 12.5, 600)
        width, height = geometry.width, geometry.height
        scale = max(self.look.text_scale, 1.0)
        high, room = self.texts.height(style), width / 2 - LETTER_ROOM_PX
        top, bottom = LETTER_TOP_Y * scale, height - LETTER_BOTTOM_PX * scale
        if self._title_low_px > top - high / 2:
            top = self._title_low_px + high / 2
        lowest, above = self._foot_px
        line = self._line_px()
        if max(lowest, self._ruler_px + 12.0) > room:
            bottom = height - FOOT_PX - line * (2 if above > room else 1)
        elif above > room:
            # large text would touch the line above
            bottom = height - FOOT_PX
        for direction, place, align in (
            (-geometry.down, (width / 2, top), "center"),
            (geometry.down, (width / 2, bottom), "center"),
            (-geometry.right, (LETTER_EDGE_PX - 4, height / 2), "left"),
            (geometry.right, (width - LETTER_EDGE_PX + 4, height / 2), "right"),
        ):
            self.texts.draw(painter, QPointF(*place), orientation_letters(direction), style, align)

    def ruler(self, painter: QPainter, geometry: PaneGeometry) -> QRectF:
        """A bar of a round length at the lower right; gives the rectangle that it takes."""
        most = min(RULER_MOST_PX, geometry.width / 3)
        fitting = [mm for mm in RULER_LENGTHS_MM if mm / geometry.mm_per_px <= most]
        length_mm = fitting[-1] if fitting else RULER_LENGTHS_MM[0]
        length = length_mm / geometry.mm_per_px
        right, y = geometry.width - 11.5, geometry.height - 14.5
        shape = QPolygonF(
            [QPointF(right - length, y - 5), QPointF(right - length, y), QPointF(right, y), QPointF(right, y - 5)]
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, wide in ((self.look.halo_color(), 3.5), (QColor(self.look.text), 1.5)):
            pen = QPen(color, wide)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawPolyline(shape)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        text = f"{length_mm:g}{THIN_SPACE}mm"
        style = TextStyle(self.look.text, 12.0, 500)
        self.texts.draw(painter, QPointF(right - 1, y - 4 - self.texts.height(style) / 2), text, style, "right")
        self._ruler_px = max(length, self.texts.width(text, style))
        self._ruler_high_px = 20.0 + self.texts.height(style)
        return QRectF(right - length, y - 24, length, 30)

    def foot(
        self,
        painter: QPainter,
        geometry: PaneGeometry,
        fields: Sequence[PaneField],
        beside: str,
        under_hand: str,
        lit: str,
        over: OverItem | None = None,
        *,
        note_px: float | None = None,
    ) -> dict[str, QRectF]:
        """Window and level at the lower left, above them what lies under the hand; gives the numbers' rectangles.

        over: the image that `beside` names; its colours are explained there. note_px: upper edge of the plan's words that
        stand right above window and level; all other lines keep above them.
        """
        style = TextStyle(self.look.text_soft, 12.0, 500)
        line = self._line_px()
        y = geometry.height - FOOT_PX
        places: dict[str, QRectF] = {}
        x = MARGIN_PX
        for field in fields:
            if x + self.texts.width(field.text, style) > geometry.width - self._ruler_px - 20:
                # the ruler's number stays
                break
            places[field.id] = self.texts.draw(painter, QPointF(x, y), field.text, style)
            x = places[field.id].right() + 2 * self.texts.width(" ", style)
        self._foot_px = (max((place.right() for place in places.values()), default=0.0), 0.0)
        if beside:
            # clear of the letter in the middle of the lowest line
            y = self._above(y, note_px)
            room = geometry.width - MARGIN_PX - self._ruler_px - 28
            shown = self.texts.elided(beside, style, room)
            end = float(self.texts.draw(painter, QPointF(MARGIN_PX, y), shown, style).right()) + 10.0
            if over is not None:
                drawn = draw_over_legend(painter, self.texts, style, QPointF(end, y), MARGIN_PX + room - end, over)
                end = end if drawn is None else drawn.right()
            self._foot_px = (self._foot_px[0], end)
        self._underline(painter, places.get(lit))
        if under_hand:
            strong = TextStyle(self.look.text, 12.0, 500)
            y = self._above(y, note_px)
            is_long = MARGIN_PX + self.texts.width(under_hand, strong) > geometry.width - self._ruler_px - 20
            if is_long and y + line / 2 > geometry.height - self._ruler_high_px:
                # large text would run into the ruler's
                y = geometry.height - self._ruler_high_px - line / 2
            self.texts.draw(painter, QPointF(MARGIN_PX, y), under_hand, strong)
        # where the hand's line stands or would stand, for what is drawn anew as it moves
        top = (y if under_hand else self._above(y, note_px)) - line / 2
        self.foot_high_px = geometry.height - min(top, geometry.height - self._ruler_high_px - line)
        return places

    def _above(self, y: float, note_px: float | None) -> float:
        """The line above one at the foot, and above the words that stand between them."""
        line = self._line_px()
        return y - line if note_px is None else min(y - line, note_px - line / 2)

    def _line_px(self) -> float:
        """From one line at the foot to the next."""
        return max(LINE_PX, self.texts.height(TextStyle(self.look.text_soft, 12.0, 500)) + 1)

    def legend(
        self, painter: QPainter, geometry: PaneGeometry, lines: Sequence[tuple[str, str]], *, above_cube: bool
    ) -> None:
        """What hatches mean, above the ruler and the cube."""
        bottom = geometry.height - (CUBE_ROOM_PX if above_cube else RULER_ROOM_PX) * max(self.look.text_scale, 1.0)
        draw_legend(painter, self.look, self.texts, lines, geometry.width - MARGIN_PX - 1.5, bottom)

    def cube_place(self, geometry: PaneGeometry, handles: Sequence[FloatArray]) -> FloatArray | None:
        """The cube's middle in px, above the ruler; None in a small pane and where a handle of the crosshair lies."""
        scale = max(self.look.text_scale, 1.0)
        if min(geometry.width, geometry.height) < CUBE_LEAST_PANE_PX * scale:
            return None
        middle = np.array((geometry.width - 30.0, geometry.height - max(68.0, self._ruler_high_px + CUBE_REACH_PX + 4)))
        near = CUBE_REACH_PX + CROSS_HANDLE_PX
        return None if any(np.abs(place - middle).max() < near for place in handles) else middle

    def cube(self, painter: QPainter, geometry: PaneGeometry, middle: FloatArray) -> None:
        """The patient's cube as this pane looks at it."""
        away = np.cross(geometry.right, geometry.down)
        flat = np.stack([geometry.right, geometry.down])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for axis in range(3):
            for sign in (1.0, -1.0):
                outward = np.zeros(3)
                outward[axis] = sign
                facing = -float(outward @ away)
                if facing > 0.02:
                    self._face(painter, middle, flat, outward, facing)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _face(self, painter: QPainter, middle: FloatArray, flat: FloatArray, outward: Vector, facing: float) -> None:
        axis = int(np.argmax(np.abs(outward)))
        one, two = (np.eye(3)[n] for n in range(3) if n != axis)
        corners = [outward + a * one + b * two for a, b in ((1, 1), (1, -1), (-1, -1), (-1, 1))]
        shape = QPolygonF([QPointF(*(middle + CUBE_PX * (flat @ corner)).tolist()) for corner in corners])
        filling = QColor(self.look.text_soft)
        filling.setAlphaF(0.10 + 0.25 * facing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.halo_color(0.6))
        painter.drawPolygon(shape)
        painter.setPen(QPen(QColor(self.look.text_soft), 1.0))
        painter.setBrush(filling)
        painter.drawPolygon(shape)
        if facing > 0.6:
            place = middle + CUBE_PX * (flat @ outward)
            style = TextStyle(self.look.text, 11.0, 600)
            self.texts.draw(painter, QPointF(*place.tolist()), orientation_letters(outward), style, "center")

    def ring(self, painter: QPainter, geometry: PaneGeometry) -> None:
        """The active pane's frame, just inside its edge."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.look.accent), 1.5))
        painter.drawRect(QRectF(0.75, 0.75, geometry.width - 1.5, geometry.height - 1.5))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def window_text(window: float, level: float) -> str:
    """ "W 900  L 260"."""
    decimals = window_decimals(window)
    return f"W {text_value(window, decimals)}  L {text_value(level, decimals)}"


def hand_text(position_mm: Vector, value: float | None, quantity: str) -> str:
    """ "431 HU   R 1.2  P 3.4  H 0.8"; the position alone outside the volume."""
    place = text_position(position_mm)
    if value is None:
        return place
    unit = f"{THIN_SPACE}{quantity}" if quantity else ""
    return f"{value_text(value, quantity)}{unit}   {place}"


def value_text(value: float, quantity: str) -> str:
    """A voxel's value: HU whole, a tracer's uptake and the like as finely as it is told apart."""
    return text_value(value, value_decimals(value, quantity))


def value_decimals(value: float, quantity: str) -> int:
    """How many decimals such a value has."""
    if quantity == "HU":
        return 0
    return 1 if quantity or abs(value) >= FINE_BELOW else 2


def spoken(state: ViewState, name: str) -> str:
    """The pane in words, for screen readers."""
    title, position = pane_title(state, name)
    beside = ", ".join((title, *(field.text for field in title_fields(state, name)[1:])))
    millimetres = " " + tr("millimetres")
    title = beside.replace(f"{THIN_SPACE}mm", millimetres).replace("°", " " + tr("degrees"))
    return tr(
        "{title}, {position}, crosshair at {place}",
        title=title,
        position=position.replace(f"{THIN_SPACE}mm", millimetres),
        place=text_position(state.cross_mm),
    )
