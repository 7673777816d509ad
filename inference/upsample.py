"""Labels on the image's grid from values on the network's, exactly, for the price of the boundaries.

Where all eight corners of a network cell give the same label, every image voxel inside has it: interpolation weights are
not negative and the same for all channels, so the greatest channel at all corners is the greatest between them (argmax;
ties: lowest channel), and a channel above its threshold at all corners is above it between them (regions, painted in
order). Only cells whose corners disagree are interpolated, all channels of them: the winner may be no corner's winner. A
channel is left out only where another one is greater at every corner. Where most cells disagree, whole planes are
interpolated instead, so time stays bounded.

Memory: two planes of the network's grid, never the image's grid times channels.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.resample import linear_taps

Values = npt.NDArray[np.float32]
Labels = npt.NDArray[np.uint16]
Indices = npt.NDArray[np.intp]

# more disagreeing cells than this, and whole planes are interpolated
MOST_DISAGREEING = 0.6
ROWS_AT_ONCE = 32
LOW_MARGIN = 0.2


@dataclass(frozen=True, slots=True)
class Decision:
    """How channels become a channel number: 0 … channels for argmax, 0 = none and c + 1 for regions.

    thresholds: per channel, on the values that are interpolated; empty for argmax.
    round_half: values are rounded to half precision after interpolation, as nnU-Net keeps them.
    """

    thresholds: tuple[float, ...] = ()
    round_half: bool = False

    @property
    def regions(self) -> bool:
        """True when channels are thresholded and painted in order."""
        return bool(self.thresholds)

    def decide(self, values: Values) -> Labels:
        """(…) winner of (channels, …) values."""
        if self.round_half:
            values = values.astype(np.float16).astype(np.float32)
        if not self.regions:
            return greatest(values)
        painted = np.zeros(values.shape[1:], dtype=np.uint16)
        for channel, threshold in enumerate(self.thresholds):
            painted[values[channel] > threshold] = channel + 1
        return painted


def greatest(values: Values) -> Labels:
    """(…) number of the greatest channel of (channels, …) values, the lowest one when several are equal."""
    best = values[0].copy()
    winner = np.zeros(values.shape[1:], dtype=np.uint16)
    above = np.empty(best.shape, dtype=bool)
    for channel in range(1, len(values)):
        np.greater(values[channel], best, out=above)
        np.copyto(winner, np.uint16(channel), where=above)
        np.maximum(best, values[channel], out=best)
    return winner


@dataclass(frozen=True, slots=True)
class Taps:
    """For each image sample of one axis: lower and upper network sample and the upper one's weight."""

    low: Indices
    high: Indices
    weight: npt.NDArray[np.float32]

    @classmethod
    def linear(cls, positions: npt.NDArray[np.float64], n: int) -> Taps:
        """Between two samples."""
        low, high, weight = linear_taps(positions, n)
        return cls(low, high, weight.astype(np.float32))

    @classmethod
    def nearest(cls, positions: npt.NDArray[np.float64], n: int) -> Taps:
        """The nearest sample alone, the upper one half-way."""
        low = np.clip(np.floor(positions + 0.5).astype(np.intp), 0, n - 1)
        return cls(low, low, np.zeros(len(low), dtype=np.float32))


@dataclass(slots=True)
class Boundary:
    """What the disagreeing cells told about each channel; index = the decision's number.

    cells: disagreeing cells in which the channel is one of the two most probable. margin: sum of the top two's distance in
    probability. low_margin: cells where it is below 0.2. entropy: sum, in nats. expected: sum of the channel's probability
    over disagreeing cells, in cells. variance: sum of p(1 − p). whole: cells that agree on the channel.
    """

    cells: npt.NDArray[np.float64]
    margin: npt.NDArray[np.float64]
    low_margin: npt.NDArray[np.float64]
    entropy: npt.NDArray[np.float64]
    expected: npt.NDArray[np.float64]
    variance: npt.NDArray[np.float64]
    whole: npt.NDArray[np.float64]

    @classmethod
    def empty(cls, numbers: int) -> Boundary:
        """Nothing seen yet."""
        return cls(*(np.zeros(numbers) for _ in range(7)))

    def add(self, other: Boundary) -> None:
        """Sum of both, kept here."""
        for name in self.__slots__:
            getattr(self, name)[...] += getattr(other, name)


