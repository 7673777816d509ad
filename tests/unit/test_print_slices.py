"""A part cut by a plane: true lengths and areas, the solid on the left, tips to the right."""

from __future__ import annotations

import numpy as np
import pytest

from planning.printing.slices import Looked, look_at, outlines, sliced
from tests.support.solids import ball, box, of_manifold

AT = np.array((12.0, -40.0, 700.0))


def _area(curve: np.ndarray) -> float:
    x, y = curve.T
    return float(0.5 * np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))


def test_a_ball_is_cut_in_a_circle_with_the_solid_inside() -> None:
    looked = Looked(AT + (0, 0, 3.0), np.array((1.0, 0.0, 0.0)), np.array((0.0, 1.0, 0.0)))
    (curve,) = outlines(sliced(ball(5.0, AT, 128), looked))
    assert np.linalg.norm(curve, axis=1) == pytest.approx(4.0, abs=0.01)
    # anticlockwise, as the solid lies on the left
    assert _area(curve) == pytest.approx(16.0 * np.pi, rel=0.005)


def test_a_plane_through_corners_gives_a_closed_curve() -> None:
    looked = Looked(np.zeros(3), np.array((1.0, 0.0, 0.0)), np.array((0.0, 1.0, 0.0)))
    (curve,) = outlines(sliced(box((-2, -1, -3), (2, 1, 0)), looked))
    assert abs(_area(curve)) == pytest.approx(8.0)
    assert not len(sliced(box((-2, -1, 1), (2, 1, 3)), looked))


def test_a_look_goes_along_the_part_and_through_its_wall() -> None:
    import manifold3d

    turn = np.linalg.qr(np.array([[1.0, 2.0, 0.3], [0.2, 1.0, -1.0], [2.0, -0.5, 1.0]]))[0]
    turn *= np.sign(np.linalg.det(turn))
    rod = of_manifold(manifold3d.Manifold.cylinder(40.0, 3.0, 0.3, 48), (0, 0, 0))
    moved = type(rod)(rod.points_mm @ turn.T + AT, rod.triangles)
    looked = look_at(moved, turn @ (0.0, 0.0, 36.0) + AT)
    axis = turn @ (0.0, 0.0, 1.0)
    assert abs(looked.along @ axis) > 0.99
    # the tip points to the right
    assert looked.along @ axis > 0
    (curve,) = outlines(sliced(moved, looked))
    right, left = curve[:, 0].max(), curve[:, 0].min()
    assert right == pytest.approx(4.0, abs=0.15)
    assert left == pytest.approx(-36.0, abs=0.5)
    near = curve[np.abs(curve[:, 0]) < 2.5]
    assert np.ptp(near[:, 1]) < 2.0
