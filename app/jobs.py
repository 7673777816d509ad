"""Work that takes longer than a moment: in threads, with progress, cancel and a list that a person can read.

`Job.work` runs outside the GUI thread, touches no document and returns a value; `done` gets it on the GUI thread. A
newer job of the same key makes an older one's answer stale: it is dropped.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal

from app.i18n import mark, tr
from planning.errors import Cancelled, TheatrumError
from planning.files.place import system_refusal
from planning.loading import load_computing
from planning.progress import CancelToken, Progress

logger = logging.getLogger(__name__)

AT_ONCE = 2
KEPT = 20
UNEXPECTED = mark("This stopped unexpectedly. Nothing was changed")
Status = Literal["waiting", "running", "done", "failed", "cancelled"]


def _nothing(value: Any) -> None:
    """What a job without an answer does with it."""


def _nobody() -> None:
    """Who is told that a job was stopped, where nobody asked."""


def _ended_work(progress: Progress, cancel: CancelToken) -> None:
    """What is left of a job's work when it has ended."""


def _without_places(error: BaseException) -> None:
    """Let go of where an error and those that it came of were raised: these places hold what they worked on."""
    one: BaseException | None = error
    while one is not None:
        one.with_traceback(None)
        one = one.__cause__ or one.__context__


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Job:
    """One piece of work. key: jobs of one key replace each other. title: "Finding the iliac arteries".

    still_wanted: asked on the GUI thread before `done`; False drops the answer (its inputs changed meanwhile).
    dropped: gets an answer that nobody wants any more, where it holds something open. stopped: called where neither `done`
    nor `failed` is: a person stopped it, or nobody wants it any more.
    quiet: not shown in the strip unless it fails (previews that follow the hand). expected_s: what it took before on this
    computer, None where that is not known. computes: with the large libraries, which are there when `work` begins.
    of_case: it is stopped when the open case is closed. by_hand: its answer makes a step of the case that a hand drew and
    nothing else keeps, so that closing asks about it although it is quiet.
    """

    key: str
    title: str
    work: Callable[[Progress, CancelToken], Any]
    done: Callable[[Any], None] = _nothing
    failed: Callable[[TheatrumError], None] | None = None
    still_wanted: Callable[[], bool] = lambda: True
    dropped: Callable[[Any], None] = _nothing
    stopped: Callable[[], None] = _nobody
    subject: str = ""
    quiet: bool = False
    expected_s: float | None = None
    computes: bool = True
    of_case: bool = True
    by_hand: bool = False

    def without_work(self) -> Job:
        """What the list still tells of a job that has ended: its functions hold volumes, and the case it was for."""
        return replace(
            self,
            work=_ended_work,
            done=_nothing,
            failed=None,
            still_wanted=lambda: False,
            dropped=_nothing,
            stopped=_nobody,
        )


@dataclass(slots=True, eq=False)
class JobState:
    """How a job is doing; changed by the runner only."""

    job: Job
    number: int
    status: Status = "waiting"
    fraction: float = 0.0
    text: str = ""
    started: float = 0.0
    ended: float = 0.0
    error: TheatrumError | None = None
    cancel: CancelToken = field(default_factory=CancelToken)

    @property
    def title(self) -> str:
        """What it is doing now, or is about to do; whoever asked it to stop, it only ends."""
        if self.cancel.is_set and self.status in ("waiting", "running"):
            return tr("Stopping")
        return self.text or self.job.title

    @property
    def remaining_s(self) -> float | None:
        """Estimated seconds left: of what it took before, else by its progress; None while there is nothing to go by."""
        taken = time.monotonic() - self.started
        if self.status != "running":
            return None
        if self.job.expected_s is not None and taken < self.job.expected_s:
            return self.job.expected_s - taken
        if taken < 2.0 or self.fraction < 0.02:
            return None
        return taken * (1.0 - self.fraction) / self.fraction