@dataclass(slots=True)
class Upsampler:
    """Takes network planes in order, gives label planes of the image.

    shape: of the network's grid. taps: image samples per axis. numbers: how many labels the decision can give.
    values_are: "logits" or "probabilities", for the evidence alone. doubtful: after `take`, for each part of its answer
    the voxels (image n1, n2) whose cell lies on a boundary where the two likeliest labels are nearly alike.
    """

    shape: tuple[int, int, int]
    taps: tuple[Taps, Taps, Taps]
    decision: Decision
    channels: int
    values_are: str = "logits"
    boundary: Boundary = field(init=False)
    doubtful: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    disagreeing_voxels: int = 0
    full_planes: int = 0
    _previous: tuple[Values, Labels] | None = None
    _next: int = 0
    _used: npt.NDArray[np.bool_] = field(init=False)
    _used_count: int = 0

    def __post_init__(self) -> None:
        self.boundary = Boundary.empty(self.channels + (1 if self.decision.regions else 0))
        # cells without an image voxel need no look
        self._used = np.zeros(self.shape[1:], dtype=bool)
        self._used[np.ix_(np.unique(self.taps[1].low), np.unique(self.taps[2].low))] = True
        self._used_count = int(np.count_nonzero(self._used))

    def take(self, z: int, plane: Values) -> list[tuple[range, Labels]]:
        """The next network plane (channels, n1, n2); returns (image planes, (planes, image n1, n2) numbers) that are ready.

        Planes must come as 0, 1, 2 …; what is returned may be written to.
        """
        # kept until the next plane comes, while the slab it is a view of goes on
        current = np.array(plane, dtype=np.float32, order="C", copy=True)
        numbers = self.decision.decide(current)
        before = self._previous
        self._previous = (current, numbers)
        lower, upper = self.taps[0].low, self.taps[0].high
        self.doubtful.clear()
        found = []
        # image planes between the last network plane and this one, and those that lie on this one alone
        for single in (False, True):
            count = 0
            while self._next + count < len(upper) and upper[self._next + count] == z:
                alone = lower[self._next + count] == z
                if alone != single:
                    break
                count += 1
            if count:
                wanted = range(self._next, self._next + count)
                first = (current, numbers) if single or before is None else before
                found.append(
                    (wanted, self._between(first, (current, numbers), self.taps[0].weight[wanted.start : wanted.stop]))
                )
                self._next += count
        return found

    def _between(
        self, first: tuple[Values, Labels], second: tuple[Values, Labels], weights: npt.NDArray[np.float32]
    ) -> Labels:
        rows, columns = self.taps[1], self.taps[2]
        lowest, highest = _corner_range(first[1], second[1])
        cells_differ = lowest != highest
        cells_differ &= self._used
        share = float(np.count_nonzero(cells_differ)) / self._used_count
        corners = self._corners_of(np.flatnonzero(cells_differ))
        flat = (first[0].reshape(self.channels, -1), second[0].reshape(self.channels, -1))
        seen = _Corners.of(flat, corners)
        doubtful = np.zeros(self.shape[1:], dtype=bool)
        if first[0] is not second[0] or self._layers_are_planes():
            self._see(lowest, cells_differ, seen, doubtful)
        self.doubtful.append(doubtful[rows.low][:, columns.low])
        if share > MOST_DISAGREEING:
            self.full_planes += len(weights)
            return self._whole_planes(first[0], second[0], weights)
        base = lowest[rows.low][:, columns.low]
        result = np.broadcast_to(base, (len(weights), *base.shape)).copy()
        where = np.flatnonzero(cells_differ[rows.low][:, columns.low])
        if len(where):
            self.disagreeing_voxels += len(where) * len(weights)
            self._cells(flat, corners, seen, weights, where, result)
        return result

    def _layers_are_planes(self) -> bool:
        """True when no image plane lies between two network planes; else the last plane is the border of its layer."""
        return self.shape[0] == 1 or bool((self.taps[0].low == self.taps[0].high).all())

    def _corners_of(self, cells: Indices) -> Indices:
        """(4, cells) flat indices of each cell's corners in its plane; the border is its own neighbour."""
        width = self.shape[2]
        row, column = np.divmod(cells, width)
        right = np.minimum(column + 1, width - 1)
        below = np.minimum(row + 1, self.shape[1] - 1) * width
        return np.stack([cells, row * width + right, below + column, below + right])

    def _cells(
        self,
        flat: tuple[Values, Values],
        corners: Indices,
        seen: _Corners,
        weights: npt.NDArray[np.float32],
        where: Indices,
        result: Labels,
    ) -> None:
        """Interpolate every image voxel of the disagreeing cells; `where`: flat indices into an image plane."""
        rows, columns = self.taps[1], self.taps[2]
        cells = corners.shape[1]
        number_of_cell = np.empty(self.shape[1] * self.shape[2], dtype=np.intp)
        number_of_cell[corners[0]] = np.arange(cells)
        out_row, out_column = np.divmod(where, len(columns.low))
        cell = number_of_cell[rows.low[out_row] * self.shape[2] + columns.low[out_column]]
        v, u = rows.weight[out_row], columns.weight[out_column]
        for channels, chosen in self._groups(seen, cells):
            # channels: (K, cells of the group); chosen: the group's cells
            renumbered = np.full(cells, -1, dtype=np.intp)
            renumbered[chosen] = np.arange(len(chosen))
            inside = np.flatnonzero(renumbered[cell] >= 0) if len(chosen) < cells else np.arange(len(cell))
            if not len(inside):
                continue
            mine, cell_v, cell_u = renumbered[cell[inside]], v[inside], u[inside]
            near = flat[0][channels[:, None, :], corners[None, :, chosen]]
            far = flat[1][channels[:, None, :], corners[None, :, chosen]]
            for number, w in enumerate(weights):
                at = near * (1 - w) + far * w if w else near
                top = at[:, 0].take(mine, axis=1) * (1 - cell_u) + at[:, 1].take(mine, axis=1) * cell_u
                bottom = at[:, 2].take(mine, axis=1) * (1 - cell_u) + at[:, 3].take(mine, axis=1) * cell_u
                winner = self.decision.decide(top * (1 - cell_v) + bottom * cell_v)
                if not self.decision.regions:
                    winner = channels[winner, mine].astype(np.uint16)
                result[number].reshape(-1)[where[inside]] = winner

    def _groups(self, seen: _Corners, cells: int) -> list[tuple[Indices, Indices]]:
        """Cells by how many channels can win in them: ((K, cells) channels ascending, (cells,) which)."""
        if self.decision.regions or self.channels == 2:
            return [(np.broadcast_to(np.arange(self.channels)[:, None], (self.channels, cells)), np.arange(cells))]
        # a channel below another one's least at all corners cannot win
        possible = seen.most >= seen.least.max(axis=0)
        numbers = possible.sum(axis=0)
        groups = []
        for lower, upper in itertools.pairwise([0, 2, 4, 8, max(self.channels, 9)]):
            chosen = np.flatnonzero((numbers > lower) & (numbers <= upper))
            if len(chosen):
                groups.append((_first_channels(possible[:, chosen], min(upper, self.channels)), chosen))
        return groups

    def _whole_planes(self, first: Values, second: Values, weights: npt.NDArray[np.float32]) -> Labels:
        rows, columns = self.taps[1], self.taps[2]
        result = np.empty((len(weights), len(rows.low), len(columns.low)), dtype=np.uint16)
        for number, w in enumerate(weights):
            plane = first * (1 - w) + second * w if w else first
            for start in range(0, len(rows.low), ROWS_AT_ONCE):
                part = slice(start, start + ROWS_AT_ONCE)
                upper, lower = plane[:, rows.low[part]], plane[:, rows.high[part]]
                v = rows.weight[part, None]
                top = upper[:, :, columns.low] * (1 - columns.weight) + upper[:, :, columns.high] * columns.weight
                bottom = lower[:, :, columns.low] * (1 - columns.weight) + lower[:, :, columns.high] * columns.weight
                result[number, part] = self.decision.decide(top * (1 - v) + bottom * v)
        return result

    def _see(
        self, lowest: Labels, differ: npt.NDArray[np.bool_], seen: _Corners, doubtful: npt.NDArray[np.bool_]
    ) -> None:
        """Evidence of one layer of cells; `doubtful` is set where it is not sure."""
        numbers = len(self.boundary.whole)
        self.boundary.whole += np.bincount(lowest[~differ].ravel(), minlength=numbers)[:numbers]
        if seen.middle.shape[1]:
            told, margin = _evidence(seen.middle, self.decision, self.values_are, numbers)
            self.boundary.add(told)
            doubtful[differ] = margin < LOW_MARGIN


