"""A written file read a second time, by code that shares nothing with what wrote it: the proof stands on this reading."""

from __future__ import annotations

import html
import json
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from planning.errors import InputError
from planning.files.mesh_formats.zips import check_zip
from planning.files.meshes import read_meshes
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh

Named = list[tuple[str, SurfaceMesh]]

MODEL = "3D/3dmodel.model"
OBJECT = re.compile(rb"<object\b([^>]*)>(.*?)</object>", re.DOTALL)
VERTEX = re.compile(rb'<vertex\s+x="([^"]+)"\s+y="([^"]+)"\s+z="([^"]+)"')
TRIANGLE = re.compile(rb'<triangle\s+v1="(\d+)"\s+v2="(\d+)"\s+v3="(\d+)"')
ITEM = re.compile(rb"<item\b([^>]*)/?>")
ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
KINDS = {5121: "<u1", 5123: "<u2", 5125: "<u4", 5126: "<f4"}


def read_again(path: Path) -> tuple[str, Named]:
    """(which reader, (name, surface) of each object) of a file of ours, in the file's own coordinates.

    3MF as a zip of XML text and plain GLB by their own definitions, all other formats by VTK, OpenUSD or trimesh. Raises
    InputError for what cannot be read.
    """
    ending = path.suffix.lower()
    try:
        if ending == ".3mf":
            return "zip and XML", _of_3mf(path)
        if ending == ".glb":
            document, data = _glb_chunks(path)
            if not document.get("extensionsRequired"):
                return "glTF by its definition", _of_glb(document, data)
    except (KeyError, ValueError, IndexError, TypeError, struct.error) as error:
        raise InputError(f"{path.name} cannot be read again", "Write it again", "mesh") from error
    reader = {".usdz": "OpenUSD", ".glb": "trimesh"}.get(ending, "VTK")
    return reader, read_meshes(path)


def _of_3mf(path: Path) -> Named:
    check_zip(path)
    with zipfile.ZipFile(path) as archive:
        text = archive.read(MODEL)
    head = text[text.index(b"<model") : text.index(b">", text.index(b"<model"))]
    if _attributes(head).get("unit", "millimeter") != "millimeter":
        raise ValueError
    placed = {row["objectid"]: _transform(row.get("transform")) for row in map(_attributes, ITEM.findall(text))}
    found: Named = []
    for told, body in OBJECT.findall(text):
        row = _attributes(told)
        points = _numbers(VERTEX.findall(body)).reshape(-1, 3)
        triangles = _numbers(TRIANGLE.findall(body)).astype(np.int32).reshape(-1, 3)
        matrix = placed[row["id"]]
        found.append((html.unescape(row.get("name", "")), SurfaceMesh(points @ matrix[:3] + matrix[3], triangles)))
    if not found:
        raise ValueError
    return found


def _attributes(told: bytes) -> dict[str, str]:
    return {name.decode("utf-8"): value.decode("utf-8") for name, value in ATTRIBUTE.findall(told)}


def _numbers(rows: list[tuple[bytes, ...]]) -> FloatArray:
    return np.array(b" ".join(map(b" ".join, rows)).split(), dtype=np.float64)


def _transform(told: str | None) -> FloatArray:
    """(4, 3) for row vectors."""
    return np.eye(4, 3) if told is None else np.array(told.split(), dtype=np.float64).reshape(4, 3)


def _glb_chunks(path: Path) -> tuple[dict[str, Any], bytes]:
    content = path.read_bytes()
    length = struct.unpack("<I", content[12:16])[0]
    document: dict[str, Any] = json.loads(content[20 : 20 + length].decode("utf-8"))
    return document, content[20 + length + 8 :]


def _of_glb(document: dict[str, Any], data: bytes) -> Named:
    found: Named = []

    def walk(number: int, above: FloatArray) -> None:
        node = document["nodes"][number]
        own = np.array(node["matrix"], dtype=np.float64).reshape(4, 4).T if "matrix" in node else _node_matrix(node)
        here = above @ own
        if "mesh" in node:
            mesh = document["meshes"][node["mesh"]]
            (part,) = mesh["primitives"]
            points = _accessor(document, data, part["attributes"]["POSITION"]).astype(np.float64).reshape(-1, 3)
            triangles = _accessor(document, data, part["indices"]).astype(np.int32).reshape(-1, 3)
            moved = points @ here[:3, :3].T + here[:3, 3]
            found.append((str(node.get("name") or mesh.get("name", "")), SurfaceMesh(moved, triangles)))
        for child in node.get("children", ()):
            walk(child, here)

    for root in document["scenes"][document.get("scene", 0)]["nodes"]:
        walk(root, np.eye(4))
    if not found:
        raise ValueError
    return found


def _node_matrix(node: dict[str, Any]) -> FloatArray:
    x, y, z, w = node.get("rotation", (0.0, 0.0, 0.0, 1.0))
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.get("scale", (1.0, 1.0, 1.0)))
    matrix[:3, 3] = node.get("translation", (0.0, 0.0, 0.0))
    return matrix


def _accessor(document: dict[str, Any], data: bytes, number: int) -> Any:
    row = document["accessors"][number]
    view = document["bufferViews"][row["bufferView"]]
    if "byteStride" in view and view["byteStride"] != 12:
        raise ValueError
    count = row["count"] * {"SCALAR": 1, "VEC3": 3}[row["type"]]
    start = view.get("byteOffset", 0) + row.get("byteOffset", 0)
    return np.frombuffer(data, dtype=KINDS[row["componentType"]], count=count, offset=start)
