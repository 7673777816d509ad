"""Numbers in a panel: the step's great one, the table of the others, and a field into which one is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.i18n import SOURCE, display_name, language, mark, said, text_value, tr, word
from app.panels.definitions import NOTHING, Definition, Definitions, definition_tip, said_definition
from app.panels.labels import STATE_ICONS, state_token, text_font
from app.panels.row_painting import swatch_rim
from app.theme.icons import draw_icon
from app.theme.style import color, current_look, set_kind
from planning.units import DECIMALS, parse_number

# origin of a number: its word and glyph
ORIGINS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "automatic": (mark("Automatic"), "sparkles"),
        "edited": (mark("By hand"), "pencil"),
        "accepted": (mark("Accepted"), "check"),
    }
)
ORIGIN_GAP_PX = 10
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
SPOKEN = MappingProxyType(
    {
        "mm": mark("millimetres"),
        "mm²": mark("square millimetres"),
        "mm³": mark("cubic millimetres"),
        "ml": mark("millilitres"),
        "%": mark("percent"),
        "°": mark("degrees"),
        "HU": mark("Hounsfield units"),
    }
)


def plain(value: float | None, unit: str, decimals: int | None = None) -> str:
    """A value's figures with its unit's decimals, or these; "–" for one that was not measured."""
    return "–" if value is None else text_value(value, DECIMALS.get(unit, 1) if decimals is None else decimals)


def spoken(name: str, value: str, unit: str, plus_minus: str, state: str) -> str:
    """What a screen reader says of a number."""
    parts = [name, value, tr(SPOKEN.get(unit, unit))]
    if plus_minus:
        parts.append(tr("plus minus {plus_minus}", plus_minus=plus_minus))
    if state:
        parts.append(state)
    return " ".join(part for part in parts if part)


class HeroNumber(QWidget):
    """Caption, the one great number with unit and ±, and at the right where it came from."""

    def __init__(self, definition: Definition | None = None, parent: QWidget | None = None) -> None:
        """definition: what the number is, for its tooltip."""
        super().__init__(parent)
        self.setObjectName("hero")
        self._definition = "" if definition is None else said_definition(definition)
        self.setToolTip(self._definition)
        self._caption = self._value = self._unit = self._plus_minus = self._origin = ""
        self._note, self._state, self._stale = "", "", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_number(
        self,
        caption: str,
        value: float | None,
        unit: str = "",
        plus_minus: float | None = None,
        *,
        origin: str = "",
        note: str = "",
        state: str = "",
        stale: bool = False,
    ) -> None:
        """A measured number. origin: "automatic", "edited", "accepted" or "". note: text at the right instead of it."""
        spread = "" if plus_minus is None or value is None else plain(plus_minus, unit)
        self.set_text(caption, plain(value, unit), unit, spread, origin=origin, note=note, state=state, stale=stale)

    def set_text(
        self,
        caption: str,
        value: str,
        unit: str = "",
        plus_minus: str = "",
        *,
        origin: str = "",
        note: str = "",
        state: str = "",
        stale: bool = False,
    ) -> None:
        """A hero that is words ("3 of 3", "LAO 13°  CAU 5°")."""
        caption, value, note, unit = tr(caption), said(value), said(note), tr(word(unit))
        self._caption, self._value, self._unit, self._plus_minus = caption, value, unit, plus_minus
        self._origin, self._note, self._state, self._stale = origin, note, state, stale
        self.setAccessibleName(spoken(caption, value, unit, plus_minus, state))
        self.tell("")
        self.update()

    def tell(self, more: str) -> None:
        """More for the tooltip, before the definition."""
        self.setToolTip("\n".join(part for part in (self._note, more, self._definition) if part))

    @property
    def value_text(self) -> str:
        """The figures shown."""
        return self._value

    @property
    def is_stale(self) -> bool:
        """True while the number belongs to an older place."""
        return self._stale

    def sizeHint(self) -> QSize:
        """Caption over number."""
        return QSize(200, current_look().px(56))

    minimumSizeHint = sizeHint  # noqa: N815

    def paintEvent(self, event: QPaintEvent) -> None:
        """The number shrinks to 24 px before anything is cut."""
        painter = QPainter(self)
        look = current_look()
        width, height = float(self.width()), float(self.height())
        top = QRectF(0, 0, width, look.px(19))
        unit_text = self._unit
        small = QFontMetrics(text_font(14))
        smaller = QFontMetrics(text_font(12))
        spread = f"± {self._plus_minus}" if self._plus_minus else ""
        extra = (small.horizontalAdvance(unit_text) + 7 if unit_text else 0) + (
            smaller.horizontalAdvance(spread) + 7 if spread else 0
        )
        least = QFontMetrics(text_font(24, 600)).horizontalAdvance(self._value) + extra
        named = QFontMetrics(text_font(13)).horizontalAdvance(self._caption)
        # a note longer than both lines have room for is shortened beside the number; the tooltip tells it whole
        room = max(width - least, width - named) - ORIGIN_GAP_PX if self._note else width
        beside = width - self._origin_width(room)
        # where both do not fit side by side the origin stands in the caption's line
        self._paint_origin(painter, width, height if least <= beside else top.height() + look.px(4), room)
        right = beside if least <= beside else width
        painter.setFont(text_font(13))
        painter.setPen(QColor(color("t2")))
        room = width if least <= beside else beside
        caption = painter.fontMetrics().elidedText(self._caption, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(top, LEFT, caption)
        size = next(
            (
                s
                for s in (30, 28, 26, 24)
                if QFontMetrics(text_font(s, 600)).horizontalAdvance(self._value) + extra <= right
            ),
            24,
        )
        painter.setFont(text_font(size, 600))
        painter.setPen(QColor(color("t3" if self._stale else state_token(self._state))))
        line = QRectF(0, look.px(18), width, height - look.px(18))
        baseline = line.center().y() + QFontMetrics(text_font(30, 600)).capHeight() / 2
        shown = painter.fontMetrics().elidedText(self._value, Qt.TextElideMode.ElideRight, max(int(right), 40))
        painter.drawText(0, round(baseline), shown)
        x = painter.fontMetrics().horizontalAdvance(shown) + 7
        painter.setFont(text_font(14))
        painter.setPen(QColor(color("t2")))
        painter.drawText(x, round(baseline), unit_text)
        x += small.horizontalAdvance(unit_text) + 7 if unit_text else 0
        painter.setFont(text_font(12))
        painter.setPen(QColor(color("t3")))
        if x + smaller.horizontalAdvance(spread) <= width:
            painter.drawText(x, round(baseline), spread)

    def _origin_parts(self) -> tuple[str, str]:
        if self._note:
            return self._note, ""
        word, glyph = ORIGINS.get(self._origin, ("", ""))
        return tr(word), glyph

    def _origin_in(self, room: float) -> tuple[str, str]:
        word, glyph = self._origin_parts()
        return QFontMetrics(text_font(12)).elidedText(word, Qt.TextElideMode.ElideRight, max(int(room), 0)), glyph

    def _origin_width(self, room: float) -> int:
        word, glyph = self._origin_in(room)
        if not word:
            return 0
        return QFontMetrics(text_font(12)).horizontalAdvance(word) + (19 if glyph else 0) + ORIGIN_GAP_PX

    def _paint_origin(self, painter: QPainter, width: float, bottom: float, room: float) -> None:
        word, glyph = self._origin_in(room)
        painter.setFont(text_font(12))
        painter.setPen(QColor(color("t3")))
        baseline = bottom - current_look().px(8)
        x = width
        if glyph:
            draw_icon(painter, glyph, color("t3"), QRectF(width - 14, baseline - 12, 14, 14))
            x -= 19
        painter.drawText(round(x - painter.fontMetrics().horizontalAdvance(word)), round(baseline), word)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line of a table.

    value: figures as text ("–" for none). share: text at the right in t3 instead of ± ("46.5 %"). reason: why a value
    is missing (tooltip). detail: second line at the left. status: second line at the right, with the state's icon and
    colour. swatch: colour of a dot before the name. clickable: False for facts that lie nowhere.
    """

    key: str
    name: str
    value: str
    unit: str = ""
    plus_minus: str = ""
    state: str = ""
    share: str = ""
    reason: str = ""
    detail: str = ""
    status: str = ""
    swatch: str = ""
    clickable: bool = True


