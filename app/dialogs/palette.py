"""Every command by its name: Ctrl+K over the dimmed window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shiboken6
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.fuzzy import rank
from app.dialogs.keys import KeyRow, draw_keys
from app.dialogs.sheet import DIM_OPACITY
from app.i18n import tr
from app.panels.labels import IconMark, hairline, text_font
from app.settings import count_use, load_settings, save_settings
from app.theme.icons import draw_icon
from app.theme.style import color, current_look, set_kind
from app.theme.tokens import DIMMED

WIDTH, TOP, ROWS = 600, 110, 8
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
ENTRY = Qt.ItemDataRole.UserRole
MEANT = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class PaletteEntry:
    """A command: what it does, a word on where it belongs, its icon, its keys ("Ctrl", "3") and how to run.

    reason: why it cannot be run now.
    """

    id: str
    title: str
    hint: str
    icon: str
    keys: tuple[str, ...]
    run: Callable[[], None]
    enabled: bool = True
    reason: str = ""


class _Entries(QAbstractListModel):
    """The entries that fit, with the letters that were meant."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[PaletteEntry, tuple[int, ...]]] = []

    def show_rows(self, rows: list[tuple[PaletteEntry, tuple[int, ...]]]) -> None:
        """Other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        """How many fit."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for the eye and for screen readers."""
        if not index.isValid():
            return None
        entry, meant = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (
                entry.title,
                entry.hint,
                "+".join(entry.keys),
                "" if entry.enabled else entry.reason or tr("not now"),
            )
            return ", ".join(part for part in parts if part)
        return {int(ENTRY): entry, int(MEANT): meant}.get(int(role))


