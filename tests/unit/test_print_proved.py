"""Solids with hollows stay hollow through cuts and fixes, parts of trees hold their voxels, few crossings are drawn apart."""

from __future__ import annotations

import manifold3d
import numpy as np
import pytest

from planning.geometry import Grid, Plane
from planning.liver.guide import _largest
from planning.liver.own_volume import MOST_MM, holding
from planning.liver.parts import PlanCutter, parted_in_two
from planning.liver.regions import PlaneRegion
from planning.mesh import SurfaceMesh
from planning.printing.crossing import crossings
from planning.printing.fewer import fewer_triangles
from planning.printing.hollow import hollowed
from planning.printing.parts import printable, simplified
from planning.printing.proof import apart_mm, distances_mm, surface_samples_mm
from planning.printing.solids import bodies, mesh_of, solid_of
from planning.printing.uncross import uncrossed
from planning.volume import Mask
from tests.support.solids import ball, of_manifold

FAR = np.array([120.0, -340.0, 800.0])


def test_where_a_slim_surface_cuts_itself_in_few_places_its_points_there_are_drawn_apart() -> None:
    # two curved walls 0.04 mm apart: saving triangles pushes them through each other here and there
    gap = manifold3d.Manifold.sphere(5.52, 130) - manifold3d.Manifold.sphere(5.48, 139)
    planned = of_manifold(manifold3d.Manifold.sphere(6.0, 130) - manifold3d.Manifold.sphere(5.0, 130) - gap, FAR)
    slim = simplified(planned, 0.1)
    found = crossings(slim)
    assert 0 < len(found.pairs) < 50
    mended = uncrossed(slim, found, 0.05)
    assert mended is not None
    assert not len(crossings(mended).pairs)
    away = np.linalg.norm(mended.points_mm - slim.points_mm, axis=1)
    assert away.max() <= 0.05 + 1e-9
    assert 0 < np.count_nonzero(away) < 40
    # where points may not move it says so
    assert uncrossed(slim, found, 1e-6) is None
    ready = printable(planned, 0.1)
    assert len(ready.triangles) < 0.6 * len(planned.triangles)
    assert distances_mm(planned.points_mm, ready).max() < 0.2
    assert not len(crossings(ready).pairs)


def test_saved_triangles_keep_the_tolerance_and_every_crumb() -> None:
    # two balls and a crumb of so few triangles that edge collapse would take it away
    rounded = manifold3d.Manifold.sphere(20.0, 200) + manifold3d.Manifold.sphere(4.0, 200).translate((30, 0, 0))
    planned = of_manifold(rounded + manifold3d.Manifold.sphere(0.5, 24).translate((0, 30, 0)), FAR)
    for tolerance in (0.1, 0.02):
        slim = fewer_triangles(planned, tolerance)
        assert slim is not None
        assert len(slim.triangles) < 0.65 * len(planned.triangles)
        middles = slim.points_mm[slim.triangles].mean(axis=1) - FAR
        for center, radius in (((0, 0, 0), 20.0), ((30, 0, 0), 4.0), ((0, 30, 0), 0.5)):
            away = np.linalg.norm(middles - center, axis=1)
            near = away < 1.1 * radius
            assert near.any()
            assert np.abs(away[near] - radius).max() < tolerance + 0.01
        assert abs(slim.volume_ml / planned.volume_ml - 1.0) < 0.002
    # what has few triangles is left as it is
    assert fewer_triangles(ball(10.0, FAR, 24), 0.1) is None


def test_the_largest_piece_of_a_guide_keeps_its_hollow() -> None:
    block = manifold3d.Manifold.cube((20, 20, 20), True) - manifold3d.Manifold.cube((6, 6, 6), True)
    bit = manifold3d.Manifold.cube((5, 5, 5), True).translate((40, 0, 0))
    made, bits = _largest(of_manifold(bit + block, FAR), FAR)
    assert bits == 1
    np.testing.assert_allclose(made.volume_ml, (20**3 - 6**3) / 1000.0, rtol=1e-5)


def test_distances_by_corners_are_those_of_the_surface() -> None:
    one = ball(10.0, FAR, 64)
    points = surface_samples_mm(SurfaceMesh(one.points_mm + (0.0, 0.0, 5e-5), one.triangles), 500)
    points[:200] += (0.0, 0.1, 0.3)
    np.testing.assert_allclose(apart_mm(points, one), distances_mm(points, one), atol=1e-4)


