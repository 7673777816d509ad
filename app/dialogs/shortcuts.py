"""F1: every key and mouse gesture, by group, searchable."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.dialogs.keys import KeyRow
from app.dialogs.sheet import Sheet, close_button
from app.panels.labels import ElidedLabel, paragraph
from app.theme.style import set_kind

# what it does and the caps of its keys: ("Ctrl", "Wheel")
Row = tuple[str, Sequence[str]]
Group = tuple[str, Sequence[Row]]


class _Group(QWidget):
    """A heading and its lines; hides what does not fit the search."""

    def __init__(self, name: str, rows: Sequence[Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 18)
        column.setSpacing(3)
        heading = QLabel(name)
        set_kind(heading, "heading")
        column.addWidget(heading)
        self.size_in_rows = len(rows) + 2
        self._rows: list[tuple[str, QWidget]] = []
        for text, keys in rows:
            line = QWidget()
            inside = QHBoxLayout(line)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(12)
            inside.addWidget(ElidedLabel(text, "label"), 1)
            inside.addWidget(KeyRow(keys))
            column.addWidget(line)
            self._rows.append((f"{name} {text} {' '.join(keys)}".lower(), line))

    def search(self, words: Sequence[str]) -> bool:
        """Show the lines that hold all words; whether any does."""
        found = False
        for text, line in self._rows:
            fits = all(word in text for word in words)
            line.setVisible(fits)
            found = found or fits
        self.setVisible(found)
        return found


class ShortcutSheet(Sheet):
    """All groups in two columns of about equal length."""

    enter_accepts = False

    def __init__(self, groups: Sequence[Group], parent: QWidget | None = None) -> None:
        super().__init__(parent, "shortcuts_sheet", "Shortcuts", 820)
        self.field = QLineEdit()
        self.field.setObjectName("shortcuts_find")
        self.field.setAccessibleName("Find a shortcut")
        self.field.setPlaceholderText("Find a shortcut")
        self.field.setClearButtonEnabled(False)
        self.field.setMinimumWidth(220)
        self.add_heading("Shortcuts", self.field)
        self._groups = [_Group(name, rows) for name, rows in groups if rows]
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
        self._scroll.setAccessibleName("Shortcuts")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._scroll.setWidget(inside)
        self._scroll.setFixedHeight(min(460, self.most_height() - 190))
        self.body.addWidget(self._scroll)
        self.empty = paragraph("", "label")
        self.empty.setObjectName("shortcuts_empty")
        self.empty.hide()
        self.body.addWidget(self.empty)
        self.add_buttons(close_button(self))
        self.field.textChanged.connect(self._search)

    def first_focus(self) -> QWidget | None:
        """The search."""
        return self.field

    def _search(self, text: str) -> None:
        words = text.lower().split()
        found = [group.search(words) for group in self._groups]
        self.empty.setText(f"Nothing matches “{text}”.")
        self.empty.setVisible(not any(found))
