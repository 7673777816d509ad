"""Sinuses and sinotubular junction are told from the areas of parallel sections, without wandering along the tube."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from planning.tavr.root import find_sinus_and_junction


def _levels(areas: np.ndarray) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(height_mm=float(height), measures=SimpleNamespace(area_mm2=float(area)))
        for height, area in enumerate(areas)
    ]


def _areas(after: np.ndarray) -> np.ndarray:
    """Annulus 440, sinuses 786 at 12 mm, narrowing to 643 at 20 mm; `after` goes on from there."""
    return np.concatenate([np.linspace(440, 786, 13), np.linspace(786, 643, 9)[1:], after])


@pytest.mark.parametrize(
    "after",
    [
        np.full(25, 643.0),
        np.concatenate([np.full(9, 645.0), np.full(16, 626.0)]),
        np.linspace(643, 800, 25),
        np.linspace(643, 610, 25),
    ],
    ids=["tube", "a small step later", "a waist", "narrowing on"],
)
def test_the_junction_is_where_the_narrowing_ends(after: np.ndarray) -> None:
    sinus, junction = find_sinus_and_junction(_levels(_areas(after)))  # type: ignore[arg-type]
    assert sinus == 12
    assert junction is not None
    assert abs(junction - 20) <= 1


def test_a_tube_has_no_sinuses() -> None:
    assert find_sinus_and_junction(_levels(np.full(40, 440.0))) == (None, None)  # type: ignore[arg-type]


def test_a_scan_that_ends_in_the_sinuses_has_no_junction() -> None:
    sinus, junction = find_sinus_and_junction(_levels(_areas(np.zeros(0))[:15]))  # type: ignore[arg-type]
    assert sinus == 12
    assert junction is None