@dataclass(frozen=True, slots=True)
class _Corners:
    """(channels, cells): least, greatest and mean value of the eight corners of disagreeing cells."""

    least: Values
    most: Values
    middle: Values

    @classmethod
    def of(cls, flat: tuple[Values, Values], corners: Indices) -> _Corners:
        least = flat[0].take(corners[0], axis=1)
        most, total = least.copy(), least.copy()
        planes = flat if flat[0] is not flat[1] else flat[:1]
        for plane in planes:
            for corner in corners[1 if plane is flat[0] else 0 :]:
                values = plane.take(corner, axis=1)
                np.minimum(least, values, out=least)
                np.maximum(most, values, out=most)
                total += values
        total *= np.float32(1 / (4 * len(planes)))
        return cls(least, most, total)


def _corner_range(first: Labels, second: Labels) -> tuple[Labels, Labels]:
    """Least and greatest number at the eight corners of each cell; the last row and column are their own neighbours."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    for axis in (0, 1):
        here = (slice(None, -1), slice(None)) if axis == 0 else (slice(None), slice(None, -1))
        there = (slice(1, None), slice(None)) if axis == 0 else (slice(None), slice(1, None))
        # ascending writes only read what lies ahead, which is not written yet
        low[here] = np.minimum(low[here], low[there])
        high[here] = np.maximum(high[here], high[there])
    return low, high


def _first_channels(possible: npt.NDArray[np.bool_], most: int) -> Indices:
    """(most, cells) channels that are possible, ascending; the first one fills what is left."""
    if most == 2:
        return np.stack([possible.argmax(axis=0), len(possible) - 1 - possible[::-1].argmax(axis=0)])
    order = np.argsort(~possible, axis=0, kind="stable")[:most]
    numbers = possible.sum(axis=0)
    return np.where(np.arange(len(order))[:, None] < numbers, order, order[0])


def _evidence(middle: Values, decision: Decision, values_are: str, numbers: int) -> tuple[Boundary, Values]:
    """Sums over the cells, and each cell's margin (of the least sure channel where channels decide by themselves)."""
    told = Boundary.empty(numbers)
    if decision.regions:
        on = middle if values_are == "probabilities" else 1.0 / (1.0 + np.exp(-middle))
        margin = np.abs(2 * on - 1)
        entropy = -(_plogp(on) + _plogp(1 - on))
        told.cells[1:] = (on > 0.05).sum(axis=1)
        told.margin[1:] = np.where(on > 0.05, margin, 0).sum(axis=1)
        told.low_margin[1:] = ((margin < LOW_MARGIN) & (on > 0.05)).sum(axis=1)
        told.entropy[1:] = np.where(on > 0.05, entropy, 0).sum(axis=1)
        told.expected[1:] = on.sum(axis=1)
        told.variance[1:] = (on * (1 - on)).sum(axis=1)
        return told, margin.min(axis=0)
    if values_are == "probabilities":
        p = middle / np.maximum(middle.sum(axis=0), 1e-12)
    else:
        p = np.exp(middle - middle.max(axis=0))
        p /= p.sum(axis=0)
    first = p.argmax(axis=0)
    cells = np.arange(p.shape[1])
    top = p[first, cells]
    entropy = -_plogp(p).sum(axis=0)
    rest = p.copy()
    rest[first, cells] = -1.0
    second = rest.argmax(axis=0)
    margin = top - rest[second, cells]
    for which in (first, second):
        told.cells += np.bincount(which, minlength=numbers)
        told.margin += np.bincount(which, weights=margin, minlength=numbers)
        told.low_margin += np.bincount(which, weights=margin < LOW_MARGIN, minlength=numbers)
        told.entropy += np.bincount(which, weights=entropy, minlength=numbers)
    told.expected += p.sum(axis=1)
    told.variance += (p * (1 - p)).sum(axis=1)
    return told, margin


def _plogp(p: npt.NDArray[Any]) -> Any:
    return p * np.log(np.maximum(p, 1e-12))


def lookup(numbers: Labels, values: Sequence[int], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """The model's label indices of decision numbers."""
    return np.asarray(values, dtype=dtype)[numbers]
