"""Received files reach the disk and their place beside the line that brings them: a partner need not wait for the disk."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

AT_ONCE = 8
"""Files that are written out at the same time: disks take several for little more than the time of one."""
MOST_WAITING = 64
PER_THREAD = 2
"""Files that wait for a thread before another one helps: each handing over costs the line that receives."""
Ended = Callable[[OSError | None], None]


@dataclass(slots=True)
class ToDisk:
    """Files on their way from drafts to their places, in threads of its own. Safe to use from several threads."""

    _left: deque[tuple[Path, Path, Ended]] = field(default_factory=deque)
    _under_way: set[Path] = field(default_factory=set)
    _threads: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def take(self, draft: Path, target: Path, ended: Ended) -> bool:
        """Write a draft out, then put it at its place; `ended` is told in another thread. Waits where too many wait.

        False where another draft for this place is on its way.
        """
        with self._changed:
            self._changed.wait_for(lambda: len(self._under_way) < MOST_WAITING)
            if target in self._under_way:
                return False
            self._under_way.add(target)
            self._left.append((draft, target, ended))
            if self._threads < AT_ONCE and len(self._left) > PER_THREAD * self._threads:
                self._threads += 1
                # not a daemon: a program that ends waits for what it answered for
                threading.Thread(target=self._work, name="to disk").start()
            return True

    def settle(self, target: Path | None = None) -> None:
        """Wait until all that was taken (or this one) is at its place or has failed."""
        with self._changed:
            meant = set(self._under_way) if target is None else {target}
            self._changed.wait_for(lambda: not meant & self._under_way)

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._left:
                    self._threads -= 1
                    return
                draft, target, ended = self._left.popleft()
            try:
                _placed(draft, target)
            except OSError as error:
                self._end(target, ended, error)
            else:
                self._end(target, ended, None)

    def _end(self, target: Path, ended: Ended, error: OSError | None) -> None:
        try:
            ended(error)
        finally:
            with self._changed:
                self._under_way.discard(target)
                self._changed.notify_all()


def _placed(draft: Path, target: Path) -> None:
    handle = os.open(draft, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    draft.replace(target)
