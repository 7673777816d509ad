"""Walls of known thickness are measured, and thin ones found where they are."""

from __future__ import annotations

import manifold3d
import numpy as np
import pytest

from planning.printing.walls import walls
from tests.support.solids import ball, box, inside_out, joined, of_manifold

FAR = np.array([120.0, -340.0, 800.0])


def _fine(solid, at_mm=FAR):
    return of_manifold(solid.refine_to_length(0.5), at_mm)


def _prism(outline, length: float):
    return manifold3d.CrossSection([outline]).extrude(length)


@pytest.mark.parametrize("thick", [0.4, 0.6, 1.1])
@pytest.mark.parametrize("is_fine", [True, False])
def test_a_plate_is_as_thick_as_it_is(thick: float, is_fine: bool) -> None:
    solid = manifold3d.Manifold.cube((12, 12, thick)).rotate((20, 30, 40))
    found = walls(_fine(solid) if is_fine else of_manifold(solid, FAR), 0.8)
    assert found is not None
    assert found.least_mm == pytest.approx(thick, abs=0.01)
    assert found.percentile_mm == pytest.approx(thick, abs=0.01)
    assert found.thin_mm2 == pytest.approx(144.0 if thick < 0.8 else 0.0, rel=0.03, abs=1e-9)
    assert [fault.kind for fault in found.faults] == (["thin_wall"] if thick < 0.8 else [])


def test_a_shell_is_thinnest_where_its_hollow_is_nearest() -> None:
    mesh = joined(ball(10, FAR), inside_out(ball(9.0, FAR + (0, 0, 0.5))))
    found = walls(mesh, 0.8)
    assert found is not None
    assert found.least_mm == pytest.approx(0.5, abs=0.03)
    assert np.linalg.norm(np.array(found.least_at) - FAR - (0, 0, 9.75)) < 1.5
    (fault,) = found.faults
    assert fault.measure == found.least_mm
    assert fault.fix == "thicken"


@pytest.mark.parametrize(("radius", "sides"), [(0.5, 16), (1.0, 24)])
def test_a_rod_is_as_thick_as_its_diameter(radius: float, sides: int) -> None:
    found = walls(_fine(manifold3d.Manifold.cylinder(12, radius, radius, sides).rotate((30, 10, 0))), 1.2)
    assert found is not None
    assert found.least_mm == pytest.approx(2 * radius, abs=0.05)


def test_a_wedge_is_thinnest_at_its_blunt_end_and_its_sharp_rim_is_an_edge() -> None:
    blunt = walls(_fine(_prism([(0, -0.25), (20, -2), (20, 2), (0, 0.25)], 8)), 0.8)
    assert blunt is not None
    assert blunt.least_mm == pytest.approx(0.5, abs=0.05)
    assert blunt.faults[0].at_mm[0] - FAR[0] < 0.5
    # a thickness of 0.8 mm is reached where 0.5 + 3.5 x / 20 = 0.8
    assert blunt.thin_mm2 == pytest.approx(8 * 0.3 * 20 / 3.5, rel=0.2)
    sharp = walls(_fine(_prism([(0, 0), (20, -8), (20, 8)], 8)), 0.8)
    assert sharp is not None
    assert {fault.kind for fault in sharp.faults} == {"thin_edge"}
    assert sharp.least_mm > 5.0
    # a right angle is neither
    cube = walls(box(FAR, FAR + 10), 0.8)
    assert cube is not None
    assert cube.faults == ()
    assert cube.least_mm == pytest.approx(10.0, abs=0.01)


def test_a_small_fin_on_a_large_block_is_found_at_its_place() -> None:
    solid = manifold3d.Manifold.cube((60, 60, 60)) + manifold3d.Manifold.cube((0.5, 3, 4)).translate((15, 12, 59))
    found = walls(of_manifold(solid, FAR), 0.8)
    assert found is not None
    (fault,) = found.faults
    assert fault.measure == pytest.approx(0.5, abs=0.01)
    np.testing.assert_array_less(np.abs(np.array(fault.at_mm) - FAR - (15.25, 13.5, 61.5)), (0.1, 1.6, 1.6))
    assert fault.area_mm2 == pytest.approx(9.0, rel=0.4)
    assert found.percentile_mm > 50.0


def test_a_crumb_beside_a_part_without_walls_is_no_fault_of_the_program() -> None:
    # of a tetrahedron no two faces look at each other, and of its crumb only the triangles' middles are met
    found = walls(
        joined(of_manifold(manifold3d.Manifold.tetrahedron().scale((120,) * 3), FAR), box(FAR, FAR + 0.05)), 0.8
    )
    assert found is not None
    assert found.least_mm == pytest.approx(0.05, abs=1e-3)
    assert found.thin_mm2 == 0.0
