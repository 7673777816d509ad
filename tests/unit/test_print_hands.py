"""Two hands at one model: the order of what they make, faults and stops, and a second process that is not there any more."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from planning.errors import Cancelled, MeasurementError
from planning.printing.hands import Hands, Job
from planning.progress import CancelToken, no_progress


def _who(number: int, seconds: float = 0.2) -> tuple[int, int]:
    time.sleep(seconds)
    return number, os.getpid()


def _refused() -> None:
    raise MeasurementError("This cannot be made", "Make another", "test")


def _dies_elsewhere(parent: int) -> int:
    if os.getpid() != parent:
        os._exit(1)
    return 7


def _jobs(count: int, seconds: float = 0.2) -> list[Job]:
    return [Job(_who, (number, seconds), 1.0 + number, f"Making {number}") for number in range(count)]


@pytest.fixture(scope="module")
def hands() -> Iterator[Hands]:
    with Hands(large=True) as both:
        both.all_of(_jobs(2, 0.0), no_progress, None)
        yield both


def test_what_two_processes_make_comes_in_the_jobs_order(hands: Hands) -> None:
    told: list[tuple[float, str]] = []
    made = hands.all_of(_jobs(6), lambda done, words="": told.append((done, words)), None)
    assert [number for number, _ in made] == list(range(6))
    assert [words for _, words in told] == [f"Making {number}" for number in range(6)]
    if (os.cpu_count() or 1) > 1:
        assert len({process for _, process in made}) == 2


def test_a_small_model_stays_in_this_process() -> None:
    with Hands(large=False) as here:
        assert {process for _, process in here.all_of(_jobs(4, 0.01), no_progress, None)} == {os.getpid()}


def test_what_a_job_raises_is_raised_wherever_it_ran(hands: Hands) -> None:
    # both hands take one: whoever has it, this process says it
    with Hands(large=True) as both, pytest.raises(MeasurementError, match="cannot be made"):
        both.all_of([Job(_refused, (), 1.0, ""), Job(_refused, (), 1.0, "")], no_progress, None)
    assert len(hands.all_of(_jobs(2, 0.0), no_progress, None)) == 2


def test_a_second_process_that_ends_is_done_without() -> None:
    with Hands(large=True) as both:
        made = both.all_of([Job(_dies_elsewhere, (os.getpid(),), 1.0, "") for _ in range(4)], no_progress, None)
        assert made == [7] * 4
        assert [number for number, _ in both.all_of(_jobs(3, 0.0), no_progress, None)] == [0, 1, 2]


def test_a_stop_is_heard_while_both_work_and_no_further_job_begins() -> None:
    cancel = CancelToken()
    begun: list[str] = []

    def told(done: float, words: str = "") -> None:
        begun.append(words)
        if len(begun) == 2:
            cancel.set()

    with Hands(large=True) as both, pytest.raises(Cancelled):
        both.all_of(_jobs(40, 0.1), told, cancel)
    assert len(begun) == 2
