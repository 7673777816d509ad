"""Painting and erasing: a brush drawn along a stroke, answered within the event that moved it.

Between two events the brush sweeps a convex body (a capsule, or a stadium with a thickness). Each row of voxels cuts it in
one interval, which is solved for exactly; so nothing is left out at any speed, and the work is that of the brush alone,
whatever the size of the image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from planning.by_hand import boxes
from planning.by_hand.patches import Patch
from planning.by_hand.rules import Rules
from planning.by_hand.values import value_scale
from planning.errors import InputError
from planning.geometry import FloatArray, Grid, Vector
from planning.volume import Box, Mask, Volume

Kind = Literal["disc", "sphere"]
# more voxels than these in a sweep's box are not looked at one by one, only those that the last sweep left
LARGE_SWEEP = 400_000
# smart edge: another tissue is beyond so many spreads, and no less than tissue that is alike, from where the stroke began
SPREADS, CORE = 3.0, 0.5
# so near to where it began lies the tissue that is meant, however large the brush is
TISSUE, MOST_TISSUE_MM = 0.25, 3.0
_EPS = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Brush:
    """kind: "sphere", or a "disc" in the plane with unit `normal`, `thickness_mm` thick (never less than a voxel)."""

    kind: Kind
    radius_mm: float
    normal: Vector | None = None
    thickness_mm: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 < self.radius_mm < 1000.0:
            raise InputError("A brush needs a size above 0 mm", "Choose a larger one", "size")
        if self.kind == "disc" and self.normal is None:
            raise InputError("A disc needs the plane it lies in", code="normal")


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Voxels that a brush covered between two places: in row (k, j) of `box` those from `low` to `high`, ends included."""

    box: Box
    low: npt.NDArray[np.int32]
    high: npt.NDArray[np.int32]

    @property
    def size(self) -> int:
        """Voxels of the box."""
        return int(np.prod(boxes.shape_of(self.box)))

    def voxels(self) -> npt.NDArray[np.bool_]:
        """bool of the box."""
        i = np.arange(self.box[2].start, self.box[2].stop, dtype=np.int16)
        inside = i >= self.low.astype(np.int16)[..., None]
        inside &= i <= self.high.astype(np.int16)[..., None]
        return inside


def swept(brush: Brush, grid: Grid, start_mm: Vector, end_mm: Vector) -> Sweep | None:
    """Voxels whose centres a brush covers on the straight way between two places; None where there is none."""
    spacing = grid.spacing_mm
    # mm along the grid's axes: distances are those of the patient, rows lie along x
    start, end = (grid.to_index(place) * spacing for place in (start_mm, end_mm))
    metric, normal, half_mm = np.eye(3), None, 0.0
    if brush.kind == "disc" and brush.normal is not None:
        normal = grid.direction.T @ np.asarray(brush.normal, dtype=np.float64)
        normal = normal / np.linalg.norm(normal)
        # at least one voxel in each column along the axis that the plane is steepest to
        half_mm = max(brush.thickness_mm / 2, float(np.max(np.abs(normal) * spacing)) / 2)
        metric = metric - np.outer(normal, normal)
        end = end - normal * float((end - start) @ normal)
    box = _box(brush, grid, start, end, normal, half_mm)
    if boxes.is_empty(box):
        return None
    y = (np.arange(box[1].start, box[1].stop) * spacing[1] - start[1])[None, :]
    z = (np.arange(box[0].start, box[0].stop) * spacing[2] - start[2])[:, None]
    low, high = _capsule(metric, end - start, brush.radius_mm, y, z)
    if normal is not None:
        # open at one end: a plane midway between two slices paints one of them
        slab = _between(normal[0], normal[1] * y + normal[2] * z, -half_mm + 2 * _EPS, half_mm + _EPS)
        low, high = np.maximum(low, slab[0]), np.minimum(high, slab[1])
    inside = box[2]
    low = np.ceil(np.clip((low + start[0]) / spacing[0] - _EPS, inside.start, inside.stop))
    high = np.floor(np.clip((high + start[0]) / spacing[0] + _EPS, inside.start - 1, inside.stop - 1))
    return Sweep(box, low.astype(np.int32), high.astype(np.int32))


def _box(brush: Brush, grid: Grid, start: Vector, end: Vector, normal: Vector | None, half_mm: float) -> Box:
    reach = np.full(3, brush.radius_mm)
    if normal is not None:
        reach = brush.radius_mm * np.sqrt(np.maximum(1.0 - normal**2, 0.0)) + half_mm * np.abs(normal)
    low = np.ceil((np.minimum(start, end) - reach) / grid.spacing_mm - _EPS).astype(int)
    high = np.floor((np.maximum(start, end) + reach) / grid.spacing_mm + _EPS).astype(int) + 1
    low = np.clip(low, 0, grid.size_ijk)
    high = np.maximum(np.clip(high, 0, grid.size_ijk), low)
    return slice(int(low[2]), int(high[2])), slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))


