"""Cards of a panel: a number against its limit, and a callout that asks for a look."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.i18n import said, tr
from app.panels.definitions import Definition, said_definition
from app.panels.labels import STATE_ICONS, ElidedLabel, IconButton, IconMark, paragraph, state_token
from app.panels.quantities import plain, spoken
from app.theme.style import color, set_kind


class LimitBar(QWidget):
    """A value as a bar with a tick at its limit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fraction, self._limit, self._state, self._token = 0.0, 0.0, "", "t3"
        self.setFixedHeight(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_bar(self, fraction: float, limit: float | None, state: str, token: str = "t3") -> None:
        """Both as parts of the whole bar; no tick without a limit. token: the colour where there is no state."""
        self._token = token
        self._fraction = min(max(fraction, 0.0), 1.0)
        self._limit = -1.0 if limit is None else min(max(limit, 0.0), 1.0)
        self._state = state
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(80, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, fill, tick."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width = float(self.width())
        painter.setBrush(QColor(color("s3")))
        painter.drawRoundedRect(QRectF(0, 4, width, 4), 2, 2)
        if self._fraction > 0:
            painter.setBrush(QColor(color(state_token(self._state, self._token))))
            painter.drawRoundedRect(QRectF(0, 4, max(width * self._fraction, 4.0), 4), 2, 2)
        if self._limit >= 0:
            x = min(max(width * self._limit - 1, 0.0), width - 2)
            painter.setBrush(QColor(color("s2")))
            painter.drawRect(QRectF(x - 1.5, 1, 5, 10))
            painter.setBrush(QColor(color("t1")))
            painter.drawRect(QRectF(x, 1, 2, 10))


@dataclass(frozen=True, slots=True)
class CardState:
    """What a StateCard shows. state: "ok", "warn", "bad" or "" (no limit); words: "0.3 short of 5".

    top: the value at which the bar is full. reason: why the value is missing.
    """

    name: str
    value: float | None
    unit: str
    plus_minus: float | None = None
    state: str = ""
    words: str = ""
    limit: float | None = None
    top: float = 100.0
    reason: str = ""
    stale: bool = False


class StateCard(QFrame):
    """Name, number with ±, its state in words, and a bar with the limit's tick."""

    def __init__(self, key: str, definition: Definition, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"card_{key}")
        self._definition = said_definition(definition)
        set_kind(self, "card")
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 7, 12, 7)
        box.setSpacing(1)
        self._name = ElidedLabel(kind="label")
        self._mark = IconMark("", "t3", 16)
        first = QHBoxLayout()
        first.addWidget(self._name, 1)
        first.addWidget(self._mark)
        box.addLayout(first)
        self._value, self._unit, self._spread = QLabel(), QLabel(), QLabel()
        self._words = QLabel()
        set_kind(self._value, "number")
        set_kind(self._unit, "label")
        set_kind(self._spread, "hint")
        second = QHBoxLayout()
        second.setSpacing(6)
        bottom = Qt.AlignmentFlag.AlignBaseline
        for widget in (self._value, self._unit, self._spread):
            second.addWidget(widget, 0, bottom)
        second.addStretch(1)
        second.addWidget(self._words, 0, bottom)
        box.addLayout(second)
        self._bar = LimitBar()
        box.addWidget(self._bar)

    def show_state(self, card: CardState) -> None:
        """Another number."""
        card = replace(card, name=tr(card.name), words=said(card.words), reason=said(card.reason))
        value = plain(card.value, card.unit)
        spread = "" if card.plus_minus is None or card.value is None else plain(card.plus_minus, card.unit)
        self._name.setText(card.name)
        self._value.setText(value)
        self._unit.setText(card.unit if card.value is not None else "")
        self._spread.setText(f"± {spread}" if spread else "")
        self._words.setText(card.words)
        state = "" if card.stale else card.state
        set_kind(self._words, "label", state)
        set_kind(self._value, "number", "")
        self._value.setEnabled(not card.stale)
        self._mark.set_icon(STATE_ICONS.get(state, ""), state_token(state, "t3"))
        self._mark.setVisible(state in STATE_ICONS)
        top = max(card.top, 1e-6)
        self._bar.set_bar(
            0.0 if card.value is None else card.value / top, None if card.limit is None else card.limit / top, state
        )
        reason = card.reason if card.value is None else ""
        self.setToolTip("\n".join(part for part in (reason, self._definition) if part))
        self.setAccessibleName(spoken(card.name, value, card.unit, spread, card.words))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The ± gives way before the words of the state."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Narrow panels must not be widened by a card."""
        return QSize(120, super().minimumSizeHint().height())

    def _fit(self) -> None:
        shown = (self._value, self._unit, self._words, self._spread)
        wanted = sum(label.sizeHint().width() + 6 for label in shown) + 24
        self._spread.setVisible(bool(self._spread.text()) and wanted <= self.width())


class Callout(QFrame):
    """Icon, title and a sentence on a coloured card, with at most one link. `followed`: the link was clicked."""

    followed = Signal()

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"callout_{key}")
        set_kind(self, "card", "warn")
        box = QHBoxLayout(self)
        box.setContentsMargins(10, 9, 8, 9)
        box.setSpacing(9)
        self._mark = IconMark(STATE_ICONS["warn"], "warn", 16)
        box.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        self._title = paragraph("", "strong")
        self._text = paragraph("", "label")
        texts.addWidget(self._title)
        texts.addWidget(self._text)
        box.addLayout(texts, 1)
        self._link = IconButton(f"callout_{key}_link", "", kind="inline")
        self._link.clicked.connect(self.followed)
        box.addWidget(self._link, 0, Qt.AlignmentFlag.AlignTop)
        self.setVisible(False)

    def show_note(self, title: str, text: str = "", state: str = "warn", link: str = "") -> None:
        """Say it, in the window's language. state: "ok", "warn" or "bad"."""
        title, text, link = said(title), said(text), tr(link)
        set_kind(self, "card", state)
        self._mark.set_icon(STATE_ICONS.get(state, "info"), state_token(state, "t2"))
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._link.setText(link)
        self._link.setAccessibleName(f"{link}: {title}" if link else "")
        self._link.setVisible(bool(link))
        self.setAccessibleName(f"{title}. {text}" if text else title)
        self.setVisible(True)

    def clear(self) -> None:
        """Nothing to say."""
        self.setVisible(False)

    @property
    def title(self) -> str:
        """The title shown."""
        return self._title.text()

    @property
    def words(self) -> str:
        """The sentence shown."""
        return self._text.text()
