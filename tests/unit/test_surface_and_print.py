"""Surfaces keep volume and place; printed files come back as what was segmented."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planning.errors import InputError, UsageError
from planning.files.meshes import MeshObject, read_mesh, write_meshes
from planning.geometry import Grid
from planning.printing.checks import self_intersections
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


@pytest.mark.parametrize("ending", [".stl", ".ply", ".obj", ".vtp", ".3mf", ".glb"])
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

    return read_meshes(path)[0][1] if path.suffix in (".glb", ".3mf") else read_mesh(path)


def test_a_print_is_proved_on_the_file_as_read_back(tmp_path: Path) -> None:
    mask, _ = _ball((1.0, 1.0, 1.0), 14.0)
    told = make_print(
        [PrintPart("ball", mask, "#DD8265", "organ"), PrintPart("other", mask, "#3B82E0", "organ")],
        tmp_path / "model.3mf",
        bed_mm=(200, 200, 200),
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
        make_print([PrintPart("ball", mask, "#DD8265")], tmp_path / "model.usdz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.3mf"]


def test_stl_writes_one_file_a_structure(tmp_path: Path) -> None:
    mask, _ = _ball((1.2, 1.2, 1.2), 8.0)
    told = make_print([PrintPart("a", mask, "#DD8265"), PrintPart("b", mask, "#DD8265")], tmp_path / "m.stl")
    assert [Path(file).name for file in told["files"]] == ["m-a.stl", "m-b.stl"]
