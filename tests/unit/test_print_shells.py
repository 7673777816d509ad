"""Hollows, loose pieces, narrow ways out, distances between objects and the printer's room: found where they are."""

from __future__ import annotations

import manifold3d
import numpy as np
import pytest

from planning.mesh import SurfaceMesh
from planning.printing import crossing
from planning.printing.gaps import bed_faults, bed_fit, clearance_faults
from planning.printing.shells import narrow_faults, shell_faults
from tests.support.solids import ball, box, inside_out, joined, of_manifold

FAR = np.array([120.0, -340.0, 800.0])


def _volume_ml(mesh) -> float:
    return abs(mesh.volume_ml)


def test_a_hollow_a_stone_in_it_and_a_crumb_beside_are_told_with_volume_and_place() -> None:
    hollow, stone = ball(8, FAR + (3, 0, 0)), ball(2, FAR + (5, 1, 0), 32)
    crumb = ball(1.5, FAR + (40, 5, 0), 32)
    mesh = joined(ball(15, FAR), inside_out(hollow), stone, crumb)
    trapped, *loose = shell_faults(mesh)
    assert trapped.kind == "trapped"
    assert trapped.measure == pytest.approx(_volume_ml(hollow) - _volume_ml(stone))
    np.testing.assert_allclose(np.array(trapped.at_mm) - FAR, (3, 0, 0), atol=0.01)
    assert [(fault.kind, fault.fix) for fault in loose] == [("loose", "drop_crumbs")] * 2
    np.testing.assert_allclose(np.array(loose[0].at_mm) - FAR, (5, 1, 0), atol=0.01)
    np.testing.assert_allclose(np.array(loose[1].at_mm) - FAR, (40, 5, 0), atol=0.01)
    assert loose[1].measure == pytest.approx(_volume_ml(crumb))
    assert shell_faults(ball(15, FAR)) == []


def test_a_large_loose_part_is_told_as_one() -> None:
    (fault,) = shell_faults(joined(ball(15, FAR), ball(6, FAR + (30, 0, 0))))
    assert fault.fix == "drop_loose"
    assert fault.measure == pytest.approx(4 / 3 * np.pi * 0.216, rel=0.01)


@pytest.mark.parametrize("wrong", ["outside", "hollow"])
def test_a_sheet_that_faces_the_wrong_way_is_told(wrong: str) -> None:
    outer, inner = ball(15, FAR), inside_out(ball(8, FAR))
    mesh = joined(inside_out(outer), inner) if wrong == "outside" else joined(outer, inside_out(inner))
    faults = [fault for fault in shell_faults(mesh) if fault.kind == "orientation"]
    assert [fault.fix for fault in faults] == ["turn_shells"]
    assert {fault.kind for fault in shell_faults(mesh)} == {"orientation", "trapped"}


def test_very_many_bubbles_are_each_told() -> None:
    body = ball(20, FAR, 128)
    places = [FAR + (x, y, z) for x in (-6, 0, 6) for y in (-9, -3, 3, 9) for z in (-8, 0, 8)]
    bubble = inside_out(ball(1, sides=16))
    bubbles = [SurfaceMesh(bubble.points_mm + at, bubble.triangles) for at in places]
    faults = shell_faults(joined(body, *bubbles, ball(1, FAR + (30, 0, 0), 16)))
    trapped = np.array([fault.at_mm for fault in faults if fault.kind == "trapped"])
    assert len(trapped) == len(places)
    assert all(np.linalg.norm(trapped - at, axis=1).min() < 1e-6 for at in places)
    assert [fault.kind for fault in faults if fault.kind != "trapped"] == ["loose"]


def test_a_bent_hollow_is_pointed_to_inside_it() -> None:
    ring = manifold3d.Manifold.revolve(manifold3d.CrossSection.circle(2.0, 32).translate((8.0, 0.0)), 48)
    mesh = joined(ball(15, FAR), inside_out(of_manifold(ring, FAR)))
    (fault,) = shell_faults(mesh)
    away = np.array(fault.at_mm) - FAR
    assert np.hypot(np.hypot(away[0], away[1]) - 8.0, away[2]) < 2.0


def _with_way_out(radius: float):
    solid = manifold3d.Manifold.sphere(15, 64) - manifold3d.Manifold.sphere(11, 64)
    return of_manifold(solid - manifold3d.Manifold.cylinder(20, radius, radius, 48), FAR)


