"""Runs mutated inputs against one parser in forked children with limits, and counts what becomes of them.

A parser that the program runs in a disposable child may die there: such an input is given to the whole road again, and
only what that does counts. Everything follows from the seed's number, so a find can be made again.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import random
import resource
import select
import shutil
import signal
import struct
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planning.errors import TheatrumError

# of the processor, children included; and by the clock, for what waits, on a machine that has other work too
HANG_S, SILENT_S = 10, 60
ROOM_BYTES = 3 << 30
BATCH = 400
LENGTH = struct.Struct("<I")


class Wrong(AssertionError):
    """A parser accepted an input and made something wrong of it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parser. make: the inputs that are true. change: a mutated one. run: reads `content`, may write into the folder;
    raises a TheatrumError for what it refuses, Wrong for what must not be. road: the program's own way to it, where that
    is a disposable child; None where the parser runs in the program itself. prepare: loads what it needs, once."""

    name: str
    what: str
    make: Callable[[Path], list[bytes]]
    change: Callable[[Sequence[bytes], random.Random], bytes]
    run: Callable[[bytes, Path], Any]
    road: Callable[[bytes, Path], Any] | None = None
    prepare: Callable[[], Any] = lambda: None


@dataclass(slots=True)
class Outcome:
    """What became of the inputs of one target."""

    name: str
    what: str
    inputs: int = 0
    refused: int = 0
    accepted: int = 0
    contained: int = 0
    """Ended the disposable child, and the program said so in one line."""
    crashed: int = 0
    hung: int = 0
    half_written: int = 0
    wrong: int = 0
    peak_mb: int = 0
    slowest_s: float = 0.0
    finds: list[tuple[str, bytes]] = field(default_factory=list)
    """(what happened, the input), one of each kind."""

    @property
    def faults(self) -> int:
        """How many inputs brought about what must not be."""
        return self.crashed + self.hung + self.half_written + self.wrong


def input_of(target: Target, seeds: Sequence[bytes], seed: int, number: int) -> bytes:
    """The input of this number: the same for the same seed."""
    dice = random.Random(f"{target.name} {seed} {number}")
    return target.change(seeds, dice)


def fuzz(target: Target, seconds: float, seed: int = 0, most: int = 1 << 30) -> Outcome:
    """Mutated inputs for that many seconds, or that many of them."""
    outcome = Outcome(target.name, target.what)
    with tempfile.TemporaryDirectory(prefix="theatrum-fuzz-") as folder:
        target.prepare()
        seeds = target.make(Path(folder) / "seeds")
        until = time.monotonic() + seconds
        seen: set[str] = set()
        at = 0
        while time.monotonic() < until and at < most:
            at = _batch(target, seeds, seed, at, min(most, at + BATCH), until, outcome, seen, Path(folder))
    return outcome


def judge(target: Target, content: bytes, folder: Path) -> tuple[str, str]:
    """("accepted" | "refused" | "contained" | a fault, what was said) of one input on the program's own road."""
    into = Path(tempfile.mkdtemp(prefix="road-", dir=folder))
    begun, used = time.monotonic(), _processor_s()
    try:
        (target.road or target.run)(content, into)
        kind, said = "accepted", ""
    except TheatrumError as error:
        kind, said = ("refused", str(error)) if "\n" not in str(error) else ("crashed", f"several lines: {error}")
        if any(into.iterdir()):
            kind, said = "half_written", ", ".join(sorted(path.name for path in into.iterdir()))
    except Wrong as error:
        kind, said = "wrong", str(error)
    except MemoryError as error:
        kind, said = "crashed", _place(error)
    except Exception as error:
        kind, said = "crashed", _place(error)
    finally:
        shutil.rmtree(into, ignore_errors=True)
    is_hung = _processor_s() - used > HANG_S or time.monotonic() - begun > SILENT_S
    return ("hung", said) if is_hung else (kind, said)


def _processor_s() -> float:
    told = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in told)


def _place(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in last if "/planning/" in frame.filename or "/inference/" in frame.filename] or last
    at = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
    return f"{type(error).__name__} at {at}: {str(error)[:120]}"


