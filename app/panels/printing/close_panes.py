"""Below the plate: the chosen place in a cut with what a repair would make of it, and how thick the part's walls are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from app.i18n import mark, text_value, tr
from app.theme.tokens import PLANS
from planning.geometry import FloatArray
from planning.printing.walls import SHARE_STEP_MM
from viewers.pane_look import PaneLook, TextStyle
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewModel

CLOSE, WALLS = mark("Chosen place"), mark("Wall thickness")
BARS_MM = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
SCALE_SHARE = 0.25
MOST_MM = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class CloseLook:
    """A place in a cut. curves, mended: (N, 2) closed lines of the part and of what a repair would make, mm from the place.
    half_mm: how far it is shown to each side. color: of the part. value: the measure. width_mm: drawn across as a calliper,
    None for none. after: what the repair reaches, "" for none."""

    title: str
    curves: tuple[FloatArray, ...]
    color: str
    half_mm: float
    value: str
    part: str
    width_mm: float | None = None
    limit_mm: float | None = None
    mended: tuple[FloatArray, ...] = ()
    after: str = ""


class ClosePane(PlanPane):
    """The chosen place. `place_asked`: the next (1) or previous (−1) one."""

    place_asked = Signal(int)
    on_panel = False

    def __init__(self, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__("print_close", view, look, tr(CLOSE), parent)
        self._shown: CloseLook | None = None
        self._hint = ""

    @property
    def shown(self) -> CloseLook | None:
        """What is drawn."""
        return self._shown

    def show_place(self, place: CloseLook | None, hint: str = "") -> None:
        """Another place; None shows only the hint."""
        self._shown, self._hint = place, hint
        self.title = tr(CLOSE) if place is None else place.title
        self.square = self.look.plane_colors["3d"] if place is None else (self.look.bad or self.look.warn)
        words = "" if place is None else f"{place.part}, {place.value}"
        self.setAccessibleName(", ".join(part for part in (self.title, words, hint) if part))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """PgDn, PgUp."""
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.place_asked.emit(1 if event.key() == Qt.Key.Key_PageDown else -1)
            return
        super().keyPressEvent(event)

    def paint_content(self, painter: QPainter) -> None:
        """The cut."""
        place = self._shown
        if place is None:
            painter.setFont(self.look.font(12))
            painter.setPen(QColor(self.look.text_soft))
            box = self.content_rect.adjusted(16, 8, -16, -16)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self._hint)
            return
        room = self.content_rect
        scale = min(room.width(), room.height() * 1.7) / (2.0 * place.half_mm)
        middle = room.center()

        def path(curves: Sequence[FloatArray]) -> QPainterPath:
            drawn = QPainterPath()
            drawn.setFillRule(Qt.FillRule.OddEvenFill)
            for curve in curves:
                for number, (x, y) in enumerate(curve.tolist()):
                    point = QPointF(middle.x() + x * scale, middle.y() - y * scale)
                    drawn.lineTo(point) if number else drawn.moveTo(point)
            return drawn

        painter.setClipRect(room)
        ground = QColor(place.color)
        ground.setAlphaF(0.42)
        own = path(place.curves)
        painter.setPen(QPen(QColor(place.color), 1.5))
        painter.setBrush(ground)
        painter.drawPath(own)
        self._paint_thin(painter, own, place, middle, scale)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if place.mended:
            pen = QPen(QColor(PLANS["a"]), 1.5)
            pen.setDashPattern([5.0, 4.0])
            painter.setPen(pen)
            painter.drawPath(path(place.mended))
        painter.setClipping(False)
        self._paint_words(painter, place, middle, scale)

    def _paint_thin(
        self, painter: QPainter, own: QPainterPath, place: CloseLook, middle: QPointF, scale: float
    ) -> None:
        """What lies within a wall's width of the place, in the state's colour."""
        if place.limit_mm is None:
            return
        reach = max(1.5 * place.limit_mm * scale, 8.0)
        around = QPainterPath()
        around.addEllipse(middle, reach, reach)
        red = QColor(self.look.bad or self.look.warn)
        painter.setPen(QPen(red, 1.5))
        red.setAlphaF(0.5)
        painter.setBrush(red)
        painter.drawPath(own.intersected(around))

    def _paint_words(self, painter: QPainter, place: CloseLook, middle: QPointF, scale: float) -> None:
        red, soft = TextStyle(self.look.bad or self.look.warn, 12, 600), TextStyle(self.look.text, 12, 500)
        room, large = self.content_rect, max(self.look.text_scale, 1.0)
        half = 0.5 * (place.width_mm or 0.0) * scale
        painter.setPen(QPen(QColor(self.look.text), 1.5))
        if place.width_mm is not None:
            top, bottom = QPointF(middle.x(), middle.y() - half), QPointF(middle.x(), middle.y() + half)
            painter.drawLine(top, top - QPointF(0.0, 16.0))
            painter.drawLine(bottom, bottom + QPointF(0.0, 16.0))
        y = max(middle.y() - half - 28.0 * large, room.top() + 30.0 * large)
        width, height = self.texts.width(place.value, red) + 16.0, self.texts.height(red) + 7.0
        box = QRectF(middle.x() - width / 2.0, y - height / 2.0, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.halo_color(0.85))
        painter.drawRoundedRect(box, 5.0, 5.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self.texts.draw(painter, QPointF(middle.x(), y), place.value, red, "center")
        if place.after:
            after = TextStyle(PLANS["a"], 12, 500)
            shown = self.texts.elided(place.after, after, room.width() - 20.0)
            self.texts.draw(painter, QPointF(room.right() - 10.0, room.top() + 8.0 * large), shown, after, "right")
        low = room.bottom() - 14.0 * large
        bar = max((one for one in BARS_MM if one * scale <= SCALE_SHARE * room.width()), default=BARS_MM[0])
        words = f"{bar:g}\u202fmm"
        left = room.right() - 12.0 - bar * scale
        shown = self.texts.elided(place.part, soft, left - 24.0)
        self.texts.draw(painter, QPointF(10.0, low), shown, soft)
        self.texts.draw(painter, QPointF(room.right() - 12.0, low - 2.0), words, soft, "right")
        painter.setPen(QPen(QColor(self.look.text), 2.0))
        painter.drawLine(QPointF(left, low + 9.0 * large), QPointF(room.right() - 12.0, low + 9.0 * large))


class WallsPane(PlanPane):
    """How much of a part's surface has walls of which thickness, with the least that the printer makes."""

    on_panel = False

    def __init__(self, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__("print_walls", view, look, tr(WALLS), parent)
        self._shares: tuple[float, ...] = ()
        self._limit, self._limit_words = 0.8, ""

    @property
    def shares(self) -> tuple[float, ...]:
        """What is drawn."""
        return self._shares

    def show_walls(self, shares: Sequence[float], limit_mm: float, limit_words: str, part: str) -> None:
        """shares: of the surface per tenth of a millimetre. part: whose walls they are."""
        self._shares, self._limit, self._limit_words = tuple(shares), limit_mm, limit_words
        below = sum(share for n, share in enumerate(shares) if (n + 1) * SHARE_STEP_MM <= limit_mm + 1e-9)
        words = tr("{percent} % of the surface is thinner", percent=text_value(100.0 * below, 1))
        self.set_detail(f"{part}: {words}" if shares else "")
        self.update()

    def paint_content(self, painter: QPainter) -> None:
        """Bars and the limit's line."""
        room, large = self.content_rect, max(self.look.text_scale, 1.0)
        soft = TextStyle(self.look.text_soft, 11, 400)
        if not self._shares:
            painter.setFont(self.look.font(12))
            painter.setPen(QColor(self.look.text_soft))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), tr("Walls are measured with the model."))
            return
        left, right = room.left() + 16.0, room.right() - 18.0
        base, top = room.bottom() - 24.0 * large, room.top() + 38.0 * large
        step = (right - left) / (MOST_MM / SHARE_STEP_MM)
        highest = max(max(self._shares), 1e-6)
        red, yellow, grey = QColor(self.look.bad), QColor(self.look.warn), QColor(self.look.plane_colors["3d"])
        grey.setAlphaF(0.55)
        for number, share in enumerate(self._shares):
            if share <= 0.0:
                continue
            end = (number + 1) * SHARE_STEP_MM
            tone = red if end <= self._limit + 1e-9 else yellow if end <= 1.25 * self._limit + 1e-9 else grey
            height = max((base - top) * share / highest, 2.0)
            painter.fillRect(QRectF(left + number * step, base - height, max(step - 1.5, 1.0), height), tone)
        painter.setPen(QPen(QColor(self.look.text_soft), 1.0))
        painter.drawLine(QPointF(left, base), QPointF(right, base))
        for tick in range(int(MOST_MM)):
            words = f"{tick}\u202fmm" if tick == int(MOST_MM) - 1 else str(tick)
            x = left + tick / SHARE_STEP_MM * step
            self.texts.draw(painter, QPointF(x, base + 12.0 * large), words, soft, "center")
        x = left + self._limit / SHARE_STEP_MM * step
        painter.setPen(QPen(QColor(self.look.text), 1.5))
        painter.drawLine(QPointF(x, room.top() + 6.0), QPointF(x, base))
        at = QPointF(x + 6.0, room.top() + 12.0 * large)
        style = TextStyle(self.look.text, 11.5, 400)
        shown = self.texts.elided(self._limit_words, style, right - x - 8.0)
        self.texts.draw(painter, at, shown, style)
        thicker = 100.0 * (1.0 - sum(self._shares))
        if thicker >= 0.1:
            words = tr("{percent} % over {most} mm", percent=text_value(thicker, 1), most=round(MOST_MM))
            place = QPointF(right, room.top() + 28.0 * large)
            self.texts.draw(painter, place, words, soft, "right")
