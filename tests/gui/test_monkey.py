"""Random hands on the real window: nothing raises, nothing warns, nothing leaks, and undo finds the way back.

`make monkey` lets it act 2,000 times on each planned sample case (THEATRUM_MONKEY=2000, THEATRUM_MONKEY_SEED=…), and lists
turns of the event loop over 32 ms; the suite does a short run on a small liver.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from front_window import window_in_front
from liver_case import liver_document
from monkey import Monkey, let_loose, memory_mb
from one_step import case_hash, in_one_step

from app import out_of_sight
from app.watchdog import Watchdog
from app.window_states import planned_sample, turn, wait_until
from app.workstation import Workstation
from planning.case.commands import RecolourStructure
from planning.case.document import Document
from viewers.rendering import Rendering
from viewers.scene import stage

pytestmark = pytest.mark.gui
ACTS = int(os.environ.get("THEATRUM_MONKEY", "0"))
SEED = int(os.environ.get("THEATRUM_MONKEY_SEED", "1"))
# the short run of the suite
FEW, MOST_S = 160, 45.0
# modules that are loaded on first use are no leak: memory is counted after that many acts, always at the same place with
# what is off the screen let go at once
WARM, MOST_GROWTH_MB, AWAY_MS = 500, 50.0, 1000
AT_ONCE = 250


@pytest.fixture
def window() -> Iterator[Workstation]:
    with window_in_front(is_attended=True) as made:
        yield made


def _open(window: Workstation, case: Path) -> None:
    window.open_paths([case])
    wait_until(
        lambda: window.place == "case" and window.session is not None and window.session.path == case, "opening", 60.0
    )


def _rest(window: Workstation, seconds: float = 60.0) -> None:
    calm, end = 0, time.monotonic() + seconds
    while calm < 4 and time.monotonic() < end:
        turn(30)
        calm = 0 if window.jobs.active else calm + 1


def _go_to_the_counting_place(window: Workstation, case: Path) -> None:
    _rest(window)
    if window.session is None or window.session.path != case or window.page is None:
        _open(window, case)
    page, session = window.page, window.session
    assert page is not None
    assert session is not None
    page.windows.close_all()
    page.show_module("segment")
    session.view.set(layout="2x2", maximised="", rendering=Rendering())
    _rest(window)
    turn(2 * AWAY_MS)
    _rest(window)


def _undo_all(window: Workstation) -> int:
    page, session, done = window.page, window.session, 0
    assert page is not None
    assert session is not None
    while (page.draft or session.can_undo) and done < 20_000:
        page.undo()
        done += 1
    turn(30)
    return done


def _let_go(window: Workstation, case: Path, folder: Path, acts: int, seconds: float) -> tuple[Monkey, list[float]]:
    monkey = Monkey(window, case, folder, SEED)
    memory, end = [], time.monotonic() + seconds
    with let_loose(monkey):
        while monkey.done < acts and time.monotonic() < end:
            monkey.run(min(AT_ONCE if ACTS else 20, acts - monkey.done))
            if ACTS:
                _go_to_the_counting_place(window, case)
                memory.append(memory_mb())
        if window.session is None or window.session.path != case:
            _open(window, case)
        _rest(window)
    return monkey, memory


def test_random_hands_break_nothing_and_undo_finds_the_way_back(window: Workstation, tmp_path: Path) -> None:
    with liver_document(tmp_path / "liver.theatrum"):
        pass
    case = in_one_step(tmp_path / "liver.theatrum", tmp_path / "case.theatrum")
    folder = tmp_path / "files"
    folder.mkdir()
    _open(window, case)
    assert window.session is not None
    before = case_hash(window.session.case)
    # however few acts a busy machine has time for, something is there to undo
    assert window.session.do(RecolourStructure("liver", "#112233"))
    assert case_hash(window.session.case) != before
    monkey, _ = _let_go(window, case, folder, FEW, MOST_S)
    assert monkey.done > 20
    assert monkey.found.text() == ""
    _undo_all(window)
    assert case_hash(window.session.case) == before
    window.close_case()
    with Document.open(case) as document:
        assert case_hash(document.case) == before


@pytest.mark.slow
@pytest.mark.skipif(not ACTS, reason="make monkey runs it")
@pytest.mark.parametrize("kind", ["heart", "liver"])
def test_thousands_of_random_acts(
    window: Workstation, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out_of_sight, "AFTER_MS", AWAY_MS)
    monkeypatch.setattr(stage, "AWAY_MS", AWAY_MS)
    planned = planned_sample(kind, tmp_path, {"heart": "vessel", "liver": "compare"}[kind])  # type: ignore[arg-type]
    case = in_one_step(planned, tmp_path / "case.theatrum")
    folder = tmp_path / "files"
    folder.mkdir()
    _open(window, case)
    assert window.session is not None
    before = case_hash(window.session.case)
    logging.getLogger("app.watchdog").setLevel(logging.ERROR)
    with Watchdog() as dog:
        monkey, memory = _let_go(window, case, folder, ACTS, 3600.0)
    steps = _undo_all(window)
    after = case_hash(window.session.case)
    with capsys.disabled():
        print(f"\n{kind}, seed {SEED}: {monkey.done} acts, {steps} steps undone, memory {memory} MB")
        print(monkey.found.text() or "nothing found")
        print(f"{len(dog.turns)} turns of the event loop over 32 ms:")
        for where, count, median, most in dog.by_place()[:30]:
            print(f"  {count:4d} × median {median:5.0f} ms, most {most:5.0f} ms  {where}")
    assert after == before
    assert monkey.found.text() == ""
    warm = memory[min(WARM // AT_ONCE, len(memory)) - 1]
    assert memory[-1] - warm < MOST_GROWTH_MB
