"""Numbers in a pane's chrome that a hand types over: position, slab, angle, window and level."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from planning.units import parse_number
from viewers.language import mark, text_value, tr
from viewers.pane_chrome import PaneField
from viewers.pane_look import PaneLook

# one step of Up and Down, by unit
STEPS = {"mm": 1.0, "°": 1.0, "HU": 10.0}
DECIMALS = {"mm": 1, "°": 1, "HU": 0}
EDGE_PX, LEAST_WIDTH_PX, HEIGHT_PX = 4, 76, 24
SPOKEN_UNITS = {"mm": mark("millimetres"), "°": mark("degrees"), "HU": mark("Hounsfield units")}


def field_text(field: PaneField) -> str:
    """What stands in the entry at first: "H 27.8" where sides have letters, else the number alone."""
    decimals = DECIMALS.get(field.unit, 1)
    if not field.letters:
        return text_value(field.value, decimals).replace("\u202f", "")
    return f"{field.letters[0 if field.value >= 0 else 1]} {text_value(abs(field.value), decimals)}"


def field_value(field: PaneField, text: str) -> float | None:
    """The number that a person typed: "4,7", "0.47 cm", "+2" (more than now), "F 12"; None for no number.

    Where sides have letters a bare number stays on the side that is shown, and "+2" goes further out on it.
    """
    if not field.letters:
        return parse_number(text, field.unit, field.value)
    side = 1.0 if field.value >= 0 else -1.0
    typed = text.strip()
    if typed[:1].upper() in tuple(field.letters):
        side = 1.0 if typed[0].upper() == field.letters[0] else -1.0
        typed = typed[1:]
    value = parse_number(typed, field.unit, abs(field.value))
    return None if value is None else side * value


class PaneEntry(QLineEdit):
    """Lies over a number while it is typed. Enter commits, Esc restores, Up and Down step, Tab goes to the next number.

    A number that cannot be stays as it was typed, edged red, with one line that says why.
    """

    # (id of the number, 1 for the next one or −1)
    left_by_tab = Signal(str, int)
    closed = Signal()

    def __init__(self, pane: str, look: PaneLook, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{pane}_number")
        self._pane = pane
        self._complaint = QLabel(parent)
        self._complaint.setObjectName(f"{pane}_number_complaint")
        self._complaint.setTextFormat(Qt.TextFormat.PlainText)
        self._field: PaneField | None = None
        self._take: Callable[[PaneField, float], str] | None = None
        self.set_look(look)
        self.hide()
        self._complaint.hide()

    def set_look(self, look: PaneLook) -> None:
        """Other colours or text size."""
        self._look = look
        self.setFont(look.font(12.5, 500))
        self._complaint.setFont(look.font(12.0, 500))
        self._dress("")

    def _dress(self, complaint: str) -> None:
        look = self._look
        edge = (look.bad or look.warn) if complaint else look.accent
        self.setStyleSheet(
            f"QLineEdit {{ background: {look.halo}; color: {look.text}; border: 1.5px solid {edge}; border-radius: 4px;"
            f" padding: 0 3px; selection-background-color: {look.accent}; selection-color: {look.halo}; }}"
        )
        self._complaint.setStyleSheet(
            f"QLabel {{ background: {look.halo}; color: {look.bad or look.warn}; padding: 2px 5px; border-radius: 4px; }}"
        )

    def open(self, field: PaneField, box: QRectF, take: Callable[[PaneField, float], str]) -> None:
        """Type over a number. take: what it becomes; answers why not, "" when it did."""
        self._field, self._take = field, take
        unit = tr(SPOKEN_UNITS.get(field.unit, field.unit))
        self.setAccessibleName(f"{field.name}, {unit}")
        self.setToolTip(f"{field.name} (Enter)")
        self.setText(field_text(field))
        self._say("")
        height = max(HEIGHT_PX, round(box.height()) + 6)
        wide = QFontMetricsF(self.font()).horizontalAdvance(self.text()) + 26
        width = round(max(LEAST_WIDTH_PX, wide, box.width() + 12))
        area = self.parentWidget().rect()
        left = min(max(round(box.left()) - 6, EDGE_PX), max(area.width() - width - EDGE_PX, EDGE_PX))
        top = min(max(round(box.center().y() - height / 2), EDGE_PX), max(area.height() - height - EDGE_PX, EDGE_PX))
        self.setGeometry(left, top, width, height)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.selectAll()

    @property
    def field_id(self) -> str:
        """Which number is typed, "" for none."""
        return self._field.id if self._field is not None else ""

    def _say(self, complaint: str) -> None:
        self._dress(complaint)
        self._complaint.setText(complaint)
        self._complaint.setVisible(bool(complaint))
        self.setAccessibleDescription(complaint)
        if not complaint:
            return
        area, box = self.parentWidget().rect(), self.geometry()
        # as wide as its words, in several lines where the pane is narrower
        self._complaint.setWordWrap(False)
        self._complaint.adjustSize()
        if self._complaint.width() > area.width() - 2 * EDGE_PX:
            self._complaint.setWordWrap(True)
            wide = max(area.width() - 2 * EDGE_PX, 1)
            self._complaint.resize(wide, self._complaint.heightForWidth(wide))
        left = min(box.left(), max(area.width() - self._complaint.width() - EDGE_PX, EDGE_PX))
        is_low = box.bottom() + self._complaint.height() + EDGE_PX > area.height()
        top = box.top() - self._complaint.height() - 2 if is_low else box.bottom() + 3
        self._complaint.move(left, top)
        self._complaint.raise_()

    def commit(self) -> bool:
        """Take what was typed; False while it cannot be."""
        field, take = self._field, self._take
        if field is None or take is None:
            return True
        if not self.isModified():
            return True
        value = field_value(field, self.text())
        complaint = tr("Type a number in {unit}", unit=field.unit) if value is None else take(field, value)
        self._say(complaint)
        return not complaint

    def close_entry(self) -> None:
        """The number stands as it is."""
        had_focus = self.hasFocus()
        self._field = self._take = None
        self._complaint.hide()
        self.hide()
        if had_focus:
            self.parentWidget().setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def event(self, event: QEvent) -> bool:
        """Enter, Esc and Tab are the entry's own, before the step or the window takes them."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                identifier = self.field_id
                if self.commit():
                    self.close_entry()
                    self.left_by_tab.emit(identifier, 1 if event.key() == Qt.Key.Key_Tab else -1)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Esc and steps; the rest is text."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.commit():
                self.close_entry()
        elif key == Qt.Key.Key_Escape:
            self.close_entry()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1.0 if key == Qt.Key.Key_Up else -1.0, event.modifiers())
        else:
            super().keyPressEvent(event)

    def _step(self, way: float, keys: Qt.KeyboardModifier) -> None:
        field = self._field
        if field is None:
            return
        step = way * STEPS.get(field.unit, 1.0)
        if keys & Qt.KeyboardModifier.ShiftModifier:
            step *= 10.0
        elif keys & Qt.KeyboardModifier.ControlModifier:
            step /= 10.0
        now = field_value(field, self.text())
        value = (field.value if now is None else now) + step
        stepped = PaneField(field.id, field.text, value, field.unit, field.name, field.letters)
        self.setText(field_text(stepped))
        self.setModified(True)
        if self.commit():
            self._field = stepped
            self.setModified(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # a menu or another window takes the focus for a while only
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            if self._field is not None and not self.commit():
                self._say("")
            if self._field is not None:
                self.close_entry()
