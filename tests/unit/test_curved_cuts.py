"""Cuts that are no planes: where a slice pane crosses them, and which side its pixels and vertices lie on."""

from __future__ import annotations

import numpy as np
import pytest

from planning.geometry import Grid, Plane
from planning.liver.regions import EllipsoidRegion, PlaneRegion
from planning.mesh import SurfaceMesh
from planning.volume import Mask
from viewers.curved_cuts import curved_trace
from viewers.label_layer import beyond_any
from viewers.pane_geometry import PaneGeometry


def axial(ratio: float = 1.0, height_mm: float = 0.0) -> PaneGeometry:
    return PaneGeometry(
        center_mm=np.array((0.0, 0.0, height_mm)),
        right=np.array((1.0, 0.0, 0.0)),
        down=np.array((0.0, 1.0, 0.0)),
        normal=np.array((0.0, 0.0, 1.0)),
        mm_per_px=0.5,
        width=200.0,
        height=160.0,
        ratio=ratio,
    )


BALL = EllipsoidRegion(np.zeros(3), np.array((0.0, 0.0, 1.0)), 20.0, 20.0)


def test_a_ball_is_crossed_in_a_closed_circle_of_its_section() -> None:
    (piece,) = curved_trace(BALL, None, axial(height_mm=12.0)).pieces
    radius_px = np.hypot(*(piece - (100.0, 80.0)).T)
    assert radius_px == pytest.approx(np.full(len(piece), 32.0), abs=0.15)
    assert piece[0] == pytest.approx(piece[-1])
    assert not curved_trace(BALL, None, axial(height_mm=21.0)).pieces


def test_the_line_ends_with_the_organ() -> None:
    grid = Grid.from_parts((80, 80, 10), (1.0, 1.0, 1.0), (-39.5, -39.5, -5.0))
    inside = np.zeros(grid.shape_kji, dtype=bool)
    inside[:, :, :40] = True
    (piece,) = curved_trace(BALL, Mask.from_full(grid, inside), axial()).pieces
    assert piece[:, 0].max() <= 101.5
    assert np.ptp(piece[:, 1]) == pytest.approx(80.0, abs=2.0)


def test_handles_stand_on_the_line_at_a_sixth_the_middle_and_five_sixths() -> None:
    plane = PlaneRegion(Plane(np.zeros(3), np.array((1.0, 0.0, 0.0))))
    trace = curved_trace(plane, None, axial())
    assert trace.handles[:, 0] == pytest.approx([100.0, 100.0, 100.0], abs=1e-6)
    assert np.diff(trace.handles[:, 1]) == pytest.approx(np.diff(trace.handles[:, 1])[::-1])
    assert abs(np.ptp(trace.handles[:, 1])) == pytest.approx(2 / 3 * 160.0, abs=3.0)


def test_the_nearest_place_of_a_line_is_on_it() -> None:
    distance, place = curved_trace(BALL, None, axial()).nearest(np.array((150.0, 80.0)))
    assert distance == pytest.approx(10.0, abs=0.1)
    assert place == pytest.approx((140.0, 80.0), abs=0.2)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_pixels_lie_on_the_side_that_their_middle_lies_on(ratio: float) -> None:
    geometry = axial(ratio)
    box = (3, 5, *(n - 4 for n in geometry.device_size))
    found = beyond_any([BALL], box, geometry)
    first, column, row = geometry.pixel_steps()
    places = first + np.arange(3, box[2])[:, None] * column + np.arange(5, box[3])[:, None, None] * row
    truth = np.linalg.norm(places, axis=-1) < 20.0
    assert found.shape == truth.shape
    assert np.mean(found != truth) < 0.002
    plane = Plane(np.array((3.03, 0.0, 0.0)), np.array((1.0, 0.2, 0.0)))
    assert np.mean(beyond_any([plane], box, geometry) != beyond_any([PlaneRegion(plane)], box, geometry)) < 0.001


def test_vertices_are_removed_by_any_of_the_sides() -> None:
    mesh_module = pytest.importorskip("viewers.scene.adapters.mesh")
    mesh = SurfaceMesh(np.array([(0.0, 0.0, 0.0), (30.0, 0.0, 0.0), (-40.0, 0.0, 0.0)]), np.array([(0, 1, 2)]))
    plane = Plane(np.array((-35.0, 0.0, 0.0)), np.array((-1.0, 0.0, 0.0)))
    assert (mesh_module.removed_side(mesh, [BALL, plane]) > 0.0).tolist() == [True, False, True]


def test_no_line_is_drawn_in_what_another_cut_takes_away() -> None:
    half = PlaneRegion(Plane(np.zeros(3), np.array((1.0, 0.0, 0.0))))
    (piece,) = curved_trace(BALL, None, axial(), [half]).pieces
    assert piece[:, 0].max() < 103.0
    assert np.ptp(piece[:, 1]) == pytest.approx(80.0, abs=2.0)


def test_a_handle_seen_end_on_goes_with_up_and_down() -> None:
    drags = pytest.importorskip("viewers.scene.drags")
    from viewers.scene.camera import ANTERIOR, HEAD, Projection, make_camera

    space = Projection(make_camera((0.0, 0.0, 0.0), ANTERIOR, HEAD, 100.0), 400.0, 400.0)
    left = np.array((1.0, 0.0, 0.0))
    assert drags.along_mm(left, 10.0, 3.0, space) == pytest.approx(10.0 * space.mm_per_px)
    assert drags.along_mm(np.array((0.0, -1.0, 0.0)), 10.0, -4.0, space) == pytest.approx(4.0 * space.mm_per_px)
