"""The pieces of the segment editor: the grid of tools, rows with a slider or a band of values, choices side by side, steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import tr
from app.panels.labels import ElidedLabel, text_font
from app.panels.quantities import NumberField
from app.theme.icons import draw_icon, icon
from app.theme.style import color, current_look, set_kind
from planning.by_hand.values import HU, ValueScale
from viewers.keys import with_key

COLUMNS = 4
TOOL_PX, GAP_PX, BAR_PX = 50, 4, 30
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
# a slider has whole numbers; sizes are spread evenly to the eye
SLIDER_STEPS = 200
HISTOGRAM_PX, STEP_PX, EDGE_HIT_PX = 58, 30, 8.0


@dataclass(frozen=True, slots=True)
class HandTool:
    """A tool of the editor. id: also the action's. key: of the keyboard, "" for none."""

    id: str
    word: str
    tip: str
    icon: str
    key: str = ""


class ToolButton(QToolButton):
    """Icon over name, 50 px high."""

    def __init__(self, tool: HandTool, owner: str) -> None:
        super().__init__()
        self.tool = tool
        self.setObjectName(f"{owner}_{tool.id}")
        set_kind(self, "tool")
        self.setText(tr(tool.word))
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(18, 18))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit()

    def say(self, blocked: str) -> None:
        """Its tooltip, and why it cannot be taken, "" when it can."""
        self.setEnabled(not blocked)
        tip = blocked or with_key(tr(self.tool.tip), f"hand_tool:{self.tool.id}")
        self.setToolTip(tip)
        self.setAccessibleName(f"{tr(self.tool.word)}, {tip}")

    def changeEvent(self, event: QEvent) -> None:
        """The icon takes the theme's colour, the button the text's size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "tool"):
            self._fit()

    def _fit(self) -> None:
        self.setIcon(icon(self.tool.icon, color("t2"), color("acc"), color("t3")))
        self.setFixedHeight(current_look().px(TOOL_PX))


class ToolGrid(QWidget):
    """Four in a row. `chosen`: the tool asked for, "" to put the one in the hand down."""

    chosen = Signal(str)

    def __init__(self, owner: str, tools: Sequence[HandTool]) -> None:
        super().__init__()
        set_kind(self, "clear")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP_PX)
        self.buttons: dict[str, ToolButton] = {}
        self._in_hand = ""
        for number, tool in enumerate(tools):
            button = ToolButton(tool, owner)
            button.clicked.connect(lambda _=False, name=tool.id: self._ask(name))
            grid.addWidget(button, *divmod(number, COLUMNS))
            self.buttons[tool.id] = button
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)

    def _ask(self, tool: str) -> None:
        # the editor says which tool is in the hand; until then the button stays as it was
        self.buttons[tool].setChecked(tool == self._in_hand)
        self.chosen.emit("" if tool == self._in_hand else tool)

    def show_tool(self, tool: str, blocked: dict[str, str]) -> None:
        """Which one is in the hand; blocked: why a tool cannot be taken, by its id."""
        self._in_hand = tool
        for name, button in self.buttons.items():
            button.setChecked(name == tool)
            button.say(blocked.get(name, ""))


class ChoiceBar(QWidget):
    """Two to four choices side by side, of which one holds. `chosen`: its id."""

    chosen = Signal(str)

    def __init__(self, identifier: str, name: str, choices: Sequence[tuple[str, str, str]]) -> None:
        """choices: (id, word, tooltip)."""
        super().__init__()
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "segment")
        line = QHBoxLayout(self)
        line.setContentsMargins(2, 2, 2, 2)
        line.setSpacing(2)
        self.setFixedHeight(current_look().px(BAR_PX))
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        for key, word, tip in choices:
            button = QPushButton(word)
            button.setObjectName(f"{identifier}_{key}")
            button.setAccessibleName(f"{name}: {word}")
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setMinimumWidth(20)
            # alike where there is room; a longer word takes what the others can spare
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            set_kind(button, "option")
            button.clicked.connect(lambda _=False, value=key: self.chosen.emit(value))
            self._group.addButton(button)
            self.buttons[key] = button
            line.addWidget(button)

    def changeEvent(self, event: QEvent) -> None:
        """Another text size needs more height."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setFixedHeight(current_look().px(BAR_PX))

    @property
    def value(self) -> str:
        """The choice that holds."""
        return next((key for key, button in self.buttons.items() if button.isChecked()), "")

    def show_value(self, value: str) -> None:
        """Let a choice hold without telling."""
        if value in self.buttons:
            self.buttons[value].setChecked(True)


