"""One order of axes for the same voxels, however a scan was taken or stored.

Thinning and the search for ways take ties and grid points in the order of the axes. Without this the same liver, stored
axial and coronal, had other branches.
"""

from __future__ import annotations

import numpy as np

from planning.geometry import Grid
from planning.volume import Mask


def upright(mask: Mask) -> Mask:
    """The same voxels at the same places, columns nearest to left, rows to posterior and slices to head."""
    from scipy.optimize import linear_sum_assignment

    direction = mask.grid.direction
    # which of its axes goes along x, y and z
    _, order = linear_sum_assignment(-np.abs(direction))
    signs = np.sign(direction[np.arange(3), order])
    if np.array_equal(order, (0, 1, 2)) and (signs > 0).all():
        return mask
    turn = np.zeros((4, 4))
    turn[3, 3] = 1.0
    size = np.array(mask.grid.size_ijk)[order]
    for axis in range(3):
        turn[order[axis], axis] = signs[axis]
        turn[order[axis], 3] = 0.0 if signs[axis] > 0 else size[axis] - 1
    placed = mask.grid.world_from_index @ turn
    if np.linalg.det(placed[:3, :3]) <= 0:
        # of a scan that lies half way between two orders
        return mask
    voxels = mask.voxels.transpose(tuple(2 - order[::-1]))
    voxels = voxels[tuple(slice(None, None, 1 if sign > 0 else -1) for sign in signs[::-1])]
    box = np.array(mask.voxels.shape[::-1])[order]
    start = np.array(mask.start_ijk)[order]
    start = np.where(signs > 0, start, size - start - box)
    return Mask(Grid((int(size[0]), int(size[1]), int(size[2])), placed), tuple(start.tolist()), voxels)
