"""One order of axes for every scan: what is found must not hang on how a file lays its voxels down."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np

from planning.geometry import Grid
from planning.volume import Volume


def upright(volume: Volume) -> Volume:
    """The same voxels in the same places with i, j, k as nearly left, backwards, up as axes can; itself if they are."""
    grid = volume.grid
    axes = grid.world_from_index[:3, :3] / grid.spacing_mm
    best, order, signs = -np.inf, (0, 1, 2), (1, 1, 1)
    for p, s in product(permutations(range(3)), product((1, -1), repeat=3)):
        laid = axes[:, p] * s
        # a turned scan can lie nearest to a left-handed order, which no grid has
        if np.linalg.det(laid) > 0.0 and np.trace(laid) > best + 1e-9:
            best, order, signs = float(np.trace(laid)), (p[0], p[1], p[2]), (s[0], s[1], s[2])
    if order == (0, 1, 2) and signs == (1, 1, 1):
        return volume
    matrix = grid.world_from_index.copy()
    size = [grid.size_ijk[n] for n in order]
    voxels = volume.voxels.transpose([2 - n for n in order[::-1]])
    for row, (n, sign) in enumerate(zip(order, signs, strict=True)):
        step = grid.world_from_index[:3, n]
        matrix[:3, row] = sign * step
        if sign < 0:
            matrix[:3, 3] += (size[row] - 1) * step
            voxels = np.flip(voxels, 2 - row)
    return Volume(Grid((size[0], size[1], size[2]), matrix), voxels, quantity=volume.quantity, phase=volume.phase)
