"""Each fix mends its fault, leaves the rest as it was, and tells what it did."""

from __future__ import annotations

import manifold3d
import numpy as np
import pytest

from planning.errors import MeasurementError
from planning.mesh import SurfaceMesh
from planning.printing.checks import is_manifold
from planning.printing.crossing import self_intersections
from planning.printing.edges import edge_faults
from planning.printing.mending import Wish, mended
from planning.printing.shells import narrow_faults, shell_faults
from planning.printing.walls import walls
from tests.support.solids import ball, box, inside_out, joined, of_manifold

FAR = np.array([120.0, -340.0, 800.0])


def _is_sound(mesh: SurfaceMesh) -> bool:
    return not edge_faults(mesh) and is_manifold(mesh) and not self_intersections(mesh)


@pytest.mark.parametrize("height", [3.0, 9.5])
def test_holes_are_filled_flat(height: float) -> None:
    whole = ball(10, FAR, 96)
    above = whole.points_mm[whole.triangles].mean(axis=1)[:, 2] - FAR[2] > height
    done = mended(SurfaceMesh(whole.points_mm, whole.triangles[~above]), "fill_holes")
    assert done.changed
    assert not edge_faults(done.mesh)
    assert is_manifold(done.mesh)
    cap = np.pi * (10 - height) ** 2 * (20 + height) / 3 / 1000
    assert done.mesh.volume_ml == pytest.approx(whole.volume_ml - cap, rel=0.05)
    assert not mended(whole, "fill_holes").changed


def test_triangles_and_sheets_are_turned_to_face_outward() -> None:
    whole = joined(ball(10, FAR, 32), inside_out(ball(5, FAR, 32)))
    triangles = whole.triangles.copy()
    triangles[::7] = triangles[::7, ::-1]
    done = mended(SurfaceMesh(whole.points_mm, triangles), "turn_triangles")
    np.testing.assert_allclose(done.mesh.volume_ml, whole.volume_ml)
    assert _is_sound(done.mesh)
    done = mended(joined(inside_out(ball(10, FAR, 32)), inside_out(ball(5, FAR, 32))), "turn_shells")
    np.testing.assert_allclose(done.mesh.volume_ml, whole.volume_ml)


def test_loose_pieces_go_and_the_largest_stays_with_its_hollow() -> None:
    part = joined(ball(15, FAR, 48), inside_out(ball(8, FAR, 48)))
    crumb, stone, other = ball(1.5, FAR + (40, 0, 0), 32), ball(2, FAR, 32), ball(6, FAR + (30, 0, 0), 32)
    mesh = joined(part, crumb, stone, other)
    done = mended(mesh, "drop_crumbs")
    assert done.mesh.volume_ml == pytest.approx(part.volume_ml + other.volume_ml)
    assert "2 loose" in done.finding.text
    assert mended(mesh, "drop_loose").mesh.volume_ml == pytest.approx(part.volume_ml)
    filled = mended(joined(part, stone), "fill_voids")
    assert filled.mesh.volume_ml == pytest.approx(ball(15, FAR, 48).volume_ml)


def test_a_closed_hollow_gets_two_ways_out_as_wide_as_asked() -> None:
    mesh = joined(ball(15, FAR), inside_out(ball(11, FAR)))
    done = mended(mesh, "add_drains", Wish(hole_mm=4.0))
    assert shell_faults(done.mesh) == []
    assert narrow_faults(done.mesh, 3.5) == []
    assert _is_sound(done.mesh)
    # two bores through a wall of 4 mm
    assert mesh.volume_ml - done.mesh.volume_ml == pytest.approx(2 * 4 * np.pi * 4 / 1000, rel=0.1)


def test_a_thin_wall_is_thickened_there_and_nowhere_else() -> None:
    fin = manifold3d.Manifold.cube((0.5, 6, 8)).translate((10, 7, 18))
    mesh = of_manifold(manifold3d.Manifold.cube((20, 20, 20)) + fin, FAR)
    done = mended(mesh, "thicken", Wish(least_wall_mm=1.0))
    after = walls(done.mesh, 1.0)
    assert after is not None
    assert after.percentile_mm >= 1.0
    assert after.thin_mm2 < 0.5
    assert _is_sound(done.mesh)
    # half a millimetre more on 6 × 6 mm, and at most as much round its rims
    assert 6 * 6 * 0.5 / 1000 < done.mesh.volume_ml - mesh.volume_ml < (7 * 6.5 * 1.1 - 18) / 1000
    low, high = done.mesh.points_mm.min(axis=0) - FAR, done.mesh.points_mm.max(axis=0) - FAR
    np.testing.assert_allclose(low, 0.0, atol=0.01)
    np.testing.assert_allclose(high, (20, 20, 26), atol=0.6)
    assert not mended(box(FAR, FAR + 10), "thicken").changed


def test_solids_in_each_other_become_one() -> None:
    mesh = joined(box(FAR, FAR + 10), box(FAR + 5, FAR + 15))
    done = mended(mesh, "unite")
    assert done.mesh.volume_ml == pytest.approx(2.0 - 0.125, rel=1e-4)
    assert _is_sound(done.mesh)


def test_what_no_fix_mends_is_told() -> None:
    with pytest.raises(MeasurementError, match="not mended"):
        mended(box(FAR, FAR + 10), "turn_to_fit")
