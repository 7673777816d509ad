"""PLY, binary little endian, with a colour for each point."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from planning.files.mesh_formats.objects import MeshObject, rgb


def write(path: Path, objects: Sequence[MeshObject]) -> None:
    """One object in LPS mm; the unit is told by a comment, since the format has none."""
    (item,) = objects
    vertices = np.zeros(len(item.mesh.points_mm), dtype=[("xyz", "<f4", 3), ("rgb", "u1", 3)])
    vertices["xyz"], vertices["rgb"] = item.mesh.points_mm, rgb(item.color)
    faces = np.zeros(len(item.mesh.triangles), dtype=[("count", "u1"), ("corners", "<i4", 3)])
    faces["count"], faces["corners"] = 3, item.mesh.triangles
    head = (
        f"ply\nformat binary_little_endian 1.0\ncomment Theatrum, LPS millimetres, research use only\n"
        f"element vertex {len(vertices)}\n"
        "property float x\nproperty float y\nproperty float z\nproperty uchar red\nproperty uchar green\n"
        f"property uchar blue\nelement face {len(faces)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    path.write_bytes(head.encode("ascii") + vertices.tobytes() + faces.tobytes())
