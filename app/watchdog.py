"""Turns of the event loop that held the window for longer than a hand notices: which, for how long, and what ran.

For tests, benchmarks and people who look for a hitch (THEATRUM_WATCHDOG=1): not part of an ordinary start. A timer beats
every few milliseconds; processor time of the GUI thread between two beats is one turn. While a beat is late, an interval
timer of the system asks the GUI thread itself what it runs, so that a slow turn is listed with the line of ours that it
spent its time in. (Another thread that reads the frames of a running one brings Python 3.11 down.)
"""

from __future__ import annotations

import dis
import logging
import signal
import threading
import time
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer

logger = logging.getLogger(__name__)

LIMIT_MS = 32.0
BEAT_MS = 4
# the turn is looked at from here on, and then this often: earlier looks would only cost
LATE_S, LOOK_S = 0.014, 0.006
OURS = ("app", "viewers", "planning", "inference")
WINDOW = "app"
# the loop itself, and what only hands an event on
PASSED_ON = ("app.launch", "app.watchdog", "app.window_states")
# what a function's code begins with
BEGINS = frozenset(dis.opmap[name] for name in ("RESUME",) if name in dis.opmap)
UNKNOWN = "Qt's own work"


@dataclass(frozen=True, slots=True)
class SlowTurn:
    """A turn over the limit. cpu_ms: of the GUI thread; wall_ms: by the clock; where: "module.function:line" or UNKNOWN."""

    cpu_ms: float
    wall_ms: float
    where: str


class Watchdog(QObject):
    """Watches the thread that makes it, until `stop`. Use as a context manager; `turns` holds what was slow."""

    def __init__(self, limit_ms: float = LIMIT_MS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.turns: list[SlowTurn] = []
        self.beats = 0
        self._limit_ms = limit_ms
        # where the time of this turn went, and up to when that is known
        self._seen: dict[str, float] = {}
        self._seen_to = time.thread_time()
        self._wall, self._cpu = time.perf_counter(), time.thread_time()
        self._looks = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        self._before: Any = None
        if self._looks:
            self._before = signal.signal(signal.SIGALRM, self._look)
            signal.siginterrupt(signal.SIGALRM, False)
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._on_beat)
        self._beat.start()

    def __enter__(self) -> Watchdog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """No more watching; what was seen stays."""
        self._beat.stop()
        if self._looks:
            self._looks = False
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, self._before)

    def by_place(self) -> list[tuple[str, int, float, float]]:
        """(where, how many slow turns, their median CPU ms, their greatest), the most time first."""
        places: dict[str, list[float]] = {}
        for turn in self.turns:
            places.setdefault(turn.where, []).append(turn.cpu_ms)
        rows = [(where, len(spent), sorted(spent)[len(spent) // 2], max(spent)) for where, spent in places.items()]
        return sorted(rows, key=lambda row: -row[1] * row[2])

    def _on_beat(self) -> None:
        if self._looks:
            signal.setitimer(signal.ITIMER_REAL, LATE_S, LOOK_S)
        wall, cpu = time.perf_counter(), time.thread_time()
        self.beats += 1
        cpu_ms, wall_ms = 1000.0 * (cpu - self._cpu), 1000.0 * (wall - self._wall)
        self._wall, self._cpu = wall, cpu
        seen, self._seen, self._seen_to = self._seen, {}, cpu
        if cpu_ms <= self._limit_ms:
            return
        where = max(seen, key=lambda place: seen[place]) if seen else UNKNOWN
        self.turns.append(SlowTurn(cpu_ms, wall_ms, where))
        logger.warning("a turn of the event loop took %.0f ms (%.0f ms by the clock): %s", cpu_ms, wall_ms, where)

    def _look(self, number: int, frame: FrameType | None) -> None:
        # a look waits until Qt or numpy give the word back to Python: all that passed meanwhile is of this place
        now = time.thread_time()
        place = _our_place(frame) or UNKNOWN
        self._seen[place] = self._seen.get(place, 0.0) + now - self._seen_to
        self._seen_to = now


def _our_place(frame: FrameType | None) -> str:
    """The innermost function of ours that runs, and which part of the window it runs for; "" while the loop only waits."""
    if frame is not None and frame.f_code.co_code[frame.f_lasti] in BEGINS:
        # it is just being called: what passed until now was its caller's
        frame = frame.f_back
    ours: list[tuple[str, str, int]] = []
    while frame is not None and (not ours or ours[-1][0] != WINDOW):
        module = str(frame.f_globals.get("__name__", ""))
        package = module.split(".")[0]
        if package in OURS and module not in PASSED_ON:
            ours.append((package, f"{module}.{frame.f_code.co_qualname}", frame.f_lineno))
        frame = frame.f_back
    if not ours:
        return ""
    place = f"{ours[0][1]}:{ours[0][2]}"
    return f"{place} for {ours[-1][1]}" if len(ours) > 1 and ours[-1][0] == WINDOW else place
