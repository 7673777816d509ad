"""Lists in panels: rows with a tick, a colour, a name and a value; one list widget whatever the number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.i18n import said, tr
from app.panels.labels import STATE_ICONS, state_token, text_font
from app.panels.row_painting import begin_row, draw_swatch, draw_tick
from app.theme.icons import draw_icon
from app.theme.style import color, current_look

ROW_PX = 30
ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Choice:
    """A row: key, name, value at the right ("33.7 ml"), colour of its square ("" for none), ticked, why it cannot be
    ticked ("" when it can), and a state with icon before the value."""

    key: str
    name: str
    value: str = ""
    swatch: str = ""
    ticked: bool = False
    blocked: str = ""
    state: str = ""
    note: str = ""


class _Choices(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[Choice, ...] = ()
        self.with_ticks = True

    def show_rows(self, rows: Sequence[Choice]) -> None:
        if len(rows) == len(self.rows):
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
            return tr(row.name)
        if role == Qt.ItemDataRole.CheckStateRole and self.with_ticks:
            return Qt.CheckState.Checked if row.ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            tick = (tr("ticked") if row.ticked else tr("not ticked")) if self.with_ticks else ""
            return ", ".join(
                part for part in (tr(row.name), row.value, tick, said(row.note), said(row.blocked)) if part
            )
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (tr(row.name), said(row.note), said(row.blocked)) if part)
        return None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, current_look().px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Choice = index.data(ROW)
        painter.save()
        rect = begin_row(painter, option)
        x = rect.left() + 8
        middle = rect.center().y()
        if index.data(Qt.ItemDataRole.CheckStateRole) is not None:
            draw_tick(painter, x, middle, ticked=row.ticked, blocked=bool(row.blocked))
            x += 25
        if row.swatch:
            draw_swatch(painter, x, middle, row.swatch)
            x += 19
        right = rect.right() - 8
        painter.setFont(text_font(12))
        painter.setPen(QColor(color("t3")))
        painter.drawText(QRectF(x, rect.top(), right - x, rect.height()), RIGHT, row.value)
        right -= QFontMetrics(text_font(12)).horizontalAdvance(row.value) + (8 if row.value else 0)
        if row.state in STATE_ICONS:
            draw_icon(
                painter, STATE_ICONS[row.state], color(state_token(row.state)), QRectF(right - 15, middle - 7, 14, 14)
            )
            right -= 21
        painter.setFont(text_font(13))
        dim = bool(row.blocked) or (index.data(Qt.ItemDataRole.CheckStateRole) is not None and not row.ticked)
        painter.setPen(QColor(color("t3" if row.blocked else "t2" if dim else "t1")))
        name = painter.fontMetrics().elidedText(tr(row.name), Qt.TextElideMode.ElideRight, max(int(right - x), 12))
        painter.drawText(QRectF(x, rect.top(), right - x, rect.height()), LEFT, name)
        painter.restore()


class ChoiceList(QListView):
    """Rows as high as they need, so that the panel scrolls and not the list.

    `ticked`: (key, now ticked) by click or Space. `picked`: the row the keyboard or a click is on. `opened`: double
    click or Enter.
    """

    ticked = Signal(str, bool)
    picked = Signal(str)
    opened = Signal(str)

    def __init__(self, identifier: str, name: str, *, ticks: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(identifier)
        self.setAccessibleName(name)
        self._choices = _Choices(self)
        self._choices.with_ticks = ticks
        self.setModel(self._choices)
        self.setItemDelegate(_Painter(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.NoSelection if ticks else QListView.SelectionMode.SingleSelection)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.selectionModel().currentChanged.connect(lambda now, _: self._tell(now))
        self._pressed = -1

    @property
    def rows(self) -> tuple[Choice, ...]:
        """What is listed."""
        return self._choices.rows

    @property
    def current_key(self) -> str:
        """The row picked, "" for none."""
        index = self.currentIndex()
        return self.rows[index.row()].key if index.isValid() else ""

    def set_rows(self, rows: Sequence[Choice]) -> None:
        """List these; the row picked stays picked where it still exists."""
        before = self.current_key
        was = self.blockSignals(True)
        self._choices.show_rows(rows)
        self.pick(before)
        self.blockSignals(was)
        self.setFixedHeight(max(len(rows), 1) * current_look().px(ROW_PX))
        self.setVisible(bool(rows))

    def pick(self, key: str) -> None:
        """Put the list on a row; an unknown key leaves none."""
        for n, row in enumerate(self.rows):
            if row.key == key and key:
                self.setCurrentIndex(self._choices.index(n))
                return
        self.setCurrentIndex(QModelIndex())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember the row; it is ticked on release over the same one."""
        super().mousePressEvent(event)
        self._pressed = self.indexAt(event.position().toPoint()).row()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and index.row() == self._pressed:
            self._toggle(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open; a list with ticks takes it as a second click."""
        index = self.indexAt(event.position().toPoint())
        if self._choices.with_ticks:
            self._pressed = index.row()
        elif index.isValid():
            self.opened.emit(self.rows[index.row()].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks."""
        index = self.currentIndex()
        if event.key() == Qt.Key.Key_Space and index.isValid() and self._choices.with_ticks:
            self._toggle(index)
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another text scale needs higher rows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_choices"):
            self.setFixedHeight(max(len(self.rows), 1) * current_look().px(ROW_PX))
            self.scheduleDelayedItemsLayout()

    def _toggle(self, index: QModelIndex) -> None:
        row = self.rows[index.row()]
        if self._choices.with_ticks and not row.blocked:
            self.ticked.emit(row.key, not row.ticked)

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid():
            self.picked.emit(self.rows[index.row()].key)
