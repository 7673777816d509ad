"""A field for one angle of the C-arm: "LAO 13", "-13", "13 RAO"."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.i18n import tr
from app.theme.style import set_kind
from planning.errors import UsageError
from planning.tavr.projections import parse_carm_angle


class AngleField(QLineEdit):
    """Shows and takes an angle in degrees; `entered`: another one was typed."""

    entered = Signal(float)

    def __init__(self, identifier: str, positive: str, negative: str, limit_deg: float) -> None:
        super().__init__()
        self.setObjectName(identifier)
        self.setAccessibleName(tr("{positive} or {negative}, degrees", positive=positive, negative=negative))
        self._sides = (positive, negative)
        self._limit = limit_deg
        self._value = 0.0
        self.returnPressed.connect(self._commit)
        self.editingFinished.connect(self._commit)

    def set_value(self, value: float) -> None:
        """Show an angle, unless another one is being typed."""
        self._value = value
        if not (self.hasFocus() and self.isModified()):
            self._show()

    def _show(self) -> None:
        rounded = round(self._value)
        self.setText(f"{self._sides[0] if rounded >= 0 else self._sides[1]} {abs(rounded)}°")
        self.setModified(False)
        self._complain("")

    def _commit(self) -> None:
        if not self.isModified():
            return
        try:
            value = parse_carm_angle(self.text(), *self._sides, limit_deg=self._limit)
        except UsageError as error:
            self._complain(f"{error.what}. {error.hint}")
            return
        self._value = value
        self._show()
        self.entered.emit(value)

    def _complain(self, words: str) -> None:
        state = "bad" if words else ""
        if (self.property("state") or "") != state:
            self.setProperty("state", state)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setToolTip(words)

    def event(self, event: QEvent) -> bool:
        """What is typed is taken or left by Enter and Esc, before these accept or leave the step."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_asked and self.isModified() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Steps of 1° (Shift 5°), Esc restores."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self._show()
            return
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 5.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            value = round(self._value) + (step if event.key() == Qt.Key.Key_Up else -step)
            if abs(value) <= self._limit:
                self._value = value
                self._show()
                self.entered.emit(value)
            return
        super().keyPressEvent(event)


class NamedField(QWidget):
    """A field with its name above."""

    def __init__(self, name: str, field: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "clear")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        label = QLabel(name)
        set_kind(label, "label")
        label.setBuddy(field)
        column.addWidget(label)
        column.addWidget(field)
