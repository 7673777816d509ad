"""The person's settings. Each change applies at once: `applied` brings the new settings to the window, which keeps them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)

from app.dialogs.sheet import Sheet, close_button
from app.i18n import LANGUAGES, language, spoken_language, tr
from app.panels.labels import paragraph
from app.panels.quantities import NumberField
from app.settings import Settings
from app.theme.style import set_kind

TEXT_SCALES = (90, 100, 110, 125, 150)
INTERFACE_SCALES = (100, 125, 150, 175, 200)
# where work runs the language waits, and whoever cannot read the one reads the other
NEXT_START = {
    "en": "Work is running or not kept yet: the language changes after the next start.",
    "de": "Es läuft Arbeit, oder sie ist noch nicht übernommen: Die Sprache wechselt nach dem nächsten Start.",
}


class Segments(QWidget):
    """Two or three buttons of which one is down."""

    chosen = Signal(str)

    def __init__(self, identifier: str, name: str, choices: Sequence[tuple[str, str]], now: str) -> None:
        super().__init__()
        self.setObjectName(identifier)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._group = QButtonGroup(self)
        for key, text in choices:
            button = QPushButton(text)
            button.setObjectName(f"{identifier}_{key}")
            button.setAccessibleName(f"{name}: {text}")
            button.setCheckable(True)
            button.setChecked(key == now)
            set_kind(button, "choice")
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)


class SettingsDialog(Sheet):
    """Look, hands, room and patient defaults."""

    enter_accepts = False

    applied = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent, "settings_dialog", tr("Settings"), 560)
        self.settings = settings
        self._scale_at_start = settings.interface_scale_percent
        self.add_heading(tr("Settings"))
        self._table = QWidget()
        set_kind(self._table, "clear")
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 12, 0)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(9)
        self._grid.setColumnStretch(1, 1)
        self._hint = paragraph("", "hint")
        self._hint.setObjectName("settings_hint")
        self._look()
        self._hands()
        self._room()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._table)
        scroll.setFixedHeight(min(self._table.sizeHint().height() + 4, self.most_height() - 200))
        self.body.addWidget(scroll)
        self.body.addWidget(self._hint)
        self._close = close_button(self, tr("Done"))
        self.add_buttons(self._close)

    def first_focus(self) -> QWidget | None:
        """The way out."""
        return self._close

    def _heading(self, text: str) -> None:
        label = QLabel(text)
        set_kind(label, "heading")
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0, 1, 2)
        if row > 1:
            self._grid.setRowMinimumHeight(row, label.sizeHint().height() + 14)
            self._grid.setAlignment(label, Qt.AlignmentFlag.AlignBottom)

    def _field(self, text: str, widget: QWidget, hint: str = "") -> None:
        label = QLabel(text)
        set_kind(label, "label")
        label.setBuddy(widget)
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0)
        holder = QHBoxLayout()
        holder.setSpacing(10)
        holder.addWidget(widget)
        if hint:
            holder.addWidget(paragraph(hint), 1)
        else:
            holder.addStretch(1)
        self._grid.addLayout(holder, row, 1)

    def _look(self) -> None:
        self._heading(tr("Look"))
        theme = Segments(
            "settings_theme", tr("Theme"), (("dark", tr("Dark")), ("light", tr("Light"))), self.settings.theme
        )
        theme.chosen.connect(lambda key: self._apply(theme=key))
        self._field(tr("Theme"), theme)
        languages = (("system", tr("As the desktop")), *LANGUAGES.items())
        speech = Segments("settings_language", tr("Language"), languages, self.settings.language)
        speech.chosen.connect(lambda key: self._apply(language=key))
        self._field(tr("Language"), speech)
        text = self._percents("settings_text_scale", tr("Text size"), TEXT_SCALES, self.settings.text_scale_percent)
        text.activated.connect(lambda: self._apply(text_scale_percent=text.currentData()))
        self._field(tr("Text size"), text)
        size = self._percents(
            "settings_interface_scale", tr("Interface size"), INTERFACE_SCALES, self.settings.interface_scale_percent
        )
        size.activated.connect(lambda: self._apply(interface_scale_percent=size.currentData()))
        self._field(tr("Interface size"), size, tr("after a restart"))

    def _percents(self, identifier: str, name: str, values: Sequence[int], now: int) -> QComboBox:
        box = QComboBox()
        box.setObjectName(identifier)
        box.setAccessibleName(name)
        box.setToolTip(name)
        for value in sorted({*values, now}):
            box.addItem(f"{value}\u202f%", value)
        box.setCurrentIndex(box.findData(now))
        return box

    def _hands(self) -> None:
        self._heading(tr("Mouse"))
        schemes = (("planning", tr("Planning")), ("radiology", tr("Radiology")))
        mouse = Segments("settings_mouse", tr("Left button on the image"), schemes, self.settings.mouse_scheme)
        mouse.chosen.connect(lambda key: self._apply(mouse_scheme=key))
        self._field(tr("Left button"), mouse)
        row = self._grid.rowCount()
        self._grid.addWidget(paragraph(tr("Planning: crosshair. Radiology: window and level.")), row, 1)

    def _room(self) -> None:
        self._heading(tr("C-arm of your room"))
        lao = NumberField("settings_room_lao", tr("LAO and RAO up to"), "°", 1.0, 120.0, 1.0)
        lao.set_value(self.settings.room_limit_lao_deg)
        lao.entered.connect(lambda value: self._apply(room_limit_lao_deg=value))
        cra = NumberField("settings_room_cra", tr("CRA and CAU up to"), "°", 1.0, 60.0, 1.0)
        cra.set_value(self.settings.room_limit_cra_deg)
        cra.entered.connect(lambda value: self._apply(room_limit_cra_deg=value))
        for field, text in ((lao, tr("LAO and RAO up to")), (cra, tr("CRA and CAU up to"))):
            field.complained.connect(self._hint.setText)
            field.setMaximumWidth(110)
            self._field(text, field)

    def _apply(self, **changes: object) -> None:
        self.settings = self.settings.model_copy(update=changes)
        hints = []
        if self.settings.interface_scale_percent != self._scale_at_start:
            hints.append(tr("The interface size changes after a restart."))
        if spoken_language(self.settings.language) != language():
            hints += NEXT_START.values()
        self._hint.setText(" ".join(hints))
        self.applied.emit(self.settings)
        # the text may have grown
        self._fit_card()
        self.adjustSize()
        self._centre()
