"""Surfaces in files: STL, PLY, OBJ, VTP in LPS millimetres; 3MF on the plate; GLB in metres, y up. Never mirrored."""

from __future__ import annotations

import ctypes
import io
import os
import struct
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from planning.errors import InputError, UsageError
from planning.files.place import writing
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh

APPLICATION = "Theatrum"
ENDINGS = (".stl", ".ply", ".obj", ".vtp", ".3mf", ".glb")
# LPS (x left, y back, z head) to GLB's (x, y up, z to the viewer): a rotation, so that left stays left
GLB_FROM_LPS = np.array([[0.001, 0, 0, 0], [0, 0, 0.001, 0], [0, -0.001, 0, 0], [0, 0, 0, 1.0]])


@dataclass(frozen=True, slots=True, eq=False)
class MeshObject:
    """A named, coloured surface in LPS mm."""

    name: str
    mesh: SurfaceMesh
    color: str


def file_placement(path: Path, meshes: Sequence[SurfaceMesh]) -> FloatArray:
    """(4, 4) that takes the file's coordinates to LPS mm."""
    ending = path.suffix.lower()
    if ending == ".glb":
        return np.asarray(np.linalg.inv(GLB_FROM_LPS))
    placement = np.eye(4)
    if ending == ".3mf":
        # the plate is the positive octant: slicers do not move parts themselves
        placement[:3, 3] = np.min([mesh.points_mm.min(axis=0) for mesh in meshes], axis=0)
    return placement


def write_meshes(path: Path, objects: Sequence[MeshObject]) -> FloatArray:
    """Write all objects into one file, whole or not at all, and return its placement.

    .stl and .ply hold one object; several are an error of the caller. Raises UsageError for another ending, InputError
    for a place that cannot be written.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(f"No surface is written to '{ending}' in this version", f"Use one of {', '.join(ENDINGS)}")
    placement = file_placement(path, [item.mesh for item in objects])
    there = np.linalg.inv(placement)
    moved = [
        MeshObject(
            item.name,
            SurfaceMesh(item.mesh.points_mm @ there[:3, :3].T + there[:3, 3], item.mesh.triangles),
            item.color,
        )
        for item in objects
    ]
    writers = {
        ".stl": _write_stl,
        ".ply": _write_ply,
        ".obj": _write_obj,
        ".vtp": _write_vtp,
        ".3mf": _write_3mf,
        ".glb": _write_glb,
    }
    with writing(path), tempfile.TemporaryDirectory(prefix=".theatrum-", dir=path.parent) as folder:
        part = Path(folder) / path.name
        writers[ending](part, moved)
        for written in sorted(Path(folder).iterdir(), reverse=True):
            with written.open("rb+") as file:
                os.fsync(file.fileno())
            written.replace(path.with_name(written.name))
    return placement


def read_mesh(path: Path) -> SurfaceMesh:
    """The surface of a .stl, .ply, .obj, .vtp, .3mf or .glb file, all its objects as one, in the file's own coordinates;
    those of .glb, which its format fixes, as LPS mm.

    Raises InputError with what to do for a file that is not there or cannot be read, and for a .3mf of our own: it lies
    on a printer's plate, and where that was in the patient is not in it.
    """
    path = Path(path)
    if not path.exists():
        raise InputError(f"{path.name} is not there", "Check the name of the surface file", "not_there")
    found = read_meshes(path)
    if path.suffix.lower() == ".3mf" and _is_on_plate(path):
        raise InputError(
            f"{path.name} was written for a printer: its parts lie on the plate, not where they are in the patient",
            "Write the surface as .stl, .ply, .obj or .glb",
            "on_plate",
        )
    points = np.concatenate([mesh.points_mm for _, mesh in found])
    shift = np.cumsum([0, *(len(mesh.points_mm) for _, mesh in found[:-1])])
    triangles = np.concatenate([mesh.triangles + start for (_, mesh), start in zip(found, shift)])
    if path.suffix.lower() == ".glb":
        points = points @ np.linalg.inv(GLB_FROM_LPS)[:3, :3].T
    return SurfaceMesh(points, triangles)


def read_meshes(path: Path) -> list[tuple[str, SurfaceMesh]]:
    """(name, surface) of each object of a file, read by another reader than wrote it."""
    ending = Path(path).suffix.lower()
    if ending == ".3mf":
        return _read_3mf(path)
    if ending == ".glb":
        return _read_glb(path)
    return [("", _read_by_vtk(path, ending))]


def _write_stl(path: Path, objects: Sequence[MeshObject]) -> None:
    (item,) = objects
    corners = item.mesh.points_mm[item.mesh.triangles].astype("<f4")
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    record = np.zeros(len(corners), dtype=[("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("rest", "<u2")])
    record["normal"] = normals / np.where(lengths > 0, lengths, 1.0)
    record["corners"] = corners
    with path.open("wb") as file:
        file.write(b"Theatrum surface, LPS millimetres, research use only".ljust(80, b" "))
        file.write(struct.pack("<I", len(corners)))
        file.write(record.tobytes())


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _write_ply(path: Path, objects: Sequence[MeshObject]) -> None:
    (item,) = objects
    vertices = np.zeros(len(item.mesh.points_mm), dtype=[("xyz", "<f4", 3), ("rgb", "u1", 3)])
    vertices["xyz"], vertices["rgb"] = item.mesh.points_mm, _rgb(item.color)
    faces = np.zeros(len(item.mesh.triangles), dtype=[("count", "u1"), ("corners", "<i4", 3)])
    faces["count"], faces["corners"] = 3, item.mesh.triangles
    head = (
        f"ply\nformat binary_little_endian 1.0\ncomment LPS millimetres, research use only\nelement vertex {len(vertices)}\n"
        "property float x\nproperty float y\nproperty float z\nproperty uchar red\nproperty uchar green\n"
        f"property uchar blue\nelement face {len(faces)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    path.write_bytes(head.encode("ascii") + vertices.tobytes() + faces.tobytes())


def _write_obj(path: Path, objects: Sequence[MeshObject]) -> None:
    material = path.with_suffix(".mtl")
    lines, materials, offset = [f"mtllib {material.name}"], [], 1
    for item in objects:
        red, green, blue = (value / 255 for value in _rgb(item.color))
        materials.append(f"newmtl {item.name}\nKd {red:.4f} {green:.4f} {blue:.4f}\nd 1\n")
        lines += [f"o {item.name}", f"usemtl {item.name}"]
        lines += [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in item.mesh.points_mm.tolist()]
        lines += [f"f {a} {b} {c}" for a, b, c in (item.mesh.triangles + offset).tolist()]
        offset += len(item.mesh.points_mm)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    material.write_text("".join(materials), encoding="utf-8", newline="\n")


def vtk_surface(mesh: SurfaceMesh) -> Any:
    """A vtkPolyData with copies of the points and triangles."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData

    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(mesh.points_mm), deep=True))
    cells = vtkCellArray()
    cells.SetData(3, numpy_to_vtkIdTypeArray(mesh.triangles.astype(np.int64).reshape(-1), deep=True))
    surface = vtkPolyData()
    surface.SetPoints(points)
    surface.SetPolys(cells)
    return surface


