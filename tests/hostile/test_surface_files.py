"""Surface files that lie, are cut off, or unpack to more than they say: one calm line, exit 3, nothing left behind."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from planning.errors import InputError
from planning.files.mesh_child import in_child
from planning.files.mesh_formats import glb, threemf, usdz, zips
from planning.files.meshes import ENDINGS, MeshObject, read_mesh, read_meshes, whole_in_lps, write_meshes
from planning.mesh import SurfaceMesh


def _octahedron(center: tuple[float, float, float] = (100.0, -200.0, 300.0)) -> SurfaceMesh:
    points = np.array([(9, 0, 0), (-9, 0, 0), (0, 8, 0), (0, -8, 0), (0, 0, 7), (0, 0, -7)], dtype=np.float64)
    faces = [(0, 2, 4), (2, 1, 4), (1, 3, 4), (3, 0, 4), (2, 0, 5), (1, 2, 5), (3, 1, 5), (0, 3, 5)]
    return SurfaceMesh(points + center, np.array(faces, dtype=np.int32))


def _written(folder: Path, ending: str) -> Path:
    path = folder / f"part{ending}"
    write_meshes(path, [MeshObject("part", _octahedron(), "#DD8265")])
    return path


@pytest.mark.parametrize("share", [0.3, 0.8])
@pytest.mark.parametrize("ending", [".3mf", ".glb", ".usdz"])
def test_a_file_that_was_cut_off_is_refused_by_its_name(tmp_path: Path, ending: str, share: float) -> None:
    path = _written(tmp_path, ending)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(InputError, match=f"part{ending}"):
        whole_in_lps(path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_empty_file_and_one_of_other_bytes_are_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"part{ending}"
    for data in (b"", b"\x7fELF" + bytes(range(256)) * 3):
        path.write_bytes(data)
        with pytest.raises(InputError, match=f"part{ending}"):
            read_meshes(path)


# counts far beyond what the file holds: a reader that believes them asks for terabytes
LIES = {
    ".stl": b"Theatrum".ljust(80) + struct.pack("<I", 0xFFFFFFF0) + bytes(50 * 4),
    ".ply": b"ply\nformat binary_little_endian 1.0\nelement vertex 4000000000\nproperty float x\nproperty float y\n"
    b"property float z\nelement face 4000000000\nproperty list uchar int vertex_indices\nend_header\n" + bytes(64),
    ".obj": b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 999999999\n",
    ".vtp": b'<VTKFile type="PolyData" version="1.0" byte_order="LittleEndian"><PolyData><Piece NumberOfPoints="3" '
    b'NumberOfPolys="1"><Points><DataArray type="Float32" NumberOfComponents="3" format="ascii">0 0 0 1 0 0 0 1 0'
    b'</DataArray></Points><Polys><DataArray type="Int64" Name="connectivity" format="ascii">0 1 888888888'
    b'</DataArray><DataArray type="Int64" Name="offsets" format="ascii">3</DataArray></Polys></Piece></PolyData>'
    b"</VTKFile>",
}


@pytest.mark.parametrize("ending", LIES)
def test_a_lie_in_a_count_or_a_corner_costs_the_child_and_not_the_program(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"part{ending}"
    path.write_bytes(LIES[ending])
    with pytest.raises(InputError):
        read_mesh(path)


def _glb_with(path: Path, change: object) -> None:
    data = path.read_bytes()
    length = struct.unpack("<I", data[12:16])[0]
    document = json.loads(data[20 : 20 + length])
    change(document)  # type: ignore[operator]
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + length :]
    head = struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(rest)) + struct.pack("<I4s", len(text), b"JSON")
    path.write_bytes(head + text + rest)


def _too_many(document: dict) -> None:
    document["accessors"][0]["count"] = 4_000_000_000


def _elsewhere(document: dict) -> None:
    document["buffers"][0]["uri"] = "file:///etc/hostname"


def _wrong_corner(document: dict) -> None:
    document["accessors"][0]["count"] = 2


@pytest.mark.parametrize("change", [_too_many, _elsewhere, _wrong_corner])
def test_a_glb_that_lies_or_points_elsewhere_is_refused(tmp_path: Path, change: object) -> None:
    path = _written(tmp_path, ".glb")
    _glb_with(path, change)
    with pytest.raises(InputError):
        glb.read(path)


def _bomb(path: Path, name: str, size: int, told: int | None = None) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"0" * size)
    data = packed.getvalue()
    if told is not None:
        # both headers tell a size that is not the true one
        data = data.replace(struct.pack("<I", size), struct.pack("<I", told))
    path.write_bytes(data)


@pytest.mark.parametrize("told", [None, 100])
def test_a_zip_is_judged_by_what_it_unpacks_to_whatever_it_says(tmp_path: Path, told: int | None) -> None:
    path = tmp_path / "part.3mf"
    _bomb(path, "3D/3dmodel.model", 3_000_000, told)
    with pytest.raises(InputError, match=r"^part"):
        zips.check_zip(path, most_bytes=1_000_000)
    with pytest.raises(InputError, match=r"^part"):
        threemf.read(path)


def test_a_usdz_may_hold_only_what_its_format_allows(tmp_path: Path) -> None:
    path = tmp_path / "part.usdz"
    _bomb(path, "model.usdc", 1000)
    with pytest.raises(InputError, match="damaged"):
        usdz.read(path)
    usda = b'#usda 1.0\n(\n defaultPrim = "A"\n)\ndef "A" ( references = @/etc/hostname.usda@ ) {}\n'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("model.usda", usda)
    with pytest.raises(InputError, match="refers to other files"):
        usdz.read(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("../model.usda", b"#usda 1.0\n")
    with pytest.raises(InputError, match="damaged"):
        usdz.read(path)


def test_a_folder_or_an_unknown_ending_is_no_surface(tmp_path: Path) -> None:
    (tmp_path / "part.stl").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        in_child(tmp_path / "part.stl")
    (tmp_path / "part.step").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="is no surface file"):
        read_mesh(tmp_path / "part.step")
