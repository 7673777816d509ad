"""Where a slice pane's pixels lie in the patient, and back. The one place that knows of half pixels on screen."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid, Vector
from viewers.view_state import STRAIGHT, ViewState


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PaneGeometry:
    """A slice pane's plane and scale.

    center_mm: the place in the middle of the pane, on the plane. right, down: unit, along the screen. normal: unit,
    as in ViewState.axes. mm_per_px: of a logical pixel. width, height: logical pixels. ratio: device pixels a logical.
    Screen places are logical pixels from the pane's upper left corner; the first pixel reaches from 0 to 1.
    """

    center_mm: Vector
    right: Vector
    down: Vector
    normal: Vector
    mm_per_px: float
    width: float
    height: float
    ratio: float = 1.0

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for geometries that show the same pixels."""
        return (
            *self.center_mm.tolist(),
            *self.right.tolist(),
            *self.down.tolist(),
            self.mm_per_px,
            self.width,
            self.height,
            self.ratio,
        )

    @property
    def device_size(self) -> tuple[int, int]:
        """(width, height) in device pixels; never rounded down, or fractional ratios leave a black edge."""
        return math.ceil(self.width * self.ratio - 1e-6), math.ceil(self.height * self.ratio - 1e-6)

    def to_screen(self, points_mm: npt.ArrayLike) -> FloatArray:
        """(…, 2) screen places of (…, 3) points, dropped along the normal."""
        across, middle = _screen_axes(self)
        rest = np.asarray(points_mm, dtype=np.float64) - self.center_mm
        return np.asarray(rest @ across / self.mm_per_px + middle)

    def to_world(self, places_px: npt.ArrayLike) -> FloatArray:
        """(…, 3) points on the plane of (…, 2) screen places."""
        place = (np.asarray(places_px, dtype=np.float64) - (self.width / 2, self.height / 2)) * self.mm_per_px
        return np.asarray(self.center_mm + place[..., :1] * self.right + place[..., 1:] * self.down)

    def distance_mm(self, points_mm: npt.ArrayLike) -> FloatArray:
        """(…,) heights of (…, 3) points above the plane."""
        return np.asarray((np.asarray(points_mm, dtype=np.float64) - self.center_mm) @ self.normal)

    def to_pane(self, points_mm: FloatArray) -> FloatArray:
        """(N, 3) place in device pixels and height above the plane in mm, of (N, 3) points."""
        across, middle = _pane_axes(self)
        return np.asarray((points_mm - self.center_mm) @ across + middle)

    def pixel_steps(self) -> tuple[Vector, Vector, Vector]:
        """Centre of the first device pixel and the steps to the next column and row, in mm."""
        return _pixel_steps(self)

    def parallel(self, through_mm: Vector, *, size_px: float, mm_per_px: float) -> PaneGeometry:
        """A square of the parallel plane with this point in its middle."""
        return PaneGeometry(
            center_mm=np.asarray(through_mm, dtype=np.float64),
            right=self.right,
            down=self.down,
            normal=self.normal,
            mm_per_px=mm_per_px,
            width=size_px,
            height=size_px,
            ratio=self.ratio,
        )


@functools.lru_cache(maxsize=16)
def _screen_axes(geometry: PaneGeometry) -> tuple[FloatArray, FloatArray]:
    """(3, 2) right and down as columns, (2,) the pane's middle; asked for by everything that is drawn."""
    return np.stack([geometry.right, geometry.down], axis=1), np.array((geometry.width / 2, geometry.height / 2))


@functools.lru_cache(maxsize=16)
def _pane_axes(geometry: PaneGeometry) -> tuple[FloatArray, FloatArray]:
    """(3, 3) right and down in device pixels and the normal as columns, (3,) what is added; one pass for many boxes."""
    scale = geometry.ratio / geometry.mm_per_px
    axes = np.stack([geometry.right * scale, geometry.down * scale, geometry.normal], axis=1)
    return axes, np.array((geometry.width / 2, geometry.height / 2, 0.0)) * (geometry.ratio, geometry.ratio, 1.0)


@functools.lru_cache(maxsize=16)
def _pixel_steps(geometry: PaneGeometry) -> tuple[Vector, Vector, Vector]:
    """Asked for by every layer of one picture; geometries are told apart by identity."""
    step = geometry.mm_per_px / geometry.ratio
    first = geometry.to_world((0.5 / geometry.ratio, 0.5 / geometry.ratio))
    return first, geometry.right * step, geometry.down * step


def fitted(grid: Grid, right: Vector, down: Vector, width: float, height: float) -> tuple[Vector, float]:
    """Middle of the volume and mm per pixel at which all of a plane's image fits the pane.

    An oblique plane is measured where it crosses the middle, so that the scale stays while scrolling.
    """
    to_index = np.linalg.inv(grid.world_from_index[:3, :3])
    across, upright = _half_extents(grid.size_ijk, tuple(to_index @ right), tuple(to_index @ down))
    return grid.center_mm, max(2 * across / max(width, 1.0), 2 * upright / max(height, 1.0))


