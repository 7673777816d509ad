"""Labels on the image's grid from values on the network's, exactly, for the price of the boundaries.

Where all eight corners of a network cell give the same label, every image voxel inside has it: interpolation weights are
not negative and the same for all channels, so the greatest channel at all corners is the greatest between them (argmax;
ties: lowest channel), and a channel above its threshold at all corners is above it between them (regions, painted in
order). Only cells whose corners disagree are interpolated, all channels of them: the winner may be no corner's winner. A
channel is left out only where another one is greater at every corner. Where most cells disagree, whole planes are
interpolated instead, so time stays bounded.

A plane's values are read once for the winners and once more at the corners of disagreeing cells alone; from then on work
is on these corners, packed together, and all image voxels of a cell are computed at once, cell beside cell.

Memory: two planes of the network's grid, never the image's grid times channels.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.resample import linear_taps

Values = npt.NDArray[np.float32]
Labels = npt.NDArray[np.unsignedinteger[Any]]
Indices = npt.NDArray[np.intp]

# more disagreeing cells than this, and whole planes are interpolated
MOST_DISAGREEING = 0.6
ROWS_AT_ONCE = 32
# values interpolated at once: what the processor's nearest memory holds
VALUES_AT_ONCE = 1 << 18
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
        painted = np.zeros(values.shape[1:], dtype=type_for(len(values) + 1))
        above = np.empty(painted.shape, dtype=bool)
        for channel, threshold in enumerate(self.thresholds):
            np.greater(values[channel], threshold, out=above)
            _raise_to(painted, channel + 1, above)
        return painted


def greatest(values: Values) -> Labels:
    """(…) number of the greatest channel of (channels, …) values, the lowest one when several are equal."""
    best = values[0].copy()
    winner = np.zeros(values.shape[1:], dtype=type_for(len(values)))
    above = np.empty(best.shape, dtype=bool)
    for channel in range(1, len(values)):
        np.greater(values[channel], best, out=above)
        _raise_to(winner, channel, above)
        if channel < len(values) - 1:
            np.maximum(best, values[channel], out=best)
    return winner


def type_for(numbers: int) -> type[np.unsignedinteger[Any]]:
    """The smallest type that holds 0 … numbers − 1."""
    return np.uint8 if numbers <= 256 else np.uint16


def _raise_to(winner: Labels, number: int, where: npt.NDArray[np.bool_]) -> None:
    """winner = number where asked; numbers come ascending, so that no choice is needed, only arithmetic."""
    np.maximum(winner, where.view(np.uint8) * winner.dtype.type(number), out=winner)


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

    def by_cell(self, n: int) -> tuple[Indices, npt.NDArray[np.float32]]:
        """(most, n) image samples of each network sample's cell and their weights; the first one fills what is left."""
        counts = np.bincount(self.low, minlength=n)
        first = np.minimum(np.cumsum(counts) - counts, len(self.low) - 1)
        step = np.minimum(np.arange(counts.max())[:, None], np.maximum(counts - 1, 0))
        return first + step, self.weight[first + step]


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

    shape: of the network's grid. taps: image samples per axis. values_are: "logits" or "probabilities", for the evidence
    alone. labels: what is given for each of the decision's numbers; None for the numbers themselves. doubtful: after
    `take`, for each part of its answer the voxels (image n1, n2) whose cell lies on a boundary where the two likeliest
    labels are nearly alike.
    """

    shape: tuple[int, int, int]
    taps: tuple[Taps, Taps, Taps]
    decision: Decision
    channels: int
    values_are: str = "logits"
    labels: Labels | None = None
    boundary: Boundary = field(init=False)
    doubtful: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    disagreeing_voxels: int = 0
    full_planes: int = 0
    _previous: tuple[Values, Labels] | None = None
    _next: int = 0
    _used: npt.NDArray[np.bool_] = field(init=False)
    _used_count: int = 0
    _voxels: _CellVoxels = field(init=False)
    _label_of: Labels = field(init=False)

    def __post_init__(self) -> None:
        numbers = self.channels + (1 if self.decision.regions else 0)
        self.boundary = Boundary.empty(numbers)
        self._label_of = np.arange(numbers, dtype=type_for(numbers)) if self.labels is None else self.labels
        # cells without an image voxel need no look
        self._used = np.zeros(self.shape[1:], dtype=bool)
        self._used[np.ix_(np.unique(self.taps[1].low), np.unique(self.taps[2].low))] = True
        self._used_count = int(np.count_nonzero(self._used))
        self._voxels = _CellVoxels.of(self.taps[1], self.taps[2], self.shape[1:])

    def take(self, z: int, plane: Values) -> list[tuple[range, Labels]]:
        """The next network plane (channels, n1, n2); returns (image planes, (planes, image n1, n2) labels) that are ready.

        Planes must come as 0, 1, 2 …, and each must stay as it is until the next one was taken. What is returned may be
        written to.
        """
        current = np.ascontiguousarray(plane, dtype=np.float32)
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
        lowest, highest = _corner_range(first[1], second[1])
        differ = lowest != highest
        differ &= self._used
        seen = _Corners.of(first[0], second[0], differ)
        # the last plane alone is the border of its layer
        counts = first[0] is not second[0] or self._layers_are_planes()
        self.doubtful.append(self._voxels.of_cells(self._see(lowest[~differ], seen) if counts else seen.cells[:0]))
        if len(seen.cells) > MOST_DISAGREEING * self._used_count:
            self.full_planes += len(weights)
            return self._whole_planes(first[0], second[0], weights)
        base = self._label_of[lowest].take(self.taps[2].low, axis=1).take(self.taps[1].low, axis=0)
        result = np.broadcast_to(base, (len(weights), *base.shape)).copy()
        if len(seen.cells):
            self.disagreeing_voxels += self._voxels.count(seen.cells) * len(weights)
            self._interpolate(seen, weights, result)
        return result

    def _layers_are_planes(self) -> bool:
        """True when no image plane lies between two network planes."""
        return self.shape[0] == 1 or bool((self.taps[0].low == self.taps[0].high).all())

    def _interpolate(self, seen: _Corners, weights: npt.NDArray[np.float32], result: Labels) -> None:
        """Every image voxel of the disagreeing cells, written into `result` (planes, image n1, n2)."""
        flat = result.reshape(len(weights), -1)
        for channels, group in self._groups(seen):
            at_once = max(VALUES_AT_ONCE // (len(channels) * self._voxels.per_cell), 1)
            for start in range(0, len(group), at_once):
                part = slice(start, start + at_once)
                chosen = group[part]
                near, far = seen.corner_values(channels[:, part], chosen)
                where, v, u = self._voxels.at(seen.cells[chosen])
                for number, w in enumerate(weights):
                    at = near * (1 - w) + far * w if w else near
                    top = at[0][:, None] * (1 - u) + at[1][:, None] * u
                    bottom = at[2][:, None] * (1 - u) + at[3][:, None] * u
                    winner = self.decision.decide(top[:, None] * (1 - v) + bottom[:, None] * v)
                    told = winner.reshape(-1, len(chosen)).astype(np.intp)
                    if not self.decision.regions:
                        told = np.take_along_axis(channels[:, part], told, axis=0)
                    flat[number][where.reshape(-1)] = self._label_of[told.reshape(-1)]

    def _groups(self, seen: _Corners) -> list[tuple[Indices, Indices]]:
        """Cells by how many channels can win in them: ((K, cells) channels ascending, (cells,) which of `seen`)."""
        cells = len(seen.cells)
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
        result = np.empty((len(weights), len(rows.low), len(columns.low)), dtype=self._label_of.dtype)
        for number, w in enumerate(weights):
            plane = first * (1 - w) + second * w if w else first
            for start in range(0, len(rows.low), ROWS_AT_ONCE):
                part = slice(start, start + ROWS_AT_ONCE)
                upper, lower = plane[:, rows.low[part]], plane[:, rows.high[part]]
                v = rows.weight[part, None]
                top = upper[:, :, columns.low] * (1 - columns.weight) + upper[:, :, columns.high] * columns.weight
                bottom = lower[:, :, columns.low] * (1 - columns.weight) + lower[:, :, columns.high] * columns.weight
                result[number, part] = self._label_of[self.decision.decide(top * (1 - v) + bottom * v)]
        return result

    def _see(self, agreed: Labels, seen: _Corners) -> Indices:
        """Evidence of one layer of cells; the disagreeing ones that are not sure."""
        numbers = len(self.boundary.whole)
        self.boundary.whole += np.bincount(agreed, minlength=numbers)[:numbers]
        if not len(seen.cells):
            return seen.cells
        told, margin = _evidence(seen.middle, self.decision, self.values_are, numbers)
        self.boundary.add(told)
        return seen.cells[margin < LOW_MARGIN]


@dataclass(frozen=True, slots=True)
class _CellVoxels:
    """The image voxels of every cell of a plane: rows × columns of samples, as many for each cell as the fullest has."""

    rows: Indices
    columns: Indices
    row_weight: npt.NDArray[np.float32]
    column_weight: npt.NDArray[np.float32]
    row_count: Indices
    column_count: Indices
    shape: tuple[int, int]

    @classmethod
    def of(cls, rows: Taps, columns: Taps, shape: tuple[int, int]) -> _CellVoxels:
        row, row_weight = rows.by_cell(shape[0])
        column, column_weight = columns.by_cell(shape[1])
        counts = np.bincount(rows.low, minlength=shape[0]), np.bincount(columns.low, minlength=shape[1])
        return cls(row, column, row_weight, column_weight, *counts, (len(rows.low), len(columns.low)))

    @property
    def per_cell(self) -> int:
        return len(self.rows) * len(self.columns)

    def count(self, cells: Indices) -> int:
        """Voxels of these cells (flat indices)."""
        row, column = np.divmod(cells, self.columns.shape[1])
        return int((self.row_count[row] * self.column_count[column]).sum())

    def of_cells(self, cells: Indices) -> npt.NDArray[np.bool_]:
        """(image n1, n2) the voxels of these cells."""
        found = np.zeros(self.shape, dtype=bool)
        if len(cells):
            found.reshape(-1)[self.at(cells)[0].reshape(-1)] = True
        return found

    def at(self, cells: Indices) -> tuple[Indices, Any, Any]:
        """(rows, columns, cells) flat places in an image plane; weights of the rows (rows, 1, cells), of the columns."""
        row, column = np.divmod(cells, self.columns.shape[1])
        where = (self.rows[:, row] * self.shape[1])[:, None] + self.columns[:, column]
        return where, self.row_weight[:, row][:, None], self.column_weight[:, column]


@dataclass(frozen=True, slots=True)
class _Corners:
    """Disagreeing cells and what lies at their corners.

    cells: flat indices in the plane. near, far: (nodes, channels) values of both planes at all corners, in the order of
    their places. above, below: (cells,) the node at each cell's own place and in the next row; its right neighbour is the
    next node. least, most, middle: (channels, cells) of the eight corners.
    """

    cells: Indices
    near: Values
    far: Values
    above: Indices
    below: Indices
    least: Values
    most: Values
    middle: Values

    @classmethod
    def of(cls, first: Values, second: Values, differ: npt.NDArray[np.bool_]) -> _Corners:
        height, width = differ.shape
        cells = np.flatnonzero(differ)
        # one row and one column more: the border is its own neighbour
        nodes = np.zeros((height + 1, width + 1), dtype=bool)
        nodes[:-1, :-1] = differ
        nodes[1:] |= nodes[:-1]
        nodes[:, 1:] |= nodes[:, :-1]
        places = np.flatnonzero(nodes)
        row, column = np.divmod(places, width + 1)
        source = np.minimum(row, height - 1) * width + np.minimum(column, width - 1)
        number = np.empty(nodes.size, dtype=np.intp)
        number[places] = np.arange(len(places))
        own = cells + cells // width
        above, below = number[own], number[own + width + 1]
        near = _gathered(first, source)
        far = near if second is first else _gathered(second, source)
        least = _joined(np.minimum, near, far, above, below)
        most = _joined(np.maximum, near, far, above, below)
        middle = _joined(np.add, near, far, above, below)
        middle *= np.float32(1 / 8)
        return cls(cells, near, far, above, below, least, most, middle)

    def corner_values(self, channels: Indices, chosen: Indices) -> tuple[Values, Values]:
        """(4, K, cells) values of both planes for chosen cells, each with its own channels (K, cells)."""
        above, below = self.above[chosen], self.below[chosen]
        places = np.stack([above, above + 1, below, below + 1])[:, None] * self.near.shape[1] + channels
        near = self.near.reshape(-1)[places]
        return near, near if self.far is self.near else self.far.reshape(-1)[places]


def _gathered(plane: Values, places: Indices) -> Values:
    """(places, channels) of (channels, n1, n2) values."""
    return np.ascontiguousarray(plane.reshape(len(plane), -1).take(places, axis=1).T)


def _joined(join: np.ufunc, near: Values, far: Values, above: Indices, below: Indices) -> Values:
    """(channels, cells) of (nodes, channels): the eight corners put together two by two."""
    pairs = join(near, far)
    pairs = join(pairs[:-1], pairs[1:])
    found = pairs.take(above, axis=0)
    return np.ascontiguousarray(join(found, pairs.take(below, axis=0), out=found).T)


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
        entropy = -_plogp(p).sum(axis=0)
    else:
        below = middle - middle.max(axis=0)
        p = np.exp(below)
        total = p.sum(axis=0)
        p /= total
        below *= p
        entropy = np.log(total) - below.sum(axis=0)
    told.expected += p.sum(axis=1)
    told.variance += (p * (1 - p)).sum(axis=1)
    cells = np.arange(p.shape[1])
    first = greatest(p)
    top = p[first, cells]
    p[first, cells] = -1.0
    second = greatest(p)
    margin = top - p[second, cells]
    for which in (first, second):
        told.cells += np.bincount(which, minlength=numbers)
        told.margin += np.bincount(which, weights=margin, minlength=numbers)
        told.low_margin += np.bincount(which, weights=margin < LOW_MARGIN, minlength=numbers)
        told.entropy += np.bincount(which, weights=entropy, minlength=numbers)
    return told, margin


def _plogp(p: npt.NDArray[Any]) -> Any:
    return p * np.log(np.maximum(p, 1e-12))
