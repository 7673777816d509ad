"""Two panes that share one place, where a narrow window has no room for both: their names, of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from app.i18n import tr
from app.panels.labels import text_font
from app.theme.style import set_kind


class PaneTabs(QWidget):
    """`chosen`: a pane's name, by a click or a key."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane_tabs")
        self.setAccessibleName(tr("Panes that share one place"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "panel")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 3, 8, 3)
        self._row.setSpacing(4)
        self._row.addStretch(1)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._shown: tuple[tuple[str, str], ...] = ()

    def show_tabs(self, tabs: Sequence[tuple[str, str]], at: str) -> None:
        """tabs: name and words of each pane. at: the one that is seen."""
        if tuple(tabs) != self._shown:
            self._shown = tuple(tabs)
            for button in self._buttons.values():
                self._group.removeButton(button)
                button.hide()
                button.deleteLater()
            self._buttons = {name: self._button(name, words) for name, words in tabs}
        for name, button in self._buttons.items():
            button.setChecked(name == at)

    def _button(self, name: str, words: str) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(f"tab_{name}")
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setCheckable(True)
        set_kind(button, "option")
        # the words of the chosen one are bold
        button.setMinimumWidth(round(QFontMetricsF(text_font(13, 600)).horizontalAdvance(words)) + 24)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(button)
        self._row.insertWidget(self._row.count() - 1, button)
        return button
