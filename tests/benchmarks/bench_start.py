"""How long `theatrum --help`, `--version` and a wrong option take, as a person feels it: the whole process.

Run it by itself: `python tests/benchmarks/bench_start.py`. Nothing is asserted; the bar is 0.5 s.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
REPEATS = 9
CALLS = (["--help"], ["--version"], ["import", "--help"], ["liver", "--wrong"], ["nonsense"])


def program() -> list[str]:
    """From the sources, or the installed program that THEATRUM_COMMAND names."""
    named = os.environ.get("THEATRUM_COMMAND")
    return [named] if named else [sys.executable, "-m", "app"]


def seconds(arguments: list[str]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    subprocess.run([*program(), *arguments], cwd=PROJECT, capture_output=True, check=False)
    return time.perf_counter() - start


def main() -> None:
    """Print one line a call."""
    for arguments in CALLS:
        times = [seconds(arguments) for _ in range(REPEATS)]
        name = " ".join(arguments)
        print(f"theatrum {name:<16} median {statistics.median(times):.3f} s, slowest {max(times):.3f} s (bar 0.5 s)")


if __name__ == "__main__":
    main()
