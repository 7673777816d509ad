"""F1: every key and mouse gesture, by group, searchable; a click on a key binds another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QKeyCombination, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionFocusRect,
    QVBoxLayout,
    QWidget,
)

from app.actions import FIXED_IDS, GESTURES, SPECS, TOOL_KEYS, action_text
from app.dialogs.keys import KeyRow, draw_keys, keys_width
from app.dialogs.sheet import Sheet, close_button
from app.i18n import mark, tr
from app.keymap import Conflict, Keymap, key_caps, key_words
from app.panels.labels import ElidedLabel, IconButton, paragraph, text_font
from app.theme.icons import draw_icon
from app.theme.style import color, set_kind

HELP = mark("Click a key to bind another one. Keys that were changed have a pencil.")
MODIFIERS = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)
LEAST_PX = 46
# of the list: a large window shows more of it at once
MOST_LIST_PX = 720


def key_of(event: QKeyEvent) -> str:
    """The combination of a key event as Qt writes it ("Ctrl+Shift+K"); "" for a modifier alone."""
    if event.key() in MODIFIERS or event.key() in (Qt.Key.Key_unknown, 0):
        return ""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    keys = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
    return keys.toString(QKeySequence.SequenceFormat.PortableText)


class KeyButton(QAbstractButton):
    """The key of one action. Clicked it waits for a combination: `given` tells it, "" for none (Backspace); Esc leaves."""

    given = Signal(str)
    waiting = Signal(bool)

    def __init__(self, identifier: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"key_{identifier}")
        self._words, self._keys = words, ""
        self._changed = self.is_waiting = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self._wait)

    def show_keys(self, keys: str, *, changed: bool) -> None:
        """The combination bound now."""
        self._keys, self._changed = keys, changed
        now = key_words(keys) or tr("no key")
        self.setAccessibleName(f"{self._words}: {now}")
        self.setToolTip(tr("{keys}. Click to bind another key.", keys=now))
        self.updateGeometry()
        self.update()

    def _caps(self) -> tuple[str, ...]:
        if self.is_waiting:
            return (tr("Press keys"),)
        return key_caps(self._keys) or ("–",)

    def sizeHint(self) -> QSize:
        """As large as the caps, and a place for the pencil."""
        height = QFontMetricsF(text_font(11, 500)).height() + 8
        return QSize(max(LEAST_PX, int(keys_width(self._caps())) + 14), int(height) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Caps flush right, ring while it waits, pencil when it was changed."""
        painter = QPainter(self)
        left = draw_keys(painter, self.width() - 3, self.height() / 2, self._caps())
        if self._changed and not self.is_waiting:
            draw_icon(painter, "pencil", color("acc"), self.rect().toRectF().adjusted(left - 14, 6, 0, -6))
        if self.is_waiting or self.hasFocus():
            option = QStyleOptionFocusRect()
            option.initFrom(self)
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, option, painter, self)

    def _wait(self) -> None:
        self.is_waiting = True
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.updateGeometry()
        self.update()
        self.waiting.emit(True)

    def _rest(self) -> None:
        if self.is_waiting:
            self.is_waiting = False
            self.updateGeometry()
            self.update()
            self.waiting.emit(False)

    def event(self, event: QEvent) -> bool:
        """While it waits every key is its own, before shortcuts and before Tab goes on."""
        if self.is_waiting and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if self.is_waiting and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._take(event)
            return True
        return super().event(event)

    def _take(self, event: QKeyEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and event.key() == Qt.Key.Key_Escape:
            self._rest()
            return
        keys = "" if plain and event.key() == Qt.Key.Key_Backspace else key_of(event)
        if keys or event.key() == Qt.Key.Key_Backspace:
            self._rest()
            self.given.emit(keys)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """It does not wait behind one's back."""
        super().focusOutEvent(event)
        self._rest()


class _Line(QWidget):
    """What it does and its key."""

    def __init__(self, words: str, keys: QWidget) -> None:
        super().__init__()
        inside = QHBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(ElidedLabel(words, "label"), 1)
        inside.addWidget(keys)


class _Group(QWidget):
    """A heading and its lines; hides what does not fit the search."""

    def __init__(self, name: str, note: str = "") -> None:
        super().__init__()
        self._name = name
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 18)
        self._column.setSpacing(3)
        heading = QLabel(name)
        set_kind(heading, "heading")
        self._column.addWidget(heading)
        if note:
            self._column.addWidget(paragraph(note))
        self.lines: list[tuple[str, QWidget, QWidget]] = []

    @property
    def size_in_rows(self) -> int:
        """Its height in lines."""
        return len(self.lines) + 2

    def add(self, words: str, keys: QWidget) -> None:
        """One more line."""
        line = _Line(words, keys)
        self._column.addWidget(line)
        self.lines.append((words, keys, line))

    def search(self, words: Sequence[str]) -> bool:
        """Show the lines that hold all words; whether any does."""
        found = False
        for text, keys, line in self.lines:
            whole = f"{self._name} {text} {keys.accessibleName()}".lower()
            fits = all(word in whole for word in words)
            line.setVisible(fits)
            found = found or fits
        self.setVisible(found)
        return found


