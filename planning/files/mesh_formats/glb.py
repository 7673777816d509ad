"""GLB: glTF 2.0 in one file, metres, y up, with normals and materials; geometry packed by Draco where asked for.

Source: glTF 2.0 specification (ISO/IEC 12113:2022) and its extension KHR_draco_mesh_compression.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from planning.errors import InputError
from planning.files.mesh_formats.frames import moved
from planning.files.mesh_formats.objects import APPLICATION, PURPOSE, MeshObject, linear_rgb, shells_last, unit_normals
from planning.mesh import SurfaceMesh

FLOAT, UINT = 5126, 5125
VERTICES, INDICES = 34962, 34963
DRACO = "KHR_draco_mesh_compression"
# the finest step of packed coordinates; a point moves by half of it at most on each axis
DRACO_STEP_M = 1e-5
DRACO_LEVEL = 7


@dataclass(slots=True)
class _Parts:
    """The two halves of the file while it is made: the tables of the JSON and the bytes they point into."""

    accessors: list[dict[str, Any]] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    data: bytearray = field(default_factory=bytearray)

    def view(self, data: bytes, target: int | None = None) -> int:
        """Append bytes; the number of their view."""
        self.data += b"\0" * (-len(self.data) % 4)
        row: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(data)}
        if target is not None:
            row["target"] = target
        self.views.append(row)
        self.data += data
        return len(self.views) - 1

    def accessor(self, count: int, kind: str, component: int, view: int | None = None, **more: Any) -> int:
        """Append an accessor; its number."""
        row = {"componentType": component, "count": count, "type": kind, **more}
        self.accessors.append(row if view is None else {"bufferView": view, **row})
        return len(self.accessors) - 1


def write(path: Path, objects: Sequence[MeshObject]) -> None:
    """All objects, points in metres, y up."""
    path.write_bytes(_packed(objects, draco=False))


def write_draco(path: Path, objects: Sequence[MeshObject]) -> None:
    """The same, its geometry packed by Draco in steps of 0.01 mm: a tenth of the size, for viewers that know it."""
    path.write_bytes(_packed(objects, draco=True))


def _packed(objects: Sequence[MeshObject], draco: bool) -> bytes:
    parts = _Parts()
    meshes, nodes, materials = [], [], []
    for number, item in enumerate(shells_last(objects)):
        primitive = _draco_primitive(parts, item.mesh) if draco else _primitive(parts, item.mesh)
        meshes.append({"name": item.name, "primitives": [{**primitive, "material": number}]})
        nodes.append({"name": item.name, "mesh": number})
        materials.append(_material(item))
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": APPLICATION, "copyright": PURPOSE},
        "scene": 0,
        "scenes": [{"nodes": list(range(len(nodes)))}],
        "nodes": nodes,
        "meshes": meshes,
        "materials": materials,
        "accessors": parts.accessors,
        "bufferViews": parts.views,
        "buffers": [{"byteLength": len(parts.data)}],
    }
    if draco:
        document |= {"extensionsUsed": [DRACO], "extensionsRequired": [DRACO]}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 4)
    data = bytes(parts.data) + b"\0" * (-len(parts.data) % 4)
    whole = 12 + 8 + len(text) + 8 + len(data)
    return b"".join(
        (struct.pack("<4sII", b"glTF", 2, whole), struct.pack("<I4s", len(text), b"JSON"), text)
        + (struct.pack("<I4s", len(data), b"BIN\0"), data)
    )


def _material(item: MeshObject) -> dict[str, Any]:
    color = [round(value, 6) for value in (*linear_rgb(item.color), item.opacity)]
    found: dict[str, Any] = {
        "name": item.name,
        "pbrMetallicRoughness": {"baseColorFactor": color, "metallicFactor": 0.0, "roughnessFactor": 0.6},
    }
    # both sides of a shell drawn at once would show its back over its front
    return found | ({"alphaMode": "BLEND", "doubleSided": False} if item.opacity < 1.0 else {})


def _primitive(parts: _Parts, mesh: SurfaceMesh) -> dict[str, Any]:
    points = np.ascontiguousarray(mesh.points_mm, dtype="<f4")
    normals = unit_normals(mesh)
    triangles = np.ascontiguousarray(mesh.triangles, dtype="<u4")
    return {
        "attributes": {
            "POSITION": parts.accessor(
                len(points), "VEC3", FLOAT, parts.view(points.tobytes(), VERTICES), **_limits(points)
            ),
            "NORMAL": parts.accessor(len(points), "VEC3", FLOAT, parts.view(normals.tobytes(), VERTICES)),
        },
        "indices": parts.accessor(triangles.size, "SCALAR", UINT, parts.view(triangles.tobytes(), INDICES)),
        "mode": 4,
    }


def _draco_primitive(parts: _Parts, mesh: SurfaceMesh) -> dict[str, Any]:
    import DracoPy

    span_m = float(np.ptp(mesh.points_mm, axis=0).max())
    bits = int(np.clip(np.ceil(np.log2(max(span_m, DRACO_STEP_M) / DRACO_STEP_M)), 11, 20))
    packed = DracoPy.encode(
        np.asarray(mesh.points_mm, np.float32),
        np.asarray(mesh.triangles, np.uint32),
        quantization_bits=bits,
        compression_level=DRACO_LEVEL,
        normals=unit_normals(mesh).astype(np.float64),
        normal_quantization_bits=10,
    )
    # packing may join or drop points: the tables tell what a reader will get
    back = DracoPy.decode(packed)
    points = np.asarray(back.points, np.float32)
    ids = {row["attribute_type"]: row["unique_id"] for row in back.attributes}
    return {
        "attributes": {
            "POSITION": parts.accessor(len(points), "VEC3", FLOAT, **_limits(points)),
            "NORMAL": parts.accessor(len(points), "VEC3", FLOAT),
        },
        "indices": parts.accessor(int(np.asarray(back.faces).size), "SCALAR", UINT),
        "mode": 4,
        "extensions": {
            DRACO: {"bufferView": parts.view(packed), "attributes": {"POSITION": ids[0], "NORMAL": ids[1]}},
        },
    }


def _limits(points: Any) -> dict[str, Any]:
    return {"min": points.min(axis=0).tolist(), "max": points.max(axis=0).tolist()}


def read(path: Path) -> list[tuple[str, SurfaceMesh]]:
    """(name, surface) of each object in the scene's coordinates, by trimesh; packed ones too.

    Raises InputError for what is damaged.
    """
    import trimesh

    check_head(path)
    try:
        scene = trimesh.load(str(path), force="scene", process=False)
        found = []
        for name in scene.graph.nodes_geometry:
            transform, geometry = scene.graph[name]
            mesh = scene.geometry[geometry]
            if isinstance(mesh, trimesh.Trimesh):
                surface = SurfaceMesh(np.asarray(mesh.vertices, np.float64), np.asarray(mesh.faces, np.int32))
                found.append((str(name), moved(surface, np.asarray(transform, np.float64))))
    except InputError:
        raise
    except Exception as error:
        # the reader meets whatever a damaged file holds with errors of every kind
        raise InputError(f"{path.name} is damaged or no GLB file", "Write it again", "mesh") from error
    if not found:
        raise InputError(f"{path.name} holds no surface", "Write it again", "mesh")
    return found


def check_head(path: Path) -> None:
    """Raises InputError where the file's length or its tables' counts are not what they say."""
    damaged = InputError(f"{path.name} is damaged or no GLB file", "Write it again", "mesh")
    data = path.read_bytes()
    if len(data) < 20 or data[:4] != b"glTF":
        raise damaged
    _, whole, length, kind = struct.unpack("<IIII", data[4:20])
    if whole != len(data) or kind != 0x4E4F534A or 20 + length > len(data):
        raise damaged
    try:
        document = json.loads(data[20 : 20 + length].decode("utf-8"))
        packed = DRACO in document.get("extensionsUsed", ())
        buffers = document.get("buffers", [])
        outside = any("uri" in row for row in [*buffers, *document.get("images", [])])
        counts = [int(row["count"]) for row in document.get("accessors", [])]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged from error
    if outside:
        raise InputError(f"{path.name} refers to other files", "Write it as one file", "mesh")
    # the least that a number of a plain table takes is a byte; Draco's best is about two bits for a triangle
    if counts and (min(counts) < 0 or max(counts) > len(data) * (32 if packed else 1)):
        raise damaged
