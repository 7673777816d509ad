"""USDZ for augmented reality: metres, y up, standing on the floor; by Pixar's OpenUSD.

Source: USDZ specification 1.3 (openusd.org): a zip without compression whose files begin at multiples of 64 bytes.
"""

from __future__ import annotations

import errno
import io
import os
import struct
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planning.errors import InputError
from planning.files.mesh_formats.frames import GLB_FROM_LPS, moved
from planning.files.mesh_formats.objects import PURPOSE, MeshObject, linear_rgb, shells_last, unit_normals
from planning.files.mesh_formats.zips import check_zip
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh

LAYER = "model.usdc"
ALIGNMENT = 64
# where our files keep how they were moved: 16 numbers, rows of the matrix from the file to LPS mm
PLACEMENT_KEY = "theatrumPlacement"
EARLIEST = (1980, 1, 1, 0, 0, 0)


def write(path: Path, objects: Sequence[MeshObject], placement: FloatArray) -> None:
    """All objects, points in metres, y up. placement: (4, 4) from the file to LPS mm, kept in it."""
    path.write_bytes(_zipped(_layer(objects, placement, path.parent)))


def _layer(objects: Sequence[MeshObject], placement: FloatArray, folder: Path) -> bytes:
    from pxr import Tf, Usd, UsdGeom, UsdShade, Vt

    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    layer = stage.GetRootLayer()
    layer.comment = PURPOSE
    layer.customLayerData = {PLACEMENT_KEY: Vt.DoubleArray([float(value) for value in placement.reshape(-1)])}
    root = UsdGeom.Xform.Define(stage, "/Model")
    stage.SetDefaultPrim(root.GetPrim())
    Usd.ModelAPI(root.GetPrim()).SetKind("component")
    UsdGeom.Scope.Define(stage, "/Model/Materials")
    taken = {"Materials"}
    for item in shells_last(objects):
        name = _prim_name(Tf.MakeValidIdentifier(item.name), taken)
        material = _material(stage, f"/Model/Materials/{name}", item)
        mesh = UsdGeom.Mesh.Define(stage, f"/Model/{name}")
        mesh.GetPrim().SetDisplayName(item.name)
        _geometry(mesh, item.mesh)
        mesh.CreateDisplayColorAttr([linear_rgb(item.color)])
        mesh.CreateDisplayOpacityAttr([item.opacity])
        UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material)
    # on the disk that the file goes to: what has no room there has none for the file
    with tempfile.TemporaryDirectory(prefix=".theatrum-", dir=folder) as room:
        place = Path(room) / LAYER
        try:
            layer.Export(str(place))
        except Tf.ErrorException as error:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(place)) from error
        return place.read_bytes()


def _prim_name(name: str, taken: set[str]) -> str:
    unique, number = name, 2
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    taken.add(unique)
    return unique


def _geometry(prim: Any, mesh: SurfaceMesh) -> None:
    from pxr import UsdGeom, Vt

    points = np.ascontiguousarray(mesh.points_mm, dtype=np.float32)
    prim.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(points))
    prim.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(mesh.triangles), 3, dtype=np.int32)))
    prim.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(np.ascontiguousarray(mesh.triangles.reshape(-1))))
    prim.CreateExtentAttr(Vt.Vec3fArray.FromNumpy(np.stack([points.min(axis=0), points.max(axis=0)])))
    prim.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    prim.CreateOrientationAttr(UsdGeom.Tokens.rightHanded)
    prim.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(unit_normals(mesh)))
    prim.SetNormalsInterpolation(UsdGeom.Tokens.vertex)


