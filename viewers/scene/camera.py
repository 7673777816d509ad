"""The 3D camera as plain numbers: parallel projection, turning about a point, patient to screen and back.

A direction goes from the patient to the viewer. Turning keeps the picture's tilt against the body axis, so that a drag
never rolls the view; over the head and under the feet it stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from planning.errors import GeometryError
from planning.geometry import FloatArray, Vector, carm_angles_deg, detector_direction, unit
from viewers.language import mark
from viewers.view_state import Camera, Vec, vec

ANTERIOR: Vec = (0.0, -1.0, 0.0)
HEAD: Vec = (0.0, 0.0, 1.0)
# seen from the head and the feet, the front of the patient is up, as in the common 3D views
STANDARD_VIEWS: Mapping[str, tuple[str, Vec, Vec]] = MappingProxyType(
    {
        "A": (mark("Anterior"), ANTERIOR, HEAD),
        "P": (mark("Posterior"), (0.0, 1.0, 0.0), HEAD),
        "L": (mark("Left"), (1.0, 0.0, 0.0), HEAD),
        "R": (mark("Right"), (-1.0, 0.0, 0.0), HEAD),
        "H": (mark("Head"), (0.0, 0.0, 1.0), ANTERIOR),
        "F": (mark("Feet"), (0.0, 0.0, -1.0), ANTERIOR),
    }
)
FREE_VIEW = mark("Free view")
LEAST_HALF_HEIGHT_MM, MOST_HALF_HEIGHT_MM = 0.5, 5000.0
FIT_MARGIN = 1.06
# nearer to the pole than this the compass direction is read from what is up
POLE = 1e-4


def axes(camera: Camera) -> tuple[Vector, Vector, Vector]:
    """(right, up, towards the viewer) unit vectors of the picture."""
    back = unit(camera.direction)
    up = np.asarray(camera.up, dtype=np.float64)
    up = unit(up - (up @ back) * back)
    return np.cross(up, back), up, back


def make_camera(focus_mm: npt.ArrayLike, direction: npt.ArrayLike, up: npt.ArrayLike, half_height_mm: float) -> Camera:
    """A camera with unit axes; an `up` along the direction is replaced by the one of a C-arm there."""
    back = unit(direction)
    wanted = np.asarray(up, dtype=np.float64)
    try:
        raised = unit(wanted - (wanted @ back) * back)
    except GeometryError:
        raised = level_up(back)
    half = float(np.clip(half_height_mm, LEAST_HALF_HEIGHT_MM, MOST_HALF_HEIGHT_MM))
    return Camera(vec(focus_mm), vec(back), vec(raised), half)


def fitted(camera: Camera | None, low_mm: Vector, high_mm: Vector, aspect: float) -> Camera:
    """The camera (None: from the front) moved so that a box fills the picture. aspect: width by height."""
    direction, up = (ANTERIOR, HEAD) if camera is None else (camera.direction, camera.up)
    shown = make_camera((low_mm + high_mm) / 2.0, direction, up, 1.0)
    right, raised, _ = axes(shown)
    size = np.asarray(high_mm) - np.asarray(low_mm)
    wide, tall = (float(np.abs(axis) @ size) / 2.0 for axis in (right, raised))
    return make_camera(shown.focus_mm, direction, up, FIT_MARGIN * max(tall, wide / max(aspect, 1e-3), 1.0))


def orbited(camera: Camera, right_deg: float, up_deg: float, pivot_mm: npt.ArrayLike) -> Camera:
    """The scene turned as a hand would turn it: to the right and upwards, about the pivot."""
    lao, cra, roll = _angles(camera)
    turn = np.radians(roll)
    # a rolled picture still follows the hand
    across = right_deg * np.cos(turn) + up_deg * np.sin(turn)
    along = up_deg * np.cos(turn) - right_deg * np.sin(turn)
    return _placed(camera, lao - across, float(np.clip(cra - along, -90.0, 90.0)), roll, pivot_mm)


def turned_to(camera: Camera, direction: npt.ArrayLike, up: npt.ArrayLike, pivot_mm: npt.ArrayLike) -> Camera:
    """The same zoom from another side; the pivot stays where it is on the screen."""
    wanted = make_camera(camera.focus_mm, direction, up, camera.half_height_mm)
    return _about(camera, wanted, pivot_mm)


def level_up(direction: npt.ArrayLike) -> Vector:
    """What is up in a C-arm's picture taken from this side."""
    return _level(*carm_angles_deg(direction))[1]


def rolled(camera: Camera, degrees: float) -> Camera:
    """The picture turned clockwise in its own plane."""
    right, up, _ = axes(camera)
    angle = np.radians(degrees)
    return replace(camera, up=vec(unit(np.cos(angle) * up - np.sin(angle) * right)))


def panned(camera: Camera, right_mm: float, up_mm: float) -> Camera:
    """The scene moved in the picture."""
    right, up, _ = axes(camera)
    return replace(camera, focus_mm=vec(np.asarray(camera.focus_mm) - right_mm * right - up_mm * up))


def zoomed(camera: Camera, factor: float, fixed_mm: npt.ArrayLike | None = None) -> Camera:
    """Larger by a factor; the place `fixed_mm` stays where it is on the screen."""
    half = float(np.clip(camera.half_height_mm / factor, LEAST_HALF_HEIGHT_MM, MOST_HALF_HEIGHT_MM))
    if fixed_mm is None:
        return replace(camera, half_height_mm=half)
    fixed, focus = np.asarray(fixed_mm, dtype=np.float64), np.asarray(camera.focus_mm)
    return replace(camera, focus_mm=vec(fixed + (focus - fixed) * (half / camera.half_height_mm)), half_height_mm=half)


