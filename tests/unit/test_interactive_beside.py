"""Strokes answered in a process of its own: the same answers, stops, deaths."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from inference.interactive.beside import Beside
from inference.interactive.image import PreparedImage, prepare_image
from inference.interactive.prompts import KINDS, Prompt
from inference.interactive.strokes import StrokeSession
from planning.errors import Cancelled, InputError, ModelError
from planning.geometry import Grid
from planning.progress import CancelToken
from planning.volume import Mask, Volume

GRID = Grid.from_parts((64, 64, 40), (2.0, 2.0, 2.0), (-60.0, -60.0, 0.0))
CENTER = np.array([32.0, 32.0, 20.0])


def _ball(center_ijk: npt.ArrayLike, radius_voxels: float) -> npt.NDArray[np.bool_]:
    k, j, i = np.indices(GRID.shape_kji)
    away = np.stack([i, j, k], axis=-1) - np.asarray(center_ijk)
    return np.asarray((away**2).sum(axis=-1) <= radius_voxels**2)


@pytest.fixture(scope="module")
def volume() -> Volume:
    hu = np.full(GRID.shape_kji, -90.0)
    hu[_ball(CENTER, 12.0)] = 110.0
    hu += np.random.default_rng(2).normal(0.0, 8.0, hu.shape)
    return Volume(GRID, hu.astype(np.int16))


@pytest.fixture(scope="module")
def image(volume: Volume) -> PreparedImage:
    return prepare_image(volume)


@pytest.fixture(scope="module")
def beside(volume: Volume) -> Iterator[Beside]:
    made = Beside(volume)
    made.prepare()
    yield made
    made.close()


def _prompt(kind: str, positive: bool, *places_ijk: npt.ArrayLike) -> Prompt:
    return Prompt.checked(kind, positive, GRID.to_world(np.array(places_ijk, dtype=float)), GRID)


LINE = _prompt("scribble", True, (24, 32, 20), (40, 32, 20))
OFF = _prompt("scribble", False, (10, 46, 20), (54, 46, 20))


def test_a_prompts_text_gives_it_again() -> None:
    prompts = (
        _prompt("point", True, CENTER),
        OFF,
        _prompt("box", False, (20, 20, 20), (30, 30, 20)),
        _prompt("lasso", True, (20, 20, 20), (44, 20, 20), (32, 44, 20)),
    )
    again = [Prompt.from_text(prompt.text, GRID) for prompt in prompts]
    assert [one.text for one in again] == [one.text for one in prompts]
    assert {one.kind for one in again} == set(KINDS)
    for text in ("", "point", "point +", "blob + 1,2,3", "point * 1,2,3", "point + a,b,c", "point + 1e9,0,0"):
        with pytest.raises(InputError):
            Prompt.from_text(text, GRID)


def test_following_prompts_goes_back_and_on(image: PreparedImage) -> None:
    session, other = StrokeSession(image), StrokeSession(image)
    session.follow((LINE, OFF))
    both = session.mask
    session.follow((LINE,))
    assert len(session.prompts) == 1
    other.add_all((LINE,))
    assert np.array_equal(session.mask.full(), other.mask.full())
    session.follow((LINE, OFF))
    assert np.array_equal(session.mask.full(), both.full())
    start = Mask.from_full(GRID, _ball((20, 20, 10), 6.0))
    session.follow((), start)
    assert np.array_equal(session.mask.full(), start.full())
    session.follow((LINE, OFF))
    assert session.initial is None
    assert np.array_equal(session.mask.full(), both.full())


def test_a_process_answers_as_the_session_does(beside: Beside, image: PreparedImage) -> None:
    session = StrokeSession(image)
    session.add_all((LINE, OFF))
    answer = beside.answer((LINE, OFF))
    assert np.array_equal(answer.mask.full(), session.mask.full())
    assert answer.surface is not None
    assert answer.surface.volume_ml == pytest.approx(answer.mask.volume_ml, rel=0.05)
    assert answer.cpu_seconds > 0.0
    start = Mask.from_full(GRID, _ball(CENTER, 14.0))
    assert np.array_equal(beside.answer((), start).mask.full(), start.full())
    assert beside.answer((_prompt("point", False, (5, 5, 5)),)).surface is None


def test_a_stop_is_left_at_once_and_the_next_answer_is_its_own(beside: Beside) -> None:
    cancel = CancelToken()
    threading.Timer(0.05, cancel.set).start()
    points = np.random.default_rng(1).uniform(26, 38, (40, 3))
    many = tuple(_prompt("scribble", True, *(CENTER + (points[n] - CENTER) * 0.5, points[n])) for n in range(40))
    began = time.perf_counter()
    try:
        beside.answer(many, cancel=cancel)
    except Cancelled:
        assert time.perf_counter() - began < 1.0
    expected = beside.answer((LINE,)).mask.voxel_count
    assert 0.5 < expected / np.count_nonzero(_ball(CENTER, 12.0)) < 1.5


def _ask_on(beside: Beside) -> None:
    for n in range(200):
        beside.answer((LINE, _prompt("point", False, (6 + n % 20, 50, 20))))


def test_a_process_that_died_is_told_and_replaced(volume: Volume) -> None:
    made = Beside(volume)
    try:
        made.prepare()
        process = made._process[0]
        killer = threading.Timer(0.02, process.kill)
        killer.start()
        with pytest.raises(ModelError) as caught:
            _ask_on(made)
        assert "killed" in caught.value.what or "ended" in caught.value.what
        assert made.answer((LINE,)).mask.voxel_count
        # one that died while nobody asked is replaced without a word
        made._process[0].kill()
        made._process[0].join()
        assert made.answer((LINE,)).mask.voxel_count
    finally:
        made.close()
    with pytest.raises(Cancelled):
        made.answer((LINE,))


def test_what_cannot_be_answered_is_refused_in_words(volume: Volume) -> None:
    made = Beside(Volume(GRID, volume.voxels, quantity="SUV"))
    try:
        with pytest.raises(InputError, match="no CT"):
            made.prepare()
    finally:
        made.close()
