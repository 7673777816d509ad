"""The whole suite in several rows at once: `tools/test.sh` without arguments.

Files with windows and files without wait in two queues, those that take longest first. Each row is one pytest process
after another, windows never beside tests without them in one process, each with a screen of its own; a row takes the next
file whenever it is done with one, so that all rows end together. What a crash leaves is taken by a new process.

THEATRUM_TEST_ROWS=2 asks for so many rows; otherwise there is one more than processors, because tests also wait.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUEUES = {"windows": ("gui", "golden"), "plain": ("integration", "hostile", "property", "unit")}
LONGEST = ROOT / "tests" / "longest_first.txt"
MOST_ROWS = 5
# a row may grow to 4 GB with what it starts
ROW_GB = 4.0
SLOWEST = 12
LOG_LINES = 60
# a process that tells nothing for so long hangs; no test takes half of it, also beside much other work
MOST_SILENCE_S = 900.0
# a row whose processes end so many times before any file leaves the queue to the others
MOST_STARTS = 3


def files_of(folders: tuple[str, ...]) -> list[str]:
    """All test files of these folders of tests/: first those that take longest, then by name."""
    longest = LONGEST.read_text(encoding="utf-8").split()
    found = sorted(
        path.relative_to(ROOT).as_posix() for folder in folders for path in (ROOT / "tests" / folder).rglob("test_*.py")
    )
    return sorted(found, key=lambda name: longest.index(name) if name in longest else len(longest))


def row_count() -> int:
    """One more row than processors, as long as memory allows."""
    asked = os.environ.get("THEATRUM_TEST_ROWS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, min(cores + 1, MOST_ROWS, int(memory_gb / ROW_GB)))


@dataclass
class Result:
    """What all rows told so far."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    skips: Counter[str] = field(default_factory=Counter)
    wall_s: dict[str, float] = field(default_factory=dict)
    crashes: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def _say(text: str) -> None:
    print(text, flush=True)


def _hear(line: str, result: Result, at: dict[str, str], counts: dict[str, Counter[str]]) -> None:
    """One line that a process told: `at` is where it is, `counts` what came of each file."""
    told = json.loads(line)
    if "begin" in told:
        at["file"] = told["begin"]
    elif "test" in told:
        at["test"] = told["test"]
    elif "end" in told:
        name = told["end"]
        what = ", ".join(f"{n} {outcome}" for outcome, n in sorted(counts.get(name, Counter()).items())) or "no tests"
        result.wall_s[name] = told["wall_s"]
        _say(f"{name}  {what}  {told['wall_s']:.0f} s, {told['cpu_s']:.0f} s of processor, {told['memory_mb']:.0f} MB")
    elif told.get("collecting"):
        # each process of a queue collects the same files
        if told["outcome"] == "skipped":
            result.skips[told["text"]] = 1
        elif told["id"] not in result.failures:
            _count(told, result)
    else:
        counts.setdefault(told["id"].split("::")[0], Counter())[told["outcome"]] += 1
        _count(told, result)


def _count(told: dict[str, str], result: Result) -> None:
    name, outcome = told["id"], told["outcome"]
    result.counts[outcome] += 1
    if outcome in ("failed", "error"):
        result.failures[name] = told["text"]
        _say(f"{outcome.upper()} {name}")
    elif outcome == "skipped":
        result.skips[told["text"]] += 1


