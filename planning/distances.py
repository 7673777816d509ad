"""Exact distances between voxel centres, asked only where they matter: near a structure, and inside it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.loading import load

# a voxel asked alone takes as long as so many of a whole map
MAP_VOXELS = 40


def near_mm(mask: npt.NDArray[np.bool_], spacing_kji: FloatArray, reach_mm: float) -> npt.NDArray[np.float32]:
    """Distance of each voxel centre to the nearest one of the mask `[k, j, i]`; `reach_mm` where it is no nearer.

    Squared distances add up axis by axis, so the least over a few steps along each axis is exact within the reach.
    """
    far = np.float32(reach_mm * reach_mm)
    steps = [
        [np.float32((n * float(step)) ** 2) for n in range(1, int(reach_mm / float(step)) + 1)] for step in spacing_kji
    ]
    squares = np.empty(mask.shape, dtype=np.float32)
    # plane by plane: what is asked again and again stays in the processor's cache
    for plane, inside in zip(squares, mask, strict=True):
        plane[...] = far
        if inside.any():
            plane[inside] = 0.0
            plane[...] = _least_along_rows(_least_along_rows(plane, steps[1]).T, steps[2]).T
    for j in range(mask.shape[1]):
        rows = np.ascontiguousarray(squares[:, j])
        if rows.min() < far:
            squares[:, j] = _least_along_rows(rows, steps[0])
    return np.asarray(np.sqrt(squares, out=squares))


def _least_along_rows(squares: npt.NDArray[np.float32], steps: list[np.float32]) -> npt.NDArray[np.float32]:
    """The least of each value and of those so many rows before and after it, each with its step's own square added."""
    given = np.ascontiguousarray(squares)
    least, farther = given.copy(), np.empty_like(given)
    for n, step in enumerate(steps[: len(given) - 1], start=1):
        np.add(given, step, out=farther)
        np.minimum(least[n:], farther[:-n], out=least[n:])
        np.minimum(least[:-n], farther[n:], out=least[:-n])
    return least


def depth_mm(inside: npt.NDArray[np.bool_], spacing_kji: FloatArray) -> npt.NDArray[np.float32]:
    """Distance of each inner voxel centre to the nearest outer one, 0 outside; the mask does not fill its array."""
    if np.count_nonzero(inside) * MAP_VOXELS > inside.size:
        return distance_to_mm(~inside, spacing_kji)
    from scipy.spatial import cKDTree

    # the nearest outer voxel always touches the mask by a face: from any other, a step comes nearer
    beside = np.zeros_like(inside)
    for axis in range(3):
        before = tuple(slice(None, -1) if axis == n else slice(None) for n in range(3))
        after = tuple(slice(1, None) if axis == n else slice(None) for n in range(3))
        beside[before] |= inside[after]
        beside[after] |= inside[before]
    tree = cKDTree(np.argwhere(beside & ~inside) * spacing_kji)
    depths = np.zeros(inside.shape, dtype=np.float32)
    depths[inside] = tree.query(np.argwhere(inside) * spacing_kji)[0]
    return depths


def distance_to_mm(mask: npt.NDArray[np.bool_], spacing_kji: FloatArray) -> npt.NDArray[np.float32]:
    """Distance of every voxel centre to the nearest one of the mask; 0 in it."""
    load(("SimpleITK",))
    import SimpleITK

    image = SimpleITK.GetImageFromArray(mask.astype(np.uint8))
    image.SetSpacing([float(v) for v in spacing_kji[::-1]])
    signed = SimpleITK.SignedMaurerDistanceMap(image, False, False, True)
    return np.asarray(np.maximum(SimpleITK.GetArrayFromImage(signed), 0.0), dtype=np.float32)