class ShortcutSheet(Sheet):
    """All groups in two columns of about equal length. `bound`: the keymap that shall hold from now on."""

    enter_accepts = False
    bound = Signal(object)

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent, "shortcuts_sheet", tr("Shortcuts"), 860)
        self.keymap = keymap
        self._asked: tuple[str, str] = ("", "")
        self.keys: dict[str, KeyButton] = {}
        self._rows: list[tuple[KeyRow, tuple[str, ...]]] = []
        self._words: dict[str, str] = {}
        self.field = QLineEdit()
        self.field.setObjectName("shortcuts_find")
        self.field.setAccessibleName(tr("Find a shortcut"))
        self.field.setPlaceholderText(tr("Find a shortcut"))
        self.field.setClearButtonEnabled(False)
        self.field.setMinimumWidth(220)
        self.add_heading(tr("Shortcuts"), self.field)
        self._groups = self._make_groups()
        self.body.addWidget(self._make_columns())
        self.empty = paragraph("", "label")
        self.empty.setObjectName("shortcuts_empty")
        self.empty.hide()
        self.body.addWidget(self.empty)
        self.body.addLayout(self._make_note())
        self._reset_all = IconButton("reset_all_keys", tr("All keys as they came"), "rotate-ccw", "back")
        self._reset_all.setToolTip(tr("All keys as they came"))
        self._reset_all.clicked.connect(lambda: self._use(self.keymap.as_it_came()))
        self.add_buttons(close_button(self), left=self._reset_all)
        self.field.textChanged.connect(self._search)
        self._show_keys()
        self._say(tr(HELP))

    def first_focus(self) -> QWidget | None:
        """The search."""
        return self.field

    def _make_groups(self) -> list[_Group]:
        groups: dict[str, _Group] = {}

        def group(name: str, note: str = "") -> _Group:
            if name not in groups:
                groups[name] = _Group(tr(name), note)
            return groups[name]

        fixed = group(mark("Any pane"), tr("These keys are fixed."))
        for words, caps in GESTURES:
            row = KeyRow(())
            self._rows.append((row, caps))
            fixed.add(tr(words), row)
        for spec in SPECS:
            if spec.id in FIXED_IDS:
                continue
            group(spec.group).add(action_text(spec), self._key_button(spec.id, action_text(spec)))
        for tool in TOOL_KEYS:
            group(tool.context).add(tr(tool.text), self._key_button(tool.id, tr(tool.text)))
        return list(groups.values())

    def _caps(self, cap: str) -> tuple[str, ...]:
        """A cap of a gesture in words; of "@id" those of the key that is bound to it, none where none is."""
        return key_caps(self.keymap.first(cap[1:])) if cap.startswith("@") else key_caps(tr(cap))

    def _key_button(self, identifier: str, words: str) -> KeyButton:
        button = KeyButton(identifier, words)
        button.given.connect(lambda keys, name=identifier: self._given(name, keys))
        button.waiting.connect(lambda on, name=identifier: self._waits(name, on))
        self.keys[identifier] = button
        self._words[identifier] = words
        return button

    def _make_columns(self) -> QScrollArea:
        inside = QWidget()
        set_kind(inside, "clear")
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(0, 6, 12, 0)
        columns.setSpacing(36)
        left, right = QVBoxLayout(), QVBoxLayout()
        half = sum(group.size_in_rows for group in self._groups) / 2
        used = 0
        for group in self._groups:
            (left if used + group.size_in_rows / 2 <= half else right).addWidget(group)
            used += group.size_in_rows
        for column in (left, right):
            column.setSpacing(0)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("shortcuts_list")
        self._scroll.setAccessibleName(tr("Shortcuts"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._scroll.setWidget(inside)
        self._scroll.setFixedHeight(max(160, min(MOST_LIST_PX, self.most_height() - 250)))
        return self._scroll

    def _make_note(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.note = paragraph("", "hint")
        self.note.setObjectName("shortcuts_note")
        self.note.setMinimumHeight(self.note.fontMetrics().height() * 2 + 4)
        self.take = IconButton("take_key", tr("Take it"))
        self.take.clicked.connect(self._take)
        self.reset = IconButton("reset_key", tr("Own key"), "rotate-ccw")
        self.reset.clicked.connect(lambda: self._use(self.keymap.reset(self._asked[0])))
        line.addWidget(self.note, 1)
        line.addWidget(self.take)
        line.addWidget(self.reset)
        return line

    def _say(self, words: str, *, can_take: bool = False, can_reset: bool = False, bad: bool = False) -> None:
        self.note.setText(words)
        set_kind(self.note, "hint", "warn" if bad else "")
        self.take.setVisible(can_take)
        self.reset.setVisible(can_reset)

    def _waits(self, identifier: str, on: bool) -> None:
        if on:
            self._asked = (identifier, "")
            self._say(
                tr("Press the keys for “{name}”. Backspace for none, Esc leaves.", name=self._words[identifier]),
            )
        elif not self._asked[1]:
            is_changed = self.keymap.is_changed(identifier)
            self._asked = (identifier, "")
            self._say(tr(HELP), can_reset=is_changed)

    def _given(self, identifier: str, keys: str) -> None:
        self._asked = (identifier, keys)
        conflict = self.keymap.conflict(identifier, keys) if keys else None
        if conflict is None:
            self._use(self.keymap.bound(identifier, keys))
            return
        self._say(self._conflict_words(conflict), can_take=bool(conflict.owner), bad=True)
        if conflict.owner:
            self.take.setFocus(Qt.FocusReason.OtherFocusReason)

    def _conflict_words(self, conflict: Conflict) -> str:
        if not conflict.owner:
            return conflict.reason
        return tr(
            "{key} is “{name}” already. Taken from it, that has no key.",
            key=key_words(conflict.key),
            name=self._words.get(conflict.owner, conflict.owner),
        )

    def _take(self) -> None:
        identifier, keys = self._asked
        if identifier and keys:
            self._use(self.keymap.bound(identifier, keys))

    def _use(self, keymap: Keymap) -> None:
        self.keymap = keymap
        self._show_keys()
        identifier, _ = self._asked
        self._asked = (identifier, "")
        changed = bool(identifier) and keymap.is_changed(identifier)
        if changed:
            words = key_words(keymap.first(identifier)) or tr("no key")
            self._say(tr("“{name}” has {key} now.", name=self._words[identifier], key=words), can_reset=True)
        else:
            self._say(tr(HELP))
        if identifier:
            self.keys[identifier].setFocus(Qt.FocusReason.OtherFocusReason)
        self.bound.emit(keymap)

    def _show_keys(self) -> None:
        for identifier, button in self.keys.items():
            button.show_keys(self.keymap.first(identifier), changed=self.keymap.is_changed(identifier))
        for row, caps in self._rows:
            row.show_caps([words for cap in caps for words in self._caps(cap)])
        self._reset_all.setEnabled(any(name in self.keymap.bindings for name in self.keymap.differences))

    def _search(self, text: str) -> None:
        words = text.lower().split()
        found = [group.search(words) for group in self._groups]
        self.empty.setText(tr("Nothing matches “{text}”.", text=text))
        self.empty.setVisible(not any(found))
