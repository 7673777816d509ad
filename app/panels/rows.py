"""A line of a panel with a name at the left and a field, choice or link at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from app.i18n import said, tr
from app.panels.choice_box import ChoiceBox
from app.panels.labels import ElidedLabel, IconButton
from app.panels.quantities import NumberField
from app.theme.style import current_look, set_kind
from planning.naming import MOST_LETTERS

FIELD_PX = 104


class FieldRow(QWidget):
    """Name and field side by side, and below it what is wrong with what was typed."""

    def __init__(self, name: str, field: QWidget, *, wide: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "clear")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(8)
        self.name = ElidedLabel(tr(name), "label")
        self.field = field
        self._wide = wide
        if wide:
            line.addWidget(self.name, 2)
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            line.addWidget(field, 3)
        else:
            field.setFixedWidth(current_look().px(FIELD_PX))
            line.addWidget(self.name, 1)
            line.addWidget(field)
        column.addLayout(line)
        self.complaint = QLabel()
        self.complaint.setWordWrap(True)
        set_kind(self.complaint, "hint", "bad")
        self.complaint.setVisible(False)
        column.addWidget(self.complaint)
        if isinstance(field, NumberField):
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.complained.connect(self.complain)

    def changeEvent(self, event: QEvent) -> None:
        """Another text scale needs a wider field."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_wide") and not self._wide:
            self.field.setFixedWidth(current_look().px(FIELD_PX))

    def complain(self, words: str) -> None:
        """Say what is wrong, "" for nothing."""
        self.complaint.setText(said(words))
        self.complaint.setVisible(bool(words))


def choice_box(identifier: str, name: str, entries: Sequence[str]) -> ChoiceBox:
    """A combo box of these entries that never widens its panel."""
    box = ChoiceBox()
    box.setObjectName(identifier)
    box.setAccessibleName(tr(name))
    box.setToolTip(tr(name))
    box.addItems([tr(entry) for entry in entries])
    return box


class Heading(QWidget):
    """The heading of a part of a panel, with at most one link at its right."""

    followed = Signal()

    def __init__(self, text: str, link_id: str = "", link: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "clear")
        line = self._line = QHBoxLayout(self)
        line.setContentsMargins(0, 4, 0, 0)
        self.text = ElidedLabel(tr(text), "heading")
        line.addWidget(self.text, 1)
        self.link = IconButton(link_id or "heading_link", link, kind="inline")
        self.link.clicked.connect(self.followed)
        line.addWidget(self.link)
        # only once it has its place, else it would be a window of its own for a moment and take the keyboard away
        self.link.setVisible(bool(link))

    def set_inset(self, inset_px: int) -> None:
        """So far from both sides."""
        self._line.setContentsMargins(inset_px, 4, inset_px, 0)

    def set_link(self, link: str) -> None:
        """Other words, "" for none."""
        link = tr(link)
        self.link.setText(link)
        self.link.setAccessibleName(f"{link}, {self.text.whole_text()}")
        self.link.setVisible(bool(link))


class NameField(QLineEdit):
    """A name to type: Enter or leaving commits, Esc restores. `entered`: another, non-empty name."""

    entered = Signal(str)
    closed = Signal()

    def __init__(self, identifier: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(identifier)
        self.setAccessibleName(name)
        self.setMaxLength(MOST_LETTERS)
        self.inputRejected.connect(self._tell_limit)
        self._before = ""
        self.returnPressed.connect(self._commit)
        self.editingFinished.connect(self._commit)

    def start(self, text: str) -> None:
        """Show this name, all of it marked."""
        self._before = text
        self.setText(text)
        self.setModified(False)
        self.selectAll()

    def _tell_limit(self) -> None:
        words = tr("A name has {count} letters at most.", count=MOST_LETTERS)
        QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), words, self)

    def event(self, event: QEvent) -> bool:
        """What is typed is taken or left by Enter and Esc, before these accept or leave the step."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_asked and self.isModified() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc restores."""
        if event.key() == Qt.Key.Key_Escape:
            self.start(self._before)
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _commit(self) -> None:
        if not self.isModified():
            return
        self.setModified(False)
        text = self.text().strip()
        if text and text != self._before:
            self._before = text
            self.entered.emit(text)
        else:
            self.setText(self._before)
        self.closed.emit()
