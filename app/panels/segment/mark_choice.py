"""What the next click means: two or three buttons of which one is down, none while the tool is put away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.i18n import tr
from app.theme.style import set_kind

LEAST_PX = 40


class MarkChoice(QWidget):
    """`chosen`: a kind of mark was taken in the hand."""

    chosen = Signal(str)

    def __init__(self, identifier: str, kinds: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(identifier)
        self.setAccessibleName(tr("What the next click means"))
        set_kind(self, "clear")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._buttons: dict[str, QPushButton] = {}
        for kind, words in kinds:
            button = QPushButton(tr(words))
            button.setObjectName(f"{identifier}_{kind}")
            button.setAccessibleName(tr("The next click means: {words}", words=tr(words)))
            button.setCheckable(True)
            # alike where there is room; a longer word takes what the others can spare, and none widens the panel
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setMinimumWidth(LEAST_PX)
            set_kind(button, "choice")
            button.clicked.connect(lambda _=False, kind=kind: self.chosen.emit(kind))
            row.addWidget(button)
            self._buttons[kind] = button

    def show_kind(self, kind: str) -> None:
        """The kind in the hand, "" for none."""
        for key, button in self._buttons.items():
            button.setChecked(key == kind)

    def block(self, reason: str) -> None:
        """Why none can be taken, "" when they can."""
        for button in self._buttons.values():
            button.setEnabled(not reason)
            button.setToolTip(reason)
