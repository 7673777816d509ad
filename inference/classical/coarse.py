"""A scan in coarse voxels along the patient's axes, and masks made there brought back to the image's own voxels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.grid import Axes, axes_of
from inference.manifest import Input
from planning.geometry import Grid
from planning.progress import CancelToken

COARSE_MM = 2.5
LPS = Input(spacing_mm=(None, None, None))

Hu = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Coarse:
    """hu: float32 means of blocks of `factors` voxels, `[k, j, i]` in LPS. A remainder at the far ends has no block."""

    hu: npt.NDArray[np.float32]
    axes: Axes
    factors: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]

    @classmethod
    def of(cls, volume_hu: Hu, grid: Grid, wanted_mm: float = COARSE_MM, cancel: CancelToken | None = None) -> Coarse:
        """volume_hu: (k, j, i) on `grid`, any orientation."""
        axes = axes_of(grid, LPS)
        turned = axes.apply(volume_hu)
        fine = [float(grid.spacing_mm[2 - axis]) for axis in axes.order]
        fk, fj, fi = (min(max(1, round(wanted_mm / step)), n) for step, n in zip(fine, turned.shape, strict=True))
        nk, nj, ni = turned.shape[0] // fk, turned.shape[1] // fj, turned.shape[2] // fi
        hu = np.empty((nk, nj, ni), dtype=np.float32)
        for k in range(nk):
            if cancel is not None:
                cancel.raise_if_set()
            slab = turned[k * fk : (k + 1) * fk, : nj * fj, : ni * fi].sum(axis=0, dtype=np.float32)
            rows = np.add.reduceat(slab, np.arange(0, nj * fj, fj), axis=0)
            hu[k] = np.add.reduceat(rows, np.arange(0, ni * fi, fi), axis=1)
        hu /= np.float32(fk * fj * fi)
        return cls(hu, axes, (fk, fj, fi), (fine[0] * fk, fine[1] * fj, fine[2] * fi))

    @property
    def mean_spacing_mm(self) -> float:
        """Edge of a cube of the same volume."""
        return float(np.cbrt(np.prod(self.spacing_mm)))

    @property
    def voxel_ml(self) -> float:
        """Volume of one coarse voxel."""
        return float(np.prod(self.spacing_mm)) / 1000.0

    def sampled(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Labels of the image at the middle of each block."""
        turned = self.axes.apply(array)
        k, j, i = (
            np.minimum(np.arange(n) * f + f // 2, size - 1)
            for n, f, size in zip(self.hu.shape, self.factors, turned.shape, strict=True)
        )
        return np.asarray(turned[np.ix_(k, j, i)])

    def slabs(self, volume_hu: Hu) -> Iterator[tuple[slice, int, Hu]]:
        """(image planes in LPS, coarse plane, their values); a remainder belongs to the last plane."""
        turned = self.axes.apply(volume_hu)
        for k in range(self.hu.shape[0]):
            last = turned.shape[0] if k == self.hu.shape[0] - 1 else (k + 1) * self.factors[0]
            planes = slice(k * self.factors[0], last)
            yield planes, k, turned[planes]

    def spread(self, plane: npt.NDArray[Any], shape: tuple[int, int]) -> npt.NDArray[Any]:
        """A coarse plane on the image's pixels (LPS); the remainder repeats the last."""
        rows = np.minimum(np.arange(shape[0]) // self.factors[1], plane.shape[0] - 1)
        columns = np.minimum(np.arange(shape[1]) // self.factors[2], plane.shape[1] - 1)
        return np.asarray(plane[rows][:, columns])

    def with_edges(self, mask: Mask, volume_hu: Hu, belongs: Callable[[Hu], Mask], within: Mask | None = None) -> Mask:
        """The mask on the image's voxels `[k, j, i]`, its edge where the image has it.

        What lies a coarse voxel inside stays, what lies a coarse voxel outside is out; between, `belongs(values)` decides.
        within: coarse voxels it may reach.
        """
        from scipy import ndimage

        core = ndimage.binary_erosion(mask, border_value=1)
        near = ndimage.binary_dilation(mask, np.ones((3, 3, 3), bool))
        if within is not None:
            near &= within
        found = np.zeros(volume_hu.shape, dtype=bool)
        turned = self.axes.apply(found)
        for planes, k, values in self.slabs(volume_hu):
            if not near[k].any():
                continue
            rows, columns = np.flatnonzero(near[k].any(axis=1)), np.flatnonzero(near[k].any(axis=0))
            last_row, last_column = near.shape[1] - 1, near.shape[2] - 1
            j = slice(rows[0] * self.factors[1], None if rows[-1] == last_row else (rows[-1] + 1) * self.factors[1])
            i = slice(
                columns[0] * self.factors[2],
                None if columns[-1] == last_column else (columns[-1] + 1) * self.factors[2],
            )
            size = (turned.shape[1], turned.shape[2])
            inner, wide = self.spread(core[k], size)[j, i], self.spread(near[k], size)[j, i]
            turned[planes, j, i] = inner | (wide & belongs(values[:, j, i]))
        return found
