"""The thin line that says "Research use only" where panes stand without the window's top bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.i18n import tr
from app.panels.labels import ElidedLabel
from app.texts import RESEARCH_ONLY
from app.theme.style import current_look, set_kind

HEIGHT_PX = 22


class ResearchFoot(QWidget):
    """Below panes that fill a window: what no number may be shown without, and at the right how to come back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("research_foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "strip")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 12, 0)
        line.setSpacing(16)
        self.words = ElidedLabel(tr(RESEARCH_ONLY), "hint")
        line.addWidget(self.words, 1)
        self._back = ElidedLabel("", "hint")
        self._back.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._back.setVisible(False)
        line.addWidget(self._back, 1)
        self._fit()

    def show_way_back(self, words: str) -> None:
        """What brings everything back, "" for nothing."""
        self._back.setText(words)
        self._back.setVisible(bool(words))

    def changeEvent(self, event: QEvent) -> None:
        """Another text size needs more height."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(current_look().px(HEIGHT_PX))
