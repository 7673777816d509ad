"""From the call of `theatrum gui` to its first frame on the screen, in seconds of the wall and of the processor.

The screen is a private Xvfb whose picture lies in a file: the first frame is there when a tenth of it is not as empty as
before. Warm runs follow one that is not counted; before a cold run the installation's files are put out of the system's
cache, those of no other program. From the sources, or the installed program that THEATRUM_COMMAND names:
`THEATRUM_COMMAND=dist/theatrum/theatrum python tests/benchmarks/bench_first_frame.py`. Nothing is asserted; the bars are
1.0 s warm and 2.5 s cold.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
WIDTH, HEIGHT = 1600, 1000
WARM, COLD = 7, 3
TICKS = os.sysconf("SC_CLK_TCK")
MOST_S = 60.0


def program() -> list[str]:
    """From the sources, or the installed program that THEATRUM_COMMAND names."""
    named = os.environ.get("THEATRUM_COMMAND")
    return [str((PROJECT / named).resolve())] if named else [sys.executable, "-m", "app"]


@contextlib.contextmanager
def screen(folder: Path) -> Iterator[tuple[str, np.ndarray]]:
    """(display, its picture as uint32 (pixels,), which changes as the screen does)."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(folder), "-ac"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    try:
        os.close(writing)
        with os.fdopen(reading) as told:
            display = told.readline().strip()
        with (folder / "Xvfb_screen0").open("rb") as file:
            held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        # an XWD file: the picture is what is left at its end
        yield f":{display}", np.frombuffer(held, np.uint32)[-WIDTH * HEIGHT :]
    finally:
        server.terminate()
        server.wait()


def used_s(group: int) -> float:
    """Seconds of the processor that the processes of a group have used, those that they waited for included."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            row = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(row[2]) == group:
                ticks += sum(map(int, row[11:15]))
    return ticks / TICKS


def first_frame(home: Path) -> tuple[float, float]:
    """(wall, processor) in seconds of one start."""
    with tempfile.TemporaryDirectory() as folder, screen(Path(folder)) as (display, picture):
        empty = picture.copy()
        environment = {**os.environ, "DISPLAY": display, "THEATRUM_HOME": str(home), "QT_QPA_PLATFORM": "xcb"}
        environment.pop("WAYLAND_DISPLAY", None)
        start = time.perf_counter()
        running = subprocess.Popen(
            [*program(), "gui"], cwd=PROJECT, env=environment, start_new_session=True, stderr=subprocess.DEVNULL
        )
        try:
            # every seventh pixel: the looking must not cost what is measured
            while (picture[::7] != empty[::7]).mean() < 0.1:
                if running.poll() is not None or time.perf_counter() - start > MOST_S:
                    raise SystemExit("no frame came")
                time.sleep(0.01)
            return time.perf_counter() - start, used_s(running.pid)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def forget(folder: Path) -> None:
    """Put a folder's files out of the system's cache."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            file = os.open(path, os.O_RDONLY)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)


def tell(name: str, runs: list[tuple[float, float]], bar_s: float) -> None:
    """One line."""
    wall, used = zip(*runs, strict=True)
    print(
        f"{name}: median {statistics.median(wall):.2f} s, least {min(wall):.2f} s (bar {bar_s} s); "
        f"processor median {statistics.median(used):.2f} s, least {min(used):.2f} s"
    )


def main() -> None:
    """Print the warm and the cold start."""
    with tempfile.TemporaryDirectory() as home:
        first_frame(Path(home))
        tell("first frame, warm", [first_frame(Path(home)) for _ in range(WARM)], 1.0)
        if "THEATRUM_COMMAND" not in os.environ:
            return
        runs = []
        for _ in range(COLD):
            forget(Path(program()[0]).parent)
            runs.append(first_frame(Path(home)))
        tell("first frame, cold", runs, 2.5)


if __name__ == "__main__":
    main()