def _capsule(
    metric: FloatArray, way: Vector, radius_mm: float, y: FloatArray, z: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Where rows along x enter and leave the points within `radius_mm` (by the metric) of a way from the origin."""
    low, high = _roots(metric, np.zeros(3), radius_mm, y, z)
    length = float(np.linalg.norm(way))
    if length < _EPS:
        return low, high
    along = way / length
    tube = _roots(metric - np.outer(along, along), np.zeros(3), radius_mm, y, z)
    piece = _between(along[0], along[1] * y + along[2] * z, 0.0, length)
    tube = np.maximum(tube[0], piece[0]), np.minimum(tube[1], piece[1])
    is_cut = tube[0] <= tube[1]
    np.minimum(low, tube[0], out=low, where=is_cut)
    np.maximum(high, tube[1], out=high, where=is_cut)
    # rows that miss the end are told by infinities that change nothing
    end = _roots(metric, way, radius_mm, y, z)
    return np.minimum(low, end[0], out=low), np.maximum(high, end[1], out=high)


def _roots(
    metric: FloatArray, center: Vector, radius_mm: float, y: FloatArray, z: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """x between which w' M w <= r2, w = (x, y, z) - center; (inf, -inf) for rows that miss it."""
    dy, dz = y - center[1], z - center[2]
    a = metric[0, 0]
    c = metric[1, 1] * dy**2 + (metric[2, 2] * dz**2 - radius_mm**2)
    if metric[1, 2]:
        c += 2 * metric[1, 2] * dy * dz
    if a < 1e-9:
        is_in = c <= 0
        return np.where(is_in, -np.inf, np.inf), np.where(is_in, np.inf, -np.inf)
    middle: FloatArray | float = center[0]
    under = c * -a
    if metric[0, 1] or metric[0, 2]:
        b = metric[0, 1] * dy + metric[0, 2] * dz
        under += b**2
        middle = center[0] - b / a
    misses = under < 0
    half = np.sqrt(np.maximum(under, 0.0, out=under), out=under)
    half /= a
    low, high = middle - half, middle + half
    low[misses], high[misses] = np.inf, -np.inf
    return low, high


def _between(slope: float, offset: FloatArray, least: float, most: float) -> tuple[FloatArray, FloatArray]:
    """x between which least <= slope x + offset <= most."""
    if abs(slope) < 1e-9:
        is_in = (offset >= least) & (offset <= most)
        return np.where(is_in, -np.inf, np.inf), np.where(is_in, np.inf, -np.inf)
    first, second = (least - offset) / slope, (most - offset) / slope
    return np.minimum(first, second), np.maximum(first, second)


class Stroke:
    """One stroke on a mask. It changes nothing but itself; to cancel it is to forget it.

    smart: stay in the tissue where the stroke began. Needs `volume`, as a rule with a band does (InputError "no_image").
    """

    def __init__(
        self,
        mask: Mask,
        brush: Brush,
        rules: Rules | None = None,
        *,
        volume: Volume | None = None,
        erase: bool = False,
        smart: bool = False,
    ) -> None:
        rules = Rules() if rules is None else rules
        if volume is None and (smart or rules.band_hu is not None):
            raise InputError("Only an image has values to choose by", "Open one first", "no_image")
        if volume is not None and not volume.grid.is_same(mask.grid):
            raise InputError("The structure lies on another image's grid", "Show the image it belongs to", "grid")
        self.mask, self.brush, self.rules, self.erase = mask, brush, rules, erase
        self._volume, self._smart = volume, smart
        self._tissue: tuple[float, float] | None = None
        # the system gives pages of zeros at their first use: this costs nothing until something is painted
        self._changed = np.zeros(mask.grid.shape_kji, dtype=bool)
        self._box: Box | None = None
        self._held_up: Box | None = None
        self._last_mm: Vector | None = None
        self._last: Sweep | None = None
        self._fresh: npt.NDArray[np.intp] | None = None

    @property
    def fresh(self) -> npt.NDArray[np.intp] | None:
        """(N,) places in the grid laid flat that the last move changed; None where its box alone is known."""
        return self._fresh

    @property
    def box(self) -> Box | None:
        """Where anything changed so far."""
        return self._box

    @property
    def held_up(self) -> Box | None:
        """Where the brush would have changed something that the rules allow none of; None as soon as anything changed."""
        return self._held_up if self._box is None else None

    @property
    def changed(self) -> npt.NDArray[np.bool_]:
        """bool `[k, j, i]` of the whole grid, read-only: voxels that the stroke changes. Read it by boxes."""
        view = self._changed.view()
        view.flags.writeable = False
        return view

    def after(self, box: Box) -> npt.NDArray[np.bool_]:
        """The structure in a box as it will be."""
        return boxes.read(self.mask, box) ^ self._changed[box]

    def move(self, point_mm: npt.ArrayLike) -> Box | None:
        """Draw the brush on to a place, LPS mm. Returns the box in which anything changed, None when nothing did."""
        point = np.asarray(point_mm, dtype=np.float64)
        before = point if self._last_mm is None else self._last_mm
        sweep = swept(self.brush, self.mask.grid, before, point)
        last, self._last, self._last_mm = self._last, sweep, point
        self._fresh = None
        if sweep is None:
            return None
        if self._smart:
            box = self._paint(sweep, self._same_tissue(sweep, before, point))
        elif last is not None and sweep.size > LARGE_SWEEP:
            box = self._paint_new(sweep, last)
        else:
            box = self._paint(sweep, sweep.voxels())
        if box is not None:
            self._box = box if self._box is None else boxes.joined(self._box, box)
        return box

    def patch(self) -> Patch | None:
        """What the stroke changes; None when nothing."""
        return None if self._box is None else Patch.of(self._changed[self._box], self._box, self.mask)

    def _paint(self, sweep: Sweep, covered: npt.NDArray[np.bool_]) -> Box | None:
        box = sweep.box
        was = boxes.read(self.mask, box)
        covered &= was if self.erase else ~was
        allowed = self.rules.allowed(box, self._volume, self.erase)
        if allowed is not None:
            is_held_up = self._box is None and self._held_up is None and bool(covered.any())
            covered &= allowed
            if is_held_up:
                self._held_up = box
        if not covered.any():
            return None
        self._changed[box] |= covered
        return box

    def _paint_new(self, sweep: Sweep, last: Sweep) -> Box | None:
        """Only what the sweep before did not cover, voxel by voxel: of a large brush a thin shell."""
        rows, first, stop = _left_over(sweep, last)
        nj = sweep.low.shape[1]
        runs = Runs.of(rows // nj + sweep.box[0].start, rows % nj + sweep.box[1].start, first, stop)
        if not runs.i.size:
            return None
        keep = runs.read(self.mask) == self.erase
        keep &= self._allowed_at(runs)
        flat = runs.flat(self._changed.shape)[keep]
        if not flat.size:
            return None
        self._changed.reshape(-1)[flat] = True
        self._fresh = flat
        # the rows are told by where they begin: a row with nothing kept makes the box no larger
        i, whole = runs.i[keep], np.add.reduceat(keep, runs.begin) > 0
        spans = [slice(int(axis.min()), int(axis.max()) + 1) for axis in (runs.k[whole], runs.j[whole], i)]
        return spans[0], spans[1], spans[2]

    def _allowed_at(self, runs: Runs) -> npt.NDArray[np.bool_]:
        allowed = np.ones(len(runs.i), dtype=bool)
        if self.rules.band_hu is not None and self._volume is not None:
            voxels = self._volume.voxels
            values = voxels.reshape(-1)[runs.flat(voxels.shape)]
            allowed &= (values >= self.rules.band_hu[0]) & (values <= self.rules.band_hu[1])
        if self.rules.inside:
            within = np.zeros(len(runs.i), dtype=bool)
            for mask in self.rules.inside:
                within |= runs.read(mask)
            allowed &= within
        for mask in () if self.erase else self.rules.keep_out:
            allowed &= ~runs.read(mask)
        return allowed

    def _same_tissue(self, sweep: Sweep, start_mm: Vector, end_mm: Vector) -> npt.NDArray[np.bool_]:
        """What of a sweep is joined to its middle line by tissue like that where the stroke began.

        Values are means over 3 x 3 x 3 voxels, so that noise alone is no edge.
        """
        from scipy import ndimage

        assert self._volume is not None
        grid = self.mask.grid
        wider = boxes.grown_by(sweep.box, (1, 1, 1), grid)
        inner = boxes.inside_of(sweep.box, wider)
        values = self._volume.voxels[wider].astype(np.float32)
        means = ndimage.uniform_filter(values, 3, mode="nearest")[inner]
        core = swept(self._core(), grid, start_mm, end_mm)
        covered = sweep.voxels()
        middle = np.zeros_like(covered)
        if core is not None:
            middle[boxes.inside_of(core.box, sweep.box)] = core.voxels()
        middle &= covered
        if self._tissue is None:
            near = swept(self._tip(), grid, start_mm, start_mm)
            at = np.zeros_like(covered)
            if near is not None:
                at[boxes.inside_of(near.box, sweep.box)] = near.voxels()
            at &= covered
            around = means[at] if at.any() else means[covered]
            if not around.size:
                return covered
            center = float(np.median(around))
            spread = 1.4826 * float(np.median(np.abs(around - center)))
            self._tissue = center, max(SPREADS * spread, value_scale(self._volume).alike)
        center, reach = self._tissue
        alike: npt.NDArray[np.bool_] = covered & (np.abs(means - center) <= reach)
        labels, count = ndimage.label(alike)
        joined = np.zeros(count + 1, dtype=bool)
        joined[labels[middle]] = True
        joined[0] = False
        return np.asarray(joined[labels])

    def _tip(self) -> Brush:
        size = np.clip(TISSUE * self.brush.radius_mm, float(self.mask.grid.spacing_mm.max()) * 0.75, MOST_TISSUE_MM)
        return Brush(self.brush.kind, min(float(size), self.brush.radius_mm), self.brush.normal)

    def _core(self) -> Brush:
        size = max(CORE * self.brush.radius_mm, float(self.mask.grid.spacing_mm.max()) * 0.75)
        return Brush(self.brush.kind, min(size, self.brush.radius_mm), self.brush.normal, self.brush.thickness_mm)


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Voxels of some rows of a grid, one run after another: rows are reckoned once and not voxel by voxel.

    k, j: (R,) of the rows. count, begin: (R,) voxels of each, at least one, and where they begin among all. i: (N,).
    """

    k: npt.NDArray[np.intp]
    j: npt.NDArray[np.intp]
    count: npt.NDArray[np.intp]
    begin: npt.NDArray[np.intp]
    i: npt.NDArray[np.intp]

    @classmethod
    def of(
        cls, k: npt.NDArray[np.intp], j: npt.NDArray[np.intp], first: npt.NDArray[Any], stop: npt.NDArray[Any]
    ) -> Runs:
        """Rows with first <= i < stop; empty ones are left out."""
        some = stop > first
        k, j, first, count = k[some], j[some], first[some], (stop - first)[some].astype(np.intp)
        begin = np.cumsum(count) - count
        return cls(k, j, count, begin, np.arange(int(count.sum())) + np.repeat(first - begin, count))

    def flat(self, shape_kji: tuple[int, ...]) -> npt.NDArray[np.intp]:
        """(N,) places in an array of the whole grid laid flat."""
        return np.asarray(self.i + np.repeat((self.k * shape_kji[1] + self.j) * shape_kji[2], self.count))

    def read(self, mask: Mask) -> npt.NDArray[np.bool_]:
        """(N,) whether a mask of the grid holds each voxel."""
        _, nj, ni = mask.voxels.shape
        of_k, of_j, of_i = mask.box_kji
        rows = (self.k >= of_k.start) & (self.k < of_k.stop) & (self.j >= of_j.start) & (self.j < of_j.stop)
        start = ((self.k - of_k.start) * nj + self.j - of_j.start) * ni - of_i.start
        inside = np.repeat(rows, self.count) & (self.i >= of_i.start) & (self.i < of_i.stop)
        answer = np.zeros(len(self.i), dtype=bool)
        answer[inside] = mask.voxels.reshape(-1)[(self.i + np.repeat(start, self.count))[inside]]
        return answer


def _left_over(sweep: Sweep, last: Sweep) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Rows (flat in the sweep's box) with the voxels first <= i < stop that the sweep covers and the last one did not."""
    # rows outside the last box: an empty interval that leaves all to the left part
    before_low = np.full_like(sweep.low, np.iinfo(np.int32).max)
    before_high = np.full_like(sweep.high, np.iinfo(np.int32).max - 1)
    rows = boxes.common((*sweep.box[:2], slice(0, 1)), (*last.box[:2], slice(0, 1)))
    if not boxes.is_empty(rows):
        here = tuple(slice(r.start - b.start, r.stop - b.start) for r, b in zip(rows[:2], sweep.box[:2], strict=True))
        there = tuple(slice(r.start - b.start, r.stop - b.start) for r, b in zip(rows[:2], last.box[:2], strict=True))
        is_cut = last.low[there] <= last.high[there]
        before_low[here] = np.where(is_cut, last.low[there], before_low[here])
        before_high[here] = np.where(is_cut, last.high[there], before_high[here])
    left = sweep.low, np.minimum(sweep.high + 1, before_low)
    right = np.maximum(sweep.low, before_high + 1), sweep.high + 1
    first = np.concatenate([left[0].ravel(), right[0].ravel()])
    stop = np.concatenate([left[1].ravel(), right[1].ravel()])
    rows_flat = np.tile(np.arange(sweep.low.size), 2)
    some = np.flatnonzero(stop > first)
    return rows_flat[some], first[some], stop[some]
