"""The models of this machine in the left column: ready, locked by a licence, not usable; and the way to add one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import mark, tr
from app.panels.labels import IconButton, hairline, paragraph, text_font
from app.panels.row_painting import begin_row
from app.theme.icons import draw_icon, icon
from app.theme.style import color, current_look, set_kind

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
ROW_PX, HEADING_PX = 46, 28
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
KINDS = mark("Folders of nnU-Net, MONAI, ONNX.")


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A line. kind: "heading", "ready", "locked" or "broken". more: the second line. has_run: on this case.

    words: what else the search looks at.
    """

    kind: str
    key: str
    name: str
    more: str = ""
    has_run: bool = False
    words: str = ""


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[ModelRow, ...] = ()

    def show_rows(self, rows: Sequence[ModelRow]) -> None:
        if tuple(rows) == self.rows:
            return
        if [row.key for row in rows] == [row.key for row in self.rows]:
            self.rows = tuple(rows)
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.rows[index.row()].kind in ("heading", "broken"):
            return Qt.ItemFlag.ItemIsEnabled if self.rows[index.row()].kind == "broken" else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.name}, {row.more}" if row.more else row.name
        if role == Qt.ItemDataRole.ToolTipRole and row.kind != "heading":
            return f"{row.name}\n{row.more}" if row.more else row.name
        return None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, current_look().px(HEADING_PX if index.data(ROW).kind == "heading" else ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ModelRow = index.data(ROW)
        rect = QRectF(option.rect)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.kind == "heading":
            painter.setFont(text_font(11, 500))
            painter.setPen(QColor(color("t3")))
            painter.drawText(rect.adjusted(10, 4, -8, 0), LEFT, row.name)
            painter.restore()
            return
        begin_row(painter, option, hover="" if row.kind == "broken" else "s2", ring_when_picked=True)
        picked = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        middle = rect.center().y()
        sign = {"ready": "brain", "locked": "lock", "broken": "circle-alert"}[row.kind]
        tone = "acc" if picked else "t2"
        draw_icon(painter, sign, color(tone), QRectF(rect.left() + 8, middle - 9, 18, 18))
        right = rect.right() - 8
        if row.has_run:
            draw_icon(painter, "circle-check", color("ok"), QRectF(right - 15, middle - 7.5, 15, 15))
            right -= 22
        left, half = rect.left() + 34, rect.height() / 2
        self._line(painter, QRectF(left, rect.top() + 4, right - left, half - 3), row.name, 13, 500, "t1")
        self._line(painter, QRectF(left, rect.top() + half - 1, right - left, half - 4), row.more, 12, 400, "t3")
        painter.restore()

    @staticmethod
    def _line(painter: QPainter, box: QRectF, text: str, size: int, weight: int, token: str) -> None:
        painter.setFont(text_font(size, weight))
        painter.setPen(QColor(color(token)))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, LEFT, shown)


class ModelList(QWidget):
    """`chosen`: a model's key. `folder_asked`, `file_asked`: one shall be added."""

    chosen = Signal(str)
    folder_asked = Signal()
    file_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("models_panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "left")
        self._rows: tuple[ModelRow, ...] = ()
        self._chosen = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(6)
        column.addLayout(self._head())
        self.find = QLineEdit()
        self.find.setObjectName("find_model")
        self.find.setPlaceholderText(tr("Find a model or structure"))
        self.find.setAccessibleName(tr("Find a model or structure"))
        self.find.setClearButtonEnabled(True)
        self.find.textChanged.connect(self._refresh)
        column.addWidget(self.find)
        self.list = QListView()
        self.list.setObjectName("models_list")
        self.list.setAccessibleName(tr("Models"))
        self._model = _Rows(self.list)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Painter(self.list))
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(lambda now, _: self._tell(now))
        column.addWidget(self.list, 1)
        self._none = paragraph(tr("No model is on this machine. Add one from a folder or a file."))
        self._none.setContentsMargins(10, 8, 8, 8)
        column.addWidget(self._none)
        column.addStretch(0)
        column.addWidget(hairline())
        self.add = IconButton("add_model", tr("Add a model"), "folder-open")
        self.add.setToolTip(tr("Add a model from a folder or a file"))
        menu = QMenu(self.add)
        for identifier, words, signal in (
            ("add_model_folder", tr("From a folder"), self.folder_asked),
            ("add_model_file", tr("From a file"), self.file_asked),
        ):
            action = menu.addAction(words, signal.emit)
            action.setObjectName(identifier)
        self._menu = menu
        self.add.clicked.connect(lambda: menu.popup(self.add.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4))))
        column.addWidget(self.add)
        kinds = paragraph(KINDS)
        kinds.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(kinds)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 2, 0, 2)
        title = QLabel(tr("Models"))
        set_kind(title, "title")
        row.addWidget(title)
        row.addStretch(1)
        self._plus = QToolButton()
        self._plus.setObjectName("models_add")
        self._plus.setToolTip(tr("Add a model from a folder"))
        self._plus.setAccessibleName(tr("Add a model from a folder"))
        self._plus.setFixedSize(28, 28)
        self._plus.setIconSize(QSize(18, 18))
        self._plus.clicked.connect(self.folder_asked)
        self._recolour()
        row.addWidget(self._plus)
        return row

    def changeEvent(self, event: QEvent) -> None:
        """Another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_plus"):
            self._recolour()

    def _recolour(self) -> None:
        self._plus.setIcon(icon("plus", color("t2")))

    @property
    def rows(self) -> tuple[ModelRow, ...]:
        """What is listed now, headings too."""
        return self._model.rows

    def show_rows(self, rows: Sequence[ModelRow], chosen: str, busy: str = "") -> None:
        """List these; `chosen` is marked. busy: why none can be added now."""
        self._rows = tuple(rows)
        self._chosen = chosen
        self.add.setEnabled(not busy)
        self._plus.setEnabled(not busy)
        self.add.setText(f"  {busy}" if busy else tr("  Add a model"))
        self._refresh()

    def _refresh(self) -> None:
        wanted = self.find.text().strip().casefold()
        fitting = [row for row in self._rows if wanted in f"{row.name} {row.more} {row.words}".casefold()]
        listed: list[ModelRow] = []
        for kind, heading in (("ready", tr("Ready")), ("locked", tr("Locked")), ("broken", tr("Not usable"))):
            own = [row for row in fitting if row.kind == kind]
            if own:
                listed += [ModelRow("heading", f"heading {kind}", heading), *own]
        self._model.show_rows(listed)
        self.list.setVisible(bool(listed))
        self._none.setVisible(not listed)
        self._none.setText(
            tr("Nothing matches “{text}”.", text=self.find.text())
            if wanted
            else tr("No model is on this machine. Add one from a folder or a file.")
        )
        selection = self.list.selectionModel()
        was = selection.blockSignals(True)
        for number, row in enumerate(listed):
            if row.key == self._chosen and row.kind in ("ready", "locked"):
                self.list.setCurrentIndex(self._model.index(number))
        selection.blockSignals(was)
        self.list.viewport().update()

    def _tell(self, index: QModelIndex) -> None:
        row = index.data(ROW) if index.isValid() else None
        if row is not None and row.kind in ("ready", "locked"):
            self.chosen.emit(row.key)
