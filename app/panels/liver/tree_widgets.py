"""The tools that mend vessel trees as a row of buttons, and the corrections made with them as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.i18n import mark, tr
from app.panels.labels import IconButton, paragraph
from app.panels.tool_row import ToolRow, ToolSpec
from app.theme.style import current_look, set_kind

NOTE_INDENT_PX = 26


TOOL_SPECS = (
    ToolSpec("give", mark("Give"), mark("Give a branch to the other tree"), "chevrons-left-right", "G"),
    ToolSpec("cut", mark("Cut"), mark("End a vessel here"), "scissors", "X"),
    ToolSpec("join", mark("Join"), mark("Join two pieces"), "combine", "M"),
    ToolSpec("root", mark("Root"), mark("Where a tree's blood comes in or goes out"), "circle-dot", "T"),
)


class TreeTools(ToolRow):
    """The tools that mend trees."""

    def __init__(self) -> None:
        super().__init__("tree_tool", TOOL_SPECS)


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction that was made. note: why it has no effect, "" when it has."""

    name: str
    note: str = ""


class _Row(QWidget):
    def __init__(self, number: int, owner: CorrectionList) -> None:
        super().__init__()
        set_kind(self, "clear")
        self._number = number + 1
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setSpacing(6)
        self.name = IconButton(f"tree_correction_{number + 1}", "", kind="entry")
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.remove = IconButton(f"remove_tree_correction_{number + 1}", tr("Delete"), kind="inline")
        line.addWidget(self.name, 1)
        line.addWidget(self.remove)
        column.addLayout(line)
        self._note = paragraph("", "hint")
        self._note.setContentsMargins(current_look().px(NOTE_INDENT_PX), 0, 0, 2)
        column.addWidget(self._note)
        self.name.clicked.connect(lambda: owner.opened.emit(number))
        self.remove.clicked.connect(lambda: owner.removed.emit(number))

    def show_row(self, row: CorrectionRow, blocked: str) -> None:
        """Another correction."""
        self.name.setText(f"{self._number}   {row.name}")
        self.name.setAccessibleName(row.name)
        self.name.setToolTip(tr("Show where: {name}", name=row.name))
        self._note.setText(row.note)
        self._note.setVisible(bool(row.note))
        self.remove.setEnabled(not blocked)
        self.remove.setToolTip(blocked or tr("Take this correction back; those after it hold on"))
        self.remove.setAccessibleName(tr("Delete: {name}", name=row.name))


class CorrectionList(QWidget):
    """`opened`, `removed`: number of a correction, from 0."""

    opened = Signal(int)
    removed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        set_kind(self, "clear")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)
        self.rows: list[_Row] = []

    def show_rows(self, rows: Sequence[CorrectionRow], blocked: str) -> None:
        """These corrections in their order."""
        while len(self.rows) < len(rows):
            row = _Row(len(self.rows), self)
            self.rows.append(row)
            self._box.addWidget(row)
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(rows))
            if number < len(rows):
                row.show_row(rows[number], blocked)