def test_a_way_out_that_is_too_narrow_keeps_what_is_inside() -> None:
    (fault,) = narrow_faults(_with_way_out(1.0), 3.5)
    assert fault.kind == "narrow"
    assert fault.measure == pytest.approx(4 / 3 * np.pi * 1.331, rel=0.06)
    assert np.linalg.norm(np.array(fault.at_mm) - FAR) < 2.0
    assert narrow_faults(_with_way_out(2.5), 3.5) == []
    assert narrow_faults(ball(15, FAR), 3.5) == []


@pytest.mark.parametrize("apart", [0.1, 0.3, 0.9])
def test_the_least_gap_between_two_objects_and_its_place(apart: float) -> None:
    one, two = ball(10, FAR), ball(6, FAR + (16 + apart, 0, 0))
    (fault,) = clearance_faults([("a", one), ("b", two)], 1.0)
    assert (fault.kind, fault.of, fault.unit) == ("clearance", "a, b", "mm")
    assert fault.measure == pytest.approx(apart, abs=0.02)
    assert np.linalg.norm(np.array(fault.at_mm) - FAR - (10, 0, 0)) < 1.0
    assert clearance_faults([("a", one), ("b", two)], apart / 2) == []


def test_objects_that_stand_in_each_other_share_a_volume() -> None:
    (fault,) = clearance_faults([("a", box(FAR, FAR + 10)), ("b", box(FAR + 8, FAR + 20))], 0.3)
    assert (fault.kind, fault.unit) == ("overlap", "ml")
    assert fault.measure == pytest.approx(0.008)
    np.testing.assert_allclose(fault.at_mm, FAR + 9, atol=1e-4)


def test_a_long_part_fits_the_bed_when_it_is_turned() -> None:
    rod = box((0, 0, 0), (130, 10, 10))
    straight, diagonal = bed_fit(rod, (200, 50, 50)), bed_fit(rod, (100, 100, 50))
    assert (straight.fits, straight.as_it_is) == (True, True)
    assert (diagonal.fits, diagonal.as_it_is, diagonal.flat) == (True, False, True)
    np.testing.assert_array_less(np.ptp(rod.points_mm @ diagonal.turn.T, axis=0), np.array([100, 100, 50]) + 1e-9)
    upright = bed_fit(rod, (60, 60, 150))
    assert (upright.fits, upright.flat) == (True, False)
    np.testing.assert_array_less(np.ptp(rod.points_mm @ upright.turn.T, axis=0), np.array([60, 60, 150]) + 1e-9)
    assert np.linalg.det(upright.turn) == pytest.approx(1.0)
    (fault,) = bed_faults(rod, (60, 60, 60))
    assert (fault.kind, fault.fix) == ("bed", "")
    assert fault.measure == pytest.approx(140 / np.sqrt(2) - 60, abs=0.05)
    assert bed_faults(rod, (100, 100, 50))[0].fix == "turn_to_fit"
    assert bed_faults(rod, (200, 50, 50)) == []


def test_no_crossing_of_a_cuts_long_triangles_is_missed_among_small_ones() -> None:
    random = np.random.default_rng(3)
    small = random.random((400, 1, 3)) * 60.0 + random.normal(size=(400, 3, 3)) * 0.8
    # a fan in one plane, as a cut leaves it, and some that lie anyhow
    fan = np.array(
        [[(0.0, 0.0, 30.0), (60.0, y, 30.0 + 0.5 * y), (60.0, y + 3.0, 31.5 + 0.5 * y)] for y in range(0, 60, 3)]
    )
    corners = np.concatenate([small, fan, random.random((25, 3, 3)) * 60.0])
    mesh = SurfaceMesh(corners.reshape(-1, 3), np.arange(3 * len(corners), dtype=np.int32).reshape(-1, 3))
    every = np.stack(np.triu_indices(len(corners), 1), axis=1)
    crosses, _ = crossing._crossing(mesh.points_mm, mesh.triangles, every)
    assert crosses.sum() > 100
    found = {tuple(sorted(pair)) for pair in crossing.crossings(mesh).pairs.tolist()}
    assert found == {tuple(pair) for pair in every[crosses].tolist()}
