"""Jobs answer on the GUI thread, stop when asked, and a stale or failed one changes nothing."""

from __future__ import annotations

import gc
import threading
import time
import weakref

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from app.dialogs.jobs_list import JobsList
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


def test_a_failure_keeps_nothing_of_what_it_worked_on(qtbot: QtBot, jobs: JobRunner) -> None:
    worked_on: list[weakref.ref[Token]] = []

    def reads(token: Token) -> None:
        raise KeyError(str(token))

    def refuses(progress, cancel):
        token = Token()
        worked_on.append(weakref.ref(token))
        try:
            reads(token)
        except KeyError as error:
            raise InputError("The file holds no image", "Choose another") from error

    state = jobs.submit(Job(key="a", title="A", work=refuses))
    qtbot.waitUntil(lambda: state.status == "failed", timeout=3000)
    assert isinstance(state.error.__cause__, KeyError)
    qtbot.waitUntil(lambda: gc.collect() >= 0 and worked_on[0]() is None, timeout=3000)


class Token:
    """Stands for what is large."""


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


@pytest.fixture
def strip(qtbot: QtBot, jobs: JobRunner) -> Strip:
    made = Strip(jobs, "1.2.3")
    qtbot.addWidget(made)
    made.resize(1280, 32)
    made.show()
    made.show_place("case")
    return made


def _wait_for(gate: threading.Event):
    def work(progress, cancel):
        while not gate.is_set():
            cancel.raise_if_set()
            time.sleep(0.005)
        return 1

    return work


def test_several_jobs_wait_in_order_and_each_is_stopped_by_itself(qtbot: QtBot, jobs: JobRunner, strip: Strip) -> None:
    gate, answers = threading.Event(), []
    states = [
        jobs.submit(Job(key=name, title=name, work=_wait_for(gate), done=lambda _, n=name: answers.append(n)))
        for name in ("first", "second", "third", "fourth")
    ]
    qtbot.waitUntil(lambda: [state.status for state in states] == ["running"] * 2 + ["waiting"] * 2, timeout=3000)
    assert strip._text.text() == "first"
    assert "3 more" in strip._more.text()
    shown = JobsList(jobs, strip)
    qtbot.addWidget(shown)
    shown.popup(strip)
    assert shown.summary.text() == "2 running · 2 waiting"
    assert [row.state.job.key for row in shown.rows()] == ["first", "second", "third", "fourth"]
    stop = shown.rows()[2].findChild(QToolButton, f"job_{states[2].number}_button")
    QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
    # one that did not begin needs nobody's time to end
    assert states[2].status == "cancelled"
    QTest.mouseClick(strip._stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: states[0].status == "cancelled", timeout=2000)
    gate.set()
    qtbot.waitUntil(lambda: not jobs.active, timeout=3000)
    assert sorted(answers) == ["fourth", "second"]


def test_the_strip_is_about_the_work_that_is_waited_for(qtbot: QtBot, jobs: JobRunner, strip: Strip) -> None:
    gate = threading.Event()

    def deaf(progress, cancel):
        gate.wait(3)

    old = jobs.submit(Job(key="sample", title="Making the old", work=deaf))
    qtbot.waitUntil(lambda: strip._text.text() == "Making the old", timeout=3000)
    jobs.submit(Job(key="sample", title="Making the new", work=deaf))
    qtbot.waitUntil(lambda: strip._text.text() == "Making the new", timeout=3000)
    # the one that was overtaken goes on for a moment and does not tell a title as if it were wanted
    assert old.title == "Stopping"
    assert strip._more.text() == "· 1 more"
    gate.set()
    qtbot.waitUntil(lambda: not jobs.active, timeout=3000)


def test_what_a_hand_is_told_is_seen_while_work_runs(qtbot: QtBot, jobs: JobRunner, strip: Strip) -> None:
    gate = threading.Event()
    jobs.submit(Job(key="a", title="Meshing the liver", work=_wait_for(gate)))
    qtbot.waitUntil(lambda: strip._text.text() == "Meshing the liver", timeout=3000)
    strip.say("The spleen is locked.", action="Unlock", run=lambda: None)
    assert strip._text.text() == "The spleen is locked."
    assert strip._action.isVisible()
    assert strip._bar.isVisible(), "the work can still be followed and stopped"
    assert strip._stop.isVisible()
    strip._message_over()
    assert strip._text.text() == "Meshing the liver"
    strip.say("Saved")
    # work that begins after the words is what they led to
    jobs.cancel(jobs.active[0])
    jobs.submit(Job(key="b", title="Writing", work=_wait_for(gate)))
    qtbot.waitUntil(lambda: strip._text.text() == "Writing", timeout=3000)
    gate.set()
    qtbot.waitUntil(lambda: not jobs.active, timeout=3000)