def _write_vtp(path: Path, objects: Sequence[MeshObject]) -> None:
    from vtkmodules.vtkIOXML import vtkXMLPolyDataWriter

    (item,) = objects
    writer = vtkXMLPolyDataWriter()
    # in memory first: on a full disk VTK's own file writing tells nothing and leaves half a file
    writer.WriteToOutputStringOn()
    writer.SetInputData(vtk_surface(item.mesh))
    writer.Write()
    path.write_text(writer.GetOutputString(), encoding="utf-8", newline="\n")


def _write_3mf(path: Path, objects: Sequence[MeshObject]) -> None:
    import lib3mf

    wrapper = lib3mf.get_wrapper()
    model = wrapper.CreateModel()
    model.SetUnit(lib3mf.ModelUnit.MilliMeter)
    metadata = model.GetMetaDataGroup()
    metadata.AddMetaData("", "Title", "Planning model, research use only, not a medical device", "xs:string", True)
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
        red, green, blue = _rgb(item.color)
        material = materials.AddMaterial(item.name, wrapper.RGBAToColor(red, green, blue, 255))
        made.SetObjectLevelProperty(materials.GetResourceID(), material)
        model.AddBuildItem(made, wrapper.GetIdentityTransform())
    writer = model.QueryWriter("3mf")
    writer.SetDecimalPrecision(5)
    # in memory first: on a full disk the library's own file writing ends the program
    packed = io.BytesIO()

    def write(data: int, size: int, _: Any) -> None:
        packed.write(ctypes.string_at(data, size))

    def seek(place: int, _: Any) -> None:
        packed.seek(place)

    writer.WriteToCallback(lib3mf.Lib3MF.WriteCallback(write), lib3mf.Lib3MF.SeekCallback(seek), None)
    path.write_bytes(packed.getvalue())


