"""What the plate's 3D picture is made of: the printer's floor with its grid, and the objects as they lie on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.theme.tokens import DARK
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.plan import PrintedObject
from viewers.overlay import SurfaceItem

FINE_MM, COARSE_MM = 8.0, 64.0
FINE_WIDTH_MM, COARSE_WIDTH_MM, EDGE_WIDTH_MM = 0.5, 0.9, 1.4
# lines lie under each other, so that none is drawn into another
FLOOR_MM = (-0.6, -0.5, -0.4, -0.3)
# what others lie inside of is seen through; a vessel tree fills less of its box than an organ and hides nothing
CLEAR_OPACITY = 0.36
LEAST_FILLED = 0.15


@dataclass(frozen=True, slots=True)
class Ring:
    """A place that is marked on the plate. at_mm: in the plate's own mm. value: its measure in words."""

    at_mm: tuple[float, float, float]
    value: str
    is_chosen: bool


def floor_items(room_mm: tuple[float, float, float]) -> tuple[SurfaceItem, ...]:
    """The printer's floor in its true size: lines each 8 and 64 mm from its front left corner."""
    wide, deep = room_mm[0], room_mm[1]
    fine: list[FloatArray] = []
    coarse: list[FloatArray] = []
    edge: list[FloatArray] = []
    for across, along, lines in ((wide, deep, False), (deep, wide, True)):
        for number in range(int(across / FINE_MM) + 1):
            at = number * FINE_MM - 0.5 * across
            own = coarse if number % round(COARSE_MM / FINE_MM) == 0 else fine
            width = COARSE_WIDTH_MM if own is coarse else FINE_WIDTH_MM
            own.append(_strip(at, along, width, lines))
        for at in (-0.5 * across, 0.5 * across):
            edge.append(_strip(at, along, EDGE_WIDTH_MM, lines))
    ground = np.array([[-wide, -deep], [wide, -deep], [wide, deep], [-wide, deep]]) * 0.5
    sheets = ((ground[None], "s1"), (np.array(fine), "line2"), (np.array(coarse), "t3"), (np.array(edge), "t2"))
    return tuple(
        SurfaceItem(key=f"plate floor {token}", mesh=_flat(corners, height), color=DARK[token], two_sided=True)
        for (corners, token), height in zip(sheets, FLOOR_MM, strict=True)
        if len(corners)
    )


def _strip(at: float, along: float, width: float, is_across: bool) -> FloatArray:
    """(4, 2) corners of a line on the floor."""
    corners = np.array(
        [
            [at - width / 2, -along / 2],
            [at + width / 2, -along / 2],
            [at + width / 2, along / 2],
            [at - width / 2, along / 2],
        ]
    )
    return corners[::-1, ::-1] if is_across else corners


def _flat(corners: FloatArray, height: float) -> SurfaceMesh:
    """(N, 4, 2) quadrilaterals as a surface."""
    count = len(corners)
    points = np.concatenate([corners.reshape(-1, 2), np.full((4 * count, 1), height)], axis=1)
    first = 4 * np.arange(count)[:, None]
    triangles = np.concatenate([first + (0, 1, 2), first + (0, 2, 3)]).astype(np.int32)
    return SurfaceMesh(points, triangles)


def object_items(laid: Sequence[tuple[PrintedObject, FloatArray]], clear: frozenset[str]) -> tuple[SurfaceItem, ...]:
    """The objects where they lie. clear: names of those that are seen through."""
    return tuple(
        SurfaceItem(
            key=f"plate {item.name}",
            mesh=moved(item.mesh, matrix),
            color=item.color,
            opacity=CLEAR_OPACITY if item.name in clear else 1.0,
        )
        for item, matrix in laid
    )


def moved(mesh: SurfaceMesh, matrix: FloatArray) -> SurfaceMesh:
    """A surface moved by (4, 4)."""
    return SurfaceMesh(mesh.points_mm @ matrix[:3, :3].T + matrix[:3, 3], mesh.triangles)


def around(laid: Sequence[tuple[PrintedObject, FloatArray]]) -> frozenset[str]:
    """Names of the objects that hold others in their boxes: these are seen through, so that what is inside can be seen."""
    boxes = {}
    for item, matrix in laid:
        points = item.mesh.points_mm @ matrix[:3, :3].T + matrix[:3, 3]
        boxes[item.name] = (points.min(axis=0), points.max(axis=0), abs(item.mesh.volume_ml))
    found = set()
    for name, (low, high, volume) in boxes.items():
        if volume < LEAST_FILLED * float(np.prod(high - low)) / 1000.0:
            continue
        for other, (other_low, other_high, other_volume) in boxes.items():
            middle = 0.5 * (other_low + other_high)
            if other != name and other_volume < volume and (middle > low).all() and (middle < high).all():
                found.add(name)
    return frozenset(found)