def _material(stage: Any, place: str, item: MeshObject) -> Any:
    from pxr import Gf, Sdf, UsdShade

    material = UsdShade.Material.Define(stage, place)
    shader = UsdShade.Shader.Define(stage, f"{place}/Surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    types = Sdf.ValueTypeNames
    for name, kind, value in (
        ("diffuseColor", types.Color3f, Gf.Vec3f(*linear_rgb(item.color))),
        ("opacity", types.Float, item.opacity),
        ("roughness", types.Float, 0.6),
        ("metallic", types.Float, 0.0),
    ):
        shader.CreateInput(name, kind).Set(value)
    material.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    return material


def _zipped(layer: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        entry = zipfile.ZipInfo(LAYER, EARLIEST)
        # a field of the header without meaning moves the file's first byte to where it must lie
        room = -(30 + len(LAYER)) % ALIGNMENT
        room += ALIGNMENT if room < 4 else 0
        entry.extra = struct.pack("<HH", 0x1986, room - 4) + b"\0" * (room - 4)
        archive.writestr(entry, layer)
    return packed.getvalue()


def read(path: Path) -> list[tuple[str, SurfaceMesh]]:
    """(name, surface) of each mesh in the file's own coordinates, faces with more corners as fans.

    Raises InputError for what is damaged, refers to other files, or holds no surface.
    """
    return _meshes(path)[0]


def read_lps(path: Path) -> list[tuple[str, SurfaceMesh]]:
    """The same in LPS mm: our own files where they were in the patient, others as their units and up axis say."""
    found, placement, unit_m, is_z_up = _meshes(path)
    if placement is not None:
        return [(name, moved(mesh, placement)) for name, mesh in found]
    matrix = np.linalg.inv(GLB_FROM_LPS) @ np.diag([unit_m, unit_m, unit_m, 1.0])
    if is_z_up:
        # USD's own turn between the two: x stays, z becomes y
        matrix = matrix @ np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1.0]])
    return [(name, moved(mesh, matrix)) for name, mesh in found]


def _meshes(path: Path) -> tuple[list[tuple[str, SurfaceMesh]], FloatArray | None, float, bool]:
    _check(path)
    from pxr import Tf, Usd, UsdGeom

    damaged = InputError(f"{path.name} is damaged or no USDZ file", "Write it again", "mesh")
    try:
        stage = Usd.Stage.Open(str(path), Usd.Stage.LoadAll)
        if any(layer.GetCompositionAssetDependencies() for layer in stage.GetUsedLayers()):
            raise InputError(f"{path.name} refers to other files", "Write it as one file", "mesh")
        found = []
        cache = UsdGeom.XformCache()
        for prim in stage.Traverse():
            if prim.IsA(UsdGeom.Mesh):
                matrix = np.array(cache.GetLocalToWorldTransform(prim))
                found.append((prim.GetDisplayName() or prim.GetName(), _surface(UsdGeom.Mesh(prim), matrix)))
        told = stage.GetRootLayer().customLayerData.get(PLACEMENT_KEY)
        placement = None if told is None else np.array(list(told), dtype=np.float64).reshape(4, 4)
        unit_m = float(UsdGeom.GetStageMetersPerUnit(stage))
        is_z_up = UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.z
    except (Tf.ErrorException, RuntimeError, ValueError, TypeError, IndexError) as error:
        raise damaged from error
    if not found:
        raise InputError(f"{path.name} holds no surface", "Write it again", "mesh")
    if placement is not None and not np.isfinite(placement).all():
        raise damaged
    return found, placement, unit_m, is_z_up


def _check(path: Path) -> None:
    """The zip is what the format allows: stored, no folder left, a USD layer first."""
    names = check_zip(path)
    with zipfile.ZipFile(path) as archive:
        stored = all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
    inside = all(not name.startswith("/") and ".." not in name.split("/") for name in names)
    if not (names and stored and inside and names[0].lower().endswith((".usdc", ".usda", ".usd"))):
        raise InputError(f"{path.name} is damaged or no USDZ file", "Write it again", "mesh")


def _surface(mesh: Any, matrix: FloatArray) -> SurfaceMesh:
    points = np.asarray(mesh.GetPointsAttr().Get(), dtype=np.float64).reshape(-1, 3)
    counts = np.asarray(mesh.GetFaceVertexCountsAttr().Get(), dtype=np.int64)
    corners = np.asarray(mesh.GetFaceVertexIndicesAttr().Get(), dtype=np.int64)
    if len(counts) and (counts.min() < 3 or counts.sum() != len(corners)):
        raise ValueError("counts")
    starts = np.cumsum(counts) - counts
    fans = []
    for step in range(1, int(counts.max(initial=3)) - 1):
        wide = starts[counts >= step + 2]
        fans.append(np.stack([corners[wide], corners[wide + step], corners[wide + step + 1]], axis=1))
    triangles = np.concatenate(fans).astype(np.int32)
    if mesh.GetOrientationAttr().Get() == "leftHanded":
        triangles = triangles[:, ::-1]
    # USD's vectors are rows
    return moved(SurfaceMesh(points, triangles), matrix.T)
