"""Colour maps for an image that lies over another: grey value to colour and cover, by one table.

Maps that fade let the image below through where the values are low (as of PET), the others cover evenly (as of CT).
"""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from viewers.lut import NARROWEST, OUTSIDE

LEVELS = 256
# maps that fade cover fully from this share of the window on
FADED_UNTIL = 0.35


@dataclass(frozen=True, slots=True)
class ColorMap:
    """A map by its key. points: (share of the window, (red, green, blue) 0 … 255). fades: low values are let through."""

    key: str
    name: str
    fades: bool
    points: tuple[tuple[float, tuple[int, int, int]], ...]

    def color_at(self, share: float) -> tuple[int, int, int]:
        """(red, green, blue) 0 … 255 at a share of the window."""
        places = [place for place, _ in self.points]
        red, green, blue = (
            round(float(np.interp(share, places, [rgb[n] for _, rgb in self.points]))) for n in range(3)
        )
        return red, green, blue

    def colors(self, opacity: float) -> npt.NDArray[np.uint32]:
        """(256,) premultiplied ARGB32 of the window's lower to its upper end."""
        shares = np.linspace(0.0, 1.0, LEVELS)
        places = [place for place, _ in self.points]
        bands = [np.interp(shares, places, [rgb[band] for _, rgb in self.points]) for band in range(3)]
        cover = opacity * (np.clip(shares / FADED_UNTIL, 0.0, 1.0) if self.fades else np.ones(LEVELS))
        red, green, blue = (np.rint(band * cover).astype(np.uint32) for band in bands)
        alpha = np.rint(255.0 * cover).astype(np.uint32)
        return np.asarray(alpha << np.uint32(24) | red << np.uint32(16) | green << np.uint32(8) | blue)


@functools.cache
def color_maps() -> Mapping[str, ColorMap]:
    """All maps by key, in the order they are offered."""
    text = importlib.resources.files("assets").joinpath("color_maps.json").read_text(encoding="utf-8")
    return {
        key: ColorMap(key, item["name"], item["fades"], tuple((float(at), _rgb(color)) for at, color in item["points"]))
        for key, item in json.loads(text).items()
    }


def _rgb(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


@functools.lru_cache(maxsize=8)
def _table(key: str, opacity: float, window: float, level: float) -> npt.NDArray[np.uint32]:
    # ordered like the grey table: by the bits after `^ 0x8000`; the least value is what lies outside the image
    values = np.arange(-32768, 32768, dtype=np.float32)
    table = color_maps()[key].colors(opacity)[_levels(values, window, level)]
    table[0] = 0
    table.flags.writeable = False
    return table


def colored(pixels: npt.NDArray[Any], key: str, opacity: float, window: float, level: float) -> npt.NDArray[np.uint32]:
    """Premultiplied ARGB32 of int16 or float32 pixels, clear outside the image; same shape. Raises KeyError."""
    if pixels.dtype == np.int16:
        return _table(key, opacity, window, level).take(pixels.view(np.uint16) ^ np.uint16(0x8000))
    picture = color_maps()[key].colors(opacity)[_levels(pixels, window, level)]
    picture[pixels == OUTSIDE] = 0
    return picture


def _levels(values: npt.NDArray[Any], window: float, level: float) -> npt.NDArray[np.uint8]:
    width = max(window, NARROWEST)
    return np.clip((values - (level - width / 2)) * ((LEVELS - 1) / width) + 0.5, 0, LEVELS - 1).astype(np.uint8)