def between(start: Camera, end: Camera, share: float) -> Camera:
    """A camera on the way: turned about one axis, moved and zoomed evenly. share: 0 … 1."""
    if share >= 1.0:
        return end
    old, new = np.stack(axes(start)), np.stack(axes(end))
    turn = new.T @ old
    angle = float(np.arccos(np.clip((np.trace(turn) - 1.0) / 2.0, -1.0, 1.0)))
    symmetric = (turn + turn.T) / 2.0 - np.cos(angle) * np.eye(3)
    # the column of the largest diagonal holds the axis, for half turns too
    column = symmetric[:, int(np.argmax(np.diag(symmetric)))]
    if angle < 1e-6 or np.linalg.norm(column) < 1e-12:
        turned = old
    else:
        axis = unit(column)
        sense = float(axis @ [turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
        step = share * angle * (1.0 if sense >= 0 else -1.0)
        turned = (
            old * np.cos(step) + np.cross(axis, old) * np.sin(step) + np.outer(old @ axis, axis) * (1 - np.cos(step))
        )
    focus = (1.0 - share) * np.asarray(start.focus_mm) + share * np.asarray(end.focus_mm)
    half = start.half_height_mm * (end.half_height_mm / start.half_height_mm) ** share
    return make_camera(focus, turned[2], turned[1], half)


def view_name(camera: Camera) -> str:
    """ "Anterior" and the like for a standard view within half a degree, else "Free view"."""
    _, up, back = axes(camera)
    near = np.cos(np.radians(0.5))
    for name, direction, raised in STANDARD_VIEWS.values():
        if back @ np.asarray(direction) > near and up @ np.asarray(raised) > near:
            return name
    return FREE_VIEW


def _level(lao_deg: float, cra_deg: float) -> tuple[Vector, Vector]:
    """(right, up) of a level picture at these C-arm angles."""
    a, c = np.radians([lao_deg, cra_deg])
    right = np.array([np.cos(a), np.sin(a), 0.0])
    return right, np.array([-np.sin(a) * np.sin(c), np.cos(a) * np.sin(c), np.cos(c)])


def _angles(camera: Camera) -> tuple[float, float, float]:
    """(LAO, CRA, roll) in degrees; at the poles all turning counts as LAO."""
    _, up, back = axes(camera)
    lao, cra = carm_angles_deg(back)
    if np.hypot(back[0], back[1]) < POLE:
        sign = 1.0 if back[2] > 0 else -1.0
        return float(np.degrees(np.arctan2(-sign * up[0], sign * up[1]))), sign * 90.0, 0.0
    right, level = _level(lao, cra)
    return lao, cra, float(np.degrees(np.arctan2(up @ right, up @ level)))


def _placed(camera: Camera, lao_deg: float, cra_deg: float, roll_deg: float, pivot_mm: npt.ArrayLike) -> Camera:
    right, level = _level(lao_deg, cra_deg)
    angle = np.radians(roll_deg)
    up = np.cos(angle) * level + np.sin(angle) * right
    turned = Camera(camera.focus_mm, vec(detector_direction(lao_deg, cra_deg)), vec(up), camera.half_height_mm)
    return _about(camera, turned, pivot_mm)


def _about(old: Camera, turned: Camera, pivot_mm: npt.ArrayLike) -> Camera:
    pivot = np.asarray(pivot_mm, dtype=np.float64)
    # what the pivot was in the old picture it stays in the new one
    offset = np.stack(axes(old)) @ (np.asarray(old.focus_mm) - pivot)
    return replace(turned, focus_mm=vec(pivot + np.stack(axes(turned)).T @ offset))


@dataclass(frozen=True, slots=True)
class Projection:
    """A camera and the pane it fills: width and height in logical pixels."""

    camera: Camera
    width: float
    height: float

    @property
    def mm_per_px(self) -> float:
        """Size of a logical pixel."""
        return 2.0 * self.camera.half_height_mm / max(self.height, 1.0)

    def to_screen(self, points_mm: npt.ArrayLike) -> FloatArray:
        """(…, 2) logical pixels from the upper left corner of (…, 3) places."""
        right, up, _ = axes(self.camera)
        offset = np.asarray(points_mm, dtype=np.float64) - np.asarray(self.camera.focus_mm)
        x = self.width / 2.0 + offset @ right / self.mm_per_px
        y = self.height / 2.0 - offset @ up / self.mm_per_px
        return np.stack([x, y], axis=-1)

    def depth_mm(self, points_mm: npt.ArrayLike) -> FloatArray:
        """(…,) how much nearer to the viewer than the focus (…, 3) places are."""
        back = np.asarray(self.camera.direction)
        return np.asarray((np.asarray(points_mm, dtype=np.float64) - np.asarray(self.camera.focus_mm)) @ back)

    def to_world(self, x: float, y: float, depth_mm: float = 0.0) -> Vector:
        """(3,) place under a logical pixel at a depth (see `depth_mm`)."""
        right, up, back = axes(self.camera)
        across, above = x - self.width / 2.0, self.height / 2.0 - y
        flat = np.asarray(self.camera.focus_mm) + self.mm_per_px * (across * right + above * up)
        return np.asarray(flat + depth_mm * back)
