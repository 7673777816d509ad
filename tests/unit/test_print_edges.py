"""Holes, shared edges, touching corners, turned and flat triangles, and surfaces that cut themselves: found where they are."""

from __future__ import annotations

import numpy as np
import pytest

from planning.mesh import SurfaceMesh
from planning.printing.crossing import crossing_faults, crossings, self_intersections
from planning.printing.edges import boundary_loops, edge_faults
from tests.support.solids import ball, box, joined

FAR = np.array([120.0, -340.0, 800.0])


@pytest.fixture(scope="module")
def whole() -> SurfaceMesh:
    return ball(10.0, FAR, 24)


def test_a_whole_solid_has_no_fault(whole: SurfaceMesh) -> None:
    assert edge_faults(whole) == []
    assert boundary_loops(whole) == []
    assert self_intersections(whole) == 0


def test_each_hole_is_found_with_its_width_and_place(whole: SurfaceMesh) -> None:
    above = whole.points_mm[whole.triangles].mean(axis=1)[:, 2] - FAR[2] > 8.0
    below = whole.points_mm[whole.triangles].mean(axis=1)[:, 2] - FAR[2] < -9.5
    open_mesh = SurfaceMesh(whole.points_mm, whole.triangles[~above & ~below])
    holes = sorted(edge_faults(open_mesh), key=lambda fault: fault.at_mm[2])
    assert [fault.kind for fault in holes] == ["hole", "hole"]
    for hole, height in zip(holes, (-9.5, 8.0)):
        assert hole.fix == "fill_holes"
        np.testing.assert_allclose(np.array(hole.at_mm) - FAR, (0, 0, height), atol=0.7)
        assert hole.measure == pytest.approx(2 * np.sqrt(100 - height**2), abs=2.0)
    loops = boundary_loops(open_mesh)
    assert len(loops) == 2
    rim = np.concatenate(loops)
    assert len(np.unique(rim)) == len(rim)


def test_two_holes_that_meet_in_a_point_are_two_rims() -> None:
    square = [(0, 0, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0), (1, 1, 0)]
    mesh = SurfaceMesh(np.array(square, float), np.array([(0, 1, 4), (2, 3, 4)]))
    assert sorted(len(loop) for loop in boundary_loops(mesh)) == [3, 3]


def test_an_edge_of_three_triangles_a_touching_corner_and_a_turned_triangle(whole: SurfaceMesh) -> None:
    a, b, _ = whole.triangles[100]
    fin = SurfaceMesh(
        np.concatenate([whole.points_mm, FAR[None] * 1.01]),
        np.concatenate([whole.triangles, np.array([[a, b, len(whole.points_mm)]])]),
    )
    (edge,) = (fault for fault in edge_faults(fin) if fault.kind == "edge")
    assert edge.measure == 3
    np.testing.assert_allclose(edge.at_mm, whole.points_mm[[a, b]].mean(axis=0))

    twin = whole.triangles + len(whole.points_mm)
    twin[twin == 7 + len(whole.points_mm)] = 50
    shifted = whole.points_mm - whole.points_mm[7] + whole.points_mm[50]
    (tie,) = edge_faults(
        SurfaceMesh(np.concatenate([whole.points_mm, shifted]), np.concatenate([whole.triangles, twin]))
    )
    assert (tie.kind, tie.measure) == ("bow_tie", 2)
    np.testing.assert_allclose(tie.at_mm, whole.points_mm[50])

    triangles = whole.triangles.copy()
    triangles[33] = triangles[33][::-1]
    (turned,) = edge_faults(SurfaceMesh(whole.points_mm, triangles))
    assert (turned.kind, turned.count) == ("orientation", 3)
    assert np.linalg.norm(whole.points_mm[triangles[33]].mean(axis=0) - turned.at_mm) < 1.5


def test_a_triangle_without_area_is_found() -> None:
    cube = box((0, 0, 0), (10, 10, 10))
    a, b, c = cube.triangles[0]
    middle = 0.5 * (cube.points_mm[a] + cube.points_mm[b])
    points = np.concatenate([cube.points_mm, middle[None]])
    sliver = np.array([[b, a, len(cube.points_mm)]])
    rest = np.array([[a, len(cube.points_mm), c], [len(cube.points_mm), b, c]])
    faults = edge_faults(SurfaceMesh(points, np.concatenate([cube.triangles[1:], rest])))
    assert {fault.kind for fault in faults} == {"hole"}
    (flat,) = (
        fault
        for fault in edge_faults(SurfaceMesh(points, np.concatenate([cube.triangles, sliver])))
        if fault.kind == "zero_area"
    )
    np.testing.assert_allclose(flat.at_mm, middle, atol=1e-6)


CUBE = box((0, 0, 0), (10, 10, 10))


@pytest.mark.parametrize(
    ("other", "cuts"),
    [
        (box((20, 0, 0), (30, 10, 10)), False),
        (box((2, 2, 2), (8, 8, 8)), False),
        (box((10, 10, 10), (20, 20, 20)), False),
        # through it with edges exactly on diagonals, a corner in it, a face on its face, half a face
        (box((2, 2, -5), (8, 8, 15)), True),
        (box((5, 5, 5), (15, 15, 15)), True),
        (box((10, 0, 0), (20, 10, 10)), True),
        (box((10, 2, 2), (20, 8, 8)), True),
        (CUBE, True),
    ],
)
def test_two_boxes_cross_or_lie_on_each_other(other: SurfaceMesh, cuts: bool) -> None:
    found = crossings(joined(CUBE, other))
    assert bool(len(found.pairs)) is cuts
    low = np.maximum(CUBE.points_mm.min(axis=0), other.points_mm.min(axis=0)) - 1e-9
    high = np.minimum(CUBE.points_mm.max(axis=0), other.points_mm.max(axis=0)) + 1e-9
    assert ((found.at_mm >= low) & (found.at_mm <= high)).all()


def test_triangles_that_share_a_corner_or_are_folded_onto_each_other_cross() -> None:
    points = np.array([(0, 0, 0), (10, 0, 0), (0, 10, 0), (3, 3, -5), (3, 3, 5), (5, 5, 0), (5, -5, 0)], float)
    through = crossings(SurfaceMesh(points, np.array([(0, 1, 2), (0, 3, 4)])))
    np.testing.assert_allclose(through.at_mm, [(3, 3, 0)], atol=1e-9)
    assert self_intersections(SurfaceMesh(points, np.array([(0, 1, 2), (1, 0, 5)]))) == 1
    assert self_intersections(SurfaceMesh(points, np.array([(0, 1, 2), (1, 0, 6)]))) == 0


def test_a_planted_crossing_is_told_once_and_at_its_place(whole: SurfaceMesh) -> None:
    needle = box(FAR + (9.0, -0.3, -0.3), FAR + (14.0, 0.3, 0.3))
    (fault,) = crossing_faults(joined(whole, needle))
    assert np.linalg.norm(np.array(fault.at_mm) - FAR - (10.0, 0.0, 0.0)) < 0.7
    assert crossing_faults(joined(whole, ball(10.0, FAR + (30, 0, 0), 24))) == []
