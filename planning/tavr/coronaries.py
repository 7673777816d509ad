"""Coronary ostia: given rim points are used as they are; others are searched on the unrolled wall of the sinuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.section import Frame, Sampler, equal_angles, fourier_basis
from planning.tavr.root import Level

ANGLES = 240
HEIGHT_STEP_MM = 0.5
OFFSETS_MM = np.arange(1.0, 3.01, 0.4)
LOWEST_MM = 4.0
WITHIN_DEG = 55.0
SIZE_MM = (1.2, 8.0)


@dataclass(frozen=True, slots=True, eq=False)
class Ostium:
    """The lowest rim point of an ostium, its height above the annulus plane, and how sure it is."""

    position_mm: FloatArray
    height_mm: float
    confidence: float


def ostium_height_mm(position_mm: FloatArray, frame: Frame) -> float:
    """Distance along the annulus normal from its plane to the point."""
    return float((np.asarray(position_mm) - frame.origin_mm) @ frame.normal)


def find_ostia(
    sampler: Sampler, frame: Frame, levels: Sequence[Level], hinge_angles: FloatArray, junction_height_mm: float | None
) -> tuple[Ostium | None, Ostium | None]:
    """(left, right) ostium, None where none is found.

    Behind the wall a coronary is bright at every depth from 1 to 3 mm; wall, fat and a chamber behind them are not.
    """
    from scipy import ndimage

    top = (junction_height_mm or 20.0) + 8.0
    use = [level for level in levels if LOWEST_MM - 1 <= level.height_mm <= top]
    if len(use) < 6:
        return None, None
    heights = np.arange(LOWEST_MM, use[-1].height_mm, HEIGHT_STEP_MM)
    angles = equal_angles(ANGLES)
    wall = _wall_points(use, heights, angles, frame)
    lumen = use[0].contour.lumen_hu
    depth = np.stack([sampler.at(wall.points + offset * wall.outward) for offset in OFFSETS_MM])
    least = np.nanmin(np.where(np.isnan(depth), -1024.0, depth), axis=0)
    rest = float(np.median(least))
    bright = least > rest + 0.45 * (lumen - rest)
    doubled = np.concatenate([bright, bright], axis=1)
    labels, count = ndimage.label(doubled)
    found = []
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        if number > count or box is None:
            continue
        patch = _Patch.of(labels, number, box, heights, wall.radius)
        if patch is not None:
            found.append(patch)
    left = _best(found, float(hinge_angles[2]))
    right = _best(found, float(hinge_angles[1]))
    return tuple(
        None if patch is None else _rim(sampler, frame, wall, patch, heights, lumen)  # type: ignore[return-value]
        for patch in (left, right)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Wall:
    points: FloatArray
    outward: FloatArray
    radius: FloatArray


def _wall_points(levels: Sequence[Level], heights: FloatArray, angles: FloatArray, frame: Frame) -> _Wall:
    known = np.array([level.height_mm for level in levels])
    radii = np.stack([fourier_basis(angles) @ level.contour.coefficients for level in levels])
    origins = np.stack([level.contour.frame.origin_mm for level in levels])
    radius = np.stack([np.interp(heights, known, radii[:, n]) for n in range(len(angles))], axis=1)
    origin = np.stack([np.interp(heights, known, origins[:, n]) for n in range(3)], axis=1)
    outward = np.cos(angles)[:, None] * frame.right + np.sin(angles)[:, None] * frame.up
    points = origin[:, None, :] + radius[..., None] * outward[None]
    return _Wall(points, np.broadcast_to(outward, points.shape), radius)


@dataclass(frozen=True, slots=True, eq=False)
class _Patch:
    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    angle: float
    area_mm2: float

    @classmethod
    def of(
        cls,
        labels: npt.NDArray[np.intp],
        number: int,
        box: tuple[slice, slice],
        heights: FloatArray,
        radius: FloatArray,
    ) -> _Patch | None:
        """A patch of an ostium's size, or None. Patches of the doubled map that begin in its second half are copies."""
        rows, columns = np.nonzero(labels[box] == number)
        rows, columns = rows + box[0].start, columns + box[1].start
        if columns.min() >= ANGLES or columns.min() == 0:
            return None
        arc = 2.0 * np.pi / ANGLES * float(radius.mean())
        high, wide = (np.ptp(rows) + 1) * HEIGHT_STEP_MM, (np.ptp(columns) + 1) * arc
        if not (SIZE_MM[0] <= high <= SIZE_MM[1] and SIZE_MM[0] <= wide <= SIZE_MM[1]):
            return None
        if rows.max() == len(heights) - 1:
            return None
        return cls(rows, columns, float(columns.mean() * 2.0 * np.pi / ANGLES), len(rows) * HEIGHT_STEP_MM * arc)


def _best(patches: Sequence[_Patch], angle: float) -> _Patch | None:
    def away(patch: _Patch) -> float:
        return abs(float(np.angle(np.exp(1j * (patch.angle - angle)))))

    near = [patch for patch in patches if away(patch) <= np.radians(WITHIN_DEG)]
    return max(near, key=lambda patch: patch.area_mm2 * (1.5 - away(patch)), default=None)


def _rim(sampler: Sampler, frame: Frame, wall: _Wall, patch: _Patch, heights: FloatArray, lumen: float) -> Ostium:
    """The lower edge at half level between the coronary and what lies below it, median over depths."""
    column = int(np.rint(np.median(patch.columns))) % ANGLES
    middle = int(np.rint(np.median(patch.rows[np.argsort(patch.rows)])))
    fine = np.arange(heights[0], heights[middle] + 1e-9, 0.1)
    edges = []
    for offset in np.arange(0.8, 2.41, 0.4):
        line = np.stack([np.interp(fine, heights, wall.points[:, column, n]) for n in range(3)], axis=1)
        values = sampler.at(line + offset * wall.outward[0, column])
        peak, bottom = float(np.nanmax(values[-20:])), float(np.nanmin(values))
        below = np.flatnonzero(values < (peak + bottom) / 2.0)
        if len(below) and peak - bottom > 60.0:
            edges.append(float(fine[below[-1]] + 0.05))
    height = float(np.median(edges)) if edges else float(heights[patch.rows.min()])
    position = np.array([np.interp(height, heights, wall.points[:, column, n]) for n in range(3)])
    spread = float(np.ptp(edges)) if len(edges) > 1 else 2.0
    return Ostium(position, ostium_height_mm(position, frame), float(np.clip(1.0 - 0.3 * spread, 0.3, 0.95)))
