"""Where words stand beside what was measured: pure numbers. Boxes are (left, top, right, bottom) in logical pixels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from planning.geometry import FloatArray

Box = tuple[float, float, float, float]
GAP_PX, EDGE_PX = 6.0, 4.0
# the title lies above, window and ruler below
TOP_PX, BOTTOM_PX = 26.0, 22.0
# how far aside words go before they rather cover others
RINGS = 5


def box_about(middle: FloatArray, size: tuple[float, float]) -> Box:
    """The box of this (width, height) about a place."""
    return middle[0] - size[0] / 2, middle[1] - size[1] / 2, middle[0] + size[0] / 2, middle[1] + size[1] / 2


def overlap_px2(one: Box, other: Box) -> float:
    """Area that two boxes share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0.0) * max(high, 0.0)


def is_in_sight(about_px: FloatArray, width: float, height: float) -> bool:
    """Whether (N, 2) places reach into the pane. Words of what lies outside would stand at its edge beside nothing."""
    low, high = about_px.min(axis=0), about_px.max(axis=0)
    return bool((high >= 0.0).all() and low[0] <= width and low[1] <= height)


def free_box(about_px: FloatArray, size: tuple[float, float], taken: Sequence[Box], width: float, height: float) -> Box:
    """Where words of this size stand: beside (N, 2) places, clear of `taken` where that is possible, inside the pane.

    Two places are a line, whose words stand beside its middle; more have them above, below or aside.
    """
    best, least = box_about(about_px.mean(axis=0), size), np.inf
    for wanted in _wanted(about_px, size):
        box = _inside(wanted, width, height)
        covered = sum(overlap_px2(box, other) for other in taken)
        if covered <= 0.0:
            return box
        if covered < least:
            best, least = box, covered
    return best


def _wanted(about: FloatArray, size: tuple[float, float]) -> Iterator[Box]:
    ways = _beside_line(about, size) if len(about) == 2 else _round(about, size)
    yield from (box_about(place, size) for place in ways)


def _beside_line(ends: FloatArray, size: tuple[float, float]) -> Iterable[FloatArray]:
    along = ends[1] - ends[0]
    length = max(float(np.linalg.norm(along)), 1e-6)
    across = np.array((along[1], -along[0])) / length
    across = across if across[1] <= 0 else -across
    away = GAP_PX + abs(across[0]) * size[0] / 2 + abs(across[1]) * size[1] / 2
    step = abs(across[0]) * size[0] + abs(across[1]) * size[1]
    for ring in range(RINGS):
        for part in (0.5, 0.25, 0.75):
            for side in (1.0, -1.0):
                yield ends[0] + part * along + side * (away + ring * step) * across


def _round(about: FloatArray, size: tuple[float, float]) -> Iterable[FloatArray]:
    low, high = about.min(axis=0), about.max(axis=0)
    middle, half = (low + high) / 2, (high - low) / 2
    for ring in range(RINGS):
        away_x = half[0] + GAP_PX + size[0] / 2 + ring * size[0]
        away_y = half[1] + GAP_PX + size[1] / 2 + ring * size[1]
        for right, down in ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1)):
            yield middle + (right * away_x, down * away_y)


def _inside(box: Box, width: float, height: float) -> Box:
    right = max(EDGE_PX - box[0], 0.0) + min(width - EDGE_PX - box[2], 0.0)
    down = max(TOP_PX - box[1], 0.0) + min(height - BOTTOM_PX - box[3], 0.0)
    return box[0] + right, box[1] + down, box[2] + right, box[3] + down
