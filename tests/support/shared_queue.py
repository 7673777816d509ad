"""One pytest process of several that take their test files from one queue, so that all of them end at about the same time.

`tools/suite_rows.py` starts the processes. Each collects every file that still waits, takes one file after another and tells
what came of it, one line of JSON at a time. A file's tests run in their order in one process, as without a queue.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from itertools import pairwise
from pathlib import Path

import pytest

QUEUE = "THEATRUM_TEST_QUEUE"
TOLD = "THEATRUM_TEST_TOLD"
# a process that has grown beyond this takes no more files: another one goes on with the queue
MOST_MEMORY_MB = 3000


def take(queue: Path) -> str | None:
    """The first file of the queue, which is taken out of it; None where no file is left."""
    with queue.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        first, *others = file.read().splitlines() or [""]
        file.seek(0)
        file.truncate()
        file.write("\n".join(others))
    return first or None


def memory_mb() -> float:
    """What this process holds now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_s() -> float:
    """Seconds of the processors so far, with processes that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class SharedQueue:
    """Runs the tests of the files that it can take, in place of all that were collected."""

    def __init__(self, queue: Path, told: Path) -> None:
        self._queue = queue
        self._told = told
        self._items: dict[str, list[pytest.Item]] = {}

    def _tell(self, **what: object) -> None:
        with self._told.open("a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")

    def _next(self) -> str | None:
        """The next file that has tests; what has none was told of when it was collected."""
        while memory_mb() < MOST_MEMORY_MB and (path := take(self._queue)) is not None:
            self._tell(begin=path)
            if path in self._items:
                return path
            self._tell(end=path, wall_s=0.0, cpu_s=0.0, memory_mb=memory_mb())
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for item in session.items:
            self._items.setdefault(item.nodeid.split("::")[0], []).append(item)
        path = self._next()
        while path is not None:
            tests, wall, cpu = self._items[path], time.monotonic(), cpu_s()
            for item, after in pairwise(tests):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            # known before the last test ends: what the whole process shares stays, what the file shares goes
            following = self._next()
            after = self._items[following][0] if following else None
            tests[-1].config.hook.pytest_runtest_protocol(item=tests[-1], nextitem=after)
            self._tell(end=path, wall_s=time.monotonic() - wall, cpu_s=cpu_s() - cpu, memory_mb=memory_mb())
            path = following
        return True

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._tell(test=nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            outcome = report.outcome if report.when == "call" or report.skipped else "error"
            if hasattr(report, "wasxfail"):
                outcome = f"x{outcome}"
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
            shown = "".join(f"\n--- {title}\n{text}" for title, text in report.sections) if report.failed else ""
            self._tell(id=report.nodeid, outcome=outcome, seconds=report.duration, text=f"{reason}{shown}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped or report.failed:
            outcome = "skipped" if report.skipped else "error"
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
            self._tell(id=report.nodeid, outcome=outcome, seconds=0.0, text=str(reason), collecting=True)


def join(config: pytest.Config) -> None:
    """Take part, where this process was started for a queue."""
    # not for the processes that tests start
    queue, told = os.environ.pop(QUEUE, ""), os.environ.pop(TOLD, "")
    if queue and told:
        config.pluginmanager.register(SharedQueue(Path(queue), Path(told)), "shared_queue")
