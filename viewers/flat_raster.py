"""A net of triangles laid flat, as pixels: which triangle each shows, and values between its points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray

# a net's triangles are few pixels wide; those of one size are filled together
CHUNK = 400_000


@dataclass(frozen=True, slots=True, eq=False)
class FlatRaster:
    """triangle: int32 (rows, columns), −1 outside. weights: float32 (rows, columns, 3) of the triangle's corners.

    low_mm: (2,) place of the first pixel's middle. px_per_mm: pixels a millimetre.
    """

    triangle: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]
    low_mm: FloatArray
    px_per_mm: float

    def values(self, triangles: npt.NDArray[np.int32], of_points: FloatArray) -> FloatArray:
        """(rows, columns, …) of values given at the net's points; NaN outside."""
        shown = self.triangle >= 0
        corners = of_points[triangles[self.triangle[shown]]]
        weights = self.weights[shown].reshape(-1, 3, *(1,) * (corners.ndim - 2))
        found = np.full((*self.triangle.shape, *of_points.shape[1:]), np.nan)
        # an infinite value stays infinite where its weight is zero, too
        with np.errstate(invalid="ignore"):
            found[shown] = np.where(np.isinf(corners).any(axis=1), np.inf, (weights * corners).sum(axis=1))
        return found


def rasterised(flat_mm: FloatArray, triangles: npt.NDArray[np.int32], px_per_mm: float) -> FlatRaster:
    """The pixels of a net: flat_mm (V, 2), triangles (T, 3). Where it lies over itself the later triangle is shown."""
    low = flat_mm.min(axis=0) - 1.0 / px_per_mm
    places = (flat_mm - low) * px_per_mm
    width, height = (int(n) for n in np.ceil(places.max(axis=0)) + 2)
    triangle = np.full(height * width, -1, dtype=np.int32)
    weights = np.zeros((height * width, 3), dtype=np.float32)
    corners = places[triangles]
    start = np.floor(corners.min(axis=1)).astype(np.intp)
    size = np.ceil(corners.max(axis=1)).astype(np.intp) - start + 1
    # sizes rounded up to powers of two: a handful of groups
    group = np.ceil(np.log2(np.maximum(size.max(axis=1), 2))).astype(int)
    for power in np.unique(group):
        side = 1 << int(power)
        members = np.flatnonzero(group == power)
        step = max(CHUNK // side**2, 1)
        for first in range(0, len(members), step):
            own = members[first : first + step]
            _fill(own, corners[own], start[own], side, (height, width), triangle, weights)
    return FlatRaster(triangle.reshape(height, width), weights.reshape(height, width, 3), low, px_per_mm)


def _fill(
    own: npt.NDArray[np.intp],
    corners: FloatArray,
    start: npt.NDArray[np.intp],
    side: int,
    shape: tuple[int, int],
    triangle: npt.NDArray[np.int32],
    weights: npt.NDArray[np.float32],
) -> None:
    steps = np.arange(side)
    x = start[:, 0, None, None] + steps
    y = start[:, 1, None, None] + steps[:, None]
    a, b, c = (corners[:, n, :, None, None] for n in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
    # a triangle seen from its edge has no area and fills nothing
    with np.errstate(divide="ignore", invalid="ignore"):
        second = ((x - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (y - a[:, 1])) / area
        third = ((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (x - a[:, 0]) * (b[:, 1] - a[:, 1])) / area
        first = 1.0 - second - third
    rows, columns = shape
    # a hair over the edge, so that no seam is left between neighbours
    inside = (np.minimum(np.minimum(first, second), third) >= -1e-9) & (x >= 0) & (y >= 0) & (x < columns) & (y < rows)
    which, row, column = np.nonzero(inside)
    at = (start[which, 1] + row) * columns + start[which, 0] + column
    triangle[at] = own[which]
    weights[at] = np.stack([first[inside], second[inside], third[inside]], axis=1)
