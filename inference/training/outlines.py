"""Structures that a person outlined for training: polygons on some slices and tubes, made into masks.

`outlines.json` holds, per scan, pieces of one class each in voxels of the training grid (`scans.SPACING_MM`, LPS): polygons
`[j, i]` on slices k, interpolated by their signed distances, tubes `[k, j, i, radius]`, or whole `rows` of slices. The class
"ignore" says where a scan's labels are not complete. `hu` limits what is taken, so
that fat and air at the edge stay outside. Drawn by the authors of this program, who are no radiologists.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Mask = npt.NDArray[np.bool_]


def _signed(polygon: Sequence[Sequence[float]], shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    from skimage.draw import polygon2mask

    inside = polygon2mask(shape, np.asarray(polygon, dtype=float))
    return np.asarray(ndimage.distance_transform_edt(inside) - ndimage.distance_transform_edt(~inside))


def between_slices(slices: Mapping[int, Sequence[Sequence[float]]], shape: tuple[int, int, int]) -> Mask:
    """The solid through the polygons; nothing beyond the first and the last."""
    result = np.zeros(shape, bool)
    keys = sorted(slices)
    maps = {k: _signed(slices[k], shape[1:]) for k in keys}
    for low, high in pairwise(keys):
        for k in range(low, high + 1):
            part = (k - low) / (high - low)
            result[k] |= (1 - part) * maps[low] + part * maps[high] > 0
    if len(keys) == 1:
        result[keys[0]] = maps[keys[0]] > 0
    return result


def along(points: Sequence[Sequence[float]], shape: tuple[int, int, int]) -> Mask:
    """The union of balls along the broken line through `(k, j, i, radius)`, half a voxel apart."""
    result = np.zeros(shape, bool)
    for a, b in pairwise(np.asarray(points, float)):
        for t in np.linspace(0, 1, int(np.ceil(np.linalg.norm(b[:3] - a[:3]) * 2)) + 1):
            middle, radius = (a + (b - a) * t)[:3], float((a + (b - a) * t)[3])
            low = np.maximum(np.floor(middle - radius).astype(int), 0)
            high = np.minimum(np.ceil(middle + radius).astype(int) + 1, shape)
            if np.any(low >= high):
                continue
            k, j, i = np.ogrid[low[0] : high[0], low[1] : high[1], low[2] : high[2]]
            near = (k - middle[0]) ** 2 + (j - middle[1]) ** 2 + (i - middle[2]) ** 2 <= radius**2
            result[low[0] : high[0], low[1] : high[1], low[2] : high[2]] |= near
    return result


def drawn(scan: str, hu: npt.NDArray[np.int16]) -> list[tuple[str, Mask]]:
    """`(class, mask)` of what was outlined in this scan, in the order of the file (later ones lie over earlier ones)."""
    held: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("outlines.json").read_text("utf-8"))
    smooth = ndimage.gaussian_filter(hu.astype(np.float32), 0.7)
    result = []
    for piece in held.get(scan, []):
        mask = np.zeros(hu.shape, bool)
        if "slices" in piece:
            mask |= between_slices({int(k): v for k, v in piece["slices"].items()}, hu.shape)
        for tube in piece.get("tubes", []):
            mask |= along(tube, hu.shape)
        if "rows" in piece:
            mask[piece["rows"][0] : piece["rows"][1] + 1] = True
        low, high = piece["hu"]
        mask &= (smooth >= low) & (smooth <= high)
        if "grow" in piece:
            voxels, low, high = piece["grow"]
            near = (smooth >= low) & (smooth <= high)
            mask |= ndimage.binary_dilation(mask, iterations=voxels, mask=near)
        result.append((piece["class"], mask))
    return result
