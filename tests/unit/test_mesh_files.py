"""Files of surfaces as other programs' rules want them: units, axes, colours, order, validators without a word."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planning.errors import UsageError
from planning.files.meshes import MeshObject, companions, read_mesh, read_meshes, write_meshes
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh

AT = np.array((120.0, -180.0, 310.0))


def _ball(radius_mm: float, center_mm: FloatArray, rings: int = 24) -> SurfaceMesh:
    import trimesh

    ball = trimesh.creation.uv_sphere(radius=radius_mm, count=[rings, rings])
    return SurfaceMesh(ball.vertices + center_mm, ball.faces)


def _objects() -> list[MeshObject]:
    """A shell that is seen through, named first, and two parts inside it; one lies to the patient's left."""
    return [
        MeshObject("liver", _ball(60.0, AT), "#DD8265", 0.35),
        MeshObject("tumor_1", _ball(8.0, AT + (25.0, 0.0, 0.0)), "#F5B83D"),
        MeshObject("portal_vein", _ball(12.0, AT + (0.0, -20.0, 10.0)), "#3B82E0"),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("files")
    for name, draco in (("plain.glb", False), ("packed.glb", True), ("model.usdz", False), ("model.3mf", False)):
        write_meshes(place / name, _objects(), draco=draco)
    write_meshes(place / "model.obj", _objects())
    return place


def _document(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    found: dict[str, Any] = json.loads(data[20 : 20 + struct.unpack("<I", data[12:16])[0]])
    return found


@pytest.mark.parametrize("name", ["plain.glb", "packed.glb", "model.usdz", "model.3mf"])
def test_every_object_comes_back_by_its_name_where_it_was(folder: Path, name: str) -> None:
    import planning.files.meshes as files

    placement = files.file_placement(Path(name).suffix, [item.mesh for item in _objects()])
    back = dict(read_meshes(folder / name))
    assert set(back) == {"liver", "tumor_1", "portal_vein"}
    for item in _objects():
        placed = back[item.name].points_mm @ placement[:3, :3].T + placement[:3, 3]
        np.testing.assert_allclose(placed.min(axis=0), item.mesh.points_mm.min(axis=0), atol=0.01)
        np.testing.assert_allclose(placed.max(axis=0), item.mesh.points_mm.max(axis=0), atol=0.01)
        assert SurfaceMesh(placed, back[item.name].triangles).volume_ml == pytest.approx(item.mesh.volume_ml, rel=2e-3)
        assert back[item.name].is_watertight
    assert np.linalg.det(placement[:3, :3]) > 0


@pytest.mark.parametrize("name", ["plain.glb", "packed.glb", "model.usdz", "model.obj"])
def test_a_surface_from_outside_lies_in_the_patient(folder: Path, name: str) -> None:
    mesh = read_mesh(folder / name)
    np.testing.assert_allclose(mesh.points_mm.min(axis=0), AT - 60.0, atol=0.6)
    np.testing.assert_allclose(mesh.points_mm.max(axis=0), AT + 60.0, atol=0.6)


def test_a_shell_is_drawn_last_and_lets_light_through(folder: Path) -> None:
    for name in ("plain.glb", "packed.glb"):
        document = _document(folder / name)
        assert [node["name"] for node in document["nodes"]] == ["tumor_1", "portal_vein", "liver"]
        inner, _, shell = document["materials"]
        assert "alphaMode" not in inner
        assert shell["alphaMode"] == "BLEND"
        assert shell["doubleSided"] is False
        assert shell["pbrMetallicRoughness"]["baseColorFactor"][3] == pytest.approx(0.35)


def test_colours_are_amounts_of_light_where_a_format_wants_them(folder: Path) -> None:
    # #DD8265 by the curve of IEC 61966-2-1: 221/255 → 0.7230, 130/255 → 0.2232, 101/255 → 0.1301
    light = (0.7230, 0.2232, 0.1301)
    shell = _document(folder / "plain.glb")["materials"][2]["pbrMetallicRoughness"]["baseColorFactor"]
    np.testing.assert_allclose(shell[:3], light, atol=1e-3)
    from pxr import Usd, UsdGeom

    stage = Usd.Stage.Open(str(folder / "model.usdz"))
    prim = UsdGeom.Mesh(stage.GetPrimAtPath("/Model/liver"))
    np.testing.assert_allclose(prim.GetDisplayColorAttr().Get()[0], light, atol=1e-3)
    assert prim.GetDisplayOpacityAttr().Get()[0] == pytest.approx(0.35)


def test_a_packed_glb_is_small_and_within_a_hundredth_of_a_millimetre(folder: Path) -> None:
    assert (folder / "packed.glb").stat().st_size < 0.25 * (folder / "plain.glb").stat().st_size
    ball = dict(read_meshes(folder / "packed.glb"))["liver"]
    center_m = np.array((AT[0], AT[2], -AT[1])) / 1000.0
    away_mm = 1000.0 * np.linalg.norm(ball.points_mm - center_m, axis=1)
    assert np.abs(away_mm - 60.0).max() < 0.01
    with pytest.raises(UsageError, match="Draco"):
        write_meshes(folder / "no.stl", _objects()[:1], draco=True)
    assert not (folder / "no.stl").exists()


def test_a_usdz_stands_on_the_floor_over_its_middle_and_keeps_where_it_was(folder: Path) -> None:
    points = np.concatenate([mesh.points_mm for _, mesh in read_meshes(folder / "model.usdz")])
    low, high = points.min(axis=0), points.max(axis=0)
    np.testing.assert_allclose(low[1], 0.0, atol=1e-6)
    np.testing.assert_allclose((low + high)[[0, 2]], 0.0, atol=1e-4)
    np.testing.assert_allclose(high - low, 0.120, atol=1e-3)


def test_usd_has_nothing_to_say_against_it(folder: Path) -> None:
    from pxr import Usd, UsdGeom, UsdValidation

    stage = Usd.Stage.Open(str(folder / "model.usdz"))
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    assert len(validators) >= 20
    found = UsdValidation.ValidationContext(validators).Validate(stage)
    assert not [error.GetMessage() for error in found]
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    assert UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.y
    with zipfile.ZipFile(folder / "model.usdz") as archive:
        (entry,) = archive.infolist()
        assert entry.compress_type == zipfile.ZIP_STORED
    data = (folder / "model.usdz").read_bytes()
    name, extra = struct.unpack("<HH", data[26:30])
    assert (30 + name + extra) % 64 == 0


def test_a_usd_of_another_program_with_z_up_and_centimetres_lies_where_it_says(tmp_path: Path) -> None:
    usda = """#usda 1.0
(
 metersPerUnit = 0.01
 upAxis = "Z"
)
def Xform "A" {
 double3 xformOp:translate = (1, 2, 3)
 uniform token[] xformOpOrder = ["xformOp:translate"]
 def Mesh "B" {
  int[] faceVertexCounts = [4, 3, 3, 3, 3]
  int[] faceVertexIndices = [3, 2, 1, 0, 0, 1, 4, 1, 2, 4, 2, 3, 4, 3, 0, 4]
  point3f[] points = [(0, 0, 0), (4, 0, 0), (4, 2, 0), (0, 2, 0), (0, 0, 1)]
 }
}
"""
    path = tmp_path / "other.usdz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("other.usda", usda)
    mesh = read_mesh(path)
    # z up is the patient's head; x is left; y away from the viewer of the front is the back
    np.testing.assert_allclose(mesh.points_mm.min(axis=0), (10.0, 20.0, 30.0), atol=1e-3)
    np.testing.assert_allclose(mesh.points_mm.max(axis=0), (50.0, 40.0, 40.0), atol=1e-3)
    assert mesh.is_watertight
    # a pyramid over 4 × 2 cm, 1 cm high
    assert mesh.volume_ml == pytest.approx(8.0 / 3.0, rel=1e-6)


def test_an_obj_names_its_parts_and_its_materials_lie_beside_it(folder: Path) -> None:
    text = (folder / "model.obj").read_text(encoding="utf-8")
    assert companions(folder / "model.obj") == [folder / "model.mtl"]
    assert "mtllib model.mtl\n" in text
    assert [line for line in text.splitlines() if line.startswith("o ")] == ["o liver", "o tumor_1", "o portal_vein"]
    materials = (folder / "model.mtl").read_text(encoding="utf-8")
    assert "newmtl liver\n" in materials
    assert "d 0.35\n" in materials


def test_a_name_with_blanks_stays_one_word_in_obj(tmp_path: Path) -> None:
    ball = _ball(5.0, AT)
    write_meshes(
        tmp_path / "a.obj", [MeshObject("Portal vein", ball, "#3B82E0"), MeshObject("Portal_vein", ball, "#FF0000")]
    )
    text = (tmp_path / "a.obj").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("usemtl ")] == [
        "usemtl Portal_vein",
        "usemtl Portal_vein_2",
    ]


def test_a_3mf_keeps_colour_and_strict_readers_have_no_warning(folder: Path) -> None:
    import lib3mf

    model = lib3mf.get_wrapper().CreateModel()
    reader = model.QueryReader("3mf")
    reader.SetStrictModeActive(True)
    reader.ReadFromFile(str(folder / "model.3mf"))
    assert reader.GetWarningCount() == 0
    with zipfile.ZipFile(folder / "model.3mf") as archive:
        xml = archive.read("3D/3dmodel.model").decode()
    assert 'unit="millimeter"' in xml
    assert "#DD826559" in xml.upper()


def test_vtk_reads_the_plain_glb(folder: Path) -> None:
    from vtkmodules.vtkIOGeometry import vtkGLTFReader

    reader = vtkGLTFReader()
    reader.SetFileName(str(folder / "plain.glb"))
    reader.Update()
    assert reader.GetOutput().GetNumberOfPoints() == sum(len(item.mesh.points_mm) for item in _objects())


def test_the_gltf_validator_finds_nothing(folder: Path, project_root: Path) -> None:
    node, home = shutil.which("node"), project_root / ".venv" / "node_modules" / "gltf-validator"
    if node is None or not home.is_dir():
        pytest.skip("needs node and: npm install --prefix .venv gltf-validator@2.0.0-dev.3.10")
    script = (
        f"const v=require({json.dumps(str(home))}),fs=require('fs');Promise.all(process.argv.slice(1).map(f=>"
        "v.validateBytes(new Uint8Array(fs.readFileSync(f))))).then(r=>console.log(JSON.stringify(r.map(x=>x.issues))))"
    )
    files = [str(folder / "plain.glb"), str(folder / "packed.glb")]
    done = subprocess.run([node, "-e", script, *files], capture_output=True, text=True, encoding="utf-8", check=True)
    plain, packed = json.loads(done.stdout)
    assert plain["messages"] == []
    # it does not know Draco, says so, and finds nothing else
    assert packed["numErrors"] == packed["numWarnings"] == 0
    assert {one["code"] for one in packed["messages"]} <= {"UNSUPPORTED_EXTENSION", "UNUSED_OBJECT"}


def test_what_stl_cannot_say_lies_beside_it(tmp_path: Path) -> None:
    from planning.geometry import Grid
    from planning.printing.parts import PrintPart
    from planning.printing.plan import make_print
    from planning.volume import Mask

    grid = Grid.from_parts((16, 16, 16), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
    k, j, i = np.indices(grid.shape_kji)
    mask = Mask.from_full(grid, (i - 8) ** 2 + (j - 8) ** 2 + (k - 8) ** 2 <= 25)
    told = make_print([PrintPart("ball", mask, "#DD8265", "organ")], tmp_path / "a[1].stl")
    assert [Path(file).name for file in told["files"]] == ["a[1].stl"]
    assert [Path(file).name for file in told["beside"]] == ["a[1].mm.txt"]
    words = (tmp_path / "a[1].mm.txt").read_text(encoding="utf-8")
    assert "1 = 1 mm" in words
    assert "ball" in words
    assert not (tmp_path / "a[1].stl").read_bytes().startswith(b"solid")
    assert len(list(tmp_path.iterdir())) == 2
