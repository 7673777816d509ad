"""What is written into a surface file: named, coloured surfaces, and what formats share about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.mesh import SurfaceMesh

APPLICATION = "Theatrum"
PURPOSE = "Planning model, research use only, not a medical device"


@dataclass(frozen=True, slots=True, eq=False)
class MeshObject:
    """A named, coloured surface in LPS mm. color: "#RRGGBB". opacity: 0 … 1, below 1 for a shell that is seen through."""

    name: str
    mesh: SurfaceMesh
    color: str
    opacity: float = 1.0


def rgb(color: str) -> tuple[int, int, int]:
    """ "#RRGGBB" as three numbers 0 … 255, of the screen's own curve (sRGB)."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def linear_rgb(color: str) -> tuple[float, float, float]:
    """The colour as amounts of light 0 … 1: what glTF and USD keep. Source: IEC 61966-2-1, sRGB's curve."""
    red, green, blue = (_light(value / 255.0) for value in rgb(color))
    return red, green, blue


def _light(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def shells_last(objects: Sequence[MeshObject]) -> list[MeshObject]:
    """Opaque objects in their order, then those seen through, the widest last: viewers draw in the file's order, and
    what is drawn after a shell in front of it would not be seen through it."""
    through = [item for item in objects if item.opacity < 1.0]
    spans = {
        id(item): float((item.mesh.points_mm.max(axis=0) - item.mesh.points_mm.min(axis=0)).max()) for item in through
    }
    return [item for item in objects if item.opacity >= 1.0] + sorted(through, key=lambda item: spans[id(item)])


def unit_normals(mesh: SurfaceMesh) -> npt.NDArray[np.float32]:
    """(V, 3) unit normals by the triangles' areas; upwards where a point's triangles have none."""
    a, b, c = (mesh.points_mm[mesh.triangles[:, n]] for n in range(3))
    faces = np.cross(b - a, c - a)
    corners = mesh.triangles.T.reshape(-1)
    sums = np.stack(
        [np.bincount(corners, np.tile(faces[:, axis], 3), minlength=len(mesh.points_mm)) for axis in range(3)], axis=1
    )
    lengths = np.linalg.norm(sums, axis=1)
    flat = lengths <= 1e-12 * lengths.max(initial=0.0)
    sums[flat], lengths[flat] = (0.0, 1.0, 0.0), 1.0
    return np.ascontiguousarray(sums / lengths[:, None], dtype=np.float32)
