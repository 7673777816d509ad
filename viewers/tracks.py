"""Ways along which a point of a plan may be moved: the hand's place is dropped onto them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.geometry import FloatArray, Vector, unit


@dataclass(frozen=True, slots=True, eq=False)
class LineTrack:
    """A straight line through a point; steps are counted from it, `fine_mm` with Ctrl. reach_mm: how far it goes."""

    origin_mm: Vector
    direction: Vector
    step_mm: float = 0.5
    fine_mm: float = 0.05
    reach_mm: tuple[float, float] = (-50.0, 50.0)

    def nearest(self, position_mm: Vector, *, fine: bool = False) -> FloatArray:
        """(3,) the step nearest to a place."""
        return self._at(float((np.asarray(position_mm) - self.origin_mm) @ self.direction), fine)

    def nudged(self, position_mm: Vector, by_mm: Vector, *, fine: bool = False) -> FloatArray:
        """(3,) one step on in the direction of a nudge; a nudge across the line does nothing."""
        here = float((np.asarray(position_mm) - self.origin_mm) @ self.direction)
        along = float(np.asarray(by_mm) @ self.direction)
        if abs(along) < 0.5 * float(np.linalg.norm(by_mm)):
            return np.asarray(position_mm)
        return self._at(here + np.sign(along) * (self.fine_mm if fine else self.step_mm), fine)

    def _at(self, along_mm: float, fine: bool) -> FloatArray:
        step = self.fine_mm if fine else self.step_mm
        low, high = self.reach_mm
        return np.asarray(self.origin_mm + float(np.clip(step * round(along_mm / step), low, high)) * self.direction)


@dataclass(frozen=True, slots=True, eq=False)
class CircleTrack:
    """A circle about an axis."""

    center_mm: Vector
    axis: Vector
    radius_mm: float
    step_deg: float = 1.0

    def nearest(self, position_mm: Vector, *, fine: bool = False) -> FloatArray:
        """(3,) the place of the circle nearest to a place."""
        rest = np.asarray(position_mm) - self.center_mm
        flat = rest - (rest @ self.axis) * self.axis
        if float(np.linalg.norm(flat)) < 1e-6:
            flat = np.cross(self.axis, np.eye(3)[int(np.argmin(np.abs(self.axis)))])
        return np.asarray(self.center_mm + self.radius_mm * unit(flat))

    def nudged(self, position_mm: Vector, by_mm: Vector, *, fine: bool = False) -> FloatArray:
        """(3,) a degree on (Ctrl a tenth) towards a nudge."""
        rest = np.asarray(position_mm) - self.center_mm
        along = np.cross(self.axis, rest)
        angle = np.sign(float(along @ np.asarray(by_mm))) * np.radians(self.step_deg * (0.1 if fine else 1.0))
        return np.asarray(self.center_mm + np.cos(angle) * rest + np.sin(angle) * along)


@dataclass(frozen=True, slots=True, eq=False)
class RayTrack:
    """A ray in a plane, outwards from a centre through the first place: how far out is the hand's to say."""

    center_mm: Vector
    direction: Vector
    reach_mm: tuple[float, float]

    def nearest(self, position_mm: Vector, *, fine: bool = False) -> FloatArray:
        """(3,) the place of the ray nearest to a place."""
        along = float((np.asarray(position_mm) - self.center_mm) @ self.direction)
        return np.asarray(self.center_mm + float(np.clip(along, *self.reach_mm)) * self.direction)

    def nudged(self, position_mm: Vector, by_mm: Vector, *, fine: bool = False) -> FloatArray:
        """(3,) outwards or inwards by a nudge."""
        return self.nearest(np.asarray(position_mm) + np.asarray(by_mm))


Track = LineTrack | CircleTrack | RayTrack
