"""How fetching goes: image by image, with the time that is left, and how it ended."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.archive.fetching import Brought
from app.i18n import said, tr
from app.jobs import JobState
from app.panels.labels import STATE_ICONS, ElidedLabel, IconButton, IconMark, paragraph
from app.strip import remaining_text
from app.texts import error_text
from app.theme.style import set_kind
from planning.errors import TheatrumError


class FetchCard(QFrame):
    """`stop_asked`, `go_on_asked`, `open_asked`: its buttons."""

    stop_asked = Signal()
    go_on_asked = Signal()
    open_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("archive_fetch_card")
        set_kind(self, "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(7)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._mark = IconMark("activity", "acc", 16)
        self._title = ElidedLabel("", "strong")
        head.addWidget(self._mark)
        head.addWidget(self._title, 1)
        column.addLayout(head)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(tr("Progress"))
        column.addWidget(self.bar)
        self._text = paragraph("", "label")
        self._text.setObjectName("archive_fetch_text")
        column.addWidget(self._text)
        foot = QHBoxLayout()
        foot.setSpacing(9)
        foot.addStretch(1)
        self.stop = IconButton("archive_fetch_stop", tr("Stop"))
        self.stop.clicked.connect(self.stop_asked)
        self.go_on = IconButton("archive_fetch_go_on", tr("Go on"))
        self.go_on.setToolTip(tr("Fetch what is not here yet"))
        self.go_on.clicked.connect(self.go_on_asked)
        self.open = IconButton("archive_fetch_open", tr("Open"))
        self.open.clicked.connect(self.open_asked)
        for button in (self.stop, self.go_on, self.open):
            foot.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(foot)
        self._may_open = False
        self.hide()

    def show_open(self, shown: bool) -> None:
        """Its way to open what came, where the page's main button does not do the same."""
        self.open.setVisible(shown and self._may_open)

    @property
    def words(self) -> str:
        """What it says, for tests and screen readers."""
        return f"{self._title.whole_text()}. {self._text.text()}"

    def show_running(self, state: JobState, node: str) -> None:
        """A job that fetches."""
        self._mark.set_icon("activity", "acc")
        self._title.setText(tr("Fetching from {name}", name=node))
        left = remaining_text(state.remaining_s)
        text = tr("Stopping") if state.cancel.is_set else said(state.text or "Asking the archive")
        self._text.setText(f"{text}, {left}" if left else text)
        self.bar.setValue(round(1000 * state.fraction))
        self._show("", bar=True, stop=not state.cancel.is_set)

    def show_done(self, brought: Brought) -> None:
        """It ended; what did not come and what the archive had promised is said."""
        words = [tr("%n came now.", "", brought.new)] if brought.known else []
        told = brought.told
        if brought.missing:
            words.append(tr("%n image(s) did not come.", "", brought.missing))
        elif told is not None and told != brought.here:
            words.append(tr("The archive had said {told}; it lists {here}.", told=told, here=brought.here))
        if brought.refused:
            words.append(tr("%n could not be kept.", "", brought.refused))
        is_whole = not brought.missing and not brought.refused and told in (None, brought.here)
        self._end("ok" if is_whole else "warn", tr("%n image(s) (is|are) here", "", brought.here), " ".join(words))
        self._show("ok" if is_whole else "warn", go_on=brought.missing > 0, may_open=brought.here > 0)

    def show_stopped(self, here: int) -> None:
        """A person stopped it."""
        self._end("", tr("Stopped"), tr("%n image(s) (is|are) here and stay(s|).", "", here) if here else "")
        self._show("", go_on=True, may_open=here > 0)

    def show_failed(self, error: TheatrumError, here: int) -> None:
        """It could not go on; what came stays."""
        words = error_text(error)
        kept = tr("%n image(s) (is|are) here and stay(s|).", "", here) if here else ""
        self._end("bad", words.title, " ".join(part for part in (words.text, words.hint, kept) if part))
        self._show("bad", go_on=True, may_open=here > 0)

    def _end(self, state: str, title: str, text: str) -> None:
        self._mark.set_icon(STATE_ICONS.get(state, "circle-x"), state or "t3")
        self._title.setText(title)
        self._text.setText(text)

    def _show(
        self, state: str, *, bar: bool = False, stop: bool = False, go_on: bool = False, may_open: bool = False
    ) -> None:
        set_kind(self, "card", state)
        self._text.setVisible(bool(self._text.text()))
        self.bar.setVisible(bar)
        self.stop.setVisible(stop)
        self.go_on.setVisible(go_on)
        self._may_open = may_open
        self.open.setVisible(may_open)
        self.setAccessibleName(self.words)
        self.show()