class JobRunner(QObject):
    """Runs jobs, two at once. `changed` after every step of any job; all signals come on the GUI thread."""

    changed = Signal()
    finished = Signal(object)
    # a person asked this one to stop; it may go on for a moment
    stopped = Signal(object)
    _told = Signal(object, float, str)
    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="theatrum-job")
        self._states: list[JobState] = []
        self._count = 0
        self._is_shut = False
        self._last_told: dict[int, float] = {}
        self._futures: dict[int, Future[None]] = {}
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def states(self) -> tuple[JobState, ...]:
        """All jobs that are shown, oldest first."""
        return tuple(self._states)

    @property
    def active(self) -> tuple[JobState, ...]:
        """Jobs that run or wait, the quiet ones too."""
        return tuple(state for state in self._states if state.status in ("waiting", "running"))

    def submit(self, job: Job) -> JobState:
        """Start a job; an unfinished one of the same key is cancelled."""
        for state in self.active:
            if state.job.key == job.key:
                state.cancel.set()
        self._count += 1
        state = JobState(job, self._count)
        if self._is_shut:
            # a timer of a window that is closing may still ask: nothing will answer
            state.cancel.set()
            return state
        self._states = [*self._states, state][-KEPT - len(self.active) :]
        self._futures[state.number] = self._pool.submit(self._run, state)
        self.changed.emit()
        return state

    def cancel(self, state: JobState) -> None:
        """Ask a job to stop; its answer will not be used."""
        state.cancel.set()
        self.changed.emit()
        self.stopped.emit(state)
        future = self._futures.get(state.number)
        if state.status == "waiting" and future is not None and future.cancel():
            # nothing runs that could tell its end
            self._on_ended(state, None, Cancelled("stopped"))

    def cancel_all(self) -> None:
        """Ask every job to stop."""
        for state in self.active:
            state.cancel.set()

    def forget(self, state: JobState) -> None:
        """Take an ended job off the list."""
        self._states = [other for other in self._states if other is not state or state in self.active]
        self.changed.emit()

    def shutdown(self) -> None:
        """Stop all jobs and wait for their threads."""
        self._is_shut = True
        self.cancel_all()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, state: JobState) -> None:
        def progress(fraction: float, text: str = "") -> None:
            now = time.monotonic()
            last = self._last_told.get(state.number, 0.0)
            # a slice-by-slice loop may tell thousands of times a second; the eye needs twenty
            if now - last > 0.05 or fraction >= 1.0:
                self._last_told[state.number] = now
                self._told.emit(state, fraction, text)

        try:
            state.cancel.raise_if_set()
            state.started = time.monotonic()
            state.status = "running"
            self._told.emit(state, 0.0, "")
            if state.job.computes:
                load_computing()
            value = state.job.work(progress, state.cancel)
        except Cancelled:
            self._ended.emit(state, None, Cancelled("stopped"))
        except TheatrumError as error:
            self._ended.emit(state, None, error)
        except OSError as error:
            refused = system_refusal(error)
            if refused is None:
                logger.exception("the job %s stopped unexpectedly", state.job.key)
            self._ended.emit(state, None, refused or TheatrumError(UNEXPECTED))
        except Exception:
            # the job border: a bug is logged with its place and told in plain words
            logger.exception("the job %s stopped unexpectedly", state.job.key)
            self._ended.emit(state, None, TheatrumError(UNEXPECTED))
        else:
            self._ended.emit(state, value, None)

    def _on_told(self, state: JobState, fraction: float, text: str) -> None:
        if state.status != "running" or state.cancel.is_set:
            return
        state.fraction = max(state.fraction, min(fraction, 1.0))
        state.text = text
        self.changed.emit()

    def _on_ended(self, state: JobState, value: Any, error: TheatrumError | None) -> None:
        state.ended = time.monotonic()
        self._last_told.pop(state.number, None)
        self._futures.pop(state.number, None)
        state.text = ""
        newest = max(other.number for other in (*self._states, state) if other.job.key == state.job.key)
        stale = newest != state.number or state.cancel.is_set or not state.job.still_wanted()
        if isinstance(error, Cancelled) or stale:
            state.status = "cancelled"
            if value is not None:
                state.job.dropped(value)
            state.job.stopped()
        elif error is not None:
            state.status, state.error = "failed", error
            if state.job.failed is not None:
                state.job.failed(error)
        else:
            state.status, state.fraction = "done", 1.0
            state.job.done(value)
        state.job = state.job.without_work()
        if error is not None:
            _without_places(error)
        if state.job.quiet and state.status in ("done", "cancelled"):
            self._states = [other for other in self._states if other is not state]
        self.finished.emit(state)
        self.changed.emit()
