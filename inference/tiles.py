"""Where the tiles of a field lie and what each of their voxels counts for.

Two rules: nnU-Net's predictor (even steps, Gaussian of patch/8 about the voxel p//2, at most 10, in half precision where
its arithmetic is repeated) and MONAI's sliding window (fixed interval, last window shifted inside, Gaussian about the
middle, at most 1 and at least 0.001). In both, a field smaller than the patch is padded on both sides, the odd voxel at
the far end.

What a tile says near its edge is outweighed twentyfold by a neighbour that sees the place from nearer: with `least_share`
such parts are left out, which saves half of the sums. Exact runs leave nothing out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.manifest import Tiling

Starts = tuple[int, ...]
# of each tile of one axis: its first voxel that counts, and the first one after them
Kept = tuple[tuple[int, int], ...]
LEAST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class TilePlan:
    """Tiles of one field, ordered by their first axis.

    shape: of the padded field. before: voxels of padding before each axis. starts: per axis, ascending.
    kept: per axis, which voxels of each tile count.
    """

    tiling: Tiling
    field_shape: tuple[int, int, int]
    shape: tuple[int, int, int]
    before: tuple[int, int, int]
    starts: tuple[Starts, Starts, Starts]
    kept: tuple[Kept, Kept, Kept]

    @property
    def patch(self) -> tuple[int, int, int]:
        """Voxels of a tile."""
        return self.tiling.patch

    @property
    def count(self) -> int:
        """Number of tiles."""
        return math.prod(len(starts) for starts in self.starts)

    def rows(self) -> list[int]:
        """Starts along the first axis."""
        return list(self.starts[0])

    def in_row(self) -> list[tuple[int, int]]:
        """Starts along the other two axes, the last one fastest."""
        return [(b, c) for b in self.starts[1] for c in self.starts[2]]

    def padded(self, field: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The field with its padding; the field itself when it needs none."""
        if self.shape == self.field_shape:
            return field
        pads = [(b, total - n - b) for b, total, n in zip(self.before, self.shape, self.field_shape, strict=True)]
        lead = [(0, 0)] * (field.ndim - 3)
        if self.tiling.pad == "edge":
            return np.pad(field, [*lead, *pads], mode="edge")
        return np.pad(field, [*lead, *pads], constant_values=self.tiling.pad_value)


def plan_tiles(
    field_shape: tuple[int, int, int], tiling: Tiling, dims: int = 3, *, least_share: float = 0.0
) -> TilePlan:
    """Tiles that cover a field. dims 2: every slice across the first axis is its own tile, the patch's first side is 1.

    least_share: a tile's part is left out where its weight along an axis is less than that of another tile's.
    """
    shape = [max(n, p) for n, p in zip(field_shape, tiling.patch, strict=True)]
    before = [(total - n) // 2 for total, n in zip(shape, field_shape, strict=True)]
    rule = nnunet_starts if tiling.rule == "nnunet" else monai_starts
    starts = [rule(n, p, tiling.step) for n, p in zip(shape, tiling.patch, strict=True)]
    if dims == 2:
        starts[0] = tuple(range(shape[0]))
    weights, middle = tile_weights(tiling), [n // 2 for n in tiling.patch]
    lines = weights[:, middle[1], middle[2]], weights[middle[0], :, middle[2]], weights[middle[0], middle[1]]
    kept = [kept_parts(begin, line, least_share) for begin, line in zip(starts, lines, strict=True)]
    return TilePlan(
        tiling,
        field_shape,
        (shape[0], shape[1], shape[2]),
        (before[0], before[1], before[2]),
        (starts[0], starts[1], starts[2]),
        (kept[0], kept[1], kept[2]),
    )


def kept_parts(starts: Starts, line: npt.NDArray[np.float32], least_share: float) -> Kept:
    """For each tile of an axis the voxels whose weight is at least `least_share` of the greatest that another tile has there.

    line: a tile's weights along the axis. The greatest of all is always kept, so that every voxel is covered.
    """
    n = len(line)
    kept = []
    for start in starts:
        before, after = np.zeros(n), np.zeros(n)
        for other in starts:
            shift = start - other
            if 0 < shift < n:
                np.maximum(before[: n - shift], line[shift:], out=before[: n - shift])
            elif 0 < -shift < n:
                np.maximum(after[-shift:], line[:shift], out=after[-shift:])
        first = int(np.argmax(line >= least_share * before))
        last = n - int(np.argmax((line >= least_share * after)[::-1]))
        kept.append((first, last))
    return tuple(kept)


def nnunet_starts(n: int, patch: int, step: float) -> Starts:
    """Even steps of at most step · patch, from the first to the last possible start."""
    count = int(np.ceil((n - patch) / (patch * step))) + 1
    stride = (n - patch) / (count - 1) if count > 1 else 0.0
    return tuple(int(np.round(stride * i)) for i in range(count))


def monai_starts(n: int, patch: int, step: float) -> Starts:
    """Steps of int(patch · step), the last window shifted inside."""
    # the source computes patch · (1 − overlap), whose rounding may differ in the last digit: 1 − (1 − step) repeats it
    interval = patch if n == patch else max(int(patch * (1.0 - (1.0 - step))), 1)
    starts: list[int] = []
    for index in range(math.ceil(n / interval)):
        start = index * interval
        starts.append(start - max(start + patch - n, 0))
        if start + patch >= n:
            break
    return tuple(starts)


def tile_weights(tiling: Tiling) -> npt.NDArray[np.float32]:
    """(patch) weight of each voxel of a tile, above zero. Half-precision values when the sum is kept in fp16."""
    if tiling.weight == "constant":
        return np.ones(tiling.patch, dtype=np.float32)
    if tiling.rule == "monai":
        return _monai_gaussian(tiling.patch, tiling.sigma)
    return _nnunet_gaussian(tiling.patch, tiling.sigma, half=tiling.accumulate == "fp16")


def _nnunet_gaussian(patch: tuple[int, int, int], sigma: float, *, half: bool) -> npt.NDArray[np.float32]:
    from scipy import ndimage

    # the filter of a single voxel is separable: one line for each axis
    lines = []
    for n in patch:
        line = np.zeros(n)
        line[n // 2] = 1
        lines.append(ndimage.gaussian_filter1d(line, n * sigma, mode="constant", cval=0.0) if n > 1 else line)
    weights = lines[0][:, None, None] * lines[1][None, :, None] * lines[2][None, None, :]
    weights *= 10.0 / weights.max()
    rounded = weights.astype(np.float16 if half else np.float32)
    rounded[rounded == 0] = rounded[rounded > 0].min()
    return np.asarray(rounded, dtype=np.float32)


def _monai_gaussian(patch: tuple[int, int, int], sigma: float) -> npt.NDArray[np.float32]:
    weights: npt.NDArray[Any] = np.ones((1, 1, 1), dtype=np.float32)
    for axis, n in enumerate(patch):
        x = np.arange(-(n - 1) / 2.0, (n - 1) / 2.0 + 1, dtype=np.float32)
        line = np.exp(x**2 / np.float32(-2 * (n * sigma) ** 2)).astype(np.float32)
        weights = weights * line.reshape([-1 if a == axis else 1 for a in range(3)])
    return np.asarray(np.maximum(weights, max(float(weights.min()), 1e-3)), dtype=np.float32)
