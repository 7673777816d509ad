"""A chooser that never widens its column and shortens with "…" what does not fit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QPaintEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter, QToolTip, QWidget

from app.panels.labels import plain_tip

FEWEST_LETTERS = 6
# of an item: what stands in the closed box where its whole words have no room
SHORT = Qt.ItemDataRole.UserRole + 1


class ChoiceBox(QComboBox):
    """A combo box whose words end in "…" where they are too long, instead of being cut through a letter.

    An item may have shorter words (`SHORT`) for such a place, so that what tells it from others stays. The tooltip
    begins with the whole words then. wide: takes the width that its row has left.
    """

    def __init__(self, parent: QWidget | None = None, *, wide: bool = False) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(FEWEST_LETTERS)
        if wide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def shown_text(self) -> str:
        """The words as they are drawn."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return self._shortened(option)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As Qt draws it, with shortened words."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self._shortened(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def event(self, event: QEvent) -> bool:
        """The tooltip tells what was left out."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            whole = self.currentText()
            if self.shown_text() != whole:
                tip = self.toolTip()
                QToolTip.showText(event.globalPos(), plain_tip(f"{whole}\n{tip}" if tip else whole), self)
                return True
        return super().event(event)

    def _shortened(self, option: QStyleOptionComboBox) -> str:
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        # a style draws the words a pixel inside the field on each side
        room = max(field.width() - 2, 0)
        words, short = self.currentText(), self.currentData(SHORT)
        if short and option.fontMetrics.horizontalAdvance(words) > room:
            words = str(short)
        return option.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
