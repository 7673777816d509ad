"""Draws plan geometry in a slice pane: contours, cuts, points, paths and distances, each over a dark halo."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from planning.geometry import FloatArray
from viewers.curved_cuts import CurvedTraces
from viewers.language import tr
from viewers.overlay import (
    ContourItem,
    CurvedCutItem,
    CutItem,
    DistanceItem,
    NoteItem,
    PathItem,
    PlanItem,
    PointItem,
    TreeItem,
    TreeMarkItem,
    ValueItem,
    WireItem,
)
from viewers.pane_geometry import PaneGeometry
from viewers.pane_look import PaneLook, TextPainter, TextStyle
from viewers.plan_shapes import (
    ACROSS,
    ALONG,
    NEAR_MM,
    TraceCache,
    chords,
    crossings,
    is_seen_from,
    lies_in,
    near_pieces,
    nearness,
    outward,
)
from viewers.trees import draw_mark, draw_steps, near_steps
from viewers.value_layout import Box, box_about, free_box, is_in_sight, overlap_px2

LINE_PX, HALO_PX = 2.0, 4.0
CONTOUR_DOTS = 12
DOT_PX, END_DOT_PX, POINT_PX, FAR_POINT_PX = 2.4, 4.0, 5.0, 3.6
HANDLE_PX = 9.0
RING_PX = 10.5
SMALLER_PX = 1.4
LEAST_INSIDE_PX = 84.0
IN_FRONT_MM = 0.5
# left edge and middle of words below a title and a letter
CORNER_PX = (12.0, 62.0)
NAME_GAP_PX, RING_GAP_PX, CAPTION_GAP_PX = 10.0, 14.0, 18.0
MEASURE_FADE_MM = 5.0
TEXT_PX, SMALL_TEXT_PX, PART_NAME_PX = 12.0, 11.0, 14.0
# words further than this from what they belong to have a thin line to it
LEADER_PX = 10.0
# what the letters of the patient's sides take of a pane's left and right edge
LETTERS_PX = 30.0


def point(place: FloatArray) -> QPointF:
    """A Qt point of (2,) screen places."""
    return QPointF(float(place[0]), float(place[1]))


def polygon(places: FloatArray) -> QPolygonF:
    """A Qt polygon of (N, 2) screen places."""
    return QPolygonF([point(place) for place in places])


def _runs(wanted: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and one past the last of each run of at least two True."""
    bounds = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    pairs = zip(bounds[::2].tolist(), bounds[1::2].tolist(), strict=True)
    return [(start, end) for start, end in pairs if end - start >= 2]


def _shows(item: ValueItem, geometry: PaneGeometry) -> bool:
    """Whether a pane lies where something was measured, or runs near it."""
    if item.in_plane:
        return lies_in(item.about_mm, geometry)
    if item.along is not None and abs(float(item.along @ geometry.normal)) < ALONG:
        return False
    heights = geometry.distance_mm(item.about_mm)
    return float(heights.min()) <= item.within_mm and float(heights.max()) >= -item.within_mm


def _distance_opacity(item: DistanceItem, geometry: PaneGeometry) -> float:
    """1 for a distance in the pane's plane, less beside it, 0 where it is not drawn."""
    heights = geometry.distance_mm(item.ends_mm)
    away = 0.0 if heights[0] * heights[1] <= 0 else float(np.abs(heights).min())
    if away > MEASURE_FADE_MM or not is_seen_from(item, geometry):
        return 0.0
    return 1.0 if away <= 2.0 else 0.45