def number_row(
    key: str,
    name: str,
    value: float | None,
    unit: str = "",
    plus_minus: float | None = None,
    *,
    decimals: int | None = None,
    reason: str = "",
    state: str = "",
    clickable: bool = True,
) -> TableRow:
    """A row of a measured number with its unit's decimals, or these."""
    spread = "" if plus_minus is None or value is None else plain(plus_minus, unit, decimals)
    return TableRow(
        key,
        name,
        plain(value, unit, decimals),
        unit if value is not None else "",
        spread,
        state,
        reason=reason if value is None else "",
        clickable=clickable,
    )


def _said_row(row: TableRow) -> TableRow:
    if language() == SOURCE:
        return row
    return replace(
        row,
        name=display_name(tr(row.name)),
        value=said(row.value),
        unit=tr(word(row.unit)),
        share=said(row.share),
        reason=said(row.reason),
        detail=said(row.detail),
        status=said(row.status),
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Right edges of value and unit columns, measured over all rows so that figures stand below each other."""

    unit: int
    tail: int


class TableRowButton(QAbstractButton):
    """One row: hover draws it, click flies there."""

    def __init__(self, parent: NumberTable) -> None:
        super().__init__(parent)
        self.row = TableRow("", "", "")
        self.columns = _Columns(0, 0)
        self.stale = False
        self.selected = False
        self.definition = ""
        self._table = parent
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_row(self, row: TableRow) -> None:
        """Another content, in the window's language."""
        row = _said_row(row)
        self.row = row
        self.setObjectName(f"row_{row.key}")
        spread = row.plus_minus or row.share
        name = spoken(row.name, row.value, row.unit, spread if row.plus_minus else "", row.status)
        self.setAccessibleName(name)
        # what is cut at this width is known when it is drawn; until then the whole of it
        self._show_tip([row.reason or name])
        self.setFixedHeight(current_look().px(46 if row.detail or row.status else 28))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if row.clickable else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.update()

    def _show_tip(self, lines: Sequence[str]) -> None:
        """What is cut or missing, then what the number is and who says so."""
        self.setToolTip("\n".join(part for part in (*lines, self.definition) if part))

    def event(self, event: QEvent) -> bool:
        """Hover tells the table which number the hand is over."""
        if event.type() == QEvent.Type.HoverEnter:
            self._table.row_hovered.emit(self.row.key)
        elif event.type() == QEvent.Type.HoverLeave:
            self._table.row_hovered.emit("")
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name elided first, then the ± goes; value, unit and status never."""
        row = self.row
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        hovered = row.clickable and self.underMouse()
        if self.selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("soft" if self.selected else "s3")))
            painter.drawRoundedRect(rect, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(color("acc")), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        two = bool(row.detail or row.status)
        # a status without a detail stands beside the name
        alone = bool(row.status) and not row.detail and not row.value
        first = QRectF(
            8,
            4 if two and not alone else 0,
            rect.width() - 16,
            rect.height() / 2 - 3 if two and not alone else rect.height(),
        )
        second = QRectF(8, rect.height() / 2, rect.width() - 16, rect.height() / 2 - 5) if not alone else first
        left = 8.0
        if row.swatch:
            painter.setPen(swatch_rim(row.swatch))
            painter.setBrush(QColor(row.swatch))
            painter.drawEllipse(QRectF(8, rect.center().y() - 5, 10, 10))
            left = 27.0
        right = self._paint_numbers(painter, first, two)
        if alone:
            right -= self._status_width() + 8
        name_font = text_font(13, 600 if two else 400)
        painter.setFont(name_font)
        painter.setPen(QColor(color("t1" if two else "t2")))
        room = max(int(right - left - 8), 12)
        shown = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, first.y(), room, first.height()), LEFT, shown)
        tips = [] if shown == row.name else [row.name]
        if two:
            cut = self._paint_second(painter, QRectF(left, second.y(), second.right() - left, second.height()))
            tips += [cut] if cut else []
        if row.reason:
            tips.append(row.reason)
        self._show_tip(tips or [self.accessibleName()])

    def _paint_numbers(self, painter: QPainter, line: QRectF, two: bool) -> float:
        """Value, unit and ± at the right; gives the x at which they begin."""
        row = self.row
        tail = row.share or (f"± {row.plus_minus}" if row.plus_minus else "")
        value_font, small = text_font(13, 600), text_font(12)
        value_width = QFontMetrics(value_font).horizontalAdvance(row.value)
        wanted = QFontMetrics(text_font(13)).horizontalAdvance(row.name)
        columns = self.columns
        # the ± gives way when hardly anything of the name would be left
        least = min(wanted, current_look().px(78))
        if line.width() - columns.tail - columns.unit - value_width - 8 < least and not row.share:
            columns = _Columns(columns.unit, 0)
            tail = ""
        is_words = any(letter.isalpha() for letter in row.value)
        if not row.unit and not tail and (two or is_words):
            columns = _Columns(0, 0)
        painter.setFont(small)
        painter.setPen(QColor(color("t3")))
        if tail:
            painter.drawText(line, RIGHT, tail)
        value_right = line.right() - columns.tail - columns.unit
        if row.unit:
            painter.drawText(QRectF(value_right + 5, line.y(), columns.unit, line.height()), LEFT, row.unit)
        painter.setFont(value_font)
        painter.setPen(QColor(color("t3" if self.stale or row.value == "–" else state_token("" if two else row.state))))
        painter.drawText(QRectF(line.x(), line.y(), value_right - line.x(), line.height()), RIGHT, row.value)
        begin = value_right - value_width
        if row.state in STATE_ICONS and not row.status:
            draw_icon(
                painter,
                STATE_ICONS[row.state],
                color(row.state),
                QRectF(begin - 22, line.center().y() - 7, 14, 14),
            )
            begin -= 24
        return begin

    def _status_width(self) -> int:
        sign = 18 if self.row.state in STATE_ICONS else 0
        return QFontMetrics(text_font(12)).horizontalAdvance(self.row.status) + sign

    def _paint_second(self, painter: QPainter, line: QRectF) -> str:
        """The second line; gives the detail when it had to be cut."""
        row = self.row
        painter.setFont(text_font(12))
        used = 0.0
        if row.status:
            painter.setPen(QColor(color(state_token(row.state, "t3"))))
            right = line.right()
            if row.state in STATE_ICONS:
                draw_icon(
                    painter,
                    STATE_ICONS[row.state],
                    color(row.state),
                    QRectF(right - 13, line.center().y() - 6.5, 13, 13),
                )
                right -= 18
            painter.drawText(QRectF(line.x(), line.y(), right - line.x(), line.height()), RIGHT, row.status)
            used = self._status_width() + 8.0
        painter.setPen(QColor(color("t3")))
        shown = painter.fontMetrics().elidedText(
            row.detail, Qt.TextElideMode.ElideRight, max(int(line.width() - used), 10)
        )
        painter.drawText(line, LEFT, shown)
        return row.detail if shown != row.detail else ""


class NumberTable(QFrame):
    """A card of rows. `row_clicked`: fly there. `row_hovered`: key, or "" when the hand leaves."""

    row_clicked = Signal(str)
    row_hovered = Signal(str)

    def __init__(self, defined: Definitions = NOTHING, parent: QWidget | None = None) -> None:
        """defined: what the rows are, by key, for their tooltips."""
        super().__init__(parent)
        self.defined = defined
        set_kind(self, "card")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(4, 6, 4, 6)
        self._box.setSpacing(0)
        self._buttons: list[TableRowButton] = []
        self._rows: tuple[TableRow, ...] = ()
        self._selected = ""
        self._stale = False

    @property
    def rows(self) -> tuple[TableRow, ...]:
        """What is shown."""
        return self._rows

    def row(self, key: str) -> TableRow:
        """The row of this key. Raises KeyError."""
        return {row.key: row for row in self._rows}[key]

    def set_rows(self, rows: Sequence[TableRow], stale: bool = False) -> None:
        """Other rows; the same keys keep their widgets, so that focus and hover stay."""
        self._rows, self._stale = tuple(rows), stale
        while len(self._buttons) < len(rows):
            button = TableRowButton(self)
            button.clicked.connect(lambda _=False, b=button: self._click(b))
            self._buttons.append(button)
            self._box.addWidget(button)
        columns = self._columns()
        for n, button in enumerate(self._buttons):
            button.setVisible(n < len(rows))
            if n < len(rows):
                button.columns, button.stale = columns, stale
                button.selected = rows[n].key == self._selected
                button.definition = definition_tip(self.defined, rows[n].key)
                button.show_row(rows[n])
        self.setVisible(bool(rows))

    def set_selected(self, key: str) -> None:
        """Mark the row of this key, "" for none."""
        self._selected = key
        for button in self._buttons:
            button.selected = bool(key) and button.row.key == key
            button.update()

    def changeEvent(self, event: QEvent) -> None:
        """Another text scale needs other columns."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._rows:
            self.set_rows(self._rows, self._stale)

    def _click(self, button: TableRowButton) -> None:
        if button.row.clickable:
            self.row_clicked.emit(button.row.key)

    def _columns(self) -> _Columns:
        small = QFontMetrics(text_font(12))
        units = [small.horizontalAdvance(row.unit) for row in self._rows if row.unit]
        tails = [
            small.horizontalAdvance(row.share or f"± {row.plus_minus}")
            for row in self._rows
            if row.share or row.plus_minus
        ]
        return _Columns(max(units) + 5 if units else 0, max(tails) + 14 if tails else 0)


class NumberField(QLineEdit):
    """A number with unit to type: Up/Down one step (Shift × 10, Ctrl ÷ 10), Enter commits, Esc restores.

    Out of range keeps the text, edges it red and says the limit (`complained`); nothing is clamped in silence.
    `entered` comes when a valid number is committed.
    """

    entered = Signal(float)
    complained = Signal(str)

    def __init__(
        self, identifier: str, name: str, unit: str, low: float, high: float, step: float, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(identifier)
        self.setAccessibleName(f"{tr(name)}, {tr(SPOKEN.get(unit, unit))}")
        self._unit, self._low, self._high, self._step = unit, low, high, step
        # an empty field says at least what is to be typed
        self.setPlaceholderText(unit)
        self._value: float | None = None
        # figures after the decimal mark, None for the unit's own
        self.decimals: int | None = None
        self.returnPressed.connect(self._commit)
        self.editingFinished.connect(self._commit)

    @property
    def value(self) -> float | None:
        """The committed number."""
        return self._value

    def set_limits(self, low: float, high: float) -> None:
        """Other limits of what may be typed."""
        self._low, self._high = low, high

    def set_step(self, step: float) -> None:
        """Another amount for Up and Down."""
        self._step = step

    def set_unit(self, unit: str, name: str) -> None:
        """Another unit, "" for none; name: what the field is called, for screen readers."""
        if unit != self._unit:
            self._unit = unit
            self.setPlaceholderText(unit)
            self.setAccessibleName(", ".join(part for part in (tr(name), tr(SPOKEN.get(unit, unit))) if part))
            self.set_value(self._value)

    def set_value(self, value: float | None) -> None:
        """Show a number without telling anybody; not while it is typed into."""
        self._value = value
        if not (self.hasFocus() and self.isModified()):
            self._show()

    def event(self, event: QEvent) -> bool:
        """What is typed is taken or left by Enter and Esc, before these accept or leave the step."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_asked and self.isModified() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Steps and Esc; the rest is text."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self._show()
            return
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = self._step
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                step *= 10.0
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                step /= 10.0
            now = parse_number(self.text(), self._unit)
            start = self._value if now is None else now
            self._take((start or 0.0) + (step if event.key() == Qt.Key.Key_Up else -step))
            return
        super().keyPressEvent(event)

    def _show(self) -> None:
        decimals = DECIMALS.get(self._unit, 1) if self.decimals is None else self.decimals
        space = "\u202f" if self._unit else ""
        shown = "" if self._value is None else f"{text_value(self._value, decimals)}{space}{self._unit}"
        self.setText(shown)
        self.setModified(False)
        self._say("")
        if not self.hasFocus():
            self.setCursorPosition(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A number too long for its field loses its unit rather than its minus sign."""
        super().focusOutEvent(event)
        self.setCursorPosition(0)

    def _commit(self) -> None:
        if not self.isModified():
            return
        if not self.text().strip() and self._value is None:
            self.setModified(False)
            return
        value = parse_number(self.text(), self._unit, self._value)
        if value is None:
            self._say(tr("Type a number in {unit}", unit=self._unit) if self._unit else tr("Type a number"))
            return
        self._take(value)

    def _take(self, value: float) -> None:
        if not self._low <= value <= self._high:
            self._say(tr("{low:g} to {high:g} {unit} are possible", low=self._low, high=self._high, unit=self._unit))
            return
        self._value = value
        self._show()
        self.entered.emit(value)

    def _say(self, complaint: str) -> None:
        state = "bad" if complaint else ""
        if (self.property("state") or "") != state:
            self.setProperty("state", state)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setToolTip(complaint)
        self.complained.emit(complaint)
