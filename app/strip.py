"""The strip along the bottom: what runs, what was just done, that all is saved, and where the keys are."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QToolButton, QWidget

from app.i18n import mark, said, tr
from app.jobs import JobRunner, JobState
from app.panels.labels import ElidedLabel
from app.texts import RESEARCH_ONLY
from app.theme.icons import icon
from app.theme.style import color, set_kind
from planning.errors import TheatrumError
from viewers.keys import show_key, show_key_text

STAYS_HERE = mark("Nothing leaves this computer.")
MESSAGE_MS = 7000
MOST_UNREAD = 20


def remaining_text(seconds: float | None) -> str:
    """ "about 14 s left", rounded so that it does not flicker; "" while nothing is known."""
    if seconds is None:
        return ""
    if seconds < 20:
        return tr("about {count} s left", count=max(2, 2 * round(seconds / 2)))
    if seconds < 60:
        return tr("about {count} s left", count=5 * round(seconds / 5))
    return tr("about {count} min left", count=round(seconds / 60))


class IconLabel(QLabel):
    """A Lucide icon as a label, redrawn when its colour token or the theme changes."""

    def __init__(self, name: str, token: str = "t2", size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._token, self._size = name, token, size
        self.setFixedSize(size, size)
        self._draw()

    def show_icon(self, name: str, token: str) -> None:
        """Another icon or colour."""
        if (name, token) != (self._name, self._token):
            self._name, self._token = name, token
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            self._draw()

    def _draw(self) -> None:
        size = QSize(self._size, self._size)
        self.setPixmap(icon(self._name, color(self._token)).pixmap(size, self.devicePixelRatioF()))


class StripText(ElidedLabel):
    """As wide as its words, less where there is no room; then it ends in "…" and the whole is in its tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def text(self) -> str:
        """The whole text, shortened or not."""
        return self.whole_text()

    def setText(self, text: str) -> None:
        """Show other words and ask for their room."""
        super().setText(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The words on one line."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self.whole_text()) + 6, hint.height())


class Strip(QWidget):
    """32 px at the bottom of every page. `shortcuts_asked`, `jobs_asked`: the person clicked there."""

    shortcuts_asked = Signal()
    jobs_asked = Signal()

    def __init__(self, jobs: JobRunner, version: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._act: Callable[[], None] | None = None
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "strip")
        self.setMinimumHeight(32)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        self._icon = IconLabel("activity", "acc")
        self._text = StripText()
        set_kind(self._text, "label")
        self._text.setObjectName("strip_text")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setFixedWidth(120)
        self._bar.setAccessibleName(tr("Progress"))
        self._left = QLabel()
        set_kind(self._left, "hint")
        self._stop = QToolButton()
        self._stop.setObjectName("strip_cancel")
        self._stop.setAccessibleName(tr("Stop"))
        self._stop.setToolTip(tr("Stop"))
        self._stop.clicked.connect(self._cancel)
        self._action = QPushButton()
        self._action.setObjectName("strip_action")
        set_kind(self._action, "link")
        self._action.clicked.connect(self._run_action)
        self._more = QLabel()
        set_kind(self._more, "hint")
        for widget in (self._icon, self._text, self._bar, self._left, self._stop, self._action, self._more):
            row.addWidget(widget)
        row.addStretch(1)
        self._saved_icon = IconLabel("circle-check", "ok")
        self._saved = QLabel()
        self._saved.setObjectName("strip_saved")
        set_kind(self._saved, "hint")
        self._receiving_icon = IconLabel("download", "ok")
        self._receiving = QLabel(tr("Receiving"))
        self._receiving.setObjectName("strip_receiving")
        set_kind(self._receiving, "hint")
        self._device_icon = IconLabel("cpu", "t3")
        count = os.cpu_count() or 1
        self._device = QLabel(tr("CPU, %n core(s)", "", count))
        set_kind(self._device, "hint")
        self._keys = QPushButton()
        self._keys.setObjectName("strip_shortcuts")
        show_key(self._keys, tr("Shortcuts"), "shortcuts", name=tr("Shortcuts"))
        show_key_text(self._keys, "{key}", "shortcuts", "?")
        set_kind(self._keys, "stripkey")
        self._keys.clicked.connect(self.shortcuts_asked)
        self._keys_text = QLabel(tr("Shortcuts"))
        set_kind(self._keys_text, "hint")
        self._version = QLabel(tr("Version {version}", version=version))
        set_kind(self._version, "hint")
        for widget in (self._receiving_icon, self._receiving):
            row.addWidget(widget)
        for widget in (self._saved_icon, self._saved, self._device_icon, self._device, self._keys, self._keys_text):
            row.addWidget(widget)
        row.addWidget(self._version)
        self.show_receiving("")
        row.insertSpacing(row.indexOf(self._device_icon), 10)
        row.insertSpacing(row.indexOf(self._keys), 10)
        self._idle = ""
        self._message = QTimer(self)
        self._message.setSingleShot(True)
        self._message.timeout.connect(self._message_over)
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self.refresh)
        jobs.changed.connect(self.refresh)
        jobs.finished.connect(self._job_ended)
        self._saying, self._is_said_of_case = "", False
        self._saying_icon = ("info", "t2")
        # failures that nobody looked at yet, the newest last
        self._unread: list[str] = []
        self._read: TheatrumError | None = None
        self._said_over = 0
        # failures of the open case's work
        self._of_case: set[str] = set()
        self._text.installEventFilter(self)
        self._icon.installEventFilter(self)
        self.show_place("start")

    def recolour(self) -> None:
        """Give the cross the theme's colour."""
        self._stop.setIcon(icon("x", color("t3")))

    def show_place(self, place: str) -> None:
        """Where the window is: "start", "browser" or "case"; decides what the strip says when idle."""
        is_case = place == "case"
        # what is asked of an archive leaves this computer
        stays = "" if place == "archive" else tr(STAYS_HERE)
        self._idle = "" if is_case else f"{tr(RESEARCH_ONLY)} {stays}".strip()
        for widget in (self._saved_icon, self._saved, self._device_icon, self._device, self._keys, self._keys_text):
            widget.setVisible(is_case)
        self._version.setVisible(not is_case)
        self.recolour()
        self.refresh()

    def show_saved(self, when: datetime | None, *, read_only: bool = False) -> None:
        """The time of the last step on the disk, or that the case is open to read."""
        if read_only:
            self._saved_icon.show_icon("info", "t3")
            self._saved.setText(tr("Open to read"))
            return
        self._saved_icon.show_icon("circle-check", "ok")
        self._saved.setText(tr("Saved") if when is None else tr("Saved {when:%H:%M}", when=when))

    def show_receiving(self, where: str) -> None:
        """That others may send to this computer, and as what; "" while they may not."""
        for widget in (self._receiving_icon, self._receiving):
            widget.setVisible(bool(where))
            widget.setToolTip(where)
        self._receiving.setAccessibleName(f"{tr('Receiving')}, {where}".rstrip(", "))

    def say(self, text: str, *, action: str = "", run: Callable[[], None] | None = None, state: str = "") -> None:
        """One line for some seconds; `action` is a link beside it. A failure comes back until somebody read it."""
        icons = {"bad": ("octagon-alert", "bad"), "warn": ("triangle-alert", "warn"), "ok": ("circle-check", "ok")}
        self._saying, self._act, self._is_said_of_case = text, run, False
        # what a hand is told now is read before the work that runs already; work that begins later tells its title
        self._said_over = max((state.number for state in self._jobs.active), default=0)
        self._saying_icon = icons.get(state, ("info", "t2"))
        self._action.setText(action)
        if state == "bad":
            self._unread = [*(known for known in self._unread if known != text), text][-MOST_UNREAD:]
            self._saying = ""
            self._message.stop()
        else:
            self._message.start(MESSAGE_MS)
        self.refresh()

    def say_of_case(self, text: str) -> None:
        """One line for some seconds, of the open case: a number of a patient does not stand below the next one."""
        self.say(text)
        self._is_said_of_case = True

    @property
    def unread(self) -> tuple[str, ...]:
        """Failures that nobody looked at yet."""
        return tuple(self._unread)

    def failures_read(self) -> None:
        """The person looked: failures go from the strip; the list of jobs keeps them."""
        self._unread = []
        self.refresh()

    def case_closed(self) -> None:
        """What was said of the case that was closed is not said of the next one, nor is its link pressed there."""
        self._unread = [text for text in self._unread if text not in self._of_case]
        self._of_case.clear()
        if self._act is not None or self._is_said_of_case:
            self._message.stop()
            self._message_over()
        self.refresh()

    def is_read(self, error: TheatrumError) -> None:
        """A person closed the dialog that told this failure: the job that ends with it has nothing more to tell."""
        self._read = error

    def refresh(self) -> None:
        """Show the running job, else the message, else the place's own line."""
        shown, running = self._shown()
        busy = running is not None
        (self._tick.start if busy else self._tick.stop)()
        for widget in (self._bar, self._left, self._stop):
            widget.setVisible(busy)
        more = [tr("%n more", "", len(shown) - 1)] if len(shown) > 1 else []
        more += [tr("%n failed", "", len(self._unread))] if self._unread else []
        self._more.setVisible(busy and bool(more))
        failed = self._unread[-1] if self._unread and not self._saying else ""
        says = bool(self._saying) and (running is None or running.number <= self._said_over)
        self._action.setVisible((not busy and bool(failed)) or (says and bool(self._action.text())))
        if running is not None and says:
            self._icon.show_icon(*self._saying_icon)
            self._icon.setVisible(True)
            self._text.setText(self._saying)
        if running is not None and not says:
            self._icon.show_icon("activity", "acc")
            self._icon.setVisible(True)
            self._text.setText(said(running.title))
        if running is not None:
            set_kind(self._text, "label")
            self._bar.setValue(round(1000 * running.fraction))
            self._left.setText(remaining_text(running.remaining_s))
            self._more.setText("".join(f"· {part} " for part in more).strip())
            return
        if failed:
            self._action.setText(tr("Details"))
        self._icon.setVisible(bool(self._saying or failed))
        self._icon.show_icon(*(self._saying_icon if self._saying else ("octagon-alert", "bad")))
        self._text.setText(self._saying or failed or self._idle)
        set_kind(self._text, "label" if self._saying or failed else "hint")

    def _shown(self) -> tuple[list[JobState], JobState | None]:
        """Jobs that a person may know of, and the one that the strip is about."""
        shown = [state for state in self._jobs.active if not state.job.quiet]
        running = [state for state in shown if state.status == "running"]
        # what only ends after being asked to stop tells nothing of the work that is waited for
        wanted = [state for state in running if not state.cancel.is_set]
        return shown, next(iter(wanted or running or shown), None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            self.jobs_asked.emit()
        return super().eventFilter(watched, event)

    def _cancel(self) -> None:
        running = self._shown()[1]
        if running is not None:
            self._jobs.cancel(running)

    def _job_ended(self, state: JobState) -> None:
        if state.status == "failed" and state.error is not None and state.error is not self._read:
            words = f"{state.job.title}: {said(str(state.error))}".rstrip(".")
            if state.job.of_case:
                self._of_case.add(words)
            self.say(words, state="bad")

    def _run_action(self) -> None:
        if not self._saying and self._unread:
            self.jobs_asked.emit()
            return
        run, self._act = self._act, None
        self._message_over()
        if run is not None:
            run()

    def _message_over(self) -> None:
        self._saying = ""
        self._act = None
        self._action.setText("")
        self.refresh()
