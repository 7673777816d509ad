"""The rows of the left panel: one painted list of structures, a plan's parts or measurements, no widget per row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.i18n import tr
from app.panels.row_painting import swatch_rim
from app.theme.fonts import font
from app.theme.icons import draw_icon
from app.theme.style import color, current_look, set_kind

ROW = Qt.ItemDataRole.UserRole
EYE_WIDTH = 30
# where a structure's name begins, after eye and colour
NAME_LEFT = 49
# between the numbers of one value, and between name and value with what that is drawn wider
VALUE_PARTS, VALUE_GAP_PX = " · ", 12.0
ENDING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
# how far a model's finding can be believed: icon and colour, the word is in the tooltip
LIGHTS = {"green": ("circle-check", "ok"), "amber": ("triangle-alert", "warn"), "red": ("octagon-alert", "bad")}
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line. kind: "heading", "structure", "plan" or "measurement". more: further lines of its tooltip.

    light: of a model's finding ("green", "amber", "red"), "" for what has none. spoken: what a screen reader adds.
    opacity: 0 … 1, of its colour.
    """

    kind: str
    key: str
    name: str
    color: str = ""
    value: str = ""
    visible: bool = True
    warning: str = ""
    icon: str = ""
    more: str = ""
    locked: bool = False
    light: str = ""
    spoken: str = ""
    opacity: float = 1.0


class RowModel(QAbstractListModel):
    """The list's rows; replaced as a whole when anything differs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ListRow, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            shown = "" if row.kind in ("heading", "measurement") else (tr("shown") if row.visible else tr("hidden"))
            locked = tr("locked") if row.locked else ""
            return ", ".join(part for part in (row.name, row.value, shown, locked, row.spoken) if part)
        if role == Qt.ItemDataRole.ToolTipRole and row.kind != "heading":
            return "\n".join(part for part in (f"{row.name}  {row.value}".strip(), row.more, row.warning) if part)
        return row.name if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole) else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self._rows[index.row()]
        if row.kind == "heading":
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if row.kind in ("structure", "measurement") else flags

    @property
    def rows(self) -> tuple[ListRow, ...]:
        """What is listed."""
        return self._rows

    def show_rows(self, rows: tuple[ListRow, ...]) -> None:
        """List other rows; says nothing when all are equal."""
        if rows == self._rows:
            return
        if [row.key for row in rows] == [row.key for row in self._rows]:
            before, self._rows = self._rows, rows
            # while a hand drags a cut two or three numbers change: the other rows are not painted anew
            for number, (old, new) in enumerate(zip(before, rows, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(number), self.index(number))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()


class NameEditor(QLineEdit):
    """A name typed in its row; Enter and Esc are its own while it is open."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in ENDING_KEYS:
            event.accept()
            return True
        return super().event(event)


def fitting_value(value: str, room_px: float, name_px: float, advance: Callable[[str], float]) -> str:
    """A value of parts ("1 615 mm² · 117 HU") without the last ones where they would cut its row's name, which keeps up to
    half of the room; the first part always stays. What is left out is in the row's tooltip."""
    parts = value.split(VALUE_PARTS)
    most_px = room_px - VALUE_GAP_PX - min(name_px, room_px / 2.0)
    while len(parts) > 1 and advance(VALUE_PARTS.join(parts)) > most_px:
        parts.pop()
    return VALUE_PARTS.join(parts)