@functools.lru_cache(maxsize=64)
def _half_extents(
    size_ijk: tuple[int, int, int], right: tuple[float, ...], down: tuple[float, ...]
) -> tuple[float, float]:
    """Greatest reach of the section through the box's middle along its two axes, given as voxels a mm."""
    rows = np.stack([np.array(right), np.array(down)], axis=1)
    sides = np.concatenate([rows, -rows])
    limits = np.tile(np.array(size_ijk, dtype=np.float64) / 2, 2)
    corners = []
    # the corners of the polygon lie where two of the box's faces meet the plane
    for first in range(6):
        for second in range(first + 1, 6):
            pair = sides[[first, second]]
            if abs(np.linalg.det(pair)) > 1e-12:
                corner = np.linalg.solve(pair, limits[[first, second]])
                if (sides @ corner <= limits + 1e-6).all():
                    corners.append(np.abs(corner))
    reach = np.max(corners, axis=0)
    return float(reach[0]), float(reach[1])


def pane_geometry(state: ViewState, name: str, grid: Grid, width: float, height: float, ratio: float) -> PaneGeometry:
    """What a pane shows of a volume in a display state."""
    right, down, normal = state.axes(name)
    view = state.pane(name)
    middle, fit_scale = fitted(grid, right, down, width, height)
    center = middle if view.center_mm is None else np.array(view.center_mm)
    scale = fit_scale if view.mm_per_px is None else view.mm_per_px
    if view.mm_per_px is None and view.reach_mm is not None:
        scale = view.reach_mm / max(min(width, height), 1.0)
    through = state.pinned[name].through_mm if name in state.pinned else np.array(state.cross_mm)
    center = center + ((through - center) @ normal) * normal
    return PaneGeometry(
        center_mm=center,
        right=right,
        down=down,
        normal=normal,
        mm_per_px=scale,
        width=width,
        height=height,
        ratio=ratio,
    )


def is_straight(state: ViewState) -> bool:
    """True while the panes show axial, coronal and sagittal planes."""
    return state.frame == STRAIGHT or bool(np.allclose(state.frame, STRAIGHT, atol=1e-6))


def slice_step_mm(grid: Grid, normal: Vector) -> float:
    """Distance between slices along a direction: the voxel size as the direction crosses it."""
    per_voxel = np.abs(np.linalg.inv(grid.world_from_index[:3, :3]) @ normal)
    return float(1.0 / np.linalg.norm(per_voxel))


def moved_by_slices(grid: Grid, cross_mm: Vector, normal: Vector, count: int) -> Vector:
    """The crosshair `count` slices further along the normal, kept inside the volume.

    Where the normal runs along a grid axis the crosshair goes from one voxel centre to the next.
    """
    step = slice_step_mm(grid, normal)
    direction = np.linalg.inv(grid.world_from_index[:3, :3]) @ normal
    axis = int(np.argmax(np.abs(direction)))
    others = np.delete(direction, axis)
    index = grid.to_index(cross_mm)
    if np.abs(others).max() < 1e-4 * abs(direction[axis]):
        sign = 1 if direction[axis] > 0 else -1
        here = index[axis] * sign
        # from between two slices, the first step goes to the nearer one ahead
        start = math.floor(here + 1e-3) if count > 0 else math.ceil(here - 1e-3)
        wanted = (start + count) * sign
        index[axis] = min(max(wanted, 0), grid.size_ijk[axis] - 1)
        return grid.to_world(index)
    return clamped_along(grid, cross_mm, normal, count * step)


def clamped_along(grid: Grid, cross_mm: Vector, normal: Vector, distance_mm: float) -> Vector:
    """The point this far along the normal, stopped at the volume's outer voxel centres."""
    start, direction = grid.to_index(cross_mm), np.linalg.inv(grid.world_from_index[:3, :3]) @ normal
    upper = np.array(grid.size_ijk, dtype=np.float64) - 1
    limit = abs(distance_mm)
    heading = direction * (1.0 if distance_mm >= 0 else -1.0)
    for here, speed, top in zip(start, heading, upper, strict=True):
        if abs(speed) > 1e-9:
            room = ((top if speed > 0 else 0.0) - here) / speed
            limit = min(limit, max(room, 0.0))
    return np.asarray(cross_mm + np.sign(distance_mm) * limit * normal)


def clamped_inside(grid: Grid, position_mm: Vector) -> Vector:
    """The position, or the nearest outer voxel centre when it lies outside the volume."""
    if bool(grid.contains(position_mm)):
        return np.asarray(position_mm, dtype=np.float64)
    upper = np.array(grid.size_ijk, dtype=np.float64) - 1
    return grid.to_world(np.clip(grid.to_index(position_mm), 0, upper))