class PlanPainter:
    """Draws the items of one pane. names: whether names and values stand beside them."""

    def __init__(self, look: PaneLook, texts: TextPainter, traces: TraceCache, curved: CurvedTraces) -> None:
        self.look, self.texts, self.traces, self.curved = look, texts, traces, curved
        # where words stand in the picture that is being drawn
        self._taken: list[Box] = []
        # upper edge of words that `draw` put above the pane's foot, None where it did not
        self.foot_note_px: float | None = None

    def draw(
        self,
        painter: QPainter,
        items: Sequence[PlanItem],
        geometry: PaneGeometry,
        *,
        selected_point: str,
        hovered: str,
        names: bool,
        slab_mm: float = 0.0,
    ) -> dict[str, Box]:
        """All items in drawing order: contours, cuts and paths, points, then measurements. Gives where the words stand that
        a hand may take, by key.

        slab_mm: thickness of what the pane shows about its plane.
        """
        self._taken, self.foot_note_px = [], None
        if not items:
            return {}
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for item in items:
            if isinstance(item, ContourItem):
                self._contour(painter, item, geometry, names)
            elif isinstance(item, CutItem):
                self._cut(painter, item, geometry, hovered)
            elif isinstance(item, CurvedCutItem):
                self._curved_cut(painter, item, geometry, hovered)
            elif isinstance(item, PathItem):
                self._path(painter, item, geometry)
            elif isinstance(item, TreeItem):
                self._tree(painter, item, geometry, slab_mm)
            elif isinstance(item, WireItem):
                self._wire(painter, item, geometry)
        self._points(painter, [i for i in items if isinstance(i, PointItem)], geometry, selected_point, hovered, names)
        distances = [item for item in items if isinstance(item, DistanceItem)]
        for item in distances:
            self._distance_line(painter, item, geometry)
        # a line that crosses a number would read as its being struck out
        for item in distances:
            self._distance_words(painter, item, geometry, names)
        for item in items:
            if isinstance(item, NoteItem) and names:
                self._note(painter, item, geometry)
            elif isinstance(item, TreeMarkItem):
                self._tree_mark(painter, item, geometry, slab_mm)
        values = [item for item in items if isinstance(item, ValueItem)] if names else []
        boxes = self._values(painter, [item for item in values if _shows(item, geometry)], geometry)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        return boxes

    def _values(self, painter: QPainter, items: Sequence[ValueItem], geometry: PaneGeometry) -> dict[str, Box]:
        """Words at what was measured: those that a hand has put stand, the others go where there is room."""
        found: dict[str, Box] = {}
        sizes = {item.key: self._value_size(item) for item in items}
        for item in sorted(items, key=lambda item: item.away_mm is None):
            about, size = geometry.to_screen(item.about_mm), sizes[item.key]
            if not is_in_sight(about, geometry.width, geometry.height):
                continue
            if item.away_mm is None:
                box = free_box(about, size, self._taken, geometry.width, geometry.height)
            else:
                box = box_about(geometry.to_screen(item.at_mm + np.array(item.away_mm)), size)
            self._taken.append(box)
            found[item.key] = box
            self._value(painter, item, box, about)
        return found

    def _value_size(self, item: ValueItem) -> tuple[float, float]:
        styles = self._value_styles(item)
        wide = max(self.texts.width(line, style) for line, style in zip(item.lines, styles, strict=True))
        return wide, sum(self.texts.height(style) for style in styles)

    @staticmethod
    def _value_styles(item: ValueItem) -> tuple[TextStyle, ...]:
        further = TextStyle(item.color, SMALL_TEXT_PX, 500)
        return (TextStyle(item.color, TEXT_PX, 600), *(further for _ in item.lines[1:]))

    def _value(self, painter: QPainter, item: ValueItem, box: Box, about: FloatArray) -> None:
        middle = np.array((box[0] + box[2], box[1] + box[3])) / 2
        nearest = about[int(np.argmin(np.linalg.norm(about - middle, axis=1)))]
        if len(about) == 2:
            along = about[1] - about[0]
            share = float((middle - about[0]) @ along) / max(float(along @ along), 1e-9)
            nearest = about[0] + min(max(share, 0.0), 1.0) * along
        edge = np.clip(nearest, box[:2], box[2:])
        if float(np.linalg.norm(nearest - edge)) > LEADER_PX:
            color = QColor(item.color)
            color.setAlphaF(0.7)
            self.haloed(painter, np.array([edge, nearest]), color, 1.0)
        y = box[1]
        for line, style in zip(item.lines, self._value_styles(item), strict=True):
            height = self.texts.height(style)
            self.texts.draw(painter, QPointF(middle[0], y + height / 2), line, style, "center")
            y += height

    def _took(self, box: QRectF) -> None:
        self._taken.append((box.left(), box.top(), box.right(), box.bottom()))

    def haloed(self, painter: QPainter, places: FloatArray, color: QColor, width: float = LINE_PX) -> None:
        """An open line over its halo."""
        line = polygon(places)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen(self.look.halo_color(0.6 * color.alphaF()), width + HALO_PX - LINE_PX))
        painter.drawPolyline(line)
        painter.setPen(self._pen(color, width))
        painter.drawPolyline(line)

    def dot(self, painter: QPainter, place: FloatArray, radius: float, color: QColor, rim: float = 1.5) -> None:
        """A filled disc with a dark rim."""
        painter.setPen(QPen(self.look.halo_color(color.alphaF()), rim))
        painter.setBrush(color)
        painter.drawEllipse(point(place), radius, radius)

    def _pen(self, color: QColor, width: float) -> QPen:
        pen = QPen(color, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        return pen

    def _contour(self, painter: QPainter, item: ContourItem, geometry: PaneGeometry, names: bool) -> None:
        color = QColor(item.color)
        if not lies_in(item.points_mm, geometry):
            for chord in chords(item, geometry) if item.chord else ():
                self.haloed(painter, chord, color)
                for end in chord:
                    self.dot(painter, end, END_DOT_PX, color)
            return
        places = geometry.to_screen(item.points_mm)
        shape = polygon(places)
        filling = QColor(color)
        filling.setAlphaF(item.fill_opacity)
        painter.setBrush(filling)
        painter.setPen(self._pen(self.look.halo_color(), item.width_px + HALO_PX - LINE_PX))
        painter.drawPolygon(shape)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen(color, item.width_px))
        painter.drawPolygon(shape)
        dotted = np.linspace(0, len(places), CONTOUR_DOTS, endpoint=False).astype(int) if item.dots else ()
        for index in dotted:
            self.dot(painter, places[index], DOT_PX, color, 1.2)
        for mark in item.marks:
            self.haloed(painter, geometry.to_screen(mark), color, item.width_px)
        for number, (ends, text) in enumerate(item.diameters):
            self._diameter(painter, geometry.to_screen(ends), text, color, names, number)
        if names and item.caption:
            self._caption(painter, places, item)

    def _caption(self, painter: QPainter, places: FloatArray, item: ContourItem) -> None:
        style = TextStyle(item.color, TEXT_PX, 600)
        left, top = float(places[:, 0].min() + places[:, 0].max()) / 2, float(places[:, 1].min())
        self._took(self.texts.draw(painter, QPointF(left, top - CAPTION_GAP_PX), item.caption, style, "center"))

    def _diameter(
        self, painter: QPainter, ends: FloatArray, text: str, color: QColor, names: bool, number: int
    ) -> None:
        self.haloed(painter, ends, QColor(self.look.text), 1.2)
        for end in ends:
            self.dot(painter, end, DOT_PX, color, 1.2)
        along = ends[1] - ends[0]
        length = float(np.linalg.norm(along))
        if names and length < LEAST_INSIDE_PX:
            # a small section's numbers stand outside, the first at its left end and the next at its lower one
            end, other = sorted(ends, key=lambda place: place[0] if number == 0 else -place[1])
            style = TextStyle(self.look.text, TEXT_PX, 600)
            away = (end - other) / max(length, 1.0)
            place = end + away * (10.0 + abs(away[0]) * self.texts.width(text, style) / 2)
            self._took(self.texts.draw(painter, point(place), text, style, "center"))
        elif names:
            upper, lower = sorted(ends, key=lambda place: place[1])
            place = upper + 0.2 * (lower - upper)
            style = TextStyle(self.look.text, TEXT_PX, 600)
            self._took(self.texts.draw(painter, point(place), text, style, "center"))

    def _cut(self, painter: QPainter, item: CutItem, geometry: PaneGeometry, hovered: str) -> None:
        trace = self.traces.trace(item, geometry)
        if trace is None:
            return
        color = QColor(item.color)
        width = LINE_PX + 1.0 if hovered == item.key else LINE_PX
        for piece in trace.pieces:
            if item.dashed:
                self._dashed(painter, piece, color, width)
            else:
                self.haloed(painter, piece, color, width)
        if not item.movable:
            return
        self._squares(painter, trace.handles, color, hovered == item.key)

    def _squares(self, painter: QPainter, places: FloatArray, color: QColor, hovered: bool) -> None:
        half = HANDLE_PX / 2 + (1.0 if hovered else 0.0)
        painter.setPen(QPen(self.look.halo_color(1.0), 1.5))
        painter.setBrush(color)
        for place in places:
            painter.drawRoundedRect(QRectF(place[0] - half, place[1] - half, 2 * half, 2 * half), 1.5, 1.5)

    def _curved_cut(self, painter: QPainter, item: CurvedCutItem, geometry: PaneGeometry, hovered: str) -> None:
        color = QColor(item.color)
        width = LINE_PX + 1.0 if hovered == item.key else LINE_PX
        for piece in self.curved.trace(item, geometry).pieces:
            if item.dashed:
                self._dashed(painter, piece, color, width)
            else:
                self.haloed(painter, piece, color, width)
        if item.movable:
            self._squares(painter, self.curved.trace(item, geometry).handles, color, hovered == item.key)

    def _path(self, painter: QPainter, item: PathItem, geometry: PaneGeometry) -> None:
        if item.deep:
            return
        color = QColor(item.color)
        for piece in near_pieces(item.points_mm, geometry):
            if item.dashed:
                self._dashed(painter, piece, color, item.width_px)
            else:
                self.haloed(painter, piece, color, item.width_px)
        if item.flat:
            return
        for place in geometry.to_screen(crossings(item.points_mm, geometry, closed=False)):
            self.dot(painter, place, END_DOT_PX, color)

    def _tree(self, painter: QPainter, item: TreeItem, geometry: PaneGeometry, slab_mm: float) -> None:
        """What lies near the plane, or in the slab."""
        ends = near_steps(item.points_mm, item.lines, geometry, max(slab_mm / 2.0, NEAR_MM))
        draw_steps(painter, self.look, ends, QColor(item.color), item.width_px, dashed=item.dashed)

    def _tree_mark(self, painter: QPainter, item: TreeMarkItem, geometry: PaneGeometry, slab_mm: float) -> None:
        reach_mm = max(slab_mm / 2.0, NEAR_MM)
        is_near = abs(float(geometry.distance_mm(item.at_mm))) <= max(reach_mm, MEASURE_FADE_MM)
        place = geometry.to_screen(item.at_mm) if is_near else None
        ends = near_steps(item.points_mm, item.lines, geometry, reach_mm)
        draw_mark(painter, self.look, self.texts, item, ends, place, geometry.width)

    def _dashed(self, painter: QPainter, places: FloatArray, color: QColor, width: float) -> None:
        pen = self._pen(color, width)
        pen.setDashPattern([4.0, 3.0])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen(self.look.halo_color(0.45), width + 1.6))
        painter.drawPolyline(polygon(places))
        painter.setPen(pen)
        painter.drawPolyline(polygon(places))

    def _wire(self, painter: QPainter, item: WireItem, geometry: PaneGeometry) -> None:
        if abs(float(item.axis @ geometry.normal)) > ACROSS:
            return
        # the half that faces the viewer; both would make a moiré
        shown = [
            polygon(geometry.to_screen(line[start:end]))
            for line in item.lines_mm
            for start, end in _runs(geometry.distance_mm(line) <= IN_FRONT_MM)
        ]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((self.look.halo_color(), item.width_px + 1.6), (QColor(item.color), item.width_px)):
            painter.setPen(self._pen(color, width))
            for line in shown:
                painter.drawPolyline(line)

    def _note(self, painter: QPainter, item: NoteItem, geometry: PaneGeometry) -> None:
        if abs(float(geometry.distance_mm(item.position_mm))) > MEASURE_FADE_MM or not is_seen_from(item, geometry):
            return
        style = TextStyle(item.color, 11.5, 600)
        width, height = self.texts.width(item.text, style) + (20 if item.pill else 0), self.texts.height(style) + 8
        middle, is_low = geometry.to_screen(item.position_mm) + np.array(item.away_px), False
        if item.corner:
            middle = np.array((CORNER_PX[0] + width / 2, CORNER_PX[1] * max(self.look.text_scale, 1.0)))
            if not self._is_clear(middle, (width, height)):
                # above the line at the lower edge, which is half as high as the title's
                middle[1] = geometry.height - middle[1] / 2
                is_low = True
        middle = np.clip(
            middle,
            (width / 2 + 4, height / 2 + 24),
            (geometry.width - width / 2 - 4, geometry.height - height / 2 - 24),
        )
        if is_low:
            self.foot_note_px = float(middle[1]) - height / 2
        side = width / 2 + LETTERS_PX * max(self.look.text_scale, 1.0)
        is_beside_letters = abs(middle[1] - geometry.height / 2) < height
        if item.pill and is_beside_letters and side < geometry.width / 2:
            # the patient's sides stand at the edges, halfway down, and are drawn last
            middle[0] = min(max(middle[0], side), geometry.width - side)
        if item.pill:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.look.halo_color(0.8))
            painter.drawRoundedRect(QRectF(middle[0] - width / 2, middle[1] - height / 2, width, height), 5, 5)
        self._took(self.texts.draw(painter, point(middle), item.text, style, "center"))

    def _is_clear(self, middle: FloatArray, size: tuple[float, float]) -> bool:
        """Whether a box of this size about a place covers no words that stand."""
        return not any(overlap_px2(box_about(middle, size), other) for other in self._taken)

    def _points(
        self,
        painter: QPainter,
        items: Sequence[PointItem],
        geometry: PaneGeometry,
        selected: str,
        hovered: str,
        names: bool,
    ) -> None:
        items = [item for item in items if is_seen_from(item, geometry)]
        near = {item.key: nearness(float(geometry.distance_mm(item.position_mm))) for item in items}
        places = {item.key: geometry.to_screen(item.position_mm) for item in items if near[item.key] > 0}
        for item in items:
            if item.key not in places:
                continue
            place, share = places[item.key], near[item.key]
            color = QColor(item.color)
            color.setAlphaF(0.25 + 0.75 * share)
            radius = FAR_POINT_PX + (POINT_PX - FAR_POINT_PX) * share + (1.0 if hovered == item.key else 0.0)
            if selected == item.key:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self.look.halo_color(), 3.5))
                painter.drawEllipse(point(place), RING_PX, RING_PX)
                painter.setPen(QPen(QColor(self.look.accent), 1.5))
                painter.drawEllipse(point(place), RING_PX, RING_PX)
            self._mark(painter, item, place, radius, color)
            # names of points that lie off the plane would cover each other and mean little
            if names and item.label and (share == 1.0 or item.key in (selected, hovered)):
                gap = RING_GAP_PX if item.key == selected else NAME_GAP_PX
                self._name(painter, place, gap * outward(places, item.key), item, geometry)

    def _mark(self, painter: QPainter, item: PointItem, place: FloatArray, radius: float, color: QColor) -> None:
        if item.shape == "square":
            painter.setPen(QPen(self.look.halo_color(color.alphaF()), 1.5))
            painter.setBrush(color)
            half = radius - 0.5
            painter.drawRoundedRect(QRectF(place[0] - half, place[1] - half, 2 * half, 2 * half), 1.5, 1.5)
        elif item.shape == "ring":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in (QPen(self.look.halo_color(), 3.5), QPen(color, 1.6, Qt.PenStyle.DotLine)):
                painter.setPen(pen)
                painter.drawEllipse(point(place), radius + 1.5, radius + 1.5)
        else:
            self.dot(painter, place, radius - SMALLER_PX if item.shape == "small" else radius, color)

    def _name(
        self, painter: QPainter, place: FloatArray, away: FloatArray, item: PointItem, geometry: PaneGeometry
    ) -> None:
        style = TextStyle(item.color, TEXT_PX, 600)
        text = tr(item.label)
        width, height = self.texts.width(text, style), self.texts.height(style)
        middle = place + away + away / np.linalg.norm(away) * np.array((width, height)) / 2
        middle = np.clip(middle, (width / 2 + 3, height / 2 + 2), (geometry.width - width / 2 - 3, geometry.height - 8))
        self._took(self.texts.draw(painter, point(middle), text, style, "center"))

    def _distance_line(self, painter: QPainter, item: DistanceItem, geometry: PaneGeometry) -> None:
        share = _distance_opacity(item, geometry)
        if share <= 0.0:
            return
        painter.setOpacity(share)
        self.line_between(painter, geometry.to_screen(item.ends_mm), QColor(item.color), ticks=not item.pill)
        painter.setOpacity(1.0)

    def _distance_words(self, painter: QPainter, item: DistanceItem, geometry: PaneGeometry, names: bool) -> None:
        share = _distance_opacity(item, geometry)
        if share <= 0.0 or not item.text or not (names or item.pill):
            return
        painter.setOpacity(share)
        self.length_text(painter, geometry.to_screen(item.ends_mm), item.text, item.color, geometry, pill=item.pill)
        painter.setOpacity(1.0)

    def line_between(self, painter: QPainter, ends: FloatArray, color: QColor, *, ticks: bool) -> None:
        """A measured line; with short ticks across its ends, or a bar without."""
        self.haloed(painter, ends, color, 1.6 if ticks else 2.4)
        along = ends[1] - ends[0]
        length = float(np.linalg.norm(along))
        if not ticks or length < 1.0:
            return
        across = np.array((-along[1], along[0])) / length * 4.0
        for end in ends:
            self.haloed(painter, np.array([end - across, end + across]), color, 1.6)

    def part_names(self, painter: QPainter, names: Sequence[tuple[FloatArray, str]]) -> None:
        """Names of an organ's parts: (screen place (2,), name)."""
        for (x, y), name in names:
            self.texts.draw(painter, QPointF(x, y), name, TextStyle(self.look.text, PART_NAME_PX, 600), "center")

    def live_line(self, painter: QPainter, ends: FloatArray, text: str, geometry: PaneGeometry) -> None:
        """A distance while the hand draws it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.line_between(painter, ends, QColor(self.look.accent), ticks=True)
        self.length_text(painter, ends, text, self.look.text, geometry, pill=True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def length_text(
        self, painter: QPainter, ends: FloatArray, text: str, color: str, geometry: PaneGeometry, *, pill: bool
    ) -> None:
        """The length beside its line: plain above the middle, or in a dark box clear of both ends."""
        style = TextStyle(color, TEXT_PX, 600)
        width, height = self.texts.width(text, style), self.texts.height(style)
        if not pill:
            along = ends[1] - ends[0]
            length = max(float(np.linalg.norm(along)), 1.0)
            across = np.array((along[1], -along[0])) / length
            across = across if across[1] <= 0 else -across
            middle = ends.mean(axis=0) + across * (6.0 + abs(across[0]) * width / 2 + abs(across[1]) * height / 2)
            self._took(self.texts.draw(painter, point(middle), text, style, "center"))
            return
        left = float(ends[:, 0].max()) + 12.0
        if left + width + 24 > geometry.width:
            left = float(ends[:, 0].min()) - 12.0 - width - 20
        box = QRectF(left, float(ends[:, 1].mean()) - height / 2 - 4, width + 20, height + 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.halo_color(0.8))
        painter.drawRoundedRect(box, 5, 5)
        self._took(box)
        self.texts.draw(painter, QPointF(box.left() + 10, box.center().y()), text, style)