class KeyChip(QLabel):
    """A key as it is written beside what it does."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        set_kind(self, "key")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class NumberLine(QWidget):
    """Name at the left, a number with unit to type at the right, and the keys that change it. `entered`: a valid one."""

    entered = Signal(float)

    def __init__(
        self, identifier: str, name: str, unit: str, low: float, high: float, step: float, keys: Sequence[str] = ()
    ) -> None:
        super().__init__()
        set_kind(self, "clear")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(ElidedLabel(name, "label"), 1)
        self.field = NumberField(identifier, name, unit, low, high, step)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setFixedWidth(current_look().px(92))
        self.field.entered.connect(self.entered)
        line.addWidget(self.field)
        for key in keys:
            line.addWidget(KeyChip(key))
        column.addLayout(line)
        self._wrong = QLabel()
        self._wrong.setWordWrap(True)
        set_kind(self._wrong, "hint", "bad")
        self._wrong.setVisible(False)
        column.addWidget(self._wrong)
        self.field.complained.connect(self.complain)

    def complain(self, words: str) -> None:
        """What is wrong with what was typed, "" for nothing."""
        self._wrong.setText(words)
        self._wrong.setVisible(bool(words))

    def show_value(self, value: float) -> None:
        """Show a number without telling."""
        self.field.set_value(value)


class StillSlider(QSlider):
    """A slider that a wheel over the panel does not move: the panel scrolls instead."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class SizeLine(QWidget):
    """A number with a slider below it. `entered`: another one."""

    entered = Signal(float)

    def __init__(
        self, identifier: str, name: str, unit: str, low: float, high: float, step: float, keys: Sequence[str] = ()
    ) -> None:
        super().__init__()
        set_kind(self, "clear")
        self._low, self._high = low, high
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.number = NumberLine(identifier, name, unit, low, high, step, keys)
        self.number.entered.connect(self.entered)
        self.slider = StillSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(f"{identifier}_slider")
        self.slider.setAccessibleName(name)
        self.slider.setRange(0, SLIDER_STEPS)
        self.slider.valueChanged.connect(lambda at: self.entered.emit(self._value_at(at)))
        column.addWidget(self.number)
        column.addWidget(self.slider)

    def _value_at(self, at: int) -> float:
        value: float = self._low * (self._high / self._low) ** (at / SLIDER_STEPS)
        return round(value, 1) if value >= 1.0 else round(value, 2)

    def show_value(self, value: float) -> None:
        """Show a number without telling."""
        self.number.show_value(value)
        share = np.log(max(value, self._low) / self._low) / np.log(self._high / self._low)
        was = self.slider.blockSignals(True)
        self.slider.setValue(round(SLIDER_STEPS * min(float(share), 1.0)))
        self.slider.blockSignals(was)


