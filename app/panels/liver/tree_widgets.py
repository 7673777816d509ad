"""The tools that mend vessel trees as a row of buttons, and the corrections made with them as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.panels.labels import IconButton, paragraph
from app.theme.icons import icon
from app.theme.style import color, current_look, set_kind

NOTE_INDENT_PX = 26


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool. key: of the keyboard, while the step is open."""

    id: str
    word: str
    tip: str
    icon: str
    key: str


TOOL_SPECS = (
    ToolSpec("give", "Give", "Give a branch to the other tree", "chevrons-left-right", "G"),
    ToolSpec("cut", "Cut", "End a vessel here", "scissors", "X"),
    ToolSpec("join", "Join", "Join two pieces", "combine", "M"),
    ToolSpec("root", "Root", "Where a tree's blood comes in or goes out", "circle-dot", "T"),
)


class _ToolButton(QToolButton):
    def __init__(self, spec: ToolSpec) -> None:
        super().__init__()
        self._icon = spec.icon
        self.setObjectName(f"tree_tool_{spec.id}")
        set_kind(self, "tool")
        self.setText(spec.word)
        self.setAccessibleName(spec.tip)
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(18, 18))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """The icon takes the theme's colour, the button the text's size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_icon"):
            self._fit()

    def _fit(self) -> None:
        self.setIcon(icon(self._icon, color("t2"), color("acc"), color("t3")))
        self.setFixedHeight(current_look().px(48))


class TreeTools(QWidget):
    """`chosen`: the tool that a button or its key asks for, "" to put the one in the hand down."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        set_kind(self, "clear")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self.buttons: dict[str, _ToolButton] = {}
        self._keys: list[QShortcut] = []
        self._tips = {spec.id: f"{spec.tip} ({spec.key})" for spec in TOOL_SPECS}
        self._in_hand = ""
        for spec in TOOL_SPECS:
            button = _ToolButton(spec)
            button.clicked.connect(lambda _=False, tool=spec.id: self._ask(tool))
            line.addWidget(button, 1)
            self.buttons[spec.id] = button

    def _ask(self, tool: str) -> None:
        button = self.buttons[tool]
        if button.isEnabled():
            # the step says which tool is in the hand; until then the button stays as it was
            button.setChecked(tool == self._in_hand)
            self.chosen.emit("" if tool == self._in_hand else tool)

    def listen(self, window: QWidget, panel: QWidget) -> None:
        """The keys of the tools hold in this window from now on; Esc in the panel, as it does in the panes."""
        if self._keys:
            return
        for spec in TOOL_SPECS:
            key = QShortcut(QKeySequence(spec.key), window)
            key.activated.connect(lambda tool=spec.id: self._ask(tool))
            self._keys.append(key)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), panel)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(lambda: self.chosen.emit(""))
        self._keys.append(leave)

    def be_silent(self) -> None:
        """The keys mean nothing any more."""
        for key in self._keys:
            key.setParent(None)
            key.deleteLater()
        self._keys = []

    def show_tool(self, tool: str, blocked: str) -> None:
        """Which one is in the hand. blocked: why none can be taken, "" when they can."""
        self._in_hand = tool
        for name, button in self.buttons.items():
            button.setChecked(name == tool)
            button.setEnabled(not blocked)
            button.setToolTip(blocked or self._tips[name])


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
        self.remove = IconButton(f"remove_tree_correction_{number + 1}", "Delete", kind="inline")
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
        self.name.setToolTip(f"Show where: {row.name}")
        self._note.setText(row.note)
        self._note.setVisible(bool(row.note))
        self.remove.setEnabled(not blocked)
        self.remove.setToolTip(blocked or "Take this correction back; those after it hold on")
        self.remove.setAccessibleName(f"Delete: {row.name}")


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
