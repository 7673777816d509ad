"""What runs, waits, was done and failed: a small card above the strip."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.message import error_details
from app.i18n import mark, said, tr
from app.jobs import JobRunner, JobState
from app.menus import passing_menu
from app.panels.labels import ElidedLabel, IconMark, paragraph
from app.texts import error_text, remaining_text
from app.theme.icons import icon
from app.theme.style import color, set_kind
from planning.units import THIN_SPACE

WIDTH, MOST_HEIGHT = 520, 420
_SIGNS = {
    "running": ("activity", "acc"),
    "waiting": ("clock", "t3"),
    "done": ("circle-check", "ok"),
    "failed": ("octagon-alert", "bad"),
    "cancelled": ("circle-x", "t3"),
}

STATUS_WORDS = {"running": mark("running"), "waiting": mark("waiting")}


class JobRow(QWidget):
    """One job: sign, title, what it is about, bar or time, and stop or more."""

    def __init__(self, runner: JobRunner, state: JobState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner, self.state = runner, state
        self.setObjectName(f"job_{state.number}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 5, 0, 5)
        row.setSpacing(10)
        self._sign = IconMark("clock", "t3", 16)
        row.addWidget(self._sign)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = ElidedLabel(said(state.title))
        self._about = ElidedLabel("", "hint")
        words.addWidget(self._title)
        words.addWidget(self._about)
        row.addLayout(words, 1)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setFixedWidth(150)
        self._bar.setAccessibleName(tr("Progress"))
        row.addWidget(self._bar)
        self._time = QLabel()
        set_kind(self._time, "hint")
        row.addWidget(self._time)
        self._button = QToolButton()
        self._button.setObjectName(f"job_{state.number}_button")
        self._button.setIconSize(QSize(14, 14))
        self._button.clicked.connect(self._act)
        row.addWidget(self._button)
        self.refresh()

    def refresh(self) -> None:
        """Show the job as it is now."""
        state = self.state
        is_active = state.status in ("running", "waiting")
        self._sign.set_icon(*_SIGNS[state.status])
        self._title.setText(said(state.title if is_active else state.job.title))
        about = state.job.subject
        if state.error is not None:
            words = error_text(state.error)
            about = tr(
                "Stopped: {reason}",
                reason=" ".join(part for part in (f"{words.title}.", words.text, words.hint) if part),
            )
        elif state.status == "cancelled":
            about = tr("Stopped by you")
        self._about.setText(about)
        self._about.setVisible(bool(about))
        self._bar.setVisible(is_active)
        self._bar.setValue(round(1000 * state.fraction))
        self._time.setText(self._when())
        self._button.setIcon(icon("x" if is_active else "ellipsis", color("t3")))
        name = tr("Stop") if is_active else tr("More")
        self._button.setToolTip(name)
        self._button.setAccessibleName(f"{name}: {state.job.title}")

    def _when(self) -> str:
        state = self.state
        if state.status == "waiting":
            return tr("waiting")
        if state.status == "running":
            left = state.remaining_s
            return "" if left is None else remaining_text(left)
        if state.status == "done":
            return f"{max(1, round(state.ended - state.started))}{THIN_SPACE}s"
        ended = datetime.now() - timedelta(seconds=time.monotonic() - state.ended)
        return f"{ended:%H:%M}"

    def _act(self) -> None:
        if self.state.status in ("running", "waiting"):
            self._runner.cancel(self.state)
            return
        menu = passing_menu(self)
        error = self.state.error
        if error is not None:
            copy = menu.addAction(tr("Copy details"))
            copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(error_details(error)))
        menu.addAction(tr("Remove from list")).triggered.connect(lambda: self._runner.forget(self.state))
        menu.popup(self._button.mapToGlobal(QPoint(0, self._button.height())))


class JobsList(QFrame):
    """The list; goes away with a click beside it or Esc. `closed` when it does."""

    closed = Signal()

    def __init__(self, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._runner = runner
        self.setObjectName("jobs_list")
        self.setAccessibleName(tr("Jobs"))
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.card = QFrame()
        set_kind(self.card, "sheet")
        outer.addWidget(self.card)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(22, 16, 14, 12)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 8, 0)
        title = QLabel(tr("Jobs"))
        set_kind(title, "title")
        head.addWidget(title, 1)
        self.summary = QLabel()
        self.summary.setObjectName("jobs_summary")
        set_kind(self.summary, "hint")
        head.addWidget(self.summary)
        column.addLayout(head)
        self._inside = QWidget()
        set_kind(self._inside, "clear")
        self._lines = QVBoxLayout(self._inside)
        self._lines.setContentsMargins(0, 0, 8, 0)
        self._lines.setSpacing(0)
        self.empty = paragraph(tr("Nothing is running."), "label")
        self.empty.setObjectName("jobs_empty")
        self._lines.addWidget(self.empty)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        column.addWidget(self._scroll)
        self._rows: dict[int, JobRow] = {}
        self._anchor: QWidget | None = None
        # the time left goes on between two messages of a job
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self.refresh)
        runner.changed.connect(self.refresh)

    def rows(self) -> tuple[JobRow, ...]:
        """The lines from top to bottom."""
        return tuple(self._rows.values())

    def popup(self, anchor: QWidget) -> None:
        """Open with the lower left corner on the anchor's upper left one."""
        self._anchor = anchor
        self.refresh()
        self._place()
        self.show()

    def refresh(self) -> None:
        """Follow the runner: what runs first, then what waits, then the newest of what ended."""
        if not self.isVisible() and self._anchor is None:
            return
        order = {"running": 0, "waiting": 1}
        shown = [state for state in self._runner.states if not state.job.quiet or state.status == "failed"]
        shown.sort(key=lambda state: (order.get(state.status, 2), -state.number if state.ended else state.number))
        if [state.number for state in shown] != list(self._rows):
            self._rebuild(shown)
        for row in self._rows.values():
            row.refresh()
        counts = {status: sum(state.status == status for state in shown) for status in ("running", "waiting")}
        self.summary.setText(
            " · ".join(f"{count} {tr(STATUS_WORDS[status])}" for status, count in counts.items() if count)
        )
        self.empty.setVisible(not shown)

    def _rebuild(self, shown: list[JobState]) -> None:
        kept = {state.number for state in shown}
        for number in [number for number in self._rows if number not in kept]:
            row = self._rows.pop(number)
            self._lines.removeWidget(row)
            row.hide()
            row.deleteLater()
        rows = {state.number: self._rows.get(state.number) or JobRow(self._runner, state) for state in shown}
        for place, row in enumerate(rows.values()):
            self._lines.removeWidget(row)
            self._lines.insertWidget(place, row)
            row.show()
        self._rows = rows
        if self._anchor is not None:
            self._place()

    def _place(self) -> None:
        anchor = self._anchor
        assert anchor is not None
        window = anchor.window()
        width = min(WIDTH, window.width() - 24)
        self._inside.setFixedWidth(width - 36)
        self._lines.activate()
        self._scroll.setFixedHeight(min(MOST_HEIGHT, self._inside.sizeHint().height()))
        self.card.setFixedWidth(width)
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(12, -self.sizeHint().height() - 8))
        self.move(corner)

    def showEvent(self, event: QShowEvent) -> None:
        """Time goes on while it is open."""
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """And stands still while it is not."""
        super().hideEvent(event)
        self._tick.stop()
        self._anchor = None
        self.closed.emit()
        # the next opening makes a new one
        self.deleteLater()
