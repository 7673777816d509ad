"""Closed outlines drawn by hand: their area, whether they cross themselves, and the loop that a hand meant."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Vector

IntArray = npt.NDArray[np.intp]
CROSSING_BLOCK = 512


def area_vector(points_mm: FloatArray) -> Vector:
    """(3,) half the sum of the cross products round a closed (N, 3) outline: along its normal, as long as its area in mm²."""
    rest = points_mm - points_mm.mean(axis=0)
    return np.asarray(0.5 * np.cross(rest, np.roll(rest, -1, axis=0)).sum(axis=0))


def crosses_itself(points_mm: FloatArray) -> bool:
    """Whether a closed (N, 3) outline crosses itself, seen along its normal."""
    return len(_crossings(_flat(points_mm))[0]) > 0


def greatest_loop(points_mm: FloatArray) -> FloatArray:
    """(M, 3) outline without the lesser loop at each place where it crosses itself, as a hand that closes a line leaves them."""
    points = np.asarray(points_mm, dtype=np.float64)
    while len(points) > 3:
        flat = _flat(points)
        first, second = _crossings(flat)
        if not len(first):
            return points
        i, j = int(first[0]), int(second[0])
        following = (j + 1) % len(points)
        d, e = flat[i + 1] - flat[i], flat[following] - flat[j]
        share = _cross(flat[j] - flat[i], e) / _cross(d, e)
        place = points[i] + share * (points[i + 1] - points[i])
        inner = np.concatenate([place[None], points[i + 1 : j + 1]])
        outer = np.concatenate([points[: i + 1], place[None], points[j + 1 :]])
        sizes = [float(np.linalg.norm(area_vector(loop))) if len(loop) > 2 else 0.0 for loop in (inner, outer)]
        points = inner if sizes[0] > sizes[1] else outer
    return points


def evenly(points_mm: FloatArray, step_mm: float) -> FloatArray:
    """(M, 3) corners of a closed outline at equal steps of about `step_mm` along it, at least 8 of them."""
    closed = np.concatenate([points_mm, points_mm[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    count = max(8, round(float(along[-1]) / step_mm))
    wanted = np.linspace(0.0, along[-1], count, endpoint=False)
    return np.stack([np.interp(wanted, along, closed[:, axis]) for axis in range(3)], axis=1)


def _flat(points: FloatArray) -> FloatArray:
    """(N, 2) the outline seen along its normal, else in the plane nearest to it."""
    rest = points - points.mean(axis=0)
    axes = np.linalg.svd(rest, full_matrices=True)[2]
    return np.asarray(rest @ axes[:2].T)


def _crossings(flat: FloatArray) -> tuple[IntArray, IntArray]:
    """Numbers (i < j) of each two sides, no neighbours, that cross; a side is called by its first corner."""
    count = len(flat)
    start, step = flat, np.roll(flat, -1, axis=0) - flat
    found: list[IntArray] = []
    for low in range(0, count, CROSSING_BLOCK):
        rows = np.arange(low, min(low + CROSSING_BLOCK, count))
        a, d = start[rows, None], step[rows, None]
        b, e = start[None], step[None]
        product = _cross(d, e)
        with np.errstate(divide="ignore", invalid="ignore"):
            here, there = _cross(b - a, e) / product, _cross(b - a, d) / product
        hit = (here > 0) & (here < 1) & (there > 0) & (there < 1) & (np.arange(count)[None] > rows[:, None] + 1)
        # the last side ends where the first begins
        hit &= ~((rows[:, None] == 0) & (np.arange(count)[None] == count - 1))
        i, j = np.nonzero(hit)
        found.append(np.stack([rows[i], j]))
    both = np.concatenate(found, axis=1)
    return both[0], both[1]


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])
