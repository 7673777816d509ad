"""Two hands for a model: each takes the next work, the longest first. For a large model the second is a process beside.

Loops of Python that ask VTK, and VTK itself, hold the interpreter: two threads of one process would wait for each other.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self

from planning.errors import Cancelled
from planning.first_to_go import be_first_to_go
from planning.interrupts import interrupts_held
from planning.progress import CancelToken, Progress

ASKED_EVERY_S = 0.1
# a second process takes a second to start: what is done sooner than in some seconds is done without
LARGE_VOXELS, LARGE_TRIANGLES = 5_000_000, 400_000


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """work: a function of a module, and what it is given, so that another process can be told both. It may change nothing
    but its own. effort: about how many seconds it takes. words: what it does, for the progress."""

    work: Callable[..., Any]
    given: tuple[Any, ...]
    effort: float
    words: str

    def done(self) -> Any:
        """What the work makes."""
        return self.work(*self.given)


class Hands:
    """Who works at one model. As a context: the second process ends with it."""

    def __init__(self, *, large: bool) -> None:
        self._second: _Second | None = None
        if large and (os.cpu_count() or 1) > 1:
            # one hand is enough where the system gives no more
            with contextlib.suppress(OSError):
                self._second = _Second()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._second is not None:
            self._second.end()

    def all_of(self, jobs: Sequence[Job], progress: Progress, cancel: CancelToken | None) -> list[Any]:
        """What each job makes, in their order. Progress is told in the caller's thread, in their order too.

        Raises what a job raises, and Cancelled, after which these hands do no more.
        """
        if len(jobs) == 1:
            progress(0.0, jobs[0].words)
            return [jobs[0].done()]
        waiting = deque(sorted(range(len(jobs)), key=lambda number: -jobs[number].effort))
        answers: list[Future[Any]] = [Future() for _ in jobs]

        def work(hand: Callable[[Job], Any]) -> None:
            while True:
                try:
                    number = waiting.popleft()
                except IndexError:
                    return
                try:
                    answers[number].set_result(hand(jobs[number]))
                except BaseException as error:
                    answers[number].set_exception(error)

        made = []
        with ThreadPoolExecutor(2) as pool:
            for hand in (Job.done, Job.done if self._second is None else self._second.done):
                pool.submit(work, hand)
            try:
                for number, (job, answer) in enumerate(zip(jobs, answers, strict=True)):
                    progress(number / len(jobs), job.words)
                    made.append(_when_there(answer, cancel))
            except BaseException:
                waiting.clear()
                if self._second is not None:
                    self._second.end()
                raise
        return made


def _when_there(answer: Future[Any], cancel: CancelToken | None) -> Any:
    while not wait((answer,), ASKED_EVERY_S).done:
        if cancel is not None:
            cancel.raise_if_set()
    if cancel is not None:
        cancel.raise_if_set()
    return answer.result()


class _Second:
    """A process that does one job after the other."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process: BaseProcess = context.Process(target=_serve, args=(theirs,), daemon=True, name="theatrum-print")
        with interrupts_held():
            process.start()
        theirs.close()
        self._process, self._pipe, self._ended = process, ours, False

    def done(self, job: Job) -> Any:
        """What a job makes, there; here where that failed or nobody is there any more."""
        try:
            self._pipe.send((job.work, job.given))
            was_made, made = self._pipe.recv()
        except (EOFError, OSError):
            was_made, made = False, None
        if self._ended:
            raise Cancelled("stopped")
        # what it raised there it raises here
        return made if was_made else job.done()

    def end(self) -> None:
        """End it, whatever it does."""
        self._ended = True
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection) -> None:
    """The process: jobs in, what they make out, until the other end is closed."""
    be_first_to_go()
    for number in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    from planning.loading import load_computing

    load_computing()
    with contextlib.suppress(EOFError, OSError):
        while True:
            work, given = pipe.recv()
            try:
                made = (True, work(*given))
            except Exception:
                made = (False, None)
            pipe.send(made)
