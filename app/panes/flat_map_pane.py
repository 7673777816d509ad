"""The cut laid flat: margin in three colours, the place of the least, how true its areas are, the crosshair on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen

from app.i18n import text_quantity, tr
from planning.geometry import FloatArray, Vector
from planning.units import THIN_SPACE
from viewers.flat_raster import FlatRaster, rasterised
from viewers.pane_look import PaneLook, TextStyle
from viewers.plan_pane import MARGIN_PX, SQUARE_PX, PlanPane
from viewers.scene.painting import margin_bands
from viewers.view_state import ViewModel, ViewState, vec

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

    from planning.liver.resectogram import Resectogram

AROUND_PX, GAP_PX = 14.0, 6.0
# the line of words at the foot, and that of names below patches
FOOT_PX, NAMES_PX = 34.0, 20.0
MOST_PX_PER_MM = 12.0
RULER_MM = 20.0
RULER = f"{RULER_MM:g}{THIN_SPACE}mm"
# a name may stand out over a narrow patch this far
NAME_PX = 84.0
RING_PX, CROSS_PX, CROSS_GAP_PX = 6.0, 9.0, 3.0
# the crosshair is shown on the map while it is this near to the cut
NEAR_MM, GONE_MM = 2.0, 12.0
NUDGE_MM, FINE_NUDGE_MM = 2.0, 0.25
USUAL_SHARE = 0.95
MOST_USEFUL = 0.5
ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class FlatMap:
    """What the pane shows. least_mm: (3,) place on the cut of the least margin and least: its words, or None and "".

    names: of the resections, drawn where there are several patches.
    """

    flat: Resectogram
    asked_mm: float
    names: tuple[str, ...] = ()
    least_mm: Vector | None = None
    least: str = ""


def distortion_words(flat: Resectogram, *, short: bool = False) -> str:
    """ "Areas true within 3 %", or how much steep walls hide, with the share that lies folded under the rest.

    short: for a narrow pane, "area ± 3 %" or "shows 86 % of the area".
    """
    corners = flat.cut.mesh.points_mm[flat.cut.mesh.triangles]
    areas = 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    seen = np.isfinite(flat.distortion)
    if not seen.any() or not areas.sum():
        return ""
    # by how much a true area differs from the map's, for all but the worst twentieth of the cut
    wrong = np.abs(flat.distortion[seen] - 1.0)
    order = np.argsort(wrong)
    share = np.cumsum(areas[seen][order]) / areas[seen].sum()
    usual = wrong[order][min(int(np.searchsorted(share, USUAL_SHARE)), len(order) - 1)]
    percent = f"{100.0 * usual:.0f}{THIN_SPACE}%"
    words = tr("Areas are true") if usual < 0.005 else tr("Areas true within {percent}", percent=percent)
    brief = tr("True areas") if usual < 0.005 else tr("Area ± {percent}", percent=percent)
    if usual > MOST_USEFUL:
        # a wall seen along itself has no area on the map: a percentage would say nothing
        true, shown = float(areas.sum()), float((areas[seen] / flat.distortion[seen]).sum())
        percent = f"{100.0 * min(shown / true, 1.0):.0f}{THIN_SPACE}%"
        words, brief = (
            tr("Steep walls: shows {percent} of the area", percent=percent),
            tr("Shows {percent} of the area", percent=percent),
        )
    if short:
        return brief
    folded = flat.folded_share
    return tr("{words}, {value:.0f} % folded under", words=words, value=100.0 * folded) if folded >= 0.005 else words


class FlatMapPane(PlanPane):
    """`place_asked`: a place of the cut (LPS mm) was clicked or dragged over."""

    place_asked = Signal(object)
    on_panel = False

    def __init__(self, view: ViewModel, look: PaneLook, name: str = "flat_map") -> None:
        super().__init__(name, view, look, tr("Flat map"))
        self.setMouseTracking(True)
        self._shown: FlatMap | None = None
        self._words, self._short_words, self._reason = "", "", ""
        self._raster: FlatRaster | None = None
        self._picture: QImage | None = None
        self._values: FloatArray = np.zeros((0, 0))
        self._tree: cKDTree | None = None
        self._hover: QPointF | None = None

    def show_map(self, shown: FlatMap | None, reason: str = "") -> None:
        """Another map; reason: the words where there is none."""
        before, self._shown, self._reason = self._shown, shown, reason
        if shown is None or before is None or shown.flat is not before.flat or shown.asked_mm != before.asked_mm:
            self._forget()
            self._words = "" if shown is None else distortion_words(shown.flat)
            self._short_words = "" if shown is None else distortion_words(shown.flat, short=True)
            self._tree = None
        least = tr("least margin {least}", least=shown.least) if shown is not None and shown.least else ""
        self.setAccessibleName(", ".join(part for part in (self.title, least, self._words, reason) if part))
        self.update()

    def set_look(self, look: PaneLook) -> None:
        """Other colours or text size."""
        super().set_look(look)
        self._forget()

    def place_children(self) -> None:
        """Another size needs other pixels."""
        self._forget()

    def _forget(self) -> None:
        self._raster, self._picture = None, None

    # where things lie

    def _scale(self) -> tuple[float, QPointF]:
        """Logical pixels a millimetre, and where the map's lower left-most millimetre lies."""
        assert self._shown is not None
        flat = self._shown.flat.flat_mm
        low, size = flat.min(axis=0), np.maximum(np.ptp(flat, axis=0), 1.0)
        scale, box, _ = self._place(size)
        left, top = box.center().x() - scale * size[0] / 2.0, box.center().y() - scale * size[1] / 2.0
        return scale, QPointF(left - scale * low[0], top - scale * low[1])

    def _place(self, size_mm: FloatArray) -> tuple[float, QRectF, bool]:
        """(pixels a millimetre, where the map lies, whether beside the foot's words) at its largest.

        It may lie between title and foot, or beside the words of either: a low pane has more room there.
        """
        grown = max(self.look.text_scale, 1.0)
        names = NAMES_PX * grown if self._patches() > 1 and self._shown and self._shown.names else 0.0
        title = MARGIN_PX + SQUARE_PX + 7.0 + self.texts.width(self.title, self._title_style()) + GAP_PX
        words = MARGIN_PX + self.texts.width(self._short_words, self._foot_style()) + GAP_PX
        ruler = self.texts.width(RULER, self._ruler_style())
        best: tuple[float, QRectF, bool] | None = None
        for top, left in ((self.title_px + 4.0, AROUND_PX), (AROUND_PX, max(title, AROUND_PX))):
            for is_beside in (False, True):
                start = max(left, words) if is_beside else left
                end = self.width() - (MARGIN_PX + ruler + GAP_PX if is_beside else AROUND_PX)
                bottom = self.height() - (AROUND_PX if is_beside else FOOT_PX * grown) - names
                box = QRectF(start, top, max(end - start, 1.0), max(bottom - top, 1.0))
                # the ruler keeps its room
                most = ruler / RULER_MM if is_beside else MOST_PX_PER_MM
                scale = min(box.width() / size_mm[0], box.height() / size_mm[1], most, MOST_PX_PER_MM)
                if best is None or scale > best[0]:
                    best = scale, box, is_beside
        assert best is not None
        return best

    def _patches(self) -> int:
        return 0 if self._shown is None else len(np.unique(self._shown.flat.cut.cut_of))

    def _title_style(self) -> TextStyle:
        return TextStyle(self.look.text, 12.5, 600)

    def _foot_style(self) -> TextStyle:
        return TextStyle(self.look.text_soft, 12.0)

    def _ruler_style(self) -> TextStyle:
        return TextStyle(self.look.text, 12.0, 500)

    def screen_of(self, flat_mm: FloatArray) -> QPointF:
        """Where a place of the map lies on screen."""
        scale, origin = self._scale()
        return QPointF(origin.x() + scale * float(flat_mm[0]), origin.y() + scale * float(flat_mm[1]))

    def place_at(self, at: QPointF) -> Vector | None:
        """(3,) LPS mm of the cut under a logical pixel, None beside the map."""
        found = self._pixel(at)
        if found is None or self._shown is None or self._raster is None:
            return None
        mesh = self._shown.flat.cut.mesh
        corners = mesh.points_mm[mesh.triangles[self._raster.triangle[found]]]
        return np.asarray(self._raster.weights[found].astype(np.float64) @ corners)

    def _pixel(self, at: QPointF) -> tuple[int, int] | None:
        if self._shown is None or self._raster is None:
            return None
        scale, origin = self._scale()
        flat = np.array(((at.x() - origin.x()) / scale, (at.y() - origin.y()) / scale))
        column, row = np.rint((flat - self._raster.low_mm) * self._raster.px_per_mm).astype(int)
        rows, columns = self._raster.triangle.shape
        inside = 0 <= row < rows and 0 <= column < columns and self._raster.triangle[row, column] >= 0
        return (int(row), int(column)) if inside else None

    def _near(self, place_mm: npt.ArrayLike) -> tuple[FloatArray, float]:
        """(2,) the map's place nearest to a place in the patient, and how far that is from the cut."""
        from scipy.spatial import cKDTree

        assert self._shown is not None
        if self._tree is None:
            self._tree = cKDTree(self._shown.flat.cut.mesh.points_mm)
        away, number = self._tree.query(np.asarray(place_mm, dtype=np.float64))
        return self._shown.flat.flat_mm[int(number)], float(away)

    # painting

    def paint_content(self, painter: QPainter) -> None:
        shown = self._shown
        if shown is None or not len(shown.flat.flat_mm):
            self.texts.draw(
                painter, self.content_rect.center(), self._reason, TextStyle(self.look.text_soft, 12.5), "center"
            )
            return
        scale, origin = self._scale()
        if self._picture is None:
            self._draw_picture(scale)
        assert self._raster is not None
        assert self._picture is not None
        corner = QPointF(
            origin.x() + scale * float(self._raster.low_mm[0]), origin.y() + scale * float(self._raster.low_mm[1])
        )
        half, ratio = 0.5 / self._raster.px_per_mm * scale, self._raster.px_per_mm / scale
        size = (self._picture.width() / ratio, self._picture.height() / ratio)
        painter.drawImage(QRectF(corner.x() - half, corner.y() - half, *size), self._picture)
        self._paint_names(painter)
        self._paint_cross(painter)
        if shown.least_mm is not None:
            flat, _ = self._near(shown.least_mm)
            self._paint_least(painter, self.screen_of(flat), shown.least)
        self._paint_foot(painter, scale)
        self._paint_hover(painter)

    def _draw_picture(self, scale: float) -> None:
        shown = self._shown
        assert shown is not None
        cut = shown.flat.cut
        self._raster = rasterised(shown.flat.flat_mm, cut.mesh.triangles, scale * self.devicePixelRatioF())
        self._values = self._raster.values(cut.mesh.triangles, cut.values_mm)
        below, close, above, unmeasured = (QColor(color).rgb() for color in margin_bands(self.look))
        bands = np.select(
            [np.isinf(self._values), self._values < shown.asked_mm, self._values < 2.0 * shown.asked_mm],
            [unmeasured, below, close],
            above,
        )
        pixels = np.where(self._raster.triangle >= 0, bands, 0).astype(np.uint32)
        rows, columns = pixels.shape
        image = QImage(np.ascontiguousarray(pixels).tobytes(), columns, rows, QImage.Format.Format_ARGB32_Premultiplied)
        self._picture = image.copy()

    def _paint_names(self, painter: QPainter) -> None:
        shown = self._shown
        assert shown is not None
        owners = np.unique(shown.flat.cut.cut_of)
        if len(owners) < 2:
            return
        style = TextStyle(self.look.text_soft, 11.5)
        for number in owners:
            own = shown.flat.flat_mm[shown.flat.cut.cut_of == number]
            left, right = (self.screen_of(np.array((x, own[:, 1].max()))) for x in (own[:, 0].min(), own[:, 0].max()))
            room = max(right.x() - left.x(), NAME_PX)
            words = self.texts.elided(shown.names[number], style, room) if number < len(shown.names) else ""
            self.texts.draw(painter, QPointF((left.x() + right.x()) / 2.0, left.y() + 12.0), words, style, "center")

    def _paint_cross(self, painter: QPainter) -> None:
        flat, away = self._near(self.model.state.cross_mm)
        share = float(np.clip((GONE_MM - away) / (GONE_MM - NEAR_MM), 0.0, 1.0))
        if share <= 0.0 or not self.model.state.show_crosshair:
            return
        middle = self.screen_of(flat)
        for ink, width in ((self.look.halo_color(0.7 * share), 3.6), (QColor(self.look.text), 1.6)):
            color = QColor(ink)
            color.setAlphaF(color.alphaF() * (0.35 + 0.65 * share))
            painter.setPen(QPen(color, width))
            for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                step = QPointF(x, y)
                painter.drawLine(middle + step * CROSS_GAP_PX, middle + step * CROSS_PX)

    def _paint_least(self, painter: QPainter, middle: QPointF, words: str) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in ((self.look.halo_color(0.8), 4.5), (QColor(self.look.text), 2.0)):
            painter.setPen(QPen(ink, width))
            painter.drawEllipse(middle, RING_PX, RING_PX)
        self._pill(painter, middle, words)

    def _pill(self, painter: QPainter, middle: QPointF, words: str) -> None:
        style = TextStyle(self.look.text, 12.0, 600)
        width, height = self.texts.width(words, style) + 18.0, self.texts.height(style) + 8.0
        away = RING_PX + 5.0
        # beside the place, above or below it: where the least of the map is covered
        steps = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
        boxes = [
            QRectF(
                middle.x() - width / 2.0 + x * (away + width / 2.0),
                middle.y() - height / 2.0 + y * (away + height / 2.0),
                width,
                height,
            )
            for x, y in steps
        ]
        room = QRectF(self.rect()).adjusted(4.0, self.title_px, -4.0, -4.0)
        inside = [box for box in boxes if room.contains(box)]
        box = min(inside or boxes[:2], key=self._covered)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.halo_color(0.8))
        painter.drawRoundedRect(box, 5.0, 5.0)
        self.texts.draw(painter, box.center(), words, style, "center")

    def _covered(self, box: QRectF) -> int:
        """How many of the map's pixels lie in a box of the screen."""
        if self._raster is None:
            return 0
        scale, origin = self._scale()
        corners = np.array(((box.left(), box.top()), (box.right(), box.bottom())))
        flat = (corners - (origin.x(), origin.y())) / scale
        (left, top), (right, bottom) = np.rint((flat - self._raster.low_mm) * self._raster.px_per_mm).astype(int)
        return int(
            np.count_nonzero(self._raster.triangle[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] >= 0)
        )

    def _paint_foot(self, painter: QPainter, scale: float) -> None:
        assert self._shown is not None
        soft, low = self._foot_style(), self.height() - 15.0
        length = RULER_MM * scale
        right = self.width() - 12.0
        ruler = self._ruler_style()
        painter.setPen(QPen(QColor(self.look.text), 1.6))
        painter.drawLine(QPointF(right - length, low + 5.0), QPointF(right, low + 5.0))
        self.texts.draw(painter, QPointF(right - self.texts.width(RULER, ruler), low - 6.0), RULER, ruler)
        room = right - max(length, self.texts.width(RULER, ruler)) - 24.0
        size = np.maximum(np.ptp(self._shown.flat.flat_mm, axis=0), 1.0)
        is_short = self._place(size)[2] or self.texts.width(self._words, soft) > room
        words = self._short_words if is_short else self._words
        self.texts.draw(painter, QPointF(12.0, low), self.texts.elided(words, soft, room), soft)

    def _paint_hover(self, painter: QPainter) -> None:
        found = None if self._hover is None else self._pixel(self._hover)
        if found is None or self._hover is None:
            return
        value = float(self._values[found])
        if np.isfinite(value):
            self._pill(painter, self._hover, text_quantity(value, "mm"))

    # the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The crosshair goes to this place of the cut."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The margin under the hand; with the button held the crosshair follows."""
        self._hover = None if event.buttons() else event.position()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())
        inside = self._pixel(event.position()) is not None
        self.setCursor(Qt.CursorShape.CrossCursor if inside else Qt.CursorShape.ArrowCursor)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the hand."""
        super().leaveEvent(event)
        self._hover = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the crosshair over the cut, Ctrl finer."""
        way = ARROWS.get(Qt.Key(event.key()))
        if way is None or self._shown is None or not len(self._shown.flat.flat_mm):
            super().keyPressEvent(event)
            return
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        scale, _ = self._scale()
        step = (FINE_NUDGE_MM if fine else NUDGE_MM) * scale
        here = self.screen_of(self._near(self.model.state.cross_mm)[0])
        self._go(here + QPointF(*way) * step)

    def _go(self, at: QPointF) -> None:
        place = self.place_at(at)
        if place is not None:
            self.place_asked.emit(vec(place))

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        super()._on_view(old, new)
        if (old.cross_mm, old.show_crosshair) != (new.cross_mm, new.show_crosshair):
            self.update()
