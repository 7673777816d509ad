"""What a person is asked before a plan uses structures that a model found and is not sure of: one row each, one tick each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from app.i18n import said, structure_name, tr
from app.panels.labels import STATE_ICONS, ElidedLabel, IconButton, IconMark, paragraph
from app.theme.style import set_kind
from planning.case.model import Case

STATES = {"green": "ok", "amber": "warn", "red": "bad"}
MOST_ROWS, MOST_REASONS = 5, 2


class _Row(QWidget):
    """Light and name, the words that show it and let it be used, and below them why one must look."""

    asked = Signal(str)
    look_asked = Signal(str)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "clear")
        self._key = ""
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        self._mark = IconMark("", "warn", 15)
        self._name = ElidedLabel(kind="strong")
        self._reason = paragraph("", "hint")
        self._look = IconButton(f"gate_look_{number}", tr("Show"), kind="inline")
        self._look.clicked.connect(lambda: self.look_asked.emit(self._key))
        self._use = IconButton(f"gate_use_{number}", tr("Use it"), kind="inline")
        self._use.clicked.connect(lambda: self.asked.emit(self._key))
        for column, widget in enumerate((self._mark, self._name, self._look, self._use)):
            grid.addWidget(widget, 0, column)
        grid.addWidget(self._reason, 1, 1, 1, 3)

    def show_structure(self, key: str, name: str, word: str, state: str, reason: str) -> None:
        """Of this structure."""
        self._key = key
        self._mark.set_icon(STATE_ICONS[state], state)
        self._name.setText(name)
        self._reason.setText(f"{word[:1].upper()}{word[1:]}: {reason}." if reason else f"{word[:1].upper()}{word[1:]}.")
        for button, words in ((self._look, tr("Show")), (self._use, tr("Use"))):
            button.setAccessibleName(f"{words} {name}")
        self._use.setToolTip(tr("Let plans use {lower}. Undo takes it back.", lower=name.lower()))


class TrustGate(QWidget):
    """A card with room below it. `use_asked`: a structure may be used. `look_asked`: fly to it."""

    use_asked = Signal(str)
    look_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trust_gate")
        set_kind(self, "clear")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 10)
        card = QFrame()
        set_kind(card, "card", "warn")
        outer.addWidget(card)
        box = QGridLayout(card)
        box.setContentsMargins(12, 10, 12, 10)
        box.setVerticalSpacing(8)
        self._title = ElidedLabel(kind="strong")
        box.addWidget(self._title, 0, 0)
        self._rows = [_Row(number) for number in range(MOST_ROWS)]
        for number, row in enumerate(self._rows):
            row.asked.connect(self.use_asked)
            row.look_asked.connect(self.look_asked)
            box.addWidget(row, number + 1, 0)
        self.setVisible(False)

    def show_structures(self, case: Case, names: Sequence[str]) -> None:
        """Ask about these; none hides it."""
        self.setVisible(bool(names))
        more = len(names) - MOST_ROWS
        self._title.setText(tr("Look at these first") + (tr(", then at {more} more", more=more) if more > 0 else ""))
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(names))
            if number >= len(names):
                continue
            trust = case.structures[names[number]].trust
            if trust is None:
                continue
            refused = trust.checked is False
            word, state = (tr("not to be used"), "bad") if refused else (said(trust.word), STATES[trust.light])
            reason = "; ".join(said(one.text).rstrip(".") for one in trust.reasons[:MOST_REASONS])
            reason = reason or (tr("A person said so") if refused else "")
            row.show_structure(names[number], structure_name(names[number]), word, state, reason)
        words = ", ".join(structure_name(name) for name in names)
        self.setAccessibleName(tr("A model found these and is not sure: {words}", words=words))
