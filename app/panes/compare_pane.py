"""Plans as columns of a table; a click on a column chooses the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from app.i18n import tr
from app.panels.labels import STATE_ICONS, text_font
from app.theme.icons import draw_icon
from app.theme.style import color
from viewers.pane_look import PaneLook
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewModel

HEAD_PX, MOST_ROW_PX, LEAST_ROW_PX = 38.0, 28.0, 19.0
INSET_PX, GAP_PX, ICON_PX, DOT_PX = 14.0, 6.0, 13.0, 9.0
NAMES_SHARE, MOST_NAMES_SHARE = 0.29, 0.36


@dataclass(frozen=True, slots=True)
class PlanCell:
    """A number in words, its ±, its state, and why it is missing. short: where the words are too wide."""

    text: str
    spread: str = ""
    state: str = ""
    reason: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class PlanColumn:
    """One plan. is_chosen: the case's chosen plan."""

    name: str
    color: str
    cells: tuple[PlanCell, ...]
    is_chosen: bool = False


class ComparePane(PlanPane):
    """`chosen`: a plan's name, by click or arrow keys."""

    chosen = Signal(str)

    def __init__(self, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__("compare_table", view, look, tr("Plans"), parent)
        self._names: tuple[str, ...] = ()
        self._columns: tuple[PlanColumn, ...] = ()
        self._at = ""
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_plans(self, names: Sequence[str], columns: Sequence[PlanColumn], at: str) -> None:
        """Names of the rows, the plans with as many cells each, and the plan that is looked at."""
        shown = (tuple(names), tuple(columns), at)
        if shown == (self._names, self._columns, self._at):
            return
        self._names, self._columns, self._at = shown
        parts = []
        for column in columns:
            cells = "; ".join(
                f"{n} {c.text}{f' ± {c.spread}' if c.spread else ''}" for n, c in zip(names, column.cells)
            )
            parts.append(tr("Plan {name}: {cells}", name=column.name, cells=cells))
        self.setAccessibleName(". ".join(parts) or tr("No plans"))
        self.update()

    def column_rect(self, number: int) -> QRectF:
        """Where a plan's column lies."""
        left = INSET_PX + self._names_px()
        width = (self.width() - left - GAP_PX) / max(len(self._columns), 1)
        return QRectF(left + number * width, 0.0, width, self.height())

    def _names_px(self) -> float:
        """Room for the rows' names: what they need, up to a share that leaves the numbers theirs."""
        metrics = QFontMetricsF(text_font(13))
        wanted = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0) + 12.0
        return min(wanted, (MOST_NAMES_SHARE if wanted > NAMES_SHARE * self.width() else NAMES_SHARE) * self.width())

    def _row_px(self) -> float:
        room = (self.height() - self._head_px() - 8.0) / max(len(self._names), 1)
        return max(min(room, MOST_ROW_PX * self.look.text_scale), LEAST_ROW_PX * self.look.text_scale)

    def _head_px(self) -> float:
        return HEAD_PX * max(self.look.text_scale, 1.0)

    def _paint_title(self, painter: QPainter) -> None:
        """The columns' heads say it."""

    def paint_content(self, painter: QPainter) -> None:
        row, head, ascent = self._row_px(), self._head_px(), QFontMetricsF(text_font(13)).capHeight()
        fitting = int((self.height() - head - 4.0) // row)
        for number, column in enumerate(self._columns):
            box = self.column_rect(number)
            if column.name == self._at:
                painter.fillRect(
                    QRectF(box.left(), head - 4.0, box.width(), self.height() - head), QColor(color("soft"))
                )
            self._head(painter, box, column, head)
        for number, name in enumerate(self._names[:fitting]):
            middle = head + (number + 0.5) * row
            painter.setFont(text_font(13))
            painter.setPen(QColor(self.look.text_soft))
            room = self._names_px() - 4.0
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(QPointF(INSET_PX, middle + ascent / 2), shown)
            for which, column in enumerate(self._columns):
                self._cell(painter, self.column_rect(which), middle, ascent, column.cells[number])

    def _head(self, painter: QPainter, box: QRectF, column: PlanColumn, head: float) -> None:
        font = text_font(13, 600)
        text = tr("Plan {name}", name=column.name) if len(column.name) == 1 else column.name
        metrics, right = QFontMetricsF(font), box.right() - 12.0
        mark = ICON_PX + 5.0 if column.is_chosen else 0.0
        room = box.width() - 34.0 - mark
        text = text if metrics.horizontalAdvance(text) <= room else column.name
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        left = right - mark - metrics.horizontalAdvance(text)
        painter.setFont(font)
        painter.setPen(QColor(self.look.text))
        painter.drawText(QPointF(left, head / 2 + metrics.capHeight() / 2), text)
        if column.is_chosen:
            draw_icon(painter, "check", color("ok"), QRectF(right - ICON_PX, head / 2 - ICON_PX / 2, ICON_PX, ICON_PX))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(column.color))
        painter.drawEllipse(QPointF(left - 8.0 - DOT_PX / 2, head / 2), DOT_PX / 2, DOT_PX / 2)

    def _cell(self, painter: QPainter, box: QRectF, middle: float, ascent: float, cell: PlanCell) -> None:
        strong, plain = text_font(13, 600), text_font(12)
        right = box.right() - 12.0
        spread = f"± {cell.spread}" if cell.spread else ""
        text = cell.text
        sign = ICON_PX + GAP_PX if cell.state in STATE_ICONS else 0.0
        if cell.short and QFontMetricsF(strong).horizontalAdvance(text) + sign > box.width() - 16.0:
            text = cell.short
        value = QFontMetricsF(strong).horizontalAdvance(text)
        beside = QFontMetricsF(plain).horizontalAdvance(spread) + GAP_PX if spread else 0.0
        # the ± gives way first
        if value + beside + sign > box.width() - 16.0:
            spread, beside = "", 0.0
        if spread:
            painter.setFont(plain)
            painter.setPen(QColor(color("t3")))
            painter.drawText(QPointF(right - beside + GAP_PX, middle + ascent / 2), spread)
        left = right - beside - value
        painter.setFont(strong)
        painter.setPen(QColor(color(cell.state) if cell.state in STATE_ICONS else self.look.text))
        painter.drawText(QPointF(left, middle + ascent / 2), text)
        if sign:
            place = QRectF(left - sign, middle - ICON_PX / 2, ICON_PX, ICON_PX)
            draw_icon(painter, STATE_ICONS[cell.state], color(cell.state), place)

    def _column_at(self, place: QPointF) -> int:
        return next((n for n in range(len(self._columns)) if self.column_rect(n).contains(place)), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        number = self._column_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number >= 0:
            self.chosen.emit(self._columns[number].name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step, names = steps.get(Qt.Key(event.key())), [column.name for column in self._columns]
        if step is None or not names:
            super().keyPressEvent(event)
            return
        here = names.index(self._at) if self._at in names else 0
        self.chosen.emit(names[min(max(here + step, 0), len(names) - 1)])

    def event(self, event: QEvent) -> bool:
        """Why a number is missing."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self._column_at(QPointF(event.pos()))
            row = int((event.pos().y() - self._head_px()) // max(self._row_px(), 1.0))
            if number >= 0 and 0 <= row < len(self._names):
                QToolTip.showText(event.globalPos(), self._columns[number].cells[row].reason, self)
                return True
        return super().event(event)
