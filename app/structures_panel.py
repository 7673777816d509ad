"""The left panel: structures by group, the plan's parts, and measurements. One painted list, no widget per row."""

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
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import mark, text_quantity, tr
from app.measuring import ICONS, doubt, long_text, short_text
from app.session import Session
from app.theme.fonts import font
from app.theme.icons import draw_icon, icon
from app.theme.style import color, current_look, set_kind
from planning.registry import structure_style

ROW = Qt.ItemDataRole.UserRole
EYE_WIDTH = 30
GROUPS = (mark("Heart"), mark("Vessels"), mark("Liver"), mark("Tumours"), mark("Organs"), mark("Bones and lungs"))


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line. kind: "heading", "structure", "plan" or "measurement". more: further lines of its tooltip."""

    kind: str
    key: str
    name: str
    color: str = ""
    value: str = ""
    visible: bool = True
    warning: str = ""
    icon: str = ""
    more: str = ""


class RowModel(QAbstractListModel):
    """The list's rows; replaced as a whole when anything differs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ListRow, ...] = ()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            shown = "" if row.kind in ("heading", "measurement") else (tr(", shown") if row.visible else tr(", hidden"))
            return f"{row.name}{f', {row.value}' if row.value else ''}{shown}"
        if role == Qt.ItemDataRole.ToolTipRole and row.kind != "heading":
            return "\n".join(part for part in (f"{row.name}  {row.value}".strip(), row.more, row.warning) if part)
        return row.name if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if self._rows[index.row()].kind == "heading":
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    @property
    def rows(self) -> tuple[ListRow, ...]:
        """What is listed."""
        return self._rows

    def show_rows(self, rows: tuple[ListRow, ...]) -> None:
        """List other rows; says nothing when all are equal."""
        if rows == self._rows:
            return
        if [row.key for row in rows] == [row.key for row in self._rows]:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()