def test_work_of_a_closed_case_only_ends(qtbot: QtBot, jobs: JobRunner, strip: Strip) -> None:
    gate = threading.Event()
    state = jobs.submit(Job(key="root", title="Finding the root", work=lambda progress, cancel: gate.wait(3)))
    qtbot.waitUntil(lambda: strip._text.text() == "Finding the root", timeout=3000)
    # closing a case asks by the token
    state.cancel.set()
    strip.refresh()
    assert strip._text.text() == "Stopping"
    gate.set()
    qtbot.waitUntil(lambda: not jobs.active, timeout=3000)
    assert state.title == "Finding the root"


def test_what_was_said_of_a_closed_case_is_not_said_of_the_next(qtbot: QtBot, jobs: JobRunner, strip: Strip) -> None:
    def refuses(progress, cancel):
        raise InputError("There is no contrast", "Choose other points")

    for key, of_case in (("vessel", True), ("send", False)):
        jobs.submit(Job(key=key, title=key, work=refuses, of_case=of_case))
    qtbot.waitUntil(lambda: len(strip.unread) == 2, timeout=3000)
    undone: list[bool] = []
    strip.say("Deleted liver", action="Undo", run=lambda: undone.append(True))
    strip.case_closed()
    assert strip.unread == ("send: There is no contrast. Choose other points",)
    strip._action.click()
    assert not undone, "it would take back a step of the next case"


def test_a_number_of_a_closed_case_does_not_stand_below_the_next(strip: Strip) -> None:
    strip.say_of_case("Calliper 1: 21.6 mm")
    assert strip._text.text() == "Calliper 1: 21.6 mm"
    strip.case_closed()
    assert "21.6" not in strip._text.text()
    # what is said of opening the next one stays
    strip.say("Several files were given; a.theatrum is opened")
    strip.case_closed()
    assert strip._text.text() == "Several files were given; a.theatrum is opened"


def test_a_failure_that_a_dialog_told_is_read(qtbot: QtBot, jobs: JobRunner, strip: Strip) -> None:
    def refuses(progress, cancel):
        raise InputError("A slice cannot be decoded", "Ask for a new copy")

    states = [jobs.submit(Job(key="open", title="Building", work=refuses, failed=strip.is_read))]
    qtbot.waitUntil(lambda: not jobs.active, timeout=3000)
    assert states[0].status == "failed"
    assert not strip.unread
    jobs.submit(Job(key="open", title="Building", work=refuses))
    qtbot.waitUntil(lambda: bool(strip.unread), timeout=3000)


def test_a_failure_stays_until_somebody_read_it(qtbot: QtBot, jobs: JobRunner, strip: Strip) -> None:
    def refuses(progress, cancel):
        raise InputError("The disk is full", "Free 1.2 GB")

    asked: list[bool] = []
    strip.jobs_asked.connect(lambda: asked.append(True))
    jobs.submit(Job(key="a", title="Writing the report", work=refuses))
    qtbot.waitUntil(lambda: bool(strip.unread), timeout=3000)
    assert strip._text.text().startswith("Writing the report: The disk is full")
    strip.say("Saved")
    assert strip._text.text() == "Saved"
    strip._message_over()
    assert strip._text.text().startswith("Writing the report")
    gate = threading.Event()
    jobs.submit(Job(key="b", title="Another", work=_wait_for(gate)))
    qtbot.waitUntil(lambda: strip._text.text() == "Another", timeout=3000)
    assert "1 failed" in strip._more.text()
    gate.set()
    qtbot.waitUntil(lambda: not jobs.active, timeout=3000)
    assert strip._text.text().startswith("Writing the report")
    QTest.mouseClick(strip._action, Qt.MouseButton.LeftButton)
    assert asked == [True]
    strip.failures_read()
    assert not strip.unread
    assert not strip._text.text().startswith("Writing")


def test_a_long_line_ends_in_dots_and_leaves_the_rest_of_the_strip_its_room(qtbot: QtBot, strip: Strip) -> None:
    words = "Deleted a structure with an uncommonly long name that says where it came from and what for " * 3
    strip.say(words)
    strip.resize(900, 32)
    qtbot.waitUntil(lambda: QLabel.text(strip._text).endswith("…"), timeout=2000)
    assert strip._text.text() == words
    assert strip._text.toolTip() == words
    assert strip._keys_text.geometry().right() <= strip.width()
    assert strip._text.geometry().right() < strip._saved_icon.geometry().left()
