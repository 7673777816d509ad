"""Received files reach the disk and their place beside the line that brings them: a partner need not wait for the disk."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

AT_ONCE = 8
"""Files that are written out at the same time: disks take several for little more than the time of one."""
MOST_WAITING = 64
PER_THREAD = 2
"""Files that wait for a thread before another one helps: each handing over costs the line that receives."""
LINGER_S = 0.2
"""How long a thread waits for more before it ends: to begin one costs more than to wake one."""
Ended = Callable[[OSError | None], None]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A file that is written, still open, and where it should lie."""

    file: FileIO
    path: Path
    target: Path
    ended: Ended


@dataclass(slots=True)
class ToDisk:
    """Files on their way from drafts to their places, in threads of its own. Safe to use from several threads."""

    _left: deque[_Draft] = field(default_factory=deque)
    _under_way: set[Path] = field(default_factory=set)
    _threads: int = 0
    _idle: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _came: threading.Condition = field(init=False)
    _ended: threading.Condition = field(init=False)

    def __post_init__(self) -> None:
        self._came, self._ended = threading.Condition(self._lock), threading.Condition(self._lock)

    def take(self, file: FileIO, draft: Path, target: Path, ended: Ended) -> bool:
        """Write an open draft out, close it and put it at its place. Waits where too many wait.

        `ended` is told in another thread. False where another draft for this place is on its way: nothing is done then.
        """
        with self._lock:
            self._ended.wait_for(lambda: len(self._under_way) < MOST_WAITING)
            if target in self._under_way:
                return False
            self._under_way.add(target)
            self._left.append(_Draft(file, draft, target, ended))
            if len(self._left) > PER_THREAD * (self._threads - self._idle):
                if self._idle:
                    self._came.notify()
                elif self._threads < AT_ONCE:
                    self._threads += 1
                    # not a daemon: a program that ends waits for what it answered for
                    threading.Thread(target=self._work, name="to disk").start()
            return True

    def settle(self, target: Path | None = None) -> None:
        """Wait until all that was taken (or this one) is at its place or has failed."""
        with self._lock:
            meant = set(self._under_way) if target is None else {target}
            self._ended.wait_for(lambda: not meant & self._under_way)

    def _next(self) -> _Draft | None:
        with self._lock:
            if not self._left:
                self._idle += 1
                self._came.wait_for(lambda: bool(self._left), LINGER_S)
                self._idle -= 1
            if self._left:
                return self._left.popleft()
            self._threads -= 1
            return None

    def _work(self) -> None:
        while (draft := self._next()) is not None:
            try:
                _placed(draft.file, draft.path, draft.target)
            except OSError as error:
                self._end(draft, error)
            else:
                self._end(draft, None)

    def _end(self, draft: _Draft, error: OSError | None) -> None:
        try:
            draft.ended(error)
        except Exception:
            # whoever is told and fails at it keeps no other object from the disk; it is said as any thread's fault is
            kind, what, trace = sys.exc_info()
            threading.excepthook(threading.ExceptHookArgs((kind, what, trace, threading.current_thread())))
        finally:
            with self._lock:
                self._under_way.discard(draft.target)
                self._ended.notify_all()


def _placed(file: FileIO, draft: Path, target: Path) -> None:
    with file:
        os.fsync(file.fileno())
    os.replace(draft, target)