class RowDelegate(QStyledItemDelegate):
    """Paints eye, colour, name (elided first), warning and value (right-aligned)."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        is_heading = index.data(ROW).kind == "heading"
        return QSize(100, current_look().px(24 if is_heading else 32))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: ListRow = index.data(ROW)
        scale = current_look().text_scale_percent
        rect: QRect = option.rect  # type: ignore[attr-defined]
        if row.kind == "heading":
            self._text(painter, QRectF(rect).adjusted(10, 4, -8, 0), row.name, font(11, 500, scale), color("t3"))
            return
        state = option.state  # type: ignore[attr-defined]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(rect).adjusted(0, 1, 0, -1)
        if state & QStyle.StateFlag.State_Selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("soft" if state & QStyle.StateFlag.State_Selected else "s2")))
            painter.drawRoundedRect(box, 6, 6)
        middle = box.center().y()
        text = color("t1" if row.visible else "t3")
        x = box.left() + 8
        if row.kind == "measurement":
            draw_icon(painter, row.icon, color("t3"), QRectF(x, middle - 8, 16, 16))
            x += 23
        else:
            draw_icon(painter, "eye" if row.visible else "eye-off", color("t3"), QRectF(x, middle - 8, 16, 16))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(row.color))
            painter.setOpacity(1.0 if row.visible else 0.55)
            painter.drawRoundedRect(QRectF(x + 24, middle - 5, 10, 10), 2.5, 2.5)
            painter.setOpacity(1.0)
            x += 41
        strong = row.kind == "measurement"
        value_font = font(13, 600 if strong else 400, scale)
        painter.setFont(value_font)
        wide = painter.fontMetrics().horizontalAdvance(row.value) + 4 if row.value else 0
        right = box.right() - 8
        value_color = color("t1") if strong else color("t3")
        self._text(
            painter, QRectF(right - wide, box.top(), wide, box.height()), row.value, value_font, value_color, right=True
        )
        right -= wide + (8 if wide else 0)
        if row.warning:
            draw_icon(painter, "triangle-alert", color("warn"), QRectF(right - 15, middle - 7, 15, 15))
            right -= 21
        self._text(painter, QRectF(x, box.top(), right - x, box.height()), row.name, font(13, 400, scale), text)

    @staticmethod
    def _text(painter: QPainter, rect: QRectF, text: str, use: QFont, tone: str, *, right: bool = False) -> None:
        painter.setFont(use)
        painter.setPen(QColor(tone))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()) + 1)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)


class RowList(QListView):
    """The list itself: a click on the eye shows and hides, on the row selects, twice flies there."""

    eye_clicked = Signal(str)
    row_chosen = Signal(str, str)
    row_opened = Signal(str, str)
    menu_asked = Signal(str, str, QPoint)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.rows = RowModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.doubleClicked.connect(lambda index: self._tell(self.row_opened, index))
        self.selectionModel().currentChanged.connect(lambda index, _: self._tell(self.row_chosen, index))

    def _tell(self, signal: Any, index: QModelIndex) -> None:
        row = index.data(ROW) if index.isValid() else None
        if row is not None and row.kind != "heading":
            signal.emit(row.kind, row.key)

    def select_key(self, key: str) -> None:
        """Mark the row of this key, without telling anybody."""
        numbers = {row.key: number for number, row in enumerate(self.rows.rows) if row.kind != "heading"}
        selection = self.selectionModel()
        was = selection.blockSignals(True)
        if key in numbers:
            self.setCurrentIndex(self.rows.index(numbers[key]))
        else:
            self.clearSelection()
        selection.blockSignals(was)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = index.data(ROW) if index.isValid() else None
        on_eye = event.position().x() < EYE_WIDTH
        if row is not None and row.kind in ("structure", "plan") and on_eye:
            if event.button() == Qt.MouseButton.LeftButton:
                self.eye_clicked.emit(row.key)
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().data(ROW) if self.currentIndex().isValid() else None
        if row is not None and row.kind != "heading" and event.key() == Qt.Key.Key_Space:
            self.eye_clicked.emit(row.key)
            return
        super().keyPressEvent(event)

    def _menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        row = index.data(ROW) if index.isValid() else None
        if row is not None and row.kind != "heading":
            self.menu_asked.emit(row.kind, row.key, self.viewport().mapToGlobal(place))


class StructuresPanel(QWidget):
    """Everything of the case that can be seen, by name. Signals give (kind, key)."""

    eye_clicked = Signal(str)
    row_chosen = Signal(str, str)
    row_opened = Signal(str, str)
    menu_asked = Signal(str, str, QPoint)
    add_asked = Signal(QPoint)
    filter_asked = Signal(QPoint)
    find_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._plan: tuple[str, Sequence[Any]] = (tr("Plan"), ())
        self._groups_first: tuple[str, ...] = ()
        self.only_visible = False
        self.setObjectName("structures_panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "left")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(6)
        column.addLayout(self._head())
        self.find = QLineEdit()
        self.find.setObjectName("find_structure")
        self.find.setPlaceholderText(tr("Find a structure"))
        self.find.setAccessibleName(tr("Find a structure"))
        self.find.setClearButtonEnabled(True)
        self.find.textChanged.connect(self.refresh)
        column.addWidget(self.find)
        self.list = RowList("structures_list")
        self.list.setAccessibleName(tr("Structures"))
        column.addWidget(self.list, 1)
        self._empty = self._empty_state()
        column.addWidget(self._empty, 1)
        self._cards = QVBoxLayout()
        column.addLayout(self._cards)
        line = QFrame()
        set_kind(line, "hairline")
        column.addWidget(line)
        caption = QLabel(tr("Measurements"))
        set_kind(caption, "caption")
        caption.setContentsMargins(10, 2, 0, 0)
        column.addWidget(caption)
        self.measurements = RowList("measurements_list")
        self.measurements.setAccessibleName(tr("Measurements"))
        # the newest is chosen already, and a click on it leads there all the same
        self.measurements.clicked.connect(lambda index: self._go_to(index.data(ROW)))
        column.addWidget(self.measurements)
        self._none = QLabel(tr("Press D to measure a distance."))
        self._none.setWordWrap(True)
        self._none.setContentsMargins(10, 0, 0, 6)
        set_kind(self._none, "hint")
        column.addWidget(self._none)
        for part in (self.list, self.measurements):
            part.eye_clicked.connect(self.eye_clicked)
            part.row_chosen.connect(self.row_chosen)
            part.row_opened.connect(self.row_opened)
            part.menu_asked.connect(self.menu_asked)
        self.refresh()

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 2, 0, 2)
        title = QLabel(tr("Structures"))
        set_kind(title, "title")
        row.addWidget(title)
        row.addStretch(1)
        self._filter, self._add = QToolButton(), QToolButton()
        for button, name, words, signal in (
            (self._filter, "list_filter", tr("Which structures are listed"), self.filter_asked),
            (self._add, "list_add", tr("Add structures"), self.add_asked),
        ):
            button.setObjectName(name)
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.setFixedSize(28, 28)
            button.setIconSize(QSize(18, 18))
            button.clicked.connect(lambda _=False, b=button, s=signal: s.emit(b.mapToGlobal(QPoint(0, b.height() + 4))))
            row.addWidget(button)
        self._recolour()
        return row

    def _empty_state(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(10, 8, 8, 8)
        self._empty_text = QLabel()
        self._empty_text.setWordWrap(True)
        set_kind(self._empty_text, "hint")
        column.addWidget(self._empty_text)
        self._empty_button = QPushButton(tr("Add from a file"))
        self._empty_button.setObjectName("empty_add_structures")
        self._empty_button.clicked.connect(self.find_asked)
        column.addWidget(self._empty_button)
        column.addStretch(1)
        return box

    def add_card(self, card: QWidget) -> None:
        """Something else of the case, between structures and measurements."""
        self._cards.addWidget(card)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_add"):
            self._recolour()

    def _recolour(self) -> None:
        self._filter.setIcon(icon("list-filter", color("t2")))
        self._add.setIcon(icon("plus", color("t2")))

    def show_plan(self, heading: str, rows: Sequence[Any], groups_first: tuple[str, ...] = ()) -> None:
        """The plan's own lines, from the guided panel; `groups_first` are the groups that the plan is about."""
        self._plan = (heading, rows)
        self._groups_first = groups_first
        self.refresh()

    def refresh(self) -> None:
        """List what the case and the plan have now."""
        self.list.rows.show_rows(self._structure_rows())
        self.measurements.rows.show_rows(self._measurement_rows())
        view = self._session.view.state
        self.list.select_key(view.selected)
        self.measurements.select_key(view.selected)
        listed = bool(self.list.rows.rows)
        self.list.setVisible(listed)
        self._empty.setVisible(not listed)
        searching = bool(self.find.text())
        self._empty_text.setText(
            tr("Nothing matches “{text}”.", text=self.find.text()) if searching else tr("Nothing segmented yet.")
        )
        self._empty_button.setVisible(not searching)
        count = len(self.measurements.rows.rows)
        self.measurements.setVisible(count > 0)
        self.measurements.setFixedHeight(current_look().px(32) * min(count, 5))
        self._none.setVisible(count == 0)

    def _structure_rows(self) -> tuple[ListRow, ...]:
        hidden = self._session.view.state.hidden
        words = self.find.text().strip().lower()
        groups: dict[str, list[ListRow]] = {}
        for name, structure in self._session.case.structures.items():
            style = structure_style(name)
            if words and words not in style.display.lower() and words not in name.lower():
                continue
            if self.only_visible and name in hidden:
                continue
            value = text_quantity(structure.volume_ml, "ml")
            row = ListRow("structure", name, style.display, structure.color, value, name not in hidden)
            groups.setdefault(style.group, []).append(row)
        heading, plan = self._plan
        parts = [
            ListRow("plan", part.key, part.name, part.color, part.value, part.key not in hidden)
            for part in plan
            if not words or words in part.name.lower()
        ]
        rows: list[ListRow] = []
        ordered = sorted(groups, key=self._group_order)
        about = [group for group in ordered if group in self._groups_first]
        others = [group for group in ordered if group not in about]
        # the plan's own parts stand behind what it is about, before all the rest
        for group, listed in [
            *((group, groups[group]) for group in about),
            (heading, parts),
            *((group, groups[group]) for group in others),
        ]:
            if listed:
                rows += [ListRow("heading", f"heading {group}", group), *listed]
        return tuple(rows)

    def _group_order(self, group: str) -> tuple[int, int]:
        first = self._groups_first.index(group) if group in self._groups_first else len(self._groups_first)
        return first, GROUPS.index(group) if group in GROUPS else len(GROUPS)

    def _go_to(self, row: ListRow) -> None:
        self.row_opened.emit(row.kind, row.key)

    def _measurement_rows(self) -> tuple[ListRow, ...]:
        return tuple(
            ListRow(
                "measurement",
                item.name,
                item.name,
                value=short_text(item),
                icon=ICONS.get(item.kind, "ruler"),
                more=long_text(item),
                warning=doubt(item),
            )
            for item in self._session.case.measurements.values()
        )
