"""The table below the slices where a model works: what it can find, and what it found with how far to trust each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.i18n import tr
from app.panels.labels import STATE_ICONS, text_font
from app.panels.row_painting import begin_row, draw_swatch, draw_tick
from app.theme.icons import draw_icon
from app.theme.style import color, current_look
from viewers.pane_look import PaneLook
from viewers.plan_pane import PlanPane
from viewers.view_state import ViewModel

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ROW_PX, HEAD_PX, FOOT_PX, INSET_PX = 29, 34, 46, 10
EYE_PX, LEAST_BAR_PX = 32, 44
# from where the ticks begin to their middle
TICK_MIDDLE_PX = 8.0
# the bar of adult volumes is drawn this much wider than what adults have, so that what lies outside is seen
BEYOND = 0.25


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A structure. key: of the row. visible: None where there is nothing to show yet.

    volume: figures in ml. interval: words. value_ml, interval_ml, adult_ml: for the bar. state: "ok", "warn", "bad" or ""
    with its word and reason; short: the reason in few words, where the column is narrow. ticked: to be found, or to be
    used; blocked: why it cannot be ticked. asks: the tick waits for a second word. code: for the tooltip.
    """

    key: str
    name: str
    color: str
    visible: bool | None = None
    volume: str = ""
    interval: str = ""
    value_ml: float | None = None
    interval_ml: tuple[float, float] | None = None
    adult_ml: tuple[float, float] | None = None
    state: str = ""
    word: str = ""
    reason: str = ""
    short: str = ""
    ticked: bool = False
    blocked: str = ""
    asks: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Left or right edges in a row of some width. bar: equal where there is no room for it."""

    name: float
    volume: float
    interval: float
    bar: tuple[float, float]
    trust: float
    reason: float
    tick: float

    @classmethod
    def of(cls, width: float, scale: float) -> _Columns:
        """A wide pane gives room to names and reasons."""
        extra = max(width - 656.0 * max(scale, 1.0), 0.0)
        name = 52.0
        volume = name + 138.0 * scale + 0.3 * extra
        interval = volume + 94.0 * scale
        bar = interval + 14.0
        wide = (84.0 if scale <= 1.0 else 40.0) + 0.1 * extra
        # a shorter bar tells nothing, and its heading would run into the next one
        trust = bar + (wide if wide - 16.0 >= LEAST_BAR_PX else 0.0)
        reason = trust + 103.0 * scale
        return cls(name, volume, interval, (bar, max(trust - 16.0, bar)), trust, reason, width - 34.0)


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[FoundRow, ...] = ()
        self.tick_word = tr("Use")

    def show_rows(self, rows: Sequence[FoundRow]) -> None:
        if [row.key for row in rows] == [row.key for row in self.rows]:
            self.rows = tuple(rows)
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if row.ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            volume = f"{row.volume} ml" if row.volume else ""
            tick = f"{self.tick_word}: {tr('yes') if row.ticked else tr('no')}"
            parts = (row.name, volume, row.interval, row.word, row.reason, tick, row.blocked)
            return ", ".join(part for part in parts if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (row.name, row.code, row.reason, row.blocked) if part)
        return None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(320, current_look().px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: FoundRow = index.data(ROW)
        painter.save()
        rect = begin_row(painter, option, ring_when_picked=True)
        columns = _Columns.of(rect.width(), current_look().text_scale_percent / 100.0)
        middle = rect.center().y()
        if row.visible is not None:
            sign = "eye" if row.visible else "eye-off"
            draw_icon(painter, sign, color("t3"), QRectF(rect.left() + 8, middle - 8, 16, 16))
        draw_swatch(painter, rect.left() + 33, middle, row.color)
        self._text(painter, rect, columns.name, columns.volume - 52, row.name, "t1", 13)
        self._text(painter, rect, columns.name, columns.volume, row.volume, "t1", 13, weight=600, right=True)
        self._text(painter, rect, columns.volume, columns.interval, row.interval, "t3", 12, right=True)
        self._bar(painter, rect, columns.bar, row)
        self._trust(painter, rect, columns, row)
        at = rect.left() + columns.tick
        draw_tick(painter, at, middle, ticked=row.ticked, blocked=bool(row.blocked), asks=row.asks)
        painter.restore()

    @staticmethod
    def _text(
        painter: QPainter,
        rect: QRectF,
        left: float,
        end: float,
        text: str,
        token: str,
        size: int,
        *,
        weight: int = 400,
        right: bool = False,
    ) -> None:
        if not text:
            return
        painter.setFont(text_font(size, weight))
        painter.setPen(QColor(color(token)))
        box = QRectF(rect.left() + left, rect.top(), max(end - left, 8.0), rect.height())
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) + 1)
        painter.drawText(box, RIGHT if right else LEFT, shown)

    @staticmethod
    def _bar(painter: QPainter, rect: QRectF, edges: tuple[float, float], row: FoundRow) -> None:
        """What adults have as a track, the interval on it, the volume as a tick; logarithmic, as volumes vary."""
        if row.adult_ml is None or edges[0] == edges[1]:
            return
        left, width, middle = rect.left() + edges[0], edges[1] - edges[0], rect.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s3")))
        painter.drawRoundedRect(QRectF(left, middle - 2, width, 4), 2, 2)
        if row.value_ml is None or row.value_ml <= 0:
            return

        def place(ml: float) -> float:
            return left + width * bar_share(ml, row.adult_ml or (1.0, 2.0))

        tone = color(row.state if row.state in STATE_ICONS else "t2")
        if row.interval_ml is not None:
            low, high = place(row.interval_ml[0]), place(row.interval_ml[1])
            painter.setBrush(QColor(tone))
            painter.drawRoundedRect(QRectF(low, middle - 2, max(high - low, 4.0), 4), 2, 2)
        painter.setBrush(QColor(color("t1")))
        painter.drawRect(QRectF(place(row.value_ml) - 1, middle - 5.5, 2, 11))

    def _trust(self, painter: QPainter, rect: QRectF, columns: _Columns, row: FoundRow) -> None:
        left = columns.trust
        if row.state in STATE_ICONS:
            draw_icon(
                painter,
                STATE_ICONS[row.state],
                color(row.state),
                QRectF(rect.left() + left, rect.center().y() - 7, 14, 14),
            )
            left += 20
        self._text(painter, rect, left, columns.reason, row.word, row.state or "t3", 13)
        words, token = (tr("Use all the same?"), "acc") if row.asks else (row.short or row.reason, "t2")
        self._text(painter, rect, columns.reason, columns.tick - 10, words, token, 12)


def bar_share(ml: float, adult_ml: tuple[float, float]) -> float:
    """Where a volume lies on its bar, 0 … 1: logarithmic, the adult range with room on both sides."""
    from math import log

    low, high = log(max(adult_ml[0], 0.5)), log(max(adult_ml[1], 1.0))
    room = BEYOND * max(high - low, 0.1)
    return min(max((log(max(ml, 1e-3)) - low + room) / (high - low + 2 * room), 0.0), 1.0)


class FoundList(QListView):
    """The rows. `ticked`: (key, wanted) by click or Space; `eye_clicked`; `picked`: the row that is on; `opened`."""

    ticked = Signal(str, bool)
    eye_clicked = Signal(str)
    picked = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("found_list")
        self.setAccessibleName(tr("Structures of the model"))
        self.rows_model = _Rows(self)
        self.setModel(self.rows_model)
        self.setItemDelegate(_Painter(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows_model.rows[index.row()].key))
        self.selectionModel().currentChanged.connect(lambda now, _: self._tell(now))

    @property
    def rows(self) -> tuple[FoundRow, ...]:
        """What is listed."""
        return self.rows_model.rows

    @property
    def current_key(self) -> str:
        """The row that is on, "" for none."""
        index = self.currentIndex()
        return self.rows[index.row()].key if index.isValid() else ""

    def tick_place(self, key: str) -> QPointF:
        """The middle of a row's tick, in the viewport."""
        number = [row.key for row in self.rows].index(key)
        rect = QRectF(self.visualRect(self.rows_model.index(number)))
        columns = _Columns.of(rect.width(), current_look().text_scale_percent / 100.0)
        return QPointF(rect.left() + columns.tick + 8, rect.center().y())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The eye and the tick are not the row."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            row = self.rows[index.row()]
            rect = QRectF(self.visualRect(index))
            columns = _Columns.of(rect.width(), current_look().text_scale_percent / 100.0)
            if row.visible is not None and event.position().x() < rect.left() + EYE_PX:
                self.eye_clicked.emit(row.key)
                return
            if event.position().x() > rect.left() + columns.tick - 8:
                self.setCurrentIndex(index)
                self._toggle(row)
                return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks."""
        index = self.currentIndex()
        if event.key() == Qt.Key.Key_Space and index.isValid():
            self._toggle(self.rows[index.row()])
            return
        super().keyPressEvent(event)

    def _toggle(self, row: FoundRow) -> None:
        if not row.blocked:
            self.ticked.emit(row.key, not row.ticked)

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid():
            self.picked.emit(self.rows[index.row()].key)


class FoundPane(PlanPane):
    """`all_asked`: tick all, or none, of what can be found."""

    all_asked = Signal(bool)

    def __init__(self, view: ViewModel, look: PaneLook, parent: QWidget | None = None) -> None:
        super().__init__("found", view, look, tr("Structures"), parent)
        self.list = FoundList(self)
        self._columns: tuple[str, ...] = ()
        self._tick_word = tr("Use")
        self._foot = ""
        self.setMouseTracking(True)

    def show_rows(self, rows: Sequence[FoundRow], heads: tuple[str, ...], tick_word: str, foot: str) -> None:
        """heads: of volume, interval, bar, trust and reason, "" for none. foot: what must be known of the table."""
        self._columns, self._tick_word, self._foot = heads, tick_word, foot
        self.list.rows_model.tick_word = tick_word
        self.list.rows_model.show_rows(rows)
        self.update()

    def place_children(self) -> None:
        """The list between head and foot."""
        if not hasattr(self, "list"):
            return
        look = current_look()
        head, foot = look.px(HEAD_PX), look.px(FOOT_PX)
        self.list.setGeometry(INSET_PX, head, self.width() - 2 * INSET_PX, max(self.height() - head - foot, 20))

    def changeEvent(self, event: QEvent) -> None:
        """Another text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self.place_children()

    def _paint_title(self, painter: QPainter) -> None:
        """The columns' heads say it."""

    def _all_rect(self) -> QRectF:
        width = QFontMetricsF(text_font(12, 600)).horizontalAdvance(self._all_words()) + 4
        columns = _Columns.of(self.width() - 2 * INSET_PX, current_look().text_scale_percent / 100.0)
        # clear of the word over the ticks, which is written about their middle
        half = QFontMetricsF(text_font(11, 500)).horizontalAdvance(self._tick_word) / 2
        right = INSET_PX + columns.tick + min(-14.0, TICK_MIDDLE_PX - half - 10.0)
        return QRectF(right - width, 0, width, current_look().px(HEAD_PX))

    @property
    def _are_all_ticked(self) -> bool:
        return all(row.ticked for row in self.list.rows)

    def _all_words(self) -> str:
        return tr("None") if self._are_all_ticked else tr("All")

    @property
    def _can_tick_all(self) -> bool:
        return self._tick_word == tr("Find") and len(self.list.rows) > 1 and not any(r.blocked for r in self.list.rows)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """All or none."""
        if self._can_tick_all and self._all_rect().contains(event.position()):
            self.all_asked.emit(not self._are_all_ticked)
            return
        super().mousePressEvent(event)

    def paint_content(self, painter: QPainter) -> None:
        """Heads above the list, what must be known below it."""
        look = current_look()
        columns = _Columns.of(self.width() - 2 * INSET_PX, look.text_scale_percent / 100.0)
        head = QRectF(INSET_PX, 0, self.width() - 2 * INSET_PX, look.px(HEAD_PX))
        painter.setFont(text_font(11, 500))
        painter.setPen(QColor(color("t3")))

        def draw(left: float, end: float, text: str, *, right: bool = False) -> None:
            box = QRectF(head.left() + left, head.top(), max(end - left, 0.0), head.height())
            if text and not box.isEmpty():
                shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) + 1)
                painter.drawText(box, RIGHT if right else LEFT, shown)

        volume, interval, bar, trust, reason = self._columns or ("", "", "", "", "")
        draw(8, columns.volume - 40, tr("Structure"))
        draw(columns.name, columns.volume, volume, right=True)
        draw(columns.volume, columns.interval, interval, right=True)
        draw(*columns.bar, bar)
        draw(columns.trust, columns.reason, trust)
        draw(columns.reason, columns.tick - 10, reason)
        box = QRectF(head.left() + columns.tick + TICK_MIDDLE_PX - 38, head.top(), 76, head.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._tick_word)
        if self._can_tick_all:
            painter.setFont(text_font(12, 600))
            painter.setPen(QColor(color("acc")))
            painter.drawText(self._all_rect(), RIGHT, self._all_words())
        if not self.list.rows:
            painter.setFont(text_font(13))
            painter.setPen(QColor(color("t3")))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, tr("No model is chosen."))
        foot = QRectF(
            INSET_PX + 8, self.height() - look.px(FOOT_PX) + 4, self.width() - 2 * INSET_PX - 16, look.px(FOOT_PX) - 8
        )
        painter.setFont(text_font(12))
        painter.setPen(QColor(color("t3")))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(foot, int(flags), self._foot)
