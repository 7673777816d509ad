"""What the hand holds in the 3D view and where it goes: places on the screen in, cameras, planes and points out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from planning.geometry import FloatArray, Plane, Vector
from viewers.overlay import CutItem, PointItem
from viewers.rendering import Corners
from viewers.scene.camera import Projection, axes, orbited, panned, rolled, zoomed
from viewers.view_state import Camera

Kind = Literal["orbit", "pan", "zoom", "roll", "point", "plane", "box"]
CAMERA_KINDS: tuple[Kind, ...] = ("orbit", "pan", "zoom", "roll")

# logical pixels (the target is larger than what is seen)
START_PX = 4.0
POINT_PX, EDGE_PX = 12.0, 9.0
ORBIT_DEG_PER_PX = 0.5
ZOOM_PER_PX = 0.01
WHEEL_ZOOM = 1.15
# a plane seen face on cannot follow the hand along its normal; it then goes with up and down
FACE_ON = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Drag:
    """A button held down: where, on what, and how all was then. value: the point (3,), Plane or box that is held."""

    kind: Kind
    start: tuple[float, float]
    camera: Camera
    key: str = ""
    value: Vector | Plane | Corners | None = None

    def is_far(self, x: float, y: float) -> bool:
        """Whether the hand moved far enough to mean it."""
        return float(np.hypot(x - self.start[0], y - self.start[1])) >= START_PX


def dragged_camera(drag: Drag, x: float, y: float, space: Projection, pivot_mm: Vector) -> Camera:
    """The camera after a drag to (x, y)."""
    dx, dy = x - drag.start[0], y - drag.start[1]
    if drag.kind == "pan":
        return panned(drag.camera, dx * space.mm_per_px, -dy * space.mm_per_px)
    if drag.kind == "zoom":
        return zoomed(drag.camera, float(np.exp(-dy * ZOOM_PER_PX)))
    if drag.kind == "roll":
        middle = (space.width / 2.0, space.height / 2.0)
        angles = [np.arctan2(py - middle[1], px - middle[0]) for px, py in (drag.start, (x, y))]
        return rolled(drag.camera, -float(np.degrees(angles[1] - angles[0])))
    return orbited(drag.camera, dx * ORBIT_DEG_PER_PX, -dy * ORBIT_DEG_PER_PX, pivot_mm)


def dragged_point(start_mm: Vector, dx: float, dy: float, space: Projection) -> Vector:
    """A point moved in the plane of the picture, at its own depth."""
    right, up, _ = axes(space.camera)
    return np.asarray(start_mm + space.mm_per_px * (dx * right - dy * up))


def dragged_plane(start: Plane, dx: float, dy: float, space: Projection) -> Plane:
    """A plane moved along its normal as far as the hand went along the normal's picture."""
    return Plane(start.origin_mm + along_mm(start.normal, dx, dy, space) * start.normal, start.normal)


def along_mm(direction: Vector, dx: float, dy: float, space: Projection) -> float:
    """How far the hand went along a direction's picture; along one seen end on it goes with up and down."""
    right, up, _ = axes(space.camera)
    across, above = float(direction @ right), float(direction @ up)
    seen = across**2 + above**2
    if seen >= FACE_ON**2:
        return space.mm_per_px * (dx * across - dy * above) / seen
    return -dy * space.mm_per_px


def point_at(items: Iterable[PointItem], x: float, y: float, space: Projection) -> PointItem | None:
    """The nearest landmark within reach of the hand."""
    best, reach = None, POINT_PX
    for item in items:
        px, py = space.to_screen(item.position_mm)
        distance = float(np.hypot(px - x, py - y))
        if distance <= reach:
            best, reach = item, distance
    return best


def cut_at(
    items: Iterable[tuple[CutItem, FloatArray]], x: float, y: float, space: Projection
) -> tuple[CutItem, float] | None:
    """The movable plane whose handle (the sheet's middle) or edge is within reach, and how far it is."""
    best: tuple[CutItem, float] | None = None
    for item, corners_mm in items:
        if not item.movable or len(corners_mm) < 3:
            continue
        corners = space.to_screen(corners_mm)
        middle = corners.mean(axis=0)
        distance = float(np.hypot(*(middle - (x, y))))
        if distance > POINT_PX:
            distance = polygon_distance(corners, x, y)
            if distance > EDGE_PX:
                continue
        if best is None or distance < best[1]:
            best = item, distance
    return best


def polygon_distance(corners: FloatArray, x: float, y: float) -> float:
    """Distance from a place to the outline of a closed polygon, (N, 2)."""
    ends = np.roll(corners, -1, axis=0)
    along = ends - corners
    lengths = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip((((x, y) - corners) * along).sum(axis=1) / lengths, 0.0, 1.0)
    feet = corners + share[:, None] * along
    return float(np.hypot(feet[:, 0] - x, feet[:, 1] - y).min())
