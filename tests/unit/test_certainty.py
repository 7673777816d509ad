"""How sure a network is inside what it finds: the winner's own probability, for every way of deciding."""

from __future__ import annotations

import numpy as np
import pytest

from inference.certainty import Certainty
from inference.upsample import Decision


def test_logits_give_the_mean_probability_of_the_winner() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(0, 2, (4, 6, 8, 10)).astype(np.float32)
    seen = Certainty(Decision(), 4)
    for z in range(6):
        seen.look(z, values[:, z])
    part = values[:, ::2, ::2, ::2]
    p = np.exp(part) / np.exp(part).sum(axis=0)
    winner = part.argmax(axis=0)
    for number in range(4):
        assert seen.samples[number] == np.count_nonzero(winner == number)
        assert seen.certain[number] == pytest.approx(p.max(axis=0)[winner == number].sum(), rel=1e-5)


def test_probabilities_are_taken_as_they_are() -> None:
    values = np.full((2, 4, 4), 0.2, dtype=np.float32)
    values[1] = 0.6
    seen = Certainty(Decision(), 2, "probabilities")
    seen.look(0, values)
    assert seen.certain[1] / seen.samples[1] == pytest.approx(0.75)


def test_regions_tell_of_the_channel_that_was_painted_last() -> None:
    values = np.zeros((2, 4, 4), dtype=np.float32)
    values[0], values[1, :2] = 3.0, 1.0
    values[1, 2:] = -1.0
    seen = Certainty(Decision((0.0, 0.0)), 3)
    seen.look(0, values)
    assert seen.samples.tolist() == [0, 2, 2]
    assert seen.certain[2] / 2 == pytest.approx(1 / (1 + np.exp(-1.0)), rel=1e-5)
    assert seen.certain[1] / 2 == pytest.approx(1 / (1 + np.exp(-3.0)), rel=1e-5)