def _write_glb(path: Path, objects: Sequence[MeshObject]) -> None:
    import trimesh

    scene = trimesh.Scene()
    for item in objects:
        surface = trimesh.Trimesh(item.mesh.points_mm, item.mesh.triangles, process=False)
        material = trimesh.visual.material.PBRMaterial(
            name=item.name, baseColorFactor=(*_rgb(item.color), 255), metallicFactor=0.0, roughnessFactor=0.6
        )
        surface.visual = trimesh.visual.TextureVisuals(material=material)
        scene.add_geometry(surface, geom_name=item.name, node_name=item.name)
    path.write_bytes(scene.export(file_type="glb"))


def _read_by_vtk(path: Path, ending: str) -> SurfaceMesh:
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkObject
    from vtkmodules.vtkFiltersCore import vtkTriangleFilter
    from vtkmodules.vtkIOGeometry import vtkOBJReader, vtkSTLReader
    from vtkmodules.vtkIOPLY import vtkPLYReader
    from vtkmodules.vtkIOXML import vtkXMLPolyDataReader

    readers: dict[str, Any] = {
        ".stl": vtkSTLReader,
        ".obj": vtkOBJReader,
        ".ply": vtkPLYReader,
        ".vtp": vtkXMLPolyDataReader,
    }
    if ending not in readers:
        raise InputError(f"{Path(path).name} is no surface file", f"Use one of {', '.join(readers)}", "ending")
    vtkObject.GlobalWarningDisplayOff()
    reader = readers[ending]()
    reader.SetFileName(str(path))
    triangles = vtkTriangleFilter()
    triangles.SetInputConnection(reader.GetOutputPort())
    triangles.PassVertsOff()
    triangles.PassLinesOff()
    triangles.Update()
    output = triangles.GetOutput()
    if not output.GetNumberOfPolys():
        raise InputError(f"{Path(path).name} holds no surface or is damaged", "Write it again", "mesh")
    points = vtk_to_numpy(output.GetPoints().GetData()).astype(np.float64)
    corners = vtk_to_numpy(output.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    return SurfaceMesh(points, corners)


def _read_3mf(path: Path) -> list[tuple[str, SurfaceMesh]]:
    import lib3mf

    try:
        model = lib3mf.get_wrapper().CreateModel()
        reader = model.QueryReader("3mf")
        reader.SetStrictModeActive(True)
        reader.ReadFromFile(str(path))
        found = []
        placed = _placements_3mf(model)
        objects = model.GetMeshObjects()
        while objects.MoveNext():
            item = objects.GetCurrentMeshObject()
            points = np.array([tuple(vertex.Coordinates) for vertex in item.GetVertices()], dtype=np.float64)
            triangles = np.array([tuple(triangle.Indices) for triangle in item.GetTriangleIndices()], dtype=np.int32)
            matrix = placed.get(item.GetResourceID(), np.eye(4, 3))
            found.append((item.GetName(), SurfaceMesh(points @ matrix[:3] + matrix[3], triangles)))
    except (lib3mf.ELib3MFException, ctypes.ArgumentError) as error:
        raise InputError(f"{Path(path).name} is damaged or no 3MF file", "Write it again", "mesh") from error
    if not found:
        raise InputError(f"{Path(path).name} holds no surface", "Write it again", "mesh")
    return found


def _placements_3mf(model: Any) -> dict[int, FloatArray]:
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


def _is_on_plate(path: Path) -> bool:
    """Whether a 3MF file is one that `write_meshes` wrote."""
    import lib3mf

    model = lib3mf.get_wrapper().CreateModel()
    model.QueryReader("3mf").ReadFromFile(str(path))
    group = model.GetMetaDataGroup()
    values = [group.GetMetaData(number).GetValue() for number in range(group.GetMetaDataCount())]
    return APPLICATION in values


def _read_glb(path: Path) -> list[tuple[str, SurfaceMesh]]:
    import trimesh

    scene = trimesh.load(str(path), force="scene", process=False)
    found = []
    for name in scene.graph.nodes_geometry:
        transform, geometry = scene.graph[name]
        mesh = scene.geometry[geometry]
        points = mesh.vertices @ transform[:3, :3].T + transform[:3, 3]
        found.append((str(geometry), SurfaceMesh(np.asarray(points), np.asarray(mesh.faces))))
    return found
