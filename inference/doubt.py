"""Where a network is not sure of what it outlined, as places that a person can look at.

Any boundary runs through voxels whose two likeliest labels are nearly alike; along a clear one their layer is thin. Doubt
is where that layer is thick: on ircad01's liver 38 % of such places were more than 4 mm off and 8 % of the others
(tests/benchmarks/bench_doubt.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.run import Segmentation
from planning.geometry import Grid
from planning.progress import CancelToken
from planning.volume import Mask

# mean thickness of the layer within a cube of this edge, and how far on either side of a boundary doubt is marked
THICK_MM, ABOUT_MM, BESIDE_MM = 2.0, 12.0, 2.0
COARSE_MM = 2.0

Flags = npt.NDArray[np.bool_]


def doubt_of(
    run: Segmentation, grid: Grid, masks: Mapping[str, Mask], cancel: CancelToken | None = None
) -> dict[str, Mask]:
    """By name, what lies within 2 mm of a structure's boundary where the run is not sure; those without are left out.

    masks: on `grid`, all found by the run's networks. Raises Cancelled.
    """
    if not len(run.doubt):
        return {}
    thick = thick_layers(run.doubtful(), grid)
    steps = tuple(max(round(BESIDE_MM / mm), 1) for mm in grid.spacing_mm.tolist()[::-1])
    found = {}
    for name, mask in masks.items():
        if cancel is not None:
            cancel.raise_if_set()
        box = tuple(slice(max(part.start - n, 0), part.stop + n) for part, n in zip(mask.box_kji, steps, strict=True))
        around = thick[box]
        if not around.any():
            continue
        inside: Flags = np.zeros(around.shape, dtype=bool)
        inside[tuple(slice(o.start - b.start, o.stop - b.start) for o, b in zip(mask.box_kji, box, strict=True))] = (
            mask.voxels
        )
        outside = ~inside
        _widen(inside, steps)
        _widen(outside, steps)
        inside &= outside
        inside &= around
        if inside.any():
            nk, nj, ni = inside.shape
            k, j, i = box[0].start, box[1].start, box[2].start
            tight = Mask.from_full(grid.cropped((i, j, k), (ni, nj, nk)), inside)
            di, dj, dk = tight.start_ijk
            found[name] = Mask(grid, (i + di, j + dj, k + dk), tight.voxels)
    return found


def thick_layers(doubtful: Flags, grid: Grid) -> Flags:
    """(k, j, i): where doubtful voxels lie about in a layer of more than 2 mm, looked at in cubes of 12 mm."""
    from scipy import ndimage

    spacing_mm = grid.spacing_mm[::-1]
    block = np.maximum(np.rint(COARSE_MM / spacing_mm), 1).astype(int)
    padded = np.pad(doubtful, [(0, -n % step) for n, step in zip(doubtful.shape, block, strict=True)])
    k, j, i = (n // step for n, step in zip(padded.shape, block, strict=True))
    coarse = padded.reshape(k, block[0], j, block[1], i, block[2]).mean(axis=(1, 3, 5), dtype=np.float32)
    sizes = np.maximum(np.rint(ABOUT_MM / (block * spacing_mm)), 1).astype(int)
    share: npt.NDArray[Any] = ndimage.uniform_filter(coarse, sizes, mode="nearest")
    thick = share > THICK_MM / ABOUT_MM
    for axis, step in enumerate(block):
        thick = np.repeat(thick, step, axis=axis)
    nk, nj, ni = doubtful.shape
    return np.asarray(thick[:nk, :nj, :ni])


def _widen(flags: Flags, steps: tuple[int, ...]) -> None:
    """By so many voxels along each axis, corners too, in place."""
    for axis, count in enumerate(steps):
        turned = np.moveaxis(flags, axis, 0)
        for _ in range(count):
            before = turned[1:].copy()
            turned[1:] |= turned[:-1]
            turned[:-1] |= before
