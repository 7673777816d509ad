"""Plans as columns of a table; a click on a column chooses the plan. Rows that have no room are scrolled to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.i18n import tr
from app.panels.labels import STATE_ICONS, text_font
from app.panes.plan_colors import paint_plan_dot
from app.theme.icons import draw_icon
from app.theme.style import color
from viewers.pane_look import PaneLook
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewModel

HEAD_PX, MOST_ROW_PX, LEAST_ROW_PX = 38.0, 28.0, 19.0
INSET_PX, GAP_PX, ICON_PX, DOT_PX = 14.0, 6.0, 13.0, 9.0
SCROLL_PX = 6.0
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
    """One plan, or what lies between two of them (is_plan False). is_chosen: the case's chosen plan; is_beaten: another
    is no worse in anything."""

    name: str
    color: str
    cells: tuple[PlanCell, ...]
    is_chosen: bool = False
    is_plan: bool = True
    is_beaten: bool = False


class ComparePane(PlanPane):
    """`chosen`: a plan's name, by click or arrow keys. `row_chosen`: a row's number, where rows lead somewhere.

    leads: whether a row that is clicked is marked and told.
    """

    chosen = Signal(str)
    row_chosen = Signal(int)

    def __init__(
        self,
        view: ViewModel,
        look: PaneLook,
        parent: QWidget | None = None,
        *,
        name: str = "compare_table",
        leads: bool = False,
    ) -> None:
        super().__init__(name, view, look, tr("Plans"), parent)
        self._leads = leads
        # the row that is marked, and the first one that is seen
        self._row, self._first = -1, 0
        self._names: tuple[str, ...] = ()
        self._columns: tuple[PlanColumn, ...] = ()
        self._at = ""
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_plans(self, names: Sequence[str], columns: Sequence[PlanColumn], at: str) -> None:
        """Names of the rows, the plans with as many cells each, and the plan that is looked at."""
        shown = (tuple(names), tuple(columns), at)
        if shown == (self._names, self._columns, self._at):
            return
        if shown[0] != self._names:
            self._row = -1
        self._names, self._columns, self._at = shown
        parts = []
        for column in columns:
            cells = "; ".join(
                f"{n} {c.text}{f' ± {c.spread}' if c.spread else ''}" for n, c in zip(names, column.cells)
            )
            parts.append(
                tr("Plan {name}: {cells}", name=column.name, cells=cells)
                if column.is_plan
                else f"{column.name}: {cells}"
            )
        self.setAccessibleName(". ".join(parts) or tr("No plans"))
        self.update()

    def column_rect(self, number: int) -> QRectF:
        """Where a plan's column lies."""
        left = INSET_PX + self._names_px()
        bar = GAP_PX if self._most_first() == 0 else GAP_PX + SCROLL_PX
        width = (self.width() - left - bar) / max(len(self._columns), 1)
        return QRectF(left + number * width, 0.0, width, self.height())

    def _names_px(self) -> float:
        """Room for the rows' names: what they need, up to a share that leaves the numbers theirs."""
        metrics = QFontMetricsF(text_font(13))
        wanted = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0) + 12.0
        return min(wanted, (MOST_NAMES_SHARE if wanted > NAMES_SHARE * self.width() else NAMES_SHARE) * self.width())

    def _row_px(self) -> float:
        room = (self.height() - self._head_px() - 8.0) / max(len(self._names), 1)
        return max(min(room, MOST_ROW_PX * self.look.text_scale), LEAST_ROW_PX * self.look.text_scale)

    def _fitting(self) -> int:
        """How many rows are seen at once."""
        return max(int((self.height() - self._head_px() - 4.0) // self._row_px()), 1)

    def _most_first(self) -> int:
        return max(len(self._names) - self._fitting(), 0)

    def scroll_rows(self, rows: int) -> None:
        """Show rows further down, or up."""
        first = min(max(self._first + rows, 0), self._most_first())
        if first != self._first:
            self._first = first
            self.update()

    def row_rect(self, number: int) -> QRectF:
        """Where a row lies now; above or below the table while it is scrolled away."""
        return QRectF(0.0, self._head_px() + (number - self._first) * self._row_px(), self.width(), self._row_px())

    def _head_px(self) -> float:
        return HEAD_PX * max(self.look.text_scale, 1.0)

    def _paint_title(self, painter: QPainter) -> None:
        """The columns' heads say it."""

    def paint_content(self, painter: QPainter) -> None:
        head, ascent = self._head_px(), QFontMetricsF(text_font(13)).capHeight()
        # the pane may be larger now
        self._first = min(self._first, self._most_first())
        for number, column in enumerate(self._columns):
            box = self.column_rect(number)
            if column.name == self._at and column.is_plan:
                painter.fillRect(
                    QRectF(box.left(), head - 4.0, box.width(), self.height() - head), QColor(color("soft"))
                )
            self._head(painter, box, column, head)
        for number in range(self._first, min(self._first + self._fitting(), len(self._names))):
            place = self.row_rect(number)
            middle = place.center().y()
            if number == self._row:
                painter.fillRect(place.adjusted(4.0, 0.0, -4.0, 0.0), QColor(color("s3")))
            painter.setFont(text_font(13))
            painter.setPen(QColor(self.look.text_soft))
            room = self._names_px() - 4.0
            shown = painter.fontMetrics().elidedText(self._names[number], Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(QPointF(INSET_PX, middle + ascent / 2), shown)
            for which, column in enumerate(self._columns):
                self._cell(painter, self.column_rect(which), middle, ascent, column.cells[number])
        self._scroll_bar(painter, head)

    def _scroll_bar(self, painter: QPainter, head: float) -> None:
        """Where among all rows those that are seen lie; nothing where all are."""
        if self._most_first() == 0:
            return
        track = QRectF(self.width() - SCROLL_PX - 2.0, head, SCROLL_PX - 2.0, self.height() - head - 6.0)
        share = 1.0 / len(self._names)
        high = track.height() * share
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("line2")))
        handle = QRectF(track.left(), track.top() + self._first * high, track.width(), self._fitting() * high)
        painter.drawRoundedRect(handle, 2.0, 2.0)

    def _head(self, painter: QPainter, box: QRectF, column: PlanColumn, head: float) -> None:
        font = text_font(13, 600)
        is_letter = column.is_plan and len(column.name) == 1
        text = tr("Plan {name}", name=column.name) if is_letter else column.name
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
        if not column.is_plan:
            return
        place, ground = QPointF(left - 8.0 - DOT_PX / 2, head / 2), QColor(self.look.halo)
        paint_plan_dot(painter, place, DOT_PX / 2, QColor(column.color), ground, is_beaten=column.is_beaten)

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

    def _row_at(self, place: QPointF) -> int:
        last = min(self._first + self._fitting(), len(self._names))
        return next((n for n in range(self._first, last) if self.row_rect(n).contains(place)), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        number, row = self._column_at(event.position()), self._row_at(event.position())
        if number >= 0 and self._columns[number].is_plan:
            self.chosen.emit(self._columns[number].name)
        if row >= 0:
            self._mark_row(row)

    def _mark_row(self, row: int) -> None:
        if not self._leads:
            return
        self._row = min(max(row, 0), len(self._names) - 1)
        if not self._first <= self._row < self._first + self._fitting():
            self._first = min(max(self._row - self._fitting() // 2, 0), self._most_first())
        self.update()
        self.row_chosen.emit(self._row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Three rows a step."""
        self.scroll_rows(-round(event.angleDelta().y() / 40))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, names = Qt.Key(event.key()), [column.name for column in self._columns if column.is_plan]
        beside = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key)
        page = max(self._fitting() - 1, 1)
        along = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}.get(key)
        if beside is not None and names:
            here = names.index(self._at) if self._at in names else 0
            self.chosen.emit(names[min(max(here + beside, 0), len(names) - 1)])
        elif along is not None and self._leads and self._names:
            self._mark_row(self._row + along)
        elif along is not None:
            self.scroll_rows(along)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Why a number is missing."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number, row = self._column_at(QPointF(event.pos())), self._row_at(QPointF(event.pos()))
            if row >= 0 and number < 0:
                # a name may be cut
                QToolTip.showText(event.globalPos(), self._names[row], self)
                return True
            if number >= 0 and row >= 0:
                QToolTip.showText(event.globalPos(), self._columns[number].cells[row].reason, self)
                return True
        return super().event(event)
