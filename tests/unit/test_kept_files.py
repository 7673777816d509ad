"""What is kept on the disk comes back exactly, is never stale, and nothing depends on it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.kept_files import KeptFiles
from app.kept_surfaces import Recipe, keep_surfaces, kept_surfaces
from planning.case.model import ArrayRef, Structure
from planning.geometry import Grid
from planning.mesh import SurfaceMesh
from planning.provenance import Provenance
from planning.shading import shaded, vertex_normals

TETRAHEDRON = SurfaceMesh(
    np.array([(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)]),
    np.array([(0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3)]),
)


def _structure() -> Structure:
    return Structure(
        name="liver",
        grid=Grid.from_parts((20, 20, 20)),
        start_ijk=(1, 2, 3),
        array=ArrayRef("ab" * 32, "uint8", (4, 4, 4)),
        voxel_count=64,
        color="#AA8866",
        provenance=Provenance("test"),
    )


def _files(tmp_path: Path, most_bytes: int = 1 << 20) -> KeptFiles:
    return KeptFiles(lambda: tmp_path, most_bytes)


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    arrays = {"a": np.arange(6.0).reshape(2, 3), "b": np.array([1, 2], np.int32)}
    _files(tmp_path).put("key", arrays)
    found = _files(tmp_path).get("key")
    assert found is not None
    assert {name: (value.dtype, value.tolist()) for name, value in found.items()} == {
        name: (value.dtype, value.tolist()) for name, value in arrays.items()
    }
    assert _files(tmp_path).get("another key") is None
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not an archive", None])
def test_a_damaged_file_is_as_if_it_were_not_there(tmp_path: Path, damage: bytes | None) -> None:
    files = _files(tmp_path)
    files.put("key", {"a": np.arange(1000.0)})
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:500] if damage is None else damage)
    assert files.get("key") is None
    files.put("key", {"a": np.arange(1000.0)})
    assert files.get("key") is not None


def test_a_whole_file_of_other_content_is_not_taken(tmp_path: Path) -> None:
    files = _files(tmp_path)
    files.put("key", {"a": np.arange(3.0)})
    (path,) = tmp_path.iterdir()
    of_key = path.read_bytes()
    files.put("another key", {"a": np.arange(4.0)})
    (another,) = set(tmp_path.iterdir()) - {path}
    another.write_bytes(of_key)
    assert files.get("another key") is None
    np.savez(path, a=np.arange(3.0))
    assert files.get("key") is None


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    files = _files(tmp_path, most_bytes=30_000)
    for number, key in enumerate("abc"):
        files.put(key, {"a": np.zeros(1000)})
        for path in tmp_path.iterdir():
            if path.stat().st_mtime > 1000 + number:
                os.utime(path, (1000 + number, 1000 + number))
    assert files.get("a") is not None
    files.put("d", {"a": np.zeros(1000)})
    assert [key for key in "abcd" if files.get(key) is not None] == ["a", "c", "d"]


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    files = KeptFiles(lambda: tmp_path / "not there")
    files.put("key", {"a": np.zeros(3)})
    assert files.get("key") is None


def test_a_surface_is_kept_with_its_normals(tmp_path: Path) -> None:
    files, recipe = _files(tmp_path), Recipe.of(_structure(), "preview", 40, 8)
    assert kept_surfaces(files, recipe) is None
    keep_surfaces(files, recipe, shaded(TETRAHEDRON), shaded(TETRAHEDRON))
    found = kept_surfaces(files, recipe)
    assert found is not None
    for mesh in found:
        assert np.array_equal(mesh.points_mm, TETRAHEDRON.points_mm)
        assert np.array_equal(mesh.triangles, TETRAHEDRON.triangles)
        assert mesh.normals is not None
        assert np.array_equal(mesh.normals, vertex_normals(TETRAHEDRON))


def test_another_shape_place_or_way_is_another_recipe() -> None:
    one = _structure()
    moved = Grid.from_parts((20, 20, 20), origin_mm=(0.0, 0.0, 1.0))
    others = (
        replace(one, array=ArrayRef("cd" * 32, "uint8", (4, 4, 4))),
        replace(one, start_ijk=(1, 2, 4)),
        replace(one, grid=moved),
        replace(one, grid=Grid.from_parts((20, 20, 21))),
    )
    recipes = {Recipe.of(each, "preview", 40, 8) for each in (one, *others)}
    recipes |= {Recipe.of(one, "vessel", 40, 8), Recipe.of(one, "preview", 41, 8)}
    assert len(recipes) == 7
    # a name or a colour is no shape
    assert Recipe.of(replace(one, name="organ", color="#000000"), "preview", 40, 8) in recipes
