"""Jobs answer on the GUI thread, stop when asked, and a stale or failed one changes nothing."""

from __future__ import annotations

import threading
import time

import pytest
from pytestqt.qtbot import QtBot

from app.jobs import Job, JobRunner
from app.strip import Strip, remaining_text
from planning.errors import InputError, TheatrumError

pytestmark = pytest.mark.gui


@pytest.fixture
def jobs(qtbot: QtBot):
    runner = JobRunner()
    yield runner
    runner.shutdown()


def test_the_answer_comes_on_the_gui_thread(qtbot: QtBot, jobs: JobRunner) -> None:
    seen: list[tuple[object, bool, bool]] = []
    worker: list[bool] = []
    main = threading.main_thread()

    def work(progress, cancel):
        worker.append(threading.current_thread() is main)
        progress(0.5, "Halfway")
        return 42

    jobs.submit(
        Job(key="a", title="A", work=work, done=lambda v: seen.append((v, threading.current_thread() is main, True)))
    )
    qtbot.waitUntil(lambda: bool(seen), timeout=3000)
    assert seen == [(42, True, True)]
    assert worker == [False]


def test_a_newer_job_of_the_same_key_makes_the_older_stale(qtbot: QtBot, jobs: JobRunner) -> None:
    answers: list[str] = []
    go = threading.Event()

    def slow(progress, cancel):
        go.wait(3)
        return "old"

    let_go: list[str] = []
    first = jobs.submit(Job(key="a", title="A", work=slow, done=answers.append, dropped=let_go.append))
    jobs.submit(Job(key="a", title="A", work=lambda p, c: "new", done=answers.append, dropped=let_go.append))
    go.set()
    qtbot.waitUntil(lambda: not jobs.active, timeout=3000)
    assert answers == ["new"]
    assert let_go == ["old"]
    assert first.status == "cancelled"


def test_cancel_stops_within_a_second_and_leaves_nothing(qtbot: QtBot, jobs: JobRunner) -> None:
    answers: list[object] = []

    def endless(progress, cancel):
        while True:
            cancel.raise_if_set()
            time.sleep(0.01)

    state = jobs.submit(Job(key="a", title="A", work=endless, done=answers.append))
    qtbot.waitUntil(lambda: state.status == "running", timeout=3000)
    jobs.cancel(state)
    qtbot.waitUntil(lambda: state.status == "cancelled", timeout=1000)
    assert answers == []


def test_an_answer_whose_inputs_changed_is_dropped(qtbot: QtBot, jobs: JobRunner) -> None:
    answers: list[object] = []
    state = jobs.submit(Job(key="a", title="A", work=lambda p, c: 1, done=answers.append, still_wanted=lambda: False))
    qtbot.waitUntil(lambda: not jobs.active, timeout=3000)
    assert answers == []
    assert state.status == "cancelled"


def test_an_expected_error_is_told_and_a_bug_is_told_calmly(qtbot: QtBot, jobs: JobRunner) -> None:
    told: list[TheatrumError] = []

    def refuses(progress, cancel):
        raise InputError("The point is outside the scan", "Move it")

    def breaks(progress, cancel):
        raise KeyError("secret")

    jobs.submit(Job(key="a", title="A", work=refuses, failed=told.append))
    jobs.submit(Job(key="b", title="B", work=breaks, failed=told.append))
    qtbot.waitUntil(lambda: len(told) == 2, timeout=3000)
    texts = sorted(str(error) for error in told)
    assert texts[0] == "The point is outside the scan. Move it"
    assert "secret" not in texts[1]


def test_the_strip_shows_the_running_job_and_its_cross_stops_it(qtbot: QtBot, jobs: JobRunner) -> None:
    strip = Strip(jobs, "1.2.3")
    qtbot.addWidget(strip)
    strip.resize(1280, 32)
    strip.show()
    strip.show_place("case")

    def endless(progress, cancel):
        progress(0.4, "Finding the liver")
        while True:
            cancel.raise_if_set()
            time.sleep(0.01)

    state = jobs.submit(Job(key="a", title="A", work=endless))
    qtbot.waitUntil(lambda: strip._text.text() == "Finding the liver", timeout=3000)
    assert strip._bar.isVisible()
    strip._stop.click()
    qtbot.waitUntil(lambda: state.status == "cancelled", timeout=1000)
    assert not strip._bar.isVisible()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (13.2, "about 14 s left"),
        (0.4, "about 2 s left"),
        (33.0, "about 35 s left"),
        (150, "about 2 min left"),
    ],
)
def test_remaining_time_is_rounded_so_that_it_does_not_flicker(seconds: float | None, text: str) -> None:
    assert remaining_text(seconds).replace("\u202f", " ") == text


def test_a_job_that_is_asked_for_after_the_end_never_runs(qtbot: QtBot) -> None:
    runner = JobRunner()
    runner.shutdown()
    ran: list[int] = []
    state = runner.submit(Job(key="late", title="Late", work=lambda progress, cancel: ran.append(1), done=ran.append))
    qtbot.wait(50)
    assert state.cancel.is_set
    assert not ran
    assert not runner.active
