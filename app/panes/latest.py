"""Work that follows the hand: one quiet job at a time, and always with what was asked last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.jobs import Job, JobRunner
from planning.errors import TheatrumError
from planning.progress import CancelToken, Progress

Work = Callable[[Progress, CancelToken], Any]


class LatestJob:
    """A newer question waits for the running one and replaces any that waits."""

    def __init__(self, jobs: JobRunner, key: str, title: str, done: Callable[[Any], None]) -> None:
        self._jobs, self._key, self._title, self._done = jobs, key, title, done
        self._is_running = False
        self._next: Work | None = None

    @property
    def is_busy(self) -> bool:
        """True while an answer is still to come."""
        return self._is_running or self._next is not None

    def ask(self, work: Work) -> None:
        """Do this as soon as the running work is done."""
        if self._is_running:
            self._next = work
            return
        self._is_running = True
        self._jobs.submit(
            Job(key=self._key, title=self._title, work=work, done=self._answer, failed=self._fail, quiet=True)
        )

    def _answer(self, value: Any) -> None:
        self._go_on()
        self._done(value)

    def _fail(self, error: TheatrumError) -> None:
        # what cannot be drawn at a place on the way is no failure of the person's
        self._go_on()

    def _go_on(self) -> None:
        self._is_running = False
        if self._next is not None:
            following, self._next = self._next, None
            self.ask(following)
