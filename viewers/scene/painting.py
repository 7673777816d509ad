"""What lies over the 3D picture, painted: title, angles, cube, names, lengths, legend. Sharp at every pixel ratio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from planning.geometry import FloatArray, carm_angles_deg
from viewers.hatch_legend import draw_legend
from viewers.language import mark, text_value, tr
from viewers.overlay import CutItem, DistanceItem, PartsItem, PointItem, TreeMarkItem, ValueItem
from viewers.pane_look import PaneLook, TextPainter, TextStyle
from viewers.rendering import Corners
from viewers.scene.camera import FREE_VIEW, Projection, axes, view_name
from viewers.scene.crop_box import draw_box
from viewers.trees import draw_mark, steps_of
from viewers.value_layout import free_box, is_in_sight
from viewers.view_state import STRAIGHT, Camera, Frame

TOO_OLD = mark("This graphics driver is too old for 3D. Slices and numbers work.")
LEGEND_TITLE = mark("Margin on the cut surface, mm")
EDGE, TITLE_Y = 10.0, 16.0
LINE_PX, LINE_HALO_PX = 2.0, 2.0
CROSS_PX, CROSS_GAP_PX = 10.0, 2.5
NAME_PX, PART_NAME_PX = 9.0, 15.0
# where a part's name may stand, in its own widths and heights: at its middle, else beside it
PART_NAME_STEPS = ((0.0, 0.0), (0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0), (1.0, 1.0), (-1.0, 1.0))
LEGEND_PX = 150.0
# the edge in a plan's colour; what a caption leaves to the cube
TINT_PX, CAPTION_ROOM_PX = 3.0, 44.0
# what the cube takes at the right edge
CUBE_ROOM_PX = 56.0
CUBE_HALF_PX, CUBE_REACH = 13.0, 9.0
# above the cube
MARKS_ROOM_PX = 74.0
# the letter's up on each face of the cube
CUBE_FACES = (
    ("A", (0, -1, 0), (0, 0, 1)),
    ("P", (0, 1, 0), (0, 0, 1)),
    ("L", (1, 0, 0), (0, 0, 1)),
    ("R", (-1, 0, 0), (0, 0, 1)),
    ("H", (0, 0, 1), (0, 1, 0)),
    ("F", (0, 0, -1), (0, -1, 0)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayFacts:
    """Everything that is painted. covered: keys of points too far behind a surface for their name to be shown.

    parts: of an organ, their names are written. legend_mm: the margin asked for, when a margin map is shown. phase: the
    heart phase of a moving scan, in words. tint: the colour of the plan that a pane shows, along its upper edge. caption:
    words at its foot, in place of angles and legend. box_mm: the crop box while it has handles. marks_legend: (colour,
    words) of marks on surfaces. note: what must be known of the picture, after the title. message: why there is no
    picture, in place of everything. hint: what can be done while there is nothing to see.
    """

    space: Projection
    cross_mm: tuple[float, float, float] | None = None
    frame: Frame = STRAIGHT
    points: Sequence[PointItem] = ()
    parts: PartsItem | None = None
    covered: frozenset[str] = frozenset()
    show_names: bool = True
    selected_point: str = ""
    distances: Sequence[DistanceItem] = ()
    values: Sequence[ValueItem] = ()
    cuts: Sequence[tuple[CutItem, FloatArray]] = ()
    hovered: str = ""
    marks: Sequence[TreeMarkItem] = ()
    legend_mm: float | None = None
    marks_legend: Sequence[tuple[str, str]] = ()
    active: bool = False
    phase: str = ""
    note: str = ""
    message: str = ""
    hint: str = ""
    title: str = "3D"
    tint: str = ""
    caption: str = ""
    box_mm: Corners | None = None
    in_patient: bool = True


def carm_text(camera: Camera) -> str:
    """ "RAO 35°  CAU 2°" of the place a detector would be at."""
    lao, cra = (round(angle) for angle in carm_angles_deg(camera.direction))
    side, tilt = "LAO" if lao >= 0 else "RAO", "CRA" if cra >= 0 else "CAU"
    return f"{side} {abs(lao)}°  {tilt} {abs(cra)}°"


def margin_bands(look: PaneLook) -> tuple[str, str, str, str]:
    """Colours of the margin map: below what is asked, up to twice that, above, not measured."""
    planes = look.plane_colors
    return look.bad or planes["axial"], look.warn, look.ok or planes["coronal"], planes["3d"]


class OverlayPainter:
    """Paints over the picture in the pane's logical pixels."""

    def __init__(self, look: PaneLook) -> None:
        self.look = look
        self._texts = TextPainter(look)
        # where the angles were written last; empty where they are not shown
        self.angles_box = QRectF()
        self.has_cube = False

    def paint(self, painter: QPainter, facts: OverlayFacts) -> None:
        """Everything, far things first."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        space = facts.space
        self.angles_box = QRectF()
        self.has_cube = False
        if facts.message:
            self._message(painter, facts.message, space)
        else:
            if facts.hint:
                self._message(painter, facts.hint, space)
            if facts.box_mm is not None:
                draw_box(painter, self.look, facts.box_mm, self.look.plan or self.look.accent, space, facts.hovered)
            self._cross(painter, facts)
            for item, corners_mm in facts.cuts:
                self._cut_handle(painter, item, corners_mm, space, facts.hovered == item.key)
            for one in facts.distances:
                self._distance_line(painter, one, space)
            # a line that crosses a number would read as its being struck out
            has_angles = facts.in_patient and not facts.caption and facts.legend_mm is None
            taken = [self._angles_room(space)] if has_angles else []
            taken += [box for one in facts.distances if (box := self._distance_words(painter, one, space)) is not None]
            if facts.show_names:
                self._values(painter, facts.values, space, taken)
            if facts.parts is not None and facts.show_names:
                self._part_names(painter, facts.parts, space)
            for point in facts.points:
                self._point(painter, point, facts, taken)
            for mark in facts.marks:
                self._mark(painter, mark, space)
            if facts.caption:
                self._caption(painter, facts.caption, space)
            elif facts.legend_mm is not None:
                self._legend(painter, facts.legend_mm, space)
            elif facts.in_patient:
                self._angles(painter, space)
            # it covers nothing of the angles: in a narrow pane it is left out
            self.has_cube = facts.in_patient and self.angles_box.right() <= space.width - CUBE_ROOM_PX
            if self.has_cube:
                self._cube(painter, space)
            bottom = space.height - MARKS_ROOM_PX * max(self.look.text_scale, 1.0)
            draw_legend(painter, self.look, self._texts, facts.marks_legend, space.width - EDGE, bottom, solid=True)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._title(painter, facts)
        if facts.active:
            painter.setPen(QPen(QColor(self.look.accent), 1.5))
            painter.drawRect(QRectF(0.75, 0.75, space.width - 1.5, space.height - 1.5))

    def _text(self, painter: QPainter, x: float, y: float, text: str, style: TextStyle, align: str = "left") -> QRectF:
        return self._texts.draw(painter, QPointF(x, y), text, style, align)

    def _line(self, painter: QPainter, ends: Sequence[tuple[QPointF, QPointF]], color: QColor, width: float) -> None:
        for pen in (QPen(self.look.halo_color(), width + LINE_HALO_PX), QPen(color, width)):
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            for first, second in ends:
                painter.drawLine(first, second)

    def _caption(self, painter: QPainter, text: str, space: Projection) -> None:
        """At the foot beside the cube, in two lines where one has no room."""
        style, room = TextStyle(self.look.text, 12, 500), space.width - 2.0 * EDGE - CAPTION_ROOM_PX
        words, lines = text.split(" "), (text,)
        if self._texts.width(text, style) > room and len(words) > 1:
            parted = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
            # as even as can be
            lines = min(parted, key=lambda pair: max(self._texts.width(line, style) for line in pair))
        for number, line in enumerate(reversed(lines)):
            lower = space.height - 15.0 - number * (self._texts.height(style) + 2.0)
            self._text(painter, EDGE, lower, self._texts.elided(line, style, room), style)

    def _title(self, painter: QPainter, facts: OverlayFacts) -> None:
        space = facts.space
        square = QColor(facts.tint or self.look.plane_colors["3d"])
        if facts.tint:
            painter.fillRect(QRectF(0.0, 0.0, space.width, TINT_PX), square)
        middle = TITLE_Y * max(self.look.text_scale, 1.0)
        _filled(painter, square, lambda: painter.drawRoundedRect(QRectF(EDGE, middle - 5.0, 10.0, 10.0), 2.5, 2.5))
        end = self._text(painter, EDGE + 17.0, middle, facts.title, TextStyle(self.look.text, 12.5, 600)).right()
        if facts.phase:
            style = TextStyle(self.look.text_soft, 12.5, 400)
            end = self._text(painter, end + 9.0, middle, facts.phase, style).right()
        if facts.note and not facts.message:
            style = TextStyle(self.look.warn or self.look.text, 12.5, 600)
            shown = self._texts.elided(facts.note, style, max(space.width - end - 9.0 - EDGE, 20.0))
            end = self._text(painter, end + 9.0, middle, shown, style).right()
        if facts.legend_mm is not None and not facts.message and not facts.caption:
            # the legend stands where the view is named otherwise
            name = view_name(facts.space.camera)
            self._text(painter, end + 9.0, middle, tr(name), TextStyle(self.look.text_soft, 12.5, 400))

    def _angles_room(self, space: Projection) -> QRectF:
        """Where the view's name and angles stand at the lower left: no point's name covers them."""
        width = self._texts.width(carm_text(space.camera), TextStyle(self.look.text, 12))
        high = 36.0 * max(self.look.text_scale, 1.0)
        return QRectF(EDGE, space.height - 6.0 - high, width, high)

    def _angles(self, painter: QPainter, space: Projection) -> None:
        lower, name = space.height - 15.0, view_name(space.camera)
        style = TextStyle(self.look.text, 12)
        self.angles_box = self._text(painter, EDGE, lower, carm_text(space.camera), style)
        color = self.look.text_soft if name == FREE_VIEW else self.look.text
        self._text(painter, EDGE, lower - 17.0 * self.look.text_scale, tr(name), TextStyle(color, 11))

    def _legend(self, painter: QPainter, asked_mm: float, space: Projection) -> None:
        style = TextStyle(self.look.text, 11)
        last = 4.0 * asked_mm
        marks = (0.0, asked_mm, 2.0 * asked_mm, last)
        figures = space.height - 3.0 - 7.0 * self.look.text_scale
        top, left = figures - 6.0 - 7.0 * self.look.text_scale, EDGE + 2.0
        for start, end, color in zip(marks, marks[1:], margin_bands(self.look)):
            bar = QRectF(left + LEGEND_PX * start / last, top, LEGEND_PX * (end - start) / last, 6.0)
            painter.fillRect(bar, QColor(color))
        for limit in marks:
            text = text_value(limit, 0 if float(limit).is_integer() else 1)
            self._text(painter, left + LEGEND_PX * limit / last, figures, text, style, "center")
        self._text(painter, left, top - 10.0 * self.look.text_scale, tr(LEGEND_TITLE), style)

    def _cross(self, painter: QPainter, facts: OverlayFacts) -> None:
        if facts.cross_mm is None:
            return
        x, y = facts.space.to_screen(facts.cross_mm)
        right, up, _ = axes(facts.space.camera)
        middle, ends = QPointF(x, y), []
        for axis in facts.frame:
            step = QPointF(float(np.dot(axis, right)), -float(np.dot(axis, up)))
            ends += [(middle + sign * CROSS_GAP_PX * step, middle + sign * CROSS_PX * step) for sign in (-1.0, 1.0)]
        color = QColor(self.look.text)
        color.setAlphaF(0.8)
        self._line(painter, ends, color, 1.2)

    def _cut_handle(
        self, painter: QPainter, item: CutItem, corners_mm: FloatArray, space: Projection, hovered: bool
    ) -> None:
        if not item.movable or len(corners_mm) < 3:
            return
        corners = space.to_screen(corners_mm)
        if hovered:
            painter.setPen(QPen(QColor(item.color), LINE_PX + 1.0))
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        (x, y), half = corners.mean(axis=0), 5.5 if hovered else 4.5
        handle = QRectF(x - half, y - half, 2.0 * half, 2.0 * half)
        painter.setPen(QPen(self.look.halo_color(1.0), 1.5))
        painter.setBrush(QColor(item.color))
        painter.drawRect(handle)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _distance_line(self, painter: QPainter, item: DistanceItem, space: Projection) -> None:
        (ax, ay), (bx, by) = space.to_screen(item.ends_mm)
        self._line(painter, [(QPointF(ax, ay), QPointF(bx, by))], QColor(item.color), LINE_PX)
        painter.setPen(QPen(self.look.halo_color(1.0), 1.5))
        painter.setBrush(QColor(item.color))
        for x, y in ((ax, ay), (bx, by)):
            painter.drawEllipse(QPointF(x, y), 3.5, 3.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _distance_words(self, painter: QPainter, item: DistanceItem, space: Projection) -> QRectF | None:
        """Write its length; where that stands."""
        if not item.text:
            return None
        (ax, ay), (bx, by) = space.to_screen(item.ends_mm)
        style = TextStyle(item.color, 12, 600)
        x, y = (ax + bx) / 2.0 + 12.0, (ay + by) / 2.0
        if item.pill:
            height = self._texts.height(style) + 8.0
            box = QRectF(x, y - height / 2.0, self._texts.width(item.text, style) + 18.0, height)
            _filled(painter, self.look.halo_color(0.85), lambda: painter.drawRoundedRect(box, 5.0, 5.0))
            self._text(painter, x + 9.0, y, item.text, style)
            return box
        return self._text(painter, x, y, item.text, style)

    def _values(self, painter: QPainter, items: Sequence[ValueItem], space: Projection, taken: list[QRectF]) -> None:
        """Words of measurements, clear of each other where there is room."""
        for item in items:
            about = np.asarray(space.to_screen(item.about_mm))
            if not is_in_sight(about, space.width, space.height):
                continue
            styles = (TextStyle(item.color, 12, 600), *(TextStyle(item.color, 11, 500) for _ in item.lines[1:]))
            lines = list(zip(item.lines, styles, strict=True))
            size = (
                max(self._texts.width(text, style) for text, style in lines),
                sum(self._texts.height(style) for _, style in lines),
            )
            boxes = [(box.left(), box.top(), box.right(), box.bottom()) for box in taken]
            left, top, right, bottom = free_box(about, size, boxes, space.width, space.height)
            taken.append(QRectF(left, top, right - left, bottom - top))
            y = top
            for text, style in lines:
                height = self._texts.height(style)
                self._text(painter, (left + right) / 2, y + height / 2, text, style, "center")
                y += height

    def _point(self, painter: QPainter, item: PointItem, facts: OverlayFacts, taken: list[QRectF]) -> None:
        """A point's ring and name. taken: where words stand already; a name goes to the other side of its point, or below or
        above, before it covers them."""
        x, y = facts.space.to_screen(item.position_mm)
        if item.key in (facts.selected_point, facts.hovered):
            ring = self.look.accent if item.key == facts.selected_point else self.look.text
            painter.setPen(QPen(QColor(ring), 1.5))
            painter.drawEllipse(QPointF(x, y), 9.0, 9.0)
        if not facts.show_names or not item.label or item.key in facts.covered:
            return
        style = TextStyle(item.color, 11, 600)
        width, height = self._texts.width(item.label, style), self._texts.height(style)
        beyond = x + NAME_PX + width > facts.space.width - 4.0
        places = [
            QRectF(
                x + NAME_PX if side else x - NAME_PX - width, y - height / 2.0 + step * (height + 4.0), width, height
            )
            for step in (0, 1, -1, 2, -2)
            for side in ((False, True) if beyond else (True, False))
        ]
        box = next((one for one in places if not any(one.intersects(other) for other in taken)), places[0])
        taken.append(box)
        self._text(painter, box.left(), box.center().y(), item.label, style)

    def _part_names(self, painter: QPainter, parts: PartsItem, space: Projection) -> None:
        """Names of an organ's parts at their middles, the near ones first; one that would lie over another goes beside it."""
        depth = parts.middles_mm @ axes(space.camera)[2]
        places = space.to_screen(parts.middles_mm)
        taken: list[QRectF] = []
        style = TextStyle(self.look.text, PART_NAME_PX, 600)
        for number in np.argsort(-depth).tolist():
            width, height = self._texts.width(parts.names[number], style), self._texts.height(style)
            x, y = places[number]
            for right, down in PART_NAME_STEPS:
                middle = QPointF(x + right * (width + 2.0), y + down * height)
                box = QRectF(middle.x() - width / 2.0, middle.y() - height / 2.0, width, height)
                if not any(box.intersects(other) for other in taken):
                    taken.append(box)
                    self._text(painter, middle.x(), middle.y(), parts.names[number], style, "center")
                    break

    def _mark(self, painter: QPainter, item: TreeMarkItem, space: Projection) -> None:
        places = space.to_screen(item.points_mm)
        starts, ends = steps_of(item.lines)
        steps = np.stack([places[starts], places[ends]], axis=1)
        draw_mark(painter, self.look, self._texts, item, steps, space.to_screen(item.at_mm), space.width)

    def _cube(self, painter: QPainter, space: Projection) -> None:
        right, up, _ = axes(space.camera)
        tint = QColor(self.look.plane_colors["3d"])
        font = self.look.font(11, 600)
        metrics = QFontMetricsF(font)
        for name, outline, spot, side, rise, facing in _cube_faces(space):
            pen = QPen(tint, 1.2)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.setBrush(_mixed(tint, QColor(self.look.halo), 0.12 + 0.14 * facing))
            painter.drawPolygon(outline)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if facing < 0.3:
                continue
            path = QPainterPath()
            # letters overlap themselves; the default rule would leave holes there
            path.setFillRule(Qt.FillRule.WindingFill)
            path.addText(QPointF(-metrics.horizontalAdvance(name) / 2.0, metrics.capHeight() / 2.0), font, name)
            lie = (float(side @ right), -float(side @ up), -float(rise @ right), float(rise @ up))
            painter.fillPath(QTransform(*lie, spot.x(), spot.y()).map(path), QColor(self.look.text))

    def _message(self, painter: QPainter, text: str, space: Projection) -> None:
        painter.setFont(self.look.font(13))
        painter.setPen(QColor(self.look.text_soft))
        box = QRectF(24.0, 40.0, max(space.width - 48.0, 40.0), max(space.height - 80.0, 40.0))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), text)


