"""STL, binary. It keeps no unit, name or colour: a text beside it says them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from planning.files.mesh_formats.objects import PURPOSE, MeshObject

# a header that begins with "solid" would be taken for the text form
HEADER = b"Theatrum surface, LPS millimetres, research use only"
RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("rest", "<u2")])


def write(path: Path, objects: Sequence[MeshObject]) -> None:
    """One object; patient coordinates in float32, at 500 mm exact to 0.00003 mm."""
    (item,) = objects
    corners = item.mesh.points_mm[item.mesh.triangles].astype("<f4")
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    record = np.zeros(len(corners), dtype=RECORD)
    record["normal"] = normals / np.where(lengths > 0, lengths, 1.0)
    record["corners"] = corners
    with path.open("wb") as file:
        file.write(HEADER.ljust(80, b" "))
        file.write(struct.pack("<I", len(corners)))
        file.write(record.tobytes())


def note(files: Sequence[tuple[str, MeshObject]]) -> str:
    """The text beside STL files: (file's name, object) each, what the format itself cannot say."""
    lines = [
        PURPOSE,
        "Unit: 1 = 1 mm. Coordinates: LPS of the scan (x to the patient's left, y to the back, z to the head).",
        "",
    ]
    for name, item in files:
        low, high = item.mesh.points_mm.min(axis=0), item.mesh.points_mm.max(axis=0)
        size = " x ".join(f"{value:.2f}" for value in (high - low).tolist())
        lines.append(f"{name}: {item.name}, {size} mm, {item.mesh.volume_ml:.2f} ml, colour {item.color}")
    return "\n".join(lines) + "\n"
