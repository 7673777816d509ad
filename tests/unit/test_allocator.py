"""Freed memory goes back to the system, whichever thread it was asked by. In a process of its own: told once, it stays."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's allocator")

CHILD = """
import threading
from pathlib import Path
import numpy as np
from app.allocator import give_back, keep_picture_memory

def resident_mb():
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024

keep_picture_memory()
before = resident_mb()
{work}
print(resident_mb() - before)
"""
# threads stay, as those of jobs do: the heap of one that ended would be another's
THREADS = """
done, leave = threading.Barrier(7), threading.Event()

def work():
    blocks = [np.ones(600_000, dtype=np.uint8) for _ in range(40)]
    del blocks
    done.wait()
    leave.wait()

threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads:
    thread.start()
done.wait()
print(resident_mb() - before)
leave.set()
for thread in threads:
    thread.join()
"""
# what lies before something that stays is not given back by itself
BETWEEN = """
blocks = [np.ones(1_000_000, dtype=np.uint8) for _ in range(100)]
del blocks[:-1]
print(resident_mb() - before)
give_back()
"""
# a large array that finds room in the heap leaves the wish for huge pages there
HUGE = """
def huge_parts():
    parts, name = 0, ""
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        if "-" in line.split()[0]:
            name = line.split()[-1]
        elif line.startswith("VmFlags") and name == "[heap]":
            parts += "hg" in line.split()
    return parts

blocks = [np.ones(1_000_000, dtype=np.uint8) for _ in range(100)]
del blocks[:-1]
large = np.ones(30_000_000, dtype=np.uint8)
del large
print(huge_parts())
give_back()
print(huge_parts())
"""
# what numpy gets huge pages for is no part of the heap: one freed between others that stay goes back unasked
LARGE = """
held = [np.ones(5_000_000, dtype=np.uint8) for _ in range(40)]
print(resident_mb() - before)
del held[:-1]
"""


def _told_mb(work: str) -> list[float]:
    run = [sys.executable, "-c", CHILD.format(work=work)]
    return [float(line) for line in subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()]


def test_threads_do_not_keep_a_heap_each() -> None:
    assert _told_mb(THREADS)[0] < 45


def test_what_lies_between_goes_back_when_asked_for() -> None:
    held, after = _told_mb(BETWEEN)
    assert held > 80
    assert after < 10


def test_large_arrays_go_back_unasked() -> None:
    held, after = _told_mb(LARGE)
    assert held > 150
    assert after < 20


def test_the_heap_is_of_small_pages_again() -> None:
    wished, after, _ = _told_mb(HUGE)
    if not wished:
        pytest.skip("no huge pages are asked for on this system")
    assert after == 0