def cube_face_at(space: Projection, x: float, y: float) -> str:
    """The letter of the cube's face under a logical pixel, "" beside the cube."""
    for name, outline, *_ in _cube_faces(space):
        if outline.containsPoint(QPointF(x, y), Qt.FillRule.WindingFill):
            return name
    return ""


def _cube_faces(space: Projection) -> Iterator[tuple[str, QPolygonF, QPointF, FloatArray, FloatArray, float]]:
    """Of each face that is seen: letter, outline, middle, the letter's right and up, how much it faces the viewer."""
    right, up, back = axes(space.camera)
    middle = QPointF(space.width - 34.0, space.height - 36.0)

    def place(corner: FloatArray) -> QPointF:
        # a touch of perspective, so that the near face is the larger one
        grow = CUBE_HALF_PX * CUBE_REACH / (CUBE_REACH - float(corner @ back))
        return QPointF(middle.x() + grow * float(corner @ right), middle.y() - grow * float(corner @ up))

    for name, towards, above in CUBE_FACES:
        normal, rise = np.array(towards, dtype=np.float64), np.array(above, dtype=np.float64)
        facing = float(normal @ back)
        if facing < 1.0 / CUBE_REACH:
            continue
        side = np.cross(rise, normal)
        turns = ((-1, 1), (1, 1), (1, -1), (-1, -1))
        outline = QPolygonF([place(normal + a * side + b * rise) for a, b in turns])
        yield name, outline, place(normal), side, rise, facing


def _filled(painter: QPainter, color: QColor, draw: Callable[[], None]) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    draw()
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _mixed(color: QColor, ground: QColor, share: float) -> QColor:
    parts = zip((color.redF(), color.greenF(), color.blueF()), (ground.redF(), ground.greenF(), ground.blueF()))
    return QColor.fromRgbF(*(share * a + (1.0 - share) * b for a, b in parts))