def test_bodies_keep_their_hollows() -> None:
    hollow = manifold3d.Manifold.cube((10, 10, 10), True) - manifold3d.Manifold.cube((2, 2, 2), True)
    both = hollow + hollow.translate((20, 0, 0)) + manifold3d.Manifold.cube((1, 1, 1), True)
    assert [round(one.volume(), 3) for one in bodies(both)] == [992.0, 992.0, 1.0]
    assert [round(one.volume(), 3) for one in bodies(both, 5.0)] == [992.0, 992.0]


def test_a_hollow_part_keeps_its_wall_round_a_hole_within() -> None:
    mesh = of_manifold(manifold3d.Manifold.sphere(20.0, 128) - manifold3d.Manifold.sphere(6.0, 96), FAR)
    shell = hollowed(mesh, 2.0).shell
    wanted = 4.0 / 3.0 * np.pi * (20.0**3 - 18.0**3 + 8.0**3 - 6.0**3) / 1000.0
    assert shell.volume_ml == pytest.approx(wanted, rel=0.02)


def test_a_hole_within_a_structure_stays_when_a_plan_cuts_it() -> None:
    grid = Grid.from_parts((64, 64, 64), (1.0, 1.0, 1.0), (-32.0, -32.0, -32.0))
    z, y, x = np.mgrid[:64, :64, :64] - 32.0
    voxels = (x**2 + y**2 + z**2 < 25.0**2) & ((x + 12.0) ** 2 + y**2 + z**2 > 6.0**2)
    region = PlaneRegion(Plane((0.3, 0.0, 0.0), (1.0, 0.0, 0.0)))
    solid = manifold3d.Manifold.cube((80.0, 80.0, 80.0), True).translate((40.3, 0.0, 0.0))
    cutter = PlanCutter(np.zeros(3), None, (region,), (solid,))
    parts = {side: mesh for side, mesh, _ in parted_in_two(cutter, Mask.from_full(grid, voxels), "organ")}
    whole = np.count_nonzero(voxels) / 1000.0
    assert parts["kept"].volume_ml + parts["removed"].volume_ml == pytest.approx(whole, rel=0.003)


def test_both_parts_of_a_lesion_hold_their_voxels() -> None:
    # smooth on one side, all fingers on the other: one level for the whole gives the one what the other loses
    grid = Grid.from_parts((56, 40, 40), (1.0, 1.0, 1.0), FAR)
    k, j, i = np.indices((40, 40, 56))
    ball_side = (i - 28) ** 2 + (j - 20) ** 2 + (k - 20) ** 2 <= 14**2
    fingers = (i > 28) & (i < 46) & (abs(j - 20) < 12) & (abs(k - 20) < 12) & (j % 10 < 5) & (k % 10 < 5)
    mask = Mask.from_full(grid, np.where(i <= 28, ball_side, fingers | (ball_side & (i < 32))))
    plane = Plane(FAR + (28.5, 0.0, 0.0), (1.0, 0.0, 0.0))
    solid = manifold3d.Manifold.cube((80.0, 80.0, 80.0), True).translate((40.0, 0.0, 0.0))
    cutter = PlanCutter(plane.origin_mm, None, (PlaneRegion(plane),), (solid,))
    off = {}
    for kind in ("other", "lesion"):
        parts = parted_in_two(cutter, mask, kind)
        assert len(parts) == 2
        off[kind] = max(abs(mesh.volume_ml / own.volume_ml - 1.0) for _, mesh, own in parts)
    assert off["other"] > 0.008
    assert off["lesion"] < 0.0055


def test_a_part_of_a_tree_holds_what_is_wanted_of_it() -> None:
    rod = of_manifold(manifold3d.Manifold.cylinder(60.0, 2.0, 2.0, 64).refine_to_length(0.5))
    surface = mesh_of(solid_of(rod, np.zeros(3)), np.zeros(3))
    block = manifold3d.Manifold.cube((20.0, 20.0, 25.0), True).translate((0.0, 0.0, 12.5))

    def cut(solid: manifold3d.Manifold) -> manifold3d.Manifold:
        return solid ^ block

    as_it_is = cut(solid_of(surface, np.zeros(3))).volume()
    for share in (0.95, 1.04):
        assert holding(surface, np.zeros(3), cut, share * as_it_is).volume() == pytest.approx(
            share * as_it_is, rel=0.006
        )
    # no more than MOST_MM, whatever is asked
    most = holding(surface, np.zeros(3), cut, 3.0 * as_it_is)
    assert most.volume() < as_it_is * (1.0 + MOST_MM / 2.0) ** 2 * 1.03
