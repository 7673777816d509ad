"""The tree of an archive's answer: patient and study, below each its series once it is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from app.archive.rows import ArchiveRow
from app.i18n import tr
from app.panels.labels import plain_tip, text_font
from app.screens.cards import CARD_RADIUS
from app.theme.icons import draw_icon
from app.theme.style import color

ROW = Qt.ItemDataRole.UserRole
LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT_MIDDLE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
GAP, INDENT, SIGN_PX = 6, 28, 34
Index = QModelIndex | QPersistentModelIndex


class _Painter(QStyledItemDelegate):
    """A study as a card, a series as a quieter one to the right below it, a note as a line."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines of text, one for a note."""
        first, second = (QFontMetrics(text_font(px, 400)).lineSpacing() for px in (13, 12))
        if not isinstance(index.data(ROW), ArchiveRow):
            return QSize(200, second + 16)
        return QSize(200, first + second + 22 + GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        row = index.data(ROW)
        left = INDENT if index.parent().isValid() else 0
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not isinstance(row, ArchiveRow):
            painter.setFont(text_font(12))
            painter.setPen(QColor(color("t3")))
            painter.drawText(option.rect.adjusted(left + SIGN_PX, 0, -8, 0), LEFT_MIDDLE, str(index.data()))
            painter.restore()
            return
        box = QRectF(option.rect.adjusted(left + 1, 1, -1, -GAP))
        picked = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(QPen(QColor(color("acc")), 2.0 if focused else 1.2) if picked else Qt.PenStyle.NoPen)
        if focused and not picked:
            painter.setPen(QPen(QColor(color("acc")), 2.0))
        painter.setBrush(QColor(color("soft" if picked else "s3" if hovered else "s2")))
        painter.drawRoundedRect(box, CARD_RADIUS, CARD_RADIUS)
        middle = box.center().y()
        if row.series:
            draw_icon(painter, "layers", color("t3"), QRectF(box.left() + 12, middle - 7, 14, 14))
        else:
            view = self.parent()
            is_open = isinstance(view, QTreeView) and view.isExpanded(QModelIndex(index))
            sign = "chevron-down" if is_open else "chevron-right"
            draw_icon(painter, sign, color("t2"), QRectF(box.left() + 11, middle - 8, 16, 16))
        right = self._paint_right(painter, row, box, picked)
        self._paint_words(
            painter, row, QRectF(box.left() + SIGN_PX + 4, box.top(), right - box.left() - 50, box.height())
        )
        painter.restore()

    @staticmethod
    def _paint_right(painter: QPainter, row: ArchiveRow, box: QRectF, picked: bool) -> float:
        words, token = row.badge
        right = box.right() - 14
        if words:
            painter.setFont(text_font(11, 600))
            metrics = QFontMetrics(painter.font())
            width, height = metrics.horizontalAdvance(words) + 20, metrics.height() + 8
            pill = QRectF(right - width, box.center().y() - height / 2, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("oks" if token == "ok" else "s1" if picked else "soft")))
            painter.drawRoundedRect(pill, 5, 5)
            painter.setPen(QColor(color(token)))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)
            right = pill.left() - 12
        if row.when:
            painter.setFont(text_font(12))
            width = QFontMetrics(painter.font()).horizontalAdvance(row.when)
            painter.setPen(QColor(color("t2")))
            painter.drawText(QRectF(right - width, box.top(), width, box.height()), RIGHT_MIDDLE, row.when)
            right -= width + 12
        return right

    @staticmethod
    def _paint_words(painter: QPainter, row: ArchiveRow, place: QRectF) -> None:
        lines = ((row.title, (13, 500 if row.series else 600), "t1"), (row.line, (12, 400), "t3"))
        heights = [QFontMetrics(text_font(*kind)).lineSpacing() for _, kind, _ in lines]
        y = place.center().y() - (sum(heights) + 2) / 2
        for (text, kind, token), height in zip(lines, heights, strict=True):
            painter.setFont(text_font(*kind))
            painter.setPen(QColor(color(token)))
            wide = max(20, int(place.width()))
            shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, wide)
            painter.drawText(QRect(int(place.left()), round(y), wide, height), LEFT_MIDDLE, shown)
            y += height + 2