def _batch(
    target: Target,
    seeds: Sequence[bytes],
    seed: int,
    first: int,
    last: int,
    until: float,
    outcome: Outcome,
    seen: set[str],
    folder: Path,
) -> int:
    """Inputs first to last in one child. Answers the number of the next input."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(target, seeds, seed, first, last, until, writing, folder)
        os._exit(0)
    os.close(writing)
    at, death = first, ""
    try:
        while True:
            message = _message(reading, SILENT_S + 5.0)
            if message is None:
                # it neither answers nor ends; or it died at this input
                death = _end(child)
                break
            if message[0] == "end":
                outcome.peak_mb = max(outcome.peak_mb, message[1])
                _end(child)
                return at
            kind, said, took = message[1:]
            _count(target, seeds, seed, at, kind, said, took, outcome, seen, folder)
            at += 1
    finally:
        os.close(reading)
    kind = "hung" if death in ("SIGALRM", "silent") else "died"
    _count(target, seeds, seed, at, kind, death, 0.0, outcome, seen, folder)
    return at + 1


def _message(reading: int, within_s: float) -> tuple[Any, ...] | None:
    until = time.monotonic() + within_s
    need, got = LENGTH.size, b""
    length = None
    while True:
        if not select.select([reading], [], [], max(0.0, until - time.monotonic()))[0]:
            return None
        part = os.read(reading, need - len(got))
        if not part:
            return None
        got += part
        if len(got) == need and length is None:
            length, got = LENGTH.unpack(got)[0], b""
            need = length
        if length is not None and len(got) == need:
            message: tuple[Any, ...] = pickle.loads(got)
            return message


def _end(child: int) -> str:
    for _ in range(20):
        gone, status = os.waitpid(child, os.WNOHANG)
        if gone:
            if os.WIFSIGNALED(status):
                return signal.Signals(os.WTERMSIG(status)).name
            return f"exit {os.WEXITSTATUS(status)}"
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "silent"


def _count(
    target: Target,
    seeds: Sequence[bytes],
    seed: int,
    number: int,
    kind: str,
    said: str,
    took: float,
    outcome: Outcome,
    seen: set[str],
    folder: Path,
) -> None:
    outcome.inputs += 1
    outcome.slowest_s = max(outcome.slowest_s, took)
    if kind in ("crashed", "died") and target.road is not None:
        # one of a kind shows what the whole road says of all of them
        key = f"{kind} {said.split(':')[0:2]}"
        if key not in seen:
            seen.add(key)
            content = input_of(target, seeds, seed, number)
            judged, words = judge(target, content, folder)
            outcome.finds.append((f"{kind} in its child ({said}), on the road {judged} ({words})", content))
            kind = judged if judged not in ("refused", "accepted") else "contained"
        else:
            kind = "contained"
        if kind == "contained":
            outcome.contained += 1
            return
    if kind == "died":
        kind = "crashed"
    setattr(outcome, kind, getattr(outcome, kind) + 1)
    key = f"{kind} {said.split(': ')[0]}"
    if kind not in ("refused", "accepted") and key not in seen:
        seen.add(key)
        outcome.finds.append((f"{kind}: {said}", input_of(target, seeds, seed, number)))


def _work(
    target: Target, seeds: Sequence[bytes], seed: int, first: int, last: int, until: float, writing: int, folder: Path
) -> None:
    """The child: a line of output, a limit or a death are its own."""
    faulthandler.disable()
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    size = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + ROOM_BYTES, size + ROOM_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tempfile.tempdir = str(folder)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    quick = Target(target.name, target.what, target.make, target.change, target.run)
    for number in range(first, last):
        if time.monotonic() > until:
            break
        content = input_of(target, seeds, seed, number)
        begun = _processor_s()
        signal.alarm(SILENT_S)
        kind, said = judge(quick, content, folder)
        signal.alarm(0)
        if kind == "crashed" and said.startswith("MemoryError") and target.road is not None:
            # the disposable child answers this itself
            kind = "refused"
        _tell(writing, ("input", kind, said, _processor_s() - begun))
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    _tell(writing, ("end", max(0, peak)))


def _tell(writing: int, message: tuple[Any, ...]) -> None:
    raw = pickle.dumps(message)
    os.write(writing, LENGTH.pack(len(raw)) + raw)


HEADINGS = ("target", "inputs", "refused", "accepted", "contained", "crash", "hang", "half-written", "wrong", "MB", "s")


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as a table in Markdown, with their sums."""
    total = Outcome("**all**", "")
    for one in outcomes:
        for name in ("inputs", "refused", "accepted", "contained", "crashed", "hung", "half_written", "wrong"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
        total.peak_mb, total.slowest_s = max(total.peak_mb, one.peak_mb), max(total.slowest_s, one.slowest_s)
    rows = [HEADINGS, tuple("---" for _ in HEADINGS)]
    for one in (*outcomes, total):
        counts = (one.inputs, one.refused, one.accepted, one.contained, one.crashed, one.hung, one.half_written)
        rows.append((one.name, *map(str, (*counts, one.wrong, one.peak_mb)), f"{one.slowest_s:.1f}"))
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEADINGS))]
    return "\n".join("| " + " | ".join(cell.ljust(widths[n]) for n, cell in enumerate(row)) + " |" for row in rows)
