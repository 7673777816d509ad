"""Which of a vessel tree goes with a part of the organ that is taken away: what lies in the organ and is no great trunk.

A plane through the liver meets the vena cava too, which stays whatever is resected: vessels thicker than any that is
divided in the liver go with no part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid
from planning.liver.distance import distance_to_mm
from planning.liver.organ import padded
from planning.liver.territories import ClosedOrgan
from planning.volume import Mask

TRUNK_RADIUS_MM = 6.5
BEYOND_MM = 2.0
PAD = 3
STEP_MM = 1.2


@dataclass(frozen=True, slots=True, eq=False)
class HeldVessels:
    """The organ with its vessel channels closed, less great trunks. trunk_mm: float32 `[k, j, i]` on `grid`, above zero in
    a trunk and a little about it; None without one."""

    closed: ClosedOrgan
    grid: Grid | None = None
    trunk_mm: npt.NDArray[np.float32] | None = None

    @classmethod
    def of(cls, closed: ClosedOrgan, vessels: Mask) -> HeldVessels:
        """Of one tree's mask."""
        if not vessels.voxel_count:
            return cls(closed)
        spacing = vessels.grid.spacing_mm
        box = padded(vessels, int(np.ceil((TRUNK_RADIUS_MM + BEYOND_MM) / float(spacing.min()))) + PAD)
        stride = np.maximum(np.floor(STEP_MM / spacing), 1).astype(int)
        coarse = box.voxels[:: stride[2], :: stride[1], :: stride[0]]
        step = spacing * stride
        core = distance_to_mm(~np.pad(coarse, 1), step)[1:-1, 1:-1, 1:-1] >= TRUNK_RADIUS_MM
        if not core.any():
            return cls(closed)
        # from the core's middle the wall is at least a radius away
        field = np.float32(TRUNK_RADIUS_MM + BEYOND_MM) - distance_to_mm(core, step)
        matrix = box.box_grid.world_from_index.copy()
        matrix[:3, :3] = matrix[:3, :3] * stride
        nk, nj, ni = field.shape
        return cls(closed, Grid((ni, nj, nk), matrix), np.asarray(field, dtype=np.float32))

    def contains(self, points_mm: FloatArray) -> npt.NDArray[np.bool_]:
        """(N,) True for the (N, 3) places that go with a part of the organ."""
        from scipy import ndimage

        held = self.closed.contains(points_mm)
        if self.grid is None or self.trunk_mm is None:
            return held
        index = self.grid.to_index(points_mm)[:, ::-1].T
        trunk = ndimage.map_coordinates(self.trunk_mm, index, np.float64, order=1, mode="constant", cval=-1.0)
        return np.asarray(held & (trunk <= 0.0))
