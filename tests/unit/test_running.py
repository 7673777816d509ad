"""Whether a process goes on, here and in Windows' words, and which files of others may be swept."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from planning.case.parts_left import part_name, sweep_parts
from planning.pacs.intake import sweep_drafts
from planning.running import STALE_S, is_running, runs_in_windows, this_computer, writer

OTHER = "0" * 8
HOUR_S = 3600.0


def ended() -> int:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    return gone.pid


def test_a_process_runs_until_it_has_ended() -> None:
    assert is_running(os.getpid())
    assert is_running(os.getppid())
    assert not is_running(ended())
    assert not is_running(1 << 80)


class Kernel:
    """Windows' kernel32 with one process that goes on, one that ended but is held, and one of another user."""

    def __init__(self) -> None:
        self.error, self.open = 0, 0
        self.OpenProcess = Asked(self._opened)
        self.GetExitCodeProcess = Asked(self._code)
        self.CloseHandle = Asked(self._closed)

    def _opened(self, wish: int, inherit: int, number: int) -> int | None:
        assert (wish, inherit) == (0x1000, 0)
        self.error = {30: 5}.get(number, 87)
        self.open += number in (10, 20)
        return number if number in (10, 20) else None

    def _code(self, handle: int, into: ctypes._Pointer[ctypes.c_uint32]) -> int:
        into._obj.value = {10: 259, 20: 1}[handle]  # type: ignore[attr-defined]
        return 1

    def _closed(self, handle: int) -> int:
        self.open -= 1
        return 1


class Asked(SimpleNamespace):
    def __init__(self, answer: object) -> None:
        super().__init__(answer=answer)

    def __call__(self, *values: object) -> object:
        return self.answer(*values)


@pytest.mark.parametrize(("number", "runs"), [(10, True), (20, False), (30, True), (40, False), (0, False)])
def test_windows_is_asked_in_its_own_words(number: int, runs: bool) -> None:
    kernel = Kernel()
    assert runs_in_windows(number, kernel, lambda: kernel.error) is runs
    assert kernel.open == 0


@pytest.mark.parametrize(
    ("who", "age_s", "goes"),
    [
        ("gone here", 0.0, True),
        ("running here", 2 * STALE_S, False),
        ("another computer", HOUR_S, False),
        ("another computer", 2 * STALE_S, True),
        ("an earlier version", HOUR_S, False),
        ("an earlier version", 2 * STALE_S, True),
        ("an earlier version that runs", 2 * STALE_S, False),
    ],
)
def test_what_another_computer_may_be_writing_stays_for_a_day(
    who: str, age_s: float, goes: bool, tmp_path: Path
) -> None:
    number = ended()
    name = {
        "gone here": writer(number),
        "running here": writer(os.getppid()),
        "another computer": f"{number}-{OTHER}",
        "an earlier version": str(number),
        "an earlier version that runs": str(os.getppid()),
    }[who]
    drafts = tmp_path / ".arriving"
    drafts.mkdir()
    part, draft = tmp_path / f".a.theatrum.{name}.part", drafts / f"{name}-{'0' * 32}.part"
    then = time.time() - age_s
    for path in (part, draft):
        path.write_bytes(b"half")
        os.utime(path, (then, then))
    sweep_parts(tmp_path / "a.theatrum")
    sweep_drafts(tmp_path)
    assert [part.exists(), draft.exists()] == [not goes, not goes]


def test_the_mark_of_a_computer_says_nothing_of_it(tmp_path: Path) -> None:
    import platform

    assert this_computer() == this_computer() != OTHER
    assert platform.node() not in part_name(tmp_path / "a.theatrum").name
    assert part_name(tmp_path / "a.theatrum").name == f".a.theatrum.{os.getpid()}-{this_computer()}.part"