class _Row(QStyledItemDelegate):
    """Icon, title with the meant letters strong, hint, keys at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """40 px at 100 % text."""
        return QSize(200, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One entry."""
        entry: PaletteEntry = index.data(ENTRY)
        box = option.rect.adjusted(0, 1, 0, -1)
        middle = box.center().y() + 0.5
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("soft")))
            painter.drawRoundedRect(box, 6, 6)
        token = "acc" if chosen and entry.enabled else "t2" if entry.enabled else "t3"
        if entry.icon:
            draw_icon(painter, entry.icon, color(token), QRectF(box.left() + 10, middle - 9, 18, 18))
        right = box.right() - 10.0
        if entry.keys:
            right = draw_keys(painter, right, middle, entry.keys) - 12
        left = box.left() + 39
        left = self._title(painter, entry, index.data(MEANT), left, int(right), box)
        hint = entry.hint if entry.enabled else entry.reason or tr("Not possible now")
        if hint and right - left > 40:
            painter.setFont(text_font(12))
            painter.setPen(QColor(color("t3")))
            metrics = QFontMetrics(painter.font())
            room = QRect(left + 13, box.top(), int(right) - left - 13, box.height())
            text = metrics.elidedText(hint, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()

    @staticmethod
    def _title(painter: QPainter, entry: PaletteEntry, meant: Sequence[int], left: int, right: int, box: QRect) -> int:
        """Draw the title letter run by letter run; where it ends."""
        plain, strong = text_font(13), text_font(13, 600)
        whole = QFontMetrics(plain).elidedText(entry.title, Qt.TextElideMode.ElideRight, max(20, right - left))
        at = 0
        x = float(left)
        while at < len(whole):
            is_meant = at in meant
            end = at
            while end < len(whole) and (end in meant) == is_meant:
                end += 1
            painter.setFont(strong if is_meant else plain)
            painter.setPen(QColor(color("t1" if entry.enabled else "t3")))
            piece = whole[at:end]
            width = QFontMetrics(painter.font()).horizontalAdvance(piece)
            painter.drawText(QRectF(x, box.top(), width + 2, box.height()), Qt.AlignmentFlag.AlignVCenter, piece)
            x += width
            at = end
        return int(x)


def row_height() -> int:
    """Of one entry in px."""
    return max(40, QFontMetrics(text_font(13)).height() + 20)


class CommandPalette(QWidget):
    """Covers its window while it is open. `used` tells the id of an entry that was run; uses are counted and kept."""

    used = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setObjectName("palette")
        self.setAccessibleName(tr("Commands"))
        self.hide()
        self._entries: tuple[PaletteEntry, ...] = ()
        self._uses: Mapping[str, int] = {}
        self._focus_before: QWidget | None = None
        self._build()
        self.window().installEventFilter(self)
        self.field.installEventFilter(self)

    def _build(self) -> None:
        self.card = QFrame(self)
        self.card.setObjectName("palette_card")
        set_kind(self.card, "sheet")
        column = QVBoxLayout(self.card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(18, 10, 18, 10)
        head.setSpacing(11)
        head.addWidget(IconMark("search", "t2", 20))
        self.field = QLineEdit()
        self.field.setObjectName("palette_field")
        self.field.setAccessibleName(tr("Find a command"))
        self.field.setPlaceholderText(tr("Find a command"))
        set_kind(self.field, "bare")
        self.field.textChanged.connect(self._filter)
        head.addWidget(self.field, 1)
        head.addWidget(KeyRow(("Esc",)))
        column.addLayout(head)
        column.addWidget(hairline())
        self.list = QListView()
        self.list.setObjectName("palette_list")
        self.list.setAccessibleName(tr("Commands found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setUniformItemSizes(True)
        self._model = _Entries(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Row(self.list))
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(self._run)
        self.found = QWidget()
        inside = QHBoxLayout(self.found)
        inside.setContentsMargins(8, 7, 8, 7)
        inside.addWidget(self.list)
        column.addWidget(self.found)
        self.empty = QLabel()
        self.empty.setObjectName("palette_empty")
        set_kind(self.empty, "label")
        self.empty.setContentsMargins(19, 18, 19, 18)
        column.addWidget(self.empty)
        column.addWidget(hairline())
        foot = QHBoxLayout()
        foot.setContentsMargins(19, 8, 19, 9)
        foot.setSpacing(17)
        for text in (tr("↑ ↓ choose"), tr("Enter runs")):
            label = QLabel(text)
            set_kind(label, "hint")
            foot.addWidget(label)
        foot.addStretch(1)
        self.count = QLabel()
        self.count.setObjectName("palette_count")
        set_kind(self.count, "hint")
        foot.addWidget(self.count)
        column.addLayout(foot)

    def open(self, entries: Sequence[PaletteEntry]) -> None:
        """Show these entries, the most used first, and wait for letters."""
        self._entries = tuple(entries)
        self._uses = load_settings().palette_uses
        focus = QApplication.focusWidget()
        if not self.isVisible():
            self._focus_before = focus if focus is not None and focus.window() is self.window() else None
        self.field.clear()
        self._filter()
        self.setGeometry(self.window().rect())
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, tr("Commands")))

    def close_palette(self) -> None:
        """Go away; the focus is where it was."""
        if not self.isVisible():
            return
        self.hide()
        # they hold the page that they were made for
        self._entries = ()
        self._model.show_rows([])
        before, self._focus_before = self._focus_before, None
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def titles(self) -> tuple[str, ...]:
        """What is listed now, in order."""
        return tuple(self._model.index(row).data() for row in range(self._model.rowCount()))

    def _filter(self) -> None:
        text = self.field.text()
        found = rank(text, [(entry.id, entry.title, entry.hint) for entry in self._entries], self._uses)
        self._model.show_rows([(self._entries[number], meant) for number, meant in found])
        if found:
            self.list.setCurrentIndex(self._model.index(0))
            self.list.scrollToTop()
        self.found.setVisible(bool(found))
        self.empty.setVisible(not found)
        self.empty.setText(tr("Nothing matches “{text}”.", text=text))
        self.count.setText(tr("{count} of {whole}", count=len(found), whole=len(self._entries)))
        self._place()

    def _place(self) -> None:
        room = self.window().size()
        wide = round(WIDTH * max(1.0, (current_look().text_scale_percent + 100) / 200))
        width = min(wide, room.width() - 48)
        top = min(TOP, room.height() // 7)
        fits = max(3, (room.height() - top - 150) // row_height())
        shown = min(self._model.rowCount(), ROWS, fits)
        self.list.setFixedHeight(shown * row_height())
        self.card.setFixedWidth(width)
        inside, layout = self.found.layout(), self.card.layout()
        assert inside is not None
        assert layout is not None
        # the inner one first: the card asks it for its height
        inside.activate()
        layout.activate()
        self.card.resize(width, layout.sizeHint().height())
        self.card.move(QPoint((room.width() - width) // 2, top))

    def _run(self, index: QModelIndex | None = None) -> None:
        chosen = index if index is not None else self.list.currentIndex()
        entry = chosen.data(ENTRY) if chosen.isValid() else None
        if not isinstance(entry, PaletteEntry):
            return
        if not entry.enabled:
            self.count.setText(entry.reason or tr("Not possible now"))
            return
        self.close_palette()
        self._count(entry.id)
        self.used.emit(entry.id)
        entry.run()

    @staticmethod
    def _count(identifier: str) -> None:
        try:
            save_settings(count_use(load_settings(), identifier))
        except OSError:
            # the order of the list is not worth a message
            return

    def _step(self, rows: int) -> None:
        count = self._model.rowCount()
        if count:
            now = self.list.currentIndex().row()
            at = (now + rows) % count if abs(rows) == 1 else max(0, min(count - 1, now + rows))
            self.list.setCurrentIndex(self._model.index(at))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size; take the keys that act here, and keep all others from the window below."""
        if event.type() == QEvent.Type.Resize and watched is not self.field and self.isVisible():
            self.setGeometry(self.window().rect())
            self._place()
        if watched is not self.field or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return event.type() == QEvent.Type.KeyPress and self._key(event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS, Qt.Key.Key_PageUp: -ROWS}
        if key in steps:
            self._step(steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif key == Qt.Key.Key_Escape or (
            key == Qt.Key.Key_K and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        ):
            self.close_palette()
        else:
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the card closes it."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The window below, darker."""
        shade = QColor(DIMMED)
        shade.setAlphaF(DIM_OPACITY)
        QPainter(self).fillRect(self.rect(), shade)


def open_palette(window: QWidget, entries: Sequence[PaletteEntry]) -> CommandPalette:
    """The window's palette, made at the first time, open with these entries; closed when it was open."""
    palette = window.findChild(CommandPalette, "palette") or CommandPalette(window)
    assert isinstance(palette, CommandPalette)
    if palette.isVisible():
        palette.close_palette()
    else:
        palette.open(entries)
    return palette