class RowDelegate(QStyledItemDelegate):
    """Paints eye, colour, name (elided first), lock, light or warning, and value (right-aligned); edits the name."""

    renamed = Signal(str, str, str)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        is_heading = index.data(ROW).kind == "heading"
        return QSize(100, current_look().px(24 if is_heading else 32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
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
            painter.setBrush(QColor(color("soft" if state & QStyle.StateFlag.State_Selected else "s3")))
            painter.drawRoundedRect(box, 6, 6)
        middle = box.center().y()
        text = color("t1" if row.visible else "t3")
        x = box.left() + 8
        if row.kind == "measurement":
            draw_icon(painter, row.icon, color("t3"), QRectF(x, middle - 8, 16, 16))
            x += 23
        else:
            asked = option.widget  # type: ignore[attr-defined]
            touched = isinstance(asked, RowList) and asked.touched_eye == row.key
            sign = "eye" if row.visible else "eye-off"
            draw_icon(painter, sign, color("t1" if touched else "t3"), QRectF(x, middle - 8, 16, 16))
            self._swatch(painter, row, QRectF(x + 24, middle - 5, 10, 10))
            x += 41
        strong = row.kind == "measurement"
        value_font = font(13, 600 if strong else 400, scale)
        painter.setFont(value_font)
        advance = painter.fontMetrics().horizontalAdvance
        name_px = QFontMetricsF(font(13, 400, scale)).horizontalAdvance(row.name)
        value = fitting_value(row.value, box.right() - 8 - x, name_px, advance)
        wide = advance(value) + 4 if value else 0
        right = box.right() - 8
        value_color = color("t1") if strong else color("t3")
        self._text(
            painter, QRectF(right - wide, box.top(), wide, box.height()), value, value_font, value_color, right=True
        )
        right -= wide + (8 if wide else 0)
        for sign, token in _signs(row):
            draw_icon(painter, sign, color(token), QRectF(right - 15, middle - 7, 14, 14))
            right -= 20
        self._text(painter, QRectF(x, box.top(), right - x, box.height()), row.name, font(13, 400, scale), text)

    @staticmethod
    def _swatch(painter: QPainter, row: ListRow, place: QRectF) -> None:
        ink = QColor(row.color)
        painter.setOpacity(1.0 if row.visible else 0.55)
        if row.opacity < 1.0:
            # a rim keeps what is nearly clear in sight
            painter.setPen(ink)
            ink.setAlphaF(row.opacity)
            place = place.adjusted(0.5, 0.5, -0.5, -0.5)
        else:
            painter.setPen(swatch_rim(row.color))
        painter.setBrush(ink)
        painter.drawRoundedRect(place, 2.5, 2.5)
        painter.setOpacity(1.0)

    @staticmethod
    def _text(painter: QPainter, rect: QRectF, text: str, use: QFont, tone: str, *, right: bool = False) -> None:
        painter.setFont(use)
        painter.setPen(QColor(tone))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()) + 1)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)

    # the name in its row

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field over the row's name."""
        editor = NameEditor(parent)
        editor.setObjectName("row_name")
        editor.setAccessibleName(tr("Name"))
        set_kind(editor, "small")
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """The name as the row has it, all of it marked."""
        assert isinstance(editor, QLineEdit)
        editor.setText(index.data(ROW).name)
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Tell the new name; the row follows the case."""
        row: ListRow = index.data(ROW)
        assert isinstance(editor, QLineEdit)
        name = editor.text().strip()
        # left as it stands it is no new name, though the case may know the structure by another
        if name and name not in (row.key, row.name):
            self.renamed.emit(row.kind, row.key, name)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """From the name's place to the row's end."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        left = 31 if index.data(ROW).kind == "measurement" else NAME_LEFT
        editor.setGeometry(rect.adjusted(left - 8, 2, -4, -2))


def _signs(row: ListRow) -> list[tuple[str, str]]:
    """(icon, colour token) from right to left before the value."""
    signs = [LIGHTS[row.light]] if row.light in LIGHTS else []
    if row.warning and not signs:
        signs.append(("triangle-alert", "warn"))
    return [*signs, ("lock", "t3")] if row.locked else signs


