"""3MF by lib3mf: one object for each structure with name and colour, millimetres, on the plate; no identifiers."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planning.errors import InputError
from planning.files.mesh_formats.objects import APPLICATION, PURPOSE, MeshObject, rgb
from planning.files.mesh_formats.zips import check_zip
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh


def write(path: Path, objects: Sequence[MeshObject], title: str = PURPOSE) -> None:
    """All objects in the plate's millimetres. A colour's alpha tells a shell; most slicers leave it out of account."""
    import lib3mf

    wrapper = lib3mf.get_wrapper()
    model = wrapper.CreateModel()
    model.SetUnit(lib3mf.ModelUnit.MilliMeter)
    metadata = model.GetMetaDataGroup()
    metadata.AddMetaData("", "Title", title, "xs:string", True)
    metadata.AddMetaData("", "Application", APPLICATION, "xs:string", True)
    materials = model.AddBaseMaterialGroup()
    for item in objects:
        made = model.AddMeshObject()
        made.SetName(item.name)
        points = np.ascontiguousarray(item.mesh.points_mm, dtype=np.float32)
        triangles = np.ascontiguousarray(item.mesh.triangles, dtype=np.uint32)
        made.SetGeometry(
            (lib3mf.Position * len(points)).from_buffer_copy(points.tobytes()),
            (lib3mf.Triangle * len(triangles)).from_buffer_copy(triangles.tobytes()),
        )
        red, green, blue = rgb(item.color)
        color = wrapper.RGBAToColor(red, green, blue, round(255 * item.opacity))
        material = materials.AddMaterial(item.name, color)
        made.SetObjectLevelProperty(materials.GetResourceID(), material)
        model.AddBuildItem(made, wrapper.GetIdentityTransform())
    writer = model.QueryWriter("3mf")
    writer.SetDecimalPrecision(5)
    # in memory first: on a full disk the library's own file writing ends the program
    packed = io.BytesIO()

    def keep(data: int, size: int, _: Any) -> None:
        packed.write(ctypes.string_at(data, size))

    def seek(place: int, _: Any) -> None:
        packed.seek(place)

    writer.WriteToCallback(lib3mf.Lib3MF.WriteCallback(keep), lib3mf.Lib3MF.SeekCallback(seek), None)
    path.write_bytes(packed.getvalue())


def read(path: Path) -> list[tuple[str, SurfaceMesh]]:
    """(name, surface) of each object where the file places it, in mm. Raises InputError for what cannot be read."""
    import lib3mf

    check_zip(path)
    try:
        model = _model(path)
        found = []
        placed = _placements(model)
        objects = model.GetMeshObjects()
        while objects.MoveNext():
            item = objects.GetCurrentMeshObject()
            points = np.frombuffer(b"".join(item.GetVertices()), dtype=np.float32).reshape(-1, 3).astype(np.float64)
            triangles = np.frombuffer(b"".join(item.GetTriangleIndices()), dtype=np.uint32).reshape(-1, 3)
            matrix = placed.get(item.GetResourceID(), np.eye(4, 3))
            moved = points @ matrix[:3] + matrix[3]
            found.append((item.GetName(), SurfaceMesh(moved, triangles.astype(np.int32))))
    except (lib3mf.ELib3MFException, ctypes.ArgumentError, UnicodeError) as error:
        raise InputError(f"{path.name} is damaged or no 3MF file", "Write it again", "mesh") from error
    if not found:
        raise InputError(f"{path.name} holds no surface", "Write it again", "mesh")
    return found


def is_on_plate(path: Path) -> bool:
    """Whether a readable 3MF file is one that this program wrote: its parts lie on a printer's plate."""
    # held by name: without its model the group is empty
    model = _model(path)
    group = model.GetMetaDataGroup()
    values = [group.GetMetaData(number).GetValue() for number in range(group.GetMetaDataCount())]
    return APPLICATION in values


def _model(path: Path) -> Any:
    import lib3mf

    model = lib3mf.get_wrapper().CreateModel()
    reader = model.QueryReader("3mf")
    reader.SetStrictModeActive(True)
    reader.ReadFromFile(str(path))
    return model


def _placements(model: Any) -> dict[int, FloatArray]:
    """(4, 3) matrix for row vectors of each object that the file places; the format's own transform.

    Raises InputError for an assembly: its objects stand in one another.
    """
    if model.GetComponentsObjects().Count():
        raise InputError("This 3MF holds an assembly of parts", "Write the surface as .stl, .ply, .obj or .glb", "mesh")
    found: dict[int, FloatArray] = {}
    items = model.GetBuildItems()
    while items.MoveNext():
        item = items.GetCurrent()
        found[item.GetObjectResourceID()] = np.array(
            [list(row) for row in item.GetObjectTransform().Fields], dtype=np.float64
        )
    return found
