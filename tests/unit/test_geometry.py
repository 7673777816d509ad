"""Grids, planes, angles: exact against what is written down in the contract."""

from __future__ import annotations

import numpy as np
import pytest

from planning.errors import GeometryError
from planning.geometry import Grid, Plane, carm_angles_deg, detector_direction, orientation_letters, plane_basis


def test_index_and_world_are_inverse_on_an_oblique_grid() -> None:
    turn = np.radians(31.0)
    direction = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
    grid = Grid.from_parts((34, 26, 7), (0.7, 0.9, 1.5), (-40, 12, 300), direction)
    index = np.array([[0, 0, 0], [33, 25, 6], [3.25, 4.5, 1.75]])
    np.testing.assert_allclose(grid.to_index(grid.to_world(index)), index, atol=1e-9)


def test_left_handed_and_sheared_grids_are_refused() -> None:
    with pytest.raises(GeometryError, match="left-handed"):
        Grid.from_parts((2, 2, 2), direction=np.diag((1.0, 1.0, -1.0)))
    sheared = np.eye(4)
    sheared[0, 2] = 0.2
    with pytest.raises(GeometryError, match="perpendicular"):
        Grid((2, 2, 2), sheared)


def test_a_plane_without_a_normal_is_refused() -> None:
    with pytest.raises(GeometryError):
        Plane(np.zeros(3), np.zeros(3))


@pytest.mark.parametrize(("lao", "cra"), [(0, 0), (30, 20), (-45, -25), (80, 10)])
def test_detector_direction_and_angles_are_inverse(lao: float, cra: float) -> None:
    assert carm_angles_deg(detector_direction(lao, cra)) == pytest.approx((lao, cra))


@pytest.mark.parametrize("height", [1.0, -1.0])
def test_straight_along_head_or_feet_there_is_no_lao(height: float) -> None:
    assert carm_angles_deg((0.0, -0.0, height)) == (0.0, pytest.approx(90.0 * height))
    assert carm_angles_deg((1e-17, 6e-17, height)) == (0.0, pytest.approx(90.0 * height))


def test_lao_looks_from_the_left_front_and_cra_from_above() -> None:
    assert detector_direction(0, 0) == pytest.approx([0, -1, 0])
    assert detector_direction(90, 0) == pytest.approx([1, 0, 0])
    assert detector_direction(0, 90) == pytest.approx([0, 0, 1])


def test_pictures_show_patient_left_on_the_right_and_back_or_feet_below() -> None:
    for normal, right, down in (((0, 0, 1), "L", "P"), ((0, 1, 0), "L", "F"), ((1, 0, 0), "P", "F")):
        found_right, found_down = plane_basis(normal)
        assert (orientation_letters(found_right), orientation_letters(found_down)) == (right, down)
