"""What a resection removes: voxels whose centre lies strictly on the removed side, in float64.

`side_sum` is the one side test of the program. Counts use that the signed distance is monotone along a row of
voxels: what several planes leave of a row is one interval, so whole organs are counted exactly from their runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError, UsageError
from planning.geometry import FloatArray, Grid, Plane
from planning.volume import Mask

IntArray = npt.NDArray[np.signedinteger[Any]]

SIDE_TOLERANCE_MM = 1e-6
"""A centre nearer to the plane than this lies on it, and is kept: rounding must not choose a side."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaneResection:
    """A cut along a plane.

    remove: "side" takes the side the normal points to, "tumor" the side that holds most of the tumours.
    """

    plane: Plane
    remove: str = "side"

    def __post_init__(self) -> None:
        if self.remove not in ("side", "tumor"):
            raise UsageError(f"A plane removes 'side' or 'tumor', got '{self.remove}'")


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """A structure as runs of voxels along i in a box.

    shape_kji: the box. row: (R,) k·nj + j of each run. start, stop: (R,) first and one past the last i.
    """

    shape_kji: tuple[int, int, int]
    row: IntArray
    start: IntArray
    stop: IntArray

    @classmethod
    def of(cls, voxels: npt.NDArray[np.bool_]) -> Runs:
        """The runs of a bool box `[k, j, i]`."""
        nk, nj, ni = voxels.shape
        flat = np.zeros((nk * nj, ni + 2), dtype=np.int8)
        flat[:, 1:-1] = voxels.reshape(-1, ni)
        change = np.diff(flat, axis=1)
        row, start = np.nonzero(change == 1)
        _, stop = np.nonzero(change == -1)
        return cls((nk, nj, ni), row.astype(np.int32), start.astype(np.int32), stop.astype(np.int32))

    @property
    def count(self) -> int:
        """Voxels in all runs."""
        return int((self.stop - self.start).sum())

    def kept_lengths(self, kept: KeptRows) -> IntArray:
        """(R,) how many voxels of each run are kept."""
        # int32 halves the memory that a dragged plane moves through
        first, stop = kept.first.astype(np.int32), kept.stop.astype(np.int32)
        low = np.maximum(self.start, first[self.row])
        high = np.minimum(self.stop, stop[self.row])
        return np.asarray(np.maximum(high - low, 0))

    def kept_count(self, kept: KeptRows) -> int:
        """How many voxels are kept."""
        return int(self.kept_lengths(kept).sum())


@dataclass(frozen=True, slots=True, eq=False)
class KeptRows:
    """The interval first … stop − 1 of i that is kept in each row k·nj + j of a box."""

    first: IntArray
    stop: IntArray


def side_terms(grid: Grid, plane: Plane) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Terms a (ni,), b (nj,), c (nk,) whose sum a[i] + (b[j] + c[k]) is the signed distance of a voxel centre, mm."""
    steps = plane.normal @ grid.world_from_index[:3, :3]
    offset = float((grid.origin_mm - plane.origin_mm) @ plane.normal)
    ni, nj, nk = grid.size_ijk
    return steps[0] * np.arange(ni), steps[1] * np.arange(nj), steps[2] * np.arange(nk) + offset


def removed_voxels(grid: Grid, planes: Sequence[Plane]) -> npt.NDArray[np.bool_]:
    """True `[k, j, i]` where the voxel centre lies strictly on the normal's side of any of the planes."""
    removed = np.zeros(grid.shape_kji, dtype=bool)
    for plane in planes:
        a, b, c = side_terms(grid, plane)
        removed |= a + (b[:, None] + c[:, None, None]) > SIDE_TOLERANCE_MM
    return removed


def find_kept_rows(grid: Grid, planes: Sequence[Plane]) -> KeptRows:
    """What all the planes leave of each row of the box; agrees with `removed_voxels` to the voxel."""
    ni, nj, nk = grid.size_ijk
    first = np.zeros(nk * nj, dtype=np.int64)
    stop = np.full(nk * nj, ni, dtype=np.int64)
    for plane in planes:
        a, b, c = side_terms(grid, plane)
        rest = (b + c[:, None]).reshape(-1)
        if a[-1] >= a[0]:
            stop = np.minimum(stop, _first_true(a, rest))
        else:
            first = np.maximum(first, ni - _first_true(a[::-1], rest))
    return KeptRows(first, stop)


def _first_true(rising: FloatArray, rest: FloatArray) -> IntArray:
    """Least n with rising[n] + rest > tolerance for each rest, len(rising) when none; by bisection on the exact sum."""
    count = len(rising)
    step = rising[-1] - rising[0]
    if step <= 0.0:
        return np.where(rising[0] + rest > SIDE_TOLERANCE_MM, 0, count).astype(np.int64)
    low = np.zeros(len(rest), dtype=np.int64)
    high = np.full(len(rest), count, dtype=np.int64)
    guess = np.clip(np.floor((SIDE_TOLERANCE_MM - rest - rising[0]) * ((count - 1) / step)), 0, count - 1)
    for around in (guess.astype(np.int64), np.minimum(guess.astype(np.int64) + 1, count - 1)):
        beyond = rising[around] + rest > SIDE_TOLERANCE_MM
        high = np.where(beyond, np.minimum(high, around), high)
        low = np.where(beyond, low, np.maximum(low, around + 1))
    while (open_rows := np.flatnonzero(low < high)).size:
        middle = (low[open_rows] + high[open_rows]) // 2
        beyond = rising[middle] + rest[open_rows] > SIDE_TOLERANCE_MM
        high[open_rows[beyond]] = middle[beyond]
        low[open_rows[~beyond]] = middle[~beyond] + 1
    return low


def oriented_plane(resection: PlaneResection, grid: Grid, tumor_runs: Runs) -> Plane:
    """The plane with its normal towards what is removed.

    For "tumor" that is the side with more tumour voxels (the normal's side when they are equal).
    Raises MeasurementError when there is no tumour to choose by.
    """
    if resection.remove == "side":
        return resection.plane
    total = tumor_runs.count
    if total == 0:
        raise MeasurementError(
            "The side with the tumour cannot be removed: no tumour is named",
            "Name the tumours, or give a normal that points to the side to remove",
            "no_tumor",
        )
    kept = tumor_runs.kept_count(find_kept_rows(grid, [resection.plane]))
    if 2 * kept <= total:
        return resection.plane
    return Plane(resection.plane.origin_mm, -resection.plane.normal)


def split_mask(organ: Mask, planes: Sequence[Plane]) -> npt.NDArray[np.uint8]:
    """uint8 `[k, j, i]` of the organ's box: 1 removed, 2 kept, 0 outside the organ."""
    removed = removed_voxels(organ.box_grid, planes)
    return np.where(organ.voxels, np.where(removed, 1, 2), 0).astype(np.uint8)
