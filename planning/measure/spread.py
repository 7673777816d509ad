"""How sure a number is that a hand took: each point is put somewhere within its voxel.

A point's place is taken as even over one voxel (standard deviation: side / √12 along each grid axis), points as independent
of each other; of a drawn line that means places a voxel apart. The ± is 1.96 standard deviations, carried into the number by
its derivatives. It holds the grid alone: what the scan blurs, where another reader would have put the points and whether the
plane was right come on top.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid, Vector, unit
from planning.measure.kinds import OUTLINES, check, plane_normal, readings
from planning.measure.outlines import area_vector
from planning.measure.reading import Reading

NORMAL_95 = 1.96
STEP_MM = 1e-4
# slices further apart than this take a width across them off its place by so much of their distance; measured on leaning
# tubes of 6 to 24 mm in slices of 1.5 to 5 mm: 95 % of the least widths were nearer
THICK_MM, OFF_SHARE = 1.55, 0.3


def point_spread_mm(grid: Grid, direction: Vector) -> float:
    """Standard deviation of a point's place along a unit direction."""
    return float(np.sqrt(direction @ _covariance(grid) @ direction))


def with_spread(
    kind: str,
    points_mm: FloatArray,
    grid: Grid | None,
    outline_mm: FloatArray | tuple[()] = (),
    *,
    is_found: bool = False,
) -> tuple[Reading, ...]:
    """`planning.measure.kinds.readings` with a ± each where the grid is known and a hand has put the points.

    is_found: the image gave the points, as of a calliper that looked for an edge. What is read of such an edge has no ±
    either. Raises MeasurementError as they do.
    """
    points = check(kind, points_mm)
    by_hand, numbers = readings(kind, points), readings(kind, points, outline_mm)
    if grid is None or not by_hand or is_found:
        return numbers
    covariance = _covariance(grid)
    if kind == "polyline":
        variances = _of_line(points, covariance)
    elif kind in OUTLINES and kind != "rectangle":
        variances = _of_outline(points, covariance)
    else:
        variances = _by_steps(kind, points, covariance, len(by_hand))
    told = (
        Reading(number.name, number.value, number.unit, NORMAL_95 * float(np.sqrt(variance)))
        for number, variance in zip(by_hand, variances, strict=True)
    )
    return *told, *numbers[len(by_hand) :]


def off_across_slices_mm(grid: Grid, normal: npt.ArrayLike) -> float:
    """How far a width of an edge found in the plane of this normal may be off in mm, since slices lie far apart; 0: not."""
    coarse = int(np.argmax(grid.spacing_mm))
    step = float(grid.spacing_mm[coarse])
    if step <= THICK_MM:
        return 0.0
    along = float(unit(normal) @ grid.direction[:, coarse])
    return OFF_SHARE * step * float(np.sqrt(max(1.0 - along**2, 0.0)))


def _covariance(grid: Grid) -> FloatArray:
    """(3, 3) of a point's place, mm²."""
    to_world = grid.world_from_index[:3, :3]
    return np.asarray(to_world @ to_world.T / 12.0)


def _by_steps(kind: str, points: FloatArray, covariance: FloatArray, count: int) -> FloatArray:
    """(count,) variances from small steps of each point, both sides counting where a number turns round.

    The angle of parallel lines, of an arm that goes straight on: what grows to both sides has no slope in between, and would
    look sure.
    """
    variances = np.zeros(count)
    here = np.array([reading.value for reading in readings(kind, points)])
    for number in range(len(points)):
        slopes = np.zeros((count, 3))
        for axis in range(3):
            ends = []
            for sign in (-1.0, 1.0):
                shifted = points.copy()
                shifted[number, axis] += sign * STEP_MM
                try:
                    ends.append(sign * (np.array([reading.value for reading in readings(kind, shifted)]) - here))
                except MeasurementError:
                    # at the limit of what can be measured
                    ends.append(np.zeros(count))
            back, forth = ends
            slopes[:, axis] = np.copysign(np.sqrt((back**2 + forth**2) / 2.0), back + forth) / STEP_MM
        variances += np.einsum("na,ab,nb->n", slopes, covariance, slopes)
    return variances


def _of_line(points: FloatArray, covariance: FloatArray) -> FloatArray:
    """Variances of a line's length and of the straight distance between its ends."""
    steps = np.diff(points, axis=0)
    units = steps / np.maximum(np.linalg.norm(steps, axis=1), 1e-12)[:, None]
    slopes = np.zeros_like(points)
    slopes[:-1] -= units
    slopes[1:] += units
    straight = points[-1] - points[0]
    along = straight / max(float(np.linalg.norm(straight)), 1e-12)
    return np.array([_variance(slopes, covariance), 2.0 * along @ covariance @ along])


def _of_outline(points: FloatArray, covariance: FloatArray) -> FloatArray:
    """Variances of an outline's area and perimeter; corners nearer to each other than a voxel count as one."""
    normal = plane_normal("polygon", points, np.eye(3)[2])
    in_plane = float(np.trace(covariance) - normal @ covariance @ normal) / 2.0
    corners = _apart(points, float(np.sqrt(12.0 * in_plane)))
    following, before = np.roll(corners, -1, axis=0), np.roll(corners, 1, axis=0)
    area = 0.5 * np.cross(following - before, normal)
    # the thinned outline is used for its slopes only
    sides = (corners - before) / np.maximum(np.linalg.norm(corners - before, axis=1), 1e-12)[:, None]
    others = (corners - following) / np.maximum(np.linalg.norm(corners - following, axis=1), 1e-12)[:, None]
    return np.array([_variance(area, covariance), _variance(sides + others, covariance)])


def _variance(slopes: FloatArray, covariance: FloatArray) -> float:
    return float(np.einsum("na,ab,nb->", slopes, covariance, slopes))


def _apart(points: FloatArray, least_mm: float) -> FloatArray:
    """Corners at least this far from the one before them, three at least."""
    kept = [points[0]]
    for point in points[1:]:
        if float(np.linalg.norm(point - kept[-1])) >= least_mm:
            kept.append(point)
    thinned = np.array(kept)
    enough = len(thinned) >= 3 and float(np.linalg.norm(area_vector(thinned))) > 0
    return thinned if enough else points
