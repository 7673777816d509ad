"""Surfaces keep volume and place; printed files come back as what was segmented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planning.errors import InputError, UsageError
from planning.files.meshes import MeshObject, read_mesh, write_meshes
from planning.geometry import Grid, Plane
from planning.mesh import SurfaceMesh
from planning.printing.checks import component_count, self_intersections
from planning.printing.hollow import hollowed
from planning.printing.options import PrintOptions
from planning.printing.parts import PrintPart
from planning.printing.plan import make_print
from planning.surface import surface_from_mask
from planning.volume import Mask


def _turned(size: tuple[int, int, int], spacing: tuple[float, float, float]) -> Grid:
    turn = np.radians(25.0)
    direction = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
    return Grid.from_parts(size, spacing, (-20, 5, 80), direction)


def _ball(spacing: tuple[float, float, float], radius: float) -> tuple[Mask, np.ndarray]:
    size = tuple(int(2.6 * radius / s) for s in spacing)
    grid = _turned(size, spacing)
    center = grid.center_mm
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T).reshape(*grid.shape_kji, 3)
    return Mask.from_full(grid, np.linalg.norm(points - center, axis=-1) <= radius), center


@pytest.mark.parametrize("spacing", [(0.8, 0.8, 0.8), (0.7, 0.7, 2.0)])
def test_a_ball_stays_a_ball(spacing: tuple[float, float, float]) -> None:
    mask, center = _ball(spacing, 12.0)
    mesh = surface_from_mask(mask, kind="organ")
    assert mesh.is_watertight
    assert mesh.volume_ml == pytest.approx(mask.volume_ml, rel=0.005)
    away = np.linalg.norm(mesh.points_mm - center, axis=1)
    assert np.abs(away - 12.0).mean() < 0.15
    assert self_intersections(mesh) == 0


def test_a_thin_vessel_keeps_its_volume_and_stays_in_one_piece() -> None:
    grid = _turned((30, 30, 40), (0.8, 0.8, 1.0))
    index = np.indices(grid.shape_kji)[::-1]
    tube = (np.hypot(index[0] - 15, index[1] - 15) <= 2.2) & (index[2] > 4) & (index[2] < 36)
    mask = Mask.from_full(grid, tube)
    mesh = surface_from_mask(mask, kind="vessel")
    assert mesh.volume_ml == pytest.approx(mask.volume_ml, rel=0.02)
    assert mesh.is_watertight


@pytest.mark.parametrize("ending", [".stl", ".ply", ".obj", ".vtp", ".3mf", ".glb", ".usdz"])
def test_a_lopsided_solid_comes_back_in_place_and_not_mirrored(ending: str, tmp_path: Path) -> None:
    grid = _turned((20, 18, 16), (1.0, 1.0, 1.0))
    solid = np.zeros(grid.shape_kji, bool)
    solid[3:12, 3:6, 3:16] = solid[3:5, 3:14, 3:6] = True
    mesh = surface_from_mask(Mask.from_full(grid, solid), kind="other")
    path = tmp_path / f"part{ending}"
    placement = write_meshes(path, [MeshObject("part", mesh, "#DD8265")])
    back = _read(path)
    placed = back.points_mm @ placement[:3, :3].T + placement[:3, 3]
    assert np.linalg.det(placement[:3, :3]) > 0
    np.testing.assert_allclose(placed.min(axis=0), mesh.points_mm.min(axis=0), atol=1e-3)
    np.testing.assert_allclose(placed.mean(axis=0), mesh.points_mm[mesh.triangles].mean(axis=(0, 1)), atol=1.0)
    volume = (
        np.einsum(
            "ij,ij->i",
            placed[back.triangles[:, 0]],
            np.cross(placed[back.triangles[:, 1]], placed[back.triangles[:, 2]]),
        ).sum()
        / 6000
    )
    assert volume == pytest.approx(mesh.volume_ml, rel=1e-3)


def _read(path: Path):
    from planning.files.meshes import read_meshes

    return read_meshes(path)[0][1] if path.suffix in (".glb", ".3mf", ".usdz") else read_mesh(path)


def test_a_print_is_proved_on_the_file_as_read_back(tmp_path: Path) -> None:
    mask, _ = _ball((1.0, 1.0, 1.0), 14.0)
    told = make_print(
        [PrintPart("ball", mask, "#DD8265", "organ"), PrintPart("other", mask, "#3B82E0", "organ")],
        tmp_path / "model.3mf",
        PrintOptions(bed_mm=(200.0, 200.0, 200.0)),
    )
    for row in told["objects"]:
        assert row["watertight"]
        assert row["manifold"]
        assert row["self_intersections"] == 0
        assert row["deviation_mean_mm"] <= 0.1
        assert row["deviation_max_mm"] <= 0.5
        assert row["volume_ml"] == pytest.approx(row["structure_volume_ml"], rel=0.005)
        assert row["fits_bed"] is True
    with pytest.raises(InputError, match="exists"):
        make_print([PrintPart("ball", mask, "#DD8265")], tmp_path / "model.3mf")
    with pytest.raises(UsageError):
        make_print([PrintPart("ball", mask, "#DD8265")], tmp_path / "model.step")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.3mf"]


def _block(name: str = "block") -> tuple[PrintPart, Grid]:
    """A lopsided ellipsoid of about 46 × 36 × 30 mm."""
    grid = _turned((58, 48, 42), (1.0, 1.0, 1.0))
    k, j, i = np.indices(grid.shape_kji)
    inside = ((i - 28) / 23) ** 2 + ((j - 24) / 18) ** 2 + ((k - 20) / 15) ** 2 <= 1
    return PrintPart(name, Mask.from_full(grid, inside), "#DD8265", "organ"), grid


def test_a_hollow_part_keeps_its_outside_and_has_the_wall_that_was_asked(tmp_path: Path) -> None:
    part, _ = _block()
    solid = make_print([part], tmp_path / "solid.3mf")["objects"][0]
    told = make_print([part], tmp_path / "hollow.3mf", PrintOptions(hollow_mm=3.0))
    row = told["objects"][0]
    assert row["watertight"]
    assert row["manifold"]
    assert row["self_intersections"] == 0
    assert row["components"] == 1
    assert row["min_wall_mm"] == pytest.approx(3.0, abs=0.25)
    assert row["volume_ml"] < 0.75 * solid["volume_ml"]
    assert row["structure_volume_ml"] == solid["structure_volume_ml"]
    assert row["deviation_max_mm"] <= 0.5
    np.testing.assert_allclose(row["size_mm"], solid["size_mm"], atol=0.1)
    assert "closed_hollow" in {warning["code"] for warning in told["warnings"]}


def test_a_part_too_thin_to_be_hollowed_stays_solid_and_says_so(tmp_path: Path) -> None:
    part, _ = _block()
    told = make_print([part], tmp_path / "solid.stl", PrintOptions(hollow_mm=16.0))
    assert "not_hollowed" in {warning["code"] for warning in told["warnings"]}
    assert told["objects"][0]["volume_ml"] == pytest.approx(part.mask.volume_ml, rel=0.005)


def test_a_cut_parts_the_volume_and_pegs_join_the_halves_with_a_gap(tmp_path: Path) -> None:
    part, grid = _block()
    plane = Plane(grid.to_world((29.3, 24, 20)), grid.world_from_index[:3, :3] @ np.array([1.0, 0.2, 0.1]))
    cut = make_print([part], tmp_path / "cut.3mf", PrintOptions(cut=plane))["objects"]
    assert [row["name"] for row in cut] == ["block_1", "block_2"]
    assert sum(row["structure_volume_ml"] for row in cut) == pytest.approx(part.mask.volume_ml)
    for row in cut:
        assert row["volume_ml"] == pytest.approx(row["structure_volume_ml"], rel=0.01)
    told = make_print([part], tmp_path / "pegs.3mf", PrintOptions(cut=plane, pegs=True))
    assert len(told["pegs"]) == 2
    assert len({peg["diameter_mm"] for peg in told["pegs"]}) == 2
    for peg in told["pegs"]:
        assert peg["gap_mm"] == pytest.approx(0.3, abs=0.05)
    for row in told["objects"]:
        assert row["watertight"]
        assert row["manifold"]
        assert row["self_intersections"] == 0
        assert row["components"] == 1
    assert told["objects"][0]["volume_ml"] < cut[0]["volume_ml"]
    assert told["objects"][1]["volume_ml"] > cut[1]["volume_ml"]


def test_halves_go_to_files_of_their_own_and_a_plane_beside_the_part_leaves_it_whole(tmp_path: Path) -> None:
    part, grid = _block()
    through = Plane(grid.to_world((28, 24, 20)), np.array([0.0, 0.0, 1.0]))
    told = make_print([part], tmp_path / "m.stl", PrintOptions(cut=through))
    assert [Path(file).name for file in told["files"]] == ["m-block_1.stl", "m-block_2.stl"]
    beside = Plane(grid.to_world((28, 24, 90)), np.array([0.0, 0.0, 1.0]))
    assert [row["name"] for row in make_print([part], tmp_path / "w.stl", PrintOptions(cut=beside))["objects"]] == [
        "block"
    ]


def test_pegs_need_a_cut(tmp_path: Path) -> None:
    part, _ = _block()
    with pytest.raises(UsageError, match="cut"):
        make_print([part], tmp_path / "m.stl", PrintOptions(pegs=True))
    assert not list(tmp_path.iterdir())


def test_a_base_is_one_piece_with_its_part_and_flat_below(tmp_path: Path) -> None:
    part, _ = _block()
    plain = make_print([part], tmp_path / "plain.ply")["objects"][0]
    row = make_print([part], tmp_path / "base.ply", PrintOptions(base=True))["objects"][0]
    assert row["components"] == 1
    assert row["watertight"]
    assert row["self_intersections"] == 0
    assert row["size_mm"][2] == pytest.approx(plain["size_mm"][2] + 2.0, abs=0.15)
    points = read_mesh(tmp_path / "base.ply").points_mm
    assert np.count_nonzero(points[:, 2] < points[:, 2].min() + 1e-3) >= 24


def test_sheets_that_touch_in_an_edge_are_read_back_closed(tmp_path: Path) -> None:
    grid = Grid.from_parts((24, 24, 24), (1.0, 1.0, 1.0))
    solid = np.zeros(grid.shape_kji, bool)
    solid[6:12, 6:12, 6:12] = solid[12:18, 12:18, 6:12] = True
    solid[6:12, 12:18, 12:18] = True
    told = make_print([PrintPart("stairs", Mask.from_full(grid, solid), "#DD8265", "bone")], tmp_path / "m.stl")
    assert told["objects"][0]["watertight"]
    assert told["objects"][0]["manifold"]


def test_crossing_surfaces_are_counted_and_long_slivers_too() -> None:
    part, grid = _block()
    mesh = surface_from_mask(part.mask, kind="organ")
    assert self_intersections(mesh) == 0
    twice = SurfaceMesh(
        np.concatenate([mesh.points_mm, mesh.points_mm + (30.0, 2.3, 1.1)]),
        np.concatenate([mesh.triangles, mesh.triangles + len(mesh.points_mm)]),
    )
    assert self_intersections(twice) > 50
    center = grid.to_world((28, 24, 20))
    sliver = center + np.array([(-80.0, -1.0, 0.3), (80.0, 1.0, 0.4), (80.0, 1.5, 0.2)])
    pierced = SurfaceMesh(
        np.concatenate([mesh.points_mm, sliver]),
        np.concatenate([mesh.triangles, np.arange(3)[None].astype(np.int32) + len(mesh.points_mm)]),
    )
    assert self_intersections(pierced) >= 2


def test_a_solid_inside_a_hollow_is_counted_and_the_hollow_is_not() -> None:
    part, _ = _block()
    shell = hollowed(surface_from_mask(part.mask, kind="organ"), 3.0).shell
    assert component_count(shell) == 1
    small = SurfaceMesh(shell.points_mm * 0.1 + shell.points_mm.mean(axis=0) * 0.9, shell.triangles)
    both = SurfaceMesh(
        np.concatenate([shell.points_mm, small.points_mm]),
        np.concatenate([shell.triangles, small.triangles + len(shell.points_mm)]),
    )
    assert component_count(both) == 2


@pytest.mark.parametrize("ending", [".3mf", ".glb", ".obj"])
def test_another_program_reads_the_parts_as_closed_solids(ending: str, tmp_path: Path) -> None:
    import trimesh

    part, _ = _block()
    told = make_print([part, replace(part, name="second")], tmp_path / f"m{ending}")
    scene = trimesh.load(tmp_path / f"m{ending}", force="scene")
    assert len(scene.geometry) == 2
    for mesh in scene.geometry.values():
        mesh.merge_vertices(merge_norm=True, merge_tex=True)
        assert mesh.is_watertight
        scale = 1000.0 if ending == ".glb" else 1.0
        assert mesh.volume * scale**3 / 1000.0 == pytest.approx(told["objects"][0]["volume_ml"], rel=1e-3)


def test_stl_writes_one_file_a_structure(tmp_path: Path) -> None:
    mask, _ = _ball((1.2, 1.2, 1.2), 8.0)
    told = make_print([PrintPart("a", mask, "#DD8265"), PrintPart("b", mask, "#DD8265")], tmp_path / "m.stl")
    assert [Path(file).name for file in told["files"]] == ["m-a.stl", "m-b.stl"]
