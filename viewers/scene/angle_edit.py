"""The C-arm's angles typed into the 3D pane: "RAO 35 CAU 2", "13 LAO", "-13 4". What is not typed stays as it is."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from planning.errors import UsageError
from viewers.language import mark, tr
from viewers.pane_look import PaneLook

HINT = mark("Type LAO 20 CRA 5, RAO 35 or -35 2")
BEYOND = mark("LAO and RAO go to 180°, CRA and CAU to 90°")
SIDES = {"LAO": (0, 1.0), "RAO": (0, -1.0), "CRA": (1, 1.0), "CRAN": (1, 1.0), "CAU": (1, -1.0), "CAUD": (1, -1.0)}
LIMITS_DEG = (180.0, 90.0)
_PART = re.compile(r"([A-Za-z]+)|([-+\u2212]?\s*\d+(?:[.,]\d+)?)\s*°?|[\s,;/]+|(.)")


def parse_angles(text: str, now: tuple[float, float]) -> tuple[float, float]:
    """(LAO, CRA) in degrees; RAO and CAU are negative. now: what stands where nothing is typed.

    Raises UsageError for anything that is not one or two angles, or beyond what an angle can be.
    """
    words: list[str] = []
    numbers: list[float] = []
    order = ""
    for found in _PART.finditer(text):
        word, number, other = found.groups()
        if other:
            raise UsageError(f"{text.strip()} is not a C-arm's angle", HINT)
        if word:
            words.append(word.upper())
            order += "w"
        elif number:
            numbers.append(float(number.replace(",", ".").replace("\u2212", "-").replace(" ", "")))
            order += "n"
    if order not in ("n", "nn", "wn", "nw", "wnwn", "nwnw") or any(word not in SIDES for word in words):
        raise UsageError(f"{text.strip() or 'Nothing'} is not a C-arm's angle", HINT)
    sides = [SIDES[word] for word in words] or [(0, 1.0), (1, 1.0)][: len(numbers)]
    angles = list(now)
    if len({axis for axis, _ in sides}) < len(sides) or (words and min(numbers) < 0):
        raise UsageError(f"{text.strip()} contradicts itself", HINT)
    for (axis, sign), value in zip(sides, numbers, strict=True):
        if abs(value) > LIMITS_DEG[axis]:
            raise UsageError(f"{text.strip()} is beyond what a C-arm's angle can be", BEYOND)
        angles[axis] = sign * value
    return angles[0], angles[1]


class AngleEdit(QLineEdit):
    """Lies over the angles while they are typed. `entered`: (LAO, CRA) that a person gave."""

    entered = Signal(float, float)

    def __init__(self, pane: QWidget, name: str) -> None:
        super().__init__(pane)
        self.setObjectName(f"{name}_angles")
        self.setAccessibleName(tr("C-arm angles, LAO or RAO and CRA or CAU"))
        self.setToolTip(f"{tr(HINT)} (Enter)")
        self._now = (0.0, 0.0)
        self._error = QLabel(pane)
        self._error.setObjectName(f"{name}_angles_error")
        self._error.hide()
        self.hide()

    def ask(self, text: str, now: tuple[float, float], place: QRectF, look: PaneLook) -> None:
        """Show what stands and wait for other angles."""
        self._now = now
        self.setFont(look.font(12, 500))
        self.setText(text)
        height = max(self.sizeHint().height(), 24)
        top = round(place.center().y() - height / 2)
        self.setGeometry(
            6, min(top, self.parentWidget().height() - height - 2), max(round(place.width()) + 64, 168), height
        )
        self._error.setFont(look.font(12, 500))
        self._error.setStyleSheet(f"color: {look.bad or look.warn}; background: {look.halo}; padding: 2px 4px;")
        self._error.hide()
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """Enter and Esc are this field's, before they accept or leave the window's step."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_asked and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes it, Esc leaves all as it was; no key of the pane acts meanwhile."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)
            self._error.hide()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Clicking elsewhere leaves all as it was."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._hide()

    def _commit(self) -> None:
        try:
            angles = parse_angles(self.text(), self._now)
        except UsageError as error:
            self._error.setText(tr(error.hint))
            self._error.adjustSize()
            self._error.move(6, self.y() - self._error.height() - 2)
            self._error.show()
            self._error.raise_()
            return
        self._leave()
        self.entered.emit(*angles)

    def _leave(self) -> None:
        pane = self.parentWidget()
        self._hide()
        pane.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hide(self) -> None:
        self._error.hide()
        self.hide()
