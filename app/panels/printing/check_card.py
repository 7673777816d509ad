"""The list of checks: each with its sign, and a click goes to what it speaks of."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.i18n import tr
from app.panels.labels import STATE_ICONS, state_token, text_font
from app.panels.printing.troubles import Check, spoken_part
from app.theme.icons import draw_icon
from app.theme.style import color, current_look, set_kind

# between a check's name and its object, and the least room that says anything of it
PART_GAP, LEAST_PART = 8, 36


class CheckLine(QAbstractButton):
    """A check with its sign; a click goes to the object it speaks of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.check = Check("", "")
        self._is_chosen = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_check(self, check: Check, is_chosen: bool) -> None:
        """Another check."""
        self.check, self._is_chosen = check, is_chosen
        self.setObjectName(f"check_{check.key}")
        words = {"ok": tr("met"), "warn": tr("look here"), "bad": tr("not met"), "accepted": tr("accepted as it is")}
        word = words.get(check.state, "")
        said = (check.name, self.part, check.value, word)
        self.setAccessibleName(", ".join(part for part in said if part))
        self.setToolTip(self.accessibleName())
        self.setFixedHeight(current_look().px(26))
        self.update()

    @property
    def part(self) -> str:
        """The one object that the check speaks of, in words; "" for none, or for two."""
        at = self.check.at
        return spoken_part(at) if at and "," not in at else ""

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(120, current_look().px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Sign, name, the object it speaks of as far as there is room, value."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, check = QRectF(self.rect()), self.check
        if self._is_chosen or (check.at and self.underMouse()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("s3")))
            painter.drawRoundedRect(rect, 6, 6)
        if self._is_chosen:
            painter.setBrush(QColor(color("acc")))
            painter.drawRoundedRect(QRectF(0, 5, 3, rect.height() - 10), 1.5, 1.5)
        if self.hasFocus():
            painter.setPen(QPen(QColor(color("acc")), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        name = "check" if check.state == "accepted" else STATE_ICONS.get(check.state, "info")
        draw_icon(painter, name, color(state_token(check.state, "t3")), QRectF(8, rect.center().y() - 7, 14, 14))
        is_open = check.state in ("warn", "bad")
        painter.setFont(text_font(13, 600 if is_open else 400))
        painter.setPen(QColor(color("t1" if is_open else "t3")))
        painter.drawText(
            rect.adjusted(0, 0, -8, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, check.value
        )
        room = rect.width() - 46 - painter.fontMetrics().horizontalAdvance(check.value)
        painter.setFont(text_font(13, 500 if self._is_chosen else 400))
        painter.setPen(QColor(color("t1" if is_open else "t2")))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        shown = painter.fontMetrics().elidedText(check.name, Qt.TextElideMode.ElideRight, max(int(room), 20))
        painter.drawText(rect.adjusted(31, 0, 0, 0), left, shown)
        wide = painter.fontMetrics().horizontalAdvance(shown) + PART_GAP
        if self.part and room - wide >= LEAST_PART:
            painter.setFont(text_font(13, 400))
            painter.setPen(QColor(color("t3")))
            of = painter.fontMetrics().elidedText(self.part, Qt.TextElideMode.ElideRight, int(room) - wide)
            painter.drawText(rect.adjusted(31 + wide, 0, 0, 0), left, of)


class CheckCard(QFrame):
    """All checks. `followed`: (its key, the object that it speaks of)."""

    followed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "card")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(4, 6, 4, 6)
        self._box.setSpacing(0)
        self._lines: list[CheckLine] = []

    @property
    def checks(self) -> tuple[Check, ...]:
        """What is shown."""
        return tuple(line.check for line in self._lines if not line.isHidden())

    def show_checks(self, checks: list[Check], chosen: str = "") -> None:
        """Other checks; none hides the card. chosen: key of the one that is looked at."""
        while len(self._lines) < len(checks):
            line = CheckLine(self)
            line.clicked.connect(lambda _=False, made=line: self.followed.emit(made.check.key, made.check.at))
            self._lines.append(line)
            self._box.addWidget(line)
        for n, line in enumerate(self._lines):
            line.setVisible(n < len(checks))
            if n < len(checks):
                line.show_check(checks[n], checks[n].key == chosen)
        self.setVisible(bool(checks))
