"""The image on the network's grid, made slab by slab, and masks the same way.

Linear and nearest take two samples per axis; cubic is the B-spline with its recursive prefilter, as scipy and scikit-image
do it (order 3, mode "nearest", grid mode). The prefilter is global, but forgets: a part filtered with `HALO` samples on
either side differs by less than 2·10⁻⁷ of the values.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.grid import AxisMap, Field
from inference.manifest import Resample
from planning.progress import CancelToken

HALO = 12
SLAB = 24

FloatVolume = npt.NDArray[np.float32]
Pointwise = Callable[[npt.NDArray[Any]], npt.NDArray[Any]]


def as_float(values: npt.NDArray[Any]) -> FloatVolume:
    """The values themselves, float32."""
    return np.ascontiguousarray(values, dtype=np.float32)


def resample(
    image: npt.NDArray[Any],
    field: Field,
    how: Resample,
    pointwise: Pointwise = as_float,
    cancel: CancelToken | None = None,
) -> FloatVolume:
    """The image on the field's network grid.

    image: in the network's axes, whole (a view). pointwise: takes a slab of image values to float values, before
    resampling. Returns float32 of `field.shape`, C order.
    """
    orders = [
        0 if axis.is_identity else how.order_z if field.low_axis == n else how.data_order
        for n, axis in enumerate(field.maps)
    ]
    lines = [_Line.of(axis, axis.image_positions(), order) for axis, order in zip(field.maps, orders, strict=True)]
    exact = 3 in orders or how.truncate
    bounds = _Bounds(field) if how.clip_to_input and exact else None
    inner = [slice(axis.start + line.first, axis.start + line.last) for axis, line in zip(field.maps[1:], lines[1:])]

    def planes(which: slice | npt.NDArray[np.intp]) -> npt.NDArray[Any]:
        """Image planes (counted from the field's first) on the network's grid in their own plane."""
        if cancel is not None:
            cancel.raise_if_set()
        start = field.maps[0].start
        at = slice(start + which.start, start + which.stop) if isinstance(which, slice) else start + which
        values = pointwise(image[at, inner[0], inner[1]])
        if bounds is not None:
            bounds.see(values, (which, *(slice(line.first, line.last) for line in lines[1:])))
        values = values.astype(np.float64) if exact else values
        return lines[2].apply(lines[1].apply(values, 1), 2)

    result = np.empty(field.shape, dtype=np.float32)
    if orders[0] == 3:
        # the prefilter along the first axis wants all planes: they are smaller once resampled in their own plane
        gathered = [
            planes(slice(at, min(at + SLAB, lines[0].last))) for at in range(lines[0].first, lines[0].last, SLAB)
        ]
        middle = np.concatenate([part.astype(np.float32) for part in gathered])
        del gathered
        for row in range(0, field.shape[1], SLAB):
            part = np.s_[:, row : row + SLAB]
            result[part] = lines[0].apply(middle[part].astype(np.float64), 0)
    else:
        for at in range(0, field.shape[0], SLAB):
            # only planes that are read are normalised and resampled
            low, high, weight = lines[0].taps(slice(at, at + SLAB))
            used = np.unique(np.concatenate([low, high]))
            values = planes(used)
            first, second = values[np.searchsorted(used, low)], values[np.searchsorted(used, high)]
            result[at : at + SLAB] = _between(first, second, weight[:, None, None])
    if bounds is not None:
        bounds.clip(result)
    if how.truncate:
        np.trunc(result, out=result)
    return result


@dataclass(frozen=True, slots=True)
class _Line:
    """One axis: image samples `first` … `last` (counted from the field's first) and where the network's lie among them.

    cut: whether these ends are ends of a part only, not of the field.
    """

    first: int
    last: int
    positions: npt.NDArray[np.float64]
    order: int
    cut: tuple[bool, bool]

    @classmethod
    def of(cls, axis: AxisMap, positions: npt.NDArray[np.float64], order: int) -> _Line:
        first, last = _needed(positions, axis.n_image, order)
        return cls(first, last, positions - first, order, (first > 0, last < axis.n_image))

    def apply(self, values: npt.NDArray[Any], axis: int) -> npt.NDArray[Any]:
        """Values of samples `first` … `last` along an axis, at the positions."""
        if self.order == 0 and len(self.positions) == values.shape[axis] and self.positions[0] == 0.0:
            return values
        return _along(values, axis, self.positions, self.order, self.cut)

    def taps(self, part: slice) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.float64]]:
        """For a part of the positions: lower and upper sample, counted from the field's first, and the upper's weight."""
        n = self.last - self.first
        if self.order == 0 or n == 1:
            nearest = np.clip(np.floor(self.positions[part] + 0.5).astype(np.intp), 0, n - 1) + self.first
            return nearest, nearest, np.zeros(len(nearest))
        low, high, weight = linear_taps(self.positions[part], n)
        return low + self.first, high + self.first, weight


def _between(first: npt.NDArray[Any], second: npt.NDArray[Any], weight: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    """first + weight · (second − first), in the values' own precision; both may be overwritten."""
    if not weight.any():
        return first
    second -= first
    second *= weight.astype(first.dtype)
    first += second
    return first


class _Bounds:
    """Least and greatest value of the input: of all of it, or of each slice where slices are resampled one by one."""

    def __init__(self, field: Field) -> None:
        axis = field.low_axis
        self._axis = axis
        self._map = None if axis is None else field.maps[axis]
        count = 1 if self._map is None else self._map.n_image
        self._low, self._high = np.full(count, np.inf), np.full(count, -np.inf)

    def see(self, values: npt.NDArray[Any], where: Sequence[slice | npt.NDArray[np.intp]]) -> None:
        """A part of the input, and its samples along each axis."""
        if self._axis is None:
            self._low[0] = min(self._low[0], float(values.min()))
            self._high[0] = max(self._high[0], float(values.max()))
            return
        others = tuple(axis for axis in range(3) if axis != self._axis)
        here = where[self._axis]
        self._low[here] = np.minimum(self._low[here], values.min(axis=others))
        self._high[here] = np.maximum(self._high[here], values.max(axis=others))

    def clip(self, result: FloatVolume) -> None:
        """Keep the result inside, each slice inside the one it comes from."""
        if self._map is None or self._axis is None:
            np.clip(result, self._low[0], self._high[0], out=result)
            return
        slices = np.clip(np.floor(self._map.image_positions() + 0.5).astype(np.intp), 0, len(self._low) - 1)
        shape = [1, 1, 1]
        shape[self._axis] = -1
        low, high = self._low[slices].astype(np.float32), self._high[slices].astype(np.float32)
        np.clip(result, low.reshape(shape), high.reshape(shape), out=result)


def _needed(positions: npt.NDArray[np.float64], n: int, order: int) -> tuple[int, int]:
    """The image samples a slab reads: those between its positions, with the prefilter's halo when it is cubic."""
    reach = HALO + 3 if order == 3 else 1
    first = max(int(np.floor(positions[0])) - reach, 0)
    last = min(int(np.floor(positions[-1])) + 1 + reach, n)
    return min(first, n - 1), max(last, min(first, n - 1) + 1)


def _along(
    values: npt.NDArray[Any],
    axis: int,
    positions: npt.NDArray[np.float64],
    order: int,
    cut: tuple[bool, bool] = (False, False),
) -> npt.NDArray[Any]:
    """Values at fractional positions along one axis. `cut`: this end is no end of the image but of a slab."""
    n = values.shape[axis]
    if order == 3 and n > 1:
        return _cubic_along(values, axis, positions, cut)
    if order == 0 or n == 1:
        nearest = np.clip(np.floor(positions + 0.5).astype(np.intp), 0, n - 1)
        return np.take(values, nearest, axis=axis)
    low, high, weight = linear_taps(positions, n)
    shape = [1] * values.ndim
    shape[axis] = -1
    return _between(np.take(values, low, axis=axis), np.take(values, high, axis=axis), weight.reshape(shape))


def linear_taps(
    positions: npt.NDArray[np.float64], n: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Lower sample, upper sample and the upper one's weight; positions outside stay at the border."""
    inside = np.clip(positions, 0.0, n - 1.0)
    low = np.floor(inside).astype(np.intp)
    return low, np.minimum(low + 1, n - 1), inside - low


def _cubic_along(
    values: npt.NDArray[Any], axis: int, positions: npt.NDArray[np.float64], cut: tuple[bool, bool]
) -> npt.NDArray[Any]:
    from scipy import ndimage

    # as scipy does for mode "nearest": the border is repeated, filtered with it, and read beyond it
    before, after = (0 if cut[0] else HALO), (0 if cut[1] else HALO)
    pads = [(0, 0)] * values.ndim
    pads[axis] = (before, after)
    padded = np.pad(values, pads, mode="edge")
    filtered = ndimage.spline_filter1d(padded, order=3, axis=axis, output=np.float64, mode="nearest")
    at = positions + before
    base = np.floor(at).astype(np.intp)
    t = at - base
    weights = (
        (1 - t) ** 3 / 6,
        (3 * t**3 - 6 * t**2 + 4) / 6,
        (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6,
        t**3 / 6,
    )
    shape = [1] * values.ndim
    shape[axis] = -1
    total: npt.NDArray[Any] | None = None
    for tap, weight in enumerate(weights):
        index = np.clip(base + tap - 1, 0, padded.shape[axis] - 1)
        part = np.take(filtered, index, axis=axis)
        part *= weight.reshape(shape)
        total = part if total is None else np.add(total, part, out=total)
    assert total is not None
    return total


def resample_labels(labels: npt.NDArray[Any], field: Field, values: tuple[int, ...]) -> npt.NDArray[Any]:
    """A label map on the field's grid as nnU-Net does it: the label whose mask, interpolated linearly, is largest.

    labels: whole, in the network's axes; only `values` are kept. Where labels tie, the nearest sample's label decides if
    it is one of them, else the least. Along the field's coarse axis the nearest slice is taken. Shares are summed corner
    by corner in the order in which scipy sums them, because ties (½ and ½) are common and the last bit settles them.
    """
    taps: list[tuple[tuple[Any, Any], ...]] = []
    for n, axis in enumerate(field.maps):
        positions = np.clip(axis.image_positions(), 0.0, axis.n_image - 1.0)
        if n == field.low_axis:
            nearest = np.floor(positions + 0.5).astype(np.intp) + axis.start
            taps.append(((nearest, np.ones(axis.size)),))
            continue
        low, high, weight = linear_taps(positions, axis.n_image)
        taps.append(((low + axis.start, 1.0 - weight), (high + axis.start, weight)))
    winner = np.zeros(field.shape, dtype=labels.dtype)
    for start in range(0, field.shape[0], SLAB):
        rows = slice(start, min(start + SLAB, field.shape[0]))
        first = [(index[rows], weight[rows]) for index, weight in taps[0]]
        winner[rows] = _largest_share(labels, (first, taps[1], taps[2]), values)
    return winner


def _largest_share(labels: npt.NDArray[Any], taps: Sequence[Sequence[tuple[Any, Any]]], values: tuple[int, ...]) -> Any:
    """One slab: the winner of every sample, 0 for what is not in `values`."""
    corners = []
    for chosen in itertools.product(*taps):
        index, (w0, w1, w2) = [tap[0] for tap in chosen], [tap[1] for tap in chosen]
        corners.append((labels[np.ix_(*index)], w0[:, None, None] * w1[:, None] * w2))
    # the nearest sample is the corner whose weights are all at least one half; halves go up, as scipy rounds them
    up = [tap[-1][1] >= 0.5 for tap in taps]
    nearest = labels[np.ix_(*(np.where(side, tap[-1][0], tap[0][0]) for side, tap in zip(up, taps, strict=True)))]
    present = np.flatnonzero(sum(np.bincount(corner.ravel(), minlength=65_536) for corner, _ in corners)).tolist()
    best = np.zeros(nearest.shape)
    winner = np.zeros(nearest.shape, dtype=labels.dtype)
    for value in present:
        share = np.zeros(nearest.shape)
        for corner, weight in corners:
            share += np.where(corner == value, weight, 0.0)
        takes = (share > best) | ((share == best) & (share > 0) & (nearest == value))
        winner[takes] = value
        np.maximum(best, share, out=best)
    winner[~np.isin(winner, values)] = 0
    return winner
