"""The heartbeat as a film: one phase after the other at a rate, without ever holding the window."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.phase_reader import PhaseReader
from viewers.view_state import ViewModel, ViewState

RATE_PER_S, RATES_PER_S = 10.0, (1.0, 30.0)
# the hand's events come in between two pictures, however slow those are
LEAST_PAUSE_MS = 4


class Cine(QObject):
    """`changed`: it plays or pauses now, or at another rate. A phase that is not read yet is waited for, not skipped.

    waits: while it is true the phase stays: what a hand draws belongs to one phase.
    """

    changed = Signal()

    def __init__(
        self,
        reader: PhaseReader,
        view: ViewModel,
        parent: QObject | None = None,
        *,
        waits: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(parent)
        self._reader, self._view, self._waits = reader, view, waits
        self._rate = RATE_PER_S
        self._due_s, self._is_playing = 0.0, False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        view.changed.connect(self._on_view)

    @property
    def is_playing(self) -> bool:
        """True while phases follow one another."""
        return self._is_playing

    @property
    def rate_per_s(self) -> float:
        """Phases a second."""
        return self._rate

    def set_rate(self, rate_per_s: float) -> None:
        """Phases a second."""
        self._rate = min(max(rate_per_s, RATES_PER_S[0]), RATES_PER_S[1])
        self.changed.emit()

    def play(self) -> None:
        """Begin; nothing on a scan of one phase."""
        if self._reader.is_moving and not self.is_playing:
            self._due_s, self._is_playing = time.monotonic(), True
            self._read_ahead()
            self._timer.start(0)
            self.changed.emit()

    def pause(self) -> None:
        """Stay at the phase shown."""
        if self._is_playing:
            self._is_playing = False
            self._timer.stop()
            self.changed.emit()

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def step(self, by: int) -> None:
        """Another phase, on a circle; a film that plays pauses."""
        self.pause()
        count = len(self._reader.labels)
        if count > 1:
            self._reader.show((self._view.state.phase + by) % count)

    def _tick(self) -> None:
        count = len(self._reader.labels)
        if count < 2:
            self.pause()
            return
        following = (self._view.state.phase + 1) % count
        if self._reader.has(following) and not self._waits():
            self._reader.show(following)
        if not self._is_playing:
            # who saw the phase stopped the film
            return
        self._read_ahead()
        now = time.monotonic()
        # a late picture moves the next one, it is not made up for
        self._due_s = max(self._due_s + 1.0 / self._rate, now)
        self._timer.start(max(round(1000 * (self._due_s - now)), LEAST_PAUSE_MS))

    def _read_ahead(self) -> None:
        count, now = len(self._reader.labels), self._view.state.phase
        # the one that is shown stays
        ahead = min(count, self._reader.room) - 1
        self._reader.fetch((now + n) % count for n in range(1, ahead + 1))

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if old.phase != new.phase and not self.is_playing:
            self._reader.fetch_around(new.phase)
