"""Coronary ostia on the unrolled wall of the sinuses, before it is known which sinus is which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.tavr.auto.local import Lattice, Wall

ANGLE_DEG = 2.0
HEIGHT_STEP_MM = 0.5
HEIGHTS_MM = (5.0, 26.0)
OFFSETS_MM = np.arange(1.2, 3.01, 0.3)
SIZE_MM = (1.2, 8.0)
BRIGHT_SHARES = (0.75, 0.6, 0.45)
FAINT_SHARE, CLEAR_SHARE = 0.45, 0.8
NEAR_MM = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """A coronary's beginning: angle (rad) about the axis, its lowest rim in LPS mm and as height, clearness 0 … 1."""

    angle: float
    rim_mm: FloatArray
    height_mm: float
    clear: float


def find_openings(lattice: Lattice, wall: Wall, hinge_level_mm: float, blood_hu: float) -> list[Opening]:
    """All openings of a coronary's size. Behind the wall a coronary is bright at every depth from 1.2 to 3 mm."""
    from scipy import ndimage

    heights = np.arange(
        hinge_level_mm + HEIGHTS_MM[0], min(hinge_level_mm + HEIGHTS_MM[1], wall.heights_mm[-1]), HEIGHT_STEP_MM
    )
    angles = np.radians(np.arange(0.0, 360.0, ANGLE_DEG))
    h, a = np.meshgrid(heights, angles, indexing="ij")
    radius = wall.radius_at(a, h)
    depth = np.stack([_values(lattice, a, radius + offset, h) for offset in OFFSETS_MM])
    least = ndimage.gaussian_filter(depth.min(axis=0), 0.7, mode=("nearest", "wrap"))
    rest = float(np.median(least))
    doubled = np.concatenate([least, least], axis=1)
    found: list[Opening] = []
    # from high to low: what runs together with a chamber behind the wall at a low level stands alone at a higher one
    for share in BRIGHT_SHARES:
        labels, _ = ndimage.label(doubled > rest + share * (blood_hu - rest))
        for number, box in enumerate(ndimage.find_objects(labels), start=1):
            rows, columns = np.nonzero(labels[box] == number)
            rows, columns = rows + box[0].start, columns + box[1].start
            if not _of_a_coronary(rows, columns, len(heights), len(angles), float(radius.mean())):
                continue
            columns = columns % len(angles)
            peak = float((least[rows, columns].max() - rest) / max(blood_hu - rest, 1.0))
            opening = _opening(lattice, wall, heights, rows, columns, angles, peak)
            if all(_apart_mm(opening, other) > NEAR_MM for other in found):
                found.append(opening)
    return sorted(found, key=lambda opening: -opening.clear)


def _of_a_coronary(
    rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], height_count: int, angle_count: int, radius_mm: float
) -> bool:
    """A patch of a coronary's size, whole in the map; patches that begin in the map's second half are copies."""
    if columns.min() == 0 or columns.min() >= angle_count or rows.min() == 0 or rows.max() == height_count - 1:
        return False
    high = (np.ptp(rows) + 1) * HEIGHT_STEP_MM
    wide = (np.ptp(columns) + 1) * radius_mm * np.radians(ANGLE_DEG)
    return bool(SIZE_MM[0] <= high <= SIZE_MM[1] and SIZE_MM[0] <= wide <= SIZE_MM[1])


def _apart_mm(one: Opening, two: Opening) -> float:
    return float(np.linalg.norm(one.rim_mm - two.rim_mm))


def _values(lattice: Lattice, angle: FloatArray, radius: FloatArray, height: FloatArray) -> npt.NDArray[np.float32]:
    from scipy import ndimage

    index = lattice.index(radius * np.cos(angle), radius * np.sin(angle), height)
    return np.asarray(ndimage.map_coordinates(lattice.values, index, order=1, mode="nearest", output=np.float32))


def _opening(
    lattice: Lattice,
    wall: Wall,
    heights: FloatArray,
    rows: npt.NDArray[np.intp],
    columns: npt.NDArray[np.intp],
    angles: FloatArray,
    peak_share: float,
) -> Opening:
    """The lower edge at half level between the coronary and what lies below it, median over depths and near angles.

    peak_share: how near to blood the darkest depth behind the wall comes; a chamber behind a thin wall stays below.
    """
    middle = float(np.angle(np.exp(1j * angles[columns]).mean()))
    top = float(heights[round(float(np.median(rows)))])
    fine = np.arange(top - 6.0, top + 1.6, 0.1)
    edges = []
    for turn in (-0.06, 0.0, 0.06):
        angle = np.full_like(fine, middle + turn)
        radius = wall.radius_at(angle, fine)
        for offset in np.arange(0.8, 2.41, 0.4):
            values = _values(lattice, angle, radius + offset, fine)
            peak = float(values[fine >= top - 1.5].max())
            below = values[fine <= top]
            bottom = float(below.min())
            low = np.flatnonzero(below < (peak + bottom) / 2.0)
            if len(low) and peak - bottom > 60.0:
                edges.append(float(fine[low[-1]] + 0.05))
    height = float(np.median(edges)) if edges else float(heights[rows.min()])
    radius_mm = float(wall.radius_at(np.array(middle), np.array(height)))
    plane = radius_mm * np.array((np.cos(middle), np.sin(middle)))
    rim = lattice.frame.to_world(plane) + height * lattice.frame.normal
    spread = float(np.quantile(edges, 0.8) - np.quantile(edges, 0.2)) if len(edges) > 3 else 2.0
    clear = float(np.clip((peak_share - FAINT_SHARE) / (CLEAR_SHARE - FAINT_SHARE), 0.0, 1.0))
    return Opening(middle, rim, height, float(np.clip(clear * (1.0 - 0.2 * min(spread, 3.0)), 0.05, 0.95)))


def per_cusp(openings: Sequence[Opening], hinge_angles: FloatArray, within_deg: float = 45.0) -> list[Opening | None]:
    """For each hinge angle the clearest opening in its sinus."""
    found: list[Opening | None] = []
    for angle in hinge_angles:
        near = [o for o in openings if abs(np.angle(np.exp(1j * (o.angle - angle)))) <= np.radians(within_deg)]
        found.append(max(near, key=lambda o: o.clear, default=None))
    return found