class Row:
    """One pytest process after another until no queue has a file left."""

    def __init__(self, number: int, order: tuple[str, ...], folder: Path, root: Path, result: Result) -> None:
        self._number, self._order, self._folder, self._root, self._result = number, order, folder, root, result
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self.thread = threading.Thread(target=self._run)

    def stop(self) -> None:
        """End this row's process with its screen."""
        self._stopped = True
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)

    def _run(self) -> None:
        for queue in self._order:
            path = self._folder / queue
            count = failed_starts = 0
            while not self._stopped and failed_starts < MOST_STARTS and (waiting := path.read_text(encoding="utf-8")):
                count += 1
                began = self._process_of(queue, waiting.split(), self._folder / f"{queue}_{self._number}_{count}")
                failed_starts = 0 if began else failed_starts + 1

    def _process_of(self, queue: str, files: list[str], base: Path) -> bool:
        """One process; whether it came as far as a file."""
        told, log = base.with_suffix(".told"), base.with_suffix(".log")
        told.touch()
        # rows share few processors: more threads would only stand in each other's way
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "LP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
        environment |= {"THEATRUM_TEST_QUEUE": str(self._folder / queue), "THEATRUM_TEST_TOLD": str(told)}
        command = [
            sys.executable,
            "-X",
            "faulthandler",
            "-m",
            "pytest",
            "-q",
            "--continue-on-collection-errors",
            *files,
        ]
        if queue == "windows":
            environment.pop("WAYLAND_DISPLAY", None)
            if shutil.which("xvfb-run"):
                # a screen of the size that the pictures are made for; rows look for a free one in different places
                first = str(100 + 20 * self._number)
                command = ["xvfb-run", "-a", "-n", first, "-s", "-screen 0 2600x1700x24", *command]
            else:
                environment["QT_QPA_PLATFORM"] = "offscreen"
        at: dict[str, str] = {}
        counts: dict[str, Counter[str]] = {}
        with log.open("wb") as out, told.open(encoding="utf-8") as heard:
            self._process = subprocess.Popen(
                command,
                cwd=self._root,
                env=environment,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            unfinished, heard_at = "", time.monotonic()
            while True:
                ended = self._process.poll() is not None
                unfinished += heard.read()
                *lines, unfinished = unfinished.split("\n")
                with self._result.lock:
                    for line in lines:
                        _hear(line, self._result, at, counts)
                if ended:
                    break
                heard_at = time.monotonic() if lines else heard_at
                if time.monotonic() - heard_at > MOST_SILENCE_S:
                    # faulthandler writes where it stands
                    os.killpg(self._process.pid, signal.SIGABRT)
                    heard_at = time.monotonic()
                time.sleep(0.3)
        code, began = self._process.returncode, bool(at)
        # 5: nothing was left to take
        if self._stopped or code in (0, 5) or (code == 1 and self._result.failures):
            return began
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:])
        where = at.get("test", "before its first test")
        with self._result.lock:
            self._result.crashes.append(f"A process ended with {code}, {where}\n{tail}")
            _say(f"CRASH {where}")
        return began


def _tell_the_end(result: Result, asked: list[str], seconds: float) -> bool:
    """The summary; whether all is well."""
    for name, text in result.failures.items():
        _say(f"\n==== {name}\n{text}")
    for text in result.crashes:
        _say(f"\n==== {text}")
    untold = [name for name in asked if name not in result.wall_s]
    if result.skips:
        _say("\nSkipped: " + "; ".join(f"{reason} ({count})" for reason, count in result.skips.items()))
    slowest = sorted(result.wall_s.items(), key=lambda item: -item[1])[:SLOWEST]
    _say("\nLongest: " + ", ".join(f"{Path(name).stem} {wall:.0f} s" for name, wall in slowest))
    for name in (*result.failures, *(f"{name} (not finished)" for name in untold)):
        _say(f"FAILED {name}")
    what = ", ".join(f"{count} {outcome}" for outcome, count in sorted(result.counts.items()))
    times = os.times()
    cpu = times.children_user + times.children_system
    _say(f"{what} in {seconds / 60:.1f} min, {cpu / 60:.1f} min of processor for {len(result.wall_s)} files")
    return not (result.failures or result.crashes or untold)


def run(queues: dict[str, list[str]], rows: int, root: Path = ROOT) -> bool:
    """Run these files, the first queue's with windows; whether every test of every file passed or was skipped."""
    started = time.monotonic()
    result = Result()
    folder = Path(tempfile.mkdtemp(prefix="theatrum-rows-"))
    for queue, names in queues.items():
        (folder / queue).write_text("\n".join(names), encoding="utf-8")
    windows, plain = queues
    # the last row does first what has no windows; each helps with the other queue when its own is empty
    orders = [(windows, plain)] * (rows - 1) + [(plain, windows)]
    asked = [name for names in queues.values() for name in names]
    _say(f"{len(asked)} files in {rows} rows")
    made = [Row(number, order, folder, root, result) for number, order in enumerate(orders)]
    try:
        for row in made:
            row.thread.start()
        for row in made:
            row.thread.join()
    finally:
        for row in made:
            row.stop()
        for row in made:
            if row.thread.ident is not None:
                row.thread.join()
        shutil.rmtree(folder, ignore_errors=True)
    return _tell_the_end(result, asked, time.monotonic() - started)


def main() -> int:
    """The whole suite."""
    return 0 if run({queue: files_of(folders) for queue, folders in QUEUES.items()}, row_count()) else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
