"""Small pieces of text and sign that all panels share; names give way first, numbers never."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.i18n import said, tr
from app.theme.fonts import font
from app.theme.icons import draw_icon, icon
from app.theme.style import color, current_look, set_kind
from app.theme.tokens import ON_FILL
from planning.units import THIN_SPACE

# a state is always icon + word + colour
STATE_ICONS: Mapping[str, str] = MappingProxyType(
    {"ok": "circle-check", "warn": "triangle-alert", "bad": "octagon-alert"}
)


def state_token(state: str, otherwise: str = "t1") -> str:
    """The colour token of a state, or another one for no state."""
    return state if state in STATE_ICONS else otherwise


def judge_least(value: float, plus_minus: float | None, limit: float) -> str:
    """State of a value that must reach a limit: "ok" when it does even less its ±, "warn" when only it does, else "bad"."""
    if value < limit:
        return "bad"
    return "ok" if value - (plus_minus or 0.0) >= limit else "warn"


def judge_most(value: float, plus_minus: float | None, limit: float) -> str:
    """State of a value that must not pass a limit."""
    return judge_least(-value, plus_minus, -limit)


def text_font(size_px: int = 13, weight: int = 400) -> QFont:
    """The window's font at the text scale of now."""
    return font(size_px, weight, current_look().text_scale_percent)


def plain_tip(text: str) -> str:
    """A tooltip that shows these letters, whoever chose them: one that looks like HTML would be drawn as such."""
    return f"<span style='white-space: pre-wrap'>{escape(text)}</span>" if "<" in text else text


class ElidedLabel(QLabel):
    """One line that shortens itself with "…" and then tells the whole in its tooltip."""

    def __init__(self, text: str = "", kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        # what an archive or a scanner says is shown as its letters, never as HTML
        self.setTextFormat(Qt.TextFormat.PlainText)
        if kind:
            set_kind(self, kind)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(24)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show this text, shortened to the width there is."""
        self._whole = text
        self.setAccessibleName(text)
        self._shorten()

    def whole_text(self) -> str:
        """The text before shortening."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten again."""
        super().resizeEvent(event)
        self._shorten()

    def changeEvent(self, event: QEvent) -> None:
        """A new font needs another shortening."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._shorten()

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(24, super().minimumSizeHint().height())

    def _shorten(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 1))
        # of the label itself: a subclass may say that its text is the whole one
        if shown != QLabel.text(self):
            super().setText(shown)
        self.setToolTip(plain_tip(self._whole) if shown != self._whole else "")


class IconMark(QWidget):
    """An icon in a token's colour of the present theme."""

    def __init__(self, name: str, token: str = "t2", size_px: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._token, self._size = name, token, size_px
        self.setFixedSize(size_px, size_px)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_icon(self, name: str, token: str) -> None:
        """Another icon or colour; an empty name draws nothing."""
        if (name, token) != (self._name, self._token):
            self._name, self._token = name, token
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it sharp at any pixel ratio."""
        if self._name:
            painter = QPainter(self)
            draw_icon(painter, self._name, color(self._token), QRectF(0, 0, self._size, self._size))


class IconButton(QPushButton):
    """A button whose icon follows the theme. kind: "", "main", "quiet", "link", "danger"."""

    def __init__(
        self, identifier: str, text: str, icon_name: str = "", kind: str = "", parent: QWidget | None = None
    ) -> None:
        text = tr(text)
        # Qt's gap between icon and text is fixed and too small
        super().__init__(f"  {text}" if icon_name else text, parent)
        self.setObjectName(identifier)
        self.setAccessibleName(text)
        self._icon_name = icon_name
        if kind:
            set_kind(self, kind)
        self._draw_icon()

    def tightest_width(self) -> int:
        """Width below which the words would be cut."""
        sign = self.iconSize().width() + 4 if self._icon_name else 0
        return self.fontMetrics().horizontalAdvance(self.text()) + sign + 18

    def changeEvent(self, event: QEvent) -> None:
        """Take the theme's colour."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()

    def _draw_icon(self) -> None:
        if self._icon_name:
            ink = ON_FILL if self.property("k") == "main" else color("t2")
            self.setIcon(icon(self._icon_name, ink, off_color=color("t3")))
            self.setIconSize(QSize(16, 16))


def hairline(parent: QWidget | None = None) -> QFrame:
    """A line between two parts of a panel."""
    line = QFrame(parent)
    set_kind(line, "hairline")
    line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return line


# a number and its unit, a sign and its number: a line never ends between them
_UNITS = "%|mm²|mm³|mm|cm|ml|m²|HU|kg|mmHg|ms|s|min|h|MB|GB|kB|°|mg|g|l|px|ppi|dpi|fps|Hz"
_BEFORE_UNIT = re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?![\w²³]))")
_AFTER_SIGN = re.compile(r"(?<=[±≥≤≈<>]) (?=\d)")
_BEFORE_SPREAD = re.compile(r"(?<=\d) (?=±)")


def kept_together(text: str) -> str:
    """The text as it is drawn: no line ends between a number and its unit, or before its ±."""
    text = _BEFORE_UNIT.sub(THIN_SPACE, text)
    for gap in (_AFTER_SIGN, _BEFORE_SPREAD):
        text = gap.sub("\u00a0", text)
    return text


class Paragraph(QLabel):
    """Text that wraps, but not inside a quantity. What it says to programs and screen readers stays as it was written."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show this text."""
        # a name that somebody else gave stays
        is_own_name = self.accessibleName() == self._whole
        self._whole = text
        super().setText(kept_together(text))
        if is_own_name:
            self.setAccessibleName(text)

    def text(self) -> str:
        """The text as it was written."""
        return self._whole


def paragraph(text: str, kind: str = "hint", parent: QWidget | None = None) -> QLabel:
    """Text that wraps and grows."""
    label = Paragraph(said(text), parent)
    set_kind(label, kind)
    label.setWordWrap(True)
    label.setMinimumWidth(40)
    return label


class FactRow(QWidget):
    """A name and what it is, in a row; the value takes more lines before a part of it would be missing."""

    def __init__(self, name: str, value: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        label = QLabel(name)
        set_kind(label, "label")
        shown = Paragraph(value)
        shown.setWordWrap(True)
        shown.setMinimumWidth(40)
        shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(shown, 1)
