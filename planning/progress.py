"""How long computations tell how far they are and notice that they should stop."""

from __future__ import annotations

import threading
from typing import Protocol

from planning.errors import Cancelled


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


def no_progress(fraction: float, text: str = "") -> None:
    """A Progress that tells nobody."""


def part_of(progress: Progress, low: float, high: float) -> Progress:
    """A Progress whose 0 … 1 is `low` … `high` of the whole."""

    def told(fraction: float, text: str = "") -> None:
        progress(low + (high - low) * fraction, text)

    return told
