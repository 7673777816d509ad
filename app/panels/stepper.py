"""The steps of a guided panel: a row of numbers in a low window, a list with each step's result in a high one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QSizePolicy, QWidget

from app.i18n import tr
from app.panels.labels import text_font
from app.theme.icons import draw_icon
from app.theme.style import color, current_look
from app.theme.tokens import ON_FILL

TALL_WINDOW_PX = 960


@dataclass(frozen=True, slots=True)
class StepInfo:
    """A step as the stepper shows it: name, result in words ("35 %, systole"), accepted, whether one can go there."""

    name: str
    result: str = ""
    done: bool = False
    reachable: bool = True


class StepButton(QAbstractButton):
    """One step."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"step_{number}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._number = number
        self._info = StepInfo("")
        self._current = False
        self._tall = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_step(self, info: StepInfo, current: bool, tall: bool) -> None:
        """What the step is now."""
        self._info, self._current, self._tall = info, current, tall
        word = tr("current") if current else tr("done") if info.done else tr("open")
        self.setAccessibleName(
            ", ".join(part for part in (tr("Step {number}", number=self._number), info.name, info.result, word) if part)
        )
        self.setToolTip("" if tall else info.name)
        self.setEnabled(info.reachable or current)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(current_look().px(30 if tall else 22))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(24, current_look().px(30 if self._tall else 22))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A cell of the row, or a line of the list."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        (self._paint_line if self._tall else self._paint_cell)(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(color("acc")), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)

    def _paint_cell(self, painter: QPainter) -> None:
        rect = QRectF(self.rect())
        touched = self.underMouse() and self.isEnabled() and not self._current
        back = "fill" if self._current else "hover" if touched else "oks" if self._info.done else "s2"
        painter.setBrush(QColor(color(back)))
        painter.drawRoundedRect(rect, 5, 5)
        if self._info.done and not self._current:
            size = 14.0
            draw_icon(
                painter,
                "check",
                color("ok"),
                QRectF(rect.center().x() - size / 2, rect.center().y() - size / 2, size, size),
            )
            return
        painter.setFont(text_font(11, 600))
        painter.setPen(QColor(ON_FILL if self._current else color("t1" if touched else "t3")))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(self._number))

    def _paint_line(self, painter: QPainter) -> None:
        rect = QRectF(self.rect())
        touched = self.underMouse() and self.isEnabled() and not self._current
        if self._current or touched:
            painter.setBrush(QColor(color("soft" if self._current else "s3")))
            painter.drawRoundedRect(rect, 6, 6)
        disc = QRectF(8, rect.center().y() - 9, 18, 18)
        if self._info.done and not self._current:
            draw_icon(painter, "circle-check", color("ok"), disc.adjusted(1, 1, -1, -1))
        else:
            painter.setBrush(QColor(color("fill" if self._current else "s1" if touched else "s3")))
            painter.drawEllipse(disc)
            painter.setFont(text_font(11, 600))
            painter.setPen(QColor(ON_FILL if self._current else color("t2")))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.setFont(text_font(12))
        result = self._info.result if not self._current else ""
        width = painter.fontMetrics().horizontalAdvance(result)
        room = rect.width() - 36 - 10
        if result:
            width = min(width, int(room * 0.6))
            painter.setPen(QColor(color("t3")))
            shown = painter.fontMetrics().elidedText(result, Qt.TextElideMode.ElideRight, width + 1)
            painter.drawText(
                rect.adjusted(0, 0, -10, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown
            )
            room -= width + 12
        painter.setFont(text_font(13, 600 if self._current else 400))
        usable = self._current or self._info.done or self._info.reachable
        strong = self._current or self._info.done or touched
        painter.setPen(QColor(color("t1" if strong else "t2" if usable else "t3")))
        name = painter.fontMetrics().elidedText(self._info.name, Qt.TextElideMode.ElideRight, max(int(room), 20))
        painter.drawText(rect.adjusted(36, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)


class Stepper(QWidget):
    """All steps. `chosen`: the index of a step that was clicked."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._buttons: list[StepButton] = []
        self._steps: tuple[StepInfo, ...] = ()
        self._current = 0
        self._tall = False
        self._box.setSpacing(5)

    def minimumSizeHint(self) -> QSize:
        """The row's height also while the list is shown, so that the list never keeps a window from getting low."""
        return QSize(24, current_look().px(22))

    @property
    def buttons(self) -> tuple[QWidget, ...]:
        """The steps' buttons in their order."""
        return tuple(self._buttons)

    @property
    def is_tall(self) -> bool:
        """True while the steps stand below each other."""
        return self._tall

    def set_tall(self, tall: bool) -> None:
        """A list instead of a row."""
        if tall == self._tall:
            return
        self._tall = tall
        self._box.setDirection(QBoxLayout.Direction.TopToBottom if tall else QBoxLayout.Direction.LeftToRight)
        self._box.setSpacing(1 if tall else 5)
        self._show()

    def set_steps(self, steps: Sequence[StepInfo], current: int) -> None:
        """What all steps are now and which one is open (index from 0)."""
        self._steps, self._current = tuple(steps), current
        while len(self._buttons) < len(steps):
            number = len(self._buttons)
            button = StepButton(number + 1, self)
            button.clicked.connect(lambda _=False, n=number: self.chosen.emit(n))
            self._buttons.append(button)
            self._box.addWidget(button, 1)
        self._show()

    def _show(self) -> None:
        for n, button in enumerate(self._buttons):
            button.setVisible(n < len(self._steps))
            if n < len(self._steps):
                button.show_step(self._steps[n], n == self._current, self._tall)
