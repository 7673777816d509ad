"""What can be done with the structures chosen in the list, in one line below it: opacity, alone, lock, delete."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QVBoxLayout, QWidget

from app.i18n import tr
from app.panels.labels import ElidedLabel
from app.panels.quantities import NumberField
from app.theme.icons import icon
from app.theme.style import color, current_look, set_kind
from viewers.keys import show_key

STEP_PERCENT = 5


def fit_percent(field: NumberField) -> None:
    """As wide as "100 %" needs at this text size."""
    field.setFixedWidth(current_look().px(38) + 26)


class StructureBar(QWidget):
    """Hidden while nothing is chosen. All of it acts on every chosen structure."""

    opacity_changed = Signal(float)
    solo_asked = Signal()
    lock_asked = Signal()
    delete_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("structure_bar")
        set_kind(self, "clear")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(2)
        self._name = ElidedLabel("", "hint")
        head.addWidget(self._name, 1)
        self.solo = self._button(head, "chosen_solo", tr("Show only these"))
        show_key(self.solo, tr("Show only these"), "solo", name=tr("Show only these"))
        self.lock = self._button(head, "chosen_lock", "")
        self.delete = self._button(head, "chosen_delete", tr("Delete"))
        for button, signal in (
            (self.solo, self.solo_asked),
            (self.lock, self.lock_asked),
            (self.delete, self.delete_asked),
        ):
            button.clicked.connect(signal)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("chosen_opacity")
        self.slider.setRange(0, 100)
        self.slider.setSingleStep(STEP_PERCENT)
        self.slider.setAccessibleName(tr("Opacity"))
        self.slider.setToolTip(tr("Opacity of the chosen structures"))
        self.slider.valueChanged.connect(lambda value: self.opacity_changed.emit(value / 100.0))
        self.number = NumberField("chosen_percent", tr("Opacity"), "%", 0.0, 100.0, float(STEP_PERCENT))
        self.number.setToolTip(tr("Opacity of the chosen structures"))
        self.number.decimals = 0
        set_kind(self.number, "small")
        fit_percent(self.number)
        self.number.entered.connect(lambda value: self.opacity_changed.emit(value / 100.0))
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        column.addLayout(row)
        self._is_locked = False
        self._recolour()
        self.hide()

    @staticmethod
    def _button(row: QHBoxLayout, name: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFixedSize(26, 24)
        button.setIconSize(QSize(15, 15))
        row.addWidget(button)
        return button

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if hasattr(self, "_is_locked") and event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._recolour()
            fit_percent(self.number)

    def _recolour(self) -> None:
        self.solo.setIcon(icon("eye", color("t2"), off_color=color("t3")))
        self.lock.setIcon(icon("lock" if self._is_locked else "lock-open", color("t2"), off_color=color("t3")))
        self.delete.setIcon(icon("trash-2", color("t2"), off_color=color("t3")))

    def show_chosen(self, names: Sequence[str], opacity: float, locked: bool, read_only: bool) -> None:
        """Shown names of what is chosen, the first one's opacity, whether all are locked."""
        self.setVisible(bool(names))
        self._name.setText(names[0] if len(names) == 1 else tr("{count} chosen", count=len(names)))
        was = self.slider.blockSignals(True)
        self.slider.setValue(round(100.0 * opacity))
        self.slider.blockSignals(was)
        self.number.set_value(round(100.0 * opacity))
        self._is_locked = locked
        words = tr("Unlock: tools may change it") if locked else tr("Lock: no tool changes it")
        show_key(self.lock, words, "lock", name=words)
        self.delete.setEnabled(not read_only and not locked)
        if read_only:
            show_key(self.delete, tr("This case is open to read"))
        elif locked:
            show_key(self.delete, tr("Locked: unlock it to delete it"))
        else:
            show_key(self.delete, tr("Delete"), "delete", name=tr("Delete"))
        self._recolour()
