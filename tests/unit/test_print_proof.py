"""The proof of a printed file: figures that are known beforehand, planted faults told by the command's answer, other readers."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from planning.files.meshes import MeshObject, read_meshes, write_meshes
from planning.geometry import Grid
from planning.mesh import SurfaceMesh
from planning.printing.again import read_again
from planning.printing.files import read_back, write_drafts
from planning.printing.judge import Limits, object_row, row_findings
from planning.printing.parts import Piece, PrintPart
from planning.printing.plan import make_print
from planning.printing.proof import deviation, dice_of_surfaces, dice_with_voxels, surface_samples_mm
from planning.printing.scanfill import scan_filled
from planning.volume import Mask
from tests.support.solids import ball, box, inside_out, joined

FAR = np.array([120.0, -340.0, 800.0])


def test_a_grown_ball_lies_as_far_away_as_it_was_grown() -> None:
    one, two = ball(10.0, FAR, 96), ball(10.3, FAR, 96)
    found = deviation(two, one)
    assert found.mean_mm == pytest.approx(0.3, abs=0.01)
    assert found.largest_mm == pytest.approx(0.3, abs=0.02)
    assert found.samples >= 20_000
    assert len(surface_samples_mm(one)) == 20_000 + len(one.points_mm)


def test_a_pimple_is_told_in_both_directions_and_at_its_place() -> None:
    plain, wart = box(FAR, FAR + 20), joined(box(FAR, FAR + 20), box(FAR + (5, 5, 20), FAR + (6, 6, 21.5)))
    for found in (deviation(wart, plain), deviation(plain, wart)):
        assert found.largest_mm == pytest.approx(1.5, abs=0.01)
        np.testing.assert_allclose(np.array(found.at_mm) - FAR, (5.5, 5.5, 21.5), atol=0.6)
        assert found.mean_mm < 0.5


def test_the_overlap_of_two_boxes_is_their_common_share() -> None:
    one, two = box(FAR, FAR + 10), box(FAR + (1, 0, 0), FAR + (11, 10, 10))
    assert dice_of_surfaces(one, two, np.full(3, 0.5)) == pytest.approx(0.9, abs=1e-9)
    assert dice_of_surfaces(one, one, np.full(3, 0.8)) == 1.0


def test_scan_lines_fill_what_lies_inside() -> None:
    block = box((3, 3, 3), (20, 21, 22))
    inside = scan_filled(block, np.ones(3), (30, 25, 24))
    # a sample on a face is in or out as a whole face is: 17, 18 and 19 of them
    assert inside.sum() == 17 * 18 * 19
    hollow = joined(ball(10, (12, 12, 12)), inside_out(ball(6, (12, 12, 12))))
    inside = scan_filled(hollow, np.full(3, 0.25), (97, 97, 97))
    assert inside.sum() * 0.25**3 / 1000 == pytest.approx(hollow.volume_ml, rel=2e-3)
    k, j, i = np.indices(inside.shape) * 0.25 - 12.0
    away = np.sqrt(k**2 + j**2 + i**2)
    assert inside[(away > 6.01) & (away < 9.9)].all()
    assert not inside[(away < 5.9) | (away > 10.01)].any()
    # cut off by the grid on all sides
    whole = scan_filled(box((-5, -5, -5), (50, 50, 50)), np.ones(3), (8, 9, 10))
    assert whole.all()


def _turned_block() -> Mask:
    turn = np.radians(30.0)
    direction = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
    grid = Grid.from_parts((24, 20, 16), (0.8, 0.8, 1.5), FAR, direction)
    inside = np.zeros(grid.shape_kji, bool)
    inside[3:13, 5:15, 4:20] = True
    return Mask.from_full(grid, inside)


def test_voxels_are_met_in_the_frame_of_a_turned_scan() -> None:
    mask = _turned_block()
    low, high = np.array((3.5, 4.5, 2.5)), np.array((19.5, 14.5, 12.5))
    cube = box(low, high)
    placed = SurfaceMesh(mask.grid.to_world(cube.points_mm), cube.triangles)
    assert dice_with_voxels(placed, mask) == 1.0
    moved = SurfaceMesh(mask.grid.to_world(cube.points_mm + (1.0, 0, 0)), cube.triangles)
    assert dice_with_voxels(moved, mask) == pytest.approx(15 / 16)


@pytest.mark.parametrize("ending", [".3mf", ".glb"])
def test_a_second_reader_sees_what_the_first_does(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"m{ending}"
    write_meshes(
        path, [MeshObject("a_ball", ball(9, FAR, 32), "#DD8265"), MeshObject("box", box(FAR, FAR + 5), "#3B82E0")]
    )
    reader, found = read_again(path)
    assert reader in ("zip and XML", "glTF by its definition")
    other = dict(read_meshes(path))
    assert {name for name, _ in found} == set(other) == {"a_ball", "box"}
    for name, mesh in found:
        np.testing.assert_array_equal(mesh.triangles, other[name].triangles)
        np.testing.assert_allclose(mesh.points_mm, other[name].points_mm, atol=1e-5)


def _piece(mesh: SurfaceMesh) -> Piece:
    low = mesh.points_mm.min(axis=0) - 2.0
    size = tuple(int(n) for n in np.ceil(np.ptp(mesh.points_mm, axis=0)) + 4)
    mask = Mask.from_full(Grid.from_parts(size, (1, 1, 1), low), np.ones(size[::-1], bool))
    return Piece("part", PrintPart("part", mask, "#DD8265", "organ"), mesh, mesh.volume_ml)


def test_all_planted_faults_are_told_at_once_with_their_places() -> None:
    body = joined(box(FAR, FAR + 30), inside_out(box(FAR + (3, 3, 3), FAR + (9, 9, 9))))
    plate = box(FAR + (40, 0, 0), FAR + (40.5, 10, 10))
    open_box = box(FAR + (60, 0, 0), FAR + (70, 10, 10))
    mesh = joined(body, plate, SurfaceMesh(open_box.points_mm, open_box.triangles[2:]))
    row = object_row(_piece(mesh), mesh, (60.0, 60.0, 60.0), Limits(0.8, 0.0))
    told = {fault["kind"]: fault for fault in row["faults"]}
    assert {"trapped", "loose", "thin_wall", "hole", "bed"} <= set(told)
    assert told["trapped"]["measure"] == pytest.approx(0.216)
    np.testing.assert_allclose(np.array(told["trapped"]["at_mm"]) - FAR, (6, 6, 6), atol=1e-3)
    assert told["thin_wall"]["measure"] == row["min_wall_mm"] == pytest.approx(0.5, abs=0.01)
    assert told["thin_wall"]["at_mm"][0] - FAR[0] == pytest.approx(40.25, abs=0.01)
    assert told["hole"]["measure"] == pytest.approx(np.hypot(10, 10), abs=1e-3)
    assert row["watertight"] is False
    assert row["fits_bed"] is False
    codes = {finding.code for finding in row_findings(row, _piece(mesh))}
    assert {"not_closed", "thin_wall", "loose_parts", "bed"} <= codes


def test_each_part_of_an_obj_is_held_against_its_own_points_only(tmp_path: Path) -> None:
    near = ball(10.0, FAR)
    away = SurfaceMesh(near.points_mm + (200.0, 0.0, 0.0), near.triangles)
    objects = [MeshObject("here", near, "#DD8265", 1.0), MeshObject("away", away, "#DD8265", 1.0)]
    drafts = write_drafts(tmp_path, [Path("m.obj")], [[0, 1]], objects, draco=False)
    for item, back in zip(objects, read_back(drafts, objects), strict=True):
        np.testing.assert_allclose(back.points_mm.min(axis=0), item.mesh.points_mm.min(axis=0), atol=1e-4)
        np.testing.assert_allclose(back.points_mm.max(axis=0), item.mesh.points_mm.max(axis=0), atol=1e-4)


def test_a_print_tells_who_read_it_its_hash_and_that_it_is_proved(tmp_path: Path) -> None:
    grid = Grid.from_parts((40, 36, 32), (1, 1, 1), FAR)
    k, j, i = np.indices(grid.shape_kji)
    mask = Mask.from_full(grid, ((i - 20) / 15) ** 2 + ((j - 18) / 13) ** 2 + ((k - 16) / 11) ** 2 <= 1)
    told = make_print([PrintPart("organ", mask, "#DD8265", "organ")], tmp_path / "m.3mf")
    assert told["read_by"] == "zip and XML"
    assert told["sha256"] == {"m.3mf": hashlib.sha256((tmp_path / "m.3mf").read_bytes()).hexdigest()}
    (row,) = told["objects"]
    assert row["reference"] == "segmentation surface"
    assert row["is_proved"] is True
    assert row["dice"] >= 0.995
    assert row["dice_voxels"] >= 0.995
    assert row["faults"] == []
    assert np.linalg.norm(np.array(row["deviation_at_mm"]) - FAR - (20, 18, 16)) < 20
    # a file of another solid is not
    other = object_row(
        Piece("organ", PrintPart("organ", mask, "#DD8265", "organ"), ball(12, FAR + 18), mask.volume_ml),
        ball(12, FAR + 19),
        None,
    )
    assert other["is_proved"] is False
    assert other["deviation_max_mm"] == pytest.approx(np.sqrt(3), abs=0.1)
