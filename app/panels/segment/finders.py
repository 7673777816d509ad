"""The structures that a few clicks can find, as tools to take."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from app.i18n import inside, mark, said, tr
from app.theme.icons import icon
from app.theme.style import color, current_look, set_kind

HEIGHT_PX = 50
# which step of the panel, its icon and its word
FINDERS = (
    ("liver", "layers", mark("Liver")),
    ("vessels", "route", mark("Vessels")),
    ("tumor", "target", mark("Tumours")),
)


class FinderRow(QWidget):
    """A button for each, icon over name. `asked`: which one."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "clear")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._buttons: dict[str, QToolButton] = {}
        for key, _, words in FINDERS:
            button = QToolButton()
            button.setObjectName(f"find_{key}")
            button.setText(tr(words))
            button.setAccessibleName(tr("Find {name} by clicks", name=inside(tr(words))))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIconSize(QSize(18, 18))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            set_kind(button, "tool")
            button.clicked.connect(lambda _=False, key=key: self.asked.emit(key))
            row.addWidget(button)
            self._buttons[key] = button
        self.block("")
        self._fit()

    def block(self, reason: str) -> None:
        """Why none can be taken, "" when they can."""
        for key, _, words in FINDERS:
            self._buttons[key].setEnabled(not reason)
            self._buttons[key].setToolTip(said(reason) or tr("Find {name} by clicks", name=inside(tr(words))))

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_buttons"):
            self._fit()

    def _fit(self) -> None:
        for key, sign, _ in FINDERS:
            self._buttons[key].setIcon(icon(sign, color("t1"), off_color=color("t3")))
            self._buttons[key].setFixedHeight(current_look().px(HEIGHT_PX))