class ResultTree(QTreeView):
    """`chosen` when other rows are; `series_asked`: a study was opened whose series are not known; `taken`: Enter."""

    chosen = Signal()
    series_asked = Signal(str)
    taken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("archive_results")
        self.setAccessibleName(tr("Studies"))
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setItemsExpandable(True)
        self.setExpandsOnDoubleClick(True)
        self.setUniformRowHeights(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.expanded.connect(self._opened)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())

    def show_studies(self, rows: Sequence[ArchiveRow]) -> None:
        """Other studies, all closed; the first one is chosen."""
        self._model.clear()
        for row in rows:
            item = _item(row)
            item.appendRow(_note(tr("Asking the archive")))
            self._model.appendRow(item)
        if rows:
            self.setCurrentIndex(self._model.index(0, 0))
            self.scrollToTop()

    def show_series(self, study: str, rows: Sequence[ArchiveRow], note: str = "") -> None:
        """The series of a study, or why there are none."""
        item = self._study(study)
        if item is None:
            return
        item.removeRows(0, item.rowCount())
        for row in rows:
            item.appendRow(_item(row))
        if not rows:
            item.appendRow(_note(note or tr("No series")))

    def series_known(self, study: str) -> bool:
        """True once the series of a study are listed."""
        item = self._study(study)
        child = item.child(0) if item is not None else None
        return child is not None and isinstance(child.data(ROW), ArchiveRow)

    def refresh(self, changed: Mapping[tuple[str, str], ArchiveRow]) -> None:
        """Rows by (study, series) as they are now."""
        for item in self._items():
            row = item.data(ROW)
            new = changed.get((row.study, row.series))
            if new is not None:
                _fill(item, new)
        self.chosen.emit()

    def rows(self) -> list[ArchiveRow]:
        """All studies and series that are listed."""
        return [item.data(ROW) for item in self._items()]

    def chosen_rows(self) -> list[ArchiveRow]:
        """What is chosen, from top to bottom; a series whose whole study is chosen is not told again."""
        found = [index for index in self.selectedIndexes() if isinstance(index.data(ROW), ArchiveRow)]
        found.sort(key=lambda index: (index.parent().row() if index.parent().isValid() else index.row(), index.row()))
        rows = [index.data(ROW) for index in found]
        whole = {row.study for row in rows if not row.series}
        return [row for row in rows if not row.series or row.study not in whole]

    def open_study(self, study: str) -> None:
        """Open a study's row."""
        item = self._study(study)
        if item is not None:
            self.expand(item.index())

    def _items(self) -> list[QStandardItem]:
        found = []
        for number in range(self._model.rowCount()):
            item = self._model.item(number)
            found.append(item)
            children = (item.child(n) for n in range(item.rowCount()))
            found += [child for child in children if isinstance(child.data(ROW), ArchiveRow)]
        return found

    def _study(self, study: str) -> QStandardItem | None:
        items = (self._model.item(n) for n in range(self._model.rowCount()))
        return next((item for item in items if item.data(ROW).study == study), None)

    def _opened(self, index: QModelIndex) -> None:
        row = index.data(ROW)
        if isinstance(row, ArchiveRow) and not self.series_known(row.study):
            self.series_asked.emit(row.study)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the arrow opens or closes and chooses nothing."""
        index = self.indexAt(event.position().toPoint())
        row = index.data(ROW) if index.isValid() else None
        on_arrow = isinstance(row, ArchiveRow) and not row.series and event.position().x() < SIGN_PX
        if on_arrow and event.button() == Qt.MouseButton.LeftButton:
            self.setExpanded(index, not self.isExpanded(index))
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does the main thing; Esc is for the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)


def _item(row: ArchiveRow) -> QStandardItem:
    item = QStandardItem()
    _fill(item, row)
    return item


def _fill(item: QStandardItem, row: ArchiveRow) -> None:
    item.setText(row.title)
    item.setData(row, ROW)
    words = [row.title, row.when, row.line, row.badge[0]]
    item.setData(", ".join(part for part in words if part), Qt.ItemDataRole.AccessibleTextRole)
    item.setToolTip(plain_tip("\n".join(part for part in (row.title, row.when, row.line) if part)))


def _note(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return item