class RowList(QListView):
    """The list itself: a click on the eye shows and hides, on the row selects, twice flies there.

    Several rows of one kind may be chosen (Shift, Ctrl); Space shows and hides all of them.
    """

    eye_clicked = Signal(str)
    row_chosen = Signal(str, str)
    row_opened = Signal(str, str)
    menu_asked = Signal(str, str, QPoint)
    renamed = Signal(str, str, str)
    # other rows are chosen
    chosen_changed = Signal()
    # Space: show or hide all of these
    hide_asked = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.rows = RowModel(self)
        # key of the row whose eye is under the hand
        self.touched_eye = ""
        # while Qt itself settles what a click or key chooses: it names the row first and chooses it after
        self._is_choosing = False
        self.setModel(self.rows)
        delegate = RowDelegate(self)
        delegate.renamed.connect(self.renamed)
        self.setItemDelegate(delegate)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.doubleClicked.connect(lambda index: self._tell(self.row_opened, index))
        self.selectionModel().currentChanged.connect(lambda index, _: self._tell(self.row_chosen, index))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())

    def _tell(self, signal: Any, index: QModelIndex) -> None:
        row = index.data(ROW) if index.isValid() else None
        if row is not None and row.kind != "heading":
            signal.emit(row.kind, row.key)

    def _current(self) -> ListRow | None:
        index = self.currentIndex()
        row = index.data(ROW) if index.isValid() else None
        return row if row is not None and row.kind != "heading" else None

    @property
    def chosen(self) -> tuple[str, ...]:
        """Keys of the chosen structures or measurements, from top to bottom."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        rows = [self.rows.rows[number] for number in numbers if number < len(self.rows.rows)]
        return tuple(row.key for row in rows if row.kind in ("structure", "measurement"))

    def show_rows(self, rows: tuple[ListRow, ...]) -> None:
        """List other rows; what was chosen stays chosen where it is still there."""
        kept = self.chosen
        before = [row.key for row in self.rows.rows]
        self.rows.show_rows(rows)
        if before != [row.key for row in rows]:
            self.choose(kept)

    def choose(self, keys: Iterable[str]) -> None:
        """Mark these rows too, without telling anybody."""
        numbers = {row.key: number for number, row in enumerate(self.rows.rows) if row.kind != "heading"}
        selection = self.selectionModel()
        was = selection.blockSignals(True)
        for key in keys:
            if key in numbers:
                selection.select(self.rows.index(numbers[key]), QItemSelectionModel.SelectionFlag.Select)
        selection.blockSignals(was)
        self.viewport().update()

    def choose_first(self) -> None:
        """The first row that can be chosen, when none is."""
        if self._current() is not None:
            return
        for number, row in enumerate(self.rows.rows):
            if row.kind != "heading":
                self.setCurrentIndex(self.rows.index(number))
                return

    def select_key(self, key: str) -> None:
        """Mark the row of this key, without telling anybody; others that are chosen with it stay so."""
        current = self._current()
        if self._is_choosing:
            return
        if key and key in self.chosen and current is not None and current.key == key:
            return
        numbers = {row.key: number for number, row in enumerate(self.rows.rows) if row.kind != "heading"}
        selection = self.selectionModel()
        was = selection.blockSignals(True)
        if key in numbers:
            # the view's own way asks which keys are held: with Ctrl (of an undo, of an eraser) it would add to what is chosen
            selection.setCurrentIndex(self.rows.index(numbers[key]), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            # the current row too, or a click on it would be no news
            selection.clear()
        selection.blockSignals(was)
        self.viewport().update()

    def edit_key(self, key: str) -> bool:
        """Open the row's name for typing; False when it is not listed."""
        for number, row in enumerate(self.rows.rows):
            if row.key == key and row.kind in ("structure", "measurement") and self.isVisible():
                index = self.rows.index(number)
                self.scrollTo(index)
                # another row's field closes with this; asked for again while it is typed in, Qt would warn and do nothing
                self.setCurrentIndex(index)
                if self.state() != QAbstractItemView.State.EditingState:
                    self.edit(index)
                return True
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = index.data(ROW) if index.isValid() else None
        on_eye = event.position().x() < EYE_WIDTH
        if row is not None and row.kind in ("structure", "plan") and on_eye:
            if event.button() == Qt.MouseButton.LeftButton:
                self.eye_clicked.emit(row.key)
            return
        self._is_choosing = True
        super().mousePressEvent(event)
        self._is_choosing = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._is_choosing = True
        super().mouseMoveEvent(event)
        self._is_choosing = False
        index = self.indexAt(event.position().toPoint())
        row = index.data(ROW) if index.isValid() and event.position().x() < EYE_WIDTH else None
        self._touch_eye(row.key if row is not None and row.kind in ("structure", "plan") else "")

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._touch_eye("")

    def _touch_eye(self, key: str) -> None:
        if key != self.touched_eye:
            self.touched_eye = key
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._is_choosing = True
        super().mouseReleaseEvent(event)
        self._is_choosing = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._current()
        if row is not None and event.key() == Qt.Key.Key_Space:
            chosen = self.chosen
            if len(chosen) > 1:
                self.hide_asked.emit(chosen)
            else:
                self.eye_clicked.emit(row.key)
            return
        self._is_choosing = True
        super().keyPressEvent(event)
        self._is_choosing = False

    def _menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        if not self.viewport().rect().contains(place) or not index.isValid():
            # asked for by key: at the row that has the focus
            index = self.currentIndex()
            place = self.visualRect(index).center()
        row = index.data(ROW) if index.isValid() else None
        if row is not None and row.kind != "heading":
            self.menu_asked.emit(row.kind, row.key, self.viewport().mapToGlobal(place))
