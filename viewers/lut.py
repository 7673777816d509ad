"""Window and level by table: one look-up for each pixel, whatever the window."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import numpy.typing as npt

OUTSIDE = -32768
OPAQUE = 0xFF000000
# of Hounsfield units; images of other values may have a range that is smaller than this
LEAST_WINDOW, LEAST_SHARE, NARROWEST = 1.0, 1e-3, 1e-6
# voxels along an axis that a range is told from
LOOKED_AT = 64
# a narrower window is told with decimals: it is none of Hounsfield units
NARROW_WINDOW = 20.0


@functools.lru_cache(maxsize=8)
def window_table(window: float, level: float) -> npt.NDArray[np.uint32]:
    """(65536,) opaque grey RGB32 of every int16 value, ordered by its bits: 0 … 32767, then −32768 … −1.

    The value OUTSIDE (letterbox) is black at any window.
    """
    grey = _grey(np.arange(-32768, 32768, dtype=np.float32), window, level)
    grey[0] = 0
    table = np.roll(_rgb32(grey), 32768)
    table.flags.writeable = False
    return table


def least_window(voxels: npt.NDArray[Any], quantity: str) -> float:
    """The narrowest window that an image is looked at with: 1 HU, of other values a thousandth of their range at most."""
    if quantity == "HU" or not voxels.size:
        return LEAST_WINDOW
    sample = voxels[tuple(slice(None, None, max(n // LOOKED_AT, 1)) for n in voxels.shape)]
    return min(LEAST_WINDOW, max((float(sample.max()) - float(sample.min())) * LEAST_SHARE, NARROWEST))


def window_decimals(window: float) -> int:
    """How many decimals a window's values are told with."""
    if window >= NARROW_WINDOW:
        return 0
    return 1 if window >= 1.0 else 1 - math.floor(math.log10(max(window, NARROWEST)))


def windowed(pixels: npt.NDArray[Any], window: float, level: float) -> npt.NDArray[np.uint32]:
    """RGB32 picture of int16 pixels (by table) or float32 ones (computed); same shape."""
    if pixels.dtype == np.int16:
        # take on unsigned bits is seven times faster than indexing with a shifted integer; all of them are in the table
        return window_table(window, level).take(pixels.view(np.uint16), mode="clip")
    grey = _grey(pixels, window, level)
    grey[pixels == OUTSIDE] = 0
    return _rgb32(grey)


def _grey(values: npt.NDArray[Any], window: float, level: float) -> npt.NDArray[np.uint8]:
    width = max(window, NARROWEST)
    return np.clip((values - (level - width / 2)) * (255.0 / width) + 0.5, 0, 255).astype(np.uint8)


def _rgb32(grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    return grey.astype(np.uint32) * np.uint32(0x010101) | np.uint32(OPAQUE)
