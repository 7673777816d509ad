"""How long computations tell how far they are and notice that they should stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Protocol, TypeVar

from planning.errors import Cancelled

ASKED_EVERY_S = 0.1
T = TypeVar("T")


class Progress(Protocol):
    """Told now and then; must be cheap and safe to call from any thread."""

    def __call__(self, fraction: float, text: str = "") -> None:
        """fraction: 0 … 1 of the whole; text: present participle + thing, or empty."""


class CancelToken:
    """Set by one side, asked by the other at every slice, step or iteration."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Ask the work to stop."""
        self._event.set()

    @property
    def is_set(self) -> bool:
        """True once somebody asked to stop."""
        return self._event.is_set()

    def raise_if_set(self) -> None:
        """Raise Cancelled once somebody asked to stop."""
        if self._event.is_set():
            raise Cancelled("stopped")


def stoppable(work: Callable[[], T], cancel: CancelToken | None) -> T:
    """What `work`, which asks nobody whether to go on, returns; run in a thread that is left alone once Cancelled is raised.

    For steps of a second or two inside a library: it ends unheard, so it may change nothing but its own.
    """
    if cancel is None:
        return work()
    cancel.raise_if_set()
    pool = ThreadPoolExecutor(1, "stoppable")
    try:
        answer = pool.submit(work)
        while not wait((answer,), ASKED_EVERY_S).done:
            cancel.raise_if_set()
        return answer.result()
    finally:
        pool.shutdown(wait=False)


def no_progress(fraction: float, text: str = "") -> None:
    """A Progress that tells nobody."""


def part_of(progress: Progress, low: float, high: float) -> Progress:
    """A Progress whose 0 … 1 is `low` … `high` of the whole."""

    def told(fraction: float, text: str = "") -> None:
        progress(low + (high - low) * fraction, text)

    return told


def work_told(whole: float, progress: Progress, cancel: CancelToken | None) -> Callable[[float], None]:
    """Who hears how much work of `whole` is done: tells it on, and raises Cancelled once somebody asked to stop."""

    def told(done: float) -> None:
        if cancel is not None:
            cancel.raise_if_set()
        progress(min(done / whole, 1.0))

    return told
