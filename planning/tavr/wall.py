"""The root's wall as one surface, measured once, in which any plane can be cut at once.

Rows are closed curves from the outflow tract to the ascending aorta, columns run up the wall. A section is where each
column crosses the plane: what the image would show there, to within the rows' smoothness, a thousand times faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray, frozen_array
from planning.section import CURVE_POINTS, FOURIER_ORDER, Contour, Frame, Sampler, equal_angles, fourier_basis
from planning.tavr.annulus import AnnulusWall

COLUMNS = 180
ROW_STEP_MM = 0.5
WINDOW_MM = 12.0
SURFACE_MM = 6.0
LEAST_RISE_MM = 0.2
LEAST_ROWS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """points_mm: (ROWS, COLUMNS, 3) LPS. like: a contour whose lumen, blur and noise the cut ones share."""

    points_mm: FloatArray
    like: Contour

    @classmethod
    def of(cls, rows: Sequence[FloatArray], like: Contour) -> Wall:
        """From (COLUMNS, 3) curves in order upwards, columns alike; those that do not rise over the last are left out.

        Raises MeasurementError for fewer than four.
        """
        from scipy.interpolate import CubicSpline

        kept = [rows[0]]
        for row in rows[1:]:
            # across the axis of the part below, every column must go on upwards
            middle = row.mean(axis=0) - kept[-1].mean(axis=0)
            length = float(np.linalg.norm(middle))
            if length > LEAST_RISE_MM and ((row - kept[-1]) @ (middle / length)).min() > 0.05:
                kept.append(row)
        if len(kept) < LEAST_ROWS:
            raise MeasurementError("Too little of the root's wall is seen", "Choose another place", "no_root")
        stack = np.stack(kept)
        middles = stack.mean(axis=1)
        along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(middles, axis=0), axis=1))])
        fine = np.linspace(0.0, along[-1], int(np.ceil(along[-1] / ROW_STEP_MM)) + 1)
        return cls(frozen_array(CubicSpline(along, stack, axis=0)(fine)), like)

    def cut(self, frame: Frame) -> Contour:
        """The wall's contour in a plane. Raises MeasurementError where the plane leaves the surface."""
        middles = self.points_mm[:, ::45].mean(axis=1)
        near = np.flatnonzero(np.abs((middles - frame.origin_mm) @ frame.normal) < WINDOW_MM)
        window = self.points_mm[near[0] : near[-1] + 1] if len(near) else self.points_mm
        height = (window - frame.origin_mm) @ frame.normal
        below = height <= 0.0
        # the crossing nearest to the plane's origin, not one far up a bent aorta
        crossing = below[:-1] & ~below[1:]
        rows, columns = np.nonzero(crossing)
        if (np.bincount(columns, minlength=COLUMNS) == 0).any():
            raise MeasurementError("The section leaves the measured wall", "Place it nearer", "outside_wall")
        if len(rows) > COLUMNS:
            away = np.linalg.norm(window[rows, columns] - frame.origin_mm, axis=1)
            order = np.lexsort((away, columns))
            first = np.searchsorted(columns[order], np.arange(COLUMNS))
            rows, columns = rows[order][first], columns[order][first]
        low, high = height[rows, columns], height[rows + 1, columns]
        part = (-low / (high - low))[:, None]
        points = (1.0 - part) * window[rows, columns] + part * window[rows + 1, columns]
        # columns come in order of row, the curve wants them in order of angle
        plane = frame.to_plane(points[np.argsort(columns)])
        following = np.roll(plane, -1, axis=0)
        cross = plane[:, 0] * following[:, 1] - following[:, 0] * plane[:, 1]
        centroid = ((plane + following) * cross[:, None]).sum(axis=0) / (3.0 * cross.sum())
        moved = plane - centroid
        basis = fourier_basis(np.arctan2(moved[:, 1], moved[:, 0]))
        radii = np.hypot(moved[:, 0], moved[:, 1])
        coefficients = np.linalg.solve(basis.T @ basis, basis.T @ radii)
        origin = frozen_array(frame.to_world(centroid))
        return replace(
            self.like,
            frame=Frame(origin, frame.right, frame.up, frame.normal),
            coefficients=frozen_array(coefficients),
            radii_mm=frozen_array(DENSE @ coefficients),
        )

    def shifted(self, frame: Frame, by: FloatArray, fade_mm: float) -> Wall:
        """The wall moved outwards in `frame`'s plane by the Fourier series `by`, fading out with the height's square."""
        plane = frame.to_plane(self.points_mm)
        height = (self.points_mm - frame.origin_mm) @ frame.normal
        angles = np.arctan2(plane[..., 1], plane[..., 0])
        out = (fourier_basis(angles.ravel()) @ by).reshape(angles.shape) * np.exp(-0.5 * (height / fade_mm) ** 2)
        moved = np.stack([np.cos(angles), np.sin(angles)], axis=-1) * out[..., None]
        return replace(self, points_mm=frozen_array(self.points_mm + frame.to_world(moved) - frame.origin_mm))


def annulus_surface(found: AnnulusWall, reach_mm: float = SURFACE_MM) -> Wall | None:
    """The wall fitted through an annulus, as far as hinges may be off; None where none was fitted."""
    if not found.terms:
        return None
    angles = equal_angles(COLUMNS)
    heights = np.arange(-reach_mm, reach_mm + 1e-9, 2.0 * ROW_STEP_MM)
    return Wall.of([found.row_mm(float(height), angles) for height in heights], found.contour)


DENSE = fourier_basis(equal_angles(CURVE_POINTS), FOURIER_ORDER)


@dataclass(frozen=True, slots=True, eq=False)
class WallSampler(Sampler):
    """An image whose sections are cut from a wall that is known already."""

    wall: Wall

    def known_section(self, frame: Frame) -> Contour:
        """The wall's contour in a plane."""
        return self.wall.cut(frame)