class BandView(QWidget):
    """The histogram of the image with a band of values: its edges are dragged, its middle moves both.

    `moved`: (low, high, finished) in the image's own values.
    """

    moved = Signal(float, float, bool)

    def __init__(self, identifier: str, name: str) -> None:
        super().__init__()
        self.setObjectName(identifier)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._counts: npt.NDArray[np.float64] = np.zeros(0)
        # of the histogram, and what the view shows of values
        self._bins = self.range = (-200.0, 400.0)
        self.band = (0.0, 100.0)
        self.is_on = True
        self._scale = HU
        self._held = ""
        self._from = (0.0, (0.0, 0.0))

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(120, current_look().px(HISTOGRAM_PX))

    minimumSizeHint = sizeHint  # noqa: N815

    def show_histogram(self, counts: npt.NDArray[np.float64], low: float, high: float, scale: ValueScale = HU) -> None:
        """Counts of equal bins between two values. scale: how finely a hand moves values."""
        self._scale = scale
        peak = float(counts.max()) if counts.size else 0.0
        # the root shows small peaks beside a great one
        self._counts = np.sqrt(counts / peak) if peak > 0 else counts
        self._bins = self.range = (low, high)
        self.show_band(*self.band, self.is_on)

    def show_band(self, low: float, high: float, is_on: bool = True) -> None:
        """Where the band lies without telling."""
        self.band, self.is_on = (low, high), is_on
        if not self._held:
            # edges beyond the histogram can be taken hold of too
            self.range = (min(self._bins[0], low), max(self._bins[1], high))
        self.update()

    def _x(self, value: float) -> float:
        low, high = self.range
        return (min(max(value, low), high) - low) / max(high - low, 1e-6) * self.width()

    def _value(self, x: float) -> float:
        low, high = self.range
        return self._scale.rounded(low + x / max(self.width(), 1) * (high - low))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The nearer edge, else both."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        edges = (self._x(self.band[0]), self._x(self.band[1]))
        near = [abs(x - edge) for edge in edges]
        inside = edges[0] < x < edges[1] and min(near) > EDGE_HIT_PX
        self._held = "both" if inside else ("low" if near[0] <= near[1] else "high")
        self._from = (x, self.band)
        self._drag(x, False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand."""
        if self._held:
            self._drag(event.position().x(), False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Done."""
        if self._held:
            self._drag(event.position().x(), True)
            self._held = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move the lower edge, with Shift the upper one; with Ctrl as finely as they are told."""
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
            return
        fine, is_fine = self._scale.fine, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        step = way * (fine if is_fine else self._scale.step)
        low, high = self.band
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            high = self._scale.rounded(max(high + step, low + fine))
        else:
            low = self._scale.rounded(min(low + step, high - fine))
        self.band = (low, high)
        self.update()
        self.moved.emit(low, high, True)

    def _drag(self, x: float, finished: bool) -> None:
        start, (low, high) = self._from
        if self._held == "both":
            by = self._value(x) - self._value(start)
            low, high = self._scale.rounded(low + by), self._scale.rounded(high + by)
        elif self._held == "low":
            low = self._scale.rounded(min(self._value(x), high - self._scale.fine))
        else:
            high = self._scale.rounded(max(self._value(x), low + self._scale.fine))
        self.band = (low, high)
        self.update()
        self.moved.emit(low, high, finished)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars, the band over them, its edges."""
        painter = QPainter(self)
        width, height = float(self.width()), float(self.height())
        left, right = self._x(self.band[0]), self._x(self.band[1])
        if self.is_on:
            painter.fillRect(QRectF(left, 0, right - left, height), QColor(color("soft")))
        count = len(self._counts)
        if count:
            first, step = self._x(self._bins[0]), (self._x(self._bins[1]) - self._x(self._bins[0])) / count
            plain, chosen = QColor(color("line2")), QColor(color("acc"))
            for number, share in enumerate(self._counts):
                x = first + number * step
                is_in = self.is_on and left <= x + step / 2 <= right
                tall = float(share) * (height - 4)
                painter.fillRect(QRectF(x, height - tall, max(step - 1, 1.0), tall), chosen if is_in else plain)
        if self.is_on:
            for x in (left, right):
                at = min(max(x - 1, 0.0), width - 2)
                painter.fillRect(QRectF(at, 0, 2, height), QColor(color("t1")))
        if self.hasFocus():
            painter.setPen(QPen(QColor(color("acc")), 2))
            painter.drawRect(QRectF(1, 1, width - 2, height - 2))


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step that was done: its words, and what it changed ("+0.4 ml"). newest: undo would take it back."""

    words: str
    change: str
    newest: bool = False


class StepButton(QAbstractButton):
    """A line of the list of steps; a click undoes up to before it."""

    def __init__(self) -> None:
        super().__init__()
        self.step = StepLine("", "")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_step(self, step: StepLine, number: int) -> None:
        """Another step."""
        self.step = step
        self.setObjectName(f"hand_step_{number}")
        self.setAccessibleName(f"{step.words}, {step.change}")
        back = with_key(tr("Take this step back"), "undo") if step.newest else tr("Show where this was")
        self.setToolTip(f"{step.words}\n{back}")
        self.setFixedHeight(current_look().px(STEP_PX))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mark, words, change."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("s3")))
            painter.drawRoundedRect(rect, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(color("acc")), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        middle = rect.center().y()
        name, token = ("undo-2", "acc") if self.step.newest else ("circle", "t3")
        draw_icon(painter, name, color(token), QRectF(8, middle - 6, 12, 12))
        painter.setFont(text_font(12))
        painter.setPen(QColor(color("t3")))
        painter.drawText(QRectF(0, 0, rect.width() - 8, rect.height()), RIGHT, self.step.change)
        room = rect.width() - 36 - QFontMetrics(text_font(12)).horizontalAdvance(self.step.change) - 12
        painter.setFont(text_font(13))
        painter.setPen(QColor(color("t1" if self.step.newest else "t2")))
        words = painter.fontMetrics().elidedText(self.step.words, Qt.TextElideMode.ElideRight, max(int(room), 20))
        painter.drawText(QRectF(28, 0, room, rect.height()), LEFT, words)


class StepList(QWidget):
    """The newest steps of a structure. `asked`: number of a line, 0 is the newest."""

    asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        set_kind(self, "clear")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)
        self._buttons: list[StepButton] = []
        self.lines: tuple[StepLine, ...] = ()

    def show_steps(self, lines: Sequence[StepLine]) -> None:
        """These, the newest first."""
        self.lines = tuple(lines)
        while len(self._buttons) < len(lines):
            button, number = StepButton(), len(self._buttons)
            button.clicked.connect(lambda _=False, at=number: self.asked.emit(at))
            self._buttons.append(button)
            self._box.addWidget(button)
        for number, button in enumerate(self._buttons):
            button.setVisible(number < len(lines))
            if number < len(lines):
                button.show_step(lines[number], number)
