"""The longest diameter is that of all pairs, however few of them are asked."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from planning.liver.tumors import longest_diameter_mm


@pytest.mark.parametrize("half_axes_mm", [(10.0, 10.0, 10.0), (4.0, 9.0, 17.0)])
@pytest.mark.parametrize("count", [2, 3, 5, 65, 2000])
def test_it_is_the_greatest_of_all_pairs(half_axes_mm: tuple[float, float, float], count: int) -> None:
    for seed in range(5):
        sides = np.random.default_rng(seed).normal(size=(count, 3))
        ball = 40.0 + sides / np.linalg.norm(sides, axis=1)[:, None] * half_axes_mm
        assert longest_diameter_mm(ball) == pdist(ball).max()


def test_the_first_pair_that_is_found_need_not_be_the_farthest() -> None:
    # from the point farthest from the middle the triangle's longest side is not seen
    triangle = np.array([(0.0, 12.0, 0.0), (-7.0, 0.0, 0.0), (7.0, 0.0, 0.0), *[(0.0, -6.0, 0.0)] * 6])
    assert longest_diameter_mm(triangle) == 18.0
    flat = np.array([(0.0, 6.0, 0.0), (-5.5, 0.0, 0.0), (5.5, 0.0, 0.0)])
    assert longest_diameter_mm(flat) == 11.0


def test_a_point_has_no_diameter() -> None:
    assert longest_diameter_mm(np.zeros((1, 3))) == 0.0
