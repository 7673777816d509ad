"""A slice of a mask as closed contours, and contours as voxels again, exactly.

A contour follows the voxels' edges: its area is theirs, and which voxels have their centre inside says the mask again. A
hole is joined to the contour around it by a cut without width (a keyhole), which readers that join contours and readers
that take them by turns understand alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray


def slice_contours(inside: npt.NDArray[np.bool_]) -> list[FloatArray]:
    """Closed contours (N, 2) as (i, j) of a bool `[j, i]` slice, the last point not repeated; one for each piece."""
    from skimage.measure import find_contours

    padded = np.pad(inside, 1).astype(np.uint8)
    rings = [ring[:-1, ::-1] - 1.0 for ring in find_contours(padded, 0.5, fully_connected="low")]
    areas = [_signed_area(ring) for ring in rings]
    # skimage turns outlines and holes in opposite ways; the greatest ring can be no hole
    outward = np.sign(areas[int(np.argmax(np.abs(areas)))]) if areas else 1.0
    outer = [n for n, area in enumerate(areas) if area * outward > 0]
    outer.sort(key=lambda n: abs(areas[n]))
    joined = {n: _with_corners(rings[n]) for n in outer}
    for n, area in enumerate(areas):
        if area * outward < 0:
            around = next(m for m in outer if abs(areas[m]) > abs(area) and inside_polygon(rings[m], rings[n][:1])[0])
            joined[around] = _keyhole(joined[around], _with_corners(rings[n]))
    return [_straight(joined[n]) for n in sorted(outer)]


def _signed_area(ring: FloatArray) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2.0


def _with_corners(ring: FloatArray) -> FloatArray:
    """The ring along the voxels' edges: skimage's runs through the edges' middles and cuts each corner off."""
    following = np.roll(ring, -1, axis=0)
    is_cut = (ring != following).all(axis=1)
    # the corner has the half-way column of the one middle and the half-way row of the other
    is_half = ring != np.rint(ring)
    corner = np.where(is_half, ring, following)
    return np.insert(ring, np.flatnonzero(is_cut) + 1, corner[is_cut], axis=0)


def _keyhole(ring: FloatArray, hole: FloatArray) -> FloatArray:
    from scipy.spatial import KDTree

    # a table of all distances of a body's outline takes seconds and a gigabyte
    far, nearest = KDTree(ring).query(hole)
    to = int(np.argmin(far))
    at = int(nearest[to])
    around = np.concatenate([hole[to:], hole[: to + 1]])
    return np.concatenate([ring[: at + 1], around, ring[at:]])


def _straight(ring: FloatArray) -> FloatArray:
    """Without points in the middle of straight runs; what is left draws the same lines."""
    before, after = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    forth = (before * after).sum(axis=1)
    return np.asarray(ring[(np.abs(turn) > 1e-9) | (forth <= 0.0)])


def inside_polygon(ring: FloatArray, points: FloatArray) -> npt.NDArray[np.bool_]:
    """(N,) True where points (N, 2) lie inside a closed ring (M, 2), by turns of a ray along the first axis."""
    low, high = _edges(ring)
    x, y = points[:, None, 0], points[:, None, 1]
    crosses = (low[:, 1] <= y) & (y < high[:, 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        at = low[:, 0] + (high[:, 0] - low[:, 0]) * (y - low[:, 1]) / (high[:, 1] - low[:, 1])
    return np.asarray((crosses & (x < at)).sum(axis=1) % 2 == 1)


def filled_slice(rings: Sequence[FloatArray], shape_ji: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """bool `[j, i]`: voxels whose centre lies inside; rings (N, 2) as (i, j). Rings inside rings are holes.

    The edges that cross a row's height, in order, open and close it by turns.
    """
    rows, columns = shape_ji
    changes = np.zeros((rows, columns + 1), dtype=np.int32)
    for ring in rings:
        low, high = _edges(ring)
        # an edge holds its lower end and not its upper one, so that each corner is counted once
        first = np.maximum(np.ceil(low[:, 1]), 0).astype(int)
        count = np.minimum(np.ceil(high[:, 1]) - 1, rows - 1).astype(int) - first + 1
        count = np.maximum(count, 0)
        edge = np.repeat(np.arange(len(ring)), count)
        j = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
        start, end = low[edge], high[edge]
        x = start[:, 0] + (end[:, 0] - start[:, 0]) * (j - start[:, 1]) / (end[:, 1] - start[:, 1])
        np.add.at(changes, (j, np.clip(np.ceil(x), 0, columns).astype(int)), 1)
    return np.asarray(np.cumsum(changes[:, :-1], axis=1) % 2 == 1)


def _edges(ring: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(M, 2) lower and upper ends of the edges: a keyhole's two ways have the same numbers to the last bit."""
    following = np.roll(ring, -1, axis=0)
    is_down = ring[:, 1] > following[:, 1]
    return np.where(is_down[:, None], following, ring), np.where(is_down[:, None], ring, following)
